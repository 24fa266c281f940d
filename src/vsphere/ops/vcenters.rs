//! Instances: made, set up, removed.

use super::{Scene, linked};
use crate::chance;
use crate::clock::Timestamp;
use crate::error::{Outcome, Usage};
use crate::store::{Flow, Read, Tx};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::entity::{Entity, Evaluation, Processors};
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::EvaluationInfo;
use crate::vsphere::model::vcenter::{ApiType, Profile, Settings, Vcenter};
use crate::vsphere::rules::features::Levels;
use crate::vsphere::rules::{expiry, info, inventory};
use crate::vsphere::store::{assignments, entities, licenses, vcenters};

/// The instance of that name, for the methods that are called on it.
///
/// Usage error when there is none.
pub fn scene(read: &mut dyn Read, name: &str, now: Timestamp) -> Outcome<Scene> {
    let vcenter = vcenters::find(read, name)?.ok_or_else(|| {
        Usage::new(format!("there is no vcenter `{name}`"))
            .hinted("`licctl vsphere vcenter list` shows them")
    })?;
    Ok(Scene { vcenter, now, levels: Levels::default(), secrets: false, learned: true })
}

/// Every vCenter of the store, in the order of the names. Stand-alone hosts have no assignments and are left out.
pub fn scenes(read: &mut dyn Read, now: Timestamp) -> Outcome<Vec<Scene>> {
    let mut scenes = Vec::new();
    vcenters::each(read, &mut |vcenter| {
        if vcenter.api_type == ApiType::VirtualCenter {
            let levels = Levels::default();
            scenes.push(Scene { vcenter, now, levels, secrets: false, learned: true });
        }
        Ok(Flow::Continue(()))
    })?;
    Ok(scenes)
}

/// What a new instance is.
#[derive(Debug, Clone, Default)]
pub struct NewVcenter {
    pub name: String,
    pub version: Option<String>,
    pub uuid: Option<String>,
    pub api_type: ApiType,
    pub evaluation_start: Option<Timestamp>,
    pub processors: Processors,
    pub settings: Settings,
    pub profile: Profile,
}

/// The release that an instance is of when nobody says it.
const RELEASE: &str = "8.0.3";

/// Makes an instance: its inventory with the evaluation license, and the entity that stands for it.
///
/// Usage error when the name or the instanceUuid is taken, or none.
pub fn add(tx: &mut dyn Tx, new: &NewVcenter, seed: u64, now: Timestamp) -> Outcome<Vcenter> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(Usage::new("a vcenter needs a name without control characters").into());
    }
    if let Some(taken) = vcenters::find(tx.reading(), name)? {
        return Err(Usage::new(format!("there is a vcenter `{}` already", taken.name)).into());
    }
    let uuid = match (new.api_type, &new.uuid) {
        (ApiType::HostAgent, _) => None,
        (ApiType::VirtualCenter, Some(uuid)) => Some(uuid.trim().to_owned()),
        (ApiType::VirtualCenter, None) => {
            let change = tx.change().to_string();
            Some(chance::guid(seed, &["vsphere", name, "instanceUuid", &change]).to_string())
        }
    };
    if let Some(uuid) = &uuid
        && let Some(taken) = vcenters::with_uuid(tx.reading(), uuid)?
    {
        let message = format!("`{uuid}` is the instanceUuid of vcenter `{}`", taken.name);
        return Err(Usage::new(message).into());
    }
    let mut vcenter = Vcenter {
        id: 0,
        name: name.to_owned(),
        uuid,
        api_type: new.api_type,
        version: new.version.clone().unwrap_or_else(|| RELEASE.to_owned()),
        settings: new.settings.clone(),
        left_out: Vec::new(),
    };
    linkable(&vcenter)?;
    (vcenter.id, _) = vcenters::save(tx, &vcenter)?;
    furnish(tx, &vcenter, new, now)?;
    if vcenter.settings.linked.is_some() {
        linked::join(tx, &vcenter)?;
    }
    tx.call("vcenter.add", &format!("name={name}, version={}", vcenter.version));
    Ok(vcenter)
}

/// Gives a new instance its own entity and its evaluation license.
fn furnish(tx: &mut dyn Tx, vcenter: &Vcenter, new: &NewVcenter, now: Timestamp) -> Outcome<()> {
    let kind = match vcenter.api_type {
        ApiType::VirtualCenter => EntityKind::Vcenter,
        ApiType::HostAgent => EntityKind::Host,
    };
    let mut own = Entity::new(vcenter.own_entity(), kind);
    let version = expiry::major_minor(&vcenter.version);
    let evaluation =
        expiry::evaluation(new.evaluation_start.unwrap_or(now), expiry::days(Some(&version)));
    own.name = Some(vcenter.name.clone());
    own.product_version = Some(version);
    own.processors = new.processors.clone();
    own.evaluation = Some(evaluation);
    entities::save(tx, vcenter.id, &own)?;
    let end = Some(evaluation.end);
    let mut license = inventory::evaluation_license(vcenter.api_type, &vcenter.version, end);
    if new.profile == Profile::Vcsim {
        let product = kind.product().unwrap_or_default();
        license = inventory::simulated(license, product, &vcenter.version);
    }
    licenses::save(tx, vcenter.id, &license)?;
    Ok(())
}

/// What may be set on an instance.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub version: Option<String>,
    pub empty_entity: Option<crate::vsphere::model::vcenter::EmptyEntity>,
    pub fault_style: Option<crate::vsphere::model::vcenter::FaultStyle>,
    pub resolve: Option<crate::vsphere::model::vcenter::Resolve>,
    /// The group of vCenters that it joins; empty: it leaves its group, with a copy of the inventory.
    pub linked: Option<String>,
}

