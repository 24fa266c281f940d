//! Methods that take licenses away or turn them into others: uninstall, remove, convert.

use super::call::{Effect, licenses, no_pack};
use crate::error::{Refusal, Warning};
use crate::tslicense::catalog::codes::{
    WBEM_E_INVALID_OPERATION, WBEM_E_INVALID_PARAMETER, WBEM_E_NOT_FOUND, WBEM_E_NOT_SUPPORTED,
};
use crate::tslicense::catalog::enumerations::{PRODUCT_PER_DEVICE, PRODUCT_PER_USER, program};
use crate::tslicense::catalog::texts;
use crate::tslicense::catalog::versions;
use crate::tslicense::model::{Arguments, Held, KeyPack, KeyPackId};
use crate::wording::{are, many};

/// The count of issued licenses went with their pack.
pub const ISSUED_DROPPED: &str = "ISSUED_DROPPED";

/// What to take out of which pack, so that `count` are taken: the first pack first.
pub(super) fn taken<'p>(
    packs: impl Iterator<Item = &'p KeyPack>,
    count: u32,
) -> Vec<(KeyPackId, u32)> {
    let mut left = count;
    let mut taken = Vec::new();
    for pack in packs {
        let part = pack.removable().min(left);
        if part > 0 {
            taken.push((pack.id, part));
            left -= part;
        }
    }
    taken
}

/// Takes licenses out of a pack; without any left it disappears.
pub(super) fn shrunk(held: &mut Held, pack: &KeyPack, count: u32, warnings: &mut Vec<Warning>) {
    let left = pack.total.saturating_sub(count);
    if left > 0 {
        held.put(pack.with_total(left));
        return;
    }
    held.take(pack.id);
    if pack.issued > 0 {
        warnings.push(
            Warning::new(
                ISSUED_DROPPED,
                format!(
                    "key pack {} is gone, and with it its count of {}",
                    pack.id.0,
                    many(pack.issued, "issued license")
                ),
            )
            .at(&held.server.name),
        );
    }
}

fn count(arguments: &Arguments, name: &str) -> u32 {
    arguments.number(name).unwrap_or_default()
}

fn pack_of<'h>(arguments: &Arguments, held: &'h Held) -> Result<&'h KeyPack, Refusal> {
    let id = KeyPackId(count(arguments, "KeyPackId"));
    let pack =
        held.pack(id).ok_or_else(|| no_pack(id, &held.server).with("parameter", "KeyPackId"))?;
    if pack.is_owned() && !pack.is_unlimited() {
        return Ok(pack);
    }
    Err(pool(pack).with("parameter", "KeyPackId"))
}

/// The pack is one of the pools that the server keeps itself.
fn pool(pack: &KeyPack) -> Refusal {
    let word = program(pack.key_pack_type).map_or("unlimited", |row| row.named.name);
    Refusal::new(
        &WBEM_E_INVALID_OPERATION,
        format!("key pack {} is {word}; only licenses that were bought can be changed", pack.id.0),
    )
}

/// More is asked for than can be taken out.
fn too_many(pack: &KeyPack, asked: u32, parameter: &'static str) -> Refusal {
    let issued = match pack.issued {
        issued if pack.is_per_device() && issued > 0 => {
            format!(" ({issued} {} issued)", are(issued))
        }
        _ => String::new(),
    };
    Refusal::new(
        &WBEM_E_INVALID_PARAMETER,
        format!(
            "{} cannot be taken out of key pack {}; at most {}{issued}",
            many(asked, "license"),
            pack.id.0,
            pack.removable()
        ),
    )
    .with("parameter", parameter)
}

/// `UninstallLicenseKeyPack`: across packs, the newest first.
pub(super) fn uninstall(arguments: &Arguments, held: &Held) -> Result<Effect, Refusal> {
    let (version, product) = (count(arguments, "ProductVersion"), count(arguments, "ProductType"));
    let asked = count(arguments, "LicenseCount");
    let tier = versions::tier(version);
    let fits = |pack: &&KeyPack| pack.is_owned() && pack.product == product && pack.tier() == tier;
    let matching: Vec<&KeyPack> = held.packs.iter().rev().filter(fits).collect();
    if matching.is_empty() {
        return Err(Refusal::new(
            &WBEM_E_NOT_FOUND,
            format!("`{}` has no licenses {}", held.server.name, licenses(product, version)),
        ));
    }
    let removable: u64 = matching.iter().map(|pack| u64::from(pack.removable())).sum();
    if removable < u64::from(asked) {
        return Err(Refusal::new(
            &WBEM_E_INVALID_PARAMETER,
            format!(
                "{} {} cannot be taken away; at most {removable}",
                many(asked, "license"),
                licenses(product, version)
            ),
        )
        .with("parameter", "LicenseCount"));
    }
    let mut effect = Effect::on(held);
    for (id, part) in taken(matching.into_iter(), asked) {
        if let Some(pack) = held.pack(id) {
            shrunk(&mut effect.target, pack, part, &mut effect.warnings);
        }
    }
    Ok(effect)
}

/// `UninstallLicenseKeyPackWithId`: the whole pack, and its live licenses per device with it.
pub(super) fn uninstall_with_id(arguments: &Arguments, held: &Held) -> Result<Effect, Refusal> {
    let pack = pack_of(arguments, held)?;
    let mut effect = Effect::on(held);
    if pack.is_per_device() {
        effect.answer.dropped = Some(pack.issued);
        effect.target.take(pack.id);
    } else {
        shrunk(&mut effect.target, pack, pack.total, &mut effect.warnings);
    }
    Ok(effect)
}

/// `RemoveLicensesWithIdCount`.
pub(super) fn remove(arguments: &Arguments, held: &Held) -> Result<Effect, Refusal> {
    let pack = pack_of(arguments, held)?;
    let asked = count(arguments, "LicenseCount");
    if asked > pack.removable() {
        return Err(too_many(pack, asked, "LicenseCount"));
    }
    let mut effect = Effect::on(held);
    shrunk(&mut effect.target, pack, asked, &mut effect.warnings);
    Ok(effect)
}

/// `ConvertLicenses`: some of a pack become a pack of the other product.
pub(super) fn convert(
    object: Option<&KeyPack>,
    arguments: &Arguments,
    held: &Held,
) -> Result<Effect, Refusal> {
    let mut effect = Effect::on(held);
    let Some(pack) = object else { return Ok(effect) };
    let other = match pack.product {
        PRODUCT_PER_DEVICE => PRODUCT_PER_USER,
        PRODUCT_PER_USER => PRODUCT_PER_DEVICE,
        _ => {
            return Err(Refusal::new(
                &WBEM_E_NOT_SUPPORTED,
                format!("key pack {} is neither per device nor per user", pack.id.0),
            ));
        }
    };
    if !pack.is_owned() || pack.is_unlimited() {
        return Err(pool(pack));
    }
    let asked = count(arguments, "Count");
    if asked > pack.removable() {
        return Err(too_many(pack, asked, "Count"));
    }
    let id = effect.target.next_id();
    effect.target.put(KeyPack {
        id,
        product: other,
        description: texts::product_code(other, pack.version),
        type_and_model: texts::type_and_model(other, pack.version).to_owned(),
        total: asked,
        issued: 0,
        available: asked,
        ..pack.clone()
    });
    shrunk(&mut effect.target, pack, asked, &mut effect.warnings);
    effect.answer.key_pack = Some(id);
    Ok(effect)
}
