//! The life of a licence: how it ends by itself, and what installing, activating and removing make of it.
//!
//! Nothing runs while nobody looks: the present state is computed from the stored one by [`at`].

use crate::catalog::Code;
use crate::clock::Timestamp;
use crate::kms::catalog::codes::{
    SL_E_GRACE_TIME_EXPIRED, SL_E_NOT_GENUINE, SL_E_OUT_OF_TOLERANCE, SL_E_PKEY_NOT_INSTALLED,
    SL_E_VL_INFO_PRODUCT_USER_RIGHT, SL_I_NONGENUINE_GRACE_PERIOD, SL_I_OOB_GRACE_PERIOD,
    SL_I_OOT_GRACE_PERIOD,
};
use crate::kms::catalog::enumerations::{GRACE_MINUTES, VALIDITY_MINUTES};
use crate::kms::model::{License, LicenseStatus, Product, State};

/// Whether a KMS activation that ran out leaves 30 more days.
///
/// Source: assumed; older material describes the additional grace, newer summaries do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OotGrace {
    Given,
    Skipped,
}

/// A state that ends at its deadline.
struct Expiry {
    from: LicenseStatus,
    to: LicenseStatus,
    reason: &'static Code,
    /// How long the next state lasts, minutes from the old deadline; `None`: without end.
    minutes: Option<u32>,
}

/// Source: [STATES]; the end of extended grace: assumed, as that of every other grace.
static EXPIRIES: [Expiry; 5] = [
    ends(LicenseStatus::OobGrace, &SL_E_GRACE_TIME_EXPIRED),
    Expiry {
        from: LicenseStatus::Licensed,
        to: LicenseStatus::OotGrace,
        reason: &SL_I_OOT_GRACE_PERIOD,
        minutes: Some(GRACE_MINUTES),
    },
    ends(LicenseStatus::OotGrace, &SL_E_GRACE_TIME_EXPIRED),
    ends(LicenseStatus::NonGenuineGrace, &SL_E_NOT_GENUINE),
    ends(LicenseStatus::ExtendedGrace, &SL_E_GRACE_TIME_EXPIRED),
];

/// A grace that ends in notification.
const fn ends(from: LicenseStatus, reason: &'static Code) -> Expiry {
    Expiry { from, to: LicenseStatus::Notification, reason, minutes: None }
}

/// Computes what a stored licence is at `now`.
#[must_use]
pub fn at(license: License, now: Timestamp) -> License {
    at_with(license, now, OotGrace::Given)
}

/// Computes what a stored licence is at `now`; a deadline has passed when `now` reaches it.
///
/// - `grace`: `Skipped` takes a KMS activation that ran out straight to notification.
#[must_use]
pub fn at_with(license: License, now: Timestamp, grace: OotGrace) -> License {
    let mut present = license;
    while let Some(deadline) = present.deadline.filter(|deadline| *deadline <= now) {
        let Some(expiry) = EXPIRIES.iter().find(|row| row.from == present.status) else {
            break;
        };
        present = License {
            status: expiry.to,
            reason: number(expiry.reason),
            deadline: expiry.minutes.map(|minutes| deadline.plus_minutes(i64::from(minutes))),
        };
        if grace == OotGrace::Skipped && present.status == LicenseStatus::OotGrace {
            present.deadline = Some(deadline);
        }
    }
    present
}

/// The products as they are at `now`.
#[must_use]
pub fn advanced(state: &State, now: Timestamp) -> State {
    let advance =
        |product: &Product| Product { license: at(product.license, now), ..product.clone() };
    State { machine: state.machine.clone(), products: state.products.iter().map(advance).collect() }
}

/// The `LicenseStatus` of a product at `now`.
#[must_use]
pub fn status(product: &Product, now: Timestamp) -> LicenseStatus {
    at(product.license, now).status
}

/// A product was installed, or rearmed and restarted: 30 days of initial grace.
#[must_use]
pub fn installed(now: Timestamp) -> License {
    running(LicenseStatus::OobGrace, &SL_I_OOB_GRACE_PERIOD, GRACE_MINUTES, now)
}

/// A KMS activation or renewal succeeded: 180 days from now.
#[must_use]
pub fn activated_by_kms(now: Timestamp) -> License {
    running(LicenseStatus::Licensed, &SL_E_VL_INFO_PRODUCT_USER_RIGHT, VALIDITY_MINUTES, now)
}

/// An activation that does not end: host, MAK, retail and OEM keys.
#[must_use]
pub fn activated_for_good() -> License {
    License { status: LicenseStatus::Licensed, reason: 0, deadline: None }
}

