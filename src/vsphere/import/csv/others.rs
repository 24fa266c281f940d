//! Rows that are no licenses: hosts with what they hold, and what was bought in the portal.

use super::Rows;
use crate::artefact::Notes;
use crate::artefact::csv::Row;
use crate::error::Place;
use crate::vsphere::import::catalogue::CatalogueFile;
use crate::vsphere::import::columns::{Columns, Field};
use crate::vsphere::import::host::processors;
use crate::vsphere::import::record::{HostSaid, Record, Said};
use crate::vsphere::model::catalogue::KeyEntry;
use crate::vsphere::model::key::{Key, normalised};
use crate::vsphere::rules::catalogue::digest;
use crate::vsphere::wire::labels;

impl Rows<'_> {
    pub(super) fn host(&self, row: Row<'_>) -> Option<Record> {
        let name = self.cell(row, Field::Host)?;
        let number = |field: Field| self.cell(row, field).and_then(|text| text.parse::<u32>().ok());
        let count = number(Field::Packages);
        // The last row of a report is the sum of the others.
        if count.is_none() && self.cell(row, Field::Cluster) == Some("Total") {
            return None;
        }
        let cores = number(Field::Cores).or_else(|| number(Field::CoresEach)?.checked_mul(count?));
        let version = self.cell(row, Field::Version).map(|text| {
            let words = text.split_whitespace();
            let mut numbers =
                words.filter(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
            numbers.next().unwrap_or(text).to_owned()
        });
        let licenses = self.cell(row, Field::Assigned).filter(|text| *text != "-").map(|text| {
            let names = text.split([',', ';']).map(str::trim).filter(|name| !name.is_empty());
            names.map(str::to_owned).collect()
        });
        let said = HostSaid {
            entity_id: self.cell(row, Field::EntityId).map(str::to_owned),
            name: Some(name.to_owned()),
            cluster: self.cell(row, Field::Cluster).map(str::to_owned),
            version,
            processors: processors(count, cores),
            model: self.cell(row, Field::Model).map(str::to_owned),
            licenses,
            ..HostSaid::default()
        };
        Some(Record::of(self.of(row), Said::Host(Box::new(said))))
    }

    pub(super) fn bought(&self, row: Row<'_>, place: Place, notes: &mut Notes) -> Option<Record> {
        let text = self.cell(row, Field::LicenseKey)?;
        let Some(key) = normalised(text) else {
            notes.complain(
                place,
                "the license key is none: five groups of five letters or digits are needed",
            );
            return None;
        };
        let amounts = self.amounts(row, place, notes).ok()?;
        let expires = self.expires(row, place, notes).ok()?;
        let name = self.cell(row, Field::Name).unwrap_or_default();
        let entry = KeyEntry {
            sha256: digest(&key),
            key: Some(Key::given(&key)),
            // The portal tells a product by its name alone.
            edition_key: self.cell(row, Field::EditionKey).unwrap_or_default().to_owned(),
            product_version: None,
            total: amounts.total.unwrap_or(0),
            expires,
            labels: self.cell(row, Field::Labels).map(labels::read).unwrap_or_default(),
            name: Some(name.to_owned()),
            cost_unit: Some(self.cell(row, Field::CostUnit).unwrap_or_default().to_owned()),
            features: None,
            other: None,
        };
        let file = CatalogueFile { editions: Vec::new(), keys: vec![entry] };
        Some(Record::new(Said::Catalogue(Box::new(file))))
    }
}

/// A host with the key of its license: `Get-VMHost | Select Name, LicenseKey`.
pub(super) fn host_key(columns: &Columns, row: Row<'_>) -> Option<Record> {
    let cell = |field: Field| columns.at(field).map(|at| row.get(at).trim()).unwrap_or_default();
    let (name, key) = (cell(Field::Name), cell(Field::LicenseKey));
    if name.is_empty() || key.is_empty() {
        return None;
    }
    let said = HostSaid {
        name: Some(name.to_owned()),
        licenses: Some(vec![key.to_owned()]),
        ..HostSaid::default()
    };
    Some(Record::new(Said::Host(Box::new(said))))
}
