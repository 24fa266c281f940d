//! What a record says goes into the instance that it is of.

use super::target::{self, Viewed};
use super::{FileState, HOST, Import, Nameless};
use crate::api::{Brought, Counts};
use crate::error::{Outcome, Place, Stop};
use crate::store::{Put, Read, Tx};
use crate::vsphere::import::record::{LicenseSaid, Parts, Record, Said, Which};
use crate::vsphere::model::vcenter::ApiType;
use crate::vsphere::ops::overlay::{Overlay, Reading, Told};

impl Import {
    pub(super) fn put(
        &mut self,
        place: Place,
        record: Record,
        state: &mut FileState,
        tx: &mut dyn Tx,
    ) -> Outcome<()> {
        match record.said {
            Said::Catalogue(file) => return self.known(*file, state, tx.reading()),
            Said::Skipped(code, message) => {
                state.notes.warn(code, place, message);
                return Ok(());
            }
            _ => {}
        }
        let at = match (record.of.is_empty(), state.default) {
            (true, Some(at)) => at,
            (true, None) => self.fallback(state, tx)?,
            (false, _) => self.target(&record.of, state, tx)?,
        };
        if state.instances.last() != Some(&at) && !state.instances.contains(&at) {
            state.instances.push(at);
        }
        if let Some(learned) = &mut self.learned {
            learned.look(&record.said);
        }
        let Some(overlay) = self.overlays.get_mut(at) else {
            return Err(Stop::bug("an instance under way is gone"));
        };
        // Hosts often come before the licenses that they name; what is to be replaced is told by the file itself.
        if !self.hints.replace && overlay.lacks_named(&record.said) {
            let file = state.about.number;
            self.nameless.push(Nameless { file, at, place, said: record.said });
            return Ok(());
        }
        state.lossy = state.lossy.and(lacking(&record.said));
        let alone = !state.assigned;
        let mut reading = Reading { place, now: self.now, alone, notes: &mut state.notes };
        let (section, told) = match record.said {
            Said::HostView(shell, said) => {
                let host = self.hints.texts.get(HOST).map(String::as_str);
                let viewed = &mut state.viewed;
                let view = View { host, shell: shell.as_deref(), said: &said, viewed };
                ("views", view.tell(overlay, tx.reading(), &mut reading)?)
            }
            said => tell(overlay, tx.reading(), &said, &mut reading)?,
        };
        count(state.sections.entry(section).or_default(), told);
        Ok(())
    }

    /// Takes the records that waited for the names of licenses.
    pub(super) fn settle_names(&mut self, read: &mut dyn Read) -> Outcome<()> {
        for Nameless { file, at, place, said } in self.nameless.drain(..) {
            let Some(overlay) = self.overlays.get_mut(at) else { continue };
            let mut brought = Brought::default();
            let notes = &mut brought.notes;
            let mut reading = Reading { place, now: self.now, alone: false, notes };
            let (section, told) = tell(overlay, read, &said, &mut reading)?;
            count(brought.sections.entry(section).or_default(), told);
            self.late.push((file, brought));
        }
        Ok(())
    }
}

/// Tells an instance what a record says of it: of which section that is, and what became of it.
fn tell(
    overlay: &mut Overlay,
    read: &mut dyn Read,
    said: &Said,
    reading: &mut Reading<'_>,
) -> Outcome<(&'static str, Told)> {
    Ok(match said {
        Said::About(said) => ("about", overlay.about(read, said)?),
        Said::License(said) => ("licenses", overlay.license(said, reading)),
        Said::Assignment(said) => ("assignments", overlay.assignment(read, said, reading)?),
        Said::Host(said) => ("hosts", overlay.host(read, said, reading)?),
        Said::Cluster { id, name } => ("clusters", overlay.cluster(read, id, name)?),
        Said::Evaluation(info) => ("evaluation", overlay.evaluation(read, info, reading)?),
        Said::HostView(..) | Said::Catalogue(_) | Said::Skipped(..) => {
            return Err(Stop::bug("a record is told to no instance"));
        }
    })
}

/// What a host shows of itself.
struct View<'v> {
    /// The host that the user named, and what the shell calls it.
    host: Option<&'v str>,
    shell: Option<&'v str>,
    said: &'v LicenseSaid,
    /// What was read of that file before.
    viewed: &'v mut Viewed,
}

impl View<'_> {
    fn tell(
        self,
        overlay: &mut Overlay,
        read: &mut dyn Read,
        reading: &mut Reading<'_>,
    ) -> Outcome<Told> {
        // Of a stand-alone host the shell is its own.
        let managed = overlay.vcenter.api_type == ApiType::VirtualCenter;
        let host = self.host.or(self.shell.filter(|_| managed));
        if host.is_some() && !target::counts(&self.said.info, *self.viewed) {
            let message = "only the first license of the host itself counts";
            reading.warn("NOT_THE_HOST", message.to_owned());
            return Ok(Told::Skipped);
        }
        *self.viewed = Viewed::of(&self.said.info);
        overlay.view(read, host, self.said, reading)
    }
}

/// What the form of a record cannot carry of its license.
fn lacking(said: &Said) -> Parts {
    match said {
        Said::License(said) | Said::HostView(_, said) => said.lacks,
        Said::Assignment(held) => match &held.license {
            Which::Said(said) => said.lacks,
            Which::Named(_) => Parts::NONE,
        },
        _ => Parts::NONE,
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
