//! `rms server …`: the License Managers themselves.

use super::API;
use super::acting::Server;
use super::files;
use crate::error::{Outcome, Usage, Verdict};
use crate::output::ListOptions;
use crate::rms::model::server::Mode;
use crate::rms::ops::servers::{self, Settings};
use crate::rms::rules::locks::code_mask;
use crate::rms::view::{RemovedView, ServerView};
use crate::session::Session;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the License Managers: made here, or imported
    #[command(after_help = "Example:\n  licctl rms server list -o name")]
    List {
        #[command(flatten)]
        list: ListOptions,
    },
    /// Make a License Manager without licenses
    #[command(
        after_help = "Examples:\n  licctl rms server add lic04\n  licctl rms server add lic05 --server-version 9.5.0.57 --vm\n  licctl rms server add no-net     # the licenses on a client itself"
    )]
    Add {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        set: Settable,
    },
    /// Show one License Manager: what serverInfo tells, and what is set on it
    #[command(after_help = "Example:\n  licctl rms server show lic01 -o json")]
    Show(Named),
    /// Set what a query cannot: locking codes, virtual machine, clock
    #[command(
        after_help = "Examples:\n  licctl rms server set lic01 --vm true\n  licctl rms server set lic01 --lock-code '10-*1AB2CD'"
    )]
    Set {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        set: Settable,
    },
    /// Start a License Manager that was stopped
    #[command(after_help = "Example:\n  licctl rms server start lic01")]
    Start(Named),
    /// Stop a License Manager: it answers `SNTL_NO_SERVER_RUNNING`
    #[command(after_help = "Example:\n  licctl rms server stop lic01")]
    Stop(Named),
    /// Remove a License Manager with its features and licenses
    #[command(after_help = "Example:\n  licctl rms server remove lic02")]
    Remove {
        /// Its name
        #[arg(value_name = "NAME", add = ArgValueCompleter::new(super::complete::servers))]
        name: String,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// The License Manager; default: `LICCTL_RMS_SERVER`, else the only one
    #[arg(value_name = "NAME", conflicts_with = "server", add = ArgValueCompleter::new(super::complete::servers))]
    name: Option<String>,
    #[command(flatten)]
    server: Server,
}

impl Named {
    fn name(&self, session: &mut Session) -> Outcome<String> {
        match &self.name {
            Some(name) => session.instance(&API, Some(name)),
            None => self.server.name(session),
        }
    }
}

/// What is set.
#[derive(Debug, clap::Args)]
pub(super) struct Settable {
    /// It runs on a virtual machine
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    vm: Option<bool>,
    /// Its clock counts as tampered with
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    clock_tampered: Option<bool>,
    /// One of its own locking codes; repeatable, all of them anew; `none`: no code
    #[arg(long = "lock-code", value_name = "CODE")]
    lock_codes: Vec<String>,
    /// Its own locking codes, as echoid printed them there; `-`: the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "lock_codes")]
    echoid: Option<PathBuf>,
    /// Its version: `9.5.0.57`
    #[arg(long, value_name = "VERSION")]
    server_version: Option<String>,
    /// The machine it runs on
    #[arg(long, value_name = "NAME")]
    host_name: Option<String>,
    /// Family of its operating system
    #[arg(long, value_name = "NAME")]
    os_family: Option<String>,
    /// Its address
    #[arg(long, value_name = "ADDRESS")]
    ip_address: Option<String>,
    /// How many clients may wait for a feature; 0: none
    #[arg(long, value_name = "N")]
    queue_max: Option<u32>,
    /// Whether tokens may be checked out
    #[arg(long, value_name = "BOOL")]
    commuter: Option<bool>,
    /// No tokens may be checked out: `--commuter false`
    #[arg(long, conflicts_with = "commuter")]
    no_commuter: bool,
    /// How far its local time is ahead of UTC: `+02:00`
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    utc_offset: Option<String>,
    /// Whether it serves licenses of the cloud alone
    #[arg(long, value_name = "MODE", value_parser = mode_word())]
    mode: Option<String>,
    /// Vendor that it serves alone; empty: every vendor
    #[arg(long, value_name = "ID")]
    vendor: Option<String>,
}

impl Settable {
    fn settings(&self) -> Outcome<Settings> {
        let version = self.server_version.as_deref().map(version).transpose()?;
        Ok(Settings {
            is_virtual_machine: self.vm,
            clock_tampered: self.clock_tampered,
            lock_codes: self.codes()?,
            version,
            host_name: self.host_name.clone(),
            os_family: self.os_family.clone(),
            ip_address: self.ip_address.clone(),
            vendor: self.vendor.clone(),
            mode: self.mode.as_deref().and_then(Mode::named),
            queue_max: self.queue_max,
            commuter_allowed: if self.no_commuter { Some(false) } else { self.commuter },
            utc_offset: self.utc_offset.as_deref().map(offset).transpose()?,
        })
    }

