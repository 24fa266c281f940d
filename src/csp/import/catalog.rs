//! The key catalogue as a file that the admin writes: which edition a key is for, by digest, pattern or last group.
//!
//! It holds no key. What contradicts itself is told entry by entry.

use crate::artefact::HELD;
use crate::csp::catalog::editions;
use crate::csp::model::keys::{KeyChannel, KeyEntry, KeyGlob, KeyMatch, KeyUse, KeyUses, Window};
use crate::csp::model::version::OsVersion;
use crate::error::{Complaint, Complaints, Outcome, Place};
use serde::Deserialize;
use std::io::BufRead;

/// The file: `{"schema": 1, "keys": [...]}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(rename = "match")]
    matcher: Matcher,
    edition: Edition,
    #[serde(default)]
    channel: Option<String>,
    #[serde(rename = "use", default)]
    uses: Option<Vec<String>>,
    #[serde(default)]
    builds: Builds,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matcher {
    last5: Option<String>,
    sha256: Option<String>,
    glob: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Edition {
    Number(u32),
    Name(String),
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Builds {
    min: Option<String>,
    max: Option<String>,
}

/// Reads the entries of a catalogue, in the order of the file.
///
/// Complains of every entry that is not one; whether entries contradict each other is left to the model.
pub fn read(input: &mut dyn BufRead) -> Outcome<Vec<KeyEntry>> {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut std::io::Read::take(input, HELD), &mut text)
        .map_err(|error| Complaint::new(Place::Whole, error.to_string()))?;
    let file: File = serde_json::from_str(&text).map_err(|error| {
        let line = u64::try_from(error.line()).unwrap_or(1).max(1);
        Complaint::new(Place::Line(line), format!("no key catalogue: {}", shape(&error))).remedied(
            "a key catalogue is `{\"schema\": 1, \"keys\": [{\"id\", \"match\", \"edition\"}]}`",
        )
    })?;
    if file.schema != 1 {
        let message =
            format!("the catalogue has schema {}; this licctl reads schema 1", file.schema);
        return Err(Complaint::new(Place::Whole, message).into());
    }
    let (mut entries, mut complaints) = (Vec::new(), Complaints::default());
    for (value, number) in file.keys.into_iter().zip(1..) {
        match serde_json::from_value::<Entry>(value) {
            Ok(found) => match entry(found) {
                Ok(entry) => entries.push(entry),
                Err(why) => complaints.push(Complaint::new(Place::Record(number), why)),
            },
            Err(error) => complaints.push(Complaint::new(Place::Record(number), shape(&error))),
        }
    }
    if complaints.is_empty() { Ok(entries) } else { Err(complaints.into()) }
}

/// What is wrong with a shape, without the value: it may be a key.
fn shape(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once("invalid type: ") {
        Some((_, rest)) => {
            let wanted = rest.split_once(", expected ").map_or("something else", |(_, want)| want);
            format!("a member of another type; expected {wanted}")
        }
        None => text,
    }
}

fn entry(found: Entry) -> Result<KeyEntry, String> {
    let id = found.id.trim().to_owned();
    if id.is_empty() || id.chars().count() > 63 || id.chars().any(char::is_control) {
        return Err("`id` has 1 to 63 characters".to_owned());
    }
    let within = |why: String| format!("`{id}`: {why}");
    let edition = match found.edition {
        Edition::Number(number) => number.cast_signed(),
        Edition::Name(name) => {
            editions::named(&name).ok_or_else(|| within(format!("`{name}` is no edition")))?
        }
    };
    let channel = match found.channel.as_deref() {
        None => KeyChannel::Unknown,
        Some(word) => KeyChannel::named(word).ok_or_else(|| {
            let words = KeyChannel::ALL.map(KeyChannel::word).join(", ");
            within(format!("`channel` is one of {words}"))
        })?,
    };
    let uses = found.uses.map(|words| words.iter().map(|word| KeyUse::named(word)).collect());
    let uses: Option<Vec<KeyUse>> = match uses {
        None => None,
        Some(None) => return Err(within("`use` holds `upgrade`, `change` and `check`".to_owned())),
        Some(Some(list)) => Some(list),
    };
    Ok(KeyEntry {
        matcher: matcher(found.matcher).map_err(within)?,
        edition,
        channel,
        uses: KeyUses::of(uses.as_deref()),
        builds: window(&found.builds).map_err(within)?,
        id,
    })
}

fn matcher(found: Matcher) -> Result<KeyMatch, String> {
    let sha256 = found
        .sha256
        .map(|text| digest(text.trim()).ok_or("`match.sha256` has 64 hexadecimal digits"))
        .transpose()?;
    let glob = found.glob.as_deref().map(KeyGlob::new).transpose()?;
    let last_five = found
        .last5
        .map(|text| {
            let letters = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            letters
                .then(|| text.to_ascii_uppercase())
                .ok_or("`match.last5` has five letters or digits")
        })
        .transpose()?;
    if sha256.is_none() && glob.is_none() && last_five.is_none() {
        return Err("`match` needs `sha256`, `glob` or `last5`".to_owned());
    }
    Ok(KeyMatch { sha256, glob, last_five })
}

fn digest(hex: &str) -> Option<[u8; 32]> {
    let pairs: Option<Vec<u8>> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok())
        .collect();
    pairs?.try_into().ok()
}

