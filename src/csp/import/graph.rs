//! The inventory of Intune: `managedDevices` of Microsoft Graph as JSON.
//!
//! Reads what Graph answers (`{"value": […]}`, page by page), an array, JSON lines, and the spelling of the PowerShell SDK. Rows
//! are read one by one, so that memory does not grow with the number of devices.

use super::facts::{Facts, edition_named, shown};
use super::rows::{Values, Wanted, each_row, has_members};
use super::{Each, Options, Record};
use crate::artefact::culture::Times;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::clock::Timestamp;
use crate::csp::catalog::enumerations;
use crate::csp::model::device::{JoinType, licensing_status};
use crate::csp::model::version::OsVersion;
use crate::error::Outcome;
use serde_json::Value;
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "csp.graph-devices",
    title: "devices of Intune as JSON (`managedDevices` of Microsoft Graph)",
    binary: false,
    sniff,
};

/// The members of a device, and of its hardware, that are read.
static MEMBERS: [&str; 12] = [
    "deviceName",
    "azureADDeviceId",
    "operatingSystem",
    "osVersion",
    "joinType",
    "skuNumber",
    "lastSyncDateTime",
    "hardwareInformation",
    "operatingSystemEdition",
    "deviceLicensingStatus",
    "deviceLicensingLastErrorCode",
    "deviceLicensingLastErrorDescription",
];

/// Values of `joinType`.
///
/// Source: [GRAPH] joinType; that a device of unknown state is joined to nothing: assumed.
static JOIN_TYPES: [(&str, JoinType); 4] = [
    ("azureADJoined", JoinType::Entra),
    ("hybridAzureADJoined", JoinType::Hybrid),
    ("azureADRegistered", JoinType::EntraRegistered),
    ("unknown", JoinType::None),
];

/// The first build of Windows 10: an `osVersion` without `operatingSystem` is of Windows from there on.
const WINDOWS_10: u32 = 10_240;

fn sniff(sample: &Sample<'_>) -> Fit {
    if has_members(sample, &["deviceName", "osVersion"]) { Fit::Yes(8) } else { Fit::No }
}

/// Reads the devices of an export; rows of other systems are skipped.
pub fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let times = Times::new(None, options.zone.as_ref())?;
    each_row(input, Wanted::Named(&MEMBERS), notes, &mut |row, notes| {
        let mut values = Values::new(&row, &row.members, notes);
        if let Some(why) = not_windows(&mut values) {
            return each(row.place(), Record::Skipped(why));
        }
        match device(&mut values, &times) {
            Some(facts) => each(row.place(), Record::Device(Box::new(facts))),
            None => Ok(()),
        }
    })
}

/// Why the row is of no Windows device.
fn not_windows(values: &mut Values<'_>) -> Option<String> {
    let text = |name: &str| values.get(name).and_then(Value::as_str).unwrap_or_default().trim();
    let (system, version) = (text("operatingSystem"), text("osVersion"));
    if system.is_empty() {
        let known = version.parse::<OsVersion>().ok();
        let windows = known.is_some_and(|version| {
            (version.major, version.minor) == (10, 0) && version.build >= WINDOWS_10
        });
        return (!windows).then(|| {
            format!(
                "no operatingSystem is told, and osVersion {} is not of Windows",
                shown(version)
            )
        });
    }
    let windows = system.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("windows"));
    (!windows).then(|| format!("operatingSystem {} is not Windows", shown(system)))
}

/// What a row says; `None` when it was complained of.
fn device(values: &mut Values<'_>, times: &Times<'_>) -> Option<Facts> {
    let mut facts = Facts::default();
    name(values, &mut facts);
    facts.as_of = last_sync(values, times);
    facts.os_version = os_version(values);
    facts.join = join(values);
    let sku = values.whole("skuNumber").filter(|number| *number > 0);
    if sku.is_some() {
        facts.edition = values.edition("skuNumber");
    }
    values.within("hardwareInformation", |hardware| {
        if sku.is_none() {
            facts.edition = edition_by_name(hardware);
        }
        licensing(hardware, &mut facts);
    });
    (!values.is_spoiled()).then_some(facts)
}

