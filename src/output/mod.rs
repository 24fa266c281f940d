//! What a command prints: the views of the domains as table, json, jsonl, csv or names. The only room that prints.
//!
//! A domain hands over a [`View`] or streams many of them into a [`Sink`]; the form is the user's choice. Data goes to the standard
//! output; notes, warnings and errors to the standard error.

mod filter;
mod jq;
mod layout;
mod list;
mod members;
mod plain;
mod screen;
mod table;
mod trouble;

pub use list::{ListOptions, Sink};
pub use members::members;
pub use members::nearest;
pub use plain::PlainRow;
pub use screen::{Progress, console_size, escape};

use crate::clock::Timestamp;
use crate::error::{Outcome, Stop, Usage, Warning};
use anyhow::Context;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use screen::Screen;
use serde::Serialize;
use serde_json::Value as Json;
use std::borrow::Borrow;
use std::io::Write;

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a line; lists stream.
    Jsonl,
    /// Comma-separated values with a header of member names.
    Csv,
    /// One bare identifier a line.
    Name,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Color {
    /// On a terminal.
    #[default]
    Auto,
    Always,
    Never,
}

/// How much a command tells beside its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Talk {
    Quiet,
    #[default]
    Normal,
    Verbose,
}

/// How things look to this reader.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact about the screen or a wish of its own"
)]
pub struct Look {
    pub now: Timestamp,
    /// The zone of times in tables; `None`: RFC 3339 UTC.
    pub zone: Option<TimeZone>,
    /// Columns of the terminal or of `COLUMNS`; `None`: as wide as it takes.
    pub width: Option<usize>,
    pub color: bool,
    /// Whether the standard output is a terminal.
    pub terminal: bool,
    pub talk: Talk,
    pub progress: bool,
    /// Whether secrets are shown in full.
    pub secrets: bool,
    /// The pager's command line; `None`: no pager.
    pub pager: Option<String>,
}

impl Look {
    /// A time in a table, to the second; JSON has the rest.
    #[must_use]
    pub fn time(&self, at: Timestamp) -> String {
        match &self.zone {
            Some(zone) => at.local(zone),
            None => at.whole_second().to_string(),
        }
    }

    /// A time in a table, `-` when there is none.
    #[must_use]
    pub fn time_or_dash(&self, at: Option<Timestamp>) -> String {
        at.map_or_else(|| "-".to_owned(), |at| self.time(at))
    }
}

/// The tone of a cell; meaning never rests on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Plain,
    Good,
    Warning,
    Bad,
    Faint,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub tone: Tone,
}

impl Cell {
    #[must_use]
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), tone: Tone::Plain }
    }
}

/// How a column behaves when the table is wider than the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Keeps its width: names, dates, numbers.
    Keep,
    /// Numbers: keeps its width, aligned to the right.
    Number,
    /// Is cut with `…`.
    Elide,
    /// Is cut with `…` at its head: paths, whose end tells more.
    ElideHead,
    /// Is broken over lines: sentences.
    Wrap,
    /// Is broken over lines: a few words, which are still read easily in a narrow column.
    Phrase,
    /// Is left out when the table does not fit.
    Spare,
    /// Numbers: the same, aligned to the right.
    SpareNumber,
    /// Is cut with `…` while a word of it is left, else left out: what explains another column.
    Gloss,
    /// Keeps its width; is left out when no row has anything in it.
    Seldom,
    /// Is shown only when it is asked for: what another column tells too.
    Asked,
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Header, upper case.
    pub head: &'static str,
    /// The JSON member it shows, for `--columns`.
    pub member: &'static str,
    pub fit: Fit,
}

/// A row of [`View::COLUMNS`].
#[must_use]
pub const fn column(head: &'static str, member: &'static str, fit: Fit) -> Column {
    Column { head, member, fit }
}

/// A member, and how a table spells what a row has there: the word that is added, and the whole.
pub type Spelled = (&'static str, fn(&Json) -> Option<(&str, String)>);

/// Something that can be shown: the JSON contract and its table.
pub trait View: Serialize + JsonSchema {
    /// `licctl.kms.machine/1`.
    const SCHEMA: &'static str;
    const COLUMNS: &'static [Column];
    /// The JSON member that `--since` compares.
    const TIME: Option<&'static str> = None;
    /// A member that the table shows in another spelling than the JSON: `--filter` takes both.
    const SPELLED: Option<Spelled> = None;

    /// One cell for each column.
    fn cells(&self, look: &Look) -> Vec<Cell>;

    /// The same cells as bare text, for lists of very many rows; false when one of them has a tone, or always.
    fn plain_cells(&self, _row: &mut PlainRow) -> bool {
        false
    }

    /// What `-o name` prints.
    fn name(&self) -> String;

    /// What a table shows of a single object; by default its columns as lines of `HEAD value`.
    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let heads = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        heads.zip(self.cells(look)).collect()
    }
}

