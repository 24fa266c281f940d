//! `vsphere import`: `licctl import` that knows one domain.

use crate::api::Hints;
use crate::error::{Outcome, Verdict};
use crate::estate::{ImportOptions, import_paths};
use crate::session::Session;
use crate::vsphere::import::DayOrder;
use crate::vsphere::ops::intake::{DATE_ORDER, FORCE, HOST, LEARN};
use clap::builder::PossibleValuesParser;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  govc license.ls -json | licctl vsphere import - --vcenter hq\n  licctl vsphere import RVTools_tabvLicense.csv RVTools_tabvHost.csv --date-order dmy\n  ssh hq-esx01 vim-cmd vimsvc/license --show | licctl vsphere import - --host hq-esx01 --vcenter hq\n  licctl vsphere import licenses.json --vcenter hq --learn-catalogue"
)]
pub(super) struct Arguments {
    /// Files, folders, or `-` for the standard input
    #[arg(required = true, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    options: ImportOptions,
    /// The vCenter that the files belong to, when they name none
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::vcenters))]
    vcenter: Option<String>,
    /// The host that a text of `vim-cmd` is of; default: a stand-alone host
    #[arg(long, value_name = "ENTITY", add = ArgValueCompleter::new(super::complete::entities))]
    host: Option<String>,
    /// Whether day or month comes first in dates that leave it open: `dmy` or `mdy`
    #[arg(long, value_name = "ORDER", value_parser = PossibleValuesParser::new(DayOrder::ALL.map(DayOrder::word)))]
    date_order: Option<String>,
    /// Teach the catalogue every edition that the files show, and the digests of their keys
    #[arg(long)]
    learn_catalogue: bool,
    /// Import into the named vCenter although the files are of another
    #[arg(long, requires = "vcenter")]
    force_instance: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let mut hints = Hints { instance: arguments.vcenter.clone(), ..Hints::default() };
    let texts = [
        (HOST, arguments.host.clone()),
        (DATE_ORDER, arguments.date_order.clone()),
        (LEARN, arguments.learn_catalogue.then(String::new)),
        (FORCE, arguments.force_instance.then(String::new)),
    ];
    hints.texts.extend(texts.into_iter().filter_map(|(flag, text)| Some((flag, text?))));
    import_paths(&arguments.paths, &[&super::API], &arguments.options, hints, session)?;
    Ok(Verdict::Yes)
}
