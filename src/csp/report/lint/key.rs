//! Product keys: CSP021 to CSP023, CSP027, CSP037. No message shows more of one than its last five characters.

use super::Lint;
use super::offence::{At, Sheet, excerpt};
use crate::catalog::Kind;
use crate::csp::catalog::editions::title;
use crate::csp::catalog::lint::{CLEAR_KEY, KEY_SHAPE, KEY_UNREACHABLE, MASKED, PLACEHOLDER};
use crate::csp::catalog::nodes::Node;
use crate::csp::catalog::paths::edge;
use crate::csp::model::key::{ProductKey, hide_keys};
use std::borrow::Cow;

/// The first group of the keys in the examples of the documentation, with its dash.
const PLACEHOLDER_GROUP: &str = "XXXXX-";

/// Whether the data of the node is a product key.
pub(super) fn takes_key(node: &Node) -> bool {
    matches!(node.field.kind, Kind::Secret(_))
}

/// Whether a value stands masked in the file: as the Intune service, or licctl itself, hides a key.
pub(super) fn is_masked(value: &str) -> bool {
    value.trim_start().starts_with('*')
}

/// Reports a value that cannot be checked.
pub(super) fn masked(node: &Node, at: At<'_>, sheet: &mut Sheet) {
    let message =
        format!("the value of `{}` is encrypted or masked and cannot be checked", node.path);
    sheet.report(&MASKED, at, &message);
}

/// Reports a product key that stands in clear where none belongs: in an address, or in the data of a node that takes none.
///
/// - `what`: where it stands, as the beginning of a message.
pub(super) fn stray(what: &str, text: &str, at: At<'_>, sheet: &mut Sheet) {
    if let Cow::Owned(masked) = hide_keys(text) {
        let message = format!("{what} holds a product key in clear text: `{}`", tail(&masked));
        sheet.report(&CLEAR_KEY, at, &message);
    }
}

/// What is shown of a text whose keys are masked: as much as the first masked key and what stands behind it.
fn tail(masked: &str) -> Cow<'_, str> {
    excerpt(masked.find('*').and_then(|begin| masked.get(begin..)).unwrap_or(masked))
}

/// What a key means for the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// The key catalog knows it for the edition that the target has: it activates, silently.
    SameEdition,
    Other,
}

impl Lint<'_> {
    /// Judges the data of a node that takes a product key.
    pub(super) fn key(&mut self, node: &Node, value: &str, at: At<'_>) -> Effect {
        let name = node.path;
        let placeholder = |head: &str| head.eq_ignore_ascii_case(PLACEHOLDER_GROUP);
        if is_masked(value) {
            masked(node, at, &mut self.sheet);
        } else if value.trim_start().get(..PLACEHOLDER_GROUP.len()).is_some_and(placeholder) {
            let message = format!("the key of `{name}` is the placeholder of the documentation");
            self.sheet.report(&PLACEHOLDER, at, &message);
        } else if value.trim().is_empty() {
            let message = format!("`{name}` takes a product key, and there is none");
            self.sheet.report(&KEY_SHAPE, at, &message);
        } else {
            match ProductKey::new(value) {
                Ok(key) => {
                    let shown = key.masked();
                    let message = format!("`{name}` holds the product key `{shown}` in clear text");
                    self.sheet.report(&CLEAR_KEY, at, &message);
                    return self.reach(node, &key, at);
                }
                Err(flaw) => {
                    let message = format!("the value of `{name}` is no product key: {flaw}");
                    self.sheet.report(&KEY_SHAPE, at, &message);
                }
            }
        }
        Effect::Other
    }

    /// Compares the edition that the catalog has for a key with those that the target can reach.
    fn reach(&mut self, node: &Node, key: &ProductKey, at: At<'_>) -> Effect {
        let Some(from) = self.target.edition else { return Effect::Other };
        let Some(entry) = self.target.keys.find(key) else { return Effect::Other };
        if entry.edition == from {
            return Effect::SameEdition;
        }
        if edge(self.target.path_policy, from, entry.edition, self.target.build()).is_none() {
            let message = format!(
                "`{}`: the key `{}` is for {}, which cannot be reached from {}",
                node.path,
                key.masked(),
                title(entry.edition),
                title(from)
            );
            let finding = self.sheet.offence(&KEY_UNREACHABLE, at, &message);
            self.sheet.push(finding.with("catalogId", entry.id.as_str()));
        }
        Effect::Other
    }
}
