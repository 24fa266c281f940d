//! Addresses: CSP002, CSP003, CSP018, CSP021, CSP030, CSP040, CSP042.
//!
//! Which node an address names is decided by `rules::address`; here is told why it names none, and how it is spelt.

use super::Lint;
use super::key::stray;
use super::offence::{At, excerpt};
use crate::csp::catalog::context::{CONTEXT, ContextNode};
use crate::csp::catalog::lint::{
    BOTH_SPELLINGS, CASE, OTHER_CSP, PLACEHOLDER, UNKNOWN_NODE, USER_SCOPE, WHITE_SPACE,
};
use crate::csp::catalog::nodes::{NODES, Node, ROOT_NAME, ROOTS, SUBSCRIPTION};
use crate::csp::rules::address::{self, resolve};
use crate::spelling::distance;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::collections::HashMap;

/// The widest distance at which a name is still suggested.
const NEAR: usize = 3;

/// Where an address leads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Node {
        node: &'static Node,
        root: Root,
        /// The case is that of the DDF.
        exact: bool,
    },
    /// A node that is asked for together with `WindowsLicensing`.
    Context(&'static ContextNode),
    /// `WindowsLicensing` in the scope of a user.
    User,
    /// Below `WindowsLicensing`, but no node.
    Unknown,
    Other,
    /// There is no address.
    Nowhere,
}

impl Place {
    pub(super) fn node(self) -> Option<&'static Node> {
        match self {
            Self::Node { node, .. } => Some(node),
            _ => None,
        }
    }
}

/// How an address begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    /// `./Vendor`.
    Short,
    /// `./Device/Vendor`.
    Device,
}

impl Root {
    const ALL: [Self; 2] = [Self::Short, Self::Device];

    /// The address of a node as the DDF spells it.
    fn address(self, node: &Node) -> String {
        let [short, device] = ROOTS;
        let root = match self {
            Self::Short => short,
            Self::Device => device,
        };
        let slash = if node.path.is_empty() { "" } else { "/" };
        format!("./{}/{ROOT_NAME}{slash}{}", root.join("/"), node.path)
    }
}

/// Which roots a file uses.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    first: Option<Root>,
    both: bool,
}

/// Finds the node of an address; what is spelt as in the DDF, as nearly all are, at one look.
#[derive(Debug)]
pub(super) struct Places {
    usual: HashMap<String, Place>,
    /// Other spellings that were found, as documents repeat them.
    found: HashMap<String, Place>,
}

/// How many other spellings are kept.
const KEPT: usize = 1024;

impl Places {
    pub(super) fn new() -> Self {
        let mut usual = HashMap::new();
        for root in Root::ALL {
            let fixed = NODES.iter().filter(|node| !node.path.contains(SUBSCRIPTION.name()));
            for node in fixed {
                let place = Place::Node { node, root, exact: true };
                usual.insert(root.address(node), place);
            }
        }
        Self { usual, found: HashMap::new() }
    }

    /// The place of an address under whatever spelling.
    fn seek(&mut self, text: &str) -> Place {
        if let Some(place) = self.found.get(text) {
            return *place;
        }
        let place = seek(text);
        if self.found.len() < KEPT && !matches!(place, Place::Other) {
            self.found.insert(text.to_owned(), place);
        }
        place
    }

    /// The place of an address that is spelt as in the DDF.
    fn usual(&self, text: &str) -> Option<Place> {
        self.usual.get(text).copied()
    }
}

/// Finds what stands under another than the usual spelling.
fn seek(text: &str) -> Place {
    let path = decode(text.split('?').next().unwrap_or_default());
    let below = below(&path);
    // Documents may be full of other providers, which are not worth taking apart.
    if below.is_none() && !may_be_context(&path) {
        return Place::Other;
    }
    match resolve(text).map(|found| found.place) {
        Ok(address::Place::Node(node)) => {
            let device = below.is_some_and(|(beginning, _)| beginning == Beginning::Device);
            let root = if device { Root::Device } else { Root::Short };
            Place::Node { node, root, exact: is_exact(&path, root, node) }
        }
        Ok(address::Place::Context(node)) => Place::Context(node),
        Err(_) => match below {
            Some((Beginning::User, _)) => Place::User,
            Some(_) => Place::Unknown,
            None => Place::Other,
        },
    }
}

/// Whether a path ends as one of the context nodes does.
fn may_be_context(path: &str) -> bool {
    CONTEXT.iter().any(|node| {
        let start = path.len().checked_sub(node.path.len());
        start
            .and_then(|start| path.get(start..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(node.path))
    })
}

/// How an address of `WindowsLicensing` begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beginning {
    Short,
    Device,
    User,
}

/// Cuts the root off an address of `WindowsLicensing`, be it well written or not; `None`: it is of another provider.
fn below(text: &str) -> Option<(Beginning, &str)> {
    let text = text.strip_prefix('.').unwrap_or(text).trim_start_matches('/');
    let cut = |text: &'_ str, word: &str| -> Option<usize> {
        let head = text.get(..word.len())?;
        let ends = text.as_bytes().get(word.len()).is_none_or(|byte| matches!(byte, b'/' | b'?'));
        (head.eq_ignore_ascii_case(word) && ends).then_some(word.len())
    };
    let skip = |text: &'_ str, word: &str| cut(text, word).map(|end| end + 1);
    let mut beginning = Beginning::Short;
    let mut rest = text;
    for (word, found) in [("Device", Beginning::Device), ("User", Beginning::User)] {
        if let Some(end) = skip(text, word) {
            beginning = found;
            rest = text.get(end..).unwrap_or_default();
        }
    }
    for word in ["Vendor", "MSFT"] {
        rest = rest.get(skip(rest, word)?..).unwrap_or_default().trim_start_matches('/');
    }
    let end = cut(rest, ROOT_NAME)?;
    Some((beginning, rest.get(end..).unwrap_or_default()))
}

