//! Licenses per user on their way into the store: each is of the server whose product ID the directory names.

use super::coming::Coming;
use super::count;
use crate::api::Counts;
use crate::artefact::Notes;
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use crate::store::{Flow, Put, Read, Tx};
use crate::tslicense::import::ToldUser;
use crate::tslicense::model::{KeyPack, KeyPackId, UserLicense};
use crate::tslicense::rules::life::USER_DAYS;
use crate::tslicense::store::{servers, users};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The server of licenses whose issuer nobody knows.
const UNKNOWN: &str = "unknown server";

/// The licenses per user that the files of an import tell of.
pub(super) struct People {
    now: Timestamp,
    /// By user in lower case, and by what tells the server: a user may hold a license of each.
    told: BTreeMap<(String, Issuer), ToldUser>,
    /// With `--replace`, what the files do not tell of disappears.
    replace: bool,
    /// Licenses that the files left out, as far as they were counted, by the numbers of their servers.
    left: BTreeMap<i64, u64>,
    /// Names of disabled accounts of the file that is being read that hold a live license.
    disabled: Vec<String>,
}

/// What tells the server of a license: the place of the one that the file is of, or the product ID that a directory names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Issuer {
    Place(usize),
    ProductId(String),
}

impl People {
    pub(super) fn new(now: Timestamp, replace: bool) -> Self {
        Self { now, told: BTreeMap::new(), replace, left: BTreeMap::new(), disabled: Vec::new() }
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
        let issuer = match (server, &user.issuer) {
            (Some(at), _) => Issuer::Place(at),
            (None, issuer) => Issuer::ProductId(issuer.clone().unwrap_or_default()),
        };
        let key = (user.user.to_lowercase(), issuer);
        if let Some(before) = self.told.get(&key) {
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
        self.told.insert(key, user);
        Ok(())
    }

    /// Says of disabled accounts what nobody can do about them.
    pub(super) fn warn(&mut self, notes: &mut Notes) {
        let mut names = std::mem::take(&mut self.disabled);
        // An account with several licenses is one account.
        names.sort_unstable();
        names.dedup();
        if let Some(first) = names.first() {
            let message = match names.len() {
                1 => format!(
                    "the disabled account `{first}` holds a live license; it frees itself at its end and cannot be revoked"
                ),
                count => format!(
                    "{count} disabled accounts hold live licenses, `{first}` among them; each frees itself at its end and cannot be revoked"
                ),
            };
            notes.warn("USER_DISABLED", Place::Whole, message);
        }
    }

    /// Ends a file: how many stored licenses it leaves out, on servers of whose users it tells.
    pub(super) fn end_file(
        &mut self,
        read: &mut dyn Read,
        servers: &[Coming],
        counts: &mut Counts,
    ) -> Outcome<()> {
        if !self.replace || self.told.is_empty() {
            return Ok(());
        }
        let mut products = HashMap::new();
        for (id, server) in servers::all(read)? {
            products.extend(server.product_id.map(|product| (product, id)));
        }
        let mut told: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
        for (user, issuer) in self.told.keys() {
            let id = match issuer {
                Issuer::Place(at) => servers.get(*at).and_then(|coming| coming.id),
                Issuer::ProductId(product) => products.get(product).copied(),
            };
            if let Some(id) = id {
                told.entry(id).or_default().insert(user);
            }
        }
        for (id, users) in told {
            let mut left = 0;
            users::each(read, id, self.now, &mut |license| {
                left += u64::from(!users.contains(license.user.to_lowercase().as_str()));
                Ok(Flow::Continue(()))
            })?;
            let counted = self.left.entry(id).or_default();
            counts.removed += left.saturating_sub(*counted);
            *counted = left;
        }
        Ok(())
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
        for ((_, issuer), user) in std::mem::take(&mut self.told) {
            let known = match &issuer {
                Issuer::Place(at) => Some(*at),
                Issuer::ProductId(id) => by_product.get(id).copied(),
            };
            let at = match known {
                Some(at) => at,
                None => place(tx.reading(), coming, &mut numbers, UNKNOWN)?,
            };
            let (Some(coming), Some(expires)) = (coming.get_mut(at), user.expires) else {
                continue;
            };
            // A report tells nothing of accounts.
            if user.issuer.is_some() {
                coming.account(&user.user, user.disabled);
            }
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
    let same = |held: &UserLicense| held.expires == expires && held.version == user.version;
    Ok(if held.is_empty() {
        Put::Added
    } else if held.iter().any(same) {
        Put::Unchanged
    } else {
        Put::Changed
    })
}
