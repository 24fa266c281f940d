//! The domain's side of an import: what artefacts say of licenses, assignments and hosts goes into the inventories.
//!
//! Instances wait in memory until the last file is read: an object that is written ends the batches of whatever else is imported.

mod learning;
mod target;
mod telling;

use super::catalogue;
use super::overlay::Overlay;
use crate::api::{About, Brought, Counts, Hints, Intake, Source};
use crate::artefact::{Kind, Notes};
use crate::clock::Timestamp;
use crate::error::{Outcome, Place, Stop};
use crate::store::{Read, Tx};
use crate::vsphere::import::catalogue::CatalogueFile;
use crate::vsphere::import::record::{Of, Parts, Record, Said};
use crate::vsphere::import::{DayOrder, HOST_KIND, Options, READERS};
use learning::Learned;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, HashMap};
use target::{Target, Viewed};

/// The flags of `vsphere import`, under the names by which they come.
pub const HOST: &str = "host";
pub const DATE_ORDER: &str = "date-order";
pub const LEARN: &str = "learn-catalogue";
pub const FORCE: &str = "force-instance";

/// Begins an import.
#[must_use]
pub fn start(hints: &Hints) -> Box<dyn Intake> {
    let text = |name: &str| hints.texts.get(name).map(String::as_str);
    Box::new(Import {
        now: hints.now.unwrap_or(Timestamp::MIN),
        options: Options { order: text(DATE_ORDER).and_then(DayOrder::named) },
        learned: hints.texts.contains_key(LEARN).then(Learned::default),
        hints: hints.clone(),
        overlays: Vec::new(),
        targets: HashMap::new(),
        folders: HashMap::new(),
        catalogue: Vec::new(),
        nameless: Vec::new(),
        late: Vec::new(),
    })
}

/// One import into this domain.
pub(super) struct Import {
    hints: Hints,
    now: Timestamp,
    options: Options,
    learned: Option<Learned>,
    /// The instances that were met, in their order.
    overlays: Vec<Overlay>,
    /// Which of them a vCenter is that records name.
    targets: HashMap<Of, usize>,
    /// Which of them the last file of a folder was of: the files of one `object.save` belong together.
    folders: HashMap<String, usize>,
    catalogue: Vec<CatalogueFile>,
    /// Records that name licenses that no file told yet.
    nameless: Vec<Nameless>,
    late: Vec<(i64, Brought)>,
}

/// A record that waits for a license of the name that it names: the number of its file, its instance, and where it stood.
struct Nameless {
    file: i64,
    at: usize,
    place: Place,
    said: Said,
}

/// What belongs to the file that is being read.
struct FileState {
    about: About,
    /// The instance of records that name none.
    default: Option<usize>,
    /// Records that wait for the instance, and licenses that wait to know whether assignments follow.
    waiting: Vec<(Place, Record)>,
    assigned: bool,
    instances: Vec<usize>,
    sections: BTreeMap<&'static str, Counts>,
    lossy: Parts,
    notes: Notes,
    /// The file shows a host as it sees itself; its block that counts was read.
    of_host: bool,
    viewed: Viewed,
    /// What the shell calls that host.
    host: Option<String>,
}

impl FileState {
    fn new(about: &About, kind: &Kind) -> Self {
        Self {
            about: about.clone(),
            default: None,
            waiting: Vec::new(),
            assigned: false,
            instances: Vec::new(),
            sections: BTreeMap::new(),
            lossy: Parts::NONE,
            notes: Notes::default(),
            of_host: kind.name == HOST_KIND.name,
            viewed: Viewed::Nothing,
            host: None,
        }
    }
}

impl Intake for Import {
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
        let reader = READERS.iter().find(|reader| reader.kind.name == kind.name);
        let reader = reader.ok_or_else(|| Stop::bug(&format!("no reader for {}", kind.name)))?;
        let mut state = FileState::new(about, kind);
        self.overlays.iter_mut().for_each(Overlay::next_file);
        let (options, mut notes) = (self.options.clone(), Notes::default());
        (reader.read)(source, &options, &mut notes, &mut |place, record| {
            self.take(place, record, &mut state, tx)
        })?;
        self.flush(&mut state, tx)?;
        if self.hints.replace {
            self.replace(&mut state, tx)?;
        }
        if let Some(at) = state.default {
            self.folders.insert(target::folder(&about.name), at);
        }
        Ok(self.brought(state, notes))
    }

    fn finish(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        if let Some(learned) = self.learned.take() {
            self.catalogue.push(learned.file());
        }
        for file in self.catalogue.drain(..) {
            catalogue::load(tx, &file)?;
        }
        self.settle_names(tx.reading())?;
        for overlay in self.overlays.drain(..) {
            overlay.store(tx)?;
        }
        Ok(())
    }

    fn late(&mut self) -> Vec<(i64, Brought)> {
        std::mem::take(&mut self.late)
    }
}

