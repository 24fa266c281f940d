//! What else is kept of a machine: installed licence files, the ledger of activations, injected faults.

use super::made;
use crate::error::Outcome;
use crate::kms::model::{Fault, InstalledLicense, LedgerEntry, LicenseFile, PartialKey};
use crate::store::{Read, Row, Table, Tx, Value};
use uuid::Uuid;

/// Licence files that were installed.
pub static LICENSES: Table = Table {
    name: "kms_licenses",
    key: 3,
    columns: &["machine", "kind", "sha256", "size", "installed_ms"],
    object: "licence file",
    label: "kind",
    parent: Some("kms_machines"),
};

/// How often each machine was activated with a key.
pub static LEDGER: Table = Table {
    name: "kms_ledger",
    key: 3,
    columns: &["machine", "partial_key", "activation", "times"],
    object: "activation",
    label: "partial_key",
    parent: Some("kms_machines"),
};

/// Errors that the next calls of a method raise.
pub static FAULTS: Table = Table {
    name: "kms_faults",
    key: 2,
    columns: &["machine", "method", "code", "calls_left"],
    object: "fault",
    label: "method",
    parent: Some("kms_machines"),
};

/// Notes a licence file; the same file again is noted with its newer time.
pub fn save_license(tx: &mut dyn Tx, machine: i64, license: &InstalledLicense) -> Outcome<()> {
    let kind = match license.file {
        LicenseFile::License => "license",
        LicenseFile::Package => "package",
    };
    let size = i64::try_from(license.size).unwrap_or(i64::MAX);
    let row =
        [machine.into(), kind.into(), Value::Blob(&license.sha256), size.into(), license.at.into()];
    tx.put(&LICENSES, &row).map(|_| ())
}

/// Every line of a key in the ledger, of any machine.
pub fn ledger(
    read: &mut dyn Read,
    partial: &PartialKey,
    activation: Uuid,
) -> Outcome<Vec<LedgerEntry>> {
    let sql = "select machine, partial_key, activation, times from kms_ledger \
         where partial_key = ?1 and activation = ?2";
    let key = [partial.as_str().into(), (&activation).into()];
    read.all(sql, &key, |row| {
        Ok(LedgerEntry {
            machine: row.int(0)?,
            partial: made(row, 1, Some(row.text(1)?), PartialKey::new)?
                .ok_or_else(|| row.wrong(1, "null"))?,
            activation: row.guid(2)?,
            times: row.number(3)?,
        })
    })
}

pub fn save_ledger(tx: &mut dyn Tx, entry: &LedgerEntry) -> Outcome<()> {
    let row = [
        entry.machine.into(),
        entry.partial.as_str().into(),
        (&entry.activation).into(),
        entry.times.into(),
    ];
    tx.put(&LEDGER, &row).map(|_| ())
}

fn read_fault(row: &dyn Row) -> Outcome<Fault> {
    let left: u32 = row.number(2)?;
    if left == 0 {
        return Err(row.wrong(2, left));
    }
    Ok(Fault { method: row.text(0)?.to_owned(), code: row.number(1)?, left })
}

/// The fault that waits for a method of a machine.
pub fn fault(read: &mut dyn Read, machine: i64, method: &str) -> Outcome<Option<Fault>> {
    let sql = "select method, code, calls_left from kms_faults where machine = ?1 and method = ?2";
    read.one(sql, &[machine.into(), method.into()], read_fault)
}

/// Every fault of a machine, by the name of the method.
pub fn faults(read: &mut dyn Read, machine: i64) -> Outcome<Vec<Fault>> {
    let sql = "select method, code, calls_left from kms_faults where machine = ?1 order by method";
    read.all(sql, &[machine.into()], read_fault)
}

pub fn save_fault(tx: &mut dyn Tx, machine: i64, fault: &Fault) -> Outcome<()> {
    let row = [machine.into(), (&fault.method).into(), fault.code.into(), fault.left.into()];
    tx.put(&FAULTS, &row).map(|_| ())
}

/// Removes a fault; false when there was none.
pub fn remove_fault(tx: &mut dyn Tx, machine: i64, method: &str) -> Outcome<bool> {
    tx.remove(&FAULTS, &[machine.into(), method.into()])
}
