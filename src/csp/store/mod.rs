//! The domain's tables and all its SQL: rows to model and back, nothing else.

pub mod devices;
pub mod keys;
mod parts;
pub mod waiting;

use crate::store::Tables;

/// What the domain keeps.
pub static TABLES: Tables = Tables {
    objects: &[&devices::DEVICES, &keys::KEYS],
    loaded: &[],
    bulk: &[],
    others: &[],
    settle: |_, _| Ok(()),
    audit: |_| Ok(Vec::new()),
};
