//! Fingerprints of machines as the API hands them out: which criteria a machine can deliver. Hashes and values are passed over.

use crate::artefact::trouble::{Trouble, excerpt};
use crate::artefact::xml::{Document, Piece};
use crate::error::{Complaint, Outcome, Place, Stop};
use std::io::BufRead;

/// The element that holds the criteria.
const ROOT: &str = "fingerprint";

/// The criteria of a fingerprint, joined; it may stand inside of a `sentinelInfo` document.
///
/// Complains of what is no XML, and of a document without a criterion.
pub fn selectors(input: &mut dyn BufRead) -> Outcome<u32> {
    let mut document = Document::new(input);
    let (mut mask, mut within, mut begun) = (0_u32, false, 0_u64);
    loop {
        match document.next() {
            Ok(None) => break,
            Ok(Some(Piece::Open(tag))) => {
                within |= tag.name == ROOT;
                begun = tag.line;
            }
            Ok(Some(Piece::Close { name: "selector", text, .. })) if within => {
                let text = text.trim();
                let selector: u32 = text.parse().map_err(|_| {
                    let message = format!("`selector`: `{}` is no whole number", excerpt(text));
                    Stop::from(Complaint::new(Place::Line(begun), message))
                })?;
                mask |= selector;
            }
            Ok(Some(Piece::Close { .. })) => {}
            Err(Trouble::Skip(place, message) | Trouble::End(place, message)) => {
                return Err(Complaint::new(place, message).into());
            }
            Err(Trouble::Fault(error)) => {
                return Err(Stop::Fault(anyhow::Error::new(error).context("reading the file")));
            }
        }
    }
    if mask == 0 {
        let message = format!("the file holds no `{ROOT}` with criteria");
        return Err(Complaint::new(Place::Whole, message)
            .remedied("save what fingerprintInfo answers")
            .into());
    }
    Ok(mask)
}

#[cfg(test)]
mod tests {
    use super::selectors;

    #[test]
    fn the_criteria_that_a_machine_can_deliver_are_joined() {
        let text = "<sentinelInfo><fingerprint version='1' type='SentinelRMS'>\
                    <criteria><name>DISK</name><selector>4</selector><hash>AB</hash></criteria>\
                    <criteria><selector> 16 </selector><item><rawValue>x</rawValue></item></criteria>\
                    </fingerprint></sentinelInfo>";
        assert_eq!(selectors(&mut text.as_bytes()).unwrap(), 20);
    }

    #[test]
    fn what_holds_no_criterion_is_none() {
        for text in [
            "",
            "<a><selector>4</selector></a>",
            "<fingerprint>",
            "<fingerprint><selector>x</selector>",
        ] {
            assert!(selectors(&mut text.as_bytes()).is_err(), "{text}");
        }
    }
}
