//! What is odd about the record of a license: kept as it is, and told.

use super::limits::{Units, soft_units, units};
use super::locks::{clients, legacy_bits, mask_words, unknown_bits};
use super::sites::is_pattern;
use super::validity::{end, start};
use crate::catalog::{Kind, Named};
use crate::rms::catalog::elements::{
    CL_LOCK_INFO, Element, Form, LICENSE_VERSION, NUM_LICENSES, NUM_SUBNETS, SITE_LICENSE_INFO,
    SOFT_NUM_LICENSES,
};
use crate::rms::catalog::versions::{self, NARROW_UNLIMITED};
use crate::rms::model::license::{Elements, Value};

/// Something odd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oddity {
    /// Stable word.
    pub code: &'static str,
    pub message: String,
    pub refused: Refused,
}

/// When a record that is odd is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Never,
    /// By a strict reading.
    Strictly,
    Always,
}

fn odd(code: &'static str, message: String) -> Oddity {
    Oddity { code, message, refused: Refused::Never }
}

/// Everything that is odd about a license.
#[must_use]
pub fn oddities(elements: &Elements) -> Vec<Oddity> {
    let mut found = Vec::new();
    for (element, value) in elements.present() {
        let odd = match value {
            Value::Number(number) => unnamed(element, *number),
            Value::Text(text) => too_long(element, text),
        };
        if let Some(odd) = odd {
            found.push(odd);
        }
    }
    found.extend(version(elements));
    found.extend(limit(elements));
    found.extend(soft(elements));
    if let (Some(start), Some(end)) = (start(elements), end(elements))
        && start > end
    {
        let message = format!("the license begins at {start} and ends before, at {end}");
        found.push(odd("W_TIMES_REVERSED", message));
    }
    found.extend(subnets(elements));
    if let Err(entry) = clients(elements.text(&CL_LOCK_INFO)) {
        let message = format!("`{entry}` of `clLockInfo` is no host id, address or locking code");
        found.push(odd("W_BAD_CLLOCK", message));
    }
    found
}

/// A number that no row names, a bit that no row has.
fn unnamed(element: &Element, number: i64) -> Option<Oddity> {
    let name = element.name();
    if let Kind::Enumeration(values) = element.field.kind {
        let is_meant = |value: &Named| i64::from(value.value) == number;
        // Most enumerations count up from 0.
        let nth = usize::try_from(number).ok().and_then(|at| values.get(at));
        let known = nth.is_some_and(is_meant) || values.iter().any(is_meant);
        return (!known).then(|| {
            let message = format!("{number} is no value of `{name}`");
            Oddity { refused: Refused::Strictly, ..odd("W_UNKNOWN_ENUM", message) }
        });
    }
    if element.form != Form::Mask {
        return None;
    }
    let mask = u32::try_from(number).unwrap_or(u32::MAX);
    if unknown_bits(mask) != 0 {
        let message = format!("`{name}` has bits without a name: {}", mask_words(mask));
        return Some(odd("W_UNKNOWN_LOCK_BIT", message));
    }
    (legacy_bits(mask) != 0).then(|| {
        let message = format!("`{name}` has criteria of old kits: {}", mask_words(mask));
        odd("W_LEGACY_LOCK_BIT", message)
    })
}

fn too_long(element: &Element, text: &str) -> Option<Oddity> {
    let Kind::Text { max, .. } = element.field.kind else { return None };
    if u32::try_from(text.len()).is_ok_and(|bytes| bytes <= max) {
        return None;
    }
    let length = text.chars().count();
    (u64::try_from(length).unwrap_or(u64::MAX) > u64::from(max)).then(|| {
        let name = element.name();
        odd("W_LONG_TEXT", format!("`{name}` has {length} characters, and {max} are the most"))
    })
}

fn version(elements: &Elements) -> Option<Oddity> {
    let version = elements.word(&LICENSE_VERSION);
    versions::version(version).is_none().then(|| {
        let message = format!("the license version {version} (0x{version:08X}) is not listed");
        odd("W_UNKNOWN_LICENSE_VERSION", message)
    })
}

