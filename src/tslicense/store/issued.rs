//! Licenses per device: what imports told of them, and over it what the model issued or changed.

use super::evidence::{self, Key, LICENSE, Use, computer_hash, hardware_hash, license};
use super::lists::{self, Gone};
use super::servers::SERVERS;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Flow, Put, Read, Row, Table, Tx, Value};
use crate::tslicense::model::issued::{computer_key, hardware_key};
use crate::tslicense::model::{Issued, KeyPackId, LicenseId, Stage};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub static ISSUED: Table = Table {
    name: "tslicense_issued",
    key: 3,
    columns: &[
        "server",
        "license_id",
        "key_pack_id",
        "status",
        "stage",
        "issued_ms",
        "expires_ms",
        "hardware_hash",
        "computer_hash",
        "hardware",
        "computer",
        "user",
    ],
    object: "issued license",
    label: "computer",
    parent: Some(SERVERS.name),
};

/// The stage of a license that is gone, whatever was imported of it.
const REMOVED: u32 = 3;

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The name without its DNS suffix, in any case.
    pub computer: Option<String>,
    pub status: Option<u32>,
    pub expires_before: Option<Timestamp>,
}

impl Wanted {
    /// Whether a row may hold what is wanted, as its numbers tell.
    fn may_be(&self, row: &dyn Row) -> Outcome<bool> {
        let (status, end): (u32, Timestamp) = (row.number(3)?, row.time(5)?);
        Ok(self.status.is_none_or(|wanted| wanted == status)
            && self.expires_before.is_none_or(|before| end < before))
    }

    fn takes(&self, license: &Issued, computer: Option<&str>) -> bool {
        computer.is_none_or(|wanted| computer_key(&license.computer) == wanted)
            && self.status.is_none_or(|status| license.status == status)
            && self.expires_before.is_none_or(|end| license.expires < end)
    }
}

/// What the model made of the licenses of one server; `None` for one that is seen no more. Few beside what is imported.
type Over = BTreeMap<Key, Option<Issued>>;

fn select(rest: &str) -> String {
    format!("select {LICENSE}, stage from tslicense_issued {rest}")
}

/// A row over imported ones: the license with its stage; `None` for one that is gone.
fn over(row: &dyn Row) -> Outcome<(Key, Option<Issued>)> {
    let stage: u32 = row.number(9)?;
    let found = license(row)?;
    let key = (found.id, found.pack);
    if stage == REMOVED {
        return Ok((key, None));
    }
    let stage = Stage::numbered(stage).ok_or_else(|| row.wrong(9, stage))?;
    Ok((key, Some(Issued { stage, ..found })))
}

fn all_over(read: &mut dyn Read, server: i64) -> Outcome<Over> {
    let found = read.all(&select("where server = ?1"), &[server.into()], over)?;
    let seen = |license: &Issued| license.stage != Stage::Spent;
    Ok(found.into_iter().map(|(key, license)| (key, license.filter(seen))).collect())
}

/// Hands out the licenses of a server that have not ended, in the order of their numbers.
///
/// - `may_be`: whether a row of [`evidence::each`] is worth being read whole; what the model made is handed out in any case.
pub(super) fn each_live(
    read: &mut dyn Read,
    server: i64,
    now: Timestamp,
    may_be: &dyn Fn(&dyn Row) -> Outcome<bool>,
    found: &mut dyn FnMut(Issued) -> Outcome<Flow>,
) -> Outcome<()> {
    let gone = Gone::of(read, server)?;
    let mut over = all_over(read, server)?.into_iter().peekable();
    let mut live = |license: Option<Issued>| match license.filter(|license| license.is_live(now)) {
        Some(license) => found(license),
        None => Ok(Flow::Continue(())),
    };
    let mut flow = Flow::Continue(());
    evidence::each(read, server, &gone, &mut |key, row| {
        while let Some((_, license)) = over.next_if(|(next, _)| *next < key) {
            flow = live(license)?;
            if flow.is_break() {
                return Ok(flow);
            }
        }
        let license = match over.next_if(|(next, _)| *next == key) {
            Some((_, license)) => license,
            None if row.time(5)? <= now || !may_be(row)? => None,
            None => Some(license(row)?),
        };
        flow = live(license)?;
        Ok(flow)
    })?;
    for (_, license) in over {
        if flow.is_break() {
            break;
        }
        flow = live(license)?;
    }
    Ok(())
}

/// Hands out the live licenses of a server, in the order of their numbers.
pub fn each(
    read: &mut dyn Read,
    server: i64,
    wanted: &Wanted,
    now: Timestamp,
    found: &mut dyn FnMut(Issued) -> Outcome<Flow>,
) -> Outcome<()> {
    let computer = wanted.computer.as_deref().map(computer_key);
    each_live(read, server, now, &|row| wanted.may_be(row), &mut |license| {
        if wanted.takes(&license, computer.as_deref()) {
            found(license)
        } else {
            Ok(Flow::Continue(()))
        }
    })
}

