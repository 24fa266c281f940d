//! What a machine is that is known by evidence alone: its newest snapshot made into the model, defaults where it shows nothing.

use super::shown::Object;
use crate::chance;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop, Warning};
use crate::kms::catalog::service::PROPERTIES;
use crate::kms::catalog::skus::{self, Pool};
use crate::kms::catalog::{Profile, product as product_rows};
use crate::kms::model::{
    ActivationType, Cache, ChannelWord, Counters, Edition, Editions, HostPool, License,
    LicenseStatus, Machine, Minutes, PartialKey, PolicyCache, Port, Product, State,
};
use crate::kms::rules::{cache, life};
use crate::kms::store::instances::{Instance, Newest};
use serde_json::{Map, Value as Json};

/// The version of a machine that no artefact tells.
const VERSION: &str = "10.0.0.0";

/// The channel of a KMS host key.
const HOST_CHANNEL: &str = "Volume:CSVLK";

/// A machine as its newest snapshot shows it.
#[derive(Debug)]
pub(super) struct Adopted {
    pub(super) state: State,
    pub(super) pools: Vec<HostPool>,
    pub(super) warnings: Vec<Warning>,
}

/// Makes the model of a machine that has no row in it.
///
/// - `newest`: its newest snapshot; `None`: it is a machine of defaults.
/// - `now`: a snapshot that was taken later shows the machine as it is now.
/// - `known`: editions, for products that the snapshot does not describe.
///
/// Faults when the snapshot is no JSON.
pub(super) fn machine(
    instance: &Instance,
    newest: Option<&Newest>,
    now: Timestamp,
    known: &Editions,
) -> Outcome<Adopted> {
    let body: Json = match newest {
        None => Json::Null,
        Some(newest) => serde_json::from_str(&newest.body).map_err(|_| {
            Stop::Fault(anyhow::anyhow!(
                "the store is damaged: a snapshot of `{}` is no JSON",
                instance.name
            ))
        })?,
    };
    let empty = Map::new();
    let service = Object(body.get("service").and_then(Json::as_object).unwrap_or(&empty));
    let taken = newest.map_or(now, |newest| newest.taken.min(now));
    let mut warnings = Vec::new();
    let machine = service_of(instance, &service, &mut warnings);
    let objects = body.get("products").and_then(Json::as_array);
    let objects: Vec<Object<'_>> =
        objects.into_iter().flatten().filter_map(Json::as_object).map(Object).collect();
    let mut products: Vec<Product> = (0_u64..)
        .zip(&objects)
        .map(|(at, object)| product_of(&machine, object, (at, taken), known))
        .collect();
    if service.is_host() && !products.iter().any(Product::is_host) {
        products.push(unseen_host(&machine));
        warnings.push(Warning::new(
            "host-product",
            format!(
                "the snapshot of `{}` shows a KMS host without its product; one is assumed",
                machine.name
            ),
        ));
    }
    let pools = pools_of(&service, &objects, &products);
    products.sort_by_key(|product| product.id);
    Ok(Adopted { state: State { machine, products }, pools, warnings })
}