impl Import {
    /// Takes a record, or lets it wait.
    fn take(
        &mut self,
        place: Place,
        record: Record,
        state: &mut FileState,
        tx: &mut dyn Tx,
    ) -> Outcome<()> {
        let is_assignment = matches!(record.said, Said::Assignment(_));
        if let (Said::HostView(Some(host), _), None) = (&record.said, &state.host) {
            state.host = Some(host.clone());
        }
        let record = self.own(record);
        let waits = match &record.said {
            Said::License(_) => !state.assigned,
            // Of which vCenter it is may be told by the rows that follow.
            Said::Assignment(_) if target::is_nobodys(&record) => true,
            Said::Catalogue(_) | Said::Skipped(..) => false,
            _ => record.of.is_empty() && state.default.is_none(),
        };
        if waits {
            state.waiting.push((place, record));
            return Ok(());
        }
        let tells = matches!(record.said, Said::About(_) | Said::Assignment(_));
        if state.default.is_none() && tells && !record.of.is_empty() {
            state.default = Some(self.target(&record.of, state, tx)?);
        }
        if is_assignment && !state.assigned {
            state.assigned = true;
            self.waited(state, tx, false)?;
        }
        self.put(place, record, state, tx)
    }

    /// Takes what waited; an assignment among it tells what is used.
    ///
    /// - `end`: of the file: no later row tells of which vCenter a row is.
    fn waited(&mut self, state: &mut FileState, tx: &mut dyn Tx, end: bool) -> Outcome<()> {
        let waiting = std::mem::take(&mut state.waiting);
        state.assigned |=
            waiting.iter().any(|(_, record)| matches!(record.said, Said::Assignment(_)));
        for (place, record) in waiting {
            let record = self.own(record);
            if !end && target::is_nobodys(&record) {
                state.waiting.push((place, record));
                continue;
            }
            self.put(place, record, state, tx)?;
        }
        Ok(())
    }

    /// Takes what waited up to the end of the file.
    fn flush(&mut self, state: &mut FileState, tx: &mut dyn Tx) -> Outcome<()> {
        let homeless = state.waiting.iter().any(|(_, record)| record.of.is_empty());
        if homeless && state.default.is_none() {
            state.default = Some(self.fallback(state, tx)?);
        }
        self.waited(state, tx, true)
    }

    /// Keeps what a file says of keys and editions for the catalogue.
    fn known(
        &mut self,
        file: CatalogueFile,
        state: &mut FileState,
        read: &mut dyn Read,
    ) -> Outcome<()> {
        let counts = state.sections.entry("catalogue").or_default();
        let loaded = catalogue::compared(read, &file)?;
        counts.added += loaded.added;
        counts.changed += loaded.changed;
        counts.unchanged += loaded.unchanged;
        self.catalogue.push(file);
        Ok(())
    }

    /// Takes away what the file does not tell of.
    fn replace(&mut self, state: &mut FileState, tx: &mut dyn Tx) -> Outcome<()> {
        for at in &state.instances {
            let Some(overlay) = self.overlays.get_mut(*at) else { continue };
            let removed = overlay.replace(tx.reading())?;
            for (section, gone) in [
                ("licenses", removed.licenses),
                ("assignments", removed.assignments),
                ("hosts", removed.hosts),
            ] {
                if gone > 0 {
                    state.sections.entry(section).or_default().removed += gone;
                }
            }
        }
        Ok(())
    }

    fn brought(&self, state: FileState, mut notes: Notes) -> Brought {
        notes.add(state.notes);
        let mut detail = Map::new();
        let lossy: Vec<Json> = state.lossy.words().map(Json::from).collect();
        if !lossy.is_empty() {
            detail.insert("lossy".to_owned(), Json::from(lossy));
        }
        let name = |at: &usize| self.overlays.get(*at).map(|held| held.vcenter.name.clone());
        Brought {
            instances: state.instances.iter().filter_map(name).collect(),
            more: 0,
            sections: state.sections,
            notes,
            detail,
        }
    }
}

impl Import {
    /// The instance that a record names, met before or now.
    fn target(&mut self, of: &Of, state: &mut FileState, tx: &mut dyn Tx) -> Outcome<usize> {
        if let Some(at) = self.targets.get(of) {
            return Ok(*at);
        }
        let target =
            Target { of, about: &state.about, host: state.of_host, shell: state.host.as_deref() };
        let at = self.instance(&target, tx.reading())?;
        self.targets.insert(of.clone(), at);
        Ok(at)
    }

    /// The instance of records that name none.
    fn fallback(&mut self, state: &mut FileState, tx: &mut dyn Tx) -> Outcome<usize> {
        let of = Of::default();
        let target = Target {
            of: &of,
            about: &state.about,
            host: state.of_host,
            shell: state.host.as_deref(),
        };
        self.instance(&target, tx.reading())
    }
}
