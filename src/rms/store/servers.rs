//! License Managers: one row each.

use super::parts::Controls;
use crate::error::Outcome;
use crate::rms::model::server::Server;
use crate::store::document::text;
use crate::store::{Flow, Put, Read, Row, Table, Tx, Value};

/// The instances of the domain.
pub static SERVERS: Table = Table {
    name: "rms_servers",
    key: 1,
    columns: &["id", "name", "running", "info", "controls"],
    object: "license manager",
    label: "name",
    parent: None,
};

fn select(rest: &str) -> String {
    format!("select {} from rms_servers {rest}", SERVERS.columns.join(", "))
}

/// The License Manager of that name, without regard to case, and its row's number.
pub fn find(read: &mut dyn Read, name: &str) -> Outcome<Option<(i64, Server)>> {
    read.one(&select("where name = ?1"), &[name.into()], numbered)
}

/// The License Manager of that number.
pub fn of_id(read: &mut dyn Read, id: i64) -> Outcome<Option<Server>> {
    let found = read.one(&select("where id = ?1"), &[id.into()], numbered)?;
    Ok(found.map(|(_, server)| server))
}

/// Hands out every License Manager, in the order of the names.
pub fn each(
    read: &mut dyn Read,
    found: &mut dyn FnMut(i64, Server) -> Outcome<Flow>,
) -> Outcome<()> {
    read.each(&select("order by name"), &[], &mut |row| {
        let (id, server) = numbered(row)?;
        found(id, server)
    })
}

/// Every License Manager; there are few.
pub fn all(read: &mut dyn Read) -> Outcome<Vec<(i64, Server)>> {
    read.all(&select("order by name"), &[], numbered)
}

/// Writes a License Manager, a new one under the next number; its number.
pub fn save(tx: &mut dyn Tx, id: Option<i64>, server: &Server) -> Outcome<(i64, Put)> {
    let id = match id {
        Some(id) => id,
        None => next(tx.reading())?,
    };
    let (info, controls) = (text(&server.info), text(&Controls::of(server)));
    let values: [Value<'_>; 5] = [
        id.into(),
        (&server.name).into(),
        server.running.into(),
        (&info).into(),
        (&controls).into(),
    ];
    Ok((id, tx.put(&SERVERS, &values)?))
}

/// Removes a License Manager; false when there is none of that number.
pub fn remove(tx: &mut dyn Tx, id: i64) -> Outcome<bool> {
    tx.remove(&SERVERS, &[id.into()])
}

/// The number of the next License Manager: one that neither a stored one has, nor one that an import is about to make.
pub fn next(read: &mut dyn Read) -> Outcome<i64> {
    let sql = "select max(coalesce((select max(id) from rms_servers), 0), \
               coalesce((select max(server) from rms_features), 0)) + 1";
    Ok(read.one(sql, &[], |row| row.int(0))?.unwrap_or(1))
}

fn numbered(row: &dyn Row) -> Outcome<(i64, Server)> {
    let mut server = Server::new(row.text(1)?);
    server.running = row.flag(2)?;
    server.info = row.part(3)?;
    row.part::<Controls>(4)?.put(&mut server);
    Ok((row.int(0)?, server))
}
