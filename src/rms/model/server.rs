//! A License Manager: what it tells of itself, and what a rehearsal sets on it.

use super::alert::AlertSection;
use super::pool::Pool;

/// The reserved instance: the licenses that are installed on a client itself.
pub const NO_NET: &str = "no-net";

/// What a License Manager tells of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerInfo {
    pub major_version: Option<u32>,
    pub minor_version: Option<u32>,
    pub point_id: Option<u32>,
    pub build_id: Option<u32>,
    pub locale: String,
    pub vendor_license_manager_id: String,
    pub os_family: String,
    pub ip_address: String,
    pub host_name: String,
}

impl ServerInfo {
    /// `9.2.0.86`; empty when it is not known.
    #[must_use]
    pub fn version(&self) -> String {
        let parts = [self.major_version, self.minor_version, self.point_id, self.build_id];
        let known: Vec<String> =
            parts.into_iter().map_while(|part| part.map(|part| part.to_string())).collect();
        known.join(".")
    }

    /// Takes over what `newer` says.
    pub fn merge(&mut self, newer: Self) {
        fn text(held: &mut String, newer: String) {
            if !newer.is_empty() {
                *held = newer;
            }
        }
        self.major_version = newer.major_version.or(self.major_version);
        self.minor_version = newer.minor_version.or(self.minor_version);
        self.point_id = newer.point_id.or(self.point_id);
        self.build_id = newer.build_id.or(self.build_id);
        text(&mut self.locale, newer.locale);
        text(&mut self.vendor_license_manager_id, newer.vendor_license_manager_id);
        text(&mut self.os_family, newer.os_family);
        text(&mut self.ip_address, newer.ip_address);
        text(&mut self.host_name, newer.host_name);
    }
}

/// What a License Manager is: it matters for licenses of the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    OnPremises,
    Cloud,
}

impl Mode {
    pub const ALL: [Self; 2] = [Self::OnPremises, Self::Cloud];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OnPremises => "on-premises",
            Self::Cloud => "cloudlm",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

/// A License Manager.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
pub struct Server {
    pub name: String,
    pub running: bool,
    pub info: ServerInfo,
    /// Whether it runs on a virtual machine.
    pub is_virtual_machine: bool,
    /// Whether its clock counts as tampered with.
    pub clock_tampered: bool,
    /// Its own locking codes.
    pub lock_codes: Vec<String>,
    pub mode: Mode,
    /// Clients that may wait for a feature; 0: nobody may.
    pub queue_max: u32,
    /// Whether tokens may be checked out.
    pub commuter_allowed: bool,
    /// Minutes that its local time is ahead of UTC.
    pub utc_offset: i32,
    /// The pool that it leads or follows; `None`: it stands alone.
    pub pool: Option<Pool>,
    /// Its alert configuration; empty: none is known.
    pub alerts: Vec<AlertSection>,
}

impl Server {
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            running: true,
            info: ServerInfo::default(),
            is_virtual_machine: false,
            clock_tampered: false,
            lock_codes: Vec::new(),
            mode: Mode::OnPremises,
            queue_max: 0,
            commuter_allowed: true,
            utc_offset: 0,
            pool: None,
            alerts: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ServerInfo;

    #[test]
    fn a_version_is_as_long_as_it_is_known() {
        let mut info = ServerInfo { major_version: Some(9), ..ServerInfo::default() };
        assert_eq!(info.version(), "9");
        info.merge(ServerInfo {
            minor_version: Some(2),
            point_id: Some(0),
            build_id: Some(86),
            host_name: "lic01".to_owned(),
            ..ServerInfo::default()
        });
        assert_eq!((info.version().as_str(), info.host_name.as_str()), ("9.2.0.86", "lic01"));
        info.merge(ServerInfo::default());
        assert_eq!(info.version(), "9.2.0.86");
    }
}
