//! Reports on their way into the store: the objects that files tell of, and the entries that they list.
//!
//! No entry tells which report it is of: those of a file are of the one report that the file tells of, else of one that is called as the
//! file is.

use super::coming::Coming;
use super::count;
use crate::api::{About, Counts};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::store::{Flow, Put, Read, Tx};
use crate::tslicense::import::{ToldEntry, ToldReport};
use crate::tslicense::model::report::{Class, Entry, Report};
use crate::tslicense::store::{reports, servers};
use anyhow::anyhow;
use std::collections::BTreeMap;

/// Entries by the numbers of their classes.
type Entries = BTreeMap<u32, Vec<Entry>>;

/// The reports that the files of an import tell of.
#[derive(Default)]
pub(super) struct Reports {
    /// By the place of the server and the name in lower case.
    told: BTreeMap<(usize, String), Under>,
    /// What the file that is being read tells, by the place of the server.
    file: BTreeMap<usize, (Vec<ToldReport>, Entries)>,
}

/// A report under way.
#[derive(Clone, PartialEq)]
struct Under {
    name: String,
    made: Option<Timestamp>,
    scope: Option<(u32, String)>,
    entries: Entries,
}

impl Reports {
    pub(super) fn report(&mut self, at: usize, told: ToldReport) {
        self.file.entry(at).or_default().0.push(told);
    }

    pub(super) fn entry(&mut self, at: usize, told: ToldEntry) {
        let (_, entries) = self.file.entry(at).or_default();
        entries.entry(told.class.number()).or_default().push(told.entry);
    }

    /// Ends a file: what it told goes to its reports.
    pub(super) fn end_file(
        &mut self,
        read: &mut dyn Read,
        servers: &[Coming],
        about: &About,
        counts: &mut Counts,
    ) -> Outcome<()> {
        for (at, (told, mut entries)) in std::mem::take(&mut self.file) {
            let server = servers.get(at).and_then(|coming| coming.id);
            let mut names: Vec<ToldReport> = told;
            if names.len() != 1 && !entries.is_empty() {
                names.push(ToldReport { name: stem(&about.name), made: None, scope: None });
            }
            let last = names.len().saturating_sub(1);
            for (number, told) in names.into_iter().enumerate() {
                let of_file =
                    if number == last { std::mem::take(&mut entries) } else { Entries::new() };
                count(counts, self.merge(read, (at, server), told, of_file)?);
            }
        }
        Ok(())
    }

    /// What a class lists takes the place of what was known of the class.
    fn merge(
        &mut self,
        read: &mut dyn Read,
        (at, server): (usize, Option<i64>),
        told: ToldReport,
        entries: Entries,
    ) -> Outcome<Put> {
        let key = (at, told.name.to_lowercase());
        let known = match (self.told.get(&key), server) {
            (Some(known), _) => Some(known.clone()),
            (None, Some(server)) => stored(read, server, &told.name)?,
            (None, None) => None,
        };
        let mut after = known.clone().unwrap_or_else(|| Under {
            name: told.name,
            made: None,
            scope: None,
            entries: Entries::new(),
        });
        after.made = told.made.or(after.made);
        after.scope = told.scope.or(after.scope);
        for (class, mut listed) in entries {
            listed.sort_by_cached_key(order);
            after.entries.insert(class, listed);
        }
        let put = match known {
            None => Put::Added,
            Some(known) if known == after => Put::Unchanged,
            Some(_) => Put::Changed,
        };
        self.told.insert(key, after);
        Ok(put)
    }

    /// Writes the reports; the servers are written already.
    ///
    /// - `names`: of the servers, by their places.
    /// - `taken`: when the state was shown; that is when a report was made that does not tell it.
    pub(super) fn finish(
        &mut self,
        tx: &mut dyn Tx,
        names: &[String],
        taken: Timestamp,
    ) -> Outcome<()> {
        for ((at, _), under) in std::mem::take(&mut self.told) {
            let name = names.get(at).ok_or_else(|| Stop::bug("a server is gone"))?;
            let Some((id, _)) = servers::find(tx.reading(), name)? else {
                return Err(Stop::Fault(anyhow!("the license server `{name}` is gone")));
            };
            if stored(tx.reading(), id, &under.name)?.as_ref() == Some(&under) {
                continue;
            }
            for class in Class::ALL {
                let listed = under.entries.get(&class.number()).map_or(&[][..], Vec::as_slice);
                reports::add(tx, id, (&under.name, class), listed)?;
            }
            let report = Report {
                name: under.name,
                made: under.made.unwrap_or(taken),
                scope: under.scope,
                entries: tx.change(),
            };
            reports::save(tx, id, &report)?;
        }
        Ok(())
    }
}

/// Entries are kept as a report of the model has them: by name, those of the summary by version.
fn order(entry: &Entry) -> (String, String, u32, u32) {
    (entry.name.to_lowercase(), entry.hardware.clone(), entry.version, entry.product)
}

/// What is stored of a report; classes without entries are left out.
fn stored(read: &mut dyn Read, server: i64, name: &str) -> Outcome<Option<Under>> {
    let Some(report) = reports::find(read, server, name)? else { return Ok(None) };
    let mut entries = Entries::new();
    for class in Class::ALL {
        let listed = entries.entry(class.number()).or_default();
        reports::each(read, (server, &report), class, (0, u32::MAX), &mut |entry| {
            listed.push(entry);
            Ok(Flow::Continue(()))
        })?;
    }
    entries.retain(|_, listed| !listed.is_empty());
    Ok(Some(Under { name: report.name, made: Some(report.made), scope: report.scope, entries }))
}

/// The name of a file without its folders and its last suffix.
fn stem(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_report_without_a_name_is_called_as_its_file_is() {
        for (path, name) in [
            ("reports/per-user 2026.03.csv", "per-user 2026.03"),
            (r"C:\reports\march.json", "march"),
            ("-", "-"),
            (".csv", ".csv"),
        ] {
            assert_eq!(stem(path), name, "{path}");
        }
    }
}
