//! Licenses: one row each, in the order of their load within the feature.

use super::parts::{read as elements, written};
use crate::error::{Outcome, Stop};
use crate::rms::model::license::{License, Origin};
use crate::rms::rules::validity::first_end;
use crate::store::document::{Stored, text};
use crate::store::{Flow, Put, Read, Row, Table, Tx, Value};

/// Licenses by License Manager, feature and number.
pub static LICENSES: Table = Table {
    name: "rms_licenses",
    key: 3,
    columns: &[
        "server", "feature", "seq", "hash", "ends_s", "present", "elements", "extras", "origin",
    ],
    object: "license",
    label: "hash",
    parent: Some("rms_servers"),
};

/// A license in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub feature: i64,
    pub seq: i64,
    pub license: License,
}

fn select(rest: &str) -> String {
    format!("select {} from rms_licenses {rest}", LICENSES.columns.join(", "))
}

/// The license at a position within its feature, counted from 0.
pub fn at(read: &mut dyn Read, server: i64, feature: i64, index: u32) -> Outcome<Option<Placed>> {
    let sql = select(
        "where server = ?1 and feature = ?2 and seq = (select seq from rms_licenses \
         where server = ?1 and feature = ?2 order by seq limit 1 offset ?3)",
    );
    read.one(&sql, &[server.into(), feature.into(), index.into()], placed)
}

/// The licenses of that hash; `hash` in upper case.
pub fn hashed(read: &mut dyn Read, server: i64, hash: &str) -> Outcome<Vec<Placed>> {
    let sql = select("where server = ?1 and hash = ?2 order by feature, seq");
    read.all(&sql, &[server.into(), hash.into()], placed)
}

/// Hashes that begin with `prefix`, in order; `limit` at most.
pub fn hashes_from(
    read: &mut dyn Read,
    server: i64,
    prefix: &str,
    limit: usize,
) -> Outcome<Vec<String>> {
    let sql = "select hash from rms_licenses where server = ?1 and hash >= ?2 order by hash";
    let mut hashes = Vec::new();
    read.each(sql, &[server.into(), prefix.into()], &mut |row| {
        let hash = row.text(0)?;
        if hashes.len() >= limit || !hash.starts_with(prefix) {
            return Ok(Flow::Break(()));
        }
        hashes.push(hash.to_owned());
        Ok(Flow::Continue(()))
    })?;
    Ok(hashes)
}

/// The features that have a license with an end not later than `until`, in seconds since 1970; in order.
pub fn features_ending(read: &mut dyn Read, server: i64, until: i64) -> Outcome<Vec<i64>> {
    let sql = "select distinct feature from rms_licenses where server = ?1 and ends_s <= ?2 order by feature";
    read.all(sql, &[server.into(), until.into()], |row| row.int(0))
}

/// The licenses of a feature, in order.
pub fn of_feature(read: &mut dyn Read, server: i64, feature: i64) -> Outcome<Vec<Placed>> {
    let sql = select("where server = ?1 and feature = ?2 order by seq");
    read.all(&sql, &[server.into(), feature.into()], placed)
}

/// Hands out every license of a License Manager, feature by feature, in order.
pub fn each(
    read: &mut dyn Read,
    server: i64,
    found: &mut dyn FnMut(Placed) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = select("where server = ?1 order by feature, seq");
    read.each(&sql, &[server.into()], &mut |row| found(placed(row)?))
}

/// The features and numbers of the licenses of a License Manager.
pub fn keys(read: &mut dyn Read, server: i64) -> Outcome<Vec<(i64, i64)>> {
    let sql = "select feature, seq from rms_licenses where server = ?1 order by feature, seq";
    read.all(sql, &[server.into()], |row| Ok((row.int(0)?, row.int(1)?)))
}

/// How many licenses a License Manager has, or one of its features.
pub fn count(read: &mut dyn Read, server: i64, feature: Option<i64>) -> Outcome<i64> {
    let sql =
        "select count(*) from rms_licenses where server = ?1 and (?2 is null or feature = ?2)";
    Ok(read.one(sql, &[server.into(), feature.into()], |row| row.int(0))?.unwrap_or(0))
}

