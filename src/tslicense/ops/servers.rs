//! Servers: made, set, removed.

use super::held;
use crate::catalog::Field;
use crate::error::{Outcome, Refusal, Stop, Usage, Warning};
use crate::output::nearest;
use crate::store::{Read, Tx};
use crate::tslicense::catalog::codes::WBEM_E_READ_ONLY;
use crate::tslicense::catalog::fields::{CONTACT, DATABASE_PATH, ROLE, VERSION, VERSION_NUMBER};
use crate::tslicense::catalog::shapes::SERVER_ID;
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::model::{Activation, KeyPack, Server};
use crate::tslicense::rules::shapes::{is_product_id, server_name, shaped};
use crate::tslicense::store::{
    events, failures, history, issued, migrations, packs, reports, servers, users,
};

/// A server that is made anew.
#[derive(Debug, Clone)]
pub struct NewServer {
    pub name: String,
    pub os: Os,
    pub workgroup: bool,
    /// With it the server is activated: the ID comes with the activation.
    pub license_server_id: Option<String>,
    pub product_id: Option<String>,
}

/// Makes a server with its built-in pack.
///
/// Usage error when there is one of that name, or a value has not its shape.
pub fn add(tx: &mut dyn Tx, new: &NewServer) -> Outcome<Server> {
    usage(server_name(&new.name, &mut Vec::new()))?;
    free(tx.reading(), None, &new.name)?;
    let mut server = Server::unknown(&new.name);
    server.os = Some(new.os);
    server.joined = Some(!new.workgroup);
    server.role = u32::from(!new.workgroup);
    // An administrator of the domain who sets the server up puts it into the group by that.
    server.in_group = !new.workgroup;
    server.activation = Activation::NotActivated;
    if let Some(id) = &new.license_server_id {
        server_id(tx.reading(), None, id)?;
        server.license_server_id = Some(id.clone());
        server.activation = Activation::Activated;
    }
    if let Some(id) = &new.product_id {
        server.product_id = Some(product_id(id)?);
    }
    let (id, _) = servers::save(tx, None, &server)?;
    packs::save(tx, id, &KeyPack::built_in())?;
    tx.call("server add", &format!("server={}", server.name));
    Ok(server)
}

/// Removes a server with all that belongs to it.
pub fn remove(tx: &mut dyn Tx, name: &str) -> Outcome<()> {
    let (id, held) = held::stored(tx.reading(), name)?;
    issued::remove_all(tx, id)?;
    for license in users::all(tx.reading(), id)? {
        users::remove(tx, id, &license.user)?;
    }
    for pack in &held.packs {
        packs::remove(tx, id, pack.id)?;
    }
    failures::clear(tx, id)?;
    history::clear(tx, id)?;
    migrations::clear(tx, id)?;
    reports::clear(tx, id)?;
    events::remove(tx, id)?;
    servers::remove(tx, id)?;
    tx.call("server remove", &format!("server={}", held.server.name));
    Ok(())
}

/// What the model keeps of a server beside the properties that the class lets be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    Os,
    ActivationStatus,
    LicenseServerId,
    ProductId,
    Joined,
    Reachable,
    InGroup,
    Published,
    Registered,
    OnDC,
    PreventUpgrade,
    SecurityGroup,
    HostsGroup,
}

/// The settings by their words.
static SETTINGS: [(&str, Setting); 13] = [
    ("OS", Setting::Os),
    ("ActivationStatus", Setting::ActivationStatus),
    ("LicenseServerId", Setting::LicenseServerId),
    ("ProductId", Setting::ProductId),
    ("Joined", Setting::Joined),
    ("Reachable", Setting::Reachable),
    ("InGroup", Setting::InGroup),
    ("Published", Setting::Published),
    ("Registered", Setting::Registered),
    ("OnDC", Setting::OnDC),
    ("PreventLicenseUpgrade", Setting::PreventUpgrade),
    ("LicenseServerSecurityGroup", Setting::SecurityGroup),
    ("TerminalServerComputers", Setting::HostsGroup),
];

/// The properties of the class that no one writes.
static READ_ONLY: [&Field; 4] = [&ROLE, &DATABASE_PATH, &VERSION, &VERSION_NUMBER];

/// The words of everything that can be set.
#[must_use]
pub fn settable() -> Vec<String> {
    let contact = CONTACT.iter().map(|field| field.name);
    contact.chain(SETTINGS.iter().map(|(word, _)| *word)).map(str::to_owned).collect()
}

/// The property whose values a real server checks against a list that is published nowhere.
const COUNTRY: &str = "CountryRegion";

/// What is to be changed of a server.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// `KEY=VALUE`.
    pub values: Vec<(String, String)>,
    pub aliases: Vec<String>,
    pub not_aliases: Vec<String>,
}

