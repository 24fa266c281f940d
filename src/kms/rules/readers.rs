//! How each property is read, one row a property. Which properties an object has, and in what order, the catalog says.

use super::roles::primary;
use super::{host, life};
use crate::catalog::Field;
use crate::clock::Timestamp;
use crate::kms::catalog::service::{Initial, NOT_APPLICABLE};
use crate::kms::model::{
    ActivationType, Carried, ChannelWord, Counters, DomainName, HostChoice, HostName, HostPool,
    LicenseStatus, PartialKey, Port, Product, PropertyValue, Role, State,
};

/// The one property that is shown beyond its profile, when an artefact brought it.
pub(super) const ACTIVATION_DISABLED: &str = "KeyManagementServiceActivationDisabled";

/// What the properties of one object are read from.
pub(super) struct Seen<'s> {
    pub(super) state: &'s State,
    /// `None` while the service is read.
    pub(super) product: Option<&'s Product>,
    /// The pool whose numbers the object shows.
    pub(super) pool: Option<&'s HostPool>,
    /// The machine's for the service; for a product whether it is an active host itself.
    pub(super) role: Role,
    pub(super) now: Timestamp,
}

/// How one property is read.
pub(super) type Reader = (&'static str, fn(&Seen<'_>) -> PropertyValue);

/// Reads a property: by its reader, else as it was carried, else what a new object holds.
pub(super) fn value(
    readers: &[Reader],
    seen: &Seen<'_>,
    carried: &Carried,
    field: &Field,
    initial: Initial,
) -> PropertyValue {
    let reader = readers.iter().chain(&SHARED).find(|(name, _)| *name == field.name);
    if let Some((_, read)) = reader {
        return read(seen);
    }
    carried.get(field.name).cloned().unwrap_or(match initial {
        Initial::NotApplicable | Initial::Counter => PropertyValue::SENTINEL,
        Initial::Number(number) => PropertyValue::U32(number),
        Initial::Flag(flag) => PropertyValue::Bool(flag),
        Initial::Null | Initial::ByProfile { .. } | Initial::Made => PropertyValue::Null,
    })
}

/// Properties that both classes have.
pub(super) static SHARED: [Reader; 21] = [
    ("DiscoveredKeyManagementServiceMachineIpAddress", |seen| {
        text(seen.host(|host| host.discovered.as_ref()).and_then(|found| found.address.as_deref()))
    }),
    ("DiscoveredKeyManagementServiceMachineName", |seen| {
        text(seen.host(|host| host.discovered.as_ref()).map(|found| found.name.as_str()))
    }),
    ("DiscoveredKeyManagementServiceMachinePort", |seen| {
        number(seen.host(|host| host.discovered.as_ref()).map_or(0, |found| found.port))
    }),
    ("IsKeyManagementServiceMachine", |seen| number(u32::from(seen.role == Role::HostActive))),
    ("KeyManagementServiceCurrentCount", |seen| {
        let count = seen.pool.and_then(|pool| host::count(pool, seen.now));
        number(count.filter(|_| seen.role == Role::HostActive).unwrap_or(NOT_APPLICABLE))
    }),
    ("KeyManagementServiceFailedRequests", |seen| seen.counter(|counters| Some(counters.failed))),
    ("KeyManagementServiceLicensedRequests", |seen| seen.status(LicenseStatus::Licensed)),
    ("KeyManagementServiceNonGenuineGraceRequests", |seen| {
        seen.status(LicenseStatus::NonGenuineGrace)
    }),
    ("KeyManagementServiceNotificationRequests", |seen| seen.status(LicenseStatus::Notification)),
    ("KeyManagementServiceOOBGraceRequests", |seen| seen.status(LicenseStatus::OobGrace)),
    ("KeyManagementServiceOOTGraceRequests", |seen| seen.status(LicenseStatus::OotGrace)),
    ("KeyManagementServiceTotalRequests", |seen| seen.counter(|counters| Some(counters.total))),
    ("KeyManagementServiceUnlicensedRequests", |seen| seen.status(LicenseStatus::Unlicensed)),
    ("KeyManagementServiceLookupDomain", |seen| {
        text(seen.host(|host| host.lookup_domain.as_ref()).map(DomainName::as_str))
    }),
    ("KeyManagementServiceMachine", |seen| {
        text(seen.host(|host| host.name.as_ref()).map(HostName::as_str))
    }),
    ("KeyManagementServicePort", |seen| number(seen.port().map_or(0, Port::number))),
    ("KeyManagementServiceProductKeyID", |seen| {
        text(seen.host(|host| host.product_key_id.as_ref()).map(String::as_str))
    }),
    ("RequiredClientCount", |seen| {
        let primary = || primary(&seen.state.products, seen.now).ok().flatten();
        let client = seen.product.or_else(primary).filter(|product| product.is_kms_client());
        number(client.and_then(|product| product.required).unwrap_or(NOT_APPLICABLE))
    }),
    ("VLActivationInterval", |seen| {
        let own = seen.product.and_then(|product| product.activation_interval);
        number(own.unwrap_or(seen.state.machine.service.activation_interval).number())
    }),
    ("VLRenewalInterval", |seen| {
        let own = seen.product.and_then(|product| product.renewal_interval);
        number(own.unwrap_or(seen.state.machine.service.renewal_interval).number())
    }),
    ("OA3xOriginalProductKey", |_| PropertyValue::Null),
];

