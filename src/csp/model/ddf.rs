//! Management nodes as a DDF file describes them, whichever notation it is written in: nothing is judged, nothing is lost.
//!
//! Bytes are read by `import` and written by `export`; what two descriptions differ in, and what is wrong with one, is told by
//! `report`. The description of this CSP is made from its rows in `builtin`.

mod builtin;

use crate::csp::catalog::ddf as words;
use crate::csp::catalog::ddf::{Notation, Property, local};

/// An element that is kept as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Without prefix, or with that of Microsoft.
    pub name: String,
    /// Where it begins, counted from 1; 0 for what was not read from a file.
    pub line: u64,
    /// Names with prefixes, and values; declarations of namespaces are left out.
    pub attributes: Vec<(String, String)>,
    /// Of an element without children, its text as it stands, references resolved.
    pub text: String,
    pub children: Vec<Element>,
}

/// One node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Where it begins, counted from 1; 0 for what was not read from a file.
    pub line: u64,
    /// The node that it stands in, by its number in [`Tree::nodes`]; `None` for a root.
    pub parent: Option<usize>,
    /// How many nodes it stands in.
    pub depth: usize,
    /// The whole address, `./Vendor/MSFT/WindowsLicensing/SMode`; `{SubscriptionId}` stands for any name. See
    /// [`Tree::address`].
    pub path: String,
    /// `NodeName`, trimmed; empty for a node that takes any name, `None` when the element is missing.
    pub name: Option<String>,
    /// `Path`, trimmed: the address of what a root stands below.
    pub location: Option<String>,
    /// The children of `DFProperties`; `None` when the element is missing.
    pub properties: Option<Vec<Element>>,
    /// What else stands in the node: elements that no schema has, and what stands there once too often.
    pub strays: Vec<Element>,
}

/// A whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Of a file: v2 when it has elements of Microsoft.
    pub notation: Notation,
    /// `VerDTD`.
    pub version: Option<Element>,
    /// `MSFT:Diagnostics`.
    pub diagnostics: Option<Element>,
    /// Every node, in the order of the file: a node before those that stand in it.
    pub nodes: Vec<Node>,
    /// What else stands in the root.
    pub strays: Vec<Element>,
}

/// `MSFT:AllowedValues` of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed<'t> {
    /// `ValueType`; empty when the attribute is missing.
    pub value_type: &'t str,
    /// Values and what they say of themselves, in the order of the file.
    pub values: Vec<(&'t str, &'t str)>,
    /// `List`, `AdmxBacked` and whatever else is there.
    pub rest: Vec<&'t Element>,
}

impl Element {
    /// An element of this name, with nothing in it.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    #[must_use]
    pub fn saying(self, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..self }
    }

    #[must_use]
    pub fn around(self, children: Vec<Self>) -> Self {
        Self { children, ..self }
    }

    #[must_use]
    pub fn with(mut self, attribute: &str, value: &str) -> Self {
        self.attributes.push((attribute.to_owned(), value.to_owned()));
        self
    }

    /// Its name without prefix.
    #[must_use]
    pub fn local(&self) -> &str {
        local(&self.name)
    }

    /// Whether it is one of Microsoft's.
    #[must_use]
    pub fn is_microsoft(&self) -> bool {
        self.name.len() > self.local().len()
    }

    /// Its text, trimmed.
    #[must_use]
    pub fn said(&self) -> &str {
        self.text.trim()
    }

    /// A value and what it says of itself.
    fn described(&self) -> (&str, &str) {
        let said = |name| self.child(name).map_or("", Self::said);
        (said(words::VALUE), said(words::VALUE_DESCRIPTION))
    }

    /// The first child of this name without prefix.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.local() == name)
    }

    /// The attribute of this name without prefix, trimmed.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| local(key) == name).map(|(_, value)| value.trim())
    }
}

impl Node {
    /// The first property of this kind.
    #[must_use]
    pub fn property(&self, property: &Property) -> Option<&Element> {
        self.properties.iter().flatten().find(|element| element.local() == property.local())
    }

    /// The properties that no published schema has.
    pub fn unknown(&self) -> impl Iterator<Item = &Element> {
        self.properties.iter().flatten().filter(|found| Property::find(found.local()).is_none())
    }

    /// The verbs that it takes, in the order of the file.
    pub fn access(&self) -> impl Iterator<Item = &str> {
        self.property(&words::ACCESS_TYPE)
            .into_iter()
            .flat_map(|access| access.children.iter().map(Element::local))
    }

    #[must_use]
    pub fn format(&self) -> Option<&str> {
        self.chosen(&words::DF_FORMAT).map(Element::local)
    }

