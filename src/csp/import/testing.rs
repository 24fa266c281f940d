//! What the tests of the readers share: what a reader said, and files cut at every byte.

use super::facts::Facts;
use super::{Each, Record};
use crate::artefact::Notes;
use crate::artefact::text::{Text, form};
use crate::error::{Outcome, Place};
use std::io::BufReader;

/// What a reader handed on and what it said.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Seen {
    pub(crate) devices: Vec<(Place, Facts)>,
    pub(crate) skipped: Vec<(Place, String)>,
    pub(crate) complaints: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

impl Seen {
    /// The only device of the file, which nothing was wrong with.
    pub(crate) fn only(&self) -> &Facts {
        assert!(self.complaints.is_empty(), "{self:?}");
        assert_eq!(self.devices.len(), 1, "{self:?}");
        &self.devices[0].1
    }
}

pub(crate) fn seen(read: impl FnOnce(&mut Notes, &mut Each<'_>) -> Outcome<()>) -> Seen {
    let (mut notes, mut found) = (Notes::default(), Seen::default());
    let mut each = |place: Place, record: Record| {
        match record {
            Record::Device(facts) => found.devices.push((place, *facts)),
            Record::Skipped(why) => found.skipped.push((place, why)),
        }
        Ok(())
    };
    read(&mut notes, &mut each).unwrap();
    let told = |complaint: &crate::error::Complaint| match complaint.place {
        Place::Whole => complaint.message.clone(),
        place => format!("{place}: {}", complaint.message),
    };
    found.complaints = notes.complaints.kept.iter().map(told).collect();
    let warned = notes.warnings.iter();
    found.warnings =
        warned.map(|warning| format!("{} {}", warning.code, warning.message)).collect();
    found
}

/// A reader without its options.
pub(crate) type Read<'r> = &'r dyn Fn(&[u8], &mut Notes, &mut Each<'_>) -> Outcome<()>;

/// Reads every beginning of a file: none may hold a device that the whole does not, and none may miss one without a complaint.
pub(crate) fn cut_everywhere(file: &[u8], read: Read<'_>) {
    let whole = seen(|notes, each| read(file, notes, each));
    assert!(!whole.devices.is_empty() && whole.complaints.is_empty(), "{whole:?}");
    for end in 0..file.len() {
        let part = seen(|notes, each| read(&file[..end], notes, each));
        assert!(whole.devices.starts_with(&part.devices), "{end}: {part:?}");
        let missing = part.devices.len() < whole.devices.len();
        assert!(!missing || !part.complaints.is_empty(), "cut at {end}: a device is missing");
    }
}

/// A file as it is read from a disk: decoded, in small pieces.
pub(crate) fn decoded(bytes: &[u8]) -> BufReader<Text<&[u8]>> {
    // Tiny pieces put every boundary between two reads somewhere; large files would take too long so.
    let piece = if bytes.len() < 100_000 { 7 } else { 8_192 };
    BufReader::with_capacity(piece, Text::new(bytes, form(bytes)))
}

/// As Windows PowerShell redirects it: UTF-16LE with a byte order mark, CRLF.
pub(crate) fn utf16(text: &str) -> Vec<u8> {
    let crlf = text.replace('\n', "\r\n");
    [0xFEFF].into_iter().chain(crlf.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}
