//! How full features are, and what the usage log says of them.

use super::moment;
use crate::clock::Timestamp;
use crate::finding::Level;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::rms::catalog::transactions;
use crate::rms::model::usage::UsageRecord;
use crate::rms::report::capacity::Capacity;
use crate::rms::report::usage::Usage;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// How full a feature is; null limits are unlimited.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CapacityView {
    feature_name: String,
    feature_version: String,
    total: Option<u64>,
    soft: Option<u64>,
    used: u64,
    free: Option<u64>,
    reserved: u64,
    commuted: u64,
    queued: u64,
    denied: u64,
    /// `EXPIRED`, `EXHAUSTED`, `OVER_SOFT`, `NEAR_SOFT`, `NEAR_HARD` or `OK`.
    state: &'static str,
    /// The alert that goes out in this state, or that would be the next to; null: no alert configuration is known.
    alert: Option<&'static str>,
    /// The ways by which it goes out; empty: nobody is told.
    told_by: Option<Vec<String>>,
    /// As the file of applications says; null: it does not.
    application: Option<String>,
    #[serde(skip)]
    level: Option<Level>,
}

impl From<&Capacity> for CapacityView {
    fn from(capacity: &Capacity) -> Self {
        Self {
            feature_name: capacity.key.name.clone(),
            feature_version: capacity.key.version.clone(),
            total: capacity.total.finite(),
            soft: capacity.soft.finite(),
            used: capacity.used,
            free: capacity.free.finite(),
            reserved: capacity.reserved,
            commuted: capacity.commuted,
            queued: capacity.queued,
            denied: capacity.denied,
            state: capacity.state.word(),
            alert: capacity.told.as_ref().map(|told| told.alert),
            told_by: capacity.told.as_ref().map(|told| told.ways.clone()),
            level: capacity.level(),
            application: None,
        }
    }
}

impl CapacityView {
    /// Adds the application that the feature belongs to.
    #[must_use]
    pub fn of_application(self, application: Option<String>) -> Self {
        Self { application, ..self }
    }
}

impl View for CapacityView {
    const SCHEMA: &'static str = "licctl.rms.capacity/1";
    const COLUMNS: &'static [Column] = &[
        column("APPLICATION", "application", Fit::Seldom),
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("TOTAL", "total", Fit::Number),
        column("SOFT", "soft", Fit::Number),
        column("USED", "used", Fit::Number),
        column("FREE", "free", Fit::Number),
        column("RESERVED", "reserved", Fit::Spare),
        column("COMMUTED", "commuted", Fit::Spare),
        column("QUEUED", "queued", Fit::Spare),
        column("DENIED", "denied", Fit::Number),
        column("STATE", "state", Fit::Keep),
        column("TOLD BY", "toldBy", Fit::Seldom),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let limit = |units: Option<u64>, none: &str| match units {
            Some(units) => Cell::from(units.to_string()),
            None => Cell::toned(none, Tone::Faint),
        };
        let tone = match self.level {
            Some(Level::Error) => Tone::Bad,
            Some(_) => Tone::Warning,
            None => Tone::Good,
        };
        let denied = if self.denied > 0 { " DENIED" } else { "" };
        vec![
            self.application.clone().unwrap_or_default().into(),
            self.feature_name.clone().into(),
            self.feature_version.clone().into(),
            limit(self.total, "unlimited"),
            limit(self.soft, "none"),
            self.used.to_string().into(),
            limit(self.free, "unlimited"),
            // Spare columns begin at the left; numbers end at the right.
            format!("{:>8}", self.reserved).into(),
            format!("{:>8}", self.commuted).into(),
            format!("{:>6}", self.queued).into(),
            self.denied.to_string().into(),
            Cell::toned(format!("{}{denied}", self.state), tone),
            match &self.told_by {
                None => Cell::from(""),
                Some(ways) if ways.is_empty() => Cell::toned("nobody", Tone::Warning),
                Some(ways) => ways.join(", ").into(),
            },
        ]
    }

    fn name(&self) -> String {
        self.feature_name.clone()
    }
}

/// A request that was refused.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DenialView {
    feature_name: String,
    feature_version: String,
    at: Option<Timestamp>,
    user_name: String,
    host_name: String,
    num_units: Option<u64>,
    /// Units that were in use then; null: encrypted.
    in_use: Option<u64>,
    /// Number of the transaction: 1 denied, 4 not even queued.
    transaction: i64,
    comment: String,
    /// As the file of applications says; null: it does not.
    application: Option<String>,
}

impl From<&UsageRecord> for DenialView {
    fn from(record: &UsageRecord) -> Self {
        Self {
            feature_name: record.feature.name.clone(),
            feature_version: record.feature.version.clone(),
            at: moment(Some(record.time)),
            user_name: record.user.clone(),
            host_name: record.host.clone(),
            num_units: record.units,
            in_use: record.in_use,
            transaction: record.transaction,
            comment: record.comment.clone(),
            application: None,
        }
    }
}

