//! What is done with a document type: refused, or passed over.

use crate::artefact::trouble::Trouble;
use crate::error::Place;

/// Whether document types are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doctype {
    Refused,
    /// It may stand before a root and is not looked into.
    Passed,
}

impl Doctype {
    /// Tells whether reading goes on behind a document type.
    ///
    /// - `depth`: how many elements are open.
    /// - `declared`: what stands between `<!DOCTYPE` and its bracket.
    ///
    /// Ends the file at one that is refused. A declared entity would not be expanded; whoever
    /// declares one in a file that needs none is up to no good.
    pub(super) fn judge(self, place: Place, depth: usize, declared: &str) -> Result<(), Trouble> {
        let message = match self {
            Self::Refused => "document types (`<!DOCTYPE`) are refused",
            Self::Passed if depth > 0 => "a document type (`<!DOCTYPE`) stands inside an element",
            Self::Passed if declared.contains("<!ENTITY") => {
                "document types that declare entities are refused"
            }
            Self::Passed => return Ok(()),
        };
        Err(Trouble::End(place, message.to_owned()))
    }
}
