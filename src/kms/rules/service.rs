//! The methods of `SoftwareLicensingService`: value range and effect, one function a method.
//!
//! What every method checks before, and in what order, stands in `checks`; which method runs which function in `call`.

use super::address::port;
use super::checks::invalid;
use super::life;
use crate::catalog::Code;
use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::kms::catalog::codes::{
    SL_E_INVALID_LICENSE, SL_E_INVALID_PACKAGE, SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED,
};
use crate::kms::model::{
    ActivationType, InstalledLicense, LicenseFile, Machine, Minutes, PartialKey, PolicyCache, State,
};

/// Whether the text of a licence file is well-formed XML without a document type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WellFormed {
    Yes,
    No,
}

/// What is kept of the text of a licence file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub well_formed: WellFormed,
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: u64,
}

/// `AcquireGenuineTicket`: no network is used and nothing changes.
///
/// Refuses with `E_INVALIDARG` when a parameter is empty or the URL is neither http nor https.
pub fn acquire_genuine_ticket(template: &str, url: &str) -> Result<(), Refusal> {
    if template.trim().is_empty() {
        return Err(invalid("TemplateId is empty"));
    }
    let host = ["http://", "https://"].iter().find_map(|scheme| {
        let head = url.get(..scheme.len())?;
        url.get(scheme.len()..).filter(|_| head.eq_ignore_ascii_case(scheme))
    });
    match host {
        Some(host) if !host.trim_start_matches('/').is_empty() => Ok(()),
        _ => Err(invalid(format!("ServerUrl is `{url}`; an http or https address is allowed"))),
    }
}

/// `ClearProductKeyFromRegistry`; again and again.
#[must_use]
pub fn clear_product_key_from_registry(machine: &Machine) -> Machine {
    Machine { key_in_registry: false, ..machine.clone() }
}

/// `InstallLicense` and `InstallLicensePackage`: digest, size and time are kept, not the text.
///
/// Refuses with `SL_E_INVALID_LICENSE` or `SL_E_INVALID_PACKAGE` when the text is not well-formed.
pub fn install_license(
    machine: &Machine,
    file: LicenseFile,
    document: &Document,
    now: Timestamp,
) -> Result<(Machine, InstalledLicense), Refusal> {
    if document.well_formed == WellFormed::No {
        let code: &'static Code = match file {
            LicenseFile::License => &SL_E_INVALID_LICENSE,
            LicenseFile::Package => &SL_E_INVALID_PACKAGE,
        };
        let message = "the licence is not well-formed XML without a document type";
        return Err(Refusal::new(code, message));
    }
    let license = InstalledLicense { file, sha256: document.sha256, size: document.size, at: now };
    let mut machine = machine.clone();
    machine.service.policy_cache = PolicyCache::Stale;
    Ok((machine, license))
}

/// `RefreshLicenseStatus`: the licences are written as they are now, and the policy cache is fresh.
#[must_use]
pub fn refresh_license_status(state: &State, now: Timestamp) -> State {
    let mut state = life::advanced(state, now);
    state.machine.service.policy_cache = PolicyCache::Fresh;
    state
}

/// `SetVLActivationInterval`.
///
/// Refuses with `E_INVALIDARG` outside `15..=43200` minutes.
pub fn set_activation_interval(machine: &Machine, interval: u32) -> Result<Machine, Refusal> {
    let mut machine = machine.clone();
    machine.service.activation_interval = minutes("ActivationInterval", interval)?;
    Ok(machine)
}

/// `SetVLRenewalInterval`.
///
/// Refuses with `E_INVALIDARG` outside `15..=43200` minutes.
pub fn set_renewal_interval(machine: &Machine, interval: u32) -> Result<Machine, Refusal> {
    let mut machine = machine.clone();
    machine.service.renewal_interval = minutes("RenewalInterval", interval)?;
    Ok(machine)
}

/// `SetKeyManagementServiceListeningPort`.
///
/// Refuses with `E_INVALIDARG` outside `1..=65535`.
pub fn set_listening_port(machine: &Machine, number: u32) -> Result<Machine, Refusal> {
    let mut machine = machine.clone();
    machine.service.listening_port = Some(port(number)?);
    Ok(machine)
}

/// `SetVLActivationTypeEnabled`, of the service and of a product.
///
/// Refuses with `E_INVALIDARG` for anything but 1, 2 and 3; 0 is set by the Clear method.
pub fn activation_type(number: u32) -> Result<ActivationType, Refusal> {
    ActivationType::new(number).ok_or_else(|| {
        invalid(format!("ActivationType is {number}; 1 (AD), 2 (KMS) and 3 (token) are allowed"))
    })
}

/// The three methods of activation through Active Directory: the key is checked, then they refuse; no directory is modelled.
///
/// - `key`: `None` when the text was no product key.
///
/// Refuses with `E_INVALIDARG` for such a text, else with `SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED`.
#[must_use]
pub fn active_directory(key: Option<&PartialKey>) -> Refusal {
    match key {
        None => invalid(
            "ProductKey is no product key; five groups of five letters or digits are allowed",
        ),
        Some(_) => Refusal::new(
            &SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED,
            "no Active Directory is modelled that could hold an activation object",
        ),
    }
}

