//! `licctl log`, `licctl undo`: the history of the store.

use super::changes;
use crate::clock::{Span, Timestamp};
use crate::error::{Outcome, Usage, Verdict};
use crate::output::{Cell, Column, Fit, ListOptions, Look, Tone, View, column};
use crate::session::Session;
use crate::store::journal::{self, Entry, EntryRow};
use crate::store::moments;
use crate::wording::many;
use clap::Subcommand;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde_json::{Map, Value as Json};

#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  licctl log --limit 10\n  licctl log show 12\n  licctl log prune --older-than 400d --yes"
)]
pub(crate) struct LogArguments {
    #[command(subcommand)]
    command: Option<LogCommand>,
    #[command(flatten)]
    list: ListOptions,
}

#[derive(Debug, Subcommand)]
enum LogCommand {
    /// Show one change: its calls, its objects before and after
    #[command(after_help = "Example:\n  licctl log show 12 -o json --jq '.objects[].name'")]
    Show {
        /// Number of the change
        number: i64,
    },
    /// Forget history; what was taken back is removed for good
    #[command(after_help = "Example:\n  licctl log prune --older-than 400d --yes")]
    Prune {
        /// Forget what is older than this
        #[arg(long, value_name = "SPAN")]
        older_than: Span,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl undo        # the newest change\n  licctl undo 12\n  licctl undo 13     # if 13 took 12 back: 12 stands again"
)]
pub(crate) struct UndoArguments {
    /// Number of the change; default: the newest
    number: Option<i64>,
}

/// A change in the history.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ChangeView {
    number: i64,
    time: Timestamp,
    command: String,
    summary: String,
    /// The change that this one took back.
    undoes: Option<i64>,
    /// The change that took this one back.
    undone_by: Option<i64>,
}

impl From<&Entry> for ChangeView {
    fn from(entry: &Entry) -> Self {
        Self {
            number: entry.number,
            time: entry.time,
            command: entry.command.clone(),
            summary: entry.summary.clone(),
            undoes: entry.undoes,
            undone_by: entry.undone_by,
        }
    }
}

impl View for ChangeView {
    const SCHEMA: &'static str = "licctl.change/1";
    const COLUMNS: &'static [Column] = &[
        column("CHANGE", "number", Fit::Number),
        column("TIME", "time", Fit::Keep),
        column("COMMAND", "command", Fit::Elide),
        column("WHAT", "summary", Fit::Elide),
        column("UNDONE BY", "undoneBy", Fit::Spare),
    ];
    const TIME: Option<&'static str> = Some("time");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = if self.undone_by.is_some() { Tone::Faint } else { Tone::Plain };
        vec![
            Cell::toned(self.number.to_string(), tone),
            Cell::toned(look.time(self.time), tone),
            Cell::toned(self.command.clone(), tone),
            Cell::toned(self.summary.clone(), tone),
            self.undone_by.map_or_else(String::new, |number| number.to_string()).into(),
        ]
    }

    fn name(&self) -> String {
        self.number.to_string()
    }
}

/// One change in full.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ChangeDetailView {
    #[serde(flatten)]
    change: ChangeView,
    /// The API calls that were made.
    calls: Vec<String>,
    objects: Vec<ObjectView>,
    /// How many objects are not listed.
    more_objects: u64,
}

/// One object of a change.
#[derive(Debug, Serialize, JsonSchema)]
struct ObjectView {
    object: String,
    name: String,
    /// Null when it was added.
    before: Option<Map<String, Json>>,
    /// Null when it was removed.
    after: Option<Map<String, Json>>,
}

impl From<&EntryRow> for ObjectView {
    fn from(row: &EntryRow) -> Self {
        let members = |values: &Option<Vec<(String, Json)>>| {
            let members = values.as_ref()?.iter();
            Some(members.map(|(column, value)| moments::member(column, value)).collect())
        };
        Self {
            object: row.object.clone(),
            name: row.label.clone(),
            before: members(&row.before),
            after: members(&row.after),
        }
    }
}

