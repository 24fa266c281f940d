//! What the rules of tokens ask of whoever keeps them: every question is about few rows, whatever the size of the table.

use super::right::Right;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::rms::model::session::{Counts, Identity, Session};
use crate::rms::model::trial::TrialClock;
use crate::rms::model::usage::UsageRecord;
use std::rc::Rc;

/// The tokens of one License Manager.
pub trait Ledger {
    /// The right that is served for a feature at a moment.
    fn right(&mut self, feature: i64, now: Timestamp) -> Outcome<Rc<Right>>;
    fn counts(&mut self, feature: i64) -> Outcome<Counts>;
    fn set_counts(&mut self, feature: i64, counts: Counts);
    /// A number that no session had before.
    fn next_key(&mut self) -> Outcome<u32>;
    fn session(&mut self, key: u32) -> Outcome<Option<Session>>;
    fn put(&mut self, session: Session);
    fn remove(&mut self, key: u32);
    /// The row that time changes next, at `until` at the latest: the earliest, of these the lowest number.
    fn next_due(&mut self, until: i64) -> Outcome<Option<Session>>;
    /// The first client that waits and whose demand is not met.
    fn head(&mut self, feature: i64) -> Outcome<Option<Session>>;
    /// Clients of a group that wait for a feature.
    fn waiting(&mut self, feature: i64, group: &str) -> Outcome<u64>;
    /// A token that may be shared by `key`: of so many units, with less than `limit` clients; 0: any number.
    fn sharing(
        &mut self,
        feature: i64,
        key: &str,
        limit: u64,
        units: u64,
    ) -> Outcome<Option<Session>>;
    /// A token that is held for this very client, of so many units.
    fn held(&mut self, feature: i64, client: &Identity, units: u64) -> Outcome<Option<Session>>;
    /// The check-out of a client, told apart by user and host.
    fn checked_out(&mut self, feature: i64, client: &Identity) -> Outcome<Option<Session>>;
    /// Units that an entry of `clLockInfo` has in use.
    fn on_node(&mut self, feature: i64, node: &str) -> Outcome<u64>;
    /// Whether a user is among the named ones of a license.
    fn is_named(&mut self, license: &str, user: &str) -> Outcome<bool>;
    fn trial(&mut self, feature: i64, license: i64) -> Outcome<Option<TrialClock>>;
    fn set_trial(&mut self, feature: i64, license: i64, clock: TrialClock);
    /// Writes the usage log.
    fn log(&mut self, record: UsageRecord);
}
