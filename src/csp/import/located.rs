//! JSON that keeps the line of every value, for findings that name it.
//!
//! The text is checked by the JSON library first, which also decodes the strings; here only the positions are followed.
//! What the values mean is left to the readers.

use crate::artefact::DEEPEST;
use serde::de::IgnoredAny;

/// A value and the line on which it begins, counted from 1.
#[derive(Debug, PartialEq)]
pub(super) struct Located {
    pub(super) line: u64,
    pub(super) json: Json,
}

/// What a value is.
#[derive(Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Boolean(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Located>),
    /// In the order of the file; a name may stand twice.
    Object(Vec<(String, Located)>),
}

/// Why a text is no JSON, and on which line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) line: u64,
    pub(super) message: String,
}

impl Located {
    /// The member with this name; of several the last, as JSON libraries have it.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        let Json::Object(members) = &self.json else {
            return None;
        };
        members.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The text of a member; `None` when it is not there, or is no text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match &self.member(name)?.json {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a member is `true`.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.member(name).is_some_and(|value| value.json == Json::Boolean(true))
    }
}

/// Reads one value that begins on line `first`.
///
/// Errs when the text is no JSON, or nested deeper than [`DEEPEST`].
pub(super) fn parse(text: &str, first: u64) -> Result<Located, Wrong> {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let within = u64::try_from(error.line()).unwrap_or_default().saturating_sub(1);
        // The library puts its own line behind the message, counted from the beginning of the text.
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        return Err(Wrong { line: first.saturating_add(within), message });
    }
    Cursor { text, at: 0, line: first }.value(0)
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Cursor<'_> {
    fn value(&mut self, depth: usize) -> Result<Located, Wrong> {
        let first = self.visible();
        let line = self.line;
        if depth >= DEEPEST {
            return Err(self.wrong("it is nested too deep"));
        }
        let json = match first {
            Some(b'{') => Json::Object(self.members(depth + 1)?),
            Some(b'[') => Json::List(self.items(depth + 1)?),
            Some(b'"') => Json::Text(self.string()?),
            _ => match self.word() {
                "" => return Err(self.wrong("a value is missing")),
                "null" => Json::Null,
                "true" => Json::Boolean(true),
                "false" => Json::Boolean(false),
                number => Json::Number(number.to_owned()),
            },
        };
        Ok(Located { line, json })
    }

    fn members(&mut self, depth: usize) -> Result<Vec<(String, Located)>, Wrong> {
        let mut members = Vec::new();
        self.at += 1;
        while self.goes_on(b'}') {
            let name = self.string()?;
            // The colon.
            self.visible();
            self.at += 1;
            members.push((name, self.value(depth)?));
        }
        Ok(members)
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Located>, Wrong> {
        let mut items = Vec::new();
        self.at += 1;
        while self.goes_on(b']') {
            items.push(self.value(depth)?);
        }
        Ok(items)
    }

    /// Passes the comma or the closing bracket; tells whether a member follows.
    fn goes_on(&mut self, close: u8) -> bool {
        if self.visible() == Some(b',') {
            self.at += 1;
        }
        match self.visible() {
            Some(byte) if byte != close => true,
            _ => {
                self.at += 1;
                false
            }
        }
    }

    /// The next byte that is not white space.
    fn visible(&mut self) -> Option<u8> {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                byte => return Some(*byte),
            }
            self.at += 1;
        }
        None
    }

    /// The string that begins here. A string holds no line feed, so that lines need not be counted.
    fn string(&mut self) -> Result<String, Wrong> {
        let start = self.at;
        let mut escaped = true;
        for byte in self.text.bytes().skip(start) {
            self.at += 1;
            match byte {
                // The quotation mark that opens the string is passed like one that is escaped.
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => break,
                _ => {}
            }
        }
        let written = self.text.get(start..self.at).unwrap_or_default();
        serde_json::from_str(written).map_err(|_| self.wrong("a string has a wrong escape"))
    }

    fn word(&mut self) -> &str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.find([',', ']', '}', ' ', '\t', '\r', '\n']).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn wrong(&self, message: &str) -> Wrong {
        Wrong { line: self.line, message: message.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, Located, Wrong, parse};
    use serde_json::{Map, Value};

    /// The same value as the library reads it.
    fn plain(located: &Located) -> Value {
        match &located.json {
            Json::Null => Value::Null,
            Json::Boolean(value) => Value::Bool(*value),
            Json::Number(number) => serde_json::from_str(number).unwrap(),
            Json::Text(text) => Value::String(text.clone()),
            Json::List(items) => Value::Array(items.iter().map(plain).collect()),
            Json::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), plain(value)))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    #[test]
    fn every_value_knows_its_line() {
        let text = "{\r\n \"a\" :\n [1,\n {\"b\":\n\"x\\n\\\"]}\"}],\n\"c\"\n:\nnull}";
        let found = parse(text, 10).unwrap();
        let list = found.member("a").unwrap();
        let Json::List(items) = &list.json else { panic!("{list:?}") };
        let lines = [found.line, list.line, items[0].line, items[1].line];
        assert_eq!(lines, [10, 12, 12, 13]);
        let text = items[1].member("b").unwrap();
        assert_eq!((text.line, &text.json), (14, &Json::Text("x\n\"]}".to_owned())));
        assert_eq!(found.member("c").unwrap(), &Located { line: 17, json: Json::Null });
    }

    #[test]
    fn a_name_that_stands_twice_has_its_last_value() {
        assert_eq!(parse(r#"{"a":"x","a":"y"}"#, 1).unwrap().text("a"), Some("y"));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_line() {
        for (text, line) in
            [("{\n\"a\":}", 2), ("[1,\n\n2", 3), ("", 1), ("{\"a\"\n:\"\\ud800\"}", 2), ("1 2", 1)]
        {
            assert_eq!(parse(text, 1).unwrap_err().line, line, "{text}");
        }
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        let message = "it is nested too deep".to_owned();
        assert_eq!(parse(&deep, 1), Err(Wrong { line: 1, message }));
    }

    proptest::proptest! {
        #[test]
        fn it_reads_what_the_library_reads(text in r#"[\[\]{}:,"a1\\ n\n]{0,24}"#) {
            let expected = serde_json::from_str::<Value>(&text).ok();
            proptest::prop_assert_eq!(parse(&text, 1).ok().map(|found| plain(&found)), expected);
        }

        #[test]
        fn any_text_survives(text in "\\PC{0,40}") {
            let written = serde_json::to_string(&text).unwrap();
            proptest::prop_assert_eq!(parse(&written, 1).unwrap().json, Json::Text(text));
        }
    }
}
