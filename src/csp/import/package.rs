//! The answer file of a provisioning package: `customizations.xml`, as Windows Configuration Designer writes it.
//!
//! Whatever stands below an `EditionUpgrade` of the `Customizations` is read, under `Common` as under the targets of a variant.
//! In which order a device takes it, and whether, is left to `rules`.

use crate::artefact::trouble::{Next, Trouble};
use crate::artefact::xml::{Document, Piece, Tag};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::csp::catalog::nodes::{NODES, Node, ROOT};
use crate::csp::import::cover::cover;
use crate::csp::model::profile::{Profile, ProfileForm, Setting, SettingKind, Wish, Written};
use crate::error::{Outcome, Place};
use std::io::{BufRead, Read};

/// Answer files of provisioning packages.
pub static KIND: Kind = Kind {
    name: "csp.customizations",
    title: "provisioning package answer file: customizations.xml of Windows Configuration Designer",
    binary: false,
    sniff,
};

/// The longest document: its settings are held until it ends.
const LONGEST_DOCUMENT: u64 = 16 * 1024 * 1024;

const DOCUMENT: &str = "WindowsCustomizations";
const CUSTOMIZATIONS: &str = "Customizations";
const EDITION_UPGRADE: &str = "EditionUpgrade";

/// Where the name of the package stands.
const NAME: [&str; 3] = [DOCUMENT, "PackageConfig", "Name"];

fn sniff(sample: &Sample<'_>) -> Fit {
    let root = |prefix: &str| {
        sample.text.match_indices(DOCUMENT).any(|(at, _)| {
            sample.text.get(..at).is_some_and(|before| before.ends_with(prefix))
                && sample
                    .text
                    .get(at + DOCUMENT.len()..)
                    .is_some_and(|rest| rest.starts_with(['>', '/', ' ', '\t', '\r', '\n']))
        })
    };
    if !sample.text.trim_start().starts_with('<') {
        Fit::No
    } else if root("<") || root(":") {
        Fit::Yes(9)
    } else {
        Fit::No
    }
}

/// Reads the package of a file.
pub fn read(
    input: &mut dyn BufRead,
    notes: &mut Notes,
    each: &mut dyn FnMut(Profile) -> Outcome<()>,
) -> Outcome<()> {
    let done = read_packages(input, notes, each);
    cover(notes);
    done
}

fn read_packages(
    input: &mut dyn BufRead,
    notes: &mut Notes,
    each: &mut dyn FnMut(Profile) -> Outcome<()>,
) -> Outcome<()> {
    let mut bounded = input.take(LONGEST_DOCUMENT + 1);
    let mut state = State::default();
    let mut found = false;
    let whole = {
        let mut document = Document::new(&mut bounded);
        loop {
            match document.next() {
                Ok(None) => break true,
                Ok(Some(Piece::Open(tag))) => {
                    let inside = state.open(&tag, notes);
                    if inside {
                        state.gather(document.text());
                    }
                }
                Ok(Some(Piece::Close { text, depth, .. })) => {
                    if let Some(profile) = state.close(text, depth) {
                        found = true;
                        each(profile)?;
                    }
                }
                Err(trouble) => {
                    state.spoil();
                    if unquoted(trouble, &state.path).settle(notes)? == Next::Stop {
                        break false;
                    }
                }
            }
        }
    };
    if bounded.limit() == 0 {
        let message = format!("the document is longer than {LONGEST_DOCUMENT} bytes");
        notes.complain(Place::Whole, message);
    } else if whole && !found && notes.complaints.is_empty() {
        notes.complain(Place::Whole, format!("the root is not `{DOCUMENT}`"));
    }
    Ok(())
}

/// What stands outside of any element is not quoted, as the document does: it may be a part of a key.
fn unquoted(trouble: Trouble, path: &[String]) -> Trouble {
    match trouble {
        Trouble::Skip(place, _) if path.is_empty() => {
            Trouble::Skip(place, "text stands outside of any element".to_owned())
        }
        other => other,
    }
}

/// Where the reading stands.
#[derive(Default)]
struct State {
    /// Names of the elements around it.
    path: Vec<String>,
    /// The package, while its root is open.
    profile: Option<Profile>,
    /// The setting that is open.
    open: Option<Open>,
}

/// A setting whose element is open.
struct Open {
    setting: Setting,
    depth: usize,
    /// The text so far; of elements that should have been escaped, their text.
    text: String,
    /// A part of it could not be read, and is complained of.
    spoiled: bool,
}

impl State {
    /// Takes the beginning of an element; whether it stands within a setting.
    fn open(&mut self, tag: &Tag<'_>, notes: &mut Notes) -> bool {
        let depth = tag.depth;
        let inside = self.open.is_some();
        if depth == 1 && tag.name == DOCUMENT {
            self.profile = Some(Profile {
                line: tag.line,
                form: ProfileForm::Package,
                name: String::new(),
                settings: Vec::new(),
            });
        } else if depth == 1 {
            notes.complain(Place::Line(tag.line), format!("the root is not `{DOCUMENT}`"));
        } else if !inside && self.profile.is_some() && self.is_in_upgrade() {
            let setting = asked(tag);
            self.open = Some(Open { setting, depth, text: String::new(), spoiled: false });
        }
        self.path.push(tag.name.to_owned());
        inside
    }

    fn gather(&mut self, text: &str) {
        if let Some(open) = &mut self.open {
            open.text.push_str(text);
        }
    }

    /// Whether the innermost element is an `EditionUpgrade` of the customizations.
    fn is_in_upgrade(&self) -> bool {
        self.path.last().is_some_and(|name| name == EDITION_UPGRADE)
            && self.path.iter().any(|name| name == CUSTOMIZATIONS)
    }

    /// Takes the end of an element; hands out the package with the end of its root.
    fn close(&mut self, text: &str, depth: usize) -> Option<Profile> {
        let named = self.path == NAME;
        self.path.truncate(depth.saturating_sub(1));
        self.gather(text);
        let profile = self.profile.as_mut()?;
        if named && profile.name.is_empty() {
            text.trim().clone_into(&mut profile.name);
        }
        if let Some(open) = self.open.take_if(|open| open.depth == depth)
            && !open.spoiled
        {
            let missing = open.text.trim().is_empty();
            let value = if missing { Written::Missing } else { Written::Text(open.text) };
            profile.settings.push(Setting { value, ..open.setting });
        }
        (depth == 1).then(|| self.profile.take()).flatten()
    }

    /// What is open could not be read, and is complained of.
    fn spoil(&mut self) {
        if let Some(open) = &mut self.open {
            open.spoiled = true;
        }
    }
}

/// The setting that an element below `EditionUpgrade` stands for; one that no node has the name of is kept with an address that
/// does not exist.
fn asked(tag: &Tag<'_>) -> Setting {
    let node = NODES.iter().find(|node: &&&Node| node.path == tag.name);
    Setting {
        line: tag.line,
        name: tag.name.to_owned(),
        uri: node.map_or_else(|| format!("{}/{}", ROOT.locuri(), tag.name), |node| node.locuri()),
        kind: SettingKind::Template,
        wish: Wish::Exec,
        value: Written::Missing,
        quoted: false,
        encrypted: false,
        read_only: false,
    }
}

#[cfg(test)]
mod tests;
