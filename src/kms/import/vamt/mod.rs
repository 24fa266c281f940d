//! Exports of the Volume Activation Management Tool: computer information lists (`.cil`, `.cilx`) and its tables.
//!
//! They are read only: their maker supports no file that was changed elsewhere. The published help shows part of the tags, so
//! elements are known by local names in any case, and what is not known is counted.

pub mod list;
pub mod table;

use super::cim::date::Site;
use super::cim::machines::Machines;
use super::cim::value::settle;
use super::{Each, Options, Properties, redact};
use crate::artefact::Notes;
use crate::artefact::culture::Times;
use crate::catalog::Field;
use crate::error::{Outcome, Place};
use crate::kms::catalog::{product, service};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a name means: a tag, an attribute, a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    /// A property of the product.
    Product(&'static str),
    /// A property of the service.
    Service(&'static str),
    /// When the present status ends; no property holds that.
    End,
    /// The machine, the better known the smaller.
    Machine(u8),
    /// It is known and says nothing that is kept.
    Nothing,
}

/// Names in lower case, without blanks.
///
/// Source: [VAMTHELP] for the tags of computers and SKUs, [VAMT] for the columns; the others: assumed, as the help does not show them.
static NAMES: [(&str, Means); 43] = [
    ("skuid", Means::Product("ID")),
    ("activationid", Means::Product("ID")),
    ("applicationid", Means::Product("ApplicationID")),
    ("productname", Means::Product("Name")),
    ("productdescription", Means::Product("Description")),
    ("description", Means::Product("Description")),
    ("partialproductkey", Means::Product("PartialProductKey")),
    ("licensestatus", Means::Product("LicenseStatus")),
    ("licensestatusreason", Means::Product("LicenseStatusReason")),
    ("statusreason", Means::Product("LicenseStatusReason")),
    ("graceminutesremaining", Means::Product("GracePeriodRemaining")),
    ("graceperiodremaining", Means::Product("GracePeriodRemaining")),
    ("graceperiodremainingminutes", Means::Product("GracePeriodRemaining")),
    ("genuinestatus", Means::Product("GenuineStatus")),
    ("productkeyid", Means::Product("ProductKeyID")),
    ("kmshost", Means::Product("KeyManagementServiceMachine")),
    ("kmsmachine", Means::Product("KeyManagementServiceMachine")),
    ("kmsport", Means::Product("KeyManagementServicePort")),
    ("vlactivationtype", Means::Product("VLActivationType")),
    ("vlactivationtypeenabled", Means::Product("VLActivationTypeEnabled")),
    ("cmid", Means::Service("ClientMachineID")),
    ("clientmachineid", Means::Service("ClientMachineID")),
    ("graceexpirationdate", Means::End),
    ("fullyqualifieddomainname", Means::Machine(0)),
    ("computername", Means::Machine(1)),
    ("computer", Means::Machine(2)),
    ("softwarelicensingdata", Means::Nothing),
    ("computers", Means::Nothing),
    ("products", Means::Nothing),
    ("product", Means::Nothing),
    ("sku", Means::Nothing),
    ("macaddresses", Means::Nothing),
    ("macaddress", Means::Nothing),
    ("osversion", Means::Nothing),
    ("osedition", Means::Nothing),
    ("networktype", Means::Nothing),
    ("networkname", Means::Nothing),
    ("version", Means::Nothing),
    ("id", Means::Nothing),
    ("name", Means::Nothing),
    ("xmlns", Means::Nothing),
    ("volumeactivation", Means::Nothing),
    ("licensefamily", Means::Product("LicenseFamily")),
];

fn means(name: &str) -> Option<Means> {
    let plain = plain(name);
    NAMES.iter().find(|(known, _)| *known == plain).map(|(_, means)| *means)
}

/// A name in lower case, without blanks.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// How the tool words a license status in its grid; letters alone, lower case.
///
/// Source: assumed; the columns are shown in the documentation, their words are not listed.
static STATUSES: [(&str, u32); 11] = [
    ("unlicensed", 0),
    ("licensed", 1),
    ("initialgrace", 2),
    ("initialgraceperiod", 2),
    ("oobgrace", 2),
    ("ootgrace", 3),
    ("outoftolerancegrace", 3),
    ("additionalgrace", 3),
    ("nongenuinegrace", 4),
    ("notification", 5),
    ("extendedgrace", 6),
];

/// The product of an export while it is read.
#[derive(Debug, Default)]
struct Draft {
    product: Properties,
    service: Properties,
    machine: Option<(u8, String)>,
    /// Something was complained of.
    bad: bool,
}

/// What both readers carry along.
struct Reading<'r> {
    times: Times<'r>,
    notes: &'r mut Notes,
    machines: Machines,
    /// Names that mean nothing, and how often each stood there.
    unknown: BTreeMap<String, u64>,
    /// Machines whose service is known: every product repeats it.
    served: BTreeSet<Option<String>>,
    complaints: u64,
}

