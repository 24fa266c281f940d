//! The history of the store's layout: an ordered list of steps. A landed step is never edited.
//!
//! `SQLite` parses the statement of every table at every start, some 49,000 instructions each, so a store has those tables alone that
//! something was kept in: the first step makes the history's, every other table is laid when a statement first names it.

/// One step; its number is its position, counted from 1, and the `user_version` of a store that has it.
#[derive(Debug)]
pub struct Step {
    pub what: &'static str,
    /// Statements that each end in `;` and a line's end: `create table`, `create [unique] index … on`, `alter table`,
    /// `drop index … /* on TABLE */`, `drop table`, `insert into … select … from TABLE`.
    pub sql: &'static str,
}

/// Every step from an empty file to the present layout.
pub static STEPS: &[Step] = &[
    Step { what: "history of changes", sql: include_str!("schema/001-spine.sql") },
    Step { what: "kms: machines, products, evidence", sql: include_str!("schema/002-kms.sql") },
    Step { what: "secrets by number", sql: include_str!("schema/003-secrets.sql") },
    Step { what: "csp: devices, key catalogue", sql: include_str!("schema/004-csp.sql") },
    Step {
        what: "tslicense: servers, key packs, events",
        sql: include_str!("schema/005-tslicense.sql"),
    },
    Step {
        what: "vsphere: vCenters, licences, entities, assignments",
        sql: include_str!("schema/006-vsphere.sql"),
    },
    Step { what: "rms: servers, features, licences", sql: include_str!("schema/007-rms.sql") },
    Step {
        what: "kms: imported editions, DNS records, sizes of logs",
        sql: include_str!("schema/008-kms-more.sql"),
    },
    Step { what: "snapshots", sql: include_str!("schema/009-snapshots.sql") },
    Step { what: "tables laid when they are first named", sql: "" },
    Step { what: "rms: hashes of licences", sql: include_str!("schema/011-rms-hashes.sql") },
    Step {
        what: "snapshots of one domain or instance",
        sql: include_str!("schema/012-snapshot-scopes.sql"),
    },
    Step {
        what: "kms: the units of a client in one row",
        sql: include_str!("schema/013-kms-totals.sql"),
    },
    Step {
        what: "kms: logs in the order of time",
        sql: include_str!("schema/014-kms-sequences.sql"),
    },
];

/// A statement of a step, and the table that it makes or changes, or whose rows it copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    pub table: &'static str,
    pub sql: &'static str,
}

impl Step {
    /// Its statements, remarks before them left out.
    pub fn statements(&self) -> impl Iterator<Item = Statement> + use<> {
        self.sql.split_inclusive(";\n").filter_map(|text| {
            let sql = text.trim_start_matches(|end: char| end.is_whitespace());
            let sql = remarks_passed(sql).trim_end();
            concerned(sql).map(|table| Statement { table, sql })
        })
    }
}

impl Statement {
    /// Whether it copies rows: a table that is laid has none yet.
    fn copies(self) -> bool {
        self.sql.starts_with("insert")
    }
}

/// The statements that lay `table`, in the order of their steps; none when no step knows it.
pub fn statements_of(table: &str) -> impl Iterator<Item = Statement> {
    let all = STEPS.iter().flat_map(Step::statements);
    all.filter(move |statement| statement.table == table && !statement.copies())
}

/// The table that a statement makes, indexes or changes, or whose rows it copies.
fn concerned(sql: &'static str) -> Option<&'static str> {
    let (head, rest) = sql.split_once('(').unwrap_or((sql, ""));
    let mut words = head.split_ascii_whitespace();
    let behind = |word: &str, text: &'static str| {
        text.split_ascii_whitespace().skip_while(|other| *other != word).nth(1)
    };
    match (words.next()?, words.next()?) {
        ("alter" | "drop", "table") => words.next().map(|name| name.trim_end_matches(';')),
        ("create", "table") if !rest.is_empty() => words.next(),
        ("create", "index" | "unique") if !rest.is_empty() => behind("on", head),
        ("drop", "index") => behind("on", head),
        ("insert", "into") => behind("from", rest),
        _ => None,
    }
}

fn remarks_passed(mut sql: &'static str) -> &'static str {
    while let Some((_, rest)) = sql.strip_prefix("--").and_then(|remark| remark.split_once('\n')) {
        sql = rest.trim_start();
    }
    sql
}

/// Marks the file as a store of licctl: `licc`.
pub const APPLICATION_ID: i64 = 0x6C69_6363;

/// The layout that this build reads and writes.
#[must_use]
pub fn present() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_of_every_step_is_told_by_its_table() {
        for step in STEPS {
            let written = step.sql.lines().filter(|line| !line.starts_with("--"));
            let ends: usize = written.map(|line| line.matches(';').count()).sum();
            assert_eq!(step.statements().count(), ends, "{}", step.what);
        }
        let laid: Vec<_> = statements_of("rms_loaded").map(|statement| statement.sql).collect();
        assert!(laid[0].starts_with("create table rms_loaded(") && laid[0].ends_with("strict;"));
        assert_eq!(laid.len(), 4, "its table, its two indexes, and one that goes again: {laid:?}");
        assert_eq!(
            statements_of("vsphere_licenses").count(),
            2,
            "a unique index is one of its own"
        );
        assert_eq!(statements_of("sqlite_schema").count(), 0);
    }
}
