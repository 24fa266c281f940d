//! What is read from answer files of provisioning packages, and what is not.

use super::{KIND, read};
use crate::artefact::{Fit, LONGEST, Notes, Sample};
use crate::csp::model::profile::{Profile, ProfileForm, Setting, SettingKind, Wish, Written};

const KEY: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";

const SAMPLE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<WindowsCustomizations>
  <PackageConfig xmlns="urn:schemas-Microsoft-com:Windows-ICD-Package-Config.v1.0">
    <ID>{00000000-0000-4000-8000-000000000001}</ID><Name>edu</Name><Version>1.0</Version><OwnerType>ITAdmin</OwnerType><Rank>0</Rank><Notes></Notes>
  </PackageConfig>
  <Settings xmlns="urn:schemas-microsoft-com:windows-provisioning"><Customizations><Common><EditionUpgrade>
    <UpgradeEditionWithProductKey>AAAAA-BBBBB-CCCCC-DDDDD-EDU01</UpgradeEditionWithProductKey>
  </EditionUpgrade></Common></Customizations></Settings>
</WindowsCustomizations>
"#;

/// The packages of a file and what was said of it, places first.
fn read_all(text: &str) -> (Vec<Profile>, Vec<String>) {
    let (mut notes, mut found) = (Notes::default(), Vec::new());
    read(&mut text.as_bytes(), &mut notes, &mut |profile| {
        found.push(profile);
        Ok(())
    })
    .unwrap();
    let told = notes.complaints.kept.iter().map(|told| format!("{}: {}", told.place, told.message));
    (found, told.collect())
}

fn one(text: &str) -> Profile {
    let (mut found, told) = read_all(text);
    assert_eq!((found.len(), told.as_slice()), (1, [].as_slice()));
    found.remove(0)
}

fn upgrade(line: u64, name: &str, value: Written) -> Setting {
    Setting {
        line,
        name: name.to_owned(),
        uri: format!("./Vendor/MSFT/WindowsLicensing/{name}"),
        kind: SettingKind::Template,
        wish: Wish::Exec,
        value,
        quoted: false,
        encrypted: false,
        read_only: false,
    }
}

fn package(inside: &str) -> String {
    format!(
        "<WindowsCustomizations><Settings><Customizations>{inside}</Customizations></Settings></WindowsCustomizations>"
    )
}

#[test]
fn the_published_shape_is_read_with_the_line_of_every_setting() {
    let expected = Profile {
        line: 2,
        form: ProfileForm::Package,
        name: "edu".to_owned(),
        settings: vec![upgrade(7, "UpgradeEditionWithProductKey", Written::Text(KEY.to_owned()))],
    };
    assert_eq!(one(SAMPLE), expected);
}

#[test]
fn a_mark_carriage_returns_and_standalone_change_nothing() {
    let text = SAMPLE.replace('\n', "\r\n").replace("utf-8\"?", "utf-8\" standalone=\"yes\"?");
    assert_eq!(one(&text), one(SAMPLE));
    assert_eq!(one(&format!("\u{feff}{text}")), one(SAMPLE));
}

#[test]
fn elements_keep_the_order_of_the_file() {
    let text = package(
        "<Common><EditionUpgrade><UpgradeEditionWithLicense>&lt;a/&gt;</UpgradeEditionWithLicense>\n\
         <UpgradeEditionWithProductKey/>\n<ChangeProductKey> x </ChangeProductKey></EditionUpgrade></Common>",
    );
    let expected = [
        upgrade(1, "UpgradeEditionWithLicense", Written::Text("<a/>".to_owned())),
        upgrade(2, "UpgradeEditionWithProductKey", Written::Missing),
        upgrade(3, "ChangeProductKey", Written::Text(" x ".to_owned())),
    ];
    assert_eq!(one(&text).settings, expected);
}

#[test]
fn settings_of_targets_are_read_beside_the_common_ones() {
    let upgrade = |key: &str| {
        format!("<EditionUpgrade><ChangeProductKey>{key}</ChangeProductKey></EditionUpgrade>")
    };
    let text = package(&format!(
        "<Targets><Target Id=\"a\"><TargetState><Condition/></TargetState></Target></Targets><Common>{}</Common>\
         <Variant><TargetRefs><TargetRef Id=\"a\"/></TargetRefs><Settings>{}</Settings></Variant><Target>{}</Target>",
        upgrade("1"),
        upgrade("2"),
        upgrade("3"),
    ));
    let values: Vec<Written> = one(&text).settings.into_iter().map(|found| found.value).collect();
    assert_eq!(values, ["1", "2", "3"].map(|text| Written::Text(text.to_owned())));
}

