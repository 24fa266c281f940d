//! Workflow commands of GitHub Actions: each finding as an annotation of the run.
//!
//! The runner shows ten annotations of a kind a step and keeps the rest in the log only, so the worst come first and a line says
//! how many there are. Nothing that was imported stands at the beginning of a line: it could be a command of its own.

use super::{Report, id, lines, put, whereabouts};
use crate::error::Outcome;
use crate::finding::{Finding, Level};
use crate::output::escape;
use std::fmt::Write as _;
use std::io::Write;

/// How many annotations of a kind GitHub shows of a step.
const SHOWN: u64 = 10;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> Outcome<()> {
    by_level(report, &mut |finding| {
        let (word, properties) = (word(finding.severity), properties(finding));
        put(out, &format!("::{word} {properties}::{}\n", told(finding)))
    })?;
    let mut text = format!("licctl {}: {}", report.command, report.counted());
    if Level::ALL.into_iter().any(|level| report.count(level) > SHOWN) {
        let _ = write!(
            text,
            "; GitHub shows the first {SHOWN} of a kind as annotations, the log has all"
        );
    }
    text.push('\n');
    put(out, &text)
}

/// All findings as a table in Markdown: what the page of a run shows below its steps.
pub(super) fn summary(report: &Report<'_>, out: &mut dyn Write) -> Outcome<()> {
    put(out, &format!("### licctl {}: {}\n", report.command, report.counted()))?;
    if report.findings.tally().all() == 0 {
        return Ok(());
    }
    put(out, "\n| level | class | where | finding | remedy |\n|---|---|---|---|---|\n")?;
    by_level(report, &mut |finding| {
        let row = [
            finding.severity.word(),
            &format!("`{}`", id(finding)),
            &whereabouts(finding),
            &finding.message,
            &finding.remedy,
        ];
        put(out, &format!("| {} |\n", row.map(cell).join(" | ")))
    })
}

/// Hands out the findings, the worst first.
fn by_level(report: &Report<'_>, each: &mut dyn FnMut(&Finding) -> Outcome<()>) -> Outcome<()> {
    for level in Level::ALL {
        report
            .each(&mut |finding| if finding.severity == level { each(finding) } else { Ok(()) })?;
    }
    Ok(())
}

/// A cell of a Markdown table: one line, and nothing that would end the cell or be markup of a page.
fn cell(text: &str) -> String {
    escape(text, false).replace('|', "\\|").replace('<', "&lt;")
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    }
}

fn properties(finding: &Finding) -> String {
    let mut properties = Vec::new();
    // A finding without a file is shown with the run itself.
    if let Some(place) = finding.place.as_ref().filter(|place| place.file != "-") {
        properties.push(format!("file={}", property(&place.file)));
        properties.extend(place.line.map(|line| format!("line={line}")));
    }
    properties.push(format!("title={}", property(&id(finding))));
    properties.join(",")
}

fn told(finding: &Finding) -> String {
    let head = match &finding.place {
        // The annotation stands at the file: what it is about is told when that is something else.
        Some(place) if place.file == finding.object => String::new(),
        Some(_) => format!("{}: ", finding.object),
        None => format!("{}: ", whereabouts(finding)),
    };
    data(&format!("{head}{}", lines(finding).join("\n")))
}

/// The text of a command: the runner takes `%25`, `%0D` and `%0A` back.
fn data(text: &str) -> String {
    escape(text, true).replace('%', "%25").replace('\n', "%0A")
}

/// The value of a property, which also must not hold what ends it.
fn property(text: &str) -> String {
    escape(text, false).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::Report;
    use super::super::tests::{at, report, text};
    use crate::finding::{Finding, Level};

    fn write(report: &Report<'_>) -> String {
        text(report, super::write)
    }

    fn summary(report: &Report<'_>) -> String {
        text(report, super::summary)
    }

    #[test]
    fn a_finding_of_a_file_is_an_annotation_of_its_line() {
        let finding = Finding::new("csp", "CSP004", Level::Error, "./X", "it takes only `Exec`")
            .remedy("use Exec");
        let text = report(&[at(finding, "a,b:c/100%.xml", Some(3))], write);
        assert_eq!(
            text,
            "::error file=a%2Cb%3Ac/100%25.xml,line=3,title=csp.CSP004::./X: it takes only `Exec`%0Aremedy: use Exec\n\
             licctl check: 1 error, 0 warnings, 0 notes\n"
        );
    }

    #[test]
    fn the_worst_come_first_and_a_note_is_a_notice() {
        let found = [
            Finding::new("kms", "a", Level::Info, "x", "one"),
            Finding::new("kms", "b", Level::Warning, "x", "two"),
        ];
        let text = report(&found, write);
        assert_eq!(
            text,
            "::warning title=kms.b::x: two\n::notice title=kms.a::x: one\nlicctl check: 0 errors, 1 warning, 1 note\n"
        );
    }

    #[test]
    fn imported_text_cannot_end_its_command_or_begin_another() {
        let wicked = "pc\r\n::stop-commands::x\n::error::50% \u{1b}[0m";
        let found = [at(Finding::new("kms", "a", Level::Error, wicked, wicked), wicked, None)];
        let text = report(&found, write);
        assert_eq!(text.lines().count(), 2, "{text}");
        assert_eq!(text.matches("::stop-commands").count(), 1, "in the data alone: {text}");
        assert!(!text.contains('\r') && !text.contains('\u{1b}'));
        assert!(
            text.starts_with("::error file=pc\\u{d}\\u{a}%3A%3Astop-commands%3A%3Ax"),
            "{text}"
        );
        assert!(text.contains("%0A::error::50%25 "), "{text}");
    }

    #[test]
    fn the_page_of_a_run_has_all_of_them_as_a_table() {
        let found = [
            Finding::new("kms", "a", Level::Info, "x", "one"),
            Finding::new("kms", "b", Level::Error, "y|z", "two <b>\n| three").remedy("do"),
        ];
        let text = report(&found, summary);
        let rows: Vec<&str> = text.lines().skip(4).collect();
        assert_eq!(rows[0], "| error | `kms.b` | y\\|z | two &lt;b>\\u{a}\\| three | do |");
        assert_eq!(rows[1], "| info | `kms.a` | x | one |  |");
    }

    #[test]
    fn more_than_the_runner_shows_are_counted_in_a_line() {
        let found: Vec<Finding> = (0..11)
            .map(|number| Finding::new("kms", "a", Level::Error, number.to_string(), "no"))
            .collect();
        let text = report(&found, write);
        assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 11);
        let last = text.lines().last().unwrap();
        assert!(last.starts_with("licctl check: 11 errors, 0 warnings, 0 notes; "), "{last}");
    }
}
