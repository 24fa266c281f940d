//! The methods of the classes, with the codes that each can refuse with and the command that runs it.
//!
//! The order in which a call is checked, and what it changes, is left to `rules`.

use super::codes::{
    WBEM_E_ALREADY_EXISTS, WBEM_E_FAILED, WBEM_E_ILLEGAL_NULL, WBEM_E_INVALID_METHOD,
    WBEM_E_INVALID_METHOD_PARAMETERS, WBEM_E_INVALID_OPERATION, WBEM_E_INVALID_PARAMETER,
    WBEM_E_NOT_AVAILABLE, WBEM_E_NOT_FOUND, WBEM_E_NOT_SUPPORTED, WBEM_E_TYPE_MISMATCH,
    WBEM_E_VALUE_OUT_OF_RANGE,
};
use super::documents::{IMPORT, REF};
use super::enumerations::{
    ACTIVATION_STATUS, AGREEMENT_TYPE, CONNECTIVITY, LICENSING_TYPE, REASON, SERVER_ROLE,
};
use super::versions::Os;
use crate::catalog::{Code, Direction, Kind, Mask, Method, Parameter, Source, assumed, stated};
use crate::tslicense::model::report::Class;

/// How licenses were bought, as far as the methods tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// License number and authorization number.
    Open,
    /// Agreement type and number.
    Agreement,
    /// License code: version, product and count are inside it, and only the clearinghouse can tell.
    Retail,
    /// Key pack ID, got by web or telephone; as with retail only the clearinghouse can tell what it stands for.
    Offline,
}

impl Program {
    /// Every program, in the order of the methods.
    pub const ALL: [Self; 4] = [Self::Open, Self::Agreement, Self::Retail, Self::Offline];

    /// The word of the command line and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Agreement => "agreement",
            Self::Retail => "retail",
            Self::Offline => "offline",
        }
    }

    /// The program of that word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|program| program.word() == word)
    }
}

/// What a method does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Makes a key pack.
    Install(Program),
    /// Makes a key pack of licenses that another server has.
    Import(Program),
    /// Makes a key pack again, or sets the count of the one that is there.
    Reinstall(Program),
    /// Takes licenses away across packs.
    Uninstall,
    /// Takes a pack away.
    UninstallWithId,
    /// Takes licenses out of a pack.
    Remove,
    /// Turns licenses per device into licenses per user, or back.
    Convert,
    /// Activates with an ID that was got by web or telephone.
    Activate,
    /// Activates over the network.
    ActivateAutomatic,
    Reactivate,
    ReactivateAutomatic,
    Deactivate,
    DeactivateAutomatic,
    GetActivationStatus,
    GetLicenseServerId,
    ChangeRole,
    /// What the server is in its directory.
    Directory(DirectoryAct),
    /// A setting of a session host.
    Host(HostAct),
    /// What is done with a license usage report.
    Report(ReportAct),
    /// Takes an issued license per device back.
    Revoke,
}

/// What a method asks or changes of the directory, of the policies and of the group for session hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectoryAct {
    Publish,
    Unpublish,
    IsPublished,
    Register,
    Unregister,
    IsRegistered,
    JoinGroup,
    LeaveGroup,
    IsInGroup,
    IsOnDomainController,
    PreventsUpgrade,
    RestrictsHosts,
    IsHostInGroup,
    IsHostAllowed,
    MakeHostsGroup,
    RemoveHostsGroup,
    HasHostsGroup,
}

/// What is done with a license usage report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportAct {
    GenerateEx,
    Generate,
    Delete,
    Fetch(Class),
}

/// A setting of a session host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostAct {
    ChangeMode,
    SetServers,
    AddServer,
    RemoveServer,
    EmptyServers,
    SetPrimary,
    /// The days of grace that are left.
    GetGrace,
    GetServers,
    GetConnectivity,
}

impl HostAct {
    /// Whether the method changes nothing.
    #[must_use]
    pub const fn asks(self) -> bool {
        matches!(self, Self::GetGrace | Self::GetServers | Self::GetConnectivity)
    }
}

impl Act {
    /// Whether the method changes nothing.
    #[must_use]
    pub fn asks(self) -> bool {
        use DirectoryAct::{
            HasHostsGroup, IsHostAllowed, IsHostInGroup, IsInGroup, IsOnDomainController,
            IsPublished, IsRegistered, PreventsUpgrade, RestrictsHosts,
        };
        match self {
            Self::GetActivationStatus | Self::GetLicenseServerId => true,
            Self::Directory(act) => matches!(
                act,
                IsPublished
                    | IsRegistered
                    | IsInGroup
                    | IsOnDomainController
                    | PreventsUpgrade
                    | RestrictsHosts
                    | IsHostInGroup
                    | IsHostAllowed
                    | HasHostsGroup
            ),
            _ => false,
        }
    }

