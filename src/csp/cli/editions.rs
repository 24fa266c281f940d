//! `csp edition …` and `csp path …`: the published tables.

use crate::csp::catalog::editions::{self, EDITIONS};
use crate::csp::catalog::paths::{self, PathPolicy};
use crate::csp::view::{EditionView, PathView};
use crate::error::{Outcome, Usage, Verdict};
use crate::output::{ListOptions, nearest};
use crate::session::Session;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum EditionCommand {
    /// List the editions that GetProductInfo numbers
    #[command(after_help = "Example:\n  licctl csp edition list --client --filter 'listed=true'")]
    List {
        /// Only editions of desktop Windows
        #[arg(long)]
        client: bool,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Show what a number or name of an edition means
    #[command(
        after_help = "Examples:\n  licctl csp edition show 48\n  licctl csp edition show 0x79\n  licctl csp edition show PRODUCT_PROFESSIONAL"
    )]
    Show {
        /// Decimal, hexadecimal, constant, EditionID or name
        #[arg(value_name = "EDITION", add = ArgValueCompleter::new(super::complete::editions))]
        edition: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum PathCommand {
    /// List which edition can become which, by every published table
    #[command(
        after_help = "Examples:\n  licctl csp path list --policy intune\n  licctl csp path list --from Pro"
    )]
    List {
        /// Only what MDM upgrades under this policy
        #[arg(long, value_name = "POLICY", value_parser = policies())]
        policy: Option<String>,
        /// Only paths from this edition
        #[arg(long, value_name = "EDITION", add = ArgValueCompleter::new(super::complete::editions))]
        from: Option<String>,
        #[command(flatten)]
        list: ListOptions,
    },
    /// What the tables say of one path
    #[command(after_help = "Example:\n  licctl csp path check Pro Enterprise")]
    Check {
        #[arg(value_name = "FROM", add = ArgValueCompleter::new(super::complete::editions))]
        from: String,
        #[arg(value_name = "TO", add = ArgValueCompleter::new(super::complete::editions))]
        to: String,
    },
}

/// The words of the path policies.
pub(super) fn policies() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(PathPolicy::ALL.map(PathPolicy::word))
}

/// The edition that a word means. Usage error with the nearest names.
pub(super) fn edition(text: &str) -> Outcome<i32> {
    editions::named(text).ok_or_else(|| {
        let words = EDITIONS.iter().flat_map(|row| [Some(row.title()), row.edition_id]);
        let names: Vec<String> = words.flatten().map(str::to_owned).collect();
        let near = nearest(text, &names);
        let hint = if near.is_empty() {
            "`licctl csp edition list` shows them".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        Usage::new(format!("`{text}` is no edition of Windows")).hinted(hint).into()
    })
}

pub(super) fn run_edition(command: &EditionCommand, session: &mut Session) -> Outcome<Verdict> {
    match command {
        EditionCommand::List { client, list } => {
            let chosen = |id: &i32| !client || editions::clients().any(|row| row.id == *id);
            session.printer.rows::<EditionView>(
                list,
                EDITIONS.iter().map(|row| row.id).filter(chosen).map(EditionView::of),
            )?;
        }
        EditionCommand::Show { edition: text } => {
            session.show(&EditionView::of(edition(text)?))?;
        }
    }
    Ok(Verdict::Yes)
}

pub(super) fn run_path(command: &PathCommand, session: &mut Session) -> Outcome<Verdict> {
    match command {
        PathCommand::List { policy, from, list } => {
            let policy = policy.as_deref().and_then(PathPolicy::named);
            let from = from.as_deref().map(edition).transpose()?;
            let paths = paths::list(policy, from);
            session.printer.rows::<PathView>(list, paths.iter().map(PathView::from))?;
        }
        PathCommand::Check { from, to } => {
            session.show(&PathView::from(&paths::check(edition(from)?, edition(to)?)))?;
        }
    }
    Ok(Verdict::Yes)
}
