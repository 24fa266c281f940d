//! An instance under way in an import: what is stored, with what files said laid over it.

mod entity;
mod license;
mod replacing;
mod saving;
mod view;

use crate::artefact::Notes;
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use crate::store::{Put, Read};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::import::record::{AboutSaid, LicenseSaid};
use crate::vsphere::model::assignment::Assignment;
use crate::vsphere::model::entity::{Entity, Evaluation};
use crate::vsphere::model::key::veiled;
use crate::vsphere::model::license::{License, Taken};
use crate::vsphere::model::value::EvaluationInfo;
use crate::vsphere::model::vcenter::{ApiType, Settings, Vcenter, is_uuid};
use crate::vsphere::rules::{expiry, inventory};
use crate::vsphere::store::{assignments, entities, keys, licenses};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Where a record stands, when it is read, and what its reader has to say.
pub(super) struct Reading<'n> {
    pub(super) place: Place,
    pub(super) now: Timestamp,
    /// No assignment tells what is used, so that an absent `used` is 0.
    pub(super) alone: bool,
    pub(super) notes: &'n mut Notes,
}

impl Reading<'_> {
    pub(super) fn warn(&mut self, code: &'static str, message: String) {
        self.notes.warn(code, self.place, message);
    }
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Taken(Put),
    /// It names nothing that could be stored.
    Skipped,
}

/// An instance with what is known of it so far.
pub(super) struct Overlay {
    pub(super) vcenter: Vcenter,
    /// Whether the row of the instance differs from what is stored.
    renamed: bool,
    licenses: Vec<License>,
    /// Places of the licenses by their whole key; evaluation licenses share one.
    places: HashMap<String, Vec<usize>>,
    /// The same by what may be seen of their keys.
    shown: HashMap<String, Vec<usize>>,
    /// The same by their numbers in the store.
    numbers: HashMap<i64, usize>,
    /// Places of the licenses that differ from what is stored.
    changed: HashSet<usize>,
    /// Places of the licenses that a file told of, and of those that `--replace` takes away.
    told: HashSet<usize>,
    dropped: HashSet<usize>,
    /// What was taken of the stored licenses, by their places.
    taken: HashMap<usize, Taken>,
    /// The copies of licenses in the file that is read, and of which it was told that they differ.
    copies: HashMap<usize, LicenseSaid>,
    disputed: HashSet<usize>,
    entities: HashMap<String, Held>,
    /// entityIds in the order in which they came.
    order: Vec<String>,
    /// entityIds by display name.
    names: HashMap<String, Vec<String>>,
    /// Sections that a file brought.
    sections: replacing::Sections,
    /// What is shown of the keys that files could not place.
    left_out: BTreeSet<String>,
    /// The inventory became what files say of it.
    replaced: bool,
}

/// An entity with what it holds: the place of each license, and the assignment.
#[derive(Clone)]
struct Held {
    entity: Entity,
    holds: Vec<(usize, Assignment)>,
    changed: bool,
    /// What files told of it.
    told: Tellings,
    /// `--replace` takes it away.
    gone: bool,
}

/// Whether files told of an entity itself, and of its assignment.
#[derive(Clone, Copy, Default)]
struct Tellings {
    met: bool,
    assigned: bool,
}

impl Held {
    fn new(entity: Entity) -> Self {
        Self { entity, holds: Vec::new(), changed: false, told: Tellings::default(), gone: false }
    }

    /// Whether it says the same as before.
    fn says(&self, before: &Self) -> bool {
        self.entity == before.entity && self.holds == before.holds
    }
}

impl Overlay {
    fn bare(vcenter: Vcenter) -> Self {
        Self {
            vcenter,
            renamed: false,
            licenses: Vec::new(),
            places: HashMap::new(),
            shown: HashMap::new(),
            numbers: HashMap::new(),
            changed: HashSet::new(),
            told: HashSet::new(),
            dropped: HashSet::new(),
            taken: HashMap::new(),
            copies: HashMap::new(),
            disputed: HashSet::new(),
            entities: HashMap::new(),
            order: Vec::new(),
            names: HashMap::new(),
            sections: replacing::Sections::default(),
            left_out: BTreeSet::new(),
            replaced: false,
        }
    }

