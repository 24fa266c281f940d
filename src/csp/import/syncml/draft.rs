//! A document that is being read, element by element: the header and the one command that is open.

mod end;
mod place;
mod spare;

use super::grammar::Element;
use super::grammar::element as known;
use super::scope::Scope;
use crate::artefact::xml::Tag;
use crate::csp::model::message::{Command, Form, Header, Item, Meta};
use spare::Spare;

/// The most that one command may take in memory, with all that an Atomic or Sequence holds: 16 MiB, 32 times the message that a device
/// accepts.
pub(super) const HELD: usize = 16 * 1024 * 1024;

/// An open element.
#[derive(Debug, Clone, Copy)]
struct Frame {
    place: Place,
    element: Element,
    line: u64,
    /// The highest rank among its children so far, and the line of that child.
    rank: u8,
    highest: u64,
}

/// What an open element is to the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Message,
    Header,
    /// `Target` or `Source` of the header.
    Party(Element),
    Body,
    Command,
    Item,
    /// `Target` or `Source` of an item.
    Address(Element),
    /// `Meta` of an item or of a command.
    Meta(Owner),
    /// `Data` of an item or of a command.
    Data(Owner),
    /// An element inside of a text.
    Markup,
    /// An element whose text is wanted.
    Leaf,
    Final,
    /// An element that says nothing here, with all that it holds.
    Passed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Item,
    Command,
}

/// Why a tag makes a document another than one of SyncML.
#[derive(Debug)]
pub(super) enum Flaw {
    Ill(String),
    /// A second document begins behind the first.
    Several,
}

impl From<String> for Flaw {
    fn from(why: String) -> Self {
        Self::Ill(why)
    }
}

impl From<&str> for Flaw {
    fn from(why: &str) -> Self {
        Self::Ill(why.to_owned())
    }
}

/// What became complete with a tag.
#[derive(Debug)]
pub(super) enum Done {
    Nothing,
    /// The form of the document is known.
    Start(Form),
    Header(Box<Header>),
    Command(Box<Command>),
    Final {
        line: u64,
    },
    /// A `SyncBody` ended.
    Body,
    /// A root ended.
    Root,
}

/// The part of a document that is held.
#[derive(Debug, Default)]
pub(super) struct Draft {
    frames: Vec<Frame>,
    scope: Scope,
    form: Option<Form>,
    header: Option<Box<Header>>,
    /// The innermost open command, how many are open, and the groups that it stands in.
    command: Box<Command>,
    open: usize,
    groups: Vec<Command>,
    item: Item,
    spare: Spare,
    /// What was gathered of a text that holds elements.
    gathered: String,
    markup: bool,
    cdata: bool,
    /// Bytes that the open command takes.
    held: usize,
    bodies: u32,
    pub(super) namespace: Option<String>,
    pub(super) root_line: u64,
    /// The open command cannot be used, and that has been complained of.
    pub(super) spoiled: bool,
}

impl Draft {
    /// Takes a beginning tag; an error says why the document is none of SyncML, or not well-formed.
    pub(super) fn open(&mut self, tag: &Tag<'_>) -> Result<Done, Flaw> {
        self.scope.enter(tag)?;
        let element = known(tag.name);
        let parent = self.frames.last().copied();
        let (place, done) = match parent {
            None => self.root(element, tag)?,
            Some(parent) => self.child(parent, element, tag)?,
        };
        if let Some(parent) = parent {
            self.order(parent, element, tag.line);
        }
        match place {
            Place::Command => self.begin(tag),
            Place::Item => self.item = Item { line: tag.line, ..Item::default() },
            Place::Meta(owner) => *self.meta(owner) = Some(Meta::default()),
            Place::Header => {
                self.header = Some(Box::new(Header { line: tag.line, ..Header::default() }));
            }
            Place::Data(Owner::Command) => self.original_error(tag),
            _ => {}
        }
        self.frames.push(Frame { place, element, line: tag.line, rank: 0, highest: 0 });
        Ok(done)
    }

    /// Notes the first child that stands before another which it must follow, or twice.
    fn order(&mut self, parent: Frame, child: Element, line: u64) {
        let Some(frame) = self.frames.last_mut() else { return };
        let first_command = parent.element == Element::Group && parent.place == Place::Command;
        let rank = match parent.element.rank(child) {
            0 if first_command => u8::MAX,
            rank => rank,
        };
        let disordered = rank != 0
            && (rank < parent.rank || rank == parent.rank && rank != u8::MAX && !child.repeats());
        if rank > parent.rank {
            (frame.rank, frame.highest) = (rank, line);
        }
        if disordered {
            let first = parent.highest;
            match parent.place {
                Place::Header => _ = self.header().disorder.get_or_insert(first),
                Place::Command | Place::Item => {
                    self.command.disorder.get_or_insert(first);
                }
                _ => {}
            }
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        if self.open == 0 {
            (self.held, self.spoiled) = (0, false);
        } else {
            let inner = self.spare.command();
            self.groups.push(*std::mem::replace(&mut self.command, inner));
        }
        self.command.line = tag.line;
        self.command.name.push_str(tag.name);
        self.open += 1;
        self.held += size_of::<Command>() + tag.name.len();
    }

    /// Takes back a command that nobody needs any more.
    pub(super) fn recycle(&mut self, command: Box<Command>) {
        self.spare.keep(command);
    }

    fn original_error(&mut self, tag: &Tag<'_>) {
        if let Ok(Some(error)) = tag.attribute("originalerror") {
            self.command.answers.original_error = Some(error.into_owned());
        }
    }

    /// Whether the element that opened last stands inside of a text.
    pub(super) fn is_within_text(&self) -> bool {
        let outer = self.frames.len().checked_sub(2).and_then(|at| self.frames.get(at));
        outer.is_some_and(|frame| {
            matches!(frame.place, Place::Leaf | Place::Data(_) | Place::Markup)
        })
    }

    /// Keeps the text before an element that opens inside of a text.
    pub(super) fn gather(&mut self, text: &str, cdata: bool) {
        if !text.is_empty() {
            self.gathered.push_str(text);
            self.cdata |= cdata;
        }
    }

    /// Whether the document has begun and every root of it has ended.
    pub(super) fn is_whole(&self) -> bool {
        self.form.is_some() && self.frames.is_empty()
    }

    fn header(&mut self) -> &mut Header {
        self.header.get_or_insert_default()
    }

    fn meta(&mut self, owner: Owner) -> &mut Option<Meta> {
        match owner {
            Owner::Item => &mut self.item.meta,
            Owner::Command => &mut self.command.meta,
        }
    }
}
