//! Session hosts: made, set, removed, and the methods that set their mode and their list of license servers.

use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop, Usage, Warning};
use crate::output::nearest;
use crate::store::{Read, Tx};
use crate::tslicense::catalog::codes::{WBEM_E_INVALID_METHOD, WBEM_E_NOT_FOUND};
use crate::tslicense::catalog::enumerations::{
    CONNECTIVITY, LICENSING_TYPE, MODE_PER_DEVICE, MODE_PER_USER, PRODUCT_WORDS, licensing_type,
    word,
};
use crate::tslicense::catalog::methods::{HostAct, WmiMethod};
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::model::host::{GRACE_DAYS, is_same};
use crate::tslicense::model::{Host, Licensing, Reach};
use crate::tslicense::ops::servers;
use crate::tslicense::rules::hosts::{Asked, Change, apply, change, connectivity, grace};
use crate::tslicense::rules::shapes::server_name;
use crate::tslicense::rules::typed::{self, Given};
use crate::tslicense::store::{hosts, servers as rows};

/// The host that a name means, and its row's number.
///
/// Refuses with `WBEM_E_NOT_FOUND`.
pub fn known(read: &mut dyn Read, name: &str) -> Outcome<(i64, Host)> {
    if let Some(found) = hosts::find(read, name)? {
        return Ok(found);
    }
    let found = hosts::all(read)?.into_iter().find(|(_, host)| is_same(&host.name, name));
    found.ok_or_else(|| {
        Refusal::new(&WBEM_E_NOT_FOUND, format!("there is no session host `{name}`"))
            .hinted("`licctl tslicense host list` shows them")
            .into()
    })
}

/// Makes a host.
///
/// Usage error when there is one of that name, or it is no name.
pub fn add(tx: &mut dyn Tx, host: &Host) -> Outcome<()> {
    if let Err(refusal) = server_name(&host.name, &mut Vec::new()) {
        return Err(Usage::new(refusal.message).into());
    }
    let stored = hosts::all(tx.reading())?;
    if let Some((_, known)) = stored.iter().find(|(_, known)| is_same(&known.name, &host.name)) {
        return Err(Usage::new(format!("there is a session host `{}`", known.name))
            .hinted("`licctl tslicense host set` changes it")
            .into());
    }
    hosts::save(tx, None, host)?;
    tx.call("host add", &format!("host={}", host.name));
    Ok(())
}

/// Removes a host, which comes back.
pub fn remove(tx: &mut dyn Tx, name: &str) -> Outcome<Host> {
    let (id, host) = known(tx.reading(), name)?;
    hosts::remove(tx, id)?;
    tx.call("host remove", &format!("host={}", host.name));
    Ok(host)
}

/// Calls a method on a host.
///
/// Refuses with the codes of the method's row.
pub fn call(
    tx: &mut dyn Tx,
    name: &str,
    method: &'static WmiMethod,
    given: &[(String, Given)],
) -> Outcome<(Host, Vec<Warning>)> {
    let found = known(tx.reading(), name);
    if let Ok((_, host)) = &found {
        typed::on_release(method, &host.name, host.os)?;
    }
    let wish: Change = change(method, given)?
        .ok_or_else(|| Refusal::new(&WBEM_E_INVALID_METHOD, "no method of a session host"))?;
    let answered = |refusal: Refusal| {
        let code = refusal.code.native.number();
        Stop::from(refusal.of(method.method.name).answering("ReturnValue", code))
    };
    let (id, host) = found.map_err(|stop| not_there(stop, method))?;
    let (after, warnings) = apply(&host, &wish).map_err(answered)?;
    hosts::save(tx, Some(id), &after)?;
    tx.call(method.method.name, &format!("host={}", host.name));
    Ok((after, warnings))
}

/// What the provider answers to a call on a host that is none.
fn not_there(stop: Stop, method: &'static WmiMethod) -> Stop {
    match stop {
        Stop::Refused(refusal) => {
            let code = refusal.code.native.number();
            let refusal = refusal.of(method.method.name).answering("ReturnValue", code);
            method.handed().fold(refusal, |refusal, row| refusal.answering(row.name, None)).into()
        }
        other => other,
    }
}

