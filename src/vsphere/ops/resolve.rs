//! What a key is, offline: the inventory, the catalogue, what another instance learned, or trust.

use super::{Scene, vcenters};
use crate::error::{Outcome, Usage};
use crate::store::Read;
use crate::vsphere::model::catalogue::{Edition, KeyEntry};
use crate::vsphere::model::key::{self, Key};
use crate::vsphere::model::license::{License, Origin};
use crate::vsphere::model::vcenter::Resolve;
use crate::vsphere::rules::{catalogue as rules, decode, inventory};
use crate::vsphere::store::{catalogue, keys, licenses};

/// The license of a key, as it is in the inventory or would be; `None` when it cannot be decoded.
///
/// The placeholder of an entitlement is no key, although an import may have stored it.
pub(super) fn resolve(read: &mut dyn Read, scene: &Scene, given: &str) -> Outcome<Option<License>> {
    let vcenter = &scene.vcenter;
    if given == key::PLACEHOLDER || given.is_empty() {
        return Ok(None);
    }
    if let Some(held) = licenses::find(read, vcenter.id, given)? {
        return Ok(Some(held));
    }
    if given == key::EVALUATION {
        let own = vcenters::own_entity(read, vcenter)?;
        let end = own.evaluation.map(|evaluation| evaluation.end);
        return Ok(Some(inventory::evaluation_license(vcenter.api_type, &vcenter.version, end)));
    }
    if !key::is_well_formed(given) {
        return Ok(None);
    }
    if let Some(entry) = catalogue::key(read, &rules::digest(given))? {
        let edition = edition_of(read, &entry)?;
        return Ok(Some(decode::resolved(Key::given(given), &entry, edition.as_ref())));
    }
    if scene.learned
        && let Some(learned) = licenses::learned(read, vcenter.id, given)?
    {
        let key = Key::given(given);
        return Ok(Some(License {
            id: 0,
            key,
            reported_used: None,
            labels: Vec::new(),
            ..learned
        }));
    }
    Ok((vcenter.settings.resolve == Resolve::Any).then(|| decode::on_trust(Key::given(given))))
}

/// The edition of a key of the catalogue.
pub(super) fn edition_of(read: &mut dyn Read, entry: &KeyEntry) -> Outcome<Option<Edition>> {
    let versions = catalogue::versions(read, &entry.edition_key)?;
    Ok(rules::edition_of(&versions, entry.product_version.as_deref()).cloned())
}

/// What the catalogue says of the edition of a license.
pub(super) fn edition(read: &mut dyn Read, license: &License) -> Outcome<Option<Edition>> {
    if license.edition_key.is_empty() || license.origin == Origin::Builtin {
        return Ok(None);
    }
    let versions = catalogue::versions(read, &license.edition_key)?;
    Ok(rules::edition_of(&versions, license.product_version()).cloned())
}

/// The key that a person means: the whole of it, `@label=value`, or its end in whole groups.
///
/// Usage error when an end or a label names none or several. What is none of these is handed to the API as it is.
pub fn key_named(read: &mut dyn Read, scene: &Scene, text: &str) -> Outcome<String> {
    if let Some(key) = key::normalised(text) {
        return Ok(key);
    }
    let fits: Box<dyn Fn(&License) -> bool> = if let Some(label) = text.strip_prefix('@') {
        let (name, value) = label.split_once('=').ok_or_else(|| {
            Usage::new(format!("`{text}` names no label"))
                .hinted("write `@label=value`, as `@team=infra`")
        })?;
        let (name, value) = (name.to_owned(), value.to_owned());
        Box::new(move |held| {
            held.labels.iter().any(|label| label.key == name && label.value == value)
        })
    } else if let Some(end) = key::ending(text) {
        return by_end(read, scene, text, &end);
    } else {
        return Ok(text.trim().to_owned());
    };
    let found: Vec<License> =
        inventory_of(read, scene)?.into_iter().filter(|held| fits(held)).collect();
    one(read, &found, text)
}

fn inventory_of(read: &mut dyn Read, scene: &Scene) -> Outcome<Vec<License>> {
    licenses::listed(read, scene.vcenter.id)
}

fn by_end(read: &mut dyn Read, scene: &Scene, text: &str, end: &str) -> Outcome<String> {
    // What is shown of a key are its last groups: more than those has to be compared with the key itself.
    let mut found = Vec::new();
    for license in inventory_of(read, scene)? {
        let visible = license.key.shown().trim_start_matches(['*', '-']);
        if end.ends_with(visible) || visible.ends_with(end) {
            let key = keys::reveal(read, &license.key)?;
            if key.full().unwrap_or_else(|| key.shown()).ends_with(end) {
                found.push(License { key, ..license });
            }
        }
    }
    one(read, &found, text)
}

fn one(read: &mut dyn Read, found: &[License], text: &str) -> Outcome<String> {
    let told = key::masked(text);
    match found {
        [only] => {
            let key = keys::reveal(read, &only.key)?;
            key.full().map(str::to_owned).ok_or_else(|| {
                Usage::new(format!("the store does not hold the key `{}` itself", key.shown()))
                    .hinted("it was left out of the export that the store was made from; give the whole key")
                    .into()
            })
        }
        [] => {
            let named = if text.starts_with('@') { text } else { told.as_str() };
            Err(Usage::new(format!("the inventory has no license `{}`", shown_end(text, named)))
                .hinted("`licctl vsphere license list` shows them")
                .into())
        }
        several => {
            let names: Vec<String> = candidates(read, several)?;
            Err(Usage::new(format!(
                "`{}` names {} licenses",
                shown_end(text, &told),
                several.len()
            ))
            .hinted(format!("one of {}", names.join(", ")))
            .into())
        }
    }
}

/// An end of a key is what everybody sees, unless it has more than the last two groups.
fn shown_end<'t>(text: &'t str, masked: &'t str) -> &'t str {
    let groups = text.split('-').filter(|group| group.len() == 5 && !group.contains('*')).count();
    if groups <= 2 { text } else { masked }
}

/// Candidates that look alike show the first group in which they differ.
fn candidates(read: &mut dyn Read, several: &[License]) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for license in several {
        let key = keys::reveal(read, &license.key)?;
        let alike = several.iter().filter(|other| other.key.shown() == key.shown()).count() > 1;
        let full = key.full().filter(|_| alike);
        let head = full.and_then(|full| full.split('-').next()).map(|head| format!("{head}-"));
        let shown = key.shown();
        names.push(match (head, shown.split_once('-')) {
            (Some(head), Some((_, rest))) => format!("{head}{rest} ({})", license.name),
            _ => format!("{shown} ({})", license.name),
        });
    }
    Ok(names)
}
