//! Brings the store to what was declared, object by object, and tells what became of each.

use super::declare::Entry;
use crate::clock::Timestamp;
use crate::desired::{Effects, Form, Kind, Members, Order, Role, Takes, Wish, as_text};
use crate::error::{Complaint, Outcome, Place, Stop};
use crate::store::Tx;
use serde_json::Value as Json;

/// What became of a declared object.
pub(super) struct Done<'e> {
    pub(super) entry: &'e Entry,
    pub(super) before: Option<Members>,
    pub(super) after: Option<Members>,
}

impl Done<'_> {
    pub(super) fn is_changed(&self) -> bool {
        self.before != self.after
    }

    /// `added`, `removed`, `changed` or `unchanged`.
    pub(super) fn change(&self) -> &'static str {
        match (&self.before, &self.after) {
            (None, Some(_)) => "added",
            (Some(_), None) => "removed",
            _ if self.is_changed() => "changed",
            _ => "unchanged",
        }
    }
}

/// Lines for a tool, and the object that they are about.
pub(super) struct Written {
    /// Among the done ones.
    pub(super) at: usize,
    pub(super) lines: Vec<String>,
}

/// Brings declared objects about, in their order.
pub(super) struct Bringer<'e> {
    pub(super) file: &'e str,
    pub(super) now: Timestamp,
    pub(super) seed: u64,
    /// The tool for which what is done is written down.
    pub(super) form: Option<&'static Form>,
    pub(super) effects: Effects,
    pub(super) done: Vec<Done<'e>>,
    pub(super) written: Vec<Written>,
}

impl<'e> Bringer<'e> {
    /// Refuses as the domains do, with file and line; nothing of the file takes effect then.
    pub(super) fn all(&mut self, tx: &mut dyn Tx, entries: &'e [Entry]) -> Outcome<()> {
        for entry in entries {
            let at = self.done.len();
            self.one(tx, entry)?;
            if let (true, Some(whole)) = (entry.is_instance, entry.whole)
                && std::mem::take(&mut self.effects.whole)
            {
                let wrote = |effects: &mut Effects| whole(tx.reading(), &entry.instance, effects);
                self.step(at, entry, wrote)?;
            }
        }
        Ok(())
    }

    fn one(&mut self, tx: &mut dyn Tx, entry: &'e Entry) -> Outcome<()> {
        let (kind, at) = (entry.kind, self.done.len());
        let mut wish = Wish {
            now: self.now,
            seed: self.seed,
            owners: entry.owners.clone(),
            given: entry.given.clone(),
            differs: Vec::new(),
        };
        let before = self.present(tx, entry, &wish)?;
        let found = before.is_some();
        if let (Some(held), false) = (&before, entry.is_absent) {
            self.fixed(entry, held)?;
        }
        self.done.push(Done { entry, before, after: None });
        if entry.is_absent {
            if found {
                self.step(at, entry, |effects| (kind.remove)(tx, &wish, effects))?;
            }
        } else {
            if !found {
                self.step(at, entry, |effects| (kind.make)(tx, &wish, effects))?;
            }
            if kind.order == Order::SettingsFirst {
                self.settings(tx, (at, entry), &mut wish)?;
            }
            self.all(tx, &entry.parts)?;
            if kind.order == Order::PartsFirst {
                self.settings(tx, (at, entry), &mut wish)?;
            }
        }
        let after = self.present(tx, entry, &wish)?;
        if let Some(done) = self.done.get_mut(at) {
            done.after = after;
        }
        Ok(())
    }

    fn present(&self, tx: &mut dyn Tx, entry: &Entry, wish: &Wish) -> Outcome<Option<Members>> {
        (entry.kind.present)(tx.reading(), wish).map_err(|stop| self.placed(stop, entry, &[]))
    }

