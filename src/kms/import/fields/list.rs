//! The comma lists of the KMS events: found in the strings of a record, or in a message of any
//! language, and cut into their fields.
//!
//! Nothing is copied. What the fields mean is left to the parent.

use super::{is_hexadecimal, looks_like_guid};

/// A list of `N` fields, as Windows writes it into one string or into one string a field.
pub struct List<const N: usize> {
    /// Tells the right list from other text with commas.
    pub fits: fn(&[&str; N]) -> bool,
}

/// Event 12290. Source: TECHREF, table 11; VA2OPS, appendix 1.
pub static REQUEST: List<9> =
    List { fits: |list| looks_like_guid(list[3]) && looks_like_guid(list[8]) };

/// Event 12288. Source: as [`REQUEST`].
pub static SENT: List<10> =
    List { fits: |list| looks_like_guid(list[3]) && looks_like_guid(list[8]) };

/// Event 12289, which has no GUID to know it by. Source: as [`REQUEST`].
pub static ANSWERED: List<8> =
    List { fits: |list| is_hexadecimal(list[0]) && is_hexadecimal(list[1]) };

impl<const N: usize> List<N> {
    /// Finds the list in the strings of an event, and the string in front of it.
    ///
    /// One string may hold the whole list; otherwise each field has its own, alone or behind one
    /// more string. What that leading string holds is not published.
    pub fn in_strings<'a, S: AsRef<str>>(
        &self,
        strings: &'a [S],
    ) -> Result<([&'a str; N], &'a str), String> {
        if strings.iter().any(|string| string.as_ref().contains(',')) {
            let found = self.in_pieces(strings.iter().map(AsRef::as_ref));
            // A comma may also stand in one of many strings.
            if found.is_ok() || strings.len() < N {
                return found.map(|list| (list, ""));
            }
        }
        let (lead, fields) = match strings.len().checked_sub(N) {
            Some(0) => ("", strings),
            Some(1) => {
                strings.split_first().map_or(("", strings), |(lead, rest)| (lead.as_ref(), rest))
            }
            _ => {
                let count = strings.len();
                return Err(format!(
                    "string count {count}, allowed are 1 with a list, {N} or {}",
                    N + 1
                ));
            }
        };
        let mut list = [""; N];
        for (field, string) in list.iter_mut().zip(fields) {
            *field = string.as_ref().trim_ascii();
        }
        Ok((list, lead))
    }

    /// Finds the list in a message of any language: the last line that holds one; in a message that
    /// Windows made without the text of the provider, the strings that it lists instead.
    pub fn in_message<'a>(&self, message: &'a str) -> Result<[&'a str; N], String> {
        self.in_pieces(message.lines().rev()).or_else(|wrong| {
            let ends = || message.lines().rev().find_map(|line| self.at_end(line));
            self.a_line_each(message).or_else(ends).ok_or(wrong)
        })
    }

    /// One string a line, as the Event Viewer and `Get-WinEvent` list them when the provider is not
    /// installed; an empty string is an empty line.
    fn a_line_each<'a>(&self, message: &'a str) -> Option<[&'a str; N]> {
        let lines: Vec<&str> = message.lines().map(str::trim_ascii).collect();
        let lists = lines.windows(N).filter_map(|lines| <[&str; N]>::try_from(lines).ok());
        lists.into_iter().find(|list| self.begins_and_fits(list))
    }

    /// The last fields of a line, behind a sentence that ends with a colon; each field may stand in
    /// quotation marks, as `Get-EventLog` writes them.
    fn at_end<'a>(&self, line: &'a str) -> Option<[&'a str; N]> {
        let mut fields = [""; N];
        let mut pieces = line.rsplit(',');
        for field in fields.iter_mut().rev() {
            *field = bare(pieces.next()?);
        }
        let first = fields.first_mut()?;
        *first = bare(first.rsplit([':', '：']).next().unwrap_or_default());
        self.begins_and_fits(&fields).then_some(fields)
    }

    /// Every list begins with a return code.
    fn begins_and_fits(&self, list: &[&str; N]) -> bool {
        list.first().is_some_and(|first| is_hexadecimal(first)) && (self.fits)(list)
    }

    /// The first piece that is the list; without one, what is wrong with the piece that comes
    /// nearest.
    fn in_pieces<'a>(&self, pieces: impl Iterator<Item = &'a str>) -> Result<[&'a str; N], String> {
        let mut nearest = None;
        for piece in pieces {
            let found = split(piece);
            match &found {
                Ok(list) if (self.fits)(list) => return found.map_err(count_wrong::<N>),
                Err(0) => continue,
                _ => {}
            }
            // A sentence with commas does not begin with a return code.
            let begins_well =
                piece.split(',').next().is_some_and(|first| is_hexadecimal(first.trim_ascii()));
            if nearest.is_none() && begins_well {
                nearest = Some(found);
            }
        }
        nearest.unwrap_or(Err(0)).map_err(count_wrong::<N>)
    }
}