    /// Whether the licenses of the call are new to the server, which must be activated and new enough for them.
    #[must_use]
    pub fn brings_licenses(self) -> bool {
        matches!(self, Self::Install(_) | Self::Import(_) | Self::Reinstall(_))
    }

    /// The program whose numbers the call names.
    #[must_use]
    pub fn program(self) -> Option<Program> {
        match self {
            Self::Install(program) | Self::Import(program) | Self::Reinstall(program) => {
                Some(program)
            }
            _ => None,
        }
    }
}

/// A method, what it does, and where it is found.
#[derive(Debug)]
pub struct WmiMethod {
    pub method: Method,
    pub act: Act,
    /// Whether it is called on an object, named by its key, and not on the class.
    pub instance: bool,
    /// The oldest release that has it.
    pub since: Os,
    /// The newest release that supports it; `None` when all do.
    pub until: Option<Os>,
}

impl WmiMethod {
    /// The class: `Win32_TSLicenseKeyPack`.
    #[must_use]
    pub fn class(&self) -> &'static str {
        self.method.name.split_once('.').map_or("", |(class, _)| class)
    }

    /// The name without the class.
    #[must_use]
    pub fn word(&self) -> &'static str {
        self.method.name.split_once('.').map_or(self.method.name, |(_, word)| word)
    }

    /// What the caller gives, in signature order.
    pub fn given(&self) -> impl Iterator<Item = &'static Parameter> {
        self.method.parameters.iter().filter(|row| row.direction == Direction::In)
    }

    /// What is handed back beside the return value.
    pub fn handed(&self) -> impl Iterator<Item = &'static Parameter> {
        self.method.parameters.iter().filter(|row| row.direction == Direction::Out)
    }
}

const NUMBER: Kind = Kind::U32 { min: 0, max: u32::MAX };
const SECRET: Kind = Kind::Secret(Mask::TwoAndTwo);
const FILLED: Kind = Kind::Text { min: 1, max: 255 };

const fn given(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter { name, kind, doc, direction: Direction::In }
}

const fn handed(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter { name, kind, doc, direction: Direction::Out }
}

const LICENSE_NUMBER: Parameter =
    given("sLicenseNumber", SECRET, "License number: 8 digits, no hyphens.");
const AUTHORIZATION_NUMBER: Parameter = given(
    "sAuthorizationNumber",
    SECRET,
    "Authorization number: 15 letters or digits, no hyphens.",
);
const AGREEMENT: Parameter =
    given("AgreementType", Kind::Enumeration(&AGREEMENT_TYPE), "Kind of the agreement.");
const AGREEMENT_NUMBER: Parameter =
    given("sAgreementNumber", SECRET, "Number of the agreement or enrolment.");
const LICENSE_CODE: Parameter =
    given("sLicenseCode", SECRET, "License code: 25 letters or digits, no hyphens.");
const KEY_PACK_CODE: Parameter =
    given("sLicenseKeyPackId", SECRET, "License key pack ID: 35 letters or digits, no hyphens.");
const VERSION: Parameter = given(
    "ProductVersion",
    Kind::U32 { min: 2, max: 8 },
    "Version of the licenses: 0 and 1 are not supported, 2 is Windows Server 2008, up to 8 for 2025.",
);
const PRODUCT: Parameter =
    given("ProductType", Kind::U32 { min: 0, max: 1 }, "0 per device, 1 per user; 2 is not valid.");
const COUNT: Parameter =
    given("LicenseCount", Kind::U32 { min: 1, max: u32::MAX - 1 }, "Number of licenses.");
const SOURCE_NAME: Parameter = given(
    "sSourceLSName",
    FILLED,
    "Fully qualified name or IP address of the license server that has the licenses now.",
);
const SOURCE_ID: Parameter = given(
    "sSourceLSProductId",
    Kind::Text { min: 35, max: 35 },
    "License server ID of that server: 35 letters or digits, no hyphens; not its product ID.",
);
const PACK: Parameter = given("KeyPackId", NUMBER, "Number of the key pack.");
const NEW_PACK: Parameter =
    handed("KeyPackId", NUMBER, "Number of the key pack that was made or changed.");
const STATUS: Parameter = handed(
    "ActivationStatus",
    Kind::Enumeration(&ACTIVATION_STATUS),
    "Whether the server is activated: 0 yes, 1 no, 2 unknown.",
);

