//! What a client hands over when it asks for tokens.

use super::session::Identity;

/// What becomes of a request that cannot be granted at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Queueing {
    /// It is refused.
    #[default]
    Get,
    /// It waits, even if there are free tokens.
    Queue,
    /// It is granted, or else waits.
    GetOrQueue,
}

/// How a client waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wait {
    pub queueing: Queueing,
    /// Seconds; `None`: as long as it takes.
    pub longest: Option<i64>,
    /// Seconds that granted units are kept for it; `None`: as long as a heartbeat.
    pub keep: Option<i64>,
    /// The last position that it accepts, from 1: of all, and within its group; `None`: any.
    pub position: Option<u64>,
    pub group_position: Option<u64>,
}

/// A request for tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub client: Identity,
    /// The vendor whose library asks; empty: not told.
    pub vendor: String,
    pub units: u64,
    /// Seconds that the token is to be held after its release.
    pub hold: i64,
    pub wait: Wait,
    pub comment: String,
}
