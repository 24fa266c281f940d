//! The grammar of `--filter`: comparisons over JSON members, `&&`, `||`, `!`, brackets.
//!
//! ```text
//! or    = and ("||" and)*        and = not ("&&" not)*        not = "!" not | "(" or ")" | test
//! test  = MEMBER [("=" | "!=" | "<" | "<=" | ">" | ">=" | "~") VALUE]      a bare member is true when it is neither null, false, 0 nor empty
//! VALUE = 'text' | "text" | word         `-30d` is a time before now, `+30d` one after
//! ```

use super::Spelled;
use super::members::{at, nearest};
use crate::clock::{Span, Timestamp};
use crate::error::{Outcome, Stop, Usage};
use regex::{Regex, RegexBuilder};
use serde_json::Value as Json;
use std::cmp::Ordering;

/// A filter, checked against the members that the rows have.
#[derive(Debug)]
pub(super) enum Filter {
    Or(Vec<Filter>),
    And(Vec<Filter>),
    Not(Box<Filter>),
    Test { member: String, sign: Sign, value: Operand },
    Holds { member: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Matches,
}

#[derive(Debug)]
pub(super) enum Operand {
    Null,
    Text { text: String, number: Option<f64>, time: Option<Timestamp> },
    Pattern(Regex),
}

/// Longest first, so that `<=` is not read as `<`.
const SIGNS: [(&str, Sign); 8] = [
    ("==", Sign::Equal),
    ("!=", Sign::Unequal),
    ("<=", Sign::LessEqual),
    (">=", Sign::GreaterEqual),
    ("=", Sign::Equal),
    ("<", Sign::Less),
    (">", Sign::Greater),
    ("~", Sign::Matches),
];

/// How deep brackets may be nested.
const DEEPEST: usize = 32;

struct Parser<'a> {
    whole: &'a str,
    rest: &'a str,
    now: Timestamp,
    names: &'a [String],
    depth: usize,
}

impl Filter {
    /// Reads a filter. Usage error that shows where it went wrong, or which members there are.
    pub(super) fn parse(text: &str, now: Timestamp, names: &[String]) -> Outcome<Self> {
        let mut parser = Parser { whole: text, rest: text, now, names, depth: 0 };
        let filter = parser.or()?;
        parser.skip();
        if parser.rest.is_empty() { Ok(filter) } else { Err(parser.wrong("`&&` or `||`")) }
    }

    /// - `spelled`: a member that is known by a second spelling too.
    pub(super) fn matches(&self, row: &Json, spelled: Option<Spelled>) -> bool {
        match self {
            Self::Or(any) => any.iter().any(|filter| filter.matches(row, spelled)),
            Self::And(all) => all.iter().all(|filter| filter.matches(row, spelled)),
            Self::Not(filter) => !filter.matches(row, spelled),
            Self::Holds { member } => holds(at(row, member).unwrap_or(&Json::Null)),
            Self::Test { member, sign, value } => {
                let plain = value.test(*sign, at(row, member).unwrap_or(&Json::Null));
                let other = spelled.filter(|(known, _)| known == member);
                match other.and_then(|(_, spell)| spell(row)) {
                    None => plain,
                    Some((word, _)) if !value.speaks_of(word) => plain,
                    // What is not so must not be so in any spelling.
                    Some((_, other)) if *sign == Sign::Unequal => {
                        plain && value.test(*sign, &Json::String(other))
                    }
                    Some((_, other)) => plain || value.test(*sign, &Json::String(other)),
                }
            }
        }
    }
}

fn holds(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(flag) => *flag,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(members) => !members.is_empty(),
    }
}

impl Operand {
    /// Whether it holds the word that a second spelling adds: a pattern such as `^K` means the classes of that letter, not all of kms.
    fn speaks_of(&self, word: &str) -> bool {
        let text = match self {
            Self::Null => return false,
            Self::Text { text, .. } => text.as_str(),
            Self::Pattern(pattern) => pattern.as_str(),
        };
        text.to_lowercase().contains(word)
    }

