//! What readers note, without product keys.
//!
//! A reader quotes what it stumbles over: a tag, a name, an entity. Where a key stands there, the quotation shows no more of it than its
//! last group.

use crate::artefact::Notes;
use crate::csp::model::key::hide_keys;
use crate::error::Complaint;
use std::borrow::Cow;

/// Covers what was noted so far.
pub fn cover(notes: &mut Notes) {
    notes.complaints.kept.iter_mut().for_each(cover_complaint);
    notes.warnings.iter_mut().for_each(|warning| hide(&mut warning.message));
}

/// Covers one complaint.
pub fn cover_complaint(complaint: &mut Complaint) {
    hide(&mut complaint.message);
    complaint.remedy.iter_mut().for_each(hide);
}

/// Covers a text in its place.
pub fn hide(text: &mut String) {
    if let Cow::Owned(hidden) = hide_keys(text) {
        *text = hidden;
    }
}

#[cfg(test)]
mod tests {
    use super::cover;
    use crate::artefact::Notes;
    use crate::csp::import::{ddf, package, syncml};
    use crate::error::{Complaint, Place};

    const KEY: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";

    #[test]
    fn what_a_reader_notes_shows_no_key() {
        let mut notes = Notes::default();
        let complaint = Complaint::new(Place::Line(3), format!("`<{KEY}>` is no element"));
        notes.complaints.push(complaint.remedied(format!("leave `{KEY}` out")));
        notes.warn("odd", Place::Whole, format!("`{KEY}` is odd"));
        cover(&mut notes);
        let shown = format!("{:?} {:?}", notes.complaints, notes.warnings);
        assert!(!shown.contains("DDDDD") && shown.matches("*-EDU01").count() == 3, "{shown}");
    }

    #[test]
    fn no_complaint_about_xml_shows_a_key() {
        type Read = fn(&str, &mut Notes);
        let read: [(&str, Read); 3] = [
            ("SyncBody", |text, notes| {
                syncml::read(&mut text.as_bytes(), notes, &mut |_| Ok(())).unwrap();
            }),
            ("WindowsCustomizations", |text, notes| {
                package::read(&mut text.as_bytes(), notes, &mut |_| Ok(())).unwrap();
            }),
            ("MgmtTree", |text, notes| {
                ddf::read(&mut text.as_bytes(), notes).unwrap();
            }),
        ];
        for (root, read) in read {
            for text in [
                format!("<K{KEY}/>"),
                format!("<{root}><K{KEY}></{root}>"),
                format!("<{root}>&{KEY};</{root}>"),
                format!("<{root} K{KEY}=1>"),
            ] {
                let mut notes = Notes::default();
                read(&text, &mut notes);
                let shown = format!("{:?}", notes.complaints);
                assert!(!notes.complaints.is_empty(), "{text}");
                assert!(!shown.contains("DDDDD"), "{shown}");
            }
        }
    }
}
