//! The catalogue: which edition a key is of, and what a replacement must keep.

use crate::vsphere::model::catalogue::{Edition, KeyEntry};
use sha2::{Digest, Sha256};
use std::cmp::Ordering;

/// The digest by which a catalogue knows a key without holding it: SHA-256 of the normalised key, 64 hexadecimal digits.
#[must_use]
pub fn digest(key: &str) -> String {
    Sha256::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares versions number by number: 10.0 is higher than 9.0.
#[must_use]
pub fn compare_versions(left: &str, right: &str) -> Ordering {
    let numbers = |version: &str| -> Vec<u64> {
        version.split('.').map(|number| number.trim().parse().unwrap_or(0)).collect()
    };
    numbers(left).cmp(&numbers(right))
}

/// The edition of a key or a license: of the version that it names, else the highest.
#[must_use]
pub fn edition_of<'e>(editions: &'e [Edition], version: Option<&str>) -> Option<&'e Edition> {
    match version {
        Some(version) => editions.iter().find(|edition| edition.product_version == version),
        None => editions
            .iter()
            .max_by(|left, right| compare_versions(&left.product_version, &right.product_version)),
    }
}

/// Why a key entry cannot stand: it must say itself what no edition says of it.
#[must_use]
pub fn flaw(entry: &KeyEntry, edition: Option<&Edition>) -> Option<String> {
    if edition.is_some() || (entry.name.is_some() && entry.cost_unit.is_some()) {
        return None;
    }
    let version = entry.product_version.as_deref().unwrap_or("any version");
    Some(format!(
        "edition `{}` of {version} is not in the catalogue; then the key needs `name` and `costUnit` of its own",
        entry.edition_key
    ))
}

#[cfg(test)]
mod tests {
    use super::{compare_versions, edition_of};
    use crate::vsphere::model::catalogue::Edition;
    use std::cmp::Ordering;

    #[test]
    fn a_key_without_a_version_is_of_the_highest_one() {
        let edition =
            |version: &str| Edition { product_version: version.to_owned(), ..Edition::default() };
        let editions = [edition("9.0"), edition("10.0"), edition("8.0")];
        let version =
            |asked| edition_of(&editions, asked).map(|found| found.product_version.as_str());
        assert_eq!(version(None), Some("10.0"));
        assert_eq!(version(Some("8.0")), Some("8.0"));
        assert_eq!(version(Some("7.0")), None);
        assert_eq!(compare_versions("8.0.3", "8.0"), Ordering::Greater);
    }
}
