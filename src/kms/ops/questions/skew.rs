//! How far the clocks of clients are from those of their hosts.

use super::Evidence;
use crate::error::Outcome;
use crate::kms::report::Period;
use crate::kms::report::skew::{Answer, HEALTHY, Skew, Skewed};
use crate::kms::store::noted::Noted;
use crate::kms::store::questions;
use crate::store::Read;

/// Hands out every client with a request in the period whose two clocks differ.
pub fn skew(
    read: &mut dyn Read,
    evidence: &Evidence,
    period: Period,
    each: &mut dyn FnMut(Skewed) -> Outcome<()>,
) -> Outcome<Answer> {
    skew_of(read, evidence, (period, &Noted::ALL), each)
}

/// As [`skew`], when it is known where such requests stand.
pub(super) fn skew_of(
    read: &mut dyn Read,
    evidence: &Evidence,
    (period, noted): (Period, &Noted),
    each: &mut dyn FnMut(Skewed) -> Outcome<()>,
) -> Outcome<Answer> {
    let mut report = Skew::default();
    let span = (period, HEALTHY, noted);
    questions::each_clock(read, &evidence.names, &evidence.scope, span, &mut |clock| {
        let client = (clock.cmid, clock.name);
        let done = report.take(client, clock.host, (clock.time, clock.client_time));
        done.map_or(Ok(()), &mut *each)
    })?;
    let (last, answer) = report.finish();
    last.map_or(Ok(()), each)?;
    Ok(answer)
}
