//! Are there enough licenses, per user and per device, by version?
//!
//! Newer licenses serve older hosts, never the other way round: what a version lacks is covered from newer ones, the newest first.

use crate::clock::Timestamp;
use crate::finding::{Finding, Level};
use crate::tslicense::catalog::enumerations::{
    PACK_OVER_USE, PACK_TEMPORARY, PRODUCT_PER_DEVICE, PRODUCT_PER_USER, PRODUCT_SUITE,
};
use crate::tslicense::catalog::versions::{Tier, VERSIONS};
use crate::tslicense::model::KeyPack;
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

/// How a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Ok,
    /// Less than a tenth is left.
    Tight,
    /// Newer licenses make up for what is missing.
    Covered,
    /// A suite whose packs have all expired.
    Expired,
    Short,
}

impl State {
    /// The word of tables and of JSON, and the class of the finding.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Tight => "tight",
            Self::Covered => "covered",
            Self::Expired => "expired",
            Self::Short => "short",
        }
    }

    /// How bad it is; `None` when it is well.
    #[must_use]
    pub const fn level(self) -> Option<Level> {
        match self {
            Self::Ok => None,
            Self::Covered => Some(Level::Info),
            Self::Tight | Self::Expired => Some(Level::Warning),
            Self::Short => Some(Level::Error),
        }
    }
}

/// The answer for one kind and version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub kind: Kind,
    pub tier: Tier,
    pub owned: u64,
    pub used: u64,
    pub temporary: u64,
    pub available: u64,
    /// How many of those used are served by newer licenses.
    pub covered: u64,
    /// How many are served by none.
    pub short: u64,
    pub state: State,
}

impl Line {
    /// The version for people: `2019`; the oldest of its rank.
    #[must_use]
    pub fn version(&self) -> String {
        version(self.tier)
    }
}

/// A version for people: `2019`; the oldest of its rank.
#[must_use]
pub fn version(tier: Tier) -> String {
    let row = VERSIONS.iter().find(|row| row.tier == tier).and_then(|row| row.words.first());
    row.map_or_else(|| format!("version {}", tier.0), |word| (*word).to_owned())
}

/// Sets what is used against what is owned: the lines of each kind, the newest version first.
#[must_use]
pub fn audit(figures: &Figures) -> Vec<Line> {
    let mut lines = Vec::new();
    for kind in Kind::ALL {
        let mut surplus = 0;
        let of_kind = figures.iter().rev().filter(|((held, _), _)| *held == kind);
        for ((_, tier), figure) in of_kind {
            surplus += figure.owned;
            let taken = surplus.min(figure.used);
            surplus -= taken;
            let short = figure.used - taken;
            let empty = figure.owned == 0 && figure.used == 0;
            let suite_expired = kind == Kind::Suite && figure.expired;
            if !empty || suite_expired {
                lines.push(line(kind, *tier, figure, short));
            }
        }
    }
    lines
}

fn line(kind: Kind, tier: Tier, figure: &Figure, short: u64) -> Line {
    let Figure { owned, used, temporary, expired } = *figure;
    let available = owned.saturating_sub(used);
    let state = if short > 0 {
        State::Short
    } else if owned == 0 && used == 0 && expired {
        State::Expired
    } else if used > owned {
        State::Covered
    } else if available * 10 < owned {
        State::Tight
    } else {
        State::Ok
    };
    let covered = used.saturating_sub(owned).saturating_sub(short);
    Line { kind, tier, owned, used, temporary, available, covered, short, state }
}

/// The finding of a line that is not well.
#[must_use]
pub fn finding(line: &Line, instance: &str) -> Option<Finding> {
    let level = line.state.level()?;
    let (word, version) = (line.kind.word(), line.version());
    let (message, remedy) = match line.state {
        State::Short => (
            format!("{} {word} licenses of {version} or newer are missing", line.short),
            format!("buy {} {word} licenses of {version} or newer", line.short),
        ),
        State::Tight => (
            format!("{} of {} {word} licenses of {version} are left", line.available, line.owned),
            "buy more, or revoke what is not used".to_owned(),
        ),
        State::Covered => (
            format!("{} {word} licenses of {version} are lent by newer ones", line.covered),
            "count them when the newer licenses are needed".to_owned(),
        ),
        State::Expired => (
            format!("all {word} licenses of {version} have expired"),
            "renew the subscription, or remove the pack".to_owned(),
        ),
        State::Ok => return None,
    };
    let object = format!("{word} {version}");
    Some(
        Finding::new("tslicense", line.state.word(), level, object, message)
            .within(instance)
            .with("type", word)
            .with("version", version)
            .with("installed", line.owned)
            .with("issued", line.used)
            .with("short", line.short)
            .remedy(remedy),
    )
}

