//! The rules of `csp lint`: one row a rule. Which line offends is found by `report::lint`.

use super::documents::{CAPTURE, CSP, DDF2, FLEET, GRAPH, INTUNE, MDM, OMADM};
use crate::catalog::{Source, assumed, stated};
use crate::finding::Level;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Stable word, the class of its findings: `CSP004`.
    pub id: &'static str,
    /// How bad a finding is, unless the rule's sentence says otherwise for a part of them.
    pub level: Level,
    /// What it finds, as a sentence.
    pub finding: &'static str,
    /// What to do, where a finding has nothing better to say.
    pub remedy: &'static str,
    pub source: Source,
}

pub static UNREADABLE: Rule = Rule {
    id: "CSP001",
    level: Level::Error,
    finding: "The file is not well-formed XML or JSON, or none of the kinds that are known.",
    remedy: "give a SyncML document, a Fleet profile, an Intune profile in JSON or a `customizations.xml`",
    source: assumed(&MDM, "a device answers no document that it cannot parse"),
};

pub static UNKNOWN_NODE: Rule = Rule {
    id: "CSP002",
    level: Level::Error,
    finding: "An address below WindowsLicensing is no node of the DDF.",
    remedy: "use a node of the DDF; `licctl csp ddf` prints it",
    source: stated(&DDF2, "WindowsLicensing and all nodes below it"),
};

pub static USER_SCOPE: Rule = Rule {
    id: "CSP003",
    level: Level::Error,
    finding: "An address of WindowsLicensing is in the scope of a user.",
    remedy: "begin the address with `./Vendor` or `./Device/Vendor`",
    source: stated(&CSP, "scope of every node: device, not user"),
};

pub static WRONG_VERB: Rule = Rule {
    id: "CSP004",
    level: Level::Error,
    finding: "The command is not among the AccessType of the node; a custom profile points at a node that it cannot set.",
    remedy: "use a command that the node takes",
    source: stated(&DDF2, "AccessType of each node"),
};

pub static WRONG_FORMAT: Rule = Rule {
    id: "CSP005",
    level: Level::Error,
    finding: "Meta/Format, or the type of the omaSetting, differs from the DFFormat of the node.",
    remedy: "give the value in the format of the DDF",
    source: stated(&DDF2, "DFFormat of each node"),
};

pub static WRONG_VALUE: Rule = Rule {
    id: "CSP006",
    level: Level::Error,
    finding: "The value is not among the AllowedValues of the node.",
    remedy: "give one of the allowed values",
    source: stated(&DDF2, "MSFT:AllowedValues of each node"),
};

pub static NOT_ON_TARGET: Rule = Rule {
    id: "CSP007",
    level: Level::Error,
    finding: "The node does not exist on the build or the edition of the target.",
    remedy: "send it only to devices that have the node",
    source: stated(&DDF2, "MSFT:Applicability of each node"),
};

pub static DEPRECATED: Rule = Rule {
    id: "CSP008",
    level: Level::Warning,
    finding: "The node is deprecated.",
    remedy: "desktop editions take a product key: use UpgradeEditionWithProductKey",
    source: stated(&DDF2, "MSFT:Deprecated"),
};

pub static INSIDER: Rule = Rule {
    id: "CSP009",
    level: Level::Warning,
    finding: "The node exists in Windows Insider Preview builds only.",
    remedy: "use DeviceLicensingService/LicenseType on released builds",
    source: stated(&CSP, "applicable OS: Windows Insider Preview"),
};

pub static NO_CMD_ID: Rule = Rule {
    id: "CSP010",
    level: Level::Error,
    finding: "A command has no CmdID; only bare commands, as Fleet profiles have them, need none.",
    remedy: "give every command, also inside Atomic and Sequence, its own CmdID",
    source: stated(&MDM, "CmdID is required"),
};

pub static CMD_ID_TWICE: Rule = Rule {
    id: "CSP011",
    level: Level::Error,
    finding: "A CmdID is used twice in one message.",
    remedy: "number the commands of a message 1, 2, 3 and so on",
    source: stated(&MDM, "CmdID is unique in a message"),
};

