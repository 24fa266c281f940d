//! Answers of WS-Management that were saved: instances of the licensing classes as XML.
//!
//! Elements are told by their local names, in whatever order; references to endpoints and whatever else stands beside are passed over.

use super::members::{Object, names_a_class};
use super::records::Delivery;
use super::{Each, Options};
use crate::artefact::trouble::Next;
use crate::artefact::xml::{Document, Piece};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use std::borrow::Cow;
use std::io::BufRead;

/// Instances in a SOAP envelope.
pub(super) static KIND: Kind = Kind {
    name: "tslicense.wsman",
    title: "license servers, key packs and issued licenses: saved answers of WS-Management (SOAP)",
    binary: false,
    sniff,
};

/// How the classes are called.
const CLASSES: [&str; 2] = ["Win32_TS", "Win32_TerminalServiceSetting"];

fn is_class(name: &str) -> bool {
    CLASSES.iter().any(|class| name.starts_with(class))
}

fn sniff(sample: &Sample<'_>) -> Fit {
    let begins = sample.text.trim_start().starts_with('<');
    let soap = ["Envelope", "XmlFragment", "/wsman/"].iter().any(|word| sample.text.contains(word));
    let fragment = |name: &str| {
        ["<", ":"].iter().any(|begin| {
            sample.text.contains(&format!("{begin}{name}>"))
                || sample.text.contains(&format!("{begin}{name} "))
        })
    };
    let ours = CLASSES.iter().any(|class| sample.text.contains(class))
        || (sample.text.contains("XmlFragment") && names_a_class(fragment));
    if begins && soap && ours { Fit::Yes(8) } else { Fit::No }
}

/// An instance while it is read, and how deep it stands.
struct Begun {
    object: Object<'static>,
    depth: usize,
    /// The element within it that has no value.
    nil: bool,
    /// The value of the element that is open, when it stands one level below it.
    inner: Option<String>,
}

/// Reads the instances of a file.
pub(super) fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut delivery = Delivery::new(options, notes, each)?;
    let mut document = Document::new(input);
    let mut begun: Option<Begun> = None;
    loop {
        match document.next() {
            Ok(None) => return delivery.finish(),
            Ok(Some(Piece::Open(tag))) => match &mut begun {
                None => {
                    // An object within an answer is told by its type, one of a selection by its members.
                    let kind = tag.attribute("type").ok().flatten();
                    let embedded = kind.as_deref().and_then(|kind| {
                        let name = kind.rsplit(':').next().unwrap_or(kind);
                        name.strip_suffix("_Type").filter(|name| is_class(name))
                    });
                    let own = Some(tag.name).filter(|name| is_class(name));
                    let class = own.or(embedded).map(str::to_owned);
                    if class.is_none() && tag.name != "XmlFragment" {
                        continue;
                    }
                    let named = class.map(|class| (Cow::Borrowed("__CLASS"), Cow::Owned(class)));
                    let members = named.into_iter().collect();
                    let object = Object { place: Place::Line(tag.line), members };
                    begun = Some(Begun { object, depth: tag.depth, nil: false, inner: None });
                }
                Some(held) if tag.depth == held.depth + 1 => {
                    let nil = tag.attribute("nil").ok().flatten();
                    held.nil = nil.is_some_and(|value| value == "true" || value == "1");
                    held.inner = None;
                }
                _ => {}
            },
            Ok(Some(Piece::Close { name, text, depth })) => {
                let Some(held) = &mut begun else { continue };
                if depth == held.depth {
                    let whole = std::mem::take(&mut held.object);
                    begun = None;
                    if whole.members.len() > 1 {
                        delivery.object(&whole)?;
                    }
                } else if depth == held.depth + 1 {
                    let value = held.inner.take().unwrap_or_else(|| text.trim().to_owned());
                    if !held.nil && held.object.members.len() < 200 {
                        held.object.members.push((Cow::Owned(name.to_owned()), Cow::Owned(value)));
                    }
                } else if name == "Datetime" {
                    held.inner = Some(text.trim().to_owned());
                }
            }
            Err(trouble) => {
                begun = None;
                if trouble.settle(delivery.notes)? == Next::Stop {
                    return delivery.finish();
                }
            }
        }
    }
}
