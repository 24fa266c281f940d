//! Writes a description of management nodes as a DDF file, byte for byte in the layout of the published ones.
//!
//! UTF-8 with byte order mark, lines ended by CRLF but for the last. Which elements there are is the model's matter.
//!
//! Source: DDF2, DDF12.

use crate::csp::catalog::ddf as words;
use crate::csp::catalog::ddf::Layout;
use crate::csp::model::ddf::{Element, Node, Tree};
use quick_xml::escape::{escape, partial_escape};
use std::fmt::Write as _;

/// What stands before the root; the space at the beginning of the public identifier is in every published file.
const PROLOGUE: [&str; 4] = [
    "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
    "<!DOCTYPE MgmtTree PUBLIC \" -//OMA//DTD-DM-DDF 1.2//EN\"",
    "  \"http://www.openmobilealliance.org/tech/DTD/DM_DDF-V1_2.dtd\"",
    "  [<?oma-dm-ddf-ver supported-versions=\"1.2\"?>]>",
];

const END_OF_LINE: &str = "\r\n";

/// Spaces to a level.
const INDENT: usize = 2;

/// Writes a whole file.
///
/// What has no place in the schema stands behind what has: in a node before the nodes below it, in the root before the first
/// node.
#[must_use]
pub fn write(tree: &Tree) -> Vec<u8> {
    let mut out = Lines { text: String::new(), layout: tree.notation.layout() };
    for line in PROLOGUE {
        out.line(0, line);
    }
    let (root, prefix, namespace) = (words::ROOT, words::MICROSOFT, words::MICROSOFT_NAMESPACE);
    out.line(0, &format!("<{root} xmlns:{prefix}=\"{namespace}\">"));
    for element in tree.version.iter().chain(&tree.diagnostics).chain(&tree.strays) {
        out.element(1, element);
    }
    out.nodes(&tree.nodes);
    out.line(0, &format!("</{root}>"));
    out.text.into_bytes()
}

/// The text up to here.
struct Lines {
    text: String,
    layout: &'static Layout,
}

impl Lines {
    fn line(&mut self, level: usize, text: &str) {
        if !self.text.is_empty() {
            self.text.push_str(END_OF_LINE);
        }
        self.text.extend(std::iter::repeat_n(' ', level * INDENT));
        self.text.push_str(text);
    }

    /// Each node is closed before the next that does not stand in it.
    fn nodes(&mut self, nodes: &[Node]) {
        let mut open = 0;
        for node in nodes {
            self.close(open, node.depth);
            open = node.depth + 1;
            self.node(self.layout.level + node.depth, node);
        }
        self.close(open, 0);
    }

    fn close(&mut self, open: usize, depth: usize) {
        for depth in (depth..open).rev() {
            self.line(self.layout.level + depth, &format!("</{}>", words::NODE));
        }
    }

    /// A node without its end and the nodes below it.
    fn node(&mut self, level: usize, node: &Node) {
        self.line(level, &format!("<{}>", words::NODE));
        let named = [(words::NODE_NAME, &node.name), (words::PATH, &node.location)];
        for (name, text) in named {
            if let Some(text) = text {
                self.element(level + 1, &Element::new(name).saying(text.as_str()));
            }
        }
        if let Some(properties) = &node.properties {
            self.line(level + 1, &format!("<{}>", words::PROPERTIES_OF_NODE));
            for property in properties {
                self.element(level + 2, property);
            }
            self.line(level + 1, &format!("</{}>", words::PROPERTIES_OF_NODE));
        }
        for stray in &node.strays {
            self.element(level + 1, stray);
        }
    }

    fn element(&mut self, level: usize, element: &Element) {
        let name = &element.name;
        let mut tag = name.clone();
        for (key, value) in &element.attributes {
            // Writing to a text cannot fail.
            let _ = write!(tag, " {key}=\"{}\"", attribute(value));
        }
        if !element.children.is_empty() {
            self.line(level, &format!("<{tag}>"));
            for child in &element.children {
                self.element(level + 1, child);
            }
            self.line(level, &format!("</{name}>"));
        } else if element.text.is_empty() && !self.layout.paired.contains(&name.as_str()) {
            self.line(level, &format!("<{tag} />"));
        } else {
            let text = partial_escape(element.text.as_str()).replace('\n', END_OF_LINE);
            self.line(level, &format!("<{tag}>{text}</{name}>"));
        }
    }
}

