//! What differs between two captures of a feature: its right, who uses it, its licenses, their elements.

use crate::rms::catalog::elements::{
    AVG_QUEUE_TIME, COMMUTED_KEYS, COMMUTER_KEYS_LEFT, ELEMENTS, Element, IS_ADDITIVE,
    LICENSE_STATE, NUM_LICENSES, QUEUE_LENGTH, SOFT_NUM_LICENSES, TOT_LIC_REQD,
    TRIAL_CALENDAR_PERIOD_LEFT, TRIAL_CURRENT_STATUS, TRIAL_DAYS_LEFT, TRIAL_ELAPSED_PERIOD_LEFT,
    TRIAL_EXECUTIONS_LEFT, TRIAL_SECONDS_LEFT,
};
use crate::rms::model::license::{License, Value};
use crate::rms::rules::limits::{Units, soft_units, units};
use std::collections::BTreeSet;

/// Elements that change by themselves.
static VOLATILE: [&Element; 11] = [
    &TRIAL_CALENDAR_PERIOD_LEFT,
    &TRIAL_ELAPSED_PERIOD_LEFT,
    &TRIAL_EXECUTIONS_LEFT,
    &TRIAL_DAYS_LEFT,
    &TRIAL_SECONDS_LEFT,
    &TRIAL_CURRENT_STATUS,
    &COMMUTED_KEYS,
    &COMMUTER_KEYS_LEFT,
    &AVG_QUEUE_TIME,
    &QUEUE_LENGTH,
    &TOT_LIC_REQD,
];

/// Which elements are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Those that somebody has to change.
    Lasting,
    /// Those that change by themselves, too.
    All,
}

/// A feature as a capture shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Side {
    /// In the order of the capture, each with its position.
    pub licenses: Vec<(usize, License)>,
    /// What the capture says of the feature as a whole.
    pub total: Option<Units>,
    pub soft: Option<Units>,
    pub used: Option<u64>,
    /// Who uses it; `None`: the capture does not tell.
    pub users: Option<Vec<User>>,
}

/// Who uses a feature, as one user on one host does however often.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct User {
    pub name: String,
    pub host: String,
}

impl Side {
    /// The tokens of its active licenses, where the capture tells no more.
    fn sum(&self, of: fn(&License) -> Units) -> Option<Units> {
        let active = self.licenses.iter().map(|(_, license)| license);
        let active = active.filter(|license| license.elements.number(&LICENSE_STATE) == 1);
        let mut sum = None;
        for license in active {
            // Of all that are active only additive and aggregate ones stand beside each other.
            let adds = matches!(license.elements.number(&IS_ADDITIVE), 0 | 2);
            let own = of(license);
            sum = Some(match sum {
                Some(sum) if adds => own.plus(sum),
                _ => own,
            });
        }
        sum
    }

    fn total(&self) -> Option<Units> {
        let sum = || self.sum(|license| units(&license.elements, &NUM_LICENSES));
        let nothing = || (!self.licenses.is_empty()).then_some(Units::Finite(0));
        self.total.or_else(sum).or_else(nothing)
    }

    fn soft(&self) -> Option<Units> {
        let sum = || self.sum(|license| soft_units(&license.elements, &SOFT_NUM_LICENSES));
        self.soft.or_else(sum)
    }
}

/// An element that differs; `None`: it is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub element: &'static str,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// What became of a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Added,
    Removed,
    Changed,
    /// Its position alone.
    Moved,
    Activated,
    Deactivated,
}

impl Change {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::Activated => "activated",
            Self::Deactivated => "deactivated",
        }
    }
}

/// A license that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfLicense {
    pub change: Change,
    pub hash: Option<String>,
    /// Positions; `None` where there is none.
    pub before: Option<usize>,
    pub after: Option<usize>,
    /// Tokens of a license that was added or removed.
    pub seats: Option<Units>,
    pub elements: Vec<Changed>,
}

/// What differs in a feature.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Before and after; `None`: alike, or not known of both.
    pub total: Option<(Units, Units)>,
    pub soft: Option<(Units, Units)>,
    pub used: Option<(u64, u64)>,
    /// Who uses it afterwards alone, and before alone.
    pub came: Vec<User>,
    pub left: Vec<User>,
    pub licenses: Vec<OfLicense>,
}

