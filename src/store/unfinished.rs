//! Imports that never ended: batches that no reader sees, and that the next writer removes.
//!
//! Their numbers stand in `hidden` with `running`. Rows that an undo hid are no matter of this file: they are kept.

use super::sqlite::{Engine, Purpose, is_full};
use super::{Read, Tables, Value};
use crate::error::Outcome;

/// The changes that are such imports.
pub(super) const RUNNING: &str = "select change from hidden where running = 1";

/// Rows that go in one transaction at first, where all of them at once find no room, and the fewest that are tried.
const PIECE: i64 = 10_000;
const SMALLEST: i64 = 40;

/// Whether there are any.
pub(super) fn any(read: &mut dyn Read) -> Outcome<bool> {
    Ok(read.one(RUNNING, &[], |row| row.int(0))?.is_some())
}

/// Which rows of a table are of other changes, as a `where`; nothing where every row is.
pub(super) fn others(tables: &[&'static Tables], table: &str) -> String {
    let is_bulk = tables.iter().any(|tables| tables.bulk.contains(&table));
    match table {
        "hidden" => " where running = 0".to_owned(),
        "changes" => format!(" where number not in ({RUNNING})"),
        "change_files" | "change_rows" => format!(" where change not in ({RUNNING})"),
        _ if is_bulk => format!(" where import not in ({RUNNING})"),
        _ => String::new(),
    }
}

/// How many bulk rows are theirs.
pub(super) fn rows(read: &mut dyn Read, tables: &[&'static Tables]) -> Outcome<i64> {
    let mut sum = 0;
    for table in laid(read, tables)? {
        let sql = format!("select count(*) from {table} where import in ({RUNNING})");
        sum += read.one(&sql, &[], |row| row.int(0))?.unwrap_or(0);
    }
    Ok(sum)
}

/// Removes every bulk row of an import, and its entry, as if it had never begun.
///
/// On a disk that is nearly full they go in pieces, each with a journal that is small: nobody sees them go, since they are hidden as
/// long as the entry stands.
pub(super) fn remove(
    engine: &mut dyn Engine,
    tables: &[&'static Tables],
    change: i64,
) -> Outcome<()> {
    let laid = laid(engine.reading(), tables)?;
    let whole = within(engine, |engine| {
        for table in &laid {
            engine.exec(&format!("delete from {table} where import = ?1"), &[change.into()])?;
        }
        remove_entry(engine, change)
    });
    match whole {
        Err(stop) if is_full(&stop) => {}
        done => return done,
    }
    for table in &laid {
        remove_in_pieces(engine, table, change)?;
    }
    within(engine, |engine| remove_entry(engine, change))
}

fn remove_in_pieces(engine: &mut dyn Engine, table: &str, change: i64) -> Outcome<()> {
    let key = engine.reading().all(
        "select name from pragma_table_info(?1) where pk > 0 order by pk",
        &[table.into()],
        |row| row.text(0).map(str::to_owned),
    )?;
    let key = if key.is_empty() { "rowid".to_owned() } else { key.join(", ") };
    let sql = format!(
        "delete from {table} where ({key}) in (select {key} from {table} where import = ?1 limit ?2)"
    );
    let mut size = PIECE;
    loop {
        let piece: [Value<'_>; 2] = [change.into(), size.into()];
        match within(engine, |engine| engine.exec(&sql, &piece)) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(stop) if is_full(&stop) && size > SMALLEST => size /= 4,
            Err(stop) => return Err(stop),
        }
    }
}

fn remove_entry(engine: &mut dyn Engine, change: i64) -> Outcome<()> {
    engine.exec("delete from change_files where change = ?1", &[change.into()])?;
    engine.exec("delete from hidden where change = ?1", &[change.into()])?;
    engine.exec("delete from changes where number = ?1", &[change.into()])?;
    Ok(())
}

/// Runs `work` as one transaction.
fn within<T>(
    engine: &mut dyn Engine,
    work: impl FnOnce(&mut dyn Engine) -> Outcome<T>,
) -> Outcome<T> {
    engine.begin(Purpose::Write)?;
    let done = work(engine).and_then(|answer| engine.commit().map(|()| answer));
    if done.is_err() {
        engine.rollback()?;
    }
    done
}

/// The bulk tables that anything was ever kept in.
fn laid(read: &mut dyn Read, tables: &[&'static Tables]) -> Outcome<Vec<&'static str>> {
    let mut laid = Vec::new();
    for table in tables.iter().flat_map(|tables| tables.bulk) {
        if read.is_laid(table)? {
            laid.push(*table);
        }
    }
    Ok(laid)
}

#[cfg(test)]
mod tests {
    use super::{any, remove, remove_in_pieces, rows};
    use crate::apis;
    use crate::clock::Timestamp;
    use crate::store::sqlite::{Engine, Purpose, Sqlite};
    use crate::store::{Change, Intent, SecretRows, Store};
    use std::path::Path;

    /// Events of two imports, the second of which did not end.
    const LEFT: [&str; 5] = [
        "insert into changes(number, time_ms, command, calls, summary, bulk, repeats) values(1, 0, 'first', '', '', 1, 0)",
        "insert into changes(number, time_ms, command, calls, summary, bulk, repeats) values(2, 0, 'second', '', '', 1, 0)",
        "insert into hidden(change, running) values(2, 1)",
        "insert into kms_hosts(id, name) values(1, 'kms01')",
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 300) \
         insert into kms_events(host, time_s, record, event, fields, ms, file, import) \
         select 1, i, i, 12288, '', 0, 1, 1 + (i > 100) from n",
    ];

    fn change(intent: Intent) -> Change {
        Change { command: "rms server add".to_owned(), now: Timestamp::MIN, intent }
    }

    fn prepared(path: &Path) -> Store {
        let mut store = Store::at(path.to_owned(), true, apis::tables());
        store.write(&change(Intent::Store), |_| Ok(())).unwrap();
        let mut engine = Sqlite::open_write(path).unwrap();
        for statement in LEFT {
            engine.exec(statement, &[]).unwrap();
        }
        store
    }

    fn counted(store: &mut Store, table: &str) -> i64 {
        let info = store.info().unwrap();
        info.tables.iter().find(|one| one.name == table).unwrap().rows
    }

    #[test]
    fn what_an_import_left_that_did_not_end_is_neither_counted_nor_carried_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let mut store = prepared(&path);
        assert_eq!(counted(&mut store, "kms_events"), 100);
        assert_eq!((counted(&mut store, "changes"), counted(&mut store, "hidden")), (1, 0));
        let found = store.unfinished().unwrap().unwrap();
        assert_eq!((found.rows, found.lives), (200, false));
        let mut text = Vec::new();
        store.export(&mut text, SecretRows::Left).unwrap();
        assert_eq!(String::from_utf8(text).unwrap().matches("\"kms_events\"").count(), 100);
        let copy = folder.path().join("copy.db");
        store.backup(&copy, Intent::Store, &mut |_, _| ()).unwrap();
        let mut copy = Store::at(copy, true, apis::tables());
        assert_eq!(copy.unfinished().unwrap(), None);
        assert_eq!(counted(&mut copy, "kms_events"), 100);
        assert!(copy.check().unwrap().is_empty());
        // The next change removes it.
        assert!(store.unfinished().unwrap().is_some());
        store.write(&change(Intent::Store), |_| Ok(())).unwrap();
        assert_eq!(store.unfinished().unwrap(), None);
        assert_eq!(counted(&mut store, "kms_events"), 100);
    }

    #[test]
    fn rows_go_in_pieces_out_of_every_bulk_table_and_those_of_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        prepared(&path);
        let mut engine = Sqlite::open_write(&path).unwrap();
        for table in apis::tables().iter().flat_map(|tables| tables.bulk) {
            engine.reading().one(&format!("select 1 from {table}"), &[], |_| Ok(())).unwrap();
            remove_in_pieces(&mut engine, table, 2).unwrap();
        }
        assert_eq!(rows(engine.reading(), &apis::tables()).unwrap(), 0);
        let left = engine.reading().one("select count(*) from kms_events", &[], |row| row.int(0));
        assert_eq!(left.unwrap(), Some(100));
        assert!(any(engine.reading()).unwrap());
        remove(&mut engine, &apis::tables(), 2).unwrap();
        assert!(!any(engine.reading()).unwrap());
    }

    #[test]
    fn a_change_is_rehearsed_on_a_copy_of_a_store_that_can_only_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        prepared(&path);
        let before = std::fs::read(&path).unwrap();
        let mut copy = crate::store::transaction::rehearsal(&path).unwrap();
        copy.begin(Purpose::Write).unwrap();
        assert_eq!(copy.exec("delete from kms_events", &[]).unwrap(), 300);
        copy.commit().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}
