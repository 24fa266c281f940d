//! Objects to records: numbers, dates, and what follows from the rest when it is missing.

use super::dates::{Dates, Hint, hint};
use super::directory::{SETS, account};
use super::drive::Drive;
use super::members::{Class, Object};
use super::sessions::configuration;
use super::{Each, Options, Record, Told, ToldServer};
use crate::artefact::Notes;
use crate::catalog::Kind;
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use crate::tslicense::catalog::enumerations::{PACK_TEMPORARY, program};
use crate::tslicense::catalog::fields::{CONTACT, ISSUED, KEY_PACK, REPORT, SERVER};
use crate::tslicense::catalog::texts;
use crate::tslicense::model::datetime::{PERPETUAL_S, TEMPORARY_S, constant};
use crate::tslicense::model::{Contact, Issued, KeyPack, KeyPackId, LicenseId, Stage, UNLIMITED};

/// Hands the objects of a file on as records.
pub(super) struct Delivery<'o, 'e, 'f> {
    options: &'o Options,
    dates: Dates<'o>,
    pub(super) notes: &'e mut Notes,
    each: &'e mut Each<'f>,
    /// Objects that wait for a date that tells the order of the file's dates.
    waiting: Vec<(Option<Class>, Object<'static>)>,
    drive: Drive,
    /// Something is wrong with the file as a whole: no row of it is taken.
    refused: bool,
}

/// What is wrong with an object; the complaint names it.
pub(super) struct Wrong(String, Option<&'static str>);

impl Wrong {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into(), None)
    }

    pub(super) fn remedied(self, remedy: &'static str) -> Self {
        Self(self.0, Some(remedy))
    }
}

/// Properties that hold dates.
static DATES: [&str; 8] = [
    "ExpirationDate",
    "IssueDate",
    "GenerationDateTime",
    "TriedIssuanceOn",
    "msTSExpireDate",
    "msTSExpireDate2",
    "msTSExpireDate3",
    "msTSExpireDate4",
];

/// How many objects wait for a date that tells the order; real exports have one among the first few.
const WAITING: usize = 100_000;

const NAME_ORDER: &str = "say which comes first: `--date-order dmy` or `--date-order mdy`";

impl<'o, 'e, 'f> Delivery<'o, 'e, 'f> {
    /// Usage error for a culture that nobody knows.
    pub(super) fn new(
        options: &'o Options,
        notes: &'e mut Notes,
        each: &'e mut Each<'f>,
    ) -> Outcome<Self> {
        Ok(Self {
            options,
            dates: Dates::new(options)?,
            notes,
            each,
            waiting: Vec::new(),
            drive: Drive::default(),
            refused: false,
        })
    }

    /// Refuses the file as a whole, whatever may be left out of it.
    pub(super) fn refuse(&mut self, place: Place, message: impl Into<String>, remedy: &str) {
        self.notes.complain_with(place, message, remedy);
        self.refused = true;
    }

    /// Whether the file is refused as a whole: there is no more to read.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    /// Hands one object on; complains of it when it is none of the classes, or not whole.
    pub(super) fn object(&mut self, object: &Object<'_>) -> Outcome<()> {
        self.object_of(object.class(), object)
    }

    /// Hands one object of a class on.
    pub(super) fn object_of(&mut self, class: Option<Class>, object: &Object<'_>) -> Outcome<()> {
        let mut waits = false;
        for name in DATES {
            let Some(text) = object.get(name) else { continue };
            let told = hint(text);
            if self.dates.contradicts(told) {
                let message = format!(
                    "the date `{text}` contradicts the order of day and month of those before it"
                );
                self.refuse(object.place, message, NAME_ORDER);
                return Ok(());
            }
            if let (Hint::Only(order), None) = (told, self.dates.order) {
                self.dates.order = Some(order);
            }
            waits |= self.dates.waits(told);
        }
        if waits && self.dates.order.is_none() {
            if self.waiting.len() < WAITING {
                self.waiting.push((class, object.owned()));
            } else {
                self.undecided();
            }
            return Ok(());
        }
        if self.dates.order.is_some() {
            for (class, earlier) in std::mem::take(&mut self.waiting) {
                self.hand_on(class, &earlier)?;
            }
        }
        self.hand_on(class, object)
    }

    fn undecided(&mut self) {
        let Some((_, first)) = self.waiting.first() else { return };
        let place = first.place;
        self.waiting.clear();
        let message = "no date of the file tells whether day or month comes first";
        self.refuse(place, message, NAME_ORDER);
    }

