//! Releases of Windows by build.
//!
//! Since when a node is there stands in `nodes`; which of them a build has, and which version of the CSP that makes, in `rules`.

use super::documents::{CAPTURE, CSP};
use crate::catalog::{Source, observed, stated};

/// One release of Windows.
#[derive(Debug)]
pub struct Release {
    pub build: u32,
    /// `Windows 10`, `Windows 11`.
    pub product: &'static str,
    /// `22H2`.
    pub version: &'static str,
    pub source: Source,
}

const fn ten(build: u32, version: &'static str) -> Release {
    Release { build, product: "Windows 10", version, source: stated(&CSP, "applicable releases") }
}

const fn eleven(build: u32, version: &'static str) -> Release {
    Release { build, product: "Windows 11", version, source: stated(&CSP, "applicable releases") }
}

/// The releases, oldest first.
pub static RELEASES: [Release; 19] = [
    ten(10240, "1507"),
    ten(10586, "1511"),
    ten(14393, "1607"),
    ten(15063, "1703"),
    ten(16299, "1709"),
    ten(17134, "1803"),
    ten(17763, "1809"),
    ten(18362, "1903"),
    ten(18363, "1909"),
    ten(19041, "2004"),
    ten(19042, "20H2"),
    ten(19043, "21H1"),
    ten(19044, "21H2"),
    ten(19045, "22H2"),
    eleven(22000, "21H2"),
    eleven(22621, "22H2"),
    eleven(22631, "23H2"),
    eleven(26100, "24H2"),
    Release { source: observed(&CAPTURE, "./DevDetail/SwV"), ..eleven(26200, "25H2") },
];

/// The release of a build; `None` for previews, and for builds newer than the table.
#[must_use]
pub fn release(build: u32) -> Option<&'static Release> {
    RELEASES.iter().find(|release| release.build == build)
}

/// What people call the release of a build: `Windows 11 22H2`.
#[must_use]
pub fn title(build: u32) -> Option<String> {
    release(build).map(|release| format!("{} {}", release.product, release.version))
}

#[cfg(test)]
mod tests {
    use super::super::nodes::{NODES, Since};
    use super::*;

    #[test]
    fn a_build_has_the_name_of_its_release() {
        assert_eq!(title(19045).as_deref(), Some("Windows 10 22H2"));
        assert_eq!(title(26200).as_deref(), Some("Windows 11 25H2"));
        assert_eq!(title(22449), None);
    }

    #[test]
    fn releases_ascend_and_every_node_came_with_one() {
        assert!(RELEASES.is_sorted_by_key(|release| release.build));
        for node in NODES {
            if let Since::Builds(builds) = node.applicability().since {
                assert!(builds.iter().all(|since| release(since.build).is_some()), "{}", node.path);
            }
        }
    }
}
