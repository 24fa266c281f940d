//! The kept units client by client, in whatever order the clients lie in the store: for questions that ask of all of them.
//!
//! Sums and lists that are sorted anyway need no order of CMIDs. In that order each client lies somewhere else, so that a store which is
//! larger than the cache is read many times over; here every table is read once, from its beginning to its end.

use super::merging::{Merged, Who};
use super::names::Names;
use super::units::{Scope, each_unit, ignored, kept_total};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::report::Unit;
use crate::store::{Flow, Read, Row};

/// Hands out what [`each_unit`] does, with the CMIDs in any order; the units of one CMID stand behind each other, by name and product.
pub fn each_unit_of_all(
    read: &mut dyn Read,
    names: &Names,
    scope: &Scope,
    now: Timestamp,
    each: &mut dyn FnMut(&Unit<'_>) -> Outcome<Flow>,
) -> Outcome<()> {
    if scope.origin.is_some() || ignored(read, scope, now)?.rows > 0 {
        return each_unit(read, names, scope, now, each);
    }
    let shared = shared(read)?;
    let mut merged = Merged::default();
    let mut take = |row: &dyn Row| {
        let who = Who { cmid: row.guid(0)?, name: row.text(1)?, sku: row.int(2)? };
        merged.take(&who, &kept_total(row)?, names, each)
    };
    let mut passed = Passed::new(&shared);
    let sql = "select c.cmid, c.name, u.sku, u.rows, u.first_ms, u.last_ms, u.required, u.valid_first_ms, u.valid_last_ms, \
         u.valid_record, u.host, u.valid_status, u.valid_minutes, u.valid_virtual_machine, u.client \
         from kms_units u cross join kms_clients c where c.id = u.client and (?1 is null or u.host = ?1) \
         order by u.client, u.sku, u.host";
    read.each(sql, &[scope.host.into()], &mut |row| {
        if passed.over(row.int(14)?) { Ok(Flow::Continue(())) } else { take(row) }
    })?;
    let sql = "select c.cmid, c.name, u.sku, u.rows, u.first_ms, u.last_ms, u.required, u.valid_first_ms, u.valid_last_ms, \
         u.valid_record, u.host, u.valid_status, u.valid_minutes, u.valid_virtual_machine \
         from kms_clients c cross join kms_units u where c.id = ?1 and u.client = ?1 and (?2 is null or u.host = ?2) \
         order by u.sku, u.host";
    for client in &shared {
        read.each(sql, &[i64::from(*client).into(), scope.host.into()], &mut take)?;
    }
    merged.finish(names, each)
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
    fn clients_are_passed_over_whatever_number_of_units_each_has() {
        let mut passed = Passed::new(&[7, 2, 9]);
        let kept: Vec<i64> = [1, 2, 2, 3, 3, 8, 9, 9, 10]
            .into_iter()
            .filter(|client| !passed.over(*client))
            .collect();
        assert_eq!(kept, [1, 3, 3, 8, 10]);
    }
}
