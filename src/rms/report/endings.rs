//! What ends when, and what it takes away.

use crate::clock::Timestamp;
use crate::rms::catalog::elements::{
    ACTIVATION_EXPIRY_TIME, DEFERRED_REVOCATION_TIME, Element, LIC_SOURCE,
};
use crate::rms::model::license::License;
use crate::rms::rules::limits::Units;
use crate::rms::rules::node::{Node, node};
use crate::rms::rules::trial::{exhaust, last_second, seconds_left};
use crate::rms::rules::validity::{end, is_never};

/// What of a license ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    License,
    /// The lease; the license behind it may go on.
    Lease,
    /// The license behind a lease.
    Activation,
    /// A deferred revocation takes place.
    Revocation,
    /// The last day of a trial.
    Trial,
}

impl What {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::License => "license",
            Self::Lease => "lease",
            Self::Activation => "activation",
            Self::Revocation => "revocation",
            Self::Trial => "trial",
        }
    }

    /// What happens, as a clause that a date follows.
    #[must_use]
    pub const fn clause(self, over: bool) -> &'static str {
        match (self, over) {
            (Self::License, false) => "the license ends on",
            (Self::License, true) => "the license ended on",
            (Self::Lease, false) => "the lease ends on",
            (Self::Lease, true) => "the lease ended on",
            (Self::Activation, false) => "the license behind the lease ends on",
            (Self::Activation, true) => "the license behind the lease ended on",
            (Self::Revocation, false) => "the license is revoked on",
            (Self::Revocation, true) => "the license was revoked on",
            (Self::Trial, false) => "the trial ends on",
            (Self::Trial, true) => "the trial ended on",
        }
    }
}

/// An end that is planned, or past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Position of the license within its feature.
    pub license: usize,
    pub what: What,
    pub at: Timestamp,
    /// Whole days from now, rounded down.
    pub days_left: i64,
    /// Tokens of the node right before, and right behind it.
    pub before: Units,
    pub after: Units,
    /// Seconds of use that a trial has left; `None`: they are not counted.
    pub use_left: Option<i64>,
}

/// Whether a license is for lease mode: it says so, or it has an end behind its own.
fn is_lease(license: &License) -> bool {
    license.elements.number(&LIC_SOURCE) == 1
        || !is_never(license.elements.number(&ACTIVATION_EXPIRY_TIME))
}

/// The ends of a license; only that of a trial depends on the moment.
///
/// - `offset`: minutes that the License Manager's local time is ahead of UTC.
#[must_use]
pub fn ends(license: &License, now: Timestamp, offset: i32) -> Vec<(What, Timestamp)> {
    let elements = &license.elements;
    let other = |element: &'static Element| {
        Some(elements.number(element)).filter(|seconds| !is_never(*seconds))
    };
    let own = if is_lease(license) { What::Lease } else { What::License };
    [
        (own, end(elements)),
        (What::Activation, other(&ACTIVATION_EXPIRY_TIME)),
        (What::Revocation, other(&DEFERRED_REVOCATION_TIME)),
        (What::Trial, last_second(elements, now, offset)),
    ]
    .into_iter()
    .filter_map(|(what, seconds)| Some((what, Timestamp::from_s(seconds?)?)))
    .collect()
}

/// The tokens that a node serves.
#[must_use]
pub fn served(node: Option<&Node>) -> Units {
    match node {
        Some(node) if node.rank.serves() => node.total,
        _ => Units::Finite(0),
    }
}