fn minutes(name: &str, number: u32) -> Result<Minutes, Refusal> {
    Minutes::new(number).ok_or_else(|| {
        invalid(format!(
            "{name} is {number}; {} to {} minutes are allowed",
            Minutes::MIN.number(),
            Minutes::MAX.number()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        Host, V10, V61, answer, call, context, desktop, examine, machine, service_of, start, time,
        value,
    };
    use super::*;
    use crate::kms::model::{Port, PropertyValue};

    #[test]
    fn a_genuine_ticket_needs_a_template_and_a_web_address() {
        let state = machine(1, "pc1", V10);
        for (template, url, expected) in [
            ("t", "https://server.example/ticket", ""),
            ("t", "HTTP://server.example", ""),
            ("", "https://server.example", "E_INVALIDARG"),
            (" ", "https://server.example", "E_INVALIDARG"),
            ("t", "", "E_INVALIDARG"),
            ("t", "https://", "E_INVALIDARG"),
            ("t", "ftp://server.example", "E_INVALIDARG"),
            ("t", "server.example", "E_INVALIDARG"),
        ] {
            let given = [("TemplateId", template), ("ServerUrl", url)];
            let outcome = call(&state, "AcquireGenuineTicket", &given, &context(start()));
            assert_eq!(answer(&outcome), expected, "{template} {url}");
            assert!(outcome.is_err() || outcome.unwrap().state == state);
        }
    }

    #[test]
    fn of_a_licence_only_digest_size_and_time_are_kept() {
        let state = machine(1, "pc1", V10);
        let now = time("2025-03-09T07:05:12Z");
        for (method, parameter, file, code) in [
            ("InstallLicense", "License", LicenseFile::License, "SL_E_INVALID_LICENSE"),
            (
                "InstallLicensePackage",
                "LicensePackage",
                LicenseFile::Package,
                "SL_E_INVALID_PACKAGE",
            ),
        ] {
            let effect =
                call(&state, method, &[(parameter, "<r:license/>")], &context(now)).unwrap();
            let kept = InstalledLicense { file, sha256: [7; 32], size: 12, at: now };
            assert_eq!(effect.license, Some(kept));
            assert_eq!(effect.state.machine.service.policy_cache, PolicyCache::Stale);
            for wrong in ["", "no xml", "<!DOCTYPE a><a/>"] {
                let refused = call(&state, method, &[(parameter, wrong)], &context(now));
                assert_eq!(answer(&refused), code, "{wrong}");
            }
        }
        assert_eq!(examine("<a/>").well_formed, WellFormed::Yes);
    }

    #[test]
    fn disabling_makes_the_property_false_and_disabling_the_disabling_true() {
        let host = Host::new(V61).state;
        for (method, parameter, property) in [
            (
                "DisableKeyManagementServiceDnsPublishing",
                "DisablePublishing",
                "KeyManagementServiceDnsPublishing",
            ),
            (
                "DisableKeyManagementServiceHostCaching",
                "DisableCaching",
                "KeyManagementServiceHostCaching",
            ),
        ] {
            for (text, shown) in [("true", false), ("false", true)] {
                let state =
                    call(&host, method, &[(parameter, text)], &context(start())).unwrap().state;
                assert_eq!(
                    value(&service_of(&state, start()), property),
                    PropertyValue::Bool(shown)
                );
            }
        }
        for (method, parameter, property) in [
            (
                "EnableKeyManagementServiceLowPriority",
                "EnableLowPriority",
                "KeyManagementServiceLowPriority",
            ),
            (
                "DisableKeyManagementServiceActivation",
                "DisableActivation",
                "KeyManagementServiceActivationDisabled",
            ),
        ] {
            for (text, shown) in [("true", true), ("false", false)] {
                let state =
                    call(&host, method, &[(parameter, text)], &context(start())).unwrap().state;
                assert_eq!(
                    value(&service_of(&state, start()), property),
                    PropertyValue::Bool(shown)
                );
            }
        }
    }

    #[test]
    fn all_activation_types_are_allowed_by_clearing_and_not_by_zero() {
        let state = desktop(1);
        for (text, expected) in
            [("0", "E_INVALIDARG"), ("1", ""), ("2", ""), ("3", ""), ("4", "E_INVALIDARG")]
        {
            let outcome = call(
                &state,
                "SetVLActivationTypeEnabled",
                &[("ActivationType", text)],
                &context(start()),
            );
            assert_eq!(answer(&outcome), expected, "{text}");
            if let Ok(effect) = outcome {
                let cleared =
                    call(&effect.state, "ClearVLActivationTypeEnabled", &[], &context(start()));
                assert_eq!(cleared.unwrap().state, state);
            }
        }
    }

    #[test]
    fn host_settings_say_that_a_restart_is_due_and_client_settings_do_not() {
        let host = Host::new(V10).state;
        let port = [("PortNumber", "1689")];
        let set =
            call(&host, "SetKeyManagementServiceListeningPort", &port, &context(start())).unwrap();
        assert!(set.pending_restart);
        assert_eq!(set.state.machine.service.listening_port, Port::new(1689));
        assert!(
            !call(&host, "SetKeyManagementServicePort", &port, &context(start()))
                .unwrap()
                .pending_restart
        );
    }

    #[test]
    fn activation_through_a_directory_is_checked_and_refused() {
        let state = desktop(1);
        for (key, code) in [
            ("AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", "SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED"),
            ("AAAAA", "E_INVALIDARG"),
        ] {
            let given = [("ProductKey", key), ("ActivationObjectName", "ao")];
            let outcome =
                call(&state, "DoActiveDirectoryOnlineActivation", &given, &context(start()));
            assert_eq!(answer(&outcome), code);
        }
    }
}
