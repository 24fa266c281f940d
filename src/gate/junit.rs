//! `JUnit` XML: a suite for each domain, a test case for each class and object, failures from the level of `--fail-on` on.
//!
//! What the policy waives is a skipped case with its reason. A domain without findings has one case that passes, since CI servers
//! take an empty report for a mistake.

mod plan;

use super::{Report, id, lines, put, whereabouts};
use crate::error::Outcome;
use crate::finding::{Finding, Findings};
use crate::gate::policy::Waived;
use crate::output::escape;
use crate::store::Flow;
use plan::{Place, Plan, Sums};
use std::fmt::Write as _;
use std::io::Write;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> Outcome<()> {
    let plan = Plan::of(report)?;
    let kept = plan.arranged(report)?;
    put(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
    let name = attribute(&format!("licctl {}", report.command));
    put(out, &format!("<testsuites name=\"{name}\"{}>\n", numbers(plan.total())))?;
    let mut suites = Suites { report, plan: &plan, begun: 0, out };
    let (mut at, mut case) = (Place::default(), Vec::new());
    kept.each(&mut |finding| {
        let place = plan.place(finding);
        if place != at && !case.is_empty() {
            suites.case(at, &std::mem::take(&mut case))?;
        }
        at = place;
        case.push(finding.clone());
        Ok(Flow::Continue(()))
    })?;
    if !case.is_empty() {
        suites.case(at, &case)?;
    }
    suites.finish()?;
    put(out, "</testsuites>\n")
}

/// Writes the suites, one for each domain, in their order.
struct Suites<'w, 'r> {
    report: &'w Report<'r>,
    plan: &'w Plan<'r>,
    /// How many suites were begun.
    begun: usize,
    out: &'w mut dyn Write,
}

impl Suites<'_, '_> {
    fn case(&mut self, place: Place, findings: &[Finding]) -> Outcome<()> {
        self.begin(place.suite)?;
        put(self.out, &written(self.report, findings, None))
    }

    /// Ends the suites before `suite`, and begins it unless it is begun.
    fn begin(&mut self, suite: usize) -> Outcome<()> {
        while self.begun <= suite {
            self.end()?;
            let domain = self.plan.domains.get(self.begun).copied().unwrap_or_default();
            // The schemas of CI servers want ISO 8601 without fraction and zone.
            let at: String = self.report.now.whole_second().to_string().chars().take(19).collect();
            let (name, sums) = (attribute(domain), numbers(self.plan.sums(self.begun)));
            put(self.out, &format!("  <testsuite name=\"{name}\"{sums} timestamp=\"{at}\">\n"))?;
            self.begun += 1;
        }
        Ok(())
    }

    /// Ends the suite at hand: what is waived of it, or that nothing was found.
    fn end(&mut self) -> Outcome<()> {
        let Some(suite) = self.begun.checked_sub(1) else { return Ok(()) };
        for (_, waived) in self.plan.waived.iter().filter(|(of, _)| *of == suite) {
            let finding = std::slice::from_ref(&waived.finding);
            put(self.out, &written(self.report, finding, Some(waived)))?;
        }
        if self.plan.is_empty(suite) {
            let domain = self.plan.domains.get(suite).copied().unwrap_or_default();
            let class = attribute(domain);
            let case =
                format!("    <testcase name=\"no findings\" classname=\"{class}\" time=\"0\"/>\n");
            put(self.out, &case)?;
        }
        put(self.out, "  </testsuite>\n")
    }

    fn finish(&mut self) -> Outcome<()> {
        if let Some(last) = self.plan.domains.len().checked_sub(1) {
            self.begin(last)?;
        }
        self.end()
    }
}

/// Nothing is timed: two runs of the same estate give the same bytes.
fn numbers(sums: Sums) -> String {
    let Sums { tests, failures, skipped } = sums;
    format!(
        " tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"0\""
    )
}

fn written(report: &Report<'_>, findings: &[Finding], waived: Option<&Waived>) -> String {
    let Some(first) = findings.first() else { return String::new() };
    let mut text = format!(
        "    <testcase name=\"{}\" classname=\"{}\"",
        attribute(&whereabouts(first)),
        attribute(&id(first))
    );
    if let Some(place) = &first.place {
        let _ = write!(text, " file=\"{}\"", attribute(&place.file));
        if let Some(line) = place.line {
            let _ = write!(text, " line=\"{line}\"");
        }
    }
    text.push_str(" time=\"0\">\n");
    let (failing, rest): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().partition(|finding| waived.is_none() && report.failure(finding));
    if let Some(waived) = waived {
        let _ = writeln!(text, "      <skipped message=\"{}\"/>", attribute(&waived.why()));
    }
    if let Some(worst) = failing.first() {
        let _ = writeln!(
            text,
            "      <failure message=\"{}\" type=\"{}\">{}</failure>",
            attribute(&worst.message),
            worst.severity.word(),
            content(&failing)
        );
    }
    if !rest.is_empty() {
        let _ = writeln!(text, "      <system-out>{}</system-out>", content(&rest));
    }
    text.push_str("    </testcase>\n");
    text
}

/// What is told of several findings, each with its place.
fn content(findings: &[&Finding]) -> String {
    let told = |finding: &&Finding| {
        let place = finding.place.as_ref().and_then(|place| Some((&place.file, place.line?)));
        let place = place.map(|(file, line)| format!("at: {file}:{line}"));
        let head = format!("{}: ", finding.severity.word());
        let lines: Vec<String> = lines(finding).into_iter().chain(place).collect();
        format!("{head}{}", lines.join("\n"))
    };
    markup(&findings.iter().map(told).collect::<Vec<_>>().join("\n"), true)
}

/// The value of an attribute; a line end in it would be read as a blank, so it is shown.
fn attribute(text: &str) -> String {
    markup(text, false)
}

/// Text without what XML cannot hold, and with what it would take for its own escaped.
fn markup(text: &str, lines: bool) -> String {
    let shown =
        escape(text, lines).replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}");
    quick_xml::escape::escape(&shown).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::Report;
    use super::super::tests::{at, now, report, text, varied, with};
    use crate::finding::{Finding, Level};
    use crate::gate::policy::Waived;
    use quick_xml::Reader;
    use quick_xml::events::{BytesStart, Event};

    fn write(report: &Report<'_>) -> String {
        text(report, super::write)
    }

    /// The elements in order, each with its attributes unescaped; fails where the text is not well formed.
    fn elements(text: &str) -> Vec<(String, Vec<(String, String)>)> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut found = Vec::new();
        let mut take = |start: &BytesStart<'_>| {
            let name = start.name().as_ref().to_owned();
            let attributes = start.attributes().map(|attribute| {
                let attribute = attribute.unwrap();
                let name = attribute.key.as_ref().to_owned();
                (name, quick_xml::escape::unescape(&attribute.value).unwrap().into_owned())
            });
            found.push((name, attributes.collect()));
        };
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) | Event::Empty(start) => take(&start),
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    fn value<'a>(attributes: &'a [(String, String)], name: &str) -> &'a str {
        &attributes.iter().find(|(key, _)| key == name).unwrap_or_else(|| panic!("{name}")).1
    }

    #[test]
    fn a_failure_a_note_and_a_domain_without_findings_look_so() {
        let found = [
            Finding::new("kms", "threshold.will-fall", Level::Error, "windows (N 25)", "it falls")
                .within("kms01")
                .remedy("add <clients>")
                .due(Some(now().plus_days(1))),
            Finding::new("kms", "churn.phantoms", Level::Info, "lab", "it churns"),
        ];
        let text = report(&found, write);
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="licctl check" tests="3" failures="1" errors="0" skipped="0" time="0">
  <testsuite name="kms" tests="2" failures="1" errors="0" skipped="0" time="0" timestamp="2026-03-31T00:00:00">
    <testcase name="kms01: windows (N 25)" classname="kms.threshold.will-fall" time="0">
      <failure message="it falls" type="error">error: it falls
remedy: add &lt;clients&gt;
due: 2026-04-01T00:00:00Z</failure>
    </testcase>
    <testcase name="lab" classname="kms.churn.phantoms" time="0">
      <system-out>info: it churns</system-out>
    </testcase>
  </testsuite>
  <testsuite name="csp" tests="1" failures="0" errors="0" skipped="0" time="0" timestamp="2026-03-31T00:00:00">
    <testcase name="no findings" classname="csp" time="0"/>
  </testsuite>
</testsuites>
"#;
        assert_eq!(text, expected);
    }

    #[test]
    fn findings_of_one_class_and_object_are_one_case() {
        let offence = |line| {
            let finding = Finding::new("csp", "CSP004", Level::Error, "./X", format!("no {line}"));
            at(finding, "p.xml", Some(line))
        };
        let text = report(&[offence(7), offence(9)], write);
        let found = elements(&text);
        let cases: Vec<_> = found.iter().filter(|(name, _)| name == "testcase").collect();
        assert_eq!(cases.len(), 2, "kms without findings and the offence: {text}");
        assert_eq!(value(&cases[1].1, "line"), "7");
        assert!(
            text.contains("error: no 7\nat: p.xml:7\nerror: no 9\nat: p.xml:9</failure>"),
            "{text}"
        );
    }

    #[test]
    fn the_level_decides_what_fails() {
        let found = [Finding::new("kms", "a", Level::Warning, "x", "m")];
        let failures = |fail_on| {
            report(&found, |report| {
                let text = write(&Report { fail_on, ..*report });
                value(&elements(&text)[0].1, "failures").to_owned()
            })
        };
        assert_eq!(failures(Level::Error), "0");
        assert_eq!(failures(Level::Warning), "1");
    }

    #[test]
    fn what_is_waived_is_skipped_with_its_reason() {
        let finding = Finding::new("kms", "a", Level::Error, "x", "m");
        let waived = Waived {
            finding,
            reason: "the \"branch\" closes".to_owned(),
            until: "2026-06-30".to_owned(),
        };
        let text = with(&[], &[waived], &[], write);
        assert!(text.contains(
            "<skipped message=\"waived until 2026-06-30: the &quot;branch&quot; closes\"/>"
        ));
        assert_eq!(value(&elements(&text)[0].1, "skipped"), "1");
        assert_eq!(value(&elements(&text)[0].1, "failures"), "0");
    }

    #[test]
    fn whatever_was_imported_the_text_is_xml_and_its_sums_are_right() {
        let text = report(&varied(), write);
        let allowed = |letter: char| matches!(letter, '\n' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(text.chars().all(allowed));
        let found = elements(&text);
        let count = |name: &str| found.iter().filter(|(element, _)| element == name).count();
        let sums = &found[0].1;
        assert_eq!(value(sums, "tests"), count("testcase").to_string());
        assert_eq!(value(sums, "failures"), count("failure").to_string());
        assert_eq!(count("testsuite"), 2);
    }
}
