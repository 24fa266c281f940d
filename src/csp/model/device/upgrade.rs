//! An upgrade of the edition, or a change of the key, on its way; and what the user was told.

use crate::clock::Timestamp;
use crate::csp::catalog::enumerations::NOTIFICATIONS;

/// `Status` of an edition upgrade.
///
/// Source: [CSP] Status; where 2 ends and 1 begins, and 4 as the first value: assumed.
pub mod upgrade_status {
    pub const FAILED: i32 = 0;
    /// `changepk.exe` is done, the restart is not.
    pub const PENDING: i32 = 1;
    /// `changepk.exe` runs.
    pub const IN_PROGRESS: i32 = 2;
    pub const COMPLETED: i32 = 3;
    /// No upgrade was ever asked for.
    pub const UNKNOWN: i32 = 4;
}

/// What is kept of a product key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTrace {
    /// The last group.
    pub last5: String,
    /// `id` of the entry of the key catalogue that knew it.
    pub catalog_id: String,
    /// HMAC-SHA256 of the key under the store's salt: tells whether two keys are the same.
    pub hmac: [u8; 32],
}

/// An edition upgrade that was asked for and is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingUpgrade {
    pub target_edition: i32,
    /// `None` when a license was given instead of a key.
    pub key: Option<KeyTrace>,
    pub requested_at: Timestamp,
    pub changepk_ends_at: Timestamp,
    /// `None` when the path needs none.
    pub restart: Option<Restart>,
    /// A provisioning package asked for it.
    pub package: bool,
    /// HRESULT with which `changepk.exe` will fail.
    pub fault: Option<u32>,
}

/// The restart that completes an upgrade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restart {
    pub reminder_at: Timestamp,
    /// When the device restarts by itself.
    pub automatic_at: Timestamp,
}

/// A key change to another edition on a path without a restart; `Status` knows nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingKey {
    pub target_edition: i32,
    pub key: KeyTrace,
    pub requested_at: Timestamp,
    pub ends_at: Timestamp,
    /// HRESULT with which it will fail.
    pub fault: Option<u32>,
}

/// One thing that the user was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notification {
    pub at: Timestamp,
    pub kind: NotificationKind,
}

/// What the user is told of an upgrade.
///
/// Source: [CSP] `UpgradeEditionWithProductKey`; the words: assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationKind {
    NewEditionAvailable,
    RestartReminder,
    UpgradeSucceeded,
    /// Of a provisioning package, when its installation begins.
    RestartToCompletePackage,
}

impl NotificationKind {
    pub const ALL: [Self; 4] = [
        Self::NewEditionAvailable,
        Self::RestartReminder,
        Self::UpgradeSucceeded,
        Self::RestartToCompletePackage,
    ];

    /// The word of JSON and of the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        let [available, reminder, succeeded, package] = &NOTIFICATIONS;
        let row = match self {
            Self::NewEditionAvailable => available,
            Self::RestartReminder => reminder,
            Self::UpgradeSucceeded => succeeded,
            Self::RestartToCompletePackage => package,
        };
        row.name
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
