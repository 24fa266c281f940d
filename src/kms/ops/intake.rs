//! The domain's side of an import: records become rows, names become numbers, kept totals grow.
//!
//! Rows are written as they come, in groups; names, totals and machines wait for the end. Memory grows with the number of
//! clients, never with the number of events.

use super::clients::Clients;
use crate::api::{About, Brought, Counts, Hints, Intake, Source};
use crate::artefact::{Kind, Notes};
use crate::clock::Timestamp;
use crate::error::{Outcome, Place, Stop, Usage};
use crate::kms::import::{self, Body, Event, LogSize, Options, Record, Request, Said, Snapshot};
use crate::kms::store::evidence::{self, ClientTime, NewEvent, NewRequest, NewSnapshot, Origin};
use crate::kms::store::totals::{Gained, Key, Seen};
use crate::kms::store::{self, dns, log_sizes, names};
use crate::store::{Tx, named};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use uuid::Uuid;

/// Rows that are written at once.
const GROUP: usize = 1000;

/// Equal rows without record numbers are told apart as long as no more than so many other rows stand between them.
const REMEMBERED: usize = 1_000_000;

/// One import into this domain.
pub struct Evidence {
    options: Options,
    hints: Hints,
    skus: HashMap<Uuid, i64>,
    clients: Clients,
    gained: Gained,
    machines: BTreeSet<String>,
    requests: Vec<NewRequest>,
    events: Vec<NewEvent>,
    snapshots: Vec<NewSnapshot>,
    /// What DNS data says; kept to the end of its file, which is told apart by all that it says.
    said: Vec<Said>,
    file: FileState,
}

/// What belongs to the file that is being read.
#[derive(Default)]
struct FileState {
    number: i64,
    kind: &'static str,
    /// Where records without a host belong.
    host: Option<String>,
    hosts: BTreeSet<String>,
    /// Of its hosts, by what its records call them; an empty name where they name none.
    numbers: HashMap<String, i64>,
    taken: Option<Timestamp>,
    requests: Counts,
    events: Counts,
    snapshots: Counts,
    records: Counts,
    /// Of its newest event.
    last: Option<(i64, Timestamp)>,
    equal: HashMap<u64, i64>,
    notes: Notes,
}

/// The domain's side of one import.
#[must_use]
pub fn start(hints: &Hints) -> Box<dyn Intake> {
    let options = Options {
        culture: hints.culture.clone(),
        zone: hints.zone.clone(),
        slmgr_ini: hints.texts.get("slmgr-ini").cloned(),
        dns_origin: None,
    };
    Box::new(Evidence {
        options,
        hints: hints.clone(),
        skus: HashMap::new(),
        clients: Clients::default(),
        gained: Gained::default(),
        machines: BTreeSet::new(),
        requests: Vec::with_capacity(GROUP),
        events: Vec::new(),
        snapshots: Vec::new(),
        said: Vec::new(),
        file: FileState::default(),
    })
}

impl Intake for Evidence {
    fn file(
        &mut self,
        kind: &Kind,
        about: &About,
        source: Source<'_>,
        tx: &mut dyn Tx,
    ) -> Outcome<Brought> {
        self.file = FileState {
            number: about.number,
            host: self.hints.instance_of(about, &named::all(tx, store::MACHINES.name)?),
            ..FileState::default()
        };
        self.file.taken = self.hints.taken_at.or(about.modified);
        let mut options = std::mem::take(&mut self.options);
        let told = self.hints.texts.get("dns-origin").map(String::as_str);
        options.dns_origin =
            told.or_else(|| import::dns::zone_of_file(&about.name)).map(str::to_owned);
        let mut notes = Notes::default();
        let read = import::READERS.iter().find(|reader| reader.kind.name == kind.name);
        let read = read.ok_or_else(|| Stop::bug(&format!("no reader for {}", kind.name)))?;
        self.file.kind = read.kind.name;
        let done = (read.read)(source, &options, &mut notes, &mut |place, record| {
            self.take(tx, place, record)
        });
        self.options = options;
        done?;
        self.flush(tx)?;
        self.flush_said(tx)?;
        let state = std::mem::take(&mut self.file);
        Ok(brought(state, notes))
    }

