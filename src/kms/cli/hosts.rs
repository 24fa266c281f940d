//! `kms host …`: the settings of a KMS host, and the clients that it counts.

use super::acting::{Acting, Target};
use crate::error::{Outcome, Usage, Verdict};
use crate::kms::catalog::skus::Pool;
use crate::kms::ops::{cache, call};
use crate::kms::store::pools::Clients;
use crate::kms::view::{EntryView, ReturnView};
use crate::output::ListOptions;
use crate::session::Session;
use crate::wording::many;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Set how often clients ask, in minutes (`SetVLActivationInterval`, `SetVLRenewalInterval`)
    ///
    /// Both take effect, or none does. 15 to 43200 minutes are allowed.
    #[command(
        after_help = "Examples:\n  licctl kms host set-interval --renewal 10080\n  licctl kms host set-interval --activation 60 --renewal 1440 --machine kms03"
    )]
    SetInterval {
        /// Minutes between attempts before a client is activated
        #[arg(
            long,
            value_name = "MINUTES",
            allow_negative_numbers = true,
            required_unless_present = "renewal"
        )]
        activation: Option<String>,
        /// Minutes between renewals afterwards
        #[arg(long, value_name = "MINUTES", allow_negative_numbers = true)]
        renewal: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Set the TCP port that the host listens on (`SetKeyManagementServiceListeningPort`)
    #[command(after_help = "Example:\n  licctl kms host set-port 1689")]
    SetPort {
        /// 1 to 65535
        #[arg(value_name = "PORT", allow_negative_numbers = true)]
        port: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Listen on 1688 again (`ClearKeyManagementServiceListeningPort`)
    #[command(after_help = "Example:\n  licctl kms host clear-port --machine kms03")]
    ClearPort(Acting),
    /// Whether the host publishes itself in DNS (`DisableKeyManagementServiceDnsPublishing`)
    #[command(after_help = "Example:\n  licctl kms host set-dns-publishing off")]
    SetDnsPublishing {
        #[arg(value_name = "on|off", value_parser = PossibleValuesParser::new(["on", "off"]))]
        state: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// The priority of the host's service (`EnableKeyManagementServiceLowPriority`)
    #[command(after_help = "Example:\n  licctl kms host set-priority low")]
    SetPriority {
        #[arg(value_name = "normal|low", value_parser = PossibleValuesParser::new(["normal", "low"]))]
        priority: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// The clients that the host counts
    #[command(subcommand)]
    Cache(CacheCommand),
}

#[derive(Debug, Subcommand)]
pub(super) enum CacheCommand {
    /// List them
    #[command(
        after_help = "Example:\n  licctl kms host cache list --pool windows --sort -lastSeen"
    )]
    List {
        /// Only this pool
        #[arg(long, value_name = "POOL", value_parser = PossibleValuesParser::new(Pool::ALL.map(Pool::word)))]
        pool: Option<String>,
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Drop those that were silent for more than 30 days, as the next request would
    #[command(after_help = "Example:\n  licctl kms host cache purge --machine kms03")]
    Purge(Target),
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::SetInterval { activation, renewal, acting } => {
            set_intervals(acting, session, [activation, renewal].map(Option::as_deref))
        }
        Command::SetPort { port, acting } => one(
            (acting, session),
            &format!("set the listening port to {port}"),
            ("SetKeyManagementServiceListeningPort", &[("PortNumber", port)]),
        ),
        Command::ClearPort(acting) => one(
            (acting, session),
            "cleared the listening port",
            ("ClearKeyManagementServiceListeningPort", &[]),
        ),
        Command::SetDnsPublishing { state, acting } => {
            let disabled = if state == "off" { "true" } else { "false" };
            one(
                (acting, session),
                &format!("turned DNS publishing {state}"),
                ("DisableKeyManagementServiceDnsPublishing", &[("DisablePublishing", disabled)]),
            )
        }
        Command::SetPriority { priority, acting } => {
            let low = if priority == "low" { "true" } else { "false" };
            one(
                (acting, session),
                &format!("set the priority to {priority}"),
                ("EnableKeyManagementServiceLowPriority", &[("EnableLowPriority", low)]),
            )
        }
        Command::Cache(command) => cached(command, session),
    }
}

/// Sets the intervals that are given, activation and renewal, as one change.
fn set_intervals(
    acting: &Acting,
    session: &mut Session,
    [activation, renewal]: [Option<&str>; 2],
) -> Outcome<Verdict> {
    let given = [
        ("SetVLActivationInterval", "ActivationInterval", activation),
        ("SetVLRenewalInterval", "RenewalInterval", renewal),
    ];
    let mut planned: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    for (method, name, text) in given {
        if let Some(text) = text {
            planned.push((method, vec![(name, text)]));
            words.push(format!("{name} to {text} minutes"));
        }
    }
    acting.call(
        session,
        |name| format!("set {} on `{name}`", words.join(" and ")),
        |tx, scene, name| call::calls(tx, scene, name, &planned),
    )
}

/// Makes one call of the service and tells it in a sentence that the machine's name ends.
pub(super) fn one(
    (acting, session): (&Acting, &mut Session),
    did: &str,
    (method, given): (&str, &call::Given<'_>),
) -> Outcome<Verdict> {
    acting.call(
        session,
        |name| format!("{did} on `{name}`"),
        |tx, scene, name| call::call(tx, scene, (name, None), method, given),
    )
}

fn cached(command: &CacheCommand, session: &mut Session) -> Outcome<Verdict> {
    match command {
        CacheCommand::List { pool, target, list } => {
            let name = target.name(session)?;
            let pool = pool.as_deref().map(pool_named).transpose()?;
            let (pools, warnings) = session.read(|read, now| {
                cache::list(read, &name, pool.map_or(Clients::All, Clients::Of), now)
            })?;
            for warning in warnings {
                session.warn(warning);
            }
            session.printer.list::<EntryView>(list, |sink| {
                for held in &pools {
                    for (cmid, entry) in &held.cache.entries {
                        if sink.row(&EntryView::new(held.pool.word(), *cmid, entry))?.is_break() {
                            return Ok(());
                        }
                    }
                }
                Ok(())
            })?;
        }
        CacheCommand::Purge(target) => {
            let name = target.name(session)?;
            let dropped = session.write(|tx, now| cache::purge(tx, &name, now))?;
            let sentence =
                format!("dropped {} from the cache of `{name}`", many(dropped, "client"));
            session.tell(&ReturnView::default(), &sentence)?;
        }
    }
    Ok(Verdict::Yes)
}

fn pool_named(word: &str) -> Outcome<Pool> {
    let found = Pool::ALL.into_iter().find(|pool| pool.word() == word);
    found.ok_or_else(|| Usage::new(format!("there is no pool `{word}`")).into())
}
