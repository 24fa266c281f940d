//! `rms license …`: the licenses of the table.

use super::acting::Server;
use super::query::show_elements;
use crate::artefact::files::read_text;
use crate::artefact::{Kind, Notes};
use crate::clock::Timestamp;
use crate::error::{Complaint, Outcome, Place, Stop, Usage, Verdict};
use crate::output::{Format, ListOptions};
use crate::rms::catalog::queries::QueryVersion;
use crate::rms::export::sentinelinfo::Extent;
use crate::rms::import::fingerprint::selectors as selectors_of;
use crate::rms::import::{self, Options, Record};
use crate::rms::model::glob::Glob;
use crate::rms::model::license::License;
use crate::rms::ops::licenses::{self, Named};
use crate::rms::ops::query;
use crate::rms::ops::revoke::{self, How};
use crate::rms::rules::locks::selector;
use crate::rms::rules::matching::{Client, Verdict as Match};
use crate::rms::view::{AccountView, AddedView, CheckView, LicenseChangeView, LicenseView};
use crate::session::Session;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    List(ListArguments),
    /// Show one license: every element and what it means
    #[command(
        after_help = "Examples:\n  licctl rms license show D3C802D6979EA395\n  licctl rms license show 0:1     # the second license of the first feature"
    )]
    Show(Meant),
    /// Add a license by its record: the answer to a query, or JSON; license codes are not read
    #[command(
        after_help = "Examples:\n  licctl rms license add --xml answer.xml\n  echo '{\"featureName\":\"CAD\",\"featureVersion\":\"7.0\",\"numLicenses\":5}' | licctl rms license add --json -"
    )]
    Add {
        /// A sentinelInfo document of one license; `-`: the standard input
        #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, required_unless_present = "json", conflicts_with = "json")]
        xml: Option<PathBuf>,
        /// A license as JSON; `-`: the standard input
        #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        json: Option<PathBuf>,
        #[command(flatten)]
        server: Server,
    },
    /// Remove a license; the later ones of its feature move up
    #[command(after_help = "Example:\n  licctl rms license remove D3C802D6979EA395")]
    Remove(Meant),
    Match(MatchArguments),
    /// Give a trial license another precedence: higher ones serve first, -1 before any other license, 0 never
    #[command(
        after_help = "Examples:\n  licctl rms license set-precedence D3C802D6979EA395 9\n  licctl rms license set-precedence 0:0 -1"
    )]
    SetPrecedence {
        #[command(flatten)]
        meant: Meant,
        /// -1, 0, or a number
        #[arg(value_name = "N", allow_negative_numbers = true)]
        precedence: i64,
    },
    /// Revoke a license: at once, in some days, or some of its units
    #[command(
        after_help = "Examples:\n  licctl rms license revoke D3C802D6979EA395 --defer-days 7\n  licctl rms license revoke 0:0 --units 2"
    )]
    Revoke {
        #[command(flatten)]
        meant: Meant,
        /// Only so many units
        #[arg(long, value_name = "N", conflicts_with = "defer_days")]
        units: Option<u64>,
        /// In so many days, 1 to 30; until then it serves
        #[arg(long, value_name = "DAYS", allow_negative_numbers = true)]
        defer_days: Option<i64>,
    },
    /// The named users of a license
    #[command(subcommand)]
    Users(Users),
}

/// Named users.
#[derive(Debug, Subcommand)]
pub(super) enum Users {
    /// Name a user
    #[command(after_help = "Example:\n  licctl rms license users add D3C802D6979EA395 ann")]
    Add {
        #[command(flatten)]
        meant: Meant,
        /// The user
        #[arg(value_name = "USER")]
        user: String,
    },
    /// Name a user no longer
    #[command(after_help = "Example:\n  licctl rms license users remove D3C802D6979EA395 ann")]
    Remove {
        #[command(flatten)]
        meant: Meant,
        /// The user
        #[arg(value_name = "USER")]
        user: String,
    },
    /// List the named users
    #[command(
        after_help = "Examples:\n  licctl rms license users list D3C802D6979EA395\n  licctl rms license users list 0:0 --filter 'userName=ann' -o name"
    )]
    List {
        #[command(flatten)]
        meant: Meant,
        #[command(flatten)]
        list: ListOptions,
    },
}

