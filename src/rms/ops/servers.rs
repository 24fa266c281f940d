//! License Managers: made, set up, started, stopped, removed.

use super::server;
use crate::error::{Outcome, Usage};
use crate::rms::import::local::Local;
use crate::rms::model::server::{Mode, Server};
use crate::rms::store::{features, groups, licenses, servers, sessions, tables, trials};
use crate::store::{Flow, Read, Tx};
use jiff::tz::TimeZone;

/// What is set on a License Manager; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub is_virtual_machine: Option<bool>,
    pub clock_tampered: Option<bool>,
    /// All of them; empty: none.
    pub lock_codes: Option<Vec<String>>,
    pub version: Option<[Option<u32>; 4]>,
    pub host_name: Option<String>,
    pub os_family: Option<String>,
    pub ip_address: Option<String>,
    pub vendor: Option<String>,
    pub mode: Option<Mode>,
    pub queue_max: Option<u32>,
    pub commuter_allowed: Option<bool>,
    /// Minutes that its local time is ahead of UTC.
    pub utc_offset: Option<i32>,
}

impl Settings {
    fn put(&self, server: &mut Server) {
        let info = &mut server.info;
        if let Some([major, minor, point, build]) = self.version {
            info.major_version = major;
            info.minor_version = minor;
            info.point_id = point;
            info.build_id = build;
        }
        for (given, slot) in [
            (&self.host_name, &mut info.host_name),
            (&self.os_family, &mut info.os_family),
            (&self.ip_address, &mut info.ip_address),
            (&self.vendor, &mut info.vendor_license_manager_id),
        ] {
            if let Some(given) = given {
                given.clone_into(slot);
            }
        }
        if let Some(virtual_machine) = self.is_virtual_machine {
            server.is_virtual_machine = virtual_machine;
        }
        if let Some(tampered) = self.clock_tampered {
            server.clock_tampered = tampered;
        }
        if let Some(codes) = &self.lock_codes {
            server.lock_codes.clone_from(codes);
        }
        server.mode = self.mode.unwrap_or(server.mode);
        server.queue_max = self.queue_max.unwrap_or(server.queue_max);
        server.commuter_allowed = self.commuter_allowed.unwrap_or(server.commuter_allowed);
        server.utc_offset = self.utc_offset.unwrap_or(server.utc_offset);
    }
}

/// A License Manager with how much it has.
#[derive(Debug, Clone)]
pub struct Shown {
    pub server: Server,
    pub features: i64,
    pub licenses: i64,
}

fn shown(read: &mut dyn Read, id: i64, server: Server) -> Outcome<Shown> {
    let features = features::count(read, id)?;
    Ok(Shown { server, features, licenses: licenses::count(read, id, None)? })
}

/// The License Manager of that name.
pub fn show(read: &mut dyn Read, name: &str) -> Outcome<Shown> {
    let (id, server) = server(read, name)?;
    shown(read, id, server)
}

