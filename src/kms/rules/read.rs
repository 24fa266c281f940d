//! Reading: the properties of both classes, put together from the state as the rows of the catalog list them.

use super::life;
use super::readers::{self, ACTIVATION_DISABLED, Seen};
use super::roles::role;
use crate::catalog::Field;
use crate::clock::Timestamp;
use crate::kms::catalog::skus::Pool;
use crate::kms::catalog::{product as product_rows, service as service_rows};
use crate::kms::model::{HostPool, LicenseStatus, Product, PropertyValue, Role, State};

/// A property and its value.
pub type Property = (&'static Field, PropertyValue);

/// Which properties of the service are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Members {
    /// Those of the machine's profile.
    OfProfile,
    /// Every one; null where the profile has none.
    All,
}

/// The properties of `SoftwareLicensingService` at `now`, alphabetically.
///
/// - `pools`: what the machine keeps as a host; may be empty.
#[must_use]
pub fn service(
    state: &State,
    pools: &[HostPool],
    members: Members,
    now: Timestamp,
) -> Vec<Property> {
    let windows = pools.iter().find(|held| held.pool == Pool::Windows);
    let seen = Seen { state, product: None, pool: windows, role: role(&state.products, now), now };
    let profile = state.machine.profile();
    let mut properties = Vec::new();
    for row in &service_rows::PROPERTIES {
        let value = readers::value(
            &readers::SERVICE,
            &seen,
            &state.machine.service.carried,
            &row.field,
            row.initial,
        );
        // A property of another profile is shown when an artefact brought it.
        let brought = row.field.name == ACTIVATION_DISABLED && value != PropertyValue::Null;
        if row.since.includes(profile) || brought {
            properties.push((&row.field, value));
        } else if members == Members::All {
            properties.push((&row.field, PropertyValue::Null));
        }
    }
    properties
}

