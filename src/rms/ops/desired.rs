//! What a file can declare of Sentinel RMS: License Managers with their pools, licenses with named users, and reservations.

use super::licenses::{self, Named};
use super::pools::{self, Step};
use super::servers::{self, Settings};
use super::{reservations, revoke};
use crate::desired::{Desired, Effects, Kind, Members, Order, Property, SHELL, Takes, Wish};
use crate::error::{Outcome, Stop, Usage};
use crate::rms::export::reservation;
use crate::rms::import::{self, Options, Record};
use crate::rms::model::group::{Group, Member};
use crate::rms::model::license::License;
use crate::rms::model::server::{Mode, Server};
use crate::rms::store::{licenses as rows, servers as stored};
use crate::store::{Read, Tx};
use serde_json::{Map, Value as Json};

/// What can be declared. A License Manager reads its groups from a file, which a shell can write; no tool of the vendor takes the
/// other changes from a script.
pub static DESIRED: Desired =
    Desired { kinds: &[&SERVER], forms: &[&SHELL], whole: Some(reservation_file) };

static SERVER: Kind = Kind {
    name: "server",
    doc: "A License Manager.",
    properties: &[
        Property::key("name", Takes::Text, "Its name."),
        Property::setting("running", Takes::Flag, "Whether it runs."),
        Property::setting("isVirtualMachine", Takes::Flag, "Whether it runs on a virtual machine."),
        Property::setting("hostName", Takes::Text, "The machine that it runs on."),
        Property::setting("osFamily", Takes::Text, "Family of its operating system."),
        Property::setting("ipAddress", Takes::Text, "Its address."),
        Property::setting(
            "vendor",
            Takes::Text,
            "Vendor that it serves alone; `\"\"`: every vendor.",
        ),
        Property::setting(
            "mode",
            Takes::Word(|| Mode::ALL.map(Mode::word).to_vec()),
            "What it serves; `cloudlm`: licenses of the cloud alone.",
        ),
        Property::setting("queueMax", Takes::Number, "How many clients may wait for a feature."),
        Property::setting("commuterAllowed", Takes::Flag, "Whether tokens may be checked out."),
        Property::setting(
            "utcOffset",
            Takes::Number,
            "Minutes that its local time is ahead of UTC.",
        ),
        Property::setting("lockCodes", Takes::Texts, "Its own locking codes, all of them."),
        Property::setting(
            "pool",
            Takes::Texts,
            "The servers of its pool in the order of preference; `[]`: it stands alone.",
        ),
    ],
    parts: &[&LICENSE, &RESERVATION],
    order: Order::SettingsFirst,
    present: |read, wish| {
        let found = stored::find(read, &wish.required("name")?)?;
        Ok(found.map(|(_, server)| members(&server, wish)))
    },
    make: |tx, wish, _| servers::add(tx, &wish.required("name")?, &Settings::default()).map(drop),
    set: set_server,
    remove: |tx, wish, _| servers::remove(tx, &wish.required("name")?).map(drop),
};

fn members(server: &Server, wish: &Wish) -> Members {
    let info = &server.info;
    let pool = server.pool.iter().flat_map(|pool| &pool.members).map(|member| member.name.as_str());
    let mut members = Map::new();
    let mut put = |name: &str, value: Json| members.insert(name.to_owned(), value);
    put("name", wish.given.get("name").cloned().unwrap_or_default());
    put("running", Json::from(server.running));
    put("isVirtualMachine", Json::from(server.is_virtual_machine));
    put("hostName", Json::from(info.host_name.as_str()));
    put("osFamily", Json::from(info.os_family.as_str()));
    put("ipAddress", Json::from(info.ip_address.as_str()));
    put("vendor", Json::from(info.vendor_license_manager_id.as_str()));
    put("mode", Json::from(server.mode.word()));
    put("queueMax", Json::from(server.queue_max));
    put("commuterAllowed", Json::from(server.commuter_allowed));
    put("utcOffset", Json::from(server.utc_offset));
    put("lockCodes", server.lock_codes.iter().map(|code| Json::from(code.as_str())).collect());
    put("pool", pool.map(Json::from).collect());
    members
}

/// A number of the narrower type that its setting has.
fn number<T: std::str::FromStr>(wish: &Wish, name: &str) -> Outcome<Option<T>> {
    let Some(text) = wish.set(name) else { return Ok(None) };
    let parsed = text.parse::<T>().map(Some);
    parsed.map_err(|_| Usage::new(format!("`{name}` cannot be {text}")).into())
}