fn service_of(instance: &Instance, shown: &Object<'_>, warnings: &mut Vec<Warning>) -> Machine {
    let version = shown.text("Version").unwrap_or_else(|| {
        warnings.push(Warning::new(
            "version",
            format!(
                "no artefact tells the Version of `{}`; it is taken for {VERSION}",
                instance.name
            ),
        ));
        VERSION
    });
    let cmid = shown
        .guid("ClientMachineID")
        .unwrap_or_else(|| chance::guid(0, &[&instance.name, "adopted"]));
    let mut machine = Machine::new(instance.id, &instance.name, version, cmid);
    let mut interval = |name: &str, usual: Minutes| {
        let Some(number) = shown.count(name) else {
            return usual;
        };
        Minutes::new(number).unwrap_or_else(|| {
            let text = format!(
                "{name} of `{}` is {number}, which no service can hold; it is taken for {}",
                instance.name,
                usual.number()
            );
            warnings.push(Warning::new("range", text));
            usual
        })
    };
    let service = &mut machine.service;
    service.activation_interval = interval("VLActivationInterval", Minutes::ACTIVATION);
    service.renewal_interval = interval("VLRenewalInterval", Minutes::RENEWAL);
    service.host = shown.host();
    let flag = |name, usual| shown.flag(name).unwrap_or(usual);
    service.host_caching = flag("KeyManagementServiceHostCaching", true);
    service.dns_publishing = flag("KeyManagementServiceDnsPublishing", true);
    service.low_priority = flag("KeyManagementServiceLowPriority", false);
    service.activation_disabled =
        shown.flag("KeyManagementServiceActivationDisabled").or(service.activation_disabled);
    if shown.number("PolicyCacheRefreshRequired") == Some(1) {
        service.policy_cache = PolicyCache::Stale;
    }
    service.rearm_count = shown.count("RemainingWindowsReArmCount").unwrap_or(service.rearm_count);
    service.listening_port = shown.number("KeyManagementServiceListeningPort").and_then(Port::new);
    for row in &PROPERTIES {
        if let Some(value) = shown.carried(&row.field) {
            service.carried.put(row.field.name, value);
        }
    }
    // What no property shows comes from the registry.
    let kept = shown.0.get("extra").and_then(Json::as_object);
    let kept = |name: &str| kept?.get(name)?.as_u64();
    let kind = kept("VLActivationType").and_then(|number| u32::try_from(number).ok());
    service.activation_type = kind.and_then(ActivationType::new);
    machine.skip_rearm = kept("SkipRearm") == Some(1);
    machine
}

/// A product as it was shown at `at.1`; `at.0` is its place, for one whose ID is not shown.
fn product_of(
    machine: &Machine,
    shown: &Object<'_>,
    at: (u64, Timestamp),
    known: &Editions,
) -> Product {
    let name = shown.text("Name").unwrap_or_default();
    let id = shown
        .guid("ID")
        .unwrap_or_else(|| chance::guid(at.0, &[&machine.name, name, "adopted product"]));
    let listed = known.edition(id);
    let pool = known.pool(id).application();
    let edition = Edition {
        application: shown.guid("ApplicationID").or(pool).unwrap_or(skus::WINDOWS),
        name: if name.is_empty() {
            listed.as_ref().map_or("Windows", |edition| &edition.name).to_owned()
        } else {
            name.to_owned()
        },
        required: listed.map_or(skus::REQUIRED_CLIENT, |edition| edition.required),
    };
    let usual = Product::new(id, &edition, machine.profile(), license(shown, at.1));
    let text = |name| shown.text(name).map(str::to_owned);
    let told = shown.text("ProductKeyChannel").and_then(ChannelWord::new);
    let kind = |name| shown.number(name).and_then(ActivationType::new);
    let mut product = Product {
        description: text("Description").unwrap_or_default(),
        family: text("LicenseFamily").unwrap_or(usual.family),
        key: shown.text("PartialProductKey").and_then(PartialKey::new),
        channel: told.or_else(|| ChannelWord::new(HOST_CHANNEL).filter(|_| shown.is_host())),
        required: shown.count("RequiredClientCount"),
        host: shown.host(),
        activation_interval: shown.count("VLActivationInterval").and_then(Minutes::new),
        renewal_interval: shown.count("VLRenewalInterval").and_then(Minutes::new),
        activation_type: kind("VLActivationTypeEnabled"),
        activated_by: kind("VLActivationType"),
        genuine_status: shown.number("GenuineStatus").unwrap_or(0),
        extended_grace: shown.count("ExtendedGrace"),
        app_rearm_count: shown.count("RemainingAppReArmCount").unwrap_or(usual.app_rearm_count),
        sku_rearm_count: shown.count("RemainingSkuReArmCount").unwrap_or(usual.sku_rearm_count),
        is_addon: shown.flag("LicenseIsAddon").unwrap_or(false),
        depends_on: text("LicenseDependsOn"),
        evaluation_end: shown.time("EvaluationEndDate"),
        product_key_id: text("ProductKeyID"),
        product_key_id2: text("ProductKeyID2"),
        ..usual
    };
    if product.is_kms_client() && product.required.is_none() {
        product.required = Some(edition.required);
    }
    for row in &product_rows::PROPERTIES {
        if let Some(value) = shown.carried(&row.field) {
            product.carried.put(row.field.name, value);
        }
    }
    product
}

