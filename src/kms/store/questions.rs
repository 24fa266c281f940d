//! What the questions read beside the units: tallies, clocks, record numbers, results, events, snapshots.
//!
//! Every stream leaves hidden imports out. What is grouped is grouped here; what must come in an order is sorted by the engine.

use super::evidence::{Snapshot, moment, packed_text};
use super::names::{Names, Sku};
use super::noted::Noted;
use super::units::Scope;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::report::Period;
use crate::kms::report::witness::Told;
use crate::store::{Flow, Read, Row, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Requests that are not hidden, of the scope and of a span of time: host, first and last millisecond.
const SEEN: &str = "r.import not in (select change from hidden) and (?1 is null or r.host = ?1) \
     and r.time_s * 1000 + r.ms between ?2 and ?3";

/// The same of one host, whose requests stand together in the table.
const SEEN_BY: &str = "r.import not in (select change from hidden) and r.host = ?1 \
     and r.time_s * 1000 + r.ms between ?2 and ?3";

/// A request as the trend counts it.
#[derive(Debug)]
pub struct Tally<'a> {
    pub cmid: Uuid,
    pub time: Timestamp,
    pub host: &'a str,
    pub sku: Sku,
    pub status: u8,
    pub hresult: u32,
    pub virtual_machine: bool,
    pub required: u32,
}

/// Hands out the requests of a span of time in the order of their CMID, so that the reader holds one client at a time.
pub fn each_tally(
    read: &mut dyn Read,
    names: &Names,
    scope: &Scope,
    period: Period,
    each: &mut dyn FnMut(&Tally<'_>),
) -> Outcome<()> {
    let sql = format!(
        "select c.cmid, r.time_s, r.ms, r.host, r.sku, r.status, r.hresult, r.virtual_machine, r.required \
         from kms_requests r cross join kms_clients c where c.id = r.client and {SEEN}{} order by c.cmid",
        scope.origin()
    );
    let values = [scope.host.into(), period.start.into(), period.now.into()];
    read.each(&sql, &values, &mut |row| {
        each(&Tally {
            cmid: row.guid(0)?,
            time: moment(row, 1, 2)?,
            host: names.host(row.int(3)?)?,
            sku: names.sku(row.int(4)?)?,
            status: row.number(5)?,
            hresult: row.number(6)?,
            virtual_machine: row.flag(7)?,
            required: row.number(8)?,
        });
        Ok(Flow::Continue(()))
    })
}

/// Hands out the day, as its number since 1970, and the status of every request of a span of time, in no order.
pub fn each_day(
    read: &mut dyn Read,
    scope: &Scope,
    period: Period,
    each: &mut dyn FnMut(i64, u32),
) -> Outcome<()> {
    let sql = format!(
        "select r.time_s / 86400, r.status from kms_requests r where {SEEN}{}",
        scope.origin()
    );
    let values = [scope.host.into(), period.start.into(), period.now.into()];
    read.each(&sql, &values, &mut |row| {
        each(row.int(0)?, row.number(1)?);
        Ok(Flow::Continue(()))
    })
}

/// A request whose two clocks differ.
#[derive(Debug)]
pub struct Clock<'a> {
    pub cmid: Uuid,
    pub name: &'a str,
    pub host: &'a str,
    /// When the host logged it.
    pub time: Timestamp,
    /// What the client's clock showed, as logged.
    pub client_time: &'a str,
}

/// Hands out the requests of a span of time whose client time is farther than `apart_s` seconds from that of the host, or is in
/// no usual form, in the order of client and time.
///
/// - `noted`: the records where such requests stand.
pub fn each_clock(
    read: &mut dyn Read,
    names: &Names,
    scope: &Scope,
    (period, apart_s, noted): (Period, i64, &Noted),
    each: &mut dyn FnMut(&Clock<'_>) -> Outcome<()>,
) -> Outcome<()> {
    let sql = format!(
        "select c.cmid, c.name, r.host, r.time_s, r.ms, r.client_offset, r.client_time from {} \
         cross join kms_clients c where c.id = r.client and {SEEN}{} and (r.client_offset is null \
         or abs((r.client_offset >> 1) * 60 - r.time_s % 60) > ?4) order by c.cmid, c.name, r.time_s, r.ms",
        noted.requests("?5"),
        scope.origin()
    );
    let list = noted.list();
    let mut values: Vec<Value<'_>> =
        vec![scope.host.into(), period.start.into(), period.now.into(), apart_s.into()];
    values.extend(list.as_ref().map(Value::from));
    read.each(&sql, &values, &mut |row| {
        let time = moment(row, 3, 4)?;
        let text = logged_client_time(row, 5, time)?;
        each(&Clock {
            cmid: row.guid(0)?,
            name: row.text(1)?,
            host: names.host(row.int(2)?)?,
            time,
            client_time: &text,
        })?;
        Ok(Flow::Continue(()))
    })
}

/// A request of a client whose own log was imported too.
#[derive(Debug)]
pub struct Witnessed<'a> {
    pub cmid: Uuid,
    pub activation: Uuid,
    pub host: &'a str,
    /// When the host logged it.
    pub time: Timestamp,
    /// What the client's clock showed, as logged.
    pub client_time: &'a str,
    pub told: Told,
}