/// A string without the blanks and quotation marks around it.
fn bare(text: &str) -> &str {
    text.trim_ascii().trim_matches(['\'', '"']).trim_ascii()
}

/// Cuts a list into its fields, without the blanks around them; an error is the number of fields
/// found, 0 without any comma.
fn split<const N: usize>(list: &str) -> Result<[&str; N], usize> {
    let mut fields = [""; N];
    let (mut from, mut count) = (0, 0);
    let mut cut = |to: usize| {
        if let Some(field) = fields.get_mut(count) {
            *field = list.get(from..to).unwrap_or_default().trim_ascii();
        }
        (from, count) = (to + 1, count + 1);
    };
    // Eight bytes at a time: an import cuts a million lists, and a byte at a time this is the
    // dearest step of reading them.
    let (words, tail) = list.as_bytes().as_chunks::<8>();
    let mut at = 0;
    for word in words {
        let mut found = commas(u64::from_le_bytes(*word));
        while found != 0 {
            cut(at + usize::try_from(found.trailing_zeros() / 8).unwrap_or_default());
            found &= found - 1;
        }
        at += 8;
    }
    tail.iter().zip(at..).filter(|(byte, _)| **byte == b',').for_each(|(_, at)| cut(at));
    cut(list.len());
    match count {
        1 => Err(0),
        count if count == N => Ok(fields),
        count => Err(count),
    }
}

/// The highest bit of each byte of `word` that is a comma.
fn commas(word: u64) -> u64 {
    const SEVEN: u64 = u64::from_ne_bytes([0x7F; 8]);
    // Zero where a comma was: only there no sum below reaches the highest bit.
    let word = word ^ u64::from_ne_bytes([b','; 8]);
    !(((word & SEVEN) + SEVEN) | word | SEVEN)
}