fn limit(elements: &Elements) -> Option<Oddity> {
    let number = elements.number(&NUM_LICENSES);
    let narrow = i64::from(NARROW_UNLIMITED);
    if !elements.is_wide() && number > narrow {
        let message =
            format!("`numLicenses` is {number}, and before version 20 {narrow} is the most");
        return Some(odd("W_LIMIT_ABOVE_VERSION", message));
    }
    (elements.is_wide() && number == narrow).then(|| {
        let message = "`numLicenses` is 2097150: a number, or what query version 1.0 shows of more";
        odd("W_MAYBE_CLAMPED", message.to_owned())
    })
}

fn soft(elements: &Elements) -> Option<Oddity> {
    let Units::Finite(soft) = soft_units(elements, &SOFT_NUM_LICENSES) else { return None };
    let hard = units(elements, &NUM_LICENSES).finite()?;
    // What an old query shows of a wide "no soft limit".
    let clamped = elements.is_wide() && soft == u64::from(NARROW_UNLIMITED);
    (soft >= hard && !clamped).then(|| {
        let message = format!("`softNumLicenses` {soft} is not below `numLicenses` {hard}");
        odd("W_SOFT_NOT_BELOW_HARD", message)
    })
}

fn subnets(elements: &Elements) -> Option<Oddity> {
    let patterns = elements.text(&SITE_LICENSE_INFO);
    let count = i64::try_from(patterns.split_whitespace().count()).unwrap_or(i64::MAX);
    let told = elements.number(&NUM_SUBNETS);
    if told == 0 {
        return None;
    }
    if let Some(wrong) = patterns.split_whitespace().find(|pattern| !is_pattern(pattern)) {
        let message = format!("`{wrong}` of `siteLicenseInfo` is no subnet pattern");
        return Some(Oddity { refused: Refused::Always, ..odd("E_BAD_SUBNET", message) });
    }
    (told != count).then(|| {
        let message = format!("`numSubnets` is {told}, and `siteLicenseInfo` has {count} patterns");
        odd("W_SUBNET_COUNT", message)
    })
}

#[cfg(test)]
mod tests {
    use super::oddities;
    use crate::rms::model::license::License;
    use crate::rms::rules::fixture::license;

    fn codes(license: &License) -> Vec<&'static str> {
        oddities(&license.elements).iter().map(|odd| odd.code).collect()
    }

    #[test]
    fn a_record_in_order_is_not_odd() {
        assert_eq!(codes(&license(5)), Vec::<&str>::new());
        let soft = license(10).is("softNumLicenses", 2_097_150);
        assert_eq!(codes(&soft), Vec::<&str>::new());
    }

    #[test]
    fn each_oddity_has_its_code() {
        let none: &[&str] = &[];
        let wide = 156_237_824;
        let cases: [(License, &[&str]); 14] = [
            (license(5).is("isAdditive", 7), &["W_UNKNOWN_ENUM"]),
            (license(5).is("lockingCrit", 32), &["W_LEGACY_LOCK_BIT"]),
            (license(5).is("lockingCrit", 65_536), &["W_UNKNOWN_LOCK_BIT"]),
            (license(5).is("licenseVersion", 270_532_609), &["W_UNKNOWN_LICENSE_VERSION"]),
            (license(4_294_967_294), &["W_LIMIT_ABOVE_VERSION"]),
            (license(2_097_150).is("licenseVersion", wide), &["W_MAYBE_CLAMPED"]),
            (license(10).is("softNumLicenses", 12), &["W_SOFT_NOT_BELOW_HARD"]),
            (license(10).is("softNumLicenses", 0), none),
            (
                license(1).runs("2026-06-01T00:00:00Z", "2026-01-01T00:00:00Z"),
                &["W_TIMES_REVERSED"],
            ),
            (
                license(1).is("numSubnets", 2).says("siteLicenseInfo", "10.1.*.*"),
                &["W_SUBNET_COUNT"],
            ),
            (license(1).is("numSubnets", 1).says("siteLicenseInfo", "10.1"), &["E_BAD_SUBNET"]),
            (license(1).says("siteLicenseInfo", "*.*.*.*"), none),
            (license(1).says("clLockInfo", "string"), &["W_BAD_CLLOCK"]),
            (license(1).says("featureName", "a name of 25 characters.."), &["W_LONG_TEXT"]),
        ];
        for (license, expected) in cases {
            assert_eq!(codes(&license), expected, "{:?}", license.elements);
        }
    }
}
