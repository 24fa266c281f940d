//! Machines as the reports see them: what the newest snapshots and the model say of hosts the intervals and counts that the
//! reports need, and of clients their state.

use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::kms::catalog::service::{NOT_APPLICABLE, RENEWAL_INTERVAL};
use crate::kms::catalog::skus::Pool;
use crate::kms::model::{Channel, ChannelWord, PropertyValue};
use crate::kms::rules::read::{self, Members, Property};
use crate::kms::store::evidence::{self, Snapshot};
use crate::kms::store::modelled::{self, Which};
use crate::kms::store::names::Names;
use crate::kms::store::{instances::Instance, machines};
use crate::store::Read;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A machine as its newest snapshot shows it, or as the model has it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The number under which the store keeps its evidence; `None` when there is none.
    pub host: Option<i64>,
    pub name: String,
    /// When the snapshot was taken; for the model now.
    pub taken: Timestamp,
    pub service: Option<Json>,
    pub products: Vec<Json>,
}

/// Every machine that has a snapshot at `now`, in the order of the names.
pub fn shown(read: &mut dyn Read, names: &Names, now: Timestamp) -> Outcome<Vec<Shown>> {
    evidence::newest_snapshots(read, now)?
        .into_iter()
        .map(|snapshot| machine(&snapshot, names))
        .collect()
}

/// Every machine of the model at `now`, in the order of the names.
pub fn in_model(
    read: &mut dyn Read,
    names: &Names,
    which: Which,
    now: Timestamp,
) -> Outcome<Vec<Shown>> {
    let found = modelled::machines(read, which)?;
    found.into_iter().map(|instance| of_model(read, names, instance, now)).collect()
}

fn of_model(
    read: &mut dyn Read,
    names: &Names,
    instance: Instance,
    now: Timestamp,
) -> Outcome<Shown> {
    let state = machines::load(read, instance.id, &instance.name)?
        .ok_or_else(|| Stop::bug("a machine that was just listed is gone"))?;
    // The pools are left out: what a host counts is asked of its requests.
    let service = read::service(&state, &[], Members::OfProfile, now);
    let products = state.products.iter().map(|product| read::product(&state, product, &[], now));
    Ok(Shown {
        host: names.host_id(&instance.name),
        name: instance.name,
        taken: now,
        service: Some(object(&service)),
        products: products.map(|product| object(&product)).collect(),
    })
}

/// An object as a snapshot would show it.
fn object(properties: &[Property]) -> Json {
    let sent = |value: &PropertyValue| match value {
        PropertyValue::Null => Json::Null,
        PropertyValue::U32(number) => Json::from(*number),
        PropertyValue::Bool(flag) => Json::from(*flag),
        PropertyValue::Text(text) => Json::from(text.as_str()),
        PropertyValue::Time(at) => Json::from(at.to_string()),
    };
    properties.iter().map(|(field, value)| (field.name.to_owned(), sent(value))).collect()
}

/// Every machine in its newest state: that of the model where there is one, else that of its snapshot.
#[must_use]
pub fn newest(in_model: Vec<Shown>, shown: &[Shown]) -> Vec<Shown> {
    let known: BTreeSet<String> =
        in_model.iter().map(|machine| machine.name.to_lowercase()).collect();
    let mut all = in_model;
    all.extend(
        shown.iter().filter(|machine| !known.contains(&machine.name.to_lowercase())).cloned(),
    );
    all.sort_by_key(|machine| machine.name.to_lowercase());
    all
}

fn machine(snapshot: &Snapshot, names: &Names) -> Outcome<Shown> {
    let (service, products) = objects(snapshot)?;
    Ok(Shown {
        host: Some(snapshot.host),
        name: names.host(snapshot.host)?.to_owned(),
        taken: snapshot.taken,
        service,
        products,
    })
}

