//! Rearming: a fresh initial grace, as often as the counts allow, and for Windows a new CMID at the restart.

use super::{checks, life};
use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::kms::catalog::codes::{SL_E_VALUE_NOT_FOUND, SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED};
use crate::kms::catalog::skus::Pool;
use crate::kms::model::{Machine, Product, Rearm, State};
use uuid::Uuid;

/// Rearms Windows; the effect comes with the restart.
///
/// Refuses with `SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED` when no rearm is left.
///
/// Source: [SLMGR]; [OPT] `SkipRearm` succeeds and changes nothing, whatever the count.
pub fn windows(machine: &Machine) -> Result<Machine, Refusal> {
    if machine.skip_rearm {
        return Ok(machine.clone());
    }
    let mut machine = machine.clone();
    machine.service.rearm_count = one_less(machine.service.rearm_count, &machine.name)?;
    machine.rearm = Rearm::Pending;
    Ok(machine)
}

/// Rearms every product of an application, at once.
///
/// - `application`: text of the parameter; a GUID, in braces or not.
///
/// Refuses with `E_INVALIDARG` when it is no GUID, `SL_E_VALUE_NOT_FOUND` when the machine has no product of it,
/// `SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED` when a product has no rearm left.
///
/// Source: [SLMGR] no restart is asked for.
pub fn application(state: &State, application: &str, now: Timestamp) -> Result<State, Refusal> {
    let id = Uuid::try_parse(application)
        .map_err(|_| checks::invalid(format!("`{application}` is no GUID of an application")))?;
    if !state.products.iter().any(|product| product.application == id) {
        let message = format!("`{}` has no product of the application {id}", state.machine.name);
        return Err(Refusal::new(&SL_E_VALUE_NOT_FOUND, message)
            .hinted("`licctl kms product list --all -o json` shows the applications"));
    }
    let mut state = state.clone();
    if state.machine.skip_rearm {
        return Ok(state);
    }
    for product in state.products.iter_mut().filter(|product| product.application == id) {
        product.app_rearm_count = one_less(product.app_rearm_count, &product.name)?;
        restart(product, now);
    }
    Ok(state)
}

/// Rearms one product, at once.
///
/// Refuses with `SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED` when no rearm is left.
///
/// Source: [SLMGR] no restart is asked for.
pub fn product(state: &State, product: &Product, now: Timestamp) -> Result<State, Refusal> {
    if state.machine.skip_rearm {
        return Ok(state.clone());
    }
    let mut product = product.clone();
    product.sku_rearm_count = one_less(product.sku_rearm_count, &product.name)?;
    restart(&mut product, now);
    Ok(state.clone().with_product(product))
}

/// The machine after a restart: a pending rearm takes effect.
///
/// - `client_machine_id`: a new random GUID; used only when a rearm is pending.
///
/// Source: [CNT], [VA2OPS] new CMID; that the discovered host is forgotten: [VA2OPS].
#[must_use]
pub fn reboot(state: &State, client_machine_id: Uuid, now: Timestamp) -> State {
    let mut state = state.clone();
    if state.machine.rearm == Rearm::Pending {
        state.machine.rearm = Rearm::Settled;
        state.machine.service.client_machine_id = client_machine_id;
        state.machine.service.host.discovered = None;
        for product in state.products.iter_mut().filter(|product| product.pool() == Pool::Windows) {
            product.host.discovered = None;
            restart(product, now);
        }
    }
    state
}

/// A product in use begins its initial grace anew.
fn restart(product: &mut Product, now: Timestamp) {
    if product.key.is_some() {
        product.license = life::installed(now);
        product.activated_by = None;
    }
}