    #[must_use]
    pub fn occurrence(&self) -> Option<&str> {
        self.chosen(&words::OCCURRENCE).map(Element::local)
    }

    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.chosen(&words::SCOPE).map(Element::local)
    }

    /// `DFTitle`.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.property(&words::DF_TITLE).map(Element::said)
    }

    /// `DFType`: `MIME` or `DDFName`, and what it says, mostly nothing.
    #[must_use]
    pub fn df_type(&self) -> Option<(&str, &str)> {
        self.chosen(&words::DF_TYPE).map(|chosen| (chosen.local(), chosen.said()))
    }

    /// `CaseSense`.
    #[must_use]
    pub fn case(&self) -> Option<&str> {
        self.chosen(&words::CASE_SENSE).map(Element::local)
    }

    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.property(&words::DESCRIPTION).map(Element::said)
    }

    #[must_use]
    pub fn default_value(&self) -> Option<&str> {
        self.property(&words::DEFAULT_VALUE).map(|value| value.text.as_str())
    }

    /// A child of its own `MSFT:Applicability`, by its name without prefix; what is inherited is told by [`Tree::applicability`].
    #[must_use]
    pub fn applicability(&self, name: &str) -> Option<&str> {
        self.property(&words::APPLICABILITY)?.child(name).map(Element::said)
    }

    /// Who names it, with the pattern of the name if there is one: `ClientInventory`, `UniqueName [A-Z]+`.
    #[must_use]
    pub fn naming(&self) -> Option<String> {
        let chosen = self.chosen(&words::DYNAMIC_NODE_NAMING)?;
        Some(format!("{} {}", chosen.local(), chosen.said()).trim_end().to_owned())
    }

    #[must_use]
    pub fn allowed(&self) -> Option<Allowed<'_>> {
        let element = self.property(&words::ALLOWED_VALUES)?;
        let enumerated = element.children.iter().filter(|child| child.local() == words::ENUM);
        let single = element.child(words::VALUE).map(|_| element);
        let listed = [words::ENUM, words::VALUE, words::VALUE_DESCRIPTION];
        Some(Allowed {
            value_type: element.attribute(words::VALUE_TYPE).unwrap_or_default(),
            values: enumerated.chain(single).map(Element::described).collect(),
            rest: element
                .children
                .iter()
                .filter(|child| !listed.contains(&child.local()))
                .collect(),
        })
    }

    /// `MSFT:RebootBehavior`.
    #[must_use]
    pub fn reboot(&self) -> Option<&str> {
        self.property(&words::REBOOT_BEHAVIOR).map(Element::said)
    }

    /// The build since which it is deprecated; empty when the file gives none, `None` when it is not deprecated.
    #[must_use]
    pub fn deprecated(&self) -> Option<&str> {
        let element = self.property(&words::DEPRECATED)?;
        Some(element.attribute(words::OS_BUILD_DEPRECATED).unwrap_or_default())
    }

    fn chosen(&self, property: &Property) -> Option<&Element> {
        self.property(property)?.children.first()
    }

    /// Its segment of an address; a node that takes any name is told by its title.
    fn segment(&self) -> String {
        match self.name.as_deref() {
            Some("") | None => format!("{{{}}}", self.title().unwrap_or_default()),
            Some(name) => name.to_owned(),
        }
    }
}

impl Tree {
    /// A file without nodes.
    #[must_use]
    pub fn new(notation: Notation) -> Self {
        Self { notation, version: None, diagnostics: None, nodes: Vec::new(), strays: Vec::new() }
    }

    /// What the schema calls the applicability of a node, by the name of its part without prefix: its own, else that of the
    /// nearest node above it.
    #[must_use]
    pub fn applicability<'t>(&'t self, node: &'t Node, name: &str) -> Option<&'t str> {
        let mut node = node;
        loop {
            if let Some(own) = node.applicability(name) {
                return Some(own);
            }
            node = self.nodes.get(node.parent?)?;
        }
    }

    /// Gives every node its [`Node::path`].
    ///
    /// - `most`: how many bytes all of them may take; returns whether that was enough. Names are as long as a file makes them,
    ///   and each stands in the addresses of all nodes below it.
    pub fn address(&mut self, most: usize) -> bool {
        let mut left = most;
        for at in 0..self.nodes.len() {
            let Some(node) = self.nodes.get(at) else { break };
            let above = match node.parent.and_then(|parent| self.nodes.get(parent)) {
                Some(parent) => parent.path.as_str(),
                None => node.location.as_deref().unwrap_or_default().trim_end_matches('/'),
            };
            let segment = node.segment();
            let slash = if above.is_empty() { "" } else { "/" };
            let Some(rest) = left.checked_sub(above.len() + segment.len() + slash.len()) else {
                return false;
            };
            let path = format!("{above}{slash}{segment}");
            left = rest;
            if let Some(node) = self.nodes.get_mut(at) {
                node.path = path;
            }
        }
        true
    }
}