/// An attribute's value; what a reader would take for a space is written as a reference.
fn attribute(value: &str) -> String {
    escape(value).replace('\n', "&#10;").replace('\t', "&#9;")
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::csp::catalog::ddf::Notation;
    use crate::csp::catalog::editions::AllowList;
    use crate::csp::model::ddf::{Element, Tree};

    fn written(notation: Notation, list: AllowList) -> String {
        String::from_utf8(write(&Tree::built_in(notation, list))).unwrap()
    }

    fn lines(text: &[&str]) -> String {
        text.join("\r\n")
    }

    #[test]
    fn the_head_and_the_root_node_of_version_2_stand_as_published() {
        let head = lines(&[
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<!DOCTYPE MgmtTree PUBLIC \" -//OMA//DTD-DM-DDF 1.2//EN\"",
            "  \"http://www.openmobilealliance.org/tech/DTD/DM_DDF-V1_2.dtd\"",
            "  [<?oma-dm-ddf-ver supported-versions=\"1.2\"?>]>",
            "<MgmtTree xmlns:MSFT=\"http://schemas.microsoft.com/MobileDevice/DM\">",
            "  <VerDTD>1.2</VerDTD>",
            "  <MSFT:Diagnostics></MSFT:Diagnostics>",
            "  <Node>",
            "    <NodeName>WindowsLicensing</NodeName>",
            "    <Path>./Vendor/MSFT</Path>",
            "    <DFProperties>",
            "      <AccessType>",
            "        <Get />",
            "      </AccessType>",
            "      <Description>Licensing related management scenarios.</Description>",
            "      <DFFormat>",
            "        <node />",
            "      </DFFormat>",
            "      <Occurrence>",
            "        <One />",
            "      </Occurrence>",
            "      <Scope>",
            "        <Permanent />",
            "      </Scope>",
            "      <DFType>",
            "        <MIME />",
            "      </DFType>",
            "      <MSFT:Applicability>",
            "        <MSFT:OsBuildVersion>10.0.10586</MSFT:OsBuildVersion>",
            "        <MSFT:CspVersion>1.0</MSFT:CspVersion>",
            "        <MSFT:EditionAllowList>0x4;0x1B;0x30;0x31;",
        ]);
        assert!(written(Notation::V2, AllowList::Newest).starts_with(&head));
    }

    #[test]
    fn a_leaf_of_version_2_stands_as_published() {
        let leaf = lines(&[
            "      <Node>",
            "        <NodeName>SwitchingPolicy</NodeName>",
            "        <DFProperties>",
            "          <AccessType>",
            "            <Add />",
            "            <Delete />",
            "            <Get />",
            "            <Replace />",
            "          </AccessType>",
            "          <Description>Whether the user can switch the device out of S mode; only for devices in S mode.</Description>",
            "          <DFFormat>",
            "            <int />",
            "          </DFFormat>",
            "          <Occurrence>",
            "            <One />",
            "          </Occurrence>",
            "          <Scope>",
            "            <Dynamic />",
            "          </Scope>",
            "          <DFType>",
            "            <MIME />",
            "          </DFType>",
            "          <CaseSense>",
            "            <CIS />",
            "          </CaseSense>",
            "          <MSFT:AllowedValues ValueType=\"ENUM\">",
            "            <MSFT:Enum>",
            "              <MSFT:Value>0</MSFT:Value>",
            "              <MSFT:ValueDescription>The user is allowed to switch the device out of S mode.</MSFT:ValueDescription>",
            "            </MSFT:Enum>",
            "            <MSFT:Enum>",
            "              <MSFT:Value>1</MSFT:Value>",
            "              <MSFT:ValueDescription>Only the admin can switch the device out of S mode, through SMode/SwitchFromSMode.</MSFT:ValueDescription>",
            "            </MSFT:Enum>",
            "          </MSFT:AllowedValues>",
            "        </DFProperties>",
            "      </Node>",
            "",
        ]);
        assert!(written(Notation::V2, AllowList::Newest).contains(&leaf));
    }

    #[test]
    fn microsofts_elements_of_version_2_stand_as_published() {
        let text = written(Notation::V2, AllowList::Newest);
        for part in [
            lines(&[
                "        <MSFT:AllowedValues ValueType=\"None\"></MSFT:AllowedValues>",
                "        <MSFT:RebootBehavior>Automatic</MSFT:RebootBehavior>",
                "      </DFProperties>",
            ]),
            lines(&[
                "        <MSFT:AllowedValues ValueType=\"None\"></MSFT:AllowedValues>",
                "        <MSFT:Deprecated />",
                "      </DFProperties>",
            ]),
            lines(&["        <NodeName></NodeName>", "        <DFProperties>"]),
            lines(&[
                "          <DFTitle>SubscriptionId</DFTitle>",
                "          <DFType>",
                "            <DDFName />",
                "          </DFType>",
                "          <MSFT:DynamicNodeNaming>",
                "            <MSFT:ClientInventory />",
                "          </MSFT:DynamicNodeNaming>",
                "        </DFProperties>",
                "        <Node>",
                "          <NodeName>Status</NodeName>",
            ]),
            lines(&[
                "        <MSFT:Applicability>",
                "          <MSFT:OsBuildVersion>10.0.22621, 10.0.22000.1165</MSFT:OsBuildVersion>",
                "          <MSFT:CspVersion>1.4</MSFT:CspVersion>",
                "        </MSFT:Applicability>",
                "      </DFProperties>",
            ]),
        ] {
            assert!(text.contains(&part), "{part}");
        }
        assert!(text.ends_with("\r\n    </Node>\r\n  </Node>\r\n</MgmtTree>"));
    }

    #[test]
    fn version_2_has_27_nodes_on_705_lines_ended_by_crlf() {
        let text = written(Notation::V2, AllowList::Newest);
        assert_eq!(text.lines().count(), 705);
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert_eq!((text.matches("<Node>").count(), text.matches("</Node>").count()), (27, 27));
        assert_eq!(text.matches("<Description>").count(), 27);
    }

    #[test]
    fn the_two_lists_of_editions_are_all_that_tells_the_two_texts_of_version_2_apart() {
        let (new, old) =
            (written(Notation::V2, AllowList::Newest), written(Notation::V2, AllowList::Older));
        let differ: Vec<_> = new.lines().zip(old.lines()).filter(|(new, old)| new != old).collect();
        assert_eq!(differ.len(), 1);
        assert!(differ[0].0.contains("0xCD;0xCF;0xD2;<") && differ[0].1.contains("0x77;"));
    }

    #[test]
    fn version_1_2_stands_as_its_page_has_it() {
        let text = written(Notation::V1_2, AllowList::Newest);
        for part in [
            lines(&[
                "<MgmtTree xmlns:MSFT=\"http://schemas.microsoft.com/MobileDevice/DM\">",
                "  <VerDTD>1.2</VerDTD>",
                "      <Node>",
                "        <NodeName>WindowsLicensing</NodeName>",
            ]),
            lines(&[
                "          <DFType>",
                "            <MIME>com.microsoft/1.3/MDM/WindowsLicensing</MIME>",
            ]),
            lines(&[
                "            <DFType>",
                "              <DDFName></DDFName>",
                "            </DFType>",
            ]),
            lines(&[
                "              <AccessType>",
                "                <Get />",
                "                <Delete />",
                "                <Replace />",
                "                <Add />",
                "              </AccessType>",
            ]),
            lines(&[
                "              <CaseSense>",
                "                <CIS />",
                "              </CaseSense>",
                "              <DFType>",
                "                <MIME>text/plain</MIME>",
                "              </DFType>",
                "            </DFProperties>",
            ]),
        ] {
            assert!(text.contains(&part), "{part}");
        }
        assert_eq!(text.matches("<Node>").count(), 16);
        assert_eq!(text.matches("MSFT").count(), 2, "the declared prefix and the path of the root");
        assert!(text.ends_with("\r\n      </Node>\r\n</MgmtTree>"));
    }

    #[test]
    fn what_markup_would_be_is_escaped() {
        let mut tree = Tree::built_in(Notation::V2, AllowList::Newest);
        let odd = Element::new("MSFT:Odd").with("A", "\"<\t\n").saying("a & <b>\nc\r");
        tree.nodes[0].properties = Some(vec![odd]);
        let text = String::from_utf8(write(&tree)).unwrap();
        let expected = "<MSFT:Odd A=\"&quot;&lt;&#9;&#10;\">a &amp; &lt;b&gt;\r\nc&#13;</MSFT:Odd>";
        assert!(text.contains(expected), "{text}");
    }
}
