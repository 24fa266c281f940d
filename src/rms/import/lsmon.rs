//! Listings of lsmon, as administrators save them: features with their licenses and clients, in the layouts of the kits.
//!
//! Present kits indent bullets below titles, old ones print pairs without either. A listing that repeats itself (poll mode) counts by
//! its last whole round. Dates are local times without a zone. What the listing says of a feature is kept beside what its licenses
//! say, and neither corrects the other.

mod block;
mod feature;
mod labels;
mod pool;

use super::lines::Lines;
use super::records::PoolMember;
use super::{Each, Options, Record, Told};
use crate::artefact::trouble::excerpt;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Complaint, Outcome, Place};
use crate::rms::catalog::elements::{FEATURE_NAME, LIC_TYPE};
use crate::rms::model::license::FeatureKey;
use block::Block;
use feature::Feature;
use labels::{OfClient, Row, SECOND, Take, numberless, row};
use std::collections::BTreeSet;
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "rms.lsmon",
    title: "listing of lsmon, saved from a console (kits 7 to 10)",
    binary: true,
    sniff,
};

/// With which a listing begins anew.
static ROUNDS: [&str; 2] = ["sentinel rms development kit", "[contacting sentinel"];

/// What is said when no License Manager was reached.
static FAILURES: [&str; 3] = [
    "server name not set, or monitor cannot talk to the server",
    "try setting the lshost environment variable",
    "unable to contact any servers",
];

/// What is said when there is nothing to list.
static EMPTY: [&str; 2] = ["there is no license in the server", "no licensed features"];

fn begins_with_any(line: &str, texts: &[&str]) -> bool {
    let line = line.to_lowercase();
    texts.iter().any(|text| line.starts_with(text))
}

fn sniff(sample: &Sample<'_>) -> Fit {
    let mut pairs = 0;
    for line in sample.text.lines().take(400) {
        let line = bare(line);
        if begins_with_any(line, &FAILURES)
            || begins_with_any(line, &EMPTY)
            || begins_with_any(line, &ROUNDS)
        {
            return Fit::Yes(8);
        }
        pairs += usize::from(pair(line).is_some_and(|(label, _)| row(label).is_some()));
    }
    if pairs >= 3 { Fit::Yes(6) } else { Fit::No }
}

/// A line without its indent and bullet.
fn bare(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix("|-").map_or(line, str::trim_start)
}

/// A label and its value.
fn pair(line: &str) -> Option<(&str, &str)> {
    line.split_once(':').map(|(label, value)| (label.trim(), value.trim()))
}

/// Reads a listing.
///
/// Complains of one that reached no License Manager: an empty estate must not come of it.
pub fn read(
    input: &mut dyn BufRead,
    options: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut lines = Lines::new(input);
    let mut listing = Listing { options, ..Listing::default() };
    while let Some(line) = lines.settled(notes)? {
        listing.line(&line, lines.number(), notes);
    }
    listing.end(notes, each)
}

/// Which block the lines belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Within {
    #[default]
    Nothing,
    Feature,
    License,
    Client,
}

/// A round of a listing.
#[derive(Default)]
struct Round {
    records: Vec<(Place, Record)>,
    /// License Managers of the pool, in the order in which they are listed.
    pool: Vec<PoolMember>,
    empty: bool,
    features: u64,
}

impl Round {
    fn is_whole(&self) -> bool {
        self.empty || self.features > 0
    }
}

/// A listing under way.
#[derive(Default)]
struct Listing<'z> {
    options: Options<'z>,
    /// The rounds before that told something: the last of them, or all. And the present one.
    before: Vec<Round>,
    round: Round,
    rounds: u64,
    within: Within,
    feature: Option<Feature>,
    /// The pair before, to which a line without a label belongs.
    last: Option<&'static Row>,
    /// Whether the lines may be rows of a table of redundant License Managers.
    table: bool,
    failed: Option<(u64, String)>,
    dated: bool,
}

