//! What one reading of the requests in the order of their table tells: results, clocks that went back, records with two contents,
//! and where the clocks of host and client differ. Nothing is sorted, of the requests only the one before is kept, and of each as few
//! columns are read as will do: there are more of them than of anything else. Of a log that is known to be in the order of time the
//! part before the period is passed over.

use super::noted::{Noted, Record};
use super::questions::Result;
use super::sequences;
use super::units::{self, Scope};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::report::Period;
use crate::store::{Flow, Read};
use std::collections::BTreeMap;

/// What is asked of the requests.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// Of which results are counted, and clocks compared.
    pub period: Period,
    /// How much earlier a later record may be, seconds.
    pub apart_s: i64,
    /// How far apart the clocks of host and client may be, seconds.
    pub clocks_s: i64,
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
    /// Requests of the period whose two clocks are too far apart, or whose client time is in no usual form.
    pub clocks: Noted,
}

/// Reads every request of the scope once.
pub fn told(read: &mut dyn Read, scope: &Scope, ask: &Ask) -> Outcome<Told> {
    let hosts = scope.host.map_or_else(|| units::hosts(read), |host| Ok(vec![host]))?;
    let mut requests = 0;
    let seen =
        if read.hides_any()? { " and r.import not in (select change from hidden)" } else { "" };
    let sql = format!(
        "select r.record, r.time_s * 1000 + r.ms, r.hresult, r.client_offset from kms_requests r \
         where r.host = ?1 and r.record between ?2 and ?3{seen}{} order by r.record, r.time_s, r.client, r.sku",
        scope.origin()
    );
    let mut reader = Reader::new(ask);
    for host in hosts {
        for (from, until) in parts(read, host, ask)? {
            read.each(&sql, &[host.into(), from.into(), until.into()], &mut |row| {
                let request = Request { host, record: row.int(0)?, ms: row.int(1)? };
                reader.take(&request);
                if reader.counts(&request) {
                    reader.take_counted(&request, row.number(2)?, row.int_or_null(3)?);
                }
                Ok(Flow::Continue(()))
            })?;
        }
        reader.close(host);
        requests += units::covered(read, host)?;
    }
    let Reader { mut told, doubted, .. } = reader;
    told.clocks = told.clocks.among(requests);
    for record in doubted {
        let records = contradictions(read, scope, record)?;
        match told.contradictions.last_mut() {
            Some((last, sum)) if *last == record.host => *sum += records,
            _ if records > 0 => told.contradictions.push((record.host, records)),
            _ => {}
        }
    }
    Ok(told)
}

/// Between which records the requests of a host are to be read, both included: all, or those without a number and those of the period.
fn parts(read: &mut dyn Read, host: i64, ask: &Ask) -> Outcome<Vec<(i64, i64)>> {
    Ok(match sequences::since(read, host, ask.period.start.s())? {
        None => vec![(i64::MIN, i64::MAX)],
        Some(record) => vec![(i64::MIN, -1), (record, i64::MAX)],
    })
}

/// How many clients and products have several requests in one record of one second.
fn contradictions(
    read: &mut dyn Read,
    scope: &Scope,
    Record { host, record, second }: Record,
) -> Outcome<u64> {
    let sql = format!(
        "select count(*) from (select 1 from kms_requests r where r.host = ?1 and r.record = ?2 and r.time_s = ?3 \
         and r.import not in (select change from hidden){} group by r.client, r.sku having count(*) > 1)",
        scope.origin()
    );
    let values = [host.into(), record.into(), second.into()];
    Ok(read.one(&sql, &values, |row| row.number(0))?.unwrap_or(0))
}

/// A request as it is read.
struct Request {
    host: i64,
    /// Negative when it has no number, as what the model made.
    record: i64,
    ms: i64,
}

impl Request {
    fn place(&self) -> Record {
        Record { host: self.host, record: self.record, second: self.ms.div_euclid(1000) }
    }
}

/// How much later the client's clock is than the minute of the host's, seconds; as [`each_clock`](super::questions::each_clock) reckons.
const fn offset_s(packed: i64) -> i64 {
    (packed >> 1).saturating_mul(60)
}

struct Reader<'a> {
    ask: &'a Ask,
    told: Told,
    /// Records with several rows.
    doubted: Vec<Record>,
    /// Of the host at hand: requests and the newest, milliseconds, by result.
    results: BTreeMap<u32, (u64, i64)>,
    /// The second of the imported record before.
    before: Option<i64>,
    steps_back: bool,
    record: Option<Record>,
    /// Those of the host at hand.
    several: Vec<Record>,
}

