//! Key packs: one row each, below their server.

use super::parts::Detail;
use super::servers::SERVERS;
use crate::error::Outcome;
use crate::store::document::text;
use crate::store::{Put, Read, Row, Table, Tx, Value};
use crate::tslicense::model::{Filed, KeyPack, KeyPackId};

pub static KEY_PACKS: Table = Table {
    name: "tslicense_key_packs",
    key: 2,
    columns: &[
        "server",
        "key_pack_id",
        "key_pack_type",
        "product_type",
        "product_version_id",
        "total",
        "issued",
        "available",
        "expires_ms",
        "filed",
        "detail",
    ],
    object: "key pack",
    label: "key_pack_id",
    parent: Some(SERVERS.name),
};

fn select(rest: &str) -> String {
    format!("select {} from tslicense_key_packs {rest}", KEY_PACKS.columns.join(", "))
}

/// The packs of a server, in the order of their numbers.
pub fn of(read: &mut dyn Read, server: i64) -> Outcome<Vec<KeyPack>> {
    read.all(&select("where server = ?1 order by key_pack_id"), &[server.into()], pack)
}

/// The packs of whatever server whose first purchase number is that, with the number of the server's row.
pub fn under(read: &mut dyn Read, number: Filed) -> Outcome<Vec<(i64, KeyPack)>> {
    read.all(&select("where filed = ?1 order by server, key_pack_id"), &[number.0.into()], |row| {
        Ok((row.int(0)?, pack(row)?))
    })
}

/// Writes a pack.
pub fn save(tx: &mut dyn Tx, server: i64, pack: &KeyPack) -> Outcome<Put> {
    let filed = pack.purchase.as_ref().and_then(|purchase| purchase.numbers.first());
    let detail = text(&Detail::of(pack));
    let values: Vec<Value<'_>> = vec![
        server.into(),
        pack.id.0.into(),
        pack.key_pack_type.into(),
        pack.product.into(),
        pack.version.into(),
        pack.total.into(),
        pack.issued.into(),
        pack.available.into(),
        pack.expires.into(),
        filed.map(|number| number.0).into(),
        (&detail).into(),
    ];
    tx.put(&KEY_PACKS, &values)
}

/// Removes a pack; false when there is none of that number.
pub fn remove(tx: &mut dyn Tx, server: i64, id: KeyPackId) -> Outcome<bool> {
    tx.remove(&KEY_PACKS, &[server.into(), id.0.into()])
}

fn pack(row: &dyn Row) -> Outcome<KeyPack> {
    let detail: Detail = row.part(10)?;
    Ok(KeyPack {
        id: KeyPackId(row.number(1)?),
        description: detail.description,
        key_pack_type: row.number(2)?,
        product: row.number(3)?,
        version_name: detail.version_name,
        version: row.number(4)?,
        total: row.number(5)?,
        issued: row.number(6)?,
        available: row.number(7)?,
        expires: row.time(8)?,
        access_rights: detail.access_rights,
        type_and_model: detail.type_and_model,
        purchase: detail.purchase,
    })
}