/// Writes properties and settings of a server: what Put does, and what the model knows beside it.
///
/// Usage error for a word that is neither, or a value of another shape. Refuses with `WBEM_E_READ_ONLY`.
pub fn set(tx: &mut dyn Tx, name: &str, wish: &Wish) -> Outcome<(Server, Vec<Warning>)> {
    let (id, held) = held::stored(tx.reading(), name)?;
    let mut server = held.server;
    for (word, value) in &wish.values {
        set_one(tx.reading(), id, &mut server, word, value)?;
    }
    for alias in &wish.aliases {
        usage(server_name(alias, &mut Vec::new()))?;
        free(tx.reading(), Some(id), alias)?;
        if !server.is_called(alias) {
            server.aliases.push(alias.clone());
        }
    }
    for alias in &wish.not_aliases {
        let before = server.aliases.len();
        server.aliases.retain(|known| !known.eq_ignore_ascii_case(alias));
        if server.aliases.len() == before {
            return Err(Usage::new(format!("`{}` has no alias `{alias}`", server.name)).into());
        }
    }
    servers::save(tx, Some(id), &server)?;
    let words: Vec<&str> = wish.values.iter().map(|(word, _)| word.as_str()).collect();
    tx.call("Win32_TSLicenseServer.Put", &format!("server={}, {}", server.name, words.join(", ")));
    let country = words.iter().any(|word| word.eq_ignore_ascii_case(COUNTRY));
    let warning = country.then(|| {
        let message =
            "a real server takes the names of countries in the language of its system alone";
        Warning::new("COUNTRY_NOT_CHECKED", message)
    });
    Ok((server, warning.into_iter().collect()))
}

fn set_one(
    read: &mut dyn Read,
    id: i64,
    server: &mut Server,
    word: &str,
    value: &str,
) -> Outcome<()> {
    let contact = CONTACT.iter().position(|field| field.name.eq_ignore_ascii_case(word));
    if let Some(held) = contact.and_then(|at| server.contact.0.get_mut(at)) {
        value.clone_into(held);
        return Ok(());
    }
    if let Some(field) = READ_ONLY.iter().find(|field| field.name.eq_ignore_ascii_case(word)) {
        return Err(Refusal::new(&WBEM_E_READ_ONLY, format!("`{}` is read-only", field.name))
            .of("Win32_TSLicenseServer.Put")
            .with("parameter", field.name)
            .into());
    }
    let found = SETTINGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
    let Some((word, setting)) = found else {
        let near = nearest(word, &settable());
        let hint = if near.is_empty() { settable() } else { near };
        return Err(Usage::new(format!("a license server has no `{word}` to set"))
            .hinted(format!("there is {}", hint.join(", ")))
            .into());
    };
    match setting {
        Setting::Os => server.os = Some(os(value)?),
        Setting::ActivationStatus => server.activation = activation(value)?,
        Setting::LicenseServerId => {
            server_id(read, Some(id), value)?;
            server.license_server_id = Some(value.to_owned());
        }
        Setting::ProductId => server.product_id = Some(product_id(value)?),
        Setting::Joined => server.joined = Some(flag(word, value)?),
        Setting::Reachable => server.reachable = flag(word, value)?,
        Setting::InGroup => server.in_group = flag(word, value)?,
        Setting::Published => server.directory.published = flag(word, value)?,
        Setting::Registered => server.directory.registered = flag(word, value)?,
        Setting::OnDC => server.directory.on_domain_controller = flag(word, value)?,
        Setting::PreventUpgrade => server.directory.prevents_upgrade = flag(word, value)?,
        Setting::SecurityGroup => server.directory.restricts_hosts = flag(word, value)?,
        Setting::HostsGroup => {
            let names = value.split(',').map(str::trim).filter(|name| !name.is_empty());
            server.directory.hosts = Some(names.map(str::to_owned).collect());
        }
    }
    Ok(())
}

/// The release that a word means.
///
/// Usage error when the class does not support it.
pub fn os(word: &str) -> Outcome<Os> {
    Os::named(word).ok_or_else(|| {
        let known: Vec<&str> = Os::ALL.into_iter().map(Os::word).collect();
        Usage::new(format!("`{word}` is no release of Windows Server that has the class"))
            .hinted(format!("there is {}; no client and no older server has it", known.join(", ")))
            .into()
    })
}

fn activation(value: &str) -> Outcome<Activation> {
    let found = value.parse().ok().and_then(Activation::numbered);
    found.ok_or_else(|| {
        Usage::new(format!("`{value}` is no ActivationStatus"))
            .hinted("0 is activated, 1 not activated, 2 not known")
            .into()
    })
}

pub(super) fn flag(word: &str, value: &str) -> Outcome<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(Usage::new(format!("`{word}` takes `true` or `false`")).into()),
    }
}

fn product_id(text: &str) -> Outcome<String> {
    if is_product_id(text) {
        return Ok(text.to_owned());
    }
    Err(Usage::new("a product ID has four groups of five, as `00111-20000-00001-AT001`").into())
}

/// A license server ID of the right shape that no other server has.
fn server_id(read: &mut dyn Read, own: Option<i64>, id: &str) -> Outcome<()> {
    usage(shaped(&SERVER_ID, id))?;
    for (row, server) in servers::all(read)? {
        if Some(row) != own && server.has_id(id) {
            return Err(Usage::new(format!("`{}` has that license server ID", server.name)).into());
        }
    }
    Ok(())
}

/// A name that no other server goes by.
fn free(read: &mut dyn Read, own: Option<i64>, name: &str) -> Outcome<()> {
    for (row, server) in servers::all(read)? {
        if Some(row) != own && server.is_called(name) {
            return Err(Usage::new(format!("there is a license server `{}`", server.name))
                .hinted("`licctl tslicense server set` changes it")
                .into());
        }
    }
    Ok(())
}

/// What a rule says of a value that is no argument of a call.
fn usage<T>(checked: Result<T, Refusal>) -> Outcome<T> {
    checked.map_err(|refusal| {
        let usage = Usage::new(refusal.message);
        let usage = match refusal.hint {
            Some(hint) => usage.hinted(hint),
            None => usage,
        };
        Stop::from(usage)
    })
}
