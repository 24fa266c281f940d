//! Session hosts: one row each.

use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::document::{stored, text};
use crate::store::{Put, Read, Row, Table, Tx, Value};
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::model::{Host, Licensing, Reach};

pub static HOSTS: Table = Table {
    name: "tslicense_hosts",
    key: 1,
    columns: &["id", "name", "os", "detail"],
    object: "session host",
    label: "name",
    parent: None,
};

stored! {
    Licensing { mode, servers }
    Reach { server, status }
    Detail {
        application_server, joined, own, policy, deployment, central, grace_ends, certificate, reached,
    }
}

/// What no query asks for of a host.
struct Detail {
    application_server: bool,
    joined: Option<bool>,
    own: Licensing,
    policy: Licensing,
    deployment: Licensing,
    central: bool,
    grace_ends: Option<Timestamp>,
    certificate: Option<bool>,
    reached: Vec<Reach>,
}

impl Detail {
    fn of(host: &Host) -> Self {
        Self {
            application_server: host.application_server,
            joined: host.joined,
            own: host.own.clone(),
            policy: host.policy.clone(),
            deployment: host.deployment.clone(),
            central: host.central,
            grace_ends: host.grace_ends,
            certificate: host.certificate,
            reached: host.reached.clone(),
        }
    }
}

fn select(rest: &str) -> String {
    format!("select {} from tslicense_hosts {rest}", HOSTS.columns.join(", "))
}

/// The host of that name, without regard to case, and its row's number.
pub fn find(read: &mut dyn Read, name: &str) -> Outcome<Option<(i64, Host)>> {
    read.one(&select("where name = ?1"), &[name.into()], host)
}

/// Every host with its row's number, in the order of the names; an estate has few.
pub fn all(read: &mut dyn Read) -> Outcome<Vec<(i64, Host)>> {
    read.all(&select("order by name"), &[], host)
}

/// Writes a host: a new one under the next number.
pub fn save(tx: &mut dyn Tx, id: Option<i64>, host: &Host) -> Outcome<Put> {
    let id = match id {
        Some(id) => id,
        None => next(tx.reading())?,
    };
    let detail = text(&Detail::of(host));
    let values: [Value<'_>; 4] =
        [id.into(), (&host.name).into(), host.os.map(Os::word).into(), (&detail).into()];
    tx.put(&HOSTS, &values)
}

/// Removes a host; false when there is none of that number.
pub fn remove(tx: &mut dyn Tx, id: i64) -> Outcome<bool> {
    tx.remove(&HOSTS, &[id.into()])
}

fn next(read: &mut dyn Read) -> Outcome<i64> {
    let sql = "select coalesce(max(id), 0) + 1 from tslicense_hosts";
    Ok(read.one(sql, &[], |row| row.int(0))?.unwrap_or(1))
}

fn host(row: &dyn Row) -> Outcome<(i64, Host)> {
    let detail: Detail = row.part(3)?;
    let os = |word: &str| Os::named(word).ok_or_else(|| row.wrong(2, word));
    let host = Host {
        name: row.text(1)?.to_owned(),
        os: row.text_or_null(2)?.map(os).transpose()?,
        application_server: detail.application_server,
        joined: detail.joined,
        own: detail.own,
        policy: detail.policy,
        deployment: detail.deployment,
        central: detail.central,
        grace_ends: detail.grace_ends,
        certificate: detail.certificate,
        reached: detail.reached,
    };
    Ok((row.int(0)?, host))
}
