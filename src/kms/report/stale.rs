//! Who has not renewed, and when do they fall out? One answer for every CMID and product.
//!
//! The newest contacts are gathered here. What follows from one is left to `lapse`, who holds its label now to `holders`, and
//! whether the host's count was high enough at that moment to `replay`.

use super::holders::{Holders, Repeated};
use super::lapse::{Contact, Effect, Lapse};
use super::listing::{Draft, Entry, Listing, NONE};
use super::replay::Replay;
use super::{Pool, Unit};
use crate::clock::Timestamp;
use crate::finding::{Finding, Level, Series};
use std::ops::Range;
use uuid::Uuid;

pub use super::lapse::Parameters;

/// The accumulator: 48 bytes and the label of each listed unit, 24 bytes for each CMID whose label others may have.
#[derive(Debug)]
pub struct Stale {
    parameters: Parameters,
    cmid: Uuid,
    pending: Vec<Pending>,
    /// The names of the pending units, behind each other.
    pending_names: String,
    repeated: Repeated,
    holders: Holders,
    listing: Listing,
}

/// A unit of the current CMID that has a valid row.
#[derive(Debug)]
struct Pending {
    activation: Uuid,
    pool: Pool,
    contact: Contact,
    host: u16,
    label: Option<u64>,
    name: Range<usize>,
}

impl Stale {
    #[must_use]
    pub fn new(parameters: Parameters) -> Self {
        Self {
            parameters,
            cmid: Uuid::nil(),
            pending: Vec::new(),
            pending_names: String::new(),
            repeated: Repeated::default(),
            holders: Holders::default(),
            listing: Listing::default(),
        }
    }

    /// Takes the labels that others may have; without it that may be every one.
    #[must_use]
    pub fn knowing(self, repeated: Repeated) -> Self {
        Self { repeated, ..self }
    }

    /// Whether the label of a unit may be that of another client as well.
    #[must_use]
    pub fn is_repeated(&self, unit: &Unit) -> bool {
        unit.label.is_none_or(|label| self.repeated.holds(label))
    }

    /// Takes the next unit; those of one CMID come behind each other.
    ///
    /// - `unit`: also those of pools that are not asked for; they tell which CMID a label has now.
    pub fn take(&mut self, unit: &Unit) {
        if unit.cmid != self.cmid {
            self.settle();
            self.cmid = unit.cmid;
        }
        let label = unit.label.filter(|label| self.repeated.holds(*label));
        if let Some(label) = label {
            self.holders.mention(label, unit.last);
        }
        let Some(valid) = &unit.valid else { return };
        if self.parameters.pool.is_some_and(|pool| pool != unit.pool) {
            return;
        }
        let host = self.listing.hosts.number(valid.host).unwrap_or(NONE);
        let start = self.pending_names.len();
        self.pending_names.push_str(unit.name);
        self.pending.push(Pending {
            activation: unit.activation,
            pool: unit.pool,
            contact: Contact { at: valid.last, status: valid.status, minutes: valid.minutes },
            host,
            label,
            name: start..self.pending_names.len(),
        });
    }

    /// Keeps of the current CMID the newest contact of each product, and the newest row of each label.
    fn settle(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        let names = std::mem::take(&mut self.pending_names);
        let name = |unit: &Pending| names.get(unit.name.clone()).unwrap_or_default();
        pending.sort_unstable_by(|one, other| {
            (one.activation, one.contact.at, name(one)).cmp(&(
                other.activation,
                other.contact.at,
                name(other),
            ))
        });
        for product in pending.chunk_by(|one, next| one.activation == next.activation) {
            if let Some(newest) = product.last() {
                self.keep(newest, name(newest));
            }
        }
        self.holders.settle();
        // The buffers go back, so that a million clients share one allocation.
        (self.pending, self.pending_names) = (pending, names);
        self.pending.clear();
        self.pending_names.clear();
    }

    /// Keeps the newest contact of a product when it is listed, or may be.
    fn keep(&mut self, unit: &Pending, name: &str) {
        let parameters = &self.parameters;
        let doubtful = parameters.doubts(unit.contact);
        let listed = parameters.lists(unit.contact, Effect::Activated)
            || doubtful && parameters.lists(unit.contact, Effect::Refused);
        if !listed {
            return;
        }
        if let Some(label) = unit.label {
            self.holders.own(label, unit.contact.at, self.listing.entries.len());
        }
        let effect = if doubtful { Effect::Refused } else { Effect::Activated };
        self.listing.push(&Draft {
            cmid: self.cmid,
            name,
            activation: unit.activation,
            pool: unit.pool,
            host: unit.host,
            contact: unit.contact,
            effect,
        });
    }

