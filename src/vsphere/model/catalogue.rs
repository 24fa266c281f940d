//! The catalogue of the user: what an edition is, and which key is of which edition. Keys cannot be decoded offline.

use super::key::Key;
use super::value::KeyValue;
use crate::clock::Timestamp;
use crate::vsphere::catalog::products::EntityKind;

/// An edition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edition {
    pub edition_key: String,
    /// `8.0`; empty: any.
    pub product_version: String,
    pub name: String,
    pub product_name: String,
    pub cost_unit: String,
    /// Order within one product, lowest first; no effect on validation.
    pub rank: i64,
    pub features: Vec<KeyValue>,
    pub addons: Vec<KeyValue>,
    /// Which entities it licenses; `None`: as its family does.
    pub entity_kinds: Option<Vec<EntityKind>>,
    /// Heads of host editions that a vCenter of this edition does not manage.
    pub disallowed_host_editions: Vec<String>,
    /// How many hosts a vCenter of this edition manages.
    pub max_hosts: Option<u32>,
    /// Members of the file that mean nothing here, as one JSON object: kept for who wrote them.
    pub other: Option<String>,
}

/// A key of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyEntry {
    /// SHA-256 of the normalised key, 64 hexadecimal digits.
    pub sha256: String,
    /// The key itself, when the catalogue holds it.
    pub key: Option<Key>,
    pub edition_key: String,
    /// `None`: the highest version of the edition.
    pub product_version: Option<String>,
    /// Units; 0 is unlimited.
    pub total: i32,
    pub expires: Option<Timestamp>,
    pub labels: Vec<KeyValue>,
    /// What the key says otherwise than its edition.
    pub name: Option<String>,
    pub cost_unit: Option<String>,
    pub features: Option<Vec<KeyValue>>,
    /// Members of the file that mean nothing here, as one JSON object: kept for who wrote them.
    pub other: Option<String>,
}
