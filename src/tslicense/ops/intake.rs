//! The domain's side of an import: what artefacts tell of servers, key packs and licenses goes into the store.
//!
//! Licenses per device are written as they come, in groups: there may be millions. Everything else waits in memory until the last file
//! is read: an object that is written ends the batches of whatever else is imported.

mod coming;
mod devices;
mod hosts;
mod people;
mod reports;

use self::coming::Coming;
use self::devices::Devices;
use self::hosts::Hosts;
use self::people::People;
use self::reports::Reports;
use crate::api::{About, Brought, Counts, Hints, Intake, Source, Spoken};
use crate::artefact::{Kind, Notes};
use crate::clock::Timestamp;
use crate::error::{Outcome, Place, Stop, Usage};
use crate::store::{Put, Tx, named};
use crate::tslicense::import::{self, DateOrder, Options, Record, Told};
use crate::tslicense::model::KeyPackId;
use crate::tslicense::store::servers;
use std::collections::{BTreeMap, HashMap};

/// The sections of what an import brought.
const SERVERS: &str = "servers";
const PACKS: &str = "keyPacks";
const LICENSES: &str = "issuedLicenses";
const USERS: &str = "userLicenses";
const HOSTS: &str = "sessionHosts";
const REPORTS: &str = "reports";

/// The domain's own flags of an import, as [`Hints::texts`] has them.
pub const DATE_ORDER: &str = "date-order";
pub const NETBIOS: &str = "netbios";
pub const MAP: &str = "map";
pub const HOST: &str = "host";

/// One import into this domain.
struct Inventory {
    options: Options,
    hints: Hints,
    /// Of the state that the files show.
    taken: Timestamp,
    servers: Vec<Coming>,
    /// By name in lower case.
    numbers: HashMap<String, usize>,
    devices: Devices,
    people: People,
    hosts: Hosts,
    reports: Reports,
}

/// What belongs to the file that is being read.
struct FileState {
    about: About,
    /// Where records belong that name no server.
    fallback: Option<String>,
    /// The one server that the user named, as the file names it.
    named: Option<String>,
    sections: BTreeMap<&'static str, Counts>,
    spoken: Spoken,
    /// What the file told of each key: the same again is folded, other content is a mix of servers.
    seen: HashMap<(usize, Key), Told>,
    /// The server of the last record, as it was named: most files are of one.
    last: Option<(Option<String>, usize)>,
    /// It tells two things of one key: none of it is taken.
    mixed: bool,
}

/// The key of an object within its server; licenses per device are looked after by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Server,
    Pack(KeyPackId),
}

/// The domain's side of one import.
#[must_use]
pub fn start(hints: &Hints) -> Box<dyn Intake> {
    let now = hints.now.unwrap_or(Timestamp::MIN);
    let taken = hints.taken_at.unwrap_or(now).min(now);
    Box::new(Inventory {
        options: options(hints),
        taken,
        hints: hints.clone(),
        servers: Vec::new(),
        numbers: HashMap::new(),
        devices: Devices::new(hints.replace, now),
        people: People::new(now, hints.replace),
        hosts: Hosts::new(taken),
        reports: Reports::default(),
    })
}

fn options(hints: &Hints) -> Options {
    let text = |flag: &str| hints.texts.get(flag).cloned();
    Options {
        culture: hints.culture.clone(),
        zone: hints.zone.clone(),
        order: text(DATE_ORDER).and_then(|word| DateOrder::named(&word)),
        netbios: text(NETBIOS),
        map: text(MAP).and_then(|text| mapped(&text).ok()).unwrap_or_default(),
    }
}

