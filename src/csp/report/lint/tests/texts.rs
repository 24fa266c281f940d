//! Documents as they stand in files, read by the readers: one that each rule finds fault with, and the same without the fault.

use super::{KEY, Lint, Target, classes, marks};
use crate::artefact::Notes;
use crate::csp::import::{intune, package, syncml};
use crate::csp::model::profile::Profile;
use crate::finding::{Finding, Level};

/// Lints a file of any form that is linted.
fn linted(target: &Target, text: &str) -> Vec<Finding> {
    let mut lint = Lint::new(target, "a.xml");
    let mut notes = Notes::default();
    let mut found = Vec::new();
    let mut each = |finding| {
        found.push(finding);
        Ok(())
    };
    let mut input = text.as_bytes();
    if text.starts_with('{') {
        let mut one = |profile: Profile| lint.profile(&profile, &mut each);
        intune::read(&mut input, &mut notes, &mut one).unwrap();
    } else if text.contains("<WindowsCustomizations") {
        let mut one = |profile: Profile| lint.profile(&profile, &mut each);
        package::read(&mut input, &mut notes, &mut one).unwrap();
    } else {
        syncml::read(&mut input, &mut notes, &mut |part| lint.message(part, &mut each)).unwrap();
    }
    for complaint in &notes.complaints.kept {
        lint.complaint(complaint, &mut each).unwrap();
    }
    found
}

fn of(text: &str) -> Vec<Finding> {
    linted(&Target::default(), text)
}

/// A message with these commands, each on a line of its own; the first is on line 2.
fn message(commands: &str) -> String {
    format!(
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID><Target><LocURI>d</LocURI></Target><Source><LocURI>s</LocURI></Source></SyncHdr><SyncBody>\n{commands}\n<Final/></SyncBody></SyncML>"
    )
}

/// An item that sets or executes a node below the root.
fn item(node: &str, format: &str, data: &str) -> String {
    format!(
        "<Item><Target><LocURI>./Vendor/MSFT/WindowsLicensing/{node}</LocURI></Target><Meta><Format xmlns=\"syncml:metinf\">{format}</Format></Meta><Data>{data}</Data></Item>"
    )
}

fn command(name: &str, id: u32, items: &str) -> String {
    format!("<{name}><CmdID>{id}</CmdID>{items}</{name}>")
}

fn policy(format: &str, data: &str) -> String {
    message(&command("Replace", 1, &item("SMode/SwitchingPolicy", format, data)))
}

fn get(address: &str) -> String {
    let item = format!("<Item><Target><LocURI>{address}</LocURI></Target></Item>");
    message(&command("Get", 1, &item))
}

fn exec(node: &str, data: &str) -> String {
    message(&command("Exec", 1, &item(node, "chr", data)))
}

const LICENSED: &str = "./Vendor/MSFT/WindowsLicensing";

