//! Licenses per device on their way into the store: in groups, each set against what is stored.

use super::coming::Coming;
use super::tell_twice;
use crate::api::Counts;
use crate::artefact::Notes;
use crate::clock::Timestamp;
use crate::error::{Outcome, Place, Stop};
use crate::store::{Read, Tx};
use crate::tslicense::model::{Issued, KeyPackId, LicenseId};
use crate::tslicense::store::evidence::{self, NewLicense};
use crate::tslicense::store::{issued, lists};
use std::collections::HashMap;

/// Rows that are written at once.
const GROUP: usize = 1000;

/// The licenses of the file that is being read.
pub(super) struct Devices {
    replace: bool,
    now: Timestamp,
    pending: Vec<(usize, Issued)>,
    /// By the place of the server.
    seen: HashMap<usize, Seen>,
    /// A file tells two things of one license.
    pub(super) mixed: bool,
}

/// Which licenses of a server were told of, 64 numbers a word: numbers stand close together.
#[derive(Debug, Default)]
pub(super) struct Seen(HashMap<(KeyPackId, u32), u64>);

impl Seen {
    fn bit((id, pack): (LicenseId, KeyPackId)) -> ((KeyPackId, u32), u64) {
        ((pack, id.0 / 64), 1 << (id.0 % 64))
    }

    /// Notes a license; whether it is told of for the first time.
    fn first(&mut self, key: (LicenseId, KeyPackId)) -> bool {
        let (at, bit) = Self::bit(key);
        let word = self.0.entry(at).or_default();
        let first = *word & bit == 0;
        *word |= bit;
        first
    }

    /// Whether a license was told of.
    pub(super) fn holds(&self, key: (LicenseId, KeyPackId)) -> bool {
        let (at, bit) = Self::bit(key);
        self.0.get(&at).is_some_and(|word| word & bit != 0)
    }
}

/// A license of a server, by which a stored one is found.
type Held = HashMap<(LicenseId, KeyPackId), Issued>;

impl Devices {
    /// - `replace`: what the files do not tell of disappears.
    pub(super) fn new(replace: bool, now: Timestamp) -> Self {
        Self {
            replace,
            now,
            pending: Vec::with_capacity(GROUP),
            seen: HashMap::new(),
            mixed: false,
        }
    }

    /// Takes a license of the server at `at`.
    pub(super) fn take(
        &mut self,
        tx: &mut dyn Tx,
        servers: &mut [Coming],
        (at, license): (usize, Issued),
        (place, notes, counts): (Place, &mut Notes, &mut Counts),
    ) -> Outcome<()> {
        let key = (license.id, license.pack);
        if !self.seen.entry(at).or_default().first(key) {
            self.flush(tx, servers, counts)?;
            let coming = servers.get(at).ok_or_else(|| Stop::bug("a server is gone"))?;
            let before = present(tx.reading(), coming, (key.0, key.0))?;
            let same = before.get(&key).is_some_and(|before| told_alike(before, &license));
            let what = format!("license {} of key pack {}", key.0.0, key.1.0);
            self.mixed |= !same;
            tell_twice(same, &what, place, notes);
            return Ok(());
        }
        self.pending.push((at, license));
        if self.pending.len() >= GROUP {
            self.flush(tx, servers, counts)?;
        }
        Ok(())
    }

    /// Ends a file.
    pub(super) fn end_file(
        &mut self,
        tx: &mut dyn Tx,
        servers: &mut [Coming],
        counts: &mut Counts,
    ) -> Outcome<()> {
        self.flush(tx, servers, counts)?;
        self.seen.clear();
        for coming in servers {
            // What one file told, the next one is set against.
            if coming.licenses.brought {
                coming.licenses.fresh = coming.licenses.fresh.map(|_| false);
            }
            counts.removed += std::mem::take(&mut coming.licenses.unmet);
        }
        Ok(())
    }

