//! What a document was answered, item by item.

use crate::csp::catalog::codes;
use crate::csp::model::answer::{Answer, Receipt, ResultItem};
use crate::output::{Cell, Column, Fit, Look, PlainRow, Tone, View, column};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use std::borrow::Cow;

/// The answer to one item of a command.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct StatusView<'a> {
    /// Line of the document, counted from 1; null for the message as a whole.
    #[serde(rename = "line")]
    line: Option<u64>,
    #[serde(rename = "CmdID")]
    cmd_id: Cow<'a, str>,
    cmd: Cow<'a, str>,
    #[serde(rename = "LocURI")]
    loc_uri: Option<Cow<'a, str>>,
    /// OMA-DM status.
    status: u16,
    /// Beside a split run: the status in the whole message; null otherwise.
    #[serde(rename = "whole")]
    whole: Option<u16>,
    /// How Intune shows a refusal; null for a yes.
    #[serde(rename = "intune")]
    intune: Option<String>,
    /// HRESULT behind a refusal.
    #[serde(rename = "hresult")]
    hresult: Option<String>,
    #[serde(rename = "symbol")]
    symbol: Option<&'static str>,
    #[serde(rename = "reason")]
    reason: String,
    #[serde(rename = "remedy")]
    remedy: String,
    /// What a Get found.
    #[serde(serialize_with = "results")]
    #[schemars(with = "Vec<ResultView<'static>>")]
    results: Vec<ResultItem>,
}

/// The results are taken as they are: what no JSON shows need not be made JSON.
fn results<S: Serializer>(items: &[ResultItem], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(items.iter().map(|item| ResultView {
        loc_uri: &item.source,
        format: item.format.word(),
        data: item.data.as_deref().map(|data| super::nodes::json(item.format, data)),
    }))
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct ResultView<'a> {
    #[serde(rename = "LocURI")]
    loc_uri: &'a str,
    format: &'static str,
    /// A number for `int`, text for every other format; null for a node without data.
    data: Option<Json>,
}

impl<'a> StatusView<'a> {
    #[must_use]
    pub fn new(answer: Answer<'a>, whole: Option<u16>) -> Self {
        let reply = answer.reply;
        let refused = !reply.is_success();
        let code = reply.original_error.and_then(codes::hresult);
        Self {
            line: Some(answer.line),
            cmd_id: answer.command,
            cmd: answer.name,
            loc_uri: answer.loc_uri,
            status: reply.status,
            whole,
            intune: refused.then(|| format!("0x{:08X}", codes::intune(reply.status))),
            hresult: reply.original_error.map(|code| format!("0x{code:08X}")),
            symbol: code.or_else(|| codes::status(reply.status)).map(|code| code.symbol),
            reason: reply.reason,
            remedy: reply.remedy,
            results: reply.results,
        }
    }

    /// The refusal of a message as a whole.
    #[must_use]
    pub fn header(receipt: Receipt) -> Self {
        Self {
            line: None,
            cmd_id: Cow::Borrowed("0"),
            cmd: Cow::Borrowed("SyncHdr"),
            loc_uri: None,
            status: receipt.status,
            whole: None,
            intune: Some(format!("0x{:08X}", codes::intune(receipt.status))),
            hresult: None,
            symbol: codes::status(receipt.status).map(|code| code.symbol),
            reason: receipt.reason,
            remedy: String::new(),
            results: Vec::new(),
        }
    }

    /// The same row, which outlives its answer.
    #[must_use]
    pub fn into_owned(self) -> StatusView<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        StatusView {
            cmd_id: own(self.cmd_id),
            cmd: own(self.cmd),
            loc_uri: self.loc_uri.map(own),
            line: self.line,
            status: self.status,
            whole: self.whole,
            intune: self.intune,
            hresult: self.hresult,
            symbol: self.symbol,
            reason: self.reason,
            remedy: self.remedy,
            results: self.results,
        }
    }

    /// A line for the standard error, beside a response that takes the standard output.
    #[must_use]
    pub fn line(&self) -> String {
        let uri = self.loc_uri.as_deref().unwrap_or("-");
        let reason =
            if self.reason.is_empty() { String::new() } else { format!("  {}", self.reason) };
        format!("{}  {}  {uri}  {}{reason}", self.cmd_id, self.cmd, self.status)
    }

    fn shown_reason(&self) -> Cow<'_, str> {
        match (self.reason.as_str(), self.results.as_slice()) {
            ("", [only]) => Cow::Borrowed(only.data.as_deref().unwrap_or_default()),
            ("", [_, ..]) => Cow::Owned(format!("{} nodes", self.results.len())),
            (reason, _) => Cow::Borrowed(reason),
        }
    }

    fn shown_id(&self) -> &str {
        if self.cmd_id.is_empty() { "-" } else { &self.cmd_id }
    }

    fn shown_address(&self) -> &str {
        self.loc_uri.as_deref().unwrap_or("-")
    }
}

impl View for StatusView<'_> {
    const SCHEMA: &'static str = "licctl.csp.status/1";
    const COLUMNS: &'static [Column] = &[
        column("CMDID", "CmdID", Fit::Keep),
        column("CMD", "Cmd", Fit::Keep),
        column("LOCURI", "LocURI", Fit::ElideHead),
        column("STATUS", "Status", Fit::Number),
        column("REASON", "reason", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let tone = if self.intune.is_none() { Tone::Plain } else { Tone::Bad };
        let status = match self.whole {
            Some(whole) => format!("{} (whole: {whole})", self.status),
            None => self.status.to_string(),
        };
        vec![
            self.shown_id().into(),
            self.cmd.as_ref().into(),
            self.shown_address().into(),
            Cell::toned(status, tone),
            self.shown_reason().into(),
        ]
    }

    fn plain_cells(&self, row: &mut PlainRow) -> bool {
        if self.intune.is_some() || self.whole.is_some() {
            return false;
        }
        row.push(self.shown_id());
        row.push(&self.cmd);
        row.push(self.shown_address());
        row.push_number(self.status);
        row.push(&self.shown_reason());
        true
    }

    fn name(&self) -> String {
        self.cmd_id.clone().into_owned()
    }
}

/// A whole run: the response document and what it says.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ApplyView<'a> {
    /// Null when no response was made: of a profile, or when the sender wants none.
    pub response: Option<String>,
    pub statuses: Vec<StatusView<'a>>,
}

impl View for ApplyView<'_> {
    const SCHEMA: &'static str = "licctl.csp.apply/1";
    const COLUMNS: &'static [Column] = &[column("STATUSES", "statuses", Fit::Number)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.statuses.len().to_string().into()]
    }

    fn name(&self) -> String {
        self.statuses.len().to_string()
    }
}
