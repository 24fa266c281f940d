//! What Microsoft Graph calls the parts of an Intune profile: the types of OMA settings, the properties of the edition upgrade
//! template and the nodes that they go to.
//!
//! Reading profiles is left to `import`, writing them to `export`, applying them to `rules`.

use super::documents::{GRAPH, INTUNE};
use super::nodes::{
    Node, SWITCH_FROM_SMODE, SWITCHING_POLICY, UPGRADE_EDITION_WITH_LICENSE,
    UPGRADE_EDITION_WITH_PRODUCT_KEY,
};
use crate::catalog::{Source, assumed, stated};

/// What stands before the name of a type in `@odata.type`.
pub const NAMESPACE: &str = "#microsoft.graph.";

/// The type of a custom profile.
pub const CUSTOM_PROFILE: &str = "windows10CustomConfiguration";

/// The type of an edition upgrade template.
pub const UPGRADE_TEMPLATE: &str = "editionUpgradeConfiguration";

/// The members in which an answer of Graph, or an export, holds profiles.
pub static CONTAINERS: [&str; 2] = ["value", "policies"];

/// The word for a choice that was not made, in every enumeration of the template.
pub const NOT_CONFIGURED: &str = "notConfigured";

/// How the value of an OMA setting stands in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Signed 32-bit number.
    Integer,
    Text,
    /// Base64 of UTF-8 text, or of bytes.
    Base64,
    Boolean,
    /// A number, with a fraction or without.
    Number,
}

/// One type of OMA setting.
#[derive(Debug)]
pub struct OmaType {
    /// Without the namespace.
    pub name: &'static str,
    pub encoding: Encoding,
    /// The tokens of `Meta/Format` that it serves; the first is sent when a node's own is not among them.
    pub serves: &'static [&'static str],
    /// It has a `fileName`.
    pub file_name: bool,
    pub source: Source,
}

pub static INTEGER: OmaType = oma("omaSettingInteger", Encoding::Integer, &["int"], false);
pub static STRING: OmaType = oma("omaSettingString", Encoding::Text, &["chr"], false);
pub static STRING_XML: OmaType =
    oma("omaSettingStringXml", Encoding::Base64, &["chr", "xml"], true);
pub static BOOLEAN: OmaType = oma("omaSettingBoolean", Encoding::Boolean, &["bool"], false);
pub static BASE64: OmaType = oma("omaSettingBase64", Encoding::Base64, &["bin", "b64"], true);
pub static FLOATING_POINT: OmaType =
    oma("omaSettingFloatingPoint", Encoding::Number, &["float"], false);
pub static DATE_TIME: OmaType = oma("omaSettingDateTime", Encoding::Text, &["time"], false);

const fn oma(
    name: &'static str,
    encoding: Encoding,
    serves: &'static [&'static str],
    file_name: bool,
) -> OmaType {
    OmaType { name, encoding, serves, file_name, source: stated(&GRAPH, "omaSetting") }
}

/// Every type of OMA setting, in the order of the reference.
pub static OMA_TYPES: [&OmaType; 7] =
    [&INTEGER, &STRING, &STRING_XML, &BOOLEAN, &BASE64, &FLOATING_POINT, &DATE_TIME];

/// A value of `licenseType` and the property that it makes count.
#[derive(Debug)]
pub struct LicenseKind {
    pub word: &'static str,
    /// The property that holds what is executed.
    pub property: &'static str,
    pub node: &'static Node,
    pub source: Source,
}

/// The values of `licenseType` that execute something.
pub static LICENSE_KINDS: [LicenseKind; 2] = [
    LicenseKind {
        word: "productKey",
        property: "productKey",
        node: &UPGRADE_EDITION_WITH_PRODUCT_KEY,
        source: stated(&INTUNE, "edition upgrade, Product key"),
    },
    LicenseKind {
        word: "licenseFile",
        property: "license",
        node: &UPGRADE_EDITION_WITH_LICENSE,
        source: stated(&INTUNE, "edition upgrade, License file"),
    },
];

/// A value of `windowsSMode` and what it asks of the device.
#[derive(Debug)]
pub struct SModeChoice {
    pub word: &'static str,
    pub node: &'static Node,
    /// The value to set; `None` where the node is executed.
    pub value: Option<u32>,
    pub source: Source,
}

/// The values of `windowsSMode`.
pub static SMODE_CHOICES: [SModeChoice; 3] = [
    SModeChoice {
        word: "noRestriction",
        node: &SWITCHING_POLICY,
        value: Some(0),
        source: stated(&INTUNE, "mode switch, No configuration"),
    },
    SModeChoice {
        word: "block",
        node: &SWITCHING_POLICY,
        value: Some(1),
        source: stated(&INTUNE, "mode switch, Keep in S mode"),
    },
    SModeChoice {
        word: "unlock",
        node: &SWITCH_FROM_SMODE,
        value: None,
        source: assumed(
            &INTUNE,
            "the page names SwitchingPolicy alone, but switching is what SwitchFromSMode does",
        ),
    },
];

/// Properties of a profile that say to which devices it goes; they are shown and never evaluated.
pub static APPLICABILITY_RULES: [&str; 3] = [
    "deviceManagementApplicabilityRuleOsEdition",
    "deviceManagementApplicabilityRuleOsVersion",
    "deviceManagementApplicabilityRuleDeviceMode",
];

#[cfg(test)]
mod tests {
    use super::{LICENSE_KINDS, OMA_TYPES, SMODE_CHOICES};
    use crate::csp::catalog::nodes::{Allowed, Verb};
    use std::collections::HashSet;

    #[test]
    fn no_type_and_no_word_stands_twice() {
        let types: HashSet<&str> = OMA_TYPES.iter().map(|row| row.name).collect();
        assert_eq!(types.len(), OMA_TYPES.len());
        let words: HashSet<&str> = LICENSE_KINDS
            .iter()
            .map(|row| row.word)
            .chain(SMODE_CHOICES.iter().map(|row| row.word))
            .collect();
        assert_eq!(words.len(), LICENSE_KINDS.len() + SMODE_CHOICES.len());
    }

    #[test]
    fn what_the_template_asks_for_is_something_that_the_node_takes() {
        assert!(LICENSE_KINDS.iter().all(|row| row.node.takes(Verb::Exec)));
        for row in &SMODE_CHOICES {
            let Some(value) = row.value else {
                assert!(row.node.takes(Verb::Exec), "{}", row.word);
                continue;
            };
            let Allowed::Enumeration(values) = row.node.allowed else {
                panic!("{} has no values", row.node.path);
            };
            assert!(values.iter().any(|allowed| allowed.value == value), "{}", row.word);
        }
    }
}
