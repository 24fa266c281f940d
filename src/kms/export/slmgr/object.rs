//! The properties of an object, looked up by name as the script does.

use crate::clock::Timestamp;
use crate::kms::catalog::service::NOT_APPLICABLE;
use crate::kms::model::PropertyValue;
use crate::kms::rules::read::Property;

/// The properties of one object of either class.
pub(super) struct Object<'p>(pub(super) &'p [Property]);

impl<'p> Object<'p> {
    fn get(&self, name: &str) -> Option<&'p PropertyValue> {
        self.0.iter().find(|(field, _)| field.name == name).map(|(_, value)| value)
    }

    /// A text; empty for null, as the script joins it to its label.
    pub(super) fn text(&self, name: &str) -> &'p str {
        match self.get(name) {
            Some(PropertyValue::Text(text)) => text,
            _ => "",
        }
    }

    /// A number; `None` for null and for -1.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        match self.get(name) {
            Some(PropertyValue::U32(number)) if *number != NOT_APPLICABLE => Some(*number),
            _ => None,
        }
    }

    /// A number as it is printed; the script prints the uint32 of -1 as -1.
    pub(super) fn printed(&self, name: &str) -> String {
        self.number(name).map_or_else(|| "-1".to_owned(), |number| number.to_string())
    }

    pub(super) fn time(&self, name: &str) -> Option<Timestamp> {
        match self.get(name) {
            Some(PropertyValue::Time(at)) => Some(*at),
            _ => None,
        }
    }
}
