//! What the rows of the domains promise, and what a declaration is refused for.

use super::declare::{Entry, Reference, declare};
use super::read::read;
use crate::apis;
use crate::desired::{Kind, Role, Takes};
use crate::error::{Complaints, Place};
use serde_json::Value as Json;
use std::collections::BTreeSet;

fn declared(text: &str) -> Result<Vec<Entry>, Complaints> {
    let mut fetch = |reference: Reference<'_>| match reference {
        Reference::Environment("KEY") => Ok("AAAAA-BBBBB-CCCCC-DDDDD-EEEEE".to_owned()),
        Reference::Environment(name) => Err(format!("no `{name}`")),
        Reference::File(name) | Reference::Document(name) => Ok(name.to_owned()),
    };
    read(text).and_then(|members| declare(&members, apis::APIS, &mut fetch))
}

/// Line, message and remedy of each complaint.
fn complaints(text: &str) -> Vec<(u64, String, String)> {
    let Err(complaints) = declared(text) else { return Vec::new() };
    let told = complaints.kept.into_iter().map(|complaint| {
        let Place::Line(line) = complaint.place else { panic!("{complaint:?}") };
        (line, complaint.message, complaint.remedy.unwrap_or_default())
    });
    told.collect()
}

fn kinds() -> Vec<(String, &'static Kind)> {
    fn walk(path: &str, kind: &'static Kind, found: &mut Vec<(String, &'static Kind)>) {
        let path = format!("{path}.{}", kind.name);
        found.push((path.clone(), kind));
        for part in kind.parts {
            walk(&path, part, found);
        }
    }
    let mut found = Vec::new();
    for api in apis::APIS {
        for kind in api.desired.kinds {
            walk(api.name, kind, &mut found);
        }
    }
    found
}

#[test]
fn every_domain_declares_its_instances_by_their_name() {
    for api in apis::APIS {
        let kind = api.desired.kinds.first().unwrap();
        assert_eq!(kind.name, api.instance.flag, "{}", api.name);
        assert_eq!(kind.properties[0].name, "name", "{}", api.name);
    }
}

#[test]
fn every_row_has_a_key_first_a_sentence_and_a_name_of_its_own() {
    for (path, kind) in kinds() {
        assert_eq!(kind.properties[0].role, Role::Key, "{path}");
        let mut names = BTreeSet::from([super::declare::STATE]);
        let own = kind.properties.iter().map(|row| row.name);
        for name in own.chain(kind.parts.iter().map(|part| part.name)) {
            assert!(names.insert(name), "{path}.{name}");
        }
        for doc in kind.properties.iter().map(|row| row.doc).chain([kind.doc]) {
            assert!(doc.ends_with('.') && doc.len() > 5, "{path}: {doc}");
        }
    }
}

#[test]
fn what_is_unknown_is_told_with_its_line_and_what_was_meant() {
    let text = "[[kms.machin]]\nname = 'a'\n\n[[km.machine]]\nname = 'b'\n\n[[kms.machine]]\nname = 'c'\nVLRenewalIntervall = 1\n\n[[kms.machine.produkt]]\nedition = 'x'\n";
    let told = complaints(text);
    let expected = [
        (1, "`kms` has no `machin`", "did you mean machine?"),
        (4, "a declaration has no `km`", "did you mean kms, rms, csp?"),
        (9, "`kms.machine` has no `VLRenewalIntervall`", "did you mean VLRenewalInterval?"),
        (11, "`kms.machine` has no `produkt`", "did you mean product?"),
    ];
    let mut told: Vec<_> = told.iter().map(|(l, m, r)| (*l, m.as_str(), r.as_str())).collect();
    told.sort_unstable();
    assert_eq!(told, expected);
}

#[test]
fn a_value_of_another_type_is_told_with_what_the_property_takes() {
    let wrong = [
        ("name = 5", "`name` takes text"),
        ("name = 'a'\nskipRearm = 1", "`skipRearm` takes true or false"),
        (
            "name = 'a'\nVLRenewalInterval = [1]",
            "`VLRenewalInterval` takes text, a number, or true or false",
        ),
        ("name = 'a'\nstate = 'gone'", "`state` is `\"present\"` or `\"absent\"`"),
        ("version = '10.0'", "an object of `kms.machine` needs `name`"),
    ];
    for (members, message) in wrong {
        let told = complaints(&format!("[[kms.machine]]\n{members}\n"));
        assert_eq!(told.len(), 1, "{members}");
        assert_eq!(told[0].1, message);
    }
    assert_eq!(complaints("{\"kms\": {\n\"machine\": [\n{\"name\": 7}]}}")[0].0, 3);
}

#[test]
fn an_object_is_declared_once_in_whatever_case() {
    let told = complaints("[[kms.machine]]\nname = 'a'\n[[kms.machine]]\nname = 'A'\n");
    assert_eq!(told, [(3, "`A` is declared twice".to_owned(), String::new())]);
}

#[test]
fn what_is_to_be_absent_has_no_parts() {
    let text =
        "[[kms.machine]]\nname = 'a'\nstate = 'absent'\n[[kms.machine.product]]\nedition = 'x'\n";
    assert_eq!(complaints(text)[0].1, "`a` is to be absent, and has no parts");
}

#[test]
fn a_secret_comes_by_reference_and_is_shown_masked() {
    let text = "[[vsphere.vcenter]]\nname = 'vc'\n[[vsphere.vcenter.license]]\nlicenseKey = { env = 'KEY' }\n";
    let entries = declared(text).unwrap_or_default();
    let part = &entries[0].parts[0];
    assert_eq!(part.label, "*****-*****-*****-DDDDD-EEEEE");
    assert_eq!(part.given["licenseKey"], Json::from("AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"));
    assert_eq!((part.instance.as_str(), part.owners.as_slice()), ("vc", &["vc".to_owned()][..]));
    for (reference, message) in [
        ("{ env = 'NONE' }", "`licenseKey`: no `NONE`"),
        ("{ vault = 'x' }", "the reference of `licenseKey` has no `vault`"),
        ("{ env = 'KEY', file = 'x' }", "`licenseKey` takes one of `file` and `env`"),
        ("5", "`licenseKey` takes { file = \"…\" } or { env = \"…\" }"),
    ] {
        let text = text.replace("{ env = 'KEY' }", reference);
        assert_eq!(complaints(&text)[0].1, message);
    }
}

#[test]
fn the_schema_of_a_declaration_has_every_property_of_the_rows() {
    let shapes = super::shapes();
    let (_, schema) = shapes.iter().find(|(name, _)| *name == "licctl.declaration/1").unwrap();
    let schema = serde_json::to_value(schema).unwrap();
    for (path, kind) in kinds() {
        let pointer = path.split('.').enumerate().fold(String::new(), |pointer, (at, name)| {
            let items = if at > 1 { "/items" } else { "" };
            format!("{pointer}{items}/properties/{name}")
        });
        let object = schema.pointer(&format!("{pointer}/items/properties")).unwrap();
        for row in kind.properties {
            assert!(object.get(row.name).is_some(), "{path}.{}", row.name);
            assert!(!matches!(row.takes, Takes::Pairs) || row.role == Role::Setting);
        }
    }
}
