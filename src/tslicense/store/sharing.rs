//! Licenses per device that have something in common: one computer under several hardware IDs, or one hardware ID under several names.

use super::evidence::{computer_hash, hardware_hash};
use super::issued::{each_live, each_use};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Flow, Read};
use crate::tslicense::model::Issued;
use crate::tslicense::model::issued::{computer_key, hardware_key};
use std::collections::HashSet;

/// What several licenses may have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// One computer name, with several hardware IDs.
    Computer,
    /// One hardware ID, under several names.
    Hardware,
}

/// The live licenses of a server that share one thing and differ in the other, in the order of what they share.
///
/// Two passes: the first holds 16 bytes a license, the second only what is asked for.
pub fn sharing(
    read: &mut dyn Read,
    server: i64,
    shared: Shared,
    now: Timestamp,
) -> Outcome<Vec<Issued>> {
    let mut pairs: Vec<(i64, i64)> = Vec::new();
    each_use(read, server, now, &mut |used| {
        pairs.push(match shared {
            Shared::Computer => (used.computer, used.hardware),
            Shared::Hardware => (used.hardware, used.computer),
        });
        Ok(())
    })?;
    pairs.sort_unstable();
    let several: HashSet<i64> = pairs
        .windows(2)
        .filter_map(|pair| match pair {
            [(one, first), (other, second)] if one == other && first != second => Some(*one),
            _ => None,
        })
        .collect();
    drop(pairs);
    let mut found = Vec::new();
    if several.is_empty() {
        return Ok(found);
    }
    each_live(read, server, now, &mut |license| {
        let hash = match shared {
            Shared::Computer => computer_hash(&license.computer),
            Shared::Hardware => hardware_hash(&license.hardware),
        };
        if several.contains(&hash) {
            found.push(license);
        }
        Ok(Flow::Continue(()))
    })?;
    found.sort_by_cached_key(|license| {
        let key = match shared {
            Shared::Computer => computer_key(&license.computer),
            Shared::Hardware => hardware_key(&license.hardware),
        };
        (key, license.id, license.pack)
    });
    Ok(found)
}
