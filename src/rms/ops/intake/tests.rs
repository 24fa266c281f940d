//! Files that merge, contradict and replace.

use super::start;
use crate::api::{About, Brought, Counts, Hints, Source};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::rms::import::json::KIND;
use crate::rms::ops::query;
use crate::rms::store::TABLES;
use crate::store::{Change, Flow, Intent, Store};

fn now() -> Timestamp {
    Timestamp::parse("2026-03-31T00:00:00Z").unwrap()
}

fn store() -> Store {
    Store::scratch(vec![&TABLES])
}

fn hints(replace: bool) -> Hints {
    Hints { instance: Some("lic01".to_owned()), replace, ..Hints::default() }
}

/// Imports files as one change.
fn import(store: &mut Store, hints: &Hints, files: &[&str]) -> Outcome<Vec<Brought>> {
    let change = Change { command: "test".to_owned(), now: now(), intent: Intent::Store };
    let work = |tx: &mut dyn crate::store::Tx| {
        let mut intake = start(hints);
        let mut brought = Vec::new();
        for (number, text) in (1..).zip(files) {
            let about = About {
                name: format!("{number}.json"),
                number,
                folder: None,
                size: 0,
                modified: None,
            };
            let source = Source::Text(&mut text.as_bytes());
            brought.push(intake.file(&KIND, &about, source, tx)?);
        }
        intake.finish(tx)?;
        Ok(brought)
    };
    store.import(&change, work).map(|(brought, _)| brought)
}

fn counts(brought: &Brought) -> Counts {
    brought.sections.get("licenses").copied().unwrap_or_default()
}

/// What is stored: name, hash and tokens of every license, in order.
fn held(store: &mut Store) -> Vec<String> {
    let mut found = Vec::new();
    store
        .read(|read| {
            query::features(read, "lic01", now(), &mut |served| {
                for license in &served.licenses {
                    let seats =
                        license.elements.number(&crate::rms::catalog::elements::NUM_LICENSES);
                    let hash = license.hash().unwrap_or("-").get(..1).unwrap().to_owned();
                    found.push(format!("{} {hash} {seats}", served.key));
                }
                Ok(Flow::Continue(()))
            })
        })
        .unwrap();
    found
}

