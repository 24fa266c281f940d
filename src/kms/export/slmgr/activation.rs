//! How a product was activated, and what it does as a KMS host.

use super::object::Object;
use super::{Page, Shown, filled};
use crate::kms::catalog::Profile;
use crate::kms::catalog::service::DEFAULT_PORT;
use crate::kms::import::slmgr::labels::COUNTERS;
use crate::kms::model::{ActivationType, Channel, HostName, Port, Product};

/// The lines of the counters, in the order of `COUNTERS`.
static COUNTED: [&str; 8] = [
    "L_MsgKmsTotalRequestsRecieved",
    "L_MsgKmsFailedRequestsReceived",
    "L_MsgKmsRequestsWithStatusUnlicensed",
    "L_MsgKmsRequestsWithStatusLicensed",
    "L_MsgKmsRequestsWithStatusInitialGrace",
    "L_MsgKmsRequestsWithStatusLicenseExpiredOrHwidOot",
    "L_MsgKmsRequestsWithStatusNonGenuineGrace",
    "L_MsgKmsRequestsWithStatusNotification",
];

pub(super) fn write(page: &mut Page, shown: &Shown<'_>, product: &Product, own: &Object<'_>) {
    if product.is_kms_client() {
        client(page, shown, own);
    }
    if own.number("IsKeyManagementServiceMachine") == Some(1) {
        host(page, shown, own);
    }
    if product.kind() == Channel::VirtualMachine && shown.profile() >= Profile::V63 {
        virtual_machine(page, shown, own);
    }
}

fn client(page: &mut Page, shown: &Shown<'_>, own: &Object<'_>) {
    let kind = |name| own.number(name).and_then(ActivationType::new);
    if shown.profile() >= Profile::V62 {
        page.line(match kind("VLActivationTypeEnabled") {
            Some(ActivationType::ActiveDirectory) => "L_MsgVLActivationTypeAD",
            Some(ActivationType::Kms) => "L_MsgVLActivationTypeKMS",
            Some(ActivationType::Token) => "L_MsgVLActivationTypeToken",
            None => "L_MsgVLActivationTypeAll",
        });
    }
    if kind("VLActivationType") == Some(ActivationType::ActiveDirectory) {
        directory(page, shown, own);
    } else if own.number("TokenActivationILVID").is_some() {
        token(page, shown, own);
    } else if own.number("LicenseStatus") != Some(1) {
        page.line("L_MsgPleaseActivateRefreshKMSInfo");
    } else {
        kms(page, shown, own);
    }
}

/// The heading of a block of activation.
fn heading(page: &mut Page, shown: &Shown<'_>, resource: &str) {
    page.blank();
    if shown.profile() >= Profile::V62 {
        page.line("L_MsgVLMostRecentActivationInfo");
    }
    page.line(resource);
}

fn directory(page: &mut Page, shown: &Shown<'_>, own: &Object<'_>) {
    heading(page, shown, "L_MsgADInfo");
    let mut block = Page::default();
    block.value("L_MsgADInfoAOName", own.text("ADActivationObjectName"));
    block.value("L_MsgADInfoAODN", own.text("ADActivationObjectDN"));
    block.value("L_MsgADInfoExtendedPid", own.text("ADActivationCsvlkPid"));
    block.value("L_MsgADInfoActID", own.text("ADActivationCsvlkSkuId"));
    page.indented(block);
}

fn token(page: &mut Page, shown: &Shown<'_>, own: &Object<'_>) {
    heading(page, shown, "L_MsgTkaInfo");
    let mut block = Page::default();
    block.filled("L_MsgTkaInfoILID", own.text("TokenActivationILID"));
    block.filled("L_MsgTkaInfoILVID", &own.printed("TokenActivationILVID"));
    block.filled("L_MsgTkaInfoGrantNo", &own.printed("TokenActivationGrantNumber"));
    block.filled("L_MsgTkaInfoThumbprint", own.text("TokenActivationCertificateThumbprint"));
    page.indented(block);
}

