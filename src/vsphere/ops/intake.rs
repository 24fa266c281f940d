//! The domain's side of an import: what artefacts say of licenses and assignments goes into the inventories.
//!
//! Instances wait in memory until the last file is read: an object that is written ends the batches of whatever else is imported.

use super::overlay::{Overlay, Reading, Told};
use crate::api::{About, Brought, Counts, Hints, Intake, Source};
use crate::artefact::{Kind, Notes};
use crate::clock::Timestamp;
use crate::error::{Outcome, Place, Usage};
use crate::store::{Put, Tx, named};
use crate::vsphere::import::govc::{self, Record};
use crate::vsphere::store::vcenters;

/// Begins an import.
#[must_use]
pub fn start(hints: &Hints) -> Box<dyn Intake> {
    Box::new(Import {
        hints: hints.clone(),
        now: hints.now.unwrap_or(Timestamp::MIN),
        overlays: Vec::new(),
    })
}

/// One import into this domain.
struct Import {
    hints: Hints,
    now: Timestamp,
    /// The instances that were met, in their order.
    overlays: Vec<Overlay>,
}

impl Intake for Import {
    fn file(
        &mut self,
        _: &Kind,
        about: &About,
        source: Source<'_>,
        tx: &mut dyn Tx,
    ) -> Outcome<Brought> {
        let (mut notes, mut records) = (Notes::default(), Vec::new());
        govc::read(source, &mut notes, &mut |place, record, _| {
            records.push((place, record));
            Ok(())
        })?;
        if records.is_empty() {
            return Ok(Brought { notes, ..Brought::default() });
        }
        let (at, made) = self.instance(about, &records, tx)?;
        let now = self.now;
        let Some(overlay) = self.overlays.get_mut(at) else {
            return Err(crate::error::Stop::bug("an instance under way is gone"));
        };
        let (mut licenses, mut assignments) = (Counts::default(), Counts::default());
        let alone = records.iter().all(|(_, record)| matches!(record, Record::License(_)));
        for (place, record) in records {
            let counts = match &record {
                Record::License(_) => &mut licenses,
                Record::Assignment(_) => &mut assignments,
            };
            let mut reading = Reading { place, now, alone, notes: &mut notes };
            let told = match record {
                Record::License(info) => overlay.license(&info, &mut reading),
                Record::Assignment(held) => {
                    overlay.assignment(tx.reading(), &held, &mut reading)?
                }
            };
            count(counts, told);
        }
        let sections = [("licenses", licenses), ("assignments", assignments)].into_iter();
        Ok(Brought {
            instances: vec![overlay.vcenter.name.clone()],
            made: made.into_iter().collect(),
            sections: sections.filter(|(_, counts)| *counts != Counts::default()).collect(),
            notes,
            ..Brought::default()
        })
    }

    fn finish(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        for overlay in self.overlays.drain(..) {
            overlay.store(tx)?;
        }
        Ok(())
    }
}

fn count(counts: &mut Counts, told: Told) {
    match told {
        Told::Taken(Put::Added) => counts.added += 1,
        Told::Taken(Put::Changed) => counts.changed += 1,
        Told::Taken(Put::Unchanged) => counts.unchanged += 1,
        Told::Skipped => counts.skipped += 1,
    }
}

