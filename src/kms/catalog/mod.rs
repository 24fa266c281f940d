//! The facts of the KMS management API: one file an object, as rows; `CATALOG` collects them.
//!
//! What the service answers with them is left to `rules`, what it can hold to `model`.

pub mod codes;
pub mod codes_internal;
pub mod codes_sl;
pub mod codes_system;
pub mod documents;
pub mod enumerations;
pub mod events;
pub mod families;
pub mod methods;
pub mod product;
pub mod registry;
pub mod service;
pub mod skus;
pub mod slmgr;

use crate::catalog::{Catalog, Code};

/// Everything that the documents say of the API, for `explain`, the manual and the tests.
pub static CATALOG: Catalog = Catalog {
    documents: &documents::DOCUMENTS,
    fields: &[&service::FIELDS, &product::FIELDS, &events::FIELDS, &registry::FIELDS],
    codes: &[
        &codes::CLIENT,
        &codes_system::SYSTEM,
        codes_sl::LICENSING,
        codes_internal::INTERNAL,
        codes_internal::SECURITY_PROCESSOR,
        codes_internal::STORE_ACTIVATION,
    ],
    methods: &[&methods::SERVICE_METHODS, &methods::PRODUCT_METHODS],
};

/// Finds a code by its number.
#[must_use]
pub fn code(number: u32) -> Option<&'static Code> {
    CATALOG.codes().find(|code| code.native.number() == Some(number))
}

/// Finds a code by its symbol; ASCII case does not matter.
#[must_use]
pub fn code_named(symbol: &str) -> Option<&'static Code> {
    CATALOG.codes().find(|code| code.symbol.eq_ignore_ascii_case(symbol))
}

/// How a machine behaves, by the version of its licensing service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// Windows Vista, Windows Server 2008.
    V60,
    /// Windows 7, Windows Server 2008 R2.
    V61,
    /// Windows 8, Windows Server 2012.
    V62,
    /// Windows 8.1, Windows Server 2012 R2.
    V63,
    /// Windows 10, Windows Server 2016 and later.
    V10,
}

impl Profile {
    /// Every profile, oldest first.
    pub const ALL: [Self; 5] = [Self::V60, Self::V61, Self::V62, Self::V63, Self::V10];

    /// The word of the command line and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::V60 => "V60",
            Self::V61 => "V61",
            Self::V62 => "V62",
            Self::V63 => "V63",
            Self::V10 => "V10",
        }
    }

    /// Selects the profile by the first two numbers of `version`.
    ///
    /// - `version`: property Version, `major.minor.build.revision`; what follows the second number is not read.
    /// - Returns the profile, and whether the version is a known one; all others behave as `V10`, which deserves a warning.
    ///
    /// Source: assumed; the documents name editions of Windows, not versions of the service.
    #[must_use]
    pub fn from_version(version: &str) -> (Self, bool) {
        let mut numbers = version.trim().split('.').map(|number| number.parse::<u32>().ok());
        let profile = match (numbers.next().flatten(), numbers.next().flatten()) {
            (Some(6), Some(0)) => Self::V60,
            (Some(6), Some(1)) => Self::V61,
            (Some(6), Some(2)) => Self::V62,
            (Some(6), Some(3)) => Self::V63,
            (Some(10), Some(_)) => Self::V10,
            _ => return (Self::V10, false),
        };
        (profile, true)
    }
}

#[cfg(test)]
mod tests;
