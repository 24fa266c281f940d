//! What a host keeps of its clients: the CMID cache and the counters, one of each a pool. How they move stands in `rules::host`.

use super::LicenseStatus;
use crate::clock::Timestamp;
use crate::kms::catalog::skus::Pool;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A client that the host counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Client name of the last valid request; may be empty.
    pub name: String,
    pub first_seen: Timestamp,
    /// Time of the last valid request.
    pub last_seen: Timestamp,
    /// `RequiredClientCount` of the last valid request.
    pub required: u32,
}

/// The clients of one pool, by CMID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    /// How many clients are kept at most; never falls.
    pub limit: u32,
    pub entries: BTreeMap<Uuid, Entry>,
}

impl Cache {
    /// The limit of a cache that no client of a larger kind has reached.
    ///
    /// Source: [KMSGEN] 10 while only servers ask; as a floor: assumed.
    pub const FLOOR: u32 = 10;
}

impl Default for Cache {
    fn default() -> Self {
        Self { limit: Self::FLOOR, entries: BTreeMap::new() }
    }
}

/// Cumulative requests of one pool.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Valid requests, whatever the status.
    pub total: u32,
    pub failed: u32,
    /// Valid requests by the `LicenseStatus` that the client had, 0 to 5; status 6 has no counter.
    pub by_status: [u32; 6],
}

impl Counters {
    /// One more valid request.
    #[must_use]
    pub fn counting(mut self, status: LicenseStatus) -> Self {
        self.total = next(self.total);
        let place = usize::try_from(status.number()).ok().and_then(|at| self.by_status.get_mut(at));
        if let Some(counter) = place {
            *counter = next(*counter);
        }
        self
    }

    /// One more failed request.
    #[must_use]
    pub fn failing(self) -> Self {
        Self { failed: next(self.failed), ..self }
    }

    /// Requests with this status; `None` for a status without a counter.
    #[must_use]
    pub fn of(&self, status: LicenseStatus) -> Option<u32> {
        usize::try_from(status.number()).ok().and_then(|at| self.by_status.get(at)).copied()
    }

    /// Whether any request, valid or not, came in.
    #[must_use]
    pub fn asked(&self) -> bool {
        self.total > 0 || self.failed > 0
    }
}

/// One more; stops below 4294967295, which the API reads as -1.
fn next(counter: u32) -> u32 {
    counter.saturating_add(1).min(u32::MAX - 1)
}

/// What a host keeps of one pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPool {
    pub pool: Pool,
    pub counters: Counters,
    pub cache: Cache,
    /// `KeyManagementServiceCurrentCount` as an artefact told it, which shows no cache: the count as long as the cache is empty. Given
    /// up at the first valid request.
    pub adopted_count: Option<u32>,
}

impl HostPool {
    /// A pool that nobody has asked yet.
    #[must_use]
    pub fn new(pool: Pool) -> Self {
        Self { pool, counters: Counters::default(), cache: Cache::default(), adopted_count: None }
    }
}

#[cfg(test)]
mod tests {
    use super::Counters;
    use crate::kms::model::LicenseStatus;

    #[test]
    fn extended_grace_counts_in_the_total_alone() {
        let counters = Counters::default().counting(LicenseStatus::ExtendedGrace);
        assert_eq!(counters, Counters { total: 1, failed: 0, by_status: [0; 6] });
    }

    #[test]
    fn a_full_counter_never_turns_into_the_sentinel() {
        let full =
            Counters { total: u32::MAX - 1, failed: u32::MAX - 1, by_status: [u32::MAX - 1; 6] };
        assert_eq!(full.counting(LicenseStatus::Licensed).failing(), full);
    }
}
