//! Machines and their products, shortly.

use super::Guid;
use crate::clock::Timestamp;
use crate::kms::catalog::enumerations::LicenseStatus;
use crate::kms::catalog::service::NOT_APPLICABLE;
use crate::kms::model::{ChannelWord, HostPool, Product, Rearm, Role, State};
use crate::kms::ops::machines::{Held, Known};
use crate::kms::rules::{host, life, roles};
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use schemars::JsonSchema;
use serde::Serialize;

/// A machine in one line.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MachineView {
    name: String,
    #[serde(rename = "Version")]
    version: String,
    /// `V60` to `V10`.
    profile: &'static str,
    /// `client`, `host-unactivated`, `host-active`.
    role: &'static str,
    /// Of the primary Windows product; null without one.
    #[serde(rename = "LicenseStatus")]
    license_status: Option<u32>,
    #[serde(rename = "GracePeriodRemaining")]
    grace_period_remaining: Option<u32>,
    /// Of the Windows pool; 4294967295 when it is no host, or nobody asked yet.
    #[serde(rename = "KeyManagementServiceCurrentCount")]
    current_count: u32,
    #[serde(rename = "IsVirtualMachine")]
    virtual_machine: bool,
    /// Whence it is known: `model`, `snapshot`, `logs`.
    known: &'static str,
    /// When the snapshot was taken; null in the model.
    taken: Option<Timestamp>,
}

/// A status in words.
fn status(number: Option<u32>) -> Cell {
    let Some(status) = number.and_then(LicenseStatus::from_number) else {
        return Cell::toned("-", Tone::Faint);
    };
    let tone = match status {
        LicenseStatus::Licensed => Tone::Good,
        LicenseStatus::Unlicensed | LicenseStatus::Notification => Tone::Bad,
        _ => Tone::Warning,
    };
    Cell::toned(format!("{} {}", status.number(), status.state().named.name), tone)
}

fn count(number: u32) -> String {
    if number == NOT_APPLICABLE { "-1".to_owned() } else { number.to_string() }
}

fn or_dash<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

impl MachineView {
    #[must_use]
    pub fn new(held: &Held, pools: &[HostPool], now: Timestamp) -> Self {
        let State { machine, products } = &held.state;
        let role = roles::role(products, now);
        let primary = roles::primary(products, now).ok().flatten();
        let license = primary.map(|product| life::at(product.license, now));
        let windows = pools.iter().find(|pool| pool.pool.word() == "windows");
        let count =
            windows.filter(|_| role == Role::HostActive).and_then(|pool| host::count(pool, now));
        Self {
            name: machine.name.clone(),
            version: machine.version.clone(),
            profile: machine.profile().word(),
            role: role.word(),
            license_status: license.map(|license| license.status.number()),
            grace_period_remaining: license.map(|license| license.minutes_left(now)),
            current_count: count.unwrap_or(NOT_APPLICABLE),
            virtual_machine: machine.virtual_machine,
            known: held.known.word(),
            taken: match &held.known {
                Known::Snapshot { taken, .. } => Some(*taken),
                Known::Model | Known::Name => None,
            },
        }
    }
}

impl View for MachineView {
    const SCHEMA: &'static str = "licctl.kms.machine/1";
    const COLUMNS: &'static [Column] = &[
        column("NAME", "name", Fit::Elide),
        column("VERSION", "Version", Fit::Spare),
        column("PROFILE", "profile", Fit::Keep),
        column("ROLE", "role", Fit::Keep),
        column("STATUS", "LicenseStatus", Fit::Keep),
        column("MINUTES", "GracePeriodRemaining", Fit::Number),
        column("COUNT", "KeyManagementServiceCurrentCount", Fit::Number),
        column("KNOWN", "known", Fit::Spare),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.name.clone().into(),
            self.version.clone().into(),
            self.profile.into(),
            self.role.into(),
            status(self.license_status),
            or_dash(self.grace_period_remaining).into(),
            count(self.current_count).into(),
            self.known.into(),
        ]
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

/// A product in one line.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ProductView {
    name: String,
    /// Null without a key.
    product_key_channel: Option<&'static str>,
    license_status: u32,
    license_status_reason: u32,
    /// Minutes.
    grace_period_remaining: u32,
    /// The last five characters; null when the licence is not in use.
    partial_product_key: Option<String>,
    #[serde(rename = "ID")]
    id: Guid,
    #[serde(rename = "ApplicationID")]
    application_id: Guid,
    description: String,
}

