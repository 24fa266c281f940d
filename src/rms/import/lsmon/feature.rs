//! A feature of a listing with its licenses and clients, made records.

use super::block::Block;
use super::pool;
use crate::artefact::Notes;
use crate::error::Place;
use crate::rms::catalog::elements::{FEATURE_NAME, FEATURE_VERSION, NUM_LICENSES};
use crate::rms::import::records::{FeatureFacts, PoolMember};
use crate::rms::import::sentinelinfo::{finished, replaced};
use crate::rms::import::{Options, Record};
use crate::rms::model::license::{FeatureKey, License, Origin, Value};

/// A feature under way.
pub(super) struct Feature {
    pub(super) block: Block,
    pub(super) licenses: Vec<Block>,
    pub(super) clients: Vec<Block>,
}

impl Feature {
    pub(super) fn new(line: u64) -> Self {
        Self { block: Block::new(line), licenses: Vec::new(), clients: Vec::new() }
    }

    /// Whether it is of a listing without titles.
    pub(super) fn plain(&self) -> bool {
        self.licenses.is_empty()
    }

    /// Hands out what was read, and License Managers of a pool that are not known yet; whether it has a name.
    pub(super) fn records(
        mut self,
        options: Options,
        notes: &mut Notes,
        (records, pooled): (&mut Vec<(Place, Record)>, &mut Vec<PoolMember>),
    ) -> bool {
        let place = Place::Line(self.block.line);
        self.block.close();
        let elements = &self.block.elements;
        let key = FeatureKey {
            name: elements.text(&FEATURE_NAME).to_owned(),
            version: elements.text(&FEATURE_VERSION).to_owned(),
        };
        if key.name.is_empty() {
            notes.complain(place, "a feature of the listing has no name");
            return false;
        }
        pool::add(pooled, &self.block.shares);
        let alone = self.licenses.is_empty();
        let mut extras = std::mem::take(&mut self.block.extras);
        extras.extend(pool::extra(&self.block.shares));
        if alone {
            let license = License::new(self.block.elements.clone(), Origin::Lsmon);
            let license = License { extras: std::mem::take(&mut extras), ..license };
            let Some(license) = finished(license, place, options, notes) else { return true };
            extras = license.extras;
        }
        let total = u64::try_from(self.block.elements.number(&NUM_LICENSES)).unwrap_or(0);
        let counters = &mut self.block.counters;
        if let (None, Some(used)) = (counters.unreserved_free, counters.unreserved_in_use)
            && total < u64::from(self.block.elements.unlimited())
        {
            let reserved =
                counters.reserved_in_use.unwrap_or(0) + counters.reserved_free.unwrap_or(0);
            counters.unreserved_free = Some(total.saturating_sub(used + reserved));
        }
        let facts = FeatureFacts {
            feature: key.clone(),
            elements: self.block.elements,
            counters: self.block.counters,
            extras: if alone { std::mem::take(&mut extras) } else { Vec::new() },
            alone,
            origin: Origin::Lsmon,
        };
        for mut block in self.licenses {
            block.close();
            // What is told of the feature is kept with its first license: a feature has no place for it.
            let told = block.extras.iter().map(|extra| extra.name.clone()).collect::<Vec<_>>();
            let of_feature = std::mem::take(&mut extras).into_iter();
            block.extras.extend(of_feature.filter(|extra| !told.contains(&extra.name)));
            let place = Place::Line(block.line);
            block.elements.set(&FEATURE_NAME, Value::Text(key.name.clone()));
            block.elements.set(&FEATURE_VERSION, Value::Text(key.version.clone()));
            replaced(&mut block.elements);
            let license =
                License { extras: block.extras, ..License::new(block.elements, Origin::Lsmon) };
            if let Some(license) = finished(license, place, options, notes) {
                records.push((place, Record::License(Box::new(license))));
            }
        }
        records.push((place, Record::Feature(Box::new(facts))));
        records.extend(self.clients.into_iter().map(|block| client(block, &key, notes)));
        true
    }
}

/// The record of a client.
fn client(block: Block, key: &FeatureKey, notes: &mut Notes) -> (Place, Record) {
    let (place, mut client) = (Place::Line(block.line), block.client);
    if client.user_name.is_empty() && client.host_name.is_empty() {
        let message = "a client has neither a user nor a host: the listing was cut off";
        notes.complain(place, message);
    }
    client.feature = Some(key.clone());
    (place, Record::Client(Box::new(client)))
}
