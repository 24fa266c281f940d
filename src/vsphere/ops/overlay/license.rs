//! What files say of licenses.

use super::{Overlay, Reading, Told};
use crate::store::Put;
use crate::vsphere::catalog::properties::{
    self as known, EXPIRATION_DATE, EXPIRATION_HOURS, EXPIRATION_MINUTES, Holds, SYSTEM_TIME,
};
use crate::vsphere::import::record::{LicenseSaid, Part, Said, Which};
use crate::vsphere::model::key::{ending, masked, normalised};
use crate::vsphere::model::license::{License, LicenseInfo, Origin, Taken};
use crate::vsphere::model::value::{AnyValue, KeyAnyValue, KeyValue, find};
use crate::vsphere::rules::{expiry, info};
use crate::vsphere::wire::labels;

impl Overlay {
    /// Puts a license among those under way; its place.
    pub(super) fn enter(&mut self, license: License) -> usize {
        let at = self.licenses.len();
        if let Some(full) = license.key.full() {
            self.places.entry(full.to_owned()).or_default().push(at);
        }
        self.shown.entry(license.key.shown().to_owned()).or_default().push(at);
        if license.id != 0 {
            self.numbers.insert(license.id, at);
        }
        self.licenses.push(license);
        at
    }

    /// Takes what a file says of a license of the inventory.
    pub(in crate::vsphere::ops) fn license(
        &mut self,
        said: &LicenseSaid,
        reading: &mut Reading<'_>,
    ) -> Told {
        self.sections.licenses = true;
        self.put(said, reading, None).map_or(Told::Skipped, |(_, put)| Told::Taken(put))
    }

    /// The place of a license, and what became of it; `None` when it cannot be told which it is.
    ///
    /// - `entity`: whose assignment the license is a copy in.
    pub(super) fn put(
        &mut self,
        said: &LicenseSaid,
        reading: &mut Reading<'_>,
        entity: Option<&str>,
    ) -> Option<(usize, Put)> {
        let key = said.info.license_key.full().unwrap_or_default();
        if key.is_empty() {
            reading.warn("EMPTY_KEY", "a license without a key was left out".to_owned());
            self.left_out.insert(String::new());
            return None;
        }
        if let Some(flaw) = flaw(&said.info) {
            reading.notes.complain(reading.place, flaw);
            return None;
        }
        let at = if key.contains('*') {
            let found = self.by_end(key);
            if found.is_none() {
                let shown = said.info.license_key.shown();
                let message = format!("`{shown}` is masked, and fits no license or several");
                reading.warn("MASKED_KEY", message);
                self.left_out.insert(shown.to_owned());
            }
            Some(found?)
        } else {
            self.by_key(key, &said.info.edition_key)
        };
        if let Some(at) = at {
            self.told.insert(at);
            self.dropped.remove(&at);
            if self.copies.get(&at) == Some(said) {
                return Some((at, Put::Unchanged));
            }
            self.dispute(at, said, entity, reading);
        }
        let before = at.and_then(|at| self.licenses.get(at));
        let taken = at.and_then(|at| self.taken.get(&at)).copied().unwrap_or_default();
        let license = merged(before, taken, said, reading);
        let (at, put) = match at {
            None => (self.enter(license), Put::Added),
            Some(at) if before == Some(&license) => (at, Put::Unchanged),
            Some(at) => {
                if let Some(held) = self.licenses.get_mut(at) {
                    if let (None, Some(full)) = (held.key.full(), license.key.full()) {
                        self.places.entry(full.to_owned()).or_default().push(at);
                    }
                    *held = license;
                }
                (at, Put::Changed)
            }
        };
        if put != Put::Unchanged {
            self.changed.insert(at);
        }
        self.told.insert(at);
        self.copies.insert(at, said.clone());
        Some((at, put))
    }

