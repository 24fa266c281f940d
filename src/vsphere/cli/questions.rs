//! `vsphere audit`, `status`, `cores`, `reclaim`: the questions that an administrator asks first.

use super::acting::Vcenter;
use super::plan::ToolWord;
use crate::clock::Span;
use crate::error::{Outcome, Verdict};
use crate::finding::{Finding, Level};
use crate::gate;
use crate::gate::policy::{Policy, Seen};
use crate::output::ListOptions;
use crate::session::Session;
use crate::vsphere::export::steps::{self, Step};
use crate::vsphere::ops::questions::estate_of;
use crate::vsphere::report::Estate;
use crate::vsphere::report::audit::{self as auditing, Audit};
use crate::vsphere::report::reclaim as reclaiming;
use crate::vsphere::report::status::{Expected, expected, is_mismatch};
use crate::vsphere::rules::pattern;
use crate::vsphere::rules::standing::AssetStatus;
use crate::vsphere::view::{AuditView, ReclaimView, StatusView};
use crate::wording::many;
use std::path::PathBuf;

/// What every question takes.
#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    vcenter: Vcenter,
    #[command(flatten)]
    pub(super) list: ListOptions,
}

impl Common {
    /// The whole estate, keys in full when they are to be shown.
    pub(super) fn estate(&self, session: &mut Session) -> Outcome<Estate> {
        let scene = self.vcenter.scene(session)?;
        session.read(|read, _| estate_of(read, &scene))
    }

    pub(super) fn verdict(&self, worst: Option<Level>) -> Verdict {
        match (self.fail_on, worst) {
            (Some(level), Some(worst)) if worst <= level => Verdict::No,
            _ => Verdict::Yes,
        }
    }
}

/// Which edition hosts should have.
#[derive(Debug, clap::Args)]
struct ExpectArguments {
    /// Edition that every host should have; default: the most frequent of its cluster
    #[arg(long, value_name = "PATTERN")]
    expect_edition: Option<String>,
    /// The policy of `licctl check`, with `[[vsphere.rules]]` for the editions of clusters and hosts
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, long_help = POLICY_HELP)]
    policy: Option<PathBuf>,
}

/// What `--policy --help` says: the grammar of the domain's own table by example.
const POLICY_HELP: &str = r#"The policy of `licctl check`, with `[[vsphere.rules]]` for the editions of clusters and hosts

The first rule that fits a host says which edition it should have; `*` is any letters, `?` is one:

    [[vsphere.rules]]
    cluster = "prod-*"       # also: host
    edition = "esx.enterprisePlus.*"

What else a policy holds, severities, ignored classes and waivers, judges the findings of `audit`."#;

impl ExpectArguments {
    fn read(&self) -> Outcome<(Policy, Expected)> {
        let (policy, rules) = match &self.policy {
            Some(path) => super::expected::read(path)?,
            None => (Policy::default(), Vec::new()),
        };
        Ok((policy, Expected { rules, edition: self.expect_edition.clone() }))
    }
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere audit\n  licctl vsphere audit --within 30d --fail-on warning\n  licctl vsphere audit --expect-edition 'esx.enterprisePlus.*'\n  licctl vsphere audit --policy policy.toml"
)]
pub(super) struct AuditArguments {
    /// How far ahead an expiry is told
    #[arg(long, value_name = "SPAN", default_value = "90d")]
    within: Span,
    #[command(flatten)]
    expect: ExpectArguments,
    #[command(flatten)]
    common: Common,
}

