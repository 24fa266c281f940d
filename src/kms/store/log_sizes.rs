//! How much log files took for their records; measured when they were imported.

use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Read, Tx};

/// A log file that was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSize {
    pub host: i64,
    /// Of its newest record.
    pub last: Timestamp,
    pub records: u64,
    pub bytes: u64,
    pub file: i64,
}

pub fn add(tx: &mut dyn Tx, size: &LogSize) -> Outcome<()> {
    let values = [
        size.host.into(),
        size.last.into(),
        i64::try_from(size.records).unwrap_or(i64::MAX).into(),
        i64::try_from(size.bytes).unwrap_or(i64::MAX).into(),
        size.file.into(),
        tx.change().into(),
    ];
    let sql = "insert into kms_log_sizes(host, last_ms, records, bytes, file, import) values(?1, ?2, ?3, ?4, ?5, ?6) \
         on conflict(host, last_ms, records, bytes) do update set import = excluded.import, file = excluded.file \
         where kms_log_sizes.import <> excluded.import and kms_log_sizes.import in (select change from hidden)";
    tx.many(sql, values.len(), &values, &mut |_, _| {})
}

/// Bytes that a record of a host takes, by its newest log file up to `until` that holds at least `least` records.
pub fn record_bytes(
    read: &mut dyn Read,
    host: i64,
    until: Timestamp,
    least: u32,
) -> Outcome<Option<u64>> {
    let sql = "select bytes, records from kms_log_sizes where host = ?1 and last_ms <= ?2 and records >= ?3 \
         and import not in (select change from hidden) order by last_ms desc, records desc, bytes desc limit 1";
    let values = [host.into(), until.into(), least.into()];
    let found = read.one(sql, &values, |row| {
        let (bytes, records): (u64, u64) = (row.number(0)?, row.number(1)?);
        Ok(bytes.div_ceil(records.max(1)))
    })?;
    Ok(found)
}
