//! The right that is served for a feature at a moment: which of its licenses are active, and what they come to together.

use super::limits::{MOST, Units, soft_units, units};
use super::validity::{Standing, end, is_trial, is_usable_trial, standing, start};
use crate::clock::Timestamp;
use crate::error::Warning;
use crate::rms::catalog::elements::{
    CHECK_TIME_TAMPER, Element, GRACE_PERIOD_CALENDAR_DAYS, GRACE_PERIOD_ELAPSED_HOURS,
    GRACE_PERIOD_FLAG, HOLD_TIME, HOLDING_CRIT, IS_ADDITIVE, IS_COMMUTER, IS_NODE_LOCKED,
    IS_REDUNDANT, IS_STANDALONE, KEY_LIFE_TIME, LICENSE_PRECEDENCE, LICENSE_VERSION, LOCKING_CRIT,
    MAJORITY_RULE, NUM_LICENSES, NUM_SERVERS, PLAIN_VENDOR_INFO, SERVER_LOCKING_INFO, SHARING_CRIT,
    SHARING_LIMIT, SITE_LICENSE_INFO, SOFT_NUM_LICENSES, VENDOR_INFO, VM_DETECTION,
};
use crate::rms::catalog::versions;
use crate::rms::model::license::{Elements, License};

/// Values of `isAdditive`.
const ADDITIVE: i64 = 0;
const AGGREGATE: i64 = 2;
const CLOUD: i64 = 3;

/// The first version that can be aggregate.
const AGGREGATE_FROM: u8 = 14;

/// Elements in which licenses that add up must be equal.
///
/// Source: Developer Guide, What Are Aggregate Licenses, for the locking, the redundancy and the vendor information; the others
/// are assumed: a node has one value of each.
static ALIKE: [&Element; 22] = [
    &IS_STANDALONE,
    &IS_REDUNDANT,
    &MAJORITY_RULE,
    &NUM_SERVERS,
    &IS_NODE_LOCKED,
    &SERVER_LOCKING_INFO,
    &LOCKING_CRIT,
    &VENDOR_INFO,
    &PLAIN_VENDOR_INFO,
    &SHARING_CRIT,
    &SHARING_LIMIT,
    &HOLDING_CRIT,
    &HOLD_TIME,
    &KEY_LIFE_TIME,
    &IS_COMMUTER,
    &GRACE_PERIOD_FLAG,
    &GRACE_PERIOD_CALENDAR_DAYS,
    &GRACE_PERIOD_ELAPSED_HOURS,
    &SITE_LICENSE_INFO,
    &VM_DETECTION,
    &CHECK_TIME_TAMPER,
    &IS_ADDITIVE,
];

/// By which rule the licenses of a node were chosen; the earlier ones win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A trial of precedence -1.
    FirstTrial,
    Redundant,
    Cloud,
    Exclusive,
    Aggregate,
    Additive,
    Trial,
    /// Every license begins later: requests are refused.
    Future,
    /// Every license has ended: requests are refused.
    Expired,
}

impl Rank {
    /// Whether requests are served.
    #[must_use]
    pub fn serves(self) -> bool {
        self < Self::Future
    }
}

/// The right that is served for a feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub rank: Rank,
    /// Positions of the licenses that it is formed of, in load order.
    pub of: Vec<usize>,
    /// Hard limit.
    pub total: Units,
    /// Soft limit; unlimited: none.
    pub soft: Units,
    /// Seconds since 1970; `None`: always.
    pub starts: Option<i64>,
    /// Seconds since 1970; `None`: never.
    pub ends: Option<i64>,
    pub warnings: Vec<Warning>,
}

impl Node {
    /// Whether the license at that position is part of the node.
    #[must_use]
    pub fn is_active(&self, at: usize) -> bool {
        self.rank.serves() && self.of.contains(&at)
    }
}

