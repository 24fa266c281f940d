//! What becomes of an element where it ends.

use super::super::grammar::Element;
use super::{Done, Draft, Frame, HELD, Owner, Place};
use crate::artefact::trouble::excerpt;
use crate::artefact::xml::Document;
use crate::csp::model::message::{Command, Data, Item, Text};

impl Draft {
    /// Takes an ending tag with the text before it; an error says why the document cannot be used.
    pub(in super::super) fn close(&mut self, document: &Document<'_>) -> Result<Done, String> {
        let Some(frame) = self.frames.pop() else { return Ok(Done::Nothing) };
        self.scope.leave();
        if !matches!(frame.place, Place::Markup | Place::Leaf | Place::Data(_)) {
            return self.end(frame);
        }
        let (text, cdata) = (document.text(), document.is_cdata());
        if !document.is_clean() {
            check(text)?;
        }
        match frame.place {
            Place::Markup => {
                self.gathered.push_str(text);
                self.cdata |= cdata;
                self.weigh(text.len())
            }
            Place::Leaf => {
                let text = self.text(text);
                self.leaf(frame, text)
            }
            Place::Data(owner) => {
                let markup = self.markup;
                let cdata = cdata | self.cdata;
                let text = self.text(text);
                let size = text.len();
                let data = Data { text, line: frame.line, cdata, markup };
                let place = match owner {
                    Owner::Item => &mut self.item.data,
                    Owner::Command => &mut self.command.data,
                };
                place.get_or_insert(data);
                self.weigh(size)
            }
            _ => Ok(Done::Nothing),
        }
    }

    /// Ends an element whose text says nothing.
    fn end(&mut self, frame: Frame) -> Result<Done, String> {
        match frame.place {
            Place::Item => {
                let item = std::mem::take(&mut self.item);
                // Most commands have but one.
                if self.command.items.is_empty() {
                    self.command.items.reserve_exact(1);
                }
                self.command.items.push(item);
                self.weigh(size_of::<Item>())
            }
            Place::Command => Ok(self.end_command()),
            Place::Header => {
                let header = self.header.take().unwrap_or_default();
                Ok(Done::Header(header))
            }
            Place::Final => Ok(Done::Final { line: frame.line }),
            Place::Body => Ok(if self.frames.is_empty() { Done::Root } else { Done::Body }),
            Place::Message if self.bodies == 0 => Err("the message has no `SyncBody`".to_owned()),
            Place::Message => Ok(Done::Root),
            Place::Party(_)
            | Place::Address(_)
            | Place::Meta(_)
            | Place::Passed
            | Place::Markup
            | Place::Leaf
            | Place::Data(_) => Ok(Done::Nothing),
        }
    }

    /// The whole text of an element that ends here.
    fn text(&mut self, text: &str) -> String {
        (self.markup, self.cdata) = (false, false);
        if self.gathered.is_empty() {
            return self.spare.text(text);
        }
        self.gathered.push_str(text);
        std::mem::take(&mut self.gathered)
    }

    /// Puts the text of an element where it belongs; the first of several stays.
    fn leaf(&mut self, frame: Frame, text: String) -> Result<Done, String> {
        let size = text.len();
        let parent = self.frames.last().map(|parent| parent.place);
        let text = Text { text, line: frame.line };
        match (parent, frame.element) {
            (Some(Place::Header), element) => {
                let header = self.header();
                let place = match element {
                    Element::VerDtd => &mut header.version,
                    Element::VerProto => &mut header.protocol,
                    Element::SessionId => &mut header.session,
                    _ => &mut header.message,
                };
                place.get_or_insert(text);
            }
            (Some(Place::Party(party)), element) => {
                let header = self.header();
                let place = match (party, element) {
                    (Element::Target, Element::LocUri) => &mut header.target,
                    (Element::Source, Element::LocUri) => &mut header.source,
                    (Element::Source, _) => &mut header.source_name,
                    _ => return Ok(Done::Nothing),
                };
                place.get_or_insert(text);
            }
            (Some(Place::Address(Element::Target)), _) => {
                self.item.target.get_or_insert(text);
            }
            (Some(Place::Address(_)), _) => _ = self.item.source.get_or_insert(text),
            (Some(Place::Meta(owner)), element) => {
                let meta = self.meta(owner).get_or_insert_default();
                let place =
                    if element == Element::Format { &mut meta.format } else { &mut meta.kind };
                place.get_or_insert(text);
            }
            (Some(Place::Command), element) => self.reference(element, text),
            _ => {}
        }
        self.weigh(size)
    }

    fn reference(&mut self, element: Element, text: Text) {
        let command = &mut self.command;
        if element == Element::CmdId {
            command.cmd_id.get_or_insert(text);
            return;
        }
        let answers = &mut command.answers;
        let place = match element {
            Element::MsgRef => &mut answers.message,
            Element::CmdRef => &mut answers.command,
            Element::Cmd => &mut answers.name,
            _ => &mut answers.target,
        };
        place.get_or_insert(text.text);
    }

    fn end_command(&mut self) -> Done {
        self.open = self.open.saturating_sub(1);
        match self.groups.pop() {
            Some(group) => {
                let command = std::mem::replace(&mut *self.command, group);
                self.command.commands.push(command);
                Done::Nothing
            }
            None => {
                let next = self.spare.command();
                let command = std::mem::replace(&mut self.command, next);
                if self.spoiled { Done::Nothing } else { Done::Command(command) }
            }
        }
    }

    /// Counts bytes of the open command; past the bound drops what is held.
    fn weigh(&mut self, bytes: usize) -> Result<Done, String> {
        self.held += bytes;
        if self.held <= HELD || self.open == 0 {
            return Ok(Done::Nothing);
        }
        self.held = 0;
        for command in self.groups.iter_mut().chain([&mut *self.command]) {
            (command.items, command.commands) = (Vec::new(), Vec::new());
        }
        if std::mem::replace(&mut self.spoiled, true) {
            return Ok(Done::Nothing);
        }
        let outermost: &Command = self.groups.first().unwrap_or(&self.command);
        Err(format!(
            "`{}` at line {} takes more than {HELD} bytes",
            excerpt(&outermost.name),
            outermost.line
        ))
    }

    /// What is complete of the command that is open where the document breaks off: its whole items, and the whole commands of a group.
    pub(in super::super) fn salvage(&mut self) -> Option<Box<Command>> {
        let groups = std::mem::take(&mut self.groups);
        let innermost = (self.open > 0).then(|| std::mem::take(&mut *self.command));
        self.open = 0;
        if self.spoiled {
            return None;
        }
        let complete = |command: &Command| {
            // A Status says nothing before it is whole.
            command.name != "Status" && !(command.items.is_empty() && command.commands.is_empty())
        };
        let innermost = innermost.filter(complete);
        let folded = groups.into_iter().rev().fold(innermost, |inner, mut group| {
            group.commands.extend(inner);
            Some(group).filter(complete)
        });
        folded.map(Box::new)
    }
}

/// Text must hold no character that XML 1.0 forbids: it could not be answered in XML.
fn check(text: &str) -> Result<(), String> {
    let forbidden = |byte: u8| (byte < b' ') & !matches!(byte, b'\t' | b'\n' | b'\r');
    // Nearly every text holds none: looking at all of it, many bytes at a time, is faster than stopping at the first.
    if !text.bytes().fold(false, |any, byte| any | forbidden(byte)) {
        return Ok(());
    }
    match text.bytes().find(|byte| forbidden(*byte)) {
        None => Ok(()),
        Some(byte) => Err(format!("the character U+{byte:04X} is not allowed in XML")),
    }
}
