//! The editions that a user imported.

use super::made;
use crate::error::Outcome;
use crate::kms::catalog::skus::Pool;
use crate::kms::model::{Editions, OwnEdition};
use crate::store::{Put, Read, Table, Tx};

pub static EDITIONS: Table = Table {
    name: "kms_editions",
    key: 1,
    columns: &["activation", "name", "pool", "required"],
    object: "edition",
    label: "name",
    parent: None,
};

/// Every edition that is known: the built-in ones, and those that are stored.
pub fn all(read: &mut dyn Read) -> Outcome<Editions> {
    // Every question asks, and next to nobody imported any.
    if !read.is_laid(EDITIONS.name)? {
        return Ok(Editions::new(Vec::new()));
    }
    let sql = "select activation, name, pool, required from kms_editions order by activation";
    let own = read.all(sql, &[], |row| {
        let pool = made(row, 2, Some(row.text(2)?), |word: &str| {
            Pool::ALL.into_iter().find(|pool| pool.word() == word)
        })?;
        Ok(OwnEdition {
            activation: row.guid(0)?,
            name: row.text(1)?.to_owned(),
            pool: pool.unwrap_or(Pool::Unknown),
            required: row.number(3)?,
        })
    })?;
    Ok(Editions::new(own))
}

/// Keeps an edition; what was kept of its Activation ID before is replaced.
pub fn save(tx: &mut dyn Tx, own: &OwnEdition) -> Outcome<Put> {
    let row =
        [(&own.activation).into(), (&own.name).into(), own.pool.word().into(), own.required.into()];
    tx.put(&EDITIONS, &row)
}
