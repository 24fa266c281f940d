//! Issued licenses per device: one row each, below their server.

use super::servers::SERVERS;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Flow, Put, Read, Row, Table, Tx, Value};
use crate::tslicense::model::issued::{computer_key, hardware_key};
use crate::tslicense::model::{Issued, KeyPackId, LicenseId, Stage};

pub static ISSUED: Table = Table {
    name: "tslicense_issued",
    key: 3,
    columns: &[
        "server",
        "license_id",
        "key_pack_id",
        "status",
        "stage",
        "issued_ms",
        "expires_ms",
        "hardware",
        "hardware_key",
        "computer",
        "computer_key",
        "user",
    ],
    object: "issued license",
    label: "computer",
    parent: Some(SERVERS.name),
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The name without its DNS suffix, in any case.
    pub computer: Option<String>,
    pub status: Option<u32>,
    pub expires_before: Option<Timestamp>,
}

fn select(rest: &str) -> String {
    format!("select {} from tslicense_issued {rest}", ISSUED.columns.join(", "))
}

/// Hands out the live licenses of a server, in the order of their numbers.
pub fn each(
    read: &mut dyn Read,
    server: i64,
    wanted: &Wanted,
    now: Timestamp,
    found: &mut dyn FnMut(Issued) -> Outcome<Flow>,
) -> Outcome<()> {
    let computer = wanted.computer.as_deref().map(computer_key);
    let sql = select(
        "where server = ?1 and stage < 2 and expires_ms > ?2 and (?3 is null or computer_key = ?3)
         and (?4 is null or status = ?4) and (?5 is null or expires_ms < ?5) order by license_id, key_pack_id",
    );
    let values: [Value<'_>; 5] = [
        server.into(),
        now.into(),
        computer.as_deref().into(),
        wanted.status.into(),
        wanted.expires_before.into(),
    ];
    read.each(&sql, &values, &mut |row| found(issued(row)?))
}

/// Hands out the live licenses of a server in the order of computers, and of hardware within one.
pub fn by_computer(
    read: &mut dyn Read,
    server: i64,
    now: Timestamp,
    found: &mut dyn FnMut(Issued) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = select(
        "where server = ?1 and stage < 2 and expires_ms > ?2 order by computer_key, license_id",
    );
    read.each(&sql, &[server.into(), now.into()], &mut |row| found(issued(row)?))
}

/// Hands out the live licenses of a server in the order of hardware.
pub fn by_hardware(
    read: &mut dyn Read,
    server: i64,
    now: Timestamp,
    found: &mut dyn FnMut(Issued) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = select(
        "where server = ?1 and stage < 2 and expires_ms > ?2 order by hardware_key, license_id",
    );
    read.each(&sql, &[server.into(), now.into()], &mut |row| found(issued(row)?))
}

/// What a license with the number of its server and what its hardware is compared by is handed to.
pub type EachHardware<'f> = dyn FnMut(i64, &str, &Issued) -> Outcome<Flow> + 'f;

/// Hands out the live licenses of one server, or of all, in the order of hardware.
pub fn each_hardware(
    read: &mut dyn Read,
    server: Option<i64>,
    now: Timestamp,
    found: &mut EachHardware<'_>,
) -> Outcome<()> {
    let sql = select(
        "where stage < 2 and expires_ms > ?1 and (?2 is null or server = ?2) order by hardware_key, server",
    );
    read.each(&sql, &[now.into(), server.into()], &mut |row| {
        found(row.int(0)?, row.text(8)?, &issued(row)?)
    })
}

/// Whether a server has any license.
pub fn any(read: &mut dyn Read, server: i64) -> Outcome<bool> {
    let sql = "select 1 from tslicense_issued where server = ?1 limit 1";
    Ok(read.one(sql, &[server.into()], |row| row.int(0))?.is_some())
}

/// The licenses of that number, live or not; a server has one, an import may tell of several.
pub fn numbered(read: &mut dyn Read, server: i64, id: LicenseId) -> Outcome<Vec<Issued>> {
    let sql = select("where server = ?1 and license_id = ?2 and stage < 2 order by key_pack_id");
    read.all(&sql, &[server.into(), id.0.into()], issued)
}

