//! A call that WMI has let through to the provider: steps 3 to 8, and the change.

use crate::clock::Timestamp;
use crate::error::{Refusal, Warning};
use crate::tslicense::catalog::codes::{WBEM_E_FAILED, WBEM_E_NOT_AVAILABLE, WBEM_E_NOT_FOUND};
use crate::tslicense::catalog::enumerations::{PRODUCT_TYPE, word};
use crate::tslicense::catalog::methods::{Act, WmiMethod};
use crate::tslicense::catalog::versions;
use crate::tslicense::model::{
    Argument, Arguments, Event, Held, Issued, KeyPack, KeyPackId, Server,
};
use crate::tslicense::rules::{bring, directory, revoke, shapes, shrink, standing};

/// What the clearinghouse of the model says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clearinghouse {
    #[default]
    Accept,
    Refuse,
    Offline,
}

/// What the caller knows of the source of licenses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SourceState {
    /// What the store says.
    #[default]
    AsStored,
    Unreachable,
    Dead,
}

/// What only the clearinghouse can read from a license code or key pack ID, given in its stead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modelled {
    pub version: u32,
    pub product: u32,
    pub count: u32,
    /// Of key pack IDs alone.
    pub key_pack_type: Option<u32>,
}

/// How the model is to behave where the real thing would ask elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Controls {
    pub clearinghouse: Clearinghouse,
    /// Keep to the product versions that the page of each method lists.
    pub strict_reference: bool,
    /// Let agreement numbers of 8 digits through.
    pub lenient_agreement: bool,
    pub source: SourceState,
    /// Import again what was imported from a source that cannot be asked.
    pub allow_repeat: bool,
    pub modelled: Option<Modelled>,
}

/// What a call meets.
#[derive(Debug, Clone, Copy)]
pub struct Scenery<'a> {
    /// The server that is called.
    pub target: &'a Held,
    /// Every other server.
    pub others: &'a [Server],
    /// The one of them that the call names as the source, with its packs.
    pub source: Option<&'a Held>,
    /// Packs of other servers under the numbers of the call, with the server's name.
    pub elsewhere: &'a [(String, KeyPack)],
    /// The object that the call is made on.
    pub key: Option<KeyPackId>,
    /// The issued license that the call is made on.
    pub license: Option<&'a Issued>,
    /// When the revoked licenses of its version leave the revoked state.
    pub revoked: &'a [Timestamp],
    pub controls: Controls,
    pub now: Timestamp,
}

/// How licenses leave the source of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The source by its stored name, else as the call named it.
    pub name: String,
    /// What was removed there: pack and licenses. Empty when it has to be done by hand.
    pub removed: Vec<(KeyPackId, u32)>,
    /// What to call there; empty when it was done.
    pub calls: Vec<ManualCall>,
}

/// A call that an administrator makes on another server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualCall {
    pub act: Act,
    pub parameters: Vec<(&'static str, u32)>,
}

/// What a call hands back, beside `ReturnValue`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The key pack that was made or changed.
    pub key_pack: Option<KeyPackId>,
    /// `ActivationStatus`.
    pub status: Option<u32>,
    /// The one out parameter of methods that answer yes or no.
    pub flag: Option<bool>,
    /// `sLicenseServerId`.
    pub server_id: Option<String>,
    pub moved: Option<Moved>,
    /// Live licenses per device that went with their pack.
    pub dropped: Option<u32>,
    /// `RevokableCals`.
    pub revokable: Option<u32>,
}

/// What a call brings about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    pub target: Held,
    pub source: Option<Held>,
    /// The issued license as it is afterwards.
    pub license: Option<Issued>,
    pub events: Vec<Event>,
    pub warnings: Vec<Warning>,
    pub answer: Answer,
}

impl Effect {
    /// The called server as it was, and an empty answer.
    pub(super) fn on(target: &Held) -> Self {
        Self {
            target: target.clone(),
            source: None,
            license: None,
            events: Vec::new(),
            warnings: Vec::new(),
            answer: Answer::default(),
        }
    }
}

/// Runs a call.
///
/// Refuses with the codes of the method's row; the refusal says what the call hands back.
pub fn run(
    method: &'static WmiMethod,
    arguments: &Arguments,
    scenery: &Scenery<'_>,
) -> Result<Effect, Refusal> {
    provided(method, arguments, scenery).map_err(|refusal| answered(refusal, method))
}