/// The CMIDs in the events that clients log when they send a request.
const WITNESSES: &str = "select unhex(json_extract(e.fields, '$.ClientMachineID'), '-') from kms_events e where e.event = 12288 \
     and e.import not in (select change from hidden)";

/// Hands out the imported requests of a span of time whose clients logged requests themselves.
pub fn each_witnessed(
    read: &mut dyn Read,
    names: &Names,
    (from, until): (Timestamp, Timestamp),
    each: &mut dyn FnMut(&Witnessed<'_>),
) -> Outcome<()> {
    let sql = format!(
        "select c.cmid, r.sku, r.host, r.time_s, r.ms, r.client_offset, r.client_time, c.name, r.status, r.minutes, \
         r.virtual_machine, r.required from kms_requests r cross join kms_clients c \
         where r.time_s between ?4 and ?5 and r.client in (select id from kms_clients where cmid in ({WITNESSES})) \
         and c.id = r.client and {SEEN} and r.origin = 0 order by r.host, r.record"
    );
    let (first, last) = (from.s().into(), until.s().into());
    read.each(&sql, &[Value::Null, from.into(), until.into(), first, last], &mut |row| {
        let time = moment(row, 3, 4)?;
        let text = logged_client_time(row, 5, time)?;
        each(&Witnessed {
            cmid: row.guid(0)?,
            activation: names.sku(row.int(1)?)?.guid,
            host: names.host(row.int(2)?)?,
            time,
            client_time: &text,
            told: Told {
                client: row.text(7)?.to_owned(),
                status: row.number(8)?,
                minutes: row.number(9)?,
                virtual_machine: row.flag(10)?,
                required: Some(row.number(11)?),
            },
        });
        Ok(Flow::Continue(()))
    })
}

/// The client time of a row, packed in the column `at` or as text in the next one.
fn logged_client_time(row: &dyn Row, at: usize, time: Timestamp) -> Outcome<String> {
    match row.int_or_null(at)? {
        Some(packed) => packed_text(packed, time).ok_or_else(|| row.wrong(at, packed)),
        None => Ok(row.text(at + 1)?.to_owned()),
    }
}

/// Requests of a host by result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Result {
    pub host: i64,
    pub hresult: u32,
    pub rows: u64,
    pub last: Timestamp,
}

/// How many requests of a span of time ended with which result, by host.
pub fn results(read: &mut dyn Read, scope: &Scope, period: Period) -> Outcome<Vec<Result>> {
    let sql = format!(
        "select r.host, r.hresult, count(*), max(r.time_s * 1000 + r.ms) from kms_requests r where {SEEN}{} \
         group by r.host, r.hresult order by r.host, r.hresult",
        scope.origin()
    );
    let values = [scope.host.into(), period.start.into(), period.now.into()];
    read.all(&sql, &values, |row| {
        Ok(Result {
            host: row.int(0)?,
            hresult: row.number(1)?,
            rows: row.number(2)?,
            last: row.time(3)?,
        })
    })
}

/// Requests of one host after `from` and up to `until`, by product, status and whether they were valid.
pub fn counted(
    read: &mut dyn Read,
    names: &Names,
    host: i64,
    (from, until): (Timestamp, Timestamp),
    each: &mut dyn FnMut(Sku, u8, bool, u64),
) -> Outcome<()> {
    let sql = format!(
        "select r.sku, r.status, r.hresult = 0, count(*) from kms_requests r where {SEEN_BY} \
         group by r.sku, r.status, r.hresult = 0"
    );
    let values = [host.into(), from.plus_ms(1).into(), until.into()];
    read.each(&sql, &values, &mut |row| {
        each(names.sku(row.int(0)?)?, row.number(1)?, row.flag(2)?, row.number(3)?);
        Ok(Flow::Continue(()))
    })
}

