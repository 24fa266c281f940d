//! Modelled requests: a host accounts one and logs it as event 12290. Nothing goes over a network.

use super::machines::{Held, Known, Scene};
use super::{behind, products};
use crate::chance;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Usage, Warning};
use crate::kms::catalog::skus::{self, Pool};
use crate::kms::model::{Editions, LicenseStatus, Reply, Request};
use crate::kms::rules::host::{self, Accounted};
use crate::kms::rules::{client, roles};
use crate::kms::store::evidence::{self, ClientTime, NewRequest, Origin};
use crate::kms::store::pools::{self, Clients};
use crate::kms::store::requests::free_record;
use crate::kms::store::totals::{Gained, Key, Seen};
use crate::kms::store::{instances, names};
use crate::store::Tx;
use crate::wording::many;
use std::fmt::Write as _;

/// The host's side of one request: it is accounted, logged and kept.
///
/// The answer holds the host's refusal, if any; what the host counted is kept all the same.
pub(super) fn ask(
    tx: &mut dyn Tx,
    host: &Held,
    request: &Request,
    now: Timestamp,
) -> Outcome<Accounted> {
    let own = Pool::of_application(request.application);
    let before = host.kept(tx, Clients::Of(own), now)?;
    let done = host::account(&host.state, &before, request, now);
    if let Some(after) = &done.pool {
        host.save(tx, &host.state, now)?;
        let stored = before.iter().find(|held| held.pool == after.pool);
        pools::save(tx, host.id(), stored, after)?;
    }
    if let Some(hresult) = done.event {
        log(tx, &host.state.machine.name, request, (hresult, now))?;
    }
    Ok(done)
}

/// Writes event 12290, and adds it to the kept totals.
fn log(
    tx: &mut dyn Tx,
    host: &str,
    request: &Request,
    (hresult, now): (u32, Timestamp),
) -> Outcome<()> {
    let status = u8::try_from(request.status.number()).unwrap_or(u8::MAX);
    let mut row = NewRequest {
        host: names::host(tx, host)?,
        record: -1,
        time: now,
        client: names::client(tx, &request.cmid, &request.name)?,
        sku: names::sku(tx, &request.activation)?,
        status,
        minutes: request.minutes,
        hresult,
        required: request.required,
        virtual_machine: request.virtual_machine,
        client_time: ClientTime::pack(&logged_time(request.client_time), now),
        lead: None,
        origin: Origin::Model,
        file: 0,
    };
    row.record = free_record(tx, &row)?;
    evidence::add_requests(tx, std::slice::from_ref(&row), &mut |_, _| {})?;
    let mut gained = Gained::default();
    let key = Key::new(row.client, row.sku, row.host)?;
    let seen = Seen {
        time: now,
        record: row.record,
        host: key.host,
        hresult,
        required: row.required,
        status,
        minutes: row.minutes,
        virtual_machine: row.virtual_machine,
    };
    gained.add(key, &seen);
    gained.save(tx)
}

/// A client's clock as the log has it: `2025/3/9 7:05`.
fn logged_time(at: Timestamp) -> String {
    let text = at.to_string();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let number = |from, to| part(from, to).parse::<u32>().unwrap_or_default();
    let mut logged = format!("{}/{}/{} ", part(0, 4), number(5, 7), number(8, 10));
    let _ = write!(logged, "{}:{}", number(11, 13), part(14, 16));
    logged
}

/// What a simulated request says; what is not said is that of the client's product, else of a new client.
#[derive(Debug, Clone, Default)]
pub struct Simulation {
    pub host: String,
    /// A stored machine, or the name of one that is not.
    pub client: String,
    /// Activation ID or name of the product.
    pub product: Option<String>,
    pub required: Option<u32>,
    pub client_time: Option<Timestamp>,
    /// `LicenseStatus` of the client, as typed.
    pub status: Option<u32>,
    /// How often is asked; a client that is no stored machine is then so many clients, numbered from 1.
    pub count: u32,
}

/// What one request came to.
#[derive(Debug)]
pub struct Simulated {
    pub host: String,
    pub request: Request,
    /// What the host answered.
    pub reply: Option<Reply>,
    /// Why the client is not activated.
    pub refusal: Option<Refusal>,
}

impl Simulated {
    /// `LicenseStatus` that the client has afterwards.
    #[must_use]
    pub fn status(&self) -> LicenseStatus {
        if self.refusal.is_none() { LicenseStatus::Licensed } else { self.request.status }
    }
}

/// Most requests of one command.
const MOST: u32 = 10_000;

