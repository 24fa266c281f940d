//! A unit and its total as a record of a few words, ordered by its key: so an import gathers them in a temporary file, and so the units
//! of a client lie behind each other in one value of the store, where a column each would take ten times as long to read.

use super::totals::{Kept, Key, Newest, Total};
use crate::clock::Timestamp;

/// Words of a record.
pub(super) const WORDS: usize = 8;

/// Bytes of a record.
pub(super) const BYTES: usize = WORDS * size_of::<u64>();

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

/// The unit of a record; `None` when nothing that was written looks like this.
pub(super) fn unit(record: &[u64; WORDS]) -> Option<Kept> {
    let [key, sums, first, last, valid_first, newest, number, state] = record;
    let (client, places) = halves(*key);
    let [sku, host] = [places >> 16, places & 0xFFFF].map(u16::try_from);
    let (Ok(sku), Ok(host)) = (sku, host) else { return None };
    let (rows, required) = halves(*sums);
    let valid = if *valid_first == NONE {
        None
    } else {
        let (minutes, flags) = halves(*state);
        let newest = Newest {
            time: time(*newest)?,
            record: number.cast_signed(),
            minutes,
            status: u8::try_from(flags >> 8).ok()?,
            virtual_machine: flags & 1 == 1,
            host,
        };
        Some((time(*valid_first)?, newest))
    };
    let (first, last) = (time(*first)?, time(*last)?);
    Some((Key { client, sku, host }, Total { rows, required, first, last, valid }))
}

/// The units of a client as one value: their records, the first byte of each word first.
pub(super) fn value(units: &[Kept]) -> Vec<u8> {
    let words = units.iter().flat_map(|(key, total)| record(*key, total));
    words.flat_map(u64::to_be_bytes).collect()
}

/// The units of a value, in the order of product and host; `None` for what none looks like.
pub(super) fn units(value: &[u8]) -> impl Iterator<Item = Option<Kept>> {
    let (records, rest) = value.as_chunks::<BYTES>();
    let whole = records.iter().map(|bytes| {
        let (words, _) = bytes.as_chunks();
        unit(&<[[u8; _]; WORDS]>::try_from(words).ok()?.map(u64::from_be_bytes))
    });
    whole.chain((!rest.is_empty()).then_some(None))
}

fn ms(at: Timestamp) -> u64 {
    at.ms().cast_unsigned()
}

fn time(ms: u64) -> Option<Timestamp> {
    Timestamp::from_ms(ms.cast_signed())
}

fn pair(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

fn halves(word: u64) -> (u32, u32) {
    let [high, low] = [word >> 32, word & u64::from(u32::MAX)].map(u32::try_from);
    (high.unwrap_or_default(), low.unwrap_or_default())
}
