//! Licenses per user on their way into the store: each is of the server whose product ID the directory names.

use super::coming::Coming;
use super::count;
use crate::api::Counts;
use crate::artefact::Notes;
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use crate::store::{Put, Read, Tx};
use crate::tslicense::import::ToldUser;
use crate::tslicense::model::{KeyPack, KeyPackId, UserLicense};
use crate::tslicense::rules::life::USER_DAYS;
use crate::tslicense::store::{servers, users};
use std::collections::{BTreeMap, HashMap};

/// The server of licenses whose issuer nobody knows.
const UNKNOWN: &str = "unknown server";

/// The licenses per user that the files of an import tell of.
pub(super) struct People {
    now: Timestamp,
    /// By user in lower case.
    told: BTreeMap<String, (ToldUser, Option<usize>)>,
    /// Names of disabled accounts of the file that is being read that hold a live license.
    disabled: Vec<String>,
}

impl People {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { now, told: BTreeMap::new(), disabled: Vec::new() }
    }

    /// Takes what a directory or a report tells of a user; one without a live license is passed over.
    ///
    /// - `server`: the place of the one that the file is of, when it is of one.
    pub(super) fn take(
        &mut self,
        read: &mut dyn Read,
        (user, server): (ToldUser, Option<usize>),
        (place, notes): (Place, &mut Notes),
        counts: &mut Counts,
    ) -> Outcome<()> {
        let Some(expires) = user.expires.filter(|expires| *expires > self.now) else {
            counts.skipped += 1;
            return Ok(());
        };
        if user.disabled {
            self.disabled.push(user.user.clone());
        }
        let key = user.user.to_lowercase();
        if let Some((before, _)) = self.told.get(&key) {
            if *before == user {
                notes.warn("DUPLICATE_ROW", place, "the file tells of the same object twice");
                return Ok(());
            }
            let message = format!("`{}` is told of twice; the later end counts", user.user);
            notes.warn("TOLD_TWICE", place, message);
            if before.expires >= Some(expires) {
                return Ok(());
            }
        }
        count(counts, put(read, &user, expires)?);
        self.told.insert(key, (user, server));
        Ok(())
    }

    /// Says of disabled accounts what nobody can do about them.
    pub(super) fn warn(&mut self, notes: &mut Notes) {
        let names = std::mem::take(&mut self.disabled);
        if let Some(first) = names.first() {
            let others = match names.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            let message = format!(
                "the disabled account `{first}`{others} holds a live license; it frees itself at its end and cannot be revoked"
            );
            notes.warn("USER_DISABLED", Place::Whole, message);
        }
    }

    /// Hands each license to its server: the last file may have told which one has a product ID.
    pub(super) fn settle(
        &mut self,
        tx: &mut dyn Tx,
        coming: &mut Vec<Coming>,
        numbers: &HashMap<String, usize>,
    ) -> Outcome<()> {
        if self.told.is_empty() {
            return Ok(());
        }
        let mut numbers = numbers.clone();
        for (_, server) in servers::all(tx.reading())? {
            place(tx.reading(), coming, &mut numbers, &server.name)?;
        }
        let by_product: HashMap<String, usize> = coming
            .iter()
            .enumerate()
            .filter_map(|(at, coming)| Some((coming.server().product_id.clone()?, at)))
            .collect();
        for (_, (user, server)) in std::mem::take(&mut self.told) {
            let known = user.issuer.as_ref().and_then(|issuer| by_product.get(issuer)).copied();
            let at = match server.or(known) {
                Some(at) => at,
                None => place(tx.reading(), coming, &mut numbers, UNKNOWN)?,
            };
            let (Some(coming), Some(expires)) = (coming.get_mut(at), user.expires) else {
                continue;
            };
            let pack = pack_of(coming.packs(), user.version);
            let first = held_since(tx.reading(), coming.id, &user.user)?;
            coming.user(UserLicense {
                pack,
                version: user.version,
                first: first.unwrap_or_else(|| expires.plus_days(-USER_DAYS)),
                expires,
                user: user.user,
            });
        }
        Ok(())
    }
}

/// The place of a server among those under way.
fn place(
    read: &mut dyn Read,
    coming: &mut Vec<Coming>,
    numbers: &mut HashMap<String, usize>,
    name: &str,
) -> Outcome<usize> {
    let key = name.to_lowercase();
    if let Some(at) = numbers.get(&key) {
        return Ok(*at);
    }
    if let Some(at) = coming.iter().position(|known| known.name().eq_ignore_ascii_case(name)) {
        return Ok(at);
    }
    coming.push(Coming::named(read, name)?);
    numbers.insert(key, coming.len() - 1);
    Ok(coming.len() - 1)
}

/// The pack that a license per user is counted in: the lowest of its version, else of a newer one.
fn pack_of<'p>(packs: impl Iterator<Item = &'p KeyPack>, version: u32) -> KeyPackId {
    use crate::tslicense::catalog::enumerations::PRODUCT_PER_USER;
    use crate::tslicense::catalog::versions::tier;
    let fits = |pack: &&KeyPack| {
        pack.product == PRODUCT_PER_USER && pack.is_owned() && pack.tier() >= tier(version)
    };
    packs
        .filter(fits)
        .min_by_key(|pack| (pack.tier(), pack.id))
        .map_or(KeyPackId(0), |pack| pack.id)
}

/// Since when a user holds a license of a server, as far as it is stored.
fn held_since(read: &mut dyn Read, server: Option<i64>, user: &str) -> Outcome<Option<Timestamp>> {
    let Some(id) = server else { return Ok(None) };
    Ok(users::find(read, id, user)?.map(|held| held.first))
}

/// What becomes of a license, as far as it can be told while the files are read.
fn put(read: &mut dyn Read, user: &ToldUser, expires: Timestamp) -> Outcome<Put> {
    let held = users::of_name(read, &user.user)?;
    Ok(match held.first() {
        None => Put::Added,
        Some(held) if held.expires == expires && held.version == user.version => Put::Unchanged,
        Some(_) => Put::Changed,
    })
}
