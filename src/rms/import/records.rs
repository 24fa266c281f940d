//! What artefacts say beside licenses: counters of features, clients, pools, reservations, remarks, alerts.

use crate::rms::model::group::{Group, Member};
use crate::rms::model::license::{Elements, Extra, FeatureKey, Origin};

/// Counters of a feature at the moment of the capture; `None` where the artefact has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Tokens in use from the free pool, and those still free in it; `None` free: unlimited, or not told.
    pub unreserved_in_use: Option<u64>,
    pub unreserved_free: Option<u64>,
    pub reserved_in_use: Option<u64>,
    pub reserved_free: Option<u64>,
    pub unreserved_queued: Option<u64>,
    pub reserved_queued: Option<u64>,
    /// All reserved tokens.
    pub reserved: Option<u64>,
}

impl Counters {
    /// Tokens in use, reserved or not; `None` when nothing tells them.
    #[must_use]
    pub fn in_use(&self) -> Option<u64> {
        let sum = self.unreserved_in_use.unwrap_or(0) + self.reserved_in_use.unwrap_or(0);
        self.unreserved_in_use.or(self.reserved_in_use).map(|_| sum)
    }
}

/// A feature as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureFacts {
    pub feature: FeatureKey,
    /// Of the right that is served, not of one license.
    pub elements: Elements,
    pub counters: Counters,
    /// What no row knows.
    pub extras: Vec<Extra>,
    /// Whether the artefact tells no license of it: it then stands for the license that it has at least.
    pub alone: bool,
    pub origin: Origin,
}

/// What a client does with its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientState {
    #[default]
    Running,
    /// Released, and kept for the same client.
    Held,
    Commuted,
    Queued,
}

/// A client of a feature.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientFacts {
    /// `None`: the answer does not say of which feature.
    pub feature: Option<FeatureKey>,
    pub state: ClientState,
    pub user_name: String,
    pub host_name: String,
    pub host_id: String,
    pub x_display_name: String,
    pub group: String,
    pub shared_id_name: String,
    pub vendor_defined_sharing_id: String,
    pub key_id: Option<u32>,
    /// `None`: not told, which is 1.
    pub num_units: Option<u32>,
    /// Seconds of hold time.
    pub hold_time: Option<u32>,
    /// Other clients that share the token.
    pub shared_by: Option<u32>,
    /// Seconds since 1970.
    pub start_time: Option<i64>,
    pub end_time: Option<i64>,
    /// Days of a check-out.
    pub checkout_days: Option<u32>,
}

/// What a License Manager of a pool has of the tokens of a feature; `None`: no limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolShare {
    /// Its name or address.
    pub server: String,
    pub allocation: Option<u64>,
    pub issued: Option<u64>,
    pub commuter: Option<u64>,
}

/// One License Manager of a pool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PoolMember {
    pub host_name: String,
    pub ip_address: String,
    pub leader: bool,
    pub up: bool,
}

/// One group of a reservation file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    pub feature: String,
    /// `None`: every version.
    pub version: Option<String>,
    pub group: String,
    pub tokens: u32,
    pub members: Vec<Member>,
    /// What a line of the capacity form holds beside that, to the letter.
    pub capacity: Option<String>,
}

impl Reservation {
    /// The group; `None` for a line of the capacity form, whose teams are not modelled.
    #[must_use]
    pub fn group(self) -> Option<Group> {
        let Self { feature, version, group: name, tokens, members, capacity } = self;
        capacity.is_none().then(|| Group { feature, version, name, tokens: tokens.into(), members })
    }
}

/// What a file of license codes says of one code. The code itself is in no record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remark {
    /// SHA-256 of the code's bytes without blanks, lower-case hexadecimal.
    pub sha256: String,
    /// First and last line.
    pub lines: (u64, u64),
    pub feature: Option<FeatureKey>,
    /// A value of `isAdditive`.
    pub combining: Option<u32>,
    /// What it says of the end, as it stands there.
    pub expiry: Option<String>,
    /// `DIST_CRIT` of a redundant file, as it stands there.
    pub distribution: Option<String>,
}

/// What a usage log tells as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFacts {
    /// Seconds that the manager's clock is ahead of UTC, when all records say the same.
    pub utc_offset: Option<i64>,
    /// Records that are encrypted whole.
    pub encrypted: u64,
    /// Lines that are none of a log.
    pub bad: u64,
}
