//! What nodes answer: to a Get, to a command that changes something, and as a tree.

use crate::csp::catalog::codes;
use crate::csp::catalog::nodes::{Format, NODES, Node};
use crate::csp::model::answer::ResultItem;
use crate::csp::model::key::hide_keys;
use crate::csp::rules::address::{self, Place};
use crate::csp::rules::answer::Answer;
use crate::csp::rules::read::Branch;
use crate::error::Refusal;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

/// The answer of one address to a Get.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct NodeView {
    #[serde(rename = "LocURI")]
    loc_uri: String,
    /// OMA-DM status.
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    /// A number for `int`, text for every other format; absent when the Get was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Json>,
    /// HRESULT behind a refusal: `0x86000002`.
    #[serde(rename = "hresult", skip_serializing_if = "Option::is_none")]
    hresult: Option<String>,
    #[serde(rename = "symbol", skip_serializing_if = "Option::is_none")]
    symbol: Option<&'static str>,
    /// What the value says, for people.
    #[serde(skip)]
    meaning: String,
}

/// A value as it stands in a table.
pub(super) fn plain(data: &Json) -> String {
    data.as_str().map_or_else(|| data.to_string(), str::to_owned)
}

/// A value as JSON: `int` is a number.
pub(super) fn json(format: Format, data: &str) -> Json {
    match (format, data.parse::<i32>()) {
        (Format::Int, Ok(number)) => Json::from(number),
        _ => Json::from(data),
    }
}

/// The row of the node at an address; `None` beside the CSP.
fn node_at(uri: &str) -> Option<&'static Node> {
    match address::resolve(uri).ok()?.place {
        Place::Node(node) => Some(node),
        Place::Context(_) => None,
    }
}

/// What a value says to people, by the row of its node.
fn explained(node: Option<&'static Node>, data: &str) -> String {
    let Some(node) = node else { return String::new() };
    data.parse().map(|number| super::meaning(node, number)).unwrap_or_default()
}

impl NodeView {
    /// The views of one answer: one, or one for each node of a subtree.
    ///
    /// - `uri`: as it was asked for.
    #[must_use]
    pub fn of(uri: &str, answer: &Answer) -> Vec<Self> {
        if answer.refusal.is_some() {
            return vec![Self {
                loc_uri: hide_keys(uri).into_owned(),
                status: answer.status,
                format: None,
                data: None,
                hresult: answer.hresult.map(|code| format!("0x{code:08X}")),
                symbol: answer.hresult.and_then(codes::hresult).map(|code| code.symbol),
                meaning: answer.refusal.as_ref().map_or_else(String::new, |no| no.message.clone()),
            }];
        }
        let shown = |item: &ResultItem| {
            let data = item.data.as_deref();
            Self {
                loc_uri: item.source.clone(),
                status: answer.status,
                format: Some(item.format.word()),
                data: data.map(|data| json(item.format, data)),
                hresult: None,
                symbol: None,
                meaning: explained(node_at(&item.source), data.unwrap_or_default()),
            }
        };
        answer.results.iter().map(shown).collect()
    }
}

impl View for NodeView {
    const SCHEMA: &'static str = "licctl.csp.node/1";
    const COLUMNS: &'static [Column] = &[
        column("LOCURI", "LocURI", Fit::ElideHead),
        column("FORMAT", "Format", Fit::Keep),
        column("DATA", "Data", Fit::Elide),
        column("MEANING", "Status", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let data = match &self.data {
            Some(data) => Cell::from(plain(data)),
            None => Cell::toned(self.status.to_string(), Tone::Bad),
        };
        vec![
            self.loc_uri.clone().into(),
            self.format.unwrap_or("-").into(),
            data,
            self.meaning.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.loc_uri.clone()
    }
}

/// The answer of one address to a command that changes something, or tries to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ActionView {
    #[serde(rename = "LocURI")]
    loc_uri: String,
    /// `Add`, `Delete`, `Exec`, `Replace`.
    cmd: &'static str,
    /// OMA-DM status.
    status: u16,
    /// Of CheckApplicability alone.
    #[serde(rename = "applicable", skip_serializing_if = "Option::is_none")]
    applicable: Option<bool>,
    /// Why a key is not applicable.
    #[serde(rename = "reason", skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// HRESULT behind that: `0xC004F069`.
    #[serde(rename = "hresult", skip_serializing_if = "Option::is_none")]
    hresult: Option<String>,
    #[serde(rename = "symbol", skip_serializing_if = "Option::is_none")]
    symbol: Option<&'static str>,
    /// What to do about it.
    #[serde(rename = "remedy", skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl ActionView {
    #[must_use]
    pub fn new(uri: &str, cmd: &'static str, answer: &Answer) -> Self {
        Self {
            loc_uri: hide_keys(uri).into_owned(),
            cmd,
            status: answer.status,
            applicable: None,
            reason: None,
            hresult: None,
            symbol: None,
            remedy: None,
        }
    }

