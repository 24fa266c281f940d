//! The catalogue of the user: loaded, changed, handed out.

use super::resolve::edition_of;
use crate::error::{Complaint, Complaints, Outcome, Place, Usage};
use crate::store::{Flow, Put, Read, Tx};
use crate::vsphere::import::catalogue::CatalogueFile;
use crate::vsphere::model::catalogue::{Edition, KeyEntry};
use crate::vsphere::model::key::{Key, ending, masked, normalised};
use crate::vsphere::rules::catalogue as rules;
use crate::vsphere::store::{catalogue, keys, licenses, vcenters};

/// What became of the entries of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
}

impl Loaded {
    fn count(&mut self, put: Put) {
        match put {
            Put::Added => self.added += 1,
            Put::Changed => self.changed += 1,
            Put::Unchanged => self.unchanged += 1,
        }
    }
}

/// Loads a file: entries that are there are replaced.
///
/// Complains of keys whose edition neither the file nor the catalogue has, unless they say themselves what they are.
pub fn load(tx: &mut dyn Tx, file: &CatalogueFile) -> Outcome<Loaded> {
    let mut loaded = Loaded::default();
    for edition in &file.editions {
        loaded.count(catalogue::save_edition(tx, edition)?);
    }
    let mut complaints = Complaints::default();
    for (at, entry) in file.keys.iter().enumerate() {
        let edition = edition_of(tx.reading(), entry)?;
        if let Some(flaw) = rules::flaw(entry, edition.as_ref()) {
            complaints.push(Complaint::new(Place::Whole, format!("`keys[{at}]`: {flaw}")));
            continue;
        }
        let entry = kept(tx.reading(), entry)?;
        loaded.count(catalogue::save_key(tx, &entry)?);
    }
    if complaints.is_empty() { Ok(loaded) } else { Err(complaints.into()) }
}

/// Complains of the keys of a file that no edition describes, neither one of the file nor one of `known`.
pub fn check(file: &CatalogueFile, known: &[Edition]) -> Outcome<()> {
    let mut complaints = Complaints::default();
    for (at, entry) in file.keys.iter().enumerate() {
        let editions = file.editions.iter().chain(known);
        let versions: Vec<Edition> =
            editions.filter(|held| held.edition_key == entry.edition_key).cloned().collect();
        let edition = rules::edition_of(&versions, entry.product_version.as_deref());
        if let Some(flaw) = rules::flaw(entry, edition) {
            complaints.push(Complaint::new(Place::Whole, format!("`keys[{at}]`: {flaw}")));
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints.into()) }
}

/// What would become of the entries of a file.
pub(super) fn compared(read: &mut dyn Read, file: &CatalogueFile) -> Outcome<Loaded> {
    let mut loaded = Loaded::default();
    for edition in &file.editions {
        let versions = catalogue::versions(read, &edition.edition_key)?;
        let held = versions.iter().find(|held| held.product_version == edition.product_version);
        loaded.count(change(held, edition));
    }
    for entry in &file.keys {
        let held = catalogue::key(read, &entry.sha256)?;
        let told = kept(read, entry)?;
        // A key that the store holds is known by its number.
        let key = |entry: &KeyEntry| entry.key.as_ref().map(|key| key.shown().to_owned());
        let same = held.as_ref().is_some_and(|held| key(held) == key(&told));
        let told = KeyEntry {
            key: held
                .as_ref()
                .filter(|_| same)
                .and_then(|held| held.key.clone())
                .or(told.key.clone()),
            ..told
        };
        loaded.count(change(held.as_ref(), &told));
    }
    Ok(loaded)
}

fn change<T: PartialEq>(held: Option<&T>, told: &T) -> Put {
    match held {
        None => Put::Added,
        Some(held) if held == told => Put::Unchanged,
        Some(_) => Put::Changed,
    }
}

/// A digest does not take away a key that the catalogue holds already.
fn kept(read: &mut dyn Read, entry: &KeyEntry) -> Outcome<KeyEntry> {
    let held = catalogue::key(read, &entry.sha256)?.and_then(|held| held.key);
    Ok(KeyEntry { key: entry.key.clone().or(held), ..entry.clone() })
}

