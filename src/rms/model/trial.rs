//! What was used of a trial license, and of a grace period.

/// The clock of a trial license since its first request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialClock {
    /// The first request, in seconds since 1970.
    pub started: i64,
    /// Seconds of use up to `counted`, over all sessions.
    pub used: i64,
    pub counted: i64,
    /// Sessions that are open, and use on.
    pub open: u32,
    /// The fewest days that were ever left: a clock that is set back gives none back.
    pub least_days: i64,
}

/// A grace license on a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grace {
    pub feature: i64,
    /// The machine of the client.
    pub host: String,
    /// Days and hours that the license grants.
    pub days: i64,
    pub hours: i64,
    /// When the client was last on the network.
    pub installed: i64,
    /// The first use without the network since then; `None`: none yet.
    pub first_use: Option<i64>,
    /// Seconds used without the network since then.
    pub used: i64,
}