pub(super) fn audit(arguments: &AuditArguments, session: &mut Session) -> Outcome<Verdict> {
    let (policy, expected) = arguments.expect.read()?;
    let estate = arguments.common.estate(session)?;
    let found = auditing::audit(&estate, &Audit { within: arguments.within, expected });
    let mut judge = policy.judge(session.now);
    let mut left: Vec<Finding> =
        found.into_iter().filter_map(|finding| judge.judge(finding)).collect();
    let (own, waived) = judge.finish(Seen::Part);
    left.extend(own);
    left.sort_by_key(|finding| finding.severity);
    session.printer.rows::<AuditView>(&arguments.common.list, left.iter().map(AuditView))?;
    gate::tell(&waived, session);
    let worst = left.iter().map(|finding| finding.severity).min();
    let fail_on = arguments.common.fail_on.or(policy.fail_on);
    Ok(match (fail_on, worst) {
        (Some(level), Some(worst)) if worst <= level => Verdict::No,
        _ => Verdict::Yes,
    })
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere status\n  licctl vsphere status --evaluation\n  licctl vsphere status --expect-edition 'esx.enterprisePlus.*' --mismatch"
)]
pub(super) struct StatusArguments {
    /// Only entities on evaluation
    #[arg(long)]
    evaluation: bool,
    /// Only entities whose edition is not the expected one
    #[arg(long)]
    mismatch: bool,
    /// Only hosts of clusters whose name fits
    #[arg(long, value_name = "PATTERN")]
    cluster: Option<String>,
    #[command(flatten)]
    expect: ExpectArguments,
    #[command(flatten)]
    common: Common,
}

pub(super) fn status(arguments: &StatusArguments, session: &mut Session) -> Outcome<Verdict> {
    let (_, rules) = arguments.expect.read()?;
    let estate = arguments.common.estate(session)?;
    let held = estate.held();
    let wanted = expected(&estate, &held, &rules);
    let clusters = estate.clusters();
    let (mut views, mut worst) = (Vec::new(), None);
    for one in &held {
        let expected = wanted.get(&one.entity.id);
        let mismatch = is_mismatch(one, expected);
        let status = one.standing.status;
        let evaluates = matches!(status, AssetStatus::Evaluation | AssetStatus::ExpiredEvaluation);
        let parent = one.entity.parent.as_deref();
        let cluster = parent.map(|parent| clusters.get(parent).copied().unwrap_or(parent));
        let in_cluster = arguments
            .cluster
            .as_deref()
            .is_none_or(|wanted| cluster.is_some_and(|cluster| pattern::fits(wanted, cluster)));
        if (arguments.evaluation && !evaluates) || (arguments.mismatch && !mismatch) || !in_cluster
        {
            continue;
        }
        let level = match status {
            AssetStatus::ExpiredLicense | AssetStatus::ExpiredEvaluation => Some(Level::Error),
            AssetStatus::Evaluation => Some(Level::Warning),
            _ => mismatch.then_some(Level::Warning),
        };
        worst = [worst, level].into_iter().flatten().min();
        views.push(StatusView::new(one, cluster, expected, mismatch, estate.now));
    }
    session.printer.rows::<StatusView>(&arguments.common.list, &views)?;
    Ok(arguments.common.verdict(worst))
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere reclaim\n  licctl vsphere reclaim --filter 'reason=unassigned' -o name\n  licctl vsphere reclaim --emit govc > remove.sh"
)]
pub(super) struct ReclaimArguments {
    /// A disconnected host counts after so long; one whose time is not known counts at once
    #[arg(long, value_name = "SPAN", default_value = "30d")]
    stale: Span,
    /// Write the steps that remove what nothing holds, for another tool
    #[arg(long, value_name = "TOOL")]
    emit: Option<ToolWord>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn reclaim(arguments: &ReclaimArguments, session: &mut Session) -> Outcome<Verdict> {
    let estate = arguments.common.estate(session)?;
    let found = reclaiming::reclaim(&estate, arguments.stale);
    if let Some(tool) = arguments.emit {
        let steps: Vec<Step<'_>> = reclaiming::removable(&estate)
            .map(|license| Step::Remove { key: &license.key })
            .collect();
        let text = steps::write(tool.tool(), &steps, session.printer.look.secrets);
        session.printer.artefact(&text)?;
        session.printer.note(&format!("{} to remove", many(steps.len(), "license")));
    } else {
        let views = found.iter().map(ReclaimView::from);
        session.printer.rows::<ReclaimView>(&arguments.common.list, views)?;
        // Units of different kinds are never added.
        for (unit, units) in reclaiming::sums(&found) {
            let unit =
                if unit.is_empty() { "no known unit".to_owned() } else { format!("`{unit}`") };
            session.printer.note(&format!("{} of {unit} could be taken back", many(units, "unit")));
        }
    }
    Ok(arguments.common.verdict((!found.is_empty()).then_some(Level::Info)))
}
