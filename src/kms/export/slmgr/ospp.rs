//! The text that ospp.vbs, the script of Office, prints for `/dstatus` and `/dstatusall`; its reader has the labels.
//!
//! Source: [OFFDOC] shows the output of `/dstatus`. The rest as its reader assumes it.

use super::activation::told_host;
use super::object::Object;
use super::{Page, Shown};
use crate::kms::catalog::skus::Pool;
use crate::kms::import::ospp::{NO_KEY, label_of, status_word, type_word};
use crate::kms::model::Product;
use crate::kms::rules::read;

/// Which products of Office are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// `/dstatus`
    WithKey,
    /// `/dstatusall`
    All,
}

const RULE: &str = "---------------------------------------";

/// The lines for the products of Office, in their order.
#[must_use]
pub fn status(shown: &Shown<'_>, listed: Listed) -> Vec<String> {
    let mut page = Page(vec!["---Processing--------------------------".to_owned()]);
    page.0.push(RULE.to_owned());
    let office = shown.state.products.iter().filter(|held| {
        matches!(held.pool(), Pool::Office14 | Pool::Office15)
            && (listed == Listed::All || held.key.is_some())
    });
    let before = page.0.len();
    for held in office {
        let properties = read::product(shown.state, held, shown.pools, shown.now);
        write(&mut page, shown, held, &Object(&properties));
        page.0.push(RULE.to_owned());
    }
    if page.0.len() == before {
        page.0.push(NO_KEY.to_owned());
        page.0.push(RULE.to_owned());
    }
    page.0.push("---Exiting-----------------------------".to_owned());
    page.lines()
}

impl Page {
    /// A line of ospp.vbs: the label of a property and what stands behind it.
    fn labelled(&mut self, property: &str, value: &str) {
        if !value.is_empty() {
            self.0.push(format!("{}: {value}", label_of(property)));
        }
    }
}

fn write(page: &mut Page, shown: &Shown<'_>, held: &Product, own: &Object<'_>) {
    for property in ["ID", "Name", "Description"] {
        page.labelled(property, own.text(property));
    }
    let status = own.number("LicenseStatus").unwrap_or_default();
    page.labelled("LicenseStatus", &format!(" ---{}---", status_word(status)));
    if let Some(reason) = own.number("LicenseStatusReason").filter(|reason| *reason != 0) {
        let remark = if status == 1 {
            " (for information purposes only as the status is licensed)"
        } else {
            ""
        };
        page.labelled("LicenseStatusReason", &format!("0x{reason:08X}{remark}"));
    }
    if let Some(minutes) = own.number("GracePeriodRemaining").filter(|minutes| *minutes != 0) {
        let days = minutes / 1440;
        let left = format!("{days} days  ({minutes} minute(s) before expiring)");
        page.labelled("GracePeriodRemaining", &left);
    }
    page.labelled("PartialProductKey", own.text("PartialProductKey"));
    if held.is_kms_client() {
        client(page, shown, own);
    }
}

/// What a KMS client shows of its host.
fn client(page: &mut Page, shown: &Shown<'_>, own: &Object<'_>) {
    let kind = own.number("VLActivationTypeEnabled").unwrap_or_default();
    page.labelled("VLActivationTypeEnabled", type_word(kind));
    let mut block = Page::default();
    let name = own.text("DiscoveredKeyManagementServiceMachineName");
    let port = own.number("DiscoveredKeyManagementServiceMachinePort").unwrap_or_default();
    match told_host(own) {
        Some(host) => block.labelled("KeyManagementServiceMachine", &host),
        None if name.is_empty() => {
            block.0.push("DNS auto-discovery: KMS name not available".to_owned());
        }
        None => {
            let host = format!("{name}:{port}");
            block.labelled("DiscoveredKeyManagementServiceMachineName", &host);
        }
    }
    let host = "KeyManagementServiceProductKeyID";
    block.labelled(host, own.text(host));
    for interval in ["VLActivationInterval", "VLRenewalInterval"] {
        block.labelled(interval, &format!("{} minutes", own.printed(interval)));
    }
    let caching = shown.state.machine.service.host_caching;
    block.0.push(format!("KMS host caching: {}", if caching { "Enabled" } else { "Disabled" }));
    page.0.extend(block.0.into_iter().map(|line| format!("        {line}")));
}
