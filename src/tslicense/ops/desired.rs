//! What a file can declare of Remote Desktop licensing: license servers, and the key packs that were bought for them.
//!
//! Packs come and go by the methods of their class, so that the server itself judges numbers and counts.

mod hosts;

use super::call::{self, Request};
use super::held;
use super::servers::{self, NewServer};
use crate::catalog::Mask;
use crate::desired::{
    Desired, Effects, Kind, Members, Order, POWERSHELL, Property, Takes, Wish, as_text,
};
use crate::error::{Outcome, Stop, Usage};
use crate::store::{Read, Tx};
use crate::tslicense::catalog::enumerations::PRODUCT_WORDS;
use crate::tslicense::catalog::fields::{COMPANY, CONTACT, COUNTRY_REGION, FIRST_NAME, LAST_NAME};
use crate::tslicense::catalog::methods::{Act, Program, of};
use crate::tslicense::catalog::versions::{self, Os};
use crate::tslicense::export::{Call, Numbers, Object, powershell};
use crate::tslicense::model::{Activation, KeyPack, Server};
use crate::tslicense::rules::typed::Given;
use crate::tslicense::rules::{Controls, Modelled};
use crate::tslicense::store::servers as rows;
use serde_json::{Map, Value as Json};

/// What can be declared, and for which tools a change is written down.
pub static DESIRED: Desired =
    Desired { kinds: &[&SERVER, &hosts::HOST], forms: &[&POWERSHELL], whole: None };

static SERVER: Kind = Kind {
    name: "server",
    doc: "A license server.",
    properties: &[
        Property::key("name", Takes::Text, "Its name."),
        Property::made(
            "workgroup",
            Takes::Flag,
            "Whether it is in a workgroup rather than a domain.",
        ),
        Property::setting("OS", Takes::Text, "Release of Windows Server: 2008, 2008r2, … 2025."),
        Property::setting(
            "LicenseServerId",
            Takes::Text,
            "35 letters or digits; a new server is activated by it.",
        ),
        Property::setting("ProductId", Takes::Text, "Product ID of the server."),
        Property::setting(FIRST_NAME.name, Takes::Text, FIRST_NAME.doc),
        Property::setting(LAST_NAME.name, Takes::Text, LAST_NAME.doc),
        Property::setting(COMPANY.name, Takes::Text, COMPANY.doc),
        Property::setting(COUNTRY_REGION.name, Takes::Text, COUNTRY_REGION.doc),
        Property::setting(
            "activated",
            Takes::Flag,
            "Whether it is activated; activation over the network wants the contact.",
        ),
        Property::setting("Reachable", Takes::Flag, "Whether the other servers reach it."),
        Property::setting(
            "InGroup",
            Takes::Flag,
            "Whether it is in the group Terminal Server License Servers.",
        ),
        Property::setting("Published", Takes::Flag, "Whether hosts of the forest find it."),
        Property::setting(
            "PreventLicenseUpgrade",
            Takes::Flag,
            "The policy \"prevent license upgrade\".",
        ),
        Property::setting(
            "LicenseServerSecurityGroup",
            Takes::Flag,
            "The policy \"license server security group\".",
        ),
        Property::setting(
            "TerminalServerComputers",
            Takes::Texts,
            "Members of the group Terminal Server Computers.",
        ),
    ],
    parts: &[&PACK],
    // An activated server alone takes key packs.
    order: Order::SettingsFirst,
    present: server,
    make: make_server,
    set: set_server,
    remove: |tx, wish, _| match held::named(tx.reading(), &wish.required("name")?)? {
        Some(name) => servers::remove(tx, &name),
        None => Ok(()),
    },
};

/// The settings that `server set` takes by the same words.
static WORDS: [&str; 13] = [
    "OS",
    "LicenseServerId",
    "ProductId",
    "FirstName",
    "LastName",
    "Company",
    "CountryRegion",
    "Reachable",
    "InGroup",
    "Published",
    "PreventLicenseUpgrade",
    "LicenseServerSecurityGroup",
    "TerminalServerComputers",
];

