//! What a pool can lose before a feature stops.

use crate::rms::model::license::Elements;
use crate::rms::model::pool::Pool;
use crate::rms::rules::pool::{Service, service, without};

/// How a feature stands with its pool, and what a loss leaves of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tolerance {
    pub now: Service,
    /// After the loss.
    pub after: Service,
    /// The leader after the loss; `None`: nobody is up.
    pub next_leader: Option<String>,
}

/// What is left of a feature when servers fail.
///
/// - `losing`: by name; without any, the first `count` of those that are up: which they are makes no difference to the number.
#[must_use]
pub fn tolerance(pool: &Pool, elements: &Elements, losing: &[String], count: u64) -> Tolerance {
    let up = pool.members.iter().filter(|member| member.up);
    let first: Vec<String> =
        up.take(usize::try_from(count).unwrap_or(usize::MAX)).map(|one| one.name.clone()).collect();
    let losing = if losing.is_empty() { &first } else { losing };
    let left = without(pool, losing);
    Tolerance {
        now: service(pool, elements),
        after: service(&left, elements),
        next_leader: left.leader().map(|leader| leader.name.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::license;
    use super::tolerance;
    use crate::rms::rules::pool::{made, set_up};

    #[test]
    fn four_of_five_may_lose_one_and_not_two() {
        let names: Vec<String> = (1..=5).map(|at| format!("lic{at:02}")).collect();
        let pool = set_up(&made(&names, false, None).unwrap(), "lic05", false).unwrap();
        let strict = license(&[("isRedundant", 1), ("majorityRule", 1), ("numServers", 5)]);
        let one = tolerance(&pool, &strict.elements, &[], 1);
        assert_eq!((one.now.needed, one.now.tolerance()), (3, 1));
        assert!(one.after.serves());
        assert_eq!(one.next_leader.as_deref(), Some("lic02"));
        let two = tolerance(&pool, &strict.elements, &["lic02".to_owned(), "lic03".to_owned()], 1);
        assert!(!two.after.serves());
        assert_eq!(two.next_leader.as_deref(), Some("lic01"));
    }
}
