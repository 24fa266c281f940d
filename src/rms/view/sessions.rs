//! Tokens in somebody's hands: sessions, clients that wait, check-outs, and all of them as holders.

use super::moment;
use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::session::{Session, State};
use crate::rms::rules::login::Alert;
use schemars::JsonSchema;
use serde::Serialize;

/// A session, by the names of clientInfo.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    key_id: u32,
    feature_name: String,
    feature_version: String,
    user_name: String,
    host_name: String,
    host_id: String,
    x_display_name: String,
    vendor_defined_sharing_id: String,
    group: String,
    num_units: u64,
    /// `running`, `held`, `commuted`, `queued`, `granted`, `reclaimed` or `terminated`.
    state: &'static str,
    /// Seconds since 1970.
    start_time: i64,
    since: Option<Timestamp>,
    last_refresh: Option<Timestamp>,
    /// When time changes the session; null: it does not.
    until: Option<Timestamp>,
    /// Key of the token that it shares.
    shared_with: Option<u32>,
    shared_client_count: u32,
    license_hash: String,
    comment: String,
    /// What the call made the License Manager tell: `appstart`, `softlimit`, `hardlimit`, `appstop`.
    alerts: Vec<&'static str>,
    /// Its position in the queue, from 1; null: it does not wait.
    position: Option<u64>,
}

impl SessionView {
    #[must_use]
    pub fn new(key: &FeatureKey, session: &Session) -> Self {
        let client = &session.client;
        Self {
            key_id: session.key,
            feature_name: key.name.clone(),
            feature_version: key.version.clone(),
            user_name: client.user.clone(),
            host_name: client.host.clone(),
            host_id: client.host_id.clone(),
            x_display_name: client.x_display.clone(),
            vendor_defined_sharing_id: client.sharing_id.clone(),
            group: session.group.clone(),
            num_units: session.units,
            state: session.state.word(),
            start_time: session.start,
            since: moment(Some(session.start)),
            last_refresh: moment(Some(session.refreshed)),
            until: until(session),
            shared_with: session.shares,
            shared_client_count: session.clients,
            license_hash: session.license.clone(),
            comment: session.comment.clone(),
            alerts: Vec::new(),
            position: None,
        }
    }

    /// Adds what the call brought about.
    #[must_use]
    pub fn told(self, alerts: &[Alert], position: u64) -> Self {
        let alerts = alerts.iter().map(|alert| alert.word()).collect();
        Self { alerts, position: (position > 0).then_some(position), ..self }
    }
}

/// The last second in which a row is as it is.
fn until(session: &Session) -> Option<Timestamp> {
    let whole = matches!(session.state, State::Held);
    moment(session.due.map(|due| if whole { due } else { due - 1 }))
}

fn version(version: &str) -> Cell {
    if version.is_empty() { Cell::toned("-", Tone::Faint) } else { version.into() }
}

fn time(look: &Look, at: Option<Timestamp>, none: &str) -> Cell {
    at.map_or_else(|| Cell::toned(none, Tone::Faint), |at| look.time(at).into())
}

impl View for SessionView {
    const SCHEMA: &'static str = "licctl.rms.session/1";
    const COLUMNS: &'static [Column] = &[
        column("KEYID", "keyId", Fit::Number),
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("USER", "userName", Fit::Keep),
        column("HOST", "hostName", Fit::Elide),
        column("UNITS", "numUnits", Fit::Number),
        column("SINCE", "since", Fit::Keep),
        column("STATE", "state", Fit::Keep),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = if matches!(self.state, "reclaimed" | "terminated") {
            Tone::Faint
        } else {
            Tone::Plain
        };
        vec![
            self.key_id.to_string().into(),
            self.feature_name.clone().into(),
            version(&self.feature_version),
            self.user_name.clone().into(),
            self.host_name.clone().into(),
            self.num_units.to_string().into(),
            time(look, self.since, "-"),
            Cell::toned(self.state, tone),
        ]
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let heads = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        let mut lines: Vec<(String, Cell)> = heads.zip(self.cells(look)).collect();
        let shares = self.shared_with.map_or_else(|| "-".to_owned(), |key| key.to_string());
        let more: [(&str, Cell); 8] = [
            ("GROUP", self.group.clone().into()),
            ("HOST ID", self.host_id.clone().into()),
            ("X DISPLAY", self.x_display_name.clone().into()),
            ("SHARING ID", self.vendor_defined_sharing_id.clone().into()),
            ("REFRESHED", time(look, self.last_refresh, "-")),
            ("UNTIL", time(look, self.until, "-")),
            ("SHARES", shares.into()),
            ("LICENSE", self.license_hash.clone().into()),
        ];
        lines.extend(more.map(|(head, cell)| (head.to_owned(), cell)));
        lines
    }

    fn name(&self) -> String {
        self.key_id.to_string()
    }
}

