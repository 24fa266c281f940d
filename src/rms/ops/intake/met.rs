//! The features that an import met. Many are: their names are not held, but digests of them under a key of this run.

use crate::rms::model::license::FeatureKey;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroI64;

/// A feature under way.
pub(super) struct Feature {
    pub(super) id: i64,
    /// The number of its next license.
    pub(super) next: i64,
    /// Licenses that this import loaded into it.
    pub(super) loaded: i64,
    /// Its number in the store before this import; `None`: it has none.
    pub(super) before: Option<NonZeroI64>,
    /// The license of the replaced table that was met last.
    pub(super) last: i64,
}

/// The features under way, by name and version.
#[derive(Default)]
pub(super) struct Met {
    key: RandomState,
    features: HashMap<u64, Feature>,
}

impl Met {
    pub(super) fn get(&self, key: &FeatureKey) -> Option<&Feature> {
        self.features.get(&self.key.hash_one(key))
    }

    pub(super) fn get_mut(&mut self, key: &FeatureKey) -> Option<&mut Feature> {
        self.features.get_mut(&self.key.hash_one(key))
    }

    pub(super) fn insert(&mut self, key: &FeatureKey, feature: Feature) {
        self.features.insert(self.key.hash_one(key), feature);
    }

    /// Number and count of the features into which licenses were loaded, in order.
    pub(super) fn loads(&self) -> Vec<(i64, i64)> {
        let loaded = self.features.values().filter(|feature| feature.loaded > 0);
        let mut loads: Vec<_> = loaded.map(|feature| (feature.id, feature.loaded)).collect();
        loads.sort_unstable();
        loads
    }
}
