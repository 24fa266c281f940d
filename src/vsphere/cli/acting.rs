//! What commands on an instance share: which one is meant, keys from files, processors, several objects in one change.

use super::API;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop, Usage, Verdict};
use crate::output::{ListOptions, View};
use crate::session::Session;
use crate::vsphere::model::entity::Processors;
use crate::vsphere::model::value::KeyValue;
use crate::vsphere::ops::Scene;
use crate::vsphere::ops::vcenters;
use crate::vsphere::rules::features::Levels;
use anyhow::Context;
use clap_complete::ArgValueCompleter;
use std::io::Read as _;
use std::path::Path;

/// Which instance is meant.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Vcenter {
    /// The vCenter; default: `LICCTL_VSPHERE_VCENTER`, else the only one
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::vcenters))]
    vcenter: Option<String>,
}

impl Vcenter {
    /// The scene of a method that is called on the instance.
    ///
    /// Usage error when there is none of that name, or several and none is named.
    pub(super) fn scene(&self, session: &mut Session) -> Outcome<Scene> {
        scene_of(self.vcenter.as_deref(), session)
    }
}

/// The scene of the instance of that name, else of the only one.
pub(super) fn scene_of(name: Option<&str>, session: &mut Session) -> Outcome<Scene> {
    let name = session.instance(&API, name)?;
    let secrets = session.printer.look.secrets;
    let scene = session.read(|read, now| vcenters::scene(read, &name, now))?;
    Ok(Scene { secrets, ..scene })
}

/// One vCenter, or every one of them.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Vcenters {
    /// Every vCenter of the store, in one answer; the scope tells them apart
    #[arg(long, conflicts_with = "vcenter")]
    pub(super) all_vcenters: bool,
    #[command(flatten)]
    vcenter: Vcenter,
}

impl Vcenters {
    /// The scenes of a method that is called on each of them.
    ///
    /// Usage error as [`Vcenter::scene`].
    pub(super) fn scenes(&self, session: &mut Session) -> Outcome<Vec<Scene>> {
        if !self.all_vcenters {
            return Ok(vec![self.vcenter.scene(session)?]);
        }
        let secrets = session.printer.look.secrets;
        let scenes = session.read(|read, now| vcenters::scenes(read, now))?;
        Ok(scenes.into_iter().map(|scene| Scene { secrets, ..scene }).collect())
    }
}

/// How levels of features are compared.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Compatible {
    /// Compare levels of features as govc does: "Unlimited" is level 0
    #[arg(long, hide_short_help = true)]
    govc_compat: bool,
}

impl Compatible {
    pub(super) fn put(&self, scene: Scene) -> Scene {
        Scene { levels: if self.govc_compat { Levels::Literal } else { Levels::Meant }, ..scene }
    }
}

/// What counts beside the inventory and the catalogue when a key is looked up.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Resolving {
    /// Whether a key is known when another instance of the store knows it
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set, hide_short_help = true)]
    learned: bool,
}

impl Resolving {
    pub(super) fn put(&self, scene: Scene) -> Scene {
        Scene { learned: self.learned, ..scene }
    }
}

/// Whether one refusal stops the others.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Several {
    /// Leave refused ones out and do the rest
    #[arg(long)]
    keep_going: bool,
}

impl Several {
    /// Does `one` for each of `things` in their order, in one change; what was refused is kept beside what was done.
    ///
    /// Without `--keep-going` the first refusal ends all of it.
    pub(super) fn each<T, D>(
        &self,
        things: &[T],
        mut one: impl FnMut(&T) -> Outcome<D>,
    ) -> Outcome<Done<D>> {
        let mut done = Done { done: Vec::new(), refused: Vec::new() };
        for thing in things {
            match one(thing) {
                Ok(made) => done.done.push(made),
                Err(stop @ Stop::Refused(_)) if self.keep_going => done.refused.push(stop),
                Err(stop) => return Err(stop),
            }
        }
        Ok(done)
    }
}

/// What was done, and what was refused.
pub(super) struct Done<D> {
    pub(super) done: Vec<D>,
    refused: Vec<Stop>,
}

impl<D> Done<D> {
    /// Tells what was refused; the answer is no when anything was.
    pub(super) fn verdict(&self, session: &mut Session) -> Verdict {
        for stop in &self.refused {
            if let Stop::Refused(refusal) = stop {
                let message = format!("refused with {}: {}", refusal.code.symbol, refusal.message);
                session.warn(crate::error::Warning::new("REFUSED", message));
            }
        }
        if self.refused.is_empty() { Verdict::Yes } else { Verdict::No }
    }

