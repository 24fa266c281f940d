//! Machines for the tests of the rules.

use super::call::{self, Context, Effect};
use super::checks::{self, Caller, Class};
use super::read::{self, Members, Property};
use super::service::{Document, WellFormed};
use super::{client, host, keys, ledger};
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop};
use crate::kms::catalog::skus;
use crate::kms::model::{
    ChannelWord, Edition, HostPool, KeyTarget, LicenseStatus, Machine, PartialKey, PropertyValue,
    Reply, Request, State,
};
use uuid::{Uuid, uuid};

pub(super) const V60: &str = "6.0.6002.18005";
pub(super) const V61: &str = "6.1.7601.17514";
pub(super) const V10: &str = "10.0.22621.2506";

/// Windows 10 Professional, N 25.
pub(super) const DESKTOP: Uuid = uuid!("2de67392-b7a7-462a-b1ca-108dd189f588");
/// Windows Server 2016 Standard, N 5.
pub(super) const SERVER: Uuid = uuid!("8c1c5410-9f39-4805-8c9d-63a07706358f");
/// Office 2016 `ProPlusVolume`, N 5.
pub(super) const OFFICE: Uuid = uuid!("d450596f-894d-49e0-966a-fd39ed4c4c64");
/// Host products; no list knows such IDs.
pub(super) const WINDOWS_HOST: Uuid = uuid!("00000000-0000-4000-8000-0000000000f1");
pub(super) const OFFICE_HOST: Uuid = uuid!("00000000-0000-4000-8000-0000000000f2");

pub(super) fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(super) fn start() -> Timestamp {
    time("2025-01-01T00:00:00Z")
}

pub(super) fn partial() -> PartialKey {
    PartialKey::new("ABCDE").unwrap()
}

/// A machine without products; its CMID is made of its number.
pub(super) fn machine(id: u32, name: &str, version: &str) -> State {
    let cmid = Uuid::from_u128(0x4000_8000_0000_0000_0000 + u128::from(id));
    State { machine: Machine::new(i64::from(id), name, version, cmid), products: Vec::new() }
}

pub(super) fn target(activation: Uuid, channel: &str) -> KeyTarget {
    let host =
        |application, name: &str| Some(Edition { application, name: name.to_owned(), required: 5 });
    let edition = match activation {
        WINDOWS_HOST => host(skus::WINDOWS, "Windows Server 2022 ServerStandard"),
        OFFICE_HOST => host(skus::OFFICE_15, "Office 2021 KMSHost"),
        other => Edition::listed(other),
    };
    KeyTarget { activation, channel: ChannelWord::new(channel).unwrap(), edition }
}

/// The machine with a KMS client product installed at `start()`.
pub(super) fn client_of(state: &State, activation: Uuid) -> State {
    keys::install(state, Some(&target(activation, "Volume:GVLK")), partial(), start()).unwrap()
}

/// A V10 desktop.
pub(super) fn desktop(id: u32) -> State {
    client_of(&machine(id, &format!("pc{id}.corp.example"), V10), DESKTOP)
}

/// A V10 server that is a KMS client.
pub(super) fn server(id: u32) -> State {
    client_of(&machine(id, &format!("s{id}.corp.example"), V10), SERVER)
}

/// The machine with a host product, installed and not activated.
pub(super) fn host_key(state: &State, activation: Uuid) -> State {
    keys::install(state, Some(&target(activation, "Volume:CSVLK")), partial(), start()).unwrap()
}

/// The machine with an activated host product.
pub(super) fn activated(state: &State, activation: Uuid) -> State {
    let state = host_key(state, activation);
    let product = state.product(activation).unwrap();
    ledger::activate(&state, product, &[]).unwrap().state
}

/// A machine as a host, with what it keeps.
#[derive(Debug, Clone)]
pub(super) struct Host {
    pub(super) state: State,
    pub(super) pools: Vec<HostPool>,
}

impl Host {
    /// `KMS1`, active, empty.
    pub(super) fn new(version: &str) -> Self {
        let state = activated(&machine(1000, "KMS1", version), WINDOWS_HOST);
        Self { state, pools: Vec::new() }
    }

