//! `kms plan`: the model as the tools of Windows take it; and what `--emit` prints of one command.

use super::API;
use super::acting::administrator;
use crate::error::{Outcome, Usage, Verdict};
use crate::kms::export::plan::Form;
use crate::kms::ops::plan::{self, Planned};
use crate::kms::ops::records;
use crate::kms::view::PlanView;
use crate::output::Format;
use crate::session::Session;
use clap_complete::ArgValueCompleter;

/// A tool that a plan is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FormWord {
    /// slmgr.vbs at a command prompt
    Slmgr,
    /// `Invoke-CimMethod` of PowerShell
    #[value(alias = "powershell")]
    Cim,
    /// The module `OSLicense` of Windows PowerShell
    #[value(name = "oslicense")]
    OsLicense,
    /// A file for `reg import`
    Reg,
}

impl FormWord {
    pub(super) const fn form(self) -> Form {
        match self {
            Self::Slmgr => Form::Slmgr,
            Self::Cim => Form::Cim,
            Self::OsLicense => Form::OsLicense,
            Self::Reg => Form::Registry,
        }
    }
}

/// What a plan is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum PlanWord {
    /// slmgr.vbs at a command prompt
    Slmgr,
    /// `Invoke-CimMethod` of PowerShell
    #[value(alias = "powershell")]
    Cim,
    /// The module `OSLicense` of Windows PowerShell
    #[value(name = "oslicense")]
    OsLicense,
    /// A file for `reg import`
    Reg,
    /// `nsupdate`: the SRV record of a host, against the DNS data that was imported
    Dns,
}

impl PlanWord {
    /// The tool of Windows; `None` for DNS.
    const fn form(self) -> Option<Form> {
        match self {
            Self::Slmgr => Some(Form::Slmgr),
            Self::Cim => Some(Form::Cim),
            Self::OsLicense => Some(Form::OsLicense),
            Self::Reg => Some(Form::Registry),
            Self::Dns => None,
        }
    }
}

/// Write what differs between a machine as it was imported and as it is modelled.
///
/// Settings alone are written, in a safe order; never keys, and no activation.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms plan --as slmgr --for kms03\n  licctl kms plan --as reg --for kms03 > kms03.reg\n  licctl kms plan --as dns --for kms01.corp.contoso.example | nsupdate -g\n  licctl kms plan --as cim --for kms01.corp.contoso.example --from-snapshot cfc131ea"
)]
pub(super) struct Arguments {
    /// The tool that it is written for
    #[arg(long = "as", value_name = "FORM")]
    form: PlanWord,
    /// The machine; default: `LICCTL_KMS_MACHINE`, else the only one
    #[arg(long, visible_alias = "for", value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    machine: Option<String>,
    /// The snapshot that it is compared with; default: the newest
    #[arg(long, value_name = "ID", add = ArgValueCompleter::new(super::complete::snapshots))]
    from_snapshot: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let name = session.instance(&API, arguments.machine.as_deref())?;
    let from = arguments.from_snapshot.as_deref();
    let Some(form) = arguments.form.form() else {
        if from.is_some() {
            let message =
                "`--as dns` compares with DNS data, and `--from-snapshot` is of a machine";
            return Err(Usage::new(message).into());
        }
        let planned = session.read(|read, now| records::plan(read, &name, now))?;
        return show_as(session, planned, "dns");
    };
    let scene = administrator(session);
    let planned = session.read(|read, _| plan::between(read, &scene, &name, from, form))?;
    show(session, planned, form)
}

/// Prints a plan: its lines to people and tools, the object to machines.
pub(super) fn show(session: &mut Session, planned: Planned, form: Form) -> Outcome<Verdict> {
    show_as(session, planned, form.word())
}

fn show_as(session: &mut Session, mut planned: Planned, form: &'static str) -> Outcome<Verdict> {
    let left = planned.warnings.iter().any(|warning| warning.code == plan::LEFT_OUT);
    session.warn_all(std::mem::take(&mut planned.warnings));
    if session.printer.format != Format::Table || session.printer.jq.is_some() {
        session.show(&PlanView::new(planned, form))?;
        return Ok(Verdict::Yes);
    }
    if planned.lines.is_empty() {
        session.printer.artefact("")?;
        session.printer.note(if left { "nothing else differs" } else { "nothing differs" });
        return Ok(Verdict::Yes);
    }
    let text: String = planned.lines.iter().map(|line| format!("{line}\n")).collect();
    session.printer.artefact(&text)?;
    Ok(Verdict::Yes)
}
