//! What the options of slmgr do: the calls that the script makes, as one change, and the lines that it prints.

use super::call::{self, Called, Calls, Ended};
use super::machines::{Held, Scene};
use super::{activation, products};
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop};
use crate::kms::catalog::codes::{SL_E_PKEY_NOT_INSTALLED, SL_E_VL_BINDING_SERVICE_NOT_ENABLED};
use crate::kms::catalog::service::DEFAULT_PORT;
use crate::kms::catalog::skus::Pool;
use crate::kms::catalog::slmgr::{Does, Setter};
use crate::kms::export::slmgr::{Shown, expiry, filled, information, said};
use crate::kms::import::slmgr::labels::english;
use crate::kms::model::{Channel, HostChoice, LicenseStatus, Port, Product, State};
use crate::kms::rules::address::{clearing_calls, host_calls};
use crate::kms::rules::front::Asked;
use crate::kms::rules::life;
use crate::kms::store::pools::Clients;
use crate::store::{Read, Tx};
use jiff::tz::TimeZone;

/// Whether an option only shows something.
#[must_use]
pub fn shows(asked: &Asked<'_>) -> bool {
    matches!(asked.option.does, Does::Information(_) | Does::Expiry | Does::Reinstall)
}

/// The lines of an option that only shows something.
///
/// - `zone`: of the dates; `secrets`: whether the installation ID is shown.
///
/// Usage error when the machine has no such product. Refuses with `SL_E_PKEY_NOT_INSTALLED` when no product has a key.
pub fn show(
    read: &mut dyn Read,
    machine: &str,
    asked: &Asked<'_>,
    now: Timestamp,
    (zone, secrets): (&TimeZone, bool),
) -> Outcome<(Vec<String>, Held)> {
    let held = Held::load(read, machine, now)?;
    let pools = held.pools(read, Clients::All)?;
    let shown = Shown { state: &held.state, pools: &pools, now, zone, secrets };
    let lines = match asked.option.does {
        Does::Information(detail) => {
            information(&shown, &listed(&held.state, asked.argument(0), now)?, detail)
        }
        Does::Expiry => expiry(&shown, &expiring(&held.state, asked.argument(0))?),
        _ => ["L_MsgReinstallingLicenses", "L_MsgLicensesReinstalled"]
            .map(|name| said(name, ""))
            .into(),
    };
    Ok((lines, held))
}

/// The products of `/dli` and `/dlv`: all, the one that is named, else the primary one with the add-ons in use.
fn listed<'s>(state: &'s State, named: Option<&str>, now: Timestamp) -> Outcome<Vec<&'s Product>> {
    match named {
        Some(word) if word.eq_ignore_ascii_case("all") => Ok(state.products.iter().collect()),
        Some(word) => Ok(vec![products::find(state, word)?]),
        None => {
            let primary = products::meant(state, None, now)?;
            let addons = state.products.iter().filter(|held| held.is_addon && held.key.is_some());
            Ok(std::iter::once(primary).chain(addons).collect())
        }
    }
}

/// The products of `/xpr`: the one that is named, else every Windows product with a key.
fn expiring<'s>(state: &'s State, named: Option<&str>) -> Outcome<Vec<&'s Product>> {
    let found: Vec<&Product> = match named {
        Some(word) => vec![products::find(state, word)?],
        None => state.products.iter().filter(|held| held.pool() == Pool::Windows).collect(),
    };
    let found: Vec<&Product> = found.into_iter().filter(|held| held.key.is_some()).collect();
    if found.is_empty() {
        let message = format!("`{}` has no such product with a key", state.machine.name);
        return Err(Refusal::new(&SL_E_PKEY_NOT_INSTALLED, message).into());
    }
    Ok(found)
}

