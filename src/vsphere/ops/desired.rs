//! What a file can declare of vSphere licensing: vCenters, the licenses of their inventory with labels, entities, assignments.
//!
//! What is compared is the assignment, not whether a key is known.

use super::vcenters::{self, Changes, NewVcenter};
use super::{Scene, assignments as assigning, entities as listed, licenses};
use crate::catalog::Mask;
use crate::desired::{Desired, Effects, Kind, Members, Order, POWERSHELL, Property, Takes, Wish};
use crate::error::{Outcome, Usage};
use crate::store::{Read, Tx};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::export::declared;
use crate::vsphere::model::entity::{Entity, Processors};
use crate::vsphere::model::key::{self, Key};
use crate::vsphere::model::value::KeyValue;
use crate::vsphere::model::vcenter::ApiType;
use crate::vsphere::ops::licenses::Removing;
use crate::vsphere::store::{assignments, entities, licenses as rows, vcenters as stored};
use serde_json::{Map, Value as Json};

/// What can be declared, and for which tools a change is written down.
pub static DESIRED: Desired = Desired { kinds: &[&VCENTER], forms: &[&POWERSHELL], whole: None };

static VCENTER: Kind = Kind {
    name: "vcenter",
    doc: "A vCenter, or a stand-alone host.",
    properties: &[
        Property::key("name", Takes::Text, "Its name."),
        Property::made(
            "instanceUuid",
            Takes::Text,
            "Its instanceUuid; one is drawn for a new vCenter.",
        ),
        Property::made(
            "apiType",
            Takes::Word(|| ApiType::ALL.map(ApiType::word).to_vec()),
            "What it is; `HostAgent`: a stand-alone host.",
        ),
        Property::setting("version", Takes::Text, "Its version: `8.0.3`."),
        Property::setting(
            "linked",
            Takes::Text,
            "The group of linked vCenters that it is in; `\"\"`: none.",
        ),
    ],
    parts: &[&LICENSE, &ENTITY, &ASSIGNMENT],
    order: Order::SettingsFirst,
    present: vcenter,
    make: make_vcenter,
    set: |tx, wish, _| {
        let scene = scene(tx.reading(), &wish.required("name")?, wish)?;
        let changes = Changes {
            version: wish.set("version"),
            linked: wish.set("linked"),
            ..Changes::default()
        };
        vcenters::set(tx, &scene, &changes).map(drop)
    },
    remove: |tx, wish, _| {
        let scene = scene(tx.reading(), &wish.required("name")?, wish)?;
        vcenters::remove(tx, &scene).map(drop)
    },
};

fn scene(read: &mut dyn Read, name: &str, wish: &Wish) -> Outcome<Scene> {
    vcenters::scene(read, name, wish.now)
}

fn vcenter(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let Some(held) = stored::find(read, &wish.required("name")?)? else { return Ok(None) };
    let text = |text: Option<&str>| text.map(Json::from).unwrap_or_default();
    let mut members = Map::new();
    members.insert("name".to_owned(), Json::from(held.name.as_str()));
    members.insert("instanceUuid".to_owned(), text(held.uuid.as_deref()));
    members.insert("apiType".to_owned(), Json::from(held.api_type.word()));
    members.insert("version".to_owned(), Json::from(held.version.as_str()));
    members.insert("linked".to_owned(), text(held.settings.linked.as_deref()));
    Ok(Some(members))
}

fn make_vcenter(tx: &mut dyn Tx, wish: &Wish, _: &mut Effects) -> Outcome<()> {
    let new = NewVcenter {
        name: wish.required("name")?,
        version: wish.text("version"),
        uuid: wish.text("instanceUuid"),
        api_type: wish.meaning("apiType", ApiType::named)?.unwrap_or_default(),
        ..NewVcenter::default()
    };
    vcenters::add(tx, &new, wish.seed, wish.now).map(drop)
}

static LICENSE: Kind = Kind {
    name: "license",
    doc: "A license of the inventory.",
    properties: &[
        Property::key("licenseKey", Takes::Secret(Mask::LastTwoGroups), "Its key."),
        Property::setting(
            "labels",
            Takes::Pairs,
            "Labels and their values; `\"\"` takes a label away, others stay.",
        ),
    ],
    parts: &[],
    order: Order::SettingsFirst,
    present: license,
    make: make_license,
    set: set_labels,
    remove: |tx, wish, effects| {
        let scene = scene(tx.reading(), wish.instance()?, wish)?;
        let key = wish.required("licenseKey")?;
        effects.write(declared::remove(&key, effects.secrets));
        let how = Removing { force: false, ignore_missing: true };
        licenses::remove_and_look(tx, &scene, &key, how).map(drop)
    },
};

