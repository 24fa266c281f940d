//! `kms summary`: every question in one line, for a daily job.

use super::{
    Evidence, ThresholdAsk, churn, counters, coverage, duplicates, health, policy, skew, stale,
    suspicious, threshold,
};
use crate::clock::{Span, Timestamp};
use crate::error::{Outcome, Warning};
use crate::finding::{Finding, Level};
use crate::kms::report::coverage::Parameters;
use crate::kms::report::outlook::Outlook;
use crate::kms::report::policy::Expected;
use crate::kms::report::shared::Class;
use crate::kms::report::skew::Verdict;
use crate::kms::report::{self, Period};
use crate::kms::store::questions;
use crate::store::{Flow, Read};
use crate::wording::many;

/// One question and its answer in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The word of its command.
    pub question: &'static str,
    /// The worst of its findings.
    pub level: Option<Level>,
    pub findings: u64,
    pub message: String,
}

impl Line {
    fn new(question: &'static str, levels: impl Iterator<Item = Level>, message: String) -> Self {
        let (mut level, mut findings) = (None, 0);
        for found in levels {
            level = Some(level.map_or(found, |level: Level| level.min(found)));
            findings += 1;
        }
        Self { question, level, findings, message }
    }
}

fn levels(findings: &[Finding]) -> impl Iterator<Item = Level> {
    findings.iter().map(|finding| finding.severity)
}