/// A device that Intune has no name for yet goes by its id in the directory.
fn name(values: &mut Values<'_>, facts: &mut Facts) {
    let member = if values.word("deviceName").is_some() { "deviceName" } else { "azureADDeviceId" };
    match values.word(member) {
        Some(name) => {
            let named = facts.named(&name);
            values.accept(member, named);
        }
        None if values.is_spoiled() => {}
        None => values.complain("deviceName", "the device has no `deviceName`"),
    }
}

/// When the device last spoke to Intune. A year before Windows stands for never.
fn last_sync(values: &mut Values<'_>, times: &Times<'_>) -> Option<Timestamp> {
    let text = values.word("lastSyncDateTime")?;
    match times.read(&text) {
        Ok(moment) => Some(moment.at).filter(|instant| instant.ms() > 0),
        Err(_) => {
            let message = format!("`lastSyncDateTime` is {}, which is no time", shown(&text));
            values.warn("time-unread", "lastSyncDateTime", &message);
            None
        }
    }
}

/// The version. Intune writes `0.0.0.0` for a device that has not told its own.
fn os_version(values: &mut Values<'_>) -> Option<OsVersion> {
    let text = values.word("osVersion")?;
    let wrong = || format!("`osVersion` is {}; allowed is a version, `10.0.26100.1`", shown(&text));
    let read = text.parse::<OsVersion>().map_err(|_| wrong());
    values.accept("osVersion", read).filter(|version| version.build > 0)
}

fn join(values: &mut Values<'_>) -> Option<JoinType> {
    let text = values.word("joinType")?;
    let found = JOIN_TYPES.iter().find(|(name, _)| name.eq_ignore_ascii_case(&text));
    if found.is_none() {
        let message = format!("`joinType` is {}, which is not known", shown(&text));
        values.warn("unknown-value", "joinType", &message);
    }
    found.map(|(_, join)| *join)
}

fn edition_by_name(hardware: &mut Values<'_>) -> Option<u32> {
    let text = hardware.word("operatingSystemEdition")?;
    let found = edition_named(&text);
    if found.is_none() {
        let message =
            format!("`operatingSystemEdition` is {}, which is no EditionID", shown(&text));
        hardware.warn("unknown-value", "operatingSystemEdition", &message);
    }
    found
}

/// The state of device-based subscription.
///
/// Graph fills in `unknown`, 0 and null where it does not know or does not support it: all three together say nothing.
///
/// Source: [GRAPH] hardwareInformation.
fn licensing(hardware: &mut Values<'_>, facts: &mut Facts) {
    let status = status(hardware);
    let last_error = hardware.number("deviceLicensingLastErrorCode");
    let description = hardware.text("deviceLicensingLastErrorDescription");
    let silent = status.is_none_or(|status| status == licensing_status::NONE)
        && last_error.is_none_or(|code| code == 0)
        && description.as_deref().is_none_or(str::is_empty);
    if !silent {
        facts.licensing.status = status;
        facts.licensing.last_error = last_error;
        facts.licensing.last_error_description = description;
    }
}

/// The name of a status, or its number; Graph writes the number as text where it has no name for it.
fn status(hardware: &mut Values<'_>) -> Option<i32> {
    const NAME: &str = "deviceLicensingStatus";
    let text = match hardware.get(NAME)? {
        Value::String(text) => text.trim(),
        _ => return hardware.number(NAME),
    };
    if let Some(row) = enumerations::licensing_status_named(text) {
        return Some(row.value);
    }
    if text.starts_with(|letter: char| letter == '-' || letter.is_ascii_digit()) {
        return hardware.number(NAME);
    }
    if !text.is_empty() {
        let message = format!("`{NAME}` is {}, which is not known", shown(text));
        hardware.warn("unknown-value", NAME, &message);
    }
    None
}

#[cfg(test)]
mod tests;
