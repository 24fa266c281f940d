//! Editions, and which can become which.

use crate::csp::catalog::editions::{self, Edition};
use crate::csp::catalog::paths::{Path, PathPolicy, letter, published};
use crate::output::{Cell, Column, Fit, Look, View, column};
use schemars::JsonSchema;
use serde::Serialize;

/// One number of `GetProductInfo`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditionView {
    /// In decimal, unsigned.
    #[serde(rename = "Edition")]
    id: u32,
    /// `0x30`.
    hex: String,
    /// `PRODUCT_PROFESSIONAL`; null for a number that no Microsoft list has.
    constant: Option<&'static str>,
    /// Registry value; null when it is not published.
    #[serde(rename = "EditionID")]
    edition_id: Option<&'static str>,
    /// What people call it, else how it is shown.
    name: String,
    /// Whether a published allow list of the CSP names it.
    listed: bool,
}

impl EditionView {
    /// The row of a number, be it published or not.
    #[must_use]
    pub fn of(id: i32) -> Self {
        let row = editions::edition(id);
        Self {
            id: id.cast_unsigned(),
            hex: format!("0x{:02X}", id.cast_unsigned()),
            constant: row.map(|row| row.constant),
            edition_id: row.and_then(|row| row.edition_id),
            name: editions::title(id),
            listed: row.is_some_and(Edition::is_listed),
        }
    }
}

impl View for EditionView {
    const SCHEMA: &'static str = "licctl.csp.edition/1";
    const COLUMNS: &'static [Column] = &[
        column("ID", "Edition", Fit::Number),
        column("HEX", "hex", Fit::Keep),
        column("CONSTANT", "constant", Fit::Elide),
        column("EDITIONID", "EditionID", Fit::Keep),
        column("NAME", "name", Fit::Elide),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.id.to_string().into(),
            self.hex.clone().into(),
            self.constant.unwrap_or("-").into(),
            self.edition_id.unwrap_or("-").into(),
            self.name.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.id.to_string()
    }
}

/// What the published tables say of one path.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PathView {
    from: u32,
    to: u32,
    from_name: String,
    to_name: String,
    /// The MDM column of the deployment table: `R` with a restart, `N` without, `X` not possible.
    deployment: &'static str,
    /// Its other columns: provisioning package, command line, by hand.
    package: &'static str,
    command_line: &'static str,
    by_hand: &'static str,
    /// The page of the CSP lists it.
    csp: bool,
    /// Intune lists it.
    intune: bool,
    /// A product key, entered at the device, leads back.
    downgrade: bool,
    /// The policies under which MDM upgrades it.
    policies: Vec<&'static str>,
    by_policy: ByPolicyView,
}

/// What MDM does under each policy: `R` with a restart, `N` without, `X` not possible.
#[derive(Debug, Serialize, JsonSchema)]
struct ByPolicyView {
    deployment: &'static str,
    csp: &'static str,
    intune: &'static str,
    /// All of them together; a restart in one is a restart.
    union: &'static str,
}

impl From<&Path> for PathView {
    fn from(path: &Path) -> Self {
        Self {
            from: path.from.cast_unsigned(),
            to: path.to.cast_unsigned(),
            from_name: editions::title(path.from),
            to_name: editions::title(path.to),
            deployment: letter(path.mdm),
            package: letter(path.package),
            command_line: letter(path.command_line),
            by_hand: letter(path.by_hand),
            csp: path.csp(),
            intune: path.intune(),
            downgrade: path.downgrade(),
            policies: path.policies.iter().map(|policy| policy.word()).collect(),
            by_policy: {
                let under = |policy| letter(published(policy, path.from, path.to));
                ByPolicyView {
                    deployment: under(PathPolicy::Deployment),
                    csp: under(PathPolicy::Csp),
                    intune: under(PathPolicy::Intune),
                    union: under(PathPolicy::Union),
                }
            },
        }
    }
}

impl View for PathView {
    const SCHEMA: &'static str = "licctl.csp.path/1";
    const COLUMNS: &'static [Column] = &[
        column("FROM", "fromName", Fit::Elide),
        column("TO", "toName", Fit::Elide),
        column("MDM", "deployment", Fit::Keep),
        column("PPKG", "package", Fit::Keep),
        column("CLI", "commandLine", Fit::Keep),
        column("MANUAL", "byHand", Fit::Keep),
        column("CSP", "byPolicy.csp", Fit::Keep),
        column("INTUNE", "byPolicy.intune", Fit::Keep),
        column("POLICIES", "policies", Fit::Spare),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let policies = match self.policies.as_slice() {
            [] if self.downgrade => "- (downgrade by key)".to_owned(),
            [] => "-".to_owned(),
            some => some.join(", "),
        };
        vec![
            self.from_name.clone().into(),
            self.to_name.clone().into(),
            self.deployment.into(),
            self.package.into(),
            self.command_line.into(),
            self.by_hand.into(),
            self.by_policy.csp.into(),
            self.by_policy.intune.into(),
            policies.into(),
        ]
    }

    fn name(&self) -> String {
        format!("{} -> {}", self.from_name, self.to_name)
    }
}
