//! The output of a monitoring plug-in: one line with performance data, further lines of text, and a status of its own.
//!
//! An error is CRITICAL, a warning WARNING; what is worth a note is OK. A check that could not be done is UNKNOWN.

use super::{Report, id, put, whereabouts};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::finding::{Finding, Level};
use crate::output::escape;
use std::fmt::Write as _;
use std::io::Write;

/// How many findings are told below the first line: plug-in output beyond some kilobytes is cut by its transports.
const TOLD: usize = 20;

/// The status of a check that could not be done.
pub(crate) const UNKNOWN: u8 = 3;

/// Whether a command line wants this form; known before it is parsed, so that a wrong one is UNKNOWN too.
pub(crate) fn wanted(words: &[String]) -> bool {
    let of_check = words.iter().any(|word| word == "check");
    let pair = words.windows(2).any(|pair| pair == ["--as", "nagios"]);
    of_check && (pair || words.iter().any(|word| word == "--as=nagios"))
}

/// The plug-in's exit status: 0 OK, 1 WARNING, 2 CRITICAL.
pub(crate) fn status(report: &Report<'_>) -> u8 {
    if report.count(Level::Error) > 0 { 2 } else { u8::from(report.count(Level::Warning) > 0) }
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> Outcome<()> {
    let state = match status(report) {
        0 => "OK",
        1 => "WARNING",
        _ => "CRITICAL",
    };
    let (worst, next) = looked_through(report)?;
    let mut text = format!("LICCTL {state} - {}", report.counted());
    if let Some((_, first)) = worst.first() {
        let _ = write!(text, "; {first}");
    }
    let _ = writeln!(text, " | {}", performance(report, next));
    for (level, told) in &worst {
        let _ = writeln!(text, "{}: {told}", level.word());
    }
    let told = u64::try_from(worst.len()).unwrap_or(u64::MAX);
    if let Some(more) = report.findings.tally().all().checked_sub(told).filter(|more| *more > 0) {
        let _ = writeln!(text, "and {more} more; `licctl check` lists them");
    }
    put(out, &text)
}

/// Levels and words of the worst findings.
type Worst = Vec<(Level, String)>;

/// The worst findings, as many as are told, and the next date on which something falls due.
fn looked_through(report: &Report<'_>) -> Outcome<(Worst, Option<Timestamp>)> {
    let (mut worst, mut next) = (Worst::new(), None::<Timestamp>);
    report.each(&mut |finding| {
        if let Some(due) = finding.due.filter(|due| *due > report.now) {
            next = Some(next.map_or(due, |next| next.min(due)));
        }
        let place = worst.partition_point(|(level, _)| *level <= finding.severity);
        if place < TOLD {
            worst.truncate(TOLD - 1);
            worst.insert(place, (finding.severity, told(finding)));
        }
        Ok(())
    })?;
    Ok((worst, next))
}

/// Tells that the check could not be done, and why.
pub(crate) fn unknown(why: &str) -> String {
    format!("LICCTL UNKNOWN - {}\n", safe(why))
}

/// Why a command stopped, in one line.
pub(crate) fn reason(stop: &Stop) -> String {
    match stop {
        Stop::Refused(refusal) => refusal.message.clone(),
        Stop::Usage(usage) => usage.message.clone(),
        Stop::BadArtefact(complaints) => {
            let first = complaints.kept.first().map(|first| {
                let place = [first.file.clone(), first.place.to_string(), first.message.clone()];
                place.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
            });
            let first = first.unwrap_or_default();
            match complaints.count() {
                1 => first,
                count => format!("{count} complaints, the first: {first}"),
            }
        }
        Stop::Fault(_) => stop.fault().unwrap_or_default().0,
    }
}

fn told(finding: &Finding) -> String {
    safe(&format!("{} {}: {}", id(finding), whereabouts(finding), finding.message))
}

/// `'label'=value;warn;crit;min;max`; errors are critical from the first on, warnings are to be warned of.
fn performance(report: &Report<'_>, next: Option<Timestamp>) -> String {
    let mut text = format!(
        "errors={};;0;0; warnings={};0;;0; notes={};;;0; waived={};;;0;",
        report.count(Level::Error),
        report.count(Level::Warning),
        report.count(Level::Info),
        report.waived.len()
    );
    if let Some(due) = next {
        let _ = write!(text, " next_due={}s;;;0;", due.s() - report.now.s());
    }
    text
}

/// Text in one line that neither ends the text (`|`) nor is markup to the pages that show it.
fn safe(text: &str) -> String {
    escape(text, false).replace('|', "/").replace('<', "‹").replace('>', "›")
}

#[cfg(test)]
mod tests {
    use super::super::Report;
    use super::super::tests::{now, report, text, varied};
    use super::{reason, status, unknown, wanted};
    use crate::error::{Complaint, Place, Stop, Usage};
    use crate::finding::{Finding, Level};

    fn write(report: &Report<'_>) -> String {
        text(report, super::write)
    }

    #[test]
    fn one_line_tells_the_state_the_worst_and_the_numbers() {
        let found = [
            Finding::new("kms", "stale.out", Level::Warning, "pc-1", "it is silent")
                .within("kms01"),
            Finding::new("kms", "threshold.will-fall", Level::Error, "windows", "it falls")
                .within("kms01")
                .due(Some(now().plus_days(2))),
        ];
        let text = report(&found, write);
        assert_eq!(
            text,
            "LICCTL CRITICAL - 1 error, 1 warning, 0 notes; kms.threshold.will-fall kms01: windows: it falls \
             | errors=1;;0;0; warnings=1;0;;0; notes=0;;;0; waived=0;;;0; next_due=172800s;;;0;\n\
             error: kms.threshold.will-fall kms01: windows: it falls\n\
             warning: kms.stale.out kms01: pc-1: it is silent\n"
        );
    }

    #[test]
    fn the_worst_severity_is_the_status() {
        let of = |levels: &[Level]| {
            let found: Vec<Finding> =
                levels.iter().map(|level| Finding::new("kms", "a", *level, "x", "m")).collect();
            report(&found, status)
        };
        assert_eq!(of(&[]), 0);
        assert_eq!(of(&[Level::Info]), 0);
        assert_eq!(of(&[Level::Info, Level::Warning]), 1);
        assert_eq!(of(&[Level::Warning, Level::Error]), 2);
        assert!(report(&[], write).starts_with("LICCTL OK - 0 errors, 0 warnings, 0 notes | "));
    }

    #[test]
    fn imported_text_adds_no_performance_data_no_line_and_no_markup() {
        let found = varied();
        let text = report(&found, write);
        assert_eq!(text.matches('|').count(), 1, "{text}");
        assert_eq!(text.lines().count(), 1 + found.len());
        assert!(!text.contains(['<', '>', '\r', '\u{1b}', '\u{202e}']));
    }

    #[test]
    fn a_long_list_is_cut_and_counted() {
        let found: Vec<Finding> = (0..25)
            .map(|number| Finding::new("kms", "a", Level::Error, number.to_string(), "no"))
            .collect();
        let text = report(&found, write);
        assert_eq!(text.lines().count(), 22);
        assert!(text.ends_with("and 5 more; `licctl check` lists them\n"));
    }

    #[test]
    fn what_stopped_the_check_is_told_as_unknown() {
        let complaint =
            Complaint { file: "p.toml".to_owned(), ..Complaint::new(Place::Line(3), "no") };
        let cases = [
            (Usage::new("no such | thing").into(), "LICCTL UNKNOWN - no such / thing\n"),
            (Stop::from(complaint), "LICCTL UNKNOWN - p.toml: line 3: no\n"),
            (
                Stop::Fault(anyhow::anyhow!("no such file").context("opening the store")),
                "LICCTL UNKNOWN - opening the store: no such file\n",
            ),
        ];
        for (stop, told) in cases {
            assert_eq!(unknown(&reason(&stop)), told);
        }
    }

    #[test]
    fn the_form_is_known_from_the_words_of_a_check_alone() {
        let asks = |line: &str| wanted(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(asks("licctl check --as nagios --bogus"));
        assert!(asks("licctl --store x check --as=nagios"));
        assert!(!asks("licctl check --as junit"));
        assert!(!asks("licctl tslicense export --as nagios"));
    }
}