/// Hands out the live licenses of a server without their texts, in no order.
pub fn each_use(
    read: &mut dyn Read,
    server: i64,
    now: Timestamp,
    found: &mut dyn FnMut(&Use) -> Outcome<()>,
) -> Outcome<()> {
    let gone = Gone::of(read, server)?;
    let over = all_over(read, server)?;
    evidence::each_use(read, server, (&gone, now), &mut |used| {
        if over.is_empty() || !over.contains_key(&(used.id, used.pack)) {
            found(used)?;
        }
        Ok(())
    })?;
    for license in over.into_values().flatten().filter(|license| license.is_live(now)) {
        found(&Use {
            id: license.id,
            pack: license.pack,
            status: license.status,
            expires: license.expires,
            hardware: hardware_hash(&license.hardware),
            computer: computer_hash(&license.computer),
        })?;
    }
    Ok(())
}

/// Whether anything is known of the licenses of a server, beside the counts of its packs.
pub fn any(read: &mut dyn Read, server: i64) -> Outcome<bool> {
    if lists::of(read, server)?.brought.is_some() {
        return Ok(true);
    }
    let sql = "select 1 from tslicense_issued where server = ?1 and stage < 3 limit 1";
    Ok(read.one(sql, &[server.into()], |row| row.int(0))?.is_some())
}

/// The licenses of that number, live or not; a server has one, an import may tell of several.
pub fn numbered(read: &mut dyn Read, server: i64, id: LicenseId) -> Outcome<Vec<Issued>> {
    let mut found = kept(read, server, id)?;
    found.retain(|license| license.stage != Stage::Spent);
    Ok(found)
}

/// As [`numbered`], spent temporaries too.
fn kept(read: &mut dyn Read, server: i64, id: LicenseId) -> Outcome<Vec<Issued>> {
    let gone = Gone::of(read, server)?;
    let mut found: Vec<Issued> = evidence::numbered(read, server, id, &gone)?;
    let sql = select("where server = ?1 and license_id = ?2");
    for ((_, pack), license) in read.all(&sql, &[server.into(), id.0.into()], over)? {
        found.retain(|told| told.pack != pack);
        found.extend(license);
    }
    found.sort_by_key(|license| license.pack);
    Ok(found)
}

/// Everything that is kept of one device, spent temporaries too.
pub fn of_device(
    read: &mut dyn Read,
    server: i64,
    hardware: &str,
    now: Timestamp,
) -> Outcome<Vec<Issued>> {
    let gone = Gone::of(read, server)?;
    let mut ids: Vec<LicenseId> =
        evidence::of_hardware(read, server, hardware, &gone)?.iter().map(|told| told.id).collect();
    let sql = "select license_id from tslicense_issued where hardware_hash = ?1 and server = ?2";
    let hash = hardware_hash(hardware);
    ids.extend(read.all(sql, &[hash.into(), server.into()], |row| Ok(LicenseId(row.number(0)?)))?);
    ids.sort_unstable();
    ids.dedup();
    let (key, mut found) = (hardware_key(hardware), Vec::new());
    for id in ids {
        for license in kept(read, server, id)? {
            if hardware_key(&license.hardware) == key {
                found.push(ended(license, now));
            }
        }
    }
    Ok(found)
}

/// An imported temporary license that ended is spent, as one of the model is once it was swept.
fn ended(license: Issued, now: Timestamp) -> Issued {
    if license.is_temporary() && license.expires <= now {
        return Issued { stage: Stage::Spent, ..license };
    }
    license
}

/// The licenses of the model that have expired and were not swept yet. Imported ones that expired are passed over by every query.
pub fn expired(read: &mut dyn Read, server: i64, now: Timestamp) -> Outcome<Vec<Issued>> {
    let sql = select(
        "where server = ?1 and stage < 2 and expires_ms <= ?2 order by license_id, key_pack_id",
    );
    let found = read.all(&sql, &[server.into(), now.into()], over)?;
    Ok(found.into_iter().filter_map(|(_, license)| license).collect())
}

/// How many imported licenses of each pack have expired and still count as issued.
pub fn ended_by_pack(
    read: &mut dyn Read,
    server: i64,
    now: Timestamp,
) -> Outcome<Vec<(KeyPackId, i64)>> {
    let list = lists::of(read, server)?;
    if list.brought.is_none() || list.swept >= now {
        return Ok(Vec::new());
    }
    let gone = Gone::of(read, server)?;
    let counts: HashMap<KeyPackId, i64> = evidence::ended(read, server, (list.swept, now), &gone)?;
    let mut counts: Vec<(KeyPackId, i64)> = counts.into_iter().collect();
    counts.sort_unstable();
    Ok(counts)
}

/// How many licenses of each pack have expired and still count as issued.
pub fn expired_by_pack(
    read: &mut dyn Read,
    server: i64,
    now: Timestamp,
) -> Outcome<Vec<(KeyPackId, i64)>> {
    let mut counts = ended_by_pack(read, server, now)?;
    let sql = "select key_pack_id, count(*) from tslicense_issued
               where server = ?1 and stage < 2 and expires_ms <= ?2 and status <> 4 group by key_pack_id";
    counts.extend(read.all(sql, &[server.into(), now.into()], |row| {
        Ok((KeyPackId(row.number(0)?), row.int(1)?))
    })?);
    Ok(counts)
}

