//! The rows of every API: names, documentation, codes, and the commands that run its methods.

use licctl::apis::APIS;
use licctl::catalog::Evidence;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_fact_says_what_it_is_and_where_it_comes_from() {
    for api in APIS {
        for field in api.catalog.fields() {
            assert!(
                field.doc.ends_with('.')
                    && field.doc.chars().next().is_some_and(|letter| letter.is_uppercase()
                        || letter == '-'
                        || letter == '`'
                        || letter.is_numeric()),
                "{}: {}",
                field.name,
                field.doc
            );
            assert!(!field.source.place.is_empty(), "{}", field.name);
        }
        for code in api.catalog.codes() {
            assert!(!code.meaning.is_empty() && !code.source.place.is_empty(), "{}", code.symbol);
        }
        for method in api.catalog.methods() {
            assert!(
                !method.summary.is_empty() && !method.source.place.is_empty(),
                "{}",
                method.name
            );
        }
    }
}

#[test]
fn a_symbol_has_one_number_in_its_api() {
    for api in APIS {
        let mut numbers: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for code in api.catalog.codes() {
            numbers.entry(code.symbol).or_default().insert(code.native.to_string());
        }
        let doubled: Vec<_> = numbers.iter().filter(|(_, numbers)| numbers.len() > 1).collect();
        assert!(doubled.is_empty(), "{doubled:?}");
    }
}

#[test]
fn every_code_that_a_method_refuses_with_can_be_explained() {
    for api in APIS {
        let known: BTreeSet<&str> = api.catalog.codes().map(|code| code.symbol).collect();
        for method in api.catalog.methods() {
            for code in method.refuses {
                assert!(
                    known.contains(code.symbol),
                    "{} refuses with {}",
                    method.name,
                    code.symbol
                );
            }
        }
    }
}

#[test]
fn every_document_that_a_fact_names_is_listed() {
    for api in APIS {
        let listed: BTreeSet<&str> =
            api.catalog.documents.iter().map(|document| document.id).collect();
        let named = api
            .catalog
            .fields()
            .map(|field| field.source)
            .chain(api.catalog.codes().map(|code| code.source))
            .chain(api.catalog.methods().map(|method| method.source));
        for source in named {
            assert!(listed.contains(source.document.id), "{}", source.document.id);
        }
    }
}

/// A guess is a debt: their number is written down, so that a new one is seen.
#[test]
fn the_assumptions_are_counted() {
    let count = |api: &licctl::api::Api| {
        let sources = api
            .catalog
            .fields()
            .map(|field| field.source)
            .chain(api.catalog.methods().map(|method| method.source));
        sources.filter(|source| source.evidence == Evidence::Assumed).count()
    };
    let counted: Vec<(&str, usize)> = APIS.iter().map(|api| (api.name, count(api))).collect();
    assert!(counted.iter().all(|(_, count)| *count < 120), "{counted:?}");
}
