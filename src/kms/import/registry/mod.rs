//! Registry exports (`reg export`, `regedit`): the settings of the licensing service below its key.
//!
//! Values that no row of the catalog names are passed over: among them is the product key of the system. A value that is taken away
//! (`"Name"=-`) is read as one that is not there, so that a plan for `reg import` reads back as what it makes.

mod value;

use super::cim::date::Site;
use super::cim::value::settle;
use super::lines::Lines;
use super::{Each, Options, Properties, Record, Snapshot, redact};
use crate::artefact::culture::Times;
use crate::artefact::trouble::{Next, excerpt};
use crate::artefact::{Fit, Kind, LONGEST, Notes, Sample};
use crate::catalog::Kind as FieldKind;
use crate::error::{Outcome, Place};
use crate::kms::catalog::registry::{self, Form, KEY, KEY_V60, RegistryValue};
use crate::kms::catalog::{product, service};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::io::BufRead;
use uuid::Uuid;
use value::Value;

pub static KIND: Kind = Kind {
    name: "kms.registry",
    title: "registry export of the licensing service (`reg export …\\SoftwareProtectionPlatform`)",
    binary: false,
    sniff,
};

/// How the first line of such files begins.
const HEADING: &str = "Windows Registry Editor Version";

/// How many products a file may have settings of; a machine has some 400.
const MOST: usize = 10_000;

fn sniff(sample: &Sample<'_>) -> Fit {
    let text = sample.text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with(HEADING) {
        return Fit::No;
    }
    // The key may stand behind what is looked at.
    let named = text.lines().any(|line| opened(line).is_some_and(|key| of(key).is_some()));
    Fit::Yes(if named { 9 } else { 5 })
}

/// The key that a line opens.
fn opened(line: &str) -> Option<&str> {
    line.trim().strip_prefix('[')?.strip_suffix(']')
}

/// Whose settings stand below a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Machine,
    /// Of every product of an application.
    Application(Uuid),
    Product(Uuid, Uuid),
}

/// Whose settings stand below a key; `None` for any other key.
fn of(key: &str) -> Option<Whose> {
    let below = [KEY, KEY_V60].into_iter().find_map(|base| {
        let head = key.get(..base.len())?;
        let rest = key.get(base.len()..)?;
        (head.eq_ignore_ascii_case(base) && (rest.is_empty() || rest.starts_with('\\')))
            .then_some(rest)
    })?;
    let mut parts = below.split('\\').skip(1).map(|part| Uuid::try_parse(part).ok());
    match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => Some(Whose::Machine),
        (Some(Some(application)), None, _) => Some(Whose::Application(application)),
        (Some(Some(application)), Some(Some(product)), None) => {
            Some(Whose::Product(application, product))
        }
        _ => None,
    }
}

/// The settings of a file while it is read.
struct Reading<'r> {
    times: Times<'r>,
    notes: &'r mut Notes,
    /// Where the first of them stands.
    begin: Option<Place>,
    service: Properties,
    products: BTreeMap<Whose, Properties>,
    /// Below which key the present lines stand.
    present: Option<Whose>,
}

/// Reads an export; hands on one snapshot, which names no machine.
pub fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let times = Times::new(options.culture.as_deref(), options.zone.as_ref())?;
    let before = notes.complaints.count();
    let mut reading = Reading {
        times,
        notes,
        begin: None,
        service: Properties::default(),
        products: BTreeMap::new(),
        present: None,
    };
    let mut lines = Lines::new(input);
    let mut joined: Option<(Place, String)> = None;
    loop {
        match lines.next() {
            Ok(Some(line)) => {
                let (place, mut text) =
                    joined.take().unwrap_or((Place::Line(line.number), String::new()));
                text.push_str(line.text.trim());
                if text.len() > LONGEST {
                    reading
                        .notes
                        .complain(place, format!("the value is longer than {LONGEST} bytes"));
                } else if value::goes_on(&text) {
                    text.pop();
                    joined = Some((place, text));
                } else {
                    reading.line(&text, place);
                }
            }
            Ok(None) => break,
            Err(trouble) => {
                joined = None;
                if trouble.settle(reading.notes)? == Next::Stop {
                    break;
                }
            }
        }
    }
    let Reading { notes, begin, service, products, .. } = reading;
    let Some(place) = begin else {
        if notes.complaints.count() == before {
            notes.complain_with(
                Place::Whole,
                "the file holds no setting of the licensing service",
                "export the key `HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform`",
            );
        }
        return Ok(());
    };
    if notes.complaints.count() > before {
        return Ok(());
    }
    let service = (service != Properties::default()).then_some(service);
    let snapshot = Snapshot { machine: None, service, products: products.into_values().collect() };
    each(place, Record::Snapshot(Box::new(snapshot)))
}

