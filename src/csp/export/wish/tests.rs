//! What is written in each form, what is refused, and that the readers read the same wishes back.

mod forms;
mod scripts;

use super::{As, KEY_PLACEHOLDER, Operation, Options, Target, Wishes, write};
use crate::artefact::Notes;
use crate::catalog::Native;
use crate::csp::catalog::conversion::ROWS;
use crate::csp::catalog::nodes::NODES;
use crate::csp::import::{intune, package, syncml};
use crate::csp::model::message::{Form, Part};
use crate::csp::model::profile::{Profile, Wish, Written};
use crate::csp::report::lint;
use crate::error::Refusal;
use crate::finding::{Finding, Level};

const ROOT: &str = "./Vendor/MSFT/WindowsLicensing";
const KEY: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";
const LICENSE: &str = "<License id=\"a'b\">1 &lt; 2 &amp; ü</License>";

fn target(address: &str) -> Target {
    Target::find(address).unwrap()
}

fn set(address: &str, value: &str) -> Wishes {
    Wishes { set: vec![(target(address), value.to_owned())], ..Wishes::default() }
}

fn exec(address: &str, data: Option<&str>) -> Wishes {
    Wishes { exec: vec![(target(address), data.map(str::to_owned))], ..Wishes::default() }
}

fn get(address: &str) -> Wishes {
    Wishes { get: vec![target(address)], ..Wishes::default() }
}

fn plain(wishes: &Wishes, form: As) -> Result<String, Refusal> {
    write(wishes, form, &Options::default())
}

/// What a document asks for: verb, address and data.
type Asked = (String, String, Option<String>);

/// The commands of a SyncML document.
fn commands(text: &str) -> (Form, Vec<Asked>) {
    let (mut notes, mut form, mut found, mut whole) = (Notes::default(), None, Vec::new(), false);
    let mut numbers = Vec::new();
    syncml::read(&mut text.as_bytes(), &mut notes, &mut |part| {
        match part {
            Part::Start { form: own, namespace, .. } => {
                assert_eq!(namespace.is_some(), *own != Form::Bare);
                form = Some(*own);
            }
            Part::Command(command) => {
                assert_eq!(command.disorder, None, "{text}");
                numbers.extend(command.cmd_id.as_ref().map(|number| number.text.clone()));
                let item = &command.items[0];
                if let Some(meta) = &item.meta {
                    assert_eq!(meta.foreign, None);
                }
                let uri = item.target.as_ref().unwrap().text.clone();
                found.push((
                    command.name.clone(),
                    uri,
                    item.data.as_ref().map(|data| data.text.clone()),
                ));
            }
            Part::Final { last, .. } => assert!(last),
            Part::End => whole = true,
            _ => panic!("{part:?}"),
        }
        Ok(())
    })
    .unwrap();
    assert!(whole && notes.complaints.is_empty() && notes.warnings.is_empty(), "{text}");
    let expected = if form == Some(Form::Bare) { 0 } else { found.len() };
    assert_eq!(numbers, (1..=expected).map(|number| number.to_string()).collect::<Vec<_>>());
    (form.unwrap(), found)
}

/// The profiles of a document.
fn profiles(text: &str, form: As) -> Vec<Profile> {
    let (mut notes, mut found) = (Notes::default(), Vec::new());
    let mut each = |profile| {
        found.push(profile);
        Ok(())
    };
    match form {
        As::IntuneJson => intune::read(&mut text.as_bytes(), &mut notes, &mut each).unwrap(),
        _ => package::read(&mut text.as_bytes(), &mut notes, &mut each).unwrap(),
    }
    assert!(notes.complaints.is_empty() && notes.warnings.is_empty(), "{text}");
    found
}

/// The settings of all profiles of a document.
fn settings(text: &str, form: As) -> Vec<Asked> {
    let written = |value: &Written| match value {
        Written::Integer(number) => Some(number.to_string()),
        Written::Text(text) => Some(text.clone()),
        Written::Missing => None,
        other => panic!("{other:?}"),
    };
    profiles(text, form)
        .iter()
        .flat_map(|profile| &profile.settings)
        .map(|own| {
            let verb = if own.wish == Wish::Exec { "Exec" } else { "Set" };
            (verb.to_owned(), own.uri.clone(), written(&own.value))
        })
        .collect()
}

fn asked(verb: &str, path: &str, data: Option<&str>) -> Asked {
    (verb.to_owned(), format!("{ROOT}/{path}"), data.map(str::to_owned))
}

