//! What is checked before a method answers, in the one order that every method keeps.
//!
//! 1 the machine exists (left to `ops`); 2 the method and its parameters; 3 the caller; 4 a pending rearm; 5 the role;
//! 6 the range of the values (the methods themselves); 7 an injected fault; 8 the effect. `call` runs 3 to 8.
//!
//! Source: assumed; slmgr checks in this order.

pub use super::arguments::{Argument, Arguments, arguments};
use super::roles;
use crate::catalog::{Code, Severity};
use crate::clock::Timestamp;
use crate::error::{Refusal, Usage};
use crate::kms::catalog::Profile;
use crate::kms::catalog::codes::{
    E_INVALIDARG, SL_E_LUA_ACCESSDENIED, SL_E_VL_BINDING_SERVICE_NOT_ENABLED,
    SL_REMAPPING_SP_PUB_TS_REARMED,
};
use crate::kms::catalog::methods::{self, ServiceMethod};
use crate::kms::model::{Product, Rearm, Role, State};

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Elevated.
    Administrator,
    StandardUser,
}

/// The two classes that have methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Service,
    Product,
}

/// Finds a method of a class on a machine of `profile`, by its name without the class.
///
/// Usage error when there is none: the nearest names, or the profiles that have it.
pub fn method(class: Class, profile: Profile, name: &str) -> Result<&'static ServiceMethod, Usage> {
    let (found, table): (_, &'static [ServiceMethod]) = match class {
        Class::Service => (methods::service(name), &methods::SERVICE),
        Class::Product => (methods::product(name), &methods::PRODUCT),
    };
    match found {
        Some(method) if method.since.includes(profile) => Ok(method),
        Some(method) => {
            let has = Profile::ALL.iter().filter(|profile| method.since.includes(**profile));
            let words: Vec<&str> = has.map(|profile| profile.word()).collect();
            Err(Usage::new(format!(
                "`{}` is not in profile {}; it is in {}",
                method.word(),
                profile.word(),
                words.join(", ")
            )))
        }
        None => {
            let names = table.iter().filter(|method| method.since.includes(profile));
            let near = nearest(name, names.map(ServiceMethod::word));
            Err(Usage::new(format!("there is no method `{name}`"))
                .hinted(format!("the nearest are {}", near.join(", "))))
        }
    }
}

/// Checks what must hold before any value is looked at: the caller, a pending rearm, the role.
///
/// - `product`: the product whose method it is; `None` for a method of the service.
///
/// Refuses with `SL_E_LUA_ACCESSDENIED`, `SL_REMAPPING_SP_PUB_TS_REARMED`, `SL_E_VL_BINDING_SERVICE_NOT_ENABLED`, in this order.
pub fn before(
    method: &ServiceMethod,
    caller: Caller,
    state: &State,
    product: Option<&Product>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let name = &state.machine.name;
    let may = match method.caller {
        methods::Caller::Anyone => true,
        methods::Caller::Elevated => false,
        methods::Caller::ElevatedUnlessKmsClient => product.is_some_and(Product::is_kms_client),
    };
    if caller == Caller::StandardUser && !may {
        let message = format!("`{}` needs an elevated caller", method.word());
        return Err(Refusal::new(&SL_E_LUA_ACCESSDENIED, message).of(method.method.name));
    }
    if state.machine.rearm == Rearm::Pending && !method.answers_rearmed {
        let message = format!("`{name}` was rearmed and waits for a restart");
        return Err(Refusal::new(&SL_REMAPPING_SP_PUB_TS_REARMED, message)
            .of(method.method.name)
            .hinted("`licctl kms machine reboot`"));
    }
    let role = roles::role(&state.products, now);
    if method.role == methods::Role::HostActive && role != Role::HostActive {
        let message = match role {
            Role::HostUnactivated => format!("the KMS host key of `{name}` is not activated"),
            _ => format!("`{name}` is no KMS host"),
        };
        return Err(Refusal::new(&SL_E_VL_BINDING_SERVICE_NOT_ENABLED, message)
            .of(method.method.name)
            .hinted("a host has an activated key of the channel Volume:CSVLK"));
    }
    Ok(())
}

