//! Issued licenses: those of devices, those of users, what a connection came to, what the plan says.

use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::tslicense::catalog::enumerations::{DISCONNECT_REASON, LICENSE_STATUS, word};
use crate::tslicense::catalog::versions;
use crate::tslicense::model::datetime::written;
use crate::tslicense::model::{Issued, UserLicense};
use crate::tslicense::ops::plan::Line;
use crate::tslicense::ops::visits::Visited;
use crate::tslicense::report::duplicates::Member;
use crate::tslicense::report::plan::Action;
use crate::tslicense::rules::life::{Connected, Grant, NO_LICENSE, UserConnected};
use schemars::JsonSchema;
use serde::Serialize;

/// A license per device.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct IssuedView {
    license_id: u32,
    key_pack_id: u32,
    #[serde(rename = "sIssuedToUser")]
    user: String,
    #[serde(rename = "sIssuedToComputer")]
    computer: String,
    license_status: u32,
    /// `CIM_DATETIME`.
    issue_date: String,
    /// `CIM_DATETIME`.
    expiration_date: String,
    #[serde(rename = "sHardwareId")]
    hardware: String,
    #[serde(skip)]
    issued: Timestamp,
    #[serde(skip)]
    expires: Timestamp,
}

impl From<&Issued> for IssuedView {
    fn from(license: &Issued) -> Self {
        Self {
            license_id: license.id.0,
            key_pack_id: license.pack.0,
            user: license.user.clone(),
            computer: license.computer.clone(),
            license_status: license.status,
            issue_date: written(license.issued),
            expiration_date: written(license.expires),
            hardware: license.hardware.clone(),
            issued: license.issued,
            expires: license.expires,
        }
    }
}

impl View for IssuedView {
    const SCHEMA: &'static str = "licctl.tslicense.issued/1";
    const COLUMNS: &'static [Column] = &[
        column("LICENSEID", "LicenseId", Fit::Number),
        column("KEYPACK", "KeyPackId", Fit::Number),
        column("COMPUTER", "sIssuedToComputer", Fit::Elide),
        column("USER", "sIssuedToUser", Fit::Spare),
        column("STATUS", "LicenseStatus", Fit::Keep),
        column("ISSUED", "IssueDate", Fit::Keep),
        column("EXPIRES", "ExpirationDate", Fit::Keep),
        column("HWID", "sHardwareId", Fit::Elide),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let status = word(&LICENSE_STATUS, self.license_status);
        vec![
            self.license_id.to_string().into(),
            self.key_pack_id.to_string().into(),
            self.computer.clone().into(),
            self.user.clone().into(),
            status.map_or_else(|| self.license_status.to_string(), ToOwned::to_owned).into(),
            // The day is enough, and the hardware ID needs the room.
            self.issued.date().into(),
            look.time(self.expires).into(),
            self.hardware.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.license_id.to_string()
    }
}

/// A license per user.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct UserView {
    user: String,
    #[serde(rename = "ProductVersionID")]
    version: u32,
    /// `CIM_DATETIME`.
    expiration_date: String,
    /// From when on the license terms let another person have it.
    #[serde(rename = "reassignableOn")]
    reassignable_on: Timestamp,
    #[serde(rename = "server")]
    server: String,
    #[serde(skip)]
    expires: Timestamp,
}

impl UserView {
    #[must_use]
    pub fn new(license: &UserLicense, server: &str) -> Self {
        Self {
            user: license.user.clone(),
            version: license.version,
            expiration_date: written(license.expires),
            reassignable_on: license.reassignable(),
            server: server.to_owned(),
            expires: license.expires,
        }
    }
}

impl View for UserView {
    const SCHEMA: &'static str = "licctl.tslicense.user/1";
    const COLUMNS: &'static [Column] = &[
        column("USER", "User", Fit::Keep),
        column("VERSION", "ProductVersionID", Fit::Keep),
        column("EXPIRES", "ExpirationDate", Fit::Keep),
        column("REASSIGNABLE", "reassignableOn", Fit::Keep),
        column("SERVER", "server", Fit::Elide),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            self.user.clone().into(),
            versions::short(self.version).into(),
            look.time(self.expires).into(),
            look.time(self.reassignable_on).into(),
            self.server.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.user.clone()
    }
}

