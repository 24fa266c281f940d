//! A license: its elements as they were given, what no row knows, where it came from.

use crate::rms::catalog::elements::{
    ELEMENTS, Element, FEATURE_NAME, FEATURE_VERSION, Initial, LIC_TYPE, LICENSE_HASH,
    LICENSE_VERSION,
};
use crate::rms::catalog::versions::{self, NARROW_UNLIMITED, WIDE_FROM, WIDE_UNLIMITED};

/// The value of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Number(i64),
    Text(String),
}

/// The elements of a license, each there or not. What is not there reads as its default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Elements {
    /// Which are there, as bits by position.
    there: u128,
    /// The values of those, in order.
    held: Vec<Value>,
}

/// Room for the elements that most licenses have.
const ROOM: usize = 32;

impl Elements {
    /// What was given; `None` when the element is missing.
    #[must_use]
    pub fn get(&self, element: &Element) -> Option<&Value> {
        if self.has(element) { self.held.get(self.place(element)) } else { None }
    }

    #[must_use]
    pub fn has(&self, element: &Element) -> bool {
        self.there & bit(element) != 0
    }

    pub fn set(&mut self, element: &Element, value: Value) {
        let place = self.place(element);
        if place == self.held.len() {
            self.there |= bit(element);
            if place == 0 {
                self.held.reserve(ROOM);
            }
            self.held.push(value);
        } else if !self.has(element) {
            self.there |= bit(element);
            self.held.insert(place, value);
        } else if let Some(held) = self.held.get_mut(place) {
            *held = value;
        }
    }

    /// Takes an element away.
    pub fn clear(&mut self, element: &Element) {
        if self.has(element) {
            self.held.remove(self.place(element));
            self.there &= !bit(element);
        }
    }

    /// How many of those that are there stand before an element.
    fn place(&self, element: &Element) -> usize {
        // Most are given in order.
        if self.there < bit(element) {
            return self.held.len();
        }
        let before = self.there & (bit(element) - 1);
        usize::try_from(before.count_ones()).unwrap_or_default()
    }

    /// The number of an element: as given, else its default. 0 for an element of text.
    #[must_use]
    pub fn number(&self, element: &Element) -> i64 {
        match (self.get(element), element.initial) {
            (_, Initial::Mirror(of, divisor)) if self.has(of) => self.number(of) / divisor.max(1),
            (Some(Value::Number(number)), _) => *number,
            (None, Initial::Number(number)) => number,
            (None, Initial::Unlimited) => i64::from(self.unlimited()),
            (None, Initial::Precedence) => i64::from(self.number(&LIC_TYPE) == 1),
            (None, Initial::Mirror(..) | Initial::Empty) | (Some(Value::Text(_)), _) => 0,
        }
    }

    /// The number of an element that is one of few or a mask; what no such number can be reads as the largest.
    #[must_use]
    pub fn word(&self, element: &Element) -> u32 {
        u32::try_from(self.number(element)).unwrap_or(u32::MAX)
    }

    /// The text of an element; empty when it is missing, or is a number.
    #[must_use]
    pub fn text(&self, element: &Element) -> &str {
        match self.get(element) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// The value of an element, as given or by default.
    #[must_use]
    pub fn value(&self, element: &Element) -> Value {
        if element.is_text() {
            Value::Text(self.text(element).to_owned())
        } else {
            Value::Number(self.number(element))
        }
    }

    /// Whether an element has the same value in both, as given or by default.
    #[must_use]
    pub fn agrees(&self, other: &Self, element: &Element) -> bool {
        if element.is_text() {
            self.text(element) == other.text(element)
        } else {
            self.number(element) == other.number(element)
        }
    }

    /// What "unlimited" is in the license's version.
    #[must_use]
    pub fn unlimited(&self) -> u32 {
        if self.is_wide() { WIDE_UNLIMITED } else { NARROW_UNLIMITED }
    }

    /// Whether the license's version allows limits above 2,097,150. An unlisted version counts as the nearest lower one.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        versions::counted_as(self.word(&LICENSE_VERSION))
            .is_some_and(|version| version.number >= WIDE_FROM)
    }

    /// Those that are missing, in order.
    pub fn absent(&self) -> impl Iterator<Item = &'static Element> + '_ {
        ELEMENTS.into_iter().filter(|element| !self.has(element))
    }

    /// Those that are there, in order, with their values.
    pub fn present(&self) -> impl Iterator<Item = (&'static Element, &Value)> + '_ {
        let mut left = self.there;
        let positions = std::iter::from_fn(move || {
            let at = usize::try_from(left.trailing_zeros()).ok()?;
            left &= left.wrapping_sub(1);
            ELEMENTS.get(at).copied()
        });
        positions.zip(&self.held)
    }

    /// Takes over what `newer` has.
    pub fn merge(&mut self, newer: &Self) {
        for (element, value) in newer.present() {
            self.set(element, value.clone());
        }
    }
}

/// The bit of an element by its position.
fn bit(element: &Element) -> u128 {
    1 << element.at
}

/// An element that no row knows, as it stood in the artefact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    pub name: String,
    /// The whole element, well-formed.
    pub xml: String,
}

