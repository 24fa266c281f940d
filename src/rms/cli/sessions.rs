//! `rms session …`, `rms queue …`: tokens asked for, renewed, given back, waited for.

use super::acting::Server;
use super::replay::{ReplayArguments, replay};
use crate::clock::Span;
use crate::error::{Outcome, Stop, Usage, Verdict};
use crate::output::ListOptions;
use crate::rms::model::license::FeatureKey;
use crate::rms::model::request::{Queueing, Request, Wait};
use crate::rms::model::session::{DEFAULT_SHARING_ID, Identity, State};
use crate::rms::ops::sessions::{self, Whose};
use crate::rms::rules::locks::selector;
use crate::rms::view::{QueuedView, SessionView};
use crate::session::Session;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;
use std::net::IpAddr;
use std::ops::ControlFlow;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Login(Box<LoginArguments>),
    /// Renew a session, as its heartbeat does; a client whose demand the queue has met takes its tokens
    #[command(
        after_help = "Examples:\n  licctl rms session refresh 17\n  licctl rms session refresh 17 --units 3"
    )]
    Refresh(Changing),
    /// Give tokens back: all of them, or some
    #[command(
        after_help = "Examples:\n  licctl rms session logout 17\n  licctl rms session logout 17 --units 1"
    )]
    Logout(Changing),
    List(ListArguments),
    /// Show a session
    #[command(after_help = "Example:\n  licctl rms session show 17")]
    Show {
        /// Number of the session
        #[arg(value_name = "KEYID")]
        key: u32,
        #[command(flatten)]
        server: Server,
    },
    Terminate(TerminateArguments),
    Replay(ReplayArguments),
}

#[derive(Debug, Subcommand)]
pub(super) enum Queue {
    /// List the clients that wait, feature by feature
    #[command(after_help = "Example:\n  licctl rms queue list")]
    List {
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        list: ListOptions,
    },
}

/// A feature by its name, and its version if it has one.
#[derive(Debug, clap::Args)]
pub(super) struct Feature {
    /// Name of the feature
    #[arg(value_name = "FEATURE", add = ArgValueCompleter::new(super::complete::features))]
    feature: String,
    /// Version of the feature, if it has one
    #[arg(value_name = "VERSION", default_value = "")]
    version: String,
}

impl Feature {
    pub(super) fn key(&self) -> FeatureKey {
        FeatureKey { name: self.feature.clone(), version: self.version.clone() }
    }
}

/// Who asks.
#[derive(Debug, clap::Args)]
pub(super) struct Who {
    /// User who asks
    #[arg(long, value_name = "NAME")]
    user: String,
    /// Machine that asks
    #[arg(long, value_name = "NAME")]
    host: String,
    /// Criteria that the client can deliver, decimal or with `0x`
    #[arg(long, value_name = "MASK")]
    selector_mask: Option<String>,
}

impl Who {
    pub(super) fn identity(&self) -> Identity {
        Identity { user: self.user.clone(), host: self.host.clone(), ..Identity::default() }
    }

    pub(super) fn selectors(&self) -> Outcome<u32> {
        let Some(text) = self.selector_mask.as_deref() else { return Ok(0) };
        selector(text).ok_or_else(|| {
            Usage::new(format!("`--selector-mask {text}` is no mask"))
                .hinted("a decimal number, or a hexadecimal one with `0x`")
                .into()
        })
    }
}