    /// Tells once a license of copies within a file that differ: the copy behind one that differs differs from it again. All
    /// entitlements of an inventory without keys share one placeholder, and do not contradict each other.
    fn dispute(
        &mut self,
        at: usize,
        said: &LicenseSaid,
        entity: Option<&str>,
        reading: &mut Reading<'_>,
    ) {
        let Some(copy) = self.copies.get(&at).filter(|copy| copy.lacks == said.lacks) else {
            return;
        };
        let shared = said.lacks.has(Part::Name) && said.info.license_key.is_placeholder();
        if !shared
            && !self.disputed.contains(&at)
            && conflict(&copy.info, &said.info, entity, reading)
        {
            self.disputed.insert(at);
        }
    }

    /// The license with that key; evaluation licenses are told apart by their editions.
    pub(super) fn by_key(&self, key: &str, edition_key: &str) -> Option<usize> {
        let places = self.places.get(key).map(Vec::as_slice).unwrap_or_default();
        let fits = |at: &&usize| {
            self.licenses.get(**at).is_some_and(|held| {
                held.edition_key == edition_key
                    || edition_key.is_empty()
                    || !held.key.is_evaluation()
            })
        };
        if let Some(at) = places.iter().find(fits) {
            return Some(*at);
        }
        // A store that was made from an export has keys of which nothing but the end is known.
        let unknown =
            |at: &&usize| self.licenses.get(**at).is_some_and(|held| held.key.full().is_none());
        match self.shown.get(&masked(key)).map(Vec::as_slice) {
            Some([only]) => Some(only).filter(unknown).copied(),
            _ => None,
        }
    }

    /// The only license that a masked key can be.
    pub(super) fn by_end(&self, text: &str) -> Option<usize> {
        if let Some(places) = self.shown.get(text) {
            return if let [only] = places.as_slice() { Some(*only) } else { None };
        }
        let end = ending(text)?;
        let fits = |license: &License| license.key.full().is_some_and(|full| full.ends_with(&end));
        let mut found = self.licenses.iter().enumerate().filter(|(_, license)| fits(license));
        let only = found.next()?;
        found.next().is_none().then_some(only.0)
    }

    /// Whether a record names a license, and no license is called so yet.
    pub(in crate::vsphere::ops) fn lacks_named(&self, said: &Said) -> bool {
        let lacks =
            |which: &Which| matches!(which, Which::Named(name) if self.by_name(name).is_none());
        match said {
            Said::Assignment(said) => lacks(&said.license),
            Said::Host(said) => said.licenses.iter().flatten().any(|text| lacks(&Which::of(text))),
            _ => false,
        }
    }

    /// The only license of that display name.
    pub(super) fn by_name(&self, name: &str) -> Option<usize> {
        let mut found = self.licenses.iter().enumerate().filter(|(_, held)| held.name == name);
        let only = found.next()?;
        found.next().is_none().then_some(only.0)
    }
}

/// What no license can be: a key of another shape, fewer units than none.
pub(super) fn flaw(info: &LicenseInfo) -> Option<String> {
    let key = info.license_key.full().unwrap_or_default();
    if !key.contains('*') && normalised(key).is_none() {
        return Some(format!(
            "`{}` is no license key: five groups of five letters or digits are needed",
            info.license_key.shown()
        ));
    }
    let used = info.used.unwrap_or(0);
    let (name, number) = if info.total < 0 { ("total", info.total) } else { ("used", used) };
    (number < 0).then(|| format!("`{name}` of `{}` is {number}", info.license_key.shown()))
}

/// The labels of a file as an inventory holds them: each key once, the last value in the place of the first.
fn distinct(told: &[KeyValue], shown: &str, reading: &mut Reading<'_>) -> Vec<KeyValue> {
    let mut labels: Vec<KeyValue> = Vec::new();
    for label in told {
        if label.key.is_empty() {
            reading.warn("ODD_LABEL", format!("a label of `{shown}` without a key was left out"));
            continue;
        }
        match labels.iter_mut().find(|held| held.key == label.key) {
            Some(held) => held.value.clone_from(&label.value),
            None => labels.push(label.clone()),
        }
    }
    labels
}

