//! How full a feature is.

use crate::clock::Timestamp;
use crate::finding::{Finding, Level};
use crate::rms::catalog::alerts::{EXPIRED, HARD_LIMIT, SOFT_LIMIT};
use crate::rms::model::alert::AlertSection;
use crate::rms::model::license::FeatureKey;
use crate::rms::model::session::Counts;
use crate::rms::rules::limits::Units;
use crate::rms::rules::right::Right;

/// How full, the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// No license of it is current.
    Expired,
    Exhausted,
    OverSoft,
    NearSoft,
    NearHard,
    Ok,
}

impl State {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Expired => "EXPIRED",
            Self::Exhausted => "EXHAUSTED",
            Self::OverSoft => "OVER_SOFT",
            Self::NearSoft => "NEAR_SOFT",
            Self::NearHard => "NEAR_HARD",
            Self::Ok => "OK",
        }
    }

    /// How bad it is; `None`: it is in order.
    #[must_use]
    pub const fn level(self) -> Option<Level> {
        match self {
            Self::Expired | Self::Exhausted => Some(Level::Error),
            Self::OverSoft | Self::NearSoft | Self::NearHard => Some(Level::Warning),
            Self::Ok => None,
        }
    }
}

/// What share of a limit counts as near it, in percent.
pub const NEAR_PERCENT: u64 = 90;

/// How full a feature is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    pub key: FeatureKey,
    pub total: Units,
    /// Unlimited: none.
    pub soft: Units,
    pub used: u64,
    pub free: Units,
    /// Tokens that are set apart for groups.
    pub reserved: u64,
    pub commuted: u64,
    pub queued: u64,
    /// Requests that were refused in the period.
    pub denied: u64,
    pub state: State,
    /// Who is told; `None`: no alert configuration is known.
    pub told: Option<Told>,
}

/// By which ways an administrator is told of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The alert that goes out in this state, or that would be the next to.
    pub alert: &'static str,
    /// Empty: nobody is told.
    pub ways: Vec<String>,
}

/// How full a feature is.
///
/// - `near`: percent of the soft limit, or of the hard one without it, from which on it is near.
#[must_use]
pub fn capacity(right: &Right, counts: &Counts, denied: u64, near: u64) -> Capacity {
    let used = counts.used;
    Capacity {
        key: right.key.clone(),
        total: right.total,
        soft: right.soft,
        used,
        free: right.free(counts),
        reserved: right.groups.iter().map(|(_, tokens)| tokens).sum(),
        commuted: counts.commuted,
        queued: counts.queued,
        denied,
        state: state(right, used, near),
        told: None,
    }
}

fn state(right: &Right, used: u64, near: u64) -> State {
    let reaches = |limit: u64| used >= limit.saturating_mul(near).div_ceil(100);
    let (total, soft) = (right.total.finite(), right.soft.finite());
    match (right.trouble.is_some(), total, soft) {
        (true, ..) => State::Expired,
        (_, Some(total), _) if used >= total => State::Exhausted,
        (_, _, Some(soft)) if used > soft => State::OverSoft,
        (_, _, Some(soft)) if reaches(soft) => State::NearSoft,
        (_, Some(total), None) if reaches(total) => State::NearHard,
        _ => State::Ok,
    }
}

impl Capacity {
    /// Adds who is told of it by the alert configuration of the License Manager.
    #[must_use]
    pub fn told_by(self, alerts: &[AlertSection]) -> Self {
        if alerts.is_empty() {
            return self;
        }
        let kind = match self.state {
            State::Expired => &EXPIRED,
            State::Exhausted => &HARD_LIMIT,
            _ if self.soft.finite().is_some() => &SOFT_LIMIT,
            _ => &HARD_LIMIT,
        };
        let of = alerts.iter().filter(|section| section.is_of(&self.key));
        let ways = of.flat_map(|section| section.ways(kind.name)).map(str::to_owned).collect();
        Self { told: Some(Told { alert: kind.name, ways }), ..self }
    }