pub static CMD_ID_ZERO: Rule = Rule {
    id: "CSP012",
    level: Level::Error,
    finding: "A CmdID is 0, which stands for the header.",
    remedy: "number the commands from 1",
    source: stated(&MDM, "CmdID is never 0"),
};

pub static ATOMIC_IN_ATOMIC: Rule = Rule {
    id: "CSP013",
    level: Level::Error,
    finding: "An Atomic stands inside an Atomic.",
    remedy: "put the commands into the outer Atomic",
    source: stated(&MDM, "Atomic: no nesting"),
};

pub static GET_IN_ATOMIC: Rule = Rule {
    id: "CSP014",
    level: Level::Error,
    finding: "A Get stands inside an Atomic.",
    remedy: "put the Get before or behind the Atomic",
    source: stated(&MDM, "Atomic: no Get"),
};

pub static ADD_AND_REPLACE: Rule = Rule {
    id: "CSP015",
    level: Level::Error,
    finding: "One Atomic both adds and replaces one node.",
    remedy: "keep one of the two commands",
    source: stated(&MDM, "Atomic: no Add followed by Replace of the same node"),
};

pub static EXEC_ITEMS: Rule = Rule {
    id: "CSP016",
    level: Level::Error,
    finding: "An Exec has no Item, or more than one.",
    remedy: "give each Exec exactly one Item",
    source: stated(&MDM, "Exec: the client handles exactly one Item"),
};

pub static CDATA: Rule = Rule {
    id: "CSP017",
    level: Level::Warning,
    finding: "Data is written as CDATA, which configuration service providers need not take.",
    remedy: "write `&lt;` and `&amp;` instead",
    source: stated(&OMADM, "known issues: CDATA"),
};

pub static WHITE_SPACE: Rule = Rule {
    id: "CSP018",
    level: Level::Warning,
    finding: "White space stands around or inside an address.",
    remedy: "write the address without blanks and line breaks; a blank in a name is `%20`",
    source: assumed(&CSP, "published samples have it; how clients take it is not written"),
};

pub static META_NAMESPACE: Rule = Rule {
    id: "CSP019",
    level: Level::Warning,
    finding: "A child of Meta is not in the namespace syncml:metinf.",
    remedy: "write `xmlns=\"syncml:metinf\"` on each child of Meta",
    source: stated(&MDM, "Meta: meta-information namespace"),
};

pub static NAMESPACE: Rule = Rule {
    id: "CSP020",
    level: Level::Warning,
    finding: "The document is in the namespace of SyncML 1.1, or in none.",
    remedy: "write `xmlns=\"SYNCML:SYNCML1.2\"` on the root",
    source: stated(&MDM, "namespace SYNCML:SYNCML1.2"),
};

pub static PLACEHOLDER: Rule = Rule {
    id: "CSP021",
    level: Level::Warning,
    finding: "A placeholder of the documentation is left in: $CmdID$, XXXXX-XXXXX or {SubscriptionId}.",
    remedy: "put the real value in its place",
    source: stated(&CSP, "examples"),
};

pub static CLEAR_KEY: Rule = Rule {
    id: "CSP022",
    level: Level::Warning,
    finding: "A product key stands in clear text.",
    remedy: "keep the file from other eyes, or fill in the key when the file is deployed",
    source: assumed(&CSP, "a key is worth what its activations are worth"),
};

pub static KEY_SHAPE: Rule = Rule {
    id: "CSP023",
    level: Level::Error,
    finding: "A product key is not 29 characters in five groups.",
    remedy: "give all 25 letters and digits in five groups of five, joined by four ASCII hyphens",
    source: stated(&CSP, "UpgradeEditionWithProductKey: 29 characters including dashes"),
};

pub static FINAL: Rule = Rule {
    id: "CSP024",
    level: Level::Warning,
    finding: "Final is missing, or is not the last child of SyncBody.",
    remedy: "end SyncBody with `<Final/>`",
    source: stated(&MDM, "Final"),
};