/// Forms the node of a feature; `None` when it has no license that is not revoked.
///
/// - `licenses`: in load order.
#[must_use]
pub fn node(licenses: &[License], now: Timestamp) -> Option<Node> {
    let standings: Vec<Standing> =
        licenses.iter().map(|license| standing(&license.elements, now)).collect();
    let stands = |wanted: Standing| {
        let pairs = licenses.iter().zip(&standings).enumerate();
        pairs
            .filter(move |(_, (_, standing))| **standing == wanted)
            .map(|(at, (license, _))| (at, &license.elements))
            .collect::<Vec<Member<'_>>>()
    };
    let current = stands(Standing::Current);
    let mut warnings = Vec::new();
    let chosen = served(&current, &mut warnings).or_else(|| unserved(&stands));
    let (rank, of) = chosen?;
    Some(formed(rank, &of, warnings))
}

/// A license of the feature with its position.
type Member<'l> = (usize, &'l Elements);

type Chosen<'l> = (Rank, Vec<Member<'l>>);

/// The licenses that serve, of those that are current.
fn served<'l>(current: &[Member<'l>], warnings: &mut Vec<Warning>) -> Option<Chosen<'l>> {
    let precedence = |member: &Member<'_>| member.1.number(&LICENSE_PRECEDENCE);
    let first = |member: &&Member<'l>| is_usable_trial(member.1) && precedence(member) == -1;
    if let Some(first) = current.iter().find(first) {
        return Some((Rank::FirstTrial, vec![*first]));
    }
    let normal: Vec<Member<'l>> =
        current.iter().copied().filter(|(_, elements)| !is_trial(elements)).collect();
    let redundant: Vec<Member<'l>> = normal
        .iter()
        .copied()
        .filter(|(_, elements)| elements.number(&IS_REDUNDANT) == 1)
        .collect();
    if let Some((_, of)) = combined(&redundant, warnings) {
        return Some((Rank::Redundant, of));
    }
    if let Some(cloud) =
        normal.iter().rev().find(|(_, elements)| elements.number(&IS_ADDITIVE) == CLOUD)
    {
        return Some((Rank::Cloud, vec![*cloud]));
    }
    let combined = combined(&normal, warnings);
    combined.or_else(|| trial(current).map(|trial| (Rank::Trial, vec![trial])))
}

/// The trial that serves: of the highest precedence, of equal ones the one that was loaded first. One that is used up hands over by how it
/// combines.
///
/// Source: Developer Guide, Trial FAQ: an exclusive one hands over to none, an additive one to any, an aggregate one to an exclusive
/// or aggregate one.
fn trial<'l>(current: &[Member<'l>]) -> Option<Member<'l>> {
    let enabled =
        |member: &&Member<'l>| is_trial(member.1) && member.1.number(&LICENSE_PRECEDENCE) != 0;
    let mut trials: Vec<Member<'l>> = current.iter().filter(enabled).copied().collect();
    trials.sort_by_key(|(_, elements)| std::cmp::Reverse(elements.number(&LICENSE_PRECEDENCE)));
    let mut before: Option<i64> = None;
    for member in trials {
        let combining = member.1.number(&IS_ADDITIVE);
        let takes_over = match before {
            None | Some(ADDITIVE) => true,
            Some(AGGREGATE) => combining != ADDITIVE,
            Some(_) => return None,
        };
        if takes_over {
            if is_usable_trial(member.1) {
                return Some(member);
            }
            before = Some(combining);
        }
    }
    None
}

/// The newest exclusive one, else the aggregates, else the additives.
fn combined<'l>(members: &[Member<'l>], warnings: &mut Vec<Warning>) -> Option<Chosen<'l>> {
    let mut groups: [Vec<Member<'l>>; 2] = [Vec::new(), Vec::new()];
    let mut exclusive = None;
    for member in members {
        let group = match member.1.number(&IS_ADDITIVE) {
            AGGREGATE if can_aggregate(member.1) => groups.first_mut(),
            ADDITIVE => groups.last_mut(),
            // What combines by no rule that is known stands alone.
            _ => None,
        };
        match group {
            Some(group) if group.first().is_none_or(|first| alike(first.1, member.1)) => {
                group.push(*member);
            }
            other => {
                if other.is_some() || member.1.number(&IS_ADDITIVE) == AGGREGATE {
                    warnings.push(treated_exclusive(member));
                }
                exclusive = Some(*member);
            }
        }
    }
    if let Some(exclusive) = exclusive {
        return Some((Rank::Exclusive, vec![exclusive]));
    }
    let [aggregates, additives] = groups;
    [(Rank::Aggregate, aggregates), (Rank::Additive, additives)]
        .into_iter()
        .find(|(_, members)| !members.is_empty())
}

