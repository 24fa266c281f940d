//! Machines: made, removed, restarted; and what the model holds of one, whether it was made here or is known by evidence.

use super::call::{Called, Calls, Ended};
use super::editions::{Serves, edition, serving, target};
use super::{adopt, behind};
use crate::chance;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop, Usage, Warning};
use crate::kms::catalog::Profile;
use crate::kms::model::{HostPool, Machine, PartialKey, State};
use crate::kms::rules::checks::Caller;
use crate::kms::rules::{keys, rearm};
use crate::kms::store::instances::{self, Instance};
use crate::kms::store::pools::{self, Clients};
use crate::kms::store::{editions, machines};
use crate::store::{Read, Tx};

/// When, by whom and with which chance a command acts.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    pub now: Timestamp,
    pub caller: Caller,
    pub seed: u64,
}

/// Whence a machine is known.
#[derive(Debug)]
pub enum Known {
    /// It is in the model.
    Model,
    /// By a snapshot that was taken then; what it shows of a host comes along, counts without the clients.
    Snapshot { taken: Timestamp, pools: Vec<HostPool> },
    /// By its name alone, from logs.
    Name,
}

impl Known {
    /// The word of JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Snapshot { .. } => "snapshot",
            Self::Name => "logs",
        }
    }
}

/// A machine as the store knows it.
#[derive(Debug)]
pub struct Held {
    pub state: State,
    pub known: Known,
    /// What was assumed.
    pub warnings: Vec<Warning>,
}

impl Held {
    /// Loads a machine: from the model, else from its newest snapshot at `now`, else with the defaults of its class.
    ///
    /// Usage error when no machine has that name.
    pub fn load(read: &mut dyn Read, name: &str, now: Timestamp) -> Outcome<Self> {
        let found = instances::find(read, name)?.ok_or_else(|| missing(name))?;
        Self::of(read, &found, now)
    }

    /// Loads the machine of a row among the instances.
    pub fn of(read: &mut dyn Read, instance: &Instance, now: Timestamp) -> Outcome<Self> {
        if let Some(state) = machines::load(read, instance.id, &instance.name)? {
            return Ok(Self { state, known: Known::Model, warnings: Vec::new() });
        }
        let newest = instances::newest_snapshot(read, &instance.name, now)?;
        let adopted = adopt::machine(instance, newest.as_ref(), now, &editions::all(read)?)?;
        Ok(Self {
            state: adopted.state,
            known: newest.map_or(Known::Name, |newest| Known::Snapshot {
                taken: newest.taken,
                pools: adopted.pools,
            }),
            warnings: adopted.warnings,
        })
    }

    /// The store's number for the machine.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.state.machine.id
    }

    /// What it shows as a host; of a snapshot the counts alone.
    pub fn pools(&self, read: &mut dyn Read, clients: Clients) -> Outcome<Vec<HostPool>> {
        match &self.known {
            Known::Model => pools::load(read, self.id(), clients),
            Known::Snapshot { pools, .. } => Ok(pools.clone()),
            Known::Name => Ok(Vec::new()),
        }
    }

    /// What it keeps as a host, with the clients that it counts: where a snapshot shows counts alone, those that are behind them.
    pub(super) fn kept(
        &self,
        read: &mut dyn Read,
        clients: Clients,
        now: Timestamp,
    ) -> Outcome<Vec<HostPool>> {
        match &self.known {
            Known::Snapshot { taken, pools } => {
                behind::filled(read, &self.state.machine, (pools, *taken), None, now)
            }
            Known::Model | Known::Name => self.pools(read, clients),
        }
    }

    /// Writes the machine as it is at `now`. The first time the model takes over what the evidence shows.
    pub fn save(&self, tx: &mut dyn Tx, after: &State, now: Timestamp) -> Outcome<()> {
        if matches!(self.known, Known::Model) && *after == self.state {
            return Ok(());
        }
        if matches!(self.known, Known::Snapshot { .. }) {
            for pool in self.kept(tx.reading(), Clients::All, now)? {
                pools::save(tx, self.id(), None, &pool)?;
            }
        }
        machines::save(tx, after)
    }
}

/// Usage error of a name that no machine has.
#[must_use]
pub fn missing(name: &str) -> Stop {
    Usage::new(format!("there is no machine `{name}`"))
        .hinted("`licctl kms machine list` shows them")
        .into()
}

