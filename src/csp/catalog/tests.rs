//! The rows of the API against each other.

use super::codes::{
    BAD_REQUEST, CFGMGR_E_NODENOTFOUND, E_CLOCK_BACKWARDS, HRESULTS, SL_E_MISMATCHED_PRODUCT_SKU,
    status_of,
};
use super::nodes::{Allowed, Build, NODES, Node, NodeId, Scope, Since, Verb};
use super::*;
use crate::catalog::testing::{documented, sentence, unique};
use crate::catalog::{Access, Direction, Evidence, Kind, Native, Severity, Source};
use std::collections::BTreeSet;

fn same(one: &Code, other: &Code) -> bool {
    std::ptr::eq(one, other)
}

#[test]
fn no_name_stands_twice() {
    unique(CATALOG.documents.iter().map(|document| document.id));
    assert_eq!(unique(CATALOG.methods().map(|method| method.name)), 19);
    assert_eq!(unique(CATALOG.codes().map(|code| code.symbol)), 70 + 44 + 5 + 8 + 10 + 6);
    assert_eq!(unique(NODES.iter().map(|node| node.path)), 27);
    unique(editions::EDITIONS.iter().map(|edition| edition.constant));
    unique(editions::EDITIONS.iter().filter_map(|edition| edition.edition_id));
    unique(editions::EDITIONS.iter().filter_map(|edition| edition.name));
    unique(enumerations::LICENSING_STATUSES.iter().map(|status| status.name));
    unique(enumerations::ALERTS.iter().map(|alert| alert.named.name));
    unique(enumerations::FORMATS.iter().map(|format| format.token));
}

#[test]
fn no_number_stands_twice() {
    let mut seen = BTreeSet::new();
    for code in CATALOG.codes().filter(|code| code.native != Native::Tool) {
        assert!(seen.insert(code.native.number()), "{} {}", code.native, code.symbol);
    }
    for table in [&codes::STATUSES[..], &codes::PORTAL, &codes::RESULTS] {
        assert!(table.is_sorted_by_key(|code| code.native.number()));
    }
}

#[test]
fn documentation_is_sentences_and_the_words_of_a_code_are_phrases() {
    documented(&CATALOG);
    assert!(enumerations::LICENSING_STATUSES.iter().all(|status| sentence(status.doc)));
    assert!(enumerations::SUBSCRIPTION_STATUSES.iter().all(|status| sentence(status.doc)));
    assert!(enumerations::ALERTS.iter().all(|alert| sentence(alert.named.doc)));
    assert!(enumerations::JOIN_TYPES.iter().all(|join| sentence(join.doc)));
    assert!(enumerations::NOTIFICATIONS.iter().all(|kind| sentence(kind.doc)));
    assert!(enumerations::LICENSE_KEY_TYPES.iter().all(|kind| sentence(kind.word.doc)));
}

