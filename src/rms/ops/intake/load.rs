//! A License Manager under way in an import: what merges with what, and which rows are written at the end.

use super::FileState;
use crate::error::{Outcome, Place, Stop};
use crate::rms::import::Told;
use crate::rms::model::license::{FeatureKey, License};
use crate::rms::model::server::Server;
use crate::rms::store::licenses::{self, Placed, Written};
use crate::rms::store::{features, servers};
use crate::store::{Read, Tx};
use std::collections::{BTreeSet, HashMap};

/// A License Manager under way.
pub(super) struct Load {
    /// `None`: it is made by this import.
    id: Option<i64>,
    pub(super) server: Server,
    changed: bool,
    features: HashMap<FeatureKey, Feature>,
    next_feature: i64,
    made_features: Vec<(i64, FeatureKey)>,
    /// Rows to write, and by hash which they are.
    pub(super) rows: Vec<Written>,
    hashes: HashMap<String, usize>,
    /// Whether what is stored and not in the file goes.
    replace: bool,
    pub(super) stored: u64,
}

/// A feature under way.
struct Feature {
    id: i64,
    next: i64,
    /// Licenses without a hash, in order: number, and row when it waits.
    unhashed: Vec<(i64, Option<usize>)>,
}

impl Load {
    pub(super) fn of(read: &mut dyn Read, name: &str, replace: bool) -> Outcome<(Self, bool)> {
        let found = servers::find(read, name)?;
        let made = found.is_none();
        let (id, server) = match found {
            Some((id, server)) => (Some(id), server),
            None => (None, Server::new(name)),
        };
        let next_feature = match id {
            Some(id) if !replace => features::next(read, id)?,
            _ => 1,
        };
        let stored = match id {
            Some(id) => u64::try_from(licenses::count(read, id, None)?).unwrap_or(0),
            None => 0,
        };
        let load = Self {
            id,
            server,
            changed: made,
            features: HashMap::new(),
            next_feature,
            made_features: Vec::new(),
            rows: Vec::new(),
            hashes: HashMap::new(),
            replace,
            stored,
        };
        Ok((load, made))
    }

    pub(super) fn told(&mut self, told: Told) {
        let before = self.server.info.clone();
        self.server.info.merge(told.info);
        self.changed |= before != self.server.info;
    }

    pub(super) fn license(
        &mut self,
        read: &mut dyn Read,
        state: &mut FileState,
        place: Place,
        license: License,
    ) -> Outcome<()> {
        let key = license.feature();
        let hash = license.hash().map(str::to_owned);
        if let Some(hash) = &hash
            && let Some(twice) = self.twice(state, &key, hash, &license)?
        {
            match twice {
                Twice::Same => {
                    let message = "a license stands twice in the file";
                    state.notes.warn("W_DUPLICATE_LICENSE", place, message);
                }
                Twice::Other => {
                    let message = format!("two different licenses have the hash `{hash}`");
                    state.notes.complain(place, message);
                }
            }
            return Ok(());
        }
        let feature = self.feature(read, &key)?;
        let known = match &hash {
            Some(hash) => self.known_hash(read, state, place, (feature, hash))?,
            None => {
                let message =
                    "licenses without a hash are told apart by their place in the feature";
                state.notes.warn("W_NO_HASH", place, message);
                let at = state.unhashed.entry(key.clone()).or_default();
                *at += 1;
                Ok(self.known_place(read, &key, *at - 1)?)
            }
        };
        let Ok(known) = known else { return Ok(()) };
        self.put(state, (&key, feature), known.as_ref(), license)
    }

    /// Whether the file brought the hash before.
    fn twice(
        &self,
        state: &mut FileState,
        key: &FeatureKey,
        hash: &str,
        license: &License,
    ) -> Outcome<Option<Twice>> {
        let Some(of) = state.hashes.get(hash) else {
            state.hashes.insert(hash.to_owned(), key.clone());
            return Ok(None);
        };
        let row = self.hashes.get(hash).and_then(|at| self.rows.get(*at));
        let same = match row {
            Some(row) if of == key => {
                // What merged with the store holds more than the file said.
                let mut merged = row.license()?;
                let held = merged.elements.clone();
                merged.elements.merge(&license.elements);
                merged.elements == held
                    && license.extras.iter().all(|one| merged.extras.contains(one))
            }
            _ => false,
        };
        Ok(Some(if same { Twice::Same } else { Twice::Other }))
    }

    /// The license of that hash that is known already; an error when it is of another feature, which is complained of.
    fn known_hash(
        &self,
        read: &mut dyn Read,
        state: &mut FileState,
        place: Place,
        (feature, hash): (i64, &String),
    ) -> Outcome<Result<Option<Known>, ()>> {
        if let Some(at) = self.hashes.get(hash) {
            return Ok(Ok(Some(Known::Waiting(*at))));
        }
        let Some(id) = self.id else { return Ok(Ok(None)) };
        let found = licenses::hashed(read, id, hash)?;
        if self.replace {
            // Numbers are given anew; what was there before tells only what became of the license.
            return Ok(Ok(found.into_iter().next().map(Known::Stored)));
        }
        match found.into_iter().next() {
            Some(placed) if placed.feature != feature => {
                let of = placed.license.feature();
                let message = format!("the hash `{hash}` is that of a license of `{of}`");
                state.notes.complain(place, message);
                Ok(Err(()))
            }
            other => Ok(Ok(other.map(Known::Stored))),
        }
    }

