//! Machines as instances: found by name, and removed with all that the model keeps of them. Evidence stays.

use super::carried::CARRIED;
use super::machines::MODELS;
use super::marks::{FAULTS, LEDGER, LICENSES};
use super::pools::{CACHE, POOLS};
use super::products::{PRODUCTS, SERVES};
use super::{MACHINES, machine_id};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::store::{Flow, Read, Row, Table, Tx, Value};

/// An instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    pub id: i64,
    /// As it was first written.
    pub name: String,
}

/// The newest snapshot of a machine.
#[derive(Debug, Clone)]
pub struct Newest {
    pub taken: Timestamp,
    /// Canonical JSON: `{"service": {…}, "products": [{…}]}`.
    pub body: String,
}

fn instance(row: &dyn Row) -> Outcome<Instance> {
    Ok(Instance { id: row.int(0)?, name: row.text(1)?.to_owned() })
}

/// The machine of that name, without regard to case.
pub fn find(read: &mut dyn Read, name: &str) -> Outcome<Option<Instance>> {
    let sql = "select id, name from kms_machines where name = ?1";
    read.one(sql, &[name.into()], instance)
}

/// Every machine, in the order of the names.
pub fn all(read: &mut dyn Read) -> Outcome<Vec<Instance>> {
    read.all("select id, name from kms_machines order by name", &[], instance)
}

/// Machines of a DNS domain, in the order of the names.
pub fn of_domain(read: &mut dyn Read, domain: &str) -> Outcome<Vec<Instance>> {
    let mut found = all(read)?;
    found.retain(|instance| {
        let suffix = instance.name.split_once('.').map(|(_, suffix)| suffix);
        suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case(domain))
    });
    Ok(found)
}

/// The one machine whose first label is `label`; `None` when there is none, or more than one.
pub fn by_first_label(read: &mut dyn Read, label: &str) -> Outcome<Option<Instance>> {
    let mut found = all(read)?;
    found.retain(|instance| {
        let first = instance.name.split('.').next().unwrap_or_default();
        first.eq_ignore_ascii_case(label)
    });
    Ok(match found.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    })
}

/// Makes a machine; the caller has seen that there is none of that name.
pub fn make(tx: &mut dyn Tx, name: &str) -> Outcome<Instance> {
    super::make_machine(tx, name)?;
    let id =
        machine_id(tx, name)?.ok_or_else(|| Stop::bug("a machine that was just made is gone"))?;
    Ok(Instance { id, name: name.to_owned() })
}

/// The newest snapshot of a machine that was taken at or before `now`; when all are later, the earliest.
///
/// A file that does not say when it was taken has the time at which it was written, which may be after any `now`.
pub fn newest_snapshot(read: &mut dyn Read, name: &str, now: Timestamp) -> Outcome<Option<Newest>> {
    let seen = "select taken_ms, body from kms_snapshots \
         where host = (select id from kms_hosts where name = ?1) \
         and import not in (select change from hidden)";
    let newest = |row: &dyn Row| Ok(Newest { taken: row.time(0)?, body: row.text(1)?.to_owned() });
    let values = [name.into(), now.into()];
    let until = format!("{seen} and taken_ms <= ?2 order by taken_ms desc, sha256 desc limit 1");
    if let Some(found) = read.one(&until, &values, newest)? {
        return Ok(Some(found));
    }
    let after = format!("{seen} and taken_ms > ?2 order by taken_ms, sha256 limit 1");
    read.one(&after, &values, newest)
}

/// The type of a key column after the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Text,
    Blob,
}

/// Every table whose rows belong to a machine, with the key columns after the machine's.
static CHILDREN: [(&Table, &[Part]); 9] = [
    (&FAULTS, &[Part::Text]),
    (&LEDGER, &[Part::Text, Part::Blob]),
    (&LICENSES, &[Part::Text, Part::Blob]),
    (&CACHE, &[Part::Text, Part::Blob]),
    (&POOLS, &[Part::Text]),
    (&CARRIED, &[Part::Blob, Part::Text]),
    (&SERVES, &[Part::Blob, Part::Blob]),
    (&PRODUCTS, &[Part::Blob]),
    (&MODELS, &[]),
];

/// A key column, owned.
enum Held {
    Text(String),
    Blob(Vec<u8>),
}

impl Held {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Blob(bytes) => Value::Blob(bytes),
        }
    }
}

/// Removes a machine and all that the model keeps of it.
pub fn remove(tx: &mut dyn Tx, machine: i64) -> Outcome<()> {
    for (table, parts) in CHILDREN {
        let columns = table.columns.get(..table.key).unwrap_or_default();
        let sql = format!("select {} from {} where machine = ?1", columns.join(", "), table.name);
        let mut keys: Vec<Vec<Held>> = Vec::new();
        tx.each(&sql, &[machine.into()], &mut |row| {
            let mut key = Vec::new();
            for (column, part) in (1..).zip(parts) {
                key.push(match part {
                    Part::Text => Held::Text(row.text(column)?.to_owned()),
                    Part::Blob => Held::Blob(row.blob(column)?.to_vec()),
                });
            }
            keys.push(key);
            Ok(Flow::Continue(()))
        })?;
        for key in &keys {
            let mut values = vec![machine.into()];
            values.extend(key.iter().map(Held::value));
            tx.remove(table, &values)?;
        }
    }
    tx.remove(&MACHINES, &[machine.into()]).map(|_| ())
}
