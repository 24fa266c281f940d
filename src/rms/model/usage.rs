//! A record of a usage log: one transaction of one client.

use super::license::FeatureKey;

/// One transaction, as a License Manager logged it or the model made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRecord {
    /// Seconds since 1970.
    pub time: i64,
    pub feature: FeatureKey,
    /// As the log has it; -1 and -2 are the lines of start and stop.
    pub transaction: i64,
    /// Units of this transaction; `None` when they are encrypted.
    pub units: Option<u64>,
    /// Units in use after it; `None` when they are encrypted.
    pub in_use: Option<u64>,
    /// Seconds that the units were in use; of releases alone.
    pub key_life: Option<u64>,
    pub user: String,
    pub host: String,
    /// Version of the License Manager, as it is written: `9.5.0`.
    pub manager: String,
    pub comment: String,
    /// Encryption level that the License Manager, and that the license asked for: 0 to 4.
    pub levels: [u8; 2],
}
