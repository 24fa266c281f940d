//! Session hosts.

use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::tslicense::catalog::enumerations::{
    CONNECTIVITY, LICENSING_TYPE, MODE_NOT_CONFIGURED, word,
};
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::model::Host;
use crate::tslicense::rules::hosts::Asked;
use schemars::JsonSchema;
use serde::Serialize;

/// A session host: the properties of its class, and what its settings come to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct HostView {
    server_name: String,
    /// `2019`; null while no one told it.
    #[serde(rename = "os")]
    os: Option<&'static str>,
    /// 1 application server, 0 remote administration.
    terminal_server_mode: u32,
    /// The mode that holds: 2 per device, 4 per user, 5 not configured.
    licensing_type: u32,
    /// 1 when a group policy governs the mode.
    policy_source_licensing_type: u32,
    /// Whose mode it is: `policy`, `deployment`, `server`.
    #[serde(rename = "modeOf")]
    mode_of: &'static str,
    /// The list that holds, as it was written.
    #[serde(rename = "licenseServers")]
    license_servers: Vec<String>,
    /// Whose list it is.
    #[serde(rename = "listOf")]
    list_of: &'static str,
    /// Days of grace; null while no one told them.
    days_left: Option<i64>,
    /// Whether it keeps a certificate of a license server.
    #[serde(rename = "HasX509")]
    certificate: Option<bool>,
    #[serde(rename = "joined")]
    joined: Option<bool>,
    #[serde(rename = "connectivity")]
    connectivity: Vec<ReachView>,
}

/// How a host reached a license server when someone asked it.
#[derive(Debug, Serialize, JsonSchema)]
struct ReachView {
    server: String,
    status: u32,
    symbol: Option<&'static str>,
}

impl HostView {
    #[must_use]
    pub fn new(host: &Host, now: Timestamp) -> Self {
        let (mode, mode_of) = host.mode();
        let (servers, list_of) = host.servers();
        let reach = host.reached.iter().map(|reach| ReachView {
            server: reach.server.clone(),
            status: reach.status,
            symbol: word(&CONNECTIVITY, reach.status),
        });
        Self {
            server_name: host.name.clone(),
            os: host.os.map(Os::word),
            terminal_server_mode: u32::from(host.application_server),
            licensing_type: mode,
            policy_source_licensing_type: host.policy_source(),
            mode_of: mode_of.word(),
            license_servers: servers.to_vec(),
            list_of: list_of.word(),
            days_left: host.days_left(now),
            certificate: host.certificate,
            joined: host.joined,
            connectivity: reach.collect(),
        }
    }

    /// The mode in words.
    #[must_use]
    pub fn mode(&self) -> String {
        let found = word(&LICENSING_TYPE, self.licensing_type);
        found.map_or_else(|| self.licensing_type.to_string(), ToOwned::to_owned)
    }

    fn servers(&self) -> String {
        let names: Vec<&str> = self.license_servers.iter().map(|name| name.trim()).collect();
        if names.is_empty() { "-".to_owned() } else { names.join(", ") }
    }

    fn grace(&self) -> String {
        self.days_left.map_or_else(|| "-".to_owned(), |days| days.to_string())
    }
}

fn yes_or_no(known: Option<bool>) -> Cell {
    known.map_or("unknown", |yes| if yes { "yes" } else { "no" }).into()
}