    /// Goes on with the rows of every client in the order of time, to learn which doubtful contacts did activate.
    ///
    /// Only of use with `strict`: else nothing is doubtful.
    #[must_use]
    pub fn replay(mut self) -> Replay {
        self.settle();
        Replay::new(self)
    }

    /// The contacts whose effect the count decides: number, CMID, `ActivationID`, time.
    pub(super) fn doubtful(&self) -> impl Iterator<Item = (usize, Uuid, Uuid, Timestamp)> {
        let listing = &self.listing;
        let entries = listing.entries.iter().enumerate();
        entries
            .filter(|(_, entry)| entry.effect == Effect::Refused)
            .map(|(number, entry)| (number, entry.cmid, listing.product(entry).0, entry.contact.at))
    }

    /// Notes that the count was high enough at a doubtful contact.
    pub(super) fn believe(&mut self, number: usize) {
        if let Some(entry) = self.listing.entries.get_mut(number) {
            entry.effect = Effect::Activated;
        }
    }

    /// Orders what is listed. A doubtful contact that was not replayed activated nobody.
    #[must_use]
    pub fn finish(mut self) -> Answer {
        self.settle();
        let Self { parameters, mut listing, holders, .. } = self;
        holders.rivals(|number, rival| {
            if let Some(entry) = listing.entries.get_mut(number) {
                entry.superseded = rival > entry.contact.at;
            }
        });
        listing.arrange(
            |entry| {
                parameters.lists(entry.contact, entry.effect)
                    && (parameters.include_superseded || !entry.superseded)
            },
            |entry| parameters.life(entry.contact, entry.effect).falls_out,
        );
        Answer { parameters, listing }
    }
}

/// The answer of `stale`; it makes its lapses one at a time, since there may be a million.
#[derive(Debug)]
pub struct Answer {
    parameters: Parameters,
    listing: Listing,
}

impl Answer {
    #[must_use]
    pub fn len(&self) -> usize {
        self.listing.entries.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listing.entries.is_empty()
    }

    /// The listed clients, the first to fall out first.
    pub fn lapses(&self) -> impl Iterator<Item = Lapse<'_>> {
        self.listing.entries.iter().map(|entry| self.lapse(entry))
    }

    fn lapse(&self, entry: &Entry) -> Lapse<'_> {
        let Self { parameters, listing } = self;
        let (now, contact) = (parameters.now, entry.contact);
        let life = parameters.life(contact, entry.effect);
        let (activation, pool) = listing.product(entry);
        Lapse {
            name: listing.name(entry),
            host: listing.host(entry),
            cmid: entry.cmid,
            activation,
            pool,
            last: contact.at,
            days_silent: now.days_since(contact.at),
            life,
            days_left: life.days_left(now),
            state: life.state(contact.at, now, parameters.days),
            superseded: entry.superseded,
        }
    }

    /// One finding for each lapse, in their order.
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        self.lapses().filter_map(|lapse| lapse.finding())
    }
}

/// One finding for each lapse; those that are listed are never fresh.
impl Series for Answer {
    fn rank(&self, number: usize) -> Option<(Level, Option<Timestamp>)> {
        let Entry { contact, effect, .. } = self.listing.entries.get(number)?;
        let life = self.parameters.life(*contact, *effect);
        let state = life.state(contact.at, self.parameters.now, self.parameters.days);
        Some((state.severity()?, Some(life.due(state))))
    }

