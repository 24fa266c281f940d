//! Lines matched against the labels of a language.
//!
//! Case and blanks at the ends of a line do not matter. Of several labels that match, a whole line wins, then the longer text.

use super::ini::Strings;
use super::labels::{Label, Reads, labels};

/// The labels of one language.
#[derive(Debug)]
pub(super) struct Phrases(Vec<Phrase>);

#[derive(Debug)]
struct Phrase {
    label: &'static Label,
    shape: Shape,
}

/// How the text of a label stands in a line; all texts in ASCII lower case.
#[derive(Debug)]
enum Shape {
    /// It is the whole line.
    Whole(String),
    /// It begins the line, the value follows.
    Prefix(String),
    /// It is the whole line, with values at placeholders: the text in front, then each placeholder with the text behind it.
    Template(String, Vec<(String, String)>),
}

/// A line that a label matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match<'t> {
    pub(super) reads: Reads,
    pub(super) resource: &'static str,
    /// The value behind the text or at the placeholder that the label reads; empty when it reads none.
    pub(super) value: &'t str,
    /// Whether the line is nothing but the text, and bytes of the text: the greater, the better.
    strength: (bool, usize),
}

impl Match<'_> {
    /// Whether a value stands at the end of the line, so that a wrapped line can go on with it.
    pub(super) fn is_open(&self) -> bool {
        is_prefix(self.reads) || (matches!(self.reads, Reads::Part { .. }) && !self.strength.0)
    }
}

impl Phrases {
    /// The built-in labels.
    pub(super) fn english() -> Self {
        Self::of(&Strings::default())
    }

    /// The labels of a language; what its file leaves out is English, as the script has it.
    pub(super) fn of(strings: &Strings) -> Self {
        let phrase = |label: &'static Label| {
            let text = strings.get(label.resource).unwrap_or(label.text);
            let shape = shape(text, label.reads)?;
            Some(Phrase { label, shape })
        };
        Self(labels().filter_map(phrase).collect())
    }

    /// The label that fits the line best.
    pub(super) fn find<'t>(&self, line: &'t str) -> Option<Match<'t>> {
        let line = line.trim();
        let lower = line.to_ascii_lowercase();
        let matches = self.0.iter().filter_map(|phrase| phrase.fit(line, &lower));
        matches.max_by_key(|found| found.strength)
    }

    /// Whether `value` is what stands in the place of a value that is not there.
    pub(super) fn is_absent(&self, value: &str) -> bool {
        self.find(value).is_some_and(|found| found.reads == Reads::Absent)
    }
}

/// Whether the value stands behind the text.
fn is_prefix(reads: Reads) -> bool {
    matches!(
        reads,
        Reads::Version | Reads::Product | Reads::Value(_) | Reads::Address { .. } | Reads::Error
    )
}

/// The shape of a label's text; `None` for a text that would match anything.
fn shape(text: &str, reads: Reads) -> Option<Shape> {
    let text = text.trim().to_ascii_lowercase();
    let (first, rest) = placeholders(&text);
    let literal = first.len() + rest.iter().map(|(_, behind)| behind.trim().len()).sum::<usize>();
    if literal == 0 {
        return None;
    }
    Some(match reads {
        reads if is_prefix(reads) => Shape::Prefix(text),
        _ if rest.is_empty() => Shape::Whole(text),
        _ => Shape::Template(first, rest),
    })
}

/// Splits a text at its placeholders: what stands in front of the first, then each name with what stands behind it.
fn placeholders(text: &str) -> (String, Vec<(String, String)>) {
    let mut first = String::new();
    let mut rest: Vec<(String, String)> = Vec::new();
    let mut left = text;
    while !left.is_empty() {
        let (literal, after) = left.split_once('%').unwrap_or((left, ""));
        let end = after.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(0);
        let (name, behind) = after.split_at_checked(end).unwrap_or_default();
        let target = rest.last_mut().map_or(&mut first, |(_, behind)| behind);
        target.push_str(literal);
        match behind.strip_prefix('%') {
            Some(behind) if !name.is_empty() => {
                rest.push((name.to_owned(), String::new()));
                left = behind;
            }
            _ => {
                // A percent sign of its own.
                target.push_str(if literal.len() < left.len() { "%" } else { "" });
                left = after;
            }
        }
    }
    (first, rest)
}

impl Phrase {
    /// - `line`: trimmed; `lower` is the same in ASCII lower case, byte for byte as long.
    fn fit<'t>(&self, line: &'t str, lower: &str) -> Option<Match<'t>> {
        let Label { reads, resource, .. } = *self.label;
        let found = |value, strength| Match { reads, resource, value, strength };
        match &self.shape {
            Shape::Whole(text) => {
                let same = lower.trim_end_matches('.') == text.trim_end_matches('.');
                same.then(|| found("", (true, text.len())))
            }
            Shape::Prefix(text) => {
                let value = line.get(lower.strip_prefix(text.as_str()).map(|_| text.len())?..)?;
                Some(found(value.trim(), (false, text.len())))
            }
            Shape::Template(first, rest) => {
                let wanted = match reads {
                    Reads::Part { placeholder, .. } | Reads::Code { placeholder, .. } => {
                        placeholder
                    }
                    Reads::Expiry { .. } => "ENDDATE",
                    _ => "",
                };
                let (value, literal) = fill(line, lower, first, rest, wanted)?;
                let closed = rest.last().is_some_and(|(_, behind)| !behind.trim().is_empty());
                Some(found(value, (closed, literal)))
            }
        }
    }
}

