//! The example estate as files: runs it and lays down what its administrator would have exported.

use crate::calendar::{DAY, HOUR, MINUTE, Moment, SECOND};
use crate::cim::{self, HostKey, Server, State};
use crate::csp;
use crate::csv;
use crate::encoding::{utf16, windows1252};
use crate::estate::{self, BRANCH, FALLEN, FALLING, HEADQUARTERS, LAB, NOW, PLANT, WATCHED};
use crate::event::{Event, Layout};
use crate::evtx;
use crate::forms;
use crate::golden;
use crate::host::{Host, Request};
use crate::json::{self, Shell, Value};
use crate::machine::Machine;
use crate::managed::{self, Device};
use crate::product::Pool;
use crate::random::Random;
use crate::rms;
use crate::simulate;
use crate::slmgr;
use crate::tslicense;
use crate::vsphere;
use crate::xml;
use std::io;

/// The seed of everything. Another one gives another estate of the same shape.
const SEED: u64 = 20_260_331;

/// A file of the estate; its path is relative and uses `/`.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) static WINDOWS_2022: HostKey = HostKey {
    pool: Pool::Windows,
    name: "Windows(R), ServerStandard edition",
    description: "Windows(R) Operating System, VOLUME_KMS_WS22 channel",
    family: "ServerStandard",
    activation: "6f0c2b1e-2022-4c0d-9f55-1b7d3c9e0a11",
    partial: "HQWIN",
    extended_pid: "06401-00206-556-000000-03-1033-20348.0000-0012026",
};
static WINDOWS_2019: HostKey = HostKey {
    description: "Windows(R) Operating System, VOLUME_KMS_WS19 channel",
    activation: "6f0c2b1e-2019-4c0d-9f55-1b7d3c9e0a11",
    partial: "PLWIN",
    extended_pid: "06401-00206-553-000000-03-1033-17763.0000-2132025",
    ..WINDOWS_2022
};
static WINDOWS_2012: HostKey = HostKey {
    description: "Windows(R) Operating System, VOLUME_KMS_2012-R2_WIN10 channel",
    activation: "6f0c2b1e-2012-4c0d-9f55-1b7d3c9e0a11",
    partial: "BRWIN",
    extended_pid: "06401-00206-271-000000-03-1033-9600.0000-0102026",
    ..WINDOWS_2022
};
pub(crate) static OFFICE_2016: HostKey = HostKey {
    pool: Pool::Office15,
    name: "Office 16, Office16KMSHostVL_KMS_Host edition",
    description: "Office 16, VOLUME_KMS channel",
    family: "Office16KMSHostVL_KMS_Host",
    activation: "6f0c2b1e-0016-4c0d-9f55-1b7d3c9e0a11",
    partial: "OFFCE",
    extended_pid: "06401-00206-437-000000-03-1033-20348.0000-0012026",
};

/// The estate after its last request.
struct Estate {
    hosts: Vec<Host>,
    machines: Vec<Machine>,
    random: Random,
}

/// Makes all files; the same bytes on every run.
pub(crate) fn files() -> io::Result<Vec<File>> {
    let mut random = Random::new(SEED);
    let mut hosts = estate::hosts();
    let mut machines = estate::machines(&hosts, &mut random);
    simulate::run(&mut hosts, &mut machines, NOW, &mut random);
    let mut estate = Estate { hosts, machines, random };
    let devices = managed::fleet(&mut estate.machines)?;
    let (first, second) = (estate.service(HEADQUARTERS)?, estate.service(BRANCH)?);
    let mut files = vec![
        file("../contoso.md", estate.readme(&devices)?.into_bytes()),
        file("kms/kms01/Key Management Service.evtx", estate.binary_log()?),
        file("kms/kms01/service.json", utf16(&laid_out(&first, Shell::Windows))),
        file("kms/kms01/application.xml", estate.published()?.into_bytes()),
        file("kms/kms02/requests.xml", utf16(&xml::bare(&estate.events(BRANCH)?))),
        file("kms/kms02/service.json", laid_out(&second, Shell::Core).into_bytes()),
        file("kms/kms03/requests.csv", estate.table()?.into_bytes()),
        file("kms/kms03/dlv.txt", windows1252(&estate.lab_service()?)),
        file("kms/kms04/requests.json", utf16(&estate.compressed()?)),
        file("kms/kms04/dli.txt", estate.plant_service()?.into_bytes()),
        file("kms/ws-0042/application.xml", estate.watched()?.into_bytes()),
        file("kms/ws-0931/application.xml", estate.fallen_log()?.into_bytes()),
        file("kms/ws-0931/dlv.txt", estate.plant_client(FALLEN)?.into_bytes()),
        file("kms/pl-03/dlv.txt", estate.plant_client(FALLING)?.into_bytes()),
    ];
    files.extend(csp::files(&devices)?);
    files.extend(rms::files());
    files.extend(tslicense::files());
    files.extend(vsphere::files());
    let plant = estate.service(PLANT)?;
    files.extend(estate.forms([&second, &plant])?);
    files.extend(golden::files());
    Ok(files)
}

