//! Which hosts run on evaluation, or on another edition than expected?

use super::{Estate, Held};
use crate::vsphere::rules::pattern;
use std::collections::{BTreeMap, HashMap};

/// The edition that is expected of each entity, by its number; whoever is missing has none.
#[must_use]
pub fn expected(estate: &Estate, held: &[Held<'_>], pattern: Option<&str>) -> HashMap<i64, String> {
    if let Some(pattern) = pattern {
        let hosts = held.iter().filter(|held| held.entity.kind.product().is_some());
        let hosts = hosts.filter(|held| !estate.is_own(held.entity));
        return hosts.map(|held| (held.entity.id, pattern.to_owned())).collect();
    }
    let mut counts: HashMap<&str, BTreeMap<&str, u64>> = HashMap::new();
    for host in held {
        if let (Some(cluster), Some(license)) = (&host.entity.parent, host.license()) {
            *counts.entry(cluster).or_default().entry(&license.edition_key).or_default() += 1;
        }
    }
    let mut expected = HashMap::new();
    for host in held {
        let Some(counts) = host.entity.parent.as_deref().and_then(|parent| counts.get(parent))
        else {
            continue;
        };
        let most = counts.values().max().copied().unwrap_or(0);
        let mut editions = counts.iter().filter(|(_, count)| **count == most);
        // Of two that are as frequent none is expected.
        if let (Some((edition, _)), None) = (editions.next(), editions.next()) {
            expected.insert(host.entity.id, (*edition).to_owned());
        }
    }
    expected
}

/// Whether a licensed entity has another edition than expected.
#[must_use]
pub fn is_mismatch(held: &Held<'_>, expected: Option<&String>) -> bool {
    match (held.license(), expected) {
        (Some(license), Some(expected)) => !pattern::fits(expected, &license.edition_key),
        _ => false,
    }
}

impl Estate {
    /// Whether an entity is the instance itself: it is the first.
    #[must_use]
    pub fn is_own(&self, entity: &crate::vsphere::model::entity::Entity) -> bool {
        self.entities.first().is_some_and(|own| own.id == entity.id)
    }
}

#[cfg(test)]
mod tests {
    use super::{expected, is_mismatch};
    use crate::vsphere::report::fixture::estate;

    #[test]
    fn the_most_frequent_edition_of_a_cluster_is_expected_and_of_two_none() {
        let mut estate = estate();
        for entity in estate.entities.iter_mut().skip(1) {
            entity.parent = Some("domain-c1".to_owned());
        }
        let held = estate.held();
        let wanted = expected(&estate, &held, None);
        let wrong: Vec<&str> = held
            .iter()
            .filter(|held| is_mismatch(held, wanted.get(&held.entity.id)))
            .map(|held| held.entity.entity_id.as_str())
            .collect();
        assert_eq!(wrong, ["host-12"], "three hosts have Enterprise Plus");
        drop(held);
        estate.assignments.retain(|held| held.entity != 5 && held.entity != 6);
        let held = estate.held();
        assert!(expected(&estate, &held, None).is_empty());
    }

    #[test]
    fn a_pattern_is_expected_of_every_host() {
        let estate = estate();
        let held = estate.held();
        let wanted = expected(&estate, &held, Some("esx.enterprisePlus.*"));
        let wrong = held.iter().filter(|held| is_mismatch(held, wanted.get(&held.entity.id)));
        assert_eq!(wrong.count(), 1);
        assert!(!wanted.contains_key(&1), "the vCenter is no host");
    }
}
