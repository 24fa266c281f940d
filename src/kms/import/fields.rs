//! The fields of the KMS events: what each may hold.
//!
//! Everything is borrowed from the input. A complaint names the field, the value and what was
//! allowed. Where the fields stand is left to `list`.

pub mod list;

use super::{Answered, Request, Sent};
use crate::artefact::trouble::excerpt;
use uuid::Uuid;

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
        // Hosts in the cloud leave the field empty. Source: F06C.
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

/// Source: VISTA, `LicenseStatus`; 6 since Windows 7.
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
    use super::{answered, request, sent};
    use crate::kms::import::Request;
    use crate::kms::import::event::testing::LIST;
    use crate::kms::import::fields::list::{ANSWERED, REQUEST, SENT};
    use proptest::prelude::*;
    use uuid::Uuid;

    const CMID: &str = "6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11";
    const PRODUCT: &str = "2de67392-b7a7-462a-b1ca-108dd189f588";

    fn read(info: &str) -> Result<Request<'_>, String> {
        request(REQUEST.in_message(info)?, "")
    }

    /// The list with another value in one field.
    fn with(at: usize, value: &str) -> String {
        let mut fields: Vec<&str> = LIST.split(',').collect();
        fields[at] = value;
        fields.join(",")
    }

    #[test]
    fn the_nine_fields_of_a_request_are_read() {
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
        assert_eq!(read(LIST).unwrap(), expected);
    }

    #[test]
    fn a_guid_in_braces_and_capitals_equals_the_plain_one() {
        let braced = format!("{{{}}}", CMID.to_uppercase());
        assert_eq!(read(&with(3, &braced)).unwrap().cmid, CMID.parse::<Uuid>().unwrap());
    }

    #[test]
    fn a_client_without_a_name_is_a_valid_row() {
        assert_eq!(read(&with(2, "")).unwrap().name, "");
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
            assert_eq!(read(&with(0, text)).unwrap().hresult, code, "{text}");
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
            assert_eq!(read(&with(at, value)).unwrap_err(), message);
        }
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
            let _ = SENT.in_message(&text).map(|list| sent(list).is_ok());
            let _ = ANSWERED.in_message(&text).map(|list| answered(list).is_ok());
        }
    }
}