/// The ends of the revoked licenses of a pack that still take a place, the earliest first.
pub fn revoked(
    read: &mut dyn Read,
    server: i64,
    pack: KeyPackId,
    now: Timestamp,
) -> Outcome<Vec<Timestamp>> {
    let sql = "select license_id from tslicense_issued
               where server = ?1 and key_pack_id = ?2 and status = 4 and expires_ms > ?3";
    let mut ids = read.all(sql, &[server.into(), pack.0.into(), now.into()], |row| {
        Ok(LicenseId(row.number(0)?))
    })?;
    ids.extend(evidence::revoked(read, server, pack)?);
    ids.sort_unstable();
    ids.dedup();
    let mut ends = Vec::new();
    for id in ids {
        let of_pack = |license: &Issued| license.pack == pack && license.is_revoked();
        let found = numbered(read, server, id)?;
        ends.extend(found.into_iter().filter(of_pack).map(|license| license.expires));
    }
    ends.retain(|end| *end > now);
    ends.sort_unstable();
    Ok(ends)
}

/// Takes away every license of a pack.
pub fn clear_pack(tx: &mut dyn Tx, server: i64, pack: KeyPackId) -> Outcome<()> {
    let sql = select("where server = ?1 and key_pack_id = ?2");
    for ((id, pack), _) in tx.reading().all(&sql, &[server.into(), pack.0.into()], over)? {
        tx.remove(&ISSUED, &[server.into(), id.0.into(), pack.0.into()])?;
    }
    if lists::of(tx.reading(), server)?.brought.is_some() {
        lists::clear(tx, server, pack)?;
    }
    Ok(())
}

/// Takes away every license of a server, and what is known of them as a whole.
///
/// Imported rows stay, and are seen again when the removal is taken back: the number of the server is not given twice.
pub fn remove_all(tx: &mut dyn Tx, server: i64) -> Outcome<()> {
    for (id, pack) in changed(tx.reading(), server)? {
        tx.remove(&ISSUED, &[server.into(), id.0.into(), pack.0.into()])?;
    }
    lists::remove(tx, server)
}

/// The licenses of a server that the model issued or changed.
pub fn changed(read: &mut dyn Read, server: i64) -> Outcome<Vec<Key>> {
    let sql = "select license_id, key_pack_id from tslicense_issued where server = ?1";
    read.all(sql, &[server.into()], |row| {
        Ok((LicenseId(row.number(0)?), KeyPackId(row.number(1)?)))
    })
}

/// The licenses whose numbers lie between two, live or not, as an import under way sees them.
///
/// - `overtaken`: what the model made of them, and the import has overtaken.
pub fn present(
    read: &mut dyn Read,
    server: i64,
    (first, last): (LicenseId, LicenseId),
    overtaken: &BTreeSet<Key>,
) -> Outcome<Vec<Issued>> {
    let gone = Gone::of(read, server)?;
    let told = evidence::between(read, server, (first, last), &gone)?;
    let mut found: BTreeMap<Key, Issued> =
        told.into_iter().map(|license| ((license.id, license.pack), license)).collect();
    let sql = select("where server = ?1 and license_id between ?2 and ?3");
    let values = [server.into(), first.0.into(), last.0.into()];
    for (key, license) in read.all(&sql, &values, over)? {
        if overtaken.contains(&key) {
            continue;
        }
        match license.filter(|license| license.stage != Stage::Spent) {
            Some(license) => found.insert(key, license),
            None => found.remove(&key),
        };
    }
    Ok(found.into_values().collect())
}

/// Writes a license.
pub fn save(tx: &mut dyn Tx, server: i64, license: &Issued) -> Outcome<Put> {
    put(tx, server, license, license.stage.number())
}

fn put(tx: &mut dyn Tx, server: i64, license: &Issued, stage: u32) -> Outcome<Put> {
    let values: Vec<Value<'_>> = vec![
        server.into(),
        license.id.0.into(),
        license.pack.0.into(),
        license.status.into(),
        stage.into(),
        license.issued.into(),
        license.expires.into(),
        hardware_hash(&license.hardware).into(),
        computer_hash(&license.computer).into(),
        (&license.hardware).into(),
        (&license.computer).into(),
        (&license.user).into(),
    ];
    tx.put(&ISSUED, &values)
}

/// Removes a license; one that was imported is marked as gone.
pub fn remove(tx: &mut dyn Tx, server: i64, license: &Issued) -> Outcome<()> {
    let gone = Gone::of(tx.reading(), server)?;
    let told = evidence::numbered(tx.reading(), server, license.id, &gone)?;
    if told.iter().any(|told| told.pack == license.pack) {
        return put(tx, server, license, REMOVED).map(|_| ());
    }
    forget(tx, server, (license.id, license.pack)).map(|_| ())
}

/// Removes what the model made of a license: what was imported of it counts again. Whether there was anything.
pub fn forget(tx: &mut dyn Tx, server: i64, (id, pack): Key) -> Outcome<bool> {
    tx.remove(&ISSUED, &[server.into(), id.0.into(), pack.0.into()])
}
