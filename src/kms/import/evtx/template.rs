//! Where a template of a binary log has the fields of an event.
//!
//! The records of a chunk are values for the gaps of a template, which the chunk holds once. Its
//! tokens are walked once, so that each record can be read by place instead of being rendered.
//! What stands in a template otherwise than told here is left to the rendering of its records.
//!
//! Source: [MS-EVEN6], binary XML; libyal/libevtx, Windows XML Event Log (EVTX) format.

/// What an element or attribute of an event holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Provider,
    Source,
    Id,
    Time,
    Record,
    Channel,
    Computer,
    Data,
    Binary,
    /// The data of the event, as an instance of another template.
    Inner,
}

/// The paths of the fields below `Event`.
static FIELDS: [(&str, Field); 10] = [
    ("System/Provider@Name", Field::Provider),
    ("System/Provider@EventSourceName", Field::Source),
    ("System/EventID", Field::Id),
    ("System/TimeCreated@SystemTime", Field::Time),
    ("System/EventRecordID", Field::Record),
    ("System/Channel", Field::Channel),
    ("System/Computer", Field::Computer),
    ("EventData/Data", Field::Data),
    ("EventData/Binary", Field::Binary),
    ("Event", Field::Inner),
];

/// What stands in a field.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Filling {
    Text(String),
    /// The value of this place.
    Gap(u16),
}

/// The fields of a template.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Template {
    pub(super) fields: Vec<(Field, Filling)>,
    /// Whether the data has other parts as well: attributes, or elements of other names.
    pub(super) more: bool,
}

/// Tokens of binary XML, without the bit that says that attributes, or more of them, follow.
const MORE: u8 = 0x40;
const END: u8 = 0x00;
const OPEN: u8 = 0x01;
const CLOSE_START: u8 = 0x02;
const CLOSE_EMPTY: u8 = 0x03;
const CLOSE: u8 = 0x04;
const VALUE: u8 = 0x05;
const ATTRIBUTE: u8 = 0x06;
const GAP: u8 = 0x0d;
const OPTIONAL_GAP: u8 = 0x0e;
const FRAGMENT: u8 = 0x0f;

/// The type of a text.
const STRING: u8 = 0x01;

/// What an element depends on that is never left out.
const ALWAYS: u16 = 0xFFFF;

impl Template {
    /// Reads the template that is defined at `offset` of a chunk.
    ///
    /// - Returns `None` for one that cannot be read by place.
    pub(super) fn read(chunk: &[u8], offset: u32) -> Option<Self> {
        let mut template = Self::default();
        let mut tokens = Tokens { chunk, at: usize::try_from(offset).ok()? };
        // The next template, a GUID, the size.
        tokens.skip(24)?;
        let mut open: Vec<Element> = Vec::new();
        let mut attribute = None;
        loop {
            let token = tokens.byte()?;
            match token & !MORE {
                END => return open.is_empty().then_some(template),
                FRAGMENT => tokens.skip(3)?,
                OPEN => {
                    let depends = tokens.number()?;
                    // The size of the element.
                    tokens.skip(4)?;
                    open.push(Element { name: tokens.name()?, depends });
                    if token & MORE != 0 {
                        tokens.skip(4)?;
                    }
                }
                ATTRIBUTE => attribute = Some(tokens.name()?),
                CLOSE_START => attribute = None,
                CLOSE_EMPTY | CLOSE => {
                    attribute = None;
                    open.pop()?;
                }
                VALUE => {
                    let text = (tokens.byte()? == STRING).then(|| tokens.text())??;
                    template.fill(&open, attribute.as_deref(), Filling::Text(text))?;
                }
                GAP | OPTIONAL_GAP => {
                    let place = tokens.number()?;
                    tokens.skip(1)?;
                    template.fill(&open, attribute.as_deref(), Filling::Gap(place))?;
                }
                _ => return None,
            }
        }
    }

