//! The domain's tables and all its SQL: rows to model and back, nothing else.

pub mod features;
pub mod groups;
pub mod licenses;
mod parts;
pub mod servers;
pub mod sessions;
pub mod table;
pub mod tables;
pub mod trials;
pub mod usage;
mod written;

use crate::store::Tables;

/// What the domain keeps.
pub static TABLES: Tables = Tables {
    objects: &[
        &servers::SERVERS,
        &tables::TABLES,
        &licenses::LICENSES,
        &sessions::SESSIONS,
        &sessions::COUNTS,
        &groups::GROUPS,
        &groups::ACCOUNTS,
        &trials::TRIALS,
        &trials::GRACES,
    ],
    loaded: &[licenses::LOADED],
    bulk: &["rms_loaded", "rms_hashes", "rms_loads", "rms_usage"],
    others: &["rms_features", "rms_managers", "rms_counters"],
    settle: |_, _| Ok(()),
    audit: sessions::audit,
};