/// What each form makes of each operation: a part of what is written, or nothing where it cannot carry it.
#[rustfmt::skip]
const MATRIX: [(Operation, &str, [&str; 5]); 16] = [
    (Operation::Set, "SMode/SwitchingPolicy", ["<Add>", "<Replace>", "omaSettingInteger", "", ""]),
    (Operation::Set, "DeviceLicensingService/LicenseType", ["<Replace>", "<Replace>", "omaSettingInteger", "", ""]),
    (Operation::Set, "Subscriptions/SubscriptionType", ["<Replace>", "<Replace>", "omaSettingInteger", "", ""]),
    (Operation::Set, "Subscriptions/DisableSubscription", ["<Replace>", "<Replace>", "omaSettingInteger", "", ""]),
    (Operation::Exec, "UpgradeEditionWithProductKey", ["<Exec>", "", "\"licenseType\": \"productKey\"", "<UpgradeEditionWithProductKey>", "-Method 'UpgradeEditionWithProductKeyMethod'"]),
    (Operation::Exec, "ChangeProductKey", ["<Exec>", "", "", "<ChangeProductKey>", "-Method 'ChangeProductKeyMethod'"]),
    (Operation::Exec, "CheckApplicability", ["<Exec>", "", "", "", "-Method 'CheckApplicabilityMethod'"]),
    (Operation::Exec, "UpgradeEditionWithLicense", ["<Exec>", "", "\"licenseType\": \"licenseFile\"", "<UpgradeEditionWithLicense>", "-Method 'UpgradeEditionWithLicenseMethod'"]),
    (Operation::Exec, "SMode/SwitchFromSMode", ["<Exec>", "", "\"windowsSMode\": \"unlock\"", "", ""]),
    (Operation::Exec, "Subscriptions/RemoveSubscription", ["<Exec>", "", "", "", ""]),
    (Operation::Get, "Edition", ["<Get>", "", "", "", "Select-Object -Property Edition\n"]),
    (Operation::Get, "Status", ["<Get>", "", "", "", "Select-Object -Property Status\n"]),
    (Operation::Get, "LicenseKeyType", ["<Get>", "", "", "", "Select-Object -Property LicenseKeyType\n"]),
    (Operation::Get, "SMode/Status", ["<Get>", "", "", "", ""]),
    (Operation::Get, "Subscriptions/A%20B/Name", ["<Get>", "", "", "", ""]),
    (Operation::Get, "./DevDetail/SwV", ["<Get>", "", "", "", ""]),
];

fn wished(operation: Operation, path: &str) -> Wishes {
    match operation {
        Operation::Set => set(path, "1"),
        Operation::Exec => exec(path, None),
        Operation::Get => get(path),
    }
}

#[test]
fn every_cell_of_the_matrix_is_written_or_refused_with_the_forms_that_can() {
    for (operation, path, cells) in MATRIX {
        let wishes = wished(operation, path);
        let forms: Vec<&str> = As::ALL
            .into_iter()
            .zip(cells)
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(form, _)| form.word())
            .collect();
        for (form, cell) in As::ALL.into_iter().zip(cells) {
            let written = plain(&wishes, form);
            if !cell.is_empty() {
                let text = written.unwrap();
                assert!(text.contains(cell), "{form:?} {path}: {text}");
                continue;
            }
            let refusal = written.unwrap_err();
            assert_eq!(refusal.code.symbol, "E_NOT_EXPRESSIBLE", "{form:?} {path}");
            assert_eq!(refusal.api, operation.word());
            assert!(refusal.message.starts_with(&format!("`{}` cannot carry", form.word())));
            for other in As::ALL {
                let named = refusal.message.contains(&format!("`{}`", other.word()));
                assert_eq!(
                    named,
                    other == form || forms.contains(&other.word()),
                    "{}",
                    refusal.message
                );
            }
        }
    }
    let rows = ROWS.iter().filter_map(|row| Some((row.operation, row.node?.path)));
    for (operation, path) in rows {
        assert!(MATRIX.iter().any(|(own, other, _)| (*own, *other) == (operation, path)), "{path}");
    }
}

#[test]
fn a_fleet_profile_cannot_switch_out_of_s_mode() {
    let refusal = plain(&exec("SMode/SwitchFromSMode", None), As::FleetProfile).unwrap_err();
    let message = format!(
        "`fleet-profile` cannot carry `exec {ROOT}/SMode/SwitchFromSMode`; `syncml` and `intune-json` can"
    );
    assert_eq!((refusal.message, refusal.hint.as_deref()), (message, Some("write `--as syncml`")));
}

