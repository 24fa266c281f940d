//! The answers of `duplicates`: what several names under one CMID mean, why, and the finding.

use super::Pool;
use crate::clock::Timestamp;
use crate::finding::{Finding, Level, Value};
use uuid::Uuid;

/// What several names under one CMID mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Several machines.
    Duplicate,
    /// One machine that got a new name.
    Rename,
    /// One name in several spellings.
    Alias,
}

impl Class {
    /// The word of the command line and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Rename => "rename",
            Self::Alias => "alias",
        }
    }
}

/// Why a CMID must belong to several machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    ThreeOrMore,
    Interleaved,
    VmDiffers,
    StatusRegressed,
    Minutes,
}

impl Evidence {
    /// The word of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ThreeOrMore => "three-or-more",
            Self::Interleaved => "interleaved",
            Self::VmDiffers => "vm-differs",
            Self::StatusRegressed => "status-regressed",
            Self::Minutes => "minutes",
        }
    }
}

/// One spelled name of a CMID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub rows: u64,
    pub first: Timestamp,
    pub last: Timestamp,
}

/// A CMID with several names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    pub class: Class,
    pub pool: Pool,
    pub cmid: Uuid,
    /// In the order of their first row.
    pub names: Vec<Named>,
    /// Machines that the host does not count.
    pub wasted: u64,
    pub first: Timestamp,
    pub last: Timestamp,
    /// Empty but for duplicates.
    pub evidence: Vec<Evidence>,
    /// One label in two DNS domains: an alias that may be two machines.
    pub two_domains: bool,
}

impl Shared {
    /// The finding: an error for duplicates, else information.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let (class, level, remedy) = match self.class {
            Class::Duplicate => ("duplicates.duplicate", Level::Error, SYSPREP),
            Class::Rename => ("duplicates.rename", Level::Info, ""),
            Class::Alias => ("duplicates.alias", Level::Info, ""),
        };
        let shown: Vec<&str> = self.names.iter().take(3).map(|named| named.name.as_str()).collect();
        let more = self.names.len().saturating_sub(shown.len());
        let names = format!(
            "`{}`{}",
            shown.join("`, `"),
            if more == 0 { String::new() } else { format!(" and {more} more") }
        );
        let message = match self.class {
            Class::Duplicate => {
                format!("one CMID is shared by {names}; the count misses {}", self.wasted)
            }
            Class::Rename => format!("one machine was renamed: {names}"),
            Class::Alias if self.two_domains => {
                format!("one machine, or one name in two domains: {names}")
            }
            Class::Alias => format!("one machine under several spellings: {names}"),
        };
        let object = format!("{} ({})", self.cmid, self.pool.word());
        Finding::new("kms", class, level, object, message)
            .with("class", self.class.word())
            .with("pool", self.pool.word())
            .with("ClientMachineID", self.cmid.to_string())
            .with("names", self.names.iter().map(Named::value).collect::<Vec<_>>())
            .with("wasted", self.wasted)
            .with(
                "evidence",
                self.evidence.iter().map(|evidence| evidence.word()).collect::<Vec<_>>(),
            )
            .since(Some(self.first))
            .remedy(remedy)
    }
}

/// Source: [CNT], [KMSGEN].
const SYSPREP: &str =
    "prepare the image with `sysprep /generalize`, or rearm each clone once, and rejoin it";

impl Named {
    fn value(&self) -> Value {
        Value::from_iter([
            ("ClientName", Value::from(self.name.as_str())),
            ("rows", Value::from(self.rows)),
            ("first", Value::from(self.first.to_string())),
            ("last", Value::from(self.last.to_string())),
        ])
    }
}