    /// Takes a request; the HRESULT of the event that the host writes comes with the answer.
    pub(super) fn takes(
        &mut self,
        request: &Request,
        now: Timestamp,
    ) -> (Result<Reply, Refusal>, Option<u32>) {
        let done = host::account(&self.state, &self.pools, request, now);
        if let Some(pool) = done.pool {
            self.pools.retain(|held| held.pool != pool.pool);
            self.pools.push(pool);
        }
        (done.answer, done.event)
    }

    /// A product's client asks and takes the answer: the count it was told, and the symbol of its refusal, or "".
    pub(super) fn serves(
        &mut self,
        client: &mut State,
        product: Uuid,
        now: Timestamp,
    ) -> (u32, &'static str) {
        let request = client::request(client, client.product(product).unwrap(), now);
        match self.takes(&request, now).0 {
            Err(refusal) => (0, refusal.code.symbol),
            Ok(reply) => {
                let asking = client.product(product).unwrap();
                let taken = client::take(client, asking, &reply, request.required, now);
                *client = taken.state;
                (reply.count, taken.refusal.map_or("", |refusal| refusal.code.symbol))
            }
        }
    }

    /// A number of the service.
    pub(super) fn shows(&self, name: &str, now: Timestamp) -> u32 {
        number(&read::service(&self.state, &self.pools, Members::OfProfile, now), name)
    }
}

/// A request of a desktop.
pub(super) fn request(client: u32, status: u32, now: Timestamp) -> Request {
    Request {
        activation: DESKTOP,
        application: skus::WINDOWS,
        cmid: Uuid::from_u128(u128::from(client)),
        name: format!("pc{client}"),
        client_time: now,
        virtual_machine: false,
        status: LicenseStatus::from_number(status).unwrap(),
        minutes: 0,
        required: 25,
    }
}

pub(super) fn value(properties: &[Property], name: &str) -> PropertyValue {
    properties.iter().find(|(field, _)| field.name == name).unwrap().1.clone()
}

pub(super) fn number(properties: &[Property], name: &str) -> u32 {
    match value(properties, name) {
        PropertyValue::U32(number) => number,
        other => panic!("{name} is {other:?}"),
    }
}

/// The service of a machine that keeps nothing as a host.
pub(super) fn service_of(state: &State, now: Timestamp) -> Vec<Property> {
    read::service(state, &[], Members::OfProfile, now)
}

/// The product of a machine that keeps nothing as a host.
pub(super) fn product_of(state: &State, id: Uuid, now: Timestamp) -> Vec<Property> {
    read::product(state, state.product(id).unwrap(), &[], now)
}

pub(super) fn context(now: Timestamp) -> Context<'static> {
    Context { now, caller: Caller::Administrator, fault: None, key: None, examine }
}

/// Stands in for the XML reader of the operations.
pub(super) fn examine(text: &str) -> Document {
    let well_formed = if text.starts_with('<') && !text.contains("<!DOCTYPE") {
        WellFormed::Yes
    } else {
        WellFormed::No
    };
    Document { well_formed, sha256: [7; 32], size: u64::try_from(text.len()).unwrap() }
}

/// Calls a method of the service as a user would, by its name and texts.
pub(super) fn call(
    state: &State,
    name: &str,
    given: &[(&str, &str)],
    context: &Context<'_>,
) -> Outcome<Effect> {
    let method = checks::method(Class::Service, state.machine.profile(), name)?;
    call::service(state, method, &checks::arguments(method, given)?, context)
}

/// Calls a method of a product.
pub(super) fn call_product(
    state: &State,
    id: Uuid,
    name: &str,
    given: &[(&str, &str)],
) -> Outcome<State> {
    let method = checks::method(Class::Product, state.machine.profile(), name)?;
    let arguments = checks::arguments(method, given)?;
    let product = state.product(id).unwrap();
    call::product(state, product, method, &arguments, &context(start())).map(|effect| effect.state)
}

/// The symbol of the refusal, or "usage" or "" for a success.
pub(super) fn answer<T>(outcome: &Outcome<T>) -> &'static str {
    match outcome {
        Ok(_) => "",
        Err(Stop::Refused(refusal)) => refusal.code.symbol,
        Err(Stop::Usage(_)) => "usage",
        Err(other) => panic!("{other:?}"),
    }
}
