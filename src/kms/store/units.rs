//! What the reports stream: the kept units of every client, or units folded from the requests when the kept ones look too far.

use super::evidence::{Origin, moment};
use super::merging::{Merged, Merging, Who, unit};
use super::names::Names;
use super::packed;
use super::totals::{Kept, Key, Total};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::report::{Coverage, Row as ReportRow, Unit};
use crate::store::{Flow, Read, Row};
use uuid::Uuid;

/// Which part of the evidence a report looks at.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Number of the host; `None` for all.
    pub host: Option<i64>,
    /// Only requests of this origin.
    pub origin: Option<Origin>,
}

impl Scope {
    /// The condition on requests `r` that keeps those of the origin.
    pub(super) const fn origin(&self) -> &'static str {
        match self.origin {
            None => "",
            Some(Origin::Imported) => " and r.origin = 0",
            Some(Origin::Model) => " and r.origin = 1",
        }
    }

    /// Whether what was imported is left out: the model makes requests and nothing else.
    #[must_use]
    pub const fn model_alone(&self) -> bool {
        matches!(self.origin, Some(Origin::Model))
    }
}

/// What lies after the report's `now` and is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ignored {
    pub rows: u64,
}

/// How many requests are later than `now`.
pub fn ignored(read: &mut dyn Read, scope: &Scope, now: Timestamp) -> Outcome<Ignored> {
    let newest =
        read.one("select max(last_ms) from kms_coverage", &[], |row| row.int_or_null(0))?.flatten();
    if newest.is_none_or(|newest| newest <= now.ms()) {
        return Ok(Ignored { rows: 0 });
    }
    let sql = format!(
        "select count(*) from kms_requests r where r.time_s * 1000 + r.ms > ?1 and (?2 is null or r.host = ?2) \
         and r.import not in (select change from hidden){}",
        scope.origin()
    );
    let rows =
        read.one(&sql, &[now.ms().into(), scope.host.into()], |row| row.number(0))?.unwrap_or(0);
    Ok(Ignored { rows })
}