    fn settings(
        &mut self,
        tx: &mut dyn Tx,
        (at, entry): (usize, &Entry),
        wish: &mut Wish,
    ) -> Outcome<()> {
        let held = self.present(tx, entry, wish)?.unwrap_or_default();
        wish.differs = differing(entry, &held, Role::Setting);
        if wish.differs.is_empty() {
            return Ok(());
        }
        self.effects.form = self.form.filter(|form| entry.forms.contains(form));
        let ended = (entry.kind.set)(tx, wish, &mut self.effects);
        ended.map_err(|stop| self.placed(stop, entry, &wish.differs))?;
        self.collect(at);
        Ok(())
    }

    fn step(
        &mut self,
        at: usize,
        entry: &Entry,
        work: impl FnOnce(&mut Effects) -> Outcome<()>,
    ) -> Outcome<()> {
        self.effects.form = self.form.filter(|form| entry.forms.contains(form));
        work(&mut self.effects).map_err(|stop| self.placed(stop, entry, &[]))?;
        self.collect(at);
        Ok(())
    }

    fn collect(&mut self, at: usize) {
        let lines = std::mem::take(&mut self.effects.lines);
        if !lines.is_empty() {
            self.written.push(Written { at, lines });
        }
    }

    /// Complains when a property differs that only a new object is given.
    fn fixed(&self, entry: &Entry, held: &Members) -> Outcome<()> {
        let Some(name) = differing(entry, held, Role::Made).into_iter().next() else {
            return Ok(());
        };
        let line = entry.lines.get(name).copied().unwrap_or(entry.line);
        let is = held.get(name).map(as_text).unwrap_or_default();
        let message =
            format!("`{}` is there with {name} `{is}`, which cannot be changed", entry.label);
        let complaint = Complaint::new(Place::Line(line), message)
            .remedied(format!("leave `{name}` out, or remove the object first"));
        Err(Stop::from(complaint).within(self.file))
    }

    /// Says of a stop where in the file its reason stands.
    fn placed(&self, stop: Stop, entry: &Entry, differs: &[&str]) -> Stop {
        let line = match differs {
            [only] => entry.lines.get(*only).copied().unwrap_or(entry.line),
            _ => entry.line,
        };
        let place = format!("{} line {line}, `{}`", self.file, entry.label);
        match stop {
            Stop::Refused(mut refusal) => {
                refusal.message = format!("{place}: {}", refusal.message);
                Stop::Refused(refusal)
            }
            Stop::Usage(usage) => {
                let message = format!("`{}`: {}", entry.label, usage.message);
                let mut complaint = Complaint::new(Place::Line(line), message);
                complaint.remedy = usage.hint;
                Stop::from(complaint).within(self.file)
            }
            // What a reader said of a part of the file counts from that part's beginning.
            Stop::BadArtefact(mut complaints) => {
                for complaint in complaints.kept.iter_mut().filter(|one| one.file.is_empty()) {
                    complaint.place = Place::Line(line);
                    complaint.message = format!("`{}`: {}", entry.label, complaint.message);
                }
                Stop::BadArtefact(complaints).within(self.file)
            }
            fault @ Stop::Fault(_) => fault,
        }
    }
}

/// The given properties of a role that are not what they are to be.
fn differing(entry: &Entry, held: &Members, role: Role) -> Vec<&'static str> {
    let kind: &'static Kind = entry.kind;
    kind.properties
        .iter()
        .filter(|row| row.role == role)
        .filter(|row| {
            let wanted = entry.shown(row);
            let held = held.get(row.name);
            match (wanted, role, held) {
                // What cannot be read back of an object is no reason to refuse it.
                (None, ..) | (_, Role::Made, None | Some(Json::Null)) => false,
                (Some(wanted), _, held) => !is_same(row.takes, &wanted, held),
            }
        })
        .map(|row| row.name)
        .collect()
}

/// Whether a value is the wanted one: a number may be written as text, and an empty text is no value.
fn is_same(takes: Takes, wanted: &Json, held: Option<&Json>) -> bool {
    match (takes, held) {
        (Takes::Scalar | Takes::Text | Takes::Word(_), held) => {
            as_text(wanted) == held.map(as_text).unwrap_or_default()
        }
        (_, Some(held)) => wanted == held,
        (_, None) => wanted.is_null(),
    }
}
