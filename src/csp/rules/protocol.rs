//! What depends on the version of the protocol, and what makes two spellings of one address equal.

use super::address::{Place, resolve};
use super::applicability::order;
use crate::csp::model::device::Device;

/// The first `SyncApplicationVersion` whose refusals carry `msft:originalerror`.
///
/// Source: [OMADM] SyncML response codes.
const ORIGINAL_ERRORS_SINCE: (u32, u32) = (3, 0);

/// The last build that never tells them.
const LAST_SILENT_BUILD: u32 = 17763;

/// Whether the device's refusals carry the HRESULT behind the status.
#[must_use]
pub fn tells_original_errors(device: &Device) -> bool {
    device.detail.os_version.build > LAST_SILENT_BUILD
        && order(&device.sync_application_version).is_some_and(|at| at >= ORIGINAL_ERRORS_SINCE)
}

/// A name for the node at an address that is the same for every spelling of it; of an address without a node the address itself.
#[must_use]
pub fn canonical(loc_uri: &str) -> String {
    let Ok(target) = resolve(loc_uri) else { return loc_uri.trim().to_owned() };
    match target.place {
        Place::Context(row) => row.path.to_owned(),
        Place::Node(node) => match target.subscription {
            Some(id) => format!("{}#{}", node.path, id.to_lowercase()),
            None => node.path.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{canonical, tells_original_errors};
    use crate::clock::Timestamp;
    use crate::csp::model::device::Device;

    #[test]
    fn every_spelling_of_a_node_has_one_name() {
        let name = canonical("./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy");
        for spelling in [
            " ./Device/Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy\n",
            "./vendor/msft/windowslicensing/smode/switchingpolicy",
            "./Vendor/MSFT/WindowsLicensing/SMode/Switching%50olicy",
        ] {
            assert_eq!(canonical(spelling), name);
        }
        assert_ne!(canonical("./Vendor/MSFT/WindowsLicensing/SMode/Status"), name);
    }

    #[test]
    fn original_errors_come_with_version_3_after_build_17763() {
        let mut device = Device::new("PC", Timestamp::from_s(0).unwrap(), "");
        for (version, build, told) in [
            ("3.0", 17764, true),
            ("10.0", 22621, true),
            ("3.0", 17763, false),
            ("2.9", 26100, false),
        ] {
            device.sync_application_version = version.to_owned();
            device.detail.os_version.build = build;
            assert_eq!(tells_original_errors(&device), told, "{version} {build}");
        }
    }
}
