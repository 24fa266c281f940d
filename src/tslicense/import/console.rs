//! Key packs as the console lists them: words where the class has numbers.

use super::entries::{in_words, product};
use super::members::Object;
use crate::tslicense::catalog::enumerations::{
    PACK_BUILT_IN, PACK_CONCURRENT, PACK_OPEN, PACK_RETAIL, PACK_TEMPORARY, PACK_UNKNOWN,
    PACK_VOLUME, PRODUCT_BUILT_IN,
};
use crate::tslicense::model::UNLIMITED;
use std::borrow::Cow;

/// `License Program` by what its text contains, in lower case; the first that fits counts.
static PROGRAMS: [(&str, u32); 14] = [
    ("built", PACK_BUILT_IN),
    ("temporary", PACK_TEMPORARY),
    ("concurrent", PACK_CONCURRENT),
    ("open license", PACK_OPEN),
    ("retail", PACK_RETAIL),
    ("license pack", PACK_RETAIL),
    ("volume", PACK_VOLUME),
    ("agreement", PACK_VOLUME),
    ("select", PACK_VOLUME),
    ("enterprise", PACK_VOLUME),
    ("campus", PACK_VOLUME),
    ("school", PACK_VOLUME),
    ("service provider", PACK_VOLUME),
    ("open", PACK_OPEN),
];

/// The texts that stand where a number does.
const NO_LIMIT: &str = "unlimited";

/// A row as an object of the class; the columns that the console has words in become numbers.
///
/// Complains when no text of the row names a version.
pub(super) fn pack(row: &Object<'static>) -> Result<Object<'static>, String> {
    let text = |name: &str| row.get(name).unwrap_or_default().to_owned();
    let (kind, program) = (text("TypeAndModel"), text("LicenseProgram").to_lowercase());
    let words = [text("ProductVersion"), kind.clone()];
    let version = words.iter().find_map(|text| in_words(text));
    let version = version.ok_or_else(|| {
        let told: Vec<&str> =
            words.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        format!("`{}` names no version", told.join(" "))
    })?;
    let built_in = kind.to_lowercase().contains("built") || program.contains("built");
    let product = if built_in { PRODUCT_BUILT_IN } else { product(row) };
    let found = PROGRAMS.iter().find(|(word, _)| program.contains(word)).map(|(_, number)| *number);
    let key_pack_type = if built_in { Some(PACK_BUILT_IN) } else { found };
    let count = |name: &str| match text(name) {
        told if told.eq_ignore_ascii_case(NO_LIMIT) => UNLIMITED.to_string(),
        told => told,
    };
    let ends = text("ExpirationDate");
    let dated = ends.starts_with(|letter: char| letter.is_ascii_digit());
    let members = [
        ("KeyPackId", text("KeyPackId")),
        ("KeyPackType", key_pack_type.unwrap_or(PACK_UNKNOWN).to_string()),
        ("ProductType", product.to_string()),
        ("ProductVersionID", version.to_string()),
        ("TotalLicenses", count("TotalLicenses")),
        ("AvailableLicenses", count("AvailableLicenses")),
        ("IssuedLicenses", count("IssuedLicenses")),
        // `Never`, in whatever language.
        ("ExpirationDate", if dated { ends } else { String::new() }),
    ];
    let members = members.into_iter().filter(|(_, text)| !text.is_empty());
    let members = members.map(|(name, text)| (Cow::Borrowed(name), Cow::Owned(text))).collect();
    Ok(Object { place: row.place, members })
}

#[cfg(test)]
mod tests {
    use super::pack;
    use crate::tslicense::import::members::Object;
    use std::borrow::Cow;

    fn read(kind: &'static str, program: &'static str, total: &'static str) -> [String; 4] {
        let members = [
            ("KeyPackId", "3"),
            ("TypeAndModel", kind),
            ("LicenseProgram", program),
            ("TotalLicenses", total),
            ("ExpirationDate", "Never"),
        ];
        let members = members.map(|(name, text)| (Cow::Borrowed(name), Cow::Borrowed(text)));
        let object = pack(&Object { members: members.into(), ..Object::default() }).unwrap();
        assert_eq!(object.get("ExpirationDate"), None);
        ["KeyPackType", "ProductType", "ProductVersionID", "TotalLicenses"]
            .map(|name| object.get(name).unwrap().to_owned())
    }

    #[test]
    fn the_words_of_the_console_become_the_numbers_of_the_class() {
        assert_eq!(
            read("Windows Server 2019 - RDS Per User CAL", "Open License", "50"),
            ["5", "1", "6", "50"]
        );
        assert_eq!(
            read("Windows Server 2016 - RDS Per Device CAL", "Enterprise Agreement", "40"),
            ["2", "0", "5", "40"]
        );
        assert_eq!(
            read("Windows Server 2019 - RDS Per Device CAL", "Temporary", "Unlimited"),
            ["4", "0", "6", "4294967295"]
        );
        assert_eq!(
            read("Windows 2000 Server - Built-in TS Per Device CAL", "Built-in", "Unlimited"),
            ["6", "3", "0", "4294967295"]
        );
        let words = [(Cow::Borrowed("TypeAndModel"), Cow::Borrowed("CAL"))];
        assert!(pack(&Object { members: words.into(), ..Object::default() }).is_err());
    }
}