pub static ORDER: Rule = Rule {
    id: "CSP025",
    level: Level::Warning,
    finding: "Elements stand in another order than the grammar has.",
    remedy: "order them as CmdID, NoResp, Cred, Meta, Item, and inside Item as Target, Source, Meta, Data",
    source: stated(&MDM, "order of the children of each element"),
};

pub static SET_TWICE: Rule = Rule {
    id: "CSP026",
    level: Level::Error,
    finding: "One file sets a node twice to different values; to equal values it is a warning.",
    remedy: "keep one of the two",
    source: assumed(&MDM, "the later command wins, which the author of two can hardly mean"),
};

pub static MASKED: Rule = Rule {
    id: "CSP027",
    level: Level::Info,
    finding: "The value is encrypted or masked and cannot be checked.",
    remedy: "fetch it with getOmaSettingPlainTextValue, or check the file that the profile was made from",
    source: stated(&GRAPH, "omaSetting: isEncrypted, secretReferenceValueId"),
};

pub static BASE64: Rule = Rule {
    id: "CSP028",
    level: Level::Error,
    finding: "The value of an omaSettingStringXml is no Base64, or not UTF-8; a byte order mark in it is a warning.",
    remedy: "encode the UTF-8 text without byte order mark as Base64",
    source: stated(&GRAPH, "omaSettingStringXml: value"),
};

pub static MARKUP: Rule = Rule {
    id: "CSP029",
    level: Level::Error,
    finding: "Data holds elements that should be escaped.",
    remedy: "write `&lt;` for `<` and `&amp;` for `&` inside Data",
    source: stated(&OMADM, "known issues: XML payload must be escaped"),
};

pub static CASE: Rule = Rule {
    id: "CSP030",
    level: Level::Info,
    finding: "The case of an address differs from the DDF.",
    remedy: "write it as the DDF does",
    source: stated(&DDF2, "CaseSense CIS"),
};

pub static REPLY_SIZE: Rule = Rule {
    id: "CSP031",
    level: Level::Warning,
    finding: "The reply is expected to be larger than MaxMsgSize.",
    remedy: "split the message",
    source: stated(&CAPTURE, "Alert 1223 in place of Results at MaxMsgSize 2048 and 8192"),
};

pub static LICENSE_XML: Rule = Rule {
    id: "CSP032",
    level: Level::Error,
    finding: "The value of UpgradeEditionWithLicense is not escaped XML.",
    remedy: "escape the whole license file once and put it into Data",
    source: stated(&CSP, "UpgradeEditionWithLicense: the XML is escaped"),
};

pub static FLEET_PROFILE: Rule = Rule {
    id: "CSP033",
    level: Level::Error,
    finding: "A Fleet profile has a wrapper, a processing instruction, or another command than Add and Replace at its top.",
    remedy: "keep only Add and Replace elements, one behind the other, without XML declaration",
    source: stated(&FLEET, "Windows configuration profiles: allowed elements"),
};

pub static RESTART: Rule = Rule {
    id: "CSP034",
    level: Level::Info,
    finding: "A restart comes with this node: its RebootBehavior is Automatic.",
    remedy: "tell the users, or choose the hour",
    source: stated(&DDF2, "MSFT:RebootBehavior of UpgradeEditionWithProductKey"),
};

pub static UPGRADE_TEMPLATE: Rule = Rule {
    id: "CSP035",
    level: Level::Warning,
    finding: "An editionUpgradeConfiguration contradicts itself or its target: windowsSMode for a device not in S mode, a product key with licenseType licenseFile, or a targetEdition that cannot be reached.",
    remedy: "assign the profile to devices that it fits",
    source: stated(&INTUNE, "edition upgrade and mode switch"),
};

pub static FILES_DISAGREE: Rule = Rule {
    id: "CSP036",
    level: Level::Warning,
    finding: "Two files set one node to different values.",
    remedy: "make the files agree, or assign them to different devices",
    source: assumed(&INTUNE, "which profile wins is not written"),
};