#[cfg(test)]
mod tests {
    use super::{Distinct, Figure, Figures, Kind, Known, State, Temporary, audit, count};
    use crate::clock::Timestamp;
    use crate::tslicense::catalog::versions::Tier;
    use crate::tslicense::model::{KeyPack, KeyPackId, UNLIMITED};

    /// By the counters alone.
    fn counted(packs: &[&KeyPack], temporary: Temporary) -> Figures {
        let mut figures = Figures::new();
        count(&mut figures, packs.iter().copied(), (Known::default(), temporary), now());
        figures
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

    fn now() -> Timestamp {
        Timestamp::parse("2026-03-01T09:00:00Z").unwrap()
    }

    fn figures(of: &[(u8, u64, u64)]) -> Figures {
        let figure = |owned, used| Figure { owned, used, ..Figure::default() };
        of.iter()
            .map(|(tier, owned, used)| ((Kind::User, Tier(*tier)), figure(*owned, *used)))
            .collect()
    }

    #[test]
    fn newer_licenses_cover_older_hosts_and_never_the_other_way_round() {
        let lines = audit(&figures(&[(5, 50, 30), (6, 10, 25), (7, 5, 0)]));
        let told: Vec<_> = lines
            .iter()
            .map(|line| {
                (
                    line.version(),
                    line.owned,
                    line.used,
                    line.available,
                    line.covered,
                    line.short,
                    line.state,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("2022".to_owned(), 5, 0, 5, 0, 0, State::Ok),
                ("2019".to_owned(), 10, 25, 0, 5, 10, State::Short),
                ("2016".to_owned(), 50, 30, 20, 0, 0, State::Ok),
            ]
        );
    }

    #[test]
    fn what_newer_licenses_make_up_for_is_covered() {
        let lines = audit(&figures(&[(6, 0, 4), (7, 10, 2)]));
        assert_eq!((lines[1].covered, lines[1].state), (4, State::Covered));
    }

    #[test]
    fn less_than_a_tenth_left_is_tight_and_a_tenth_is_not() {
        let state = |used| audit(&figures(&[(6, 40, used)]))[0].state;
        assert_eq!(state(37), State::Tight);
        assert_eq!(state(36), State::Ok);
    }

    #[test]
    fn temporary_licenses_alone_are_short_and_can_be_left_out() {
        let mut pool = KeyPack::new(KeyPackId(3), 4, (6, 0), UNLIMITED);
        pool.issued = 9;
        let packs = [KeyPack::built_in(), pool];
        let line = audit(&counted(&[&packs[0], &packs[1]], Temporary::Counted))[0];
        assert_eq!((line.used, line.temporary, line.short), (9, 9, 9));
        assert!(audit(&counted(&[&packs[0], &packs[1]], Temporary::Left)).is_empty());
    }

    #[test]
    fn an_expired_suite_is_shown_and_a_pack_is_expired_at_the_moment_of_its_end() {
        let mut suite = KeyPack::new(KeyPackId(3), 2, (6, 6), 10);
        suite.expires = now();
        let line = audit(&counted(&[&suite], Temporary::Counted))[0];
        assert_eq!((line.owned, line.state), (0, State::Expired));
        suite.expires = now().plus_ms(1);
        let line = audit(&counted(&[&suite], Temporary::Counted))[0];
        assert_eq!((line.owned, line.state), (10, State::Ok));
    }

    #[test]
    fn a_demand_takes_the_place_of_what_is_used() {
        let mut measured = figures(&[(6, 10, 3), (7, 5, 5)]);
        super::demanded(
            &mut measured,
            &[((Kind::User, Tier(6)), 12), ((Kind::Device, Tier(6)), 1)],
        );
        let told: Vec<_> =
            audit(&measured).iter().map(|line| (line.kind, line.used, line.short)).collect();
        assert_eq!(told, [(Kind::Device, 1, 1), (Kind::User, 0, 0), (Kind::User, 12, 0)]);
    }

    #[test]
    fn issued_licenses_of_over_used_packs_are_used_and_nothing_of_them_is_owned() {
        let mut user = KeyPack::new(KeyPackId(3), 5, (6, 1), 2);
        (user.issued, user.available) = (2, 0);
        let mut over = KeyPack::new(KeyPackId(4), 8, (6, 1), 5);
        over.issued = 1;
        let line = audit(&counted(&[&user, &over], Temporary::Counted))[0];
        assert_eq!((line.owned, line.used, line.short), (2, 3, 1));
    }
}
