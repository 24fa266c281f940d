//! The domain's tables and all its SQL: rows to model and back, nothing else.

pub mod events;
pub mod issued;
pub mod packs;
mod parts;
pub mod servers;
pub mod users;

use crate::store::Tables;

/// What the domain keeps.
pub static TABLES: Tables = Tables {
    objects: &[
        &servers::SERVERS,
        &packs::KEY_PACKS,
        &events::EVENTS,
        &issued::ISSUED,
        &users::USERS,
    ],
    bulk: &[],
    others: &[],
    settle: |_, _| Ok(()),
    audit: |_| Ok(Vec::new()),
};
