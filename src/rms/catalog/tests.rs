//! The rows of the API against each other and against what the page prints.

use super::elements::{ELEMENTS, Form, Initial, SAMPLED, meant, named};
use super::versions::{NARROW_UNLIMITED, VERSIONS, WIDE_UNLIMITED, counted_as, numbered, version};
use super::{CATALOG, codes, enumerations, locks, queries};
use crate::catalog::{Kind, Native, Severity};
use std::collections::BTreeSet;

/// The elements of the page's sample, in its order.
const SAMPLE: &str = "featureName featureVersion licType trialDaysCount numLicenses isNodeLocked sharingCrit lockingCrit \
    holdingCrit numSubnets siteLicenseInfo holdTime vendorInfo clLockInfo keyLifeTime sharingLimit softNumLicenses \
    isStandalone checkTimeTamper isAdditive numServers isRedundant majorityRule logEncryptLevel serverLockingInfo \
    isCommuter commuterMaxCheckoutDays commutedFromServer gracePeriodFlag gracePeriodCalendarDays \
    gracePeriodElapsedHours localRequestLockCritFlag localRequestLockCritRequired localRequestLockCritFloat \
    localRequestLockCritMinNum licenseVersion plainVendorInfo trialElapsedHours trialExecutionCount \
    trialCalendarPeriodLeft trialElapsedPeriodLeft trialExecutionsLeft trialCurrentStatus licenseHash licenseStorage \
    licenseState licensePrecedence vmDetection deferredRevocationTime birthTime deathTime eid pid fid aid \
    cloudUsageFlag licSource trialDays trialSeconds trialDaysLeft trialSecondsLeft activationBirthTime \
    activationExpiryTime licenseVendorInfo userAccountLimit";

/// The elements that the page's table has and its sample has not.
const TABLE_ALONE: &str = "commutedKeys commuterKeysLeft avgQueueTime queueLength totLicReqd";

#[test]
fn the_elements_are_those_of_the_page_in_its_order() {
    let names: Vec<&str> = ELEMENTS.iter().map(|element| element.name()).collect();
    let page: Vec<&str> = SAMPLE.split_whitespace().chain(TABLE_ALONE.split_whitespace()).collect();
    assert_eq!(names, page);
    assert_eq!(SAMPLE.split_whitespace().count(), SAMPLED);
    for (at, element) in ELEMENTS.iter().enumerate() {
        assert_eq!(element.at, at, "{}", element.name());
        assert_eq!(element.in_sample(), at < SAMPLED);
        assert!(std::ptr::eq(named(element.name()).unwrap(), *element));
    }
    assert!(named("featurename").is_none());
    assert_eq!(meant("featurename").unwrap().name(), "featureName");
}

#[test]
fn the_default_of_an_element_passes_its_own_check() {
    for element in ELEMENTS {
        let fits = match (element.initial, element.field.kind) {
            (Initial::Number(number), Kind::U32 { min, max }) => {
                (i64::from(min)..=i64::from(max)).contains(&number)
            }
            (Initial::Number(number), Kind::Enumeration(values)) => {
                values.iter().any(|value| i64::from(value.value) == number)
            }
            (Initial::Number(number), Kind::Datetime) => number == 0,
            (Initial::Empty, Kind::Text { .. }) => element.is_text(),
            (Initial::Unlimited, Kind::U32 { .. }) => element.form == Form::Limit,
            (Initial::Precedence, _) => element.form == Form::Signed,
            (Initial::Mirror(of, divisor), Kind::U32 { .. }) => {
                of.form == Form::Number && divisor > 0
            }
            _ => false,
        };
        assert!(fits, "{}: {:?}", element.name(), element.initial);
        let choice = matches!(element.field.kind, Kind::Enumeration(_));
        assert_eq!(choice, element.form == Form::Choice, "{}", element.name());
    }
}

#[test]
fn values_of_an_enumeration_count_from_0() {
    for element in ELEMENTS {
        let Kind::Enumeration(values) = element.field.kind else { continue };
        let numbers: Vec<u32> = values.iter().map(|value| value.value).collect();
        let counted: Vec<u32> = (0..).take(values.len()).collect();
        assert_eq!(numbers, counted, "{}", element.name());
        for value in values {
            assert!(value.doc.ends_with('.') && !value.name.is_empty(), "{}", value.name);
        }
    }
    // The two that read the other way round than one would think.
    assert_eq!(enumerations::TAMPERING[0].name, "checked");
    assert_eq!(enumerations::NODE_LOCKS[0].name, "client-and-server-locked");
}

