//! The methods of both classes, with the codes that each can refuse with and the command that runs it.
//!
//! The order in which a call is checked, and what it changes, is left to `rules`.

use super::Profile::{self, V60, V61, V62, V63};
use super::codes::{
    DNS_ERROR_RCODE_NAME_ERROR, E_INVALIDARG, ERROR_INVALID_NAME,
    SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED, SL_E_CIDIID_INVALID_DATA, SL_E_INVALID_LICENSE,
    SL_E_INVALID_PACKAGE, SL_E_INVALID_PRODUCT_KEY, SL_E_LUA_ACCESSDENIED,
    SL_E_MISMATCHED_PRODUCT_SKU, SL_E_OPERATION_NOT_ALLOWED, SL_E_PKEY_NOT_INSTALLED,
    SL_E_PRODUCT_KEY_INSTALLATION_NOT_ALLOWED, SL_E_TKA_GRANT_NOT_FOUND, SL_E_VALUE_NOT_FOUND,
    SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED, SL_E_VL_BINDING_SERVICE_NOT_ENABLED,
    SL_E_VL_BINDING_SERVICE_UNAVAILABLE, SL_E_VL_INVALID_TIMESTAMP,
    SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH, SL_E_VL_KEY_MANAGEMENT_SERVICE_NOT_ACTIVATED,
    SL_E_VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED, SL_E_VL_NOT_ENOUGH_COUNT,
    SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED, SL_REMAPPING_SP_PUB_TS_REARMED,
};
use super::documents::{DUMP, SPP, VISTA};
use super::enumerations::SETTABLE_ACTIVATION_TYPES;
use super::service::{HOST_NAME, INTERVAL, Since};
use crate::catalog::{Direction, Kind, Mask, Method, Parameter, Source, assumed, stated};

/// What the machine must be for a method to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Any,
    /// An activated KMS host; anything else refuses with `SL_E_VL_BINDING_SERVICE_NOT_ENABLED`.
    HostActive,
}

/// Who may call a method; anyone else is refused with `SL_E_LUA_ACCESSDENIED`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// It only reads.
    Anyone,
    Elevated,
    /// A standard user may call it on a KMS client product.
    ElevatedUnlessKmsClient,
}

/// A method of the service class or of the product class, and what must hold before it answers.
#[derive(Debug)]
pub struct ServiceMethod {
    pub method: Method,
    pub role: Role,
    pub since: Since,
    pub caller: Caller,
    /// Whether it answers between a rearm and the restart; all others refuse with `SL_REMAPPING_SP_PUB_TS_REARMED`.
    pub answers_rearmed: bool,
}

/// Where the codes of all methods come from: the pages name none, and the provider raises them as WMI errors.
pub static REFUSALS: Source = assumed(
    &VISTA,
    "no page names a code; each was chosen by its meaning in the header and by what slmgr reports",
);

/// Kind of a text that must not be empty.
const FILLED: Kind = Kind::Text { min: 1, max: u32::MAX };

/// Kind of a port that is set; 0 is what the Clear methods leave.
const PORT: Kind = Kind::U32 { min: 1, max: 65_535 };

const fn given(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter { name, kind, doc, direction: Direction::In }
}

const fn handed(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter { name, kind, doc, direction: Direction::Out }
}

impl ServiceMethod {
    /// The name without the class: `SetVLRenewalInterval`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        self.method.name.split_once('.').map_or(self.method.name, |(_, word)| word)
    }
}

/// Finds a method of `SoftwareLicensingService` by its name without the class; ASCII case does not matter.
#[must_use]
pub fn service(word: &str) -> Option<&'static ServiceMethod> {
    SERVICE.iter().find(|method| method.word().eq_ignore_ascii_case(word))
}

/// Finds a method of `SoftwareLicensingProduct` by its name without the class; ASCII case does not matter.
#[must_use]
pub fn product(word: &str) -> Option<&'static ServiceMethod> {
    PRODUCT.iter().find(|method| method.word().eq_ignore_ascii_case(word))
}

