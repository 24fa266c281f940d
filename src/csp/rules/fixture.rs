//! What the tests of the rules share: devices, keys, and short ways to ask.

use super::answer::{Answer, Consent, Origin, Request, Scene, answer};
use crate::clock::Timestamp;
use crate::csp::catalog::nodes::Verb;
use crate::csp::catalog::paths::PathPolicy;
use crate::csp::model::device::{Device, Entitlement, JoinType, S_MODE, SubscriptionKind};
use crate::csp::model::keys::{
    KeyCatalog, KeyChannel, KeyEntry, KeyGlob, KeyMatch, KeyUses, Window,
};

pub(super) const EDU: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";
pub(super) const ENT: &str = "AAAAA-BBBBB-CCCCC-DDDDD-ENT01";
pub(super) const PRO: &str = "AAAAA-BBBBB-CCCCC-DDDDD-PRO01";
/// Of Pro Education.
pub(super) const PED: &str = "AAAAA-BBBBB-CCCCC-DDDDD-PED01";
/// Of Education N.
pub(super) const EDN: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDN01";
pub(super) const SALT: [u8; 32] = [7; 32];

/// The device on 2026-01-01, at a time of day such as `00:00:59`.
pub(super) fn at(time: &str) -> Timestamp {
    Timestamp::parse(&format!("2026-01-01T{time}Z")).unwrap()
}

pub(super) fn entry(id: &str, glob: &str, edition: i32) -> KeyEntry {
    KeyEntry {
        id: id.to_owned(),
        matcher: KeyMatch { glob: Some(KeyGlob::new(glob).unwrap()), ..KeyMatch::default() },
        edition,
        channel: KeyChannel::default(),
        uses: KeyUses::default(),
        builds: Window::default(),
    }
}

pub(super) fn keys() -> KeyCatalog {
    KeyCatalog::new(vec![
        entry("edu", "*-EDU01", 121),
        entry("ent", "*-ENT01", 4),
        entry("pro", "*-PRO01", 48),
        entry("ped", "*-PED01", 164),
        entry("edn", "*-EDN01", 122),
    ])
    .unwrap()
}

pub(super) fn device(name: &str, version: &str, edition: i32) -> Device {
    let dev_id = "urn:uuid:11111111-2222-4333-8444-555555555555";
    let mut device = Device::new(name, at("00:00:00"), dev_id);
    device.detail.os_version = version.parse().unwrap();
    device.edition = edition;
    device.base_edition = edition;
    device
}

/// PC-01: Windows 10 22H2 Pro that follows the table of the deployment documentation.
pub(super) fn pc() -> Device {
    Device { path_policy: PathPolicy::Deployment, ..device("PC-01", "10.0.19045.3803", 48) }
}

/// S-01: Pro in S mode.
pub(super) fn s_mode() -> Device {
    Device { mode: S_MODE, ..device("S-01", "10.0.18363.1", 48) }
}

pub(super) fn entitlement(kind: SubscriptionKind, id: &str, target_edition: i32) -> Entitlement {
    Entitlement { id: id.to_owned(), name: format!("Name of {id}"), kind, target_edition }
}

/// D-01: Windows 11 Pro, joined to Entra ID, with a device-based subscription of Enterprise.
pub(super) fn licensed() -> Device {
    let mut device = device("D-01", "10.0.22621.1", 48);
    device.join = JoinType::Entra;
    device.entitlements = vec![entitlement(SubscriptionKind::Device, "ENT-DEV", 4)];
    device
}

/// I-01: an insider's Pro Education, joined to Entra ID, with a user-based subscription of Education.
pub(super) fn insider() -> Device {
    let mut device = device("I-01", "10.0.27000.1", 164);
    device.join = JoinType::Entra;
    device.insider = true;
    device.entitlements = vec![entitlement(SubscriptionKind::User, "EDU-U", 121)];
    device
}

/// A device, and the moment of what is done to it.
pub(super) struct Rig {
    pub(super) device: Device,
    pub(super) keys: KeyCatalog,
    pub(super) origin: Origin,
}

impl Rig {
    pub(super) fn new(device: Device) -> Self {
        Self { device, keys: keys(), origin: Origin::Management }
    }

    /// The same, by a provisioning package that the user lets go on.
    pub(super) fn package(device: Device) -> Self {
        Self { origin: Origin::Package(Consent::Given), ..Self::new(device) }
    }

    /// Asks, with an address as on the command line, and keeps what came of it.
    pub(super) fn ask(&mut self, time: &str, verb: Verb, typed: &str, data: &str) -> Answer {
        self.send(time, verb, &super::address::expand(typed), (None, Some(data)))
    }

    /// The same, with a whole address and a format.
    pub(super) fn send(
        &mut self,
        time: &str,
        verb: Verb,
        uri: &str,
        (format, data): (Option<&str>, Option<&str>),
    ) -> Answer {
        let request = Request { verb, uri, format, data, origin: self.origin };
        let scene = Scene { now: at(time), salt: &SALT };
        let answer = answer(&self.device, &self.keys, &request, &scene);
        if let Some(device) = &answer.device {
            self.device = Device::clone(device);
        }
        answer
    }

    pub(super) fn exec(&mut self, time: &str, typed: &str, data: &str) -> String {
        shown(&self.ask(time, Verb::Exec, typed, data))
    }

    pub(super) fn set(&mut self, time: &str, typed: &str, data: &str) -> String {
        shown(&self.ask(time, Verb::Replace, typed, data))
    }

    pub(super) fn add(&mut self, time: &str, typed: &str, data: &str) -> String {
        shown(&self.ask(time, Verb::Add, typed, data))
    }

    pub(super) fn upgrade(&mut self, time: &str, key: &str) -> String {
        self.exec(time, "UpgradeEditionWithProductKey", key)
    }

    /// What a Get answers: its data, else the refusal.
    pub(super) fn get(&mut self, time: &str, typed: &str) -> String {
        let answer = self.ask(time, Verb::Get, typed, "");
        match answer.results.first() {
            Some(item) => item.data.clone().unwrap_or_default(),
            None => shown(&answer),
        }
    }

    /// Status and Edition at a time.
    pub(super) fn state(&mut self, time: &str) -> (String, String) {
        (self.get(time, "Status"), self.get(time, "Edition"))
    }

    /// What the user was told by a time: `00:01:00 newEditionAvailable`.
    pub(super) fn told(&self, time: &str) -> Vec<String> {
        super::fold::fold(&self.device, at(time))
            .notifications
            .iter()
            .map(|told| format!("{} {}", &told.at.to_string()[11..19], told.kind.word()))
            .collect()
    }
}

/// `200`, or `500 0xC004F069`.
pub(super) fn shown(answer: &Answer) -> String {
    match answer.hresult {
        Some(hresult) => format!("{} 0x{hresult:08X}", answer.status),
        None => answer.status.to_string(),
    }
}

/// The remedy of a refusal.
pub(super) fn hint(answer: &Answer) -> String {
    answer.refusal.as_ref().and_then(|refusal| refusal.hint.clone()).unwrap_or_default()
}