/// A license in a list of duplicates or in the plan of revocations.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct PlanView {
    license_id: u32,
    key_pack_id: u32,
    #[serde(rename = "sIssuedToComputer")]
    computer: String,
    #[serde(rename = "sHardwareId")]
    hardware: String,
    #[serde(rename = "ProductVersionID")]
    version: u32,
    /// `CIM_DATETIME`.
    issue_date: String,
    /// `CIM_DATETIME`.
    expiration_date: String,
    /// `retired`, `duplicate`, `APP_HWID`, `SAME_HWID_OTHER_NAME`, `stale`.
    #[serde(rename = "reason")]
    reason: &'static str,
    /// `revoke now`, `wait until`, `comes back`, `not possible`; of duplicates `keep`, `candidate`, `temporary`, `rename or clone`.
    #[serde(rename = "action")]
    action: &'static str,
    /// When it may be revoked, or ends by itself.
    #[serde(rename = "due")]
    due: Option<Timestamp>,
    #[serde(skip)]
    dates: (Timestamp, Timestamp),
}

impl PlanView {
    fn new(
        license: &Issued,
        version: u32,
        reason: &'static str,
        (action, due): (&'static str, Option<Timestamp>),
    ) -> Self {
        Self {
            license_id: license.id.0,
            key_pack_id: license.pack.0,
            computer: license.computer.clone(),
            hardware: license.hardware.clone(),
            version,
            issue_date: written(license.issued),
            expiration_date: written(license.expires),
            reason,
            action,
            due,
            dates: (license.issued, license.expires),
        }
    }

    /// A member of a group of duplicates.
    #[must_use]
    pub fn of_member(member: &Member, version: u32) -> Self {
        use crate::tslicense::report::duplicates::Reason;
        let action = match member.reason {
            Reason::SameHardware => "rename or clone",
            _ if member.keep => "keep",
            _ if member.license.is_temporary() => "temporary",
            _ => "candidate",
        };
        Self::new(&member.license, version, member.reason.word(), (action, None))
    }
}

impl From<&Line> for PlanView {
    fn from(line: &Line) -> Self {
        let action = match line.action {
            Action::RevokeNow => ("revoke now", None),
            Action::WaitUntil(at) => ("wait until", Some(at)),
            Action::ComesBack(at) => ("comes back", Some(at)),
            Action::NotPossible => ("not possible", None),
        };
        let candidate = &line.candidate;
        Self::new(&candidate.license, line.version, candidate.reason.word(), action)
    }
}

impl View for PlanView {
    const SCHEMA: &'static str = "licctl.tslicense.revocation/1";
    const COLUMNS: &'static [Column] = &[
        column("LICENSEID", "LicenseId", Fit::Number),
        column("KEYPACK", "KeyPackId", Fit::Number),
        column("COMPUTER", "sIssuedToComputer", Fit::Elide),
        column("HWID", "sHardwareId", Fit::Elide),
        column("VERSION", "ProductVersionID", Fit::Spare),
        column("ISSUED", "IssueDate", Fit::Spare),
        column("EXPIRES", "ExpirationDate", Fit::Keep),
        column("REASON", "reason", Fit::Phrase),
        column("ACTION", "action", Fit::Phrase),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let action = match (self.action, self.due) {
            ("not possible", _) => "not possible (limit 0)".to_owned(),
            (action, Some(due)) => format!("{action} {}", due.date()),
            (action, None) => action.to_owned(),
        };
        let tone = if self.action == "revoke now" { Tone::Warning } else { Tone::Plain };
        let (issued, expires) = self.dates;
        vec![
            self.license_id.to_string().into(),
            self.key_pack_id.to_string().into(),
            self.computer.clone().into(),
            self.hardware.clone().into(),
            versions::short(self.version).into(),
            issued.date().into(),
            expires.date().into(),
            self.reason.into(),
            Cell::toned(action, tone),
        ]
    }

