//! Answers about the logs themselves: what they cover, whose clocks they show, what does not belong there, and all in short.

use super::Guid;
use super::judged::toned;
use crate::clock::Timestamp;
use crate::finding::Level;
use crate::kms::ops::questions::digest::Line;
use crate::kms::ops::questions::suspicious::Stranger;
use crate::kms::report::coverage::{Gap, HostLog};
use crate::kms::report::skew::{Skewed, Verdict, shown};
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use schemars::JsonSchema;
use serde::Serialize;

/// What the log of a host covers.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoverageView<'a> {
    host: &'a str,
    first: Timestamp,
    last: Timestamp,
    rows: u64,
    /// Null when the requests cover no time.
    rows_per_day: Option<f64>,
    /// How often the record numbers began again, plus 1.
    segments: u64,
    /// The first hundred.
    gaps: Vec<GapView>,
    more_gaps: u64,
    /// Records in all gaps.
    missing: u64,
    /// Records that are newer than one with a larger number: the clock went back.
    out_of_order: u64,
    record_bytes: u64,
    log_bytes: u64,
    /// Days that a log of that size holds.
    days_held: Option<f64>,
    days_wanted: u32,
    /// The size that holds them.
    bytes_wanted: Option<u64>,
    #[serde(skip)]
    too_small: bool,
}

/// Record numbers that are missing, both included.
#[derive(Debug, Serialize, JsonSchema)]
struct GapView {
    from: u64,
    to: u64,
}

impl<'a> From<&'a HostLog> for CoverageView<'a> {
    fn from(log: &'a HostLog) -> Self {
        let gap = |gap: &Gap| GapView { from: gap.from, to: gap.to };
        Self {
            host: &log.host,
            first: log.first,
            last: log.last,
            rows: log.rows,
            rows_per_day: log.sizes.rows_per_day,
            segments: log.segments,
            gaps: log.gaps.iter().map(gap).collect(),
            more_gaps: log.more_gaps,
            missing: log.missing,
            out_of_order: log.step_back.map_or(0, |step| step.rows),
            record_bytes: log.sizes.record_bytes,
            log_bytes: log.sizes.log_bytes,
            days_held: log.sizes.days_held,
            days_wanted: log.sizes.days,
            bytes_wanted: log.sizes.bytes_wanted,
            too_small: log.sizes.too_small(),
        }
    }
}

fn tenth(number: Option<f64>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| format!("{number:.1}"))
}

impl View for CoverageView<'_> {
    const SCHEMA: &'static str = "licctl.kms.coverage/1";
    const COLUMNS: &'static [Column] = &[
        column("HOST", "host", Fit::Elide),
        column("FIRST", "first", Fit::Keep),
        column("LAST", "last", Fit::Keep),
        column("ROWS", "rows", Fit::Number),
        column("ROWS/DAY", "rowsPerDay", Fit::Number),
        column("SEGMENTS", "segments", Fit::Spare),
        column("GAPS", "gaps", Fit::Wrap),
        column("BYTES/RECORD", "recordBytes", Fit::Spare),
        column("DAYS-HELD", "daysHeld", Fit::Number),
        column("SIZE-WANTED", "bytesWanted", Fit::Number),
    ];
    const TIME: Option<&'static str> = Some("last");

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let mut gaps: Vec<String> = self
            .gaps
            .iter()
            .take(3)
            .map(|gap| {
                if gap.from == gap.to {
                    gap.from.to_string()
                } else {
                    format!("{}-{}", gap.from, gap.to)
                }
            })
            .collect();
        let listed = u64::try_from(self.gaps.len()).unwrap_or_default() + self.more_gaps;
        let more = listed.saturating_sub(3);
        if more > 0 {
            gaps.push(format!("{more} more"));
        }
        let gaps = if gaps.is_empty() { "-".to_owned() } else { gaps.join(", ") };
        let tone = if self.too_small { Tone::Warning } else { Tone::Plain };
        vec![
            self.host.into(),
            self.first.date().into(),
            self.last.date().into(),
            self.rows.to_string().into(),
            tenth(self.rows_per_day).into(),
            self.segments.to_string().into(),
            gaps.into(),
            self.record_bytes.to_string().into(),
            Cell::toned(tenth(self.days_held), tone),
            self.bytes_wanted.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string()).into(),
        ]
    }

    fn name(&self) -> String {
        self.host.to_owned()
    }
}

/// A client whose clock differs from that of its host.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SkewView<'a> {
    #[serde(rename = "ClientName")]
    client_name: &'a str,
    #[serde(rename = "ClientMachineID")]
    client_machine_id: Guid,
    host: &'a str,
    /// `zone-or-dst`, `off`, `refusable` or `unreadable`: that of the worst request.
    verdict: &'static str,
    /// Requests that differ.
    rows: u64,
    /// The farthest difference; positive when the client is ahead. Null when the client time is no time.
    worst_seconds: Option<i64>,
    /// That of the newest request.
    newest_seconds: Option<i64>,
    first: Timestamp,
    last: Timestamp,
    #[serde(skip)]
    bad: bool,
}

