//! XML of vim25: answers of SOAP calls, `govc … -xml`, and the files of `govc object.save`.
//!
//! Elements are told by their local names; several roots may follow each other. Each license, assignment and property is read by
//! itself, so that a file of any length takes the memory of one of them.

use super::host;
use super::json::asset;
use super::record::{AboutSaid, AssignmentSaid, LicenseSaid, Of, Record, Said, Which};
use super::{Each, Options};
use crate::api::Source;
use crate::artefact::trouble::{Next, Trouble};
use crate::artefact::xml::{Document, Piece, Tag};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::vsphere::model::key::veiled;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::vcenter::ApiType;
use crate::vsphere::wire::given;
use crate::vsphere::wire::xml::{self, Node};
use serde_json::{Map, Value as Json};
use std::io::BufRead;

pub(super) static KIND: Kind = Kind {
    name: "vsphere.xml",
    title: "XML of vim25: SOAP answers, `govc license.ls -xml`, files of `govc object.save -l`",
    binary: false,
    sniff,
};

/// Roots and elements that only vim25 has.
const SIGNS: [&str; 9] = [
    "urn:vim25",
    "<LicenseManagerLicenseInfo",
    "<LicenseAssignmentManagerLicenseAssignment",
    "<ObjectContent",
    "<ObjectUpdate",
    "<QueryAssignedLicensesResponse",
    "<AddLicenseResponse",
    "<DecodeLicenseResponse",
    "<RetrievePropertiesExResponse",
];

fn sniff(sample: &Sample<'_>) -> Fit {
    let text = sample.text.trim_start();
    let lower = text.get(..text.len().min(400)).unwrap_or(text).to_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return if text.contains("licenseManager") || text.contains("LicenseManager") {
            Fit::Near(
                "a page of the managed object browser is for people; `govc license.ls -xml` or `vim-cmd vimsvc/license --show` write what can be read",
            )
        } else {
            Fit::No
        };
    }
    if !SIGNS.iter().any(|sign| text.contains(sign)) {
        return Fit::No;
    }
    if text.starts_with('<') { Fit::Yes(7) } else { Fit::No }
}

/// The most that one record may hold: elements and bytes of text.
const LARGEST: usize = 4 * 1024 * 1024;

/// Reads a file; `each` gets its records in their order.
///
/// Complains of what is no XML, and of members that have another type.
pub(super) fn read(
    source: Source<'_>,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut walk = Walk::new(notes, each);
    walk.document(source.text()?, 0)?;
    walk.end();
    Ok(())
}

/// What is known on the way through a document.
pub(super) struct Walk<'w, 'f> {
    notes: &'w mut Notes,
    each: &'w mut Each<'f>,
    /// Names of the elements that are open.
    path: Vec<String>,
    /// Type and value of the object whose properties follow.
    object: Option<(String, String)>,
    /// The properties of a host, as far as they were read.
    gathered: Map<String, Json>,
    /// Name of the property whose value follows.
    property: String,
    /// Something of vim25 was there.
    found: bool,
    /// Lines in front of the document that is read.
    before: u64,
}

impl<'w, 'f> Walk<'w, 'f> {
    pub(super) fn new(notes: &'w mut Notes, each: &'w mut Each<'f>) -> Self {
        Self {
            notes,
            each,
            path: Vec::new(),
            object: None,
            gathered: Map::new(),
            property: String::new(),
            found: false,
            before: 0,
        }
    }

    /// Tells of a file that says nothing.
    pub(super) fn end(self) {
        if !self.found {
            let message = "the file holds no license, no assignment and no host";
            self.notes.warn("EMPTY_ARTEFACT", Place::Whole, message);
        }
    }

    /// Reads one document; `before`: lines in front of it in its file.
    pub(super) fn document(&mut self, input: &mut dyn BufRead, before: u64) -> Outcome<()> {
        let mut document = Document::new(input);
        self.before = before;
        self.path.clear();
        loop {
            let step = self.step(&mut document);
            match step {
                Ok(Some(Found::Nothing)) => {}
                Ok(Some(Found::Node(what, place, node))) => self.take(what, place, &node)?,
                Ok(Some(Found::Object)) => self.flush()?,
                Ok(None) => break,
                Err(trouble) => {
                    self.found = true;
                    if self.displaced(trouble).settle(self.notes)? == Next::Stop {
                        break;
                    }
                }
            }
        }
        self.flush()
    }

