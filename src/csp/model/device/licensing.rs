//! Subscriptions, and the service that licenses them.

use crate::clock::Timestamp;

/// `DeviceLicensingStatus`, and `SubscriptionStatus` with it.
///
/// Source: [GRAPH] deviceLicensingStatus; that the node answers the same numbers: assumed.
pub mod licensing_status {
    /// No operation so far.
    pub const NONE: i32 = -1;
    pub const STARTED: i32 = 0;
    pub const PENDING: i32 = 1;
    pub const NOT_JOINED: i32 = 2;
    pub const VERIFYING_DEVICE: i32 = 3;
    pub const DEVICE_UNVERIFIED: i32 = 4;
    pub const VERIFYING_ACCOUNT: i32 = 5;
    pub const ACCOUNT_UNVERIFIED: i32 = 6;
    pub const ACQUIRING: i32 = 7;
    pub const REFRESHING: i32 = 8;
    pub const SUCCEEDED: i32 = 9;
    pub const FAILED: i32 = 10;
    pub const REMOVING: i32 = 11;
    pub const REMOVED: i32 = 12;
    pub const REMOVE_FAILED: i32 = 13;
}

/// `LicenseType` and `SubscriptionType` of a user-based and of a device-based subscription.
pub const USER_BASED: i32 = 0;
pub const DEVICE_BASED: i32 = 1;

/// `Subscriptions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriptions {
    /// `SubscriptionType`.
    pub kind: i32,
    /// `SubscriptionStatus`.
    pub status: i32,
    /// `SubscriptionLastError`.
    pub last_error: i32,
    /// `SubscriptionLastErrorDescription`.
    pub last_error_description: String,
    /// `DisableSubscription`.
    pub disabled: i32,
    /// In the order in which they came.
    pub items: Vec<Subscription>,
    pub operation: Option<LicenseOperation>,
}

impl Default for Subscriptions {
    fn default() -> Self {
        Self {
            kind: USER_BASED,
            status: licensing_status::NONE,
            last_error: 0,
            last_error_description: String::new(),
            disabled: 0,
            items: Vec::new(),
            operation: None,
        }
    }
}

/// `Subscriptions/{SubscriptionId}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// `SubscriptionId`: not empty, no `/`.
    pub id: String,
    /// `Name`.
    pub name: String,
    /// `Status`: 0 inactive, 1 active; others are kept.
    pub status: i32,
    /// By what it was granted; `None` when it was imported.
    pub kind: Option<SubscriptionKind>,
}

/// `Status` of an active subscription.
///
/// Source: [SUBSCRIPTION] `SubscriptionStatusValue`; that the node answers the same number: assumed.
pub const ACTIVE: i32 = 1;

/// `DeviceLicensingService`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceLicensing {
    /// `LicenseType`.
    pub license_type: i32,
    /// `DeviceLicensingStatus`.
    pub status: i32,
    /// `DeviceLicensingLastError`.
    pub last_error: i32,
    /// `DeviceLicensingLastErrorDescription`.
    pub last_error_description: String,
    pub operation: Option<LicenseOperation>,
}

impl Default for DeviceLicensing {
    fn default() -> Self {
        Self {
            license_type: USER_BASED,
            status: licensing_status::NONE,
            last_error: 0,
            last_error_description: String::new(),
            operation: None,
        }
    }
}

/// What the licensing service is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    Acquire,
    Refresh,
    Remove,
}

impl OperationKind {
    pub const ALL: [Self; 3] = [Self::Acquire, Self::Refresh, Self::Remove];

    /// The word of the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Acquire => "acquire",
            Self::Refresh => "refresh",
            Self::Remove => "remove",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A licensing operation that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LicenseOperation {
    pub kind: OperationKind,
    pub requested_at: Timestamp,
    /// Seconds of one step, as they were set when it began.
    pub step_seconds: u32,
    /// HRESULT with which it will fail.
    pub fault: Option<u32>,
}

/// Whom a subscription is granted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionKind {
    User,
    Device,
}

impl SubscriptionKind {
    pub const ALL: [Self; 2] = [Self::User, Self::Device];

    /// The word of the command line and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Device => "device",
        }
    }

    /// Reads the word, in any case.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word))
    }
}

/// A subscription that the tenant would grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    /// `SubscriptionId`: not empty, no `/`.
    pub id: String,
    pub name: String,
    pub kind: SubscriptionKind,
    pub target_edition: i32,
}