    fn codes(&self) -> Outcome<Option<Vec<String>>> {
        if let Some(path) = &self.echoid {
            return files::echoid(path).map(Some);
        }
        match self.lock_codes.as_slice() {
            [] => Ok(None),
            [none] if none == "none" => Ok(Some(Vec::new())),
            codes => {
                if let Some(wrong) = codes.iter().find(|code| code_mask(code).is_none()) {
                    return Err(Usage::new(format!("`--lock-code {wrong}` is no locking code"))
                        .hinted("a hexadecimal mask, `-*` and a tail: `2014-*1AB2CD`")
                        .into());
                }
                Ok(Some(codes.to_vec()))
            }
        }
    }
}

/// The words of `--mode`.
fn mode_word() -> clap::builder::PossibleValuesParser {
    Mode::ALL.map(Mode::word).into()
}

/// Reads `+02:00` as minutes.
fn offset(text: &str) -> Outcome<i32> {
    let wrong = || {
        Usage::new(format!("`--utc-offset {text}` is no offset"))
            .hinted("hours and minutes with a sign: `+02:00`")
    };
    let (sign, rest) = match text.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ => return Err(wrong().into()),
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "00"));
    let part = |text: &str, most: i32| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i32>().ok().filter(|number| digits && *number <= most)
    };
    match (part(hours, 14), part(minutes, 59)) {
        (Some(hours), Some(minutes)) => Ok(sign * (hours * 60 + minutes)),
        _ => Err(wrong().into()),
    }
}

/// Reads `9.5.0.57`; the last parts may be missing.
fn version(text: &str) -> Outcome<[Option<u32>; 4]> {
    let wrong = || {
        Usage::new(format!("`--server-version {text}` is no version"))
            .hinted("up to four numbers: `9.5.0.57`")
    };
    let mut parts = text.split('.');
    let mut next = || {
        let part = parts.next();
        part.map(|part| part.parse::<u32>().map_err(|_| wrong())).transpose()
    };
    let version = [next()?, next()?, next()?, next()?];
    if parts.next().is_some() { Err(wrong().into()) } else { Ok(version) }
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { list } => {
            session.list::<ServerView>(list, |read, _, sink| {
                servers::each(read, &mut |shown| sink.row(&ServerView::from(&shown)))
            })?;
        }
        Command::Add { name, set } => {
            let settings = set.settings()?;
            let made = session.write(|tx, _| {
                let server = servers::add(tx, name, &settings)?;
                servers::show(tx.reading(), &server.name)
            })?;
            let sentence = format!("made the License Manager `{}`", made.server.name);
            session.tell(&ServerView::from(&made), &sentence)?;
        }
        Command::Show(named) => {
            let name = named.name(session)?;
            let shown = session.read(|read, _| servers::show(read, &name))?;
            session.show(&ServerView::from(&shown))?;
        }
        Command::Set { named, set } => {
            let (name, settings) = (named.name(session)?, set.settings()?);
            changed(session, "set up", |tx| servers::set(tx, &name, &settings).map(|_| name))?;
        }
        Command::Start(named) => {
            let name = named.name(session)?;
            changed(session, "started", |tx| servers::run(tx, &name, true).map(|_| name))?;
        }
        Command::Stop(named) => {
            let name = named.name(session)?;
            changed(session, "stopped", |tx| servers::run(tx, &name, false).map(|_| name))?;
        }
        Command::Remove { name } => {
            let name = session.instance(&API, Some(name))?;
            let name = session.write(|tx, _| servers::remove(tx, &name))?;
            let sentence = format!("removed the License Manager `{name}`");
            session.tell(&RemovedView::new(name), &sentence)?;
        }
    }
    Ok(Verdict::Yes)
}

/// Changes a License Manager and tells how it is now.
fn changed(
    session: &mut Session,
    verb: &str,
    work: impl FnOnce(&mut dyn crate::store::Tx) -> Outcome<String>,
) -> Outcome<()> {
    let shown = session.write(|tx, _| {
        let name = work(tx)?;
        servers::show(tx.reading(), &name)
    })?;
    let sentence = format!("{verb} the License Manager `{}`", shown.server.name);
    session.tell(&ServerView::from(&shown), &sentence)
}
