//! How a command ends when it does not end well: the refusal of the API, wrong usage, a bad artefact, our own trouble.
//!
//! Exit statuses are fixed here. Printing is left to `output`.

use crate::catalog::Code;
use crate::finding::Value;
use serde_json::Map;
use std::fmt;
use std::io::{self, ErrorKind};

/// The end of a command that answered. `No` follows a whole answer that is printed and stored (a check, a diff).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Yes,
    No,
    /// The status that the form of the answer prescribes, as that of monitoring plug-ins does.
    Own(u8),
}

impl Verdict {
    /// The exit status of the process.
    #[must_use]
    pub fn status(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::Own(status) => status,
        }
    }
}

/// Everything but a clean answer.
#[derive(Debug)]
pub enum Stop {
    /// The model said no, with its native code; nothing was written. Exit status 1.
    Refused(Box<Refusal>),
    /// What the parser cannot see: no such instance, several and no flag, an ambiguous name. Exit status 2.
    Usage(Usage),
    /// A file is not what it claims; every place, not only the first. Exit status 3.
    BadArtefact(Complaints),
    /// Store, file or environment; the chain says while doing what. Exit status 4.
    Fault(anyhow::Error),
}

/// What every fallible step returns.
pub type Outcome<T> = Result<T, Stop>;

impl Stop {
    /// The exit status of the process.
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::BadArtefact(_) => 3,
            Self::Fault(_) => 4,
        }
    }

    /// A fault of our own making: a state that the code rules out.
    #[must_use]
    pub fn bug(what: &str) -> Self {
        Self::Fault(anyhow::anyhow!("{what}; this is a defect of licctl, please report it"))
    }
}

/// What the user can do about a fault. It stands in the chain of the fault, and is shown behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy(pub String);

impl fmt::Display for Remedy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What helps when the system does not let a file be used, where nothing better is known.
static REMEDIES: [(ErrorKind, &str); 7] = [
    (ErrorKind::NotFound, "is the path right? it counts from the working folder"),
    (ErrorKind::PermissionDenied, "let this user do that, or name another path"),
    (ErrorKind::ReadOnlyFilesystem, "name a path on a file system that can be written"),
    (ErrorKind::StorageFull, "make room on that disk, and try again"),
    (ErrorKind::IsADirectory, "name a file in it"),
    (ErrorKind::NotADirectory, "a part of the path is a file: name another path"),
    (ErrorKind::InvalidFilename, "name a path that this system can hold"),
];

impl Stop {
    /// Adds to a fault what the user can do about it, unless it says so already. Others say it where they are made.
    #[must_use]
    pub fn remedied(self, remedy: impl Into<String>) -> Self {
        match self {
            Self::Fault(error) if error.downcast_ref::<Remedy>().is_none() => {
                Self::Fault(error.context(Remedy(remedy.into())))
            }
            other => other,
        }
    }

    /// A fault as it is shown: what happened, while doing what, and what helps; of others nothing.
    #[must_use]
    pub fn fault(&self) -> Option<(String, Option<String>)> {
        let Self::Fault(error) = self else { return None };
        let remedy = error.downcast_ref::<Remedy>();
        let texts = error.chain().map(ToString::to_string);
        let told: Vec<String> =
            texts.filter(|text| remedy.is_none_or(|remedy| remedy.0 != *text)).collect();
        let kind = error.chain().find_map(|cause| Some(cause.downcast_ref::<io::Error>()?.kind()));
        let general = || REMEDIES.iter().find(|(one, _)| Some(*one) == kind);
        let remedy = remedy
            .map(|remedy| remedy.0.clone())
            .or_else(|| general().map(|(_, remedy)| (*remedy).to_owned()));
        Some((told.join(": ").trim_end().to_owned(), remedy))
    }