    /// The answer of CheckApplicability: a refusal is a FALSE.
    #[must_use]
    pub fn applicable(self, answer: &Answer) -> Self {
        let refusal = answer.refusal.as_ref();
        let remedy = |refusal: &Refusal| {
            refusal.hint.clone().unwrap_or_else(|| refusal.code.remedy.to_owned())
        };
        Self {
            applicable: Some(refusal.is_none()),
            reason: refusal.map(|refusal| refusal.message.clone()),
            hresult: answer.hresult.map(|code| format!("0x{code:08X}")),
            symbol: refusal.map(|refusal| refusal.code.symbol),
            remedy: refusal.map(remedy),
            ..self
        }
    }
}

impl View for ActionView {
    const SCHEMA: &'static str = "licctl.csp.action/1";
    const COLUMNS: &'static [Column] = &[
        column("LOCURI", "LocURI", Fit::ElideHead),
        column("CMD", "Cmd", Fit::Keep),
        column("STATUS", "Status", Fit::Number),
        column("APPLICABLE", "applicable", Fit::Keep),
        column("REASON", "reason", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let applicable = self.applicable.map_or("-", |yes| if yes { "TRUE" } else { "FALSE" });
        vec![
            self.loc_uri.clone().into(),
            self.cmd.into(),
            self.status.to_string().into(),
            applicable.into(),
            self.reason.clone().unwrap_or_else(|| "-".to_owned()).into(),
        ]
    }

    fn name(&self) -> String {
        self.loc_uri.clone()
    }
}

/// A node of the tree with all below it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct TreeView {
    #[serde(rename = "LocURI")]
    loc_uri: String,
    format: &'static str,
    access_type: Vec<&'static str>,
    /// Null for nodes that cannot be read, and for interior ones.
    data: Option<Json>,
    #[serde(rename = "children")]
    children: Vec<TreeView>,
    #[serde(skip)]
    meaning: String,
    #[serde(skip)]
    depth: usize,
}

impl TreeView {
    #[must_use]
    pub fn new(branch: &Branch, depth: usize) -> Self {
        let data = branch.value.as_deref();
        let node = branch.node.and_then(|id| NODES.iter().copied().find(|node| node.id == id));
        Self {
            loc_uri: branch.uri.clone(),
            format: branch.format.word(),
            access_type: branch.verbs.iter().map(|verb| verb.word()).collect(),
            data: data.map(|data| json(branch.format, data)),
            meaning: explained(node, data.unwrap_or_default()),
            children: branch.children.iter().map(|child| Self::new(child, depth + 1)).collect(),
            depth,
        }
    }

    /// Itself and all below it, depth first.
    #[must_use]
    pub fn lines(&self) -> Vec<&Self> {
        let mut lines = vec![self];
        lines.extend(self.children.iter().flat_map(Self::lines));
        lines
    }

    fn label(&self) -> String {
        let name = match self.depth {
            0 => self.loc_uri.as_str(),
            _ => self.loc_uri.rsplit('/').next().unwrap_or_default(),
        };
        format!("{}{name}", "  ".repeat(self.depth))
    }
}

impl View for TreeView {
    const SCHEMA: &'static str = "licctl.csp.tree/1";
    const COLUMNS: &'static [Column] = &[
        column("NODE", "LocURI", Fit::Keep),
        column("FORMAT", "Format", Fit::Keep),
        column("ACCESS", "AccessType", Fit::Keep),
        column("VALUE", "Data", Fit::Elide),
        column("MEANING", "Data", Fit::Elide),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let value = self.data.as_ref().map_or_else(|| "-".to_owned(), plain);
        vec![
            self.label().into(),
            self.format.into(),
            self.access_type.join(", ").into(),
            value.into(),
            self.meaning.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.loc_uri.clone()
    }
}
