//! Reports as CSV: those that RD Licensing Manager saves, its lists of key packs, those that scripts make, and the listing of `lsreport`.
//!
//! Their columns are published nowhere: what a column holds is told by its header. Lines in front of a table are passed over, and a file
//! may hold several tables.

use super::console;
use super::lines::{self, Line, Lines};
use super::members::{Class, Object};
use super::records::Delivery;
use super::{Each, Options};
use crate::artefact::csv::Header;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::tslicense::catalog::enumerations::{LICENSE_STATUS, STATUS_ACTIVE};
use crate::tslicense::model::report;
use std::borrow::Cow;
use std::io::BufRead;

/// Tables of issued licenses.
pub(super) static KIND: Kind = Kind {
    name: "tslicense.report-csv",
    title: "report of issued licenses as CSV: `Save As` of RD Licensing Manager, scripts, `lsreport`",
    binary: false,
    sniff,
};

/// What a column may hold: the property that it stands for, its word in `--map`, and the headers it is known by.
static ROLES: [(&str, &str, &[&str]); 15] = [
    ("sIssuedToUser", "user", &["User", "User Name", "Issued To User", "sIssuedToUser"]),
    (
        "sIssuedToComputer",
        "computer",
        &["Issued To Computer", "Computer", "Device", "sIssuedToComputer", "Client"],
    ),
    ("sHardwareId", "hwid", &["Hardware ID", "sHardwareId"]),
    (
        "ExpirationDate",
        "expiry",
        &["Expires On", "Expiration Date", "ExpirationDate", "Expiry Date", "End"],
    ),
    ("IssueDate", "issued", &["Issued On", "IssueDate", "Start"]),
    ("ProductVersion", "version", &["CAL Version", "ProductVersion", "Product Version"]),
    (
        "TypeAndModel",
        "type",
        &["CAL Type", "CALType", "TypeAndModel", "License Version and Type", "License Type"],
    ),
    ("IssueType", "issue", &["Issue Type", "IssueType"]),
    ("KeyPackId", "pack", &["Keypack ID", "KeyPackId"]),
    ("LicenseId", "license", &["License ID", "LicenseId"]),
    ("LicenseStatus", "status", &["License Status", "LicenseStatus"]),
    ("LicenseProgram", "program", &["License Program"]),
    ("TotalLicenses", "total", &["Total Licenses", "Installed", "Installed Licenses"]),
    ("AvailableLicenses", "available", &["Available", "Available Licenses"]),
    ("IssuedLicenses", "count", &["Issued", "Issued Licenses"]),
];

/// The words of `--map`.
pub fn words() -> impl Iterator<Item = &'static str> {
    ROLES.iter().map(|(_, word, _)| *word)
}

/// The position of each known column in a header line.
struct Columns {
    header: Header,
    found: Vec<(&'static str, usize)>,
}

impl Columns {
    /// `None` when the line is no header of such a table.
    fn of(line: &str, map: &[(String, String)]) -> Option<Self> {
        let header = Header::of(&Sample { name: "", bytes: line.as_bytes(), text: line })?;
        let column = |word: &str, names: &[&str]| {
            let mapped = map.iter().find(|(known, _)| known == word);
            header.column(names).or_else(|| header.column(&[&mapped?.1])).or_else(|| {
                let spelled = |title: &String| names.iter().any(|name| is_spelled(title, name));
                header.titles().iter().position(spelled)
            })
        };
        let found: Vec<(&str, usize)> = ROLES
            .iter()
            .filter_map(|(property, word, names)| Some((*property, column(word, names)?)))
            .collect();
        let columns = Self { header, found };
        let whose = columns.has("sIssuedToUser") || columns.has("sIssuedToComputer");
        let what = columns.has("ProductVersion")
            || columns.has("TypeAndModel")
            || columns.has("LicenseId");
        let licenses = whose && what && columns.has("ExpirationDate");
        (licenses || columns.are_of_packs()).then_some(columns)
    }

    /// Whether the table lists key packs: the console has one table of them for each server.
    fn are_of_packs(&self) -> bool {
        let kind = self.has("TypeAndModel") || self.has("ProductVersion");
        kind && self.has("KeyPackId") && self.has("TotalLicenses")
    }

    fn has(&self, property: &str) -> bool {
        self.found.iter().any(|(known, _)| *known == property)
    }

