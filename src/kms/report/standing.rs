//! Where one pool stands: its clients day by day, and the verdict on each required count.

use super::outlook::{Figures, Note, Origin, Outlook};
use super::projection::{Arrivals, Crowd, judge};
use super::threshold::{Parameters, Totals};
use super::{Pool, covered_ms, replay};
use crate::clock::{Span, Timestamp};
use std::collections::BTreeSet;

/// The farthest horizon, in days: 100 years. A later one is cut to it.
pub const FARTHEST: u32 = 36_525;

/// A pool with all that its verdicts need, each day from now to the horizon computed once.
pub struct Standing {
    pool: Pool,
    largest: u32,
    required: BTreeSet<u32>,
    crowd: Crowd,
    virtual_machines: u64,
    arrivals: Arrivals,
    arrivals_unknown: bool,
    lower_bound: bool,
    phantoms: u64,
    wasted: u64,
    /// Clients without a limit, day by day, and the phantoms among them.
    days: Vec<(u64, u64)>,
}

impl Standing {
    /// Computes the days of a pool once for all its required counts.
    ///
    /// - `wasted`: names of the pool that share a CMID with another machine.
    #[must_use]
    pub fn new(parameters: &Parameters, pool: Pool, totals: Totals, wasted: u64) -> Self {
        let covered = covered_ms(&parameters.coverage);
        let arrivals_unknown = covered < parameters.lookback.ms().saturating_mul(2);
        let clients = if arrivals_unknown { 0 } else { totals.arrived };
        let arrivals = Arrivals { clients, lookback: parameters.lookback };
        let horizon = u32::try_from(parameters.horizon.ms() / Span::days(1).ms())
            .unwrap_or(FARTHEST)
            .min(FARTHEST);
        let phantoms = totals.phantoms.crowd();
        let counted = totals
            .crowd
            .stays(horizon)
            .zip(0..)
            .map(|(count, day)| count.saturating_add(arrivals.within(day)));
        Self {
            pool,
            days: counted.zip(phantoms.stays(horizon)).collect(),
            phantoms: phantoms.total(),
            lower_bound: covered < parameters.window.ms(),
            arrivals_unknown,
            arrivals,
            wasted,
            largest: totals.largest,
            required: totals.required,
            crowd: totals.crowd,
            virtual_machines: totals.virtual_machines,
        }
    }

    /// Judges the required count that is asked for, else every one seen.
    #[must_use]
    pub fn outlooks(&self, parameters: &Parameters) -> Vec<Outlook> {
        let every = self.required.iter().copied();
        parameters
            .required
            .map_or_else(|| every.collect(), |one| vec![one])
            .into_iter()
            .map(|required| self.outlook(parameters.now, required))
            .collect()
    }

