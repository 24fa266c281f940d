//! What the tests of the readers share: one request, and a reader's records as text.

use super::super::{Each, Record};
use crate::artefact::Notes;
use crate::error::{Outcome, Place};

/// The fields of a request as logged, and what is read from them.
pub(crate) const LIST: &str = "0x0,25,pc-017.corp.example,6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11,2025/3/9 7:05,1,2,41520,2de67392-b7a7-462a-b1ca-108dd189f588";
pub(crate) const REQUEST: &str = "Request(Request { hresult: 0, required: 25, name: \"pc-017.corp.example\", \
     cmid: 6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11, client_time: \"2025/3/9 7:05\", virtual_machine: true, status: 2, \
     minutes: 41520, activation: 2de67392-b7a7-462a-b1ca-108dd189f588, lead: \"\" })";

/// What a reader handed on and what it said.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// Place, host, record and time in one line; then the body.
    pub(crate) events: Vec<(String, String)>,
    pub(crate) complaints: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

pub(crate) fn seen(read: impl FnOnce(&mut Notes, &mut Each<'_>) -> Outcome<()>) -> Seen {
    let (mut notes, mut events) = (Notes::default(), Vec::new());
    let mut each = |place: Place, record: Record<'_>| {
        let event = match record {
            Record::Event(event) => event,
            Record::Log(_) => return Ok(()),
            other => panic!("an event log holds events: {other:?}"),
        };
        let number = event.record.map_or("-".to_owned(), |number| number.to_string());
        events.push((
            format!("{place}: {} {number} {}", event.host, event.time),
            format!("{:?}", event.body),
        ));
        Ok(())
    };
    read(&mut notes, &mut each).unwrap();
    let told = |complaint: &crate::error::Complaint| match complaint.place {
        Place::Whole => complaint.message.clone(),
        place => format!("{place}: {}", complaint.message),
    };
    let warnings = notes
        .warnings
        .iter()
        .map(|warning| format!("{} {}", warning.code, warning.message))
        .collect();
    Seen { events, complaints: notes.complaints.kept.iter().map(told).collect(), warnings }
}

/// Reads every beginning of a file: none may hold an event that the whole does not. Returns the
/// lengths at which an event was missing without a complaint.
pub(crate) fn cut_everywhere(file: &[u8], read: impl Fn(&[u8]) -> Seen) -> Vec<usize> {
    let whole = read(file);
    assert!(!whole.events.is_empty() && whole.complaints.is_empty(), "{whole:?}");
    let missed = |end: &usize| {
        let part = read(file.get(..*end).unwrap());
        assert!(whole.events.starts_with(&part.events), "{end}: {part:?}");
        part.events.len() < whole.events.len() && part.complaints.is_empty()
    };
    (0..file.len()).filter(missed).collect()
}
