//! The event list of each server.

use super::servers::SERVERS;
use crate::error::Outcome;
use crate::store::{Flow, Read, Table, Tx, Value};
use crate::tslicense::model::Event;

pub static EVENTS: Table = Table {
    name: "tslicense_events",
    key: 2,
    columns: &["server", "number", "time_ms", "event_id", "text"],
    object: "event",
    label: "event_id",
    parent: Some(SERVERS.name),
};

/// Adds an event to the list of a server.
pub fn add(tx: &mut dyn Tx, server: i64, event: &Event) -> Outcome<()> {
    let sql = "select coalesce(max(number), 0) + 1 from tslicense_events where server = ?1";
    let number = tx.reading().one(sql, &[server.into()], |row| row.int(0))?.unwrap_or(1);
    let values: [Value<'_>; 5] =
        [server.into(), number.into(), event.at.into(), event.id.into(), (&event.text).into()];
    tx.put(&EVENTS, &values).map(|_| ())
}

/// Hands out the events of a server, the oldest first.
pub fn each(
    read: &mut dyn Read,
    server: i64,
    found: &mut dyn FnMut(Event) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql =
        "select time_ms, event_id, text from tslicense_events where server = ?1 order by number";
    read.each(sql, &[server.into()], &mut |row| {
        found(Event { at: row.time(0)?, id: row.number(1)?, text: row.text(2)?.to_owned() })
    })
}

/// Removes the list of a server.
pub fn remove(tx: &mut dyn Tx, server: i64) -> Outcome<()> {
    let sql = "select number from tslicense_events where server = ?1";
    for number in tx.reading().all(sql, &[server.into()], |row| row.int(0))? {
        tx.remove(&EVENTS, &[server.into(), number.into()])?;
    }
    Ok(())
}
