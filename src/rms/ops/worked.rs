//! The worked examples of tokens, at the store: what is given, what is done, what is answered.

mod again;
mod life;
mod terms;
mod tokens;

use super::desk::Desk;
use super::{
    capacity, commuted, commuter, grace, licenses, pools, reservations, revoke, servers, sessions,
};
use crate::apis;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop};
use crate::rms::catalog::elements::named;
use crate::rms::model::group::Group;
use crate::rms::model::license::{Elements, FeatureKey, License, Origin, Value};
use crate::rms::model::request::{Queueing, Request, Wait};
use crate::rms::model::session::{Counts, Identity, Session, State};
use crate::rms::ops::servers::Settings;
use crate::rms::rules::commuter::CheckOut;
use crate::rms::rules::ledger::Ledger;
use crate::rms::rules::login::Granted;
use crate::store::{Change, Flow, Intent, Store, Tx};

/// A License Manager `default` in a store of its own.
pub(super) struct Bench {
    store: Store,
    now: Timestamp,
}

pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(super) fn cad() -> FeatureKey {
    FeatureKey { name: "cad".to_owned(), version: String::new() }
}

/// A version 19 license of `cad`, of the elements that are given as `name=value`.
pub(super) fn license(hash: &str, given: &str) -> License {
    let mut elements = Elements::default();
    let base = "featureName=cad licenseVersion=155254784";
    for pair in base.split_whitespace().chain(given.split_whitespace()) {
        let (name, text) = pair.split_once('=').unwrap();
        let element = named(name).unwrap();
        let value = if element.is_text() {
            Value::Text(text.replace('_', " "))
        } else {
            Value::Number(text.parse().unwrap_or_else(|_| at(text).s()))
        };
        elements.set(element, value);
    }
    elements.set(named("licenseHash").unwrap(), Value::Text(hash.repeat(4)));
    License::new(elements, Origin::Manual)
}

pub(super) fn request(user: &str, units: u64) -> Request {
    Request {
        client: Identity {
            user: user.to_owned(),
            host: format!("ws-{user}"),
            ..Identity::default()
        },
        vendor: String::new(),
        units,
        hold: 0,
        wait: Wait::default(),
        comment: String::new(),
    }
}

fn symbol(stop: Stop) -> &'static str {
    let Stop::Refused(refusal) = stop else { panic!("{stop:?}") };
    refusal.code.symbol
}

/// What a call answered: the session, or the symbol of the refusal.
type Told = Result<Session, &'static str>;

impl Bench {
    pub(super) fn new(now: &str, licenses: &[License]) -> Self {
        let mut bench = Self { store: Store::scratch(apis::tables()), now: at(now) };
        bench.write(|tx, _| servers::add(tx, "default", &Settings::default())).unwrap();
        for one in licenses {
            bench.write(|tx, now| licenses::add(tx, "default", one.clone(), now)).unwrap();
        }
        bench
    }

    pub(super) fn set(mut self, settings: &Settings) -> Self {
        self.write(|tx, _| servers::set(tx, "default", settings)).unwrap();
        self
    }

    pub(super) fn at(&mut self, now: &str) -> &mut Self {
        self.now = at(now);
        self
    }

    /// Lets seconds pass.
    pub(super) fn pass(&mut self, seconds: i64) {
        self.now = self.now.plus_ms(seconds * 1000);
    }

    /// Writes down what time did, and nothing else.
    pub(super) fn settle(&mut self) {
        let settled = self.write(|tx, now| {
            let mut desk = Desk::open(tx.reading(), "default")?;
            desk.call(tx, now, |_, _| Ok(()))
        });
        settled.unwrap();
    }

    pub(super) fn write<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Tx, Timestamp) -> Outcome<T>,
    ) -> Outcome<T> {
        let now = self.now;
        let change = Change { command: "test".to_owned(), now, intent: Intent::Store };
        self.store.write(&change, |tx| work(tx, now)).map(|(answer, _)| answer)
    }

    pub(super) fn ask(&mut self, request: &Request) -> Result<Granted, Box<Refusal>> {
        let done = self.write(|tx, now| sessions::login(tx, "default", &cad(), (request, 0), now));
        match done {
            Ok(login) => login.answer,
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(other) => panic!("{other:?}"),
        }
    }

    fn login(&mut self, user: &str, units: u64) -> Told {
        let granted = self.ask(&request(user, units));
        granted.map(|granted| granted.session).map_err(|refusal| refusal.code.symbol)
    }

    fn queue(&mut self, user: &str, units: u64, queueing: Queueing) -> Told {
        let wait = Wait { queueing, keep: Some(60), ..Wait::default() };
        let granted = self.ask(&Request { wait, ..request(user, units) });
        granted.map(|granted| granted.session).map_err(|refusal| refusal.code.symbol)
    }

    pub(super) fn refresh(&mut self, key: u32, units: Option<u64>) -> Told {
        let done = self.write(|tx, now| sessions::refresh(tx, "default", key, units, now));
        match done {
            Ok(Ok(changed)) => Ok(changed.session),
            Ok(Err(refusal)) => Err(refusal.code.symbol),
            Err(stop) => Err(symbol(stop)),
        }
    }

    pub(super) fn logout(&mut self, key: u32, units: Option<u64>) -> Result<u64, &'static str> {
        let done = self.write(|tx, now| sessions::logout(tx, "default", key, units, now));
        done.map(|changed| changed.released).map_err(symbol)
    }

    pub(super) fn counts(&mut self) -> Counts {
        let now = self.now;
        let counted = self.store.read(|read| {
            let mut desk = Desk::open(read, "default")?;
            desk.settled(read, now)?.counts(1)
        });
        counted.unwrap()
    }

    pub(super) fn states(&mut self) -> Vec<(String, State)> {
        let now = self.now;
        let mut found = Vec::new();
        let listed = self.store.read(|read| {
            sessions::each(read, "default", now, &mut |token| {
                found.push((token.session.client.user, token.session.state));
                Ok(Flow::Continue(()))
            })
        });
        listed.unwrap();
        found.sort_by(|one, other| one.0.cmp(&other.0));
        found
    }

    pub(super) fn total(&mut self) -> Option<u64> {
        let now = self.now;
        let right = self.store.read(|read| {
            let mut desk = Desk::open(read, "default")?;
            let mut books = desk.settled(read, now)?;
            books.right(1, now)
        });
        right.unwrap().total.finite()
    }

    pub(super) fn usage(&mut self) -> Vec<i64> {
        use crate::rms::store::usage::{Wanted, in_order, known_manager};
        let mut found = Vec::new();
        let listed = self.store.read(|read| {
            let manager = known_manager(read, "default")?.unwrap_or_default();
            in_order(read, manager, &Wanted::default(), &mut |record| {
                found.push(record.transaction);
                Ok(Flow::Continue(()))
            })
        });
        listed.unwrap();
        found
    }

    pub(super) fn audit(&mut self) {
        let found = self.store.read(|read| (crate::rms::store::TABLES.audit)(read)).unwrap();
        assert_eq!(found, Vec::<String>::new());
    }
}

const DAY: &str = "2026-06-01T08:00:00Z";

const NONE_LEFT: &str = "SNTL_NOLICENSESAVAILABLE";
