//! Device descriptions of both notations, of other providers, odd ones, hostile ones.

use super::{KIND, LONGEST_NAME, MOST, read};
use crate::artefact::{Fit, Notes, Sample};
use crate::csp::catalog::ddf as words;
use crate::csp::catalog::ddf::Notation;
use crate::csp::catalog::editions::AllowList;
use crate::csp::export::ddf::write;
use crate::csp::model::ddf::{Element, Node, Tree};
use crate::error::Complaint;

fn whole(text: &str) -> (Tree, Notes) {
    let mut notes = Notes::default();
    let tree = read(&mut text.as_bytes(), &mut notes).unwrap();
    (tree, notes)
}

/// A file that nobody has anything to say about.
fn parsed(text: &str) -> Tree {
    let (tree, notes) = whole(text);
    assert!(notes.complaints.is_empty() && notes.warnings.is_empty(), "{notes:?}");
    tree
}

/// Each complaint as `place: message`.
fn complaints(text: &str) -> Vec<String> {
    let (_, notes) = whole(text);
    let shown = |complaint: &Complaint| format!("{}: {}", complaint.place, complaint.message);
    notes.complaints.kept.iter().map(shown).collect()
}

/// As if it had not been read from a file.
fn unplaced(mut tree: Tree) -> Tree {
    fn forget(element: &mut Element) {
        element.line = 0;
        element.children.iter_mut().for_each(forget);
    }
    fn forget_node(node: &mut Node) {
        node.line = 0;
        node.properties.iter_mut().flatten().chain(&mut node.strays).for_each(forget);
    }
    tree.nodes.iter_mut().for_each(forget_node);
    tree.version.iter_mut().chain(&mut tree.diagnostics).chain(&mut tree.strays).for_each(forget);
    tree
}

fn written(tree: &Tree) -> String {
    String::from_utf8(write(tree)).unwrap()
}

const DOCTYPE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!DOCTYPE MgmtTree PUBLIC \" -//OMA//DTD-DM-DDF 1.2//EN\"\r\n  \
                       \"http://www.openmobilealliance.org/tech/DTD/DM_DDF-V1_2.dtd\"\r\n  \
                       [<?oma-dm-ddf-ver supported-versions=\"1.2\"?>]>\r\n";

/// A file with two roots and a little of everything.
fn odd() -> String {
    format!(
        "{DOCTYPE}<MgmtTree xmlns:M='http://schemas.microsoft.com/MobileDevice/DM'>
<VerDTD>1.2</VerDTD><M:Diagnostics/>
<Node><NodeName>A</NodeName><Path>./User/Vendor/MSFT</Path>
<DFProperties><AccessType><Replace/><Get></Get></AccessType><DefaultValue> 7 </DefaultValue>
<DFFormat><bool/></DFFormat><DFType><MIME>text/plain</MIME></DFType>
<M:Applicability><M:OsBuildVersion>11.0.22621</M:OsBuildVersion><M:EditionAllowList>0x4;0x88*;</M:EditionAllowList></M:Applicability>
<M:AllowedValues ValueType='Range'><M:Value>[0-9]</M:Value><M:List Delimiter=';'/></M:AllowedValues>
<M:Deprecated OsBuildDeprecated='10.0.1'/>
<M:Future Kind='x'><M:Inside>y</M:Inside></M:Future></DFProperties>
<Node><NodeName/><DFProperties><AccessType/><DFFormat><node/></DFFormat><DFTitle>Id</DFTitle><DFType><DDFName/></DFType>
<M:DynamicNodeNaming><M:UniqueName>[a-z]+</M:UniqueName></M:DynamicNodeNaming></DFProperties></Node></Node>
<Node><NodeName>A</NodeName><Path>./Device/Vendor/MSFT</Path><DFProperties/></Node></MgmtTree>"
    )
}

#[test]
fn what_is_written_is_read_back_as_the_rows_say_it() {
    for notation in Notation::ALL {
        for list in [AllowList::Newest, AllowList::Older] {
            let tree = Tree::built_in(notation, list);
            let text = written(&tree);
            for text in [
                text.clone(),
                text.replace("\r\n", "\n"),
                text.replace(" />", "/>"),
                text.replace('\u{feff}', ""),
            ] {
                assert_eq!(unplaced(parsed(&text)), tree);
            }
        }
    }
}

#[test]
fn what_is_read_is_written_again_byte_for_byte() {
    for notation in Notation::ALL {
        let text = written(&Tree::built_in(notation, AllowList::Newest));
        assert_eq!(written(&parsed(&text)), text);
    }
    let (tree, _) = whole(&odd());
    let again = whole(&written(&tree)).0;
    assert_eq!(unplaced(again), unplaced(tree));
}

