//! The fields of the KMS events: comma lists as logged, and the strings of which they are made.
//!
//! Everything is borrowed from the input. A complaint names the field, the value and what was allowed; which event has
//! which list is left to `event`.

use super::{Answered, Request, Sent};
use crate::artefact::trouble::excerpt;
use uuid::Uuid;

/// A list of `N` fields, as Windows writes it into one string or into one string a field.
pub struct List<const N: usize> {
    /// Tells the right list from other text with commas.
    pub fits: fn(&[&str; N]) -> bool,
}

/// Event 12290. Source: [TECHREF] table 11; [VA2OPS] appendix 1.
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
    /// One string may hold the whole list; otherwise each field has its own, alone or behind one more string. What that leading
    /// string holds is not published.
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

    /// Finds the list in a message of any language: the last line that holds one.
    pub fn in_message<'a>(&self, message: &'a str) -> Result<[&'a str; N], String> {
        self.in_pieces(message.lines().rev())
    }

    /// The first piece that is the list; without one, what is wrong with the piece that comes nearest.
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

/// Cuts a list into its fields, without the blanks around them; an error is the number of fields found, 0 without any comma.
fn split<const N: usize>(list: &str) -> Result<[&str; N], usize> {
    let mut fields = [""; N];
    let (mut from, mut count) = (0, 0);
    // One pass over the bytes: on fields this short a search for each comma costs twice as much.
    for (at, byte) in list.bytes().enumerate() {
        if byte == b',' {
            if let Some(field) = fields.get_mut(count) {
                *field = list.get(from..at).unwrap_or_default().trim_ascii();
            }
            (from, count) = (at + 1, count + 1);
        }
    }
    match (count, fields.get_mut(count)) {
        (0, _) => Err(0),
        (_, Some(last)) if count + 1 == N => {
            *last = list.get(from..).unwrap_or_default().trim_ascii();
            Ok(fields)
        }
        _ => Err(count + 1),
    }
}

fn count_wrong<const N: usize>(count: usize) -> String {
    match count {
        0 => format!("no list of {N} fields with commas between them"),
        count => format!("field count {count}, expected {N}"),
    }
}

/// Reads the fields of event 12290; `lead` is the string in front of them.
pub fn request<'a>(list: [&'a str; 9], lead: &'a str) -> Result<Request<'a>, String> {
    let [code, required, name, cmid, client_time, machine, state, minutes, activation] = list;
    Ok(Request {
        hresult: hresult("HResult", code)?,
        required: number("RequiredClientCount", required)?,
        name,
        cmid: guid("ClientMachineID", cmid)?,
        client_time,
        virtual_machine: flag("VM", machine)?,
        status: status(state)?,
        minutes: number("minutes to state expiration", minutes)?,
        activation: guid("ActivationID", activation)?,
        lead,
    })
}

/// Reads the fields of event 12288.
pub fn sent(list: [&str; 10]) -> Result<Sent<'_>, String> {
    let [code, flags, target, cmid, client_time, machine, state, minutes, activation, required] =
        list;
    Ok(Sent {
        hresult: hresult("HResult", code)?,
        flags: hresult("status flags", flags)?,
        target,
        cmid: guid("ClientMachineID", cmid)?,
        client_time,
        virtual_machine: flag("VM", machine)?,
        status: status(state)?,
        minutes: number("minutes to state expiration", minutes)?,
        activation: guid("ActivationID", activation)?,
        // Hosts in the cloud leave the field empty. Source: [F06C].
        required: if required.is_empty() {
            None
        } else {
            Some(number("RequiredClientCount", required)?)
        },
    })
}

/// Reads the fields of event 12289.
pub fn answered(list: [&str; 8]) -> Result<Answered<'_>, String> {
    let [code, flags, activated, unused, count, activation_interval, renewal_interval, client_time] =
        list;
    Ok(Answered {
        hresult: hresult("HResult", code)?,
        flags: hresult("status flags", flags)?,
        activated: flag("activated", activated)?,
        unused,
        count: number("host count", count)?,
        activation_interval: number("VLActivationInterval", activation_interval)?,
        renewal_interval: number("VLRenewalInterval", renewal_interval)?,
        client_time,
    })
}

/// Reads a 32-bit code in hexadecimal, with or without `0x`.
pub fn hresult(name: &str, text: &str) -> Result<u32, String> {
    digits(text)
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .ok_or_else(|| wrong(name, text, "`0x0` to `0xFFFFFFFF`"))
}

/// The digits of a hexadecimal number of at most 32 bits.
fn digits(text: &str) -> Option<&str> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    let valid =
        (1..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    valid.then_some(digits)
}

