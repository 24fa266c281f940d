//! The options of commands that are gates, and what follows of them: which policy, which level, where the answer goes.

use super::policy::{self, Policy, Waived};
use super::{Form, Report};
use crate::apis;
use crate::artefact::files::read_text;
use crate::artefact::write::streamed;
use crate::error::{Complaint, Outcome, Place, Usage};
use crate::finding::Level;
use crate::output::escape;
use crate::session::{Session, step_summary};
use anyhow::Context;
use std::fs::OpenOptions;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// How large a policy may be, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What `--policy --help` says: the grammar of a policy by example.
const POLICY_HELP: &str = r#"Judge the findings by this policy: severities, ignored classes, waivers that run out

A TOML file; `-` is the standard input:

    fail-on = "warning"

    [[severity]]             # the first that fits decides
    class = "threshold.*"    # or kms.threshold.*; * is any letters, ? is one
    due-within = "14d"       # also: instance, object; member = "count" with
    level = "error"          # at-least = 5 or at-most = 9

    [[ignore]]
    class = "churn.phantoms"
    reason = "desktops are rebuilt daily"

    [[waiver]]
    class = "kms.threshold.*"
    instance = "kms02"       # also: object
    reason = "the branch closes in June"
    expires = 2026-06-30     # the last day, UTC; or an instant with its offset

A waiver that expired waives nothing and is a warning, policy.waiver.expired;
one that matches nothing in the whole estate is a note, policy.waiver.unused.
An ignored class may expire too. What a domain expects, as [kms] or
[[vsphere.rules]], stands in the same file."#;

// Named, since other options are `Options` too, and both may stand in one command.
#[derive(Debug, clap::Args)]
#[group(id = "gate")]
pub(crate) struct Options {
    /// Exit 1 when there is a finding of this level or worse; default: the policy's `fail-on`, else error
    #[arg(long, value_name = "LEVEL")]
    pub(crate) fail_on: Option<Level>,
    /// Judge the findings by this policy: severities, ignored classes, waivers that run out
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, long_help = POLICY_HELP)]
    policy: Option<PathBuf>,
    /// Write what `--as` says into this file instead of the standard output
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, requires = "form")]
    into: Option<PathBuf>,
}

impl Options {
    /// The policy in force. Complains of a file that is none; faults when it cannot be read.
    pub(crate) fn policy(&self) -> Outcome<Policy> {
        let Some(path) = &self.policy else { return Ok(Policy::default()) };
        let domains: Vec<&str> = apis::APIS.iter().map(|api| api.name).collect();
        let mut policy = read_text(path, Rc::new(|_| ()), |_, input| {
            let mut text = String::new();
            let size = input.take(LARGEST + 1).read_to_string(&mut text);
            let size = size.with_context(|| format!("reading {}", path.display()))?;
            if u64::try_from(size).is_ok_and(|size| size > LARGEST) {
                let message = format!("a policy has at most {LARGEST} bytes");
                return Err(Complaint::new(Place::Whole, message).into());
            }
            let mut policy = policy::read(&text, &domains)?;
            policy.text = text;
            Ok(policy)
        })?;
        policy.file = path.display().to_string();
        Ok(policy)
    }

    /// The level from which on a finding is a failure.
    pub(crate) fn level(&self, policy: &Policy) -> Level {
        self.fail_on.or(policy.fail_on).unwrap_or(Level::Error)
    }

    /// Prints the report in another tool's form, or writes it to the file that was named.
    pub(crate) fn write(
        &self,
        report: &Report<'_>,
        form: Form,
        session: &mut Session,
    ) -> Outcome<()> {
        if let (Form::Github, Some(page), false) = (form, step_summary(), session.rehearses()) {
            append(&page, report)?;
        }
        match &self.into {
            Some(path) if path.as_os_str() != "-" => {
                if session.rehearses() {
                    session.printer.note(&format!("dry run: {} was not written", path.display()));
                    return Ok(());
                }
                streamed(path, |out| report.write(form, out))?;
                session.printer.note(&format!("wrote {}", path.display()));
                Ok(())
            }
            _ => report.write(form, session.printer.writer()?),
        }
    }
}

/// Adds to the page that GitHub shows of a step; other commands of the step may have written there before.
fn append(page: &Path, report: &Report<'_>) -> Outcome<()> {
    let writing = || format!("writing the summary of the step to {}", page.display());
    let file = OpenOptions::new().append(true).create(true).open(page).with_context(writing)?;
    let mut out = BufWriter::new(file);
    report.step_summary(&mut out)?;
    Ok(out.flush().with_context(writing)?)
}

/// Usage error when a form is wanted together with `--jq`, which works on our own JSON.
pub(crate) fn alone(form: Option<Form>, session: &Session) -> Outcome<()> {
    if form.is_some() && session.printer.jq.is_some() {
        return Err(Usage::new("`--jq` is for `-o json`, and `--as` is another form")
            .hinted("leave one of them out")
            .into());
    }
    Ok(())
}

/// Tells what was taken out, which is never silent: the number, and with `--verbose` each with its reason.
pub(crate) fn tell(waived: &[Waived], session: &mut Session) {
    if waived.is_empty() {
        return;
    }
    session.printer.note(&format!("{} waived by the policy", waived.len()));
    for waived in waived {
        let (finding, why) = (&waived.finding, waived.why());
        let text = format!("{} {}: {why}", super::id(finding), super::whereabouts(finding));
        session.printer.detail(&escape(&text, false));
    }
}
