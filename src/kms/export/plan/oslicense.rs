//! A plan for the module `OSLicense`, which knows the machine and not its single products.
//!
//! Source: [OSL] `Set-KmsLicenseInfo`, `Invoke-KmsLicense`, `Set-OSLicenseInfo`.

use super::{Written, quoted};
use crate::kms::model::ActivationType;
use crate::kms::rules::plan::{Change, Setting};

pub(super) fn write(changes: &[Change]) -> Written {
    let mut written = Written::default();
    for change in changes {
        if change.of.is_some() {
            written.left.push(change.clone());
        } else {
            written.lines.extend(lines(&change.setting));
        }
    }
    written
}

fn set(parameters: &str) -> Vec<String> {
    vec![format!("Set-KmsLicenseInfo {parameters}")]
}

fn clear(parameter: &str) -> String {
    format!("Invoke-KmsLicense -Clear{parameter}")
}

fn lines(setting: &Setting) -> Vec<String> {
    let flag = |parameter: &str, on: bool| set(&format!("-{parameter} ${on}"));
    match setting {
        Setting::Host { name, port: Some(port) } => {
            set(&format!("-ServerName {} -Port {port}", quoted(&name.bracketed())))
        }
        Setting::Host { name, port: None } => {
            let mut lines = set(&format!("-ServerName {}", quoted(&name.bracketed())));
            lines.push(clear("Port"));
            lines
        }
        Setting::HostPort(port) => set(&format!("-Port {port}")),
        Setting::NoHost => vec![clear("Server"), clear("Port")],
        Setting::LookupDomain(Some(domain)) => set(&format!("-Domain {}", quoted(domain.as_str()))),
        Setting::LookupDomain(None) => vec![clear("Domain")],
        Setting::ActivationInterval(minutes) => {
            set(&format!("-ActivationInterval {}", minutes.number()))
        }
        Setting::RenewalInterval(minutes) => set(&format!("-RenewalInterval {}", minutes.number())),
        Setting::ListeningPort(Some(port)) => set(&format!("-ListeningPort {port}")),
        Setting::ListeningPort(None) => vec![clear("ListeningPort")],
        Setting::DnsPublishing(on) => flag("DnsPublishing", *on),
        Setting::HostCaching(on) => flag("HostCaching", *on),
        Setting::LowPriority(low) => {
            set(if *low { "-Priority 'Low'" } else { "-Priority 'Normal'" })
        }
        Setting::ActivationType(kind) => {
            let number = kind.map_or(0, ActivationType::number);
            vec![format!("Set-OSLicenseInfo -ActivationType {number}")]
        }
    }
}