impl Difference {
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

fn differing<T: PartialEq>(before: Option<T>, after: Option<T>) -> Option<(T, T)> {
    before.zip(after).filter(|(before, after)| before != after)
}

/// What differs between two captures of a feature. A feature that one of them has not is one without tokens there.
#[must_use]
pub fn compare(before: &Side, after: &Side, extent: Extent) -> Difference {
    let none = |side: &Side, told: Option<Units>| {
        told.or_else(|| side.licenses.is_empty().then_some(Units::Finite(0)))
    };
    let (came, left) = users(before, after);
    Difference {
        came,
        left,
        total: differing(none(before, before.total()), none(after, after.total())),
        soft: differing(before.soft(), after.soft()),
        used: differing(before.used, after.used),
        licenses: if tells_licenses(before) && tells_licenses(after) {
            licenses(&before.licenses, &after.licenses, extent)
        } else {
            Vec::new()
        },
    }
}

/// Whether a capture tells the licenses of a feature, and not its right alone, as listings of old kits do.
fn tells_licenses(side: &Side) -> bool {
    !side.licenses.is_empty() || side.total.is_none_or(|total| total == Units::Finite(0))
}

/// Who uses a feature only afterwards, and only before; of captures that both tell. A feature that one of them has not has no users
/// there.
fn users(before: &Side, after: &Side) -> (Vec<User>, Vec<User>) {
    let missing = |side: &Side| *side == Side::default();
    let (Some(was), Some(is)) = (
        before.users.clone().or_else(|| missing(before).then(Vec::new)),
        after.users.clone().or_else(|| missing(after).then(Vec::new)),
    ) else {
        return (Vec::new(), Vec::new());
    };
    let (was, is): (BTreeSet<User>, BTreeSet<User>) =
        (was.into_iter().collect(), is.into_iter().collect());
    (is.difference(&was).cloned().collect(), was.difference(&is).cloned().collect())
}

fn licenses(
    before: &[(usize, License)],
    after: &[(usize, License)],
    extent: Extent,
) -> Vec<OfLicense> {
    let mut left: Vec<&(usize, License)> = before.iter().collect();
    let mut found = Vec::new();
    let mut waiting = Vec::new();
    for one in after {
        match left.iter().position(|(_, held)| is_pair(held, &one.1)) {
            Some(at) => found.extend(pair(left.remove(at), one, extent)),
            None => waiting.push(one),
        }
    }
    // Licenses without a hash that changed pair by their position.
    for one in waiting {
        let by_place = |(place, held): &&(usize, License)| {
            held.hash().is_none() && one.1.hash().is_none() && *place == one.0
        };
        match left.iter().position(by_place) {
            Some(at) => found.extend(pair(left.remove(at), one, extent)),
            None => found.push(alone(Change::Added, one)),
        }
    }
    found.extend(left.into_iter().map(|one| alone(Change::Removed, one)));
    found.sort_by_key(|one| (one.after.or(one.before), one.change == Change::Added));
    found
}

/// By hash; by all that they say where neither has one.
fn is_pair(one: &License, other: &License) -> bool {
    match (one.hash(), other.hash()) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one.elements == other.elements,
        _ => false,
    }
}

fn alone(change: Change, (place, license): &(usize, License)) -> OfLicense {
    OfLicense {
        change,
        hash: license.hash().map(str::to_owned),
        before: (change == Change::Removed).then_some(*place),
        after: (change == Change::Added).then_some(*place),
        seats: Some(units(&license.elements, &NUM_LICENSES)),
        elements: Vec::new(),
    }
}

