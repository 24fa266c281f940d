//! Reading a policy: TOML with a table for each thing that it says.
//!
//! Every complaint has its line; a wrong word is told with what was meant. A policy that is half understood would let pass what it
//! should stop, so nothing unknown is passed over.

use super::{Exemption, Expiry, Kind, Measure, Pattern, Policy, Selector, Severity};
use crate::clock::Span;
use crate::error::{Complaint, Complaints, Place};
use crate::finding::Level;
use crate::output::nearest;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The tables of the file that are lists, and the keys of their entries.
static TABLES: [(&str, &[&str]); 3] = [
    (
        SEVERITY,
        &["class", "instance", "object", "due-within", "member", "at-least", "at-most", "level"],
    ),
    (IGNORE, &["class", "reason", "expires"]),
    (WAIVER, &["class", "instance", "object", "reason", "expires"]),
];
const SEVERITY: &str = "severity";
const IGNORE: &str = "ignore";
const WAIVER: &str = "waiver";
const FAIL_ON: &str = "fail-on";

static LEVELS: [Level; 3] = [Level::Error, Level::Warning, Level::Info];

/// Reads a policy.
///
/// - `domains`: whose own tables may stand in the same file; they are not looked into.
/// - Complains of what is no TOML, of unknown and missing keys, of values that a key cannot have; the file is left to be named.
pub fn read(text: &str, domains: &[&str]) -> Result<Policy, Complaints> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { text, complaints: Complaints::default() };
    for error in errors {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        reader.complain(error.span().unwrap_or_default(), format!("no TOML: {message}"));
    }
    // What was guessed of broken text would only bring complaints that are not the user's.
    if !reader.complaints.is_empty() {
        return Err(reader.complaints);
    }
    let policy = reader.policy(table.get_ref(), domains);
    if reader.complaints.is_empty() { Ok(policy) } else { Err(reader.complaints) }
}

struct Reader<'t> {
    text: &'t str,
    complaints: Complaints,
}

/// One table of the file.
struct Entry<'e, 'i> {
    /// Its name, for messages.
    name: &'static str,
    table: &'e DeTable<'i>,
    span: Range<usize>,
}

impl<'e, 'i> Entry<'e, 'i> {
    fn get(&self, key: &str) -> Option<&'e Spanned<DeValue<'i>>> {
        self.table.get(key)
    }
}

