//! Which kind each file of an import is of.

use super::Options;
use crate::api::Api;
use crate::artefact::files::{Found, Opened};
use crate::artefact::trouble::excerpt;
use crate::artefact::{Kind, Sample, archive, text, told};
use crate::error::{Complaint, Complaints, Outcome, Place, Stop, Usage, Warning};
use crate::session::Session;
use std::rc::Rc;

/// A file whose kind is known.
pub(super) struct Known {
    pub(super) found: Found,
    pub(super) kind: &'static Kind,
    pub(super) api: &'static Api,
}

type Kinds<'k> = &'k [(&'static Kind, &'static Api)];

/// Tells the kind of each file and of each member of an archive, or what came closest.
///
/// Complains of files that the user named and no reader knows; what lies in a folder or an archive beside what is read is warned of.
pub(super) fn recognise(
    found: Vec<Found>,
    kinds: Kinds<'_>,
    options: &Options,
    session: &mut Session,
) -> Outcome<Vec<Known>> {
    let forced = options.kind.as_deref().map(|name| named_kind(name, kinds)).transpose()?;
    let (mut known, mut complaints) = (Vec::new(), Complaints::default());
    for file in found {
        let (name, named) = (file.name.clone(), file.named);
        match unpacked(file, forced, kinds) {
            Ok((read, left)) => {
                known.extend(read);
                if let Some(why) = left {
                    session.warn(Warning::new("unrecognised", why).at(name));
                }
            }
            Err(Stop::BadArtefact(bad)) if named => complaints.add(bad.within(&name)),
            Err(Stop::BadArtefact(bad)) => {
                for bad in bad.kept {
                    session.warn(Warning::new("unrecognised", bad.message).at(name.clone()));
                }
            }
            Err(stop) => return Err(stop),
        }
    }
    if complaints.is_empty() { Ok(known) } else { Err(complaints.into()) }
}

/// A file, or what can be read of the members of an archive; and which of those cannot.
///
/// Complains when nothing can be read.
fn unpacked(
    file: Found,
    forced: Option<(&'static Kind, &'static Api)>,
    kinds: Kinds<'_>,
) -> Outcome<(Vec<Known>, Option<String>)> {
    let told = |file: &Found, head: &[u8]| forced.map_or_else(|| tell(file, head, kinds), Ok);
    let head = Opened::open(&file, Rc::new(|_| ()))?.head()?;
    if !archive::is_archive(&head) {
        let (kind, api) = told(&file, &head)
            .map_err(|why| Complaint::new(Place::Whole, why).remedied("`--kind` forces a kind"))?;
        return Ok((vec![Known { found: file, kind, api }], None));
    }
    let (mut known, mut left) = (Vec::new(), Vec::new());
    for found in archive::members(&file)? {
        let head = Opened::open(&found, Rc::new(|_| ()))?.head()?;
        match told(&found, &head) {
            Ok((kind, api)) => known.push(Known { found, kind, api }),
            Err(_) => left.extend(found.member),
        }
    }
    let left = (!left.is_empty()).then(|| listed(&left));
    if known.is_empty() {
        let left = left.unwrap_or_else(|| "it is empty".to_owned());
        let why = format!("no reader knows what is in this archive: {left}");
        return Err(Complaint::new(Place::Whole, why).remedied("`--kind` forces a kind").into());
    }
    Ok((known, left.map(|left| format!("not read of this archive: {left}"))))
}

/// The first members of a list, and how many come after them.
fn listed(names: &[String]) -> String {
    /// More would hide the message.
    const SHOWN: usize = 6;
    let shown: Vec<_> = names.iter().take(SHOWN).map(|name| excerpt(name)).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn named_kind(name: &str, kinds: Kinds<'_>) -> Outcome<(&'static Kind, &'static Api)> {
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
    kinds: Kinds<'_>,
) -> Result<(&'static Kind, &'static Api), String> {
    let decoded = text::sample(head).unwrap_or_default();
    let name =
        found.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let sample = Sample { name: &name, bytes: head, text: &decoded };
    told(&sample, kinds.iter().copied())
}
