//! The names of the open elements, with which ending tags are compared.

use crate::artefact::trouble::{Trouble, excerpt};
use crate::error::Place;

/// The open names, one behind the other in one text.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    starts: Vec<usize>,
}

impl Names {
    /// Notes an element that begins; one that ends at once is never open.
    pub(super) fn open(&mut self, name: &str, empty: bool) {
        if empty {
            return;
        }
        self.starts.push(self.text.len());
        self.text.push_str(name);
    }

    /// The name of the innermost element.
    pub(super) fn innermost(&self) -> Option<&str> {
        self.text.get(*self.starts.last()?..)
    }

    /// Takes the name of the innermost element, which is known to end.
    pub(super) fn end(&mut self) {
        if let Some(start) = self.starts.pop() {
            self.text.truncate(start);
        }
    }

    /// Takes the name of the innermost element; an error says that another one ends here.
    pub(super) fn close(&mut self, place: Place, name: &str) -> Result<(), Trouble> {
        let start = self.starts.pop();
        let expected = start.and_then(|start| self.text.get(start..));
        if expected != Some(name) {
            return Err(Trouble::End(place, mismatch(expected, name)));
        }
        self.text.truncate(start.unwrap_or_default());
        Ok(())
    }
}

fn mismatch(expected: Option<&str>, found: &str) -> String {
    let found = excerpt(found);
    match expected.map(excerpt) {
        None => format!("ill-formed document: close tag `</{found}>` does not match any open tag"),
        Some(expected) => {
            format!("ill-formed document: expected `</{expected}>`, but `</{found}>` was found")
        }
    }
}
