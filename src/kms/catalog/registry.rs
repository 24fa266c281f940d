//! The registry values in which Windows keeps the settings: what `.reg` files hold.
//!
//! Reading and writing such files is left to `import` and `export`.

use super::Profile::{self, V60};
use super::documents::{OPT, SLMGR, TECHREF};
use super::enumerations::ACTIVATION_TYPES;
use super::service::{HOST_NAME, INTERVAL, PORT, TEXT};
use crate::catalog::{Access, Field, Kind, Source, Unit, assumed, stated};

/// The key of Windows 7 and later; its subkeys `APPID` and `APPID\SKUID` hold overrides.
///
/// Source: [TECHREF] table 3; [DNSDOC] still names `KEY_V60` for these.
pub const KEY: &str =
    r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\SoftwareProtectionPlatform";

/// The key of Windows Vista and Windows Server 2008.
///
/// Source: [TECHREF] table 3.
pub const KEY_V60: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\SL";

/// The key in which a machine of `profile` keeps its settings.
#[must_use]
pub const fn key(profile: Profile) -> &'static str {
    match profile {
        V60 => KEY_V60,
        _ => KEY,
    }
}

/// The type of a registry value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `REG_SZ`.
    Text,
    /// `REG_DWORD`.
    Number,
    /// `REG_MULTI_SZ`.
    Lines,
}

/// Which machines a value is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Client,
    Host,
    Any,
}

/// A value below `key`.
#[derive(Debug)]
pub struct RegistryValue {
    pub field: Field,
    pub form: Form,
    /// The property of the service, or of the product, that shows it; `None` when none does.
    pub property: Option<&'static str>,
    /// The value 1 makes the property false.
    pub inverted: bool,
    pub side: Side,
}

/// Finds a value by its name; ASCII case does not matter, as in the registry.
#[must_use]
pub fn value(name: &str) -> Option<&'static RegistryValue> {
    VALUES.iter().find(|value| value.field.name.eq_ignore_ascii_case(name))
}

const TABLE: Source = stated(&TECHREF, "table 3");

const fn field(
    name: &'static str,
    kind: Kind,
    unit: Unit,
    doc: &'static str,
    source: Source,
) -> Field {
    Field { name, kind, unit, access: Access::ReadWrite, doc, source }
}

