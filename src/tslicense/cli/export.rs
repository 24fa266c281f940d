//! `tslicense export`: what is stored, as artefacts, and as what monitoring reads.

use super::acting::Target;
use super::saying::product_version;
use crate::error::{Outcome, Stop, Verdict};
use crate::finding::Level;
use crate::session::Session;
use crate::store::Flow;
use crate::tslicense::catalog::versions;
use crate::tslicense::export::listing;
use crate::tslicense::export::monitoring::{Checked, Counters, prometheus};
use crate::tslicense::ops::{held, plan, questions};
use crate::tslicense::report::audit::{Kind, Temporary};
use crate::tslicense::rules::typed::Given;
use crate::tslicense::store::issued::{self, Wanted};
use crate::tslicense::store::servers;
use anyhow::Context;
use clap::{Args, ValueEnum};
use clap_complete::ArgValueCompleter;
use serde_json::Value as Json;
use std::io::Write;

/// A form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// As `Get-CimInstance … | ConvertTo-Json`
    Json,
    /// As `Get-CimInstance … | Export-Csv`
    Csv,
    /// As the section of a Checkmk agent
    Checkmk,
    /// Counters in the text format of Prometheus
    Prometheus,
    /// One line a kind of license, as a Nagios plug-in prints it
    Nagios,
}

/// What an export is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Class {
    Keypack,
    Issued,
    Server,
}

/// Write what is stored as an artefact, or for monitoring
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  licctl tslicense export --as csv --class issued --server ls01.corp.contoso.example > issued.csv\n  licctl tslicense export --as nagios --warning 50 --critical 20\n  licctl tslicense export --as prometheus > rds.prom"
)]
pub(super) struct Arguments {
    /// The form
    #[arg(long = "as", value_name = "FORM")]
    form: Form,
    /// What to write as JSON or CSV
    #[arg(long, value_name = "CLASS", default_value = "keypack")]
    class: Class,
    /// Licenses left at which Nagios warns
    #[arg(long, value_name = "N", default_value_t = 25)]
    warning: u64,
    /// Licenses left at which it is critical
    #[arg(long, value_name = "N", default_value_t = 10)]
    critical: u64,
    /// Of Nagios: only licenses of this version, by ID or name
    #[arg(long, value_name = "VERSION", add = ArgValueCompleter::new(super::complete::versions))]
    product_version: Option<String>,
    /// Exit 1 when a line of Nagios is of this level or worse
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: Level,
    #[command(flatten)]
    target: Target,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    if arguments.form == Form::Prometheus {
        return counters(arguments, session);
    }
    let name = arguments.target.name(session)?;
    match arguments.form {
        Form::Nagios => return nagios(arguments, &name, session),
        Form::Checkmk => {
            let packs = session.read(|read, now| Ok(held::load(read, &name, now)?.1.packs))?;
            session.printer.artefact(&listing::checkmk(&name, &packs))?;
        }
        _ => objects(arguments, &name, session)?,
    }
    Ok(Verdict::Yes)
}

/// The counters of one server when one is named, else of all: each line says whose it is.
fn counters(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let one = arguments.target.given(session)?;
    let servers = session.read(|read, now| {
        let names = match one {
            Some(name) => vec![name],
            None => servers::all(read)?.into_iter().map(|(_, server)| server.name).collect(),
        };
        let mut found = Vec::new();
        for server in names {
            let lines = questions::audit(read, Some(&server), (Temporary::Counted, None), now)?;
            let revocable = plan::revocable(read, &server, now)?;
            found.push(Counters { server, lines, revocable });
        }
        Ok(found)
    })?;
    session.printer.artefact(&prometheus(&servers))?;
    Ok(Verdict::Yes)
}

/// The objects of a class, streamed.
fn objects(arguments: &Arguments, name: &str, session: &mut Session) -> Outcome<()> {
    let now = session.now;
    let (store, printer) = session.store();
    let out = printer.writer()?;
    let mut form = Written { out, csv: arguments.form == Form::Csv, count: 0 };
    store.read(|read| {
        let (id, held) = held::load(read, name, now)?;
        match arguments.class {
            Class::Keypack => {
                held.packs.iter().try_for_each(|pack| form.object(&listing::pack(name, pack)))
            }
            Class::Server => form.object(&listing::server(&held.server)),
            Class::Issued => issued::each(read, id, &Wanted::default(), now, &mut |license| {
                form.object(&listing::license(name, &license))?;
                Ok(Flow::Continue(()))
            }),
        }
    })?;
    form.end()
}

/// Objects on their way out, one after the other.
struct Written<'w> {
    out: &'w mut dyn Write,
    csv: bool,
    count: u64,
}

impl Written<'_> {
    fn object(&mut self, object: &Json) -> Outcome<()> {
        let text = match (self.csv, self.count) {
            (true, 0) => listing::header(object) + &listing::row(object),
            (true, _) => listing::row(object),
            (false, 0) => format!("[\n{object}"),
            (false, _) => format!(",\n{object}"),
        };
        self.count += 1;
        self.put(&text)
    }

    fn end(&mut self) -> Outcome<()> {
        match (self.csv, self.count) {
            (true, _) => Ok(()),
            (false, 0) => self.put("[]\n"),
            (false, _) => self.put("\n]\n"),
        }
    }

    fn put(&mut self, text: &str) -> Outcome<()> {
        self.out.write_all(text.as_bytes()).context("writing the export").map_err(Stop::Fault)
    }
}

fn nagios(arguments: &Arguments, name: &str, session: &mut Session) -> Outcome<Verdict> {
    let packs = session.read(|read, now| Ok(held::load(read, name, now)?.1.packs))?;
    let now = session.now;
    let tier = match &arguments.product_version {
        None => None,
        Some(word) => match product_version(word)? {
            Given::Number(id) => u32::try_from(id).ok().map(versions::tier),
            _ => None,
        },
    };
    let mut worst = None;
    let mut text = String::new();
    for kind in [Kind::Device, Kind::User] {
        let mut counted = (0_u64, 0_u64);
        let counts = packs.iter().filter(|pack| {
            Kind::of(pack.product) == Some(kind)
                && pack.is_owned()
                && !pack.is_unlimited()
                && tier.is_none_or(|tier| pack.tier() == tier)
                && now < pack.expires
        });
        for pack in counts {
            counted = (counted.0 + u64::from(pack.total), counted.1 + u64::from(pack.issued));
        }
        let checked = Checked::new(kind, counted, (arguments.warning, arguments.critical));
        worst = worst.into_iter().chain(checked.level).min();
        text.push_str(&checked.line());
    }
    session.printer.artefact(&text)?;
    let fails = worst.is_some_and(|level| level <= arguments.fail_on);
    Ok(if fails { Verdict::No } else { Verdict::Yes })
}
