//! Calls of the methods of both classes: load, rule, save.

use super::held;
use crate::clock::Timestamp;
use crate::error::{Outcome, Usage, Warning};
use crate::store::{Read, Tx};
use crate::tslicense::catalog::methods::{Act, WmiMethod};
use crate::tslicense::model::{
    Arguments, Held, Issued, KeyPack, KeyPackId, LicenseId, Server, UserLicense,
};
use crate::tslicense::rules::call::{self, Effect, Scenery};
use crate::tslicense::rules::typed::{self, Given};
use crate::tslicense::rules::{Answer, Controls, ISSUED_DROPPED, life, shapes, source};
use crate::tslicense::store::{events, issued, servers, users};

/// A call as its caller makes it.
#[derive(Clone)]
pub struct Request<'a> {
    pub server: &'a str,
    pub method: &'static WmiMethod,
    /// The object that it is made on.
    pub key: Option<KeyPackId>,
    /// The issued license that it is made on.
    pub license: Option<LicenseId>,
    pub given: Vec<(String, Given)>,
    pub controls: Controls,
}

/// What a call brought about.
#[derive(Debug)]
pub struct Called {
    pub method: &'static WmiMethod,
    pub answer: Answer,
    /// The called server, afterwards.
    pub target: Held,
    /// Events that were written.
    pub events: Vec<u32>,
    pub warnings: Vec<Warning>,
}

/// Makes a call.
///
/// Refuses with the codes of the method's row.
pub fn call(tx: &mut dyn Tx, request: &Request<'_>, now: Timestamp) -> Outcome<Called> {
    let (id, target) = held::open(tx, request.server, now)?;
    let mut arguments = arguments(request, &target.server)?;
    held::file(tx, &mut arguments)?;
    let all = servers::all(tx.reading())?;
    let others: Vec<Server> =
        all.iter().filter(|(known, _)| *known != id).map(|(_, server)| server.clone()).collect();
    let source = source(tx, request.method, &others, &arguments, now)?;
    let elsewhere = held::elsewhere(tx.reading(), id, &arguments.filed)?;
    let license = license(tx.reading(), id, request)?;
    let revoked = match &license {
        Some(license) => revoked(tx.reading(), id, &target, license, now)?,
        None => Vec::new(),
    };
    let scenery = Scenery {
        target: &target,
        others: &others,
        source: source.as_ref().map(|(_, source)| source),
        elsewhere: &elsewhere,
        key: request.key,
        license: license.as_ref(),
        revoked: &revoked,
        controls: request.controls,
        now,
    };
    let effect = call::run(request.method, &arguments, &scenery)?;
    let effect = rehomed(tx, id, &target, effect, now)?;
    save(tx, (id, &target), source.as_ref(), &effect)?;
    tx.call(request.method.method.name, &told(request, &target.server, &arguments));
    Ok(Called {
        method: request.method,
        answer: effect.answer,
        target: effect.target,
        events: effect.events.iter().map(|event| event.id).collect(),
        warnings: effect.warnings,
    })
}

/// Asks a method that changes nothing.
///
/// Usage error when the method changes something.
pub fn ask(read: &mut dyn Read, request: &Request<'_>, now: Timestamp) -> Outcome<Called> {
    if !request.method.act.asks() {
        return Err(Usage::new(format!("`{}` changes something", request.method.word())).into());
    }
    let (_, target) = held::load(read, request.server, now)?;
    let arguments = arguments(request, &target.server)?;
    let scenery = Scenery {
        target: &target,
        others: &[],
        source: None,
        elsewhere: &[],
        key: None,
        license: None,
        revoked: &[],
        controls: request.controls,
        now,
    };
    let effect = call::run(request.method, &arguments, &scenery)?;
    Ok(Called {
        method: request.method,
        answer: effect.answer,
        target: effect.target,
        events: Vec::new(),
        warnings: effect.warnings,
    })
}

/// Checks the arguments of a call that is written down and not made: its types and shapes.
///
/// Refuses with the codes of the method's row.
pub fn rehearsed(read: &mut dyn Read, request: &Request<'_>) -> Outcome<(Arguments, Vec<Warning>)> {
    let (_, target) = held::stored(read, request.server)?;
    let arguments = arguments(request, &target.server)?;
    let warnings = shapes::shapes(request.method, &arguments, &request.controls)
        .map_err(|refusal| refusal.of(request.method.method.name))?;
    Ok((arguments, warnings))
}

