//! A policy file: how findings are judged, and in its table `vsphere.rules` which edition hosts should have.

use crate::apis;
use crate::error::{Complaints, Outcome, Stop};
use crate::gate::policy::{self, Policy};
use crate::vsphere::import::policy::rules;
use crate::vsphere::report::status::Rule;
use anyhow::Context;
use std::path::Path;

/// Reads a policy file.
///
/// Faults when the file cannot be read; complains of what is no TOML, of unknown keys, of values that a key cannot have.
pub(super) fn read(path: &Path) -> Outcome<(Policy, Vec<Rule>)> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {file}"))?;
    let domains: Vec<&str> = apis::APIS.iter().map(|api| api.name).collect();
    let wrong = |complaints: Complaints| Stop::from(complaints).within(&file);
    let mut policy = policy::read(&text, &domains).map_err(wrong)?;
    let rules = rules(&text).map_err(wrong)?;
    policy.file.clone_from(&file);
    Ok((policy, rules))
}
