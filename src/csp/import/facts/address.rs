//! Which addresses are of this API, and which of them are facts.

use crate::csp::catalog::nodes::{NodeId, ROOTS};
use crate::csp::rules::address::{Place, Target, resolve};

/// Whether an address lies in the tree of this API, known or not.
#[must_use]
pub fn is_licensing(loc_uri: &str) -> bool {
    ROOTS.iter().any(|root| {
        // The dot in front of the root, and the name of the CSP behind it.
        let head: Vec<&str> = loc_uri.trim().split('/').take(root.len() + 2).collect();
        let place = resolve(&head.join("/")).map(|target| target.place);
        matches!(place, Ok(Place::Node(node)) if node.id == NodeId::Root)
    })
}

/// Whether an address is one that [`super::Facts::set`] knows.
#[must_use]
pub fn is_readable(loc_uri: &str) -> bool {
    locate(loc_uri).is_some()
}

/// What an address stands for; `None` when it is of another provider, or none at all.
pub(super) fn locate(loc_uri: &str) -> Option<Target> {
    resolve(loc_uri).ok()
}

#[cfg(test)]
mod tests {
    use super::{is_licensing, is_readable};

    #[test]
    fn an_address_is_of_this_api_when_it_begins_with_either_root() {
        for address in [
            "./Vendor/MSFT/WindowsLicensing",
            "./Vendor/MSFT/WindowsLicensing/SMode/Status",
            "./Device/Vendor/MSFT/WindowsLicensing/Edition",
            "./device/vendor/msft/windowslicensing/x/y/z",
            "\r\n   ./Vendor/MSFT/WindowsLicensing/Editions \t",
        ] {
            assert!(is_licensing(address), "{address}");
        }
        for address in [
            "",
            "./",
            "Vendor/MSFT/WindowsLicensing/Edition",
            "/Vendor/MSFT/WindowsLicensing/Edition",
            "./User/Vendor/MSFT/WindowsLicensing/Edition",
            "./Vendor/MSFT/WindowsLicensingX",
            "./Vendor/MSFT",
            "./Device/MSFT/WindowsLicensing",
        ] {
            assert!(!is_licensing(address), "{address}");
        }
        assert!(!is_licensing(&format!("./{}", "a/".repeat(1_000_000))));
    }

    #[test]
    fn an_address_that_nothing_is_known_of_is_not_readable() {
        assert!(is_readable("./DevDetail/SwV"));
        assert!(is_readable("./Vendor/MSFT/WindowsLicensing/Subscriptions/4e.1/Name"));
        assert!(!is_readable("./Vendor/MSFT/WindowsLicensing/Editions"));
        assert!(!is_readable("./Vendor/MSFT/Policy/Config/x"));
    }
}