/// The service object and the products of a snapshot. Faults when it is no JSON.
pub(super) fn objects(snapshot: &Snapshot) -> Outcome<(Option<Json>, Vec<Json>)> {
    let damaged = || Stop::Fault(anyhow::anyhow!("the store is damaged: a snapshot is no JSON"));
    let mut body: Json = serde_json::from_str(&snapshot.body).map_err(|_| damaged())?;
    let products = match body.get_mut("products").map(Json::take) {
        Some(Json::Array(products)) => products,
        _ => Vec::new(),
    };
    let service = body.get_mut("service").map(Json::take).filter(Json::is_object);
    Ok((service, products))
}

pub(super) fn number(object: &Json, member: &str) -> Option<u32> {
    u32::try_from(object.get(member)?.as_u64()?).ok()
}

impl Shown {
    pub(super) fn objects(&self) -> impl Iterator<Item = &Json> {
        self.service.iter().chain(&self.products)
    }

    /// Whether it is an active KMS host.
    #[must_use]
    pub fn is_host(&self) -> bool {
        self.objects().any(|object| number(object, "IsKeyManagementServiceMachine") == Some(1))
    }

    /// VLRenewalInterval, minutes.
    #[must_use]
    pub fn renewal(&self) -> Option<u32> {
        self.objects().find_map(|object| number(object, "VLRenewalInterval"))
    }

    /// KeyManagementServiceCurrentCount by pool: that of the host products, else that of the service for Windows.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<Pool, u32> {
        let count = |object: &Json| {
            number(object, "KeyManagementServiceCurrentCount")
                .filter(|count| *count != NOT_APPLICABLE)
        };
        let mut counts = BTreeMap::new();
        if let Some(count) = self.service.as_ref().and_then(count) {
            counts.insert(Pool::Windows, count);
        }
        for product in &self.products {
            let application = product
                .get("ApplicationID")
                .and_then(Json::as_str)
                .and_then(|text| Uuid::try_parse(text).ok());
            if let (Some(application), Some(count)) = (application, count(product)) {
                counts.insert(Pool::of_application(application), count);
            }
        }
        counts
    }

    /// Name and LicenseStatus of its products with a KMS host key.
    pub fn host_products(&self) -> impl Iterator<Item = (String, u32)> {
        let text = |product: &Json, member: &str| {
            product.get(member).and_then(Json::as_str).unwrap_or_default().to_owned()
        };
        self.products.iter().filter_map(move |product| {
            let channel = ChannelWord::new(&text(product, "ProductKeyChannel"));
            let kind = channel.map_or_else(
                || Channel::of_description(&text(product, "Description")),
                ChannelWord::kind,
            );
            let in_use = !text(product, "PartialProductKey").is_empty();
            (kind == Channel::KmsHost && in_use)
                .then(|| Some((text(product, "Name"), number(product, "LicenseStatus")?)))
                .flatten()
        })
    }

    /// The hosts that its clients were told or found.
    pub fn named_hosts(&self) -> impl Iterator<Item = &str> {
        let members = ["KeyManagementServiceMachine", "DiscoveredKeyManagementServiceMachineName"];
        self.objects().flat_map(move |object| {
            members.into_iter().filter_map(move |member| object.get(member)?.as_str())
        })
    }

    /// LicenseStatus and reason of the product in use: the first with a partial key, else the first.
    #[must_use]
    pub fn license(&self) -> Option<(u32, Option<u32>)> {
        let in_use =
            |product: &&Json| product.get("PartialProductKey").is_some_and(Json::is_string);
        let product = self.products.iter().find(in_use).or_else(|| self.products.first())?;
        Some((number(product, "LicenseStatus")?, number(product, "LicenseStatusReason")))
    }
}

