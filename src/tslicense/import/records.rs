//! Objects to records: numbers, dates, and what follows from the rest when it is missing.

use super::members::{Class, Object};
use super::{Each, Options, Record, Told, ToldServer};
use crate::artefact::Notes;
use crate::artefact::culture::Times;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::tslicense::catalog::enumerations::{PACK_TEMPORARY, program};
use crate::tslicense::catalog::fields::CONTACT;
use crate::tslicense::catalog::texts;
use crate::tslicense::model::datetime::{self, Offset, PERPETUAL_S, TEMPORARY_S, constant};
use crate::tslicense::model::{Contact, Issued, KeyPack, KeyPackId, LicenseId, Stage, UNLIMITED};
use jiff::tz::TimeZone;

/// Hands the objects of a file on as records.
pub(super) struct Delivery<'o, 'e, 'f> {
    times: Times<'o>,
    /// For dates with points, in which the day comes first everywhere.
    dotted: Times<'o>,
    /// Whether the zone of local times is a guess.
    zone_assumed: bool,
    pub(super) notes: &'e mut Notes,
    each: &'e mut Each<'f>,
}

/// What is wrong with an object; the complaint names it.
struct Wrong(String, Option<&'static str>);

impl Wrong {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into(), None)
    }
}

/// A culture that writes dates with points.
const DOTTED: &str = "de-DE";

/// Whether a date is written with points: `01.03.2026 10:00:00`.
fn is_dotted(text: &str) -> bool {
    let date = text.split(' ').next().unwrap_or_default();
    let parts: Vec<&str> = date.split('.').collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|part| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The zone of local times when no one says it.
static ZONE: TimeZone = TimeZone::UTC;

impl<'o, 'e, 'f> Delivery<'o, 'e, 'f> {
    /// Usage error for a culture that nobody knows.
    pub(super) fn new(
        options: &'o Options,
        notes: &'e mut Notes,
        each: &'e mut Each<'f>,
    ) -> Outcome<Self> {
        let zone = options.zone.as_ref().unwrap_or(&ZONE);
        let times = Times::new(options.culture.as_deref(), Some(zone))?;
        let dotted = Times::new(options.culture.as_deref().or(Some(DOTTED)), Some(zone))?;
        Ok(Self { times, dotted, zone_assumed: options.zone.is_none(), notes, each })
    }

    /// Hands one object on; complains of it when it is none of the classes, or not whole.
    pub(super) fn object(&mut self, object: &Object) -> Outcome<()> {
        let told = match object.class() {
            Some(Class::KeyPack) => self.pack(object).map(|pack| Told::KeyPack(Box::new(pack))),
            Some(Class::Issued) => {
                self.issued(object).map(|license| Told::Issued(Box::new(license)))
            }
            Some(Class::Server) => server(object).map(|server| Told::Server(Box::new(server))),
            None => Err(Wrong::new("the object is of no class that is read here")),
        };
        match told {
            Ok(told) => {
                let server = object.server().map(str::to_owned);
                (self.each)(object.place, Record { server, told }, self.notes)
            }
            Err(Wrong(message, Some(remedy))) => {
                self.notes.complain_with(object.place, message, remedy);
                Ok(())
            }
            Err(Wrong(message, None)) => {
                self.notes.complain(object.place, message);
                Ok(())
            }
        }
    }

    fn pack(&mut self, object: &Object) -> Result<KeyPack, Wrong> {
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

    fn issued(&mut self, object: &Object) -> Result<Issued, Wrong> {
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

    /// A date: of WMI, of JSON, or as the culture of the exporter writes it.
    fn time(&mut self, object: &Object, name: &str) -> Result<Option<Timestamp>, Wrong> {
        let Some(text) = object.get(name) else { return Ok(None) };
        if let Some((at, offset)) = datetime::read(text) {
            if offset == Offset::Unknown {
                let message = format!("`{name}` tells no offset; it is taken as UTC");
                self.notes.warn("OFFSET_UNKNOWN", object.place, message);
            }
            return Ok(Some(at));
        }
        let times = if is_dotted(text) { &self.dotted } else { &self.times };
        let moment = times.read(text).map_err(|unclear| {
            Wrong(format!("`{name}`: {}", unclear.message), Some(unclear.remedy))
        })?;
        let absolute = text.contains("Date(") || Timestamp::parse(text).is_some();
        if self.zone_assumed && !absolute {
            let message = "the dates tell no zone; they are taken as UTC (`--tz` names another)";
            self.notes.warn("ZONE_ASSUMED", crate::error::Place::Whole, message);
        }
        Ok(Some(moment.at))
    }
}

/// Whether a tool that prints tables cut the text.
fn is_cut(text: &str) -> bool {
    text.ends_with("...") || text.ends_with('…')
}

/// A number; -1 is the mark of no limit, read as signed.
fn number(object: &Object, name: &str) -> Result<Option<u32>, Wrong> {
    let Some(text) = object.get(name) else { return Ok(None) };
    if text == "-1" {
        return Ok(Some(UNLIMITED));
    }
    let wrong = || Wrong::new(format!("`{name}` is no number from 0 to 4294967295"));
    text.parse().map(Some).map_err(|_| wrong())
}

fn needed(object: &Object, name: &str) -> Result<u32, Wrong> {
    number(object, name)?.ok_or_else(|| Wrong::new(format!("`{name}` is missing")))
}

fn server(object: &Object) -> Result<ToldServer, Wrong> {
    let text = |name: &str| object.get(name).map(str::to_owned);
    let mut contact = Contact::default();
    for (field, held) in CONTACT.iter().zip(contact.0.iter_mut()) {
        *held = text(field.name).unwrap_or_default();
    }
    Ok(ToldServer {
        contact,
        role: number(object, "ServerRole")?,
        database_path: text("DatabasePath"),
        product_id: text("ProductId"),
        version: text("Version"),
        version_number: text("VersionNumber"),
    })
}
