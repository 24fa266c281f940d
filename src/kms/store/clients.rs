//! The kept units client by client, in whatever order the clients lie in the store: for questions that ask of all of them.
//!
//! Sums and lists that are sorted anyway need no order of CMIDs. In that order each client lies somewhere else, so that a store which is
//! larger than the cache is read many times over; here every table is read once, from its beginning to its end.

use super::merging::{Merged, Who, unit};
use super::names::Names;
use super::totals::Total;
use super::units::{self, Scope, each_kept, each_of_client, ignored};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::report::Unit;
use crate::store::{Flow, Read};
use uuid::Uuid;

/// Hands out what [`units::each_unit`] does, with the CMIDs in any order; the units of one CMID stand behind each other, by name and
/// product.
pub fn each_unit_of_all(
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

/// Who takes units of one host, with its number, and who takes merged ones.
pub type Both<'b> =
    (&'b mut dyn FnMut(i64, &Unit<'_>) -> Outcome<()>, &'b mut dyn FnMut(&Unit<'_>));

/// As [`each_unit_of_all`], both ways in one pass: `apart` is handed every unit with its host, `merged` those that are merged over
/// the hosts of the scope.
///
/// A merged unit comes once the first unit of the next client or product was seen.
pub fn each_unit_both_ways(
    read: &mut dyn Read,
    names: &Names,
    scope: &Scope,
    now: Timestamp,
    (apart, merged): Both<'_>,
) -> Outcome<()> {
    let mut open = Merged::default();
    let mut each = |unit: &Unit<'_>| {
        merged(unit);
        Ok(Flow::Continue(()))
    };
    each_total(read, scope, now, &mut |who, host, total| {
        apart(host, &unit(who, total, names)?)?;
        open.take(who, total, names, &mut each)
    })?;
    open.finish(names, &mut each)
}

/// Hands out every unit with its host to those who ask how many clients there are and not which: names are left out, and a CMID that
/// has one name is replaced by its number. The units of one client stand behind each other.
pub fn each_unit_by_host(
    read: &mut dyn Read,
    names: &Names,
    now: Timestamp,
    each: &mut dyn FnMut(i64, &Unit<'_>) -> Outcome<()>,
) -> Outcome<()> {
    let scope = Scope::default();
    if !are_kept(read, &scope, now)? {
        return units::each_unit_by_host(read, names, now, &mut |host, unit| {
            each(host, unit)?;
            Ok(Flow::Continue(()))
        });
    }
    let shared = shared(read)?;
    let mut passed = Passed::new(&shared);
    let sql = "select client, units from kms_totals order by client";
    read.each(sql, &[], &mut |row| {
        let client = row.int(0)?;
        if passed.over(client) {
            return Ok(Flow::Continue(()));
        }
        let mut who = Who::new(Uuid::from_u64_pair(0, client.cast_unsigned()), "", 0);
        each_kept(row, 1, &mut |key, total| {
            who.sku = key.sku.into();
            each(key.host.into(), &unit(&who, total, names)?)?;
            Ok(Flow::Continue(()))
        })
    })?;
    each_shared(read, &scope, &shared, &mut |who, host, total| {
        each(host, &unit(&Who::new(who.cmid, "", who.sku), total, names)?)?;
        Ok(Flow::Continue(()))
    })
}

/// Whether the kept units are right at `now`.
fn are_kept(read: &mut dyn Read, scope: &Scope, now: Timestamp) -> Outcome<bool> {
    Ok(scope.origin.is_none() && ignored(read, scope, now)?.rows == 0)
}

/// Hands out the total of every client, product and host; those of one CMID stand behind each other, in the order of its names.
fn each_total(
    read: &mut dyn Read,
    scope: &Scope,
    now: Timestamp,
    each: &mut dyn FnMut(&Who<'_>, i64, &Total) -> Outcome<Flow>,
) -> Outcome<()> {
    if !are_kept(read, scope, now)? {
        return units::each_total(read, scope, now, each);
    }
    let shared = shared(read)?;
    let mut passed = Passed::new(&shared);
    let sql = "select c.cmid, c.name, t.units, t.client from kms_totals t cross join kms_clients c where c.id = t.client \
         order by t.client";
    read.each(sql, &[], &mut |row| {
        if passed.over(row.int(3)?) {
            return Ok(Flow::Continue(()));
        }
        each_of_client(row, scope.host, each)
    })?;
    each_shared(read, scope, &shared, each)
}

/// Hands out the totals of the clients of these numbers, in their order.
fn each_shared(
    read: &mut dyn Read,
    scope: &Scope,
    shared: &[u32],
    each: &mut dyn FnMut(&Who<'_>, i64, &Total) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = "select c.cmid, c.name, t.units from kms_clients c cross join kms_totals t where c.id = ?1 and t.client = ?1";
    for client in shared {
        read.each(sql, &[(*client).into()], &mut |row| each_of_client(row, scope.host, each))?;
    }
    Ok(())
}

/// How many clients there are, by CMID and name.
pub fn count(read: &mut dyn Read) -> Outcome<usize> {
    Ok(read.one("select count(*) from kms_clients", &[], |row| row.number(0))?.unwrap_or(0))
}

/// Hands out the name of every client, in any order.
pub fn each_name(read: &mut dyn Read, each: &mut dyn FnMut(&str)) -> Outcome<()> {
    read.each("select name from kms_clients", &[], &mut |row| {
        each(row.text(0)?);
        Ok(Flow::Continue(()))
    })
}

/// The numbers of the clients whose CMID has another name as well, in the order of CMID and name.
fn shared(read: &mut dyn Read) -> Outcome<Vec<u32>> {
    let sql = "select c.id from (select cmid from kms_clients group by cmid having count(*) > 1) d \
         cross join kms_clients c where c.cmid = d.cmid order by c.cmid, c.name";
    read.all(sql, &[], |row| row.number(0))
}

/// Passes over some clients of a stream that comes in the order of their numbers.
struct Passed {
    /// Their numbers, the next one last.
    left: Vec<u32>,
}

impl Passed {
    fn new(clients: &[u32]) -> Self {
        let mut left = clients.to_vec();
        left.sort_unstable_by(|one, next| next.cmp(one));
        Self { left }
    }

    /// Whether the client is one of them.
    fn over(&mut self, client: i64) -> bool {
        while self.left.last().is_some_and(|next| i64::from(*next) < client) {
            self.left.pop();
        }
        self.left.last().is_some_and(|next| i64::from(*next) == client)
    }
}

#[cfg(test)]
mod tests {
    use super::Passed;

    #[test]
    fn clients_are_passed_over_in_the_order_of_their_numbers() {
        let mut passed = Passed::new(&[7, 2, 9]);
        let kept: Vec<i64> = [1, 2, 2, 3, 3, 8, 9, 9, 10]
            .into_iter()
            .filter(|client| !passed.over(*client))
            .collect();
        assert_eq!(kept, [1, 3, 3, 8, 10]);
    }
}