fn pair(
    (was, before): &(usize, License),
    (is, after): &(usize, License),
    extent: Extent,
) -> Option<OfLicense> {
    // What only one kind of artefact tells is no difference.
    let both = before.origin != after.origin;
    let compared = |element: &&'static Element| {
        extent == Extent::All || !VOLATILE.iter().any(|volatile| volatile.at == element.at)
    };
    let mut elements = Vec::new();
    for element in ELEMENTS.into_iter().filter(compared) {
        let (one, other) = (before.elements.get(element), after.elements.get(element));
        let untold = both && (one.is_none() || other.is_none());
        if one != other && !untold {
            let (before, after) = (one.cloned(), other.cloned());
            elements.push(Changed { element: element.name(), before, after });
        }
    }
    let state = |license: &License| license.elements.number(&LICENSE_STATE);
    let of_state = elements.iter().any(|one| one.element == LICENSE_STATE.name());
    let change = match (of_state, state(after), elements.len()) {
        (true, 1, _) => Change::Activated,
        (true, ..) => Change::Deactivated,
        (false, _, 0) if was != is => Change::Moved,
        (false, _, 0) => return None,
        _ => Change::Changed,
    };
    let hash = after.hash().map(str::to_owned);
    let (before, after) = (Some(*was), Some(*is));
    Some(OfLicense { change, hash, before, after, seats: None, elements })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::license;
    use super::{Change, Changed, Extent, Side, User, compare};
    use crate::rms::catalog::elements::LICENSE_HASH;
    use crate::rms::model::license::{License, Origin, Value};
    use crate::rms::rules::limits::Units;

    fn hashed(hash: &str, given: &[(&str, i64)]) -> License {
        let mut one = license(given);
        if !hash.is_empty() {
            one.elements.set(&LICENSE_HASH, Value::Text(hash.repeat(4)));
        }
        one
    }

    fn side(licenses: Vec<License>) -> Side {
        Side { licenses: licenses.into_iter().enumerate().collect(), ..Side::default() }
    }

    fn aggregates(second: i64) -> Side {
        side(vec![
            hashed("AAAA", &[("numLicenses", 20), ("isAdditive", 2), ("licenseState", 1)]),
            hashed("BBBB", &[("numLicenses", 8), ("isAdditive", 2), ("licenseState", second)]),
        ])
    }

    #[test]
    fn a_license_that_ended_takes_its_tokens_and_its_state_and_nothing_is_added_or_removed() {
        let found = compare(&aggregates(1), &aggregates(0), Extent::Lasting);
        assert_eq!(found.total, Some((Units::Finite(28), Units::Finite(20))));
        assert_eq!(found.licenses.len(), 1);
        let one = &found.licenses[0];
        assert_eq!(
            (one.change, one.hash.as_deref()),
            (Change::Deactivated, Some("BBBBBBBBBBBBBBBB"))
        );
        let number = |number| Some(Value::Number(number));
        let state = Changed { element: "licenseState", before: number(1), after: number(0) };
        assert_eq!(one.elements, [state]);
        assert!(compare(&aggregates(1), &aggregates(1), Extent::All).is_none());
    }

    #[test]
    fn licenses_are_added_removed_and_moved() {
        let mut before = aggregates(1);
        let after = side(vec![hashed("CCCC", &[("numLicenses", 3)]), before.licenses[0].1.clone()]);
        before.used = Some(4);
        let found = compare(&before, &Side { used: Some(5), ..after }, Extent::Lasting);
        let told: Vec<Change> = found.licenses.iter().map(|one| one.change).collect();
        assert_eq!(told, [Change::Added, Change::Moved, Change::Removed]);
        assert_eq!(found.used, Some((4, 5)));
    }

    #[test]
    fn who_uses_a_feature_is_compared_where_both_captures_tell_it() {
        let used = |names: &[&str]| Side {
            used: Some(2),
            users: Some(
                names
                    .iter()
                    .map(|name| User { name: (*name).to_owned(), host: "ws17".to_owned() })
                    .collect(),
            ),
            ..Side::default()
        };
        let found = compare(&used(&["ann", "bob", "bob"]), &used(&["eve", "bob"]), Extent::Lasting);
        let names = |users: &[User]| users.iter().map(|user| user.name.clone()).collect::<Vec<_>>();
        assert_eq!(
            (names(&found.came), names(&found.left)),
            (vec!["eve".to_owned()], vec!["ann".to_owned()])
        );
        assert_eq!(found.used, None);
        let silent = Side { users: None, ..used(&[]) };
        assert!(compare(&silent, &used(&["eve"]), Extent::All).is_none());
        let listed = Side { total: Some(Units::Finite(5)), ..Side::default() };
        let stored = side(vec![hashed("AAAA", &[("numLicenses", 5)])]);
        let stored = Side { total: listed.total, ..stored };
        assert!(compare(&listed, &stored, Extent::All).is_none());
        let gone = compare(&used(&["ann"]), &Side::default(), Extent::Lasting);
        assert_eq!(names(&gone.left), ["ann"]);
    }

    #[test]
    fn what_changes_by_itself_is_told_only_when_it_is_asked_for() {
        let trial = |left| side(vec![hashed("AAAA", &[("trialDaysLeft", left), ("licType", 1)])]);
        assert!(compare(&trial(9), &trial(8), Extent::Lasting).is_none());
        assert_eq!(compare(&trial(9), &trial(8), Extent::All).licenses.len(), 1);
    }

    #[test]
    fn of_a_listing_and_an_answer_only_what_both_tell_is_compared() {
        let answer = side(vec![hashed("AAAA", &[("numLicenses", 5), ("fid", 7)])]);
        let mut listed = hashed("AAAA", &[("numLicenses", 5), ("keyLifeTime", 300)]);
        listed.origin = Origin::Lsmon;
        assert!(compare(&answer, &side(vec![listed.clone()]), Extent::Lasting).is_none());
        listed.origin = answer.licenses[0].1.origin;
        assert_eq!(compare(&answer, &side(vec![listed]), Extent::Lasting).licenses.len(), 1);
    }

    #[test]
    fn licenses_without_a_hash_pair_by_what_they_say_and_then_by_their_place() {
        let before =
            side(vec![hashed("", &[("numLicenses", 5)]), hashed("", &[("numLicenses", 7)])]);
        let after =
            side(vec![hashed("", &[("numLicenses", 7)]), hashed("", &[("numLicenses", 6)])]);
        let found = compare(&before, &after, Extent::Lasting);
        let told: Vec<(Change, Option<usize>)> =
            found.licenses.iter().map(|one| (one.change, one.after)).collect();
        assert_eq!(
            told,
            [(Change::Moved, Some(0)), (Change::Removed, None), (Change::Added, Some(1))]
        );
    }
}
