//! What a file can declare of session hosts: in which mode they ask for licenses, and of which license servers.
//!
//! The host's own mode and list are made by the methods of its class, which judge them and can be written down; what a policy or a
//! deployment says is told to the model.

use crate::desired::{Effects, Kind, Members, Order, Property, Takes, Wish};
use crate::error::{Outcome, Stop};
use crate::store::{Read, Tx};
use crate::tslicense::catalog::enumerations::{MODE_PER_DEVICE, MODE_PER_USER, PRODUCT_WORDS};
use crate::tslicense::catalog::methods::{Act, HostAct, of};
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::export::{Call, Numbers, Object, powershell};
use crate::tslicense::model::{Arguments, Host, Licensing};
use crate::tslicense::ops::hosts;
use crate::tslicense::rules::typed::{self, Given};
use serde_json::{Map, Value as Json};

/// The word of a layer that says nothing about the mode.
const SILENT: &str = "-";

pub(super) static HOST: Kind = Kind {
    name: "host",
    doc: "A session host.",
    properties: &[
        Property::key("name", Takes::Text, "Its name."),
        Property::setting("OS", Takes::Text, "Release of Windows Server: 2008, 2008r2, … 2025."),
        Property::setting(
            "TerminalServerMode",
            Takes::Number,
            "1: an application server; 0: there for administrators alone.",
        ),
        Property::setting("Joined", Takes::Flag, "Whether it is joined to a domain."),
        Property::setting("LicensingType", Takes::Word(modes), "Its own mode."),
        Property::setting(
            "LicenseServers",
            Takes::Texts,
            "The license servers that it asks itself, in their order.",
        ),
        Property::setting("PolicyLicensingType", Takes::Word(policies), "The mode by policy."),
        Property::setting(
            "PolicyLicenseServers",
            Takes::Texts,
            "The license servers by policy; `[]`: the policy says nothing.",
        ),
        Property::setting(
            "UseCentralLicensingSettings",
            Takes::Flag,
            "Whether the settings of its deployment hold.",
        ),
        Property::setting(
            "CentralLicensingType",
            Takes::Word(policies),
            "The mode by its deployment.",
        ),
        Property::setting(
            "CentralLicenseServers",
            Takes::Texts,
            "The license servers by its deployment.",
        ),
    ],
    parts: &[],
    order: Order::SettingsFirst,
    present,
    make,
    set,
    remove: |tx, wish, _| hosts::remove(tx, &wish.required("name")?).map(drop),
};

fn modes() -> Vec<&'static str> {
    PRODUCT_WORDS.map(|(word, _)| word).to_vec()
}

fn policies() -> Vec<&'static str> {
    modes().into_iter().chain([SILENT]).collect()
}

/// The settings that are told to the model, by the words of `host set`.
static TOLD: [&str; 8] = [
    "OS",
    "TerminalServerMode",
    "Joined",
    "PolicyLicensingType",
    "PolicyLicenseServers",
    "UseCentralLicensingSettings",
    "CentralLicensingType",
    "CentralLicenseServers",
];

fn find(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Host>> {
    let name = wish.required("name")?;
    match hosts::known(read, &name) {
        Ok((_, host)) => Ok(Some(host)),
        Err(Stop::Refused(_)) => Ok(None),
        Err(stop) => Err(stop),
    }
}

fn present(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let Some(host) = find(read, wish)? else { return Ok(None) };
    let mut members = Map::new();
    let mut put = |name: &str, value: Json| members.insert(name.to_owned(), value);
    put("name", wish.given.get("name").cloned().unwrap_or_default());
    put("OS", host.os.map(Os::word).map(Json::from).unwrap_or_default());
    put("TerminalServerMode", Json::from(u8::from(host.application_server)));
    put("Joined", host.joined.map(Json::from).unwrap_or_default());
    put("LicensingType", mode(&host.own));
    put("LicenseServers", list(&host.own));
    put("PolicyLicensingType", mode(&host.policy));
    put("PolicyLicenseServers", list(&host.policy));
    put("UseCentralLicensingSettings", Json::from(host.central));
    put("CentralLicensingType", mode(&host.deployment));
    put("CentralLicenseServers", list(&host.deployment));
    Ok(Some(members))
}

/// The mode of a layer by its word; by its number when it has none.
fn mode(layer: &Licensing) -> Json {
    match layer.mode {
        None => Json::from(SILENT),
        Some(MODE_PER_DEVICE) => Json::from("per-device"),
        Some(MODE_PER_USER) => Json::from("per-user"),
        Some(other) => Json::from(other),
    }
}

fn list(layer: &Licensing) -> Json {
    layer.servers.iter().map(|name| Json::from(name.trim())).collect()
}

fn make(tx: &mut dyn Tx, wish: &Wish, _: &mut Effects) -> Outcome<()> {
    hosts::add(tx, &Host::unknown(&wish.required("name")?))
}

fn set(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let name = wish.required("name")?;
    let mut values = Vec::new();
    for word in TOLD {
        let list = wish.texts(word).filter(|_| wish.sets(word)).map(|list| list.join(","));
        if let Some(value) = list.or_else(|| wish.set(word)) {
            values.push((word.to_owned(), value));
        }
    }
    if !values.is_empty() {
        let words: Vec<&str> = values.iter().map(|(word, _)| word.as_str()).collect();
        effects
            .left_out(format!("to be set by policy or by hand on `{name}`: {}", words.join(", ")));
        effects.warnings.extend(hosts::set(tx, &name, &values, wish.now)?.1);
    }
    if let Some(word) = wish.set("LicensingType") {
        let mut warnings = Vec::new();
        let mode = hosts::mode("LicensingType", &word, &mut warnings)?;
        let mode = mode.ok_or_else(|| Stop::bug("a host came without its mode"))?;
        let given = [("LicensingType".to_owned(), Given::Number(i128::from(mode)))];
        call(tx, &name, (HostAct::ChangeMode, &given), effects)?;
    }
    if let Some(names) = wish.texts("LicenseServers").filter(|_| wish.sets("LicenseServers")) {
        if names.is_empty() {
            return call(tx, &name, (HostAct::EmptyServers, &[]), effects);
        }
        let given = [("SpecifiedLSList".to_owned(), Given::Texts(names))];
        call(tx, &name, (HostAct::SetServers, &given), effects)?;
    }
    Ok(())
}

/// Makes a call on the host, and writes it down when that is asked for.
fn call(
    tx: &mut dyn Tx,
    name: &str,
    (act, given): (HostAct, &[(String, Given)]),
    effects: &mut Effects,
) -> Outcome<()> {
    let method = of(Act::Host(act)).ok_or_else(|| Stop::bug("a method without a row"))?;
    let (host, warnings) = hosts::call(tx, name, method, given)?;
    effects.warnings.extend(warnings);
    if effects.writes() {
        let names = match given.first() {
            Some((_, Given::Texts(names))) => Some(names.as_slice()),
            _ => None,
        };
        let arguments = match names {
            Some(_) => Arguments::default(),
            None => typed::arguments(method, given)?,
        };
        let call = Call {
            server: &host.name,
            method,
            object: Object::Setting,
            arguments: &arguments,
            list: names.map(|names| ("SpecifiedLSList", names)),
            numbers: Numbers::Masked,
        };
        effects.write(powershell::cim(&call));
    }
    Ok(())
}