/// Does what an option asks for, as one change.
///
/// - `lines`: takes what the script prints, also in front of a refusal.
///
/// Usage error when the machine has no such product or method. Refuses with the codes of the methods.
pub fn act(
    tx: &mut dyn Tx,
    scene: &Scene,
    machine: &str,
    asked: &Asked<'_>,
    lines: &mut Vec<String>,
) -> Outcome<Ended<Called>> {
    let (first, second) = (asked.argument(0), asked.argument(1));
    match asked.option.does {
        Does::Calls(setter) => set(tx, scene, machine, (setter, first.unwrap_or_default()), lines),
        Does::SetHost | Does::ClearHost | Does::SetDomain | Does::ClearDomain => {
            tell_client(tx, scene, machine, asked, lines)
        }
        Does::SetType => {
            let plan = match first.filter(|number| *number != "0") {
                None => ("ClearVLActivationTypeEnabled", Vec::new()),
                Some(number) => ("SetVLActivationTypeEnabled", vec![("ActivationType", number)]),
            };
            let ended = call::planned(tx, scene, (machine, second), |_| Ok(vec![plan]))?;
            after(ended, second, lines, |_, lines| lines.push(said("L_MsgVLActivationTypeSet", "")))
        }
        Does::Activate => activate(tx, scene, (machine, first), lines),
        Does::UninstallKey => uninstall(tx, scene, (machine, first), lines),
        Does::RearmProduct => {
            let ended = products::call(tx, scene, (machine, first), "ReArmSku")?;
            after(ended.map(|(called, _)| called), None, lines, |_, lines| {
                lines.push(said("L_MsgRearm_1", ""));
            })
        }
        Does::Information(_) | Does::Expiry | Does::Reinstall | Does::Elsewhere(_) => {
            Err(Stop::bug("an option that shows something was to act"))
        }
    }
}

/// Tells a client its host or its domain, or takes them away again.
fn tell_client(
    tx: &mut dyn Tx,
    scene: &Scene,
    machine: &str,
    asked: &Asked<'_>,
    lines: &mut Vec<String>,
) -> Outcome<Ended<Called>> {
    let (first, second) = (asked.argument(0), asked.argument(1));
    match asked.option.does {
        Does::SetHost => {
            let host = first.unwrap_or_default();
            let ended = call::planned(tx, scene, (machine, second), |state| {
                host_calls(host, state.machine.profile())
            })?;
            after(ended, second, lines, |choice, lines| {
                lines.push(said("L_MsgKmsNameSet", host));
                if choice.lookup_domain.is_some() {
                    lines.push(said("L_MsgKmsUseMachineNameOverrides", host));
                }
            })
        }
        Does::ClearHost => {
            let ended = call::planned(tx, scene, (machine, first), |state| {
                Ok(clearing_calls(state.machine.profile()))
            })?;
            after(ended, first, lines, |choice, lines| {
                lines.push(said("L_MsgKmsNameCleared", ""));
                if let Some(domain) = &choice.lookup_domain {
                    lines.push(said("L_MsgKmsUseLookupDomain", domain.as_str()));
                }
            })
        }
        Does::SetDomain => {
            let domain = first.unwrap_or_default();
            let given = vec![("LookupDomain", domain)];
            let plan = vec![("SetKeyManagementServiceLookupDomain", given)];
            let ended = call::planned(tx, scene, (machine, second), |_| Ok(plan))?;
            after(ended, second, lines, |choice, lines| {
                lines.push(said("L_MsgKmsLookupDomainSet", domain));
                lines.extend(host_in_force(choice, "L_MsgKmsUseMachineNameOverrides"));
            })
        }
        _ => {
            let plan = vec![("ClearKeyManagementServiceLookupDomain", Vec::new())];
            let ended = call::planned(tx, scene, (machine, first), |_| Ok(plan))?;
            after(ended, first, lines, |choice, lines| {
                lines.push(said("L_MsgKmsLookupDomainCleared", ""));
                lines.extend(host_in_force(choice, "L_MsgKmsUseMachineName"));
            })
        }
    }
}