/// Sends requests to a host; the client itself is not changed.
///
/// Usage error when the host is no machine, or the client is none and no product is named. Refuses with `E_INVALIDARG` for a
/// `LicenseStatus` above 6. What a host refuses is part of the answer. Warns of clients without a name that the host counts.
pub fn simulate(
    tx: &mut dyn Tx,
    scene: &Scene,
    asked: &Simulation,
) -> Outcome<(Vec<Simulated>, Option<Warning>)> {
    if !(1..=MOST).contains(&asked.count) {
        return Err(
            Usage::new(format!("`--count` is {}; 1 to {MOST} are allowed", asked.count)).into()
        );
    }
    let known = match instances::find(tx, &asked.client)? {
        Some(instance) => Some(Held::of(tx, &instance, scene.now)?),
        None => None,
    };
    let editions = crate::kms::store::editions::all(tx)?;
    let mut host = Held::load(tx, &asked.host, scene.now)?;
    let (mut answers, mut warning) = (Vec::new(), None);
    for number in 1..=asked.count {
        let request = match &known {
            Some(held) => stored_client(held, asked, scene.now)?,
            None => new_client(&editions, scene, asked, number)?,
        };
        let done = ask(tx, &host, &request, scene.now)?;
        if !matches!(host.known, Known::Model) {
            host = Held::load(tx, &asked.host, scene.now)?;
        }
        let name = &host.state.machine.name;
        warning = done.pool.as_ref().and_then(|pool| behind::warning(name, pool, scene.now));
        answers.push(simulated(name.clone(), request, done));
    }
    let parameters = format!("Host={}, Client={}, Count={}", asked.host, asked.client, asked.count);
    tx.call("request.simulate", &parameters);
    let requests = many(asked.count, "request");
    tx.summary(format!("{requests} of {} to {}", asked.client, asked.host));
    Ok((answers, warning))
}

fn simulated(host: String, request: Request, done: Accounted) -> Simulated {
    let (reply, refusal) = match done.answer {
        Err(refusal) => (None, Some(refusal)),
        Ok(reply) => {
            let refusal = client::refusal(&reply, request.required);
            (Some(reply), refusal)
        }
    };
    Simulated { host, request, reply, refusal }
}

/// The request of a stored machine, with what the simulation says otherwise.
fn stored_client(held: &Held, asked: &Simulation, now: Timestamp) -> Outcome<Request> {
    let state = &held.state;
    let product = match &asked.product {
        Some(text) => products::find(state, text)?,
        None => roles::primary(&state.products, now)?.ok_or_else(|| {
            Usage::new(format!("`{}` has no Windows product in use", state.machine.name))
                .hinted("name a product with `--activation-id`")
        })?,
    };
    said(client::request(state, product, now), asked)
}

/// The request of a client that is no stored machine: always the same CMID for the same name and seed.
fn new_client(
    known: &Editions,
    scene: &Scene,
    asked: &Simulation,
    number: u32,
) -> Outcome<Request> {
    let Some(text) = &asked.product else {
        return Err(Usage::new(format!("there is no machine `{}`", asked.client))
            .hinted("a client that is not stored needs `--activation-id`")
            .into());
    };
    let activation = super::editions::edition(text, known)?;
    let edition = known.edition(activation);
    let name =
        if asked.count == 1 { asked.client.clone() } else { format!("{}-{number}", asked.client) };
    let request = Request {
        activation,
        application: edition.as_ref().map_or(skus::WINDOWS, |edition| edition.application),
        cmid: chance::guid(scene.seed, &[&name, "client"]),
        name,
        client_time: scene.now,
        virtual_machine: false,
        status: LicenseStatus::OobGrace,
        minutes: crate::kms::catalog::enumerations::GRACE_MINUTES,
        required: edition.map_or(skus::REQUIRED_CLIENT, |edition| edition.required),
    };
    said(request, asked)
}

/// The request with what the simulation says.
fn said(request: Request, asked: &Simulation) -> Outcome<Request> {
    let status = asked.status.map(client::status).transpose()?;
    Ok(Request {
        required: asked.required.unwrap_or(request.required),
        client_time: asked.client_time.unwrap_or(request.client_time),
        status: status.unwrap_or(request.status),
        ..request
    })
}

#[cfg(test)]
mod tests {
    use super::super::scratch::{DESKTOP, Scratch};
    use super::{Simulated, Simulation, logged_time, simulate};
    use crate::clock::Timestamp;
    use crate::error::Outcome;
    use crate::kms::store::totals;

    fn asked(client: &str, count: u32) -> Simulation {
        Simulation {
            host: "kms1".to_owned(),
            client: client.to_owned(),
            product: Some(DESKTOP.to_owned()),
            count,
            ..Simulation::default()
        }
    }

    fn run(scratch: &mut Scratch, asked: &Simulation) -> Outcome<Vec<Simulated>> {
        scratch.write(|tx, scene| Ok(simulate(tx, scene, asked)?.0))
    }