/// What WMI answers itself, and what every method that brings licenses can answer.
static BRINGS: [&Code; 12] = [
    &WBEM_E_INVALID_METHOD,
    &WBEM_E_INVALID_METHOD_PARAMETERS,
    &WBEM_E_ILLEGAL_NULL,
    &WBEM_E_TYPE_MISMATCH,
    &WBEM_E_VALUE_OUT_OF_RANGE,
    &WBEM_E_INVALID_PARAMETER,
    &WBEM_E_NOT_SUPPORTED,
    &WBEM_E_INVALID_OPERATION,
    &WBEM_E_NOT_FOUND,
    &WBEM_E_ALREADY_EXISTS,
    &WBEM_E_FAILED,
    &WBEM_E_NOT_AVAILABLE,
];

/// What the other methods can answer.
static CHANGES: [&Code; 10] = [
    &WBEM_E_INVALID_METHOD,
    &WBEM_E_INVALID_METHOD_PARAMETERS,
    &WBEM_E_ILLEGAL_NULL,
    &WBEM_E_TYPE_MISMATCH,
    &WBEM_E_VALUE_OUT_OF_RANGE,
    &WBEM_E_INVALID_PARAMETER,
    &WBEM_E_NOT_SUPPORTED,
    &WBEM_E_INVALID_OPERATION,
    &WBEM_E_NOT_FOUND,
    &WBEM_E_NOT_AVAILABLE,
];

/// Where the codes of all methods come from.
pub static REFUSALS: Source = assumed(
    &IMPORT,
    "the page refers to the list of codes and does not say which fault yields which",
);

const fn method(
    act: Act,
    (name, command): (&'static str, &'static str),
    summary: &'static str,
    parameters: &'static [Parameter],
) -> WmiMethod {
    WmiMethod {
        method: Method {
            name,
            command,
            summary,
            parameters,
            refuses: match act {
                Act::Install(_) | Act::Import(_) | Act::Reinstall(_) => &BRINGS,
                _ => &CHANGES,
            },
            source: stated(&REF, "page of the method"),
        },
        act,
        instance: matches!(
            act,
            Act::Convert
                | Act::Revoke
                | Act::Host(_)
                | Act::Report(ReportAct::Delete | ReportAct::Fetch(_))
        ),
        since: match act {
            Act::Convert
            | Act::Report(
                ReportAct::GenerateEx
                | ReportAct::Fetch(Class::Device | Class::Failed | Class::FailedSummary),
            ) => Os::V2012,
            Act::Directory(
                DirectoryAct::Register | DirectoryAct::Unregister | DirectoryAct::IsRegistered,
            )
            | Act::Host(
                HostAct::SetServers
                | HostAct::AddServer
                | HostAct::RemoveServer
                | HostAct::EmptyServers
                | HostAct::SetPrimary
                | HostAct::GetServers
                | HostAct::GetConnectivity,
            ) => Os::V2008R2,
            _ => Os::V2008,
        },
        until: match act {
            Act::Directory(
                DirectoryAct::MakeHostsGroup
                | DirectoryAct::RemoveHostsGroup
                | DirectoryAct::HasHostsGroup,
            )
            | Act::Report(ReportAct::Generate) => Some(Os::V2008R2),
            _ => None,
        },
    }
}

/// The seed method: its page wins over every other document.
const IMPORT_OPEN: WmiMethod = {
    let row = method(
        Act::Import(Program::Open),
        (
            "Win32_TSLicenseKeyPack.ImportOpenPurchaseLicenseKeyPack",
            "tslicense keypack import-open",
        ),
        "Import an Open License key pack from another license server",
        &[
            LICENSE_NUMBER,
            AUTHORIZATION_NUMBER,
            VERSION,
            PRODUCT,
            COUNT,
            SOURCE_NAME,
            SOURCE_ID,
            NEW_PACK,
        ],
    );
    WmiMethod { method: Method { source: stated(&IMPORT, "Syntax"), ..row.method }, ..row }
};

