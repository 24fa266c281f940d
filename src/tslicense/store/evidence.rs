//! Licenses per device as imports told of them: append-only rows, each with the number of its import.
//!
//! Of a license the newest row that is seen counts. What the model made of it since stands over it, in `issued`.

use super::lists::Gone;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Flow, Read, Row, Tx, Value};
use crate::tslicense::model::issued::{computer_key, hardware_key};
use crate::tslicense::model::{Issued, KeyPackId, LicenseId, Stage};
use std::collections::HashMap;

/// The bulk table.
pub(super) const EVIDENCE: &str = "tslicense_evidence";

/// Rows of imports that were undone, and of one under way, are not seen.
const SEEN: &str = "import not in (select change from hidden)";

/// As [`SEEN`], where nothing is hidden.
const EVERY: &str = "true";

/// As [`SEEN`] to an import under way, which sees its own rows.
const SEEN_WITHIN: &str = "import not in (select change from hidden where running = 0)";

/// The columns of a license, in both tables.
pub(super) const LICENSE: &str =
    "server, license_id, key_pack_id, status, issued_ms, expires_ms, hardware, computer, user";

/// What a license is found by.
pub(super) type Key = (LicenseId, KeyPackId);

/// A license without its texts, as counts need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    pub id: LicenseId,
    pub pack: KeyPackId,
    pub status: u32,
    pub expires: Timestamp,
    /// Of what hardware IDs are compared by.
    pub hardware: i64,
    /// Of what computer names are compared by.
    pub computer: i64,
}

/// The FNV-1a hash of 64 bits: stored, so that it stays the same in every build.
fn hash(bytes: impl Iterator<Item = u8>) -> i64 {
    bytes
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        })
        .cast_signed()
}

/// The hash of what a hardware ID is compared by.
pub(super) fn hardware_hash(hardware: &str) -> i64 {
    if !hardware.is_ascii() {
        return hash(hardware_key(hardware).bytes());
    }
    let bare = |byte: &u8| !matches!(byte, b',' | b' ' | b'-' | b'{' | b'}');
    let mut bytes = hardware.bytes().filter(bare).map(|byte| byte.to_ascii_lowercase()).peekable();
    let kept = std::iter::from_fn(move || {
        loop {
            match bytes.next()? {
                b'0' if bytes.next_if_eq(&b'x').is_some() => {}
                byte => return Some(byte),
            }
        }
    });
    hash(kept)
}

/// The hash of what a computer name is compared by.
pub(super) fn computer_hash(computer: &str) -> i64 {
    if !computer.is_ascii() {
        return hash(computer_key(computer).bytes());
    }
    hash(computer.bytes().take_while(|byte| *byte != b'.').map(|byte| byte.to_ascii_lowercase()))
}

/// A license of the columns of [`LICENSE`].
pub(super) fn license(row: &dyn Row) -> Outcome<Issued> {
    Ok(Issued {
        id: LicenseId(row.number(1)?),
        pack: KeyPackId(row.number(2)?),
        status: row.number(3)?,
        stage: Stage::Fresh,
        issued: row.time(4)?,
        expires: row.time(5)?,
        hardware: row.text(6)?.to_owned(),
        computer: row.text(7)?.to_owned(),
        user: row.text(8)?.to_owned(),
    })
}

/// Passes over the rows of a stream that a newer one of the same license, or a clearing, takes away.
struct Newest<'g> {
    gone: &'g Gone,
    server: i64,
    last: Option<Key>,
}

impl<'g> Newest<'g> {
    const fn of(server: i64, gone: &'g Gone) -> Self {
        Self { gone, server, last: None }
    }

    /// The license of a row that counts; the newest of a license comes first. Columns: license, pack, import.
    fn counts(&mut self, row: &dyn Row, columns: [usize; 3]) -> Outcome<Option<Key>> {
        let [id, pack, import] = columns;
        let key = (LicenseId(row.number(id)?), KeyPackId(row.number(pack)?));
        if self.last.replace(key) == Some(key) {
            return Ok(None);
        }
        if !self.gone.is_empty()
            && self.gone.holds(self.server, i64::from(key.1.0), row.int(import)?)
        {
            return Ok(None);
        }
        Ok(Some(key))
    }
}

/// Which rows are asked for by those who ask for many.
fn seen(read: &mut dyn Read) -> Outcome<&'static str> {
    Ok(if read.hides_any()? { SEEN } else { EVERY })
}

