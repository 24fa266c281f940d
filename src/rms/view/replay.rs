//! What became of the requests of a usage log that was run again.

use super::moment;
use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::rms::model::license::FeatureKey;
use crate::rms::ops::replay::Replayed;
use crate::rms::rules::limits::Units;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What became of the requests for a feature.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplayView {
    feature_name: String,
    feature_version: String,
    /// Whether the License Manager has the feature.
    known: bool,
    /// Tokens that are served at the end of the log; null: unlimited, or no such feature.
    total: Option<u64>,
    requests: u64,
    granted: u64,
    denied: u64,
    /// Requests that were refused when the log was written.
    denied_then: u64,
    /// The most tokens that were in use at once.
    peak: u64,
    peak_at: Option<Timestamp>,
    /// Refused requests by the symbol of their code.
    reasons: BTreeMap<&'static str, u64>,
}

impl ReplayView {
    #[must_use]
    pub fn new(key: &FeatureKey, found: &Replayed) -> Self {
        Self {
            feature_name: key.name.clone(),
            feature_version: key.version.clone(),
            known: found.total.is_some(),
            total: found.total.and_then(Units::finite),
            requests: found.requests,
            granted: found.granted,
            denied: found.denied,
            denied_then: found.denied_then,
            peak: found.peak,
            peak_at: moment(found.peak_at),
            reasons: found.reasons.clone(),
        }
    }
}

impl View for ReplayView {
    const SCHEMA: &'static str = "licctl.rms.replay/1";
    const COLUMNS: &'static [Column] = &[
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("TOTAL", "total", Fit::Number),
        column("REQUESTS", "requests", Fit::Number),
        column("GRANTED", "granted", Fit::Number),
        column("REFUSED", "denied", Fit::Number),
        column("THEN", "deniedThen", Fit::Number),
        column("PEAK", "peak", Fit::Number),
        column("PEAK AT", "peakAt", Fit::Spare),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = if self.denied > self.denied_then { Tone::Bad } else { Tone::Plain };
        let total = match (self.known, self.total) {
            (false, _) => Cell::toned("-", Tone::Faint),
            (true, None) => Cell::toned("unlimited", Tone::Faint),
            (true, Some(total)) => total.to_string().into(),
        };
        vec![
            self.feature_name.clone().into(),
            self.feature_version.clone().into(),
            total,
            self.requests.to_string().into(),
            self.granted.to_string().into(),
            Cell::toned(self.denied.to_string(), tone),
            self.denied_then.to_string().into(),
            self.peak.to_string().into(),
            self.peak_at.map_or_else(|| "-".into(), |at| look.time(at).into()),
        ]
    }

    fn name(&self) -> String {
        self.feature_name.clone()
    }
}
