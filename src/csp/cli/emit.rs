//! `--emit FORM`: what would do it on a real device is written down, and nothing is done on the modelled one.

use super::acting::hand_over;
use crate::csp::catalog::nodes::Verb;
use crate::csp::export::wish::{self, As, Options, Target, Wishes};
use crate::error::{Outcome, Refusal, Usage, Verdict};
use crate::session::Session;
use clap::builder::PossibleValuesParser;

/// The form in which a command is written down instead of run.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Emit {
    /// Print what would do it on a real device, in this form, and store nothing
    #[arg(long, value_name = "FORM", value_parser = PossibleValuesParser::new(As::ALL.map(As::word)))]
    emit: Option<String>,
}

impl Emit {
    /// Writes a command down when that was asked for; `None`: it is to be run.
    ///
    /// - `verb`: Add and Replace set a node.
    /// - `data`: a product key is judged, and shown only with `--show-secrets`.
    ///
    /// Refuses with `E_NOT_EXPRESSIBLE` what the form cannot carry, and what the node does not take; usage error for a Delete, which
    /// no form carries.
    pub(super) fn write(
        &self,
        session: &mut Session,
        (verb, uri): (Verb, &str),
        data: Option<&str>,
    ) -> Outcome<Option<Verdict>> {
        let Some(form) = self.emit.as_deref().and_then(As::named) else { return Ok(None) };
        let options = Options { replace: verb == Verb::Replace, ..Options::default() };
        if verb == Verb::Delete {
            return Err(Usage::new("no form carries a Delete")
                .hinted("leave `--emit` out, or write the SyncML yourself")
                .into());
        }
        let target = Target::find(uri)?;
        let written = |data: Option<&str>| {
            let mut wishes = Wishes::default();
            let target = target.clone();
            match verb {
                Verb::Exec => wishes.exec.push((target, data.map(str::to_owned))),
                Verb::Get => wishes.get.push(target),
                _ => wishes.set.push((target, data.unwrap_or_default().to_owned())),
            }
            wish::write(&wishes, form, &options).map_err(|refusal| Refusal {
                // Another form is asked for by the flag of this command.
                hint: refusal.hint.map(|hint| hint.replace("`--as ", "`--emit ")),
                ..refusal
            })
        };
        let whole = written(data)?;
        let hides = verb == Verb::Exec && data.is_some() && !session.printer.look.secrets;
        let text = if hides {
            session.printer.note("the key is left out; `--show-secrets` writes it");
            written(None)?
        } else {
            whole
        };
        hand_over(session, text.as_bytes(), None)?;
        Ok(Some(Verdict::Yes))
    }
}
