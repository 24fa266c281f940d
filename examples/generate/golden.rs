//! One small artefact of each form that kms reads: the inputs below `tests/golden/kms`.
//!
//! Five requests of one host, the host itself and one client, told in every form; and logs that are empty, damaged, or of
//! another service. The first forms are made here, those that `contoso-forms` shows too are made by its room.

use crate::calendar::{DAY, HOUR, MINUTE, SECOND};
use crate::cim::{self, Server};
use crate::contoso::{File, OFFICE_2016, WINDOWS_2022, file, laid_out};
use crate::csv;
use crate::encoding::{utf16, windows1252};
use crate::estate::NOW;
use crate::event::{self, Event, Layout};
use crate::evtx;
use crate::forms::{self, Told};
use crate::host::{Counters, Facts, ID_MISMATCH, Request, Stranger};
use crate::json::{self, Shell, Value};
use crate::machine::{LICENSED, Licence};
use crate::product::{OFFICE, PROFESSIONAL, Product, SERVER_2019};
use crate::random::Guid;
use crate::slmgr;
use crate::xml;

const HOST: Facts = Facts {
    computer: "kms01.corp.contoso.example",
    activation_interval: 120,
    renewal_interval: 10_080,
    opened: NOW,
    lacks: &[],
    stranger: None,
};

/// Where a chunk of a binary log keeps the checksum of its records, and where its second record would lie.
const HEADER: usize = 4096;
const CHUNK: usize = 65_536;
const RECORDS_CHECKSUM: usize = 52;

/// Where each file of `forms` goes: as it is named there, as it is named here.
static FORMS: [(&str, &str); 18] = [
    ("corp.contoso.example.dns", "dns-zone/corp.contoso.example.dns"),
    ("dig.txt", "dns-dig/dig.txt"),
    ("nslookup.txt", "dns-nslookup/nslookup.txt"),
    ("resolve-dnsname.json", "dns-json/resolve-dnsname.json"),
    ("resolve-dnsname.csv", "dns-csv/resolve-dnsname.csv"),
    ("kms02/requests.jsonl", "event-dumped/requests.jsonl"),
    ("kms02/get-eventlog.csv", "event-get-eventlog/requests.csv"),
    ("kms02/event-viewer.txt", "event-viewer-text/requests.txt"),
    ("kms02/service.csv", "cim-csv/service.csv"),
    ("kms02/products.txt", "cim-list/products.txt"),
    ("kms04/wmic-list.txt", "wmic-list/service.txt"),
    ("kms04/wmic.csv", "wmic-csv/service.csv"),
    ("kms04/kms04.reg", "registry/settings.reg"),
    ("kms03/dli.txt", "slmgr-dli-german/dli.txt"),
    ("pl-03/xpr.txt", "slmgr-xpr/xpr.txt"),
    ("pl-03/ospp.txt", "ospp/dstatus.txt"),
    ("vamt.cilx", "vamt-list/list.cilx"),
    ("vamt.csv", "vamt-csv/products.csv"),
];

