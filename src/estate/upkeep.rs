//! `licctl store …`: looking after the store itself.

use crate::error::{Complaint, Outcome, Stop, Verdict};
use crate::output::{Cell, Column, Fit, ListOptions, Look, Printer, Tone, View, column};
use crate::session::Session;
use crate::store::SecretRows;
use crate::wording::many;
use anyhow::Context;
use clap::Subcommand;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use std::cell::Cell as Counter;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show where the store is and what it holds
    #[command(after_help = "Example:\n  licctl store info -o json --jq .size")]
    Info,
    /// Look for damage; exit 1 when there is some
    #[command(after_help = "Example:\n  licctl store check --store copy.db")]
    Check {
        #[command(flatten)]
        list: ListOptions,
    },
    /// Copy the store, as of one moment, while others use it
    #[command(after_help = "Example:\n  licctl store backup \"licctl-$(date +%F).db\"")]
    Backup {
        /// The file to make
        #[arg(value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Replace the store by a backup
    #[command(after_help = "Example:\n  licctl store restore licctl-2026-03-31.db --yes")]
    Restore {
        /// The backup
        #[arg(value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Write every row as JSON Lines
    ///
    /// Secrets stay out of it unless `--show-secrets` is given.
    #[command(after_help = "Example:\n  licctl store export --into estate.jsonl")]
    Export {
        /// The file to make; default: the standard output
        #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        into: Option<PathBuf>,
    },
    /// Replace the store's rows by those of an export
    #[command(after_help = "Example:\n  licctl store import estate.jsonl --store new.db --yes")]
    Import {
        /// The export, or `-`
        #[arg(value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// What a store holds.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct InfoView {
    path: String,
    /// Bytes.
    size: u64,
    /// Number of the layout.
    layout: i64,
    engine: String,
    /// Entries of the history.
    changes: i64,
    tables: Vec<TableView>,
}

/// What one table holds.
#[derive(Debug, Serialize, JsonSchema)]
struct TableView {
    name: String,
    rows: i64,
}

impl View for InfoView {
    const SCHEMA: &'static str = "licctl.store.info/1";
    const COLUMNS: &'static [Column] = &[
        column("PATH", "path", Fit::Elide),
        column("SIZE", "size", Fit::Number),
        column("LAYOUT", "layout", Fit::Number),
        column("ENGINE", "engine", Fit::Keep),
        column("CHANGES", "changes", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.path.clone().into(),
            self.size.to_string().into(),
            self.layout.to_string().into(),
            self.engine.clone().into(),
            self.changes.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.path.clone()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let heads = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        let tables = self
            .tables
            .iter()
            .map(|table| (table.name.clone(), Cell::from(many(table.rows, "row"))));
        heads.zip(self.cells(look)).chain(tables).collect()
    }
}

/// One thing that is wrong with a store.
#[derive(Debug, Serialize, JsonSchema)]
struct DamageView {
    /// What was checked.
    check: &'static str,
    message: String,
}

impl View for DamageView {
    const SCHEMA: &'static str = "licctl.store.damage/1";
    const COLUMNS: &'static [Column] =
        &[column("CHECK", "check", Fit::Keep), column("DAMAGE", "message", Fit::Wrap)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.check.into(), Cell::toned(self.message.clone(), Tone::Bad)]
    }

    fn name(&self) -> String {
        self.check.to_owned()
    }
}

/// What a command did with the store's file or rows.
#[derive(Debug, Serialize, JsonSchema)]
struct DoneView {
    /// `backup`, `restore`, `export`, `import`.
    action: &'static str,
    file: String,
    /// Rows written or read; null where the file was copied as a whole.
    rows: Option<u64>,
}

impl View for DoneView {
    const SCHEMA: &'static str = "licctl.store.done/1";
    const COLUMNS: &'static [Column] = &[
        column("ACTION", "action", Fit::Keep),
        column("FILE", "file", Fit::Elide),
        column("ROWS", "rows", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let rows = self.rows.map_or_else(|| "-".to_owned(), |rows| rows.to_string());
        vec![self.action.into(), self.file.clone().into(), rows.into()]
    }

    fn name(&self) -> String {
        self.file.clone()
    }
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![
        (InfoView::SCHEMA, schema_for!(InfoView)),
        (DamageView::SCHEMA, schema_for!(DamageView)),
        (DoneView::SCHEMA, schema_for!(DoneView)),
    ]
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Info => info(session),
        Command::Check { list } => check(list, session),
        Command::Backup { file } => copy("backup", file, session),
        Command::Restore { file, yes } => {
            session.confirm("replacing the store", *yes)?;
            copy("restore", file, session)
        }
        Command::Export { into } => export(into.as_deref(), session),
        Command::Import { file, yes } => {
            session.confirm("replacing the store's rows", *yes)?;
            import(file, session)
        }
    }
}