/// What a new machine is.
#[derive(Debug, Clone, Default)]
pub struct NewMachine {
    pub name: String,
    pub version: String,
    pub virtual_machine: bool,
    pub skip_rearm: bool,
    /// The machine whose CMID it has.
    pub clone_of: Option<String>,
    /// Editions by Activation ID or by name.
    pub products: Vec<String>,
    /// What its products serve as KMS host products, `all` or editions; empty: they are KMS clients.
    pub serves: Vec<String>,
}

/// Makes a machine.
///
/// Usage error when the name is taken or empty, or an edition is not known.
pub fn add(tx: &mut dyn Tx, scene: &Scene, new: &NewMachine) -> Outcome<Held> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 255 {
        return Err(Usage::new("the name of a machine has 1 to 255 characters").into());
    }
    if let Some(taken) = instances::find(tx, name)? {
        return Err(Usage::new(format!("there is a machine `{}` already", taken.name)).into());
    }
    let cmid = match &new.clone_of {
        Some(original) => {
            let original = Held::load(tx, original, scene.now)?;
            original.state.machine.service.client_machine_id
        }
        None => chance::guid(scene.seed, &[name, "machine", &tx.change().to_string()]),
    };
    let mut warnings = Vec::new();
    if !Profile::from_version(&new.version).1 {
        let message = format!("no profile is known for version {}; V10 is taken", new.version);
        warnings.push(Warning::new("version", message));
    }
    let instance = instances::make(tx, name)?;
    let mut machine = Machine::new(instance.id, name, &new.version, cmid);
    machine.virtual_machine = new.virtual_machine;
    machine.skip_rearm = new.skip_rearm;
    let mut state = State { machine, products: Vec::new() };
    let channel = if new.serves.is_empty() { "Volume:GVLK" } else { "Volume:CSVLK" };
    let known = editions::all(tx)?;
    let serves = Serves::read(&new.serves, &known)?;
    for text in &new.products {
        let activation = edition(text, &known)?;
        let target = target(activation, channel, &known)?;
        state = keys::install(&state, Some(&target), PartialKey::untold(), scene.now)?;
        state = serving(state, activation, serves.as_ref());
    }
    machines::save(tx, &state)?;
    tx.call("machine.add", &format!("Name={name}, Version={}", new.version));
    Ok(Held { state, known: Known::Model, warnings })
}

/// Removes a machine and all that the model keeps of it; what logs and snapshots tell of it stays.
pub fn remove(tx: &mut dyn Tx, name: &str) -> Outcome<Instance> {
    let found = instances::find(tx, name)?.ok_or_else(|| missing(name))?;
    instances::remove(tx, found.id)?;
    tx.call("machine.remove", &format!("Name={}", found.name));
    Ok(found)
}

/// Restarts a machine: a pending rearm takes effect, with a new CMID.
pub fn reboot(tx: &mut dyn Tx, scene: &Scene, name: &str) -> Outcome<State> {
    let held = Held::load(tx, name, scene.now)?;
    let state = restarted(tx, scene, &held.state);
    held.save(tx, &state, scene.now)?;
    tx.call("machine.reboot", "");
    Ok(state)
}

/// Rearms and restarts in one step, as sysprep does; with `SkipRearm` nothing changes, the CMID neither.
///
/// Refuses as `ReArmWindows`.
pub fn generalize(tx: &mut dyn Tx, scene: &Scene, name: &str) -> Outcome<Ended<Called>> {
    let mut calls = Calls::open(tx, scene, name)?;
    calls.service(tx, "ReArmWindows", &[])?;
    let state = restarted(tx, scene, calls.state());
    calls.change(|_| state);
    tx.call("machine.reboot", "");
    calls.close(tx)
}

/// The machine after a restart.
pub(super) fn restarted(tx: &mut dyn Tx, scene: &Scene, state: &State) -> State {
    let purpose = [state.machine.name.as_str(), "reboot", &tx.change().to_string()];
    rearm::reboot(state, chance::guid(scene.seed, &purpose), scene.now)
}

#[cfg(test)]
mod tests {
    use super::super::scratch::{DESKTOP, SERVER, Scratch, symbol};
    use super::*;
    use crate::kms::model::PropertyValue;
    use uuid::Uuid;

    fn cmid(scratch: &mut Scratch, name: &str) -> Uuid {
        scratch.held(name).0.state.machine.service.client_machine_id
    }

