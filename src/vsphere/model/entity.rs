//! Entities: what is licensed, with what its cost is counted from.

use super::key::{Key, veil};
use super::value::KeyValue;
use crate::clock::Timestamp;
use crate::vsphere::catalog::products::EntityKind;

/// Whether a host can be reached by its vCenter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connection {
    #[default]
    Connected,
    Disconnected,
}

impl Connection {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Disconnected => "disconnected",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        [Self::Connected, Self::Disconnected].into_iter().find(|state| state.word() == word)
    }
}

/// The evaluation of an entity: the wall clock between two instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evaluation {
    /// When it began, when that is known.
    pub start: Option<Timestamp>,
    pub end: Timestamp,
}

/// The processors of a host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Processors {
    /// Cores of each package; empty when they are not known.
    pub packages: Vec<u32>,
    /// Packages, when their cores are not known.
    pub count: Option<u32>,
    /// The cores were shared out evenly over the packages, because only their sum was known.
    pub shared_out: bool,
}

impl Processors {
    /// Shares `cores` out over `packages`.
    #[must_use]
    pub fn of_sum(packages: u32, cores: u32) -> Self {
        if packages == 0 {
            return Self::default();
        }
        let (each, more) = (cores / packages, cores % packages);
        let shared = (0..packages).map(|at| each + u32::from(at < more)).collect();
        Self { packages: shared, count: None, shared_out: more > 0 }
    }

    /// How many packages there are, when that is known.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        match self.packages.len() {
            0 => self.count,
            known => u32::try_from(known).ok(),
        }
    }

    /// All cores, when they are known.
    #[must_use]
    pub fn cores(&self) -> Option<u32> {
        (!self.packages.is_empty()).then(|| self.packages.iter().sum())
    }
}

/// What a cost is counted from, beside the processors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resources {
    pub vms_started: Option<u32>,
    pub vms_starting: Option<u32>,
    /// Configured virtual CPUs of started machines.
    pub vcpus: Option<u32>,
    /// Raw capacity that vSAN claims, in millionths of a TiB.
    pub vsan_micro_tib: Option<u64>,
}

/// What is licensed.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// Its place in the instance, from 1; 0 until it is stored.
    pub id: i64,
    pub entity_id: String,
    pub kind: EntityKind,
    pub name: Option<String>,
    /// entityId of the cluster that it is in.
    pub parent: Option<String>,
    /// Inventory path.
    pub path: Option<String>,
    /// How many licenses are assigned to it.
    pub assigned: u32,
    pub product_version: Option<String>,
    pub processors: Processors,
    pub resources: Resources,
    /// Hardware model.
    pub model: Option<String>,
    pub connection: Connection,
    /// Since when its vCenter does not reach it, when that is known.
    pub disconnected: Option<Timestamp>,
    pub in_use: Vec<KeyValue>,
    pub evaluation: Option<Evaluation>,
    /// What a solution costs, as its owner says.
    pub cost: Option<u32>,
    /// The key that the host itself reports.
    pub host_key: Option<Key>,
    /// Whether an assignment, or its absence, is known: an inventory of hosts alone does not tell.
    pub told: bool,
}

impl Entity {
    /// Masks the keys that somebody wrote into its texts. What is left of a key tells an entityId apart, too.
    pub fn veil(&mut self) {
        veil(&mut self.entity_id);
        let texts = [&mut self.name, &mut self.parent, &mut self.path, &mut self.model];
        texts.into_iter().flatten().for_each(veil);
        self.in_use.iter_mut().for_each(|pair| veil(&mut pair.value));
    }

    #[must_use]
    pub fn new(entity_id: &str, kind: EntityKind) -> Self {
        Self {
            id: 0,
            entity_id: entity_id.to_owned(),
            kind,
            name: None,
            parent: None,
            path: None,
            assigned: 0,
            product_version: None,
            processors: Processors::default(),
            resources: Resources::default(),
            model: None,
            connection: Connection::default(),
            disconnected: None,
            in_use: Vec::new(),
            evaluation: None,
            cost: None,
            host_key: None,
            told: true,
        }
    }

    /// What people call it: its display name, else its id.
    #[must_use]
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.entity_id)
    }
}

#[cfg(test)]
mod tests {
    use super::Processors;

    #[test]
    fn cores_that_do_not_divide_are_shared_out_and_that_is_noted() {
        let uneven = Processors::of_sum(2, 33);
        assert_eq!((uneven.packages.as_slice(), uneven.shared_out), ([17, 16].as_slice(), true));
        let even = Processors::of_sum(2, 32);
        assert_eq!((even.packages.as_slice(), even.shared_out), ([16, 16].as_slice(), false));
        assert_eq!(Processors::of_sum(0, 16), Processors::default());
    }
}
