//! Tables without borders, in chunks: the first rows give the widths of all. And the records of csv.

use super::layout::{GAP, Shown, is_plain, is_simple, is_simple_plain, laid_out, simple};
use super::screen::{escape, hides};
use super::{Cell, Column, Fit, Look, PlainRow, Tone};
use serde_json::Value as Json;
use std::fmt::Write as _;

/// Rows whose widths decide for all, and rows that are laid out at once.
const CHUNK: usize = 500;

/// The width below which a sentence is hard to read.
const SENTENCE: usize = 34;

/// The width below which a sentence is not to be read in a column: it stands below its row instead.
const BELOW: usize = 24;

/// The same where several sentences stand beside each other: each below the row would take more lines than it saves.
const BELOW_SEVERAL: usize = 14;

/// Blanks before what stands below a row.
const INDENT: &str = "    ";

/// The width below which a few words are hard to read.
const PHRASE: usize = 20;

/// The longest word for which a column of few words stays wide: a GUID.
const WORD: usize = 36;

/// The narrowest that a gloss is made before it is left out.
const GLOSS: usize = 12;

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
    /// Columns whose sentences find no room beside the others, and stand below the row.
    below: Vec<usize>,
    text: String,
}

impl Chunks {
    pub(super) fn new(columns: Vec<Column>, look: &Look, headers: bool) -> Self {
        let look = look.clone();
        let (waiting, below, text) = (Vec::new(), Vec::new(), String::new());
        Self { columns, look, headers, waiting, shown: None, below, text }
    }

    /// Takes a row; text when there is a piece of it.
    pub(super) fn push(&mut self, mut cells: Vec<Cell>) -> Option<String> {
        for cell in &mut cells {
            if !is_plain(&cell.text) && cell.text.chars().any(hides) {
                cell.text = escape(&cell.text, false);
            }
        }
        self.add(cells);
        self.piece()
    }

    /// The text that waits to be printed, when there is a piece of it.
    pub(super) fn piece(&mut self) -> Option<String> {
        if self.text.len() < PIECE {
            return None;
        }
        Some(std::mem::replace(&mut self.text, String::with_capacity(2 * PIECE)))
    }

