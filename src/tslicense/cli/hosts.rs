//! `host …`: session hosts, their mode and the license servers that they ask.

use super::acting::{Emit, Emitted, numbers};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop, Usage, Verdict};
use crate::output::ListOptions;
use crate::session::Session;
use crate::tslicense::catalog::methods::{Act, HostAct, WmiMethod, of};
use crate::tslicense::export::{Call, Object};
use crate::tslicense::model::{Arguments, Host};
use crate::tslicense::ops::hosts::{self, NewHost};
use crate::tslicense::ops::servers;
use crate::tslicense::rules::hosts as rules;
use crate::tslicense::rules::typed::{self, Given};
use crate::tslicense::store::hosts as rows;
use crate::tslicense::view::{HostAskedView, HostCallView, HostView};
use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the session hosts
    #[command(after_help = "Example:\n  licctl tslicense host list --filter 'LicensingType=5'")]
    List {
        #[command(flatten)]
        list: ListOptions,
    },
    /// Make a session host
    #[command(
        after_help = "Example:\n  licctl tslicense host add rdsh04.corp.contoso.example --os 2019 --mode per-user --license-server ls01.corp.contoso.example"
    )]
    Add(AddArguments),
    /// Show a session host, and what its settings come to
    #[command(after_help = "Example:\n  licctl tslicense host show rdsh01.corp.contoso.example")]
    Show(Named),
    /// Write what is known of a session host
    #[command(
        after_help = "Examples:\n  licctl tslicense host set rdsh01.corp.contoso.example DaysLeft=30 HasX509=true\n  licctl tslicense host set rdsh01.corp.contoso.example PolicyLicensingType=4 PolicyLicenseServers='ls01,ls02'\n  licctl tslicense host set rdsh01.corp.contoso.example Connectivity=ls01.corp.contoso.example:6"
    )]
    Set {
        #[command(flatten)]
        host: Named,
        /// `OS`, `TerminalServerMode`, Joined, `LicensingType`, `LicenseServers`, `PolicyLicensingType`, `PolicyLicenseServers`, `UseCentralLicensingSettings`, `CentralLicensingType`, `CentralLicenseServers`, `DaysLeft`, Installed, `HasX509`, Connectivity
        #[arg(value_name = "KEY=VALUE", required = true)]
        values: Vec<String>,
    },
    /// Remove a session host
    #[command(after_help = "Example:\n  licctl tslicense host remove rdsh01.corp.contoso.example")]
    Remove(Named),
    /// Choose the licensing mode of a session host (`ChangeMode`)
    #[command(
        after_help = "Example:\n  licctl tslicense host mode rdsh03.corp.contoso.example per-user"
    )]
    Mode {
        #[command(flatten)]
        host: Named,
        /// `per-device`, `per-user`, or the number
        #[arg(value_name = "MODE", allow_negative_numbers = true)]
        mode: String,
        #[command(flatten)]
        emit: Emitted,
    },
    /// The list of license servers that a session host asks
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    LicenseServer(Listed),
    /// Bring in what session hosts show: `licctl tslicense import`
    Import(super::import::Arguments),
}

#[derive(Debug, Subcommand)]
pub(super) enum Listed {
    /// Put one at the end (`AddLSToSpecifiedLicenseServerList`)
    #[command(
        after_help = "Example:\n  licctl tslicense host license-server add rdsh03.corp.contoso.example ls02.corp.contoso.example"
    )]
    Add(One),
    /// Take one out (`RemoveLSFromSpecifiedLicenseServerList`)
    #[command(
        after_help = "Example:\n  licctl tslicense host license-server remove rdsh02.corp.contoso.example ls02.corp.contoso.example"
    )]
    Remove(One),
    /// Put one at the head (`SetPrimaryLicenseServer`)
    #[command(
        after_help = "Example:\n  licctl tslicense host license-server primary rdsh02.corp.contoso.example ls02.corp.contoso.example"
    )]
    Primary(One),
    /// Replace the list (`SetSpecifiedLicenseServerList`)
    #[command(
        after_help = "Example:\n  licctl tslicense host license-server set rdsh03.corp.contoso.example ls01.corp.contoso.example ls02.corp.contoso.example"
    )]
    Set {
        #[command(flatten)]
        host: Named,
        /// The license servers, in their order
        #[arg(value_name = "SERVER", required = true, add = ArgValueCompleter::new(super::complete::servers))]
        servers: Vec<String>,
        #[command(flatten)]
        emit: Emitted,
    },
    /// Empty the list (`EmptySpecifiedLicenseServerList`)
    #[command(
        after_help = "Example:\n  licctl tslicense host license-server empty rdsh02.corp.contoso.example"
    )]
    Empty {
        #[command(flatten)]
        host: Named,
        #[command(flatten)]
        emit: Emitted,
    },
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// The session host
    #[arg(value_name = "HOST", add = ArgValueCompleter::new(super::complete::hosts))]
    host: String,
}