impl ObjectView {
    /// `VLRenewalInterval 10080 -> 60, …`, or that it was added or removed.
    fn difference(&self) -> String {
        match (&self.before, &self.after) {
            (None, _) => "added".to_owned(),
            (_, None) => "removed".to_owned(),
            (Some(before), Some(after)) => changes::told(before, after),
        }
    }
}

impl View for ChangeDetailView {
    const SCHEMA: &'static str = "licctl.change.detail/1";
    const COLUMNS: &'static [Column] = ChangeView::COLUMNS;

    fn cells(&self, look: &Look) -> Vec<Cell> {
        self.change.cells(look)
    }

    fn name(&self) -> String {
        self.change.name()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let mut lines: Vec<(String, Cell)> = self.change.detail(look);
        lines.extend(self.calls.iter().map(|call| ("CALL".to_owned(), Cell::from(call.clone()))));
        for object in &self.objects {
            lines.push((format!("{} {}", object.object, object.name), object.difference().into()));
        }
        if self.more_objects > 0 {
            lines.push((
                "…".to_owned(),
                format!("and {} more", many(self.more_objects, "object")).into(),
            ));
        }
        lines
    }
}

/// What `log prune` forgot.
#[derive(Debug, Serialize, JsonSchema)]
struct PrunedView {
    /// How many changes were forgotten.
    forgotten: u64,
}

impl View for PrunedView {
    const SCHEMA: &'static str = "licctl.pruned/1";
    const COLUMNS: &'static [Column] = &[column("FORGOTTEN", "forgotten", Fit::Number)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.forgotten.to_string().into()]
    }

    fn name(&self) -> String {
        self.forgotten.to_string()
    }
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![
        (ChangeView::SCHEMA, schema_for!(ChangeView)),
        (ChangeDetailView::SCHEMA, schema_for!(ChangeDetailView)),
        (PrunedView::SCHEMA, schema_for!(PrunedView)),
    ]
}

pub(super) fn log(arguments: &LogArguments, session: &mut Session) -> Outcome<Verdict> {
    match &arguments.command {
        None => session.list::<ChangeView>(&arguments.list, |read, _, sink| {
            journal::log(read, &mut |entry| sink.row(&ChangeView::from(entry)))
        })?,
        Some(LogCommand::Show { number }) => show(*number, session)?,
        Some(LogCommand::Prune { older_than, yes }) => {
            session.confirm("forgetting history", *yes)?;
            let until = session.now.plus_ms(-older_than.ms());
            let change = session.change();
            let (store, printer) = session.store();
            let forgotten = store.prune(&change, until)?;
            let sentence = format!("forgot {} before {until}", many(forgotten, "change"));
            printer.tell(&PrunedView { forgotten }, &sentence)?;
        }
    }
    Ok(Verdict::Yes)
}

/// How many objects of a change are shown.
const OBJECTS: usize = 1000;

fn show(number: i64, session: &mut Session) -> Outcome<()> {
    let tables = crate::apis::tables();
    let found = session.read(|read, _| {
        let Some(entry) = journal::find(read, number)? else {
            return Ok(None);
        };
        let (mut objects, mut more) = (Vec::new(), 0);
        journal::rows(read, &tables, number, &mut |row| {
            if objects.len() < OBJECTS {
                objects.push(ObjectView::from(row));
            } else {
                more += 1;
            }
            Ok(std::ops::ControlFlow::Continue(()))
        })?;
        Ok(Some((entry, objects, more)))
    })?;
    let Some((entry, objects, more_objects)) = found else {
        return Err(Usage::new(format!("there is no change {number}"))
            .hinted("`licctl log` lists the changes")
            .into());
    };
    let calls = entry.calls.lines().map(str::to_owned).collect();
    session.show(&ChangeDetailView {
        change: ChangeView::from(&entry),
        calls,
        objects,
        more_objects,
    })
}

pub(super) fn undo(arguments: &UndoArguments, session: &mut Session) -> Outcome<Verdict> {
    let change = session.change();
    let (store, printer) = session.store();
    let undone = store.undo(&change, arguments.number)?;
    let sentence = format!("took change {} back: {}", undone.number, undone.summary);
    printer.tell(&ChangeView::from(&undone), &sentence)?;
    Ok(Verdict::Yes)
}
