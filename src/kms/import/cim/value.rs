//! One value of a property, as tools print it, brought to the type of its catalog row.
//!
//! The same content in another notation gives the same value: numbers as text, `True`, dates in four notations, `""` for null.

use super::date::{Site, date};
use crate::artefact::Notes;
use crate::catalog::{Field, Kind, Named};
use crate::kms::catalog::service::NOT_APPLICABLE;
use serde_json::Value;
use uuid::Uuid;

/// What Get-KmsLicenseInfo prints for -1.
///
/// Source: [OSL] Get-KmsLicenseInfo, Notes.
const NOT_AVAILABLE: &str = "N/A";

/// The longest part of a value that a message quotes, in characters.
const QUOTED: usize = 40;

/// Brings `value` to the type of `row`; `None` when it was complained of.
///
/// A date that needs a culture or a zone is null, with a warning. The value must have been searched for product keys: messages
/// quote it.
pub(in crate::kms::import) fn settle(
    row: &Field,
    value: &Value,
    site: Site<'_>,
    notes: &mut Notes,
) -> Option<Value> {
    let plain = undecorated(value);
    let dated = plain.as_str().filter(|text| text.contains(|letter: char| letter.is_ascii_digit()));
    let settled = match (row.kind, dated) {
        (Kind::Datetime, Some(text)) => {
            let instant = date(row.name, text.trim(), site, notes);
            Ok(instant.map_or(Value::Null, |instant| instant.to_string().into()))
        }
        _ => normalise(row, plain),
    };
    let complain = |allowed| {
        let found = shown(plain);
        notes.complain(site.place, format!("`{}` is {found}; allowed is {allowed}", row.name));
    };
    settled.map_err(complain).ok()
}

/// A value for a message: short, without control characters.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => {
            let mut letters = text.chars();
            let head: String = letters.by_ref().take(QUOTED).flat_map(char::escape_debug).collect();
            let more = if letters.next().is_some() { "…" } else { "" };
            format!("`{head}{more}`")
        }
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        plain => format!("`{plain}`"),
    }
}

/// Brings `value`, which is no date, to the type of `row`, or tells what would be allowed. Text is trimmed; an empty one is null.
fn normalise(row: &Field, value: &Value) -> Result<Value, &'static str> {
    let text = value.as_str().map(str::trim);
    if value.is_null() || text == Some("") {
        let absent = matches!(row.kind, Kind::Sentinel).then_some(NOT_APPLICABLE);
        return Ok(absent.map_or(Value::Null, Value::from));
    }
    match row.kind {
        Kind::Sentinel if text == Some(NOT_AVAILABLE) => Ok(NOT_APPLICABLE.into()),
        Kind::Sentinel | Kind::U32 { .. } => number(value, text).map(Value::from),
        Kind::Enumeration(names) => match text.and_then(|text| named(names, text)) {
            Some(number) => Ok(number.into()),
            None => number(value, text).map(Value::from),
        },
        Kind::Boolean => boolean(value, text).map(Value::from),
        Kind::Text { .. } | Kind::Secret(_) => text.map(Value::from).ok_or("text"),
        Kind::Guid => text.and_then(guid).map(Value::from).ok_or("a GUID"),
        Kind::Datetime => Err("a date"),
    }
}

/// The value itself where PowerShell wrapped it, with its other members, into an object.
fn undecorated(value: &Value) -> &Value {
    let inner = value.as_object().and_then(|members| members.get("value"));
    inner.unwrap_or(value)
}

/// A uint32, as a number or as decimal or hexadecimal text; -1 is the same as 4294967295.
fn number(value: &Value, text: Option<&str>) -> Result<u32, &'static str> {
    const ALLOWED: &str = "a whole number, -1 to 4294967295";
    let read = match text {
        Some(text) => match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(digits) if digits.starts_with(['+', '-']) => None,
            Some(digits) => i64::from_str_radix(digits, 16).ok(),
            None => text.parse::<i64>().ok(),
        },
        None => value.as_i64(),
    };
    match read {
        Some(-1) => Ok(NOT_APPLICABLE),
        Some(read) => u32::try_from(read).map_err(|_| ALLOWED),
        None => Err(ALLOWED),
    }
}

fn named(names: &[Named], text: &str) -> Option<u32> {
    names.iter().find(|row| row.name.eq_ignore_ascii_case(text)).map(|row| row.value)
}

fn boolean(value: &Value, text: Option<&str>) -> Result<bool, &'static str> {
    let word = |word: &str| text.is_some_and(|text| text.eq_ignore_ascii_case(word));
    match value.as_bool() {
        Some(flag) => Ok(flag),
        None if word("true") => Ok(true),
        None if word("false") => Ok(false),
        None => Err("`true` or `false`"),
    }
}

/// A GUID, lower case without braces; `None` when `text` is none.
pub(in crate::kms::import) fn guid(text: &str) -> Option<String> {
    let bare = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    let hyphenated = bare.len() == 36;
    Uuid::parse_str(bare).ok().filter(|_| hyphenated).map(|guid| guid.hyphenated().to_string())
}