impl Reader<'_> {
    fn line(&self, at: usize) -> u64 {
        let before = self.text.as_bytes().iter().take(at);
        1 + u64::try_from(before.filter(|byte| **byte == b'\n').count()).unwrap_or(u64::MAX - 1)
    }

    fn complain(&mut self, span: Range<usize>, message: impl Into<String>) {
        let line = self.line(span.start);
        self.complaints.push(Complaint::new(Place::Line(line), message));
    }

    fn unknown(&mut self, span: Range<usize>, wrong: &str, of: &str, known: &[String]) {
        let line = self.line(span.start);
        let near = nearest(wrong, known);
        let remedy = match near.as_slice() {
            [] => format!("there is {}", known.join(", ")),
            near => format!("did you mean {}?", near.join(", ")),
        };
        let message = format!("{of} has no key `{wrong}`");
        self.complaints.push(Complaint::new(Place::Line(line), message).remedied(remedy));
    }

    fn policy(&mut self, table: &DeTable<'_>, domains: &[&str]) -> Policy {
        let own = TABLES.iter().map(|(name, _)| *name).chain([FAIL_ON]);
        let known: Vec<String> = own.chain(domains.iter().copied()).map(str::to_owned).collect();
        for key in table.keys() {
            if !known.iter().any(|known| known == key.get_ref().as_ref()) {
                self.unknown(key.span(), key.get_ref(), "a policy", &known);
            }
        }
        let whole = Entry { name: "a policy", table, span: 0..0 };
        let fail_on = self.level(&whole, FAIL_ON);
        let entries = TABLES.iter().flat_map(|(name, keys)| self.entries(table, name, keys));
        let entries: Vec<Entry<'_, '_>> = entries.collect();
        let (mut severities, mut exemptions) = (Vec::new(), Vec::new());
        for entry in &entries {
            if entry.name == SEVERITY {
                severities.extend(self.severity(entry));
            } else {
                let kind = if entry.name == IGNORE { Kind::Ignore } else { Kind::Waiver };
                exemptions.extend(self.exemption(entry, kind));
            }
        }
        Policy { fail_on, severities, exemptions, ..Policy::default() }
    }

    /// The entries of a list of tables, with complaints of keys that they cannot have.
    fn entries<'e, 'i>(
        &mut self,
        table: &'e DeTable<'i>,
        name: &'static str,
        keys: &[&str],
    ) -> Vec<Entry<'e, 'i>> {
        let Some(value) = table.get(name) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.complain(
                value.span(),
                format!("`{name}` is a list of tables; write `[[{name}]]`"),
            );
            return Vec::new();
        };
        let known: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        let mut entries = Vec::new();
        for item in list {
            let Some(table) = item.get_ref().as_table() else {
                self.complain(item.span(), format!("`{name}` is a list of tables"));
                continue;
            };
            for key in table.keys().filter(|key| !keys.contains(&key.get_ref().as_ref())) {
                self.unknown(key.span(), key.get_ref(), &format!("`{name}`"), &known);
            }
            entries.push(Entry { name, table, span: item.span() });
        }
        entries
    }

    fn severity(&mut self, entry: &Entry<'_, '_>) -> Option<Severity> {
        let on = self.selector(entry);
        let due_within = self.span(entry, "due-within");
        let measure = self.measure(entry);
        let level = self.level(entry, "level");
        if entry.get("level").is_none() {
            self.missing(entry, "level");
        }
        Some(Severity { on: on?, due_within, measure, level: level? })
    }

    fn exemption(&mut self, entry: &Entry<'_, '_>, kind: Kind) -> Option<Exemption> {
        let on = self.selector(entry);
        let reason = self.required(entry, "reason");
        let expires = self.expiry(entry);
        if kind == Kind::Waiver && entry.get("expires").is_none() {
            self.missing(entry, "expires");
        }
        let line = self.line(entry.span.start);
        Some(Exemption { kind, on: on?, reason: reason?, expires, line })
    }

    fn selector(&mut self, entry: &Entry<'_, '_>) -> Option<Selector> {
        let class = self.required(entry, "class").map(Pattern);
        let instance = self.words(entry, "instance").map(Pattern);
        let object = self.words(entry, "object").map(Pattern);
        Some(Selector { class: class?, instance, object })
    }

    fn measure(&mut self, entry: &Entry<'_, '_>) -> Option<Measure> {
        let member = self.words(entry, "member");
        let at_least = self.number(entry, "at-least");
        let at_most = self.number(entry, "at-most");
        let bounded = entry.get("at-least").is_some() || entry.get("at-most").is_some();
        match (entry.get("member"), bounded) {
            (Some(value), false) => {
                self.complain(value.span(), "`member` needs a bound: `at-least` or `at-most`");
            }
            (None, true) => self.missing(entry, "member"),
            _ => {}
        }
        Some(Measure { member: member?, at_least, at_most })
    }

    fn missing(&mut self, entry: &Entry<'_, '_>, key: &str) {
        let name = entry.name;
        self.complain(entry.span.clone(), format!("`{name}` needs the key `{key}`"));
    }

    /// Text that says something; a complaint without it.
    fn required(&mut self, entry: &Entry<'_, '_>, key: &str) -> Option<String> {
        if entry.get(key).is_none() {
            self.missing(entry, key);
        }
        self.words(entry, key)
    }

    fn words(&mut self, entry: &Entry<'_, '_>, key: &str) -> Option<String> {
        let value = entry.get(key)?;
        let words = value.get_ref().as_str().filter(|words| !words.trim().is_empty());
        if words.is_none() {
            self.complain(value.span(), format!("`{key}` must be a text that is not empty"));
        }
        words.map(str::to_owned)
    }

    fn number(&mut self, entry: &Entry<'_, '_>, key: &str) -> Option<f64> {
        let value = entry.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        let number = number.filter(|number: &f64| number.is_finite());
        if number.is_none() {
            self.complain(value.span(), format!("`{key}` must be a decimal number"));
        }
        number
    }

    fn level(&mut self, entry: &Entry<'_, '_>, key: &str) -> Option<Level> {
        let value = entry.get(key)?;
        let word = value.get_ref().as_str();
        let level = LEVELS.into_iter().find(|level| Some(level.word()) == word);
        if level.is_none() {
            let message = format!("`{key}` must be \"error\", \"warning\" or \"info\"");
            self.complain(value.span(), message);
        }
        level
    }

    fn span(&mut self, entry: &Entry<'_, '_>, key: &str) -> Option<Span> {
        let value = entry.get(key)?;
        let span = value.get_ref().as_str().unwrap_or_default().parse::<Span>();
        if span.is_err() {
            let message = format!("`{key}` must be a span of time in quotes: \"14d\", \"36h\"");
            self.complain(value.span(), message);
        }
        span.ok()
    }

    fn expiry(&mut self, entry: &Entry<'_, '_>) -> Option<Expiry> {
        let value = entry.get("expires")?;
        let written = match value.get_ref() {
            DeValue::Datetime(time) => time.to_string(),
            DeValue::String(text) => text.trim().to_owned(),
            _ => String::new(),
        };
        let expiry = Expiry::read(written);
        if expiry.is_none() {
            let message = "`expires` must be a date, 2026-06-30, or a time with its offset, 2026-06-30T12:00:00Z";
            self.complain(value.span(), message);
        }
        expiry
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::error::Place;
    use crate::finding::Level;

    /// Line, message and remedy of each complaint.
    fn complaints(text: &str) -> Vec<(u64, String, String)> {
        let complaints = read(text, &["kms", "vsphere"]).unwrap_err();
        let told = complaints.kept.into_iter().map(|complaint| match complaint.place {
            Place::Line(line) => (line, complaint.message, complaint.remedy.unwrap_or_default()),
            other => panic!("{other:?}"),
        });
        told.collect()
    }

    fn messages(text: &str) -> Vec<(u64, String)> {
        complaints(text).into_iter().map(|(line, message, _)| (line, message)).collect()
    }

    #[test]
    fn an_empty_file_is_a_policy_that_says_nothing() {
        assert_eq!(read("", &[]).unwrap(), super::Policy::default());
        assert_eq!(read("fail-on = \"warning\"\n", &[]).unwrap().fail_on, Some(Level::Warning));
    }

    #[test]
    fn tables_of_domains_are_left_to_the_domains() {
        let text = "[kms]\nactivation = 120\n[[vsphere.rules]]\ncluster = \"prod-*\"\n";
        assert_eq!(read(text, &["kms", "vsphere"]).unwrap(), super::Policy::default());
    }

    #[test]
    fn every_unknown_key_is_told_with_its_line_and_what_was_meant() {
        let text = "fail_on = \"error\"\n[kmss]\n[[waiver]]\nclass = \"a\"\nreasn = \"b\"\nreason = \"c\"\nexpires = 2027-01-01\n";
        assert_eq!(
            complaints(text),
            [
                (1, "a policy has no key `fail_on`".to_owned(), "did you mean fail-on?".to_owned()),
                (2, "a policy has no key `kmss`".to_owned(), "did you mean kms?".to_owned()),
                (
                    5,
                    "`waiver` has no key `reasn`".to_owned(),
                    "did you mean reason, class?".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn a_waiver_needs_class_reason_and_expiry() {
        assert_eq!(
            messages("\n[[waiver]]\ninstance = \"x\"\n[[ignore]]\nclass = \"a\"\nreason = \" \"\n"),
            [
                (6, "`reason` must be a text that is not empty".to_owned()),
                (2, "`waiver` needs the key `class`".to_owned()),
                (2, "`waiver` needs the key `reason`".to_owned()),
                (2, "`waiver` needs the key `expires`".to_owned()),
            ]
        );
    }

    #[test]
    fn an_ignored_class_takes_no_instance() {
        let text = "[[ignore]]\nclass = \"a\"\nreason = \"b\"\ninstance = \"x\"\n";
        assert_eq!(messages(text), [(4, "`ignore` has no key `instance`".to_owned())]);
    }

    #[test]
    fn values_that_a_key_cannot_have_are_told() {
        let cases = [
            ("fail-on = 1\n", 1, "`fail-on` must be \"error\", \"warning\" or \"info\""),
            ("waiver = 1\n", 1, "`waiver` is a list of tables; write `[[waiver]]`"),
            ("[waiver]\nclass = \"a\"\n", 1, "`waiver` is a list of tables; write `[[waiver]]`"),
            ("ignore = [1]\n", 1, "`ignore` is a list of tables"),
            (
                "[[severity]]\nclass = 1\nlevel = \"info\"\n",
                2,
                "`class` must be a text that is not empty",
            ),
            ("[[severity]]\nclass = \"a\"\n", 1, "`severity` needs the key `level`"),
            (
                "[[severity]]\nclass = \"a\"\nlevel = \"bad\"\n",
                3,
                "`level` must be \"error\", \"warning\" or \"info\"",
            ),
            (
                "[[severity]]\nclass = \"a\"\nlevel = \"info\"\ndue-within = 14\n",
                4,
                "`due-within` must be a span of time in quotes: \"14d\", \"36h\"",
            ),
            (
                "[[severity]]\nclass = \"a\"\nlevel = \"info\"\nmember = \"b\"\n",
                4,
                "`member` needs a bound: `at-least` or `at-most`",
            ),
            (
                "[[severity]]\nclass = \"a\"\nlevel = \"info\"\nat-most = 1\n",
                1,
                "`severity` needs the key `member`",
            ),
            (
                "[[severity]]\nclass = \"a\"\nlevel = \"info\"\nmember = \"b\"\nat-most = nan\n",
                5,
                "`at-most` must be a decimal number",
            ),
        ];
        for (text, line, message) in cases {
            assert_eq!(messages(text), [(line, message.to_owned())], "{text}");
        }
    }

    #[test]
    fn an_expiry_is_a_day_or_an_instant_and_nothing_vague() {
        for wrong in ["\"2026-02-29\"", "2026-06-30T12:00:00", "12:00:00", "20260630", "\"soon\""] {
            let text = format!("[[waiver]]\nclass = \"a\"\nreason = \"b\"\nexpires = {wrong}\n");
            let told = messages(&text);
            assert!(
                told.iter().all(|(line, _)| *line == 4) && !told.is_empty(),
                "{wrong}: {told:?}"
            );
        }
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line_and_nothing_else_is() {
        let told = messages("fail-on = \"error\"\n[[waiver\nunknown = 1\n");
        assert!(told.iter().all(|(_, message)| message.starts_with("no TOML: ")), "{told:?}");
        assert_eq!(told[0].0, 2);
    }

    #[test]
    fn a_policy_cut_anywhere_never_panics() {
        let text = "fail-on = \"info\"\n[[severity]]\nclass = \"ü*\"\nlevel = \"info\"\n[[waiver]]\nclass = 'x'\nreason = '''y'''\nexpires = 2026-06-30\n";
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            let _ = read(&text[..end], &[]);
        }
        assert!(read(text, &[]).is_ok());
    }
}