    fn object(&self, line: &str, place: Place) -> Object<'static> {
        let cells = self.header.split(line);
        let cell = |at: &usize| cells.get(*at).map(|text| Cow::Owned(text.clone()));
        let members = self
            .found
            .iter()
            .filter_map(|(property, at)| Some((Cow::Borrowed(*property), cell(at)?)))
            .collect();
        Object { place, members }
    }
}

/// Whether a title is a name without its blanks; case and underscores do not matter.
fn is_spelled(title: &str, name: &str) -> bool {
    let title = title.bytes().filter(|byte| *byte != b'_');
    let name = name.bytes().filter(|byte| *byte != b' ');
    title.map(|byte| byte.to_ascii_lowercase()).eq(name.map(|byte| byte.to_ascii_lowercase()))
}

fn sniff(sample: &Sample<'_>) -> Fit {
    let mut lines = lines::of(sample.text).take(60);
    if lines.any(|line| Columns::of(line, &[]).is_some()) { Fit::Yes(3) } else { Fit::No }
}

/// Reads the rows of every table of a file.
pub(super) fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut delivery = Delivery::new(options, notes, each)?;
    let mut lines = Lines::new(input);
    let (mut table, mut tables): (Option<Columns>, u64) = (None, 0);
    loop {
        let (number, text) = match lines.next()? {
            Line::Text(number, text) => (number, text),
            Line::TooLong(number) => {
                delivery.notes.complain(Place::Line(number), "the line is too long");
                break;
            }
            Line::End => break,
        };
        let place = Place::Line(number);
        match &table {
            _ if text.trim().is_empty() => table = None,
            None => {
                table = Columns::of(&text, &options.map);
                tables += u64::from(table.is_some());
            }
            Some(columns) => row(columns, columns.object(&text, place), &mut delivery)?,
        }
    }
    if tables == 0 {
        let headers: Vec<&str> =
            ROLES.iter().filter_map(|(_, _, names)| names.first().copied()).collect();
        let message = format!("no table was found; headers are `{}`", headers.join("`, `"));
        delivery.refuse(Place::Whole, message, "name others: `--map user=Benutzer,expiry=Ablauf`");
    }
    delivery.finish()
}

/// A row of a key pack is that pack, a row of a device with the numbers of its license that license; any other row is an entry of the
/// report.
fn row(
    columns: &Columns,
    mut object: Object<'static>,
    delivery: &mut Delivery<'_, '_, '_>,
) -> Outcome<()> {
    if columns.are_of_packs() {
        return match console::pack(&object) {
            Ok(object) => delivery.object_of(Some(Class::KeyPack), &object),
            Err(message) => {
                delivery.notes.complain(object.place, message);
                Ok(())
            }
        };
    }
    let devices = columns.has("sIssuedToComputer");
    if !devices {
        for (name, _) in &mut object.members {
            if name == "sIssuedToUser" {
                *name = Cow::Borrowed("User");
            }
        }
        return delivery.object_of(Some(Class::Entry(report::Class::User)), &object);
    }
    if !(columns.has("LicenseId") && columns.has("KeyPackId")) {
        return delivery.object_of(Some(Class::Entry(report::Class::Device)), &object);
    }
    let status = status(&object);
    object.members.retain(|(name, _)| name != "LicenseStatus");
    object.members.push((Cow::Borrowed("LicenseStatus"), Cow::Owned(status)));
    if object.get("IssueDate").is_none()
        && let Some(end) = object.get("ExpirationDate").map(str::to_owned)
    {
        object.members.push((Cow::Borrowed("IssueDate"), Cow::Owned(end)));
    }
    delivery.object_of(Some(Class::Issued), &object)
}

/// The status of a license: its number, or the one whose word the row has; a license that nothing is said of is active.
fn status(object: &Object<'_>) -> String {
    if let Some(told) = object.get("LicenseStatus")
        && (told.parse::<u32>().is_ok() || worded(told).is_none())
    {
        return told.to_owned();
    }
    let words = ["LicenseStatus", "IssueType", "TypeAndModel"];
    let found = words.iter().filter_map(|name| object.get(name)).find_map(worded);
    found.unwrap_or(STATUS_ACTIVE).to_string()
}

fn worded(text: &str) -> Option<u32> {
    let folded = text.to_lowercase();
    LICENSE_STATUS.iter().find(|row| folded.contains(row.name)).map(|row| row.value)
}
