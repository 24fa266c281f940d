//! What the log of a host covers: from when to when, with which gaps, and how large it must be to cover the counting window.
//!
//! Record numbers tell what is missing. They begin again when a log is cleared, and a clock that went back mixes their order.

use super::WINDOW;
use crate::clock::{Span, Timestamp};
use crate::finding::{Finding, Level};
use std::collections::BTreeMap;

/// What `coverage` is asked.
#[derive(Debug, Clone, Copy)]
pub struct Parameters {
    /// Size at which the log begins to overwrite itself, bytes.
    pub log_bytes: u64,
    /// Bytes of the log for each request; `None`: as it was measured, else [`RECORD_BYTES`].
    pub record_bytes: Option<u64>,
    /// Days that the log is to hold.
    pub days: u32,
}

/// What a request takes in the log, bytes, where nobody measured it.
///
/// Source: assumed; comparable records measured 290 to 500 bytes beside their text, so that 600 to 900 are likely.
pub const RECORD_BYTES: u64 = 750;

/// Log files with fewer records measure nothing: what a log takes for itself would count for much.
pub const MEASURED: u32 = 100;

/// Days that a log should hold: the counting window and half of it again.
pub const DAYS: u32 = 45;

/// Logs grow by chunks of so many bytes.
///
/// Source: [EVTXC].
const CHUNK: u128 = 65_536;

/// Record numbers that are missing, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    pub from: u64,
    pub to: u64,
}

/// A clock that was set back while the log was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepBack {
    /// The first request that is newer than one with a larger record number.
    pub at: Timestamp,
    /// By how much, seconds.
    pub seconds: i64,
    pub rows: u64,
}

/// The log of one host.
#[derive(Debug, Clone, PartialEq)]
pub struct HostLog {
    pub host: String,
    pub first: Timestamp,
    pub last: Timestamp,
    pub rows: u64,
    /// How often the record numbers began again, plus 1.
    pub segments: u64,
    /// The first gaps, in the order of time.
    pub gaps: Vec<Gap>,
    /// Gaps beyond the listed ones.
    pub more_gaps: u64,
    /// Records in all gaps.
    pub missing: u64,
    pub step_back: Option<StepBack>,
    pub sizes: Sizes,
}

/// What follows from rate and size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sizes {
    /// `None` when the requests cover no time.
    pub rows_per_day: Option<f64>,
    pub record_bytes: u64,
    pub log_bytes: u64,
    /// Days that a log of that size holds.
    pub days_held: Option<f64>,
    /// Days that are wanted, and the size that holds them, bytes.
    pub days: u32,
    pub bytes_wanted: Option<u64>,
}

impl Sizes {
    /// - `rows`, `covered_ms`: requests and the time that they cover.
    #[must_use]
    pub fn new(parameters: &Parameters, rows: u64, covered_ms: i64) -> Self {
        let day = u128::from(Span::days(1).ms().unsigned_abs());
        let covered = u128::try_from(covered_ms).unwrap_or(0);
        let record_bytes = parameters.record_bytes.unwrap_or(RECORD_BYTES);
        let bytes = u128::from(rows) * u128::from(record_bytes);
        let wanted = (bytes * u128::from(parameters.days) * day)
            .checked_div(covered)
            .map(|_| (bytes * u128::from(parameters.days) * day).div_ceil(covered.max(1)));
        // Rounded to thousandths: a rate is an estimate.
        let thousandths = |number: u128| {
            f64::from(u32::try_from(number / 1000).unwrap_or(u32::MAX))
                + f64::from(u32::try_from(number % 1000).unwrap_or_default()) / 1000.0
        };
        let per_day = (u128::from(rows) * day * 1000).checked_div(covered);
        let held = (u128::from(parameters.log_bytes) * covered * 1000).checked_div(bytes * day);
        Self {
            rows_per_day: per_day.map(thousandths),
            record_bytes,
            log_bytes: parameters.log_bytes,
            days_held: held.filter(|_| covered > 0).map(thousandths),
            days: parameters.days,
            bytes_wanted: wanted
                .map(|bytes| bytes.div_ceil(CHUNK) * CHUNK)
                .map(|bytes| u64::try_from(bytes).unwrap_or(u64::MAX)),
        }
    }