/// Hands out the licenses of a server that are seen, live or not, in the order of their numbers; behind the columns of [`LICENSE`] and
/// the import stand the hashes of hardware and computer.
pub(super) fn each(
    read: &mut dyn Read,
    server: i64,
    gone: &Gone,
    found: &mut dyn FnMut(Key, &dyn Row) -> Outcome<Flow>,
) -> Outcome<()> {
    let seen = seen(read)?;
    let sql = format!(
        "select {LICENSE}, import, hardware_hash, computer_hash from {EVIDENCE} where server = ?1 and {seen}
         order by server, license_id, key_pack_id, import desc"
    );
    let mut newest = Newest::of(server, gone);
    read.each(&sql, &[server.into()], &mut |row| match newest.counts(row, [1, 2, 9])? {
        Some(key) => found(key, row),
        None => Ok(Flow::Continue(())),
    })
}

/// Hands out the live licenses of a server without their texts, in the order of their numbers.
pub(super) fn each_use(
    read: &mut dyn Read,
    server: i64,
    (gone, now): (&Gone, Timestamp),
    found: &mut dyn FnMut(&Use) -> Outcome<()>,
) -> Outcome<()> {
    let seen = seen(read)?;
    let sql = format!(
        "select license_id, key_pack_id, import, status, expires_ms, hardware_hash, computer_hash from {EVIDENCE}
         where server = ?1 and {seen} order by server, license_id, key_pack_id, import desc"
    );
    let mut newest = Newest::of(server, gone);
    read.each(&sql, &[server.into()], &mut |row| {
        let Some((id, pack)) = newest.counts(row, [0, 1, 2])? else {
            return Ok(Flow::Continue(()));
        };
        let expires = row.time(4)?;
        if expires > now {
            let (status, hardware, computer) = (row.number(3)?, row.int(5)?, row.int(6)?);
            found(&Use { id, pack, status, expires, hardware, computer })?;
        }
        Ok(Flow::Continue(()))
    })
}

/// The licenses of a server that have that number.
pub(super) fn numbered(
    read: &mut dyn Read,
    server: i64,
    id: LicenseId,
    gone: &Gone,
) -> Outcome<Vec<Issued>> {
    of_numbers(read, server, (id, id), (gone, SEEN))
}

/// The licenses of a server whose numbers lie between two, both included, as an import under way sees them.
pub(super) fn between(
    read: &mut dyn Read,
    server: i64,
    numbers: (LicenseId, LicenseId),
    gone: &Gone,
) -> Outcome<Vec<Issued>> {
    of_numbers(read, server, numbers, (gone, SEEN_WITHIN))
}

fn of_numbers(
    read: &mut dyn Read,
    server: i64,
    (first, last): (LicenseId, LicenseId),
    (gone, seen): (&Gone, &str),
) -> Outcome<Vec<Issued>> {
    let sql = format!(
        "select {LICENSE}, import from {EVIDENCE} where server = ?1 and license_id between ?2 and ?3 and {seen}
         order by server, license_id, key_pack_id, import desc"
    );
    let mut newest = Newest::of(server, gone);
    let mut licenses = Vec::new();
    read.each(&sql, &[server.into(), first.0.into(), last.0.into()], &mut |row| {
        if newest.counts(row, [1, 2, 9])?.is_some() {
            licenses.push(license(row)?);
        }
        Ok(Flow::Continue(()))
    })?;
    Ok(licenses)
}

/// The licenses of a server that may be of one hardware ID: those of its hash.
pub(super) fn of_hardware(
    read: &mut dyn Read,
    server: i64,
    hardware: &str,
    gone: &Gone,
) -> Outcome<Vec<Issued>> {
    let sql = format!(
        "select distinct license_id from {EVIDENCE} where hardware_hash = ?1 and server = ?2 and {SEEN}"
    );
    let hash = hardware_hash(hardware);
    let ids = read.all(&sql, &[hash.into(), server.into()], |row| Ok(LicenseId(row.number(0)?)))?;
    let mut licenses = Vec::new();
    for id in ids {
        licenses.extend(numbered(read, server, id, gone)?);
    }
    Ok(licenses)
}

/// How many licenses of each pack ended between two times, the later one included, and counted as issued until then.
///
/// Those that the model changed since are left out: they are counted where they stand.
pub(super) fn ended(
    read: &mut dyn Read,
    server: i64,
    (after, until): (Timestamp, Timestamp),
    gone: &Gone,
) -> Outcome<HashMap<KeyPackId, i64>> {
    let sql = format!(
        "select e.key_pack_id, e.import, count(*) from {EVIDENCE} e indexed by tslicense_evidence_by_end
         where e.server = ?1 and e.expires_ms > ?2 and e.expires_ms <= ?3 and e.status <> 4 and e.{SEEN}
         and not exists (select 1 from {EVIDENCE} n where n.server = e.server and n.license_id = e.license_id
         and n.key_pack_id = e.key_pack_id and n.import > e.import and n.{SEEN})
         and not exists (select 1 from tslicense_issued o where o.server = e.server and o.license_id = e.license_id
         and o.key_pack_id = e.key_pack_id) group by e.key_pack_id, e.import"
    );
    let mut counts = HashMap::new();
    read.each(&sql, &[server.into(), after.into(), until.into()], &mut |row| {
        if !gone.holds(server, row.int(0)?, row.int(1)?) {
            *counts.entry(KeyPackId(row.number(0)?)).or_default() += row.int(2)?;
        }
        Ok(Flow::Continue(()))
    })?;
    Ok(counts)
}

