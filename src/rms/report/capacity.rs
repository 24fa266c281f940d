//! How full a feature is.

use crate::clock::Timestamp;
use crate::finding::{Finding, Level};
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
    use super::capacity;
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
