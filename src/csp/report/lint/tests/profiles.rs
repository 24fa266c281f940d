//! Intune profiles and provisioning packages.

use super::*;
use crate::csp::model::profile::{Template, WindowsSMode};
use crate::finding::Level;

#[test]
fn a_custom_profile_that_executes_a_key_is_the_error_that_most_admins_make() {
    let key = "./Device/Vendor/MSFT/WindowsLicensing/ChangeProductKey";
    let device = "./Device/Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy";
    let found = of(custom(vec![integer(device, 2, 1), string(key, 3, KEY)]));
    assert_eq!(marks(&found), ["CSP004@3", "CSP022@3"]);
    assert_eq!((found[0].severity, found[1].severity), (Level::Error, Level::Warning));
    assert!(found[0].message.contains("takes only `Exec`"), "{}", found[0].message);
    assert!(!format!("{found:?}").contains("BBBBB"));
}

#[test]
fn a_key_in_clear_is_told_of_in_a_setting_that_takes_none_too() {
    let office = "./Device/Vendor/MSFT/Office/Installation/Key";
    for (setting, marked) in [
        (string(EDITION, 3, KEY), vec!["CSP004@3", "CSP022@3"]),
        (string(office, 3, KEY), vec!["CSP022@3", "CSP042@3"]),
    ] {
        let found = of(custom(vec![setting]));
        assert_eq!(marks(&found), marked);
        assert!(!format!("{found:?}").contains("BBBBB"));
    }
}

#[test]
fn a_text_for_an_integer_node_is_a_wrong_format() {
    assert_eq!(classes(&of(custom(vec![string(POLICY, 2, "1")]))), ["CSP005"]);
    assert_eq!(classes(&of(custom(vec![integer(POLICY, 2, 1)]))), [""; 0]);
}

#[test]
fn types_of_settings_serve_the_formats_that_graph_tells() {
    let with = |kind, value| classes(&of(custom(vec![setting(POLICY, 2, kind, value)])));
    assert_eq!(with(SettingKind::Boolean, Written::Boolean(true)), ["CSP005"]);
    assert_eq!(with(SettingKind::FloatingPoint, Written::Float("1.0".to_owned())), ["CSP005"]);
    assert_eq!(with(SettingKind::Unknown, Written::Text("x".to_owned())), ["CSP005"]);
}

#[test]
fn an_integer_in_quotation_marks_is_taken_as_the_number() {
    let quoted = Setting { quoted: true, ..integer(POLICY, 2, 1) };
    assert_eq!(classes(&of(custom(vec![quoted]))), ["CSP039"]);
}

#[test]
fn a_value_that_is_not_allowed_is_an_error() {
    assert_eq!(classes(&of(custom(vec![integer(POLICY, 2, 5)]))), ["CSP006"]);
    let missing = setting(POLICY, 2, SettingKind::Integer, Written::Missing);
    assert_eq!(classes(&of(custom(vec![missing]))), ["CSP006"]);
}

#[test]
fn another_case_is_information_alone() {
    let uri = "./vendor/msft/WindowsLicensing/SMode/Switchingpolicy";
    assert_eq!(classes(&of(custom(vec![integer(uri, 2, 1)]))), ["CSP030"]);
}

#[test]
fn a_misspelt_node_is_suggested() {
    let found =
        of(custom(vec![integer("./Vendor/MSFT/WindowsLicensing/SMode/SwitchPolicy", 2, 1)]));
    assert_eq!(classes(&found), ["CSP002"]);
    assert_eq!(found[0].detail.text("suggestion"), Some(POLICY));
}

#[test]
fn an_encrypted_key_is_not_judged_by_its_asterisks() {
    for value in [Written::Text("****".to_owned()), Written::Masked] {
        let hidden = Setting { encrypted: true, ..setting(CHANGE, 2, SettingKind::String, value) };
        assert_eq!(classes(&of(custom(vec![hidden]))), ["CSP004", "CSP027"]);
    }
    let hidden = Setting { encrypted: true, ..integer(POLICY, 2, 9) };
    assert_eq!(classes(&of(custom(vec![hidden]))), ["CSP027"]);
}

#[test]
fn base64_is_text_without_a_mark() {
    let xml = |value| classes(&of(custom(vec![setting(CHANGE, 2, SettingKind::StringXml, value)])));
    let decoded = |marked| Written::Decoded { text: "****".to_owned(), marked };
    assert_eq!(xml(decoded(false)), ["CSP004", "CSP027"]);
    let found = of(custom(vec![setting(CHANGE, 2, SettingKind::StringXml, decoded(true))]));
    assert_eq!(classes(&found), ["CSP004", "CSP027", "CSP028"]);
    assert_eq!(found[2].severity, Level::Warning);
    let broken = Written::Broken("symbol 33 at offset 0".to_owned());
    let found = of(custom(vec![setting(CHANGE, 2, SettingKind::StringXml, broken)]));
    assert_eq!(classes(&found), ["CSP004", "CSP028"]);
    assert_eq!(found[1].severity, Level::Error);
}