impl Listing<'_> {
    fn line(&mut self, line: &str, number: u64, notes: &mut Notes) {
        let text = bare(line);
        if text.is_empty() || begins_with_any(text, &["press enter", "copyright"]) {
            return;
        }
        if self.is_of_table(text) {
            return;
        }
        if begins_with_any(text, &ROUNDS) {
            self.begin(text, number, notes);
        } else if begins_with_any(text, &FAILURES) {
            self.failed.get_or_insert((number, text.to_owned()));
        } else if begins_with_any(text, &EMPTY) {
            self.close(notes);
            self.round.empty = true;
        } else if let Some(within) = title(text) {
            self.title(within, number, notes);
        } else if let Some((label, value)) = pair(text) {
            self.pair(label, value, number, notes);
        } else if self.feature.is_some() {
            let message = format!("`{}` is passed over", excerpt(text));
            notes.warn("W_JUNK_TEXT", Place::Line(number), message);
        }
    }

    /// Takes a line of a table of redundant License Managers; false when it is none.
    fn is_of_table(&mut self, text: &str) -> bool {
        if !self.table || pool::is_heading(text) {
            return self.table;
        }
        let Some(share) = pool::row(text) else {
            // What follows the first line of the heading may be its second one, or a label.
            return false;
        };
        let shares = self.feature.as_mut().map(|feature| &mut feature.block.shares);
        if let Some(shares) = shares {
            shares.retain(|known| known.server != share.server);
            shares.push(share);
        }
        true
    }

    /// A new round, unless the present one has nothing yet: a banner and the line below it are of one round.
    fn begin(&mut self, text: &str, number: u64, notes: &mut Notes) {
        self.close(notes);
        if self.round.is_whole() {
            if !self.options.all_polls {
                self.before.clear();
            }
            self.before.push(std::mem::take(&mut self.round));
        }
        self.within = Within::Nothing;
        let host = text.split_once("on host \"").and_then(|(_, rest)| rest.split('"').next());
        if let Some(host) = host.map(str::trim).filter(|host| !host.is_empty()) {
            self.rounds += 1;
            let mut told = Told { name: Some(host.to_owned()), ..Told::default() };
            host.clone_into(&mut told.info.host_name);
            let place = Place::Line(number);
            self.round.records.push((place, Record::Server(Box::new(told))));
        }
    }

    fn title(&mut self, within: Within, number: u64, notes: &mut Notes) {
        (self.last, self.table) = (None, false);
        if within == Within::Feature {
            self.close(notes);
            self.feature = Some(Feature::new(number));
        }
        self.within = within;
        let Some(feature) = &mut self.feature else { return };
        match within {
            Within::License => feature.licenses.push(Block::new(number)),
            Within::Client => feature.clients.push(Block::new(number)),
            Within::Feature | Within::Nothing => {}
        }
    }

    fn pair(&mut self, label: &str, value: &str, number: u64, notes: &mut Notes) {
        self.table = false;
        if label.is_empty() {
            // The names of criteria go on below.
            if let Some((_, take @ Take::Criteria(_))) = self.last {
                self.taken(*take, (label, value), number, notes);
            }
            return;
        }
        let found = row(label);
        self.last = found;
        let Some((known, take)) = found else {
            if let Some(block) = self.block() {
                block.keep(label, value);
                let shown = excerpt(label).into_owned();
                let message = format!("the label `{shown}` is unknown and kept");
                notes.warn("W_UNKNOWN_LABEL", Place::Line(number), message);
            }
            return;
        };
        self.turn(known, *take, number, notes);
        match second(value) {
            Some((first, label, rest)) => {
                self.taken(*take, (known, first), number, notes);
                self.pair(label, rest, number, notes);
            }
            None => self.taken(*take, (label, value), number, notes),
        }
    }

    /// Goes to the block that a label begins, where no title does.
    fn turn(&mut self, label: &str, take: Take, number: u64, notes: &mut Notes) {
        let named = |feature: &Feature| feature.block.elements.has(&FEATURE_NAME);
        let typed = |feature: &Feature| feature.block.elements.has(&LIC_TYPE);
        let new = match (&self.feature, self.within, take) {
            (None, _, Take::Client(_)) => false,
            (None, _, _) => true,
            // Old kits print the type before the name.
            (Some(feature), Within::Feature | Within::Nothing, Take::LicenseType) => {
                typed(feature) && named(feature)
            }
            (Some(feature), Within::Feature | Within::Nothing, _) => {
                label == "feature name" && named(feature)
            }
            (Some(feature), Within::Client, Take::LicenseType) => feature.plain(),
            (Some(_), Within::Client | Within::License, _) => label == "feature name",
        };
        if new {
            self.title(Within::Feature, number, notes);
            return;
        }
        let begins = matches!(take, Take::Client(OfClient::User));
        let of_client = self.feature.as_ref().is_some_and(|feature| {
            feature.clients.last().is_none_or(|block| !block.client.user_name.is_empty())
        });
        if begins && (self.within != Within::Client || of_client) {
            self.title(Within::Client, number, notes);
        }
    }

    fn block(&mut self) -> Option<&mut Block> {
        let within = self.within;
        let feature = self.feature.as_mut()?;
        match within {
            Within::License => feature.licenses.last_mut(),
            Within::Client => feature.clients.last_mut(),
            Within::Feature | Within::Nothing => Some(&mut feature.block),
        }
    }

    fn taken(&mut self, take: Take, (label, value): (&str, &str), number: u64, notes: &mut Notes) {
        let local = self.options.local;
        self.table = matches!(take, Take::Pool);
        self.dated |= matches!(take, Take::Date(_) | Take::Client(OfClient::Status));
        let Some(block) = self.block() else { return };
        if block.take(take, value, local).is_err() {
            block.keep(label, value);
            if !matches!(take, Take::Keep) {
                let message = format!(
                    "`{}` is no value of `{}`, and kept as text",
                    excerpt(value),
                    excerpt(label)
                );
                notes.warn("W_BAD_VALUE", Place::Line(number), message);
            }
        }
    }

    /// Ends the feature under way.
    fn close(&mut self, notes: &mut Notes) {
        let Some(feature) = self.feature.take() else { return };
        self.within = Within::Nothing;
        let out = (&mut self.round.records, &mut self.round.pool);
        let whole = feature.records(self.options, notes, out);
        self.round.features += u64::from(whole);
    }

    fn end(mut self, notes: &mut Notes, each: &mut Each<'_>) -> Outcome<()> {
        self.close(notes);
        if self.round.is_whole() {
            self.before.push(self.round);
        }
        let Some(round) = joined(self.before, self.options.all_polls) else {
            return Err(match self.failed {
                Some((line, text)) => {
                    let message =
                        format!("lsmon reached no License Manager (210017): `{}`", excerpt(&text));
                    Complaint::new(Place::Line(line), message).remedied(
                        "save the listing again with `LSHOST` set, or with the host behind `lsmon`",
                    )
                }
                None => Complaint::new(Place::Whole, "the listing names no feature"),
            }
            .into());
        };
        if self.rounds > 1 {
            let which = if self.options.all_polls {
                "of each feature the last that lists it counts"
            } else {
                "the last whole one counts"
            };
            let message = format!("{} rounds of a polling lsmon; {which}", self.rounds);
            notes.warn("W_POLLS", Place::Whole, message);
        }
        if self.dated && !self.options.local.is_told() {
            let message =
                "the dates have no zone and are taken for UTC; `--tz` names that of the server";
            notes.warn("W_LOCAL_TIME_ASSUMED_UTC", Place::Whole, message);
        }
        for (place, record) in round.records {
            each(place, record)?;
        }
        for member in round.pool {
            each(Place::Whole, Record::Pool(member))?;
        }
        if round.empty && round.features == 0 { each(Place::Whole, Record::Empty) } else { Ok(()) }
    }
}

