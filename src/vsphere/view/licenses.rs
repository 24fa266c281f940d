//! Licenses and their labels.

use super::{PairView, PropertyView, key_cell, number, pairs, properties, wide};
use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::vsphere::catalog::properties::{ADDON, FEATURE};
use crate::vsphere::model::license::{License, LicenseInfo, Taken};
use crate::vsphere::model::value::{AnyValue, find};
use crate::vsphere::rules::info;
use schemars::JsonSchema;
use serde::Serialize;

/// `LicenseManagerLicenseInfo`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LicenseView {
    license_key: String,
    edition_key: String,
    name: String,
    /// Units; 0 is unlimited.
    total: i32,
    /// Absent: unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<i32>,
    cost_unit: String,
    properties: Vec<PropertyView>,
    labels: Vec<PairView>,
    /// Units that are left; null: unlimited, or none are counted.
    free: Option<i64>,
    /// When it expires; null: never.
    expires: Option<Timestamp>,
    /// Whether the cost of some entities is not known.
    used_partial: bool,
}

impl LicenseView {
    /// A license of the inventory.
    #[must_use]
    pub fn of(license: &License, taken: Taken, shown: &LicenseInfo, secrets: bool) -> Self {
        Self {
            free: info::free(license, taken).filter(|_| shown.used.is_some()),
            used_partial: taken.unknown > 0,
            ..Self::answer(shown, secrets)
        }
    }

    /// An answer of the API.
    #[must_use]
    pub fn answer(shown: &LicenseInfo, secrets: bool) -> Self {
        let expires = find(&shown.properties, crate::vsphere::catalog::properties::EXPIRATION_DATE);
        Self {
            license_key: shown.license_key.text(secrets).to_owned(),
            edition_key: shown.edition_key.clone(),
            name: shown.name.clone(),
            total: shown.total,
            used: shown.used,
            cost_unit: shown.cost_unit.clone(),
            properties: properties(&shown.properties, secrets),
            labels: pairs(&shown.labels),
            free: shown
                .used
                .filter(|_| shown.total > 0)
                .map(|used| i64::from(shown.total) - i64::from(used)),
            expires: expires.and_then(AnyValue::as_text).and_then(Timestamp::parse),
            used_partial: false,
        }
    }

    /// The key as it is shown.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.license_key
    }

    /// Whether it has expired.
    #[must_use]
    pub fn expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    #[must_use]
    pub(super) fn edition(&self) -> &str {
        &self.edition_key
    }

    fn labelled(&self) -> String {
        let labels: Vec<String> =
            self.labels.iter().map(|label| format!("{}={}", label.key, label.value)).collect();
        labels.join(", ")
    }
}

impl View for LicenseView {
    const SCHEMA: &'static str = "licctl.vsphere.license/1";
    const COLUMNS: &'static [Column] = &[
        column("KEY", "licenseKey", Fit::Keep),
        column("EDITION", "editionKey", Fit::Elide),
        column("NAME", "name", Fit::Elide),
        column("UNIT", "costUnit", Fit::Elide),
        column("TOTAL", "total", Fit::Number),
        column("USED", "used", Fit::Number),
        column("FREE", "free", Fit::Number),
        column("EXPIRES", "expires", Fit::Keep),
        column("LABELS", "labels", Fit::Spare),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let over = self.free.is_some_and(|free| free < 0);
        let over = if over { Tone::Bad } else { Tone::Plain };
        let gone = self.expires.is_some_and(|expires| expires <= look.now);
        let gone = if gone { Tone::Bad } else { Tone::Plain };
        let partial = if self.used_partial { "+?" } else { "" };
        vec![
            key_cell(Some(&self.license_key), look),
            self.edition_key.clone().into(),
            self.name.clone().into(),
            self.cost_unit.clone().into(),
            if self.total == 0 { "unlimited".to_owned() } else { self.total.to_string() }.into(),
            format!("{}{partial}", number(self.used.map(i64::from))).into(),
            Cell::toned(number(self.free), over),
            Cell::toned(self.expires.map_or_else(|| "never".to_owned(), Timestamp::date), gone),
            self.labelled().into(),
        ]
    }

    fn name(&self) -> String {
        self.license_key.clone()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let heads = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        let mut lines: Vec<(String, Cell)> = heads.zip(self.cells(&wide(look))).collect();
        for property in &self.properties {
            let feature = property.key == FEATURE || property.key == ADDON;
            let text = match (&property.value, property.value.as_str()) {
                (_, Some(text)) => text.to_owned(),
                (value, None) if feature => {
                    let part = |name: &str| value.get(name).and_then(|part| part.as_str());
                    format!(
                        "{} ({})",
                        part("key").unwrap_or_default(),
                        part("value").unwrap_or_default()
                    )
                }
                (value, None) => value.to_string(),
            };
            lines.push((property.key.clone(), text.into()));
        }
        lines
    }
}

/// One label of one license.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LabelView {
    license_key: String,
    key: String,
    value: String,
}

impl LabelView {
    /// The labels of a license, one each.
    #[must_use]
    pub fn of(info: &LicenseInfo, secrets: bool) -> Vec<Self> {
        let label = |label: &crate::vsphere::model::value::KeyValue| Self {
            license_key: info.license_key.text(secrets).to_owned(),
            key: label.key.clone(),
            value: label.value.clone(),
        };
        info.labels.iter().map(label).collect()
    }
}

impl View for LabelView {
    const SCHEMA: &'static str = "licctl.vsphere.label/1";
    const COLUMNS: &'static [Column] = &[
        column("KEY", "licenseKey", Fit::ElideHead),
        column("LABEL", "key", Fit::Keep),
        column("VALUE", "value", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.license_key.clone().into(), self.key.clone().into(), self.value.clone().into()]
    }

    fn name(&self) -> String {
        self.key.clone()
    }
}
