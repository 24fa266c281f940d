//! The domain's side of an import: licenses merge by their hash, or replace what a License Manager has.
//!
//! Rows wait in memory, as they are written, until the last file is read: an object that is written ends the batches of whatever
//! else is imported.

mod load;

use crate::api::{About, Brought, Counts, Hints, Intake, Source};
use crate::artefact::{Kind, Notes};
use crate::error::{Outcome, Place, Stop, Usage};
use crate::rms::import::{self, Options, Record};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::server::NO_NET;
use crate::rms::store::servers;
use crate::store::{Read, Tx, named};
use load::Load;
use serde_json::Map;
use std::collections::{BTreeMap, HashMap};

/// The flag that refuses what is odd.
pub const STRICT: &str = "strict";

/// One import into this domain.
struct Inventory {
    hints: Hints,
    options: Options,
    replace: bool,
    /// By name in lower case.
    loads: BTreeMap<String, Load>,
}

/// What belongs to the file that is being read.
#[derive(Default)]
struct FileState {
    instance: Option<String>,
    fallback: Option<String>,
    counts: Counts,
    /// Hashes that this file brought, with their features.
    hashes: HashMap<String, FeatureKey>,
    unhashed: HashMap<FeatureKey, usize>,
    matched: u64,
    made: Vec<String>,
    notes: Notes,
}

/// The domain's side of one import.
#[must_use]
pub fn start(hints: &Hints) -> Box<dyn Intake> {
    Box::new(Inventory {
        options: Options { strict: hints.texts.contains_key(STRICT) },
        replace: hints.replace,
        hints: hints.clone(),
        loads: BTreeMap::new(),
    })
}

impl Intake for Inventory {
    fn replaces(&self) -> bool {
        true
    }

    fn file(
        &mut self,
        kind: &Kind,
        about: &About,
        source: Source<'_>,
        tx: &mut dyn Tx,
    ) -> Outcome<Brought> {
        let reader = import::READERS.iter().find(|reader| reader.kind.name == kind.name);
        let reader = reader.ok_or_else(|| Stop::bug(&format!("no reader for {}", kind.name)))?;
        // The licenses on a client itself are meant only when they are named.
        let mut stored = named::from(tx.reading(), servers::SERVERS.name, "", 3)?;
        stored.retain(|name| !name.eq_ignore_ascii_case(NO_NET));
        let mut state =
            FileState { fallback: self.hints.instance_of(about, &stored), ..FileState::default() };
        let mut notes = Notes::default();
        let options = self.options;
        (reader.read)(source, options, &mut notes, &mut |place, record| {
            self.take(tx.reading(), &mut state, place, record)
        })?;
        self.end(&mut state)?;
        Ok(brought(state, notes))
    }

    fn finish(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        for load in std::mem::take(&mut self.loads).into_values() {
            load.save(tx)?;
        }
        Ok(())
    }
}

fn brought(state: FileState, mut notes: Notes) -> Brought {
    notes.warnings.extend(state.notes.warnings);
    for complaint in state.notes.complaints.kept {
        notes.complaints.push(complaint);
    }
    notes.complaints.more += state.notes.complaints.more;
    let sections = [("licenses", state.counts)].into_iter();
    Brought {
        instances: state.instance.into_iter().collect(),
        made: state.made,
        sections: sections.filter(|(_, counts)| *counts != Counts::default()).collect(),
        notes,
        detail: Map::new(),
    }
}

impl Inventory {
    fn take(
        &mut self,
        read: &mut dyn Read,
        state: &mut FileState,
        place: Place,
        record: Record,
    ) -> Outcome<()> {
        match record {
            Record::Skipped => state.counts.skipped += 1,
            Record::Server(told) => {
                let load = self.load(read, state, told.name.as_deref())?;
                load.told(*told);
            }
            Record::License(license) => {
                let load = self.load(read, state, None)?;
                load.license(read, state, place, *license)?;
            }
        }
        Ok(())
    }

    /// The License Manager of the file: the flag, else what the artefact names, else where the file belongs.
    fn load(
        &mut self,
        read: &mut dyn Read,
        state: &mut FileState,
        told: Option<&str>,
    ) -> Outcome<&mut Load> {
        let name = match &state.instance {
            Some(name) => name.clone(),
            None => {
                let flag = self.hints.instance.as_deref();
                let name = flag.or(told).or(state.fallback.as_deref()).ok_or_else(|| {
                    Usage::new("the file names no server, and the store has several").hinted(
                        "give `--server NAME`, or put the file into a folder of the server's name",
                    )
                })?;
                name.to_owned()
            }
        };
        let key = name.to_lowercase();
        if !self.loads.contains_key(&key) {
            let (load, made) = Load::of(read, &name, self.replace)?;
            if made {
                state.made.push(name.clone());
            }
            self.loads.insert(key.clone(), load);
        } else if self.replace && state.instance.is_none() {
            return Err(Usage::new(format!("two files are of the server `{name}`"))
                .hinted("`--replace` takes one file for a server")
                .into());
        }
        let load = self.loads.get_mut(&key).ok_or_else(|| Stop::bug("a server is gone"))?;
        state.instance.get_or_insert_with(|| load.server.name.clone());
        Ok(load)
    }

    /// What a file that replaces took away.
    fn end(&mut self, state: &mut FileState) -> Outcome<()> {
        if !self.replace {
            return Ok(());
        }
        let load = state.instance.as_ref().and_then(|name| self.loads.get(&name.to_lowercase()));
        match load {
            Some(load) if !load.rows.is_empty() => {
                state.counts.removed = load.stored.saturating_sub(state.matched);
                Ok(())
            }
            _ => Err(Usage::new("the file holds no license, and `--replace` would remove all")
                .hinted("`licctl rms server remove NAME` removes a server with its licenses")
                .into()),
        }
    }
}

#[cfg(test)]
mod tests;