    fn symbols(answers: &[Simulated]) -> Vec<&'static str> {
        let symbol = |answer: &Simulated| answer.refusal.as_ref().map_or("", |no| no.code.symbol);
        answers.iter().map(symbol).collect()
    }

    #[test]
    fn the_twenty_fifth_of_many_new_clients_is_the_first_that_the_count_activates() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        let answers = run(&mut scratch, &asked("pc", 26)).unwrap();
        let activated = answers.iter().filter(|answer| answer.refusal.is_none()).count();
        assert_eq!(activated, 2);
        assert_eq!(scratch.number("kms1", "KeyManagementServiceCurrentCount"), 26);
        run(&mut scratch, &asked("pc", 26)).unwrap();
        assert_eq!(scratch.number("kms1", "KeyManagementServiceCurrentCount"), 26);
        assert_eq!(scratch.number("kms1", "KeyManagementServiceTotalRequests"), 52);
        assert_eq!(scratch.read(totals::audit), Vec::<String>::new());
        scratch.undo();
        scratch.undo();
        assert_eq!(scratch.number("kms1", "KeyManagementServiceTotalRequests"), 0);
        assert_eq!(scratch.read(totals::audit), Vec::<String>::new());
    }

    /// The count of an imported host is that of clients without a name: one more counts one more, until the cache is full or they leave.
    #[test]
    fn a_host_whose_count_was_imported_goes_on_from_there() {
        let mut scratch = Scratch::new();
        scratch.import_host("kms1", 27, scratch.now.plus_days(-10));
        assert_eq!(scratch.number("kms1", "KeyManagementServiceCurrentCount"), 27);
        let (answers, warning) =
            scratch.write(|tx, scene| simulate(tx, scene, &asked("pc", 24))).unwrap();
        let counts: Vec<u32> =
            answers.iter().map(|answer| answer.reply.as_ref().unwrap().count).collect();
        assert_eq!((counts[0], counts[22], counts[23]), (28, 50, 50));
        assert_eq!(symbols(&answers), [""; 24]);
        let warning = warning.unwrap();
        assert_eq!(warning.code, "unnamed-clients");
        assert!(warning.message.starts_with("26 of the 50 clients that `kms1` counts"));
        scratch.now = scratch.now.plus_days(21);
        assert_eq!(scratch.number("kms1", "KeyManagementServiceCurrentCount"), 24);
        scratch.undo();
        assert_eq!(scratch.number("kms1", "KeyManagementServiceCurrentCount"), 27);
    }

    /// What the host refuses is counted as failed, and logged.
    #[test]
    fn a_clock_that_is_wrong_is_refused_and_counted() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        for (minutes, symbol) in
            [(240, "SL_E_VL_NOT_ENOUGH_COUNT"), (241, "SL_E_VL_INVALID_TIMESTAMP")]
        {
            let client_time = Some(scratch.now.plus_minutes(minutes));
            let asked = Simulation { client_time, ..asked("pc", 1) };
            assert_eq!(symbols(&run(&mut scratch, &asked).unwrap()), [symbol]);
        }
        assert_eq!(scratch.number("kms1", "KeyManagementServiceFailedRequests"), 1);
        let sql = "select count(*) from kms_requests where hresult = ?1 and origin = 1";
        let logged =
            scratch.read(|read| read.one(sql, &[0xC004_F06C_u32.into()], |row| row.int(0)));
        assert_eq!(logged, Some(1));
    }

    #[test]
    fn status_six_counts_in_the_total_and_status_seven_nowhere() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        let with = |status| Simulation { status: Some(status), ..asked("pc", 1) };
        run(&mut scratch, &with(6)).unwrap();
        assert_eq!(run(&mut scratch, &with(7)).unwrap_err().status(), 1);
        assert_eq!(scratch.number("kms1", "KeyManagementServiceTotalRequests"), 1);
        assert_eq!(scratch.number("kms1", "KeyManagementServiceNotificationRequests"), 0);
    }

    #[test]
    fn a_machine_that_is_no_host_answers_nobody_and_logs_nothing() {
        let mut scratch = Scratch::new();
        scratch.add("kms1", None);
        let answers = run(&mut scratch, &asked("pc", 2)).unwrap();
        assert_eq!(symbols(&answers), ["SL_E_VL_BINDING_SERVICE_UNAVAILABLE"; 2]);
        let rows = scratch
            .read(|read| read.one("select count(*) from kms_requests", &[], |row| row.int(0)));
        assert_eq!(rows, Some(0));
    }

    #[test]
    fn a_stranger_needs_a_product_and_a_count_has_bounds() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        let strange = Simulation { product: None, ..asked("pc", 1) };
        for wrong in [strange, asked("pc", 0), asked("pc", 10_001)] {
            assert_eq!(run(&mut scratch, &wrong).unwrap_err().status(), 2);
        }
    }

    #[test]
    fn a_clients_clock_is_logged_as_windows_writes_it() {
        let at = |text| logged_time(Timestamp::parse(text).unwrap());
        assert_eq!(at("2025-03-09T07:05:12Z"), "2025/3/9 7:05");
        assert_eq!(at("2025-12-31T23:00:00Z"), "2025/12/31 23:00");
    }
}
