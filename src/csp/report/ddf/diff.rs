//! What two device descriptions differ in, node by node.
//!
//! Spelling, order and notation do not count, what they mean does: verbs and editions are sets, a build that stands above holds
//! below, `./Device/Vendor` is `./Vendor`.

use crate::csp::catalog::ddf as words;
use crate::csp::catalog::ddf::{Content, Property};
use crate::csp::catalog::editions::tokens;
use crate::csp::model::ddf::{Element, Node, Tree};
use std::collections::{BTreeSet, HashMap, VecDeque};

/// In what respect a node differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Added,
    Removed,
    Access,
    Format,
    Occurrence,
    Scope,
    Build,
    CspVersion,
    Editions,
    Allowed,
    Reboot,
    Deprecated,
    Naming,
    Name,
    Title,
    Type,
    Case,
    Default,
    Description,
    Other,
}

impl Change {
    /// The word of tables and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Access => "access",
            Self::Format => "format",
            Self::Occurrence => "occurrence",
            Self::Scope => "scope",
            Self::Build => "build",
            Self::CspVersion => "cspVersion",
            Self::Editions => "editions",
            Self::Allowed => "allowed",
            Self::Reboot => "reboot",
            Self::Deprecated => "deprecated",
            Self::Naming => "naming",
            Self::Name => "name",
            Self::Title => "title",
            Self::Type => "type",
            Self::Case => "case",
            Self::Default => "default",
            Self::Description => "description",
            Self::Other => "other",
        }
    }
}

/// How much is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// What a management server must know: up to [`Change::Naming`].
    #[default]
    Structure,
    /// Titles, types, descriptions and everything else too.
    Whole,
}

/// One respect in which one node differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The address of the node, as the older description spells it.
    pub path: String,
    pub change: Change,
    /// `None` when that description says nothing of it.
    pub old: Option<String>,
    pub new: Option<String>,
}

/// Tells what became of the nodes of `old` in `new`, in the order of `old`, then what `new` adds, in its own order.
#[must_use]
pub fn diff(old: &Tree, new: &Tree, extent: Extent) -> Vec<Difference> {
    let pairs = paired(old, new);
    let more: &[Aspect] = if extent == Extent::Whole { &FURTHER } else { &[] };
    let mut found = Vec::new();
    for (before, pair) in old.nodes.iter().zip(&pairs) {
        let Some(after) = pair.and_then(|at| new.nodes.get(at)) else {
            found.push(whole(before, Change::Removed));
            continue;
        };
        for aspect in STRUCTURE.iter().chain(more) {
            found.extend(aspect.compare((old, before), (new, after)));
        }
    }
    let kept: BTreeSet<usize> = pairs.into_iter().flatten().collect();
    let added = new.nodes.iter().enumerate().filter(|(at, _)| !kept.contains(at));
    found.extend(added.map(|(_, node)| whole(node, Change::Added)));
    found
}

fn whole(node: &Node, change: Change) -> Difference {
    Difference { path: node.path.clone(), change, old: None, new: None }
}

/// For each node of `old` the same node of `new`, by its number.
///
/// Of nodes with one name under one parent the first belongs to the first. A root is looked for under its own address, then
/// under that with or without `./Device`, which is the same tree.
fn paired(old: &Tree, new: &Tree) -> Vec<Option<usize>> {
    let mut pairs = vec![None; old.nodes.len()];
    let mut taken = BTreeSet::new();
    for key in [spelled, canonical] {
        let roots = |(at, node): &(usize, &Node)| node.parent.is_none() && !taken.contains(at);
        let mut free: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (at, node) in new.nodes.iter().enumerate().filter(roots) {
            free.entry(key(node)).or_default().push_back(at);
        }
        for (node, pair) in old.nodes.iter().zip(&mut pairs) {
            if node.parent.is_none() && pair.is_none() {
                *pair = free.get_mut(&key(node)).and_then(VecDeque::pop_front);
                taken.extend(*pair);
            }
        }
    }
    let mut free: HashMap<(usize, String), VecDeque<usize>> = HashMap::new();
    for (at, node) in new.nodes.iter().enumerate() {
        if let Some(parent) = node.parent {
            free.entry((parent, name(node))).or_default().push_back(at);
        }
    }
    for (at, node) in old.nodes.iter().enumerate() {
        let above = node.parent.and_then(|parent| pairs.get(parent).copied().flatten());
        let same = above.and_then(|above| free.get_mut(&(above, name(node)))?.pop_front());
        if let (Some(same), Some(pair)) = (same, pairs.get_mut(at)) {
            *pair = Some(same);
        }
    }
    pairs
}

