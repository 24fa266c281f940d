//! `rms pool …`: redundant License Managers.

use super::acting::Server;
use crate::error::{Outcome, Usage, Verdict};
use crate::output::ListOptions;
use crate::rms::ops::pools::{self, Loss, Step};
use crate::rms::view::{LossView, PoolView};
use crate::session::Session;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the servers of the pool, in the order of preference
    #[command(after_help = "Example:\n  licctl rms pool show")]
    Show(Server),
    /// Make a pool of these servers, in the order of preference
    ///
    /// Where the store has several License Managers and `--server` names none, the pool is that of the first one that is named.
    #[command(
        after_help = "Examples:\n  licctl rms pool set lic01 lic02 lic03\n  licctl rms pool set --none"
    )]
    Set {
        /// 2 to 11 names
        #[arg(value_name = "NAME", required_unless_present = "none")]
        names: Vec<String>,
        /// What of an even number is a majority: over half, or half
        #[arg(long, value_name = "RULE", default_value = "strict", value_parser = ["strict", "half"])]
        majority: String,
        /// No pool: the License Manager stands alone
        #[arg(long, conflicts_with = "names")]
        none: bool,
        #[command(flatten)]
        server: Server,
    },
    /// Add a server at the end of the pool
    #[command(after_help = "Example:\n  licctl rms pool add lic04")]
    Add(Member),
    /// Take a server out of the pool
    #[command(after_help = "Example:\n  licctl rms pool remove lic04")]
    Remove(Member),
    /// Let a server fail
    #[command(after_help = "Example:\n  licctl rms pool fail lic01")]
    Fail(Member),
    /// Bring a server back
    #[command(after_help = "Example:\n  licctl rms pool restore lic01")]
    Restore(Member),
    /// What can the pool lose before a feature stops? Exit 1 when one would
    ///
    /// A feature under the majority rule needs over half of its servers; without the rule it needs one.
    #[command(
        after_help = "Examples:\n  licctl rms pool can-lose\n  licctl rms pool can-lose --servers 2 --majority half\n  licctl rms pool can-lose lic01 lic02 --feature CAD"
    )]
    CanLose {
        /// The servers that fail
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// How many fail
        #[arg(long, value_name = "K", default_value = "1", conflicts_with = "names")]
        servers: u64,
        /// What of an even number is a majority; default: as the pool was made
        #[arg(long, value_name = "RULE", value_parser = ["strict", "half"])]
        majority: Option<String>,
        /// Only features of this name
        #[arg(long, value_name = "NAME")]
        feature: Option<String>,
        #[command(flatten)]
        server: Server,
        #[command(flatten)]
        list: ListOptions,
    },
}

/// A server of the pool.
#[derive(Debug, clap::Args)]
pub(super) struct Member {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    server: Server,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    let (member, step): (&Member, fn(String) -> Step) = match command {
        Command::Show(server) => {
            let name = server.name(session)?;
            let pool = session.read(|read, _| pools::show(read, &name))?;
            show(&pool, session)?;
            return Ok(Verdict::Yes);
        }
        Command::Set { names, majority, none, server } => {
            let half = majority == "half";
            let step = if *none { Step::Dissolve } else { Step::Set(names.clone(), half) };
            let name = server.name_among(names, session)?;
            return change(&name, &step, session);
        }
        Command::CanLose { .. } => return can_lose(command, session),
        Command::Add(member) => (member, Step::Add),
        Command::Remove(member) => (member, Step::Remove),
        Command::Fail(member) => (member, Step::Fail),
        Command::Restore(member) => (member, Step::Restore),
    };
    let name = member.server.name(session)?;
    change(&name, &step(member.name.clone()), session)
}

fn change(name: &str, step: &Step, session: &mut Session) -> Outcome<Verdict> {
    let pool = session.write(|tx, _| pools::change(tx, name, step))?;
    show(&pool.unwrap_or_default(), session)?;
    Ok(Verdict::Yes)
}

fn show(pool: &crate::rms::model::pool::Pool, session: &mut Session) -> Outcome<()> {
    session.printer.list::<PoolView>(&ListOptions::default(), |sink| {
        for view in PoolView::of(pool) {
            if sink.row(&view)?.is_break() {
                break;
            }
        }
        Ok(())
    })
}

fn can_lose(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    let Command::CanLose { names, servers, majority, feature, server, list } = command else {
        return Err(Usage::new("no question about a loss").into());
    };
    let name = server.name(session)?;
    let standings = session.read(|read, now| {
        let half = majority.as_deref().map(|rule| rule == "half");
        let loss = Loss { names, count: *servers, half };
        pools::can_lose(read, &name, loss, feature.as_deref(), now)
    })?;
    let stops = standings.iter().any(|one| !one.tolerance.after.serves());
    session.list::<LossView>(list, |_, _, sink| {
        for standing in &standings {
            if sink.row(&LossView::from(standing))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(if stops { Verdict::No } else { Verdict::Yes })
}
