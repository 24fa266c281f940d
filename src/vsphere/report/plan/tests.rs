//! The planner over estates that a person can follow.

use super::{Ask, Facts, Hosts, Plan, Reason, plan};
use crate::vsphere::model::catalogue::Edition;
use crate::vsphere::model::license::{License, Taken};
use crate::vsphere::report::Estate;
use crate::vsphere::report::fixture::estate;
use crate::vsphere::rules::fixture::{Fixture, host};

/// Licenses with these totals and ranks, all with every feature; hosts that cost this many packages, all on evaluation.
fn lab(totals: &[(i32, i64)], costs: &[usize]) -> (Estate, Facts) {
    let rows = Fixture::new();
    let mut facts = Facts::default();
    let mut licenses: Vec<(License, Taken)> = Vec::new();
    for (at, (total, rank)) in totals.iter().enumerate() {
        let id = i64::try_from(at).unwrap() + 2;
        let key = if at < 10 {
            format!("BBBBB-BBBBB-BBBBB-BBBBB-BBBB{at}")
        } else {
            format!("BBBBB-BBBBB-BBBBB-BBBBB-BBB{at}")
        };
        let key = crate::vsphere::model::key::Key::given(&key);
        licenses.push((License { id, key, total: *total, ..rows.k1.clone() }, Taken::default()));
        facts.editions.insert(id, Edition { rank: *rank, ..Edition::default() });
    }
    let entities = costs.iter().enumerate().map(|(at, cost)| {
        let mut host = host(&format!("host-{at}"), &vec![16; *cost], &[]);
        host.id = i64::try_from(at).unwrap() + 1;
        host
    });
    let entities = entities.collect();
    let now = rows.now;
    let vcenter = "vc1".to_owned();
    let (assignments, left_out) = (Vec::new(), Vec::new());
    (Estate { vcenter, now, licenses, entities, assignments, left_out }, facts)
}

fn ask(estate: &Estate) -> Ask {
    Ask {
        hosts: Hosts::Unlicensed,
        licenses: None,
        edition: None,
        valid_until: estate.now,
        reassign: false,
    }
}

fn ends(plan: &Plan<'_>) -> Vec<String> {
    plan.used.iter().map(|license| license.key.shown()[25..].to_owned()).collect()
}

#[test]
fn hosts_go_on_as_few_licenses_as_hold_them() {
    let (estate, facts) = lab(&[(10, 0), (8, 0), (4, 0)], &[2, 4, 2, 2, 4]);
    let plan = plan(&estate, &facts, &ask(&estate));
    assert_eq!(ends(&plan), ["BBB0", "BBB1"]);
    assert!(plan.optimal && plan.fewest && plan.unplaced.is_empty());
    let steps: Vec<_> = plan.moves.iter().map(|moved| moved.step).collect();
    assert_eq!(steps, (1..=5).map(Some).collect::<Vec<_>>());
    let sums: i64 = plan.licenses.iter().map(|used| used.after).sum();
    assert_eq!(sums, 14);
}

#[test]
fn a_host_is_never_split_over_two_licenses() {
    let (estate, facts) = lab(&[(7, 0), (7, 0)], &[4, 4, 4]);
    let plan = plan(&estate, &facts, &ask(&estate));
    assert_eq!((plan.moves.len(), plan.unplaced.len(), plan.optimal), (2, 1, true));
    let left = &plan.unplaced[0];
    assert_eq!((left.reason, left.needed), (Reason::NotEnough, Some(4)));
}

#[test]
fn fewer_licenses_count_more_than_lower_editions() {
    let (estate, facts) = lab(&[(2, 10), (4, 50)], &[2, 2]);
    assert_eq!(ends(&plan(&estate, &facts, &ask(&estate))), ["BBB1"]);
    let (estate, facts) = lab(&[(4, 50), (4, 10)], &[2]);
    assert_eq!(ends(&plan(&estate, &facts, &ask(&estate))), ["BBB1"], "the lowest that does");
}

#[test]
fn of_licenses_that_are_alike_the_one_that_lasts_longest_is_taken_then_the_first() {
    let (mut estate, facts) = lab(&[(4, 0), (4, 0), (4, 0)], &[2]);
    let end = crate::vsphere::model::value::KeyAnyValue::new(
        crate::vsphere::catalog::properties::EXPIRATION_DATE,
        crate::vsphere::model::value::AnyValue::Instant("2027-03-31T00:00:00Z".to_owned()),
    );
    estate.licenses[0].0.properties.push(end);
    assert_eq!(ends(&plan(&estate, &facts, &ask(&estate))), ["BBB1"]);
    let later = Ask { valid_until: estate.now.plus_days(365), ..ask(&estate) };
    estate.licenses.truncate(1);
    let short = plan(&estate, &facts, &later);
    assert_eq!(short.unplaced[0].reason, Reason::Expired);
    assert_eq!(ends(&plan(&estate, &facts, &ask(&estate))), ["BBB0"]);
}

