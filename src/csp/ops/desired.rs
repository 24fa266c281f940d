//! What a file can declare of Windows licensing over MDM: devices, the values of their nodes, and the key catalogue.
//!
//! A node is brought to its value by the commands that a management server would send, so that the device itself judges it.

use super::devices::{self, NewDevice};
use super::{Scene, keys as catalogue, nodes};
use crate::catalog::{Mask, Native};
use crate::csp::catalog::nodes::{UPGRADE_EDITION_WITH_PRODUCT_KEY, Verb};
use crate::csp::catalog::{editions, paths::PathPolicy};
use crate::csp::export::wish::{self, As, Options, Target, Wishes};
use crate::csp::import::catalog as reader;
use crate::csp::model::device::{Device, JoinType};
use crate::csp::model::keys::{KeyEntry, KeyUse};
use crate::csp::model::version::OsVersion;
use crate::csp::rules::address::expand;
use crate::csp::rules::control::Controls;
use crate::csp::rules::fold;
use crate::csp::store::{devices as rows, keys};
use crate::desired::{
    Desired, Effects, Kind, Members, Order, POWERSHELL, Property, SYNCML, Takes, Wish, as_text,
};
use crate::error::{Outcome, Refusal, Usage};
use crate::store::{Read, Tx};
use serde_json::{Map, Value as Json, json};

/// What can be declared, and for which tools a change is written down.
pub static DESIRED: Desired =
    Desired { kinds: &[&DEVICE, &KEY], forms: &[&POWERSHELL, &SYNCML], whole: None };

static DEVICE: Kind = Kind {
    name: "device",
    doc: "A device under management.",
    properties: &[
        Property::key("name", Takes::Text, "Its name: 1 to 63 characters, no `/`."),
        Property::made(
            "edition",
            Takes::Scalar,
            "The edition that it comes with, by name or number.",
        ),
        Property::made("sMode", Takes::Flag, "Whether it comes in S mode."),
        Property::setting("osVersion", Takes::Text, "Version of Windows: `10.0.22631.3447`."),
        Property::setting(
            "join",
            Takes::Word(|| JoinType::ALL.map(JoinType::word).to_vec()),
            "What it is joined to.",
        ),
        Property::setting("insider", Takes::Flag, "Whether it takes Windows Insider Previews."),
        Property::setting(
            "pathPolicy",
            Takes::Word(|| PathPolicy::ALL.map(PathPolicy::word).to_vec()),
            "Which published table decides where an edition can go.",
        ),
        Property::setting(
            "productKey",
            Takes::Secret(Mask::LastFive),
            "The key of the edition that it is to have: `UpgradeEditionWithProductKey`.",
        ),
    ],
    parts: &[&NODE],
    order: Order::SettingsFirst,
    present: device,
    make: make_device,
    set: set_device,
    remove: |tx, wish, _| devices::remove(tx, &wish.required("name")?).map(drop),
};

fn scene(wish: &Wish) -> Scene {
    Scene { now: wish.now, seed: wish.seed }
}

fn find(read: &mut dyn Read, name: &str, wish: &Wish) -> Outcome<Option<Device>> {
    let found = rows::find(read, name)?;
    Ok(found.map(|(_, device)| fold::fold(&device, wish.now).into_owned()))
}

fn device(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let Some(device) = find(read, &wish.required("name")?, wish)? else { return Ok(None) };
    // What was asked for last is what the device is on its way to.
    let asked = device.pending_upgrade.as_ref().and_then(|pending| pending.key.as_ref());
    let trace = asked.or(device.installed_key.as_ref());
    let key = trace
        .map(|trace| Mask::LastFive.apply(&format!("XXXXX-XXXXX-XXXXX-XXXXX-{}", trace.last5)));
    let mut members = Map::new();
    members.insert("name".to_owned(), wish.given.get("name").cloned().unwrap_or_default());
    members.insert("Edition".to_owned(), Json::from(device.edition));
    members.insert("Status".to_owned(), Json::from(device.status));
    members.insert("osVersion".to_owned(), Json::from(device.detail.os_version.to_string()));
    members.insert("join".to_owned(), Json::from(device.join.word()));
    members.insert("insider".to_owned(), Json::from(device.insider));
    members.insert("pathPolicy".to_owned(), Json::from(device.path_policy.word()));
    members.insert("productKey".to_owned(), key.map(Json::from).unwrap_or_default());
    Ok(Some(members))
}

