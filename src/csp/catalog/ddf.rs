//! The vocabulary of DDF files: the properties of a node in the order of the schema, the words that each takes, the two
//! notations that were published.
//!
//! What the nodes of this CSP say in that vocabulary stands in `nodes`; how it is laid out in bytes is left to `export`.

use super::documents::{DDF2, DDF12};
use super::nodes::{Build, DfType, Format, NodeId, Occurrence, Scope, Verb};
use crate::catalog::{Source, observed, stated};

/// The prefix of Microsoft's elements, as written.
pub const MICROSOFT: &str = "MSFT";

/// The namespace of that prefix.
pub const MICROSOFT_NAMESPACE: &str = "http://schemas.microsoft.com/MobileDevice/DM";

/// The root element.
pub const ROOT: &str = "MgmtTree";

/// Children of the root beside `Node`: the version of the language, and where v2 tells of diagnostics.
pub const VERSION: &str = "VerDTD";
pub const DIAGNOSTICS: &str = "MSFT:Diagnostics";

/// The text of `VerDTD` in both notations.
pub const LANGUAGE: &str = "1.2";

/// A node and its children beside nested nodes.
pub const NODE: &str = "Node";
pub const NODE_NAME: &str = "NodeName";
pub const PATH: &str = "Path";
pub const PROPERTIES_OF_NODE: &str = "DFProperties";

/// What a property of a node holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Character data of any wording.
    Text,
    /// Character data that is one of these words.
    Word(&'static [&'static str]),
    /// One child element, named by one of these words.
    Choice(&'static [&'static str]),
    /// Children named by these words, each at most once, in this order.
    Sequence(&'static [&'static str]),
    /// `ValueType` is one of these words; the children are [`VALUES`].
    Values(&'static [&'static str]),
    /// Structure that nothing here depends on.
    Open,
}

/// A child of `DFProperties`.
#[derive(Debug)]
pub struct Property {
    /// As files write it, with prefix.
    pub name: &'static str,
    pub required: bool,
    pub content: Content,
    /// The child of a choice may stand there several times.
    pub repeats: bool,
    pub source: Source,
}

const fn property(name: &'static str, required: bool, content: Content) -> Property {
    Property {
        name,
        required,
        content,
        repeats: false,
        source: stated(&DDF2, "schemas of the bundle: DFProperties"),
    }
}

const fn optional(name: &'static str, content: Content) -> Property {
    property(name, false, content)
}

/// Children of `MSFT:Applicability`, in the order of the schema.
pub const OS_BUILD_VERSION: &str = "OsBuildVersion";
pub const CSP_VERSION: &str = "CspVersion";
pub const EDITION_ALLOW_LIST: &str = "EditionAllowList";

/// The attribute of `MSFT:Deprecated`.
pub const OS_BUILD_DEPRECATED: &str = "OsBuildDeprecated";

/// The attribute of `MSFT:AllowedValues`, and two of its words.
pub const VALUE_TYPE: &str = "ValueType";
pub const ENUMERATION: &str = "ENUM";
pub const ANY_VALUE: &str = "None";

/// Children of `MSFT:AllowedValues`, without prefix.
pub static VALUES: [&str; 5] = [ENUM, VALUE, VALUE_DESCRIPTION, "List", "AdmxBacked"];
pub const ENUM: &str = "Enum";
pub const VALUE: &str = "Value";
pub const VALUE_DESCRIPTION: &str = "ValueDescription";

/// `MSFT:DynamicNodeNaming` of a node that the device names.
pub const CLIENT_INVENTORY: &str = "ClientInventory";

/// `MSFT:RebootBehavior` of a node that restarts the device, and of one that says nothing.
pub const REBOOT_AUTOMATIC: &str = "Automatic";
pub const REBOOT_NONE: &str = "None";

/// `CaseSense` of a node whose name is compared without regard to case.
pub const CASE_INSENSITIVE: &str = "CIS";

pub static ACCESS_TYPE: Property = property(
    "AccessType",
    true,
    Content::Sequence(&[
        Verb::Add.word(),
        Verb::Copy.word(),
        Verb::Delete.word(),
        Verb::Exec.word(),
        Verb::Get.word(),
        Verb::Replace.word(),
    ]),
);
pub static DEFAULT_VALUE: Property = optional("DefaultValue", Content::Text);
pub static DESCRIPTION: Property = optional("Description", Content::Text);
pub static DF_FORMAT: Property = property(
    "DFFormat",
    true,
    Content::Choice(&[
        "b64",
        "bin",
        "bool",
        Format::Chr.word(),
        Format::Int.word(),
        Format::Node.word(),
        Format::Null.word(),
        Format::Xml.word(),
        "date",
        "time",
        "float",
    ]),
);
pub static OCCURRENCE: Property = optional(
    "Occurrence",
    Content::Choice(&[
        Occurrence::One.word(),
        "ZeroOrOne",
        Occurrence::ZeroOrMore.word(),
        "OneOrMore",
        "ZeroOrN",
        "OneOrN",
    ]),
);
pub static SCOPE: Property =
    optional("Scope", Content::Choice(&[Scope::Permanent.word(), Scope::Dynamic.word()]));
