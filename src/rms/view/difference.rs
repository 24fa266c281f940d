//! What differs between two captures, a line for a feature and for each of its licenses.

use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::rms::model::license::{FeatureKey, Value};
use crate::rms::report::difference::{Change, Changed, Difference, OfLicense, User};
use crate::rms::rules::limits::Units;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

/// Something before and after.
#[derive(Debug, Serialize, JsonSchema)]
struct Pair {
    /// Null: unlimited, or missing.
    before: Json,
    after: Json,
}

/// An element that differs.
#[derive(Debug, Serialize, JsonSchema)]
struct ElementChange {
    element: &'static str,
    before: Json,
    after: Json,
}

/// Who uses a feature.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct UserChange {
    user_name: String,
    host_name: String,
}

impl From<&User> for UserChange {
    fn from(user: &User) -> Self {
        Self { user_name: user.name.clone(), host_name: user.host.clone() }
    }
}

/// How many users a line names.
const NAMED: usize = 10;

/// Users as a line has them: `ann on ws17, eve on ws3`.
fn named(users: &[User]) -> String {
    let shown = users.iter().take(NAMED).map(|user| format!("{} on {}", user.name, user.host));
    let shown: Vec<String> = shown.collect();
    match users.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A feature or a license that differs.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceView {
    /// `feature`; of a license `added`, `removed`, `changed`, `moved`, `activated` or `deactivated`.
    change: &'static str,
    feature_name: String,
    feature_version: String,
    license_hash: Option<String>,
    /// Positions of the license within its feature.
    index_before: Option<usize>,
    index_after: Option<usize>,
    /// Tokens of the feature, where they differ.
    total: Option<Pair>,
    soft: Option<Pair>,
    used: Option<Pair>,
    /// Who uses the feature afterwards alone, and before alone.
    came: Vec<UserChange>,
    left: Vec<UserChange>,
    elements: Vec<ElementChange>,
    #[serde(skip)]
    what: String,
}

fn told(value: Option<&Value>) -> Json {
    match value {
        None => Json::Null,
        Some(Value::Number(number)) => Json::from(*number),
        Some(Value::Text(text)) => Json::from(text.as_str()),
    }
}

fn change(one: &Changed) -> ElementChange {
    let (before, after) = (told(one.before.as_ref()), told(one.after.as_ref()));
    ElementChange { element: one.element, before, after }
}

impl DifferenceView {
    /// The lines of a feature: its own, where its right differs, and those of its licenses.
    #[must_use]
    pub fn of(key: &FeatureKey, found: &Difference) -> Vec<Self> {
        let whole = Difference { licenses: Vec::new(), ..found.clone() };
        let own = (!whole.is_none()).then(|| Self::of_feature(key, found));
        own.into_iter().chain(found.licenses.iter().map(|one| Self::of_license(key, one))).collect()
    }

    fn empty(key: &FeatureKey, change: &'static str) -> Self {
        Self {
            change,
            feature_name: key.name.clone(),
            feature_version: key.version.clone(),
            license_hash: None,
            index_before: None,
            index_after: None,
            total: None,
            soft: None,
            used: None,
            came: Vec::new(),
            left: Vec::new(),
            elements: Vec::new(),
            what: String::new(),
        }
    }

    fn of_feature(key: &FeatureKey, found: &Difference) -> Self {
        let limits = |pair: Option<(Units, Units)>| {
            pair.map(|(before, after)| Pair {
                before: Json::from(before.finite()),
                after: Json::from(after.finite()),
            })
        };
        let mut what = Vec::new();
        for (name, pair) in [("total", found.total), ("soft", found.soft)] {
            what.extend(pair.map(|(before, after)| format!("{name} {before} -> {after}")));
        }
        what.extend(found.used.map(|(before, after)| format!("used {before} -> {after}")));
        for (users, how) in [(&found.came, "came"), (&found.left, "left")] {
            what.extend((!users.is_empty()).then(|| format!("{} {how}", named(users))));
        }
        Self {
            came: found.came.iter().map(UserChange::from).collect(),
            left: found.left.iter().map(UserChange::from).collect(),
            total: limits(found.total),
            soft: limits(found.soft),
            used: found.used.map(|(before, after)| Pair {
                before: Json::from(before),
                after: Json::from(after),
            }),
            what: what.join(", "),
            ..Self::empty(key, "feature")
        }
    }

    fn of_license(key: &FeatureKey, one: &OfLicense) -> Self {
        let elements: Vec<ElementChange> = one.elements.iter().map(change).collect();
        let mut what: Vec<String> = elements
            .iter()
            .map(|one| format!("{} {} -> {}", one.element, one.before, one.after))
            .collect();
        what.extend(one.seats.map(|seats| format!("{seats} tokens")));
        if let (Some(before), Some(after)) = (one.before, one.after)
            && before != after
        {
            what.push(format!("license {before} is now {after}"));
        }
        Self {
            license_hash: one.hash.clone(),
            index_before: one.before,
            index_after: one.after,
            elements,
            what: what.join(", "),
            ..Self::empty(key, one.change.word())
        }
    }
}

impl View for DifferenceView {
    const SCHEMA: &'static str = "licctl.rms.difference/1";
    const COLUMNS: &'static [Column] = &[
        column("CHANGE", "change", Fit::Keep),
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("LICENSE", "licenseHash", Fit::Keep),
        column("WHAT", "elements", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let tone = if self.change == Change::Removed.word()
            || self.change == Change::Deactivated.word()
        {
            Tone::Bad
        } else if self.change == Change::Added.word() || self.change == Change::Activated.word() {
            Tone::Good
        } else {
            Tone::Warning
        };
        vec![
            Cell::toned(self.change, tone),
            self.feature_name.clone().into(),
            self.feature_version.clone().into(),
            self.license_hash.clone().unwrap_or_else(|| "-".to_owned()).into(),
            self.what.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.license_hash.clone().unwrap_or_else(|| self.feature_name.clone())
    }
}