fn one_less(count: u32, name: &str) -> Result<u32, Refusal> {
    count.checked_sub(1).ok_or_else(|| {
        Refusal::new(
            &SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED,
            format!("`{name}` has no rearm left"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        DESKTOP, OFFICE, V10, V61, answer, call, call_product, client_of, context, desktop,
        machine, number, service_of, start,
    };
    use super::super::{client, lookup, roles};
    use super::*;
    use crate::kms::catalog::skus;
    use crate::kms::model::{Discovered, LicenseStatus, Minutes, Reply, Role};

    fn rearm(state: &State) -> Result<State, &'static str> {
        let outcome = call(state, "ReArmWindows", &[], &context(start()));
        let symbol = answer(&outcome);
        outcome.map(|effect| effect.state).map_err(|_| symbol)
    }

    #[test]
    fn a_rearm_waits_for_the_restart_and_a_kms_activation_grants_one_more() {
        let mut state = client_of(&machine(1, "pc1", V61), DESKTOP);
        state.machine.service.rearm_count = 1;
        let found = Discovered { name: "kms9".into(), port: 1688, address: None };
        let state = lookup::remember(&state, &state.products[0], &found);
        let pending = rearm(&state).unwrap();
        assert_eq!(pending.machine.service.rearm_count, 0);
        let given = [("ActivationType", "2")];
        let now = context(start());
        let other = call(&pending, "SetVLActivationTypeEnabled", &given, &now);
        assert_eq!(answer(&other), "SL_REMAPPING_SP_PUB_TS_REARMED");
        assert_eq!(answer(&call(&pending, "RefreshLicenseStatus", &[], &now)), "");
        let later = start().plus_days(3);
        let state = reboot(&pending, Uuid::from_u128(99), later);
        assert_eq!(state.machine.service.client_machine_id, Uuid::from_u128(99));
        assert_eq!(state.products[0].license, life::installed(later));
        assert_eq!(state.machine.service.host.discovered, None);
        assert_eq!(rearm(&state), Err("SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED"));
        let reply = Reply {
            count: 25,
            activation_interval: Minutes::ACTIVATION,
            renewal_interval: Minutes::RENEWAL,
            host_product_key_id: None,
        };
        let taken = client::take(&state, &state.products[0], &reply, 25, later);
        assert_eq!(number(&service_of(&taken.state, later), "RemainingWindowsReArmCount"), 1);
        let again = client::take(&taken.state, &taken.state.products[0], &reply, 25, later);
        assert_eq!(again.state.machine.service.rearm_count, 1);
    }

    #[test]
    fn skip_rearm_succeeds_and_changes_nothing() {
        let mut state = client_of(&desktop(1), OFFICE);
        state.machine.skip_rearm = true;
        state.machine.service.rearm_count = 0;
        assert_eq!(rearm(&state).unwrap(), state);
        assert_eq!(reboot(&state, Uuid::from_u128(99), start()), state);
        assert_eq!(application(&state, &skus::OFFICE_15.to_string(), start()).unwrap(), state);
        assert_eq!(product(&state, &state.products[0], start()).unwrap(), state);
    }

    #[test]
    fn a_restart_without_a_rearm_changes_nothing() {
        let state = desktop(1);
        assert_eq!(reboot(&state, Uuid::from_u128(99), start().plus_days(5)), state);
    }

    #[test]
    fn an_application_is_rearmed_at_once_and_alone() {
        let state = client_of(&desktop(1), OFFICE);
        let later = start().plus_days(10);
        let given = [("ApplicationId", "{0FF1CE15-A989-479D-AF46-F275C6370663}")];
        let done = call(&state, "ReArmApp", &given, &context(later)).unwrap().state;
        let office = done.product(OFFICE).unwrap();
        assert_eq!((office.app_rearm_count, office.license), (1000, life::installed(later)));
        assert_eq!(done.product(DESKTOP), state.product(DESKTOP));
        assert_eq!(done.machine, state.machine);
        for (text, code) in [
            ("office", "E_INVALIDARG"),
            ("59a52881-a989-479d-af46-f275c6370663", "SL_E_VALUE_NOT_FOUND"),
        ] {
            assert_eq!(
                answer(&call(&state, "ReArmApp", &[("ApplicationId", text)], &context(later))),
                code
            );
        }
        let mut spent = state;
        spent.products[1].app_rearm_count = 0;
        let code = "SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED";
        assert_eq!(answer(&call(&spent, "ReArmApp", &given, &context(later))), code);
    }

    #[test]
    fn a_product_is_rearmed_by_its_own_count() {
        let mut state = desktop(1);
        state.products[0].sku_rearm_count = 1;
        let state = call_product(&state, DESKTOP, "ReArmSku", &[]).unwrap();
        assert_eq!(state.products[0].sku_rearm_count, 0);
        assert_eq!(state.products[0].app_rearm_count, 1001);
        let again = call_product(&state, DESKTOP, "ReArmSku", &[]);
        assert_eq!(answer(&again), "SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED");
    }

    #[test]
    fn a_rearmed_host_must_be_activated_again() {
        let host = super::super::fixture::Host::new(V10).state;
        let state = reboot(&rearm(&host).unwrap(), Uuid::from_u128(99), start());
        assert_eq!(life::status(&state.products[0], start()), LicenseStatus::OobGrace);
        assert_eq!(roles::role(&state.products, start()), Role::HostUnactivated);
    }
}