pub static DF_TITLE: Property = optional("DFTitle", Content::Text);
pub static DF_TYPE: Property = Property {
    repeats: true,
    ..property("DFType", true, Content::Choice(&[DfType::Mime.word(), DfType::DdfName.word()]))
};
pub static CASE_SENSE: Property = optional("CaseSense", Content::Choice(&["CS", CASE_INSENSITIVE]));
pub static APPLICABILITY: Property = optional(
    "MSFT:Applicability",
    Content::Sequence(&[OS_BUILD_VERSION, CSP_VERSION, EDITION_ALLOW_LIST, "RequiresAzureAd"]),
);
pub static DYNAMIC_NODE_NAMING: Property = optional(
    "MSFT:DynamicNodeNaming",
    Content::Choice(&["ServerGeneratedUniqueIdentifier", CLIENT_INVENTORY, "UniqueName"]),
);
pub static ALLOWED_VALUES: Property = optional(
    "MSFT:AllowedValues",
    Content::Values(&[
        "XSD",
        "RegEx",
        "ADMX",
        "JSON",
        ENUMERATION,
        "Flag",
        "Range",
        "SDDL",
        ANY_VALUE,
    ]),
);
pub static REPLACE_BEHAVIOR: Property =
    optional("MSFT:ReplaceBehavior", Content::Word(&["Append", "Replace"]));
pub static REBOOT_BEHAVIOR: Property = optional(
    "MSFT:RebootBehavior",
    Content::Word(&[REBOOT_NONE, REBOOT_AUTOMATIC, "ServerInitiated"]),
);
pub static GP_MAPPING: Property = optional("MSFT:GpMapping", Content::Open);
pub static COMMON_ERROR_RESULTS: Property = optional("MSFT:CommonErrorResults", Content::Open);
pub static DEPRECATED: Property = optional("MSFT:Deprecated", Content::Open);
pub static DEPENDENCY_BEHAVIOR: Property = optional("MSFT:DependencyBehavior", Content::Open);
pub static CONFLICT_RESOLUTION: Property = optional(
    "MSFT:ConflictResolution",
    Content::Word(&[
        "NoMerge",
        "LowestValueMostSecure",
        "HighestValueMostSecure",
        "LastWrite",
        "LowestValueMostSecureZeroHasNoLimits",
        "HighestValueMostSecureZeroHasNoLimits",
    ]),
);
pub static ATOMIC_REQUIRED: Property = optional("MSFT:AtomicRequired", Content::Open);

/// Every property, in the order of the schema.
pub static PROPERTIES: [&Property; 20] = [
    &ACCESS_TYPE,
    &DEFAULT_VALUE,
    &DESCRIPTION,
    &DF_FORMAT,
    &OCCURRENCE,
    &SCOPE,
    &DF_TITLE,
    &DF_TYPE,
    &CASE_SENSE,
    &APPLICABILITY,
    &DYNAMIC_NODE_NAMING,
    &ALLOWED_VALUES,
    &REPLACE_BEHAVIOR,
    &REBOOT_BEHAVIOR,
    &GP_MAPPING,
    &COMMON_ERROR_RESULTS,
    &DEPRECATED,
    &DEPENDENCY_BEHAVIOR,
    &CONFLICT_RESOLUTION,
    &ATOMIC_REQUIRED,
];

impl Property {
    /// Its name without prefix.
    #[must_use]
    pub fn local(&self) -> &'static str {
        local(self.name)
    }

    /// Its place in the order of the schema, and its row, by the name without prefix.
    #[must_use]
    pub fn find(local: &str) -> Option<(usize, &'static Self)> {
        PROPERTIES.iter().copied().enumerate().find(|(_, property)| property.local() == local)
    }
}

/// A name without its prefix.
#[must_use]
pub fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

impl Occurrence {
    /// The name of the element.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::One => "One",
            Self::ZeroOrMore => "ZeroOrMore",
        }
    }
}

