//! Checks, codes, masks and versions.

use super::licenses::version_word;
use crate::catalog::Code;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::rms::catalog::versions::{self, LicenseVersion};
use crate::rms::rules::locks::{code_mask, legacy_bits, mask_words, unknown_bits};
use crate::rms::rules::matching::{Check, Verdict};
use schemars::JsonSchema;
use serde::Serialize;

/// A check of `license match`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    check: &'static str,
    /// `PASS`, `FAIL` or `SKIP`.
    result: &'static str,
    /// What a request would be answered; null when it passes here.
    status_code: Option<u32>,
    symbol: Option<&'static str>,
    reason: String,
    #[serde(skip)]
    verdict: Option<Verdict>,
}

impl From<&Check> for CheckView {
    fn from(check: &Check) -> Self {
        Self {
            check: check.name,
            result: check.verdict.word(),
            status_code: check.code.and_then(|code| code.native.number()),
            symbol: check.code.map(|code| code.symbol),
            reason: check.reason.clone(),
            verdict: Some(check.verdict),
        }
    }
}

impl View for CheckView {
    const SCHEMA: &'static str = "licctl.rms.check/1";
    const COLUMNS: &'static [Column] = &[
        column("CHECK", "check", Fit::Keep),
        column("RESULT", "result", Fit::Keep),
        column("CODE", "statusCode", Fit::Keep),
        column("REASON", "reason", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let tone = match self.verdict {
            Some(Verdict::Pass) => Tone::Good,
            Some(Verdict::Fail) => Tone::Bad,
            _ => Tone::Faint,
        };
        let code = self.status_code.map_or_else(|| "-".to_owned(), |code| code.to_string());
        vec![
            self.check.into(),
            Cell::toned(self.result, tone),
            code.into(),
            self.reason.clone().into(),
        ]
    }

    fn name(&self) -> String {
        format!("{} {}", self.check, self.result)
    }
}

/// A status code.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeView {
    status_code: u32,
    symbol: &'static str,
    status_message: &'static str,
}

impl From<&'static Code> for CodeView {
    fn from(code: &'static Code) -> Self {
        Self {
            status_code: code.native.number().unwrap_or_default(),
            symbol: code.symbol,
            status_message: code.meaning,
        }
    }
}

impl View for CodeView {
    const SCHEMA: &'static str = "licctl.rms.status-code/1";
    const COLUMNS: &'static [Column] = &[
        column("CODE", "statusCode", Fit::Number),
        column("SYMBOL", "symbol", Fit::Keep),
        column("MEANING", "statusMessage", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.status_code.to_string().into(), self.symbol.into(), self.status_message.into()]
    }

    fn name(&self) -> String {
        self.symbol.to_owned()
    }
}

/// A license version.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VersionView {
    license_version: u32,
    hex: String,
    /// `v20`; null where the table gives no number.
    version: Option<String>,
    sdk: Option<&'static str>,
    brings: Option<&'static str>,
    /// What "unlimited" is in it.
    unlimited: u32,
    #[serde(skip)]
    word: String,
}

impl VersionView {
    #[must_use]
    pub fn new(encoded: u32) -> Self {
        let row: Option<&'static LicenseVersion> = versions::version(encoded);
        let wide =
            versions::counted_as(encoded).is_some_and(|row| row.number >= versions::WIDE_FROM);
        Self {
            license_version: encoded,
            hex: format!("0x{encoded:08X}"),
            version: row.filter(|row| row.number > 0).map(|row| format!("v{}", row.number)),
            sdk: row.map(|row| row.sdk),
            brings: row.map(|row| row.brings).filter(|brings| !brings.is_empty()),
            unlimited: if wide { versions::WIDE_UNLIMITED } else { versions::NARROW_UNLIMITED },
            word: version_word(encoded),
        }
    }

    /// Whether the page lists it.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.sdk.is_some()
    }
}

