//! The place of a modelled request among the stored ones.

use super::evidence::NewRequest;
use crate::error::Outcome;
use crate::store::Read;

/// The record number of a request without one: -n when n - 1 equal rows are there.
pub fn free_record(read: &mut dyn Read, row: &NewRequest) -> Outcome<i64> {
    let sql = "select 1 from kms_requests where host = ?1 and record = ?2 and time_s = ?3 and client = ?4 \
         and sku = ?5 and status = ?6 and minutes = ?7";
    let mut record = -1;
    loop {
        let key = [
            row.host.into(),
            record.into(),
            row.time.s().into(),
            row.client.into(),
            row.sku.into(),
            row.status.into(),
            row.minutes.into(),
        ];
        if read.one(sql, &key, |row| row.int(0))?.is_none() {
            return Ok(record);
        }
        record -= 1;
    }
}