/// Everything that is kept of one device, spent temporaries too.
pub fn of_device(read: &mut dyn Read, server: i64, hardware: &str) -> Outcome<Vec<Issued>> {
    let key = hardware_key(hardware);
    let sql = select("where server = ?1 and hardware_key = ?2 order by license_id, key_pack_id");
    read.all(&sql, &[server.into(), (&key).into()], issued)
}

/// The licenses that have expired and were not swept yet.
pub fn expired(read: &mut dyn Read, server: i64, now: Timestamp) -> Outcome<Vec<Issued>> {
    let sql = select(
        "where server = ?1 and stage < 2 and expires_ms <= ?2 order by license_id, key_pack_id",
    );
    read.all(&sql, &[server.into(), now.into()], issued)
}

/// How many licenses of each pack have expired and still count as issued.
pub fn expired_by_pack(
    read: &mut dyn Read,
    server: i64,
    now: Timestamp,
) -> Outcome<Vec<(KeyPackId, i64)>> {
    let sql = "select key_pack_id, count(*) from tslicense_issued
               where server = ?1 and stage < 2 and expires_ms <= ?2 and status <> 4 group by key_pack_id";
    read.all(sql, &[server.into(), now.into()], |row| Ok((KeyPackId(row.number(0)?), row.int(1)?)))
}

/// The ends of the revoked licenses of a pack that still take a place, the earliest first.
pub fn revoked(
    read: &mut dyn Read,
    server: i64,
    pack: KeyPackId,
    now: Timestamp,
) -> Outcome<Vec<Timestamp>> {
    let sql = "select expires_ms from tslicense_issued
               where server = ?1 and key_pack_id = ?2 and status = 4 and expires_ms > ?3 order by expires_ms";
    read.all(sql, &[server.into(), pack.0.into(), now.into()], |row| row.time(0))
}

/// The licenses of a pack.
pub fn of_pack(read: &mut dyn Read, server: i64, pack: KeyPackId) -> Outcome<Vec<Issued>> {
    let sql = select("where server = ?1 and key_pack_id = ?2");
    read.all(&sql, &[server.into(), pack.0.into()], issued)
}

/// Every license of a server.
pub fn all(read: &mut dyn Read, server: i64) -> Outcome<Vec<Issued>> {
    read.all(&select("where server = ?1"), &[server.into()], issued)
}

/// Writes a license.
pub fn save(tx: &mut dyn Tx, server: i64, license: &Issued) -> Outcome<Put> {
    let (hardware, computer) = (hardware_key(&license.hardware), computer_key(&license.computer));
    let values: Vec<Value<'_>> = vec![
        server.into(),
        license.id.0.into(),
        license.pack.0.into(),
        license.status.into(),
        license.stage.number().into(),
        license.issued.into(),
        license.expires.into(),
        (&license.hardware).into(),
        (&hardware).into(),
        (&license.computer).into(),
        (&computer).into(),
        (&license.user).into(),
    ];
    tx.put(&ISSUED, &values)
}

/// Removes a license; false when there is none of that number.
pub fn remove(tx: &mut dyn Tx, server: i64, license: &Issued) -> Outcome<bool> {
    tx.remove(&ISSUED, &[server.into(), license.id.0.into(), license.pack.0.into()])
}

fn issued(row: &dyn Row) -> Outcome<Issued> {
    let stage: u32 = row.number(4)?;
    Ok(Issued {
        id: LicenseId(row.number(1)?),
        pack: KeyPackId(row.number(2)?),
        status: row.number(3)?,
        stage: Stage::numbered(stage).ok_or_else(|| row.wrong(4, stage))?,
        issued: row.time(5)?,
        expires: row.time(6)?,
        hardware: row.text(7)?.to_owned(),
        computer: row.text(9)?.to_owned(),
        user: row.text(11)?.to_owned(),
    })
}
