//! What stops a container from being read on, and what becomes of it: a complaint or a fault.

use super::Notes;
use crate::error::{Outcome, Place, Stop};
use std::borrow::Cow;
use std::io;

/// What went wrong while a container was read piece by piece.
#[derive(Debug)]
pub enum Trouble {
    /// The piece at this place is unusable; the next call goes on behind it.
    Skip(Place, String),
    /// Nothing behind this place can be read.
    End(Place, String),
    /// The bytes cannot be had.
    Fault(io::Error),
}

/// What a reader does after trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It asks for the next piece.
    Piece,
    /// It is done with the file.
    Stop,
}

impl Trouble {
    /// Complains of what is wrong with the artefact and tells whether reading goes on.
    ///
    /// Faults when the bytes cannot be had. Bytes that do not decode are the artefact's fault, not
    /// ours.
    pub fn settle(self, notes: &mut Notes) -> Outcome<Next> {
        match self {
            Self::Skip(place, message) => {
                notes.complain(place, message);
                Ok(Next::Piece)
            }
            Self::End(place, message) => {
                notes.complain(place, message);
                Ok(Next::Stop)
            }
            Self::Fault(error) if error.kind() == io::ErrorKind::InvalidData => {
                notes.complain(Place::Whole, error.to_string());
                Ok(Next::Stop)
            }
            Self::Fault(error) => {
                Err(Stop::Fault(anyhow::Error::new(error).context("reading the file")))
            }
        }
    }
}

/// The beginning of a text from a file, short enough for a message.
#[must_use]
pub fn excerpt(text: &str) -> Cow<'_, str> {
    /// Characters; longer than any GUID or host name label.
    const SHOWN: usize = 80;
    match text.char_indices().nth(SHOWN) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

/// How many lines end in these bytes.
pub(super) fn feeds(bytes: &[u8]) -> u64 {
    // Sums that a byte holds are added sixteen at a time.
    let blocks = bytes.chunks(usize::from(u8::MAX));
    blocks
        .map(|block| u64::from(block.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>()))
        .sum()
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Fault(error)
    }
}

#[cfg(test)]
mod tests {
    use super::{Next, Trouble, excerpt};
    use crate::artefact::Notes;
    use crate::error::{Place, Stop};
    use std::io;

    #[test]
    fn a_message_shows_no_more_of_a_text_than_fits_a_line() {
        assert_eq!(excerpt("pc-017"), "pc-017");
        assert_eq!(excerpt(&"ä".repeat(1_000_000)).chars().count(), 81);
    }

    #[test]
    fn an_unusable_piece_is_complained_of_and_reading_goes_on() {
        let mut notes = Notes::default();
        let next = Trouble::Skip(Place::Line(3), "too long".to_owned()).settle(&mut notes).unwrap();
        assert_eq!((next, notes.complaints.count()), (Next::Piece, 1));
    }

    #[test]
    fn a_disk_that_fails_is_our_trouble_and_bytes_that_do_not_decode_are_the_files() {
        let mut notes = Notes::default();
        let disk = Trouble::Fault(io::Error::other("the disk is gone"));
        assert!(matches!(disk.settle(&mut notes), Err(Stop::Fault(_))));
        assert!(notes.complaints.is_empty());
        let bytes = Trouble::Fault(io::Error::new(io::ErrorKind::InvalidData, "no UTF-8"));
        assert_eq!(bytes.settle(&mut notes).unwrap(), Next::Stop);
        assert_eq!(notes.complaints.count(), 1);
    }
}
