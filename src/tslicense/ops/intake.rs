//! The domain's side of an import: what artefacts tell of servers, key packs and issued licenses goes into the store.
//!
//! Everything waits in memory until the last file is read: an object that is written ends the batches of whatever else is imported.

use crate::api::{About, Brought, Counts, Hints, Intake, Source};
use crate::artefact::{Kind, Notes};
use crate::error::{Outcome, Place, Stop, Usage};
use crate::store::{Put, Read, Tx, named};
use crate::tslicense::import::{self, Options, Record, Told, ToldServer};
use crate::tslicense::model::{Held, Issued, KeyPack, KeyPackId, LicenseId, Server};
use crate::tslicense::store::{issued, packs, servers};
use std::collections::{BTreeMap, HashMap};

/// The sections of what an import brought.
const SERVERS: &str = "servers";
const PACKS: &str = "keyPacks";
const LICENSES: &str = "issuedLicenses";

/// One import into this domain.
struct Inventory {
    options: Options,
    hints: Hints,
    servers: Vec<Coming>,
    /// By name in lower case.
    numbers: HashMap<String, usize>,
}

/// A server under way.
struct Coming {
    id: Option<i64>,
    held: Held,
    /// The server itself has to be written.
    changed: bool,
    packs: BTreeMap<KeyPackId, KeyPack>,
    licenses: BTreeMap<(LicenseId, KeyPackId), Issued>,
}

/// What belongs to the file that is being read.
#[derive(Default)]
struct FileState {
    /// Where records belong that name no server.
    fallback: Option<String>,
    /// The one server that the user named, as the file names it.
    named: Option<String>,
    sections: BTreeMap<&'static str, Counts>,
    instances: Vec<String>,
    made: Vec<String>,
    /// What the file told of each key: the same again is folded, other content is a mix of servers.
    seen: HashMap<(usize, Key), Told>,
}

/// The key of an object within its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Server,
    Pack(KeyPackId),
    License(LicenseId, KeyPackId),
}

/// The domain's side of one import.
#[must_use]
pub fn start(hints: &Hints) -> Box<dyn Intake> {
    Box::new(Inventory {
        options: Options { culture: hints.culture.clone(), zone: hints.zone.clone() },
        hints: hints.clone(),
        servers: Vec::new(),
        numbers: HashMap::new(),
    })
}

impl Intake for Inventory {
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
        let mut state = FileState { fallback, ..FileState::default() };
        let mut notes = Notes::default();
        let options = std::mem::take(&mut self.options);
        let done = reader.read(source, &options, &mut notes, &mut |place, record, notes| {
            self.take(tx.reading(), &mut state, (place, notes), record)
        });
        self.options = options;
        done?;
        Ok(Brought {
            instances: state.instances,
            made: state.made,
            sections: state.sections,
            notes,
            ..Brought::default()
        })
    }

    fn finish(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        for mut coming in self.servers.drain(..) {
            let server = &mut coming.held.server;
            let last = coming.packs.keys().next_back().copied();
            let next = last.map_or(server.next_key_pack, |id| KeyPackId(id.0.saturating_add(1)));
            coming.changed |= next > server.next_key_pack;
            server.next_key_pack = server.next_key_pack.max(next);
            let last = coming.licenses.keys().next_back().map(|(id, _)| *id);
            let next = last.map_or(server.next_license, |id| LicenseId(id.0.saturating_add(1)));
            coming.changed |= next > server.next_license;
            server.next_license = server.next_license.max(next);
            let id = match coming.id {
                Some(id) if !coming.changed => id,
                id => servers::save(tx, id, server)?.0,
            };
            for pack in coming.packs.values() {
                packs::save(tx, id, pack)?;
            }
            for license in coming.licenses.values() {
                issued::save(tx, id, license)?;
            }
        }
        self.numbers.clear();
        Ok(())
    }
}

