//! The memory of counts, from which the forecast draws its trend.

use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::Tx;
use crate::tslicense::store::history::{self, Counted};
use crate::tslicense::store::packs;
use std::collections::BTreeMap;

/// Notes what a server has installed and issued: called when an import has written its packs. Counts that are as they were are noted
/// no second time: the same file again, whenever it comes, changes nothing.
///
/// - `server`: the number of its row.
/// - `at`: when the state was taken.
pub fn note(tx: &mut dyn Tx, server: i64, at: Timestamp) -> Outcome<()> {
    let mut sums: BTreeMap<(u32, u32), (i64, i64)> = BTreeMap::new();
    for pack in packs::of(tx.reading(), server)? {
        if pack.is_owned() && !pack.is_unlimited() {
            let sum = sums.entry((pack.version, pack.product)).or_default();
            sum.0 += i64::from(pack.total);
            sum.1 += i64::from(pack.issued);
        }
    }
    let counts = |row: &Counted| ((row.version, row.product), (row.total, row.issued));
    let known = history::latest(tx.reading(), server, at)?;
    if !known.is_empty() && known.iter().map(counts).eq(sums.clone()) {
        return Ok(());
    }
    for ((version, product), (total, issued)) in sums {
        history::save(tx, server, &Counted { version, product, at, total, issued })?;
    }
    Ok(())
}
