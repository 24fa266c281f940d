//! What is wrong with a device description, against the published schema.
//!
//! A word that the schema does not have, a thing that stands there twice or not at all: an error. Another order than the
//! schema's: information, since published files have it too. What does not read as a version, a build or an edition: a warning.

use crate::artefact::trouble::excerpt;
use crate::csp::catalog::ddf as words;
use crate::csp::catalog::ddf::{Content, Notation, PROPERTIES, Property};
use crate::csp::catalog::editions::tokens;
use crate::csp::model::ddf::{Element, Node, Tree};
use crate::finding::{FilePlace, Finding, Level};
use std::collections::HashSet;

/// Tells what is wrong with a description, in the order of the file.
///
/// - `file`: as the user named it; stands in the place of each finding.
#[must_use]
pub fn check(tree: &Tree, file: &str) -> Vec<Finding> {
    let mut check = Check { tree, file, object: words::ROOT, found: Vec::new() };
    check.root();
    let mut names = HashSet::new();
    for node in &tree.nodes {
        check.object = &node.path;
        check.node(node);
        let name = node.name.as_deref().filter(|name| !name.is_empty());
        let place = name.map(|name| (node.parent, above(node), name.to_ascii_lowercase()));
        if place.is_some_and(|place| !names.insert(place)) {
            let message = format!(
                "another node of the name `{}` stands beside it",
                excerpt(name.unwrap_or_default())
            );
            check.add(Kind::Duplicate, node.line, message);
        }
    }
    check.found.sort_by_key(|finding| finding.place.as_ref().and_then(|place| place.line));
    check.found
}

/// What a root stands below; nothing for other nodes.
fn above(node: &Node) -> String {
    node.location
        .as_deref()
        .filter(|_| node.parent.is_none())
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// A word that the schema does not have.
    Word,
    Duplicate,
    Missing,
    /// The schema asks for it, and readers do without it.
    Advised,
    Order,
    /// An element that no published schema has; of Microsoft's namespace, which grows.
    Unknown,
    /// The same outside that namespace, which does not.
    Foreign,
    /// Text that does not read as what it should be.
    Value,
}

impl Kind {
    const fn class(self) -> (&'static str, Level) {
        match self {
            Self::Word => ("ddf.word", Level::Error),
            Self::Duplicate => ("ddf.duplicate", Level::Error),
            Self::Missing => ("ddf.missing", Level::Error),
            Self::Advised => ("ddf.missing", Level::Warning),
            Self::Order => ("ddf.order", Level::Info),
            Self::Unknown => ("ddf.unknown", Level::Info),
            Self::Foreign => ("ddf.unknown", Level::Warning),
            Self::Value => ("ddf.value", Level::Warning),
        }
    }
}

struct Check<'t> {
    tree: &'t Tree,
    file: &'t str,
    /// What is looked at: an address, or the root element.
    object: &'t str,
    found: Vec<Finding>,
}

impl<'t> Check<'t> {
    fn add(&mut self, kind: Kind, line: u64, message: String) {
        let (class, level) = kind.class();
        let line = (line > 0).then_some(line);
        let place = FilePlace { file: self.file.to_owned(), line };
        let finding = Finding::new("csp", class, level, self.object, message);
        self.found.push(Finding { place: Some(place), ..finding });
    }

    fn root(&mut self) {
        if self.tree.version.is_none() {
            self.add(Kind::Missing, 0, format!("`{}` is missing", words::VERSION));
        }
        if self.tree.notation == Notation::V2 && self.tree.diagnostics.is_none() {
            self.add(Kind::Advised, 0, format!("`{}` is missing", words::DIAGNOSTICS));
        }
        let known = [words::VERSION, words::local(words::DIAGNOSTICS)];
        self.strays(&self.tree.strays, &known);
    }

    fn strays(&mut self, strays: &'t [Element], known: &[&str]) {
        for stray in strays {
            if known.contains(&stray.local()) {
                self.repeated(stray);
            } else {
                self.unknown(stray);
            }
        }
    }

    fn repeated(&mut self, element: &Element) {
        let message = format!("`{}` stands there more than once", excerpt(&element.name));
        self.add(Kind::Duplicate, element.line, message);
    }

    fn unknown(&mut self, element: &Element) {
        let kind = if element.is_microsoft() { Kind::Unknown } else { Kind::Foreign };
        let message = format!("`{}` stands in no published schema", excerpt(&element.name));
        self.add(kind, element.line, message);
    }

    fn node(&mut self, node: &'t Node) {
        let missing = |name: &str| format!("`{name}` is missing");
        if node.name.is_none() {
            self.add(Kind::Missing, node.line, missing(words::NODE_NAME));
        }
        if node.parent.is_none() && node.location.is_none() {
            self.add(Kind::Advised, node.line, missing(words::PATH));
        }
        let known = [words::NODE_NAME, words::PATH, words::PROPERTIES_OF_NODE];
        self.strays(&node.strays, &known);
        let Some(properties) = &node.properties else {
            self.add(Kind::Missing, node.line, missing(words::PROPERTIES_OF_NODE));
            return;
        };
        for property in PROPERTIES.iter().filter(|property| property.required) {
            if node.property(property).is_none() {
                self.add(Kind::Missing, node.line, missing(property.name));
            }
        }
        self.properties(properties);
    }

    fn properties(&mut self, properties: &'t [Element]) {
        let mut order = Order::default();
        for element in properties {
            match Property::find(element.local()) {
                None => self.unknown(element),
                Some((place, property)) => {
                    if self.ordered(&mut order, place, element) {
                        self.property(property, element);
                    }
                }
            }
        }
    }

