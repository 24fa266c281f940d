//! The inventory of licenses, in the order in which they came.

use super::parts::Properties;
use super::{assignments, keys, vcenters};
use crate::error::Outcome;
use crate::store::document::text;
use crate::store::{Flow, Put, Read, Row, Table, Tx, Value};
use crate::vsphere::model::key::Key;
use crate::vsphere::model::license::{License, Origin, Taken};
use std::collections::HashMap;

/// Licenses of an instance by their place; `key` is the number of a secret.
pub static LICENSES: Table = Table {
    name: "vsphere_licenses",
    key: 2,
    columns: &[
        "vcenter",
        "id",
        "key",
        "shown",
        "edition_key",
        "name",
        "total",
        "cost_unit",
        "reported_used",
        "source",
        "properties",
        "labels",
    ],
    object: "license",
    label: "shown",
    parent: Some("vsphere_vcenters"),
};

fn select(rest: &str) -> String {
    format!("select {} from vsphere_licenses {rest}", LICENSES.columns.join(", "))
}

/// The license of that number.
pub fn load(read: &mut dyn Read, vcenter: i64, id: i64) -> Outcome<Option<License>> {
    let sql = select("where vcenter = ?1 and id = ?2");
    let found = read.one(&sql, &[vcenter.into(), id.into()], license)?;
    whole(read, found)
}

/// The license with that key; of several evaluation licenses the first.
pub fn find(read: &mut dyn Read, vcenter: i64, key: &str) -> Outcome<Option<License>> {
    let Some(number) = keys::number(read, key)? else { return Ok(None) };
    let sql = select("where +vcenter = ?1 and key = ?2 order by id limit 1");
    let found = read.one(&sql, &[vcenter.into(), number.into()], license)?;
    Ok(whole(read, found)?.map(|license| {
        let key = license.key.clone().revealed(Some(key.to_owned()));
        License { key, ..license }
    }))
}

/// The license with that key and edition: evaluation licenses share one key.
pub fn find_edition(
    read: &mut dyn Read,
    vcenter: i64,
    key: &str,
    edition_key: &str,
) -> Outcome<Option<License>> {
    let Some(number) = keys::number(read, key)? else { return Ok(None) };
    let sql = select("where vcenter = ?1 and key = ?2 and edition_key = ?3");
    let found = read.one(&sql, &[vcenter.into(), number.into(), edition_key.into()], license)?;
    whole(read, found)
}

/// The license with the key of that number.
pub fn with_key(read: &mut dyn Read, vcenter: i64, key: i64) -> Outcome<Option<License>> {
    let sql = select("where +vcenter = ?1 and key = ?2 order by id limit 1");
    let found = read.one(&sql, &[vcenter.into(), key.into()], license)?;
    whole(read, found)
}

/// What another instance knows of a key; licenses taken on trust teach nothing.
pub fn learned(read: &mut dyn Read, vcenter: i64, key: &str) -> Outcome<Option<License>> {
    let Some(number) = keys::number(read, key)? else { return Ok(None) };
    let sql = select(
        "where key = ?2 and vcenter <> ?1 and edition_key <> '' and source <> 'entitlement' order by vcenter limit 1",
    );
    let found = read.one(&sql, &[vcenter.into(), number.into()], license)?;
    whole(read, found)
}

/// Every license of an instance with what is taken of it, in the order of the inventory.
pub fn all(read: &mut dyn Read, vcenter: i64) -> Outcome<Vec<(License, Taken)>> {
    let columns: Vec<String> =
        LICENSES.columns.iter().map(|column| format!("l.{column}")).collect();
    let sql = format!(
        "select {}, coalesce(t.units, 0), coalesce(t.held, 0), coalesce(t.unknown, 0) from vsphere_licenses l \
         left join (select license, sum(cost) units, count(*) held, count(*) - count(cost) unknown \
         from vsphere_assignments where vcenter = ?1 group by license) t on t.license = l.id \
         where l.vcenter = ?1 order by l.id",
        columns.join(", ")
    );
    let elsewhere = taken_elsewhere(read, vcenter)?;
    let mut found = read.all(&sql, &[vcenter.into()], |row| {
        let taken = Taken { units: row.int(12)?, assignments: row.int(13)?, unknown: row.int(14)? };
        let license = license(row)?;
        let more = license.key.number().and_then(|key| elsewhere.get(&key));
        Ok((license, more.map_or(taken, |more| taken.plus(*more))))
    })?;
    for (license, _) in &mut found {
        license.each_text(&mut |text| keys::read_text(read, text))?;
    }
    Ok(found)
}

