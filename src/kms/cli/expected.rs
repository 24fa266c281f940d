//! `--policy FILE`: the file in which it stands what settings are expected of all machines.

use crate::error::{Outcome, Stop};
use crate::kms::ops::expected::expected;
use crate::kms::report::policy::Expected;
use anyhow::Context;
use std::path::Path;

/// Reads what a policy file expects; nothing when it has no table `kms`.
///
/// Faults when the file cannot be read; complaints name it.
pub(super) fn read(path: &Path) -> Outcome<Expected> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {file}"))?;
    expected(&text).map_err(|complaints| Stop::from(complaints).within(&file))
}
