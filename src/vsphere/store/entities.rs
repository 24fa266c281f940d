//! Entities, in the order in which they came; the instance's own is the first.

use super::{keys, parts::Detail};
use crate::error::Outcome;
use crate::store::document::text;
use crate::store::{Flow, Put, Read, Row, Table, Tx, Value};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::key::veiled;

/// Entities of an instance by their place.
pub static ENTITIES: Table = Table {
    name: "vsphere_entities",
    key: 2,
    columns: &[
        "vcenter",
        "id",
        "entity_id",
        "kind",
        "name",
        "parent",
        "path",
        "assigned",
        "detail",
    ],
    object: "asset",
    label: "entity_id",
    parent: Some("vsphere_vcenters"),
};

/// A column behind `+` is no way to rows: an inventory is long, the entities of one name are few, and the engine cannot know.
fn select(rest: &str) -> String {
    format!("select {} from vsphere_entities {rest}", ENTITIES.columns.join(", "))
}

/// The entity of that entityId, exactly, but for keys within it, which no row holds.
pub fn find(read: &mut dyn Read, vcenter: i64, entity_id: &str) -> Outcome<Option<Entity>> {
    let sql = select("where vcenter = ?1 and entity_id = ?2");
    read.one(&sql, &[vcenter.into(), veiled(entity_id).as_ref().into()], entity)
}

/// The entity of that number.
pub fn load(read: &mut dyn Read, vcenter: i64, id: i64) -> Outcome<Option<Entity>> {
    let sql = select("where vcenter = ?1 and id = ?2");
    read.one(&sql, &[vcenter.into(), id.into()], entity)
}

/// The entities of that display name.
pub fn called(read: &mut dyn Read, vcenter: i64, name: &str) -> Outcome<Vec<Entity>> {
    read.all(
        &select("where +vcenter = ?1 and name = ?2 order by id"),
        &[vcenter.into(), veiled(name).as_ref().into()],
        entity,
    )
}

/// The entities at that inventory path. Paths have no index: they are rare beside names.
pub fn at_path(read: &mut dyn Read, vcenter: i64, path: &str) -> Outcome<Vec<Entity>> {
    read.all(
        &select("where vcenter = ?1 and path = ?2 order by id"),
        &[vcenter.into(), veiled(path).as_ref().into()],
        entity,
    )
}

/// The hosts of a cluster.
pub fn members(read: &mut dyn Read, vcenter: i64, cluster: &str) -> Outcome<Vec<Entity>> {
    let sql = select("where +vcenter = ?1 and parent = ?2 and kind = 'host' order by id");
    read.all(&sql, &[vcenter.into(), cluster.into()], entity)
}

/// Hands out the entities of an instance: the vCenter first, then as they came.
pub fn each(
    read: &mut dyn Read,
    vcenter: i64,
    found: &mut dyn FnMut(Entity) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = select("where vcenter = ?1 order by id");
    read.each(&sql, &[vcenter.into()], &mut |row| found(entity(row)?))
}

/// Every entity of an instance.
pub fn all(read: &mut dyn Read, vcenter: i64) -> Outcome<Vec<Entity>> {
    let mut entities = Vec::new();
    each(read, vcenter, &mut |entity| {
        entities.push(entity);
        Ok(Flow::Continue(()))
    })?;
    Ok(entities)
}

/// The display names and ids that begin with what was typed, for a completion.
pub fn names_from(
    read: &mut dyn Read,
    vcenter: i64,
    typed: &str,
    limit: usize,
) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for (column, vcenter_of) in [("name", "+vcenter"), ("entity_id", "vcenter")] {
        let sql = format!(
            "select {column} from vsphere_entities where {vcenter_of} = ?1 and {column} >= ?2 order by {column}"
        );
        read.each(&sql, &[vcenter.into(), typed.into()], &mut |row| {
            let name = row.text(0)?;
            if names.len() >= limit || !name.starts_with(typed) {
                return Ok(Flow::Break(()));
            }
            names.push(name.to_owned());
            Ok(Flow::Continue(()))
        })?;
    }
    Ok(names)
}

/// Writes an entity; a new one gets the next place. Returns it as it is stored.
pub fn save(tx: &mut dyn Tx, vcenter: i64, entity: &Entity) -> Outcome<(Entity, Put)> {
    let mut entity = entity.clone();
    // Names are for people: the history shall not hold a key that one of them has.
    entity.veil();
    if let Some(key) = &entity.host_key {
        entity.host_key = Some(keys::keep(tx, key)?);
    }
    if entity.id == 0 {
        entity.id = next(tx.reading(), vcenter)?;
    }
    let detail = text(&Detail::of(&entity));
    let values: [Value<'_>; 9] = [
        vcenter.into(),
        entity.id.into(),
        (&entity.entity_id).into(),
        entity.kind.word().into(),
        entity.name.as_deref().into(),
        entity.parent.as_deref().into(),
        entity.path.as_deref().into(),
        entity.assigned.into(),
        (&detail).into(),
    ];
    let put = tx.put(&ENTITIES, &values)?;
    Ok((entity, put))
}

/// Removes an entity; its assignments are removed before.
pub fn remove(tx: &mut dyn Tx, vcenter: i64, id: i64) -> Outcome<bool> {
    tx.remove(&ENTITIES, &[vcenter.into(), id.into()])
}

fn next(read: &mut dyn Read, vcenter: i64) -> Outcome<i64> {
    let sql = "select id + 1 from vsphere_entities where vcenter = ?1 order by id desc limit 1";
    Ok(read.one(sql, &[vcenter.into()], |row| row.int(0))?.unwrap_or(1))
}

fn entity(row: &dyn Row) -> Outcome<Entity> {
    let kind = row.text(3)?;
    let kind = EntityKind::named(kind).ok_or_else(|| row.wrong(3, kind))?;
    let mut entity = Entity::new(row.text(2)?, kind);
    row.part::<Detail>(8)?.put(&mut entity);
    entity.id = row.int(1)?;
    entity.name = row.text_or_null(4)?.map(str::to_owned);
    entity.parent = row.text_or_null(5)?.map(str::to_owned);
    entity.path = row.text_or_null(6)?.map(str::to_owned);
    entity.assigned = row.number(7)?;
    Ok(entity)
}