/// Names are compared without regard to case; a node that takes any name has none.
fn name(node: &Node) -> String {
    node.name.as_deref().unwrap_or_default().to_ascii_lowercase()
}

fn spelled(node: &Node) -> String {
    node.path.to_ascii_lowercase()
}

fn canonical(node: &Node) -> String {
    let path = spelled(node);
    path.strip_prefix("./device/").map_or(path.clone(), |rest| format!("./{rest}"))
}

/// What a description says in one respect.
struct Said {
    /// Equal when it means the same.
    meaning: String,
    shown: Option<String>,
}

impl Said {
    /// As it is shown, so it is meant.
    fn plain(shown: Option<String>) -> Self {
        Self { meaning: shown.clone().unwrap_or_default(), shown }
    }

    fn word(shown: Option<&str>) -> Self {
        Self::plain(shown.map(str::to_owned))
    }
}

/// One respect in which nodes are compared.
struct Aspect {
    change: Change,
    said: fn(&Tree, &Node) -> Said,
    /// The part of the applicability that it is, which holds for the nodes below too.
    inherited: Option<&'static str>,
}

const fn own(change: Change, said: fn(&Tree, &Node) -> Said) -> Aspect {
    Aspect { change, said, inherited: None }
}

const fn inherited(change: Change, part: &'static str, said: fn(&Tree, &Node) -> Said) -> Aspect {
    Aspect { change, said, inherited: Some(part) }
}

static STRUCTURE: [Aspect; 11] = [
    own(Change::Access, access),
    own(Change::Format, |_, node| Said::word(node.format())),
    own(Change::Occurrence, |_, node| Said::word(node.occurrence())),
    own(Change::Scope, |_, node| Said::word(node.scope())),
    inherited(Change::Build, words::OS_BUILD_VERSION, builds),
    inherited(Change::CspVersion, words::CSP_VERSION, |tree, node| {
        Said::word(tree.applicability(node, words::CSP_VERSION))
    }),
    inherited(Change::Editions, words::EDITION_ALLOW_LIST, editions),
    own(Change::Allowed, allowed),
    own(Change::Reboot, |_, node| Said::word(node.reboot().or(Some(words::REBOOT_NONE)))),
    own(Change::Deprecated, deprecated),
    own(Change::Naming, |_, node| Said::plain(node.naming())),
];

static FURTHER: [Aspect; 7] = [
    own(Change::Name, |_, node| match node.parent {
        None => Said::word(Some(&node.path)),
        Some(_) => Said::word(node.name.as_deref()),
    }),
    own(Change::Title, |_, node| Said::word(node.title())),
    own(Change::Type, |_, node| {
        Said::plain(
            node.df_type().map(|(df_type, text)| format!("{df_type} {text}").trim_end().to_owned()),
        )
    }),
    own(Change::Case, |_, node| Said::word(node.case())),
    own(Change::Default, |_, node| Said::word(node.default_value())),
    own(Change::Description, description),
    own(Change::Other, other),
];

impl Aspect {
    fn compare(&self, old: (&Tree, &Node), new: (&Tree, &Node)) -> Option<Difference> {
        if let Some(part) = self.inherited {
            let own = |node: &Node| node.parent.is_none() || node.applicability(part).is_some();
            if !own(old.1) && !own(new.1) {
                // Told where it is inherited from.
                return None;
            }
        }
        let (before, after) = ((self.said)(old.0, old.1), (self.said)(new.0, new.1));
        let differs =
            before.meaning != after.meaning || before.shown.is_some() != after.shown.is_some();
        differs.then(|| Difference {
            path: old.1.path.clone(),
            change: self.change,
            old: before.shown,
            new: after.shown,
        })
    }
}

/// Verbs in the order of the schema; unknown ones behind them.
fn access(_: &Tree, node: &Node) -> Said {
    let Content::Sequence(order) = words::ACCESS_TYPE.content else { return Said::plain(None) };
    let place = |verb: &str| order.iter().position(|word| *word == verb).unwrap_or(order.len());
    let verbs: BTreeSet<(usize, &str)> = node.access().map(|verb| (place(verb), verb)).collect();
    let verbs: Vec<&str> = verbs.into_iter().map(|(_, verb)| verb).collect();
    Said::plain(node.property(&words::ACCESS_TYPE).map(|_| verbs.join(",")))
}

