//! Ends of commands, without product keys: an address, a name or a file may hold one where none belongs.

use crate::csp::import::cover::{cover_complaint, hide};
use crate::error::{Refusal, Stop, Usage};

/// The same end of a command; its messages show no product key.
#[must_use]
pub fn covered(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(refusal) => {
            let Refusal { message, hint, mut detail, .. } = *refusal;
            for (_, value) in &mut detail {
                hide(value);
            }
            Refusal { message: hidden(message), hint: hint.map(hidden), detail, ..*refusal }.into()
        }
        Stop::Usage(Usage { message, hint }) => {
            Usage { message: hidden(message), hint: hint.map(hidden) }.into()
        }
        Stop::BadArtefact(mut complaints) => {
            complaints.kept.iter_mut().for_each(cover_complaint);
            complaints.into()
        }
        fault @ Stop::Fault(_) => fault,
    }
}

fn hidden(mut text: String) -> String {
    hide(&mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::covered;
    use crate::csp::catalog::codes::E_CONSENT;
    use crate::error::{Complaint, Place, Refusal, Stop, Usage};

    const KEY: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";

    fn complaint() -> Complaint {
        Complaint::new(Place::Line(3), format!("`<{KEY}>` is no element"))
            .remedied(format!("leave `{KEY}` out"))
    }

    #[test]
    fn no_end_of_a_command_shows_a_key() {
        let refusal = Refusal::new(&E_CONSENT, format!("`{KEY}` is refused"))
            .hinted(format!("leave `{KEY}` out"))
            .with("LocURI", format!("./Vendor/{KEY}"));
        let usage = Usage::new(format!("`{KEY}` is unknown")).hinted(format!("leave {KEY} out"));
        for stop in [Stop::from(refusal), usage.into(), complaint().into()] {
            let status = stop.status();
            let stop = covered(stop);
            let shown = format!("{stop:?}");
            assert!(!shown.contains("DDDDD") && shown.contains("*-EDU01"), "{shown}");
            assert_eq!(stop.status(), status);
        }
    }
}
