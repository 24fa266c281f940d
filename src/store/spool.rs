//! Records of any length in one order, more of them than memory should hold: each part goes into a temporary file, and all are read
//! back in the order of their keys, as often as it is asked.
//!
//! Records of one length, which are their own keys, have `runs`.

use crate::error::{Outcome, Stop};
use crate::store::Flow;
use anyhow::{Context, anyhow};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;

/// Bytes that are read at once of each part.
const READ: u64 = 1 << 15;

/// Bytes before each record: its key and its length.
const HEAD: usize = 12;

/// What records are handed to, with the key and the part of each.
pub type EachRecord<'f> = dyn FnMut((u64, usize), &[u8]) -> Outcome<Flow> + 'f;

/// Parts of records, each with the key that it is ordered by.
#[derive(Debug, Default)]
pub struct Spool {
    /// Gone with the process.
    file: Option<File>,
    /// Where each part stands in it.
    parts: Vec<Range<u64>>,
}

impl Spool {
    /// How many parts were written.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// Writes a part: `fill` is called with the room for a record until it gives no more keys, which must come in order.
    pub fn add(&mut self, mut fill: impl FnMut(&mut Vec<u8>) -> Option<u64>) -> Outcome<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile().context("making a temporary file")?),
        };
        let start = self.parts.last().map_or(0, |part| part.end);
        file.seek(SeekFrom::Start(start)).context("writing a temporary file")?;
        let (mut out, mut end, mut record) = (BufWriter::new(file), start, Vec::new());
        while let Some(key) = fill(&mut record) {
            let length = u32::try_from(record.len()).map_err(|_| Stop::bug("a record too long"))?;
            out.write_all(&key.to_le_bytes())
                .and_then(|()| out.write_all(&length.to_le_bytes()))
                .and_then(|()| out.write_all(&record))
                .context("writing a temporary file")?;
            end += u64::try_from(HEAD).unwrap_or_default() + u64::from(length);
            record.clear();
        }
        out.flush().context("writing a temporary file")?;
        self.parts.push(start..end);
        Ok(())
    }

    /// Hands out the records of all parts in the order of their keys, each with its key and the number of its part; of equal keys those
    /// of the earlier part come first.
    pub fn each(&self, each: &mut EachRecord<'_>) -> Outcome<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut parts: Vec<Part> =
            self.parts.iter().map(|left| Part { left: left.clone(), ..Part::default() }).collect();
        let mut heads = BinaryHeap::with_capacity(parts.len());
        for (number, part) in parts.iter_mut().enumerate() {
            heads.extend(part.next(file)?.map(|key| Reverse((key, number))));
        }
        while let Some(Reverse((key, number))) = heads.pop() {
            let Some(part) = parts.get_mut(number) else { continue };
            if each((key, number), part.record())?.is_break() {
                break;
            }
            heads.extend(part.next(file)?.map(|key| Reverse((key, number))));
        }
        Ok(())
    }
}

/// A part that is read.
#[derive(Default)]
struct Part {
    /// What is still in the file alone.
    left: Range<u64>,
    read: Vec<u8>,
    /// Where the record at hand stands in what was read.
    record: Range<usize>,
}

impl Part {
    fn record(&self) -> &[u8] {
        self.read.get(self.record.clone()).unwrap_or_default()
    }

    /// Goes to the next record; returns its key.
    fn next(&mut self, file: &File) -> Outcome<Option<u64>> {
        let start = self.record.end;
        if self.read.len() == start && self.left.is_empty() {
            return Ok(None);
        }
        let start = self.hold(file, start, HEAD)?;
        let (key, rest) =
            self.read.get(start..).and_then(<[u8]>::split_first_chunk).ok_or_else(cut)?;
        let key = u64::from_le_bytes(*key);
        let length =
            rest.first_chunk().map(|length| u32::from_le_bytes(*length)).ok_or_else(cut)?;
        let length = usize::try_from(length).map_err(|_| cut())?;
        let start = self.hold(file, start, HEAD + length)? + HEAD;
        self.record = start..start + length;
        Ok(Some(key))
    }

    /// Reads on until the bytes from `start` are as many as that; returns where they stand now.
    fn hold(&mut self, mut file: &File, start: usize, length: usize) -> Outcome<usize> {
        if self.read.len() >= start + length {
            return Ok(start);
        }
        self.read.drain(..start);
        let missing = u64::try_from(length.saturating_sub(self.read.len())).map_err(|_| cut())?;
        let size = READ.max(missing).min(self.left.end - self.left.start);
        file.seek(SeekFrom::Start(self.left.start))
            .and_then(|_| file.take(size).read_to_end(&mut self.read))
            .context("reading a temporary file")?;
        self.left.start += size;
        if self.read.len() < length { Err(cut()) } else { Ok(0) }
    }
}

/// The temporary file holds less than was written.
fn cut() -> Stop {
    Stop::Fault(anyhow!("a temporary file does not hold what was written to it"))
}

#[cfg(test)]
mod tests {
    use super::{READ, Spool};
    use crate::store::Flow;

    /// Records whose lengths reach over what is read at once.
    fn part(keys: impl Iterator<Item = u64>) -> Vec<(u64, Vec<u8>)> {
        let long = usize::try_from(READ).unwrap();
        keys.map(|key| {
            let length = if key % 97 == 3 { long + 5 } else { usize::try_from(key % 700).unwrap() };
            (key, vec![u8::try_from(key % 251).unwrap(); length])
        })
        .collect()
    }

    fn read(spool: &Spool) -> Vec<Vec<u8>> {
        let mut read = Vec::new();
        spool
            .each(&mut |_, record| {
                read.push(record.to_vec());
                Ok(Flow::Continue(()))
            })
            .unwrap();
        read
    }

    #[test]
    fn records_of_several_parts_come_back_in_the_order_of_their_keys_as_often_as_asked() {
        let mut spool = Spool::default();
        assert!(spool.parts() == 0 && read(&spool).is_empty());
        let parts = [part(0..900), part(std::iter::empty()), part((0..300).map(|at| at * 4))];
        for records in &parts {
            let mut records = records.iter();
            spool
                .add(|room| {
                    let (key, bytes) = records.next()?;
                    room.extend_from_slice(bytes);
                    Some(*key)
                })
                .unwrap();
        }
        let mut expected: Vec<(u64, Vec<u8>)> = parts.concat();
        expected.sort_by_key(|(key, _)| *key);
        let expected: Vec<Vec<u8>> = expected.into_iter().map(|(_, bytes)| bytes).collect();
        assert_eq!(read(&spool), expected);
        assert_eq!(read(&spool), expected);
    }

    #[test]
    fn of_equal_keys_the_earlier_part_comes_first_and_a_reader_may_leave() {
        let mut spool = Spool::default();
        for number in 0..3 {
            let mut left = 2;
            spool
                .add(|room| {
                    left -= 1;
                    room.push(number);
                    (left >= 0).then_some(7)
                })
                .unwrap();
        }
        assert_eq!(read(&spool).concat(), [0, 0, 1, 1, 2, 2]);
        let mut count = 0;
        spool
            .each(&mut |_, _| {
                count += 1;
                Ok(Flow::Break(()))
            })
            .unwrap();
        assert_eq!(count, 1);
    }
}
