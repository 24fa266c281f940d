//! Tables without borders, in chunks: the first rows give the widths of all. And the records of csv.

use super::layout::{GAP, Shown, is_plain, is_simple, laid_out, simple};
use super::screen::{escape, hides};
use super::{Cell, Column, Fit, Look, Tone};
use serde_json::Value as Json;
use std::fmt::Write as _;

/// Rows whose widths decide for all, and rows that are laid out at once.
const CHUNK: usize = 500;

/// The width below which a sentence is hard to read.
const SENTENCE: usize = 34;

/// The width below which a few words are hard to read.
const PHRASE: usize = 20;

/// The narrowest that a column is made.
const NARROW: usize = 8;

/// Bytes that are handed on at once.
const PIECE: usize = 8 * 1024;

/// A table that is laid out as its rows arrive.
pub(super) struct Chunks {
    columns: Vec<Column>,
    look: Look,
    headers: bool,
    /// At first the rows whose widths decide, later those that the library lays out.
    waiting: Vec<Vec<Cell>>,
    /// Known after the first chunk.
    shown: Option<Vec<Shown>>,
    text: String,
}

impl Chunks {
    pub(super) fn new(columns: Vec<Column>, look: &Look, headers: bool) -> Self {
        let look = look.clone();
        Self { columns, look, headers, waiting: Vec::new(), shown: None, text: String::new() }
    }

    /// Takes a row; text when there is a piece of it.
    pub(super) fn push(&mut self, mut cells: Vec<Cell>) -> Option<String> {
        for cell in &mut cells {
            if !is_plain(&cell.text) && cell.text.chars().any(hides) {
                cell.text = escape(&cell.text, false);
            }
        }
        self.add(cells);
        if self.text.len() < PIECE {
            return None;
        }
        Some(std::mem::replace(&mut self.text, String::with_capacity(2 * PIECE)))
    }

    /// The text that is left.
    pub(super) fn rest(mut self) -> String {
        if self.shown.is_none() && !self.waiting.is_empty() {
            self.begin();
        }
        if let Some(shown) = &self.shown {
            laid_out(&mut self.text, &self.waiting, shown, &self.look);
        }
        self.text
    }

    /// Lays out a row when the widths are known. Most need nothing but blanks between their cells; the others are left to the library,
    /// one run of them at a time.
    fn add(&mut self, cells: Vec<Cell>) {
        let Self { waiting, shown, text, look, .. } = self;
        if let Some(shown) = shown
            && is_simple(&cells, shown, look)
        {
            laid_out(text, waiting, shown, look);
            waiting.clear();
            simple(text, &cells, shown);
            return;
        }
        waiting.push(cells);
        if waiting.len() < CHUNK {
            return;
        }
        match shown {
            Some(shown) => {
                laid_out(text, waiting, shown, look);
                waiting.clear();
            }
            None => self.begin(),
        }
    }

    /// Takes the widths from the rows that wait, and lays these out.
    fn begin(&mut self) {
        let rows = std::mem::take(&mut self.waiting);
        let widths = self.measure(&rows).into_iter().zip(&self.columns).enumerate();
        let shown: Vec<Shown> = widths
            .filter_map(|(at, (width, column))| Some(Shown { at, column: *column, width: width? }))
            .collect();
        if self.headers {
            let heads: Vec<Cell> = self.columns.iter().map(|column| column.head.into()).collect();
            laid_out(&mut self.text, &[heads], &shown, &self.look);
        }
        self.shown = Some(shown);
        for row in rows {
            self.add(row);
        }
    }

    fn measure(&self, rows: &[Vec<Cell>]) -> Vec<Option<usize>> {
        let natural: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let head = if self.headers { column.head.chars().count() } else { 0 };
                let cells =
                    rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.text.chars().count());
                cells.max().unwrap_or(0).max(head)
            })
            .collect();
        let bare =
            |at: usize| rows.iter().all(|row| row.get(at).is_none_or(|cell| cell.text.is_empty()));
        let seldom = |at: usize, column: &Column| {
            column.fit == Fit::Seldom && self.columns.len() > 1 && bare(at)
        };
        let columns = self.columns.iter().enumerate().zip(natural);
        let mut widths: Vec<Option<usize>> =
            columns.map(|((at, column), width)| (!seldom(at, column)).then_some(width)).collect();
        let Some(screen) = self.look.width else {
            return widths;
        };
        let total = |widths: &[Option<usize>]| -> usize {
            let shown = widths.iter().flatten().count();
            widths.iter().flatten().sum::<usize>() + GAP * shown.saturating_sub(1)
        };
        // The rightmost spare column goes first: columns stand in the order of their worth.
        for (at, column) in self.columns.iter().enumerate().rev() {
            if total(&widths) <= screen {
                break;
            }
            if super::list::spare(column)
                && let Some(width) = widths.get_mut(at)
            {
                *width = None;
            }
        }
        // Sentences are broken before names are cut, and broken small only when nothing else helps.
        let cut: &[Fit] = &[Fit::Elide, Fit::ElideHead];
        let broken: &[Fit] = &[Fit::Wrap, Fit::Phrase];
        for (fits, least) in [
            (&[Fit::Wrap][..], SENTENCE),
            (&[Fit::Phrase][..], PHRASE),
            (cut, NARROW),
            (broken, NARROW),
        ] {
            let over = total(&widths).saturating_sub(screen);
            self.narrow(&mut widths, fits, least, over);
        }
        widths
    }

    /// Takes `over` columns of the screen away from the widest columns of one kind.
    fn narrow(&self, widths: &mut [Option<usize>], fits: &[Fit], least: usize, over: usize) {
        for _ in 0..over {
            let widest = self
                .columns
                .iter()
                .zip(widths.iter_mut())
                .filter(|(column, _)| fits.contains(&column.fit))
                .filter_map(|(column, width)| {
                    width.as_mut().map(|width| (column.head.chars().count().max(least), width))
                })
                .filter(|(least, width)| **width > *least)
                .max_by_key(|(_, width)| **width);
            let Some((_, width)) = widest else { return };
            *width -= 1;
        }
    }
}