#[test]
fn what_a_node_does_not_take_is_refused_as_the_device_would() {
    for node in NODES {
        for operation in [Operation::Set, Operation::Exec, Operation::Get] {
            let path = if node.path.is_empty() { "." } else { node.path };
            let listed = match operation {
                Operation::Get => node.takes(crate::csp::catalog::nodes::Verb::Get),
                _ => MATRIX.iter().any(|(own, path, _)| *own == operation && *path == node.path),
            };
            let written = plain(&wished(operation, path), As::SyncMl);
            assert_eq!(written.is_ok(), listed, "{operation:?} {path}");
            if let Err(refusal) = written {
                assert_eq!(refusal.code.native, Native::SyncmlStatus(405), "{operation:?} {path}");
            }
        }
    }
    let refusal = plain(&set("ChangeProductKey", KEY), As::IntuneJson).unwrap_err();
    let message = format!("`{ROOT}/ChangeProductKey` takes Exec; `set` needs Replace or Add");
    assert_eq!(refusal.message, message);
    let query = plain(&set("SMode/SwitchingPolicy?prop=ACL", "1"), As::SyncMl).unwrap_err();
    assert_eq!(query.code.native, Native::SyncmlStatus(406));
}

#[test]
fn an_address_is_expanded_keeps_its_root_and_must_exist() {
    for (text, uri) in [
        (".", ROOT.to_owned()),
        ("Edition", format!("{ROOT}/Edition")),
        (
            "./Device/Vendor/MSFT/WindowsLicensing/Edition",
            ROOT.replace("./", "./Device/") + "/Edition",
        ),
        (" smode/STATUS ", format!("{ROOT}/smode/STATUS")),
        ("Subscriptions?list=StructData", format!("{ROOT}/Subscriptions?list=StructData")),
    ] {
        assert_eq!(target(text).uri, uri);
    }
    for text in ["Editions", "./User/Vendor/MSFT/WindowsLicensing/Edition", "/Vendor", "a//b"] {
        let refusal = Target::find(text).unwrap_err();
        assert_eq!(refusal.code.native, Native::SyncmlStatus(404), "{text}");
    }
}

#[test]
fn a_value_that_the_node_cannot_hold_is_refused_before_anything_is_written() {
    for form in [As::SyncMl, As::FleetProfile, As::IntuneJson] {
        for (value, native) in [
            ("2", Native::Hresult(0x8007_0057)),
            ("-1", Native::Hresult(0x8007_0057)),
            ("x", Native::SyncmlStatus(415)),
            ("0x1", Native::SyncmlStatus(415)),
            ("1.0", Native::SyncmlStatus(415)),
            ("", Native::SyncmlStatus(415)),
            ("4294967296", Native::SyncmlStatus(415)),
        ] {
            let refusal = plain(&set("SMode/SwitchingPolicy", value), form).unwrap_err();
            assert_eq!(refusal.code.native, native, "{value}");
        }
        let text = plain(&set("SMode/SwitchingPolicy", " 01 "), form).unwrap();
        assert_eq!(text, plain(&set("SMode/SwitchingPolicy", "1"), form).unwrap());
    }
    let refusal = plain(&set("SMode/SwitchingPolicy", "2"), As::SyncMl).unwrap_err();
    let message = "`SMode/SwitchingPolicy` is 2; allowed is 0 (NoRestriction) or 1 (UserBlocked)";
    assert_eq!(refusal.message, message);
    assert_eq!(refusal.hint.as_deref(), Some("give one of the allowed numbers"));
}

#[test]
fn data_that_an_exec_does_not_take_are_refused_and_never_shown() {
    let foreign = KEY.replace('-', "\u{2013}");
    for (path, data, native) in [
        ("ChangeProductKey", foreign.as_str(), Native::Hresult(0x8007_0057)),
        ("CheckApplicability", "AAAAA-BBBBB-CCCCC-DDDDD-EDU011", Native::Hresult(0x8007_0057)),
        ("UpgradeEditionWithProductKey", "", Native::Hresult(0x8007_0057)),
        ("UpgradeEditionWithLicense", KEY, Native::SyncmlStatus(415)),
        ("UpgradeEditionWithLicense", "<a>AAAAA</b>", Native::SyncmlStatus(415)),
        ("UpgradeEditionWithLicense", "<a/><AAAAA/>", Native::SyncmlStatus(415)),
        ("UpgradeEditionWithLicense", "<a>\u{1}AAAAA</a>", Native::SyncmlStatus(415)),
        ("UpgradeEditionWithLicense", "", Native::SyncmlStatus(415)),
        ("SMode/SwitchFromSMode", "AAAAA", Native::SyncmlStatus(415)),
    ] {
        let wishes = exec(path, Some(data));
        let refusal = plain(&wishes, As::SyncMl).unwrap_err();
        assert_eq!((refusal.code.native, refusal.api.as_str()), (native, "exec"), "{path}");
        assert!(!format!("{refusal:?}{wishes:?}").contains("AAAAA"), "{refusal:?}");
    }
    let text = plain(&exec("SMode/SwitchFromSMode", Some("")), As::SyncMl).unwrap();
    assert_eq!(commands(&text).1, [asked("Exec", "SMode/SwitchFromSMode", None)]);
}

