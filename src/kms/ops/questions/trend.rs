//! How many requests when.

use super::Evidence;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::report::trend::{Bucket, By, Split, Trend};
use crate::kms::report::{Period, Pool};
use crate::kms::store::questions::{self, Tally};
use crate::store::Read;
use jiff::tz::TimeZone;
use std::fmt::Write as _;

/// What `trend` is asked.
#[derive(Debug, Clone)]
pub struct TrendAsk {
    pub by: By,
    pub split: Option<Split>,
    pub zone: TimeZone,
    pub pool: Option<Pool>,
    /// Both ends included; `None`: as far as there are requests.
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// The buckets from the first request to the last.
pub fn trend(read: &mut dyn Read, evidence: &Evidence, ask: &TrendAsk) -> Outcome<Vec<Bucket>> {
    let period = Period {
        start: ask.from.unwrap_or(Timestamp::MIN),
        now: ask.until.map_or(evidence.now, |until| until.min(evidence.now)),
    };
    let mut report = Trend::new(ask.by, ask.zone.clone());
    let mut value = String::new();
    questions::each_tally(read, &evidence.names, &evidence.scope, period, &mut |tally| {
        if ask.pool.is_some_and(|pool| pool != tally.sku.pool) {
            return;
        }
        value.clear();
        if let Some(split) = ask.split {
            print(&mut value, split, tally);
        }
        report.take(tally.cmid, tally.time, ask.split.map(|_| value.as_str()));
    })?;
    Ok(report.finish())
}

/// What a request is split by, as the API writes it.
fn print(value: &mut String, split: Split, tally: &Tally<'_>) {
    // Writing into a text cannot fail.
    let _ = match split {
        Split::Status => write!(value, "{}", tally.status),
        Split::Hresult => write!(value, "0x{:08X}", tally.hresult),
        Split::Product => write!(value, "{}", tally.sku.guid),
        Split::Application => match tally.sku.pool.application() {
            Some(application) => write!(value, "{application}"),
            None => value.write_str(tally.sku.pool.word()),
        },
        Split::Vm => write!(value, "{}", u8::from(tally.virtual_machine)),
        Split::Host => value.write_str(tally.host),
        Split::N => write!(value, "{}", tally.required),
    };
}