pub static KEY_UNREACHABLE: Rule = Rule {
    id: "CSP037",
    level: Level::Error,
    finding: "The key catalog knows the key, and its edition cannot be reached from the edition of the target.",
    remedy: "use a key of a reachable edition; `licctl csp path list` shows them",
    source: stated(&CSP, "UpgradeEditionWithProductKey: supported upgrade paths"),
};

pub static NOT_REVERTED: Rule = Rule {
    id: "CSP038",
    level: Level::Info,
    finding: "Removing the profile does not revert an edition upgrade.",
    remedy: "plan the way back before the assignment",
    source: stated(&INTUNE, "removing the policy does not revert the edition"),
};

pub static QUOTED_INTEGER: Rule = Rule {
    id: "CSP039",
    level: Level::Warning,
    finding: "An integer of an Intune profile is written as text.",
    remedy: "write the number without quotation marks",
    source: stated(&GRAPH, "omaSettingInteger: value is Int32"),
};

pub static BOTH_SPELLINGS: Rule = Rule {
    id: "CSP040",
    level: Level::Info,
    finding: "One file uses both `./Vendor` and `./Device/Vendor`.",
    remedy: "keep to one spelling: both are one tree",
    source: stated(&CSP, "both addresses lead to the device scope"),
};

pub static NO_HEADER: Rule = Rule {
    id: "CSP041",
    level: Level::Info,
    finding: "The document has no SyncHdr: fine for local application, not as a message of a session.",
    remedy: "add SyncHdr before sending it in a session",
    source: stated(&MDM, "SyncML: SyncHdr and SyncBody"),
};

pub static OTHER_CSP: Rule = Rule {
    id: "CSP042",
    level: Level::Info,
    finding: "The address belongs to another configuration service provider and is not checked.",
    remedy: "check it against the DDF of that provider",
    source: assumed(&DDF2, "only WindowsLicensing and what is asked together with it is modelled"),
};

/// Every rule, by number.
pub static RULES: [&Rule; 42] = [
    &UNREADABLE,
    &UNKNOWN_NODE,
    &USER_SCOPE,
    &WRONG_VERB,
    &WRONG_FORMAT,
    &WRONG_VALUE,
    &NOT_ON_TARGET,
    &DEPRECATED,
    &INSIDER,
    &NO_CMD_ID,
    &CMD_ID_TWICE,
    &CMD_ID_ZERO,
    &ATOMIC_IN_ATOMIC,
    &GET_IN_ATOMIC,
    &ADD_AND_REPLACE,
    &EXEC_ITEMS,
    &CDATA,
    &WHITE_SPACE,
    &META_NAMESPACE,
    &NAMESPACE,
    &PLACEHOLDER,
    &CLEAR_KEY,
    &KEY_SHAPE,
    &FINAL,
    &ORDER,
    &SET_TWICE,
    &MASKED,
    &BASE64,
    &MARKUP,
    &CASE,
    &REPLY_SIZE,
    &LICENSE_XML,
    &FLEET_PROFILE,
    &RESTART,
    &UPGRADE_TEMPLATE,
    &FILES_DISAGREE,
    &KEY_UNREACHABLE,
    &NOT_REVERTED,
    &QUOTED_INTEGER,
    &BOTH_SPELLINGS,
    &NO_HEADER,
    &OTHER_CSP,
];

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn the_rules_are_numbered_without_a_gap() {
        for (index, rule) in RULES.iter().enumerate() {
            assert_eq!(rule.id, format!("CSP{:03}", index + 1));
        }
    }

    #[test]
    fn every_rule_says_what_it_finds_as_a_sentence_and_what_to_do_as_a_phrase() {
        for rule in RULES {
            assert!(rule.finding.ends_with('.'), "{}", rule.id);
            assert!(!rule.finding.starts_with(char::is_lowercase), "{}", rule.id);
            assert!(!rule.remedy.is_empty() && !rule.remedy.ends_with('.'), "{}", rule.id);
            assert!(!rule.source.place.is_empty(), "{}", rule.id);
        }
    }
}