/// The methods of the service class that a machine of `profile` has.
pub fn of_profile(profile: Profile) -> impl Iterator<Item = &'static ServiceMethod> {
    SERVICE.iter().filter(move |method| method.since.includes(profile))
}

/// The methods of `SoftwareLicensingService`, alphabetically. Those of `V60` are the first edition.
pub static SERVICE: [ServiceMethod; 27] = [
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.AcquireGenuineTicket",
            command: "kms service call",
            summary: "Acquire a genuine ticket online",
            parameters: &[
                given("TemplateId", FILLED, "Template of the ticket."),
                given(
                    "ServerUrl",
                    FILLED,
                    "Address of the server, http or https; it is not contacted.",
                ),
            ],
            refuses: &[&E_INVALIDARG, &SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&VISTA, "AcquireGenuineTicket"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.ClearKeyManagementServiceListeningPort",
            command: "kms host clear-port",
            summary: "Clear the port that the host listens on",
            parameters: &[],
            refuses: &[
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_VL_BINDING_SERVICE_NOT_ENABLED,
            ],
            source: stated(&SPP, "ClearKeyManagementServiceListeningPort"),
        },
        role: Role::HostActive,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.ClearKeyManagementServiceLookupDomain",
            command: "kms client clear-domain",
            summary: "Clear the domain in which to look for SRV records",
            parameters: &[],
            refuses: &[&SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&DUMP, "ClearKeyManagementServiceLookupDomain"),
        },
        role: Role::Any,
        since: Since::From(V62),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.ClearKeyManagementServiceMachine",
            command: "kms client clear-host",
            summary: "Clear the name of the KMS host",
            parameters: &[],
            refuses: &[&SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&VISTA, "ClearKeyManagementServiceMachine"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.ClearKeyManagementServicePort",
            command: "kms client clear-host",
            summary: "Clear the port of the KMS host",
            parameters: &[],
            refuses: &[&SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&SPP, "ClearKeyManagementServicePort"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.ClearProductKeyFromRegistry",
            command: "kms key clear-registry",
            summary: "Clear the product key from the registry",
            parameters: &[],
            refuses: &[&SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&VISTA, "ClearProductKeyFromRegistry"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.ClearVLActivationTypeEnabled",
            command: "kms client set-activation-type",
            summary: "Allow all types of volume activation",
            parameters: &[],
            refuses: &[&SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&DUMP, "ClearVLActivationTypeEnabled"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.DepositActiveDirectoryOfflineActivationConfirmation",
            command: "kms service call",
            summary: "Deposit a confirmation for an Active Directory activation object",
            parameters: &[
                given(
                    "ProductKey",
                    Kind::Secret(Mask::LastFive),
                    "Product key: five groups of five letters and digits.",
                ),
                given(
                    "ConfirmationID",
                    Kind::Secret(Mask::Whole),
                    "Confirmation ID of the installation ID.",
                ),
                given("ActivationObjectName", FILLED, "Name for the activation object."),
            ],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED,
            ],
            source: stated(&DUMP, "DepositActiveDirectoryOfflineActivationConfirmation"),
        },
        role: Role::Any,
        since: Since::From(V62),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.DisableKeyManagementServiceActivation",
            command: "kms service call",
            summary: "Switch KMS activation of this client off or on",
            parameters: &[given("DisableActivation", Kind::Boolean, "True switches it off.")],
            refuses: &[&E_INVALIDARG, &SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&SPP, "DisableKeyManagementServiceActivation"),
        },
        role: Role::Any,
        since: Since::Only(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.DisableKeyManagementServiceDnsPublishing",
            command: "kms host set-dns-publishing",
            summary: "Switch publishing of the SRV record off or on",
            parameters: &[given("DisablePublishing", Kind::Boolean, "True switches it off.")],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_VL_BINDING_SERVICE_NOT_ENABLED,
            ],
            source: stated(&SPP, "DisableKeyManagementServiceDnsPublishing"),
        },
        role: Role::HostActive,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.DisableKeyManagementServiceHostCaching",
            command: "kms client set-caching",
            summary: "Switch remembering of the last good host off or on",
            parameters: &[given("DisableCaching", Kind::Boolean, "True switches it off.")],
            refuses: &[&E_INVALIDARG, &SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&SPP, "DisableKeyManagementServiceHostCaching"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.DoActiveDirectoryOnlineActivation",
            command: "kms service call",
            summary: "Activate an Active Directory object online",
            parameters: &[
                given(
                    "ProductKey",
                    Kind::Secret(Mask::LastFive),
                    "Product key: five groups of five letters and digits.",
                ),
                given("ActivationObjectName", FILLED, "Name for the activation object."),
            ],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED,
            ],
            source: stated(&DUMP, "DoActiveDirectoryOnlineActivation"),
        },
        role: Role::Any,
        since: Since::From(V62),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.EnableKeyManagementServiceLowPriority",
            command: "kms host set-priority",
            summary: "Run the host service at low or normal priority",
            parameters: &[given("EnableLowPriority", Kind::Boolean, "True makes it low.")],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_VL_BINDING_SERVICE_NOT_ENABLED,
            ],
            source: stated(&SPP, "EnableKeyManagementServiceLowPriority"),
        },
        role: Role::HostActive,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.GenerateActiveDirectoryOfflineActivationId",
            command: "kms service call",
            summary: "Make the installation ID of an Active Directory activation object",
            parameters: &[
                given(
                    "ProductKey",
                    Kind::Secret(Mask::LastFive),
                    "Product key: five groups of five letters and digits.",
                ),
                handed(
                    "InstallationID",
                    Kind::Secret(Mask::Whole),
                    "Installation ID for activation by telephone.",
                ),
            ],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED,
            ],
            source: stated(&DUMP, "GenerateActiveDirectoryOfflineActivationId"),
        },
        role: Role::Any,
        since: Since::From(V62),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.InstallLicense",
            command: "kms license install",
            summary: "Install a license",
            parameters: &[given("License", FILLED, "Text of the license: well-formed XML.")],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_INVALID_LICENSE,
            ],
            source: stated(&VISTA, "InstallLicense"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.InstallLicensePackage",
            command: "kms license install-package",
            summary: "Install a license package",
            parameters: &[given("LicensePackage", FILLED, "Text of the package: well-formed XML.")],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_INVALID_PACKAGE,
            ],
            source: stated(&VISTA, "InstallLicensePackage"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.InstallProductKey",
            command: "kms key install",
            summary: "Install a product key",
            parameters: &[given(
                "ProductKey",
                Kind::Secret(Mask::LastFive),
                "Product key: five groups of five letters and digits.",
            )],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_INVALID_PRODUCT_KEY,
                &SL_E_MISMATCHED_PRODUCT_SKU,
                &SL_E_PRODUCT_KEY_INSTALLATION_NOT_ALLOWED,
            ],
            source: stated(&VISTA, "InstallProductKey"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.ReArmApp",
            command: "kms product rearm-app",
            summary: "Reset the licensing status of an application",
            parameters: &[given(
                "ApplicationId",
                Kind::Guid,
                "ApplicationID of the products to reset.",
            )],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_VALUE_NOT_FOUND,
                &SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED,
            ],
            source: stated(&DUMP, "ReArmApp"),
        },
        role: Role::Any,
        since: Since::From(V63),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.ReArmWindows",
            command: "kms service rearm",
            summary: "Reset the licensing status of the machine",
            parameters: &[],
            refuses: &[
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED,
            ],
            source: stated(&VISTA, "ReArmWindows"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.RefreshLicenseStatus",
            command: "kms service refresh",
            summary: "Update the licensing status of the machine",
            parameters: &[],
            refuses: &[&SL_E_LUA_ACCESSDENIED],
            source: stated(&VISTA, "RefreshLicenseStatus"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: true,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.SetKeyManagementServiceListeningPort",
            command: "kms host set-port",
            summary: "Set the port that the host listens on",
            parameters: &[given("PortNumber", PORT, "TCP port.")],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_VL_BINDING_SERVICE_NOT_ENABLED,
            ],
            source: stated(&SPP, "SetKeyManagementServiceListeningPort"),
        },
        role: Role::HostActive,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.SetKeyManagementServiceLookupDomain",
            command: "kms client set-domain",
            summary: "Set the domain in which to look for SRV records",
            parameters: &[given(
                "LookupDomain",
                HOST_NAME,
                "Fully qualified name of the DNS domain.",
            )],
            refuses: &[&E_INVALIDARG, &SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&DUMP, "SetKeyManagementServiceLookupDomain"),
        },
        role: Role::Any,
        since: Since::From(V62),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.SetKeyManagementServiceMachine",
            command: "kms client set-host",
            summary: "Set the name of the KMS host",
            parameters: &[given(
                "MachineName",
                HOST_NAME,
                "Name or address of the KMS host, without port.",
            )],
            refuses: &[&E_INVALIDARG, &SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&VISTA, "SetKeyManagementServiceMachine"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.SetKeyManagementServicePort",
            command: "kms client set-host",
            summary: "Set the port of the KMS host",
            parameters: &[given("PortNumber", PORT, "TCP port.")],
            refuses: &[&E_INVALIDARG, &SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&SPP, "SetKeyManagementServicePort"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.SetVLActivationInterval",
            command: "kms host set-interval",
            summary: "Set how often clients contact the host before they are licensed",
            parameters: &[given(
                "ActivationInterval",
                INTERVAL,
                "Minutes between contacts before the client is licensed.",
            )],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_VL_BINDING_SERVICE_NOT_ENABLED,
            ],
            source: stated(
                &VISTA,
                "SetVLActivationInterval, Remarks: an error is returned when the machine is no KMS",
            ),
        },
        role: Role::HostActive,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.SetVLActivationTypeEnabled",
            command: "kms client set-activation-type",
            summary: "Set the type of volume activation",
            parameters: &[given(
                "ActivationType",
                Kind::Enumeration(SETTABLE_ACTIVATION_TYPES),
                "Type of volume activation; the Clear method allows all.",
            )],
            refuses: &[&E_INVALIDARG, &SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&DUMP, "SetVLActivationTypeEnabled"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingService.SetVLRenewalInterval",
            command: "kms host set-interval",
            summary: "Set how often clients contact the host after they are licensed",
            parameters: &[given(
                "RenewalInterval",
                INTERVAL,
                "Minutes between contacts after the client is licensed.",
            )],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_VL_BINDING_SERVICE_NOT_ENABLED,
            ],
            source: stated(
                &VISTA,
                "SetVLRenewalInterval, Remarks: an error is returned when the machine is no KMS",
            ),
        },
        role: Role::HostActive,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
];

