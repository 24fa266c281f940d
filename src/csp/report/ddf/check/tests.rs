//! The text of the built-in description with one thing spoilt.

use super::{Kind, check};
use crate::artefact::Notes;
use crate::csp::catalog::ddf::Notation;
use crate::csp::catalog::editions::AllowList;
use crate::csp::export::ddf::write;
use crate::csp::import::ddf::read;
use crate::csp::model::ddf::Tree;
use crate::finding::{Finding, Level};

fn text(notation: Notation, list: AllowList) -> String {
    let bytes = write(&Tree::built_in(notation, list));
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

fn found(text: &str) -> Vec<Finding> {
    let mut notes = Notes::default();
    let tree = read(&mut text.as_bytes(), &mut notes).unwrap();
    assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
    check(&tree, "x.xml")
}

/// Each finding as `class level line message`.
fn told(found: &[Finding]) -> Vec<String> {
    found
        .iter()
        .map(|finding| {
            let place = finding.place.as_ref().unwrap();
            assert_eq!((finding.domain, place.file.as_str()), ("csp", "x.xml"));
            let line = place.line.unwrap_or_default();
            format!("{} {} {line} {}", finding.class, finding.severity.word(), finding.message)
        })
        .collect()
}

/// What is found in the text of version 2 once `from` was replaced, the first time it stands there.
fn changed(from: &str, to: &str) -> Vec<String> {
    let text = text(Notation::V2, AllowList::Newest);
    assert!(text.contains(from), "{from}");
    told(&found(&text.replacen(from, to, 1)))
}

fn line_of(part: &str) -> usize {
    let text = text(Notation::V2, AllowList::Newest);
    text[..text.find(part).unwrap()].lines().count()
}

#[test]
fn nothing_is_wrong_with_what_is_written_in_version_2() {
    for list in [AllowList::Newest, AllowList::Older] {
        assert_eq!(found(&text(Notation::V2, list)), []);
    }
}

#[test]
fn version_1_2_is_in_another_order_and_nothing_else() {
    let found = found(&text(Notation::V1_2, AllowList::Newest));
    let orders =
        found.iter().filter(|finding| finding.message.starts_with("`DFType` stands behind"));
    assert_eq!(orders.count(), 10);
    assert_eq!(found.len(), 11, "and the verbs of SwitchingPolicy");
    assert!(
        found.iter().all(|finding| (finding.class, finding.severity) == ("ddf.order", Level::Info))
    );
}

#[test]
fn verbs_in_another_order_are_information() {
    let from = "<Add />\n            <Delete />\n            <Get />";
    let found = changed(from, "<Get />\n            <Delete />");
    let line = line_of("            <Add />") + 2;
    assert_eq!(
        found,
        [format!("ddf.order info {line} `Delete` stands behind `Get`; the schema has it before")]
    );
}

#[test]
fn a_word_that_the_schema_does_not_have_is_an_error() {
    for (from, to, message) in [
        (
            "<chr />",
            "<string />",
            "`DFFormat` says `string`; the schema has `b64`, `bin`, `bool`, `chr`,",
        ),
        ("<Exec />", "<Execute />", "`AccessType` says `Execute`; the schema has `Add`, `Copy`,"),
        ("<ZeroOrMore />", "<Many />", "`Occurrence` says `Many`;"),
        ("<Permanent />", "<Fixed />", "`Scope` says `Fixed`;"),
        ("<DDFName />", "<Name />", "`DFType` says `Name`;"),
        ("<CIS />", "<CI />", "`CaseSense` says `CI`;"),
        (">Automatic<", ">Always<", "`MSFT:RebootBehavior` says `Always`;"),
        ("ValueType=\"None\"", "ValueType=\"none\"", "`ValueType` says `none`;"),
        ("<MSFT:ClientInventory />", "<MSFT:Any />", "`MSFT:DynamicNodeNaming` says `Any`;"),
    ] {
        let found = changed(from, to);
        let start = format!(
            "ddf.word error {} {message}",
            line_of(from) + usize::from(from.starts_with("<MSFT:AllowedValues"))
        );
        assert!(found.len() == 1 && found[0].starts_with(&start), "{start}: {found:?}");
    }
}

#[test]
fn what_the_schema_requires_and_is_missing_is_an_error() {
    let all = "<MgmtTree><Node/></MgmtTree>";
    let expected = [
        "ddf.missing error 0 `VerDTD` is missing",
        "ddf.missing error 1 `NodeName` is missing",
        "ddf.missing warning 1 `Path` is missing",
        "ddf.missing error 1 `DFProperties` is missing",
    ];
    assert_eq!(told(&found(all)), expected);
    let properties = "<MgmtTree>\n<VerDTD>1.2</VerDTD>\n<Node><NodeName>X</NodeName><Path>.</Path><DFProperties/></Node></MgmtTree>";
    let expected = ["AccessType", "DFFormat", "DFType"]
        .map(|name| format!("ddf.missing error 3 `{name}` is missing"));
    assert_eq!(told(&found(properties)), expected);
    assert_eq!(
        changed("  <MSFT:Diagnostics></MSFT:Diagnostics>\n", ""),
        ["ddf.missing warning 0 `MSFT:Diagnostics` is missing"]
    );
    let found = changed(" ValueType=\"None\"", "");
    assert!(found[0].ends_with("`ValueType` of `MSFT:AllowedValues` is missing"), "{found:?}");
    assert!(changed("<node />", "")[0].contains("`DFFormat` is empty"));
}

#[test]
fn what_stands_there_twice_is_an_error() {
    for (from, to, message) in [
        (
            "<MIME />\n        </DFType>",
            "<MIME />\n        </DFType><DFType><MIME /></DFType>",
            "`DFType` stands there more than once",
        ),
        ("<Exec />", "<Exec /><Exec />", "`Exec` stands there more than once"),
        ("<chr />", "<chr /><int />", "`DFFormat` says more than one thing"),
        (
            "<NodeName>Edition</NodeName>",
            "<NodeName>STATUS</NodeName>",
            "another node of the name `Status` stands beside it",
        ),
        (
            "<NodeName>Edition</NodeName>",
            "<NodeName>Edition</NodeName><NodeName>E</NodeName>",
            "`NodeName` stands there more than once",
        ),
        (
            "<VerDTD>1.2</VerDTD>",
            "<VerDTD>1.2</VerDTD><VerDTD>1.3</VerDTD>",
            "`VerDTD` stands there more than once",
        ),
        (
            "<MSFT:Value>1</MSFT:Value>",
            "<MSFT:Value> 0</MSFT:Value>",
            "the value `0` is listed more than once",
        ),
    ] {
        let found = changed(from, to);
        assert!(found.len() == 1 && found[0].starts_with("ddf.duplicate error "), "{found:?}");
        assert!(found[0].ends_with(message), "{found:?}");
    }
    assert_eq!(changed("<MIME />", "<MIME>a/b</MIME><MIME>c/d</MIME>"), Vec::<String>::new());
}

#[test]
fn the_second_properties_of_a_node_are_an_error() {
    let twice = "</DFProperties>\n    <DFProperties><AccessType/></DFProperties>\n    <Node>";
    let found = changed("</DFProperties>\n    <Node>", twice);
    assert!(
        found[0].ends_with("`DFProperties` stands there more than once") && found.len() == 1,
        "{found:?}"
    );
}

#[test]
fn properties_in_another_order_are_told_once_a_node() {
    let from = "<DFFormat>\n          <chr />\n        </DFFormat>\n        <Occurrence>\n          <One />\n        </Occurrence>";
    let to = "<Occurrence><One /></Occurrence><DFFormat><chr /></DFFormat><DefaultValue>x</DefaultValue>";
    let found = changed(from, to);
    assert!(
        found.len() == 1
            && found[0].contains("info")
            && found[0]
                .ends_with("`DFFormat` stands behind `Occurrence`; the schema has it before"),
        "{found:?}"
    );
}

#[test]
fn elements_that_no_schema_has_are_information_when_they_are_microsofts() {
    let found = changed("<MSFT:Deprecated />", "<MSFT:Deprecated /><MSFT:New/><Old/>");
    assert!(
        found[0].starts_with("ddf.unknown info ") && found[0].contains("`MSFT:New`"),
        "{found:?}"
    );
    assert!(
        found[1].starts_with("ddf.unknown warning ") && found[1].contains("`Old`"),
        "{found:?}"
    );
    assert!(changed("<MSFT:CspVersion>", "<MSFT:Soon/><MSFT:CspVersion>")[0].contains("info"));
}

#[test]
fn what_does_not_read_as_a_build_a_version_or_an_edition_is_a_warning() {
    for (from, to) in [
        ("10.0.22621, 10.0.22000.1165", "10.0.22621; 10.0.22000"),
        ("10.0.22621, 10.0.22000.1165", "10.0.1.2.3"),
        ("10.0.22621, 10.0.22000.1165", ""),
        ("CspVersion>1.4", "CspVersion>1.x"),
        ("0x1B;", "0x1G;"),
        ("0x1B;", "27;"),
    ] {
        let found = changed(from, to);
        assert!(found.len() == 1 && found[0].starts_with("ddf.value warning "), "{to}: {found:?}");
    }
    for to in ["11.0.22621", "88.8.88888", "99.9.9999", "10.0.22621,10.0.22000.1165"] {
        assert_eq!(changed("10.0.22621, 10.0.22000.1165", to), Vec::<String>::new());
    }
    assert_eq!(changed("0x1B;", "0x88*;"), Vec::<String>::new());
}

#[test]
fn findings_name_the_node_and_come_in_the_order_of_the_file() {
    let text = text(Notation::V2, AllowList::Newest)
        .replace("<null />", "<nil />")
        .replace("10.0.10586", "?");
    let found = found(&text);
    let objects: Vec<&str> =
        found.iter().map(|finding| finding.object.rsplit('/').next().unwrap()).collect();
    assert_eq!(objects, ["WindowsLicensing", "RemoveSubscription", "SwitchFromSMode"]);
    assert!(found.is_sorted_by_key(|finding| finding.place.as_ref().unwrap().line));
}

#[test]
fn a_class_has_one_name_for_each_level_that_it_is_told_at() {
    let kinds = [
        Kind::Word,
        Kind::Duplicate,
        Kind::Missing,
        Kind::Advised,
        Kind::Order,
        Kind::Unknown,
        Kind::Foreign,
        Kind::Value,
    ];
    let mut classes: Vec<_> = kinds.map(Kind::class).into();
    let all = classes.len();
    classes.dedup();
    assert_eq!(classes.len(), all);
}