#[cfg(test)]
mod tests {
    use super::super::date::Site;
    use super::settle;
    use crate::artefact::Notes;
    use crate::artefact::culture::Times;
    use crate::catalog::Field;
    use crate::error::Place;
    use crate::kms::catalog::{product, service};
    use serde_json::{Value, json};

    fn service_row(name: &str) -> &'static Field {
        &service::property(name).unwrap().field
    }

    fn product_row(name: &str) -> &'static Field {
        &product::property(name).unwrap().field
    }

    #[expect(clippy::needless_pass_by_value, reason = "the values are made where they are used")]
    fn read(row: &Field, value: Value) -> Option<Value> {
        let (times, mut notes) = (Times::new(None, None).unwrap(), Notes::default());
        let place = Place::Line(7);
        let site = Site { times: &times, place };
        let read = settle(row, &value, site, &mut notes);
        assert_eq!(read.is_none(), !notes.complaints.is_empty(), "{value}");
        read
    }

    #[test]
    fn every_notation_of_minus_one_is_the_same_counter() {
        let row = service_row("KeyManagementServiceCurrentCount");
        let notations = [
            json!(-1),
            json!(4_294_967_295_u32),
            json!("-1"),
            json!("4294967295"),
            json!("0xFFFFFFFF"),
            json!("0xffffffff"),
            json!(""),
            json!(" "),
            json!(null),
            json!("N/A"),
        ];
        for notation in notations {
            assert_eq!(read(row, notation.clone()), Some(json!(4_294_967_295_u32)), "{notation}");
        }
        assert_eq!(read(row, json!(0)), Some(json!(0)), "an imported 0 is kept");
    }

    #[test]
    fn a_number_out_of_uint32_or_of_another_type_is_refused() {
        let row = service_row("VLRenewalInterval");
        for wrong in [
            json!(-2),
            json!(4_294_967_296_u64),
            json!("abc"),
            json!("12 34"),
            json!(1.5),
            json!(true),
            json!([1]),
            json!({"a": 1}),
            json!("0x1FFFFFFFF"),
            json!("0x-1"),
            json!("N/A"),
        ] {
            assert_eq!(read(row, wrong.clone()), None, "{wrong}");
        }
        // Policy judges the range; a snapshot shows what the machine had.
        assert_eq!(read(row, json!("10")), Some(json!(10)));
        assert_eq!(read(row, json!("")), Some(Value::Null));
    }

    #[test]
    fn flags_are_read_in_any_case_and_nothing_else_is_a_flag() {
        let row = service_row("KeyManagementServiceDnsPublishing");
        for (found, flag) in [(json!(true), true), (json!("True"), true), (json!("FALSE"), false)] {
            assert_eq!(read(row, found), Some(json!(flag)));
        }
        for wrong in [json!(1), json!("yes"), json!([])] {
            assert_eq!(read(row, wrong), None);
        }
    }

    #[test]
    fn guids_lose_case_and_braces() {
        let row = product_row("ID");
        let plain = json!("2de67392-b7a7-462a-b1ca-108dd189f588");
        for found in
            ["2DE67392-B7A7-462A-B1CA-108DD189F588", "{2de67392-b7a7-462a-b1ca-108dd189f588}"]
        {
            assert_eq!(read(row, json!(found)), Some(plain.clone()));
        }
        for wrong in [json!("2de67392b7a7462ab1ca108dd189f588"), json!("none"), json!(5)] {
            assert_eq!(read(row, wrong), None);
        }
    }

    #[test]
    fn a_date_is_kept_as_the_instant_and_what_cannot_be_one_is_complained_of() {
        let row = product_row("TrustedTime");
        let decorated =
            json!({"value": "/Date(1741503912000)/", "DisplayHint": 2, "DateTime": "Sunday"});
        assert_eq!(read(row, decorated), Some(json!("2025-03-09T07:05:12Z")));
        assert_eq!(read(row, json!("3/9/2025 7:05:12 AM")), Some(Value::Null));
        assert_eq!(read(row, json!("")), Some(Value::Null));
        for wrong in [json!("soon"), json!(5), json!([])] {
            assert_eq!(read(row, wrong), None);
        }
    }

    #[test]
    fn a_license_status_may_be_its_name() {
        let row = product_row("LicenseStatus");
        assert_eq!(read(row, json!("Licensed")), Some(json!(1)));
        assert_eq!(read(row, json!("5")), Some(json!(5)));
        assert_eq!(read(row, json!("Lizenziert")), None);
    }

    #[test]
    fn text_is_trimmed_and_an_empty_one_is_null() {
        let row = service_row("KeyManagementServiceMachine");
        assert_eq!(read(row, json!(" kms01.corp.example ")), Some(json!("kms01.corp.example")));
        assert_eq!(read(row, json!("")), Some(Value::Null));
        assert_eq!(read(row, json!(5)), None);
    }
}