/// VLRenewalInterval that the reports go by: that of the newest host snapshot, else the longest of the modelled hosts, else 10080.
///
/// Of several modelled hosts the longest: a client counts as silent only when it missed what any host allowed.
#[must_use]
pub fn renewal(shown: &[Shown], in_model: &[Shown], host: Option<i64>) -> u32 {
    let hosts = |machines: &'_ [Shown]| -> Vec<(Timestamp, u32)> {
        machines
            .iter()
            .filter(|machine| machine.is_host() && wanted(machine, host))
            .filter_map(|machine| Some((machine.taken, machine.renewal()?)))
            .collect()
    };
    let newest = hosts(shown).into_iter().max_by_key(|(taken, _)| *taken);
    newest
        .or_else(|| hosts(in_model).into_iter().max())
        .map_or(RENEWAL_INTERVAL, |(_, renewal)| renewal)
}

fn wanted(machine: &Shown, host: Option<i64>) -> bool {
    host.is_none() || machine.host == host
}

/// Counts by pool of the newest host snapshots.
#[must_use]
pub fn counts(shown: &[Shown], host: Option<i64>) -> BTreeMap<Pool, u32> {
    let mut hosts: Vec<&Shown> =
        shown.iter().filter(|machine| machine.is_host() && wanted(machine, host)).collect();
    hosts.sort_by_key(|machine| machine.taken);
    hosts.into_iter().flat_map(Shown::counts).collect()
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Scratch;
    use super::{Shown, Which, in_model, newest, renewal};
    use crate::clock::Timestamp;
    use crate::kms::store::names::Names;
    use serde_json::json;

    fn snapshot(name: &str, taken: &str, renewal: u32, host: u32) -> Shown {
        let service = json!({"IsKeyManagementServiceMachine": host, "VLRenewalInterval": renewal});
        let taken = Timestamp::parse(taken).unwrap();
        Shown {
            host: Some(1),
            name: name.to_owned(),
            taken,
            service: Some(service),
            products: Vec::new(),
        }
    }

    #[test]
    fn the_renewal_is_that_of_the_newest_host_snapshot_else_of_a_modelled_host() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        scratch.add_host("kms2", "10.0.20348.1");
        scratch.add("pc", None);
        assert_eq!(
            scratch.call("kms1", "SetVLRenewalInterval", &[("RenewalInterval", "5040")]),
            ""
        );
        let now = scratch.now;
        let hosts = scratch.read(|read| {
            let names = Names::load(read)?;
            in_model(read, &names, Which::WithHostKey, now)
        });
        let names: Vec<&str> = hosts.iter().map(|host| host.name.as_str()).collect();
        assert_eq!(names, ["kms1", "kms2"]);
        assert!(hosts.iter().all(Shown::is_host));
        assert_eq!(renewal(&[], &hosts, None), 10_080);
        assert_eq!(renewal(&[], &hosts[..1], None), 5040);
        assert_eq!(renewal(&[], &[], None), 10_080);
        let shown = [
            snapshot("kms3", "2026-03-01T00:00:00Z", 20_160, 1),
            snapshot("kms4", "2026-02-01T00:00:00Z", 1440, 1),
            snapshot("pc", "2026-03-02T00:00:00Z", 60, 0),
        ];
        assert_eq!(renewal(&shown, &hosts, None), 20_160);
        assert_eq!(renewal(&shown, &hosts, Some(2)), 10_080, "that host has no snapshot");
    }

    #[test]
    fn the_model_of_a_machine_hides_its_snapshots() {
        let mut scratch = Scratch::new();
        scratch.add("KMS1", None);
        let now = scratch.now;
        let all = scratch.read(|read| {
            let names = Names::load(read)?;
            in_model(read, &names, Which::All, now)
        });
        let shown = [
            snapshot("kms1", "2026-03-01T00:00:00Z", 1440, 1),
            snapshot("a", "2026-03-01T00:00:00Z", 1440, 0),
        ];
        let names: Vec<String> =
            newest(all, &shown).into_iter().map(|machine| machine.name).collect();
        assert_eq!(names, ["a", "KMS1"]);
    }
}
