//! How an entity stands: licensed, on evaluation, expired.

use super::expiry;
use crate::clock::Timestamp;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::license::License;

/// Status of an entity; the words are those of VCF Operations 9, `Unknown` is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssetStatus {
    Licensed,
    ExpiredLicense,
    Evaluation,
    ExpiredEvaluation,
    Unknown,
}

impl AssetStatus {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Licensed => "LICENSED",
            Self::ExpiredLicense => "EXPIRED_LICENSE",
            Self::Evaluation => "EVALUATION",
            Self::ExpiredEvaluation => "EXPIRED_EVALUATION",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// How an entity stands at a moment, and when that ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub status: AssetStatus,
    /// When the license or the evaluation ends; `None`: never, or not known.
    pub end: Option<Timestamp>,
}

/// Tells how an entity stands.
///
/// - `held`: the license of the entity's own product; `None`: it is on evaluation.
#[must_use]
pub fn standing(entity: &Entity, held: Option<&License>, now: Timestamp) -> Standing {
    if let Some(license) = held.filter(|license| !license.is_evaluation()) {
        let end = license.expires();
        let over = end.is_some_and(|end| expiry::is_over(end, now));
        let status = if over { AssetStatus::ExpiredLicense } else { AssetStatus::Licensed };
        return Standing { status, end };
    }
    let end = entity
        .evaluation
        .map(|evaluation| evaluation.end)
        .or_else(|| held.and_then(License::expires));
    let status = match end {
        _ if held.is_none() && !entity.told => AssetStatus::Unknown,
        Some(end) if expiry::is_over(end, now) => AssetStatus::ExpiredEvaluation,
        Some(_) => AssetStatus::Evaluation,
        None if held.is_some() => AssetStatus::Evaluation,
        None => AssetStatus::Unknown,
    };
    Standing { status, end }
}

#[cfg(test)]
mod tests {
    use super::{AssetStatus, standing};
    use crate::vsphere::rules::fixture::{Fixture, host};

    #[test]
    fn a_host_is_licensed_evaluating_or_expired_by_the_clock_alone() {
        let estate = Fixture::new();
        let mut esx = host("host-11", &[16, 16], &[]);
        let end = esx.evaluation.unwrap().end;
        let at = |held, now| standing(&esx, held, now).status;
        assert_eq!(at(Some(&estate.k1), estate.now), AssetStatus::Licensed);
        assert_eq!(at(Some(&estate.k6), estate.now), AssetStatus::ExpiredLicense);
        assert_eq!(at(None, estate.now), AssetStatus::Evaluation);
        assert_eq!(at(None, end), AssetStatus::ExpiredEvaluation);
        esx.told = false;
        assert_eq!(standing(&esx, None, estate.now).status, AssetStatus::Unknown);
    }
}
