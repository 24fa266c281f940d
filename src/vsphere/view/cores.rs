//! The cores that hosts need, under the names of the vendor's own counting script.

use crate::output::{Cell, Column, Fit, Look, View, column};
use crate::vsphere::report::cores::{ClusterCapacity, Cores, HostCores};
use schemars::JsonSchema;
use serde::Serialize;

/// A host; or the total of all, which has no figures of a host.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct HostCoresView {
    cluster: Option<String>,
    #[serde(rename = "VMHOST")]
    host: String,
    num_cpu_sockets: Option<u32>,
    /// Of the largest package.
    num_cpu_cores_per_socket: Option<u32>,
    /// Null: the processors are not known.
    foundation_license_core_count: Option<u64>,
    /// TiB of vSAN capacity to which its cores entitle; null: not asked, or not known.
    vsan_license_tib_count: Option<f64>,
    #[serde(rename = "entityId")]
    entity_id: String,
    /// Cores of each package.
    #[serde(rename = "packages")]
    packages: Vec<u32>,
    /// Why it counts nothing.
    #[serde(rename = "excluded")]
    excluded: Option<&'static str>,
}

impl HostCoresView {
    fn new(host: &HostCores<'_>, gib_per_core: Option<u32>) -> Self {
        let processors = &host.entity.processors;
        let largest = processors.packages.iter().max().copied();
        let gib = gib_per_core.zip(host.units).map(|(gib, units)| u64::from(gib) * units);
        Self {
            cluster: host.cluster.map(str::to_owned),
            host: host.entity.called().to_owned(),
            entity_id: host.entity.entity_id.clone(),
            num_cpu_sockets: processors.number(),
            num_cpu_cores_per_socket: largest,
            packages: processors.packages.clone(),
            foundation_license_core_count: host.units,
            vsan_license_tib_count: gib.map(tebibytes),
            excluded: host.excluded,
        }
    }
}

/// GiB as TiB; exact, for a TiB is a power of two of them.
fn tebibytes(gib: u64) -> f64 {
    u32::try_from(gib).map_or(f64::INFINITY, f64::from) / 1024.0
}

impl View for HostCoresView {
    const SCHEMA: &'static str = "licctl.vsphere.host-cores/1";
    const COLUMNS: &'static [Column] = &[
        column("CLUSTER", "CLUSTER", Fit::Elide),
        column("VMHOST", "VMHOST", Fit::Elide),
        column("SOCKETS", "NUM_CPU_SOCKETS", Fit::Number),
        column("CORES", "NUM_CPU_CORES_PER_SOCKET", Fit::Number),
        column("UNITS", "FOUNDATION_LICENSE_CORE_COUNT", Fit::Number),
        column("TIB", "VSAN_LICENSE_TIB_COUNT", Fit::Number),
        column("EXCLUDED", "excluded", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let figure = |figure: Option<u32>| super::number(figure.map(i64::from));
        let units = self.foundation_license_core_count;
        let tebibytes = self.vsan_license_tib_count;
        vec![
            self.cluster.clone().unwrap_or_default().into(),
            self.host.clone().into(),
            figure(self.num_cpu_sockets).into(),
            figure(self.num_cpu_cores_per_socket).into(),
            units.map_or_else(|| "?".to_owned(), |units| units.to_string()).into(),
            tebibytes.map_or_else(String::new, |tebibytes| tebibytes.to_string()).into(),
            self.excluded.unwrap_or_default().into(),
        ]
    }

    fn name(&self) -> String {
        self.entity_id.clone()
    }
}

/// The vSAN capacity that a cluster claims.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct ClusterView {
    /// Null: hosts without a cluster.
    cluster: Option<String>,
    /// TiB, a begun one counts whole.
    required_vsan_tib_capacity: u64,
}

impl From<&ClusterCapacity<'_>> for ClusterView {
    fn from(held: &ClusterCapacity<'_>) -> Self {
        Self { cluster: held.cluster.map(str::to_owned), required_vsan_tib_capacity: held.required }
    }
}

/// All hosts together, beside what there is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TotalView {
    #[serde(rename = "FOUNDATION_LICENSE_CORE_COUNT")]
    need: u64,
    /// Units of core licenses that have not expired.
    owned_cores: u64,
    shortfall: u64,
    /// Units to order, in packs and at least the minimum.
    order: u64,
    /// Units that the same hosts take in `cpuPackage:32core`.
    cpu_packages: u64,
    /// Null: no suite was named.
    entitled_tib: Option<f64>,
    required_tib: u64,
    /// TiB to buy besides, over all clusters; negative: a surplus.
    add_on_tib: Option<i64>,
}

/// How many units a move to licenses by cores needs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoresView {
    min_per_cpu: u32,
    pub hosts: Vec<HostCoresView>,
    clusters: Vec<ClusterView>,
    total: TotalView,
    /// Whether the processors of every host are known.
    complete: bool,
}

impl CoresView {
    #[must_use]
    pub fn new(answer: &Cores<'_>, min_per_cpu: u32, gib_per_core: Option<u32>) -> Self {
        let hosts = answer.hosts.iter().map(|host| HostCoresView::new(host, gib_per_core));
        Self {
            min_per_cpu,
            hosts: hosts.collect(),
            clusters: answer.clusters.iter().map(ClusterView::from).collect(),
            total: TotalView {
                need: answer.need,
                owned_cores: answer.owned,
                shortfall: answer.shortfall,
                order: answer.order,
                cpu_packages: answer.packages,
                entitled_tib: answer.vsan.map(|vsan| tebibytes(vsan.entitled)),
                required_tib: answer.required,
                add_on_tib: answer.vsan.map(|vsan| vsan.add_on),
            },
            complete: answer.complete,
        }
    }

    /// The last row of the table, as the script prints it.
    #[must_use]
    pub fn total_row(&self) -> HostCoresView {
        HostCoresView {
            cluster: Some("Total".to_owned()),
            host: String::new(),
            num_cpu_sockets: None,
            num_cpu_cores_per_socket: None,
            foundation_license_core_count: Some(self.total.need),
            vsan_license_tib_count: self.total.entitled_tib,
            entity_id: String::new(),
            packages: Vec::new(),
            excluded: None,
        }
    }

    /// What it comes to, in sentences.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let total = &self.total;
        let partial = if self.complete { "" } else { ", not counting unknown hosts" };
        let mut told = vec![format!(
            "{} cores needed{partial}, {} owned, {} short; order {}; in cpuPackage:32core {} units",
            total.need, total.owned_cores, total.shortfall, total.order, total.cpu_packages
        )];
        if let (Some(entitled), Some(add_on)) = (total.entitled_tib, total.add_on_tib) {
            let rest = if add_on > 0 {
                format!("{add_on} TiB to buy besides")
            } else {
                format!("a surplus of {} TiB", -add_on)
            };
            told.push(format!(
                "vSAN: {entitled} TiB entitled, {} required, {rest}",
                total.required_tib
            ));
        }
        told
    }
}

impl View for CoresView {
    const SCHEMA: &'static str = "licctl.vsphere.cores/1";
    const COLUMNS: &'static [Column] = &[
        column("HOSTS", "hosts", Fit::Number),
        column("CORES", "total.FOUNDATION_LICENSE_CORE_COUNT", Fit::Number),
        column("OWNED", "total.ownedCores", Fit::Number),
        column("SHORTFALL", "total.shortfall", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let total = &self.total;
        vec![
            self.hosts.len().to_string().into(),
            total.need.to_string().into(),
            total.owned_cores.to_string().into(),
            total.shortfall.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.total.need.to_string()
    }
}
