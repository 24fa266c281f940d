//! The administrator's questions.

use super::acting::Target;
use super::demand;
use crate::error::{Outcome, Verdict};
use crate::finding::Level;
use crate::output::ListOptions;
use crate::session::Session;
use crate::tslicense::ops::questions;
use crate::tslicense::report::audit::Temporary;
use crate::tslicense::view::LineView;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  licctl tslicense audit --all-servers\n  licctl tslicense audit --server ls01.corp.contoso.example --fail-on error\n  licctl tslicense audit --demand plan.csv"
)]
pub(super) struct AuditArguments {
    #[command(flatten)]
    target: Target,
    /// Sum up all servers
    #[arg(long, conflicts_with = "server")]
    all_servers: bool,
    /// Leave temporary licenses out of what is used
    #[arg(long)]
    exclude_temporary: bool,
    /// Judge this demand instead of what is used: CSV with the header `type,version,count`; `-`: from the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "exclude_temporary")]
    demand: Option<PathBuf>,
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    list: ListOptions,
}

pub(super) fn audit(arguments: &AuditArguments, session: &mut Session) -> Outcome<Verdict> {
    let name = if arguments.all_servers { None } else { Some(arguments.target.name(session)?) };
    let demand = match &arguments.demand {
        None => None,
        Some(path) => Some(demand::read(path)?),
    };
    let temporary = if arguments.exclude_temporary { Temporary::Left } else { Temporary::Counted };
    let lines = session.read(|read, now| {
        questions::audit(read, name.as_deref(), (temporary, demand.as_deref()), now)
    })?;
    session.printer.list::<LineView>(&arguments.list, |sink| {
        for line in &lines {
            if sink.row(&LineView::from(line))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    let bad = lines.iter().filter_map(|line| line.state.level()).min();
    Ok(verdict(arguments.fail_on, bad))
}

/// No when the worst finding is of the level that fails.
pub(super) fn verdict(fail_on: Option<Level>, worst: Option<Level>) -> Verdict {
    match (fail_on, worst) {
        (Some(level), Some(worst)) if worst <= level => Verdict::No,
        _ => Verdict::Yes,
    }
}
