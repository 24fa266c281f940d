//! Which form carries which operation: one row an operation, one cell a form.
//!
//! Writing the forms is left to `export`.

use super::documents::{BRIDGE, CSP, FLEET, GRAPH, ICD, INTUNE};
use super::nodes::{
    CHANGE_PRODUCT_KEY, CHECK_APPLICABILITY, DISABLE_SUBSCRIPTION, EDITION, LICENSE_KEY_TYPE,
    LICENSE_TYPE, Node, REMOVE_SUBSCRIPTION, STATUS, SUBSCRIPTION_TYPE, SWITCH_FROM_SMODE,
    SWITCHING_POLICY, UPGRADE_EDITION_WITH_LICENSE, UPGRADE_EDITION_WITH_PRODUCT_KEY, Verb,
};
use crate::catalog::{Document, Source, assumed, stated};

/// A form in which wishes are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum As {
    SyncMl,
    FleetProfile,
    IntuneJson,
    Customizations,
    PowerShell,
}

impl As {
    /// Every form, in the order of the columns.
    pub const ALL: [Self; 5] = [
        Self::SyncMl,
        Self::FleetProfile,
        Self::IntuneJson,
        Self::Customizations,
        Self::PowerShell,
    ];

    /// The word of `--as`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SyncMl => "syncml",
            Self::FleetProfile => "fleet-profile",
            Self::IntuneJson => "intune-json",
            Self::Customizations => "customizations",
            Self::PowerShell => "powershell",
        }
    }

    /// The form with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.word() == word)
    }
}

/// What is asked of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Set,
    Exec,
    Get,
}

impl Operation {
    /// The word of the option.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Exec => "exec",
            Self::Get => "get",
        }
    }
}