/// Prints the answer of one command.
pub struct Printer {
    pub format: Format,
    pub look: Look,
    /// A jq program over the JSON document; wins over the format.
    pub jq: Option<String>,
    screen: Screen,
    warnings: Vec<Warning>,
    /// How many came after the kept ones.
    more_warnings: u64,
    rehearsed: bool,
    /// Words of the command line that hold secrets, and how they are shown.
    masks: Vec<(String, String)>,
}

/// How many warnings are kept.
const WARNINGS: usize = 1000;

impl Printer {
    #[must_use]
    pub fn new(format: Format, look: Look, jq: Option<String>) -> Self {
        let screen = Screen::new(&look, matches!(format, Format::Table));
        Self {
            format,
            look,
            jq,
            screen,
            warnings: Vec::new(),
            more_warnings: 0,
            rehearsed: false,
            masks: Vec::new(),
        }
    }

    /// Shows a word in errors as `shown` from now on.
    pub fn mask(&mut self, word: &str, shown: String) {
        self.masks.push((word.to_owned(), shown));
    }

    /// Marks every answer from now on as one that stored nothing.
    pub fn rehearse(&mut self) {
        self.rehearsed = true;
    }

    /// Notes something that the reader should know; printed with the answer. Before the answer, in every form.
    pub fn warn(&mut self, warning: Warning) {
        if self.warnings.len() < WARNINGS {
            self.warnings.push(warning);
        } else {
            self.more_warnings += 1;
        }
    }

    /// Says a line on the standard error, unless quiet.
    pub fn note(&mut self, text: &str) {
        if self.look.talk > Talk::Quiet {
            self.screen.err_line(&escape(text, true));
        }
    }

    /// Says a line on the standard error when the user asked for more words.
    pub fn detail(&mut self, text: &str) {
        if self.look.talk > Talk::Normal {
            self.screen.err_line(&escape(text, true));
        }
    }

    /// A progress bar over `total` of something, seen on a terminal when it takes long.
    #[must_use]
    pub fn progress(&self, total: u64, doing: &str) -> Progress {
        let wanted = self.look.progress && self.look.talk > Talk::Quiet;
        Progress::new(total, doing, wanted)
    }

    /// Prints one object.
    pub fn show<V: View>(&mut self, view: &V) -> Outcome<()> {
        if self.jq.is_some() {
            return self.document(&self.object(view)?);
        }
        match self.format {
            Format::Json => {
                let object = self.object(view)?;
                self.pretty(&object)
            }
            Format::Jsonl => {
                self.flush_warnings();
                let object = bare(view)?;
                self.line(&object.to_string())
            }
            Format::Csv => {
                self.list::<V>(&ListOptions::default(), |sink| sink.row(view).map(|_| ()))
            }
            Format::Name => self.line(&escape(&view.name(), false)),
            Format::Table => {
                self.flush_warnings();
                let pairs = view.detail(&self.look);
                let text = table::pairs(&pairs, &self.look);
                self.text(&text)
            }
        }
    }

    /// Prints a sentence to people, and the object to machines.
    pub fn tell<V: View>(&mut self, view: &V, sentence: &str) -> Outcome<()> {
        if self.format == Format::Table && self.jq.is_none() {
            self.flush_warnings();
            let suffix = if self.rehearsed { " (dry run: nothing was stored)" } else { "" };
            return self.line(&format!("{}{suffix}", escape(sentence, true)));
        }
        self.show(view)
    }

