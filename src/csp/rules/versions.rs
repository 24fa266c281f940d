//! The text of the node `CSPVersions`: which CSPs a device has, in which version. A modelled device has this one alone.

use super::applicability;
use crate::csp::catalog::context::LISTED_TWICE_SINCE;
use crate::csp::catalog::nodes::{ROOT_NAME, ROOTS};
use crate::csp::model::device::Device;
use std::fmt::Write;

/// The document, with line feeds and without one at its end.
///
/// Source: [CAPTURE] `CSPVersions`.
pub(super) fn text(device: &Device) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <DeviceManageability Version=\"com.microsoft/1.1/MDM/DeviceManageability\">\n  \
         <Capabilities>\n    <CSPVersions>\n",
    );
    let version = device.detail.os_version;
    let served = applicability::is_served(device);
    if let Some(csp) = applicability::csp_version(version).filter(|_| served) {
        let mut roots: Vec<String> = ROOTS
            .iter()
            .filter(|root| version.build >= LISTED_TWICE_SINCE || !root.contains(&"Device"))
            .map(|root| format!("./{}/{ROOT_NAME}", root.join("/")))
            .collect();
        roots.sort_unstable();
        for root in roots {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "      <CSP Node=\"{root}\" Version=\"{csp}\"></CSP>");
        }
    }
    text.push_str("    </CSPVersions>\n  </Capabilities>\n</DeviceManageability>");
    text
}
