//! A License Manager: what it tells of itself, and what a rehearsal sets on it.

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

/// A License Manager.
#[derive(Debug, Clone, PartialEq, Eq)]
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