fn license(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let Some(vcenter) = stored::find(read, wish.instance()?)? else { return Ok(None) };
    let Some(held) = rows::find(read, vcenter.id, &wish.required("licenseKey")?)? else {
        return Ok(None);
    };
    // Labels that were not declared stay as they are: only the declared ones are compared.
    let labels = wish.pairs("labels").unwrap_or_default().into_iter().map(|(name, _)| {
        let value = held.labels.iter().find(|label| label.key == name);
        (name, value.map_or_else(|| Json::from(""), |label| Json::from(label.value.as_str())))
    });
    let mut members = Map::new();
    members.insert("licenseKey".to_owned(), Json::from(held.key.shown()));
    members.insert("name".to_owned(), Json::from(held.name.as_str()));
    members.insert("labels".to_owned(), Json::Object(labels.collect()));
    Ok(Some(members))
}

fn make_license(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let scene = scene(tx.reading(), wish.instance()?, wish)?;
    let key = wish.required("licenseKey")?;
    let labels: Vec<KeyValue> = wish
        .pairs("labels")
        .unwrap_or_default()
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| KeyValue::new(&name, &value))
        .collect();
    licenses::add(tx, &scene, &key, &labels)?;
    if rows::find(tx.reading(), scene.vcenter.id, &key)?.is_none() {
        return Err(Usage::new(format!("nobody knows what the key {} is for", key::masked(&key)))
            .hinted("`licctl vsphere catalogue add` tells it")
            .into());
    }
    effects.write(declared::add(&key, &labels, effects.secrets));
    Ok(())
}

fn set_labels(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let scene = scene(tx.reading(), wish.instance()?, wish)?;
    let key = wish.required("licenseKey")?;
    for (label, value) in wish.pairs("labels").unwrap_or_default() {
        licenses::set_label(tx, &scene, &key, &label, &value)?;
        effects.write(declared::label(&key, &label, &value, effects.secrets));
    }
    Ok(())
}

static ENTITY: Kind = Kind {
    name: "entity",
    doc: "A host, cluster or solution that takes a license.",
    properties: &[
        Property::key("entityId", Takes::Text, "Its id: `host-12`."),
        Property::made(
            "kind",
            Takes::Word(|| EntityKind::ALL.map(EntityKind::word).to_vec()),
            "What it is; needed for a new one.",
        ),
        Property::setting("name", Takes::Text, "Its display name."),
        Property::setting("parent", Takes::Text, "The cluster that it is in."),
        Property::setting("version", Takes::Text, "Its version."),
        Property::setting("numCpuPackages", Takes::Number, "How many processors it has."),
        Property::setting("numCpuCores", Takes::Number, "How many cores all its processors have."),
    ],
    parts: &[],
    order: Order::SettingsFirst,
    present: entity,
    make: make_entity,
    set: |tx, wish, effects| {
        let scene = scene(tx.reading(), wish.instance()?, wish)?;
        let id = wish.required("entityId")?;
        let held = assigning::known(tx.reading(), &scene, &id)?;
        let facts = facts(wish, &held.processors)?;
        effects.warnings.extend(listed::set(tx, &scene, &id, &facts)?.warnings);
        Ok(())
    },
    remove: |tx, wish, _| {
        let scene = scene(tx.reading(), wish.instance()?, wish)?;
        listed::remove(tx, &scene, &wish.required("entityId")?).map(drop)
    },
};

