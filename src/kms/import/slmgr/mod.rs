//! The text that slmgr prints for `/dli`, `/dlv` and `/xpr`.
//!
//! Read with the labels of its language, which are English unless `slmgr.ini` of the language is given; a text that they do not
//! fit is read by the position of its numbers. Dates need culture and zone and are null without them.

mod ini;
pub mod labels;
mod lines;
mod machine;
mod phrases;
mod positional;
mod reading;
mod xpr;

use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::kms::import::{Each, Options, Record};
use ini::Strings;
use labels::Reads;
use lines::Row;
use machine::Machine;
use phrases::Phrases;
use reading::Reading;
use std::collections::HashSet;
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "kms.slmgr",
    title: "text of slmgr.vbs (`cscript slmgr.vbs /dlv`, `/dli`, `/xpr`)",
    binary: false,
    sniff,
};

/// How many lines of a file are looked at to tell its kind.
const LOOKED_AT: usize = 200;

/// Labels whose texts other files have too.
static COMMON: [&str; 4] =
    ["L_MsgProductName", "L_MsgProductDesc", "L_MsgErrorText_8", "L_MsgNotAvailable"];

fn sniff(sample: &Sample<'_>) -> Fit {
    let mut rows = lines::of_text(sample.text);
    rows.truncate(LOOKED_AT);
    let phrases = Phrases::english();
    let found: Vec<_> = rows.iter().filter_map(|row| phrases.find(&row.text)).collect();
    let names: HashSet<&str> = found.iter().map(|found| found.resource).collect();
    let own = names.iter().filter(|name| !COMMON.contains(name)).count();
    let printed = |word: &&str| sample.text.contains(word);
    if own >= 2 || (own == 1 && names.len() >= 3) {
        Fit::Yes(7)
    } else if is_expiry(&rows, &phrases) || positional::is_likely(&rows) {
        Fit::Yes(4)
    } else if found.iter().any(|found| found.reads == Reads::Error && found.value.starts_with("0x"))
    {
        Fit::Near("slmgr printed an error and no state")
    } else if ["slmgr.vbs", "Windows Script Host"].iter().any(printed) {
        Fit::Near("it is from slmgr, but not the output of `/dli`, `/dlv` or `/xpr`")
    } else {
        Fit::No
    }
}

/// Whether a sentence of `/xpr` stands below the name of a product.
fn is_expiry(rows: &[Row], phrases: &Phrases) -> bool {
    let labelled = |sentence: &Row| {
        let found = phrases.find(&sentence.text);
        found.is_some_and(|found| matches!(found.reads, Reads::Expiry { .. }))
    };
    let mut pairs = rows.iter().zip(rows.iter().skip(1));
    pairs.any(|(title, sentence)| {
        let below = !title.indented && sentence.indented && xpr::title(&title.text).is_some();
        below && (labelled(sentence) || xpr::is_permanent(&sentence.text))
    })
}

/// Reads the output; hands on one snapshot for each machine, which the text does not name.
pub fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let before = notes.complaints.count();
    let rows = lines::read(input, notes)?;
    let whole = notes.complaints.count() == before;
    let (phrases, known) = language(&rows, options, notes);
    let machine = Machine::new(options, notes)?;
    let mut reading =
        Reading { phrases: &phrases, machine, snapshots: Vec::new(), errors: Vec::new() };
    let rows = if known { reading::unwrap(rows, &phrases) } else { rows };
    if known {
        reading.rows(&rows);
    } else {
        positional::read(&rows, &phrases, &mut reading.machine);
    }
    let said = !reading.machine.is_empty() || !reading.snapshots.is_empty();
    reading.end_machine();
    let Reading { snapshots, errors, .. } = reading;
    for error in errors {
        if said {
            notes.warn("slmgr-error", error.place, error.message);
        } else {
            notes.complaints.push(error);
        }
    }
    if !said && notes.complaints.count() == before {
        notes.complain_with(
            Place::Whole,
            "the text is no output of slmgr `/dli`, `/dlv` or `/xpr`",
            "for an output in another language give its texts with `--slmgr-ini`",
        );
    }
    if said && !known {
        notes.warn(
            "labels-unknown",
            Place::Whole,
            "the language of the output is not known: numbers are told by their position, status and flags stay unknown",
        );
    }
    for (place, snapshot) in snapshots.into_iter().filter(|_| whole) {
        each(place, Record::Snapshot(Box::new(snapshot)))?;
    }
    Ok(())
}

/// The labels that fit the output best, and whether they fit it at all.
fn language(rows: &[Row], options: &Options, notes: &mut Notes) -> (Phrases, bool) {
    let english = Phrases::english();
    let Some(ini) = &options.slmgr_ini else {
        let known = fits(rows, &english);
        return (english, known);
    };
    let given = Phrases::of(&Strings::parse(ini));
    if fits(rows, &given) {
        return (given, true);
    }
    notes.warn(
        "labels-do-not-match",
        Place::Whole,
        "labels do not match: the texts of `--slmgr-ini` are not those of the output",
    );
    let known = fits(rows, &english);
    (english, known)
}

/// Whether labels are those of the output: they match half of its lines, or a quarter and no fewer than three.
fn fits(rows: &[Row], phrases: &Phrases) -> bool {
    let lines = rows.iter().filter(|row| !row.is_blank());
    let (mut total, mut matched) = (0_usize, 0_usize);
    for row in lines {
        total += 1;
        matched += usize::from(phrases.find(&row.text).is_some());
    }
    let most = matched * 2 >= total || (matched >= 3 && matched * 4 >= total);
    (matched > 0 && most) || is_expiry(rows, phrases)
}

#[cfg(test)]
mod tests;
