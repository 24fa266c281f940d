//! `rms reservation …`: tokens that are set apart for groups.

use super::acting::{Server, hand_over, put};
use super::lint::{Judged, lint_groups, read_groups};
use crate::error::{Outcome, Stop, Verdict};
use crate::output::ListOptions;
use crate::rms::export::reservation;
use crate::rms::model::group::Group;
use crate::rms::ops::reservations;
use crate::rms::view::GroupView;
use crate::session::Session;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;
use std::path::{Path, PathBuf};

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
    /// Give a License Manager the groups of a file, in the place of those that it has
    ///
    /// As a License Manager does when it starts. `licctl rms import` adds to the groups instead.
    #[command(after_help = "Example:\n  licctl rms reservation import lsreserv --server lic01")]
    Import {
        /// A group reservation file (`lsreserv`); `-`: the standard input
        #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
        #[command(flatten)]
        server: Server,
    },
    /// Write the groups as a reservation file
    #[command(
        after_help = "Examples:\n  licctl rms reservation export > lsreserv\n  licctl rms reservation export lsreserv --server lic01"
    )]
    Export {
        /// Write into this file instead of the standard output
        #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        file: Option<PathBuf>,
        #[command(flatten)]
        server: Server,
    },
    /// What is wrong with a reservation file?
    ///
    /// Lines that are none, groups that overlap, that ask for more tokens than there are, or that shut somebody out.
    #[command(after_help = "Example:\n  licctl rms reservation lint lsreserv --fail-on warning")]
    Lint {
        /// A group reservation file (`lsreserv`); `-`: the standard input
        #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
        #[command(flatten)]
        judged: Judged,
    },
    /// Take a group away
    #[command(after_help = "Example:\n  licctl rms reservation remove CAD design")]
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
        Command::Import { file, server } => import(file, server, session)?,
        Command::Export { file, server } => {
            let name = server.name(session)?;
            hand_over(session, file.as_deref(), |read, out| {
                for group in reservations::groups(read, &name)? {
                    put(out, &reservation::line(&group))?;
                }
                Ok(())
            })?;
        }
        Command::Lint { file, judged } => return lint_groups(file, judged, session),
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

fn import(file: &Path, server: &Server, session: &mut Session) -> Outcome<()> {
    let name = server.name(session)?;
    let (found, mut notes) = read_groups(file)?;
    if !notes.complaints.is_empty() {
        let complaints = std::mem::take(&mut notes.complaints);
        return Err(Stop::from(complaints).within(&file.display().to_string()));
    }
    let groups: Vec<Group> = found.into_iter().map(|(_, group)| group).collect();
    let warnings = session.write(|tx, now| {
        reservations::set(tx, &name, &groups)?;
        reservations::odd(tx.reading(), &name, now)
    })?;
    session.warn_all(warnings);
    session.list::<GroupView>(&ListOptions::default(), |read, now, sink| {
        for standing in reservations::all(read, &name, now)? {
            if sink.row(&GroupView::from(&standing))?.is_break() {
                break;
            }
        }
        Ok(())
    })
}
