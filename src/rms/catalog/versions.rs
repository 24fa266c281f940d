//! The license versions, as `licenseVersion` encodes them, and the widths that follow from them.

use super::documents::LICENSE_INFO;
use crate::catalog::{Source, stated};

/// A license version.
#[derive(Debug)]
pub struct LicenseVersion {
    /// The value of `licenseVersion`.
    pub encoded: u32,
    /// The SDK that makes such licenses; empty for what is no version.
    pub sdk: &'static str,
    /// `v20` is 20; 0 where the table gives no number.
    pub number: u8,
    /// What it brought, as a phrase; empty when no document says.
    pub brings: &'static str,
}

/// Where the table stands.
pub static SOURCE: Source = stated(&LICENSE_INFO, "License Version Information, licenseVersion");

const fn row(encoded: u32, sdk: &'static str, number: u8, brings: &'static str) -> LicenseVersion {
    LicenseVersion { encoded, sdk, number, brings }
}

/// The encoding of "not defined".
pub const NOT_DEFINED: u32 = u32::MAX;

/// Every version that the page lists, lowest first.
pub static VERSIONS: [LicenseVersion; 19] = [
    row(0, "earlier than 7.0", 0, ""),
    row(0x0700_0000, "7.0", 7, ""),
    row(0x0703_0000, "7.3.0", 8, ""),
    row(0x0703_0001, "7.3.0.1", 9, ""),
    row(0x0800_0000, "8.0.0", 10, ""),
    row(0x0810_0000, "8.1.0", 11, "AES-128 codes, trial hours"),
    row(0x0823_0000, "8.2.3", 12, ""),
    row(0x0840_0000, "8.4.0", 13, "vendor information of up to 2000 characters"),
    row(0x0850_0000, "8.5.0", 14, "aggregate licenses"),
    row(0x0860_0000, "8.6.0", 15, ""),
    row(0x0900_0000, "9.0.0", 16, "aid"),
    row(0x0910_0000, "9.1.0", 17, "activationBirthTime and activationExpiryTime"),
    row(0x0920_0000, "9.2.0", 18, "RSA-2048 signatures"),
    row(0x0941_0000, "9.4.1", 19, "licenseVendorInfo"),
    row(0x0950_0000, "9.5.0", 20, "limits up to 4,294,967,294"),
    row(0x0970_0000, "9.7.0", 21, ""),
    row(0x1000_0000, "10.0.0", 22, "Cloud LM"),
    row(0x1020_0000, "10.2.0", 23, "named users"),
    row(NOT_DEFINED, "not defined", 0, ""),
];

/// The row of an encoded version; `None` when the page does not list it.
#[must_use]
pub fn version(encoded: u32) -> Option<&'static LicenseVersion> {
    VERSIONS.iter().find(|row| row.encoded == encoded)
}

/// The row by whose rules a version counts: its own, else the nearest lower one.
#[must_use]
pub fn counted_as(encoded: u32) -> Option<&'static LicenseVersion> {
    VERSIONS.iter().rev().find(|row| row.encoded <= encoded)
}

/// The row of a small number, as documents of the code generator have it: `19`.
#[must_use]
pub fn numbered(number: u8) -> Option<&'static LicenseVersion> {
    VERSIONS.iter().find(|row| row.number == number && number > 0)
}

/// "Unlimited" before version 20, and the most that a query of version 1.0 can say.
pub const NARROW_UNLIMITED: u32 = 2_097_150;

/// "Unlimited" from version 20 on.
pub const WIDE_UNLIMITED: u32 = 4_294_967_294;

/// The first version with wide limits.
pub const WIDE_FROM: u8 = 20;
