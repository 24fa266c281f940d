//! A server under way: what the files of an import tell of it and of its key packs.

use super::devices::Seen;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::store::{Flow, Put, Read, Tx};
use crate::tslicense::import::ToldServer;
use crate::tslicense::model::{KeyPack, KeyPackId, LicenseId, Server, UserLicense};
use crate::tslicense::ops::history;
use crate::tslicense::store::issued::{self, Wanted};
use crate::tslicense::store::lists::{self, List};
use crate::tslicense::store::{packs, servers, users};
use anyhow::anyhow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A server under way.
pub(super) struct Coming {
    /// The number of its row; one that is new gets it with its first license.
    pub(super) id: Option<i64>,
    is_new: bool,
    server: Server,
    told: Vec<ToldServer>,
    /// As they are stored.
    known: Vec<KeyPack>,
    packs: BTreeMap<KeyPackId, KeyPack>,
    /// Packs that the files did not tell of, as far as they were counted.
    missing: u64,
    users: BTreeMap<String, UserLicense>,
    /// Accounts that a directory showed, by their names, and whether they are disabled.
    accounts: BTreeMap<String, bool>,
    pub(super) licenses: Licenses,
}

/// What an import knows of the licenses per device of one server.
#[derive(Default)]
pub(super) struct Licenses {
    /// Nothing is stored of them: no row has to be compared. `None` while no file told of any.
    pub(super) fresh: Option<bool>,
    /// What the model made of imported licenses.
    pub(super) changed: HashSet<(LicenseId, KeyPackId)>,
    /// What of it gives way to what the files tell.
    pub(super) overtaken: BTreeSet<(LicenseId, KeyPackId)>,
    /// Rows were written.
    pub(super) brought: bool,
    pub(super) last: Option<LicenseId>,
    /// With `--replace`, how many stored ones the files have not told of.
    pub(super) unmet: u64,
    /// With `--replace`, what the files told of, and the time at which others are live.
    pub(super) told: Option<(Seen, Timestamp)>,
}

