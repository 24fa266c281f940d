//! Differences of device descriptions, decoded codes, findings of the linter.

use crate::csp::model::ddf::{Node, Tree};
use crate::csp::report::ddf::Difference;
use crate::csp::rules::address;
use crate::csp::rules::decode::Decoded;
use crate::finding::Finding;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// One respect in which two device descriptions differ.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DifferenceView {
    /// The address of the node.
    path: String,
    /// `added`, `removed`, `access`, `format`, `build`, …
    change: &'static str,
    /// Null when that description says nothing of it.
    old: Option<String>,
    new: Option<String>,
}

impl From<&Difference> for DifferenceView {
    fn from(found: &Difference) -> Self {
        Self {
            path: found.path.clone(),
            change: found.change.word(),
            old: found.old.clone(),
            new: found.new.clone(),
        }
    }
}

impl View for DifferenceView {
    const SCHEMA: &'static str = "licctl.csp.ddf-difference/1";
    const COLUMNS: &'static [Column] = &[
        column("PATH", "path", Fit::ElideHead),
        column("CHANGE", "change", Fit::Keep),
        column("OLD", "old", Fit::Wrap),
        column("NEW", "new", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            self.path.clone().into(),
            self.change.into(),
            or_dash(&self.old).into(),
            or_dash(&self.new).into(),
        ]
    }

    fn name(&self) -> String {
        self.path.clone()
    }
}

/// One node of a device description.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DdfNodeView {
    path: String,
    /// Verbs in the order of the file.
    access: Vec<String>,
    format: Option<String>,
    occurrence: Option<String>,
    scope: Option<String>,
    /// `OsBuildVersion`, inherited from above where the node has none of its own.
    build: Option<String>,
    csp_version: Option<String>,
    editions: Option<String>,
    /// `ENUM`, `None`, …; null without the element.
    allowed: Option<String>,
    /// Values that an enumeration allows.
    values: Vec<String>,
    reboot: Option<String>,
    deprecated: bool,
    naming: Option<String>,
    description: Option<String>,
}

impl DdfNodeView {
    #[must_use]
    pub fn new(tree: &Tree, node: &Node) -> Self {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let applicability = |part: &str| own(tree.applicability(node, part));
        let allowed = node.allowed();
        Self {
            path: node.path.clone(),
            access: node.access().map(str::to_owned).collect(),
            format: own(node.format()),
            occurrence: own(node.occurrence()),
            scope: own(node.scope()),
            build: applicability("OsBuildVersion"),
            csp_version: applicability("CspVersion"),
            editions: applicability("EditionAllowList"),
            values: allowed
                .iter()
                .flat_map(|allowed| &allowed.values)
                .map(|(value, _)| (*value).to_owned())
                .collect(),
            allowed: allowed.map(|allowed| allowed.value_type.to_owned()),
            reboot: own(node.reboot()),
            deprecated: node.deprecated().is_some(),
            naming: node.naming(),
            description: own(node.description()),
        }
    }
}

impl View for DdfNodeView {
    const SCHEMA: &'static str = "licctl.csp.ddf-node/1";
    const COLUMNS: &'static [Column] = &[
        column("PATH", "path", Fit::ElideHead),
        column("ACCESS", "access", Fit::Keep),
        column("FORMAT", "format", Fit::Keep),
        column("BUILD", "build", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            self.path.clone().into(),
            self.access.join(", ").into(),
            or_dash(&self.format).into(),
            or_dash(&self.build).into(),
        ]
    }

    fn name(&self) -> String {
        self.path.clone()
    }
}

/// A code in whatever disguise it was given.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CodeView {
    input: String,
    /// Which disguise it was: `syncml`, `intune-hex`, `intune-signed`, `hresult`, …
    form: &'static str,
    #[serde(rename = "Status")]
    status: Option<u16>,
    hresult: Option<String>,
    intune: Option<String>,
    symbol: Option<&'static str>,
    meaning: String,
    remedy: String,
}

