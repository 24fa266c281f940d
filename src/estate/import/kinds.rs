//! Which kind each file of an import is of.

use super::Options;
use crate::api::Api;
use crate::artefact::files::{Found, Opened};
use crate::artefact::{Fit, Kind, Sample, text, told};
use crate::error::{Complaint, Complaints, Outcome, Place, Stop, Usage, Warning};
use crate::session::Session;
use std::rc::Rc;

/// A file whose kind is known.
pub(super) struct Known {
    pub(super) found: Found,
    pub(super) kind: &'static Kind,
    pub(super) api: &'static Api,
}

/// Tells the kind of each file, or what came closest.
pub(super) fn recognise(
    found: Vec<Found>,
    kinds: &[(&'static Kind, &'static Api)],
    options: &Options,
    session: &mut Session,
) -> Outcome<Vec<Known>> {
    let forced = options.kind.as_deref().map(|name| named_kind(name, kinds)).transpose()?;
    let (mut known, mut complaints) = (Vec::new(), Complaints::default());
    for file in found {
        if let Some((kind, api)) = forced {
            known.push(Known { found: file, kind, api });
            continue;
        }
        if file.name == "-" {
            // The standard input is read once: its kind is told when it is opened.
            known.push(Known {
                found: file,
                kind: &UNTOLD,
                api: kinds.first().ok_or_else(|| Stop::bug("no domain"))?.1,
            });
            continue;
        }
        let head = Opened::open(&file, Rc::new(|_| ()))?.head()?;
        match tell(&file, &head, kinds) {
            Ok((kind, api)) => known.push(Known { found: file, kind, api }),
            Err(why) if file.named => {
                complaints.push(
                    Complaint { file: file.name, ..Complaint::new(Place::Whole, why) }
                        .remedied("`--kind` forces a kind"),
                );
            }
            Err(why) => session.warn(Warning::new("unrecognised", why).at(file.name)),
        }
    }
    if complaints.is_empty() { Ok(known) } else { Err(complaints.into()) }
}

/// Stands for a kind until the standard input is opened.
static UNTOLD: Kind = Kind { name: "", title: "", binary: false, sniff: |_| Fit::No };

fn named_kind(
    name: &str,
    kinds: &[(&'static Kind, &'static Api)],
) -> Outcome<(&'static Kind, &'static Api)> {
    let found = kinds
        .iter()
        .find(|(kind, _)| kind.name == name || kind.name.split('.').nth(1) == Some(name));
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = kinds.iter().map(|(kind, _)| kind.name).collect();
        Usage::new(format!("`--kind {name}` is no kind of artefact"))
            .hinted(format!("there is {}", names.join(", ")))
            .into()
    })
}

fn tell(
    found: &Found,
    head: &[u8],
    kinds: &[(&'static Kind, &'static Api)],
) -> Result<(&'static Kind, &'static Api), String> {
    let decoded = text::sample(head).unwrap_or_default();
    let name =
        found.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let sample = Sample { name: &name, bytes: head, text: &decoded };
    told(&sample, kinds.iter().copied())
}

/// The kind of a file; the standard input's is told now.
pub(super) fn kind_of(
    file: &Known,
    kinds: &[(&'static Kind, &'static Api)],
    opened: &mut Opened,
) -> Outcome<(&'static Kind, &'static Api)> {
    if !file.kind.name.is_empty() {
        return Ok((file.kind, file.api));
    }
    let head = opened.head()?;
    tell(&file.found, &head, kinds).map_err(|why| {
        Complaint { file: "-".to_owned(), ..Complaint::new(Place::Whole, why) }.into()
    })
}
