//! The domain's side of an import: licenses merge by their hash, or replace what a License Manager has; usage is added.
//!
//! Licenses that are new are loaded as they come, in batches. What merges with a stored one waits in memory until the last file is
//! read: an object that is written ends the batches of whatever else is imported.

mod ahead;
mod alerts;
mod counted;
mod groups;
mod known;
mod load;
mod merge;
mod met;
mod observed;

use crate::api::{About, Brought, Counts, Hints, Intake, Source};
use crate::artefact::{Kind, Notes};
use crate::clock::Timestamp;
use crate::error::{Outcome, Place, Stop, Usage};
use crate::rms::import::encoding::Encoding;
use crate::rms::import::local::Local;
use crate::rms::import::records::{Counters, FeatureFacts, LogFacts, PoolMember, Reservation};
use crate::rms::import::{self, Options, Reader, Record, Taken};
use crate::rms::model::alert::AlertSection;
use crate::rms::model::license::{FeatureKey, License};
use crate::rms::model::server::NO_NET;
use crate::rms::ops::servers::local_times;
use crate::rms::ops::usage::UsageFile;
use crate::rms::store::servers;
use crate::store::{Put, Tx, named};
use counted::Counted;
use load::Load;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, HashMap};

/// The flag that refuses what is odd.
pub const STRICT: &str = "strict";
/// The flag that names the encoding of the files.
pub const ENCODING: &str = "encoding";
/// The flag that tells by how many seconds local times are ahead of UTC.
pub const UTC_OFFSET: &str = "utc-offset";
/// The flag by which a bare `&` of XML is taken for one that is escaped.
pub const LENIENT_AMP: &str = "lenient-amp";
/// The flag by which a capture without licenses replaces what is there.
pub const ALLOW_EMPTY: &str = "allow-empty";
/// The flag by which the offset that a usage log shows becomes that of its License Manager.
pub const LEARN_OFFSET: &str = "learn-offset";
/// The flag by which every round of a polling listing is read.
pub const ALL_POLLS: &str = "all-polls";
/// The flag that tells what a `feature` of XML is.
pub const RECORD: &str = "record";

/// One import into this domain.
struct Inventory {
    hints: Hints,
    options: Options<'static>,
    replace: bool,
    allow_empty: bool,
    learn_offset: bool,
    /// By name in lower case.
    loads: BTreeMap<String, Load>,
    /// The highest number that a License Manager of this import has.
    highest: i64,
}

/// What belongs to the file that is being read.
#[derive(Default)]
struct FileState {
    /// Within the change, from 1.
    number: i64,
    instance: Option<String>,
    fallback: Option<String>,
    counted: Counted,
    unhashed: HashMap<FeatureKey, usize>,
    matched: u64,
    notes: Notes,
    /// Features that are told without their licenses.
    alone: Vec<(Place, FeatureFacts)>,
    /// Whether the file says that there are none.
    empty: bool,
    /// Groups of reserved tokens that it brought.
    groups: u64,
    /// The number of the next feature that is made; `None`: as the store says.
    next_feature: Option<i64>,
    /// Whether it shows who uses what.
    captured: bool,
    usage: Option<UsageFile>,
    /// Members of a pool, in the order of preference.
    pool: Vec<PoolMember>,
    alerts: Vec<AlertSection>,
    log: Option<LogFacts>,
}

