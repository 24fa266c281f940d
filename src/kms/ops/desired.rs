//! What a file can declare of volume activation: machines with their settings, and their products with keys.
//!
//! A setting is made by the method of the class that a tool would call, so that the class itself judges its value.

use super::call::{Called, Calls};
use super::editions::{self, Serves, edition};
use super::machines::{self, Held, NewMachine, Scene};
use super::products::{self, NewKey};
use super::{activation, plan};
use crate::catalog::Mask;
use crate::desired::{Desired, Effects, Kind, Members, Order, POWERSHELL, Property, Takes, Wish};
use crate::error::{Outcome, Usage};
use crate::kms::export::plan::Form;
use crate::kms::model::{ChannelWord, LicenseStatus, PartialKey, Product, PropertyValue};
use crate::kms::rules::checks::Caller;
use crate::kms::rules::read::{self, Members as Wanted};
use crate::kms::rules::{keys, life};
use crate::kms::store::{self, instances};
use crate::store::{Read, Tx};
use serde_json::{Map, Value as Json};

/// What can be declared, and for which tools a change is written down.
pub static DESIRED: Desired = Desired { kinds: &[&MACHINE], forms: &[&POWERSHELL], whole: None };

static MACHINE: Kind = Kind {
    name: "machine",
    doc: "A machine: a KMS host, or a client of one.",
    properties: &[
        Property::key(
            "name",
            Takes::Text,
            "Its name; what follows the first dot is its DNS suffix.",
        ),
        Property::made(
            "version",
            Takes::Text,
            "Version of its licensing service; it selects the profile.",
        ),
        Property::made("virtualMachine", Takes::Flag, "Whether it is a virtual machine."),
        Property::made("skipRearm", Takes::Flag, "Whether rearming does nothing."),
        setting(
            "VLActivationInterval",
            "Minutes between attempts of clients that are not activated.",
        ),
        setting("VLRenewalInterval", "Minutes between renewals of activated clients."),
        setting(
            "KeyManagementServiceListeningPort",
            "TCP port of the host; `\"\"` is the default port.",
        ),
        setting("KeyManagementServiceDnsPublishing", "Whether the host publishes itself in DNS."),
        setting(
            "KeyManagementServiceLowPriority",
            "Whether the service of the host runs at low priority.",
        ),
        setting(
            "KeyManagementServiceMachine",
            "The host that the client was told; `\"\"` clears it.",
        ),
        setting("KeyManagementServicePort", "The port of that host; `\"\"` clears it."),
        setting(
            "KeyManagementServiceLookupDomain",
            "DNS domain whose SRV records name the hosts; `\"\"` clears it.",
        ),
        setting("KeyManagementServiceHostCaching", "Whether the client remembers its host."),
        setting("VLActivationTypeEnabled", "1 Active Directory, 2 KMS, 3 token; 0 is every one."),
    ],
    parts: &[&PRODUCT],
    // A host takes its settings once its key is activated.
    order: Order::PartsFirst,
    present: machine,
    make: make_machine,
    set: set_machine,
    remove: |tx, wish, _| machines::remove(tx, &wish.required("name")?).map(drop),
};

const fn setting(name: &'static str, doc: &'static str) -> Property {
    Property::setting(name, Takes::Scalar, doc)
}

/// How a setting of the service is made.
struct Setter {
    property: &'static str,
    method: &'static str,
    parameter: &'static str,
    /// The method that takes the setting back, and the value that asks for it.
    clearing: Option<(&'static str, &'static str)>,
    sense: Sense,
}

/// Whether the parameter of a method says what the property says, or the contrary.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    Same,
    Contrary,
}

const fn setter(property: &'static str, method: &'static str, parameter: &'static str) -> Setter {
    Setter { property, method, parameter, clearing: None, sense: Sense::Same }
}

