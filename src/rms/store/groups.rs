//! Reservation groups and named users.

use crate::error::Outcome;
use crate::rms::model::group::{Group, Member};
use crate::store::document::text;
use crate::store::{Read, Row, Table, Tx, Value};

/// Groups by License Manager and place in the file.
pub static GROUPS: Table = Table {
    name: "rms_groups",
    key: 2,
    columns: &["server", "ordinal", "feature", "version", "name", "tokens", "members"],
    object: "reservation",
    label: "name",
    parent: Some("rms_servers"),
};

/// Named users by License Manager and hash of the license.
pub static ACCOUNTS: Table = Table {
    name: "rms_accounts",
    key: 3,
    columns: &["server", "license", "name"],
    object: "named user",
    label: "name",
    parent: Some("rms_servers"),
};

/// The groups of a License Manager, or those of one of its features, in the order of the file.
pub fn groups(read: &mut dyn Read, server: i64, feature: Option<&str>) -> Outcome<Vec<Group>> {
    match feature {
        None => {
            let sql = "select feature, version, name, tokens, members from rms_groups \
                       where server = ?1 order by ordinal";
            read.all(sql, &[server.into()], group)
        }
        Some(feature) => {
            let sql = "select feature, version, name, tokens, members from rms_groups \
                       where server = ?1 and feature = ?2 order by ordinal";
            read.all(sql, &[server.into(), feature.into()], group)
        }
    }
}

fn group(row: &dyn Row) -> Outcome<Group> {
    let members: Vec<String> = row.part(4)?;
    Ok(Group {
        feature: row.text(0)?.to_owned(),
        version: row.text_or_null(1)?.map(str::to_owned),
        name: row.text(2)?.to_owned(),
        tokens: row.number(3)?,
        members: members.iter().map(|member| Member::read(member)).collect(),
    })
}

/// Writes the groups of a License Manager in the place of those that it has.
pub fn set_groups(tx: &mut dyn Tx, server: i64, groups: &[Group]) -> Outcome<()> {
    let sql = "select ordinal from rms_groups where server = ?1";
    let before = tx.reading().all(sql, &[server.into()], |row| row.int(0))?;
    let mut ordinal = 0_i64;
    for group in groups {
        let members: Vec<String> = group.members.iter().map(Member::text).collect();
        let members = text(&members);
        let values: [Value<'_>; 7] = [
            server.into(),
            ordinal.into(),
            (&group.feature).into(),
            group.version.as_deref().into(),
            (&group.name).into(),
            i64::try_from(group.tokens).unwrap_or(i64::MAX).into(),
            (&members).into(),
        ];
        tx.put(&GROUPS, &values)?;
        ordinal += 1;
    }
    for gone in before.into_iter().filter(|before| *before >= ordinal) {
        tx.remove(&GROUPS, &[server.into(), gone.into()])?;
    }
    Ok(())
}

/// The named users of a license, in the order of letters.
pub fn accounts(read: &mut dyn Read, server: i64, license: &str) -> Outcome<Vec<String>> {
    let sql = "select name from rms_accounts where server = ?1 and license = ?2 order by name";
    read.all(sql, &[server.into(), license.into()], |row| Ok(row.text(0)?.to_owned()))
}

/// Whether a user is among the named ones of a license.
pub fn is_named(read: &mut dyn Read, server: i64, license: &str, user: &str) -> Outcome<bool> {
    let sql = "select 1 from rms_accounts where server = ?1 and license = ?2 and name = ?3";
    let found = read.one(sql, &[server.into(), license.into(), user.into()], |row| row.int(0))?;
    Ok(found.is_some())
}

/// Every named user of a License Manager with the license.
pub fn all_accounts(read: &mut dyn Read, server: i64) -> Outcome<Vec<(String, String)>> {
    let sql = "select license, name from rms_accounts where server = ?1 order by license, name";
    read.all(sql, &[server.into()], |row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned())))
}

/// Names a user of a license.
pub fn add_account(tx: &mut dyn Tx, server: i64, license: &str, user: &str) -> Outcome<()> {
    tx.put(&ACCOUNTS, &[server.into(), license.into(), user.into()]).map(|_| ())
}

/// Takes a user from the named ones; false when it was none of them.
pub fn remove_account(tx: &mut dyn Tx, server: i64, license: &str, user: &str) -> Outcome<bool> {
    tx.remove(&ACCOUNTS, &[server.into(), license.into(), user.into()])
}