impl Inventory {
    fn take(
        &mut self,
        read: &mut dyn Read,
        state: &mut FileState,
        (place, notes): (Place, &mut Notes),
        record: Record,
    ) -> Outcome<()> {
        let name = self.name(state, record.server.as_deref())?;
        let at = self.coming(read, state, &name)?;
        let key = match &record.told {
            Told::Server(_) => Key::Server,
            Told::KeyPack(pack) => Key::Pack(pack.id),
            Told::Issued(license) => Key::License(license.id, license.pack),
        };
        match state.seen.get(&(at, key)) {
            Some(told) if *told == record.told => {
                notes.warn("DUPLICATE_ROW", place, "the file tells of the same object twice");
                return Ok(());
            }
            Some(_) => {
                let message =
                    format!("DUPLICATE_KEY: the file tells two things of {}", key.words());
                notes.complain_with(
                    place,
                    message,
                    "it mixes servers: export each into its own file",
                );
                return Ok(());
            }
            None => {}
        }
        state.seen.insert((at, key), record.told.clone());
        let Some(coming) = self.servers.get_mut(at) else {
            return Err(Stop::bug("a server of the import is gone"));
        };
        let (section, put) = match record.told {
            Told::Server(told) => (SERVERS, coming.server(&told)),
            Told::KeyPack(pack) => (PACKS, coming.pack(*pack)),
            Told::Issued(license) => (LICENSES, coming.license(read, *license)?),
        };
        let counts = state.sections.entry(section).or_default();
        match put {
            Put::Added => counts.added += 1,
            Put::Changed => counts.changed += 1,
            Put::Unchanged => counts.unchanged += 1,
        }
        Ok(())
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
                .hinted("give `--server NAME`, or put the file into a folder of the server's name")
                .into()
        })
    }

    /// The place of a server among those under way; loaded by name or alias, or made when nobody knows it.
    fn coming(&mut self, read: &mut dyn Read, state: &mut FileState, name: &str) -> Outcome<usize> {
        let key = name.to_lowercase();
        let at = match self.numbers.get(&key) {
            Some(at) => *at,
            None => {
                let known =
                    servers::all(read)?.into_iter().find(|(_, server)| server.is_called(name));
                let coming = match known {
                    Some((id, server)) => Coming::known(read, id, server)?,
                    None => {
                        state.made.push(name.to_owned());
                        Coming::new(Server::unknown(name))
                    }
                };
                self.servers.push(coming);
                self.numbers.insert(key, self.servers.len() - 1);
                self.servers.len() - 1
            }
        };
        let shown = self.servers.get(at).map_or(name, |coming| coming.held.server.name.as_str());
        if !state.instances.iter().any(|known| known == shown) {
            state.instances.push(shown.to_owned());
        }
        Ok(at)
    }
}

impl Key {
    /// For messages.
    fn words(self) -> String {
        match self {
            Self::Server => "the server".to_owned(),
            Self::Pack(id) => format!("key pack {}", id.0),
            Self::License(id, pack) => format!("license {} of key pack {}", id.0, pack.0),
        }
    }
}

impl Coming {
    fn new(server: Server) -> Self {
        let held = Held { server, packs: Vec::new() };
        let (packs, licenses) = (BTreeMap::new(), BTreeMap::new());
        Self { id: None, held, changed: true, packs, licenses }
    }

    fn known(read: &mut dyn Read, id: i64, server: Server) -> Outcome<Self> {
        let held = Held { packs: packs::of(read, id)?, server };
        let (packs, licenses) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { id: Some(id), held, changed: false, packs, licenses })
    }

    /// What the artefact does not tell stays.
    fn server(&mut self, told: &ToldServer) -> Put {
        let before = self.held.server.clone();
        let server = &mut self.held.server;
        for (held, told) in server.contact.0.iter_mut().zip(&told.contact.0) {
            if !told.is_empty() {
                held.clone_from(told);
            }
        }
        server.role = told.role.unwrap_or(server.role);
        if let Some(path) = &told.database_path {
            server.database_path.clone_from(path);
        }
        for (held, told) in [
            (&mut server.product_id, &told.product_id),
            (&mut server.version, &told.version),
            (&mut server.version_number, &told.version_number),
        ] {
            if told.is_some() {
                held.clone_from(told);
            }
        }
        let same = before == self.held.server;
        self.changed |= !same;
        match (self.id, same) {
            (None, _) => Put::Added,
            (Some(_), true) => Put::Unchanged,
            (Some(_), false) => Put::Changed,
        }
    }

    /// What is remembered of the purchase stays as long as it is the same pack.
    fn pack(&mut self, mut pack: KeyPack) -> Put {
        let stored = self.held.pack(pack.id);
        let same_pack = |held: &&KeyPack| {
            (held.version, held.product, held.key_pack_type)
                == (pack.version, pack.product, pack.key_pack_type)
        };
        pack.purchase = stored.filter(same_pack).and_then(|held| held.purchase.clone());
        let put = match stored {
            None => Put::Added,
            Some(held) if *held == pack => Put::Unchanged,
            Some(_) => Put::Changed,
        };
        self.packs.insert(pack.id, pack);
        put
    }

    fn license(&mut self, read: &mut dyn Read, mut license: Issued) -> Outcome<Put> {
        let stored = match self.id {
            Some(id) => issued::numbered(read, id, license.id)?,
            None => Vec::new(),
        };
        let stored = stored.into_iter().find(|held| held.pack == license.pack);
        if let Some(held) = &stored {
            license.stage = held.stage;
        }
        let put = match stored {
            None => Put::Added,
            Some(held) if held == license => Put::Unchanged,
            Some(_) => Put::Changed,
        };
        self.licenses.insert((license.id, license.pack), license);
        Ok(put)
    }
}
