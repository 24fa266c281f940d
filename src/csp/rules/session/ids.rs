//! The `CmdID`s of a message: which were used, and which is free.

use std::collections::{BTreeMap, HashSet};

/// The `CmdID`s that were met. Numbers are kept as ranges: a long message counts them up, and takes no more room than a short one.
#[derive(Debug, Clone, Default)]
pub struct CmdIds {
    /// First and last of each range; ranges never touch.
    numbers: BTreeMap<u64, u64>,
    others: HashSet<Box<str>>,
    /// The range that grew last, which most messages count up; `numbers` has it as it was before.
    run: Option<Run>,
    /// The highest number that was given out.
    given: u64,
}

/// A range of numbers.
#[derive(Debug, Clone, Copy)]
struct Run {
    first: u64,
    last: u64,
    /// Where the next range begins.
    next: u64,
}

impl CmdIds {
    /// Notes a `CmdID`; false when it was met before.
    pub fn insert(&mut self, id: &str) -> bool {
        match plain(id) {
            Some(number) => self.insert_number(number),
            None if self.others.contains(id) => false,
            None => self.others.insert(id.into()),
        }
    }

    fn insert_number(&mut self, number: u64) -> bool {
        if let Some(run) = &mut self.run
            && run.last.checked_add(1) == Some(number)
            && number.saturating_add(1) < run.next
        {
            run.last = number;
            return true;
        }
        self.settle();
        let below = self.numbers.range(..=number).next_back().map(|(first, last)| (*first, *last));
        let (mut first, mut last) = (number, number);
        match below {
            Some((_, end)) if end >= number => return false,
            Some((start, end)) if end + 1 == number => first = start,
            _ => {}
        }
        if let Some(end) = number.checked_add(1).and_then(|next| self.numbers.remove(&next)) {
            last = end;
        }
        self.numbers.insert(first, last);
        let next = self.numbers.range(number..).find(|(begin, _)| **begin > last);
        self.run = Some(Run { first, last, next: next.map_or(u64::MAX, |(begin, _)| *begin) });
        true
    }

    /// Notes among all ranges how far the latest has grown.
    fn settle(&mut self) {
        if let Some(Run { first, last, .. }) = self.run.take() {
            self.numbers.insert(first, last);
        }
    }

    /// A number that neither stood in the message up to here nor was given out.
    ///
    /// It is not noted: a command further down that bears it in writing runs as well.
    pub fn give(&mut self) -> u64 {
        self.settle();
        let wanted = self.given.saturating_add(1);
        let met = self.numbers.range(..=wanted).next_back().map(|(_, last)| *last);
        self.given =
            met.filter(|last| *last >= wanted).map_or(wanted, |last| last.saturating_add(1));
        self.given
    }
}

/// A number that has but one way to be written.
fn plain(id: &str) -> Option<u64> {
    let canonical = id == "0" || !id.starts_with('0');
    let digits = (1..=18).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    (canonical && digits).then(|| id.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::CmdIds;
    use proptest::prelude::*;

    #[test]
    fn a_million_ids_counted_up_take_no_room() {
        let mut ids = CmdIds::default();
        assert!((1..=1_000_000).all(|id: u32| ids.insert(&id.to_string())));
        assert_eq!((ids.numbers.len(), ids.others.len()), (1, 0));
        assert_eq!(ids.give(), 1_000_001);
        assert_eq!(ids.give(), 1_000_002);
    }

    #[test]
    fn numbers_given_out_pass_over_those_that_are_written() {
        let mut ids = CmdIds::default();
        assert_eq!(ids.give(), 1);
        assert!(ids.insert("2") && ids.insert("3") && ids.insert("1"));
        assert_eq!(ids.give(), 4);
        assert!(ids.insert("007") && ids.insert("7") && !ids.insert("007") && !ids.insert("7"));
    }

    proptest! {
        #[test]
        fn ids_are_told_apart_as_in_a_plain_set(written in prop::collection::vec("[0-2]{0,3}|[ab]|1?[0-9]", 0..60)) {
            let (mut ids, mut set) = (CmdIds::default(), std::collections::HashSet::new());
            for id in written {
                prop_assert_eq!(ids.insert(&id), set.insert(id));
            }
            let free = ids.give();
            prop_assert!(!set.contains(&free.to_string()));
        }
    }
}
