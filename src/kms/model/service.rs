//! The state behind `SoftwareLicensingService`.
//!
//! What the class derives from elsewhere is not here: role, counters and count come from products and pools, `RequiredClientCount`
//! from the primary product. `rules::read` puts the properties together.

use super::{Carried, HostChoice, Port};
use crate::kms::catalog::service::{
    ACTIVATION_INTERVAL, LONGEST_INTERVAL, RENEWAL_INTERVAL, SHORTEST_INTERVAL,
};
use uuid::Uuid;

/// An interval in minutes, `15..=43200`.
///
/// Source: [VISTA] `SetVLActivationInterval`, `SetVLRenewalInterval`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minutes(u32);

impl Minutes {
    pub const MIN: Self = Self(SHORTEST_INTERVAL);
    pub const MAX: Self = Self(LONGEST_INTERVAL);

    /// How often a client asks before it is licensed.
    pub const ACTIVATION: Self = Self(ACTIVATION_INTERVAL);

    /// How often a client asks after it is licensed.
    pub const RENEWAL: Self = Self(RENEWAL_INTERVAL);

    /// `None` outside `15..=43200`.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        let minutes = Self(number);
        (Self::MIN..=Self::MAX).contains(&minutes).then_some(minutes)
    }

    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// By what a client may be activated, and by what it was.
///
/// Source: [SLMGR] `VLActivationTypeEnabled`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivationType {
    ActiveDirectory,
    Kms,
    Token,
}

impl ActivationType {
    /// 1 Active Directory, 2 KMS, 3 token; `None` for any other number, 0 ("all", "none") among them.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::ActiveDirectory),
            2 => Some(Self::Kms),
            3 => Some(Self::Token),
            _ => None,
        }
    }

    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::ActiveDirectory => 1,
            Self::Kms => 2,
            Self::Token => 3,
        }
    }
}

/// `PolicyCacheRefreshRequired`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyCache {
    /// 0: refresh not required.
    Fresh,
    /// 1: refresh required.
    Stale,
}

impl PolicyCache {
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::Fresh => 0,
            Self::Stale => 1,
        }
    }
}

/// The state of the one instance of `SoftwareLicensingService` that a machine has.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// The KMS host that the client was told to use, or found.
    pub host: HostChoice,
    /// `KeyManagementServiceHostCaching`.
    pub host_caching: bool,
    /// `KeyManagementServiceActivationDisabled`; `None` on machines whose class has no such property.
    pub activation_disabled: Option<bool>,
    /// `VLActivationTypeEnabled` for the whole machine; `None` is 0, all.
    pub activation_type: Option<ActivationType>,
    /// `VLActivationInterval`.
    pub activation_interval: Minutes,
    /// `VLRenewalInterval`.
    pub renewal_interval: Minutes,
    /// `ClientMachineID`, the CMID.
    pub client_machine_id: Uuid,
    /// `PolicyCacheRefreshRequired`.
    pub policy_cache: PolicyCache,
    /// `RemainingWindowsReArmCount`.
    pub rearm_count: u32,
    /// `KeyManagementServiceListeningPort`.
    pub listening_port: Option<Port>,
    /// `KeyManagementServiceDnsPublishing`.
    pub dns_publishing: bool,
    /// `KeyManagementServiceLowPriority`.
    pub low_priority: bool,
    pub carried: Carried,
}

#[cfg(test)]
mod tests {
    use super::{ActivationType, Minutes};

    #[test]
    fn an_interval_lies_between_a_quarter_of_an_hour_and_thirty_days() {
        for (number, legal) in [
            (0, false),
            (14, false),
            (15, true),
            (43_200, true),
            (43_201, false),
            (u32::MAX, false),
        ] {
            assert_eq!(Minutes::new(number).map(Minutes::number), legal.then_some(number));
        }
        assert_eq!(Minutes::MAX.number(), 30 * 1440);
    }

    #[test]
    fn zero_is_no_activation_type() {
        assert_eq!([0, 4].map(ActivationType::new), [None, None]);
        assert_eq!(
            [1, 2, 3].map(|number| ActivationType::new(number).unwrap().number()),
            [1, 2, 3]
        );
    }
}