/// List the licenses, in the order of their indexes
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms license list\n  licctl rms license list --feature CAD --state inactive\n  licctl rms license list --expired -o name"
)]
pub(super) struct ListArguments {
    /// Only of features of this name; `*` stands for any letters, `?` for one
    #[arg(long, value_name = "GLOB", add = ArgValueCompleter::new(super::complete::features))]
    feature: Option<Glob>,
    /// Only those that are part of their feature's node, or are not
    #[arg(long, value_name = "STATE")]
    state: Option<State>,
    /// Only those that have ended
    #[arg(long)]
    expired: bool,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    list: ListOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum State {
    Active,
    Inactive,
}

/// One license.
#[derive(Debug, clap::Args)]
pub(super) struct Meant {
    /// Its hash, or feature index and license index: `0:1`
    #[arg(value_name = "HASH|F:L", add = ArgValueCompleter::new(super::complete::hashes))]
    license: String,
    #[command(flatten)]
    server: Server,
}

/// Would a client get a token, as far as locks, sites, groups and time go? Exit 1 when not
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms license match D3C802D6979EA395 --lock-code '14-*1AB2' --ip 10.1.9.4\n  licctl rms license match 0:0 --host-id 0x1A2B3C4D --selector-mask 0x14"
)]
pub(super) struct MatchArguments {
    #[command(flatten)]
    meant: Meant,
    /// Locking code of the client
    #[arg(long, value_name = "CODE")]
    lock_code: Option<String>,
    /// Locking codes of the client, as echoid printed them: the one of the license's criteria counts, else the first; `-`: the standard
    /// input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "lock_code")]
    echoid: Option<PathBuf>,
    /// Host id of the client: `0x1A2B3C4D`
    #[arg(long, value_name = "ID")]
    host_id: Option<String>,
    /// Address of the client
    #[arg(long, value_name = "ADDRESS")]
    ip: Option<IpAddr>,
    /// Criteria that the client can deliver, decimal or with `0x`
    #[arg(long, value_name = "MASK")]
    selector_mask: Option<String>,
    /// Criteria that the client can deliver, from its fingerprint (`fingerprintInfo`); `-`: the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "selector_mask")]
    fingerprint: Option<PathBuf>,
    /// User of the client, for reservations and named users
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Host name of the client, for reservations
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
}

impl Meant {
    fn named(&self) -> Outcome<Named> {
        let text = self.license.as_str();
        if let Some((feature, license)) = text.split_once(':')
            && let (Ok(feature), Ok(license)) = (feature.parse(), license.parse())
        {
            return Ok(Named::At(feature, license));
        }
        if text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Named::Hash(text.to_ascii_uppercase()));
        }
        Err(Usage::new(format!("`{text}` is no license"))
            .hinted("a hash of 16 hexadecimal digits, or two indexes: `0:1`")
            .into())
    }
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List(arguments) => list(arguments, session)?,
        Command::Show(meant) => show(meant, session)?,
        Command::Add { xml, json, server } => {
            let name = server.name(session)?;
            let (path, reader): (&Path, _) = match (xml, json) {
                (Some(xml), _) => (xml, &import::sentinelinfo::KIND),
                (None, Some(json)) => (json, &import::json::KIND),
                (None, None) => return Err(Usage::new("nothing was given to add").into()),
            };
            let license = read_one(path, reader, session)?;
            let added = session.write(|tx, now| licenses::add(tx, &name, license, now))?;
            let hash = added.hash().unwrap_or("-");
            let sentence = format!("added license {hash} of `{}` to `{name}`", added.feature());
            session.tell(&AddedView::from(&added), &sentence)?;
        }
        Command::Remove(meant) => {
            let (name, named) = (meant.server.name(session)?, meant.named()?);
            let removed = session.write(|tx, now| licenses::remove(tx, &name, &named, now))?;
            let hash = removed.hash().unwrap_or("-");
            let sentence =
                format!("removed license {hash} of `{}` from `{name}`", removed.feature());
            session.tell(&AddedView::from(&removed), &sentence)?;
        }
        Command::Match(arguments) => return matched(arguments, session),
        Command::SetPrecedence { meant, precedence } => {
            let (name, named) = (meant.server.name(session)?, meant.named()?);
            let changed =
                session.write(|tx, _| revoke::set_precedence(tx, &name, &named, *precedence))?;
            let hash = changed.after.hash().unwrap_or("-").to_owned();
            let sentence = format!("license {hash} has precedence {precedence}");
            session.tell(&LicenseChangeView::from(&changed), &sentence)?;
        }
        Command::Revoke { meant, units, defer_days } => {
            let how = defer_days.map_or(How::Now(*units), How::Later);
            let (name, named) = (meant.server.name(session)?, meant.named()?);
            let changed = session.write(|tx, now| revoke::revoke(tx, &name, &named, how, now))?;
            let hash = changed.after.hash().unwrap_or("-");
            let sentence = match (changed.planned.and_then(Timestamp::from_s), units) {
                (Some(at), _) => format!("license {hash} is revoked on {at}"),
                (None, Some(1)) => format!("revoked 1 unit of license {hash}"),
                (None, Some(units)) => format!("revoked {units} units of license {hash}"),
                (None, None) => format!("revoked license {hash}"),
            };
            session.tell(&LicenseChangeView::from(&changed), &sentence)?;
        }
        Command::Users(command) => users(command, session)?,
    }
    Ok(Verdict::Yes)
}