    /// Ends the file; complaints of the file as a whole refuse it even where bad rows are left out.
    pub(super) fn finish(mut self) -> Outcome<()> {
        self.undecided();
        if let Some((place, record)) = std::mem::take(&mut self.drive).end() {
            (self.each)(place, record, self.notes)?;
        }
        if self.refused {
            return Err(std::mem::take(&mut self.notes.complaints).into());
        }
        Ok(())
    }

    fn hand_on(&mut self, class: Option<Class>, object: &Object<'_>) -> Outcome<()> {
        let told = match class {
            Some(Class::KeyPack) => self.pack(object).map(|pack| Told::KeyPack(Box::new(pack))),
            Some(Class::Issued) => {
                self.issued(object).map(|license| Told::Issued(Box::new(license)))
            }
            Some(Class::Server) => server(object).map(|server| Told::Server(Box::new(server))),
            Some(Class::Account) => return self.account(object),
            Some(Class::Report) => self.report(object).map(|report| Told::Report(Box::new(report))),
            Some(Class::Entry(class)) => {
                self.entry(class, object).map(|entry| Told::Entry(Box::new(entry)))
            }
            Some(class @ (Class::Setting | Class::Deployment | Class::Configuration)) => {
                let told = match class {
                    Class::Setting => self.setting(object),
                    Class::Deployment => self.deployment(object),
                    _ => configuration(object),
                };
                told.map(|host| Told::Host(Box::new(host)))
            }
            Some(Class::Drive) => {
                self.drive.take(object);
                return Ok(());
            }
            None => Err(Wrong::new("the object is of no class that is read here")),
        };
        match told {
            Ok(told) => {
                let server = object.server().map(str::to_owned);
                (self.each)(object.place, Record { server, told }, self.notes)
            }
            Err(wrong) => {
                self.wrong(object.place, wrong);
                Ok(())
            }
        }
    }

    /// Complains of an object.
    pub(super) fn wrong(&mut self, place: Place, Wrong(message, remedy): Wrong) {
        match remedy {
            Some(remedy) => self.notes.complain_with(place, message, remedy),
            None => self.notes.complain(place, message),
        }
    }

    /// The licenses of an account: a directory has room for four.
    fn account(&mut self, object: &Object<'_>) -> Outcome<()> {
        for set in &SETS {
            let told = self
                .time(object, set.expires)
                .and_then(|expires| account(object, (set, expires), self.options, self.notes));
            match told {
                Ok(Some(user)) => {
                    let server = object.server().map(str::to_owned);
                    let record = Record { server, told: Told::User(Box::new(user)) };
                    (self.each)(object.place, record, self.notes)?;
                }
                Ok(None) => {}
                Err(wrong) => self.wrong(object.place, wrong),
            }
        }
        Ok(())
    }

    fn pack(&mut self, object: &Object<'_>) -> Result<KeyPack, Wrong> {
        let id = KeyPackId(needed(object, "KeyPackId")?);
        let key_pack_type = needed(object, "KeyPackType")?;
        let (version, product) =
            (needed(object, "ProductVersionID")?, needed(object, "ProductType")?);
        let total = needed(object, "TotalLicenses")?;
        let made = KeyPack::new(id, key_pack_type, (version, product), total);
        let issued = number(object, "IssuedLicenses")?.unwrap_or(0);
        let left = if total == UNLIMITED { UNLIMITED } else { total.saturating_sub(issued) };
        let available = number(object, "AvailableLicenses")?.unwrap_or(left);
        if available != left {
            let message =
                format!("key pack {}: {available} available of {total} with {issued} issued", id.0);
            self.notes.warn("COUNT_MISMATCH", object.place, message);
        }
        if program(key_pack_type).is_none() {
            let message = format!(
                "key pack {}: KeyPackType {key_pack_type} is not known; it counts as bought",
                id.0
            );
            self.notes.warn("UNKNOWN_KEYPACKTYPE", object.place, message);
        }
        let end = if key_pack_type == PACK_TEMPORARY { TEMPORARY_S } else { PERPETUAL_S };
        let expires = self.time(object, "ExpirationDate")?.unwrap_or_else(|| constant(end));
        let access_rights = number(object, "AccessRights")?.unwrap_or(made.access_rights);
        let mut text = |name: &str, derived: String| match object.get(name) {
            Some(text) if !is_cut(text) => text.to_owned(),
            Some(_) => {
                let message = format!("`{name}` was cut by the tool that printed it");
                self.notes.warn("VALUE_CUT", object.place, message);
                derived
            }
            None => derived,
        };
        Ok(KeyPack {
            description: text("Description", made.description),
            version_name: text("ProductVersion", made.version_name),
            type_and_model: text(
                "TypeAndModel",
                texts::type_and_model(product, version).to_owned(),
            ),
            issued,
            available,
            expires,
            access_rights,
            id,
            key_pack_type,
            product,
            version,
            total,
            purchase: None,
        })
    }

