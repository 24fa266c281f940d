//! A declared state as it stands in its file: TOML or JSON, told apart by content, every value with its line.

use crate::error::{Complaint, Complaints, Place};
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use std::cell::Cell;
use std::fmt;
use std::io::Read;
use toml::de::{DeTable, DeValue};

/// A value and the line on which it begins, counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    pub(super) line: u64,
    pub(super) value: Node,
}

/// A value of either language.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Scalar(Json),
    List(Vec<Spot>),
    /// In the order of the file, as far as its language keeps it.
    Table(Vec<Member>),
}

/// A member of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    pub(super) name: String,
    /// Of the name.
    pub(super) line: u64,
    pub(super) spot: Spot,
}

/// The members of a file.
///
/// Complains of what is neither TOML nor JSON; the file is left to be named.
pub(super) fn read(text: &str) -> Result<Vec<Member>, Complaints> {
    // A document of JSON begins with a brace, which no line of TOML does.
    if text.trim_start().starts_with(['{']) { json(text) } else { toml(text) }
}

fn toml(text: &str) -> Result<Vec<Member>, Complaints> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let lines = Lines::of(text);
    let mut complaints = Complaints::default();
    for error in errors {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        let place = Place::Line(lines.at(error.span().unwrap_or_default().start));
        complaints.push(Complaint::new(place, format!("no TOML: {message}")));
    }
    if complaints.is_empty() { Ok(members(table.get_ref(), &lines)) } else { Err(complaints) }
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let feeds = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(feeds.map(|(at, _)| at).collect())
    }

    fn at(&self, offset: usize) -> u64 {
        let before = self.0.partition_point(|feed| *feed < offset);
        u64::try_from(before).unwrap_or(u64::MAX - 1) + 1
    }
}

fn members(table: &DeTable<'_>, lines: &Lines) -> Vec<Member> {
    let mut members: Vec<(usize, Member)> = table
        .iter()
        .map(|(name, value)| {
            let (at, line) = (name.span().start, lines.at(name.span().start));
            let spot = Spot { line: lines.at(value.span().start), value: node(value, lines) };
            (at, Member { name: name.get_ref().to_string(), line, spot })
        })
        .collect();
    members.sort_by_key(|(at, _)| *at);
    members.into_iter().map(|(_, member)| member).collect()
}

fn node(value: &toml::Spanned<DeValue<'_>>, lines: &Lines) -> Node {
    let scalar = |json: Json| Node::Scalar(json);
    match value.get_ref() {
        DeValue::String(text) => scalar(Json::from(text.as_ref())),
        DeValue::Integer(number) => {
            let parsed = i64::from_str_radix(number.as_str(), number.radix());
            scalar(parsed.map_or_else(|_| Json::from(number.as_str()), Json::from))
        }
        DeValue::Float(number) => {
            let parsed = number.as_str().parse::<f64>();
            scalar(parsed.map_or_else(|_| Json::from(number.as_str()), Json::from))
        }
        DeValue::Boolean(flag) => scalar(Json::from(*flag)),
        DeValue::Datetime(at) => scalar(Json::from(at.to_string())),
        DeValue::Array(list) => Node::List(
            list.iter()
                .map(|item| Spot { line: lines.at(item.span().start), value: node(item, lines) })
                .collect(),
        ),
        DeValue::Table(table) => Node::Table(members(table, lines)),
    }
}

/// Bytes that are counted by lines as they are taken: the reader of JSON never takes more than one ahead.
struct Counted<'t> {
    rest: &'t [u8],
    line: &'t Cell<u64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let (Some((byte, rest)), Some(slot)) = (self.rest.split_first(), buffer.first_mut()) else {
            return Ok(0);
        };
        if *byte == b'\n' {
            self.line.set(self.line.get() + 1);
        }
        (*slot, self.rest) = (*byte, rest);
        Ok(1)
    }
}

