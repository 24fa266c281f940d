//! The right that a request meets: the node of a feature with the elements that govern it, and why it is not served.

use super::groups;
use super::limits::Units;
use super::node::{Node, Rank, node};
use super::trial;
use super::validity::{Standing, end, is_never, is_trial, standing, start};
use crate::catalog::Code;
use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::rms::catalog::codes::{
    SNTL_LICENSE_EXPIRED, SNTL_LICENSE_START_DATE_NOT_REACHED, SNTL_NO_SUCH_FEATURE,
    SNTL_TRIAL_LIC_DATE_RESTRICTED, SNTL_TRIAL_LIC_EXHAUSTED, SNTL_TRIAL_LIC_NOT_ACTIVATED,
};
use crate::rms::catalog::elements::{
    ACTIVATION_EXPIRY_TIME, DEFERRED_REVOCATION_TIME, IS_ADDITIVE, LICENSE_PRECEDENCE,
    TRIAL_CURRENT_STATUS,
};
use crate::rms::model::group::Group;
use crate::rms::model::license::{Elements, FeatureKey, License};
use crate::rms::model::session::Counts;

/// What a request for a feature meets.
#[derive(Debug, Clone)]
pub struct Right {
    pub key: FeatureKey,
    pub rank: Option<Rank>,
    /// Hard limit; 0 when nothing serves.
    pub total: Units,
    /// Soft limit; unlimited: none.
    pub soft: Units,
    /// Elements of the first license of the node: one stands for all, but for the limits and the dates.
    pub elements: Elements,
    /// Its hash; empty when it has none.
    pub license: String,
    /// The end of the node in seconds since 1970; `None`: never.
    pub ends: Option<i64>,
    /// Number of the trial license that serves.
    pub trial: Option<i64>,
    /// Whether a license that serves is to be revoked later.
    pub revocation_planned: bool,
    /// Reservation groups of the feature with the tokens that are really set apart.
    pub groups: Vec<(Group, u64)>,
    /// Why a request is refused.
    pub trouble: Option<(&'static Code, String)>,
    /// Until when, in seconds since 1970, the right is as it is; not included.
    pub until: i64,
}

impl Right {
    /// Refuses when nothing serves.
    pub fn usable(&self) -> Result<(), Refusal> {
        match &self.trouble {
            None => Ok(()),
            Some((code, why)) => Err(Refusal::new(code, format!("`{}`: {why}", self.key))),
        }
    }

    /// Units that a member of a group can have now.
    #[must_use]
    pub fn available(&self, counts: &Counts, group: &str) -> Units {
        let Units::Finite(total) = self.total else { return Units::Unlimited };
        let reserve = self.reserve_left(counts, group);
        let free = total.saturating_sub(counts.used + counts.kept);
        Units::Finite(free.min(reserve.saturating_add(self.unreserved_left(counts, total))))
    }

    /// Units of a group's reserve that are free.
    #[must_use]
    pub fn reserve_left(&self, counts: &Counts, group: &str) -> u64 {
        let own = self.groups.iter().find(|(own, _)| own.name == group);
        let drawn = counts.drawn.get(group).copied().unwrap_or(0);
        own.map_or(0, |(_, tokens)| tokens.saturating_sub(drawn))
    }

    fn unreserved_left(&self, counts: &Counts, total: u64) -> u64 {
        let reserved: u64 = self.groups.iter().map(|(_, tokens)| tokens).sum();
        let taken = (counts.used + counts.kept).saturating_sub(counts.all_drawn());
        total.saturating_sub(reserved).saturating_sub(taken)
    }

