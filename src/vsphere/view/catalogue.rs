//! The catalogue: editions, and the keys that are of them.

use super::{PairView, number, pairs};
use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, View, column};
use crate::vsphere::model::catalogue::KeyEntry;
use crate::vsphere::ops::catalogue::{Shown, short};
use schemars::JsonSchema;
use serde::Serialize;

/// A key of the catalogue.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueKeyView {
    /// Null: the catalogue holds the digest alone.
    license_key: Option<String>,
    sha256: String,
    edition_key: String,
    product_version: Option<String>,
    /// Units; 0 is unlimited.
    total: i32,
    expiration_date: Option<Timestamp>,
    labels: Vec<PairView>,
}

impl CatalogueKeyView {
    #[must_use]
    pub fn new(entry: &KeyEntry, secrets: bool) -> Self {
        Self {
            license_key: entry.key.as_ref().map(|key| key.text(secrets).to_owned()),
            sha256: entry.sha256.clone(),
            edition_key: entry.edition_key.clone(),
            product_version: entry.product_version.clone(),
            total: entry.total,
            expiration_date: entry.expires,
            labels: pairs(&entry.labels),
        }
    }
}

impl View for CatalogueKeyView {
    const SCHEMA: &'static str = "licctl.vsphere.cataloguekey/1";
    const COLUMNS: &'static [Column] = &[
        column("KEY", "licenseKey", Fit::Keep),
        column("EDITION", "editionKey", Fit::Elide),
        column("VERSION", "productVersion", Fit::Keep),
        column("TOTAL", "total", Fit::Number),
        column("EXPIRES", "expirationDate", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.license_key.clone().unwrap_or_else(|| short(&self.sha256)).into(),
            self.edition_key.clone().into(),
            self.product_version.clone().unwrap_or_else(|| "highest".to_owned()).into(),
            self.total.to_string().into(),
            self.expiration_date.map_or_else(|| "never".to_owned(), Timestamp::date).into(),
        ]
    }

    fn name(&self) -> String {
        self.license_key.clone().unwrap_or_else(|| self.sha256.clone())
    }
}

/// An edition with its keys.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueView {
    edition_key: String,
    product_version: String,
    name: String,
    product_name: String,
    cost_unit: String,
    rank: i64,
    features: Vec<PairView>,
    addons: Vec<PairView>,
    /// Null: as the family of the edition does.
    entity_kinds: Option<Vec<&'static str>>,
    disallowed_host_editions: Vec<String>,
    max_hosts: Option<u32>,
    keys: Vec<CatalogueKeyView>,
}

impl CatalogueView {
    #[must_use]
    pub fn new(shown: &Shown, secrets: bool) -> Self {
        let edition = &shown.edition;
        let kinds = |kinds: &Vec<crate::vsphere::catalog::products::EntityKind>| {
            kinds.iter().map(|kind| kind.word()).collect()
        };
        Self {
            edition_key: edition.edition_key.clone(),
            product_version: edition.product_version.clone(),
            name: edition.name.clone(),
            product_name: edition.product_name.clone(),
            cost_unit: edition.cost_unit.clone(),
            rank: edition.rank,
            features: pairs(&edition.features),
            addons: pairs(&edition.addons),
            entity_kinds: edition.entity_kinds.as_ref().map(kinds),
            disallowed_host_editions: edition.disallowed_host_editions.clone(),
            max_hosts: edition.max_hosts,
            keys: shown.keys.iter().map(|entry| CatalogueKeyView::new(entry, secrets)).collect(),
        }
    }
}

impl View for CatalogueView {
    const SCHEMA: &'static str = "licctl.vsphere.catalogue/1";
    const COLUMNS: &'static [Column] = &[
        column("EDITION", "editionKey", Fit::Elide),
        column("VERSION", "productVersion", Fit::Keep),
        column("NAME", "name", Fit::Elide),
        column("UNIT", "costUnit", Fit::Keep),
        column("RANK", "rank", Fit::Number),
        column("KEYS", "keys", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.edition_key.clone().into(),
            self.product_version.clone().into(),
            self.name.clone().into(),
            self.cost_unit.clone().into(),
            self.rank.to_string().into(),
            number(i64::try_from(self.keys.len()).ok()).into(),
        ]
    }

    fn name(&self) -> String {
        self.edition_key.clone()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let heads = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        let mut lines: Vec<(String, Cell)> = heads.zip(self.cells(look)).collect();
        for (head, held) in [("FEATURE", &self.features), ("ADDON", &self.addons)] {
            for pair in held {
                lines.push((head.to_owned(), format!("{} ({})", pair.key, pair.value).into()));
            }
        }
        for key in &self.keys {
            lines.push(("KEY".to_owned(), format!("{}, total {}", key.name(), key.total).into()));
        }
        lines
    }
}
