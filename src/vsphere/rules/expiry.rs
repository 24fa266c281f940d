//! Evaluation and expiry: by the wall clock. Nothing is stored by the passing of time.

use crate::clock::Timestamp;
use crate::vsphere::catalog::products::EVALUATION_DAYS;
use crate::vsphere::catalog::properties::{
    DIAGNOSTIC, EXPIRATION_DATE, EXPIRATION_HOURS, EXPIRATION_MINUTES, SYSTEM_TIME,
};
use crate::vsphere::model::entity::Evaluation;
use crate::vsphere::model::value::{AnyValue, EvaluationInfo, KeyAnyValue, find};

/// The major version: the digits before the first dot.
#[must_use]
pub fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.trim().parse().ok()
}

/// A version as licenses and entities tell it: `8.0` of `8.0.3`.
#[must_use]
pub fn major_minor(version: &str) -> String {
    let parts: Vec<&str> = version.split('.').take(2).collect();
    if parts.len() == 1 && !version.is_empty() { format!("{version}.0") } else { parts.join(".") }
}

/// How many days an evaluation lasts.
///
/// Source: [LICENSING] 60 days; [DUMPS] `ESXi` 9.0: 90.
#[must_use]
pub fn days(version: Option<&str>) -> i64 {
    let major = version.and_then(major).unwrap_or(0);
    EVALUATION_DAYS.iter().find(|(from, _, _)| major >= *from).map_or(60, |(_, days, _)| *days)
}

/// The evaluation that begins at `start`.
#[must_use]
pub fn evaluation(start: Timestamp, days: i64) -> Evaluation {
    Evaluation { start: Some(start), end: start.plus_days(days) }
}

/// What is left until an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Whole seconds, rounded; 0 when it has passed.
    pub seconds: i64,
    /// Whole hours.
    pub hours: i64,
    /// Within the current hour up to 8.x, in total since 9.0.
    pub minutes: i64,
}

/// What is left of a time that ends at `end`.
///
/// Source: [DUMPS] `ESXi` 6.0 shows 1439 hours and 5 minutes, `ESXi` 9.0 2042 hours and 122520 minutes.
#[must_use]
pub fn left(end: Timestamp, now: Timestamp, version: Option<&str>) -> Left {
    let ms = end.since(now).max(0);
    let seconds = (ms + 500) / 1000;
    let total = seconds / 60;
    let minutes = if version.and_then(major).unwrap_or(0) >= 9 { total } else { total % 60 };
    Left { seconds, hours: seconds / 3600, minutes }
}

/// Whether `end` has passed; the instant itself counts as passed.
#[must_use]
pub fn is_over(end: Timestamp, now: Timestamp) -> bool {
    now >= end
}

/// Whole days left, rounded down.
#[must_use]
pub fn days_left(end: Timestamp, now: Timestamp) -> i64 {
    end.since(now).div_euclid(86_400_000)
}

/// `expirationDate`, `expirationHours`, `expirationMinutes`, as a server computes them.
#[must_use]
pub fn properties(end: Timestamp, now: Timestamp, version: Option<&str>) -> Vec<KeyAnyValue> {
    let left = left(end, now, version);
    vec![
        KeyAnyValue::new(EXPIRATION_DATE, AnyValue::Instant(end.to_string())),
        KeyAnyValue::long(EXPIRATION_HOURS, left.hours),
        KeyAnyValue::long(EXPIRATION_MINUTES, left.minutes),
    ]
}

/// The end that properties state.
#[must_use]
pub fn stated(properties: &[KeyAnyValue]) -> Option<Timestamp> {
    find(properties, EXPIRATION_DATE).and_then(AnyValue::as_text).and_then(Timestamp::parse)
}

