//! What a device tells of itself: `./DevInfo`, `./DevDetail`, what it is joined to.

use crate::csp::catalog::enumerations::{JOIN_TYPES, Word};
use crate::csp::model::version::OsVersion;

/// `./DevInfo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevInfo {
    /// `DevId`; also the `Source` of the device's messages.
    pub dev_id: String,
    /// `Man`.
    pub manufacturer: String,
    /// `Mod`.
    pub model: String,
    /// `DmV`.
    pub dm_version: String,
    /// `Lang`.
    pub language: String,
}

impl DevInfo {
    /// - `DmV` is what a Windows 11 client sends ([CAPTURE]).
    #[must_use]
    pub fn new(dev_id: &str) -> Self {
        Self {
            dev_id: dev_id.to_owned(),
            manufacturer: "licctl".to_owned(),
            model: "model".to_owned(),
            dm_version: "1.3".to_owned(),
            language: "en-US".to_owned(),
        }
    }
}

/// `./DevDetail`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevDetail {
    /// `SwV`; decides which nodes there are.
    pub os_version: OsVersion,
    /// `HwV`, `FwV`, `OEM`: empty when not known.
    pub hardware_version: String,
    pub firmware_version: String,
    pub oem: String,
}

impl Default for DevDetail {
    fn default() -> Self {
        Self {
            os_version: OsVersion::DEFAULT,
            hardware_version: String::new(),
            firmware_version: String::new(),
            oem: String::new(),
        }
    }
}

/// What a device is joined to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinType {
    None,
    Entra,
    Hybrid,
    Domain,
    EntraRegistered,
}

impl JoinType {
    pub const ALL: [Self; 5] =
        [Self::None, Self::Entra, Self::Hybrid, Self::Domain, Self::EntraRegistered];

    const fn row(self) -> &'static Word {
        let [none, entra, hybrid, domain, registered] = &JOIN_TYPES;
        match self {
            Self::None => none,
            Self::Entra => entra,
            Self::Hybrid => hybrid,
            Self::Domain => domain,
            Self::EntraRegistered => registered,
        }
    }

    /// The word of the command line and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.row().name
    }

    /// Reads the word, in any case.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|join| join.word().eq_ignore_ascii_case(word))
    }

    /// Whether a device-based subscription can reach it.
    ///
    /// Source: [SUBSCRIPTION] requirements.
    #[must_use]
    pub const fn takes_device_licenses(self) -> bool {
        matches!(self, Self::Entra | Self::Hybrid)
    }
}
