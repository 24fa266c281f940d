//! What every command on a machine takes: which machine, who calls. And how the end of a call is told.

use super::API;
use super::plan::{self, FormWord};
use crate::error::{Outcome, Usage, Verdict};
use crate::kms::ops;
use crate::kms::ops::call::{Called, Ended};
use crate::kms::ops::machines::Scene;
use crate::kms::rules::checks::Caller;
use crate::kms::view::{PropertyView, ReturnView};
use crate::output::{Format, ListOptions, View};
use crate::session::Session;
use crate::store::{Change, Intent, Tx};
use clap_complete::ArgValueCompleter;

/// Which machine is meant.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Target {
    /// The machine; default: `LICCTL_KMS_MACHINE`, else the only one
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    machine: Option<String>,
}

impl Target {
    /// The machine that is meant, as it was first written.
    ///
    /// Usage error when there is none of that name, or several and none is named.
    pub(super) fn name(&self, session: &mut Session) -> Outcome<String> {
        session.instance(&API, self.machine.as_deref())
    }
}

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum CallerWord {
    /// Elevated
    #[default]
    Administrator,
    /// Not elevated: everything but reading and activating a KMS client is refused
    StandardUser,
}

/// Who calls, as an option.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Who {
    /// Who calls: to rehearse what a standard user may do
    #[arg(
        long,
        value_name = "WHO",
        default_value = "administrator",
        hide_default_value = true,
        hide_short_help = true
    )]
    caller: CallerWord,
}

impl Who {
    pub(super) fn scene(&self, session: &Session) -> Scene {
        Scene {
            caller: match self.caller {
                CallerWord::Administrator => Caller::Administrator,
                CallerWord::StandardUser => Caller::StandardUser,
            },
            ..administrator(session)
        }
    }
}

/// The clock and the chance of the command, for what only an administrator does.
pub(super) fn administrator(session: &Session) -> Scene {
    Scene { now: session.now, caller: Caller::Administrator, seed: session.seed }
}

/// Which machine is meant, and who calls.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Acting {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    who: Who,
    /// Of a setting: print what would make it on the real machine, with this tool, and store nothing
    #[arg(long, value_name = "FORM", hide_short_help = true)]
    emit: Option<FormWord>,
}

impl Acting {
    /// The machine that is meant, for a command that makes no setting.
    ///
    /// Usage error also when `--emit` is given.
    pub(super) fn name(&self, session: &mut Session) -> Outcome<String> {
        if self.emit.is_some() {
            return Err(
                Usage::new("`--emit` writes settings alone, and this command makes none").into()
            );
        }
        self.target.name(session)
    }

    pub(super) fn scene(&self, session: &Session) -> Scene {
        self.who.scene(session)
    }

    /// Makes calls on the machine as one change, and tells how they ended.
    ///
    /// - `sentence`: of the machine's name; past tense.
    pub(super) fn call(
        &self,
        session: &mut Session,
        sentence: impl FnOnce(&str) -> String,
        work: impl FnOnce(&mut dyn Tx, &Scene, &str) -> Outcome<Ended<Called>>,
    ) -> Outcome<Verdict> {
        let (name, scene) = (self.target.name(session)?, self.scene(session));
        if let Some(form) = self.emit {
            let change = Change { intent: Intent::Rehearse, ..session.change() };
            let (store, _) = session.store();
            let (ended, _) = store.write(&change, |tx| work(tx, &scene, &name))?;
            let planned = ops::plan::of_calls(ended.answer()?, form.form())?;
            return plan::show(session, planned, form.form());
        }
        let ended = session.write(|tx, _| work(tx, &scene, &name))?;
        tell(session, ended, &sentence(&name))
    }
}

/// Tells how calls ended; a refusal whose traces are kept is a refusal all the same.
pub(super) fn tell(
    session: &mut Session,
    ended: Ended<Called>,
    sentence: &str,
) -> Outcome<Verdict> {
    let called = ended.answer()?;
    for warning in called.warnings {
        session.warn(warning);
    }
    session.tell(&ReturnView::default(), sentence)?;
    if called.pending_restart && session.printer.format == Format::Table {
        session.printer.note(
            "note: `pendingRestart`: clients see it after the licensing service was restarted",
        );
    }
    Ok(Verdict::Yes)
}

/// Shows an object of a class: its properties line by line to people, the object to machines.
pub(super) fn show_object<V: View>(
    session: &mut Session,
    view: &V,
    lines: impl Iterator<Item = PropertyView>,
) -> Outcome<()> {
    if session.printer.format != Format::Table || session.printer.jq.is_some() {
        return session.show(view);
    }
    session.printer.rows::<PropertyView>(&ListOptions::default(), lines)
}
