//! More sorted records than memory should hold: each part goes into a temporary file, and all are read back in one order.

use crate::error::{Outcome, Stop};
use anyhow::Context;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;

/// Records that are read at once of each part.
const READ: u64 = 1000;

/// Parts of records of `WORDS` words, which they are ordered by.
#[derive(Debug, Default)]
pub struct Runs<const WORDS: usize> {
    /// Gone with the process.
    file: Option<File>,
    parts: Vec<Range<u64>>,
}

impl<const WORDS: usize> Runs<WORDS> {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Writes a part, whose records come in order.
    pub fn add(&mut self, records: impl Iterator<Item = [u64; WORDS]>) -> Outcome<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile().context("making a temporary file")?),
        };
        let start = self.parts.last().map_or(0, |part| part.end);
        let mut out = BufWriter::new(file);
        let mut end = start;
        for record in records {
            for word in record {
                out.write_all(&word.to_le_bytes()).context("writing a temporary file")?;
            }
            end += 1;
        }
        out.flush().context("writing a temporary file")?;
        self.parts.push(start..end);
        Ok(())
    }

    /// Hands out the records of all parts in order; equal ones come behind each other.
    pub fn each(self, each: &mut dyn FnMut(&[u64; WORDS]) -> Outcome<()>) -> Outcome<()> {
        let Some(mut file) = self.file else { return Ok(()) };
        let mut parts: Vec<Part<WORDS>> =
            self.parts.into_iter().map(|left| Part { left, read: Vec::new() }).collect();
        let mut heads = BinaryHeap::with_capacity(parts.len());
        for (number, part) in parts.iter_mut().enumerate() {
            heads.extend(part.next(&mut file)?.map(|record| Reverse((record, number))));
        }
        while let Some(Reverse((record, number))) = heads.pop() {
            each(&record)?;
            if let Some(part) = parts.get_mut(number) {
                heads.extend(part.next(&mut file)?.map(|record| Reverse((record, number))));
            }
        }
        Ok(())
    }
}

/// A part that is read.
struct Part<const WORDS: usize> {
    /// The records that are still in the file.
    left: Range<u64>,
    /// Those that were read, the next one last.
    read: Vec<[u64; WORDS]>,
}

impl<const WORDS: usize> Part<WORDS> {
    fn next(&mut self, file: &mut File) -> Outcome<Option<[u64; WORDS]>> {
        if self.read.is_empty() && !self.left.is_empty() {
            let count = READ.min(self.left.end - self.left.start);
            let width = u64::try_from(WORDS * 8).map_err(|_| Stop::bug("a record without end"))?;
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(self.left.start * width))
                .and_then(|_| file.take(count * width).read_to_end(&mut bytes))
                .context("reading a temporary file")?;
            self.left.start += count;
            let (words, _) = bytes.as_chunks::<8>();
            let (records, _) = words.as_chunks::<WORDS>();
            self.read.extend(records.iter().rev().map(|record| record.map(u64::from_le_bytes)));
        }
        Ok(self.read.pop())
    }
}

#[cfg(test)]
mod tests {
    use super::Runs;

    #[test]
    fn parts_come_back_as_one_order_whatever_their_sizes() {
        let mut runs: Runs<1> = Runs::default();
        assert!(runs.is_empty());
        let mut expected = Vec::new();
        for (count, step) in [(2500_u64, 3_u64), (0, 1), (1, 1), (1000, 7)] {
            let part: Vec<[u64; 1]> = (0..count).map(|at| [at * step]).collect();
            expected.extend(part.clone());
            runs.add(part.into_iter()).unwrap();
        }
        expected.sort_unstable();
        let mut read = Vec::new();
        runs.each(&mut |record| {
            read.push(*record);
            Ok(())
        })
        .unwrap();
        assert_eq!(read, expected);
    }
}