    /// Prints what was done, as a list, and tells what was refused.
    pub(super) fn show<V: View>(
        &self,
        session: &mut Session,
        view: impl Fn(&D) -> V,
    ) -> Outcome<Verdict> {
        let verdict = self.verdict(session);
        session.printer.list::<V>(&ListOptions::default(), |sink| {
            for done in &self.done {
                if sink.row(&view(done))?.is_break() {
                    break;
                }
            }
            Ok(())
        })?;
        Ok(verdict)
    }
}

/// The keys of the command line and of `--key-file`, in this order.
///
/// Usage error when there is none.
pub(super) fn keys(given: &[String], file: Option<&Path>) -> Outcome<Vec<String>> {
    let mut keys = given.to_vec();
    if let Some(path) = file {
        let text = text_of(path)?;
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        keys.extend(lines.filter(|line| !line.is_empty()).map(str::to_owned));
    }
    if keys.is_empty() {
        return Err(Usage::new("no key was given")
            .hinted("give keys, or a file with one a line: `--key-file FILE`; `-` is the standard input")
            .into());
    }
    Ok(keys)
}

/// The text of a small file; `-` is the standard input.
pub(super) fn text_of(path: &Path) -> Outcome<String> {
    let mut bytes = Vec::new();
    let reading = || format!("reading {}", path.display());
    let limit = u64::try_from(crate::artefact::LONGEST).unwrap_or(u64::MAX);
    if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).with_context(reading)?;
    } else {
        let file = std::fs::File::open(path).with_context(reading)?;
        file.take(limit).read_to_end(&mut bytes).with_context(reading)?;
    }
    Ok(crate::artefact::text::whole(&bytes))
}

/// Reads `team=infra`; the value may be empty.
pub(super) fn label(text: &str) -> Result<KeyValue, String> {
    let (key, value) = text.split_once('=').ok_or("write `label=value`")?;
    Ok(KeyValue::new(key, value))
}

/// Reads `4x8`, or the cores of each package: `16,15`.
pub(super) fn processors(text: &str) -> Result<Processors, String> {
    let wrong = || {
        "write packages and cores, as `4x8`, or the cores of each package, as `16,15`; each at least 1".to_owned()
    };
    let number =
        |text: &str| text.trim().parse::<u32>().ok().filter(|number| (1..=4096).contains(number));
    let packages: Option<Vec<u32>> = match text.split_once(['x', 'X']) {
        Some((packages, cores)) => number(packages)
            .zip(number(cores))
            .and_then(|(packages, cores)| Some(vec![cores; usize::try_from(packages).ok()?])),
        None => text.split(',').map(number).collect(),
    };
    packages
        .map(|packages| Processors { packages, count: None, shared_out: false })
        .ok_or_else(wrong)
}

/// Reads an RFC 3339 time.
pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "write RFC 3339, as `2026-12-01T00:00:00Z`".to_owned())
}

/// Reads TiB with up to six decimals, as millionths.
pub(super) fn tebibytes(text: &str) -> Result<u64, String> {
    let wrong = || "write TiB with up to six decimals, as `11.52`".to_owned();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 6 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let whole: u64 = whole.parse().map_err(|_| wrong())?;
    let part: u64 = format!("{part:0<6}").parse().map_err(|_| wrong())?;
    whole.checked_mul(1_000_000).and_then(|micro| micro.checked_add(part)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::{processors, tebibytes};

    #[test]
    fn processors_are_written_alike_or_one_by_one() {
        assert_eq!(processors("4x8").unwrap().packages, [8, 8, 8, 8]);
        assert_eq!(processors("16,15").unwrap().packages, [16, 15]);
        for wrong in ["2x0", "0x16", "x", "", "16,", "-1x2"] {
            assert!(processors(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn capacities_are_exact_to_a_millionth() {
        assert_eq!(tebibytes("310.2"), Ok(310_200_000));
        assert_eq!(tebibytes("12"), Ok(12_000_000));
        for wrong in ["", "-1", "1.0000001", "1,5"] {
            assert!(tebibytes(wrong).is_err(), "{wrong}");
        }
    }
}
