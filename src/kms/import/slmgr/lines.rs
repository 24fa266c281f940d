//! The lines of slmgr's output, freed of what consoles, message boxes and copying add to it.
//!
//! Taken off: the banner of cscript, the frame of a message box, empty lines behind every line, blanks at the ends. Kept: whether a
//! line is indented, how wide it was, and the empty lines between blocks.

use crate::artefact::trouble::Next;
use crate::artefact::{HELD, Notes};
use crate::error::{Outcome, Place};
use crate::kms::import::lines::Lines;
use std::io::BufRead;

/// How many lines an output may have; `/dlv all` prints some 20 for each of some 400 products.
const MOST: usize = 200_000;

/// The width at which a console wraps.
pub(super) const COLUMNS: usize = 80;

/// How long a line may become by what is joined to it; the longest value is a URL.
const LONGEST_JOINED: usize = 8 * 1024;

/// A line of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Counted from 1.
    pub(super) number: u64,
    /// Without blanks at the ends; empty for an empty line.
    pub(super) text: String,
    pub(super) indented: bool,
    /// Characters up to the last one that is no blank.
    pub(super) width: usize,
}

impl Row {
    fn of(number: u64, text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').trim_end();
        let bare = text.trim_start();
        Self {
            number,
            text: bare.to_owned(),
            indented: bare.len() < text.len(),
            width: text.chars().count(),
        }
    }

