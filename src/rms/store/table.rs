//! The license table of one License Manager, as the rules see it.

use super::{features, licenses};
use crate::error::Outcome;
use crate::rms::model::license::FeatureKey;
use crate::rms::rules::table::{Entry, Feature, Table};
use crate::store::Read;

/// The licenses of the License Manager of that number.
pub struct Stored<'r> {
    pub read: &'r mut dyn Read,
    pub server: i64,
}

impl Table for Stored<'_> {
    fn feature_at(&mut self, index: u32) -> Outcome<Option<Feature>> {
        features::at(self.read, self.server, index)
    }

    fn feature_named(&mut self, key: &FeatureKey) -> Outcome<Option<Feature>> {
        features::named(self.read, self.server, key)
    }

    fn license_at(&mut self, feature: i64, index: u32) -> Outcome<Option<Entry>> {
        let found = licenses::at(self.read, self.server, feature, index)?;
        Ok(found.map(entry))
    }

    fn license_hashed(&mut self, feature: i64, hash: &str) -> Outcome<Option<Entry>> {
        let found = licenses::hashed(self.read, self.server, hash)?;
        Ok(found.into_iter().find(|placed| placed.feature == feature).map(entry))
    }
}

fn entry(placed: licenses::Placed) -> Entry {
    Entry { id: placed.seq, license: placed.license }
}
