//! Product keys without product keys: the pattern, the last five characters, what they are for.
//!
//! The text of a key is looked at once, in [`partial`], and kept nowhere. Activations stand in `ledger`.

use super::{life, roles};
use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::kms::catalog::Profile;
use crate::kms::catalog::codes::{
    SL_E_INVALID_PRODUCT_KEY, SL_E_MISMATCHED_PRODUCT_SKU,
    SL_E_PRODUCT_KEY_INSTALLATION_NOT_ALLOWED,
};
use crate::kms::catalog::skus::{self, Pool};
use crate::kms::model::{Channel, KeyTarget, Machine, PartialKey, PolicyCache, Product, State};

/// The last five characters of a key of five groups of five letters or digits; `None` for any other text.
#[must_use]
pub fn partial(text: &str) -> Option<PartialKey> {
    let groups: Option<Vec<PartialKey>> = text.trim().split('-').map(PartialKey::new).collect();
    groups.filter(|groups| groups.len() == 5)?.pop()
}

/// The refusal of a text that is no product key; it does not repeat the text.
#[must_use]
pub fn malformed() -> Refusal {
    Refusal::new(
        &SL_E_INVALID_PRODUCT_KEY,
        "the text is no product key; five groups of five letters or digits are allowed",
    )
}

/// Installs a key: the product is in use, in its initial grace, whatever it was before.
///
/// - `target`: what the key is for; `None`: the primary Windows product of the machine, with the channel that it has.
///
/// Refuses with `SL_E_MISMATCHED_PRODUCT_SKU` when neither the machine nor a list knows the Activation ID, or nothing says what the
/// key is for; `SL_E_PRODUCT_KEY_INSTALLATION_NOT_ALLOWED` for channels that are not modelled and for Office host keys on Vista and 2008.
///
/// Source: [OPT] a second key replaces the first; which host keys an old system takes: [OFFDOC]; the rest: assumed.
pub fn install(
    state: &State,
    target: Option<&KeyTarget>,
    key: PartialKey,
    now: Timestamp,
) -> Result<State, Refusal> {
    let target = match target {
        Some(target) => target.clone(),
        None => primary(state, now)?,
    };
    let held = state.product(target.activation).cloned();
    let product = match (held, &target.edition) {
        (Some(held), _) => held,
        (None, Some(edition)) => {
            let profile = state.machine.profile();
            Product::new(target.activation, edition, profile, life::without_key())
        }
        (None, None) => {
            let message = format!("no list knows the Activation ID {}", target.activation);
            return Err(Refusal::new(&SL_E_MISMATCHED_PRODUCT_SKU, message)
                .hinted("`licctl kms sku import FILE` makes editions known"));
        }
    };
    let product = with_key(product, &target, key, now);
    allowed(&state.machine, &product, &target)?;
    let mut state = state.clone().with_product(product);
    state.machine.key_in_registry = true;
    state.machine.service.policy_cache = PolicyCache::Stale;
    Ok(state)
}

/// The product with a key of the target's channel, in initial grace.
#[must_use]
pub fn with_key(product: Product, target: &KeyTarget, key: PartialKey, now: Timestamp) -> Product {
    let channel = target.channel;
    let client = channel.kind() == Channel::KmsClient;
    let listed = || skus::lookup(product.id).map(|sku| sku.required);
    let edition = target.edition.as_ref().map(|edition| edition.required);
    let system = match product.pool() {
        Pool::Windows => "Windows(R) Operating System",
        Pool::Office14 => "Office 14",
        Pool::Office15 => "Office 16",
        Pool::Unknown => product.name.as_str(),
    };
    let word = channel.description().unwrap_or_default();
    Product {
        description: format!("{system}, {word} channel"),
        key: Some(key),
        channel: Some(channel),
        license: life::installed(now),
        required: edition.or(product.required).or_else(listed).filter(|_| client),
        activated_by: None,
        ..product
    }
}

/// Takes the key of a product away: it is unlicensed, and no longer in use. Without a key nothing changes.
#[must_use]
pub fn uninstall(state: &State, product: &Product) -> State {
    if product.key.is_none() {
        return state.clone();
    }
    let product = Product {
        key: None,
        channel: None,
        license: life::without_key(),
        required: None,
        activated_by: None,
        ..product.clone()
    };
    let mut state = state.clone().with_product(product);
    state.machine.service.policy_cache = PolicyCache::Stale;
    state
}