#[test]
fn every_source_names_a_document_of_the_list_and_a_place() {
    let sources = CATALOG
        .fields()
        .map(|field| field.source)
        .chain(CATALOG.codes().map(|code| code.source))
        .chain(CATALOG.methods().map(|method| method.source))
        .chain(editions::EDITIONS.iter().map(|edition| edition.source))
        .chain(paths::UPGRADE_TABLE.iter().map(|row| row.source))
        .chain(paths::LISTED.iter().map(|row| row.source))
        .chain(paths::LISTED_RESTARTS.iter().map(|(_, source)| *source))
        .chain(paths::S_MODE_SWITCHES.iter().map(|row| row.source))
        .chain(releases::RELEASES.iter().map(|release| release.source))
        .chain(enumerations::ALERTS.iter().map(|alert| alert.source))
        .chain([codes::MAPPING, codes::REFUSALS, editions::SERVED, editions::GRAPH_SOURCE])
        .chain([editions::ALLOW_LISTS, paths::KEY_CHANGE_SOURCE, paths::STEP_UP_SOURCE])
        .chain([enumerations::LICENSING_SOURCE, enumerations::SUBSCRIPTION_SOURCE])
        .chain([enumerations::LICENSE_KEY_SOURCE]);
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
fn a_code_is_found_by_its_symbol() {
    assert!(same(code_named("cfgmgr_e_nodenotfound").unwrap(), &CFGMGR_E_NODENOTFOUND));
    assert!(same(code_named("Command not allowed").unwrap(), &codes::NOT_ALLOWED));
    assert!(code_named("").is_none());
    for row in CATALOG.codes() {
        assert!(same(code_named(row.symbol).unwrap(), row), "{}", row.symbol);
    }
}

#[test]
fn every_number_finds_its_own_code() {
    for row in CATALOG.codes() {
        let found = match row.native {
            Native::SyncmlStatus(number) => codes::status(number),
            Native::Hresult(number) => codes::hresult(number),
            _ => continue,
        };
        assert!(same(found.unwrap(), row), "{}", row.symbol);
    }
}

#[test]
fn a_failing_hresult_answers_with_a_status_that_is_no_plain_success() {
    for row in &HRESULTS {
        let status = status_of(row.code.native.number().unwrap());
        let told = codes::status(status).unwrap();
        assert!(same(told, row.status), "{}", row.code.symbol);
        let undone = told.severity == Severity::Failure || same(told, &codes::ACCEPTED);
        assert!(undone, "{} {status}", row.code.symbol);
    }
}

#[test]
fn every_node_but_the_root_hangs_below_another_and_only_interior_ones_have_children() {
    for node in NODES {
        match node.parent() {
            None => assert_eq!(node.id, NodeId::Root),
            Some(parent) => assert_eq!(parent.format.word(), "node", "{}", node.path),
        }
        assert!(!node.name().is_empty());
        let interior = node.format.word() == "node";
        assert_eq!(node.children().count() > 0, interior, "{}", node.path);
    }
    assert_eq!(NODES.iter().filter(|node| node.is_dynamic_name()).count(), 1);
    assert_eq!(nodes::ROOT.children().count(), 10);
}

#[test]
fn the_verbs_of_a_node_agree_with_the_access_of_its_field() {
    for node in NODES {
        let reads = node.takes(Verb::Get);
        let writes = [Verb::Add, Verb::Replace, Verb::Exec].iter().any(|verb| node.takes(*verb));
        let access = match (reads, writes) {
            (true, true) => Access::ReadWrite,
            (false, true) => Access::WriteOnly,
            _ => Access::ReadOnly,
        };
        assert_eq!(node.field.access, access, "{}", node.path);
        assert!(node.verbs.is_sorted() && !node.verbs.is_empty(), "{}", node.path);
        assert!(!node.takes(Verb::Copy), "{}", node.path);
        let runs = node.takes(Verb::Exec);
        assert!(
            !runs || (node.verbs.len() == 1 && node.scope == Scope::Permanent),
            "{}",
            node.path
        );
    }
}

#[test]
fn the_fields_are_those_of_the_nodes() {
    for (node, field) in NODES.iter().zip(nodes::FIELDS) {
        assert!(std::ptr::eq(&raw const node.field, field), "{}", node.path);
    }
}

#[test]
fn a_method_is_a_verb_that_its_node_takes() {
    for row in &methods::OWN {
        assert!(row.node.takes(row.verb), "{}", row.method.name);
        let name = format!("{}/{}.{}", nodes::ROOT_NAME, row.node.path, row.verb.word());
        assert_eq!(row.method.name, name);
    }
    for row in &methods::VERBS {
        assert_eq!(row.method.name, format!("{}.{}", nodes::ROOT_NAME, row.verb.word()));
        assert!(NODES.iter().any(|node| node.takes(row.verb)), "{}", row.method.name);
    }
}

#[test]
fn every_verb_that_does_something_on_a_node_has_a_row_of_its_own() {
    for node in NODES {
        for verb in node.verbs {
            let found = methods::of(node, *verb).unwrap();
            let own = found.node.id == node.id && node.id != NodeId::Root;
            assert!(own || *verb == Verb::Get, "{} {}", node.path, verb.word());
        }
    }
    assert!(methods::of(&nodes::EDITION, Verb::Copy).is_none());
}

#[test]
fn a_verb_on_any_node_refuses_with_whatever_it_refuses_with_on_one() {
    for row in &methods::OWN {
        let general = methods::VERBS.iter().find(|one| one.verb == row.verb).unwrap();
        for code in row.method.refuses {
            let known = general.method.refuses.iter().any(|other| same(code, other));
            assert!(known, "{}: {}", row.method.name, code.symbol);
        }
    }
}

#[test]
fn a_method_refuses_with_failures_that_say_what_to_do() {
    for method in CATALOG.methods() {
        unique(method.refuses.iter().map(|code| code.symbol));
        for code in method.refuses {
            assert_eq!(code.severity, Severity::Failure, "{}: {}", method.name, code.symbol);
            assert!(!code.cause.is_empty() && !code.remedy.is_empty(), "{}", code.symbol);
        }
    }
    for code in codes::OWN {
        assert!(!code.cause.is_empty() && !code.remedy.is_empty(), "{}", code.symbol);
        assert_eq!(code.source.evidence, Evidence::Assumed, "{}", code.symbol);
    }
}

#[test]
fn whatever_writes_refuses_to_go_back_in_time() {
    for row in methods::VERBS.iter().chain(&methods::OWN) {
        let reads = row.verb == Verb::Get || row.node.id == NodeId::CheckApplicability;
        let refuses = row.method.refuses.iter().any(|code| same(code, &E_CLOCK_BACKWARDS));
        assert_eq!(refuses, !reads, "{}", row.method.name);
    }
}

#[test]
fn every_command_of_a_verb_can_be_refused_for_its_address() {
    for row in &methods::VERBS {
        for code in [&BAD_REQUEST, &CFGMGR_E_NODENOTFOUND] {
            assert!(row.method.refuses.iter().any(|other| same(code, other)));
        }
    }
}

#[test]
fn a_product_key_is_never_shown_in_full() {
    for row in &methods::OWN {
        let takes_key =
            row.method.refuses.iter().any(|code| same(code, &codes::SL_E_INVALID_PRODUCT_KEY));
        let masked = row.method.parameters.iter().any(|one| matches!(one.kind, Kind::Secret(_)));
        assert_eq!(masked, takes_key, "{}", row.method.name);
        assert_eq!(masked, matches!(row.node.field.kind, Kind::Secret(_)), "{}", row.method.name);
        let out = row.method.parameters.iter().filter(|one| one.direction == Direction::Out);
        assert!(out.count() > 0, "{}", row.method.name);
    }
    assert!(SL_E_MISMATCHED_PRODUCT_SKU.remedy.contains("csp path list"));
}

#[test]
fn values_that_a_node_takes_are_those_that_it_allows() {
    for node in NODES {
        if let nodes::Allowed::Enumeration(values) = node.allowed {
            assert_eq!(node.field.kind, Kind::Enumeration(values), "{}", node.path);
        }
    }
}

/// The nodes as the page of the CSP has them: address, format, access, applicable since, allowed values, reboot behavior or deprecation.
///
/// Source: [CSP] the tables of each section.
const PAGE: &str = "\
ChangeProductKey|chr|Exec|10.0.15063||
CheckApplicability|chr|Exec|10.0.10586||
DeviceLicensingService|node|Get|10.0.22621, 10.0.22000.1165||
DeviceLicensingService/DeviceLicensingLastError|int|Get|10.0.22621, 10.0.22000.1165||
DeviceLicensingService/DeviceLicensingLastErrorDescription|chr|Get|10.0.22621, 10.0.22000.1165||
DeviceLicensingService/DeviceLicensingStatus|int|Get|10.0.22621, 10.0.22000.1165||
DeviceLicensingService/LicenseType|int|Get, Replace|10.0.22621, 10.0.22000.1165|0 1|
Edition|int|Get|10.0.10586||
LicenseKeyType|chr|Get|10.0.10586||
SMode|node|Get|10.0.17763||
SMode/Status|int|Get|10.0.17763||
SMode/SwitchFromSMode|null|Exec|10.0.17763||
SMode/SwitchingPolicy|int|Add, Delete, Get, Replace|10.0.17763|0 1|
Status|int|Get|10.0.10586||
Subscriptions|node|Get|10.0.14393||
Subscriptions/{SubscriptionId}|node|Get|10.0.14393||
Subscriptions/{SubscriptionId}/Name|chr|Get|10.0.14393||
Subscriptions/{SubscriptionId}/Status|int|Get|10.0.14393||
Subscriptions/DisableSubscription|int|Replace|Insider|0 1|
Subscriptions/RemoveSubscription|null|Exec|Insider||
Subscriptions/SubscriptionLastError|int|Get|Insider||
Subscriptions/SubscriptionLastErrorDescription|chr|Get|Insider||
Subscriptions/SubscriptionStatus|int|Get|Insider||
Subscriptions/SubscriptionType|int|Get, Replace|Insider|0 1|
UpgradeEditionWithLicense|xml|Exec|10.0.10586||deprecated
UpgradeEditionWithProductKey|chr|Exec|10.0.10586||Automatic
";

#[test]
fn every_node_is_as_its_page_has_it() {
    let since = |node: &Node| match node.applicability().since {
        Since::Insider => "Insider".to_owned(),
        Since::Builds(builds) => {
            let build = |build: &Build| match build.revision {
                0 => format!("10.0.{}", build.build),
                revision => format!("10.0.{}.{revision}", build.build),
            };
            builds.iter().map(build).collect::<Vec<_>>().join(", ")
        }
    };
    let row = |node: &Node| {
        let verbs: Vec<&str> = node.verbs.iter().map(|verb| verb.word()).collect();
        let allowed = match node.allowed {
            Allowed::Enumeration(values) => {
                values.iter().map(|value| value.value.to_string()).collect::<Vec<_>>().join(" ")
            }
            Allowed::Unsaid | Allowed::Any => String::new(),
        };
        let remark = match (node.reboots, node.deprecated) {
            (true, _) => "Automatic",
            (_, true) => "deprecated",
            _ => "",
        };
        let (path, format, verbs) = (node.path, node.format.word(), verbs.join(", "));
        format!("{path}|{format}|{verbs}|{}|{allowed}|{remark}", since(node))
    };
    let rows: BTreeSet<String> = NODES.iter().skip(1).map(|node| row(node)).collect();
    assert_eq!(rows, PAGE.lines().map(str::to_owned).collect());
    assert!(NODES.iter().all(|node| node.locuri().starts_with("./Vendor/MSFT/WindowsLicensing")));
    let dynamic: Vec<&str> =
        NODES.iter().filter(|node| node.is_dynamic_name()).map(|node| node.path).collect();
    assert_eq!(dynamic, ["Subscriptions/{SubscriptionId}"], "ClientInventory");
}