/// The licenses of a pack that were told to be revoked, live or not; a newer row of the same license may say otherwise.
pub(super) fn revoked(
    read: &mut dyn Read,
    server: i64,
    pack: KeyPackId,
) -> Outcome<Vec<LicenseId>> {
    let sql = format!(
        "select distinct license_id from {EVIDENCE} where server = ?1 and key_pack_id = ?2 and status = 4 and {SEEN}"
    );
    read.all(&sql, &[server.into(), pack.0.into()], |row| Ok(LicenseId(row.number(0)?)))
}

/// The largest number of a server that a row is of: numbers are not given twice.
pub(super) fn last_server(read: &mut dyn Read) -> Outcome<i64> {
    let sql = format!("select coalesce(max(server), 0) from {EVIDENCE}");
    Ok(read.one(&sql, &[], |row| row.int(0))?.unwrap_or(0))
}

/// A license on its way into the store, with the number of its server.
#[derive(Debug)]
pub struct NewLicense<'l> {
    pub server: i64,
    pub license: &'l Issued,
}

const ADD: &str = "insert into tslicense_evidence(server, license_id, key_pack_id, import, status, issued_ms, expires_ms, \
     hardware_hash, computer_hash, hardware, computer, user) values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
     on conflict(server, license_id, key_pack_id, import) do update set status = excluded.status, issued_ms = excluded.issued_ms, \
     expires_ms = excluded.expires_ms, hardware_hash = excluded.hardware_hash, computer_hash = excluded.computer_hash, \
     hardware = excluded.hardware, computer = excluded.computer, user = excluded.user";

/// Columns of [`ADD`].
const WIDTH: usize = 12;

/// Adds rows of the present import; of several of one license the last one stays.
pub fn add(tx: &mut dyn Tx, rows: &[NewLicense<'_>]) -> Outcome<()> {
    let import = tx.change();
    let mut values: Vec<Value<'_>> = Vec::with_capacity(rows.len() * WIDTH);
    for NewLicense { server, license } in rows {
        values.extend::<[Value<'_>; WIDTH]>([
            (*server).into(),
            license.id.0.into(),
            license.pack.0.into(),
            import.into(),
            license.status.into(),
            license.issued.into(),
            license.expires.into(),
            hardware_hash(&license.hardware).into(),
            computer_hash(&license.computer).into(),
            (&license.hardware).into(),
            (&license.computer).into(),
            (&license.user).into(),
        ]);
    }
    tx.many(ADD, WIDTH, &values, &mut |_, _| ())
}

/// Rows whose hashes are not those of their texts, as sentences.
pub(super) fn audit(read: &mut dyn Read) -> Outcome<Vec<String>> {
    let mut wrong = 0_u64;
    for table in [EVIDENCE, super::issued::ISSUED.name] {
        let sql = format!("select hardware_hash, computer_hash, hardware, computer from {table}");
        read.each(&sql, &[], &mut |row| {
            let (hardware, computer) = (hardware_hash(row.text(2)?), computer_hash(row.text(3)?));
            wrong += u64::from((hardware, computer) != (row.int(0)?, row.int(1)?));
            Ok(Flow::Continue(()))
        })?;
    }
    let sentence = || format!("tslicense: {wrong} issued licenses are not found by their texts");
    Ok((wrong > 0).then(sentence).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::{computer_hash, hardware_hash, hash};
    use crate::tslicense::model::issued::{computer_key, hardware_key};

    #[test]
    fn hashes_are_of_what_the_texts_are_compared_by() {
        for text in [
            "",
            "0x2, 0x1A2b",
            "{2-1A2B}",
            "00x1",
            "0,x1",
            "0x0x",
            "x00",
            "Ä0x1",
            "0x",
            "0",
            "HWID-A",
        ] {
            assert_eq!(hardware_hash(text), hash(hardware_key(text).bytes()), "{text}");
        }
        for text in ["", "PC-1.corp.example", "pc-1", "BÜRO.corp", "."] {
            assert_eq!(computer_hash(text), hash(computer_key(text).bytes()), "{text}");
        }
    }

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(hash(b"a".iter().copied()).cast_unsigned(), 0xAF63_DC4C_8601_EC8C);
    }
}