/// The ends between `from` and `until`, both included, in the order of the licenses.
#[must_use]
pub fn endings(
    licenses: &[License],
    (now, offset): (Timestamp, i32),
    (from, until): (Timestamp, Timestamp),
) -> Vec<Ending> {
    let tokens = |at: Timestamp| served(node(licenses, at).as_ref());
    let without = |gone: usize, at: Timestamp| {
        let mut licenses = licenses.to_vec();
        if let Some(license) = licenses.get_mut(gone) {
            exhaust(&mut license.elements);
        }
        served(node(&licenses, at).as_ref())
    };
    let mut found = Vec::new();
    for (at, license) in licenses.iter().enumerate() {
        let ends = ends(license, now, offset);
        let within = ends.into_iter().filter(|(_, end)| (from..=until).contains(end));
        found.extend(within.map(|(what, end)| Ending {
            license: at,
            what,
            at: end,
            days_left: end.days_since(now),
            before: tokens(end.plus_ms(-1000)),
            after: match what {
                What::Trial => without(at, end.plus_ms(1000)),
                _ => tokens(end.plus_ms(1000)),
            },
            use_left: seconds_left(&license.elements).filter(|_| what == What::Trial),
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{at, license};
    use super::{Ending, What, endings};
    use crate::clock::Timestamp;
    use crate::rms::model::license::License;
    use crate::rms::rules::limits::Units;

    fn within(licenses: &[License], now: &str, days: i64) -> Vec<Ending> {
        let now: Timestamp = at(now);
        endings(licenses, (now, 0), (now, now.plus_days(days)))
    }

    fn aggregates() -> [License; 2] {
        let from = |start: &str, end: &str, seats| {
            license(&[
                ("numLicenses", seats),
                ("isAdditive", 2),
                ("birthTime", at(start).s()),
                ("deathTime", at(end).s()),
            ])
        };
        [
            from("2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z", 20),
            from("2026-05-01T00:00:00Z", "2026-05-31T23:59:59Z", 8),
        ]
    }

    #[test]
    fn an_end_is_told_with_the_tokens_that_it_takes_away() {
        let may = within(&aggregates(), "2026-05-25T00:00:00Z", 30);
        assert_eq!(may.len(), 1);
        assert_eq!((may[0].license, may[0].days_left), (1, 6));
        assert_eq!((may[0].before, may[0].after), (Units::Finite(28), Units::Finite(20)));
        let december = within(&aggregates(), "2026-12-15T00:00:00Z", 30);
        assert_eq!(december.len(), 1);
        assert_eq!((december[0].license, december[0].days_left), (0, 16));
        assert_eq!((december[0].before, december[0].after), (Units::Finite(20), Units::Finite(0)));
    }

    #[test]
    fn a_lease_and_the_license_behind_it_both_end() {
        // The times that the page gives as an example.
        let lease = license(&[
            ("licSource", 1),
            ("birthTime", at("2021-06-17T07:52:00Z").s()),
            ("deathTime", at("2021-09-15T08:07:00Z").s()),
            ("activationBirthTime", at("2021-06-16T11:13:00Z").s()),
            ("activationExpiryTime", at("2022-06-15T11:13:00Z").s()),
        ]);
        let found = within(&[lease], "2021-09-01T00:00:00Z", 365);
        let whats: Vec<(What, String)> =
            found.iter().map(|end| (end.what, end.at.to_string())).collect();
        assert_eq!(
            whats,
            [
                (What::Lease, "2021-09-15T08:07:00Z".to_owned()),
                (What::Activation, "2022-06-15T11:13:00Z".to_owned()),
            ]
        );
    }

    #[test]
    fn what_never_ends_and_what_ended_is_not_among_what_will_end() {
        for never in [0, -1, 4_294_967_295] {
            let endless = license(&[("deathTime", never)]);
            assert_eq!(within(&[endless], "2026-05-25T00:00:00Z", 36_500), []);
        }
        let ended = license(&[("deathTime", at("2026-05-24T23:59:59Z").s())]);
        assert_eq!(within(&[ended], "2026-05-25T00:00:00Z", 30), []);
    }

    #[test]
    fn a_trial_ends_with_its_last_day_and_hands_over_to_the_next() {
        let trial = |seats, precedence, left| {
            license(&[
                ("licType", 1),
                ("isAdditive", 0),
                ("numLicenses", seats),
                ("licensePrecedence", precedence),
                ("trialCurrentStatus", 1),
                ("trialDays", 30),
                ("trialDaysLeft", left),
                ("trialSeconds", 36_000),
                ("trialSecondsLeft", 7_260),
            ])
        };
        let both = [trial(10, 9, 12), trial(3, 5, 0)];
        let found = within(&both, "2026-05-25T09:00:00Z", 30);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            (found[0].what, found[0].at.to_string()),
            (What::Trial, "2026-06-05T23:59:59Z".to_owned())
        );
        assert_eq!((found[0].before, found[0].after), (Units::Finite(10), Units::Finite(3)));
        assert_eq!((found[0].days_left, found[0].use_left), (11, Some(7_260)));
        let now: Timestamp = at("2026-05-25T23:30:00Z");
        let east = endings(&both[..1], (now, 120), (now, now.plus_days(30)));
        assert_eq!(east[0].at.to_string(), "2026-06-06T21:59:59Z");
    }

    #[test]
    fn a_revocation_takes_the_license_away() {
        let planned = license(&[
            ("numLicenses", 5),
            ("deferredRevocationTime", at("2026-06-08T09:00:00Z").s()),
        ]);
        let found = within(&[planned], "2026-06-01T09:00:00Z", 30);
        assert_eq!((found[0].what, found[0].days_left), (What::Revocation, 7));
        assert_eq!((found[0].before, found[0].after), (Units::Finite(5), Units::Finite(0)));
    }
}
