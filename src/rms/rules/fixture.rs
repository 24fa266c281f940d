//! Licenses for the tests of the rules.

use crate::clock::Timestamp;
use crate::rms::catalog::elements::{
    BIRTH_TIME, DEATH_TIME, FEATURE_NAME, FEATURE_VERSION, LICENSE_VERSION, NUM_LICENSES, named,
};
use crate::rms::model::license::{License, Origin, Value};

/// A moment.
pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A version 19 license of so many tokens, without dates.
pub(super) fn license(seats: i64) -> License {
    let mut license = License::new(crate::rms::model::license::Elements::default(), Origin::Manual);
    license.elements.set(&FEATURE_NAME, Value::Text("CAD".to_owned()));
    license.elements.set(&FEATURE_VERSION, Value::Text("7.0".to_owned()));
    license.elements.set(&LICENSE_VERSION, Value::Number(155_254_784));
    license.elements.set(&NUM_LICENSES, Value::Number(seats));
    license
}

impl License {
    pub(super) fn is(mut self, element: &str, number: i64) -> Self {
        self.elements.set(named(element).unwrap(), Value::Number(number));
        self
    }

    pub(super) fn says(mut self, element: &str, text: &str) -> Self {
        self.elements.set(named(element).unwrap(), Value::Text(text.to_owned()));
        self
    }

    /// From one moment to another; an empty text leaves that end open.
    pub(super) fn runs(mut self, from: &str, to: &str) -> Self {
        for (element, text) in [(&BIRTH_TIME, from), (&DEATH_TIME, to)] {
            if !text.is_empty() {
                self.elements.set(element, Value::Number(at(text).s()));
            }
        }
        self
    }
}