    /// Whether a log of that size forgets requests that the host still counts.
    #[must_use]
    pub fn too_small(&self) -> bool {
        self.days_held.is_some_and(|days| days < WINDOW.in_days())
    }
}

impl HostLog {
    /// The finding: a warning when the log is too small for the counting window.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        if !self.sizes.too_small() {
            return None;
        }
        let held = self.sizes.days_held.unwrap_or_default();
        let wanted = self.sizes.bytes_wanted.unwrap_or_default();
        let message = format!(
            "a log of {} bytes holds {held:.1} days of `{}`, less than the 30 days that the host counts",
            self.sizes.log_bytes, self.host
        );
        let remedy = format!(
            "set the log `Key Management Service` to {wanted} bytes: `wevtutil sl \"Key Management Service\" /ms:{wanted}`"
        );
        let finding =
            Finding::new("kms", "coverage.log-too-small", Level::Warning, &self.host, message)
                .within(&self.host)
                .with("daysHeld", held)
                .with("bytesWanted", wanted)
                .remedy(remedy);
        Some(finding)
    }
}

/// The finding of a clock that went back.
#[must_use]
pub fn clock_finding(host: &str, step: StepBack) -> Finding {
    let message = format!(
        "two clocks wrote the log of `{host}`: {} records are newer than one with a larger number, by {} min at most",
        step.rows,
        step.seconds.div_euclid(60)
    );
    Finding::new("kms", "evidence.two-clocks", Level::Warning, host, message)
        .within(host)
        .with("rows", step.rows)
        .with("seconds", step.seconds)
        .since(Some(step.at))
        .remedy("the clock of the host was set back, or two hosts of one name wrote the log: dates of this time are not sure")
}

/// Gaps that are held at once; a log of which every second record was left out has more.
const HELD: usize = 10_000;

/// Gaps that are listed.
const LISTED: usize = 100;

/// A later record may be so much older than an earlier one without meaning anything, seconds.
///
/// Source: assumed; records are written within moments, and clocks are corrected by seconds.
pub const DISORDER: i64 = 60;

/// The accumulator: fed with the requests of one host in the order of time.
#[derive(Debug, Default)]
pub struct Records {
    /// Of the present segment: first and largest number, and when that one was written.
    segment: Option<(u64, u64, Timestamp)>,
    segments: u64,
    /// Missing numbers of the present segment by their first: the last, and when the record behind them was written.
    open: BTreeMap<u64, (u64, Timestamp)>,
    done: Vec<Gap>,
    /// Gaps of which only the number is known, and their records.
    uncounted: (u64, u64),
    step_back: Option<StepBack>,
}

impl Records {
    /// Takes the next request; one without a record number says nothing of gaps.
    pub fn take(&mut self, record: Option<u64>, time: Timestamp) {
        let Some(record) = record else { return };
        let Some((first, top, at)) = self.segment else {
            return self.begin(record, time);
        };
        if record > top {
            if record > top + 1 {
                self.miss(top + 1, record - 1, time);
            }
            self.segment = Some((first, record, time));
        } else if record == top {
            // The same record in two contents, which is another question.
        } else if let Some(behind) = self.fill(record) {
            self.step(time.since(behind), time);
        } else if record <= first || record.saturating_mul(2) <= top {
            // Numbers begin again at 1 when a log is cleared. That a small number means a new beginning is assumed.
            self.close();
            self.begin(record, time);
        } else {
            self.step(time.since(at), time);
        }
    }

    fn begin(&mut self, record: u64, time: Timestamp) {
        self.segment = Some((record, record, time));
        self.segments += 1;
    }

