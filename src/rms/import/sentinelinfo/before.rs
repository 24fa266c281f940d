//! What the record before had: most records of a file have the same elements in the same order, and most of their numbers.

use super::super::values::{self, Read};
use crate::artefact::xml::{Leaf, Likely};
use crate::rms::catalog::elements::{ELEMENTS, Element, named_behind};
use crate::rms::model::license::Value;

/// The records before, of all documents of a file.
pub(super) struct Before {
    /// What stood behind each element when it was met last; the next one of the table where nothing was met yet.
    behind: [&'static Element; ELEMENTS.len()],
    /// How each element was written last, and what it was read as.
    held: [Held; ELEMENTS.len()],
}

/// An element that the records before have.
struct Held {
    written: String,
    number: i64,
}

impl Default for Before {
    fn default() -> Self {
        let held = std::array::from_fn(|_| Held { written: String::new(), number: 0 });
        Self { behind: ELEMENTS, held }
    }
}

impl Before {
    /// The leaf that probably comes.
    ///
    /// - `after`: the position behind that of the element before.
    pub(super) fn likely(&self, after: usize) -> Likely<'_> {
        let Some(element) = self.behind.get(after) else { return Likely::default() };
        let written = self.held.get(element.at).map_or("", |held| &held.written);
        Likely { name: element.name(), written }
    }

    /// The element and the number of a leaf that is written as the likely one.
    pub(super) fn again(&self, after: usize) -> Option<(&'static Element, i64)> {
        let element = self.behind.get(after)?;
        Some((element, self.held.get(element.at)?.number))
    }

    /// The row of an element that came, if it has one; from now on it is the likely one.
    pub(super) fn met(&mut self, after: usize, name: &str) -> Option<&'static Element> {
        if let Some(likely) = self.behind.get(after).filter(|likely| likely.name() == name) {
            return Some(likely);
        }
        let element = named_behind(after, name)?;
        if let Some(likely) = self.behind.get_mut(after) {
            *likely = element;
        }
        Some(element)
    }

    /// Reads an element; a number is kept for the records behind.
    ///
    /// An error says what is wrong.
    pub(super) fn read(&mut self, element: &Element, leaf: &Leaf<'_>) -> Result<Read, String> {
        let read = values::read(element, leaf.text)?;
        if let (Some(Value::Number(number)), None) = read
            && let Some(held) = self.held.get_mut(element.at)
        {
            leaf.written.clone_into(&mut held.written);
            held.number = number;
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::{Before, Leaf, Value, values};
    use crate::rms::catalog::elements::{ELEMENTS, FEATURE_NAME, LIC_TYPE, NUM_LICENSES};

    #[test]
    fn what_came_behind_an_element_is_likely_to_come_again() {
        let mut before = Before::default();
        assert_eq!(before.likely(0).name, FEATURE_NAME.name());
        let behind = FEATURE_NAME.at + 1;
        assert_eq!(before.met(behind, "numLicenses").map(|met| met.at), Some(NUM_LICENSES.at));
        assert_eq!(before.likely(behind).name, "numLicenses");
        assert_eq!(before.met(behind, "licType").map(|met| met.at), Some(LIC_TYPE.at));
        assert!(before.met(behind, "numlicenses").is_none());
    }

    #[test]
    fn a_leaf_that_is_written_as_the_one_before_is_what_it_was_read_as() {
        let mut before = Before::default();
        let at = NUM_LICENSES.at;
        for text in ["5", "5", "", "", " 7", "7", "x", "x", "7", "05", "99999999999", "7"] {
            for element in [&FEATURE_NAME, &LIC_TYPE, &NUM_LICENSES] {
                let (name, read) = (element.name(), values::read(element, text));
                let written = format!("<{name}>{text}</{name}>");
                assert_eq!(before.met(element.at, name).map(|met| met.at), Some(element.at));
                if before.likely(element.at).written == written {
                    let (again, number) = before.again(element.at).unwrap();
                    assert_eq!(
                        (again.at, Ok((Some(Value::Number(number)), None))),
                        (element.at, read)
                    );
                } else {
                    let leaf =
                        Leaf { name, text, depth: 3, line: 1, written: &written, again: false };
                    assert_eq!(before.read(element, &leaf), read, "{text}");
                }
            }
        }
        assert_eq!(before.likely(at).written, "<numLicenses>7</numLicenses>");
        assert_eq!(before.likely(FEATURE_NAME.at).written, "", "a text is read each time");
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
