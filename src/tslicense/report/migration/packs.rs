//! The way of one key pack: its import on the new server, and its removal on the old one where no server does it by itself.

use super::{Doing, Journey, State, Step, look};
use crate::catalog::Kind;
use crate::tslicense::catalog::enumerations::{
    PACK_OPEN, PACK_RETAIL, PACK_VOLUME, PRODUCT_PER_DEVICE, PRODUCT_PER_USER,
};
use crate::tslicense::catalog::methods::{Act, Program, WmiMethod, of};
use crate::tslicense::model::KeyPack;
use crate::tslicense::rules::call::licenses;
use crate::tslicense::rules::typed::Given;

impl Journey<'_> {
    /// The program under which a pack is imported: that of its purchase, else that of its kind.
    fn program(&self, pack: &KeyPack) -> Option<Program> {
        let bought = pack.purchase.as_ref().map(|purchase| purchase.program);
        match pack.key_pack_type {
            PACK_RETAIL => Some(Program::Retail),
            PACK_OPEN => Some(Program::Open),
            PACK_VOLUME if bought == Some(Program::Offline) => Some(Program::Offline),
            PACK_VOLUME => Some(Program::Agreement),
            _ => self.program.or(bought),
        }
    }

    /// The import of a pack, and how many licenses it moves.
    pub(super) fn import(&self, pack: &KeyPack) -> (Step, u32) {
        let what = format!("key pack {}, {}", pack.id.0, licenses(pack.product, pack.version));
        let machine = self.to.server.name.clone();
        let step = |words: String, state| Step { machine, doing: Doing::Look, words, state };
        if !pack.is_owned() || pack.is_unlimited() {
            let why = "a pool that every server keeps itself".to_owned();
            return (step(what, State::Skipped(why)), 0);
        }
        if ![PRODUCT_PER_DEVICE, PRODUCT_PER_USER].contains(&pack.product) {
            return (step(what, State::Blocked("NO_PUBLISHED_IMPORT".to_owned())), 0);
        }
        let Some(method) = self.program(pack).and_then(|program| of(Act::Import(program))) else {
            let why = "PROGRAM_UNKNOWN: name it with `--method`".to_owned();
            return (step(what, State::Blocked(why)), 0);
        };
        let whole = matches!(method.act, Act::Import(Program::Retail | Program::Offline));
        let count = if whole { pack.total } else { pack.removable() };
        let given = self.given(method, pack, count);
        let words = called(method, &given);
        let older = self.to.server.tier().is_some_and(|tier| tier < pack.tier());
        let state = if older {
            State::Blocked("TARGET_TOO_OLD".to_owned())
        } else if given.len() < method.given().count() {
            State::Blocked("NUMBERS_MISSING".to_owned())
        } else if count == 0 {
            State::Blocked("ALL_ISSUED".to_owned())
        } else {
            State::Ready
        };
        let words = if state == State::Blocked("NUMBERS_MISSING".to_owned()) {
            format!("{what}: {}", method.word())
        } else {
            words
        };
        let doing = Doing::Call { method, pack: pack.id, given };
        (Step { doing, ..step(words, state) }, count)
    }

    /// The parameters of an import, as far as they are known.
    fn given(&self, method: &WmiMethod, pack: &KeyPack, count: u32) -> Vec<(String, Given)> {
        let from = &self.from.server;
        let mut numbers = self.numbers.get(&pack.id).into_iter().flatten();
        let agreement = pack.purchase.as_ref().and_then(|purchase| purchase.agreement);
        let number = |number: u32| Some(Given::Number(i128::from(number)));
        let value = |name: &str, secret: bool, next: Option<&Option<String>>| match name {
            _ if secret => next.cloned().flatten().map(Given::Text),
            "AgreementType" => agreement.and_then(number),
            "ProductVersion" => number(pack.version),
            "ProductType" => number(pack.product),
            "LicenseCount" => number(count),
            "sSourceLSName" => Some(Given::Text(from.name.clone())),
            _ => from.license_server_id.clone().map(Given::Text),
        };
        let rows = method.given().filter_map(|row| {
            let secret = matches!(row.kind, Kind::Secret(_));
            let next = if secret { numbers.next() } else { None };
            Some((row.name.to_owned(), value(row.name, secret, next)?))
        });
        rows.collect()
    }

    /// The removal on the source, where the servers do not do it themselves.
    pub(super) fn removal(&self, pack: &KeyPack, count: u32) -> Step {
        let whole = count == pack.total;
        let act = if whole { Act::UninstallWithId } else { Act::Remove };
        let number = |number: u32| Given::Number(i128::from(number));
        let mut given = vec![("KeyPackId".to_owned(), number(pack.id.0))];
        if !whole {
            given.push(("LicenseCount".to_owned(), number(count)));
        }
        let server = &self.from.server;
        let state = if server.reachable {
            State::Ready
        } else {
            State::Blocked("SOURCE_UNREACHABLE".to_owned())
        };
        let machine = server.name.clone();
        let Some(method) = of(act) else { return look(&machine, String::new(), None) };
        let words = called(method, &given);
        Step { machine, doing: Doing::Call { method, pack: pack.id, given }, words, state }
    }
}

/// A call for people, in words that a table can break.
pub(super) fn called(method: &WmiMethod, given: &[(String, Given)]) -> String {
    format!("{} {}", method.word(), told(method, given))
}

/// Parameters for people: purchase numbers masked.
fn told(method: &WmiMethod, given: &[(String, Given)]) -> String {
    let shown = given.iter().map(|(name, value)| {
        let row = method.given().find(|row| row.name == name);
        match (value, row.map(|row| row.kind)) {
            (Given::Text(text), Some(Kind::Secret(mask))) => format!("{name}={}", mask.apply(text)),
            (Given::Text(text), _) => format!("{name}={text}"),
            (Given::Number(number), _) => format!("{name}={number}"),
            _ => name.clone(),
        }
    });
    shown.collect::<Vec<_>>().join(", ")
}