/// Tells of copies of one license that differ within a file, of which the last one wins; whether they do.
fn conflict(
    copy: &LicenseInfo,
    told: &LicenseInfo,
    entity: Option<&str>,
    reading: &mut Reading<'_>,
) -> bool {
    let lasting = |info: &LicenseInfo| -> Vec<KeyAnyValue> {
        let passing = [EXPIRATION_HOURS, EXPIRATION_MINUTES, SYSTEM_TIME];
        let kept = info.properties.iter().filter(|held| !passing.contains(&held.key.as_str()));
        kept.cloned().collect()
    };
    let at = |info: &LicenseInfo| LicenseInfo { properties: lasting(info), ..info.clone() };
    if at(copy) == at(told) {
        return false;
    }
    let used =
        |info: &LicenseInfo| info.used.map_or_else(|| "unset".to_owned(), |used| used.to_string());
    let place = entity.map_or_else(String::new, |entity| format!(" at `{entity}`"));
    let how = if copy.used == told.used {
        String::new()
    } else {
        format!(" (used {}, before {})", used(told), used(copy))
    };
    let message = format!(
        "the copy of `{}`{place} differs from the one before{how}; the last one counts",
        told.license_key.shown(),
    );
    reading.warn("LICENCE_CONFLICT", message);
    true
}

/// A license as a file shows it, over what is known of it: parts that the file cannot carry stay.
///
/// - `taken`: of it, as stored. A file that shows what the API would answer says nothing new.
fn merged(
    before: Option<&License>,
    taken: Taken,
    said: &LicenseSaid,
    reading: &mut Reading<'_>,
) -> License {
    let told = &said.info;
    let answer = before.map(|before| info::license(before, taken, reading.now));
    let answer = answer.as_ref();
    if let (Some(before), Some(answer)) = (before, answer)
        && answer == told
    {
        return before.clone();
    }
    let key = match before {
        Some(before) if before.key.full().is_some() || told.license_key.shown().is_empty() => {
            before.key.clone()
        }
        _ => told.license_key.clone(),
    };
    let origin = match () {
        () if key.is_evaluation() => Origin::Builtin,
        () if key.is_placeholder() => Origin::Entitlement,
        () => Origin::Import,
    };
    let mut properties = match before {
        Some(before) if said.lacks.has(Part::Properties) => over(&before.properties, told),
        Some(before) if answer.is_some_and(|answer| answer.properties == told.properties) => {
            before.properties.clone()
        }
        _ => told.properties.clone(),
    };
    expiring(&mut properties, key.shown(), reading);
    doubt(&properties, key.shown(), reading);
    let labels = distinct(&told.labels, key.shown(), reading);
    let used = match told.used {
        None if reading.alone && !key.is_evaluation() && !said.lacks.has(Part::Used) => Some(0),
        used => used,
    };
    let text = |part: Part, told: &str, held: fn(&License) -> &String| match before {
        Some(before) if said.lacks.has(part) => held(before).clone(),
        _ => told.to_owned(),
    };
    let license = License {
        id: before.map_or(0, |before| before.id),
        edition_key: text(Part::EditionKey, &told.edition_key, |held| &held.edition_key),
        name: text(Part::Name, &told.name, |held| &held.name),
        total: before.filter(|_| said.lacks.has(Part::Total)).map_or(told.total, |held| held.total),
        cost_unit: text(Part::CostUnit, &told.cost_unit, |held| &held.cost_unit),
        // An absent `used` tells nothing of one that is known, nor does one that follows from the assignments.
        reported_used: used
            .filter(|used| answer.is_none_or(|answer| answer.used != Some(*used)))
            .or_else(|| before.and_then(|before| before.reported_used)),
        labels: match before {
            Some(before) if said.lacks.has(Part::Labels) => labelled(&before.labels, &labels),
            _ => labels,
        },
        origin: before.map_or(origin, |before| before.origin),
        properties,
        key,
    };
    // What a file changes is known from the file.
    if before.is_some_and(|before| *before == license) {
        license
    } else {
        License { origin, ..license }
    }
}

