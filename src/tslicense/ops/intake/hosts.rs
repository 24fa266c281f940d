//! Session hosts on their way into the store: what registry exports tell of them.

use crate::api::{About, Counts, Hints};
use crate::error::{Outcome, Usage};
use crate::store::{Put, Read, Tx};
use crate::tslicense::import::ToldHost;
use crate::tslicense::model::host::is_same;
use crate::tslicense::model::{Host, Licensing};
use crate::tslicense::store::hosts;

/// The hosts that the files of an import tell of, in the order in which they came.
#[derive(Default)]
pub(super) struct Hosts(Vec<(String, ToldHost)>);

impl Hosts {
    /// Takes what an export tells: of the host that the user named, else the one that it names, else the file's folder.
    ///
    /// Usage error when nothing says whose it is.
    pub(super) fn take(
        &mut self,
        read: &mut dyn Read,
        told: ToldHost,
        (hints, about): (&Hints, &About),
        counts: &mut Counts,
    ) -> Outcome<String> {
        let flag = hints.texts.get(super::HOST).cloned();
        let name = flag.or_else(|| told.name.clone()).or_else(|| about.folder.clone());
        let Some(name) = name else {
            return Err(Usage::new("the export does not say which session host it is of")
                .hinted("give `--host NAME`, or put the file into a folder of the host's name")
                .into());
        };
        let stored = find(read, &name)?;
        let before = stored.as_ref().map(|(_, host)| host.clone());
        let after = merged(before.clone().unwrap_or_else(|| Host::unknown(&name)), &told);
        match before {
            None => counts.added += 1,
            Some(before) if before == after => counts.unchanged += 1,
            Some(_) => counts.changed += 1,
        }
        self.0.push((name.clone(), told));
        Ok(name)
    }

    /// Writes the hosts, each over what is stored.
    pub(super) fn finish(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        for (name, told) in self.0.drain(..) {
            let (id, host) = match find(tx.reading(), &name)? {
                Some((id, host)) => (Some(id), host),
                None => (None, Host::unknown(&name)),
            };
            let _: Put = hosts::save(tx, id, &merged(host, &told))?;
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

/// What the export does not tell stays.
fn merged(mut host: Host, told: &ToldHost) -> Host {
    let merge = |held: &mut Licensing, told: &Licensing| {
        held.mode = told.mode.or(held.mode);
        if !told.servers.is_empty() {
            held.servers.clone_from(&told.servers);
        }
    };
    merge(&mut host.own, &told.own);
    merge(&mut host.policy, &told.policy);
    host.certificate = told.certificate.or(host.certificate);
    host
}
