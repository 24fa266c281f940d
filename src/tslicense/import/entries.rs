//! Reports and their entries, as objects of their classes or as rows of a table that a report was saved as.

use super::members::Object;
use super::records::{Delivery, Wrong, needed, number};
use super::{ToldEntry, ToldReport};
use crate::tslicense::catalog::enumerations::{
    PRODUCT_PER_DEVICE, PRODUCT_PER_USER, PRODUCT_SUITE,
};
use crate::tslicense::catalog::versions::VERSIONS;
use crate::tslicense::model::report::{Availability, Class, Entry};

/// What tells the version of an entry in words, the clearest first.
static WORDED: [&str; 3] = ["ProductVersion", "CALType", "TypeAndModel"];

impl Delivery<'_, '_, '_> {
    /// A report, without its entries: those are fetched by methods of their own.
    pub(super) fn report(&mut self, object: &Object<'_>) -> Result<ToldReport, Wrong> {
        let name = object.get("FileName").ok_or_else(|| Wrong::new("`FileName` is missing"))?;
        let scope = number(object, "ScopeType")?
            .map(|kind| (kind, object.get("ScopeValue").unwrap_or_default().to_owned()));
        let made = self.time(object, "GenerationDateTime")?;
        Ok(ToldReport { name: name.to_owned(), made, scope })
    }

    /// An entry of a class.
    pub(super) fn entry(&mut self, class: Class, object: &Object<'_>) -> Result<ToldEntry, Wrong> {
        let mut entry = Entry {
            name: match class {
                Class::User | Class::Failed => named(object, "User")?,
                Class::FailedSummary => named(object, "DomainName")?,
                // A device without a name is still told by its hardware ID.
                Class::Device => object.get("sIssuedToComputer").unwrap_or_default().to_owned(),
                Class::Summary => String::new(),
            },
            ..Entry::default()
        };
        if class == Class::FailedSummary {
            entry.first = u64::from(needed(object, "FailedIssuanceCount")?);
            return Ok(ToldEntry { class, entry });
        }
        entry.version = version(object)?;
        entry.product = match class {
            Class::User | Class::Failed => PRODUCT_PER_USER,
            _ => product(object),
        };
        match class {
            Class::Failed => entry.time = self.time(object, "TriedIssuanceOn")?,
            Class::Summary => {
                entry.first = u64::from(needed(object, "InstalledLicenses")?);
                entry.second = u64::from(needed(object, "IssuedLicenses")?);
                let word = object.get("TSCALAvailability").unwrap_or("Available");
                entry.availability = Availability::named(word).ok_or_else(|| {
                    Wrong::new(format!("`TSCALAvailability`: `{word}` is not published"))
                })?;
            }
            _ => entry.time = self.time(object, "ExpirationDate")?,
        }
        if class == Class::Device {
            object.get("sHardwareId").unwrap_or_default().clone_into(&mut entry.hardware);
        }
        Ok(ToldEntry { class, entry })
    }
}

fn named(object: &Object<'_>, name: &str) -> Result<String, Wrong> {
    let text = object.get(name).map(str::to_owned);
    text.ok_or_else(|| Wrong::new(format!("`{name}` is missing")))
}

/// The version by its number, else by the words that name it.
fn version(object: &Object<'_>) -> Result<u32, Wrong> {
    if let Some(id) = number(object, "ProductVersionID")? {
        return Ok(id);
    }
    let words: Vec<&str> = WORDED.iter().filter_map(|name| object.get(name)).collect();
    let found = words.iter().find_map(|text| in_words(text));
    let told = words.first().copied().unwrap_or_default();
    found.ok_or_else(|| Wrong::new(format!("`{told}` names no version")))
}

/// The version that a text names: the newest one whose year stands in it, or that of a product code.
pub(super) fn in_words(text: &str) -> Option<u32> {
    let folded = text.to_lowercase().replace(' ', "");
    let named = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    let year = VERSIONS.iter().rev().find(|row| named(row.words)).map(|row| row.id);
    year.or_else(|| super::directory::of_code(text))
}

/// What the licenses are for, in the words of any edition.
pub(super) fn product(object: &Object<'_>) -> u32 {
    let told = ["CALType", "TSCALType", "TypeAndModel"].iter().find_map(|name| object.get(name));
    let told = told.unwrap_or_default().to_lowercase();
    if told.contains("suite") || told.contains("vdi") {
        PRODUCT_SUITE
    } else if told.contains("user") {
        PRODUCT_PER_USER
    } else {
        PRODUCT_PER_DEVICE
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_version_is_told_by_its_year_in_any_language() {
        for (text, id) in [
            ("Windows Server 2019", Some(6)),
            ("Windows Server 2008 oder Windows Server 2008 R2", Some(3)),
            ("2012 R2", Some(4)),
            ("Windows Server 2016 - RDS Per User CAL", Some(5)),
            ("A02-10.01-S", Some(6)),
            ("Longhorn", None),
        ] {
            assert_eq!(in_words(text), id, "{text}");
        }
    }
}