/// The methods of `Win32_TSLicenseKeyPack`.
pub static KEY_PACK: [WmiMethod; 16] = [
    IMPORT_OPEN,
    method(
        Act::Import(Program::Agreement),
        (
            "Win32_TSLicenseKeyPack.ImportAgreementLicenseKeyPack",
            "tslicense keypack import-agreement",
        ),
        "Import licenses of an agreement from another license server",
        &[AGREEMENT, AGREEMENT_NUMBER, VERSION, PRODUCT, COUNT, SOURCE_NAME, SOURCE_ID, NEW_PACK],
    ),
    method(
        Act::Import(Program::Retail),
        (
            "Win32_TSLicenseKeyPack.ImportRetailPurchaseLicenseKeyPack",
            "tslicense keypack import-retail",
        ),
        "Import a retail key pack from another license server",
        &[LICENSE_CODE, SOURCE_NAME, SOURCE_ID, NEW_PACK],
    ),
    method(
        Act::Import(Program::Offline),
        ("Win32_TSLicenseKeyPack.ImportLicenseKeyPackOffline", "tslicense keypack import-offline"),
        "Import a key pack from another license server by the ID got on the web or by telephone",
        &[KEY_PACK_CODE, SOURCE_NAME, SOURCE_ID, NEW_PACK],
    ),
    method(
        Act::Install(Program::Open),
        ("Win32_TSLicenseKeyPack.InstallOpenLicenseKeyPack", "tslicense keypack install-open"),
        "Install an Open License key pack",
        &[LICENSE_NUMBER, AUTHORIZATION_NUMBER, VERSION, PRODUCT, COUNT, NEW_PACK],
    ),
    method(
        Act::Install(Program::Agreement),
        (
            "Win32_TSLicenseKeyPack.InstallAgreementLicenseKeyPack",
            "tslicense keypack install-agreement",
        ),
        "Install licenses of an agreement",
        &[AGREEMENT, AGREEMENT_NUMBER, VERSION, PRODUCT, COUNT, NEW_PACK],
    ),
    method(
        Act::Install(Program::Retail),
        (
            "Win32_TSLicenseKeyPack.InstallRetailPurchaseLicenseKeyPack",
            "tslicense keypack install-retail",
        ),
        "Install a retail key pack",
        &[LICENSE_CODE, NEW_PACK],
    ),
    method(
        Act::Install(Program::Offline),
        ("Win32_TSLicenseKeyPack.InstallLicenseKeyPack", "tslicense keypack install-offline"),
        "Install a key pack by the ID got on the web or by telephone",
        &[KEY_PACK_CODE, NEW_PACK],
    ),
    method(
        Act::Reinstall(Program::Open),
        (
            "Win32_TSLicenseKeyPack.ReinstallOpenPurchaseLicenseKeyPack",
            "tslicense keypack reinstall-open",
        ),
        "Install an Open License key pack again",
        &[LICENSE_NUMBER, AUTHORIZATION_NUMBER, VERSION, PRODUCT, COUNT, NEW_PACK],
    ),
    method(
        Act::Reinstall(Program::Agreement),
        (
            "Win32_TSLicenseKeyPack.ReinstallAgreementLicenseKeyPack",
            "tslicense keypack reinstall-agreement",
        ),
        "Install licenses of an agreement again",
        &[AGREEMENT, AGREEMENT_NUMBER, VERSION, PRODUCT, COUNT, NEW_PACK],
    ),
    method(
        Act::Reinstall(Program::Retail),
        (
            "Win32_TSLicenseKeyPack.ReinstallRetailPurchaseLicenseKeyPack",
            "tslicense keypack reinstall-retail",
        ),
        "Install a retail key pack again",
        &[LICENSE_CODE, NEW_PACK],
    ),
    method(
        Act::Reinstall(Program::Offline),
        (
            "Win32_TSLicenseKeyPack.ReinstallLicenseKeyPackOffline",
            "tslicense keypack reinstall-offline",
        ),
        "Install a key pack again by the ID got on the web or by telephone",
        &[KEY_PACK_CODE, NEW_PACK],
    ),
    method(
        Act::Uninstall,
        ("Win32_TSLicenseKeyPack.UninstallLicenseKeyPack", "tslicense keypack uninstall"),
        "Take licenses of a version and product away",
        &[VERSION, PRODUCT, COUNT],
    ),
    method(
        Act::UninstallWithId,
        ("Win32_TSLicenseKeyPack.UninstallLicenseKeyPackWithId", "tslicense keypack uninstall-id"),
        "Take a key pack away",
        &[PACK],
    ),
    method(
        Act::Remove,
        ("Win32_TSLicenseKeyPack.RemoveLicensesWithIdCount", "tslicense keypack remove"),
        "Take licenses out of a key pack",
        &[PACK, COUNT],
    ),
    method(
        Act::Convert,
        ("Win32_TSLicenseKeyPack.ConvertLicenses", "tslicense keypack convert"),
        "Turn licenses per device into licenses per user, or back",
        &[
            given("Count", Kind::U32 { min: 1, max: u32::MAX - 1 }, "Number of licenses."),
            handed("KeypackID", NUMBER, "Number of the key pack that was made; spelled so."),
        ],
    ),
];