    /// A stored instance; its keys are read back, so that those of files can be compared.
    pub(super) fn of(read: &mut dyn Read, vcenter: Vcenter) -> Outcome<Self> {
        let id = vcenter.id;
        let mut overlay = Self::bare(vcenter);
        for (mut license, taken) in licenses::all(read, id)? {
            license.key = keys::reveal(read, &license.key)?;
            keys::reveal_embedded(read, &mut license.properties)?;
            let at = overlay.enter(license);
            overlay.taken.insert(at, taken);
        }
        Ok(overlay)
    }

    /// An instance that is made for a file: nothing is known of its own license or evaluation.
    pub(super) fn made(name: &str, uuid: Option<&str>, api_type: ApiType) -> Self {
        let mut overlay = Self::bare(Vcenter {
            id: 0,
            name: name.to_owned(),
            // A list of licenses alone tells no instanceUuid: the name stands for it until a file does.
            uuid: (api_type == ApiType::VirtualCenter).then(|| uuid.unwrap_or(name).to_owned()),
            api_type,
            version: String::new(),
            settings: Settings::default(),
            left_out: Vec::new(),
        });
        overlay.renamed = true;
        overlay.begin(name);
        overlay
    }

    /// What an instance begins with: its evaluation license, and the entity that stands for itself.
    fn begin(&mut self, name: &str) {
        let vcenter = &self.vcenter;
        let kind = match vcenter.api_type {
            ApiType::VirtualCenter => EntityKind::Vcenter,
            ApiType::HostAgent => EntityKind::Host,
        };
        let mut own = Entity::new(vcenter.own_entity(), kind);
        own.name = Some(name.to_owned());
        own.told = false;
        let evaluation = inventory::evaluation_license(vcenter.api_type, &vcenter.version, None);
        let at = self.enter(evaluation);
        self.changed.insert(at);
        self.keep(Held { changed: true, ..Held::new(own) });
    }

    /// Whether no file has told the instanceUuid yet.
    pub(super) fn is_nameless(&self) -> bool {
        let name = self.vcenter.name.as_str();
        // One that is called by its instanceUuid is known by it.
        self.vcenter.uuid.as_deref() == Some(name) && !is_uuid(name)
    }

    /// Takes the instanceUuid that a file tells of an instance that had none.
    pub(super) fn adopt(&mut self, read: &mut dyn Read, uuid: &str) -> Outcome<()> {
        let old = self.vcenter.own_entity().to_owned();
        let mut own = self.held(read, &old, None)?;
        self.entities.remove(&old);
        self.order.retain(|id| *id != old);
        uuid.clone_into(&mut own.entity.entity_id);
        own.changed = true;
        self.vcenter.uuid = Some(uuid.to_owned());
        self.renamed = true;
        self.keep(own);
        // The vCenter comes first.
        self.order.rotate_right(1);
        Ok(())
    }

    /// Takes what a file says of the instance itself.
    pub(super) fn about(&mut self, read: &mut dyn Read, said: &AboutSaid) -> Outcome<Told> {
        let fresh = self.vcenter.id == 0 && self.told.is_empty();
        if fresh && said.api_type != self.vcenter.api_type {
            let name = self.vcenter.name.clone();
            *self = Self::made(&name, said.uuid.as_deref(), said.api_type);
        }
        let Some(version) = said.version.as_deref().filter(|told| *told != self.vcenter.version)
        else {
            return Ok(Told::Taken(Put::Unchanged));
        };
        let put = if self.vcenter.id == 0 { Put::Added } else { Put::Changed };
        version.clone_into(&mut self.vcenter.version);
        self.renamed = true;
        let own = self.vcenter.own_entity().to_owned();
        let mut held = self.held(read, &own, None)?;
        held.entity.product_version = Some(expiry::major_minor(version));
        held.changed = true;
        self.keep(held);
        Ok(Told::Taken(put))
    }

