//! The transactions of a usage log: what each number says, and how it counts.

use super::documents::{ADMIN, LM7};
use crate::catalog::{Source, assumed, stated};

/// How a transaction counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A request that was granted: its units are in use from now on.
    Issue,
    /// Units that are in use no longer.
    Release,
    /// A request that was refused.
    Denial,
    /// A request that waits.
    Queue,
    /// Tokens taken away from the network, or brought back.
    CheckOut,
    CheckIn,
    /// The License Manager started: nothing is in use.
    Start,
    /// Counted nowhere.
    None,
}

/// A transaction.
#[derive(Debug)]
pub struct Transaction {
    pub number: i64,
    /// Short word.
    pub name: &'static str,
    pub effect: Effect,
    pub source: Source,
}

const fn row(number: i64, name: &'static str, effect: Effect) -> Transaction {
    Transaction { number, name, effect, source: stated(&ADMIN, "License Manager Usage Logs") }
}

pub const ISSUED: i64 = 0;
pub const DENIED: i64 = 1;
pub const RELEASED: i64 = 2;
pub const QUEUED: i64 = 3;
pub const QUEUE_FAILED: i64 = 4;
pub const GRANTED_AT_ONCE: i64 = 5;
pub const QUEUE_GRANTED: i64 = 6;
pub const QUEUE_DROPPED: i64 = 7;
pub const CHECKED_OUT: i64 = 8;
pub const CHECKED_IN: i64 = 9;

/// Not a transaction of the log: the line that a License Manager writes when it starts, and when it stops.
pub const STARTUP: i64 = -1;
pub const SHUTDOWN: i64 = -2;

const LINES: Source = assumed(
    &LM7,
    "lines of start and stop stand in the log without a number; these are kept beside the transactions",
);

const DUMMY: Source = stated(&LM7, "dummy records of a log that is backed up");

/// Every transaction whose meaning is known, and the two lines.
pub static TRANSACTIONS: [Transaction; 14] = [
    Transaction { number: SHUTDOWN, name: "shutdown", effect: Effect::Start, source: LINES },
    Transaction { number: STARTUP, name: "startup", effect: Effect::Start, source: LINES },
    row(ISSUED, "issued", Effect::Issue),
    row(DENIED, "denied", Effect::Denial),
    row(RELEASED, "released", Effect::Release),
    row(QUEUED, "queued", Effect::Queue),
    row(QUEUE_FAILED, "queue failed", Effect::Denial),
    row(GRANTED_AT_ONCE, "issued at once", Effect::Issue),
    row(QUEUE_GRANTED, "issued from the queue", Effect::Issue),
    row(QUEUE_DROPPED, "dropped from the queue", Effect::None),
    row(CHECKED_OUT, "checked out", Effect::CheckOut),
    row(CHECKED_IN, "checked in", Effect::CheckIn),
    Transaction { number: 13, name: "dummy", effect: Effect::None, source: DUMMY },
    Transaction { number: 15, name: "dummy", effect: Effect::None, source: DUMMY },
];

/// The transaction of that number; `None` when its meaning is not known, and it counts nowhere.
#[must_use]
pub fn transaction(number: i64) -> Option<&'static Transaction> {
    TRANSACTIONS.iter().find(|row| row.number == number)
}

/// What a number says; `unknown(11)` when nobody knows.
#[must_use]
pub fn word(number: i64) -> String {
    transaction(number).map_or_else(|| format!("unknown({number})"), |row| row.name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Effect, TRANSACTIONS, transaction, word};

    #[test]
    fn an_unknown_transaction_keeps_its_number_and_counts_nowhere() {
        assert_eq!(word(11), "unknown(11)");
        assert!(transaction(11).is_none());
        assert_eq!(word(0), "issued");
        assert!(TRANSACTIONS.is_sorted_by_key(|row| row.number));
    }

    #[test]
    fn both_readings_of_transaction_2_are_a_release() {
        assert_eq!(transaction(2).unwrap().effect, Effect::Release);
        assert_eq!(transaction(4).unwrap().effect, Effect::Denial);
    }
}