/// The first build is the mainline release: their order counts, the spaces between them do not.
fn builds(tree: &Tree, node: &Node) -> Said {
    let list = tree.applicability(node, words::OS_BUILD_VERSION);
    Said::plain(list.map(|list| list.split(',').map(str::trim).collect::<Vec<_>>().join(", ")))
}

/// Editions are a set of numbers; a star behind one is a mark of its own.
fn editions(tree: &Tree, node: &Node) -> Said {
    let list = tree.applicability(node, words::EDITION_ALLOW_LIST);
    let set: BTreeSet<String> = tokens(list.unwrap_or_default())
        .map(|(token, edition)| match edition {
            Some(edition) if token.ends_with('*') => format!("{edition}*"),
            Some(edition) => edition.to_string(),
            None => token.to_ascii_lowercase(),
        })
        .collect();
    let meaning = set.into_iter().collect::<Vec<_>>().join(";");
    Said { meaning, shown: list.map(str::to_owned) }
}

fn allowed(_: &Tree, node: &Node) -> Said {
    let Some(allowed) = node.allowed() else { return Said::plain(None) };
    let values: Vec<&str> = allowed.values.iter().map(|(value, _)| *value).collect();
    let rest: String =
        allowed.rest.iter().map(|element| format!(" {}", rendered(element))).collect();
    let said = |values: &[&str]| {
        format!("{} {}{rest}", allowed.value_type, values.join(",")).trim_end().to_owned()
    };
    let set: BTreeSet<&str> = values.iter().copied().collect();
    let sorted: Vec<&str> = set.into_iter().collect();
    Said { meaning: said(&sorted), shown: Some(said(&values)) }
}

fn deprecated(_: &Tree, node: &Node) -> Said {
    Said::word(node.deprecated().map(|build| if build.is_empty() { "yes" } else { build }))
}

/// What the node and its values say of themselves.
fn description(_: &Tree, node: &Node) -> Said {
    let values = node.allowed().into_iter().flat_map(|allowed| allowed.values);
    let values = values.filter(|(_, text)| !text.is_empty());
    let values = values.map(|(value, text)| format!("{value}: {text}"));
    let texts: Vec<String> =
        node.description().map(str::to_owned).into_iter().chain(values).collect();
    Said::plain((!texts.is_empty()).then(|| texts.join(" / ")))
}

/// The properties that no other aspect looks at, sorted.
fn other(_: &Tree, node: &Node) -> Said {
    let looked_at = |element: &Element| {
        Property::find(element.local())
            .is_some_and(|(_, found)| LOOKED_AT.iter().any(|property| property.name == found.name))
    };
    let rest = node.properties.iter().flatten().filter(|element| !looked_at(element));
    let parts = node.property(&words::APPLICABILITY).map(|element| element.children.as_slice());
    let known = [words::OS_BUILD_VERSION, words::CSP_VERSION, words::EDITION_ALLOW_LIST];
    let parts = parts.unwrap_or_default().iter().filter(|part| !known.contains(&part.local()));
    let texts: BTreeSet<String> = rest.chain(parts).chain(&node.strays).map(rendered).collect();
    let texts: Vec<String> = texts.into_iter().collect();
    Said::plain((!texts.is_empty()).then(|| texts.join(" ")))
}

/// The properties that have an aspect of their own.
static LOOKED_AT: [&Property; 14] = [
    &words::ACCESS_TYPE,
    &words::DEFAULT_VALUE,
    &words::DESCRIPTION,
    &words::DF_FORMAT,
    &words::OCCURRENCE,
    &words::SCOPE,
    &words::DF_TITLE,
    &words::DF_TYPE,
    &words::CASE_SENSE,
    &words::APPLICABILITY,
    &words::DYNAMIC_NODE_NAMING,
    &words::ALLOWED_VALUES,
    &words::REBOOT_BEHAVIOR,
    &words::DEPRECATED,
];

/// An element on one line: `MSFT:List(Delimiter=;)`.
fn rendered(element: &Element) -> String {
    let attributes = element.attributes.iter().map(|(name, value)| format!("{name}={value}"));
    let text = Some(element.said().to_owned()).filter(|text| !text.is_empty());
    let parts: Vec<String> =
        attributes.chain(text).chain(element.children.iter().map(rendered)).collect();
    match parts.as_slice() {
        [] => element.name.clone(),
        parts => format!("{}({})", element.name, parts.join(" ")),
    }
}

#[cfg(test)]
mod tests;
