//! A unit and its total as a record of a temporary file, ordered by its key.

use super::totals::{Key, Newest, Total};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};

/// Words of a record.
pub(super) const WORDS: usize = 8;

/// Stands for the first valid request where there is none; no instant is so early.
const NONE: u64 = i64::MIN.cast_unsigned();

pub(super) fn record(key: Key, total: &Total) -> [u64; WORDS] {
    let [first, newest, record, state] = match &total.valid {
        None => [NONE, 0, 0, 0],
        Some((first, newest)) => [
            ms(*first),
            ms(newest.time),
            newest.record.cast_unsigned(),
            pair(newest.minutes, u32::from(newest.status) << 8 | u32::from(newest.virtual_machine)),
        ],
    };
    [
        pair(key.client, u32::from(key.sku) << 16 | u32::from(key.host)),
        pair(total.rows, total.required),
        ms(total.first),
        ms(total.last),
        first,
        newest,
        record,
        state,
    ]
}

pub(super) fn unit(record: &[u64; WORDS]) -> Outcome<(Key, Total)> {
    let [key, sums, first, last, valid_first, newest, number, state] = record;
    let (client, places) = halves(*key);
    let [sku, host] = [places >> 16, places & 0xFFFF].map(u16::try_from);
    let (Ok(sku), Ok(host)) = (sku, host) else { return Err(changed()) };
    let (rows, required) = halves(*sums);
    let valid = if *valid_first == NONE {
        None
    } else {
        let (minutes, flags) = halves(*state);
        let newest = Newest {
            time: time(*newest)?,
            record: number.cast_signed(),
            minutes,
            status: u8::try_from(flags >> 8).map_err(|_| changed())?,
            virtual_machine: flags & 1 == 1,
            host,
        };
        Some((time(*valid_first)?, newest))
    };
    let (first, last) = (time(*first)?, time(*last)?);
    Ok((Key { client, sku, host }, Total { rows, required, first, last, valid }))
}

fn ms(at: Timestamp) -> u64 {
    at.ms().cast_unsigned()
}

fn time(ms: u64) -> Outcome<Timestamp> {
    Timestamp::from_ms(ms.cast_signed()).ok_or_else(changed)
}

fn pair(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

fn halves(word: u64) -> (u32, u32) {
    let [high, low] = [word >> 32, word & u64::from(u32::MAX)].map(u32::try_from);
    (high.unwrap_or_default(), low.unwrap_or_default())
}

/// The temporary file holds what was not written.
fn changed() -> Stop {
    Stop::Fault(anyhow::anyhow!("a temporary file does not hold what was written to it"))
}
