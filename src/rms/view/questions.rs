//! The answers to the questions.

use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::rms::ops::features::Served;
use crate::rms::report::endings::Ending;
use schemars::JsonSchema;
use serde::Serialize;

/// An end of a license.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndingView {
    feature_name: String,
    feature_version: String,
    feature_index: i64,
    license_index: usize,
    license_hash: Option<String>,
    /// `license`, `lease`, `activation` or `revocation`.
    what: &'static str,
    ends: Timestamp,
    /// Whole days from now, rounded down; negative when it is past.
    days_left: i64,
    /// Tokens of the node right before and right behind it; null: unlimited.
    tokens_before: Option<u64>,
    tokens_after: Option<u64>,
    #[serde(skip)]
    impact: String,
}

impl EndingView {
    #[must_use]
    pub fn new(served: &Served, ending: &Ending) -> Self {
        let license = served.licenses.get(ending.license);
        Self {
            feature_name: served.key.name.clone(),
            feature_version: served.key.version.clone(),
            feature_index: served.index,
            license_index: ending.license,
            license_hash: license.and_then(|license| license.hash()).map(str::to_owned),
            what: ending.what.word(),
            ends: ending.at,
            days_left: ending.days_left,
            tokens_before: ending.before.finite(),
            tokens_after: ending.after.finite(),
            impact: format!("{} → {}", ending.before, ending.after),
        }
    }
}

impl View for EndingView {
    const SCHEMA: &'static str = "licctl.rms.ending/1";
    const COLUMNS: &'static [Column] = &[
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("HASH", "licenseHash", Fit::Keep),
        column("WHAT", "what", Fit::Keep),
        column("ENDS", "ends", Fit::Keep),
        column("DAYS", "daysLeft", Fit::Number),
        column("IMPACT", "tokensAfter", Fit::Keep),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = if self.days_left < 0 { Tone::Bad } else { Tone::Warning };
        vec![
            self.feature_name.clone().into(),
            self.feature_version.clone().into(),
            self.name().into(),
            self.what.into(),
            Cell::toned(look.time(self.ends), tone),
            self.days_left.to_string().into(),
            self.impact.clone().into(),
        ]
    }

    fn name(&self) -> String {
        let place = || format!("{}:{}", self.feature_index, self.license_index);
        self.license_hash.clone().unwrap_or_else(place)
    }
}
