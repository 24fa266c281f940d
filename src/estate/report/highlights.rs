//! What the page tells of single findings: the worst and the soonest, however many an estate has.

use super::super::status::tone;
use super::page::{Words, words};
use crate::api::Summary;
use crate::clock::Timestamp;
use crate::finding::{Finding, Level, Tally};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many dates and findings the page lists: of an estate with more, the worst and the soonest.
const DUES: usize = 100;
const FINDINGS: usize = 1000;

/// A date at which something falls due.
pub(super) struct Due {
    pub(super) at: String,
    pub(super) tone: &'static str,
    pub(super) place: String,
    pub(super) what: Vec<Words>,
    pub(super) how_long: String,
}

/// A finding in words.
pub(super) struct Found {
    pub(super) tone: &'static str,
    pub(super) class: String,
    pub(super) place: String,
    pub(super) message: Vec<Words>,
    pub(super) remedy: Vec<Words>,
    pub(super) due: String,
}

/// Keeps the first of what comes in any order.
struct First<K, T> {
    limit: usize,
    held: Vec<(K, T)>,
}

impl<K: Ord, T> First<K, T> {
    const fn new(limit: usize) -> Self {
        Self { limit, held: Vec::new() }
    }

    /// Takes what `make` makes, unless as many as are kept come before it.
    fn take(&mut self, key: K, make: impl FnOnce() -> T) {
        let place = self.held.partition_point(|(known, _)| *known <= key);
        if place < self.limit {
            self.held.truncate(self.limit - 1);
            self.held.insert(place, (key, make()));
        }
    }

    fn into_values(self) -> Vec<T> {
        self.held.into_iter().map(|(_, value)| value).collect()
    }
}

/// What is kept of the findings and dates of all domains.
pub(super) struct Highlights {
    now: Timestamp,
    tally: Tally,
    findings: First<(Level, Timestamp), Found>,
    dues: First<(Timestamp, String), Due>,
    /// Digests of the dates with what they are of: each is told once.
    told: HashSet<u64>,
    /// Digests of date, domain and instance of every finding.
    dated: HashSet<u64>,
    /// The next date at which something falls due.
    pub(super) next: Option<Timestamp>,
}

impl Highlights {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            now,
            tally: Tally::default(),
            findings: First::new(FINDINGS),
            dues: First::new(DUES),
            told: HashSet::new(),
            dated: HashSet::new(),
            next: None,
        }
    }

    /// How many findings there were.
    pub(super) fn findings(&self) -> u64 {
        self.tally.all()
    }

    pub(super) fn count(&self, level: Level) -> u64 {
        self.tally.of(level)
    }

    /// Takes a finding.
    pub(super) fn take(&mut self, finding: &Finding) {
        self.tally.add(finding.severity);
        let key = (finding.severity, finding.due.unwrap_or(Timestamp::MAX));
        self.findings.take(key, || Found::from(finding));
        if let Some(at) = finding.due {
            self.dated.insert(digest(&(at, finding.domain, &finding.instance)));
            let names = [finding.domain, &finding.instance, &finding.object];
            self.due(at, names, (Some(finding.severity), &finding.message));
        }
    }

    /// Takes a line of the status, after the findings of its domain: what one of them tells better is not told again.
    pub(super) fn line(&mut self, line: &Summary) {
        if let Some(at) = line.due
            && !self.dated.contains(&digest(&(at, line.domain, &line.instance)))
        {
            let names = [line.domain, &line.instance, &line.object];
            self.due(at, names, (line.worst, &line.message));
        }
    }

    fn due(&mut self, at: Timestamp, names: [&str; 3], (level, message): (Option<Level>, &str)) {
        if at >= self.now {
            self.next = Some(self.next.map_or(at, |next| next.min(at)));
        }
        if !self.told.insert(digest(&(at, names, message))) {
            return;
        }
        // Most dates of a large estate come after those that are kept, and need no words.
        let last = self.dues.held.last().filter(|_| self.dues.held.len() == DUES);
        if last.is_some_and(|((last, _), _)| at > *last) {
            return;
        }
        let [domain, instance, object] = names;
        let (place, now) = (place(domain, instance, object), self.now);
        self.dues.take((at, place.clone()), || Due {
            at: at.date(),
            tone: tone(level),
            place,
            what: words(message),
            how_long: how_long(at, now),
        });
    }

    /// The dates in their order, and how many more there are.
    pub(super) fn into_parts(self) -> (Vec<Due>, usize, Vec<Found>) {
        let dues = self.dues.into_values();
        let more = self.told.len().saturating_sub(dues.len());
        (dues, more, self.findings.into_values())
    }
}

/// Equal for equal things; among a million things two differing ones are equal with a chance of 3 in 10^8.
fn digest(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

fn place(domain: &str, instance: &str, object: &str) -> String {
    let parts = [domain, instance, object];
    let mut told: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    told.dedup();
    told.join(" · ")
}

/// `in 9 days`, `3 days ago`.
fn how_long(at: Timestamp, now: Timestamp) -> String {
    let (ahead, days) = (at > now, if at > now { at.days_since(now) } else { now.days_since(at) });
    let plural = if days == 1 { "" } else { "s" };
    match (days, ahead) {
        (0, _) => "today".to_owned(),
        (days, true) => format!("in {days} day{plural}"),
        (days, false) => format!("{days} day{plural} ago"),
    }
}

impl From<&Finding> for Found {
    fn from(finding: &Finding) -> Self {
        Self {
            tone: tone(Some(finding.severity)),
            class: format!("{}.{}", finding.domain, finding.class),
            place: place("", &finding.instance, &finding.object),
            due: finding.due.map_or_else(String::new, Timestamp::date),
            message: words(&finding.message),
            remedy: words(&finding.remedy),
        }
    }
}