/// The license with the keys in its texts.
fn whole(read: &mut dyn Read, found: Option<License>) -> Outcome<Option<License>> {
    let Some(mut license) = found else { return Ok(None) };
    license.each_text(&mut |text| keys::read_text(read, text))?;
    Ok(Some(license))
}

/// Every license of an instance, in the order of the inventory, without what is taken of it.
pub fn listed(read: &mut dyn Read, vcenter: i64) -> Outcome<Vec<License>> {
    let sql = select("where vcenter = ?1 order by id");
    let mut found = read.all(&sql, &[vcenter.into()], license)?;
    for license in &mut found {
        license.each_text(&mut |text| keys::read_text(read, text))?;
    }
    Ok(found)
}

/// What is taken of one license, by the other vCenters of a group too.
pub fn taken(read: &mut dyn Read, vcenter: i64, id: i64) -> Outcome<Taken> {
    let mut taken = assignments::taken(read, vcenter, id)?;
    for other in vcenters::linked(read, vcenter)? {
        let sql = "select b.id from vsphere_licenses a join vsphere_licenses b on b.key = a.key \
                   where a.vcenter = ?1 and a.id = ?2 and b.vcenter = ?3";
        let here = read.all(sql, &[vcenter.into(), id.into(), other.into()], |row| row.int(0))?;
        for id in here {
            taken = taken.plus(assignments::taken(read, other, id)?);
        }
    }
    Ok(taken)
}

/// What the other vCenters of a group take, by the number of the key.
fn taken_elsewhere(read: &mut dyn Read, vcenter: i64) -> Outcome<HashMap<i64, Taken>> {
    let mut sums: HashMap<i64, Taken> = HashMap::new();
    for other in vcenters::linked(read, vcenter)? {
        let sql = "select l.key, coalesce(sum(a.cost), 0), count(*), count(*) - count(a.cost) from vsphere_assignments a \
                   join vsphere_licenses l on l.vcenter = a.vcenter and l.id = a.license where a.vcenter = ?1 group by l.key";
        read.each(sql, &[other.into()], &mut |row| {
            let more = Taken { units: row.int(1)?, assignments: row.int(2)?, unknown: row.int(3)? };
            let held = sums.entry(row.int(0)?).or_default();
            *held = held.plus(more);
            Ok(Flow::Continue(()))
        })?;
    }
    Ok(sums)
}

/// Writes a license; a new one gets the next place. Returns it as it is stored.
pub fn save(tx: &mut dyn Tx, vcenter: i64, license: &License) -> Outcome<(License, Put)> {
    let mut license = license.clone();
    license.key = keys::keep(tx, &license.key)?;
    license.properties = keys::keep_embedded(tx, &license.properties)?;
    if license.id == 0 {
        license.id = next(tx.reading(), vcenter)?;
    }
    let mut row = license.clone();
    row.each_text(&mut |text| keys::keep_text(tx, text))?;
    let properties = text(&Properties(row.properties));
    let labels = text(&row.labels);
    let values: [Value<'_>; 12] = [
        vcenter.into(),
        license.id.into(),
        license.key.number().into(),
        license.key.shown().into(),
        (&license.edition_key).into(),
        (&row.name).into(),
        license.total.into(),
        (&license.cost_unit).into(),
        license.reported_used.into(),
        license.origin.word().into(),
        (&properties).into(),
        (&labels).into(),
    ];
    let put = tx.put(&LICENSES, &values)?;
    Ok((license, put))
}

/// Removes a license; false when there is none of that number.
pub fn remove(tx: &mut dyn Tx, vcenter: i64, id: i64) -> Outcome<bool> {
    tx.remove(&LICENSES, &[vcenter.into(), id.into()])
}

fn next(read: &mut dyn Read, vcenter: i64) -> Outcome<i64> {
    let sql = "select id + 1 from vsphere_licenses where vcenter = ?1 order by id desc limit 1";
    Ok(read.one(sql, &[vcenter.into()], |row| row.int(0))?.unwrap_or(1))
}

/// The columns of a license, from the first on.
fn license(row: &dyn Row) -> Outcome<License> {
    let origin = row.text(9)?;
    Ok(License {
        id: row.int(1)?,
        key: Key::filed(Some(row.int(2)?), row.text(3)?),
        edition_key: row.text(4)?.to_owned(),
        name: row.text(5)?.to_owned(),
        total: row.number(6)?,
        cost_unit: row.text(7)?.to_owned(),
        reported_used: row.number_or_null(8)?,
        origin: Origin::named(origin).ok_or_else(|| row.wrong(9, origin))?,
        properties: row.part::<Properties>(10)?.0,
        labels: row.part(11)?,
    })
}
