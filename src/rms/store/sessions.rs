//! Tokens: sessions by key, and by what they are looked for; what they come to for a feature; the numbers that are handed out.

use crate::error::Outcome;
use crate::rms::model::session::{Counts, Identity, Session, State};
use crate::store::document::Stored;
use crate::store::{Flow, Read, Row, Table, Tx, Value};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Sessions by License Manager and key.
pub static SESSIONS: Table = Table {
    name: "rms_sessions",
    key: 2,
    columns: &[
        "server",
        "key_id",
        "feature",
        "state",
        "user",
        "host",
        "units",
        "kept",
        "drawn",
        "shares",
        "clients",
        "share_key",
        "node",
        "license",
        "trial",
        "start_s",
        "refreshed_s",
        "due_s",
        "hold_s",
        "team",
        "x_display",
        "sharing_id",
        "host_id",
        "address",
        "lock_code",
        "issuer",
        "observed",
        "remote",
        "comment",
    ],
    object: "session",
    label: "user",
    parent: Some("rms_servers"),
};

/// What the tokens of each feature come to.
pub static COUNTS: Table = Table {
    name: "rms_counts",
    key: 2,
    columns: &[
        "server",
        "feature",
        "used",
        "commuted",
        "held",
        "unattributed",
        "queued",
        "wanted",
        "kept",
        "drawn",
    ],
    object: "count of tokens",
    label: "feature",
    parent: Some("rms_servers"),
};

/// What every look for sessions begins with. One literal, so that a statement is not put together anew for each look.
macro_rules! sessions {
    ($rest:literal) => {
        concat!(
            "select server, key_id, feature, state, user, host, units, kept, drawn, shares, clients, share_key, node, ",
            "license, trial, start_s, refreshed_s, due_s, hold_s, team, x_display, sharing_id, host_id, address, ",
            "lock_code, issuer, observed, remote, comment from rms_sessions ",
            $rest
        )
    };
}

/// What a look hands its sessions to.
pub type EachSession<'f> = dyn FnMut(Session) -> Outcome<Flow> + 'f;

