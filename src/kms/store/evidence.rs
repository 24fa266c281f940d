//! Evidence: requests, other events, snapshots. Append-only; each row has the number of its import.

use super::names::Names;
use crate::clock::{Civil, Timestamp};
use crate::error::Outcome;
use crate::store::{Flow, Read, Row, Tx, Value};
use std::collections::HashSet;
use std::ops::RangeInclusive;
use uuid::Uuid;

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Imported,
    /// Simulated by the model.
    Model,
}

impl Origin {
    pub const ALL: [Self; 2] = [Self::Imported, Self::Model];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Model => "model",
        }
    }

    const fn number(self) -> i64 {
        match self {
            Self::Imported => 0,
            Self::Model => 1,
        }
    }
}

/// A request on its way into the store, its names made numbers.
#[derive(Debug, Clone)]
pub struct NewRequest {
    pub host: i64,
    /// EventRecordID, or -n for the n-th of equal rows without one.
    pub record: i64,
    pub time: Timestamp,
    pub client: i64,
    pub sku: i64,
    pub status: u8,
    pub minutes: u32,
    pub hresult: u32,
    pub required: u32,
    pub virtual_machine: bool,
    /// As the log has it.
    pub client_time: ClientTime,
    pub lead: Option<Box<str>>,
    pub origin: Origin,
    pub file: i64,
}

/// A client time, kept so that its text comes out as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientTime {
    /// Minutes from the event's own minute, doubled, plus 1 when the hour is padded to two digits.
    Offset(i64),
    Text(Box<str>),
}

impl ClientTime {
    /// Packs `YYYY/M/D H:MM`; any other text is kept as it is.
    #[must_use]
    pub fn pack(text: &str, event: Timestamp) -> Self {
        let base = event.s().div_euclid(60);
        match minute(text) {
            Some((minute, padded)) => Self::Offset((minute - base) * 2 + i64::from(padded)),
            None => Self::Text(text.into()),
        }
    }
}

/// The minute since 1970 that a client time names, and whether its hour is padded to two digits though it needs one.
fn minute(text: &str) -> Option<(i64, bool)> {
    let mut rest = text.as_bytes();
    let (year, _) = number(&mut rest, b'/', 4..=4)?;
    let (month, month_digits) = number(&mut rest, b'/', 1..=2)?;
    let (day, day_digits) = number(&mut rest, b' ', 1..=2)?;
    let (hour, hour_digits) = number(&mut rest, b':', 1..=2)?;
    let (minute, minute_digits) = digits(rest)?;
    // Only what prints back as it came: no paddings but that of the hour.
    let unpadded = |number: i64, digits: usize| digits == if number < 10 { 1 } else { 2 };
    if !unpadded(month, month_digits) || !unpadded(day, day_digits) || minute_digits != 2 {
        return None;
    }
    let at = Timestamp::from_civil(&Civil { year, month, day, hour, minute, second: 0 })?;
    Some((at.s().div_euclid(60), hour < 10 && hour_digits == 2))
}

/// Takes a number up to `mark`; the number and its digits.
fn number(rest: &mut &[u8], mark: u8, width: RangeInclusive<usize>) -> Option<(i64, usize)> {
    let end = rest.iter().take(5).position(|byte| *byte == mark)?;
    let (text, after) = rest.split_at_checked(end)?;
    *rest = after.get(1..)?;
    digits(text).filter(|(_, digits)| width.contains(digits))
}

fn digits(text: &[u8]) -> Option<(i64, usize)> {
    let number = text.iter().try_fold(0_i64, |sum, byte| {
        byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0'))
    })?;
    (1..=4).contains(&text.len()).then_some((number, text.len()))
}

/// The text of a packed client time.
pub(super) fn packed_text(packed: i64, event: Timestamp) -> Option<String> {
    let minute = event.s().div_euclid(60) + packed.div_euclid(2);
    let Civil { year, month, day, hour, minute, .. } =
        Timestamp::from_s(minute.checked_mul(60)?)?.civil();
    let mut text = String::with_capacity(16);
    let hour_digits = if packed.rem_euclid(2) == 1 { 2 } else { 1 };
    for (number, least, mark) in
        [(year, 4, '/'), (month, 1, '/'), (day, 1, ' '), (hour, hour_digits, ':'), (minute, 2, ' ')]
    {
        for place in (0..4_u32).rev() {
            let power = 10_i64.pow(place);
            if number >= power || place < least {
                text.push(char::from(b'0' + u8::try_from(number / power % 10).unwrap_or(0)));
            }
        }
        text.push(mark);
    }
    text.pop();
    Some(text)
}

