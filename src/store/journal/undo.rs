//! Taking a change back, when nothing later depends on it; forgetting history.

use super::image::{Kept, decode, encode, load};
use super::{ENTRY, Entry, entry, find};
use crate::catalog::{Code, Document, Native, Severity, stated};
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop, Usage};
use crate::store::writing::Writing;
use crate::store::{Change, Extent, Flow, Store, Table, Tx, Value};
use crate::wording::many;

/// The command line itself says no: there is no vendor behind the history.
static TOOL: Document = Document { id: "LICCTL", title: "licctl, manual page", edition: "" };

/// What `undo` answers when a later change stands on the one to take back.
pub static DEPENDED_ON: Code = Code {
    symbol: "depended-on",
    native: Native::Tool,
    severity: Severity::Failure,
    meaning: "A later change depends on the change to take back.",
    cause: "The same object, or the evidence of the same logs, was changed again afterwards.",
    remedy: "Take the later change back first.",
    source: stated(&TOOL, "undo"),
};

/// Calls of the store itself that no undo reaches: what they did, and what helps where something does.
const FINAL: [(&str, &str, Option<&str>); 3] = [
    ("log.prune(", "forgot history", None),
    ("snapshot.save(", "kept a snapshot", Some("`licctl snapshot delete NAME` forgets it")),
    ("snapshot.delete(", "forgot a snapshot", None),
];

/// What a change did that no undo reaches, and what helps; `None`: it may be taken back.
fn lasting(entry: &Entry) -> Option<(&'static str, Option<&'static str>)> {
    let found = FINAL.iter().find(|(call, ..)| entry.calls.starts_with(call));
    found.map(|(_, what, help)| (*what, *help))
}

impl Store {
    /// Takes change `number` back, or the newest one that is neither taken back nor itself a taking back.
    ///
    /// Usage error when there is no such change, or when it was taken back before.
    /// Refuses with `DEPENDED_ON` when a later change stands on it.
    pub fn undo(&mut self, change: &Change, number: Option<i64>) -> Outcome<Entry> {
        // A missing store is told as it is to readers, rather than made.
        self.read(|_| Ok(()))?;
        self.transact(change, Extent::Few, |writing| undo(writing, number))
            .map(|(undone, _)| undone)
    }