fn count_wrong<const N: usize>(count: usize) -> String {
    match count {
        0 => format!("no list of {N} fields with commas between them"),
        count => format!("field count {count}, expected {N}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{ANSWERED, REQUEST, SENT, split};
    use crate::kms::import::event::testing::LIST;
    use proptest::prelude::*;

    fn nine() -> [&'static str; 9] {
        split(LIST).unwrap()
    }

    #[test]
    fn a_list_is_the_last_fitting_line_of_a_message_in_any_language() {
        let messages = [
            LIST.to_owned(),
            LIST.replace(',', " , "),
            format!("An activation request has been processed.\nInfo:\n{LIST}"),
            format!("Eine Aktivierungsanforderung wurde verarbeitet.\r\nInfo:\r\n{LIST}\r\n"),
            format!("0x0,1,2\na, b, c\n{LIST}\nSiehe Hilfe, Anhang, Seite 3, unten"),
        ];
        for message in messages {
            assert_eq!(REQUEST.in_message(&message), Ok(nine()), "{message}");
        }
    }

    #[test]
    fn each_field_has_its_own_string_alone_or_behind_one_more() {
        let nine = nine();
        let ten: Vec<&str> = ["raw, kept"].into_iter().chain(nine).collect();
        assert_eq!(REQUEST.in_strings(&nine).unwrap(), (nine, ""));
        assert_eq!(REQUEST.in_strings(&ten).unwrap(), (nine, "raw, kept"));
        assert_eq!(REQUEST.in_strings(&[LIST]).unwrap(), (nine, ""));
        assert_eq!(REQUEST.in_strings(&["", LIST]).unwrap(), (nine, ""));
        let eight = REQUEST.in_strings(&nine[..8]).unwrap_err();
        assert_eq!(eight, "string count 8, allowed are 1 with a list, 9 or 10");
    }

    #[test]
    fn a_list_with_fields_missing_or_added_tells_its_count() {
        let eight = LIST.rsplit_once(',').unwrap().0;
        let wrong = |message: &str| REQUEST.in_message(message).unwrap_err();
        assert_eq!(wrong(eight), "field count 8, expected 9");
        assert_eq!(wrong(&format!("Info:\n{LIST},1")), "field count 10, expected 9");
        let none = "no list of 9 fields with commas between them";
        assert_eq!(wrong("Nothing to see here, move on"), none);
        assert_eq!(REQUEST.in_strings(&[eight]).unwrap_err(), "field count 8, expected 9");
    }

    #[test]
    fn a_list_with_a_wrong_field_is_still_the_list() {
        let wrong = LIST.replace("6f0c2b1e-", "");
        let message = format!("Info:\n{wrong}\nSee the help, appendix, page 3");
        assert_eq!(REQUEST.in_message(&message).unwrap()[3], "8a44-4c0d-9f55-1b7d3c9e0a11");
    }

    /// What Windows writes when the provider of an event is not installed.
    fn without_text(strings: &str, behind: &str) -> String {
        format!(
            "The description for Event ID 12290 from source Microsoft-Windows-Security-SPP cannot be \
             found. Either the component that raises this event is not installed on your local \
             computer or the installation is corrupted. You can install or repair the component on \
             the local computer.\r\n\r\nIf the event originated on another computer, the display \
             information had to be saved with the event.\r\n\r\nThe following information was \
             included with the event: \r\n\r\n{strings}\r\n{behind}"
        )
    }

    #[test]
    fn a_message_without_the_text_of_the_provider_lists_a_string_a_line() {
        let lines = LIST.replace(',', "\r\n");
        let missing = "\r\nThe message resource is present but the message was not found in the message table\r\n";
        for message in [
            lines.clone(),
            format!("\n{lines}\n"),
            without_text(&lines, ""),
            without_text(&format!("\r\n{lines}"), missing),
            without_text(LIST, missing),
        ] {
            assert_eq!(REQUEST.in_message(&message), Ok(nine()), "{message}");
        }
        let nameless = lines.replace("pc-017.corp.example", "");
        assert_eq!(REQUEST.in_message(&without_text(&nameless, missing)).unwrap()[2], "");
        let eight = LIST.rsplit_once(',').unwrap().0.replace(',', "\n");
        assert!(REQUEST.in_message(&without_text(&eight, missing)).is_err());
    }

    #[test]
    fn a_message_without_the_text_of_the_provider_may_list_the_strings_in_quotation_marks() {
        let sentence = "The description for Event ID '12290' in Source 'KmsRequests' cannot be found.  The local computer \
             may not have the necessary registry information or message DLL files to display the message, or \
             you may not have permission to access them.  The following information is part of the event:";
        let quoted = format!("'{}'", LIST.replace(',', "', '"));
        for strings in [format!("'', {quoted}"), quoted, format!("'{LIST}'"), format!(" , {LIST}")]
        {
            let message = format!("{sentence}{strings}");
            assert_eq!(REQUEST.in_message(&message), Ok(nine()), "{message}");
        }
        let answer = ["0x0", "0x04000008", "0", "0", "4", "120", "10080", "1/14/2006 2:30"];
        let message = format!("{sentence}'{}'", answer.join("', '"));
        assert_eq!(ANSWERED.in_message(&message), Ok(answer));
        assert_eq!(ANSWERED.in_message(&without_text(&answer.join("\n"), "")), Ok(answer));
    }

    proptest! {
        #[test]
        fn a_list_is_cut_at_its_commas(list in "[,+a\\u{80}-\\u{ff}-]{0,40}") {
            let plain: Vec<&str> = list.split(',').collect();
            match split::<4>(&list) {
                Ok(fields) => prop_assert_eq!(fields.to_vec(), plain),
                Err(0) => prop_assert_eq!(plain.len(), 1),
                Err(count) => prop_assert!(count == plain.len() && count != 4),
            }
        }

        #[test]
        fn any_text_is_searched_without_failing(text in ".{0,200}") {
            let strings: Vec<&str> = text.split(';').collect();
            let _ = (REQUEST.in_message(&text), SENT.in_message(&text), ANSWERED.in_message(&text));
            let _ = (REQUEST.in_strings(&strings), SENT.in_strings(&strings));
        }
    }
}
