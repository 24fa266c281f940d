//! Values of OMA settings, by type and by how they are written.

use super::{base64, setting, text, typed};
use crate::csp::model::profile::{SettingKind, Written};

#[test]
fn every_type_of_oma_setting_is_read() {
    let xml = base64("<a>ä</a>".as_bytes());
    let decoded = Written::Decoded { text: "<a>ä</a>".to_owned(), marked: false };
    for (name, value, kind, written) in [
        (
            "omaSettingInteger",
            "-2147483648",
            SettingKind::Integer,
            Written::Integer(-2_147_483_648),
        ),
        ("omaSettingString", "\"x\"", SettingKind::String, text("x")),
        ("omaSettingStringXml", xml.as_str(), SettingKind::StringXml, decoded.clone()),
        ("omaSettingBoolean", "true", SettingKind::Boolean, Written::Boolean(true)),
        ("omaSettingBase64", xml.as_str(), SettingKind::Base64, decoded),
        (
            "omaSettingFloatingPoint",
            "1.5",
            SettingKind::FloatingPoint,
            Written::Float("1.5".into()),
        ),
        ("omaSettingFloatingPoint", "2", SettingKind::FloatingPoint, Written::Integer(2)),
        (
            "omaSettingDateTime",
            "\"2026-01-01T00:00:00Z\"",
            SettingKind::DateTime,
            text("2026-01-01T00:00:00Z"),
        ),
    ] {
        assert_eq!(typed(name, value), (kind, written, false), "{name}");
    }
}

#[test]
fn the_text_one_stays_a_text_where_the_type_says_text() {
    assert_eq!(typed("omaSettingString", "\"1\""), (SettingKind::String, text("1"), false));
}

#[test]
fn an_integer_in_quotation_marks_is_taken_as_its_number() {
    for quoted in ["\"1\"", "\" 1 \"", "\"01\""] {
        let expected = (SettingKind::Integer, Written::Integer(1), true);
        assert_eq!(typed("omaSettingInteger", quoted), expected, "{quoted}");
    }
    let expected = (SettingKind::Integer, text("one"), false);
    assert_eq!(typed("omaSettingInteger", "\"one\""), expected);
    let expected = (SettingKind::Integer, Written::Integer(5), false);
    assert_eq!(typed("omaSettingInteger", "5"), expected);
}

#[test]
fn a_value_of_another_json_type_is_kept_as_it_stands() {
    for (value, written) in [
        ("1", Written::Integer(1)),
        ("1.0", Written::Float("1.0".to_owned())),
        ("99999999999999999999", Written::Float("99999999999999999999".to_owned())),
        ("false", Written::Boolean(false)),
        ("null", Written::Missing),
    ] {
        assert_eq!(typed("omaSettingString", value).1, written, "{value}");
    }
    let missing = setting(r##""@odata.type":"#microsoft.graph.omaSettingString""##);
    assert_eq!((missing.value, missing.line), (Written::Missing, 1));
}

#[test]
fn a_byte_order_mark_inside_base64_is_cut_and_told() {
    let marked = base64("\u{feff}<a/>".as_bytes());
    let expected = Written::Decoded { text: "<a/>".to_owned(), marked: true };
    assert_eq!(typed("omaSettingStringXml", &marked).1, expected);
}

#[test]
fn base64_that_is_none_or_hides_no_text_says_why() {
    let wrong = "it is no Base64";
    let other = "it is Base64 of something that is not UTF-8";
    for (value, why) in [
        ("\"<a/>\"", wrong),
        ("\"PGE\"", wrong),
        ("\"PGEvPg=\"", wrong),
        ("\"//4=\"", other),
        (base64(b"\xFF\xFE<\0a\0").as_str(), other),
    ] {
        assert_eq!(typed("omaSettingStringXml", value).1, Written::Broken(why.into()), "{value}");
    }
    let wrapped = typed("omaSettingStringXml", "\"PGEv\\r\\nPg==\"").1;
    assert_eq!(wrapped, Written::Decoded { text: "<a/>".to_owned(), marked: false });
}

#[test]
fn a_type_that_nobody_published_is_kept_with_its_value() {
    for name in ["omaSettingQuantum", "omasettinginteger"] {
        assert_eq!(typed(name, "1"), (SettingKind::Unknown, Written::Integer(1), false));
    }
    let untyped = setting("\"value\":\"x\"");
    assert_eq!((untyped.kind, untyped.value), (SettingKind::Unknown, text("x")));
}

#[test]
fn an_encrypted_setting_is_masked_unless_its_value_is_there() {
    let encrypted = |value: &str| {
        setting(&format!(
            r##""@odata.type":"#microsoft.graph.omaSettingString","isEncrypted":true,"secretReferenceValueId":"x"{value}"##
        ))
    };
    for value in [",\"value\":\"****\"", ",\"value\":null", ",\"value\":\"\"", ""] {
        let found = encrypted(value);
        assert_eq!((found.value, found.encrypted), (Written::Masked, true), "{value}");
    }
    let found = encrypted(",\"value\":\"clear\"");
    assert_eq!((found.value, found.encrypted), (text("clear"), true));
}

#[test]
fn asterisks_are_a_masked_value_whether_or_not_the_service_says_so() {
    for masked in ["****", "*", "*****-*****-*****-*****-*****", "*****-*****-*****-*****-EDU01"] {
        for name in ["omaSettingString", "omaSettingStringXml", "omaSettingInteger"] {
            assert_eq!(typed(name, &format!("\"{masked}\"")).1, Written::Masked, "{masked}");
        }
    }
    for clear in ["a*", "-", "5 * 3", "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"] {
        assert_eq!(typed("omaSettingString", &format!("\"{clear}\"")).1, text(clear));
    }
}

#[test]
fn a_setting_that_is_only_read_says_so() {
    let integer = r##""@odata.type":"#microsoft.graph.omaSettingInteger","value":0"##;
    assert!(setting(&format!("{integer},\"isReadOnly\":true")).read_only);
    assert!(!setting(&format!("{integer},\"isReadOnly\":false")).read_only);
}