fn found(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<(Scene, Entity)>> {
    if stored::find(read, wish.instance()?)?.is_none() {
        return Ok(None);
    }
    let scene = scene(read, wish.instance()?, wish)?;
    let id = listed::named(read, &scene, &wish.required("entityId")?)?;
    let entity = entities::find(read, scene.vcenter.id, &id)?;
    Ok(entity.map(|entity| (scene, entity)))
}

fn entity(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let Some((_, held)) = found(read, wish)? else { return Ok(None) };
    let text = |text: Option<&str>| text.map(Json::from).unwrap_or_default();
    let packages = &held.processors.packages;
    let cores: u32 = packages.iter().sum();
    let mut members = Map::new();
    members.insert("entityId".to_owned(), Json::from(held.entity_id.as_str()));
    members.insert("kind".to_owned(), Json::from(held.kind.word()));
    members.insert("name".to_owned(), text(held.name.as_deref()));
    members.insert("parent".to_owned(), text(held.parent.as_deref()));
    members.insert("version".to_owned(), text(held.product_version.as_deref()));
    members.insert("numCpuPackages".to_owned(), Json::from(packages.len()));
    members.insert("numCpuCores".to_owned(), Json::from(cores));
    Ok(Some(members))
}

/// What is to be set of an entity; its cores are shared out among its processors evenly.
fn facts(wish: &Wish, held: &Processors) -> Outcome<listed::Facts> {
    let number = |name: &str| -> Outcome<Option<u32>> {
        let parsed = wish.text(name).map(|text| text.parse::<u32>());
        parsed.transpose().map_err(|_| Usage::new(format!("`{name}` is no such number")).into())
    };
    let (packages, cores) = (number("numCpuPackages")?, number("numCpuCores")?);
    let mut processors = None;
    if wish.sets("numCpuPackages") || wish.sets("numCpuCores") {
        let packages = packages.unwrap_or_else(|| u32::try_from(held.packages.len()).unwrap_or(0));
        let cores = cores.unwrap_or_else(|| held.packages.iter().sum());
        let each = cores.checked_div(packages).filter(|each| {
            (1..=4096).contains(each) && packages <= 4096 && each * packages == cores
        });
        let Some(each) = each else {
            let message = format!("{packages} processors cannot have {cores} cores together");
            return Err(Usage::new(message).into());
        };
        let packages = (0..packages).map(|_| each).collect();
        processors = Some(Processors { packages, count: None, shared_out: false });
    }
    Ok(listed::Facts {
        name: wish.set("name"),
        parent: wish.set("parent"),
        version: wish.set("version"),
        processors,
        ..listed::Facts::default()
    })
}

fn make_entity(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let scene = scene(tx.reading(), wish.instance()?, wish)?;
    let kind = wish.meaning("kind", EntityKind::named)?;
    let kind = kind.ok_or_else(|| Usage::new("a new entity needs `kind`"))?;
    let facts = listed::Facts {
        name: wish.text("name"),
        version: wish.text("version"),
        ..listed::Facts::default()
    };
    let made = listed::add(tx, &scene, &wish.required("entityId")?, kind, &facts)?;
    effects.warnings.extend(made.warnings);
    Ok(())
}

static ASSIGNMENT: Kind = Kind {
    name: "assignment",
    doc: "Which license an entity has.",
    properties: &[
        Property::key(
            "entityId",
            Takes::Text,
            "The entity: its id, its display name, or `vc` for the vCenter itself.",
        ),
        Property::setting(
            "licenseKey",
            Takes::Secret(Mask::LastTwoGroups),
            "The key that is assigned to it.",
        ),
    ],
    parts: &[],
    order: Order::SettingsFirst,
    present: assignment,
    make: assign,
    set: assign,
    remove: |tx, wish, effects| {
        let scene = scene(tx.reading(), wish.instance()?, wish)?;
        let id = listed::named(tx.reading(), &scene, &wish.required("entityId")?)?;
        effects.write(declared::unassign(&id));
        assigning::remove(tx, &scene, &id).map(drop)
    },
};

fn assignment(read: &mut dyn Read, wish: &Wish) -> Outcome<Option<Members>> {
    let Some((scene, entity)) = found(read, wish)? else { return Ok(None) };
    let wanted = wish.text("licenseKey").map(|key| key::masked(&key));
    let mut keys: Vec<Key> = Vec::new();
    for held in assignments::of_entity(read, scene.vcenter.id, entity.id)? {
        keys.extend(rows::load(read, scene.vcenter.id, held.license)?.map(|license| license.key));
    }
    let own = keys.iter().find(|key| Some(key.shown()) == wanted.as_deref());
    let Some(key) = own.or(keys.first()) else { return Ok(None) };
    let mut members = Map::new();
    members.insert("entityId".to_owned(), Json::from(entity.entity_id.as_str()));
    members.insert("licenseKey".to_owned(), Json::from(key.shown()));
    Ok(Some(members))
}

fn assign(tx: &mut dyn Tx, wish: &Wish, effects: &mut Effects) -> Outcome<()> {
    let scene = scene(tx.reading(), wish.instance()?, wish)?;
    let Some(key) = wish.text("licenseKey") else {
        return Err(Usage::new("an assignment needs `licenseKey`").into());
    };
    let id = listed::named(tx.reading(), &scene, &wish.required("entityId")?)?;
    let wanted = assigning::Wanted { entity_id: &id, key: &key, display_name: "" };
    let assigned = assigning::update(tx, &scene, &wanted)?;
    effects.warnings.extend(assigned.warnings);
    effects.write(declared::assign(&id, &key, effects.secrets));
    Ok(())
}
