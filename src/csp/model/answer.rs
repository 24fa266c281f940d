//! What a device answers to the commands of a message: one answer an item, in the order of the message.
//!
//! Answers are made by `rules` and written down by `export`.

use crate::csp::catalog::nodes::Format;
use crate::csp::model::key::hide_keys;
use std::borrow::Cow;

/// How a message as a whole was taken; told before the first answer to its commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// `None` for documents without a header.
    pub envelope: Option<Envelope>,
    /// `MsgRef` of every answer: the message's own `MsgID`, as written.
    pub message: String,
    /// Status of the `SyncHdr`; at 400 and above no command is answered.
    pub status: u16,
    /// Why it was refused; empty when it was not.
    pub reason: String,
    /// The sender wants no response at all.
    pub no_response: bool,
}

/// What the header of a response repeats of the header of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// `SessionID`, as written.
    pub session: String,
    /// `MsgID` of the response: that of the request, and one.
    pub message: u64,
    /// `Source/LocURI` of the request, to which the response goes.
    pub target: String,
}

/// One node that a Get found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultItem {
    /// The address as it was asked for.
    pub source: String,
    pub format: Format,
    /// `None` when only the structure of the tree was asked for.
    pub data: Option<String>,
}

/// What the tree says to one item of a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// SyncML status.
    pub status: u16,
    /// HRESULT of the configuration manager behind a refusal.
    pub original_error: Option<u32>,
    /// Why it was refused, as a message; empty when it was not.
    pub reason: String,
    /// What to do about it; empty when not known.
    pub remedy: String,
    /// What a Get found: one item, several for a subtree, none when it was refused.
    pub results: Vec<ResultItem>,
}

impl Reply {
    /// A reply without a result.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// A refusal with its reason, which repeats no product key.
    #[must_use]
    pub fn refused(status: u16, reason: &str) -> Self {
        Self { status, reason: hide_keys(reason).into_owned(), ..Self::default() }
    }

    /// Whether the item was carried out, or is going to be.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status) && !matches!(self.status, 214..=216)
    }
}

/// The answer to one item of a command, or to a command as a whole. It borrows from the command as long as it can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<'m> {
    /// Line of the item or of the command, counted from 1.
    pub line: u64,
    /// `CmdID` of the command; empty when it has none.
    pub command: Cow<'m, str>,
    /// Name of the command's element.
    pub name: Cow<'m, str>,
    /// Address of the item, as written but for white space around it.
    pub loc_uri: Option<Cow<'m, str>>,
    /// The command has several items, each with an answer of its own.
    pub one_of_several: bool,
    pub reply: Reply,
    /// `NoResp`: it is carried out, but no Status is sent.
    pub silent: bool,
    /// No further answer belongs to this command.
    pub last: bool,
}

impl Answer<'_> {
    /// The same answer, which outlives its command.
    #[must_use]
    pub fn into_owned(self) -> Answer<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Answer {
            command: own(self.command),
            name: own(self.name),
            loc_uri: self.loc_uri.map(own),
            reply: self.reply,
            line: self.line,
            one_of_several: self.one_of_several,
            silent: self.silent,
            last: self.last,
        }
    }
}

/// What a session tells of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told<'m> {
    /// Once, before every answer.
    Receipt(Receipt),
    Answer(Answer<'m>),
}