/// Finds the texts of a template one behind the other; returns the value at the wanted placeholder, and bytes of the texts.
fn fill<'t>(
    line: &'t str,
    lower: &str,
    first: &str,
    rest: &[(String, String)],
    wanted: &str,
) -> Option<(&'t str, usize)> {
    // An empty value at the end of a line has lost the blank in front of it.
    let first = if lower.len() < first.len() { first.trim_end() } else { first };
    let mut at = lower.strip_prefix(first).map(|_| first.len())?;
    let (mut value, mut literal) = ("", first.len());
    for (number, (name, behind)) in rest.iter().enumerate() {
        let left = lower.get(at..)?;
        let last = number + 1 == rest.len();
        let behind = if last { behind.trim_end() } else { behind.as_str() };
        let length = match (last, behind.is_empty()) {
            (true, true) => left.len(),
            (true, false) => left.strip_suffix(behind)?.len(),
            (false, _) => left.find(behind)?,
        };
        if name.eq_ignore_ascii_case(wanted) {
            value = line.get(at..at + length)?.trim();
        }
        at += length + behind.len();
        literal += behind.len();
    }
    Some((value, literal))
}

#[cfg(test)]
mod tests {
    use super::super::ini::Strings;
    use super::super::labels::{Reads, labels};
    use super::Phrases;

    fn found(phrases: &Phrases, line: &str) -> Option<(&'static str, String)> {
        phrases.find(line).map(|found| (found.resource, found.value.to_owned()))
    }

    #[test]
    fn every_built_in_text_is_told_from_all_others() {
        let phrases = Phrases::english();
        for label in labels() {
            let line = label
                .text
                .replace("%ERRCODE%", "C004F009")
                .replace("%MINUTE%", "5")
                .replace("%DAY%", "1");
            let line = format!("{line}{}", if label.text.ends_with(' ') { "x" } else { "" });
            let (resource, _) = found(&phrases, &line).unwrap();
            // The wording of `/dli` for several kinds of activation carries the same number.
            assert_eq!(resource, label.resource, "{line}");
        }
    }

    #[test]
    fn values_stand_behind_a_text_or_at_a_placeholder() {
        let phrases = Phrases::english();
        let cases = [
            ("Name: Windows(R)", "L_MsgProductName", "Windows(R)"),
            ("name:", "L_MsgProductName", ""),
            ("  KMS machine extended PID: 1-2 ", "L_MsgKmsPID4", "1-2"),
            ("Activation interval: 120 minutes", "L_MsgActivationInterval", "120"),
            (
                "Time remaining: 12960 minute(s) (9 day(s))",
                "L_MsgLicenseStatusTimeRemaining",
                "12960",
            ),
            (
                "Notification Reason: 0xC004F009 (grace time expired).",
                "L_MsgNotificationErrorReasonExpiration",
                "C004F009",
            ),
            ("Notification Reason: 0xC004F00F.", "L_MsgNotificationErrorReasonOther", "C004F00F"),
            ("KMS machine IP address: not available", "L_MsgKmsIpAddressUnavailable", ""),
            ("KMS machine IP address: 192.0.2.10", "L_MsgKmsIpAddress", "192.0.2.10"),
            ("Grant Number:", "L_MsgTkaInfoGrantNo", ""),
            ("License Status: Non-genuine grace period", "L_MsgLicenseStatusNonGenuineGrace_1", ""),
        ];
        for (line, resource, value) in cases {
            assert_eq!(found(&phrases, line), Some((resource, value.to_owned())), "{line}");
        }
        for stranger in ["", "License Status: Lizenziert", "Activation interval: 120", "Nam"] {
            assert_eq!(found(&phrases, stranger), None, "{stranger}");
        }
    }

    #[test]
    fn a_language_may_put_the_days_before_the_minutes() {
        let strings = Strings::parse(
            "[Strings]\nL_MsgLicenseStatusTimeRemaining=\"Noch %DAY% Tage (100 % von %MINUTE% Minuten)\"\nL_MsgKmsInfo=\"\"",
        );
        let phrases = Phrases::of(&strings);
        let line = "Noch 9 Tage (100 % von 12960 Minuten)";
        assert_eq!(
            found(&phrases, line),
            Some(("L_MsgLicenseStatusTimeRemaining", "12960".to_owned()))
        );
        assert_eq!(found(&phrases, ""), None, "an empty text matches nothing");
        let absent = phrases.find("not available").unwrap();
        assert_eq!(absent.reads, Reads::Absent);
    }
}
