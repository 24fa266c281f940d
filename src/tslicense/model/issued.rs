//! Issued licenses: to devices, each an object of `Win32_TSIssuedLicense`, and to users.

use super::pack::KeyPackId;
use crate::clock::Timestamp;
use crate::tslicense::catalog::enumerations::{
    STATUS_ACTIVE, STATUS_CONCURRENT, STATUS_PENDING, STATUS_REVOKED, STATUS_TEMPORARY,
    STATUS_UPGRADE,
};

/// Each `LicenseStatus` of a license that takes one of its pack.
pub const PERMANENT: [u32; 4] = [STATUS_ACTIVE, STATUS_UPGRADE, STATUS_PENDING, STATUS_CONCURRENT];

/// The number of an issued license on its server; never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenseId(pub u32);

/// How far a temporary license has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has logged on with it; and every license that is not temporary.
    Fresh,
    /// A user logged on: at the next connection the device gets a permanent one.
    Validated,
    /// It expired: seen by nobody, but its device gets no second one.
    Spent,
}

impl Stage {
    /// Every stage, in the order of their numbers in the store.
    pub const ALL: [Self; 3] = [Self::Fresh, Self::Validated, Self::Spent];

    /// The number in the store.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::Fresh => 0,
            Self::Validated => 1,
            Self::Spent => 2,
        }
    }

    /// The stage of that number.
    #[must_use]
    pub fn numbered(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.number() == number)
    }
}

/// A license per device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    pub id: LicenseId,
    pub pack: KeyPackId,
    /// `LicenseStatus`.
    pub status: u32,
    pub stage: Stage,
    pub issued: Timestamp,
    pub expires: Timestamp,
    /// `sHardwareId`, as it was told.
    pub hardware: String,
    /// `sIssuedToComputer`.
    pub computer: String,
    /// `sIssuedToUser`: who connected first.
    pub user: String,
}

impl Issued {
    /// Whether it has not expired: at the very moment of its end it has.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires && self.stage != Stage::Spent
    }

    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.status == STATUS_TEMPORARY
    }

    #[must_use]
    pub fn is_revoked(&self) -> bool {
        self.status == STATUS_REVOKED
    }

    /// Whether it takes a license of its pack.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        PERMANENT.contains(&self.status)
    }
}

/// What hardware IDs are compared by: without `0x`, commas, blanks, hyphens and braces, in lower case.
#[must_use]
pub fn hardware_key(hardware: &str) -> String {
    let bare: String =
        hardware.chars().filter(|letter| !matches!(letter, ',' | ' ' | '-' | '{' | '}')).collect();
    bare.to_lowercase().replace("0x", "")
}

/// What computer names are compared by: without the DNS suffix, in lower case.
#[must_use]
pub fn computer_key(computer: &str) -> String {
    computer.split('.').next().unwrap_or_default().to_lowercase()
}

/// Whether a hardware ID is one of the Store app, which changes from session to session.
#[must_use]
pub fn is_of_store_app(hardware: &str) -> bool {
    hardware_key(hardware).starts_with("ff")
}

/// A license per user that could not be written into the directory; the user was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// `DOMAIN\name`.
    pub user: String,
    /// `TriedIssuanceOn`.
    pub tried: Timestamp,
    /// Of the license that was wanted.
    pub version: u32,
}

/// A license per user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserLicense {
    /// `DOMAIN\name`.
    pub user: String,
    pub pack: KeyPackId,
    pub version: u32,
    /// The first issue: 90 days later another person may get the license.
    pub first: Timestamp,
    pub expires: Timestamp,
}

impl UserLicense {
    /// From when on the license terms let another person have it.
    #[must_use]
    pub fn reassignable(&self) -> Timestamp {
        self.first.plus_days(90)
    }
}

#[cfg(test)]
mod tests {
    use super::{computer_key, hardware_key, is_of_store_app};

    #[test]
    fn hardware_ids_are_the_same_however_they_are_written() {
        let key = hardware_key("0x2, 0x1a2b3c4d, 0x0");
        assert_eq!(key, "21a2b3c4d0");
        assert_eq!(hardware_key("{2-1A2B3C4D-0}"), key);
        assert!(is_of_store_app("0xFF00-1"));
        assert!(!is_of_store_app("HWID-A"));
    }

    #[test]
    fn computers_are_the_same_whatever_their_suffix() {
        assert_eq!(computer_key("PC-1.corp.example"), computer_key("pc-1"));
    }
}
