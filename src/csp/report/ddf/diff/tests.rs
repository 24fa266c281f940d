//! The built-in description against its own text with one thing changed, and against other descriptions.

use super::{Difference, Extent, diff};
use crate::artefact::Notes;
use crate::csp::catalog::ddf::Notation;
use crate::csp::catalog::editions::AllowList;
use crate::csp::export::ddf::write;
use crate::csp::import::ddf::read;
use crate::csp::model::ddf::Tree;

fn built_in() -> Tree {
    Tree::built_in(Notation::V2, AllowList::Newest)
}

fn text() -> String {
    String::from_utf8(write(&built_in())).unwrap().replace("\r\n", "\n")
}

fn parsed(text: &str) -> Tree {
    let mut notes = Notes::default();
    let tree = read(&mut text.as_bytes(), &mut notes).unwrap();
    assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
    tree
}

/// Each row as `path change old -> new`, without the address of the root.
fn rows(found: &[Difference]) -> Vec<String> {
    let shown = |side: &Option<String>| side.clone().unwrap_or("-".to_owned());
    found
        .iter()
        .map(|row| {
            let path = row
                .path
                .replace("./Vendor/MSFT/WindowsLicensing", "")
                .trim_start_matches('/')
                .to_owned();
            format!("{path}|{}|{}|{}", row.change.word(), shown(&row.old), shown(&row.new))
        })
        .collect()
}