fn license(shown: &Object<'_>, taken: Timestamp) -> License {
    let status = shown
        .number("LicenseStatus")
        .and_then(LicenseStatus::from_number)
        .unwrap_or(LicenseStatus::Unlicensed);
    let minutes = shown.count("GracePeriodRemaining").unwrap_or(0);
    License {
        status,
        reason: shown.number("LicenseStatusReason").unwrap_or(0),
        // 0 minutes are shown by what does not end, and by what has ended already.
        deadline: (minutes > 0).then(|| taken.plus_minutes(i64::from(minutes))),
    }
}

/// The product that makes a machine a host when the artefact shows the service alone.
fn unseen_host(machine: &Machine) -> Product {
    let edition = Edition {
        application: skus::WINDOWS,
        name: "Windows (KMS host, edition not shown)".to_owned(),
        required: skus::REQUIRED_CLIENT,
    };
    let id = chance::guid(0, &[&machine.name, "adopted host"]);
    Product {
        key: Some(PartialKey::untold()),
        channel: ChannelWord::new(HOST_CHANNEL),
        ..Product::new(id, &edition, Profile::V10, life::activated_for_good())
    }
}

/// The counters of the statuses 0 to 5.
static COUNTERS: [&str; 6] = [
    "KeyManagementServiceUnlicensedRequests",
    "KeyManagementServiceLicensedRequests",
    "KeyManagementServiceOOBGraceRequests",
    "KeyManagementServiceOOTGraceRequests",
    "KeyManagementServiceNonGenuineGraceRequests",
    "KeyManagementServiceNotificationRequests",
];

