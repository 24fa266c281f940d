//! The enumerations of the API. They are strings on the wire, without numbers.

/// An enumeration: its type and its words.
#[derive(Debug)]
pub struct Enumeration {
    pub name: &'static str,
    pub words: &'static [Word],
}

/// A word of an enumeration; VI 2.x license keys are listed without a sentence.
#[derive(Debug)]
pub struct Word {
    pub word: &'static str,
    pub doc: &'static str,
}

const fn word(word: &'static str, doc: &'static str) -> Word {
    Word { word, doc }
}

/// Every enumeration that mentions licenses, complete; of `HostDisconnectedEventReasonCode` the words about licenses.
pub static ENUMERATIONS: &[Enumeration] = &[
    Enumeration {
        name: "LicenseAssignmentFailedReason",
        words: &[
            word("keyEntityMismatch", "License and entity are not compatible."),
            word("downgradeDisallowed", "The license lacks features in use."),
            word(
                "inventoryNotManageableByVirtualCenter",
                "The inventory has hosts that vCenter can manage only in evaluation.",
            ),
            word(
                "hostsUnmanageableByVirtualCenterWithoutLicenseServer",
                "Hosts need a license server unless vCenter is in evaluation.",
            ),
        ],
    },
    Enumeration {
        name: "ThirdPartyLicenseAssignmentFailedReason",
        words: &[
            word("licenseAssignmentFailed", "The assignment failed."),
            word("moduleNotInstalled", "The module is not installed."),
        ],
    },
    Enumeration {
        name: "LicenseFeatureInfoUnit",
        words: &[
            word("host", "One license per host."),
            word("cpuCore", "One license per CPU core."),
            word("cpuPackage", "One license per CPU package."),
            word("server", "One license per server."),
            word("vm", "One license per virtual machine."),
        ],
    },
    Enumeration {
        name: "LicenseFeatureInfoState",
        words: &[
            word("enabled", "The feature is enabled."),
            word("disabled", "The feature is disabled."),
            word("optional", "The feature can be enabled."),
        ],
    },
    Enumeration {
        name: "LicenseFeatureInfoSourceRestriction",
        words: &[
            word("unrestricted", "From any source."),
            word("served", "From a license server."),
            word("file", "From a file."),
        ],
    },
    Enumeration {
        name: "LicenseReservationInfoState",
        words: &[
            word("notUsed", "Not in use."),
            word("noLicense", "In use without a license."),
            word("unlicensedUse", "Used without being licensed."),
            word("licensed", "Licensed."),
        ],
    },
    Enumeration {
        name: "LicenseManagerState",
        words: &[
            word("initializing", "Starting."),
            word("normal", "Working."),
            word("marginal", "Working with errors."),
            word("fault", "Not working."),
        ],
    },
    Enumeration {
        name: "LicenseManagerLicenseKey",
        words: &[
            word("esxFull", ""),
            word("esxVmtn", ""),
            word("esxExpress", ""),
            word("san", ""),
            word("iscsi", ""),
            word("nas", ""),
            word("vsmp", ""),
            word("backup", ""),
            word("vc", ""),
            word("vcExpress", ""),
            word("esxHost", ""),
            word("gsxHost", ""),
            word("serverHost", ""),
            word("drsPower", ""),
            word("vmotion", ""),
            word("drs", ""),
            word("das", ""),
        ],
    },
    Enumeration {
        name: "HostLicensableResourceKey",
        words: &[
            word("numCpuPackages", "CPU packages."),
            word("numCpuCores", "CPU cores that are licensed."),
            word("memorySize", "Installed memory, in KB."),
            word("memoryForVms", "Memory configured for virtual machines, in KB."),
            word("numVmsStarted", "Virtual machines that run."),
            word("numVmsStarting", "Virtual machines that start."),
            word("vsanCapacity", "Capacity claimed by vSAN, in TiB; since 8.0.3.0."),
        ],
    },
    Enumeration {
        name: "HostDisconnectedEventReasonCode",
        words: &[
            word("licenseExpired", "The license of the host expired."),
            word("insufficientLicenses", "There are not enough licenses."),
            word("vcVRAMCapacityExceeded", "The memory of the license is exceeded."),
        ],
    },
];

/// The reason that assigning to a vCenter, or to one of its hosts, fails with when the editions do not go together.
pub const INVENTORY_NOT_MANAGEABLE: &str = "inventoryNotManageableByVirtualCenter";