#[test]
fn other_providers_and_several_roots_are_read_and_what_is_unknown_is_kept_and_noted() {
    let (tree, notes) = whole(&odd());
    assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
    assert_eq!(notes.warnings.len(), 1);
    let note = &notes.warnings[0];
    assert_eq!((note.code, note.place.as_str()), ("unknown-element", "line 13"));
    assert_eq!(
        note.message,
        "`MSFT:Future` in `DFProperties` stands in no published schema; kept as it is"
    );
    assert_eq!(tree.notation, Notation::V2);
    let paths: Vec<(&str, u64)> =
        tree.nodes.iter().map(|node| (node.path.as_str(), node.line)).collect();
    assert_eq!(
        paths,
        [
            ("./User/Vendor/MSFT/A", 7),
            ("./User/Vendor/MSFT/A/{Id}", 14),
            ("./Device/Vendor/MSFT/A", 16)
        ]
    );
    let [user, entry, _] = tree.nodes.as_slice() else { panic!() };
    assert!(user.access().eq(["Replace", "Get"]));
    assert_eq!((user.format(), user.default_value()), (Some("bool"), Some(" 7 ")));
    assert_eq!(user.df_type(), Some(("MIME", "text/plain")));
    assert_eq!(user.deprecated(), Some("10.0.1"));
    assert_eq!(tree.applicability(entry, words::EDITION_ALLOW_LIST), Some("0x4;0x88*;"));
    assert_eq!(tree.applicability(entry, words::CSP_VERSION), None);
    let allowed = user.allowed().unwrap();
    assert_eq!((allowed.value_type, allowed.values), ("Range", vec![("[0-9]", "")]));
    assert_eq!(allowed.rest[0].attribute("Delimiter"), Some(";"));
    assert_eq!(
        user.unknown().map(|element| element.name.as_str()).collect::<Vec<_>>(),
        ["MSFT:Future"]
    );
    assert_eq!(
        (entry.naming().as_deref(), entry.parent, entry.depth),
        (Some("UniqueName [a-z]+"), Some(0), 1)
    );
}

#[test]
fn what_stands_in_a_node_too_often_or_unknown_is_kept_beside_it() {
    let text = "<MgmtTree><Odd/><Node><NodeName>A</NodeName><NodeName>B</NodeName><RTProperties/>\
                <DFProperties><AccessType><Get/></AccessType></DFProperties><DFProperties/></Node></MgmtTree>";
    let (tree, notes) = whole(text);
    let node = &tree.nodes[0];
    let strays: Vec<&str> = node.strays.iter().map(|stray| stray.name.as_str()).collect();
    assert_eq!(strays, ["NodeName", "RTProperties", "DFProperties"]);
    assert_eq!((node.path.as_str(), node.access().count()), ("A", 1));
    assert_eq!(tree.strays[0].name, "Odd");
    assert_eq!(notes.warnings.len(), 2);
}

#[test]
fn nodes_that_stand_before_the_name_of_their_parent_have_their_address_all_the_same() {
    let tree = parsed(
        "<MgmtTree><Node><Node><NodeName>B</NodeName></Node><NodeName>A</NodeName><Path>./X/</Path></Node></MgmtTree>",
    );
    assert_eq!(tree.nodes[1].path, "./X/A/B");
}

#[test]
fn text_beside_elements_is_left_out_and_noted() {
    let text = "<MgmtTree>\n<Node><NodeName>A</NodeName>x<DFProperties><Description>a<b/>c</Description></DFProperties></Node></MgmtTree>";
    let (_, notes) = whole(text);
    let told: Vec<&str> = notes
        .warnings
        .iter()
        .filter(|note| note.code == "mixed-content")
        .map(|note| note.message.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "`x` stands beside elements; left out",
            "`a` stands beside elements; left out",
            "`c` stands beside elements; left out"
        ]
    );
}

#[test]
fn a_document_type_is_passed_over_unless_it_declares_entities() {
    assert_eq!(complaints(&odd()), Vec::<String>::new());
    let node = "<MgmtTree><Node><NodeName>&x;</NodeName></Node></MgmtTree>";
    let refused = ["line 1: document types that declare entities are refused"];
    for declared in [
        "<!DOCTYPE MgmtTree [<!ENTITY x 'y'>]>",
        "<!DOCTYPE MgmtTree [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE MgmtTree [<!ENTITY a 'aaaaaaaaaa'><!ENTITY x '&a;&a;&a;&a;&a;&a;&a;&a;'>]>",
        "<!DOCTYPE MgmtTree [<!ENTITY % p SYSTEM 'http://x.example/'> %p;]>",
    ] {
        assert_eq!(complaints(&format!("{declared}{node}")), refused);
    }
    let undefined = ["line 1: the entity `&x;` is not defined"];
    assert_eq!(
        complaints(&format!("<!DOCTYPE MgmtTree SYSTEM 'http://x.example/x.dtd'>{node}")),
        undefined
    );
}

