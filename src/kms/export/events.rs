//! Events as bytes: CSV, JSON lines and XML in forms that Windows tools know and the readers of `import` read back.
//!
//! Which events are written, and whether names are replaced, is the caller's.

use crate::clock::Timestamp;
use crate::kms::catalog::events::{
    APPLICATION_LOG, KEYWORDS, PROVIDERS, Provider, QUALIFIERS, REQUEST_LOG,
};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum As {
    /// As of `Get-WinEvent … | Export-Csv`, the strings of the event in a column `Info`.
    Csv,
    /// One event a line, as dumps of binary logs render it.
    Jsonl,
    /// As `wevtutil qe … /f:xml /e:Events`.
    Xml,
}

impl As {
    pub const ALL: [Self; 3] = [Self::Csv, Self::Jsonl, Self::Xml];

    /// The word of the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Xml => "xml",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.word() == word)
    }

    /// What stands before the first event.
    #[must_use]
    pub const fn head(self) -> &'static str {
        match self {
            Self::Csv => "TimeCreated,Id,RecordId,LogName,ProviderName,MachineName,Info\n",
            Self::Jsonl => "",
            Self::Xml => "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>\n",
        }
    }

    /// What stands behind the last event.
    #[must_use]
    pub const fn foot(self) -> &'static str {
        match self {
            Self::Csv | Self::Jsonl => "",
            Self::Xml => "</Events>\n",
        }
    }
}

/// An event with its strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    pub id: u32,
    pub host: &'a str,
    /// EventRecordID.
    pub record: Option<u64>,
    pub time: Timestamp,
    /// Insertion strings, in their order.
    pub strings: Vec<String>,
}

/// Whether cells that a spreadsheet would take for a formula are written with an apostrophe in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cells {
    Defused,
    Raw,
}

impl Entry<'_> {
    fn log(&self) -> &'static str {
        if self.id == 12290 { REQUEST_LOG } else { APPLICATION_LOG }
    }

    /// The source under which the provider writes into that log.
    fn source(&self, provider: &Provider) -> &'static str {
        if self.log() == REQUEST_LOG {
            provider.request_source
        } else {
            provider.application_source
        }
    }

    /// The event with its line end.
    #[must_use]
    pub fn write(&self, form: As, cells: Cells) -> String {
        match form {
            As::Csv => self.csv(cells),
            As::Jsonl => format!("{}\n", self.json()),
            As::Xml => self.xml(),
        }
    }

    /// The strings with commas between them; a line each when one of them has a comma or a line end itself.
    fn info(&self) -> String {
        let list = self.strings.len() >= 8
            && !self.strings.iter().any(|text| text.contains([',', '\n', '\r']));
        self.strings.join(if list { "," } else { "\n" })
    }

    fn csv(&self, cells: Cells) -> String {
        let record = self.record.map_or_else(String::new, |record| record.to_string());
        let [_, provider] = &PROVIDERS;
        let texts = [
            self.time.to_string(),
            self.id.to_string(),
            record,
            self.log().to_owned(),
            provider.name.to_owned(),
            self.host.to_owned(),
            self.info(),
        ];
        let cell = |text: String| {
            let formula =
                cells == Cells::Defused && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
            let text = if formula { format!("'{text}") } else { text };
            if formula || text.contains([',', '"', '\n', '\r']) || text.trim() != text {
                format!("\"{}\"", text.replace('"', "\"\""))
            } else {
                text
            }
        };
        texts.map(cell).join(",") + "\n"
    }

    fn json(&self) -> Json {
        let [_, provider] = &PROVIDERS;
        let mut system = json!({
            "Provider": {"#attributes": {"Name": provider.name, "EventSourceName": self.source(provider)}},
            "EventID": {"#attributes": {"Qualifiers": QUALIFIERS}, "#text": self.id},
            "TimeCreated": {"#attributes": {"SystemTime": self.time.to_string()}},
            "Channel": self.log(),
            "Computer": self.host,
        });
        if let (Some(record), Some(members)) = (self.record, system.as_object_mut()) {
            members.insert("EventRecordID".to_owned(), Json::from(record));
        }
        let data = match self.strings.as_slice() {
            [one] => json!({"#text": one}),
            several => json!({"#text": several}),
        };
        json!({"Event": {"System": system, "EventData": {"Data": data}}})
    }

    fn xml(&self) -> String {
        let [_, provider] = &PROVIDERS;
        let mut text = format!(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{}' \
             Guid='{{{}}}' EventSourceName='{}'/><EventID Qualifiers='{QUALIFIERS}'>{}</EventID><Version>0</Version>\
             <Level>4</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x{KEYWORDS:x}</Keywords>\
             <TimeCreated SystemTime='{}'/>",
            provider.name,
            provider.guid,
            self.source(provider),
            self.id,
            self.time
        );
        // Writing into a text cannot fail.
        if let Some(record) = self.record {
            let _ = write!(text, "<EventRecordID>{record}</EventRecordID>");
        }
        let _ = write!(
            text,
            "<Channel>{}</Channel><Computer>{}</Computer></System><EventData>",
            self.log(),
            escaped(self.host)
        );
        for string in &self.strings {
            let _ = write!(text, "<Data>{}</Data>", escaped(string));
        }
        text.push_str("</EventData></Event>\n");
        text
    }
}

