//! A modelled request of a client and the host's reply: the fields that event 12290 logs. Nothing here is a wire format.

use super::{LicenseStatus, Minutes};
use crate::clock::Timestamp;
use uuid::Uuid;

/// What a client tells a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Activation ID of the product that is to be activated.
    pub activation: Uuid,
    /// `ApplicationID`.
    pub application: Uuid,
    /// `ClientMachineID`.
    pub cmid: Uuid,
    /// Client name; may be empty.
    pub name: String,
    /// What the client's clock says.
    pub client_time: Timestamp,
    pub virtual_machine: bool,
    /// `LicenseStatus` that the client had when it asked.
    pub status: LicenseStatus,
    /// `GracePeriodRemaining` of that state, minutes.
    pub minutes: u32,
    /// `RequiredClientCount`, N.
    pub required: u32,
}

/// What a host answers to a valid request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// `KeyManagementServiceCurrentCount`.
    pub count: u32,
    pub activation_interval: Minutes,
    pub renewal_interval: Minutes,
    /// Extended PID of the host's key; opaque.
    pub host_product_key_id: Option<String>,
}
