//! License Managers: made, set up, started, stopped, removed.

use super::server;
use crate::error::{Outcome, Usage};
use crate::rms::model::server::Server;
use crate::rms::store::{features, licenses, servers};
use crate::store::{Flow, Read, Tx};

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

/// Removes a License Manager with its features and licenses; its name as it was first written.
pub fn remove(tx: &mut dyn Tx, name: &str) -> Outcome<String> {
    let (id, server) = server(tx.reading(), name)?;
    for (feature, seq) in licenses::keys(tx.reading(), id)? {
        licenses::remove(tx, id, feature, seq)?;
    }
    let mut ids = Vec::new();
    features::each(tx.reading(), id, &mut |feature| {
        ids.push(feature.id);
        Ok(Flow::Continue(()))
    })?;
    for feature in ids {
        features::remove(tx, id, feature)?;
    }
    servers::remove(tx, id)?;
    tx.call("server.remove", &format!("server={}", server.name));
    Ok(server.name)
}