/// Asks a method that changes nothing.
///
/// Refuses with the codes of the method's row.
pub fn ask(
    read: &mut dyn Read,
    name: &str,
    (act, method): (HostAct, &'static WmiMethod),
    given: &[(String, Given)],
    now: Timestamp,
) -> Outcome<Asked> {
    let arguments = typed::arguments(method, given)?;
    let (_, host) = known(read, name).map_err(|stop| not_there(stop, method))?;
    typed::on_release(method, &host.name, host.os)?;
    match act {
        HostAct::GetGrace => grace(&host, now).map_err(|refusal| {
            let code = refusal.code.native.number();
            refusal.of(method.method.name).answering("ReturnValue", code).into()
        }),
        HostAct::GetServers => Ok(Asked::Servers(host.servers().0.to_vec())),
        _ => {
            let asked = arguments.text("ServerName");
            let stored = rows::all(read)?;
            let server = stored.iter().map(|(_, server)| server).find(|one| one.is_meant(asked));
            Ok(Asked::Connectivity(connectivity(&host, asked, server)))
        }
    }
}

/// What can be set of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    Os,
    TerminalServerMode,
    Joined,
    Mode,
    Servers,
    PolicyMode,
    PolicyServers,
    Central,
    CentralMode,
    CentralServers,
    DaysLeft,
    Installed,
    Certificate,
    Connectivity,
}

/// The settings by their words: the API's where it has one.
static SETTINGS: [(&str, Setting); 14] = [
    ("OS", Setting::Os),
    ("TerminalServerMode", Setting::TerminalServerMode),
    ("Joined", Setting::Joined),
    ("LicensingType", Setting::Mode),
    ("LicenseServers", Setting::Servers),
    ("PolicyLicensingType", Setting::PolicyMode),
    ("PolicyLicenseServers", Setting::PolicyServers),
    ("UseCentralLicensingSettings", Setting::Central),
    ("CentralLicensingType", Setting::CentralMode),
    ("CentralLicenseServers", Setting::CentralServers),
    ("DaysLeft", Setting::DaysLeft),
    ("Installed", Setting::Installed),
    ("HasX509", Setting::Certificate),
    ("Connectivity", Setting::Connectivity),
];

/// The words of everything that can be set.
#[must_use]
pub fn settable() -> Vec<String> {
    SETTINGS.iter().map(|(word, _)| (*word).to_owned()).collect()
}

/// Writes what is known of a host.
///
/// Usage error for a word that is no setting, or a value of another shape.
pub fn set(
    tx: &mut dyn Tx,
    name: &str,
    values: &[(String, String)],
    now: Timestamp,
) -> Outcome<(Host, Vec<Warning>)> {
    let (id, mut host) = known(tx.reading(), name)?;
    let mut warnings = Vec::new();
    for (word, value) in values {
        write(&mut host, word, value, (now, &mut warnings))?;
    }
    hosts::save(tx, Some(id), &host)?;
    let words: Vec<&str> = values.iter().map(|(word, _)| word.as_str()).collect();
    tx.call("host set", &format!("host={}, {}", host.name, words.join(", ")));
    Ok((host, warnings))
}