impl From<&Decoded> for CodeView {
    fn from(decoded: &Decoded) -> Self {
        let hex = |code: u32| format!("0x{code:08X}");
        Self {
            input: decoded.input.clone(),
            form: decoded.form.word(),
            status: decoded.status,
            hresult: decoded.hresult.map(hex),
            intune: decoded.intune.map(hex),
            symbol: decoded.symbol,
            meaning: decoded.meaning.clone(),
            remedy: decoded.remedy.to_owned(),
        }
    }
}

impl View for CodeView {
    const SCHEMA: &'static str = "licctl.csp.code/1";
    const COLUMNS: &'static [Column] = &[
        column("FORM", "form", Fit::Keep),
        column("VALUE", "input", Fit::Keep),
        column("STATUS", "Status", Fit::Keep),
        column("HRESULT", "hresult", Fit::Keep),
        column("INTUNE", "intune", Fit::Keep),
        column("SYMBOL", "symbol", Fit::Elide),
        column("MEANING", "meaning", Fit::Wrap),
        column("REMEDY", "remedy", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let or_dash = |text: Option<&str>| text.unwrap_or("-").to_owned();
        vec![
            self.form.into(),
            self.input.clone().into(),
            self.status.map_or_else(|| "-".to_owned(), |status| status.to_string()).into(),
            or_dash(self.hresult.as_deref()).into(),
            or_dash(self.intune.as_deref()).into(),
            or_dash(self.symbol).into(),
            self.meaning.clone().into(),
            self.remedy.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.symbol.map_or_else(|| self.input.clone(), str::to_owned)
    }
}

/// A finding of the linter: the shared finding with the columns of a compiler.
#[derive(Debug)]
pub struct OffenceView(pub Finding);

impl Serialize for OffenceView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl JsonSchema for OffenceView {
    fn schema_name() -> Cow<'static, str> {
        Finding::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Finding::json_schema(generator)
    }
}

impl View for OffenceView {
    const SCHEMA: &'static str = Finding::SCHEMA;
    const COLUMNS: &'static [Column] = &[
        column("FILE:LINE", "place", Fit::ElideHead),
        column("RULE", "class", Fit::Keep),
        column("LEVEL", "severity", Fit::Keep),
        column("LOCURI", "object", Fit::Spare),
        column("MESSAGE", "message", Fit::Wrap),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let Self(finding) = self;
        let place = finding.place.as_ref().map_or_else(String::new, |place| match place.line {
            Some(line) => format!("{}:{line}", place.file),
            None => place.file.clone(),
        });
        let level = finding.cells(look).into_iter().next();
        vec![
            place.into(),
            finding.class.into(),
            level.unwrap_or_else(|| Cell::toned(finding.severity.word(), Tone::Plain)),
            address::below_root(&finding.object).into(),
            message(finding).into(),
        ]
    }

    fn name(&self) -> String {
        self.0.class.to_owned()
    }
}

/// The message of a finding, with the address that it is about: a narrow screen leaves the column of the address out.
fn message(finding: &Finding) -> String {
    let object = address::below_root(&finding.object);
    let of_file = finding.place.as_ref().is_some_and(|place| place.file == finding.object);
    if of_file || finding.message.contains(object) {
        finding.message.clone()
    } else {
        format!("`{object}`: {}", finding.message)
    }
}

#[cfg(test)]
mod tests {
    use super::message;
    use crate::finding::{FilePlace, Finding, Level};

    #[test]
    fn a_message_names_its_address_unless_it_does_so_anyway() {
        let address = "./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy";
        for (object, text, shown) in [
            (
                address,
                "the value begins with a byte order mark",
                "`SMode/SwitchingPolicy`: the value begins with a byte order mark",
            ),
            (
                address,
                "`SMode/SwitchingPolicy` takes 0 or 1",
                "`SMode/SwitchingPolicy` takes 0 or 1",
            ),
            ("profile.json", "the file uses both roots", "the file uses both roots"),
        ] {
            let mut finding = Finding::new("csp", "CSP028", Level::Warning, object, text);
            finding.place = Some(FilePlace { file: "profile.json".to_owned(), line: Some(9) });
            assert_eq!(message(&finding), shown);
        }
    }
}
