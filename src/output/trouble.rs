//! Errors and warnings as text for people and as JSON for machines.

use super::{Format, Look};
use crate::catalog::Native;
use crate::error::{Complaint, Complaints, Place, Refusal, Stop, Warning};
use serde_json::{Map, Value as Json, json};
use std::fmt::Write as _;

/// The colours of the few words that carry one.
const RED: &str = "\u{1b}[31m";
const YELLOW: &str = "\u{1b}[33m";
const PLAIN: &str = "\u{1b}[0m";

/// How many complaints people are shown; all kept ones are in JSON.
const SHOWN: usize = 20;

/// An error, in the form that goes with the answer's format.
pub(super) fn text(stop: &Stop, format: Format, look: &Look) -> String {
    match format {
        Format::Json | Format::Jsonl => json!({ "error": object(stop) }).to_string(),
        Format::Table | Format::Csv | Format::Name => people(stop, look),
    }
}

fn word(text: &str, color: &str, look: &Look) -> String {
    if look.color { format!("{color}{text}{PLAIN}") } else { text.to_owned() }
}

/// Imported text shows its control characters; sentences of several lines keep their lines.
fn safe(text: &str) -> String {
    super::escape(text, true)
}

fn people(stop: &Stop, look: &Look) -> String {
    let head = |kind: &str| word(kind, RED, look);
    let mut text = String::new();
    match stop {
        Stop::Refused(refusal) => {
            let _ = writeln!(text, "{}: {}", head("refused"), safe(&refusal.message));
            let answered = refusal.answered.map(|number| format!("{number} ")).unwrap_or_default();
            let _ = writeln!(
                text,
                "   code: {answered}{} ({}): {}",
                refusal.code.symbol, refusal.code.native, refusal.code.meaning
            );
            match (&refusal.hint, refusal.code.remedy) {
                (Some(hint), _) => drop(writeln!(text, "   hint: {}", safe(hint))),
                (None, "") => {}
                (None, remedy) => drop(writeln!(text, "   remedy: {remedy}")),
            }
        }
        Stop::Usage(usage) => {
            let _ = writeln!(text, "{}: {}", head("usage"), safe(&usage.message));
            if let Some(hint) = &usage.hint {
                let _ = writeln!(text, "   hint: {}", safe(hint));
            }
        }
        Stop::BadArtefact(complaints) => complained(&mut text, complaints, look),
        Stop::Fault(_) => {
            let (told, remedy) = stop.fault().unwrap_or_default();
            let _ = writeln!(text, "{}: {}", head("fault"), safe(&told));
            if let Some(remedy) = remedy {
                let _ = writeln!(text, "   hint: {}", safe(&remedy));
            }
        }
    }
    text
}

fn complained(text: &mut String, complaints: &Complaints, look: &Look) {
    for complaint in complaints.kept.iter().take(SHOWN) {
        let _ = writeln!(
            text,
            "{}: {}{}",
            word("artefact", RED, look),
            safe(&place(complaint)),
            safe(&complaint.message)
        );
        if let Some(remedy) = &complaint.remedy {
            let _ = writeln!(text, "   remedy: {}", safe(remedy));
        }
    }
    let shown = u64::try_from(complaints.kept.len().min(SHOWN)).unwrap_or(0);
    let more = complaints.count() - shown;
    if more > 0 {
        let _ = writeln!(
            text,
            "   and {more} more complaints (`-o json` lists the first {})",
            Complaints::KEPT
        );
    }
    let _ = writeln!(text, "   nothing was stored");
}

fn place(complaint: &Complaint) -> String {
    match (complaint.file.as_str(), complaint.place) {
        ("", Place::Whole) => String::new(),
        ("", place) => format!("{place}: "),
        (file, Place::Whole) => format!("{file}: "),
        (file, place) => format!("{file}, {place}: "),
    }
}

