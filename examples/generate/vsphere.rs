//! The virtual machines of Contoso run on two vCenters: one at headquarters, of which govc printed everything, and one of the plant,
//! of which RVTools saved its sheets. A lone host of the laboratory shows its own license.
//!
//! Keys are made up and look it.

use crate::contoso::{File, file};
use std::fmt::Write as _;

const HEADQUARTERS: &str = "c0a80001-5150-4c1e-9d2f-000000000001";
const PLANT: &str = "c0a80002-5150-4c1e-9d2f-000000000002";

/// A license of an inventory.
struct License {
    key: &'static str,
    edition: &'static str,
    name: &'static str,
    unit: &'static str,
    product: &'static str,
    version: &'static str,
    total: u32,
    expires: Option<&'static str>,
    features: &'static [(&'static str, &'static str)],
    label: Option<&'static str>,
}

const HA: (&str, &str) = ("das", "vSphere HA");
const VMOTION: (&str, &str) = ("vmotion", "vSphere vMotion");
const DRS: (&str, &str) = ("drs", "vSphere DRS");
const DVS: (&str, &str) = ("dvs", "vSphere Distributed Switch");
const ESX: &str = "VMware ESX Server";

const ENTERPRISE: License = License {
    key: "EXAMP-LE000-00000-HQ000-ENTP1",
    edition: "esx.enterprisePlus.cpuPackageCoreLimited",
    name: "vSphere 8 Enterprise Plus",
    unit: "cpuPackage:32core",
    product: ESX,
    version: "8.0",
    total: 50,
    expires: None,
    features: &[HA, VMOTION, DRS, DVS],
    label: Some("production"),
};

const STANDARD: License = License {
    key: "EXAMP-LE000-00000-HQ000-STND1",
    edition: "esx.standard.cpuPackageCoreLimited",
    name: "vSphere 8 Standard",
    total: 24,
    // Within the ninety days that an audit looks ahead.
    expires: Some("2026-06-15T00:00:00Z"),
    features: &[HA, VMOTION],
    label: Some("development"),
    ..ENTERPRISE
};

/// Bought for hosts that never came.
const SPARE: License = License {
    key: "EXAMP-LE000-00000-HQ000-STND2",
    total: 16,
    expires: None,
    label: None,
    ..STANDARD
};

const MANAGER: License = License {
    key: "EXAMP-LE000-00000-HQ000-VCSA1",
    edition: "vc.standard.instance",
    name: "vCenter Server 8 Standard",
    unit: "server",
    product: "VMware VirtualCenter Server",
    total: 1,
    expires: None,
    features: &[],
    label: None,
    ..ENTERPRISE
};

const PLANT_ESX: License = License {
    key: "EXAMP-LE000-00000-PL000-STND7",
    edition: "esx.standard.cpuPackage",
    name: "vSphere 7 Standard",
    unit: "cpuPackage",
    version: "7.0",
    total: 40,
    expires: None,
    ..STANDARD
};

/// A host of headquarters.
struct Host {
    number: u32,
    cluster: &'static str,
    cores: u32,
    /// `None`: it evaluates.
    license: Option<&'static License>,
}

/// 26 hosts of production, 10 of development, 4 that evaluate; two hosts of development have the license of production.
fn hosts() -> Vec<Host> {
    (1..=40)
        .map(|number| match number {
            1..=26 => Host { number, cluster: "domain-c8", cores: 32, license: Some(&ENTERPRISE) },
            27..=34 => Host { number, cluster: "domain-c9", cores: 16, license: Some(&STANDARD) },
            35..=36 => Host { number, cluster: "domain-c9", cores: 16, license: Some(&ENTERPRISE) },
            _ => Host { number, cluster: "domain-c10", cores: 16, license: None },
        })
        .collect()
}

impl Host {
    fn name(&self) -> String {
        format!("hq-esx{:02}", self.number)
    }

    fn id(&self) -> String {
        format!("host-{}", 1000 + self.number)
    }
}