/// Properties of the service alone.
pub(super) static SERVICE: [Reader; 9] = [
    ("ClientMachineID", |seen| {
        PropertyValue::Text(seen.state.machine.service.client_machine_id.to_string())
    }),
    (ACTIVATION_DISABLED, |seen| {
        let disabled = seen.state.machine.service.activation_disabled;
        disabled.map_or(PropertyValue::Null, PropertyValue::Bool)
    }),
    ("KeyManagementServiceDnsPublishing", |seen| {
        PropertyValue::Bool(seen.state.machine.service.dns_publishing)
    }),
    ("KeyManagementServiceHostCaching", |seen| {
        PropertyValue::Bool(seen.state.machine.service.host_caching)
    }),
    ("KeyManagementServiceListeningPort", |seen| {
        number(seen.state.machine.service.listening_port.map_or(0, Port::number))
    }),
    ("KeyManagementServiceLowPriority", |seen| {
        PropertyValue::Bool(seen.state.machine.service.low_priority)
    }),
    ("PolicyCacheRefreshRequired", |seen| number(seen.state.machine.service.policy_cache.number())),
    ("RemainingWindowsReArmCount", |seen| number(seen.state.machine.service.rearm_count)),
    ("Version", |seen| PropertyValue::Text(seen.state.machine.version.clone())),
];

/// Properties of a product alone.
pub(super) static PRODUCT: [Reader; 22] = [
    ("ApplicationID", |seen| seen.own(|own| PropertyValue::Text(own.application.to_string()))),
    ("Description", |seen| seen.own(|own| filled(&own.description))),
    ("EvaluationEndDate", |seen| seen.own(|own| own.evaluation_end.into())),
    ("ExtendedGrace", |seen| seen.own(|own| own.extended_grace.into())),
    ("GenuineStatus", |seen| seen.own(|own| number(own.genuine_status))),
    ("GracePeriodRemaining", |seen| {
        seen.own(|own| number(life::at(own.license, seen.now).minutes_left(seen.now)))
    }),
    ("ID", |seen| seen.own(|own| PropertyValue::Text(own.id.to_string()))),
    ("LicenseDependsOn", |seen| seen.own(|own| text(own.depends_on.as_deref()))),
    ("LicenseFamily", |seen| seen.own(|own| filled(&own.family))),
    ("LicenseIsAddon", |seen| seen.own(|own| PropertyValue::Bool(own.is_addon))),
    ("LicenseStatus", |seen| seen.own(|own| number(life::status(own, seen.now).number()))),
    ("LicenseStatusReason", |seen| seen.own(|own| number(life::at(own.license, seen.now).reason))),
    ("Name", |seen| seen.own(|own| filled(&own.name))),
    ("PartialProductKey", |seen| seen.own(|own| text(own.key.as_ref().map(PartialKey::as_str)))),
    ("ProductKeyChannel", |seen| seen.own(|own| text(own.channel.map(ChannelWord::as_str)))),
    ("ProductKeyID", |seen| seen.own(|own| text(own.product_key_id.as_deref()))),
    ("ProductKeyID2", |seen| seen.own(|own| text(own.product_key_id2.as_deref()))),
    ("RemainingAppReArmCount", |seen| seen.own(|own| number(own.app_rearm_count))),
    ("RemainingSkuReArmCount", |seen| seen.own(|own| number(own.sku_rearm_count))),
    ("TrustedTime", |seen| PropertyValue::Time(seen.now)),
    ("VLActivationType", |seen| {
        // The activation that expired no longer counts: only a licensed product has been activated by something.
        let licensed = |own: &Product| life::status(own, seen.now) == LicenseStatus::Licensed;
        seen.own(|own| number(kind(own.activated_by.filter(|_| licensed(own)))))
    }),
    ("VLActivationTypeEnabled", |seen| {
        let machine = seen.state.machine.service.activation_type;
        seen.own(|own| number(kind(own.activation_type.or(machine))))
    }),
];

impl<'s> Seen<'s> {
    /// A setting of the product, else of the service.
    fn host<T>(&self, part: impl Fn(&'s HostChoice) -> Option<&'s T>) -> Option<&'s T> {
        let own = self.product.and_then(|product| part(&product.host));
        own.or_else(|| part(&self.state.machine.service.host))
    }

    /// The port belongs to the name: that of the service is not read beside a name of the product's own.
    fn port(&self) -> Option<Port> {
        let own = self.product.map(|product| &product.host);
        let named = own.is_some_and(|host| host.name.is_some());
        let service = self.state.machine.service.host.port.filter(|_| !named);
        own.and_then(|host| host.port).or(service)
    }

    /// Something of the product.
    fn own(&self, read: impl Fn(&'s Product) -> PropertyValue) -> PropertyValue {
        self.product.map_or(PropertyValue::Null, read)
    }

    /// A counter: -1 when the object is no active host, 0 before the first request.
    fn counter(&self, read: impl Fn(&Counters) -> Option<u32>) -> PropertyValue {
        if self.role != Role::HostActive {
            return PropertyValue::SENTINEL;
        }
        number(self.pool.map_or(Some(0), |pool| read(&pool.counters)).unwrap_or(NOT_APPLICABLE))
    }

    fn status(&self, status: LicenseStatus) -> PropertyValue {
        self.counter(|counters| counters.of(status))
    }
}

fn number(number: u32) -> PropertyValue {
    PropertyValue::U32(number)
}

fn text(text: Option<&str>) -> PropertyValue {
    text.into()
}

/// An empty text is null.
fn filled(content: &str) -> PropertyValue {
    text(Some(content).filter(|content| !content.is_empty()))
}

/// 0 stands for none and for all.
fn kind(kind: Option<ActivationType>) -> u32 {
    kind.map_or(0, ActivationType::number)
}