/// What an operation becomes in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// A command of `SyncML`.
    Command(Verb),
    /// An OMA setting of a custom profile.
    OmaSetting,
    /// A property of the edition upgrade template.
    Property(&'static str),
    /// An OMA setting, or the property of the template for who asks for the template.
    Either { property: &'static str },
    /// An element of a provisioning package.
    Element,
    /// A method of the class of the MDM bridge.
    Method(&'static str),
    /// A property of that class.
    ClassProperty,
}

/// One operation and what it becomes in each form; `None` where the form cannot carry it.
#[derive(Debug)]
pub struct Row {
    pub operation: Operation,
    /// `None`: every node that has no row of its own, also of other CSPs.
    pub node: Option<&'static Node>,
    /// Ordered as [`As::ALL`].
    pub cells: [Option<Carrier>; 5],
    pub source: Source,
}

impl Row {
    /// What the operation becomes in `form`.
    #[must_use]
    pub fn carrier(&self, form: As) -> Option<Carrier> {
        self.cells().find(|(own, _)| *own == form).and_then(|(_, cell)| cell)
    }

    /// The forms that can carry the operation.
    pub fn forms(&self) -> impl Iterator<Item = As> {
        self.cells().filter(|(_, cell)| cell.is_some()).map(|(form, _)| form)
    }

    /// Every form with its cell.
    pub fn cells(&self) -> impl Iterator<Item = (As, Option<Carrier>)> {
        As::ALL.into_iter().zip(self.cells)
    }
}

/// The row of an operation: that of the node, else that of every node, as for nodes of other CSPs.
#[must_use]
pub fn row(operation: Operation, node: Option<&Node>) -> Option<&'static Row> {
    let of = |row: &&Row| row.operation == operation;
    ROWS.iter()
        .filter(of)
        .find(|row| row.node.is_some() && row.node.map(|own| own.id) == node.map(|node| node.id))
        .or_else(|| ROWS.iter().filter(of).find(|row| row.node.is_none()))
}

const ADD: Option<Carrier> = Some(Carrier::Command(Verb::Add));
const REPLACE: Option<Carrier> = Some(Carrier::Command(Verb::Replace));
const EXEC: Option<Carrier> = Some(Carrier::Command(Verb::Exec));
const GET: Option<Carrier> = Some(Carrier::Command(Verb::Get));
const OMA_SETTING: Option<Carrier> = Some(Carrier::OmaSetting);
const ELEMENT: Option<Carrier> = Some(Carrier::Element);
const CLASS_PROPERTY: Option<Carrier> = Some(Carrier::ClassProperty);

const fn set(node: &'static Node, cells: [Option<Carrier>; 5]) -> Row {
    Row { operation: Operation::Set, node: Some(node), cells, source: stated(&FLEET, PROFILES) }
}

const fn exec(
    node: &'static Node,
    cells: [Option<Carrier>; 5],
    document: &'static Document,
    place: &'static str,
) -> Row {
    Row { operation: Operation::Exec, node: Some(node), cells, source: stated(document, place) }
}

const fn get(node: &'static Node) -> Row {
    let cells = [GET, None, None, None, CLASS_PROPERTY];
    let source = stated(&BRIDGE, "MDM_WindowsLicensing, Members");
    Row { operation: Operation::Get, node: Some(node), cells, source }
}

/// What a profile of a management server may hold.
const PROFILES: &str = "profiles are made of Add and Replace; omaSettings of Graph are the same";

/// Every operation.
#[rustfmt::skip]
pub static ROWS: [Row; 14] = [
    set(&SWITCHING_POLICY, [ADD, REPLACE, Some(Carrier::Either { property: "windowsSMode" }), None, None]),
    set(&LICENSE_TYPE, [REPLACE, REPLACE, OMA_SETTING, None, None]),
    set(&SUBSCRIPTION_TYPE, [REPLACE, REPLACE, OMA_SETTING, None, None]),
    set(&DISABLE_SUBSCRIPTION, [REPLACE, REPLACE, OMA_SETTING, None, None]),
    exec(
        &UPGRADE_EDITION_WITH_PRODUCT_KEY,
        [EXEC, None, Some(Carrier::Property("productKey")), ELEMENT, Some(Carrier::Method("UpgradeEditionWithProductKeyMethod"))],
        &GRAPH, "editionUpgradeConfiguration",
    ),
    exec(
        &CHANGE_PRODUCT_KEY,
        [EXEC, None, None, ELEMENT, Some(Carrier::Method("ChangeProductKeyMethod"))],
        &ICD, "EditionUpgrade",
    ),
    exec(
        &CHECK_APPLICABILITY,
        [EXEC, None, None, None, Some(Carrier::Method("CheckApplicabilityMethod"))],
        &BRIDGE, "MDM_WindowsLicensing, Methods",
    ),
    exec(
        &UPGRADE_EDITION_WITH_LICENSE,
        [EXEC, None, Some(Carrier::Property("license")), ELEMENT, Some(Carrier::Method("UpgradeEditionWithLicenseMethod"))],
        &GRAPH, "editionUpgradeConfiguration",
    ),
    Row {
        operation: Operation::Exec,
        node: Some(&SWITCH_FROM_SMODE),
        cells: [EXEC, None, Some(Carrier::Property("windowsSMode")), None, None],
        source: assumed(&INTUNE, "unlock is taken for SwitchFromSMode by its meaning"),
    },
    exec(&REMOVE_SUBSCRIPTION, [EXEC, None, None, None, None], &CSP, "Subscriptions/RemoveSubscription"),
    get(&EDITION),
    get(&STATUS),
    get(&LICENSE_KEY_TYPE),
    Row {
        operation: Operation::Get,
        node: None,
        cells: [GET, None, None, None, None],
        source: assumed(&BRIDGE, "its class lacks every other node"),
    },
];

/// The order in which the elements of a provisioning package are carried out, whatever their order in the file.
pub static PACKAGE_ORDER: [&Node; 3] =
    [&CHANGE_PRODUCT_KEY, &UPGRADE_EDITION_WITH_PRODUCT_KEY, &UPGRADE_EDITION_WITH_LICENSE];

/// Where [`PACKAGE_ORDER`] comes from.
pub static PACKAGE_ORDER_SOURCE: Source = assumed(
    &ICD,
    "no document orders them; a key is changed before the edition is, which restarts the device",
);

#[cfg(test)]
mod tests {
    use super::{As, Carrier, Operation, PACKAGE_ORDER, ROWS, row};
    use crate::csp::catalog::nodes::{NODES, Verb};

    #[test]
    fn no_operation_has_two_rows_and_syncml_carries_every_one() {
        for (at, own) in ROWS.iter().enumerate() {
            let same = |other: &super::Row| {
                other.operation == own.operation
                    && other.node.map(|node| node.id) == own.node.map(|node| node.id)
            };
            assert_eq!(ROWS.iter().position(same), Some(at));
            assert!(own.carrier(As::SyncMl).is_some(), "{own:?}");
        }
    }

    #[test]
    fn whatever_a_node_takes_has_a_row() {
        for node in NODES {
            for (verb, operation) in [
                (Verb::Replace, Operation::Set),
                (Verb::Exec, Operation::Exec),
                (Verb::Get, Operation::Get),
            ] {
                if node.takes(verb) {
                    assert!(row(operation, Some(node)).is_some(), "{operation:?} {}", node.path);
                }
            }
        }
    }

    #[test]
    fn a_command_is_one_that_the_node_takes() {
        for row in &ROWS {
            for (_, carrier) in row.cells() {
                if let (Some(Carrier::Command(verb)), Some(node)) = (carrier, row.node) {
                    assert!(node.takes(verb), "{verb:?} {}", node.path);
                }
            }
        }
    }

    #[test]
    fn a_package_orders_all_that_it_can_hold() {
        let held = ROWS.iter().filter(|row| row.carrier(As::Customizations).is_some()).count();
        assert_eq!(held, PACKAGE_ORDER.len());
    }

    #[test]
    fn every_form_is_found_by_its_word() {
        assert!(As::ALL.into_iter().all(|form| As::named(form.word()) == Some(form)));
        assert_eq!(As::named("xml"), None);
    }
}
