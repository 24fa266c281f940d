//! The layout of a store file: told by its marks, built in a new file, taken forward in an older one.

use super::sqlite::{Engine, Purpose};
use super::{Read, schema};
use crate::error::{Outcome, Stop};
use anyhow::{Context, anyhow};
use std::path::Path;

/// Builds the layout in a new file, and takes an older store forward after a backup beside it.
pub(super) fn bring_up_to_date(engine: &mut dyn Engine, path: &Path) -> Outcome<()> {
    let (application, version) = marks(engine)?;
    if application == schema::APPLICATION_ID && version == schema::present() {
        return Ok(());
    }
    engine.begin(Purpose::Write)?;
    // Another process may have done it between the look and the lock.
    let (application, version) = marks(engine)?;
    let done = match (application, version) {
        (0, 0) if is_empty(engine)? => build(engine, 0),
        (schema::APPLICATION_ID, older) if older < schema::present() => {
            let backup = path.with_extension(format!("v{older}.backup"));
            std::fs::copy(path, &backup).with_context(|| {
                format!("backing the store up as {} before taking it forward", backup.display())
            })?;
            build(engine, older)
        }
        (schema::APPLICATION_ID, same) if same == schema::present() => Ok(()),
        _ => check(engine, Some(path)),
    };
    match done {
        Ok(()) => engine.commit(),
        Err(stop) => {
            engine.rollback()?;
            Err(stop)
        }
    }
}

/// The file's marks: whose it is, and which layout it has.
fn marks(engine: &mut dyn Engine) -> Outcome<(i64, i64)> {
    let read: &mut dyn Read = engine;
    let application = read.one("pragma application_id", &[], |row| row.int(0))?.unwrap_or(0);
    let version = read.one("pragma user_version", &[], |row| row.int(0))?.unwrap_or(0);
    Ok((application, version))
}

fn is_empty(engine: &mut dyn Engine) -> Outcome<bool> {
    let read: &mut dyn Read = engine;
    Ok(read.one("select 1 from sqlite_schema", &[], |row| row.int(0))?.is_none())
}

/// Takes a store from layout `from` to the present one. What later steps say of tables that are not laid yet waits until they are.
pub(super) fn build(engine: &mut dyn Engine, from: i64) -> Outcome<()> {
    let from = usize::try_from(from).unwrap_or(0);
    for (number, step) in schema::STEPS.iter().enumerate().skip(from) {
        for statement in step.statements() {
            if number == 0 || engine.reading().is_laid(statement.table)? {
                // Tables that it names beside that one are laid with it.
                engine.exec(statement.sql, &[])?;
            }
        }
    }
    engine.script(&format!(
        "pragma application_id = {}; pragma user_version = {};",
        schema::APPLICATION_ID,
        schema::present()
    ))
}

/// Faults unless the file is a store of the present layout.
pub(super) fn check(engine: &mut dyn Engine, path: Option<&Path>) -> Outcome<()> {
    let (application, version) = marks(engine)?;
    let name = path.map_or_else(|| "the store".to_owned(), |path| path.display().to_string());
    let present = schema::present();
    let fault = |text: String, remedy: &str| Err(Stop::Fault(anyhow!(text)).remedied(remedy));
    match (application, version) {
        (schema::APPLICATION_ID, version) if version == present => Ok(()),
        (schema::APPLICATION_ID, version) if version > present => fault(
            format!(
                "{name} was written by a newer licctl (layout {version}, this one knows {present})"
            ),
            "update licctl",
        ),
        (schema::APPLICATION_ID, version) => fault(
            format!(
                "{name} was written by an older licctl (layout {version}, this one has {present})"
            ),
            "any command that writes takes it forward, after a backup",
        ),
        (0, 0) if is_empty(engine)? => {
            fault(format!("{name} is empty"), "the first command that writes makes it a store")
        }
        _ => {
            let text = format!("{name} is not a store of licctl, but another program's database");
            fault(text, ANOTHER)
        }
    }
}

/// What helps when the file that was named is no store.
pub(super) const ANOTHER: &str =
    "name a store of licctl with `--store`, or a file that is not there yet";
