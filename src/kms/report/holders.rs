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

#[cfg(test)]
mod tests {
    use super::super::minilog::{NOW, at};
    use super::Holders;

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
