//! The clock of trial licenses: days from the first request on, seconds of use over all sessions.

use super::validity::is_trial;
use crate::clock::Timestamp;
use crate::rms::catalog::elements::{
    TRIAL_CURRENT_STATUS, TRIAL_DAYS, TRIAL_DAYS_LEFT, TRIAL_SECONDS, TRIAL_SECONDS_LEFT,
};
use crate::rms::model::license::{Elements, Value};
use crate::rms::model::trial::TrialClock;

const DAY: i64 = 86_400;

/// Values of `trialCurrentStatus`.
const ACTIVE: i64 = 1;
const EXHAUSTED: i64 = 2;

/// What is set for a trial, and what is left of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    pub days: i64,
    pub seconds: i64,
    pub days_left: i64,
    pub seconds_left: i64,
}

impl Left {
    /// What the elements of a trial say; before its first request all of it is left.
    #[must_use]
    pub fn of(elements: &Elements) -> Self {
        let (days, seconds) = (elements.number(&TRIAL_DAYS), elements.number(&TRIAL_SECONDS));
        let unused = elements.number(&TRIAL_CURRENT_STATUS) == 0;
        let left = |element, whole: i64| {
            if unused && !elements.has(element) { whole } else { elements.number(element) }
        };
        Self {
            days,
            seconds,
            days_left: left(&TRIAL_DAYS_LEFT, days),
            seconds_left: left(&TRIAL_SECONDS_LEFT, seconds),
        }
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            days: self.days + other.days,
            seconds: self.seconds + other.seconds,
            days_left: self.days_left + other.days_left,
            seconds_left: self.seconds_left + other.seconds_left,
        }
    }
}

/// The calendar day of a moment where the License Manager is.
fn day(seconds: i64, offset: i32) -> i64 {
    (seconds + i64::from(offset) * 60).div_euclid(DAY)
}

/// Days that are left of a trial: the day of the first request is the first; a clock that was set back gives none back.
#[must_use]
pub fn days_left(days: i64, clock: &TrialClock, now: Timestamp, offset: i32) -> i64 {
    let gone = day(now.s(), offset) - day(clock.started, offset);
    (days - gone.max(0)).max(0).min(clock.least_days)
}

/// Seconds that were used up to a moment.
fn used(clock: &TrialClock, now: Timestamp) -> i64 {
    let since = (now.s() - clock.counted).max(0);
    clock.used.saturating_add(since.saturating_mul(i64::from(clock.open)))
}

/// The clock at a moment, what was used counted up to it.
///
/// - `days`: those that the trial is set to; 0 when its days are not counted, or not known.
#[must_use]
pub fn counted(clock: TrialClock, days: i64, now: Timestamp, offset: i32) -> TrialClock {
    let least = if days > 0 { days_left(days, &clock, now, offset) } else { clock.least_days };
    TrialClock {
        used: used(&clock, now),
        counted: clock.counted.max(now.s()),
        least_days: least,
        ..clock
    }
}

/// The clock of a trial that is requested for the first time here; what its elements say is gone of it is gone.
#[must_use]
pub fn begun(elements: &Elements, now: Timestamp) -> TrialClock {
    let runs = elements.number(&TRIAL_CURRENT_STATUS) != 0;
    let gone = |element, whole: i64| {
        if runs && elements.has(element) { (whole - elements.number(element)).max(0) } else { 0 }
    };
    let days = gone(&TRIAL_DAYS_LEFT, elements.number(&TRIAL_DAYS));
    let used = gone(&TRIAL_SECONDS_LEFT, elements.number(&TRIAL_SECONDS));
    let started = now.s() - days.saturating_mul(DAY);
    TrialClock { started, used, counted: now.s(), open: 0, least_days: i64::MAX }
}

/// Puts what time and use did to a trial into its elements. Without a clock they stay as they were given.
pub fn put(elements: &mut Elements, clock: &TrialClock, now: Timestamp, offset: i32) {
    if !is_trial(elements) {
        return;
    }
    let (days, seconds) = (elements.number(&TRIAL_DAYS), elements.number(&TRIAL_SECONDS));
    let mut over = false;
    if days > 0 {
        let left = days_left(days, clock, now, offset);
        elements.set(&TRIAL_DAYS_LEFT, Value::Number(left));
        over |= left == 0;
    }
    if seconds > 0 {
        let left = (seconds - used(clock, now)).max(0);
        elements.set(&TRIAL_SECONDS_LEFT, Value::Number(left));
        over |= left == 0;
    }
    let status = if over { EXHAUSTED } else { ACTIVE };
    elements.set(&TRIAL_CURRENT_STATUS, Value::Number(status));
}

/// The last second of a trial's last day, in seconds since 1970; `None` unless it is running and its days are counted.
#[must_use]
pub fn last_second(elements: &Elements, now: Timestamp, offset: i32) -> Option<i64> {
    let counted = is_trial(elements)
        && elements.number(&TRIAL_DAYS) > 0
        && elements.number(&TRIAL_CURRENT_STATUS) == ACTIVE;
    let left = elements.number(&TRIAL_DAYS_LEFT);
    if !counted || left <= 0 {
        return None;
    }
    let over = day(now.s(), offset).checked_add(left)?.checked_mul(DAY)?;
    Some(over - i64::from(offset) * 60 - 1)
}

