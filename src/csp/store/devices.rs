//! Devices: one row each, with the parts that have no identity of their own as JSON.

use super::parts::{Controls, Identity};
use crate::csp::model::device::{Device, JoinType};
use crate::error::Outcome;
use crate::store::document::text;
use crate::store::{Flow, Put, Read, Row, Table, Tx, Value};

/// The instances of the domain.
pub static DEVICES: Table = Table {
    name: "csp_devices",
    key: 1,
    columns: &[
        "id",
        "name",
        "os_version",
        "edition",
        "base_edition",
        "mode",
        "join_type",
        "insider",
        "license_key_type",
        "status",
        "last_upgrade_error",
        "installed_key",
        "pending_upgrade",
        "pending_key",
        "smode",
        "subscriptions",
        "licensing",
        "entitlements",
        "notifications",
        "identity",
        "controls",
        "last_change_ms",
    ],
    object: "device",
    label: "name",
    parent: None,
};

fn select(rest: &str) -> String {
    format!("select {} from csp_devices {rest}", DEVICES.columns.join(", "))
}

/// The device of that name, without regard to case, and its row's number.
pub fn find(read: &mut dyn Read, name: &str) -> Outcome<Option<(i64, Device)>> {
    read.one(&select("where name = ?1"), &[name.into()], |row| Ok((row.int(0)?, device(row)?)))
}

/// Hands out every device, in the order of the names.
pub fn each(read: &mut dyn Read, found: &mut dyn FnMut(Device) -> Outcome<Flow>) -> Outcome<()> {
    read.each(&select("order by name"), &[], &mut |row| found(device(row)?))
}

/// Writes a device: a new one under the next number.
pub fn save(tx: &mut dyn Tx, id: Option<i64>, device: &Device) -> Outcome<Put> {
    let id = match id {
        Some(id) => id,
        None => next(tx.reading())?,
    };
    let json = Written::of(device);
    let values: Vec<Value<'_>> = vec![
        id.into(),
        (&device.name).into(),
        (&json.os_version).into(),
        device.edition.into(),
        device.base_edition.into(),
        device.mode.into(),
        device.join.word().into(),
        device.insider.into(),
        device.license_key_type.as_deref().into(),
        device.status.into(),
        device.last_upgrade_error.into(),
        (&json.installed_key).into(),
        (&json.pending_upgrade).into(),
        (&json.pending_key).into(),
        (&json.smode).into(),
        (&json.subscriptions).into(),
        (&json.licensing).into(),
        (&json.entitlements).into(),
        (&json.notifications).into(),
        (&json.identity).into(),
        (&json.controls).into(),
        device.last_change.into(),
    ];
    tx.put(&DEVICES, &values)
}

/// Removes a device; false when there is none of that number.
pub fn remove(tx: &mut dyn Tx, id: i64) -> Outcome<bool> {
    tx.remove(&DEVICES, &[id.into()])
}

fn next(read: &mut dyn Read) -> Outcome<i64> {
    let sql = "select coalesce(max(id), 0) + 1 from csp_devices";
    Ok(read.one(sql, &[], |row| row.int(0))?.unwrap_or(1))
}

/// The texts of the columns that are made for writing.
struct Written {
    os_version: String,
    installed_key: String,
    pending_upgrade: String,
    pending_key: String,
    smode: String,
    subscriptions: String,
    licensing: String,
    entitlements: String,
    notifications: String,
    identity: String,
    controls: String,
}

impl Written {
    fn of(device: &Device) -> Self {
        Self {
            os_version: device.detail.os_version.to_string(),
            installed_key: text(&device.installed_key),
            pending_upgrade: text(&device.pending_upgrade),
            pending_key: text(&device.pending_key),
            smode: text(&device.smode),
            subscriptions: text(&device.subscriptions),
            licensing: text(&device.licensing),
            entitlements: text(&device.entitlements),
            notifications: text(&device.notifications),
            identity: text(&Identity::of(device)),
            controls: text(&Controls::of(device)),
        }
    }
}

fn device(row: &dyn Row) -> Outcome<Device> {
    let mut device = Device::new(row.text(1)?, row.time(21)?, "");
    let version = row.text(2)?;
    let version = version.parse().map_err(|_| row.wrong(2, version))?;
    row.part::<Identity>(19)?.put(version, &mut device);
    row.part::<Controls>(20)?.put(&mut device);
    device.edition = row.number(3)?;
    device.base_edition = row.number(4)?;
    device.mode = row.number(5)?;
    let join = row.text(6)?;
    device.join = JoinType::named(join).ok_or_else(|| row.wrong(6, join))?;
    device.insider = row.flag(7)?;
    device.license_key_type = row.text_or_null(8)?.map(str::to_owned);
    device.status = row.number(9)?;
    device.last_upgrade_error = row.number(10)?;
    device.installed_key = row.part(11)?;
    device.pending_upgrade = row.part(12)?;
    device.pending_key = row.part(13)?;
    device.smode = row.part(14)?;
    device.subscriptions = row.part(15)?;
    device.licensing = row.part(16)?;
    device.entitlements = row.part(17)?;
    device.notifications = row.part(18)?;
    Ok(device)
}
