//! Records of a binary log, read from the values that they give to their templates.
//!
//! Nothing is rendered. A record with values of unusual types, or of a template that `template` does
//! not tell by place, is left to the rendering.

use super::template::{Field, Filling, Template};
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use crate::kms::import::event::delivery::{Delivery, Found, Time};
use crate::kms::import::event::{Binary, Concern, Content, Head};
use evtx::EvtxRecord;
use evtx::binxml::value_variant::BinXmlValue;
use std::ops::Range;

/// Reads the records of one chunk.
#[derive(Default)]
pub(super) struct Reader {
    /// By where each is defined; `None` for one that cannot be read by place.
    templates: Vec<(u32, Option<Template>)>,
    values: Values,
}

/// What one record says, its texts one behind the other.
#[derive(Default)]
struct Values {
    texts: Vec<u8>,
    id: u32,
    record: Option<u64>,
    time: Option<Timestamp>,
    provider: Range<usize>,
    source: Range<usize>,
    channel: Range<usize>,
    computer: Range<usize>,
    data: Vec<Range<usize>>,
    binary: Vec<u8>,
    /// Where in the chunk the instance of another template lies, and its size.
    inner: Option<(u64, u32)>,
    /// Whether the data has parts that are not here.
    more: bool,
}

impl Reader {
    /// Hands a record on if it concerns KMS; `None` when it must be rendered.
    pub(super) fn deliver(
        &mut self,
        record: &mut EvtxRecord<'_>,
        delivery: &mut Delivery<'_, '_>,
    ) -> Option<Outcome<()>> {
        self.values.clear();
        self.instance(record)?;
        if let Some(place) = self.values.inner.take() {
            (record.binxml_offset, record.binxml_size) = place;
            self.instance(record)?;
        }
        let values = &self.values;
        let texts = std::str::from_utf8(&values.texts).ok()?;
        let text = |place: &Range<usize>| texts.get(place.clone()).unwrap_or_default();
        let head = Head {
            id: values.id,
            channel: text(&values.channel),
            sources: [text(&values.provider), text(&values.source)],
            host: text(&values.computer),
            record: values.record,
        };
        if head.concern(Binary::None) == Concern::None {
            return Some(Ok(()));
        }
        if values.more {
            return None;
        }
        let strings: Vec<&str> = values.data.iter().map(text).collect();
        Some(delivery.deliver(&Found {
            place: Place::Record(record.event_record_id),
            head,
            time: Time::Known(values.time?),
            content: Content::Strings(&strings),
            binary: Binary::Bytes(&values.binary),
        }))
    }

    /// Takes the values of the one instance that the record consists of.
    fn instance(&mut self, record: &EvtxRecord<'_>) -> Option<()> {
        let instances = record.template_instances().ok()?;
        let [instance] = instances.as_slice() else { return None };
        let (chunk, at) = (record.chunk.data, instance.template_def_offset);
        let known = self.templates.iter().position(|(offset, _)| *offset == at);
        let known = known.unwrap_or_else(|| {
            self.templates.push((at, Template::read(chunk, at)));
            self.templates.len() - 1
        });
        let template = self.templates.get(known)?.1.as_ref()?;
        self.values.more |= template.more;
        for (field, filling) in &template.fields {
            let literal;
            let value = match filling {
                Filling::Gap(place) => instance.values.get(usize::from(*place))?,
                Filling::Text(text) => {
                    literal = BinXmlValue::AnsiStringType(text);
                    &literal
                }
            };
            self.values.take(*field, value, chunk)?;
        }
        Some(())
    }
}

impl Values {
    /// Forgets the record, and keeps the memory for the next one.
    fn clear(&mut self) {
        let mut kept = std::mem::take(self);
        kept.texts.clear();
        kept.data.clear();
        kept.binary.clear();
        (self.texts, self.data, self.binary) = (kept.texts, kept.data, kept.binary);
    }

    /// Takes the value of a field; `None` when it is of a type that such a field does not have.
    fn take(&mut self, field: Field, value: &BinXmlValue<'_>, chunk: &[u8]) -> Option<()> {
        match (field, value) {
            (Field::Id, value) => self.id = u32::try_from(number(value)?).ok()?,
            (Field::Record, value) => self.record = Some(number(value)?),
            (Field::Time, BinXmlValue::FileTimeType(time)) => self.time = Some(instant(time.0)?),
            (Field::Provider, value) => self.provider = self.text(value)?,
            (Field::Source, value) => self.source = self.text(value)?,
            (Field::Channel, value) => self.channel = self.text(value)?,
            (Field::Computer, value) => self.computer = self.text(value)?,
            (Field::Data | Field::Binary | Field::Inner, BinXmlValue::NullType)
            | (Field::Inner, BinXmlValue::BinXmlType([])) => {}
            (Field::Data, BinXmlValue::StringArrayType(items)) => {
                for item in *items {
                    let text = self.text(&BinXmlValue::StringType(*item))?;
                    self.data.push(text);
                }
            }
            (Field::Data, value) => {
                let text = self.text(value)?;
                self.data.push(text);
            }
            (Field::Binary, BinXmlValue::BinaryType(bytes)) => self.binary.extend_from_slice(bytes),
            (Field::Inner, BinXmlValue::BinXmlType(bytes)) => {
                let offset = bytes.as_ptr().addr().checked_sub(chunk.as_ptr().addr())?;
                self.inner = Some((u64::try_from(offset).ok()?, u32::try_from(bytes.len()).ok()?));
            }
            (Field::Time | Field::Binary | Field::Inner, _) => return None,
        }
        Some(())
    }

    /// Appends a text and tells where it lies.
    fn text(&mut self, value: &BinXmlValue<'_>) -> Option<Range<usize>> {
        let from = self.texts.len();
        match value {
            BinXmlValue::NullType => {}
            BinXmlValue::StringType(text) => {
                let units = text.as_bytes().as_chunks::<2>().0;
                if units.iter().all(|[low, high]| *high == 0 && low.is_ascii()) {
                    self.texts.extend(units.iter().map(|[low, _]| *low));
                } else {
                    let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
                    let text = char::decode_utf16(units).collect::<Result<String, _>>().ok()?;
                    self.texts.extend_from_slice(text.as_bytes());
                }
            }
            BinXmlValue::AnsiStringType(text) => self.texts.extend_from_slice(text.as_bytes()),
            _ => return None,
        }
        Some(from..self.texts.len())
    }
}

fn number(value: &BinXmlValue<'_>) -> Option<u64> {
    match value {
        BinXmlValue::UInt8Type(number) => Some((*number).into()),
        BinXmlValue::UInt16Type(number) => Some((*number).into()),
        BinXmlValue::UInt32Type(number) => Some((*number).into()),
        BinXmlValue::UInt64Type(number) => Some(*number),
        BinXmlValue::AnsiStringType(text) => text.parse().ok(),
        _ => None,
    }
}

/// The instant of a FILETIME, which counts 100 ns since 1601.
fn instant(filetime: u64) -> Option<Timestamp> {
    /// 1970-01-01 in milliseconds since 1601.
    const EPOCH: i64 = 11_644_473_600_000;
    Timestamp::from_ms(i64::try_from(filetime / 10_000).ok()?.checked_sub(EPOCH)?)
}