impl Coming {
    /// The server that a name means: its own name or an alias; a new one when nobody knows it.
    pub(super) fn named(read: &mut dyn Read, name: &str) -> Outcome<Self> {
        let known = match servers::find(read, name)? {
            Some(found) => Some(found),
            None => servers::all(read)?.into_iter().find(|(_, server)| server.is_called(name)),
        };
        let (id, server) = match known {
            Some((id, server)) => (Some(id), server),
            None => (None, Server::unknown(name)),
        };
        let known = match id {
            Some(id) => packs::of(read, id)?,
            None => Vec::new(),
        };
        Ok(Self {
            id,
            is_new: id.is_none(),
            server,
            told: Vec::new(),
            known,
            packs: BTreeMap::new(),
            missing: 0,
            users: BTreeMap::new(),
            accounts: BTreeMap::new(),
            licenses: Licenses::default(),
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.server.name
    }

    pub(super) fn server(&self) -> &Server {
        &self.server
    }

    /// What the artefact does not tell stays.
    pub(super) fn tell(&mut self, told: ToldServer) -> Put {
        let before = self.server.clone();
        merge(&mut self.server, &told);
        self.told.push(told);
        match (self.is_new, before == self.server) {
            (true, _) => Put::Added,
            (false, true) => Put::Unchanged,
            (false, false) => Put::Changed,
        }
    }

    /// What is remembered of the purchase stays as long as it is the same pack.
    pub(super) fn pack(&mut self, mut pack: KeyPack) -> Put {
        let stored = self.known.iter().find(|held| held.id == pack.id);
        let same_pack = |held: &&KeyPack| {
            (held.version, held.product, held.key_pack_type)
                == (pack.version, pack.product, pack.key_pack_type)
        };
        pack.purchase = stored.filter(same_pack).and_then(|held| held.purchase.clone());
        let put = match stored {
            None => Put::Added,
            Some(held) if *held == pack => Put::Unchanged,
            Some(_) => Put::Changed,
        };
        self.packs.insert(pack.id, pack);
        put
    }

    /// How many stored packs the files leave out, beyond those that were counted before.
    pub(super) fn missing_packs(&mut self) -> u64 {
        if self.packs.is_empty() {
            return 0;
        }
        let left = self.known.iter().filter(|pack| !self.packs.contains_key(&pack.id)).count();
        let left = u64::try_from(left).unwrap_or(u64::MAX);
        let more = left.saturating_sub(self.missing);
        self.missing = self.missing.max(left);
        more
    }

    /// A license per user, in the pack that it is counted in.
    pub(super) fn user(&mut self, license: UserLicense) {
        self.users.insert(license.user.to_lowercase(), license);
    }

    /// An account as a directory shows it.
    pub(super) fn account(&mut self, user: &str, disabled: bool) {
        self.accounts.insert(user.to_owned(), disabled);
    }

    /// The packs as they will be.
    pub(super) fn packs(&self) -> impl Iterator<Item = &KeyPack> {
        let told = |pack: &&KeyPack| !self.packs.contains_key(&pack.id);
        self.known.iter().filter(told).chain(self.packs.values())
    }

    /// The number of the row, given out when the first license needs it: within the same batch, so that no other command takes it.
    ///
    /// - `given`: the highest number that this import gave out.
    pub(super) fn number(&mut self, read: &mut dyn Read, given: i64) -> Outcome<i64> {
        match self.id {
            Some(id) => Ok(id),
            None => {
                let id = servers::next(read)?.max(given.saturating_add(1));
                self.id = Some(id);
                Ok(id)
            }
        }
    }

    /// Writes the server and what belongs to it. Another command may have changed it between two batches: it is read again.
    ///
    /// - `taken`: when the state was shown; licenses that ended before are not among the counts that the files tell.
    pub(super) fn finish(
        mut self,
        tx: &mut dyn Tx,
        taken: Timestamp,
        replace: bool,
    ) -> Outcome<()> {
        let stored = servers::find(tx.reading(), &self.server.name)?;
        let mut after = match (&stored, self.is_new) {
            (Some((_, server)), false) => server.clone(),
            (None, true) => Server::unknown(&self.server.name),
            _ => {
                return Err(Stop::Fault(anyhow!(
                    "another command made or removed the license server `{}` meanwhile; import again",
                    self.server.name
                )));
            }
        };
        for told in &self.told {
            merge(&mut after, told);
        }
        for (user, disabled) in &self.accounts {
            after.disabled_users.retain(|known| !known.eq_ignore_ascii_case(user));
            if *disabled {
                after.disabled_users.push(user.clone());
            }
        }
        after.disabled_users.sort_unstable();
        self.raise_numbers(&mut after);
        let id = match stored {
            Some((id, before)) if before == after => id,
            _ => servers::save(tx, self.id, &after)?.0,
        };
        let ended = !issued::ended_by_pack(tx.reading(), id, taken)?.is_empty();
        let counts = self.save_packs(tx, id, replace)?;
        for license in self.users.values() {
            users::save(tx, id, license)?;
        }
        if replace && !self.users.is_empty() {
            for held in users::all(tx.reading(), id)? {
                if !self.users.contains_key(&held.user.to_lowercase()) {
                    users::remove(tx, id, &held.user)?;
                }
            }
        }
        if !self.packs.is_empty() {
            history::note(tx, id, taken)?;
        }
        self.save_list(tx, (id, taken), counts || (ended && !self.packs.is_empty()))
    }

    /// Numbers of packs and licenses are never given twice.
    fn raise_numbers(&self, after: &mut Server) {
        if let Some(last) = self.packs.keys().next_back() {
            let next = KeyPackId(last.0.saturating_add(1));
            after.next_key_pack = after.next_key_pack.max(next);
        }
        if let Some(last) = self.licenses.last {
            let next = LicenseId(last.0.saturating_add(1));
            after.next_license = after.next_license.max(next);
        }
    }

    /// Whether a count changed.
    fn save_packs(&self, tx: &mut dyn Tx, id: i64, replace: bool) -> Outcome<bool> {
        let mut changed = false;
        for pack in self.packs.values() {
            changed |= packs::save(tx, id, pack)? != Put::Unchanged;
        }
        if replace && !self.packs.is_empty() {
            for pack in packs::of(tx.reading(), id)? {
                if !self.packs.contains_key(&pack.id) {
                    packs::remove(tx, id, pack.id)?;
                    changed = true;
                }
            }
        }
        Ok(changed)
    }

    fn save_list(
        &mut self,
        tx: &mut dyn Tx,
        (id, taken): (i64, Timestamp),
        counted: bool,
    ) -> Outcome<()> {
        for key in std::mem::take(&mut self.licenses.overtaken) {
            issued::forget(tx, id, key)?;
        }
        self.remove_untold(tx, id)?;
        let licenses = &self.licenses;
        if !licenses.brought && !counted {
            return Ok(());
        }
        let before = lists::of(tx.reading(), id)?;
        let brought = if licenses.brought { Some(tx.change()) } else { before.brought };
        let swept = if counted { taken } else { before.swept };
        lists::save(tx, id, &List { brought, swept }).map(|_| ())
    }
}

impl Coming {
    /// With `--replace` the licenses that no file told of disappear, on servers of whose licenses one told.
    fn remove_untold(&self, tx: &mut dyn Tx, id: i64) -> Outcome<()> {
        let Some((told, now)) = &self.licenses.told else { return Ok(()) };
        let mut untold = Vec::new();
        issued::each(tx.reading(), id, &Wanted::default(), *now, &mut |license| {
            if !told.holds((license.id, license.pack)) {
                untold.push(license);
            }
            Ok(Flow::Continue(()))
        })?;
        untold.iter().try_for_each(|license| issued::remove(tx, id, license))
    }
}

fn merge(server: &mut Server, told: &ToldServer) {
    for (held, told) in server.contact.0.iter_mut().zip(&told.contact.0) {
        if !told.is_empty() {
            held.clone_from(told);
        }
    }
    server.role = told.role.unwrap_or(server.role);
    server.activation = told.activation.unwrap_or(server.activation);
    if let Some(path) = &told.database_path {
        server.database_path.clone_from(path);
    }
    for (held, told) in [
        (&mut server.product_id, &told.product_id),
        (&mut server.version, &told.version),
        (&mut server.version_number, &told.version_number),
    ] {
        if told.is_some() {
            held.clone_from(told);
        }
    }
}