/// The table of requests with the columns that a new one has.
const REQUESTS: &str = "kms_requests(host, record, time_s, client, sku, status, minutes, ms, hresult, required, \
     virtual_machine, client_offset, client_time, lead, origin, file, import)";

/// The values of a request; one that an undone import left hidden is taken over.
const TAKEN_OVER: &str = "values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) \
     on conflict(host, record, time_s, client, sku, status, minutes) do update set import = excluded.import, file = excluded.file \
     where kms_requests.import <> excluded.import and kms_requests.import in (select change from hidden)";

/// Columns of [`REQUESTS`].
const WIDTH: usize = 17;

/// Adds requests; `added(row, whether)` is told of each, false for one that the store has.
///
/// A row that an undone import left hidden is taken over.
pub fn add_requests(
    tx: &mut dyn Tx,
    rows: &[NewRequest],
    added: &mut dyn FnMut(usize, bool),
) -> Outcome<()> {
    let (import, looked) = (tx.change(), Looked::at(tx.reading(), rows)?);
    let mut values: Vec<Value<'_>> = Vec::with_capacity(rows.len() * WIDTH);
    let mut written = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        if looked.known.contains(&row.place()) {
            added(at, false);
            continue;
        }
        written.push(at);
        let (offset, text) = match &row.client_time {
            ClientTime::Offset(offset) => (Value::Int(*offset), Value::Null),
            ClientTime::Text(text) => (Value::Null, Value::Text(text)),
        };
        values.extend::<[Value<'_>; WIDTH]>([
            row.host.into(),
            row.record.into(),
            row.time.s().into(),
            row.client.into(),
            row.sku.into(),
            row.status.into(),
            row.minutes.into(),
            row.time.ms().rem_euclid(1000).into(),
            row.hresult.into(),
            row.required.into(),
            row.virtual_machine.into(),
            offset,
            text,
            row.lead.as_deref().into(),
            row.origin.number().into(),
            row.file.into(),
            import.into(),
        ]);
    }
    tx.repeats(u64::try_from(rows.len() - written.len()).unwrap_or(u64::MAX));
    if looked.tells_all {
        tx.add(REQUESTS, WIDTH, &values)?;
        for at in written {
            added(at, true);
        }
        return Ok(());
    }
    tx.many(
        &format!("insert into {REQUESTS} {TAKEN_OVER}"),
        WIDTH,
        &values,
        &mut |number, whether| {
            if let Some(at) = written.get(number) {
                added(*at, whether);
            }
        },
    )
}

/// What tells a request from the others of its host: record, second, client, SKU, status, minutes.
type InHost = [i64; 6];

impl NewRequest {
    fn place(&self) -> InHost {
        let Self { record, time, client, sku, status, minutes, .. } = self;
        [*record, time.s(), *client, *sku, (*status).into(), (*minutes).into()]
    }
}

/// What one look at the store tells of rows: a log that is imported again is read, which is much less work than refusing to write
/// each row, and rows of which nothing is there are added together.
#[derive(Default)]
struct Looked {
    /// Those that are there.
    known: HashSet<InHost>,
    /// Whether each of the others may be added: the store does not have it, nor does it come twice.
    tells_all: bool,
}

