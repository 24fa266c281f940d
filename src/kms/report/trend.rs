//! How many requests when: counts by hour, day or week, split by what the requests hold.
//!
//! Requests come in the order of their CMID, so that the clients of a bucket are counted without holding them.

use crate::clock::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The length of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Hour,
    Day,
    /// ISO week: from Monday.
    Week,
}

impl By {
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Week];

    /// The word of the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }
}

/// What the requests of a bucket are split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// `LicenseStatus`.
    Status,
    Hresult,
    /// `ActivationID`.
    Product,
    /// `ApplicationID`.
    Application,
    /// Virtual machine: 0 or 1, as event 12290 has it.
    Vm,
    Host,
    /// `RequiredClientCount`.
    N,
}

impl Split {
    pub const ALL: [Self; 7] = [
        Self::Status,
        Self::Hresult,
        Self::Product,
        Self::Application,
        Self::Vm,
        Self::Host,
        Self::N,
    ];

    /// The word of the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Hresult => "hresult",
            Self::Product => "product",
            Self::Application => "application",
            Self::Vm => "vm",
            Self::Host => "host",
            Self::N => "n",
        }
    }
}

/// One bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// `2025-03-09T07:00:00Z`, `2025-03-09` or `2025-W10`, in the zone that was asked for.
    pub label: String,
    pub total: u64,
    pub distinct: u64,
    /// Requests by the value that they are split by, as the API writes it.
    pub split: BTreeMap<String, u64>,
}

/// The accumulator: the buckets, and those of the current client.
#[derive(Debug)]
pub struct Trend {
    by: By,
    zone: TimeZone,
    cmid: Uuid,
    /// Buckets of the current client.
    touched: Vec<i64>,
    buckets: BTreeMap<i64, Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    total: u64,
    distinct: u64,
    split: BTreeMap<String, u64>,
}

/// The most buckets that are listed: those of ten years by the hour. Between distant requests the empty ones are left out.
const MOST: i64 = 87_672;

impl Trend {
    #[must_use]
    pub fn new(by: By, zone: TimeZone) -> Self {
        Self { by, zone, cmid: Uuid::nil(), touched: Vec::new(), buckets: BTreeMap::new() }
    }

    /// Takes the next request, in the order of CMID; `value` is what it is split by.
    pub fn take(&mut self, cmid: Uuid, time: Timestamp, value: Option<&str>) {
        if cmid != self.cmid {
            self.settle();
            self.cmid = cmid;
        }
        let key = self.key(time);
        let counts = self.buckets.entry(key).or_default();
        counts.total += 1;
        if let Some(value) = value {
            match counts.split.get_mut(value) {
                Some(count) => *count += 1,
                None => drop(counts.split.insert(value.to_owned(), 1)),
            }
        }
        if self.touched.last() != Some(&key) {
            self.touched.push(key);
        }
    }

    /// Counts the current client once in each of its buckets.
    fn settle(&mut self) {
        self.touched.sort_unstable();
        self.touched.dedup();
        for key in self.touched.drain(..) {
            self.buckets.entry(key).or_default().distinct += 1;
        }
    }

    /// The number of a bucket: hours since 1970 in UTC, days or weeks since then in the zone.
    fn key(&self, time: Timestamp) -> i64 {
        let local = || match jiff::Timestamp::from_millisecond(time.ms()) {
            Ok(at) => time.s() + i64::from(self.zone.to_offset(at).seconds()),
            Err(_) => time.s(),
        };
        match self.by {
            By::Hour => {
                // Where the zone is off by parts of an hour, its own hours begin amid those of UTC.
                let part = (local() - time.s()).rem_euclid(3600);
                (time.s() + part).div_euclid(3600)
            }
            By::Day => local().div_euclid(86_400),
            // The first of January 1970 was a Thursday.
            By::Week => (local().div_euclid(86_400) + 3).div_euclid(7),
        }
    }

    fn label(&self, key: i64) -> String {
        match self.by {
            By::Hour => {
                let start = |seconds: i64| jiff::Timestamp::from_second(seconds).ok();
                let Some(at) = start(key * 3600) else { return String::new() };
                let part = i64::from(self.zone.to_offset(at).seconds()).rem_euclid(3600);
                let Some(at) = start(key * 3600 - part) else { return String::new() };
                let local = at.to_zoned(self.zone.clone());
                let form = if local.offset().is_zero() {
                    "%Y-%m-%dT%H:%M:%SZ"
                } else {
                    "%Y-%m-%dT%H:%M:%S%:z"
                };
                local.strftime(form).to_string()
            }
            By::Day => date(key).map_or_else(String::new, |date| date.to_string()),
            By::Week => date(key * 7 - 3).map_or_else(String::new, |monday| {
                let week = monday.iso_week_date();
                debug_assert_eq!(week.weekday(), Weekday::Monday);
                format!("{}-W{:02}", week.year(), week.week())
            }),
        }
    }

    /// The buckets in their order, the empty ones between first and last among them.
    #[must_use]
    pub fn finish(mut self) -> Vec<Bucket> {
        self.settle();
        let mut buckets = std::mem::take(&mut self.buckets);
        let ends = buckets.first_key_value().zip(buckets.last_key_value());
        let span = ends.map(|((first, _), (last, _))| (*first, *last));
        if let Some((first, last)) = span
            && last - first < MOST
        {
            for key in first..=last {
                buckets.entry(key).or_default();
            }
        }
        let made = buckets.into_iter().map(|(key, counts)| Bucket {
            label: self.label(key),
            total: counts.total,
            distinct: counts.distinct,
            split: counts.split,
        });
        made.collect()
    }
}

