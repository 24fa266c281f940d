//! Which nodes a device has: its build, its edition, and whether it takes previews.

use crate::csp::catalog::editions;
use crate::csp::catalog::nodes::{Applicability, NODES, Node, Since};
use crate::csp::model::device::Device;
use crate::csp::model::version::OsVersion;

/// Whether a version of Windows has what is there `since` then.
///
/// The first entry of a list is the mainline release; later ones are back-ports, which match their own build alone.
///
/// Source: [DDF2] MSFT:OsBuildVersion; how a list is read: assumed, after the table on the page of the CSP.
#[must_use]
pub fn satisfies(since: Applicability, version: OsVersion, insider: bool) -> bool {
    match since.since {
        Since::Insider => insider,
        Since::Builds(builds) => {
            builds.first().is_some_and(|mainline| version.build > mainline.build)
                || builds
                    .iter()
                    .any(|entry| version.build == entry.build && version.revision >= entry.revision)
        }
    }
}

/// Whether a version of Windows has a node: it and all that it stands below.
#[must_use]
pub fn is_on(node: &Node, version: OsVersion, insider: bool) -> bool {
    // What a node does not say itself is as its parent has it: each word on the way to the root counts once.
    std::iter::successors(Some(node), |node| node.parent())
        .filter_map(|node| match node.applicability {
            None if node.path.is_empty() => Some(node.applicability()),
            own => own,
        })
        .all(|since| satisfies(since, version, insider))
}

/// Whether the CSP serves the edition of a device; else every address of it is unknown.
#[must_use]
pub fn is_served(device: &Device) -> bool {
    editions::serves(device.edition, device.detail.os_version.build)
}

/// Whether a device has a node, be there a value in it or not.
#[must_use]
pub fn has(device: &Device, node: &Node) -> bool {
    is_served(device) && is_on(node, device.detail.os_version, device.insider)
}

/// Whether a device that has the node above has a node.
#[must_use]
pub fn has_below(device: &Device, node: &Node) -> bool {
    let since = node.applicability;
    since.is_none_or(|since| satisfies(since, device.detail.os_version, device.insider))
}

/// The `CspVersion` of a version of Windows: the highest that one of its nodes came with, previews aside; `None` without the CSP.
///
/// Source: [DDF2] MSFT:CspVersion; [CAPTURE] 1.3 on 18363, 1.4 on 26200.
#[must_use]
pub fn csp_version(version: OsVersion) -> Option<&'static str> {
    NODES
        .iter()
        .filter(|node| is_on(node, version, false))
        .map(|node| node.applicability().csp_version)
        .max_by_key(|text| order(text))
}

/// By what the versions of CSPs are compared: `1.10` is later than `1.9`. `None` is what is no version.
#[must_use]
pub fn order(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.trim().split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::csp::catalog::nodes::{
        CHANGE_PRODUCT_KEY, LICENSE_TYPE, NODES, ROOT, SMODE, SUBSCRIPTION_TYPE, SUBSCRIPTIONS,
    };

    fn device(version: &str) -> Device {
        let mut device = Device::new("PC-01", Timestamp::from_s(0).unwrap(), "urn:uuid:1");
        device.detail.os_version = version.parse().unwrap();
        device
    }

    #[test]
    fn a_back_port_matches_its_own_build_alone() {
        for (version, there) in [
            ("10.0.22000.1165", true),
            ("10.0.22000.1100", false),
            ("10.0.22449.1", false),
            ("10.0.22621.1", true),
            ("10.0.26100.1", true),
            ("10.0.19045.5000", false),
        ] {
            assert_eq!(has(&device(version), &LICENSE_TYPE), there, "{version}");
        }
    }

    #[test]
    fn every_node_has_a_first_build() {
        for (version, node, there) in [
            ("10.0.10240.0", &ROOT, false),
            ("10.0.10586.0", &ROOT, true),
            ("10.0.10586.0", &SUBSCRIPTIONS, false),
            ("10.0.14393.0", &SUBSCRIPTIONS, true),
            ("10.0.14393.1", &CHANGE_PRODUCT_KEY, false),
            ("10.0.15063.0", &CHANGE_PRODUCT_KEY, true),
            ("10.0.17134.1", &SMODE, false),
            ("10.0.17763.0", &SMODE, true),
        ] {
            assert_eq!(has(&device(version), node), there, "{version} {}", node.path);
        }
    }

    #[test]
    fn previews_are_for_insiders_and_need_what_they_stand_below() {
        let mut device = device("10.0.26200.1");
        assert!(!has(&device, &SUBSCRIPTION_TYPE));
        device.insider = true;
        assert!(has(&device, &SUBSCRIPTION_TYPE));
        device.detail.os_version = "10.0.10586.0".parse().unwrap();
        assert!(!has(&device, &SUBSCRIPTION_TYPE));
    }

    #[test]
    fn an_edition_outside_the_allow_lists_has_no_node_at_all() {
        let mut device = device("10.0.26100.1");
        device.edition = 0xCB;
        assert!(NODES.iter().all(|node| !has(&device, node)));
    }

    #[test]
    fn the_version_of_the_csp_rises_with_its_nodes() {
        for (version, expected) in [
            ("10.0.10240.0", None),
            ("10.0.10586.0", Some("1.0")),
            ("10.0.14393.0", Some("1.1")),
            ("10.0.15063.0", Some("1.2")),
            ("10.0.17134.1", Some("1.2")),
            ("10.0.17763.0", Some("1.3")),
            ("10.0.19045.5000", Some("1.3")),
            ("10.0.22000.1164", Some("1.3")),
            ("10.0.22000.1165", Some("1.4")),
            ("10.0.26200.9278", Some("1.4")),
        ] {
            assert_eq!(csp_version(version.parse().unwrap()), expected, "{version}");
        }
        assert!(order("1.10") > order("1.9"));
        assert_eq!(order("x"), None);
    }

    #[test]
    fn mobile_editions_are_served_as_long_as_there_was_mobile() {
        let mut device = device("10.0.15254.1");
        device.edition = 0x68;
        assert!(is_served(&device));
        device.detail.os_version.build = 15255;
        assert!(!is_served(&device));
    }
}
