//! The verbs of OMA DM on the nodes of the CSP, each with the command that runs it and the codes that it can be refused with.
//!
//! A verb on any node is a method of the CSP itself; a verb on a node that does something of its own has a row of that node.
//! The order in which a command is checked is left to `rules`.

use super::codes::{
    BAD_REQUEST, CFGMGR_E_COMMANDNOTALLOWED, CFGMGR_E_CSPNODEILLEGALSTATE,
    CFGMGR_E_INVALIDDATATYPE, CFGMGR_E_NODENOTFOUND, CFGMGR_E_PROPERTYNOTSUPPORTED,
    CFGMGR_E_XMLPARSEERROR, E_CLOCK_BACKWARDS, E_INVALIDARG, ERROR_ALREADY_EXISTS,
    SL_E_INVALID_PRODUCT_KEY, SL_E_MISMATCHED_PRODUCT_SKU,
};
use super::documents::MDM;
use super::nodes::{
    CHANGE_PRODUCT_KEY, CHECK_APPLICABILITY, DISABLE_SUBSCRIPTION, DISABLE_SUBSCRIPTION_VALUES,
    LICENSE_TYPE, Node, REMOVE_SUBSCRIPTION, ROOT, SMODE_STATUS, SMODE_STATUSES,
    SUBSCRIPTION_KINDS, SUBSCRIPTION_TYPE, SWITCH_FROM_SMODE, SWITCHING_POLICIES, SWITCHING_POLICY,
    UPGRADE_EDITION_WITH_LICENSE, UPGRADE_EDITION_WITH_PRODUCT_KEY, Verb,
};
use crate::catalog::{Code, Direction, Kind, Mask, Method, Named, Parameter, Source, stated};

/// A verb on a node.
#[derive(Debug)]
pub struct NodeMethod {
    pub method: Method,
    /// The root for a verb on any node.
    pub node: &'static Node,
    pub verb: Verb,
}

/// The longest address and the longest data that a message can hold, in characters.
const TEXT: Kind = Kind::Text { min: 0, max: 16_777_216 };

const ADDRESS: Parameter = Parameter {
    name: "LocURI",
    kind: TEXT,
    doc: "Address of the node; without `./` it is below the root of the CSP.",
    direction: Direction::In,
};

const STATUS: Parameter = Parameter {
    name: "Status",
    kind: Kind::U32 { min: 100, max: 599 },
    doc: "What the device answers.",
    direction: Direction::Out,
};

const DATA: Parameter = Parameter {
    name: "Data",
    kind: TEXT,
    doc: "The value, in the format of the node.",
    direction: Direction::In,
};

const READ: Parameter = Parameter {
    name: "Data",
    kind: TEXT,
    doc: "The value; of an interior node, the names of its children.",
    direction: Direction::Out,
};

const KEY: Parameter = Parameter {
    name: "Data",
    kind: Kind::Secret(Mask::LastFive),
    doc: "The product key: 29 characters with its hyphens.",
    direction: Direction::In,
};

const LICENSE: Parameter = Parameter {
    name: "Data",
    kind: TEXT,
    doc: "The license file: XML, escaped in a message.",
    direction: Direction::In,
};

/// A value that is one of a few numbers.
const fn choice(values: &'static [Named], doc: &'static str) -> Parameter {
    Parameter { name: "Data", kind: Kind::Enumeration(values), doc, direction: Direction::In }
}

/// The same, as an answer.
const fn answer(values: &'static [Named], doc: &'static str) -> Parameter {
    Parameter { direction: Direction::Out, ..choice(values, doc) }
}

static READING: [&Code; 4] = [
    &BAD_REQUEST,
    &CFGMGR_E_NODENOTFOUND,
    &CFGMGR_E_COMMANDNOTALLOWED,
    &CFGMGR_E_PROPERTYNOTSUPPORTED,
];

static ADDING: [&Code; 9] = [
    &BAD_REQUEST,
    &CFGMGR_E_NODENOTFOUND,
    &CFGMGR_E_COMMANDNOTALLOWED,
    &CFGMGR_E_PROPERTYNOTSUPPORTED,
    &ERROR_ALREADY_EXISTS,
    &CFGMGR_E_INVALIDDATATYPE,
    &E_INVALIDARG,
    &CFGMGR_E_CSPNODEILLEGALSTATE,
    &E_CLOCK_BACKWARDS,
];

