//! What pyvmomi prints of its objects: `(vim.LicenseManager.LicenseInfo) { … }`, read into the JSON that the other readers know.

use super::json::Walk;
use super::{Each, Options};
use crate::api::Source;
use crate::artefact::{DEEPEST, Fit, HELD, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use anyhow::Context;
use serde_json::{Map, Value as Json};
use std::io::Read as _;

pub(super) static KIND: Kind = Kind {
    name: "vsphere.pyvmomi",
    title: "What Python prints of pyvmomi objects: `(vim.LicenseManager.LicenseInfo) { … }`",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let text = sample.text.trim_start().trim_start_matches('[').trim_start();
    let begins = text.starts_with("(vim.") || text.starts_with("(vmodl.");
    if begins
        && (text.contains("licenseKey = ")
            || text.contains("vim.HostSystem")
            || text.contains("KeyAnyValue"))
    {
        Fit::Yes(8)
    } else {
        Fit::No
    }
}

/// Reads a file; `each` gets the records of its objects in their order.
///
/// Complains with the line where the text is not what pyvmomi prints.
pub(super) fn read(
    source: Source<'_>,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut text = String::new();
    source.text()?.take(HELD).read_to_string(&mut text).context("reading the printed objects")?;
    let mut parser = Parser { text: &text, at: 0 };
    let mut values = Vec::new();
    let broken = loop {
        parser.blank();
        if parser.rest().is_empty() {
            break None;
        }
        let line = parser.line();
        match parser.value(0) {
            Ok(value) => values.push((Place::Line(line), value)),
            Err(why) => break Some((Place::Line(parser.line()), why)),
        }
    };
    let mut walk = Walk::new(notes, each);
    for (place, value) in values {
        walk.element(value, place)?;
    }
    walk.end()?;
    if let Some((place, why)) = broken {
        notes.complain(place, format!("this is not what pyvmomi prints: {why}"));
    }
    Ok(())
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn line(&self) -> u64 {
        let before = self.text.get(..self.at).unwrap_or_default();
        u64::try_from(before.matches('\n').count()).unwrap_or(u64::MAX).saturating_add(1)
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, wanted: &str) -> bool {
        self.blank();
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > DEEPEST {
            return Err(format!("it is nested deeper than {DEEPEST} levels"));
        }
        self.blank();
        let rest = self.rest();
        if rest.starts_with('(') {
            let end = rest.find(')').ok_or("a type does not end")?;
            self.at += end + 1;
            // `(str) [`, `(vim.…) {`: the type says nothing that the members do not.
            return self.value(depth + 1);
        }
        if self.eat("{") {
            return self.object(depth);
        }
        if self.eat("[") {
            return self.list(depth);
        }
        if rest.starts_with(['\'', '"'])
            || rest.starts_with("u'")
            || rest.starts_with("u\"")
            || rest.starts_with("b'")
        {
            return self.quoted().map(Json::from);
        }
        self.word(depth)
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        let mut members = Map::new();
        while !self.eat("}") {
            self.blank();
            let rest = self.rest();
            let end = rest.find('=').ok_or("an object does not end")?;
            let name = rest.get(..end).unwrap_or_default().trim();
            if name.is_empty()
                || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
            {
                return Err("a member has no name".to_owned());
            }
            self.at += end + 1;
            let value = self.value(depth + 1)?;
            members.insert(name.to_owned(), value);
            self.eat(",");
        }
        Ok(Json::Object(members))
    }

    fn list(&mut self, depth: usize) -> Result<Json, String> {
        let mut items = Vec::new();
        while !self.eat("]") {
            if self.rest().is_empty() {
                return Err("a list does not end".to_owned());
            }
            items.push(self.value(depth + 1)?);
            self.eat(",");
        }
        Ok(Json::from(items))
    }

    /// A text in quotes, with the escapes of Python.
    fn quoted(&mut self) -> Result<String, String> {
        let mut letters = self.rest().char_indices();
        let mut quote = None;
        let mut out = String::new();
        while let Some((at, letter)) = letters.next() {
            match (quote, letter) {
                (None, '\'' | '"') => quote = Some(letter),
                (None, _) => {}
                (Some(quote), letter) if letter == quote => {
                    self.at += at + letter.len_utf8();
                    return Ok(out);
                }
                (Some(_), '\\') => {
                    let (_, escape) = letters.next().ok_or("a text does not end")?;
                    let digits = match escape {
                        'x' => 2,
                        'u' => 4,
                        'U' => 8,
                        _ => 0,
                    };
                    let code: String =
                        letters.by_ref().take(digits).map(|(_, letter)| letter).collect();
                    match (digits, escape) {
                        (0, 'n') => out.push('\n'),
                        (0, 't') => out.push('\t'),
                        (0, 'r') => out.push('\r'),
                        (0, other) => out.push(other),
                        _ => {
                            let code = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                            out.push(code.ok_or("an escape is no character")?);
                        }
                    }
                }
                (Some(_), letter) => out.push(letter),
            }
        }
        Err("a text does not end".to_owned())
    }

    /// A word without quotes: a number, a truth, an instant, a reference, or what is unset.
    fn word(&mut self, depth: usize) -> Result<Json, String> {
        let rest = self.rest();
        if rest.starts_with("datetime.datetime(") {
            return self.instant();
        }
        let end = rest.find([',', '\n', '}', ']']).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().trim();
        if word.is_empty() || depth == 0 {
            return Err("there is no object".to_owned());
        }
        self.at += end;
        Ok(match word {
            "<unset>" | "None" => Json::Null,
            "true" | "True" => Json::from(true),
            "false" | "False" => Json::from(false),
            word => {
                let number = word.strip_suffix(['L', 'l']).unwrap_or(word);
                let whole = number.parse::<i64>().map(Json::from);
                let real = || number.parse::<f64>().map(Json::from);
                whole.or_else(|_| real()).unwrap_or_else(|_| Json::from(word))
            }
        })
    }

    /// `datetime.datetime(2027, 12, 31, 0, 0, tzinfo=…)`, which is UTC with pyvmomi.
    fn instant(&mut self) -> Result<Json, String> {
        let rest = self.rest();
        let (mut open, mut end) = (0_usize, None);
        for (at, letter) in rest.char_indices() {
            match letter {
                '(' => open += 1,
                ')' if open == 1 => {
                    end = Some(at);
                    break;
                }
                ')' => open = open.saturating_sub(1),
                _ => {}
            }
        }
        let end = end.ok_or("an instant does not end")?;
        let inner = rest.get("datetime.datetime(".len()..end).unwrap_or_default();
        self.at += end + 1;
        let numbers: Vec<u32> =
            inner.split(',').map_while(|part| part.trim().parse().ok()).take(7).collect();
        let of = |at: usize| numbers.get(at).copied().unwrap_or(0);
        if numbers.len() < 3 {
            return Err("an instant has no date".to_owned());
        }
        let micro = if of(6) > 0 { format!(".{:06}", of(6)) } else { String::new() };
        Ok(Json::from(format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{micro}Z",
            of(0),
            of(1),
            of(2),
            of(3),
            of(4),
            of(5)
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::{KIND, read};
    use crate::artefact::{Fit, Sample};
    use crate::vsphere::import::record::Said;
    use crate::vsphere::import::testing::records_of;
    use crate::vsphere::model::value::{AnyValue, Width};

    const PRINTED: &str = "(vim.LicenseManager.LicenseInfo) [\n   (vim.LicenseManager.LicenseInfo) {\n      dynamicType = <unset>,\n      dynamicProperty = (vmodl.DynamicProperty) [],\n      licenseKey = 'AAAAA-AAAAA-AAAAA-AAAAA-AAAA1',\n      editionKey = 'esx.enterprisePlus.cpuPackageCoreLimited',\n      name = u'vSphere 8 \\'Plus\\'',\n      total = 10,\n      used = <unset>,\n      costUnit = 'cpuPackage:32core',\n      properties = (vmodl.KeyAnyValue) [\n         (vmodl.KeyAnyValue) {\n            dynamicType = <unset>,\n            key = 'feature',\n            value = (vim.KeyValue) {\n               key = 'dvs',\n               value = 'vSphere Distributed Switch'\n            }\n         },\n         (vmodl.KeyAnyValue) {\n            key = 'expirationHours',\n            value = 1439L\n         },\n         (vmodl.KeyAnyValue) {\n            key = 'expirationDate',\n            value = 2027-12-31T00:00:00Z\n         }\n      ],\n      labels = (vim.KeyValue) []\n   }\n]\n";

    #[test]
    fn printed_licenses_are_read_with_the_types_of_their_values() {
        assert_eq!(
            (KIND.sniff)(&Sample { name: "", bytes: PRINTED.as_bytes(), text: PRINTED }),
            Fit::Yes(8)
        );
        let (found, notes) = records_of(read, PRINTED);
        assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
        let [Said::License(said)] = found.as_slice() else { panic!("{found:?}") };
        let info = &said.info;
        assert_eq!((info.name.as_str(), info.total, info.used), ("vSphere 8 'Plus'", 10, None));
        assert!(matches!(&info.properties[0].value, AnyValue::Pair(pair) if pair.key == "dvs"));
        assert_eq!(info.properties[1].value, AnyValue::Whole(Width::Long, 1439));
        assert_eq!(info.properties[2].value, AnyValue::Instant("2027-12-31T00:00:00Z".to_owned()));
    }

    #[test]
    fn instants_may_stand_as_python_objects() {
        let text = PRINTED.replace(
            "2027-12-31T00:00:00Z",
            "datetime.datetime(2027, 12, 31, 0, 0, tzinfo=<pyVmomi.Iso8601.TZInfo object at 0x7f>)",
        );
        let (found, _) = records_of(read, &text);
        let [Said::License(said)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            said.info.properties[2].value,
            AnyValue::Instant("2027-12-31T00:00:00Z".to_owned())
        );
    }

    #[test]
    fn a_text_cut_anywhere_is_told_with_its_line_or_read_whole() {
        for end in 1..PRINTED.trim_end().len() {
            let (_, notes) = records_of(read, &PRINTED[..end]);
            assert!(!notes.complaints.is_empty(), "{end}");
        }
    }
}