/// The end that follows from the hours that are left, when properties state none: counted from the clock of the answer, else from
/// `now`. Minutes above 59 are the whole time; fewer alone tell nothing.
#[must_use]
pub fn derived(properties: &[KeyAnyValue], now: Timestamp) -> Option<(Timestamp, KeyAnyValue)> {
    if stated(properties).is_some() {
        return None;
    }
    let number = |key: &str| find(properties, key).and_then(AnyValue::as_whole);
    let from = find(properties, SYSTEM_TIME).and_then(AnyValue::as_text).and_then(Timestamp::parse);
    let minutes = match (number(EXPIRATION_HOURS), number(EXPIRATION_MINUTES)) {
        (Some(hours), Some(minutes)) if (0..60).contains(&minutes) => hours * 60 + minutes,
        (Some(hours), _) => hours * 60,
        (None, Some(minutes)) if minutes > 59 => minutes,
        (None, _) => return None,
    };
    let end = from.unwrap_or(now).plus_minutes(minutes);
    Some((end, KeyAnyValue::new(EXPIRATION_DATE, AnyValue::Instant(end.to_string()))))
}

/// The evaluation as the API tells it; which properties a vCenter sets is not published.
#[must_use]
pub fn told(evaluation: &Evaluation, now: Timestamp, version: Option<&str>) -> EvaluationInfo {
    let mut told = properties(evaluation.end, now, version);
    told.push(KeyAnyValue::new(SYSTEM_TIME, AnyValue::Instant(now.to_string())));
    if is_over(evaluation.end, now) {
        let text = "Evaluation period has expired, please install license.";
        told.push(KeyAnyValue::text(DIAGNOSTIC, text));
    }
    EvaluationInfo { properties: told }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_hours_and_minutes_of_real_dumps_come_out() {
        let six =
            left(at("2015-09-17T08:32:29.125538Z"), at("2015-07-19T09:27:29.130636Z"), Some("6.0"));
        assert_eq!((six.seconds, six.hours, six.minutes), (5_180_700, 1439, 5));
        let nine = left(at("2026-03-07T18:40:52Z"), at("2025-12-12T16:40:29.093875Z"), Some("9.0"));
        assert_eq!((nine.seconds, nine.hours, nine.minutes), (7_351_223, 2042, 122_520));
    }

    #[test]
    fn an_evaluation_lasts_sixty_days_and_ninety_since_nine() {
        assert_eq!(days(Some("8.0.3")), 60);
        assert_eq!(days(Some("9.0")), 90);
        assert_eq!(days(Some("10.1")), 90);
        assert_eq!(days(None), 60);
    }

    #[test]
    fn evaluation_goes_on_by_the_wall_clock_while_another_key_is_assigned() {
        let start = at("2027-01-01T00:00:00Z");
        let evaluation = evaluation(start, 60);
        // 20 days of evaluation, 5 days of a key, and back.
        assert_eq!(days_left(evaluation.end, start.plus_days(25)), 35);
    }

    #[test]
    fn an_expiry_without_a_date_follows_from_hours_and_never_from_the_minutes_of_an_hour() {
        let now = at("2027-01-01T00:00:00Z");
        let end = |hours: Option<i64>, minutes: Option<i64>| {
            let hours = hours.map(|hours| KeyAnyValue::long(EXPIRATION_HOURS, hours));
            let minutes = minutes.map(|minutes| KeyAnyValue::long(EXPIRATION_MINUTES, minutes));
            let held: Vec<KeyAnyValue> = hours.into_iter().chain(minutes).collect();
            derived(&held, now).map(|(end, _)| end.minutes_since(now))
        };
        assert_eq!(end(Some(1439), Some(5)), Some(1439 * 60 + 5));
        assert_eq!(end(Some(2042), Some(122_520)), Some(2042 * 60));
        assert_eq!(end(None, Some(37)), None);
        assert_eq!(end(None, Some(122_520)), Some(122_520));
        assert_eq!(end(None, None), None);
    }

    #[test]
    fn the_last_instant_is_over() {
        let end = at("2027-01-30T00:00:00Z");
        assert!(!is_over(end, at("2027-01-29T23:59:59Z")));
        assert!(is_over(end, end));
        assert_eq!(left(end, end.plus_days(2), None).seconds, 0);
        let told = told(&evaluation(end.plus_days(-60), 60), end, Some("8.0"));
        assert!(told.properties.iter().any(|held| held.key == DIAGNOSTIC));
    }
}
