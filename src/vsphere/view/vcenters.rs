//! Instances, and the properties of their LicenseManager.

use super::{LicenseView, PropertyView, properties};
use crate::output::{Cell, Column, Fit, Look, View, column};
use crate::vsphere::catalog::fields::MANAGER;
use crate::vsphere::model::vcenter::Vcenter;
use crate::vsphere::ops::vcenters::Properties;
use crate::vsphere::rules::expiry;
use crate::vsphere::store::vcenters::Counts;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

/// An instance: the members of `AboutInfo` that licensing needs, and what it holds.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VcenterView {
    name: String,
    version: String,
    product_line_id: &'static str,
    /// `VirtualCenter` or `HostAgent`.
    api_type: &'static str,
    /// The vCenter's entityId; null for a stand-alone host.
    instance_uuid: Option<String>,
    license_product_name: &'static str,
    license_product_version: String,
    /// `all` or `none`: what an empty entityId means.
    empty_entity: &'static str,
    /// `documented` or `observed`: which fault tells of an unknown entity.
    fault_style: &'static str,
    /// `catalogue` or `any`: which keys are taken.
    resolve: &'static str,
    /// The group of vCenters with which it shares its inventory; null: none.
    linked_group: Option<String>,
    licenses: u64,
    entities: u64,
    assigned: u64,
}

impl VcenterView {
    #[must_use]
    pub fn new(vcenter: &Vcenter, counts: Counts) -> Self {
        let kind = match vcenter.api_type {
            crate::vsphere::model::vcenter::ApiType::VirtualCenter => {
                crate::vsphere::catalog::products::VCENTER
            }
            crate::vsphere::model::vcenter::ApiType::HostAgent => {
                crate::vsphere::catalog::products::ESX
            }
        };
        Self {
            name: vcenter.name.clone(),
            version: vcenter.version.clone(),
            product_line_id: vcenter.api_type.product_line(),
            api_type: vcenter.api_type.word(),
            instance_uuid: vcenter.uuid.clone(),
            license_product_name: kind,
            license_product_version: expiry::major_minor(&vcenter.version),
            empty_entity: vcenter.settings.empty_entity.word(),
            fault_style: vcenter.settings.fault_style.word(),
            resolve: vcenter.settings.resolve.word(),
            linked_group: vcenter.settings.linked.clone(),
            licenses: counts.licenses,
            entities: counts.entities,
            assigned: counts.assignments,
        }
    }
}

impl View for VcenterView {
    const SCHEMA: &'static str = "licctl.vsphere.vcenter/1";
    const COLUMNS: &'static [Column] = &[
        column("NAME", "name", Fit::Elide),
        column("VERSION", "version", Fit::Keep),
        column("APITYPE", "apiType", Fit::Keep),
        column("INSTANCEUUID", "instanceUuid", Fit::Spare),
        column("LICENSES", "licenses", Fit::Number),
        column("ENTITIES", "entities", Fit::Number),
        column("ASSIGNED", "assigned", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.name.clone().into(),
            self.version.clone().into(),
            self.api_type.into(),
            self.instance_uuid.clone().unwrap_or_else(|| "-".to_owned()).into(),
            self.licenses.to_string().into(),
            self.entities.to_string().into(),
            self.assigned.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

/// `LicenseManagerEvaluationInfo`.
#[derive(Debug, Serialize, JsonSchema)]
struct EvaluationInfoView {
    properties: Vec<PropertyView>,
}

/// A reference to a managed object.
#[derive(Debug, Serialize, JsonSchema)]
struct ReferenceView {
    #[serde(rename = "type")]
    kind: &'static str,
    value: &'static str,
}

/// The properties of LicenseManager; null is unset.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PropertiesView {
    diagnostics: Option<Json>,
    evaluation: EvaluationInfoView,
    feature_info: Option<Json>,
    license_assignment_manager: Option<ReferenceView>,
    licensed_edition: Option<Json>,
    licenses: Vec<LicenseView>,
    source: Option<Json>,
    source_available: Option<Json>,
}

impl PropertiesView {
    #[must_use]
    pub fn new(held: &Properties, secrets: bool) -> Self {
        Self {
            diagnostics: None,
            evaluation: EvaluationInfoView {
                properties: properties(&held.evaluation.properties, secrets),
            },
            feature_info: None,
            license_assignment_manager: held
                .license_assignment_manager
                .map(|value| ReferenceView { kind: "LicenseAssignmentManager", value }),
            licensed_edition: None,
            licenses: held.licenses.iter().map(|info| LicenseView::answer(info, secrets)).collect(),
            source: None,
            source_available: None,
        }
    }
}

impl View for PropertiesView {
    const SCHEMA: &'static str = "licctl.vsphere.properties/1";
    const COLUMNS: &'static [Column] = &[
        column("diagnostics", "diagnostics", Fit::Wrap),
        column("evaluation", "evaluation", Fit::Wrap),
        column("featureInfo", "featureInfo", Fit::Wrap),
        column("licenseAssignmentManager", "licenseAssignmentManager", Fit::Wrap),
        column("licensedEdition", "licensedEdition", Fit::Wrap),
        column("licenses", "licenses", Fit::Wrap),
        column("source", "source", Fit::Wrap),
        column("sourceAvailable", "sourceAvailable", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let whole = serde_json::to_value(self).unwrap_or(Json::Null);
        let cell = |name: &str| match (name, whole.get(name)) {
            (_, None | Some(Json::Null)) => "unset".to_owned(),
            ("licenses", Some(held)) => {
                format!("LicenseManagerLicenseInfo[{}]", held.as_array().map_or(0, Vec::len))
            }
            ("evaluation", Some(_)) => {
                let told = self.evaluation.properties.iter().map(|held| {
                    let text = held.value.as_str().map(str::to_owned);
                    format!("{} = {}", held.key, text.unwrap_or_else(|| held.value.to_string()))
                });
                told.collect::<Vec<_>>().join(", ")
            }
            (_, Some(held)) => {
                held.get("value").and_then(Json::as_str).unwrap_or_default().to_owned()
            }
        };
        MANAGER.iter().map(|field| cell(field.name).into()).collect()
    }

    fn name(&self) -> String {
        "LicenseManager".to_owned()
    }
}
