//! Plans and removals undone, and what the history holds of keys.

use super::lab::{Lab, key};
use crate::error::Stop;
use crate::store::{Change, Intent};
use crate::vsphere::ops::Scene;
use crate::vsphere::ops::licenses::{self, Removing};
use crate::vsphere::report::plan::{Ask, Hosts, plan};

#[test]
fn a_plan_is_made_step_by_step_and_undone_as_one() {
    let mut lab = Lab::new();
    (1..=4).for_each(|number| lab.add(number));
    let ask = |now| Ask {
        hosts: Hosts::Unlicensed,
        licenses: None,
        edition: None,
        valid_until: now,
        reassign: false,
    };
    let made = lab.act(|tx, scene| {
        let estate = crate::vsphere::ops::questions::estate_of(tx.reading(), scene)?;
        let facts = crate::vsphere::ops::plan::facts(tx.reading(), scene, &estate)?;
        let plan = plan(&estate, &facts, &ask(scene.now));
        assert!(plan.optimal && plan.unplaced.is_empty());
        crate::vsphere::ops::plan::apply(tx, scene, &plan).map(|made| made.len())
    });
    assert_eq!(made.unwrap(), 5);
    assert_eq!((lab.used(1), lab.used(2)), (Some(10), Some(4)));
    let undo = Change { command: "undo".to_owned(), now: lab.now, intent: Intent::Store };
    lab.store.undo(&undo, None).unwrap();
    assert_eq!((lab.used(1), lab.used(2)), (Some(0), Some(0)));
}

#[test]
fn an_undo_brings_a_removed_key_back_and_never_takes_a_license_from_its_holder() {
    let mut lab = Lab::new();
    lab.add(1);
    let change =
        |lab: &Lab| Change { command: "undo".to_owned(), now: lab.now, intent: Intent::Store };
    let how = Removing { force: false, ignore_missing: false };
    lab.act(|tx, scene| licenses::remove_and_look(tx, scene, &key(1), how)).unwrap();
    let change_of = change(&lab);
    lab.store.undo(&change_of, None).unwrap();
    assert_eq!(lab.used(1), Some(0), "the key is known again");
    lab.assign(1, "host-11").unwrap();
    // Change 7 added the license, after the vCenter and its five hosts.
    let refused = lab.store.undo(&change_of, Some(7)).unwrap_err();
    assert!(
        matches!(&refused, Stop::Refused(refusal) if refusal.message.contains("came after")),
        "{refused:?}"
    );
    let refused = lab.store.undo(&change_of, Some(2)).unwrap_err();
    assert!(matches!(refused, Stop::Refused(_)), "the host holds a license");
    lab.store.undo(&change_of, None).unwrap();
    assert_eq!(lab.used(1), Some(0));
}

#[test]
fn no_row_and_no_entry_of_the_history_holds_a_whole_key() {
    let mut lab = Lab::new();
    lab.add(1);
    lab.assign(1, "host-11").unwrap();
    let texts = lab.store.read(crate::vsphere::store::texts).unwrap();
    assert!(texts.iter().any(|text| text.contains("*****-*****-*****-AAAAA-AAAA1")));
    assert!(!texts.iter().any(|text| text.contains(&key(1))));
}

#[test]
fn a_key_in_a_label_stands_in_no_row_and_comes_back_as_it_was_written() {
    let mut lab = Lab::new();
    lab.add(1);
    let written = [
        ("replaces", key(6).to_lowercase()),
        ("note", format!("was {} and {}", key(5), key(6))),
        // What stands in rows for a key, written by hand, is a text like any other.
        ("odd", "\u{f3f0}1:x\u{f3f1}\u{f3f0}".to_owned()),
    ];
    for (label, value) in &written {
        lab.act(|tx, scene| licenses::set_label(tx, scene, &key(1), label, value)).unwrap();
    }
    let texts = lab.store.read(crate::vsphere::store::texts).unwrap();
    for hidden in [key(5), key(6), key(6).to_lowercase()] {
        assert!(!texts.iter().any(|text| text.contains(&hidden)), "{hidden}");
    }
    let mut labels = |secrets| {
        let shown = lab.act(|tx, scene| {
            let scene = Scene { secrets, ..scene.clone() };
            licenses::show(tx.reading(), &scene, &key(1))
        });
        let labels = shown.unwrap().1.labels;
        labels.into_iter().map(|label| label.value).collect::<Vec<_>>()
    };
    assert_eq!(labels(true), written.clone().map(|(_, value)| value));
    assert_eq!(labels(false)[0], "*****-*****-*****-aaaaa-aaaa6");
    assert_eq!(
        labels(false)[1],
        "was *****-*****-*****-AAAAA-AAAA5 and *****-*****-*****-AAAAA-AAAA6"
    );
}
