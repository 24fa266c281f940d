//! Two servers on which the worked examples stand: one of 2019 with licenses, one of 2022 without.

use super::call::{self, Controls, Effect, Scenery};
use super::source;
use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::tslicense::catalog::methods::{Act, Program, WmiMethod, of};
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::model::{
    Activation, Argument, Arguments, Filed, Held, Issued, KeyPack, KeyPackId, Purchase, Server,
};

pub(super) const ID_A: &str = "AAAAABBBBBCCCCCDDDDDEEEEEFFFFFGGGGG";
pub(super) const ID_B: &str = "HHHHHJJJJJKKKKKLLLLLMMMMMNNNNNPPPPP";
pub(super) const NAME_A: &str = "ls-a.corp.example";

pub(in crate::tslicense) fn now() -> Timestamp {
    Timestamp::parse("2026-03-01T09:00:00Z").unwrap()
}

fn server(name: &str, os: Os, id: &str) -> Server {
    Server {
        os: Some(os),
        activation: Activation::Activated,
        license_server_id: Some(id.to_owned()),
        joined: Some(true),
        in_group: true,
        role: 1,
        ..Server::unknown(name)
    }
}

/// 2019, with 50 licenses per user 2019 under the numbers of the base call, and 40 per device 2016, 12 of them issued.
pub(in crate::tslicense) fn a() -> Held {
    let mut user = KeyPack::new(KeyPackId(3), 5, (6, 1), 50);
    user.purchase = Some(Purchase {
        program: Program::Open,
        agreement: None,
        numbers: filed(&["12345678", "TEST0AUTH000001"]),
        ordered: None,
        note: String::new(),
        origin: None,
    });
    let mut device = KeyPack::new(KeyPackId(4), 2, (5, 0), 40);
    (device.issued, device.available) = (12, 28);
    let server = Server { next_key_pack: KeyPackId(5), ..server(NAME_A, Os::V2019, ID_A) };
    Held { server, packs: vec![KeyPack::built_in(), user, device] }
}

/// 2022, with its built-in pack alone.
pub(in crate::tslicense) fn b() -> Held {
    Held { server: server("ls-b.corp.example", Os::V2022, ID_B), packs: vec![KeyPack::built_in()] }
}

/// Numbers for purchase numbers, as the store would give them: without regard to case.
pub(super) fn filed(texts: &[&str]) -> Vec<Filed> {
    let number = |text: &&str| {
        let bytes = text.to_ascii_uppercase();
        Filed(bytes.bytes().fold(7_i64, |sum, byte| sum.wrapping_mul(31) + i64::from(byte)))
    };
    texts.iter().map(number).collect()
}

/// A call under way on a target, with one other server.
pub(super) struct Play {
    pub(super) target: Held,
    pub(super) other: Option<Held>,
    pub(super) elsewhere: Vec<(String, KeyPack)>,
    pub(super) controls: Controls,
    pub(super) key: Option<KeyPackId>,
    pub(super) license: Option<Issued>,
    pub(super) revoked: Vec<Timestamp>,
}

impl Play {
    /// The base call's stage: onto b, with a beside it.
    pub(super) fn new() -> Self {
        Self::on(b(), Some(a()))
    }

    pub(super) fn on(target: Held, other: Option<Held>) -> Self {
        let (elsewhere, controls) = (Vec::new(), Controls::default());
        let (license, revoked) = (None, Vec::new());
        Self { target, other, elsewhere, controls, key: None, license, revoked }
    }

    /// Runs a call; what it brings about takes effect on the stage.
    pub(super) fn run(&mut self, act: Act, given: &[Argument]) -> Result<Effect, Refusal> {
        let method = of(act).unwrap();
        let arguments = arguments(method, given);
        let others: Vec<Server> = self.other.iter().map(|held| held.server.clone()).collect();
        let named = source::find(&others, &arguments).is_some();
        let scenery = Scenery {
            target: &self.target,
            others: &others,
            source: self.other.as_ref().filter(|_| named),
            elsewhere: &self.elsewhere,
            key: self.key,
            license: self.license.as_ref(),
            revoked: &self.revoked,
            controls: self.controls,
            now: now(),
        };
        let effect = call::run(method, &arguments, &scenery)?;
        self.target = effect.target.clone();
        if let Some(source) = &effect.source {
            self.other = Some(source.clone());
        }
        Ok(effect)
    }

    /// The base call with some arguments changed.
    pub(super) fn import(&mut self, changed: &[(&str, Argument)]) -> Result<Effect, Refusal> {
        let act = Act::Import(Program::Open);
        let values: Vec<Argument> = of(act)
            .unwrap()
            .given()
            .zip(base())
            .map(|(row, value)| {
                let other = changed.iter().find(|(name, _)| *name == row.name);
                other.map_or(value, |(_, other)| other.clone())
            })
            .collect();
        self.run(act, &values)
    }

    /// Total, issued and available licenses of packs of the other server.
    pub(super) fn counts(held: &Held, id: u32) -> Option<(u32, u32, u32)> {
        held.pack(KeyPackId(id)).map(|pack| (pack.total, pack.issued, pack.available))
    }
}

fn arguments(method: &'static WmiMethod, given: &[Argument]) -> Arguments {
    let given: Vec<_> = method.given().zip(given.iter().cloned()).collect();
    let secret =
        |row: &crate::catalog::Parameter| matches!(row.kind, crate::catalog::Kind::Secret(_));
    let texts: Vec<&str> = given
        .iter()
        .filter_map(|(row, value)| match value {
            Argument::Text(text) if secret(row) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let filed = filed(&texts);
    Arguments { given, filed }
}

pub(super) fn text(text: &str) -> Argument {
    Argument::Text(text.to_owned())
}

pub(super) fn number(number: u32) -> Argument {
    Argument::Number(number)
}

/// 20 of the licenses per user 2019 of a.
fn base() -> [Argument; 7] {
    [
        text("12345678"),
        text("TEST0AUTH000001"),
        number(6),
        number(1),
        number(20),
        text(NAME_A),
        text(ID_A),
    ]
}

/// The symbol of a refusal and the parameter that it names.
pub(super) fn refused(outcome: Result<Effect, Refusal>) -> (&'static str, String) {
    let refusal = outcome.err().unwrap();
    let named = refusal.detail.iter().find(|(name, _)| *name == "parameter");
    (refusal.code.symbol, named.map_or_else(String::new, |(_, value)| value.clone()))
}