/// All files; their paths lie below the folder of the estate.
pub(crate) fn files() -> Vec<File> {
    let hosts = hosts();
    vec![
        file("vsphere/hq/about.json", about().into_bytes()),
        file("vsphere/hq/assigned.json", assigned(&hosts).into_bytes()),
        file("vsphere/hq/hosts.json", info(&hosts).into_bytes()),
        file("vsphere/hq/hq-esx07.txt", shell().into_bytes()),
        file("vsphere/hq/licenses.json", licenses(&hosts).into_bytes()),
        file("vsphere/lab-esx01/license.txt", evaluating().into_bytes()),
        file("vsphere/plant/RVTools_tabvHost.csv", plant_hosts().into_bytes()),
        file("vsphere/plant/RVTools_tabvLicense.csv", plant_licenses().into_bytes()),
    ]
}

/// `govc about -json`.
fn about() -> String {
    format!(
        "{{\"about\":{{\"name\":\"VMware vCenter Server\",\"vendor\":\"VMware, Inc.\",\"version\":\"8.0.3\",\"productLineId\":\"vpx\",\"apiType\":\"VirtualCenter\",\"instanceUuid\":\"{HEADQUARTERS}\",\"licenseProductName\":\"VMware VirtualCenter Server\",\"licenseProductVersion\":\"8.0\"}}}}\n"
    )
}

const EVALUATION: &str = "{\"licenseKey\":\"00000-00000-00000-00000-00000\",\"editionKey\":\"eval\",\"name\":\"Product Evaluation\",\"total\":0,\"costUnit\":\"\"}";

fn property(key: &str, value: &str) -> String {
    format!("{{\"key\":\"{key}\",\"value\":\"{value}\"}}")
}

fn license(held: &License, used: u32) -> String {
    let mut properties =
        vec![property("ProductName", held.product), property("ProductVersion", held.version)];
    for (key, name) in held.features {
        properties.push(format!("{{\"key\":\"feature\",\"value\":{}}}", property(key, name)));
    }
    if let Some(expires) = held.expires {
        properties.push(property("expirationDate", expires));
    }
    let used = if used > 0 { format!("\"used\":{used},") } else { String::new() };
    let label = held.label.map(|label| format!(",\"labels\":[{}]", property("team", label)));
    format!(
        "{{\"licenseKey\":\"{}\",\"editionKey\":\"{}\",\"name\":\"{}\",\"total\":{},{used}\"costUnit\":\"{}\",\"properties\":[{}]{}}}",
        held.key,
        held.edition,
        held.name,
        held.total,
        held.unit,
        properties.join(","),
        label.unwrap_or_default()
    )
}

/// Each host has two processors of at most 32 cores: two units.
fn used(hosts: &[Host], license: &License) -> u32 {
    let held = hosts.iter().filter(|host| host.license.is_some_and(|held| held.key == license.key));
    held.map(|_| 2).sum()
}

/// `govc license.ls -json`, in one line as older versions print it.
fn licenses(hosts: &[Host]) -> String {
    let of = |held: &License| license(held, used(hosts, held));
    format!(
        "[{EVALUATION},{},{},{},{}]\n",
        of(&ENTERPRISE),
        of(&STANDARD),
        of(&SPARE),
        license(&MANAGER, 1)
    )
}

/// `govc license.assigned.ls -json`.
fn assigned(hosts: &[Host]) -> String {
    let mut items = vec![format!(
        "{{\"entityId\":\"{HEADQUARTERS}\",\"entityDisplayName\":\"hq-vc.contoso.example\",\"assignedLicense\":{},\"properties\":[{},{{\"key\":\"entityCost\",\"value\":1}}]}}",
        license(&MANAGER, 1),
        property("ProductVersion", "8.0")
    )];
    for host in hosts {
        let (id, name) = (host.id(), host.name());
        let (copy, more) = match host.license {
            Some(held) => {
                let mut more = format!(
                    ",{{\"key\":\"entityCost\",\"value\":2}},{}",
                    property("CostUnit", held.unit)
                );
                if held.key == ENTERPRISE.key {
                    let (key, name) = DVS;
                    let _ = write!(
                        more,
                        ",{{\"key\":\"inUseFeatures\",\"value\":{}}}",
                        property(key, name)
                    );
                }
                (license(held, used(hosts, held)), more)
            }
            None => {
                let end = "2026-04-20T08:00:00Z";
                let left = property("expirationDate", end);
                (
                    EVALUATION.to_owned(),
                    format!(",{{\"key\":\"Evaluation\",\"value\":{{\"properties\":[{left}]}}}}"),
                )
            }
        };
        items.push(format!(
            "{{\"entityId\":\"{id}\",\"scope\":\"{HEADQUARTERS}\",\"entityDisplayName\":\"{name}\",\"assignedLicense\":{copy},\"properties\":[{}{more}]}}",
            property("ProductVersion", "8.0")
        ));
    }
    format!("[{}]\n", items.join(",\n"))
}

