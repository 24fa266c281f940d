//! Reservation groups: tokens of a feature that are set apart for some.

use super::license::FeatureKey;

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// A name, `0x` and a host id, or an address.
    pub name: String,
    /// Whether it names a computer; else a user.
    pub computer: bool,
    /// Whether it is shut out.
    pub excluded: bool,
}

impl Member {
    /// As the reservation file writes it: `!$pc9`.
    #[must_use]
    pub fn text(&self) -> String {
        let not = if self.excluded { "!" } else { "" };
        let computer = if self.computer { "$" } else { "" };
        format!("{not}{computer}{}", self.name)
    }

    /// Reads `!$pc9`.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let (excluded, rest) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (computer, name) = match rest.strip_prefix('$') {
            Some(name) => (true, name),
            None => (false, rest),
        };
        Self { name: name.to_owned(), computer, excluded }
    }
}

/// A group of one feature, in the order of the reservation file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub feature: String,
    /// `None`: every version.
    pub version: Option<String>,
    pub name: String,
    /// Tokens set apart; 0 shuts the members out.
    pub tokens: u64,
    pub members: Vec<Member>,
}

impl Group {
    #[must_use]
    pub fn is_of(&self, key: &FeatureKey) -> bool {
        self.feature == key.name
            && self.version.as_ref().is_none_or(|version| *version == key.version)
    }
}
