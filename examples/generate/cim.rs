//! The CIM objects of a KMS host: one `SoftwareLicensingService` and a `SoftwareLicensingProduct` for each host key.

use crate::calendar::Moment;
use crate::host::Counters;
use crate::json::Value;
use crate::product::Pool;
use crate::random::Guid;

pub(crate) const USE_LICENSE_URL: &str = "https://activation-v2.sls.microsoft.com/SLActivateProduct/SLActivateProduct.asmx?configextension=Retail";
pub(crate) const VALIDATION_URL: &str = "https://validation-v2.sls.microsoft.com/SLWGA/slwga.asmx";

/// A uint32 of -1, which is how the provider says "does not apply".
const NONE: i64 = 4_294_967_295;
/// `SL_E_VL_INFO_PRODUCT_USER_RIGHT`, the reason that goes with "licensed".
const ACTIVATED: i64 = 0x4004_F040;
/// The FILETIME zero, which the cmdlets show as 1601-01-01 and which means "no date".
const NO_DATE: Moment = Moment(-11_644_473_600_000);

/// A KMS host key as its product shows it. IDs and partial keys are made up.
pub(crate) struct HostKey {
    pub(crate) pool: Pool,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) family: &'static str,
    pub(crate) activation: &'static str,
    pub(crate) partial: &'static str,
    pub(crate) extended_pid: &'static str,
}

/// Count and counters of one pool.
pub(crate) type State = (usize, Counters);

/// A host as the licensing service sees it.
pub(crate) struct Server<'a> {
    pub(crate) computer: &'a str,
    pub(crate) version: &'a str,
    pub(crate) cmid: Guid,
    pub(crate) activation_interval: i64,
    pub(crate) renewal_interval: i64,
    pub(crate) now: Moment,
}