/// `govc host.info -json`, without what nobody counts.
fn info(hosts: &[Host]) -> String {
    let one = |host: &Host| {
        let cores = host.cores * 2;
        let state = if host.number == 26 { "notResponding" } else { "connected" };
        format!(
            "{{\"self\":{{\"type\":\"HostSystem\",\"value\":\"{}\"}},\"parent\":{{\"type\":\"ClusterComputeResource\",\"value\":\"{}\"}},\"name\":\"{}\",\"summary\":{{\"hardware\":{{\"model\":\"PowerEdge R750\",\"numCpuPkgs\":2,\"numCpuCores\":{cores},\"numCpuThreads\":{}}},\"runtime\":{{\"connectionState\":\"{state}\"}},\"config\":{{\"product\":{{\"version\":\"8.0.3\"}}}}}}}}",
            host.id(),
            host.cluster,
            host.name(),
            cores * 2
        )
    };
    let all: Vec<String> = hosts.iter().map(one).collect();
    format!("{{\"hostSystems\":[{}]}}\n", all.join(",\n"))
}

/// Somebody set a license on a host itself; its vCenter will override it.
fn shell() -> String {
    let held = &STANDARD;
    format!(
        "[root@hq-esx07:~] vim-cmd vimsvc/license --show\n[200] Sending request for installed licenses...[200] Complete, result is:\n   serial: {}\n   vmodl key: {}\n   name: {}\n   total: 0\n   used:  2\n   unit: {}\n   Properties:\n     [ProductName] = {}\n     [ProductVersion] = {}\n     [feature] = das (\"vSphere HA\")\n     [feature] = vmotion (\"vSphere vMotion\")\n\n[200] End of report.\n",
        held.key, held.edition, held.name, held.unit, held.product, held.version
    )
}

/// A lone host that evaluates: the end follows from the hours that are left.
fn evaluating() -> String {
    "[200] Sending request for installed licenses...[200] Complete, result is:\n   serial: 00000-00000-00000-00000-00000\n   vmodl key: eval\n   name: Evaluation Mode\n   total: 0\n   used:  0\n   unit: host\n   Properties:\n     [ProductName] = VMware ESX Server\n     [ProductVersion] = 8.0\n     [system_time] = 2026-03-30T12:00:00Z\n     [expirationHours] = 300\n     [expirationMinutes] = 17\n     [evaluation] = License has not been set, evaluation Period in effect.\n     [feature] = serialuri:2 (\"Remote virtual Serial Port Concentrator\")\n     [Localized] = <Not supported type for value: 0x1f2b8ce0>\n\n[200] End of report.\n"
        .to_owned()
}

/// The sheet vLicense of RVTools.
fn plant_licenses() -> String {
    format!(
        "Name,Key,Labels,Cost Unit,Total,Used,Expiration Date,Features,VI SDK Server,VI SDK UUID\r\n{},{},bought 2021,{},{},40,Never,\"vSphere HA, vSphere vMotion\",plant,{PLANT}\r\nEvaluation Mode,00000-00000-00000-00000-00000,,,0,0,Never,,plant,{PLANT}\r\n",
        PLANT_ESX.name, PLANT_ESX.key, PLANT_ESX.unit, PLANT_ESX.total
    )
}

/// The sheet vHost: 20 hosts, one of which an engineer upgraded on his own.
fn plant_hosts() -> String {
    let mut text = "Host,Datacenter,Cluster,CPU Model,# CPU,Cores per CPU,# Cores,Assigned License(s),ESX Version,Model,Object ID,VI SDK Server,VI SDK UUID\r\n".to_owned();
    for number in 1..=20_u32 {
        let version = if number == 20 { "8.0.2" } else { "7.0.3" };
        let cluster = if number <= 16 { "line" } else { "edge" };
        let _ = write!(
            text,
            "pl-esx{number:02},Plant,{cluster},Intel(R) Xeon(R) Silver 4314,2,16,32,{},VMware ESXi {version} build-20328353,ProLiant DL380,host-{},plant,{PLANT}\r\n",
            PLANT_ESX.key,
            20 + number
        );
    }
    text
}