/// Hands out record number and time of the requests of one host, in the order of time, and of the strangers in the same log;
/// without the numbers that a log without record numbers was given.
pub fn each_stamp(
    read: &mut dyn Read,
    host: i64,
    until: Timestamp,
    each: &mut dyn FnMut(Option<u64>, Timestamp),
) -> Outcome<()> {
    let sql = format!(
        "select r.record, r.time_s, r.ms from kms_requests r where {SEEN_BY} and r.origin = 0 \
         union all select e.record, e.time_s, e.ms from kms_events e where e.host = ?1 and e.event not between 12288 and 12294 \
         and e.record > 0 and e.import not in (select change from hidden) and e.time_s * 1000 + e.ms between ?2 and ?3 \
         order by 2, 3, 1"
    );
    read.each(&sql, &[host.into(), Timestamp::MIN.into(), until.into()], &mut |row| {
        each(u64::try_from(row.int(0)?).ok(), moment(row, 1, 2)?);
        Ok(Flow::Continue(()))
    })
}

/// Another event of the KMS logs.
#[derive(Debug)]
pub struct Event<'a> {
    pub host: &'a str,
    pub time: Timestamp,
    /// `None` when the container had no record numbers.
    pub record: Option<u64>,
    pub id: u32,
    /// Its fields, a JSON object.
    pub fields: &'a str,
}

/// Hands out the other events up to `until`, host by host in the order of time.
pub fn each_event(
    read: &mut dyn Read,
    names: &Names,
    scope: &Scope,
    (from, until): (Timestamp, Timestamp),
    each: &mut dyn FnMut(&Event<'_>) -> Outcome<Flow>,
) -> Outcome<()> {
    if scope.model_alone() {
        return Ok(());
    }
    let sql = "select e.host, e.time_s, e.ms, e.record, e.event, e.fields from kms_events e \
         where e.import not in (select change from hidden) and (?1 is null or e.host = ?1) \
         and e.time_s * 1000 + e.ms between ?2 and ?3 order by e.host, e.time_s, e.ms, e.record";
    read.each(sql, &[scope.host.into(), from.into(), until.into()], &mut |row| {
        each(&Event {
            host: names.host(row.int(0)?)?,
            time: moment(row, 1, 2)?,
            record: u64::try_from(row.int(3)?).ok().filter(|record| *record > 0),
            id: row.number(4)?,
            fields: row.text(5)?,
        })
    })
}

/// Hands out every snapshot up to `until`, machine by machine in the order of time.
pub fn each_snapshot(
    read: &mut dyn Read,
    scope: &Scope,
    until: Timestamp,
    each: &mut dyn FnMut(&Snapshot) -> Outcome<()>,
) -> Outcome<()> {
    if scope.model_alone() {
        return Ok(());
    }
    let sql = "select s.host, s.taken_ms, s.body from kms_snapshots s join kms_hosts h on h.id = s.host \
         where s.import not in (select change from hidden) and (?1 is null or s.host = ?1) and s.taken_ms <= ?2 \
         order by h.name, s.taken_ms, s.sha256";
    read.each(sql, &[scope.host.into(), until.into()], &mut |row| {
        let body = row.text(2)?.to_owned();
        each(&Snapshot { host: row.int(0)?, taken: row.time(1)?, body })?;
        Ok(Flow::Continue(()))
    })
}

/// The domains in which the newest attempt of any host to publish succeeded, up to `until`.
pub fn published(read: &mut dyn Read, until: Timestamp) -> Outcome<Vec<String>> {
    let sql = "select e.event, json_extract(e.fields, '$.Domain') from kms_events e \
         where e.import not in (select change from hidden) and e.event in (12293, 12294) and e.time_s * 1000 + e.ms <= ?1 \
         and json_extract(e.fields, '$.Domain') is not null order by e.time_s, e.ms";
    let mut newest: BTreeMap<String, bool> = BTreeMap::new();
    read.each(sql, &[until.into()], &mut |row| {
        newest.insert(row.text(1)?.to_lowercase(), row.int(0)? == 12294);
        Ok(Flow::Continue(()))
    })?;
    Ok(newest.into_iter().filter_map(|(domain, done)| done.then_some(domain)).collect())
}