fn arguments(request: &Request<'_>, server: &Server) -> Outcome<Arguments> {
    typed::on_release(request.method, &server.name, server.os)?;
    Ok(typed::arguments(request.method, &request.given)?)
}

/// The source that a call names, with its packs.
fn source(
    tx: &mut dyn Tx,
    method: &WmiMethod,
    others: &[Server],
    arguments: &Arguments,
    now: Timestamp,
) -> Outcome<Option<(i64, Held)>> {
    if !matches!(method.act, Act::Import(_)) {
        return Ok(None);
    }
    let found = source::find(others, arguments);
    found.map(|server| held::open(tx, &server.name, now)).transpose()
}

fn save(
    tx: &mut dyn Tx,
    (id, target): (i64, &Held),
    source: Option<&(i64, Held)>,
    effect: &Effect,
) -> Outcome<()> {
    held::save(tx, id, target, &effect.target)?;
    if let Some(license) = &effect.license {
        issued::save(tx, id, license)?;
    }
    if let (Some((id, before)), Some(after)) = (source, &effect.source) {
        held::save(tx, *id, before, after)?;
    }
    for event in &effect.events {
        events::add(tx, id, event)?;
    }
    Ok(())
}

/// The issued license that a call is made on.
///
/// Usage error when there are several of its number and no key pack is named.
fn license(read: &mut dyn Read, server: i64, request: &Request<'_>) -> Outcome<Option<Issued>> {
    let Some(id) = request.license else { return Ok(None) };
    let mut found = issued::numbered(read, server, id)?;
    found.retain(|license| request.key.is_none_or(|pack| license.pack == pack));
    if found.len() > 1 {
        return Err(Usage::new(format!("several key packs have a license {}", id.0))
            .hinted("name the key pack")
            .into());
    }
    Ok(found.pop())
}

/// When the revoked licenses of the version of a license leave the revoked state.
pub(super) fn revoked(
    read: &mut dyn Read,
    server: i64,
    held: &Held,
    license: &Issued,
    now: Timestamp,
) -> Outcome<Vec<Timestamp>> {
    let Some(tier) = held.pack(license.pack).map(KeyPack::tier) else { return Ok(Vec::new()) };
    let mut ends = Vec::new();
    for pack in held.packs.iter().filter(|pack| pack.is_per_device() && pack.tier() == tier) {
        ends.extend(issued::revoked(read, server, pack.id, now)?);
    }
    ends.sort_unstable();
    Ok(ends)
}

/// What becomes of the licenses of packs that are gone: those of devices go with them, those of users are counted in other packs.
fn rehomed(
    tx: &mut dyn Tx,
    id: i64,
    before: &Held,
    mut effect: Effect,
    now: Timestamp,
) -> Outcome<Effect> {
    let after = effect.target.clone();
    for pack in before.packs.iter().filter(|pack| after.pack(pack.id).is_none()) {
        issued::clear_pack(tx, id, pack.id)?;
        let homeless: Vec<UserLicense> =
            users::all(tx.reading(), id)?.into_iter().filter(|user| user.pack == pack.id).collect();
        if homeless.is_empty() {
            continue;
        }
        effect.warnings.retain(|warning| warning.code != ISSUED_DROPPED);
        for user in homeless {
            match life::rehomed(&mut effect.target, &user, now) {
                Some(moved) => users::save(tx, id, &moved).map(|_| ())?,
                None => users::remove(tx, id, &user.user).map(|_| ())?,
            }
        }
    }
    Ok(effect)
}

fn told(request: &Request<'_>, server: &Server, arguments: &Arguments) -> String {
    let license = request.license.map(|id| format!(", LicenseId={}", id.0)).unwrap_or_default();
    let key = request.key.map(|key| format!(", KeyPackId={}", key.0)).unwrap_or_default();
    let arguments = call::told(arguments);
    let comma = if arguments.is_empty() { "" } else { ", " };
    format!("server={}{license}{key}{comma}{arguments}", server.name)
}
