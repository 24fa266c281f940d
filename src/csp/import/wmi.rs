//! `MDM_WindowsLicensing` and its subscriptions, from the MDM bridge of WMI, as JSON.

use super::cim::{self, Class};
use super::facts::Facts;
use super::rows::{Values, has_members};
use super::{Each, Options};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::csp::catalog::nodes::{ROOT_NAME, ROOTS, SUBSCRIPTIONS};
use crate::error::Outcome;
use serde_json::{Map, Value};
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "csp.wmi-json",
    title: "MDM_WindowsLicensing as JSON (`Get-CimInstance -Namespace root\\cimv2\\mdm\\dmmap … | ConvertTo-Json`)",
    binary: false,
    sniff,
};

/// The properties of `MDM_WindowsLicensing` beside its keys.
///
/// Source: [BRIDGE] `MDM_WindowsLicensing`.
static PROPERTIES: [&str; 3] = ["Edition", "Status", "LicenseKeyType"];

fn sniff(sample: &Sample<'_>) -> Fit {
    let bridge = has_members(sample, &["InstanceID", "ParentID"])
        && sample.text.to_ascii_lowercase().contains("windowslicensing");
    if bridge || has_members(sample, &PROPERTIES) { Fit::Yes(8) } else { Fit::No }
}

/// Reads the objects of a file; hands on one device an object.
pub fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    cim::read(input, options, notes, each)
}

/// Tells a class of the bridge by its keys, which are the address of the node; what was selected without them, by its properties.
pub(super) fn class(members: &Map<String, Value>) -> Option<Class> {
    let get = |wanted: &str| {
        let mut found = members.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.next().map(|(_, value)| value)
    };
    let text = |wanted: &str| get(wanted).and_then(Value::as_str).map(str::trim);
    if let (Some(parent), Some(id)) = (text("ParentID"), text("InstanceID")) {
        return Some(addressed(parent, id));
    }
    PROPERTIES.iter().all(|name| get(name).is_some()).then_some(Class::Licensing)
}

/// The class of the object at `parent`, which the pages print with and without a `/` at its end.
fn addressed(parent: &str, id: &str) -> Class {
    let path = parent.strip_prefix("./").unwrap_or(parent);
    let path: Vec<&str> = path.strip_suffix('/').unwrap_or(path).split('/').collect();
    let is = |names: &[&str]| {
        names.len() == path.len()
            && names.iter().zip(&path).all(|(name, segment)| name.eq_ignore_ascii_case(segment))
    };
    let below = |root: &[&str]| is(&[root, &[ROOT_NAME, SUBSCRIPTIONS.name()]].concat());
    if ROOTS.iter().any(|root| is(root)) && id.eq_ignore_ascii_case(ROOT_NAME) {
        Class::Licensing
    } else if ROOTS.iter().any(|root| below(root)) {
        Class::Subscription
    } else {
        Class::Other
    }
}

pub(super) fn licensing(values: &mut Values<'_>, facts: &mut Facts) {
    facts.edition = values.edition("Edition");
    facts.status = values.number("Status");
    facts.license_key_type = values.text("LicenseKeyType");
}

pub(super) fn subscription(values: &mut Values<'_>, facts: &mut Facts) {
    let (status, name) = (values.number("Status"), values.text("Name"));
    let Some(id) = values.word("InstanceID") else {
        values.complain("InstanceID", "the subscription has no `InstanceID`");
        return;
    };
    let item = facts.subscriptions.item(&id);
    if let Some(item) = values.accept("InstanceID", item) {
        (item.status, item.name) = (status, name);
    }
}
