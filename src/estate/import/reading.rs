//! An import under way: each file is handed to its domain, within one change.

use super::kinds::Known;
use super::view::{ImportView, SkippedView, WarningView};
use crate::api::{About, Api, Brought, Hints, Intake, Source};
use crate::apis;
use crate::artefact::files::{Found, Opened};
use crate::artefact::text::Doubt;
use crate::artefact::{Kind, text};
use crate::clock::Timestamp;
use crate::error::{Complaints, Outcome, Place, Stop, Usage};
use crate::output::Progress;
use crate::store::{Tx, named as instances};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The import under way.
pub(super) struct Work<'a> {
    pub(super) tx: &'a mut dyn Tx,
    pub(super) hints: &'a Hints,
    pub(super) intakes: Vec<(&'static str, Box<dyn Intake>)>,
    pub(super) complaints: Complaints,
    pub(super) progress: Rc<Progress>,
    pub(super) number: i64,
}

/// A file with what is known of it after reading.
pub(super) struct ReadFile {
    name: String,
    sha256: String,
    kind: &'static Kind,
    domain: &'static str,
}

impl Work<'_> {
    pub(super) fn file(&mut self, file: &Known) -> Outcome<(Brought, ReadFile)> {
        let bar = Rc::clone(&self.progress);
        self.progress.say(&file.found.name);
        let mut opened =
            Opened::open(&file.found, Rc::new(move |bytes| bar.more(bytes)))?.digesting();
        let (kind, api) = (file.kind, file.api);
        self.number += 1;
        let about = self.about(&file.found, api)?;
        let brought = self.read(kind, api, &about, &mut opened)?;
        let sha256 = opened.sha256()?;
        self.tx.file(about.number, &about.name, kind.name, &sha256)?;
        Ok((brought, ReadFile { name: about.name, sha256, kind, domain: api.name }))
    }

    /// What is known of a file beside its content.
    ///
    /// A folder below the named path names the instance, unless it is that of a domain. One above does so where it is known to: it lies in
    /// the folder of a domain, or an instance is called so.
    fn about(&mut self, found: &Found, api: &Api) -> Outcome<About> {
        let modified = std::fs::metadata(&found.path).and_then(|data| data.modified()).ok();
        let modified = modified
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
            .and_then(|age| Timestamp::from_s(i64::try_from(age.as_secs()).ok()?));
        let domain = |folder: &String| apis::find(folder).is_some();
        let mut folder = found.folder.clone().filter(|folder| !domain(folder));
        let above = parent(found);
        if found.folder.is_none()
            && let Some(name) = named(above.as_deref()).filter(|name| !domain(name))
        {
            let within = above.as_deref().and_then(Path::parent);
            let placed = named(within).as_ref().is_some_and(domain);
            if placed || instances::find(self.tx.reading(), api.instance.table, &name)?.is_some() {
                folder = Some(name);
            }
        }
        Ok(About {
            name: found.name.clone(),
            number: self.number,
            folder,
            size: found.size,
            modified,
        })
    }

    /// Hands the file to its domain.
    fn read(
        &mut self,
        kind: &'static Kind,
        api: &'static Api,
        about: &About,
        opened: &mut Opened,
    ) -> Outcome<Brought> {
        let head = opened.head()?;
        let hints = self.hints;
        let at = self.intakes.iter().position(|(name, _)| *name == api.name).unwrap_or_else(|| {
            self.intakes.push((api.name, (api.intake)(hints)));
            self.intakes.len() - 1
        });
        let Some((_, intake)) = self.intakes.get_mut(at) else {
            return Err(Stop::bug("an intake is gone"));
        };
        if hints.replace && !intake.replaces() {
            let message =
                format!("`{}` is added to what is stored, and never replaces it", kind.name);
            let usage = Usage::new(message)
                .hinted("leave `--replace` out; `licctl undo` takes an import back");
            return Err(usage.into());
        }
        if kind.binary {
            let mut bytes = BufReader::with_capacity(128 * 1024, opened);
            return intake.file(kind, about, Source::Bytes(&mut bytes), self.tx);
        }
        let mut decoded = text::Text::new(opened, text::form(&head));
        let brought = intake.file(kind, about, Source::Text(&mut decoded), self.tx);
        let doubt = decoded.doubt();
        brought.map(|brought| doubted(brought, doubt))
    }
}

/// What a file brought, with a warning where its letters had to be guessed.
fn doubted(mut brought: Brought, doubt: Option<Doubt>) -> Brought {
    let (code, message) = match doubt {
        None => return brought,
        Some(Doubt::Assumed) => (
            "ENCODING_ASSUMED",
            "there is no byte order mark, and it is no UTF-8: it is read as Windows-1252",
        ),
        Some(Doubt::Broken) => {
            ("ENCODING_BROKEN", "some bytes are no UTF-8: they are read as U+FFFD")
        }
    };
    brought.notes.warn(code, Place::Whole, message);
    brought
}

/// The folder in which a file lies that was named itself, or whose folder was: it may name the instance.
fn parent(found: &Found) -> Option<PathBuf> {
    let path = std::path::absolute(&found.path).ok().filter(|_| found.path.as_os_str() != "-")?;
    path.parent().map(Path::to_owned)
}

fn named(folder: Option<&Path>) -> Option<String> {
    folder?.file_name().map(|name| name.to_string_lossy().into_owned())
}

impl ReadFile {
    /// The file as it is shown; its bad records are complaints unless they are to be skipped.
    pub(super) fn view(
        self,
        brought: Brought,
        skip_bad: bool,
        complaints: &mut Complaints,
    ) -> ImportView {
        let mut skipped = Vec::new();
        let bad = brought.notes.complaints;
        let mut sections = brought.sections;
        if skip_bad {
            skipped.extend(bad.kept.iter().map(|bad| SkippedView {
                place: bad.place.to_string(),
                reason: bad.message.clone(),
            }));
            if !bad.is_empty() {
                sections.entry("records").or_default().skipped += bad.count();
            }
        } else {
            complaints.add(bad.within(&self.name));
        }
        ImportView {
            file: self.name,
            sha256: self.sha256,
            domain: self.domain,
            kind: self.kind.name,
            instances: brought.instances,
            more: brought.more,
            sections,
            skipped,
            warnings: brought.notes.warnings.into_iter().map(WarningView::from).collect(),
            detail: brought.detail,
        }
    }
}
