//! `vsphere audit`, `status`, `cores`, `reclaim`: the questions that an administrator asks first.

use super::acting::Vcenter;
use crate::clock::Span;
use crate::error::{Outcome, Verdict, Warning};
use crate::finding::{Finding, Level};
use crate::output::ListOptions;
use crate::session::Session;
use crate::vsphere::ops::query::in_full;
use crate::vsphere::ops::questions::estate_of;
use crate::vsphere::report::Estate;
use crate::vsphere::report::audit::{self as auditing, Audit};
use crate::vsphere::report::cores::{self as counting, Ask};
use crate::vsphere::report::reclaim as reclaiming;
use crate::vsphere::report::status::{expected, is_mismatch};
use crate::vsphere::rules::pattern;
use crate::vsphere::rules::standing::AssetStatus;
use crate::vsphere::view::{CoresView, ReclaimView, StatusView};

/// What every question takes.
#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    vcenter: Vcenter,
    #[command(flatten)]
    list: ListOptions,
}

impl Common {
    /// The whole estate, keys in full when they are to be shown.
    fn estate(&self, session: &mut Session) -> Outcome<Estate> {
        let scene = self.vcenter.scene(session)?;
        session.read(|read, _| {
            let mut estate = estate_of(read, &scene)?;
            estate.licenses = in_full(read, &scene, estate.licenses)?;
            Ok(estate)
        })
    }

    fn verdict(&self, worst: Option<Level>) -> Verdict {
        match (self.fail_on, worst) {
            (Some(level), Some(worst)) if worst <= level => Verdict::No,
            _ => Verdict::Yes,
        }
    }
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere audit\n  licctl vsphere audit --within 30d --fail-on warning\n  licctl vsphere audit --expect-edition 'esx.enterprisePlus.*'"
)]
pub(super) struct AuditArguments {
    /// How far ahead an expiry is told
    #[arg(long, value_name = "SPAN", default_value = "90d")]
    within: Span,
    /// Edition that every host should have; default: the most frequent of its cluster
    #[arg(long, value_name = "PATTERN")]
    expect_edition: Option<String>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn audit(arguments: &AuditArguments, session: &mut Session) -> Outcome<Verdict> {
    let estate = arguments.common.estate(session)?;
    let ask = Audit { within: arguments.within, edition: arguments.expect_edition.clone() };
    let found = auditing::audit(&estate, &ask);
    session.printer.list::<Finding>(&arguments.common.list, |sink| {
        for finding in &found {
            if sink.row(finding)?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(arguments.common.verdict(found.iter().map(|finding| finding.severity).min()))
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
    /// Edition that every host should have; default: the most frequent of its cluster
    #[arg(long, value_name = "PATTERN")]
    expect_edition: Option<String>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn status(arguments: &StatusArguments, session: &mut Session) -> Outcome<Verdict> {
    let estate = arguments.common.estate(session)?;
    let held = estate.held();
    let wanted = expected(&estate, &held, arguments.expect_edition.as_deref());
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
    session.printer.list::<StatusView>(&arguments.common.list, |sink| {
        for view in &views {
            if sink.row(view)?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(arguments.common.verdict(worst))
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere cores\n  licctl vsphere cores --pack 32 --order-minimum 72\n  licctl vsphere cores -o csv"
)]
pub(super) struct CoresArguments {
    /// The fewest cores that a CPU counts as
    #[arg(long, value_name = "N", default_value_t = 16)]
    min_per_cpu: u32,
    /// Units are bought in packs of so many
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pack: u32,
    /// The fewest units of an order
    #[arg(long, value_name = "N", default_value_t = 0)]
    order_minimum: u64,
    /// Count migration appliances and witnesses too
    #[arg(long)]
    include_excluded: bool,
    #[command(flatten)]
    common: Common,
}

pub(super) fn cores(arguments: &CoresArguments, session: &mut Session) -> Outcome<Verdict> {
    let estate = arguments.common.estate(session)?;
    let ask = Ask {
        least: arguments.min_per_cpu,
        pack: arguments.pack,
        order_minimum: arguments.order_minimum,
        excluded_too: arguments.include_excluded,
    };
    let answer = counting::cores(&estate, &ask);
    for host in &answer.hosts {
        let (entity, name) = (host.entity, host.entity.called());
        if host.units.is_none() {
            let message =
                format!("the processors of {name} are not known, and nothing was counted");
            session.warn(Warning::new("INCOMPLETE", message).at(entity.entity_id.as_str()));
        } else if entity.processors.shared_out {
            let message =
                format!("the cores of {name} do not divide by its CPUs, and were shared out");
            session.warn(Warning::new("UNEVEN_CPU", message).at(entity.entity_id.as_str()));
        }
    }
    session.printer.list::<CoresView>(&arguments.common.list, |sink| {
        for host in &answer.hosts {
            if sink.row(&CoresView::from(host))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    let partial = if answer.complete { "" } else { ", not counting unknown hosts" };
    session.printer.note(&format!(
        "{} cores needed{partial}, {} owned, {} short; order {}",
        answer.need, answer.owned, answer.shortfall, answer.order
    ));
    Ok(arguments.common.verdict((!answer.complete).then_some(Level::Warning)))
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere reclaim\n  licctl vsphere reclaim --filter 'reason=unassigned' -o name"
)]
pub(super) struct ReclaimArguments {
    #[command(flatten)]
    common: Common,
}

pub(super) fn reclaim(arguments: &ReclaimArguments, session: &mut Session) -> Outcome<Verdict> {
    let estate = arguments.common.estate(session)?;
    let found = reclaiming::reclaim(&estate);
    session.printer.list::<ReclaimView>(&arguments.common.list, |sink| {
        for row in &found {
            if sink.row(&ReclaimView::from(row))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    // Units of different kinds are never added.
    for (unit, units) in reclaiming::sums(&found) {
        session.printer.note(&format!("{units} units of `{unit}` could be taken back"));
    }
    Ok(arguments.common.verdict((!found.is_empty()).then_some(Level::Info)))
}
