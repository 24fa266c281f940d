//! Grace periods: a client goes on for a while when no License Manager can be reached.

use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::rms::catalog::codes::{
    SNTL_GRACE_EXPIRED, SNTL_GRACE_HOURS_EXHAUSTED, SNTL_NO_SUCH_FEATURE,
};
use crate::rms::catalog::elements::{
    GRACE_PERIOD_CALENDAR_DAYS, GRACE_PERIOD_ELAPSED_HOURS, GRACE_PERIOD_FLAG,
};
use crate::rms::model::license::Elements;
use crate::rms::model::trial::Grace;
use crate::rms::rules::locks::check_local;

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// The grace license that a successful request leaves on a client's machine; `None`: the license allows none, or the client does
/// not meet its criteria.
///
/// A request on the network gives days and hours back in full.
#[must_use]
pub fn installed(
    elements: &Elements,
    feature: i64,
    host: &str,
    selectors: u32,
    now: Timestamp,
) -> Option<Grace> {
    let allowed = elements.number(&GRACE_PERIOD_FLAG) == 1 && !host.is_empty();
    (allowed && check_local(elements, selectors).is_ok()).then(|| Grace {
        feature,
        host: host.to_owned(),
        days: elements.number(&GRACE_PERIOD_CALENDAR_DAYS),
        hours: elements.number(&GRACE_PERIOD_ELAPSED_HOURS),
        installed: now.s(),
        first_use: None,
        used: 0,
    })
}

/// How a grace license stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// When its days are over; `None`: they do not count yet, or not at all.
    pub ends: Option<i64>,
    /// `None`: hours do not count.
    pub seconds_left: Option<i64>,
    pub over: bool,
}

/// How a grace license stands at a moment. Days that are 0 do not count, hours neither.
#[must_use]
pub fn standing(grace: &Grace, now: Timestamp) -> Standing {
    let length = (grace.days > 0).then(|| grace.days.saturating_mul(DAY));
    let ends = grace.first_use.zip(length).map(|(first, length)| first.saturating_add(length));
    let whole = (grace.hours > 0).then(|| grace.hours.saturating_mul(HOUR));
    let seconds_left = whole.map(|whole| whole.saturating_sub(grace.used).max(0));
    let over = ends.is_some_and(|ends| now.s() >= ends) || seconds_left == Some(0);
    Standing { ends, seconds_left, over }
}

/// Uses a feature without the network for some seconds.
///
/// - `grace`: the license on the client's machine, if it has one.
///
/// Refuses with `SNTL_NO_SUCH_FEATURE` a client that was never connected, with `SNTL_GRACE_EXPIRED` when the days are over, whatever
/// hours are left, with `SNTL_GRACE_HOURS_EXHAUSTED` when the hours are.
///
/// Source: Developer Guide, Working with Grace Licenses.
pub fn used(grace: Option<&Grace>, seconds: i64, now: Timestamp) -> Result<Grace, Refusal> {
    let Some(grace) = grace else {
        let message = "the client was never on the network, and has no grace license";
        return Err(Refusal::new(&SNTL_NO_SUCH_FEATURE, message));
    };
    let stands = standing(grace, now);
    if stands.ends.is_some_and(|ends| now.s() >= ends) {
        let message = format!("the grace period of {} days is over", grace.days);
        return Err(Refusal::new(&SNTL_GRACE_EXPIRED, message).hinted("connect to the network"));
    }
    if stands.seconds_left == Some(0) {
        let message = format!("the grace period of {} hours is used up", grace.hours);
        let refusal = Refusal::new(&SNTL_GRACE_HOURS_EXHAUSTED, message);
        return Err(refusal.hinted("connect to the network"));
    }
    let left = stands.seconds_left.unwrap_or(i64::MAX);
    Ok(Grace {
        first_use: grace.first_use.or(Some(now.s())),
        used: grace.used.saturating_add(seconds.clamp(0, left)),
        ..grace.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::{installed, standing, used};
    use crate::rms::model::trial::Grace;
    use crate::rms::rules::fixture::{at, license};

    fn grace() -> Grace {
        let elements = license(1)
            .is("gracePeriodFlag", 1)
            .is("gracePeriodCalendarDays", 5)
            .is("gracePeriodElapsedHours", 10)
            .elements;
        installed(&elements, 1, "ws17", 0, at("2026-05-30T00:00:00Z")).unwrap()
    }

    const HOUR: i64 = 3_600;

    #[test]
    fn days_end_a_grace_period_whatever_hours_are_left() {
        let day = used(Some(&grace()), 8 * HOUR, at("2026-06-01T09:00:00Z")).unwrap();
        let left = standing(&day, at("2026-06-02T09:00:00Z"));
        assert_eq!((left.seconds_left, left.over), (Some(2 * HOUR), false));
        assert!(used(Some(&day), HOUR, at("2026-06-06T08:59:59Z")).is_ok());
        let late = used(Some(&day), HOUR, at("2026-06-06T09:00:00Z")).unwrap_err();
        assert_eq!(late.code.symbol, "SNTL_GRACE_EXPIRED");
    }

    #[test]
    fn hours_end_a_grace_period_before_its_days_do() {
        let all = used(Some(&grace()), 10 * HOUR, at("2026-06-01T09:00:00Z")).unwrap();
        let more = used(Some(&all), HOUR, at("2026-06-02T09:00:00Z")).unwrap_err();
        assert_eq!(more.code.symbol, "SNTL_GRACE_HOURS_EXHAUSTED");
    }

    #[test]
    fn a_client_that_was_never_connected_has_no_grace() {
        let never = used(None, HOUR, at("2026-06-01T09:00:00Z")).unwrap_err();
        assert_eq!(never.code.symbol, "SNTL_NO_SUCH_FEATURE");
        let barred = license(1).elements;
        assert!(installed(&barred, 1, "ws17", 0, at("2026-06-01T09:00:00Z")).is_none());
    }

    #[test]
    fn a_client_that_does_not_meet_the_criteria_gets_no_grace_license() {
        let locked = license(1)
            .is("gracePeriodFlag", 1)
            .is("localRequestLockCritFlag", 1)
            .is("localRequestLockCritRequired", 4)
            .elements;
        let now = at("2026-06-01T09:00:00Z");
        assert!(installed(&locked, 1, "ws17", 0x8, now).is_none());
        assert!(installed(&locked, 1, "ws17", 0x4, now).is_some());
    }
}
