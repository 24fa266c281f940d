//! The facts of both managers: one file a kind, as rows; `CATALOG` collects them.
//!
//! What the service answers with them is left to `rules`, what it can hold to `model`.

pub mod codes;
pub mod documents;
pub mod enumerations;
pub mod features;
pub mod fields;
pub mod methods;
pub mod products;
pub mod properties;

use crate::catalog::Catalog;

/// Everything that the documents say of the API, for `explain`, the manual and the tests.
pub static CATALOG: Catalog = Catalog {
    documents: &documents::DOCUMENTS,
    fields: &[&fields::LICENSE_INFO, &fields::ASSIGNMENT, &fields::MANAGER, &fields::ABOUT],
    codes: &[&codes::RAISED, codes::OTHERS],
    methods: &[&methods::METHODS],
};

#[cfg(test)]
mod tests {
    use super::{CATALOG, codes, enumerations, fields, properties};
    use crate::catalog::Native;
    use std::collections::BTreeSet;

    fn unique<'a>(names: impl Iterator<Item = &'a str>) -> usize {
        let mut seen = BTreeSet::new();
        names
            .inspect(|name| assert!(seen.insert((*name).to_owned()), "{name} stands twice"))
            .count()
    }

    #[test]
    fn no_name_stands_twice() {
        unique(CATALOG.documents.iter().map(|document| document.id));
        assert_eq!(unique(CATALOG.methods().map(|method| method.name)), 17);
        unique(CATALOG.codes().map(|code| code.symbol));
        unique(properties::PROPERTIES.iter().map(|property| property.key));
        for table in CATALOG.fields {
            unique(table.iter().map(|field| field.name));
        }
        for enumeration in enumerations::ENUMERATIONS {
            unique(enumeration.words.iter().map(|word| word.word));
        }
    }

    #[test]
    fn the_data_objects_have_the_fields_of_the_article_in_the_order_of_the_wire() {
        let names = |table: &[&crate::catalog::Field]| -> Vec<&str> {
            table.iter().map(|field| field.name).collect()
        };
        assert_eq!(
            names(&fields::LICENSE_INFO),
            [
                "licenseKey",
                "editionKey",
                "name",
                "total",
                "used",
                "costUnit",
                "properties",
                "labels"
            ]
        );
        assert_eq!(
            names(&fields::ASSIGNMENT),
            ["entityId", "scope", "entityDisplayName", "assignedLicense", "properties"]
        );
    }

    #[test]
    fn a_fault_is_known_by_its_class_and_by_its_plain_name() {
        for code in codes::RAISED.iter().chain(codes::OTHERS) {
            let Native::VimFault(class) = code.native else { continue };
            let plain = class.rsplit('.').next().unwrap();
            assert!(code.symbol == plain || class == "lc_error", "{class}");
        }
    }

    #[test]
    fn every_fact_of_the_properties_is_a_sentence() {
        for property in properties::PROPERTIES {
            assert!(property.doc.ends_with('.'), "{}", property.key);
            assert!(!property.source.place.is_empty());
        }
    }
}