pub(crate) type Members = Vec<(&'static str, Value)>;

/// A CIM class and what the cmdlets tell of it beside an instance.
pub(crate) struct Class {
    pub(crate) namespace: &'static str,
    pub(crate) name: &'static str,
    pub(crate) methods: &'static str,
}

const SERVICE: Class = Class {
    namespace: "root/cimv2",
    name: "SoftwareLicensingService",
    methods: "InstallProductKey RefreshLicenseStatus",
};
const PRODUCT: Class = Class { name: "SoftwareLicensingProduct", ..SERVICE };

/// Where the cmdlets found an instance.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found<'a> {
    /// On another computer, which they then name.
    Across(&'a str),
    /// On the computer on which they ran.
    Here(&'a str),
}

/// The service object: 38 properties, with the numbers of the Windows pool.
pub(crate) fn service(server: &Server<'_>, windows: &State) -> Value {
    let mut members = counters(windows);
    members.extend(intervals(server));
    let text = Value::from;
    members.extend([
        ("ClientMachineID", Value::Text(server.cmid.to_string())),
        ("DiscoveredKeyManagementServiceMachineIpAddress", text("")),
        ("DiscoveredKeyManagementServiceMachineName", text("")),
        ("DiscoveredKeyManagementServiceMachinePort", Value::Number(0)),
        ("IsKeyManagementServiceMachine", Value::Number(1)),
        ("KeyManagementServiceDnsPublishing", Value::Bool(true)),
        ("KeyManagementServiceHostCaching", Value::Bool(true)),
        ("KeyManagementServiceListeningPort", Value::Number(0)),
        ("KeyManagementServiceLookupDomain", text("")),
        ("KeyManagementServiceLowPriority", Value::Bool(false)),
        ("KeyManagementServiceMachine", text("")),
        ("KeyManagementServicePort", Value::Number(0)),
        ("KeyManagementServiceProductKeyID", text("")),
        ("OA2xBiosMarkerMinorVersion", Value::Number(NONE)),
        ("OA2xBiosMarkerStatus", Value::Number(NONE)),
        ("OA3xOriginalProductKey", text("")),
        ("OA3xOriginalProductKeyDescription", text("")),
        ("OA3xOriginalProductKeyPkPn", text("")),
        ("PolicyCacheRefreshRequired", Value::Number(0)),
        ("RemainingWindowsReArmCount", Value::Number(1001)),
        ("RequiredClientCount", Value::Number(NONE)),
        ("TokenActivationAdditionalInfo", text("")),
        ("TokenActivationCertificateThumbprint", text("")),
        ("TokenActivationGrantNumber", Value::Number(NONE)),
        ("TokenActivationILID", text("")),
        ("TokenActivationILVID", Value::Number(NONE)),
        ("Version", text(server.version)),
    ]);
    instance(members, &SERVICE, Found::Across(server.computer))
}

/// The product object of a host key: 61 properties, with the numbers of its own pool.
pub(crate) fn product(server: &Server<'_>, key: &HostKey, state: &State) -> Value {
    let mut members = counters(state);
    members.extend(intervals(server));
    let text = Value::from;
    members.extend([
        ("ApplicationID", text(key.pool.application())),
        ("Description", text(key.description)),
        ("DiscoveredKeyManagementServiceMachinePort", Value::Number(0)),
        ("EvaluationEndDate", Value::Time(NO_DATE)),
        ("ExtendedGrace", Value::Number(NONE)),
        ("GenuineStatus", Value::Number(0)),
        ("GracePeriodRemaining", Value::Number(0)),
        ("ID", text(key.activation)),
        ("IsKeyManagementServiceMachine", Value::Number(1)),
        ("KeyManagementServicePort", Value::Number(0)),
        ("LicenseFamily", text(key.family)),
        ("LicenseIsAddon", Value::Bool(false)),
        ("LicenseStatus", Value::Number(1)),
        ("LicenseStatusReason", Value::Number(ACTIVATED)),
        ("Name", text(key.name)),
        ("OfflineInstallationId", Value::Text("0".repeat(63))),
        ("PartialProductKey", text(key.partial)),
        ("ProductKeyChannel", text("Volume:CSVLK")),
        ("ProductKeyID", text(key.extended_pid)),
        ("ProductKeyID2", text(key.extended_pid)),
        ("RemainingAppReArmCount", Value::Number(1001)),
        ("RemainingSkuReArmCount", Value::Number(1001)),
        ("RequiredClientCount", Value::Number(NONE)),
        ("TokenActivationGrantNumber", Value::Number(NONE)),
        ("TokenActivationILVID", Value::Number(NONE)),
        ("TrustedTime", Value::Time(server.now)),
        ("UseLicenseURL", text(USE_LICENSE_URL)),
        ("ValidationURL", text(VALIDATION_URL)),
        ("VLActivationType", Value::Number(0)),
        ("VLActivationTypeEnabled", Value::Number(0)),
    ]);
    members.extend(EMPTY_OF_PRODUCT.iter().map(|name| (*name, Value::Null)));
    instance(members, &PRODUCT, Found::Across(server.computer))
}

/// Properties of a product that are null on every host key.
static EMPTY_OF_PRODUCT: [&str; 20] = [
    "ADActivationCsvlkPid",
    "ADActivationCsvlkSkuId",
    "ADActivationObjectDN",
    "ADActivationObjectName",
    "AutomaticVMActivationHostDigitalPid2",
    "AutomaticVMActivationHostMachineName",
    "AutomaticVMActivationLastActivationTime",
    "DiscoveredKeyManagementServiceMachineIpAddress",
    "DiscoveredKeyManagementServiceMachineName",
    "IAID",
    "KeyManagementServiceLookupDomain",
    "KeyManagementServiceMachine",
    "KeyManagementServiceProductKeyID",
    "LicenseDependsOn",
    "MachineURL",
    "ProcessorURL",
    "ProductKeyURL",
    "TokenActivationAdditionalInfo",
    "TokenActivationCertificateThumbprint",
    "TokenActivationILID",
];

fn intervals(server: &Server<'_>) -> Members {
    vec![
        ("VLActivationInterval", Value::Number(server.activation_interval)),
        ("VLRenewalInterval", Value::Number(server.renewal_interval)),
    ]
}

/// The count and the eight counters, under the names that both classes share.
fn counters((count, counters): &State) -> Members {
    let number = |number: &u32| Value::Number(i64::from(*number));
    let mut members = vec![
        (
            "KeyManagementServiceCurrentCount",
            Value::Number(i64::try_from(*count).unwrap_or(i64::MAX)),
        ),
        ("KeyManagementServiceFailedRequests", number(&counters.failed)),
        ("KeyManagementServiceTotalRequests", number(&counters.total)),
    ];
    let by_status = [
        "KeyManagementServiceUnlicensedRequests",
        "KeyManagementServiceLicensedRequests",
        "KeyManagementServiceOOBGraceRequests",
        "KeyManagementServiceOOTGraceRequests",
        "KeyManagementServiceNonGenuineGraceRequests",
        "KeyManagementServiceNotificationRequests",
    ];
    members.extend(by_status.into_iter().zip(counters.by_status.iter().map(number)));
    members
}

/// Sorts the properties as the cmdlets do, and adds what they add to every instance.
pub(crate) fn instance(mut members: Members, class: &Class, found: Found<'_>) -> Value {
    let (computer, named) = match found {
        Found::Across(computer) => (computer, Value::from(computer)),
        Found::Here(computer) => (computer, Value::Null),
    };
    members.sort_by_key(|(name, _)| name.to_ascii_lowercase());
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    // Past its depth, ConvertTo-Json writes a list as its items with blanks between them.
    let class_members = Value::Text(names.join(" "));
    let properties = names.iter().map(|name| Value::from(*name)).collect();
    let text = Value::from;
    members.extend([
        ("PSComputerName", named),
        (
            "CimClass",
            Value::Object(vec![
                ("CimSuperClassName", Value::Null),
                ("CimSuperClass", Value::Null),
                ("CimClassProperties", class_members),
                ("CimClassQualifiers", text("dynamic provider")),
                ("CimClassMethods", text(class.methods)),
                (
                    "CimSystemProperties",
                    text("Microsoft.Management.Infrastructure.CimSystemProperties"),
                ),
            ]),
        ),
        ("CimInstanceProperties", Value::List(properties)),
        (
            "CimSystemProperties",
            Value::Object(vec![
                ("Namespace", text(class.namespace)),
                ("ServerName", text(computer.split('.').next().unwrap_or_default())),
                ("ClassName", text(class.name)),
                ("Path", Value::Null),
            ]),
        ),
    ]);
    Value::Object(members)
}