#[test]
fn a_key_that_is_not_handed_in_is_a_placeholder() {
    for form in [As::SyncMl, As::IntuneJson, As::Customizations] {
        let path = "UpgradeEditionWithProductKey";
        let text = plain(&exec(path, None), form).unwrap();
        assert!(text.contains(KEY_PLACEHOLDER), "{text}");
        let text = plain(&exec(path, Some(&format!(" {} \n", KEY.to_lowercase()))), form).unwrap();
        assert!(text.contains(KEY) && !text.contains(KEY_PLACEHOLDER), "{text}");
    }
}

#[test]
fn the_readers_read_back_what_was_written() {
    let wishes = Wishes {
        set: ["SMode/SwitchingPolicy", "Subscriptions/DisableSubscription"]
            .map(|path| (target(path), "1".to_owned()))
            .to_vec(),
        exec: vec![],
        get: vec![],
    };
    let data = Some("1");
    for (form, verbs) in [(As::SyncMl, ["Add", "Replace"]), (As::FleetProfile, ["Replace"; 2])] {
        let expected = [
            asked(verbs[0], "SMode/SwitchingPolicy", data),
            asked(verbs[1], "Subscriptions/DisableSubscription", data),
        ];
        assert_eq!(commands(&plain(&wishes, form).unwrap()).1, expected);
    }
    let expected = ["SMode/SwitchingPolicy", "Subscriptions/DisableSubscription"]
        .map(|path| asked("Set", path, data));
    assert_eq!(settings(&plain(&wishes, As::IntuneJson).unwrap(), As::IntuneJson), expected);

    let wishes = Wishes {
        exec: vec![
            (target("UpgradeEditionWithLicense"), Some(LICENSE.replace(' ', "\r\n"))),
            (target("ChangeProductKey"), Some(KEY.to_owned())),
        ],
        ..Wishes::default()
    };
    let expected = [
        asked("Exec", "UpgradeEditionWithLicense", Some(&LICENSE.replace(' ', "\r\n"))),
        asked("Exec", "ChangeProductKey", Some(KEY)),
    ];
    assert_eq!(commands(&plain(&wishes, As::SyncMl).unwrap()).1, expected);
    let text = plain(&wishes, As::Customizations).unwrap();
    assert_eq!(settings(&text, As::Customizations), expected);
}

#[test]
fn the_linter_finds_no_error_in_what_is_written() {
    for (operation, path, cells) in MATRIX {
        let forms = As::ALL
            .into_iter()
            .zip(cells)
            .filter(|(form, cell)| !cell.is_empty() && *form != As::PowerShell);
        for (form, _) in forms {
            let wishes = match operation {
                Operation::Exec if path.ends_with("Key") || path == "CheckApplicability" => {
                    exec(path, Some(KEY))
                }
                _ => wished(operation, path),
            };
            let text = plain(&wishes, form).unwrap();
            assert_eq!(errors(&text, form), Vec::<String>::new(), "{path}: {text}");
        }
    }
    let wrong = plain(&set("SMode/SwitchingPolicy", "1"), As::IntuneJson).unwrap();
    assert_eq!(errors(&wrong.replace(": 1", ": 2"), As::IntuneJson), ["CSP006"]);
}

/// The classes of the errors that the linter finds.
fn errors(text: &str, form: As) -> Vec<String> {
    let device = lint::Target::default();
    let (mut linter, mut found) = (lint::Lint::new(&device, "x"), Vec::new());
    let mut each = |finding: Finding| {
        found.extend((finding.severity == Level::Error).then(|| finding.class.to_string()));
        Ok(())
    };
    match form {
        As::IntuneJson | As::Customizations => {
            for profile in profiles(text, form) {
                linter.profile(&profile, &mut each).unwrap();
            }
        }
        _ => {
            let mut notes = Notes::default();
            syncml::read(&mut text.as_bytes(), &mut notes, &mut |part| {
                linter.message(part, &mut each)
            })
            .unwrap();
        }
    }
    found
}

proptest::proptest! {
    #[test]
    fn no_name_breaks_a_profile_or_a_package(name in "(\\PC|[\0-\x7f\u{fffe}]){0,20}") {
        let options = Options { name, ..Options::default() };
        let read = |wishes: &Wishes, form| {
            let text = write(wishes, form, &options).unwrap();
            profiles(&text, form).remove(0).name
        };
        let shown = options.shown_name().into_owned();
        let package = read(&exec("ChangeProductKey", None), As::Customizations);
        proptest::prop_assert_eq!(package.trim(), shown.trim());
        let profile = read(&set("SMode/SwitchingPolicy", "1"), As::IntuneJson);
        proptest::prop_assert_eq!(profile, shown);
    }
}
