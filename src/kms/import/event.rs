//! What a record of an event log says about KMS: which records concern it, and what each holds.
//!
//! The containers hand over what they found as borrowed text, through `delivery`. The comma lists
//! are read by `fields`.

pub mod delivery;
#[cfg(test)]
pub(in crate::kms) mod testing;

use super::Body;
use super::fields;
use super::fields::list::{ANSWERED, REQUEST, SENT};
use std::ops::RangeInclusive;

/// The events of KMS. Source: TECHREF, table 11.
pub const IDS: RangeInclusive<u32> = 12288..=12294;

/// The log in which a host keeps the requests. Source: TECHREF, table 11.
const CHANNEL: &str = "Key Management Service";

/// The classic source of that log, for containers that do not name the log. Source: WEVT.
const SOURCE: &str = "KmsRequests";

/// Names under which the events of KMS appear, all systems together: providers, their short forms
/// in the Event Viewer, classic sources. Source: WEVT, TECHREF.
static PROVIDERS: [&str; 8] = [
    "Microsoft-Windows-Security-SPP",
    "Microsoft-Windows-Security-Licensing-SLC",
    "Security-SPP",
    "Security-Licensing-SLC",
    SOURCE,
    "Software Protection Platform Service",
    "Software Licensing Service",
    "Software Protection Service",
];

/// The head of a record, as far as the container shows it; what it does not show is empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Head<'a> {
    pub id: u32,
    pub channel: &'a str,
    /// Provider and classic source.
    pub sources: [&'a str; 2],
    pub host: &'a str,
    pub record: Option<u64>,
}

/// What stands in a record.
#[derive(Debug)]
pub enum Content<'a, S> {
    /// The insertion strings, in their order.
    Strings(&'a [S]),
    /// The message that Windows made of them, in any language.
    Message(&'a str),
}

// Derived, these would ask the strings to be `Copy` too.
impl<S> Copy for Content<'_, S> {}
impl<S> Clone for Content<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

/// The binary part of a record.
#[derive(Debug, Clone, Copy, Default)]
pub enum Binary<'a> {
    #[default]
    None,
    /// As hexadecimal digits.
    Digits(&'a str),
    Bytes(&'a [u8]),
}

impl Binary<'_> {
    #[must_use]
    pub fn is_empty(self) -> bool {
        match self {
            Self::None => true,
            Self::Digits(digits) => digits.is_empty(),
            Self::Bytes(bytes) => bytes.is_empty(),
        }
    }
}

/// What a record is to KMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// It is another service's.
    None,
    /// One of the seven events.
    Event,
    /// It stands where only KMS writes, or under its name, and is none of its events.
    ///
    /// Source: public reports of 2022 of shellcode that was kept in records of this very log.
    Stranger,
}

impl Head<'_> {
    /// Tells what the record is to KMS.
    #[must_use]
    pub fn concern(&self, binary: Binary<'_>) -> Concern {
        let known = |list: &[&str]| {
            self.sources
                .iter()
                .any(|source| list.iter().any(|name| name.eq_ignore_ascii_case(source)))
        };
        let nameless = self.sources.iter().all(|source| source.is_empty());
        let in_channel = self.channel.eq_ignore_ascii_case(CHANNEL)
            || (self.channel.is_empty() && known(&[SOURCE]));
        let ours = in_channel || known(&PROVIDERS) || (nameless && self.channel.is_empty());
        match (ours, IDS.contains(&self.id) && binary.is_empty()) {
            (true, true) => Concern::Event,
            (true, false) if in_channel || IDS.contains(&self.id) => Concern::Stranger,
            _ => Concern::None,
        }
    }
}

