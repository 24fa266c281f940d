//! What the tests of every API ask of its rows.

use super::{Catalog, Kind};
use std::collections::BTreeSet;

/// Whether `text` begins with a capital and ends with a full stop.
pub(crate) fn sentence(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase()) && text.ends_with('.')
}

/// Whether `text` is a phrase: no full stop, no space around it.
pub(crate) fn phrase(text: &str) -> bool {
    !text.is_empty() && !text.ends_with('.') && text.trim() == text
}

/// How many names there are; no two of them are equal, whatever their case.
pub(crate) fn unique<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    let mut seen = BTreeSet::new();
    for name in names {
        assert!(seen.insert(name.to_ascii_lowercase()), "{name} stands twice");
    }
    seen.len()
}

/// Documentation is sentences; the words of codes and methods are phrases.
pub(crate) fn documented(catalog: &Catalog) {
    for field in catalog.fields() {
        assert!(sentence(field.doc), "{}: {}", field.name, field.doc);
        if let Kind::Enumeration(values) = field.kind {
            assert!(values.iter().all(|value| value.doc.ends_with('.')), "{}", field.name);
        }
    }
    for code in catalog.codes() {
        assert!(phrase(code.symbol) && phrase(code.meaning), "{}", code.symbol);
        for text in [code.cause, code.remedy] {
            assert!(text.is_empty() || phrase(text), "{}: {text}", code.symbol);
        }
    }
    for method in catalog.methods() {
        assert!(!method.summary.ends_with('.') && sentence(&format!("{}.", method.summary)));
        for parameter in method.parameters {
            assert!(sentence(parameter.doc), "{}: {}", method.name, parameter.doc);
        }
    }
}
