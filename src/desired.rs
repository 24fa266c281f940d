//! What a file may declare of a domain: kinds of objects as rows, each with its properties, how the present is read and how it is
//! brought to what was declared.
//!
//! The plan, the complaints, the schema of a file and its help come from these rows. Reading files, comparing and telling is left
//! to `estate::apply`; what an object means to its domain.

use crate::catalog::Mask;
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop, Warning};
use crate::store::{Read, Tx};
use serde_json::{Map, Value as Json};
use std::fmt;

/// The members of an object, under the names of its properties.
pub type Members = Map<String, Json>;

/// What can be declared of one domain.
#[derive(Debug)]
pub struct Desired {
    /// The objects of the outermost level. The first property of the first one is the name of the instance.
    pub kinds: &'static [&'static Kind],
    /// The tools for which its changes can be written down.
    pub forms: &'static [&'static Form],
    /// Writes down what a tool takes of an instance as a whole, a file that holds all objects of a kind. Called once an instance
    /// is as declared, when one of its objects asked for it ([`Effects::write_whole`]).
    pub whole: Option<Whole>,
}

/// Writes an instance, named, down as a whole.
pub type Whole = fn(&mut dyn Read, &str, &mut Effects) -> Outcome<()>;

/// A tool that takes changes as text.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    /// The word of `--emit`.
    pub word: &'static str,
    /// What a remark begins and ends with.
    pub remark: (&'static str, &'static str),
}

/// `PowerShell`, with the modules that the domain names.
pub static POWERSHELL: Form = Form { word: "powershell", remark: ("# ", "") };
/// A script of the POSIX shell.
pub static SHELL: Form = Form { word: "shell", remark: ("# ", "") };
/// Messages of OMA-DM.
pub static SYNCML: Form = Form { word: "syncml", remark: ("<!-- ", " -->") };

/// A kind of object.
#[derive(Debug)]
pub struct Kind {
    /// The table of a file, beside the domain's: `[[kms.machine]]`.
    pub name: &'static str,
    /// One sentence.
    pub doc: &'static str,
    pub properties: &'static [Property],
    /// Objects that stand within it.
    pub parts: &'static [&'static Kind],
    pub order: Order,
    /// Its properties as they are; `None` when there is no such object. Secrets are masked as their rows say.
    pub present: fn(&mut dyn Read, &Wish) -> Outcome<Option<Members>>,
    /// Makes it, with what only a new object can be given. Its settings follow.
    pub make: fn(&mut dyn Tx, &Wish, &mut Effects) -> Outcome<()>,
    /// Sets what differs ([`Wish::set`]) on an object that is there.
    pub set: fn(&mut dyn Tx, &Wish, &mut Effects) -> Outcome<()>,
    pub remove: fn(&mut dyn Tx, &Wish, &mut Effects) -> Outcome<()>,
}

/// Whether the settings of an object are made before or after its parts: a KMS host takes settings once its key is activated, a
/// license server takes key packs once it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    SettingsFirst,
    PartsFirst,
}

/// A property that may be declared.
#[derive(Debug)]
pub struct Property {
    /// The API's own spelling where the API has it.
    pub name: &'static str,
    pub role: Role,
    pub takes: Takes,
    /// One sentence.
    pub doc: &'static str,
}

impl Property {
    #[must_use]
    pub const fn key(name: &'static str, takes: Takes, doc: &'static str) -> Self {
        Self { name, role: Role::Key, takes, doc }
    }

    #[must_use]
    pub const fn made(name: &'static str, takes: Takes, doc: &'static str) -> Self {
        Self { name, role: Role::Made, takes, doc }
    }

    #[must_use]
    pub const fn setting(name: &'static str, takes: Takes, doc: &'static str) -> Self {
        Self { name, role: Role::Setting, takes, doc }
    }
}

/// What a property is to its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Says which object it is; always needed.
    Key,
    /// Given to a new object; nothing changes it afterwards.
    Made,
    /// Can be set at any time.
    Setting,
}