fn set_server(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let name = wish.required("name")?;
    effects.left_out(format!("to be set by hand on `{name}`: {}", wish.differs.join(", ")));
    let flag = |name: &str| wish.flag(name).filter(|_| wish.sets(name));
    let settings = Settings {
        is_virtual_machine: flag("isVirtualMachine"),
        host_name: wish.set("hostName"),
        os_family: wish.set("osFamily"),
        ip_address: wish.set("ipAddress"),
        vendor: wish.set("vendor"),
        mode: wish.meaning("mode", Mode::named)?.filter(|_| wish.sets("mode")),
        queue_max: number(wish, "queueMax")?,
        commuter_allowed: flag("commuterAllowed"),
        utc_offset: number(wish, "utcOffset")?,
        lock_codes: wish.texts("lockCodes").filter(|_| wish.sets("lockCodes")),
        ..Settings::default()
    };
    servers::set(tx, &name, &settings)?;
    if let Some(running) = flag("running") {
        servers::run(tx, &name, running)?;
    }
    if let Some(pool) = wish.texts("pool").filter(|_| wish.sets("pool")) {
        let step = if pool.is_empty() { Step::Dissolve } else { Step::Set(pool, false) };
        pools::change(tx, &name, &step)?;
    }
    Ok(())
}

static LICENSE: Kind = Kind {
    name: "license",
    doc: "A license of a License Manager, by its hash.",
    properties: &[
        Property::key("licenseHash", Takes::Text, "Its hash: 16 hexadecimal digits."),
        Property::made(
            "document",
            Takes::Document,
            "The license as the vendor's query or `license show` writes it, XML or JSON; needed for a new one.",
        ),
        Property::setting("users", Takes::Texts, "Its named users, all of them."),
    ],
    parts: &[],
    order: Order::SettingsFirst,
    present: license,
    make: make_license,
    set: set_license,
    remove: |tx, wish, _| licenses::remove(tx, wish.instance()?, &hash(wish)?, wish.now).map(drop),
};

fn hash(wish: &Wish) -> Outcome<Named> {
    let text = wish.required("licenseHash")?;
    if text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(Named::Hash(text.to_ascii_uppercase()));
    }
    Err(Usage::new(format!("`{text}` is no hash of a license"))
        .hinted("`licctl rms license list` shows the hashes: 16 hexadecimal digits")
        .into())
}

fn license(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let Named::Hash(hash) = hash(wish)? else { return Ok(None) };
    let Some((server, _)) = stored::find(read, wish.instance()?)? else { return Ok(None) };
    let Some(placed) = rows::hashed(read, server, &hash)?.into_iter().next() else {
        return Ok(None);
    };
    let mut users = revoke::users(read, wish.instance()?, &Named::Hash(hash.clone()))?;
    users.sort_unstable();
    // A list of users is the same in any order.
    let given = wish.texts("users").filter(|given| {
        let mut given = given.clone();
        given.sort_unstable();
        given == users
    });
    let mut members = Map::new();
    members.insert("licenseHash".to_owned(), Json::from(hash));
    members.insert("feature".to_owned(), Json::from(placed.license.feature().to_string()));
    members.insert("users".to_owned(), Json::from(given.unwrap_or(users)));
    Ok(Some(members))
}

/// The one license of a document.
fn document(text: &str) -> Outcome<License> {
    let kind = if text.trim_start().starts_with(['{', '[']) {
        &import::json::KIND
    } else {
        &import::sentinelinfo::KIND
    };
    let reader = import::Reader::of(kind).ok_or_else(|| Stop::bug("no reader for a license"))?;
    let (mut found, mut notes) = (Vec::new(), crate::artefact::Notes::default());
    let mut bytes = std::io::Cursor::new(text.as_bytes());
    let source = if kind.binary {
        crate::api::Source::Bytes(&mut bytes)
    } else {
        crate::api::Source::Text(&mut bytes)
    };
    reader.read(source, Options::default(), &mut notes, &mut |_, record| {
        if let Record::License(license) = record {
            found.push(*license);
        }
        Ok(())
    })?;
    if let Some(complaint) = notes.complaints.kept.first() {
        return Err(
            Usage::new(format!("the document is not in order: {}", complaint.message)).into()
        );
    }
    let count = found.len();
    match (found.pop(), count) {
        (Some(license), 1) => Ok(license),
        _ => {
            Err(Usage::new(format!("the document holds {count} licenses, and one is declared"))
                .into())
        }
    }
}

