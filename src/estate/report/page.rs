//! The page: what stands where, in words; how it looks is in `page.html`.

use super::super::status::tone;
use super::Shown;
use super::draw::Drawn;
use crate::api::Summary;
use crate::chart::{Bar, Body, Chart};
use crate::cli::VERSION;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::finding::{Finding, Level};
use askama::Template;

/// How many dates and findings the page lists: of an estate with more, the worst and the soonest.
const DUES: usize = 100;
const FINDINGS: usize = 1000;

/// How many lines without figures a domain shows.
const TOLD: usize = 40;

/// The page as the template wants it.
#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct Page {
    title: String,
    version: &'static str,
    now: String,
    sentence: String,
    tiles: Vec<Tile>,
    domains: Vec<Domain>,
    dues: Vec<Due>,
    more_dues: usize,
    findings: Vec<Found>,
    more_findings: usize,
}

struct Tile {
    value: String,
    label: &'static str,
    tone: &'static str,
}

struct Domain {
    name: &'static str,
    title: &'static str,
    charts: Vec<Drawn>,
    /// The lines of the status that count nothing, and so have no bar.
    told: Vec<Told>,
    more_told: usize,
}

struct Told {
    tone: &'static str,
    place: String,
    what: Vec<Words>,
}

/// Words of a sentence; `code` is what stood between backticks.
#[derive(PartialEq)]
struct Words {
    code: bool,
    text: String,
}

fn words(sentence: &str) -> Vec<Words> {
    let parts = sentence.split('`').enumerate();
    parts
        .map(|(at, text)| Words { code: at % 2 == 1, text: text.to_owned() })
        .filter(|words| !words.text.is_empty())
        .collect()
}

struct Due {
    at: String,
    tone: &'static str,
    place: String,
    what: Vec<Words>,
    how_long: String,
}

struct Found {
    tone: &'static str,
    class: String,
    place: String,
    message: Vec<Words>,
    remedy: Vec<Words>,
    due: String,
}

impl Page {
    pub(super) fn new(title: &str, now: Timestamp, shown: Vec<Shown>) -> Self {
        let mut findings: Vec<Finding> = Vec::new();
        let mut domains = Vec::new();
        let (mut instances, mut dues) = (Vec::new(), Vec::new());
        for part in shown {
            for line in &part.lines {
                if !instances.contains(&(line.domain, line.instance.clone())) {
                    instances.push((line.domain, line.instance.clone()));
                }
            }
            // What a finding tells better is not told again.
            let dated = |line: &&Summary| {
                let mut found = part.findings.iter();
                !found.any(|found| found.due == line.due && found.instance == line.instance)
            };
            dues.extend(part.lines.iter().filter(dated).filter_map(|line| due_of_line(line, now)));
            dues.extend(part.findings.iter().filter_map(|finding| due_of_finding(finding, now)));
            let charts = capacity(part.name, &part.lines).into_iter().chain(part.charts);
            domains.push(Domain {
                name: part.name,
                title: part.title,
                charts: charts.map(Drawn::new).collect(),
                more_told: part
                    .lines
                    .iter()
                    .filter(|line| line.used.is_none())
                    .count()
                    .saturating_sub(TOLD),
                told: told(&part.lines),
            });
            findings.extend(part.findings);
        }
        findings.sort_by_key(|finding| (finding.severity, finding.due.unwrap_or(Timestamp::MAX)));
        dues.sort_by(|(one, a), (other, b)| (one, &a.place).cmp(&(other, &b.place)));
        dues.dedup_by(|(one, a), (other, b)| {
            one == other && a.place == b.place && a.what == b.what
        });
        let next = dues.iter().find(|(at, _)| *at >= now).map(|(at, _)| *at);
        let count = |level| findings.iter().filter(|found| found.severity == level).count();
        let (errors, warnings) = (count(Level::Error), count(Level::Warning));
        Self {
            title: title.to_owned(),
            version: VERSION,
            now: now.whole_second().to_string(),
            sentence: sentence(errors, warnings, domains.len()),
            tiles: tiles(instances.len(), (errors, warnings), next),
            more_dues: dues.len().saturating_sub(DUES),
            dues: dues.into_iter().take(DUES).map(|(_, due)| due).collect(),
            more_findings: findings.len().saturating_sub(FINDINGS),
            findings: findings.into_iter().take(FINDINGS).map(Found::from).collect(),
            domains,
        }
    }