fn info(session: &mut Session) -> Outcome<Verdict> {
    let (store, printer) = session.store();
    let path = store.path().map(|path| path.display().to_string()).unwrap_or_default();
    let info = store.info()?;
    let tables = info
        .tables
        .into_iter()
        .map(|table| TableView { name: table.name, rows: table.rows })
        .collect();
    let view = InfoView {
        path,
        size: info.size,
        layout: info.layout,
        engine: info.engine,
        changes: info.changes,
        tables,
    };
    printer.show(&view)?;
    Ok(Verdict::Yes)
}

fn check(list: &ListOptions, session: &mut Session) -> Outcome<Verdict> {
    let (store, printer) = session.store();
    let damages = store.check()?;
    let views = damages
        .iter()
        .map(|damage| DamageView { check: damage.check, message: damage.message.clone() });
    printer.rows::<DamageView>(list, views)?;
    if damages.is_empty() {
        printer.note("the store is sound");
        return Ok(Verdict::Yes);
    }
    printer.note("`licctl store restore FILE` brings a backup back");
    Ok(Verdict::No)
}

fn copy(action: &'static str, file: &Path, session: &mut Session) -> Outcome<Verdict> {
    let bar = session.progress(0, action);
    let (change, rehearses) = (session.change(), session.rehearses());
    let (store, printer) = session.store();
    let last = Counter::new(0);
    let mut progress = |done: u64, total: u64| {
        bar.of(total);
        bar.at(done);
        last.set(total);
    };
    match action {
        "backup" => store.backup(file, change.intent, &mut progress)?,
        _ => store.restore(file, &change, &mut progress)?,
    }
    let file = file.display().to_string();
    let done = match action {
        "backup" => format!("copied the store to {file}"),
        _ => format!("replaced the store by {file}"),
    };
    let sentence = if rehearses { done } else { format!("{done} ({} pages)", last.get()) };
    printer.tell(&DoneView { action, file, rows: None }, &sentence)?;
    Ok(Verdict::Yes)
}

fn export(into: Option<&Path>, session: &mut Session) -> Outcome<Verdict> {
    let (store, printer) = session.store();
    let secrets = if printer.look.secrets { SecretRows::Taken } else { SecretRows::Left };
    let Some(path) = into else {
        let (_, left) = store.export(printer.writer()?, secrets)?;
        return Ok(told(left, printer));
    };
    let (rows, left) = crate::artefact::write::streamed(path, |out| store.export(out, secrets))?;
    told(left, printer);
    let file = path.display().to_string();
    let sentence = format!("wrote {} to {file}", many(rows, "row"));
    printer.tell(&DoneView { action: "export", file, rows: Some(rows) }, &sentence)?;
    Ok(Verdict::Yes)
}

/// Says that secrets stayed behind.
fn told(left: i64, printer: &mut Printer) -> Verdict {
    if left > 0 {
        printer.note(&format!("{left} secrets were left out; `--show-secrets` takes them along"));
    }
    Verdict::Yes
}

fn import(path: &Path, session: &mut Session) -> Outcome<Verdict> {
    let change = session.change();
    let name = path.display().to_string();
    let (store, printer) = session.store();
    let loaded = if name == "-" {
        store.import_export(&mut std::io::stdin().lock(), &change)
    } else {
        let file = std::fs::File::open(path).with_context(|| format!("opening {name}"))?;
        store.import_export(&mut std::io::BufReader::new(file), &change)
    };
    let rows = loaded.map_err(|stop| match stop {
        Stop::BadArtefact(mut complaints) => {
            complaints.kept = complaints
                .kept
                .into_iter()
                .map(|kept| Complaint { file: name.clone(), ..kept })
                .collect();
            Stop::BadArtefact(complaints)
        }
        other => other,
    })?;
    let sentence = format!("read {} from {name}", many(rows, "row"));
    printer.tell(&DoneView { action: "import", file: name, rows: Some(rows) }, &sentence)?;
    Ok(Verdict::Yes)
}
