//! Licenses per user: one row each, below their server.

use super::servers::SERVERS;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Flow, Put, Read, Row, Table, Tx, Value};
use crate::tslicense::model::{KeyPackId, UserLicense};

pub static USERS: Table = Table {
    name: "tslicense_users",
    key: 2,
    columns: &["server", "name", "key_pack_id", "version", "first_ms", "expires_ms"],
    object: "user license",
    label: "name",
    parent: Some(SERVERS.name),
};

fn select(rest: &str) -> String {
    format!("select {} from tslicense_users {rest}", USERS.columns.join(", "))
}

/// Hands out the live licenses of a server, in the order of the users.
pub fn each(
    read: &mut dyn Read,
    server: i64,
    now: Timestamp,
    found: &mut dyn FnMut(UserLicense) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = select("where server = ?1 and expires_ms > ?2 order by name");
    read.each(&sql, &[server.into(), now.into()], &mut |row| found(license(row)?))
}

/// What a license with the number of its server is handed to.
pub type EachName<'f> = dyn FnMut(i64, UserLicense) -> Outcome<Flow> + 'f;

/// Hands out the live licenses of all servers, in the order of the users.
pub fn each_name(read: &mut dyn Read, now: Timestamp, found: &mut EachName<'_>) -> Outcome<()> {
    let sql = select("where expires_ms > ?1 order by name, server");
    read.each(&sql, &[now.into()], &mut |row| found(row.int(0)?, license(row)?))
}

/// Whether a server has any license.
pub fn any(read: &mut dyn Read, server: i64) -> Outcome<bool> {
    let sql = "select 1 from tslicense_users where server = ?1 limit 1";
    Ok(read.one(sql, &[server.into()], |row| row.int(0))?.is_some())
}

/// The license of a user, without regard to case.
pub fn find(read: &mut dyn Read, server: i64, user: &str) -> Outcome<Option<UserLicense>> {
    read.one(&select("where server = ?1 and name = ?2"), &[server.into(), user.into()], license)
}

/// The licenses of a user on every server, without regard to case.
pub fn of_name(read: &mut dyn Read, user: &str) -> Outcome<Vec<UserLicense>> {
    read.all(&select("where name = ?1 order by server"), &[user.into()], license)
}

/// The licenses that have expired and were not swept yet.
pub fn expired(read: &mut dyn Read, server: i64, now: Timestamp) -> Outcome<Vec<UserLicense>> {
    let sql = select("where server = ?1 and expires_ms <= ?2");
    read.all(&sql, &[server.into(), now.into()], license)
}

/// How many licenses of each pack have expired and still count as issued.
pub fn expired_by_pack(
    read: &mut dyn Read,
    server: i64,
    now: Timestamp,
) -> Outcome<Vec<(KeyPackId, i64)>> {
    let sql = "select key_pack_id, count(*) from tslicense_users
               where server = ?1 and expires_ms <= ?2 group by key_pack_id";
    read.all(sql, &[server.into(), now.into()], |row| Ok((KeyPackId(row.number(0)?), row.int(1)?)))
}

/// Every license of a server.
pub fn all(read: &mut dyn Read, server: i64) -> Outcome<Vec<UserLicense>> {
    read.all(&select("where server = ?1"), &[server.into()], license)
}

/// Writes a license.
pub fn save(tx: &mut dyn Tx, server: i64, user: &UserLicense) -> Outcome<Put> {
    let values: [Value<'_>; 6] = [
        server.into(),
        (&user.user).into(),
        user.pack.0.into(),
        user.version.into(),
        user.first.into(),
        user.expires.into(),
    ];
    tx.put(&USERS, &values)
}

/// Removes a license; false when there is none of that user.
pub fn remove(tx: &mut dyn Tx, server: i64, user: &str) -> Outcome<bool> {
    tx.remove(&USERS, &[server.into(), user.into()])
}

fn license(row: &dyn Row) -> Outcome<UserLicense> {
    Ok(UserLicense {
        user: row.text(1)?.to_owned(),
        pack: KeyPackId(row.number(2)?),
        version: row.number(3)?,
        first: row.time(4)?,
        expires: row.time(5)?,
    })
}
