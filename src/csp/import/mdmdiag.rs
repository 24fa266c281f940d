//! The report of the MDM client: `MDMDiagReport.xml`.
//!
//! Of it are read the enrolments, the addresses of this API that an enrolment manages, and the errors that the client logged. The
//! report does not name its device.

use super::facts::{
    Enrollment, Facts, MOST_REPORTED, ReportedCode, ReportedError, is_licensing, shown, text, whole,
};
use super::root::root;
use super::{Each, Options, Record};
use crate::artefact::culture::Times;
use crate::artefact::trouble::{Next, Trouble};
use crate::artefact::xml::{Document, Piece};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use std::collections::HashSet;
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "csp.mdmdiag",
    title: "report of the MDM client (`MDMDiagReport.xml` of `MdmDiagnosticsTool.exe`)",
    binary: false,
    sniff,
};

const ROOT: &str = "MDMEnterpriseDiagnosticsReport";

fn sniff(sample: &Sample<'_>) -> Fit {
    if root(sample.text) == Some(ROOT) { Fit::Yes(9) } else { Fit::No }
}

/// Reads a report; hands on one device without a name.
pub fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let times = Times::new(None, options.zone.as_ref())?;
    let mut report = Report::new(&times, notes);
    let mut document = Document::new(input);
    let mut roots = 0;
    loop {
        let trouble = match document.next() {
            Ok(None) => break,
            Ok(Some(Piece::Open(tag))) => {
                roots += u64::from(tag.depth == 1);
                let place = Place::Line(tag.line);
                match (tag.depth, tag.name) {
                    (1, ROOT) if roots == 1 => continue,
                    (1, ROOT) => Trouble::End(place, TWO_REPORTS.to_owned()),
                    (1, _) => Trouble::End(place, format!("the root is no `{ROOT}`")),
                    (depth, name) => {
                        report.open(name, depth, place);
                        continue;
                    }
                }
            }
            Ok(Some(Piece::Close { name, text, depth })) => {
                report.close(name, text, depth);
                continue;
            }
            Err(trouble) => trouble,
        };
        if trouble.settle(report.notes)? == Next::Stop {
            return Ok(());
        }
    }
    if roots == 0 {
        report.notes.complain(Place::Whole, "the file holds no element");
        return Ok(());
    }
    each(Place::Line(1), Record::Device(Box::new(report.facts)))
}

/// The only version that was ever seen.
const VERSION: &str = "1.0";

const TWO_REPORTS: &str = "a second report, and neither names its device";

/// The parts of a report that are read, by the element below its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    /// `DeviceManagementAccount`.
    Account,
    Resources,
    /// `Diagnostics`.
    Log,
    Other,
}

/// A report while it is read.
struct Report<'r> {
    times: &'r Times<'r>,
    notes: &'r mut Notes,
    section: Section,
    /// Where the last tag began.
    place: Place,
    enrollment: Enrollment,
    /// `Component` of the present `ErrorLog`.
    component: String,
    /// The present `SubComponent` of it; `None` outside of any log.
    error: Option<Draft>,
    managed: HashSet<String>,
    facts: Facts,
}

/// One entry of the log: texts as they stand there.
#[derive(Debug, Default)]
struct Draft {
    name: String,
    /// Where `Error` stands, and what it says.
    code: Option<(Place, String)>,
    command: String,
    loc_uri: String,
    time: String,
}

impl<'r> Report<'r> {
    fn new(times: &'r Times<'r>, notes: &'r mut Notes) -> Self {
        Self {
            times,
            notes,
            section: Section::Other,
            place: Place::Whole,
            enrollment: Enrollment::default(),
            component: String::new(),
            error: None,
            managed: HashSet::new(),
            facts: Facts::default(),
        }
    }

