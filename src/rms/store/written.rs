//! A license as its row has it, and back.

use super::parts::{read as elements, written};
use crate::error::{Outcome, Stop};
use crate::rms::model::license::{License, Origin};
use crate::rms::rules::validity::first_end;
use crate::store::Row;
use crate::store::document::{parsed, text};
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A license in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub feature: i64,
    pub seq: i64,
    pub license: License,
}

/// The place of a license that has a hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hashed {
    pub(super) hash: String,
    pub(super) feature: i64,
    pub(super) seq: i64,
}

/// The column of extras without any.
const NONE: &str = "[]";

/// A license as it is written: much smaller than the license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub feature: i64,
    pub seq: i64,
    pub(super) hash: Option<String>,
    pub(super) ends: Option<i64>,
    pub(super) present: String,
    pub(super) elements: String,
    pub(super) extras: Cow<'static, str>,
    pub(super) origin: Cow<'static, str>,
}

impl Written {
    /// The columns that it is read from, behind the feature.
    pub(super) const COLUMNS: &str = "seq, hash, ends_s, present, elements, extras, origin";

    pub(super) fn read(row: &dyn Row) -> Outcome<Self> {
        Ok(Self {
            feature: row.int(0)?,
            seq: row.int(1)?,
            hash: row.text_or_null(2)?.map(str::to_owned),
            ends: row.int_or_null(3)?,
            present: row.text(4)?.to_owned(),
            elements: row.text(5)?.to_owned(),
            extras: extras(row.text(6)?),
            origin: Kept::stored(row.text(7)?),
        })
    }

    #[must_use]
    pub fn of(placed: &Placed) -> Self {
        Self { feature: placed.feature, seq: placed.seq, ..Self::unplaced(&placed.license) }
    }

    /// A license that has no place yet.
    #[must_use]
    pub fn unplaced(license: &License) -> Self {
        let (present, elements) = written(&license.elements);
        Self {
            feature: 0,
            seq: 0,
            hash: license.hash().map(str::to_owned),
            ends: first_end(&license.elements),
            present,
            elements,
            extras: if license.extras.is_empty() {
                NONE.into()
            } else {
                text(&license.extras).into()
            },
            origin: Kept { origin: license.origin, synthetic: license.synthetic }.word(),
        }
    }

    #[must_use]
    pub fn hash(&self) -> Option<&str> {
        self.hash.as_deref()
    }

    /// Its hash with its place; `None` when it has no hash.
    #[must_use]
    pub fn hashed(self) -> Option<Hashed> {
        let Self { hash, feature, seq, .. } = self;
        hash.map(|hash| Hashed { hash, feature, seq })
    }

    /// A digest of what it says of the license.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.present, &self.elements, &self.extras).hash(&mut hasher);
        hasher.finish()
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
        let kept = Kept::named(&self.origin);
        let extras = parsed(&self.extras);
        let elements = elements(&self.present, &self.elements);
        match (elements, extras, kept) {
            (Some(elements), Some(extras), Some(Kept { origin, synthetic })) => {
                Ok(License { elements, extras, origin, synthetic })
            }
            _ => Err(Stop::bug("a license does not read back")),
        }
    }
}

/// Extras as they are stored; most licenses have none, which needs no room of its own.
fn extras(column: &str) -> Cow<'static, str> {
    if column == NONE { NONE.into() } else { column.to_owned().into() }
}

/// What stands behind the origin of a license whose hash was made here.
const OWN_HASH: &str = ", own hash";

/// Where a license came from, and whether its hash was made here.
struct Kept {
    origin: Origin,
    synthetic: bool,
}

impl Kept {
    fn word(&self) -> Cow<'static, str> {
        let word = self.origin.word();
        if self.synthetic { format!("{word}{OWN_HASH}").into() } else { word.into() }
    }

    /// A word as it is stored; most need no room of their own.
    fn stored(word: &str) -> Cow<'static, str> {
        match Origin::named(word) {
            Some(origin) => origin.word().into(),
            None => word.to_owned().into(),
        }
    }

    fn named(word: &str) -> Option<Self> {
        let (origin, synthetic) = match word.strip_suffix(OWN_HASH) {
            Some(origin) => (origin, true),
            None => (word, false),
        };
        Origin::named(origin).map(|origin| Self { origin, synthetic })
    }
}

/// A license from the columns feature, seq, present, elements, extras, origin.
pub(super) fn placed(row: &dyn Row) -> Outcome<Placed> {
    let values = row.text(3)?;
    let elements = elements(row.text(2)?, values).ok_or_else(|| row.wrong(3, values))?;
    let origin = row.text(5)?;
    let kept = Kept::named(origin).ok_or_else(|| row.wrong(5, origin))?;
    // Most licenses have nothing that no row knows.
    let extras = if row.text(4)? == NONE { Vec::new() } else { row.part(4)? };
    Ok(Placed {
        feature: row.int(0)?,
        seq: row.int(1)?,
        license: License { elements, extras, origin: kept.origin, synthetic: kept.synthetic },
    })
}