    fn finding(&self, number: usize) -> Option<Finding> {
        self.lapse(self.listing.entries.get(number)?).finding()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Pool;
    use super::super::lapse::State;
    use super::super::minilog::{Log, NOW, OFFICE, at, cmid};
    use super::{Answer, Parameters};

    fn parameters() -> Parameters {
        Parameters::new(at(NOW), 10_080)
    }

    fn names(answer: &Answer) -> Vec<String> {
        answer.lapses().map(|lapse| lapse.name.into_owned()).collect()
    }

    #[test]
    fn two_missed_renewals_are_fourteen_days() {
        assert_eq!(parameters().days, 14);
        let mut log = Log::default();
        log.ask("2025-03-17T00:00:00Z", "fresh", 1);
        log.ask("2025-03-16T00:00:00Z", "stale", 2);
        assert_eq!(names(&log.stale(parameters())), ["stale"]);
    }

    #[test]
    fn the_newest_contact_over_all_names_and_hosts_counts() {
        let mut log = Log::default();
        log.ask("2025-01-10T00:00:00Z", "old-name", 1);
        log.ask("2025-02-10T00:00:00Z", "new-name", 1).host = "kms02".to_owned();
        let answer = log.stale(parameters());
        let lapse = answer.lapses().next().unwrap();
        assert_eq!((answer.len(), lapse.name.as_ref(), lapse.host), (1, "new-name", "kms02"));
        assert_eq!(lapse.last, at("2025-02-10T00:00:00Z"));
    }

    #[test]
    fn a_machine_that_came_back_with_a_new_cmid_is_superseded() {
        let mut log = Log::default();
        log.ask("2025-02-10T00:00:00Z", "pc-1.corp.example", 1);
        log.ask("2025-03-30T00:00:00Z", "PC-1", 2).hresult = 0xC004_F042;
        assert!(log.stale(parameters()).is_empty());
        let answer = log.stale(Parameters { include_superseded: true, ..parameters() });
        let superseded: Vec<_> =
            answer.lapses().map(|lapse| (lapse.cmid, lapse.superseded)).collect();
        assert_eq!(superseded, [(cmid(1), true)]);
    }

    #[test]
    fn neither_a_nameless_machine_nor_a_row_of_the_same_moment_supersedes() {
        for (name, later) in [("", "2025-02-11T00:00:00Z"), ("pc-1", "2025-02-10T00:00:00Z")] {
            let mut log = Log::default();
            log.ask("2025-02-10T00:00:00Z", name, 1);
            log.ask(later, name, 2);
            assert_eq!(log.stale(parameters()).len(), 2, "{name}");
        }
    }

    #[test]
    fn only_those_that_fall_out_soon_are_shown_on_request() {
        let mut log = Log::default();
        log.ask("2024-10-31T00:00:00Z", "in-29-days", 1);
        log.ask("2024-11-01T00:00:00Z", "in-30-days", 2);
        log.ask("2024-11-02T00:00:00Z", "in-31-days", 3);
        log.ask("2024-09-03T00:00:00Z", "in-grace", 4);
        let answer = log.stale(Parameters { limit_days: Some(30), ..parameters() });
        assert_eq!(names(&answer), ["in-grace", "in-29-days", "in-30-days"]);
        let days: Vec<_> = answer.lapses().map(|lapse| (lapse.days_left, lapse.state)).collect();
        assert_eq!(days, [(-29, State::Grace), (29, State::Stale), (30, State::Stale)]);
    }

    #[test]
    fn a_pool_that_is_not_asked_for_still_tells_who_holds_a_label() {
        let mut log = Log::default();
        log.ask("2025-02-10T00:00:00Z", "pc-1", 1);
        let entry = log.ask("2025-03-30T00:00:00Z", "pc-1", 2);
        (entry.activation, entry.pool) = (OFFICE, Pool::Office15);
        assert!(log.stale(Parameters { pool: Some(Pool::Windows), ..parameters() }).is_empty());
    }

    #[test]
    fn findings_grow_worse_from_stale_to_grace_to_out() {
        let mut log = Log::default();
        log.ask("2024-08-01T00:00:00Z", "pc-1", 1);
        log.ask("2024-09-15T00:00:00Z", "pc-2", 2);
        log.ask("2025-03-01T00:00:00Z", "", 3);
        let answer = log.stale(parameters());
        let found: Vec<_> = answer
            .findings()
            .map(|found| (found.class, found.severity.word(), found.message))
            .collect();
        let expected = [
            ("stale.out", "error", "`pc-1` renewed last on 2024-08-01 and is out since 2025-02-27"),
            (
                "stale.grace",
                "warning",
                "`pc-2` renewed last on 2024-09-15 and fell out on 2025-03-14; its grace ends on 2025-04-13",
            ),
            (
                "stale.stale",
                "info",
                "`00000000-0000-4000-8000-000000000003` renewed last on 2025-03-01 and falls out on 2025-08-28",
            ),
        ];
        assert_eq!(
            found,
            expected.map(|(class, level, message)| (class, level, message.to_owned()))
        );
        let out = answer.findings().next().unwrap();
        assert_eq!(
            (out.due, out.detail.get("daysLeft")),
            (Some(at("2025-02-27T00:00:00Z")), Some((-62).into()))
        );
    }
}
