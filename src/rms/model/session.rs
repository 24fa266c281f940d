//! A token in somebody's hands: sessions, held tokens, clients that wait, check-outs; and what they come to for a feature.

use std::collections::BTreeMap;
use std::net::IpAddr;

/// The group of everybody whom no reservation names.
pub const DEFAULT_GROUP: &str = "DefaultGrp";

/// The sharing id of a client that sets none.
pub const DEFAULT_SHARING_ID: &str = "default-sharing-ID";

/// What a row of the token table stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// A client that uses the feature.
    Running,
    /// A token that others share still, after the client that took it has left.
    Left,
    /// As `Left`, after that client missed its heartbeat.
    Vacated,
    /// As `Left`, after an administrator ended that client's session.
    Expelled,
    /// A token kept for its last client after the release.
    Held,
    /// A token that is on a client's own machine.
    Commuted,
    /// A client that waits.
    Queued,
    /// A client whose demand is met, and that has not taken its tokens yet.
    Granted,
    /// Taken back because no heartbeat came.
    Reclaimed,
    /// Ended by an administrator.
    Terminated,
}

impl State {
    pub const ALL: [Self; 10] = [
        Self::Running,
        Self::Left,
        Self::Vacated,
        Self::Expelled,
        Self::Held,
        Self::Commuted,
        Self::Queued,
        Self::Granted,
        Self::Reclaimed,
        Self::Terminated,
    ];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Left => "left",
            Self::Vacated => "vacated",
            Self::Expelled => "expelled",
            Self::Held => "held",
            Self::Commuted => "commuted",
            Self::Queued => "queued",
            Self::Granted => "granted",
            Self::Reclaimed => "reclaimed",
            Self::Terminated => "terminated",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether the row is remembered only so that its client is told what became of it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Reclaimed | Self::Terminated)
    }

    /// Whether the row is a token without the client that took it.
    #[must_use]
    pub const fn is_left(self) -> bool {
        matches!(self, Self::Left | Self::Vacated | Self::Expelled)
    }

    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Queued | Self::Granted)
    }
}

/// Who asks; empty texts are not given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    pub user: String,
    pub host: String,
    /// `0x1A2B3C4D`.
    pub host_id: String,
    pub x_display: String,
    pub sharing_id: String,
    pub lock_code: String,
    pub address: Option<IpAddr>,
}

/// A row of the token table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Ascending, never used again.
    pub key: u32,
    /// Number of the feature.
    pub feature: i64,
    pub state: State,
    pub client: Identity,
    /// The reservation group, or that of everybody.
    pub group: String,
    /// Units of the token; of a client that waits: those that it wants; 0 for one that shares another's token.
    pub units: u64,
    /// Of a client that waits: units kept for it so far.
    pub kept: u64,
    /// Of the units, or of those kept: how many were drawn from the group's reserve.
    pub drawn: u64,
    /// The token that this client shares; `None`: its own.
    pub shares: Option<u32>,
    /// Clients of this token, itself among them.
    pub clients: u32,
    /// By what others may share it; `None`: not at all.
    pub share_key: Option<String>,
    /// The entry of `clLockInfo` that limits the tokens of its node.
    pub node: Option<String>,
    /// Hash of the license that it draws on; empty when that has none.
    pub license: String,
    /// Number of the trial license whose time it uses up.
    pub trial: Option<i64>,
    /// Seconds since 1970.
    pub start: i64,
    /// Last heartbeat.
    pub refreshed: i64,
    /// The second with which time changes its state; `None`: time does not.
    pub due: Option<i64>,
    /// Seconds that the token is held after its release, or that units are kept for a client that waits.
    pub hold: i64,
    /// The leader of the pool that issued or last renewed it; empty outside of a pool.
    pub issuer: String,
    /// Whether an artefact showed it: such a row does not time out.
    pub observed: bool,
    /// A check-out by somebody who is not on the network.
    pub remote: bool,
    pub comment: String,
}

/// What the tokens of a feature come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Units in use: running, held, commuted, and those that nobody is known to hold.
    pub used: u64,
    /// Of these: checked out, held, and without a known holder.
    pub commuted: u64,
    pub held: u64,
    pub unattributed: u64,
    /// Clients that wait, the units that they want, and those kept for them so far.
    pub queued: u64,
    pub wanted: u64,
    pub kept: u64,
    /// Units in use or kept that were drawn from the reserve of a group.
    pub drawn: BTreeMap<String, u64>,
}

impl Counts {
    /// Units drawn from reserves.
    #[must_use]
    pub fn all_drawn(&self) -> u64 {
        self.drawn.values().sum()
    }

    /// Units that queued clients still lack.
    #[must_use]
    pub fn lacking(&self) -> u64 {
        self.wanted.saturating_sub(self.kept)
    }

    pub fn draw(&mut self, group: &str, units: u64) {
        if units > 0 {
            *self.drawn.entry(group.to_owned()).or_insert(0) += units;
        }
    }

    pub fn put_back(&mut self, group: &str, units: u64) {
        if let Some(drawn) = self.drawn.get_mut(group) {
            *drawn = drawn.saturating_sub(units);
            if *drawn == 0 {
                self.drawn.remove(group);
            }
        }
    }
}