    fn open(&mut self, name: &str, depth: usize, place: Place) {
        self.place = place;
        match (self.section, depth, name) {
            (_, 2, "DeviceManagementAccount") => self.section = Section::Account,
            (_, 2, "Resources") => self.section = Section::Resources,
            (_, 2, "Diagnostics") => self.section = Section::Log,
            (_, 2, _) => self.section = Section::Other,
            (Section::Account, _, "Enrollment") => self.enrollment = Enrollment::default(),
            (Section::Log, _, "ErrorLog") => {
                self.component.clear();
                self.error = Some(Draft::default());
            }
            (Section::Log, _, "SubComponent") if self.error.is_some() => self.flush(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str, text: &str, depth: usize) {
        let text = text.trim();
        match (self.section, name) {
            (_, "Version") if depth == 2 && text != VERSION => {
                let message = format!("the report has version {}, not `{VERSION}`", shown(text));
                self.notes.warn("unknown-version", self.place, message);
            }
            _ if depth <= 2 => self.section = Section::Other,
            (Section::Account, _) => self.account(name, text),
            (Section::Resources, "ResourceName") => self.resource(text),
            (Section::Log, _) if self.error.is_some() => self.log(name, text),
            _ => {}
        }
    }

    fn account(&mut self, name: &str, found: &str) {
        let enrollment = &mut self.enrollment;
        let kept = match name {
            "EnrollmentId" => text(name, found).map(|id| enrollment.id = id),
            "MDMServerName" => text(name, found).map(|server| enrollment.server = server),
            "ServerLastSuccessTime" => instant(name, found).map(|at| enrollment.last_success = at),
            "ServerLastFailureTime" => instant(name, found).map(|at| enrollment.last_failure = at),
            "Enrollment" => {
                let whole = std::mem::take(enrollment);
                if !whole.id.is_empty() && self.facts.enrollments.len() < MOST_REPORTED {
                    self.facts.enrollments.push(whole);
                }
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(message) = kept {
            self.notes.complain(self.place, message);
        }
    }

    /// Keeps an address of this API. Resources without an address are numbered.
    fn resource(&mut self, address: &str) {
        if !is_licensing(address) || self.managed.contains(address) {
            return;
        }
        if self.managed.len() >= MOST_REPORTED {
            self.overflow("managed addresses");
            return;
        }
        match text("ResourceName", address) {
            Ok(address) => {
                self.managed.insert(address.clone());
                self.facts.managed.push(address);
            }
            Err(message) => self.notes.complain(self.place, message),
        }
    }

    fn log(&mut self, name: &str, found: &str) {
        let Some(draft) = &mut self.error else { return };
        let field = match name {
            "Component" => &mut self.component,
            "Name" => &mut draft.name,
            "Metadata1" => &mut draft.command,
            "Metadata2" => &mut draft.loc_uri,
            "Time" => &mut draft.time,
            "Error" => {
                draft.code = Some((self.place, found.to_owned()));
                return;
            }
            "SubComponent" => return self.flush(),
            "ErrorLog" => {
                self.flush();
                self.error = None;
                return;
            }
            _ => return,
        };
        match text(name, found) {
            Ok(text) => *field = text,
            Err(message) => self.notes.complain(self.place, message),
        }
    }

    /// Ends the present entry of the log, when it has an error.
    fn flush(&mut self) {
        let Some(Draft { name, code: Some((place, code)), command, loc_uri, time }) =
            self.error.replace(Draft::default())
        else {
            return;
        };
        let Some(hresult) = hresult(&code) else {
            let message =
                format!("`Error` is {}; allowed is an HRESULT, as a decimal", shown(&code));
            self.notes.complain(place, message);
            return;
        };
        if hresult == 0 {
            return;
        }
        let component = [self.component.as_str(), name.as_str()];
        let component: Vec<&str> = component.into_iter().filter(|part| !part.is_empty()).collect();
        let at = self.times.read(&time).ok().map(|moment| moment.at);
        let kept = self.facts.report(ReportedError {
            loc_uri,
            code: ReportedCode::Hresult(hresult),
            original: None,
            command,
            component: component.join("/"),
            time,
            at,
            place,
        });
        if !kept {
            self.overflow("errors");
        }
    }

    fn overflow(&mut self, what: &str) {
        let message = format!("more than {MOST_REPORTED} {what}; the rest is left out");
        self.notes.warn("too-many", self.place, message);
    }
}

/// An instant as the account has it: `20250309T070512Z`; an empty one is none.
fn instant(name: &str, found: &str) -> Result<Option<Timestamp>, String> {
    if found.is_empty() {
        return Ok(None);
    }
    let read = Timestamp::parse(found).map(Some);
    read.ok_or_else(|| format!("`{name}` is {}; allowed is `20250309T070512Z`", shown(found)))
}

/// An HRESULT, which the report writes as a signed decimal.
fn hresult(found: &str) -> Option<u32> {
    let value = whole(found)?;
    i32::try_from(value).map(i32::cast_unsigned).or_else(|_| u32::try_from(value)).ok()
}

#[cfg(test)]
mod tests;
