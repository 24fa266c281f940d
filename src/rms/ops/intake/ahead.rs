//! Stored licenses that an import is likely to meet next: most files list them in the order in which they were loaded.
//!
//! Who finds each license as it is pays for one statement in hundreds of them.

use crate::error::Outcome;
use crate::rms::store::licenses::{self, Written};
use crate::store::Read;
use std::collections::VecDeque;

/// How many are read with the first guess, and with each one that turned out right twice as many, up to a bound.
const FEW: u32 = 2;
const MOST: u32 = 512;

/// Stored licenses behind the one that was met last.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    rows: VecDeque<Written>,
    /// The place of the license that was met last; `None`: nothing is known of what comes.
    behind: Option<(i64, i64)>,
    guess: u32,
}

impl Ahead {
    /// The place of the next stored license if it says what `row` says.
    ///
    /// - `table`: the License Manager and the table of its that is in force.
    pub(super) fn same(
        &mut self,
        read: &mut dyn Read,
        table: (i64, i64),
        row: &Written,
    ) -> Outcome<Option<(i64, i64)>> {
        if let (true, Some(place)) = (self.rows.is_empty(), self.behind) {
            self.guess = (self.guess * 2).clamp(FEW, MOST);
            self.rows = licenses::behind(read, table, place, self.guess)?;
        }
        match self.rows.pop_front() {
            Some(next) if next.says_the_same(row) => {
                let place = (next.feature, next.seq);
                self.behind = Some(place);
                Ok(Some(place))
            }
            _ => {
                *self = Self::default();
                Ok(None)
            }
        }
    }

    /// Notes that a stored license was met in another way.
    pub(super) fn met(&mut self, place: (i64, i64)) {
        *self = Self { behind: Some(place), ..Self::default() };
    }
}
