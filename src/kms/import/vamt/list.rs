//! Computer information lists: `.cil` of VAMT 1 and 2, `.cilx` of VAMT 3.

use super::{Draft, Means, Reading, means, plain};
use crate::artefact::trouble::Next;
use crate::artefact::xml::{Document, Piece, Tag};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::kms::import::{Each, Options};
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "kms.vamt-list",
    title: "computer information list of VAMT (`.cil`, `.cilx`)",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let text = sample.text.trim_start_matches('\u{feff}').trim_start();
    let root = text.starts_with('<') && text.contains("SoftwareLicensingData");
    if root { Fit::Yes(9) } else { Fit::No }
}

/// Where in the list the present element stands.
#[derive(Debug, Default)]
struct Position {
    /// Name of the present computer, and the depth of its element.
    computer: Option<(String, usize)>,
    /// The present product: where it begins, and its depth.
    product: Option<(Place, usize)>,
}

/// Reads a list; hands on one snapshot a computer.
pub fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut reading = Reading::new(options, notes)?;
    let mut document = Document::new(input);
    let (mut at, mut draft) = (Position::default(), Draft::default());
    while !reading.machines.is_full() {
        match document.next() {
            Ok(None) => break,
            Ok(Some(Piece::Open(tag))) => open(&tag, &mut reading, &mut at, &mut draft),
            Ok(Some(Piece::Close { name, text, depth })) => {
                let place = at.product.map_or(Place::Whole, |(place, _)| place);
                if at.product.is_some_and(|(_, begun)| depth > begun) {
                    reading.take(&mut draft, name, text, place);
                } else if at.product.is_some_and(|(_, begun)| depth == begun) {
                    at.product = None;
                    let mut done = std::mem::take(&mut draft);
                    let computer = at.computer.as_ref().map(|(name, _)| (9, name.clone()));
                    done.machine = done.machine.or(computer);
                    reading.keep(done, place);
                } else if at.computer.as_ref().is_some_and(|(_, begun)| depth == *begun) {
                    at.computer = None;
                }
            }
            Err(trouble) => {
                if trouble.settle(reading.notes)? == Next::Stop {
                    break;
                }
                draft.bad = true;
            }
        }
    }
    reading.finish(each)
}

fn open(tag: &Tag<'_>, reading: &mut Reading<'_>, at: &mut Position, draft: &mut Draft) {
    let (name, place) = (plain(tag.name), Place::Line(tag.line));
    if at.product.is_none() && name == "product" {
        at.product = Some((place, tag.depth));
        *draft = Draft::default();
    } else if at.product.is_none() && name == "computer" {
        at.computer = Some((computer(tag), tag.depth));
        return;
    }
    if at.product.is_none() {
        return;
    }
    if means(tag.name).is_none() {
        reading.unknown(tag.name);
    }
    let owner = name == "sku" || name == "product";
    for attribute in tag.attributes() {
        let Ok((key, value)) = attribute else {
            reading.notes.complain(place, "the attributes are not well-formed");
            draft.bad = true;
            return;
        };
        // What is only an `Id` or a `Name` says something on these elements alone; a later SKU wins over its product.
        match plain(key).as_str() {
            "id" if name == "sku" => reading.take(draft, "SkuId", &value, place),
            "name" if owner => reading.take(draft, "ProductName", &value, place),
            _ => reading.take(draft, key, &value, place),
        }
    }
}

/// The name of a computer; its ID where names were left out, as for activation by proxy.
fn computer(tag: &Tag<'_>) -> String {
    let mut found: Option<(u8, String)> = None;
    for (key, value) in tag.attributes().flatten() {
        let rank = match (plain(key).as_str(), means(key)) {
            (_, Some(Means::Machine(rank))) => rank,
            ("name", _) => 3,
            ("id", _) => 4,
            _ => continue,
        };
        let better = found.as_ref().is_none_or(|(held, _)| rank < *held);
        if better && !value.trim().is_empty() {
            found = Some((rank, value.trim().to_owned()));
        }
    }
    found.map(|(_, name)| name).unwrap_or_default()
}
