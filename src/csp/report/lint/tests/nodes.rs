//! Commands on nodes: addresses, formats, values, keys.

use super::*;

#[test]
fn a_misspelt_name_is_reported_with_the_nearest_node() {
    let wrong = "./Vendor/MSFT/WindowsLicensing/SMode/SwitchPolicy";
    let found = of(message(vec![replace(wrong, 3, "1")]));
    assert_eq!(marks(&found), ["CSP002@3"]);
    assert_eq!(found[0].object, wrong);
    assert_eq!(
        found[0].message,
        "the DDF has no node `SMode/SwitchPolicy`; the nearest is `SMode/SwitchingPolicy`"
    );
    assert_eq!(found[0].detail.text("suggestion"), Some(POLICY));
}

#[test]
fn addresses_that_miss_a_node_by_their_form_are_no_nodes() {
    for wrong in [
        "/Vendor/MSFT/WindowsLicensing/Edition",
        "Vendor/MSFT/WindowsLicensing/Edition",
        "./Vendor/MSFT/WindowsLicensing/Edition/",
        "./Vendor/MSFT/WindowsLicensing//Edition",
        "./Vendor/MSFT/WindowsLicensing/SwitchingPolicy",
    ] {
        let found = of(message(vec![get(wrong, 3)]));
        assert_eq!(classes(&found), ["CSP002"], "{wrong}");
        assert!(found[0].detail.get("suggestion").is_some(), "{wrong}");
    }
    let found = of(message(vec![get("./Vendor/MSFT/WindowsLicensing/NothingLikeIt", 3)]));
    assert_eq!(classes(&found), ["CSP002"]);
    assert!(found[0].detail.get("suggestion").is_none());
}

#[test]
fn an_address_of_a_user_is_an_error_for_this_provider_alone() {
    let of_user = "./User/Vendor/MSFT/WindowsLicensing/Edition";
    assert_eq!(classes(&of(message(vec![get(of_user, 3)]))), ["CSP003"]);
    let other = "./User/Vendor/MSFT/Policy/Config/Experience/AllowCortana";
    assert_eq!(classes(&of(message(vec![get(other, 3)]))), ["CSP042"]);
}

#[test]
fn a_verb_that_the_node_does_not_take_is_reported_once_and_its_value_not_judged() {
    let found = of(message(vec![replace(EDITION, 3, "nonsense")]));
    assert_eq!(marks(&found), ["CSP004@3"]);
    assert_eq!(found[0].message, "`Edition` takes only `Get`, not `Replace`");
    assert_eq!(classes(&of(message(vec![get(UPGRADE, 3)]))), ["CSP004"]);
    let copy = command("Copy", 3, vec![item(POLICY, 3)]);
    assert_eq!(classes(&of(message(vec![copy]))), ["CSP004"]);
    assert_eq!(classes(&of(message(vec![replace("./DevInfo/DevId", 3, "x")]))), ["CSP004"]);
}

#[test]
fn a_format_is_that_of_the_node() {
    let with = |format: &str, data: &str| {
        classes(&of(message(vec![command("Add", 3, vec![value(POLICY, 3, format, data)])])))
    };
    assert_eq!(with("int", "1"), [""; 0]);
    assert_eq!(with("chr", "1"), ["CSP005"]);
    assert_eq!(with("INT", "1"), ["CSP005"]);
    assert_eq!(with("bool", "true"), ["CSP005"]);
    assert_eq!(with("chr", "5"), ["CSP005", "CSP006"]);
}

#[test]
fn the_format_of_a_command_counts_for_items_that_have_none() {
    let meta = Some(Meta { format: Some(text("chr", 4)), ..Meta::default() });
    let data = Some(Data { text: "1".to_owned(), line: 6, ..Data::default() });
    let bare_item = Item { data, ..item(POLICY, 5) };
    let wrong = Command { meta, ..command("Replace", 3, vec![bare_item]) };
    assert_eq!(marks(&of(message(vec![wrong]))), ["CSP005@4"]);
}

