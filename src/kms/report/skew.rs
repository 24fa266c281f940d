//! How far the clocks of clients are from those of their hosts: what client time and log time say about each other.
//!
//! Client time is untrusted text without seconds: nothing is ordered by it. A host refuses a request whose clock is more than four
//! hours away.

use super::Period;
use crate::clock::{Civil, Timestamp};
use crate::finding::{Finding, Level};
use crate::kms::catalog::codes::SL_E_VL_INVALID_TIMESTAMP;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a difference between the two clocks means, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    Ok,
    /// The text names no time.
    Unreadable,
    /// Whole hours: one of the two writes local time.
    ZoneOrDst,
    Off,
    /// A host refuses the request.
    Refusable,
}

/// Differences up to this one are those of healthy clocks, seconds.
///
/// Source: assumed; client time has no seconds and a request takes a while.
pub const HEALTHY: i64 = 600;

/// The farthest zone, hours from UTC.
const FARTHEST_ZONE: i64 = 14;

/// The difference that a host still accepts, seconds.
///
/// Source: [F074] four hours.
pub const ACCEPTED: i64 = 4 * 3600;

impl Verdict {
    /// The word of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::ZoneOrDst => "zone-or-dst",
            Self::Off => "off",
            Self::Refusable => "refusable",
            Self::Unreadable => "unreadable",
        }
    }

    /// What a difference of so many seconds means.
    #[must_use]
    pub fn of(seconds: i64) -> Self {
        let apart = seconds.saturating_abs();
        let hours = (apart + 1800) / 3600;
        if apart <= HEALTHY {
            Self::Ok
        } else if (1..=FARTHEST_ZONE).contains(&hours) && (apart - hours * 3600).abs() <= HEALTHY {
            Self::ZoneOrDst
        } else if apart <= ACCEPTED {
            Self::Off
        } else {
            Self::Refusable
        }
    }
}

/// Seconds from the time at which the host logged a request to the one that the client's clock showed; `None` when the text is
/// no time. Zeros in front do not matter.
#[must_use]
pub fn difference(client_time: &str, logged: Timestamp) -> Option<i64> {
    let (date, time) = client_time.trim().split_once([' ', 'T'])?;
    let mut numbers = date.splitn(3, ['/', '-']).chain(time.trim().splitn(2, ':')).map(|part| {
        let digits =
            !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|_| digits)
    });
    let mut next = || numbers.next().flatten();
    let (year, month, day, hour, minute) = (next()?, next()?, next()?, next()?, next()?);
    let at = Timestamp::from_civil(&Civil { year, month, day, hour, minute, second: 0 })?;
    Some(at.s() - logged.s())
}

/// The clock of one client under one name, as far as it differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skewed {
    pub cmid: Uuid,
    pub name: String,
    /// The host of the newest of the requests.
    pub host: String,
    /// The worst of its requests.
    pub verdict: Verdict,
    /// Requests that differ.
    pub rows: u64,
    /// The farthest difference, seconds; the client's clock is ahead when it is positive. `None` when unreadable.
    pub worst: Option<i64>,
    /// That of the newest request.
    pub newest: Option<i64>,
    pub first: Timestamp,
    pub last: Timestamp,
}

impl Skewed {
    /// The finding: a warning when a host refuses such a clock.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        if self.verdict != Verdict::Refusable {
            return None;
        }
        let object = if self.name.is_empty() { self.cmid.to_string() } else { self.name.clone() };
        let apart = self.worst.map(against).unwrap_or_default();
        let message = format!(
            "the clock of `{object}` is {apart} that of `{}`; hosts refuse more than four hours",
            self.host
        );
        let finding = Finding::new("kms", "skew.refusable", Level::Warning, object, message)
            .within(&self.host)
            .with("ClientMachineID", self.cmid.to_string())
            .with("ClientName", self.name.as_str())
            .with("seconds", self.worst)
            .with("rows", self.rows)
            .since(Some(self.first))
            .remedy(SL_E_VL_INVALID_TIMESTAMP.remedy);
        Some(finding)
    }
}

/// A difference for people: `5 h 12 min behind`, `11 min ahead`.
#[must_use]
pub fn shown(seconds: i64) -> String {
    format!("{} {}", span(seconds), if seconds < 0 { "behind" } else { "ahead" })
}

fn against(seconds: i64) -> String {
    format!("{} {}", span(seconds), if seconds < 0 { "behind" } else { "ahead of" })
}

