//! What became of the records of a file, by kind.

use crate::api::Counts;
use crate::artefact::Notes;
use crate::error::Place;
use std::collections::BTreeMap;

/// Counts of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counted {
    pub(super) licenses: Counts,
    pub(super) clients: Counts,
    pub(super) groups: Counts,
    /// The pool that the file told of.
    pub(super) pool: Counts,
    /// Sections of an alert configuration.
    pub(super) alerts: Counts,
}

impl Counted {
    /// Tells what was read and is kept nowhere.
    pub(super) fn warn(self, notes: &mut Notes) {
        for (count, what) in [
            (self.groups.skipped, "groups of capacities and teams"),
            (self.clients.skipped, "clients of no feature that the file names"),
        ] {
            if count > 0 {
                let message = format!("{count} {what} are read and not kept");
                notes.warn("W_NOT_KEPT", Place::Whole, message);
            }
        }
    }

    /// By name; what did not occur is left out.
    pub(super) fn sections(self) -> BTreeMap<&'static str, Counts> {
        [
            ("licenses", self.licenses),
            ("clients", self.clients),
            ("groups", self.groups),
            ("pool", self.pool),
            ("alerts", self.alerts),
        ]
        .into_iter()
        .filter(|(_, counts)| *counts != Counts::default())
        .collect()
    }
}