pub(crate) fn file(path: &str, bytes: Vec<u8>) -> File {
    File { path: path.to_owned(), bytes }
}

pub(crate) fn laid_out(value: &Value, shell: Shell) -> String {
    let mut text = String::new();
    json::write(value, shell, 0, &mut text);
    text.push_str("\r\n");
    text
}

/// A name that the estate does not have: a slip between this file and `estate.rs`.
fn missing(what: &str) -> io::Error {
    io::Error::other(format!("the estate has no {what}"))
}

impl Estate {
    fn host(&mut self, number: usize) -> io::Result<&mut Host> {
        self.hosts.get_mut(number).ok_or_else(|| missing("such host"))
    }

    /// The log of a host in the modern layout.
    fn events(&mut self, number: usize) -> io::Result<Vec<Event>> {
        let host = self.host(number)?;
        let event = |request| Event::processed(request, host.facts.computer, Layout::Modern);
        Ok(host.log.iter().map(event).collect())
    }

    fn binary_log(&mut self) -> io::Result<Vec<u8>> {
        let mut log = evtx::Log::default();
        self.events(HEADQUARTERS)?.iter().for_each(|event| log.add(event));
        Ok(log.finish())
    }

    fn table(&mut self) -> io::Result<String> {
        let records: String = self.events(LAB)?.iter().map(csv::record).collect();
        Ok(csv::HEAD.to_owned() + &records)
    }

    /// The newest record first, as `Get-WinEvent` gives them; among them the one of a stranger.
    fn compressed(&mut self) -> io::Result<String> {
        let events = self.events(PLANT)?;
        let host = self.host(PLANT)?;
        let mut records: Vec<(u64, Value)> =
            events.iter().map(|event| (event.record, json::win_event(event))).collect();
        let stranger = host.stranger.iter();
        records.extend(stranger.map(|it| (it.record, json::stranger(it, host.facts.computer))));
        records.sort_by_key(|(record, _)| std::cmp::Reverse(*record));
        let records = records.into_iter().map(|(_, value)| value).collect();
        Ok(laid_out(&Value::List(records), Shell::WindowsCompressed))
    }

    /// Service object and both products of a host.
    fn service(&mut self, number: usize) -> io::Result<Value> {
        let (version, key) = match number {
            BRANCH => ("6.3.9600.21620", &WINDOWS_2012),
            PLANT => ("10.0.17763.6414", &WINDOWS_2019),
            _ => ("10.0.20348.2700", &WINDOWS_2022),
        };
        let cmid = self.random.guid();
        let host = self.host(number)?;
        let server = Server {
            computer: host.facts.computer,
            version,
            cmid,
            activation_interval: host.facts.activation_interval,
            renewal_interval: host.facts.renewal_interval,
            now: NOW,
        };
        let (windows, office): (State, State) =
            (host.state(Pool::Windows, NOW), host.state(Pool::Office15, NOW));
        Ok(Value::List(vec![
            cim::service(&server, &windows),
            cim::product(&server, key, &windows),
            cim::product(&server, &OFFICE_2016, &office),
        ]))
    }

    fn lab_service(&mut self) -> io::Result<String> {
        let (count, counters) = self.host(LAB)?.state(Pool::Windows, NOW);
        let version = "10.0.20348.2461";
        let host = slmgr::Shown {
            version,
            key: &WINDOWS_2022,
            count,
            counters: &counters,
            now: NOW.plus(2 * HOUR),
        };
        Ok(slmgr::long(&host, &slmgr::GERMAN))
    }

    fn plant_service(&mut self) -> io::Result<String> {
        let (count, counters) = self.host(PLANT)?.state(Pool::Windows, NOW);
        let version = "10.0.17763.6414";
        let key = &WINDOWS_2019;
        let host = slmgr::Shown { version, key, count, counters: &counters, now: NOW };
        Ok(slmgr::short(&host, &slmgr::ENGLISH))
    }

    fn plant_client(&mut self, label: &str) -> io::Result<String> {
        let machine = estate::find(&mut self.machines, label).ok_or_else(|| missing(label))?;
        let licence = machine.licences.first_mut().ok_or_else(|| missing("Windows there"))?;
        licence.advance(NOW);
        Ok(slmgr::client(&slmgr::Client {
            product: licence.product,
            cmid: machine.cmid,
            status: licence.status,
            minutes: licence.minutes(NOW),
            host: "kms04",
            host_address: "192.0.2.14",
            host_pid: WINDOWS_2019.extended_pid,
            now: NOW,
        }))
    }