    fn outlook(&self, now: Timestamp, required: u32) -> Outlook {
        let limit = replay::limit(self.largest.max(required));
        let course = |shift: &dyn Fn(u64, u64) -> u64| {
            let counts =
                self.days.iter().map(|(count, phantoms)| shift(*count, *phantoms).min(limit));
            judge(counts, u64::from(required))
        };
        let (verdict, day) = course(&|count, _| count);
        let active = self.crowd.total();
        let without_phantoms = active.saturating_sub(self.phantoms).min(limit);
        let if_duplicates_fixed = active.min(limit).saturating_add(self.wasted).min(limit);
        let (real, _) = course(&|count, phantoms| count.saturating_sub(phantoms));
        let (fixed, _) = course(&|count, _| count.saturating_add(self.wasted));
        let mut notes = Vec::new();
        if real != verdict {
            notes.push(Note::WithoutPhantoms { count: without_phantoms, verdict: real });
        }
        if fixed != verdict {
            notes.push(Note::DuplicatesFixed { count: if_duplicates_fixed, verdict: fixed });
        }
        Outlook {
            pool: self.pool,
            required,
            source: Origin::Rows,
            count: Some(active.min(limit)),
            verdict,
            date: day.map(|day| now.plus_days(i64::from(day))),
            notes,
            figures: Some(Figures {
                limit,
                active,
                virtual_machines: self.virtual_machines,
                silent: self.crowd.silent(),
                kept: self.crowd.kept(),
                arrivals_per_day: self.arrivals.per_day(),
                arrivals_unknown: self.arrivals_unknown,
                phantoms: self.phantoms,
                wasted: self.wasted,
                without_phantoms,
                if_duplicates_fixed,
                lower_bound: self.lower_bound,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::minilog::{Log, NOW, at, covered, only, seen_for_60_days};
    use super::super::outlook::Note;
    use super::super::projection::Verdict;
    use super::super::threshold::Parameters;
    use crate::clock::Span;

    #[test]
    fn clients_of_both_kinds_share_the_count_of_their_pool() {
        let mut log = Log::site(24, 0);
        log.ask("2025-03-30T00:00:00Z", "server", 25).required = 5;
        let outlooks = log.threshold(seen_for_60_days()).outlooks;
        let verdicts: Vec<_> =
            outlooks.iter().map(|one| (one.required, one.count, one.verdict)).collect();
        assert_eq!(verdicts, [(5, Some(25), Verdict::Reached), (25, Some(25), Verdict::Reached)]);
    }

    #[test]
    fn the_limit_is_twice_the_larger_of_the_asked_and_the_seen_requirement() {
        for (required, count, limit) in [(100, 60, 200), (25, 50, 50), (5, 50, 50)] {
            let parameters = Parameters { required: Some(required), ..seen_for_60_days() };
            let outlook = only(Log::site(60, 0).threshold(parameters));
            assert_eq!(outlook.count, Some(count), "{required}");
            assert_eq!(outlook.figures.unwrap().limit, limit, "{required}");
        }
    }

    #[test]
    fn clients_cannot_be_told_new_before_twice_the_lookback_is_covered() {
        for (first, unknown, verdict) in [
            ("2025-03-03T00:00:00Z", false, Verdict::WillReach),
            ("2025-03-03T00:00:01Z", true, Verdict::WillNotReach),
        ] {
            let parameters =
                Parameters { coverage: covered(first, NOW), ..Parameters::new(at(NOW)) };
            let outlook = only(Log::site(0, 20).threshold(parameters));
            assert_eq!(outlook.verdict, verdict);
            let figures = outlook.figures.unwrap();
            assert_eq!((figures.arrivals_unknown, figures.lower_bound), (unknown, true));
        }
    }

    #[test]
    fn phantoms_are_noted_when_they_decide() {
        let mut log = Log::site(23, 0);
        for n in 24..=26 {
            log.ask("2025-03-30T00:00:00Z", "vdi-1", n);
        }
        let coverage = covered("2025-03-20T00:00:00Z", NOW);
        let outlook = only(log.threshold(Parameters { coverage, ..Parameters::new(at(NOW)) }));
        let note = Note::WithoutPhantoms { count: 24, verdict: Verdict::WillNotReach };
        assert_eq!((outlook.verdict, outlook.notes), (Verdict::Reached, vec![note]));
    }

    #[test]
    fn phantoms_that_leave_by_themselves_are_not_taken_off_twice() {
        // 25 machines stay; a phantom is silent and gone within days. Without it they are 25 still.
        let mut log = Log::site(25, 0);
        log.ask("2025-03-05T00:00:00Z", "pc-1", 26);
        let outlook = only(log.threshold(seen_for_60_days()));
        assert_eq!(outlook.figures.as_ref().unwrap().without_phantoms, 25);
        assert_eq!((outlook.verdict, outlook.notes), (Verdict::Reached, vec![]));
    }

    #[test]
    fn clones_are_noted_when_they_decide() {
        let mut log = Log::site(24, 0);
        for (hour, name) in [(1, "clone-a"), (2, "clone-b"), (3, "clone-a")] {
            log.ask(&format!("2025-03-30T0{hour}:00:00Z"), name, 1);
        }
        let outlook = only(log.threshold(seen_for_60_days()));
        let figures = outlook.figures.unwrap();
        // pc-1, clone-a and clone-b speak with the CMID of pc-1.
        assert_eq!((figures.wasted, figures.if_duplicates_fixed), (2, 26));
        let note = Note::DuplicatesFixed { count: 26, verdict: Verdict::Reached };
        assert_eq!((outlook.verdict, outlook.notes), (Verdict::WillNotReach, vec![note]));
    }

    #[test]
    fn a_horizon_beyond_reason_is_cut() {
        let horizon = Span::days(1_000_000_000);
        let outlook =
            only(Log::site(26, 0).threshold(Parameters { horizon, ..seen_for_60_days() }));
        assert_eq!(outlook.verdict, Verdict::Reached);
    }
}
