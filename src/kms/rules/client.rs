//! The client's side of an activation through KMS: whether it asks at all, whom, what it says, what it makes of the answer.

use super::life;
use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::kms::catalog::codes::{
    SL_E_OPERATION_NOT_ALLOWED, SL_E_PKEY_NOT_INSTALLED, SL_E_VL_NOT_ENOUGH_COUNT,
};
use crate::kms::catalog::skus::{self, Pool};
use crate::kms::model::{
    ActivationType, LicenseStatus, PolicyCache, Product, Reply, Request, State,
};

/// What a client is after an answer, and what it reports when it was not activated.
#[derive(Debug)]
pub struct Taken {
    /// The client took the host's intervals even when it was not activated.
    pub state: State,
    pub refusal: Option<Refusal>,
}

/// Refuses an activation that never reaches a host.
///
/// Refuses with `SL_E_PKEY_NOT_INSTALLED` without a key, `SL_E_OPERATION_NOT_ALLOWED` when KMS activation is switched off, or another
/// type of activation is the only one enabled.
///
/// Source: [SPP] `DisableKeyManagementServiceActivation`; the code for another type: assumed.
pub fn may_ask(state: &State, product: &Product) -> Result<(), Refusal> {
    if product.key.is_none() {
        return Err(Refusal::new(
            &SL_E_PKEY_NOT_INSTALLED,
            format!("`{}` has no product key", product.name),
        )
        .hinted("`licctl kms key install` installs one"));
    }
    if state.machine.service.activation_disabled == Some(true) {
        let message = format!("activation through KMS is disabled on `{}`", state.machine.name);
        return Err(Refusal::new(&SL_E_OPERATION_NOT_ALLOWED, message).hinted(
            "`licctl kms service call DisableKeyManagementServiceActivation --DisableActivation false`",
        ));
    }
    match product.activation_type.or(state.machine.service.activation_type) {
        None | Some(ActivationType::Kms) => Ok(()),
        Some(other) => Err(Refusal::new(
            &SL_E_OPERATION_NOT_ALLOWED,
            format!(
                "`{}` may be activated by type {} alone; KMS is type {}",
                product.name,
                other.number(),
                ActivationType::Kms.number()
            ),
        )
        .hinted("`licctl kms client set-activation-type kms`")),
    }
}

/// What a product's client tells a host at `now`.
#[must_use]
pub fn request(state: &State, product: &Product, now: Timestamp) -> Request {
    let present = life::at(product.license, now);
    let listed = || skus::lookup(product.id).map(|sku| sku.required);
    Request {
        activation: product.id,
        application: product.application,
        cmid: state.machine.service.client_machine_id,
        name: state.machine.name.clone(),
        client_time: now,
        virtual_machine: state.machine.virtual_machine,
        status: present.status,
        minutes: present.minutes_left(now),
        required: product.required.or_else(listed).unwrap_or(skus::REQUIRED_CLIENT),
    }
}

/// What a client makes of a host's reply.
///
/// - `required`: N of the request; the client is activated when the count reaches it.
/// - Intervals are taken from every reply: by the product, and by the service when the product is Windows.
/// - A success makes each rearm count that was used up 1 again: that of the machine for Windows, those of the product.
///
/// The refusal is `SL_E_VL_NOT_ENOUGH_COUNT`.
///
/// Source: [OPT] intervals; [KMSGEN] count; [OFFDOC] rearm count, without limit: assumed.
#[must_use]
pub fn take(
    state: &State,
    product: &Product,
    reply: &Reply,
    required: u32,
    now: Timestamp,
) -> Taken {
    let mut machine = state.machine.clone();
    let mut product = product.clone();
    let windows = product.pool() == Pool::Windows;
    product.activation_interval = Some(reply.activation_interval);
    product.renewal_interval = Some(reply.renewal_interval);
    if windows {
        machine.service.activation_interval = reply.activation_interval;
        machine.service.renewal_interval = reply.renewal_interval;
    }
    let enough = reply.count >= required;
    if enough {
        product.license = life::activated_by_kms(now);
        product.activated_by = Some(ActivationType::Kms);
        product.host.product_key_id.clone_from(&reply.host_product_key_id);
        product.app_rearm_count = product.app_rearm_count.max(1);
        product.sku_rearm_count = product.sku_rearm_count.max(1);
        machine.service.policy_cache = PolicyCache::Stale;
        if windows {
            machine.service.rearm_count = machine.service.rearm_count.max(1);
            machine.service.host.product_key_id.clone_from(&reply.host_product_key_id);
        }
    }
    let state = State { machine, products: state.products.clone() }.with_product(product);
    Taken { state, refusal: refusal(reply, required) }
}

