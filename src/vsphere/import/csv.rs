//! Tables in text: `Export-Csv` of `PowerCLI`, report scripts, RVTools, exports of the vSphere Client, usage reports, files of the
//! vendor's portal. Columns are told by their names, never by their places.

mod cells;
mod others;

use super::columns::{About, Columns, Field, about};
use super::date::{Expiry, expiry};
use super::record::{AssignmentSaid, LicenseSaid, Of, Part, Parts, Record, Said, Which};
use super::{Each, Options, told};
use crate::api::Source;
use crate::artefact::csv::{Header, Row, Table};
use crate::artefact::trouble::Next;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use crate::vsphere::catalog::properties::{
    COUNT_DISABLED, ENTITY_COST, EXPIRATION_DATE, FEATURE, PRODUCT_NAME, PRODUCT_VERSION,
};
use crate::vsphere::model::key::normalised;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::{AnyValue, KeyAnyValue};
use crate::vsphere::wire::labels;
use cells::{Amounts, amount, feature, is_unlimited, undefused};
use others::host_key;
use std::collections::BTreeMap;

pub(super) static KIND: Kind = Kind {
    name: "vsphere.csv",
    title: "CSV of licenses, assignments or hosts: PowerCLI, RVTools vLicense and vHost, the vSphere Client, usage reports, the portal",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    // Objects of JSON on one line have commas and the names of members, too.
    if sample.text.trim_start().starts_with(['[', '{', '<']) {
        return Fit::No;
    }
    let Some(header) = Header::of(sample) else { return Fit::No };
    match about(&Columns::of(&header)) {
        // Two columns of common names are a weak sign.
        Some(About::HostKeys) => Fit::Yes(5),
        Some(_) => Fit::Yes(7),
        None => Fit::No,
    }
}

/// Reads a file; `each` gets the records of its rows in their order.
///
/// Complains of numbers and dates that are none, and of dates whose day may be their month.
pub(super) fn read(
    source: Source<'_>,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut table = match Table::open(source.text()?) {
        Ok(table) => table,
        Err(trouble) => return trouble.settle(notes).map(|_| ()),
    };
    let columns = Columns::of(table.header());
    let Some(about) = about(&columns) else {
        notes.complain(
            Place::Line(1),
            "no column is known: there is neither a license key nor a host",
        );
        return Ok(());
    };
    let mut rows = Rows { columns, about, options, newest: BTreeMap::new(), over: false };
    loop {
        match table.next() {
            Ok(None) => break,
            Ok(Some(row)) => {
                let place = Place::Line(row.line);
                for record in rows.row(row, place, notes) {
                    each(place, record)?;
                }
                if rows.over {
                    break;
                }
            }
            Err(trouble) => {
                if trouble.settle(notes)? == Next::Stop {
                    break;
                }
            }
        }
    }
    for (_, (_, place, records)) in rows.newest {
        for record in records {
            each(place, record)?;
        }
    }
    Ok(())
}

/// The rows of one table.
struct Rows<'o> {
    columns: Columns,
    about: About,
    options: &'o Options,
    /// Of a usage report: the newest snapshot of each key and asset.
    newest: BTreeMap<(String, String), (String, Place, Vec<Record>)>,
    /// The signature of a usage report began.
    over: bool,
}

/// A row that cannot be used: its complaint is made.
struct Bad;

