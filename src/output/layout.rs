//! The rows of a table as text, once the widths of the columns are known. Which these are is left to `table`.

use super::{Cell, Column, Fit, Look, PlainRow, Tone};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

/// Blanks between two columns.
pub(super) const GAP: usize = 2;

/// A column that is shown: its place among all, and its width.
pub(super) struct Shown {
    pub(super) at: usize,
    pub(super) column: Column,
    pub(super) width: usize,
}

/// Whether what a column shows is aligned to the right.
fn is_number(column: Column) -> bool {
    matches!(column.fit, Fit::Number | Fit::SpareNumber)
}

/// Whether every cell of a row takes one line, of characters that are all one column wide.
pub(super) fn is_simple(row: &[Cell], shown: &[Shown], look: &Look) -> bool {
    shown.iter().all(|Shown { at, column, width }| {
        row.get(*at).is_some_and(|cell| {
            is_plain(&cell.text)
                && (!matches!(column.fit, Fit::Wrap | Fit::Phrase) || cell.text.len() <= *width)
                && (cell.tone == Tone::Plain || !look.color)
        })
    })
}

/// Whether the texts of a plain row each take one line.
pub(super) fn is_simple_plain(row: &PlainRow, order: &[usize], shown: &[Shown]) -> bool {
    let cell = |at: usize| order.get(at).map_or("", |at| row.cell(*at));
    shown.iter().all(|Shown { at, column, width }| {
        !matches!(column.fit, Fit::Wrap | Fit::Phrase) || cell(*at).len() <= *width
    })
}

/// Whether each byte is a character one column wide that is shown as it is.
pub(super) fn is_plain(text: &str) -> bool {
    // Without a way out at the first that is not, many bytes are looked at at a time.
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

/// Appends a row that needs no layout.
///
/// - `cell`: its text, by its place among all.
pub(super) fn simple<'t>(
    text: &mut String,
    shown: &[Shown],
    cell: impl Fn(usize) -> Option<&'t str>,
) {
    let mut blanks = 0;
    for Shown { at, column, width } in shown {
        let cell = cell(*at).unwrap_or_default();
        let free = width.saturating_sub(cell.len());
        let (before, behind) = if is_number(*column) { (free, 0) } else { (0, free) };
        // Blanks at the end of a line are never written.
        if cell.is_empty() {
            blanks += width + GAP;
            continue;
        }
        blank(text, blanks + before);
        match column.fit {
            _ if cell.len() <= *width => text.push_str(cell),
            Fit::ElideHead => text.push_str(&head_elided(cell, *width)),
            _ => text.push_str(&elided(cell, *width)),
        }
        blanks = behind + GAP;
    }
    while text.ends_with(' ') {
        text.pop();
    }
    text.push('\n');
}

fn blank(text: &mut String, mut count: usize) {
    const BLANKS: &str = "                                ";
    while count > 0 {
        let some = count.min(BLANKS.len());
        text.push_str(BLANKS.get(..some).unwrap_or_default());
        count -= some;
    }
}

/// Appends rows whose cells may be broken, coloured, or wide.
pub(super) fn laid_out(text: &mut String, rows: &[Vec<Cell>], shown: &[Shown], look: &Look) {
    if rows.is_empty() {
        return;
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if look.color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    for row in rows {
        let cells = shown.iter().filter_map(|Shown { at, column, width }| {
            let cell = row.get(*at)?;
            let text = match column.fit {
                Fit::Wrap | Fit::Phrase => cell.text.clone(),
                Fit::ElideHead => head_elided(&cell.text, *width),
                _ => elided(&cell.text, *width),
            };
            Some(tinted(comfy_table::Cell::new_owned(text), cell.tone, look.color))
        });
        table.add_row(cells.collect::<Vec<_>>());
    }
    for (place, Shown { column: shape, width, .. }) in shown.iter().enumerate() {
        let gap = if place + 1 == shown.len() { 0 } else { GAP };
        if let Some(column) = table.column_mut(place) {
            let gap = u16::try_from(gap).unwrap_or(0);
            column.set_padding((0, gap));
            let width = u16::try_from(*width).unwrap_or(u16::MAX).saturating_add(gap);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
            if is_number(*shape) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

fn elided(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

pub(super) fn head_elided(text: &str, width: usize) -> String {
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

#[cfg(test)]
mod tests {
    use super::super::table::tests::plain;
    use super::super::{Cell, Column, Fit, column};
    use super::{Shown, elided, head_elided, is_simple, laid_out, simple};
    use proptest::prelude::*;

    const COLUMNS: [Column; 4] = [
        column("NAME", "name", Fit::Elide),
        column("PATH", "path", Fit::ElideHead),
        column("N", "n", Fit::Number),
        column("WHY", "why", Fit::Wrap),
    ];

    proptest! {
        #[test]
        fn a_row_that_is_written_as_it_is_looks_as_the_library_lays_it_out(
            texts in prop::collection::vec("[ -~]{0,12}", 4),
            widths in prop::collection::vec(4..14_usize, 4),
        ) {
            let row: Vec<Cell> = texts.iter().map(|text| text.trim().into()).collect();
            let columns = COLUMNS.into_iter().enumerate().zip(widths);
            let shown: Vec<Shown> =
                columns.map(|((at, column), width)| Shown { at, column, width }).collect();
            prop_assume!(is_simple(&row, &shown, &plain()));
            let (mut own, mut other) = (String::new(), String::new());
            simple(&mut own, &shown, |at| row.get(at).map(|cell| cell.text.as_str()));
            laid_out(&mut other, &[row], &shown, &plain());
            prop_assert_eq!(own, other);
        }
    }

    #[test]
    fn text_is_cut_to_its_room() {
        assert_eq!(elided("kms01.contoso.example", 8), "kms01.c…");
        assert_eq!(elided("kms01", 8), "kms01");
        assert_eq!(head_elided("kms/kms01/dlv.txt", 8), "…dlv.txt");
    }
}
