//! A plan for slmgr. An IPv6 address stands in brackets, as slmgr splits at the first colon.

use super::Written;
use crate::kms::catalog::service::DEFAULT_PORT;
use crate::kms::model::{ActivationType, Port};
use crate::kms::rules::plan::{Change, Setting};

/// How a command prompt runs the script without a message box.
pub(super) const SCRIPT: &str = r#"cscript //nologo "%SystemRoot%\System32\slmgr.vbs""#;

pub(super) fn write(changes: &[Change]) -> Written {
    let line = |change: &Change| {
        let product = change.of.map(|of| format!(" {}", of.id)).unwrap_or_default();
        format!("{SCRIPT} {}{product}", option(&change.setting))
    };
    Written { lines: changes.iter().map(line).collect(), left: Vec::new() }
}

/// The option with its argument. A port alone cannot be cleared: the usual one is set, which is the same.
fn option(setting: &Setting) -> String {
    match setting {
        Setting::Host { name, port: None } => format!("/skms {}", name.bracketed()),
        Setting::Host { name, port: Some(port) } => format!("/skms {}:{port}", name.bracketed()),
        Setting::HostPort(port) => format!("/skms :{port}"),
        Setting::NoHost => "/ckms".to_owned(),
        Setting::LookupDomain(Some(domain)) => format!("/skms-domain {domain}"),
        Setting::LookupDomain(None) => "/ckms-domain".to_owned(),
        Setting::ActivationInterval(minutes) => format!("/sai {}", minutes.number()),
        Setting::RenewalInterval(minutes) => format!("/sri {}", minutes.number()),
        Setting::ListeningPort(port) => {
            format!("/sprt {}", port.map_or(DEFAULT_PORT, Port::number))
        }
        Setting::DnsPublishing(true) => "/sdns".to_owned(),
        Setting::DnsPublishing(false) => "/cdns".to_owned(),
        Setting::LowPriority(false) => "/spri".to_owned(),
        Setting::LowPriority(true) => "/cpri".to_owned(),
        Setting::HostCaching(true) => "/skhc".to_owned(),
        Setting::HostCaching(false) => "/ckhc".to_owned(),
        Setting::ActivationType(kind) => {
            format!("/act-type {}", kind.map_or(0, ActivationType::number))
        }
    }
}
