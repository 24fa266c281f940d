//! A writer of small binary event logs, so that tests of the reader can hold any record they like.
//!
//! Layout after the published descriptions of the format (libevtx, MS-EVEN6): a header of 4 KiB,
//! then chunks of 64 KiB. The first record of a chunk defines a template; every record is an
//! instance of it with its own values. The data of an event is part of it, or an instance of another
//! template.

#![cfg(feature = "evtx")]

/// A record to be written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) record: u64,
    pub(super) id: u16,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(super) time: u64,
    pub(super) channel: &'a str,
    pub(super) strings: &'a [&'a str],
    pub(super) binary: &'a [u8],
    pub(super) data: Data,
}

/// Where the data of the events stands; the first entry of a chunk tells it for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Data {
    /// In the template of the event.
    Here,
    /// There, and with a name, as events have it that are no classic ones.
    Named,
    /// In an instance of a template of its own.
    Inner,
}

/// Sizes of the header of a log, of a chunk and of the header of a chunk.
pub(super) const HEADER: usize = 4096;
pub(super) const CHUNK: usize = 65_536;
pub(super) const CHUNK_HEADER: usize = 512;

/// Beginning of a log of one chunk per slice of entries; a slice must fit.
pub(super) fn log(chunks: &[&[Entry<'_>]]) -> Vec<u8> {
    let mut file = header(
        chunks.len(),
        chunks.iter().flat_map(|chunk| chunk.iter()).map(|entry| entry.record).max(),
    );
    for entries in chunks {
        let mut chunk = Chunk::new();
        for entry in *entries {
            chunk.add(entry);
        }
        file.extend(chunk.seal(entries));
    }
    file
}

fn header(chunks: usize, last: Option<u64>) -> Vec<u8> {
    let mut bytes = b"ElfFile\0".to_vec();
    let newest = u64::try_from(chunks.saturating_sub(1)).unwrap();
    for number in [0, newest, last.unwrap_or_default() + 1] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(128_u32.to_le_bytes());
    for number in [1, 3, 4096, u16::try_from(chunks).unwrap()] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.resize(120, 0);
    let checksum = crc32(&[&bytes]);
    // No flags: closed, not full.
    bytes.extend(0_u32.to_le_bytes());
    bytes.extend(checksum.to_le_bytes());
    bytes.resize(HEADER, 0);
    bytes
}

/// The checksum of the format, CRC-32 of IEEE 802.3.
pub(super) fn crc32(parts: &[&[u8]]) -> u32 {
    !parts.iter().copied().flatten().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    })
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Tokens of binary XML.
const END_OF_STREAM: u8 = 0x00;
const OPEN_ELEMENT: u8 = 0x01;
const OPEN_ELEMENT_WITH_ATTRIBUTES: u8 = 0x41;
const CLOSE_START_TAG: u8 = 0x02;
const CLOSE_EMPTY_TAG: u8 = 0x03;
const CLOSE_ELEMENT: u8 = 0x04;
const VALUE_TEXT: u8 = 0x05;
const ATTRIBUTE: u8 = 0x06;
const ATTRIBUTE_WITH_MORE: u8 = 0x46;
const TEMPLATE_INSTANCE: u8 = 0x0c;
const SUBSTITUTION: u8 = 0x0d;
const OPTIONAL_SUBSTITUTION: u8 = 0x0e;
const FRAGMENT: [u8; 4] = [0x0f, 1, 1, 0];

/// Types of values.
const NULL: u8 = 0x00;
const STRING: u8 = 0x01;
const U16: u8 = 0x06;
const U64: u8 = 0x0a;
const BINARY: u8 = 0x0e;
const FILETIME: u8 = 0x11;
const FRAGMENTS: u8 = 0x21;
const STRINGS: u8 = 0x81;

/// The numbers of the templates of the event and of its data, in the table of their chunk.
const TEMPLATES: [u32; 2] = [0x1234_5678, 0x1234_5679];

/// What stands for a value in the template: its place in the list of values, and its type.
#[derive(Clone, Copy)]
enum Part {
    Text(&'static str),
    Value(u16, u8),
}

struct Chunk {
    bytes: Vec<u8>,
    /// Where the templates are defined, once they are.
    templates: [Option<u32>; 2],
    last: usize,
}

impl Chunk {
    fn new() -> Self {
        Self { bytes: vec![0; CHUNK_HEADER], templates: [None; 2], last: 0 }
    }

    fn here(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap()
    }

    fn number(&mut self, number: u32) {
        self.bytes.extend(number.to_le_bytes());
    }

    /// Writes at `at` how many bytes stand behind it.
    fn measure(&mut self, at: usize) {
        let size = u32::try_from(self.bytes.len() - at - 4).unwrap();
        self.bytes[at..at + 4].copy_from_slice(&size.to_le_bytes());
    }

    /// A name is told by its offset; its text follows where it is used first. Here each use has its
    /// own.
    fn name(&mut self, name: &str) {
        let at = self.here() + 4;
        self.number(at);
        self.number(0);
        let hash = name
            .encode_utf16()
            .fold(0_u32, |hash, unit| hash.wrapping_mul(65_599).wrapping_add(u32::from(unit)));
        self.bytes.extend(&hash.to_le_bytes()[..2]);
        self.bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        self.bytes.extend(utf16(name));
        self.bytes.extend([0, 0]);
    }

    fn part(&mut self, part: Part) {
        match part {
            Part::Text(text) => {
                self.bytes.extend([VALUE_TEXT, STRING]);
                self.bytes.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
                self.bytes.extend(utf16(text));
            }
            Part::Value(at, kind) => {
                // Only the binary part may be absent, and its element with it.
                self.bytes.push(if kind == BINARY { OPTIONAL_SUBSTITUTION } else { SUBSTITUTION });
                self.bytes.extend(at.to_le_bytes());
                self.bytes.push(kind);
            }
        }
    }

    /// Writes an element with attributes and either text or children.
    fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, Part)],
        inner: impl FnOnce(&mut Self) -> bool,
    ) {
        self.dependent(name, u16::MAX, attributes, inner);
    }

    /// As [`Self::element`]; left out when the value of `depends` is null.
    fn dependent(
        &mut self,
        name: &str,
        depends: u16,
        attributes: &[(&str, Part)],
        inner: impl FnOnce(&mut Self) -> bool,
    ) {
        self.bytes.push(if attributes.is_empty() {
            OPEN_ELEMENT
        } else {
            OPEN_ELEMENT_WITH_ATTRIBUTES
        });
        self.bytes.extend(depends.to_le_bytes());
        let size = self.bytes.len();
        self.number(0);
        self.name(name);
        if let Some((last, front)) = attributes.split_last() {
            let list = self.bytes.len();
            self.number(0);
            for (token, (name, value)) in
                front.iter().map(|one| (ATTRIBUTE_WITH_MORE, one)).chain([(ATTRIBUTE, last)])
            {
                self.bytes.push(token);
                self.name(name);
                self.part(*value);
            }
            self.measure(list);
        }
        let tag = self.bytes.len();
        self.bytes.push(CLOSE_START_TAG);
        if inner(self) {
            self.bytes.push(CLOSE_ELEMENT);
        } else {
            self.bytes[tag] = CLOSE_EMPTY_TAG;
        }
        self.measure(size);
    }

    fn leaf(&mut self, name: &str, part: Part) {
        self.element(name, &[], |chunk| {
            chunk.part(part);
            true
        });
    }

    fn define(&mut self, data: Data) {
        self.bytes.extend(FRAGMENT);
        let namespace = Part::Text("http://schemas.microsoft.com/win/2004/08/events/event");
        self.element("Event", &[("xmlns", namespace)], |chunk| {
            chunk.element("System", &[], |chunk| {
                let names = [
                    ("Name", Part::Text("Microsoft-Windows-Security-SPP")),
                    ("EventSourceName", Part::Text("KmsRequests")),
                ];
                chunk.element("Provider", &names, |_| false);
                chunk.element("EventID", &[("Qualifiers", Part::Text("16384"))], |chunk| {
                    chunk.part(Part::Value(0, U16));
                    true
                });
                chunk
                    .element("TimeCreated", &[("SystemTime", Part::Value(1, FILETIME))], |_| false);
                chunk.leaf("EventRecordID", Part::Value(2, U64));
                chunk.leaf("Channel", Part::Value(3, STRING));
                chunk.leaf("Computer", Part::Text("kms01.corp.example"));
                true
            });
            match data {
                Data::Inner => chunk.part(Part::Value(4, FRAGMENTS)),
                _ => chunk.data(4, data),
            }
            true
        });
        self.bytes.push(END_OF_STREAM);
    }

    /// The strings of an event, and the binary part behind them.
    fn data(&mut self, strings: u16, data: Data) {
        let name = [("Name", Part::Text("request"))];
        let names = if data == Data::Named { name.as_slice() } else { &[] };
        self.element("EventData", &[], |chunk| {
            chunk.element("Data", names, |chunk| {
                chunk.part(Part::Value(strings, STRINGS));
                true
            });
            chunk.dependent("Binary", strings + 1, &[], |chunk| {
                chunk.part(Part::Value(strings + 1, BINARY));
                true
            });
            true
        });
    }

    /// Refers to a template; the first time it is defined there.
    fn instance(&mut self, which: usize, define: impl FnOnce(&mut Self)) {
        self.bytes.extend(FRAGMENT);
        self.bytes.extend([TEMPLATE_INSTANCE, 1]);
        self.number(TEMPLATES[which]);
        if let Some(at) = self.templates[which] {
            return self.number(at);
        }
        let at = self.here() + 4;
        self.templates[which] = Some(at);
        self.number(at);
        // The next template of the same bucket: none.
        self.number(0);
        // The identifier, a GUID of which the first quarter is the number of the template.
        self.number(TEMPLATES[which]);
        self.bytes.extend([7; 12]);
        let size = self.bytes.len();
        self.number(0);
        define(self);
        self.measure(size);
    }

    fn add(&mut self, entry: &Entry<'_>) {
        let start = self.bytes.len();
        // 100 ns since 1601.
        let time = (entry.time + 11_644_473_600) * 10_000_000;
        self.bytes.extend([0x2a, 0x2a, 0, 0, 0, 0, 0, 0]);
        self.bytes.extend(entry.record.to_le_bytes());
        self.bytes.extend(time.to_le_bytes());
        self.instance(0, |chunk| chunk.define(entry.data));
        self.values(entry, time);
        while !(self.bytes.len() + 4 - start).is_multiple_of(8) {
            self.bytes.push(0);
        }
        let size = u32::try_from(self.bytes.len() + 4 - start).unwrap();
        self.number(size);
        self.bytes[start + 4..start + 8].copy_from_slice(&size.to_le_bytes());
        assert!(self.bytes.len() <= CHUNK, "the entries of a chunk must fit");
        self.last = start;
    }

    fn values(&mut self, entry: &Entry<'_>, time: u64) {
        let strings = match entry.strings {
            [one] => (STRING, utf16(one)),
            many => (
                STRINGS,
                many.iter().flat_map(|text| utf16(text).into_iter().chain([0, 0])).collect(),
            ),
        };
        let binary = if entry.binary.is_empty() { NULL } else { BINARY };
        let data = [strings, (binary, entry.binary.to_vec())];
        let system = [
            (U16, entry.id.to_le_bytes().to_vec()),
            (FILETIME, time.to_le_bytes().to_vec()),
            (U64, entry.record.to_le_bytes().to_vec()),
            (STRING, utf16(entry.channel)),
        ];
        if entry.data != Data::Inner {
            return self.list(&system.into_iter().chain(data).collect::<Vec<_>>());
        }
        // The fragment tells where in the chunk its template is, so that it is written in its place and then measured.
        let inner = (FRAGMENTS, Vec::new());
        let size = self.bytes.len() + 4 + 4 * system.len();
        self.list(&system.into_iter().chain([inner]).collect::<Vec<_>>());
        let from = self.bytes.len();
        self.instance(1, |chunk| {
            chunk.bytes.extend(FRAGMENT);
            chunk.data(0, Data::Here);
            chunk.bytes.push(END_OF_STREAM);
        });
        self.list(&data);
        self.bytes.push(END_OF_STREAM);
        let length = u16::try_from(self.bytes.len() - from).unwrap();
        self.bytes[size..size + 2].copy_from_slice(&length.to_le_bytes());
    }

    /// The types of values with their sizes, then the values.
    fn list(&mut self, values: &[(u8, Vec<u8>)]) {
        self.number(u32::try_from(values.len()).unwrap());
        for (kind, bytes) in values {
            self.bytes.extend(u16::try_from(bytes.len()).unwrap().to_le_bytes());
            self.bytes.extend([*kind, 0]);
        }
        self.bytes.extend(values.iter().flat_map(|(_, bytes)| bytes));
    }

    /// Writes the header of the chunk, for the entries that were added.
    fn seal(mut self, entries: &[Entry<'_>]) -> Vec<u8> {
        let (first, last) = (
            entries.first().map_or(1, |entry| entry.record),
            entries.last().map_or(0, |entry| entry.record),
        );
        let records = crc32(&[&self.bytes[CHUNK_HEADER..]]);
        let free = self.here();
        let mut header = b"ElfChnk\0".to_vec();
        for number in [first, last, first, last] {
            header.extend(number.to_le_bytes());
        }
        for number in [128, u32::try_from(self.last).unwrap(), free, records] {
            header.extend(number.to_le_bytes());
        }
        self.bytes[..header.len()].copy_from_slice(&header);
        for (number, template) in TEMPLATES.into_iter().zip(self.templates) {
            let bucket = 384 + 4 * usize::try_from(number % 32).unwrap();
            self.bytes[bucket..bucket + 4]
                .copy_from_slice(&template.unwrap_or_default().to_le_bytes());
        }
        let checksum = crc32(&[&self.bytes[..120], &self.bytes[128..CHUNK_HEADER]]);
        self.bytes[124..128].copy_from_slice(&checksum.to_le_bytes());
        self.bytes.resize(CHUNK, 0);
        self.bytes
    }
}