/// The fault that was injected into a method, if any.
///
/// Refuses with its code.
pub fn fault(method: &ServiceMethod, injected: Option<&'static Code>) -> Result<(), Refusal> {
    injected.map_or(Ok(()), |code| {
        Err(Refusal::new(
            code,
            format!("`{}` fails, as `licctl kms fault set` asked", method.word()),
        )
        .of(method.method.name))
    })
}

/// Whether a code can be injected: only a failure can.
///
/// Usage error otherwise.
pub fn injectable(code: &'static Code) -> Result<&'static Code, Usage> {
    if code.severity == Severity::Failure {
        Ok(code)
    } else {
        Err(Usage::new(format!(
            "{} ({}) is no failure; a fault raises one",
            code.symbol, code.native
        )))
    }
}

/// The refusal of a value that is not allowed.
#[must_use]
pub fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(&E_INVALIDARG, message)
}

/// The three names nearest to `name`, those that hold it first.
pub(super) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let name = name.to_ascii_lowercase();
    let mut ranked: Vec<(bool, usize, &str)> = names
        .map(|known| {
            let lower = known.to_ascii_lowercase();
            (!lower.contains(&name), distance(&name, &lower), known)
        })
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().take(3).map(|(_, _, known)| known).collect()
}

/// How many characters must be put in, taken out or replaced to make `from` into `to`.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (at, letter) in from.chars().enumerate() {
        let mut left = at + 1;
        let mut corner = at;
        for (above, other) in row.iter_mut().skip(1).zip(to.chars()) {
            let replaced = corner + usize::from(letter != other);
            corner = *above;
            left = replaced.min(left + 1).min(*above + 1);
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::call::Context;
    use super::super::fixture::{
        DESKTOP, Host, V10, V60, V61, WINDOWS_HOST, answer, call, call_product, context, desktop,
        host_key, machine, start,
    };
    use super::super::{call as calls, rearm};
    use super::*;
    use crate::kms::catalog::codes::{S_OK, SL_E_VL_INFO_PRODUCT_USER_RIGHT, WBEM_E_INVALID_CLASS};

    /// Each line breaks its own rule and every later one.
    #[test]
    fn a_call_is_refused_for_the_first_thing_that_is_wrong() {
        let client = machine(1, "pc1", V10);
        let waiting = |state: &State| State {
            machine: rearm::windows(&state.machine).unwrap(),
            ..state.clone()
        };
        let host = Host::new(V10).state;
        let fault = Some(&WBEM_E_INVALID_CLASS);
        let user = Context { caller: Caller::StandardUser, fault, ..context(start()) };
        let admin = Context { fault, ..context(start()) };
        let cases = [
            (waiting(&client), "abc", user, "E_INVALIDARG"),
            (waiting(&client), "5", user, "SL_E_LUA_ACCESSDENIED"),
            (client.clone(), "60", user, "SL_E_LUA_ACCESSDENIED"),
            (host.clone(), "60", user, "SL_E_LUA_ACCESSDENIED"),
            (waiting(&client), "5", admin, "SL_REMAPPING_SP_PUB_TS_REARMED"),
            (waiting(&host), "5", admin, "SL_REMAPPING_SP_PUB_TS_REARMED"),
            (client, "5", admin, "SL_E_VL_BINDING_SERVICE_NOT_ENABLED"),
            (host.clone(), "5", admin, "E_INVALIDARG"),
            (host.clone(), "60", admin, "WBEM_E_INVALID_CLASS"),
            (host, "60", context(start()), ""),
        ];
        for (state, interval, context, symbol) in cases {
            let given = [("RenewalInterval", interval)];
            let outcome = call(&state, "SetVLRenewalInterval", &given, &context);
            assert_eq!(answer(&outcome), symbol, "{interval}");
        }
    }

    #[test]
    fn only_an_activated_host_sets_intervals() {
        let bare = machine(1, "KMS1", V10);
        let unactivated = host_key(&bare, WINDOWS_HOST);
        let given = [("RenewalInterval", "10080")];
        for (state, refused) in
            [(desktop(1), true), (bare, true), (unactivated, true), (Host::new(V10).state, false)]
        {
            let outcome = call(&state, "SetVLRenewalInterval", &given, &context(start()));
            let symbol = if refused { "SL_E_VL_BINDING_SERVICE_NOT_ENABLED" } else { "" };
            assert_eq!(answer(&outcome), symbol);
        }
    }

    #[test]
    fn a_standard_user_activates_a_kms_client_and_nothing_else() {
        let method = method(Class::Product, Profile::V10, "activate").unwrap();
        let user = Context { caller: Caller::StandardUser, ..context(start()) };
        let client = desktop(1);
        assert!(calls::before_activation(&client, &client.products[0], method, &user).is_ok());
        let host = Host::new(V10).state;
        let refusal =
            calls::before_activation(&host, &host.products[0], method, &user).unwrap_err();
        assert_eq!(refusal.code.symbol, "SL_E_LUA_ACCESSDENIED");
        assert_eq!(refusal.api, "SoftwareLicensingProduct.Activate");
        let mut bare = host;
        bare.products[0].key = None;
        let refusal = calls::before_activation(&bare, &bare.products[0], method, &context(start()));
        assert_eq!(refusal.unwrap_err().code.symbol, "SL_E_PKEY_NOT_INSTALLED");
    }

    #[test]
    fn reading_methods_answer_anyone_even_while_a_rearm_waits() {
        let mut state = desktop(1);
        state.machine = rearm::windows(&state.machine).unwrap();
        let given = [("PolicyName", "Any")];
        let read = call_product(&state, DESKTOP, "GetPolicyInformationDWord", &given);
        assert_eq!(answer(&read), "SL_E_VALUE_NOT_FOUND");
    }

    #[test]
    fn a_method_that_the_machine_does_not_have_is_wrong_usage() {
        let unknown = method(Class::Service, Profile::V10, "SetVLRenewelInterval").unwrap_err();
        assert!(unknown.hint.unwrap().starts_with("the nearest are SetVLRenewalInterval,"));
        let part = method(Class::Service, Profile::V10, "rearm").unwrap_err();
        assert!(part.hint.unwrap().contains("ReArmWindows"));
        let later =
            method(Class::Service, Profile::V60, "SetKeyManagementServicePort").unwrap_err();
        assert!(later.message.contains("not in profile V60"), "{}", later.message);
        assert!(method(Class::Service, Profile::V61, "setkeymanagementserviceport").is_ok());
        let once = method(Class::Service, Profile::V10, "DisableKeyManagementServiceActivation");
        assert!(once.unwrap_err().message.ends_with("it is in V61"));
        let given = [("PortNumber", "1688")];
        let outcome =
            call(&machine(1, "old", V60), "SetKeyManagementServicePort", &given, &context(start()));
        assert_eq!(answer(&outcome), "usage");
    }

    #[test]
    fn the_first_edition_has_eleven_methods() {
        let first = methods::SERVICE.iter().filter(|row| row.since.includes(Profile::V60));
        assert_eq!(first.count(), 11);
    }

    #[test]
    fn an_injected_fault_stands_for_the_effect_and_must_be_a_failure() {
        let state = machine(1, "pc1", V61);
        let faulty = Context { fault: Some(&WBEM_E_INVALID_CLASS), ..context(start()) };
        let first = call(&state, "RefreshLicenseStatus", &[], &faulty);
        assert_eq!(answer(&first), "WBEM_E_INVALID_CLASS");
        assert_eq!(answer(&call(&state, "RefreshLicenseStatus", &[], &context(start()))), "");
        assert!(injectable(&WBEM_E_INVALID_CLASS).is_ok());
        for code in [&S_OK, &SL_E_VL_INFO_PRODUCT_USER_RIGHT] {
            assert!(injectable(code).is_err(), "{}", code.symbol);
        }
    }

    #[test]
    fn near_names_are_found_by_their_letters() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
        assert_eq!(
            nearest("bee", ["ant", "beetle", "bear", "bet"].into_iter()),
            ["beetle", "bet", "bear"]
        );
    }
}
