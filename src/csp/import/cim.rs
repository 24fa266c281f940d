//! Objects of WMI classes as JSON, as `Get-CimInstance … | ConvertTo-Json` writes them: found, told by class, named.
//!
//! What each class says is left to `wmi` and `os`. Objects may stand alone, in lists, or as members of a script's own hashtable;
//! both kinds of artefact take every class, since one file often holds them together.

use super::facts::Facts;
use super::rows::{Row, Values, Wanted, each_row};
use super::{Each, Options, Record, os, wmi};
use crate::artefact::Notes;
use crate::error::Outcome;
use serde_json::{Map, Value};
use std::io::BufRead;

/// Members in which PowerShell and WMI name the computer, the most telling first.
static COMPUTER: [&str; 2] = [PS_COMPUTER_NAME, "__SERVER"];
const PS_COMPUTER_NAME: &str = "PSComputerName";

/// What they put there when the query was a local one.
static NO_COMPUTER: [&str; 4] = ["localhost", ".", "127.0.0.1", "::1"];

/// Members that PowerShell adds to every object, and that hold objects of their own.
static FOREIGN: [&str; 10] = [
    "CimClass",
    "CimInstanceProperties",
    "CimSystemProperties",
    "Properties",
    "SystemProperties",
    "Qualifiers",
    "ClassPath",
    "Scope",
    "Path",
    "Options",
];

/// The classes that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// `MDM_WindowsLicensing`.
    Licensing,
    /// `MDM_WindowsLicensing_Subscriptions01_01`.
    Subscription,
    /// `Win32_OperatingSystem`.
    System,
    /// Another class of the MDM bridge.
    Other,
}

/// Reads the objects of a file; hands on one device an object.
pub(super) fn read(
    input: &mut dyn BufRead,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut nameless = Nameless::default();
    each_row(input, Wanted::All, notes, &mut |row, notes| {
        let mut search = Search { row: &row, notes, each, nameless: &mut nameless, found: 0 };
        search.object(&row.members, None)?;
        if search.found == 0 {
            search.notes.complain_with(
                row.place(),
                format!(
                    "row {}: the object is of no class that is read: `MDM_WindowsLicensing` has `Edition`, `Status` and \
                     `LicenseKeyType`, `Win32_OperatingSystem` has `OperatingSystemSKU`",
                    row.number
                ),
                "export all properties of the object",
            );
        }
        Ok(())
    })
}

/// The objects of a file that name no device: all of them are of one, so that there is one of a class.
#[derive(Debug, Default)]
struct Nameless {
    licensing: bool,
    system: bool,
}

impl Nameless {
    /// Whether an object of this class came before.
    fn repeats(&mut self, class: Class) -> bool {
        match class {
            Class::Licensing => std::mem::replace(&mut self.licensing, true),
            Class::System => std::mem::replace(&mut self.system, true),
            Class::Subscription | Class::Other => false,
        }
    }
}

/// The search of one element for objects.
struct Search<'s, 'e> {
    row: &'s Row<'s>,
    notes: &'s mut Notes,
    each: &'s mut Each<'e>,
    nameless: &'s mut Nameless,
    found: usize,
}

impl Search<'_, '_> {
    /// Searches a value; the splitter has bounded its depth.
    fn value(&mut self, value: &Value, computer: Option<&str>) -> Outcome<()> {
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.value(item, computer)),
            Value::Object(members) => self.object(members, computer),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
        }
    }

    fn object(&mut self, members: &Map<String, Value>, computer: Option<&str>) -> Outcome<()> {
        let named = computer_of(members).or(computer);
        if let Some(class) = wmi::class(members).or_else(|| os::class(members)) {
            self.found += 1;
            return self.take(class, members, named);
        }
        for (name, value) in members {
            if !FOREIGN.iter().any(|foreign| foreign.eq_ignore_ascii_case(name)) {
                self.value(value, named)?;
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        class: Class,
        members: &Map<String, Value>,
        computer: Option<&str>,
    ) -> Outcome<()> {
        if class == Class::Other {
            let why = "the object is of another class of the MDM bridge".to_owned();
            return (self.each)(self.row.place(), Record::Skipped(why));
        }
        let mut values = Values::new(self.row, members, self.notes);
        let mut facts = Facts::default();
        if let Some(computer) = computer {
            let named = facts.named(computer);
            values.accept(PS_COMPUTER_NAME, named);
        }
        match class {
            Class::Licensing => wmi::licensing(&mut values, &mut facts),
            Class::Subscription => wmi::subscription(&mut values, &mut facts),
            Class::System | Class::Other => os::system(&mut values, &mut facts),
        }
        if facts.device.is_none() && !values.is_spoiled() && self.nameless.repeats(class) {
            values.complain(
                PS_COMPUTER_NAME,
                "a second object of its class, and neither names its device; import each device's alone",
            );
        }
        if values.is_spoiled() {
            return Ok(());
        }
        (self.each)(self.row.place(), Record::Device(Box::new(facts)))
    }
}

/// The computer that an object names.
fn computer_of(members: &Map<String, Value>) -> Option<&str> {
    COMPUTER.iter().find_map(|wanted| {
        let mut found = members.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let text = found.next().and_then(|(_, value)| value.as_str()).map(str::trim)?;
        let none = NO_COMPUTER.iter().any(|word| word.eq_ignore_ascii_case(text));
        (!text.is_empty() && !none).then_some(text)
    })
}

#[cfg(test)]
mod tests;
