//! Answers of methods as they are.

use crate::output::{Cell, Column, Fit, Look, View, column};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

/// What a method returned, as the API gives it; absent: nothing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CallView {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returnval: Option<Json>,
}

impl View for CallView {
    const SCHEMA: &'static str = "licctl.vsphere.call/1";
    const COLUMNS: &'static [Column] = &[column("returnval", "returnval", Fit::Wrap)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.name().into()]
    }

    fn name(&self) -> String {
        self.returnval.as_ref().map_or_else(|| "void".to_owned(), Json::to_string)
    }
}

/// The answer of a method that returns nothing.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct VoidView {}

impl View for VoidView {
    const SCHEMA: &'static str = "licctl.vsphere.void/1";
    const COLUMNS: &'static [Column] = &[];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        Vec::new()
    }

    fn name(&self) -> String {
        String::new()
    }
}

/// The answer of `CheckLicenseFeature`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeatureView {
    pub feature_key: String,
    pub returnval: bool,
}

impl View for FeatureView {
    const SCHEMA: &'static str = "licctl.vsphere.feature/1";
    const COLUMNS: &'static [Column] =
        &[column("FEATURE", "featureKey", Fit::Keep), column("LICENSED", "returnval", Fit::Keep)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.feature_key.clone().into(), self.returnval.to_string().into()]
    }

    fn name(&self) -> String {
        self.feature_key.clone()
    }
}