fn provided(
    method: &'static WmiMethod,
    arguments: &Arguments,
    scenery: &Scenery<'_>,
) -> Result<Effect, Refusal> {
    if method.act == Act::Revoke {
        return revoke::revoke(scenery.license, scenery.revoked, scenery.target, scenery.now);
    }
    let object = if method.instance { Some(object(scenery)?) } else { None };
    let mut warnings = shapes::shapes(method, arguments, &scenery.controls)?;
    let mut effect = match method.act {
        Act::Install(_) | Act::Import(_) | Act::Reinstall(_) => {
            bring::bring(method.act, arguments, scenery)?
        }
        Act::Uninstall => shrink::uninstall(arguments, scenery.target)?,
        Act::UninstallWithId => shrink::uninstall_with_id(arguments, scenery.target)?,
        Act::Remove => shrink::remove(arguments, scenery.target)?,
        Act::Convert => shrink::convert(object, arguments, scenery.target)?,
        Act::Directory(act) => directory::answer(act, arguments, scenery.target, scenery.now)?,
        act => standing::answer(act, arguments, scenery)?,
    };
    warnings.append(&mut effect.warnings);
    Ok(Effect { warnings, ..effect })
}

/// Step 3: the object that the call is made on.
fn object<'s>(scenery: &Scenery<'s>) -> Result<&'s KeyPack, Refusal> {
    let held: &'s Held = scenery.target;
    let found = scenery.key.and_then(|id| held.pack(id));
    found.ok_or_else(|| match scenery.key {
        Some(id) => no_pack(id, &held.server),
        None => Refusal::new(&WBEM_E_NOT_FOUND, "the call names no key pack")
            .hinted("name it with `--key KeyPackId=N`"),
    })
}

/// There is no such pack on the server.
pub(super) fn no_pack(id: KeyPackId, server: &Server) -> Refusal {
    Refusal::new(&WBEM_E_NOT_FOUND, format!("`{}` has no key pack {}", server.name, id.0)).hinted(
        format!("`licctl tslicense keypack list --all --server {}` shows them", server.name),
    )
}

/// What the provider hands back with its no: the code, and null in every out parameter that the rule did not fill.
fn answered(refusal: Refusal, method: &'static WmiMethod) -> Refusal {
    let mut refusal = refusal.of(method.method.name);
    let filled = std::mem::take(&mut refusal.answer);
    let code = refusal.code.native.number();
    let refusal = refusal.answering("ReturnValue", code);
    method.handed().fold(refusal, |refusal, row| {
        let value = filled.iter().find(|(name, _)| *name == row.name).and_then(|(_, value)| *value);
        let told = refusal.detail.iter().any(|(name, _)| *name == row.name);
        if told { refusal } else { refusal.answering(row.name, value) }
    })
}

/// Step 8: the clearinghouse, which the model stands in for.
///
/// Refuses with `WBEM_E_FAILED`, `WBEM_E_NOT_AVAILABLE`.
pub(super) fn clearinghouse(controls: &Controls) -> Result<(), Refusal> {
    match controls.clearinghouse {
        Clearinghouse::Accept => Ok(()),
        Clearinghouse::Refuse => Err(Refusal::new(
            &WBEM_E_FAILED,
            "the clearinghouse refused, as `--clearinghouse` asked",
        )),
        Clearinghouse::Offline => Err(Refusal::new(
            &WBEM_E_NOT_AVAILABLE,
            "the clearinghouse cannot be reached, as `--clearinghouse` asked",
        )),
    }
}

/// Licenses of a product and version, for people: `per user 2019`.
#[must_use]
pub fn licenses(product: u32, version: u32) -> String {
    let product =
        word(&PRODUCT_TYPE, product).map_or_else(|| format!("type {product}"), ToOwned::to_owned);
    format!("{product} {}", versions::short(version))
}

/// The arguments of a call for the history: purchase numbers masked.
#[must_use]
pub fn told(arguments: &Arguments) -> String {
    let shown = arguments.given.iter().map(|(row, value)| match (value, row.kind) {
        (Argument::Number(number), _) => format!("{}={number}", row.name),
        (Argument::Text(text), crate::catalog::Kind::Secret(mask)) => {
            format!("{}={}", row.name, mask.apply(text))
        }
        (Argument::Text(text), _) => format!("{}={text}", row.name),
    });
    shown.collect::<Vec<_>>().join(", ")
}
