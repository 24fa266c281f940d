//! Will my KMS host reach its threshold? One answer for every pool and required count.
//!
//! Clients are counted here; verdicts are left to `standing`, the days to come to `projection`, phantoms to `churn`, wasted
//! names to `duplicates`.

use super::churn::Phantoms;
use super::outlook::Outlook;
use super::projection::{Crowd, Stay};
use super::standing::Standing;
use super::{Coverage, Period, Pool, Unit, WINDOW};
use crate::clock::{Span, Timestamp};
use crate::finding::Finding;
use crate::kms::catalog::skus::{SKUS, Sku};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The required counts that a snapshot is compared with when none is asked for: those that the known products of the pool have.
fn usual(pool: Pool) -> BTreeSet<u32> {
    let of = |sku: &&Sku| pool == Pool::Unknown || sku.pool == pool;
    SKUS.iter().filter(of).map(|sku| sku.required).collect()
}

/// What `threshold` is asked, and what is known beside the rows.
#[derive(Debug, Clone)]
pub struct Parameters {
    pub now: Timestamp,
    pub window: Span,
    /// Only this pool.
    pub pool: Option<Pool>,
    /// Only this `RequiredClientCount`; else every one seen in the pool.
    pub required: Option<u32>,
    pub lookback: Span,
    /// Renewals that a client may miss before it is silent.
    pub missed: u32,
    pub horizon: Span,
    /// `VLRenewalInterval` in minutes, of the newest host snapshot, else of the model host, else 10080.
    pub renewal: u32,
    /// The hosts whose rows are streamed.
    pub coverage: Vec<Coverage>,
    /// `KeyManagementServiceCurrentCount` of each pool in the newest host snapshot; 4294967295 stands for none.
    pub counts: BTreeMap<Pool, u32>,
    /// Required counts of single rows, where a unit tells only its largest. Those of a pool without units are ignored.
    pub seen: Vec<(Pool, u32)>,
    /// When the clients were heard of that a modelled host counts though no request tells of them: those behind a count of an
    /// artefact.
    pub unnamed: Vec<(Pool, Timestamp)>,
}

impl Parameters {
    /// Every pool and required count, 14 days back, 90 days ahead, two missed renewals of seven days; nothing known beside.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            window: WINDOW,
            pool: None,
            required: None,
            lookback: Span::days(14),
            missed: 2,
            horizon: Span::days(90),
            renewal: 10_080,
            coverage: Vec::new(),
            counts: BTreeMap::new(),
            seen: Vec::new(),
            unnamed: Vec::new(),
        }
    }
}

/// The answer of `threshold`.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// In the order of pool and required count; never empty.
    pub outlooks: Vec<Outlook>,
    /// Activation IDs of pool `unknown`, for a warning each.
    pub unknown: BTreeSet<Uuid>,
}

/// The accumulator: 16 bytes for each active CMID and label, else counts by day.
#[derive(Debug)]
pub struct Threshold {
    parameters: Parameters,
    period: Period,
    /// A client whose last valid row is older is silent.
    silent_before: Timestamp,
    arrived_since: Timestamp,
    cmid: Uuid,
    presences: Vec<Presence>,
    labels: Vec<(Pool, u64)>,
    pools: BTreeMap<Pool, Totals>,
    unknown: BTreeSet<Uuid>,
}

/// The current CMID in one pool.
#[derive(Debug)]
struct Presence {
    pool: Pool,
    first: Timestamp,
    /// Time and VM flag of the newest valid row.
    newest: (Timestamp, bool),
}

/// What the units of one pool add up to.
#[derive(Debug, Default)]
pub struct Totals {
    /// Largest `RequiredClientCount` of any row.
    pub largest: u32,
    /// Every `RequiredClientCount` seen.
    pub required: BTreeSet<u32>,
    /// The active clients.
    pub crowd: Crowd,
    pub virtual_machines: u64,
    /// Clients whose first valid row ever lies in the lookback.
    pub arrived: u64,
    pub phantoms: Phantoms,
}

impl Threshold {
    #[must_use]
    pub fn new(parameters: Parameters) -> Self {
        let now = parameters.now;
        let patience = i64::from(parameters.missed).saturating_mul(i64::from(parameters.renewal));
        Self {
            period: Period::ending(now, parameters.window),
            silent_before: now.plus_minutes(patience.saturating_neg()),
            arrived_since: Period::ending(now, parameters.lookback).start,
            cmid: Uuid::nil(),
            presences: Vec::new(),
            labels: Vec::new(),
            pools: BTreeMap::new(),
            unknown: BTreeSet::new(),
            parameters,
        }
    }

