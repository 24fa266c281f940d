//! `vsphere plan`: on which licenses, the fewest of them, hosts could go; and the plan carried out, or written for another tool.

use super::acting::{Compatible, Vcenter};
use crate::clock::Timestamp;
use crate::error::{Outcome, Verdict, Warning};
use crate::finding::Level;
use crate::output::{Format, ListOptions};
use crate::session::Session;
use crate::store::Read;
use crate::vsphere::export::steps::{self, Step, Tool};
use crate::vsphere::ops::entities::named;
use crate::vsphere::ops::resolve::key_named;
use crate::vsphere::ops::{Scene, plan as ops, questions};
use crate::vsphere::report::Estate;
use crate::vsphere::report::plan::{Ask, Facts, Hosts, plan};
use crate::vsphere::store;
use crate::vsphere::view::{MoveView, PlanView, UsedView};
use clap_complete::ArgValueCompleter;

/// The tool that steps are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ToolWord {
    /// Shell lines for govc
    Govc,
    /// A script for `PowerCLI`
    Powercli,
    /// Tasks with `community.vmware.vcenter_license`
    Ansible,
}

impl ToolWord {
    pub(super) const fn tool(self) -> Tool {
        match self {
            Self::Govc => Tool::Govc,
            Self::Powercli => Tool::Powercli,
            Self::Ansible => Tool::Ansible,
        }
    }
}

/// Plan on which licenses hosts go: most hosts placed, fewest licenses, fewest changes, lowest editions
///
/// Without a choice of hosts: those on evaluation, and those whose license has expired by `--valid-until`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere plan\n  licctl vsphere plan --all --reassign --edition 'esx.enterprisePlus.*'\n  licctl vsphere plan --valid-until 2027-03-31 --apply\n  licctl vsphere plan --from …-ENTP1 --key …-STND2 --reassign --apply --vcenter hq\n  licctl vsphere plan --emit govc > assign.sh"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Arguments {
    /// Only this host: id, name or path; repeatable
    #[arg(long = "host", value_name = "HOST", conflicts_with_all = ["clusters", "all"], add = ArgValueCompleter::new(super::complete::entities))]
    hosts: Vec<String>,
    /// Every host of clusters whose name fits; repeatable
    #[arg(long = "cluster", value_name = "PATTERN", conflicts_with = "all")]
    clusters: Vec<String>,
    /// Every host that holds this license: key, its end in whole groups, or `@label=value`; repeatable
    #[arg(long = "from", value_name = "KEY", conflicts_with_all = ["hosts", "clusters", "all"], add = ArgValueCompleter::new(super::complete::keys))]
    from: Vec<String>,
    /// Every host
    #[arg(long)]
    all: bool,
    /// Only this license: key, its end in whole groups, or `@label=value`; repeatable
    #[arg(long = "key", value_name = "KEY", add = ArgValueCompleter::new(super::complete::keys))]
    keys: Vec<String>,
    /// Only licenses of editions that fit
    #[arg(long, value_name = "PATTERN")]
    edition: Option<String>,
    /// The licenses have to be valid until then: a date or RFC 3339; default: now
    #[arg(long, value_name = "DATE", value_parser = moment)]
    valid_until: Option<Timestamp>,
    /// Hosts whose license does stay on it; the default
    #[arg(long, conflicts_with = "reassign")]
    keep: bool,
    /// Hosts whose license does may get another
    #[arg(long)]
    reassign: bool,
    /// Make the moves, in an order in which every step is within capacity
    #[arg(long, conflicts_with = "emit")]
    apply: bool,
    /// Write the steps for another tool
    #[arg(long, value_name = "TOOL")]
    emit: Option<ToolWord>,
    /// Exit 1 when there is a finding of this level or worse: a host without a license is a warning
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    compatible: Compatible,
    #[command(flatten)]
    vcenter: Vcenter,
    #[command(flatten)]
    list: ListOptions,
}

/// Reads a date, which is its first instant, or RFC 3339.
fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text)
        .or_else(|| Timestamp::parse(&format!("{text}T00:00:00Z")))
        .ok_or_else(|| "write a date or RFC 3339, as `2027-03-31`".to_owned())
}

/// The numbers of the licenses that a person named.
fn licenses(keys: &[String], read: &mut dyn Read, scene: &Scene) -> Outcome<Vec<i64>> {
    let mut licenses = Vec::new();
    for key in keys {
        let key = key_named(read, scene, key)?;
        let found = store::licenses::find(read, scene.vcenter.id, &key)?;
        let found = found.ok_or_else(|| crate::vsphere::rules::inventory::not_found(&key))?;
        licenses.push(found.id);
    }
    Ok(licenses)
}