/// Reads what an event says; an error is what is wrong with it.
pub fn body<S: AsRef<str>>(id: u32, content: Content<'_, S>) -> Result<Body<'_>, String> {
    match (id, content) {
        (12288, Content::Strings(strings)) => {
            fields::sent(SENT.in_strings(strings)?.0).map(Body::Sent)
        }
        (12288, Content::Message(message)) => {
            fields::sent(SENT.in_message(message)?).map(Body::Sent)
        }
        (12289, Content::Strings(strings)) => {
            fields::answered(ANSWERED.in_strings(strings)?.0).map(Body::Answered)
        }
        (12289, Content::Message(message)) => {
            fields::answered(ANSWERED.in_message(message)?).map(Body::Answered)
        }
        (12290, Content::Strings(strings)) => {
            let (list, lead) = REQUEST.in_strings(strings)?;
            fields::request(list, lead).map(Body::Request)
        }
        (12290, Content::Message(message)) => {
            fields::request(REQUEST.in_message(message)?, "").map(Body::Request)
        }
        (12291, content) => Ok(Body::InitFailed { hresult: code(content)? }),
        (12292, content) => Ok(Body::TimerFailed { hresult: code(content)? }),
        (12293, content) => {
            Ok(Body::PublishFailed { hresult: code(content)?, domain: domain(content)? })
        }
        (12294, content) => Ok(Body::Published { domain: domain(content)? }),
        (id, _) => Err(format!("event ID {id}, allowed are 12288 to 12294")),
    }
}

/// The return code of an event that has one: a string, or what the last line of the message with
/// such a code has; the text of the provider may be missing.
fn code<S: AsRef<str>>(content: Content<'_, S>) -> Result<u32, String> {
    let read = |text: &str| fields::hresult("HResult", text.trim());
    let text = match content {
        Content::Strings(strings) => {
            let mut filled =
                strings.iter().map(AsRef::as_ref).filter(|text| !text.trim().is_empty());
            filled.clone().find(|text| read(text).is_ok()).or_else(|| filled.next())
        }
        Content::Message(message) => {
            let mut lines = message.lines().rev();
            let code = lines.clone().find_map(|line| words(line).find(|word| is_code(word)));
            code.or_else(|| lines.find(|line| !line.trim().is_empty()))
        }
    };
    text.map_or_else(|| Err("HResult is missing".to_owned()), read)
}

/// The DNS domain of a publishing event: the last string, or what the message has in quotation
/// marks.
fn domain<S: AsRef<str>>(content: Content<'_, S>) -> Result<&str, String> {
    let found = match content {
        Content::Strings(strings) => {
            let mut filled = strings.iter().rev().map(|string| string.as_ref().trim());
            filled.find(|text| !text.is_empty() && !text.starts_with("0x"))
        }
        Content::Message(message) => {
            let dotted = |name: &&str| name.contains('.');
            let named = quoted(message);
            named.filter(dotted).or_else(|| lone(message)).or(named)
        }
    };
    found.ok_or_else(|| "DNS domain is missing".to_owned())
}

/// The words of a line, without the punctuation around them.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether a word is a return code as the events write it.
fn is_code(word: &str) -> bool {
    (word.starts_with("0x") || word.starts_with("0X")) && fields::hresult("", word).is_ok()
}

/// A domain name that has a line of its own, where the text of the provider is missing.
fn lone(message: &str) -> Option<&str> {
    let lines = || message.lines().rev().map(str::trim);
    let name = |line: &&str| {
        !line.is_empty()
            && !is_code(line)
            && line.chars().all(in_domain)
            && line.contains(char::is_alphabetic)
    };
    lines().find(|line| name(line) && line.contains('.')).or_else(|| lines().find(name))
}

fn in_domain(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_')
}

/// A domain name in quotation marks of any language; of several words in quotation marks the one
/// with a dot, else the last one that is no number.
fn quoted(message: &str) -> Option<&str> {
    const MARKS: [char; 12] = ['\'', '"', '‘', '’', '‚', '“', '”', '„', '«', '»', '「', '」'];
    let (_, behind) = message.split_once(MARKS)?;
    let (within, _) = behind.rsplit_once(MARKS)?;
    let names = || {
        within
            .split(MARKS)
            .map(str::trim)
            .filter(|text| text.contains(char::is_alphabetic) && text.chars().all(in_domain))
            .filter(|text| !is_code(text))
    };
    names().find(|name| name.contains('.')).or_else(|| names().next_back())
}

#[cfg(test)]
mod tests {
    use super::{Binary, Body, Concern, Content, Head, body};

    fn strings<'a>(id: u32, strings: &'a [&'a str]) -> Result<Body<'a>, String> {
        body(id, Content::Strings(strings))
    }

    fn message(id: u32, message: &str) -> Result<Body<'_>, String> {
        body(id, Content::<&str>::Message(message))
    }

    #[test]
    fn an_initialisation_that_failed_has_its_return_code() {
        let failed = Ok(Body::InitFailed { hresult: 0xC004_F015 });
        assert_eq!(strings(12291, &["0xC004F015"]), failed);
        assert_eq!(strings(12291, &["", "0xC004F015"]), failed);
        assert_eq!(
            message(12291, "The service failed to start.\r\nInfo:\r\n0xC004F015\r\n"),
            failed
        );
        assert_eq!(
            message(12292, "Info:\n0x80070005"),
            Ok(Body::TimerFailed { hresult: 0x8007_0005 })
        );
        assert_eq!(
            strings(12292, &["later"]).unwrap_err(),
            "HResult later, allowed are `0x0` to `0xFFFFFFFF`"
        );
        assert_eq!(strings(12292, &[]).unwrap_err(), "HResult is missing");
    }

    #[test]
    fn a_publication_names_its_domain_in_every_language() {
        let domain = "corp.example.com";
        assert_eq!(strings(12294, &[domain]), Ok(Body::Published { domain }));
        assert_eq!(
            strings(12293, &["0x8007232A", domain]),
            Ok(Body::PublishFailed { hresult: 0x8007_232A, domain })
        );
        for text in [
            "Publishing the Key Management Service (KMS) to DNS in the 'corp.example.com' domain failed.\nInfo:\n0x8007232A",
            "Fehler in der Domäne „corp.example.com“.\nInfo:\n0x8007232A",
            "Échec de l’hôte dans le domaine « corp.example.com ».\nInfo :\n0x8007232A",
        ] {
            assert_eq!(
                message(12293, text),
                Ok(Body::PublishFailed { hresult: 0x8007_232A, domain }),
                "{text}"
            );
        }
        assert_eq!(
            message(12294, "Publishing is successful.").unwrap_err(),
            "DNS domain is missing"
        );
    }

    #[test]
    fn an_event_without_the_text_of_the_provider_still_tells_its_code_and_domain() {
        let told = |strings: &str| {
            format!(
                "Die Beschreibung für Ereignis-ID \"12293\" aus Quelle \"Microsoft-Windows-Security-SPP\" wurde nicht \
                 gefunden.\r\n\r\nDie folgenden Informationen waren enthalten: \r\n\r\n{strings}\r\n\r\nThe message \
                 resource is present but the message was not found in the message table\r\n"
            )
        };
        assert_eq!(
            message(12291, &told("0xC004F015")),
            Ok(Body::InitFailed { hresult: 0xC004_F015 })
        );
        for domain in ["corp.example.com", "corp"] {
            let text = told(&format!("0x8007232A\r\n{domain}"));
            let failed = Ok(Body::PublishFailed { hresult: 0x8007_232A, domain });
            assert_eq!(message(12293, &text), failed);
            let text = format!(
                "The description for Event ID '12293' in Source 'Software Protection Platform Service' cannot be found. \
                 The following information is part of the event:'0x8007232A', '{domain}'"
            );
            assert_eq!(message(12293, &text), failed);
            assert_eq!(message(12294, &told(domain)), Ok(Body::Published { domain }));
        }
    }

    #[test]
    fn only_the_seven_events_of_the_service_are_its_events() {
        let channel = "Key Management Service";
        let spp = ["Microsoft-Windows-Security-SPP", ""];
        let other = ["Microsoft-Windows-Kernel-General", ""];
        let data = Binary::Digits("00FF");
        for (id, channel, sources, binary, concern) in [
            (12290, channel, spp, Binary::None, Concern::Event),
            (12290, channel, spp, Binary::Digits(""), Concern::Event),
            (12290, channel, spp, data, Concern::Stranger),
            (1337, channel, other, Binary::None, Concern::Stranger),
            (1337, "", ["KmsRequests", ""], Binary::None, Concern::Stranger),
            (12288, "Application", spp, Binary::None, Concern::Event),
            (12288, "Application", spp, data, Concern::Stranger),
            (12288, "Application", other, Binary::None, Concern::None),
            (1003, "Application", spp, data, Concern::None),
            (12290, "", ["", ""], Binary::None, Concern::Event),
            (4624, "", ["", ""], Binary::None, Concern::None),
            (12288, "System", ["", ""], Binary::None, Concern::None),
        ] {
            let head = Head { id, channel, sources, ..Head::default() };
            assert_eq!(head.concern(binary), concern, "{id} {channel} {sources:?} {binary:?}");
        }
    }
}
