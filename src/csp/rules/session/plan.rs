//! What is to be done with a command, before anything of it runs: its structure is judged here.

use super::alert::{self, Alert};
use super::ids::CmdIds;
use super::{Mode, Tree, refuse};
use crate::catalog::Code;
use crate::csp::catalog::codes_status as codes;
use crate::csp::catalog::nodes::Verb;
use crate::csp::model::answer::{Answer, Reply};
use crate::csp::model::key::hide_keys;
use crate::csp::model::message::{Command, Item};
use crate::csp::rules::address::trimmed;
use std::borrow::Cow;

/// A command, judged.
#[derive(Debug)]
pub(super) struct Plan<'m> {
    command: &'m Command,
    id: Cow<'m, str>,
    /// Of the command, when it is one of SyncML.
    name: Option<&'static str>,
    pub(super) work: Work<'m>,
}

/// What is to be done.
#[derive(Debug)]
pub(super) enum Work<'m> {
    /// It answers what the device sent.
    Nothing,
    /// It does not run.
    Refused(Reply),
    Alert(Alert),
    /// The items are judged one by one: [`fault`].
    Items(Verb),
    Sequence(Vec<Plan<'m>>),
    Atomic(Vec<Plan<'m>>),
}

/// What the element of a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Verb(Verb),
    Alert,
    Sequence,
    Atomic,
    /// Status, Results.
    Answer,
    /// A command of SyncML that the client does not have.
    Unsupported,
}

/// The commands of SyncML.
///
/// Source: [REPPRO] commands; Copy, Map, Move, Put, Search and Sync are not among those of [OMADM].
static KINDS: [(&str, Kind); 16] = [
    ("Replace", Kind::Verb(Verb::Replace)),
    ("Get", Kind::Verb(Verb::Get)),
    ("Add", Kind::Verb(Verb::Add)),
    ("Exec", Kind::Verb(Verb::Exec)),
    ("Delete", Kind::Verb(Verb::Delete)),
    ("Atomic", Kind::Atomic),
    ("Sequence", Kind::Sequence),
    ("Alert", Kind::Alert),
    ("Status", Kind::Answer),
    ("Results", Kind::Answer),
    ("Copy", Kind::Unsupported),
    ("Map", Kind::Unsupported),
    ("Move", Kind::Unsupported),
    ("Put", Kind::Unsupported),
    ("Search", Kind::Unsupported),
    ("Sync", Kind::Unsupported),
];

fn kind(name: &str) -> Option<(&'static str, Kind)> {
    KINDS.iter().copied().find(|(known, _)| *known == name)
}

/// Whether a command holds commands.
pub(super) fn is_group(name: &str) -> bool {
    matches!(kind(name), Some((_, Kind::Atomic | Kind::Sequence)))
}

/// Stands for a `CmdID` in the examples of the published pages.
const PLACEHOLDER: &str = "$CmdID$";

/// Judges the commands of one message.
#[derive(Debug)]
pub(super) struct Planner {
    mode: Mode,
    /// Commands without `CmdID` are numbered.
    pub(super) number: bool,
    ids: CmdIds,
}

/// In what a command stands, as far as it forbids something.
enum Within {
    Message,
    /// The nodes that the Atomic adds before.
    Atomic(Vec<String>),
}

impl Planner {
    pub(super) fn new(mode: Mode) -> Self {
        Self { mode, number: false, ids: CmdIds::default() }
    }

