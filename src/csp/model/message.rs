//! A SyncML message as it stands in its document: nothing is judged yet, and what a linter would tell is kept.
//!
//! Bytes are read by `import`, commands answered by `rules`, answers written by `export`.

/// What form a document has (section 3.2 of the design of this API).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Root `SyncML` with a `SyncHdr`.
    Message,
    /// Root `SyncBody`, or root `SyncML` without `SyncHdr`.
    Body,
    /// Commands without a root, as Fleet profiles have them.
    Bare,
}

/// Text of an element and the line on which the element begins, counted from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// As it stands there: white space is not trimmed, references are resolved.
    pub text: String,
    pub line: u64,
}

/// `SyncHdr`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    pub line: u64,
    pub version: Option<Text>,
    pub protocol: Option<Text>,
    pub session: Option<Text>,
    pub message: Option<Text>,
    /// `Target/LocURI`.
    pub target: Option<Text>,
    /// `Source/LocURI`.
    pub source: Option<Text>,
    /// `Source/LocName`.
    pub source_name: Option<Text>,
    pub no_response: bool,
    /// Line of the first child element that stands before another which it must follow.
    pub disorder: Option<u64>,
}

/// `Meta` of an item or of a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    pub format: Option<Text>,
    pub kind: Option<Text>,
    /// Line of the first child that is not in the namespace `syncml:metinf`.
    pub foreign: Option<u64>,
}

/// `Data` of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Data {
    /// The character data; of markup that should have been escaped, its text.
    pub text: String,
    pub line: u64,
    /// It was written as CDATA.
    pub cdata: bool,
    /// It holds elements instead of escaped text.
    pub markup: bool,
}

/// One `Item`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    pub line: u64,
    /// `Target/LocURI`.
    pub target: Option<Text>,
    /// `Source/LocURI`.
    pub source: Option<Text>,
    pub meta: Option<Meta>,
    pub data: Option<Data>,
    /// `MoreData`: the rest of the data follows in a later item.
    pub more: bool,
}

/// One command, answer or group of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Command {
    pub line: u64,
    /// Name of the element, without prefix: `Replace`, `Atomic`, `Status`, or whatever stands there.
    pub name: String,
    /// As written; `None` when there is no such element.
    pub cmd_id: Option<Text>,
    pub no_response: bool,
    /// Of the command itself, beside its items.
    pub meta: Option<Meta>,
    /// `Data` of an Alert or a Status.
    pub data: Option<Data>,
    pub items: Vec<Item>,
    /// Of Atomic and Sequence.
    pub commands: Vec<Command>,
    /// Of Status and Results: `MsgRef`, `CmdRef`, `Cmd`, the first `TargetRef`.
    pub answers: Answers,
    /// Line of the first child element that stands before another which it must follow.
    pub disorder: Option<u64>,
}

/// What a Status or Results refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    pub message: Option<String>,
    pub command: Option<String>,
    pub name: Option<String>,
    pub target: Option<String>,
    /// `msft:originalerror` of a Status' `Data`.
    pub original_error: Option<String>,
}

/// What a reader hands out, in the order of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Once for each document, before everything else of it.
    Start {
        form: Form,
        /// Namespace of the root; `None` when it has none, or there is no root.
        namespace: Option<String>,
        line: u64,
    },
    /// The first XML declaration or processing instruction of the document, right behind `Start`.
    Instruction { line: u64 },
    /// At most once, before the commands.
    Header(Box<Header>),
    /// A child of `SyncBody`; Atomic and Sequence with all that they hold.
    Command(Box<Command>),
    /// `Final`, and whether it was the last child.
    Final { line: u64, last: bool },
    /// The document is complete and nothing in it was complained of. Without it nothing of the document may take effect.
    End,
}