#[test]
fn formats_that_the_device_tolerates_are_right() {
    let smode = "./Vendor/MSFT/WindowsLicensing/SMode/SwitchFromSMode";
    for (uri, format, data, expected) in [
        (smode, "null", "", None),
        (smode, "chr", "", None),
        (smode, "chr", "x", Some("CSP005")),
        (LICENSE, "xml", "<a/>", None),
        (LICENSE, "chr", "<a/>", None),
        (LICENSE, "int", "<a/>", Some("CSP005")),
    ] {
        let found = of(message(vec![command("Exec", 3, vec![value(uri, 3, format, data)])]));
        let found: Vec<_> =
            classes(&found).into_iter().filter(|class| *class != "CSP008").collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{uri} {format} {data}");
    }
}

#[test]
fn a_value_is_one_that_the_ddf_allows() {
    for right in ["0", "1", " 1 ", "01"] {
        assert_eq!(classes(&of(message(vec![replace(POLICY, 3, right)]))), [""; 0], "{right}");
    }
    for wrong in ["2", "-1", "", "0x1", "1.0", "4294967296", "true"] {
        let found = of(message(vec![replace(POLICY, 3, wrong)]));
        assert_eq!(classes(&found), ["CSP006"], "{wrong}");
        assert!(found[0].message.contains("0 (NoRestriction) or 1 (UserBlocked)"));
    }
}

#[test]
fn deprecated_and_insider_nodes_are_told_of() {
    assert_eq!(classes(&of(message(vec![exec(LICENSE, 3, "<a/>")]))), ["CSP008"]);
    let insider = "./Vendor/MSFT/WindowsLicensing/Subscriptions/SubscriptionType";
    assert_eq!(classes(&of(message(vec![replace(insider, 3, "1")]))), ["CSP009"]);
}

#[test]
fn a_license_is_escaped_xml_and_its_markup_is_reported_once() {
    let with = |data: &str, markup| {
        let mut item = value(LICENSE, 3, "chr", data);
        item.data.as_mut().unwrap().markup = markup;
        classes(&of(message(vec![command("Exec", 3, vec![item])])))
    };
    for right in ["<license><a>1</a></license>", "<?xml version=\"1.0\"?>\n<license/>\n"] {
        assert_eq!(with(right, false), ["CSP008"], "{right}");
    }
    for (data, markup) in [
        ("", false),
        ("no license", false),
        ("<a><b></a>", false),
        ("<a/><b/>", false),
        ("<a/>x", false),
        ("1", true),
    ] {
        assert_eq!(with(data, markup), ["CSP008", "CSP032"], "{data}");
    }
}

#[test]
fn white_space_around_and_inside_an_address_is_told_of() {
    let around = format!("\n  {EDITION}\n");
    let found = of(message(vec![get(&around, 3)]));
    assert_eq!(classes(&found), ["CSP018"]);
    assert_eq!(found[0].object, EDITION);
    let inside = "./Vendor/MSFT/WindowsLicensing/Subscriptions/A B/Name";
    let found = of(message(vec![get(inside, 3)]));
    assert_eq!(classes(&found), ["CSP018"]);
    assert_eq!(found[0].message, "white space inside the address");
}

#[test]
fn placeholders_of_the_documentation_are_no_values() {
    let found = of(message(vec![exec(CHANGE, 3, "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX")]));
    assert_eq!(classes(&found), ["CSP021"]);
    let id = "./Vendor/MSFT/WindowsLicensing/Subscriptions/{SubscriptionId}/Name";
    assert_eq!(classes(&of(message(vec![get(id, 3)]))), ["CSP021"]);
}

#[test]
fn a_key_in_clear_is_told_of_and_masked() {
    let found = of(message(vec![exec(CHANGE, 3, KEY)]));
    assert_eq!(classes(&found), ["CSP022"]);
    assert_eq!(
        found[0].message,
        "`ChangeProductKey` holds the product key `*****-*****-*****-*****-EDU01` in clear text"
    );
}

