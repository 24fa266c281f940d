//! One object of the licensing classes, as names and values: which class it is of, and its properties by the catalog.

use super::date::Site;
use super::machines::Machines;
use super::value::settle;
use crate::artefact::Notes;
use crate::artefact::culture::Times;
use crate::catalog::{Field, Kind, Mask};
use crate::error::{Outcome, Place};
use crate::kms::catalog::{product, service};
use crate::kms::import::{Each, Options, Properties, redact};
use serde_json::Value;

/// Which class an object is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Service,
    Product,
    /// Members of both in one object, as scripts select them.
    Mixed,
}

impl Class {
    /// Tells the class by the names that an object has; `None` when it is of neither.
    pub(super) fn of(has: impl Fn(&str) -> bool) -> Option<Self> {
        let product = has("ApplicationID") && has("LicenseStatus");
        let service = has("KeyManagementServiceHostCaching")
            || (has("ClientMachineID") && !has("ApplicationID"));
        match (service, product) {
            (true, true) => Some(Self::Mixed),
            (true, false) => Some(Self::Service),
            (false, true) => Some(Self::Product),
            (false, false) => None,
        }
    }
}

/// Members in which tools name the machine, the most telling first.
static MACHINE: [&str; 3] = ["PSComputerName", "Node", "__SERVER"];

/// What they put there when the query was a local one: it names no machine.
static NO_MACHINE: [&str; 4] = ["localhost", ".", "127.0.0.1", "::1"];

/// Members that PowerShell and WMI add to every object of every class.
static FOREIGN: [&str; 19] = [
    "PSComputerName",
    "PSShowComputerName",
    "PSSourceJobInstanceId",
    "PSStatus",
    "RunspaceId",
    "Node",
    "CimClass",
    "CimInstanceProperties",
    "CimSystemProperties",
    "Properties",
    "SystemProperties",
    "Qualifiers",
    "ClassPath",
    "Site",
    "Container",
    "Scope",
    "Path",
    "Options",
    "Methods",
];

/// Whether tools add the member `name` to any object.
pub(super) fn is_foreign(name: &str) -> bool {
    name.starts_with("__") || FOREIGN.iter().any(|foreign| foreign.eq_ignore_ascii_case(name))
}

/// The machine that a member names, when it is such a member.
pub(super) fn machine_of<'m>(
    members: &(impl Iterator<Item = (&'m str, &'m Value)> + Clone),
) -> Option<&'m str> {
    let named = |wanted: &str| {
        let mut found = members.clone().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let text = found.next().and_then(|(_, value)| value.as_str()).map(str::trim)?;
        let none = NO_MACHINE.iter().any(|word| word.eq_ignore_ascii_case(text));
        (!text.is_empty() && !none && !redact::holds_key(text)).then_some(text)
    };
    MACHINE.iter().find_map(|wanted| named(wanted))
}

/// One object as an artefact shows it.
#[derive(Debug)]
pub(super) struct Object {
    /// Where it begins.
    pub(super) place: Place,
    /// The machine that its surroundings name.
    pub(super) machine: Option<String>,
    /// In the order of the artefact; where each stands, as far as that is known.
    pub(super) members: Vec<(String, Value, Place)>,
}

/// What every reader of objects carries along.
pub(super) struct Reading<'r> {
    times: Times<'r>,
    pub(super) notes: &'r mut Notes,
    pub(super) machines: Machines,
    /// Complaints that were there before.
    complaints: u64,
}

/// The parts of an object while its members are sorted.
#[derive(Default)]
struct Parts {
    service: Properties,
    product: Properties,
    /// Something was complained of: the object is not handed on.
    bad: bool,
}

impl<'r> Reading<'r> {
    /// Refuses a culture that is not known.
    pub(super) fn new(options: &'r Options, notes: &'r mut Notes) -> Outcome<Self> {
        let times = Times::new(options.culture.as_deref(), options.zone.as_ref())?;
        let complaints = notes.complaints.count();
        Ok(Self { times, notes, machines: Machines::default(), complaints })
    }

    /// Hands the snapshots on; complains when nothing was found and nothing complained of.
    pub(super) fn finish(self, each: &mut Each<'_>) -> Outcome<()> {
        if self.machines.is_empty() && self.notes.complaints.count() == self.complaints {
            self.notes.complain(
                Place::Whole,
                "the file holds no object of `SoftwareLicensingService` or `SoftwareLicensingProduct`",
            );
        }
        self.machines.finish(self.notes, each)
    }

    /// Sorts the members of an object and keeps it with the others of its machine; complains when it is of neither class.
    pub(super) fn accept(&mut self, object: Object) {
        let has = |wanted: &str| {
            object.members.iter().any(|(name, ..)| name.eq_ignore_ascii_case(wanted))
        };
        let Some(class) = Class::of(has) else {
            self.complain_of_class(object.place);
            return;
        };
        let pairs = object.members.iter().map(|(name, value, _)| (name.as_str(), value));
        let machine = machine_of(&pairs).map(str::to_owned).or(object.machine);
        let mut parts = Parts::default();
        for (name, value, place) in object.members {
            if !is_foreign(&name) {
                self.sort(class, (name, value, place), &mut parts);
            }
        }
        if parts.bad {
            return;
        }
        let service = (class != Class::Product).then_some(parts.service);
        let product = (class != Class::Service).then_some(parts.product);
        self.machines.add(object.place, machine, service, product);
    }

    pub(super) fn complain_of_class(&mut self, place: Place) {
        self.notes.complain_with(
            place,
            "the object is of neither class: `SoftwareLicensingService` has \
             `KeyManagementServiceHostCaching` or `ClientMachineID`, `SoftwareLicensingProduct` has \
             `ApplicationID` and `LicenseStatus`",
            "export all properties of the object",
        );
    }

    fn sort(&mut self, class: Class, member: (String, Value, Place), parts: &mut Parts) {
        let (name, mut value, place) = member;
        let of_service = service::property(&name).map(|property| &property.field);
        let of_product = product::property(&name).map(|property| &property.field);
        let rows = [
            of_service.filter(|_| class != Class::Product),
            of_product.filter(|_| class != Class::Service),
        ];
        let key = is_whole_key(&rows, &value)
            || redact::holds_key(&name)
            || redact::value_holds_key(&value);
        if key {
            redact::warn(self.notes, place, &name);
            value = Value::Null;
        }
        let targets = [&mut parts.service, &mut parts.product];
        for (row, target) in rows.into_iter().zip(targets) {
            let Some(row) = row else { continue };
            let site = Site { times: &self.times, place };
            match settle(row, &value, site, self.notes) {
                Some(value) => drop(target.known.insert(row.name.to_owned(), value)),
                None => parts.bad = true,
            }
        }
        if !key && rows.iter().all(Option::is_none) {
            let product = class == Class::Product;
            let target = if product { &mut parts.product } else { &mut parts.service };
            target.extra.insert(name, value);
        }
    }
}

/// Whether the property holds a whole product key by its row, and does hold something.
fn is_whole_key(rows: &[Option<&Field>], value: &Value) -> bool {
    let whole = rows.iter().flatten().any(|row| row.kind == Kind::Secret(Mask::LastFive));
    whole && !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty())
}