/// The domain's side of one import.
#[must_use]
pub fn start(hints: &Hints) -> Box<dyn Intake> {
    let text = |flag: &str| hints.texts.get(flag).map(String::as_str);
    Box::new(Inventory {
        options: Options {
            strict: hints.texts.contains_key(STRICT),
            encoding: text(ENCODING).and_then(Encoding::named),
            local: text(UTC_OFFSET)
                .and_then(|seconds| seconds.parse().ok())
                .map_or(Local::Untold, Local::Ahead),
            lenient_amp: hints.texts.contains_key(LENIENT_AMP),
            all_polls: hints.texts.contains_key(ALL_POLLS),
            record: text(RECORD).and_then(Taken::named),
        },
        replace: hints.replace,
        allow_empty: hints.texts.contains_key(ALLOW_EMPTY),
        learn_offset: hints.texts.contains_key(LEARN_OFFSET),
        hints: hints.clone(),
        loads: BTreeMap::new(),
        highest: 0,
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
        let reader =
            Reader::of(kind).ok_or_else(|| Stop::bug(&format!("no reader for {}", kind.name)))?;
        // The licenses on a client itself are meant only when they are named.
        let mut stored = named::from(tx.reading(), servers::SERVERS.name, "", 3)?;
        stored.retain(|name| !name.eq_ignore_ascii_case(NO_NET));
        let mut state = FileState {
            number: about.number,
            fallback: self.hints.instance_of(about, &stored),
            ..FileState::default()
        };
        let mut notes = Notes::default();
        let (zone, name) = (self.hints.zone.clone(), state.fallback.as_deref());
        let local = local_times(tx.reading(), self.options.local, name, zone.as_ref())?;
        let options = Options { local, ..self.options };
        let read = reader.read(source, options, &mut notes, &mut |place, record| {
            self.take(tx, &mut state, place, record)
        });
        read.map_err(|stop| stop.within(&about.name))?;
        self.end(tx, &mut state)?;
        Ok(brought(state, notes))
    }

    fn finish(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        let now = self.hints.taken_at.or(self.hints.now).map_or(0, Timestamp::s);
        for load in std::mem::take(&mut self.loads).into_values() {
            load.save(tx, now)?;
        }
        Ok(())
    }
}

fn brought(state: FileState, mut notes: Notes) -> Brought {
    state.counted.warn(&mut notes);
    notes.add(state.notes);
    let mut sections = state.counted.sections();
    if let Some(usage) = &state.usage {
        let counts = Counts { added: usage.added, unchanged: usage.known, ..Counts::default() };
        sections.insert("usage", counts);
    }
    Brought {
        instances: state.instance.into_iter().collect(),
        more: 0,
        sections,
        notes,
        detail: state.log.as_ref().map(detail).unwrap_or_default(),
    }
}

/// What a log tells as a whole.
fn detail(log: &LogFacts) -> Map<String, Json> {
    let mut detail = Map::new();
    if let Some(offset) = log.utc_offset {
        detail.insert("utcOffset".to_owned(), Json::from(import::offset::written(offset)));
    }
    if log.encrypted > 0 {
        detail.insert("encrypted".to_owned(), Json::from(log.encrypted));
    }
    detail
}

impl Inventory {
    fn take(
        &mut self,
        tx: &mut dyn Tx,
        state: &mut FileState,
        place: Place,
        record: Record,
    ) -> Outcome<()> {
        match record {
            Record::Skipped => state.counted.licenses.skipped += 1,
            Record::Server(told) => {
                let load = self.load(tx, state, told.name.as_deref())?;
                load.told(*told);
            }
            Record::License(license) => {
                let load = self.load(tx, state, None)?;
                load.license(tx, state, place, *license)?;
            }
            Record::Feature(facts) => {
                let load = self.load(tx, state, None)?;
                if facts.counters != Counters::default() {
                    state.captured = true;
                    load.observed.feature(facts.feature.clone(), facts.counters);
                }
                if facts.alone {
                    state.alone.push((place, *facts));
                }
            }
            Record::Client(client) => {
                if self.load(tx, state, None)?.observed.client(*client) {
                    state.captured = true;
                } else {
                    state.counted.clients.skipped += 1;
                }
            }
            Record::Pool(member) => {
                self.load(tx, state, None)?;
                state.pool.push(member);
            }
            Record::Usage(record) => {
                if state.usage.is_none() {
                    let name = self.load(tx, state, None)?.server.name.clone();
                    state.usage = Some(UsageFile::begin(tx, &name, state.number)?);
                }
                if let Some(usage) = &mut state.usage {
                    usage.take(tx, record)?;
                }
            }
            Record::Reservation(told) => self.reserved(tx, state, told)?,
            Record::Alerts(section) => {
                self.load(tx, state, None)?;
                state.alerts.push(section);
            }
            Record::Log(facts) => state.log = Some(facts),
            Record::Empty => {
                self.load(tx, state, None)?;
                state.empty = true;
            }
        }
        Ok(())
    }

    /// Takes a group of reserved tokens.
    fn reserved(
        &mut self,
        tx: &mut dyn Tx,
        state: &mut FileState,
        told: Reservation,
    ) -> Outcome<()> {
        let Some(group) = told.group() else {
            state.counted.groups.skipped += 1;
            return Ok(());
        };
        let load = self.load(tx, state, None)?;
        let of = (load.id, load.replace);
        let put = load.groups.take(tx, of, group)?;
        state.groups += 1;
        let section = &mut state.counted.groups;
        match put {
            Put::Added => section.added += 1,
            Put::Changed => section.changed += 1,
            Put::Unchanged => section.unchanged += 1,
        }
        Ok(())
    }

    /// The License Manager of the file: the flag, else what the artefact names, else where the file belongs.
    fn load(
        &mut self,
        tx: &mut dyn Tx,
        state: &mut FileState,
        told: Option<&str>,
    ) -> Outcome<&mut Load> {
        let known = state.instance.is_some();
        let name = match &state.instance {
            Some(name) => name.to_lowercase(),
            None => self.begin(tx, state, told)?,
        };
        let load = self.loads.get_mut(&name).ok_or_else(|| Stop::bug("a server is gone"))?;
        if !known {
            state.instance = Some(load.server.name.clone());
        }
        Ok(load)
    }

    /// The key of the License Manager that the file is of; it is made when the store has none of that name.
    fn begin(
        &mut self,
        tx: &mut dyn Tx,
        state: &mut FileState,
        told: Option<&str>,
    ) -> Outcome<String> {
        let flag = self.hints.instance.as_deref();
        let name = flag.or(told).or(state.fallback.as_deref()).ok_or_else(|| {
            Usage::new("the file names no server, and the store has several")
                .hinted("give `--server NAME` (`licctl import`: `--instance NAME`), or name the folder above a folder of the server's name")
        })?;
        let key = name.to_lowercase();
        if self.loads.contains_key(&key) {
            if self.replace {
                return Err(Usage::new(format!("two files are of the server `{name}`"))
                    .hinted("`--replace` takes one file for a server")
                    .into());
            }
            return Ok(key);
        }
        let load = Load::of(tx, name, self.replace, self.highest)?;
        self.highest = self.highest.max(load.id);
        self.loads.insert(key.clone(), load);
        Ok(key)
    }

    /// What is known only once the whole file is read.
    fn end(&mut self, tx: &mut dyn Tx, state: &mut FileState) -> Outcome<()> {
        if let Some(usage) = &mut state.usage {
            usage.end(tx)?;
        }
        let key = state.instance.as_ref().map(|name| name.to_lowercase());
        let load = key.and_then(|key| self.loads.get_mut(&key));
        let Some(load) = load else {
            return if self.replace { Err(nothing().into()) } else { Ok(()) };
        };
        for (place, facts) in std::mem::take(&mut state.alone) {
            let license =
                License { extras: facts.extras, ..License::new(facts.elements, facts.origin) };
            if !load.has_hashed(tx, &license.feature())? {
                load.license(tx, state, place, license)?;
            }
        }
        load.close(tx)?;
        if !state.pool.is_empty() {
            let changed = load.pool(std::mem::take(&mut state.pool));
            let section = &mut state.counted.pool;
            *section = Counts { changed: changed.into(), unchanged: (!changed).into(), ..*section };
        }
        if !state.alerts.is_empty() {
            state.counted.alerts = alerts::counted(&load.server.alerts, &state.alerts);
            load.alerts(std::mem::take(&mut state.alerts));
        }
        if state.captured {
            load.observed.tell(tx.reading(), load.id, &mut state.counted.clients)?;
        }
        if let (true, Some(offset)) =
            (self.learn_offset, state.log.as_ref().and_then(|log| log.utc_offset))
        {
            load.learn(offset);
        }
        // A file of groups, of alerts or of a pool alone says nothing of licenses.
        let other = state.groups > 0
            || [state.counted.pool, state.counted.alerts] != [Counts::default(); 2];
        if !self.replace || (load.brought == 0 && other) {
            return Ok(());
        }
        if load.brought == 0 && !(state.empty && self.allow_empty) {
            let usage = nothing();
            return Err(if state.empty {
                usage.hinted("`--allow-empty` lets a capture without licenses replace them").into()
            } else {
                usage.into()
            });
        }
        state.counted.licenses.removed = load.stored.saturating_sub(state.matched);
        load.settle(&state.counted.licenses, state.empty);
        Ok(())
    }
}

fn nothing() -> Usage {
    Usage::new("the file holds no license, and `--replace` would remove all")
        .hinted("`licctl rms server remove NAME` removes a server with its licenses")
}

#[cfg(test)]
mod tests;
