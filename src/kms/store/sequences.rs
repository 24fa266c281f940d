//! Which logs are known to be in the order of time: of such a log the part before a moment need not be read to know that nothing in it
//! went back, and that no record stands in it twice.

use crate::error::Outcome;
use crate::store::{Flow, Read, Row, Tx};
use std::collections::BTreeMap;

/// Where a request stands in its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The number of its record, from 0.
    pub record: i64,
    /// Of its time, since 1970.
    pub second: i64,
}

/// The numbered records of a log. Whatever is known, requests without a number say nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sequence {
    /// There are none.
    #[default]
    Empty,
    /// Each has a number of its own, and none an earlier second than those before it.
    InOrder { first: Mark, last: Mark },
    /// They are not in order, or not known to be.
    Unknown,
}

impl Sequence {
    /// A single request; its record is negative when it has no number.
    #[must_use]
    pub const fn of(mark: Mark) -> Self {
        if mark.record < 0 { Self::Empty } else { Self::InOrder { first: mark, last: mark } }
    }

    /// Both together, whichever comes first.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Empty, one) | (one, Self::Empty) => one,
            (Self::InOrder { first, last }, Self::InOrder { first: next, last: end }) => {
                if last.record < next.record && last.second <= next.second {
                    Self::InOrder { first, last: end }
                } else if end.record < first.record && end.second <= first.second {
                    Self::InOrder { first: next, last }
                } else {
                    Self::Unknown
                }
            }
            _ => Self::Unknown,
        }
    }

    /// Whether it reaches from the first record of another to the last.
    fn spans(self, other: Self) -> bool {
        match (self, other) {
            (_, Self::Empty) => true,
            (Self::InOrder { first, last }, Self::InOrder { first: next, last: end }) => {
                first.record <= next.record && end.record <= last.record
            }
            _ => false,
        }
    }

    fn first(self) -> Option<Mark> {
        if let Self::InOrder { first, .. } = self { Some(first) } else { None }
    }

    fn last(self) -> Option<Mark> {
        if let Self::InOrder { last, .. } = self { Some(last) } else { None }
    }
}

/// What is known of the log of a host.
pub(super) fn held(read: &mut dyn Read, host: i64) -> Outcome<Sequence> {
    let sql =
        "select first_record, first_s, last_record, last_s from kms_sequences where host = ?1";
    let known = read.one(sql, &[host.into()], |row| {
        let (first, last) = (mark(row, 0)?, mark(row, 2)?);
        let both = first.zip(last);
        Ok(both.map_or(Sequence::Empty, |(first, last)| Sequence::InOrder { first, last }))
    })?;
    if let Some(known) = known {
        return Ok(known);
    }
    let sql = "select 1 from kms_coverage where host = ?1";
    let covered = read.one(sql, &[host.into()], |row| row.int(0))?.is_some();
    Ok(if covered { Sequence::Unknown } else { Sequence::Empty })
}

/// A record and its second, from a column on; `None` where both are null.
fn mark(row: &dyn Row, column: usize) -> Outcome<Option<Mark>> {
    let (record, second) = (row.int_or_null(column)?, row.int_or_null(column + 1)?);
    Ok(record.zip(second).map(|(record, second)| Mark { record, second }))
}

/// Adds requests to what is known of the log of a host, before they are added to what it covers.
pub(super) fn extend(tx: &mut dyn Tx, host: i64, brought: Sequence) -> Outcome<()> {
    let sequence = held(tx.reading(), host)?.with(brought);
    if sequence == Sequence::Unknown {
        tx.exec("delete from kms_sequences where host = ?1", &[host.into()])?;
        return Ok(());
    }
    let (first, last) = (sequence.first(), sequence.last());
    tx.exec(
        "insert or replace into kms_sequences(host, first_record, first_s, last_record, last_s) values(?1, ?2, ?3, ?4, ?5)",
        &[
            host.into(),
            first.map(|mark| mark.record).into(),
            first.map(|mark| mark.second).into(),
            last.map(|mark| mark.record).into(),
            last.map(|mark| mark.second).into(),
        ],
    )?;
    Ok(())
}