/// Ask for tokens of a feature
///
/// The License Manager checks, in this order: validity, majority of the pool, clock, virtual machine, locks, site, reservation, named
/// users; then whether a token is held for this very client, may be shared, or is free. A refusal for want of tokens is logged. In the
/// API: `sntl_licensing_login`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms session login CAD 7.0 --user ann --host ws17\n  licctl rms session login CAD 7.0 --user ann --host ws17 --units 2 --queue --wait 15m"
)]
pub(super) struct LoginArguments {
    #[command(flatten)]
    feature: Feature,
    #[command(flatten)]
    who: Who,
    /// Units that are wanted
    #[arg(long, value_name = "N", default_value = "1")]
    units: u64,
    /// Address of the client
    #[arg(long, value_name = "ADDRESS")]
    ip: Option<IpAddr>,
    /// X display of the client
    #[arg(long, value_name = "NAME", default_value = "")]
    x_display: String,
    /// The vendor's own id for sharing
    #[arg(long, value_name = "ID", default_value = DEFAULT_SHARING_ID)]
    sharing_id: String,
    /// Host id of the client: `0x1A2B3C4D`
    #[arg(long, value_name = "ID", default_value = "")]
    host_id: String,
    /// Locking code of the client
    #[arg(long, value_name = "CODE", default_value = "")]
    lock_code: String,
    /// Vendor whose library asks
    #[arg(long, value_name = "ID", default_value = "")]
    vendor: String,
    /// How long the token is held after its release, where the license lets the client say so
    #[arg(long, value_name = "SPAN")]
    hold_time: Option<Span>,
    /// Wait in the queue when there is no token
    #[arg(long)]
    queue: bool,
    /// Wait in the queue in any case
    #[arg(long, conflicts_with = "queue")]
    queue_only: bool,
    /// How long to wait; default: as long as it takes
    #[arg(long, value_name = "SPAN")]
    wait: Option<Span>,
    /// How long tokens are kept once there are enough; default: as long as a heartbeat
    #[arg(long, value_name = "SPAN")]
    keep: Option<Span>,
    /// The last position in the queue that is accepted
    #[arg(long, value_name = "N")]
    position: Option<u64>,
    /// The last position among the group that is accepted
    #[arg(long, value_name = "N")]
    group_position: Option<u64>,
    /// A comment for the usage log
    #[arg(long, value_name = "TEXT", default_value = "")]
    comment: String,
    #[command(flatten)]
    server: Server,
}

impl LoginArguments {
    fn request(&self) -> Request {
        let seconds = |span: Option<Span>| span.map(|span| span.ms() / 1000);
        let queueing = match (self.queue, self.queue_only) {
            (_, true) => Queueing::Queue,
            (true, _) => Queueing::GetOrQueue,
            _ => Queueing::Get,
        };
        Request {
            client: Identity {
                host_id: self.host_id.clone(),
                x_display: self.x_display.clone(),
                sharing_id: self.sharing_id.clone(),
                lock_code: self.lock_code.clone(),
                address: self.ip,
                ..self.who.identity()
            },
            vendor: self.vendor.clone(),
            units: self.units,
            hold: seconds(self.hold_time).unwrap_or(0),
            wait: Wait {
                queueing,
                longest: seconds(self.wait),
                keep: seconds(self.keep),
                position: self.position,
                group_position: self.group_position,
            },
            comment: self.comment.clone(),
        }
    }
}

/// A session, and a number of units.
#[derive(Debug, clap::Args)]
pub(super) struct Changing {
    /// Number of the session
    #[arg(value_name = "KEYID")]
    key: u32,
    /// A number of units: wanted from now on, or given back
    #[arg(long, value_name = "N")]
    units: Option<u64>,
    #[command(flatten)]
    server: Server,
}

/// List the sessions, feature by feature
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms session list\n  licctl rms session list --all --filter 'userName=ann'"
)]
pub(super) struct ListArguments {
    /// Those too that were taken back or ended, and that their clients are still to be told of
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    list: ListOptions,
}