    /// The worst of how full it is and of what was refused.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        let denied = (self.denied > 0).then_some(Level::Warning);
        [self.state.level(), denied].into_iter().flatten().min()
    }

    /// What an administrator should know. A feature that nothing serves is told of by its licenses.
    #[must_use]
    pub fn findings(&self, server: &str, now: Timestamp) -> Vec<Finding> {
        let object = self.key.to_string();
        let mut found = Vec::new();
        let (used, total, soft) = (self.used, self.total, self.soft);
        let told = match self.state {
            State::Exhausted => {
                Some(("feature.exhausted", format!("all {total} tokens are in use")))
            }
            State::OverSoft => Some((
                "feature.over-soft",
                format!("{used} tokens are in use, above the soft limit of {soft}"),
            )),
            State::NearSoft => Some((
                "feature.near-soft",
                format!("{used} tokens are in use, near the soft limit of {soft}"),
            )),
            State::NearHard => {
                Some(("feature.near-hard", format!("{used} of {total} tokens are in use")))
            }
            State::Expired | State::Ok => None,
        };
        if let (Some((class, message)), Some(level)) = (told, self.state.level()) {
            let finding = Finding::new("rms", class, level, object.as_str(), message);
            found.push(
                finding
                    .with("state", self.state.word())
                    .with("used", used)
                    .with("total", total.finite())
                    .since(Some(now))
                    .remedy("free tokens, or order more"),
            );
        }
        if self.denied > 0 {
            let message = format!("{} requests were refused since yesterday", self.denied);
            let finding =
                Finding::new("rms", "feature.denied", Level::Warning, object.as_str(), message);
            found.push(
                finding.with("denied", self.denied).remedy("`licctl rms denials` shows to whom"),
            );
        }
        found.into_iter().map(|finding| finding.within(server)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{at, key, license};
    use super::{Told, capacity};
    use crate::rms::model::alert::{AlertRule, AlertSection, Target, Way};
    use crate::rms::model::session::Counts;
    use crate::rms::rules::right::right;

    fn state(soft: i64, used: u64) -> &'static str {
        let licenses =
            [license(&[("numLicenses", 10), ("softNumLicenses", soft), ("isAdditive", 1)])];
        let right = right(&key(), &licenses, &[1], &[], at("2026-06-01T00:00:00Z"));
        let counts = Counts { used, ..Counts::default() };
        capacity(&right, &counts, 0, 90).state.word()
    }

    #[test]
    fn a_soft_limit_is_near_from_nine_tenths_on_rounded_up() {
        let told = [7, 8, 9, 10].map(|used| state(8, used));
        assert_eq!(told, ["OK", "NEAR_SOFT", "OVER_SOFT", "EXHAUSTED"]);
    }

    #[test]
    fn without_a_soft_limit_the_hard_one_is_near() {
        for none in [0, 4_294_967_294] {
            assert_eq!([8, 9, 10].map(|used| state(none, used)), ["OK", "NEAR_HARD", "EXHAUSTED"]);
        }
    }

    #[test]
    fn who_is_told_follows_from_the_limit_that_comes_next() {
        let section = |rules: &[&str]| AlertSection {
            feature: key().to_string(),
            rules: rules
                .iter()
                .map(|alert| AlertRule {
                    alert: (*alert).to_owned(),
                    ways: vec![Way { name: "email".to_owned(), on: true }],
                })
                .collect(),
            targets: vec![Target { way: "email".to_owned(), to: "ann".to_owned() }],
        };
        let told = |soft: i64, used: u64, sections: &[AlertSection]| {
            let licenses =
                [license(&[("numLicenses", 10), ("softNumLicenses", soft), ("isAdditive", 1)])];
            let right = right(&key(), &licenses, &[1], &[], at("2026-06-01T00:00:00Z"));
            let counts = Counts { used, ..Counts::default() };
            capacity(&right, &counts, 0, 90).told_by(sections).told
        };
        assert_eq!(told(8, 9, &[]), None);
        let soft = [section(&["softlimit"])];
        let way = |alert, ways: &[&str]| {
            Some(Told { alert, ways: ways.iter().map(|way| (*way).to_owned()).collect() })
        };
        assert_eq!(told(8, 9, &soft), way("softlimit", &["email"]));
        assert_eq!(told(8, 10, &soft), way("hardlimit", &[]));
        assert_eq!(told(0, 1, &soft), way("hardlimit", &[]));
        let other = [AlertSection { feature: "OTHER".to_owned(), ..section(&["softlimit"]) }];
        assert_eq!(told(8, 9, &other), way("softlimit", &[]));
    }

    #[test]
    fn what_was_refused_is_told_beside_what_is_full() {
        let licenses = [license(&[("numLicenses", 10)])];
        let now = at("2026-06-01T00:00:00Z");
        let right = right(&key(), &licenses, &[1], &[], now);
        let counts = Counts { used: 10, ..Counts::default() };
        let classes: Vec<&str> = capacity(&right, &counts, 3, 90)
            .findings("lic01", now)
            .iter()
            .map(|one| one.class)
            .collect();
        assert_eq!(classes, ["feature.exhausted", "feature.denied"]);
    }
}
