//! A finding written short, for a file that is gone with the process.
//!
//! Words that stand in the program (classes, names of members, most remedies) are told by their number: they are few, however many
//! findings there are.

use super::detail::Held;
use super::{Detail, FilePlace, Finding, Level};
use crate::clock::Timestamp;
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use uuid::Uuid;

/// The words that were written, by number.
#[derive(Debug, Default)]
pub(super) struct Words {
    words: Vec<&'static str>,
    numbers: HashMap<&'static str, u32>,
}

/// Stands where a text of its own follows instead of the number of a word.
const OWN: u32 = u32::MAX;

impl Words {
    fn number(&mut self, word: &'static str) -> u32 {
        let next = u32::try_from(self.words.len()).unwrap_or(OWN);
        *self.numbers.entry(word).or_insert_with(|| {
            self.words.push(word);
            next
        })
    }

    fn word(&self, number: u32) -> Option<&'static str> {
        self.words.get(usize::try_from(number).ok()?).copied()
    }

    /// Adds a finding to `out`.
    pub(super) fn write(&mut self, finding: &Finding, out: &mut Vec<u8>) {
        put_number(out, self.number(finding.domain));
        put_number(out, self.number(finding.class));
        out.push(match finding.severity {
            Level::Error => 0,
            Level::Warning => 1,
            Level::Info => 2,
        });
        for text in [&finding.instance, &finding.object, &finding.message] {
            put_text(out, text);
        }
        self.put_cow(out, &finding.remedy);
        for at in [finding.since, finding.due] {
            put_long(out, at.map_or(i64::MIN, Timestamp::ms).cast_unsigned());
        }
        out.push(u8::from(finding.place.is_some()));
        if let Some(place) = &finding.place {
            put_text(out, &place.file);
            out.push(u8::from(place.line.is_some()));
            put_long(out, place.line.unwrap_or_default());
        }
        let members = finding.detail.members();
        put_number(out, u32::try_from(members.len()).unwrap_or(OWN));
        for (member, value) in members {
            self.put_cow(out, member);
            self.put_held(out, value);
        }
    }

    #[expect(clippy::ptr_arg, reason = "what matters is whether the text stands in the program")]
    fn put_cow(&mut self, out: &mut Vec<u8>, text: &Cow<'static, str>) {
        match text {
            Cow::Borrowed(word) => put_number(out, self.number(word)),
            Cow::Owned(text) => {
                put_number(out, OWN);
                put_text(out, text);
            }
        }
    }

    /// A value: what it is, and the value. A list or an object goes as JSON.
    fn put_held(&mut self, out: &mut Vec<u8>, value: &Held) {
        match value {
            Held::Null => out.push(b'n'),
            Held::Flag(flag) => out.extend([b'f', u8::from(*flag)]),
            Held::Text(text) => {
                out.push(b't');
                put_text(out, text);
            }
            Held::Word(word) => {
                out.push(b'w');
                put_number(out, self.number(word));
            }
            Held::Time(at) => {
                out.push(b's');
                put_long(out, at.ms().cast_unsigned());
            }
            Held::Guid(guid) => {
                out.push(b'g');
                out.extend_from_slice(guid.as_bytes());
            }
            Held::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => {
                    out.push(b'u');
                    put_long(out, number);
                }
                (None, Some(number)) => {
                    out.push(b'i');
                    put_long(out, number.cast_unsigned());
                }
                (None, None) => {
                    out.push(b'd');
                    put_long(out, number.as_f64().unwrap_or_default().to_bits());
                }
            },
            Held::More(more) => {
                out.push(b'm');
                put_text(out, &more.to_string());
            }
        }
    }

    /// The finding that was written; `None` when the bytes are not what was written.
    pub(super) fn read(&self, bytes: &[u8]) -> Option<Finding> {
        let mut rest = Rest(bytes);
        let (domain, class) = (self.word(rest.number()?)?, self.word(rest.number()?)?);
        let severity = match rest.byte()? {
            0 => Level::Error,
            1 => Level::Warning,
            _ => Level::Info,
        };
        let (instance, object, message) = (rest.text()?, rest.text()?, rest.text()?);
        let remedy = self.cow(&mut rest)?;
        let (since, due) = (rest.instant()?, rest.instant()?);
        let place = match rest.byte()? {
            0 => None,
            _ => {
                let (file, told, line) = (rest.text()?, rest.byte()?, rest.long()?);
                Some(FilePlace { file: file.to_owned(), line: (told == 1).then_some(line) })
            }
        };
        let mut detail = Detail::default();
        for _ in 0..rest.number()? {
            detail.put(self.cow(&mut rest)?, self.held(&mut rest)?);
        }
        let [instance, object, message] = [instance, object, message].map(str::to_owned);
        Some(Finding {
            domain,
            instance,
            class,
            severity,
            object,
            message,
            detail,
            since,
            due,
            remedy,
            place,
        })
    }

    fn cow(&self, rest: &mut Rest<'_>) -> Option<Cow<'static, str>> {
        match rest.number()? {
            OWN => rest.text().map(|text| Cow::Owned(text.to_owned())),
            number => self.word(number).map(Cow::Borrowed),
        }
    }

    fn held(&self, rest: &mut Rest<'_>) -> Option<Held> {
        Some(match rest.byte()? {
            b'n' => Held::Null,
            b'f' => Held::Flag(rest.byte()? == 1),
            b't' => Held::Text(rest.text()?.into()),
            b'w' => Held::Word(self.word(rest.number()?)?),
            b's' => Held::Time(Timestamp::from_ms(rest.long()?.cast_signed())?),
            b'g' => Held::Guid(Uuid::from_bytes(*rest.chunk()?)),
            b'u' => Held::Number(rest.long()?.into()),
            b'i' => Held::Number(rest.long()?.cast_signed().into()),
            b'd' => Held::Number(Number::from_f64(f64::from_bits(rest.long()?))?),
            b'm' => Held::More(Box::new(serde_json::from_str::<Value>(rest.text()?).ok()?)),
            _ => return None,
        })
    }
}

