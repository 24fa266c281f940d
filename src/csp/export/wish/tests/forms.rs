//! The text of each form, byte for byte, and how a choice changes it.

use super::{KEY, LICENSE, asked, commands, exec, plain, profiles, set, settings, target};
use crate::csp::export::wish::{As, Options, Wishes, write};
use crate::csp::model::message::Form;
use crate::csp::model::profile::ProfileForm;
use uuid::Uuid;

#[test]
fn a_message_has_numbered_commands_and_ends_with_final() {
    let wishes = Wishes {
        set: vec![(target("SMode/SwitchingPolicy"), "1".to_owned())],
        exec: vec![(target("SMode/SwitchFromSMode"), None)],
        get: vec![target("Edition")],
    };
    let expected = r#"<SyncML xmlns="SYNCML:SYNCML1.2">
  <SyncBody>
    <Add>
      <CmdID>1</CmdID>
      <Item>
        <Target><LocURI>./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy</LocURI></Target>
        <Meta><Format xmlns="syncml:metinf">int</Format></Meta>
        <Data>1</Data>
      </Item>
    </Add>
    <Exec>
      <CmdID>2</CmdID>
      <Item>
        <Target><LocURI>./Vendor/MSFT/WindowsLicensing/SMode/SwitchFromSMode</LocURI></Target>
        <Meta><Format xmlns="syncml:metinf">null</Format></Meta>
      </Item>
    </Exec>
    <Get>
      <CmdID>3</CmdID>
      <Item>
        <Target><LocURI>./Vendor/MSFT/WindowsLicensing/Edition</LocURI></Target>
      </Item>
    </Get>
    <Final/>
  </SyncBody>
</SyncML>
"#;
    assert_eq!(plain(&wishes, As::SyncMl).unwrap(), expected);
    let body = write(&wishes, As::SyncMl, &Options { body: true, ..Options::default() }).unwrap();
    assert!(body.starts_with("<SyncBody xmlns=\"SYNCML:SYNCML1.2\">\n  <Add>\n"), "{body}");
    assert!(body.ends_with("  <Final/>\n</SyncBody>\n"), "{body}");
    assert_eq!(commands(&body), (Form::Body, commands(expected).1));
}

#[test]
fn replace_stands_for_add_when_it_is_asked_for() {
    let options = Options { replace: true, ..Options::default() };
    let text = write(&set("SMode/SwitchingPolicy", "0"), As::SyncMl, &options).unwrap();
    assert_eq!(commands(&text).1, [asked("Replace", "SMode/SwitchingPolicy", Some("0"))]);
}

#[test]
fn a_fleet_profile_is_the_bare_form() {
    let expected = r#"<Replace>
  <Item>
    <Target><LocURI>./Device/Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy</LocURI></Target>
    <Meta><Format xmlns="syncml:metinf">int</Format></Meta>
    <Data>1</Data>
  </Item>
</Replace>
"#;
    let wishes = set("./Device/Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy", "1");
    assert_eq!(plain(&wishes, As::FleetProfile).unwrap(), expected);
    assert_eq!(commands(expected).0, Form::Bare);
}

#[test]
fn a_custom_profile_has_its_members_in_the_order_of_graph() {
    let mut wishes = set("SMode/SwitchingPolicy", "1");
    wishes.set.extend(set("DeviceLicensingService/LicenseType", "0").set);
    let options = Options { name: "Licensing \"ä\"".to_owned(), ..Options::default() };
    let expected = r##"{
  "@odata.type": "#microsoft.graph.windows10CustomConfiguration",
  "displayName": "Licensing \"ä\"",
  "omaSettings": [
    {
      "@odata.type": "#microsoft.graph.omaSettingInteger",
      "displayName": "SMode/SwitchingPolicy",
      "omaUri": "./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy",
      "value": 1
    },
    {
      "@odata.type": "#microsoft.graph.omaSettingInteger",
      "displayName": "DeviceLicensingService/LicenseType",
      "omaUri": "./Vendor/MSFT/WindowsLicensing/DeviceLicensingService/LicenseType",
      "value": 0
    }
  ]
}
"##;
    assert_eq!(write(&wishes, As::IntuneJson, &options).unwrap(), expected);
}