    fn miss(&mut self, from: u64, to: u64, behind: Timestamp) {
        if self.open.len() < HELD {
            self.open.insert(from, (to, behind));
        } else {
            self.uncounted = (self.uncounted.0 + 1, self.uncounted.1 + (to - from + 1));
        }
    }

    /// Takes a number out of the gap that it was missing in; when the record behind the gap was written.
    fn fill(&mut self, record: u64) -> Option<Timestamp> {
        let (&from, &(to, behind)) = self.open.range(..=record).next_back()?;
        if to < record {
            return None;
        }
        self.open.remove(&from);
        if from < record {
            self.open.insert(from, (record - 1, behind));
        }
        if record < to {
            self.open.insert(record + 1, (to, behind));
        }
        Some(behind)
    }

    /// Notes that a record with a larger number is so much older than this one.
    fn step(&mut self, older_ms: i64, time: Timestamp) {
        let seconds = older_ms / 1000;
        if seconds <= DISORDER {
            return;
        }
        let found = self.step_back.get_or_insert(StepBack { at: time, seconds, rows: 0 });
        found.seconds = found.seconds.max(seconds);
        found.rows += 1;
    }

    fn close(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.done.extend(open.into_iter().map(|(from, (to, _))| Gap { from, to }));
    }

    /// What the numbers say, put together with what is known of the log.
    ///
    /// - `rows`, `first`, `last`: of all requests of the host.
    #[must_use]
    pub fn finish(mut self, known: &super::Coverage, parameters: &Parameters) -> HostLog {
        self.close();
        let sum: u64 = self.done.iter().map(|gap| gap.to - gap.from + 1).sum();
        let more = self.done.len().saturating_sub(LISTED);
        self.done.truncate(LISTED);
        HostLog {
            host: known.host.clone(),
            first: known.first,
            last: known.last,
            rows: known.rows,
            segments: self.segments.max(1),
            gaps: self.done,
            more_gaps: self.uncounted.0 + u64::try_from(more).unwrap_or_default(),
            missing: sum + self.uncounted.1,
            step_back: self.step_back,
            sizes: Sizes::new(parameters, known.rows, known.last.since(known.first)),
        }
    }

    /// The step back alone, for those who ask for nothing else.
    #[must_use]
    pub fn step_back(&self) -> Option<StepBack> {
        self.step_back
    }
}

#[cfg(test)]
mod tests {
    use super::super::Coverage;
    use super::super::minilog::{NOW, at};
    use super::{Gap, HostLog, Parameters, Records, Sizes, StepBack, clock_finding};
    use crate::kms::catalog::events::DEFAULT_LOG_BYTES;

    fn parameters(days: u32) -> Parameters {
        Parameters { log_bytes: DEFAULT_LOG_BYTES, record_bytes: None, days }
    }

    /// A log with these record numbers, at these minutes.
    fn log(stamps: &[(u64, i64)]) -> HostLog {
        let mut stamps = stamps.to_vec();
        stamps.sort_by_key(|(_, minute)| *minute);
        let mut records = Records::default();
        let time = |minute: i64| at("2025-03-01T00:00:00Z").plus_minutes(minute);
        for (record, minute) in &stamps {
            records.take(Some(*record), time(*minute));
        }
        let known = Coverage {
            host: "kms01".to_owned(),
            first: time(stamps[0].1),
            last: time(stamps[stamps.len() - 1].1),
            rows: u64::try_from(stamps.len()).unwrap(),
        };
        records.finish(&known, &parameters(45))
    }

    fn gaps(log: &HostLog) -> Vec<(u64, u64)> {
        log.gaps.iter().map(|gap| (gap.from, gap.to)).collect()
    }

