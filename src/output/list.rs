//! Lists: rows stream from the store through filter, limit and form to the screen. Memory does not grow with their number, but
//! for `--sort`, which holds what it sorts, and `--jq`, which needs the whole document.

use super::filter::Filter;
use super::members::{at, members, nearest};
use super::{Cell, Column, Fit, Format, PlainRow, Printer, Spelled, View, escape, table};
use crate::clock::{Span, Timestamp};
use crate::error::{Outcome, Stop, Usage};
use crate::store::Flow;
use anyhow::Context;
use serde_json::Value as Json;
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::ops::ControlFlow;

// The options of every list. A doc comment would become the title of each command that has them.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "List options")]
pub struct ListOptions {
    /// Show only rows that match: `LicenseStatus!=1 && lastSeen<-30d`
    ///
    /// Member names are those of the JSON; operators `= != < <= > >= ~` (pattern), `&&`, `||`, `!`, brackets; `-30d` is a time before `--now`.
    #[arg(long, value_name = "EXPR")]
    pub filter: Option<String>,
    /// Sort by a JSON member; `-MEMBER` downwards
    #[arg(long, value_name = "MEMBER", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// Show at most N rows
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Show these columns, by JSON member or header, in this order
    #[arg(long, value_name = "A,B,…", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// Show only what happened in the last while: `7d`, `36h`, `P30D`
    #[arg(long, value_name = "SPAN")]
    pub since: Option<Span>,
    /// Leave out the header of table and csv
    #[arg(long)]
    pub no_headers: bool,
    /// Begin csv with a byte order mark, as Excel wants it
    #[arg(long)]
    pub bom: bool,
}

/// A row that waits to be sorted.
struct Held {
    key: Json,
    object: Json,
    cells: Vec<Cell>,
    name: String,
}

/// Takes the rows of a list.
pub struct Sink<'p> {
    /// `SCHEMA`, `COLUMNS` of the view whose rows it takes.
    schema: &'static str,
    columns: &'static [Column],
    printer: &'p mut Printer,
    filter: Option<Filter>,
    spelled: Option<Spelled>,
    sort: Option<(String, bool)>,
    since: Option<(String, Timestamp)>,
    limit: u64,
    headers: bool,
    /// What csv begins with: a byte order mark, or nothing.
    mark: &'static str,
    /// Whether the user chose the columns.
    asked: bool,
    /// Positions of the table's columns that are shown.
    shown: Vec<usize>,
    /// Members of the csv header.
    leaves: Vec<String>,
    count: u64,
    begun: bool,
    held: Vec<Held>,
    items: Vec<Json>,
    /// The room in which a row becomes text.
    line: Vec<u8>,
    plain: PlainRow,
    table: Option<table::Chunks>,
}

impl<'p> Sink<'p> {
    pub(super) fn new<V: View>(printer: &'p mut Printer, options: &ListOptions) -> Outcome<Self> {
        let now = printer.look.now;
        // The names are made from the type, which costs time: only when something asks for them.
        let csv = printer.format == Format::Csv && printer.jq.is_none();
        let asked =
            options.filter.is_some() || options.sort.is_some() || !options.columns.is_empty();
        let names = if csv || asked { members::<V>() } else { Vec::new() };
        let filter =
            options.filter.as_deref().map(|text| Filter::parse(text, now, &names)).transpose()?;
        let sort = options.sort.as_deref().map(|text| sorted_by(text, &names)).transpose()?;
        let since = match (options.since, V::TIME) {
            (None, _) => None,
            (Some(span), Some(member)) => Some((member.to_owned(), now.plus_ms(-span.ms()))),
            (Some(_), None) => {
                return Err(Usage::new("`--since`: the rows of this list have no time").into());
            }
        };
        if options.bom && !csv {
            return Err(Usage::new("`--bom` begins csv").hinted("add `-o csv`").into());
        }
        let (shown, leaves) = chosen(V::COLUMNS, &options.columns, names)?;
        Ok(Self {
            schema: V::SCHEMA,
            columns: V::COLUMNS,
            printer,
            filter,
            spelled: V::SPELLED,
            sort,
            since,
            limit: options.limit.unwrap_or(u64::MAX),
            headers: !options.no_headers,
            mark: if options.bom { "\u{feff}" } else { "" },
            asked: !options.columns.is_empty(),
            shown,
            leaves,
            count: 0,
            begun: false,
            held: Vec::new(),
            items: Vec::new(),
            line: Vec::new(),
            plain: PlainRow::default(),
            table: None,
        })
    }

