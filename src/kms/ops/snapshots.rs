//! Imported snapshots: found by their ID, adopted into the model.

use super::machines::{Held, Known, Scene};
use super::{adopt, behind};
use crate::error::{Outcome, Stop, Usage};
use crate::kms::model::Editions;
use crate::kms::store::evidence::Origin;
use crate::kms::store::instances::{self, Instance, Newest};
use crate::kms::store::snapshots::{self, Stored};
use crate::kms::store::{editions, machines, pools};
use crate::store::{Read, Tx};
use sha2::{Digest, Sha256};

/// Characters of an ID.
const LENGTH: usize = 12;

/// Fewest characters of an ID that are taken for it.
const FEWEST: usize = 4;

/// The ID of a snapshot: the same in every store, as it is made of machine, time and content.
#[must_use]
pub fn id(of: &Stored) -> String {
    let mut hash = Sha256::new();
    hash.update(of.machine.to_lowercase().as_bytes());
    hash.update(of.taken.ms().to_be_bytes());
    hash.update(&of.sha256);
    let digest = hash.finalize();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.chars().take(LENGTH).collect()
}

/// The snapshot of an ID, or of its first characters.
///
/// Usage error when there is none, or several begin so.
pub fn find(read: &mut dyn Read, given: &str) -> Outcome<(Stored, Newest)> {
    let wanted = given.to_lowercase();
    let mut found = snapshots::all(read)?;
    found.retain(|stored| wanted.len() >= FEWEST && id(stored).starts_with(&wanted));
    let [only] = found.as_slice() else {
        let message = if found.is_empty() {
            format!("there is no snapshot `{given}`")
        } else {
            format!("the IDs of {} snapshots begin with `{given}`", found.len())
        };
        return Err(Usage::new(message).hinted("`licctl kms snapshot list` shows them").into());
    };
    let body = snapshots::body(read, only)?;
    let body = body.ok_or_else(|| Stop::bug("a snapshot that was just read is gone"))?;
    Ok((only.clone(), body))
}

/// Makes a machine of the model what a snapshot shows; the machine is made when there is none.
///
/// What was modelled before is replaced: settings, products, counters, and the clients that it counted. Faults, licence files and
/// the ledger of activations stay.
///
/// - The snapshot ages to `now` as a machine that nobody touched.
///
/// Usage error when there is no such snapshot.
pub fn adopt(tx: &mut dyn Tx, scene: &Scene, given: &str) -> Outcome<(Held, Stored)> {
    let (stored, body) = find(tx, given)?;
    let instance = match instances::find(tx, &stored.machine)? {
        Some(found) => found,
        None => instances::make(tx, &stored.machine)?,
    };
    let held = shown(&instance, &body, scene, &editions::all(tx)?)?;
    let Known::Snapshot { pools, .. } = &held.known else {
        return Err(Stop::bug("a snapshot shows no snapshot"));
    };
    machines::save(tx, &held.state)?;
    // Nothing that was modelled before counts.
    let origin = Some(Origin::Imported);
    let told = (pools.as_slice(), stored.taken);
    let pools = behind::filled(tx, &held.state.machine, told, origin, scene.now)?;
    pools::replace(tx, instance.id, &pools)?;
    tx.call("snapshot.adopt", &format!("ID={}, Name={}", id(&stored), instance.name));
    Ok((Held { known: Known::Model, ..held }, stored))
}

/// A machine as a snapshot shows it.
pub(super) fn shown(
    instance: &Instance,
    body: &Newest,
    scene: &Scene,
    known: &Editions,
) -> Outcome<Held> {
    let adopted = adopt::machine(instance, Some(body), scene.now, known)?;
    Ok(Held {
        state: adopted.state,
        known: Known::Snapshot { taken: body.taken, pools: adopted.pools },
        warnings: adopted.warnings,
    })
}

#[cfg(test)]
mod tests {
    use super::super::scratch::{DESKTOP, Scratch};
    use super::{adopt, find, id};
    use crate::clock::Timestamp;
    use crate::kms::model::PropertyValue;
    use crate::kms::store::evidence::{NewSnapshot, add_snapshots};
    use crate::kms::store::{names, snapshots};
    use serde_json::json;

    const HOUR: &str = "2026-03-20T00:00:00Z";

    fn imported(scratch: &mut Scratch, machine: &str, renewal: u32) {
        let body = json!({
            "service": {"Version": "10.0.20348.1", "VLRenewalInterval": renewal, "KeyManagementServiceTotalRequests": 7,
                "KeyManagementServiceCurrentCount": 5, "IsKeyManagementServiceMachine": 1},
            "products": [],
        });
        scratch
            .write(|tx, _| {
                let host = names::host(tx, machine)?;
                let row = NewSnapshot {
                    host,
                    taken: Timestamp::parse(HOUR).unwrap(),
                    sha256: [u8::try_from(renewal % 256).unwrap(); 32],
                    kind: "kms.cim-json",
                    body: body.to_string(),
                    file: 1,
                };
                add_snapshots(tx, &[row], &mut |_, _| {})
            })
            .unwrap();
    }

    #[test]
    fn an_adopted_machine_is_what_the_snapshot_shows_and_nothing_that_was_modelled_before() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        scratch.add("ws-1", Some(super::super::scratch::SERVER));
        scratch.call("ws-1", "SetKeyManagementServiceMachine", &[("MachineName", "kms1")]);
        scratch.activate("ws-1");
        assert_eq!(scratch.held("kms1").1[0].cache.entries.len(), 1);
        imported(&mut scratch, "KMS1", 600);
        imported(&mut scratch, "kms9", 601);
        let ids: Vec<String> =
            scratch.read(|read| Ok(snapshots::all(read)?.iter().map(id).collect()));
        for (machine, given, renewal) in
            [("kms1", ids[0].as_str(), 600), ("kms9", &ids[1][..6], 601)]
        {
            let (held, _) = scratch.write(|tx, scene| adopt(tx, scene, given)).unwrap();
            assert_eq!(held.known.word(), "model");
            assert_eq!(scratch.number(machine, "VLRenewalInterval"), renewal);
            assert_eq!(scratch.number(machine, "KeyManagementServiceTotalRequests"), 7);
            let (held, pools) = scratch.held(machine);
            assert_eq!((held.state.products.len(), pools[0].cache.entries.len()), (1, 5));
        }
        scratch.undo();
        assert_eq!(scratch.shows("kms1", "VLRenewalInterval"), PropertyValue::U32(600));
        scratch.undo();
        assert_eq!(scratch.number("kms1", "VLRenewalInterval"), 10_080);
        assert_eq!(scratch.held("kms1").1[0].cache.entries.len(), 1);
    }

    #[test]
    fn an_id_names_one_snapshot_by_its_first_characters() {
        let mut scratch = Scratch::new();
        scratch.add("pc", Some(DESKTOP));
        imported(&mut scratch, "pc", 600);
        imported(&mut scratch, "pc", 601);
        let ids: Vec<String> =
            scratch.read(|read| Ok(snapshots::all(read)?.iter().map(id).collect()));
        assert_ne!(ids[0], ids[1]);
        assert!(ids.iter().all(|id| id.len() == 12));
        let mut found =
            |given: &str| scratch.read(|read| Ok(find(read, given).map(|(of, _)| id(&of)).ok()));
        assert_eq!(found(&ids[0].to_uppercase()), Some(ids[0].clone()));
        for wrong in ["", &ids[0][..3], "zzzz", "ffffffffffffffff"] {
            assert_eq!(found(wrong), None, "{wrong}");
        }
    }
}