/// Seconds of use that are left of a trial; `None` when its use is not counted.
#[must_use]
pub fn seconds_left(elements: &Elements) -> Option<i64> {
    (elements.number(&TRIAL_SECONDS) > 0).then(|| elements.number(&TRIAL_SECONDS_LEFT))
}

/// Uses a trial up.
pub fn exhaust(elements: &mut Elements) {
    elements.set(&TRIAL_CURRENT_STATUS, Value::Number(EXHAUSTED));
}

#[cfg(test)]
mod tests {
    use super::{begun, counted, put};
    use crate::rms::catalog::elements::{
        TRIAL_CURRENT_STATUS, TRIAL_DAYS_LEFT, TRIAL_SECONDS_LEFT,
    };
    use crate::rms::model::license::License;
    use crate::rms::model::trial::TrialClock;
    use crate::rms::rules::fixture::{at, license};

    fn shown(license: &License, clock: &TrialClock, now: &str) -> (i64, i64, i64) {
        let mut elements = license.elements.clone();
        put(&mut elements, clock, at(now), 0);
        (
            elements.number(&TRIAL_CURRENT_STATUS),
            elements.number(&TRIAL_DAYS_LEFT),
            elements.number(&TRIAL_SECONDS_LEFT),
        )
    }

    #[test]
    fn thirty_days_are_the_day_of_the_first_request_and_the_next_twenty_nine() {
        let trial = license(1).is("licType", 1).is("trialDays", 30);
        let clock = begun(&trial.elements, at("2026-03-10T09:00:00Z"));
        assert_eq!(shown(&trial, &clock, "2026-03-10T09:00:00Z"), (1, 30, 0));
        assert_eq!(shown(&trial, &clock, "2026-03-11T00:00:00Z"), (1, 29, 0));
        assert_eq!(shown(&trial, &clock, "2026-04-08T23:59:59Z"), (1, 1, 0));
        assert_eq!(shown(&trial, &clock, "2026-04-09T00:00:00Z"), (2, 0, 0));
    }

    #[test]
    fn a_trial_that_ran_before_goes_on_where_it_stood() {
        let trial = license(1).is("licType", 1).is("trialDays", 30).is("trialSeconds", 7_200);
        let left = trial.is("trialDaysLeft", 6).is("trialSecondsLeft", 900);
        let running = left.clone().is("trialCurrentStatus", 1);
        let clock = begun(&running.elements, at("2026-03-10T09:00:00Z"));
        assert_eq!(shown(&running, &clock, "2026-03-10T09:00:00Z"), (1, 6, 900));
        assert_eq!(shown(&running, &clock, "2026-03-15T23:59:59Z"), (1, 1, 900));
        assert_eq!(shown(&running, &clock, "2026-03-16T00:00:00Z"), (2, 0, 900));
        let clock = begun(&left.elements, at("2026-03-10T09:00:00Z"));
        assert_eq!(shown(&left, &clock, "2026-03-10T09:00:00Z"), (1, 30, 7_200));
    }

    #[test]
    fn seconds_of_use_sum_over_all_sessions() {
        let trial = license(1).is("licType", 1).is("trialSeconds", 7_200);
        let mut clock = begun(&trial.elements, at("2026-03-10T08:00:00Z"));
        for (moment, change) in [
            ("2026-03-10T08:00:00Z", 1),
            ("2026-03-10T08:30:00Z", 1),
            ("2026-03-10T09:00:00Z", -1),
            ("2026-03-10T09:15:00Z", -1),
        ] {
            clock = counted(clock, 0, at(moment), 0);
            clock.open = clock.open.checked_add_signed(change).unwrap();
        }
        assert_eq!(clock.used, 6_300);
        assert_eq!(shown(&trial, &clock, "2026-03-12T00:00:00Z"), (1, 0, 900));
    }

    #[test]
    fn a_clock_that_is_set_back_gives_no_days_back() {
        let trial = license(1).is("licType", 1).is("trialDays", 30);
        let clock = begun(&trial.elements, at("2026-03-10T09:00:00Z"));
        let clock = counted(clock, 30, at("2026-03-20T09:00:00Z"), 0);
        assert_eq!(shown(&trial, &clock, "2026-03-17T09:00:00Z"), (1, 20, 0));
        assert_eq!(shown(&trial, &clock, "2026-03-07T09:00:00Z"), (1, 20, 0));
    }

    #[test]
    fn days_change_at_midnight_of_the_license_manager() {
        let trial = license(1).is("licType", 1).is("trialDays", 30);
        let clock = begun(&trial.elements, at("2026-03-10T23:30:00Z"));
        let mut elements = trial.elements.clone();
        // Half past midnight there: the eleventh is the first day.
        put(&mut elements, &clock, at("2026-03-11T22:59:59Z"), 60);
        assert_eq!(elements.number(&TRIAL_DAYS_LEFT), 30);
        put(&mut elements, &clock, at("2026-03-11T23:00:00Z"), 60);
        assert_eq!(elements.number(&TRIAL_DAYS_LEFT), 29);
    }
}