/// How many unknown names are told apart.
const TOLD: usize = 50;

/// The member of ours under which the end of a status is kept, RFC 3339.
const END_DATE: &str = "endDate";

impl<'r> Reading<'r> {
    /// Refuses a culture that is not known.
    fn new(options: &'r Options, notes: &'r mut Notes) -> Outcome<Self> {
        let times = Times::new(options.culture.as_deref(), options.zone.as_ref())?;
        let complaints = notes.complaints.count();
        let (machines, unknown, served) = <(Machines, BTreeMap<_, _>, BTreeSet<_>)>::default();
        Ok(Self { times, notes, machines, unknown, served, complaints })
    }

    /// Takes a value by the name that it stands under.
    fn take(&mut self, draft: &mut Draft, name: &str, text: &str, place: Place) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if redact::holds_key(text) {
            redact::warn(self.notes, place, name);
            return;
        }
        match means(name) {
            Some(Means::Product(property)) => {
                let row = product::property(property).map(|row| &row.field);
                self.put(&mut draft.product, row, text, (place, &mut draft.bad));
            }
            Some(Means::Service(property)) => {
                let row = service::property(property).map(|row| &row.field);
                self.put(&mut draft.service, row, text, (place, &mut draft.bad));
            }
            Some(Means::Machine(rank)) => {
                if draft.machine.as_ref().is_none_or(|(held, _)| rank < *held) {
                    draft.machine = Some((rank, text.to_owned()));
                }
            }
            Some(Means::End) => {
                let site = Site { times: &self.times, place };
                if let Some(end) = super::cim::date::date(END_DATE, text, site, self.notes) {
                    draft.product.extra.insert(END_DATE.to_owned(), Value::from(end.to_string()));
                }
            }
            Some(Means::Nothing) => {}
            None => self.unknown(name),
        }
    }

    fn unknown(&mut self, name: &str) {
        if self.unknown.len() < TOLD || self.unknown.contains_key(name) {
            *self.unknown.entry(name.to_owned()).or_default() += 1;
        }
    }

    fn put(
        &mut self,
        target: &mut Properties,
        row: Option<&'static Field>,
        text: &str,
        (place, bad): (Place, &mut bool),
    ) {
        let Some(row) = row else { return };
        let mut value = Value::from(text);
        if row.name == "LicenseStatus" && text.parse::<i64>().is_err() {
            let letters: String =
                text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
            let known = STATUSES.iter().find(|(words, _)| *words == letters);
            let Some((_, status)) = known else {
                let message = format!(
                    "the status `{}` is not known",
                    crate::artefact::trouble::excerpt(text)
                );
                self.notes.warn("status-unknown", place, message);
                return;
            };
            value = Value::from(*status);
        }
        match settle(row, &value, Site { times: &self.times, place }, self.notes) {
            Some(value) => drop(target.known.insert(row.name.to_owned(), value)),
            None => *bad = true,
        }
    }

    /// Keeps a product that was read whole.
    fn keep(&mut self, draft: Draft, place: Place) {
        let Draft { product, service, machine, bad } = draft;
        if bad || (product == Properties::default() && service == Properties::default()) {
            return;
        }
        let machine = machine.map(|(_, name)| name);
        let key = machine.as_ref().map(|name| name.to_lowercase());
        let first = service != Properties::default() && self.served.insert(key);
        self.machines.add(place, machine, first.then_some(service), Some(product));
    }

    fn finish(self, each: &mut Each<'_>) -> Outcome<()> {
        let Self { notes, machines, unknown, complaints, .. } = self;
        if !unknown.is_empty() {
            let named: Vec<String> =
                unknown.iter().map(|(name, count)| format!("`{name}` ({count})")).collect();
            let message = format!("names that are not known were left out: {}", named.join(", "));
            notes.warn("unknown-names", Place::Whole, message);
        }
        if machines.is_empty() && notes.complaints.count() == complaints {
            notes.complain(Place::Whole, "the export holds no product");
        }
        machines.finish(notes, each)
    }
}

#[cfg(test)]
mod tests;