/// The lines of one object: names, then values in one column.
pub(super) fn pairs(pairs: &[(String, Cell)], look: &Look) -> String {
    let widest = pairs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let room =
        look.width.map_or(usize::MAX, |width| width.saturating_sub(widest + GAP).max(NARROW));
    let mut text = String::new();
    for (name, cell) in pairs {
        let value = escape(&cell.text, false);
        let mut lines = wrapped(&value, room).into_iter();
        let first = lines.next().unwrap_or_default();
        let _ = writeln!(
            text,
            "{}",
            format!("{name:widest$}  {}", painted(&first, cell.tone, look)).trim_end()
        );
        for line in lines {
            let _ = writeln!(text, "{:widest$}  {}", "", painted(&line, cell.tone, look));
        }
    }
    text
}

fn painted(text: &str, tone: Tone, look: &Look) -> String {
    let code = match tone {
        _ if !look.color => return text.to_owned(),
        Tone::Plain => return text.to_owned(),
        Tone::Good => 32,
        Tone::Warning => 33,
        Tone::Bad => 31,
        Tone::Faint => 2,
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// Breaks at blanks; a word longer than the room stands on a line of its own.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// One record of csv with its line end; nested values as JSON text, formulas defused.
pub(super) fn csv_record(values: &[Option<&Json>]) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let fields: Vec<String> = values
        .iter()
        .map(|value| match value {
            None | Some(Json::Null) => String::new(),
            Some(Json::String(text)) => defused(text),
            Some(other) => other.to_string(),
        })
        .collect();
    // Writing into memory cannot fail.
    let _ = writer.write_record(&fields);
    writer
        .into_inner()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}

/// A text that a spreadsheet would take for a formula gets a leading apostrophe.
fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::{Cell, Column, Fit, Look, Talk, Tone, column};
    use super::{Chunks, csv_record, wrapped};
    use crate::clock::Timestamp;
    use serde_json::json;

    const COLUMNS: [Column; 4] = [
        column("NAME", "name", Fit::Elide),
        column("PATH", "path", Fit::ElideHead),
        column("N", "n", Fit::Number),
        column("WHY", "why", Fit::Wrap),
    ];

    pub(in crate::output) fn plain() -> Look {
        Look {
            now: Timestamp::MIN,
            zone: None,
            width: None,
            color: false,
            terminal: false,
            talk: Talk::Normal,
            progress: false,
            secrets: false,
            pager: None,
        }
    }

    #[test]
    fn rows_stay_in_their_order_whoever_lays_them_out() {
        let mut chunks = Chunks::new(COLUMNS.to_vec(), &plain(), false);
        for name in ["a", "\u{e4}", "b", "\u{d6}", "\u{fc}", "c", "\u{202e}"] {
            let cells = [name, "p", "1", ""].map(Cell::from);
            assert!(chunks.push(cells.into()).is_none());
        }
        let text = chunks.rest();
        let names: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(names, ["a", "\u{e4}", "b", "\u{d6}", "\u{fc}", "c", "\\u{202e}"]);
    }

    #[test]
    fn a_colour_is_left_to_the_library() {
        let look = Look { color: true, ..plain() };
        let mut chunks = Chunks::new(COLUMNS.to_vec(), &look, false);
        let cells = vec!["a".into(), "b".into(), "1".into(), Cell::toned("bad", Tone::Bad)];
        assert!(chunks.push(cells).is_none());
        assert!(chunks.rest().contains('\u{1b}'));
    }

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_defused() {
        let value = json!("=HYPERLINK(1)");
        assert_eq!(csv_record(&[Some(&value)]), "'=HYPERLINK(1)\n");
        let nested = json!({"a": [1, 2]});
        assert_eq!(csv_record(&[Some(&nested), None]), "\"{\"\"a\"\":[1,2]}\",\n");
    }

    #[test]
    fn text_is_broken_to_its_room() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
    }
}
