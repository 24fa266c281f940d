//! Intune profiles as Microsoft Graph shows them: `windows10CustomConfiguration` and `editionUpgradeConfiguration` as JSON.
//!
//! The object itself, what Graph wraps around one or several, a list, and the wrapper of exports are read. What a profile would
//! do to a device is left to `rules`, whether it should to `report`.

mod custom;
mod template;
mod value;

use super::located::{Json, Located, parse};
use crate::artefact::json::{Element, Elements};
use crate::artefact::trouble::Next;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::csp::catalog::intune::{CONTAINERS, CUSTOM_PROFILE, UPGRADE_TEMPLATE};
use crate::csp::model::profile::Profile;
use crate::error::{Outcome, Place};
use std::io::BufRead;

/// Profiles of Intune.
pub static KIND: Kind = Kind {
    name: "csp.intune-json",
    title: "Intune profiles as JSON of Microsoft Graph: windows10CustomConfiguration, editionUpgradeConfiguration",
    binary: false,
    sniff,
};

/// The longest element: a profile, or a wrapper with all profiles of a tenant.
const LONGEST_ELEMENT: usize = 16 * 1024 * 1024;

/// How many values one element may hold; the parsed tree takes some 70 bytes for each.
const MOST_VALUES: usize = 1_000_000;

/// The member by which Graph tells the type of an object.
const TYPE: &str = "@odata.type";

fn sniff(sample: &Sample<'_>) -> Fit {
    let has = |text: &str| sample.text.contains(text);
    if !sample.text.trim_start().starts_with(['{', '[']) {
        return Fit::No;
    }
    if has(CUSTOM_PROFILE) || has(UPGRADE_TEMPLATE) {
        Fit::Yes(9)
    } else if has("deviceManagement/deviceConfigurations") {
        // A listing whose first profiles are of other types.
        Fit::Yes(3)
    } else if has("\"omaSettings\"") {
        Fit::Near("it has `omaSettings`, but no `@odata.type` of a Windows profile")
    } else {
        Fit::No
    }
}

/// Reads the profiles of a file; `each` gets them in the order of the file, with the line of every value.
pub fn read(
    input: &mut dyn BufRead,
    notes: &mut Notes,
    each: &mut dyn FnMut(Profile) -> Outcome<()>,
) -> Outcome<()> {
    let mut elements = Elements::new(input).bounded(LONGEST_ELEMENT);
    let mut search = Search { notes, each, found: false };
    loop {
        match elements.next() {
            Ok(Some(element)) => search.element(element)?,
            Ok(None) => break,
            Err(trouble) => {
                if trouble.settle(search.notes)? == Next::Stop {
                    break;
                }
            }
        }
    }
    if !search.found && search.notes.complaints.is_empty() {
        let message = format!("no profile of type `{CUSTOM_PROFILE}` or `{UPGRADE_TEMPLATE}`");
        search.notes.complain(Place::Whole, message);
    }
    Ok(())
}

/// The search for profiles in what is wrapped around them.
struct Search<'s> {
    notes: &'s mut Notes,
    each: &'s mut dyn FnMut(Profile) -> Outcome<()>,
    found: bool,
}

impl Search<'_> {
    fn element(&mut self, element: Element<'_>) -> Outcome<()> {
        if element.text.bytes().filter(|byte| *byte == b',').count() >= MOST_VALUES {
            let message = format!("the element holds more than {MOST_VALUES} values");
            self.notes.complain(Place::Line(element.line), message);
            return Ok(());
        }
        match parse(element.text, element.line) {
            Ok(value) => self.value(&value),
            Err(wrong) => {
                let message = format!("no valid JSON: {}", wrong.message);
                self.notes.complain(Place::Line(wrong.line), message);
                Ok(())
            }
        }
    }

    /// Takes a profile, or looks into what holds profiles. The depth is bounded by the splitter.
    fn value(&mut self, value: &Located) -> Outcome<()> {
        match &value.json {
            Json::Object(_) => self.object(value),
            Json::List(items) => items.iter().try_for_each(|item| self.value(item)),
            _ => {
                self.notes.complain(Place::Line(value.line), "expected a profile, found a scalar");
                Ok(())
            }
        }
    }

    fn object(&mut self, object: &Located) -> Outcome<()> {
        let kind = object.text(TYPE).map(short);
        let profile = match kind {
            Some(CUSTOM_PROFILE) => Some(custom::read(object, self.notes)),
            Some(UPGRADE_TEMPLATE) => Some(template::read(object, self.notes)),
            _ => None,
        };
        if let Some(profile) = profile {
            self.found = true;
            return (self.each)(profile);
        }
        let held = CONTAINERS.iter().find_map(|name| {
            object.member(name).filter(|held| matches!(held.json, Json::Object(_) | Json::List(_)))
        });
        let place = Place::Line(object.line);
        match (held, kind) {
            (Some(held), _) => return self.value(held),
            (None, Some(_)) => {
                let message = "profiles of other types are passed over";
                self.notes.warn("other-profile", place, message);
            }
            (None, None) => self.notes.complain_with(
                place,
                format!("the object has no `{TYPE}` and holds no profiles"),
                "save the whole answer of Microsoft Graph, with its `@odata.type` members",
            ),
        }
        self.found |= kind.is_some();
        Ok(())
    }
}

/// The name of a type without its namespace.
fn short(kind: &str) -> &str {
    kind.rsplit(['.', '#']).next().unwrap_or(kind)
}

#[cfg(test)]
mod tests;