/// Adds one key of a known edition, or one that says itself what it is.
///
/// Usage error when neither says what it is.
pub fn add(tx: &mut dyn Tx, entry: &KeyEntry) -> Outcome<KeyEntry> {
    let edition = edition_of(tx.reading(), entry)?;
    if let Some(flaw) = rules::flaw(entry, edition.as_ref()) {
        return Err(Usage::new(flaw)
            .hinted("`licctl vsphere catalogue list` shows the editions; a file brings new ones: `licctl vsphere catalogue import FILE`")
            .into());
    }
    catalogue::save_key(tx, entry)?;
    Ok(entry.clone())
}

/// The whole catalogue; keys in full when `secrets` are to be seen.
pub fn all(read: &mut dyn Read, secrets: bool) -> Outcome<CatalogueFile> {
    let editions = catalogue::editions(read)?;
    let mut entries = catalogue::keys(read)?;
    if secrets {
        for entry in &mut entries {
            if let Some(key) = &entry.key {
                entry.key = Some(keys::reveal(read, key)?);
            }
        }
    }
    Ok(CatalogueFile { editions, keys: entries })
}

/// An edition with the keys of the catalogue that are of it.
#[derive(Debug)]
pub struct Shown {
    pub edition: Edition,
    pub keys: Vec<KeyEntry>,
}

/// Every edition with its keys; keys whose edition is not in the catalogue stand under one of their own.
pub fn shown(read: &mut dyn Read) -> Outcome<Vec<Shown>> {
    let file = all(read, false)?;
    let mut shown: Vec<Shown> =
        file.editions.into_iter().map(|edition| Shown { edition, keys: Vec::new() }).collect();
    for entry in file.keys {
        let version = edition_of(read, &entry)?.map(|edition| edition.product_version);
        let place = shown.iter_mut().find(|shown| {
            shown.edition.edition_key == entry.edition_key
                && version.as_deref() == Some(shown.edition.product_version.as_str())
        });
        match place {
            Some(place) => place.keys.push(entry),
            None => shown.push(Shown {
                edition: Edition {
                    edition_key: entry.edition_key.clone(),
                    product_version: entry.product_version.clone().unwrap_or_default(),
                    name: entry.name.clone().unwrap_or_default(),
                    cost_unit: entry.cost_unit.clone().unwrap_or_default(),
                    ..Edition::default()
                },
                keys: vec![entry],
            }),
        }
    }
    Ok(shown)
}

/// What was removed.
#[derive(Debug)]
pub enum Removed {
    Key(Box<KeyEntry>),
    Editions(Vec<Edition>),
}

/// Removes a key, by itself, its end or its digest; or an edition, all of its versions or one.
///
/// Usage error when the catalogue has none, several, or keys of the edition.
pub fn remove(tx: &mut dyn Tx, text: &str, version: Option<&str>) -> Outcome<Removed> {
    if let Some(entry) = key_named(tx.reading(), text)? {
        catalogue::remove_key(tx, &entry.sha256)?;
        return Ok(Removed::Key(Box::new(entry)));
    }
    let mut versions = catalogue::versions(tx.reading(), text)?;
    versions.retain(|edition| version.is_none_or(|version| edition.product_version == version));
    if versions.is_empty() {
        return Err(Usage::new(format!(
            "the catalogue has neither an edition nor a key `{}`",
            told(text)
        ))
        .hinted("`licctl vsphere catalogue list` shows them")
        .into());
    }
    for entry in catalogue::keys(tx.reading())? {
        let own = edition_of(tx.reading(), &entry)?;
        if own.is_some_and(|own| versions.contains(&own)) {
            let name = entry.key.map_or_else(|| short(&entry.sha256), |key| key.shown().to_owned());
            return Err(Usage::new(format!("key {name} is of edition `{text}`"))
                .hinted("remove its keys first")
                .into());
        }
    }
    for edition in &versions {
        catalogue::remove_edition(tx, &edition.edition_key, &edition.product_version)?;
    }
    Ok(Removed::Editions(versions))
}

/// A digest as people tell it from others.
#[must_use]
pub fn short(sha256: &str) -> String {
    let head: String = sha256.chars().take(12).collect();
    format!("sha256:{head}…")
}

fn told(text: &str) -> String {
    if normalised(text).is_some() { masked(text) } else { text.to_owned() }
}