    fn name(&self) -> String {
        self.license_id.to_string()
    }
}

/// What a connection came to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    allowed: bool,
    /// The license server that was asked; null when none was.
    server: Option<String>,
    /// `temporary`, `still-temporary`, `permanent`, `renewed`, `upgraded`, `held`, `unrecorded`, `grace`, `not-needed`,
    /// `refused`.
    grant: &'static str,
    /// The disconnect reason of a refused connection.
    reason: Option<u32>,
    symbol: Option<&'static str>,
    #[serde(rename = "LicenseId")]
    license_id: Option<u32>,
    #[serde(rename = "KeyPackId")]
    key_pack_id: Option<u32>,
    expires: Option<Timestamp>,
    /// Events that were written.
    events: Vec<u32>,
}

impl ConnectionView {
    /// What a connection to a stored host came to.
    #[must_use]
    pub fn of(visited: &Visited, server: Option<String>) -> Self {
        let view = match visited {
            Visited::Device(connected) => Self::from(connected),
            Visited::User(connected) => Self::from(connected),
            Visited::Free(grant) => Self::new(*grant, Vec::new()),
            Visited::Away(reason) => Self {
                reason: Some(*reason),
                symbol: word(&DISCONNECT_REASON, *reason),
                ..Self::new(Grant::Refused, Vec::new())
            },
        };
        Self { server, ..view }
    }

    /// A connection for which a named server was asked.
    #[must_use]
    pub fn by(self, server: &str) -> Self {
        Self { server: Some(server.to_owned()), ..self }
    }

    fn new(grant: Grant, events: Vec<u32>) -> Self {
        let reason = (grant == Grant::Refused).then_some(NO_LICENSE);
        Self {
            allowed: grant != Grant::Refused,
            server: None,
            grant: grant.word(),
            reason,
            symbol: reason.and_then(|reason| word(&DISCONNECT_REASON, reason)),
            license_id: None,
            key_pack_id: None,
            expires: None,
            events,
        }
    }
}

impl From<&Connected> for ConnectionView {
    fn from(connected: &Connected) -> Self {
        let events = connected.events.iter().map(|event| event.id).collect();
        let license = connected.license.as_ref();
        Self {
            license_id: license.map(|license| license.id.0),
            key_pack_id: license.map(|license| license.pack.0),
            expires: license.map(|license| license.expires),
            ..Self::new(connected.grant, events)
        }
    }
}

impl From<&UserConnected> for ConnectionView {
    fn from(connected: &UserConnected) -> Self {
        let events = connected.events.iter().map(|event| event.id).collect();
        let license = connected.license.as_ref();
        Self {
            key_pack_id: license.map(|license| license.pack.0),
            expires: license.map(|license| license.expires),
            ..Self::new(connected.grant, events)
        }
    }
}

impl View for ConnectionView {
    const SCHEMA: &'static str = "licctl.tslicense.connection/1";
    const COLUMNS: &'static [Column] = &[
        column("ALLOWED", "allowed", Fit::Keep),
        column("GRANT", "grant", Fit::Keep),
        column("LICENSEID", "LicenseId", Fit::Number),
        column("KEYPACK", "KeyPackId", Fit::Number),
        column("EXPIRES", "expires", Fit::Keep),
        column("SERVER", "server", Fit::Elide),
        column("REASON", "reason", Fit::Keep),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let number =
            |value: Option<u32>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
        let reason = match (self.reason, self.symbol) {
            (Some(reason), Some(symbol)) => format!("{reason} {symbol}"),
            _ => "-".to_owned(),
        };
        vec![
            if self.allowed { "yes" } else { "no" }.into(),
            self.grant.into(),
            number(self.license_id).into(),
            number(self.key_pack_id).into(),
            look.time_or_dash(self.expires).into(),
            self.server.as_deref().unwrap_or("-").into(),
            reason.into(),
        ]
    }

    fn name(&self) -> String {
        self.grant.to_owned()
    }
}