fn make_license(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let Named::Hash(hash) = hash(wish)? else { return Ok(()) };
    let server = wish.instance()?;
    effects.left_out(format!(
        "license `{hash}` is added to `{server}` by its license code, which is not kept here"
    ));
    let Some(text) = wish.text("document") else {
        let message =
            format!("there is no license `{hash}` yet, and no `document` to make it from");
        return Err(Usage::new(message).into());
    };
    let license = document(&text)?;
    if license.hash() != Some(hash.as_str()) {
        let is = license.hash().unwrap_or("none").to_owned();
        return Err(Usage::new(format!("the license of the document has the hash `{is}`")).into());
    }
    licenses::add(tx, wish.instance()?, license, wish.now).map(drop)
}

fn set_license(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let (server, named) = (wish.instance()?, hash(wish)?);
    effects.left_out(format!("the users of a license are to be named by hand on `{server}`"));
    let wanted = wish.texts("users").unwrap_or_default();
    let held = revoke::users(tx.reading(), server, &named)?;
    // Those who go make room for those who come.
    for user in held.iter().filter(|user| !wanted.contains(user)) {
        revoke::remove_user(tx, server, &named, user)?;
    }
    for user in wanted.iter().filter(|user| !held.contains(user)) {
        revoke::add_user(tx, server, &named, user)?;
    }
    Ok(())
}

static RESERVATION: Kind = Kind {
    name: "reservation",
    doc: "Tokens of a feature that are set apart for a group.",
    properties: &[
        Property::key("group", Takes::Text, "Name of the group."),
        Property::key("feature", Takes::Text, "Name of the feature."),
        Property::made(
            "featureVersion",
            Takes::Text,
            "Version of the feature; without it every one.",
        ),
        Property::setting("tokens", Takes::Number, "Tokens set apart; 0 shuts the members out."),
        Property::setting(
            "members",
            Takes::Texts,
            "Users, `$` and a computer, `!` and who is shut out.",
        ),
    ],
    parts: &[],
    order: Order::SettingsFirst,
    present: |read, wish| {
        Ok(group(read, wish)?.map(|group| {
            let mut members = Map::new();
            members.insert("group".to_owned(), Json::from(group.name.as_str()));
            members.insert("feature".to_owned(), Json::from(group.feature.as_str()));
            members.insert(
                "featureVersion".to_owned(),
                group.version.map(Json::from).unwrap_or_default(),
            );
            members.insert("tokens".to_owned(), Json::from(group.tokens));
            members.insert(
                "members".to_owned(),
                group.members.iter().map(Member::text).map(Json::from).collect(),
            );
            members
        }))
    },
    make: put_group,
    set: put_group,
    remove: |tx, wish, effects| {
        effects.write_whole();
        let (feature, group) = (wish.required("feature")?, wish.required("group")?);
        reservations::remove(tx, wish.instance()?, &feature, &group).map(drop)
    },
};

fn group(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Group>> {
    let (feature, name) = (wish.required("feature")?, wish.required("group")?);
    if stored::find(read, wish.instance()?)?.is_none() {
        return Ok(None);
    }
    let all = reservations::groups(read, wish.instance()?)?;
    Ok(all.into_iter().find(|held| held.feature == feature && held.name == name))
}

/// The groups of a License Manager as a script that writes their file, which it reads when it starts.
fn reservation_file(read: &mut dyn Read, server: &str, effects: &mut Effects) -> Outcome<()> {
    let groups = reservations::groups(read, server)?;
    let lines: String = groups.iter().map(reservation::line).collect();
    effects.write(format!("cat > \"${{LSRESERV:-lsreserv}}\" <<'END'\n{lines}END"));
    effects.left_out(format!("`{server}` reads its reservation file when it is started again"));
    Ok(())
}

fn put_group(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    effects.write_whole();
    let held = group(tx.reading(), wish)?;
    let tokens = match wish.text("tokens") {
        Some(text) => text.parse::<u64>().map_err(|_| {
            Usage::new(format!("`tokens` cannot be {text}")).hinted("0, or how many are set apart")
        })?,
        None => held.as_ref().map_or(0, |held| held.tokens),
    };
    let members = wish.texts("members").map(|texts| reservations::members(&texts));
    let new = Group {
        feature: wish.required("feature")?,
        version: wish
            .text("featureVersion")
            .or(held.as_ref().and_then(|held| held.version.clone())),
        name: wish.required("group")?,
        tokens,
        members: members.or(held.map(|held| held.members)).unwrap_or_default(),
    };
    effects.warnings.extend(reservations::put(tx, wish.instance()?, new, wish.now)?);
    Ok(())
}
