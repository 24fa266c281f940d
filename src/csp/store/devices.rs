//! Devices: one row each, with the parts that have no identity of their own as JSON.

use super::parts::{Controls, Identity};
use crate::clock::Timestamp;
use crate::csp::model::device::{Device, JoinType};
use crate::error::Outcome;
use crate::store::document::{Stored, text};
use crate::store::{Flow, Put, Read, Row, Table, Tx, Value};
use std::borrow::Cow;
use std::sync::LazyLock;

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
///
/// - `id`: of its row, which may be new; `None`: the [`next`].
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
        json.installed_key.as_ref().into(),
        json.pending_upgrade.as_ref().into(),
        json.pending_key.as_ref().into(),
        json.smode.as_ref().into(),
        json.subscriptions.as_ref().into(),
        json.licensing.as_ref().into(),
        json.entitlements.as_ref().into(),
        json.notifications.as_ref().into(),
        (&json.identity).into(),
        json.controls.as_ref().into(),
        device.last_change.into(),
    ];
    tx.put(&DEVICES, &values)
}

/// Removes a device; false when there is none of that number.
pub fn remove(tx: &mut dyn Tx, id: i64) -> Outcome<bool> {
    tx.remove(&DEVICES, &[id.into()])
}

/// The number of the next new row.
pub fn next(read: &mut dyn Read) -> Outcome<i64> {
    let sql = "select coalesce(max(id), 0) + 1 from csp_devices";
    Ok(read.one(sql, &[], |row| row.int(0))?.unwrap_or(1))
}

/// The texts of the columns that are made for writing.
struct Written<'t> {
    os_version: String,
    installed_key: Cow<'t, str>,
    pending_upgrade: Cow<'t, str>,
    pending_key: Cow<'t, str>,
    smode: Cow<'t, str>,
    subscriptions: Cow<'t, str>,
    licensing: Cow<'t, str>,
    entitlements: Cow<'t, str>,
    notifications: Cow<'t, str>,
    identity: String,
    controls: Cow<'t, str>,
}

/// A device of which nothing is known, and its texts: an inventory names a hundred thousand that differ from it in little.
static NEW: LazyLock<(Device, Written<'static>)> = LazyLock::new(|| {
    let device = Device::new("", Timestamp::MIN, "");
    let written = Written {
        os_version: device.detail.os_version.to_string(),
        installed_key: text(&device.installed_key).into(),
        pending_upgrade: text(&device.pending_upgrade).into(),
        pending_key: text(&device.pending_key).into(),
        smode: text(&device.smode).into(),
        subscriptions: text(&device.subscriptions).into(),
        licensing: text(&device.licensing).into(),
        entitlements: text(&device.entitlements).into(),
        notifications: text(&device.notifications).into(),
        identity: text(&Identity::of(&device)),
        controls: text(&Controls::of(&device)).into(),
    };
    (device, written)
});

impl Written<'static> {
    fn of(device: &Device) -> Self {
        let (new, known) = &*NEW;
        Self {
            os_version: device.detail.os_version.to_string(),
            installed_key: told(&device.installed_key, &new.installed_key, &known.installed_key),
            pending_upgrade: told(
                &device.pending_upgrade,
                &new.pending_upgrade,
                &known.pending_upgrade,
            ),
            pending_key: told(&device.pending_key, &new.pending_key, &known.pending_key),
            smode: told(&device.smode, &new.smode, &known.smode),
            subscriptions: told(&device.subscriptions, &new.subscriptions, &known.subscriptions),
            licensing: told(&device.licensing, &new.licensing, &known.licensing),
            entitlements: told(&device.entitlements, &new.entitlements, &known.entitlements),
            notifications: told(&device.notifications, &new.notifications, &known.notifications),
            identity: text(&Identity::of(device)),
            controls: told(&Controls::of(device), &Controls::of(new), &known.controls),
        }
    }
}

/// The text of a part; that of a new device's is known.
fn told<T: Stored + PartialEq>(part: &T, new: &T, known: &'static str) -> Cow<'static, str> {
    if part == new { Cow::Borrowed(known) } else { Cow::Owned(text(part)) }
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