/// Text of an element; characters that XML cannot hold become U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(letter),
            letter if letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}') => {
                out.push('\u{FFFD}');
            }
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{As, Cells, Entry};
    use crate::clock::Timestamp;
    use crate::kms::import::event::testing::{LIST, REQUEST, Seen, seen};
    use crate::kms::import::{Options, csv, json, xml};

    fn entry(id: u32, strings: &[&str]) -> Entry<'static> {
        Entry {
            id,
            host: "kms01.corp.example",
            record: Some(48_211),
            time: Timestamp::parse("2025-03-09T07:05:12.441Z").unwrap(),
            strings: strings.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    fn read_back(form: As, entries: &[Entry<'_>]) -> Seen {
        let mut text = form.head().to_owned();
        for entry in entries {
            text.push_str(&entry.write(form, Cells::Defused));
        }
        text.push_str(form.foot());
        seen(|notes, each| {
            let (mut input, options) = (text.as_bytes(), Options::default());
            match form {
                As::Csv => csv::read(&mut input, &options, notes, each),
                As::Jsonl => json::read(&mut input, &options, notes, each),
                As::Xml => xml::read(&mut input, &options, notes, each),
            }
        })
    }

    fn ten(list: &str) -> Vec<&str> {
        list.split(',').collect()
    }

    #[test]
    fn every_form_is_read_back_as_what_was_written() {
        let sent = "0xC004F074, 0x00000000, kms.corp.example:1688, 6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11, 2025/03/09 07:05, 0, 2, 41520, 2de67392-b7a7-462a-b1ca-108dd189f588, 25";
        let answered = "0x0, 0x04000008, 0, 0, 4, 120, 10080, 2025/03/09 07:05";
        let split = |list: &'static str| list.split(", ").collect::<Vec<_>>();
        let entries = [
            entry(12290, &ten(LIST)),
            entry(12288, &split(sent)),
            entry(12289, &split(answered)),
            entry(12291, &["0xC004F015"]),
            entry(12292, &["0x80070005"]),
            entry(12293, &["0x8007232D", "corp.example"]),
            entry(12294, &["corp"]),
        ];
        let texts: Vec<Vec<String>> = As::ALL
            .iter()
            .map(|form| {
                let found = read_back(*form, &entries);
                assert_eq!(
                    (found.complaints.len(), found.events.len()),
                    (0, 7),
                    "{form:?} {found:?}"
                );
                assert!(found.events.iter().all(|(head, _)| {
                    head.ends_with("kms01.corp.example 48211 2025-03-09T07:05:12.441Z")
                }));
                found.events.into_iter().map(|(_, body)| body).collect()
            })
            .collect();
        assert_eq!(texts[0], texts[1]);
        assert_eq!(texts[1], texts[2]);
        assert_eq!(texts[0][0], REQUEST);
        assert_eq!(texts[0][5], "PublishFailed { hresult: 2147951405, domain: \"corp.example\" }");
        assert_eq!(texts[0][6], "Published { domain: \"corp\" }");
    }

    #[test]
    fn a_name_with_signs_of_the_form_comes_back_as_it_was() {
        for name in ["", "a,b", "<pc>&amp;", "a \"quoted\" name", "=cmd", "é"] {
            let list =
                LIST.split(',').map(|field| if field.starts_with("pc-") { name } else { field });
            let entry = entry(12290, &list.collect::<Vec<_>>());
            for form in As::ALL {
                let found = read_back(form, std::slice::from_ref(&entry));
                let expected = format!("name: {name:?}");
                assert!(found.complaints.is_empty(), "{form:?} {found:?}");
                assert!(found.events[0].1.contains(&expected), "{form:?} {found:?}");
            }
        }
    }

    #[test]
    fn a_cell_that_a_spreadsheet_takes_for_a_formula_is_defused_unless_it_is_wanted_raw() {
        let entry = Entry { host: "=1+1", ..entry(12291, &["0xC004F015"]) };
        assert!(entry.write(As::Csv, Cells::Defused).contains(",\"'=1+1\","));
        assert!(entry.write(As::Csv, Cells::Raw).contains(",=1+1,"));
    }

    #[test]
    fn characters_that_xml_cannot_hold_are_replaced() {
        let entry = entry(12294, &["a\u{1b}[31m\u{0}b"]);
        assert!(entry.write(As::Xml, Cells::Raw).contains("<Data>a\u{FFFD}[31m\u{FFFD}b</Data>"));
    }

    #[test]
    fn an_event_without_a_record_number_is_written_without_one() {
        let entry = Entry { record: None, ..entry(12290, &ten(LIST)) };
        for form in As::ALL {
            let found = read_back(form, std::slice::from_ref(&entry));
            assert!(found.events[0].0.contains("kms01.corp.example - 2025"), "{form:?} {found:?}");
        }
    }
}
