//! Edition upgrade templates.

use super::{KEY, TEMPLATE, one, seen, template, text};
use crate::csp::model::profile::{ProfileForm, SettingKind, Template, WindowsSMode, Wish, Written};

#[test]
fn a_template_asks_for_the_nodes_that_its_properties_go_to() {
    let profile = one(TEMPLATE);
    let expected = Template {
        line: 1,
        license_type: Some("productKey".to_owned()),
        target_edition: Some("windows10Education".to_owned()),
        smode: Some(WindowsSMode::Unlock),
        has_key: true,
    };
    assert_eq!(profile.form, ProfileForm::IntuneUpgrade(expected));
    let asked: Vec<(u64, &str, &str, Wish, &Written)> = profile
        .settings
        .iter()
        .map(|own| (own.line, own.name.as_str(), own.uri.as_str(), own.wish, &own.value))
        .collect();
    let root = "./Vendor/MSFT/WindowsLicensing";
    let (upgrade, switch) =
        (format!("{root}/UpgradeEditionWithProductKey"), format!("{root}/SMode/SwitchFromSMode"));
    let expected = [
        (6, "productKey", upgrade.as_str(), Wish::Exec, &text(KEY)),
        (8, "windowsSMode", switch.as_str(), Wish::Exec, &Written::Missing),
    ];
    assert_eq!(asked, expected);
    assert!(profile.settings.iter().all(|setting| setting.kind == SettingKind::Template));
}

#[test]
fn staying_in_s_mode_is_a_policy_and_leaving_it_is_not() {
    for (word, smode, wish, value) in [
        ("noRestriction", WindowsSMode::NoRestriction, Wish::Set, Written::Integer(0)),
        ("block", WindowsSMode::Block, Wish::Set, Written::Integer(1)),
        ("unlock", WindowsSMode::Unlock, Wish::Exec, Written::Missing),
    ] {
        let (template, settings) = template(&format!("\"windowsSMode\":\"{word}\""));
        assert_eq!((template.smode, template.has_key), (Some(smode), false));
        assert_eq!((settings.len(), settings[0].wish), (1, wish));
        assert_eq!(settings[0].value, value);
    }
    let (template, settings) = template("\"windowsSMode\":\"notConfigured\"");
    assert_eq!((template.smode, settings.len()), (None, 0));
}

#[test]
fn a_choice_that_nobody_published_is_told_and_asks_for_nothing() {
    let text = TEMPLATE.replace("unlock", "unknownFutureValue");
    let seen = seen(&text);
    assert_eq!(seen.profiles[0].settings.len(), 1);
    let told = "`windowsSMode` has a value other than `noRestriction`, `block`, `unlock`";
    assert_eq!(seen.warnings, [format!("unknown-value line 8: {told}")]);
}

#[test]
fn a_license_file_goes_to_its_own_node() {
    let (template, settings) = template(
        r#""licenseType":"licenseFile","targetEdition":"windows10MobileEnterprise","license":"<License/>","productKey":"""#,
    );
    assert_eq!((template.has_key, settings.len()), (false, 1));
    assert!(settings[0].uri.ends_with("/UpgradeEditionWithLicense"));
    assert_eq!(settings[0].value, text("<License/>"));
}

#[test]
fn settings_of_a_template_stand_in_the_order_of_its_properties() {
    let names = |members: &str| {
        template(members).1.into_iter().map(|setting| setting.name).collect::<Vec<_>>()
    };
    let all = r#""windowsSMode":"block","license":"<a/>","productKey":"x""#;
    assert_eq!(names(all), ["windowsSMode", "license", "productKey"]);
}

#[test]
fn a_key_that_the_service_hides_is_masked_and_never_a_key() {
    let wanted = r#""licenseType":"productKey","targetEdition":"windows10Enterprise""#;
    for shown in [
        "",
        ",\"productKey\":null",
        ",\"productKey\":\"\"",
        ",\"productKey\":\"*****\"",
        ",\"productKey\":\"#####-#####-#####-#####-#EDU1\"",
        ",\"productKey\":\"\u{2022}\u{2022}\u{2022}\u{2022}\"",
    ] {
        let (template, settings) = template(&format!("{wanted}{shown}"));
        assert!(template.has_key, "{shown}");
        assert_eq!((settings.len(), &settings[0].value), (1, &Written::Masked), "{shown}");
    }
}

#[test]
fn a_template_for_s_mode_alone_has_no_key_to_hide() {
    let (template, settings) = template(
        r#""licenseType":"productKey","targetEdition":"notConfigured","productKey":"","license":null,"windowsSMode":"block""#,
    );
    assert_eq!((template.has_key, settings.len()), (false, 1));
}

#[test]
fn rules_about_the_devices_are_shown_and_not_evaluated() {
    let rule = r##""deviceManagementApplicabilityRuleOsEdition": {"@odata.type":"#microsoft.graph.x",
        "osEditionTypes":["windows10EnterpriseN"],"name":"AAAAA-BBBBB-CCCCC-DDDDD-EDU01","ruleType":"exclude"},
      "deviceManagementApplicabilityRuleOsVersion": null,"displayName":"##;
    let seen = seen(&TEMPLATE.replace("\"displayName\":", rule));
    assert_eq!(seen.profiles.len(), 1);
    assert_eq!(
        seen.warnings,
        [
            "applicability-rule line 3: `deviceManagementApplicabilityRuleOsEdition` is not evaluated: \
          osEditionTypes windows10EnterpriseN name *****-*****-*****-*****-EDU01 ruleType …"
        ]
    );
}
