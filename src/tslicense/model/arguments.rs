//! The arguments of a call, as WMI hands them to the provider: each of the type of its parameter.

use super::pack::Filed;
use crate::catalog::Parameter;

/// An argument. Purchase numbers stand in it as long as the call runs: it prints nothing.
#[derive(Clone, PartialEq, Eq)]
pub enum Argument {
    Number(u32),
    Text(String),
}

/// The arguments of a call, in signature order, and the numbers under which the purchase numbers among them are filed.
#[derive(Clone, Default)]
pub struct Arguments {
    pub given: Vec<(&'static Parameter, Argument)>,
    /// In signature order.
    pub filed: Vec<Filed>,
}

impl Arguments {
    /// The number of that parameter; `None` when the method has no such number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        self.given.iter().find(|(row, _)| row.name == name).and_then(|(_, value)| match value {
            Argument::Number(number) => Some(*number),
            Argument::Text(_) => None,
        })
    }

    /// The text of that parameter; empty when the method has no such text.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.given.iter().find(|(row, _)| row.name == name).map_or("", |(_, value)| match value {
            Argument::Text(text) => text,
            Argument::Number(_) => "",
        })
    }
}
