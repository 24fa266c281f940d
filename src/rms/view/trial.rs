//! What is left of trials and grace periods.

use super::moment;
use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::trial::Grace;
use crate::rms::ops::features::Served;
use crate::rms::rules::grace::standing;
use crate::rms::rules::node::Rank;
use crate::rms::rules::trial::Left;
use schemars::JsonSchema;
use serde::Serialize;

fn hours(seconds: i64) -> String {
    format!("{}:{:02}", seconds / 3_600, seconds % 3_600 / 60)
}

/// The trials of a feature, by the names of featureCumulativeTrialInfo.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrialView {
    feature_name: String,
    feature_version: String,
    cumulative_trial_days: i64,
    cumulative_trial_seconds: i64,
    cumulative_trial_days_left: i64,
    cumulative_trial_seconds_left: i64,
    /// `serving`: a trial serves; `waiting`: a normal license does; `over`: nothing serves.
    state: &'static str,
}

impl TrialView {
    #[must_use]
    pub fn new(served: &Served, left: Left) -> Self {
        let state = match served.node.as_ref().map(|node| node.rank) {
            Some(Rank::Trial | Rank::FirstTrial) => "serving",
            Some(rank) if rank.serves() => "waiting",
            _ => "over",
        };
        Self {
            feature_name: served.key.name.clone(),
            feature_version: served.key.version.clone(),
            cumulative_trial_days: left.days,
            cumulative_trial_seconds: left.seconds,
            cumulative_trial_days_left: left.days_left,
            cumulative_trial_seconds_left: left.seconds_left,
            state,
        }
    }
}

impl View for TrialView {
    const SCHEMA: &'static str = "licctl.rms.trial/1";
    const COLUMNS: &'static [Column] = &[
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("STATE", "state", Fit::Keep),
        column("DAYS", "cumulativeTrialDays", Fit::Number),
        column("DAYS LEFT", "cumulativeTrialDaysLeft", Fit::Number),
        column("HOURS LEFT", "cumulativeTrialSecondsLeft", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let tone = if self.state == "over" { Tone::Bad } else { Tone::Plain };
        let counted = |set: i64, text: String| {
            if set == 0 { Cell::toned("-", Tone::Faint) } else { text.into() }
        };
        vec![
            self.feature_name.clone().into(),
            self.feature_version.clone().into(),
            Cell::toned(self.state, tone),
            counted(self.cumulative_trial_days, self.cumulative_trial_days.to_string()),
            counted(self.cumulative_trial_days, self.cumulative_trial_days_left.to_string()),
            counted(self.cumulative_trial_seconds, hours(self.cumulative_trial_seconds_left)),
        ]
    }

    fn name(&self) -> String {
        self.feature_name.clone()
    }
}

/// A grace license on a machine.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GraceView {
    feature_name: String,
    feature_version: String,
    host_name: String,
    /// `ready`, `running` or `over`.
    state: &'static str,
    grace_period_calendar_days: i64,
    grace_period_elapsed_hours: i64,
    /// The first use without the network since the last request on it.
    first_use: Option<Timestamp>,
    ends: Option<Timestamp>,
    /// Null: hours do not count.
    seconds_left: Option<i64>,
}

impl GraceView {
    #[must_use]
    pub fn new(key: &FeatureKey, grace: &Grace, now: Timestamp) -> Self {
        let stands = standing(grace, now);
        let state = match (stands.over, grace.first_use) {
            (true, _) => "over",
            (_, Some(_)) => "running",
            _ => "ready",
        };
        Self {
            feature_name: key.name.clone(),
            feature_version: key.version.clone(),
            host_name: grace.host.clone(),
            state,
            grace_period_calendar_days: grace.days,
            grace_period_elapsed_hours: grace.hours,
            first_use: moment(grace.first_use),
            ends: moment(stands.ends),
            seconds_left: stands.seconds_left,
        }
    }
}

impl View for GraceView {
    const SCHEMA: &'static str = "licctl.rms.grace/1";
    const COLUMNS: &'static [Column] = &[
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("HOST", "hostName", Fit::Keep),
        column("STATE", "state", Fit::Keep),
        column("DAYS", "gracePeriodCalendarDays", Fit::Number),
        column("ENDS", "ends", Fit::Keep),
        column("HOURS LEFT", "secondsLeft", Fit::Number),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = if self.state == "over" { Tone::Bad } else { Tone::Plain };
        vec![
            self.feature_name.clone().into(),
            self.feature_version.clone().into(),
            self.host_name.clone().into(),
            Cell::toned(self.state, tone),
            self.grace_period_calendar_days.to_string().into(),
            self.ends.map_or_else(|| Cell::toned("-", Tone::Faint), |at| look.time(at).into()),
            self.seconds_left.map_or_else(|| "-".to_owned(), hours).into(),
        ]
    }

    fn name(&self) -> String {
        format!("{} {}", self.host_name, self.feature_name)
    }
}