/// Why a host's reply does not activate a client that needs `required`; `None` when it does.
#[must_use]
pub fn refusal(reply: &Reply, required: u32) -> Option<Refusal> {
    (reply.count < required).then(|| not_enough(reply.count, required))
}

fn not_enough(count: u32, required: u32) -> Refusal {
    Refusal::new(
        &SL_E_VL_NOT_ENOUGH_COUNT,
        format!("the count of the host is {count}; the product needs {required}"),
    )
    .hinted("`licctl kms threshold` shows when the count will do")
    .with("KeyManagementServiceCurrentCount", count.to_string())
    .with("RequiredClientCount", required.to_string())
}

/// Reads the number of a `LicenseStatus` that a request names.
///
/// Refuses with `E_INVALIDARG` above 6.
pub fn status(number: u32) -> Result<LicenseStatus, Refusal> {
    LicenseStatus::from_number(number).ok_or_else(|| {
        super::checks::invalid(format!("LicenseStatus is {number}; 0 to 6 are allowed"))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        DESKTOP, OFFICE, V61, answer, call, client_of, context, desktop, machine, start,
    };
    use super::*;
    use crate::kms::model::Minutes;

    fn reply(count: u32) -> Reply {
        Reply {
            count,
            activation_interval: Minutes::new(60).unwrap(),
            renewal_interval: Minutes::new(600).unwrap(),
            host_product_key_id: Some("host pid".to_owned()),
        }
    }

    #[test]
    fn intervals_are_taken_from_a_reply_that_does_not_activate() {
        let client = desktop(1);
        let taken = take(&client, &client.products[0], &reply(24), 25, start());
        assert_eq!(taken.refusal.unwrap().code.symbol, "SL_E_VL_NOT_ENOUGH_COUNT");
        assert_eq!(taken.state.machine.service.renewal_interval.number(), 600);
        assert_eq!(taken.state.products[0].activation_interval, Minutes::new(60));
        assert_eq!(taken.state.products[0].license, client.products[0].license);
        assert_eq!(taken.state.products[0].activated_by, None);
    }

    #[test]
    fn the_answer_to_office_leaves_the_settings_of_windows() {
        let client = client_of(&desktop(1), OFFICE);
        let office = client.product(OFFICE).unwrap();
        let taken = take(&client, office, &reply(5), 5, start());
        assert!(taken.refusal.is_none());
        assert_eq!(taken.state.machine.service.renewal_interval, Minutes::RENEWAL);
        assert_eq!(taken.state.machine.service.host.product_key_id, None);
        let office = taken.state.product(OFFICE).unwrap();
        assert_eq!(office.renewal_interval, Minutes::new(600));
        assert_eq!(office.host.product_key_id.as_deref(), Some("host pid"));
        assert_eq!(office.license, life::activated_by_kms(start()));
    }

    #[test]
    fn a_client_that_may_not_use_kms_does_not_ask() {
        let client = client_of(&machine(1, "pc1", V61), DESKTOP);
        let refusal =
            |state: &State| may_ask(state, &state.products[0]).map_err(|no| no.code.symbol);
        assert_eq!(refusal(&client), Ok(()));
        let given = [("DisableActivation", "true")];
        let off = call(&client, "DisableKeyManagementServiceActivation", &given, &context(start()));
        assert_eq!(refusal(&off.unwrap().state), Err("SL_E_OPERATION_NOT_ALLOWED"));
        for (kind, answer) in [("1", Err("SL_E_OPERATION_NOT_ALLOWED")), ("2", Ok(()))] {
            let given = [("ActivationType", kind)];
            let set = call(&client, "SetVLActivationTypeEnabled", &given, &context(start()));
            assert_eq!(refusal(&set.unwrap().state), answer);
        }
        let bare = call(&client, "RefreshLicenseStatus", &[], &context(start()));
        assert_eq!(answer(&bare), "");
        let mut bare = bare.unwrap().state;
        bare.products[0].key = None;
        assert_eq!(refusal(&bare), Err("SL_E_PKEY_NOT_INSTALLED"));
    }

    #[test]
    fn a_request_has_no_seventh_status() {
        assert_eq!(status(7).unwrap_err().code.native.number(), Some(0x8007_0057));
        assert_eq!(status(6).unwrap(), LicenseStatus::ExtendedGrace);
    }

    #[test]
    fn a_client_tells_what_it_is_at_the_time() {
        let client = desktop(7);
        let now = start().plus_days(31);
        let asked = request(&client, &client.products[0], now);
        assert_eq!((asked.status.number(), asked.minutes, asked.required), (5, 0, 25));
        assert_eq!(asked.cmid, client.machine.service.client_machine_id);
    }
}
