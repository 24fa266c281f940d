//! The history of the store's layout: an ordered list of steps. A landed step is never edited.

/// One step; its number is its position, counted from 1, and the `user_version` of a store that has it.
#[derive(Debug)]
pub struct Step {
    pub what: &'static str,
    pub sql: &'static str,
}

/// Every step from an empty file to the present layout.
pub static STEPS: &[Step] = &[
    Step { what: "history of changes", sql: include_str!("schema/001-spine.sql") },
    Step { what: "kms: machines, products, evidence", sql: include_str!("schema/002-kms.sql") },
    Step { what: "secrets by number", sql: include_str!("schema/003-secrets.sql") },
    Step { what: "csp: devices, key catalogue", sql: include_str!("schema/004-csp.sql") },
    Step {
        what: "tslicense: servers, key packs, events",
        sql: include_str!("schema/005-tslicense.sql"),
    },
    Step {
        what: "vsphere: vCenters, licences, entities, assignments",
        sql: include_str!("schema/006-vsphere.sql"),
    },
    Step { what: "rms: servers, features, licences", sql: include_str!("schema/007-rms.sql") },
    Step {
        what: "kms: imported editions, DNS records, sizes of logs",
        sql: include_str!("schema/008-kms-more.sql"),
    },
    Step { what: "snapshots", sql: include_str!("schema/009-snapshots.sql") },
];

/// Marks the file as a store of licctl: `licc`.
pub const APPLICATION_ID: i64 = 0x6C69_6363;

/// The layout that this build reads and writes.
#[must_use]
pub fn present() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}