#[test]
fn the_19_license_versions_are_those_of_the_page() {
    let page: [u32; 19] = [
        0,
        117_440_512,
        117_637_120,
        117_637_121,
        134_217_728,
        135_266_304,
        136_511_488,
        138_412_032,
        139_460_608,
        140_509_184,
        150_994_944,
        152_043_520,
        153_092_096,
        155_254_784,
        156_237_824,
        158_334_976,
        268_435_456,
        270_532_608,
        4_294_967_295,
    ];
    assert_eq!(VERSIONS.each_ref().map(|row| row.encoded), page);
    let numbers: Vec<u8> = VERSIONS[1..18].iter().map(|row| row.number).collect();
    assert_eq!(numbers, (7..=23).collect::<Vec<u8>>());
    assert_eq!(version(155_254_784).unwrap().number, 19);
    assert_eq!(version(4_294_967_295).unwrap().sdk, "not defined");
    assert!(version(270_532_609).is_none());
    assert_eq!(counted_as(270_532_609).unwrap().number, 23);
    assert_eq!(counted_as(1).unwrap().number, 0);
    assert_eq!(numbered(20).unwrap().encoded, 156_237_824);
    assert!(numbered(0).is_none() && numbered(24).is_none());
    assert_eq!((NARROW_UNLIMITED, WIDE_UNLIMITED), (2_097_150, 4_294_967_294));
}

#[test]
fn the_locking_criteria_of_the_page_or_to_0x3d9f_and_three_are_older() {
    let (old, new): (Vec<_>, Vec<_>) = locks::CRITERIA.iter().partition(|row| row.legacy);
    assert_eq!(new.iter().fold(0, |mask, row| mask | row.bit), 15_775);
    assert_eq!(old.iter().fold(0, |mask, row| mask | row.bit), 0x260);
    assert!(locks::CRITERIA.is_sorted_by_key(|row| row.bit));
    assert!(locks::CRITERIA.iter().all(|row| row.bit.is_power_of_two()));
}

#[test]
fn a_code_is_found_by_number_by_symbol_and_by_its_old_symbol() {
    let mut seen = BTreeSet::new();
    for code in codes::NUMBERLESS_CODES {
        assert!(code.native.number().is_none());
        assert!(std::ptr::eq(codes::named(code.symbol).unwrap(), code));
    }
    for code in codes::CODES {
        let number = code.native.number().unwrap();
        assert!(seen.insert(number) && code.native == Native::Sntl(number), "{}", code.symbol);
        assert!(std::ptr::eq(codes::numbered(number).unwrap(), code));
        assert!(std::ptr::eq(codes::named(&code.symbol.to_lowercase()).unwrap(), code));
        assert!(!code.meaning.is_empty() && !code.meaning.ends_with('.'), "{}", code.symbol);
        assert_eq!(code.cause.is_empty(), code.remedy.is_empty(), "{}", code.symbol);
    }
    assert!(codes::CODES.is_sorted_by_key(|code| code.native.number()));
    for symbol in ["SNTL_COMMUTER_INSUFFICIENTUNITS", "SNTL_NOT_ENOUGH_COMMUTER_KEYS_AVAILABLE"] {
        assert_eq!(codes::named(symbol).unwrap().native, Native::Sntl(210_077));
    }
    assert!(codes::numbered(210_046).is_none());
}

#[test]
fn a_method_refuses_with_failures_that_say_what_to_do() {
    for method in CATALOG.methods() {
        let mut seen = BTreeSet::new();
        for code in method.refuses {
            assert!(seen.insert(code.symbol), "{}: {}", method.name, code.symbol);
            assert_eq!(code.severity, Severity::Failure);
            assert!(!code.cause.is_empty() && !code.remedy.is_empty(), "{}", code.symbol);
        }
    }
}

#[test]
fn a_query_has_two_versions_and_only_what_is_built_is_answered() {
    assert_eq!(queries::QueryVersion::ALL.map(queries::QueryVersion::word), ["1.0", "1.1"]);
    assert_eq!(queries::QueryVersion::named("1.2"), None);
    let answered: Vec<&str> =
        queries::QUERIES.iter().filter(|row| row.query.is_some()).map(|row| row.name).collect();
    let built = [
        "licenseInfo",
        "featureInfo",
        "clientInfo",
        "serverInfo",
        "serverPoolInfo",
        "featureCumulativeTrialInfo",
        "statusInfo",
        "lastStatusInfo",
        "sessionInfo",
    ];
    assert_eq!(answered, built);
}