    /// Units that nobody uses, whomever they are for.
    #[must_use]
    pub fn free(&self, counts: &Counts) -> Units {
        self.total.minus(counts.used + counts.kept)
    }
}

/// Forms the right of a feature.
///
/// - `licenses`: with their numbers, in load order; what time did to trials is in their elements already (see `trial`).
/// - `groups`: every group of the License Manager, in the order of its file.
#[must_use]
pub fn right(
    key: &FeatureKey,
    licenses: &[License],
    numbers: &[i64],
    groups: &[Group],
    now: Timestamp,
) -> Right {
    let node = node(licenses, now);
    let serving = node.as_ref().filter(|node| node.rank.serves());
    let first = serving.and_then(|node| node.of.first().copied());
    let member = first.and_then(|at| licenses.get(at));
    let total = serving.map_or(Units::Finite(0), |node| node.total);
    let is_of_trial = member.is_some_and(|license| is_trial(&license.elements));
    let planned = |at: &usize| {
        let elements = licenses.get(*at).map(|license| &license.elements);
        elements.is_some_and(|elements| elements.number(&DEFERRED_REVOCATION_TIME) > 0)
    };
    Right {
        key: key.clone(),
        rank: node.as_ref().map(|node| node.rank),
        total,
        soft: serving.map_or(Units::Unlimited, |node| node.soft),
        elements: member.map(|license| license.elements.clone()).unwrap_or_default(),
        license: member.and_then(License::hash).unwrap_or_default().to_owned(),
        ends: serving.and_then(|node| node.ends),
        trial: first.filter(|_| is_of_trial).and_then(|at| numbers.get(at).copied()),
        revocation_planned: serving.is_some_and(|node| node.of.iter().any(planned)),
        groups: groups::effective(key, groups, total),
        trouble: if serving.is_some() { None } else { Some(trouble(licenses, node.as_ref(), now)) },
        until: stable_until(licenses, now),
    }
}

/// The next moment at which a license begins, ends or goes; trials change with every second of use.
fn stable_until(licenses: &[License], now: Timestamp) -> i64 {
    if licenses.iter().any(|license| is_trial(&license.elements)) {
        return now.s() + 1;
    }
    let moments = licenses.iter().flat_map(|license| {
        let elements = &license.elements;
        let revoked = elements.number(&DEFERRED_REVOCATION_TIME);
        [
            start(elements),
            end(elements).map(|end| end.saturating_add(1)),
            (revoked > 0).then_some(revoked),
        ]
    });
    moments.flatten().filter(|at| *at > now.s()).min().unwrap_or(i64::MAX)
}

/// Why a feature is not served.
///
/// Source: Developer Guide, FAQ: expired before future. Trials: statusInfo of the codes; their order is assumed.
fn trouble(licenses: &[License], node: Option<&Node>, now: Timestamp) -> (&'static Code, String) {
    let counted: Vec<&License> = licenses
        .iter()
        .filter(|license| standing(&license.elements, now) != Standing::Revoked)
        .collect();
    if counted.is_empty() {
        return (&SNTL_NO_SUCH_FEATURE, "no license of it is left".to_owned());
    }
    let normal: Vec<&&License> =
        counted.iter().filter(|license| !is_trial(&license.elements)).collect();
    if normal.is_empty() {
        return trials_trouble(&counted, now);
    }
    let expired = normal
        .iter()
        .filter(|license| standing(&license.elements, now) == Standing::Expired)
        .max_by_key(|license| end(&license.elements));
    match expired {
        Some(license) => (&SNTL_LICENSE_EXPIRED, ended(&license.elements)),
        None => {
            let starts = node.and_then(|node| node.starts).and_then(Timestamp::from_s);
            let when = starts.map(|at| format!(" on {}", at.date())).unwrap_or_default();
            (&SNTL_LICENSE_START_DATE_NOT_REACHED, format!("its license begins later{when}"))
        }
    }
}

/// How a license ended: a lease may end before the license behind it.
#[must_use]
pub fn ended(elements: &Elements) -> String {
    let moment = |seconds: i64| Timestamp::from_s(seconds).map(Timestamp::date).unwrap_or_default();
    let own = end(elements).map(moment).unwrap_or_default();
    let behind = elements.number(&ACTIVATION_EXPIRY_TIME);
    if !is_never(behind) && end(elements).is_some_and(|end| end < behind) {
        return format!(
            "the lease ended on {own}, the license itself runs to {}: synchronize the lease",
            moment(behind)
        );
    }
    format!("its license ended on {own}")
}

fn trials_trouble(trials: &[&License], now: Timestamp) -> (&'static Code, String) {
    let usable: Vec<&&License> =
        trials.iter().filter(|trial| trial.elements.number(&LICENSE_PRECEDENCE) != 0).collect();
    if usable.is_empty() {
        return (&SNTL_TRIAL_LIC_NOT_ACTIVATED, "its trial license is disabled".to_owned());
    }
    let current = usable.iter().any(|trial| standing(&trial.elements, now) == Standing::Current);
    if current && usable.iter().any(|trial| trial.elements.number(&TRIAL_CURRENT_STATUS) == 2) {
        return (&SNTL_TRIAL_LIC_EXHAUSTED, "its trial license is used up".to_owned());
    }
    (&SNTL_TRIAL_LIC_DATE_RESTRICTED, "its trial license is outside of its dates".to_owned())
}

/// Trial days and seconds over all trials of a feature.
///
/// Source: `VLSgetTrialUsageInfo`: an exclusive trial counts alone, additive ones sum, but for those of precedence 0.
#[must_use]
pub fn cumulative_trial(licenses: &[License], now: Timestamp) -> Option<trial::Left> {
    let trials: Vec<&Elements> = licenses
        .iter()
        .map(|license| &license.elements)
        .filter(|elements| is_trial(elements) && elements.number(&LICENSE_PRECEDENCE) != 0)
        .collect();
    let of = node(licenses, now).and_then(|node| node.of.first().copied());
    let active = of.and_then(|at| licenses.get(at)).map(|license| &license.elements);
    match active.filter(|elements| is_trial(elements)) {
        Some(elements) if elements.number(&IS_ADDITIVE) == 1 => Some(trial::Left::of(elements)),
        _ => trials.into_iter().map(trial::Left::of).reduce(trial::Left::plus),
    }
}
