//! `rms export`: what is known of a License Manager as an artefact that reads back as it was.

use super::acting::{Server, hand_over, put};
use crate::clock::Timestamp;
use crate::error::{Outcome, Verdict};
use crate::rms::catalog::queries::QueryVersion;
use crate::rms::export::prometheus::Metrics;
use crate::rms::export::sentinelinfo::{self, Extent};
use crate::rms::export::{alerts, json, lsmon, reservation, usagelog};
use crate::rms::import::local::Local;
use crate::rms::model::license::FeatureKey;
use crate::rms::ops::capacity::{Asked, Extent::All as Every};
use crate::rms::ops::{capacity, log, query, reservations, servers, sessions};
use crate::rms::report::capacity::NEAR_PERCENT;
use crate::session::Session;
use crate::store::Read;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Write what is known of a License Manager as an artefact
///
/// What is written reads back as it was: elements that a license does not have are left out unless `--elements` says otherwise. A listing
/// says less than a query; license codes are in none of them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms export --as sentinelinfo > answers.xml\n  licctl rms export --as json --server lic01 --into lic01.json\n  licctl rms export --as prometheus --into rms.prom"
)]
pub(super) struct Arguments {
    /// The form
    #[arg(long = "as", value_name = "FORM")]
    form: Form,
    /// Write missing elements by their defaults: exactly those of the page's sample, or all
    #[arg(long, value_name = "WHICH")]
    elements: Option<Which>,
    /// Write into this file instead of the standard output
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    into: Option<PathBuf>,
    /// By how much the local times of a listing or a log are ahead of UTC: `+02:00`; default: as the License Manager was set, else by `--tz`
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    utc_offset: Option<String>,
    #[command(flatten)]
    server: Server,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Answers of a licenseInfo query of version 1.1, one document a license
    Sentinelinfo,
    /// A listing as lsmon of kit 9 prints it
    Lsmon,
    /// Records of usage as the lines of a usage log
    Usagelog,
    /// Records of usage as a table, as lsusage writes one
    Lsusage,
    /// One JSON document
    Json,
    /// How full each feature is, as metrics in the text format of Prometheus
    Prometheus,
    /// The groups as a group reservation file
    Reservation,
    /// The alert configuration
    Alerts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    /// Exactly the 65 of the sample
    Sample,
    /// All 70
    All,
}

impl Arguments {
    /// The zone of the local times that are written; `zone`: that of `--tz`.
    fn local<'z>(
        &self,
        name: &str,
        session: &mut Session,
        zone: Option<&'z TimeZone>,
    ) -> Outcome<Local<'z>> {
        let ahead = self.utc_offset.as_deref().map(super::import::ahead).transpose()?;
        let told = ahead.map_or(Local::Untold, Local::Ahead);
        session.read(|read, _| servers::local_times(read, told, Some(name), zone))
    }
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let name = arguments.server.name(session)?;
    let now = session.now;
    let zone = session.zone.clone();
    let local = arguments.local(&name, session, zone.as_ref())?;
    let extent = match arguments.elements {
        None => Extent::Given,
        Some(Which::Sample) => Extent::Sample,
        Some(Which::All) => Extent::All,
    };
    hand_over(session, arguments.into.as_deref(), |read, out| match arguments.form {
        Form::Sentinelinfo => query::features(read, &name, now, &mut |served| {
            for license in &served.licenses {
                put(out, &sentinelinfo::document(license, extent, QueryVersion::V1_1))?;
            }
            Ok(ControlFlow::Continue(()))
        }),
        Form::Lsmon => listing(read, out, &name, (now, local)),
        Form::Usagelog => log::in_order(read, &name, &mut |record| {
            if let Some(line) = usagelog::line(&record, local) {
                put(out, &line)?;
            }
            Ok(ControlFlow::Continue(()))
        }),
        Form::Lsusage => {
            put(out, usagelog::COLUMNS)?;
            log::in_order(read, &name, &mut |record| {
                put(out, &usagelog::row(&record))?;
                Ok(ControlFlow::Continue(()))
            })
        }
        Form::Json => document(read, out, &name, now),
        Form::Prometheus => {
            let mut metrics = Metrics::new(&name);
            let asked = Asked { extent: Every, since: Timestamp::MIN, near: NEAR_PERCENT };
            capacity::each(read, &name, asked, now, &mut |one| {
                metrics.take(&one);
                Ok(ControlFlow::Continue(()))
            })?;
            put(out, &metrics.text())
        }
        Form::Alerts => {
            for section in &servers::show(read, &name)?.server.alerts {
                put(out, &alerts::section(section))?;
            }
            Ok(())
        }
        Form::Reservation => {
            for group in reservations::groups(read, &name)? {
                put(out, &reservation::line(&group))?;
            }
            Ok(())
        }
    })?;
    Ok(Verdict::Yes)
}

/// Writes a listing; `local`: the zone of its local times.
fn listing(
    read: &mut dyn Read,
    out: &mut dyn Write,
    name: &str,
    (now, local): (Timestamp, Local<'_>),
) -> Outcome<()> {
    let shown = servers::show(read, name)?;
    let told = &shown.server.info.host_name;
    let host = if told.is_empty() { &shown.server.name } else { told };
    put(out, &lsmon::head(host))?;
    if shown.features == 0 {
        return put(out, &lsmon::nothing(host));
    }
    query::features(read, name, now, &mut |served| {
        put(out, &lsmon::feature(&served.key, &served.licenses, local))?;
        Ok(ControlFlow::Continue(()))
    })
}

/// Writes the JSON document.
fn document(read: &mut dyn Read, out: &mut dyn Write, name: &str, now: Timestamp) -> Outcome<()> {
    let shown = servers::show(read, name)?;
    put(out, &json::head(&shown.server))?;
    let counts = capacity::in_use(read, name, now)?;
    let mut clients: HashMap<FeatureKey, json::Tokens> = HashMap::new();
    sessions::each(read, name, now, &mut |token| {
        clients.entry(token.key).or_default().client(&token.session);
        Ok(ControlFlow::Continue(()))
    })?;
    let mut first = true;
    query::features(read, name, now, &mut |served| {
        let separator = if std::mem::take(&mut first) { "\n" } else { ",\n" };
        put(out, separator)?;
        let tokens = counts.get(&served.id).map(|counts| {
            let mut tokens = clients.remove(&served.key).unwrap_or_default();
            tokens.in_use = counts.used;
            tokens
        });
        put(out, &json::feature(&served.key, &served.licenses, tokens.as_ref()))?;
        Ok(ControlFlow::Continue(()))
    })?;
    put(out, json::FOOT)
}
