//! Pools of redundant License Managers: who leads, whether there are enough, what a failure takes.

use crate::error::{Refusal, Usage};
use crate::rms::catalog::codes::{
    SNTL_NON_REDUNDANT_SRVR, SNTL_ONLY_SERVER, SNTL_POOL_FULL, SNTL_SERVER_ALREADY_PRESENT,
    SNTL_SERVER_NOT_PRESENT,
};
use crate::rms::catalog::elements::{IS_REDUNDANT, MAJORITY_RULE, NUM_SERVERS};
use crate::rms::model::license::Elements;
use crate::rms::model::pool::{Pool, PoolMember};
use crate::rms::model::server::Server;

/// The most servers of a pool.
pub const MOST_SERVERS: usize = 11;

/// Whether a feature is served by a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// Servers that the license counts with.
    pub of: u64,
    pub up: u64,
    /// How many must be up.
    pub needed: u64,
}

impl Service {
    #[must_use]
    pub fn serves(self) -> bool {
        self.up >= self.needed
    }

    /// How many of those that are up may fail.
    #[must_use]
    pub fn tolerance(self) -> u64 {
        self.up.saturating_sub(self.needed)
    }
}

/// How many servers must be up, of so many.
///
/// Source: the name of the code and the old manual say over half; the generator says service stops below half, which `half` selects.
#[must_use]
pub fn needed(of: u64, majority: bool, half: bool) -> u64 {
    match (majority, half) {
        (false, _) => 1,
        (true, false) => of / 2 + 1,
        (true, true) => of.div_ceil(2),
    }
}

/// How a feature stands with a pool. Licenses that are not redundant need one server.
#[must_use]
pub fn service(pool: &Pool, elements: &Elements) -> Service {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let redundant = elements.number(&IS_REDUNDANT) == 1;
    let said = u64::try_from(elements.number(&NUM_SERVERS)).unwrap_or(0);
    let of = if redundant && said > 1 { said } else { count(pool.members.len()) };
    let majority = redundant && elements.number(&MAJORITY_RULE) == 1;
    Service { of, up: count(pool.up()), needed: needed(of, majority, pool.half) }
}

/// The pool after servers failed.
#[must_use]
pub fn without(pool: &Pool, names: &[String]) -> Pool {
    let mut left = pool.clone();
    for member in &mut left.members {
        if names.iter().any(|name| name.eq_ignore_ascii_case(&member.name)) {
            member.up = false;
        }
    }
    left
}

/// The pool of a License Manager.
///
/// Refuses with `SNTL_NON_REDUNDANT_SRVR` when it has none.
pub fn of(server: &Server) -> Result<&Pool, Refusal> {
    server.pool.as_ref().ok_or_else(|| {
        let message = format!("`{}` belongs to no pool", server.name);
        let hint = "`licctl rms pool set NAME NAME` makes one";
        Refusal::new(&SNTL_NON_REDUNDANT_SRVR, message).hinted(hint)
    })
}

/// Adds a server at the end.
///
/// Refuses with `SNTL_SERVER_ALREADY_PRESENT` one that is there, with `SNTL_POOL_FULL` the twelfth.
pub fn added(pool: &Pool, name: &str) -> Result<Pool, Refusal> {
    if pool.members.iter().any(|member| member.name.eq_ignore_ascii_case(name)) {
        let message = format!("`{name}` belongs to the pool already");
        return Err(Refusal::new(&SNTL_SERVER_ALREADY_PRESENT, message));
    }
    if pool.members.len() >= MOST_SERVERS {
        let message = format!("a pool has {MOST_SERVERS} servers at most");
        return Err(Refusal::new(&SNTL_POOL_FULL, message));
    }
    let mut pool = pool.clone();
    pool.members.push(PoolMember { name: name.to_owned(), address: String::new(), up: true });
    Ok(pool)
}

/// Takes a server away.
///
/// Refuses with `SNTL_SERVER_NOT_PRESENT` one that is not there, with `SNTL_ONLY_SERVER` the last.
pub fn removed(pool: &Pool, name: &str) -> Result<Pool, Refusal> {
    let mut left = pool.clone();
    left.members.retain(|member| !member.name.eq_ignore_ascii_case(name));
    if left.members.len() == pool.members.len() {
        return Err(not_present(name));
    }
    if left.members.is_empty() {
        let message = format!("`{name}` is the only server of the pool");
        return Err(Refusal::new(&SNTL_ONLY_SERVER, message));
    }
    Ok(left)
}

fn not_present(name: &str) -> Refusal {
    let message = format!("`{name}` does not belong to the pool");
    Refusal::new(&SNTL_SERVER_NOT_PRESENT, message)
        .hinted("`licctl rms pool show` lists the servers")
}

/// Takes a server down, or brings it back.
///
/// Refuses with `SNTL_SERVER_NOT_PRESENT` one that is not there.
pub fn set_up(pool: &Pool, name: &str, up: bool) -> Result<Pool, Refusal> {
    let mut pool = pool.clone();
    let found = pool.members.iter_mut().find(|member| member.name.eq_ignore_ascii_case(name));
    found.ok_or_else(|| not_present(name))?.up = up;
    Ok(pool)
}

