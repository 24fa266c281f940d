//! `licctl schema`: the JSON Schema of every JSON shape, made from the types that print it.

use crate::apis;
use crate::error::{Outcome, Usage, Verdict};
use crate::output::nearest;
use crate::session::Session;
use anyhow::Context;
use schemars::Schema;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl schema                     # the names\n  licctl schema licctl.finding/1    # one schema"
)]
pub(crate) struct Arguments {
    /// The shape, as the `schema` member of an answer names it; without it the names are listed
    name: Option<String>,
}

/// Every shape, those of the spine first.
pub(crate) fn all() -> Vec<(&'static str, Schema)> {
    super::shapes().into_iter().chain(apis::APIS.iter().flat_map(|api| (api.shapes)())).collect()
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let shapes = all();
    let Some(wanted) = &arguments.name else {
        let names: String = shapes.iter().map(|(name, _)| format!("{name}\n")).collect();
        session.printer.artefact(&names)?;
        return Ok(Verdict::Yes);
    };
    let Some((_, schema)) = shapes.iter().find(|(name, _)| name == wanted) else {
        let names: Vec<String> = shapes.iter().map(|(name, _)| (*name).to_owned()).collect();
        let near = nearest(wanted, &names);
        let hint = if near.is_empty() {
            "`licctl schema` lists them".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        return Err(Usage::new(format!("there is no JSON shape `{wanted}`")).hinted(hint).into());
    };
    let text = serde_json::to_string_pretty(schema).context("making JSON")?;
    session.printer.artefact(&format!("{text}\n"))?;
    Ok(Verdict::Yes)
}
