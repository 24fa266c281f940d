//! Reads a DDF file of any configuration service provider, in either notation and with several roots.
//!
//! Elements are known by their names without prefix, wherever in the file's namespaces they stand: the published schema names
//! another namespace than the published files use. What no schema has is kept and noted; what is wrong with a description is
//! told by `report`. A document type is passed over, never fetched.
//!
//! Source: DDF2, DDF12.

use crate::artefact::trouble::{Next, excerpt};
use crate::artefact::xml::{Document, Piece, Tag};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::csp::catalog::ddf as words;
use crate::csp::catalog::ddf::{Notation, Property};
use crate::csp::import::cover::cover;
use crate::csp::model::ddf::{Element, Node, Tree};
use crate::error::{Outcome, Place};
use std::io::BufRead;

/// Elements and attributes of a file. A file with all policies of Windows has some 150,000.
const MOST: usize = 500_000;

/// Bytes of all names, texts and addresses together: 32 MiB.
const MOST_TEXT: usize = 32 * 1024 * 1024;

/// Bytes of a name, and of what stands for all nodes below: a list of editions has some 150.
const LONGEST_NAME: usize = 4096;

/// Attributes of one element that are looked at; the schema has no element with more than three.
const MOST_ATTRIBUTES: usize = 64;

/// Device descriptions.
pub static KIND: Kind = Kind {
    name: "csp.ddf",
    title: "device description (DDF) of a configuration service provider: `WindowsLicensing.xml` of the published bundle",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let mut input = sample.text.as_bytes();
    let mut document = Document::new(&mut input).passing_doctype();
    match document.next() {
        Ok(Some(Piece::Open(tag))) if tag.name == words::ROOT => Fit::Yes(9),
        // One that the reader refuses is of this kind all the same.
        Err(_) if sample.text.contains("<!DOCTYPE MgmtTree") => Fit::Yes(9),
        _ if sample.text.contains("<MgmtTree") => {
            Fit::Near("a page that shows a device description, not the file itself")
        }
        _ => Fit::No,
    }
}

/// Reads a whole file.
///
/// - Returns what could be read; it is worth something only when `notes` holds no complaint.
///
/// Complains of what is not well-formed, of other roots, of a file without nodes, and of what is larger than any description.
pub fn read(input: &mut dyn BufRead, notes: &mut Notes) -> Outcome<Tree> {
    let tree = read_tree(input, notes);
    cover(notes);
    tree
}

fn read_tree(input: &mut dyn BufRead, notes: &mut Notes) -> Outcome<Tree> {
    let mut document = Document::new(input).passing_doctype();
    let mut reading = Reading::new(notes);
    loop {
        let went = match document.next() {
            Ok(None) => break,
            Ok(Some(Piece::Open(tag))) => {
                let line = tag.line;
                reading.open(&tag).map(|()| (line, true))
            }
            Ok(Some(Piece::Close { text, .. })) => reading.close(text).map(|line| (line, false)),
            Err(trouble) => {
                if trouble.settle(reading.notes)? == Next::Stop {
                    return Ok(reading.tree);
                }
                continue;
            }
        };
        match went {
            Ok((line, opened)) => reading.beside(line, opened, document.text()),
            Err(Ended) => return Ok(reading.tree),
        }
    }
    Ok(reading.finish())
}

/// Nothing more is read; why has been said.
struct Ended;

/// Something that was opened.
enum Frame {
    /// `MgmtTree`.
    Tree,
    /// `Node`, by its number.
    Node(usize),
    /// `DFProperties` of a node.
    Properties(usize),
    Element(Element),
}

struct Reading<'n> {
    tree: Tree,
    stack: Vec<Frame>,
    rooted: bool,
    /// What was closed last had no children.
    leaf: bool,
    elements_left: usize,
    text_left: usize,
    notes: &'n mut Notes,
}

