//! The rows of the API against each other.

use super::codes::{
    E_INVALIDARG, SL_E_LUA_ACCESSDENIED, SL_E_VL_BINDING_SERVICE_NOT_ENABLED,
    SL_E_VL_NOT_ENOUGH_COUNT, SL_REMAPPING_SP_PUB_TS_REARMED,
};
use super::methods::{Caller, Role};
use super::service::{Initial, Since};
use super::*;
use crate::catalog::testing::{documented, sentence, unique};
use crate::catalog::{Direction, Evidence, Field, Kind, Native, Severity, Source};
use std::collections::BTreeSet;

fn same(one: &Code, other: &Code) -> bool {
    std::ptr::eq(one, other)
}

#[test]
fn no_name_stands_twice() {
    assert_eq!(unique(CATALOG.documents.iter().map(|document| document.id)), 28);
    assert_eq!(unique(CATALOG.methods().map(|method| method.name)), 44);
    unique(CATALOG.codes().map(|code| code.symbol));
    // Event fields and registry values bear the names of the properties that they hold: names are unique in a table.
    for table in CATALOG.fields {
        unique(table.iter().map(|field| field.name));
    }
}

#[test]
fn no_number_stands_twice() {
    let mut seen = BTreeSet::new();
    for code in CATALOG.codes() {
        assert!(matches!(code.native, Native::Hresult(_)), "{}", code.symbol);
        assert!(seen.insert(code.native.number()), "{} {}", code.native, code.symbol);
    }
}

#[test]
fn the_header_has_407_codes_and_6_are_newer() {
    let of_header = |code: &&Code| code.symbol.starts_with("SL_");
    assert_eq!(CATALOG.codes().filter(of_header).count(), 407 + 6);
    let newer =
        CATALOG.codes().filter(of_header).filter(|code| code.source.evidence == Evidence::Assumed);
    assert_eq!(newer.count(), 6);
    assert_eq!(codes_internal::SECURITY_PROCESSOR.len() + 2, 72, "two have cause and remedy");
    assert_eq!(codes_internal::STORE_ACTIVATION.len(), 43);
    assert_eq!(codes_system::SYSTEM.len(), 31);
}

#[test]
fn the_tables_of_codes_are_sorted_by_number() {
    for table in CATALOG.codes {
        assert!(table.is_sorted_by_key(|code| code.native.number()));
    }
}

#[test]
fn the_top_bits_of_a_code_say_whether_it_failed() {
    for code in CATALOG.codes() {
        let number = code.native.number().unwrap();
        let severity = match number >> 28 {
            0 => Severity::Success,
            0x4 => Severity::Information,
            0x8 | 0xC => Severity::Failure,
            other => panic!("{other:X}: {}", code.symbol),
        };
        assert_eq!(code.severity, severity, "{}", code.symbol);
    }
}

#[test]
fn a_code_is_found_by_number_and_by_symbol() {
    assert!(same(code(0xC004_F038).unwrap(), &SL_E_VL_NOT_ENOUGH_COUNT));
    assert!(same(code_named("sl_e_vl_not_enough_count").unwrap(), &SL_E_VL_NOT_ENOUGH_COUNT));
    assert!(code(0xDEAD_BEEF).is_none());
    assert!(code_named("").is_none());
    for row in CATALOG.codes() {
        assert!(same(code_named(row.symbol).unwrap(), row), "{}", row.symbol);
    }
}

#[test]
fn documentation_is_sentences_and_the_words_of_a_code_are_phrases() {
    documented(&CATALOG);
    assert!(events::EVENTS.iter().all(|event| sentence(event.doc)));
    assert!(enumerations::STATUS_FLAGS.iter().all(|flag| sentence(flag.doc)));
    assert!(enumerations::KEY_CHANNELS.iter().all(|channel| sentence(channel.doc)));
    assert!(families::FAMILIES.iter().all(|family| sentence(family.doc)));
}

#[test]
fn every_source_names_a_document_of_the_list_and_a_place() {
    let sources = CATALOG
        .fields()
        .map(|field| field.source)
        .chain(CATALOG.codes().map(|code| code.source))
        .chain(CATALOG.methods().map(|method| method.source))
        .chain(skus::SKUS.iter().map(|sku| sku.source))
        .chain(events::EVENTS.iter().map(|event| event.source))
        .chain(events::PROVIDERS.iter().map(|provider| provider.source))
        .chain(enumerations::STATES.iter().map(|state| state.source))
        .chain(enumerations::MARKS.iter().map(|mark| mark.source))
        .chain(enumerations::KEY_CHANNELS.iter().map(|channel| channel.source))
        .chain([methods::REFUSALS]);
    for Source { document, place, .. } in sources {
        assert!(!place.is_empty(), "{}", document.id);
        assert!(
            CATALOG.documents.iter().any(|listed| std::ptr::eq(*listed, document)),
            "{}",
            document.id
        );
    }
}