fn list(arguments: &ListArguments, session: &mut Session) -> Outcome<()> {
    let name = arguments.server.name_if_any(session)?;
    session.list::<LicenseView>(&arguments.list, |read, now, sink| {
        let Some(name) = &name else { return Ok(()) };
        query::features(read, name, now, &mut |served| {
            if arguments.feature.as_ref().is_some_and(|feature| !feature.matches(&served.key.name))
            {
                return Ok(ControlFlow::Continue(()));
            }
            for (at, license) in served.licenses.iter().enumerate() {
                let active = served.is_active(at);
                let state = if active { State::Active } else { State::Inactive };
                let view = LicenseView::new((served.index, at), license.clone(), active, now);
                let wanted = arguments.state.is_none_or(|wanted| wanted == state)
                    && (!arguments.expired || view.is_expired());
                if wanted && sink.row(&view)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    })
}

fn show(meant: &Meant, session: &mut Session) -> Outcome<()> {
    let (name, named) = (meant.server.name(session)?, meant.named()?);
    let found = session.read(|read, now| licenses::show(read, &name, &named, now))?;
    let Some(license) = found.license() else { return Ok(()) };
    if session.printer.format != Format::Table || session.printer.jq.is_some() {
        let active = found.served.is_active(found.at);
        let place = (found.served.index, found.at);
        return session.show(&LicenseView::new(place, license, active, session.now));
    }
    show_elements(session, &license, Extent::All, QueryVersion::V1_1)
}

fn users(command: &Users, session: &mut Session) -> Outcome<()> {
    match command {
        Users::Add { meant, user } => {
            let (name, named) = (meant.server.name(session)?, meant.named()?);
            session.write(|tx, _| revoke::add_user(tx, &name, &named, user))?;
            session.tell(&AccountView::new(user), &format!("`{user}` is a named user"))
        }
        Users::Remove { meant, user } => {
            let (name, named) = (meant.server.name(session)?, meant.named()?);
            if !session.write(|tx, _| revoke::remove_user(tx, &name, &named, user))? {
                return Err(Usage::new(format!("`{user}` is no named user of the license"))
                    .hinted("`licctl rms license users list HASH` shows them")
                    .into());
            }
            session.tell(&AccountView::new(user), &format!("`{user}` is no named user any more"))
        }
        Users::List { meant, list } => {
            let (name, named) = (meant.server.name(session)?, meant.named()?);
            session.list::<AccountView>(list, |read, _, sink| {
                for user in revoke::users(read, &name, &named)? {
                    if sink.row(&AccountView::new(&user))?.is_break() {
                        break;
                    }
                }
                Ok(())
            })
        }
    }
}

/// The one license of a file.
///
/// Complains when the file holds none or several, or one that is not in order.
fn read_one(path: &Path, kind: &Kind, session: &mut Session) -> Outcome<License> {
    let (mut found, mut notes) = (Vec::new(), Notes::default());
    super::files::records(path, kind, Options::default(), &mut notes, &mut |_, record| {
        if let Record::License(license) = record {
            found.push(*license);
        }
        Ok(())
    })?;
    let name = path.display().to_string();
    if !notes.complaints.is_empty() {
        return Err(Stop::from(std::mem::take(&mut notes.complaints)).within(&name));
    }
    if found.len() != 1 {
        let message = format!("the file holds {} licenses, and one is added", found.len());
        let remedy = "`licctl rms import` takes them all";
        let complaint = Complaint::new(Place::Whole, message).remedied(remedy);
        return Err(Stop::from(complaint).within(&name));
    }
    session.warn_all(notes.warnings);
    found.pop().ok_or_else(|| Stop::bug("a license is gone"))
}

fn matched(arguments: &MatchArguments, session: &mut Session) -> Outcome<Verdict> {
    let meant = &arguments.meant;
    let selectors = arguments.selector_mask.as_deref().map(|text| {
        selector(text).ok_or_else(|| {
            Usage::new(format!("`--selector-mask {text}` is no mask"))
                .hinted("a decimal number, or a hexadecimal one with `0x`")
        })
    });
    let delivered = match &arguments.fingerprint {
        Some(path) => Some(read_text(path, Rc::new(|_| ()), |_, input| selectors_of(input))?),
        None => None,
    };
    let codes = match &arguments.echoid {
        Some(path) => super::files::echoid(path)?,
        None => arguments.lock_code.iter().cloned().collect(),
    };
    let client = Client {
        lock_codes: codes,
        host_id: arguments.host_id.clone(),
        address: arguments.ip,
        selectors: selectors.transpose()?.or(delivered),
        user: arguments.user.clone(),
        host: arguments.host.clone(),
    };
    let (name, named) = (meant.server.name(session)?, meant.named()?);
    let checks = session.read(|read, now| licenses::matched(read, &name, &named, &client, now))?;
    let failed = checks.iter().any(|check| check.verdict == Match::Fail);
    session.printer.list::<CheckView>(&ListOptions::default(), |sink| {
        for check in &checks {
            if sink.row(&CheckView::from(check))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(if failed { Verdict::No } else { Verdict::Yes })
}
