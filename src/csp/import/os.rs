//! `Win32_OperatingSystem` as JSON: the edition and the version of a device, without the CSP.

use super::cim::{self, Class};
use super::facts::{Facts, shown};
use super::rows::{Values, has_members};
use super::{Each, Options};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::csp::model::version::OsVersion;
use crate::error::Outcome;
use serde_json::{Map, Value};
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "csp.os-json",
    title: "Win32_OperatingSystem as JSON (`Get-CimInstance Win32_OperatingSystem | ConvertTo-Json`)",
    binary: false,
    sniff,
};

/// The property that no other class has.
const SKU: &str = "OperatingSystemSKU";

/// Weaker than the kinds whose objects stand beside this one in the same file: their readers take it too, or need the file more.
fn sniff(sample: &Sample<'_>) -> Fit {
    if has_members(sample, &[SKU]) { Fit::Yes(7) } else { Fit::No }
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

pub(super) fn class(members: &Map<String, Value>) -> Option<Class> {
    members.keys().any(|name| name.eq_ignore_ascii_case(SKU)).then_some(Class::System)
}

/// The class has no revision: its `Version` is `10.0.26100`.
pub(super) fn system(values: &mut Values<'_>, facts: &mut Facts) {
    facts.edition = values.edition(SKU);
    if let Some(text) = values.word("Version") {
        let wrong = || format!("`Version` is {}; allowed is a version, `10.0.26100`", shown(&text));
        let read = text.parse::<OsVersion>().map_err(|_| wrong());
        facts.os_version = values.accept("Version", read);
    }
    // The name that the query was sent to counts before the one that the system gives itself, as for the other classes.
    if let (None, Some(name)) = (&facts.device, values.word("CSName")) {
        let named = facts.named(&name);
        values.accept("CSName", named);
    }
}