/// Adds the lines of a call that was done; `choice` is what the product, or the machine, knows of its host.
fn after(
    ended: Ended<Called>,
    of: Option<&str>,
    lines: &mut Vec<String>,
    say: impl FnOnce(&HostChoice, &mut Vec<String>),
) -> Outcome<Ended<Called>> {
    if let Ended::Done(called) = &ended {
        let state = &called.state;
        let choice = match of {
            Some(of) => &products::find(state, of)?.host,
            None => &state.machine.service.host,
        };
        say(choice, lines);
    }
    Ok(ended)
}

/// The warning that the host which was told, not DNS, will be used.
fn host_in_force(choice: &HostChoice, resource: &str) -> Option<String> {
    let name = choice.name.as_ref()?;
    let port = choice.port.map_or(DEFAULT_PORT, Port::number);
    Some(said(resource, &format!("{}:{port}", name.bracketed())))
}

/// Calls one method of the service.
fn set(
    tx: &mut dyn Tx,
    scene: &Scene,
    machine: &str,
    (setter, typed): (&Setter, &str),
    lines: &mut Vec<String>,
) -> Outcome<Ended<Called>> {
    let given: Vec<(&str, &str)> =
        setter.parameter.iter().map(|(name, fixed)| (*name, fixed.unwrap_or(typed))).collect();
    let ended = call::call(tx, scene, (machine, None), setter.method, &given);
    match &ended {
        Ok(Ended::Done(_)) => {
            lines.extend(setter.answers.iter().map(|resource| said(resource, typed)));
        }
        Err(Stop::Refused(refusal))
            if refusal.code.symbol == SL_E_VL_BINDING_SERVICE_NOT_ENABLED.symbol =>
        {
            lines.extend(setter.refused.and_then(english).map(str::to_owned));
        }
        _ => {}
    }
    ended
}

/// `/ato`: activates, then refreshes. A MAK that is activated already is not used up again.
fn activate(
    tx: &mut dyn Tx,
    scene: &Scene,
    (machine, named): (&str, Option<&str>),
    lines: &mut Vec<String>,
) -> Outcome<Ended<Called>> {
    let held = Held::load(tx, machine, scene.now)?;
    let product = products::meant(&held.state, named, scene.now)?;
    let id = product.id.to_string();
    lines.push(filled("L_MsgActivating", &[("PRODUCTNAME", &product.name), ("PRODUCTID", &id)]));
    let licensed = life::status(product, scene.now) == LicenseStatus::Licensed;
    if !(product.kind() == Channel::Mak && licensed) {
        let ended = activation::activate(tx, scene, machine, Some(&id))?;
        if let Ended::Refused(refusal) = ended {
            return Ok(Ended::Refused(refusal));
        }
    }
    let mut calls = Calls::open(tx, scene, machine)?;
    calls.service(tx, "RefreshLicenseStatus", &[])?;
    let ended = calls.close(tx)?;
    after(ended, None, lines, |_, lines| lines.push(said("L_MsgActivated", "")))
}

/// `/upk`: takes the key away, then refreshes.
fn uninstall(
    tx: &mut dyn Tx,
    scene: &Scene,
    (machine, named): (&str, Option<&str>),
    lines: &mut Vec<String>,
) -> Outcome<Ended<Called>> {
    let mut calls = Calls::open(tx, scene, machine)?;
    let product = products::meant(calls.state(), named, scene.now)?.id;
    calls.product(tx, product, "UninstallProductKey", &[])?;
    calls.service(tx, "RefreshLicenseStatus", &[])?;
    after(calls.close(tx)?, None, lines, |_, lines| lines.push(said("L_MsgUninstalledPKey", "")))
}

#[cfg(test)]
mod tests {
    use super::super::scratch::{DESKTOP, SERVER, Scratch, symbol};
    use super::{act, show};
    use crate::kms::model::PropertyValue;
    use crate::kms::rules::front::asked;
    use jiff::tz::TimeZone;

    /// What an option prints, and the symbol of its refusal.
    fn run(scratch: &mut Scratch, machine: &str, line: &str) -> (Vec<String>, String) {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let asked = asked(&words).unwrap();
        let mut lines = Vec::new();
        let ended = scratch.write(|tx, scene| act(tx, scene, machine, &asked, &mut lines));
        (lines, symbol(ended))
    }