    /// The license without a hash at that place among those of its feature.
    fn known_place(
        &mut self,
        read: &mut dyn Read,
        key: &FeatureKey,
        at: usize,
    ) -> Outcome<Option<Known>> {
        let Some(feature) = self.features.get(key) else { return Ok(None) };
        let Some((seq, row)) = feature.unhashed.get(at).copied() else { return Ok(None) };
        if let Some(row) = row {
            return Ok(Some(Known::Waiting(row)));
        }
        let Some(id) = self.id else { return Ok(None) };
        let placed = licenses::of_feature(read, id, feature.id)?;
        Ok(placed.into_iter().find(|placed| placed.seq == seq).map(Known::Stored))
    }

    /// The number of a feature, which is made when it is new.
    fn feature(&mut self, read: &mut dyn Read, key: &FeatureKey) -> Outcome<i64> {
        if let Some(feature) = self.features.get(key) {
            return Ok(feature.id);
        }
        let stored = match self.id {
            Some(id) if !self.replace => {
                features::named(read, id, key)?.map(|feature| (id, feature.id))
            }
            _ => None,
        };
        let feature = match stored {
            Some((server, id)) => {
                let placed = licenses::of_feature(read, server, id)?;
                let next = licenses::next(read, server, id)?;
                let unhashed = placed.iter().filter(|placed| placed.license.hash().is_none());
                let unhashed = unhashed.map(|placed| (placed.seq, None)).collect();
                Feature { id, next, unhashed }
            }
            None => {
                let id = self.next_feature;
                self.next_feature += 1;
                self.made_features.push((id, key.clone()));
                Feature { id, next: 1, unhashed: Vec::new() }
            }
        };
        let id = feature.id;
        self.features.insert(key.clone(), feature);
        Ok(id)
    }

    /// Takes the license in, merged with the one that is known.
    fn put(
        &mut self,
        state: &mut FileState,
        (key, feature): (&FeatureKey, i64),
        known: Option<&Known>,
        license: License,
    ) -> Outcome<()> {
        let replace = self.replace;
        let before = match known {
            Some(Known::Stored(placed)) => Some(Written::of(placed)),
            Some(Known::Waiting(at)) => self.rows.get(*at).cloned(),
            None => None,
        };
        state.matched += u64::from(matches!(known, Some(Known::Stored(_))));
        let merged = match &before {
            Some(before) if !replace => merged(before.license()?, license),
            _ => license,
        };
        let seq = match &before {
            Some(before) if !replace => before.seq,
            _ => self.next(key)?,
        };
        let row = Written::of(&Placed { feature, seq, license: merged });
        match &before {
            None => state.counts.added += 1,
            Some(before) if before.says_the_same(&row) => state.counts.unchanged += 1,
            Some(_) => state.counts.changed += 1,
        }
        if let Some(Known::Waiting(at)) = known {
            if let Some(held) = self.rows.get_mut(*at) {
                *held = row;
            }
            return Ok(());
        }
        // What is as it was need not be written, unless its place may be another.
        if before.as_ref().is_some_and(|before| before.says_the_same(&row)) && !replace {
            return Ok(());
        }
        let at = self.rows.len();
        match row.hash() {
            Some(hash) => {
                self.hashes.insert(hash.to_owned(), at);
            }
            None => {
                if let Some(feature) = self.features.get_mut(key) {
                    match feature.unhashed.iter_mut().find(|(held, _)| *held == seq) {
                        Some(held) => held.1 = Some(at),
                        None => feature.unhashed.push((seq, Some(at))),
                    }
                }
            }
        }
        self.rows.push(row);
        Ok(())
    }

    fn next(&mut self, key: &FeatureKey) -> Outcome<i64> {
        let feature = self.features.get_mut(key);
        let feature = feature.ok_or_else(|| Stop::bug("a feature of the import is gone"))?;
        feature.next += 1;
        Ok(feature.next - 1)
    }

    pub(super) fn save(self, tx: &mut dyn Tx) -> Outcome<()> {
        let id = match self.id {
            Some(id) if !self.changed => id,
            id => servers::save(tx, id, &self.server)?.0,
        };
        let before = if self.replace { licenses::keys(tx.reading(), id)? } else { Vec::new() };
        for (feature, key) in &self.made_features {
            // The unique name of a feature may be held by another number that goes.
            if self.replace
                && let Some(held) = features::named(tx.reading(), id, key)?
                && held.id != *feature
            {
                features::remove(tx, id, held.id)?;
            }
        }
        for (feature, key) in &self.made_features {
            features::save(tx, id, *feature, key)?;
        }
        let mut written = BTreeSet::new();
        for row in &self.rows {
            licenses::save(tx, id, row)?;
            written.insert((row.feature, row.seq));
        }
        for (feature, seq) in before.iter().filter(|key| !written.contains(*key)) {
            licenses::remove(tx, id, *feature, *seq)?;
        }
        let kept: BTreeSet<i64> = written.iter().map(|(feature, _)| *feature).collect();
        let gone: BTreeSet<i64> = before.iter().map(|(feature, _)| *feature).collect();
        for feature in gone.difference(&kept) {
            features::remove(tx, id, *feature)?;
        }
        Ok(())
    }
}

/// What became of a hash that stands twice in a file.
enum Twice {
    Same,
    Other,
}

/// A license that is known already.
enum Known {
    Stored(Placed),
    /// By its place among the rows of the import.
    Waiting(usize),
}

/// A license with what a newer record says of it; what that leaves out stays.
fn merged(mut held: License, newer: License) -> License {
    held.elements.merge(&newer.elements);
    for extra in newer.extras {
        match held.extras.iter_mut().find(|held| held.name == extra.name) {
            Some(held) => *held = extra,
            None => held.extras.push(extra),
        }
    }
    held
}
