//! What a change has done so far: rows are written, and their images kept, as the change goes on.

use super::image::{Image, Kept, decode, encode, kept_label, label, load};
use crate::error::{Outcome, Stop};
use crate::store::sqlite::Engine;
use crate::store::{Flow, Put, Table, Value};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::rc::Rc;

/// What a change has done so far.
#[derive(Default)]
pub(in crate::store) struct Recorder {
    ordinal: i64,
    calls: String,
    summary: Option<String>,
    counts: Vec<(&'static str, &'static str, u64)>,
    labels: Vec<String>,
    statements: HashMap<&'static str, Rc<Statements>>,
    pub(in crate::store) undoes: Option<i64>,
    pub(super) visibility: bool,
}

/// The statements of one object table.
pub(super) struct Statements {
    pub(super) load: String,
    save: String,
    remove: String,
}

impl Statements {
    fn of(table: &Table) -> Self {
        let (name, columns) = (table.name, table.columns.join(", "));
        let keys: Vec<&str> = table.columns.iter().take(table.key).copied().collect();
        let matched = keys
            .iter()
            .enumerate()
            .map(|(at, key)| format!("{key} = ?{}", at + 1))
            .collect::<Vec<_>>()
            .join(" and ");
        let places =
            (1..=table.columns.len()).map(|at| format!("?{at}")).collect::<Vec<_>>().join(", ");
        let sets = table
            .columns
            .iter()
            .skip(table.key)
            .map(|column| format!("{column} = excluded.{column}"))
            .collect::<Vec<_>>()
            .join(", ");
        let conflict =
            if sets.is_empty() { "nothing".to_owned() } else { format!("update set {sets}") };
        Self {
            load: format!("select {columns} from {name} where {matched}"),
            save: format!(
                "insert into {name}({columns}) values({places}) on conflict({}) do {conflict}",
                keys.join(", ")
            ),
            remove: format!("delete from {name} where {matched}"),
        }
    }
}

/// The label of a row that has none of its own: a column of its parent. `None` when it has, or the parent is not there.
fn parent_label(engine: &mut dyn Engine, table: &Table, key: &str) -> Outcome<Option<String>> {
    let Some((parent, column)) = table.parent.zip(table.label.strip_prefix("parent.")) else {
        return Ok(None);
    };
    let key = decode(key)?;
    let first: Vec<Value<'_>> = key.iter().take(1).map(Kept::value).collect();
    let mut found = None;
    engine.each(&format!("select {column} from {parent} where id = ?1"), &first, &mut |row| {
        found = row.text_or_null(0)?.map(str::to_owned);
        Ok(Flow::Break(()))
    })?;
    Ok(found)
}

impl Recorder {
    pub(in crate::store) fn has_rows(&self) -> bool {
        self.ordinal > 0
    }

    pub(in crate::store) fn is_empty(&self) -> bool {
        self.ordinal == 0 && self.calls.is_empty() && !self.visibility
    }

    pub(in crate::store) fn calls(&self) -> String {
        self.calls.trim_end().to_owned()
    }

    /// One line: what the command told, or the objects it touched.
    pub(in crate::store) fn summary(&self) -> String {
        if let Some(text) = &self.summary {
            return text.clone();
        }
        let mut text = String::new();
        for (object, verb, count) in &self.counts {
            let separator = if text.is_empty() { "" } else { ", " };
            let plural = if *count == 1 { "" } else { "s" };
            let _ = write!(text, "{separator}{count} {object}{plural} {verb}");
        }
        if !self.labels.is_empty() {
            let _ = write!(text, ": {}", self.labels.join(", "));
        }
        text
    }

    pub(in crate::store) fn tell(&mut self, text: String) {
        self.summary = Some(text);
    }

    pub(in crate::store) fn call(&mut self, api: &str, parameters: &str) {
        let _ = writeln!(self.calls, "{api}({parameters})");
    }

    pub(super) fn statements(&mut self, table: &'static Table) -> Rc<Statements> {
        Rc::clone(
            self.statements.entry(table.name).or_insert_with(|| Rc::new(Statements::of(table))),
        )
    }

    pub(in crate::store) fn put(
        &mut self,
        engine: &mut dyn Engine,
        change: i64,
        table: &'static Table,
        row: &[Value<'_>],
    ) -> Outcome<Put> {
        if row.len() != table.columns.len() {
            return Err(Stop::bug(&format!("a row of `{}` has {} values", table.name, row.len())));
        }
        let statements = self.statements(table);
        let key = row.get(..table.key).unwrap_or_default();
        let before = load(engine, &statements.load, key, table)?;
        let after = encode(row);
        if before.as_ref() == Some(&after) {
            return Ok(Put::Unchanged);
        }
        engine.exec(&statements.save, row)?;
        let put = if before.is_some() { Put::Changed } else { Put::Added };
        let label = label(table, row);
        let image = Image { key: encode(key), before, after: Some(after), label };
        self.record(engine, change, table, &image)?;
        Ok(put)
    }

    pub(in crate::store) fn remove(
        &mut self,
        engine: &mut dyn Engine,
        change: i64,
        table: &'static Table,
        key: &[Value<'_>],
    ) -> Outcome<bool> {
        let statements = self.statements(table);
        let Some(before) = load(engine, &statements.load, key, table)? else {
            return Ok(false);
        };
        engine.exec(&statements.remove, key)?;
        let label = kept_label(table, &before);
        let image = Image { key: encode(key), before: Some(before), after: None, label };
        self.record(engine, change, table, &image)?;
        Ok(true)
    }

    fn record(
        &mut self,
        engine: &mut dyn Engine,
        change: i64,
        table: &'static Table,
        image: &Image,
    ) -> Outcome<()> {
        self.ordinal += 1;
        let verb = match (&image.before, &image.after) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        let label = match parent_label(engine, table, &image.key)? {
            Some(label) => label,
            None => image.label.clone().unwrap_or_else(|| image.key.clone()),
        };
        match self
            .counts
            .iter_mut()
            .find(|(object, did, _)| *object == table.object && *did == verb)
        {
            Some((_, _, count)) => *count += 1,
            None => self.counts.push((table.object, verb, 1)),
        }
        if self.labels.len() < 3 && !self.labels.contains(&label) {
            self.labels.push(label.clone());
        }
        engine.exec(
            "insert into change_rows(change, ordinal, \"table\", key, label, before, after) values(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[
                change.into(),
                self.ordinal.into(),
                table.name.into(),
                (&image.key).into(),
                (&label).into(),
                image.before.as_deref().into(),
                image.after.as_deref().into(),
            ],
        )?;
        Ok(())
    }
}
