//! Each check with its fault, in the order of the checks.

use super::*;
use crate::vsphere::rules::fixture::{Fixture, host, vcenter};

fn case<'c>(license: &'c License, entity: &'c Entity, now: Timestamp) -> Case<'c> {
    Case {
        license,
        edition: None,
        entity,
        members: &[],
        free: Some(i64::from(license.total)),
        held: None,
        hosts: &[],
        managing: None,
        now,
        levels: Levels::Meant,
    }
}

fn symbol(answer: Result<Accepted, Refusal>) -> &'static str {
    answer.map_or_else(|refusal| refusal.code.symbol, |_| "")
}

#[test]
fn each_check_refuses_with_its_own_fault_and_the_first_one_wins() {
    let estate = Fixture::new();
    let (esx, own) = (host("host-12", &[48, 48], &["dvs"]), vcenter());
    let cases: [(&License, &Entity, &str); 7] = [
        (&estate.k1, &esx, ""),
        (&estate.k2, &esx, "LicenseDowngradeDisallowed"),
        (&estate.k3, &esx, "LicenseKeyEntityMismatch"),
        (&estate.k1, &own, "LicenseKeyEntityMismatch"),
        (&estate.k3, &own, ""),
        (&estate.k5, &esx, "LicenseKeyEntityMismatch"),
        (&estate.k6, &esx, "LicenseExpired"),
    ];
    for (license, entity, expected) in cases {
        assert_eq!(symbol(assign(&case(license, entity, estate.now))), expected, "{license:?}");
    }
}

#[test]
fn the_downgrade_is_told_before_the_missing_capacity_with_every_feature_in_order_of_use() {
    let estate = Fixture::new();
    let esx = host("host-12", &[48; 4], &["dvs", "vmotion", "drs"]);
    let refusal = assign(&case(&estate.k2, &esx, estate.now)).unwrap_err();
    assert_eq!(refusal.code.symbol, "LicenseDowngradeDisallowed");
    let detail = |name: &str| {
        refusal.detail.iter().find(|(held, _)| *held == name).map(|(_, value)| value.as_str())
    };
    let features = &refusal.values.as_ref().unwrap()["features"];
    let keys: Vec<&str> =
        features.as_array().unwrap().iter().filter_map(|held| held["key"].as_str()).collect();
    assert_eq!(keys, ["dvs", "drs"]);
    assert_eq!(detail("edition"), Some("esx.standard.cpuPackageCoreLimited"));
    assert_eq!(detail("entityId"), Some("host-12"));
}

#[test]
fn ten_units_of_32_cores_hold_what_the_documentation_says_and_no_more() {
    let estate = Fixture::new();
    let small = host("h", &[16], &[]);
    for hosts in [
        vec![vec![32, 32]; 5],
        vec![vec![64]; 5],
        vec![vec![48, 48], vec![48, 48], vec![20], vec![20]],
    ] {
        let mut free = 10;
        for packages in &hosts {
            let esx = host("h", packages, &[]);
            let answer = assign(&Case { free: Some(free), ..case(&estate.k1, &esx, estate.now) });
            free -= answer.unwrap().cost.unwrap();
        }
        assert_eq!(free, 0, "{hosts:?}");
        let eleventh = Case { free: Some(free), ..case(&estate.k1, &small, estate.now) };
        assert_eq!(symbol(assign(&eleventh)), "NotEnoughLicenses");
    }
}

#[test]
fn a_holder_keeps_its_license_while_it_is_over_used() {
    let estate = Fixture::new();
    let esx = host("host-13", &[64, 64], &[]);
    let again = Case { free: Some(-2), held: Some(4), ..case(&estate.k1, &esx, estate.now) };
    assert_eq!(symbol(assign(&again)), "");
    let other = Case { free: Some(-2), ..case(&estate.k1, &esx, estate.now) };
    let refusal = assign(&other).unwrap_err();
    assert!(refusal.message.contains("has -2 of 10 units free"), "{}", refusal.message);
}

#[test]
fn a_key_is_good_until_the_second_before_it_expires() {
    let estate = Fixture::new();
    let esx = host("host-11", &[16, 16], &[]);
    let end = estate.k4.expires().unwrap();
    assert_eq!(symbol(assign(&case(&estate.k4, &esx, end.plus_ms(-1000)))), "");
    assert_eq!(symbol(assign(&case(&estate.k4, &esx, end))), "LicenseExpired");
}

#[test]
fn a_host_of_unknown_processors_is_taken_with_a_warning() {
    let estate = Fixture::new();
    let esx = host("host-16", &[], &[]);
    let accepted = assign(&case(&estate.k1, &esx, estate.now)).unwrap();
    assert_eq!(accepted.cost, None);
    assert_eq!(accepted.warnings[0].code, "UNKNOWN_COST");
}

#[test]
fn a_license_whose_features_an_artefact_did_not_carry_is_not_compared() {
    let mut estate = Fixture::new();
    estate.k2.properties.retain(|held| held.key != "feature");
    let esx = host("host-12", &[16], &["dvs"]);
    assert_eq!(symbol(assign(&case(&estate.k2, &esx, estate.now))), "LicenseDowngradeDisallowed");
    estate.k2.origin = Origin::Import;
    let accepted = assign(&case(&estate.k2, &esx, estate.now)).unwrap();
    assert_eq!(accepted.warnings[0].code, "FEATURES_UNKNOWN");
}

#[test]
fn a_vcenter_does_not_take_an_edition_that_cannot_manage_its_connected_hosts() {
    let (estate, own) = (Fixture::new(), vcenter());
    let edition = Edition {
        disallowed_host_editions: vec!["esx.hypervisor.".to_owned()],
        max_hosts: Some(1),
        ..Edition::default()
    };
    let free = HostEdition {
        edition_key: "esx.hypervisor.cpuPackageCoreLimited".to_owned(),
        connection: Connection::Connected,
    };
    let gone = HostEdition { connection: Connection::Disconnected, ..free.clone() };
    let fine = HostEdition { edition_key: String::new(), ..free.clone() };
    let with = |hosts: &[HostEdition]| {
        let case = case(&estate.k3, &own, estate.now);
        assign(&Case { edition: Some(&edition), hosts, ..case })
    };
    let refusal = with(&[free]).unwrap_err();
    assert!(refusal.detail.contains(&("reason", INVENTORY_NOT_MANAGEABLE.to_owned())));
    assert_eq!(with(&[gone]).unwrap().warnings.len(), 1);
    assert_eq!(symbol(with(std::slice::from_ref(&fine))), "");
    assert_eq!(symbol(with(&[fine.clone(), fine])), "LicenseAssignmentFailed");
}

#[test]
fn evaluation_is_given_back_while_a_second_of_it_is_left() {
    let esx = host("host-13", &[64], &[]);
    let end = esx.evaluation.unwrap().end;
    assert!(evaluate(&esx, end.plus_ms(-1000)).is_ok());
    assert_eq!(evaluate(&esx, end).unwrap_err().code.symbol, "LicenseExpired");
}

#[test]
fn a_license_of_its_own_kind_and_one_of_another_product_fill_two_slots() {
    let estate = Fixture::new();
    let esx = host("host-11", &[16], &[]);
    assert_eq!(slot(&estate.k1, &esx), "VMware ESX Server");
    let mut other = estate.k1.clone();
    other.edition_key = "nsx.vshield.cpuPackage".to_owned();
    other.properties[0] = crate::vsphere::model::value::KeyAnyValue::text("ProductName", "NSX");
    assert_eq!(slot(&other, &esx), "NSX");
}
