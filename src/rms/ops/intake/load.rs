//! A License Manager under way in an import: what merges with what, what is loaded at once and what is written at the end.

use super::FileState;
use super::ahead::Ahead;
use super::groups::Groups;
use super::merge::{merged, twice};
use super::met::{Feature, Met, Named};
use super::observed::Observed;
use crate::api::Counts;
use crate::error::{Outcome, Place, Stop};
use crate::rms::import::Told;
use crate::rms::import::records::PoolMember as Captured;
use crate::rms::model::alert::AlertSection;
use crate::rms::model::license::{FeatureKey, License};
use crate::rms::model::pool::{Pool, PoolMember};
use crate::rms::model::server::Server;
use crate::rms::ops::sessions::clear;
use crate::rms::store::licenses::{self, Hashed, Placed, Written};
use crate::rms::store::{features, servers, tables};
use crate::store::Tx;
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroI64;

/// Licenses that are loaded at once.
const BATCH: usize = 500;

/// Hashes that are noted at once: so many that each page of them is met once.
const RUN: usize = 16_384;

/// A License Manager under way.
pub(super) struct Load {
    pub(super) id: i64,
    pub(super) server: Server,
    changed: bool,
    /// The table that rows are loaded into.
    pub(super) table: i64,
    /// Whether that is a new table, and what it comes to.
    pub(super) replace: bool,
    fresh: Fresh,
    pub(super) features: Met,
    /// The feature of the license before, of which the next one often is.
    named: Option<Named>,
    /// Numbers of the licenses without a hash, by the number of their feature, in order, and whether this import loaded them.
    pub(super) unhashed: HashMap<i64, Vec<(i64, bool)>>,
    /// What this import loaded, by hash.
    pub(super) own: HashMap<u64, Own>,
    pub(super) ahead: Ahead,
    /// Features and licenses to load, and licenses to write at the end.
    made: Vec<(i64, FeatureKey)>,
    batch: Vec<Written>,
    /// Those that are loaded and are not found by their hashes yet.
    hashes: Vec<Hashed>,
    pub(super) waiting: BTreeMap<(i64, i64), Written>,
    /// Licenses that files brought, known or not, and those that were stored before.
    pub(super) brought: u64,
    pub(super) stored: u64,
    /// The feature of the replaced table that was met last.
    last: i64,
    pub(super) observed: Observed,
    pub(super) groups: Groups,
}

/// What a file that replaces comes to.
#[derive(Default)]
struct Fresh {
    /// Whether it says anything new.
    differs: bool,
    /// Whether it told of licenses at all.
    settled: bool,
}

/// A license with a hash that this import met; one for each is held until the import ends.
#[derive(Clone, Copy)]
pub(super) struct Own {
    /// Of what the file said.
    pub(super) digest: u64,
    pub(super) file: u32,
    pub(super) feature: u32,
    pub(super) seq: u32,
    /// Whether this import loaded it.
    pub(super) loaded: bool,
}

/// A license on its way in.
struct Incoming {
    license: License,
    row: Written,
    hash: Option<u64>,
    /// What this import met of the hash.
    met: Option<Own>,
}

/// A number that is held for each license: no import comes near the bound.
pub(super) fn narrow(number: i64) -> Outcome<u32> {
    u32::try_from(number).map_err(|_| Stop::bug("an import counts beyond 32 bits"))
}

impl Load {
    /// - `reserved`: the highest number that a License Manager of this import has.
    pub(super) fn of(tx: &mut dyn Tx, name: &str, replace: bool, reserved: i64) -> Outcome<Self> {
        let read = tx.reading();
        let found = servers::find(read, name)?;
        let made = found.is_none();
        let (id, server) = match found {
            Some(found) => found,
            None => (servers::next(read)?.max(reserved + 1), Server::new(name)),
        };
        let stored =
            if made { 0 } else { u64::try_from(licenses::count(read, id, None)?).unwrap_or(0) };
        let table = tables::load(read, id)? + i64::from(replace);
        Ok(Self {
            id,
            server,
            changed: made,
            table,
            replace,
            fresh: Fresh::default(),
            features: Met::default(),
            named: None,
            unhashed: HashMap::new(),
            own: HashMap::new(),
            ahead: Ahead::default(),
            made: Vec::new(),
            batch: Vec::new(),
            hashes: Vec::new(),
            waiting: BTreeMap::new(),
            brought: 0,
            stored,
            last: 0,
            observed: Observed::default(),
            groups: Groups::default(),
        })
    }

    pub(super) fn told(&mut self, told: Told) {
        let before = self.server.info.clone();
        self.server.info.merge(told.info);
        self.changed |= before != self.server.info;
    }

    /// Takes the pool that a capture shows; whether it says anything new. A majority that was chosen stays.
    pub(super) fn pool(&mut self, members: Vec<Captured>) -> bool {
        let member = |told: Captured| PoolMember {
            name: if told.host_name.is_empty() { told.ip_address.clone() } else { told.host_name },
            address: told.ip_address,
            up: told.up,
        };
        let half = self.server.pool.as_ref().is_some_and(|pool| pool.half);
        let pool = Some(Pool { members: members.into_iter().map(member).collect(), half });
        let differs = self.server.pool != pool;
        if differs {
            self.server.pool = pool;
            self.changed = true;
        }
        differs
    }