fn figure(number: Option<u64>) -> Cell {
    number.map_or_else(|| Cell::toned("?", Tone::Faint), |number| number.to_string().into())
}

impl DenialView {
    /// Adds the application that the feature belongs to.
    #[must_use]
    pub fn of_application(self, application: Option<String>) -> Self {
        Self { application, ..self }
    }
}

impl View for DenialView {
    const SCHEMA: &'static str = "licctl.rms.denial/1";
    const COLUMNS: &'static [Column] = &[
        column("APPLICATION", "application", Fit::Seldom),
        column("AT", "at", Fit::Keep),
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("USER", "userName", Fit::Keep),
        column("HOST", "hostName", Fit::Elide),
        column("UNITS", "numUnits", Fit::Number),
        column("IN USE", "inUse", Fit::Number),
        column("WHAT", "transaction", Fit::Keep),
    ];
    const TIME: Option<&'static str> = Some("at");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            self.application.clone().unwrap_or_default().into(),
            self.at.map_or_else(|| "-".into(), |at| look.time(at).into()),
            self.feature_name.clone().into(),
            self.feature_version.clone().into(),
            self.user_name.clone().into(),
            self.host_name.clone().into(),
            figure(self.num_units),
            figure(self.in_use),
            transactions::word(self.transaction).into(),
        ]
    }

    fn name(&self) -> String {
        format!("{}@{}", self.user_name, self.host_name)
    }
}

/// What one user did with a feature.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct UserUsageView {
    requests: u64,
    issued: u64,
    denied: u64,
    seconds: u64,
}

/// What the usage log says of a feature.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageView {
    feature_name: String,
    feature_version: String,
    requests: u64,
    issued: u64,
    denied: u64,
    /// Of the requests, rounded down; null without any.
    denied_percent: Option<u64>,
    queued: u64,
    checked_out: u64,
    /// Records whose figures cannot be read.
    encrypted: u64,
    peak: u64,
    peak_at: Option<Timestamp>,
    /// Seconds of use; null without a release.
    shortest: Option<u64>,
    average: Option<u64>,
    longest: Option<u64>,
    users: BTreeMap<String, UserUsageView>,
    /// As the file of applications says; null: it does not.
    application: Option<String>,
}

impl From<&Usage> for UsageView {
    fn from(usage: &Usage) -> Self {
        let users = usage.users.iter().filter(|(_, one)| one.requests > 0 || one.seconds > 0);
        Self {
            feature_name: usage.key.name.clone(),
            feature_version: usage.key.version.clone(),
            requests: usage.requests,
            issued: usage.issued,
            denied: usage.denied,
            denied_percent: usage.denied.saturating_mul(100).checked_div(usage.requests),
            queued: usage.queued,
            checked_out: usage.checked_out,
            encrypted: usage.encrypted,
            peak: usage.peak,
            peak_at: moment(usage.peak_at),
            shortest: usage.shortest,
            average: usage.average(),
            longest: usage.longest,
            application: None,
            users: users
                .map(|(name, one)| {
                    let view = UserUsageView {
                        requests: one.requests,
                        issued: one.issued,
                        denied: one.denied,
                        seconds: one.seconds,
                    };
                    (name.clone(), view)
                })
                .collect(),
        }
    }
}

impl UsageView {
    /// Adds the application that the feature belongs to.
    #[must_use]
    pub fn of_application(self, application: Option<String>) -> Self {
        Self { application, ..self }
    }
}

impl View for UsageView {
    const SCHEMA: &'static str = "licctl.rms.usage/1";
    const COLUMNS: &'static [Column] = &[
        column("APPLICATION", "application", Fit::Seldom),
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("REQUESTS", "requests", Fit::Number),
        column("DENIED", "denied", Fit::Number),
        column("%", "deniedPercent", Fit::Number),
        column("PEAK", "peak", Fit::Number),
        column("PEAK AT", "peakAt", Fit::Keep),
        column("MIN", "shortest", Fit::Spare),
        column("AVG", "average", Fit::Spare),
        column("MAX", "longest", Fit::Number),
        column("USERS", "users", Fit::Number),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let minutes = |seconds: Option<u64>| match seconds {
            Some(seconds) => Cell::from(format!("{:>5}", format!("{} min", seconds / 60))),
            None => Cell::toned("    -", Tone::Faint),
        };
        let tone = if self.denied > 0 { Tone::Warning } else { Tone::Plain };
        vec![
            self.application.clone().unwrap_or_default().into(),
            self.feature_name.clone().into(),
            self.feature_version.clone().into(),
            self.requests.to_string().into(),
            Cell::toned(self.denied.to_string(), tone),
            self.denied_percent.map_or_else(|| "-".to_owned(), |part| part.to_string()).into(),
            self.peak.to_string().into(),
            self.peak_at.map_or_else(|| "-".into(), |at| look.time(at).into()),
            minutes(self.shortest),
            minutes(self.average),
            minutes(self.longest),
            self.users.len().to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.feature_name.clone()
    }
}