impl Scope {
    /// The name of the element.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Permanent => "Permanent",
            Self::Dynamic => "Dynamic",
        }
    }
}

impl DfType {
    /// The name of the element.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mime => "MIME",
            Self::DdfName => "DDFName",
        }
    }
}

/// What Windows versions begin with; some files of the bundle carry the second.
pub static BUILD_PREFIXES: [&str; 2] = ["10.0.", "11.0."];

/// What stands for a build that is not released; the first is what this CSP's DDF says.
pub static UNRELEASED_BUILDS: [&str; 3] = ["99.9.99999", "99.9.9999", "88.8.88888"];

/// The notations that were published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// Without elements of Microsoft, last published for Windows 10, version 1809.
    V1_2,
    V2,
}

/// What sets a notation apart.
#[derive(Debug)]
pub struct Layout {
    /// The word of `--ddf-version`.
    pub word: &'static str,
    /// How many levels the root node is indented.
    pub level: usize,
    /// Elements that are written with both tags when they are empty; others as `<Get />`.
    pub paired: &'static [&'static str],
    /// `CaseSense` stands before `DFType`, against the schema.
    pub case_first: bool,
    pub source: Source,
}

/// The layout of this CSP in DDF 1.2.
pub static LAYOUT_1_2: Layout = Layout {
    word: "1.2",
    level: 3,
    paired: &[NODE_NAME, DfType::DdfName.word()],
    case_first: true,
    source: observed(&DDF12, "the text of the page"),
};

/// The layout of `WindowsLicensing.xml`.
pub static LAYOUT_2: Layout = Layout {
    word: "2",
    level: 1,
    paired: &[NODE_NAME, DIAGNOSTICS, ALLOWED_VALUES.name],
    case_first: false,
    source: observed(&DDF2, "the text of the file"),
};

impl Notation {
    pub const ALL: [Self; 2] = [Self::V1_2, Self::V2];

    /// Reads the word of `--ddf-version`.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notation| notation.layout().word == word)
    }

    #[must_use]
    pub fn layout(self) -> &'static Layout {
        match self {
            Self::V1_2 => &LAYOUT_1_2,
            Self::V2 => &LAYOUT_2,
        }
    }
}

/// The release that DDF 1.2 describes: it has the nodes that were there by then. Source: DDF12, Windows 10, version 1809.
pub const LAST_BUILD_1_2: Build = Build { build: 17763, revision: 0 };

/// `MIME` of the root node and of leaves in DDF 1.2. Source: DDF12.
pub const ROOT_MIME_1_2: &str = "com.microsoft/1.3/MDM/WindowsLicensing";
pub const LEAF_MIME_1_2: &str = "text/plain";

/// Where DDF 1.2 lists verbs in another order than the schema. Source: DDF12, SMode/SwitchingPolicy.
pub static ACCESS_ORDERS_1_2: [(NodeId, &[Verb]); 1] =
    [(NodeId::SwitchingPolicy, &[Verb::Get, Verb::Delete, Verb::Replace, Verb::Add])];

#[cfg(test)]
mod tests {
    use super::{ACCESS_ORDERS_1_2, ACCESS_TYPE, Content, Notation, PROPERTIES, Property};
    use crate::csp::catalog::nodes::{NODES, Verb};
    use std::collections::BTreeSet;

    #[test]
    fn no_property_stands_twice_and_each_is_found_by_its_name() {
        let names: BTreeSet<&str> = PROPERTIES.iter().map(|property| property.local()).collect();
        assert_eq!(names.len(), PROPERTIES.len());
        for (at, property) in PROPERTIES.iter().enumerate() {
            assert_eq!(Property::find(property.local()).map(|(place, _)| place), Some(at));
        }
        assert!(Property::find("Get").is_none());
    }

    #[test]
    fn a_notation_is_known_by_its_version() {
        assert_eq!(Notation::named("1.2"), Some(Notation::V1_2));
        assert_eq!(Notation::named("2"), Some(Notation::V2));
        assert_eq!(Notation::named("1"), None);
    }

    #[test]
    fn the_verbs_of_the_schema_are_those_of_the_nodes() {
        let Content::Sequence(words) = ACCESS_TYPE.content else { panic!("no sequence") };
        assert_eq!(words, Verb::ALL.map(Verb::word));
        for node in NODES {
            assert!(node.verbs.is_sorted(), "{}", node.path);
        }
        for (id, order) in ACCESS_ORDERS_1_2 {
            let node = NODES.iter().find(|node| node.id == id).unwrap();
            assert_eq!(BTreeSet::from_iter(order), BTreeSet::from_iter(node.verbs));
        }
    }
}
