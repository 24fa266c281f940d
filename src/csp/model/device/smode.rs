//! S mode: the policy for the user, and the switch that runs.

use crate::clock::Timestamp;

/// `SMode/Status`.
///
/// Source: [CSP] SMode/Status.
pub mod smode_status {
    pub const SWITCHED: i32 = 0;
    pub const PROCESSING: i32 = 1;
    pub const ALREADY_OUT: i32 = 3;
    pub const FAILED: i32 = 4;
}

/// `./Vendor/MSFT/DeviceStatus/OS/Mode` of a device in S mode.
pub const S_MODE: i32 = 1;

/// `SMode`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SMode {
    /// `None` before the first request: the node is not found.
    pub status: Option<i32>,
    /// `None` when it was never added: the node is not found.
    pub switching_policy: Option<i32>,
    /// The running switch; `None` with `status` 1 when the status was imported.
    pub switch: Option<Switch>,
}

/// A switch out of S mode that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    pub requested_at: Timestamp,
    pub ends_at: Timestamp,
    /// HRESULT with which it will fail.
    pub fault: Option<u32>,
}
