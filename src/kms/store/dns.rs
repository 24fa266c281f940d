//! What DNS said when: evidence, append-only; each row has the number of its import.

use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::rules::srv::{Data, Record, Said, Srv};
use crate::store::{Read, Row, Tx, Value};
use std::collections::BTreeMap;

/// What a file said, on its way into the store.
#[derive(Debug, Clone)]
pub struct NewData {
    pub taken: Timestamp,
    /// Digest of all that the file said.
    pub source: [u8; 32],
    pub said: Vec<Said>,
    pub file: i64,
}

/// The word of a zone in the column `kind`.
const ZONE: &str = "ZONE";

/// A time to live that the data does not tell.
const NO_TTL: i64 = -1;

/// Columns of a row.
const WIDTH: usize = 12;

/// Adds what was said; `added(row, whether)` is told of each, false for what the store has.
pub fn add(tx: &mut dyn Tx, data: &NewData, added: &mut dyn FnMut(usize, bool)) -> Outcome<()> {
    let import = tx.change();
    let mut values: Vec<Value<'_>> = Vec::with_capacity(data.said.len() * WIDTH);
    for said in &data.said {
        let (owner, line, ttl) = match said {
            Said::Record(record) => (record.owner.as_str(), record.line, record.ttl),
            Said::Zone(zone) => (zone.as_str(), 0, None),
        };
        let srv = match said {
            Said::Record(Record { data: Data::Srv(srv), .. }) => Some(srv),
            _ => None,
        };
        let kind = match said {
            Said::Zone(_) => ZONE,
            Said::Record(record) => record.data.word(),
        };
        values.extend::<[Value<'_>; WIDTH]>([
            data.taken.into(),
            Value::Blob(&data.source),
            owner.into(),
            kind.into(),
            i64::try_from(line).unwrap_or(i64::MAX).into(),
            srv.map_or(0, |srv| i64::from(srv.priority)).into(),
            srv.map_or(0, |srv| i64::from(srv.weight)).into(),
            srv.map_or(0, |srv| i64::from(srv.port)).into(),
            srv.map_or("", |srv| srv.target.as_str()).into(),
            ttl.map_or(NO_TTL, i64::from).into(),
            data.file.into(),
            import.into(),
        ]);
    }
    let sql = "insert into kms_dns(taken_ms, source, owner, kind, line, priority, weight, port, target, ttl, file, import) \
         values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
         on conflict(taken_ms, source, owner, kind, line, priority, weight, port, target, ttl) \
         do update set import = excluded.import, file = excluded.file \
         where kms_dns.import <> excluded.import and kms_dns.import in (select change from hidden)";
    tx.many(sql, WIDTH, &values, added)
}

/// What DNS says at a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    pub records: Vec<Record>,
    /// Zones of which the data is whole; lower case.
    pub zones: Vec<String>,
    /// When the newest of the data was taken; `None` when there is none.
    pub taken: Option<Timestamp>,
}

/// One thing that was said: when, by which data, what.
type Stored = (Timestamp, Vec<u8>, Said);

/// What DNS says at `now`: of each owner the newest data, unless the whole zone was seen later without it.
pub fn known(read: &mut dyn Read, now: Timestamp) -> Outcome<Known> {
    let sql = "select taken_ms, owner, kind, line, priority, weight, port, target, ttl, source from kms_dns \
         where taken_ms <= ?1 and import not in (select change from hidden) \
         order by owner, kind, priority, weight, port, target, taken_ms, source, line";
    let mut said: Vec<Stored> = Vec::new();
    read.each(sql, &[now.into()], &mut |row| {
        said.push((row.time(0)?, row.blob(9)?.to_vec(), stored(row)?));
        Ok(crate::store::Flow::Continue(()))
    })?;
    Ok(newest(&said))
}

