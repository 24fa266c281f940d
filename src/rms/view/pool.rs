//! Pools, and what they can lose.

use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::rms::model::pool::Pool;
use crate::rms::ops::pools::Standing;
use schemars::JsonSchema;
use serde::Serialize;

/// A server of a pool, by the names of serverPoolInfo.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PoolView {
    host_name: String,
    ip_address: String,
    /// `LEADER` or `FOLLOWER`.
    #[serde(rename = "type")]
    role: &'static str,
    /// `UP` or `DOWN`.
    status: &'static str,
}

impl PoolView {
    /// The servers of a pool, in the order of preference.
    #[must_use]
    pub fn of(pool: &Pool) -> Vec<Self> {
        let leader = pool.leader().map(|leader| leader.name.as_str());
        let views = pool.members.iter().map(|member| Self {
            host_name: member.name.clone(),
            ip_address: member.address.clone(),
            role: if leader == Some(member.name.as_str()) { "LEADER" } else { "FOLLOWER" },
            status: if member.up { "UP" } else { "DOWN" },
        });
        views.collect()
    }
}

impl View for PoolView {
    const SCHEMA: &'static str = "licctl.rms.pool-server/1";
    const COLUMNS: &'static [Column] = &[
        column("SERVER", "hostName", Fit::Keep),
        column("ROLE", "type", Fit::Keep),
        column("STATUS", "status", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let tone = if self.status == "UP" { Tone::Good } else { Tone::Bad };
        vec![self.host_name.clone().into(), self.role.into(), Cell::toned(self.status, tone)]
    }

    fn name(&self) -> String {
        self.host_name.clone()
    }
}

/// What a loss leaves of a redundant feature.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LossView {
    feature_name: String,
    feature_version: String,
    /// Servers that the license counts with.
    num_servers: u64,
    up: u64,
    needed: u64,
    /// How many of those that are up may fail.
    tolerance: u64,
    serves_now: bool,
    serves_after_loss: bool,
    /// Null: nobody is up.
    next_leader: Option<String>,
    /// Units that the leader issued or renewed, and those of the leaders before it: these clients must refresh.
    issued_by_leader: u64,
    issued_before: u64,
    /// Whether the pool has another number of servers than the license.
    pool_size_differs: bool,
}

impl From<&Standing> for LossView {
    fn from(standing: &Standing) -> Self {
        let (now, after) = (standing.tolerance.now, standing.tolerance.after);
        Self {
            feature_name: standing.key.name.clone(),
            feature_version: standing.key.version.clone(),
            num_servers: now.of,
            up: now.up,
            needed: now.needed,
            tolerance: now.tolerance(),
            serves_now: now.serves(),
            serves_after_loss: after.serves(),
            next_leader: standing.tolerance.next_leader.clone(),
            issued_by_leader: standing.issued.by_leader,
            issued_before: standing.issued.before,
            pool_size_differs: standing.sizes_differ,
        }
    }
}

impl View for LossView {
    const SCHEMA: &'static str = "licctl.rms.loss/1";
    const COLUMNS: &'static [Column] = &[
        column("FEATURE", "featureName", Fit::Keep),
        column("VERSION", "featureVersion", Fit::Keep),
        column("N", "numServers", Fit::Number),
        column("UP", "up", Fit::Number),
        column("NEEDED", "needed", Fit::Number),
        column("TOLERANCE", "tolerance", Fit::Number),
        column("AFTER LOSS", "servesAfterLoss", Fit::Keep),
        column("NEXT LEADER", "nextLeader", Fit::Keep),
        column("BY LEADER", "issuedByLeader", Fit::Number),
        column("BEFORE", "issuedBefore", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let after = if self.serves_after_loss {
            Cell::toned("serves", Tone::Good)
        } else {
            Cell::toned("stops", Tone::Bad)
        };
        let dash = || "-".to_owned();
        let version = Some(self.feature_version.clone()).filter(|text| !text.is_empty());
        vec![
            self.feature_name.clone().into(),
            version.unwrap_or_else(dash).into(),
            self.num_servers.to_string().into(),
            self.up.to_string().into(),
            self.needed.to_string().into(),
            self.tolerance.to_string().into(),
            after,
            self.next_leader.clone().unwrap_or_else(dash).into(),
            self.issued_by_leader.to_string().into(),
            self.issued_before.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.feature_name.clone()
    }
}
