//! Sites: the subnets from which a license may be used.

use crate::rms::catalog::elements::{NUM_SUBNETS, SITE_LICENSE_INFO};
use crate::rms::model::license::Elements;
use std::net::IpAddr;

/// The pattern that every address matches.
const ANY: &str = "*.*.*.*";

/// Whether a text is a pattern: four parts with dots between, each a number up to 255 or `*`.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    let number = |part: &str| {
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        digits && part.parse::<u8>().is_ok()
    };
    text.split('.').count() == 4 && text.split('.').all(|part| part == "*" || number(part))
}

/// Whether an address lies in the site of a license. Addresses of version 6 match the pattern of all alone.
///
/// Source: licenseInfo, Site Information; addresses of version 6: assumed.
#[must_use]
pub fn admits(elements: &Elements, address: IpAddr) -> bool {
    let patterns = elements.text(&SITE_LICENSE_INFO);
    if elements.number(&NUM_SUBNETS) == 0 || patterns.is_empty() {
        return true;
    }
    patterns.split_whitespace().any(|pattern| reaches(pattern, address))
}

/// Whether a pattern matches an address.
#[must_use]
pub fn reaches(pattern: &str, address: IpAddr) -> bool {
    let IpAddr::V4(address) = address else { return pattern == ANY };
    let octets = address.octets();
    is_pattern(pattern)
        && pattern
            .split('.')
            .zip(octets)
            .all(|(part, octet)| part == "*" || part.parse::<u8>().is_ok_and(|part| part == octet))
}

#[cfg(test)]
mod tests {
    use super::{admits, is_pattern};
    use crate::rms::rules::fixture::license;

    #[test]
    fn an_address_must_match_one_of_the_patterns() {
        let site =
            license(1).is("numSubnets", 2).says("siteLicenseInfo", "10.1.*.* 192.168.7.*").elements;
        let from = |address: &str| admits(&site, address.parse().unwrap());
        assert!(from("10.1.9.4"));
        assert!(from("192.168.7.250"));
        assert!(!from("192.168.70.2"));
        assert!(!from("fe80::1"));
    }

    #[test]
    fn without_subnets_there_is_no_restriction() {
        let sample = license(1).says("siteLicenseInfo", "10.1.*.*").elements;
        assert!(admits(&sample, "192.168.0.1".parse().unwrap()));
        let any = license(1).is("numSubnets", 1).says("siteLicenseInfo", "*.*.*.*").elements;
        assert!(admits(&any, "fe80::1".parse().unwrap()));
    }

    #[test]
    fn a_pattern_has_four_parts() {
        assert!(is_pattern("10.1.*.*") && is_pattern("*.*.*.*") && is_pattern("0.0.0.255"));
        for wrong in ["10.1.*", "10.1.*.*.*", "256.1.*.*", "10.1.*.x", "", "10..*.*", "+1.1.1.1"] {
            assert!(!is_pattern(wrong), "{wrong}");
        }
    }
}
