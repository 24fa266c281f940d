//! What the counters of a host say of its requests: whether they add up, whether they fell, whether the log has as many.
//!
//! A host counts by the pool; its service shows the numbers of Windows, each host product those of its own pool.

use super::Pool;
use crate::clock::Timestamp;
use crate::finding::{Finding, Level};

/// The counters, the total first, then the failed ones, then by `LicenseStatus` 0 to 5.
///
/// Source: [VISTA] `SoftwareLicensingService`.
pub static COUNTERS: [&str; 8] = [
    "KeyManagementServiceTotalRequests",
    "KeyManagementServiceFailedRequests",
    "KeyManagementServiceUnlicensedRequests",
    "KeyManagementServiceLicensedRequests",
    "KeyManagementServiceOOBGraceRequests",
    "KeyManagementServiceOOTGraceRequests",
    "KeyManagementServiceNonGenuineGraceRequests",
    "KeyManagementServiceNotificationRequests",
];

/// The counters of one pool in one snapshot, in the order of [`COUNTERS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub taken: Timestamp,
    /// `None`: the artefact does not show it.
    pub values: [Option<u32>; 8],
}

/// Requests of the log between two readings, in the order of [`COUNTERS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Logged {
    pub rows: [u64; 8],
}

impl Logged {
    /// Counts requests as a host does: valid ones by the status that the client had, refused ones as failed.
    ///
    /// Status 6 has no counter but the total.
    pub fn add(&mut self, status: u8, valid: bool, rows: u64) {
        let mut count = |at: usize| {
            if let Some(counter) = self.rows.get_mut(at) {
                *counter += rows;
            }
        };
        if valid {
            count(0);
            if status < 6 {
                count(2 + usize::from(status));
            }
        } else {
            count(1);
        }
    }
}

/// Two readings of one pool of one host; or one, when there is no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub host: String,
    pub pool: Pool,
    pub earlier: Option<Reading>,
    pub later: Reading,
    /// The requests between the two; `None` when no log of the host was imported, or it ends before the later reading.
    pub logged: Option<Logged>,
}

/// One counter of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub counter: &'static str,
    pub earlier: Option<u32>,
    pub later: Option<u32>,
    pub delta: Option<i64>,
    pub rows: Option<u64>,
    /// What the counter grew beyond the rows.
    pub difference: Option<i64>,
}

/// How the total is made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// `Total` is the sum by status.
    WithoutFailed,
    /// `Total` is that sum and the failed ones.
    WithFailed,
    /// There are no failed ones, so that both hold.
    Both,
    Neither,
}

impl Reading {
    fn value(&self, at: usize) -> Option<u32> {
        self.values.get(at).copied().flatten()
    }

    /// The sum of the counters by status; `None` when one is not shown.
    fn by_status(&self) -> Option<u64> {
        self.values.iter().skip(2).map(|value| value.map(u64::from)).sum()
    }

    /// How the total is made up; `None` when the artefact does not show enough.
    ///
    /// Source: assumed; no published output of a host with failed requests settles it, so that both are accepted.
    #[must_use]
    pub fn identity(&self) -> Option<Identity> {
        let (total, failed) = (u64::from(self.value(0)?), u64::from(self.value(1)?));
        let sum = self.by_status()?;
        Some(match (total == sum, total == sum + failed) {
            (true, true) => Identity::Both,
            (true, false) => Identity::WithoutFailed,
            (false, true) => Identity::WithFailed,
            (false, false) => Identity::Neither,
        })
    }
}

impl Comparison {
    /// Every counter.
    pub fn lines(&self) -> impl Iterator<Item = Line> {
        let reset = self.fell().is_some();
        COUNTERS.iter().enumerate().map(move |(at, counter)| {
            let earlier = self.earlier.as_ref().and_then(|reading| reading.value(at));
            let later = self.later.value(at);
            let delta =
                later.zip(earlier).map(|(later, earlier)| i64::from(later) - i64::from(earlier));
            let rows = self.logged.and_then(|logged| logged.rows.get(at).copied());
            let rows = rows.filter(|_| self.earlier.is_some());
            let difference = delta
                .filter(|_| !reset)
                .zip(rows)
                .map(|(delta, rows)| delta.saturating_sub_unsigned(rows));
            Line { counter, earlier, later, delta, rows, difference }
        })
    }