    /// What other tools show of the hosts but headquarters, and of a client.
    fn forms(&mut self, [branch, plant]: [&Value; 2]) -> io::Result<Vec<File>> {
        /// Requests that are told once more.
        const NEWEST: usize = 24;
        let mut events = self.events(BRANCH)?;
        let events = events.split_off(events.len().saturating_sub(NEWEST));
        let (count, counters) = self.host(LAB)?.state(Pool::Windows, NOW);
        let lab = slmgr::Shown {
            version: "10.0.20348.2461",
            key: &WINDOWS_2022,
            count,
            counters: &counters,
            now: NOW.plus(2 * HOUR),
        };
        let german = slmgr::short(&lab, &slmgr::GERMAN);
        let machine = estate::find(&mut self.machines, FALLING).ok_or_else(|| missing(FALLING))?;
        let licence = machine.licences.first_mut().ok_or_else(|| missing("Windows there"))?;
        licence.advance(NOW);
        let client = (FALLING, machine.cmid, &*licence);
        Ok(forms::files(&forms::Told { events, branch, plant, client, german, now: NOW }))
    }

    /// The Application log of kms01: its SRV record, published every day in one domain, refused in another.
    fn published(&mut self) -> io::Result<String> {
        /// `DNS_ERROR_RCODE_BADKEY` and `DNS_ERROR_RCODE_REFUSED`.
        const BAD_KEY: u32 = 0x8007_2339;
        const REFUSED: u32 = 0x8007_232D;
        let computer = self.host(HEADQUARTERS)?.facts.computer;
        let mut events = Vec::new();
        let mut record = 80_112;
        for day in (1..=14).rev() {
            let time = NOW.minus(day * DAY).plus(3 * HOUR + 17 * MINUTE + day * 1_313);
            // One bad day, made good on the next.
            let failure = (day == 6).then_some(BAD_KEY);
            for (domain, failure) in
                [("corp.contoso.example", failure), ("emea.contoso.example", Some(REFUSED))]
            {
                record += 1;
                events.push(Event::publishing(computer, record, time, domain, failure));
            }
            record += 141 + record % 17;
        }
        Ok(xml::rooted(&events))
    }

    /// The Application log of a client at headquarters: what it sent and what it was told, for 30 days.
    fn watched(&mut self) -> io::Result<String> {
        let machine = estate::find(&mut self.machines, WATCHED);
        let cmid = machine.ok_or_else(|| missing(WATCHED))?.cmid;
        let host = self.host(HEADQUARTERS)?;
        let target = format!("{}:1688", host.facts.computer);
        let since = NOW.minus(30 * DAY);
        let asked = host.log.iter().filter(|ask| ask.cmid == cmid && ask.time >= since);
        let mut events = Vec::new();
        for (record, request) in (20_418..).step_by(263).zip(asked) {
            events.push(Event::sent(request, record, &target, 0));
            events.push(Event::answered(request, record + 1, &host.facts));
        }
        Ok(xml::bare(&events))
    }

    /// The Application log of the client that fell out: two days of calls that nobody takes.
    fn fallen_log(&mut self) -> io::Result<String> {
        /// `RPC_S_SERVER_UNAVAILABLE`.
        const NO_SERVER: u32 = 0x8007_06BA;
        let machine = estate::find(&mut self.machines, FALLEN).ok_or_else(|| missing(FALLEN))?;
        let (name, cmid) = (FALLEN.to_owned(), machine.cmid);
        let licence = machine.licences.first_mut().ok_or_else(|| missing("Windows there"))?;
        licence.advance(NOW);
        let attempt = |time: Moment| Request {
            record: 0,
            time,
            hresult: 0,
            required: licence.product.required,
            name: name.clone(),
            cmid,
            client_time: time,
            is_virtual: false,
            status: licence.status,
            minutes: licence.minutes(time),
            activation: licence.product.activation,
            count: 0,
        };
        let times = (0..24).map(|turn| NOW.minus((48 - 2 * turn) * HOUR).plus(turn * 41 * SECOND));
        let events: Vec<Event> = (51_007..)
            .step_by(9)
            .zip(times)
            .map(|(record, time)| Event::sent(&attempt(time), record, "kms04:1688", NO_SERVER))
            .collect();
        Ok(xml::bare(&events))
    }

    fn readme(&mut self, devices: &[Device]) -> io::Result<String> {
        let requests: usize = self.hosts.iter().map(|host| host.log.len()).sum();
        let mut text = README.replace("{all}", &requests.to_string());
        let (count, _) = self.host(BRANCH)?.state(Pool::Windows, NOW);
        text = text.replace("{count}", &count.to_string());
        for (number, mark) in
            [(HEADQUARTERS, "{hq}"), (BRANCH, "{branch}"), (LAB, "{lab}"), (PLANT, "{plant}")]
        {
            text = text.replace(mark, &self.host(number)?.log.len().to_string());
        }
        Ok(csp::told(devices, &text))
    }
}

/// The text that lies beside the files; the marks become numbers of requests.
const README: &str = include_str!("contoso.md");
