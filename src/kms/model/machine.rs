//! A machine: one kms instance. Its products and the pools of a host are kept beside it.

use super::{Carried, HostChoice, Minutes, PolicyCache, Service};
use crate::clock::Timestamp;
use crate::kms::catalog::{Profile, service};
use uuid::Uuid;

/// Whether a rearm waits for the restart that completes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rearm {
    Settled,
    /// From `ReArmWindows` to the next reboot.
    Pending,
}

/// What a machine is in volume activation. Derived by `rules::read::role`, never set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Client,
    /// A KMS host key is installed, but not activated.
    HostUnactivated,
    /// A product with a KMS host key has `LicenseStatus` 1.
    HostActive,
}

impl Role {
    /// The word of the command line and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::HostUnactivated => "host-unactivated",
            Self::HostActive => "host-active",
        }
    }
}

/// A machine with its service object.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// The store's number for it.
    pub id: i64,
    /// As typed; compared without regard to case.
    pub name: String,
    /// Key of the class: `major.minor.build.revision`.
    pub version: String,
    pub virtual_machine: bool,
    /// The `SkipRearm` value of the registry: rearming does nothing.
    pub skip_rearm: bool,
    /// Whether a product key can be read in the registry.
    pub key_in_registry: bool,
    pub rearm: Rearm,
    pub service: Service,
}

impl Machine {
    /// A machine as it leaves the installation.
    ///
    /// - `version`: `major.minor.build.revision`; selects the profile.
    /// - `client_machine_id`: a new random GUID, or that of the machine it is cloned of.
    ///
    /// Source: [VISTA], [SPP] defaults of the class.
    #[must_use]
    pub fn new(id: i64, name: &str, version: &str, client_machine_id: Uuid) -> Self {
        let profile = Profile::from_version(version).0;
        Self {
            id,
            name: name.to_owned(),
            version: version.to_owned(),
            virtual_machine: false,
            skip_rearm: false,
            key_in_registry: false,
            rearm: Rearm::Settled,
            service: Service {
                host: HostChoice::default(),
                host_caching: true,
                activation_disabled: (profile == Profile::V61).then_some(false),
                activation_type: None,
                activation_interval: Minutes::ACTIVATION,
                renewal_interval: Minutes::RENEWAL,
                client_machine_id,
                policy_cache: PolicyCache::Fresh,
                rearm_count: service::property("RemainingWindowsReArmCount")
                    .and_then(|row| row.initial.number(profile))
                    .unwrap_or_default(),
                listening_port: None,
                dns_publishing: true,
                low_priority: false,
                carried: Carried::default(),
            },
        }
    }

    #[must_use]
    pub fn profile(&self) -> Profile {
        Profile::from_version(&self.version).0
    }
}

/// Which of the two methods took a licence file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenseFile {
    /// `InstallLicense`.
    License,
    /// `InstallLicensePackage`.
    Package,
}

/// A licence file that was installed: what is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledLicense {
    pub file: LicenseFile,
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: u64,
    pub at: Timestamp,
}

/// An error that the next calls of a method raise, to rehearse error handling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The method's own name.
    pub method: String,
    /// A failing HRESULT of the catalog.
    pub code: u32,
    /// How many calls still raise it; never 0.
    pub left: u32,
}

impl Fault {
    /// The fault after one more call raised it; `None` when that was the last.
    #[must_use]
    pub fn spent(self) -> Option<Self> {
        let left = self.left.checked_sub(1).filter(|left| *left > 0)?;
        Some(Self { left, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn a_fault_is_gone_after_its_last_call() {
        let fault = Fault { method: "ReArmWindows".to_owned(), code: 0x8004_1010, left: 2 };
        let once = fault.spent().unwrap();
        assert_eq!(once.left, 1);
        assert_eq!(once.spent(), None);
    }
}