/// The `error` object of DESIGN, the same members in every kind.
fn object(stop: &Stop) -> Json {
    let (kind, message, remedy) = match stop {
        Stop::Refused(refusal) => {
            let remedy = refusal.hint.clone().unwrap_or_else(|| refusal.code.remedy.to_owned());
            ("refused", refusal.message.clone(), remedy)
        }
        Stop::Usage(usage) => {
            ("usage", usage.message.clone(), usage.hint.clone().unwrap_or_default())
        }
        Stop::BadArtefact(complaints) => {
            let count = complaints.count();
            let first =
                complaints.kept.first().map(|first| format!("{}{}", place(first), first.message));
            let remedy = complaints.kept.iter().find_map(|complaint| complaint.remedy.clone());
            let message = match count {
                1 => first.unwrap_or_default(),
                _ => format!("{count} complaints, the first: {}", first.unwrap_or_default()),
            };
            ("artefact", message, remedy.unwrap_or_default())
        }
        Stop::Fault(_) => {
            let (told, remedy) = stop.fault().unwrap_or_default();
            ("fault", told, remedy.unwrap_or_default())
        }
    };
    let (mut api, mut code, mut hex, mut symbol, mut detail) =
        (Json::Null, Json::Null, Json::Null, Json::Null, Map::new());
    if let Stop::Refused(refusal) = stop {
        api = Json::from(refusal.api.as_str());
        symbol = Json::from(refusal.code.symbol);
        let native = refusal.code.native;
        code = match (refusal.answered, native) {
            (Some(answered), _) => Json::from(answered),
            (None, Native::Tool) => Json::Null,
            (None, other) => {
                other.number().map_or_else(|| Json::from(other.to_string()), Json::from)
            }
        };
        // Status codes of Sentinel RMS are decimal wherever the vendor prints them.
        hex = match (native, native.number()) {
            (Native::Sntl(_), _) | (_, None) => Json::Null,
            (_, Some(number)) => Json::from(format!("0x{number:08X}")),
        };
        detail = extras(refusal);
    }
    let (complaints, more) = match stop {
        Stop::BadArtefact(complaints) => {
            (complaints.kept.iter().map(complaint).collect(), complaints.more)
        }
        _ => (Vec::new(), 0),
    };
    if more > 0 {
        detail.insert("moreComplaints".to_owned(), Json::from(more));
    }
    json!({
        "kind": kind, "api": api, "code": code, "hex": hex, "symbol": symbol, "message": message, "remedy": remedy,
        "complaints": Json::Array(complaints), "detail": detail,
    })
}

/// What the refused call hands back, and the members that the API's own error carries.
fn extras(refusal: &Refusal) -> Map<String, Json> {
    let answered = refusal.answer.iter().map(|(name, value)| (*name, Json::from(*value)));
    let told = refusal.detail.iter().map(|(name, value)| (*name, Json::from(value.as_str())));
    let named = answered.chain(told).map(|(name, value)| (name.to_owned(), value));
    let values = refusal.values.iter().flat_map(|values| values.as_ref().clone());
    named.chain(values).collect()
}

fn complaint(complaint: &Complaint) -> Json {
    let (unit, number) = match complaint.place {
        Place::Whole => ("file", None),
        Place::Line(line) => ("line", Some(line)),
        Place::Offset(offset) => ("byte", Some(offset)),
        Place::Record(record) => ("record", Some(record)),
    };
    let mut object =
        json!({"file": complaint.file, "message": complaint.message, "remedy": complaint.remedy});
    if let (Some(number), Some(members)) = (number, object.as_object_mut()) {
        members.insert(unit.to_owned(), Json::from(number));
    }
    object
}

/// A warning as a member of `warnings`.
pub(super) fn warning(warning: &Warning) -> Json {
    json!({"code": warning.code, "message": warning.message, "place": warning.place})
}

/// A warning as a line for people.
pub(super) fn warning_line(warning: &Warning, look: &Look) -> String {
    let place =
        if warning.place.is_empty() { String::new() } else { format!("{}: ", warning.place) };
    let text = format!("{place}{}", warning.message);
    format!("{}: {}", word("warning", YELLOW, look), super::escape(&text, false))
}