    /// Takes a row that needs nothing but blanks between its cells; false when it needs more, or the widths are not known yet.
    ///
    /// - `order`: which of its cells the columns show.
    pub(super) fn push_plain(&mut self, row: &PlainRow, order: &[usize]) -> bool {
        let Self { waiting, shown, text, look, below, .. } = self;
        let Some(shown) =
            shown.as_ref().filter(|shown| below.is_empty() && is_simple_plain(row, order, shown))
        else {
            return false;
        };
        laid_out(text, waiting, shown, look);
        waiting.clear();
        simple(text, shown, |at| order.get(at).map(|at| row.cell(*at)));
        true
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
        let Self { waiting, shown, text, look, below, .. } = self;
        if let (Some(shown), false) = (&shown, below.is_empty()) {
            if is_simple(&cells, shown, look) {
                simple(text, shown, |at| cells.get(at).map(|cell| cell.text.as_str()));
            } else {
                laid_out(text, std::slice::from_ref(&cells), shown, look);
            }
            for cell in below.iter().filter_map(|at| cells.get(*at)) {
                under(text, cell, look);
            }
            return;
        }
        if let Some(shown) = shown
            && is_simple(&cells, shown, look)
        {
            laid_out(text, waiting, shown, look);
            waiting.clear();
            simple(text, shown, |at| cells.get(at).map(|cell| cell.text.as_str()));
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
        let mut widths = self.measure(&rows);
        self.below = self.cramped(&widths, &rows);
        if !self.below.is_empty() {
            widths = self.measure(&rows);
        }
        let widths = widths.into_iter().zip(&self.columns).enumerate();
        let shown: Vec<Shown> = widths
            .filter_map(|(at, (width, column))| Some(Shown { at, column: *column, width: width? }))
            .collect();
        if self.headers {
            let heads: Vec<Cell> = self.columns.iter().map(|column| column.head.into()).collect();
            for head in self.below.iter().filter_map(|at| heads.get(*at)) {
                under(&mut self.text, head, &self.look);
            }
            let below = std::mem::take(&mut self.text);
            laid_out(&mut self.text, &[heads], &shown, &self.look);
            self.text.push_str(&below);
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
        let mut widths: Vec<Option<usize>> = columns
            .map(|((at, column), width)| {
                (!seldom(at, column) && !self.below.contains(&at)).then_some(width)
            })
            .collect();
        let Some(screen) = self.look.width else {
            return widths;
        };
        self.gloss(&mut widths, rows, screen);
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
            (&[Fit::Phrase][..], self.word(rows)),
            (cut, NARROW),
            (broken, NARROW),
        ] {
            let over = total(&widths).saturating_sub(screen);
            self.narrow(&mut widths, fits, least, over);
        }
        widths
    }

    /// Cuts what explains other columns, or leaves it out, where these need the room: columns of few words no more than for their words.
    fn gloss(&self, widths: &mut [Option<usize>], rows: &[Vec<Cell>], screen: usize) {
        let word = self.word(rows);
        let phrases = self.columns.iter().zip(widths.iter());
        let phrases = phrases.filter(|(column, _)| column.fit == Fit::Phrase);
        let broken: usize =
            phrases.filter_map(|(_, width)| *width).map(|width| width.saturating_sub(word)).sum();
        let over = total(widths).saturating_sub(broken).saturating_sub(screen);
        self.narrow(widths, &[Fit::Gloss], GLOSS, over);
        if total(widths).saturating_sub(broken) > screen {
            let columns = self.columns.iter().zip(widths);
            let glosses = columns.filter(|(column, _)| column.fit == Fit::Gloss);
            glosses.for_each(|(_, width)| *width = None);
        }
    }

    /// The width in which the words of the columns of few words stay whole, as far as they may claim it.
    fn word(&self, rows: &[Vec<Cell>]) -> usize {
        let phrases =
            self.columns.iter().enumerate().filter(|(_, column)| column.fit == Fit::Phrase);
        let cells = phrases.flat_map(|(at, _)| rows.iter().filter_map(move |row| row.get(at)));
        let words = cells.flat_map(|cell| cell.text.split(' ').map(|word| word.chars().count()));
        words.max().unwrap_or(0).clamp(PHRASE, WORD)
    }

    /// The columns of sentences that were left too little room, unless nothing stands beside them.
    fn cramped(&self, widths: &[Option<usize>], rows: &[Vec<Cell>]) -> Vec<usize> {
        if self.look.width.is_none() || widths.iter().flatten().count() < 2 {
            return Vec::new();
        }
        let is_cut = |at: usize, width: usize| {
            rows.iter().filter_map(|row| row.get(at)).any(|cell| cell.text.chars().count() > width)
        };
        let sentences = self.columns.iter().zip(widths).enumerate();
        let sentences: Vec<(usize, usize)> = sentences
            .filter(|(_, (column, _))| column.fit == Fit::Wrap)
            .filter_map(|(at, (_, width))| Some((at, (*width)?)))
            .collect();
        let least = if sentences.len() > 1 { BELOW_SEVERAL } else { BELOW };
        let cut = |&(at, width): &(usize, usize)| width < least && is_cut(at, width);
        sentences.into_iter().filter(cut).map(|(at, _)| at).collect()
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

/// The width of a row.
fn total(widths: &[Option<usize>]) -> usize {
    let shown = widths.iter().flatten().count();
    widths.iter().flatten().sum::<usize>() + GAP * shown.saturating_sub(1)
}

/// Appends what stands below a row, broken to the width of the screen; nothing when there is nothing.
fn under(text: &mut String, cell: &Cell, look: &Look) {
    if cell.text.is_empty() {
        return;
    }
    let room = look.width.map_or(usize::MAX, |width| width.saturating_sub(INDENT.len()));
    for line in wrapped(&cell.text, room.max(NARROW)) {
        let _ = writeln!(text, "{INDENT}{}", painted(&line, cell.tone, look));
    }
}

/// The lines of one object: names, then values in one column. A name that would leave the values too little room stands above its own.
pub(super) fn pairs(pairs: &[(String, Cell)], look: &Look) -> String {
    let most = look.width.map_or(usize::MAX, |width| width * 3 / 5);
    let names: Vec<String> = pairs.iter().map(|(name, _)| escape(name, false)).collect();
    let lengths = names.iter().map(|name| name.chars().count());
    let widest = lengths.filter(|length| *length <= most).max().unwrap_or(0);
    let room =
        look.width.map_or(usize::MAX, |width| width.saturating_sub(widest + GAP).max(NARROW));
    let mut text = String::new();
    for (name, (_, cell)) in names.iter().zip(pairs) {
        let value = escape(&cell.text, false);
        let mut lines = wrapped(&value, room).into_iter();
        let mut name = name.as_str();
        if name.chars().count() > widest {
            let _ = writeln!(text, "{name}");
            name = "";
        }
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
    use super::{Chunks, csv_record, pairs, wrapped};
    use crate::clock::Timestamp;
    use serde_json::json;

    pub(in crate::output) const COLUMNS: [Column; 4] = [
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

    fn told(width: usize, why: &str) -> String {
        let look = Look { width: Some(width), ..plain() };
        let mut columns = COLUMNS.to_vec();
        columns[0].fit = Fit::Keep;
        columns[2].fit = Fit::Keep;
        let mut chunks = Chunks::new(columns, &look, true);
        let name = "vsphere.EDITION_MISMATCH";
        assert!(
            chunks.push([name, "host-1012", "2026-04-20", why].map(Cell::from).into()).is_none()
        );
        chunks.rest()
    }

    #[test]
    fn a_sentence_that_finds_no_room_stands_below_its_row() {
        let why =
            "the edition is another than the one that the rules expect of hosts in this folder";
        assert_eq!(
            told(60, why),
            "NAME                      PATH       N\n    WHY\n\
             vsphere.EDITION_MISMATCH  host-1012  2026-04-20\n\
             \x20   the edition is another than the one that the rules\n\
             \x20   expect of hosts in this folder\n"
        );
    }

    #[test]
    fn a_sentence_that_is_short_or_finds_room_stands_beside() {
        assert!(told(60, "it is so").lines().any(|line| line.ends_with("it is so")));
        assert_eq!(told(60, "it is so").lines().count(), 2);
        let why = "the edition is another than the one that the rules expect of hosts";
        assert!(told(84, why).lines().nth(1).is_some_and(|line| line.contains("the edition")));
    }

    #[test]
    fn a_name_that_is_too_long_stands_above_its_value() {
        let long = "cached client 13a8b208-8bd8-4539-aa5f-735c879b4795";
        let told = [("CHANGE".to_owned(), Cell::from("2")), (long.to_owned(), Cell::from("added"))];
        let narrow = Look { width: Some(80), ..plain() };
        assert_eq!(pairs(&told, &narrow), format!("CHANGE  2\n{long}\n        added\n"));
        assert_eq!(pairs(&told, &plain()).lines().count(), 2);
    }

    #[test]
    fn a_gloss_is_cut_and_left_out_before_the_words_beside_it_are_broken() {
        let columns = [
            column("PROPERTY", "property", Fit::ElideHead),
            column("VALUE", "value", Fit::Phrase),
            column("DECODED", "decoded", Fit::Gloss),
        ];
        let guid = "13a8b208-8bd8-4539-aa5f-735c879b4795";
        let told = |width| {
            let look = Look { width: Some(width), ..plain() };
            let mut chunks = Chunks::new(columns.to_vec(), &look, false);
            chunks.push(vec!["VLActivationInterval".into(), guid.into(), "not applicable".into()]);
            chunks.rest()
        };
        assert_eq!(told(76), format!("VLActivationInterval  {guid}  not applicable\n"));
        assert_eq!(told(72), format!("VLActivationInterval  {guid}  not applica…\n"));
        assert_eq!(told(71), format!("VLActivationInterval  {guid}\n"));
        assert_eq!(told(50), format!("…ionInterval  {guid}\n"));
    }

    #[test]
    fn text_is_broken_to_its_room() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
    }
}
