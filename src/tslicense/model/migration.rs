//! A migration of licenses as it was planned, against which it is verified.

use crate::clock::Timestamp;

/// Licenses of one version and product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The oldest `ProductVersionID` of the rank.
    pub version: u32,
    pub product: u32,
    /// How many are to be moved.
    pub moved: u64,
    /// How many the source owned before.
    pub source: u64,
    /// How many the target owned before.
    pub target: u64,
}

/// A plan that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub at: Timestamp,
    pub shares: Vec<Share>,
}

impl Planned {
    /// The earlier plan with what this one moves beside it, or more of it; `None` when the earlier one has all of that.
    #[must_use]
    pub fn beyond(&self, before: Option<&Self>) -> Option<Self> {
        let at = before.map_or(self.at, |before| before.at);
        let mut shares = before.map(|before| before.shares.clone()).unwrap_or_default();
        let mut grows = false;
        for share in &self.shares {
            let same = |known: &&mut Share| {
                (known.version, known.product) == (share.version, share.product)
            };
            match shares.iter_mut().find(same) {
                Some(known) if known.moved >= share.moved => {}
                Some(known) => (*known, grows) = (share.clone(), true),
                None => {
                    shares.push(share.clone());
                    grows = true;
                }
            }
        }
        grows.then_some(Self { at, shares })
    }
}

#[cfg(test)]
mod tests {
    use super::{Planned, Share};
    use crate::clock::Timestamp;

    #[test]
    fn a_plan_grows_by_what_is_moved_beyond_it() {
        let share = |version, moved| Share { version, product: 1, moved, source: 50, target: 0 };
        let plan = |shares| Planned { at: Timestamp::MIN, shares };
        let (one, both) = (plan(vec![share(6, 50)]), plan(vec![share(6, 50), share(5, 20)]));
        assert_eq!(one.beyond(None), Some(one.clone()));
        assert_eq!(one.beyond(Some(&both)), None);
        assert_eq!(both.beyond(Some(&one)), Some(both.clone()));
        let more = plan(vec![share(6, 60)]);
        assert_eq!(more.beyond(Some(&one)), Some(more.clone()));
        assert_eq!(plan(Vec::new()).beyond(None), None);
    }
}
