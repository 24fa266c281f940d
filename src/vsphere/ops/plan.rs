//! Planning: what the planner needs beside the estate, and a plan carried out.

use super::Scene;
use super::assignments::{self, Assigned, Wanted};
use super::resolve::edition;
use crate::error::{Outcome, Refusal, Usage};
use crate::store::{Read, Tx};
use crate::vsphere::catalog::codes::NOT_ENOUGH_LICENSES;
use crate::vsphere::catalog::methods;
use crate::vsphere::report::Estate;
use crate::vsphere::report::plan::{Facts, Plan};
use crate::vsphere::store::keys;

/// What the catalogue says of the licenses of an estate.
pub fn facts(read: &mut dyn Read, scene: &Scene, estate: &Estate) -> Outcome<Facts> {
    let mut facts = Facts { levels: scene.levels, ..Facts::default() };
    for (license, _) in &estate.licenses {
        if let Some(edition) = edition(read, license)? {
            facts.editions.insert(license.id, edition);
        }
    }
    let held = estate.held();
    let own = held.iter().find(|held| estate.is_own(held.entity));
    let license = own.and_then(|own| own.license());
    facts.managing = license.and_then(|license| facts.editions.get(&license.id)).cloned();
    Ok(facts)
}

/// Makes the moves of a plan, each by `UpdateAssignedLicense`, in the order in which each finds its units.
///
/// Refuses with `NOT_ENOUGH_LICENSES` when there is no such order. Usage error when the store does not hold a key itself.
pub fn apply(tx: &mut dyn Tx, scene: &Scene, plan: &Plan<'_>) -> Outcome<Vec<Assigned>> {
    ordered(plan)?;
    let mut made = Vec::new();
    for moved in &plan.moves {
        let key = keys::reveal(tx.reading(), &moved.to.key)?;
        let Some(full) = key.full() else {
            return Err(Usage::new(format!("the store does not hold the key `{}` itself", key.shown()))
                .hinted("it was left out of the export that the store was made from; `--emit` writes the steps with variables")
                .into());
        };
        let entity_id = &moved.entity.entity_id;
        let wanted = Wanted { entity_id, key: full, display_name: "" };
        made.push(assignments::update(tx, scene, &wanted)?);
    }
    Ok(made)
}

/// Refuses with `NOT_ENOUGH_LICENSES` when no order of the moves is within capacity.
pub fn ordered(plan: &Plan<'_>) -> Result<(), Refusal> {
    let Some(wanting) = &plan.wanting else { return Ok(()) };
    let key = wanting.license.key.shown();
    let message = format!(
        "every order of the moves passes the capacity of a license: `{key}` needs {} more free units meanwhile",
        wanting.units
    );
    Err(Refusal::new(&NOT_ENOUGH_LICENSES, message)
        .hinted("free units, or switch a host back to its evaluation meanwhile: `licctl vsphere evaluate HOST`")
        .with("licenseKey", key)
        .with_value("required", wanting.units)
        .of(methods::UPDATE_ASSIGNED_LICENSE.name))
}