#[test]
fn why_no_license_does_is_told_as_the_assignment_would() {
    let (mut estate, facts) = lab(&[(4, 0)], &[2]);
    let reason = |estate: &Estate| plan(estate, &facts, &ask(estate)).unplaced[0].reason;
    let rows = Fixture::new();
    let k1 = estate.licenses[0].0.clone();
    let (key, id) = (k1.key.clone(), k1.id);
    estate.entities[0].in_use = vec![crate::vsphere::rules::features::named("dvs")];
    estate.licenses[0].0 = License { key: key.clone(), id, ..rows.k2.clone() };
    assert_eq!(reason(&estate), Reason::Downgrade);
    estate.licenses[0].0 = License { key: key.clone(), id, ..rows.k3.clone() };
    assert_eq!(reason(&estate), Reason::Mismatch);
    estate.licenses[0].0 = License { key: key.clone(), id, ..rows.k6.clone() };
    assert_eq!(reason(&estate), Reason::Expired);
    estate.licenses[0].0 = k1;
    estate.entities[0].processors.packages.clear();
    assert_eq!(reason(&estate), Reason::UnknownCost);
    estate.licenses.clear();
    assert_eq!(reason(&estate), Reason::NotEnough);
}

#[test]
fn hosts_whose_license_does_stay_unless_they_may_be_reassigned() {
    let estate = estate();
    let facts = Facts::default();
    let all = Ask { hosts: Hosts::All, ..ask(&estate) };
    let kept = plan(&estate, &facts, &all);
    // host-11 evaluates; K2, which is free, holds it.
    assert_eq!((kept.kept, kept.moves.len()), (4, 1));
    assert_eq!(kept.moves[0].to.key.shown(), "*****-*****-*****-AAAAA-AAAA2");
    let free = plan(&estate, &facts, &Ask { reassign: true, ..all });
    assert!(free.wanting.is_none() && free.unplaced.is_empty());
    let over: Vec<_> =
        free.licenses.iter().filter(|used| used.after > i64::from(used.license.total)).collect();
    assert!(over.is_empty(), "{over:?}");
    assert!(free.licenses.iter().any(|used| used.before == 12), "K1 was over-used");
}

#[test]
fn hosts_are_chosen_by_expiry_cluster_or_name() {
    let mut estate = estate();
    let facts = Facts::default();
    let asked = |estate: &Estate, ask: &Ask| {
        let plan = plan(estate, &facts, ask);
        plan.moves.len() + plan.unplaced.len()
    };
    assert_eq!(asked(&estate, &ask(&estate)), 1, "host-11 evaluates");
    let after = Ask { valid_until: estate.now.plus_days(90), ..ask(&estate) };
    assert_eq!(asked(&estate, &after), 2, "and the license of host-12 has expired by then");
    estate.entities[3].parent = Some("domain-c1".to_owned());
    let cluster = Hosts::Clusters(vec!["domain-*".to_owned()]);
    let of_cluster = Ask { hosts: cluster, reassign: true, ..ask(&estate) };
    assert_eq!(plan(&estate, &facts, &of_cluster).kept, 0);
    let named = Ask { hosts: Hosts::Named(vec!["host-15".to_owned()]), ..ask(&estate) };
    assert_eq!(plan(&estate, &facts, &named).kept, 1);
}

#[test]
fn a_thousand_hosts_are_planned_over_forty_licenses() {
    let totals: Vec<(i32, i64)> = (0..40).map(|at| (60 + at % 3 * 10, i64::from(at % 2))).collect();
    let costs: Vec<usize> = (0..1000).map(|at| 1 + at % 4).collect();
    let (estate, facts) = lab(&totals, &costs);
    let plan = plan(&estate, &facts, &ask(&estate));
    assert!(plan.fewest, "no fewer licenses hold them");
    assert_eq!(plan.moves.len() + plan.unplaced.len(), 1000);
    assert!(plan.unplaced.is_empty() && plan.wanting.is_none());
    for used in &plan.licenses {
        assert!(used.after <= i64::from(used.license.total));
    }
}

#[test]
fn the_same_estate_has_the_same_plan() {
    let (estate, facts) = lab(&[(9, 0), (9, 0), (9, 5), (30, 7)], &[2, 4, 2, 2, 4, 1, 1, 3]);
    let first = plan(&estate, &facts, &ask(&estate));
    assert_eq!(first, plan(&estate, &facts, &ask(&estate)));
}
