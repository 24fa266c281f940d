//! What is sent for a profile, and in which order.

use super::{Action, Plan, Request, in_package_order, plan};
use crate::csp::model::profile::{
    Profile, ProfileForm, Setting, SettingKind, Template, Wish, Written,
};
use crate::error::Refusal;

const POLICY: &str = "./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy";
const LICENSE_TYPE: &str =
    "./Device/Vendor/MSFT/WindowsLicensing/DeviceLicensingService/LicenseType";
const DISABLE: &str = "./Vendor/MSFT/WindowsLicensing/Subscriptions/DisableSubscription";
const UPGRADE: &str = "./Vendor/MSFT/WindowsLicensing/UpgradeEditionWithProductKey";
const LICENSE: &str = "./Vendor/MSFT/WindowsLicensing/UpgradeEditionWithLicense";
const CHANGE: &str = "./Vendor/MSFT/WindowsLicensing/ChangeProductKey";
const SWITCH: &str = "./Vendor/MSFT/WindowsLicensing/SMode/SwitchFromSMode";
const KEY: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";

fn setting(uri: &str, kind: SettingKind, value: Written) -> Setting {
    Setting {
        line: 7,
        name: "x".to_owned(),
        uri: uri.to_owned(),
        kind,
        wish: Wish::Set,
        value,
        quoted: false,
        encrypted: false,
        read_only: false,
    }
}

fn integer(uri: &str, value: i64) -> Setting {
    setting(uri, SettingKind::Integer, Written::Integer(value))
}

fn asked(uri: &str, value: Written) -> Setting {
    Setting { wish: Wish::Exec, ..setting(uri, SettingKind::Template, value) }
}

fn text(text: &str) -> Written {
    Written::Text(text.to_owned())
}

fn profile(form: ProfileForm, settings: Vec<Setting>) -> Profile {
    Profile { line: 1, form, name: String::new(), settings }
}

fn custom(settings: Vec<Setting>, current: &[(&str, &str)]) -> Result<Plan, Refusal> {
    plan(&profile(ProfileForm::IntuneCustom, settings), &|uri| {
        current.iter().find(|(own, _)| *own == uri).map(|(_, value)| (*value).to_owned())
    })
}

fn template(template: Template, settings: Vec<Setting>) -> Plan {
    plan(&profile(ProfileForm::IntuneUpgrade(template), settings), &|_| None).unwrap()
}

/// The steps as `Verb uri format data`.
fn lines(plan: &Plan) -> Vec<String> {
    let line = |step: &super::Step| match &step.action {
        Action::Keep => format!("keep {}", step.uri),
        Action::Send(Request { verb, uri, format, data }) => format!(
            "{} {uri} {} {}",
            verb.word(),
            format.unwrap_or("-"),
            data.as_deref().unwrap_or("-")
        ),
    };
    plan.steps.iter().map(line).collect()
}

#[test]
fn an_equal_value_is_kept_and_another_replaced() {
    let settings = || vec![integer(POLICY, 1), integer(LICENSE_TYPE, 1)];
    let plan = custom(settings(), &[(POLICY, "1"), (LICENSE_TYPE, "0")]).unwrap();
    assert_eq!(lines(&plan), [format!("keep {POLICY}"), format!("Replace {LICENSE_TYPE} int 1")]);
    assert_eq!((plan.steps[0].line, plan.steps[0].name.as_str()), (7, "x"));
    let plan = custom(settings(), &[(POLICY, " 01"), (LICENSE_TYPE, "x")]).unwrap();
    assert_eq!(lines(&plan), [format!("keep {POLICY}"), format!("Replace {LICENSE_TYPE} int 1")]);
}

#[test]
fn a_node_that_is_not_there_yet_is_added_when_it_can_be() {
    let settings = vec![integer(POLICY, 1), integer(DISABLE, 1), integer("./Vendor/MSFT/Other", 1)];
    let plan = custom(settings, &[]).unwrap();
    let expected = [
        format!("Add {POLICY} int 1"),
        format!("Replace {DISABLE} int 1"),
        "Replace ./Vendor/MSFT/Other int 1".to_owned(),
    ];
    assert_eq!(lines(&plan), expected);
}

#[test]
fn settings_keep_the_order_of_the_file_and_know_what_came_before() {
    let device = POLICY.replace("./Vendor", "./Device/vendor");
    let settings = vec![integer(POLICY, 1), integer(&device, 1), integer(POLICY, 0)];
    let plan = custom(settings, &[]).unwrap();
    let expected = [
        format!("Add {POLICY} int 1"),
        format!("keep {device}"),
        format!("Replace {POLICY} int 0"),
    ];
    assert_eq!(lines(&plan), expected);
}

#[test]
fn a_custom_profile_cannot_exec_and_is_sent_as_what_it_is() {
    let key = setting(CHANGE, SettingKind::String, text(KEY));
    let plan = custom(vec![key], &[]).unwrap();
    assert_eq!(lines(&plan), [format!("Replace {CHANGE} chr {KEY}")]);
    assert!(!format!("{plan:?}").contains("AAAAA"));
}