    #[test]
    fn a_clone_has_the_cmid_of_its_original_and_every_other_machine_its_own() {
        let mut scratch = Scratch::new();
        scratch.add("pc1", Some(DESKTOP));
        scratch.add("pc2", Some(DESKTOP));
        let clone = NewMachine {
            name: "pc3".to_owned(),
            version: "6.1.7601.1".to_owned(),
            clone_of: Some("PC1".to_owned()),
            ..NewMachine::default()
        };
        scratch.write(|tx, scene| add(tx, scene, &clone)).unwrap();
        let ids = ["pc1", "pc2", "pc3"].map(|name| cmid(&mut scratch, name));
        assert_eq!(ids[0], ids[2]);
        assert_ne!(ids[0], ids[1]);
    }

    #[test]
    fn a_name_is_taken_in_whatever_case_it_is_written() {
        let mut scratch = Scratch::new();
        scratch.add("Pc1", None);
        for name in ["pc1", "PC1", " pc1 ", "", " "] {
            let new = NewMachine { name: name.to_owned(), ..NewMachine::default() };
            let made = scratch.write(|tx, scene| add(tx, scene, &new));
            assert_eq!(made.unwrap_err().status(), 2, "{name}");
        }
    }

    #[test]
    fn a_machine_of_an_unknown_version_is_a_v10_with_a_warning() {
        let mut scratch = Scratch::new();
        let new = NewMachine {
            name: "odd".to_owned(),
            version: "7.0".to_owned(),
            ..NewMachine::default()
        };
        let held = scratch.write(|tx, scene| add(tx, scene, &new)).unwrap();
        assert_eq!(held.state.machine.profile(), Profile::V10);
        assert_eq!(held.warnings[0].code, "version");
    }

    #[test]
    fn a_machine_goes_with_all_that_was_kept_of_it_and_comes_back_whole() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        scratch.install("kms1", "ABCDE", "Volume:CSVLK");
        scratch.activate("kms1");
        scratch.call("kms1", "InstallLicense", &[("License", "<a/>")]);
        scratch.add("pc", Some(SERVER));
        scratch.call("pc", "SetKeyManagementServiceMachine", &[("MachineName", "kms1")]);
        scratch.activate("pc");
        let fault = ("Activate", "0x80041010");
        scratch
            .write(|tx, scene| super::super::faults::set(tx, "kms1", fault, 1, scene.now))
            .unwrap();
        let (before, pools) = scratch.held("kms1");
        let left = |scratch: &mut Scratch| -> i64 {
            let tables = ["models", "products", "pools", "cache", "ledger", "licenses", "faults"];
            let id = before.id();
            tables
                .iter()
                .map(|table| {
                    let sql = format!("select count(*) from kms_{table} where machine = ?1");
                    scratch.read(|read| read.one(&sql, &[id.into()], |row| row.int(0))).unwrap()
                })
                .sum()
        };
        let kept = left(&mut scratch);
        assert!(kept >= 7, "{kept}");
        scratch.write(|tx, _| remove(tx, "KMS1")).unwrap();
        assert_eq!(left(&mut scratch), 0);
        scratch.undo();
        assert_eq!(left(&mut scratch), kept);
        let (after, pools_after) = scratch.held("kms1");
        assert_eq!((after.state, pools_after), (before.state, pools));
    }

    #[test]
    fn a_restart_completes_a_rearm_with_a_new_cmid_each_time() {
        let mut scratch = Scratch::new();
        scratch.add("pc", Some(DESKTOP));
        let mut seen = vec![cmid(&mut scratch, "pc")];
        for _ in 0..2 {
            assert_eq!(scratch.call("pc", "ReArmWindows", &[]), "");
            scratch.write(|tx, scene| reboot(tx, scene, "pc")).unwrap();
            seen.push(cmid(&mut scratch, "pc"));
        }
        scratch.write(|tx, scene| reboot(tx, scene, "pc")).unwrap();
        assert_eq!(cmid(&mut scratch, "pc"), seen[2]);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 3);
        let ended = scratch.write(|tx, scene| generalize(tx, scene, "pc"));
        assert_eq!(symbol(ended), "");
        assert_eq!(scratch.shows("pc", "RemainingWindowsReArmCount"), PropertyValue::U32(998));
    }
}
