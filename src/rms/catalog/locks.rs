//! Locking criteria: the bits of `lockingCrit`, of the local request criteria and of lock selectors.

use super::documents::{DEVELOPER, LICENSE_INFO};
use crate::catalog::{Source, assumed, stated};

/// One criterion.
#[derive(Debug)]
pub struct Criterion {
    pub bit: u32,
    /// Without the prefix `SNTL_LOCK_`.
    pub name: &'static str,
    /// What of a machine it is, as a phrase.
    pub what: &'static str,
    /// Whether only documents of the LSAPI era know it.
    pub legacy: bool,
    pub source: Source,
}

const fn criterion(bit: u32, name: &'static str, what: &'static str) -> Criterion {
    let source = stated(&LICENSE_INFO, "License Locking Information, lockingCrit");
    Criterion { bit, name, what, legacy: false, source }
}

const fn legacy(bit: u32, name: &'static str, what: &'static str) -> Criterion {
    let source = assumed(&DEVELOPER, "known from older kits; the page does not list it");
    Criterion { bit, name, what, legacy: true, source }
}

/// Every criterion, lowest bit first.
pub static CRITERIA: [Criterion; 14] = [
    criterion(0x1, "ID_PROM", "processor serial or ID PROM"),
    criterion(0x2, "IP_ADDR", "IP address"),
    criterion(0x4, "DISK_ID", "disk volume id"),
    criterion(0x8, "HOSTNAME", "host name"),
    criterion(0x10, "ETHERNET", "Ethernet address"),
    legacy(0x20, "NW_IPX", "network IPX address"),
    legacy(0x40, "NW_SERIAL", "network serial"),
    criterion(0x80, "PORTABLE_SERV", "Computer ID key"),
    criterion(0x100, "CUSTOM", "standard custom criterion"),
    legacy(0x200, "CPU", "CPU id"),
    criterion(0x400, "CUSTOMEX", "extended custom criterion"),
    criterion(0x800, "HARD_DISK_SERIAL", "hard disk serial"),
    criterion(0x1000, "CPU_INFO", "CPU information"),
    criterion(0x2000, "UUID", "UUID"),
];

/// What stands between the mask and the opaque tail of a locking code.
pub const CODE_SEPARATOR: &str = "-*";

/// What `serverLockingInfo` holds when there is no server lock.
pub const NO_SERVER_LOCK: &str = "$$$0$$$";