/// The methods of `Win32_TSLicenseServer` that the model has.
pub static SERVER: [WmiMethod; 26] = [
    method(
        Act::Activate,
        ("Win32_TSLicenseServer.ActivateServer", "tslicense server activate"),
        "Activate the server with an ID got on the web or by telephone",
        &[
            given(
                "sLicenseServerId",
                Kind::Text { min: 35, max: 35 },
                "License server ID: 35 letters or digits, no hyphens.",
            ),
            STATUS,
        ],
    ),
    method(
        Act::ActivateAutomatic,
        ("Win32_TSLicenseServer.ActivateServerAutomatic", "tslicense server activate"),
        "Activate the server over the network",
        &[STATUS],
    ),
    method(
        Act::Reactivate,
        ("Win32_TSLicenseServer.ReactivateServer", "tslicense server reactivate"),
        "Activate the server anew with another ID",
        &[
            given(
                "sNewLicenseServerId",
                Kind::Text { min: 35, max: 35 },
                "New license server ID: 35 letters or digits, no hyphens.",
            ),
            STATUS,
        ],
    ),
    method(
        Act::ReactivateAutomatic,
        ("Win32_TSLicenseServer.ReactivateServerAutomatic", "tslicense server reactivate"),
        "Activate the server anew over the network",
        &[given("Reason", Kind::Enumeration(&REASON), "Why it is activated anew."), STATUS],
    ),
    method(
        Act::Deactivate,
        ("Win32_TSLicenseServer.DeactivateServer", "tslicense server deactivate"),
        "Deactivate the server with a code got by telephone",
        &[given("sConfirmCode", Kind::Text { min: 1, max: 64 }, "Confirmation code."), STATUS],
    ),
    method(
        Act::DeactivateAutomatic,
        ("Win32_TSLicenseServer.DeactivateServerAutomatic", "tslicense server deactivate"),
        "Deactivate the server over the network",
        &[STATUS],
    ),
    method(
        Act::GetActivationStatus,
        ("Win32_TSLicenseServer.GetActivationStatus", "tslicense server status"),
        "Tell whether the server is activated",
        &[STATUS],
    ),
    method(
        Act::GetLicenseServerId,
        ("Win32_TSLicenseServer.GetLicenseServerId", "tslicense server id"),
        "Tell the license server ID",
        &[handed("sLicenseServerId", Kind::Text { min: 35, max: 35 }, "License server ID.")],
    ),
    method(
        Act::ChangeRole,
        ("Win32_TSLicenseServer.ChangeRole", "tslicense server role"),
        "Change who discovers the server",
        &[given("ServerRole", Kind::Enumeration(&SERVER_ROLE), "The new role.")],
    ),
    directory(
        DirectoryAct::Publish,
        ("Win32_TSLicenseServer.PublishLS", "tslicense server publish"),
        "Publish the server, so that hosts of the forest find it",
        &[],
    ),
    directory(
        DirectoryAct::Unpublish,
        ("Win32_TSLicenseServer.UnpublishLS", "tslicense server unpublish"),
        "Take the publication of the server back",
        &[],
    ),
    directory(
        DirectoryAct::IsPublished,
        ("Win32_TSLicenseServer.IsLSPublished", CALL),
        "Tell whether the server is published",
        &[handed("Published", Kind::Boolean, "Whether it is published.")],
    ),
    directory(
        DirectoryAct::Register,
        ("Win32_TSLicenseServer.RegisterLSToSCP", "tslicense server register"),
        "Register the server as a service connection point",
        &[],
    ),
    directory(
        DirectoryAct::Unregister,
        ("Win32_TSLicenseServer.UnRegisterLSFromSCP", "tslicense server unregister"),
        "Take the service connection point of the server back",
        &[],
    ),
    directory(
        DirectoryAct::IsRegistered,
        ("Win32_TSLicenseServer.IsLSRegisteredToSCP", CALL),
        "Tell whether the server is registered as a service connection point",
        &[handed("Registered", Kind::Boolean, "Whether it is registered.")],
    ),
    directory(
        DirectoryAct::JoinGroup,
        ("Win32_TSLicenseServer.AddLStoTSLSGroup", "tslicense server join-group"),
        "Put the server into the group Terminal Server License Servers of a domain",
        &[DOMAIN],
    ),
    directory(
        DirectoryAct::LeaveGroup,
        ("Win32_TSLicenseServer.RemoveLSfromTSLSGroup", "tslicense server leave-group"),
        "Take the server out of the group Terminal Server License Servers of a domain",
        &[DOMAIN],
    ),
    directory(
        DirectoryAct::IsInGroup,
        ("Win32_TSLicenseServer.IsLSinTSLSGroup", CALL),
        "Tell whether the server is in the group Terminal Server License Servers of a domain",
        &[DOMAIN, IS_MEMBER],
    ),
    directory(
        DirectoryAct::IsOnDomainController,
        ("Win32_TSLicenseServer.IsLSonDC", CALL),
        "Tell whether the server is a domain controller",
        &[handed("OnDC", Kind::Boolean, "Whether it is a domain controller.")],
    ),
    directory(
        DirectoryAct::PreventsUpgrade,
        ("Win32_TSLicenseServer.IsLSPreventUpgradeGPEnabled", CALL),
        "Tell whether the policy \"prevent license upgrade\" is on",
        &[ENABLED],
    ),
    directory(
        DirectoryAct::RestrictsHosts,
        ("Win32_TSLicenseServer.IsLSSecGrpGPEnabled", CALL),
        "Tell whether the policy \"license server security group\" is on",
        &[ENABLED],
    ),
    directory(
        DirectoryAct::IsHostInGroup,
        ("Win32_TSLicenseServer.IsTSinTSCGroup", CALL),
        "Tell whether a session host is in the group Terminal Server Computers",
        &[HOST_NAME, IS_MEMBER],
    ),
    directory(
        DirectoryAct::IsHostAllowed,
        ("Win32_TSLicenseServer.IsSecureAccessAllowed", CALL),
        "Tell whether a session host may ask the server for licenses",
        &[HOST_NAME, handed("Allowed", Kind::Boolean, "Whether it may.")],
    ),
    directory(
        DirectoryAct::MakeHostsGroup,
        ("Win32_TSLicenseServer.CreateTSCGroup", CALL),
        "Make the group Terminal Server Computers",
        &[],
    ),
    directory(
        DirectoryAct::RemoveHostsGroup,
        ("Win32_TSLicenseServer.RemoveTSCGroup", CALL),
        "Remove the group Terminal Server Computers",
        &[],
    ),
    directory(
        DirectoryAct::HasHostsGroup,
        ("Win32_TSLicenseServer.IsTSCGroupPresent", CALL),
        "Tell whether there is a group Terminal Server Computers",
        &[handed("Present", Kind::Boolean, "Whether there is one.")],
    ),
];

