//! The domain's side of an import: what artefacts say of devices goes into their records.
//!
//! Devices wait in memory, written down short, until the last file is read: several files may speak of one, and an object that is
//! written ends the batches of whatever else is imported.

mod reported;

use self::reported::Reported;
use super::cover::covered;
use super::merge::{emptied, merged};
use crate::api::{About, Brought, Counts, Hints, Intake, Source, Spoken};
use crate::artefact::{Kind, Notes};
use crate::chance;
use crate::clock::Timestamp;
use crate::csp::import::cover::cover;
use crate::csp::import::facts::Facts;
use crate::csp::import::{self, Options, Record};
use crate::csp::model::device::Device;
use crate::csp::rules::applicability;
use crate::csp::store::devices;
use crate::csp::store::waiting::Waiting;
use crate::error::{Outcome, Place, Stop, Usage};
use crate::store::{Read, Tx, named};
use std::collections::HashMap;

/// One import into this domain.
struct Inventory {
    options: Options,
    hints: Hints,
    now: Timestamp,
    /// Whether the store had devices before; without one, none has to be looked for in it.
    stored: bool,
    /// In the order in which they came.
    devices: Vec<Held>,
    /// Where they stand there, by name in lower case.
    numbers: HashMap<Box<str>, usize>,
}

/// A device of which an artefact of this import spoke.
struct Held {
    /// Of its row; `None` when it is new.
    id: Option<i64>,
    /// `None` as long as it is as stored.
    changed: Option<Waiting>,
    /// When the source last heard of it.
    as_of: Option<Timestamp>,
}

/// What belongs to the file that is being read.
#[derive(Default)]
struct FileState {
    /// Where records belong that name no device.
    fallback: Option<String>,
    /// The one device that the user named, as the file names it.
    named: Option<String>,
    counts: Counts,
    spoken: Spoken,
    reported: Reported,
    notes: Notes,
}