    /// How the rows will look; for domains that make cells elsewhere.
    #[must_use]
    pub fn look(&self) -> &super::Look {
        &self.printer.look
    }

    /// Takes rows until the list is full.
    pub fn rows<V: View>(
        &mut self,
        views: impl IntoIterator<Item = impl Borrow<V>>,
    ) -> Outcome<()> {
        for view in views {
            if self.row::<V>(view.borrow())?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Takes one row of the view that the list was opened for; breaks when the list is full.
    pub fn row<V: View>(&mut self, view: &V) -> Outcome<Flow> {
        if (self.sort.is_none() && self.count >= self.limit) || self.printer.screen.is_left() {
            return Ok(ControlFlow::Break(()));
        }
        let needs_object = self.filter.is_some()
            || self.sort.is_some()
            || self.since.is_some()
            || self.printer.jq.is_some()
            || self.printer.format == Format::Csv;
        if !needs_object {
            self.count += 1;
            return self.direct(view);
        }
        let object = serde_json::to_value(view).context("making JSON")?;
        if !self.matches(&object) {
            return Ok(ControlFlow::Continue(()));
        }
        self.count += 1;
        let cells = match self.printer.format {
            Format::Table => view.cells(&self.printer.look),
            _ => Vec::new(),
        };
        match &self.sort {
            Some((member, _)) => {
                let key = at(&object, member).cloned().unwrap_or(Json::Null);
                self.held.push(Held { key, object, cells, name: view.name() });
            }
            None => self.emit(object, cells, &view.name())?,
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The common way: nothing has to look into the row.
    fn direct<V: View>(&mut self, view: &V) -> Outcome<Flow> {
        match self.printer.format {
            Format::Json | Format::Jsonl => {
                self.begin()?;
                let separator: &[u8] = match (self.printer.format, self.count) {
                    (Format::Jsonl, _) => b"",
                    (_, 1) => b"\n",
                    _ => b",\n",
                };
                // Gathered first: a row is written in many small pieces.
                self.line.clear();
                self.line.extend_from_slice(separator);
                serde_json::to_writer(&mut self.line, view).map_err(|error| unwritten(&error))?;
                if self.printer.format == Format::Jsonl {
                    self.line.push(b'\n');
                }
                self.printer.screen.out().write_all(&self.line).context("writing the answer")?;
            }
            Format::Table => {
                if let Some(table) = &mut self.table
                    && self.plain.take(view)
                    && table.push_plain(&self.plain, &self.shown)
                {
                    if let Some(text) = table.piece() {
                        self.printer.text(&text)?;
                    }
                    return Ok(ControlFlow::Continue(()));
                }
                let cells = view.cells(&self.printer.look);
                self.tabled(cells)?;
            }
            Format::Name => self.printer.line(&escape(&view.name(), false))?,
            Format::Csv => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    fn matches(&self, object: &Json) -> bool {
        let recent = self.since.as_ref().is_none_or(|(member, from)| {
            at(object, member)
                .and_then(Json::as_str)
                .and_then(Timestamp::parse)
                .is_some_and(|time| time >= *from)
        });
        recent && self.filter.as_ref().is_none_or(|filter| filter.matches(object, self.spelled))
    }

    fn emit(&mut self, object: Json, cells: Vec<Cell>, name: &str) -> Outcome<()> {
        if self.printer.jq.is_some() {
            self.items.push(object);
            return Ok(());
        }
        match self.printer.format {
            Format::Table => self.tabled(cells),
            Format::Name => self.printer.line(&escape(name, false)),
            Format::Csv => {
                self.begin()?;
                let leaves: Vec<Option<&Json>> =
                    self.leaves.iter().map(|path| at(&object, path)).collect();
                let record = table::csv_record(&leaves);
                self.printer.text(&record)
            }
            Format::Json | Format::Jsonl => {
                let first = !self.begun;
                self.begin()?;
                let text = match (self.printer.format, first) {
                    (Format::Jsonl, _) => format!("{object}\n"),
                    (_, true) => format!("\n{object}"),
                    _ => format!(",\n{object}"),
                };
                self.printer.text(&text)
            }
        }
    }

    fn tabled(&mut self, cells: Vec<Cell>) -> Outcome<()> {
        self.begin()?;
        let cells = pick(cells, &self.shown);
        if let Some(text) = self.table.as_mut().and_then(|table| table.push(cells)) {
            self.printer.text(&text)?;
        }
        Ok(())
    }

    /// Prints what stands before the first row.
    fn begin(&mut self) -> Outcome<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        match self.printer.format {
            Format::Json => {
                let mut head = serde_json::Map::new();
                head.insert("schema".to_owned(), Json::from(self.schema));
                self.printer.add_warnings(&mut head);
                self.printer.flush_warnings();
                if self.printer.rehearsed {
                    head.insert("dryRun".to_owned(), Json::Bool(true));
                }
                let text = Json::Object(head).to_string();
                let open = text.strip_suffix('}').unwrap_or(&text);
                self.printer.text(&format!("{open},\"items\":["))
            }
            Format::Csv => {
                self.printer.flush_warnings();
                self.printer.text(self.mark)?;
                if self.headers {
                    let heads: Vec<Json> =
                        self.leaves.iter().map(|leaf| Json::from(leaf.as_str())).collect();
                    let heads: Vec<Option<&Json>> = heads.iter().map(Some).collect();
                    let record = table::csv_record(&heads);
                    self.printer.text(&record)?;
                }
                Ok(())
            }
            Format::Table => {
                self.printer.flush_warnings();
                // A column that was asked for is not left out.
                let asked = self.asked;
                let keep = |column: Column| {
                    let fit = match column.fit {
                        Fit::Spare | Fit::Seldom | Fit::Asked if asked => Fit::Keep,
                        Fit::SpareNumber if asked => Fit::Number,
                        Fit::Gloss if asked => Fit::Elide,
                        fit => fit,
                    };
                    Column { fit, ..column }
                };
                let columns: Vec<Column> = self
                    .shown
                    .iter()
                    .filter_map(|at| self.columns.get(*at).copied())
                    .map(keep)
                    .collect();
                self.table = Some(table::Chunks::new(columns, &self.printer.look, self.headers));
                Ok(())
            }
            Format::Jsonl | Format::Name => {
                self.printer.flush_warnings();
                Ok(())
            }
        }
    }

    pub(super) fn finish(mut self) -> Outcome<()> {
        if let Some((_, down)) = &self.sort {
            let down = *down;
            let mut held = std::mem::take(&mut self.held);
            held.sort_by(|left, right| ordered(&left.key, &right.key, down));
            let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
            for row in held.into_iter().take(limit) {
                self.emit(row.object, row.cells, &row.name)?;
            }
        }
        if self.printer.jq.is_some() {
            let mut document = serde_json::Map::new();
            document.insert("schema".to_owned(), Json::from(self.schema));
            self.printer.add_warnings(&mut document);
            document.insert("items".to_owned(), Json::Array(std::mem::take(&mut self.items)));
            return self.printer.document(&Json::Object(document));
        }
        match self.printer.format {
            Format::Json => {
                self.begin()?;
                let close = if self.count > 0 { "\n]}\n" } else { "]}\n" };
                self.printer.text(close)
            }
            Format::Csv => self.begin(),
            Format::Table => match self.table.take().map(table::Chunks::rest) {
                Some(text) => self.printer.text(&text),
                None => {
                    self.printer.flush_warnings();
                    self.printer.note("nothing to show");
                    Ok(())
                }
            },
            Format::Jsonl | Format::Name => {
                self.printer.flush_warnings();
                Ok(())
            }
        }
    }
}

/// A reader that went away is no fault; `serde_json` wraps its error.
fn unwritten(error: &serde_json::Error) -> Stop {
    let kind = error.io_error_kind().unwrap_or(std::io::ErrorKind::Other);
    Stop::Fault(anyhow::Error::from(std::io::Error::new(kind, "writing the answer")))
}

fn pick(cells: Vec<Cell>, shown: &[usize]) -> Vec<Cell> {
    if shown.len() == cells.len() && shown.iter().enumerate().all(|(at, shown)| at == *shown) {
        return cells;
    }
    let mut cells: Vec<Option<Cell>> = cells.into_iter().map(Some).collect();
    shown
        .iter()
        .map(|at| cells.get_mut(*at).and_then(Option::take).unwrap_or_else(|| Cell::from("")))
        .collect()
}

fn unknown(option: &str, wrong: &str, names: &[String]) -> Stop {
    let near = nearest(wrong, names);
    let hint = if near.is_empty() { names.join(", ") } else { near.join(", ") };
    Usage::new(format!("`{option}`: the rows have no member `{wrong}`"))
        .hinted(format!("there is {hint}"))
        .into()
}

fn sorted_by(text: &str, names: &[String]) -> Outcome<(String, bool)> {
    let (member, down) = text.strip_prefix('-').map_or((text, false), |member| (member, true));
    let known = names.iter().find(|name| name.eq_ignore_ascii_case(member));
    known.map(|name| (name.clone(), down)).ok_or_else(|| unknown("--sort", member, names))
}

/// The positions of the table's columns, and the members of csv, that the user wants.
fn chosen(
    columns: &[Column],
    wanted: &[String],
    names: Vec<String>,
) -> Outcome<(Vec<usize>, Vec<String>)> {
    if wanted.is_empty() {
        let usual = columns.iter().enumerate().filter(|(_, column)| column.fit != Fit::Asked);
        return Ok((usual.map(|(at, _)| at).collect(), names));
    }
    let (mut shown, mut leaves) = (Vec::new(), Vec::new());
    for want in wanted {
        let position = columns.iter().position(|column| {
            column.member.eq_ignore_ascii_case(want) || column.head.eq_ignore_ascii_case(want)
        });
        let member =
            position.and_then(|at| columns.get(at)).map_or(want.as_str(), |column| column.member);
        let leaf = names.iter().find(|name| name.eq_ignore_ascii_case(member));
        if position.is_none() && leaf.is_none() {
            let known: Vec<String> =
                columns.iter().map(|column| column.member.to_owned()).collect();
            return Err(unknown("--columns", want, &known));
        }
        shown.extend(position);
        leaves.push(leaf.cloned().unwrap_or_else(|| member.to_owned()));
    }
    Ok((shown, leaves))
}

/// The order of two rows by their keys; what has no value stands last either way.
fn ordered(left: &Json, right: &Json, down: bool) -> Ordering {
    let order = compare(left, right);
    if down && !left.is_null() && !right.is_null() { order.reverse() } else { order }
}

/// Numbers by value, texts by letters without regard to case, null last.
fn compare(left: &Json, right: &Json) -> Ordering {
    match (left, right) {
        (Json::Null, Json::Null) => Ordering::Equal,
        (Json::Null, _) => Ordering::Greater,
        (_, Json::Null) => Ordering::Less,
        (Json::Number(left), Json::Number(right)) => {
            left.as_f64().partial_cmp(&right.as_f64()).unwrap_or(Ordering::Equal)
        }
        (Json::String(left), Json::String(right)) => {
            left.to_lowercase().cmp(&right.to_lowercase()).then_with(|| left.cmp(right))
        }
        _ => left.to_string().cmp(&right.to_string()),
    }
}

/// Whether a column can be left out.
#[must_use]
pub(super) fn spare(column: &Column) -> bool {
    matches!(column.fit, Fit::Spare | Fit::SpareNumber)
}

#[cfg(test)]
mod tests {
    use super::ordered;
    use serde_json::{Value as Json, json};

    fn sorted(down: bool) -> Vec<Json> {
        let mut keys = vec![json!("b"), Json::Null, json!("C"), json!("a"), Json::Null];
        keys.sort_by(|left, right| ordered(left, right, down));
        keys
    }

    #[test]
    fn what_has_no_value_stands_last_whichever_way_a_list_is_sorted() {
        assert_eq!(sorted(false), [json!("a"), json!("b"), json!("C"), Json::Null, Json::Null]);
        assert_eq!(sorted(true), [json!("C"), json!("b"), json!("a"), Json::Null, Json::Null]);
    }
}