    /// As the file has it: the line counted from its beginning, and no key that stands where a name should.
    fn displaced(&self, trouble: Trouble) -> Trouble {
        let moved = |place| match place {
            Place::Line(line) => Place::Line(line + self.before),
            other => other,
        };
        match trouble {
            Trouble::Skip(place, message) => {
                Trouble::Skip(moved(place), veiled(&message).into_owned())
            }
            Trouble::End(place, message) => {
                Trouble::End(moved(place), veiled(&message).into_owned())
            }
            fault @ Trouble::Fault(_) => fault,
        }
    }

    /// Reads up to the next thing of use; `None` at the end.
    fn step(&mut self, document: &mut Document<'_>) -> Result<Option<Found>, Trouble> {
        let tag = match document.next()? {
            None => return Ok(None),
            Some(Piece::Close { name, text, .. }) => {
                self.path.pop();
                if name == "name" && self.path.last().is_some_and(|parent| is_property(parent)) {
                    text.clone_into(&mut self.property);
                }
                return Ok(Some(Found::Nothing));
            }
            Some(Piece::Open(tag)) => tag,
        };
        let place = Place::Line(tag.line + self.before);
        let Some(what) = self.what(&tag) else {
            let is_object =
                tag.name == "ObjectContent" || tag.name == "objects" || tag.name == "ObjectUpdate";
            self.path.push(tag.name.to_owned());
            return Ok(Some(if is_object { Found::Object } else { Found::Nothing }));
        };
        let node = tree(&tag).map_err(|why| Trouble::Skip(place, why))?;
        let node = gather(document, node)?;
        Ok(Some(Found::Node(what, place, node)))
    }

    /// What an element is to be read as; `None`: its children are looked at.
    fn what(&self, tag: &Tag<'_>) -> Option<What> {
        let parent = self.path.last().map_or("", String::as_str);
        let typed = || tree(tag).ok().and_then(|node| node.type_name().map(str::to_owned));
        match (tag.name, parent) {
            ("LicenseManagerLicenseInfo", _)
            | (
                "returnval",
                "AddLicenseResponse"
                | "DecodeLicenseResponse"
                | "UpdateLicenseResponse"
                | "UpdateAssignedLicenseResponse",
            ) => Some(What::License),
            ("LicenseAssignmentManagerLicenseAssignment", _)
            | ("returnval", "QueryAssignedLicensesResponse") => Some(What::Assignment),
            ("LicenseManagerEvaluationInfo", _) => Some(What::Evaluation),
            ("returnval", "RetrieveServiceContentResponse") => Some(What::Content),
            ("returnval", "FetchResponse") => match typed()?.as_str() {
                "LicenseManagerEvaluationInfo" => Some(What::Evaluation),
                "LicenseManagerLicenseInfo" => Some(What::License),
                "AboutInfo" | "ServiceContent" => Some(What::Content),
                _ => None,
            },
            ("obj", _) => Some(What::Reference),
            ("val", parent) if is_property(parent) => self.value(),
            _ => None,
        }
    }

    /// What the value of the present property is read as. Properties without use are walked through: they are never held.
    fn value(&self) -> Option<What> {
        let kind = self.object.as_ref().map_or("", |(kind, _)| kind.as_str());
        let head = self.property.split('.').next().unwrap_or_default();
        match (kind, head) {
            ("HostSystem", head) if host::WANTED.contains(&head) => Some(What::Property),
            ("ClusterComputeResource", "name") => Some(What::Property),
            (_, "evaluation") => Some(What::Evaluation),
            (_, "content") => Some(What::Content),
            _ => None,
        }
    }

    fn take(&mut self, what: What, place: Place, node: &Node) -> Outcome<()> {
        self.found = true;
        match what {
            What::License => match xml::read_license(node, &given) {
                Ok(info) => self.say(place, Of::default(), license(info)),
                Err(why) => {
                    self.notes.complain(place, why);
                    Ok(())
                }
            },
            What::Assignment => match xml::read_assignment(node, &given) {
                Ok(held) => {
                    let (entity_id, of) = asset(&held.entity_id, held.scope.as_deref());
                    let said = AssignmentSaid {
                        entity_id: Some(entity_id),
                        name: held.entity_display_name,
                        license: Which::Said(LicenseSaid::whole(held.assigned_license)),
                        properties: held.properties,
                    };
                    self.say(place, of, Said::Assignment(Box::new(said)))
                }
                Err(why) => {
                    self.notes.complain(place, why);
                    Ok(())
                }
            },
            What::Evaluation => match xml::read_evaluation(node, &given) {
                Ok(info) if info.properties.is_empty() => Ok(()),
                Ok(info) => self.say(place, Of::default(), Said::Evaluation(info)),
                Err(why) => {
                    self.notes.complain(place, why);
                    Ok(())
                }
            },
            What::Content => self.about(place, node.child("about").unwrap_or(node)),
            What::Reference => {
                self.flush()?;
                let kind = node.attributes.iter().find(|(name, _)| name == "type");
                let kind = kind.map(|(_, kind)| kind.clone()).unwrap_or_default();
                self.object = Some((kind, node.text.trim().to_owned()));
                Ok(())
            }
            What::Property => {
                host::insert(&mut self.gathered, &self.property, node.json());
                Ok(())
            }
        }
    }

