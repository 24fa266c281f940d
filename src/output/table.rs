//! Tables without borders, in chunks: the first rows give the widths of all. And the records of csv.

use super::{Cell, Column, Fit, Look, Tone, escape};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};
use serde_json::Value as Json;
use std::fmt::Write as _;

/// Rows whose widths decide for all, and rows that are laid out at once.
const CHUNK: usize = 500;

/// Blanks between two columns.
const GAP: usize = 2;

/// The width below which a sentence is hard to read.
const SENTENCE: usize = 34;

/// The narrowest that a column is made.
const NARROW: usize = 8;

/// A table that is laid out as its rows arrive.
pub(super) struct Chunks {
    columns: Vec<Column>,
    look: Look,
    headers: bool,
    rows: Vec<Vec<Cell>>,
    /// Width of each column, `None` for one that is left out; known after the first chunk.
    widths: Option<Vec<Option<usize>>>,
}

impl Chunks {
    pub(super) fn new(columns: Vec<Column>, look: &Look, headers: bool) -> Self {
        Self { columns, look: look.clone(), headers, rows: Vec::new(), widths: None }
    }

    /// Takes a row; text when a chunk is full.
    pub(super) fn push(&mut self, mut cells: Vec<Cell>) -> Option<String> {
        for cell in &mut cells {
            if cell.text.chars().any(char::is_control) {
                cell.text = escape(&cell.text, false);
            }
        }
        self.rows.push(cells);
        (self.rows.len() >= CHUNK).then(|| self.layout())
    }

    /// The text of the rows that are left.
    pub(super) fn rest(mut self) -> String {
        if self.rows.is_empty() { String::new() } else { self.layout() }
    }

    fn layout(&mut self) -> String {
        let rows = std::mem::take(&mut self.rows);
        let first = self.widths.is_none();
        let widths = self.widths.take().unwrap_or_else(|| self.measure(&rows));
        let text = self.render(&rows, &widths, first && self.headers);
        self.widths = Some(widths);
        text
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
        let mut widths: Vec<Option<usize>> = natural.iter().copied().map(Some).collect();
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
        for (fits, least) in
            [(&[Fit::Wrap][..], SENTENCE), (cut, NARROW), (&[Fit::Wrap][..], NARROW)]
        {
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

    fn render(&self, rows: &[Vec<Cell>], widths: &[Option<usize>], headers: bool) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        if self.look.color {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        let shown: Vec<(usize, usize)> = widths
            .iter()
            .enumerate()
            .filter_map(|(at, width)| width.map(|width| (at, width)))
            .collect();
        if headers {
            let heads =
                shown.iter().filter_map(|(at, _)| self.columns.get(*at)).map(|column| column.head);
            table.set_header(heads.collect::<Vec<_>>());
        }
        for row in rows {
            let cells: Vec<comfy_table::Cell> = shown
                .iter()
                .filter_map(|(at, width)| {
                    row.get(*at).zip(self.columns.get(*at)).map(|pair| (pair, *width))
                })
                .map(|((cell, column), width)| self.cell(cell, column, width))
                .collect();
            table.add_row(cells);
        }
        for (place, (at, width)) in shown.iter().enumerate() {
            let last = place + 1 == shown.len();
            let gap = if last { 0 } else { GAP };
            if let Some(column) = table.column_mut(place) {
                let gap = u16::try_from(gap).unwrap_or(0);
                column.set_padding((0, gap));
                let width = u16::try_from(*width).unwrap_or(u16::MAX).saturating_add(gap);
                column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
                if self.columns.get(*at).is_some_and(|column| column.fit == Fit::Number) {
                    column.set_cell_alignment(CellAlignment::Right);
                }
            }
        }
        let mut text = String::new();
        for line in table.lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    fn cell(&self, cell: &Cell, column: &Column, width: usize) -> comfy_table::Cell {
        let text = match column.fit {
            Fit::Wrap => cell.text.clone(),
            Fit::ElideHead => head_elided(&cell.text, width),
            _ => elided(&cell.text, width),
        };
        tinted(comfy_table::Cell::new_owned(text), cell.tone, self.look.color)
    }
}

fn elided(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

fn head_elided(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().skip(length + 1 - width.max(1)).collect();
    format!("…{kept}")
}

fn tinted(cell: comfy_table::Cell, tone: Tone, color: bool) -> comfy_table::Cell {
    use comfy_table::{Attribute, Color};
    if !color {
        return cell;
    }
    match tone {
        Tone::Plain => cell,
        Tone::Good => cell.fg(Color::Green),
        Tone::Warning => cell.fg(Color::Yellow),
        Tone::Bad => cell.fg(Color::Red),
        Tone::Faint => cell.add_attribute(Attribute::Dim),
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
mod tests {
    use super::{csv_record, elided, head_elided, wrapped};
    use serde_json::json;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_defused() {
        let value = json!("=HYPERLINK(1)");
        assert_eq!(csv_record(&[Some(&value)]), "'=HYPERLINK(1)\n");
        let nested = json!({"a": [1, 2]});
        assert_eq!(csv_record(&[Some(&nested), None]), "\"{\"\"a\"\":[1,2]}\",\n");
    }

    #[test]
    fn text_is_cut_or_broken_to_its_room() {
        assert_eq!(elided("kms01.contoso.example", 8), "kms01.c…");
        assert_eq!(elided("kms01", 8), "kms01");
        assert_eq!(head_elided("kms/kms01/dlv.txt", 8), "…dlv.txt");
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
    }
}
