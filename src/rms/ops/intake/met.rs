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

/// A feature with the digest by which it is found among those that were met.
pub(super) struct Named {
    pub(super) key: FeatureKey,
    digest: u64,
}

impl Met {
    pub(super) fn named(&self, key: FeatureKey) -> Named {
        Named { digest: self.key.hash_one(&key), key }
    }

    pub(super) fn get(&self, named: &Named) -> Option<&Feature> {
        self.features.get(&named.digest)
    }

    pub(super) fn get_mut(&mut self, named: &Named) -> Option<&mut Feature> {
        self.features.get_mut(&named.digest)
    }

    pub(super) fn insert(&mut self, named: &Named, feature: Feature) {
        self.features.insert(named.digest, feature);
    }

    /// The number of a feature that was met.
    pub(super) fn id(&self, key: &FeatureKey) -> Option<i64> {
        self.features.get(&self.key.hash_one(key)).map(|feature| feature.id)
    }

    /// Number and count of the features into which licenses were loaded, in order.
    pub(super) fn loads(&self) -> Vec<(i64, i64)> {
        let loaded = self.features.values().filter(|feature| feature.loaded > 0);
        let mut loads: Vec<_> = loaded.map(|feature| (feature.id, feature.loaded)).collect();
        loads.sort_unstable();
        loads
    }
}
