//! `issued …`, `user …`, `simulate …`: licenses of devices and users.

use super::acting::{Acting, Made, Target, make};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop, Usage, Verdict};
use crate::output::ListOptions;
use crate::session::Session;
use crate::tslicense::catalog::enumerations::LICENSE_STATUS;
use crate::tslicense::catalog::methods::{Act, of};
use crate::tslicense::model::issued::hardware_key;
use crate::tslicense::model::{KeyPackId, LicenseId};
use crate::tslicense::ops::visits::{self, Visitor};
use crate::tslicense::ops::{held, licenses, servers};
use crate::tslicense::rules::life::{DEVICE_DAYS, Grant, Visit};
use crate::tslicense::store::issued::{self, Wanted};
use crate::tslicense::store::users;
use crate::tslicense::view::{CallView, ConnectionView, IssuedView, UserView};
use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum IssuedCommand {
    /// List the licenses that are issued to devices
    #[command(
        after_help = "Examples:\n  licctl tslicense issued list --computer TD-0001 --server ls01.corp.contoso.example\n  licctl tslicense issued list --status temporary --expires-before 2026-06-01"
    )]
    List(ListArguments),
    /// Revoke a license per device (`Revoke`); a fifth of a version may be in the revoked state at once
    #[command(after_help = "Example:\n  licctl tslicense issued revoke 9")]
    Revoke(RevokeArguments),
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// Only this computer, with or without its DNS suffix
    #[arg(long, value_name = "NAME")]
    computer: Option<String>,
    /// Only this `LicenseStatus`, by its word or number: 1 temporary, 2 active, 3 upgrade, 4 revoked
    #[arg(long, value_name = "STATUS", value_parser = status)]
    status: Option<u32>,
    /// Only those that expire before this day or time
    #[arg(long, value_name = "TIME")]
    expires_before: Option<String>,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    list: ListOptions,
}

#[derive(Debug, Args)]
pub(super) struct RevokeArguments {
    /// Number of the license (`LicenseId`)
    #[arg(value_name = "LICENSEID")]
    id: u32,
    /// Its key pack, when several have that number
    #[arg(long, value_name = "ID")]
    keypack: Option<u32>,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// List the licenses that are issued to users
    #[command(after_help = "Example:\n  licctl tslicense user list -o csv")]
    List {
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        list: ListOptions,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum SimulateCommand {
    /// Connect a device or a user to a session host
    ///
    /// With `--host` the host's mode and its list of license servers decide; with `--host-os` the named license server is asked. A device gets a temporary license first, and after a logon a permanent one; a user always gets one.
    #[command(
        after_help = "Examples:\n  licctl tslicense simulate connect --host-os 2019 --device 0x2,0x1a2b --computer TD-0001 --server ls01.corp.contoso.example\n  licctl tslicense simulate connect --host-os 2022 --user 'CORP\\u0007'\n  licctl tslicense simulate connect --host rdsh01.corp.contoso.example --user 'CORP\\u0007'"
    )]
    Connect(ConnectArguments),
}

#[derive(Debug, Args)]
pub(super) struct ConnectArguments {
    /// The session host
    #[arg(long, value_name = "HOST", required_unless_present = "host_os", conflicts_with_all = ["host_os", "server"], add = ArgValueCompleter::new(super::complete::hosts))]
    host: Option<String>,
    /// The release of a session host that is not stored: 2008 to 2025
    #[arg(long, value_name = "VERSION", add = ArgValueCompleter::new(super::complete::releases))]
    host_os: Option<String>,
    /// Hardware ID of the device, on a host that is licensed per device
    #[arg(long, value_name = "HWID", required_unless_present = "user", requires = "computer", value_parser = hardware)]
    device: Option<String>,
    /// Name of the device
    #[arg(long, value_name = "NAME", requires = "device")]
    computer: Option<String>,
    /// The user: of the connection, or alone on a host that is licensed per user
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// The user does not log on, so that a temporary license is not validated
    #[arg(long, requires = "device")]
    no_logon: bool,
    /// Days that a permanent license lives: 52 to 89; by default drawn by the hardware ID
    #[arg(long, value_name = "N", requires = "device", value_parser = clap::value_parser!(u32).range(52..=89))]
    days: Option<u32>,
    #[command(flatten)]
    target: Target,
}

pub(super) fn issued(command: &IssuedCommand, session: &mut Session) -> Outcome<Verdict> {
    match command {
        IssuedCommand::List(arguments) => list(arguments, session),
        IssuedCommand::Revoke(arguments) => revoke(arguments, session),
    }
}