/// Adds the expiry that follows from what is left, and tells when nothing follows.
fn expiring(properties: &mut Vec<KeyAnyValue>, shown: &str, reading: &mut Reading<'_>) {
    if let Some((end, derived)) = expiry::derived(properties, reading.now) {
        let message =
            format!("the expiry of `{shown}` was derived from the hours that were left: {end}");
        reading.warn("EXPIRY_DERIVED", message);
        properties.push(derived);
    } else if expiry::stated(properties).is_none() && find(properties, EXPIRATION_MINUTES).is_some()
    {
        let message = format!(
            "when `{shown}` expires is not known: minutes within an hour alone tell nothing"
        );
        reading.warn("EXPIRY_UNKNOWN", message);
    }
}

/// Tells of values whose types this build does not know, and of instants that are none.
fn doubt(properties: &[KeyAnyValue], shown: &str, reading: &mut Reading<'_>) {
    for held in properties {
        match &held.value {
            AnyValue::Opaque(name, _) => {
                let key = &held.key;
                let message = format!(
                    "property `{key}` of `{shown}` is of the unknown type `{name}`, and is kept as it is"
                );
                reading.warn("UNKNOWN_TYPE", message);
            }
            AnyValue::Text(text)
                if known::find(&held.key).is_some_and(|known| known.holds == Holds::Instant) =>
            {
                let text = crate::artefact::trouble::excerpt(text);
                let message =
                    format!("property `{}` of `{shown}` is no instant: `{text}`", held.key);
                reading.warn("NO_INSTANT", message);
            }
            AnyValue::AnyPairs(inner) => doubt(inner, shown, reading),
            _ => {}
        }
    }
}

/// The known properties with those that a lossy file tells.
fn over(held: &[KeyAnyValue], told: &LicenseInfo) -> Vec<KeyAnyValue> {
    let mut properties = held.to_vec();
    for property in &told.properties {
        if same(held, property) {
            continue;
        }
        let pair = matches!(property.value, AnyValue::Pair(_));
        match properties.iter_mut().find(|known| known.key == property.key && !pair) {
            Some(known) => known.value = property.value.clone(),
            // Features by name tell nothing when those with keys are known.
            None if pair && held.iter().any(|known| known.key == property.key) => {}
            None => properties.push(property.clone()),
        }
    }
    properties
}

/// Whether a property is known as well as a lossy file tells it: a day is no contradiction of an instant of it.
fn same(held: &[KeyAnyValue], told: &KeyAnyValue) -> bool {
    let known = held.iter().filter(|known| known.key == told.key);
    let instant = |value: &AnyValue| crate::clock::Timestamp::parse(value.as_text()?);
    let is_day = told.key == EXPIRATION_DATE;
    known.into_iter().any(|known| {
        known.value == told.value
            || is_day
                && instant(&known.value).zip(instant(&told.value)).is_some_and(|(known, told)| {
                    known == told || known.date() == told.date() && told.s() % 86_400 == 0
                })
    })
}

/// The known labels with those that a lossy file tells; a note that says the known labels tells nothing.
fn labelled(held: &[KeyValue], told: &[KeyValue]) -> Vec<KeyValue> {
    if labels::write(held) == labels::write(told) {
        return held.to_vec();
    }
    let mut labels = held.to_vec();
    for label in told {
        match labels.iter_mut().find(|known| known.key == label.key) {
            Some(known) => known.value.clone_from(&label.value),
            None => labels.push(label.clone()),
        }
    }
    labels
}