/// A rule with the line of its finding, a text with the fault, and one without.
type Case = (&'static str, String, String);

fn check(cases: Vec<Case>) {
    for (mark, wrong, mended) in cases {
        let (rule, _) = mark.split_once('@').unwrap();
        let found = marks(&of(&wrong));
        let times = found.iter().filter(|found| found.starts_with(rule)).count();
        assert_eq!(times, 1, "{mark} {found:?}");
        assert!(found.iter().any(|found| found == mark), "{mark} {found:?}");
        assert!(!classes(&of(&mended)).contains(&rule), "{mark}");
    }
}

fn set(id: u32, data: &str) -> String {
    command("Replace", id, &item("SMode/SwitchingPolicy", "int", data))
}

/// A Get with this for its `CmdID`.
fn read(id: &str) -> String {
    format!("<Get>{id}<Item><Target><LocURI>{LICENSED}/Edition</LocURI></Target></Item></Get>")
}

/// A message of two commands, on lines 2 and 3.
fn two(first: &str, second: &str) -> String {
    message(&format!("{first}\n{second}"))
}

/// A message with an Atomic on line 2 and its commands behind.
fn atomic(inside: &str) -> String {
    message(&format!("<Atomic><CmdID>9</CmdID>\n{inside}</Atomic>"))
}

/// A message without a fault.
fn whole() -> String {
    message(&read("<CmdID>1</CmdID>"))
}

#[test]
fn a_text_shows_what_is_wrong_with_its_structure_and_none_of_it_when_mended() {
    let (one, other) = (read("<CmdID>1</CmdID>"), read("<CmdID>2</CmdID>"));
    let add = command("Add", 1, &item("SMode/SwitchingPolicy", "int", "1"));
    let behind = one.replace("<CmdID>1</CmdID>", "").replace("</Get>", "<CmdID>1</CmdID></Get>");
    let bodied = "<SyncBody xmlns=\"SYNCML:SYNCML1.2\"><Final/></SyncBody>".to_owned();
    check(vec![
        ("CSP001@1", "<SyncML><SyncBody>".to_owned(), whole()),
        ("CSP010@2", message(&read("")), whole()),
        ("CSP011@3", two(&one, &one), two(&one, &other)),
        ("CSP012@2", message(&read("<CmdID>0</CmdID>")), whole()),
        ("CSP013@3", atomic("<Atomic><CmdID>1</CmdID></Atomic>"), atomic(&set(1, "1"))),
        ("CSP014@3", atomic(&one), atomic(&set(1, "1"))),
        ("CSP015@4", atomic(&format!("{add}\n{}", set(2, "1"))), atomic(&set(1, "1"))),
        ("CSP016@2", message(&command("Exec", 1, "")), whole()),
        ("CSP017@2", policy("int", "<![CDATA[1]]>"), policy("int", "1")),
        (
            "CSP019@2",
            policy("int", "1").replace(" xmlns=\"syncml:metinf\"", ""),
            policy("int", "1"),
        ),
        ("CSP020@1", whole().replace("SYNCML1.2", "SYNCML1.1"), whole()),
        ("CSP021@2", message(&read("<CmdID>$CmdID$</CmdID>")), whole()),
        ("CSP024@2", whole().replace("<Final/>", ""), whole()),
        ("CSP025@2", message(&behind), whole()),
        ("CSP029@2", policy("int", "<b>1</b>"), policy("int", "1")),
        ("CSP033@1", read(""), set(1, "1")),
        ("CSP041@1", bodied, whole()),
    ]);
}

#[test]
fn a_text_shows_what_is_wrong_with_its_nodes_and_none_of_it_when_mended() {
    let device = read("<CmdID>2</CmdID>").replace("./", "./Device/");
    let insider = format!("{LICENSED}/Subscriptions/SubscriptionType");
    let license = "UpgradeEditionWithLicense";
    check(vec![
        ("CSP002@2", get(&format!("{LICENSED}/Editoin")), whole()),
        ("CSP003@2", get("./User/Vendor/MSFT/WindowsLicensing/Edition"), whole()),
        ("CSP004@2", message(&command("Replace", 1, &item("Edition", "int", "4"))), whole()),
        ("CSP005@2", policy("chr", "1"), policy("int", "1")),
        ("CSP006@2", policy("int", "2"), policy("int", "0")),
        ("CSP008@2", exec(license, "&lt;a/&gt;"), whole()),
        ("CSP009@2", get(&insider), whole()),
        ("CSP018@2", get(&format!("{LICENSED}/Edition ")), whole()),
        ("CSP022@2", exec("ChangeProductKey", KEY), exec("ChangeProductKey", "****")),
        ("CSP023@2", exec("ChangeProductKey", "AAAAA-BBBBB"), exec("ChangeProductKey", KEY)),
        ("CSP026@3", two(&set(1, "1"), &set(2, "0")), message(&set(1, "1"))),
        ("CSP027@2", exec("ChangeProductKey", "****"), exec("ChangeProductKey", KEY)),
        ("CSP030@2", get("./vendor/MSFT/WindowsLicensing/Edition"), whole()),
        ("CSP032@2", exec(license, "<a>1</a>"), exec(license, "&lt;a&gt;1&lt;/a&gt;")),
        ("CSP034@2", exec("UpgradeEditionWithProductKey", KEY), exec("ChangeProductKey", KEY)),
        ("CSP040@0", two(&set(1, "1"), &device), whole()),
        ("CSP042@2", get("./Vendor/MSFT/Policy/Config/A/B"), get("./DevDetail/SwV")),
    ]);
}

#[test]
fn the_fleet_sample_has_nothing_against_it_but_with_a_declaration() {
    let sample = "<Replace>\n  <Item>\n    <Target><LocURI>./Device/Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy</LocURI></Target>\n    <Meta><Format xmlns=\"syncml:metinf\">int</Format></Meta>\n    <Data>1</Data>\n  </Item>\n</Replace>\n";
    assert_eq!(marks(&of(sample)), [""; 0]);
    let declared = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{sample}");
    assert_eq!(marks(&of(&declared)), ["CSP033@1"]);
}

#[test]
fn the_example_of_the_documentation_is_read_with_all_its_quirks() {
    let text = "<SyncML xmlns=\"SYNCML:SYNCML1.1\">\n<SyncBody>\n<Exec>\n<CmdID>$CmdID$</CmdID>\n<Item>\n<Target><LocURI>\n  ./Device/Vendor/MSFT/WindowsLicensing/ChangeProductKey\n</LocURI></Target>\n<Meta><Format xmlns=\"syncml:metinf\">chr</Format><Type>text/plain</Type></Meta>\n<Data>XXXXX-XXXXX-XXXXX-XXXXX-XXXXX</Data>\n</Item>\n</Exec>\n<Final/>\n</SyncBody>\n</SyncML>";
    let found = of(text);
    assert_eq!(
        marks(&found),
        ["CSP020@1", "CSP041@1", "CSP021@4", "CSP018@6", "CSP019@9", "CSP021@10"]
    );
}

/// A custom profile with one setting, on line 2.
fn custom(kind: &str, uri: &str, rest: &str) -> String {
    format!(
        "{{\"@odata.type\":\"#microsoft.graph.windows10CustomConfiguration\",\"displayName\":\"Licensing\",\"omaSettings\":[\n{{\"@odata.type\":\"#microsoft.graph.omaSetting{kind}\",\"displayName\":\"x\",\"omaUri\":\"{uri}\",{rest}}}]}}"
    )
}

#[test]
fn the_custom_profile_with_a_key_is_told_what_is_wrong_before_it_is_assigned() {
    let sample = "{\"@odata.type\":\"#microsoft.graph.windows10CustomConfiguration\",\"displayName\":\"Licensing\",\"omaSettings\":[
 {\"@odata.type\":\"#microsoft.graph.omaSettingInteger\",\"displayName\":\"Block S mode exit\",\"omaUri\":\"./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy\",\"value\":1},
 {\"@odata.type\":\"#microsoft.graph.omaSettingString\",\"displayName\":\"Key\",\"omaUri\":\"./Device/Vendor/MSFT/WindowsLicensing/ChangeProductKey\",\"value\":\"AAAAA-BBBBB-CCCCC-DDDDD-EDU01\"}]}";
    let found = of(sample);
    // Nothing is wrong on line 2; that the roots differ concerns the file.
    assert_eq!(marks(&found), ["CSP040@0", "CSP004@3", "CSP022@3"]);
    let levels: Vec<Level> = found.iter().map(|finding| finding.severity).collect();
    assert_eq!(levels, [Level::Info, Level::Error, Level::Warning]);
    assert!(!format!("{found:?}").contains("BBBBB"));
}

#[test]
fn each_rule_of_profiles_finds_its_fault_in_a_text() {
    let policy = "./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy";
    let change = "./Vendor/MSFT/WindowsLicensing/ChangeProductKey";
    let cases = [
        (custom("Integer", policy, "\"value\":1"), vec![]),
        (custom("String", policy, "\"value\":\"1\""), vec!["CSP005@2"]),
        (custom("Integer", policy, "\"value\":\"1\""), vec!["CSP039@2"]),
        (custom("Integer", policy, "\"value\":5"), vec!["CSP006@2"]),
        (
            custom(
                "Integer",
                "./vendor/msft/WindowsLicensing/SMode/Switchingpolicy",
                "\"value\":1",
            ),
            vec!["CSP030@2"],
        ),
        (
            custom("Integer", "./Vendor/MSFT/WindowsLicensing/SMode/SwitchPolicy", "\"value\":1"),
            vec!["CSP002@2"],
        ),
        (
            custom("String", change, "\"isEncrypted\":true,\"value\":\"****\""),
            vec!["CSP004@2", "CSP027@2"],
        ),
        // A byte order mark, then asterisks.
        (
            custom("StringXml", change, "\"value\":\"77u/KioqKg==\""),
            vec!["CSP004@2", "CSP027@2", "CSP028@2"],
        ),
        (custom("StringXml", change, "\"value\":\"!\""), vec!["CSP004@2", "CSP028@2"]),
        ("{\"a\":".to_owned(), vec!["CSP001@1"]),
    ];
    for (text, expected) in cases {
        assert_eq!(marks(&of(&text)), expected, "{text}");
    }
}

#[test]
fn a_build_that_lacks_the_node_is_told_of() {
    let uri = "./Vendor/MSFT/WindowsLicensing/DeviceLicensingService/LicenseType";
    let text = custom("Integer", uri, "\"value\":1");
    for (version, expected) in [("10.0.22000.1100", vec!["CSP007@2"]), ("10.0.22000.1165", vec![])]
    {
        let target = Target { version: Some(version.parse().unwrap()), ..Target::default() };
        assert_eq!(marks(&linted(&target, &text)), expected, "{version}");
    }
}

#[test]
fn an_upgrade_template_is_held_against_its_target() {
    let text = "{\"@odata.type\":\"#microsoft.graph.editionUpgradeConfiguration\",\"displayName\":\"Up\",\n\"licenseType\":\"productKey\",\"targetEdition\":\"windows10Home\",\n\"productKey\":\"****\",\n\"windowsSMode\":\"block\"}";
    assert_eq!(marks(&of(text)), ["CSP038@1", "CSP027@3", "CSP034@3"]);
    let target = Target { edition: Some(48), mode: Some(0), ..Target::default() };
    let found = marks(&linted(&target, text));
    assert_eq!(found, ["CSP035@1", "CSP035@1", "CSP038@1", "CSP027@3", "CSP034@3"]);
    let unlocked = text.replace("block", "noRestriction").replace("10Home", "10Education");
    assert_eq!(marks(&linted(&target, &unlocked)), ["CSP038@1", "CSP027@3", "CSP034@3"]);
}

#[test]
fn a_package_is_linted_with_its_key_covered() {
    let text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<WindowsCustomizations>\n<PackageConfig xmlns=\"urn:schemas-Microsoft-com:Windows-ICD-Package-Config.v1.0\"><ID>{00000000-0000-4000-8000-000000000001}</ID><Name>edu</Name></PackageConfig>\n<Settings xmlns=\"urn:schemas-microsoft-com:windows-provisioning\"><Customizations><Common><EditionUpgrade>\n<UpgradeEditionWithProductKey>AAAAA-BBBBB-CCCCC-DDDDD-EDU01</UpgradeEditionWithProductKey>\n<UpgradeEditionWithLicense><a/></UpgradeEditionWithLicense>\n</EditionUpgrade></Common></Customizations></Settings>\n</WindowsCustomizations>";
    let found = of(text);
    assert_eq!(marks(&found), ["CSP022@5", "CSP034@5", "CSP008@6", "CSP032@6"]);
    assert!(!format!("{found:?}").contains("BBBBB"));
}