/// Forgets what was known of the logs to which a change brought numbered records: they are shown or hidden.
pub(super) fn forget(tx: &mut dyn Tx, change: i64) -> Outcome<()> {
    tx.exec(
        "delete from kms_sequences where host in (select distinct host from kms_requests where import = ?1 and record >= 0)",
        &[change.into()],
    )?;
    Ok(())
}

/// From which record on the requests of a second and of later ones stand in the log of a host; `None` when that is not known.
pub(super) fn since(read: &mut dyn Read, host: i64, second: i64) -> Outcome<Option<i64>> {
    let Sequence::InOrder { first, last } = held(read, host)? else { return Ok(None) };
    let sql = "select record, time_s from kms_requests where host = ?1 and record >= ?2 order by host, record limit 1";
    let (mut low, mut high) = (first.record, last.record.saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        let found =
            read.one(sql, &[host.into(), middle.into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
        match found {
            Some((record, time)) if time < second => low = record.saturating_add(1),
            _ => high = middle,
        }
    }
    Ok(Some(low))
}

/// How many logs are not in the order that is kept of them.
pub(super) fn audit(read: &mut dyn Read) -> Outcome<usize> {
    let sql = "select r.host, r.record, r.time_s from kms_requests r where r.host in (select host from kms_sequences) \
         and r.import not in (select change from hidden) order by r.host, r.record, r.time_s";
    let mut seen: BTreeMap<i64, Sequence> = BTreeMap::new();
    read.each(sql, &[], &mut |row| {
        let of = Sequence::of(Mark { record: row.int(1)?, second: row.int(2)? });
        let sequence = seen.entry(row.int(0)?).or_default();
        *sequence = sequence.with(of);
        Ok(Flow::Continue(()))
    })?;
    let mut wrong = 0;
    for (host, seen) in seen {
        wrong += usize::from(!held(read, host)?.spans(seen));
    }
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    use super::{Mark, Sequence};
    use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};

    fn sequence(marks: &[(i64, i64)]) -> Sequence {
        let marks = marks.iter().map(|&(record, second)| Sequence::of(Mark { record, second }));
        marks.fold(Sequence::Empty, Sequence::with)
    }

    #[test]
    fn a_log_is_in_order_from_whichever_end_it_is_read() {
        let ends = |first: (i64, i64), last: (i64, i64)| {
            let [first, last] = [first, last].map(|(record, second)| Mark { record, second });
            Sequence::InOrder { first, last }
        };
        assert_eq!(sequence(&[(1, 10), (3, 10), (9, 12)]), ends((1, 10), (9, 12)));
        assert_eq!(sequence(&[(9, 12), (3, 10), (1, 10)]), ends((1, 10), (9, 12)));
        assert_eq!(sequence(&[(-1, 50), (5, 7), (-2, 3)]), ends((5, 7), (5, 7)));
        assert_eq!(sequence(&[(-1, 50)]), Sequence::Empty);
        for marks in [[(1, 10), (2, 9)], [(1, 10), (1, 10)], [(2, 9), (1, 10)]] {
            assert_eq!(sequence(&marks), Sequence::Unknown);
        }
        // What lies between others may fit, but that is not known.
        assert_eq!(sequence(&[(1, 10), (9, 12), (5, 11)]), Sequence::Unknown);
    }

    fn marks() -> impl Strategy<Value = Vec<(i64, i64)>> {
        proptest::collection::vec((0..40_i64, 0..40_i64), 0..6)
    }

    proptest! {
        #[test]
        fn what_is_called_in_order_is(mut marks in marks(), sorted in any::<bool>()) {
            if sorted {
                marks.sort_unstable();
            }
            let told = sequence(&marks);
            marks.sort_unstable();
            let in_order = marks.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1);
            if let Sequence::InOrder { first, last } = told {
                prop_assert_eq!(in_order, true);
                prop_assert_eq!(marks.first().copied(), Some((first.record, first.second)));
                prop_assert_eq!(marks.last().copied(), Some((last.record, last.second)));
            }
            prop_assert_eq!(sorted && in_order && !marks.is_empty(), sorted && matches!(told, Sequence::InOrder { .. }));
        }
    }
}