    fn about(&mut self, place: Place, node: &Node) -> Outcome<()> {
        let text = |name: &str| node.text_of(name).map(str::to_owned);
        if node.child("apiType").is_none() && node.child("instanceUuid").is_none() {
            return Ok(());
        }
        let uuid = text("instanceUuid").filter(|uuid| !uuid.is_empty());
        let api_type = text("apiType").as_deref().and_then(ApiType::named).unwrap_or_default();
        let said = AboutSaid { uuid: uuid.clone(), api_type, version: text("version") };
        self.say(place, Of::uuid(uuid.as_deref()), Said::About(said))
    }

    /// Hands on the object whose properties were gathered.
    fn flush(&mut self) -> Outcome<()> {
        let gathered = Json::Object(std::mem::take(&mut self.gathered));
        match self.object.take() {
            Some((kind, id)) if kind == "HostSystem" => {
                let said = host::host(&gathered, Some(&id));
                self.found = true;
                self.say(Place::Whole, Of::default(), Said::Host(Box::new(said)))
            }
            Some((kind, id)) if kind == "ClusterComputeResource" => {
                self.found = true;
                let name = gathered.get("name").and_then(Json::as_str).unwrap_or(&id).to_owned();
                self.say(Place::Whole, Of::default(), Said::Cluster { id, name })
            }
            // Other objects are in order and of no use.
            Some(_) => {
                self.found = true;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn say(&mut self, place: Place, of: Of, said: Said) -> Outcome<()> {
        (self.each)(place, Record::of(of, said))
    }
}

fn license(info: LicenseInfo) -> Said {
    Said::License(Box::new(LicenseSaid::whole(info)))
}

fn is_property(name: &str) -> bool {
    matches!(name, "propSet" | "changeSet")
}

/// What came of one step.
enum Found {
    Nothing,
    /// Another object begins.
    Object,
    Node(What, Place, Node),
}

/// What an element is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    License,
    Assignment,
    Evaluation,
    /// `ServiceContent` or `AboutInfo`.
    Content,
    /// `obj`: the object whose properties follow.
    Reference,
    /// The value of a property of a host or a cluster.
    Property,
}

/// An element without what stands within it. The type of a value gets the usual prefix, declarations of namespaces are left out.
fn tree(tag: &Tag<'_>) -> Result<Node, String> {
    let mut node = Node { name: tag.name.to_owned(), ..Node::default() };
    if !tag.has_attributes() {
        return Ok(node);
    }
    for attribute in tag.attributes() {
        let (name, value) = attribute?;
        let name = match name.split_once(':') {
            Some(("xmlns", _)) => continue,
            Some((_, "type")) => "xsi:type",
            None if name == "xmlns" => continue,
            _ => name,
        };
        node.attributes.push((name.to_owned(), value.into_owned()));
    }
    Ok(node)
}

/// Reads the rest of an element that was opened.
fn gather(document: &mut Document<'_>, root: Node) -> Result<Node, Trouble> {
    let mut open = vec![root];
    let mut size = 0;
    loop {
        let place = Place::Line(document.line());
        let piece = document.next()?;
        match piece {
            None => return Err(Trouble::End(place, "the file ends inside an element".to_owned())),
            Some(Piece::Open(tag)) => {
                let node = tree(&tag).map_err(|why| Trouble::End(place, why))?;
                size += node.name.len() + 32;
                open.push(node);
            }
            Some(Piece::Close { text, .. }) => {
                size += text.len();
                let Some(mut node) = open.pop() else {
                    return Err(Trouble::End(
                        place,
                        "an element ends that was not open".to_owned(),
                    ));
                };
                if node.children.is_empty() {
                    text.clone_into(&mut node.text);
                }
                match open.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None => return Ok(node),
                }
            }
        }
        if size > LARGEST {
            let message = format!("an element holds more than {LARGEST} bytes");
            return Err(Trouble::End(place, message));
        }
    }
}

#[cfg(test)]
mod tests;