impl View for HostView {
    const SCHEMA: &'static str = "licctl.tslicense.host/1";
    const COLUMNS: &'static [Column] = &[
        column("NAME", "ServerName", Fit::Keep),
        column("OS", "os", Fit::Keep),
        column("MODE", "LicensingType", Fit::Keep),
        column("OF", "modeOf", Fit::Spare),
        column("GRACE", "DaysLeft", Fit::Number),
        column("LICENSE-SERVERS", "licenseServers", Fit::Elide),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let bad = self.licensing_type == MODE_NOT_CONFIGURED;
        vec![
            self.server_name.clone().into(),
            self.os.unwrap_or("unknown").into(),
            Cell::toned(self.mode(), if bad { Tone::Bad } else { Tone::Plain }),
            self.mode_of.into(),
            self.grace().into(),
            self.servers().into(),
        ]
    }

    fn name(&self) -> String {
        self.server_name.clone()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let heads = Self::COLUMNS.iter().map(|column| column.head);
        let mut lines: Vec<(&str, Cell)> = heads.zip(self.cells(look)).collect();
        lines.push(("LIST-OF", self.list_of.into()));
        lines.push(("HASX509", yes_or_no(self.certificate)));
        lines.push(("JOINED", yes_or_no(self.joined)));
        for reach in &self.connectivity {
            let symbol = reach.symbol.unwrap_or_default();
            lines.push(("REACHES", format!("{} {} {symbol}", reach.server, reach.status).into()));
        }
        lines.into_iter().map(|(head, cell)| (head.to_owned(), cell)).collect()
    }
}

/// What a method of a session host handed back, and the setting afterwards.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HostCallView {
    /// 0: a failure is an error, not a value.
    #[serde(rename = "ReturnValue")]
    return_value: u32,
    licctl: After,
}

/// The settings after the call.
#[derive(Debug, Serialize, JsonSchema)]
struct After {
    #[serde(rename = "ServerName")]
    server_name: String,
    /// The host's own mode; null when it has none.
    #[serde(rename = "LicensingType")]
    licensing_type: Option<u32>,
    /// The host's own list.
    #[serde(rename = "SpecifiedLSList")]
    servers: Vec<String>,
}

impl HostCallView {
    #[must_use]
    pub fn new(host: &Host) -> Self {
        Self {
            return_value: 0,
            licctl: After {
                server_name: host.name.clone(),
                licensing_type: host.own.mode,
                servers: host.own.servers.clone(),
            },
        }
    }
}

impl View for HostCallView {
    const SCHEMA: &'static str = "licctl.tslicense.host-call/1";
    const COLUMNS: &'static [Column] = &[
        column("RETURNVALUE", "ReturnValue", Fit::Number),
        column("SERVERNAME", "licctl", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.return_value.to_string().into(), self.licctl.server_name.clone().into()]
    }

    fn name(&self) -> String {
        self.licctl.server_name.clone()
    }
}

/// What a method that asks a session host handed back.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct HostAskedView {
    return_value: u32,
    /// Of `GetGracePeriodDays`.
    #[serde(skip_serializing_if = "Option::is_none")]
    days_left: Option<i64>,
    /// Of `GetSpecifiedLicenseServerList`: the list that holds.
    #[serde(rename = "SpecifiedLSList", skip_serializing_if = "Option::is_none")]
    servers: Option<Vec<String>>,
    /// Of `GetTStoLSConnectivityStatus`.
    #[serde(rename = "TStoLSConnectivityStatus", skip_serializing_if = "Option::is_none")]
    connectivity: Option<u32>,
}

impl From<&Asked> for HostAskedView {
    fn from(asked: &Asked) -> Self {
        let nothing = Self { return_value: 0, days_left: None, servers: None, connectivity: None };
        match asked {
            Asked::Days(days) => Self { days_left: Some(*days), ..nothing },
            Asked::Servers(names) => Self { servers: Some(names.clone()), ..nothing },
            Asked::Connectivity(status) => Self { connectivity: Some(*status), ..nothing },
        }
    }
}

impl HostAskedView {
    fn answer(&self) -> String {
        match (self.days_left, &self.servers, self.connectivity) {
            (Some(days), ..) => days.to_string(),
            (_, Some(names), _) => names.join(", "),
            (.., Some(status)) => {
                let symbol = word(&CONNECTIVITY, status).unwrap_or_default();
                format!("{status} {symbol}")
            }
            _ => String::new(),
        }
    }
}

impl View for HostAskedView {
    const SCHEMA: &'static str = "licctl.tslicense.host-asked/1";
    const COLUMNS: &'static [Column] = &[
        column("RETURNVALUE", "ReturnValue", Fit::Number),
        column("ANSWER", "TStoLSConnectivityStatus", Fit::Elide),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.return_value.to_string().into(), self.answer().into()]
    }

    fn name(&self) -> String {
        self.answer()
    }
}