impl Import {
    /// The instance that a file belongs to, and its name when it is made for it.
    ///
    /// Usage error when the named one has another instanceUuid, or nothing says which is meant.
    fn instance(
        &mut self,
        about: &About,
        records: &[(Place, Record)],
        tx: &mut dyn Tx,
    ) -> Outcome<(usize, Option<String>)> {
        let uuid = records.iter().find_map(|(_, record)| match record {
            Record::Assignment(held) => held.scope.clone(),
            Record::License(_) => None,
        });
        if self.hints.instance.is_none()
            && let Some(uuid) = &uuid
        {
            if let Some(at) = self.met(|overlay| overlay.vcenter.is_own(uuid)) {
                return Ok((at, None));
            }
            if let Some(vcenter) = vcenters::with_uuid(tx.reading(), uuid)? {
                self.overlays.push(Overlay::of(tx.reading(), vcenter)?);
                return Ok((self.overlays.len() - 1, None));
            }
            if let Some(at) = self.nameless(tx)? {
                if let Some(overlay) = self.overlays.get_mut(at) {
                    overlay.adopt(tx.reading(), uuid)?;
                }
                return Ok((at, None));
            }
        }
        let stored = named::from(tx.reading(), vcenters::VCENTERS.name, "", 2)?;
        let name = match (&self.hints.instance, &uuid) {
            (Some(name), _) => Some(name.clone()),
            (None, Some(uuid)) => about.folder.clone().or_else(|| Some(uuid.clone())),
            (None, None) => self.hints.instance_of(about, &stored),
        };
        let name = name.ok_or_else(|| {
            Usage::new(format!("`{}` names no vcenter, and the store has several", about.name))
                .hinted("give `--vcenter NAME`")
        })?;
        if let Some(uuid) = &uuid {
            self.unique(uuid, &name, tx)?;
        }
        let same = |overlay: &Overlay| overlay.vcenter.name.to_lowercase() == name.to_lowercase();
        let (at, made) = match (self.met(same), vcenters::find(tx.reading(), &name)?) {
            (Some(at), _) => (at, None),
            (None, Some(vcenter)) => {
                self.overlays.push(Overlay::of(tx.reading(), vcenter)?);
                (self.overlays.len() - 1, None)
            }
            (None, None) => {
                self.overlays.push(Overlay::made(&name, uuid.as_deref()));
                (self.overlays.len() - 1, Some(name))
            }
        };
        let Some(overlay) = self.overlays.get_mut(at) else { return Ok((at, made)) };
        match (uuid, overlay.vcenter.uuid.clone()) {
            (Some(uuid), _) if overlay.is_nameless() => {
                overlay.adopt(tx.reading(), &uuid)?;
                Ok((at, made))
            }
            (Some(uuid), Some(held)) if !uuid.eq_ignore_ascii_case(&held) => {
                let message =
                    format!("`{}` is of the vCenter {uuid}, the named one is {held}", about.name);
                Err(Usage::new(message).hinted("leave `--vcenter` out, or name another").into())
            }
            _ => Ok((at, made)),
        }
    }

    /// Usage error when another instance than the named one has that instanceUuid.
    fn unique(&self, uuid: &str, name: &str, tx: &mut dyn Tx) -> Outcome<()> {
        let met = self.overlays.iter().map(|overlay| &overlay.vcenter);
        let met = met.into_iter().find(|vcenter| vcenter.is_own(uuid)).cloned();
        let held = match met {
            Some(vcenter) => Some(vcenter),
            None => vcenters::with_uuid(tx.reading(), uuid)?,
        };
        match held.filter(|held| held.name.to_lowercase() != name.to_lowercase()) {
            Some(other) => {
                let message = format!(
                    "the file is of the vCenter {uuid}, which is `{}`, not `{name}`",
                    other.name
                );
                Err(Usage::new(message)
                    .hinted(format!("leave `--vcenter` out, or give `--vcenter {}`", other.name))
                    .into())
            }
            None => Ok(()),
        }
    }

    /// The only instance, when no file has told its instanceUuid yet.
    fn nameless(&mut self, tx: &mut dyn Tx) -> Outcome<Option<usize>> {
        let stored = named::from(tx.reading(), vcenters::VCENTERS.name, "", 2)?;
        match (self.overlays.as_slice(), stored.as_slice()) {
            ([], [only]) => {
                let Some(vcenter) = vcenters::find(tx.reading(), only)? else { return Ok(None) };
                let overlay = Overlay::of(tx.reading(), vcenter)?;
                if !overlay.is_nameless() {
                    return Ok(None);
                }
                self.overlays.push(overlay);
                Ok(Some(0))
            }
            ([only], []) => Ok(only.is_nameless().then_some(0)),
            _ => Ok(None),
        }
    }

    fn met(&self, fits: impl Fn(&Overlay) -> bool) -> Option<usize> {
        self.overlays.iter().position(fits)
    }
}
