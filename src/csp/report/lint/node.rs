//! One command on one node: CSP004, CSP007 to CSP009, CSP034, and what `value`, `key` and `memory` say of its data.

use super::address::Place;
use super::key::{Effect, is_masked, masked, stray, takes_key};
use super::offence::At;
use super::value::{allowed, format, license};
use super::{Lint, Target};
use crate::csp::catalog::editions::{serves, title};
use crate::csp::catalog::lint::{DEPRECATED, INSIDER, NOT_ON_TARGET, RESTART, WRONG_VERB};
use crate::csp::catalog::nodes::{NODES, Node, NodeId, Since, Verb};
use crate::csp::model::message::{Command, Item};
use crate::csp::model::version::OsVersion;
use crate::csp::rules::applicability::is_on;
use std::collections::HashMap;

/// One item of a command.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    command: &'a Command,
    verb: Verb,
    item: &'a Item,
}

/// Whether the target has a node.
#[derive(Debug, Clone, Copy)]
enum Presence {
    There,
    /// Only preview builds have it, and the build of the target is not known.
    Preview,
    /// The edition of the target has no node at all.
    NoEdition(i32),
    NoBuild(OsVersion),
}

/// The nodes that the target lacks, found out once.
#[derive(Debug)]
pub(super) struct Presences(HashMap<NodeId, Presence>);

impl Presences {
    pub(super) fn new(target: &Target) -> Self {
        let unserved = target.edition.filter(|edition| !serves(*edition, target.build()));
        let presence = |node: &Node| match (unserved, target.version) {
            (Some(edition), _) => Presence::NoEdition(edition),
            (None, Some(version)) if !is_on(node, version, target.insider) => {
                Presence::NoBuild(version)
            }
            (None, None) if node.applicability().since == Since::Insider => Presence::Preview,
            _ => Presence::There,
        };
        Self(NODES.iter().map(|node| (node.id, presence(node))).collect())
    }

    fn of(&self, node: &Node) -> Presence {
        self.0.get(&node.id).copied().unwrap_or(Presence::There)
    }
}

impl Lint<'_> {
    /// Judges one item of a command; where its address leads.
    pub(super) fn item(&mut self, command: &Command, verb: Verb, item: &Item) -> Place {
        let Some(target) = &item.target else {
            let at = At::line(item.line);
            self.notation(item, Place::Nowhere, at);
            if let Some(data) = &item.data {
                stray("the data", &data.text, at.on(data.line), &mut self.sheet);
            }
            return Place::Nowhere;
        };
        let at = At::address(target.line, &target.text);
        let place = self.address(&target.text, at);
        self.notation(item, place, at);
        match place {
            Place::Node { node, .. } => self.node(node, Asked { command, verb, item }, at),
            Place::Context(_) if verb != Verb::Get => {
                let message = format!("this node takes only `Get`, not `{}`", verb.word());
                self.sheet.report(&WRONG_VERB, at.on(command.line), &message);
            }
            _ => {}
        }
        if let Some(data) = &item.data
            && !(sets(verb, item) && place.node().is_some_and(takes_key))
        {
            stray("the data", &data.text, at.on(data.line), &mut self.sheet);
        }
        place
    }

    fn node(&mut self, node: &'static Node, asked: Asked<'_>, at: At<'_>) {
        let Asked { command, verb, item } = asked;
        self.presence(node, at);
        let taken = node.takes(verb);
        if !taken {
            let takes = list(node);
            let message = format!("`{}` takes {takes}, not `{}`", node.title(), verb.word());
            let finding = self.sheet.offence(&WRONG_VERB, at.on(command.line), &message);
            self.sheet.push(finding.remedy(format!("use {takes}")));
        }
        if verb == Verb::Delete && taken {
            self.memory.delete(node);
        }
        if !sets(verb, item) {
            return;
        }
        let data = item.data.as_ref();
        let text = data.map_or("", |data| data.text.as_str());
        let at = at.on(data.map_or(item.line, |data| data.line));
        let mut effect = Effect::Other;
        if takes_key(node) {
            effect = self.key(node, text, at);
        }
        if !taken {
            return;
        }
        let written = item.meta.as_ref().and_then(|meta| meta.format.as_ref());
        let written = written.or(command.meta.as_ref().and_then(|meta| meta.format.as_ref()));
        let fits = written.is_none_or(|written| {
            format(node, &written.text, text, at.on(written.line), &mut self.sheet)
        });
        license(node, text, data.is_some_and(|data| data.markup), at, &mut self.sheet);
        if verb == Verb::Exec {
            self.restart(node, effect, at.on(command.line));
        } else if is_masked(text) {
            masked(node, at, &mut self.sheet);
        } else {
            allowed(node, text, fits, at, &mut self.sheet);
            self.memory.set(node, text, at, &mut self.sheet);
        }
    }

    /// Whether the node is there at all on the target, and for how long it will be.
    pub(super) fn presence(&mut self, node: &'static Node, at: At<'_>) {
        if node.deprecated {
            let message = format!("`{}` is deprecated", node.title());
            self.sheet.report(&DEPRECATED, at, &message);
        }
        match self.presences.of(node) {
            Presence::There => {}
            Presence::Preview => {
                let message =
                    format!("`{}` exists in Windows Insider Preview builds only", node.title());
                self.sheet.report(&INSIDER, at, &message);
            }
            Presence::NoEdition(edition) => {
                let message = format!("no node of WindowsLicensing exists on {}", title(edition));
                self.sheet.report(&NOT_ON_TARGET, at, &message);
            }
            Presence::NoBuild(version) => {
                let message = format!("`{}` does not exist on {version}", node.title());
                let finding = self.sheet.offence(&NOT_ON_TARGET, at, &message);
                self.sheet.push(finding.with("SwV", version.to_string()));
            }
        }
    }

    /// Tells that a restart comes with what is executed.
    pub(super) fn restart(&mut self, node: &Node, effect: Effect, at: At<'_>) {
        if node.reboots && effect != Effect::SameEdition {
            let message =
                format!("`{}` restarts the device once the edition is upgraded", node.path);
            self.sheet.report(&RESTART, at, &message);
        }
    }
}

/// Whether the data of an item are a value. Of a chunk, and of what a Get or Delete carries along, nothing can be said.
fn sets(verb: Verb, item: &Item) -> bool {
    !item.more && matches!(verb, Verb::Add | Verb::Replace | Verb::Exec)
}

/// What a node takes: `` `Get` or `Replace` ``; `only` before a single one.
pub(super) fn list(node: &Node) -> String {
    match node.verbs {
        [only] => format!("only `{}`", only.word()),
        verbs => {
            let words: Vec<String> =
                verbs.iter().map(|verb| format!("`{}`", verb.word())).collect();
            words.join(" or ")
        }
    }
}
