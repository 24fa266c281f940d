//! Zone files as RFC 1035 has them, and the output of `dig`, which is of the same form.

use super::{Records, bare, data};
use crate::artefact::Notes;
use crate::artefact::trouble::excerpt;
use crate::error::Place;
use crate::kms::rules::srv::Record;

/// Types of records that may stand in a zone; only some are taken.
static TYPES: [&str; 24] = [
    "A", "AAAA", "AFSDB", "CAA", "CNAME", "DNAME", "DNSKEY", "DS", "HINFO", "LOC", "MX", "NAPTR",
    "NS", "NSEC", "NSEC3", "PTR", "RRSIG", "SOA", "SRV", "SSHFP", "SVCB", "TLSA", "TXT", "WINS",
];

/// A word of the file; quoted ones are no names and no types.
#[derive(Debug, PartialEq, Eq)]
struct Word {
    text: String,
    quoted: bool,
}

/// An entry: its words, whether it begins with a blank, and where it begins.
#[derive(Debug, Default)]
struct Entry {
    words: Vec<Word>,
    blank: bool,
    line: u64,
}

/// Reads the entries.
///
/// - `whole`: whether it is a zone file, so that what is not in it does not exist.
pub(super) fn read(
    lines: &[(u64, String)],
    origin: Option<&str>,
    whole: bool,
    notes: &mut Notes,
) -> Records {
    let mut reading = Reading {
        origin: origin.map(bare),
        ttl: None,
        owner: None,
        whole,
        found: Records::default(),
        notes,
    };
    let (mut entry, mut depth) = (Entry::default(), 0_usize);
    for (number, line) in lines {
        if depth == 0 {
            entry =
                Entry { blank: line.starts_with([' ', '\t']), line: *number, ..Entry::default() };
        }
        depth = words(line, depth, &mut entry.words);
        if depth == 0 && !entry.words.is_empty() {
            reading.entry(&entry);
        }
    }
    if depth > 0 {
        reading.notes.complain(Place::Line(entry.line), "a parenthesis is not closed");
    }
    reading.found
}

/// Adds the words of a line; how many parentheses are open behind it.
fn words(line: &str, mut depth: usize, words: &mut Vec<Word>) -> usize {
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ';' => break,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '"' => {
                let text: String = letters.by_ref().take_while(|letter| *letter != '"').collect();
                words.push(Word { text, quoted: true });
            }
            letter if letter.is_whitespace() => {}
            letter => {
                let mut text = String::from(letter);
                while let Some(next) = letters
                    .next_if(|next| !next.is_whitespace() && !matches!(next, ';' | '(' | ')' | '"'))
                {
                    text.push(next);
                }
                words.push(Word { text, quoted: false });
            }
        }
    }
    depth
}

struct Reading<'n> {
    origin: Option<String>,
    ttl: Option<u32>,
    owner: Option<String>,
    whole: bool,
    found: Records,
    notes: &'n mut Notes,
}

impl Reading<'_> {
    fn entry(&mut self, entry: &Entry) {
        let place = Place::Line(entry.line);
        let words: Vec<&str> = entry.words.iter().map(|word| word.text.as_str()).collect();
        match words.as_slice() {
            ["$ORIGIN", origin, ..] => self.origin = Some(self.name(origin)),
            ["$TTL", ttl, ..] => self.ttl = seconds(ttl),
            [directive, ..] if directive.starts_with('$') => {
                let message = format!("`{}` is not followed", excerpt(directive));
                self.notes.warn("directive", place, message);
            }
            _ => self.record(entry, &words, place),
        }
    }

    fn record(&mut self, entry: &Entry, words: &[&str], place: Place) {
        let mut rest = words;
        let mut owner = None;
        if !entry.blank {
            let Some((first, behind)) = rest.split_first() else { return };
            owner = Some(self.name(first));
            rest = behind;
        }
        let mut ttl = None;
        let kind = loop {
            let Some((word, behind)) = rest.split_first() else {
                let message = format!("the entry has no type: `{}`", excerpt(&words.join(" ")));
                self.notes.complain(place, message);
                return;
            };
            rest = behind;
            if let Some(read) = seconds(word) {
                ttl = Some(read);
            } else if TYPES.iter().any(|kind| kind.eq_ignore_ascii_case(word))
                || word.starts_with("TYPE")
            {
                break *word;
            } else if !["IN", "CH", "HS"].iter().any(|class| class.eq_ignore_ascii_case(word)) {
                let message = format!("`{}` is no type of a record", excerpt(word));
                self.notes.complain(place, message);
                return;
            }
        };
        self.owner = owner.or_else(|| self.owner.take());
        let Some(owner) = self.owner.clone() else {
            self.notes.complain(place, "the first record has no owner");
            return;
        };
        if kind.eq_ignore_ascii_case("SOA") && self.whole {
            self.found.zones.push(owner.to_lowercase());
        }
        let wanted = ["SRV", "A", "AAAA", "CNAME"].iter().any(|one| one.eq_ignore_ascii_case(kind));
        if !wanted {
            return;
        }
        match data(kind, rest, |name| self.name(name)) {
            Some(data) => {
                let ttl = ttl.or(self.ttl);
                self.found.records.push(Record { owner, ttl, data, line: entry.line });
            }
            None => self.notes.complain(
                place,
                format!("`{}` is no {} record", excerpt(&rest.join(" ")), kind.to_uppercase()),
            ),
        }
    }

    /// A name, made whole with the origin when it is relative.
    fn name(&self, written: &str) -> String {
        match (&self.origin, written) {
            (Some(origin), "@") => origin.clone(),
            (None, "@") => String::new(),
            (Some(origin), relative)
                if !relative.ends_with('.') && !origin.is_empty() && origin != "." =>
            {
                format!("{relative}.{origin}")
            }
            _ => bare(written),
        }
    }
}

/// A time to live: seconds, or numbers with units: `1h30m`.
fn seconds(text: &str) -> Option<u32> {
    if !text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let (mut total, mut number, mut open) = (0_u32, 0_u32, false);
    for letter in text.chars() {
        if let Some(digit) = letter.to_digit(10) {
            number = number.checked_mul(10)?.checked_add(digit)?;
            open = true;
            continue;
        }
        let unit = match letter.to_ascii_lowercase() {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        (number, open) = (0, false);
    }
    if open { total.checked_add(number) } else { Some(total) }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_time_to_live_may_have_units() {
        for (text, expected) in [
            ("3600", Some(3600)),
            ("1h30m", Some(5400)),
            ("1W", Some(604_800)),
            ("1d5", Some(86_405)),
            ("IN", None),
            ("1x", None),
            ("99999999999", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
