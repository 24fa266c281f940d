//! A binary event log: the file that Windows keeps, with valid offsets, sizes and checksums.
//!
//! The file is a header and chunks of 64 KiB. The first record of a chunk carries a template, the XML of an event in
//! binary form with numbered gaps; every record is a reference to that template and the values for its gaps.
//!
//! Source: libyal/libevtx, "Windows XML Event Log (EVTX) format". All numbers are little endian.

use crate::event::Event;
use crate::template::{Content, Element, kind, template};
use std::sync::LazyLock;

const FILE_BLOCK: usize = 4096;
const CHUNK_SIZE: usize = 65_536;
/// Chunk header with its tables of names and templates; the records begin behind it.
const CHUNK_HEADER: usize = 512;
const TEMPLATE_TABLE: usize = 384;

/// Any number will do; the table of templates is hashed by it.
const TEMPLATE_ID: u32 = 0x1234_5678;

/// Tokens of binary XML; 0x40 set on two of them says that attributes, or more of them, follow.
mod token {
    pub(super) const END_OF_STREAM: u8 = 0x00;
    pub(super) const OPEN_ELEMENT: u8 = 0x01;
    pub(super) const CLOSE_START: u8 = 0x02;
    pub(super) const CLOSE_EMPTY: u8 = 0x03;
    pub(super) const END_ELEMENT: u8 = 0x04;
    pub(super) const VALUE: u8 = 0x05;
    pub(super) const ATTRIBUTE: u8 = 0x06;
    pub(super) const TEMPLATE: u8 = 0x0C;
    pub(super) const GAP: u8 = 0x0D;
    pub(super) const FRAGMENT: [u8; 4] = [0x0F, 1, 1, 0];
    pub(super) const MORE: u8 = 0x40;
}

/// A log that is being written. All events must come from one computer and be of one sort.
#[derive(Default)]
pub(crate) struct Log {
    full: Vec<Vec<u8>>,
    open: Option<Chunk>,
    next_record: u64,
}

impl Log {
    pub(crate) fn add(&mut self, event: &Event) {
        self.next_record = event.record + 1;
        if let Some(chunk) = &mut self.open
            && chunk.add(event)
        {
            return;
        }
        self.full.extend(self.open.take().map(Chunk::seal));
        let mut chunk = Chunk::new(event.record);
        chunk.add(event);
        self.open = Some(chunk);
    }

    /// The whole file.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.full.extend(self.open.take().map(Chunk::seal));
        let chunks = u64::try_from(self.full.len()).unwrap_or(u64::MAX);
        let mut bytes = b"ElfFile\0".to_vec();
        for number in [0, chunks.saturating_sub(1), self.next_record] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(128_u32.to_le_bytes());
        // Version 3.1, size of this block, number of chunks.
        for number in [1, 3, 4096, u16::try_from(chunks).unwrap_or(u16::MAX)] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.resize(120, 0);
        let checksum = checksum(&bytes);
        bytes.extend([0; 4]);
        bytes.extend(checksum.to_le_bytes());
        bytes.resize(FILE_BLOCK, 0);
        for chunk in self.full {
            bytes.extend(chunk);
        }
        bytes
    }
}