/// A pool of these servers, in the order of preference; those of `before` stay up or down.
///
/// Usage error when there are less than two, more than eleven, or one twice.
pub fn made(names: &[String], half: bool, before: Option<&Pool>) -> Result<Pool, Usage> {
    let known = |name: &str| {
        let members = before.map(|pool| pool.members.as_slice()).unwrap_or_default();
        members.iter().find(|member| member.name.eq_ignore_ascii_case(name)).cloned()
    };
    if !(2..=MOST_SERVERS).contains(&names.len()) {
        let message = format!("a pool has 2 to {MOST_SERVERS} servers, not {}", names.len());
        return Err(Usage::new(message));
    }
    let mut pool = Pool { members: Vec::new(), half };
    for name in names {
        if pool.members.iter().any(|member| member.name.eq_ignore_ascii_case(name)) {
            return Err(Usage::new(format!("`{name}` stands twice")));
        }
        let new = PoolMember { name: name.clone(), address: String::new(), up: true };
        pool.members.push(known(name).unwrap_or(new));
    }
    Ok(pool)
}

/// What the leader of a pool knows of the tokens: those that it issued or renewed itself, and those of the leaders before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Issued {
    pub by_leader: u64,
    pub before: u64,
}

impl Issued {
    /// Counts units that were issued by `issuer`.
    pub fn take(&mut self, pool: &Pool, issuer: &str, units: u64) {
        let leads = pool.leader().is_some_and(|leader| leader.name.eq_ignore_ascii_case(issuer));
        if leads { self.by_leader += units } else { self.before += units }
    }
}

#[cfg(test)]
mod tests {
    use super::{Issued, added, made, needed, removed, service, set_up, without};
    use crate::rms::model::pool::Pool;
    use crate::rms::rules::fixture::license;

    fn pool(count: usize) -> Pool {
        let names: Vec<String> = (0..count).map(|at| format!("lic{at:02}")).collect();
        made(&names, false, None).unwrap()
    }

    #[test]
    fn the_majority_rule_needs_over_half_of_the_servers() {
        let strict: Vec<u64> = (2..=11).map(|of| needed(of, true, false)).collect();
        assert_eq!(strict, [2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
        let half: Vec<u64> = (2..=11).map(|of| needed(of, true, true)).collect();
        assert_eq!(half, [1, 2, 2, 3, 3, 4, 4, 5, 5, 6]);
        assert_eq!(needed(11, false, false), 1);
    }

    #[test]
    fn three_of_five_serve_and_two_do_not_unless_the_rule_is_off() {
        let elements =
            license(1).is("isRedundant", 1).is("majorityRule", 1).is("numServers", 5).elements;
        let down = |names: &[&str]| {
            without(&pool(5), &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
        };
        assert!(service(&down(&["lic00", "lic01"]), &elements).serves());
        assert!(!service(&down(&["lic00", "lic01", "lic02"]), &elements).serves());
        let off = license(1).is("isRedundant", 1).is("numServers", 5).elements;
        assert!(service(&down(&["lic00", "lic01", "lic02", "lic03"]), &off).serves());
        assert_eq!(service(&down(&["lic00"]), &elements).tolerance(), 1);
    }

    #[test]
    fn half_of_four_are_enough_only_where_it_is_said_so() {
        let elements =
            license(1).is("isRedundant", 1).is("majorityRule", 1).is("numServers", 4).elements;
        let two = without(&pool(4), &["lic00".to_owned(), "lic03".to_owned()]);
        assert!(!service(&two, &elements).serves());
        assert!(service(&Pool { half: true, ..two }, &elements).serves());
    }

    #[test]
    fn a_pool_has_no_server_twice_and_no_twelfth_and_keeps_its_last() {
        let symbol = |result: Result<Pool, crate::error::Refusal>| result.unwrap_err().code.symbol;
        assert_eq!(symbol(added(&pool(3), "LIC01")), "SNTL_SERVER_ALREADY_PRESENT");
        assert_eq!(symbol(added(&pool(11), "lic99")), "SNTL_POOL_FULL");
        assert_eq!(symbol(removed(&pool(3), "lic99")), "SNTL_SERVER_NOT_PRESENT");
        let one = removed(&pool(2), "lic00").unwrap();
        assert_eq!(symbol(removed(&one, "lic01")), "SNTL_ONLY_SERVER");
        assert_eq!(symbol(set_up(&one, "lic00", true)), "SNTL_SERVER_NOT_PRESENT");
    }

    #[test]
    fn a_new_leader_knows_the_tokens_before_it_as_a_number() {
        let first = pool(3);
        let second = set_up(&first, "lic00", false).unwrap();
        let count = |pool: &Pool, issuers: &[(&str, u64)]| {
            let mut issued = Issued::default();
            for (issuer, units) in issuers {
                issued.take(pool, issuer, *units);
            }
            (issued.by_leader, issued.before)
        };
        assert_eq!(count(&first, &[("lic00", 8)]), (8, 0));
        assert_eq!(count(&second, &[("lic00", 8)]), (0, 8));
        assert_eq!(count(&second, &[("lic00", 7), ("lic01", 1)]), (1, 7));
        assert_eq!(count(&second, &[("lic00", 7), ("lic01", 2)]), (2, 7));
        assert_eq!(count(&second, &[("lic00", 6), ("lic01", 2)]), (2, 6));
    }
}