#[test]
fn what_a_reader_cannot_take_is_reported_by_the_rule_of_its_form() {
    let broken = |uri| executed(uri, 2, Written::Broken("it holds elements".to_owned()));
    let package = |uri| classes(&of(profile(ProfileForm::Package, vec![broken(uri)])));
    assert_eq!(package(LICENSE), ["CSP008", "CSP032"]);
    assert_eq!(package(CHANGE), ["CSP029"]);
    let list = setting(POLICY, 2, SettingKind::Integer, Written::Broken("a list".to_owned()));
    assert_eq!(classes(&of(custom(vec![list]))), ["CSP005"]);
}

#[test]
fn a_profile_that_only_reads_needs_a_node_that_can_be_read() {
    let read = |uri| Setting { read_only: true, ..integer(uri, 2, 0) };
    assert_eq!(classes(&of(custom(vec![read(EDITION)]))), [""; 0]);
    assert_eq!(classes(&of(custom(vec![read(CHANGE)]))), ["CSP004"]);
    assert_eq!(classes(&of(custom(vec![integer(EDITION, 2, 4)]))), ["CSP004"]);
}

#[test]
fn a_package_executes_with_a_key_and_a_license() {
    let package = |settings| of(profile(ProfileForm::Package, settings));
    let key = executed(UPGRADE, 9, Written::Text(KEY.to_owned()));
    assert_eq!(marks(&package(vec![key])), ["CSP022@9", "CSP034@9"]);
    let license = executed(LICENSE, 9, Written::Text("no license".to_owned()));
    assert_eq!(classes(&package(vec![license])), ["CSP008", "CSP032"]);
    let license = executed(LICENSE, 9, Written::Text("<license/>".to_owned()));
    assert_eq!(classes(&package(vec![license])), ["CSP008"]);
}

fn template(template: Template, settings: Vec<Setting>) -> Vec<Told> {
    profile(ProfileForm::IntuneUpgrade(Template { line: 1, ..template }), settings)
}

#[test]
fn removing_an_upgrade_profile_does_not_revert_the_edition() {
    let key = executed(UPGRADE, 4, Written::Masked);
    let upgrade = Template { has_key: true, ..Template::default() };
    assert_eq!(marks(&of(template(upgrade, vec![key]))), ["CSP038@1", "CSP027@4", "CSP034@4"]);
    let smode = Template { smode: Some(WindowsSMode::Block), ..Template::default() };
    assert_eq!(marks(&of(template(smode, vec![integer(POLICY, 4, 1)]))), [""; 0]);
}

#[test]
fn a_template_contradicts_itself_or_its_target() {
    let pro = Target { edition: Some(48), mode: Some(0), ..Target::default() };
    let smode = Target { edition: Some(48), mode: Some(1), ..Target::default() };
    let wish = |template: Template, target: &Target| {
        classes(&findings(target, &[self::template(template, vec![])]).0)
    };
    let block = || Template { smode: Some(WindowsSMode::Block), ..Template::default() };
    assert_eq!(wish(block(), &pro), ["CSP035"]);
    assert_eq!(wish(block(), &smode), [""; 0]);
    assert_eq!(wish(block(), &Target::default()), [""; 0]);
    let edition =
        |name: &str| Template { target_edition: Some(name.to_owned()), ..Template::default() };
    assert_eq!(wish(edition("windows10Education"), &pro), [""; 0]);
    assert_eq!(wish(edition("windows10Home"), &pro), ["CSP035"]);
    assert_eq!(wish(edition("windows10Professional"), &pro), [""; 0]);
    assert_eq!(wish(edition("notConfigured"), &pro), [""; 0]);
    assert_eq!(wish(edition("windows10Home"), &Target::default()), [""; 0]);
    let file = |kind: &str| Template {
        license_type: Some(kind.to_owned()),
        has_key: true,
        ..Template::default()
    };
    assert_eq!(wish(file("licenseFile"), &pro), ["CSP035", "CSP038"]);
    assert_eq!(wish(file("productKey"), &pro), ["CSP038"]);
}

#[test]
fn two_files_that_disagree_are_told_of_once_a_node() {
    let one = custom(vec![integer(POLICY, 2, 1), integer(LICENSE_TYPE, 3, 0)]);
    let other = custom(vec![integer(POLICY, 2, 0), integer(LICENSE_TYPE, 3, 0)]);
    let (found, _) = findings(&Target::default(), &[one.clone(), other]);
    assert_eq!(marks(&found), ["CSP036@2"]);
    assert_eq!(found[0].place.as_ref().unwrap().file, "b");
    assert_eq!(
        found[0].message,
        "`SMode/SwitchingPolicy` is set to `0`, but `a` sets it to `1` on line 2"
    );
    assert_eq!(marks(&findings(&Target::default(), &[one.clone(), one]).0), [""; 0]);
}

#[test]
fn a_message_and_a_profile_that_disagree_are_two_files_too() {
    let files = [message(vec![replace(POLICY, 3, "1")]), custom(vec![integer(POLICY, 2, 0)])];
    assert_eq!(classes(&findings(&Target::default(), &files).0), ["CSP036"]);
}

#[test]
fn a_masked_key_in_a_template_still_restarts() {
    let key = executed(UPGRADE, 4, Written::Masked);
    assert_eq!(classes(&of(profile(ProfileForm::Package, vec![key]))), ["CSP027", "CSP034"]);
}
