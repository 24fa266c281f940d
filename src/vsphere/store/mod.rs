//! The domain's tables and all its SQL: rows to model and back, nothing else.

pub mod assignments;
pub mod catalogue;
pub mod entities;
pub mod keys;
pub mod licenses;
mod parts;
pub mod vcenters;

use crate::store::Tables;

/// What the domain keeps. Used units are summed from the assignments of one license, which lie together: there is no total that
/// could be wrong after an undo.
pub static TABLES: Tables = Tables {
    objects: &[
        &vcenters::VCENTERS,
        &licenses::LICENSES,
        &entities::ENTITIES,
        &assignments::ASSIGNMENTS,
        &catalogue::EDITIONS,
        &catalogue::KEYS,
    ],
    loaded: &[],
    bulk: &[],
    others: &[],
    settle: |_, _| Ok(()),
    audit: |_| Ok(Vec::new()),
};

/// Every text of every row of the domain and of the history, for a test.
#[cfg(test)]
pub(crate) fn texts(read: &mut dyn crate::store::Read) -> crate::error::Outcome<Vec<String>> {
    let mut texts = Vec::new();
    let tables = TABLES.objects.iter().map(|table| (table.name, table.columns.len()));
    for (table, columns) in tables.chain([("changes", 9), ("change_rows", 7)]) {
        read.each(&format!("select * from {table}"), &[], &mut |row| {
            for column in 0..columns {
                if let Ok(Some(text)) = row.text_or_null(column) {
                    texts.push(text.to_owned());
                }
            }
            Ok(crate::store::Flow::Continue(()))
        })?;
    }
    Ok(texts)
}
