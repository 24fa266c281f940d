//! How many licenses may be revoked today, which, and when the rest may be.

use super::duplicates::Reason;
use crate::clock::Timestamp;
use crate::tslicense::model::Issued;
use std::cmp::Reverse;

/// A license that might be revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub license: Issued,
    pub reason: Reason,
}

/// What is to be done with a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    RevokeNow,
    /// The limit is reached until then.
    WaitUntil(Timestamp),
    /// It ends by itself before its turn comes.
    ComesBack(Timestamp),
    /// The version has too few licenses for any to be revoked.
    NotPossible,
}

/// When less than this is left, a device in use would have renewed.
const STALE_DAYS: i64 = 7;

/// Whether a license ends so soon that nothing is gained by revoking it.
#[must_use]
pub fn is_stale(license: &Issued, now: Timestamp) -> bool {
    license.is_live(now) && is_near(license.expires, now)
}

/// Whether a live license with that end is stale.
#[must_use]
pub fn is_near(end: Timestamp, now: Timestamp) -> bool {
    end <= now.plus_days(STALE_DAYS)
}

/// The plan for the candidates of one version.
///
/// - `revoked`: the ends of those in the revoked state, ascending.
/// - `limit`: how many may be in it at once.
#[must_use]
pub fn plan(
    mut candidates: Vec<Candidate>,
    revoked: &[Timestamp],
    limit: u64,
    now: Timestamp,
) -> Vec<(Candidate, Action)> {
    candidates.sort_by_key(|candidate| {
        let license = &candidate.license;
        let listed = candidate.reason != Reason::Retired;
        (listed, Reverse(license.expires), license.id)
    });
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let quota = limit.saturating_sub(revoked.len());
    let planned = |candidate: &&Candidate| !is_stale(&candidate.license, now);
    // The places of the limit, in the order in which they become free.
    let mut places: Vec<Timestamp> = revoked.to_vec();
    let first = candidates.iter().filter(planned).take(quota);
    places.extend(first.map(|candidate| candidate.license.expires));
    places.sort_unstable();
    let over = places.len().saturating_sub(limit);
    let (mut now_left, mut turn) = (quota, 0);
    candidates
        .into_iter()
        .map(|candidate| {
            let end = candidate.license.expires;
            let action = if is_stale(&candidate.license, now) {
                Action::ComesBack(end)
            } else if limit == 0 {
                Action::NotPossible
            } else if now_left > 0 {
                now_left -= 1;
                Action::RevokeNow
            } else {
                let free = places.get(over + turn).copied();
                turn += 1;
                free.filter(|free| *free < end).map_or(Action::ComesBack(end), Action::WaitUntil)
            };
            (candidate, action)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Action, Candidate, plan};
    use crate::clock::Timestamp;
    use crate::tslicense::model::{Issued, KeyPackId, LicenseId, Stage};
    use crate::tslicense::report::duplicates::Reason;

    fn at(day: &str) -> Timestamp {
        Timestamp::parse(&format!("2026-{day}T00:00:00Z")).unwrap()
    }

    fn candidate(id: u32, end: &str, reason: Reason) -> Candidate {
        let license = Issued {
            id: LicenseId(id),
            pack: KeyPackId(3),
            status: 2,
            stage: Stage::Fresh,
            issued: at("02-01"),
            expires: at(end),
            hardware: id.to_string(),
            computer: String::new(),
            user: String::new(),
        };
        Candidate { license, reason }
    }

    fn planned(candidates: Vec<Candidate>, revoked: &[&str], limit: u64) -> Vec<(u32, Action)> {
        let revoked: Vec<Timestamp> = revoked.iter().map(|day| at(day)).collect();
        let planned = plan(candidates, &revoked, limit, at("03-01"));
        planned.into_iter().map(|(candidate, action)| (candidate.license.id.0, action)).collect()
    }

    #[test]
    fn a_place_becomes_free_when_a_revoked_license_would_have_ended() {
        let duplicate = Reason::Duplicate;
        let candidates = vec![
            candidate(3, "04-05", duplicate),
            candidate(1, "05-01", duplicate),
            candidate(2, "04-25", duplicate),
        ];
        assert_eq!(
            planned(candidates, &["04-10"], 2),
            [
                (1, Action::RevokeNow),
                (2, Action::WaitUntil(at("04-10"))),
                (3, Action::ComesBack(at("04-05"))),
            ]
        );
    }

    #[test]
    fn retired_computers_come_first_and_what_ends_soon_is_left_alone() {
        let candidates = vec![
            candidate(1, "05-01", Reason::Duplicate),
            candidate(2, "04-01", Reason::Retired),
            candidate(3, "03-08", Reason::Retired),
        ];
        assert_eq!(
            planned(candidates, &[], 1),
            [
                (2, Action::RevokeNow),
                (3, Action::ComesBack(at("03-08"))),
                (1, Action::WaitUntil(at("04-01"))),
            ]
        );
    }

    #[test]
    fn without_a_limit_nothing_can_be_revoked() {
        let candidates = vec![candidate(1, "05-01", Reason::Duplicate)];
        assert_eq!(planned(candidates, &[], 0), [(1, Action::NotPossible)]);
    }

    #[test]
    fn more_in_the_revoked_state_than_the_limit_must_end_first() {
        let candidates = vec![candidate(1, "05-01", Reason::Duplicate)];
        let planned = planned(candidates, &["03-10", "03-20", "03-30"], 2);
        assert_eq!(planned, [(1, Action::WaitUntil(at("03-20")))]);
    }
}
