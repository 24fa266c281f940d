//! Usage logs of a License Manager: one transaction a line, in columns that blanks part.
//!
//! A feature's name may hold blanks, so that a line is read from both ends of what is sure: the date with its seconds in front, the
//! version of the License Manager behind. The words at the end of a line are counters and checksums: the counters are compared,
//! nothing is computed anew.

mod line;

use super::lines::Lines;
use super::records::LogFacts;
use super::{Each, Options, Record};
use crate::artefact::trouble::{Next, Trouble, excerpt};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Complaint, Outcome, Place};
use line::{Line, parse};
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "rms.usagelog",
    title: "usage log of a Sentinel RMS License Manager (`lservsta`)",
    binary: true,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    // The last line may be cut.
    let lines = sample.text.lines().filter(|line| !line.trim().is_empty()).take(20);
    let (mut fits, mut all) = (0, 0);
    for line in lines {
        all += 1;
        fits +=
            usize::from(matches!(parse(line), Line::Record(_) | Line::Encrypted | Line::Run(_)));
    }
    if fits > 0 && fits * 2 >= all { Fit::Yes(8) } else { Fit::No }
}

/// Reads a log.
///
/// Complains of a file in which most lines are none of a log as a whole: such a file is never stored in part.
pub fn read(
    input: &mut dyn BufRead,
    _: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut lines = Lines::new(input);
    let mut log = Log::default();
    loop {
        let text = match lines.next() {
            Ok(None) => break,
            Ok(Some(text)) => parse(text),
            Err(trouble @ Trouble::Skip(..)) => {
                log.facts.bad += 1;
                trouble.settle(notes)?;
                continue;
            }
            Err(trouble) => match trouble.settle(notes)? {
                Next::Piece => continue,
                Next::Stop => break,
            },
        };
        log.take(text, Place::Line(lines.number()), notes, each)?;
    }
    let LogFacts { bad, encrypted, .. } = log.facts;
    if bad > log.good + encrypted || log.good + encrypted == 0 {
        let message =
            format!("{bad} of {} lines are none of a usage log", log.good + encrypted + bad);
        return Err(Complaint::new(Place::Whole, message)
            .remedied("`--kind` tells what the file is instead")
            .into());
    }
    if log.offsets_differ {
        log.facts.utc_offset = None;
    }
    if encrypted > 0 {
        let message = format!("{encrypted} encrypted records are counted and not read");
        notes.warn("W_ENCRYPTED", Place::Whole, message);
    }
    each(Place::Whole, Record::Log(log.facts))
}

/// A log under way.
#[derive(Default)]
struct Log {
    facts: LogFacts,
    good: u64,
    offsets_differ: bool,
    /// The counter at the end of the record before.
    counter: Option<u64>,
}

/// Offsets of clocks are told in quarters of an hour.
const QUARTER: i64 = 15 * 60;

impl Log {
    fn take(
        &mut self,
        line: Line,
        place: Place,
        notes: &mut Notes,
        each: &mut Each<'_>,
    ) -> Outcome<()> {
        match line {
            Line::Nothing => Ok(()),
            Line::Encrypted => {
                self.good += u64::from(self.good == 0);
                self.facts.encrypted += 1;
                Ok(())
            }
            Line::Bad(why) => {
                self.facts.bad += 1;
                notes.complain_with(
                    place,
                    format!("no record of a usage log: {}", excerpt(&why)),
                    "`--skip-bad` leaves such lines out",
                );
                Ok(())
            }
            Line::Run(record) => {
                self.counter = None;
                self.good += 1;
                each(place, Record::Usage(record))
            }
            Line::Record(found) => {
                self.good += 1;
                self.zone(found.local - found.record.time, place, notes);
                self.count(found.counter, place, notes);
                each(place, Record::Usage(found.record))
            }
        }
    }

    fn zone(&mut self, ahead: i64, place: Place, notes: &mut Notes) {
        let rounded = (ahead + QUARTER / 2).div_euclid(QUARTER) * QUARTER;
        if rounded != ahead {
            let message = "the date and the seconds of a record do not differ by quarters of an hour; the seconds count";
            notes.warn("W_LOG_TIME", place, message);
        }
        match self.facts.utc_offset {
            None => self.facts.utc_offset = Some(rounded),
            Some(held) => self.offsets_differ |= held != rounded,
        }
    }

    /// Records are counted in the words at the end of the lines, where that is what they are.
    fn count(&mut self, counter: Option<u64>, place: Place, notes: &mut Notes) {
        let before = std::mem::replace(&mut self.counter, counter);
        if let (Some(before), Some(counter)) = (before, counter)
            && counter != before + 1
            && counter != 0
        {
            let message = format!(
                "record {counter} follows record {before}: records are missing, or files were joined"
            );
            notes.warn("W_LOG_GAP", place, message);
        }
    }
}

#[cfg(test)]
mod tests;