/// A client that waits.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueuedView {
    position: u64,
    key_id: u32,
    feature_name: String,
    feature_version: String,
    user_name: String,
    host_name: String,
    group: String,
    /// Units that it wants, and those that are kept for it so far.
    num_units: u64,
    kept: u64,
    since: Option<Timestamp>,
    /// Seconds that it has waited.
    waiting: i64,
    until: Option<Timestamp>,
}

impl QueuedView {
    #[must_use]
    pub fn new(key: &FeatureKey, session: &Session, position: u64, now: Timestamp) -> Self {
        Self {
            position,
            key_id: session.key,
            feature_name: key.name.clone(),
            feature_version: key.version.clone(),
            user_name: session.client.user.clone(),
            host_name: session.client.host.clone(),
            group: session.group.clone(),
            num_units: session.units,
            kept: session.kept,
            since: moment(Some(session.start)),
            waiting: now.s() - session.start,
            until: until(session),
        }
    }
}

impl View for QueuedView {
    const SCHEMA: &'static str = "licctl.rms.queued/1";
    const COLUMNS: &'static [Column] = &[
        column("POS", "position", Fit::Number),
        column("KEYID", "keyId", Fit::Number),
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("USER", "userName", Fit::Keep),
        column("HOST", "hostName", Fit::Elide),
        column("UNITS", "numUnits", Fit::Number),
        column("WAITING", "waiting", Fit::Number),
        column("RESERVED", "kept", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.position.to_string().into(),
            self.key_id.to_string().into(),
            self.feature_name.clone().into(),
            version(&self.feature_version),
            self.user_name.clone().into(),
            self.host_name.clone().into(),
            self.num_units.to_string().into(),
            format!("{} s", self.waiting).into(),
            self.kept.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.key_id.to_string()
    }
}

/// A check-out.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckOutView {
    key_id: u32,
    feature_name: String,
    feature_version: String,
    user_name: String,
    host_name: String,
    num_units: u64,
    from: Option<Timestamp>,
    /// Null: it does not end.
    until: Option<Timestamp>,
    remote: bool,
    license_hash: String,
}

impl CheckOutView {
    #[must_use]
    pub fn new(key: &FeatureKey, session: &Session) -> Self {
        Self {
            key_id: session.key,
            feature_name: key.name.clone(),
            feature_version: key.version.clone(),
            user_name: session.client.user.clone(),
            host_name: session.client.host.clone(),
            num_units: session.units,
            from: moment(Some(session.start)),
            until: until(session),
            remote: session.remote,
            license_hash: session.license.clone(),
        }
    }

    /// When it ends, in words.
    #[must_use]
    pub fn ends(&self) -> String {
        self.until.map_or_else(|| "it is checked in".to_owned(), |at| at.to_string())
    }
}