    fn test(&self, sign: Sign, held: &Json) -> bool {
        let order = match self {
            Self::Pattern(pattern) => return pattern.is_match(&text(held)),
            Self::Null => held.is_null().then_some(Ordering::Equal),
            Self::Text { .. } if held.is_null() => None,
            Self::Text { text: wanted, number, time } => match held {
                Json::Number(held) => number.and_then(|number| held.as_f64()?.partial_cmp(&number)),
                Json::String(held) => match (time, Timestamp::parse(held)) {
                    (Some(time), Some(held)) => Some(held.cmp(time)),
                    _ => Some(held.to_lowercase().cmp(&wanted.to_lowercase())),
                },
                other => Some(text(other).cmp(wanted)),
            },
        };
        match sign {
            Sign::Equal => order == Some(Ordering::Equal),
            Sign::Unequal => order != Some(Ordering::Equal),
            Sign::Less => order == Some(Ordering::Less),
            Sign::LessEqual => order.is_some_and(Ordering::is_le),
            Sign::Greater => order == Some(Ordering::Greater),
            Sign::GreaterEqual => order.is_some_and(Ordering::is_ge),
            Sign::Matches => false,
        }
    }
}

fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

impl Parser<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, token: &str) -> bool {
        self.skip();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn wrong(&self, wanted: &str) -> Stop {
        let at = self.whole.chars().count() - self.rest.chars().count() + 1;
        let found =
            if self.rest.is_empty() { "the end".to_owned() } else { format!("`{}`", self.rest) };
        Usage::new(format!("`--filter`: expected {wanted} at character {at}, found {found}"))
            .hinted(
                "for example `LicenseStatus!=1 && lastSeen<-30d`; `licctl help filter` tells more",
            )
            .into()
    }

    fn or(&mut self) -> Outcome<Filter> {
        let mut any = vec![self.and()?];
        while self.eat("||") {
            any.push(self.and()?);
        }
        Ok(one_or(any, Filter::Or))
    }

    fn and(&mut self) -> Outcome<Filter> {
        let mut all = vec![self.not()?];
        while self.eat("&&") {
            all.push(self.not()?);
        }
        Ok(one_or(all, Filter::And))
    }

    fn not(&mut self) -> Outcome<Filter> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong("fewer brackets"));
        }
        let filter = if self.eat("!") {
            Filter::Not(Box::new(self.not()?))
        } else if self.eat("(") {
            let inner = self.or()?;
            if !self.eat(")") {
                return Err(self.wrong("`)`"));
            }
            inner
        } else {
            self.test()?
        };
        self.depth -= 1;
        Ok(filter)
    }

    fn test(&mut self) -> Outcome<Filter> {
        let member = self.member()?;
        let sign = SIGNS.iter().find(|(token, _)| self.eat(token)).map(|(_, sign)| *sign);
        match sign {
            None => Ok(Filter::Holds { member }),
            Some(sign) => {
                let value = self.value(sign)?;
                Ok(Filter::Test { member, sign, value })
            }
        }
    }

    fn member(&mut self) -> Outcome<String> {
        self.skip();
        let end = self
            .rest
            .find(|letter: char| {
                !(letter.is_alphanumeric() || matches!(letter, '_' | '.' | '+' | '-'))
            })
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        if name.is_empty() {
            return Err(self.wrong("a member name"));
        }
        // A member below a free object is not in the schema, but its parent is.
        let parent = name.split('.').next().unwrap_or(name);
        let known = self.names.iter().find(|known| known.eq_ignore_ascii_case(name)).cloned();
        let open =
            self.names.iter().any(|known| known.eq_ignore_ascii_case(parent) && parent != name);
        let Some(member) = known.or_else(|| open.then(|| name.to_owned())) else {
            let near = nearest(name, self.names);
            let hint = if near.is_empty() { self.names.join(", ") } else { near.join(", ") };
            return Err(Usage::new(format!("`--filter`: the rows have no member `{name}`"))
                .hinted(format!("there is {hint}"))
                .into());
        };
        self.rest = rest;
        Ok(member)
    }

    fn value(&mut self, sign: Sign) -> Outcome<Operand> {
        self.skip();
        let (raw, quoted) = match self.rest.chars().next() {
            Some(quote @ ('\'' | '"')) => {
                let body = self.rest.get(1..).unwrap_or_default();
                let Some((text, rest)) = body.split_once(quote) else {
                    return Err(self.wrong("a closing quote"));
                };
                self.rest = rest;
                (text.to_owned(), true)
            }
            _ => {
                let end = self
                    .rest
                    .find(|letter: char| {
                        letter.is_whitespace() || matches!(letter, ')' | '&' | '|')
                    })
                    .unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
                if text.is_empty() {
                    return Err(self.wrong("a value"));
                }
                self.rest = rest;
                (text.to_owned(), false)
            }
        };
        if sign == Sign::Matches {
            return RegexBuilder::new(&raw)
                .case_insensitive(true)
                .build()
                .map(Operand::Pattern)
                .map_err(|error| {
                    Usage::new(format!("`--filter`: `{raw}` is no pattern: {error}")).into()
                });
        }
        if raw == "null" && !quoted {
            return Ok(Operand::Null);
        }
        let ordered = !matches!(sign, Sign::Equal | Sign::Unequal);
        if ordered && !quoted && self.names.iter().any(|name| name.eq_ignore_ascii_case(&raw)) {
            let message = format!(
                "`--filter`: a member is compared with a value, and `{raw}` is a member too"
            );
            return Err(Usage::new(message)
                .hinted("`--jq` compares members with each other")
                .into());
        }
        let time = Timestamp::parse(&raw)
            .or_else(|| relative(&raw, self.now))
            .or_else(|| Timestamp::parse(&format!("{raw}T00:00:00Z")));
        let number = raw.parse().ok().or_else(|| {
            let hex = raw.strip_prefix("0x").or_else(|| raw.strip_prefix("0X"))?;
            u32::from_str_radix(hex, 16).ok().map(f64::from)
        });
        Ok(Operand::Text { number, time, text: raw })
    }
}