    /// Takes an alert configuration in the place of the one that is there.
    pub(super) fn alerts(&mut self, alerts: Vec<AlertSection>) {
        self.changed |= self.server.alerts != alerts;
        self.server.alerts = alerts;
    }

    /// Takes the offset of the License Manager's clock, in seconds.
    pub(super) fn learn(&mut self, offset: i64) {
        if let Ok(minutes) = i32::try_from(offset / 60) {
            self.changed |= self.server.utc_offset != minutes;
            self.server.utc_offset = minutes;
        }
    }

    /// Whether a license of the feature has a hash, so that it is told apart from what a feature as a whole says.
    pub(super) fn has_hashed(&mut self, tx: &mut dyn Tx, key: &FeatureKey) -> Outcome<bool> {
        let of_import = self.features.id(key);
        if of_import.is_some_and(|id| self.own.values().any(|own| i64::from(own.feature) == id)) {
            return Ok(true);
        }
        if self.stored == 0 || self.replace {
            return Ok(false);
        }
        let Some(stored) = features::named(tx.reading(), self.id, key)? else { return Ok(false) };
        let all = licenses::count(tx.reading(), self.id, Some(stored.id))?;
        let unhashed = licenses::unhashed(tx.reading(), self.id, stored.id)?.len();
        Ok(i64::try_from(unhashed).unwrap_or(0) < all)
    }

    pub(super) fn license(
        &mut self,
        tx: &mut dyn Tx,
        state: &mut FileState,
        place: Place,
        license: License,
    ) -> Outcome<()> {
        let row = Written::unplaced(&license);
        let hash = row.hash().and_then(|hash| u64::from_str_radix(hash, 16).ok());
        let met = hash.and_then(|hash| self.own.get(&hash)).copied();
        if let (Some(hash), None) = (hash, met)
            && self.as_it_is(tx, state, (hash, &row))?
        {
            return Ok(());
        }
        let named = match self.named.take() {
            Some(named) if license.is_of(&named.key) => named,
            _ => self.features.named(license.feature()),
        };
        let done = self.take(tx, state, (place, &named), Incoming { license, row, hash, met });
        self.named = Some(named);
        done
    }

    /// Takes a license of a feature in.
    fn take(
        &mut self,
        tx: &mut dyn Tx,
        state: &mut FileState,
        (place, named): (Place, &Named),
        Incoming { license, row, hash, met }: Incoming,
    ) -> Outcome<()> {
        if let Some(own) = met.filter(|own| i64::from(own.file) == state.number) {
            let same = own.digest == row.digest()
                && self.features.get(named).map(|feature| feature.id) == Some(own.feature.into());
            twice(state, place, row.hash().unwrap_or_default(), same);
            return Ok(());
        }
        let feature = self.feature(tx, state, named)?;
        let known = match (met, row.hash()) {
            (Some(own), _) if i64::from(own.feature) != feature => {
                let hash = row.hash().unwrap_or_default();
                state
                    .notes
                    .complain(place, format!("two different licenses have the hash `{hash}`"));
                return Ok(());
            }
            (Some(own), _) => self.placed(tx, (own.feature.into(), own.seq.into()), own.loaded)?,
            (None, Some(hash)) => match self.hashed(tx, state, place, (named, hash))? {
                Ok(known) => known,
                Err(()) => return Ok(()),
            },
            (None, None) => self.nth(tx, state, place, named)?,
        };
        self.brought += 1;
        let digest = row.digest();
        let put = self.put(tx, state, (named, known), (license, row))?;
        if let Some(hash) = hash {
            let (seq, loaded) = put;
            let loaded = loaded || met.is_some_and(|own| own.loaded);
            let (file, feature, seq) = (narrow(state.number)?, narrow(feature)?, narrow(seq)?);
            self.own.insert(hash, Own { digest, file, feature, seq, loaded });
        }
        Ok(())
    }

    /// The number of a feature, which is made when it is new.
    fn feature(&mut self, tx: &mut dyn Tx, state: &mut FileState, named: &Named) -> Outcome<i64> {
        if let Some(feature) = self.features.get(named) {
            return Ok(feature.id);
        }
        let stored = match self.stored {
            0 => None,
            _ => features::named(tx.reading(), self.id, &named.key)?.map(|feature| feature.id),
        };
        let unhashed = match stored {
            Some(id) => licenses::unhashed(tx.reading(), self.id, id)?,
            None => Vec::new(),
        };
        let (id, next) = match stored.filter(|_| !self.replace) {
            Some(id) => (id, licenses::next(tx.reading(), self.id, id)?),
            None => {
                // Within a file nobody else makes features.
                let id = match state.next_feature {
                    Some(id) => id,
                    None => features::next(tx.reading(), self.id)?,
                };
                state.next_feature = Some(id + 1);
                self.made.push((id, named.key.clone()));
                (id, 1)
            }
        };
        if self.replace {
            let before = stored.unwrap_or(i64::MAX);
            self.fresh.differs |= before <= self.last;
            self.last = before;
        }
        if !unhashed.is_empty() {
            self.unhashed.insert(id, unhashed.into_iter().map(|seq| (seq, false)).collect());
        }
        let before = stored.and_then(NonZeroI64::new);
        let feature = Feature { id, next, loaded: 0, before, last: 0 };
        self.features.insert(named, feature);
        Ok(id)
    }

