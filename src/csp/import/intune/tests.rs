//! What is read from Intune profiles, and what is not.

mod strangers;
mod templates;
mod values;

use super::{KIND, read};
use crate::artefact::{Fit, Notes, Sample};
use crate::csp::model::profile::{
    Profile, ProfileForm, Setting, SettingKind, Template, Wish, Written,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const KEY: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";

const SAMPLE: &str = r##"{"@odata.type":"#microsoft.graph.windows10CustomConfiguration","displayName":"Licensing","omaSettings":[
 {"@odata.type":"#microsoft.graph.omaSettingInteger","displayName":"Block S mode exit","omaUri":"./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy","value":1},
 {"@odata.type":"#microsoft.graph.omaSettingString","displayName":"Key","omaUri":"./Device/Vendor/MSFT/WindowsLicensing/ChangeProductKey","value":"AAAAA-BBBBB-CCCCC-DDDDD-EDU01"}]}"##;

const TEMPLATE: &str = r##"{
  "@odata.type": "#microsoft.graph.editionUpgradeConfiguration",
  "displayName": "Education",
  "licenseType": "productKey",
  "targetEdition": "windows10Education",
  "productKey": "AAAAA-BBBBB-CCCCC-DDDDD-EDU01",
  "license": null,
  "windowsSMode": "unlock"
}"##;

/// The profiles of a file; complaints and warnings, places first.
#[derive(Debug, PartialEq)]
struct Seen {
    profiles: Vec<Profile>,
    complaints: Vec<String>,
    warnings: Vec<String>,
}

fn seen(text: &str) -> Seen {
    let (mut notes, mut profiles) = (Notes::default(), Vec::new());
    read(&mut text.as_bytes(), &mut notes, &mut |profile| {
        profiles.push(profile);
        Ok(())
    })
    .unwrap();
    let complaints =
        notes.complaints.kept.iter().map(|told| format!("{}: {}", told.place, told.message));
    let warnings =
        notes.warnings.iter().map(|told| format!("{} {}: {}", told.code, told.place, told.message));
    Seen { profiles, complaints: complaints.collect(), warnings: warnings.collect() }
}

fn one(text: &str) -> Profile {
    let mut seen = seen(text);
    let counts = (seen.profiles.len(), seen.complaints.len(), seen.warnings.len());
    assert_eq!(counts, (1, 0, 0), "{seen:?}");
    seen.profiles.remove(0)
}

/// A custom profile whose only setting has these members.
fn setting(members: &str) -> Setting {
    let text = format!(
        r##"{{"@odata.type":"#microsoft.graph.windows10CustomConfiguration","omaSettings":[{{"omaUri":"./x",{members}}}]}}"##
    );
    one(&text).settings.remove(0)
}

