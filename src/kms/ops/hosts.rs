//! What the newest snapshots say: of hosts the intervals and counts that the reports need, of clients their state.

use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::kms::catalog::service::{NOT_APPLICABLE, RENEWAL_INTERVAL};
use crate::kms::catalog::skus::Pool;
use crate::kms::store::evidence::{self, Snapshot};
use crate::kms::store::names::Names;
use crate::store::Read;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A machine as its newest snapshot shows it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The store's number for it.
    pub host: i64,
    pub name: String,
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

fn machine(snapshot: &Snapshot, names: &Names) -> Outcome<Shown> {
    let damaged = || Stop::Fault(anyhow::anyhow!("the store is damaged: a snapshot is no JSON"));
    let mut body: Json = serde_json::from_str(&snapshot.body).map_err(|_| damaged())?;
    let products = match body.get_mut("products").map(Json::take) {
        Some(Json::Array(products)) => products,
        _ => Vec::new(),
    };
    let service = body.get_mut("service").map(Json::take).filter(Json::is_object);
    Ok(Shown {
        host: snapshot.host,
        name: names.host(snapshot.host)?.to_owned(),
        taken: snapshot.taken,
        service,
        products,
    })
}

fn number(object: &Json, member: &str) -> Option<u32> {
    u32::try_from(object.get(member)?.as_u64()?).ok()
}

impl Shown {
    fn objects(&self) -> impl Iterator<Item = &Json> {
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

/// VLRenewalInterval that the reports go by: that of the newest host snapshot, else 10080.
#[must_use]
pub fn renewal(shown: &[Shown], host: Option<i64>) -> u32 {
    let hosts = shown
        .iter()
        .filter(|machine| machine.is_host() && host.is_none_or(|host| machine.host == host));
    hosts.max_by_key(|machine| machine.taken).and_then(Shown::renewal).unwrap_or(RENEWAL_INTERVAL)
}

/// Counts by pool of the newest host snapshots.
#[must_use]
pub fn counts(shown: &[Shown], host: Option<i64>) -> BTreeMap<Pool, u32> {
    let mut hosts: Vec<&Shown> = shown
        .iter()
        .filter(|machine| machine.is_host() && host.is_none_or(|host| machine.host == host))
        .collect();
    hosts.sort_by_key(|machine| machine.taken);
    hosts.into_iter().flat_map(Shown::counts).collect()
}