/// The domain's side of one import.
#[must_use]
pub fn start(hints: &Hints) -> Box<dyn Intake> {
    Box::new(Inventory {
        options: Options { zone: hints.zone.clone() },
        now: hints.now.unwrap_or(Timestamp::MIN),
        hints: hints.clone(),
        stored: true,
        devices: Vec::new(),
        numbers: HashMap::new(),
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
        let stored = named::from(tx.reading(), devices::DEVICES.name, "", 2)?;
        self.stored = !stored.is_empty();
        let mut state =
            FileState { fallback: self.hints.instance_of(about, &stored), ..FileState::default() };
        let mut notes = Notes::default();
        let options = std::mem::take(&mut self.options);
        let done = (reader.read)(source, &options, &mut notes, &mut |place, record| match record {
            Record::Device(facts) => self.take(tx.reading(), &mut state, place, &facts),
            Record::Skipped(_) => {
                state.counts.skipped += 1;
                Ok(())
            }
        });
        self.options = options;
        done.map_err(covered)?;
        cover(&mut notes);
        Ok(brought(state, notes))
    }

    fn finish(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        // Gone before the first is written: from here on the store takes the room.
        self.numbers = HashMap::new();
        let mut next = devices::next(tx.reading())?;
        for held in std::mem::take(&mut self.devices) {
            if let Some(waiting) = held.changed {
                let id = held.id.unwrap_or(next);
                next += i64::from(held.id.is_none());
                devices::save(tx, Some(id), &waiting.device()?)?;
            }
        }
        Ok(())
    }
}

fn brought(state: FileState, mut notes: Notes) -> Brought {
    notes.warnings.extend(state.notes.warnings);
    if let Some(failure) = state.reported.warning() {
        notes.warn("reported", Place::Whole, failure);
    }
    let sections = [("devices", state.counts)].into_iter();
    let (instances, more) = state.spoken.told();
    Brought {
        instances,
        more,
        sections: sections.filter(|(_, counts)| *counts != Counts::default()).collect(),
        notes,
        detail: state.reported.detail(),
    }
}

impl Inventory {
    fn take(
        &mut self,
        read: &mut dyn Read,
        state: &mut FileState,
        place: Place,
        facts: &Facts,
    ) -> Outcome<()> {
        let name = self.name(state, facts)?;
        let key = name.to_lowercase().into_boxed_str();
        let known = self.numbers.get(&key).and_then(|at| self.devices.get(*at));
        let Known { id, device, is_first, is_new } = self.known(read, known, &name)?;
        let as_of = known.and_then(|held| held.as_of);
        state.spoken.of(&device.name);
        if is_new && facts.is_stateless() {
            let text = format!(
                "nothing is told of what `{name}` is: it is stored as a new device, Windows 11 Pro"
            );
            state.notes.warn("stateless", place, text);
        }
        if as_of > facts.as_of && facts.as_of.is_some() {
            let text = format!("`{name}` is told of twice; the older record is left out");
            state.notes.warn("older", place, text);
            state.counts.skipped += 1;
            return Ok(());
        }
        let (device, changes) = if is_new {
            state.counts.added += 1;
            (merged(device, facts, self.now), true)
        } else {
            let empties = self.hints.replace && is_first;
            let before = if empties { emptied(&device) } else { device.clone() };
            let mut after = merged(before, facts, self.now);
            let changed_at = std::mem::replace(&mut after.last_change, device.last_change);
            let changes = after != device;
            if changes {
                state.counts.changed += 1;
                after.last_change = changed_at;
            } else {
                state.counts.unchanged += 1;
            }
            (after, changes)
        };
        cross_check(&device, place, &mut state.notes);
        state.reported.take(&name, facts);
        let changed = changes.then(|| Waiting::of(&device));
        self.keep(key, Held { id, changed, as_of: facts.as_of.or(as_of) });
        Ok(())
    }

    /// The device of a record as it is by now: as this import left it, as it is stored, or a new one.
    fn known(&self, read: &mut dyn Read, held: Option<&Held>, name: &str) -> Outcome<Known> {
        if let Some(Held { id, changed: Some(waiting), .. }) = held {
            let device = waiting.device()?;
            return Ok(Known { id: *id, device, is_first: false, is_new: false });
        }
        let is_first = held.is_none();
        let found = if self.stored { devices::find(read, name)? } else { None };
        Ok(match found {
            Some((id, device)) => Known { id: Some(id), device, is_first, is_new: false },
            None => {
                let id = chance::guid(0, &["csp", name, "imported device"]);
                let device = Device::new(name, self.now, &format!("urn:uuid:{id}"));
                Known { id: None, device, is_first, is_new: true }
            }
        })
    }

    /// Keeps what a record made of a device; one that it left alone stays as it was.
    fn keep(&mut self, key: Box<str>, new: Held) {
        match self.numbers.get(&key).and_then(|at| self.devices.get_mut(*at)) {
            Some(held) => {
                *held = Held { changed: new.changed.or_else(|| held.changed.take()), ..new };
            }
            None => {
                self.numbers.insert(key, self.devices.len());
                self.devices.push(new);
            }
        }
    }

    /// The device of a record: the flag, else what the artefact names, else where the file belongs.
    fn name(&self, state: &mut FileState, facts: &Facts) -> Outcome<String> {
        let told = facts.device.as_deref();
        if let Some(flag) = &self.hints.instance {
            let first = state.named.get_or_insert_with(|| told.unwrap_or_default().to_owned());
            if told.is_some_and(|told| !told.eq_ignore_ascii_case(first)) {
                return Err(Usage::new(format!(
                    "the file speaks of several devices, and `--device {flag}` names one"
                ))
                .hinted("leave the flag out: the file names its devices itself")
                .into());
            }
            return Ok(flag.clone());
        }
        told.or(state.fallback.as_deref()).map(str::to_owned).ok_or_else(|| {
            Usage::new("the file names no device, and the store has several")
                .hinted("give `--device NAME` (`licctl import`: `--instance NAME`), or name the folder above a folder of the device's name")
                .into()
        })
    }
}

/// A device before a record has its say.
struct Known {
    id: Option<i64>,
    device: Device,
    /// No artefact of this import spoke of it yet.
    is_first: bool,
    /// Neither the store nor this import knew it.
    is_new: bool,
}

/// A CspVersion lower than the build should have.
fn cross_check(device: &Device, place: Place, notes: &mut Notes) {
    let Some(told) = device.csp_version.as_deref() else { return };
    let Some(expected) = applicability::csp_version(device.detail.os_version) else { return };
    if applicability::order(told) < applicability::order(expected) {
        let text = format!(
            "`{}` tells CspVersion {told}, but {} should have {expected}",
            device.name, device.detail.os_version
        );
        notes.warn("csp-version", place, text);
    }
}