impl<'a> Reader<'a> {
    fn new(ask: &'a Ask) -> Self {
        Self {
            ask,
            told: Told::default(),
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
        // Without record numbers there is nothing that two rows could both be.
        if request.record < 0 {
            return;
        }
        let place = request.place();
        if self.record.replace(place) == Some(place) && self.several.last() != Some(&place) {
            self.several.push(place);
        }
        if request.ms <= self.ask.period.now.ms() {
            let earlier = self.before.map_or(0, |before| before.saturating_sub(place.second));
            self.steps_back |= earlier > self.ask.apart_s;
            self.before = Some(place.second);
        }
    }

    /// Whether a request is of the period: of the others no more is read.
    fn counts(&self, request: &Request) -> bool {
        let Period { start, now } = self.ask.period;
        (start.ms()..=now.ms()).contains(&request.ms)
    }

    /// Takes more of a request of the period.
    ///
    /// - `client_offset`: the client's clock, as it is packed; `None` when it is in no usual form.
    fn take_counted(&mut self, request: &Request, hresult: u32, client_offset: Option<i64>) {
        let place = request.place();
        let (rows, last) = self.results.entry(hresult).or_insert((0, request.ms));
        *rows += 1;
        *last = request.ms.max(*last);
        let apart = client_offset
            .map(|packed| offset_s(packed).saturating_sub(place.second % 60).saturating_abs());
        if apart.is_none_or(|apart| apart > self.ask.clocks_s) {
            self.told.clocks.note(place);
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
        self.doubted.append(&mut self.several);
        (self.before, self.record) = (None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::{Ask, Noted, Reader, Record, Request, Result, Told};
    use crate::clock::Timestamp;
    use crate::kms::report::Period;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_s(second).unwrap()
    }

    struct Row {
        request: Request,
        hresult: u32,
        client_offset: Option<i64>,
    }

    fn ask() -> Ask {
        let period = Period { start: at(1000), now: at(9000) };
        Ask { period, apart_s: 60, clocks_s: 600 }
    }

    /// What is read of rows, host by host.
    fn read(rows: &[Row]) -> (Told, Vec<Record>) {
        let ask = ask();
        let mut reader = Reader::new(&ask);
        for rows in rows.chunk_by(|one, next| one.request.host == next.request.host) {
            for Row { request, hresult, client_offset } in rows {
                reader.take(request);
                if reader.counts(request) {
                    reader.take_counted(request, *hresult, *client_offset);
                }
            }
            reader.close(rows[0].request.host);
        }
        (reader.told, reader.doubted)
    }

    /// What is read of rows: host, record, second, millisecond, result.
    fn requests(rows: &[[i64; 5]]) -> Vec<Row> {
        let row = |&[host, record, second, ms, hresult]: &[i64; 5]| Row {
            request: Request { host, record, ms: second * 1000 + ms },
            hresult: u32::try_from(hresult).unwrap(),
            client_offset: Some(0),
        };
        rows.iter().map(row).collect()
    }

    fn told(rows: &[[i64; 5]]) -> Told {
        read(&requests(rows)).0
    }

    fn doubted(rows: &[[i64; 5]]) -> Vec<Record> {
        read(&requests(rows)).1
    }

    #[test]
    fn requests_whose_clocks_differ_are_noted() {
        let mut rows = requests(&[1, 2, 3, 4, 5].map(|record| [1, record, 2000 + record, 0, 0]));
        let noted = |records: &[i64]| {
            let mut noted = Noted::default();
            for record in records {
                noted.note(Record { host: 1, record: *record, second: 2000 + record });
            }
            noted
        };
        assert_eq!(read(&rows).0.clocks, noted(&[]));
        // Whole minutes stand in the bits above the lowest; the second 2001 is the 21st of its minute.
        rows[0].client_offset = None;
        rows[1].client_offset = Some(10 << 1);
        rows[2].client_offset = Some(11 << 1 | 1);
        rows[3].client_offset = Some(-10 << 1);
        rows[4].request.ms = 9_000_001;
        assert_eq!(read(&rows).0.clocks, noted(&[1, 3, 4]));
    }

    #[test]
    fn results_are_counted_by_host_within_the_period() {
        let failed = 0xC004_F042;
        let rows = [
            [1, 1, 999, 999, 0],
            [1, 2, 1000, 0, 0],
            [1, 3, 2000, 500, failed],
            [1, 4, 9000, 1, 0],
            [2, 1, 3000, 0, 0],
        ];
        let result = |host, hresult, last| Result { host, hresult, rows: 1, last };
        let half = Timestamp::from_ms(2_000_500).unwrap();
        assert_eq!(
            told(&rows).results,
            [result(1, 0, at(1000)), result(1, 0xC004_F042, half), result(2, 0, at(3000))]
        );
    }

    #[test]
    fn a_later_record_that_is_more_than_a_minute_older_shows_a_clock_that_went_back() {
        let log = |second| [[1, 1, 2000, 0, 0], [1, 2, second, 0, 0]];
        assert!(told(&log(1940)).steps_back.is_empty());
        assert_eq!(told(&log(1939)).steps_back, [1]);
        // Another host's log, what has no number, and what is later than now say nothing.
        let [first, second] = log(1000);
        assert!(told(&[first, [2, 2, 1000, 0, 0]]).steps_back.is_empty());
        assert!(told(&[[1, -1, 9000, 0, 0], second]).steps_back.is_empty());
        assert!(told(&[[1, 1, 9001, 0, 0], second]).steps_back.is_empty());
    }

    #[test]
    fn a_record_with_several_rows_is_doubted_once() {
        let rows = [
            [1, 7, 2000, 0, 0],
            [1, 7, 2000, 0, 1],
            [1, 7, 2000, 0, 2],
            [1, 8, 2000, 0, 0],
            [2, 8, 2000, 0, 0],
        ];
        assert_eq!(doubted(&rows), [Record { host: 1, record: 7, second: 2000 }]);
        // Without record numbers there is nothing that two rows could both be.
        let unnumbered = rows.map(|[host, _, second, ms, hresult]| [host, -1, second, ms, hresult]);
        assert!(doubted(&unnumbered).is_empty());
    }
}
