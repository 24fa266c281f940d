//! `--learn-catalogue`: every imported license with an edition teaches the catalogue that edition, and the digest of its key.

use crate::vsphere::catalog::properties::{ADDON, FEATURE, PRODUCT_NAME, PRODUCT_VERSION};
use crate::vsphere::import::catalogue::CatalogueFile;
use crate::vsphere::import::record::{LicenseSaid, Part, Said, Which};
use crate::vsphere::model::catalogue::{Edition, KeyEntry};
use crate::vsphere::model::key::is_well_formed;
use crate::vsphere::model::license::is_evaluation_edition;
use crate::vsphere::model::value::{AnyValue, find, pairs};
use crate::vsphere::rules::catalogue::digest;
use crate::vsphere::rules::expiry;
use std::collections::BTreeMap;

/// What was learned so far.
#[derive(Default)]
pub(super) struct Learned {
    editions: BTreeMap<(String, String), Edition>,
    keys: BTreeMap<String, KeyEntry>,
}

impl Learned {
    /// Learns from a record.
    pub(super) fn look(&mut self, said: &Said) {
        match said {
            Said::License(said) | Said::HostView(_, said) => self.license(said),
            Said::Assignment(held) => {
                if let Which::Said(said) = &held.license {
                    self.license(said);
                }
            }
            _ => {}
        }
    }

    fn license(&mut self, said: &LicenseSaid) {
        let info = &said.info;
        let Some(key) = info.license_key.full().filter(|key| is_well_formed(key)) else { return };
        let lossy = [Part::EditionKey, Part::Name, Part::Total, Part::CostUnit];
        if info.edition_key.is_empty()
            || info.license_key.is_evaluation()
            || info.license_key.is_placeholder()
            || is_evaluation_edition(&info.edition_key)
            || lossy.iter().any(|part| said.lacks.has(*part))
        {
            return;
        }
        let sha256 = digest(key);
        if self.keys.contains_key(&sha256) {
            return;
        }
        let text = |name: &str| {
            let text = find(&info.properties, name).and_then(AnyValue::as_text);
            text.unwrap_or_default().to_owned()
        };
        let version = text(PRODUCT_VERSION);
        let slot = (info.edition_key.clone(), version.clone());
        let edition = self.editions.entry(slot).or_insert_with(|| Edition {
            edition_key: info.edition_key.clone(),
            product_version: version.clone(),
            name: info.name.clone(),
            product_name: text(PRODUCT_NAME),
            cost_unit: info.cost_unit.clone(),
            features: pairs(&info.properties, FEATURE).cloned().collect(),
            addons: pairs(&info.properties, ADDON).cloned().collect(),
            ..Edition::default()
        });
        let own = |told: &str, held: &str| (told != held).then(|| told.to_owned());
        let entry = KeyEntry {
            sha256: sha256.clone(),
            key: None,
            edition_key: info.edition_key.clone(),
            product_version: Some(version).filter(|version| !version.is_empty()),
            total: info.total,
            expires: expiry::stated(&info.properties),
            labels: Vec::new(),
            name: own(&info.name, &edition.name),
            cost_unit: own(&info.cost_unit, &edition.cost_unit),
            features: None,
            other: None,
        };
        self.keys.insert(sha256, entry);
    }

    /// What was learned, as a catalogue file.
    pub(super) fn file(self) -> CatalogueFile {
        CatalogueFile {
            editions: self.editions.into_values().collect(),
            keys: self.keys.into_values().collect(),
        }
    }
}
