//! What an output says of its machine, property by property, until it is a snapshot.
//!
//! slmgr prints the properties of the service and of a product mixed. Up to profile `V60` the service class has the numbers of
//! client and host; later scripts read them from the product, and the service mirrors those of the Windows product. That a
//! snapshot has them at both places is assumed: reports about a machine look at its service, those about a pool at its product.
//!
//! Source: [SLMGR] `DisplayAllInformation`, `DisplayKMSInformation`, `DisplayKMSClientInformation`.

use super::labels::{Fact, Host};
use crate::artefact::Notes;
use crate::artefact::culture::Times;
use crate::catalog::Field;
use crate::error::{Outcome, Place};
use crate::kms::catalog::skus::{OFFICE_15, OFFICE_16_AS_PRINTED, WINDOWS};
use crate::kms::catalog::{Profile, product, service};
use crate::kms::import::cim::date::{Site, date};
use crate::kms::import::cim::value::settle;
use crate::kms::import::{Options, Properties, Snapshot, redact};
use serde_json::Value;

/// The port that slmgr prints for "not set".
///
/// Source: [SLMGR] `DefaultPort`.
const DEFAULT_PORT: u32 = 1688;

/// The member of ours under which the end of a status is kept, RFC 3339.
const END_DATE: &str = "endDate";

/// The machine of an output while it is read.
pub(super) struct Machine<'r> {
    times: Times<'r>,
    pub(super) notes: &'r mut Notes,
    /// Where the first of it stands; `None` while nothing was said.
    begin: Option<Place>,
    /// The service class has the numbers of client and host.
    early: bool,
    service: Properties,
    product: Option<Properties>,
    products: Vec<Properties>,
    /// Something was complained of: there is no snapshot.
    bad: bool,
}

impl<'r> Machine<'r> {
    /// Refuses a culture that is not known.
    pub(super) fn new(options: &'r Options, notes: &'r mut Notes) -> Outcome<Self> {
        let times = Times::new(options.culture.as_deref(), options.zone.as_ref())?;
        Ok(Self {
            times,
            notes,
            begin: None,
            early: false,
            service: Properties::default(),
            product: None,
            products: Vec::new(),
            bad: false,
        })
    }

    /// Whether anything was said.
    pub(super) fn is_empty(&self) -> bool {
        self.begin.is_none()
    }

    /// Whether the service or the present product has the property.
    pub(super) fn has(&self, property: &str) -> bool {
        let parts = self.product.iter().chain([&self.service]);
        parts.into_iter().any(|part| part.known.contains_key(property))
    }

    /// Begins a product by its Name; it may be unknown.
    pub(super) fn begin_product(&mut self, name: Option<&str>, place: Place) {
        self.end_product();
        self.begin.get_or_insert(place);
        self.product = Some(Properties::default());
        if let Some(name) = name {
            self.text("Name", name, place);
        }
    }

    /// Sets a property to what is printed for it.
    pub(super) fn text(&mut self, property: &str, printed: &str, place: Place) {
        if redact::holds_key(printed) {
            redact::warn(self.notes, place, property);
            self.put(property, &Value::Null, place);
            return;
        }
        self.put(property, &Value::from(printed), place);
    }

    /// Begins the service by its Version, on which depends where the numbers stand.
    pub(super) fn begin_service(&mut self, version: &str, place: Place) {
        self.early = Profile::from_version(version).0 == Profile::V60;
        self.text("Version", version, place);
    }

    /// Sets a property to what a line says without printing it.
    pub(super) fn fact(&mut self, property: &str, fact: Fact, place: Place) {
        let value = match fact {
            Fact::Null => Value::Null,
            Fact::Number(number) => Value::from(number),
            Fact::Flag(flag) => Value::from(flag),
        };
        self.put(property, &value, place);
    }

    /// Sets a property to a number that is printed in hexadecimal digits.
    pub(super) fn code(&mut self, property: &str, digits: &str, place: Place) {
        self.text(property, &format!("0x{digits}"), place);
    }

