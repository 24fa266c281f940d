//! What is wrong around the licenses of a feature: groups that ask for more than there is, sites that nobody is in.

use crate::finding::{Finding, Level};
use crate::rms::catalog::elements::{NUM_SUBNETS, SITE_LICENSE_INFO};
use crate::rms::model::group::Group;
use crate::rms::model::license::{FeatureKey, License};
use crate::rms::rules::sites::reaches;
use std::net::IpAddr;

/// A group that gets fewer tokens than are set apart for it, or is of no feature.
///
/// - `effective`: the tokens that it gets.
#[must_use]
pub fn reservation(key: Option<&FeatureKey>, group: &Group, effective: u64) -> Option<Finding> {
    let Group { feature, name, tokens, .. } = group;
    let warning = |class, object: String, message, remedy: &'static str| {
        Finding::new("rms", class, Level::Warning, object, message).remedy(remedy)
    };
    match key {
        None => Some(warning(
            "reservation.unknown",
            format!("{feature} {name}"),
            format!("the License Manager has no feature `{feature}` to set tokens apart of"),
            "correct the name in the reservation file",
        )),
        Some(key) if effective < *tokens => Some(
            warning(
                "reservation.clipped",
                format!("{key} {name}"),
                format!("{tokens} tokens are set apart for `{name}`, and it gets {effective}"),
                "set no more tokens apart than there are",
            )
            .with("tokens", *tokens)
            .with("effective", effective),
        ),
        Some(_) => None,
    }
}

/// Patterns of a site that match none of the clients that are listed; nothing where none of them has an address.
#[must_use]
pub fn sites(key: &FeatureKey, licenses: &[License], addresses: &[IpAddr]) -> Vec<Finding> {
    let mut found = Vec::new();
    if addresses.is_empty() {
        return found;
    }
    for license in licenses.iter().filter(|one| one.elements.number(&NUM_SUBNETS) > 0) {
        let nobody = |pattern: &&str| !addresses.iter().any(|address| reaches(pattern, *address));
        let patterns = license.elements.text(&SITE_LICENSE_INFO).split_whitespace();
        for pattern in patterns.filter(nobody) {
            let object = format!("{key} {}", license.hash().unwrap_or("-"));
            let message = format!("the site {pattern} matches none of the clients that are listed");
            let finding = Finding::new("rms", "license.site", Level::Warning, object, message);
            let remedy = "compare the subnets of the license with those of its users";
            found.push(finding.with("pattern", pattern).remedy(remedy));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{key, license};
    use super::{reservation, sites};
    use crate::rms::catalog::elements::SITE_LICENSE_INFO;
    use crate::rms::model::group::Group;
    use crate::rms::model::license::Value;

    #[test]
    fn a_group_that_gets_less_than_is_set_apart_for_it_is_told() {
        let group = Group {
            feature: "CAD".to_owned(),
            version: None,
            name: "eng".to_owned(),
            tokens: 5,
            members: Vec::new(),
        };
        let class = |known: bool, effective| {
            let key = key();
            reservation(known.then_some(&key), &group, effective).map(|finding| finding.class)
        };
        assert_eq!(class(true, 5), None);
        assert_eq!(class(true, 2), Some("reservation.clipped"));
        assert_eq!(class(false, 0), Some("reservation.unknown"));
    }

    #[test]
    fn a_site_that_nobody_is_in_is_told_when_somebody_has_an_address() {
        let mut site = license(&[("numSubnets", 2)]);
        site.elements.set(&SITE_LICENSE_INFO, Value::Text("10.1.*.* 192.168.7.*".to_owned()));
        let told = |addresses: &[&str]| -> Vec<String> {
            let addresses: Vec<_> = addresses.iter().map(|one| one.parse().unwrap()).collect();
            let found = sites(&key(), std::slice::from_ref(&site), &addresses);
            found.into_iter().map(|one| one.detail.text("pattern").unwrap().to_owned()).collect()
        };
        assert_eq!(told(&[]), [""; 0]);
        assert_eq!(told(&["10.1.9.4"]), ["192.168.7.*"]);
        assert_eq!(told(&["10.1.9.4", "192.168.7.1"]), [""; 0]);
        assert_eq!(told(&["fe80::1"]).len(), 2);
    }
}