    /// Forgets the history before `until`, and the evidence that it had hidden; the number of entries forgotten.
    pub fn prune(&mut self, change: &Change, until: Timestamp) -> Outcome<u64> {
        let (count, _) = self.transact(change, Extent::Few, |writing| {
            let hidden = "select change from hidden where running = 0 and change in (select number from changes where time_ms < ?1)";
            let gone = writing.reading().all(hidden, &[until.into()], |row| row.int(0))?;
            for table in writing.tables.clone().iter().flat_map(|tables| tables.bulk) {
                for import in &gone {
                    writing.engine.exec(&format!("delete from {table} where import = ?1"), &[(*import).into()])?;
                }
            }
            let engine = &mut *writing.engine;
            engine.exec("delete from change_rows where change in (select number from changes where time_ms < ?1)", &[until.into()])?;
            engine.exec(
                "delete from hidden where running = 0 and change in (select number from changes where time_ms < ?1)",
                &[until.into()],
            )?;
            let count = engine.exec("delete from changes where time_ms < ?1", &[until.into()])?;
            // Nothing of this can be taken back, but that it happened stays in the history.
            writing.recorder.call("log.prune", &until.to_string());
            writing.recorder.tell(format!("forgot {} before {until}", many(count, "change")));
            Ok(count)
        })?;
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

fn undo(writing: &mut Writing<'_>, number: Option<i64>) -> Outcome<Entry> {
    let found = match number {
        Some(number) => find(writing, number)?,
        None => newest(writing, |_| true)?,
    };
    let Some(undone) = found else {
        let message = number.map_or_else(
            || "there is no change that could be taken back".to_owned(),
            |number| format!("there is no change {number}"),
        );
        return Err(Usage::new(message).hinted("`licctl log` lists the changes").into());
    };
    if let Some(by) = undone.undone_by {
        let message = format!("change {} was taken back by change {by}", undone.number);
        return Err(Usage::new(message)
            .hinted(format!("`licctl undo {by}` brings it again"))
            .into());
    }
    if let Some((what, help)) = lasting(&undone) {
        let message = format!("change {} {what}; it cannot be taken back", undone.number);
        let other = newest(writing, |entry| lasting(entry).is_none())?.map_or_else(
            || "`licctl log` lists the changes".to_owned(),
            |other| format!("`licctl undo {}` takes back `{}`", other.number, other.command),
        );
        let hints: Vec<&str> = help.into_iter().chain([other.as_str()]).collect();
        return Err(Usage::new(message).hinted(hints.join("; ")).into());
    }
    let by = evidence_depended(writing, &undone)?;
    let by = if by.is_none() { reverse_rows(writing, undone.number)? } else { by };
    if let Some((by, what)) = by {
        let message = format!(
            "change {} cannot be taken back: change {} (`{}`) came after it and concerns the same {what}",
            undone.number, by.number, by.command
        );
        let hint = format!("`licctl undo {}` takes that one back first", by.number);
        return Err(Refusal::new(&DEPENDED_ON, message).hinted(hint).of("undo").into());
    }
    reverse_evidence(writing, undone.number)?;
    writing.recorder.undoes = Some(undone.number);
    writing.recorder.tell(format!("took change {} back: {}", undone.number, undone.summary));
    writing.engine.exec(
        "update changes set undone_by = ?2 where number = ?1",
        &[undone.number.into(), writing.number.into()],
    )?;
    // An undo is undone by marking what it had taken back as standing again.
    if let Some(original) = undone.undoes {
        writing
            .engine
            .exec("update changes set undone_by = null where number = ?1", &[original.into()])?;
    }
    Ok(undone)
}

/// The newest change that is neither taken back nor itself a taking back, among those that are wanted.
fn newest(writing: &mut Writing<'_>, wanted: impl Fn(&Entry) -> bool) -> Outcome<Option<Entry>> {
    let sql = format!(
        "{ENTRY} where undone_by is null and undoes is null and number not in (select change from hidden where running = 1) \
         order by number desc"
    );
    let mut found = None;
    writing.reading().each(&sql, &[], &mut |row| {
        found = Some(entry(row)?).filter(&wanted);
        Ok(if found.is_some() { Flow::Break(()) } else { Flow::Continue(()) })
    })?;
    Ok(found)
}

/// Follows "takes back" to the change that brought the rows: its number, and whether it brought bulk rows.
fn root(writing: &mut Writing<'_>, number: i64) -> Outcome<(i64, bool)> {
    let mut at = number;
    loop {
        let found = writing.reading().one(
            "select undoes, bulk from changes where number = ?1",
            &[at.into()],
            |row| Ok((row.int_or_null(0)?, row.flag(1)?)),
        )?;
        match found {
            Some((Some(before), _)) if before < at => at = before,
            Some((_, bulk)) => return Ok((at, bulk)),
            None => return Ok((at, false)),
        }
    }
}

/// A later import that met rows of this one again would lose them too: it depends on it.
fn evidence_depended(
    writing: &mut Writing<'_>,
    undone: &Entry,
) -> Outcome<Option<(Entry, String)>> {
    let (root, bulk) = root(writing, undone.number)?;
    if !bulk {
        return Ok(None);
    }
    // Hiding needs later imports that met known rows to be gone; showing again needs that no later import took rows over.
    let repeats = if undone.undoes.is_none() { "and repeats > 0" } else { "" };
    let sql = format!(
        "{ENTRY} where number > ?1 and bulk = 1 and undoes is null and undone_by is null {repeats} order by number desc limit 1"
    );
    let by = writing.reading().one(&sql, &[root.max(undone.number).into()], entry)?;
    Ok(by.map(|by| (by, "records".to_owned())))
}

fn reverse_evidence(writing: &mut Writing<'_>, number: i64) -> Outcome<()> {
    let (root, bulk) = root(writing, number)?;
    if !bulk {
        return Ok(());
    }
    writing.recorder.visibility = true;
    let shown = writing.engine.exec("delete from hidden where change = ?1", &[root.into()])?;
    if shown == 0 {
        writing.engine.exec("insert into hidden(change, running) values(?1, 0)", &[root.into()])?;
    }
    for tables in writing.tables.clone() {
        (tables.settle)(writing, root)?;
    }
    Ok(())
}

/// Puts every object of a change back as it was before; the change that stands in the way, when there is one.
fn reverse_rows(writing: &mut Writing<'_>, number: i64) -> Outcome<Option<(Entry, String)>> {
    let sql = "select \"table\", key, label, before, after from change_rows where change = ?1 order by ordinal desc";
    let rows = writing.reading().all(sql, &[number.into()], |row| {
        let text = |column| -> Outcome<Option<String>> {
            Ok(row.text_or_null(column)?.map(str::to_owned))
        };
        Ok((
            row.text(0)?.to_owned(),
            row.text(1)?.to_owned(),
            row.text(2)?.to_owned(),
            text(3)?,
            text(4)?,
        ))
    })?;
    for (name, key, label, before, after) in rows {
        let table = writing.table(&name)?;
        let what = format!("{} {label}", table.object);
        let keys = decode(&key)?;
        let keys: Vec<Value<'_>> = keys.iter().map(Kept::value).collect();
        let statements = writing.recorder.statements(table);
        let present = load(writing.engine, &statements.load, &keys, table)?;
        if present != after {
            return Ok(later(writing, &name, &key, number)?.map(|by| (by, what)));
        }
        match before {
            Some(before) => {
                let row = decode(&before)?;
                let row: Vec<Value<'_>> = row.iter().map(Kept::value).collect();
                if let Some(by) = orphaned(writing, table, &keys)? {
                    return Ok(Some((by, what)));
                }
                writing.recorder.put(writing.engine, writing.number, table, &row)?;
            }
            None => {
                if let Some(by) = leaned_on(writing, table, &keys, number)? {
                    return Ok(Some((by, what)));
                }
                writing.recorder.remove(writing.engine, writing.number, table, &keys)?;
            }
        }
    }
    Ok(None)
}

/// The newest change after `number` of the row.
fn later(writing: &mut Writing<'_>, table: &str, key: &str, number: i64) -> Outcome<Option<Entry>> {
    let sql =
        "select max(change) from change_rows where \"table\" = ?1 and key = ?2 and change > ?3";
    let newest = writing
        .reading()
        .one(sql, &[table.into(), key.into(), number.into()], |row| row.int_or_null(0))?
        .flatten();
    match newest {
        Some(newest) => find(writing, newest),
        None => Err(Stop::Fault(anyhow::anyhow!(
            "the store is damaged: a row differs from its history"
        ))),
    }
}

/// The change that brought a row which belongs to the one about to go.
fn leaned_on(
    writing: &mut Writing<'_>,
    table: &Table,
    key: &[Value<'_>],
    number: i64,
) -> Outcome<Option<Entry>> {
    let children: Vec<&'static Table> = writing
        .tables
        .iter()
        .flat_map(|tables| tables.objects.iter().copied())
        .filter(|child| child.parent == Some(table.name))
        .collect();
    for child in children {
        let columns = child.columns.iter().take(table.key).enumerate();
        let matched: Vec<String> =
            columns.map(|(at, column)| format!("{column} = ?{}", at + 1)).collect();
        let sql = format!("select 1 from {} where {}", child.name, matched.join(" and "));
        if writing.reading().one(&sql, key, |row| row.int(0))?.is_some() {
            let prefix = encode(key);
            // The whole of the parent's key: `[1,` is no prefix of `[12,`.
            let end = if child.key > table.key { "," } else { "]" };
            let prefix = format!("{}{end}%", prefix.trim_end_matches(']'));
            let sql = "select max(change) from change_rows where \"table\" = ?1 and key like ?2 and change > ?3";
            let newest = writing
                .reading()
                .one(sql, &[child.name.into(), (&prefix).into(), number.into()], |row| {
                    row.int_or_null(0)
                })?
                .flatten();
            if let Some(newest) = newest {
                return find(writing, newest);
            }
        }
    }
    Ok(None)
}

/// The change that removed the object to which a row about to come back belongs.
fn orphaned(writing: &mut Writing<'_>, table: &Table, key: &[Value<'_>]) -> Outcome<Option<Entry>> {
    let Some(parent) = table.parent else {
        return Ok(None);
    };
    let parent = writing.table(parent)?;
    let first = key.get(..parent.key).unwrap_or_default();
    let statements = writing.recorder.statements(parent);
    if load(writing.engine, &statements.load, first, parent)?.is_some() {
        return Ok(None);
    }
    later(writing, parent.name, &encode(first), 0)
}