    fn said(scratch: &mut Scratch, machine: &str, line: &str) -> Vec<String> {
        let (lines, refused) = run(scratch, machine, line);
        assert_eq!(refused, "", "{line}");
        lines
    }

    #[test]
    fn each_setting_of_a_host_changes_its_property_and_needs_a_restart() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        scratch.add("ws-1", Some(DESKTOP));
        let port = "KeyManagementServiceListeningPort";
        let publishing = "KeyManagementServiceDnsPublishing";
        let low = "KeyManagementServiceLowPriority";
        for (line, first, property, expected) in [
            ("/sprt 1700", "KMS port set to 1700 successfully.", port, PropertyValue::U32(1700)),
            (
                "/sai 15",
                "Volume activation interval set to 15 minutes successfully.",
                "VLActivationInterval",
                PropertyValue::U32(15),
            ),
            (
                "/sri 43200",
                "Volume renewal interval set to 43200 minutes successfully.",
                "VLRenewalInterval",
                PropertyValue::U32(43_200),
            ),
            ("/cdns", "DNS publishing disabled", publishing, PropertyValue::Bool(false)),
            ("/sdns", "DNS publishing enabled", publishing, PropertyValue::Bool(true)),
            ("/cpri", "KMS priority set to Low", low, PropertyValue::Bool(true)),
            ("/spri", "KMS priority set to Normal", low, PropertyValue::Bool(false)),
        ] {
            let restart = "Warning: a KMS reboot is needed for this setting to take effect.";
            assert_eq!(said(&mut scratch, "kms1", line), [first, restart]);
            assert_eq!(scratch.shows("kms1", property), expected, "{line}");
            let (lines, refused) = run(&mut scratch, "ws-1", line);
            assert_eq!(refused, "SL_E_VL_BINDING_SERVICE_NOT_ENABLED", "{line}");
            assert!(lines[0].starts_with("Warning: ") && lines[0].ends_with(" also activated."));
        }
        assert_eq!(run(&mut scratch, "kms1", "/sai 14"), (vec![], "E_INVALIDARG".to_owned()));
        assert_eq!(run(&mut scratch, "kms1", "/sprt x").1, "E_INVALIDARG");
    }

    #[test]
    fn a_client_is_told_its_host_and_warned_of_what_that_overrides() {
        let mut scratch = Scratch::new();
        scratch.add("ws-1", Some(DESKTOP));
        let name = |scratch: &mut Scratch| scratch.shows("ws-1", "KeyManagementServiceMachine");
        let set = "Key Management Service machine name set to";
        assert_eq!(
            said(&mut scratch, "ws-1", "/skms kms1:1700"),
            [format!("{set} kms1:1700 successfully.")]
        );
        assert_eq!(
            said(&mut scratch, "ws-1", "/skms-domain corp.example")[1],
            "Warning: /skms setting overrides the /skms-domain setting. kms1:1700 will be used for activation."
        );
        assert_eq!(said(&mut scratch, "ws-1", "/skms :1701").len(), 2);
        assert_eq!(name(&mut scratch), PropertyValue::Text("kms1".into()));
        assert_eq!(scratch.number("ws-1", "KeyManagementServicePort"), 1701);
        assert_eq!(
            said(&mut scratch, "ws-1", "/ckms")[1],
            "Warning: /skms-domain setting is in effect. corp.example will be used for DNS SRV record lookup."
        );
        assert_eq!(name(&mut scratch), PropertyValue::Null);
        assert_eq!(scratch.number("ws-1", "KeyManagementServicePort"), 0);
        assert_eq!(
            said(&mut scratch, "ws-1", "/ckms-domain"),
            ["Key Management Service lookup domain cleared successfully."]
        );
        assert_eq!(run(&mut scratch, "ws-1", "/skms 2001:db8::5").1, "usage");
        let of = "/skms kms2 2de67392-b7a7-462a-b1ca-108dd189f588";
        said(&mut scratch, "ws-1", of);
        assert_eq!(name(&mut scratch), PropertyValue::Null);
        said(&mut scratch, "ws-1", "/ckms 2de67392-b7a7-462a-b1ca-108dd189f588");
        assert_eq!(said(&mut scratch, "ws-1", "/ckhc"), ["KMS host caching is disabled"]);
        assert_eq!(said(&mut scratch, "ws-1", "/skhc"), ["KMS host caching is enabled"]);
        for line in ["/act-type 2", "/act-type 0", "/act-type"] {
            assert_eq!(
                said(&mut scratch, "ws-1", line),
                ["Volume activation type set successfully."]
            );
        }
        assert_eq!(run(&mut scratch, "ws-1", "/act-type 4").1, "E_INVALIDARG");
    }

    #[test]
    fn activating_says_what_it_activates_and_stops_where_the_model_refuses() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1.corp.example", "10.0.20348.1");
        scratch.add("s1.corp.example", Some(SERVER));
        let (lines, refused) = run(&mut scratch, "s1.corp.example", "/ato");
        let activating = "Activating Windows Server 2016 ServerStandard (8c1c5410-9f39-4805-8c9d-63a07706358f) ...";
        assert_eq!(
            (lines, refused.as_str()),
            (vec![activating.to_owned()], "SL_E_VL_NOT_ENOUGH_COUNT")
        );
        assert_eq!(scratch.number("kms1.corp.example", "KeyManagementServiceTotalRequests"), 1);
        let lines = said(&mut scratch, "kms1.corp.example", "/ato");
        assert_eq!(lines[1], "Product activated successfully.");
        assert_eq!(scratch.number("kms1.corp.example", "PolicyCacheRefreshRequired"), 0);
    }

    #[test]
    fn keys_and_rearms_are_taken_and_refused_as_by_the_methods() {
        let mut scratch = Scratch::new();
        scratch.add("ws-1", Some(DESKTOP));
        assert_eq!(
            said(&mut scratch, "ws-1", "/cpky"),
            ["Product key from registry cleared successfully."]
        );
        assert_eq!(
            said(&mut scratch, "ws-1", "/rearm-app 55c92734-d682-4d71-983e-d6ec3f16059f"),
            ["Command completed successfully."]
        );
        assert_eq!(
            said(&mut scratch, "ws-1", "/rearm-sku 2de67392-b7a7-462a-b1ca-108dd189f588").len(),
            1
        );
        assert_eq!(said(&mut scratch, "ws-1", "/rearm").len(), 2);
        assert_eq!(run(&mut scratch, "ws-1", "/rearm").1, "SL_REMAPPING_SP_PUB_TS_REARMED");
        scratch.add("ws-2", Some(DESKTOP));
        assert_eq!(said(&mut scratch, "ws-2", "/upk"), ["Uninstalled product key successfully."]);
        assert_eq!(run(&mut scratch, "ws-2", "/upk").1, "SL_E_PKEY_NOT_INSTALLED");
    }

    #[test]
    fn a_page_shows_the_primary_product_the_named_one_or_all() {
        let mut scratch = Scratch::new();
        scratch.add("ws-1", Some(DESKTOP));
        let now = scratch.now;
        let mut lines = |line: &str| {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let asked = asked(&words).unwrap();
            let zone = TimeZone::UTC;
            scratch.read(|read| show(read, "ws-1", &asked, now, (&zone, false))).0
        };
        assert_eq!(lines("/dli"), lines("/dli ALL"));
        assert_eq!(lines("/dli"), lines("/dli 2de67392-b7a7-462a-b1ca-108dd189f588"));
        assert!(lines("/dlv").len() > lines("/dli").len());
        assert_eq!(lines("/xpr")[1], "    Initial grace period ends 4/30/2026 12:00:00 AM");
        assert_eq!(lines("/rilc").len(), 2);
    }
}