#[test]
fn each_profile_has_the_properties_of_its_edition() {
    let counts = Profile::ALL.map(|profile| service::of_profile(profile).count());
    assert_eq!(counts, [18, 32, 35, 38, 38]);
    assert_eq!(service::PROPERTIES.len(), 39);
    assert_eq!(product::PROPERTIES.len(), 61);
    let disabled = service::property("KeyManagementServiceActivationDisabled").unwrap();
    let having: Vec<_> =
        Profile::ALL.into_iter().filter(|one| disabled.since.includes(*one)).collect();
    assert_eq!(having, [Profile::V61]);
}

#[test]
fn the_first_edition_has_exactly_the_properties_of_the_class_page() {
    let page = "Version KeyManagementServiceMachine IsKeyManagementServiceMachine VLActivationInterval \
        VLRenewalInterval KeyManagementServiceCurrentCount RequiredClientCount \
        KeyManagementServiceProductKeyID PolicyCacheRefreshRequired ClientMachineID \
        KeyManagementServiceUnlicensedRequests KeyManagementServiceLicensedRequests \
        KeyManagementServiceOOBGraceRequests KeyManagementServiceOOTGraceRequests \
        KeyManagementServiceNonGenuineGraceRequests KeyManagementServiceTotalRequests \
        KeyManagementServiceFailedRequests KeyManagementServiceNotificationRequests";
    let page: BTreeSet<&str> = page.split_whitespace().collect();
    let rows: BTreeSet<&str> =
        service::of_profile(Profile::V60).map(|property| property.field.name).collect();
    assert_eq!(rows, page);
}

#[test]
fn the_first_edition_has_exactly_the_methods_of_the_class_page() {
    let page = "AcquireGenuineTicket ClearKeyManagementServiceMachine ClearProductKeyFromRegistry \
        InstallLicense InstallLicensePackage InstallProductKey ReArmWindows RefreshLicenseStatus \
        SetKeyManagementServiceMachine SetVLActivationInterval SetVLRenewalInterval";
    let page: BTreeSet<&str> = page.split_whitespace().collect();
    let rows: BTreeSet<&str> =
        methods::of_profile(Profile::V60).map(methods::ServiceMethod::word).collect();
    assert_eq!(rows, page);
}

#[test]
fn members_are_listed_alphabetically_without_regard_to_case() {
    let sorted = |names: Vec<&str>| {
        assert!(names.is_sorted_by_key(|name| name.to_ascii_lowercase()), "{names:?}");
    };
    sorted(service::PROPERTIES.iter().map(|property| property.field.name).collect());
    sorted(product::PROPERTIES.iter().map(|property| property.field.name).collect());
    sorted(methods::SERVICE.iter().map(|method| method.method.name).collect());
    sorted(methods::PRODUCT.iter().map(|method| method.method.name).collect());
}

#[test]
fn members_are_found_in_any_case() {
    let found = service::property("vlrenewalINTERVAL").unwrap();
    assert_eq!(found.field.name, "VLRenewalInterval");
    assert_eq!(found.since, Since::From(Profile::V60));
    assert!(service::property("VLRenewal").is_none());
    assert_eq!(product::property("id").unwrap().field.name, "ID");
    assert_eq!(methods::service("REARMWINDOWS").unwrap().word(), "ReArmWindows");
    assert!(methods::service("Activate").is_none(), "it is a method of the product");
    assert!(methods::product("Activate").is_some());
}

/// Whether a value can be held by a field of that kind.
fn fits(kind: Kind, initial: Initial) -> bool {
    let number = |value: u32| match kind {
        Kind::U32 { min, max } => (min..=max).contains(&value),
        Kind::Sentinel => true,
        Kind::Enumeration(values) => values.iter().any(|named| named.value == value),
        _ => false,
    };
    match initial {
        Initial::Null | Initial::Made => true,
        Initial::Number(value) => number(value),
        Initial::Flag(_) => kind == Kind::Boolean,
        Initial::NotApplicable | Initial::Counter => kind == Kind::Sentinel,
        Initial::ByProfile { early, late } => number(early) && number(late),
    }
}