/// The number of an edition that a word means.
fn edition(word: &str) -> Outcome<i32> {
    editions::named(word).ok_or_else(|| {
        Usage::new(format!("`{word}` is no edition of Windows"))
            .hinted("`licctl csp edition list` shows them")
            .into()
    })
}

fn controls(wish: &Wish) -> Outcome<Controls> {
    let version = wish.set("osVersion").map(|text| {
        text.parse::<OsVersion>().map_err(|_| {
            Usage::new(format!("`{text}` is no value of `osVersion`"))
                .hinted("write it as `10.0.22631.3447`")
        })
    });
    Ok(Controls {
        os_version: version.transpose()?,
        join: wish.meaning("join", JoinType::named)?.filter(|_| wish.sets("join")),
        path_policy: wish
            .meaning("pathPolicy", PathPolicy::named)?
            .filter(|_| wish.sets("pathPolicy")),
        insider: if wish.sets("insider") { wish.flag("insider") } else { None },
        ..Controls::default()
    })
}

fn make_device(tx: &mut dyn Tx, wish: &Wish, _: &mut Effects) -> Outcome<()> {
    let new = NewDevice {
        name: wish.required("name")?,
        edition: wish.text("edition").map(|word| edition(&word)).transpose()?,
        s_mode: wish.flag("sMode").unwrap_or_default(),
        ..NewDevice::default()
    };
    devices::add(tx, &scene(wish), &new).map(drop)
}

fn set_device(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let (name, controls) = (wish.required("name")?, controls(wish)?);
    if controls != Controls::default() {
        devices::set(tx, &scene(wish), &name, &controls)?;
    }
    if let Some(key) = wish.set("productKey") {
        let uri = expand(UPGRADE_EDITION_WITH_PRODUCT_KEY.path);
        act(tx, &name, (Verb::Exec, &uri, Some(&key)), wish)?;
        let shown = effects.secrets.then(|| key.clone());
        let wishes = Wishes { exec: vec![(Target::find(&uri)?, shown)], ..Wishes::default() };
        write_down(&wishes, false, effects);
    }
    Ok(())
}

/// Sends one command to a device.
///
/// Refuses as the device does, with what the protocol answers in front of the code.
fn act(
    tx: &mut dyn Tx,
    device: &str,
    (verb, uri, data): (Verb, &str, Option<&str>),
    wish: &Wish,
) -> Outcome<()> {
    let answer = nodes::act(tx, device, &nodes::request(verb, uri, data), &scene(wish))?;
    match answer.refusal {
        None => Ok(()),
        Some(refusal) if refusal.code.native == Native::Tool => Err(refusal.of(verb.word()).into()),
        Some(refusal) => {
            let answered = Some(u32::from(answer.status));
            Err(Refusal { answered, ..refusal.of(verb.word()) }.into())
        }
    }
}

/// Writes wishes for the tool; what it cannot carry is told.
fn write_down(wishes: &Wishes, replace: bool, effects: &mut Effects) {
    let Some(form) = effects.form.and_then(|form| As::named(form.word)) else { return };
    match wish::write(wishes, form, &Options { replace, ..Options::default() }) {
        Ok(text) => effects.write(text),
        Err(refusal) => effects.left_out(refusal.message),
    }
}

static NODE: Kind = Kind {
    name: "node",
    doc: "A node of the device's tree.",
    properties: &[
        Property::key(
            "uri",
            Takes::Text,
            "Its address; without `./` it is below `./Vendor/MSFT/WindowsLicensing`.",
        ),
        Property::setting("value", Takes::Scalar, "What it is to hold."),
    ],
    parts: &[],
    order: Order::SettingsFirst,
    present: node,
    make: |tx, wish, effects| set_node(tx, wish, Verb::Add, effects),
    set: |tx, wish, effects| set_node(tx, wish, Verb::Replace, effects),
    remove: |tx, wish, effects| {
        let uri = expand(&wish.required("uri")?);
        effects.left_out(format!("no form carries a Delete: `{uri}`"));
        act(tx, wish.instance()?, (Verb::Delete, &uri, None), wish)
    },
};

fn node(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let uri = wish.required("uri")?;
    let target = Target::find(&uri)?;
    if rows::find(read, wish.instance()?)?.is_none() {
        return Ok(None);
    }
    let answers = nodes::get(read, wish.instance()?, std::slice::from_ref(&target.uri), wish.now)?;
    let answer = answers.into_iter().next().filter(|answer| answer.refusal.is_none());
    let Some(answer) = answer else { return Ok(None) };
    let value = answer.results.into_iter().next().and_then(|item| item.data);
    let mut members = Map::new();
    members.insert("uri".to_owned(), Json::from(uri));
    members.insert("value".to_owned(), value.map(Json::from).unwrap_or_default());
    Ok(Some(members))
}

