//! `licctl status`: the estate on one screen.

use super::Scope;
use crate::api::{Question, Summary};
use crate::apis;
use crate::clock::Timestamp;
use crate::error::{Outcome, Verdict};
use crate::finding::Level;
use crate::output::{Cell, Column, Fit, ListOptions, Look, Tone, View, column};
use crate::session::Session;
use crate::store::figures::{self, Figure, Figures};
use crate::store::{Read, named};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl status\n  licctl status --domain kms -o json --jq '.items[] | select(.worst == \"error\")'"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    list: ListOptions,
}

/// One line of the status.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct StatusView {
    domain: &'static str,
    instance: String,
    /// What is counted.
    object: String,
    used: Option<u64>,
    /// What there is, or what is needed.
    capacity: Option<u64>,
    /// The worst finding; null when all is well.
    worst: Option<Level>,
    message: String,
    /// The next date at which something falls due.
    due: Option<Timestamp>,
    /// What `used` was earlier, oldest first: what dated evidence tells of it, else what snapshots kept. Empty when neither does.
    trend: Vec<PointView>,
}

/// What was used at an earlier moment.
#[derive(Debug, Serialize, JsonSchema)]
struct PointView {
    time: Timestamp,
    used: u64,
}

impl From<Summary> for StatusView {
    fn from(summary: Summary) -> Self {
        let Summary { domain, instance, object, used, capacity, worst, message, due, trend } =
            summary;
        let trend = trend.into_iter().map(|(time, used)| PointView { time, used }).collect();
        Self { domain, instance, object, used, capacity, worst, message, due, trend }
    }
}

impl StatusView {
    /// The worst finding, in one cell with what it says and when it is due: a line must fit 80 columns.
    fn state(&self) -> Cell {
        let Cell { text, tone } = level(self.worst);
        let due = self.due.map_or_else(String::new, |due| format!(", {}", due.date()));
        Cell { text: format!("{text}: {}{due}", self.message), tone }
    }

    /// The trend and the present value as columns, whose heights are shares of the largest value that is seen or needed; empty
    /// without both.
    fn spark(&self) -> String {
        let Some(used) = self.used.filter(|_| !self.trend.is_empty()) else {
            return String::new();
        };
        let values: Vec<u64> =
            self.trend.iter().map(|point| point.used).chain(std::iter::once(used)).collect();
        let most = values.iter().copied().max().unwrap_or(0).max(self.capacity.unwrap_or(0));
        let step = |value: u64| {
            let share = u128::from(value) * 7;
            usize::try_from(share.div_ceil(u128::from(most.max(1)))).unwrap_or(0)
        };
        values.iter().filter_map(|value| COLUMNS.get(step(*value))).collect()
    }
}

/// Columns by height; none at all would leave a gap in the line.
const COLUMNS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// How many earlier moments a trend tells of, so that its column is no wider than its head.
const MOMENTS: usize = 4;

impl View for StatusView {
    const SCHEMA: &'static str = "licctl.status/1";
    const COLUMNS: &'static [Column] = &[
        column("DOMAIN", "domain", Fit::Keep),
        column("INSTANCE", "instance", Fit::Elide),
        column("OBJECT", "object", Fit::Phrase),
        column("USED", "used", Fit::Number),
        column("OF", "capacity", Fit::Number),
        column("TREND", "trend", Fit::Seldom),
        column("STATE", "message", Fit::Phrase),
        column("WORST", "worst", Fit::Asked),
        column("DUE", "due", Fit::Asked),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let number = |number: Option<u64>| {
            number.map_or_else(|| "-".to_owned(), |number| number.to_string())
        };
        vec![
            self.domain.into(),
            self.instance.clone().into(),
            self.object.clone().into(),
            number(self.used).into(),
            number(self.capacity).into(),
            self.spark().into(),
            self.state(),
            level(self.worst),
            self.due.map_or_else(|| "-".to_owned(), Timestamp::date).into(),
        ]
    }

    fn name(&self) -> String {
        format!("{}/{}", self.domain, self.instance)
    }
}

/// A finding's level as a cell; `ok` when there is none.
pub(super) fn level(level: Option<Level>) -> Cell {
    match level {
        None => Cell::toned("ok", Tone::Good),
        Some(Level::Error) => Cell::toned("error", Tone::Bad),
        Some(Level::Warning) => Cell::toned("warning", Tone::Warning),
        Some(Level::Info) => Cell::toned("info", Tone::Faint),
    }
}

/// A level as a word of a style sheet: `good` when there is none.
pub(super) fn tone(level: Option<Level>) -> &'static str {
    level.map_or("good", Level::word)
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![(StatusView::SCHEMA, schema_for!(StatusView))]
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    arguments.scope.known(session)?;
    list(&arguments.scope, &arguments.list, session)?;
    Ok(Verdict::Yes)
}

/// The status as another command's closing part.
pub(super) fn show(scope: &Scope, session: &mut Session) -> Outcome<()> {
    list(scope, &ListOptions::default(), session)
}

fn list(scope: &Scope, options: &ListOptions, session: &mut Session) -> Outcome<()> {
    let question = Question { now: session.now, instance: scope.instance.clone(), policy: None };
    let apis: Vec<_> = scope.apis().collect();
    let (mut empty, mut holds) = (true, false);
    session.list::<StatusView>(options, |read, _, sink| {
        let kept = figures::before(read, question.now, i64::try_from(MOMENTS).unwrap_or(0))?;
        for api in apis {
            let mut lines = (api.summary)(read, &question)?;
            remember(&mut lines, &kept);
            for line in lines {
                empty = false;
                if sink.row(&StatusView::from(line))?.is_break() {
                    return Ok(());
                }
            }
            holds = holds || named::holds(read, api.tables)?;
        }
        Ok(())
    })?;
    if empty && holds {
        session.printer.note("nothing is counted yet of what the store holds");
    } else if empty {
        session.printer.note("the store is empty; `licctl import PATH` brings something in");
    }
    Ok(())
}

