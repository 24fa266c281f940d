//! Instances by name: every domain has one table of them, with a unique column `name` that is compared without regard to case.

use super::{Flow, Read, Tables};
use crate::error::Outcome;

/// The stored spelling of an instance's name; `None` when there is no such instance.
pub fn find(read: &mut dyn Read, table: &'static str, name: &str) -> Outcome<Option<String>> {
    let sql = format!("select name from {table} where name = ?1");
    read.one(&sql, &[name.into()], |row| row.text(0).map(str::to_owned))
}

/// The names that begin with `prefix` in whatever case, in the order of letters; `limit` at most.
pub fn from(
    read: &mut dyn Read,
    table: &'static str,
    prefix: &str,
    limit: usize,
) -> Outcome<Vec<String>> {
    let folded = prefix.to_lowercase();
    let mut names = Vec::new();
    // The index is in the order of upper or lower case alike, so that the search begins at the first that fits.
    let sql = format!("select name from {table} where name >= ?1 order by name");
    read.each(&sql, &[prefix.into()], &mut |row| {
        let name = row.text(0)?;
        if names.len() >= limit || !name.to_lowercase().starts_with(&folded) {
            return Ok(Flow::Break(()));
        }
        names.push(name.to_owned());
        Ok(Flow::Continue(()))
    })?;
    Ok(names)
}

/// Every name, in the order of letters.
pub fn all(read: &mut dyn Read, table: &'static str) -> Outcome<Vec<String>> {
    from(read, table, "", usize::MAX)
}

/// Whether any of the tables of a domain holds anything.
pub fn holds(read: &mut dyn Read, tables: &Tables) -> Outcome<bool> {
    for table in tables.objects {
        let sql = format!("select 1 from {} limit 1", table.name);
        if read.is_laid(table.name)? && read.one(&sql, &[], |row| row.int(0))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
