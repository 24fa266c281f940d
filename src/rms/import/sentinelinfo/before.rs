//! What the record before had: most records of a file have the same elements in the same order, and most of their numbers.

use super::super::values::{self, Read};
use crate::rms::catalog::elements::{ELEMENTS, Element, named_behind};
use crate::rms::model::license::Value;

/// The records before, of all documents of a file.
pub(super) struct Before {
    /// What stood behind each element when it was met last; the next one of the table where nothing was met yet.
    behind: [&'static Element; ELEMENTS.len()],
    /// How each number was written last, and what it was read as.
    numbers: [(String, Option<i64>); ELEMENTS.len()],
}

impl Default for Before {
    fn default() -> Self {
        Self { behind: ELEMENTS, numbers: std::array::from_fn(|_| (String::new(), None)) }
    }
}

impl Before {
    /// The element that probably comes.
    ///
    /// - `after`: the position behind that of the element before.
    pub(super) fn likely(&self, after: usize) -> Option<&'static Element> {
        self.behind.get(after).copied()
    }

    /// The row of an element that came, if it has one; from now on it is the likely one.
    pub(super) fn met(&mut self, after: usize, name: &str) -> Option<&'static Element> {
        if let Some(likely) = self.likely(after).filter(|likely| likely.name() == name) {
            return Some(likely);
        }
        let element = named_behind(after, name)?;
        if let Some(likely) = self.behind.get_mut(after) {
            *likely = element;
        }
        Some(element)
    }

    /// Reads the text of an element; one that the record before has, too, was read already.
    ///
    /// An error says what is wrong.
    pub(super) fn read(&mut self, element: &Element, text: &str) -> Result<Read, String> {
        let Some((written, held)) = self.numbers.get_mut(element.at) else {
            return values::read(element, text);
        };
        if let Some(number) = *held
            && written == text
        {
            return Ok((Some(Value::Number(number)), None));
        }
        let read = values::read(element, text)?;
        if let (Some(Value::Number(number)), None) = read {
            text.clone_into(written);
            *held = Some(number);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::{Before, values};
    use crate::rms::catalog::elements::{ELEMENTS, FEATURE_NAME, LIC_TYPE, NUM_LICENSES};

    #[test]
    fn what_came_behind_an_element_is_likely_to_come_again() {
        let mut before = Before::default();
        assert_eq!(before.likely(0).map(|element| element.at), Some(FEATURE_NAME.at));
        let behind = FEATURE_NAME.at + 1;
        assert_eq!(before.met(behind, "numLicenses").map(|met| met.at), Some(NUM_LICENSES.at));
        assert_eq!(before.likely(behind).map(|element| element.at), Some(NUM_LICENSES.at));
        assert_eq!(before.met(behind, "licType").map(|met| met.at), Some(LIC_TYPE.at));
        assert!(before.met(behind, "numlicenses").is_none());
    }

    #[test]
    fn what_was_read_reads_the_same_again() {
        let mut before = Before::default();
        for text in ["5", "5", "", "", " 7", "7", "x", "x", "7", "05", "99999999999", "7"] {
            for element in [&NUM_LICENSES, &FEATURE_NAME, &LIC_TYPE] {
                assert_eq!(before.read(element, text), values::read(element, text), "{text}");
            }
        }
    }

    #[test]
    fn every_element_is_found_wherever_the_one_before_stood() {
        let mut before = Before::default();
        for after in 0..=ELEMENTS.len() {
            for element in ELEMENTS {
                assert_eq!(before.met(after, element.name()).map(|met| met.at), Some(element.at));
            }
        }
    }
}