static REPLACING: [&Code; 8] = [
    &BAD_REQUEST,
    &CFGMGR_E_NODENOTFOUND,
    &CFGMGR_E_COMMANDNOTALLOWED,
    &CFGMGR_E_PROPERTYNOTSUPPORTED,
    &CFGMGR_E_INVALIDDATATYPE,
    &E_INVALIDARG,
    &CFGMGR_E_CSPNODEILLEGALSTATE,
    &E_CLOCK_BACKWARDS,
];

static DELETING: [&Code; 5] = [
    &BAD_REQUEST,
    &CFGMGR_E_NODENOTFOUND,
    &CFGMGR_E_COMMANDNOTALLOWED,
    &CFGMGR_E_PROPERTYNOTSUPPORTED,
    &E_CLOCK_BACKWARDS,
];

/// What a node of a few numbers can be refused with.
static SETTING: [&Code; 5] = [
    &CFGMGR_E_NODENOTFOUND,
    &CFGMGR_E_INVALIDDATATYPE,
    &E_INVALIDARG,
    &CFGMGR_E_CSPNODEILLEGALSTATE,
    &E_CLOCK_BACKWARDS,
];

/// Whatever an Exec of any node can be refused with.
static RUNNING: [&Code; 11] = [
    &BAD_REQUEST,
    &CFGMGR_E_NODENOTFOUND,
    &CFGMGR_E_COMMANDNOTALLOWED,
    &CFGMGR_E_PROPERTYNOTSUPPORTED,
    &CFGMGR_E_INVALIDDATATYPE,
    &E_INVALIDARG,
    &SL_E_INVALID_PRODUCT_KEY,
    &SL_E_MISMATCHED_PRODUCT_SKU,
    &CFGMGR_E_XMLPARSEERROR,
    &CFGMGR_E_CSPNODEILLEGALSTATE,
    &E_CLOCK_BACKWARDS,
];

const fn any(place: &'static str) -> Source {
    stated(&MDM, place)
}

/// The verbs on any node.
pub static VERBS: [NodeMethod; 5] = [
    NodeMethod {
        method: Method {
            name: "WindowsLicensing.Get",
            command: "csp get",
            summary: "Read a node",
            parameters: &[ADDRESS, READ, STATUS],
            refuses: &READING,
            source: any("Get"),
        },
        node: &ROOT,
        verb: Verb::Get,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing.Add",
            command: "csp add",
            summary: "Add a node that is not there yet",
            parameters: &[ADDRESS, DATA, STATUS],
            refuses: &ADDING,
            source: any("Add"),
        },
        node: &ROOT,
        verb: Verb::Add,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing.Replace",
            command: "csp set",
            summary: "Set the value of a node",
            parameters: &[ADDRESS, DATA, STATUS],
            refuses: &REPLACING,
            source: any("Replace"),
        },
        node: &ROOT,
        verb: Verb::Replace,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing.Delete",
            command: "csp delete",
            summary: "Delete a node",
            parameters: &[ADDRESS, STATUS],
            refuses: &DELETING,
            source: any("Delete"),
        },
        node: &ROOT,
        verb: Verb::Delete,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing.Exec",
            command: "csp exec",
            summary: "Run what a node does",
            parameters: &[ADDRESS, DATA, STATUS],
            refuses: &RUNNING,
            source: any("Exec"),
        },
        node: &ROOT,
        verb: Verb::Exec,
    },
];

