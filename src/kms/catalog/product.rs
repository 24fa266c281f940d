//! The properties of `SoftwareLicensingProduct`, as far as every edition of the class goes, in the order in which the CIM tools list them.
//!
//! The class has one instance a product; the host counters of a product are those of its pool.

use super::documents::{DUMP, SPP};
use super::enumerations::{
    ACTIVATED_BY, ACTIVATION_TYPES, GRACE_MINUTES, KMS_ENABLED, LICENSE_STATUS,
};
use super::service::{
    ACTIVATION_INTERVAL, COUNT, HOST_NAME, INTERVAL, Initial, PORT, RENEWAL_INTERVAL, TEXT,
};
use crate::catalog::{Access, Field, Kind, Mask, Source, Unit, stated};

/// The class, as WMI spells it.
pub const CLASS: &str = "SoftwareLicensingProduct";

/// A property of the product class. All but ID can be null.
#[derive(Debug)]
pub struct ProductProperty {
    pub field: Field,
    pub initial: Initial,
}

/// Finds a property by its name; ASCII case does not matter, as in WMI.
#[must_use]
pub fn property(name: &str) -> Option<&'static ProductProperty> {
    PROPERTIES.iter().find(|property| property.field.name.eq_ignore_ascii_case(name))
}

const fn field(
    name: &'static str,
    kind: Kind,
    unit: Unit,
    doc: &'static str,
    source: Source,
) -> Field {
    // All properties of the class are read-only; its methods change them.
    Field { name, kind, unit, access: Access::ReadOnly, doc, source }
}

const fn text(name: &'static str, doc: &'static str, source: Source) -> ProductProperty {
    ProductProperty { field: field(name, TEXT, Unit::Plain, doc, source), initial: Initial::Null }
}

const fn requests(name: &'static str, doc: &'static str) -> ProductProperty {
    let field = field(name, Kind::Sentinel, Unit::Requests, doc, stated(&SPP, name));
    ProductProperty { field, initial: Initial::Counter }
}