/// What a license was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// An answer to a query.
    Xml,
    /// What lsmon printed.
    Lsmon,
    /// A document of the license generator.
    Decode,
    /// A remark behind a license code.
    Lservrc,
    /// A document of licctl.
    Json,
    /// Added by command.
    Manual,
}

impl Origin {
    pub const ALL: [Self; 6] =
        [Self::Xml, Self::Lsmon, Self::Decode, Self::Lservrc, Self::Json, Self::Manual];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Lsmon => "lsmon",
            Self::Decode => "decode",
            Self::Lservrc => "lservrc",
            Self::Json => "json",
            Self::Manual => "manual",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.word() == word)
    }
}

/// A license of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    pub elements: Elements,
    pub extras: Vec<Extra>,
    pub origin: Origin,
    /// Whether its hash was made here, because the record had none.
    pub synthetic: bool,
}

impl License {
    #[must_use]
    pub fn new(elements: Elements, origin: Origin) -> Self {
        Self { elements, extras: Vec::new(), origin, synthetic: false }
    }

    /// Its hash; `None` when it has none.
    #[must_use]
    pub fn hash(&self) -> Option<&str> {
        Some(self.elements.text(&LICENSE_HASH)).filter(|hash| !hash.is_empty())
    }

    /// Whether it is of that feature.
    #[must_use]
    pub fn is_of(&self, key: &FeatureKey) -> bool {
        self.elements.text(&FEATURE_NAME) == key.name
            && self.elements.text(&FEATURE_VERSION) == key.version
    }

    /// The feature that it is of.
    #[must_use]
    pub fn feature(&self) -> FeatureKey {
        FeatureKey {
            name: self.elements.text(&FEATURE_NAME).to_owned(),
            version: self.elements.text(&FEATURE_VERSION).to_owned(),
        }
    }
}

/// The name and version of a feature; compared to the letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeatureKey {
    pub name: String,
    /// Empty when the feature has none.
    pub version: String,
}

impl std::fmt::Display for FeatureKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.name)?;
        if self.version.is_empty() { Ok(()) } else { write!(out, " {}", self.version) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Elements, Value};
    use crate::rms::catalog::elements::{
        COMMUTED_KEYS, FEATURE_NAME, LIC_TYPE, LICENSE_PRECEDENCE, LICENSE_VERSION,
        SOFT_NUM_LICENSES, TRIAL_ELAPSED_HOURS, TRIAL_SECONDS,
    };

    fn with(given: &[(&'static super::Element, i64)]) -> Elements {
        let mut elements = Elements::default();
        for (element, number) in given {
            elements.set(element, Value::Number(*number));
        }
        elements
    }

    #[test]
    fn a_missing_element_reads_as_its_default() {
        let none = Elements::default();
        assert_eq!(none.number(&LICENSE_VERSION), 270_532_608);
        assert_eq!(none.text(&FEATURE_NAME), "");
        assert_eq!(none.number(&SOFT_NUM_LICENSES), 4_294_967_294);
        assert_eq!(with(&[(&LICENSE_VERSION, 155_254_784)]).number(&SOFT_NUM_LICENSES), 2_097_150);
        assert_eq!(none.number(&LICENSE_PRECEDENCE), 0);
        assert_eq!(with(&[(&LIC_TYPE, 1)]).number(&LICENSE_PRECEDENCE), 1);
        assert_eq!(none.absent().count(), 70);
    }

    #[test]
    fn an_obsolete_element_follows_the_one_that_replaced_it() {
        let both = with(&[(&TRIAL_SECONDS, 7_300), (&TRIAL_ELAPSED_HOURS, 9)]);
        assert_eq!(both.number(&TRIAL_ELAPSED_HOURS), 2);
        assert_eq!(with(&[(&TRIAL_ELAPSED_HOURS, 9)]).number(&TRIAL_ELAPSED_HOURS), 9);
    }

    #[test]
    fn an_unlisted_version_has_the_width_of_the_nearest_lower_one() {
        assert!(with(&[(&LICENSE_VERSION, 270_532_609)]).is_wide());
        assert!(!with(&[(&LICENSE_VERSION, 156_237_823)]).is_wide());
    }

    #[test]
    fn what_is_taken_away_leaves_no_trace() {
        let mut elements = with(&[(&LIC_TYPE, 1)]);
        let before = elements.clone();
        elements.set(&COMMUTED_KEYS, Value::Number(1));
        elements.clear(&COMMUTED_KEYS);
        assert_eq!(elements, before);
    }
}
