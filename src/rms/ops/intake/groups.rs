//! Groups of reserved tokens under way in an import.

use crate::error::Outcome;
use crate::rms::model::group::Group;
use crate::rms::store::groups;
use crate::store::{Put, Tx};

/// The groups of a License Manager, once a file brought one.
#[derive(Debug, Default)]
pub(super) struct Groups {
    all: Option<Vec<Group>>,
}

impl Groups {
    /// Takes a group, in the place of the one of that feature and name; what is stored stays unless files replace it.
    pub(super) fn take(
        &mut self,
        tx: &mut dyn Tx,
        (server, replace): (i64, bool),
        group: Group,
    ) -> Outcome<Put> {
        let stored = groups::groups(tx.reading(), server, None)?;
        let known = stored.contains(&group);
        let start = if replace { Vec::new() } else { stored };
        let all = self.all.get_or_insert(start);
        let same = |held: &&mut Group| {
            (&held.feature, &held.version, &held.name)
                == (&group.feature, &group.version, &group.name)
        };
        Ok(match all.iter_mut().find(same) {
            Some(held) if *held == group => Put::Unchanged,
            Some(held) => {
                *held = group;
                Put::Changed
            }
            None => {
                all.push(group);
                if known { Put::Unchanged } else { Put::Added }
            }
        })
    }

    /// Writes them, when files brought any.
    pub(super) fn save(&self, tx: &mut dyn Tx, server: i64) -> Outcome<()> {
        match &self.all {
            Some(all) => groups::set_groups(tx, server, all),
            None => Ok(()),
        }
    }
}