/// The command of methods that have none of their own.
const CALL: &str = "tslicense call";
const DOMAIN: Parameter = given(
    "Domain",
    Kind::Text { min: 0, max: 255 },
    "Name of the domain; empty for the server's own.",
);
const IS_MEMBER: Parameter = handed("IsMember", Kind::Boolean, "Whether it is a member.");
const ENABLED: Parameter = handed("Enabled", Kind::Boolean, "Whether the policy is on.");
const HOST_NAME: Parameter = given("tsname", FILLED, "Name of the session host.");

const fn directory(
    act: DirectoryAct,
    names: (&'static str, &'static str),
    summary: &'static str,
    parameters: &'static [Parameter],
) -> WmiMethod {
    method(Act::Directory(act), names, summary, parameters)
}

const LISTED: Parameter = given("LicenseServerName", FILLED, "Name of the license server.");

const fn host(
    act: HostAct,
    names: (&'static str, &'static str),
    summary: &'static str,
    parameters: &'static [Parameter],
) -> WmiMethod {
    method(Act::Host(act), names, summary, parameters)
}

/// The settings of `Win32_TerminalServiceSetting` that concern licenses.
pub static HOST: [WmiMethod; 9] = [
    host(
        HostAct::ChangeMode,
        ("Win32_TerminalServiceSetting.ChangeMode", "tslicense host mode"),
        "Choose the licensing mode of a session host",
        &[given(
            "LicensingType",
            Kind::Enumeration(&LICENSING_TYPE),
            "2 per device, 4 per user; nothing else can be chosen.",
        )],
    ),
    host(
        HostAct::SetServers,
        (
            "Win32_TerminalServiceSetting.SetSpecifiedLicenseServerList",
            "tslicense host license-server set",
        ),
        "Replace the list of license servers that a session host asks",
        &[given("SpecifiedLSList", FILLED, "The names, as a list.")],
    ),
    host(
        HostAct::AddServer,
        (
            "Win32_TerminalServiceSetting.AddLSToSpecifiedLicenseServerList",
            "tslicense host license-server add",
        ),
        "Put a license server at the end of the list",
        &[LISTED],
    ),
    host(
        HostAct::RemoveServer,
        (
            "Win32_TerminalServiceSetting.RemoveLSFromSpecifiedLicenseServerList",
            "tslicense host license-server remove",
        ),
        "Take a license server out of the list",
        &[LISTED],
    ),
    host(
        HostAct::EmptyServers,
        (
            "Win32_TerminalServiceSetting.EmptySpecifiedLicenseServerList",
            "tslicense host license-server empty",
        ),
        "Empty the list of license servers",
        &[],
    ),
    host(
        HostAct::SetPrimary,
        (
            "Win32_TerminalServiceSetting.SetPrimaryLicenseServer",
            "tslicense host license-server primary",
        ),
        "Put a license server at the head of the list",
        &[LISTED],
    ),
    host(
        HostAct::GetGrace,
        ("Win32_TerminalServiceSetting.GetGracePeriodDays", CALL),
        "Tell how many days of the grace period are left",
        &[handed("DaysLeft", NUMBER, "The days; 0 when the grace period is over.")],
    ),
    host(
        HostAct::GetServers,
        ("Win32_TerminalServiceSetting.GetSpecifiedLicenseServerList", CALL),
        "Tell the list of license servers that a session host asks",
        &[handed("SpecifiedLSList", FILLED, "The names, as a list.")],
    ),
    host(
        HostAct::GetConnectivity,
        ("Win32_TerminalServiceSetting.GetTStoLSConnectivityStatus", CALL),
        "Tell how a session host reaches a license server",
        &[
            given("ServerName", FILLED, "Name of the license server."),
            handed(
                "TStoLSConnectivityStatus",
                Kind::Enumeration(&CONNECTIVITY),
                "How the license server answers the session host.",
            ),
        ],
    ),
];

