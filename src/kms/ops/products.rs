//! Products of a machine: found by Activation ID or name, rearmed, their keys installed and removed.

use super::call::{Called, Calls, Ended};
use super::editions::{self, Serves};
use super::machines::Scene;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Usage};
use crate::kms::catalog::codes::SL_E_PKEY_NOT_INSTALLED;
use crate::kms::model::{KeyTarget, PartialKey, Product, State};
use crate::kms::rules::roles;
use crate::output::nearest;
use crate::store::Tx;
use uuid::Uuid;

/// The product with this Activation ID.
///
/// Usage error when the machine has none.
pub(super) fn by_id(state: &State, id: Uuid) -> Outcome<&Product> {
    state.product(id).ok_or_else(|| {
        Usage::new(format!("`{}` has no product {id}", state.machine.name))
            .hinted("`licctl kms product list --all` shows them")
            .into()
    })
}

/// The product that an Activation ID or a name means.
///
/// Usage error when the machine has none, with the nearest names; or when several have that name.
pub fn find<'s>(state: &'s State, text: &str) -> Outcome<&'s Product> {
    if let Ok(id) = Uuid::try_parse(text.trim_matches(['{', '}'])) {
        return by_id(state, id);
    }
    let mut named = state.products.iter().filter(|product| product.name.eq_ignore_ascii_case(text));
    match (named.next(), named.next()) {
        (Some(product), None) => Ok(product),
        (Some(_), Some(_)) => Err(Usage::new(format!("several products are called `{text}`"))
            .hinted("give the Activation ID; `licctl kms product list --all` shows them")
            .into()),
        (None, _) => {
            let names: Vec<String> =
                state.products.iter().map(|product| product.name.clone()).collect();
            let near = nearest(text, &names);
            let usage = Usage::new(format!("`{}` has no product `{text}`", state.machine.name));
            Err(if near.is_empty() {
                usage.hinted("`licctl kms product list --all` shows them")
            } else {
                usage.hinted(format!("did you mean {}?", near.join(", ")))
            }
            .into())
        }
    }
}

/// The product that a command means: the one named, else the primary Windows product.
///
/// Refuses with `SL_E_PKEY_NOT_INSTALLED` when none is named and no Windows product is in use.
pub fn meant<'s>(state: &'s State, named: Option<&str>, now: Timestamp) -> Outcome<&'s Product> {
    if let Some(named) = named {
        return find(state, named);
    }
    roles::primary(&state.products, now)?.ok_or_else(|| {
        let message = format!("`{}` has no Windows product with a key", state.machine.name);
        Refusal::new(&SL_E_PKEY_NOT_INSTALLED, message)
            .hinted("`licctl kms key install` installs one")
            .into()
    })
}

/// A key that is to be installed.
#[derive(Debug)]
pub struct NewKey {
    /// The last five characters; `None` when the text was no product key.
    pub partial: Option<PartialKey>,
    /// What it is for; `None`: the primary Windows product, with the channel that it has.
    pub target: Option<KeyTarget>,
    /// For a KMS host key: what it serves.
    pub serves: Option<Serves>,
}

/// Installs a product key.
///
/// Refuses with `SL_E_INVALID_PRODUCT_KEY` when the text was no key, else as `InstallProductKey`.
pub fn install_key(
    tx: &mut dyn Tx,
    scene: &Scene,
    machine: &str,
    key: NewKey,
) -> Outcome<Ended<Called>> {
    let mut calls = Calls::open(tx, scene, machine)?;
    let target = key.target.as_ref();
    match key.partial {
        Some(partial) => calls.install_key(tx, partial, target)?,
        // The method itself refuses it, after what it checks before.
        None => calls.service(tx, "InstallProductKey", &[("ProductKey", "")])?,
    }
    if let Some(target) = target {
        calls.change(|state| editions::serving(state, target.activation, key.serves.as_ref()));
    }
    calls.close(tx)
}

/// Calls a method without parameters of the product that is meant.
pub fn call(
    tx: &mut dyn Tx,
    scene: &Scene,
    (machine, product): (&str, Option<&str>),
    word: &str,
) -> Outcome<Ended<(Called, Product)>> {
    let mut calls = Calls::open(tx, scene, machine)?;
    let product = meant(calls.state(), product, scene.now)?.clone();
    calls.product(tx, product.id, word, &[])?;
    Ok(calls.close(tx)?.map(|called| (called, product)))
}