#[derive(Debug, Args)]
pub(super) struct One {
    #[command(flatten)]
    host: Named,
    /// The license server
    #[arg(value_name = "SERVER", add = ArgValueCompleter::new(super::complete::servers))]
    server: String,
    #[command(flatten)]
    emit: Emitted,
}

#[derive(Debug, Args)]
pub(super) struct AddArguments {
    /// Its fully qualified name
    #[arg(value_name = "NAME")]
    name: String,
    /// The release of Windows Server: 2008 to 2025
    #[arg(long, value_name = "VERSION", add = ArgValueCompleter::new(super::complete::releases))]
    os: String,
    /// `per-device` or `per-user`; without it no mode is configured
    #[arg(long, value_name = "MODE")]
    mode: Option<String>,
    /// A license server that it asks; repeatable
    #[arg(long, value_name = "SERVER", add = ArgValueCompleter::new(super::complete::servers))]
    license_server: Vec<String>,
    /// When it was installed: 120 days of grace begin; default: now
    #[arg(long, value_name = "TIME")]
    installed: Option<String>,
    /// It is in a workgroup, not in a domain
    #[arg(long)]
    workgroup: bool,
    /// It is there for administrators, and needs no licenses
    #[arg(long)]
    administration: bool,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { list } => session.list::<HostView>(list, |read, now, sink| {
            for (_, host) in rows::all(read)? {
                if sink.row(&HostView::new(&host, now))?.is_break() {
                    break;
                }
            }
            Ok(())
        })?,
        Command::Add(arguments) => add(arguments, session)?,
        Command::Show(named) => {
            let (_, host) = session.read(|read, _| hosts::known(read, &named.host))?;
            session.show(&HostView::new(&host, session.now))?;
        }
        Command::Set { host, values } => set(&host.host, values, session)?,
        Command::Remove(named) => {
            let host = session.write(|tx, _| hosts::remove(tx, &named.host))?;
            let sentence = format!("removed `{}`", host.name);
            session.tell(&HostView::new(&host, session.now), &sentence)?;
        }
        Command::Mode { host, mode, emit } => self::mode(&host.host, mode, emit.form, session)?,
        Command::LicenseServer(listed) => self::listed(listed, session)?,
        Command::Import(arguments) => return super::import::run(arguments, session),
    }
    Ok(Verdict::Yes)
}

fn add(arguments: &AddArguments, session: &mut Session) -> Outcome<()> {
    let mut warnings = Vec::new();
    let installed = match &arguments.installed {
        None => session.now,
        Some(text) => instant("installed", text)?,
    };
    let mode = match &arguments.mode {
        None => None,
        Some(word) => hosts::mode("mode", word, &mut warnings)?,
    };
    let new = NewHost {
        name: arguments.name.clone(),
        os: servers::os(&arguments.os)?,
        mode,
        servers: arguments.license_server.clone(),
        installed,
        workgroup: arguments.workgroup,
        administration: arguments.administration,
    };
    let host = Host::from(&new);
    session.write(|tx, _| hosts::add(tx, &host))?;
    session.warn_all(warnings);
    let view = HostView::new(&host, session.now);
    let sentence = format!("added `{}`, {}, {}", host.name, new.os.title(), view.mode());
    session.tell(&view, &sentence)
}

/// A day or a time of an option. Usage error when it is none.
pub(super) fn instant(flag: &str, text: &str) -> Outcome<Timestamp> {
    hosts::day(text).ok_or_else(|| {
        Usage::new(format!("`--{flag} {text}` is no time"))
            .hinted("write `2026-06-01`, or RFC 3339")
            .into()
    })
}

fn set(name: &str, words: &[String], session: &mut Session) -> Outcome<()> {
    let mut values = Vec::new();
    for word in words {
        let pair = word.split_once('=').ok_or_else(|| {
            Usage::new(format!("`{word}` is no KEY=VALUE"))
                .hinted(format!("there is {}", hosts::settable().join(", ")))
        })?;
        values.push((pair.0.to_owned(), pair.1.to_owned()));
    }
    let (host, warnings) = session.write(|tx, now| hosts::set(tx, name, &values, now))?;
    session.warn_all(warnings);
    let sentence = format!("set `{}`", host.name);
    session.tell(&HostView::new(&host, session.now), &sentence)
}

fn mode(name: &str, word: &str, emit: Option<Emit>, session: &mut Session) -> Outcome<()> {
    let mut warnings = Vec::new();
    // A number goes to the API as it is, the misprint of the page too.
    let mode = match word.parse::<i128>() {
        Ok(number) => number,
        Err(_) => {
            let mode = hosts::mode("mode", word, &mut warnings)?;
            mode.map(i128::from).ok_or_else(|| Usage::new("`-` is no mode"))?
        }
    };
    let given = vec![("LicensingType".to_owned(), Given::Number(mode))];
    let acted = acted(HostAct::ChangeMode, name, (&given, emit), session)?;
    let Some((host, view)) = acted else { return Ok(()) };
    let sentence =
        format!("`{}` is licensed {}", host.name, HostView::new(&host, session.now).mode());
    session.tell(&view, &sentence)
}