/// Whether a decoded path is spelt as the DDF does it; the name of a subscription is its own.
fn is_exact(path: &str, root: Root, node: &Node) -> bool {
    let usual = root.address(node);
    let same = |(left, right): (&str, &str)| left == right || right == SUBSCRIPTION.name();
    path.split('/').zip(usual.split('/')).all(same)
}

/// Most addresses are ASCII, and need no look at their characters.
fn has_white_space(text: &str) -> bool {
    if text.is_ascii() {
        text.bytes().any(|byte| byte.is_ascii_whitespace() || byte == b'\x0b')
    } else {
        text.contains(char::is_whitespace)
    }
}

fn decode(text: &str) -> Cow<'_, str> {
    if text.contains('%') {
        percent_decode_str(text).decode_utf8_lossy()
    } else {
        Cow::Borrowed(text)
    }
}

/// An address as it is compared with another of the same Atomic.
pub(super) fn comparable(text: &str, place: Place) -> String {
    let decoded = decode(text.trim());
    let path = match place {
        Place::Node { .. } => below(&decoded).map_or(&*decoded, |(_, rest)| rest),
        _ => &decoded,
    };
    path.to_lowercase()
}

impl Lint<'_> {
    /// Judges an address; where it leads.
    pub(super) fn address(&mut self, text: &str, at: At<'_>) -> Place {
        if let Some(place) = self.places.usual(text) {
            if let Place::Node { root, .. } = place {
                self.spelling(root, at);
            }
            return place;
        }
        let place = self.places.seek(text.trim());
        stray("the address", text, at, &mut self.sheet);
        if has_white_space(text) {
            let inside = has_white_space(text.trim());
            let message = if inside {
                "white space inside the address"
            } else {
                "white space around the address"
            };
            self.sheet.report(&WHITE_SPACE, at, message);
        }
        match place {
            Place::Node { node, root, exact } => {
                self.spelling(root, at);
                if !exact {
                    let message = format!("the DDF writes `{}`", root.address(node));
                    self.sheet.report(&CASE, at, &message);
                }
                self.template_name(node, text, at);
            }
            Place::User => {
                let message =
                    "WindowsLicensing exists in the scope of the device only, not of a user";
                self.sheet.report(&USER_SCOPE, at, message);
            }
            Place::Unknown => self.unknown(text.trim(), at),
            Place::Other if !text.trim().is_empty() => {
                let message = "an address of another configuration service provider is not checked";
                self.sheet.report(&OTHER_CSP, at, message);
            }
            Place::Other | Place::Context(_) | Place::Nowhere => {}
        }
        place
    }

    /// Tells once a file, and of the file as a whole, that it uses both roots.
    fn spelling(&mut self, root: Root, at: At<'_>) {
        let first = *self.spellings.first.get_or_insert(root);
        if first == root || self.spellings.both {
            return;
        }
        self.spellings.both = true;
        let message = "the file uses both `./Vendor` and `./Device/Vendor`, which are one tree";
        let whole = At { line: None, object: "" };
        let finding = self.sheet.offence(&BOTH_SPELLINGS, whole, message);
        let finding = finding.with("secondSpellingLine", at.line);
        self.sheet.push(finding);
    }

    /// Finds the placeholder for the name of a subscription.
    fn template_name(&mut self, node: &Node, text: &str, at: At<'_>) {
        if node.path.contains(SUBSCRIPTION.name()) && decode(text).contains(SUBSCRIPTION.name()) {
            let message = "`{SubscriptionId}` stands for the id of a subscription";
            self.sheet.report(&PLACEHOLDER, at, message);
        }
    }

    /// Reports a name that is no node, with the nearest that is one.
    fn unknown(&mut self, text: &str, at: At<'_>) {
        let decoded = decode(text);
        let rest = below(&decoded).map_or("", |(_, rest)| rest);
        let rest = rest.split('?').next().unwrap_or_default();
        let shown = excerpt(rest.trim_start_matches('/'));
        let near = nearest(rest.trim_matches('/'));
        let message = match near {
            Some(node) => {
                format!("the DDF has no node `{shown}`; the nearest is `{}`", node.title())
            }
            None => format!("the DDF has no node `{shown}`"),
        };
        let mut finding = self.sheet.offence(&UNKNOWN_NODE, at, &message);
        if let Some(node) = near {
            let usual = Root::Short.address(node);
            finding = finding.remedy(format!("write `{usual}`")).with("suggestion", usual);
        }
        self.sheet.push(finding);
    }
}

/// The node whose path, else whose name, is nearest.
fn nearest(path: &str) -> Option<&'static Node> {
    let path = path.to_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let near = |wrong: &str, right: &str| {
        // No word is nearer than the letters that it lacks.
        let close = wrong.len().abs_diff(right.len()) <= NEAR;
        close.then(|| distance(wrong, &right.to_lowercase()))
    };
    let best = |apart: &dyn Fn(&Node) -> Option<usize>| {
        let known = NODES.iter().copied().filter_map(|node| Some((apart(node)?, node)));
        known.filter(|(apart, _)| *apart <= NEAR).min_by_key(|(apart, _)| *apart)
    };
    let by_path = best(&|node| near(&path, node.path));
    let by_name = || best(&|node| near(last, node.name()));
    by_path.or_else(by_name).map(|(_, node)| node)
}