/// A hardware ID of the command line: anything by which devices can be told apart.
fn hardware(text: &str) -> Result<String, &'static str> {
    if hardware_key(text).is_empty() { Err("no hardware ID") } else { Ok(text.to_owned()) }
}

/// A `LicenseStatus` of the command line.
fn status(text: &str) -> Result<u32, String> {
    let named = LICENSE_STATUS.iter().find(|row| row.name.eq_ignore_ascii_case(text));
    named.map(|row| row.value).or_else(|| text.parse().ok()).ok_or_else(|| {
        let words: Vec<&str> = LICENSE_STATUS.iter().map(|row| row.name).collect();
        format!("neither a number nor one of {}", words.join(", "))
    })
}

fn list(arguments: &ListArguments, session: &mut Session) -> Outcome<Verdict> {
    let wanted = Wanted {
        computer: arguments.computer.clone(),
        status: arguments.status,
        expires_before: arguments.expires_before.as_deref().map(time).transpose()?,
    };
    let name = arguments.target.name(session)?;
    session.list::<IssuedView>(&arguments.list, |read, now, sink| {
        let (id, _) = held::load(read, &name, now)?;
        issued::each(read, id, &wanted, now, &mut |license| sink.row(&IssuedView::from(&license)))
    })?;
    Ok(Verdict::Yes)
}

/// A day or a time of the command line.
fn time(text: &str) -> Outcome<Timestamp> {
    let day = || Timestamp::parse(&format!("{text}T00:00:00Z"));
    Timestamp::parse(text).or_else(day).ok_or_else(|| {
        Usage::new(format!("`{text}` is no time")).hinted("write `2026-06-01`, or RFC 3339").into()
    })
}

fn revoke(arguments: &RevokeArguments, session: &mut Session) -> Outcome<Verdict> {
    let method = of(Act::Revoke).ok_or_else(|| Stop::bug("a method without a row"))?;
    let made = Made {
        method,
        key: arguments.keypack.map(KeyPackId),
        license: Some(LicenseId(arguments.id)),
        given: Vec::new(),
        controls: arguments.acting.controls(),
    };
    if let Some((server, called)) = make(&arguments.acting, session, made)? {
        let left = called.answer.revokable.unwrap_or_default();
        let sentence = format!(
            "revoked license {} of `{server}`; {left} more of its version may be revoked now",
            arguments.id
        );
        session.tell(&CallView::from(&called), &sentence)?;
    }
    Ok(Verdict::Yes)
}

pub(super) fn users(command: &UserCommand, session: &mut Session) -> Outcome<Verdict> {
    let UserCommand::List { target, list } = command;
    let name = target.name(session)?;
    session.list::<UserView>(list, |read, now, sink| {
        let (id, _) = held::load(read, &name, now)?;
        users::each(read, id, now, &mut |license| sink.row(&UserView::new(&license, &name)))
    })?;
    Ok(Verdict::Yes)
}

pub(super) fn simulate(command: &SimulateCommand, session: &mut Session) -> Outcome<Verdict> {
    let SimulateCommand::Connect(arguments) = command;
    let user = arguments.user.as_deref().unwrap_or_default();
    let computer = arguments.computer.as_deref().unwrap_or_default();
    let days = arguments.days.filter(|days| DEVICE_DAYS.contains(days));
    let Some(release) = &arguments.host_os else {
        let host = arguments.host.as_deref().unwrap_or_default();
        let device = arguments.device.as_deref().map(|hardware| (hardware, computer));
        let visitor = Visitor { device, user, days, logs_on: !arguments.no_logon };
        let (visited, server) =
            session.write(|tx, now| visits::connect(tx, host, &visitor, now))?;
        session.show(&ConnectionView::of(&visited, server))?;
        return Ok(if visited.is_allowed() { Verdict::Yes } else { Verdict::No });
    };
    let host = servers::os(release)?;
    let name = arguments.target.name(session)?;
    let Some(hardware) = &arguments.device else {
        let connected =
            session.write(|tx, now| licenses::connect_user(tx, &name, (user, host), now))?;
        session.show(&ConnectionView::from(&connected).by(&name))?;
        return Ok(Verdict::Yes);
    };
    let logs_on = !arguments.no_logon;
    let visit = Visit { hardware, computer, user, host, days, logs_on, now: session.now };
    let connected = session.write(|tx, _| licenses::connect_device(tx, &name, &visit))?;
    session.show(&ConnectionView::from(&connected).by(&name))?;
    Ok(if connected.grant == Grant::Refused { Verdict::No } else { Verdict::Yes })
}
