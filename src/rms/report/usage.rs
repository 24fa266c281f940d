//! What the usage log says of a feature: requests, refusals, peaks, durations, users.

use crate::rms::catalog::transactions::{Effect, transaction};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::usage::UsageRecord;
use std::collections::BTreeMap;

/// What one user did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserUsage {
    pub requests: u64,
    pub issued: u64,
    pub denied: u64,
    pub seconds: u64,
}

/// What became of the requests for a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    pub key: FeatureKey,
    pub requests: u64,
    pub issued: u64,
    pub denied: u64,
    pub queued: u64,
    pub checked_out: u64,
    /// Records whose figures are encrypted: they count in nothing else.
    pub encrypted: u64,
    /// The most units that were in use at once, and when first, in seconds since 1970.
    pub peak: u64,
    pub peak_at: Option<i64>,
    /// Seconds of use of the releases.
    pub shortest: Option<u64>,
    pub longest: Option<u64>,
    pub total: u64,
    pub releases: u64,
    pub users: BTreeMap<String, UserUsage>,
    in_use: u64,
}

impl Usage {
    #[must_use]
    pub fn new(key: FeatureKey) -> Self {
        Self {
            key,
            requests: 0,
            issued: 0,
            denied: 0,
            queued: 0,
            checked_out: 0,
            encrypted: 0,
            peak: 0,
            peak_at: None,
            shortest: None,
            longest: None,
            total: 0,
            releases: 0,
            users: BTreeMap::new(),
            in_use: 0,
        }
    }

    /// Takes a record; records come in the order of time.
    pub fn take(&mut self, record: &UsageRecord) {
        let effect = transaction(record.transaction).map_or(Effect::None, |row| row.effect);
        match effect {
            Effect::None => return,
            Effect::Start => {
                self.in_use = 0;
                return;
            }
            _ => {}
        }
        let Some(units) = record.units else {
            self.encrypted += 1;
            return;
        };
        let user = self.users.entry(record.user.clone()).or_default();
        match effect {
            Effect::Issue | Effect::CheckOut => {
                self.requests += 1;
                user.requests += 1;
                user.issued += 1;
                self.issued += 1;
                self.checked_out += u64::from(effect == Effect::CheckOut);
                // The log's own count is better than ours: it saw what came before the first record.
                self.in_use = record.in_use.unwrap_or(self.in_use + units);
            }
            Effect::Release | Effect::CheckIn => {
                self.in_use = record.in_use.unwrap_or(self.in_use.saturating_sub(units));
                if let Some(life) = record.key_life {
                    self.releases += 1;
                    self.total += life;
                    user.seconds += life;
                    self.shortest = Some(self.shortest.map_or(life, |held| held.min(life)));
                    self.longest = Some(self.longest.map_or(life, |held| held.max(life)));
                }
            }
            Effect::Denial => {
                self.requests += 1;
                self.denied += 1;
                user.requests += 1;
                user.denied += 1;
            }
            Effect::Queue => {
                self.queued += 1;
            }
            Effect::Start | Effect::None => {}
        }
        if self.in_use > self.peak {
            self.peak = self.in_use;
            self.peak_at = Some(record.time);
        }
    }

    /// Seconds of use of a release, on average, rounded down.
    #[must_use]
    pub fn average(&self) -> Option<u64> {
        self.total.checked_div(self.releases)
    }

    /// Whether nothing that counts was logged.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requests + self.releases + self.queued + self.encrypted == 0
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::key;
    use super::Usage;
    use crate::rms::model::usage::UsageRecord;

    fn record(time: i64, transaction: i64, user: &str, in_use: Option<u64>) -> UsageRecord {
        UsageRecord {
            time,
            feature: key(),
            transaction,
            units: Some(1),
            in_use,
            key_life: (transaction == 2).then_some(600),
            user: user.to_owned(),
            host: String::new(),
            manager: String::new(),
            comment: String::new(),
            levels: [0, 0],
        }
    }

    fn usage(records: &[UsageRecord]) -> Usage {
        let mut usage = Usage::new(key());
        for record in records {
            usage.take(record);
        }
        usage
    }

    #[test]
    fn requests_refusals_and_peaks_are_counted() {
        let usage = usage(&[
            record(1, 0, "ann", Some(1)),
            record(2, 0, "bob", Some(2)),
            record(3, 1, "cat", Some(2)),
            record(4, 2, "ann", Some(1)),
            record(5, 11, "eve", Some(9)),
            record(6, 13, "LM_SERVER", Some(9)),
        ]);
        assert_eq!((usage.requests, usage.issued, usage.denied), (3, 2, 1));
        assert_eq!((usage.peak, usage.peak_at), (2, Some(2)));
        assert_eq!((usage.average(), usage.releases), (Some(600), 1));
        assert_eq!(usage.users.keys().collect::<Vec<_>>(), ["ann", "bob", "cat"]);
    }

    #[test]
    fn a_start_of_the_license_manager_leaves_nothing_in_use() {
        let started =
            usage(&[record(1, 0, "ann", None), record(2, -1, "", None), record(3, 0, "bob", None)]);
        assert_eq!(started.peak, 1);
    }

    #[test]
    fn an_encrypted_record_is_counted_as_such_and_in_nothing_else() {
        let hidden = UsageRecord { units: None, ..record(1, 0, "ann", None) };
        let usage = usage(&[hidden]);
        assert_eq!((usage.encrypted, usage.requests, usage.peak), (1, 0, 0));
    }
}
