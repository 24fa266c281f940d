//! The key catalogue: one row an entry.

use crate::csp::model::keys::{
    KeyCatalog, KeyChannel, KeyEntry, KeyGlob, KeyMatch, KeyUses, Window,
};
use crate::error::Outcome;
use crate::store::{Put, Read, Row, Table, Tx, Value};

/// Entries by their id.
pub static KEYS: Table = Table {
    name: "csp_keys",
    key: 1,
    columns: &[
        "id",
        "edition",
        "channel",
        "sha256",
        "glob",
        "last_five",
        "for_upgrade",
        "for_change",
        "for_check",
        "min_version",
        "max_version",
    ],
    object: "catalogue key",
    label: "id",
    parent: None,
};

/// The whole catalogue.
pub fn load(read: &mut dyn Read) -> Outcome<KeyCatalog> {
    let sql = format!("select {} from csp_keys order by id", KEYS.columns.join(", "));
    Ok(KeyCatalog::checked_before(read.all(&sql, &[], entry)?))
}

/// Writes an entry.
pub fn save(tx: &mut dyn Tx, entry: &KeyEntry) -> Outcome<Put> {
    let version = |version: Option<crate::csp::model::version::OsVersion>| {
        version.map(|version| version.to_string())
    };
    let (min, max) = (version(entry.builds.min), version(entry.builds.max));
    let values: Vec<Value<'_>> = vec![
        (&entry.id).into(),
        entry.edition.into(),
        entry.channel.word().into(),
        entry.matcher.sha256.as_ref().map_or(Value::Null, |digest| Value::Blob(digest)),
        entry.matcher.glob.as_ref().map(KeyGlob::as_str).into(),
        entry.matcher.last_five.as_deref().into(),
        entry.uses.upgrade.into(),
        entry.uses.change.into(),
        entry.uses.check.into(),
        min.as_deref().into(),
        max.as_deref().into(),
    ];
    tx.put(&KEYS, &values)
}

/// Removes an entry; false when there is none of that id.
pub fn remove(tx: &mut dyn Tx, id: &str) -> Outcome<bool> {
    tx.remove(&KEYS, &[id.into()])
}

fn entry(row: &dyn Row) -> Outcome<KeyEntry> {
    let channel = row.text(2)?;
    let digest = |bytes: &[u8]| bytes.try_into().map_err(|_| row.wrong(3, "another digest"));
    let glob = |text: &str| KeyGlob::new(text).map_err(|_| row.wrong(4, "no pattern of a key"));
    let version = |column: usize| {
        row.text_or_null(column)?
            .map(|text| text.parse().map_err(|_| row.wrong(column, text)))
            .transpose()
    };
    Ok(KeyEntry {
        id: row.text(0)?.to_owned(),
        edition: row.number(1)?,
        channel: KeyChannel::named(channel).ok_or_else(|| row.wrong(2, channel))?,
        matcher: KeyMatch {
            sha256: row.blob_or_null(3)?.map(digest).transpose()?,
            glob: row.text_or_null(4)?.map(glob).transpose()?,
            last_five: row.text_or_null(5)?.map(str::to_owned),
        },
        uses: KeyUses { upgrade: row.flag(6)?, change: row.flag(7)?, check: row.flag(8)? },
        builds: Window { min: version(9)?, max: version(10)? },
    })
}
