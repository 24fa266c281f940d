//! Features: the right that is served for each.

use super::licenses::word;
use super::moment;
use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::rms::catalog::elements::IS_ADDITIVE;
use crate::rms::model::session::Counts;
use crate::rms::ops::features::Served;
use crate::rms::rules::limits::Units;
use crate::rms::rules::node::Rank;
use schemars::JsonSchema;
use serde::Serialize;

/// A feature.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeatureView {
    feature_index: i64,
    feature_name: String,
    feature_version: String,
    /// Licenses of the table, active or not.
    licenses: usize,
    /// Those that form the node.
    active_licenses: usize,
    /// Hard limit of the node; null: unlimited.
    total: Option<u64>,
    /// Soft limit of the node; null: none.
    soft: Option<u64>,
    /// Tokens in use.
    used: u64,
    /// Tokens that nobody uses and nobody waits for; null: unlimited.
    free: Option<u64>,
    /// How the licenses of the node combine; null when none serves.
    combining: Option<String>,
    /// `active`, `future`, `expired` or `revoked`.
    state: &'static str,
    /// From when on and until when the node serves as it does; null: always, never.
    starts: Option<Timestamp>,
    ends: Option<Timestamp>,
}

impl FeatureView {
    /// - `counts`: of its tokens; `None` when nobody ever asked for one.
    #[must_use]
    pub fn new(served: &Served, counts: Option<&Counts>) -> Self {
        let node = served.node.as_ref();
        let serving = node.filter(|node| node.rank.serves());
        let first = serving.and_then(|node| served.licenses.get(*node.of.first()?));
        let combining =
            first.map(|license| word(&IS_ADDITIVE, license.elements.number(&IS_ADDITIVE)));
        let state = match node.map(|node| node.rank) {
            None => "revoked",
            Some(Rank::Future) => "future",
            Some(Rank::Expired) => "expired",
            Some(_) => "active",
        };
        let units = |units: Option<Units>| units.map_or(Some(0), Units::finite);
        let (used, kept) = counts.map_or((0, 0), |counts| (counts.used, counts.kept));
        Self {
            used,
            free: units(serving.map(|node| node.total.minus(used + kept))),
            feature_index: served.index,
            feature_name: served.key.name.clone(),
            feature_version: served.key.version.clone(),
            licenses: served.licenses.len(),
            active_licenses: serving.map_or(0, |node| node.of.len()),
            total: units(serving.map(|node| node.total)),
            soft: units(serving.map(|node| node.soft)),
            combining,
            state,
            starts: moment(node.and_then(|node| node.starts)),
            ends: moment(node.and_then(|node| node.ends)),
        }
    }
}

impl View for FeatureView {
    const SCHEMA: &'static str = "licctl.rms.feature/1";
    const COLUMNS: &'static [Column] = &[
        column("#", "featureIndex", Fit::Number),
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("TOTAL", "total", Fit::Number),
        column("SOFT", "soft", Fit::Number),
        column("USED", "used", Fit::Number),
        column("FREE", "free", Fit::Number),
        column("COMBINE", "combining", Fit::Spare),
        column("STATE", "state", Fit::Keep),
        column("ENDS", "ends", Fit::Keep),
    ];
    const TIME: Option<&'static str> = None;

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = if self.state == "active" { Tone::Good } else { Tone::Bad };
        let limit = |units: Option<u64>, none: &str| match units {
            Some(units) => Cell::from(units.to_string()),
            None => Cell::toned(none, Tone::Faint),
        };
        vec![
            self.feature_index.to_string().into(),
            self.feature_name.clone().into(),
            self.feature_version.clone().into(),
            limit(self.total, "unlimited"),
            limit(self.soft, "none"),
            self.used.to_string().into(),
            limit(self.free, "unlimited"),
            self.combining.clone().unwrap_or_else(|| "-".to_owned()).into(),
            Cell::toned(self.state, tone),
            match self.ends {
                Some(at) => look.time(at).into(),
                None => Cell::toned("never", Tone::Faint),
            },
        ]
    }

    fn name(&self) -> String {
        if self.feature_version.is_empty() {
            self.feature_name.clone()
        } else {
            format!("{} {}", self.feature_name, self.feature_version)
        }
    }
}
