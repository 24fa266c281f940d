//! Licenses per device that have something in common: one computer under several hardware IDs, or one hardware ID under several names.

use super::evidence::{Use, computer_hash, hardware_hash};
use super::issued::each_live;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Flow, Read, Row};
use crate::tslicense::model::Issued;
use crate::tslicense::model::issued::{computer_key, hardware_key};

/// Computers and hardware IDs that come together: 16 bytes a license.
#[derive(Debug, Default)]
pub struct Pairs(Vec<(i64, i64)>);

impl Pairs {
    /// Takes a live license.
    pub fn take(&mut self, used: &Use) {
        self.0.push((used.computer, used.hardware));
    }

    /// The computers that come with several hardware IDs, and the hardware IDs that come with several computers.
    fn shared(mut self) -> (Repeated, Repeated) {
        self.0.sort_unstable();
        self.0.dedup();
        let computers = Repeated::of(self.0.iter().map(|(computer, _)| *computer));
        let mut hardware: Vec<i64> = self.0.iter().map(|(_, hardware)| *hardware).collect();
        hardware.sort_unstable();
        (computers, Repeated::of(hardware.into_iter()))
    }
}

/// What stands several times in an ordered list; in order.
struct Repeated(Vec<i64>);

impl Repeated {
    fn of(mut ordered: impl Iterator<Item = i64>) -> Self {
        let mut repeated = Vec::new();
        let mut before = ordered.next();
        for one in ordered {
            if before.replace(one) == Some(one) && repeated.last() != Some(&one) {
                repeated.push(one);
            }
        }
        Self(repeated)
    }

    fn has(&self, one: i64) -> bool {
        self.0.binary_search(&one).is_ok()
    }
}

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
/// - `pairs`: of all live licenses of the server.
pub fn sharing(read: &mut dyn Read, server: i64, pairs: Pairs, now: Timestamp) -> Outcome<Sharing> {
    let (computers, hardware) = pairs.shared();
    let mut found = Sharing::default();
    if computers.0.is_empty() && hardware.0.is_empty() {
        return Ok(found);
    }
    let may_be = |row: &dyn Row| Ok(hardware.has(row.int(10)?) || computers.has(row.int(11)?));
    each_live(read, server, now, &may_be, &mut |license| {
        if hardware.has(hardware_hash(&license.hardware)) {
            found.hardware.push(license.clone());
        }
        if computers.has(computer_hash(&license.computer)) {
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

#[cfg(test)]
mod tests {
    use super::Pairs;

    #[test]
    fn what_comes_with_several_others_is_told_once_and_what_is_told_twice_alone_is_not() {
        let pairs = [(1, 10), (1, 10), (2, 20), (2, 21), (2, 22), (3, 30), (4, 30), (-5, 50)];
        let (computers, hardware) = Pairs(pairs.to_vec()).shared();
        assert_eq!((computers.0, hardware.0), (vec![2], vec![30]));
        let (computers, hardware) = Pairs::default().shared();
        assert!(computers.0.is_empty() && hardware.0.is_empty());
    }
}
