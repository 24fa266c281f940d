//! What is there of each kind and version of license, and what of it is used: the counts behind the audit.

use crate::clock::Timestamp;
use crate::tslicense::catalog::enumerations::{
    PACK_OVER_USE, PACK_TEMPORARY, PRODUCT_PER_DEVICE, PRODUCT_PER_USER, PRODUCT_SUITE,
};
use crate::tslicense::catalog::versions::Tier;
use crate::tslicense::model::{KeyPack, KeyPackId};
use std::collections::BTreeMap;

/// What licenses are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Device,
    User,
    /// VDI suites: in lines of their own, never mixed with devices.
    Suite,
}

impl Kind {
    /// Every kind, in the order of the lines.
    pub const ALL: [Self; 3] = [Self::Device, Self::User, Self::Suite];

    /// The word of tables and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::User => "user",
            Self::Suite => "suite",
        }
    }

    /// The kind of a `ProductType`; `None` when its licenses are not counted.
    #[must_use]
    pub fn of(product: u32) -> Option<Self> {
        match product {
            PRODUCT_PER_DEVICE => Some(Self::Device),
            PRODUCT_PER_USER => Some(Self::User),
            PRODUCT_SUITE => Some(Self::Suite),
            _ => None,
        }
    }
}

/// Whether temporary licenses count as used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temporary {
    Counted,
    Left,
}

/// What is there of one kind and version, and what of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figure {
    pub owned: u64,
    pub used: u64,
    /// The part of `used` that are temporary licenses.
    pub temporary: u64,
    /// A pack of the kind that no longer counts, because it expired.
    pub expired: bool,
}

/// Figures by kind and rank.
pub type Figures = BTreeMap<(Kind, Tier), Figure>;

/// Whether the licenses themselves are known, or only the counters of the packs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    pub devices: bool,
    pub users: bool,
}

/// Counts packs: what is owned, and where the licenses themselves are not known what is used.
pub fn count<'p>(
    figures: &mut Figures,
    packs: impl Iterator<Item = &'p KeyPack>,
    (known, temporary): (Known, Temporary),
    now: Timestamp,
) {
    for pack in packs {
        let Some(kind) = Kind::of(pack.product) else { continue };
        let of_pool = pack.key_pack_type == PACK_TEMPORARY;
        let counts = pack.is_owned() || PACK_OVER_USE.contains(&pack.key_pack_type) || of_pool;
        if !counts || (of_pool && temporary == Temporary::Left) {
            continue;
        }
        let figure = figures.entry((kind, pack.tier())).or_default();
        let issued = u64::from(pack.issued);
        let by_license = if kind == Kind::User { known.users } else { known.devices };
        if !by_license {
            figure.used += issued;
            if of_pool {
                figure.temporary += issued;
            }
        }
        if !pack.is_owned() || pack.is_unlimited() {
            continue;
        }
        // At the very moment of its end a pack has expired; its licenses stay issued.
        if now >= pack.expires {
            figure.expired = true;
        } else {
            figure.owned += u64::from(pack.total);
        }
    }
}

/// What will be used, by kind and rank.
pub type Demand = [((Kind, Tier), u64)];

/// Puts what will be used in the place of what is; suites are no part of a demand, and stay.
pub fn demanded(figures: &mut Figures, demand: &Demand) {
    for ((kind, _), figure) in figures.iter_mut() {
        if *kind != Kind::Suite {
            (figure.used, figure.temporary) = (0, 0);
        }
    }
    for (of, count) in demand {
        figures.entry(*of).or_default().used += count;
    }
}

/// The kinds and ranks of the packs of a server, for licenses that name the number of their pack.
#[derive(Debug)]
pub struct Ranks(Vec<(KeyPackId, (Kind, Tier))>);

impl Ranks {
    #[must_use]
    pub fn of(packs: &[KeyPack]) -> Self {
        let rank = |pack: &KeyPack| Some((pack.id, (Kind::of(pack.product)?, pack.tier())));
        let mut ranks: Vec<_> = packs.iter().filter_map(rank).collect();
        ranks.sort_unstable();
        Self(ranks)
    }

    /// The kind and rank of a pack; `None` when its licenses are not counted.
    #[must_use]
    pub fn get(&self, pack: KeyPackId) -> Option<(Kind, Tier)> {
        let at = self.0.binary_search_by_key(&pack, |(id, _)| *id).ok()?;
        self.0.get(at).map(|(_, of)| *of)
    }
}

/// Counts devices or users, each once, with the highest version that it has on any server.
#[derive(Debug)]
pub struct Distinct<'f, W> {
    figures: &'f mut Figures,
    current: Option<W>,
    permanent: Option<(Kind, Tier)>,
    temporary: Option<(Kind, Tier)>,
}

impl<'f, W: PartialEq> Distinct<'f, W> {
    pub fn new(figures: &'f mut Figures) -> Self {
        Self { figures, current: None, permanent: None, temporary: None }
    }

    /// Takes a license of a stream in the order of what is counted.
    ///
    /// - `who`: hardware ID or user, or what stands for it.
    pub fn take(&mut self, who: W, of: (Kind, Tier), is_temporary: bool) {
        if self.current.as_ref() != Some(&who) {
            self.finish();
            self.current = Some(who);
        }
        let best = if is_temporary { &mut self.temporary } else { &mut self.permanent };
        *best = (*best).max(Some(of));
    }

    /// Ends the stream.
    pub fn finish(&mut self) {
        let (permanent, temporary) = (self.permanent.take(), self.temporary.take());
        if let Some(of) = permanent.or(temporary) {
            let figure = self.figures.entry(of).or_default();
            figure.used += 1;
            figure.temporary += u64::from(permanent.is_none());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Distinct, Figures, Kind, Ranks};
    use crate::tslicense::catalog::versions::Tier;
    use crate::tslicense::model::{KeyPack, KeyPackId};

    #[test]
    fn a_license_is_of_the_kind_and_rank_of_its_pack() {
        let pack = |id, product| KeyPack { product, ..KeyPack::new(KeyPackId(id), 2, (6, 0), 5) };
        let packs = [pack(9, 1), pack(3, 0), pack(4, 250)];
        let (ranks, tier) = (Ranks::of(&packs), packs[0].tier());
        assert_eq!(ranks.get(KeyPackId(9)), Some((Kind::User, tier)));
        assert_eq!(ranks.get(KeyPackId(3)), Some((Kind::Device, tier)));
        assert_eq!((ranks.get(KeyPackId(4)), ranks.get(KeyPackId(5))), (None, None));
    }

    #[test]
    fn a_device_on_two_servers_counts_once_with_its_newest_license() {
        let mut figures = Figures::new();
        let mut distinct = Distinct::new(&mut figures);
        let device = |tier| (Kind::Device, Tier(tier));
        for (who, tier, temporary) in
            [("a", 6, false), ("a", 5, false), ("a", 7, true), ("b", 6, true), ("b", 6, true)]
        {
            distinct.take(who, device(tier), temporary);
        }
        distinct.finish();
        let figure = figures[&device(6)];
        assert_eq!((figures.len(), figure.used, figure.temporary), (1, 2, 1));
    }
}
