//! The cells of a row as bare text, in a room that is used again: what a long list needs, most of whose rows take nothing but blanks
//! between their cells.

use super::View;
use super::layout::is_plain;
use std::ops::Range;

/// The cells of one row, one behind the other.
#[derive(Debug, Default)]
pub struct PlainRow {
    text: String,
    /// Where each cell stands.
    cells: Vec<Range<usize>>,
}

impl PlainRow {
    pub fn push(&mut self, cell: &str) {
        let start = self.text.len();
        self.text.push_str(cell);
        self.cells.push(start..self.text.len());
    }

    pub fn push_number(&mut self, number: impl Into<u64>) {
        let start = self.text.len();
        decimal(&mut self.text, number.into());
        self.cells.push(start..self.text.len());
    }

    /// Takes the cells of a view in the place of those before; false when it has others than bare ones.
    pub(super) fn take(&mut self, view: &impl View) -> bool {
        self.text.clear();
        self.cells.clear();
        view.plain_cells(self) && is_plain(&self.text)
    }

    #[inline]
    pub(super) fn cell(&self, at: usize) -> &str {
        self.cells.get(at).and_then(|cell| self.text.get(cell.clone())).unwrap_or_default()
    }
}

/// Appends the digits of a number: formatting takes many times as long, which shows in a list of very many rows.
fn decimal(out: &mut String, number: u64) {
    if number >= 10 {
        decimal(out, number / 10);
    }
    let digit = u32::try_from(number % 10).ok().and_then(|digit| char::from_digit(digit, 10));
    out.push(digit.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::{PlainRow, decimal};
    use crate::output::table::Chunks;
    use crate::output::table::tests::{COLUMNS, plain};
    use crate::output::{Cell, Column, Look, View};

    /// Four cells.
    #[derive(serde::Serialize, schemars::JsonSchema)]
    struct Bare([&'static str; 4]);

    impl View for Bare {
        const SCHEMA: &'static str = "licctl.test.bare/1";
        const COLUMNS: &'static [Column] = &COLUMNS;

        fn cells(&self, _: &Look) -> Vec<Cell> {
            self.0.map(Cell::from).into()
        }

        fn plain_cells(&self, row: &mut PlainRow) -> bool {
            self.0.iter().for_each(|cell| row.push(cell));
            true
        }

        fn name(&self) -> String {
            self.0[0].to_owned()
        }
    }

    #[test]
    fn a_bare_row_is_laid_out_as_any_other() {
        let views =
            [["a", "path/b", "1", "c"], ["\u{e4}", "p", "", ""], ["x", "much/longer", "12", ""]];
        let views: Vec<Bare> = views.into_iter().cycle().take(2_000).map(Bare).collect();
        for order in [vec![0, 1, 2, 3], vec![3, 0]] {
            let columns: Vec<Column> = order.iter().map(|at| COLUMNS[*at]).collect();
            let mut texts = [false, true].map(|bare| {
                let mut chunks = Chunks::new(columns.clone(), &plain(), true);
                let (mut row, mut text, mut passed) = (PlainRow::default(), String::new(), 0);
                for view in &views {
                    if bare && row.take(view) && chunks.push_plain(&row, &order) {
                        passed += 1;
                        text.extend(chunks.piece());
                        continue;
                    }
                    let cells = view.cells(&plain());
                    let cells = order.iter().map(|at| cells[*at].clone()).collect();
                    text.extend(chunks.push(cells));
                }
                assert!(!bare || passed > 500, "{passed}");
                text + &chunks.rest()
            });
            let [made, bare] = &mut texts;
            assert_eq!(made, bare);
        }
    }

    #[test]
    fn a_number_is_written_in_its_digits() {
        for number in [0, 7, 10, 200, 1_201, 65_535, u64::MAX] {
            let mut text = String::new();
            decimal(&mut text, number);
            assert_eq!(text, number.to_string());
        }
    }
}
