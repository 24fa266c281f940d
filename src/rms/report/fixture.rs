//! Licenses for the tests of the questions.

use crate::clock::Timestamp;
use crate::rms::catalog::elements::named;
use crate::rms::model::license::{Elements, FeatureKey, License, Origin, Value};

pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A license with these numbers.
pub(super) fn license(given: &[(&str, i64)]) -> License {
    let mut elements = Elements::default();
    for (name, number) in given {
        elements.set(named(name).unwrap(), Value::Number(*number));
    }
    License::new(elements, Origin::Xml)
}

pub(super) fn key() -> FeatureKey {
    FeatureKey { name: "CAD".to_owned(), version: "7.0".to_owned() }
}