impl Reading<'_> {
    fn line(&mut self, line: &str, place: Place) {
        if let Some(key) = opened(line) {
            self.present = of(key);
            return;
        }
        let (Some(whose), Some((name, text))) = (self.present, value::named(line)) else {
            return;
        };
        let Some(row) = registry::value(&name) else {
            return;
        };
        match Value::parse(text) {
            Some(value) => self.take(whose, row, &value, place),
            None => {
                let message = format!("`{name}` is `{}`, which is no value", excerpt(text));
                self.notes.complain(place, message);
            }
        }
    }

    fn take(&mut self, whose: Whose, row: &'static RegistryValue, value: &Value, place: Place) {
        let name = row.field.name;
        if matches!(value, Value::Text(text) if redact::holds_key(text)) {
            redact::warn(self.notes, place, name);
            return;
        }
        if *value == Value::Other {
            self.notes.warn(
                "registry-type",
                place,
                format!("`{name}` is of a type that is not read"),
            );
            return;
        }
        let expected = match row.form {
            Form::Text => "REG_SZ",
            Form::Number => "REG_DWORD",
            Form::Lines => "REG_MULTI_SZ",
        };
        if value.form().is_some_and(|form| form != row.form) {
            let message = format!("the type of `{name}` should be {expected}");
            self.notes.warn("registry-type", place, message);
        }
        if row.form == Form::Lines {
            self.begin.get_or_insert(place);
            let domains: Vec<Json> = value.lines().iter().map(|line| published(line)).collect();
            self.service.extra.insert(name.to_owned(), Json::from(domains));
            return;
        }
        let number = value.number();
        let Some(property) = row.property else {
            let shown =
                number.map_or_else(|| value.text().map(Json::from), |number| Some(number.into()));
            self.extra(whose, name, shown, place);
            return;
        };
        self.property(whose, (row, property), value, place);
    }

    /// Keeps what no property shows.
    fn extra(&mut self, whose: Whose, name: &str, shown: Option<Json>, place: Place) {
        let Some(shown) = shown else { return };
        self.begin.get_or_insert(place);
        match whose {
            Whose::Machine => drop(self.service.extra.insert(name.to_owned(), shown)),
            Whose::Application(id) => {
                let all = self.service.extra.entry("applications").or_insert_with(|| json!({}));
                let own = all
                    .as_object_mut()
                    .map(|all| all.entry(id.to_string()).or_insert_with(|| json!({})));
                if let Some(own) = own.and_then(Json::as_object_mut) {
                    own.insert(name.to_owned(), shown);
                }
            }
            Whose::Product(..) => {
                if let Some(product) = self.product(whose) {
                    product.extra.insert(name.to_owned(), shown);
                }
            }
        }
    }

    fn property(
        &mut self,
        whose: Whose,
        (row, property): (&'static RegistryValue, &'static str),
        value: &Value,
        place: Place,
    ) {
        let of_product = matches!(whose, Whose::Product(..));
        let field = if of_product {
            product::property(property).map(|row| &row.field)
        } else {
            service::property(property).map(|row| &row.field)
        };
        let number = value.number();
        let shown = match (field.map(|field| field.kind), number) {
            // Which interval a system takes without the value, its version says.
            (Some(FieldKind::U32 { min: 1.., .. }), _) if *value == Value::Gone => return,
            (Some(FieldKind::Boolean), Some(number)) => Json::from((number != 0) != row.inverted),
            (Some(FieldKind::Text { .. }), _) | (_, None) => {
                value.text().map_or(Json::Null, Json::from)
            }
            (_, Some(number)) => Json::from(number),
        };
        let Some(field) = field.filter(|_| !matches!(whose, Whose::Application(_))) else {
            self.extra(whose, row.field.name, Some(shown), place);
            return;
        };
        let site = Site { times: &self.times, place };
        let Some(settled) = settle(field, &shown, site, self.notes) else {
            return;
        };
        self.begin.get_or_insert(place);
        let target = if of_product { self.product(whose) } else { Some(&mut self.service) };
        if let Some(target) = target {
            target.known.insert(property.to_owned(), settled);
        }
    }

    /// The product of a key; `None` when there are too many.
    fn product(&mut self, whose: Whose) -> Option<&mut Properties> {
        let Whose::Product(application, id) = whose else { return None };
        if self.products.len() >= MOST && !self.products.contains_key(&whose) {
            return None;
        }
        Some(self.products.entry(whose).or_insert_with(|| {
            let mut own = Properties::default();
            own.known.insert("ID".to_owned(), id.to_string().into());
            own.known.insert("ApplicationID".to_owned(), application.to_string().into());
            own
        }))
    }
}

/// A line of `DnsDomainPublishList`: domain, priority, weight; missing numbers are 0.
fn published(line: &str) -> Json {
    let mut parts = line.split(',').map(str::trim);
    let domain = parts.next().unwrap_or_default();
    let mut number = || parts.next().and_then(|text| text.parse::<u16>().ok()).unwrap_or(0);
    let (priority, weight) = (number(), number());
    json!({"domain": domain, "priority": priority, "weight": weight})
}

#[cfg(test)]
mod tests;