fn listed(command: &Listed, session: &mut Session) -> Outcome<()> {
    let name =
        |server: &String| vec![("LicenseServerName".to_owned(), Given::Text(server.clone()))];
    let (act, host, given, emit) = match command {
        Listed::Add(one) => (HostAct::AddServer, &one.host, name(&one.server), &one.emit),
        Listed::Remove(one) => (HostAct::RemoveServer, &one.host, name(&one.server), &one.emit),
        Listed::Primary(one) => (HostAct::SetPrimary, &one.host, name(&one.server), &one.emit),
        Listed::Set { host, servers, emit } => {
            let names = Given::Texts(servers.clone());
            (HostAct::SetServers, host, vec![("SpecifiedLSList".to_owned(), names)], emit)
        }
        Listed::Empty { host, emit } => (HostAct::EmptyServers, host, Vec::new(), emit),
    };
    let acted = acted(act, &host.host, (&given, emit.form), session)?;
    let Some((host, view)) = acted else { return Ok(()) };
    let list = host.own.servers.join(", ");
    let sentence = match list.as_str() {
        "" => format!("`{}` asks no license server", host.name),
        list => format!("`{}` asks {list}", host.name),
    };
    session.tell(&view, &sentence)
}

/// Makes a call, or writes it down; `None` when it was written down.
fn acted(
    act: HostAct,
    name: &str,
    (given, emit): (&[(String, Given)], Option<Emit>),
    session: &mut Session,
) -> Outcome<Option<(Host, HostCallView)>> {
    let method = of(Act::Host(act)).ok_or_else(|| Stop::bug("a method without a row"))?;
    if let Some(form) = emit {
        write_down(form, name, (method, given), session)?;
        return Ok(None);
    }
    let (host, warnings) = session.write(|tx, _| hosts::call(tx, name, method, given))?;
    session.warn_all(warnings);
    let view = HostCallView::new(&host);
    Ok(Some((host, view)))
}

/// Writes a call down; its arguments are checked as the call would check them.
fn write_down(
    form: Emit,
    name: &str,
    (method, given): (&'static WmiMethod, &[(String, Given)]),
    session: &mut Session,
) -> Outcome<()> {
    let (_, host) = session.read(|read, _| hosts::known(read, name))?;
    let change = rules::change(method, given)?;
    if let Some(change) = &change {
        rules::shaped(change).map_err(|refusal| refusal.of(method.method.name))?;
    }
    let (arguments, list) = match &change {
        Some(rules::Change::Set(names)) => {
            (Arguments::default(), Some(("SpecifiedLSList", names.as_slice())))
        }
        _ => (typed::arguments(method, given)?, None),
    };
    let call = Call {
        server: &host.name,
        method,
        object: Object::Setting,
        arguments: &arguments,
        list,
        numbers: numbers(session),
    };
    form.write(session, &call)
}

/// `call` on the class of the hosts: the key is `ServerName`, or the only host there is.
pub(super) fn call(
    keys: &[String],
    (act, method): (HostAct, &'static WmiMethod),
    (given, emit): (&[(String, Given)], Option<Emit>),
    session: &mut Session,
) -> Outcome<Verdict> {
    let key = keys.iter().find_map(|key| {
        let (name, value) = key.split_once('=')?;
        name.eq_ignore_ascii_case("ServerName").then(|| value.to_owned())
    });
    let name = match key {
        Some(name) => name,
        None => only(session)?,
    };
    if act.asks() && emit.is_none() {
        let asked = session.read(|read, now| hosts::ask(read, &name, (act, method), given, now))?;
        session.show(&HostAskedView::from(&asked))?;
    } else if let Some((_, view)) = acted(act, &name, (given, emit), session)? {
        session.show(&view)?;
    }
    Ok(Verdict::Yes)
}

/// The only host of the store. Usage error when there is none, or several.
pub(super) fn only(session: &mut Session) -> Outcome<String> {
    let mut names: Vec<String> = session
        .read(|read, _| Ok(rows::all(read)?.into_iter().map(|(_, host)| host.name).collect()))?;
    match (names.len(), names.pop()) {
        (1, Some(name)) => Ok(name),
        (0, _) => Err(Usage::new("there is no session host")
            .hinted("`licctl tslicense host add NAME --os VERSION` makes one")
            .into()),
        _ => Err(Usage::new("there are several session hosts")
            .hinted("name one: `licctl tslicense host list` shows them")
            .into()),
    }
}
