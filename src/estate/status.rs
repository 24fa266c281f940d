//! `licctl status`: the estate on one screen.

use super::Scope;
use crate::api::{Question, Summary};
use crate::clock::Timestamp;
use crate::error::{Outcome, Verdict};
use crate::finding::Level;
use crate::output::{Cell, Column, Fit, ListOptions, Look, Tone, View, column};
use crate::session::Session;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl status\n  licctl status --domain kms -o json --jq '.items[] | select(.worst == \"error\")'"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    list: ListOptions,
}

/// One line of the status.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct StatusView {
    domain: &'static str,
    instance: String,
    /// What is counted.
    object: String,
    used: Option<u64>,
    /// What there is, or what is needed.
    capacity: Option<u64>,
    /// The worst finding; null when all is well.
    worst: Option<Level>,
    message: String,
    /// The next date at which something falls due.
    due: Option<Timestamp>,
}

impl From<Summary> for StatusView {
    fn from(summary: Summary) -> Self {
        let Summary { domain, instance, object, used, capacity, worst, message, due } = summary;
        Self { domain, instance, object, used, capacity, worst, message, due }
    }
}

impl View for StatusView {
    const SCHEMA: &'static str = "licctl.status/1";
    const COLUMNS: &'static [Column] = &[
        column("DOMAIN", "domain", Fit::Keep),
        column("INSTANCE", "instance", Fit::Elide),
        column("OBJECT", "object", Fit::Keep),
        column("USED", "used", Fit::Number),
        column("OF", "capacity", Fit::Number),
        column("WORST", "worst", Fit::Keep),
        column("DUE", "due", Fit::Keep),
        column("STATE", "message", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let number = |number: Option<u64>| {
            number.map_or_else(|| "-".to_owned(), |number| number.to_string())
        };
        vec![
            self.domain.into(),
            self.instance.clone().into(),
            self.object.clone().into(),
            number(self.used).into(),
            number(self.capacity).into(),
            level(self.worst),
            self.due.map_or_else(|| "-".to_owned(), Timestamp::date).into(),
            self.message.clone().into(),
        ]
    }

    fn name(&self) -> String {
        format!("{}/{}", self.domain, self.instance)
    }
}

/// A finding's level as a cell; `ok` when there is none.
pub(super) fn level(level: Option<Level>) -> Cell {
    match level {
        None => Cell::toned("ok", Tone::Good),
        Some(Level::Error) => Cell::toned("error", Tone::Bad),
        Some(Level::Warning) => Cell::toned("warning", Tone::Warning),
        Some(Level::Info) => Cell::toned("info", Tone::Faint),
    }
}

/// A level as a word of a style sheet: `good` when there is none.
pub(super) fn tone(level: Option<Level>) -> &'static str {
    level.map_or("good", Level::word)
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![(StatusView::SCHEMA, schema_for!(StatusView))]
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    arguments.scope.known(session)?;
    list(&arguments.scope, &arguments.list, session)?;
    Ok(Verdict::Yes)
}

/// The status as another command's closing part.
pub(super) fn show(scope: &Scope, session: &mut Session) -> Outcome<()> {
    list(scope, &ListOptions::default(), session)
}

fn list(scope: &Scope, options: &ListOptions, session: &mut Session) -> Outcome<()> {
    let question = Question { now: session.now, instance: scope.instance.clone(), policy: None };
    let apis: Vec<_> = scope.apis().collect();
    let mut empty = true;
    session.list::<StatusView>(options, |read, _, sink| {
        for api in apis {
            for summary in (api.summary)(read, &question)? {
                empty = false;
                if sink.row(&StatusView::from(summary))?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    })?;
    if empty {
        session.printer.note("the store is empty; `licctl import PATH` brings something in");
    }
    Ok(())
}