    pub(super) fn plan<'m>(&mut self, command: &'m Command, tree: &impl Tree) -> Plan<'m> {
        self.within(command, &mut Within::Message, tree)
    }

    fn within<'m>(
        &mut self,
        command: &'m Command,
        within: &mut Within,
        tree: &impl Tree,
    ) -> Plan<'m> {
        let (name, known) = kind(&command.name).unzip();
        if known == Some(Kind::Answer) {
            return Plan { command, id: Cow::Borrowed(""), name, work: Work::Nothing };
        }
        let (id, identified) = self.identify(command);
        let fault = match known {
            None => {
                let reason = format!("`{}` is no command of SyncML", command.name);
                Some(refuse(&codes::BAD_REQUEST, reason))
            }
            Some(Kind::Unsupported) => {
                let reason = format!("the client has no `{}`", command.name);
                Some(refuse(&codes::NOT_SUPPORTED, reason))
            }
            Some(kind) => identified
                .or_else(|| filled(kind, command))
                .or_else(|| allowed(kind, command, within, tree)),
        };
        let work = match (fault, known) {
            (Some(fault), _) => Work::Refused(fault),
            (None, Some(Kind::Verb(verb))) => Work::Items(verb),
            (None, Some(Kind::Alert)) => Work::Alert(alert::judge(command)),
            (None, Some(Kind::Sequence)) => Work::Sequence(self.steps(command, within, tree)),
            (None, Some(Kind::Atomic)) => {
                Work::Atomic(self.steps(command, &mut Within::Atomic(Vec::new()), tree))
            }
            (None, _) => Work::Nothing,
        };
        Plan { command, id, name, work }
    }

    fn steps<'m>(
        &mut self,
        group: &'m Command,
        within: &mut Within,
        tree: &impl Tree,
    ) -> Vec<Plan<'m>> {
        group.commands.iter().map(|command| self.within(command, within, tree)).collect()
    }

    /// The `CmdID` that a command is answered under, and what is wrong with it.
    fn identify<'m>(&mut self, command: &'m Command) -> (Cow<'m, str>, Option<Reply>) {
        let bad = |reason: String| Some(refuse(&codes::BAD_REQUEST, reason));
        match command.cmd_id.as_ref().map_or("", |id| trimmed(&id.text)) {
            "" if self.number => (self.ids.give().to_string().into(), None),
            "" => ("".into(), bad("the command has no `CmdID`".to_owned())),
            PLACEHOLDER => (self.ids.give().to_string().into(), None),
            "0" => ("0".into(), bad("`CmdID` is 0, which stands for the `SyncHdr`".to_owned())),
            id if !self.ids.insert(id) && self.mode == Mode::Whole => {
                (id.into(), bad(format!("`CmdID` {id} is used twice in the message")))
            }
            id => (id.into(), None),
        }
    }
}

/// What is wrong with how much a command holds.
fn filled(kind: Kind, command: &Command) -> Option<Reply> {
    let wrong = match kind {
        Kind::Verb(Verb::Exec) if command.items.len() != 1 => {
            format!("`Exec` has {} items; it takes one", command.items.len())
        }
        Kind::Verb(_) if command.items.is_empty() => "the command has no `Item`".to_owned(),
        Kind::Atomic | Kind::Sequence if command.commands.is_empty() => {
            format!("`{}` holds no command", command.name)
        }
        _ => return None,
    };
    Some(refuse(&codes::BAD_REQUEST, wrong))
}

/// What an Atomic forbids. Remembers the nodes that it adds.
///
/// Source: [MS-MDM] Atomic: no Atomic and no Get inside, no Add followed by a Replace of the same node.
fn allowed(kind: Kind, command: &Command, within: &mut Within, tree: &impl Tree) -> Option<Reply> {
    let Within::Atomic(added) = within else { return None };
    let nodes = || {
        let addresses = command.items.iter().filter_map(address);
        addresses.map(|address| tree.canonical(address)).collect::<Vec<_>>()
    };
    let wrong = match kind {
        Kind::Atomic => "an `Atomic` stands inside an `Atomic`",
        Kind::Verb(Verb::Get) => "a `Get` stands inside an `Atomic`",
        Kind::Verb(Verb::Add) => {
            added.extend(nodes());
            return None;
        }
        Kind::Verb(Verb::Replace) if nodes().iter().any(|node| added.contains(node)) => {
            "one `Atomic` adds and replaces the same node"
        }
        _ => return None,
    };
    Some(refuse(&codes::FAILED, wrong))
}