    /// Takes the next unit; those of one CMID come behind each other.
    pub fn take(&mut self, unit: &Unit) {
        if unit.cmid != self.cmid {
            self.settle();
            self.cmid = unit.cmid;
        }
        if self.parameters.pool.is_some_and(|pool| pool != unit.pool) {
            return;
        }
        let totals = self.pools.entry(unit.pool).or_default();
        totals.largest = totals.largest.max(unit.required);
        totals.required.insert(unit.required);
        if unit.pool == Pool::Unknown {
            self.unknown.insert(unit.activation);
        }
        let Some(valid) = &unit.valid else { return };
        let newest = (valid.last, valid.virtual_machine);
        if let Some(known) = self.presences.iter_mut().find(|presence| presence.pool == unit.pool) {
            known.first = known.first.min(valid.first);
            known.newest = known.newest.max(newest);
        } else {
            self.presences.push(Presence { pool: unit.pool, first: valid.first, newest });
        }
        if self.period.holds(valid.last) {
            self.labels.extend(unit.label.map(|label| (unit.pool, label)));
        }
    }

    /// Counts the current CMID in each of its pools.
    fn settle(&mut self) {
        self.labels.sort_unstable();
        self.labels.dedup();
        for presence in &self.presences {
            let totals = self.pools.entry(presence.pool).or_default();
            totals.arrived += u64::from(presence.first >= self.arrived_since);
            let (last, virtual_machine) = presence.newest;
            if !self.period.holds(last) {
                continue;
            }
            let stay = stay(last, self.silent_before, self.period);
            totals.crowd.add(stay);
            totals.virtual_machines += u64::from(virtual_machine);
            for (_, label) in self.labels.iter().filter(|(pool, _)| *pool == presence.pool) {
                totals.phantoms.add(*label, stay);
            }
        }
        self.presences.clear();
        self.labels.clear();
    }

    /// Judges every pool.
    ///
    /// - `wasted`: names of each pool that share a CMID with another machine, as `duplicates` counts them.
    #[must_use]
    pub fn finish(mut self, wasted: &BTreeMap<Pool, u64>) -> Answer {
        self.settle();
        let Self { parameters, mut pools, unknown, period, silent_before, .. } = self;
        for (pool, last) in parameters.unnamed.iter().filter(|(_, last)| period.holds(*last)) {
            let stay = stay(*last, silent_before, period);
            if let Some(totals) = pools.get_mut(pool) {
                totals.crowd.add(stay);
            }
        }
        for (pool, required) in &parameters.seen {
            pools.get_mut(pool).map(|totals| totals.required.insert(*required));
        }
        let mut outlooks = without_rows(&parameters, &pools);
        for (pool, totals) in pools {
            let wasted = wasted.get(&pool).copied().unwrap_or_default();
            outlooks.extend(Standing::new(&parameters, pool, totals, wasted).outlooks(&parameters));
        }
        outlooks.sort_by_key(|outlook| (outlook.pool, outlook.required));
        Answer { outlooks, unknown }
    }
}

/// How long a client stays in the count that was heard of last at `last`, within the period.
fn stay(last: Timestamp, silent_before: Timestamp, period: Period) -> Stay {
    if last < silent_before {
        // Exactly as old as the window still counts, so the day that is not full is cut.
        Stay::Until(u32::try_from(last.days_since(period.start)).unwrap_or(u32::MAX))
    } else {
        Stay::Kept
    }
}

/// Judges the pools of which only a snapshot is known; when there is neither row nor snapshot, says so.
fn without_rows(parameters: &Parameters, pools: &BTreeMap<Pool, Totals>) -> Vec<Outlook> {
    let asked = |pool: Pool| parameters.pool.is_none_or(|only| only == pool);
    let counts =
        parameters.counts.iter().filter(|(pool, count)| asked(**pool) && **count != u32::MAX);
    let mut known: Vec<(Pool, Option<u32>)> = counts
        .filter(|(pool, _)| !pools.contains_key(pool))
        .map(|(pool, count)| (*pool, Some(*count)))
        .collect();
    if known.is_empty() && pools.is_empty() {
        known.push((parameters.pool.unwrap_or(Pool::Windows), None));
    }
    let mut outlooks = Vec::new();
    for (pool, count) in known {
        match parameters.required {
            Some(required) => outlooks.push(Outlook::without_rows(pool, count, required)),
            None => outlooks.extend(
                usual(pool)
                    .into_iter()
                    .map(|required| Outlook::without_rows(pool, count, required)),
            ),
        }
    }
    outlooks
}

impl Answer {
    /// The findings of the verdicts that need someone's attention.
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        self.outlooks.iter().filter_map(Outlook::finding)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Pool;
    use super::super::minilog::{Log, STRANGER, at, only, seen_for_60_days};
    use super::super::projection::Verdict;
    use super::Parameters;
    use std::collections::BTreeSet;

    /// Example T1 of the specification: 18 kept, `new` of them new, four silent.
    fn example(new: u64) -> Log {
        let mut log = Log::site(18 - new, new);
        for (n, day) in (19..).zip(3..=6) {
            log.ask("2025-02-01T00:00:00Z", &format!("pc-{n}"), n);
            log.ask(&format!("2025-03-0{day}T00:00:00Z"), &format!("pc-{n}"), n);
        }
        log
    }

