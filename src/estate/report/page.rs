//! The page: what stands where, in words; how it looks is in `page.html`.

use super::super::status::tone;
use super::Shown;
use super::draw::Drawn;
use super::highlights::{Due, Found, Highlights};
use crate::api::Summary;
use crate::chart::{Bar, Body, Chart};
use crate::cli::VERSION;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::finding::Level;
use crate::wording::many;
use askama::Template;
use std::collections::HashSet;

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
    more_findings: u64,
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
pub(super) struct Words {
    code: bool,
    text: String,
}

pub(super) fn words(sentence: &str) -> Vec<Words> {
    let parts = sentence.split('`').enumerate();
    parts
        .map(|(at, text)| Words { code: at % 2 == 1, text: text.to_owned() })
        .filter(|words| !words.text.is_empty())
        .collect()
}

impl Page {
    pub(super) fn new(
        title: &str,
        now: Timestamp,
        shown: Vec<Shown>,
        highlights: Highlights,
    ) -> Self {
        let mut domains = Vec::new();
        let mut instances = HashSet::new();
        for part in shown {
            let known = part.lines.iter().map(|line| (line.domain, line.instance.clone()));
            instances.extend(known);
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
        }
        let counts = (highlights.count(Level::Error), highlights.count(Level::Warning));
        let (tiles, all) = (tiles(instances.len(), counts, highlights.next), highlights.findings());
        let (dues, more_dues, findings) = highlights.into_parts();
        Self {
            title: title.to_owned(),
            version: VERSION,
            now: now.whole_second().to_string(),
            sentence: sentence(counts, domains.len()),
            tiles,
            more_dues,
            dues,
            more_findings: all.saturating_sub(u64::try_from(findings.len()).unwrap_or(u64::MAX)),
            findings,
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

fn sentence((errors, warnings): (u64, u64), domains: usize) -> String {
    let systems = many(domains, "licensing system");
    match (errors, warnings) {
        (0, 0) => format!("{systems}; nothing is wrong."),
        (0, warnings) => format!("{systems}; {}, no error.", many(warnings, "warning")),
        (errors, 0) => format!("{systems}; {}.", many(errors, "error")),
        (errors, warnings) => {
            format!("{systems}; {} and {}.", many(errors, "error"), many(warnings, "warning"))
        }
    }
}

fn tiles(instances: usize, (errors, warnings): (u64, u64), next: Option<Timestamp>) -> Vec<Tile> {
    let tone = |count: u64, tone| if count == 0 { "good" } else { tone };
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