    fn finish(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        std::mem::take(&mut self.gained).save(tx)?;
        for name in std::mem::take(&mut self.machines) {
            store::make_machine(tx, &name)?;
        }
        Ok(())
    }
}

fn brought(state: FileState, mut notes: Notes) -> Brought {
    notes.warnings.extend(state.notes.warnings);
    for complaint in state.notes.complaints.kept {
        notes.complaints.push(complaint);
    }
    let counted = [
        ("requests", state.requests),
        ("events", state.events),
        ("snapshots", state.snapshots),
        ("records", state.records),
    ];
    let sections = counted.into_iter().filter(|(_, counts)| *counts != Counts::default()).collect();
    Brought { instances: state.hosts.into_iter().collect(), sections, notes, ..Brought::default() }
}

impl Evidence {
    /// The machine of a record: the flag, else what the artefact names, else where the file belongs.
    fn machine(&self, named: &str) -> Outcome<String> {
        let flag = self.hints.instance.as_deref();
        let named = Some(named).filter(|name| !name.is_empty());
        flag.or(named).or(self.file.host.as_deref()).map(str::to_owned).ok_or_else(|| {
            Usage::new("the file names no machine, and the store has several")
                .hinted(
                    "give `--machine NAME` (`licctl import`: `--instance NAME`), or name the folder above a folder of the machine's name",
                )
                .into()
        })
    }

    /// The number of the machine of a record. Each file asks the store once for each machine that it names.
    fn host(&mut self, tx: &mut dyn Tx, named: &str) -> Outcome<i64> {
        if let Some(id) = self.file.numbers.get(named) {
            return Ok(*id);
        }
        let machine = self.machine(named)?;
        let id = names::host(tx, &machine)?;
        self.file.numbers.insert(named.to_owned(), id);
        self.file.hosts.insert(machine.clone());
        self.machines.insert(machine);
        Ok(id)
    }

    fn take(&mut self, tx: &mut dyn Tx, place: Place, record: Record<'_>) -> Outcome<()> {
        match record {
            Record::Event(event) => {
                let host = self.host(tx, event.host)?;
                if self.file.last.is_none_or(|(_, last)| last < event.time) {
                    self.file.last = Some((host, event.time));
                }
                match &event.body {
                    Body::Request(request) => self.request(tx, host, &event, request)?,
                    other => self.event(host, &event, other),
                }
            }
            Record::Snapshot(snapshot) => self.snapshot(tx, place, &snapshot)?,
            Record::Dns(said) => self.said(place, said),
            Record::Log(size) => self.log(tx, size)?,
        }
        if self.requests.len() >= GROUP
            || self.events.len() >= GROUP
            || self.snapshots.len() >= GROUP
        {
            self.flush(tx)?;
        }
        Ok(())
    }

    fn request(
        &mut self,
        tx: &mut dyn Tx,
        host: i64,
        event: &Event<'_>,
        request: &Request<'_>,
    ) -> Outcome<()> {
        let client = self.clients.number(tx, &request.cmid, request.name)?;
        let sku = match self.skus.get(&request.activation) {
            Some(sku) => *sku,
            None => {
                let sku = names::sku(tx, &request.activation)?;
                self.skus.insert(request.activation, sku);
                sku
            }
        };
        let record = match event.record.map(i64::try_from) {
            Some(Ok(record)) => record,
            Some(Err(_)) => i64::MAX,
            None => {
                -self.ordinal(&(host, event.time.s(), client, sku, request.status, request.minutes))
            }
        };
        self.requests.push(NewRequest {
            host,
            record,
            time: event.time,
            client,
            sku,
            status: request.status,
            minutes: request.minutes,
            hresult: request.hresult,
            required: request.required,
            virtual_machine: request.virtual_machine,
            client_time: ClientTime::pack(request.client_time, event.time),
            lead: (!request.lead.is_empty()).then(|| request.lead.into()),
            origin: Origin::Imported,
            file: self.file.number,
        });
        Ok(())
    }

