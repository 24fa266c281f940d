//! `csp ddf …`: device descriptions, written, compared, checked.

use crate::artefact::Notes;
use crate::artefact::files::read_text;
use crate::csp::catalog::ddf::Notation;
use crate::csp::catalog::editions::AllowList;
use crate::csp::export;
use crate::csp::import::ddf as reader;
use crate::csp::model::ddf::Tree;
use crate::csp::report::ddf::{Extent, check, diff};
use crate::csp::view::{DdfNodeView, DifferenceView, OffenceView};
use crate::error::{Outcome, Verdict};
use crate::finding::Level;
use crate::output::{Format, ListOptions};
use crate::session::Session;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Write the device description (DDF) of the CSP, or compare and check such files
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  licctl csp ddf --into WindowsLicensing.xml\n  licctl csp ddf --ddf-version 1.2\n  licctl csp ddf diff builtin WindowsLicensing.xml"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    write: Write,
}

#[derive(Debug, Args)]
struct Write {
    /// The notation: of 2022 and later, or of the older pages
    #[arg(long, value_name = "VERSION", default_value = "2", value_parser = PossibleValuesParser::new(Notation::ALL.map(|notation| notation.layout().word)))]
    ddf_version: String,
    /// Which generation of the list of editions
    #[arg(long, value_name = "LIST", default_value = "new", value_parser = PossibleValuesParser::new(AllowList::ALL.map(AllowList::word)))]
    allow_list: String,
    /// Write into this file instead of the standard output
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    into: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compare two device descriptions; exit 1 when they differ
    #[command(after_help = "Example:\n  licctl csp ddf diff builtin WindowsLicensing.xml")]
    Diff {
        /// A file, or `builtin`
        #[arg(value_name = "A", value_hint = clap::ValueHint::FilePath)]
        old: PathBuf,
        /// A file, or `builtin`
        #[arg(value_name = "B", value_hint = clap::ValueHint::FilePath)]
        new: PathBuf,
        /// Compare titles, types and descriptions too
        #[arg(long)]
        whole: bool,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Check a device description against the published schema
    #[command(
        after_help = "Example:\n  licctl csp ddf check WindowsLicensing.xml --fail-on warning"
    )]
    Check {
        #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
        /// Exit 1 when there is a finding of this level or worse
        #[arg(long, value_name = "LEVEL", default_value = "error")]
        fail_on: Level,
        #[command(flatten)]
        list: ListOptions,
    },
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    match &arguments.command {
        None => write(&arguments.write, session),
        Some(Command::Diff { old, new, whole, list }) => {
            let extent = if *whole { Extent::Whole } else { Extent::Structure };
            let found = diff(&tree(old)?, &tree(new)?, extent);
            session.printer.rows::<DifferenceView>(list, found.iter().map(DifferenceView::from))?;
            Ok(if found.is_empty() { Verdict::Yes } else { Verdict::No })
        }
        Some(Command::Check { file, fail_on, list }) => {
            let findings = check(&tree(file)?, &file.display().to_string());
            let failed = findings.iter().any(|finding| finding.severity <= *fail_on);
            session.printer.rows::<OffenceView>(list, findings.into_iter().map(OffenceView))?;
            Ok(if failed { Verdict::No } else { Verdict::Yes })
        }
    }
}

fn write(arguments: &Write, session: &mut Session) -> Outcome<Verdict> {
    let notation = Notation::named(&arguments.ddf_version).unwrap_or(Notation::V2);
    let list = AllowList::named(&arguments.allow_list).unwrap_or(AllowList::Newest);
    let tree = Tree::built_in(notation, list);
    if session.printer.format != Format::Table || session.printer.jq.is_some() {
        session.printer.rows::<DdfNodeView>(
            &ListOptions::default(),
            tree.nodes.iter().map(|node| DdfNodeView::new(&tree, node)),
        )?;
        return Ok(Verdict::Yes);
    }
    super::acting::hand_over(session, &export::ddf::write(&tree), arguments.into.as_deref())?;
    Ok(Verdict::Yes)
}

/// The built-in description, or that of a file.
fn tree(path: &Path) -> Outcome<Tree> {
    if path == Path::new("builtin") {
        return Ok(Tree::built_in(Notation::V2, AllowList::Newest));
    }
    read_text(path, Rc::new(|_| ()), |_, input| {
        let mut notes = Notes::default();
        let tree = reader::read(input, &mut notes)?;
        if notes.complaints.is_empty() { Ok(tree) } else { Err(notes.complaints.into()) }
    })
}
