//! Session hosts on their way into the store: what registry exports and objects of their classes tell of them.

use crate::api::{About, Counts, Hints};
use crate::clock::Timestamp;
use crate::error::{Outcome, Usage};
use crate::store::{Put, Read, Tx};
use crate::tslicense::import::{Governs, ToldHost};
use crate::tslicense::model::host::is_same;
use crate::tslicense::model::{Host, Licensing};
use crate::tslicense::store::hosts;

/// The hosts that the files of an import tell of, in the order in which they came.
pub(super) struct Hosts {
    told: Vec<(String, ToldHost)>,
    /// The one host that the user named, as the files name it.
    named: Option<String>,
    /// Of the state that the files show: days of grace count from it.
    taken: Timestamp,
}

impl Hosts {
    pub(super) fn new(taken: Timestamp) -> Self {
        Self { told: Vec::new(), named: None, taken }
    }

    /// Takes what an artefact tells: of the host that the user named, else the one that it names, else the file's folder.
    ///
    /// Usage error when nothing says whose it is, or the user named one where there are several.
    pub(super) fn take(
        &mut self,
        read: &mut dyn Read,
        told: ToldHost,
        (hints, about): (&Hints, &About),
        counts: &mut Counts,
    ) -> Outcome<String> {
        let name = self.name(&told, hints, about)?;
        let stored = find(read, &name)?.map(|(_, host)| host);
        let of = (self.list_of(&name), self.taken);
        let earlier = self.told.iter().filter(|(known, _)| is_same(known, &name));
        let before = earlier.fold(stored, |host, (_, told)| {
            Some(merged(host.unwrap_or_else(|| Host::unknown(&name)), told, of))
        });
        let of = (told.list_of.or(of.0), self.taken);
        let after = merged(before.clone().unwrap_or_else(|| Host::unknown(&name)), &told, of);
        match before {
            None => counts.added += 1,
            Some(before) if before == after => counts.unchanged += 1,
            Some(_) => counts.changed += 1,
        }
        self.told.push((name.clone(), told));
        Ok(name)
    }

    /// Who governs the list of a host, as the files told it so far.
    fn list_of(&self, name: &str) -> Option<Governs> {
        let of_host = self.told.iter().rev().filter(|(known, _)| is_same(known, name));
        of_host.into_iter().find_map(|(_, told)| told.list_of)
    }

    fn name(&mut self, told: &ToldHost, hints: &Hints, about: &About) -> Outcome<String> {
        let Some(flag) = hints.texts.get(super::HOST) else {
            return told.name.clone().or_else(|| about.folder.clone()).ok_or_else(|| {
                Usage::new("the export does not say which session host it is of")
                    .hinted("give `--host NAME` (`licctl import`: `--instance NAME`), or name the folder above a folder of the host's name")
                    .into()
            });
        };
        if let Some(name) = &told.name {
            let first = self.named.get_or_insert_with(|| name.clone());
            if !is_same(first, name) {
                return Err(Usage::new(format!(
                    "the files speak of several session hosts, and `--host {flag}` names one"
                ))
                .hinted("leave the flag out: they name their hosts themselves")
                .into());
            }
        }
        Ok(flag.clone())
    }

    /// Writes the hosts, each over what is stored.
    pub(super) fn finish(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        let governed: Vec<(String, Governs)> = self
            .told
            .iter()
            .filter_map(|(name, told)| Some((name.clone(), told.list_of?)))
            .collect();
        for (name, told) in std::mem::take(&mut self.told) {
            let list_of = governed.iter().rev().find(|(known, _)| is_same(known, &name));
            let (id, host) = match find(tx.reading(), &name)? {
                Some((id, host)) => (Some(id), host),
                None => (None, Host::unknown(&name)),
            };
            let of = (list_of.map(|(_, governs)| *governs), self.taken);
            let _: Put = hosts::save(tx, id, &merged(host, &told, of))?;
        }
        Ok(())
    }
}

fn find(read: &mut dyn Read, name: &str) -> Outcome<Option<(i64, Host)>> {
    if let Some(found) = hosts::find(read, name)? {
        return Ok(Some(found));
    }
    Ok(hosts::all(read)?.into_iter().find(|(_, host)| is_same(&host.name, name)))
}

/// What the artefact does not tell stays.
///
/// - `list_of`: who governs the list that holds; the host itself when no one told it.
fn merged(mut host: Host, told: &ToldHost, (list_of, taken): (Option<Governs>, Timestamp)) -> Host {
    let merge = |held: &mut Licensing, told: &Licensing| {
        held.mode = told.mode.or(held.mode);
        if !told.servers.is_empty() {
            held.servers.clone_from(&told.servers);
        }
    };
    if told.mode_of == Some(Governs::Server) {
        host.policy.mode = None;
    }
    if told.list_of == Some(Governs::Server) {
        host.policy.servers.clear();
    }
    merge(&mut host.own, &told.own);
    merge(&mut host.policy, &told.policy);
    merge(&mut host.deployment, &told.deployment);
    if !told.holds.is_empty() {
        let slot = if list_of == Some(Governs::Policy) { &mut host.policy } else { &mut host.own };
        slot.servers.clone_from(&told.holds);
    }
    host.central = told.central.unwrap_or(host.central);
    host.application_server = told.application_server.unwrap_or(host.application_server);
    host.certificate = told.certificate.or(host.certificate);
    host.grace_ends = told.days_left.map(|days| taken.plus_days(days)).or(host.grace_ends);
    host
}