    /// How many charts it has.
    pub(super) fn charts(&self) -> usize {
        self.domains.iter().map(|domain| domain.charts.len()).sum()
    }

    pub(super) fn text(&self) -> Outcome<String> {
        self.render().map_err(|error| Stop::bug(&format!("the page of the report: {error}")))
    }
}

fn sentence(errors: usize, warnings: usize, domains: usize) -> String {
    let several =
        |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let systems = several(domains, "licensing system");
    match (errors, warnings) {
        (0, 0) => format!("{systems}; nothing is wrong."),
        (0, warnings) => format!("{systems}; {}, no error.", several(warnings, "warning")),
        (errors, 0) => format!("{systems}; {}.", several(errors, "error")),
        (errors, warnings) => {
            format!("{systems}; {} and {}.", several(errors, "error"), several(warnings, "warning"))
        }
    }
}

fn tiles(
    instances: usize,
    (errors, warnings): (usize, usize),
    next: Option<Timestamp>,
) -> Vec<Tile> {
    let tone = |count: usize, tone| if count == 0 { "good" } else { tone };
    vec![
        Tile { value: instances.to_string(), label: "instances", tone: "" },
        Tile { value: errors.to_string(), label: "errors", tone: tone(errors, "error") },
        Tile { value: warnings.to_string(), label: "warnings", tone: tone(warnings, "warning") },
        Tile {
            value: next.map_or_else(|| "–".to_owned(), Timestamp::date),
            label: "next date",
            tone: "",
        },
    ]
}

/// Use against capacity, as the status has it: the worst first.
fn capacity(domain: &'static str, lines: &[Summary]) -> Option<Chart> {
    let mut lines: Vec<&Summary> = lines.iter().filter(|line| line.used.is_some()).collect();
    lines.sort_by_key(|line| rank(line.worst));
    let bars: Vec<Bar> = lines
        .into_iter()
        .map(|line| Bar {
            label: format!("{}: {}", line.instance, line.object),
            used: line.used.unwrap_or(0),
            of: line.capacity,
            level: line.worst,
        })
        .collect();
    let note = "What is used of what there is, or reached of what is needed; a mark shows the limit that is passed.";
    (!bars.is_empty()).then(|| Chart {
        domain,
        title: "Capacity and use".to_owned(),
        note: note.to_owned(),
        body: Body::Bars(bars),
    })
}

/// The lines that count nothing, the worst first.
fn told(lines: &[Summary]) -> Vec<Told> {
    let mut lines: Vec<&Summary> = lines.iter().filter(|line| line.used.is_none()).collect();
    lines.sort_by_key(|line| rank(line.worst));
    let told = lines.into_iter().take(TOLD).map(|line| Told {
        tone: tone(line.worst),
        place: format!("{}: {}", line.instance, line.object),
        what: words(&line.message),
    });
    told.collect()
}

/// The place of a level among others, the worst first.
fn rank(level: Option<Level>) -> u8 {
    level.map_or(3, |level| match level {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Info => 2,
    })
}

fn place(domain: &str, instance: &str, object: &str) -> String {
    let parts = [domain, instance, object];
    let mut told: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    told.dedup();
    told.join(" · ")
}

fn due_of_line(line: &Summary, now: Timestamp) -> Option<(Timestamp, Due)> {
    let at = line.due?;
    let due = Due {
        at: at.date(),
        tone: tone(line.worst),
        place: place(line.domain, &line.instance, &line.object),
        what: words(&line.message),
        how_long: how_long(at, now),
    };
    Some((at, due))
}

fn due_of_finding(finding: &Finding, now: Timestamp) -> Option<(Timestamp, Due)> {
    let at = finding.due?;
    let due = Due {
        at: at.date(),
        tone: tone(Some(finding.severity)),
        place: place(finding.domain, &finding.instance, &finding.object),
        what: words(&finding.message),
        how_long: how_long(at, now),
    };
    Some((at, due))
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

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
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
