//! Inventories as Graph gives them: `GET /deviceManagement/managedDevices`, beta.

use crate::calendar::DAY;
use crate::estate::NOW;
use crate::json::{self, Shell, Value};
use crate::managed::{
    Device, ENTERPRISE, Edition, Join, PRO, SUCCEEDED, State, UNKNOWN, WINDOWS_10, WINDOWS_11_22H2,
    WINDOWS_11_23H2, WINDOWS_11_24H2,
};
use crate::random::{Guid, mix};
use std::io::{self, Write};

const CONTEXT: &str = "https://graph.microsoft.com/beta/$metadata#deviceManagement/managedDevices";

/// One page with all devices, as PowerShell 7 saves the answer.
pub(crate) fn page(devices: &[Device]) -> String {
    let rows: Vec<Value> = devices.iter().map(row).collect();
    let page = Value::Object(vec![
        ("@odata.context", Value::from(CONTEXT)),
        ("@odata.count", Value::Number(i64::try_from(rows.len()).unwrap_or(i64::MAX))),
        ("value", Value::List(rows)),
    ]);
    let mut text = String::new();
    json::write(&page, Shell::Core, 0, &mut text);
    text.push_str("\r\n");
    text
}

fn row(device: &Device) -> Value {
    let text = |text: &str| Value::from(text);
    let [id, directory_id, _] = device.ids;
    let owner = if device.join == Join::Registered { "personal" } else { "company" };
    let family = device.edition.map_or("", |edition| edition.family);
    let number = if device.is_numbered { device.sku() } else { 0 };
    Value::Object(vec![
        ("id", Value::Text(id.to_string())),
        ("deviceName", text(&device.name)),
        ("managedDeviceOwnerType", text(owner)),
        ("enrolledDateTime", Value::Text(device.enrolled.iso())),
        ("lastSyncDateTime", Value::Text(device.synced.iso())),
        ("operatingSystem", text(device.system)),
        ("osVersion", text(device.version)),
        ("complianceState", text("compliant")),
        ("managementAgent", text("mdm")),
        ("azureADRegistered", Value::Bool(device.join != Join::Unknown)),
        ("azureADDeviceId", Value::Text(directory_id.to_string())),
        ("manufacturer", text(device.manufacturer)),
        ("model", text(device.model)),
        ("joinType", text(device.join.graph())),
        ("skuFamily", text(family)),
        ("skuNumber", Value::Number(number)),
        ("hardwareInformation", hardware(device)),
    ])
}

fn hardware(device: &Device) -> Value {
    let licensing = &device.licensing;
    Value::Object(vec![
        ("serialNumber", Value::Text(format!("{:012X}", device.serial >> 16))),
        ("operatingSystemEdition", Value::from(device.edition.map_or("", |edition| edition.id))),
        // Graph leaves it null on every platform.
        ("osBuildNumber", Value::Null),
        (
            "deviceLicensingStatus",
            match licensing.state {
                State::Named(name) => Value::from(name),
                State::Numbered(number) => Value::Number(number),
            },
        ),
        ("deviceLicensingLastErrorCode", Value::Number(licensing.code)),
        (
            "deviceLicensingLastErrorDescription",
            licensing.description.map_or(Value::Null, Value::from),
        ),
    ])
}

/// Writes an array of `count` Windows devices, one a line, for measuring: `WS-000001` and so on, the same bytes for the same number.
pub(crate) fn write_devices(count: u64, out: &mut impl Write) -> io::Result<()> {
    let mut text = String::new();
    for number in 1..=count {
        text.push_str(if number == 1 { "[\n" } else { ",\n" });
        json::write(&row(&numbered(number)), Shell::WindowsCompressed, 0, &mut text);
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    out.write_all(if count == 0 { b"[]\n" } else { b"\n]\n" })
}

/// The device with this number, on which the CSP exists.
fn numbered(number: u64) -> Device {
    let (one, other) = (mix(number), mix(number ^ 1 << 40));
    let (edition, licensing): (&'static Edition, _) =
        if one % 3 == 0 { (&PRO, UNKNOWN) } else { (&ENTERPRISE, SUCCEEDED) };
    let version = match one % 4 {
        0 => WINDOWS_10,
        1 => WINDOWS_11_22H2,
        2 => WINDOWS_11_23H2,
        _ => WINDOWS_11_24H2,
    };
    let minutes = i64::try_from(other % 40_000).unwrap_or(0);
    Device {
        name: format!("WS-{number:06}"),
        system: "Windows",
        version,
        edition: Some(edition),
        is_numbered: true,
        join: if other % 2 == 0 { Join::Entra } else { Join::Hybrid },
        // The device licence came with Windows 11.
        licensing: if version == WINDOWS_10 { UNKNOWN } else { licensing },
        manufacturer: "Fabrikam",
        model: "FabDesk 7",
        ids: [Guid::of(one, other), Guid::of(other, one), Guid::of(one, !other)],
        serial: one,
        enrolled: NOW.minus(90 * DAY + minutes * 60_000),
        synced: NOW.minus(minutes * 1_000),
    }
}