    /// Which of several equal rows of the file this is, counted from 1.
    fn ordinal(&mut self, row: &impl Hash) -> i64 {
        if self.file.equal.len() >= REMEMBERED {
            self.file.equal.clear();
        }
        let mut hasher = DefaultHasher::new();
        row.hash(&mut hasher);
        let count = self.file.equal.entry(hasher.finish()).or_default();
        *count += 1;
        *count
    }

    fn event(&mut self, host: i64, event: &Event<'_>, body: &Body<'_>) {
        let (id, fields) = fields(body);
        let record = event.record.and_then(|record| i64::try_from(record).ok()).unwrap_or(0);
        self.events.push(NewEvent {
            host,
            time: event.time,
            record,
            event: id,
            fields: fields.to_string(),
            file: self.file.number,
        });
    }

    fn snapshot(&mut self, tx: &mut dyn Tx, place: Place, snapshot: &Snapshot) -> Outcome<()> {
        let named = snapshot.machine.as_deref().unwrap_or_default();
        let host = self.host(tx, named)?;
        let object = |properties: &import::Properties| {
            let mut members = properties.known.clone();
            if !properties.extra.is_empty() {
                members.insert("extra".to_owned(), Json::Object(properties.extra.clone()));
            }
            Json::Object(members)
        };
        let recognised = json!({
            "service": snapshot.service.as_ref().map(|service| sorted(&service.known)),
            "products": snapshot.products.iter().map(|product| sorted(&product.known)).collect::<Vec<_>>(),
        });
        let body = json!({
            "service": snapshot.service.as_ref().map(object),
            "products": snapshot.products.iter().map(object).collect::<Vec<_>>(),
        });
        let now = self.hints.now.unwrap_or(Timestamp::MAX);
        let shown = trusted_time(snapshot).filter(|_| self.hints.taken_at.is_none());
        if shown.is_none() && self.hints.taken_at.is_none() {
            self.file.notes.warn("taken-at", place, "the file does not say when it was taken; the time it was written is used (`--taken-at` says better)");
        }
        self.snapshots.push(NewSnapshot {
            host,
            taken: shown.or(self.file.taken).unwrap_or(now),
            sha256: Sha256::digest(recognised.to_string().as_bytes()).into(),
            kind: self.file.kind,
            body: body.to_string(),
            file: self.file.number,
        });
        Ok(())
    }

    fn said(&mut self, place: Place, said: Said) {
        if self.file.taken.is_none() {
            self.file.notes.warn("taken-at", place, "the file does not say when it was taken; it counts as taken now (`--taken-at` says better)");
        }
        self.said.push(said);
    }

    fn flush_said(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        if self.said.is_empty() {
            return Ok(());
        }
        let said = std::mem::take(&mut self.said);
        let now = self.hints.now.unwrap_or(Timestamp::MAX);
        let taken = self.file.taken.unwrap_or(now);
        let source = Sha256::digest(format!("{said:?}")).into();
        let data = dns::NewData { taken, source, said, file: self.file.number };
        let records = &mut self.file.records;
        dns::add(tx, &data, &mut |_, added| {
            if added { records.added += 1 } else { records.unchanged += 1 }
        })
    }

    /// What a log file takes belongs to the one host that wrote it.
    fn log(&mut self, tx: &mut dyn Tx, size: LogSize) -> Outcome<()> {
        let (Some((host, last)), 1) = (self.file.last, self.file.hosts.len()) else {
            return Ok(());
        };
        let LogSize { records, bytes } = size;
        let file = self.file.number;
        log_sizes::add(tx, &log_sizes::LogSize { host, last, records, bytes, file })
    }

