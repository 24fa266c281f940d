//! How full features are, who was refused, what the usage log says.

use super::desk::Desk;
use super::server;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::rms::model::license::FeatureKey;
use crate::rms::model::session::Counts;
use crate::rms::model::usage::UsageRecord;
use crate::rms::report::capacity::{Capacity, capacity};
use crate::rms::report::usage::Usage;
use crate::rms::rules::ledger::Ledger;
use crate::rms::store::usage::{self, Wanted};
use crate::rms::store::{features as stored, sessions};
use crate::store::{Flow, Read};
use std::collections::{HashMap, HashSet};

/// Which features are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    All,
    /// Those that somebody asked for: the others are as free as they were ordered.
    Asked,
}

/// What is asked about the fullness of features.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub extent: Extent,
    /// From when on refused requests are counted.
    pub since: Timestamp,
    /// Percent of a limit from which on it is near.
    pub near: u64,
}

/// Refused requests of a period, by feature.
fn refused(
    read: &mut dyn Read,
    server: &str,
    (since, until): (Timestamp, Timestamp),
) -> Outcome<HashMap<FeatureKey, u64>> {
    let mut refused = HashMap::new();
    if let Some(manager) = usage::known_manager(read, server)? {
        let wanted = Wanted { since: Some(since.s()), until: Some(until.s()), feature: None };
        usage::each_denial(read, manager, &wanted, &mut |record| {
            *refused.entry(record.feature).or_insert(0) += 1;
            Ok(Flow::Continue(()))
        })?;
    }
    Ok(refused)
}

/// How full each feature is.
pub fn each(
    read: &mut dyn Read,
    name: &str,
    asked: Asked,
    now: Timestamp,
    found: &mut dyn FnMut(Capacity) -> Outcome<Flow>,
) -> Outcome<()> {
    let mut desk = Desk::open(read, name)?;
    let refused = refused(read, &desk.server.name, (asked.since, now))?;
    let issued: HashSet<i64> = sessions::counted(read, desk.id)?.into_iter().collect();
    if asked.extent == Extent::Asked && issued.is_empty() && refused.is_empty() {
        return Ok(());
    }
    let mut features = Vec::new();
    stored::each(read, desk.id, &mut |feature| {
        features.push(feature);
        Ok(Flow::Continue(()))
    })?;
    let alerts = desk.server.alerts.clone();
    let mut books = desk.settled(read, now)?;
    for feature in features {
        let denied = refused.get(&feature.key).copied().unwrap_or(0);
        if asked.extent == Extent::Asked && denied == 0 && !issued.contains(&feature.id) {
            continue;
        }
        let right = books.right(feature.id, now)?;
        let counts = books.counts(feature.id)?;
        let one = capacity(&right, &counts, denied, asked.near).told_by(&alerts);
        if found(one)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// What the tokens of each feature come to that somebody asked for, by the number of the feature.
pub fn in_use(read: &mut dyn Read, name: &str, now: Timestamp) -> Outcome<HashMap<i64, Counts>> {
    let mut desk = Desk::open(read, name)?;
    let features = sessions::counted(read, desk.id)?;
    if features.is_empty() {
        return Ok(HashMap::new());
    }
    let mut books = desk.settled(read, now)?;
    let mut found = HashMap::with_capacity(features.len());
    for feature in features {
        found.insert(feature, books.counts(feature)?);
    }
    Ok(found)
}

/// Features with units that no listed client has.
pub fn unattributed(read: &mut dyn Read, name: &str) -> Outcome<Vec<(FeatureKey, u64)>> {
    let (id, _) = server(read, name)?;
    let mut found = Vec::new();
    for (feature, key) in super::sessions::keys(read, id)? {
        let counts = sessions::counts(read, id, feature)?;
        found.extend((counts.unattributed > 0).then_some((key, counts.unattributed)));
    }
    found.sort();
    Ok(found)
}

/// Refused requests of a period, in the order of time.
pub fn denials(
    read: &mut dyn Read,
    name: &str,
    wanted: &Wanted,
    found: &mut dyn FnMut(UsageRecord) -> Outcome<Flow>,
) -> Outcome<()> {
    let (_, server) = server(read, name)?;
    match usage::known_manager(read, &server.name)? {
        Some(manager) => usage::each_denial(read, manager, wanted, found),
        None => Ok(()),
    }
}

/// What the usage log says of each feature in a period; one feature is held at a time.
pub fn usage(
    read: &mut dyn Read,
    name: &str,
    wanted: &Wanted,
    found: &mut dyn FnMut(Usage) -> Outcome<Flow>,
) -> Outcome<()> {
    let (_, server) = server(read, name)?;
    let Some(manager) = usage::known_manager(read, &server.name)? else { return Ok(()) };
    let mut held: Option<Usage> = None;
    let mut done = false;
    usage::each(read, manager, wanted, &mut |record| {
        if held.as_ref().is_none_or(|held| held.key != record.feature)
            && let Some(whole) = held.replace(Usage::new(record.feature.clone()))
            && !whole.is_empty()
            && found(whole)?.is_break()
        {
            done = true;
            return Ok(Flow::Break(()));
        }
        if let Some(held) = &mut held {
            held.take(&record);
        }
        Ok(Flow::Continue(()))
    })?;
    match held.filter(|held| !done && !held.is_empty()) {
        Some(last) => found(last).map(|_| ()),
        None => Ok(()),
    }
}
