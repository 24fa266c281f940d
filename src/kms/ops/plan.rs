//! What must be set on a real machine so that it becomes what the model says.

use super::call::Called;
use super::machines::{Held, Known, Scene, missing};
use super::snapshots;
use crate::error::{Outcome, Usage, Warning};
use crate::kms::catalog::Profile;
use crate::kms::export::plan::{Form, write};
use crate::kms::model::{HostChoice, Machine, Product, State};
use crate::kms::rules::plan::{Change, Plan, made, plan};
use crate::kms::store::{editions, instances};
use crate::store::Read;

/// The warning of a setting that a tool has no word for.
pub const LEFT_OUT: &str = "left-out";

/// A plan as it is written for a tool.
#[derive(Debug)]
pub struct Planned {
    pub machine: String,
    pub lines: Vec<String>,
    /// What is not in the lines, and why.
    pub warnings: Vec<Warning>,
}

/// Compares a machine of the model with what was imported of it, and writes what differs for a tool.
///
/// - `from`: ID of a snapshot; `None`: the newest one at `now`, or without any a machine as it leaves the installation.
///
/// Usage error when there is no such machine or snapshot, or the snapshot is of another machine.
pub fn between(
    read: &mut dyn Read,
    scene: &Scene,
    machine: &str,
    from: Option<&str>,
    form: Form,
) -> Outcome<Planned> {
    let instance = instances::find(read, machine)?.ok_or_else(|| missing(machine))?;
    let wanted = Held::of(read, &instance, scene.now)?;
    let newest = match from {
        Some(given) => {
            let (stored, body) = snapshots::find(read, given)?;
            if !stored.machine.eq_ignore_ascii_case(&instance.name) {
                let message =
                    format!("snapshot `{given}` is of `{}`, not of `{machine}`", stored.machine);
                return Err(Usage::new(message).into());
            }
            Some(body)
        }
        None => instances::newest_snapshot(read, &instance.name, scene.now)?,
    };
    let mut warnings = Vec::new();
    let found = match &newest {
        Some(body) => snapshots::shown(&instance, body, scene, &editions::all(read)?)?.state,
        None => {
            let message = format!(
                "nothing was imported of `{}`; it is compared with a machine as it leaves the installation",
                instance.name
            );
            warnings.push(Warning::new("no-snapshot", message));
            bare(&wanted.state)
        }
    };
    if !matches!(wanted.known, Known::Model) {
        let message = format!("`{}` was not changed in the model", instance.name);
        warnings.push(Warning::new("not-modelled", message));
    }
    Ok(written(&found, &wanted.state, scene, form, warnings))
}

/// Writes the settings that calls made, for a tool.
///
/// Usage error when one of the calls makes no setting.
pub fn of_calls(called: Called, form: Form) -> Outcome<Planned> {
    let changes = made(&called.calls, &called.state).map_err(|word| {
        Usage::new(format!("`{word}` makes no setting; `--emit` writes settings alone"))
    })?;
    let Called { state, warnings, .. } = called;
    let written = write(&changes, state.machine.profile(), form);
    let mut planned = Planned { machine: state.machine.name, lines: written.lines, warnings };
    planned.leave_out(&written.left, form);
    Ok(planned)
}

impl Planned {
    /// Warns of what the tool has no word for.
    fn leave_out(&mut self, left: &[Change], form: Form) {
        for change in left {
            let of = change.of.map(|of| of.id.to_string()).unwrap_or_default();
            let message = format!("{} has no word for a setting of product {of}", form.word());
            self.warnings.push(Warning::new(LEFT_OUT, message));
        }
    }
}

/// Writes what one state of a machine differs from another.
fn written(
    found: &State,
    wanted: &State,
    scene: &Scene,
    form: Form,
    mut warnings: Vec<Warning>,
) -> Planned {
    let Plan { changes, not_a_host, unseen } = plan(found, wanted, scene.now);
    let name = &wanted.machine.name;
    if not_a_host {
        let message = format!(
            "`{name}`, as it was found, is no active KMS host: install and activate its key first, then plan again"
        );
        warnings.push(Warning::new("not-a-host", message));
    }
    for id in unseen {
        let message = format!("product {id} was not found on `{name}`: its key comes first");
        warnings.push(Warning::new("unseen-product", message));
    }
    let profile = Profile::from_version(&found.machine.version).0;
    let done = write(&changes, profile, form);
    let lines = if changes.is_empty() { Vec::new() } else { done.lines };
    let mut planned = Planned { machine: name.clone(), lines, warnings };
    planned.leave_out(&done.left, form);
    planned
}

/// The machine as it would be without any setting, with the products that it has.
fn bare(wanted: &State) -> State {
    let held = &wanted.machine;
    let cmid = held.service.client_machine_id;
    let product = |product: &Product| Product {
        host: HostChoice::default(),
        activation_type: None,
        ..product.clone()
    };
    State {
        machine: Machine::new(held.id, &held.name, &held.version, cmid),
        products: wanted.products.iter().map(product).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::scratch::{DESKTOP, Scratch};
    use super::between;
    use crate::kms::export::plan::Form;

    fn lines(scratch: &mut Scratch, form: Form) -> (Vec<String>, Vec<&'static str>) {
        let scene = scratch.scene();
        let planned = scratch.read(|read| between(read, &scene, "kms1", None, form));
        (planned.lines, planned.warnings.iter().map(|warning| warning.code).collect())
    }

    #[test]
    fn a_machine_that_was_never_imported_is_compared_with_a_new_one() {
        let mut scratch = Scratch::new();
        scratch.add_host("kms1", "10.0.20348.1");
        let (nothing, warned) = lines(&mut scratch, Form::Registry);
        assert_eq!((nothing.len(), warned), (0, vec!["no-snapshot"]));
        scratch.call("kms1", "SetVLRenewalInterval", &[("RenewalInterval", "43200")]);
        let (set, _) = lines(&mut scratch, Form::OsLicense);
        assert_eq!(set, ["Set-KmsLicenseInfo -RenewalInterval 43200"]);
    }

    #[test]
    fn a_snapshot_of_another_machine_is_wrong_usage() {
        let mut scratch = Scratch::new();
        scratch.add("kms1", Some(DESKTOP));
        let scene = scratch.scene();
        for (machine, from) in [("nobody", None), ("kms1", Some("ffff"))] {
            let planned = scratch.read(|read| Ok(between(read, &scene, machine, from, Form::Cim)));
            assert_eq!(planned.unwrap_err().status(), 2);
        }
    }
}