/// The verbs that do something of their own on a node, in the order of the DDF. A Get reads what is there, but for the one that
/// has a command of its own.
pub static OWN: [NodeMethod; 14] = [
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/UpgradeEditionWithProductKey.Exec",
            command: "csp upgrade",
            summary: "Upgrade the edition with a product key",
            parameters: &[KEY, STATUS],
            refuses: &[
                &CFGMGR_E_NODENOTFOUND,
                &E_INVALIDARG,
                &SL_E_INVALID_PRODUCT_KEY,
                &SL_E_MISMATCHED_PRODUCT_SKU,
                &CFGMGR_E_CSPNODEILLEGALSTATE,
                &E_CLOCK_BACKWARDS,
            ],
            source: UPGRADE_EDITION_WITH_PRODUCT_KEY.field.source,
        },
        node: &UPGRADE_EDITION_WITH_PRODUCT_KEY,
        verb: Verb::Exec,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/ChangeProductKey.Exec",
            command: "csp change-key",
            summary: "Install a product key without a restart",
            parameters: &[KEY, STATUS],
            refuses: &[
                &CFGMGR_E_NODENOTFOUND,
                &E_INVALIDARG,
                &SL_E_INVALID_PRODUCT_KEY,
                &SL_E_MISMATCHED_PRODUCT_SKU,
                &CFGMGR_E_CSPNODEILLEGALSTATE,
                &E_CLOCK_BACKWARDS,
            ],
            source: CHANGE_PRODUCT_KEY.field.source,
        },
        node: &CHANGE_PRODUCT_KEY,
        verb: Verb::Exec,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/UpgradeEditionWithLicense.Exec",
            command: "csp exec",
            summary: "Upgrade the edition of a mobile device with a license file",
            parameters: &[LICENSE, STATUS],
            refuses: &[
                &CFGMGR_E_NODENOTFOUND,
                &CFGMGR_E_XMLPARSEERROR,
                &SL_E_MISMATCHED_PRODUCT_SKU,
                &CFGMGR_E_CSPNODEILLEGALSTATE,
                &E_CLOCK_BACKWARDS,
            ],
            source: UPGRADE_EDITION_WITH_LICENSE.field.source,
        },
        node: &UPGRADE_EDITION_WITH_LICENSE,
        verb: Verb::Exec,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/CheckApplicability.Exec",
            command: "csp check-key",
            summary: "Ask whether a product key would upgrade the edition",
            parameters: &[KEY, STATUS],
            refuses: &[
                &CFGMGR_E_NODENOTFOUND,
                &E_INVALIDARG,
                &SL_E_INVALID_PRODUCT_KEY,
                &SL_E_MISMATCHED_PRODUCT_SKU,
            ],
            source: CHECK_APPLICABILITY.field.source,
        },
        node: &CHECK_APPLICABILITY,
        verb: Verb::Exec,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/Subscriptions/SubscriptionType.Replace",
            command: "csp set",
            summary: "Choose who a subscription is granted to, and acquire a device-based one",
            parameters: &[choice(&SUBSCRIPTION_KINDS, "The kind of subscription."), STATUS],
            refuses: &SETTING,
            source: SUBSCRIPTION_TYPE.field.source,
        },
        node: &SUBSCRIPTION_TYPE,
        verb: Verb::Replace,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/Subscriptions/DisableSubscription.Replace",
            command: "csp set",
            summary: "Disable subscriptions and remove the one that is there, or enable them again",
            parameters: &[
                choice(&DISABLE_SUBSCRIPTION_VALUES, "Whether subscriptions are disabled."),
                STATUS,
            ],
            refuses: &SETTING,
            source: DISABLE_SUBSCRIPTION.field.source,
        },
        node: &DISABLE_SUBSCRIPTION,
        verb: Verb::Replace,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/Subscriptions/RemoveSubscription.Exec",
            command: "csp exec",
            summary: "Remove the subscription license",
            parameters: &[STATUS],
            refuses: &[
                &CFGMGR_E_NODENOTFOUND,
                &CFGMGR_E_INVALIDDATATYPE,
                &CFGMGR_E_CSPNODEILLEGALSTATE,
                &E_CLOCK_BACKWARDS,
            ],
            source: REMOVE_SUBSCRIPTION.field.source,
        },
        node: &REMOVE_SUBSCRIPTION,
        verb: Verb::Exec,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/SMode/SwitchingPolicy.Add",
            command: "csp smode policy",
            summary: "Decide for the first time whether the user may leave S mode",
            parameters: &[choice(&SWITCHING_POLICIES, "Who may leave S mode."), STATUS],
            refuses: &[
                &CFGMGR_E_NODENOTFOUND,
                &ERROR_ALREADY_EXISTS,
                &CFGMGR_E_INVALIDDATATYPE,
                &E_INVALIDARG,
                &CFGMGR_E_CSPNODEILLEGALSTATE,
                &E_CLOCK_BACKWARDS,
            ],
            source: SWITCHING_POLICY.field.source,
        },
        node: &SWITCHING_POLICY,
        verb: Verb::Add,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/SMode/SwitchingPolicy.Delete",
            command: "csp smode policy",
            summary: "Take back the decision on S mode",
            parameters: &[STATUS],
            refuses: &[&CFGMGR_E_NODENOTFOUND, &E_CLOCK_BACKWARDS],
            source: SWITCHING_POLICY.field.source,
        },
        node: &SWITCHING_POLICY,
        verb: Verb::Delete,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/SMode/SwitchingPolicy.Get",
            command: "csp smode policy",
            summary: "Read whether the user may leave S mode",
            parameters: &[answer(&SWITCHING_POLICIES, "Who may leave S mode."), STATUS],
            refuses: &[&CFGMGR_E_NODENOTFOUND],
            source: SWITCHING_POLICY.field.source,
        },
        node: &SWITCHING_POLICY,
        verb: Verb::Get,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/SMode/SwitchingPolicy.Replace",
            command: "csp smode policy",
            summary: "Decide anew whether the user may leave S mode",
            parameters: &[choice(&SWITCHING_POLICIES, "Who may leave S mode."), STATUS],
            refuses: &SETTING,
            source: SWITCHING_POLICY.field.source,
        },
        node: &SWITCHING_POLICY,
        verb: Verb::Replace,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/SMode/SwitchFromSMode.Exec",
            command: "csp smode switch",
            summary: "Switch the device out of S mode",
            parameters: &[STATUS],
            refuses: &[&CFGMGR_E_NODENOTFOUND, &CFGMGR_E_INVALIDDATATYPE, &E_CLOCK_BACKWARDS],
            source: SWITCH_FROM_SMODE.field.source,
        },
        node: &SWITCH_FROM_SMODE,
        verb: Verb::Exec,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/SMode/Status.Get",
            command: "csp smode status",
            summary: "Read how far the switch out of S mode is",
            parameters: &[answer(&SMODE_STATUSES, "How far it is."), STATUS],
            refuses: &[&CFGMGR_E_NODENOTFOUND],
            source: SMODE_STATUS.field.source,
        },
        node: &SMODE_STATUS,
        verb: Verb::Get,
    },
    NodeMethod {
        method: Method {
            name: "WindowsLicensing/DeviceLicensingService/LicenseType.Replace",
            command: "csp set",
            summary: "Acquire, refresh or remove a device-based subscription",
            parameters: &[choice(&SUBSCRIPTION_KINDS, "The kind of subscription."), STATUS],
            refuses: &SETTING,
            source: LICENSE_TYPE.field.source,
        },
        node: &LICENSE_TYPE,
        verb: Verb::Replace,
    },
];

/// The same as plain methods.
pub static VERB_METHODS: [&Method; VERBS.len()] = plain(&VERBS);
pub static OWN_METHODS: [&Method; OWN.len()] = plain(&OWN);

const fn plain<const COUNT: usize>(rows: &'static [NodeMethod; COUNT]) -> [&'static Method; COUNT] {
    let [first, ..] = &VERBS;
    let mut methods = [&first.method; COUNT];
    let (mut room, mut rest) = (methods.as_mut_slice(), rows.as_slice());
    while let ([slot, rest_of_room @ ..], [row, rest_of_rows @ ..]) = (room, rest) {
        *slot = &row.method;
        room = rest_of_room;
        rest = rest_of_rows;
    }
    methods
}

/// The method that a verb on a node is: its own when it has one, else that of any node.
#[must_use]
pub fn of(node: &Node, verb: Verb) -> Option<&'static NodeMethod> {
    let own = OWN.iter().find(|row| row.node.id == node.id && row.verb == verb);
    own.or_else(|| VERBS.iter().find(|row| row.verb == verb))
}