    /// Takes the license in, merged with the one that is known; its number, and whether it was loaded.
    fn put(
        &mut self,
        tx: &mut dyn Tx,
        state: &mut FileState,
        (named, known): (&Named, Option<Placed>),
        (license, row): (License, Written),
    ) -> Outcome<(i64, bool)> {
        let Some(before) = known else {
            state.counted.licenses.added += 1;
            return Ok((self.append(tx, named, row)?, true));
        };
        let held = Written::of(&before);
        if self.replace {
            state.matched += 1;
            if held.says_the_same(&row) {
                state.counted.licenses.unchanged += 1;
            } else {
                state.counted.licenses.changed += 1;
            }
            if let Some(feature) = self.features.get_mut(named) {
                self.fresh.differs |= feature.before.map(NonZeroI64::get) != Some(before.feature)
                    || before.seq <= feature.last;
                feature.last = before.seq;
            }
            return Ok((self.append(tx, named, row)?, true));
        }
        let Placed { feature, seq, license: stored } = before;
        let row = Written::of(&Placed { feature, seq, license: merged(stored, license) });
        if held.says_the_same(&row) {
            state.counted.licenses.unchanged += 1;
        } else {
            state.counted.licenses.changed += 1;
            self.waiting.insert((feature, seq), row);
        }
        Ok((seq, false))
    }

    /// Gives a license the next number of its feature and loads it.
    fn append(&mut self, tx: &mut dyn Tx, named: &Named, row: Written) -> Outcome<i64> {
        let feature = self.features.get_mut(named);
        let feature = feature.ok_or_else(|| Stop::bug("a feature of the import is gone"))?;
        let seq = feature.next;
        feature.next += 1;
        feature.loaded += 1;
        if row.hash().is_none() && !self.replace {
            self.unhashed.entry(feature.id).or_default().push((seq, true));
        }
        let mut row = row;
        (row.feature, row.seq) = (feature.id, seq);
        self.batch.push(row);
        if self.batch.len() >= BATCH {
            self.flush(tx)?;
        }
        Ok(seq)
    }

    /// Loads what waits to be.
    pub(super) fn flush(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        if !self.made.is_empty() {
            features::make(tx, (self.id, self.table), &self.made)?;
            self.made.clear();
        }
        if self.batch.is_empty() {
            return Ok(());
        }
        licenses::load_all(tx, self.id, &self.batch)?;
        self.hashes.extend(self.batch.drain(..).filter_map(Written::hashed));
        if self.hashes.len() >= RUN { self.note_hashes(tx) } else { Ok(()) }
    }

    fn note_hashes(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        licenses::note_hashes(tx, self.id, &mut self.hashes)?;
        self.hashes.clear();
        Ok(())
    }

    /// Loads what waits to be, so that others find it.
    pub(super) fn close(&mut self, tx: &mut dyn Tx) -> Outcome<()> {
        self.flush(tx)?;
        self.note_hashes(tx)
    }

    /// Tells from what became of its licenses whether a file that replaces says anything new.
    pub(super) fn settle(&mut self, counts: &Counts, empty: bool) {
        self.fresh.settled = self.brought > 0 || empty;
        self.fresh.differs |= counts.added + counts.changed + counts.removed > 0;
    }

    /// - `at`: the moment of the captures, in seconds since 1970.
    pub(super) fn save(mut self, tx: &mut dyn Tx, at: i64) -> Outcome<()> {
        self.close(tx)?;
        if self.changed {
            servers::save(tx, Some(self.id), &self.server)?;
        }
        let kept = self.replace && !(self.fresh.settled && self.fresh.differs);
        if kept {
            licenses::unload(tx, self.id)?;
        } else {
            self.save_licenses(tx)?;
        }
        self.groups.save(tx, self.id)?;
        let features = self.features;
        let met = |key: &FeatureKey| features.id(key).filter(|_| !kept);
        self.observed.save(tx, self.id, &met, at)
    }

    /// Writes what became of licenses that merged, and puts a new table in force.
    fn save_licenses(&self, tx: &mut dyn Tx) -> Outcome<()> {
        let loads = self.features.loads();
        licenses::count_loads(tx, &loads)?;
        if self.replace {
            clear(tx, self.id)?;
        }
        if self.replace || !loads.is_empty() {
            tables::loaded(tx, self.id, self.table)?;
        }
        for row in self.waiting.values() {
            licenses::save(tx, self.id, row)?;
        }
        Ok(())
    }
}