/// The date of a day number counted from 1970-01-01.
fn date(day: i64) -> Option<Date> {
    let at = jiff::Timestamp::from_second(day.checked_mul(86_400)?).ok()?;
    Some(TimeZone::UTC.to_datetime(at).date())
}

#[cfg(test)]
mod tests {
    use super::super::minilog::{Log, NOW, at, cmid};
    use super::{Bucket, By, Split, Trend};
    use jiff::tz::TimeZone;
    use std::collections::BTreeMap;

    /// Mini log L1 as the trend is fed with it.
    fn l1(by: By, split: Split) -> Vec<Bucket> {
        let mut log = Log::l1();
        log.0.retain(|entry| entry.time <= at(NOW));
        log.0.sort_by_key(|entry| entry.cmid);
        let mut trend = Trend::new(by, TimeZone::UTC);
        for entry in &log.0 {
            let value = match split {
                Split::Hresult => format!("0x{:08X}", entry.hresult),
                _ => entry.status.to_string(),
            };
            trend.take(entry.cmid, entry.time, Some(&value));
        }
        trend.finish()
    }

    fn split(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
        pairs.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
    }

    #[test]
    fn the_mini_log_has_fourteen_days_of_which_the_empty_ones_are_listed() {
        let buckets = l1(By::Day, Split::Status);
        assert_eq!(buckets.len(), 14);
        let day = |at: usize| (&buckets[at].label[..], buckets[at].total, buckets[at].distinct);
        assert_eq!(day(0), ("2025-03-01", 2, 1));
        assert_eq!(buckets[0].split, split(&[("2", 1), ("5", 1)]));
        assert_eq!(day(1), ("2025-03-02", 3, 1));
        assert_eq!(buckets[1].split, split(&[("2", 3)]));
        assert_eq!(day(3), ("2025-03-04", 0, 0));
        assert_eq!(buckets[3].split, split(&[]));
        assert_eq!(buckets[7].split, split(&[("1", 1)]));
        assert_eq!(buckets[13].label, "2025-03-14");
    }

    #[test]
    fn the_mini_log_has_eleven_valid_requests_and_a_refused_one() {
        let mut all: BTreeMap<String, u64> = BTreeMap::new();
        for bucket in l1(By::Week, Split::Hresult) {
            bucket
                .split
                .into_iter()
                .for_each(|(value, count)| *all.entry(value).or_default() += count);
        }
        assert_eq!(all, split(&[("0x00000000", 11), ("0xC004F042", 1)]));
    }

    #[test]
    fn a_week_begins_on_monday() {
        let mut trend = Trend::new(By::Week, TimeZone::UTC);
        for time in ["2025-03-09T23:59:59Z", "2025-03-10T00:00:00Z", "2024-12-30T00:00:00Z"] {
            trend.take(cmid(1), at(time), None);
        }
        let buckets = trend.finish();
        assert_eq!(buckets.len(), 11);
        let labels: Vec<&str> = buckets
            .iter()
            .filter(|bucket| bucket.total > 0)
            .map(|bucket| bucket.label.as_str())
            .collect();
        assert_eq!(labels, ["2025-W01", "2025-W10", "2025-W11"]);
    }

    #[test]
    fn a_client_counts_once_a_bucket_however_often_it_asks() {
        let mut trend = Trend::new(By::Hour, TimeZone::UTC);
        for time in ["2025-03-09T07:05:00Z", "2025-03-09T08:05:00Z", "2025-03-09T07:55:00Z"] {
            trend.take(cmid(1), at(time), None);
        }
        trend.take(cmid(2), at("2025-03-09T07:00:00Z"), None);
        let buckets = trend.finish();
        let seen: Vec<_> = buckets
            .iter()
            .map(|bucket| (bucket.label.as_str(), bucket.total, bucket.distinct))
            .collect();
        assert_eq!(seen, [("2025-03-09T07:00:00Z", 3, 2), ("2025-03-09T08:00:00Z", 1, 1)]);
    }

    #[test]
    fn buckets_are_those_of_the_zone() {
        let count = |by, zone: &str, times: &[&str]| -> Vec<(String, u64)> {
            let mut trend = Trend::new(by, TimeZone::get(zone).unwrap());
            for time in times {
                trend.take(cmid(1), at(time), None);
            }
            trend.finish().into_iter().map(|bucket| (bucket.label, bucket.total)).collect()
        };
        let days =
            count(By::Day, "Europe/Berlin", &["2025-03-08T22:59:59Z", "2025-03-08T23:00:00Z"]);
        assert_eq!(days, [("2025-03-08".to_owned(), 1), ("2025-03-09".to_owned(), 1)]);
        // The hour that the clocks repeat is two hours.
        let times = ["2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z"];
        let hours = count(By::Hour, "Europe/Berlin", &times);
        assert_eq!(
            hours,
            [
                ("2025-10-26T02:00:00+02:00".to_owned(), 1),
                ("2025-10-26T02:00:00+01:00".to_owned(), 1)
            ]
        );
        let hours =
            count(By::Hour, "Asia/Kolkata", &["2025-03-09T00:29:00Z", "2025-03-09T00:31:00Z"]);
        assert_eq!(
            hours,
            [
                ("2025-03-09T05:00:00+05:30".to_owned(), 1),
                ("2025-03-09T06:00:00+05:30".to_owned(), 1)
            ]
        );
    }

    #[test]
    fn nothing_asked_makes_no_bucket() {
        assert_eq!(Trend::new(By::Day, TimeZone::UTC).finish(), []);
    }
}
