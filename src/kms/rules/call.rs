//! Every method of both classes is called through here, so that all are checked alike. Which rule a method runs stands in `runs`.

use super::checks::{self, Arguments, Caller};
use super::service::Document;
use super::{client, runs};
use crate::catalog::Code;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop};
use crate::kms::catalog::methods::{self, ServiceMethod};
use crate::kms::model::{InstalledLicense, KeyTarget, Product, State};

/// What a call needs beyond its parameters.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    pub now: Timestamp,
    pub caller: Caller,
    /// What `licctl kms fault set` left for this method.
    pub fault: Option<&'static Code>,
    /// For `InstallProductKey`: what the key is for, which a real service reads out of the key.
    pub key: Option<&'c KeyTarget>,
    /// For `InstallLicense` and `InstallLicensePackage`: tells well-formedness, digest and size of a text.
    pub examine: fn(&str) -> Document,
}

/// What a method did; its `ReturnValue` is 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    pub state: State,
    /// A licence file that was taken; to be added to those of the machine.
    pub license: Option<InstalledLicense>,
    /// A setting of a host, which clients see after the service was restarted.
    pub pending_restart: bool,
}

/// Calls a method of the service.
///
/// - `method`: from [`checks::method`]; `arguments`: from [`checks::arguments`].
///
/// Refuses with the codes of the method's row. Faults when no rule is known for the method.
pub fn service(
    state: &State,
    method: &ServiceMethod,
    arguments: &Arguments,
    context: &Context<'_>,
) -> Outcome<Effect> {
    checks::before(method, context.caller, state, None, context.now)?;
    let run = runs::service(method.word()).ok_or_else(|| unknown(method))?;
    let effect = run.run(state, arguments, context).map_err(|no| no.of(method.method.name))?;
    checks::fault(method, context.fault)?;
    let pending_restart = method.role == methods::Role::HostActive;
    Ok(Effect { pending_restart, ..effect })
}

/// Calls a method of a product of the machine; not `Activate`, which concerns a host or a ledger too.
///
/// Refuses with the codes of the method's row. Faults when no rule is known for the method.
pub fn product(
    state: &State,
    of: &Product,
    method: &ServiceMethod,
    arguments: &Arguments,
    context: &Context<'_>,
) -> Outcome<Effect> {
    checks::before(method, context.caller, state, Some(of), context.now)?;
    let run = runs::product(method.word()).ok_or_else(|| unknown(method))?;
    let changed = run.run(state, of, arguments, context);
    let state = changed.map_err(|no| no.of(method.method.name))?;
    checks::fault(method, context.fault)?;
    Ok(Effect { state, license: None, pending_restart: false })
}

/// Checks what must hold before `Activate` of a product reaches for a host or a ledger.
///
/// Refuses as every method does, then as [`client::may_ask`] for a KMS client.
pub fn before_activation(
    state: &State,
    of: &Product,
    method: &ServiceMethod,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    checks::before(method, context.caller, state, Some(of), context.now)?;
    if of.key.is_none() || of.is_kms_client() {
        client::may_ask(state, of).map_err(|refusal| refusal.of(method.method.name))?;
    }
    checks::fault(method, context.fault)
}