fn license(name: &str, hash: char, rest: &str) -> String {
    let hash = hash.to_string().repeat(16);
    format!(r#"{{"featureName":"{name}","licenseHash":"{hash}"{rest}}}"#)
}

#[test]
fn the_same_file_again_changes_nothing() {
    let mut store = store();
    let text = [license("CAD", 'A', r#","numLicenses":5"#), license("CAM", 'B', "")].join("\n");
    let first = import(&mut store, &hints(false), &[&text]).unwrap();
    assert_eq!((counts(&first[0]).added, &*first[0].instances), (2, &["lic01".to_owned()][..]));
    let again = import(&mut store, &hints(false), &[&text]).unwrap();
    assert_eq!(counts(&again[0]), Counts { unchanged: 2, ..Counts::default() });
    assert_eq!(held(&mut store), ["CAD A 5", "CAM B 1"]);
}

#[test]
fn licenses_that_are_as_they_were_are_known_in_any_order() {
    let mut store = store();
    let mut all: Vec<String> = ('0'..='9')
        .chain('A'..='F')
        .enumerate()
        .map(|(at, hash)| license(["CAD", "CAM", "SIM"][at % 3], hash, r#","numLicenses":5"#))
        .collect();
    import(&mut store, &hints(false), &[&all.join("\n")]).unwrap();
    let again = |store: &mut Store, all: &[String]| {
        counts(&import(store, &hints(false), &[&all.join("\n")]).unwrap()[0])
    };
    let unchanged = |count: u64| Counts { unchanged: count, ..Counts::default() };
    assert_eq!(again(&mut store, &all), unchanged(16));
    all.reverse();
    assert_eq!(again(&mut store, &all), unchanged(16));
    // Feature by feature, as they are stored and as a script lists them.
    all.sort();
    assert_eq!(again(&mut store, &all), unchanged(16));
    // One is another, one is new, and neither hides those around it.
    let seventh = all.iter().position(|one| one.contains("7777")).unwrap();
    all[seventh] = license("CAM", '7', r#","numLicenses":6"#);
    all.insert(3, r#"{"featureName":"CAD","licenseHash":"0123456789ABCDEF"}"#.to_owned());
    let told = again(&mut store, &all);
    assert_eq!((told.unchanged, told.changed, told.added), (15, 1, 1));
    assert_eq!(again(&mut store, &all), unchanged(17));
    // A file that has all of them twice.
    let two = import(&mut store, &hints(false), &[&all.join("\n"), &all.join("\n")]).unwrap();
    assert_eq!((counts(&two[0]), counts(&two[1])), (unchanged(17), unchanged(17)));
}

#[test]
fn what_a_later_record_leaves_out_stays() {
    let mut store = store();
    import(&mut store, &hints(false), &[&license("CAD", 'A', r#","numLicenses":5,"eid":"E""#)])
        .unwrap();
    let later = import(&mut store, &hints(false), &[&license("CAD", 'A', r#","fid":7"#)]).unwrap();
    assert_eq!(counts(&later[0]).changed, 1);
    assert_eq!(held(&mut store), ["CAD A 5"]);
    // In one import too, file by file.
    let files = [license("CAM", 'B', r#","numLicenses":3"#), license("CAM", 'B', r#","fid":1"#)];
    let brought = import(&mut store, &hints(false), &[&files[0], &files[1]]).unwrap();
    assert_eq!((counts(&brought[0]).added, counts(&brought[1]).changed), (1, 1));
    assert_eq!(held(&mut store), ["CAD A 5", "CAM B 3"]);
}

#[test]
fn a_hash_twice_in_a_file_must_be_of_one_license() {
    let twice = |second: &str| {
        let text = format!("{}\n{second}", license("CAD", 'A', r#","numLicenses":5"#));
        let brought = import(&mut store(), &hints(false), &[&text]).unwrap();
        (brought[0].notes.complaints.count(), brought[0].notes.warnings.len())
    };
    assert_eq!(twice(&license("CAD", 'A', r#","numLicenses":5"#)), (0, 1));
    assert_eq!(twice(&license("CAD", 'A', r#","numLicenses":6"#)).0, 1);
    assert_eq!(twice(&license("CAM", 'A', r#","numLicenses":5"#)).0, 1);
}

#[test]
fn a_hash_that_is_stored_under_another_feature_is_complained_of() {
    let mut store = store();
    import(&mut store, &hints(false), &[&license("CAD", 'A', "")]).unwrap();
    let other = import(&mut store, &hints(false), &[&license("CAM", 'A', "")]).unwrap();
    let complaint = &other[0].notes.complaints.kept[0].message;
    assert_eq!(complaint, "the hash `AAAAAAAAAAAAAAAA` is that of a license of `CAD`");
}

#[test]
fn licenses_without_a_hash_are_told_apart_by_their_place() {
    let mut store = store();
    let two = |first: u32, second: u32| {
        format!(
            r#"[{{"featureName":"CAD","numLicenses":{first}}},{{"featureName":"CAD","numLicenses":{second}}}]"#
        )
    };
    import(&mut store, &hints(false), &[&two(1, 2)]).unwrap();
    let again = import(&mut store, &hints(false), &[&two(1, 3)]).unwrap();
    assert_eq!((counts(&again[0]).unchanged, counts(&again[0]).changed), (1, 1));
    assert_eq!(held(&mut store), ["CAD - 1", "CAD - 3"]);
}

#[test]
fn a_file_that_replaces_leaves_nothing_else_and_no_order_but_its_own() {
    let mut store = store();
    let all = [license("CAD", 'A', ""), license("CAM", 'B', ""), license("CAD", 'C', "")];
    import(&mut store, &hints(false), &[&all.join("\n")]).unwrap();
    assert_eq!(held(&mut store), ["CAD A 1", "CAD C 1", "CAM B 1"]);
    let file = format!("{}\n{}", license("CAM", 'B', ""), license("CAD", 'C', ""));
    let brought = import(&mut store, &hints(true), &[&file]).unwrap();
    assert_eq!(counts(&brought[0]), Counts { unchanged: 2, removed: 1, ..Counts::default() });
    assert_eq!(held(&mut store), ["CAM B 1", "CAD C 1"]);
    let again = import(&mut store, &hints(true), &[&file]).unwrap();
    assert_eq!(counts(&again[0]), Counts { unchanged: 2, ..Counts::default() });
}

#[test]
fn a_file_without_licenses_replaces_nothing() {
    let mut store = store();
    import(&mut store, &hints(false), &[&license("CAD", 'A', "")]).unwrap();
    let stopped = import(&mut store, &hints(true), &[r#"{"features":[]}"#]);
    assert!(matches!(stopped, Err(Stop::Usage(_))));
    let two = [license("CAD", 'A', ""), license("CAM", 'B', "")];
    let stopped = import(&mut store, &hints(true), &[&two[0], &two[1]]);
    assert!(matches!(stopped, Err(Stop::Usage(_))));
    assert_eq!(held(&mut store), ["CAD A 1"]);
}

#[test]
fn a_check_out_that_a_file_shows_comes_back_with_its_end() {
    let ends = now().s() + 86_400;
    let text = format!(
        r#"{{"features":[{{"featureName":"A","inUse":1,"licenses":[{{"licenseHash":"AAAA000000000000","numLicenses":5}}],
        "clients":[{{"userName":"ann","hostName":"nb1","isCommuted":1,"startTime":{},"endTime":{ends}}}]}}]}}"#,
        now().s()
    );
    let mut store = store();
    import(&mut store, &hints(false), &[&text]).unwrap();
    let mut used = |at: i64| {
        let at = Timestamp::from_s(at).unwrap();
        let counts =
            store.read(|read| crate::rms::ops::capacity::in_use(read, "lic01", at)).unwrap();
        counts.values().map(|counts| (counts.used, counts.commuted)).collect::<Vec<_>>()
    };
    assert_eq!(used(ends), [(1, 1)]);
    assert_eq!(used(ends + 1), [(0, 0)]);
}
