//! Names made numbers: hosts, clients, activation IDs. Rows refer to them; they are never removed.

use crate::error::{Outcome, Stop};
use crate::kms::catalog::skus::Pool;
use crate::kms::model::Editions;
use crate::store::{Read, Tx, Value};
use uuid::Uuid;

/// The number of a name: found, or made.
fn number(tx: &mut dyn Tx, find: &str, make: &str, values: &[Value<'_>]) -> Outcome<i64> {
    if let Some(id) = tx.reading().one(find, values, |row| row.int(0))? {
        return Ok(id);
    }
    tx.exec(make, values)?;
    tx.reading()
        .one(find, values, |row| row.int(0))?
        .ok_or_else(|| Stop::bug("a row that was just made is gone"))
}

/// The number of a computer that wrote a log or was shown in a snapshot.
pub fn host(tx: &mut dyn Tx, name: &str) -> Outcome<i64> {
    let find = "select id from kms_hosts where name = ?1";
    number(tx, find, "insert into kms_hosts(name) values(?1)", &[name.into()])
}

/// The number of a client under the name that was logged; made when there is none.
pub fn client(tx: &mut dyn Tx, cmid: &Uuid, name: &str) -> Outcome<i64> {
    if let Some(id) = find_client(tx, cmid, name)? {
        return Ok(id);
    }
    let id = newest_client(tx)? + 1;
    add_clients(tx, &[(id, *cmid, name.into())])?;
    Ok(id)
}

/// The number of a client under the name that was logged; `None` when there is none.
pub fn find_client(read: &mut dyn Read, cmid: &Uuid, name: &str) -> Outcome<Option<i64>> {
    let sql = "select id from kms_clients where cmid = ?1 and name = ?2";
    read.one(sql, &[cmid.into(), name.into()], |row| row.int(0))
}

/// The largest number of a client; 0 when there is none.
pub fn newest_client(read: &mut dyn Read) -> Outcome<i64> {
    Ok(read
        .one("select coalesce(max(id), 0) from kms_clients", &[], |row| row.int(0))?
        .unwrap_or(0))
}

/// Adds clients under the numbers that the caller chose.
pub fn add_clients(tx: &mut dyn Tx, clients: &[(i64, Uuid, Box<str>)]) -> Outcome<()> {
    let values: Vec<Value<'_>> = clients
        .iter()
        .flat_map(|(id, cmid, name)| [Value::Int(*id), Value::from(cmid), Value::Text(name)])
        .collect();
    tx.exec_add("kms_clients(id, cmid, name)", 3, &values)
}

/// The number of an activation ID.
pub fn sku(tx: &mut dyn Tx, guid: &Uuid) -> Outcome<i64> {
    let find = "select id from kms_skus where guid = ?1";
    number(tx, find, "insert into kms_skus(guid) values(?1)", &[guid.into()])
}

/// What a stored activation ID stands for.
#[derive(Debug, Clone, Copy)]
pub struct Sku {
    pub guid: Uuid,
    pub pool: Pool,
}

/// Hosts and activation IDs by number: few, so that rows can be streamed without joining them.
#[derive(Debug, Default)]
pub struct Names {
    hosts: ByNumber<String>,
    skus: ByNumber<Sku>,
    editions: Editions,
}

/// Values in the order of their numbers, which the store gives from 1 on: mostly a value stands where its number says.
#[derive(Debug)]
struct ByNumber<T>(Vec<(i64, T)>);

impl<T> Default for ByNumber<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByNumber<T> {
    fn get(&self, number: i64) -> Option<&T> {
        let mostly = usize::try_from(number).ok().and_then(|at| self.0.get(at.checked_sub(1)?));
        let found = mostly.filter(|(known, _)| *known == number).or_else(|| {
            self.0.get(self.0.binary_search_by_key(&number, |(known, _)| *known).ok()?)
        });
        found.map(|(_, value)| value)
    }
}

impl Names {
    pub fn load(read: &mut dyn Read) -> Outcome<Self> {
        let hosts = read.all("select id, name from kms_hosts order by id", &[], |row| {
            Ok((row.int(0)?, row.text(1)?.to_owned()))
        })?;
        let editions = super::editions::all(read)?;
        let skus = read.all("select id, guid from kms_skus order by id", &[], |row| {
            let guid = row.guid(1)?;
            Ok((row.int(0)?, Sku { guid, pool: editions.pool(guid) }))
        })?;
        Ok(Self { hosts: ByNumber(hosts), skus: ByNumber(skus), editions })
    }

    /// The editions that are known.
    #[must_use]
    pub fn editions(&self) -> &Editions {
        &self.editions
    }

    /// The name of a host; faults when a row refers to one that is not there.
    pub fn host(&self, id: i64) -> Outcome<&str> {
        self.hosts.get(id).map(String::as_str).ok_or_else(|| damaged("host", id))
    }

    /// The number of a host by name; `None` when it has no evidence.
    #[must_use]
    pub fn host_id(&self, name: &str) -> Option<i64> {
        self.hosts.0.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(id, _)| *id)
    }

    /// What an activation ID stands for; faults when a row refers to one that is not there.
    pub fn sku(&self, id: i64) -> Outcome<Sku> {
        self.skus.get(id).copied().ok_or_else(|| damaged("activation ID", id))
    }
}

fn damaged(what: &str, id: i64) -> Stop {
    Stop::Fault(anyhow::anyhow!(
        "the store is damaged: a row refers to {what} {id}, which is not there"
    ))
}
