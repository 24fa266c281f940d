//! `vsphere cores`: how many units a move to licenses by cores needs.

use super::acting::tebibytes;
use super::questions::Common;
use crate::error::{Outcome, Usage, Verdict, Warning};
use crate::finding::Level;
use crate::output::Format;
use crate::session::Session;
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::report::Estate;
use crate::vsphere::report::cores::{Ask, Cores, SUITES, VVF, cores};
use crate::vsphere::view::{CoresView, HostCoresView};
use clap::builder::PossibleValuesParser;
use std::collections::BTreeMap;

/// Count the cores that hosts need, at least 16 for each CPU, and the vSAN capacity to which they entitle
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere cores\n  licctl vsphere cores --pack 32 --order-minimum 72\n  licctl vsphere cores --model VVF --vsan-tib prod=310.2\n  licctl vsphere cores -o csv"
)]
pub(super) struct Arguments {
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
    /// The suite whose cores entitle to vSAN capacity: VCF to 1 TiB each, VVF to 0.25
    #[arg(long, value_name = "SUITE", ignore_case = true, value_parser = PossibleValuesParser::new(SUITES.map(|(name, _)| name)))]
    model: Option<String>,
    /// GiB to which each core of VVF entitles, as 100 by the rule of early 2024
    #[arg(long, value_name = "N")]
    vvf_gib: Option<u32>,
    /// Raw capacity that a cluster claims, in TiB; repeatable
    #[arg(long = "vsan-tib", value_name = "CLUSTER=TIB", value_parser = capacity)]
    capacities: Vec<(String, u64)>,
    #[command(flatten)]
    common: Common,
}

fn capacity(text: &str) -> Result<(String, u64), String> {
    let (cluster, raw) = text.rsplit_once('=').ok_or("write `CLUSTER=TIB`, as `prod=11.52`")?;
    Ok((cluster.to_owned(), tebibytes(raw)?))
}

impl Arguments {
    /// Usage error when the entitlement of one suite is given for the other.
    fn gib_per_core(&self) -> Outcome<Option<u32>> {
        let named = |name: &str| {
            self.model.as_deref().is_some_and(|model| name.eq_ignore_ascii_case(model))
        };
        let suite = SUITES.iter().find(|(name, _)| named(name));
        match (self.vvf_gib, suite) {
            (Some(_), Some((name, _))) if *name != VVF => Err(Usage::new(format!(
                "`--vvf-gib` is what a core of {VVF} entitles to, not of {name}"
            ))
            .hinted(format!("leave `--model {name}` out, or `--vvf-gib`"))
            .into()),
            (gib, suite) => Ok(gib.or(suite.map(|(_, gib)| *gib))),
        }
    }

    /// Usage error when a cluster is not there, or its name is that of several.
    fn ask(&self, estate: &Estate) -> Outcome<Ask> {
        let mut vsan = BTreeMap::new();
        for (name, micro) in &self.capacities {
            vsan.insert(cluster_id(estate, name)?, *micro);
        }
        Ok(Ask {
            least: self.min_per_cpu,
            pack: self.pack,
            order_minimum: self.order_minimum,
            excluded_too: self.include_excluded,
            gib_per_core: self.gib_per_core()?,
            vsan,
        })
    }
}

fn cluster_id(estate: &Estate, name: &str) -> Outcome<String> {
    let mut clusters: Vec<_> =
        estate.entities.iter().filter(|entity| entity.kind == EntityKind::Cluster).collect();
    if let Some(exact) = clusters.iter().find(|cluster| cluster.entity_id == name) {
        return Ok(exact.entity_id.clone());
    }
    clusters.retain(|cluster| cluster.name.as_deref() == Some(name));
    match clusters.as_slice() {
        [only] => Ok(only.entity_id.clone()),
        [] => Err(Usage::new(format!("there is no cluster `{name}`"))
            .hinted("`licctl vsphere entity list --filter 'kind=cluster'` shows them")
            .into()),
        several => {
            let ids: Vec<&str> = several.iter().map(|held| held.entity_id.as_str()).collect();
            Err(Usage::new(format!("{} clusters are called `{name}`", several.len()))
                .hinted(format!("give one of the ids {}", ids.join(", ")))
                .into())
        }
    }
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let estate = arguments.common.estate(session)?;
    let ask = arguments.ask(&estate)?;
    let answer = cores(&estate, &ask);
    warn(&answer, session);
    let view = CoresView::new(&answer, ask.least, ask.gib_per_core);
    let format = session.printer.format;
    if format == Format::Json || session.printer.jq.is_some() {
        session.show(&view)?;
    } else {
        let total = matches!(format, Format::Table | Format::Csv).then(|| view.total_row());
        let total = total.filter(|_| !view.hosts.is_empty());
        session.printer.rows::<HostCoresView>(
            &arguments.common.list,
            view.hosts.iter().cloned().chain(total),
        )?;
        for sentence in view.sentences() {
            session.printer.note(&sentence);
        }
    }
    Ok(arguments.common.verdict((!answer.complete).then_some(Level::Warning)))
}

fn warn(answer: &Cores<'_>, session: &mut Session) {
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
}
