//! A migration of licenses as it was planned, against which it is verified.

use crate::clock::Timestamp;

/// Licenses of one version and product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The oldest `ProductVersionID` of the rank.
    pub version: u32,
    pub product: u32,
    /// How many are to be moved.
    pub moved: u64,
    /// How many the source owned before.
    pub source: u64,
    /// How many the target owned before.
    pub target: u64,
}

/// A plan that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub at: Timestamp,
    pub shares: Vec<Share>,
}
