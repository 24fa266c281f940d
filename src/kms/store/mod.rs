//! The domain's tables and all its SQL: rows to model and back, nothing else.

pub mod carried;
pub mod clients;
pub mod dns;
pub mod editions;
pub mod evidence;
mod gained;
mod host_choice;
pub mod instances;
pub mod log_sizes;
pub mod machines;
pub mod marks;
mod merging;
pub mod modelled;
pub mod names;
pub mod noted;
pub mod order;
mod packed;
pub mod pools;
pub mod products;
pub mod questions;
pub mod requests;
pub mod sequences;
pub mod snapshots;
pub mod totals;
pub mod units;

use crate::error::Outcome;
use crate::store::{Put, Read, Row, Table, Tables, Tx};

/// Instances: every machine that the model or the evidence knows.
pub static MACHINES: Table = Table {
    name: "kms_machines",
    key: 1,
    columns: &["id", "name"],
    object: "machine",
    label: "name",
    parent: None,
};

/// What the domain keeps.
pub static TABLES: Tables = Tables {
    objects: &[
        &MACHINES,
        &machines::MODELS,
        &products::PRODUCTS,
        &products::SERVES,
        &carried::CARRIED,
        &pools::POOLS,
        &pools::CACHE,
        &marks::LICENSES,
        &marks::LEDGER,
        &marks::FAULTS,
        &editions::EDITIONS,
    ],
    loaded: &[],
    bulk: &["kms_requests", "kms_events", "kms_snapshots", "kms_dns", "kms_log_sizes"],
    others: &[
        "kms_hosts",
        "kms_clients",
        "kms_skus",
        "kms_totals",
        "kms_coverage",
        "kms_sequences",
        "kms_required",
    ],
    settle: totals::settle,
    audit: totals::audit,
};

/// The store's number for a machine; `None` when there is no such machine. Names compare without regard to case.
pub fn machine_id(read: &mut dyn Read, name: &str) -> Outcome<Option<i64>> {
    read.one("select id from kms_machines where name = ?1", &[name.into()], |row| row.int(0))
}

/// Makes an instance unless there is one of that name; whether it was made.
pub fn make_machine(tx: &mut dyn Tx, name: &str) -> Outcome<bool> {
    if machine_id(tx, name)?.is_some() {
        return Ok(false);
    }
    let next = tx
        .reading()
        .one("select coalesce(max(id), 0) + 1 from kms_machines", &[], |row| row.int(0))?
        .unwrap_or(1);
    Ok(tx.put(&MACHINES, &[next.into(), name.into()])? == Put::Added)
}

/// What a column holds, made into a type of the model; a value that the type cannot hold is a fault that names the column.
fn made<T, H: std::fmt::Display + Copy>(
    row: &dyn Row,
    column: usize,
    held: Option<H>,
    make: impl Fn(H) -> Option<T>,
) -> Outcome<Option<T>> {
    held.map(|held| make(held).ok_or_else(|| row.wrong(column, held))).transpose()
}

/// A number of a column made into a type of the model; null is none.
fn number<T>(row: &dyn Row, column: usize, make: impl Fn(u32) -> Option<T>) -> Outcome<Option<T>> {
    made(row, column, row.number_or_null(column)?, make)
}