fn server(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let Some((_, server)) = rows::find(read, &wish.required("name")?)? else { return Ok(None) };
    Ok(Some(members(&server, wish)))
}

fn members(server: &Server, wish: &Wish) -> Members {
    let text = |text: Option<&str>| text.map(Json::from).unwrap_or_default();
    let directory = &server.directory;
    let mut members = Map::new();
    let mut put = |name: &str, value: Json| members.insert(name.to_owned(), value);
    put("name", wish.given.get("name").cloned().unwrap_or_default());
    put("OS", text(server.os.map(Os::word)));
    put("LicenseServerId", text(server.license_server_id.as_deref()));
    put("ProductId", text(server.product_id.as_deref()));
    put("activated", Json::from(server.activation == Activation::Activated));
    put("Reachable", Json::from(server.reachable));
    put("InGroup", Json::from(server.in_group));
    put("Published", Json::from(directory.published));
    put("PreventLicenseUpgrade", Json::from(directory.prevents_upgrade));
    put("LicenseServerSecurityGroup", Json::from(directory.restricts_hosts));
    put("TerminalServerComputers", directory.hosts.clone().map(Json::from).unwrap_or_default());
    for (field, value) in CONTACT.iter().zip(&server.contact.0) {
        if SERVER.properties.iter().any(|row| row.name == field.name) {
            put(field.name, Json::from(value.as_str()));
        }
    }
    members
}

/// The release that a server is of when nobody says it.
const NEWEST: &str = "2022";

fn make_server(tx: &mut dyn Tx, wish: &Wish, _: &mut Effects) -> Outcome<()> {
    let new = NewServer {
        name: wish.required("name")?,
        os: servers::os(&wish.text("OS").unwrap_or_else(|| NEWEST.to_owned()))?,
        workgroup: wish.flag("workgroup").unwrap_or_default(),
        license_server_id: wish.text("LicenseServerId"),
        product_id: wish.text("ProductId"),
    };
    servers::add(tx, &new).map(drop)
}

fn set_server(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let name = wish.required("name")?;
    let mut values = Vec::new();
    for word in WORDS {
        let list = wish.texts(word).filter(|_| wish.sets(word)).map(|list| list.join(","));
        if let Some(value) = list.or_else(|| wish.set(word)) {
            values.push((word.to_owned(), value));
        }
    }
    if !values.is_empty() {
        let words: Vec<&str> = values.iter().map(|(word, _)| word.as_str()).collect();
        effects.left_out(format!("to be set by hand on `{name}`: {}", words.join(", ")));
        servers::set(tx, &name, &servers::Wish { values, ..servers::Wish::default() })?;
    }
    // The ID that was set may have come with an activation.
    let (_, now) = held::stored(tx.reading(), &name)?;
    let active = now.server.activation == Activation::Activated;
    match wish.flag("activated").filter(|wanted| wish.sets("activated") && *wanted != active) {
        Some(true) => make_call(tx, wish, effects, &plain(&name, Act::ActivateAutomatic)?),
        Some(false) => make_call(tx, wish, effects, &plain(&name, Act::DeactivateAutomatic)?),
        None => Ok(()),
    }
}

/// A call on the class without arguments.
fn plain(server: &str, act: Act) -> Outcome<Request<'_>> {
    Ok(Request {
        server,
        method: of(act).ok_or_else(|| Stop::bug("a method without a row"))?,
        key: None,
        license: None,
        given: Vec::new(),
        controls: Controls::default(),
    })
}

