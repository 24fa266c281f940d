//! What one reading of all requests in the order of their table tells: results, clocks that went back, and records with two
//! contents. Nothing is sorted, and of the requests only the one before is kept.

use super::questions::Result;
use super::units::Scope;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::report::Period;
use crate::store::{Flow, Read, Row};
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
    let sql = format!(
        "select r.host, r.record, r.time_s, r.client, r.sku, r.ms, r.hresult, r.origin from kms_requests r \
         where r.import not in (select change from hidden) and (?1 is null or r.host = ?1){} \
         order by r.host, r.record, r.time_s, r.client, r.sku",
        scope.origin()
    );
    let mut reader = Reader::new(*ask);
    read.each(&sql, &[scope.host.into()], &mut |row| {
        reader.take(row)?;
        Ok(Flow::Continue(()))
    })?;
    Ok(reader.finish())
}

/// What two rows of one record have in common: record, second, client and product.
type Same = (i64, i64, i64, i64);

struct Reader {
    ask: Ask,
    told: Told,
    host: Option<i64>,
    /// Of the host at hand: requests and the newest, milliseconds, by result.
    results: BTreeMap<u32, (u64, i64)>,
    /// The second of the imported record before.
    before: Option<i64>,
    steps_back: bool,
    same: Option<Same>,
    /// Whether the rows of `same` were counted.
    counted: bool,
    contradictions: u64,
}

impl Reader {
    const fn new(ask: Ask) -> Self {
        Self {
            ask,
            told: Told { results: Vec::new(), steps_back: Vec::new(), contradictions: Vec::new() },
            host: None,
            results: BTreeMap::new(),
            before: None,
            steps_back: false,
            same: None,
            counted: false,
            contradictions: 0,
        }
    }

    fn take(&mut self, row: &dyn Row) -> Outcome<()> {
        let host = row.int(0)?;
        if self.host != Some(host) {
            self.close();
            self.host = Some(host);
        }
        let (record, second) = (row.int(1)?, row.int(2)?);
        let ms = second.saturating_mul(1000).saturating_add(row.int(5)?);
        let Period { start, now } = self.ask.period;
        if ms >= start.ms() && ms <= now.ms() {
            let (rows, last) = self.results.entry(row.number(6)?).or_insert((0, ms));
            *rows += 1;
            *last = ms.max(*last);
        }
        if record < 0 {
            return Ok(());
        }
        let same = Some((record, second, row.int(3)?, row.int(4)?));
        if self.same == same {
            self.contradictions += u64::from(!self.counted);
            self.counted = true;
        } else {
            (self.same, self.counted) = (same, false);
        }
        if ms <= now.ms() && row.int(7)? == 0 {
            let earlier = self.before.map_or(0, |before| before.saturating_sub(second));
            self.steps_back |= earlier > self.ask.apart_s;
            self.before = Some(second);
        }
        Ok(())
    }

    /// Ends the host at hand.
    fn close(&mut self) {
        let Some(host) = self.host else { return };
        let results = std::mem::take(&mut self.results).into_iter();
        self.told.results.extend(results.filter_map(|(hresult, (rows, last))| {
            Some(Result { host, hresult, rows, last: Timestamp::from_ms(last)? })
        }));
        if std::mem::take(&mut self.steps_back) {
            self.told.steps_back.push(host);
        }
        let contradictions = std::mem::take(&mut self.contradictions);
        if contradictions > 0 {
            self.told.contradictions.push((host, contradictions));
        }
        (self.before, self.same, self.counted) = (None, None, false);
    }

    fn finish(mut self) -> Told {
        self.close();
        self.told
    }
}

#[cfg(test)]
mod tests {
    use super::{Ask, Reader, Result, Told};
    use crate::clock::Timestamp;
    use crate::error::Outcome;
    use crate::kms::report::Period;
    use crate::store::{Row, Value};

    /// A row of numbers: host, record, second, client, product, millisecond, result, origin.
    struct Numbers([i64; 8]);

    impl Row for Numbers {
        fn any(&self, column: usize) -> Outcome<Value<'_>> {
            Ok(Value::Int(self.0[column]))
        }

        fn name(&self, column: usize) -> String {
            column.to_string()
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_s(second).unwrap()
    }

    fn told(rows: &[[i64; 8]]) -> Told {
        let period = Period { start: at(1000), now: at(9000) };
        let mut reader = Reader::new(Ask { period, apart_s: 60 });
        for row in rows {
            reader.take(&Numbers(*row)).unwrap();
        }
        reader.finish()
    }

    #[test]
    fn results_are_counted_by_host_within_the_period() {
        let failed = 0xC004_F042;
        let rows = [
            [1, 1, 999, 1, 1, 999, 0, 0],
            [1, 2, 1000, 1, 1, 0, 0, 0],
            [1, 3, 2000, 1, 1, 500, failed, 0],
            [1, 4, 9000, 1, 1, 1, 0, 0],
            [2, 1, 3000, 1, 1, 0, 0, 0],
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
        let log = |second| [[1, 1, 2000, 1, 1, 0, 0, 0], [1, 2, second, 1, 1, 0, 0, 0]];
        assert!(told(&log(1940)).steps_back.is_empty());
        assert_eq!(told(&log(1939)).steps_back, [1]);
        // Another host's log, what the model made, and what is later than now say nothing.
        let [first, second] = log(1000);
        assert!(told(&[first, [2, 2, 1000, 1, 1, 0, 0, 0]]).steps_back.is_empty());
        assert!(told(&[first, [1, 2, 1000, 1, 1, 0, 0, 1]]).steps_back.is_empty());
        assert!(told(&[[1, 1, 9001, 1, 1, 0, 0, 0], second]).steps_back.is_empty());
    }

    #[test]
    fn one_record_with_several_contents_is_one_contradiction() {
        let rows = [
            [1, 7, 2000, 1, 1, 0, 0, 0],
            [1, 7, 2000, 1, 1, 0, 1, 0],
            [1, 7, 2000, 1, 1, 0, 2, 0],
            [1, 7, 2000, 2, 1, 0, 0, 0],
            [2, 7, 2000, 2, 1, 0, 0, 0],
        ];
        assert_eq!(told(&rows).contradictions, [(1, 1)]);
        // Without record numbers there is nothing that two rows could both be.
        let unnumbered = rows.map(|[host, _, rest @ ..]| {
            let [second, client, sku, ms, hresult, origin] = rest;
            [host, -1, second, client, sku, ms, hresult, origin]
        });
        assert!(told(&unnumbered).contradictions.is_empty());
    }
}
