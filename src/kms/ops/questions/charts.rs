//! What the report draws of this domain: how many clients each host counted, and the requests of every day by their state.

use super::Evidence;
use super::trend::{TrendAsk, trend};
use crate::api::Question;
use crate::chart::{Body, Chart, Line, Series, Stack};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::catalog::enumerations::STATES;
use crate::kms::report::counted::{Counted, Counts};
use crate::kms::report::trend::{Bucket, By, Split};
use crate::kms::store::units;
use crate::store::{Flow, Read};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// How far back the charts look, days.
const DAYS: usize = 180;

/// How many hosts a chart shows: more lines than colours cannot be told apart.
const HOSTS: usize = 8;

/// The charts of the domain; none without requests.
pub fn charts(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Chart>> {
    let evidence = Evidence::load(read, None, question.now)?;
    let named = question.instance.as_deref();
    let wanted = |host: &str| named.is_none_or(|name| host.eq_ignore_ascii_case(name));
    let mut counted = Counted::new(question.now, DAYS);
    units::each_unit_by_host(read, &evidence.names, evidence.now, &mut |host, unit| {
        let host = evidence.names.host(host)?;
        if wanted(host) {
            counted.take(host, unit);
        }
        Ok(Flow::Continue(()))
    })?;
    let mut charts = by_pool(counted.finish());
    let from = question.now.plus_days(-i64::try_from(DAYS).unwrap_or(0));
    let ask = TrendAsk {
        by: By::Day,
        split: Some(Split::Status),
        zone: TimeZone::UTC,
        pool: None,
        from: Some(from),
        until: Some(question.now),
    };
    let buckets = trend(read, &evidence, &ask)?;
    charts.extend(requests(&buckets));
    Ok(charts)
}

/// One chart a pool, a line a host: those with the fewest clients come first, since they are the ones that fall.
fn by_pool(counts: Vec<Counts>) -> Vec<Chart> {
    let mut pools: BTreeMap<_, Vec<Counts>> = BTreeMap::new();
    for counts in counts {
        pools.entry(counts.pool).or_default().push(counts);
    }
    let charts = pools.into_iter().map(|(pool, mut hosts)| {
        hosts.sort_by_key(|counts| counts.days.last().map(|(_, count)| *count));
        let required: BTreeSet<u32> =
            hosts.iter().flat_map(|counts| counts.required.iter().copied()).collect();
        let limits = required.into_iter().map(|limit| ("needed".to_owned(), u64::from(limit)));
        let lines = hosts.into_iter().take(HOSTS);
        Chart {
            domain: "kms",
            title: format!("Clients that each host counts: {}", pool.word()),
            note: "From the first request until thirty days after the last; below a dashed line clients that need as many are not activated.".to_owned(),
            body: Body::Series(Series {
                limits: limits.collect(),
                lines: lines
                    .map(|counts| Line { name: counts.host, points: counts.days })
                    .collect(),
            }),
        }
    });
    charts.collect()
}

/// Requests a day, by the state of the client that asked.
fn requests(buckets: &[Bucket]) -> Option<Chart> {
    let used: BTreeSet<&str> =
        buckets.iter().flat_map(|bucket| bucket.split.keys().map(String::as_str)).collect();
    let part = |value: &str| {
        let state = STATES.iter().find(|state| state.named.value.to_string() == value);
        state.map_or_else(|| format!("state {value}"), |state| state.wording.to_owned())
    };
    let days = buckets.iter().filter_map(|bucket| {
        let day = Timestamp::parse(&format!("{}T00:00:00Z", bucket.label))?;
        let values = used.iter().map(|value| bucket.split.get(*value).copied().unwrap_or(0));
        Some((day, values.collect()))
    });
    let stack =
        Stack { parts: used.iter().map(|value| part(value)).collect(), days: days.collect() };
    (!stack.days.is_empty()).then(|| Chart {
        domain: "kms",
        title: "Requests a day".to_owned(),
        note: "By the license state of the client when it asked; many that are not licensed point to clients that cannot activate.".to_owned(),
        body: Body::Stack(stack),
    })
}