fn put_number(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put_long(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, u32::try_from(text.len()).unwrap_or(OWN));
    out.extend_from_slice(text.as_bytes());
}

/// What was not read yet.
struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn chunk<const LENGTH: usize>(&mut self) -> Option<&'b [u8; LENGTH]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(bytes)
    }

    fn number(&mut self) -> Option<u32> {
        self.chunk().map(|bytes| u32::from_le_bytes(*bytes))
    }

    fn long(&mut self) -> Option<u64> {
        self.chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }

    fn text(&mut self) -> Option<&'b str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    #[expect(clippy::option_option, reason = "bytes may be missing, and so may the instant")]
    fn instant(&mut self) -> Option<Option<Timestamp>> {
        match self.long()?.cast_signed() {
            i64::MIN => Some(None),
            ms => Timestamp::from_ms(ms).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Words;
    use crate::clock::Timestamp;
    use crate::finding::{Detail, FilePlace, Finding, Held, Level};
    use serde_json::json;

    fn findings() -> Vec<Finding> {
        let at = Timestamp::parse("2026-03-31T00:00:00.5Z");
        let told = Finding::new("kms", "stale.out", Level::Error, "pc-ü", "it is out")
            .within("kms01")
            .with("count", 7)
            .with("balance", -7)
            .with("share", 0.25)
            .with("largest", u64::MAX)
            .with("none", serde_json::Value::Null)
            .with("superseded", false)
            .with("names", vec!["a", "b"])
            .with("state", "out")
            .since(at)
            .remedy("let it reach its host");
        let due = Finding::new("csp", "CSP004", Level::Warning, "", "m").due(at);
        let own = Finding { place: Some(FilePlace { file: "p.xml".into(), line: Some(7) }), ..due };
        let whole = Finding::new("csp", "CSP004", Level::Info, "x", "m")
            .with(format!("event{}", 1), json!({"a": [null, {"b": 1}]}))
            .remedy(format!("use {}", "Exec"));
        let whole = Finding { place: Some(FilePlace { file: "-".into(), line: None }), ..whole };
        let typed = Detail::of([
            ("state", Held::Word("stale")),
            ("fallsOut", Held::Time(Timestamp::MAX)),
            ("ClientMachineID", Held::Guid(uuid::Uuid::from_u128(7))),
        ]);
        let typed = Finding::new("kms", "stale.stale", Level::Info, "x", "m").detailed(typed);
        vec![told, own, whole, typed]
    }

    #[test]
    fn a_finding_is_read_as_it_was_written() {
        let mut words = Words::default();
        for finding in findings().into_iter().chain(findings()) {
            let mut bytes = Vec::new();
            words.write(&finding, &mut bytes);
            let read = words.read(&bytes).unwrap();
            assert_eq!(read, finding);
            assert_eq!(
                serde_json::to_string(&read).unwrap(),
                serde_json::to_string(&finding).unwrap()
            );
        }
    }

    #[test]
    fn what_is_cut_short_is_no_finding() {
        let mut words = Words::default();
        for finding in findings() {
            let mut bytes = Vec::new();
            words.write(&finding, &mut bytes);
            for length in 0..bytes.len() {
                assert_eq!(words.read(&bytes[..length]), None, "{length}");
            }
        }
    }
}
