//! `rms feature …`: features, and the right that is served for each.

use super::acting::Server;
use crate::error::{Outcome, Verdict};
use crate::output::ListOptions;
use crate::rms::model::query::FeatureText;
use crate::rms::ops::{capacity, query};
use crate::rms::rules::request;
use crate::rms::view::FeatureView;
use crate::session::Session;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;
use std::ops::ControlFlow;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the features, in the order of their indexes
    #[command(
        after_help = "Examples:\n  licctl rms feature list\n  licctl rms feature list --filter 'state!=\"active\"' -o name"
    )]
    List {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Show one feature
    #[command(
        after_help = "Examples:\n  licctl rms feature show CAD --version 7.0\n  licctl rms feature show --index 0"
    )]
    Show {
        /// Its name
        #[arg(value_name = "NAME", required_unless_present = "index", add = ArgValueCompleter::new(super::complete::features))]
        name: Option<String>,
        /// Its version; mandatory if it has one
        #[arg(long, value_name = "VERSION")]
        version: Option<String>,
        /// Its position, from 0
        #[arg(long, value_name = "I", allow_hyphen_values = true)]
        index: Option<String>,
        #[command(flatten)]
        server: Server,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { server, list } => {
            let name = server.name_if_any(session)?;
            session.list::<FeatureView>(list, |read, now, sink| {
                let Some(name) = &name else { return Ok(()) };
                let counts = capacity::in_use(read, name, now)?;
                query::features(read, name, now, &mut |served| {
                    sink.row(&FeatureView::new(served, counts.get(&served.id)))
                })
            })?;
        }
        Command::Show { name, version, index, server } => {
            let text =
                FeatureText { index: index.clone(), name: name.clone(), version: version.clone() };
            let scope = request::feature(&text)?;
            let server = server.name(session)?;
            let mut shown = None;
            session.read(|read, now| {
                let counts = capacity::in_use(read, &server, now)?;
                query::every_license(read, &server, Some(&scope), now, &mut |served| {
                    shown = Some(FeatureView::new(served, counts.get(&served.id)));
                    Ok(ControlFlow::Break(()))
                })
            })?;
            if let Some(view) = shown {
                session.show(&view)?;
            }
        }
    }
    Ok(Verdict::Yes)
}
