//! `report …`: license usage reports.

use super::acting::{Emit, Emitted, Target, numbers};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop, Usage, Verdict};
use crate::output::{ListOptions, View};
use crate::session::Session;
use crate::tslicense::catalog::methods::{Act, ReportAct, WmiMethod, of};
use crate::tslicense::export::{Call, Object};
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
        after_help = "Examples:\n  licctl tslicense report generate --server ls02.corp.contoso.example\n  licctl tslicense report generate --server ls02.corp.contoso.example --scope-type 2 --scope-value OU=Sales"
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
        #[command(flatten)]
        emit: Emitted,
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
        #[command(flatten)]
        emit: Emitted,
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
    Delete {
        #[command(flatten)]
        report: Named,
        #[command(flatten)]
        emit: Emitted,
    },
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
        Command::Generate { scope_type, scope_value, target, emit } => {
            let scope = scope_type.map(|kind| (kind, scope_value.clone()));
            generate(scope, (target, emit), session)?;
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
        Command::Delete { report, emit } => {
            let name = report.name.as_str();
            let of = (&report.target, Some(name));
            if !emitted(emit, ReportAct::Delete, &[], of, session)? {
                let server = report.target.name(session)?;
                let report = session.write(|tx, _| reports::delete(tx, &server, name))?;
                let sentence = format!("deleted `{}`", report.name);
                session.tell(&ReportView::from(&report), &sentence)?;
            }
        }
        Command::Fetch { report, class, start, count, emit } => {
            let class = class.class();
            let number = |number: u32| Given::Number(i128::from(number));
            let given = [("StartIndex", number(*start)), ("Count", number(*count))];
            let of = (&report.target, Some(report.name.as_str()));
            if !emitted(emit, ReportAct::Fetch(class), &given, of, session)? {
                let entries = fetched(report, class, (*start, *count), session)?;
                session.show(&FetchView::new(class, entries.as_deref()))?;
            }
        }
        Command::Export { report, class, list } => export(report, class.class(), list, session)?,
    }
    Ok(Verdict::Yes)
}

fn generate(
    scope: Option<(u32, String)>,
    (target, emit): (&Target, &Emitted),
    session: &mut Session,
) -> Outcome<()> {
    let (act, given) = match &scope {
        None => (ReportAct::GenerateEx, Vec::new()),
        Some((kind, value)) => (
            ReportAct::Generate,
            vec![
                ("ScopeType", Given::Number(i128::from(*kind))),
                ("ScopeValue", Given::Text(value.clone())),
            ],
        ),
    };
    if emitted(emit, act, &given, (target, None), session)? {
        return Ok(());
    }
    let server = target.name(session)?;
    let report = session.write(|tx, now| reports::generate(tx, &server, scope, now))?;
    session.show(&ReportView::from(&report))
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

/// Writes a call down; its arguments are checked as the call would check them.
fn write_down(
    form: Emit,
    (method, given): (&'static WmiMethod, &[(String, Given)]),
    (server, report): (&str, Option<&str>),
    session: &mut Session,
) -> Outcome<()> {
    let arguments = typed::arguments(method, given)?;
    let call = Call {
        server,
        method,
        object: report.map_or(Object::Class, Object::Report),
        arguments: &arguments,
        list: None,
        numbers: numbers(session),
    };
    form.write(session, &call)
}

/// The call of a command, written down; whether it was.
fn emitted(
    emit: &Emitted,
    act: ReportAct,
    given: &[(&str, Given)],
    (target, report): (&Target, Option<&str>),
    session: &mut Session,
) -> Outcome<bool> {
    let Some(form) = emit.form else { return Ok(false) };
    let server = target.name(session)?;
    let method = of(Act::Report(act)).ok_or_else(|| Stop::bug("a method without a row"))?;
    let given: Vec<(String, Given)> =
        given.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    write_down(form, (method, &given), (&server, report), session)?;
    Ok(true)
}

/// `call` on the class of the reports: the key is `FileName`.
pub(super) fn call(
    (act, method): (ReportAct, &'static WmiMethod),
    (keys, given, emit): (&[String], &[(String, Given)], Option<Emit>),
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
    if let Some(form) = emit {
        let report = match act {
            ReportAct::GenerateEx | ReportAct::Generate => None,
            ReportAct::Delete | ReportAct::Fetch(_) => Some(name()?),
        };
        write_down(form, (method, given), (&server, report.as_deref()), session)?;
        return Ok(Verdict::Yes);
    }
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