impl View for VersionView {
    const SCHEMA: &'static str = "licctl.rms.license-version/1";
    const COLUMNS: &'static [Column] = &[
        column("LICENSEVERSION", "licenseVersion", Fit::Number),
        column("HEX", "hex", Fit::Keep),
        column("VERSION", "version", Fit::Keep),
        column("SDK", "sdk", Fit::Keep),
        column("BRINGS", "brings", Fit::Elide),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.license_version.to_string().into(),
            self.hex.clone().into(),
            self.word.clone().into(),
            self.sdk.unwrap_or("-").into(),
            self.brings.unwrap_or("-").into(),
        ]
    }

    fn name(&self) -> String {
        self.word.clone()
    }
}

/// A mask of locking criteria.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LockMaskView {
    lock_selector: u32,
    hex: String,
    criteria: String,
    /// Bits that only old kits know.
    legacy: u32,
    /// Bits without a name.
    unknown: u32,
}

impl LockMaskView {
    #[must_use]
    pub fn new(mask: u32) -> Self {
        Self {
            lock_selector: mask,
            hex: format!("0x{mask:X}"),
            criteria: mask_words(mask),
            legacy: legacy_bits(mask),
            unknown: unknown_bits(mask),
        }
    }
}

impl View for LockMaskView {
    const SCHEMA: &'static str = "licctl.rms.lock-mask/1";
    const COLUMNS: &'static [Column] = &[
        column("SELECTOR", "lockSelector", Fit::Number),
        column("HEX", "hex", Fit::Keep),
        column("CRITERIA", "criteria", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.lock_selector.to_string().into(),
            self.hex.clone().into(),
            self.criteria.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.criteria.clone()
    }
}

/// The part of a locking code that can be read.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LockCodeView {
    lock_selector: u32,
    hex: String,
    criteria: String,
}

impl LockCodeView {
    /// `None` when it is no locking code.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let mask = code_mask(code)?;
        let criteria = mask_words(mask);
        Some(Self { lock_selector: mask, hex: format!("0x{mask:X}"), criteria })
    }
}

impl View for LockCodeView {
    const SCHEMA: &'static str = "licctl.rms.lock-code/1";
    const COLUMNS: &'static [Column] = &[
        column("SELECTOR", "lockSelector", Fit::Number),
        column("HEX", "hex", Fit::Keep),
        column("CRITERIA", "criteria", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.lock_selector.to_string().into(),
            self.hex.clone().into(),
            self.criteria.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.criteria.clone()
    }
}

/// A locking code that a machine showed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MachineCodeView {
    code: String,
    lock_selector: u32,
    hex: String,
    criteria: String,
}

impl MachineCodeView {
    /// `None` when it is no locking code.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let LockCodeView { lock_selector, hex, criteria } = LockCodeView::new(code)?;
        Some(Self { code: code.to_owned(), lock_selector, hex, criteria })
    }
}

impl View for MachineCodeView {
    const SCHEMA: &'static str = "licctl.rms.machine-code/1";
    const COLUMNS: &'static [Column] = &[
        column("CODE", "code", Fit::Keep),
        column("SELECTOR", "lockSelector", Fit::Number),
        column("HEX", "hex", Fit::Keep),
        column("CRITERIA", "criteria", Fit::Phrase),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.code.clone().into(),
            self.lock_selector.to_string().into(),
            self.hex.clone().into(),
            self.criteria.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.code.clone()
    }
}

/// A License Manager that a client asks.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HostView {
    /// In which order it is asked, from 1.
    position: u32,
    host: String,
    /// What parts the hosts of the list; empty for a single one.
    separator: &'static str,
}

impl HostView {
    #[must_use]
    pub fn new(position: u32, host: &str, separator: &'static str) -> Self {
        Self { position, host: host.to_owned(), separator }
    }
}

impl View for HostView {
    const SCHEMA: &'static str = "licctl.rms.host/1";
    const COLUMNS: &'static [Column] = &[
        column("#", "position", Fit::Number),
        column("HOST", "host", Fit::Keep),
        column("SEPARATOR", "separator", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let separator = if self.separator.is_empty() { "-" } else { self.separator };
        vec![self.position.to_string().into(), self.host.clone().into(), separator.into()]
    }

    fn name(&self) -> String {
        self.host.clone()
    }
}