/// What every line counts now, to be kept with a moment.
pub(super) fn counted(read: &mut dyn Read, now: Timestamp) -> Outcome<Vec<Figure>> {
    let question = Question { now, instance: None, policy: None };
    let mut figures = Vec::new();
    for api in apis::APIS {
        figures.extend((api.summary)(read, &question)?.into_iter().filter_map(|line| {
            Some(Figure {
                domain: line.domain.to_owned(),
                used: line.used?,
                instance: line.instance,
                object: line.object,
            })
        }));
    }
    Ok(figures)
}

/// Gives the lines of a domain that no evidence tells a trend what was kept of them.
fn remember(lines: &mut [Summary], kept: &[Figures]) {
    let trends: Vec<Vec<(Timestamp, u64)>> = lines
        .iter()
        .map(|line| {
            let earlier = |then: &Figures| {
                earlier(&then.figures, lines, line).map(|figure| (then.time, figure.used))
            };
            kept.iter().filter_map(earlier).collect()
        })
        .collect();
    for (line, trend) in lines.iter_mut().zip(trends) {
        if line.trend.is_empty() {
            line.trend = trend;
        }
    }
}

/// The figure that a line had then: that of the same object. What is counted may be worded otherwise by now, so that the only line of
/// an instance, or of a domain, is the same line whatever it is called.
fn earlier<'a>(then: &'a [Figure], now: &[Summary], line: &Summary) -> Option<&'a Figure> {
    let domain = |figure: &&Figure| figure.domain == line.domain;
    let instance =
        |figure: &&Figure| domain(figure) && figure.instance.eq_ignore_ascii_case(&line.instance);
    let exact = then.iter().find(|figure| instance(figure) && figure.object == line.object);
    let lines = || now.iter().filter(|other| other.domain == line.domain);
    let of_instance = lines().filter(|other| other.instance == line.instance).count();
    let alone = |count: usize, same: &dyn Fn(&&Figure) -> bool| {
        let mut figures = then.iter().filter(|figure| same(figure));
        figures.next().filter(|_| count == 1 && figures.next().is_none())
    };
    exact.or_else(|| alone(of_instance, &instance)).or_else(|| alone(lines().count(), &domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(instance: &str, object: &str, used: u64) -> Summary {
        Summary {
            domain: "csp",
            instance: instance.into(),
            object: object.into(),
            used: Some(used),
            capacity: None,
            worst: None,
            message: String::new(),
            due: None,
            trend: Vec::new(),
        }
    }

    fn figure(instance: &str, object: &str, used: u64) -> Figure {
        Figure { domain: "csp".into(), instance: instance.into(), object: object.into(), used }
    }

    fn spark(trend: &[u64], used: Option<u64>, capacity: Option<u64>) -> String {
        let at = |used: &u64| (Timestamp::MIN, *used);
        let trend = trend.iter().map(at).collect();
        StatusView::from(Summary { used, capacity, trend, ..line("a", "b", 0) }).spark()
    }

    #[test]
    fn a_trend_stands_on_zero_and_reaches_to_what_is_needed() {
        assert_eq!(spark(&[0, 25], Some(50), Some(50)), "▁▅█");
        assert_eq!(spark(&[1], Some(1), Some(1_000_000)), "▂▂");
        assert_eq!(spark(&[u64::MAX], Some(0), None), "█▁");
        assert_eq!(spark(&[0], Some(0), None), "▁▁");
    }

    #[test]
    fn without_a_past_or_a_present_there_is_no_trend() {
        assert_eq!(spark(&[], Some(50), Some(50)), "");
        assert_eq!(spark(&[50], None, Some(50)), "");
    }

    #[test]
    fn a_line_that_is_worded_otherwise_now_is_known_when_it_is_the_only_one() {
        let now = [line("4 devices", "editions", 4)];
        let then = [figure("3 devices", "edition Pro", 3)];
        assert_eq!(earlier(&then, &now, &now[0]), then.first());
    }

    #[test]
    fn a_line_among_several_is_known_by_its_object_alone() {
        let now = [line("kms01", "windows N=25", 4), line("kms01", "windows N=5", 5)];
        let then = [figure("kms01", "windows N=5", 2)];
        assert_eq!(earlier(&then, &now, &now[0]), None);
        assert_eq!(earlier(&then, &now, &now[1]), then.first());
    }

    #[test]
    fn what_evidence_tells_goes_before_what_was_kept() {
        let kept = [Figures { time: Timestamp::MIN, figures: vec![figure("a", "b", 7)] }];
        let told = Summary { trend: vec![(Timestamp::MIN, 1)], ..line("a", "b", 2) };
        let mut lines = [told, line("a", "c", 2), line("b", "b", 2)];
        remember(&mut lines, &kept);
        assert_eq!(lines[0].trend, [(Timestamp::MIN, 1)]);
        assert!(lines[1].trend.is_empty() && lines[2].trend.is_empty());
        let mut lines = [line("a", "b", 2)];
        remember(&mut lines, &kept);
        assert_eq!(lines[0].trend, [(Timestamp::MIN, 7)]);
    }
}
