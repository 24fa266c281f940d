//! Secrets that a method needs back: each stands once, under a number. Rows, journal and snapshots hold the number alone.
//!
//! Nothing is removed, so that an undo brings a key back that no row shows any more. An export leaves them out unless asked.

use super::document::Stored;
use super::{Read, Tx};
use crate::error::{Outcome, Stop};
use std::hash::{BuildHasher, RandomState};

/// What stands for a secret that an export left out: its number stays taken, and no new secret gets it.
pub(super) const LEFT: &str = "left out";

/// What the salt of a store is filed under.
const SALT: &str = "salt";

/// Files a secret, and tells its number; the same secret of the same kind has one number.
///
/// - `kind`: what it is, so that equal texts of two APIs stay apart: `vsphere.key`.
pub fn keep(tx: &mut dyn Tx, kind: &str, secret: &str) -> Outcome<i64> {
    if let Some(number) = number(tx.reading(), kind, secret)? {
        return Ok(number);
    }
    tx.exec("insert into secrets(kind, secret) values(?1, ?2)", &[kind.into(), secret.into()])?;
    number(tx.reading(), kind, secret)?.ok_or_else(|| Stop::bug("a secret was not filed"))
}

/// The number of a secret; `None` when it was never filed.
pub fn number(read: &mut dyn Read, kind: &str, secret: &str) -> Outcome<Option<i64>> {
    let sql = "select id from secrets where kind = ?1 and secret = ?2";
    read.one(sql, &[kind.into(), secret.into()], |row| row.int(0))
}

/// The secret of that number; `None` when it was left out of the export that the store was made from.
pub fn reveal(read: &mut dyn Read, number: i64) -> Outcome<Option<String>> {
    let sql = "select secret from secrets where id = ?1 and kind <> ?2";
    read.one(sql, &[number.into(), LEFT.into()], |row| row.text(0).map(str::to_owned))
}

/// What digests of this store's secrets are salted with; `None` before the first of them.
pub fn salt(read: &mut dyn Read) -> Outcome<Option<[u8; 32]>> {
    read.one("select secret from secrets where kind = ?1", &[SALT.into()], |row| {
        let held = <[u8; 32]>::held(&row.text(0)?.into());
        held.ok_or_else(|| row.wrong(0, "no salt"))
    })
}

/// The salt of this store, drawn now when there is none. It does not follow from the seed of the command, which others may know.
pub fn make_salt(tx: &mut dyn Tx) -> Outcome<[u8; 32]> {
    if let Some(salt) = salt(tx.reading())? {
        return Ok(salt);
    }
    let mut drawn = [0; 32];
    for (part, bytes) in drawn.chunks_exact_mut(8).enumerate() {
        // Each state has keys of its own from the operating system.
        bytes.copy_from_slice(&RandomState::new().hash_one(part).to_le_bytes());
    }
    let text = drawn.json();
    keep(tx, SALT, text.as_str().unwrap_or_default())?;
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use super::{keep, make_salt, reveal, salt};
    use crate::clock::Timestamp;
    use crate::store::{Change, Intent, SecretRows, Store};

    fn change() -> Change {
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        Change { command: "test".to_owned(), now, intent: Intent::Store }
    }

    #[test]
    fn a_secret_has_one_number_for_good_and_equal_texts_of_two_kinds_have_two() {
        let mut store = Store::scratch(Vec::new());
        let (numbers, _) = store
            .write(&change(), |tx| {
                tx.call("test", "");
                let first = keep(tx, "a", "s3cret")?;
                Ok([first, keep(tx, "a", "s3cret")?, keep(tx, "b", "s3cret")?])
            })
            .unwrap();
        assert_eq!(numbers[0], numbers[1]);
        assert_ne!(numbers[0], numbers[2]);
        let shown = store.read(|read| reveal(read, numbers[2])).unwrap();
        assert_eq!(shown.as_deref(), Some("s3cret"));
        assert_eq!(store.read(|read| reveal(read, 99)).unwrap(), None);
    }

    #[test]
    fn the_number_of_a_secret_that_an_export_left_out_is_never_given_again() {
        let mut store = Store::scratch(Vec::new());
        let filed = |store: &mut Store, secret: &str| {
            let kept = store.write(&change(), |tx| {
                tx.call("test", "");
                keep(tx, "a", secret)
            });
            kept.unwrap().0
        };
        let first = filed(&mut store, "s3cret");
        let mut export = Vec::new();
        let (_, left) = store.export(&mut export, SecretRows::Left).unwrap();
        assert_eq!(left, 1);
        assert!(!String::from_utf8(export.clone()).unwrap().contains("s3cret"));
        let folder = tempfile::tempdir().unwrap();
        let mut copy = Store::at(folder.path().join("copy.db"), true, Vec::new());
        copy.import_export(&mut export.as_slice(), &change()).unwrap();
        assert_eq!(copy.read(|read| reveal(read, first)).unwrap(), None);
        assert_ne!(filed(&mut copy, "another"), first);
        // An export of the copy is the export of the store, but for what came after.
        let mut again = Store::at(folder.path().join("again.db"), true, Vec::new());
        again.import_export(&mut export.as_slice(), &change()).unwrap();
        let mut second = Vec::new();
        assert_eq!(again.export(&mut second, SecretRows::Taken).unwrap().1, 0);
        assert_eq!(second, export);
    }

    #[test]
    fn the_salt_is_drawn_once_a_store_and_differs_between_stores() {
        let drawn = |store: &mut Store| {
            let made = |tx: &mut dyn crate::store::Tx| {
                tx.call("test", "");
                make_salt(tx)
            };
            store.write(&change(), made).unwrap().0
        };
        let (mut one, mut other) = (Store::scratch(Vec::new()), Store::scratch(Vec::new()));
        assert_eq!(one.read(salt).unwrap(), None);
        let first = drawn(&mut one);
        assert_ne!(first, [0; 32]);
        assert_eq!(drawn(&mut one), first);
        assert_ne!(drawn(&mut other), first);
    }
}
