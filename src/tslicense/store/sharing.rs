//! Licenses per device that have something in common: one computer under several hardware IDs, or one hardware ID under several names.

use super::evidence::{computer_hash, hardware_hash};
use super::issued::{each_live, each_use};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Flow, Read};
use crate::tslicense::model::Issued;
use crate::tslicense::model::issued::{computer_key, hardware_key};
use std::collections::HashSet;

/// What some live licenses of a server have in common.
#[derive(Debug, Default)]
pub struct Sharing {
    /// One computer name with several hardware IDs: the licenses in the order of the names.
    pub computers: Vec<Issued>,
    /// One hardware ID under several names: the licenses in the order of the IDs.
    pub hardware: Vec<Issued>,
}

/// The live licenses of a server that share one thing and differ in the other.
///
/// Two passes: the first holds 16 bytes a license, the second only what is asked for.
pub fn sharing(read: &mut dyn Read, server: i64, now: Timestamp) -> Outcome<Sharing> {
    let mut pairs: Vec<(i64, i64)> = Vec::new();
    each_use(read, server, now, &mut |used| {
        pairs.push((used.computer, used.hardware));
        Ok(())
    })?;
    let computers = several(&mut pairs);
    for (computer, hardware) in &mut pairs {
        std::mem::swap(computer, hardware);
    }
    let hardware = several(&mut pairs);
    drop(pairs);
    let mut found = Sharing::default();
    if computers.is_empty() && hardware.is_empty() {
        return Ok(found);
    }
    each_live(read, server, now, &mut |license| {
        if hardware.contains(&hardware_hash(&license.hardware)) {
            found.hardware.push(license.clone());
        }
        if computers.contains(&computer_hash(&license.computer)) {
            found.computers.push(license);
        }
        Ok(Flow::Continue(()))
    })?;
    let number = |license: &Issued| (license.id, license.pack);
    found
        .computers
        .sort_by_cached_key(|license| (computer_key(&license.computer), number(license)));
    found.hardware.sort_by_cached_key(|license| (hardware_key(&license.hardware), number(license)));
    Ok(found)
}

/// What comes with several others.
fn several(pairs: &mut [(i64, i64)]) -> HashSet<i64> {
    pairs.sort_unstable();
    let differing = pairs.windows(2).filter_map(|pair| match pair {
        [(one, first), (other, second)] if one == other && first != second => Some(*one),
        _ => None,
    });
    differing.collect()
}
