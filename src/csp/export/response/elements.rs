//! XML elements written one behind the other, compact or one a line.

use super::Layout;
use std::fmt::{self, Write};

/// Text of elements. Its length is counted without layout.
#[derive(Debug)]
pub(super) struct Elements {
    text: String,
    /// Bytes of `text` that are layout.
    white: usize,
    /// Bytes that were poured out, without layout.
    poured: usize,
    pretty: bool,
    depth: usize,
}

/// A place to go back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    length: usize,
    white: usize,
    depth: usize,
}

impl Elements {
    /// - `depth`: how many elements are open around them.
    pub(super) fn new(layout: Layout, depth: usize) -> Self {
        let pretty = layout == Layout::Pretty;
        Self { text: String::new(), white: 0, poured: 0, pretty, depth }
    }

    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        self.tag(name, attributes, ">");
        self.end_line();
        self.depth += 1;
    }

    pub(super) fn close(&mut self, name: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.indent();
        self.end_tag(name);
        self.end_line();
    }

    pub(super) fn empty(&mut self, name: &str) {
        self.indent();
        self.tag(name, &[], "/>");
        self.end_line();
    }

    pub(super) fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.indent();
        self.tag(name, attributes, ">");
        escape(text, &mut self.text);
        self.end_tag(name);
        self.end_line();
    }

    /// An element that holds a `LocURI`.
    pub(super) fn address(&mut self, name: &str, address: &str) {
        self.open(name, &[]);
        self.leaf("LocURI", &[], address);
        self.close(name);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Bytes without layout, those that were poured out included.
    pub(super) fn length(&self) -> usize {
        self.poured + self.text.len().saturating_sub(self.white)
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { length: self.text.len(), white: self.white, depth: self.depth }
    }

    pub(super) fn go_back(&mut self, mark: Mark) {
        self.text.truncate(mark.length);
        (self.white, self.depth) = (mark.white, mark.depth);
    }

    /// Takes over what stands in others, which are written for this depth.
    pub(super) fn append(&mut self, others: &mut Self) {
        self.text.push_str(&others.text);
        self.white += others.white;
        others.text.clear();
        others.white = 0;
    }

    /// Hands on what is written so far.
    pub(super) fn pour(&mut self, out: &mut dyn Write) -> fmt::Result {
        out.write_str(&self.text)?;
        self.poured = self.length();
        self.white = 0;
        self.text.clear();
        Ok(())
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            for part in [" ", name, "=\"", value, "\""] {
                self.text.push_str(part);
            }
        }
        self.text.push_str(end);
    }

    fn end_tag(&mut self, name: &str) {
        for part in ["</", name, ">"] {
            self.text.push_str(part);
        }
    }

    fn indent(&mut self) {
        if self.pretty {
            self.text.extend(std::iter::repeat_n("  ", self.depth));
            self.white += 2 * self.depth;
        }
    }

    fn end_line(&mut self) {
        if self.pretty {
            self.text.push('\n');
            self.white += 1;
        }
    }
}

/// Writes text so that a reader of XML gets it back; what XML cannot hold at all becomes U+FFFD.
fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A reader would make a line feed of it.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(letter),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Elements, Layout, escape};

    #[test]
    fn layout_does_not_count() {
        let written = |layout| {
            let mut elements = Elements::new(layout, 1);
            elements.open("a", &[("b", "c")]);
            elements.leaf("d", &[], "<e>");
            elements.empty("f");
            elements.close("a");
            (elements.length(), elements.text)
        };
        let (length, compact) = written(Layout::Compact);
        assert_eq!(compact, "<a b=\"c\"><d>&lt;e&gt;</d><f/></a>");
        let (same, pretty) = written(Layout::Pretty);
        assert_eq!(pretty, "  <a b=\"c\">\n    <d>&lt;e&gt;</d>\n    <f/>\n  </a>\n");
        assert_eq!((length, length), (same, compact.len()));
    }

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        let mut text = String::new();
        escape("a\r\n\t\"'\u{1}\u{ffff}]]>&", &mut text);
        assert_eq!(text, "a&#13;\n\t\"'\u{fffd}\u{fffd}]]&gt;&amp;");
    }
}