/// Writes one setting of a host.
///
/// Usage error as [`set`].
pub fn write(
    host: &mut Host,
    word: &str,
    value: &str,
    (now, warnings): (Timestamp, &mut Vec<Warning>),
) -> Outcome<()> {
    let found = SETTINGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
    let Some((word, setting)) = found else {
        let near = nearest(word, &settable());
        let hint = if near.is_empty() { settable() } else { near };
        return Err(Usage::new(format!("a session host has no `{word}` to set"))
            .hinted(format!("there is {}", hint.join(", ")))
            .into());
    };
    let list = || Licensing::split(value);
    match setting {
        Setting::Os => host.os = Some(servers::os(value)?),
        Setting::TerminalServerMode => {
            host.application_server = match value {
                "0" => false,
                "1" => true,
                _ => return Err(wrong(word, "0 (administration) or 1 (application server)")),
            };
        }
        Setting::Joined => host.joined = Some(servers::flag(word, value)?),
        Setting::Mode => host.own.mode = mode(word, value, warnings)?,
        Setting::Servers => host.own.servers = list(),
        Setting::PolicyMode => host.policy.mode = mode(word, value, warnings)?,
        Setting::PolicyServers => host.policy.servers = list(),
        Setting::Central => host.central = servers::flag(word, value)?,
        Setting::CentralMode => host.deployment.mode = mode(word, value, warnings)?,
        Setting::CentralServers => host.deployment.servers = list(),
        Setting::DaysLeft => {
            let days = value.parse().ok().filter(|days| (0..=GRACE_DAYS).contains(days));
            let days = days.ok_or_else(|| wrong(word, "0 to 120"))?;
            host.grace_ends = Some(now.plus_days(days));
        }
        Setting::Installed => {
            let at = day(value).ok_or_else(|| wrong(word, "a day or a time: `2026-03-01`"))?;
            host.grace_ends = Some(at.plus_days(GRACE_DAYS));
        }
        Setting::Certificate => host.certificate = Some(servers::flag(word, value)?),
        Setting::Connectivity => reach(host, word, value)?,
    }
    Ok(())
}

fn wrong(word: &str, wanted: &str) -> Stop {
    Usage::new(format!("`{word}` takes {wanted}")).into()
}

/// A day, or a time, of the command line.
#[must_use]
pub fn day(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).or_else(|| Timestamp::parse(&format!("{text}T00:00:00Z")))
}

/// A mode by its number or its word; `-` for none.
///
/// Usage error when there is no such mode.
pub fn mode(word: &str, value: &str, warnings: &mut Vec<Warning>) -> Outcome<Option<u32>> {
    if value == "-" {
        return Ok(None);
    }
    let named = PRODUCT_WORDS.iter().position(|(known, _)| known.eq_ignore_ascii_case(value));
    if let Some(at) = named {
        return Ok(Some(if at == 0 { MODE_PER_DEVICE } else { MODE_PER_USER }));
    }
    let told = value.parse().ok().and_then(licensing_type);
    let Some((mode, misprinted)) = told else {
        let known: Vec<String> =
            LICENSING_TYPE.iter().map(|row| format!("{} {}", row.value, row.name)).collect();
        return Err(wrong(
            word,
            &format!("per-device, per-user or a number: {}", known.join(", ")),
        ));
    };
    if misprinted {
        let message = "LicensingType 3 is read as per user, as the page of the property has it";
        warnings.push(Warning::new("LICENSING_TYPE_3", message));
    }
    Ok(Some(mode))
}

/// `SERVER:STATUS`: how the host reached a license server.
fn reach(host: &mut Host, word: &str, value: &str) -> Outcome<()> {
    let pair = value.rsplit_once(':').and_then(|(server, status)| {
        let status = status.parse().ok()?;
        self::word(&CONNECTIVITY, status).map(|_| (server, status))
    });
    let (server, status) =
        pair.ok_or_else(|| wrong(word, "SERVER:STATUS, with a status 0 to 11"))?;
    host.reached.retain(|known| !is_same(&known.server, server));
    host.reached.push(Reach { server: server.to_owned(), status });
    Ok(())
}

/// A host that is made anew.
#[derive(Debug, Clone)]
pub struct NewHost {
    pub name: String,
    pub os: Os,
    pub mode: Option<u32>,
    pub servers: Vec<String>,
    /// When it was installed: its grace period begins.
    pub installed: Timestamp,
    pub workgroup: bool,
    pub administration: bool,
}

impl From<&NewHost> for Host {
    fn from(new: &NewHost) -> Self {
        Self {
            os: Some(new.os),
            application_server: !new.administration,
            joined: Some(!new.workgroup),
            own: Licensing { mode: new.mode, servers: new.servers.clone() },
            grace_ends: Some(new.installed.plus_days(GRACE_DAYS)),
            ..Self::unknown(&new.name)
        }
    }
}
