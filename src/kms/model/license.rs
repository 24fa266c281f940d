//! The licence of a product: status, reason, deadline. How it moves on stands in `rules::life`.

use crate::clock::Timestamp;
use crate::kms::catalog::enumerations::LicenseStatus;

/// The licence of a product as it was last written: the present one is `rules::life::at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct License {
    pub status: LicenseStatus,
    /// `LicenseStatusReason`: an HRESULT.
    pub reason: u32,
    /// When the state ends; `None` when it does not end by itself.
    pub deadline: Option<Timestamp>,
}

impl License {
    /// `GracePeriodRemaining`: whole minutes to the deadline, rounded down, never below 0; 0 without a deadline.
    #[must_use]
    pub fn minutes_left(self, now: Timestamp) -> u32 {
        let minutes = self.deadline.map_or(0, |deadline| deadline.minutes_since(now).max(0));
        u32::try_from(minutes).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::{License, LicenseStatus};
    use crate::clock::Timestamp;

    #[test]
    fn minutes_are_rounded_down_and_end_at_zero() {
        let now = Timestamp::parse("2025-01-01T00:00:00Z").unwrap();
        let left = |ms| {
            License { status: LicenseStatus::Licensed, reason: 0, deadline: Some(now.plus_ms(ms)) }
                .minutes_left(now)
        };
        assert_eq!([59_999, 60_000, 119_999, -1].map(left), [0, 1, 1, 0]);
        assert_eq!(
            License { status: LicenseStatus::Licensed, reason: 0, deadline: None }
                .minutes_left(now),
            0
        );
    }
}
