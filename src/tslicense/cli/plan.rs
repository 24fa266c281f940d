//! `duplicates` and `revoke-plan`.

use super::acting::Target;
use super::questions::verdict;
use crate::artefact::files::read_text;
use crate::error::{Outcome, Stop, Verdict};
use crate::finding::Level;
use crate::output::ListOptions;
use crate::session::Session;
use crate::tslicense::catalog::methods::{Act, of};
use crate::tslicense::export::{Call, Numbers, Object, powershell};
use crate::tslicense::model::Arguments;
use crate::tslicense::ops::{held, plan};
use crate::tslicense::report::duplicates::finding;
use crate::tslicense::report::plan::Action;
use crate::tslicense::view::PlanView;
use crate::wording::many;
use anyhow::Context;
use clap::Args;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  licctl tslicense duplicates --server ls01.corp.contoso.example\n  licctl tslicense duplicates --fail-on warning"
)]
pub(super) struct DuplicatesArguments {
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    list: ListOptions,
}

/// The real calls, written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Invoke-CimMethod
    Powershell,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  licctl tslicense revoke-plan --retired gone.txt\n  licctl tslicense revoke-plan --emit powershell\n  licctl tslicense revoke-plan --apply --dry-run"
)]
pub(super) struct PlanArguments {
    /// Computers that are gone, a name a line; `-`: from the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    retired: Option<PathBuf>,
    /// Print the calls for the real server
    #[arg(long, value_name = "FORM", conflicts_with_all = ["apply", "filter", "limit", "since"])]
    emit: Option<Form>,
    /// Revoke what may be revoked now in the store: the whole plan
    #[arg(long, conflicts_with_all = ["filter", "limit", "since"])]
    apply: bool,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    list: ListOptions,
}

pub(super) fn duplicates(
    arguments: &DuplicatesArguments,
    session: &mut Session,
) -> Outcome<Verdict> {
    let name = arguments.target.name(session)?;
    session.list::<PlanView>(&arguments.list, |read, now, sink| {
        let (_, held) = held::load(read, &name, now)?;
        for member in plan::duplicates(read, &name, now)?.iter().flatten() {
            let version = plan::version(&held, &member.license);
            if sink.row(&PlanView::of_member(member, version))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    let worst = session.read(|read, now| {
        let groups = plan::duplicates(read, &name, now)?;
        let found = groups.iter().filter_map(|group| finding(group, &name));
        Ok(found.map(|finding| finding.severity).min())
    })?;
    Ok(verdict(arguments.fail_on, worst))
}

pub(super) fn revoke_plan(arguments: &PlanArguments, session: &mut Session) -> Outcome<Verdict> {
    let retired = match &arguments.retired {
        Some(path) => names(path)?,
        None => Vec::new(),
    };
    let name = arguments.target.name(session)?;
    let lines = session.read(|read, now| plan::revocations(read, &name, &retired, now))?;
    if arguments.emit.is_some() {
        return emit(&name, &lines, session);
    }
    if arguments.apply {
        let method = of(Act::Revoke).ok_or_else(|| Stop::bug("a method without a row"))?;
        let revoked = session.write(|tx, now| plan::apply(tx, &name, method, &lines, now))?;
        session.printer.note(&format!(
            "revoked {}",
            many(u64::try_from(revoked.len()).unwrap_or(u64::MAX), "license")
        ));
    }
    session.printer.list::<PlanView>(&arguments.list, |sink| {
        for line in &lines {
            if sink.row(&PlanView::from(line))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(Verdict::Yes)
}

fn emit(server: &str, lines: &[plan::Line], session: &mut Session) -> Outcome<Verdict> {
    let method = of(Act::Revoke).ok_or_else(|| Stop::bug("a method without a row"))?;
    let arguments = Arguments::default();
    for line in lines.iter().filter(|line| line.action == Action::RevokeNow) {
        let license = &line.candidate.license;
        let call = Call {
            server,
            method,
            object: Object::License(license.id, Some(license.pack)),
            arguments: &arguments,
            list: None,
            numbers: Numbers::Masked,
        };
        session.printer.artefact(&powershell::cim(&call))?;
    }
    Ok(Verdict::Yes)
}

/// The lines of a file that hold something.
fn names(path: &Path) -> Outcome<Vec<String>> {
    let text = read_text(path, Rc::new(|_| ()), |_, input| {
        let mut text = String::new();
        let reading = || format!("reading {}", path.display());
        input.take(LONGEST).read_to_string(&mut text).with_context(reading)?;
        Ok(text)
    })?;
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// More bytes than a list of computers has.
const LONGEST: u64 = 16 << 20;