/// The kind and value of a setting of this type.
fn typed(name: &str, value: &str) -> (SettingKind, Written, bool) {
    let members = format!(r##""@odata.type":"#microsoft.graph.{name}","value":{value}"##);
    let Setting { kind, value, quoted, .. } = setting(&members);
    (kind, value, quoted)
}

/// A template with these members beside its type.
fn template(members: &str) -> (Template, Vec<Setting>) {
    let text =
        format!(r##"{{"@odata.type":"#microsoft.graph.editionUpgradeConfiguration",{members}}}"##);
    let Profile { form: ProfileForm::IntuneUpgrade(template), settings, .. } = one(&text) else {
        panic!("{text}");
    };
    (template, settings)
}

fn text(text: &str) -> Written {
    Written::Text(text.to_owned())
}

fn base64(bytes: &[u8]) -> String {
    format!("\"{}\"", STANDARD.encode(bytes))
}

#[test]
fn a_custom_profile_is_read_with_the_line_of_every_value() {
    let policy = Setting {
        line: 2,
        name: "Block S mode exit".to_owned(),
        uri: "./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy".to_owned(),
        kind: SettingKind::Integer,
        wish: Wish::Set,
        value: Written::Integer(1),
        quoted: false,
        encrypted: false,
        read_only: false,
    };
    let key = Setting {
        line: 3,
        name: "Key".to_owned(),
        uri: "./Device/Vendor/MSFT/WindowsLicensing/ChangeProductKey".to_owned(),
        kind: SettingKind::String,
        value: text(KEY),
        ..policy.clone()
    };
    let expected = Profile {
        line: 1,
        form: ProfileForm::IntuneCustom,
        name: "Licensing".to_owned(),
        settings: vec![policy, key],
    };
    assert_eq!(one(SAMPLE), expected);
}

#[test]
fn a_value_on_a_line_of_its_own_is_told_by_that_line() {
    let spread = SAMPLE.replace(',', ",\r\n").replace("\"value\":", "\"value\"\r\n:\r\n");
    let lines: Vec<u64> = one(&spread).settings.iter().map(|setting| setting.line).collect();
    let expected: Vec<u64> = spread
        .lines()
        .zip(1..)
        .filter(|(line, _)| line.starts_with("1}") || line.starts_with("\"AAAAA"))
        .map(|(_, line)| line)
        .collect();
    assert_eq!((lines.len(), lines), (2, expected));
}

#[test]
fn every_container_holds_the_same_profiles() {
    let one = one(SAMPLE);
    let pair = format!("{SAMPLE},\n{SAMPLE}");
    for (container, count) in [
        (SAMPLE.to_owned(), 1),
        (format!("{{\"value\":{SAMPLE}}}"), 1),
        (
            format!(
                "{{\"@odata.context\":\"https://graph.microsoft.com/beta/$metadata\",\"value\":[{pair}]}}"
            ),
            2,
        ),
        (format!("[{pair}]"), 2),
        (format!("[]{SAMPLE}\n{SAMPLE}"), 2),
        (format!("{{\"policies\":[{pair}]}}"), 2),
        (format!("[{{\"value\":[{pair}]}}]"), 2),
        (
            format!(
                "{{\"@odata.type\":\"#microsoft.graph.deviceConfigurationCollectionResponse\",\"value\":[{pair}]}}"
            ),
            2,
        ),
    ] {
        let seen = seen(&container);
        assert_eq!((seen.complaints.len(), seen.warnings.len()), (0, 0), "{container}");
        assert_eq!(seen.profiles.len(), count, "{container}");
        assert!(seen.profiles.iter().all(|profile| profile.settings.len() == 2));
        assert_eq!(seen.profiles[0], one, "{container}");
    }
    assert_eq!(seen(&format!("[{pair}]")).profiles[1].settings[0].line, 5);
}

#[test]
fn the_members_around_the_settings_change_nothing() {
    let graph = SAMPLE.replace(
        "\"displayName\":\"Licensing\"",
        r#""id":"00000000-0000-4000-8000-000000000001","displayName":"Licensing","description":"x","version":7,
        "createdDateTime":"2026-01-01T00:00:00Z","lastModifiedDateTime":"2026-01-01T00:00:00Z","roleScopeTagIds":["0"]"#,
    );
    let mut found = one(&graph);
    for setting in &mut found.settings {
        setting.line -= 1;
    }
    assert_eq!(found, one(SAMPLE));
}

#[test]
fn profiles_are_known_by_their_types() {
    let fit = |text: &str| (KIND.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text });
    assert_eq!([fit(SAMPLE), fit(TEMPLATE)], [Fit::Yes(9), Fit::Yes(9)]);
    assert_eq!(fit(&format!("\n {{\"value\":[{SAMPLE}]}}")), Fit::Yes(9));
    let listing = "{\"@odata.context\":\"https://graph.microsoft.com/beta/$metadata#deviceManagement/deviceConfigurations\"";
    assert_eq!(fit(listing), Fit::Yes(3));
    assert!(matches!(fit("{\"omaSettings\":[]}"), Fit::Near(_)));
    assert_eq!(fit("{}"), Fit::No);
    assert_eq!(fit(&format!("x{SAMPLE}")), Fit::No);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in r#"(\{|\}|\[|\]|,|:|"@odata.type"|"windows10CustomConfiguration"|"editionUpgradeConfiguration"|"omaSettings"|"omaUri"|"value"|"productKey"|1|null|\n){0,40}"#) {
        seen(&text);
    }
}
