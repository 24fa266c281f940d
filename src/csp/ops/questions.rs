//! What `check` and `status` ask: the devices streamed through the rules.

use crate::api::{Question, Summary};
use crate::chart::{Bar, Body, Chart};
use crate::csp::catalog::editions;
use crate::csp::model::device::Device;
use crate::csp::report::findings;
use crate::csp::store::devices;
use crate::error::Outcome;
use crate::finding::{Finding, Found, Level, hand_over};
use crate::store::{Flow, Read};
use std::collections::BTreeMap;

/// What is wrong with the stored devices, or will be.
pub fn findings(read: &mut dyn Read, question: &Question, found: &mut Found<'_>) -> Outcome<()> {
    each(read, question, &mut |device| hand_over(found, findings::findings(device, question.now)))
}

fn each(
    read: &mut dyn Read,
    question: &Question,
    device: &mut dyn FnMut(&Device) -> Outcome<()>,
) -> Outcome<()> {
    if let Some(name) = &question.instance {
        return devices::find(read, name)?.map_or(Ok(()), |(_, found)| device(&found));
    }
    devices::each(read, &mut |found| {
        device(&found)?;
        Ok(Flow::Continue(()))
    })
}

/// One line for all devices: an estate has too many of them for a line each.
pub fn summary(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Summary>> {
    let mut worst: Option<Finding> = None;
    let (mut devices, mut well, mut due, mut counts) = (0_u64, 0_u64, None, BTreeMap::new());
    let mut names = Vec::new();
    each(read, question, &mut |device| {
        devices += 1;
        if names.len() < 2 {
            names.push(device.name.clone());
        }
        let found = findings::findings(device, question.now);
        if found.iter().all(|finding| finding.severity == Level::Info) {
            well += 1;
        }
        for finding in found {
            due = match (due, finding.due) {
                (Some(soonest), Some(at)) => Some(at.min(soonest)),
                (soonest, at) => soonest.or(at),
            };
            *counts.entry(finding.class).or_insert(0_u64) += 1;
            if worst.as_ref().is_none_or(|worst| finding.severity < worst.severity) {
                worst = Some(finding);
            }
        }
        Ok(())
    })?;
    if devices == 0 {
        return Ok(Vec::new());
    }
    let message = match &worst {
        None => "no upgrade pending, none failed".to_owned(),
        Some(finding) => match counts.get(finding.class).copied().unwrap_or_default() {
            1 => format!("{}: {}", finding.object, finding.message),
            many => format!("{many} devices: {}", finding.class),
        },
    };
    Ok(vec![Summary {
        domain: "csp",
        instance: match names.as_slice() {
            [only] => only.clone(),
            _ => format!("{devices} devices"),
        },
        object: "devices in order".to_owned(),
        used: Some(well),
        capacity: Some(devices),
        worst: worst.map(|finding| finding.severity),
        message,
        due,
        trend: Vec::new(),
    }])
}

/// What the report draws: how many devices have which edition, and which build of Windows.
pub fn charts(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Chart>> {
    let (mut by_edition, mut by_build) = (BTreeMap::new(), BTreeMap::new());
    each(read, question, &mut |device| {
        *by_edition.entry(editions::title(device.edition)).or_insert(0_u64) += 1;
        *by_build.entry(device.detail.os_version.build).or_insert(0_u64) += 1;
        Ok(())
    })?;
    let by_build = by_build.into_iter().map(|(build, count)| (format!("build {build}"), count));
    let charts = [
        shares("Devices by edition", "The edition that each device runs now.", by_edition),
        shares(
            "Devices by build",
            "The build of Windows, which decides what nodes there are.",
            by_build,
        ),
    ];
    Ok(charts.into_iter().flatten().collect())
}

/// Shares of all devices, the largest first.
fn shares(
    title: &str,
    note: &str,
    counts: impl IntoIterator<Item = (String, u64)>,
) -> Option<Chart> {
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let all = counts.iter().map(|(_, count)| *count).sum();
    let bars =
        counts.into_iter().map(|(label, used)| Bar { label, used, of: Some(all), level: None });
    (all > 0).then(|| Chart {
        domain: "csp",
        title: title.to_owned(),
        note: note.to_owned(),
        body: Body::Bars(bars.collect()),
    })
}
