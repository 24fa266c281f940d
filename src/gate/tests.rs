//! Findings and reports to test the writers with.

use super::{Report, Rule, whereabouts};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::{FilePlace, Finding, Level};
use crate::gate::policy::Waived;
use std::io::Write;

pub(super) fn now() -> Timestamp {
    Timestamp::parse("2026-03-31T00:00:00Z").unwrap()
}

/// The finding at a line of a file.
pub(super) fn at(finding: Finding, file: &str, line: Option<u64>) -> Finding {
    Finding { place: Some(FilePlace { file: file.to_owned(), line }), ..finding }
}

/// A report of `licctl check` on kms and csp, failing on errors.
pub(super) fn report<T>(findings: &[Finding], work: impl FnOnce(&Report<'_>) -> T) -> T {
    with(findings, &[], &[], work)
}

pub(super) fn with<T>(
    findings: &[Finding],
    waived: &[Waived],
    rules: &[Rule],
    work: impl FnOnce(&Report<'_>) -> T,
) -> T {
    work(&Report {
        command: "check",
        domains: &["kms", "csp"],
        findings: &findings.to_vec(),
        waived,
        fail_on: Level::Error,
        now: now(),
        rules,
    })
}

/// What a writer makes of a report.
pub(super) fn text(
    report: &Report<'_>,
    write: fn(&Report<'_>, &mut dyn Write) -> Outcome<()>,
) -> String {
    let mut text = Vec::new();
    write(report, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// Every level, with and without a place, with dates, and with all that a hostile import may bring.
pub(super) fn varied() -> Vec<Finding> {
    let wicked = "<a href=\"x\">&'|]]> {0} [link](https://x) %0A\r\n\t\u{0}\u{1b}[31m\u{7f}\u{202e}\u{fffe}\u{ffff}\\ü";
    vec![
        Finding::new("kms", "threshold.will-fall", Level::Error, "windows (N 25)", "it falls")
            .within("kms01")
            .remedy("add clients")
            .with("count", 27)
            .since(Some(now().plus_days(-3)))
            .due(Some(now().plus_days(9))),
        Finding::new("kms", "stale.out", Level::Warning, wicked, wicked).within(wicked),
        at(Finding::new("csp", "CSP040", Level::Info, "p.xml", wicked), wicked, None),
        at(
            Finding::new("csp", "CSP004", Level::Error, "./Vendor/MSFT/X", "no"),
            "a b/p.xml",
            Some(7),
        ),
        at(
            Finding::new("csp", "CSP004", Level::Error, "./Vendor/MSFT/X", "no"),
            "a b/p.xml",
            Some(9),
        ),
    ]
}

#[test]
fn a_file_is_told_once_where_it_is_the_object_too() {
    let finding = Finding::new("csp", "CSP040", Level::Info, "p.xml", "it is odd");
    assert_eq!(whereabouts(&at(finding.clone(), "p.xml", None)), "p.xml");
    assert_eq!(whereabouts(&at(finding, "q.xml", None)), "q.xml: p.xml");
    assert_eq!(whereabouts(&varied()[0]), "kms01: windows (N 25)");
}

#[test]
fn a_report_fails_from_its_level_on() {
    let note = [Finding::new("kms", "a", Level::Info, "x", "m")];
    for (fail_on, fails) in [(Level::Error, false), (Level::Warning, false), (Level::Info, true)] {
        report(&note, |report| assert_eq!(Report { fail_on, ..*report }.fails(), fails));
    }
}