#[test]
fn a_key_in_clear_is_told_of_in_what_takes_no_key_too() {
    let word = "***-*****-*****-*****-EDU01";
    let other = "./Vendor/MSFT/Office/Installation/Key";
    let inside = format!("<Key>{KEY}</Key>");
    let below = format!("{CHANGE}/{KEY}");
    let no_address = Item { target: None, ..value(POLICY, 3, "chr", KEY) };
    for (bad, said) in [
        (replace(POLICY, 3, KEY), "the data holds a product key in clear text"),
        (exec(LICENSE, 3, &inside), "the data holds a product key in clear text"),
        (exec(other, 3, KEY), "the data holds a product key in clear text"),
        (replace("./Vendor/MSFT/WindowsLicensing/Nothing", 3, KEY), "the data holds"),
        (command("Get", 3, vec![value(CHANGE, 3, "chr", KEY)]), "the data holds"),
        (command("Replace", 3, vec![no_address]), "the data holds"),
        (get(&below, 3), "the address holds a product key in clear text"),
    ] {
        let found = of(message(vec![bad]));
        let clear: Vec<_> = found.iter().filter(|one| one.class == "CSP022").collect();
        assert_eq!(clear.len(), 1, "{found:?}");
        assert!(clear[0].message.starts_with(said), "{}", clear[0].message);
        assert!(clear[0].message.contains(word), "{}", clear[0].message);
    }
    let right = [KEY, "****"].map(|key| of(message(vec![exec(CHANGE, 3, key)])).len());
    assert_eq!(right, [1, 1], "one finding of a key where it belongs");
    let guid = "11111111-2222-4333-8444-555555555555";
    assert!(!classes(&of(message(vec![replace(POLICY, 3, guid)]))).contains(&"CSP022"));
}

#[test]
fn no_finding_shows_a_key_wherever_it_stands() {
    let stray = format!("./Vendor/MSFT/WindowsLicensing/ChangeProductKey/{KEY}");
    let commands = vec![
        replace(POLICY, 3, KEY),
        get(&stray, 4),
        exec(CHANGE, 5, &format!("{KEY}-{KEY}")),
        command(KEY, 6, vec![]),
        Command { cmd_id: Some(text(KEY, 7)), ..get(EDITION, 7) },
        Command { cmd_id: Some(text(KEY, 8)), ..get(EDITION, 8) },
        command("Replace", 9, vec![value(POLICY, 9, KEY, "1")]),
    ];
    let found = of(message(commands));
    assert!(found.len() >= 6, "{found:?}");
    assert!(!format!("{found:?}").contains("BBBBB"), "{found:?}");
}

#[test]
fn a_key_has_29_characters_in_five_groups() {
    for (wrong, said) in [
        ("AAAAA-BBBBB-CCCCC-DDDDD-EDU012", "30"),
        ("AAAAA\u{2013}BBBBB\u{2013}CCCCC\u{2013}DDDDD\u{2013}EDU01", "ASCII hyphens"),
        ("AAAA-ABBBBB-CCCCC-DDDDD-EDU01", "five groups"),
        ("", "there is none"),
    ] {
        let found = of(message(vec![exec(CHANGE, 3, wrong)]));
        assert_eq!(classes(&found), ["CSP023"], "{wrong}");
        assert!(found[0].message.contains(said), "{}", found[0].message);
        assert!(wrong.is_empty() || !found[0].message.contains("BBBBB"));
    }
    for right in [" AAAAA-BBBBB-CCCCC-DDDDD-EDU01\n", "aaaaa-bbbbb-ccccc-ddddd-edu01"] {
        assert_eq!(classes(&of(message(vec![exec(CHANGE, 3, right)]))), ["CSP022"]);
    }
}

#[test]
fn a_masked_key_cannot_be_checked() {
    for masked in ["****", "*****-*****-*****-*****-EDU01"] {
        assert_eq!(classes(&of(message(vec![exec(CHANGE, 3, masked)]))), ["CSP027"]);
    }
}

#[test]
fn the_case_of_an_address_is_that_of_the_ddf() {
    let found =
        of(message(vec![replace("./vendor/msft/WindowsLicensing/SMode/Switchingpolicy", 3, "1")]));
    assert_eq!(classes(&found), ["CSP030"]);
    assert_eq!(found[0].message, format!("the DDF writes `{POLICY}`"));
    assert_eq!(
        classes(&of(message(vec![get("./Vendor/MSFT/WindowsLicensing/Editi%6Fn", 3)]))),
        [""; 0]
    );
}