/// In the order in which they are made: the name of a host comes before its port, which it would clear.
static SETTERS: [Setter; 10] = [
    setter("VLActivationInterval", "SetVLActivationInterval", "ActivationInterval"),
    setter("VLRenewalInterval", "SetVLRenewalInterval", "RenewalInterval"),
    Setter {
        clearing: Some(("ClearKeyManagementServiceListeningPort", "")),
        ..setter(
            "KeyManagementServiceListeningPort",
            "SetKeyManagementServiceListeningPort",
            "PortNumber",
        )
    },
    Setter {
        sense: Sense::Contrary,
        ..setter(
            "KeyManagementServiceDnsPublishing",
            "DisableKeyManagementServiceDnsPublishing",
            "DisablePublishing",
        )
    },
    setter(
        "KeyManagementServiceLowPriority",
        "EnableKeyManagementServiceLowPriority",
        "EnableLowPriority",
    ),
    Setter {
        clearing: Some(("ClearKeyManagementServiceMachine", "")),
        ..setter("KeyManagementServiceMachine", "SetKeyManagementServiceMachine", "MachineName")
    },
    Setter {
        clearing: Some(("ClearKeyManagementServicePort", "")),
        ..setter("KeyManagementServicePort", "SetKeyManagementServicePort", "PortNumber")
    },
    Setter {
        clearing: Some(("ClearKeyManagementServiceLookupDomain", "")),
        ..setter(
            "KeyManagementServiceLookupDomain",
            "SetKeyManagementServiceLookupDomain",
            "LookupDomain",
        )
    },
    Setter {
        sense: Sense::Contrary,
        ..setter(
            "KeyManagementServiceHostCaching",
            "DisableKeyManagementServiceHostCaching",
            "DisableCaching",
        )
    },
    Setter {
        clearing: Some(("ClearVLActivationTypeEnabled", "0")),
        ..setter("VLActivationTypeEnabled", "SetVLActivationTypeEnabled", "ActivationType")
    },
];

fn scene(wish: &Wish) -> Scene {
    Scene { now: wish.now, caller: Caller::Administrator, seed: wish.seed }
}

/// The machine of that name; `None` when there is none.
fn held(read: &mut dyn Read, name: &str, wish: &Wish) -> Outcome<Option<Held>> {
    match instances::find(read, name)? {
        Some(found) => Held::of(read, &found, wish.now).map(Some),
        None => Ok(None),
    }
}

fn machine(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let Some(held) = held(read, &wish.required("name")?, wish)? else { return Ok(None) };
    let properties = read::service(&held.state, &[], Wanted::All, wish.now);
    let machine = &held.state.machine;
    let mut members = Map::new();
    members.insert("name".to_owned(), wish.given.get("name").cloned().unwrap_or_default());
    members.insert("version".to_owned(), Json::from(machine.version.as_str()));
    members.insert("virtualMachine".to_owned(), Json::from(machine.virtual_machine));
    members.insert("skipRearm".to_owned(), Json::from(machine.skip_rearm));
    for setter in &SETTERS {
        let value = properties.iter().find(|(field, _)| field.name == setter.property);
        let value = match value {
            Some((_, PropertyValue::U32(number))) => Json::from(*number),
            Some((_, PropertyValue::Bool(flag))) => Json::from(*flag),
            Some((_, PropertyValue::Text(text))) => Json::from(text.as_str()),
            _ => Json::Null,
        };
        members.insert(setter.property.to_owned(), value);
    }
    // What is not set reads as the default port; a declaration must be able to say that it is not set.
    if machine.service.listening_port.is_none()
        && wish.text("KeyManagementServiceListeningPort").as_deref() == Some("")
    {
        members.insert("KeyManagementServiceListeningPort".to_owned(), Json::Null);
    }
    Ok(Some(members))
}

/// The version that a machine is of when nobody says it.
const NEWEST: &str = "10.0.20348.1";

fn make_machine(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let new = NewMachine {
        name: wish.required("name")?,
        version: wish.text("version").unwrap_or_else(|| NEWEST.to_owned()),
        virtual_machine: wish.flag("virtualMachine").unwrap_or_default(),
        skip_rearm: wish.flag("skipRearm").unwrap_or_default(),
        ..NewMachine::default()
    };
    effects.warnings.extend(machines::add(tx, &scene(wish), &new)?.warnings);
    Ok(())
}

fn set_machine(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let mut calls = Calls::open(tx.reading(), &scene(wish), &wish.required("name")?)?;
    for setter in &SETTERS {
        let Some(value) = wish.set(setter.property) else { continue };
        match setter.clearing.filter(|(_, asks)| *asks == value) {
            Some((method, _)) => calls.service(tx, method, &[])?,
            None => {
                let value = match (setter.sense, value.as_str()) {
                    (Sense::Contrary, "true") => "false".to_owned(),
                    (Sense::Contrary, "false") => "true".to_owned(),
                    _ => value,
                };
                calls.service(tx, setter.method, &[(setter.parameter, value.as_str())])?;
            }
        }
    }
    let called = calls.close(tx)?.answer()?;
    write_down(called, effects)
}

/// Writes the settings that calls made, for the tool.
fn write_down(called: Called, effects: &mut Effects) -> Outcome<()> {
    if effects.writes() {
        let planned = plan::of_calls(called, Form::Cim)?;
        effects.warnings.extend(planned.warnings);
        effects.write(planned.lines.join("\n"));
    } else {
        effects.warnings.extend(called.warnings);
    }
    Ok(())
}