fn treated_exclusive((at, elements): &Member<'_>) -> Warning {
    let how = if elements.number(&IS_ADDITIVE) == AGGREGATE { "aggregate" } else { "additive" };
    let message =
        format!("license {at} is {how} but unlike the first such one: it counts as exclusive");
    Warning::new("W_TREATED_EXCLUSIVE", message)
}

fn can_aggregate(elements: &Elements) -> bool {
    versions::counted_as(elements.word(&LICENSE_VERSION))
        .is_some_and(|version| version.number >= AGGREGATE_FROM)
}

fn alike(one: &Elements, other: &Elements) -> bool {
    ALIKE.iter().all(|element| one.agrees(other, element))
}

/// What stands for a feature that is not served: the license that ended last, else the one that begins first.
fn unserved<'l>(stands: &dyn Fn(Standing) -> Vec<Member<'l>>) -> Option<Chosen<'l>> {
    let expired = stands(Standing::Expired);
    let last = expired.iter().rev().max_by_key(|(_, elements)| end(elements));
    if let Some(last) = last {
        return Some((Rank::Expired, vec![*last]));
    }
    if let Some(first) =
        stands(Standing::Future).into_iter().min_by_key(|(_, elements)| start(elements))
    {
        return Some((Rank::Future, vec![first]));
    }
    // Current, and none of them usable: trials that are used up.
    let exhausted = stands(Standing::Current);
    exhausted.first().map(|first| (Rank::Expired, vec![*first]))
}

