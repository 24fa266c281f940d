//! The names of the open elements, with which ending tags are compared.

use super::stride::Name;
use crate::artefact::trouble::{Trouble, excerpt};
use crate::error::Place;
use std::borrow::Cow;

/// The open names, one behind the other in one text.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    /// Where each begins, and its parts.
    open: Vec<(usize, Name)>,
}

impl Names {
    /// Notes an element that begins; one that ends at once is never open.
    #[inline]
    pub(super) fn open(&mut self, text: &str, name: Name) {
        self.open.push((self.text.len(), name));
        self.text.push_str(text);
    }

    /// The name of the innermost element.
    #[inline]
    pub(super) fn innermost(&self) -> Option<(&[u8], Name)> {
        let (start, name) = self.open.last()?;
        Some((self.text.as_bytes().get(*start..)?, *name))
    }

    /// Takes the name of the innermost element, which is known to end.
    #[inline]
    pub(super) fn end(&mut self) {
        if let Some((start, _)) = self.open.pop() {
            self.text.truncate(start);
        }
    }

    /// Takes the name of the innermost element; an error says that another one ends here.
    pub(super) fn close(&mut self, place: Place, name: &str) -> Result<(), Trouble> {
        let start = self.open.pop().map(|(start, _)| start);
        let expected = start.and_then(|start| self.text.get(start..));
        if expected != Some(name) {
            return Err(Trouble::End(place, mismatch(expected, name)));
        }
        self.text.truncate(start.unwrap_or_default());
        Ok(())
    }
}

fn mismatch(expected: Option<&str>, found: &str) -> String {
    let found = shown(found);
    match expected.map(shown) {
        None => format!("ill-formed document: close tag `</{found}>` does not match any open tag"),
        Some(expected) => {
            format!("ill-formed document: expected `</{expected}>`, but `</{found}>` was found")
        }
    }
}

/// A name as messages show it. What a damaged tag has in its place may reach into the text behind it, and that may be a key.
fn shown(name: &str) -> Cow<'_, str> {
    if name.contains('<') { Cow::Borrowed("…") } else { excerpt(name) }
}
