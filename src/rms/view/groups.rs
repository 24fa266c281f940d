//! Reservation groups, named users, and licenses that were changed.

use super::moment;
use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, View, column};
use crate::rms::catalog::elements::{LICENSE_PRECEDENCE, NUM_LICENSES};
use crate::rms::model::group::{Group, Member};
use crate::rms::ops::reservations::Standing;
use crate::rms::ops::revoke::Changed;
use schemars::JsonSchema;
use serde::Serialize;

/// A reservation group of a feature.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupView {
    feature_name: String,
    /// Null: every version.
    feature_version: Option<String>,
    group: String,
    tokens: u64,
    /// Tokens that are really set apart; null: not known.
    effective: Option<u64>,
    used: u64,
    /// `!` before one that is shut out, `$` before a machine.
    members: Vec<String>,
}

impl GroupView {
    #[must_use]
    pub fn given(group: &Group) -> Self {
        Self {
            feature_name: group.feature.clone(),
            feature_version: group.version.clone(),
            group: group.name.clone(),
            tokens: group.tokens,
            effective: None,
            used: 0,
            members: group.members.iter().map(Member::text).collect(),
        }
    }
}

impl From<&Standing> for GroupView {
    fn from(standing: &Standing) -> Self {
        let version = standing.key.as_ref().map(|key| key.version.clone());
        let given = Self::given(&standing.group);
        Self {
            feature_version: version.or(given.feature_version),
            effective: Some(standing.effective),
            used: standing.used,
            ..given
        }
    }
}

impl View for GroupView {
    const SCHEMA: &'static str = "licctl.rms.reservation/1";
    const COLUMNS: &'static [Column] = &[
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("GROUP", "group", Fit::Keep),
        column("TOKENS", "tokens", Fit::Number),
        column("EFFECTIVE", "effective", Fit::Number),
        column("USED", "used", Fit::Number),
        column("MEMBERS", "members", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.feature_name.clone().into(),
            self.feature_version.clone().unwrap_or_else(|| "*".to_owned()).into(),
            self.group.clone().into(),
            self.tokens.to_string().into(),
            self.effective.map_or_else(|| "-".to_owned(), |tokens| tokens.to_string()).into(),
            self.used.to_string().into(),
            self.members.join(" ").into(),
        ]
    }

    fn name(&self) -> String {
        self.group.clone()
    }
}

/// A named user.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    user_name: String,
}

impl AccountView {
    #[must_use]
    pub fn new(user: &str) -> Self {
        Self { user_name: user.to_owned() }
    }
}

impl View for AccountView {
    const SCHEMA: &'static str = "licctl.rms.named-user/1";
    const COLUMNS: &'static [Column] = &[column("USER", "userName", Fit::Keep)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.user_name.clone().into()]
    }

    fn name(&self) -> String {
        self.user_name.clone()
    }
}

/// What a change of a license answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LicenseChangeView {
    license_hash: String,
    feature_name: String,
    feature_version: String,
    status_code: Option<u32>,
    symbol: &'static str,
    num_licenses_before: i64,
    num_licenses: i64,
    license_precedence_before: i64,
    license_precedence: i64,
    /// Seconds since 1970; 0: no revocation is planned.
    deferred_revocation_time: i64,
    revoked_at: Option<Timestamp>,
}

impl From<&Changed> for LicenseChangeView {
    fn from(changed: &Changed) -> Self {
        let (before, after) = (&changed.before.elements, &changed.after.elements);
        let key = changed.after.feature();
        Self {
            license_hash: changed.after.hash().unwrap_or_default().to_owned(),
            feature_name: key.name,
            feature_version: key.version,
            status_code: changed.code.native.number(),
            symbol: changed.code.symbol,
            num_licenses_before: before.number(&NUM_LICENSES),
            num_licenses: after.number(&NUM_LICENSES),
            license_precedence_before: before.number(&LICENSE_PRECEDENCE),
            license_precedence: after.number(&LICENSE_PRECEDENCE),
            deferred_revocation_time: changed.planned.unwrap_or(0),
            revoked_at: moment(changed.planned),
        }
    }
}

impl View for LicenseChangeView {
    const SCHEMA: &'static str = "licctl.rms.license-change/1";
    const COLUMNS: &'static [Column] = &[
        column("HASH", "licenseHash", Fit::Keep),
        column("SEATS", "numLicenses", Fit::Number),
        column("ANSWER", "symbol", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.license_hash.clone().into(),
            self.num_licenses.to_string().into(),
            self.symbol.into(),
        ]
    }

    fn name(&self) -> String {
        self.license_hash.clone()
    }
}