/// Makes a call on the class, and writes it down when that is asked for.
fn make_call(
    tx: &mut dyn Tx,
    wish: &Wish,
    effects: &mut Effects,
    request: &Request<'_>,
) -> Outcome<()> {
    if effects.writes() {
        let (arguments, _) = call::rehearsed(tx.reading(), request)?;
        let call = Call {
            server: request.server,
            method: request.method,
            object: Object::Class,
            arguments: &arguments,
            list: None,
            numbers: if effects.secrets { Numbers::Full } else { Numbers::Masked },
        };
        effects.write(powershell::cim(&call));
    }
    effects.warnings.extend(call::call(tx, request, wish.now)?.warnings);
    Ok(())
}

static PACK: Kind = Kind {
    name: "keypack",
    doc: "A purchased key pack: the licenses of one version and type under one purchase number.",
    properties: &[
        Property::key(
            "number",
            Takes::Secret(Mask::TwoAndTwo),
            "License number, agreement number, license code or license key pack ID.",
        ),
        Property::key(
            "ProductVersion",
            Takes::Text,
            "Version of the licenses, by its year: `2022`.",
        ),
        Property::key(
            "ProductType",
            Takes::Word(|| PRODUCT_WORDS.map(|(word, _)| word).to_vec()),
            "Whom a license is for.",
        ),
        Property::made(
            "program",
            Takes::Word(|| PROGRAMS.map(|(word, _)| word).to_vec()),
            "How it was bought; needed for a new pack.",
        ),
        Property::made(
            "authorizationNumber",
            Takes::Secret(Mask::TwoAndTwo),
            "Authorization number of an Open License.",
        ),
        Property::made(
            "AgreementType",
            Takes::Number,
            "0 Select, 1 Enterprise, 2 Campus, 3 School, 4 SPLA, 5 other.",
        ),
        Property::setting("TotalLicenses", Takes::Number, "How many licenses there are."),
    ],
    parts: &[],
    order: Order::SettingsFirst,
    present: pack,
    make: |tx, wish, effects| bring(tx, wish, effects, Act::Install),
    set: |tx, wish, effects| bring(tx, wish, effects, Act::Reinstall),
    remove: |tx, wish, effects| {
        let Some(pack) = find(tx.reading(), wish)? else { return Ok(()) };
        let given = vec![("KeyPackId".to_owned(), Given::Number(i128::from(pack.id.0)))];
        let request = plain(wish.instance()?, Act::UninstallWithId)?;
        make_call(tx, wish, effects, &Request { given, ..request })
    },
};

/// The programs by their words.
static PROGRAMS: [(&str, Program); 4] = [
    ("open", Program::Open),
    ("agreement", Program::Agreement),
    ("retail", Program::Retail),
    ("offline", Program::Offline),
];

fn meant<T: Copy>(words: &[(&str, T)], word: &str) -> Option<T> {
    words.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
}

/// Version and product of a declared pack.
fn terms(wish: &Wish) -> Outcome<(u32, u32)> {
    let version = wish.required("ProductVersion")?;
    let row = versions::named(&version).ok_or_else(|| {
        Usage::new(format!("`{version}` is no version of licenses"))
            .hinted("it is the year of a Windows Server: `2019`, `2022`")
    })?;
    let product = wish.meaning("ProductType", |word| meant(&PRODUCT_WORDS, word))?;
    let product = product.ok_or_else(|| Stop::bug("a pack came without its `ProductType`"))?;
    Ok((row.id, product))
}

