//! Marks, declarations, and bytes that fit neither.

use super::{ENCODINGS, Encoding, Rule, decoded, pages};
use crate::artefact::Notes;
use std::io::{Cursor, Read};

/// The text and the codes of the warnings.
fn read(bytes: &[u8], named: Option<&str>, rule: Rule) -> (Result<String, String>, Vec<String>) {
    let (mut notes, mut text) = (Notes::default(), String::new());
    let named = named.map(|name| Encoding::named(name).unwrap());
    let mut input = Cursor::new(bytes);
    let mut stream = decoded(&mut input, named, rule, &mut notes).unwrap();
    let answer = stream.read_to_string(&mut text).map_err(|error| error.to_string());
    drop(stream);
    let warned = notes.warnings.iter().map(|warning| warning.message.clone()).collect();
    (answer.map(|_| text), warned)
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
    let mark = mark.then_some(0xFEFF);
    mark.into_iter().chain(text.encode_utf16()).flat_map(order).collect()
}

fn xml(bytes: &[u8]) -> (Result<String, String>, Vec<String>) {
    read(bytes, None, Rule::Xml)
}

const PLAIN: &str = "<a>é</a>";

#[test]
fn a_mark_tells_the_encoding_and_wins_over_the_declaration() {
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{PLAIN}");
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let (answer, warned) = xml(&utf16(&text, order, true));
        assert_eq!((answer, warned.len()), (Ok(text.clone()), 1), "{warned:?}");
        let right = text.replace("UTF-8", "UTF-16");
        assert_eq!(xml(&utf16(&right, order, true)), (Ok(right.clone()), Vec::new()));
        assert_eq!(xml(&utf16(&right, order, false)), (Ok(right), Vec::new()));
    }
    let marked = [b"\xEF\xBB\xBF", text.replace('>', ">\r\n").as_bytes()].concat();
    assert_eq!(xml(&marked), (Ok(text.replace('>', ">\r\n")), Vec::new()));
}

#[test]
fn a_declared_page_is_read_by_its_letters() {
    for name in ["windows-1252", "ISO-8859-1", "iso_8859-1", "latin1"] {
        let head = format!("\n <?xml version='1.0' encoding='{name}'?>");
        let bytes = [head.as_bytes(), b"<a>\xE9</a>"].concat();
        assert_eq!(xml(&bytes), (Ok(format!("{head}{PLAIN}")), Vec::new()), "{name}");
    }
}

#[test]
fn undeclared_xml_that_is_no_utf_8_is_refused_with_the_place() {
    let (answer, _) = xml(b"<a>\xE9</a>");
    assert_eq!(
        answer.unwrap_err(),
        "byte 0xE9 at offset 3 is no UTF-8, and the file declares no other encoding (`--encoding NAME` tells it)"
    );
    assert_eq!(read(b"<a>\xE9</a>", Some("windows-1252"), Rule::Xml).0.unwrap(), PLAIN);
    assert_eq!(read(b"<a>\x82</a>", Some("cp850"), Rule::Xml).0.unwrap(), PLAIN);
    let ascii = xml(b"<?xml version='1.0' encoding='US-ASCII'?><a>\xC3\xA9</a>").0.unwrap_err();
    assert!(ascii.starts_with("byte 0xC3 at offset 44 is no US-ASCII"), "{ascii}");
    assert!(xml(&utf16("<a>\u{e9}", u16::to_le_bytes, true)[..7]).0.is_err());
    assert!(xml(b"\xFF\xFE<\0a\0\0\xD8>\0").0.is_err());
}

#[test]
fn plain_text_that_is_no_utf_8_is_windows_1252_unless_named() {
    assert_eq!(read(b"caf\xE9", None, Rule::Plain).0.unwrap(), "café");
    assert_eq!(read(b"caf\x82", Some("437"), Rule::Plain).0.unwrap(), "café");
    assert_eq!(read(b"\x8F", Some("cp866"), Rule::Plain).0.unwrap(), "П");
    assert_eq!(read(b"\x83\x65", Some("cp932"), Rule::Plain).0.unwrap(), "テ");
}

#[test]
fn an_unknown_declaration_is_told() {
    let (answer, warned) = xml(b"<?xml version='1.0' encoding='EBCDIC-XX'?><a/>");
    assert!(answer.is_ok());
    assert_eq!(warned, ["the declared encoding `EBCDIC-XX` is none that is read here"]);
}

#[test]
fn every_page_has_a_letter_for_each_byte_and_every_encoding_its_own_names() {
    for page in [pages::OEM_437, pages::OEM_850] {
        assert_eq!(page.chars().count(), 128);
    }
    for row in ENCODINGS {
        assert_eq!(Encoding::named(row.name), Some(row));
        for alias in row.aliases {
            assert_eq!(Encoding::named(alias), Some(row), "{alias}");
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_decoder_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), which in 0..9_usize) {
        for rule in [Rule::Xml, Rule::Plain] {
            let _ = read(&bytes, None, rule);
            let _ = read(&bytes, Some(ENCODINGS[which].name), rule);
        }
    }
}