impl Rows<'_> {
    fn row(&mut self, row: Row<'_>, place: Place, notes: &mut Notes) -> Vec<Record> {
        match self.about {
            About::Licenses => self.license(row, place, notes).unwrap_or_default(),
            About::Usage => {
                self.usage(row, place, notes);
                Vec::new()
            }
            About::Hosts => self.host(row).into_iter().collect(),
            About::HostKeys => host_key(&self.columns, row).into_iter().collect(),
            About::Portal => self.bought(row, place, notes).into_iter().collect(),
        }
    }

    fn cell<'r>(&self, row: Row<'r>, field: Field) -> Option<&'r str> {
        let text = row.get(self.columns.at(field)?).trim();
        Some(undefused(text)).filter(|text| !text.is_empty())
    }

    /// The vCenter of a row.
    fn of(&self, row: Row<'_>) -> Of {
        Of {
            uuid: self.cell(row, Field::VcenterUuid).map(str::to_owned),
            name: self.cell(row, Field::VcenterName).map(str::to_owned),
        }
    }

    fn license(&self, row: Row<'_>, place: Place, notes: &mut Notes) -> Result<Vec<Record>, Bad> {
        let of = self.of(row);
        let entity_id = self.cell(row, Field::EntityId);
        let entity = self
            .cell(row, Field::EntityName)
            .filter(|_| !self.columns.has(Field::Host) || entity_id.is_some());
        let key = self.cell(row, Field::LicenseKey);
        let name = self.cell(row, Field::Name);
        let which = match (key, name) {
            (None, Some(name)) if !self.columns.has(Field::LicenseKey) => {
                Which::Named(name.to_owned())
            }
            (key, _) => Which::Said(self.said(key.unwrap_or_default(), row, place, notes)?),
        };
        if entity_id.is_none() && entity.is_none() {
            return Ok(match which {
                Which::Said(said) => vec![Record::of(of, Said::License(Box::new(said)))],
                Which::Named(_) => Vec::new(),
            });
        }
        let said = AssignmentSaid {
            entity_id: entity_id.map(str::to_owned),
            name: entity.map(str::to_owned),
            license: which,
            properties: Vec::new(),
        };
        Ok(vec![Record::of(of, Said::Assignment(Box::new(said)))])
    }

    /// The license of a row, with what the table has no columns for.
    fn said(
        &self,
        key: &str,
        row: Row<'_>,
        place: Place,
        notes: &mut Notes,
    ) -> Result<LicenseSaid, Bad> {
        let mut info = LicenseInfo::of_key(key);
        // Properties and labels of a table are never all that there is.
        let mut lacks = Parts::NONE.with(Part::Properties).with(Part::Labels);
        let mut text = |field: Field, part: Part, to: &mut String| {
            if self.columns.has(field) {
                to.push_str(self.cell(row, field).unwrap_or_default());
            } else {
                lacks = lacks.with(part);
            }
        };
        text(Field::EditionKey, Part::EditionKey, &mut info.edition_key);
        text(Field::Name, Part::Name, &mut info.name);
        text(Field::CostUnit, Part::CostUnit, &mut info.cost_unit);
        let amounts = self.amounts(row, place, notes)?;
        match amounts.total {
            Some(total) => info.total = total,
            None => lacks = lacks.with(Part::Total),
        }
        match amounts.used.filter(|_| !info.license_key.is_evaluation()) {
            Some(used) => info.used = Some(used),
            None => lacks = lacks.with(Part::Used),
        }
        if let (Some(unit), true) = (amounts.unit, lacks.has(Part::CostUnit)) {
            info.cost_unit = unit;
            lacks = lacks.without(Part::CostUnit);
        }
        info.properties = self.properties(row, place, notes)?;
        if self.columns.has(Field::Labels) {
            // As it stands: blanks may end a value.
            let held =
                self.columns.at(Field::Labels).map(|at| undefused(row.get(at))).unwrap_or_default();
            // `Export-Csv` writes the type of a list instead of the list.
            if !held.starts_with("VMware.Vim.") && !held.starts_with("System.") {
                info.labels = labels::read(held);
            }
        }
        Ok(LicenseSaid { info, lacks })
    }

    fn properties(
        &self,
        row: Row<'_>,
        place: Place,
        notes: &mut Notes,
    ) -> Result<Vec<KeyAnyValue>, Bad> {
        let mut properties = Vec::new();
        let product = self.columns.at(Field::ProductName);
        if product.is_some()
            && product != self.columns.at(Field::Name)
            && let Some(text) = self.cell(row, Field::ProductName)
        {
            properties.push(KeyAnyValue::text(PRODUCT_NAME, text));
        }
        if let Some(text) = self.cell(row, Field::ProductVersion) {
            properties.push(KeyAnyValue::text(PRODUCT_VERSION, text));
        }
        let features = self.cell(row, Field::Features).unwrap_or_default();
        for name in features.split([',', ';', '\n']).map(str::trim).filter(|name| !name.is_empty())
        {
            properties.push(KeyAnyValue::new(FEATURE, feature(name)));
        }
        match self.expires(row, place, notes)? {
            Some(at) => properties
                .push(KeyAnyValue::new(EXPIRATION_DATE, AnyValue::Instant(at.to_string()))),
            None if self.cell(row, Field::Total).is_some_and(is_unlimited) => {
                properties.push(KeyAnyValue::text(COUNT_DISABLED, "This license is unlimited"));
            }
            None => {}
        }
        Ok(properties)
    }

    fn expires(
        &self,
        row: Row<'_>,
        place: Place,
        notes: &mut Notes,
    ) -> Result<Option<Timestamp>, Bad> {
        let Some(text) = self.cell(row, Field::Expires) else { return Ok(None) };
        let shown = told(text);
        match expiry(text, self.options.order) {
            Expiry::At(at) => Ok(Some(at)),
            Expiry::Never | Expiry::Evaluation => Ok(None),
            Expiry::Ambiguous => {
                let message = format!(
                    "DATE_AMBIGUOUS: the date `{shown}` may begin with the day or with the month"
                );
                notes.complain_with(
                    place,
                    message,
                    "give `--date-order dmy` or `--date-order mdy`",
                );
                // The row is good but for its date.
                Ok(None)
            }
            Expiry::Unreadable => {
                notes.complain(place, format!("`{shown}` is no date"));
                Err(Bad)
            }
        }
    }

    fn amounts(&self, row: Row<'_>, place: Place, notes: &mut Notes) -> Result<Amounts, Bad> {
        let mut amounts = Amounts::default();
        for (field, name) in [(Field::Total, "total"), (Field::Used, "used")] {
            let Some(text) = self.cell(row, field) else { continue };
            match amount(text) {
                Ok((number, unit)) => {
                    if field == Field::Total {
                        amounts.total = Some(number);
                        amounts.unit = unit;
                    } else {
                        amounts.used = Some(number);
                    }
                }
                Err(why) => {
                    notes.complain(place, format!("`{name}` {why}: `{}`", told(text)));
                    return Err(Bad);
                }
            }
        }
        Ok(amounts)
    }

    /// Keeps a snapshot when it is the newest of its key and asset; what does not fit the table begins its signature.
    fn usage(&mut self, row: Row<'_>, place: Place, notes: &mut Notes) {
        let key = self.cell(row, Field::LicenseKey).unwrap_or_default().to_owned();
        let fits = row.width() == self.columns.width()
            && (normalised(&key).is_some() || key.contains('*'));
        if !fits {
            self.over = true;
            return;
        }
        let asset = self.cell(row, Field::EntityId).or_else(|| self.cell(row, Field::EntityName));
        let asset = asset.unwrap_or_default().to_owned();
        let at = self.cell(row, Field::Timestamp).unwrap_or_default();
        let at = Timestamp::parse(at).map_or_else(|| at.to_owned(), |at| at.to_string());
        let slot = (key.clone(), asset.clone());
        if self.newest.get(&slot).is_some_and(|(held, _, _)| *held >= at) {
            return;
        }
        let Ok(mut said) = self.said(&key, row, place, notes) else { return };
        // The usage of one asset is not what is used of the key.
        let cost = said.info.used.take();
        said.lacks = said.lacks.with(Part::Used);
        let of = self.of(row);
        let record = if asset.is_empty() {
            Record::of(of, Said::License(Box::new(said)))
        } else {
            let properties = cost.map(|cost| KeyAnyValue::int(ENTITY_COST, i64::from(cost)));
            let held = AssignmentSaid {
                entity_id: Some(asset),
                name: None,
                license: Which::Said(said),
                properties: properties.into_iter().collect(),
            };
            Record::of(of, Said::Assignment(Box::new(held)))
        };
        self.newest.insert(slot, (at, place, vec![record]));
    }
}

#[cfg(test)]
mod tests;
