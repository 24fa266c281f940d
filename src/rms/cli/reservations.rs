//! `rms reservation …`: tokens that are set apart for groups.

use super::acting::Server;
use crate::error::{Outcome, Verdict};
use crate::output::ListOptions;
use crate::rms::model::group::Group;
use crate::rms::ops::reservations;
use crate::rms::view::GroupView;
use crate::session::Session;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the groups, in the order of their file
    #[command(after_help = "Example:\n  licctl rms reservation list")]
    List {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Set tokens of a feature apart for a group
    ///
    /// Members are users, or machines behind `$`; `!` shuts one out. A group of 0 tokens shuts all of its members out.
    #[command(
        after_help = "Examples:\n  licctl rms reservation set CAD eng 4 ann bob\n  licctl rms reservation set CAD guests 0 '$kiosk' eve --version 7.0"
    )]
    Set {
        /// Name of the feature
        #[arg(value_name = "FEATURE", add = ArgValueCompleter::new(super::complete::features))]
        feature: String,
        /// Name of the group
        #[arg(value_name = "GROUP")]
        group: String,
        /// Tokens that are set apart
        #[arg(value_name = "TOKENS")]
        tokens: u64,
        /// Users, machines behind `$`; `!`: not this one
        #[arg(value_name = "MEMBER", required = true)]
        members: Vec<String>,
        /// Only of this version; default: of every one
        #[arg(long, value_name = "VERSION")]
        version: Option<String>,
        #[command(flatten)]
        server: Server,
    },
    /// Take a group away
    #[command(after_help = "Example:\n  licctl rms reservation remove CAD eng")]
    Remove {
        /// Name of the feature
        #[arg(value_name = "FEATURE", add = ArgValueCompleter::new(super::complete::features))]
        feature: String,
        /// Name of the group
        #[arg(value_name = "GROUP")]
        group: String,
        #[command(flatten)]
        server: Server,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { server, list } => {
            let name = server.name_if_any(session)?;
            session.list::<GroupView>(list, |read, now, sink| {
                let Some(name) = &name else { return Ok(()) };
                for standing in reservations::all(read, name, now)? {
                    if sink.row(&GroupView::from(&standing))?.is_break() {
                        break;
                    }
                }
                Ok(())
            })?;
        }
        Command::Set { feature, group, tokens, members, version, server } => {
            let name = server.name(session)?;
            let new = Group {
                feature: feature.clone(),
                version: version.clone(),
                name: group.clone(),
                tokens: *tokens,
                members: reservations::members(members),
            };
            let warnings =
                session.write(|tx, now| reservations::put(tx, &name, new.clone(), now))?;
            session.warn_all(warnings);
            let sentence = format!("set {tokens} tokens of `{feature}` apart for `{group}`");
            session.tell(&GroupView::given(&new), &sentence)?;
        }
        Command::Remove { feature, group, server } => {
            let name = server.name(session)?;
            session.write(|tx, _| reservations::remove(tx, &name, feature, group))?;
            let gone = Group {
                feature: feature.clone(),
                version: None,
                name: group.clone(),
                tokens: 0,
                members: Vec::new(),
            };
            let sentence = format!("no tokens of `{feature}` are set apart for `{group}` any more");
            session.tell(&GroupView::given(&gone), &sentence)?;
        }
    }
    Ok(Verdict::Yes)
}