/// What headers of a report hold, as the user said it: `user=Benutzer,expiry="Ablauf"`.
///
/// Usage error for a word that is none.
pub fn mapped(text: &str) -> Outcome<Vec<(String, String)>> {
    let pair = |pair: &str| {
        let (word, header) = pair.split_once('=')?;
        let word = word.trim().to_lowercase();
        let header = header.trim().trim_matches('"').trim();
        let known = import::report_words().any(|known| known == word) && !header.is_empty();
        known.then(|| (word, header.to_owned()))
    };
    let told = |part: &str| {
        pair(part).ok_or_else(|| {
            let words: Vec<&str> = import::report_words().collect();
            Usage::new(format!("`--map {part}` does not say what a header holds"))
                .hinted(format!("WORD=HEADER, with one of {}", words.join(", ")))
                .into()
        })
    };
    text.split(',').map(told).collect()
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
        let stored = named::from(tx.reading(), servers::SERVERS.name, "", 2)?;
        let fallback = self.hints.instance_of(about, &stored);
        let mut state = FileState {
            fallback,
            about: about.clone(),
            sections: BTreeMap::new(),
            named: None,
            spoken: Spoken::default(),
            seen: HashMap::new(),
            last: None,
            mixed: false,
        };
        let mut notes = Notes::default();
        let options = std::mem::take(&mut self.options);
        let done = reader.read(source, &options, &mut notes, &mut |place, record, notes| {
            self.take(tx, &mut state, (place, notes), record)
        });
        self.options = options;
        done.map_err(|stop| stop.within(&about.name))?;
        self.devices.end_file(
            tx,
            &mut self.servers,
            state.sections.entry(LICENSES).or_default(),
        )?;
        let users = state.sections.entry(USERS).or_default();
        self.people.end_file(tx.reading(), &self.servers, users)?;
        let reports = state.sections.entry(REPORTS).or_default();
        self.reports.end_file(tx.reading(), &self.servers, about, reports)?;
        if self.hints.replace {
            let removed: u64 = self.servers.iter_mut().map(Coming::missing_packs).sum();
            state.sections.entry(PACKS).or_default().removed += removed;
        }
        if state.mixed || self.devices.mixed {
            // Nothing of such a file is sure, whatever is left out of it.
            return Err(Stop::from(notes.complaints).within(&about.name));
        }
        self.people.warn(&mut notes);
        state.sections.retain(|_, counts| *counts != Counts::default());
        let (instances, more) = state.spoken.told();
        Ok(Brought { instances, more, sections: state.sections, notes, ..Brought::default() })
    }

    fn finish(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        self.people.settle(tx, &mut self.servers, &self.numbers)?;
        let names: Vec<String> =
            self.servers.iter().map(|coming| coming.name().to_owned()).collect();
        for coming in self.servers.drain(..) {
            coming.finish(tx, self.taken, self.hints.replace)?;
        }
        self.reports.finish(tx, &names, self.taken)?;
        self.hosts.finish(tx)?;
        self.numbers.clear();
        Ok(())
    }
}

impl Inventory {
    fn take(
        &mut self,
        tx: &mut dyn Tx,
        state: &mut FileState,
        (place, notes): (Place, &mut Notes),
        record: Record,
    ) -> Outcome<()> {
        let Record { server, told } = record;
        let told = match told {
            Told::Host(host) => {
                let counts = state.sections.entry(HOSTS).or_default();
                let of = (&self.hints, &state.about);
                let name = self.hosts.take(tx.reading(), *host, of, counts)?;
                state.spoken.of(&name);
                return Ok(());
            }
            Told::User(user) => {
                // The directory tells the server of each; a report is of one.
                let one = user.issuer.is_none() || self.hints.instance.is_some();
                let at = if one { Some(self.server(tx, state, server)?) } else { None };
                let counts = state.sections.entry(USERS).or_default();
                return self.people.take(tx.reading(), (*user, at), (place, notes), counts);
            }
            other => other,
        };
        let at = self.server(tx, state, server)?;
        let told = match told {
            Told::Issued(license) => {
                let counts = state.sections.entry(LICENSES).or_default();
                let servers = &mut self.servers;
                return self.devices.take(tx, servers, (at, *license), (place, notes, counts));
            }
            Told::Entry(told) => {
                if let Some(user) = told.license() {
                    let counts = state.sections.entry(USERS).or_default();
                    let of = (user, Some(at));
                    self.people.take(tx.reading(), of, (place, notes), counts)?;
                }
                self.reports.entry(at, *told);
                return Ok(());
            }
            Told::Report(told) => {
                self.reports.report(at, *told);
                return Ok(());
            }
            other => other,
        };
        if folded(state, at, &told, (place, notes)) {
            return Ok(());
        }
        let Some(coming) = self.servers.get_mut(at) else {
            return Err(Stop::bug("a server of the import is gone"));
        };
        let (section, put) = match told {
            Told::KeyPack(pack) => (PACKS, coming.pack(*pack)),
            Told::Server(told) => (SERVERS, coming.tell(*told)),
            _ => return Ok(()),
        };
        count(state.sections.entry(section).or_default(), put);
        Ok(())
    }