    fn issued(&mut self, object: &Object<'_>) -> Result<Issued, Wrong> {
        let missing = |name: &str| Wrong::new(format!("`{name}` is missing"));
        let text = |name: &str| object.get(name).unwrap_or_default().to_owned();
        Ok(Issued {
            id: LicenseId(needed(object, "LicenseId")?),
            pack: KeyPackId(needed(object, "KeyPackId")?),
            status: needed(object, "LicenseStatus")?,
            stage: Stage::Fresh,
            issued: self.time(object, "IssueDate")?.ok_or_else(|| missing("IssueDate"))?,
            expires: self
                .time(object, "ExpirationDate")?
                .ok_or_else(|| missing("ExpirationDate"))?,
            hardware: text("sHardwareId"),
            computer: text("sIssuedToComputer"),
            user: text("sIssuedToUser"),
        })
    }

    /// A date: of WMI, of JSON, of a directory, or as the culture of the exporter writes it.
    pub(super) fn time(
        &mut self,
        object: &Object<'_>,
        name: &str,
    ) -> Result<Option<Timestamp>, Wrong> {
        let Some(text) = object.get(name) else { return Ok(None) };
        let told = self
            .dates
            .read(text)
            .map_err(|(message, remedy)| Wrong(format!("`{name}`: {message}"), Some(remedy)))?;
        if told.offset_unknown {
            let message = format!("`{name}` tells no offset; it is taken as UTC");
            self.notes.warn("OFFSET_UNKNOWN", object.place, message);
        }
        if told.zone_assumed {
            let message = "the dates tell no zone; they are taken as UTC (`--tz` names another)";
            self.notes.warn("ZONE_ASSUMED", Place::Whole, message);
        }
        Ok(Some(told.at))
    }
}

/// Whether a property is a number.
pub(super) fn is_number(name: &str) -> bool {
    let rows = KEY_PACK.iter().chain(&ISSUED).chain(&SERVER).chain(&REPORT);
    let number =
        |kind: &Kind| matches!(kind, Kind::U32 { .. } | Kind::Sentinel | Kind::Enumeration(_));
    rows.filter(|row| number(&row.kind)).any(|row| row.name.eq_ignore_ascii_case(name))
}

/// Whether a property of that name is read.
pub(super) fn is_known(name: &str) -> bool {
    let rows = KEY_PACK.iter().chain(&ISSUED).chain(&SERVER).chain(&CONTACT).chain(&REPORT);
    let others = ["Name", "CurrentValue", "TSCALType", "LicenseUsageCount"];
    let named = rows.map(|row| row.name).chain(others);
    named.into_iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a tool that prints tables cut the text.
pub(super) fn is_cut(text: &str) -> bool {
    text.ends_with("...") || text.ends_with('…')
}

/// A number; -1 is the mark of no limit, read as signed.
pub(super) fn number(object: &Object<'_>, name: &str) -> Result<Option<u32>, Wrong> {
    let Some(text) = object.get(name) else { return Ok(None) };
    if text == "-1" {
        return Ok(Some(UNLIMITED));
    }
    let wrong = || {
        Wrong::new(format!("`{name}` is no number from 0 to 4294967295")).remedied(
            "export the property again; of all negative numbers -1 alone has a meaning: no limit",
        )
    };
    text.parse().map(Some).map_err(|_| wrong())
}

pub(super) fn needed(object: &Object<'_>, name: &str) -> Result<u32, Wrong> {
    number(object, name)?.ok_or_else(|| Wrong::new(format!("`{name}` is missing")))
}

fn server(object: &Object<'_>) -> Result<ToldServer, Wrong> {
    let text = |name: &str| object.get(name).map(str::to_owned);
    let mut contact = Contact::default();
    for (field, held) in CONTACT.iter().zip(contact.0.iter_mut()) {
        *held = text(field.name).unwrap_or_default();
    }
    Ok(ToldServer {
        contact,
        role: number(object, "ServerRole")?,
        activation: None,
        database_path: text("DatabasePath"),
        product_id: text("ProductId"),
        version: text("Version"),
        version_number: text("VersionNumber"),
    })
}