/// The method of `Win32_TSIssuedLicense`.
pub static ISSUED: [WmiMethod; 1] = [method(
    Act::Revoke,
    ("Win32_TSIssuedLicense.Revoke", "tslicense issued revoke"),
    "Revoke one issued license per device",
    &[
        handed("RevokableCals", NUMBER, "How many licenses of the version may still be revoked."),
        handed(
            "NextRevokeAllowedOn",
            Kind::Datetime,
            "When the next may be revoked, once the limit is reached.",
        ),
    ],
)];

const FILE_NAME: Parameter =
    handed("FileName", Kind::Text { min: 1, max: 255 }, "Name of the report.");
const START: Parameter = given("StartIndex", NUMBER, "The first entry, counted from 0.");
const WANTED: Parameter = given("Count", NUMBER, "How many entries; 0: all that are left.");
const HANDED: Parameter = handed("Count", NUMBER, "How many entries were handed back.");

/// The list of entries, which each class of them calls otherwise.
const fn entries(name: &'static str) -> Parameter {
    handed(name, Kind::Text { min: 0, max: u32::MAX }, "The entries, as a list.")
}

const fn fetch(
    class: Class,
    name: &'static str,
    summary: &'static str,
    parameters: &'static [Parameter],
) -> WmiMethod {
    method(
        Act::Report(ReportAct::Fetch(class)),
        (name, "tslicense report fetch"),
        summary,
        parameters,
    )
}

/// The methods of `Win32_TSLicenseReport`.
pub static REPORT: [WmiMethod; 8] = [
    method(
        Act::Report(ReportAct::GenerateEx),
        ("Win32_TSLicenseReport.GenerateReportEx", "tslicense report generate"),
        "Freeze a report of the licenses that are issued now",
        &[FILE_NAME],
    ),
    method(
        Act::Report(ReportAct::Generate),
        ("Win32_TSLicenseReport.GenerateReport", "tslicense report generate"),
        "Freeze a report of the licenses of the users of a domain or an OU",
        &[
            given(
                "ScopeType",
                Kind::U32 { min: 1, max: 3 },
                "1 a domain, 2 an OU, 3 all trusted domains.",
            ),
            given("ScopeValue", Kind::Text { min: 0, max: u32::MAX }, "The domain, or the OU."),
            FILE_NAME,
        ],
    ),
    method(
        Act::Report(ReportAct::Delete),
        ("Win32_TSLicenseReport.DeleteReport", "tslicense report delete"),
        "Delete a report",
        &[],
    ),
    fetch(
        Class::User,
        "Win32_TSLicenseReport.FetchReportEntries",
        "Fetch the licenses of users from a report",
        &[START, WANTED, HANDED, entries("ReportEntries")],
    ),
    fetch(
        Class::Device,
        "Win32_TSLicenseReport.FetchReportPerDeviceEntries",
        "Fetch the licenses of devices from a report",
        &[START, WANTED, HANDED, entries("ReportPerDeviceEntries")],
    ),
    fetch(
        Class::Failed,
        "Win32_TSLicenseReport.FetchReportFailedPerUserEntries",
        "Fetch the users whose license could not be written into the directory",
        &[START, WANTED, HANDED, entries("ReportFailedPerUserEntries")],
    ),
    fetch(
        Class::FailedSummary,
        "Win32_TSLicenseReport.FetchReportFailedPerUserSummaryEntries",
        "Fetch how many licenses of users failed in each domain",
        &[START, WANTED, HANDED, entries("ReportFailedPerUserSummaryEntries")],
    ),
    fetch(
        Class::Summary,
        "Win32_TSLicenseReport.FetchReportSummaryEntries",
        "Fetch what is installed and issued of each version",
        &[START, WANTED, HANDED, entries("ReportSummaryEntries")],
    ),
];