/// The numbers of a host: those of its products, and for Windows those of the service when no product shows any.
fn pools_of(service: &Object<'_>, objects: &[Object<'_>], products: &[Product]) -> Vec<HostPool> {
    let mut pools: Vec<HostPool> = Vec::new();
    let hosts = objects
        .iter()
        .zip(products)
        .filter(|(_, product)| product.is_host())
        .map(|(object, product)| (product.pool(), object));
    for (pool, object) in hosts.chain(std::iter::once((Pool::Windows, service))) {
        if pools.iter().any(|held| held.pool == pool) {
            continue;
        }
        let total = object.count("KeyManagementServiceTotalRequests");
        let count = object.count("KeyManagementServiceCurrentCount");
        if total.is_none() && count.is_none() {
            continue;
        }
        pools.push(HostPool {
            pool,
            counters: Counters {
                total: total.unwrap_or(0),
                failed: object.count("KeyManagementServiceFailedRequests").unwrap_or(0),
                by_status: COUNTERS.map(|name| object.count(name).unwrap_or(0)),
            },
            // How many it can hold is not shown, but it holds those that it counts.
            cache: Cache { limit: cache::limit_of(count.unwrap_or(0)), ..Cache::default() },
            adopted_count: count,
        });
    }
    pools
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kms::model::{PropertyValue, Role};
    use crate::kms::rules::read::{self, Members};
    use crate::kms::rules::{life, roles};
    use serde_json::json;

    fn now() -> Timestamp {
        Timestamp::parse("2026-03-31T00:00:00Z").unwrap()
    }

    fn adopted(body: &Json) -> Adopted {
        let instance = Instance { id: 7, name: "kms01".to_owned() };
        let newest = Newest { taken: now().plus_days(-10), body: body.to_string() };
        machine(&instance, Some(&newest), now(), &Editions::default()).unwrap()
    }

    fn host() -> Json {
        json!({
            "service": {
                "Version": "10.0.20348.1", "ClientMachineID": "3b129d01-b660-43bc-b775-28c0bad2b5db",
                "IsKeyManagementServiceMachine": 1, "VLActivationInterval": 60, "VLRenewalInterval": 1440,
                "KeyManagementServiceCurrentCount": 26, "KeyManagementServiceTotalRequests": 826,
                "KeyManagementServiceLicensedRequests": 826, "KeyManagementServiceFailedRequests": 0,
                "KeyManagementServiceListeningPort": 1689, "KeyManagementServiceDnsPublishing": false,
                "OA2xBiosMarkerStatus": 1, "RemainingWindowsReArmCount": 1000,
            },
            "products": [{
                "ID": "8c1c5410-9f39-4805-8c9d-63a07706358f", "ApplicationID": "55c92734-d682-4d71-983e-d6ec3f16059f",
                "Name": "Windows(R), ServerStandard edition", "PartialProductKey": "ABCDE", "LicenseStatus": 1,
                "ProductKeyChannel": "Volume:CSVLK", "GracePeriodRemaining": 0, "IsKeyManagementServiceMachine": 1,
            }],
        })
    }

    #[test]
    fn what_a_snapshot_shows_is_what_the_service_shows_again() {
        let body = host();
        let adopted = adopted(&body);
        assert_eq!(adopted.warnings, []);
        let shown = read::service(&adopted.state, &adopted.pools, Members::All, now());
        for (name, expected) in body["service"].as_object().unwrap() {
            let (_, value) = shown.iter().find(|(field, _)| field.name == name).unwrap();
            let value = match value {
                PropertyValue::U32(number) => Json::from(*number),
                PropertyValue::Bool(flag) => Json::from(*flag),
                PropertyValue::Text(text) => Json::from(text.as_str()),
                other => panic!("{name} is {other:?}"),
            };
            assert_eq!(value, *expected, "{name}");
        }
        assert_eq!(adopted.pools[0].cache.limit, 50);
    }

    #[test]
    fn what_the_registry_alone_holds_is_taken_over() {
        let extra = json!({"SkipRearm": 1, "VLActivationType": 2});
        let adopted = adopted(&json!({"service": {"extra": extra}, "products": []}));
        let machine = adopted.state.machine;
        assert!(machine.skip_rearm);
        assert_eq!(machine.service.activation_type, Some(ActivationType::Kms));
    }

    #[test]
    fn a_host_that_shows_its_service_alone_is_a_host_all_the_same() {
        let mut body = host();
        body["products"] = json!([]);
        let adopted = adopted(&body);
        assert_eq!(roles::role(&adopted.state.products, now()), Role::HostActive);
        assert_eq!(adopted.pools[0].adopted_count, Some(26));
        assert_eq!(adopted.warnings[0].code, "host-product");
    }

    #[test]
    fn a_client_goes_on_ageing_from_the_moment_at_which_it_was_shown() {
        let product = json!({
            "ID": "2de67392-b7a7-462a-b1ca-108dd189f588", "LicenseStatus": 1, "GracePeriodRemaining": 14_400 + 60,
            "PartialProductKey": "YYYYY", "Description": "Windows(R) Operating System, VOLUME_KMSCLIENT channel",
        });
        let adopted = adopted(&json!({"service": null, "products": [product]}));
        let product = &adopted.state.products[0];
        assert_eq!(life::at(product.license, now()).minutes_left(now()), 60);
        assert_eq!(life::status(product, now().plus_minutes(60)), LicenseStatus::OotGrace);
        assert_eq!(
            (product.name.as_str(), product.required),
            ("Windows 10 Professional", Some(25))
        );
        assert!(product.is_kms_client() && adopted.pools.is_empty());
        assert_eq!(adopted.warnings[0].code, "version");
    }

    #[test]
    fn a_machine_of_which_nothing_is_shown_has_the_defaults_and_always_the_same_cmid() {
        let instance = Instance { id: 1, name: "kms03".to_owned() };
        let bare = || machine(&instance, None, now(), &Editions::default()).unwrap();
        assert_eq!(bare().state.machine.version, VERSION);
        assert_eq!(bare().state, bare().state);
        assert!(bare().state.products.is_empty());
    }

    #[test]
    fn an_interval_that_no_service_holds_is_told_and_left() {
        let adopted = adopted(
            &json!({"service": {"Version": "10.0.1.1", "VLRenewalInterval": 10}, "products": []}),
        );
        assert_eq!(adopted.state.machine.service.renewal_interval, Minutes::RENEWAL);
        assert_eq!(adopted.warnings[0].code, "range");
    }

    #[test]
    fn a_snapshot_that_was_taken_later_shows_the_machine_as_it_is_now() {
        let instance = Instance { id: 1, name: "pc".to_owned() };
        let product = json!({"ID": "2de67392-b7a7-462a-b1ca-108dd189f588", "LicenseStatus": 1, "GracePeriodRemaining": 100});
        let newest = Newest {
            taken: now().plus_days(100),
            body: json!({"service": null, "products": [product]}).to_string(),
        };
        let adopted = machine(&instance, Some(&newest), now(), &Editions::default()).unwrap();
        assert_eq!(adopted.state.products[0].license.minutes_left(now()), 100);
    }
}
