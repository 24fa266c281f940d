//! What the files set so far: CSP026 within one, CSP036 between two.
//!
//! Bounded by the number of nodes, whatever the number of files and commands: the address was resolved to its node before, so
//! that case, `./Device` and percent-escapes make no difference.

use super::offence::{At, Sheet, excerpt};
use crate::csp::catalog::lint::{FILES_DISAGREE, SET_TWICE};
use crate::csp::catalog::nodes::{Node, NodeId};
use crate::csp::rules::value;
use crate::finding::Level;
use std::collections::HashMap;

/// The latest value of each node.
#[derive(Debug, Default)]
pub(super) struct Memory {
    latest: HashMap<NodeId, Setting>,
    /// Names of the files, in the order in which they were linted.
    files: Vec<String>,
}

#[derive(Debug)]
struct Setting {
    /// Index into `files`.
    file: usize,
    line: u64,
    value: Value,
    /// CSP036 was reported for this node and this file.
    told: bool,
}

/// A value as it is compared: `01` is `1`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Number(i32),
    Text(String),
}

impl Value {
    fn of(text: &str) -> Self {
        value::integer(text).map_or_else(|| Self::Text(text.trim().to_owned()), Self::Number)
    }

    fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => excerpt(text).into_owned(),
        }
    }
}

impl Memory {
    /// Begins another file.
    pub(super) fn file(&mut self, name: &str) {
        self.files.push(name.to_owned());
    }

    /// A command of the current file sets `node` to `text`.
    pub(super) fn set(&mut self, node: &Node, text: &str, at: At<'_>, sheet: &mut Sheet) {
        let file = self.files.len().saturating_sub(1);
        let new = Setting {
            file,
            line: at.line.unwrap_or_default(),
            value: Value::of(text),
            told: false,
        };
        let Some(old) = self.latest.get_mut(&node.id) else {
            self.latest.insert(node.id, new);
            return;
        };
        let told = old.file == file && old.told;
        let differs = old.value != new.value;
        let (name, line) = (node.path, old.line);
        if old.file == file {
            let (level, was) = if differs {
                (Level::Error, format!("to `{}`", old.value.shown()))
            } else {
                (Level::Warning, "to the same".to_owned())
            };
            let value = new.value.shown();
            let message =
                format!("`{name}` is set to `{value}`, but line {line} sets it {was} already");
            let mut finding = sheet.offence(&SET_TWICE, at, &message).with("earlierLine", line);
            finding.severity = level;
            sheet.push(finding);
        } else if differs && !told {
            let other = self.files.get(old.file).map_or("", String::as_str);
            let (value, was) = (new.value.shown(), old.value.shown());
            let message = format!(
                "`{name}` is set to `{value}`, but `{other}` sets it to `{was}` on line {line}"
            );
            let finding = sheet
                .offence(&FILES_DISAGREE, at, &message)
                .with("otherFile", other)
                .with("otherLine", line);
            sheet.push(finding);
        }
        *old = Setting { told: told || (old.file != file && differs), ..new };
    }

    /// A command of the current file deletes `node`: what it was set to before does not clash any more.
    pub(super) fn delete(&mut self, node: &Node) {
        self.latest.remove(&node.id);
    }
}
