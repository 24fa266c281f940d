//! The answers to the questions.

use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::session::Session;
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
    /// Of a license; null of a check-out.
    feature_index: Option<i64>,
    license_index: Option<usize>,
    license_hash: Option<String>,
    /// `license`, `lease`, `activation`, `revocation`, `trial` or `checkout`.
    what: &'static str,
    ends: Timestamp,
    /// Whole days from now, rounded down; negative when it is past.
    days_left: i64,
    /// Tokens of the node right before and right behind it; null: unlimited.
    tokens_before: Option<u64>,
    tokens_after: Option<u64>,
    /// Tokens of the feature that are in use now; of a check-out its own.
    in_use: u64,
    /// Seconds of use that a trial has left, which may end it earlier; null: they are not counted.
    use_left: Option<i64>,
    /// Who has the check-out: user and host; null of a license.
    client: Option<String>,
    /// As the file of applications says; null: it does not.
    application: Option<String>,
    #[serde(skip)]
    impact: String,
}

impl EndingView {
    #[must_use]
    pub fn new(served: &Served, ending: &Ending, in_use: u64) -> Self {
        let license = served.licenses.get(ending.license);
        Self {
            application: None,
            feature_name: served.key.name.clone(),
            feature_version: served.key.version.clone(),
            feature_index: Some(served.index),
            license_index: Some(ending.license),
            in_use,
            client: None,
            license_hash: license.and_then(|license| license.hash()).map(str::to_owned),
            what: ending.what.word(),
            ends: ending.at,
            days_left: ending.days_left,
            tokens_before: ending.before.finite(),
            tokens_after: ending.after.finite(),
            impact: format!("{} → {}", ending.before, ending.after),
            use_left: ending.use_left,
        }
    }

    /// The end of a check-out.
    #[must_use]
    pub fn checked_out(
        key: &FeatureKey,
        session: &Session,
        ends: Timestamp,
        now: Timestamp,
    ) -> Self {
        Self {
            application: None,
            feature_name: key.name.clone(),
            feature_version: key.version.clone(),
            feature_index: None,
            license_index: None,
            license_hash: Some(session.license.clone()).filter(|hash| !hash.is_empty()),
            what: "checkout",
            ends,
            days_left: ends.days_since(now),
            tokens_before: None,
            tokens_after: None,
            in_use: session.units,
            client: Some(format!("{}@{}", session.client.user, session.client.host)),
            impact: "-".to_owned(),
            use_left: None,
        }
    }

    /// Adds the application that the feature belongs to.
    #[must_use]
    pub fn of_application(self, application: Option<String>) -> Self {
        Self { application, ..self }
    }
}

impl EndingView {
    fn what_in_words(&self) -> String {
        let left = self.use_left.map(|left| (left / 3600, left % 3600 / 60));
        left.map_or_else(
            || self.what.to_owned(),
            |(hours, minutes)| format!("{}, {hours}:{minutes:02} of use left", self.what),
        )
    }
}

impl View for EndingView {
    const SCHEMA: &'static str = "licctl.rms.ending/1";
    const COLUMNS: &'static [Column] = &[
        column("APPLICATION", "application", Fit::Seldom),
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("HASH", "licenseHash", Fit::Keep),
        column("WHAT", "what", Fit::Phrase),
        column("ENDS", "ends", Fit::Keep),
        column("DAYS", "daysLeft", Fit::Number),
        column("IMPACT", "tokensAfter", Fit::Keep),
        column("HOLDERS", "inUse", Fit::Spare),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = if self.days_left < 0 { Tone::Bad } else { Tone::Warning };
        vec![
            self.application.clone().unwrap_or_default().into(),
            self.feature_name.clone().into(),
            self.feature_version.clone().into(),
            self.name().into(),
            self.what_in_words().into(),
            Cell::toned(look.time(self.ends), tone),
            self.days_left.to_string().into(),
            self.impact.clone().into(),
            self.client.clone().unwrap_or_else(|| self.in_use.to_string()).into(),
        ]
    }

    fn name(&self) -> String {
        let place = self.feature_index.zip(self.license_index);
        let place =
            || place.map_or_else(|| "-".to_owned(), |(one, other)| format!("{one}:{other}"));
        self.license_hash.clone().unwrap_or_else(place)
    }
}