/// Hands out every unit at `now`, in the order of CMID, name and product; the hosts of the scope are merged.
///
/// The kept units are right when they hold nothing later than `now`; else they are folded anew, which reads every request.
pub fn each_unit(
    read: &mut dyn Read,
    names: &Names,
    scope: &Scope,
    now: Timestamp,
    each: &mut dyn FnMut(&Unit<'_>) -> Outcome<Flow>,
) -> Outcome<()> {
    let mut merged = Merged::default();
    each_total(read, scope, now, &mut |who, _, total| merged.take(who, total, names, each))?;
    merged.finish(names, each)
}

/// As [`each_unit`], each host apart; the host's number comes with the unit.
pub fn each_unit_by_host(
    read: &mut dyn Read,
    names: &Names,
    now: Timestamp,
    each: &mut dyn FnMut(i64, &Unit<'_>) -> Outcome<Flow>,
) -> Outcome<()> {
    each_total(read, &Scope::default(), now, &mut |who, host, total| {
        each(host, &unit(who, total, names)?)
    })
}

/// Hands out the total of every client, product and host, in that order, clients by CMID and name.
pub(super) fn each_total(
    read: &mut dyn Read,
    scope: &Scope,
    now: Timestamp,
    each: &mut dyn FnMut(&Who<'_>, i64, &Total) -> Outcome<Flow>,
) -> Outcome<()> {
    if scope.origin.is_some() || ignored(read, scope, now)?.rows > 0 {
        return each_folded(read, scope, now, each);
    }
    let sql = "select c.cmid, c.name, t.units from kms_clients c cross join kms_totals t where t.client = c.id \
         order by c.cmid, c.name";
    read.each(sql, &[], &mut |row| each_of_client(row, scope.host, each))
}

/// Hands out the kept units of the client of a row (CMID, name, units) with the numbers of their hosts, in the order of product and
/// host.
///
/// - `host`: that of one host alone.
pub(super) fn each_of_client(
    row: &dyn Row,
    host: Option<i64>,
    each: &mut dyn FnMut(&Who<'_>, i64, &Total) -> Outcome<Flow>,
) -> Outcome<Flow> {
    let mut who = Who::new(row.guid(0)?, row.text(1)?, 0);
    each_kept(row, 2, &mut |key, total| {
        who.sku = key.sku.into();
        let of = key.host.into();
        if host.is_none_or(|host| host == of) {
            each(&who, of, total)
        } else {
            Ok(Flow::Continue(()))
        }
    })
}

/// Hands out the kept units that a column holds.
pub(super) fn each_kept(
    row: &dyn Row,
    column: usize,
    each: &mut dyn FnMut(Key, &Total) -> Outcome<Flow>,
) -> Outcome<Flow> {
    for unit in packed::units(row.blob(column)?) {
        let (key, total) = unit.ok_or_else(|| row.wrong(column, "units of another form"))?;
        if each(key, &total)?.is_break() {
            return Ok(Flow::Break(()));
        }
    }
    Ok(Flow::Continue(()))
}

/// The kept units of the client of this number, in the order of product and host.
pub(super) fn kept(read: &mut dyn Read, client: u32) -> Outcome<Vec<Kept>> {
    let mut units = Vec::new();
    read.each("select units from kms_totals where client = ?1", &[client.into()], &mut |row| {
        each_kept(row, 0, &mut |key, total| {
            units.push((key, *total));
            Ok(Flow::Continue(()))
        })
    })?;
    Ok(units)
}

fn each_folded(
    read: &mut dyn Read,
    scope: &Scope,
    now: Timestamp,
    each: &mut dyn FnMut(&Who<'_>, i64, &Total) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = format!(
        "select c.cmid, c.name, r.sku, r.time_s, r.ms, r.record, r.host, r.hresult, r.required, r.status, r.minutes, \
         r.virtual_machine from kms_requests r cross join kms_clients c where c.id = r.client \
         and r.import not in (select change from hidden) and (?2 is null or r.host = ?2){} \
         and r.time_s * 1000 + r.ms <= ?1 order by c.cmid, c.name, r.sku, r.host",
        scope.origin()
    );
    let mut open: Option<(u16, Merging)> = None;
    read.each(&sql, &[now.ms().into(), scope.host.into()], &mut |row| {
        let who = Who::new(row.guid(0)?, row.text(1)?, row.int(2)?);
        let seen = seen(row)?;
        if let Some((_, merging)) =
            open.as_mut().filter(|(host, merging)| *host == seen.host && merging.is(&who))
        {
            merging.total.add(&seen);
            return Ok(Flow::Continue(()));
        }
        match open.replace((seen.host, Merging::new(&who, Total::of(&seen)))) {
            Some((host, done)) => each(&done.who(), i64::from(host), &done.total),
            None => Ok(Flow::Continue(())),
        }
    })?;
    if let Some((host, last)) = open {
        // The caller may have broken off before; one more unit does it no harm.
        let _ = each(&last.who(), i64::from(host), &last.total)?;
    }
    Ok(())
}

/// A request as the totals need it, from column 3 on.
pub(super) fn seen(row: &dyn Row) -> Outcome<super::totals::Seen> {
    Ok(super::totals::Seen {
        time: moment(row, 3, 4)?,
        record: row.int(5)?,
        host: row.number(6)?,
        hresult: row.number(7)?,
        required: row.number(8)?,
        status: row.number(9)?,
        minutes: row.number(10)?,
        virtual_machine: row.flag(11)?,
    })
}

/// Hands out the requests of some CMIDs from `from` to `until`, in the order of pool, CMID, time and record.
///
/// `cmids` is a short list: it is given to the engine as a whole, which reads every request once.
pub fn rows_of(
    read: &mut dyn Read,
    names: &Names,
    scope: &Scope,
    which: (&[Uuid], Timestamp, Timestamp),
    each: &mut dyn FnMut(&ReportRow<'_>) -> Outcome<()>,
) -> Outcome<()> {
    let (cmids, from, until) = which;
    let list: Vec<String> = cmids.iter().map(|cmid| format!("\"{}\"", cmid.simple())).collect();
    let clients = clients_of(read, &format!("[{}]", list.join(",")))?;
    let sql = format!(
        "select c.cmid, c.name, r.sku, r.time_s, r.ms, r.record, r.host, r.hresult, r.required, r.status, r.minutes, \
         r.virtual_machine from kms_requests r cross join kms_clients c where c.id = r.client and r.time_s between ?5 and ?6 \
         and r.client in (select value from json_each(?1)) and r.import not in (select change from hidden) \
         and (?2 is null or r.host = ?2){} and r.time_s * 1000 + r.ms between ?3 and ?4 \
         order by c.cmid, r.time_s, r.ms, r.record",
        scope.origin()
    );
    // The whole seconds first: they tell most requests apart without reading further into them.
    let (first, last) = (from.s().into(), until.s().into());
    let values = [(&clients).into(), scope.host.into(), from.into(), until.into(), first, last];
    let mut rows: Vec<(ReportRow<'static>, String)> = Vec::new();
    let mut hand_out = |rows: &mut Vec<(ReportRow<'static>, String)>| -> Outcome<()> {
        // One CMID's rows are sorted by pool here: the engine does not know the pools. The sort keeps the order of time.
        rows.sort_by_key(|(row, _)| row.pool);
        for (row, name) in rows.drain(..) {
            each(&ReportRow { name: &name, ..row })?;
        }
        Ok(())
    };
    read.each(&sql, &values, &mut |row| {
        let found = report_row(row, names)?;
        if rows.first().is_some_and(|(first, _)| first.cmid != found.cmid) {
            hand_out(&mut rows)?;
        }
        rows.push((ReportRow { name: "", ..found.clone() }, found.name.to_owned()));
        Ok(Flow::Continue(()))
    })?;
    hand_out(&mut rows)
}

/// The numbers of the clients with these CMIDs, as a JSON list.
fn clients_of(read: &mut dyn Read, cmids: &str) -> Outcome<String> {
    let sql =
        "select c.id from json_each(?1) j cross join kms_clients c where c.cmid = unhex(j.value)";
    let ids = read.all(sql, &[cmids.into()], |row| row.int(0).map(|id| id.to_string()))?;
    Ok(format!("[{}]", ids.join(",")))
}

/// What the logs of each host cover, up to `now`.
pub fn coverage(
    read: &mut dyn Read,
    names: &Names,
    scope: &Scope,
    now: Timestamp,
) -> Outcome<Vec<Coverage>> {
    let of_requests;
    let sql = if scope.origin.is_none() {
        "select host, first_ms, last_ms, rows from kms_coverage where first_ms <= ?1 and (?2 is null or host = ?2) order by host"
    } else {
        of_requests = format!(
            "select r.host, min(r.time_s * 1000 + r.ms), max(r.time_s * 1000 + r.ms), count(*) from kms_requests r \
             where r.import not in (select change from hidden) and r.time_s * 1000 + r.ms <= ?1 \
             and (?2 is null or r.host = ?2){} group by r.host order by r.host",
            scope.origin()
        );
        &of_requests
    };
    read.all(sql, &[now.into(), scope.host.into()], |row| {
        Ok(Coverage {
            host: names.host(row.int(0)?)?.to_owned(),
            first: row.time(1)?,
            last: row.time(2)?.min(now),
            rows: row.number(3)?,
        })
    })
}

/// The client counts that requests asked for, by activation ID.
pub fn required_seen(
    read: &mut dyn Read,
    names: &Names,
) -> Outcome<Vec<(crate::kms::report::Pool, u32)>> {
    let sql =
        "select distinct sku, required from kms_required where rows > 0 order by sku, required";
    let mut seen = read.all(sql, &[], |row| Ok((names.sku(row.int(0)?)?.pool, row.number(1)?)))?;
    seen.sort_unstable();
    seen.dedup();
    Ok(seen)
}

/// Hands out the kept units of one CMID, each host apart.
pub fn units_of(
    read: &mut dyn Read,
    names: &Names,
    cmid: Uuid,
    each: &mut dyn FnMut(&Unit<'_>) -> Outcome<()>,
) -> Outcome<()> {
    let sql = "select c.cmid, c.name, t.units from kms_clients c cross join kms_totals t where c.cmid = ?1 and t.client = c.id \
         order by c.name";
    read.each(sql, &[(&cmid).into()], &mut |row| {
        each_of_client(row, None, &mut |who, _, total| {
            each(&unit(who, total, names)?)?;
            Ok(Flow::Continue(()))
        })
    })
}

/// CMIDs that begin with `typed`, in their order; at most `limit`.
pub fn cmids_from(read: &mut dyn Read, typed: &str, limit: usize) -> Outcome<Vec<String>> {
    let digits: String = typed.chars().filter(char::is_ascii_hexdigit).take(32).collect();
    let bound = |fill: char| {
        Uuid::try_parse(&format!("{digits:<32}").replace(' ', &fill.to_string()))
            .unwrap_or_default()
    };
    let (low, high) = (bound('0'), bound('f'));
    let sql =
        "select distinct cmid from kms_clients where cmid between ?1 and ?2 order by cmid limit ?3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    read.all(sql, &[(&low).into(), (&high).into(), limit.into()], |row| {
        row.guid(0).map(|cmid| cmid.to_string())
    })
}

/// Hands out every request from the first to `until`, in the order of time and record: what the replay of the counts needs.
pub fn each_row(
    read: &mut dyn Read,
    names: &Names,
    scope: &Scope,
    until: Timestamp,
    each: &mut dyn FnMut(&ReportRow<'_>),
) -> Outcome<()> {
    let sql = format!(
        "select c.cmid, c.name, r.sku, r.time_s, r.ms, r.record, r.host, r.hresult, r.required, r.status, r.minutes, \
         r.virtual_machine from kms_requests r cross join kms_clients c where c.id = r.client \
         and r.import not in (select change from hidden) and (?2 is null or r.host = ?2){} \
         and r.time_s * 1000 + r.ms <= ?1 order by r.time_s, r.ms, r.record",
        scope.origin()
    );
    read.each(&sql, &[until.ms().into(), scope.host.into()], &mut |row| {
        each(&report_row(row, names)?);
        Ok(Flow::Continue(()))
    })
}

fn report_row<'a>(row: &'a dyn Row, names: &Names) -> Outcome<ReportRow<'a>> {
    let (sku, seen) = (names.sku(row.int(2)?)?, seen(row)?);
    Ok(ReportRow {
        pool: sku.pool,
        cmid: row.guid(0)?,
        name: row.text(1)?,
        time: seen.time,
        activation: sku.guid,
        valid: seen.hresult == 0,
        virtual_machine: seen.virtual_machine,
        status: seen.status,
        minutes: seen.minutes,
        required: seen.required,
    })
}

/// The numbers of the hosts that have requests.
pub fn hosts(read: &mut dyn Read) -> Outcome<Vec<i64>> {
    read.all("select host from kms_coverage order by host", &[], |row| row.int(0))
}

/// How many requests the logs of a host have.
pub(super) fn covered(read: &mut dyn Read, host: i64) -> Outcome<usize> {
    let sql = "select rows from kms_coverage where host = ?1";
    Ok(read.one(sql, &[host.into()], |row| row.number(0))?.unwrap_or(0))
}