/// Every property, alphabetically without regard to case.
///
/// Source: [DUMP] names and types, [SPP] and [SLMGR] meanings; what a new product holds is assumed.
pub static PROPERTIES: [ProductProperty; 61] = [
    text(
        "ADActivationCsvlkPid",
        "Extended product ID of the key in the Active Directory object that activated this product.",
        stated(&DUMP, "ADActivationCsvlkPid"),
    ),
    text(
        "ADActivationCsvlkSkuId",
        "Activation ID of the key in the Active Directory object that activated this product.",
        stated(&DUMP, "ADActivationCsvlkSkuId"),
    ),
    text(
        "ADActivationObjectDN",
        "Distinguished name of the Active Directory object that activated this product.",
        stated(&DUMP, "ADActivationObjectDN"),
    ),
    text(
        "ADActivationObjectName",
        "Name of the Active Directory object that activated this product.",
        stated(&DUMP, "ADActivationObjectName"),
    ),
    ProductProperty {
        field: field(
            "ApplicationID",
            Kind::Guid,
            Unit::Plain,
            "Application that the product belongs to: Windows, Office 2010, or Office 2013 and later.",
            stated(&SPP, "ApplicationID"),
        ),
        initial: Initial::Made,
    },
    text(
        "AutomaticVMActivationHostDigitalPid2",
        "Product ID of the virtual machine host that activated this guest.",
        stated(&DUMP, "AutomaticVMActivationHostDigitalPid2"),
    ),
    text(
        "AutomaticVMActivationHostMachineName",
        "Name of the virtual machine host that activated this guest.",
        stated(&DUMP, "AutomaticVMActivationHostMachineName"),
    ),
    ProductProperty {
        field: field(
            "AutomaticVMActivationLastActivationTime",
            Kind::Datetime,
            Unit::Plain,
            "When the virtual machine host last activated this guest.",
            stated(&DUMP, "AutomaticVMActivationLastActivationTime"),
        ),
        initial: Initial::Null,
    },
    ProductProperty {
        field: field(
            "Description",
            TEXT,
            Unit::Plain,
            "Description of the product; it carries the word of the channel.",
            stated(&SPP, "Description"),
        ),
        initial: Initial::Made,
    },
    text(
        "DiscoveredKeyManagementServiceMachineIpAddress",
        "Address of the KMS host last found through DNS for this product.",
        stated(&DUMP, "DiscoveredKeyManagementServiceMachineIpAddress"),
    ),
    text(
        "DiscoveredKeyManagementServiceMachineName",
        "Name of the KMS host last found through DNS for this product.",
        stated(&SPP, "DiscoveredKeyManagementServiceMachineName"),
    ),
    ProductProperty {
        field: field(
            "DiscoveredKeyManagementServiceMachinePort",
            PORT,
            Unit::Port,
            "Port of the KMS host last found through DNS for this product.",
            stated(&SPP, "DiscoveredKeyManagementServiceMachinePort"),
        ),
        initial: Initial::Number(0),
    },
    ProductProperty {
        field: field(
            "EvaluationEndDate",
            Kind::Datetime,
            Unit::Plain,
            "End of the evaluation; null when there is none.",
            stated(&SPP, "EvaluationEndDate"),
        ),
        initial: Initial::Null,
    },
    ProductProperty {
        field: field(
            "ExtendedGrace",
            Kind::Sentinel,
            Unit::Minutes,
            "Length of the extended grace period; -1 when there is none.",
            stated(&DUMP, "ExtendedGrace"),
        ),
        initial: Initial::NotApplicable,
    },
    ProductProperty {
        field: field(
            "GenuineStatus",
            COUNT,
            Unit::Plain,
            "Result of the last genuine test; 0 is genuine.",
            stated(&SPP, "GenuineStatus"),
        ),
        initial: Initial::Number(0),
    },
    ProductProperty {
        field: field(
            "GracePeriodRemaining",
            COUNT,
            Unit::Minutes,
            "Minutes left in the present state; 0 when it does not end, and for an activated KMS client the time until it must be activated again.",
            stated(&SPP, "GracePeriodRemaining"),
        ),
        initial: Initial::Number(GRACE_MINUTES),
    },
    text(
        "IAID",
        "Installation ID of an activation inherited from a virtual machine host.",
        stated(&DUMP, "IAID"),
    ),
    ProductProperty {
        field: field(
            "ID",
            Kind::Guid,
            Unit::Plain,
            "Activation ID, the identifier of the SKU and the key of the class.",
            stated(&SPP, "ID"),
        ),
        initial: Initial::Made,
    },
    ProductProperty {
        field: field(
            "IsKeyManagementServiceMachine",
            Kind::Enumeration(&KMS_ENABLED),
            Unit::Plain,
            "Whether this product is an active KMS host.",
            stated(&SPP, "IsKeyManagementServiceMachine"),
        ),
        initial: Initial::Number(0),
    },
    ProductProperty {
        field: field(
            "KeyManagementServiceCurrentCount",
            Kind::Sentinel,
            Unit::Clients,
            "Count of the active volume clients of this host product.",
            stated(&SPP, "KeyManagementServiceCurrentCount"),
        ),
        initial: Initial::NotApplicable,
    },
    requests(
        "KeyManagementServiceFailedRequests",
        "Total count of failed KMS requests to this host product.",
    ),
    requests(
        "KeyManagementServiceLicensedRequests",
        "Count of KMS requests to this host product from clients with LicenseStatus 1 (Licensed).",
    ),
    text(
        "KeyManagementServiceLookupDomain",
        "DNS domain in which to look for SRV records, for this product alone.",
        stated(&DUMP, "KeyManagementServiceLookupDomain"),
    ),
    ProductProperty {
        field: field(
            "KeyManagementServiceMachine",
            HOST_NAME,
            Unit::Plain,
            "Registered name of the KMS host, for this product alone.",
            stated(&SPP, "KeyManagementServiceMachine"),
        ),
        initial: Initial::Null,
    },
    requests(
        "KeyManagementServiceNonGenuineGraceRequests",
        "Count of KMS requests to this host product from clients with LicenseStatus 4 (NonGenuineGrace).",
    ),
    requests(
        "KeyManagementServiceNotificationRequests",
        "Count of KMS requests to this host product from clients with LicenseStatus 5 (Notification).",
    ),
    requests(
        "KeyManagementServiceOOBGraceRequests",
        "Count of KMS requests to this host product from clients with LicenseStatus 2 (OOBGrace).",
    ),
    requests(
        "KeyManagementServiceOOTGraceRequests",
        "Count of KMS requests to this host product from clients with LicenseStatus 3 (OOTGrace).",
    ),
    ProductProperty {
        field: field(
            "KeyManagementServicePort",
            PORT,
            Unit::Port,
            "Port on which to ask the registered host, for this product alone; 0 when not set, which means 1688.",
            stated(&SPP, "KeyManagementServicePort"),
        ),
        initial: Initial::Number(0),
    },
    text(
        "KeyManagementServiceProductKeyID",
        "Extended product ID of the KMS host that activated this product; null when there is none.",
        stated(&SPP, "KeyManagementServiceProductKeyID"),
    ),
    requests(
        "KeyManagementServiceTotalRequests",
        "Total count of valid KMS requests to this host product.",
    ),
    requests(
        "KeyManagementServiceUnlicensedRequests",
        "Count of KMS requests to this host product from clients with LicenseStatus 0 (Unlicensed).",
    ),
    text(
        "LicenseDependsOn",
        "Product that this add-on depends on.",
        stated(&SPP, "LicenseDependsOn"),
    ),
    ProductProperty {
        field: field(
            "LicenseFamily",
            TEXT,
            Unit::Plain,
            "Edition that the license is for.",
            stated(&SPP, "LicenseFamily"),
        ),
        initial: Initial::Made,
    },
    ProductProperty {
        field: field(
            "LicenseIsAddon",
            Kind::Boolean,
            Unit::Plain,
            "Whether the product is an add-on to another one.",
            stated(&SPP, "LicenseIsAddon"),
        ),
        initial: Initial::Flag(false),
    },
    ProductProperty {
        field: field(
            "LicenseStatus",
            Kind::Enumeration(&LICENSE_STATUS),
            Unit::Plain,
            "State of the license: 2 (OOBGrace) on a new product with a key, 0 (Unlicensed) without one.",
            stated(&SPP, "LicenseStatus"),
        ),
        initial: Initial::Made,
    },
    ProductProperty {
        field: field(
            "LicenseStatusReason",
            COUNT,
            Unit::Plain,
            "Code that says why the license is in its state, as an unsigned number.",
            stated(&SPP, "LicenseStatusReason"),
        ),
        initial: Initial::Made,
    },
    text(
        "MachineURL",
        "Address from which the machine certificate is had.",
        stated(&SPP, "MachineURL"),
    ),
    ProductProperty {
        field: field("Name", TEXT, Unit::Plain, "Name of the product.", stated(&SPP, "Name")),
        initial: Initial::Made,
    },
    ProductProperty {
        field: field(
            "OfflineInstallationId",
            Kind::Secret(Mask::Whole),
            Unit::Plain,
            "Installation ID for activation by telephone.",
            stated(&SPP, "OfflineInstallationId"),
        ),
        initial: Initial::Null,
    },
    ProductProperty {
        field: field(
            "PartialProductKey",
            Kind::Text { min: 5, max: 5 },
            Unit::Plain,
            "Last five characters of the product key; null when the license is not in use.",
            stated(&SPP, "PartialProductKey"),
        ),
        initial: Initial::Null,
    },
    text(
        "ProcessorURL",
        "Address from which the processor certificate is had.",
        stated(&SPP, "ProcessorURL"),
    ),
    ProductProperty {
        field: field(
            "ProductKeyChannel",
            TEXT,
            Unit::Plain,
            "Channel of the product key.",
            stated(&DUMP, "ProductKeyChannel"),
        ),
        initial: Initial::Made,
    },
    text("ProductKeyID", "Extended product ID.", stated(&SPP, "ProductKeyID")),
    text(
        "ProductKeyID2",
        "Extended product ID in its second form.",
        stated(&DUMP, "ProductKeyID2"),
    ),
    text(
        "ProductKeyURL",
        "Address from which the product key certificate is had.",
        stated(&SPP, "ProductKeyURL"),
    ),
    ProductProperty {
        field: field(
            "RemainingAppReArmCount",
            COUNT,
            Unit::Times,
            "How often the licensing state of the application can still be reset.",
            stated(&DUMP, "RemainingAppReArmCount"),
        ),
        initial: Initial::Number(1001),
    },
    ProductProperty {
        field: field(
            "RemainingSkuReArmCount",
            COUNT,
            Unit::Times,
            "How often the licensing state of the product can still be reset.",
            stated(&DUMP, "RemainingSkuReArmCount"),
        ),
        initial: Initial::Number(1001),
    },
    ProductProperty {
        field: field(
            "RequiredClientCount",
            Kind::Sentinel,
            Unit::Clients,
            "Least number of clients that must contact a KMS host to activate this product; -1 on anything but a KMS client.",
            stated(&SPP, "RequiredClientCount"),
        ),
        initial: Initial::Made,
    },
    text(
        "TokenActivationAdditionalInfo",
        "Free text that came with the token activation.",
        stated(&SPP, "TokenActivationAdditionalInfo"),
    ),
    text(
        "TokenActivationCertificateThumbprint",
        "Thumbprint of the certificate of the token activation.",
        stated(&SPP, "TokenActivationCertificateThumbprint"),
    ),
    ProductProperty {
        field: field(
            "TokenActivationGrantNumber",
            Kind::Sentinel,
            Unit::Plain,
            "Number of the grant that the token activation used.",
            stated(&SPP, "TokenActivationGrantNumber"),
        ),
        initial: Initial::NotApplicable,
    },
    text(
        "TokenActivationILID",
        "Identifier of the license that the token activation used.",
        stated(&SPP, "TokenActivationILID"),
    ),
    ProductProperty {
        field: field(
            "TokenActivationILVID",
            Kind::Sentinel,
            Unit::Plain,
            "Version of the license that the token activation used; -1 when not activated by token.",
            stated(&SPP, "TokenActivationILVID"),
        ),
        initial: Initial::NotApplicable,
    },
    ProductProperty {
        field: field(
            "TrustedTime",
            Kind::Datetime,
            Unit::Plain,
            "Clock of the licensing service.",
            stated(&DUMP, "TrustedTime"),
        ),
        initial: Initial::Made,
    },
    text(
        "UseLicenseURL",
        "Address from which the use license is had.",
        stated(&SPP, "UseLicenseURL"),
    ),
    text(
        "ValidationURL",
        "Address at which the product is validated.",
        stated(&DUMP, "ValidationURL"),
    ),
    ProductProperty {
        field: field(
            "VLActivationInterval",
            INTERVAL,
            Unit::Minutes,
            "How often the client contacts the KMS host before it is licensed, as the host last told.",
            stated(&SPP, "VLActivationInterval"),
        ),
        initial: Initial::Number(ACTIVATION_INTERVAL),
    },
    ProductProperty {
        field: field(
            "VLActivationType",
            Kind::Enumeration(&ACTIVATED_BY),
            Unit::Plain,
            "How the product was activated last.",
            stated(&DUMP, "VLActivationType"),
        ),
        initial: Initial::Number(0),
    },
    ProductProperty {
        field: field(
            "VLActivationTypeEnabled",
            Kind::Enumeration(&ACTIVATION_TYPES),
            Unit::Plain,
            "Type of volume activation that is configured.",
            stated(&DUMP, "VLActivationTypeEnabled"),
        ),
        initial: Initial::Number(0),
    },
    ProductProperty {
        field: field(
            "VLRenewalInterval",
            INTERVAL,
            Unit::Minutes,
            "How often the client contacts the KMS host after it is licensed, as the host last told.",
            stated(&SPP, "VLRenewalInterval"),
        ),
        initial: Initial::Number(RENEWAL_INTERVAL),
    },
];

/// The rows of `PROPERTIES`, as the catalog collects them.
pub static FIELDS: [&Field; PROPERTIES.len()] = fields();

#[expect(
    clippy::indexing_slicing,
    reason = "a const fn has no iterators; both arrays are as long as the loop"
)]
const fn fields() -> [&'static Field; PROPERTIES.len()] {
    let mut fields = [&PROPERTIES[0].field; PROPERTIES.len()];
    let mut at = 1;
    while at < fields.len() {
        fields[at] = &PROPERTIES[at].field;
        at += 1;
    }
    fields
}