fn kms(page: &mut Page, shown: &Shown<'_>, own: &Object<'_>) {
    let (profile, service) = (shown.profile(), &shown.state.machine.service);
    heading(page, shown, "L_MsgKmsInfo");
    let mut block = Page::default();
    block.value("L_MsgCmid", &service.client_machine_id.to_string());
    let domain = own.text("KeyManagementServiceLookupDomain");
    if !domain.is_empty() && profile >= Profile::V62 {
        block.value("L_MsgKmsLookupDomain", domain);
    }
    let told = told_host(own);
    match &told {
        Some(host) => block.value("L_MsgRegisteredKmsName", host),
        None => discovered(&mut block, own),
    }
    if profile >= Profile::V63 {
        match own.text("DiscoveredKeyManagementServiceMachineIpAddress") {
            "" => block.line("L_MsgKmsIpAddressUnavailable"),
            address => block.value("L_MsgKmsIpAddress", address),
        }
    }
    block.value("L_MsgKmsPID4", own.text("KeyManagementServiceProductKeyID"));
    block.filled("L_MsgActivationInterval", &own.printed("VLActivationInterval"));
    block.filled("L_MsgRenewalInterval", &own.printed("VLRenewalInterval"));
    if profile >= Profile::V61 {
        block.line(if service.host_caching {
            "L_MsgKmsHostCachingEnabled"
        } else {
            "L_MsgKmsHostCachingDisabled"
        });
    }
    page.indented(block);
    if let Some(host) = told.filter(|_| !domain.is_empty() && profile >= Profile::V62) {
        page.blank();
        page.0.push(filled("L_MsgKmsUseMachineNameOverrides", &[("KMS", &host)]));
    }
}

/// The host that was told, with its port.
pub(super) fn told_host(own: &Object<'_>) -> Option<String> {
    let name = HostName::stored(own.text("KeyManagementServiceMachine"))?;
    let port = own.number("KeyManagementServicePort").filter(|port| *port != 0);
    Some(format!("{}:{}", name.bracketed(), port.unwrap_or(DEFAULT_PORT)))
}

fn discovered(block: &mut Page, own: &Object<'_>) {
    let name = own.text("DiscoveredKeyManagementServiceMachineName");
    let port = own.number("DiscoveredKeyManagementServiceMachinePort").filter(|port| *port != 0);
    match port.filter(|_| !name.is_empty()) {
        Some(port) => block.value("L_MsgKmsFromDns", &format!("{name}:{port}")),
        None => block.line("L_MsgKmsFromDnsUnavailable"),
    }
}

/// Port, publishing and priority are read from the state: the class of Vista has no properties for them, and the script of Vista
/// reads them from the registry.
fn host(page: &mut Page, shown: &Shown<'_>, own: &Object<'_>) {
    let service = &shown.state.machine.service;
    page.blank();
    page.line("L_MsgKmsEnabled");
    let mut block = Page::default();
    block.value("L_MsgKmsCurrentCount", &own.printed("KeyManagementServiceCurrentCount"));
    let port = service.listening_port.map_or(DEFAULT_PORT, Port::number);
    block.value("L_MsgKmsListeningOnPort", &port.to_string());
    block.line(if service.dns_publishing {
        "L_MsgKmsDnsPublishingEnabled"
    } else {
        "L_MsgKmsDnsPublishingDisabled"
    });
    block.line(if service.low_priority { "L_MsgKmsPriLow" } else { "L_MsgKmsPriNormal" });
    page.indented(block);
    page.blank();
    page.line("L_MsgKmsCumulativeRequestsFromClients");
    let mut block = Page::default();
    for (resource, property) in COUNTED.iter().zip(COUNTERS) {
        block.value(resource, &own.printed(property));
    }
    page.indented(block);
}

fn virtual_machine(page: &mut Page, shown: &Shown<'_>, own: &Object<'_>) {
    let absent = filled("L_MsgNotAvailable", &[]);
    let or_absent = |text: &str| if text.is_empty() { absent.clone() } else { text.to_owned() };
    page.value("L_MsgAVMAID", &or_absent(own.text("IAID")));
    let name = own.text("AutomaticVMActivationHostMachineName");
    let pid = own.text("AutomaticVMActivationHostDigitalPid2");
    let at = own.time("AutomaticVMActivationLastActivationTime");
    if name.is_empty() && pid.is_empty() && at.is_none() {
        return;
    }
    heading(page, shown, "L_MsgAVMAInfo");
    let mut block = Page::default();
    block.value("L_MsgAVMAHostMachineName", &or_absent(name));
    let at = at.map(|at| shown.date(at)).unwrap_or_default();
    block.value("L_MsgAVMALastActTime", &or_absent(&at));
    block.value("L_MsgAVMAHostPid2", &or_absent(pid));
    page.indented(block);
}
