//! Commands and their grouping: CSP010 to CSP017, CSP019, CSP025, CSP029, CSP033.

use super::Lint;
use super::address::Place;
use super::offence::{At, excerpt};
use crate::csp::catalog::lint::{
    ADD_AND_REPLACE, ATOMIC_IN_ATOMIC, CDATA, CMD_ID_TWICE, CMD_ID_ZERO, EXEC_ITEMS, FLEET_PROFILE,
    GET_IN_ATOMIC, MARKUP, META_NAMESPACE, NO_CMD_ID, ORDER, PLACEHOLDER,
};
use crate::csp::catalog::nodes::{NodeId, Verb};
use crate::csp::model::message::{Command, Form, Item, Meta};
use std::collections::HashMap;

/// What an element of `SyncBody` is to the linter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Verb(Verb),
    Atomic,
    Sequence,
    /// Answers, and what concerns the session.
    Other,
}

/// Every element that a `SyncBody` may hold; a command that is not here has no meaning.
static ROLES: [(&str, Role); 11] = [
    ("Replace", Role::Verb(Verb::Replace)),
    ("Get", Role::Verb(Verb::Get)),
    ("Add", Role::Verb(Verb::Add)),
    ("Exec", Role::Verb(Verb::Exec)),
    ("Delete", Role::Verb(Verb::Delete)),
    ("Copy", Role::Verb(Verb::Copy)),
    ("Status", Role::Other),
    ("Results", Role::Other),
    ("Atomic", Role::Atomic),
    ("Sequence", Role::Sequence),
    ("Alert", Role::Other),
];

/// The one address below which Fleet lets an Exec through.
const SCEP: &str = "/ClientCertificateInstall/SCEP/";

/// What the commands of one Atomic do to the nodes.
#[derive(Debug, Default)]
pub(super) struct Group(HashMap<String, Deeds>);

#[derive(Debug, Default)]
struct Deeds {
    adds: bool,
    replaces: bool,
}

/// Where a command stands.
#[derive(Debug)]
pub(super) enum Within<'g> {
    /// Right below `SyncBody`, or at the top of a file without root.
    Top,
    Sequence,
    /// However deep.
    Atomic(&'g mut Group),
}