/// Every value, those of clients first.
pub static VALUES: [RegistryValue; 16] = [
    RegistryValue {
        field: field(
            "KeyManagementServiceName",
            HOST_NAME,
            Unit::Plain,
            "Registered name of the KMS host.",
            TABLE,
        ),
        form: Form::Text,
        property: Some("KeyManagementServiceMachine"),
        inverted: false,
        side: Side::Client,
    },
    RegistryValue {
        field: field(
            "KeyManagementServicePort",
            PORT,
            Unit::Port,
            "Port on which the client asks the registered host.",
            TABLE,
        ),
        form: Form::Text,
        property: Some("KeyManagementServicePort"),
        inverted: false,
        side: Side::Client,
    },
    RegistryValue {
        field: field(
            "KeyManagementServiceLookupDomain",
            TEXT,
            Unit::Plain,
            "DNS domain in which the client looks for SRV records.",
            assumed(
                &TECHREF,
                "not in the table; known from machines that slmgr configured, not from a document",
            ),
        ),
        form: Form::Text,
        property: Some("KeyManagementServiceLookupDomain"),
        inverted: false,
        side: Side::Client,
    },
    RegistryValue {
        field: field(
            "DisableKeyManagementServiceHostCaching",
            Kind::Boolean,
            Unit::Plain,
            "Whether the client forgets the last good host.",
            TABLE,
        ),
        form: Form::Number,
        property: Some("KeyManagementServiceHostCaching"),
        inverted: true,
        side: Side::Client,
    },
    RegistryValue {
        field: field(
            "VLActivationType",
            Kind::Enumeration(&ACTIVATION_TYPES),
            Unit::Plain,
            "Type of volume activation that is configured.",
            assumed(
                &TECHREF,
                "not in the table; known from machines that slmgr configured, not from a document",
            ),
        ),
        form: Form::Number,
        property: Some("VLActivationTypeEnabled"),
        inverted: false,
        side: Side::Client,
    },
    RegistryValue {
        field: field(
            "DiscoveredKeyManagementServiceName",
            TEXT,
            Unit::Plain,
            "Name of the KMS host last found through DNS, on Windows Vista and Windows Server 2008.",
            TABLE,
        ),
        form: Form::Text,
        property: Some("DiscoveredKeyManagementServiceMachineName"),
        inverted: false,
        side: Side::Client,
    },
    RegistryValue {
        field: field(
            "DiscoveredKeyManagementServicePort",
            PORT,
            Unit::Port,
            "Port of the KMS host last found through DNS, on Windows Vista and Windows Server 2008.",
            TABLE,
        ),
        form: Form::Text,
        property: Some("DiscoveredKeyManagementServiceMachinePort"),
        inverted: false,
        side: Side::Client,
    },
    RegistryValue {
        field: field(
            "KeyManagementServiceListeningPort",
            PORT,
            Unit::Port,
            "Port the host listens on.",
            TABLE,
        ),
        form: Form::Text,
        property: Some("KeyManagementServiceListeningPort"),
        inverted: false,
        side: Side::Host,
    },
    RegistryValue {
        field: field(
            "DisableDnsPublishing",
            Kind::Boolean,
            Unit::Plain,
            "Whether the host leaves its SRV record unpublished.",
            TABLE,
        ),
        form: Form::Number,
        property: Some("KeyManagementServiceDnsPublishing"),
        inverted: true,
        side: Side::Host,
    },
    RegistryValue {
        field: field(
            "DnsDomainPublishList",
            TEXT,
            Unit::Plain,
            "Further domains to publish in, a line each: domain, priority and weight; missing numbers are 0, and Windows Vista and Windows Server 2008 know the domain only.",
            TABLE,
        ),
        form: Form::Lines,
        property: None,
        inverted: false,
        side: Side::Host,
    },
    RegistryValue {
        field: field(
            "EnableKmsLowPriority",
            Kind::Boolean,
            Unit::Plain,
            "Whether the host service runs at low instead of normal priority.",
            TABLE,
        ),
        form: Form::Number,
        property: Some("KeyManagementServiceLowPriority"),
        inverted: false,
        side: Side::Host,
    },
    RegistryValue {
        field: field(
            "VLActivationInterval",
            INTERVAL,
            Unit::Minutes,
            "How often a client should contact the host before it is licensed; on a client the initial value.",
            TABLE,
        ),
        form: Form::Number,
        property: Some("VLActivationInterval"),
        inverted: false,
        side: Side::Host,
    },
    RegistryValue {
        field: field(
            "VLRenewalInterval",
            INTERVAL,
            Unit::Minutes,
            "How often a client should contact the host after it is licensed; on a client the initial value.",
            TABLE,
        ),
        form: Form::Number,
        property: Some("VLRenewalInterval"),
        inverted: false,
        side: Side::Host,
    },
    RegistryValue {
        field: field(
            "KeyManagementServiceVersion",
            TEXT,
            Unit::Plain,
            "Version that slmgr writes when a host key is installed or uninstalled.",
            stated(&SLMGR, "WriteKmsVersion"),
        ),
        form: Form::Text,
        property: None,
        inverted: false,
        side: Side::Host,
    },
    RegistryValue {
        field: field(
            "SkipRearm",
            Kind::Boolean,
            Unit::Plain,
            "Whether a rearm does nothing.",
            stated(&OPT, "SkipRearm"),
        ),
        form: Form::Number,
        property: None,
        inverted: false,
        side: Side::Any,
    },
    RegistryValue {
        field: field(
            "UserOperations",
            Kind::Boolean,
            Unit::Plain,
            "Whether standard users may run some methods.",
            stated(&OPT, "UserOperations"),
        ),
        form: Form::Number,
        property: None,
        inverted: false,
        side: Side::Any,
    },
];

/// The rows of `VALUES`, as the catalog collects them.
pub static FIELDS: [&Field; VALUES.len()] = fields();

#[expect(
    clippy::indexing_slicing,
    reason = "a const fn has no iterators; both arrays are as long as the loop"
)]
const fn fields() -> [&'static Field; VALUES.len()] {
    let mut fields = [&VALUES[0].field; VALUES.len()];
    let mut at = 1;
    while at < fields.len() {
        fields[at] = &VALUES[at].field;
        at += 1;
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::super::{Profile, product, service};
    use super::*;

    #[test]
    fn every_value_shows_in_a_property_that_exists() {
        for value in &VALUES {
            let Some(name) = value.property else { continue };
            let known = service::property(name).is_some() || product::property(name).is_some();
            assert!(known, "{} names {name}", value.field.name);
        }
    }

    #[test]
    fn a_port_is_a_text_in_the_registry() {
        for value in &VALUES {
            if value.field.unit == Unit::Port {
                assert_eq!(value.form, Form::Text, "{}", value.field.name);
            }
        }
    }

    #[test]
    fn a_value_that_disables_makes_its_property_false() {
        for value in &VALUES {
            assert_eq!(
                value.inverted,
                value.field.name.starts_with("Disable"),
                "{}",
                value.field.name
            );
        }
    }

    #[test]
    fn the_first_edition_has_a_key_of_its_own() {
        assert!(key(Profile::V60).ends_with(r"\SL"));
        for profile in [Profile::V61, Profile::V62, Profile::V63, Profile::V10] {
            assert!(key(profile).ends_with(r"\SoftwareProtectionPlatform"));
        }
    }

    #[test]
    fn a_value_is_found_in_any_case() {
        let found = value("keymanagementservicename").unwrap();
        assert_eq!(found.property, Some("KeyManagementServiceMachine"));
        assert!(value("KeyManagementServiceMachine").is_none());
    }
}
