//! The worked examples in which whole sites ask one host.

use super::fixture::{
    Host, OFFICE, OFFICE_HOST, V10, activated, client_of, desktop, number, request, server, start,
};
use super::{life, read};
use crate::kms::model::{LicenseStatus, Product, State};
use uuid::Uuid;

#[test]
fn the_fifth_server_activates_and_the_first_four_follow_two_hours_later() {
    let mut host = Host::new(V10);
    let mut servers: Vec<State> = (1..=5).map(server).collect();
    let product = servers[0].products[0].id;
    for (at, asking) in (1..).zip(&mut servers) {
        let now = start().plus_minutes(at);
        let refusal = if at < 5 { "SL_E_VL_NOT_ENOUGH_COUNT" } else { "" };
        assert_eq!(host.serves(asking, product, now), (u32::try_from(at).unwrap(), refusal));
    }
    let now = start().plus_minutes(5);
    let last = read::product(&servers[4], &servers[4].products[0], &[], now);
    assert_eq!(number(&last, "LicenseStatus"), 1);
    assert_eq!(number(&last, "GracePeriodRemaining"), 259_200);
    for (name, shown) in [
        ("KeyManagementServiceCurrentCount", 5),
        ("KeyManagementServiceTotalRequests", 5),
        ("KeyManagementServiceOOBGraceRequests", 5),
        ("KeyManagementServiceLicensedRequests", 0),
    ] {
        assert_eq!(host.shows(name, now), shown, "{name}");
    }
    assert_eq!(host.pools[0].cache.limit, 10);
    let later = now.plus_minutes(120);
    for asking in servers.iter_mut().take(4) {
        assert_eq!(host.serves(asking, product, later), (5, ""));
    }
    assert_eq!(host.shows("KeyManagementServiceTotalRequests", later), 9);
    assert_eq!(host.shows("KeyManagementServiceOOBGraceRequests", later), 9);
}

#[test]
fn clones_count_as_one_and_nobody_activates() {
    let mut host = Host::new(V10);
    for clone in 1..=33 {
        let mut asking = desktop(clone);
        if clone <= 30 {
            asking.machine.service.client_machine_id = Uuid::nil();
        }
        let product = asking.products[0].id;
        assert_eq!(host.serves(&mut asking, product, start()).1, "SL_E_VL_NOT_ENOUGH_COUNT");
    }
    assert_eq!(host.shows("KeyManagementServiceCurrentCount", start()), 4);
    assert_eq!(host.shows("KeyManagementServiceTotalRequests", start()), 33);
}

#[test]
fn a_site_that_shrinks_below_n_keeps_its_licences_until_each_runs_out() {
    let mut host = Host::new(V10);
    let mut site: Vec<State> = (1..=25).map(desktop).collect();
    let product = site[0].products[0].id;
    for day in [0, 1, 7, 14, 21, 28] {
        let stay = if day < 7 { 25 } else { 23 };
        for asking in site.iter_mut().take(stay) {
            host.serves(asking, product, start().plus_days(day));
        }
    }
    let now = start().plus_days(35);
    for asking in site.iter_mut().take(23) {
        assert_eq!(host.serves(asking, product, now), (23, "SL_E_VL_NOT_ENOUGH_COUNT"));
        let license = asking.products[0].license;
        assert_eq!(life::at(license, now).status, LicenseStatus::Licensed);
        assert_eq!(license.deadline, Some(start().plus_days(28 + 180)));
    }
    assert_eq!(site[24].products[0].license.deadline, Some(start().plus_days(1 + 180)));
}

#[test]
fn windows_and_office_are_counted_apart() {
    let mut host = Host::new(V10);
    host.state = activated(&host.state, OFFICE_HOST);
    for id in 1..=30 {
        let mut asking = desktop(id);
        let product = asking.products[0].id;
        host.serves(&mut asking, product, start());
        if id <= 4 {
            let mut asking = client_of(&asking, OFFICE);
            let told = host.serves(&mut asking, OFFICE, start());
            assert_eq!(told, (id, "SL_E_VL_NOT_ENOUGH_COUNT"));
        }
    }
    assert_eq!(host.shows("KeyManagementServiceCurrentCount", start()), 30);
    let counts = |product: &Product| {
        let properties = read::product(&host.state, product, &host.pools, start());
        number(&properties, "KeyManagementServiceCurrentCount")
    };
    assert_eq!(host.state.products.iter().map(counts).collect::<Vec<_>>(), [30, 4]);
}

#[test]
fn clients_and_servers_share_one_count() {
    let mut host = Host::new(V10);
    for client in 1..=24 {
        host.takes(&request(client, 2, start()), start()).0.unwrap();
    }
    let mut asking = server(100);
    let product = asking.products[0].id;
    assert_eq!(host.serves(&mut asking, product, start()), (25, ""));
    let mut asking = desktop(100);
    let product = asking.products[0].id;
    assert_eq!(host.serves(&mut asking, product, start()), (25, ""));
}