    #[test]
    fn half_a_client_a_day_outgrows_four_silent_ones() {
        let outlook = only(example(7).threshold(seen_for_60_days()));
        let figures = outlook.figures.unwrap();
        assert_eq!(outlook.verdict, Verdict::WillReach);
        assert_eq!(outlook.date, Some(at("2025-04-14T00:00:00Z")));
        assert_eq!((figures.active, figures.kept, figures.silent, figures.limit), (22, 18, 4, 50));
        assert!((figures.arrivals_per_day - 0.5).abs() < f64::EPSILON);
        assert!(!figures.arrivals_unknown && !figures.lower_bound);
    }

    #[test]
    fn without_arrivals_the_same_site_does_not_reach_its_threshold() {
        let outlook = only(example(0).threshold(seen_for_60_days()));
        assert_eq!((outlook.verdict, outlook.date), (Verdict::WillNotReach, None));
    }

    #[test]
    fn a_site_with_one_client_to_spare_stays() {
        let outlook = only(Log::site(26, 0).threshold(seen_for_60_days()));
        assert_eq!((outlook.verdict, outlook.date), (Verdict::Reached, None));
    }

    #[test]
    fn the_last_client_needed_drags_the_count_down_the_day_after_its_thirtieth() {
        let mut log = Log::site(24, 0);
        log.ask("2025-03-11T00:00:00Z", "pc-25", 25);
        let outlook = only(log.threshold(seen_for_60_days()));
        assert_eq!(outlook.verdict, Verdict::WillFall);
        assert_eq!(outlook.date, Some(at("2025-04-11T00:00:00Z")));
    }

    #[test]
    fn a_client_last_seen_exactly_30_days_ago_counts_and_a_second_earlier_it_does_not() {
        let mut log = Log::default();
        log.ask("2025-03-01T00:00:00Z", "pc-1", 1);
        log.ask("2025-02-28T23:59:59Z", "pc-2", 2);
        assert_eq!(only(log.threshold(seen_for_60_days())).count, Some(1));
    }

    #[test]
    fn a_client_is_silent_once_it_is_later_than_two_renewals() {
        let mut log = Log::default();
        log.ask("2025-03-17T00:00:00Z", "on-time", 1);
        log.ask("2025-03-16T23:59:59Z", "late", 2);
        let figures = only(log.threshold(seen_for_60_days())).figures.unwrap();
        assert_eq!((figures.kept, figures.silent), (1, 1));
        let patient = Parameters { missed: 3, ..seen_for_60_days() };
        assert_eq!(only(log.threshold(patient)).figures.unwrap().silent, 0);
    }

    #[test]
    fn a_required_count_that_only_a_row_tells_is_judged_too() {
        let seen = vec![(Pool::Windows, 5), (Pool::Office14, 5)];
        let answer = Log::site(26, 0).threshold(Parameters { seen, ..seen_for_60_days() });
        let required: Vec<_> = answer.outlooks.iter().map(|one| (one.pool, one.required)).collect();
        assert_eq!(required, [(Pool::Windows, 5), (Pool::Windows, 25)]);
    }

    #[test]
    fn a_client_without_a_name_counts_and_an_unknown_product_has_its_own_pool() {
        let mut log = Log::default();
        log.ask("2025-03-30T00:00:00Z", "", 1);
        let entry = log.ask("2025-03-30T00:00:00Z", "pc-2", 2);
        (entry.activation, entry.pool) = (STRANGER, Pool::Unknown);
        let answer = log.threshold(seen_for_60_days());
        let counts: Vec<_> = answer.outlooks.iter().map(|one| (one.pool, one.count)).collect();
        assert_eq!(counts, [(Pool::Windows, Some(1)), (Pool::Unknown, Some(1))]);
        assert_eq!(answer.unknown, BTreeSet::from([STRANGER]));
    }

    #[test]
    fn the_nameless_clients_of_a_modelled_host_are_counted_beside_those_that_ask() {
        let unnamed = |pool, last| vec![(pool, at(last)); 30];
        let told = |unnamed| {
            let outlook =
                only(Log::site(1, 0).threshold(Parameters { unnamed, ..seen_for_60_days() }));
            (outlook.count, outlook.verdict)
        };
        let fresh = told(unnamed(Pool::Windows, "2025-03-30T00:00:00Z"));
        assert_eq!(fresh, (Some(31), Verdict::Reached));
        let silent = told(unnamed(Pool::Windows, "2025-03-11T00:00:00Z"));
        assert_eq!(silent, (Some(31), Verdict::WillFall));
        for gone in [
            unnamed(Pool::Windows, "2025-02-28T00:00:00Z"),
            unnamed(Pool::Office15, "2025-03-30T00:00:00Z"),
        ] {
            assert_eq!(told(gone), (Some(1), Verdict::WillNotReach));
        }
    }

    #[test]
    fn a_pool_that_is_not_asked_for_is_left_out() {
        let parameters = Parameters { pool: Some(Pool::Office15), ..seen_for_60_days() };
        let outlook = only(Log::l1().threshold(parameters));
        assert_eq!((outlook.pool, outlook.count), (Pool::Office15, Some(1)));
    }
}