impl Lint<'_> {
    /// Judges one command with all that it holds.
    pub(super) fn command(&mut self, command: &Command, mut within: Within<'_>) {
        self.document.last = command.line;
        let role = ROLES.iter().find(|(name, _)| *name == command.name).map(|(_, role)| *role);
        if matches!(within, Within::Top) && self.document.form == Form::Bare {
            self.fleet(command, role);
        }
        let Some(role) = role else { return };
        self.identifier(command);
        if let Some(line) = command.disorder {
            let message =
                format!("a child of `{}` stands before one that it must follow", command.name);
            self.sheet.report(&ORDER, At::line(line), &message);
        }
        self.meta(command.meta.as_ref());
        match role {
            Role::Verb(verb) => self.verb(command, verb, within),
            Role::Sequence => {
                for child in &command.commands {
                    let within = match &mut within {
                        Within::Atomic(group) => Within::Atomic(group),
                        _ => Within::Sequence,
                    };
                    self.command(child, within);
                }
                self.document.reply.statuses(command);
            }
            Role::Atomic => {
                let mut own = Group::default();
                let group = match within {
                    Within::Atomic(outer) => {
                        let message = "an `Atomic` stands inside an `Atomic`";
                        self.sheet.report(&ATOMIC_IN_ATOMIC, At::line(command.line), message);
                        outer
                    }
                    _ => &mut own,
                };
                for child in &command.commands {
                    self.command(child, Within::Atomic(group));
                }
                self.document.reply.statuses(command);
            }
            Role::Other => {}
        }
    }

    fn fleet(&mut self, command: &Command, role: Option<Role>) {
        let allowed = match role {
            Some(Role::Verb(Verb::Add | Verb::Replace)) => true,
            Some(Role::Verb(Verb::Exec)) => command
                .items
                .iter()
                .any(|item| item.target.as_ref().is_some_and(|target| target.text.contains(SCEP))),
            _ => false,
        };
        if !allowed {
            let message = format!(
                "a Fleet profile holds only `Add` and `Replace` at its top, not `{}`",
                excerpt(&command.name)
            );
            self.sheet.report(&FLEET_PROFILE, At::line(command.line), &message);
        }
    }

    fn identifier(&mut self, command: &Command) {
        let id = command.cmd_id.as_ref().map(|id| (id.text.trim(), id.line));
        let Some((id, line)) = id.filter(|(id, _)| !id.is_empty()) else {
            if self.document.form != Form::Bare {
                let message = format!("`{}` has no `CmdID`", command.name);
                self.sheet.report(&NO_CMD_ID, At::line(command.line), &message);
            }
            return;
        };
        if id.starts_with('$') && id.eq_ignore_ascii_case("$CmdID$") {
            self.sheet.report(
                &PLACEHOLDER,
                At::line(line),
                "the `CmdID` is the placeholder `$CmdID$`",
            );
        } else if id == "0" {
            self.sheet.report(&CMD_ID_ZERO, At::line(line), "the `CmdID` is `0`");
        } else if !self.document.identifiers.insert(id) {
            let message = format!("the `CmdID` `{}` is used already in this message", excerpt(id));
            self.sheet.report(&CMD_ID_TWICE, At::line(line), &message);
        }
    }

    fn meta(&mut self, meta: Option<&Meta>) {
        if let Some(line) = meta.and_then(|meta| meta.foreign) {
            let message = "a child of `Meta` is not in the namespace `syncml:metinf`";
            self.sheet.report(&META_NAMESPACE, At::line(line), message);
        }
    }

    fn verb(&mut self, command: &Command, verb: Verb, mut within: Within<'_>) {
        if verb == Verb::Get && matches!(within, Within::Atomic(_)) {
            self.sheet.report(
                &GET_IN_ATOMIC,
                At::line(command.line),
                "a `Get` stands inside an `Atomic`",
            );
        }
        if verb == Verb::Exec && command.items.len() != 1 {
            let message = match command.items.len() {
                0 => "an `Exec` has no `Item`".to_owned(),
                count => format!("an `Exec` has {count} `Item`s, and a client runs exactly one"),
            };
            self.sheet.report(&EXEC_ITEMS, At::line(command.line), &message);
        }
        if verb == Verb::Get {
            self.document.reply.results(command);
        }
        self.document.reply.statuses(command);
        for item in &command.items {
            self.meta(item.meta.as_ref());
            let place = self.item(command, verb, item);
            if verb == Verb::Get {
                self.document.reply.result(item, place, &self.sizes);
            }
            if let Within::Atomic(group) = &mut within {
                self.pair(group, verb, item, place);
            }
        }
    }

    /// Judges how the data of an item is written.
    pub(super) fn notation(&mut self, item: &Item, place: Place, at: At<'_>) {
        let Some(data) = &item.data else { return };
        let at = at.on(data.line);
        if data.cdata {
            self.sheet.report(&CDATA, at, "`Data` is written as CDATA");
        }
        // The license has a rule of its own, which says the same.
        if data.markup
            && place.node().is_none_or(|node| node.id != NodeId::UpgradeEditionWithLicense)
        {
            self.sheet.report(&MARKUP, at, "`Data` holds elements; they must be escaped");
        }
    }

    /// Notes that an Atomic adds or replaces a node; reports it once that it does both.
    fn pair(&mut self, group: &mut Group, verb: Verb, item: &Item, place: Place) {
        if !matches!(verb, Verb::Add | Verb::Replace) {
            return;
        }
        let Some(target) = &item.target else { return };
        let deeds = group.0.entry(super::address::comparable(&target.text, place)).or_default();
        let before = deeds.adds && deeds.replaces;
        match verb {
            Verb::Add => deeds.adds = true,
            _ => deeds.replaces = true,
        }
        if !before && deeds.adds && deeds.replaces {
            let at = At::address(target.line, &target.text);
            self.sheet.report(
                &ADD_AND_REPLACE,
                at,
                "one `Atomic` both adds and replaces this node",
            );
        }
    }
}