    /// Prints a list: `fill` streams its rows into the sink.
    pub fn list<V: View>(
        &mut self,
        options: &ListOptions,
        fill: impl FnOnce(&mut Sink<'_>) -> Outcome<()>,
    ) -> Outcome<()> {
        let mut sink = Sink::new::<V>(self, options)?;
        fill(&mut sink)?;
        sink.finish()
    }

    /// Prints a list of what is at hand.
    pub fn rows<V: View>(
        &mut self,
        options: &ListOptions,
        views: impl IntoIterator<Item = impl Borrow<V>>,
    ) -> Outcome<()> {
        self.list::<V>(options, |sink| sink.rows(views))
    }

    /// Usage error when a list of `V` cannot have these options.
    pub fn accepts<V: View>(&mut self, options: &ListOptions) -> Outcome<()> {
        Sink::new::<V>(self, options).map(|_| ())
    }

    /// Prints text that is an artefact, as it is.
    ///
    /// Usage error with `--jq`, which reads answers.
    pub fn artefact(&mut self, text: &str) -> Outcome<()> {
        self.plain()?;
        self.flush_warnings();
        self.text(text)
    }

    /// The place for text that streams, as an artefact does.
    ///
    /// Usage error with `--jq`, which reads answers.
    pub fn writer(&mut self) -> Outcome<&mut dyn Write> {
        self.plain()?;
        self.flush_warnings();
        Ok(self.screen.out())
    }

    fn plain(&self) -> Outcome<()> {
        if self.jq.is_none() {
            return Ok(());
        }
        let usage = Usage::new(
            "`--jq` reads JSON answers, and this command writes no answer but an artefact",
        );
        Err(usage.hinted("leave `--jq` out, and let `jq` read the artefact when it is JSON").into())
    }

    /// Ends the answer: everything is written out.
    pub fn finish(&mut self) -> Outcome<()> {
        self.flush_warnings();
        self.screen.finish().context("writing the answer").map_err(Stop::Fault)
    }

    /// Prints how a command failed. The last thing that is printed.
    pub fn fail(&mut self, stop: &Stop) {
        let text = trouble::text(stop, self.format, &self.look);
        // A message quotes what it did not expect, which may be a key.
        let text =
            self.masks.iter().fold(text, |text, (word, shown)| text.replace(word.as_str(), shown));
        // What was printed before a fault amid a stream stays; an answer is never half a table.
        let _ = self.screen.finish();
        self.screen.err_line(text.trim_end());
    }

    fn object<V: View>(&self, view: &V) -> Outcome<Json> {
        let mut object = serde_json::Map::new();
        object.insert("schema".to_owned(), Json::from(V::SCHEMA));
        self.add_warnings(&mut object);
        if self.rehearsed {
            object.insert("dryRun".to_owned(), Json::Bool(true));
        }
        if let Json::Object(members) = bare(view)? {
            object.extend(members);
        }
        Ok(Json::Object(object))
    }

    fn add_warnings(&self, object: &mut serde_json::Map<String, Json>) {
        if self.warnings.is_empty() {
            return;
        }
        let warnings: Vec<Json> = self.warnings.iter().map(trouble::warning).collect();
        object.insert("warnings".to_owned(), Json::from(warnings));
        if self.more_warnings > 0 {
            object.insert("moreWarnings".to_owned(), Json::from(self.more_warnings));
        }
    }

    /// Warnings go beside `schema` in one JSON document, to the standard error in every other form.
    fn flush_warnings(&mut self) {
        let document = self.jq.is_some() || self.format == Format::Json;
        let quiet = self.look.talk == Talk::Quiet;
        let warnings = std::mem::take(&mut self.warnings);
        if document || quiet {
            return;
        }
        for warning in &warnings {
            let text = trouble::warning_line(warning, &self.look);
            self.screen.err_line(&text);
        }
        if self.more_warnings > 0 {
            let text = format!("warning: and {} more", self.more_warnings);
            self.screen.err_line(&text);
            self.more_warnings = 0;
        }
    }

    /// Prints a whole JSON document, through the jq program when there is one.
    fn document(&mut self, document: &Json) -> Outcome<()> {
        match self.jq.clone() {
            Some(program) => {
                for line in jq::run(&program, document)? {
                    self.line(&line)?;
                }
                Ok(())
            }
            None => self.pretty(document),
        }
    }

    fn pretty(&mut self, document: &Json) -> Outcome<()> {
        let text = serde_json::to_string_pretty(document).context("making JSON")?;
        self.line(&text)
    }

    fn line(&mut self, text: &str) -> Outcome<()> {
        let out = self.screen.out();
        writeln!(out, "{text}").context("writing the answer").map_err(Stop::Fault)
    }

    fn text(&mut self, text: &str) -> Outcome<()> {
        let out = self.screen.out();
        out.write_all(text.as_bytes()).context("writing the answer").map_err(Stop::Fault)
    }
}

fn bare<V: View>(view: &V) -> Outcome<Json> {
    serde_json::to_value(view).context("making JSON").map_err(Stop::Fault)
}