/// What a key is for when nobody says it: the primary Windows product.
fn primary(state: &State, now: Timestamp) -> Result<KeyTarget, Refusal> {
    let product = roles::primary(&state.products, now).ok().flatten();
    let target = product.and_then(|product| {
        let channel = product.channel?;
        Some(KeyTarget { activation: product.id, channel, edition: None })
    });
    target.ok_or_else(|| {
        Refusal::new(
            &SL_E_MISMATCHED_PRODUCT_SKU,
            "keys are not decoded here, and the machine has no primary Windows product that the key could be for",
        )
        .hinted("`licctl kms key install --activation-id GUID --channel CHANNEL`")
    })
}

/// Whether a key of this channel can be installed on this machine.
fn allowed(machine: &Machine, product: &Product, target: &KeyTarget) -> Result<(), Refusal> {
    let code = &SL_E_PRODUCT_KEY_INSTALLATION_NOT_ALLOWED;
    if target.channel.description().is_none() {
        let message = format!("keys of the channel {} cannot be installed here", target.channel);
        return Err(Refusal::new(code, message));
    }
    let office = matches!(product.pool(), Pool::Office14 | Pool::Office15);
    if office && target.channel.kind() == Channel::KmsHost && machine.profile() == Profile::V60 {
        let message =
            format!("an Office host key needs Windows 7 or 2008 R2; `{}` is older", machine.name);
        return Err(Refusal::new(code, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        DESKTOP, OFFICE_HOST, V10, V60, WINDOWS_HOST, activated, answer, call, context, desktop,
        machine, partial as letters, product_of, start, target, value,
    };
    use super::*;
    use crate::kms::model::{Edition, LicenseStatus, PropertyValue, Role};
    use uuid::Uuid;

    /// A text of the pattern that no system takes for a key.
    const TEXT: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE";

    fn symbol<T>(answer: Result<T, Refusal>) -> &'static str {
        answer.map_or_else(|refusal| refusal.code.symbol, |_| "")
    }

    #[test]
    fn only_the_last_five_characters_of_a_key_are_taken() {
        assert_eq!(partial(TEXT).unwrap().as_str(), "EEEEE");
        assert_eq!(partial(" aaaaa-bbbbb-ccccc-ddddd-ee0e1\n").unwrap().as_str(), "EE0E1");
        for wrong in [
            "",
            "AAAAA-BBBBB-CCCCC-DDDDD",
            "AAAAA-BBBBB-CCCCC-DDDDD-EEEE",
            "AAAAABBBBBCCCCCDDDDDEEEEE",
            "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF",
            "AAAAA BBBBB CCCCC DDDDD EEEEE",
        ] {
            assert_eq!(partial(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_text_that_is_no_key_is_refused_without_being_repeated() {
        let short = "QQQQQ-WWWWW-RRRRR-TTTTT";
        let given = [("ProductKey", short)];
        let refused = call(&desktop(1), "InstallProductKey", &given, &context(start()));
        assert_eq!(answer(&refused), "SL_E_INVALID_PRODUCT_KEY");
        let shown = format!("{refused:?}");
        assert!(short.split('-').all(|group| !shown.contains(group)), "{shown}");
    }

    #[test]
    fn no_part_of_a_key_but_the_last_five_characters_is_kept() {
        let target = target(DESKTOP, "Volume:GVLK");
        let context = super::super::call::Context { key: Some(&target), ..context(start()) };
        let effect =
            call(&machine(1, "pc1", V10), "InstallProductKey", &[("productkey", TEXT)], &context);
        let shown = format!("{effect:?}");
        assert!(shown.contains("EEEEE"));
        assert!(["AAAAA", "BBBBB", "CCCCC", "DDDDD"].iter().all(|group| !shown.contains(group)));
        let effect = effect.unwrap();
        assert!(effect.state.machine.key_in_registry);
        assert_eq!(effect.state.machine.service.policy_cache, PolicyCache::Stale);
        let cleared = call(&effect.state, "ClearProductKeyFromRegistry", &[], &context).unwrap();
        assert!(!cleared.state.machine.key_in_registry);
    }

    #[test]
    fn a_key_puts_its_channel_into_the_description_and_its_product_into_grace() {
        for (channel, word, required) in [
            ("Volume:GVLK", "VOLUME_KMSCLIENT", 25),
            ("Volume:CSVLK", "VOLUME_KMS", u32::MAX),
            ("Volume:MAK", "VOLUME_MAK", u32::MAX),
            ("Retail", "RETAIL", u32::MAX),
        ] {
            let machine = machine(1, "pc1", V10);
            let state =
                install(&machine, Some(&target(DESKTOP, channel)), letters(), start()).unwrap();
            let shown = product_of(&state, DESKTOP, start());
            let description = format!("Windows(R) Operating System, {word} channel");
            assert_eq!(value(&shown, "Description"), PropertyValue::Text(description));
            assert_eq!(value(&shown, "ProductKeyChannel"), PropertyValue::Text(channel.into()));
            assert_eq!(value(&shown, "PartialProductKey"), PropertyValue::Text("ABCDE".into()));
            assert_eq!(value(&shown, "LicenseFamily"), PropertyValue::Text("Professional".into()));
            assert_eq!(value(&shown, "LicenseStatus"), PropertyValue::U32(2));
            assert_eq!(value(&shown, "GracePeriodRemaining"), PropertyValue::U32(43_200));
            assert_eq!(value(&shown, "RequiredClientCount"), PropertyValue::U32(required));
        }
    }

    #[test]
    fn a_second_key_replaces_the_first_and_takes_the_activation_with_it() {
        let host = activated(&machine(1, "KMS1", V10), WINDOWS_HOST);
        assert_eq!(roles::role(&host.products, start()), Role::HostActive);
        let other = PartialKey::new("FGHIJ").unwrap();
        let state =
            install(&host, Some(&target(WINDOWS_HOST, "Volume:CSVLK")), other.clone(), start())
                .unwrap();
        assert_eq!(state.products.len(), 1);
        assert_eq!(state.products[0].key, Some(other));
        assert_eq!(life::status(&state.products[0], start()), LicenseStatus::OobGrace);
        assert_eq!(roles::role(&state.products, start()), Role::HostUnactivated);
    }

    #[test]
    fn a_key_that_nobody_can_place_is_refused() {
        let bare = machine(1, "pc1", V10);
        assert_eq!(symbol(install(&bare, None, letters(), start())), "SL_E_MISMATCHED_PRODUCT_SKU");
        let unknown = KeyTarget { activation: Uuid::max(), ..target(DESKTOP, "Retail") };
        let unknown = KeyTarget { edition: Edition::listed(unknown.activation), ..unknown };
        assert_eq!(
            symbol(install(&bare, Some(&unknown), letters(), start())),
            "SL_E_MISMATCHED_PRODUCT_SKU"
        );
        let again = install(&desktop(1), None, PartialKey::new("FGHIJ").unwrap(), start()).unwrap();
        assert_eq!(again.products[0].key.as_ref().unwrap().as_str(), "FGHIJ");
        let vista = machine(1, "old", V60);
        let code = "SL_E_PRODUCT_KEY_INSTALLATION_NOT_ALLOWED";
        assert_eq!(
            symbol(install(&vista, Some(&target(OFFICE_HOST, "Volume:CSVLK")), letters(), start())),
            code
        );
        assert_eq!(
            symbol(install(&bare, Some(&target(DESKTOP, "OEM:DM")), letters(), start())),
            code
        );
    }

    #[test]
    fn a_product_without_its_key_is_unlicensed_and_no_longer_in_use() {
        let state = activated(&machine(1, "KMS1", V10), WINDOWS_HOST);
        let state = uninstall(&state, &state.products[0]);
        assert_eq!(roles::role(&state.products, start()), Role::Client);
        let shown = product_of(&state, WINDOWS_HOST, start());
        assert_eq!(value(&shown, "LicenseStatus"), PropertyValue::U32(0));
        assert_eq!(value(&shown, "LicenseStatusReason"), PropertyValue::U32(0xC004_F014));
        assert_eq!(value(&shown, "PartialProductKey"), PropertyValue::Null);
        assert_eq!(uninstall(&state, &state.products[0]), state);
    }
}