fn is_hexadecimal(text: &str) -> bool {
    digits(text).is_some()
}

fn number(name: &str, text: &str) -> Result<u32, String> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain).ok_or_else(|| wrong(name, text, "0 to 4294967295"))
}

fn flag(name: &str, text: &str) -> Result<bool, String> {
    match text {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(wrong(name, text, "0 and 1")),
    }
}

/// Source: [VISTA] LicenseStatus; 6 since Windows 7.
fn status(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [digit @ b'0'..=b'6'] => Ok(digit - b'0'),
        _ => Err(wrong("LicenseStatus", text, "0 to 6")),
    }
}

fn guid(name: &str, text: &str) -> Result<Uuid, String> {
    if looks_like_guid(text) { Uuid::try_parse(text).ok() } else { None }
        .ok_or_else(|| wrong(name, text, "GUIDs"))
}

/// Whether the text has the form of a GUID, with or without braces; the digits are not looked at.
fn looks_like_guid(text: &str) -> bool {
    let plain =
        text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text).as_bytes();
    plain.len() == 36 && [8, 13, 18, 23].iter().all(|at| plain.get(*at) == Some(&b'-'))
}

fn wrong(name: &str, text: &str, allowed: &str) -> String {
    match text {
        "" => format!("{name} is empty, allowed are {allowed}"),
        text => format!("{name} {}, allowed are {allowed}", excerpt(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::{ANSWERED, REQUEST, SENT, answered, request, sent};
    use crate::kms::import::Request;
    use proptest::prelude::*;
    use uuid::Uuid;

    const CMID: &str = "6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11";
    const PRODUCT: &str = "2de67392-b7a7-462a-b1ca-108dd189f588";

    fn read(info: &str) -> Result<Request<'_>, String> {
        request(REQUEST.in_message(info)?, "")
    }

    fn info(fields: [&str; 9]) -> String {
        fields.join(",")
    }

    fn plain() -> [&'static str; 9] {
        ["0x0", "25", "pc-017.corp.example", CMID, "2025/3/9 7:05", "1", "2", "41520", PRODUCT]
    }

    #[test]
    fn the_nine_fields_of_a_request_are_read() {
        let text = info(plain());
        let expected = Request {
            hresult: 0,
            required: 25,
            name: "pc-017.corp.example",
            cmid: CMID.parse().unwrap(),
            client_time: "2025/3/9 7:05",
            virtual_machine: true,
            status: 2,
            minutes: 41_520,
            activation: PRODUCT.parse().unwrap(),
            lead: "",
        };
        assert_eq!(read(&text).unwrap(), expected);
        assert_eq!(read(&text.replace(',', " , ")).unwrap(), expected);
    }

    #[test]
    fn a_list_is_the_last_fitting_line_of_a_message_in_any_language() {
        let list = info(plain());
        let messages = [
            format!("An activation request has been processed.\nInfo:\n{list}"),
            format!("Eine Aktivierungsanforderung wurde verarbeitet.\r\nInfo:\r\n{list}\r\n"),
            format!("0x0,1,2\na, b, c\n{list}\nSiehe Hilfe, Anhang, Seite 3, unten"),
        ];
        for message in messages {
            assert_eq!(read(&message), read(&list), "{message}");
        }
    }

    #[test]
    fn each_field_has_its_own_string_alone_or_behind_one_more() {
        let nine = plain();
        let ten: Vec<&str> = ["raw, kept"].into_iter().chain(nine).collect();
        assert_eq!(REQUEST.in_strings(&nine).unwrap(), (nine, ""));
        assert_eq!(REQUEST.in_strings(&ten).unwrap(), (nine, "raw, kept"));
        assert_eq!(REQUEST.in_strings(&[info(nine).as_str()]).unwrap(), (nine, ""));
        assert_eq!(REQUEST.in_strings(&["", info(nine).as_str()]).unwrap(), (nine, ""));
        let eight = REQUEST.in_strings(&nine[..8]).unwrap_err();
        assert_eq!(eight, "string count 8, allowed are 1 with a list, 9 or 10");
    }

    #[test]
    fn a_guid_in_braces_and_capitals_equals_the_plain_one() {
        let mut fields = plain();
        let braced = format!("{{{}}}", CMID.to_uppercase());
        fields[3] = &braced;
        assert_eq!(read(&info(fields)).unwrap().cmid, CMID.parse::<Uuid>().unwrap());
    }

    #[test]
    fn a_client_without_a_name_is_a_valid_row() {
        let mut fields = plain();
        fields[2] = "";
        assert_eq!(read(&info(fields)).unwrap().name, "");
    }

    #[test]
    fn a_return_code_is_read_in_every_form_that_logs_show() {
        for (text, code) in [
            ("0x0", 0),
            ("0x00000000", 0),
            ("0", 0),
            ("C004F042", 0xC004_F042),
            ("0xc004f042", 0xC004_F042),
        ] {
            let mut fields = plain();
            fields[0] = text;
            assert_eq!(read(&info(fields)).unwrap().hresult, code, "{text}");
        }
    }

    #[test]
    fn a_wrong_field_is_named_with_its_value_and_what_is_allowed() {
        for (at, value, message) in [
            (0, "0x1C004F042", "HResult 0x1C004F042, allowed are `0x0` to `0xFFFFFFFF`"),
            (1, "+5", "RequiredClientCount +5, allowed are 0 to 4294967295"),
            (
                3,
                "6f0c2b1e8a444c0d9f551b7d3c9e0a11",
                "ClientMachineID 6f0c2b1e8a444c0d9f551b7d3c9e0a11, allowed are GUIDs",
            ),
            (5, "2", "VM 2, allowed are 0 and 1"),
            (6, "7", "LicenseStatus 7, allowed are 0 to 6"),
            (
                7,
                "4294967296",
                "minutes to state expiration 4294967296, allowed are 0 to 4294967295",
            ),
            (8, "", "ActivationID is empty, allowed are GUIDs"),
        ] {
            let mut fields = plain();
            fields[at] = value;
            assert_eq!(read(&info(fields)).unwrap_err(), message);
        }
    }

    #[test]
    fn a_list_with_fields_missing_or_added_tells_its_count() {
        let list = info(plain());
        let eight = list.rsplit_once(',').unwrap().0;
        assert_eq!(read(eight).unwrap_err(), "field count 8, expected 9");
        assert_eq!(read(&format!("Info:\n{list},1")).unwrap_err(), "field count 10, expected 9");
        assert_eq!(
            read("Nothing to see here, move on").unwrap_err(),
            "no list of 9 fields with commas between them"
        );
    }

    #[test]
    fn a_client_event_may_end_with_an_empty_count() {
        let with = format!(
            "0xC004F06C, 0x00000000, kms.corp.example:1688, {CMID}, 2022/01/20 13:20, 0, 5, 0, {PRODUCT}, 25"
        );
        let without = with.strip_suffix("25").unwrap();
        let read = |text| sent(SENT.in_message(text).unwrap()).unwrap();
        assert_eq!((read(&with).required, read(without).required), (Some(25), None));
        assert_eq!(
            (read(without).hresult, read(without).target),
            (0xC004_F06C, "kms.corp.example:1688")
        );
    }

    #[test]
    fn an_answer_is_known_by_its_count_of_fields() {
        let text = "Info:\n0x0, 0x04000008, 0, 0, 4, 120, 10080, 1/14/2006 2:30";
        let read = answered(ANSWERED.in_message(text).unwrap()).unwrap();
        assert_eq!(
            (read.activated, read.count, read.renewal_interval, read.flags),
            (false, 4, 10_080, 0x0400_0008)
        );
        assert_eq!(read.client_time, "1/14/2006 2:30");
    }

    proptest! {
        #[test]
        fn a_request_printed_and_read_back_is_the_same(
            hresult: u32, required: u32, name in "[a-z0-9.=+@-]{0,40}", cmid: u128, client_time in "[0-9/: ]{0,16}",
            virtual_machine: bool, status in 0_u8..=6, minutes: u32, activation: u128,
        ) {
            let (cmid, activation) = (Uuid::from_u128(cmid), Uuid::from_u128(activation));
            let client_time = client_time.trim();
            let machine = u8::from(virtual_machine);
            let text = format!(
                "0x{hresult:X},{required},{name},{cmid},{client_time},{machine},{status},{minutes},{activation}"
            );
            let expected = Request {
                hresult, required, name: &name, cmid, client_time, virtual_machine, status, minutes, activation, lead: "",
            };
            prop_assert_eq!(read(&text), Ok(expected));
        }

        #[test]
        fn no_text_makes_the_grammar_fail_other_than_by_a_complaint(text in ".{0,200}") {
            let _ = read(&text);
            let _ = REQUEST.in_strings(&text.split(';').collect::<Vec<_>>());
            let _ = SENT.in_message(&text).map(|list| sent(list).is_ok());
            let _ = ANSWERED.in_message(&text).map(|list| answered(list).is_ok());
        }
    }
}