    /// Writes the rows that are gathered, and counts what was new.
    fn flush(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        self.clients.flush(tx)?;
        let Self { requests, gained, file, .. } = self;
        let mut beyond = Ok(());
        evidence::add_requests(tx, requests, &mut |at, added| {
            let Some(row) = requests.get(at) else { return };
            if !added {
                file.requests.unchanged += 1;
                return;
            }
            file.requests.added += 1;
            let seen = Seen {
                time: row.time,
                record: row.record,
                host: 0,
                hresult: row.hresult,
                required: row.required,
                status: row.status,
                minutes: row.minutes,
                virtual_machine: row.virtual_machine,
            };
            match Key::new(row.client, row.sku, row.host) {
                Ok(key) => gained.add(key, &Seen { host: key.host, ..seen }),
                Err(stop) => beyond = Err(stop),
            }
        })?;
        beyond?;
        gained.relieve()?;
        self.requests.clear();
        let FileState { events, snapshots, .. } = &mut self.file;
        let count = |counts: &mut Counts, added: bool| {
            if added { counts.added += 1 } else { counts.unchanged += 1 }
        };
        evidence::add_events(tx, &self.events, &mut |_, added| count(events, added))?;
        evidence::add_snapshots(tx, &self.snapshots, &mut |_, added| count(snapshots, added))?;
        self.events.clear();
        self.snapshots.clear();
        Ok(())
    }
}

/// Members in the order of their names: what a snapshot is compared by.
fn sorted(members: &Map<String, Json>) -> Json {
    let mut names: Vec<&String> = members.keys().collect();
    names.sort();
    let pairs =
        names.into_iter().filter_map(|name| Some((name.clone(), members.get(name)?.clone())));
    Json::Object(pairs.collect())
}

/// The clock of the licensing service, when a product shows it: that is when the snapshot was taken.
fn trusted_time(snapshot: &Snapshot) -> Option<Timestamp> {
    snapshot
        .products
        .iter()
        .find_map(|product| Timestamp::parse(product.known.get("TrustedTime")?.as_str()?))
}

/// Event ID and fields of everything but a request.
fn fields(body: &Body<'_>) -> (u32, Json) {
    match body {
        Body::Sent(sent) => (
            12288,
            json!({
                "HResult": sent.hresult, "StatusFlags": sent.flags, "Target": sent.target, "ClientMachineID": sent.cmid,
                "ClientTime": sent.client_time, "IsVirtualMachine": sent.virtual_machine, "LicenseStatus": sent.status,
                "GracePeriodRemaining": sent.minutes, "ActivationID": sent.activation, "RequiredClientCount": sent.required,
            }),
        ),
        Body::Answered(answered) => (
            12289,
            json!({
                "HResult": answered.hresult, "StatusFlags": answered.flags, "Activated": answered.activated,
                "Unused": answered.unused, "KeyManagementServiceCurrentCount": answered.count,
                "VLActivationInterval": answered.activation_interval, "VLRenewalInterval": answered.renewal_interval,
                "ClientTime": answered.client_time,
            }),
        ),
        Body::InitFailed { hresult } => (12291, json!({"HResult": hresult})),
        Body::TimerFailed { hresult } => (12292, json!({"HResult": hresult})),
        Body::PublishFailed { hresult, domain } => {
            (12293, json!({"HResult": hresult, "Domain": domain}))
        }
        Body::Published { domain } => (12294, json!({"Domain": domain})),
        Body::Suspicious { id, size, sha256 } => {
            let digest: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
            (*id, json!({"Suspicious": true, "Size": size, "Sha256": digest}))
        }
        // A request has a table of its own.
        Body::Request(_) => (12290, Json::Null),
    }
}