/// Sets how the model of an instance behaves; a new version is also that of its own entity.
pub fn set(tx: &mut dyn Tx, scene: &Scene, changes: &Changes) -> Outcome<Vcenter> {
    let mut vcenter = scene.vcenter.clone();
    let settings = &mut vcenter.settings;
    settings.empty_entity = changes.empty_entity.unwrap_or(settings.empty_entity);
    settings.fault_style = changes.fault_style.unwrap_or(settings.fault_style);
    settings.resolve = changes.resolve.unwrap_or(settings.resolve);
    if let Some(version) = &changes.version {
        version.clone_into(&mut vcenter.version);
        let mut own = own_entity(tx.reading(), &vcenter)?;
        own.product_version = Some(expiry::major_minor(version));
        entities::save(tx, vcenter.id, &own)?;
    }
    let joins = match changes.linked.as_deref().map(str::trim) {
        None => false,
        Some(group) => {
            vcenter.settings.linked = Some(group.to_owned()).filter(|group| !group.is_empty());
            vcenter.settings.linked.is_some()
        }
    };
    linkable(&vcenter)?;
    vcenters::save(tx, &vcenter)?;
    if joins {
        linked::join(tx, &vcenter)?;
    }
    Ok(vcenter)
}

/// Usage error when a stand-alone host is to be linked: it has no inventory to share.
fn linkable(vcenter: &Vcenter) -> Outcome<()> {
    if vcenter.api_type == ApiType::HostAgent && vcenter.settings.linked.is_some() {
        return Err(Usage::new("a stand-alone host has no inventory to share").into());
    }
    Ok(())
}

/// Removes an instance with everything that it holds; the name as it was first written.
pub fn remove(tx: &mut dyn Tx, scene: &Scene) -> Outcome<String> {
    let vcenter = &scene.vcenter;
    for held in assignments::all(tx.reading(), vcenter.id)? {
        assignments::remove(tx, vcenter.id, held.license, held.entity)?;
    }
    for entity in entities::all(tx.reading(), vcenter.id)? {
        entities::remove(tx, vcenter.id, entity.id)?;
    }
    for (license, _) in licenses::all(tx.reading(), vcenter.id)? {
        licenses::remove(tx, vcenter.id, license.id)?;
    }
    vcenters::remove(tx, vcenter.id)?;
    tx.call("vcenter.remove", &format!("name={}", vcenter.name));
    Ok(vcenter.name.clone())
}

/// The entity that stands for the instance.
///
/// Faults when there is none: it is made with the instance.
pub(super) fn own_entity(read: &mut dyn Read, vcenter: &Vcenter) -> Outcome<Entity> {
    entities::find(read, vcenter.id, vcenter.own_entity())?.ok_or_else(|| {
        crate::error::Stop::Fault(anyhow::anyhow!(
            "the store is damaged: vcenter `{}` has no entity of its own",
            vcenter.name
        ))
    })
}

/// The properties of LicenseManager that are current; the deprecated ones are unset.
#[derive(Debug)]
pub struct Properties {
    pub evaluation: EvaluationInfo,
    /// Value of the reference; unset on a stand-alone host.
    pub license_assignment_manager: Option<&'static str>,
    pub licenses: Vec<LicenseInfo>,
}

/// Reads the properties of LicenseManager.
pub fn properties(read: &mut dyn Read, scene: &Scene) -> Outcome<Properties> {
    let own = own_entity(read, &scene.vcenter)?;
    let held = licenses::all(read, scene.vcenter.id)?;
    let held = super::query::as_shown(read, scene, held)?;
    Ok(Properties {
        evaluation: own.evaluation.map(|left| told(&own, &left, scene.now)).unwrap_or_default(),
        license_assignment_manager: match scene.vcenter.api_type {
            ApiType::VirtualCenter => Some("LicenseAssignmentManager"),
            ApiType::HostAgent => None,
        },
        licenses: held.iter().map(|(held, taken)| info::license(held, *taken, scene.now)).collect(),
    })
}

fn told(entity: &Entity, evaluation: &Evaluation, now: Timestamp) -> EvaluationInfo {
    expiry::told(evaluation, now, entity.product_version.as_deref())
}

/// Sets the evaluation of an entity: from `start`, for `days` or as long as its version evaluates.
pub fn set_evaluation(
    tx: &mut dyn Tx,
    scene: &Scene,
    entity: &Entity,
    start: Timestamp,
    days: Option<u32>,
) -> Outcome<Entity> {
    let mut entity = entity.clone();
    let days = days.map_or_else(|| expiry::days(entity.product_version.as_deref()), i64::from);
    let evaluation = expiry::evaluation(start, days);
    entity.evaluation = Some(evaluation);
    let (entity, _) = entities::save(tx, scene.vcenter.id, &entity)?;
    let of_host =
        scene.vcenter.api_type == ApiType::HostAgent && scene.vcenter.is_own(&entity.entity_id);
    let held =
        licenses::find(tx.reading(), scene.vcenter.id, crate::vsphere::model::key::EVALUATION)?;
    if let (true, Some(held)) = (of_host, held) {
        let version = &scene.vcenter.version;
        let made = inventory::evaluation_license(ApiType::HostAgent, version, Some(evaluation.end));
        let license =
            crate::vsphere::model::license::License { properties: made.properties, ..held };
        licenses::save(tx, scene.vcenter.id, &license)?;
    }
    Ok(entity)
}