    /// Notes what stands at a place; `None` when something stands there already, or when its element
    /// is left out for want of another value.
    fn fill(&mut self, open: &[Element], attribute: Option<&str>, filling: Filling) -> Option<()> {
        let names: Vec<&str> = open.iter().map(|element| element.name.as_str()).collect();
        let path = match attribute {
            Some(name) => format!("{}@{name}", names.join("/")),
            None => names.join("/"),
        };
        let path = path.strip_prefix("Event/").unwrap_or(&path);
        let stands = |element: &Element| {
            element.depends == ALWAYS || filling == Filling::Gap(element.depends)
        };
        match FIELDS.iter().find(|(name, _)| *name == path) {
            Some(_) if !open.iter().all(stands) => None,
            Some((_, field)) if self.fields.iter().any(|(other, _)| other == field) => None,
            Some((_, field)) => {
                self.fields.push((*field, filling));
                Some(())
            }
            None => {
                self.more |= !path.starts_with("System/") && path != "Event@xmlns";
                Some(())
            }
        }
    }
}

/// An element whose end was not met yet.
struct Element {
    name: String,
    /// The place of the value without which the element is left out.
    depends: u16,
}

/// The tokens of a definition, within the chunk that also has the names.
struct Tokens<'c> {
    chunk: &'c [u8],
    at: usize,
}

impl Tokens<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let bytes = self.chunk.get(self.at..)?.first_chunk()?;
        self.at += N;
        Some(*bytes)
    }

    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.at = self.at.checked_add(bytes).filter(|at| *at <= self.chunk.len())?;
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        self.take().map(u8::from_le_bytes)
    }

    fn number(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    /// A text behind the number of its characters.
    fn text(&mut self) -> Option<String> {
        let size = usize::from(self.number()?) * 2;
        let bytes = self.chunk.get(self.at..)?.get(..size)?;
        self.at += size;
        let units = bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
        char::decode_utf16(units).collect::<Result<_, _>>().ok()
    }

    /// A name, told by where it stands; where it is used first, that is here.
    fn name(&mut self) -> Option<String> {
        let at = usize::try_from(u32::from_le_bytes(self.take()?)).ok()?;
        let mut there = Tokens { chunk: self.chunk, at };
        // The next name of the table, and a hash.
        there.skip(6)?;
        let name = there.text()?;
        there.skip(2)?;
        if at == self.at {
            self.at = there.at;
        }
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, Filling, Template};
    use crate::kms::import::evtx_sample::{CHUNK, Data, Entry, HEADER, log};

    /// What is read of the template of a log, and where it stands in its chunk.
    fn template(data: Data) -> (Vec<u8>, u32, Option<Template>) {
        let strings = ["x"];
        let channel = "Key Management Service";
        let entry =
            Entry { record: 1, id: 12290, time: 0, channel, strings: &strings, binary: &[], data };
        let chunk = log(&[&[entry]])[HEADER..HEADER + CHUNK].to_vec();
        // The header of the chunk and that of its first record, fragment, instance.
        let at = 512 + 24 + 4 + 2 + 4 + 4;
        let read = Template::read(&chunk, at);
        (chunk, at, read)
    }

    #[test]
    fn each_field_is_told_by_its_place_or_its_text() {
        let (_, _, read) = template(Data::Here);
        let text = |text: &str| Filling::Text(text.to_owned());
        let expected = vec![
            (Field::Provider, text("Microsoft-Windows-Security-SPP")),
            (Field::Source, text("KmsRequests")),
            (Field::Id, Filling::Gap(0)),
            (Field::Time, Filling::Gap(1)),
            (Field::Record, Filling::Gap(2)),
            (Field::Channel, Filling::Gap(3)),
            (Field::Computer, text("kms01.corp.example")),
            (Field::Data, Filling::Gap(4)),
            (Field::Binary, Filling::Gap(5)),
        ];
        assert_eq!(read, Some(Template { fields: expected, more: false }));
        let inner = template(Data::Inner).2.unwrap();
        assert_eq!(inner.fields.last(), Some(&(Field::Inner, Filling::Gap(4))));
        assert!(template(Data::Named).2.unwrap().more);
    }

    #[test]
    fn a_template_that_is_cut_or_changed_is_read_or_not_and_does_no_harm() {
        let (chunk, at, whole) = template(Data::Here);
        assert!(whole.is_some());
        let from = usize::try_from(at).unwrap();
        for byte in from..from + 1200 {
            for change in [0x01, 0x40, 0xFF] {
                let mut broken = chunk.clone();
                broken[byte] ^= change;
                let _ = Template::read(&broken, at);
            }
            assert!(Template::read(&chunk[..byte], at).is_none() || byte > from + 900);
        }
        assert_eq!(Template::read(&chunk, u32::MAX), None);
    }
}
