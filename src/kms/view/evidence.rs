//! Requests and clients as the logs know them.

use crate::clock::Timestamp;
use crate::kms::model::Editions;
use crate::kms::report::Unit;
use crate::kms::store::evidence::Request;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// A GUID as the API writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guid(pub Uuid);

impl Serialize for Guid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut buffer = [0; uuid::fmt::Hyphenated::LENGTH];
        serializer.serialize_str(self.0.hyphenated().encode_lower(&mut buffer))
    }
}

impl JsonSchema for Guid {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Guid".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "uuid"})
    }

    fn inline_schema() -> bool {
        true
    }
}

/// Event 12290.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RequestView<'a> {
    host: &'a str,
    /// Null when the log had no record numbers.
    record_id: Option<i64>,
    time_created: Timestamp,
    #[serde(rename = "HResult")]
    hresult: u32,
    required_client_count: u32,
    client_name: &'a str,
    #[serde(rename = "ClientMachineID")]
    client_machine_id: Guid,
    /// As logged, untrusted.
    client_time: &'a str,
    is_virtual_machine: bool,
    license_status: u8,
    /// Minutes.
    grace_period_remaining: u32,
    #[serde(rename = "ActivationID")]
    activation_id: Guid,
    /// `imported` or `model`.
    origin: &'static str,
    #[serde(skip)]
    editions: &'a Editions,
}

impl<'a> RequestView<'a> {
    #[must_use]
    pub fn new(request: &'a Request<'a>, editions: &'a Editions) -> Self {
        Self {
            host: request.host,
            record_id: request.record,
            time_created: request.time,
            hresult: request.hresult,
            required_client_count: request.required,
            client_name: request.name,
            client_machine_id: Guid(request.cmid),
            client_time: &request.client_time,
            is_virtual_machine: request.virtual_machine,
            license_status: request.status,
            grace_period_remaining: request.minutes,
            activation_id: Guid(request.sku.guid),
            origin: request.origin.word(),
            editions,
        }
    }
}

/// An HRESULT for people: 0 is well.
fn hresult(number: u32) -> Cell {
    let tone = if number == 0 { Tone::Plain } else { Tone::Bad };
    Cell::toned(if number == 0 { "0".to_owned() } else { format!("0x{number:08X}") }, tone)
}

impl View for RequestView<'_> {
    const SCHEMA: &'static str = "licctl.kms.event/1";
    const COLUMNS: &'static [Column] = &[
        column("TIME", "TimeCreated", Fit::Keep),
        column("HOST", "Host", Fit::Elide),
        column("CLIENT", "ClientName", Fit::Elide),
        column("CMID", "ClientMachineID", Fit::Elide),
        column("N", "RequiredClientCount", Fit::Number),
        column("VM", "IsVirtualMachine", Fit::Spare),
        column("STATUS", "LicenseStatus", Fit::Number),
        column("MINUTES", "GracePeriodRemaining", Fit::Number),
        column("PRODUCT", "ActivationID", Fit::Spare),
        column("HRESULT", "HResult", Fit::Keep),
    ];
    const TIME: Option<&'static str> = Some("TimeCreated");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            look.time(self.time_created).into(),
            self.host.into(),
            self.client_name.into(),
            self.client_machine_id.0.to_string().into(),
            self.required_client_count.to_string().into(),
            if self.is_virtual_machine { "vm" } else { "" }.into(),
            self.license_status.to_string().into(),
            self.grace_period_remaining.to_string().into(),
            self.editions.name(self.activation_id.0).into(),
            hresult(self.hresult),
        ]
    }

    fn name(&self) -> String {
        self.record_id
            .map_or_else(|| self.client_machine_id.0.to_string(), |record| record.to_string())
    }
}