/// What is wrong with an item, whatever tree it is for.
pub(super) fn fault(verb: Verb, item: &Item) -> Option<Reply> {
    let bad = |reason: &str| Some(refuse(&codes::BAD_REQUEST, reason));
    match address(item) {
        None => bad("the item has no `Target/LocURI`"),
        Some(address) if address.starts_with('/') => bad("the address begins with `/`"),
        // A value in several chunks would be set in part.
        Some(_) if item.more && verb != Verb::Get => {
            Some(refuse(&codes::NOT_SUPPORTED, "`MoreData`: values in chunks are not supported"))
        }
        Some(_) => None,
    }
}

/// The address of an item, without the white space around it.
fn address(item: &Item) -> Option<&str> {
    item.target.as_ref().map(|target| trimmed(&target.text)).filter(|address| !address.is_empty())
}

/// What of a command is repeated in its answer: no product key, wherever one stands.
fn shown(text: &str) -> Cow<'_, str> {
    hide_keys(text)
}

impl<'m> Plan<'m> {
    pub(super) fn items(&self) -> &'m [Item] {
        &self.command.items
    }

    /// Whether the structure of the command, or of one that it holds, is wrong.
    pub(super) fn is_broken(&self) -> bool {
        match &self.work {
            Work::Refused(_) => true,
            Work::Items(verb) => self.items().iter().any(|item| fault(*verb, item).is_some()),
            Work::Sequence(steps) | Work::Atomic(steps) => steps.iter().any(Self::is_broken),
            Work::Nothing | Work::Alert(_) => false,
        }
    }

    /// The answer to the command as a whole; none for one that is not answered.
    pub(super) fn whole(&self, reply: Reply) -> Option<Answer<'_>> {
        if matches!(self.work, Work::Nothing) {
            return None;
        }
        let loc_uri = match self.command.items.as_slice() {
            [only] => address(only).map(shown),
            _ => None,
        };
        Some(Answer { loc_uri, ..self.blank(reply) })
    }

    /// The answer to one item of the command.
    pub(super) fn answer(&self, at: usize, reply: Reply) -> Answer<'_> {
        let item = self.command.items.get(at);
        let count = self.command.items.len();
        Answer {
            line: item.map_or(self.command.line, |item| item.line),
            loc_uri: item.and_then(address).map(shown),
            one_of_several: count > 1,
            last: at + 1 >= count,
            ..self.blank(reply)
        }
    }

    fn blank(&self, reply: Reply) -> Answer<'_> {
        Answer {
            line: self.command.line,
            command: shown(&self.id),
            name: self.name.map_or_else(|| shown(&self.command.name), Cow::Borrowed),
            loc_uri: None,
            one_of_several: false,
            reply,
            silent: self.command.no_response,
            last: true,
        }
    }

    /// The same reply to every item of the command, and to all commands that it holds.
    pub(super) fn all<'a>(&'a self, reply: &Reply) -> impl Iterator<Item = Answer<'a>> + use<'a> {
        let mut answers = Vec::new();
        self.gather(reply, &mut answers);
        answers.into_iter()
    }

    fn gather<'a>(&'a self, reply: &Reply, answers: &mut Vec<Answer<'a>>) {
        match &self.work {
            Work::Items(_) => {
                answers.extend((0..self.items().len()).map(|at| self.answer(at, reply.clone())));
            }
            Work::Sequence(steps) | Work::Atomic(steps) => {
                answers.extend(self.whole(reply.clone()));
                for step in steps {
                    step.gather(reply, answers);
                }
            }
            _ => answers.extend(self.whole(reply.clone())),
        }
    }
}

/// The status that a code has on its own.
pub(super) fn plain(code: &Code) -> Reply {
    Reply::status(super::number(code))
}
