//! The answers of a device, message by message.

use crate::artefact::Notes;
use crate::csp::catalog::codes_status as codes;
use crate::csp::catalog::nodes::Verb;
use crate::csp::import::facts::{
    Facts, Filed, MOST_REPORTED, ReportedAlert, ReportedCode, ReportedError,
};
use crate::csp::model::message::{Command, Data, Header, Item, Meta, Part, Text};
use crate::error::Place;
use std::collections::{HashMap, VecDeque};

/// What the messages of one device say.
#[derive(Debug, Default)]
pub(in crate::csp::import) struct Gathered {
    pub(in crate::csp::import) facts: Facts,
    /// The message that is read is a server's: its commands ask, and answer nothing.
    from_server: bool,
    session: String,
    message: String,
    /// Lines before the document.
    pub(in crate::csp::import) before: u64,
    /// When the message was written, as text; empty when that is not told.
    pub(in crate::csp::import) time: String,
    pub(in crate::csp::import) ended: bool,
    /// A device answered or told something, be it only that all went well.
    pub(super) answered: bool,
}

/// What servers asked for in the latest message of each session, so that a Status without an address can be understood.
#[derive(Debug, Default)]
pub(in crate::csp::import) struct Asked {
    sessions: VecDeque<Latest>,
}

/// The latest message of a server in a session.
#[derive(Debug, Default)]
struct Latest {
    session: String,
    message: String,
    /// The addresses of commands with one item, by `CmdID`.
    commands: HashMap<String, String>,
}

/// How many sessions are remembered at a time; a device runs one with each of its servers.
const SESSIONS: usize = 16;

/// How many commands of a message are remembered, well above what fits a message of 512 KiB.
const COMMANDS: usize = 10_000;

impl Asked {
    fn begin(&mut self, session: &str, message: &str) {
        self.sessions.retain(|known| known.session != session);
        self.sessions.truncate(SESSIONS - 1);
        let (session, message) = (session.to_owned(), message.to_owned());
        self.sessions.push_front(Latest { session, message, ..Latest::default() });
    }

    fn ask(&mut self, command: &Command) {
        let (Some(latest), Some(id)) = (self.sessions.front_mut(), &command.cmd_id) else { return };
        // Of several items each Status has its TargetRef.
        if let ([Item { target: Some(target), .. }], true) =
            (command.items.as_slice(), latest.commands.len() < COMMANDS)
        {
            latest.commands.insert(trimmed(id).to_owned(), trimmed(target).to_owned());
        }
        for inner in &command.commands {
            self.ask(inner);
        }
    }

    fn address(&self, session: &str, message: &str, command: &str) -> Option<&str> {
        let asked = self.sessions.iter().find(|known| known.session == session)?;
        let same = asked.message == message.trim();
        asked.commands.get(command.trim()).filter(|_| same).map(String::as_str)
    }
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::csp::import) enum Origin<'h> {
    Server,
    /// A device, by the name that it is known under.
    Device(&'h str),
    Unknown,
}

impl<'h> Origin<'h> {
    /// A server names itself by a URL, a device by its id and perhaps a name.
    pub(in crate::csp::import) fn of(header: &'h Header) -> Self {
        let source = header.source.as_ref().map_or("", trimmed);
        if source.contains("://") {
            return Self::Server;
        }
        let name = header.source_name.as_ref().map(trimmed).filter(|name| !name.is_empty());
        match name.unwrap_or(source) {
            "" => Self::Unknown,
            name => Self::Device(name),
        }
    }
}

impl Gathered {
    /// Whether what was said is of the device of this name, as far as that is known.
    pub(in crate::csp::import) fn is_of(&self, name: &str) -> bool {
        self.facts.device.as_deref().is_none_or(|known| known == name)
    }

    pub(in crate::csp::import) fn take(
        &mut self,
        part: &Part,
        asked: &mut Asked,
        notes: &mut Notes,
    ) {
        match part {
            Part::Start { .. } => {
                self.from_server = false;
                self.session.clear();
            }
            Part::Header(header) => self.header(header, asked, notes),
            Part::Command(command) if self.from_server => asked.ask(command),
            Part::Command(command) => self.command(command, asked, notes),
            Part::Instruction { .. } | Part::Final { .. } => {}
            Part::End => self.ended = true,
        }
    }

    fn header(&mut self, header: &Header, asked: &mut Asked, notes: &mut Notes) {
        let said = |text: &Option<Text>| text.as_ref().map_or("", trimmed).to_owned();
        (self.session, self.message) = (said(&header.session), said(&header.message));
        match Origin::of(header) {
            Origin::Server => {
                self.from_server = true;
                asked.begin(&self.session, &self.message);
            }
            Origin::Device(name) => {
                if let Err(why) = self.facts.named(name) {
                    notes.warn("device-name", self.place(header.line), why);
                }
            }
            Origin::Unknown => {}
        }
    }

