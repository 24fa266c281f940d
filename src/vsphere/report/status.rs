//! Which hosts run on evaluation, or on another edition than expected?

use super::{Estate, Held};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::rules::pattern;
use std::collections::{BTreeMap, HashMap};

/// What an administrator expects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// The first that fits a host decides.
    pub rules: Vec<Rule>,
    /// Pattern of the edition of every host that no rule fits; `None`: the most frequent of its cluster.
    pub edition: Option<String>,
}

/// Which edition some hosts should have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// Pattern of the cluster's name or id; `None`: any, and none.
    pub cluster: Option<String>,
    /// Pattern of the host's name or id; `None`: any.
    pub host: Option<String>,
    /// Pattern of the editionKey.
    pub edition: String,
}

impl Rule {
    /// - `cluster`: id and name.
    fn is_for(&self, host: &Entity, cluster: Option<(&str, &str)>) -> bool {
        let fits = |pattern: &str, id: &str, name: &str| {
            pattern::fits(pattern, id) || pattern::fits(pattern, name)
        };
        self.host.as_ref().is_none_or(|wanted| fits(wanted, &host.entity_id, host.called()))
            && self
                .cluster
                .as_ref()
                .is_none_or(|wanted| cluster.is_some_and(|(id, name)| fits(wanted, id, name)))
    }
}

/// The edition that is expected of each entity, by its number; whoever is missing has none.
#[must_use]
pub fn expected(estate: &Estate, held: &[Held<'_>], wanted: &Expected) -> HashMap<i64, String> {
    let clusters = estate.clusters();
    let mut expected = match &wanted.edition {
        Some(edition) => {
            let hosts = held.iter().filter(|held| held.entity.kind == EntityKind::Host);
            hosts.map(|held| (held.entity.id, edition.clone())).collect()
        }
        None => most_frequent(held),
    };
    for host in held.iter().filter(|held| held.entity.kind == EntityKind::Host) {
        let cluster = host.entity.parent.as_deref();
        let cluster = cluster.map(|id| (id, clusters.get(id).copied().unwrap_or(id)));
        if let Some(rule) = wanted.rules.iter().find(|rule| rule.is_for(host.entity, cluster)) {
            expected.insert(host.entity.id, rule.edition.clone());
        }
    }
    expected
}

/// The most frequent edition of each cluster, for its hosts.
fn most_frequent(held: &[Held<'_>]) -> HashMap<i64, String> {
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
    pub fn is_own(&self, entity: &Entity) -> bool {
        self.entities.first().is_some_and(|own| own.id == entity.id)
    }
}

#[cfg(test)]
mod tests {
    use super::{Expected, Rule, expected, is_mismatch};
    use crate::vsphere::report::fixture::estate;

    #[test]
    fn the_most_frequent_edition_of_a_cluster_is_expected_and_of_two_none() {
        let mut estate = estate();
        for entity in estate.entities.iter_mut().skip(1) {
            entity.parent = Some("domain-c1".to_owned());
        }
        let held = estate.held();
        let wanted = expected(&estate, &held, &Expected::default());
        let wrong: Vec<&str> = held
            .iter()
            .filter(|held| is_mismatch(held, wanted.get(&held.entity.id)))
            .map(|held| held.entity.entity_id.as_str())
            .collect();
        assert_eq!(wrong, ["host-12"], "three hosts have Enterprise Plus");
        drop(held);
        estate.assignments.retain(|held| held.entity != 5 && held.entity != 6);
        let held = estate.held();
        assert!(expected(&estate, &held, &Expected::default()).is_empty());
    }

    fn every(edition: &str) -> Expected {
        Expected { rules: Vec::new(), edition: Some(edition.to_owned()) }
    }

    #[test]
    fn the_first_rule_that_fits_a_host_goes_before_the_pattern_of_all() {
        let mut estate = estate();
        estate.entities[2].parent = Some("domain-c1".to_owned());
        let rule = |cluster: Option<&str>, host: Option<&str>, edition: &str| Rule {
            cluster: cluster.map(str::to_owned),
            host: host.map(str::to_owned),
            edition: edition.to_owned(),
        };
        let rules = vec![
            rule(Some("domain-*"), None, "a"),
            rule(None, Some("host-1?"), "b"),
            rule(None, None, "c"),
        ];
        let held = estate.held();
        let wanted = expected(&estate, &held, &Expected { rules, ..every("d") });
        assert_eq!((wanted[&3].as_str(), wanted[&4].as_str()), ("a", "b"));
        assert!(!wanted.contains_key(&1), "the vCenter is no host");
        let rules = vec![rule(Some("lab"), None, "a")];
        let wanted = expected(&estate, &held, &Expected { rules, ..every("d") });
        assert!(wanted.values().all(|edition| edition == "d"), "no host is in that cluster");
    }

    #[test]
    fn a_pattern_is_expected_of_every_host() {
        let estate = estate();
        let held = estate.held();
        let wanted = expected(&estate, &held, &every("esx.enterprisePlus.*"));
        let wrong = held.iter().filter(|held| is_mismatch(held, wanted.get(&held.entity.id)));
        assert_eq!(wrong.count(), 1);
        assert!(!wanted.contains_key(&1), "the vCenter is no host");
    }
}
