//! Whether a license counts at a moment.

use crate::clock::Timestamp;
use crate::rms::catalog::elements::{
    ACTIVATION_EXPIRY_TIME, BIRTH_TIME, DEATH_TIME, DEFERRED_REVOCATION_TIME, LIC_TYPE,
    LICENSE_PRECEDENCE, TRIAL_CURRENT_STATUS, TRIAL_DAYS,
};
use crate::rms::model::license::Elements;

/// How a license stands in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Current,
    /// It begins later.
    Future,
    Expired,
    /// Its deferred revocation took place.
    Revoked,
}

impl Standing {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Future => "future",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

/// How a license stands: its end is inclusive to the second, its revocation begins with the second that it names.
#[must_use]
pub fn standing(elements: &Elements, now: Timestamp) -> Standing {
    let revocation = elements.number(&DEFERRED_REVOCATION_TIME);
    if revocation > 0 && now.s() >= revocation {
        Standing::Revoked
    } else if end(elements).is_some_and(|end| now.s() > end) {
        Standing::Expired
    } else if elements.number(&BIRTH_TIME) > now.s() {
        Standing::Future
    } else {
        Standing::Current
    }
}

/// Whether seconds stand for "never".
#[must_use]
pub fn is_never(seconds: i64) -> bool {
    matches!(seconds, 0 | -1) || seconds == i64::from(u32::MAX)
}

/// When the license, or its lease, ends, in seconds since 1970; `None` when it does not.
#[must_use]
pub fn end(elements: &Elements) -> Option<i64> {
    Some(elements.number(&DEATH_TIME)).filter(|seconds| !is_never(*seconds))
}

/// The second before which nothing of the license ends: neither itself, nor its lease, nor by revocation; `None`: nothing ever does.
///
/// When the days of a trial are over depends on its first request: it may end at any time.
#[must_use]
pub fn first_end(elements: &Elements) -> Option<i64> {
    if is_trial(elements) && elements.number(&TRIAL_DAYS) > 0 {
        return Some(0);
    }
    [&DEATH_TIME, &ACTIVATION_EXPIRY_TIME, &DEFERRED_REVOCATION_TIME]
        .into_iter()
        .map(|element| elements.number(element))
        .filter(|seconds| !is_never(*seconds))
        .min()
}

/// When the license begins, in seconds since 1970; `None` when it always did.
#[must_use]
pub fn start(elements: &Elements) -> Option<i64> {
    Some(elements.number(&BIRTH_TIME)).filter(|seconds| !is_never(*seconds))
}

/// Whether it is a trial license.
#[must_use]
pub fn is_trial(elements: &Elements) -> bool {
    elements.number(&LIC_TYPE) == 1
}

/// Whether a trial license may still be used as far as its precedence and its usage go.
#[must_use]
pub fn is_usable_trial(elements: &Elements) -> bool {
    is_trial(elements)
        && elements.number(&LICENSE_PRECEDENCE) != 0
        && elements.number(&TRIAL_CURRENT_STATUS) != 2
}

#[cfg(test)]
mod tests {
    use super::{Standing, end, standing};
    use crate::rms::rules::fixture::{at, license};

    #[test]
    fn a_license_is_current_to_the_last_second_of_its_end() {
        let ends = license(1).is("deathTime", 1_781_999_999);
        let now = |seconds| crate::clock::Timestamp::from_s(seconds).unwrap();
        assert_eq!(standing(&ends.elements, now(1_781_999_999)), Standing::Current);
        assert_eq!(standing(&ends.elements, now(1_782_000_000)), Standing::Expired);
    }

    #[test]
    fn zero_minus_one_and_the_largest_number_are_never() {
        for seconds in [0, -1, 4_294_967_295] {
            let endless = license(1).is("deathTime", seconds);
            assert_eq!(end(&endless.elements), None);
            let late = at("9999-12-30T00:00:00Z");
            assert_eq!(standing(&endless.elements, late), Standing::Current);
        }
        let far = license(1).is("deathTime", 4_102_444_799);
        assert_eq!(standing(&far.elements, at("2099-12-31T23:59:59Z")), Standing::Current);
        assert_eq!(standing(&far.elements, at("2100-01-01T00:00:00Z")), Standing::Expired);
    }

    #[test]
    fn a_license_whose_dates_are_reversed_is_never_current() {
        let reversed = license(1).runs("2026-06-01T00:00:00Z", "2026-01-01T00:00:00Z");
        assert_eq!(standing(&reversed.elements, at("2026-01-01T00:00:00Z")), Standing::Future);
        for now in ["2026-03-01T00:00:00Z", "2026-06-01T00:00:00Z", "2027-01-01T00:00:00Z"] {
            assert_eq!(standing(&reversed.elements, at(now)), Standing::Expired);
        }
    }

    #[test]
    fn a_deferred_revocation_takes_place_with_its_second() {
        let planned = license(1).is("deferredRevocationTime", 1_780_909_200);
        assert_eq!(standing(&planned.elements, at("2026-06-08T08:59:59Z")), Standing::Current);
        assert_eq!(standing(&planned.elements, at("2026-06-08T09:00:00Z")), Standing::Revoked);
    }
}