/// The methods of `SoftwareLicensingProduct`, alphabetically.
pub static PRODUCT: [ServiceMethod; 17] = [
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.Activate",
            command: "kms product activate",
            summary: "Activate the product",
            parameters: &[],
            refuses: &[
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_PKEY_NOT_INSTALLED,
                &SL_E_OPERATION_NOT_ALLOWED,
                &ERROR_INVALID_NAME,
                &DNS_ERROR_RCODE_NAME_ERROR,
                &SL_E_VL_BINDING_SERVICE_UNAVAILABLE,
                &SL_E_VL_KEY_MANAGEMENT_SERVICE_NOT_ACTIVATED,
                &SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH,
                &SL_E_VL_INVALID_TIMESTAMP,
                &SL_E_VL_NOT_ENOUGH_COUNT,
                &SL_E_VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED,
                &SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED,
            ],
            source: stated(&VISTA, "Activate"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::ElevatedUnlessKmsClient,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.ClearKeyManagementServiceLookupDomain",
            command: "kms service call",
            summary: "Clear the lookup domain of the product",
            parameters: &[],
            refuses: &[&SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&DUMP, "ClearKeyManagementServiceLookupDomain"),
        },
        role: Role::Any,
        since: Since::From(V62),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.ClearKeyManagementServiceMachine",
            command: "kms client clear-host",
            summary: "Clear the name of the KMS host of the product",
            parameters: &[],
            refuses: &[&SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&SPP, "ClearKeyManagementServiceMachine"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.ClearKeyManagementServicePort",
            command: "kms client clear-host",
            summary: "Clear the port of the KMS host of the product",
            parameters: &[],
            refuses: &[&SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&SPP, "ClearKeyManagementServicePort"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.ClearVLActivationTypeEnabled",
            command: "kms client set-activation-type",
            summary: "Allow all types of volume activation of the product",
            parameters: &[],
            refuses: &[&SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&DUMP, "ClearVLActivationTypeEnabled"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.DepositOfflineConfirmationId",
            command: "kms service call",
            summary: "Deposit the confirmation ID of an activation by telephone",
            parameters: &[
                given(
                    "InstallationId",
                    Kind::Secret(Mask::Whole),
                    "Installation ID that the confirmation ID was issued for.",
                ),
                given(
                    "ConfirmationId",
                    Kind::Secret(Mask::Whole),
                    "Confirmation ID: digits, with or without hyphens.",
                ),
            ],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_CIDIID_INVALID_DATA,
            ],
            source: stated(&VISTA, "DepositOfflineConfirmationId"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.DepositTokenActivationResponse",
            command: "kms service call",
            summary: "Deposit the response to a token activation challenge",
            parameters: &[
                given("Challenge", FILLED, "Challenge that was generated."),
                given("Response", FILLED, "Response, signed with the certificate."),
                given("CertChain", FILLED, "Chain of the certificate."),
            ],
            refuses: &[
                &E_INVALIDARG,
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_TKA_GRANT_NOT_FOUND,
            ],
            source: stated(&DUMP, "DepositTokenActivationResponse"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.GenerateTokenActivationChallenge",
            command: "kms service call",
            summary: "Generate a token activation challenge",
            parameters: &[handed("Challenge", FILLED, "Challenge to sign.")],
            refuses: &[
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_E_TKA_GRANT_NOT_FOUND,
            ],
            source: stated(&DUMP, "GenerateTokenActivationChallenge"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.GetPolicyInformationDWord",
            command: "kms service call",
            summary: "Read a policy that holds a number",
            parameters: &[
                given("PolicyName", FILLED, "Name of the policy."),
                handed("PolicyValue", Kind::U32 { min: 0, max: u32::MAX }, "Value of the policy."),
            ],
            refuses: &[&E_INVALIDARG, &SL_E_VALUE_NOT_FOUND],
            source: stated(&VISTA, "GetPolicyInformationDWord"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Anyone,
        answers_rearmed: true,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.GetPolicyInformationString",
            command: "kms service call",
            summary: "Read a policy that holds a text",
            parameters: &[
                given("PolicyName", FILLED, "Name of the policy."),
                handed("PolicyValue", FILLED, "Value of the policy."),
            ],
            refuses: &[&E_INVALIDARG, &SL_E_VALUE_NOT_FOUND],
            source: stated(&VISTA, "GetPolicyInformationString"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Anyone,
        answers_rearmed: true,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.GetTokenActivationGrants",
            command: "kms service call",
            summary: "List the grants for token activation",
            parameters: &[handed("Grants", FILLED, "Grants that are installed.")],
            refuses: &[&SL_E_TKA_GRANT_NOT_FOUND],
            source: stated(&DUMP, "GetTokenActivationGrants"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Anyone,
        answers_rearmed: true,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.ReArmSku",
            command: "kms product rearm",
            summary: "Reset the licensing status of the product",
            parameters: &[],
            refuses: &[
                &SL_E_LUA_ACCESSDENIED,
                &SL_REMAPPING_SP_PUB_TS_REARMED,
                &SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED,
            ],
            source: stated(&DUMP, "ReArmSku"),
        },
        role: Role::Any,
        since: Since::From(V63),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.SetKeyManagementServiceLookupDomain",
            command: "kms service call",
            summary: "Set the lookup domain of the product",
            parameters: &[given(
                "LookupDomain",
                HOST_NAME,
                "Fully qualified name of the DNS domain.",
            )],
            refuses: &[&E_INVALIDARG, &SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&DUMP, "SetKeyManagementServiceLookupDomain"),
        },
        role: Role::Any,
        since: Since::From(V62),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.SetKeyManagementServiceMachine",
            command: "kms client set-host",
            summary: "Set the name of the KMS host of the product",
            parameters: &[given(
                "MachineName",
                HOST_NAME,
                "Name or address of the KMS host, without port.",
            )],
            refuses: &[&E_INVALIDARG, &SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&SPP, "SetKeyManagementServiceMachine"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.SetKeyManagementServicePort",
            command: "kms client set-host",
            summary: "Set the port of the KMS host of the product",
            parameters: &[given("PortNumber", PORT, "TCP port.")],
            refuses: &[&E_INVALIDARG, &SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&SPP, "SetKeyManagementServicePort"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.SetVLActivationTypeEnabled",
            command: "kms client set-activation-type",
            summary: "Set the type of volume activation of the product",
            parameters: &[given(
                "ActivationType",
                Kind::Enumeration(SETTABLE_ACTIVATION_TYPES),
                "Type of volume activation; the Clear method allows all.",
            )],
            refuses: &[&E_INVALIDARG, &SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&DUMP, "SetVLActivationTypeEnabled"),
        },
        role: Role::Any,
        since: Since::From(V61),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
    ServiceMethod {
        method: Method {
            name: "SoftwareLicensingProduct.UninstallProductKey",
            command: "kms key uninstall",
            summary: "Uninstall the product key",
            parameters: &[],
            refuses: &[&SL_E_LUA_ACCESSDENIED, &SL_REMAPPING_SP_PUB_TS_REARMED],
            source: stated(&VISTA, "UninstallProductKey"),
        },
        role: Role::Any,
        since: Since::From(V60),
        caller: Caller::Elevated,
        answers_rearmed: false,
    },
];

/// The rows of `SERVICE`, as the catalog collects them.
pub static SERVICE_METHODS: [&Method; SERVICE.len()] = service_methods();

#[expect(
    clippy::indexing_slicing,
    reason = "a const fn has no iterators; both arrays are as long as the loop"
)]
const fn service_methods() -> [&'static Method; SERVICE.len()] {
    let mut methods = [&SERVICE[0].method; SERVICE.len()];
    let mut at = 1;
    while at < methods.len() {
        methods[at] = &SERVICE[at].method;
        at += 1;
    }
    methods
}

/// The rows of `PRODUCT`, as the catalog collects them.
pub static PRODUCT_METHODS: [&Method; PRODUCT.len()] = product_methods();

#[expect(
    clippy::indexing_slicing,
    reason = "a const fn has no iterators; both arrays are as long as the loop"
)]
const fn product_methods() -> [&'static Method; PRODUCT.len()] {
    let mut methods = [&PRODUCT[0].method; PRODUCT.len()];
    let mut at = 1;
    while at < methods.len() {
        methods[at] = &PRODUCT[at].method;
        at += 1;
    }
    methods
}