/// What the value of a property is in a file.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    Text,
    /// One of these words, in any case.
    Word(fn() -> Vec<&'static str>),
    /// A whole number.
    Number,
    Flag,
    /// Text, number or flag, judged by the API itself; `""` clears it where the API can.
    Scalar,
    /// A list of texts.
    Texts,
    /// A table of texts.
    Pairs,
    /// The text of a file: `{ file = "…" }`.
    Document,
    /// A secret by reference: `{ file = "…" }`, `{ env = "…" }`; or in the clear.
    Secret(Mask),
}

/// One declared object, on its way to its domain.
#[derive(Clone)]
pub struct Wish {
    pub now: Timestamp,
    pub seed: u64,
    /// The keys of the objects that it stands within, outermost first.
    pub owners: Vec<String>,
    /// What was declared. Secrets stand in full.
    pub given: Members,
    /// The properties that are to be set.
    pub differs: Vec<&'static str>,
}

impl fmt::Debug for Wish {
    /// Leaves the values out: there may be a secret among them.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given: Vec<&String> = self.given.keys().collect();
        out.debug_struct("Wish").field("given", &given).finish_non_exhaustive()
    }
}

impl Wish {
    /// The instance that it belongs to: the outermost object that it stands within.
    pub fn instance(&self) -> Outcome<&str> {
        self.owners.first().map(String::as_str).ok_or_else(|| Stop::bug("a part stands alone"))
    }

    /// The text of a property that must be there.
    pub fn required(&self, name: &str) -> Outcome<String> {
        self.text(name).ok_or_else(|| Stop::bug(&format!("a wish came without its `{name}`")))
    }

    /// A value as text: numbers and flags as they are written.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.given.get(name).map(as_text)
    }

    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.given.get(name)?.as_bool()
    }

    #[must_use]
    pub fn texts(&self, name: &str) -> Option<Vec<String>> {
        let list = self.given.get(name)?.as_array()?;
        Some(list.iter().map(as_text).collect())
    }

    #[must_use]
    pub fn pairs(&self, name: &str) -> Option<Vec<(String, String)>> {
        let table = self.given.get(name)?.as_object()?;
        Some(table.iter().map(|(key, value)| (key.clone(), as_text(value))).collect())
    }

    /// What the word of a [`Takes::Word`] stands for; that it stands for something was seen when the file was read.
    pub fn meaning<T>(&self, name: &str, named: impl Fn(&str) -> Option<T>) -> Outcome<Option<T>> {
        let meant = |word: String| {
            named(&word).ok_or_else(|| Stop::bug(&format!("`{word}` passed as a `{name}`")))
        };
        self.text(name).map(meant).transpose()
    }

    /// Whether the property differs from what is there.
    #[must_use]
    pub fn sets(&self, name: &str) -> bool {
        self.differs.contains(&name)
    }

    /// The value of a property that is to be set, as text.
    #[must_use]
    pub fn set(&self, name: &str) -> Option<String> {
        if self.sets(name) { self.text(name) } else { None }
    }
}

/// A value as the APIs take it: texts bare, null as the empty text.
#[must_use]
pub fn as_text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What bringing an object about says beside its outcome.
#[derive(Debug, Default)]
pub struct Effects {
    /// The tool for which what is done is written down.
    pub form: Option<&'static Form>,
    /// Whether secrets are written in full.
    pub secrets: bool,
    pub lines: Vec<String>,
    pub warnings: Vec<Warning>,
    /// Whether something of the instance at hand is written down with all of its kind.
    pub whole: bool,
}

impl Effects {
    /// Asks that the whole instance be written down in the end: what was changed stands in a file with its like.
    pub fn write_whole(&mut self) {
        self.whole |= self.writes();
    }

    #[must_use]
    pub fn writes(&self) -> bool {
        self.form.is_some()
    }

    /// Writes something down for the tool, when that is asked for.
    pub fn write(&mut self, text: impl Into<String>) {
        if self.writes() {
            self.lines.extend(text.into().lines().map(str::to_owned));
        }
    }

    /// Tells that nothing is written down for a step that the tool must be told otherwise.
    pub fn left_out(&mut self, what: impl Into<String>) {
        if self.writes() {
            self.warnings.push(Warning::new("left-out", what));
        }
    }
}