fn set_node(tx: &mut dyn Tx, wish: &Wish, verb: Verb, effects: &mut Effects) -> Outcome<()> {
    let target = Target::find(&wish.required("uri")?)?;
    let value = wish.text("value");
    act(tx, wish.instance()?, (verb, &target.uri, value.as_deref()), wish)?;
    let wishes = Wishes { set: vec![(target, value.unwrap_or_default())], ..Wishes::default() };
    write_down(&wishes, verb == Verb::Replace, effects);
    Ok(())
}

static KEY: Kind = Kind {
    name: "key",
    doc: "An entry of the key catalogue: which edition a key is for. No key stands in it.",
    properties: &[
        Property::key("id", Takes::Text, "What the administrator calls it."),
        Property::setting(
            "edition",
            Takes::Scalar,
            "The edition that the key is for, by name or number.",
        ),
        Property::setting("last5", Takes::Text, "The last group of the key."),
        Property::setting("sha256", Takes::Text, "SHA-256 of the key's 29 characters, upper case."),
        Property::setting(
            "channel",
            Takes::Text,
            "Through what the key came: `mak`, `gvlk`, …, as the file of the catalogue has it.",
        ),
        Property::setting(
            "use",
            Takes::Texts,
            "What the key may be used for: `upgrade`, `change`, `check`.",
        ),
    ],
    parts: &[],
    order: Order::SettingsFirst,
    present: key,
    make: |tx, wish, _| load_key(tx, wish, None),
    set: |tx, wish, _| {
        let held = entry(tx.reading(), wish)?;
        load_key(tx, wish, held.as_ref())
    },
    remove: |tx, wish, _| catalogue::remove(tx, &wish.required("id")?).map(drop),
};

fn entry(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<KeyEntry>> {
    let (id, held) = (wish.required("id")?, keys::load(read)?);
    Ok(held.entries().iter().find(|entry| entry.id.eq_ignore_ascii_case(&id)).cloned())
}

fn key(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let Some(held) = entry(read, wish)? else { return Ok(None) };
    // An edition has several words; the one that was given is as good as any.
    let given = wish.text("edition").filter(|word| editions::named(word) == Some(held.edition));
    let edition = given.unwrap_or_else(|| editions::title(held.edition));
    let mut members = members_of(&held);
    members.insert("edition".to_owned(), Json::from(edition));
    Ok(Some(members))
}

/// The members of an entry but for its edition.
fn members_of(held: &KeyEntry) -> Members {
    let digest = held
        .matcher
        .sha256
        .map(|digest| -> String { digest.iter().map(|byte| format!("{byte:02x}")).collect() });
    let uses = KeyUse::ALL.into_iter().filter(|kind| held.uses.allow(*kind)).map(KeyUse::word);
    let mut members = Map::new();
    members.insert("id".to_owned(), Json::from(held.id.as_str()));
    let last = held.matcher.last_five.as_deref();
    members.insert("last5".to_owned(), last.map(Json::from).unwrap_or_default());
    members.insert("sha256".to_owned(), digest.map(Json::from).unwrap_or_default());
    members.insert("channel".to_owned(), Json::from(held.channel.word()));
    members.insert("use".to_owned(), uses.map(Json::from).collect());
    members
}

/// Loads the entry as a file of the catalogue would have it, over what is held of it.
fn load_key(tx: &mut dyn Tx, wish: &Wish, held: Option<&KeyEntry>) -> Outcome<()> {
    let mut members = held.map(members_of).unwrap_or_default();
    if let Some(held) = held {
        members.insert("edition".to_owned(), Json::from(editions::title(held.edition)));
    }
    members.extend(wish.given.clone());
    let mut matcher = Map::new();
    for name in ["last5", "sha256"] {
        let value = members.remove(name).unwrap_or_default();
        if !as_text(&value).is_empty() {
            matcher.insert(name.to_owned(), value);
        }
    }
    members.insert("match".to_owned(), Json::Object(matcher));
    let file = json!({"schema": 1, "keys": [members]}).to_string();
    let entries = reader::read(&mut file.as_bytes())?;
    catalogue::load(tx, &entries).map(drop)
}