#[test]
fn a_restart_is_told_of_where_it_comes_by_itself() {
    assert_eq!(classes(&of(message(vec![exec(UPGRADE, 3, KEY)]))), ["CSP022", "CSP034"]);
    assert_eq!(classes(&of(message(vec![exec(CHANGE, 3, KEY)]))), ["CSP022"]);
    let same = Target { edition: Some(121), keys: keys(121), ..Target::default() };
    let (found, _) = findings(&same, &[message(vec![exec(UPGRADE, 3, KEY)])]);
    assert_eq!(classes(&found), ["CSP022"]);
}

#[test]
fn both_spellings_of_the_root_are_told_of_once_a_file() {
    let device = "./Device/Vendor/MSFT/WindowsLicensing/Edition";
    let commands = vec![get(EDITION, 3), get(device, 4), get(EDITION, 5), get(device, 6)];
    let found = of(message(commands));
    assert_eq!(marks(&found), ["CSP040@0"]);
    assert_eq!(
        (found[0].object.as_str(), found[0].detail.get("secondSpellingLine")),
        ("a", Some(4.into()))
    );
    let files = [message(vec![get(EDITION, 3)]), message(vec![get(device, 3)])];
    assert_eq!(marks(&findings(&Target::default(), &files).0), [""; 0]);
}

#[test]
fn addresses_of_other_providers_are_told_of_and_those_asked_together_with_it_known() {
    let other = "./Device/Vendor/MSFT/Policy/Result/Update/AllowAutoUpdate";
    assert_eq!(classes(&of(message(vec![get(other, 3)]))), ["CSP042"]);
    let mode = "./Vendor/MSFT/DeviceStatus/OS/Mode";
    assert_eq!(classes(&of(message(vec![get(mode, 3)]))), [""; 0]);
    let near = "./Vendor/MSFT/WindowsLicensingX/Edition";
    assert_eq!(classes(&of(message(vec![get(near, 3)]))), ["CSP042"]);
}

#[test]
fn a_chunk_of_data_is_not_judged_as_a_value() {
    let chunk = Item { more: true, ..value(CHANGE, 3, "chr", "AAAAA-BBB") };
    assert_eq!(classes(&of(message(vec![command("Exec", 3, vec![chunk])]))), [""; 0]);
}

#[test]
fn a_target_without_the_node_is_told_of() {
    let at =
        |version: &str| Target { version: Some(version.parse().unwrap()), ..Target::default() };
    let setting = || [message(vec![replace(LICENSE_TYPE, 3, "1")])];
    assert_eq!(classes(&findings(&at("10.0.22000.1100"), &setting()).0), ["CSP007"]);
    assert_eq!(classes(&findings(&at("10.0.22000.1165"), &setting()).0), [""; 0]);
    let insider = || {
        [message(vec![replace(
            "./Vendor/MSFT/WindowsLicensing/Subscriptions/SubscriptionType",
            3,
            "1",
        )])]
    };
    assert_eq!(classes(&findings(&at("10.0.26200.1"), &insider()).0), ["CSP007"]);
    let preview = Target { insider: true, ..at("10.0.26200.1") };
    assert_eq!(classes(&findings(&preview, &insider()).0), [""; 0]);
    let se = Target { edition: Some(0xCB), ..Target::default() };
    assert_eq!(classes(&findings(&se, &[message(vec![get(EDITION, 3)])]).0), ["CSP007"]);
    let pro = Target { edition: Some(48), ..Target::default() };
    assert_eq!(classes(&findings(&pro, &[message(vec![get(EDITION, 3)])]).0), [""; 0]);
}

#[test]
fn a_key_of_an_edition_out_of_reach_is_an_error() {
    let at = |edition, wanted| Target {
        edition: Some(edition),
        keys: keys(wanted),
        ..Target::default()
    };
    let check = || [message(vec![exec(CHANGE, 3, KEY)])];
    let (found, _) = findings(&at(101, 48), &check());
    assert_eq!(classes(&found), ["CSP022", "CSP037"]);
    assert_eq!(
        found[1].message,
        "`ChangeProductKey`: the key `*****-*****-*****-*****-EDU01` is for Pro, which cannot be reached from Home"
    );
    assert_eq!(classes(&findings(&at(48, 121), &check()).0), ["CSP022"]);
    assert_eq!(classes(&findings(&at(48, 48), &check()).0), ["CSP022"]);
}