#[test]
fn what_is_no_description_is_complained_of_with_its_line() {
    for (text, complaint) in [
        ("", ": the file is empty; a DDF file has the root `MgmtTree`"),
        ("\n<SyncML/>", "line 2: the root is `SyncML`; a DDF file has `MgmtTree`"),
        ("<MgmtTree>\n</MgmtTree>", ": `MgmtTree` holds no `Node`"),
        (
            "<MgmtTree><Node/></MgmtTree>\n<MgmtTree><Node/></MgmtTree>",
            "line 2: `<MgmtTree>` stands behind the end of `MgmtTree`",
        ),
        ("<MgmtTree>\n<Node>", "line 2: the file ends inside an element"),
        (
            "<MgmtTree>\n<Node></MgmtTree>",
            "line 2: ill-formed document: expected `</Node>`, but `</MgmtTree>` was found",
        ),
    ] {
        assert_eq!(complaints(text), [complaint]);
    }
    let found = complaints(
        "<MgmtTree><Node><DFProperties>\n<MSFT:AllowedValues ValueType='&x;'/></DFProperties></Node></MgmtTree>",
    );
    assert!(
        found[0].starts_with("line 2: attribute `ValueType` of `<AllowedValues>`"),
        "{found:?}"
    );
}

#[test]
fn a_file_that_is_larger_than_any_description_is_refused() {
    let many = format!("<MgmtTree><Node>{}</Node></MgmtTree>", "<a/>".repeat(MOST));
    assert!(complaints(&many)[0].contains("the file holds more than 500000 elements"));
    let long = format!(
        "<MgmtTree><Node><NodeName>{}</NodeName></Node></MgmtTree>",
        "x".repeat(LONGEST_NAME + 1)
    );
    assert_eq!(
        complaints(&long),
        ["line 1: the text of `NodeName` is 4097 bytes long; at most 4096 are read"]
    );
    let part = format!(
        "<MgmtTree><Node><DFProperties><MSFT:Applicability><MSFT:EditionAllowList>{}</MSFT:EditionAllowList>",
        "0x4;".repeat(2000)
    );
    assert!(complaints(&part)[0].contains("`MSFT:EditionAllowList` is 8000 bytes long"));
    let attributes = format!(
        "<MgmtTree><Node {}/></MgmtTree>",
        (0..50_000).map(|at| format!("a{at}=''")).collect::<Vec<_>>().join(" ")
    );
    assert_eq!(complaints(&attributes), Vec::<String>::new());
    // Short names add up in addresses: 40 levels, each below a name of 4000 bytes.
    let name = format!("<Node><NodeName>{}</NodeName>", "x".repeat(4000));
    let deep = format!(
        "<MgmtTree>{}{}{}</MgmtTree>",
        name.repeat(40),
        "<Node/>".repeat(1000),
        "</Node>".repeat(40)
    );
    assert_eq!(complaints(&deep), [": the addresses of all nodes take more than 33554432 bytes"]);
    let deeper = format!("<MgmtTree>{}", "<Node>".repeat(70));
    assert!(complaints(&deeper)[0].contains("nested deeper than 64 levels"));
}

#[test]
fn a_file_cut_at_any_byte_is_complained_of_and_does_no_harm() {
    let text = odd();
    for cut in 0..text.len() - 1 {
        let mut notes = Notes::default();
        let mut input = std::io::BufReader::with_capacity(1 + cut % 13, &text.as_bytes()[..cut]);
        read(&mut input, &mut notes).unwrap();
        assert!(!notes.complaints.is_empty(), "{cut}");
    }
    let text = written(&Tree::built_in(Notation::V2, AllowList::Newest));
    for cut in (0..text.len()).step_by(97) {
        let mut notes = Notes::default();
        read(&mut &text.as_bytes()[..cut], &mut notes).unwrap();
        assert!(!notes.complaints.is_empty(), "{cut}");
    }
}

#[test]
fn a_description_is_known_by_its_root() {
    let fit = |text: &str| (KIND.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text });
    let text = odd();
    assert_eq!(fit(&text), Fit::Yes(9));
    assert_eq!(fit(&text[..600]), Fit::Yes(9));
    assert_eq!(fit("<MgmtTree/>"), Fit::Yes(9));
    assert_eq!(fit("<!DOCTYPE MgmtTree [<!ENTITY x 'y'>]><MgmtTree/>"), Fit::Yes(9));
    assert!(matches!(fit("# DDF file\n```xml\n<MgmtTree>"), Fit::Near(_)));
    for other in ["", "<SyncML/>", "{}", "<!DOCTYPE html><html/>", "MgmtTree"] {
        assert_eq!(fit(other), Fit::No, "{other}");
    }
}