#[test]
fn a_name_that_is_no_node_is_kept_for_the_linter_and_other_settings_are_not() {
    let text = package(
        "<Common><Accounts><ChangeProductKey>x</ChangeProductKey></Accounts>\
         <EditionUpgrade><SwitchEdition>x</SwitchEdition></EditionUpgrade></Common>",
    );
    let expected = [upgrade(1, "SwitchEdition", Written::Text("x".to_owned()))];
    assert_eq!(one(&text).settings, expected);
    let outside = "<WindowsCustomizations><EditionUpgrade><ChangeProductKey>x</ChangeProductKey></EditionUpgrade></WindowsCustomizations>";
    assert_eq!(one(outside).settings, []);
}

#[test]
fn of_a_license_that_is_not_escaped_only_its_text_is_left() {
    let text = package(
        "<Common><EditionUpgrade><UpgradeEditionWithLicense>a<b>c</b>d<e/></UpgradeEditionWithLicense>\
         <ChangeProductKey>y</ChangeProductKey></EditionUpgrade></Common>",
    );
    let expected = [
        upgrade(1, "UpgradeEditionWithLicense", Written::Text("acd".to_owned())),
        upgrade(1, "ChangeProductKey", Written::Text("y".to_owned())),
    ];
    assert_eq!(one(&text).settings, expected);
}

#[test]
fn what_is_no_package_is_refused() {
    for (text, told) in [
        ("", ": the root is not `WindowsCustomizations`"),
        ("<SyncBody/>", "line 1: the root is not `WindowsCustomizations`"),
        (
            "<!DOCTYPE a><WindowsCustomizations/>",
            "line 1: document types (`<!DOCTYPE`) are refused",
        ),
    ] {
        assert_eq!(read_all(text), (vec![], vec![told.to_owned()]), "{text}");
    }
}

#[test]
fn a_setting_that_cannot_be_read_is_complained_of_and_left_out() {
    let text = package(&format!(
        "<Common><EditionUpgrade><ChangeProductKey>{}&x;</ChangeProductKey><UpgradeEditionWithProductKey>k</UpgradeEditionWithProductKey></EditionUpgrade></Common>",
        "x".repeat(LONGEST + 1)
    ));
    let (found, told) = read_all(&text);
    assert_eq!(found[0].settings.len(), 1);
    assert_eq!(found[0].settings[0].name, "UpgradeEditionWithProductKey");
    assert_eq!(told, ["line 1: the text of an element is longer than 1048576 bytes"]);
    let text = package(
        "<Common><EditionUpgrade><ChangeProductKey>x&y;</ChangeProductKey></EditionUpgrade></Common>",
    );
    let (found, told) = read_all(&text);
    assert_eq!(found[0].settings, []);
    assert_eq!(told, ["line 1: the entity `&y;` is not defined"]);
    assert_eq!(
        read_all("x<WindowsCustomizations/>").1,
        ["line 1: text stands outside of any element"]
    );
}

#[test]
fn a_document_that_would_fill_the_memory_is_refused() {
    let setting = format!("<ChangeProductKey>{}</ChangeProductKey>", "x".repeat(LONGEST / 2));
    let text = package(&format!(
        "<Common><EditionUpgrade>{}</EditionUpgrade></Common>",
        setting.repeat(40)
    ));
    let (found, told) = read_all(&text);
    assert!(found.is_empty());
    assert_eq!(told.last().unwrap(), ": the document is longer than 16777216 bytes");
    let deep = package(&"<a>".repeat(100_000));
    assert_eq!(read_all(&deep).1, ["line 1: elements are nested deeper than 64 levels"]);
}

#[test]
fn a_file_that_is_cut_holds_no_package_and_never_shows_a_key() {
    let end = SAMPLE.trim_end().len();
    for cut in 0..SAMPLE.len() {
        let (found, told) = read_all(&SAMPLE[..cut]);
        assert_eq!((found.is_empty(), told.is_empty()), (cut < end, cut >= end), "{cut}");
        assert!(!told.concat().contains("AAAAA"), "{told:?}");
        let (_, told) = read_all(&SAMPLE[cut..]);
        assert!(!told.concat().contains("DDDDD"), "{told:?}");
    }
}

#[test]
fn packages_are_known_by_their_root() {
    let fit = |text: &str| (KIND.sniff)(&Sample { name: "x.xml", bytes: text.as_bytes(), text });
    assert_eq!(fit(SAMPLE), Fit::Yes(9));
    assert_eq!(fit("<w:WindowsCustomizations xmlns:w='x'/>"), Fit::Yes(9));
    assert_eq!(fit("<WindowsCustomizationsX/>"), Fit::No);
    assert_eq!(fit("<SyncML/>"), Fit::No);
    assert_eq!(fit("WindowsCustomizations"), Fit::No);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "(<|>|</|/>|&|;|WindowsCustomizations|Customizations|EditionUpgrade|ChangeProductKey|x|\n| ){0,40}") {
        read_all(&text);
    }
}
