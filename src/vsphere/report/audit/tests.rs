//! What an audit finds in the worked estate, and in what was changed of it.

use super::{Audit, audit};
use crate::clock::{Span, Timestamp};
use crate::finding::Finding;
use crate::vsphere::model::key::Key;
use crate::vsphere::model::vcenter::LeftOut;
use crate::vsphere::report::fixture::estate;

fn told(found: &[Finding]) -> Vec<(&str, &str, &str)> {
    found
        .iter()
        .map(|finding| (finding.class, finding.object.as_str(), finding.message.as_str()))
        .collect()
}

#[test]
fn the_worked_estate_has_four_findings_in_the_order_of_their_weight() {
    let found = audit(&estate(), &Audit::default());
    assert_eq!(
        told(&found),
        [
            ("OVERUSED", "*****-*****-*****-AAAAA-AAAA1", "12 of 10, 2 too many"),
            ("EVALUATION", "host-11", "348 h left"),
            ("EXPIRING", "*****-*****-*****-AAAAA-AAAA4", "2027-03-31, 74 days left"),
            ("UNUSED_KEY", "*****-*****-*****-AAAAA-AAAA2", "4 of 4 free"),
        ]
    );
}

#[test]
fn an_expiry_is_told_within_the_asked_days_and_an_expired_key_always() {
    let mut estate = estate();
    let none = Audit { within: Span::days(0), ..Audit::default() };
    assert!(audit(&estate, &none).iter().all(|finding| finding.class != "EXPIRING"));
    estate.now = Timestamp::parse("2027-03-30T23:00:00Z").unwrap();
    let found = audit(&estate, &Audit::default());
    let expiring = found.iter().find(|finding| finding.class == "EXPIRING").unwrap();
    assert_eq!(expiring.detail.get("daysLeft"), Some(0.into()));
    estate.now = Timestamp::parse("2027-03-31T00:00:00Z").unwrap();
    let found = audit(&estate, &none);
    let expired = found.iter().find(|finding| finding.class == "EXPIRED_LICENSE").unwrap();
    assert_eq!(expired.severity, crate::finding::Level::Error, "esx02 uses it");
    assert!(found.iter().any(|finding| finding.class == "EXPIRED_EVALUATION"));
}

#[test]
fn drift_versions_features_costs_and_unknown_processors_are_told() {
    let mut estate = estate();
    for entity in &mut estate.entities {
        match entity.entity_id.as_str() {
            "host-12" => entity.product_version = Some("7.0".to_owned()),
            "host-13" => {
                entity.host_key = Some(Key::given("AAAAA-AAAAA-AAAAA-AAAAA-AAAA2").numbered(9));
            }
            "host-14" => entity.in_use = vec![crate::vsphere::rules::features::named("vgpu")],
            "host-15" => entity.processors.packages.clear(),
            _ => {}
        }
    }
    estate.assignments[2].reported_cost = Some(3);
    let found = audit(&estate, &Audit::default());
    let of = |class: &str| {
        found.iter().find(|finding| finding.class == class).map(|finding| finding.object.as_str())
    };
    assert_eq!(of("VERSION_MISMATCH"), Some("host-12"));
    assert_eq!(of("HOST_DRIFT"), Some("host-13"));
    assert_eq!(of("FEATURE_NOT_LICENSED"), Some("host-14"));
    assert_eq!(of("INCOMPLETE"), Some("host-15"));
    assert_eq!(of("COST_MISMATCH"), Some("host-13"));
}

#[test]
fn what_an_import_could_not_place_is_told_until_it_is_placed() {
    let mut estate = estate();
    let shown = "*****-*****-*****-QQQQQ-QQQQ1";
    for shown in ["", shown] {
        estate.left_out.push(LeftOut { shown: shown.to_owned() });
    }
    let found = audit(&estate, &Audit::default());
    let of = |class: &str| found.iter().find(|finding| finding.class == class).unwrap();
    assert_eq!(of("EMPTY_KEY").object, "vc1");
    assert_eq!(of("MASKED_KEY").object, shown);
    assert_eq!(of("MASKED_KEY").severity, crate::finding::Level::Info);
}

#[test]
fn a_cluster_of_two_editions_is_mixed() {
    let mut estate = estate();
    for entity in estate.entities.iter_mut().skip(1) {
        entity.parent = Some("domain-c1".to_owned());
    }
    let found = audit(&estate, &Audit::default());
    let mixed = found.iter().find(|finding| finding.class == "MIXED_EDITIONS").unwrap();
    assert_eq!(mixed.object, "domain-c1");
}