/// Sizes and offsets inside a chunk are far below the limits of their fields.
fn narrow(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

struct Chunk {
    bytes: Vec<u8>,
    first: u64,
    last: u64,
    /// Where the last record begins.
    last_at: usize,
    /// Where the template stands, once it does.
    template_at: Option<usize>,
}

impl Chunk {
    fn new(first: u64) -> Self {
        let bytes = vec![0; CHUNK_HEADER];
        Self { bytes, first, last: first, last_at: 0, template_at: None }
    }

    /// Appends a record. Says no, and leaves the chunk as it was, when there is no room.
    fn add(&mut self, event: &Event) -> bool {
        let (start, template_before) = (self.bytes.len(), self.template_at);
        let modern = event.strings.len() > 1;
        let data = if modern {
            // An array of strings: each ends with a zero.
            event.strings.iter().flat_map(|string| utf16(&format!("{string}\0"))).collect()
        } else {
            event.strings.first().map_or_else(Vec::new, |string| utf16(string))
        };
        let data_kind = if modern { kind::STRINGS } else { kind::STRING };
        let time = event.time.filetime().to_le_bytes();
        self.bytes.extend([0x2A, 0x2A, 0, 0, 0, 0, 0, 0]);
        self.bytes.extend(event.record.to_le_bytes());
        self.bytes.extend(time);
        self.reference(event, data_kind);
        let id = u16::try_from(event.sort.id).unwrap_or(0).to_le_bytes();
        let record = event.record.to_le_bytes();
        let values: [(&[u8], u8); 4] =
            [(&id, kind::U16), (&time, kind::FILETIME), (&record, kind::U64), (&data, data_kind)];
        self.bytes.extend(narrow(values.len()));
        for (value, kind) in values {
            let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
            self.bytes.extend(length.to_le_bytes());
            self.bytes.extend([kind, 0]);
        }
        for (value, _) in values {
            self.bytes.extend(value);
        }
        self.bytes.push(token::END_OF_STREAM);
        while !(self.bytes.len() + 4 - start).is_multiple_of(8) {
            self.bytes.push(0);
        }
        // The size stands at both ends, so that a log can be read backwards.
        let size = narrow(self.bytes.len() + 4 - start);
        self.bytes.extend(size);
        self.patch(start + 4, size);
        if self.bytes.len() > CHUNK_SIZE {
            self.bytes.truncate(start);
            self.template_at = template_before;
            return false;
        }
        self.last_at = start;
        self.last = event.record;
        true
    }

    /// Refers to the template; the first reference of a chunk holds it.
    fn reference(&mut self, event: &Event, data_kind: u8) {
        self.bytes.extend(token::FRAGMENT);
        self.bytes.extend([token::TEMPLATE, 1]);
        self.bytes.extend(TEMPLATE_ID.to_le_bytes());
        if let Some(at) = self.template_at {
            self.bytes.extend(narrow(at));
            return;
        }
        let at = self.bytes.len() + 4;
        self.template_at = Some(at);
        self.bytes.extend(narrow(at));
        self.bytes.extend([0; 4]);
        // The GUID of a template begins with its number.
        self.bytes.extend(TEMPLATE_ID.to_le_bytes());
        self.bytes.extend([7; 12]);
        let size_at = self.reserve();
        self.bytes.extend(token::FRAGMENT);
        self.element(&template(event, data_kind));
        self.bytes.push(token::END_OF_STREAM);
        self.measure(size_at);
    }

    fn element(&mut self, element: &Element) {
        let more = if element.attributes.is_empty() { 0 } else { token::MORE };
        self.bytes.extend([token::OPEN_ELEMENT | more, 0xFF, 0xFF]);
        let size_at = self.reserve();
        self.name(element.name);
        if !element.attributes.is_empty() {
            let attributes_at = self.reserve();
            let last = element.attributes.len() - 1;
            for (position, (name, value)) in element.attributes.iter().enumerate() {
                let more = if position < last { token::MORE } else { 0 };
                self.bytes.push(token::ATTRIBUTE | more);
                self.name(name);
                self.content(value);
            }
            self.measure(attributes_at);
        }
        if element.children.is_empty() && element.content.is_none() {
            self.bytes.push(token::CLOSE_EMPTY);
        } else {
            self.bytes.push(token::CLOSE_START);
            for child in &element.children {
                self.element(child);
            }
            if let Some(content) = &element.content {
                self.content(content);
            }
            self.bytes.push(token::END_ELEMENT);
        }
        self.measure(size_at);
    }

    fn content(&mut self, content: &Content) {
        match content {
            Content::Text(text) => {
                let units = utf16(text);
                let length = u16::try_from(units.len() / 2).unwrap_or(u16::MAX);
                self.bytes.extend([token::VALUE, kind::STRING]);
                self.bytes.extend(length.to_le_bytes());
                self.bytes.extend(units);
            }
            Content::Gap(number, kind) => {
                self.bytes.push(token::GAP);
                self.bytes.extend(number.to_le_bytes());
                self.bytes.push(*kind);
            }
        }
    }

    /// The offset of a name, and right behind it the name itself: link, hash, length, characters, a zero.
    fn name(&mut self, name: &str) {
        let at = narrow(self.bytes.len() + 4);
        let hash = name
            .encode_utf16()
            .fold(0_u32, |hash, unit| hash.wrapping_mul(65_599).wrapping_add(u32::from(unit)));
        let [low, high, ..] = hash.to_le_bytes();
        let length = u16::try_from(name.len()).unwrap_or(u16::MAX);
        self.bytes.extend(at);
        self.bytes.extend([0, 0, 0, 0, low, high]);
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(utf16(name));
        self.bytes.extend([0, 0]);
    }

    /// Leaves room for a size and tells where.
    fn reserve(&mut self) -> usize {
        self.bytes.extend([0; 4]);
        self.bytes.len() - 4
    }

    /// Fills in the size of what was written since `reserve` gave `at`.
    fn measure(&mut self, at: usize) {
        self.patch(at, narrow(self.bytes.len() - at - 4));
    }

    fn patch<const N: usize>(&mut self, at: usize, value: [u8; N]) {
        if let Some(room) = self.bytes.get_mut(at..at + N) {
            room.copy_from_slice(&value);
        }
    }

    /// Writes header and checksums, and fills up the chunk.
    fn seal(mut self) -> Vec<u8> {
        let free = self.bytes.len();
        let records = checksum(self.bytes.get(CHUNK_HEADER..).unwrap_or_default());
        self.patch(0, *b"ElfChnk\0");
        // Numbers of the first and last record, then their IDs: here the same.
        for (position, number) in [self.first, self.last, self.first, self.last].iter().enumerate()
        {
            self.patch(8 + 8 * position, number.to_le_bytes());
        }
        self.patch(40, narrow(128));
        self.patch(44, narrow(self.last_at));
        self.patch(48, narrow(free));
        self.patch(52, records.to_le_bytes());
        let slot = usize::try_from(TEMPLATE_ID % 32).unwrap_or(0);
        self.patch(TEMPLATE_TABLE + 4 * slot, narrow(self.template_at.unwrap_or(0)));
        let parts = [self.bytes.get(..120), self.bytes.get(128..CHUNK_HEADER)];
        let header: Vec<u8> = parts.into_iter().flatten().flatten().copied().collect();
        self.patch(124, checksum(&header).to_le_bytes());
        self.bytes.resize(CHUNK_SIZE, 0);
        self.bytes
    }
}

/// CRC-32 with the polynomial of IEEE 802.3, as zip files use it.
fn checksum(bytes: &[u8]) -> u32 {
    static TABLE: LazyLock<Vec<u32>> = LazyLock::new(|| {
        let step = |rest: u32| {
            if rest & 1 == 1 { rest >> 1 ^ 0xEDB8_8320 } else { rest >> 1 }
        };
        (0..256).map(|byte| (0..8).fold(byte, |rest, _| step(rest))).collect()
    });
    let table = TABLE.as_slice();
    !bytes.iter().fold(!0, |rest, byte| {
        let [low, ..] = rest.to_le_bytes();
        rest >> 8 ^ table.get(usize::from(low ^ byte)).copied().unwrap_or(0)
    })
}