pub(crate) fn files() -> Vec<File> {
    let put = |path: &str, bytes: Vec<u8>| file(&format!("../../tests/golden/kms/{path}"), bytes);
    let (modern, documented) = (events(Layout::Modern), events(Layout::Documented));
    let whole = log(&modern);
    let objects = objects();
    let mut files = vec![
        put("evtx/requests.evtx", whole.clone()),
        put("evtx-dirty/requests.evtx", dirty(whole.clone())),
        put("evtx-broken-record/requests.evtx", broken(whole)),
        put("evtx-empty/empty.evtx", empty()),
        put("evtx-other-log/system.evtx", log(&[foreign()])),
        put("event-wevtutil/requests.xml", utf16(&xml::bare(&documented))),
        put("event-viewer-xml/requests.xml", xml::rooted(&modern).into_bytes()),
        put("event-clients/application.xml", xml::bare(&of_application()).into_bytes()),
        put("event-get-winevent-csv/requests.csv", table(&modern).into_bytes()),
        put("event-get-winevent-json/requests.json", utf16(&winevents(&modern))),
        put("cim-json/host.json", utf16(&laid_out(&objects, Shell::Windows))),
        put("cim-json-core/host.json", laid_out(&objects, Shell::Core).into_bytes()),
        put("slmgr-dli/dli.txt", slmgr::short(&shown(&counters()), &slmgr::ENGLISH).into_bytes()),
        put(
            "slmgr-dlv-german/dlv.txt",
            windows1252(&slmgr::long(&shown(&counters()), &slmgr::GERMAN)),
        ),
        put("slmgr-dlv-client/dlv.txt", client().into_bytes()),
        put("sku-csv/editions.csv", EDITIONS.replace('\n', "\r\n").into_bytes()),
    ];
    let licence = licence();
    let told = Told {
        events: modern,
        branch: &objects,
        plant: &objects,
        client: ("pl-03", cmid(17), &licence),
        german: slmgr::short(&shown(&counters()), &slmgr::GERMAN),
        now: NOW,
    };
    files.extend(forms::files(&told).into_iter().filter_map(|made| {
        let (_, here) = FORMS
            .iter()
            .find(|(there, _)| made.path.strip_prefix("../contoso-forms/kms/") == Some(there))?;
        Some(put(here, made.bytes))
    }));
    files
}

fn cmid(number: u64) -> Guid {
    Guid::of(0x6F0C_2B1E_8A44_4C0D, 0x1F55_1B7D_3C9E_0A00 + number)
}

