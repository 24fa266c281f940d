//! Licence files: whether their text is well-formed, and what is kept of it.

use crate::kms::rules::service::{Document, WellFormed};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use sha2::{Digest, Sha256};

/// How deep elements may stand in each other.
const DEPTH: usize = 256;

/// Entities that every XML document knows; any other would need a document type.
static ENTITIES: [&[u8]; 5] = [b"amp", b"lt", b"gt", b"apos", b"quot"];

/// Looks at the text of a licence file.
pub(super) fn examine(text: &str) -> Document {
    Document {
        well_formed: if well_formed(text) { WellFormed::Yes } else { WellFormed::No },
        sha256: Sha256::digest(text.as_bytes()).into(),
        size: u64::try_from(text.len()).unwrap_or(u64::MAX),
    }
}

/// Whether the text is one element, well-formed, without a document type; nothing is expanded.
fn well_formed(text: &str) -> bool {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let (mut depth, mut roots) = (0_usize, 0_usize);
    loop {
        let begins = |depth: usize, tag: &BytesStart<'_>| {
            depth < DEPTH && tag.attributes().all(|attribute| attribute.is_ok())
        };
        match reader.read_event() {
            Ok(Event::Start(tag)) if begins(depth, &tag) => {
                roots += usize::from(depth == 0);
                depth += 1;
            }
            Ok(Event::Empty(tag)) if begins(depth, &tag) => roots += usize::from(depth == 0),
            Ok(Event::End(_)) => match depth.checked_sub(1) {
                Some(left) => depth = left,
                None => return false,
            },
            Ok(Event::Text(text)) if depth > 0 || text.trim_ascii().is_empty() => {}
            Ok(Event::CData(_)) if depth > 0 => {}
            Ok(Event::GeneralRef(name)) if depth > 0 && known(name.as_bytes()) => {}
            Ok(Event::Decl(_) | Event::Comment(_) | Event::PI(_)) => {}
            Ok(Event::Eof) => return depth == 0 && roots == 1,
            _ => return false,
        }
    }
}

/// Whether a reference names a character or an entity that needs no document type.
fn known(name: &[u8]) -> bool {
    ENTITIES.contains(&name) || name.strip_prefix(b"#").is_some_and(|digits| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use super::well_formed;

    #[test]
    fn one_element_is_a_licence_and_anything_else_is_not() {
        for right in [
            "<r:license xmlns:r=\"urn:mpeg\"><a b='1'/>text &amp; &#65;</r:license>",
            "\u{feff}<?xml version=\"1.0\"?>\n<!-- c --><a/>\n",
            "<a><![CDATA[<b>]]></a>",
        ] {
            assert!(well_formed(right), "{right}");
        }
        for wrong in [
            "",
            " ",
            "text",
            "<a>",
            "</a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>text",
            "<a b='1' b='2'/>",
            "<a>&any;</a>",
        ] {
            assert!(!well_formed(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_document_type_is_refused_before_anything_is_expanded() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
        assert!(!well_formed(bomb));
        let deep = "<a>".repeat(100_000);
        assert!(!well_formed(&deep));
    }
}
