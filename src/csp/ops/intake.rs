//! The domain's side of an import: what artefacts say of devices goes into their records.
//!
//! Devices wait in memory until the last file is read: an object that is written ends the batches of whatever else is imported.

mod reported;

use self::reported::Reported;
use super::cover::covered;
use super::merge::{emptied, merged};
use crate::api::{About, Brought, Counts, Hints, Intake, Source};
use crate::artefact::{Kind, Notes};
use crate::chance;
use crate::clock::Timestamp;
use crate::csp::import::cover::cover;
use crate::csp::import::facts::Facts;
use crate::csp::import::{self, Options, Record};
use crate::csp::model::device::Device;
use crate::csp::rules::applicability;
use crate::csp::store::devices;
use crate::error::{Outcome, Place, Stop, Usage};
use crate::store::{Read, Tx, named};
use std::collections::HashMap;

/// One import into this domain.
struct Inventory {
    options: Options,
    hints: Hints,
    now: Timestamp,
    /// By name in lower case, in the order in which they came.
    devices: Vec<Held>,
    numbers: HashMap<String, usize>,
}

/// A device under way.
struct Held {
    id: Option<i64>,
    device: Device,
    /// When the source last heard of it.
    as_of: Option<Timestamp>,
    /// An artefact of this import spoke of it.
    told: bool,
    changed: bool,
}

/// What belongs to the file that is being read.
#[derive(Default)]
struct FileState {
    /// Where records belong that name no device.
    fallback: Option<String>,
    /// The one device that the user named, as the file names it.
    named: Option<String>,
    counts: Counts,
    instances: Vec<String>,
    made: Vec<String>,
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
        for held in self.devices.drain(..).filter(|held| held.changed) {
            devices::save(tx, held.id, &held.device)?;
        }
        self.numbers.clear();
        Ok(())
    }
}

fn brought(state: FileState, mut notes: Notes) -> Brought {
    notes.warnings.extend(state.notes.warnings);
    if let Some(failure) = state.reported.warning() {
        notes.warn("reported", Place::Whole, failure);
    }
    let sections = [("devices", state.counts)].into_iter();
    Brought {
        instances: state.instances,
        made: state.made,
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
        let at = self.held(read, state, &name)?;
        let now = self.now;
        let Some(held) = self.devices.get_mut(at) else {
            return Err(Stop::bug("a device of the import is gone"));
        };
        if held.as_of > facts.as_of && facts.as_of.is_some() {
            let text = format!("`{name}` is told of twice; the older record is left out");
            state.notes.warn("older", place, text);
            state.counts.skipped += 1;
            return Ok(());
        }
        held.as_of = facts.as_of.or(held.as_of);
        let replaces = self.hints.replace && !std::mem::replace(&mut held.told, true);
        let before = if replaces { emptied(&held.device) } else { held.device.clone() };
        let after = merged(&before, facts, now);
        let is_new = held.id.is_none() && !held.changed;
        let same = Device { last_change: held.device.last_change, ..after.clone() } == held.device;
        match (is_new, same) {
            (true, _) => state.counts.added += 1,
            (false, true) => state.counts.unchanged += 1,
            (false, false) => state.counts.changed += 1,
        }
        if is_new || !same {
            held.device = after;
            held.changed = true;
        }
        cross_check(&held.device, place, &mut state.notes);
        state.reported.take(&name, facts);
        Ok(())
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
                .hinted("give `--device NAME`, or put the file into a folder of the device's name")
                .into()
        })
    }

    /// The place of a device among those under way; loaded, or made when nobody knows it.
    fn held(&mut self, read: &mut dyn Read, state: &mut FileState, name: &str) -> Outcome<usize> {
        let key = name.to_lowercase();
        let at = match self.numbers.get(&key) {
            Some(at) => *at,
            None => {
                let (id, device) = match devices::find(read, name)? {
                    Some((id, device)) => (Some(id), device),
                    None => {
                        let id = chance::guid(0, &["csp", name, "imported device"]);
                        state.made.push(name.to_owned());
                        (None, Device::new(name, self.now, &format!("urn:uuid:{id}")))
                    }
                };
                self.devices.push(Held { id, device, as_of: None, told: false, changed: false });
                self.numbers.insert(key, self.devices.len() - 1);
                self.devices.len() - 1
            }
        };
        let shown = self.devices.get(at).map_or(name, |held| held.device.name.as_str());
        // A file of a hundred thousand devices is of none of them in particular.
        if state.instances.len() < SHOWN && !state.instances.iter().any(|known| known == shown) {
            state.instances.push(shown.to_owned());
        }
        Ok(at)
    }
}

/// How many devices of a file are named in what the import prints.
const SHOWN: usize = 1000;

/// A CspVersion lower than the build should have.
fn cross_check(device: &Device, place: Place, notes: &mut Notes) {
    let told = device.csp_version.as_deref();
    let Some(expected) = applicability::csp_version(device.detail.os_version) else { return };
    if let Some(told) =
        told.filter(|told| applicability::order(told) < applicability::order(expected))
    {
        let text = format!(
            "`{}` tells CspVersion {told}, but {} should have {expected}",
            device.name, device.detail.os_version
        );
        notes.warn("csp-version", place, text);
    }
}