impl View for CheckOutView {
    const SCHEMA: &'static str = "licctl.rms.checkout/1";
    const COLUMNS: &'static [Column] = &[
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("USER", "userName", Fit::Keep),
        column("HOST", "hostName", Fit::Elide),
        column("UNITS", "numUnits", Fit::Number),
        column("FROM", "from", Fit::Keep),
        column("UNTIL", "until", Fit::Keep),
        column("REMOTE", "remote", Fit::Keep),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            self.feature_name.clone().into(),
            version(&self.feature_version),
            self.user_name.clone().into(),
            self.host_name.clone().into(),
            self.num_units.to_string().into(),
            time(look, self.from, "-"),
            time(look, self.until, "never"),
            if self.remote { "yes" } else { "no" }.into(),
        ]
    }

    fn name(&self) -> String {
        format!("{}@{}", self.user_name, self.host_name)
    }
}

/// Who has what, or waits for it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HolderView {
    /// `RUN`, `HELD`, `COMMUTED`, `QUEUED`, or `UNKNOWN`: units in use that no listed client has.
    kind: &'static str,
    key_id: Option<u32>,
    feature_name: String,
    feature_version: String,
    user_name: String,
    host_name: String,
    group: String,
    num_units: u64,
    since: Option<Timestamp>,
    /// The end of a hold, a check-out or a wait; null: none.
    until: Option<Timestamp>,
    shared_with: Option<u32>,
    shared_client_count: u32,
    license_hash: String,
    /// As the file of applications says; null: it does not.
    application: Option<String>,
}

impl HolderView {
    /// `None` for what nobody has any more.
    #[must_use]
    pub fn new(key: &FeatureKey, session: &Session) -> Option<Self> {
        let (kind, ends) = match session.state {
            State::Running => ("RUN", false),
            State::Held => ("HELD", true),
            State::Commuted => ("COMMUTED", true),
            State::Queued | State::Granted => ("QUEUED", true),
            _ => return None,
        };
        Some(Self {
            application: None,
            kind,
            key_id: Some(session.key),
            feature_name: key.name.clone(),
            feature_version: key.version.clone(),
            user_name: session.client.user.clone(),
            host_name: session.client.host.clone(),
            group: session.group.clone(),
            num_units: session.units,
            since: moment(Some(session.start)),
            until: until(session).filter(|_| ends),
            shared_with: session.shares,
            shared_client_count: session.clients,
            license_hash: session.license.clone(),
        })
    }

    /// Units that an artefact counted, and whose clients it did not list.
    #[must_use]
    pub fn unattributed(key: &FeatureKey, units: u64) -> Self {
        Self {
            application: None,
            kind: "UNKNOWN",
            key_id: None,
            feature_name: key.name.clone(),
            feature_version: key.version.clone(),
            user_name: String::new(),
            host_name: String::new(),
            group: String::new(),
            num_units: units,
            since: None,
            until: None,
            shared_with: None,
            shared_client_count: 0,
            license_hash: String::new(),
        }
    }
}

impl HolderView {
    /// Adds the application that the feature belongs to.
    #[must_use]
    pub fn of_application(self, application: Option<String>) -> Self {
        Self { application, ..self }
    }
}

impl View for HolderView {
    const SCHEMA: &'static str = "licctl.rms.holder/1";
    const COLUMNS: &'static [Column] = &[
        column("APPLICATION", "application", Fit::Seldom),
        column("KIND", "kind", Fit::Keep),
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("USER", "userName", Fit::Keep),
        column("HOST", "hostName", Fit::Elide),
        column("UNITS", "numUnits", Fit::Number),
        column("SINCE", "since", Fit::Keep),
        column("UNTIL", "until", Fit::Keep),
        column("SHARES", "sharedWith", Fit::Spare),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let shares = self.shared_with.map_or_else(|| "-".to_owned(), |key| key.to_string());
        vec![
            self.application.clone().unwrap_or_default().into(),
            self.kind.into(),
            self.feature_name.clone().into(),
            version(&self.feature_version),
            self.user_name.clone().into(),
            self.host_name.clone().into(),
            self.num_units.to_string().into(),
            time(look, self.since, "-"),
            time(look, self.until, "-"),
            shares.into(),
        ]
    }

    fn name(&self) -> String {
        format!("{}@{}", self.user_name, self.host_name)
    }
}
