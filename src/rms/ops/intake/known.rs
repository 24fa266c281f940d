//! What an import knows of a license that it meets: from the store, or from what it loaded itself.

use super::FileState;
use super::load::{Load, Own, narrow};
use super::met::Named;
use crate::error::{Outcome, Place};
use crate::rms::store::licenses::{self, Placed, Written};
use crate::store::Tx;
use std::num::NonZeroI64;

impl Load {
    /// Takes a license that stands in the store as the file has it; false when it does not.
    pub(super) fn as_it_is(
        &mut self,
        tx: &mut dyn Tx,
        state: &mut FileState,
        (hash, row): (u64, &Written),
    ) -> Outcome<bool> {
        if self.stored == 0 || self.replace {
            return Ok(false);
        }
        let place = match self.ahead.same(tx.reading(), (self.id, self.table), row)? {
            Some(place) => place,
            None => {
                let text = row.hash().unwrap_or_default();
                let found = licenses::written_of(tx.reading(), self.id, text)?;
                let Some(found) = found.filter(|found| found.says_the_same(row)) else {
                    return Ok(false);
                };
                let place = (found.feature, found.seq);
                self.ahead.met(place);
                place
            }
        };
        state.counted.licenses.unchanged += 1;
        self.brought += 1;
        let (file, feature, seq) = (narrow(state.number)?, narrow(place.0)?, narrow(place.1)?);
        self.own.insert(hash, Own { digest: row.digest(), file, feature, seq, loaded: false });
        Ok(true)
    }

    /// A license that this import knows.
    pub(super) fn placed(
        &mut self,
        tx: &mut dyn Tx,
        (feature, seq): (i64, i64),
        loaded: bool,
    ) -> Outcome<Option<Placed>> {
        if let Some(row) = self.waiting.get(&(feature, seq)) {
            return Ok(Some(Placed { feature, seq, license: row.license()? }));
        }
        if loaded {
            self.flush(tx)?;
            return licenses::own(tx, feature, seq);
        }
        licenses::one(tx.reading(), self.id, feature, seq)
    }

    /// The stored license of that hash; an error when it is of another feature, which is complained of.
    pub(super) fn hashed(
        &mut self,
        tx: &mut dyn Tx,
        state: &mut FileState,
        place: Place,
        (named, hash): (&Named, &str),
    ) -> Outcome<Result<Option<Placed>, ()>> {
        if self.stored == 0 {
            return Ok(Ok(None));
        }
        let found = licenses::hashed(tx.reading(), self.id, hash)?.into_iter().next();
        match found {
            Some(placed) if !self.replace && !placed.license.is_of(&named.key) => {
                let of = placed.license.feature();
                let message = format!("the hash `{hash}` is that of a license of `{of}`");
                state.notes.complain(place, message);
                Ok(Err(()))
            }
            Some(placed) => match self.waiting.get(&(placed.feature, placed.seq)) {
                Some(row) => Ok(Ok(Some(Placed { license: row.license()?, ..placed }))),
                None => Ok(Ok(Some(placed))),
            },
            None => Ok(Ok(None)),
        }
    }

    /// The license without a hash at the next place among those of its feature.
    pub(super) fn nth(
        &mut self,
        tx: &mut dyn Tx,
        state: &mut FileState,
        place: Place,
        named: &Named,
    ) -> Outcome<Option<Placed>> {
        let message = "licenses without a hash are told apart by their place in the feature";
        state.notes.warn("W_NO_HASH", place, message);
        let at = state.unhashed.entry(named.key.clone()).or_default();
        *at += 1;
        let Some(feature) = self.features.get(named) else { return Ok(None) };
        let unhashed = self.unhashed.get(&feature.id).and_then(|all| all.get(*at - 1));
        let Some((seq, loaded)) = unhashed.copied() else { return Ok(None) };
        let before = feature.before.filter(|_| self.replace).map(NonZeroI64::get);
        let of = before.unwrap_or(feature.id);
        self.placed(tx, (of, seq), loaded)
    }
}