/// What the chosen licenses come to.
fn formed(rank: Rank, of: &[Member<'_>], mut warnings: Vec<Warning>) -> Node {
    let total = of.iter().map(|(_, elements)| units(elements, &NUM_LICENSES));
    let soft = of.iter().map(|(_, elements)| soft_units(elements, &SOFT_NUM_LICENSES));
    let sum = |units: &mut dyn Iterator<Item = Units>| units.fold(Units::Finite(0), Units::plus);
    let mut total = sum(&mut total.into_iter());
    if let Units::Finite(units) = total
        && units > MOST
    {
        let message = format!("{units} tokens are more than a node can hold, and count as {MOST}");
        warnings.push(Warning::new("W_SUM_CAPPED", message));
        total = Units::Finite(MOST);
    }
    let starts = of.iter().map(|(_, elements)| start(elements));
    let ends = of.iter().map(|(_, elements)| end(elements));
    // An open end is later than any; additive licenses serve as long as all of them do.
    let open = |end: Option<i64>| end.unwrap_or(i64::MAX);
    let aggregate = of.first().is_some_and(|(_, elements)| {
        elements.number(&IS_ADDITIVE) == AGGREGATE && rank != Rank::Exclusive
    });
    let (starts, ends) = if aggregate {
        (starts.min().flatten(), ends.map(open).max())
    } else {
        (starts.max().flatten(), ends.map(open).min())
    };
    Node {
        rank,
        of: of.iter().map(|(at, _)| *at).collect(),
        total,
        soft: sum(&mut soft.into_iter()),
        starts,
        ends: ends.filter(|end| *end != i64::MAX),
        warnings,
    }
}

#[cfg(test)]
mod tests {
    use super::{Node, Rank, node};
    use crate::rms::model::license::License;
    use crate::rms::rules::fixture::{at, license};
    use crate::rms::rules::limits::Units;

    fn formed(licenses: &[License], now: &str) -> Node {
        node(licenses, at(now)).unwrap()
    }

    fn total(licenses: &[License], now: &str) -> u64 {
        formed(licenses, now).total.finite().unwrap()
    }

    fn states(licenses: &[License], now: &str) -> Vec<bool> {
        let node = formed(licenses, now);
        (0..licenses.len()).map(|at| node.is_active(at)).collect()
    }

    fn additive(seats: i64) -> License {
        license(seats).is("isAdditive", 0)
    }

    fn exclusive(seats: i64) -> License {
        license(seats).is("isAdditive", 1)
    }

    fn aggregate(seats: i64) -> License {
        license(seats).is("isAdditive", 2)
    }

    fn trial(seats: i64, precedence: i64) -> License {
        additive(seats).is("licType", 1).is("licensePrecedence", precedence).is("trialDays", 30)
    }

    const NOW: &str = "2026-06-01T00:00:00Z";

    #[test]
    fn additive_licenses_sum_and_serve_as_long_as_all_of_them_do() {
        let licenses = [
            additive(10)
                .is("softNumLicenses", 8)
                .runs("2026-01-01T00:00:00Z", "2026-09-30T23:59:59Z"),
            additive(5)
                .is("softNumLicenses", 5)
                .runs("2026-03-01T00:00:00Z", "2026-12-31T23:59:59Z"),
        ];
        let node = formed(&licenses, NOW);
        assert_eq!((node.total, node.soft), (Units::Finite(15), Units::Finite(13)));
        assert_eq!(node.starts, Some(at("2026-03-01T00:00:00Z").s()));
        assert_eq!(node.ends, Some(at("2026-09-30T23:59:59Z").s()));
        assert_eq!(states(&licenses, NOW), [true, true]);
        let later = formed(&licenses, "2026-10-01T00:00:00Z");
        assert_eq!(later.total, Units::Finite(5));
        assert_eq!(later.ends, Some(at("2026-12-31T23:59:59Z").s()));
        assert_eq!(states(&licenses, "2026-10-01T00:00:00Z"), [false, true]);
    }

    #[test]
    fn aggregate_licenses_sum_while_each_is_current() {
        let licenses = [
            aggregate(20).runs("2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z"),
            aggregate(8).runs("2026-05-01T00:00:00Z", "2026-05-31T23:59:59Z"),
        ];
        assert_eq!(total(&licenses, "2026-04-30T12:00:00Z"), 20);
        assert_eq!(states(&licenses, "2026-04-30T12:00:00Z"), [true, false]);
        let node = formed(&licenses, "2026-05-10T00:00:00Z");
        assert_eq!(node.total, Units::Finite(28));
        assert_eq!(node.starts, Some(at("2026-01-01T00:00:00Z").s()));
        assert_eq!(node.ends, Some(at("2026-12-31T23:59:59Z").s()));
        assert_eq!(states(&licenses, NOW), [true, false]);
        assert_eq!(total(&licenses, NOW), 20);
    }

    #[test]
    fn the_newest_exclusive_license_stands_alone() {
        let both = [exclusive(50), exclusive(3)];
        assert_eq!(total(&both, NOW), 3);
        assert_eq!(states(&both, NOW), [false, true]);
        assert_eq!(total(&both[..1], NOW), 50);
    }

    #[test]
    fn exclusive_beats_aggregate_and_aggregate_beats_additive() {
        let mixed = [additive(10), aggregate(4), exclusive(2)];
        assert_eq!(total(&mixed, NOW), 2);
        assert_eq!(total(&mixed[..2], NOW), 4);
        assert_eq!(total(&mixed[..1], NOW), 10);
    }

    #[test]
    fn an_expired_exclusive_license_hides_no_additive_one() {
        let licenses = [exclusive(50).runs("", "2026-05-31T23:59:59Z"), additive(10)];
        assert_eq!(total(&licenses, NOW), 10);
        assert_eq!(formed(&licenses, NOW).rank, Rank::Additive);
    }

    #[test]
    fn an_aggregate_license_unlike_the_first_counts_as_exclusive() {
        let licenses = [
            aggregate(20).says("plainVendorInfo", "C=X"),
            aggregate(8).says("plainVendorInfo", "C=Y"),
        ];
        let node = formed(&licenses, NOW);
        assert_eq!(node.total, Units::Finite(8));
        assert_eq!(node.warnings[0].code, "W_TREATED_EXCLUSIVE");
        let alike = [
            aggregate(20).says("licenseVendorInfo", "C=X"),
            aggregate(8).says("licenseVendorInfo", "C=Y"),
        ];
        assert_eq!(total(&alike, NOW), 28);
        let old = [aggregate(20).is("licenseVersion", 138_412_032)];
        assert_eq!(formed(&old, NOW).rank, Rank::Exclusive);
    }

    #[test]
    fn unlimited_absorbs_and_a_sum_too_large_is_capped() {
        let endless = formed(&[additive(2_097_150), additive(10)], NOW);
        assert_eq!(endless.total, Units::Unlimited);
        let wide = |seats| aggregate(seats).is("licenseVersion", 156_237_824);
        let capped = formed(&[wide(4_000_000_000), wide(500_000_000)], NOW);
        assert_eq!(capped.total, Units::Finite(4_294_967_293));
        assert_eq!(capped.warnings[0].code, "W_SUM_CAPPED");
    }

    #[test]
    fn a_cloud_license_combines_with_none() {
        let licenses =
            [license(5).is("isAdditive", 3), license(7).is("isAdditive", 3), exclusive(1)];
        let node = formed(&licenses, NOW);
        assert_eq!((node.rank, node.total), (Rank::Cloud, Units::Finite(7)));
    }

    #[test]
    fn a_redundant_license_overrides_the_others() {
        let redundant = additive(4).is("isRedundant", 1).is("numServers", 3);
        let node = formed(&[exclusive(9), redundant.clone(), redundant], NOW);
        assert_eq!((node.rank, node.total), (Rank::Redundant, Units::Finite(8)));
    }

    #[test]
    fn trials_serve_one_at_a_time_by_precedence() {
        let (low, high) = (trial(10, 5), trial(3, 9));
        assert_eq!(total(&[low.clone(), high.clone()], NOW), 3);
        let exhausted = high.clone().is("trialCurrentStatus", 2);
        assert_eq!(total(&[low.clone(), exhausted], NOW), 10);
        let first = low.clone().is("licensePrecedence", -1);
        assert_eq!(total(&[first.clone(), high.clone()], NOW), 10);
        // A normal license serves before any trial but one of precedence -1.
        assert_eq!(total(&[low, high, additive(1)], NOW), 1);
        assert_eq!(total(&[first, additive(1)], NOW), 10);
        let equal = [trial(1, 5), trial(2, 5)];
        assert_eq!(total(&equal, NOW), 1);
    }

    #[test]
    fn a_trial_that_is_used_up_hands_over_by_how_it_combines() {
        let used_up =
            |combining| trial(9, 9).is("isAdditive", combining).is("trialCurrentStatus", 2);
        let next = |combining| trial(1, 5).is("isAdditive", combining);
        let serves =
            |first, second| formed(&[used_up(first), next(second)], NOW).rank == Rank::Trial;
        for combining in [0, 1, 2] {
            assert!(serves(0, combining) && !serves(1, combining));
        }
        assert!(serves(2, 1) && serves(2, 2) && !serves(2, 0));
    }

    #[test]
    fn a_feature_that_is_not_served_shows_what_ended_last_else_what_begins_first() {
        let ended = |day: &str| exclusive(1).runs("", day);
        let expired = [ended("2026-02-01T00:00:00Z"), ended("2026-03-01T00:00:00Z")];
        let node = formed(&expired, NOW);
        assert_eq!((node.rank, node.of.as_slice()), (Rank::Expired, &[1][..]));
        assert_eq!(states(&expired, NOW), [false, false]);
        let begins = |day: &str| exclusive(1).runs(day, "");
        let future = [begins("2026-09-01T00:00:00Z"), begins("2026-08-01T00:00:00Z")];
        let node = formed(&future, NOW);
        assert_eq!((node.rank, node.of.as_slice()), (Rank::Future, &[1][..]));
        let both = [future[0].clone(), expired[0].clone()];
        assert_eq!(formed(&both, NOW).rank, Rank::Expired);
        let unusable = [trial(1, 0)];
        assert_eq!(states(&unusable, NOW), [false]);
        assert!(super::node(&[], at(NOW)).is_none());
    }
}