fn unknown(method: &ServiceMethod) -> Stop {
    Stop::bug(&format!("no rule is known for `{}`", method.method.name))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        DESKTOP, Host, V10, V61, answer, call, call_product, client_of, context, start,
    };
    use super::*;
    use crate::catalog::{Direction, Kind, Parameter};

    /// A text that the parameter allows.
    fn allowed(row: &Parameter) -> String {
        match row.kind {
            Kind::U32 { min, .. } => min.to_string(),
            Kind::Enumeration(values) => values[0].value.to_string(),
            Kind::Boolean => "true".to_owned(),
            Kind::Guid => "55c92734-d682-4d71-983e-d6ec3f16059f".to_owned(),
            Kind::Secret(crate::catalog::Mask::LastFive) => {
                "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE".to_owned()
            }
            Kind::Secret(_) => "0-0".to_owned(),
            _ if row.name.starts_with("License") => "<a/>".to_owned(),
            _ if row.name == "ServerUrl" => "https://server.example".to_owned(),
            _ => "kms1.corp.example".to_owned(),
        }
    }

    /// A host of V61 or V10, whichever has the method, with a client product.
    fn host_with(method: &ServiceMethod) -> State {
        let versions = [V10, V61].map(|version| client_of(&Host::new(version).state, DESKTOP));
        versions.into_iter().find(|state| method.since.includes(state.machine.profile())).unwrap()
    }

    fn given(method: &ServiceMethod) -> Vec<(&'static str, String)> {
        let wanted = method.method.parameters.iter().filter(|row| row.direction == Direction::In);
        wanted.map(|row| (row.name, allowed(row))).collect()
    }

    fn called(method: &ServiceMethod, given: &[(&'static str, String)]) -> &'static str {
        let given: Vec<(&str, &str)> =
            given.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let state = host_with(method);
        if method.method.name.starts_with("SoftwareLicensingService") {
            answer(&call(&state, method.word(), &given, &context(start())))
        } else {
            answer(&call_product(&state, DESKTOP, method.word(), &given))
        }
    }

    fn runnable() -> impl Iterator<Item = &'static ServiceMethod> {
        methods::SERVICE
            .iter()
            .chain(&methods::PRODUCT)
            .filter(|method| method.word() != "Activate")
    }

    #[test]
    fn every_method_takes_what_its_parameters_allow() {
        let refusing = [
            "SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED",
            "SL_E_TKA_GRANT_NOT_FOUND",
            "SL_E_VALUE_NOT_FOUND",
        ];
        for method in runnable() {
            let symbol = called(method, &given(method));
            assert!(symbol.is_empty() || refusing.contains(&symbol), "{}: {symbol}", method.word());
        }
    }

    #[test]
    fn every_number_is_taken_within_the_bounds_of_its_row_and_nowhere_else() {
        let mut tried = 0;
        for method in runnable() {
            for (at, row) in method.method.parameters.iter().enumerate() {
                let (min, max) = match row.kind {
                    Kind::U32 { min, max } if row.direction == Direction::In => (min, max),
                    Kind::Enumeration(values) => (values[0].value, values[values.len() - 1].value),
                    _ => continue,
                };
                for (number, taken) in
                    [(min - 1, false), (min, true), (max, true), (max + 1, false)]
                {
                    let mut given = given(method);
                    given[at].1 = number.to_string();
                    let symbol = if taken { "" } else { "E_INVALIDARG" };
                    assert_eq!(called(method, &given), symbol, "{} {number}", method.word());
                    tried += 1;
                }
            }
        }
        assert_eq!(tried, 4 * 7);
    }

    #[test]
    fn a_refused_call_hands_back_no_state() {
        let host = Host::new(V10).state;
        let first = call(
            &host,
            "SetVLActivationInterval",
            &[("ActivationInterval", "15")],
            &context(start()),
        );
        let second = call(
            &first.unwrap().state,
            "SetVLRenewalInterval",
            &[("RenewalInterval", "14")],
            &context(start()),
        );
        assert_eq!(answer(&second), "E_INVALIDARG");
        assert_eq!(host.machine.service.activation_interval.number(), 120);
    }

    #[test]
    fn a_refusal_names_the_method_that_refused() {
        let host = Host::new(V10).state;
        let given = [("RenewalInterval", "14")];
        match call(&host, "setvlrenewalinterval", &given, &context(start())).unwrap_err() {
            Stop::Refused(refusal) => {
                assert_eq!(refusal.api, "SoftwareLicensingService.SetVLRenewalInterval");
                assert_eq!(
                    refusal.message,
                    "RenewalInterval is 14; 15 to 43200 minutes are allowed"
                );
            }
            other => panic!("{other:?}"),
        }
    }
}
