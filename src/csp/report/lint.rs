//! What an administrator should mend before a document is deployed: the rules of `catalog::lint`, one group a file.
//!
//! A [`Lint`] is fed with what the readers hand out, file by file, and gives its findings in the order of the lines. Memory is
//! bounded: of a message it keeps its identifiers as runs, of the files the latest value of each node.

mod address;
mod document;
mod identifiers;
mod key;
mod memory;
mod node;
mod offence;
mod profile;
mod reply;
mod structure;
#[cfg(test)]
mod tests;
mod value;

pub use offence::Tally;

use crate::csp::catalog::lint::UNREADABLE;
use crate::csp::catalog::paths::PathPolicy;
use crate::csp::model::keys::KeyCatalog;
use crate::csp::model::message::{Form, Part};
use crate::csp::model::profile::Profile;
use crate::csp::model::version::OsVersion;
use crate::error::{Complaint, Outcome, Place};
use crate::finding::Finding;
use address::Places;
use document::Document;
use memory::Memory;
use node::Presences;
use offence::{At, Sheet};
use reply::Sizes;
use structure::Within;

/// The device that the documents are meant for, as far as it is known.
#[derive(Debug, Clone)]
pub struct Target {
    pub version: Option<OsVersion>,
    /// SKU number.
    pub edition: Option<i32>,
    /// It runs Windows Insider Preview builds; counts only beside a version.
    pub insider: bool,
    /// 0 standard, 1 S mode.
    pub mode: Option<i32>,
    pub keys: KeyCatalog,
    pub path_policy: PathPolicy,
    /// Bytes.
    pub max_message_size: u64,
}

impl Default for Target {
    /// Any device, without a key catalog, with the `MaxMsgSize` that Intune uses.
    fn default() -> Self {
        Self {
            version: None,
            edition: None,
            insider: false,
            mode: None,
            keys: KeyCatalog::default(),
            path_policy: PathPolicy::Csp,
            max_message_size: 524_288,
        }
    }
}

impl Target {
    /// The third number of the version. Unknown counts as 0, at which every edition and path is still there.
    fn build(&self) -> u32 {
        self.version.map_or(0, |version| version.build)
    }
}

/// The linter: made with its target, fed with files one behind the other.
#[derive(Debug)]
pub struct Lint<'t> {
    target: &'t Target,
    sheet: Sheet,
    tally: Tally,
    document: Document,
    memory: Memory,
    /// What of each spelling of the root the current file uses.
    spellings: address::Spellings,
    places: Places,
    presences: Presences,
    sizes: Sizes,
}

impl<'t> Lint<'t> {
    /// Begins with the file called `file`, as the user named it.
    #[must_use]
    pub fn new(target: &'t Target, file: &str) -> Self {
        let mut lint = Self {
            target,
            sheet: Sheet::default(),
            tally: Tally::default(),
            document: Document::new(Form::Bare, 1),
            memory: Memory::default(),
            spellings: address::Spellings::default(),
            places: Places::new(),
            presences: Presences::new(target),
            sizes: Sizes::new(),
        };
        lint.file(file);
        lint
    }

    /// Goes on with another file; what the earlier ones set is remembered.
    pub fn file(&mut self, file: &str) {
        file.clone_into(&mut self.sheet.file);
        self.memory.file(file);
        self.spellings = address::Spellings::default();
        self.document = Document::new(Form::Bare, 1);
    }

    /// Judges one part of a `SyncML` document or Fleet profile.
    ///
    /// Stops with whatever `each` stops with.
    pub fn message(
        &mut self,
        part: &Part,
        each: &mut dyn FnMut(Finding) -> Outcome<()>,
    ) -> Outcome<()> {
        match part {
            Part::Start { form, namespace, line } => self.start(*form, namespace.as_deref(), *line),
            Part::Instruction { line } => self.instruction(*line),
            Part::Header(header) => self.header(header),
            Part::Command(command) => {
                self.command(command, Within::Top);
                self.size(command.line);
            }
            Part::Final { line, last } => self.end_mark(*line, *last),
            Part::End => self.end(),
        }
        self.sheet.hand_out(&mut self.tally, each)
    }

    /// Judges one profile or package.
    ///
    /// Stops with whatever `each` stops with.
    pub fn profile(
        &mut self,
        profile: &Profile,
        each: &mut dyn FnMut(Finding) -> Outcome<()>,
    ) -> Outcome<()> {
        self.settings(profile);
        self.sheet.hand_out(&mut self.tally, each)
    }

    /// Takes in what a reader could not read (CSP001).
    ///
    /// Stops with whatever `each` stops with.
    pub fn complaint(
        &mut self,
        complaint: &Complaint,
        each: &mut dyn FnMut(Finding) -> Outcome<()>,
    ) -> Outcome<()> {
        self.tally.unreadable += 1;
        let line = match complaint.place {
            Place::Line(line) => Some(line),
            Place::Whole | Place::Offset(_) | Place::Record(_) => None,
        };
        let at = At { line, object: "" };
        let mut finding = self.sheet.offence(&UNREADABLE, at, &complaint.message);
        if let Place::Offset(offset) = complaint.place {
            finding = finding.with("offset", offset);
        }
        if let Some(remedy) = &complaint.remedy {
            finding = finding.remedy(remedy.clone());
        }
        self.sheet.push(finding);
        self.sheet.hand_out(&mut self.tally, each)
    }

    /// How many findings there were in all files.
    #[must_use]
    pub fn finish(self) -> Tally {
        self.tally
    }
}