#[test]
fn the_type_of_a_setting_decides_its_format() {
    let decoded = |text: &str| Written::Decoded { text: text.to_owned(), marked: true };
    for (kind, value, expected) in [
        (SettingKind::Integer, Written::Integer(1), "int 1"),
        (SettingKind::String, text("1"), "chr 1"),
        (SettingKind::StringXml, decoded("<a/>"), "chr <a/>"),
        (SettingKind::Boolean, Written::Boolean(true), "bool true"),
        (SettingKind::Base64, decoded("x"), "bin x"),
        (SettingKind::FloatingPoint, Written::Float("1.5".to_owned()), "float 1.5"),
        (SettingKind::DateTime, text("2026-01-01T00:00:00Z"), "time 2026-01-01T00:00:00Z"),
        (SettingKind::Unknown, text("1"), "- 1"),
        (SettingKind::Integer, Written::Missing, "int -"),
    ] {
        let plan = custom(vec![setting(POLICY, kind, value)], &[(POLICY, "0")]).unwrap();
        assert_eq!(lines(&plan), [format!("Replace {POLICY} {expected}")]);
    }
    let xml = setting(LICENSE, SettingKind::StringXml, decoded("<a/>"));
    assert_eq!(lines(&custom(vec![xml], &[]).unwrap()), [format!("Replace {LICENSE} xml <a/>")]);
}

#[test]
fn a_setting_that_is_only_read_is_a_get() {
    let setting = Setting { read_only: true, ..integer(POLICY, 1) };
    let plan = custom(vec![setting], &[(POLICY, "0")]).unwrap();
    assert_eq!(lines(&plan), [format!("Get {POLICY} - -")]);
}

#[test]
fn a_masked_value_stops_the_profile_before_anything_is_sent() {
    let masked = setting(CHANGE, SettingKind::String, Written::Masked);
    let refusal = custom(vec![integer(POLICY, 1), masked], &[]).unwrap_err();
    assert_eq!(refusal.code.symbol, "E_MASKED_VALUE");
    assert_eq!(refusal.message, format!("line 7: the value of `{CHANGE}` is masked"));
    let key = asked(UPGRADE, Written::Masked);
    let upgrade = profile(ProfileForm::IntuneUpgrade(Template::default()), vec![key]);
    assert_eq!(plan(&upgrade, &|_| None).unwrap_err().code.symbol, "E_MASKED_VALUE");
}

#[test]
fn a_value_that_does_not_decode_is_refused_with_its_reason() {
    let broken = Written::Broken("it is no Base64".to_owned());
    let refusal = custom(vec![setting(LICENSE, SettingKind::StringXml, broken)], &[]).unwrap_err();
    let expected = format!("line 7: `{LICENSE}` cannot be sent: it is no Base64");
    assert_eq!(refusal.message, expected);
}

#[test]
fn a_template_checks_the_edition_then_upgrades_and_then_turns_to_s_mode() {
    let upgrade = Template {
        license_type: Some("productKey".to_owned()),
        target_edition: Some("windows10Education".to_owned()),
        ..Template::default()
    };
    let settings = vec![asked(SWITCH, Written::Missing), asked(UPGRADE, text(KEY))];
    let found = template(upgrade.clone(), settings);
    assert_eq!(found.target_edition.as_deref(), Some("windows10Education"));
    let expected = [format!("Exec {UPGRADE} chr {KEY}"), format!("Exec {SWITCH} null -")];
    assert_eq!(lines(&found), expected);
    let policy = Setting { wish: Wish::Set, ..asked(POLICY, Written::Integer(1)) };
    let found = template(Template { target_edition: None, ..upgrade }, vec![policy]);
    assert_eq!(lines(&found), [format!("Add {POLICY} int 1")]);
    assert_eq!(found.target_edition, None);
}

#[test]
fn the_license_type_says_which_of_key_and_license_counts() {
    let settings = || vec![asked(LICENSE, text("<a/>")), asked(UPGRADE, text(KEY))];
    let of = |word: Option<&str>| {
        let license_type = word.map(str::to_owned);
        let target_edition = Some("windows10Education".to_owned());
        template(Template { license_type, target_edition, ..Template::default() }, settings())
    };
    let key = format!("Exec {UPGRADE} chr {KEY}");
    let license = format!("Exec {LICENSE} xml <a/>");
    assert_eq!(lines(&of(Some("productKey"))), [key.as_str()]);
    assert_eq!(lines(&of(Some("licenseFile"))), [license.as_str()]);
    assert_eq!(lines(&of(None)), [key, license.clone()]);
    let masked = vec![asked(UPGRADE, Written::Masked), asked(LICENSE, text("<a/>"))];
    let license_type = Some("licenseFile".to_owned());
    let found = template(Template { license_type, ..Template::default() }, masked);
    assert_eq!(lines(&found), [license]);
    let none = of(Some("notConfigured"));
    assert_eq!((none.target_edition, none.steps), (None, vec![]));
}

#[test]
fn an_edition_that_is_not_configured_is_not_checked() {
    let target_edition = Some("notConfigured".to_owned());
    let found = template(
        Template { target_edition, ..Template::default() },
        vec![asked(UPGRADE, text(KEY))],
    );
    assert_eq!((found.target_edition, found.steps.len()), (None, 1));
}

#[test]
fn a_package_changes_the_key_before_it_upgrades() {
    let unknown = "./Vendor/MSFT/WindowsLicensing/SwitchEdition";
    let settings: Vec<Setting> = [unknown, LICENSE, UPGRADE, CHANGE, UPGRADE]
        .into_iter()
        .zip(1..)
        .map(|(uri, line)| Setting { line, ..asked(uri, text("x")) })
        .collect();
    let ordered: Vec<u64> = in_package_order(&settings).iter().map(|own| own.line).collect();
    assert_eq!(ordered, [4, 3, 5, 2, 1]);
    let found = plan(&profile(ProfileForm::Package, settings), &|_| None).unwrap();
    let expected = [
        format!("Exec {CHANGE} chr x"),
        format!("Exec {UPGRADE} chr x"),
        format!("Exec {UPGRADE} chr x"),
        format!("Exec {LICENSE} xml x"),
        format!("Exec {unknown} - x"),
    ];
    assert_eq!(lines(&found), expected);
}