#[test]
fn what_a_new_machine_holds_passes_its_own_check() {
    let service = service::PROPERTIES.iter().map(|row| (&row.field, row.initial));
    let product = product::PROPERTIES.iter().map(|row| (&row.field, row.initial));
    for (field, initial) in service.chain(product) {
        assert!(fits(field.kind, initial), "{}: {initial:?}", field.name);
    }
    let rearms = service::property("RemainingWindowsReArmCount").unwrap().initial;
    let counts = Profile::ALL.map(|profile| rearms.number(profile).unwrap());
    assert_eq!(counts, [3, 3, 1001, 1001, 1001]);
}

#[test]
fn a_property_of_both_classes_is_of_one_kind() {
    for property in &product::PROPERTIES {
        let Some(other) = service::property(property.field.name) else {
            continue;
        };
        let Field { kind, unit, access, .. } = &other.field;
        assert_eq!(property.field.kind, *kind, "{}", property.field.name);
        assert_eq!(property.field.unit, *unit, "{}", property.field.name);
        assert_eq!(property.field.access, *access, "{}", property.field.name);
    }
}

#[test]
fn a_method_refuses_with_the_codes_that_its_checks_need() {
    for row in methods::SERVICE.iter().chain(&methods::PRODUCT) {
        let refuses = |wanted: &Code| row.method.refuses.iter().any(|code| same(code, wanted));
        let name = row.method.name;
        let given = row.method.parameters.iter().any(|one| one.direction == Direction::In);
        assert_eq!(refuses(&E_INVALIDARG), given, "{name}");
        assert_eq!(refuses(&SL_E_LUA_ACCESSDENIED), row.caller != Caller::Anyone, "{name}");
        assert_eq!(refuses(&SL_REMAPPING_SP_PUB_TS_REARMED), !row.answers_rearmed, "{name}");
        let host = row.role == Role::HostActive;
        assert_eq!(refuses(&SL_E_VL_BINDING_SERVICE_NOT_ENABLED), host, "{name}");
        unique(row.method.refuses.iter().map(|code| code.symbol));
        for code in row.method.refuses {
            assert_eq!(code.severity, Severity::Failure, "{name}: {}", code.symbol);
            assert!(!code.cause.is_empty() && !code.remedy.is_empty(), "{}", code.symbol);
        }
    }
}

#[test]
fn a_setter_of_a_host_setting_needs_a_host() {
    let host: Vec<&str> = methods::SERVICE
        .iter()
        .filter(|row| row.role == Role::HostActive)
        .map(methods::ServiceMethod::word)
        .collect();
    assert_eq!(
        host,
        [
            "ClearKeyManagementServiceListeningPort",
            "DisableKeyManagementServiceDnsPublishing",
            "EnableKeyManagementServiceLowPriority",
            "SetKeyManagementServiceListeningPort",
            "SetVLActivationInterval",
            "SetVLRenewalInterval",
        ]
    );
    for word in ["SetVLActivationInterval", "SetVLRenewalInterval"] {
        let interval = methods::service(word).unwrap().method.parameters[0].kind;
        assert_eq!(interval, Kind::U32 { min: 15, max: 43_200 }, "{word}");
    }
}

#[test]
fn a_version_selects_the_profile_by_its_first_two_numbers() {
    let cases = [
        ("6.0.6002.18005", Profile::V60, true),
        ("6.1.7601.17514", Profile::V61, true),
        ("6.2.9200.16384", Profile::V62, true),
        ("6.3.9600.17031", Profile::V63, true),
        ("10.0.26100.1", Profile::V10, true),
        ("10.0", Profile::V10, true),
        ("6.4.9841.0", Profile::V10, false),
        ("5.2.3790.0", Profile::V10, false),
        ("6", Profile::V10, false),
        ("ten", Profile::V10, false),
        ("", Profile::V10, false),
    ];
    for (version, profile, known) in cases {
        assert_eq!(Profile::from_version(version), (profile, known), "{version}");
    }
}

#[test]
fn a_product_key_is_never_shown_in_full() {
    let secret = |kind| matches!(kind, Kind::Secret(_));
    assert!(secret(service::property("OA3xOriginalProductKey").unwrap().field.kind));
    assert!(secret(product::property("OfflineInstallationId").unwrap().field.kind));
    for parameter in CATALOG.methods().flat_map(|method| method.parameters) {
        let key = parameter.name == "ProductKey"
            || ["InstallationId", "ConfirmationId"]
                .iter()
                .any(|id| parameter.name.eq_ignore_ascii_case(id));
        assert_eq!(secret(parameter.kind), key, "{}", parameter.name);
    }
}