    /// Takes what is left of the evaluation of the instance itself.
    pub(super) fn evaluation(
        &mut self,
        read: &mut dyn Read,
        info: &EvaluationInfo,
        reading: &mut Reading<'_>,
    ) -> Outcome<Told> {
        let own = self.vcenter.own_entity().to_owned();
        let mut held = self.held(read, &own, None)?;
        let before = held.clone();
        let called = self.vcenter.name.clone();
        entity::evaluate(&mut held.entity, &info.properties, &called, reading);
        Ok(self.settled(held, &before, true))
    }

    /// Forgets what belongs to one file.
    pub(super) fn next_file(&mut self) {
        self.copies.clear();
        self.disputed.clear();
    }

    /// Puts an entity among those under way.
    fn keep(&mut self, held: Held) {
        let id = held.entity.entity_id.clone();
        if let Some(name) = &held.entity.name {
            let ids = self.names.entry(name.clone()).or_default();
            if !ids.contains(&id) {
                ids.push(id.clone());
            }
        }
        // The order holds exactly the entities under way.
        if !self.entities.contains_key(&id) {
            self.order.push(id.clone());
        }
        self.entities.insert(id, held);
    }

    /// Puts an entity back after a record had its say.
    fn settled(&mut self, mut held: Held, before: &Held, known: bool) -> Told {
        // As it will be stored: else a key in a name would look like a change each time.
        held.entity.veil();
        let put = match (known, held.says(before)) {
            (false, _) => Put::Added,
            (true, true) => Put::Unchanged,
            (true, false) => Put::Changed,
        };
        held.changed |= put != Put::Unchanged;
        held.gone = false;
        self.keep(held);
        Told::Taken(put)
    }

    /// An entity as it is under way, as it is stored, or a new one.
    ///
    /// - `name`: what the record calls it: an entity that was known by this name alone gets its id now.
    fn held(&mut self, read: &mut dyn Read, entity_id: &str, name: Option<&str>) -> Outcome<Held> {
        let id = if self.vcenter.is_own(entity_id) {
            self.vcenter.own_entity().to_owned()
        } else {
            veiled(entity_id).into_owned()
        };
        if let Some(held) = self.entities.get(&id) {
            return Ok(held.clone());
        }
        if let Some(held) = self.stored(read, &id)? {
            return Ok(held);
        }
        if let Some(name) = name.filter(|name| *name != id) {
            let by_name = match self.entities.get(name) {
                Some(held) => Some(held.clone()),
                None => self.stored(read, name)?,
            };
            if let Some(mut held) = by_name {
                self.entities.remove(name);
                self.order.retain(|known| known != name);
                self.names.remove(name);
                id.clone_into(&mut held.entity.entity_id);
                held.changed = true;
                return Ok(held);
            }
        }
        Ok(Held::new(Entity::new(&id, entity::kind_of(&id))))
    }

    fn stored(&self, read: &mut dyn Read, entity_id: &str) -> Outcome<Option<Held>> {
        if self.vcenter.id == 0 {
            return Ok(None);
        }
        let found = entities::find(read, self.vcenter.id, entity_id)?;
        found.map(|entity| self.loaded(read, entity)).transpose()
    }

    fn loaded(&self, read: &mut dyn Read, entity: Entity) -> Outcome<Held> {
        let mut held = Held::new(entity);
        if held.entity.assigned > 0 {
            for mut row in assignments::of_entity(read, self.vcenter.id, held.entity.id)? {
                keys::reveal_embedded(read, &mut row.properties)?;
                held.holds.extend(self.numbers.get(&row.license).map(|at| (*at, row)));
            }
        }
        Ok(held)
    }
}

/// The evaluation that ends at `end`; its start stays.
fn ending(held: Option<Evaluation>, end: Timestamp) -> Evaluation {
    match held {
        Some(held) if held.end == end => held,
        held => Evaluation { start: held.and_then(|held| held.start), end },
    }
}
