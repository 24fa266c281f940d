//! A plan: the moves, the licenses before and after, and the hosts for which there is none.

use super::{key_cell, number};
use crate::output::{Cell, Column, Fit, Look, View, column};
use crate::vsphere::model::license::License;
use crate::vsphere::report::plan::{Moved, Plan, Unplaced, Used};
use crate::wording::many;
use schemars::JsonSchema;
use serde::Serialize;

/// A host that gets another license.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MoveView {
    entity_id: String,
    entity_display_name: Option<String>,
    /// Key of the license that it leaves; null: it is on evaluation.
    from: Option<String>,
    to: String,
    /// Units that it takes.
    cost: i64,
    /// Its place among the steps, from 1; null: no order of the moves stays within capacity.
    step: Option<u64>,
}

impl MoveView {
    fn new(moved: &Moved<'_>) -> Self {
        Self {
            entity_id: moved.entity.entity_id.clone(),
            entity_display_name: moved.entity.name.clone(),
            from: moved.from.map(key),
            to: key(moved.to),
            cost: moved.cost,
            step: moved.step,
        }
    }
}

/// A key as it is known here: in full when secrets are shown.
fn key(license: &License) -> String {
    license.key.text(true).to_owned()
}

impl View for MoveView {
    const SCHEMA: &'static str = "licctl.vsphere.move/1";
    const COLUMNS: &'static [Column] = &[
        column("STEP", "step", Fit::Number),
        column("ENTITY", "entityId", Fit::Elide),
        column("NAME", "entityDisplayName", Fit::Elide),
        column("FROM", "from", Fit::Keep),
        column("TO", "to", Fit::Keep),
        column("COST", "cost", Fit::Number),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            self.step.map_or_else(|| "-".to_owned(), |step| step.to_string()).into(),
            self.entity_id.clone().into(),
            self.entity_display_name.clone().unwrap_or_default().into(),
            key_cell(self.from.as_deref(), look),
            key_cell(Some(&self.to), look),
            self.cost.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.entity_id.clone()
    }
}

/// A license that a plan touches.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsedView {
    license_key: String,
    name: String,
    cost_unit: String,
    /// Units; 0 is unlimited.
    total: i32,
    used_before: i64,
    used_after: i64,
}

impl UsedView {
    fn new(used: &Used<'_>) -> Self {
        Self {
            license_key: key(used.license),
            name: used.license.name.clone(),
            cost_unit: used.license.cost_unit.clone(),
            total: used.license.total,
            used_before: used.before,
            used_after: used.after,
        }
    }
}

impl View for UsedView {
    const SCHEMA: &'static str = "licctl.vsphere.used/1";
    const COLUMNS: &'static [Column] = &[
        column("KEY", "licenseKey", Fit::Keep),
        column("NAME", "name", Fit::Elide),
        column("UNIT", "costUnit", Fit::Elide),
        column("TOTAL", "total", Fit::Number),
        column("BEFORE", "usedBefore", Fit::Number),
        column("AFTER", "usedAfter", Fit::Number),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            key_cell(Some(&self.license_key), look),
            self.name.clone().into(),
            self.cost_unit.clone().into(),
            if self.total == 0 { "unlimited".to_owned() } else { self.total.to_string() }.into(),
            self.used_before.to_string().into(),
            self.used_after.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.license_key.clone()
    }
}

/// A host for which there is no license.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnplacedView {
    entity_id: String,
    entity_display_name: Option<String>,
    /// The fault that an assignment would end with, or `unknownCost`.
    reason: &'static str,
    /// The fewest units that it takes of a license that would do; null: none would.
    needed: Option<i64>,
}

impl UnplacedView {
    fn new(left: &Unplaced<'_>) -> Self {
        Self {
            entity_id: left.entity.entity_id.clone(),
            entity_display_name: left.entity.name.clone(),
            reason: left.reason.word(),
            needed: left.needed,
        }
    }

    /// `esx05: NotEnoughLicenses, needs 4 units`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let called = self.entity_display_name.as_deref().unwrap_or(&self.entity_id);
        match self.needed {
            Some(needed) => format!("{called}: {}, needs {}", self.reason, many(needed, "unit")),
            None => format!("{called}: {}", self.reason),
        }
    }

    #[must_use]
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }
}

/// On which licenses hosts go.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    /// No plan is better in anything.
    optimal: bool,
    /// No plan places more hosts, or as many on fewer licenses.
    fewest: bool,
    /// Whether the moves were made.
    applied: bool,
    /// Keys of the licenses that the placed hosts are on.
    keys_used: Vec<String>,
    pub moves: Vec<MoveView>,
    pub keys: Vec<UsedView>,
    pub unplaced: Vec<UnplacedView>,
    /// Hosts that keep the license that they have.
    pub kept: u64,
}

impl PlanView {
    #[must_use]
    pub fn new(plan: &Plan<'_>, applied: bool) -> Self {
        Self {
            optimal: plan.optimal,
            fewest: plan.fewest,
            applied,
            keys_used: plan.used.iter().map(|license| key(license)).collect(),
            moves: plan.moves.iter().map(MoveView::new).collect(),
            keys: plan.licenses.iter().map(UsedView::new).collect(),
            unplaced: plan.unplaced.iter().map(UnplacedView::new).collect(),
            kept: plan.kept,
        }
    }

    /// How good the plan is, and how many hosts it concerns.
    #[must_use]
    pub fn sentence(&self) -> String {
        let hosts =
            |count: usize| if count == 1 { "1 host".to_owned() } else { format!("{count} hosts") };
        if self.moves.is_empty() && self.unplaced.is_empty() {
            return match self.kept {
                0 => "no host wants a license".to_owned(),
                kept => format!(
                    "{} could stay as they are",
                    hosts(usize::try_from(kept).unwrap_or(usize::MAX))
                ),
            };
        }
        let proven = match (self.optimal, self.fewest) {
            (true, _) => "no plan is better",
            (false, true) => "no plan needs fewer licenses, another may move fewer hosts",
            (false, false) => "not proven to be the best: there are too many to try",
        };
        let kept = match self.kept {
            0 => String::new(),
            kept => format!(", {kept} stay"),
        };
        let licenses = match self.keys_used.len() {
            1 => "1 license".to_owned(),
            count => format!("{count} licenses"),
        };
        let without = match self.unplaced.len() {
            0 => String::new(),
            1 => ", 1 host gets none".to_owned(),
            count => format!(", {count} hosts get none"),
        };
        if self.keys_used.is_empty() {
            return format!("no host can move{without}; {proven}");
        }
        format!(
            "{} to move{kept}, on {licenses} in all{without}; {proven}",
            hosts(self.moves.len())
        )
    }
}

impl View for PlanView {
    const SCHEMA: &'static str = "licctl.vsphere.plan/1";
    const COLUMNS: &'static [Column] = &[
        column("OPTIMAL", "optimal", Fit::Keep),
        column("KEYS", "keysUsed", Fit::Wrap),
        column("MOVES", "moves", Fit::Number),
        column("UNPLACED", "unplaced", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let count = |count: usize| number(i64::try_from(count).ok());
        vec![
            if self.optimal { "yes" } else { "no" }.into(),
            self.keys_used.join(", ").into(),
            count(self.moves.len()).into(),
            count(self.unplaced.len()).into(),
        ]
    }

    fn name(&self) -> String {
        self.keys_used.join(" ")
    }
}
