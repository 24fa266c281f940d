//! The domain's tables and all its SQL: rows to model and back, nothing else.

pub mod events;
pub mod evidence;
pub mod failures;
pub mod history;
pub mod hosts;
pub mod issued;
pub mod lists;
pub mod migrations;
pub mod packs;
mod parts;
pub mod reports;
pub mod servers;
pub mod sharing;
pub mod users;

use crate::store::Tables;

/// What the domain keeps.
pub static TABLES: Tables = Tables {
    objects: &[
        &servers::SERVERS,
        &packs::KEY_PACKS,
        &events::EVENTS,
        &issued::ISSUED,
        &lists::LISTS,
        &lists::CLEARED,
        &users::USERS,
        &hosts::HOSTS,
        &failures::FAILURES,
        &history::HISTORY,
        &migrations::MIGRATIONS,
        &reports::REPORTS,
    ],
    loaded: &[],
    bulk: &[evidence::EVIDENCE, reports::ENTRIES],
    others: &[],
    settle: |_, _| Ok(()),
    audit: evidence::audit,
};