impl<'n> Reading<'n> {
    fn new(notes: &'n mut Notes) -> Self {
        Self {
            tree: Tree::new(Notation::V1_2),
            stack: Vec::new(),
            rooted: false,
            leaf: false,
            elements_left: MOST,
            text_left: MOST_TEXT,
            notes,
        }
    }

    fn open(&mut self, tag: &Tag<'_>) -> Result<(), Ended> {
        let frame = match (self.stack.last(), tag.name) {
            (None, words::ROOT) if !self.rooted => {
                self.rooted = true;
                Frame::Tree
            }
            (None, _) => return Err(self.refuse_root(tag)),
            (Some(Frame::Tree), words::NODE) => self.node(None, 0, tag.line),
            (Some(Frame::Node(at)), words::NODE) => {
                let depth = self.tree.nodes.get(*at).map_or(0, |above| above.depth + 1);
                self.node(Some(*at), depth, tag.line)
            }
            (Some(Frame::Node(at)), words::PROPERTIES_OF_NODE) => self.properties(*at, tag)?,
            _ => Frame::Element(self.element(tag)?),
        };
        self.charge(tag.line, 1, tag.name.len())?;
        self.stack.push(frame);
        Ok(())
    }

    fn refuse_root(&mut self, tag: &Tag<'_>) -> Ended {
        let message = if self.rooted {
            format!("`<{}>` stands behind the end of `{}`", excerpt(tag.name), words::ROOT)
        } else {
            format!("the root is `{}`; a DDF file has `{}`", excerpt(tag.name), words::ROOT)
        };
        self.notes.complain(Place::Line(tag.line), message);
        Ended
    }

    fn node(&mut self, parent: Option<usize>, depth: usize, line: u64) -> Frame {
        self.tree.nodes.push(Node { line, parent, depth, ..Node::default() });
        Frame::Node(self.tree.nodes.len() - 1)
    }

    /// A second list of properties is kept beside the first: which of them holds cannot be told.
    fn properties(&mut self, at: usize, tag: &Tag<'_>) -> Result<Frame, Ended> {
        if let Some(node) = self.tree.nodes.get_mut(at)
            && node.properties.is_none()
        {
            node.properties = Some(Vec::new());
            return Ok(Frame::Properties(at));
        }
        self.element(tag).map(Frame::Element)
    }

    fn element(&mut self, tag: &Tag<'_>) -> Result<Element, Ended> {
        let microsoft = !tag.prefix().is_empty();
        if microsoft {
            self.tree.notation = Notation::V2;
        }
        let mut element = Element {
            name: if microsoft {
                format!("{}:{}", words::MICROSOFT, tag.name)
            } else {
                tag.name.to_owned()
            },
            line: tag.line,
            ..Element::default()
        };
        for attribute in tag.attributes().take(MOST_ATTRIBUTES) {
            match attribute {
                Ok((name, _)) if name == "xmlns" || name.starts_with("xmlns:") => {}
                Ok((name, value)) => {
                    self.charge(tag.line, 1, name.len() + value.len())?;
                    element.attributes.push((name.to_owned(), value.into_owned()));
                }
                Err(message) => self.notes.complain(Place::Line(tag.line), message),
            }
        }
        Ok(element)
    }

    /// Closes what was opened last; returns the line on which it began.
    fn close(&mut self, text: &str) -> Result<u64, Ended> {
        self.leaf = false;
        let Some(Frame::Element(mut element)) = self.stack.pop() else { return Ok(0) };
        let line = element.line;
        if element.children.is_empty() {
            self.leaf = true;
            self.charge(line, 0, text.len())?;
            text.clone_into(&mut element.text);
        }
        self.keep(element);
        Ok(line)
    }