#[test]
fn an_exec_makes_a_template_and_so_does_the_policy_when_asked_for() {
    let mut wishes = set("SMode/SwitchingPolicy", "0");
    wishes.exec.extend(exec("UpgradeEditionWithProductKey", Some(KEY)).exec);
    let options = Options {
        template: true,
        target_edition: Some("windows10Education".to_owned()),
        ..Options::default()
    };
    let expected = r##"{
  "@odata.type": "#microsoft.graph.editionUpgradeConfiguration",
  "displayName": "WindowsLicensing",
  "licenseType": "productKey",
  "targetEdition": "windows10Education",
  "productKey": "AAAAA-BBBBB-CCCCC-DDDDD-EDU01",
  "windowsSMode": "noRestriction"
}
"##;
    assert_eq!(write(&wishes, As::IntuneJson, &options).unwrap(), expected);
    let text = write(&set("SMode/SwitchingPolicy", "1"), As::IntuneJson, &options).unwrap();
    assert!(text.contains("\"windowsSMode\": \"block\""), "{text}");
    assert!(text.contains("\"targetEdition\": \"notConfigured\""), "{text}");
    let refusal = write(&set("DeviceLicensingService/LicenseType", "1"), As::IntuneJson, &options)
        .unwrap_err();
    assert_eq!(refusal.code.symbol, "E_NOT_EXPRESSIBLE");
    assert_eq!(refusal.hint.as_deref(), Some("leave out `--template`"));
}

#[test]
fn what_one_profile_cannot_hold_is_a_list_of_several() {
    let mut wishes = set("Subscriptions/SubscriptionType", "1");
    wishes.exec.extend(exec("SMode/SwitchFromSMode", None).exec);
    wishes.exec.extend(exec("UpgradeEditionWithProductKey", Some(KEY)).exec);
    wishes.exec.extend(exec("UpgradeEditionWithLicense", Some(LICENSE)).exec);
    let text = plain(&wishes, As::IntuneJson).unwrap();
    assert!(text.starts_with("[\n  {\n    \"@odata.type\""), "{text}");
    let found = profiles(&text, As::IntuneJson);
    let templates = found.iter().filter(|own| matches!(own.form, ProfileForm::IntuneUpgrade(_)));
    assert_eq!((found.len(), templates.count()), (3, 2));
    let expected = [
        asked("Set", "Subscriptions/SubscriptionType", Some("1")),
        asked("Exec", "UpgradeEditionWithProductKey", Some(KEY)),
        asked("Exec", "SMode/SwitchFromSMode", None),
        asked("Exec", "UpgradeEditionWithLicense", Some(LICENSE)),
    ];
    assert_eq!(settings(&text, As::IntuneJson), expected);
}

#[test]
fn a_package_is_written_as_the_designer_does() {
    let mut wishes = exec("UpgradeEditionWithProductKey", Some(KEY));
    wishes.exec.extend(exec("UpgradeEditionWithLicense", Some("<a>&amp;</a>")).exec);
    let options = Options {
        name: "edu & co".to_owned(),
        id: Some(Uuid::from_u128(0x4000_8000_0000_0000_0001)),
        ..Options::default()
    };
    let expected = r#"<?xml version="1.0" encoding="utf-8"?>
<WindowsCustomizations>
  <PackageConfig xmlns="urn:schemas-Microsoft-com:Windows-ICD-Package-Config.v1.0">
    <ID>{00000000-0000-4000-8000-000000000001}</ID>
    <Name>edu &amp; co</Name>
    <Version>1.0</Version>
    <OwnerType>ITAdmin</OwnerType>
    <Rank>0</Rank>
    <Notes></Notes>
  </PackageConfig>
  <Settings xmlns="urn:schemas-microsoft-com:windows-provisioning">
    <Customizations>
      <Common>
        <EditionUpgrade>
          <UpgradeEditionWithProductKey>AAAAA-BBBBB-CCCCC-DDDDD-EDU01</UpgradeEditionWithProductKey>
          <UpgradeEditionWithLicense>&lt;a&gt;&amp;amp;&lt;/a&gt;</UpgradeEditionWithLicense>
        </EditionUpgrade>
      </Common>
    </Customizations>
  </Settings>
</WindowsCustomizations>
"#;
    let text = write(&wishes, As::Customizations, &options).unwrap();
    assert_eq!(text, expected);
    assert_eq!(profiles(&text, As::Customizations)[0].name, "edu & co");
}

#[test]
fn the_id_of_a_package_follows_from_its_name() {
    let id = |name: &str| {
        let options = Options { name: name.to_owned(), ..Options::default() };
        let text = write(&exec("ChangeProductKey", None), As::Customizations, &options).unwrap();
        let (_, rest) = text.split_once("<ID>{").unwrap();
        Uuid::parse_str(rest.split_once("}</ID>").unwrap().0).unwrap()
    };
    assert_eq!(id("edu"), id("edu"));
    assert_ne!(id("edu"), id("pro"));
    assert_eq!(id(""), id("WindowsLicensing"));
    assert_eq!(id("edu").get_version_num(), 8);
    assert_eq!(id("edu").get_variant(), uuid::Variant::RFC4122);
}
