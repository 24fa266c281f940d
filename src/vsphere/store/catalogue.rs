//! The catalogue of the user: editions by key and version, keys by their digest.

use super::keys;
use super::parts::{EditionFacts, KeyFacts};
use crate::error::Outcome;
use crate::store::document::text;
use crate::store::{Put, Read, Row, Table, Tx, Value};
use crate::vsphere::model::catalogue::{Edition, KeyEntry};
use crate::vsphere::model::key::Key;

pub static EDITIONS: Table = Table {
    name: "vsphere_editions",
    key: 2,
    columns: &["edition_key", "version", "name", "product_name", "cost_unit", "rank", "facts"],
    object: "catalogue edition",
    label: "edition_key",
    parent: None,
};

/// Keys by the digest of the normalised key; `key` is the number of a secret when the catalogue holds the key itself.
pub static KEYS: Table = Table {
    name: "vsphere_keys",
    key: 1,
    columns: &["sha256", "key", "shown", "edition_key", "version", "total", "facts"],
    object: "catalogue key",
    label: "edition_key",
    parent: None,
};

/// The versions of one edition.
pub fn versions(read: &mut dyn Read, edition_key: &str) -> Outcome<Vec<Edition>> {
    let sql = format!(
        "select {} from vsphere_editions where edition_key = ?1 order by version",
        EDITIONS.columns.join(", ")
    );
    read.all(&sql, &[edition_key.into()], edition)
}

/// Every edition; a catalogue is small by nature.
pub fn editions(read: &mut dyn Read) -> Outcome<Vec<Edition>> {
    let sql = format!(
        "select {} from vsphere_editions order by edition_key, version",
        EDITIONS.columns.join(", ")
    );
    read.all(&sql, &[], edition)
}

/// The entry of a key, by its digest.
pub fn key(read: &mut dyn Read, sha256: &str) -> Outcome<Option<KeyEntry>> {
    let sql = format!("select {} from vsphere_keys where sha256 = ?1", KEYS.columns.join(", "));
    read.one(&sql, &[sha256.into()], entry)
}

/// Every key entry, by edition.
pub fn keys(read: &mut dyn Read) -> Outcome<Vec<KeyEntry>> {
    let sql = format!(
        "select {} from vsphere_keys order by edition_key, shown, sha256",
        KEYS.columns.join(", ")
    );
    read.all(&sql, &[], entry)
}

pub fn save_edition(tx: &mut dyn Tx, edition: &Edition) -> Outcome<Put> {
    let facts = text(&EditionFacts::of(edition));
    tx.put(
        &EDITIONS,
        &[
            (&edition.edition_key).into(),
            (&edition.product_version).into(),
            (&edition.name).into(),
            (&edition.product_name).into(),
            (&edition.cost_unit).into(),
            edition.rank.into(),
            (&facts).into(),
        ],
    )
}

pub fn save_key(tx: &mut dyn Tx, entry: &KeyEntry) -> Outcome<Put> {
    let key = entry.key.as_ref().map(|key| keys::keep(tx, key)).transpose()?;
    let facts = text(&KeyFacts::of(entry));
    let values: [Value<'_>; 7] = [
        (&entry.sha256).into(),
        key.as_ref().and_then(Key::number).into(),
        key.as_ref().map(Key::shown).into(),
        (&entry.edition_key).into(),
        entry.product_version.as_deref().into(),
        entry.total.into(),
        (&facts).into(),
    ];
    tx.put(&KEYS, &values)
}

pub fn remove_edition(tx: &mut dyn Tx, edition_key: &str, version: &str) -> Outcome<bool> {
    tx.remove(&EDITIONS, &[edition_key.into(), version.into()])
}

pub fn remove_key(tx: &mut dyn Tx, sha256: &str) -> Outcome<bool> {
    tx.remove(&KEYS, &[sha256.into()])
}

fn edition(row: &dyn Row) -> Outcome<Edition> {
    let mut edition = Edition {
        edition_key: row.text(0)?.to_owned(),
        product_version: row.text(1)?.to_owned(),
        name: row.text(2)?.to_owned(),
        product_name: row.text(3)?.to_owned(),
        cost_unit: row.text(4)?.to_owned(),
        rank: row.int(5)?,
        ..Edition::default()
    };
    row.part::<EditionFacts>(6)?.put(&mut edition);
    Ok(edition)
}

fn entry(row: &dyn Row) -> Outcome<KeyEntry> {
    let number = row.int_or_null(1)?;
    let mut entry = KeyEntry {
        sha256: row.text(0)?.to_owned(),
        key: row.text_or_null(2)?.map(|shown| Key::filed(number, shown)),
        edition_key: row.text(3)?.to_owned(),
        product_version: row.text_or_null(4)?.map(str::to_owned),
        total: row.number(5)?,
        expires: None,
        labels: Vec::new(),
        name: None,
        cost_unit: None,
        features: None,
        other: None,
    };
    row.part::<KeyFacts>(6)?.put(&mut entry);
    Ok(entry)
}