/// The hardware changed beyond tolerance: a licensed product has 30 days; any other state stays.
#[must_use]
pub fn hardware_changed(license: License, now: Timestamp) -> License {
    let present = at(license, now);
    if present.status == LicenseStatus::Licensed {
        running(LicenseStatus::OotGrace, &SL_E_OUT_OF_TOLERANCE, GRACE_MINUTES, now)
    } else {
        present
    }
}

/// The product was found not genuine: 30 days, whatever it was before.
#[must_use]
pub fn found_non_genuine(now: Timestamp) -> License {
    running(LicenseStatus::NonGenuineGrace, &SL_I_NONGENUINE_GRACE_PERIOD, GRACE_MINUTES, now)
}

/// The product has no key.
#[must_use]
pub fn without_key() -> License {
    License {
        status: LicenseStatus::Unlicensed,
        reason: number(&SL_E_PKEY_NOT_INSTALLED),
        deadline: None,
    }
}

fn running(status: LicenseStatus, reason: &Code, minutes: u32, now: Timestamp) -> License {
    License { status, reason: number(reason), deadline: Some(now.plus_minutes(i64::from(minutes))) }
}

/// The HRESULT of a code of this API.
fn number(code: &Code) -> u32 {
    code.native.number().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_kms_activation_runs_out_into_grace_and_then_into_notification() {
        let license = activated_by_kms(at_time("2024-01-01T00:00:00Z"));
        let cases = [
            ("2024-01-02T00:00:00Z", 1, 0x4004_F040, 257_760),
            ("2024-06-28T23:59:59Z", 1, 0x4004_F040, 0),
            ("2024-06-29T00:00:00Z", 3, 0x4004_F00D, 43_200),
            ("2024-07-28T23:59:00Z", 3, 0x4004_F00D, 1),
            ("2024-07-29T00:00:00Z", 5, 0xC004_F009, 0),
            ("2030-01-01T00:00:00Z", 5, 0xC004_F009, 0),
        ];
        for (now, status, reason, minutes) in cases {
            let now = at_time(now);
            let present = at(license, now);
            assert_eq!(
                (present.status.number(), present.reason, present.minutes_left(now)),
                (status, reason, minutes),
                "{now}"
            );
        }
        let renewed = activated_by_kms(at_time("2024-06-28T23:59:00Z"));
        assert_eq!(renewed.deadline, Some(at_time("2024-12-25T23:59:00Z")));
    }

    #[test]
    fn without_additional_grace_an_activation_ends_in_notification_on_the_same_day() {
        let license = activated_by_kms(at_time("2024-01-01T00:00:00Z"));
        let last = at_time("2024-06-28T23:59:59Z");
        assert_eq!(at_with(license, last, OotGrace::Skipped).status, LicenseStatus::Licensed);
        let gone = at_with(license, at_time("2024-06-29T00:00:00Z"), OotGrace::Skipped);
        assert_eq!((gone.status, gone.deadline), (LicenseStatus::Notification, None));
        assert_eq!(gone.reason, 0xC004_F009);
    }

    #[test]
    fn every_grace_ends_in_notification_with_its_own_reason() {
        let start = at_time("2025-01-01T00:00:00Z");
        let after = start.plus_days(30);
        for (license, reason) in [
            (installed(start), 0xC004_F009),
            (found_non_genuine(start), 0xC004_F200),
            (hardware_changed(activated_for_good(), start), 0xC004_F009),
            (License { status: LicenseStatus::ExtendedGrace, ..installed(start) }, 0xC004_F009),
        ] {
            assert_eq!(at(license, after.plus_ms(-1)), license);
            let present = at(license, after);
            assert_eq!((present.status, present.reason), (LicenseStatus::Notification, reason));
        }
    }

    #[test]
    fn new_hardware_matters_to_a_licensed_product_alone() {
        let now = at_time("2025-01-01T00:00:00Z");
        assert_eq!(hardware_changed(activated_by_kms(now), now).reason, 0xC004_F00F);
        assert_eq!(hardware_changed(installed(now), now), installed(now));
        assert_eq!(hardware_changed(without_key(), now), without_key());
    }

    #[test]
    fn a_licence_without_a_deadline_stays_what_it_is() {
        for license in [activated_for_good(), without_key()] {
            assert_eq!(at(license, Timestamp::MAX), license);
        }
    }

    #[test]
    fn looking_twice_is_looking_once() {
        let license = activated_by_kms(at_time("2024-01-01T00:00:00Z"));
        for days in [0, 179, 180, 200, 209, 210, 500] {
            let (first, then) =
                (at_time("2024-01-01T00:00:00Z").plus_days(days), at_time("2025-12-01T00:00:00Z"));
            assert_eq!(at(at(license, first), then), at(license, then), "{days}");
        }
    }
}