/// The classes of findings, each with its number: `H05 ×2, H06`.
fn classes(findings: &[Finding]) -> String {
    let mut counted: Vec<(&str, u64)> = Vec::new();
    for finding in findings {
        match counted.iter_mut().find(|(class, _)| *class == finding.class) {
            Some((_, count)) => *count += 1,
            None => counted.push((finding.class, 1)),
        }
    }
    let told = counted.iter().map(|(class, count)| match count {
        1 => (*class).to_owned(),
        count => format!("{class} ×{count}"),
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { "nothing found".to_owned() } else { told.join(", ") }
}

/// Every question, in the order of their commands in the manual.
pub fn digest(
    read: &mut dyn Read,
    evidence: &Evidence,
    parameters: &Parameters,
) -> Outcome<(Vec<Line>, Vec<Warning>)> {
    let window = ThresholdAsk::default().window;
    let period = evidence.period(window);
    let (outlooks, warnings) = threshold(read, evidence, &ThresholdAsk::default())?;
    let mut lines = vec![of_outlooks(&outlooks), of_lapses(read, evidence)?];
    lines.push(of_duplicates(read, evidence, window)?);
    let churned = churn(read, evidence, report::churn::Parameters::new(evidence.now, window))?;
    let phantoms: u64 = churned.phantoms.values().sum();
    lines.push(Line::new(
        "churn",
        churned.findings().map(|finding| finding.severity),
        format!(
            "{} with three CMIDs or more, {} in all",
            many(u64::try_from(churned.labels.len()).unwrap_or(u64::MAX), "name"),
            many(phantoms, "phantom")
        ),
    ));
    lines.push(of_requests(read, evidence, period)?);
    let found = policy::findings(read, evidence, None, &Expected::default())?;
    lines.push(Line::new("policy", levels(&found), classes(&found)));
    let found = health::health(read, evidence, window)?;
    lines.push(Line::new("health", levels(&found), classes(&found)));
    let comparisons = counters::counters(read, evidence, None)?;
    let found: Vec<Finding> =
        comparisons.iter().flat_map(report::counters::Comparison::findings).collect();
    lines.push(Line::new("counters", levels(&found), classes(&found)));
    lines.push(of_logs(read, evidence, parameters)?);
    lines.push(of_clocks(read, evidence, period)?);
    let (mut records, mut newest) = (0_u64, None::<Timestamp>);
    suspicious::strangers(read, evidence, &mut |stranger| {
        records += 1;
        newest = newest.max(Some(stranger.time));
        Ok(Flow::Continue(()))
    })?;
    let last = newest.map_or_else(String::new, |newest| format!(", the last of {}", newest.date()));
    lines.push(Line::new(
        "suspicious",
        (records > 0).then_some(Level::Error).into_iter(),
        format!("{} of strangers in the logs{last}", many(records, "record")),
    ));
    Ok((lines, warnings))
}

fn of_outlooks(outlooks: &[Outlook]) -> Line {
    let told = outlooks.iter().map(|outlook| {
        let count = outlook.count.map_or_else(|| "-".to_owned(), |count| count.to_string());
        let date = outlook.date.map_or_else(String::new, |date| format!(" {}", date.date()));
        format!(
            "{} {count} of {} {}{date}",
            outlook.pool.word(),
            outlook.required,
            outlook.verdict.word()
        )
    });
    let told: Vec<String> = told.collect();
    let levels = outlooks.iter().filter_map(Outlook::finding).map(|finding| finding.severity);
    Line::new("threshold", levels, told.join("; "))
}

fn of_lapses(read: &mut dyn Read, evidence: &Evidence) -> Outcome<Line> {
    let now = evidence.now;
    let usual = move |renewal| report::stale::Parameters::new(now, renewal);
    let (answer, _) = stale(read, evidence, &usual)?;
    let mut counts = [0_u64; 3];
    let levels: Vec<Level> = answer.findings().map(|finding| finding.severity).collect();
    for level in &levels {
        let at = usize::from(*level != Level::Error) + usize::from(*level == Level::Info);
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    let [out, grace, silent] = counts;
    let silent = many(silent, "client");
    let message = format!("{silent} silent, {grace} in grace, {out} out of activation");
    Ok(Line::new("stale", levels.into_iter(), message))
}

fn of_duplicates(read: &mut dyn Read, evidence: &Evidence, window: Span) -> Outcome<Line> {
    let (mut shared, mut wasted) = (0_u64, 0_u64);
    duplicates(read, evidence, window, &mut |found| {
        if found.class == Class::Duplicate {
            shared += 1;
            wasted += found.wasted;
        }
        Ok(())
    })?;
    let message = format!(
        "{} shared by clones, {} not counted",
        many(shared, "CMID"),
        many(wasted, "machine")
    );
    let worst = std::iter::repeat_n(Level::Error, usize::try_from(shared).unwrap_or(usize::MAX));
    Ok(Line::new("duplicates", worst, message))
}

fn of_requests(read: &mut dyn Read, evidence: &Evidence, period: Period) -> Outcome<Line> {
    let count = |read: &mut dyn Read, period| -> Outcome<u64> {
        let results = questions::results(read, &evidence.scope, period)?;
        Ok(results.iter().map(|result| result.rows).sum())
    };
    let all = count(read, period)?;
    let day = count(read, Period::ending(evidence.now, Span::days(1)))?;
    let (mut clients, mut last) = (0_u64, None);
    evidence.each_unit(read, &mut |unit| {
        if period.holds(unit.last) && last.replace(unit.cmid) != Some(unit.cmid) {
            clients += 1;
        }
    })?;
    let (all, clients) = (many(all, "request"), many(clients, "client"));
    let message = format!("{all} of {clients} in the window, {day} in the last day");
    Ok(Line::new("trend", std::iter::empty(), message))
}

fn of_logs(read: &mut dyn Read, evidence: &Evidence, parameters: &Parameters) -> Outcome<Line> {
    let logs = coverage::coverage(read, evidence, parameters)?;
    let found: Vec<Finding> = logs.iter().filter_map(report::coverage::HostLog::finding).collect();
    let missing: u64 = logs.iter().map(|log| log.missing).sum();
    let shortest = logs.iter().map(|log| log.last.days_since(log.first)).min().unwrap_or_default();
    let small =
        if found.is_empty() { String::new() } else { format!(", {} too small", found.len()) };
    let message = format!(
        "{}, the shortest of {}, {} missing{small}",
        many(u64::try_from(logs.len()).unwrap_or(u64::MAX), "log"),
        many(shortest.unsigned_abs(), "day"),
        many(missing, "record")
    );
    Ok(Line::new("event coverage", levels(&found), message))
}

fn of_clocks(read: &mut dyn Read, evidence: &Evidence, period: Period) -> Outcome<Line> {
    let (mut off, mut zone, mut refusable) = (0_u64, 0_u64, Vec::new());
    skew::skew(read, evidence, period, &mut |skewed| {
        match skewed.verdict {
            Verdict::ZoneOrDst => zone += 1,
            Verdict::Off => off += 1,
            _ => {}
        }
        refusable.extend(skewed.finding().map(|finding| finding.severity));
        Ok(())
    })?;
    let message = format!(
        "{} with a clock that hosts refuse, {off} off, {zone} by whole hours",
        many(u64::try_from(refusable.len()).unwrap_or(u64::MAX), "client")
    );
    Ok(Line::new("skew", refusable.into_iter(), message))
}

#[cfg(test)]
mod tests {
    use super::{Line, classes};
    use crate::finding::{Finding, Level};

    #[test]
    fn a_line_has_the_worst_level_and_counts_the_classes() {
        let found = |class, level| Finding::new("kms", class, level, "kms01", "message");
        let findings =
            [found("H08", Level::Info), found("H05", Level::Warning), found("H08", Level::Info)];
        let line = Line::new("health", super::levels(&findings), classes(&findings));
        assert_eq!((line.level, line.findings), (Some(Level::Warning), 3));
        assert_eq!(line.message, "H08 ×2, H05");
        let none = Line::new("health", std::iter::empty(), classes(&[]));
        assert_eq!((none.level, none.findings, none.message.as_str()), (None, 0, "nothing found"));
    }
}