fn window(builds: &Builds) -> Result<Window, String> {
    let version = |text: &Option<String>| text.as_deref().map(str::parse).transpose();
    let max: Option<OsVersion> = version(&builds.max)?;
    let whole = builds.max.as_deref().is_some_and(|text| text.split('.').count() == 3);
    Ok(Window {
        min: version(&builds.min)?,
        max: max.map(|max| if whole { OsVersion { revision: u32::MAX, ..max } } else { max }),
    })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::csp::model::key::ProductKey;
    use crate::csp::model::keys::KeyCatalog;
    use crate::error::Stop;

    fn complaints(text: &str) -> Vec<String> {
        match read(&mut text.as_bytes()) {
            Err(Stop::BadArtefact(complaints)) => complaints
                .kept
                .iter()
                .map(|complaint| format!("{}: {}", complaint.place, complaint.message))
                .collect(),
            other => panic!("{other:?}"),
        }
    }

    fn one(members: &str) -> String {
        format!(r#"{{"schema": 1, "keys": [{{"id": "edu", {members}}}]}}"#)
    }

    #[test]
    fn a_digest_knows_its_key_without_holding_it() {
        let text = one(
            r#""match": {"sha256": "727b7931612d6fc70b6857d9f6922f425f0fb9fa703d61984d669ed5d479a433"}, "edition": "Education""#,
        );
        let catalog = KeyCatalog::new(read(&mut text.as_bytes()).unwrap()).unwrap();
        let key = ProductKey::new("AAAAA-BBBBB-CCCCC-DDDDD-EDU01").unwrap();
        let found = catalog.find(&key).unwrap();
        assert_eq!((found.id.as_str(), found.edition), ("edu", 121));
        let other = ProductKey::new("AAAAA-BBBBB-CCCCC-DDDDD-EDU02").unwrap();
        assert!(catalog.find(&other).is_none());
    }

    #[test]
    fn what_an_entry_lacks_is_told_entry_by_entry() {
        for (members, message) in [
            (
                r#""match": {}, "edition": 121"#,
                "record 1: `edu`: `match` needs `sha256`, `glob` or `last5`",
            ),
            (
                r#""match": {"last5": "EDU"}, "edition": 121"#,
                "record 1: `edu`: `match.last5` has five letters or digits",
            ),
            (
                r#""match": {"last5": "EDU01"}, "edition": "Educatoin""#,
                "record 1: `edu`: `Educatoin` is no edition",
            ),
            (
                r#""match": {"last5": "EDU01"}, "edition": 121, "use": ["sell"]"#,
                "record 1: `edu`: `use` holds `upgrade`, `change` and `check`",
            ),
            (
                r#""match": {"sha256": "00"}, "edition": 121"#,
                "record 1: `edu`: `match.sha256` has 64 hexadecimal digits",
            ),
        ] {
            assert_eq!(complaints(&one(members)), [message]);
        }
    }

    #[test]
    fn a_key_in_a_catalogue_is_refused_and_never_repeated() {
        let key = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";
        for members in [
            format!(r#""match": {{"glob": "{key}"}}, "edition": 121"#),
            format!(r#""match": "{key}", "edition": 121"#),
            format!(r#""match": {{"last5": "{key}"}}, "edition": 121"#),
        ] {
            let told = complaints(&one(&members)).join("\n");
            assert!(!told.contains(key), "{told}");
        }
    }

    #[test]
    fn a_file_of_another_kind_is_refused_with_its_line() {
        assert!(complaints("{\n\"a\": 1}")[0].starts_with("line 2: no key catalogue"));
        assert!(complaints(r#"{"schema": 2, "keys": []}"#)[0].contains("schema 2"));
        assert!(complaints("")[0].starts_with("line 1: no key catalogue"));
    }
}