    /// Tells when an element stands there again, or too late; whether it is the first of its name.
    fn ordered(&mut self, order: &mut Order<'t>, place: usize, element: &'t Element) -> bool {
        if !order.seen.insert(place) {
            self.repeated(element);
            return false;
        }
        match order.last {
            Some((last, other)) if place < last => {
                if !std::mem::replace(&mut order.told, true) {
                    let (name, other) = (excerpt(&element.name), excerpt(&other.name));
                    let message =
                        format!("`{name}` stands behind `{other}`; the schema has it before");
                    self.add(Kind::Order, element.line, message);
                }
            }
            _ => order.last = Some((place, element)),
        }
        true
    }

    fn property(&mut self, property: &Property, element: &'t Element) {
        match property.content {
            Content::Text | Content::Open => {}
            Content::Word(allowed) => {
                if !allowed.contains(&element.said()) {
                    self.word(property.name, element.said(), allowed, element.line);
                }
            }
            Content::Choice(allowed) => self.choice(property, element, allowed),
            Content::Sequence(allowed) => self.sequence(property, element, allowed),
            Content::Values(allowed) => self.values(property, element, allowed),
        }
    }

    fn word(&mut self, name: &str, word: &str, allowed: &[&str], line: u64) {
        let word = excerpt(word);
        let allowed = allowed.join("`, `");
        let message = format!("`{name}` says `{word}`; the schema has `{allowed}`");
        self.add(Kind::Word, line, message);
    }

    fn choice(&mut self, property: &Property, element: &'t Element, allowed: &[&str]) {
        if element.children.is_empty() {
            let message =
                format!("`{}` is empty; the schema has `{}`", property.name, allowed.join("`, `"));
            self.add(Kind::Missing, element.line, message);
        }
        let first = element.children.first().map(Element::local);
        for (at, child) in element.children.iter().enumerate() {
            if !allowed.contains(&child.local()) {
                self.word(property.name, child.local(), allowed, child.line);
            } else if at > 0 && !(property.repeats && Some(child.local()) == first) {
                let message = format!("`{}` says more than one thing", property.name);
                self.add(Kind::Duplicate, child.line, message);
            }
        }
    }

    fn sequence(&mut self, property: &Property, element: &'t Element, allowed: &[&str]) {
        let mut order = Order::default();
        for child in &element.children {
            match allowed.iter().position(|word| *word == child.local()) {
                Some(place) => {
                    self.ordered(&mut order, place, child);
                    self.applicability(child);
                }
                None if child.is_microsoft() => self.unknown(child),
                None => self.word(property.name, child.local(), allowed, child.line),
            }
        }
    }

    /// A part of `MSFT:Applicability` that does not read as what it is.
    fn applicability(&mut self, part: &Element) {
        let text = part.said();
        let Some((_, expected, reads)) = VALUES.iter().find(|(name, ..)| *name == part.local())
        else {
            return;
        };
        if !reads(text) {
            let message =
                format!("`{}` says `{}`; expected is {expected}", part.name, excerpt(text));
            self.add(Kind::Value, part.line, message);
        }
    }

    fn values(&mut self, property: &Property, element: &'t Element, allowed: &[&str]) {
        match element.attribute(words::VALUE_TYPE) {
            None => {
                let message = format!("`{}` of `{}` is missing", words::VALUE_TYPE, property.name);
                self.add(Kind::Missing, element.line, message);
            }
            Some(word) if !allowed.contains(&word) => {
                self.word(words::VALUE_TYPE, word, allowed, element.line);
            }
            Some(_) => {}
        }
        let mut seen = HashSet::new();
        for child in &element.children {
            if !words::VALUES.contains(&child.local()) {
                self.unknown(child);
            }
            let value = child.child(words::VALUE).filter(|_| child.local() == words::ENUM);
            if value.is_some_and(|value| !seen.insert(value.said())) {
                let value = value.map_or("", Element::said);
                let message = format!("the value `{}` is listed more than once", excerpt(value));
                self.add(Kind::Duplicate, child.line, message);
            }
        }
    }
}

/// What stood in a sequence up to here.
#[derive(Default)]
struct Order<'t> {
    seen: HashSet<usize>,
    /// What stands last in the schema, of what was seen.
    last: Option<(usize, &'t Element)>,
    /// One element out of order is told, not all behind it.
    told: bool,
}

/// Whether a text reads as what it should be.
type Reads = fn(&str) -> bool;

/// The texts of `MSFT:Applicability`, what they should be, and whether they are.
static VALUES: [(&str, &str, Reads); 3] = [
    (
        words::OS_BUILD_VERSION,
        "a list of builds such as `10.0.22621, 10.0.22000.1165`",
        reads_as_builds,
    ),
    (words::CSP_VERSION, "a version such as `1.4`", reads_as_version),
    (words::EDITION_ALLOW_LIST, "a list of editions such as `0x4;0x1B;`", reads_as_editions),
];

fn reads_as_builds(text: &str) -> bool {
    text.split(',').map(str::trim).all(|build| {
        let released = words::BUILD_PREFIXES
            .iter()
            .filter_map(|prefix| build.strip_prefix(prefix))
            .any(|rest| rest.split('.').count() <= 2 && rest.split('.').all(is_number));
        released || words::UNRELEASED_BUILDS.contains(&build)
    })
}

fn reads_as_version(text: &str) -> bool {
    let mut parts = text.splitn(2, '.');
    parts.all(is_number)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn reads_as_editions(text: &str) -> bool {
    tokens(text).all(|(_, edition)| edition.is_some())
}

#[cfg(test)]
mod tests;
