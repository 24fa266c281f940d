//! Instances: one row each.

use crate::error::Outcome;
use crate::store::document::text;
use crate::store::{Flow, Put, Read, Row, Table, Tx};
use crate::vsphere::model::vcenter::{ApiType, Vcenter};

/// The instances of the domain.
pub static VCENTERS: Table = Table {
    name: "vsphere_vcenters",
    key: 1,
    columns: &["id", "name", "uuid", "api_type", "version", "settings", "left_out"],
    object: "vcenter",
    label: "name",
    parent: None,
};

fn select(rest: &str) -> String {
    format!("select {} from vsphere_vcenters {rest}", VCENTERS.columns.join(", "))
}

/// The instance of that name, without regard to case.
pub fn find(read: &mut dyn Read, name: &str) -> Outcome<Option<Vcenter>> {
    read.one(&select("where name = ?1"), &[name.into()], vcenter)
}

/// The instance of that number.
pub fn load(read: &mut dyn Read, id: i64) -> Outcome<Option<Vcenter>> {
    read.one(&select("where id = ?1"), &[id.into()], vcenter)
}

/// The instance with that instanceUuid, without regard to case.
pub fn with_uuid(read: &mut dyn Read, uuid: &str) -> Outcome<Option<Vcenter>> {
    read.one(&select("where uuid = ?1"), &[uuid.into()], vcenter)
}

/// Hands out every instance, in the order of the names.
pub fn each(read: &mut dyn Read, found: &mut dyn FnMut(Vcenter) -> Outcome<Flow>) -> Outcome<()> {
    read.each(&select("order by name"), &[], &mut |row| found(vcenter(row)?))
}

/// Writes an instance; a new one gets the next number.
pub fn save(tx: &mut dyn Tx, vcenter: &Vcenter) -> Outcome<(i64, Put)> {
    let id = match vcenter.id {
        0 => next(tx.reading())?,
        id => id,
    };
    let (settings, left_out) = (text(&vcenter.settings), text(&vcenter.left_out));
    let put = tx.put(
        &VCENTERS,
        &[
            id.into(),
            (&vcenter.name).into(),
            vcenter.uuid.as_deref().into(),
            vcenter.api_type.word().into(),
            (&vcenter.version).into(),
            (&settings).into(),
            (&left_out).into(),
        ],
    )?;
    Ok((id, put))
}

/// Removes an instance; its rows in other tables are removed before.
pub fn remove(tx: &mut dyn Tx, id: i64) -> Outcome<bool> {
    tx.remove(&VCENTERS, &[id.into()])
}

/// How much an instance holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub licenses: u64,
    pub entities: u64,
    pub assignments: u64,
}

/// Counts what an instance holds.
pub fn counts(read: &mut dyn Read, id: i64) -> Outcome<Counts> {
    let sql = "select (select count(*) from vsphere_licenses where vcenter = ?1), \
               (select count(*) from vsphere_entities where vcenter = ?1), \
               (select count(*) from vsphere_assignments where vcenter = ?1)";
    let counts = read.one(sql, &[id.into()], |row| {
        Ok(Counts {
            licenses: row.number(0)?,
            entities: row.number(1)?,
            assignments: row.number(2)?,
        })
    })?;
    Ok(counts.unwrap_or_default())
}

/// The other vCenters of its group, in the order of their numbers; none when it is in no group.
pub fn linked(read: &mut dyn Read, id: i64) -> Outcome<Vec<i64>> {
    let sql = "select b.id from vsphere_vcenters a join vsphere_vcenters b on b.id <> a.id \
               and json_extract(b.settings, '$.linked') = json_extract(a.settings, '$.linked') \
               where a.id = ?1 order by b.id";
    read.all(sql, &[id.into()], |row| row.int(0))
}

fn next(read: &mut dyn Read) -> Outcome<i64> {
    let sql = "select coalesce(max(id), 0) + 1 from vsphere_vcenters";
    Ok(read.one(sql, &[], |row| row.int(0))?.unwrap_or(1))
}

fn vcenter(row: &dyn Row) -> Outcome<Vcenter> {
    let api_type = row.text(3)?;
    Ok(Vcenter {
        id: row.int(0)?,
        name: row.text(1)?.to_owned(),
        uuid: row.text_or_null(2)?.map(str::to_owned),
        api_type: ApiType::named(api_type).ok_or_else(|| row.wrong(3, api_type))?,
        version: row.text(4)?.to_owned(),
        settings: row.part(5)?,
        left_out: row.part(6)?,
    })
}