/// The position of a license within its feature, counted from 0.
pub fn index(read: &mut dyn Read, server: i64, feature: i64, seq: i64) -> Outcome<i64> {
    let sql = "select count(*) from rms_licenses where server = ?1 and feature = ?2 and seq < ?3";
    let values = [server.into(), feature.into(), seq.into()];
    Ok(read.one(sql, &values, |row| row.int(0))?.unwrap_or(0))
}

/// The number of the next license that is loaded into a feature.
pub fn next(read: &mut dyn Read, server: i64, feature: i64) -> Outcome<i64> {
    let sql =
        "select coalesce(max(seq), 0) + 1 from rms_licenses where server = ?1 and feature = ?2";
    Ok(read.one(sql, &[server.into(), feature.into()], |row| row.int(0))?.unwrap_or(1))
}

/// A license as it is written: much smaller than the license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub feature: i64,
    pub seq: i64,
    hash: Option<String>,
    ends: Option<i64>,
    present: String,
    elements: String,
    extras: String,
    origin: &'static str,
}

impl Written {
    #[must_use]
    pub fn of(placed: &Placed) -> Self {
        let license = &placed.license;
        let (present, elements) = written(&license.elements);
        Self {
            feature: placed.feature,
            seq: placed.seq,
            hash: license.hash().map(str::to_owned),
            ends: first_end(&license.elements),
            present,
            elements,
            extras: text(&license.extras),
            origin: Kept { origin: license.origin, synthetic: license.synthetic }.word(),
        }
    }

    #[must_use]
    pub fn hash(&self) -> Option<&str> {
        self.hash.as_deref()
    }

    /// Whether both say the same of a license, wherever it came from.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        (&self.present, &self.elements, &self.extras)
            == (&other.present, &other.elements, &other.extras)
    }

    /// The license again.
    ///
    /// Faults when it does not read back.
    pub fn license(&self) -> Outcome<License> {
        let kept = Kept::named(self.origin);
        let extras = serde_json::from_str(&self.extras).ok();
        let extras = extras.and_then(|json| Vec::held(&json));
        let elements = elements(&self.present, &self.elements);
        match (elements, extras, kept) {
            (Some(elements), Some(extras), Some(Kept { origin, synthetic })) => {
                Ok(License { elements, extras, origin, synthetic })
            }
            _ => Err(Stop::bug("a license does not read back")),
        }
    }
}

/// Writes a license.
pub fn save(tx: &mut dyn Tx, server: i64, row: &Written) -> Outcome<Put> {
    let values: [Value<'_>; 9] = [
        server.into(),
        row.feature.into(),
        row.seq.into(),
        row.hash.as_deref().into(),
        row.ends.into(),
        (&row.present).into(),
        (&row.elements).into(),
        (&row.extras).into(),
        row.origin.into(),
    ];
    tx.put(&LICENSES, &values)
}

/// Removes a license.
pub fn remove(tx: &mut dyn Tx, server: i64, feature: i64, seq: i64) -> Outcome<bool> {
    tx.remove(&LICENSES, &[server.into(), feature.into(), seq.into()])
}

/// Where a license came from, and whether its hash was made here.
struct Kept {
    origin: Origin,
    synthetic: bool,
}

impl Kept {
    fn word(&self) -> &'static str {
        match (self.origin, self.synthetic) {
            (origin, false) => origin.word(),
            (Origin::Xml, true) => "xml, own hash",
            (Origin::Json, true) => "json, own hash",
            (Origin::Manual, true) => "manual, own hash",
        }
    }

    fn named(word: &str) -> Option<Self> {
        let (origin, synthetic) = match word.strip_suffix(", own hash") {
            Some(origin) => (origin, true),
            None => (word, false),
        };
        Origin::named(origin).map(|origin| Self { origin, synthetic })
    }
}

fn placed(row: &dyn Row) -> Outcome<Placed> {
    let values = row.text(6)?;
    let elements = elements(row.text(5)?, values).ok_or_else(|| row.wrong(6, values))?;
    let origin = row.text(8)?;
    let kept = Kept::named(origin).ok_or_else(|| row.wrong(8, origin))?;
    Ok(Placed {
        feature: row.int(1)?,
        seq: row.int(2)?,
        license: License {
            elements,
            extras: row.part(7)?,
            origin: kept.origin,
            synthetic: kept.synthetic,
        },
    })
}
