//! The license table as the rules see it: features and licenses by index, name and hash.

use crate::error::Outcome;
use crate::rms::model::license::{FeatureKey, License};

/// A feature of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// By which the table knows it; indexes move, this does not.
    pub id: i64,
    pub key: FeatureKey,
}

/// A license of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// By which the feature knows it; indexes move, this does not.
    pub id: i64,
    pub license: License,
}

/// The licenses of one License Manager: features in the order of their first load, licenses of each in the order of their load,
/// both counted from 0 without gaps.
pub trait Table {
    fn feature_at(&mut self, index: u32) -> Outcome<Option<Feature>>;
    fn feature_named(&mut self, key: &FeatureKey) -> Outcome<Option<Feature>>;
    fn license_at(&mut self, feature: i64, index: u32) -> Outcome<Option<Entry>>;
    /// `hash` in upper case.
    fn license_hashed(&mut self, feature: i64, hash: &str) -> Outcome<Option<Entry>>;
}