/// The properties of one `SoftwareLicensingProduct` at `now`, alphabetically.
///
/// Where the product has no setting of its own, that of the service is read.
#[must_use]
pub fn product(
    state: &State,
    product: &Product,
    pools: &[HostPool],
    now: Timestamp,
) -> Vec<Property> {
    let active = product.is_host() && life::status(product, now) == LicenseStatus::Licensed;
    let seen = Seen {
        state,
        product: Some(product),
        pool: pools.iter().find(|held| held.pool == product.pool()),
        role: if active { Role::HostActive } else { Role::Client },
        now,
    };
    let read = |row: &'static product_rows::ProductProperty| {
        (
            &row.field,
            readers::value(&readers::PRODUCT, &seen, &product.carried, &row.field, row.initial),
        )
    };
    product_rows::PROPERTIES.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        DESKTOP, Host, V10, V60, V61, answer, call, call_product, context, desktop, machine,
        number, product_of, service_of, start, value,
    };
    use super::*;
    use crate::catalog::Kind;
    use crate::kms::catalog::Profile;
    use crate::kms::catalog::service::Initial;
    use crate::kms::model::{Carried, Discovered};

    #[test]
    fn a_machine_shows_the_properties_of_its_profile_and_no_other() {
        for (version, count) in
            [(V60, 18), (V61, 32), ("6.2.9200", 35), ("6.3.9600", 38), (V10, 38)]
        {
            let state = machine(1, "pc1", version);
            let shown = service_of(&state, start());
            assert_eq!(shown.len(), count, "{version}");
            assert_eq!(service(&state, &[], Members::All, start()).len(), 39);
            let names: Vec<String> =
                shown.iter().map(|(field, _)| field.name.to_lowercase()).collect();
            assert!(names.is_sorted(), "{version}");
            assert_eq!(value(&shown, "Version"), PropertyValue::Text(version.into()));
        }
    }

    #[test]
    fn a_property_of_another_profile_is_null_among_all() {
        let all = service(&machine(1, "old", V60), &[], Members::All, start());
        assert_eq!(value(&all, "RemainingWindowsReArmCount"), PropertyValue::Null);
        assert_eq!(value(&all, "KeyManagementServiceDnsPublishing"), PropertyValue::Null);
        assert_eq!(number(&all, "VLRenewalInterval"), 10_080);
    }

    #[test]
    fn every_property_is_read_or_carried() {
        let rows = service_rows::PROPERTIES.iter().map(|row| (&row.field, &readers::SERVICE[..]));
        let products =
            product_rows::PROPERTIES.iter().map(|row| (&row.field, &readers::PRODUCT[..]));
        for (field, readers) in rows.chain(products) {
            let read = readers
                .iter()
                .chain(&readers::SHARED)
                .filter(|(name, _)| *name == field.name)
                .count();
            assert_eq!(read + usize::from(Carried::takes(field.name)), 1, "{}", field.name);
        }
        for (name, _) in readers::SERVICE.iter().chain(&readers::PRODUCT).chain(&readers::SHARED) {
            assert!(
                service_rows::property(name).is_some() || product_rows::property(name).is_some(),
                "{name}"
            );
        }
    }

    #[test]
    fn a_new_machine_holds_what_the_rows_say() {
        for profile in Profile::ALL {
            let version = match profile {
                Profile::V60 => V60,
                Profile::V61 => V61,
                Profile::V62 => "6.2.9200.0",
                Profile::V63 => "6.3.9600.0",
                Profile::V10 => V10,
            };
            let shown = service_of(&machine(1, "pc1", version), start());
            for row in service_rows::of_profile(profile) {
                let expected = match row.initial {
                    Initial::Made => continue,
                    Initial::Null => PropertyValue::Null,
                    Initial::Flag(flag) => PropertyValue::Bool(flag),
                    other => PropertyValue::U32(other.number(profile).unwrap()),
                };
                assert_eq!(value(&shown, row.field.name), expected, "{}", row.field.name);
            }
        }
    }

    #[test]
    fn a_client_has_no_count_but_needs_one() {
        let shown = service_of(&desktop(1), start());
        assert_eq!(number(&shown, "KeyManagementServiceCurrentCount"), u32::MAX);
        assert_eq!(number(&shown, "KeyManagementServiceTotalRequests"), u32::MAX);
        assert_eq!(number(&shown, "RequiredClientCount"), 25);
        assert_eq!(number(&shown, "IsKeyManagementServiceMachine"), 0);
        let host = Host::new(V10);
        assert_eq!(host.shows("RequiredClientCount", start()), u32::MAX);
        assert_eq!(host.shows("IsKeyManagementServiceMachine", start()), 1);
    }

    #[test]
    fn a_product_reads_its_own_host_before_that_of_the_service() {
        let set = [("MachineName", "kms1")];
        let port = [("PortNumber", "1700")];
        let state =
            call(&desktop(1), "SetKeyManagementServiceMachine", &set, &context(start())).unwrap();
        let state = call(&state.state, "SetKeyManagementServicePort", &port, &context(start()))
            .unwrap()
            .state;
        let own = [("MachineName", "kms2")];
        let over = call_product(&state, DESKTOP, "SetKeyManagementServiceMachine", &own).unwrap();
        let host = |state: &State| {
            let shown = product_of(state, DESKTOP, start());
            (
                value(&shown, "KeyManagementServiceMachine"),
                number(&shown, "KeyManagementServicePort"),
            )
        };
        assert_eq!(host(&over), (PropertyValue::Text("kms2".into()), 0));
        let service = service_of(&over, start());
        assert_eq!(
            value(&service, "KeyManagementServiceMachine"),
            PropertyValue::Text("kms1".into())
        );
        let cleared =
            call_product(&over, DESKTOP, "ClearKeyManagementServiceMachine", &[]).unwrap();
        assert_eq!(host(&cleared), (PropertyValue::Text("kms1".into()), 1700));
    }

    #[test]
    fn a_licence_that_nobody_touched_is_shown_as_it_is_now() {
        let state = desktop(1);
        let late = start().plus_days(30);
        let shown = product_of(&state, DESKTOP, late);
        assert_eq!(number(&shown, "LicenseStatus"), 5);
        assert_eq!(number(&shown, "LicenseStatusReason"), 0xC004_F009);
        assert_eq!(number(&shown, "GracePeriodRemaining"), 0);
        assert_eq!(value(&shown, "TrustedTime"), PropertyValue::Time(late));
        let refreshed = call(&state, "RefreshLicenseStatus", &[], &context(late)).unwrap().state;
        assert_eq!(refreshed.products[0].license.status, LicenseStatus::Notification);
        assert_eq!(number(&service_of(&refreshed, late), "PolicyCacheRefreshRequired"), 0);
        assert_eq!(number(&service_of(&state, late), "PolicyCacheRefreshRequired"), 1);
    }

    #[test]
    fn carried_values_come_out_as_they_went_in_and_a_whole_key_never() {
        let mut state = desktop(1);
        state.machine.service.carried.put("OA2xBiosMarkerStatus", PropertyValue::U32(1));
        state.products[0].carried.put("ADActivationObjectName", PropertyValue::Text("ao".into()));
        let shown = service_of(&state, start());
        assert_eq!(number(&shown, "OA2xBiosMarkerStatus"), 1);
        assert_eq!(number(&shown, "TokenActivationILVID"), u32::MAX);
        assert_eq!(value(&shown, "OA3xOriginalProductKey"), PropertyValue::Null);
        let product = product_of(&state, DESKTOP, start());
        assert_eq!(value(&product, "ADActivationObjectName"), PropertyValue::Text("ao".into()));
        assert_eq!(product.len(), 61);
    }

    #[test]
    fn a_switch_of_windows_7_is_shown_elsewhere_when_an_artefact_brought_it() {
        let mut state = machine(1, "pc1", V10);
        assert!(
            !service_of(&state, start()).iter().any(|(field, _)| field.name == ACTIVATION_DISABLED)
        );
        state.machine.service.activation_disabled = Some(true);
        assert_eq!(
            value(&service_of(&state, start()), ACTIVATION_DISABLED),
            PropertyValue::Bool(true)
        );
    }

    #[test]
    fn the_discovered_host_is_shown_in_its_three_properties() {
        let mut state = desktop(1);
        let address = Some("192.0.2.10".to_owned());
        state.machine.service.host.discovered =
            Some(Discovered { name: "kms9".into(), port: 1688, address });
        let shown = service_of(&state, start());
        let name = |part: &str| format!("DiscoveredKeyManagementServiceMachine{part}");
        assert_eq!(value(&shown, &name("Name")), PropertyValue::Text("kms9".into()));
        assert_eq!(value(&shown, &name("Port")), PropertyValue::U32(1688));
        assert_eq!(value(&shown, &name("IpAddress")), PropertyValue::Text("192.0.2.10".into()));
        assert_eq!(answer(&call(&state, "RefreshLicenseStatus", &[], &context(start()))), "");
    }

    #[test]
    fn numbers_are_read_as_numbers_and_switches_as_switches() {
        let host = Host::new(V61);
        let shown = service(&host.state, &host.pools, Members::OfProfile, start());
        for (field, value) in shown {
            let fits = match field.kind {
                Kind::Boolean => matches!(value, PropertyValue::Bool(_)),
                Kind::U32 { .. } | Kind::Sentinel | Kind::Enumeration(_) => {
                    matches!(value, PropertyValue::U32(_))
                }
                _ => matches!(value, PropertyValue::Text(_) | PropertyValue::Null),
            };
            assert!(fits, "{} {value:?}", field.name);
        }
    }
}