/// The last round; with `all`, what earlier rounds tell of features that no later one lists as well.
fn joined(mut rounds: Vec<Round>, all: bool) -> Option<Round> {
    let mut last = rounds.pop()?;
    if !all {
        return Some(last);
    }
    let mut listed: BTreeSet<FeatureKey> = features(&last).collect();
    for round in rounds.into_iter().rev() {
        let earlier: BTreeSet<FeatureKey> = features(&round).collect();
        let fresh = |record: &Record| feature_of(record).is_some_and(|key| !listed.contains(&key));
        let records = round.records.into_iter().filter(|(_, record)| fresh(record));
        last.records.extend(records);
        listed.extend(earlier);
    }
    last.features = u64::try_from(listed.len()).unwrap_or(u64::MAX);
    Some(last)
}

fn features(round: &Round) -> impl Iterator<Item = FeatureKey> {
    round.records.iter().filter_map(|(_, record)| feature_of(record))
}

fn feature_of(record: &Record) -> Option<FeatureKey> {
    match record {
        Record::License(license) => Some(license.feature()),
        Record::Feature(facts) => Some(facts.feature.clone()),
        Record::Client(client) => client.feature.clone(),
        _ => None,
    }
}

/// The block that a title begins.
fn title(text: &str) -> Option<Within> {
    match numberless(text.trim_end_matches(':').trim_end()).as_str() {
        "feature information" => Some(Within::Feature),
        "license information" | "license" => Some(Within::License),
        "client information" | "queued client information" | "users" => Some(Within::Client),
        _ => None,
    }
}

/// A second pair within the value of the first: what stands before it, its label and its value.
fn second(value: &str) -> Option<(&str, &'static str, &str)> {
    let lower = value.to_ascii_lowercase();
    SECOND.iter().find_map(|label| {
        let at = lower.find(label)?;
        let rest = value.get(at + label.len()..)?.trim_start().strip_prefix(':')?;
        let first = value.get(..at)?;
        let apart = first.is_empty() || first.ends_with(char::is_whitespace);
        apart.then_some((first.trim(), *label, rest.trim()))
    })
}

#[cfg(test)]
mod tests;