impl<'a> From<&'a Skewed> for SkewView<'a> {
    fn from(skewed: &'a Skewed) -> Self {
        Self {
            client_name: &skewed.name,
            client_machine_id: Guid(skewed.cmid),
            host: &skewed.host,
            verdict: skewed.verdict.word(),
            rows: skewed.rows,
            worst_seconds: skewed.worst,
            newest_seconds: skewed.newest,
            first: skewed.first,
            last: skewed.last,
            bad: skewed.verdict == Verdict::Refusable,
        }
    }
}

impl View for SkewView<'_> {
    const SCHEMA: &'static str = "licctl.kms.skew/1";
    const COLUMNS: &'static [Column] = &[
        column("CLIENT", "ClientName", Fit::Elide),
        column("CMID", "ClientMachineID", Fit::Elide),
        column("HOST", "host", Fit::Elide),
        column("VERDICT", "verdict", Fit::Keep),
        column("WORST", "worstSeconds", Fit::Keep),
        column("NEWEST", "newestSeconds", Fit::Spare),
        column("ROWS", "rows", Fit::Number),
        column("LAST", "last", Fit::Spare),
    ];
    const TIME: Option<&'static str> = Some("last");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let apart = |seconds: Option<i64>| seconds.map_or_else(|| "-".to_owned(), shown);
        vec![
            self.client_name.into(),
            self.client_machine_id.0.to_string().into(),
            self.host.into(),
            Cell::toned(self.verdict, if self.bad { Tone::Bad } else { Tone::Plain }),
            apart(self.worst_seconds).into(),
            apart(self.newest_seconds).into(),
            self.rows.to_string().into(),
            look.time(self.last).into(),
        ]
    }

    fn name(&self) -> String {
        self.client_machine_id.0.to_string()
    }
}

/// A record that is no KMS event. Its content is never shown.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct StrangerView<'a> {
    host: &'a str,
    /// Null when the log had no record numbers.
    record_id: Option<u64>,
    time_created: Timestamp,
    #[serde(rename = "EventID")]
    event_id: u32,
    /// Bytes of the binary part, or of the text when there is none.
    #[serde(rename = "size")]
    size: u64,
    /// Of the same.
    #[serde(rename = "sha256")]
    sha256: &'a str,
}

impl<'a> From<&'a Stranger> for StrangerView<'a> {
    fn from(stranger: &'a Stranger) -> Self {
        Self {
            host: &stranger.host,
            record_id: stranger.record,
            time_created: stranger.time,
            event_id: stranger.id,
            size: stranger.size,
            sha256: &stranger.sha256,
        }
    }
}

impl View for StrangerView<'_> {
    const SCHEMA: &'static str = "licctl.kms.suspicious/1";
    const COLUMNS: &'static [Column] = &[
        column("TIME", "TimeCreated", Fit::Keep),
        column("HOST", "Host", Fit::Elide),
        column("RECORD", "RecordId", Fit::Number),
        column("EVENT", "EventID", Fit::Number),
        column("SIZE", "size", Fit::Number),
        column("SHA256", "sha256", Fit::Elide),
    ];
    const TIME: Option<&'static str> = Some("TimeCreated");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            look.time(self.time_created).into(),
            self.host.into(),
            self.record_id.map_or_else(|| "-".to_owned(), |record| record.to_string()).into(),
            Cell::toned(self.event_id.to_string(), Tone::Bad),
            self.size.to_string().into(),
            self.sha256.into(),
        ]
    }

    fn name(&self) -> String {
        self.sha256.to_owned()
    }
}

/// One question in one line.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DigestView<'a> {
    /// The command that tells more.
    question: &'static str,
    /// The worst of its findings; null when there is none.
    severity: Option<Level>,
    findings: u64,
    message: &'a str,
}

impl<'a> From<&'a Line> for DigestView<'a> {
    fn from(line: &'a Line) -> Self {
        Self {
            question: line.question,
            severity: line.level,
            findings: line.findings,
            message: &line.message,
        }
    }
}

impl View for DigestView<'_> {
    const SCHEMA: &'static str = "licctl.kms.summary/1";
    const COLUMNS: &'static [Column] = &[
        column("QUESTION", "question", Fit::Keep),
        column("LEVEL", "severity", Fit::Keep),
        column("FINDINGS", "findings", Fit::Number),
        column("ANSWER", "message", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.question.into(),
            self.severity.map_or_else(|| Cell::toned("ok", Tone::Good), toned),
            self.findings.to_string().into(),
            self.message.into(),
        ]
    }

    fn name(&self) -> String {
        self.question.to_owned()
    }
}
