//! What one reading of all requests in the order of their table tells: results, clocks that went back, and records with two
//! contents. Nothing is sorted, of the requests only the one before is kept, and of each as few columns are read as will do: there
//! are more of them than of anything else.

use super::questions::Result;
use super::units::{self, Scope};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::report::Period;
use crate::store::{Flow, Read};
use std::collections::BTreeMap;

/// What is asked of the requests.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// Of which results are counted.
    pub period: Period,
    /// How much earlier a later record may be, seconds.
    pub apart_s: i64,
}

/// What the requests tell, hidden imports left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// How many requests of the period ended with which result, by host.
    pub results: Vec<Result>,
    /// Hosts in whose logs a later record, up to the end of the period, has a time that is earlier. A log that was cleared looks the
    /// same here: `each_stamp` tells more.
    pub steps_back: Vec<i64>,
    /// Records that were imported with two contents, by host.
    pub contradictions: Vec<(i64, u64)>,
}

/// Reads every request of the scope once.
pub fn told(read: &mut dyn Read, scope: &Scope, ask: &Ask) -> Outcome<Told> {
    let hosts = scope.host.map_or_else(|| units::hosts(read), |host| Ok(vec![host]))?;
    let hidden = read.one("select 1 from hidden", &[], |row| row.int(0))?;
    let seen = hidden.map_or("", |_| " and r.import not in (select change from hidden)");
    let sql = format!(
        "select r.record, r.time_s * 1000 + r.ms, r.hresult << 1 | r.origin from kms_requests r \
         where r.host = ?1{seen}{} order by r.record, r.time_s, r.client, r.sku",
        scope.origin()
    );
    let mut reader = Reader::new(*ask);
    for host in hosts {
        read.each(&sql, &[host.into()], &mut |row| {
            let result = row.int(2)?;
            reader.take(&Request {
                record: row.int(0)?,
                ms: row.int(1)?,
                hresult: u32::try_from(result >> 1).map_err(|_| row.wrong(2, result))?,
                modelled: result & 1 == 1,
            });
            Ok(Flow::Continue(()))
        })?;
        reader.close(host);
    }
    let Reader { mut told, doubted, .. } = reader;
    for (host, record) in doubted {
        let records = contradictions(read, scope, (host, record))?;
        match told.contradictions.last_mut() {
            Some((last, sum)) if *last == host => *sum += records,
            _ if records > 0 => told.contradictions.push((host, records)),
            _ => {}
        }
    }
    Ok(told)
}

/// How many clients and products have several requests in one record of one second.
fn contradictions(
    read: &mut dyn Read,
    scope: &Scope,
    (host, (record, second)): (i64, Record),
) -> Outcome<u64> {
    let sql = format!(
        "select count(*) from (select 1 from kms_requests r where r.host = ?1 and r.record = ?2 and r.time_s = ?3 \
         and r.import not in (select change from hidden){} group by r.client, r.sku having count(*) > 1)",
        scope.origin()
    );
    let values = [host.into(), record.into(), second.into()];
    Ok(read.one(&sql, &values, |row| row.number(0))?.unwrap_or(0))
}

/// The number of a record and its second.
type Record = (i64, i64);

/// A request as it is read.
struct Request {
    record: i64,
    ms: i64,
    hresult: u32,
    /// Made by the model.
    modelled: bool,
}

struct Reader {
    ask: Ask,
    told: Told,
    /// Records with several rows, by host.
    doubted: Vec<(i64, Record)>,
    /// Of the host at hand: requests and the newest, milliseconds, by result.
    results: BTreeMap<u32, (u64, i64)>,
    /// The second of the imported record before.
    before: Option<i64>,
    steps_back: bool,
    record: Option<Record>,
    /// Those of the host at hand.
    several: Vec<Record>,
}

impl Reader {
    const fn new(ask: Ask) -> Self {
        Self {
            ask,
            told: Told { results: Vec::new(), steps_back: Vec::new(), contradictions: Vec::new() },
            doubted: Vec::new(),
            results: BTreeMap::new(),
            before: None,
            steps_back: false,
            record: None,
            several: Vec::new(),
        }
    }