fn relative(text: &str, now: Timestamp) -> Option<Timestamp> {
    let (sign, span) = match text.split_at_checked(1)? {
        ("-", span) => (-1, span),
        ("+", span) => (1, span),
        _ => return None,
    };
    let span: Span = span.parse().ok()?;
    Some(now.plus_ms(sign * span.ms()))
}

fn one_or(mut filters: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match filters.pop() {
        Some(only) if filters.is_empty() => only,
        Some(last) => {
            filters.push(last);
            many(filters)
        }
        None => many(filters),
    }
}

#[cfg(test)]
mod tests {
    use super::{Filter, Spelled};
    use crate::clock::Timestamp;
    use serde_json::json;

    fn matches(text: &str) -> bool {
        let names: Vec<String> =
            ["LicenseStatus", "client", "lastSeen", "note", "detail", "HResult", "class"]
                .map(str::to_owned)
                .into();
        let now = Timestamp::parse("2026-03-31T00:00:00Z").unwrap();
        let row = json!({
            "LicenseStatus": 2, "client": "PC-017.corp.example", "lastSeen": "2026-03-01T00:00:00Z", "note": null,
            "detail": {"count": 5}, "HResult": 3_221_549_122_u32, "class": "license.expired",
        });
        let spelled: Spelled =
            ("class", |row| Some(("rms", format!("rms.{}", row.get("class")?.as_str()?))));
        Filter::parse(text, now, &names).unwrap().matches(&row, Some(spelled))
    }

    #[test]
    fn a_filter_reads_as_an_administrator_writes_it() {
        let cases = [
            ("LicenseStatus!=1 && lastSeen<-29d", true),
            ("LicenseStatus = 2", true),
            ("lastSeen<-30d", false),
            ("lastSeen>=2026-03-01", true),
            ("client=pc-017.CORP.example", true),
            ("client~'^pc-\\d+'", true),
            ("!(client~lab) && (note=null || LicenseStatus>5)", true),
            ("note", false),
            ("licensestatus", true),
            ("note!=null", false),
            ("detail.count>=5", true),
            ("HResult=0xC004F042", true),
        ];
        for (text, expected) in cases {
            assert_eq!(matches(text), expected, "{text}");
        }
    }

    #[test]
    fn a_class_is_known_with_its_domain_in_front_and_without() {
        for (text, expected) in [
            ("class=rms.license.expired", true),
            ("class=license.expired", true),
            ("class!=rms.license.expired", false),
            ("class!=license.expired", false),
            ("class!=kms.H05", true),
            ("!(class=RMS.License.Expired)", false),
            ("class~'^rms\\.' && class~'^license'", true),
            ("class~'^kms'", false),
            ("class~'^r'", false),
        ] {
            assert_eq!(matches(text), expected, "{text}");
        }
    }

    #[test]
    fn a_wrong_filter_is_told_where_and_what_there_is() {
        let now = Timestamp::parse("2026-03-31T00:00:00Z").unwrap();
        let names = ["LicenseStatus".to_owned()];
        for text in [
            "",
            "LicenseStatus=",
            "(LicenseStatus=1",
            "LicenseStatus=1 LicenseStatus=2",
            "Licensestatus~'['",
            "Status=1",
            "x=1",
            "LicenseStatus>=licenseStatus",
        ] {
            assert!(Filter::parse(text, now, &names).is_err(), "{text}");
        }
        assert!(Filter::parse("LicenseStatus>='licenseStatus'", now, &names).is_ok());
        assert!(Filter::parse(&"(".repeat(10_000), now, &names).is_err());
    }
}