static PRODUCT: Kind = Kind {
    name: "product",
    doc: "A product of a machine that has a key.",
    properties: &[
        Property::key(
            "edition",
            Takes::Text,
            "Activation ID or name of the edition that the key is for.",
        ),
        Property::setting(
            "key",
            Takes::Secret(Mask::LastFive),
            "The product key; its last five characters are kept.",
        ),
        Property::setting(
            "partialProductKey",
            Takes::Text,
            "The last five characters, in place of the key.",
        ),
        Property::setting(
            "channel",
            Takes::Text,
            "Volume:GVLK (KMS client), Volume:CSVLK (KMS host), Volume:MAK, Retail.",
        ),
        Property::made(
            "serves",
            Takes::Texts,
            "The editions that a KMS host key serves; `all` by default.",
        ),
        Property::setting(
            "activated",
            Takes::Flag,
            "Whether it is activated; `true` activates it.",
        ),
    ],
    parts: &[],
    order: Order::SettingsFirst,
    present: product,
    make: install,
    set: set_product,
    remove: |tx, wish, effects| {
        let of = (wish.instance()?, Some(wish.required("edition")?));
        let ended =
            products::call(tx, &scene(wish), (of.0, of.1.as_deref()), "UninstallProductKey")?;
        effects.left_out("keys are not removed by what is written down");
        ended.answer().map(drop)
    },
};

fn find(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Product>> {
    let known = store::editions::all(read)?;
    let id = edition(&wish.required("edition")?, &known)?;
    let held = held(read, wish.instance()?, wish)?;
    Ok(held.and_then(|held| held.state.product(id).filter(|held| held.key.is_some()).cloned()))
}

fn product(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let Some(product) = find(read, wish)? else { return Ok(None) };
    let mut members = Map::new();
    let partial = product.key.as_ref().map(ToString::to_string).unwrap_or_default();
    let masked = Mask::LastFive.apply(&format!("XXXXX-XXXXX-XXXXX-XXXXX-{partial}"));
    members.insert("edition".to_owned(), wish.given.get("edition").cloned().unwrap_or_default());
    members.insert("key".to_owned(), Json::from(masked));
    members.insert("partialProductKey".to_owned(), Json::from(partial));
    let channel = product.channel.map(ChannelWord::as_str);
    members.insert("channel".to_owned(), channel.map(Json::from).unwrap_or_default());
    let active = life::status(&product, wish.now) == LicenseStatus::Licensed;
    members.insert("activated".to_owned(), Json::from(active));
    Ok(Some(members))
}

/// Installs the key; with another one also on a product that has one.
fn install(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let known = store::editions::all(tx.reading())?;
    let activation = edition(&wish.required("edition")?, &known)?;
    let held = find(tx.reading(), wish)?;
    let channel =
        wish.text("channel").or_else(|| Some(held.as_ref()?.channel?.as_str().to_owned()));
    let channel =
        channel.ok_or_else(|| Usage::new("a product that has no key yet needs `channel`"))?;
    let partial = match (wish.text("key"), wish.text("partialProductKey")) {
        (Some(key), _) => keys::partial(&key),
        (None, Some(partial)) => Some(PartialKey::new(&partial).ok_or_else(|| {
            Usage::new("`partialProductKey` takes the last five letters or digits of a key")
        })?),
        (None, None) => Some(held.and_then(|held| held.key).unwrap_or_else(PartialKey::untold)),
    };
    let key = NewKey {
        partial,
        target: Some(editions::target(activation, &channel, &known)?),
        serves: Serves::read(&wish.texts("serves").unwrap_or_default(), &known)?,
    };
    let ended = products::install_key(tx, &scene(wish), wish.instance()?, key)?;
    effects
        .left_out(format!("the key of `{}` comes first: it is not written down", wish.instance()?));
    effects.warnings.extend(ended.answer()?.warnings);
    Ok(())
}

fn set_product(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    if ["key", "partialProductKey", "channel"].iter().any(|name| wish.sets(name)) {
        install(tx, wish, effects)?;
    }
    if wish.sets("activated") {
        if wish.flag("activated") == Some(false) {
            let usage = Usage::new("nothing takes an activation back but another key");
            return Err(usage
                .hinted("leave `activated` out, or declare the product absent")
                .into());
        }
        let edition = wish.required("edition")?;
        let ended = activation::activate(tx, &scene(wish), wish.instance()?, Some(&edition))?;
        ended.answer()?;
        effects.left_out("activations are not written down");
    }
    Ok(())
}
