//! What follows from the products of a machine: its role, and which product speaks for Windows.

use super::life;
use crate::clock::Timestamp;
use crate::error::Usage;
use crate::kms::catalog::skus::Pool;
use crate::kms::model::{LicenseStatus, Product, Role};

/// The role of a machine with these products at `now`.
///
/// Source: [SLMGR]: host settings need a KMS machine that is also activated; that the role is never set: assumed.
#[must_use]
pub fn role(products: &[Product], now: Timestamp) -> Role {
    let mut hosts = products.iter().filter(|product| product.is_host()).peekable();
    if hosts.peek().is_none() {
        Role::Client
    } else if hosts.any(|product| life::status(product, now) == LicenseStatus::Licensed) {
        Role::HostActive
    } else {
        Role::HostUnactivated
    }
}

/// The primary Windows product: in use, no add-on; of several a licensed one, else one in any grace. `None` when there is none.
///
/// Usage error that lists them when several are unlicensed.
///
/// Source: [SLMGR]; the choice among several, left by in-place upgrades: [SPS], [ANS].
pub fn primary(products: &[Product], now: Timestamp) -> Result<Option<&Product>, Usage> {
    let windows = |product: &&Product| {
        product.pool() == Pool::Windows && product.key.is_some() && !product.is_addon
    };
    let candidates: Vec<&Product> = products.iter().filter(windows).collect();
    if let [only] = candidates.as_slice() {
        return Ok(Some(only));
    }
    let with = |wanted: fn(LicenseStatus) -> bool| {
        candidates.iter().find(|product| wanted(life::status(product, now)))
    };
    let found = with(|status| status == LicenseStatus::Licensed)
        .or_else(|| with(|status| status != LicenseStatus::Unlicensed));
    match found {
        Some(product) => Ok(Some(product)),
        None if candidates.is_empty() => Ok(None),
        None => {
            let names =
                candidates.iter().map(|product| format!("{} ({})", product.id, product.name));
            let list: Vec<String> = names.collect();
            Err(Usage::new(format!("several Windows products are in use: {}", list.join(", ")))
                .hinted("name one by its Activation ID"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        DESKTOP, SERVER, V10, WINDOWS_HOST, activated, client_of, desktop, host_key, machine, start,
    };
    use super::super::life;
    use super::*;

    #[test]
    fn a_host_is_active_when_its_key_is() {
        let bare = machine(1, "KMS1", V10);
        for (state, expected) in [
            (bare.clone(), Role::Client),
            (desktop(1), Role::Client),
            (host_key(&bare, WINDOWS_HOST), Role::HostUnactivated),
            (activated(&bare, WINDOWS_HOST), Role::HostActive),
        ] {
            assert_eq!(role(&state.products, start()), expected);
        }
    }

    #[test]
    fn a_host_whose_licence_ran_out_is_active_no_more() {
        let mut state = activated(&machine(1, "KMS1", V10), WINDOWS_HOST);
        state.products[0].license = life::activated_by_kms(start());
        assert_eq!(role(&state.products, start().plus_days(179)), Role::HostActive);
        assert_eq!(role(&state.products, start().plus_days(180)), Role::HostUnactivated);
    }

    #[test]
    fn among_several_windows_products_the_licensed_one_is_primary() {
        let mut state = client_of(&desktop(1), SERVER);
        let chosen = |state: &crate::kms::model::State| {
            primary(&state.products, start())
                .map(|found| found.map(|product| product.id))
                .map_err(|no| no.message)
        };
        assert_eq!(chosen(&state), Ok(Some(DESKTOP)));
        state.products[1].license = life::activated_for_good();
        assert_eq!(chosen(&state), Ok(Some(SERVER)));
        for product in &mut state.products {
            product.license = life::without_key();
        }
        let list = chosen(&state).unwrap_err();
        assert!(list.contains(&DESKTOP.to_string()) && list.contains(&SERVER.to_string()));
        state.products[1].is_addon = true;
        assert_eq!(chosen(&state), Ok(Some(DESKTOP)));
        state.products[0].key = None;
        assert_eq!(chosen(&state), Ok(None));
    }
}
