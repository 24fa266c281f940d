//! Who holds a label now: which contacts were superseded by another CMID of the same label.
//!
//! A re-imaged machine comes back with its old name and a new CMID; its old CMID must not be reported as a lost client.

use crate::clock::Timestamp;

/// A row of a client under a label; with the contact whose label it is, if it is one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Mention {
    label: u64,
    time: Timestamp,
    /// Number of the client, so that its CMID takes four bytes.
    client: u32,
    contact: u32,
}

/// No contact has this number.
const NONE: u32 = u32::MAX;

/// The newest row of each client under each label: 24 bytes each.
#[derive(Debug, Default)]
pub struct Holders {
    client: u32,
    current: Vec<Mention>,
    all: Vec<Mention>,
}

impl Holders {
    /// Notes a row of the current client, valid or not.
    pub fn mention(&mut self, label: u64, time: Timestamp) {
        self.current.push(Mention { label, time, client: self.client, contact: NONE });
    }

    /// Notes that a contact of the current client was made under `label`.
    pub fn own(&mut self, label: u64, time: Timestamp, contact: usize) {
        let contact = u32::try_from(contact).unwrap_or(NONE);
        self.current.push(Mention { label, time, client: self.client, contact });
    }

    /// Closes the current client: of each of its labels the newest row is kept, once for each contact.
    pub fn settle(&mut self) {
        self.current.sort_unstable();
        for label in self.current.chunk_by(|one, next| one.label == next.label) {
            let Some(newest) = label.last() else { continue };
            let mut owners = label.iter().filter(|mention| mention.contact != NONE).peekable();
            if owners.peek().is_none() {
                self.all.push(*newest);
            }
            self.all.extend(owners.map(|owner| Mention { time: newest.time, ..*owner }));
        }
        self.current.clear();
        self.client = self.client.wrapping_add(1);
    }

    /// Tells of each contact the newest row of its label under another CMID, if there is one.
    pub fn rivals(mut self, mut each: impl FnMut(usize, Timestamp)) {
        self.all.sort_unstable();
        for label in self.all.chunk_by(|one, next| one.label == next.label) {
            let Some(newest) = label.last() else { continue };
            let other = label.iter().rev().find(|mention| mention.client != newest.client);
            for mention in label.iter().filter(|mention| mention.contact != NONE) {
                let rival = if mention.client == newest.client { other } else { Some(newest) };
                if let (Some(rival), Ok(contact)) = (rival, usize::try_from(mention.contact)) {
                    each(contact, rival.time);
                }
            }
        }
    }
}

/// Which labels several clients may have. A label that one client alone has needs no room in [`Holders`].
///
/// Some bits a name, told by hashes of labels; where two hashes meet, a label looks repeated, which does no harm.
#[derive(Debug, Default)]
pub struct Repeated {
    once: Vec<u64>,
    again: Vec<u64>,
}

impl Repeated {
    /// Makes room for so many names; every one of them is to be met before anything is asked.
    #[must_use]
    pub fn with_room(names: usize) -> Self {
        let words = names.div_ceil(8).next_power_of_two();
        Self { once: vec![0; words], again: vec![0; words] }
    }

    /// Meets the label of a client; the same one is met again where the client has several names.
    pub fn meet(&mut self, label: u64) {
        let (at, bit) = self.place(label);
        if let (Some(once), Some(again)) = (self.once.get_mut(at), self.again.get_mut(at)) {
            *again |= *once & bit;
            *once |= bit;
        }
    }

    /// Whether several clients may have the label; so may every one when no names were met.
    #[must_use]
    pub fn holds(&self, label: u64) -> bool {
        let (at, bit) = self.place(label);
        self.again.get(at).is_none_or(|again| again & bit != 0)
    }

    fn place(&self, label: u64) -> (usize, u64) {
        let word = usize::try_from(label >> 6 & 0xFFFF_FFFF).unwrap_or(0);
        (word & self.once.len().saturating_sub(1), 1 << (label & 63))
    }
}

#[cfg(test)]
mod tests {
    use super::super::minilog::{NOW, at};
    use super::{Holders, Repeated};

    #[test]
    fn a_label_that_is_met_twice_is_repeated() {
        let spread = |label: u64| label.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut repeated = Repeated::with_room(10_000);
        assert!(!repeated.holds(spread(1)));
        for label in (0..10_000).chain(0..100) {
            repeated.meet(spread(label));
        }
        assert!((0..100).all(|label| repeated.holds(spread(label))));
        let by_chance = (100..10_000).filter(|label| repeated.holds(spread(*label))).count();
        assert!(by_chance < 2000, "{by_chance}");
        assert!(Repeated::default().holds(spread(7)));
    }

    #[test]
    fn each_contact_hears_of_the_newest_row_of_its_label_under_another_cmid() {
        let time = |day: i64| at(NOW).plus_days(day);
        let mut holders = Holders::default();
        // Label 7 moves from client 0 to 1 to 2; client 1 has two products. Label 8 stays with client 2.
        holders.mention(7, time(1));
        holders.own(7, time(1), 10);
        holders.settle();
        holders.mention(7, time(5));
        holders.own(7, time(2), 11);
        holders.own(7, time(5), 12);
        holders.settle();
        holders.mention(7, time(9));
        holders.own(7, time(9), 13);
        holders.mention(8, time(9));
        holders.own(8, time(9), 14);
        holders.settle();
        let mut rivals = Vec::new();
        holders.rivals(|contact, rival| rivals.push((contact, rival)));
        rivals.sort_unstable();
        assert_eq!(rivals, [(10, time(9)), (11, time(9)), (12, time(9)), (13, time(5))]);
    }
}
