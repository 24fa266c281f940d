//! A document as a whole: CSP020, CSP024, CSP031, CSP041.

use super::Lint;
use super::identifiers::Identifiers;
use super::offence::{At, excerpt};
use super::reply::Reply;
use crate::csp::catalog::lint::{FINAL, FLEET_PROFILE, NAMESPACE, NO_HEADER, ORDER, REPLY_SIZE};
use crate::csp::model::message::{Form, Header};

/// The one namespace of `SyncML` 1.2, as [MS-MDM] writes it.
const NAMESPACE_1_2: &str = "SYNCML:SYNCML1.2";

/// What is known of the document that is being read.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) form: Form,
    /// Line of the latest command.
    pub(super) last: u64,
    pub(super) identifiers: Identifiers,
    pub(super) reply: Reply,
    /// CSP031 was reported.
    large: bool,
    ended: bool,
}

impl Document {
    pub(super) fn new(form: Form, line: u64) -> Self {
        Self {
            form,
            last: line,
            identifiers: Identifiers::default(),
            reply: Reply::default(),
            large: false,
            ended: false,
        }
    }
}

impl Lint<'_> {
    pub(super) fn start(&mut self, form: Form, namespace: Option<&str>, line: u64) {
        self.document = Document::new(form, line);
        if form == Form::Bare {
            return;
        }
        if namespace != Some(NAMESPACE_1_2) {
            let message = match namespace {
                None | Some("") => "the document is in no namespace".to_owned(),
                Some(other) => format!("the document is in the namespace `{}`", excerpt(other)),
            };
            self.sheet.report(&NAMESPACE, At::line(line), &message);
        }
        if form == Form::Body {
            let message = "the document has no `SyncHdr`: it can be applied locally, but not sent in a session";
            self.sheet.report(&NO_HEADER, At::line(line), message);
        }
    }

    pub(super) fn instruction(&mut self, line: u64) {
        if self.document.form == Form::Bare {
            let message = "a Fleet profile has no XML declaration and no processing instruction";
            self.sheet.report(&FLEET_PROFILE, At::line(line), message);
        }
    }

    pub(super) fn header(&mut self, header: &Header) {
        self.document.last = header.line;
        self.document.reply.header(header);
        if let Some(line) = header.disorder {
            let message = "a child of `SyncHdr` stands before one that it must follow";
            self.sheet.report(&ORDER, At::line(line), message);
        }
    }

    pub(super) fn end_mark(&mut self, line: u64, last: bool) {
        self.document.ended = true;
        if !last {
            self.sheet.report(
                &FINAL,
                At::line(line),
                "`Final` is not the last child of `SyncBody`",
            );
        }
    }

    pub(super) fn end(&mut self) {
        if !self.document.ended && self.document.form != Form::Bare {
            let at = At::line(self.document.last);
            self.sheet.report(&FINAL, at, "`Final` is missing at the end of `SyncBody`");
        }
    }

    /// Looks whether the reply grew too large with the command on `line`.
    pub(super) fn size(&mut self, line: u64) {
        let limit = self.target.max_message_size;
        let bytes = self.document.reply.bytes();
        if bytes > limit && !self.document.large {
            self.document.large = true;
            let message = format!(
                "up to here the reply takes about {bytes} bytes, more than the {limit} of MaxMsgSize: the device sends Alert 1223 in its place"
            );
            let finding = self.sheet.offence(&REPLY_SIZE, At::line(line), &message);
            let finding = finding.with("expectedBytes", bytes).with("MaxMsgSize", limit);
            self.sheet.push(finding);
        }
    }
}