    /// Takes the next request of a host.
    fn take(&mut self, request: &Request) {
        let Request { record, ms, hresult, modelled } = *request;
        let Period { start, now } = self.ask.period;
        if ms >= start.ms() && ms <= now.ms() {
            let (rows, last) = self.results.entry(hresult).or_insert((0, ms));
            *rows += 1;
            *last = ms.max(*last);
        }
        // Without record numbers there is nothing that two rows could both be.
        if record < 0 {
            return;
        }
        let second = ms.div_euclid(1000);
        let place = (record, second);
        if self.record.replace(place) == Some(place) && self.several.last() != Some(&place) {
            self.several.push(place);
        }
        if ms <= now.ms() && !modelled {
            let earlier = self.before.map_or(0, |before| before.saturating_sub(second));
            self.steps_back |= earlier > self.ask.apart_s;
            self.before = Some(second);
        }
    }

    /// Ends the host at hand.
    fn close(&mut self, host: i64) {
        let results = std::mem::take(&mut self.results).into_iter();
        self.told.results.extend(results.filter_map(|(hresult, (rows, last))| {
            Some(Result { host, hresult, rows, last: Timestamp::from_ms(last)? })
        }));
        if std::mem::take(&mut self.steps_back) {
            self.told.steps_back.push(host);
        }
        self.doubted.extend(self.several.drain(..).map(|record| (host, record)));
        (self.before, self.record) = (None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::{Ask, Reader, Request, Result};
    use crate::clock::Timestamp;
    use crate::kms::report::Period;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_s(second).unwrap()
    }

    /// What is read of rows: host, record, second, millisecond, result, origin.
    fn told(rows: &[[i64; 6]]) -> Reader {
        let period = Period { start: at(1000), now: at(9000) };
        let mut reader = Reader::new(Ask { period, apart_s: 60 });
        for rows in rows.chunk_by(|[one, ..], [next, ..]| one == next) {
            for [_, record, second, ms, hresult, origin] in rows {
                reader.take(&Request {
                    record: *record,
                    ms: second * 1000 + ms,
                    hresult: u32::try_from(*hresult).unwrap(),
                    modelled: *origin == 1,
                });
            }
            reader.close(rows[0][0]);
        }
        reader
    }

    #[test]
    fn results_are_counted_by_host_within_the_period() {
        let failed = 0xC004_F042;
        let rows = [
            [1, 1, 999, 999, 0, 0],
            [1, 2, 1000, 0, 0, 0],
            [1, 3, 2000, 500, failed, 0],
            [1, 4, 9000, 1, 0, 0],
            [2, 1, 3000, 0, 0, 0],
        ];
        let result = |host, hresult, last| Result { host, hresult, rows: 1, last };
        let half = Timestamp::from_ms(2_000_500).unwrap();
        assert_eq!(
            told(&rows).told.results,
            [result(1, 0, at(1000)), result(1, 0xC004_F042, half), result(2, 0, at(3000))]
        );
    }

    #[test]
    fn a_later_record_that_is_more_than_a_minute_older_shows_a_clock_that_went_back() {
        let log = |second| [[1, 1, 2000, 0, 0, 0], [1, 2, second, 0, 0, 0]];
        assert!(told(&log(1940)).told.steps_back.is_empty());
        assert_eq!(told(&log(1939)).told.steps_back, [1]);
        // Another host's log, what the model made, and what is later than now say nothing.
        let [first, second] = log(1000);
        assert!(told(&[first, [2, 2, 1000, 0, 0, 0]]).told.steps_back.is_empty());
        assert!(told(&[first, [1, 2, 1000, 0, 0, 1]]).told.steps_back.is_empty());
        assert!(told(&[[1, 1, 9001, 0, 0, 0], second]).told.steps_back.is_empty());
    }

    #[test]
    fn a_record_with_several_rows_is_doubted_once() {
        let rows = [
            [1, 7, 2000, 0, 0, 0],
            [1, 7, 2000, 0, 1, 0],
            [1, 7, 2000, 0, 2, 0],
            [1, 8, 2000, 0, 0, 0],
            [2, 8, 2000, 0, 0, 0],
        ];
        assert_eq!(told(&rows).doubted, [(1, (7, 2000))]);
        // Without record numbers there is nothing that two rows could both be.
        let unnumbered = rows
            .map(|[host, _, second, ms, hresult, origin]| [host, -1, second, ms, hresult, origin]);
        assert!(told(&unnumbered).doubted.is_empty());
    }
}