    /// Sets the two properties of a KMS host to what is printed as `name:port`.
    pub(super) fn address(&mut self, names: (&str, &str), of: Host, printed: &str, place: Place) {
        let split = printed.rsplit_once(':').map(|(name, port)| (name, port.parse::<u16>()));
        let (name, port) = match split {
            Some((name, Ok(port))) => (name, Some(u32::from(port))),
            _ => (printed, None),
        };
        self.text(names.0, name, place);
        let unset = of == Host::Registered && port == Some(DEFAULT_PORT);
        if let Some(port) = port {
            self.fact(names.1, Fact::Number(if unset { 0 } else { port }), place);
        }
        if of == Host::Discovered && !self.has("KeyManagementServiceMachine") {
            // The script prints this line only when no host is registered.
            self.fact("KeyManagementServiceMachine", Fact::Null, place);
        }
    }

    /// Keeps when the status of the present product ends. No property holds that, and without the time at which the output was
    /// made `GracePeriodRemaining` does not follow from it.
    pub(super) fn ends(&mut self, printed: &str, place: Place) {
        if redact::holds_key(printed) {
            redact::warn(self.notes, place, END_DATE);
            return;
        }
        let site = Site { times: &self.times, place };
        if let Some(end) = date(END_DATE, printed, site, self.notes) {
            let product = self.product.get_or_insert_default();
            product.extra.insert(END_DATE.to_owned(), Value::from(end.to_string()));
        }
    }

    fn put(&mut self, property: &str, value: &Value, place: Place) {
        let of_service = service::property(property).map(|row| &row.field);
        let of_product = product::property(property).map(|row| &row.field);
        let serves = of_product.is_none() || (self.early && of_service.is_some());
        let Some(row) = (if serves { of_service } else { of_product }) else {
            return;
        };
        self.begin.get_or_insert(place);
        let site = Site { times: &self.times, place };
        let Some(value) = settle(row, value, site, self.notes) else {
            self.bad = true;
            return;
        };
        let value = self.settled(row, value, place);
        let part = if serves { &mut self.service } else { self.product.get_or_insert_default() };
        part.known.insert(row.name.to_owned(), value);
    }

    /// Puts the `ApplicationID` of Office for the one that some hosts print.
    fn settled(&mut self, row: &Field, value: Value, place: Place) -> Value {
        if row.name != "ApplicationID" || value != OFFICE_16_AS_PRINTED.to_string() {
            return value;
        }
        let message = format!(
            "`ApplicationID` is printed as `{OFFICE_16_AS_PRINTED}`; taken for `{OFFICE_15}`"
        );
        self.notes.warn("office-application", place, message);
        OFFICE_15.to_string().into()
    }

    fn end_product(&mut self) {
        let Some(product) = self.product.take() else {
            return;
        };
        if is_windows(&product) {
            for (name, value) in &product.known {
                if service::property(name).is_some() && !self.service.known.contains_key(name) {
                    self.service.known.insert(name.clone(), value.clone());
                }
            }
        }
        self.products.push(product);
    }

    /// Ends the machine; `None` when nothing was said of it, or something could not be taken. Another one may follow.
    pub(super) fn end(&mut self) -> Option<(Place, Snapshot)> {
        self.end_product();
        let service = std::mem::take(&mut self.service);
        let service = (!service.known.is_empty()).then_some(service);
        let products = std::mem::take(&mut self.products);
        self.early = false;
        let bad = std::mem::take(&mut self.bad);
        let begin = self.begin.take().filter(|_| !bad)?;
        Some((begin, Snapshot { machine: None, service, products }))
    }
}

/// Whether a product is Windows: by its `ApplicationID`, which `/dli` leaves out, else by its Name.
fn is_windows(product: &Properties) -> bool {
    let text = |name: &str| product.known.get(name).and_then(Value::as_str);
    match text("ApplicationID") {
        Some(application) => application == WINDOWS.to_string(),
        None => text("Name").is_none_or(|name| !name.starts_with("Office")),
    }
}