fn span(seconds: i64) -> String {
    let minutes = seconds.saturating_abs() / 60;
    match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// The accumulator: one client at a time, and the newest difference of those that differ.
#[derive(Debug, Default)]
pub struct Skew {
    open: Option<Skewed>,
    rows: u64,
    /// Newest readable differences of the clients of each host.
    hosts: BTreeMap<String, Vec<i64>>,
}

impl Skew {
    /// Takes a request in the order of client and time; hands back a client that is done.
    pub fn take(
        &mut self,
        client: (Uuid, &str),
        host: &str,
        times: (Timestamp, &str),
    ) -> Option<Skewed> {
        let ((cmid, name), (time, client_time)) = (client, times);
        let apart = difference(client_time, time);
        let verdict = apart.map_or(Verdict::Unreadable, Verdict::of);
        if verdict == Verdict::Ok {
            return None;
        }
        self.rows += 1;
        if let Some(open) = self.open.as_mut().filter(|open| open.cmid == cmid && open.name == name)
        {
            open.rows += 1;
            open.verdict = open.verdict.max(verdict);
            open.last = time;
            open.newest = apart;
            let farther = |apart: &i64| open.worst.is_none_or(|worst| apart.abs() > worst.abs());
            open.worst = apart.filter(farther).or(open.worst);
            host.clone_into(&mut open.host);
            return None;
        }
        let next = Skewed {
            cmid,
            name: name.to_owned(),
            host: host.to_owned(),
            verdict,
            rows: 1,
            worst: apart,
            newest: apart,
            first: time,
            last: time,
        };
        let done = self.open.replace(next);
        done.inspect(|done| self.note(done))
    }

    fn note(&mut self, done: &Skewed) {
        if let Some(newest) = done.newest {
            self.hosts.entry(done.host.clone()).or_default().push(newest);
        }
    }

    /// The last client, and what the clients say about the clocks of their hosts.
    #[must_use]
    pub fn finish(mut self) -> (Option<Skewed>, Answer) {
        let last = self.open.take();
        if let Some(last) = &last {
            self.note(last);
        }
        (last, Answer { rows: self.rows, hosts: self.hosts })
    }
}

/// What is left when every client was handed out.
#[derive(Debug)]
pub struct Answer {
    /// Requests that differ.
    pub rows: u64,
    hosts: BTreeMap<String, Vec<i64>>,
}

impl Answer {
    /// The hosts whose own clock is wrong: more than half of their clients, and two at least, differ by the same.
    ///
    /// - `clients`: how many clients asked each host in the period.
    #[must_use]
    pub fn hosts(&self, clients: &BTreeMap<String, u64>, period: Period) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (host, differences) in &self.hosts {
            let all = clients.get(host).copied().unwrap_or_default();
            let mut differences = differences.clone();
            differences.sort_unstable();
            let Some(median) = differences.get(differences.len() / 2).copied() else { continue };
            let alike =
                differences.iter().filter(|apart| (**apart - median).abs() <= HEALTHY).count();
            let alike = u64::try_from(alike).unwrap_or(u64::MAX);
            let wrong = matches!(Verdict::of(median), Verdict::Off | Verdict::Refusable);
            if wrong && alike >= 2 && alike.saturating_mul(2) > all {
                let message = format!(
                    "the clock of `{host}` is {} those of {alike} of its {all} clients",
                    against(median.saturating_neg())
                );
                let finding = Finding::new("kms", "skew.host-clock", Level::Warning, host, message)
                    .within(host)
                    .with("seconds", median.saturating_neg())
                    .with("clients", alike)
                    .since(Some(period.start))
                    .remedy("set the clock of the host by the time service of the domain");
                findings.push(finding);
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::super::minilog::{NOW, at, cmid};
    use super::super::{Period, WINDOW};
    use super::{Skew, Skewed, Verdict, difference, shown};
    use std::collections::BTreeMap;

    #[test]
    fn a_difference_is_judged_by_its_size_and_by_whole_hours() {
        let (minute, hour) = (60, 3600);
        for (seconds, verdict) in [
            (0, Verdict::Ok),
            (10 * minute, Verdict::Ok),
            (10 * minute + 1, Verdict::Off),
            (50 * minute - 1, Verdict::Off),
            (50 * minute, Verdict::ZoneOrDst),
            (hour, Verdict::ZoneOrDst),
            (70 * minute, Verdict::ZoneOrDst),
            (70 * minute + 1, Verdict::Off),
            (4 * hour, Verdict::ZoneOrDst),
            (4 * hour - 30 * minute, Verdict::Off),
            (4 * hour + 11 * minute, Verdict::Refusable),
            (5 * hour + 30 * minute, Verdict::Refusable),
            (14 * hour + 10 * minute, Verdict::ZoneOrDst),
            (15 * hour, Verdict::Refusable),
        ] {
            assert_eq!(Verdict::of(seconds), verdict, "{seconds}");
            assert_eq!(Verdict::of(-seconds), verdict, "-{seconds}");
        }
    }

    #[test]
    fn a_client_time_is_read_with_zeros_and_without() {
        let logged = at("2025-03-09T12:00:30Z");
        for (text, seconds) in [
            ("2025/3/9 16:01", Some(4 * 3600 + 30)),
            ("2025/03/09 16:01", Some(4 * 3600 + 30)),
            ("2025/3/9 12:00", Some(-30)),
            ("2025/3/8 12:00", Some(-86_430)),
            ("2025/2/29 12:00", None),
            ("yesterday at noon", None),
            ("2025/3/9 12:00:00", None),
            ("+2025/3/9 12:00", None),
            ("", None),
        ] {
            assert_eq!(difference(text, logged), seconds, "{text}");
        }
    }

    fn taken(rows: &[(u64, &str, &str)]) -> (Vec<Skewed>, super::Answer) {
        let (mut skew, mut found) = (Skew::default(), Vec::new());
        for (n, time, client_time) in rows {
            found.extend(skew.take(
                (cmid(*n), &format!("pc-{n}")),
                "kms01",
                (at(time), client_time),
            ));
        }
        let (last, answer) = skew.finish();
        found.extend(last);
        (found, answer)
    }

    #[test]
    fn a_client_is_judged_by_the_worst_of_its_requests() {
        let (found, answer) = taken(&[
            (1, "2025-03-09T12:00:00Z", "2025/3/9 13:00"),
            (1, "2025-03-09T13:00:00Z", "2025/3/9 18:30"),
            (1, "2025-03-09T14:00:00Z", "2025/3/9 14:15"),
            (2, "2025-03-09T14:00:00Z", "2025/3/9 14:05"),
            (3, "2025-03-09T14:00:00Z", "soon"),
        ]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].verdict, found[0].rows), (Verdict::Refusable, 3));
        assert_eq!((found[0].worst, found[0].newest), (Some(5 * 3600 + 1800), Some(900)));
        assert_eq!((found[1].verdict, found[1].worst), (Verdict::Unreadable, None));
        assert_eq!(answer.rows, 4);
        let finding = found[0].finding().unwrap();
        assert_eq!(
            finding.message,
            "the clock of `pc-1` is 5 h 30 min ahead of that of `kms01`; hosts refuse more than four hours"
        );
        assert_eq!(found[1].finding(), None);
    }

    #[test]
    fn a_host_that_differs_from_most_of_its_clients_is_wrong_itself() {
        let row = |n: u64| (n, "2025-03-09T12:00:00Z", "2025/3/9 12:25");
        let period = Period::ending(at(NOW), WINDOW);
        let judged = |rows: &[(u64, &str, &str)], clients: u64| {
            taken(rows).1.hosts(&BTreeMap::from([("kms01".to_owned(), clients)]), period)
        };
        let findings = judged(&[row(1), row(2)], 3);
        assert_eq!(
            findings[0].message,
            "the clock of `kms01` is 25 min behind those of 2 of its 3 clients"
        );
        assert_eq!(judged(&[row(1), row(2)], 4), []);
        assert_eq!(judged(&[row(1)], 1), []);
        // Whole hours are zones, and clients that differ from each other say nothing of the host.
        let zone = |n: u64| (n, "2025-03-09T12:00:00Z", "2025/3/9 13:00");
        assert_eq!(judged(&[zone(1), zone(2)], 2), []);
        let other = (2, "2025-03-09T12:00:00Z", "2025/3/9 11:35");
        assert_eq!(judged(&[row(1), other], 2), []);
    }

    #[test]
    fn differences_are_told_as_people_tell_them() {
        assert_eq!(shown(-1500), "25 min behind");
        assert_eq!(shown(5 * 3600 + 12 * 60), "5 h 12 min ahead");
        assert_eq!(shown(-3 * 86_400 - 3600), "3 d 1 h behind");
    }
}