impl Arguments {
    fn ask(&self, read: &mut dyn Read, scene: &Scene) -> Outcome<Ask> {
        let hosts = if self.all {
            Hosts::All
        } else if !self.clusters.is_empty() {
            Hosts::Clusters(self.clusters.clone())
        } else if !self.from.is_empty() {
            Hosts::On(licenses(&self.from, read, scene)?)
        } else if self.hosts.is_empty() {
            Hosts::Unlicensed
        } else {
            let ids = self.hosts.iter().map(|host| {
                let id = named(read, scene, host)?;
                crate::vsphere::ops::host_licenses::host_id(read, scene, &id)
            });
            Hosts::Named(ids.collect::<Outcome<_>>()?)
        };
        let chosen = licenses(&self.keys, read, scene)?;
        Ok(Ask {
            hosts,
            licenses: (!self.keys.is_empty()).then_some(chosen),
            edition: self.edition.clone(),
            valid_until: self.valid_until.unwrap_or(scene.now),
            reassign: self.reassign,
        })
    }

    /// What is planned on, keys in full when they are to be shown.
    fn question(&self, read: &mut dyn Read, scene: &Scene) -> Outcome<(Estate, Facts, Ask)> {
        let ask = self.ask(read, scene)?;
        let estate = questions::estate_of(read, scene)?;
        let facts = ops::facts(read, scene, &estate)?;
        Ok((estate, facts, ask))
    }
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let scene = arguments.compatible.put(arguments.vcenter.scene(session)?);
    if let Some(tool) = arguments.emit {
        return emit(arguments, tool.tool(), &scene, session);
    }
    let (view, wanting) = if arguments.apply {
        session.write(|tx, _| {
            let (estate, facts, ask) = arguments.question(tx.reading(), &scene)?;
            let plan = plan(&estate, &facts, &ask);
            ops::apply(tx, &scene, &plan)?;
            Ok((PlanView::new(&plan, true), None))
        })?
    } else {
        session.read(|read, _| {
            let (estate, facts, ask) = arguments.question(read, &scene)?;
            let plan = plan(&estate, &facts, &ask);
            let wanting = ops::ordered(&plan).err().map(|refusal| refusal.message);
            Ok((PlanView::new(&plan, false), wanting))
        })?
    };
    if let Some(wanting) = wanting {
        session.warn(Warning::new("NO_ORDER", wanting));
    }
    show(arguments, &view, session)?;
    Ok(verdict(arguments, &view))
}

fn emit(
    arguments: &Arguments,
    tool: Tool,
    scene: &Scene,
    session: &mut Session,
) -> Outcome<Verdict> {
    let (text, view) = session.read(|read, _| {
        let (estate, facts, ask) = arguments.question(read, scene)?;
        let plan = plan(&estate, &facts, &ask);
        ops::ordered(&plan)?;
        let moves = plan.moves.iter();
        let steps: Vec<Step<'_>> =
            moves.map(|moved| Step::Assign { entity: moved.entity, key: &moved.to.key }).collect();
        Ok((steps::write(tool, &steps, scene.secrets), PlanView::new(&plan, false)))
    })?;
    unplaced(&view, session);
    session.printer.artefact(&text)?;
    session.printer.note(&view.sentence());
    Ok(verdict(arguments, &view))
}

fn unplaced(view: &PlanView, session: &mut Session) {
    for left in &view.unplaced {
        session.warn(Warning::new("UNPLACED", left.sentence()).at(left.entity_id()));
    }
}

fn show(arguments: &Arguments, view: &PlanView, session: &mut Session) -> Outcome<()> {
    if session.printer.format == Format::Json || session.printer.jq.is_some() {
        return session.show(view);
    }
    unplaced(view, session);
    session.printer.rows::<MoveView>(&arguments.list, &view.moves)?;
    if session.printer.format == Format::Table && !view.keys.is_empty() {
        session.printer.artefact("\n")?;
        session.printer.rows::<UsedView>(&ListOptions::default(), &view.keys)?;
    }
    let applied = match (arguments.apply, session.rehearses()) {
        (false, _) => "",
        (true, false) => "applied: ",
        (true, true) => "not applied, dry run: ",
    };
    session.printer.note(&format!("{applied}{}", view.sentence()));
    Ok(())
}

fn verdict(arguments: &Arguments, view: &PlanView) -> Verdict {
    match arguments.fail_on {
        Some(Level::Warning | Level::Info) if !view.unplaced.is_empty() => Verdict::No,
        _ => Verdict::Yes,
    }
}