/// What the built-in description and its text differ in, once `from` in the text was replaced.
fn changed(replacements: &[(&str, &str)]) -> Vec<String> {
    let text = replacements.iter().fold(text(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    rows(&diff(&built_in(), &parsed(&text), Extent::Structure))
}

#[test]
fn a_description_does_not_differ_from_itself() {
    for notation in Notation::ALL {
        let tree = Tree::built_in(notation, AllowList::Newest);
        let again = parsed(&String::from_utf8(write(&tree)).unwrap());
        assert_eq!(diff(&tree, &tree, Extent::Whole), []);
        assert_eq!(diff(&tree, &again, Extent::Whole), []);
    }
}

#[test]
fn descriptions_are_left_out_unless_they_are_asked_for() {
    let text = text().replace("Description>The ", "Description>THE ");
    assert_eq!(diff(&built_in(), &parsed(&text), Extent::Structure), []);
    let found = diff(&built_in(), &parsed(&text), Extent::Whole);
    assert!(!found.is_empty());
    assert!(found.iter().all(|row| row.change.word() == "description"));
    let policy = found.iter().find(|row| row.path.ends_with("/SwitchingPolicy")).unwrap();
    assert!(policy.new.as_ref().unwrap().contains("0: THE user"), "{policy:?}");
}

#[test]
fn a_verb_that_is_missing_is_a_change_of_access() {
    assert_eq!(
        changed(&[("            <Delete />\n", "")]),
        ["SMode/SwitchingPolicy|access|Add,Delete,Get,Replace|Add,Get,Replace"]
    );
}

#[test]
fn the_order_of_verbs_and_the_spelling_of_lists_do_not_count() {
    let same = [
        ("<Add />\n            <Delete />", "<Delete /><Add/>"),
        ("10.0.22621, 10.0.22000.1165", "\n10.0.22621,10.0.22000.1165 "),
        ("0x4;0x1B;0x30;", "0x1b; 0x30;0x4;"),
        ("<NodeName>SMode<", "<NodeName> smode <"),
        ("./Vendor/MSFT", "./Device/Vendor/MSFT/"),
    ];
    assert_eq!(changed(&same), Vec::<String>::new());
}

#[test]
fn each_change_has_its_word() {
    for (from, to, row) in [
        ("<xml />", "<chr />", "UpgradeEditionWithLicense|format|xml|chr"),
        (
            "<ZeroOrMore />",
            "<OneOrMore />",
            "Subscriptions/{SubscriptionId}|occurrence|ZeroOrMore|OneOrMore",
        ),
        ("<MSFT:CspVersion>1.3<", "<MSFT:CspVersion>1.5<", "SMode|cspVersion|1.3|1.5"),
        (
            "10.0.17763",
            "10.0.18362, 10.0.17763.1",
            "SMode|build|10.0.17763|10.0.18362, 10.0.17763.1",
        ),
        ("        <MSFT:Deprecated />\n", "", "UpgradeEditionWithLicense|deprecated|yes|-"),
        (
            "<MSFT:Deprecated />",
            "<MSFT:Deprecated OsBuildDeprecated=\"10.0.1\"/>",
            "UpgradeEditionWithLicense|deprecated|yes|10.0.1",
        ),
        (
            ">Automatic<",
            ">ServerInitiated<",
            "UpgradeEditionWithProductKey|reboot|Automatic|ServerInitiated",
        ),
        (
            "<MSFT:ClientInventory />",
            "<MSFT:UniqueName>[a-z]</MSFT:UniqueName>",
            "Subscriptions/{SubscriptionId}|naming|ClientInventory|UniqueName [a-z]",
        ),
    ] {
        assert_eq!(changed(&[(from, to)]), [row]);
    }
    let added = "</MSFT:Enum>\n            <MSFT:Enum><MSFT:Value>2</MSFT:Value></MSFT:Enum>\n          </MSFT:AllowedValues>";
    let found = changed(&[("</MSFT:Enum>\n          </MSFT:AllowedValues>", added)]);
    assert_eq!(found[0], "Subscriptions/SubscriptionType|allowed|ENUM 0,1|ENUM 0,1,2");
    assert_eq!(found.len(), 4);
    let scope = "<Dynamic />\n          </Scope>\n          <DFType>\n            <MIME />\n          </DFType>\n          <CaseSense>";
    let found = changed(&[(scope, &scope.replace("Dynamic", "Permanent"))]);
    assert_eq!(found, ["SMode/SwitchingPolicy|scope|Dynamic|Permanent"]);
}

#[test]
fn a_reboot_behavior_that_says_none_is_the_same_as_none_at_all() {
    let none = "<MSFT:Deprecated />\n        <MSFT:RebootBehavior>None</MSFT:RebootBehavior>";
    assert_eq!(changed(&[("<MSFT:Deprecated />", none)]), Vec::<String>::new());
}

#[test]
fn what_is_inherited_is_told_where_it_stands() {
    let found = diff(&built_in(), &Tree::built_in(Notation::V2, AllowList::Older), Extent::Whole);
    let [row] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (row.path.as_str(), row.change.word()),
        ("./Vendor/MSFT/WindowsLicensing", "editions")
    );
    assert!(row.new.as_ref().unwrap().contains("0x88*"));
    // A node that says itself what it would inherit says nothing new.
    let own = "<MSFT:Deprecated />\n        <MSFT:Applicability><MSFT:OsBuildVersion>10.0.10586</MSFT:OsBuildVersion></MSFT:Applicability>";
    assert_eq!(changed(&[("<MSFT:Deprecated />", own)]), Vec::<String>::new());
}

#[test]
fn version_1_2_lacks_eleven_nodes_and_microsofts_facts() {
    let older = Tree::built_in(Notation::V1_2, AllowList::Newest);
    let found = diff(&older, &built_in(), Extent::Structure);
    let count = |word: &str| found.iter().filter(|row| row.change.word() == word).count();
    assert_eq!((count("added"), count("removed"), count("access")), (11, 0, 0));
    assert_eq!((count("build"), count("cspVersion"), count("editions")), (4, 4, 1));
    assert_eq!(
        (count("allowed"), count("reboot"), count("deprecated"), count("naming")),
        (4, 1, 1, 1)
    );
    let back = diff(&built_in(), &older, Extent::Structure);
    assert_eq!(back.iter().filter(|row| row.change.word() == "removed").count(), 11);
}

#[test]
fn a_node_goes_and_comes_with_all_that_stands_in_it() {
    let found = changed(&[("<NodeName>SMode<", "<NodeName>XMode<")]);
    let expected = [
        "SMode|removed|-|-",
        "SMode/SwitchingPolicy|removed|-|-",
        "SMode/SwitchFromSMode|removed|-|-",
        "SMode/Status|removed|-|-",
        "XMode|added|-|-",
        "XMode/SwitchingPolicy|added|-|-",
        "XMode/SwitchFromSMode|added|-|-",
        "XMode/Status|added|-|-",
    ];
    assert_eq!(found, expected);
}

#[test]
fn trees_of_users_and_devices_are_told_apart() {
    let root = |path: &str, verb: &str| {
        format!(
            "<Node><NodeName>X</NodeName><Path>{path}</Path><DFProperties><AccessType><{verb}/></AccessType></DFProperties></Node>"
        )
    };
    let file = |roots: &[String]| parsed(&format!("<MgmtTree>{}</MgmtTree>", roots.concat()));
    let both = file(&[root("./User/Vendor/MSFT", "Get"), root("./Device/Vendor/MSFT", "Exec")]);
    let swapped = file(&[root("./Vendor/MSFT", "Exec"), root("./User/Vendor/MSFT", "Add")]);
    assert_eq!(
        rows(&diff(&both, &swapped, Extent::Structure)),
        ["./User/Vendor/MSFT/X|access|Get|Add"]
    );
    let three = file(&[
        root("./Vendor/MSFT", "Exec"),
        root("./Device/Vendor/MSFT", "Exec"),
        root("./User/Vendor/MSFT", "Get"),
    ]);
    assert_eq!(rows(&diff(&both, &three, Extent::Structure)), ["./Vendor/MSFT/X|added|-|-"]);
}

#[test]
fn the_whole_is_compared_when_it_is_asked_for() {
    let text = text()
        .replace("<MSFT:Deprecated />", "<MSFT:Deprecated /><MSFT:GpMapping GpEnglishName=\"x\"/>")
        .replace("<DFTitle>SubscriptionId<", "<DFTitle>Id<")
        .replace("<NodeName>SMode<", "<NodeName>smode<")
        .replacen("<CIS />", "<CS />", 1)
        .replacen("<MIME />", "<MIME>text/plain</MIME>", 1);
    let found = rows(&diff(&built_in(), &parsed(&text), Extent::Whole));
    let expected = [
        "|type|MIME|MIME text/plain",
        "UpgradeEditionWithProductKey|case|CIS|CS",
        "UpgradeEditionWithLicense|other|-|MSFT:GpMapping(GpEnglishName=x)",
        "Subscriptions/{SubscriptionId}|title|SubscriptionId|Id",
        "SMode|name|SMode|smode",
    ];
    assert_eq!(found, expected);
}
