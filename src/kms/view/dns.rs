//! Records of DNS, what is wrong with them, and the order in which a client tries the hosts.

use crate::finding::{Finding, Level};
use crate::kms::report::dns::Found;
use crate::kms::rules::srv::{Data, Record, Srv};
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use schemars::JsonSchema;
use serde::Serialize;

/// A record that was read.
#[derive(Debug, Serialize, JsonSchema)]
struct DnsRecordView {
    owner: String,
    /// Seconds; null where the data does not tell.
    ttl: Option<u32>,
    /// `SRV`, `A`, `CNAME`; A stands for AAAA too.
    r#type: &'static str,
    priority: Option<u16>,
    weight: Option<u16>,
    port: Option<u16>,
    target: Option<String>,
    /// Counted from 1.
    line: u64,
}

impl From<&Record> for DnsRecordView {
    fn from(record: &Record) -> Self {
        let srv = match &record.data {
            Data::Srv(srv) => Some(srv),
            Data::Address | Data::Alias => None,
        };
        Self {
            owner: record.owner.clone(),
            ttl: record.ttl,
            r#type: record.data.word(),
            priority: srv.map(|srv| srv.priority),
            weight: srv.map(|srv| srv.weight),
            port: srv.map(|srv| srv.port),
            target: srv.map(|srv| srv.target.clone()),
            line: record.line,
        }
    }
}

/// What was read, and what is wrong with it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DnsCheckView {
    records: Vec<DnsRecordView>,
    findings: Vec<Finding>,
}

impl DnsCheckView {
    #[must_use]
    pub fn new(records: &[Record], found: &[Found<'_>]) -> Self {
        Self {
            records: records.iter().map(DnsRecordView::from).collect(),
            findings: found.iter().map(|found| found.finding.clone()).collect(),
        }
    }
}

impl View for DnsCheckView {
    const SCHEMA: &'static str = "licctl.kms.dnscheck/1";
    const COLUMNS: &'static [Column] =
        &[column("RECORDS", "records", Fit::Number), column("FINDINGS", "findings", Fit::Number)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.records.len().to_string().into(), self.findings.len().to_string().into()]
    }

    fn name(&self) -> String {
        self.findings.len().to_string()
    }
}

/// A finding in one line.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DnsFindingView {
    level: Level,
    id: &'static str,
    owner: Option<String>,
    target: Option<String>,
    port: Option<u16>,
    priority: Option<u16>,
    weight: Option<u16>,
    detail: String,
}

impl From<&Found<'_>> for DnsFindingView {
    fn from(found: &Found<'_>) -> Self {
        let srv = found.record.and_then(|record| match &record.data {
            Data::Srv(srv) => Some(srv),
            Data::Address | Data::Alias => None,
        });
        Self {
            level: found.finding.severity,
            id: found.finding.class,
            owner: found.record.map(|record| record.owner.clone()),
            target: srv.map(|srv| srv.target.clone()),
            port: srv.map(|srv| srv.port),
            priority: srv.map(|srv| srv.priority),
            weight: srv.map(|srv| srv.weight),
            detail: found.finding.message.clone(),
        }
    }
}

fn or_dash<T: ToString>(value: Option<&T>) -> Cell {
    value.map_or_else(|| "-".to_owned(), ToString::to_string).into()
}

impl View for DnsFindingView {
    const SCHEMA: &'static str = "licctl.kms.dnsfinding/1";
    const COLUMNS: &'static [Column] = &[
        column("LEVEL", "level", Fit::Keep),
        column("ID", "id", Fit::Keep),
        column("OWNER", "owner", Fit::Elide),
        column("TARGET", "target", Fit::Elide),
        column("PORT", "port", Fit::Number),
        column("PRIO", "priority", Fit::Number),
        column("WEIGHT", "weight", Fit::Number),
        column("DETAIL", "detail", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let tone = match self.level {
            Level::Error => Tone::Bad,
            Level::Warning => Tone::Warning,
            Level::Info => Tone::Plain,
        };
        vec![
            Cell::toned(self.level.word(), tone),
            self.id.into(),
            or_dash(self.owner.as_ref()),
            or_dash(self.target.as_ref()),
            or_dash(self.port.as_ref()),
            or_dash(self.priority.as_ref()),
            or_dash(self.weight.as_ref()),
            self.detail.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.id.to_owned()
    }
}

/// A host that a client tries.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TryView {
    /// Counted from 1.
    place: u32,
    target: String,
    port: u16,
    priority: u16,
    weight: u16,
}

impl TryView {
    #[must_use]
    pub fn new(place: u32, srv: &Srv) -> Self {
        let Srv { priority, weight, port, target } = srv.clone();
        Self { place, target, port, priority, weight }
    }
}

impl View for TryView {
    const SCHEMA: &'static str = "licctl.kms.dnstry/1";
    const COLUMNS: &'static [Column] = &[
        column("PLACE", "place", Fit::Number),
        column("TARGET", "target", Fit::Elide),
        column("PORT", "port", Fit::Number),
        column("PRIO", "priority", Fit::Number),
        column("WEIGHT", "weight", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.place.to_string().into(),
            self.target.clone().into(),
            self.port.to_string().into(),
            self.priority.to_string().into(),
            self.weight.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.target.clone()
    }
}