    pub(super) fn place(&self) -> Place {
        Place::Line(self.number)
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether it is short enough for the rest of a wrapped line.
    pub(super) fn has_room(&self) -> bool {
        self.text.len() < LONGEST_JOINED
    }

    /// Takes `next` as the rest of this line.
    ///
    /// A console cuts anywhere, and the cut line is full; who wraps elsewhere wraps at a blank, but cannot in a value without
    /// blanks.
    pub(super) fn join(&mut self, next: &Self) {
        let tail = self.text.rsplit_once(": ").map_or(self.text.as_str(), |(_, tail)| tail);
        if self.width < COLUMNS && tail.contains(' ') {
            self.text.push(' ');
        }
        self.text.push_str(&next.text);
        self.width = next.width;
    }

    /// Whether it is a line of dashes alone, as a message box is copied with.
    fn is_rule(&self) -> bool {
        self.width >= 10 && self.text.bytes().all(|byte| byte == b'-')
    }
}

/// Reads the output and cleans it; empty when it is complained of as too long to be held.
pub(super) fn read(input: &mut dyn BufRead, notes: &mut Notes) -> Outcome<Vec<Row>> {
    let mut lines = Lines::new(input);
    let (mut rows, mut bytes) = (Vec::new(), 0_usize);
    let held = usize::try_from(HELD).unwrap_or(usize::MAX);
    loop {
        match lines.next() {
            Ok(Some(line)) => {
                bytes += line.text.len();
                if rows.len() >= MOST || bytes > held {
                    let message = format!("the output is longer than {MOST} lines or {HELD} bytes");
                    notes.complain(Place::Line(line.number), message);
                    return Ok(Vec::new());
                }
                rows.push(Row::of(line.number, &line.text));
            }
            Ok(None) => break,
            Err(trouble) => {
                if trouble.settle(notes)? == Next::Stop {
                    break;
                }
            }
        }
    }
    Ok(clean(rows))
}

/// Splits a text that is at hand and cleans it.
pub(super) fn of_text(text: &str) -> Vec<Row> {
    let numbered = (1..).zip(text.lines().take(MOST));
    clean(numbered.map(|(number, line)| Row::of(number, line)).collect())
}

fn clean(rows: Vec<Row>) -> Vec<Row> {
    undouble(unframe(without_banner(rows)))
}

/// Takes off `Microsoft (R) Windows Script Host Version …` and the line of its copyright.
fn without_banner(rows: Vec<Row>) -> Vec<Row> {
    let mut copyright = false;
    let mut keep = |row: &Row| {
        let banner = row.text.contains("Windows Script Host");
        let owner = row.text.contains("Microsoft") || row.text.contains("(C)");
        let goes = banner || (copyright && owner);
        copyright = banner || (copyright && row.is_blank());
        !goes
    };
    rows.into_iter().filter(|row| keep(row)).collect()
}

/// Takes off the frame of a message box: rules, and a title or button that stands alone between two of them.
fn unframe(rows: Vec<Row>) -> Vec<Row> {
    if !rows.iter().any(Row::is_rule) {
        return rows;
    }
    let mut kept = Vec::with_capacity(rows.len());
    for part in rows.split(Row::is_rule) {
        let mut lines = part.iter().filter(|row| !row.is_blank());
        let alone = lines.next().filter(|_| lines.next().is_none());
        if alone.is_none_or(|row| row.indented || row.text.contains(": ")) {
            kept.extend_from_slice(part);
        }
    }
    kept
}

/// Takes off the empty line behind every line.
///
/// It is one for every line when no two lines stand together: slmgr never prints four lines so.
fn undouble(rows: Vec<Row>) -> Vec<Row> {
    let full = rows.iter().filter(|row| !row.is_blank()).count();
    let together = rows.iter().zip(rows.iter().skip(1));
    if full < 4 || together.clone().any(|(row, next)| !row.is_blank() && !next.is_blank()) {
        return rows;
    }
    let mut gap = 0_usize;
    let mut keep = |row: &Row| {
        gap = if row.is_blank() { gap + 1 } else { 0 };
        // Of the lines of a gap every second one was there before.
        !row.is_blank() || gap.is_multiple_of(2)
    };
    rows.into_iter().filter(|row| keep(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Row, of_text};

    fn texts(text: &str) -> Vec<String> {
        let rows = of_text(text).into_iter().map(|row| {
            let indent = if row.indented { "  " } else { "" };
            format!("{indent}{}", row.text)
        });
        rows.collect()
    }

    #[test]
    fn the_banner_and_the_frame_of_a_message_box_are_taken_off() {
        let console = "Microsoft (R) Windows Script Host, Version 5.812\r\nCopyright (C) Microsoft Corporation. Alle Rechte vorbehalten.\r\n\r\nName: x\r\nDescription: y";
        assert_eq!(texts(console), ["", "Name: x", "Description: y"]);
        let rule = "---------------------------";
        let boxed = format!(
            "{rule}\nWindows Script Host\n{rule}\nName: x\n\n    Current count: 5\n\n{rule}\nOK   \n{rule}\n"
        );
        assert_eq!(texts(&boxed), ["Name: x", "", "  Current count: 5", ""]);
        assert_eq!(
            texts(&format!("{rule}\nError: 0xC004F012\n{rule}\nOK\n{rule}")),
            ["Error: 0xC004F012"]
        );
    }

    #[test]
    fn empty_lines_behind_every_line_are_taken_off_and_gaps_stay() {
        let text = "Name: x\n\nDescription: y\n\n\n\nHeading\n\n    a: 1\n\n    b: 2   \n\n";
        assert_eq!(texts(text), ["Name: x", "Description: y", "", "Heading", "  a: 1", "  b: 2"]);
        assert_eq!(
            texts("a\n\nb\nc\n\nd\n"),
            ["a", "", "b", "c", "", "d"],
            "two lines stand together"
        );
    }

    #[test]
    fn a_cut_line_is_joined_without_a_blank_and_a_wrapped_one_with_it() {
        let join = |first: &str, second: &str| {
            let mut row = Row::of(1, first);
            row.join(&Row::of(2, second));
            row.text
        };
        let words = "Description: Windows(R) Operating";
        assert_eq!(join(words, "System"), format!("{words} System"));
        let full = format!("{words:-<80}");
        assert_eq!(join(&full, "System"), format!("{full}System"));
        assert_eq!(
            join("Use License URL: https://activation.exa", "mple/"),
            "Use License URL: https://activation.example/"
        );
    }
}