    #[test]
    fn ten_thousand_machines_with_two_products_need_92_mebibytes_for_45_days() {
        // 20,000 products that ask once in seven days.
        let week = 7 * 86_400_000;
        let sizes = Sizes::new(&parameters(45), 20_000, week);
        assert_eq!(sizes.bytes_wanted, Some(96_468_992));
        assert!((sizes.rows_per_day.unwrap() - 2857.142).abs() < 0.001);
        assert!((sizes.days_held.unwrap() - 9.786).abs() < 0.001);
        assert!(sizes.too_small());
        let small = Sizes::new(&parameters(45), 200, week);
        assert!(!small.too_small());
        // Requests that cover no time tell no rate.
        let moment = Sizes::new(&parameters(45), 3, 0);
        assert_eq!(
            (moment.rows_per_day, moment.days_held, moment.bytes_wanted),
            (None, None, None)
        );
    }

    #[test]
    fn a_jump_in_the_record_numbers_is_a_gap() {
        let found = log(&[(1, 0), (2, 1), (5, 2), (6, 3), (10, 4)]);
        assert_eq!((gaps(&found), found.missing), (vec![(3, 4), (7, 9)], 5));
        assert_eq!((found.segments, found.step_back), (1, None));
        assert!(log(&[(7, 0), (8, 5), (9, 5)]).gaps.is_empty());
    }

    #[test]
    fn a_log_that_was_cleared_has_two_segments_and_no_gap_between_them() {
        let found = log(&[(4998, 0), (4999, 1), (5000, 2), (1, 100), (2, 101), (4, 102)]);
        assert_eq!((found.segments, gaps(&found)), (2, vec![(3, 3)]));
        assert_eq!(found.step_back, None);
        // The first records of the new log were of other events.
        assert_eq!(log(&[(90, 0), (91, 1), (40, 100), (41, 101)]).segments, 2);
    }

    #[test]
    fn a_clock_that_went_back_mixes_the_numbers_without_a_gap() {
        // From record 10 on the clock is 90 minutes back.
        let stamps: Vec<(u64, i64)> = (1..=20)
            .map(|n| (n, i64::try_from(n).unwrap() * 30 - if n >= 10 { 90 } else { 0 }))
            .collect();
        let found = log(&stamps);
        assert_eq!((found.segments, gaps(&found)), (1, vec![]));
        let step = found.step_back.unwrap();
        assert_eq!((step.rows, step.seconds), (2, 60 * 60));
        let finding = clock_finding("kms01", step);
        assert_eq!(finding.class, "evidence.two-clocks");
        assert_eq!(
            finding.message,
            "two clocks wrote the log of `kms01`: 2 records are newer than one with a larger number, by 60 min at most"
        );
    }

    #[test]
    fn records_that_were_written_within_a_minute_have_no_order() {
        let time = at(NOW);
        let mut records = Records::default();
        records.take(Some(5), time);
        records.take(Some(4), time.plus_ms(60_000));
        assert_eq!(records.step_back(), None);
        records.take(Some(3), time.plus_ms(61_000));
        assert_eq!(
            records.step_back(),
            None,
            "a number below the first begins a new log: which came first cannot be told"
        );
        records.take(None, time);
    }

    #[test]
    fn a_log_full_of_holes_is_counted_to_the_end_and_listed_in_part() {
        let stamps: Vec<(u64, i64)> =
            (0..30_000).map(|n| (1 + 2 * n, i64::try_from(n).unwrap())).collect();
        let found = log(&stamps);
        assert_eq!((found.gaps.len(), found.missing), (100, 29_999));
        assert_eq!(found.more_gaps, 29_999 - 100);
        assert_eq!(found.gaps[0], Gap { from: 2, to: 2 });
    }

    #[test]
    fn a_log_too_small_for_the_counting_window_is_told_with_the_size_that_would_do() {
        let mut found = log(&[(1, 0), (2, 1)]);
        assert_eq!(found.finding().map(|finding| finding.class), Some("coverage.log-too-small"));
        found.sizes = Sizes::new(&parameters(45), 20_000, 7 * 86_400_000);
        assert!(found.finding().unwrap().remedy.contains("/ms:96468992"));
        let step = StepBack { at: at(NOW), seconds: 61, rows: 1 };
        assert_eq!(clock_finding("kms01", step).due, None);
    }
}