impl Looked {
    fn at(read: &mut dyn Read, rows: &[NewRequest]) -> Outcome<Self> {
        let records = rows.iter().map(|row| row.record);
        let (Some(first), Some(least), Some(most)) =
            (rows.first(), records.clone().min(), records.clone().max())
        else {
            return Ok(Self::default());
        };
        // Few others lie between the records of one log; rows without a record all lie at one place.
        let near = i64::try_from(rows.len()).unwrap_or(0).saturating_mul(2);
        let together =
            least >= 0 && most - least < near && rows.iter().all(|row| row.host == first.host);
        if rows.len() < 2 || !together {
            return Ok(Self::default());
        }
        // A log runs forwards or backwards.
        let once = records.clone().is_sorted_by(|one, next| one < next)
            || records.is_sorted_by(|one, next| one > next);
        let mut looked = Self { tells_all: once, ..Self::default() };
        let sql = "select record, time_s, client, sku, status, minutes, import in (select change from hidden) \
             from kms_requests where host = ?1 and record between ?2 and ?3";
        read.each(sql, &[first.host.into(), least.into(), most.into()], &mut |row| {
            let mut place = InHost::default();
            for (column, number) in place.iter_mut().enumerate() {
                *number = row.int(column)?;
            }
            if row.flag(place.len())? {
                // What an undone import left is taken over row by row.
                looked.tells_all = false;
            } else {
                looked.known.insert(place);
            }
            Ok(Flow::Continue(()))
        })?;
        Ok(looked)
    }
}

/// Another event of the KMS logs on its way into the store.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub host: i64,
    pub time: Timestamp,
    /// EventRecordID, or 0 when the container has none.
    pub record: i64,
    pub event: u32,
    /// Its fields as a JSON object.
    pub fields: String,
    pub file: i64,
}

/// Adds events; `added(row, whether)` is told of each, false for one that the store has.
pub fn add_events(
    tx: &mut dyn Tx,
    rows: &[NewEvent],
    added: &mut dyn FnMut(usize, bool),
) -> Outcome<()> {
    let import = tx.change();
    let mut values: Vec<Value<'_>> = Vec::with_capacity(rows.len() * 8);
    for row in rows {
        values.extend::<[Value<'_>; 8]>([
            row.host.into(),
            row.time.s().into(),
            row.record.into(),
            row.event.into(),
            (&row.fields).into(),
            row.time.ms().rem_euclid(1000).into(),
            row.file.into(),
            import.into(),
        ]);
    }
    let sql = "insert into kms_events(host, time_s, record, event, fields, ms, file, import) \
         values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
         on conflict(host, time_s, record, event, fields) do update set import = excluded.import, file = excluded.file \
         where kms_events.import <> excluded.import and kms_events.import in (select change from hidden)";
    tx.many(sql, 8, &values, added)
}

/// What a tool showed of a machine, on its way into the store.
#[derive(Debug, Clone)]
pub struct NewSnapshot {
    pub host: i64,
    pub taken: Timestamp,
    /// Of `body`.
    pub sha256: [u8; 32],
    /// The kind of artefact.
    pub kind: &'static str,
    /// Canonical JSON: `{"service": {…}, "products": [{…}]}`.
    pub body: String,
    pub file: i64,
}

/// Adds snapshots; `added(row, whether)` is told of each, false for one that the store has.
pub fn add_snapshots(
    tx: &mut dyn Tx,
    rows: &[NewSnapshot],
    added: &mut dyn FnMut(usize, bool),
) -> Outcome<()> {
    let import = tx.change();
    let mut values: Vec<Value<'_>> = Vec::with_capacity(rows.len() * 7);
    for row in rows {
        values.extend::<[Value<'_>; 7]>([
            row.host.into(),
            row.taken.into(),
            Value::Blob(&row.sha256),
            row.kind.into(),
            (&row.body).into(),
            row.file.into(),
            import.into(),
        ]);
    }
    let sql = "insert into kms_snapshots(host, taken_ms, sha256, kind, body, file, import) values(?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         on conflict(host, taken_ms, sha256) do update set import = excluded.import, file = excluded.file \
         where kms_snapshots.import <> excluded.import and kms_snapshots.import in (select change from hidden)";
    tx.many(sql, 7, &values, added)
}

/// The newest snapshot of a machine at `now`.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub host: i64,
    pub taken: Timestamp,
    pub body: String,
}

/// The newest snapshot of each machine that was taken at or before `now`, in the order of their names.
pub fn newest_snapshots(read: &mut dyn Read, now: Timestamp) -> Outcome<Vec<Snapshot>> {
    let sql = "select s.host, s.taken_ms, s.body from kms_snapshots s join kms_hosts h on h.id = s.host \
         where s.taken_ms <= ?1 and s.import not in (select change from hidden) \
         and not exists (select 1 from kms_snapshots n where n.host = s.host and n.taken_ms <= ?1 \
         and n.import not in (select change from hidden) and (n.taken_ms, n.sha256) > (s.taken_ms, s.sha256)) order by h.name";
    read.all(sql, &[now.into()], |row| {
        Ok(Snapshot { host: row.int(0)?, taken: row.time(1)?, body: row.text(2)?.to_owned() })
    })
}