/// Hands out every License Manager.
pub fn each(read: &mut dyn Read, found: &mut dyn FnMut(Shown) -> Outcome<Flow>) -> Outcome<()> {
    for (id, server) in servers::all(read)? {
        if found(shown(read, id, server)?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// What is wrong with a name.
#[must_use]
pub fn name_flaw(name: &str) -> Option<String> {
    let length = name.chars().count();
    if !(1..=253).contains(&length) {
        return Some(format!("a name has 1 to 253 characters, not {length}"));
    }
    let odd = name.chars().find(|letter| letter.is_control() || letter.is_whitespace());
    odd.map(|letter| format!("`{}` cannot stand in a name", letter.escape_default()))
}

/// Makes a License Manager without licenses.
///
/// Usage error when the name is taken or is none.
pub fn add(tx: &mut dyn Tx, name: &str, settings: &Settings) -> Outcome<Server> {
    let name = name.trim();
    if let Some(flaw) = name_flaw(name) {
        return Err(Usage::new(flaw).into());
    }
    if let Some((_, taken)) = servers::find(tx.reading(), name)? {
        return Err(Usage::new(format!("there is a server `{}` already", taken.name)).into());
    }
    let mut server = Server::new(name);
    settings.put(&mut server);
    servers::save(tx, None, &server)?;
    tx.call("server.add", &format!("hostName={name}"));
    Ok(server)
}

/// Sets up a License Manager.
pub fn set(tx: &mut dyn Tx, name: &str, settings: &Settings) -> Outcome<Server> {
    change(tx, name, "server.set", |server| settings.put(server))
}

/// The zone of the local times of a License Manager: what was said of the very file, else the offset that the License Manager was
/// given or that its usage log showed, else the zone of the user's choice.
///
/// Assumed: an offset that somebody set on the License Manager says more of it than a zone that is chosen for everything.
pub fn local_times<'z>(
    read: &mut dyn Read,
    told: Local<'z>,
    name: Option<&str>,
    zone: Option<&'z TimeZone>,
) -> Outcome<Local<'z>> {
    if told.is_told() {
        return Ok(told);
    }
    let known = match name {
        Some(name) => servers::find(read, name)?.map_or(0, |(_, server)| server.utc_offset),
        None => 0,
    };
    // 0 is where every License Manager begins, and tells nothing.
    Ok(match (known, zone) {
        (0, None) => Local::Untold,
        (0, Some(zone)) => Local::Of(zone),
        (minutes, _) => Local::Ahead(i64::from(minutes) * 60),
    })
}

/// Starts or stops a License Manager.
pub fn run(tx: &mut dyn Tx, name: &str, running: bool) -> Outcome<Server> {
    let call = if running { "server.start" } else { "server.stop" };
    change(tx, name, call, |server| server.running = running)
}

fn change(
    tx: &mut dyn Tx,
    name: &str,
    call: &str,
    work: impl FnOnce(&mut Server),
) -> Outcome<Server> {
    let (id, mut server) = server(tx.reading(), name)?;
    work(&mut server);
    servers::save(tx, Some(id), &server)?;
    tx.call(call, &format!("server={}", server.name));
    Ok(server)
}

/// Removes a License Manager and leaves its features and licenses behind; its name as it was first written.
pub fn remove(tx: &mut dyn Tx, name: &str) -> Outcome<String> {
    let (id, server) = server(tx.reading(), name)?;
    remove_tokens(tx, id, None)?;
    groups::set_groups(tx, id, &[])?;
    for (license, user) in groups::all_accounts(tx.reading(), id)? {
        groups::remove_account(tx, id, &license, &user)?;
    }
    tables::replace(tx, id)?;
    servers::remove(tx, id)?;
    tx.call("server.remove", &format!("server={}", server.name));
    Ok(server.name)
}

/// Removes what clients have, and had, of a feature, or of every one.
pub(super) fn remove_tokens(tx: &mut dyn Tx, server: i64, feature: Option<i64>) -> Outcome<()> {
    let wanted = |of: i64| feature.is_none_or(|feature| feature == of);
    let mut keys = Vec::new();
    sessions::each(tx.reading(), server, None, &mut |session| {
        keys.extend(wanted(session.feature).then_some(session.key));
        Ok(Flow::Continue(()))
    })?;
    for key in keys {
        sessions::remove(tx, server, key)?;
    }
    for counted in sessions::counted(tx.reading(), server)? {
        if wanted(counted) {
            sessions::remove_counts(tx, server, counted)?;
        }
    }
    for (of, clocks) in trials::all(tx.reading(), server)? {
        for (license, _) in clocks.into_iter().filter(|_| wanted(of)) {
            trials::remove(tx, (server, of, license))?;
        }
    }
    for grace in trials::graces(tx.reading(), server)? {
        if wanted(grace.feature) {
            trials::remove_grace(tx, server, grace.feature, &grace.host)?;
        }
    }
    Ok(())
}
