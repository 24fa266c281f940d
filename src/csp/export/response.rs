//! The answer of a device to a message, as a SyncML document: compact as a Windows client writes it, or laid out for people.
//!
//! Takes what a session tells, one by one. What is answered is left to `rules`; signing and sending to nobody.
//!
//! Source: [CAPTURE]; of several items one Status each: [CAPTURE], where [MS-MDM] would allow one for all.

mod elements;

use crate::csp::catalog::enumerations::SESSION_ABORT;
use crate::csp::catalog::nodes::Format;
use crate::csp::model::answer::{Answer, Receipt, ResultItem, Told};
use elements::Elements;
use std::fmt;

/// What a device writes into its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// `./DevInfo/DevId`: the Source of every message.
    pub device_id: String,
    /// Whether a refusal carries `msft:originalerror`.
    pub original_errors: bool,
    /// Bytes of the longest answer, without layout: in the place of a longer one stands an Alert that aborts the session.
    pub limit: Option<u64>,
}

/// How a document is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// No white space between elements, no line end.
    #[default]
    Compact,
    /// An element a line, two spaces a level.
    Pretty,
}

/// What became of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Whole,
    /// It was too long: Alert 1223 was written instead.
    Aborted,
    /// The sender of the request wanted none; nothing was written.
    Unwanted,
}

/// A response that is being written.
///
/// With a limit it is held until [`Response::finish`], and never more of it than the limit; without one it is written as it comes.
#[derive(Debug)]
pub struct Response<W> {
    out: W,
    sender: Sender,
    body: Elements,
    /// Result items of the command that is being answered.
    results: Elements,
    /// Length of `body` with the Status of the header and nothing more.
    opening: elements::Mark,
    /// `CmdID` of the element that was written last.
    count: u64,
    message: String,
    end: End,
}

/// How many bytes a compact response takes that holds these answers and no others.
#[must_use]
pub fn length(sender: &Sender, receipt: &Receipt, answers: &[Answer<'_>]) -> usize {
    let mut response = Response::new(String::new(), sender.clone(), Layout::Compact);
    response.open(receipt);
    for answer in answers {
        response.answer(answer);
    }
    response.body.length() + CLOSING
}

impl<W: fmt::Write> Response<W> {
    pub fn new(out: W, sender: Sender, layout: Layout) -> Self {
        let body = Elements::new(layout, 0);
        Self {
            out,
            sender,
            opening: body.mark(),
            body,
            // `SyncML`, `SyncBody`, `Results`.
            results: Elements::new(layout, 3),
            count: 0,
            message: String::new(),
            end: End::Whole,
        }
    }

    /// Writes what the session tells.
    pub fn tell(&mut self, told: &Told<'_>) -> fmt::Result {
        match told {
            Told::Receipt(receipt) if receipt.no_response => self.end = End::Unwanted,
            _ if self.end != End::Whole => {}
            Told::Receipt(receipt) => self.open(receipt),
            Told::Answer(answer) => self.answer(answer),
        }
        self.bound();
        if self.sender.limit.is_none() { self.body.pour(&mut self.out) } else { Ok(()) }
    }

    /// Ends the document.
    pub fn finish(mut self) -> Result<End, fmt::Error> {
        if self.end != End::Unwanted {
            self.body.empty("Final");
            self.body.close("SyncBody");
            self.body.close("SyncML");
            self.body.pour(&mut self.out)?;
        }
        Ok(self.end)
    }

    fn open(&mut self, receipt: &Receipt) {
        let body = &mut self.body;
        body.open("SyncML", &[("xmlns", NAMESPACE)]);
        match &receipt.envelope {
            None => body.empty("SyncHdr"),
            Some(envelope) => {
                body.open("SyncHdr", &[]);
                body.leaf("VerDTD", &[], "1.2");
                body.leaf("VerProto", &[], "DM/1.2");
                body.leaf("SessionID", &[], &envelope.session);
                body.leaf("MsgID", &[], &envelope.message.to_string());
                body.address("Target", &envelope.target);
                body.address("Source", &self.sender.device_id);
                body.close("SyncHdr");
            }
        }
        let declared: &[_] =
            if self.sender.original_errors { &[("xmlns:msft", MICROSOFT)] } else { &[] };
        body.open("SyncBody", declared);
        self.message.clone_from(&receipt.message);
        self.status("0", "SyncHdr", None, (receipt.status, None));
        self.opening = self.body.mark();
    }

    fn answer(&mut self, answer: &Answer<'_>) {
        let reply = &answer.reply;
        if !answer.silent {
            let target = answer.loc_uri.as_deref().filter(|_| answer.one_of_several);
            let failure = (reply.status, reply.original_error);
            self.status(&answer.command, &answer.name, target, failure);
        }
        for item in &reply.results {
            result(&mut self.results, item);
        }
        if answer.last && !self.results.is_empty() {
            self.count += 1;
            self.body.open("Results", &[]);
            self.reference(&answer.command);
            self.body.append(&mut self.results);
            self.body.close("Results");
        }
    }

    fn status(
        &mut self,
        command: &str,
        name: &str,
        target: Option<&str>,
        (status, error): (u16, Option<u32>),
    ) {
        self.count += 1;
        self.body.open("Status", &[]);
        self.reference(command);
        self.body.leaf("Cmd", &[], name);
        if let Some(target) = target {
            self.body.leaf("TargetRef", &[], target);
        }
        match error.filter(|_| self.sender.original_errors) {
            None => self.body.leaf("Data", &[], &status.to_string()),
            Some(error) => {
                let error = format!("0x{error:08X}");
                self.body.leaf("Data", &[("msft:originalerror", &error)], &status.to_string());
            }
        }
        self.body.close("Status");
    }

    fn reference(&mut self, command: &str) {
        self.body.leaf("CmdID", &[], &self.count.to_string());
        self.body.leaf("MsgRef", &[], &self.message);
        self.body.leaf("CmdRef", &[], command);
    }

    /// Keeps the document within its limit.
    fn bound(&mut self) {
        let Some(limit) = self.sender.limit else { return };
        let length = self.body.length() + self.results.length() + CLOSING;
        if self.end != End::Whole || u64::try_from(length).unwrap_or(u64::MAX) <= limit {
            return;
        }
        self.end = End::Aborted;
        self.body.go_back(self.opening);
        self.results = Elements::new(Layout::Compact, 0);
        self.body.open("Alert", &[]);
        self.body.leaf("CmdID", &[], "2");
        self.body.leaf("Data", &[], &SESSION_ABORT.to_string());
        self.body.close("Alert");
    }
}

fn result(elements: &mut Elements, item: &ResultItem) {
    elements.open("Item", &[]);
    elements.address("Source", &item.source);
    // The format of text goes without saying.
    if item.format != Format::Chr {
        elements.open("Meta", &[]);
        elements.leaf("Format", &[("xmlns", METINF)], item.format.word());
        elements.close("Meta");
    }
    if let Some(data) = &item.data {
        elements.leaf("Data", &[], data);
    }
    elements.close("Item");
}

const NAMESPACE: &str = "SYNCML:SYNCML1.2";
const METINF: &str = "syncml:metinf";

/// The namespace of `originalerror`.
///
/// Source: [OMADM] SyncML response status codes.
const MICROSOFT: &str = "http://schemas.microsoft.com/MobileDevice/MDM";

/// Bytes of what closes every document.
const CLOSING: usize = "<Final/></SyncBody></SyncML>".len();

#[cfg(test)]
mod tests;