/// The pack of those terms that was bought under the number.
fn find(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<KeyPack>> {
    let (version, product) = terms(wish)?;
    let number = wish.required("number")?;
    let Some(name) = held::named(read, wish.instance()?)? else { return Ok(None) };
    let (_, held) = held::load(read, &name, wish.now)?;
    for pack in held.packs {
        let Some(purchase) = &pack.purchase else { continue };
        if (pack.version, pack.product) != (version, product) {
            continue;
        }
        let first = held::numbers(read, purchase)?.into_iter().next().flatten();
        if first.is_some_and(|known| known.eq_ignore_ascii_case(&number)) {
            return Ok(Some(pack));
        }
    }
    Ok(None)
}

fn pack(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let Some(pack) = find(read, wish)? else { return Ok(None) };
    let mut members = Map::new();
    members.insert("KeyPackId".to_owned(), Json::from(pack.id.0));
    members.insert("TotalLicenses".to_owned(), Json::from(pack.total));
    let program = pack.purchase.as_ref().map(|purchase| purchase.program);
    let word = PROGRAMS.iter().find(|(_, known)| Some(*known) == program);
    members
        .insert("program".to_owned(), word.map(|(word, _)| Json::from(*word)).unwrap_or_default());
    Ok(Some(members))
}

/// Brings licenses: a new pack, or another count of one that is there.
fn bring(
    tx: &mut dyn Tx,
    wish: &Wish,
    effects: &mut Effects,
    act: fn(Program) -> Act,
) -> Outcome<()> {
    let (version, product) = terms(wish)?;
    let held = find(tx.reading(), wish)?.and_then(|pack| Some((pack.purchase?, pack.total)));
    let program = wish.meaning("program", |word| meant(&PROGRAMS, word))?;
    let program = program.or(held.as_ref().map(|(purchase, _)| purchase.program));
    let program = program.ok_or_else(|| Usage::new("a new key pack needs `program`"))?;
    let count = wish.given.get("TotalLicenses").cloned();
    let count = count.or(held.as_ref().map(|(_, total)| Json::from(*total)));
    let count = count.ok_or_else(|| Usage::new("a new key pack needs `TotalLicenses`"))?;
    let mut given = numbers(tx.reading(), wish, program, held.as_ref().map(|(held, _)| held))?;
    let request = plain(wish.instance()?, act(program))?;
    let mut controls = Controls::default();
    let many = count.as_i64().map_or(0, i128::from);
    if matches!(program, Program::Open | Program::Agreement) {
        given.push(("ProductVersion".to_owned(), Given::Number(i128::from(version))));
        given.push(("ProductType".to_owned(), Given::Number(i128::from(product))));
        given.push(("LicenseCount".to_owned(), Given::Number(many)));
    } else {
        let count = u32::try_from(many).ok().filter(|count| (1..u32::MAX).contains(count));
        let count = count.ok_or_else(|| Usage::new("a pack has 1 to 4294967294 licenses"))?;
        controls.modelled = Some(Modelled { version, product, count, key_pack_type: None });
    }
    make_call(tx, wish, effects, &Request { given, controls, ..request })
}

/// The purchase numbers as the methods of a program name them; what is not declared is taken from what is remembered.
fn numbers(
    read: &mut dyn Read,
    wish: &Wish,
    program: Program,
    held: Option<&crate::tslicense::model::Purchase>,
) -> Outcome<Vec<(String, Given)>> {
    let number = Given::Text(wish.required("number")?);
    let known = held.map(|held| held::numbers(read, held)).transpose()?.unwrap_or_default();
    let second = wish.text("authorizationNumber").or(known.into_iter().nth(1).flatten());
    let named = |name: &str, given: Given| (name.to_owned(), given);
    Ok(match program {
        Program::Open => {
            let second =
                second.ok_or_else(|| Usage::new("an Open License needs `authorizationNumber`"))?;
            vec![
                named("sLicenseNumber", number),
                named("sAuthorizationNumber", Given::Text(second)),
            ]
        }
        Program::Agreement => {
            let kind =
                wish.given.get("AgreementType").map(as_text).and_then(|text| text.parse().ok());
            let kind = kind.or(held.and_then(|held| held.agreement).map(i128::from));
            let kind = kind.ok_or_else(|| Usage::new("an agreement needs `AgreementType`"))?;
            vec![named("AgreementType", Given::Number(kind)), named("sAgreementNumber", number)]
        }
        Program::Retail => vec![named("sLicenseCode", number)],
        Program::Offline => vec![named("sLicenseKeyPackId", number)],
    })
}
