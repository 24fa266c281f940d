//! License usage reports: frozen lists of what was issued when they were made.

use crate::clock::Timestamp;

/// The entry classes, each with a method of its own that fetches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    User,
    Device,
    Failed,
    FailedSummary,
    Summary,
}

impl Class {
    /// Every class, in the order of their numbers in the store.
    pub const ALL: [Self; 5] =
        [Self::User, Self::Device, Self::Failed, Self::FailedSummary, Self::Summary];

    /// The number in the store.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::User => 0,
            Self::Device => 1,
            Self::Failed => 2,
            Self::FailedSummary => 3,
            Self::Summary => 4,
        }
    }

    /// The word of the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Device => "device",
            Self::Failed => "failed",
            Self::FailedSummary => "failed-summary",
            Self::Summary => "summary",
        }
    }

    /// The class of that word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.word() == word)
    }
}

/// An object of `Win32_TSLicenseReport`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// `FileName`.
    pub name: String,
    /// `GenerationDateTime`.
    pub made: Timestamp,
    /// `ScopeType` and `ScopeValue`, of servers before 2012.
    pub scope: Option<(u32, String)>,
    /// The change that wrote its entries.
    pub entries: i64,
}

/// An entry of any class; what a class has no property for is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// User, computer or domain.
    pub name: String,
    pub hardware: String,
    /// Expiry, or when the issuance was tried.
    pub time: Option<Timestamp>,
    pub version: u32,
    pub product: u32,
    /// Installed licenses, or failures.
    pub first: u64,
    /// Issued licenses.
    pub second: u64,
    /// `TSCALAvailability`.
    pub availability: Availability,
}

/// How many licenses are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Availability {
    #[default]
    Available,
    /// A tenth or less.
    Limited,
    None,
    /// The server cannot write the licenses of users into the directory.
    NotTracking,
}

impl Availability {
    /// Every value, in the order of their numbers in the store.
    pub const ALL: [Self; 4] = [Self::Available, Self::Limited, Self::None, Self::NotTracking];

    /// The word of the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Available => "Available",
            Self::Limited => "Limited",
            Self::None => "None",
            Self::NotTracking => "Not Tracking",
        }
    }

    /// The value of that word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.word() == word)
    }
}
