//! Who holds which license; the rows of one license lie together.

use super::keys;
use super::parts::{Held, Properties};
use crate::error::Outcome;
use crate::store::document::text;
use crate::store::{Put, Read, Row, Table, Tx, Value};
use crate::vsphere::model::assignment::Assignment;
use crate::vsphere::model::entity::Connection;
use crate::vsphere::model::license::Taken;
use crate::vsphere::model::value::each_text;
use crate::vsphere::rules::assign::HostEdition;

/// Assignments by license and entity. What they depend on is the license; the row of an entity counts its assignments itself.
pub static ASSIGNMENTS: Table = Table {
    name: "vsphere_assignments",
    key: 3,
    columns: &["vcenter", "license", "entity", "slot", "cost", "detail"],
    object: "assignment",
    label: "slot",
    parent: Some("vsphere_licenses"),
};

/// A column behind `+` is no way to rows: an inventory is long, what one entity holds is short, and the engine cannot know.
fn select(rest: &str) -> String {
    format!("select {} from vsphere_assignments {rest}", ASSIGNMENTS.columns.join(", "))
}

/// The assignments of an entity, its own product first.
pub fn of_entity(read: &mut dyn Read, vcenter: i64, entity: i64) -> Outcome<Vec<Assignment>> {
    let sql = select(
        "where +vcenter = ?1 and entity = ?2 order by slot <> 'VMware ESX Server' and slot <> 'VMware VirtualCenter Server', slot",
    );
    let found = read.all(&sql, &[vcenter.into(), entity.into()], assignment)?;
    whole(read, found)
}

/// The assignments of a license, in the order of the entities.
pub fn of_license(read: &mut dyn Read, vcenter: i64, license: i64) -> Outcome<Vec<Assignment>> {
    let sql = select("where vcenter = ?1 and license = ?2 order by entity");
    let found = read.all(&sql, &[vcenter.into(), license.into()], assignment)?;
    whole(read, found)
}

/// Every assignment of an instance, in the order of the entities.
pub fn all(read: &mut dyn Read, vcenter: i64) -> Outcome<Vec<Assignment>> {
    let sql = select(
        "where vcenter = ?1 order by entity, slot <> 'VMware ESX Server' and slot <> 'VMware VirtualCenter Server', slot",
    );
    let found = read.all(&sql, &[vcenter.into()], assignment)?;
    whole(read, found)
}

/// What is taken of one license: the sum of its assignments.
pub fn taken(read: &mut dyn Read, vcenter: i64, license: i64) -> Outcome<Taken> {
    let sql = "select coalesce(sum(cost), 0), count(*), count(*) - count(cost) from vsphere_assignments \
               where vcenter = ?1 and license = ?2";
    let taken = read.one(sql, &[vcenter.into(), license.into()], |row| {
        Ok(Taken { units: row.int(0)?, assignments: row.int(1)?, unknown: row.int(2)? })
    })?;
    Ok(taken.unwrap_or_default())
}

/// The editions of the hosts of an inventory; a host without an assignment has none.
pub fn host_editions(read: &mut dyn Read, vcenter: i64) -> Outcome<Vec<HostEdition>> {
    let sql = "select coalesce(l.edition_key, ''), json_extract(e.detail, '$.connection') from vsphere_entities e \
               left join vsphere_assignments a on +a.vcenter = e.vcenter and a.entity = e.id and a.slot = 'VMware ESX Server' \
               left join vsphere_licenses l on l.vcenter = a.vcenter and l.id = a.license \
               where e.vcenter = ?1 and e.kind = 'host' order by e.id";
    read.all(sql, &[vcenter.into()], |row| {
        let connection = row.text(1)?;
        Ok(HostEdition {
            edition_key: row.text(0)?.to_owned(),
            connection: Connection::named(connection).ok_or_else(|| row.wrong(1, connection))?,
        })
    })
}

/// Writes an assignment.
pub fn save(tx: &mut dyn Tx, vcenter: i64, held: &Assignment) -> Outcome<Put> {
    let mut properties = keys::keep_embedded(tx, &held.properties)?;
    each_text(&mut properties, &mut |text| keys::keep_text(tx, text))?;
    let properties = Properties(properties);
    let detail = text(&Held { reported_cost: held.reported_cost, since: held.since, properties });
    let values: [Value<'_>; 6] = [
        vcenter.into(),
        held.license.into(),
        held.entity.into(),
        (&held.slot).into(),
        held.cost.into(),
        (&detail).into(),
    ];
    tx.put(&ASSIGNMENTS, &values)
}

/// Removes an assignment; false when there is none.
pub fn remove(tx: &mut dyn Tx, vcenter: i64, license: i64, entity: i64) -> Outcome<bool> {
    tx.remove(&ASSIGNMENTS, &[vcenter.into(), license.into(), entity.into()])
}

/// The assignments with the keys in the texts of their properties.
fn whole(read: &mut dyn Read, mut found: Vec<Assignment>) -> Outcome<Vec<Assignment>> {
    for held in &mut found {
        each_text(&mut held.properties, &mut |text| keys::read_text(read, text))?;
    }
    Ok(found)
}

fn assignment(row: &dyn Row) -> Outcome<Assignment> {
    let held = row.part::<Held>(5)?;
    Ok(Assignment {
        license: row.int(1)?,
        entity: row.int(2)?,
        slot: row.text(3)?.to_owned(),
        cost: row.int_or_null(4)?,
        reported_cost: held.reported_cost,
        since: held.since,
        properties: held.properties.0,
    })
}
