//! Did all licenses of a server get onto another one? Both servers against what they were when the migration was planned.

use super::migration::owned;
use crate::tslicense::catalog::versions::tier;
use crate::tslicense::model::Held;
use crate::tslicense::model::migration::{Planned, Share};

/// What became of the licenses of one rank and product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Ok,
    /// They are on the target, and still on the source.
    Double,
    /// They are on neither.
    Lost,
    /// They are where they were.
    Open,
}

impl Fate {
    /// The word of tables and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Double => "double",
            Self::Lost => "lost",
            Self::Open => "open",
        }
    }
}

/// A line of the verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub share: Share,
    /// How many more the target owns than before.
    pub target: i64,
    /// How many more the source owns than before.
    pub source: i64,
    pub fate: Fate,
}

/// Compares both servers with what they were when the migration was planned.
#[must_use]
pub fn verify(planned: &Planned, from: &Held, to: &Held) -> Vec<Verified> {
    let more = |held: &Held, share: &Share, before: u64| {
        let now = owned(held, tier(share.version), share.product);
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        signed(now) - signed(before)
    };
    let lines = planned.shares.iter().map(|share| {
        let (target, source) = (more(to, share, share.target), more(from, share, share.source));
        let moved = i64::try_from(share.moved).unwrap_or(i64::MAX);
        let fate = match target + source {
            sum if sum > 0 => Fate::Double,
            sum if sum < 0 => Fate::Lost,
            _ if target == moved => Fate::Ok,
            _ => Fate::Open,
        };
        Verified { share: share.clone(), target, source, fate }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::{Fate, owned, verify};
    use crate::tslicense::catalog::versions::Tier;
    use crate::tslicense::model::migration::{Planned, Share};
    use crate::tslicense::model::{Held, KeyPack, KeyPackId};
    use crate::tslicense::rules::fixture::{a, b, now};

    #[test]
    fn licenses_are_ok_double_lost_or_where_they_were() {
        let share = Share { version: 6, product: 1, moved: 50, source: 50, target: 0 };
        let planned = Planned { at: now(), shares: vec![share] };
        let fate = |from: &Held, to: &Held| verify(&planned, from, to)[0].fate;
        assert_eq!(fate(&a(), &b()), Fate::Open);
        let (mut from, mut to) = (a(), b());
        to.put(KeyPack::new(KeyPackId(3), 5, (6, 1), 50));
        assert_eq!(fate(&from, &to), Fate::Double);
        from.take(KeyPackId(3));
        assert_eq!(fate(&from, &to), Fate::Ok);
        assert_eq!(fate(&from, &b()), Fate::Lost);
        assert_eq!(owned(&to, Tier(6), 1), 50);
    }
}