fn key_named(read: &mut dyn Read, text: &str) -> Outcome<Option<KeyEntry>> {
    if let Some(key) = normalised(text) {
        return catalogue::key(read, &rules::digest(&key));
    }
    let digest = text.trim_start_matches("sha256:").trim_end_matches('…').to_lowercase();
    let end = ending(text);
    let fits = |entry: &KeyEntry| {
        let by_digest = digest.len() >= 8 && entry.sha256.starts_with(&digest);
        let by_end = match (&entry.key, &end) {
            (Some(key), Some(end)) => key.shown().ends_with(end.as_str()),
            _ => false,
        };
        by_digest || by_end
    };
    let mut found: Vec<KeyEntry> = catalogue::keys(read)?.into_iter().filter(fits).collect();
    if found.len() > 1 {
        let names: Vec<String> = found.iter().map(|entry| short(&entry.sha256)).collect();
        return Err(Usage::new(format!("`{text}` names {} keys of the catalogue", found.len()))
            .hinted(format!("one of {}", names.join(", ")))
            .into());
    }
    Ok(found.pop())
}

/// Replaces keys that were split or combined in the vendor's portal: the new ones are of the edition of the old ones.
///
/// - `new`: keys with their totals.
///
/// Usage error when an old key is not in the catalogue, when editions differ, or when the sums do, unless `different` is allowed.
pub fn replace(
    tx: &mut dyn Tx,
    old: &[String],
    new: &[(String, i32)],
    different: bool,
) -> Outcome<Replaced> {
    let mut replaced = Vec::new();
    for text in old {
        let found = key_named(tx.reading(), text)?;
        replaced.push(found.ok_or_else(|| {
            Usage::new(format!("the catalogue has no key `{}`", told(text)))
                .hinted("`licctl vsphere catalogue list` shows them")
        })?);
    }
    let Some(model) = replaced.first().cloned() else {
        return Err(Usage::new("no key to replace was given").into());
    };
    if replaced.iter().any(|entry| {
        entry.edition_key != model.edition_key
            || entry.product_version != model.product_version
            || entry.cost_unit != model.cost_unit
    }) {
        return Err(Usage::new(
            "the keys are of several editions, and count in units of their own",
        )
        .into());
    }
    let sum = |totals: &mut dyn Iterator<Item = i32>| totals.map(i64::from).sum::<i64>();
    let before = sum(&mut replaced.iter().map(|entry| entry.total));
    let after = sum(&mut new.iter().map(|(_, total)| *total));
    if before != after && !different {
        return Err(Usage::new(format!("the old keys hold {before} units, the new ones {after}"))
            .hinted("`--allow-different` replaces them all the same")
            .into());
    }
    for entry in &replaced {
        catalogue::remove_key(tx, &entry.sha256)?;
    }
    let moves = moves(tx.reading(), &replaced)?;
    let mut made = Vec::new();
    for (key, total) in new {
        let entry = KeyEntry {
            sha256: rules::digest(key),
            key: Some(Key::given(key)),
            total: *total,
            ..model.clone()
        };
        catalogue::save_key(tx, &entry)?;
        made.push(entry);
    }
    Ok(Replaced { made, moves })
}

/// What became of keys that were replaced.
#[derive(Debug)]
pub struct Replaced {
    /// The new entries of the catalogue.
    pub made: Vec<KeyEntry>,
    /// The instances in which entities still hold the old keys, and what is shown of these.
    pub moves: Vec<(String, Vec<Key>)>,
}

/// Where entities hold keys of these entries.
fn moves(read: &mut dyn Read, entries: &[KeyEntry]) -> Outcome<Vec<(String, Vec<Key>)>> {
    let mut instances = Vec::new();
    vcenters::each(read, &mut |vcenter| {
        instances.push(vcenter);
        Ok(Flow::Continue(()))
    })?;
    let mut moves = Vec::new();
    for vcenter in instances {
        let mut held = Vec::new();
        for (license, taken) in licenses::all(read, vcenter.id)? {
            let key = keys::reveal(read, &license.key)?;
            let digest = key.full().map(rules::digest);
            let old = digest.is_some_and(|digest| entries.iter().any(|old| old.sha256 == digest));
            if old && taken.assignments > 0 {
                held.push(license.key);
            }
        }
        if !held.is_empty() {
            moves.push((vcenter.name, held));
        }
    }
    Ok(moves)
}