    /// Names the file in complaints that name none yet.
    #[must_use]
    pub fn within(self, file: &str) -> Self {
        match self {
            Self::BadArtefact(complaints) => Self::BadArtefact(complaints.within(file)),
            other => other,
        }
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Fault(error)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Usage> for Stop {
    fn from(usage: Usage) -> Self {
        Self::Usage(usage)
    }
}

impl From<Complaints> for Stop {
    fn from(complaints: Complaints) -> Self {
        Self::BadArtefact(complaints)
    }
}

/// The API's no. It is not a `std::error::Error`, so that no stray `?` can turn a "no" into a "broken tool".
#[derive(Debug)]
pub struct Refusal {
    pub code: &'static Code,
    /// What the API answers when that is not the code's own number: the OMA-DM status in front of an HRESULT.
    pub answered: Option<u32>,
    /// `Class.Method` or the request that was refused; empty until the operation names it.
    pub api: String,
    /// What offended and what was allowed; lower case, no final period.
    pub message: String,
    /// What to type next.
    pub hint: Option<String>,
    /// Native extras: members that the API's own error carries.
    pub detail: Vec<(&'static str, String)>,
    /// Native extras that are no texts: numbers, and lists of data objects.
    pub values: Option<Box<Map<String, Value>>>,
    /// What the refused call hands back all the same: its return value and its out parameters, null when they hold nothing.
    pub answer: Vec<(&'static str, Option<u32>)>,
}

impl Refusal {
    #[must_use]
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            answered: None,
            api: String::new(),
            message: message.into(),
            hint: None,
            detail: Vec::new(),
            values: None,
            answer: Vec::new(),
        }
    }

    /// Adds what to type next.
    #[must_use]
    pub fn hinted(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Adds what the API answers in front of the code.
    #[must_use]
    pub fn answered(self, by: &Code) -> Self {
        Self { answered: by.native.number(), ..self }
    }

    /// Names the call that was refused.
    #[must_use]
    pub fn of(self, api: &str) -> Self {
        Self { api: api.to_owned(), ..self }
    }

    /// Adds a member that the API's own error carries.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.detail.push((name, value.into()));
        self
    }

    /// Adds a member that the API's own error carries, and that is no text.
    #[must_use]
    pub fn with_value(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.get_or_insert_default().insert(name.to_owned(), value.into());
        self
    }

    /// Adds what the refused call hands back.
    #[must_use]
    pub fn answering(mut self, name: &'static str, value: Option<u32>) -> Self {
        self.answer.push((name, value));
        self
    }
}

/// A wrong invocation.
#[derive(Debug)]
pub struct Usage {
    pub message: String,
    pub hint: Option<String>,
}

impl Usage {
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    #[must_use]
    pub fn hinted(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// Where in an artefact something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// The file as a whole.
    #[default]
    Whole,
    /// Line, counted from 1.
    Line(u64),
    /// Byte offset, counted from 0.
    Offset(u64),
    /// Record number of a container that has no lines.
    Record(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Line(line) => write!(out, "line {line}"),
            Self::Offset(offset) => write!(out, "byte {offset}"),
            Self::Record(record) => write!(out, "record {record}"),
        }
    }
}

/// One thing that is wrong with an artefact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The file as the user named it; empty until the caller that knows it adds it.
    pub file: String,
    pub place: Place,
    pub message: String,
    /// What would make the file acceptable.
    pub remedy: Option<String>,
}

impl Complaint {
    #[must_use]
    pub fn new(place: Place, message: impl Into<String>) -> Self {
        Self { file: String::new(), place, message: message.into(), remedy: None }
    }

    #[must_use]
    pub fn remedied(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }
}

/// The complaints of a command: the first [`Complaints::KEPT`], the rest counted.
#[derive(Debug, Default)]
pub struct Complaints {
    pub kept: Vec<Complaint>,
    /// How many came after the kept ones.
    pub more: u64,
}

impl Complaints {
    /// How many are kept with their text.
    pub const KEPT: usize = 1000;

    pub fn push(&mut self, complaint: Complaint) {
        if self.kept.len() < Self::KEPT {
            self.kept.push(complaint);
        } else {
            self.more += 1;
        }
    }

    /// Takes in the complaints of another part or file.
    pub fn add(&mut self, other: Self) {
        self.more += other.more;
        for complaint in other.kept {
            self.push(complaint);
        }
    }

    /// Names the file in complaints that name none yet.
    #[must_use]
    pub fn within(mut self, file: &str) -> Self {
        for complaint in self.kept.iter_mut().filter(|complaint| complaint.file.is_empty()) {
            file.clone_into(&mut complaint.file);
        }
        self
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// All of them, kept or counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        u64::try_from(self.kept.len()).unwrap_or(u64::MAX).saturating_add(self.more)
    }
}

impl From<Complaint> for Complaints {
    fn from(complaint: Complaint) -> Self {
        Self { kept: vec![complaint], more: 0 }
    }
}

impl From<Complaint> for Stop {
    fn from(complaint: Complaint) -> Self {
        Self::BadArtefact(complaint.into())
    }
}

/// Something that did not stop the command but that its reader should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable word.
    pub code: &'static str,
    pub message: String,
    /// File and place, or the object it concerns; empty for the command as a whole.
    pub place: String,
}

impl Warning {
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: String::new() }
    }

    #[must_use]
    pub fn at(self, place: impl Into<String>) -> Self {
        Self { place: place.into(), ..self }
    }
}
