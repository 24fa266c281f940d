//! Lines in order and not, zones, counters.

use super::line::{Line, parse};
use super::{read, sniff};
use crate::artefact::{Fit, Notes, Sample};
use crate::error::Stop;
use crate::rms::import::records::LogFacts;
use crate::rms::import::{Options, Record};
use crate::rms::model::usage::UsageRecord;

const SAMPLE: &str = "\
# Startup Sentinel RMS License Manager v9.50 Mon Jun 01 01:00:00 2026  1780300800 svc 140 4294480000
2 0 MTI1 Mon Jun 01 01:00:05 2026 1780300805 WIDGET v4.2 0 1 0 ann WS-17 9.5.0 1 - MA== 700001 MTE=
2 0 MTI1 Mon Jun 01 01:10:05 2026 1780301405 WIDGET v4.2 2 0 600 ann WS-17 9.5.0 1 - MQ== 700002 MTI=
";

struct Read {
    records: Vec<UsageRecord>,
    facts: Option<LogFacts>,
    notes: Notes,
}

fn taken(text: &str) -> Result<Read, Stop> {
    let (mut notes, mut records, mut facts) = (Notes::default(), Vec::new(), None);
    read(&mut text.as_bytes(), Options::default(), &mut notes, &mut |_, record| {
        match record {
            Record::Usage(record) => records.push(record),
            Record::Log(told) => facts = Some(told),
            other => panic!("{other:?}"),
        }
        Ok(())
    })?;
    Ok(Read { records, facts, notes })
}

fn all(text: &str) -> Read {
    taken(text).unwrap()
}

fn one(line: &str) -> UsageRecord {
    match parse(line) {
        Line::Record(found) => found.record,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_issue_and_a_release_read_with_their_zone() {
    let read = all(SAMPLE);
    assert!(read.notes.complaints.is_empty() && read.notes.warnings.is_empty(), "{:?}", read.notes);
    assert_eq!(read.facts.unwrap().utc_offset, Some(-7 * 3600));
    let [start, issue, release] = read.records.as_slice() else { panic!() };
    assert_eq!(
        (start.transaction, start.time, start.manager.as_str()),
        (-1, 1_780_300_800, "9.50")
    );
    assert_eq!((issue.time, issue.transaction, issue.key_life), (1_780_300_805, 0, None));
    assert_eq!((issue.units, issue.in_use, issue.comment.as_str()), (Some(1), Some(1), ""));
    assert_eq!((issue.user.as_str(), issue.host.as_str()), ("ann", "WS-17"));
    assert_eq!(issue.feature.to_string(), "WIDGET 4.2");
    assert_eq!((release.transaction, release.key_life), (2, Some(600)));
}

const HEAD: &str = "2 0 MTI1 Mon Jun 01 01:00:05 2026 1780300805";

#[test]
fn a_feature_may_have_blanks_and_no_version() {
    let record = one(&format!("{HEAD} My Feature v 0 1 0 ann ws17 9.5.0 1 -"));
    assert_eq!((record.feature.name.as_str(), record.feature.version.as_str()), ("My Feature", ""));
    let tricky = one(&format!(
        "{HEAD} my  v2 tool v7.0 0 1 0 Ann Smith ws17 9.5.0 1 a  comment MA== 1 MQ=="
    ));
    assert_eq!(tricky.feature.name, "my  v2 tool");
    assert_eq!((tricky.user.as_str(), tricky.comment.as_str()), ("Ann Smith", "a  comment"));
    let dashes = one(&format!("{HEAD} A v1 0 1 0 ann ws17 7.00 1 - - - MA== 1 MQ=="));
    assert_eq!(dashes.comment, "");
}

#[test]
fn a_transaction_that_nobody_knows_is_kept() {
    assert_eq!(one(&format!("{HEAD} A v1 11 1 0 ann ws17 9.5.0 1 -")).transaction, 11);
}

#[test]
fn encrypted_figures_are_missing_and_encrypted_records_are_counted() {
    let figures = one(
        "0 3 MTI1 Mon Jun 01 01:00:05 2026 1780300805 A v1 0 Zm9v YmFy ann ws17 9.5.0 cXV4 - MA== 1 MQ==",
    );
    assert_eq!((figures.units, figures.in_use, figures.levels), (None, None, [0, 3]));
    let read = all(&format!("{SAMPLE}2 4 MTI1 Zm9vYmFy YmF6cXV4 Zm9v\n2 4 Zm9v\n"));
    assert_eq!((read.records.len(), read.facts.unwrap().encrypted), (3, 2));
    assert_eq!(read.notes.warnings[0].code, "W_ENCRYPTED");
    assert!(read.notes.complaints.is_empty());
}

#[test]
fn a_zone_of_half_an_hour_is_told_and_a_changing_one_is_not() {
    let local = |time: &str, seconds: i64| {
        format!("2 0 x Mon Jun 01 {time} 2026 {seconds} A v1 0 1 0 ann ws17 9.5.0 1 -\n")
    };
    let behind = all(&local("01:30:05", 1_780_300_805));
    assert_eq!(behind.facts.unwrap().utc_offset, Some(-6 * 3600 - 1800));
    let both =
        all(&format!("{}{}", local("01:00:05", 1_780_300_805), local("02:00:05", 1_780_300_805)));
    assert_eq!(both.facts.unwrap().utc_offset, None);
    let odd = all(&local("01:03:05", 1_780_300_805));
    assert_eq!(odd.notes.warnings[0].code, "W_LOG_TIME");
}

#[test]
fn a_gap_in_the_counters_is_told() {
    let line =
        |counter: &str| format!("{HEAD} A v1 0 1 0 ann ws17 9.5.0 1 - {counter} 700001 MTE=\n");
    // 0, 1, 2, 5 and, behind a start, 0 again.
    let text = ["MA==", "MQ==", "Mg==", "NQ=="].map(line).concat();
    let read = all(&format!("{text}{SAMPLE}"));
    let told: Vec<&str> =
        read.notes.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(told, ["record 5 follows record 2: records are missing, or files were joined"]);
    assert_eq!(read.notes.warnings[0].place, "line 4");
}

#[test]
fn a_line_that_does_not_fit_is_told_with_its_number() {
    let read = all(&format!("{SAMPLE}2 0 what is this\n"));
    assert_eq!(read.notes.complaints.kept[0].place.to_string(), "line 4");
    assert_eq!(read.records.len(), 3);
    for bad in ["", "hello\n", &"no log\n".repeat(9), &format!("{SAMPLE}{}", "junk\n".repeat(4))] {
        assert!(matches!(taken(bad), Err(Stop::BadArtefact(_))), "{bad}");
    }
}

#[test]
fn a_log_is_known_by_its_lines() {
    let sniffed = |text: &str| sniff(&Sample { name: "", bytes: text.as_bytes(), text });
    assert_eq!(sniffed(SAMPLE), Fit::Yes(8));
    for other in ["", "# Startup\n", "a b c\nd e f\n", "{}", "<a/>"] {
        assert_eq!(sniffed(other), Fit::No, "{other}");
    }
}

proptest::proptest! {
    #[test]
    fn no_line_makes_the_reader_panic(text in "[ v0-9a-zA-Z.=:-]{0,160}") {
        let _ = parse(&text);
        let _ = parse(&format!("{HEAD} {text}"));
        let _ = parse(&format!("# Startup {text}"));
    }
}