    /// Writes what is gathered, server by server.
    fn flush(
        &mut self,
        tx: &mut dyn Tx,
        servers: &mut [Coming],
        counts: &mut Counts,
    ) -> Outcome<()> {
        let mut pending = std::mem::take(&mut self.pending);
        // A stable sort: files are in the order of numbers as it is.
        pending.sort_by_key(|(at, _)| *at);
        let mut given = servers.iter().filter_map(|coming| coming.id).max().unwrap_or_default();
        let mut rows = Vec::with_capacity(pending.len());
        for group in pending.chunk_by(|one, other| one.0 == other.0) {
            let Some((at, _)) = group.first() else { continue };
            let coming = servers.get_mut(*at).ok_or_else(|| Stop::bug("a server is gone"))?;
            self.begin(tx.reading(), coming)?;
            let held = match coming.licenses.fresh {
                Some(true) => Held::new(),
                _ => present(tx.reading(), coming, span(group))?,
            };
            let server = coming.number(tx.reading(), given)?;
            given = given.max(server);
            for (_, license) in group {
                if self.sets(coming, &held, license, counts) {
                    rows.push(NewLicense { server, license });
                }
            }
        }
        if !rows.is_empty() {
            evidence::add(tx, &rows)?;
        }
        drop(rows);
        pending.clear();
        self.pending = pending;
        Ok(())
    }

    /// Looks at what is stored of a server's licenses, once.
    fn begin(&self, read: &mut dyn Read, coming: &mut Coming) -> Outcome<()> {
        if coming.licenses.fresh.is_some() {
            return Ok(());
        }
        let Some(id) = coming.id else {
            coming.licenses.fresh = Some(true);
            return Ok(());
        };
        coming.licenses.changed = issued::changed(read, id)?.into_iter().collect();
        let brought = lists::of(read, id)?.brought.is_some();
        coming.licenses.fresh = Some(!brought && coming.licenses.changed.is_empty());
        if self.replace {
            coming.licenses.told = Some((Seen::default(), self.now));
            issued::each_use(read, id, self.now, &mut |_| {
                coming.licenses.unmet += 1;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Sets a license against what is stored; whether it has to be written.
    fn sets(
        &self,
        coming: &mut Coming,
        held: &Held,
        license: &Issued,
        counts: &mut Counts,
    ) -> bool {
        let key = (license.id, license.pack);
        let before = held.get(&key);
        let licenses = &mut coming.licenses;
        licenses.last = licenses.last.max(Some(license.id));
        if before.is_some_and(|before| before.is_live(self.now)) {
            licenses.unmet = licenses.unmet.saturating_sub(1);
        }
        let same = before.is_some_and(|before| told_alike(before, license));
        match (before, same) {
            (None, _) => counts.added += 1,
            (Some(_), true) => counts.unchanged += 1,
            (Some(_), false) => counts.changed += 1,
        }
        if let Some((told, _)) = &mut licenses.told {
            told.first(key);
        }
        if !same {
            licenses.brought = true;
            if licenses.changed.contains(&key) {
                licenses.overtaken.insert(key);
            }
        }
        !same
    }
}

/// The lowest and the highest number of a group.
fn span(group: &[(usize, Issued)]) -> (LicenseId, LicenseId) {
    let ids = || group.iter().map(|(_, license)| license.id);
    let (first, last) = (ids().min(), ids().max());
    (first.unwrap_or(LicenseId(0)), last.unwrap_or(LicenseId(0)))
}

/// Whether an artefact tells the same of a license; how far a temporary one has come no artefact tells.
fn told_alike(held: &Issued, told: &Issued) -> bool {
    held.status == told.status
        && held.issued == told.issued
        && held.expires == told.expires
        && held.hardware == told.hardware
        && held.computer == told.computer
        && held.user == told.user
}

/// What is stored of the licenses of a server whose numbers lie between two, with what this import told so far.
fn present(read: &mut dyn Read, coming: &Coming, numbers: (LicenseId, LicenseId)) -> Outcome<Held> {
    let Some(id) = coming.id else { return Ok(Held::new()) };
    let licenses = &coming.licenses;
    let mut held = Held::new();
    for license in issued::present(read, id, numbers, &licenses.overtaken)? {
        held.insert((license.id, license.pack), license);
    }
    Ok(held)
}
