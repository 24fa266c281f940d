//! The decoding of a log: chunk by chunk and record by record, each damage with its place.

use super::ReadSeek;
use super::values::Reader;
use crate::artefact::Notes;
use crate::artefact::trouble::Trouble;
use crate::error::{Outcome, Place};
use crate::kms::import::event::delivery::Delivery;
use crate::kms::import::rendered::Rendered;
use crate::kms::import::{Each, LogSize, Options};
use evtx::err::EvtxError;
use evtx::{EvtxChunkData, EvtxFileHeader, EvtxParser, EvtxRecord, HeaderFlags, ParserSettings};
use serde::Deserialize;
use std::error::Error;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// Sizes of the header of a log and of each chunk behind it. Source: EVTXC.
const HEADER: u64 = 4096;
const CHUNK: u64 = 65_536;

pub(super) fn read(
    input: &mut dyn ReadSeek,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut watched = Watched { input, fault: None };
    walk(&mut watched, options, notes, each)?;
    match watched.fault {
        None => Ok(()),
        Some(fault) => Trouble::Fault(fault).settle(notes).map(|_| ()),
    }
}

fn walk(
    input: &mut Watched<'_>,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let length = input.seek(SeekFrom::End(0)).map_err(Trouble::from);
    let length = match length.and_then(|length| Ok(input.rewind().map(|()| length)?)) {
        Ok(length) => length,
        Err(trouble) => return trouble.settle(notes).map(|_| ()),
    };
    let mut parser = match EvtxParser::from_read_seek(input) {
        Ok(parser) => parser,
        Err(error) => {
            complain(&error, notes);
            return Ok(());
        }
    };
    check(parser.header(), length, notes);
    let settings = Arc::new(ParserSettings::new().indent(false));
    let mut delivery = Delivery::new(options, notes, each)?;
    let (mut records, mut bytes) = (0, HEADER);
    for chunk in parser.chunks() {
        match chunk {
            Ok(chunk) => {
                // Chunks that wait for their first record take nothing yet.
                let end = chunk.number.unwrap_or_default().saturating_mul(CHUNK);
                let end = end.saturating_add(HEADER + u64::from(chunk.header.free_space_offset));
                let read = read_chunk(chunk, &settings, &mut delivery)?;
                records += read;
                bytes = if read > 0 { bytes.max(end) } else { bytes };
            }
            Err(error) => damaged(&error, &mut delivery),
        }
    }
    // A log without any record is an empty log, of whichever service.
    if records > 0 {
        // What records of other services take beside them says nothing of those of KMS.
        if delivery.concerned() == records {
            delivery.measured(LogSize { records, bytes })?;
        }
        delivery.finish();
    }
    Ok(())
}

/// Looks for signs that the log was not closed, not copied whole, or changed.
fn check(header: &EvtxFileHeader, length: u64, notes: &mut Notes) {
    if header.flags.contains(HeaderFlags::DIRTY) {
        notes.warn(
            "evtx-dirty",
            Place::Whole,
            "the log was copied while it was open: its newest records may be missing",
        );
    }
    if !header.validate_checksum() {
        notes.warn("evtx-checksum", Place::Whole, "the checksum of the header does not match");
    }
    let behind = length.saturating_sub(HEADER);
    let (chunks, rest) = (behind / CHUNK, behind % CHUNK);
    if rest != 0 {
        let message = format!(
            "the log ends inside chunk {chunks}, {rest} of {CHUNK} bytes behind its beginning"
        );
        notes.complain(Place::Offset(length), message);
    } else if u64::from(header.chunk_count) > chunks {
        let message = format!(
            "the log has {chunks} chunks of the {} that its header counts",
            header.chunk_count
        );
        notes.complain(Place::Offset(length), message);
    }
}

/// Reads the records of a chunk and tells how many there were.
fn read_chunk(
    mut chunk: EvtxChunkData,
    settings: &Arc<ParserSettings>,
    delivery: &mut Delivery<'_, '_>,
) -> Outcome<u64> {
    let number = chunk.number.unwrap_or_default();
    if !chunk.validate_checksum() {
        let message = format!("the checksum of chunk {number} does not match");
        delivery.notes.warn("evtx-checksum", Place::Offset(offset(number, 0)), message);
    }
    let mut chunk = match chunk.parse(Arc::clone(settings)) {
        Ok(chunk) => chunk,
        Err(error) => {
            delivery.complain(Place::Offset(offset(number, 0)), told(&error));
            return Ok(0);
        }
    };
    let mut records = 0;
    let mut reader = Reader::default();
    for record in chunk.iter() {
        records += 1;
        match record {
            Ok(mut record) => match reader.deliver(&mut record, delivery) {
                Some(delivered) => delivered?,
                None => render(record, delivery)?,
            },
            Err(error) => damaged(&error, delivery),
        }
    }
    Ok(records)
}

/// A record as the crate renders it: `{"Event":{…}}`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Document<'a> {
    #[serde(borrow)]
    event: Option<Rendered<'a>>,
}

/// Delivers a record that cannot be read by the places of its values.
pub(super) fn render(record: EvtxRecord<'_>, delivery: &mut Delivery<'_, '_>) -> Outcome<()> {
    let place = Place::Record(record.event_record_id);
    let json = match record.into_json() {
        Ok(rendered) => rendered.data,
        Err(error) => {
            damaged(&error, delivery);
            return Ok(());
        }
    };
    match serde_json::from_str::<Document<'_>>(&json) {
        Ok(Document { event: Some(event) }) => event.deliver(place, delivery),
        Ok(Document { event: None }) => Ok(()),
        Err(error) => {
            delivery.complain(place, format!("the record cannot be rendered: {error}"));
            Ok(())
        }
    }
}

/// Complains of what the decoder does not understand, which may concern KMS.
fn damaged(error: &EvtxError, delivery: &mut Delivery<'_, '_>) {
    delivery.found();
    complain(error, delivery.notes);
}

fn complain(error: &EvtxError, notes: &mut Notes) {
    let place = match error {
        EvtxError::FailedToParseRecord { record_id, .. } => Place::Record(*record_id),
        EvtxError::FailedToParseChunk { chunk_id, .. } => Place::Offset(offset(*chunk_id, 0)),
        EvtxError::FailedToReadRecordAt { chunk: Some(chunk), offset: at, .. } => {
            Place::Offset(offset(*chunk, *at))
        }
        _ => Place::Whole,
    };
    notes.complain(place, told(error));
}

/// Where in the file a place of a chunk is.
fn offset(chunk: u64, within: u64) -> u64 {
    chunk.saturating_mul(CHUNK).saturating_add(HEADER).saturating_add(within)
}

/// The causes of an error, outermost first.
fn told(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message.push_str(": ");
        message.push_str(&cause.to_string());
        source = cause.source();
    }
    message
}

/// Remembers why bytes could not be had: the decoder takes that for the end of the log.
struct Watched<'i> {
    input: &'i mut dyn ReadSeek,
    fault: Option<io::Error>,
}

impl Watched<'_> {
    fn watch<T>(&mut self, outcome: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &outcome
            && error.kind() != io::ErrorKind::Interrupted
        {
            self.fault.get_or_insert_with(|| io::Error::new(error.kind(), error.to_string()));
        }
        outcome
    }
}

impl Read for Watched<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let outcome = self.input.read(out);
        self.watch(outcome)
    }
}

impl Seek for Watched<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let outcome = self.input.seek(to);
        self.watch(outcome)
    }
}
