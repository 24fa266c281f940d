//! Requests that one reading of them all notes for another question, which then need not read them all again.

use std::borrow::Cow;
use std::fmt::Write;

/// Where requests stand: one record of a host may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    pub host: i64,
    pub record: i64,
    /// Of its time, since 1970.
    pub second: i64,
}

/// The records in which the requests that are asked for must stand; when they are too many all are read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted(Option<Vec<Record>>);

/// How many records are noted.
const MOST: usize = 100_000;

/// Requests that are passed over while one record is found by its key.
const FOUND: usize = 20;

impl Default for Noted {
    fn default() -> Self {
        Self(Some(Vec::new()))
    }
}

impl Noted {
    /// What a question reads that no reading came before.
    pub const ALL: Self = Self(None);

    /// Notes a record, which may be the one before once more.
    pub(super) fn note(&mut self, record: Record) {
        let Some(records) = &mut self.0 else { return };
        if records.last() == Some(&record) {
            return;
        }
        if records.len() < MOST {
            records.push(record);
        } else {
            self.0 = None;
        }
    }

    /// Forgets the records when all requests, of which there are so many, are read sooner.
    pub(super) fn among(self, requests: usize) -> Self {
        Self(self.0.filter(|records| records.len().saturating_mul(FOUND) <= requests))
    }

    /// The table of requests `r`, or those of its rows that are noted.
    ///
    /// - `list`: the parameter that is bound to [`Noted::list`].
    pub(super) fn requests(&self, list: &str) -> Cow<'static, str> {
        match self.0 {
            None => Cow::Borrowed("kms_requests r"),
            Some(_) => Cow::Owned(format!(
                "json_each({list}) j cross join kms_requests r \
                 on r.host = j.value ->> 0 and r.record = j.value ->> 1 and r.time_s = j.value ->> 2"
            )),
        }
    }

    /// The noted records as a JSON list; `None` when all requests are read.
    pub(super) fn list(&self) -> Option<String> {
        let mut list = "[".to_owned();
        for Record { host, record, second } in self.0.as_ref()? {
            let comma = if list.len() > 1 { "," } else { "" };
            // A string takes whatever is written.
            let _ = write!(list, "{comma}[{host},{record},{second}]");
        }
        list.push(']');
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use super::{FOUND, MOST, Noted, Record};

    #[test]
    fn records_are_noted_once_until_there_are_too_many() {
        let mut noted = Noted::default();
        assert_eq!(noted.list().as_deref(), Some("[]"));
        for record in [7, 7, -8] {
            noted.note(Record { host: 1, record, second: 1000 });
        }
        assert_eq!(noted.list().as_deref(), Some("[[1,7,1000],[1,-8,1000]]"));
        assert_eq!(noted.clone().among(2 * FOUND), noted);
        assert_eq!(noted.clone().among(2 * FOUND - 1), Noted::ALL);
        for record in 0.. {
            noted.note(Record { host: 1, record, second: 1000 });
            if noted == Noted::ALL {
                assert_eq!(record, i64::try_from(MOST).unwrap() - 2);
                break;
            }
        }
        assert_eq!((noted.list(), noted.requests("?1").as_ref()), (None, "kms_requests r"));
    }
}