/// A client under one name, for one product.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientView<'a> {
    #[serde(rename = "ClientMachineID")]
    client_machine_id: Guid,
    #[serde(rename = "ClientName")]
    client_name: String,
    #[serde(rename = "ActivationID")]
    activation_id: Guid,
    pool: &'static str,
    /// Requests, valid or not.
    rows: u64,
    #[serde(rename = "RequiredClientCount")]
    required_client_count: u32,
    first_seen: Timestamp,
    last_seen: Timestamp,
    /// The newest valid request; null when there was none.
    last_valid: Option<Timestamp>,
    /// LicenseStatus, minutes, VM flag and host of the newest valid request.
    #[serde(rename = "LicenseStatus")]
    license_status: Option<u8>,
    #[serde(rename = "GracePeriodRemaining")]
    grace_period_remaining: Option<u32>,
    #[serde(rename = "IsVirtualMachine")]
    is_virtual_machine: Option<bool>,
    host: Option<String>,
    #[serde(skip)]
    editions: &'a Editions,
}

impl<'a> ClientView<'a> {
    #[must_use]
    pub fn new(unit: &Unit<'_>, editions: &'a Editions) -> Self {
        let valid = unit.valid.as_ref();
        Self {
            client_machine_id: Guid(unit.cmid),
            client_name: unit.name.to_owned(),
            activation_id: Guid(unit.activation),
            pool: unit.pool.word(),
            rows: unit.rows,
            required_client_count: unit.required,
            first_seen: unit.first,
            last_seen: unit.last,
            last_valid: valid.map(|valid| valid.last),
            license_status: valid.map(|valid| valid.status),
            grace_period_remaining: valid.map(|valid| valid.minutes),
            is_virtual_machine: valid.map(|valid| valid.virtual_machine),
            host: valid.map(|valid| valid.host.to_owned()),
            editions,
        }
    }
}

impl View for ClientView<'_> {
    const SCHEMA: &'static str = "licctl.kms.client/1";
    const COLUMNS: &'static [Column] = &[
        column("CLIENT", "ClientName", Fit::Elide),
        column("CMID", "ClientMachineID", Fit::Elide),
        column("POOL", "pool", Fit::Keep),
        column("PRODUCT", "ActivationID", Fit::Spare),
        column("ROWS", "rows", Fit::Number),
        column("FIRST", "firstSeen", Fit::Spare),
        column("LAST", "lastSeen", Fit::Keep),
        column("STATUS", "LicenseStatus", Fit::Number),
        column("HOST", "host", Fit::Elide),
    ];
    const TIME: Option<&'static str> = Some("lastSeen");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            self.client_name.clone().into(),
            self.client_machine_id.0.to_string().into(),
            self.pool.into(),
            self.editions.name(self.activation_id.0).into(),
            self.rows.to_string().into(),
            look.time(self.first_seen).into(),
            look.time(self.last_seen).into(),
            self.license_status.map_or_else(|| "-".to_owned(), |status| status.to_string()).into(),
            self.host.clone().unwrap_or_else(|| "-".to_owned()).into(),
        ]
    }

    fn name(&self) -> String {
        self.client_machine_id.0.to_string()
    }
}

/// All that the logs know of one CMID.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClientsView<'a> {
    #[serde(rename = "ClientMachineID")]
    client_machine_id: Guid,
    units: Vec<ClientView<'a>>,
}

impl<'a> ClientsView<'a> {
    #[must_use]
    pub fn new(cmid: Uuid, units: Vec<ClientView<'a>>) -> Self {
        Self { client_machine_id: Guid(cmid), units }
    }
}

impl View for ClientsView<'_> {
    const SCHEMA: &'static str = "licctl.kms.client.detail/1";
    const COLUMNS: &'static [Column] = &[column("CMID", "ClientMachineID", Fit::Keep)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.client_machine_id.0.to_string().into()]
    }

    fn name(&self) -> String {
        self.client_machine_id.0.to_string()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let mut lines = vec![("CMID".to_owned(), Cell::from(self.client_machine_id.0.to_string()))];
        for unit in &self.units {
            let heads = ClientView::COLUMNS
                .iter()
                .zip(unit.cells(look))
                .filter(|(column, _)| column.head != "CMID");
            lines.push((String::new(), Cell::from("")));
            lines.extend(heads.map(|(column, cell)| (column.head.to_owned(), cell)));
        }
        lines
    }
}