    /// Puts a closed element where it belongs.
    fn keep(&mut self, element: Element) {
        match self.stack.last_mut() {
            Some(Frame::Element(above)) => {
                if above.local() == words::APPLICABILITY.local() {
                    bounded(self.notes, &element);
                }
                above.children.push(element);
            }
            Some(Frame::Properties(at)) => {
                if Property::find(element.local()).is_none() {
                    note(self.notes, words::PROPERTIES_OF_NODE, &element);
                }
                let node = self.tree.nodes.get_mut(*at);
                if let Some(list) = node.and_then(|node| node.properties.as_mut()) {
                    list.push(element);
                }
            }
            Some(Frame::Node(at)) => {
                if let Some(node) = self.tree.nodes.get_mut(*at) {
                    keep_in_node(node, element, self.notes);
                }
            }
            _ => self.keep_in_tree(element),
        }
    }

    fn keep_in_tree(&mut self, element: Element) {
        let tree = &mut self.tree;
        let slot = match element.local() {
            words::VERSION => Some(&mut tree.version),
            name if name == words::local(words::DIAGNOSTICS) => Some(&mut tree.diagnostics),
            _ => {
                note(self.notes, words::ROOT, &element);
                None
            }
        };
        match slot {
            Some(slot @ None) => *slot = Some(element),
            _ => tree.strays.push(element),
        }
    }

    /// Tells of text that stands beside elements, where the schema has none; it is left out.
    fn beside(&mut self, line: u64, opened: bool, text: &str) {
        if (opened || !self.leaf) && !text.trim().is_empty() {
            let message = format!("`{}` stands beside elements; left out", excerpt(text.trim()));
            let place = if line == 0 { Place::Whole } else { Place::Line(line) };
            self.notes.warn("mixed-content", place, message);
        }
    }

    /// Counts what is kept in memory.
    fn charge(&mut self, line: u64, elements: usize, bytes: usize) -> Result<(), Ended> {
        let left = self.elements_left.checked_sub(elements).zip(self.text_left.checked_sub(bytes));
        let Some((elements, bytes)) = left else {
            let message =
                format!("the file holds more than {MOST} elements, or {MOST_TEXT} bytes of text");
            self.notes.complain(Place::Line(line), message);
            return Err(Ended);
        };
        (self.elements_left, self.text_left) = (elements, bytes);
        Ok(())
    }

    fn finish(mut self) -> Tree {
        if self.tree.nodes.is_empty() && self.notes.complaints.is_empty() {
            let message = if self.rooted {
                format!("`{}` holds no `{}`", words::ROOT, words::NODE)
            } else {
                format!("the file is empty; a DDF file has the root `{}`", words::ROOT)
            };
            self.notes.complain(Place::Whole, message);
        }
        if !self.tree.address(self.text_left) {
            let message = format!("the addresses of all nodes take more than {MOST_TEXT} bytes");
            self.notes.complain(Place::Whole, message);
        }
        self.tree
    }
}

fn keep_in_node(node: &mut Node, element: Element, notes: &mut Notes) {
    let slot = match element.local() {
        words::NODE_NAME => Some(&mut node.name),
        words::PATH => Some(&mut node.location),
        words::PROPERTIES_OF_NODE => None,
        _ => {
            note(notes, words::NODE, &element);
            None
        }
    };
    match slot {
        Some(slot @ None) => {
            bounded(notes, &element);
            *slot = Some(element.said().to_owned());
        }
        _ => node.strays.push(element),
    }
}

/// Notes what no published schema has.
fn note(notes: &mut Notes, above: &str, element: &Element) {
    let message = format!(
        "`{}` in `{above}` stands in no published schema; kept as it is",
        excerpt(&element.name)
    );
    notes.warn("unknown-element", Place::Line(element.line), message);
}

/// Complains of a name that is too long to be one.
fn bounded(notes: &mut Notes, element: &Element) {
    if element.text.len() > LONGEST_NAME {
        let message = format!(
            "the text of `{}` is {} bytes long; at most {LONGEST_NAME} are read",
            excerpt(&element.name),
            element.text.len()
        );
        notes.complain(Place::Line(element.line), message);
    }
}

#[cfg(test)]
mod tests;