/// The classes that have methods here.
pub static CLASSES: [(&str, &[WmiMethod]); 5] = [
    ("Win32_TSLicenseKeyPack", &KEY_PACK),
    ("Win32_TSLicenseServer", &SERVER),
    ("Win32_TSIssuedLicense", &ISSUED),
    ("Win32_TerminalServiceSetting", &HOST),
    ("Win32_TSLicenseReport", &REPORT),
];

/// The method that does `act`.
#[must_use]
pub fn of(act: Act) -> Option<&'static WmiMethod> {
    CLASSES.iter().flat_map(|(_, table)| table.iter()).find(|row| row.act == act)
}

#[cfg(test)]
mod tests {
    use super::{Act, CLASSES, HostAct, KEY_PACK, Os, Program, of};
    use crate::catalog::{Direction, Mask};
    use crate::tslicense::catalog::shapes::{CHECKS, Check, check};

    #[test]
    fn the_seed_method_has_the_eight_parameters_of_its_page_in_their_order() {
        let row = of(Act::Import(Program::Open)).unwrap();
        let names: Vec<&str> = row.method.parameters.iter().map(|row| row.name).collect();
        assert_eq!(
            names,
            [
                "sLicenseNumber",
                "sAuthorizationNumber",
                "ProductVersion",
                "ProductType",
                "LicenseCount",
                "sSourceLSName",
                "sSourceLSProductId",
                "KeyPackId"
            ]
        );
        let out: Vec<&str> = row.handed().map(|row| row.name).collect();
        assert_eq!(out, ["KeyPackId"]);
    }

    #[test]
    fn conversion_hands_back_a_name_that_is_spelled_otherwise() {
        let row = of(Act::Convert).unwrap();
        assert_eq!(row.handed().next().unwrap().name, "KeypackID");
        assert!(row.instance);
    }

    #[test]
    fn every_parameter_that_is_given_has_a_check_and_every_filed_one_is_a_secret() {
        for (_, table) in CLASSES {
            for parameter in table.iter().flat_map(super::WmiMethod::given) {
                let known = CHECKS.iter().any(|(name, _)| *name == parameter.name);
                assert!(known, "{}", parameter.name);
                let filed = match check(parameter.name) {
                    Check::Shaped(shape) => shape.filed.is_some(),
                    Check::AgreementNumber => true,
                    _ => false,
                };
                let secret = parameter.kind == crate::catalog::Kind::Secret(Mask::TwoAndTwo);
                assert_eq!(filed, secret, "{}", parameter.name);
            }
        }
    }

    #[test]
    fn the_entries_of_each_class_and_the_connectivity_have_the_names_of_their_pages() {
        let last = |row: &super::WmiMethod| row.handed().last().map(|row| row.name).unwrap();
        let fetched = super::REPORT.iter().filter(|row| row.word().starts_with("Fetch"));
        assert_eq!(
            fetched.map(last).collect::<Vec<_>>(),
            [
                "ReportEntries",
                "ReportPerDeviceEntries",
                "ReportFailedPerUserEntries",
                "ReportFailedPerUserSummaryEntries",
                "ReportSummaryEntries"
            ]
        );
        let asked = super::HOST.iter().filter(|row| row.word().starts_with("Get"));
        assert_eq!(
            asked.map(last).collect::<Vec<_>>(),
            ["DaysLeft", "SpecifiedLSList", "TStoLSConnectivityStatus"]
        );
    }

    #[test]
    fn the_mode_and_the_grace_period_are_older_than_the_list_of_license_servers() {
        let since = |act| of(Act::Host(act)).unwrap().since;
        assert_eq!(since(HostAct::ChangeMode), Os::V2008);
        assert_eq!(since(HostAct::GetGrace), Os::V2008);
        assert_eq!(since(HostAct::SetServers), Os::V2008R2);
    }

    #[test]
    fn no_two_methods_do_the_same_and_out_parameters_come_last() {
        for row in &KEY_PACK {
            assert_eq!(of(row.act).unwrap().method.name, row.method.name);
            let directions =
                row.method.parameters.iter().map(|row| row.direction == Direction::Out);
            assert!(directions.is_sorted());
        }
    }
}