/// End the sessions of a client
///
/// What is given must all be met. Clients are told with their next call: `SNTL_USER_SESSION_TERMINATED`. In the API:
/// `sntl_lmadmin_post`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms session terminate --user ann\n  licctl rms session terminate --user ann --host ws17"
)]
pub(super) struct TerminateArguments {
    /// Sessions of this user
    #[arg(long, value_name = "NAME", required_unless_present_any = ["host", "host_id"])]
    user: Option<String>,
    /// Sessions of this machine
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
    /// Sessions of the machine of this host id
    #[arg(long, value_name = "ID")]
    host_id: Option<String>,
    #[command(flatten)]
    server: Server,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Login(arguments) => login(arguments, session)?,
        Command::Refresh(changing) => {
            let name = changing.server.name(session)?;
            let (key, units) = (changing.key, changing.units);
            let (answer, feature) = session.write(|tx, now| {
                let answer = sessions::refresh(tx, &name, key, units, now)?;
                let feature = match &answer {
                    Ok(done) => sessions::key_of(tx.reading(), &name, done.session.feature)?,
                    Err(_) => FeatureKey { name: String::new(), version: String::new() },
                };
                Ok((answer, feature))
            })?;
            let done = answer.map_err(Stop::Refused)?;
            let view = SessionView::new(&feature, &done.session).told(&done.alerts, 0);
            let units = counted(done.session.units);
            session.tell(&view, &format!("renewed session {key} of `{feature}`: {units}"))?;
        }
        Command::Logout(changing) => {
            let name = changing.server.name(session)?;
            let (key, units) = (changing.key, changing.units);
            let (done, feature) = session.write(|tx, now| {
                let done = sessions::logout(tx, &name, key, units, now)?;
                let feature = sessions::key_of(tx.reading(), &name, done.session.feature)?;
                Ok((done, feature))
            })?;
            let view = SessionView::new(&feature, &done.session).told(&done.alerts, 0);
            let freed = counted(done.released);
            let sentence = format!("session {key} gave `{feature}` back: {freed} free again");
            session.tell(&view, &sentence)?;
        }
        Command::List(arguments) => list(arguments, session)?,
        Command::Show { key, server } => {
            let name = server.name(session)?;
            let token = session.read(|read, now| sessions::show(read, &name, *key, now))?;
            session.show(&SessionView::new(&token.key, &token.session))?;
        }
        Command::Terminate(arguments) => terminate(arguments, session)?,
        Command::Replay(arguments) => return replay(arguments, session),
    }
    Ok(Verdict::Yes)
}

/// `1 unit`, `2 units`.
fn counted(units: u64) -> String {
    format!("{units} unit{}", if units == 1 { "" } else { "s" })
}

fn login(arguments: &LoginArguments, session: &mut Session) -> Outcome<()> {
    let name = arguments.server.name(session)?;
    let (key, request) = (arguments.feature.key(), arguments.request());
    let selectors = arguments.who.selectors()?;
    // A refusal for want of tokens is logged: the change is kept, and the command says no all the same.
    let login =
        session.write(|tx, now| sessions::login(tx, &name, &key, (&request, selectors), now))?;
    session.warn_all(login.warnings);
    let granted = login.answer.map_err(Stop::Refused)?;
    let (held, units) = (&granted.session, counted(granted.session.units));
    let sentence = match (held.state, held.shares) {
        (State::Queued | State::Granted, _) => format!(
            "session {} waits for {units} of `{key}`, at position {}",
            held.key, granted.position
        ),
        (State::Commuted, _) => {
            format!("session {} has checked {units} of `{key}` out", held.key)
        }
        (_, Some(token)) => format!("session {} shares token {token} of `{key}`", held.key),
        _ => format!("session {} has {units} of `{key}`", held.key),
    };
    let view = SessionView::new(&key, held).told(&granted.alerts, granted.position);
    session.tell(&view, &sentence)
}

fn list(arguments: &ListArguments, session: &mut Session) -> Outcome<()> {
    let name = arguments.server.name_if_any(session)?;
    session.list::<SessionView>(&arguments.list, |read, now, sink| {
        let Some(name) = &name else { return Ok(()) };
        sessions::each(read, name, now, &mut |token| {
            let state = token.session.state;
            if state.is_left() || (state.is_over() && !arguments.all) {
                return Ok(ControlFlow::Continue(()));
            }
            sink.row(&SessionView::new(&token.key, &token.session))
        })
    })
}

fn terminate(arguments: &TerminateArguments, session: &mut Session) -> Outcome<()> {
    let name = arguments.server.name(session)?;
    let whose = Whose {
        user: arguments.user.clone(),
        host: arguments.host.clone(),
        host_id: arguments.host_id.clone(),
    };
    let now = session.now;
    session.write_list::<SessionView>(&ListOptions::default(), |tx, sink| {
        for (key, ended) in sessions::terminate(tx, &name, &whose, now)? {
            if sink.row(&SessionView::new(&key, &ended))?.is_break() {
                break;
            }
        }
        Ok(())
    })
}

pub(super) fn queue(command: &Queue, session: &mut Session) -> Outcome<Verdict> {
    let Queue::List { server, list } = command;
    let name = server.name_if_any(session)?;
    session.list::<QueuedView>(list, |read, now, sink| {
        let Some(name) = &name else { return Ok(()) };
        let waiting = sessions::waiting(read, name, now)?;
        for (key, session, position) in &waiting {
            if sink.row(&QueuedView::new(key, session, *position, now))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(Verdict::Yes)
}