/// Which requests are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Number of the host; `None` for all.
    pub host: Option<i64>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// A stored request.
#[derive(Debug)]
pub struct Request<'a> {
    pub host: &'a str,
    /// `None` when the log had no record numbers.
    pub record: Option<i64>,
    pub time: Timestamp,
    pub cmid: Uuid,
    pub name: &'a str,
    pub sku: super::names::Sku,
    pub status: u8,
    pub minutes: u32,
    pub hresult: u32,
    pub required: u32,
    pub virtual_machine: bool,
    /// As the log had it.
    pub client_time: String,
    pub origin: Origin,
}

const REQUEST: &str = "select r.host, r.record, r.time_s, r.ms, c.cmid, c.name, r.sku, r.status, r.minutes, r.hresult, r.required, \
     r.virtual_machine, r.client_offset, r.client_time, r.origin from kms_requests r cross join kms_clients c where c.id = r.client";

/// Hands out requests, host by host in the order of their records.
pub fn each_request(
    read: &mut dyn Read,
    names: &Names,
    wanted: &Wanted,
    each: &mut dyn FnMut(&Request<'_>) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = format!(
        "{REQUEST} and r.import not in (select change from hidden) and (?1 is null or r.host = ?1) \
         and r.time_s >= ?2 and r.time_s <= ?3 order by r.host, r.record, r.time_s"
    );
    let from = wanted.from.unwrap_or(Timestamp::MIN).s();
    let until = wanted.until.unwrap_or(Timestamp::MAX).s();
    read.each(&sql, &[wanted.host.into(), from.into(), until.into()], &mut |row| {
        each(&request(row, names)?)
    })
}

fn request<'a>(row: &'a dyn Row, names: &'a Names) -> Outcome<Request<'a>> {
    let time = moment(row, 2, 3)?;
    let client_time = match row.int_or_null(12)? {
        Some(packed) => packed_text(packed, time).ok_or_else(|| row.wrong(12, packed))?,
        None => row.text(13)?.to_owned(),
    };
    Ok(Request {
        host: names.host(row.int(0)?)?,
        record: Some(row.int(1)?).filter(|record| *record >= 0),
        time,
        cmid: row.guid(4)?,
        name: row.text(5)?,
        sku: names.sku(row.int(6)?)?,
        status: row.number(7)?,
        minutes: row.number(8)?,
        hresult: row.number(9)?,
        required: row.number(10)?,
        virtual_machine: row.flag(11)?,
        client_time,
        origin: if row.flag(14)? { Origin::Model } else { Origin::Imported },
    })
}

/// The instant of a row that keeps whole seconds and milliseconds apart.
pub(super) fn moment(row: &dyn Row, seconds: usize, ms: usize) -> Outcome<Timestamp> {
    let (whole, part) = (row.int(seconds)?, row.int(ms)?);
    let ms = whole.checked_mul(1000).and_then(|ms| ms.checked_add(part));
    ms.and_then(Timestamp::from_ms).ok_or_else(|| row.wrong(seconds, whole))
}

#[cfg(test)]
mod tests {
    use super::{ClientTime, packed_text};
    use crate::clock::Timestamp;

    #[test]
    fn a_client_time_comes_out_as_it_came_in() {
        let event = Timestamp::parse("2025-03-09T07:05:12Z").unwrap();
        for text in [
            "2025/3/9 7:05",
            "2025/3/9 07:05",
            "2025/3/8 23:59",
            "2026/1/1 0:00",
            "1999/12/31 12:00",
        ] {
            let ClientTime::Offset(packed) = ClientTime::pack(text, event) else {
                panic!("{text} is not packed")
            };
            assert_eq!(packed_text(packed, event).as_deref(), Some(text));
        }
        for text in [
            "",
            "2025/03/09 07:05",
            "yesterday",
            "2025/13/1 0:00",
            "2025/3/9 7:5",
            "2025/3/9 7:05 ",
        ] {
            assert_eq!(ClientTime::pack(text, event), ClientTime::Text(text.into()), "{text}");
        }
    }
}