    /// The first counter that is smaller than before: the host was installed anew.
    ///
    /// Source: [KMSGEN] the counters never go down.
    fn fell(&self) -> Option<&'static str> {
        let earlier = self.earlier.as_ref()?;
        let mut counters = COUNTERS.iter().enumerate();
        let fell = counters.find(|(at, _)| {
            self.later.value(*at) < earlier.value(*at) && self.later.value(*at).is_some()
        });
        fell.map(|(_, counter)| *counter)
    }

    /// How much failed and total requests grew; `None` without two readings that show both, or when they fell.
    #[must_use]
    pub fn growth(&self) -> Option<(u64, u64)> {
        let earlier = self.earlier.as_ref()?;
        let grew = |at: usize| self.later.value(at)?.checked_sub(earlier.value(at)?).map(u64::from);
        Some((grew(1)?, grew(0)?))
    }

    /// K01 to K04.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        findings.extend(self.sum());
        if let Some(counter) = self.fell() {
            let message =
                format!("`{counter}` of `{}` fell: the host was installed anew", self.host);
            let since = self.earlier.as_ref().map(|earlier| earlier.taken);
            findings.push(
                self.finding("K02", Level::Info, message).with("counter", counter).since(since),
            );
        }
        findings.extend(self.gap());
        findings
    }

    fn finding(&self, class: &'static str, level: Level, message: String) -> Finding {
        let object = format!("{} ({})", self.host, self.pool.word());
        Finding::new("kms", class, level, object, message)
            .within(&self.host)
            .with("pool", self.pool.word())
            .since(Some(self.later.taken))
    }

    /// K01 or K04.
    fn sum(&self) -> Option<Finding> {
        let holds = match self.later.identity()? {
            Identity::Neither => {
                let message = format!(
                    "the counters of `{}` do not add up: {} requests in all, {} by status, {} failed",
                    self.host,
                    self.later.value(0).unwrap_or_default(),
                    self.later.by_status().unwrap_or_default(),
                    self.later.value(1).unwrap_or_default()
                );
                let remedy = "requests in extended grace have no counter of their own; else take a new snapshot";
                return Some(self.finding("K01", Level::Warning, message).remedy(remedy));
            }
            Identity::WithoutFailed => {
                "the total is the sum by status, without the failed requests"
            }
            Identity::WithFailed => "the total is the sum by status and the failed requests",
            Identity::Both => {
                "both identities hold: the total is the sum by status, and none failed"
            }
        };
        Some(self.finding("K04", Level::Info, holds.to_owned()))
    }

    /// K03, of the counter that differs most.
    fn gap(&self) -> Option<Finding> {
        let differs = |line: &Line| line.difference.is_some_and(|difference| difference != 0);
        let worst = self
            .lines()
            .filter(differs)
            .max_by_key(|line| line.difference.map(i64::unsigned_abs))?;
        let message = format!(
            "the log of `{}` has {} requests where `{}` grew by {}",
            self.host,
            worst.rows.unwrap_or_default(),
            worst.counter,
            worst.delta.unwrap_or_default()
        );
        let remedy = "the log has a gap, overwrote itself, or ends before the snapshot: `licctl kms event coverage` tells";
        let finding = self
            .finding("K03", Level::Warning, message)
            .with("counter", worst.counter)
            .with("difference", worst.difference.unwrap_or_default())
            .remedy(remedy);
        Some(finding)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Pool;
    use super::super::minilog::{NOW, at};
    use super::{Comparison, Identity, Logged, Reading};

    /// Total, failed, and what is by status 1.
    fn reading(total: u32, failed: u32, licensed: u32) -> Reading {
        let mut values = [Some(0); 8];
        (values[0], values[1], values[3]) = (Some(total), Some(failed), Some(licensed));
        Reading { taken: at(NOW), values }
    }

    fn comparison(earlier: Option<Reading>, later: Reading, logged: Option<Logged>) -> Comparison {
        Comparison { host: "kms01".to_owned(), pool: Pool::Windows, earlier, later, logged }
    }

    fn classes(comparison: &Comparison) -> Vec<&'static str> {
        comparison.findings().iter().map(|finding| finding.class).collect()
    }

    #[test]
    fn the_total_may_be_with_the_failed_requests_or_without_them() {
        for (total, failed, licensed, identity, class) in [
            (826, 0, 826, Identity::Both, "K04"),
            (100, 5, 95, Identity::WithFailed, "K04"),
            (95, 5, 95, Identity::WithoutFailed, "K04"),
            (100, 4, 95, Identity::Neither, "K01"),
        ] {
            let reading = reading(total, failed, licensed);
            assert_eq!(reading.identity(), Some(identity));
            let found = comparison(None, reading, None).findings();
            assert_eq!(found[0].class, class);
            assert_eq!(
                found[0].message.starts_with("both identities hold"),
                identity == Identity::Both
            );
        }
        let mut short = reading(5, 0, 5);
        short.values[4] = None;
        assert_eq!(classes(&comparison(None, short, None)), [""; 0]);
    }

    #[test]
    fn a_counter_that_fell_means_a_host_that_was_installed_anew() {
        let found =
            comparison(Some(reading(826, 0, 826)), reading(10, 0, 10), Some(Logged::default()));
        assert_eq!(classes(&found), ["K04", "K02"]);
        assert_eq!(found.growth(), None);
        assert!(found.lines().all(|line| line.difference.is_none()));
    }

    #[test]
    fn a_log_with_fewer_requests_than_were_counted_has_a_gap() {
        let mut logged = Logged::default();
        for (status, valid, rows) in [(1, true, 7), (2, true, 1), (2, false, 2), (6, true, 1)] {
            logged.add(status, valid, rows);
        }
        assert_eq!(logged.rows, [9, 2, 0, 7, 1, 0, 0, 0]);
        let mut later = reading(109, 2, 107);
        later.values[4] = Some(1);
        let found = comparison(Some(reading(99, 0, 99)), later.clone(), Some(logged));
        assert_eq!(found.growth(), Some((2, 10)));
        assert_eq!(classes(&found), ["K01", "K03"]);
        let lines: Vec<_> =
            found.lines().map(|line| (line.delta, line.rows, line.difference)).collect();
        assert_eq!(lines[0], (Some(10), Some(9), Some(1)));
        assert_eq!(lines[1], (Some(2), Some(2), Some(0)));
        assert_eq!(lines[3], (Some(8), Some(7), Some(1)));
        assert_eq!(
            found.findings()[1].message,
            "the log of `kms01` has 7 requests where `KeyManagementServiceLicensedRequests` grew by 8"
        );
        // Without a log nothing can be compared, and one reading has nothing to be compared with.
        assert_eq!(classes(&comparison(Some(reading(99, 0, 99)), later.clone(), None)), ["K01"]);
        let single = comparison(None, later, Some(logged));
        assert!(single.lines().all(|line| line.rows.is_none() && line.delta.is_none()));
    }
}
