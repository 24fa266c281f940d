//! What an Alert of the server is answered.

use super::{number, refuse};
use crate::csp::catalog::codes_status as codes;
use crate::csp::catalog::enumerations::{SESSION_ABORT, alert_numbered};
use crate::csp::model::answer::Reply;
use crate::csp::model::message::Command;

/// An Alert, judged.
#[derive(Debug)]
pub(super) struct Alert {
    pub(super) reply: Reply,
    /// It ends the session.
    pub(super) aborts: bool,
}

/// Judges an Alert by its code: the client takes those that it knows, and serves no dialogs.
pub(super) fn judge(command: &Command) -> Alert {
    let written = command.data.as_ref().map_or("", |data| data.text.trim());
    let refused = |reply| Alert { reply, aborts: false };
    let Ok(code) = written.parse::<u32>() else {
        let reason = format!("`Data` of the Alert is `{written}`; expected the number of an alert");
        return refused(refuse(&codes::BAD_REQUEST, reason));
    };
    match alert_numbered(code) {
        Some(known) if known.served => {
            Alert { reply: Reply::status(number(&codes::OK)), aborts: code == SESSION_ABORT }
        }
        Some(known) => {
            let reason = format!("alert {code} ({}) is not served", known.named.name);
            refused(refuse(&codes::NOT_SUPPORTED, reason))
        }
        None => refused(refuse(&codes::NOT_SUPPORTED, format!("alert {code} is not known"))),
    }
}