    /// The place of the server of a record; most records are of the same as the one before.
    fn server(
        &mut self,
        tx: &mut dyn Tx,
        state: &mut FileState,
        told: Option<String>,
    ) -> Outcome<usize> {
        if let Some((last, at)) = &state.last
            && *last == told
        {
            return Ok(*at);
        }
        let name = self.name(state, told.as_deref())?;
        let at = self.coming(tx, state, &name)?;
        state.last = Some((told, at));
        Ok(at)
    }

    /// The server of a record: the flag, else what the artefact names, else where the file belongs.
    fn name(&self, state: &mut FileState, told: Option<&str>) -> Outcome<String> {
        if let Some(flag) = &self.hints.instance {
            let first = state.named.get_or_insert_with(|| told.unwrap_or_default().to_owned());
            if told.is_some_and(|told| !told.eq_ignore_ascii_case(first)) {
                return Err(Usage::new(format!(
                    "the file speaks of several servers, and `--server {flag}` names one"
                ))
                .hinted("leave the flag out: the file names its servers itself")
                .into());
            }
            return Ok(flag.clone());
        }
        told.or(state.fallback.as_deref()).map(str::to_owned).ok_or_else(|| {
            Usage::new("the file names no license server, and the store has several")
                .hinted("give `--server NAME` (`licctl import`: `--instance NAME`), or name the folder above a folder of the server's name")
                .into()
        })
    }

    /// The place of a server among those under way; loaded by name or alias, or made when nobody knows it.
    fn coming(&mut self, tx: &mut dyn Tx, state: &mut FileState, name: &str) -> Outcome<usize> {
        let key = name.to_lowercase();
        let at = match self.numbers.get(&key) {
            Some(at) => *at,
            None => {
                let coming = Coming::named(tx.reading(), name)?;
                self.servers.push(coming);
                self.numbers.insert(key, self.servers.len() - 1);
                self.servers.len() - 1
            }
        };
        let shown = self.servers.get(at).map_or(name, Coming::name);
        state.spoken.of(shown);
        Ok(at)
    }
}

fn count(counts: &mut Counts, put: Put) {
    match put {
        Put::Added => counts.added += 1,
        Put::Changed => counts.changed += 1,
        Put::Unchanged => counts.unchanged += 1,
    }
}

/// Whether the file told of the same object before; other content is complained of.
fn folded(
    state: &mut FileState,
    at: usize,
    told: &Told,
    (place, notes): (Place, &mut Notes),
) -> bool {
    let key = match told {
        Told::KeyPack(pack) => Key::Pack(pack.id),
        _ => Key::Server,
    };
    let words = key.words();
    match state.seen.insert((at, key), told.clone()) {
        None => false,
        Some(before) => {
            state.mixed |= before != *told;
            tell_twice(before == *told, &words, place, notes);
            true
        }
    }
}

/// Says that a file told of one object twice.
fn tell_twice(same: bool, what: &str, place: Place, notes: &mut Notes) {
    if same {
        notes.warn("DUPLICATE_ROW", place, "the file tells of the same object twice");
    } else {
        let message = format!("DUPLICATE_KEY: the file tells two things of {what}");
        notes.complain_with(place, message, "it mixes servers: export each into its own file");
    }
}

impl Key {
    /// For messages.
    fn words(self) -> String {
        match self {
            Self::Server => "the server".to_owned(),
            Self::Pack(id) => format!("key pack {}", id.0),
        }
    }
}