fn json(text: &str) -> Result<Vec<Member>, Complaints> {
    let line = Cell::new(1);
    let counted = Counted { rest: text.as_bytes(), line: &line };
    let mut reader = serde_json::Deserializer::from_reader(counted);
    let read = Seed(&line).deserialize(&mut reader).and_then(|spot| reader.end().map(|()| spot));
    match read {
        Ok(Spot { value: Node::Table(members), .. }) => Ok(members),
        Ok(_) => Err(Complaint::new(Place::Whole, "a declaration is an object").into()),
        Err(error) => {
            let at = u64::try_from(error.line()).unwrap_or_default();
            let told = error.to_string();
            let message = told.split(" at line ").next().unwrap_or_default();
            Err(Complaint::new(Place::Line(at), format!("no JSON: {message}")).into())
        }
    }
}

/// Reads a value with its line.
#[derive(Clone, Copy)]
struct Seed<'c>(&'c Cell<u64>);

impl Seed<'_> {
    fn spot(self, value: impl Into<Json>) -> Spot {
        Spot { line: self.0.get(), value: Node::Scalar(value.into()) }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Spot;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Spot, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Spot;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Spot, E> {
        Ok(self.spot(flag))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Spot, E> {
        Ok(self.spot(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Spot, E> {
        Ok(self.spot(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Spot, E> {
        Ok(self.spot(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Spot, E> {
        Ok(self.spot(text))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Spot, E> {
        Ok(self.spot(Json::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Spot, A::Error> {
        let (line, mut items) = (self.0.get(), Vec::new());
        while let Some(item) = list.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Spot { line, value: Node::List(items) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Spot, A::Error> {
        let (line, mut members) = (self.0.get(), Vec::<Member>::new());
        while let Some(name) = map.next_key::<String>()? {
            if members.iter().any(|held| held.name == name) {
                return Err(de::Error::custom(format!("`{name}` stands twice in one object")));
            }
            let line = self.0.get();
            members.push(Member { name, line, spot: map.next_value_seed(self)? });
        }
        Ok(Spot { line, value: Node::Table(members) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(String, u64)> {
        read(text).unwrap().into_iter().map(|member| (member.name, member.line)).collect()
    }

    fn complaint(text: &str) -> (Place, String) {
        let complaints = read(text).unwrap_err();
        (complaints.kept[0].place, complaints.kept[0].message.clone())
    }

    fn bare(node: &Node) -> String {
        match node {
            Node::Scalar(json) => json.to_string(),
            Node::List(list) => {
                list.iter().map(|spot| format!("[{}]", bare(&spot.value))).collect()
            }
            Node::Table(members) => members
                .iter()
                .map(|member| format!("{}:{};", member.name, bare(&member.spot.value)))
                .collect(),
        }
    }

    #[test]
    fn the_same_in_toml_and_in_json_is_the_same() {
        let toml = "[[kms.machine]]\nname = 'a'\nport = 1\non = true\nlist = ['x']\n";
        let json = "{\"kms\": {\"machine\": [{\"name\": \"a\", \"port\": 1, \"on\": true, \"list\": [\"x\"]}]}}";
        let [toml, json] = [toml, json].map(|text| bare(&Node::Table(read(text).unwrap())));
        assert_eq!(toml, json);
        assert_eq!(toml, "kms:machine:[name:\"a\";port:1;on:true;list:[\"x\"];];;");
    }

    #[test]
    fn every_name_has_its_line_in_the_order_of_the_file() {
        let expected = [("z".to_owned(), 1), ("a".to_owned(), 3)];
        assert_eq!(lines("z = 1\n\na = 2\n"), expected);
        assert_eq!(lines("{\"z\": 1,\n\n\"a\": 2}"), expected);
    }

    #[test]
    fn what_is_neither_is_told_with_its_line() {
        assert_eq!(complaint("a = 1\nb = \n").0, Place::Line(2));
        let (place, message) = complaint("{\n\"a\": 1,\n\"a\": 2}");
        assert_eq!(place, Place::Line(3));
        assert_eq!(message, "no JSON: `a` stands twice in one object");
        assert_eq!(complaint("{\"a\": 1").0, Place::Line(1));
        assert!(complaint("{} x").1.starts_with("no JSON"));
    }

    #[test]
    fn a_file_cut_at_any_byte_is_refused_or_read_and_never_panics() {
        for text in
            ["[[kms.machine]]\nname = \"ä\"\n", "{\"kms\": {\"machine\": [{\"name\": \"ä\"}]}}"]
        {
            for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
                let _ = read(&text[..end]);
            }
        }
    }
}