fn look(
    read: &mut dyn Read,
    sql: &str,
    values: &[Value<'_>],
    found: &mut EachSession<'_>,
) -> Outcome<()> {
    read.each(sql, values, &mut |row| found(session(row)?))
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The session of a key.
pub fn of_key(read: &mut dyn Read, server: i64, key: u32) -> Outcome<Option<Session>> {
    let sql = sessions!("where server = ?1 and key_id = ?2");
    read.one(sql, &[server.into(), key.into()], session)
}

/// Hands out the rows that time changes up to a second, in the order of time.
pub fn due(
    read: &mut dyn Read,
    server: i64,
    until: i64,
    found: &mut EachSession<'_>,
) -> Outcome<()> {
    let sql = sessions!("where server = ?1 and due_s <= ?2 order by due_s, key_id");
    look(read, sql, &[server.into(), until.into()], found)
}

/// Hands out the clients that wait for a feature and whose demand is not met, first come first.
pub fn queued(
    read: &mut dyn Read,
    (server, feature): (i64, i64),
    found: &mut EachSession<'_>,
) -> Outcome<()> {
    let sql = sessions!(
        "where server = ?1 and feature = ?2 and state = 'queued' and state in ('queued', 'granted') order by key_id"
    );
    look(read, sql, &[server.into(), feature.into()], found)
}

/// Hands out every client that waits for a feature, first come first.
pub fn waiting(
    read: &mut dyn Read,
    (server, feature): (i64, i64),
    found: &mut EachSession<'_>,
) -> Outcome<()> {
    let sql = sessions!(
        "where server = ?1 and feature = ?2 and state in ('queued', 'granted') order by key_id"
    );
    look(read, sql, &[server.into(), feature.into()], found)
}

/// Hands out tokens of so many units that may be shared by a key, with less than so many clients.
pub fn sharing(
    read: &mut dyn Read,
    (server, feature): (i64, i64),
    (key, units, limit): (&str, u64, u64),
    found: &mut EachSession<'_>,
) -> Outcome<()> {
    let most = if limit == 0 { i64::MAX } else { count(limit) };
    let sql = sessions!(
        "where server = ?1 and feature = ?2 and share_key = ?3 and units = ?4 and clients < ?5 order by key_id"
    );
    let values = [server.into(), feature.into(), key.into(), count(units).into(), most.into()];
    look(read, sql, &values, found)
}

/// Hands out what a user has of a feature in a state.
pub fn of_user(
    read: &mut dyn Read,
    (server, feature): (i64, i64),
    user: &str,
    state: State,
    found: &mut EachSession<'_>,
) -> Outcome<()> {
    let sql = sessions!(
        "where server = ?1 and user = ?2 and feature = ?3 and state = ?4 order by key_id"
    );
    look(read, sql, &[server.into(), user.into(), feature.into(), state.word().into()], found)
}

/// Hands out the rows of a node.
pub fn on_node(
    read: &mut dyn Read,
    (server, feature): (i64, i64),
    node: &str,
    found: &mut EachSession<'_>,
) -> Outcome<()> {
    let sql = sessions!("where server = ?1 and feature = ?2 and node = ?3");
    look(read, sql, &[server.into(), feature.into(), node.into()], found)
}

/// Hands out every row of a License Manager, or of a user of it, by key.
pub fn each(
    read: &mut dyn Read,
    server: i64,
    user: Option<&str>,
    found: &mut EachSession<'_>,
) -> Outcome<()> {
    match user {
        None => look(read, sessions!("where server = ?1 order by key_id"), &[server.into()], found),
        Some(user) => {
            let sql = sessions!("where server = ?1 and user = ?2 order by key_id");
            look(read, sql, &[server.into(), user.into()], found)
        }
    }
}

/// Hands out every row of a License Manager: by feature, then by state, then by age.
pub fn by_feature(read: &mut dyn Read, server: i64, found: &mut EachSession<'_>) -> Outcome<()> {
    let sql = sessions!("where server = ?1 order by feature, state, start_s, key_id");
    look(read, sql, &[server.into()], found)
}

/// Whether a feature has rows: who uses it, waits or has it checked out.
pub fn is_in_use(read: &mut dyn Read, server: i64, feature: i64) -> Outcome<bool> {
    let counts = counts(read, server, feature)?;
    Ok(counts.used + counts.queued > 0)
}

/// Writes a session.
pub fn save(tx: &mut dyn Tx, server: i64, row: &Session) -> Outcome<()> {
    let client = &row.client;
    let address = client.address.map(|address| address.to_string());
    let values: [Value<'_>; 29] = [
        server.into(),
        row.key.into(),
        row.feature.into(),
        row.state.word().into(),
        (&client.user).into(),
        (&client.host).into(),
        count(row.units).into(),
        count(row.kept).into(),
        count(row.drawn).into(),
        row.shares.into(),
        row.clients.into(),
        row.share_key.as_deref().into(),
        row.node.as_deref().into(),
        (&row.license).into(),
        row.trial.into(),
        row.start.into(),
        row.refreshed.into(),
        row.due.into(),
        row.hold.into(),
        (&row.group).into(),
        (&client.x_display).into(),
        (&client.sharing_id).into(),
        (&client.host_id).into(),
        address.as_deref().into(),
        (&client.lock_code).into(),
        (&row.issuer).into(),
        row.observed.into(),
        row.remote.into(),
        (&row.comment).into(),
    ];
    tx.put(&SESSIONS, &values).map(|_| ())
}

/// Removes a session.
pub fn remove(tx: &mut dyn Tx, server: i64, key: u32) -> Outcome<bool> {
    tx.remove(&SESSIONS, &[server.into(), key.into()])
}

fn session(row: &dyn Row) -> Outcome<Session> {
    let state = row.text(3)?;
    let address = row.text_or_null(23)?;
    let address = address.map(|text| text.parse().map_err(|_| row.wrong(23, text))).transpose()?;
    let owned = |column| -> Outcome<String> { Ok(row.text(column)?.to_owned()) };
    let optional =
        |column| -> Outcome<Option<String>> { Ok(row.text_or_null(column)?.map(str::to_owned)) };
    Ok(Session {
        key: row.number(1)?,
        feature: row.int(2)?,
        state: State::named(state).ok_or_else(|| row.wrong(3, state))?,
        client: Identity {
            user: owned(4)?,
            host: owned(5)?,
            host_id: owned(22)?,
            x_display: owned(20)?,
            sharing_id: owned(21)?,
            lock_code: owned(24)?,
            address,
        },
        group: owned(19)?,
        units: row.number(6)?,
        kept: row.number(7)?,
        drawn: row.number(8)?,
        shares: row.number_or_null(9)?,
        clients: row.number(10)?,
        share_key: optional(11)?,
        node: optional(12)?,
        license: owned(13)?,
        trial: row.int_or_null(14)?,
        start: row.int(15)?,
        refreshed: row.int(16)?,
        due: row.int_or_null(17)?,
        hold: row.int(18)?,
        issuer: owned(25)?,
        observed: row.flag(26)?,
        remote: row.flag(27)?,
        comment: owned(28)?,
    })
}

/// What the tokens of a feature come to; nothing when none was ever issued.
pub fn counts(read: &mut dyn Read, server: i64, feature: i64) -> Outcome<Counts> {
    let sql = "select used, commuted, held, unattributed, queued, wanted, kept, drawn from rms_counts \
               where server = ?1 and feature = ?2";
    let found = read.one(sql, &[server.into(), feature.into()], |row| {
        Ok(Counts {
            used: row.number(0)?,
            commuted: row.number(1)?,
            held: row.number(2)?,
            unattributed: row.number(3)?,
            queued: row.number(4)?,
            wanted: row.number(5)?,
            kept: row.number(6)?,
            drawn: match row.text(7)? {
                "{}" => BTreeMap::new(),
                text => drawn(text).ok_or_else(|| row.wrong(7, text))?,
            },
        })
    })?;
    Ok(found.unwrap_or_default())
}

fn drawn(text: &str) -> Option<BTreeMap<String, u64>> {
    let json: Map<String, Json> = serde_json::from_str(text).ok()?;
    json.into_iter().map(|(group, units)| Some((group, u64::held(&units)?))).collect()
}

/// The features of which tokens were ever issued.
pub fn counted(read: &mut dyn Read, server: i64) -> Outcome<Vec<i64>> {
    let sql = "select feature from rms_counts where server = ?1 order by feature";
    read.all(sql, &[server.into()], |row| row.int(0))
}

/// Writes what the tokens of a feature come to.
pub fn save_counts(tx: &mut dyn Tx, server: i64, feature: i64, counts: &Counts) -> Outcome<()> {
    let drawn: Map<String, Json> =
        counts.drawn.iter().map(|(group, units)| (group.clone(), Json::from(*units))).collect();
    let drawn = Json::Object(drawn).to_string();
    let values: [Value<'_>; 10] = [
        server.into(),
        feature.into(),
        count(counts.used).into(),
        count(counts.commuted).into(),
        count(counts.held).into(),
        count(counts.unattributed).into(),
        count(counts.queued).into(),
        count(counts.wanted).into(),
        count(counts.kept).into(),
        (&drawn).into(),
    ];
    tx.put(&COUNTS, &values).map(|_| ())
}

/// Removes what the tokens of a feature come to.
pub fn remove_counts(tx: &mut dyn Tx, server: i64, feature: i64) -> Outcome<bool> {
    tx.remove(&COUNTS, &[server.into(), feature.into()])
}

/// The next numbers of a License Manager, and its latest moment in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counters {
    pub key: u32,
    /// Counts down from -1.
    pub event: i64,
    pub latest: i64,
}

/// The next numbers of a License Manager.
pub fn counters(read: &mut dyn Read, server: i64) -> Outcome<Counters> {
    let sql = "select next_key, next_event, latest_s from rms_counters where server = ?1";
    let found = read.one(sql, &[server.into()], |row| {
        Ok(Counters { key: row.number(0)?, event: row.int(1)?, latest: row.int(2)? })
    })?;
    Ok(found.unwrap_or(Counters { key: 1, event: -1, latest: i64::MIN }))
}

/// Keeps the next numbers of a License Manager.
pub fn save_counters(tx: &mut dyn Tx, server: i64, counters: Counters) -> Outcome<()> {
    let sql = "insert into rms_counters(server, next_key, next_event, latest_s) values(?1, ?2, ?3, ?4) \
               on conflict(server) do update set next_key = excluded.next_key, \
               next_event = excluded.next_event, latest_s = excluded.latest_s";
    let values =
        [server.into(), counters.key.into(), counters.event.into(), counters.latest.into()];
    tx.exec(sql, &values).map(|_| ())
}

/// Counts of tokens that are not what the sessions say.
pub fn audit(read: &mut dyn Read) -> Outcome<Vec<String>> {
    let sql = "select v.name, f.name, c.used, coalesce(s.used, 0) + c.unattributed from rms_counts c \
               join rms_servers v on v.id = c.server join rms_features f on f.id = c.feature \
               left join (select server, feature, sum(units) as used from rms_sessions \
               where state in ('running', 'left', 'vacated', 'expelled', 'held', 'commuted') group by server, feature) s \
               on s.server = c.server and s.feature = c.feature where c.used <> coalesce(s.used, 0) + c.unattributed";
    read.all(sql, &[], |row| {
        let (server, feature) = (row.text(0)?, row.text(1)?);
        let (kept, counted) = (row.int(2)?, row.int(3)?);
        Ok(format!(
            "rms: `{server}` keeps {kept} units in use of `{feature}`, and its sessions have {counted}"
        ))
    })
}
