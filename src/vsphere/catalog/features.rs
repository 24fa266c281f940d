//! Feature keys and their display names, as dumps of hosts show them. A catalogue or a license may say other names.

/// A feature: its key, with the level that it was seen with, and its name.
#[derive(Debug)]
pub struct Feature {
    pub key: &'static str,
    pub name: &'static str,
}

const fn feature(key: &'static str, name: &'static str) -> Feature {
    Feature { key, name }
}

/// Features seen on ESX 4.x to `ESXi` 6.0 and vCenter; the level behind the colon is that of the license where it was seen.
pub static FEATURES: &[Feature] = &[
    feature("vsmp:0", "Unlimited virtual SMP"),
    feature("h264remote", "H.264 for Remote Console Connections"),
    feature("esxHost", "vCenter agent for VMware host"),
    feature("vimapi", "vSphere API"),
    feature("vstorage", "Storage APIs"),
    feature("vmsafe", "VMsafe"),
    feature("vmotion", "vSphere vMotion"),
    feature("xswitchvmotion", "X-Switch vMotion"),
    feature("das", "vSphere HA"),
    feature("dr", "vSphere Data Protection"),
    feature("endpoint", "vShield Endpoint"),
    feature("replication", "vSphere Replication"),
    feature("vshield", "vShield Zones"),
    feature("hotplug", "Hot-Pluggable virtual HW"),
    feature("svmotion", "vSphere Storage vMotion"),
    feature("smartcard", "Shared Smart Card Reader"),
    feature("ft:4", "vSphere FT (up to 4 virtual CPUs)"),
    feature("vvolumes", "Virtual Volumes"),
    feature("storageawarenessapi", "APIs for Storage Awareness"),
    feature("spbm", "Storage-Policy Based Management"),
    feature("drs", "vSphere DRS"),
    feature("serialuri:2", "Remote virtual Serial Port Concentrator"),
    feature("mpio", "MPIO / Third-Party Multi-Pathing"),
    feature("vaai", "vSphere Storage APIs for Array Integration"),
    feature("bigdataex", "Big Data Extensions"),
    feature("rem", "Reliable Memory"),
    feature("dvs", "vSphere Distributed Switch"),
    feature("hostprofile", "vSphere Host Profiles"),
    feature("autodeploy", "vSphere Auto Deploy"),
    feature("sriov", "SR-IOV"),
    feature("sioshares", "vSphere Storage I/O Control"),
    feature("dpvmotion", "Direct Path vMotion"),
    feature("storagedrs", "vSphere Storage DRS"),
    feature("metrovmotion", "vSphere vMotion Metro"),
    feature("viewaccel", "vSphere View Accelerator"),
    feature("appha", "vSphere App HA"),
    feature("vflash", "vSphere Flash Read Cache"),
    feature("contentlib", "Content Library"),
    feature("xvcvmotion", "Cross Virtual Center vMotion"),
    feature("vgpu", "vGPU"),
    feature("maxRAM:256g", "Up to 256 GB of memory"),
    feature("vsmp:4", "Up to 4-way virtual SMP"),
    feature("vsmp:8", "Up to 8-way virtual SMP"),
    feature("vpxStd", "vCenter Server Standard"),
    feature("linkedvc", "Linked vCenter Server"),
];

/// The display name of a feature; `None` when no dump shows it.
#[must_use]
pub fn name(key: &str) -> Option<&'static str> {
    let bare = |key: &str| key.split(':').next().unwrap_or_default().to_owned();
    let exact = FEATURES.iter().find(|feature| feature.key == key);
    let near = || FEATURES.iter().find(|feature| bare(feature.key) == bare(key));
    exact.or_else(near).map(|feature| feature.name)
}
