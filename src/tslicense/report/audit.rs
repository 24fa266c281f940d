//! Are there enough licenses, per user and per device, by version?
//!
//! Newer licenses serve older hosts, never the other way round: what a version lacks is covered from newer ones, the newest first. What
//! there is and what of it is used is counted in `figures`.

pub use super::figures::{
    Demand, Distinct, Figure, Figures, Kind, Known, Ranks, Temporary, count, demanded,
};

use crate::finding::{Finding, Level};
use crate::tslicense::catalog::versions::{Tier, VERSIONS};
use crate::wording::{are, many};

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
    let license = format!("{word} license");
    let (message, remedy) = match line.state {
        State::Short => (
            format!(
                "{} of {version} or newer {} missing",
                many(line.short, &license),
                are(line.short)
            ),
            format!("buy {} of {version} or newer", many(line.short, &license)),
        ),
        State::Tight => (
            format!(
                "{} of {} of {version} {} left",
                line.available,
                many(line.owned, &license),
                are(line.available)
            ),
            "buy more, or revoke what is not used".to_owned(),
        ),
        State::Covered => (
            format!(
                "{} of {version} {} lent by newer ones",
                many(line.covered, &license),
                are(line.covered)
            ),
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
    use super::{Figure, Figures, Kind, Known, State, Temporary, audit, count};
    use crate::clock::Timestamp;
    use crate::tslicense::catalog::versions::Tier;
    use crate::tslicense::model::{KeyPack, KeyPackId, UNLIMITED};

    /// By the counters alone.
    fn counted(packs: &[&KeyPack], temporary: Temporary) -> Figures {
        let mut figures = Figures::new();
        count(&mut figures, packs.iter().copied(), (Known::default(), temporary), now());
        figures
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
