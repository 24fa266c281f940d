//! What calls hand back, and what the model keeps beside the API: faults, the cache of a host, simulated requests.

use super::Guid;
use crate::clock::Timestamp;
use crate::kms::catalog::code;
use crate::kms::model::{Entry, Fault};
use crate::kms::ops::requests::Simulated;
use crate::kms::rules::cache::LIFE;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// What a method returned.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct ReturnView {
    /// 0: a failure is an error, not a value.
    #[serde(rename = "ReturnValue")]
    return_value: u32,
}

impl View for ReturnView {
    const SCHEMA: &'static str = "licctl.kms.call/1";
    const COLUMNS: &'static [Column] = &[column("RETURNVALUE", "ReturnValue", Fit::Number)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.return_value.to_string().into()]
    }

    fn name(&self) -> String {
        self.return_value.to_string()
    }
}

/// An injected fault.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FaultView {
    method: String,
    code: u32,
    /// `0xC004F039`.
    hex: String,
    symbol: &'static str,
    /// How many calls still raise it.
    left: u32,
}

impl From<&Fault> for FaultView {
    fn from(fault: &Fault) -> Self {
        Self {
            method: fault.method.clone(),
            code: fault.code,
            hex: format!("0x{:08X}", fault.code),
            symbol: code(fault.code).map_or("", |code| code.symbol),
            left: fault.left,
        }
    }
}

impl View for FaultView {
    const SCHEMA: &'static str = "licctl.kms.fault/1";
    const COLUMNS: &'static [Column] = &[
        column("METHOD", "method", Fit::Keep),
        column("CODE", "hex", Fit::Keep),
        column("SYMBOL", "symbol", Fit::Elide),
        column("LEFT", "left", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.method.clone().into(),
            self.hex.clone().into(),
            self.symbol.into(),
            self.left.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.method.clone()
    }
}

/// A client that a host counts.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryView {
    pool: &'static str,
    #[serde(rename = "ClientMachineID")]
    client_machine_id: Guid,
    #[serde(rename = "ClientName")]
    client_name: String,
    first_seen: Timestamp,
    last_seen: Timestamp,
    #[serde(rename = "RequiredClientCount")]
    required: u32,
    /// The last moment at which it still counts.
    expires: Timestamp,
}

impl EntryView {
    #[must_use]
    pub fn new(pool: &'static str, cmid: Uuid, entry: &Entry) -> Self {
        Self {
            pool,
            client_machine_id: Guid(cmid),
            client_name: entry.name.clone(),
            first_seen: entry.first_seen,
            last_seen: entry.last_seen,
            required: entry.required,
            expires: entry.last_seen.plus_ms(LIFE.ms()),
        }
    }
}

impl View for EntryView {
    const SCHEMA: &'static str = "licctl.kms.cache/1";
    const COLUMNS: &'static [Column] = &[
        column("POOL", "pool", Fit::Keep),
        column("CMID", "ClientMachineID", Fit::Elide),
        column("CLIENT", "ClientName", Fit::Elide),
        column("FIRST", "firstSeen", Fit::Spare),
        column("LAST", "lastSeen", Fit::Keep),
        column("N", "RequiredClientCount", Fit::Number),
        column("AGE", "lastSeen", Fit::Spare),
        column("EXPIRES", "expires", Fit::Keep),
    ];
    const TIME: Option<&'static str> = Some("lastSeen");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            self.pool.into(),
            self.client_machine_id.0.to_string().into(),
            self.client_name.clone().into(),
            look.time(self.first_seen).into(),
            look.time(self.last_seen).into(),
            self.required.to_string().into(),
            self.last_seen.relative(look.now).into(),
            look.time(self.expires).into(),
        ]
    }

    fn name(&self) -> String {
        self.client_machine_id.0.to_string()
    }
}

/// What a simulated request came to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SimulatedView {
    host: String,
    #[serde(rename = "ClientName")]
    client_name: String,
    #[serde(rename = "ClientMachineID")]
    client_machine_id: Guid,
    /// What the client makes of the answer; 0: it is activated.
    #[serde(rename = "HResult")]
    hresult: u32,
    symbol: Option<&'static str>,
    message: Option<String>,
    /// What the host answered; null when it refused.
    #[serde(rename = "KeyManagementServiceCurrentCount")]
    count: Option<u32>,
    #[serde(rename = "VLActivationInterval")]
    activation_interval: Option<u32>,
    #[serde(rename = "VLRenewalInterval")]
    renewal_interval: Option<u32>,
    #[serde(rename = "RequiredClientCount")]
    required: u32,
    /// Of the client, afterwards.
    #[serde(rename = "LicenseStatus")]
    license_status: u32,
}

impl From<&Simulated> for SimulatedView {
    fn from(done: &Simulated) -> Self {
        let (reply, refusal) = (done.reply.as_ref(), done.refusal.as_ref());
        Self {
            host: done.host.clone(),
            client_name: done.request.name.clone(),
            client_machine_id: Guid(done.request.cmid),
            hresult: refusal.and_then(|no| no.code.native.number()).unwrap_or(0),
            symbol: refusal.map(|no| no.code.symbol),
            message: refusal.map(|no| no.message.clone()),
            count: reply.map(|reply| reply.count),
            activation_interval: reply.map(|reply| reply.activation_interval.number()),
            renewal_interval: reply.map(|reply| reply.renewal_interval.number()),
            required: done.request.required,
            license_status: done.status().number(),
        }
    }
}

impl View for SimulatedView {
    const SCHEMA: &'static str = "licctl.kms.request/1";
    const COLUMNS: &'static [Column] = &[
        column("HOST", "host", Fit::Elide),
        column("CLIENT", "ClientName", Fit::Elide),
        column("HRESULT", "HResult", Fit::Keep),
        column("COUNT", "KeyManagementServiceCurrentCount", Fit::Number),
        column("N", "RequiredClientCount", Fit::Number),
        column("CLIENT-STATUS", "LicenseStatus", Fit::Number),
        column("SYMBOL", "symbol", Fit::Spare),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let hresult = if self.hresult == 0 {
            Cell::toned("0", Tone::Good)
        } else {
            Cell::toned(format!("0x{:08X}", self.hresult), Tone::Bad)
        };
        vec![
            self.host.clone().into(),
            self.client_name.clone().into(),
            hresult,
            self.count.map_or_else(|| "-".to_owned(), |count| count.to_string()).into(),
            self.required.to_string().into(),
            self.license_status.to_string().into(),
            self.symbol.unwrap_or_default().into(),
        ]
    }

    fn name(&self) -> String {
        self.client_machine_id.0.to_string()
    }
}