/// Of each owner the newest data, unless the whole zone was seen later without it.
///
/// Data of the same instant is put together: a record stands there as often as in the one file that has it most often.
fn newest(said: &[Stored]) -> Known {
    let mut owners: BTreeMap<String, Timestamp> = BTreeMap::new();
    let mut zones: BTreeMap<String, Timestamp> = BTreeMap::new();
    for (taken, _, one) in said {
        let (newest, name) = match one {
            Said::Record(record) => (&mut owners, &record.owner),
            Said::Zone(zone) => (&mut zones, zone),
        };
        let newest = newest.entry(name.to_lowercase()).or_insert(*taken);
        *newest = (*newest).max(*taken);
    }
    // A name lies in a zone that was seen whole after it.
    let gone = |owner: &str, taken: Timestamp| {
        zones.iter().any(|(zone, seen)| *seen > taken && is_within(owner, zone))
    };
    // By what a record says but for its time to live, then by the file.
    let mut alike: BTreeMap<String, BTreeMap<&[u8], Vec<&Record>>> = BTreeMap::new();
    for (taken, source, one) in said {
        let Said::Record(record) = one else { continue };
        let owner = record.owner.to_lowercase();
        if owners.get(&owner) != Some(taken) || gone(&owner, *taken) {
            continue;
        }
        let key = format!("{owner} {:?}", record.data).to_lowercase();
        alike.entry(key).or_default().entry(source).or_default().push(record);
    }
    // Of files that have a record equally often the first, so that the order of imports does not matter.
    let most =
        alike.into_values().filter_map(|files| files.into_values().rev().max_by_key(Vec::len));
    let records = most.flatten().cloned().collect();
    let taken = said.iter().map(|(taken, ..)| *taken).max();
    Known { records, zones: zones.into_keys().collect(), taken }
}

/// Whether a name is that of the zone or one below it; both lower case.
#[must_use]
pub fn is_within(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone).is_some_and(|head| head.is_empty() || head.ends_with('.'))
}

fn stored(row: &dyn Row) -> Outcome<Said> {
    let (owner, kind) = (row.text(1)?.to_owned(), row.text(2)?);
    let data = match kind {
        ZONE => return Ok(Said::Zone(owner)),
        "A" => Data::Address,
        "CNAME" => Data::Alias,
        "SRV" => Data::Srv(Srv {
            priority: row.number(4)?,
            weight: row.number(5)?,
            port: row.number(6)?,
            target: row.text(7)?.to_owned(),
        }),
        other => return Err(row.wrong(2, other)),
    };
    let ttl = match row.int(8)? {
        NO_TTL => None,
        ttl => Some(u32::try_from(ttl).map_err(|_| row.wrong(8, ttl))?),
    };
    Ok(Said::Record(Record { owner, ttl, data, line: row.number(3)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::parse("2026-03-01T00:00:00Z").unwrap().plus_days(day)
    }

    fn srv(owner: &str, target: &str) -> Said {
        let srv = Srv { priority: 0, weight: 0, port: 1688, target: target.to_owned() };
        Said::Record(Record { owner: owner.to_owned(), ttl: None, data: Data::Srv(srv), line: 1 })
    }

    fn targets(said: &[(i64, Said)]) -> Vec<String> {
        let files = (0_u8..).zip(said);
        let said: Vec<Stored> =
            files.map(|(file, (day, one))| (at(*day), vec![file], one.clone())).collect();
        let known = newest(&said);
        let target = |record: &Record| record.kms().map(|(srv, _)| srv.target.clone());
        known.records.iter().filter_map(target).collect()
    }

    #[test]
    fn files_of_one_instant_tell_the_same_record_once_and_one_file_may_tell_it_twice() {
        let owner = "_vlmcs._tcp.corp.example";
        assert_eq!(targets(&[(1, srv(owner, "kms1")), (1, srv(owner, "KMS1"))]), ["kms1"]);
        let twice: Vec<Stored> =
            [1, 1, 2].map(|file| (at(1), vec![file], srv(owner, "kms1"))).into();
        assert_eq!(newest(&twice).records.len(), 2);
    }

    #[test]
    fn the_newest_data_of_an_owner_counts_whatever_came_first() {
        let (corp, lab) = ("_vlmcs._tcp.Corp.example", "_vlmcs._tcp.lab.example");
        let mut said = vec![
            (1, srv(corp, "old")),
            (2, srv(&corp.to_lowercase(), "new")),
            (1, srv(lab, "lab")),
        ];
        assert_eq!(targets(&said), ["new", "lab"]);
        said.reverse();
        assert_eq!(targets(&said), ["new", "lab"]);
        assert_eq!(targets(&[]), [""; 0]);
    }

    #[test]
    fn a_record_is_gone_when_its_whole_zone_was_seen_later_without_it() {
        let owner = "_vlmcs._tcp.corp.example";
        let zone = |day| (day, Said::Zone("corp.example".to_owned()));
        assert_eq!(targets(&[(1, srv(owner, "kms1")), zone(2)]), [""; 0]);
        assert_eq!(targets(&[(2, srv(owner, "kms1")), zone(2)]), ["kms1"]);
        assert_eq!(targets(&[(3, srv(owner, "kms1")), zone(2)]), ["kms1"]);
        assert!(!is_within("mycorp.example", "corp.example"));
        assert!(is_within("corp.example", "corp.example"));
    }
}
