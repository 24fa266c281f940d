//! License servers: one row each.

use super::evidence::last_server;
use super::parts::Known;
use crate::error::Outcome;
use crate::store::document::text;
use crate::store::{Put, Read, Row, Table, Tx, Value};
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::model::{Activation, KeyPackId, LicenseId, Server};

/// The instances of the domain.
pub static SERVERS: Table = Table {
    name: "tslicense_servers",
    key: 1,
    columns: &[
        "id",
        "name",
        "os",
        "activation",
        "license_server_id",
        "product_id",
        "joined",
        "reachable",
        "next_key_pack",
        "next_license",
        "aliases",
        "settings",
    ],
    object: "license server",
    label: "name",
    parent: None,
};

fn select(rest: &str) -> String {
    format!("select {} from tslicense_servers {rest}", SERVERS.columns.join(", "))
}

/// The server of that name, without regard to case, and its row's number.
pub fn find(read: &mut dyn Read, name: &str) -> Outcome<Option<(i64, Server)>> {
    read.one(&select("where name = ?1"), &[name.into()], server)
}

/// Every server with its row's number, in the order of the names; an estate has few.
pub fn all(read: &mut dyn Read) -> Outcome<Vec<(i64, Server)>> {
    read.all(&select("order by name"), &[], server)
}

/// Writes a server: a new one under the next number, which comes back.
pub fn save(tx: &mut dyn Tx, id: Option<i64>, server: &Server) -> Outcome<(i64, Put)> {
    let id = match id {
        Some(id) => id,
        None => next(tx.reading())?,
    };
    let (aliases, settings) = (text(&server.aliases), text(&Known::of(server)));
    let values: Vec<Value<'_>> = vec![
        id.into(),
        (&server.name).into(),
        server.os.map(Os::word).into(),
        server.activation.number().into(),
        server.license_server_id.as_deref().into(),
        server.product_id.as_deref().into(),
        server.joined.into(),
        server.reachable.into(),
        server.next_key_pack.0.into(),
        server.next_license.0.into(),
        (&aliases).into(),
        (&settings).into(),
    ];
    Ok((id, tx.put(&SERVERS, &values)?))
}

/// Removes a server; false when there is none of that number.
pub fn remove(tx: &mut dyn Tx, id: i64) -> Outcome<bool> {
    tx.remove(&SERVERS, &[id.into()])
}

/// The number that the next server gets.
pub fn next(read: &mut dyn Read) -> Outcome<i64> {
    let sql = "select coalesce(max(id), 0) from tslicense_servers";
    let last = read.one(sql, &[], |row| row.int(0))?.unwrap_or(0);
    // What was imported of a server that is gone stays under its number.
    Ok(last.max(last_server(read)?) + 1)
}

fn server(row: &dyn Row) -> Outcome<(i64, Server)> {
    let mut server = Server::unknown(row.text(1)?);
    let os = |word: &str| Os::named(word).ok_or_else(|| row.wrong(2, word));
    server.os = row.text_or_null(2)?.map(os).transpose()?;
    let activation: u32 = row.number(3)?;
    server.activation = Activation::numbered(activation).ok_or_else(|| row.wrong(3, activation))?;
    server.license_server_id = row.text_or_null(4)?.map(str::to_owned);
    server.product_id = row.text_or_null(5)?.map(str::to_owned);
    server.joined = match row.int_or_null(6)? {
        None => None,
        Some(_) => Some(row.flag(6)?),
    };
    server.reachable = row.flag(7)?;
    server.next_key_pack = KeyPackId(row.number(8)?);
    server.next_license = LicenseId(row.number(9)?);
    server.aliases = row.part(10)?;
    row.part::<Known>(11)?.put(&mut server);
    Ok((row.int(0)?, server))
}