    fn command(&mut self, command: &Command, asked: &Asked, notes: &mut Notes) {
        match command.name.as_str() {
            "Results" => self.results(command, notes),
            "Status" => self.status(command, asked, notes),
            "Alert" => self.alert(command, notes),
            "Replace" => {
                self.opening(command, notes);
                self.answered |= command.items.iter().any(is_own);
                return;
            }
            _ => return,
        }
        self.answered = true;
    }

    fn results(&mut self, command: &Command, notes: &mut Notes) {
        for item in &command.items {
            let format = format(item.meta.as_ref()).or_else(|| format(command.meta.as_ref()));
            if let (Some(source), Some(data)) = (&item.source, &item.data) {
                self.set(source, format, data, notes);
            }
        }
    }

    /// The Replace of the package that opens a session: what the device says of itself.
    fn opening(&mut self, command: &Command, notes: &mut Notes) {
        for item in &command.items {
            if let (Some(source), Some(data)) = (&item.source, &item.data)
                && is_own(item)
            {
                self.set(source, format(item.meta.as_ref()), data, notes);
            }
        }
    }

    fn set(&mut self, source: &Text, format: Option<&str>, data: &Data, notes: &mut Notes) {
        if let Err(why) = self.facts.set(trimmed(source), format, &data.text) {
            notes.complain(self.place(data.line), why);
        }
    }

    fn status(&mut self, command: &Command, asked: &Asked, notes: &mut Notes) {
        let written = command.data.as_ref().map_or("", |data| data.text.trim());
        let place = self.place(command.data.as_ref().map_or(command.line, |data| data.line));
        let Ok(status) = written.parse::<u16>() else {
            notes.complain(place, format!("`{written}` is no status"));
            return;
        };
        let done = (200..300).contains(&status) && !matches!(status, 214..=216);
        if done {
            return;
        }
        let answers = &command.answers;
        let said = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
        let loc_uri = match said(&answers.target) {
            target if !target.is_empty() => target,
            _ => {
                let (message, command) = (said(&answers.message), said(&answers.command));
                asked.address(&self.session, &message, &command).unwrap_or_default().to_owned()
            }
        };
        let verb = said(&answers.name);
        // That a node which comes and goes is not there is an answer like any other.
        let absent = codes::NOT_FOUND.native.number() == Some(status.into())
            && verb == Verb::Get.word()
            && self.facts.absent(&loc_uri) == Filed::Taken;
        if absent {
            return;
        }
        let error = ReportedError {
            loc_uri,
            code: ReportedCode::Status(status),
            original: answers.original_error.as_deref().and_then(hresult),
            command: verb,
            time: self.time.clone(),
            place,
            ..ReportedError::default()
        };
        if !self.facts.report(error) {
            let message = format!("more than {MOST_REPORTED} failures; the rest is left out");
            notes.warn("failures-left-out", Place::Whole, message);
        }
    }

    fn alert(&mut self, command: &Command, notes: &mut Notes) {
        let code = command.data.as_ref().map_or("", |data| data.text.trim());
        let kinds = command.items.iter().map(|item| {
            let kind = item.meta.as_ref().and_then(|meta| meta.kind.as_ref());
            kind.map_or("", trimmed)
        });
        let alone = command.items.is_empty().then_some("");
        for kind in kinds.chain(alone) {
            if self.facts.alerts.len() >= MOST_REPORTED {
                let message = format!("more than {MOST_REPORTED} alerts; the rest is left out");
                notes.warn("alerts-left-out", Place::Whole, message);
                return;
            }
            self.facts.alerts.push(ReportedAlert {
                code: code.to_owned(),
                kind: kind.to_owned(),
                place: self.place(command.line),
            });
        }
    }

    fn place(&self, line: u64) -> Place {
        Place::Line(self.before + line)
    }
}

/// Whether an item tells what the device is, and asks for nothing.
fn is_own(item: &Item) -> bool {
    item.source.as_ref().is_some_and(|source| trimmed(source).starts_with("./DevInfo/"))
}

fn trimmed(text: &Text) -> &str {
    text.text.trim()
}

fn format(meta: Option<&Meta>) -> Option<&str> {
    meta.and_then(|meta| meta.format.as_ref()).map(trimmed)
}

/// The number of `0x86000002`, with or without its prefix.
fn hresult(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    u32::from_str_radix(digits, 16).ok()
}
