//! The domain's tables and all its SQL: rows to model and back, nothing else.

pub mod features;
pub mod licenses;
mod parts;
pub mod servers;
pub mod table;

use crate::store::Tables;

/// What the domain keeps.
pub static TABLES: Tables = Tables {
    objects: &[&servers::SERVERS, &features::FEATURES, &licenses::LICENSES],
    bulk: &[],
    others: &[],
    settle: |_, _| Ok(()),
    audit: |_| Ok(Vec::new()),
};