impl ProductView {
    #[must_use]
    pub fn new(product: &Product, now: Timestamp) -> Self {
        let license = life::at(product.license, now);
        Self {
            name: product.name.clone(),
            product_key_channel: product.channel.map(ChannelWord::as_str),
            license_status: license.status.number(),
            license_status_reason: license.reason,
            grace_period_remaining: license.minutes_left(now),
            partial_product_key: product.key.as_ref().map(|key| key.as_str().to_owned()),
            id: Guid(product.id),
            application_id: Guid(product.application),
            description: product.description.clone(),
        }
    }
}

impl View for ProductView {
    const SCHEMA: &'static str = "licctl.kms.product/1";
    const COLUMNS: &'static [Column] = &[
        column("NAME", "Name", Fit::Elide),
        column("CHANNEL", "ProductKeyChannel", Fit::Keep),
        column("STATUS", "LicenseStatus", Fit::Keep),
        column("MINUTES", "GracePeriodRemaining", Fit::Number),
        column("PARTIAL", "PartialProductKey", Fit::Keep),
        column("ID", "ID", Fit::Elide),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.name.clone().into(),
            or_dash(self.product_key_channel).into(),
            status(Some(self.license_status)),
            self.grace_period_remaining.to_string().into(),
            or_dash(self.partial_product_key.as_deref()).into(),
            self.id.0.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.id.0.to_string()
    }
}

/// What a host keeps of one pool.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PoolView {
    pool: &'static str,
    #[serde(rename = "KeyManagementServiceCurrentCount")]
    current_count: u32,
    #[serde(rename = "KeyManagementServiceTotalRequests")]
    total: u32,
    #[serde(rename = "KeyManagementServiceFailedRequests")]
    failed: u32,
    /// How many clients the cache keeps at most.
    limit: u32,
}

/// A machine with its products and pools.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MachineDetailView {
    #[serde(flatten)]
    machine: MachineView,
    #[serde(rename = "ClientMachineID")]
    client_machine_id: Guid,
    /// A rearm waits for the restart.
    rearm_pending: bool,
    #[serde(rename = "SkipRearm")]
    skip_rearm: bool,
    /// Whether a product key can be read in the registry.
    key_in_registry: bool,
    products: Vec<ProductView>,
    pools: Vec<PoolView>,
}

impl MachineDetailView {
    #[must_use]
    pub fn new(held: &Held, pools: &[HostPool], now: Timestamp) -> Self {
        let State { machine, products } = &held.state;
        let pool = |pool: &HostPool| PoolView {
            pool: pool.pool.word(),
            current_count: host::count(pool, now).unwrap_or(NOT_APPLICABLE),
            total: pool.counters.total,
            failed: pool.counters.failed,
            limit: pool.cache.limit,
        };
        Self {
            machine: MachineView::new(held, pools, now),
            client_machine_id: Guid(machine.service.client_machine_id),
            rearm_pending: machine.rearm == Rearm::Pending,
            skip_rearm: machine.skip_rearm,
            key_in_registry: machine.key_in_registry,
            products: products.iter().map(|product| ProductView::new(product, now)).collect(),
            pools: pools.iter().map(pool).collect(),
        }
    }
}

impl View for MachineDetailView {
    const SCHEMA: &'static str = "licctl.kms.machine.detail/1";
    const COLUMNS: &'static [Column] = MachineView::COLUMNS;

    fn cells(&self, look: &Look) -> Vec<Cell> {
        self.machine.cells(look)
    }

    fn name(&self) -> String {
        self.machine.name()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let heads = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        let mut lines: Vec<(String, Cell)> = heads.zip(self.cells(look)).collect();
        let yes_no = |flag| if flag { "yes" } else { "no" };
        lines.extend([
            ("CMID".to_owned(), self.client_machine_id.0.to_string().into()),
            ("VIRTUAL".to_owned(), yes_no(self.machine.virtual_machine).into()),
            ("REARM PENDING".to_owned(), yes_no(self.rearm_pending).into()),
            ("SKIP REARM".to_owned(), yes_no(self.skip_rearm).into()),
            ("KEY IN REGISTRY".to_owned(), yes_no(self.key_in_registry).into()),
        ]);
        for product in &self.products {
            let status = status(Some(product.license_status));
            let text = format!("{} ({})", product.name, status.text);
            lines.push(("PRODUCT".to_owned(), Cell::toned(text, status.tone)));
        }
        for pool in &self.pools {
            let text = format!(
                "{}: {} of at most {} counted, {} requests, {} failed",
                pool.pool,
                count(pool.current_count),
                pool.limit,
                pool.total,
                pool.failed
            );
            lines.push(("POOL".to_owned(), text.into()));
        }
        lines
    }
}
