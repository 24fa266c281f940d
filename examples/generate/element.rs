//! XML elements before they are laid out, in the two ways of those who write OMA-DM.

/// An element that is still to be laid out. A name may have attributes behind it.
#[derive(Debug, Clone)]
pub(crate) enum Element {
    Text(&'static str, String),
    Group(&'static str, Vec<Element>),
    /// Without children, closed at once.
    Bare(&'static str),
}

use Element::{Bare, Group, Text};

/// A child with text in it.
#[expect(clippy::needless_pass_by_value, reason = "literals and numbers read better without `&`")]
pub(crate) fn text(name: &'static str, value: impl ToString) -> Element {
    Text(name, value.to_string())
}

impl Element {
    /// Appends the element on one line.
    pub(crate) fn compact(&self, out: &mut String) {
        match self {
            Text(name, value) => {
                out.extend(["<", name, ">", &escaped_text(value), "</", bare_name(name), ">"]);
            }
            Bare(name) => out.extend(["<", name, "/>"]),
            Group(name, children) => {
                out.extend(["<", name, ">"]);
                for child in children {
                    child.compact(out);
                }
                out.extend(["</", bare_name(name), ">"]);
            }
        }
    }

    /// Appends the element indented by two blanks a level, as `XElement.ToString` does.
    pub(crate) fn indented(&self, level: usize, line: &str, out: &mut String) {
        out.push_str(&"  ".repeat(level));
        match self {
            Bare(name) => out.extend(["<", name, " />"]),
            Text(..) => self.compact(out),
            Group(name, children) => {
                out.extend(["<", name, ">", line]);
                for child in children {
                    child.indented(level + 1, line, out);
                }
                out.push_str(&"  ".repeat(level));
                out.extend(["</", bare_name(name), ">"]);
            }
        }
        out.push_str(line);
    }
}

fn bare_name(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

/// Only what text must not hold: quotation marks stay, as real clients leave them.
fn escaped_text(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
