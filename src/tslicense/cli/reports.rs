//! `report …`: license usage reports.

use super::acting::Target;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop, Usage, Verdict};
use crate::output::{ListOptions, View};
use crate::session::Session;
use crate::tslicense::catalog::methods::{ReportAct, WmiMethod};
use crate::tslicense::model::report::{Class, Entry};
use crate::tslicense::ops::held;
use crate::tslicense::ops::reports;
use crate::tslicense::rules::typed::{self, Given};
use crate::tslicense::store::reports as rows;
use crate::tslicense::view::{
    DeviceEntryView, FailedEntryView, FailedSummaryView, FetchView, ReportCallView, ReportView,
    SummaryEntryView, UserEntryView,
};
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Freeze a report of now (`GenerateReportEx`; with a scope `GenerateReport`, of servers before 2012)
    #[command(
        after_help = "Examples:\n  licctl tslicense report generate --server ls-a.corp.example\n  licctl tslicense report generate --server ls-2008 --scope-type 2 --scope-value OU=Sales"
    )]
    Generate {
        /// 1 a domain, 2 an OU, 3 all trusted domains
        #[arg(long, value_name = "N")]
        scope_type: Option<u32>,
        /// Domain or OU
        #[arg(
            long,
            value_name = "TEXT",
            requires = "scope_type",
            default_value = "",
            hide_default_value = true
        )]
        scope_value: String,
        #[command(flatten)]
        target: Target,
    },
    /// List the reports of a server
    #[command(after_help = "Example:\n  licctl tslicense report list -o name")]
    List {
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Show a report
    #[command(after_help = "Example:\n  licctl tslicense report show licctl-report-20260301090000")]
    Show(Named),
    /// Fetch a page of entries as the methods of the class do
    #[command(
        after_help = "Example:\n  licctl tslicense report fetch licctl-report-20260301090000 --class user --start 0 --count 100"
    )]
    Fetch {
        #[command(flatten)]
        report: Named,
        #[command(flatten)]
        class: Classed,
        /// The first entry, counted from 0 (`StartIndex`)
        #[arg(long, value_name = "N", default_value_t = 0)]
        start: u32,
        /// How many; 0: all that are left (`Count`)
        #[arg(long, value_name = "N", default_value_t = 0)]
        count: u32,
    },
    /// List the entries of a report
    #[command(
        after_help = "Example:\n  licctl tslicense report export licctl-report-20260301090000 --class device -o csv"
    )]
    Export {
        #[command(flatten)]
        report: Named,
        #[command(flatten)]
        class: Classed,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Delete a report (`DeleteReport`)
    #[command(
        after_help = "Example:\n  licctl tslicense report delete licctl-report-20260301090000"
    )]
    Delete(Named),
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// Its `FileName`
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct Classed {
    /// Which entries: licenses of users or devices, failures, or the summary
    #[arg(long, value_name = "CLASS", default_value = "user", value_parser = PossibleValuesParser::new(Class::ALL.map(Class::word)))]
    class: String,
}

impl Classed {
    fn class(&self) -> Class {
        Class::named(&self.class).unwrap_or(Class::User)
    }
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Generate { scope_type, scope_value, target } => {
            let server = target.name(session)?;
            let scope = scope_type.map(|kind| (kind, scope_value.clone()));
            let report = session.write(|tx, now| reports::generate(tx, &server, scope, now))?;
            session.show(&ReportView::from(&report))?;
        }
        Command::List { target, list } => {
            let server = target.name(session)?;
            session.list::<ReportView>(list, |read, now, sink| {
                let (id, _) = held::load(read, &server, now)?;
                sink.rows::<ReportView>(rows::all(read, id)?.iter().map(ReportView::from))
            })?;
        }
        Command::Show(named) => {
            let server = named.target.name(session)?;
            let (_, report) = session.read(|read, _| reports::known(read, &server, &named.name))?;
            session.show(&ReportView::from(&report))?;
        }
        Command::Delete(named) => {
            let server = named.target.name(session)?;
            let report = session.write(|tx, _| reports::delete(tx, &server, &named.name))?;
            let sentence = format!("deleted `{}`", report.name);
            session.tell(&ReportView::from(&report), &sentence)?;
        }
        Command::Fetch { report, class, start, count } => {
            let entries = fetched(report, class.class(), (*start, *count), session)?;
            session.show(&FetchView::new(class.class(), entries.as_deref()))?;
        }
        Command::Export { report, class, list } => export(report, class.class(), list, session)?,
    }
    Ok(Verdict::Yes)
}

fn fetched(
    report: &Named,
    class: Class,
    range: (u32, u32),
    session: &mut Session,
) -> Outcome<Option<Vec<Entry>>> {
    let server = report.target.name(session)?;
    session.read(|read, _| reports::fetch(read, (&server, &report.name), class, range))
}

fn export(report: &Named, class: Class, list: &ListOptions, session: &mut Session) -> Outcome<()> {
    let entries = fetched(report, class, (0, 0), session)?.unwrap_or_default();
    match class {
        Class::User => rows_of::<UserEntryView>(&entries, list, session),
        Class::Device => rows_of::<DeviceEntryView>(&entries, list, session),
        Class::Failed => rows_of::<FailedEntryView>(&entries, list, session),
        Class::FailedSummary => rows_of::<FailedSummaryView>(&entries, list, session),
        Class::Summary => rows_of::<SummaryEntryView>(&entries, list, session),
    }
}

fn rows_of<V: View + for<'e> From<&'e Entry>>(
    entries: &[Entry],
    list: &ListOptions,
    session: &mut Session,
) -> Outcome<()> {
    session.printer.rows::<V>(list, entries.iter().map(V::from))
}

/// `call` on the class of the reports: the key is `FileName`.
pub(super) fn call(
    (act, method): (ReportAct, &'static WmiMethod),
    (keys, given): (&[String], &[(String, Given)]),
    target: &Target,
    session: &mut Session,
) -> Outcome<Verdict> {
    let server = target.name(session)?;
    let typed = session.read(|read, _| {
        let (_, held) = held::load(read, &server, Timestamp::MIN)?;
        typed::on_release(method, &held.server.name, held.server.os)?;
        Ok(typed::arguments(method, given)?)
    })?;
    let key = keys.iter().find_map(|key| {
        let (name, value) = key.split_once('=')?;
        name.eq_ignore_ascii_case("FileName").then(|| value.to_owned())
    });
    let number = |name: &str| typed.number(name).unwrap_or_default();
    let name = || {
        key.clone().ok_or_else(|| {
            Stop::from(Usage::new("the call names no report").hinted("add `--key FileName=NAME`"))
        })
    };
    match act {
        ReportAct::GenerateEx | ReportAct::Generate => {
            let scope = (act == ReportAct::Generate)
                .then(|| (number("ScopeType"), typed.text("ScopeValue").to_owned()));
            let report = session.write(|tx, now| reports::generate(tx, &server, scope, now))?;
            session.show(&ReportCallView::made(&report.name))?;
        }
        ReportAct::Delete => {
            let name = name()?;
            session.write(|tx, _| reports::delete(tx, &server, &name))?;
            session.show(&ReportCallView::default())?;
        }
        ReportAct::Fetch(class) => {
            let range = (number("StartIndex"), number("Count"));
            let name = name()?;
            let entries =
                session.read(|read, _| reports::fetch(read, (&server, &name), class, range))?;
            session.show(&FetchView::new(class, entries.as_deref()))?;
        }
    }
    Ok(Verdict::Yes)
}
