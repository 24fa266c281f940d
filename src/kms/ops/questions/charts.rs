//! What the report draws of this domain: how many clients each host counted, and the requests of every day by their state.

use super::Evidence;
use crate::api::Question;
use crate::chart::{Body, Chart, Line, Series, Stack};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::catalog::enumerations::STATES;
use crate::kms::report::Period;
use crate::kms::report::counted::{Counted, Counts};
use crate::kms::store::units::Scope;
use crate::kms::store::{clients, questions};
use crate::store::Read;
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
    clients::each_unit_by_host(read, &evidence.names, evidence.now, &mut |host, unit| {
        let host = evidence.names.host(host)?;
        if wanted(host) {
            counted.take(host, unit);
        }
        Ok(())
    })?;
    let mut charts = by_pool(counted.finish());
    let mut days = Days::default();
    let scope = match named {
        None => Scope::default(),
        Some(name) => match evidence.names.host_id(name) {
            Some(host) => Scope { host: Some(host), origin: None },
            None => return Ok(charts),
        },
    };
    let start = question.now.plus_days(-i64::try_from(DAYS).unwrap_or(0));
    questions::each_day(read, &scope, Period { start, now: question.now }, &mut |day, status| {
        days.take(day, status);
    })?;
    charts.extend(requests(&days));
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

/// How many requests each day had, by the state of the client that asked; days by their number since 1970.
#[derive(Default)]
struct Days(BTreeMap<i64, BTreeMap<u32, u64>>);

impl Days {
    fn take(&mut self, day: i64, status: u32) {
        *self.0.entry(day).or_default().entry(status).or_default() += 1;
    }
}

/// Requests a day, by the state of the client that asked; days without any stand between the first and the last.
fn requests(days: &Days) -> Option<Chart> {
    let first = days.0.first_key_value().map(|(day, _)| *day)?;
    let last = days.0.last_key_value().map_or(first, |(day, _)| *day);
    let used: BTreeSet<u32> = days.0.values().flat_map(|counts| counts.keys().copied()).collect();
    let part = |value: &u32| {
        let state = STATES.iter().find(|state| state.named.value == *value);
        state.map_or_else(|| format!("state {value}"), |state| state.wording.to_owned())
    };
    let count = |day: i64, value: &u32| {
        days.0.get(&day).and_then(|counts| counts.get(value)).copied().unwrap_or(0)
    };
    let columns = (first..=last).filter_map(|day| {
        let at = Timestamp::from_s(day * 86_400)?;
        Some((at, used.iter().map(|value| count(day, value)).collect()))
    });
    let stack = Stack { parts: used.iter().map(part).collect(), days: columns.collect() };
    Some(Chart {
        domain: "kms",
        title: "Requests a day".to_owned(),
        note: "By the license state of the client when it asked; many that are not licensed point to clients that cannot activate.".to_owned(),
        body: Body::Stack(stack),
    })
}

#[cfg(test)]
mod tests {
    use super::{Body, Days, requests};

    #[test]
    fn days_without_requests_stand_between_those_that_have_some() {
        let mut days = Days::default();
        assert!(requests(&days).is_none());
        for (day, status) in [(20_000, 1), (20_002, 2), (20_000, 1), (20_002, 1)] {
            days.take(day, status);
        }
        let Some(Body::Stack(stack)) = requests(&days).map(|chart| chart.body) else {
            panic!("no stack")
        };
        let counts: Vec<Vec<u64>> = stack.days.iter().map(|(_, counts)| counts.clone()).collect();
        assert_eq!(counts, [[2, 0], [0, 0], [1, 1]]);
        assert_eq!(stack.days[0].0.date(), "2024-10-04");
        assert_eq!(stack.parts.len(), 2);
    }
}