/// The host answered a client of each kind: a new one, the Office on it, one without a name, one that it cannot serve, a server.
fn requests() -> Vec<Request> {
    let rows: [(i64, &str, u64, bool, u8, u32, &'static Product); 5] = [
        (0, "pc-017.corp.contoso.example", 17, true, 2, 41_520, &PROFESSIONAL),
        (5, "pc-017.corp.contoso.example", 17, true, 5, 0, &OFFICE),
        (61, "", 18, false, 2, 43_190, &PROFESSIONAL),
        (90, "pc-019.corp.contoso.example", 19, false, 2, 43_000, &PROFESSIONAL),
        (1_500, "srv-01.corp.contoso.example", 20, true, 1, 249_120, &SERVER_2019),
    ];
    let first = NOW.minus(2 * DAY).plus(7 * HOUR + 5 * MINUTE + 12 * SECOND + 441);
    (48_211..)
        .zip(rows)
        .map(|(record, (after, name, client, is_virtual, status, minutes, product))| Request {
            record,
            time: first.plus(after * MINUTE),
            hresult: if client == 19 { ID_MISMATCH } else { 0 },
            required: product.required,
            name: name.to_owned(),
            cmid: cmid(client),
            client_time: first.plus(after * MINUTE),
            is_virtual,
            status,
            minutes,
            activation: product.activation,
            count: 26,
        })
        .collect()
}

fn events(layout: Layout) -> Vec<Event> {
    requests().iter().map(|request| Event::processed(request, HOST.computer, layout)).collect()
}

fn log(events: &[Event]) -> Vec<u8> {
    let mut log = evtx::Log::default();
    for event in events {
        log.add(event);
    }
    log.finish()
}

/// The log of a computer that was switched off hard: marked as not closed, and a chunk whose records were written after its checksum.
fn dirty(mut log: Vec<u8>) -> Vec<u8> {
    for (at, bits) in [(120, 1), (HEADER + RECORDS_CHECKSUM, 0xFF)] {
        if let Some(byte) = log.get_mut(at) {
            *byte ^= bits;
        }
    }
    log
}

/// The second record is of a token that binary XML does not have.
fn broken(mut log: Vec<u8>) -> Vec<u8> {
    let starts: Vec<usize> = log
        .windows(4)
        .enumerate()
        .filter_map(|(at, bytes)| (bytes == [0x2A, 0x2A, 0, 0]).then_some(at))
        .collect();
    // Behind signature, size, number and time of a record begins its XML.
    if let Some(byte) = starts.get(1).and_then(|at| log.get_mut(at + 24)) {
        *byte = 0x3F;
    }
    log
}

/// A log that was cleared: the header, and room for one chunk.
fn empty() -> Vec<u8> {
    let mut log = log(&[]);
    log.resize(HEADER + CHUNK, 0);
    log
}

fn foreign() -> Event {
    let (computer, strings) = (HOST.computer.to_owned(), vec!["Software Protection".to_owned()]);
    Event { sort: &event::FOREIGN, record: 7, time: NOW.minus(DAY), computer, strings }
}

/// What stands in the Application logs: of a client what it sent and was told, of the host what went wrong.
fn of_application() -> Vec<Event> {
    const BAD_KEY: u32 = 0x8007_2339;
    let mut events = Vec::new();
    for (record, request) in (20_418..).step_by(2).zip(requests().iter().take(2)) {
        events.push(Event::sent(request, record, "kms01.corp.contoso.example:1688", 0));
        events.push(Event::answered(request, record + 1, &HOST));
    }
    // Clients in the cloud leave the last field empty and keep the comma.
    for string in events.iter_mut().skip(2).take(1).flat_map(|event| &mut event.strings) {
        let kept = string.rfind(' ').map_or(string.len(), |at| at + 1);
        string.truncate(kept);
    }
    let at = |days: i64| NOW.minus(days * DAY);
    let domain = "corp.contoso.example";
    events.push(Event::publishing(HOST.computer, 80_112, at(2), domain, Some(BAD_KEY)));
    events.push(Event::publishing(HOST.computer, 80_113, at(1), domain, None));
    for (sort, record) in [(&event::NOT_STARTED, 80_114), (&event::NO_TIMER, 80_115)] {
        let (computer, strings) = (HOST.computer.to_owned(), vec!["0xC004F015".to_owned()]);
        events.push(Event { sort, record, time: at(1).plus(HOUR), computer, strings });
    }
    events
}

fn table(events: &[Event]) -> String {
    csv::HEAD.to_owned() + &events.iter().map(csv::record).collect::<String>()
}

/// The requests, and what a stranger left in the log.
fn winevents(events: &[Event]) -> String {
    let stranger = Stranger { record: 48_216, time: NOW.minus(DAY) };
    let mut records: Vec<Value> = events.iter().map(json::win_event).collect();
    records.push(json::stranger(&stranger, HOST.computer));
    laid_out(&Value::List(records), Shell::WindowsCompressed)
}

fn counters() -> Counters {
    Counters { total: 826, failed: 3, by_status: [0, 720, 98, 2, 0, 6] }
}

/// Service, Windows host key and Office host key.
fn objects() -> Value {
    let server = Server {
        computer: HOST.computer,
        version: "10.0.20348.2700",
        cmid: cmid(1),
        activation_interval: HOST.activation_interval,
        renewal_interval: HOST.renewal_interval,
        now: NOW,
    };
    let office = Counters { total: 41, failed: 0, by_status: [0, 40, 1, 0, 0, 0] };
    Value::List(vec![
        cim::service(&server, &(31, counters())),
        cim::product(&server, &WINDOWS_2022, &(31, counters())),
        cim::product(&server, &OFFICE_2016, &(9, office)),
    ])
}

fn shown(counters: &Counters) -> slmgr::Shown<'_> {
    slmgr::Shown { version: "10.0.20348.2700", key: &WINDOWS_2022, count: 31, counters, now: NOW }
}

fn licence() -> Licence {
    let activated = NOW.minus(10 * DAY + 3 * HOUR);
    Licence::activated(&PROFESSIONAL, activated, NOW)
}

fn client() -> String {
    slmgr::client(&slmgr::Client {
        product: &PROFESSIONAL,
        cmid: cmid(17),
        status: LICENSED,
        minutes: licence().minutes(NOW),
        host: "kms01.corp.contoso.example",
        host_address: "192.0.2.11",
        host_pid: WINDOWS_2022.extended_pid,
        now: NOW,
    })
}

/// What an administrator writes who knows editions that no table does.
const EDITIONS: &str = "\"Product\";\"Activation ID\";\"Pool\";\"N\"
\"Contoso Server 2031\";\"{6F0C2B1E-2031-4C0D-9F55-1B7D3C9E0A11}\";\"windows\";\"5\"
\"Contoso Office 2031\";\"6f0c2b1e-0031-4c0d-9f55-1b7d3c9e0a11\";\"\";\"\"
";
