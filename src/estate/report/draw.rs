//! From the figures of a chart to what the page draws: bars as shares, lines and columns in a square of 100 by 100.
//!
//! Words stand outside of the drawing, so that they keep their size on a narrow screen.

use super::super::status::tone;
use crate::chart::{Bar, Body, Chart, Series, Stack};
use crate::clock::Timestamp;
use std::fmt::Write as _;

/// A chart as the template wants it: bars, or a plot.
pub(super) struct Drawn {
    pub(super) title: String,
    pub(super) note: String,
    pub(super) bars: Vec<DrawnBar>,
    /// How many bars are not shown.
    pub(super) more: usize,
    pub(super) plot: Option<Plot>,
}

/// One bar: shares in percent of the track.
pub(super) struct DrawnBar {
    pub(super) label: String,
    pub(super) figures: String,
    pub(super) tone: &'static str,
    pub(super) width: String,
    /// Where the capacity or the threshold is.
    pub(super) mark: Option<String>,
}

/// Lines or columns over days.
pub(super) struct Plot {
    pub(super) ticks: Vec<Tick>,
    pub(super) shapes: Vec<Shape>,
    pub(super) limits: Vec<Tick>,
    pub(super) days: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

/// A word at a height.
pub(super) struct Tick {
    /// From the foot, percent.
    pub(super) at: String,
    /// From the top, as the drawing counts.
    pub(super) down: String,
    pub(super) text: String,
}

/// A path with its class.
pub(super) struct Shape {
    pub(super) class: String,
    pub(super) path: String,
}

/// How many bars a chart shows.
const BARS: usize = 40;
/// How many rows the table of a plot has.
const ROWS: usize = 400;

impl Drawn {
    pub(super) fn new(chart: Chart) -> Self {
        let Chart { title, note, body, .. } = chart;
        let (mut bars, mut more, mut plot) = (Vec::new(), 0, None);
        match body {
            Body::Bars(all) => {
                more = all.len().saturating_sub(BARS);
                bars = all.into_iter().take(BARS).map(DrawnBar::new).collect();
            }
            Body::Series(series) => plot = Some(lines(series)),
            Body::Stack(stack) => plot = Some(columns(stack)),
        }
        Self { title, note, bars, more, plot }
    }
}

impl DrawnBar {
    fn new(bar: Bar) -> Self {
        // What is over its capacity makes the track longer, and the mark moves to the left.
        let whole = bar.of.unwrap_or(0).max(bar.used).max(1);
        let figures = match bar.of {
            Some(of) => format!("{} of {of}", bar.used),
            None => bar.used.to_string(),
        };
        let mark = bar.of.filter(|of| *of < whole && *of > 0).map(|of| share(of, whole));
        let width = share(bar.used, whole);
        Self { label: bar.label, figures, tone: tone(bar.level), width, mark }
    }
}

/// A share in percent, to the tenth.
fn share(part: u64, whole: u64) -> String {
    let thousandths = u128::from(part) * 1000 / u128::from(whole.max(1));
    match (thousandths / 10, thousandths % 10) {
        (percent, 0) => percent.to_string(),
        (percent, tenth) => format!("{percent}.{tenth}"),
    }
}

/// What is left of a share above it.
fn above(part: u64, whole: u64) -> String {
    share(whole.saturating_sub(part), whole)
}

/// The top of an axis that shows `largest`: 1, 2 or 5 times a power of ten, and how many steps it has.
fn top(largest: u64) -> (u64, u64) {
    let mut unit = 1_u64;
    loop {
        for (factor, steps) in [(1, 1), (2, 2), (5, 5), (10, 5)] {
            let top = unit.saturating_mul(factor);
            if top >= largest && top > 1 {
                return (top, if top < 5 { top } else { steps.max(2) });
            }
        }
        unit = unit.saturating_mul(10);
        if unit == u64::MAX {
            return (u64::MAX, 1);
        }
    }
}

fn ticks(top: u64, steps: u64) -> Vec<Tick> {
    (0..=steps)
        .map(|step| {
            let value = top / steps * step;
            tick(value, top, value.to_string())
        })
        .collect()
}

fn tick(value: u64, top: u64, text: String) -> Tick {
    Tick { at: share(value, top), down: above(value, top), text }
}

/// First, middle and last day.
fn ends(days: &[Timestamp]) -> Vec<String> {
    let picked = [days.first(), days.get(days.len() / 2), days.last()];
    let mut words: Vec<String> = picked.into_iter().flatten().map(|day| day.date()).collect();
    words.dedup();
    words
}

fn lines(series: Series) -> Plot {
    let values = series.lines.iter().flat_map(|line| line.points.iter().map(|(_, value)| *value));
    let largest = values.chain(series.limits.iter().map(|(_, limit)| *limit)).max().unwrap_or(0);
    let (top, steps) = top(largest);
    let mut days: Vec<Timestamp> =
        series.lines.iter().flat_map(|line| line.points.iter().map(|(day, _)| *day)).collect();
    days.sort_unstable();
    days.dedup();
    let first = days.first().map_or(0, |day| day.ms());
    let span = days.last().map_or(1, |day| day.ms() - first).max(1);
    let across = |day: Timestamp| {
        share(u64::try_from(day.ms() - first).unwrap_or(0), u64::try_from(span).unwrap_or(1))
    };
    let mut shapes: Vec<Shape> = series
        .limits
        .iter()
        .map(|(_, limit)| Shape {
            class: "rule".to_owned(),
            path: format!("M0 {}H100", above(*limit, top)),
        })
        .collect();
    for (at, line) in series.lines.iter().enumerate() {
        let mut path = String::new();
        for (day, value) in &line.points {
            let step = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{step}{} {}", across(*day), above(*value, top));
        }
        shapes.push(Shape { class: format!("line l{}", at % 8), path });
    }
    let value = |line: &crate::chart::Line, day: Timestamp| {
        let found = line.points.iter().find(|(at, _)| *at == day);
        found.map_or_else(String::new, |(_, value)| value.to_string())
    };
    let rows = days.iter().rev().take(ROWS).map(|day| {
        std::iter::once(day.date()).chain(series.lines.iter().map(|line| value(line, *day)))
    });
    Plot {
        ticks: ticks(top, steps),
        limits: series
            .limits
            .iter()
            .map(|(name, limit)| tick(*limit, top, format!("{name}: {limit}")))
            .collect(),
        days: ends(&days),
        rows: rows.map(Iterator::collect).collect(),
        names: series.lines.into_iter().map(|line| line.name).collect(),
        shapes,
    }
}

fn columns(stack: Stack) -> Plot {
    let largest = stack.days.iter().map(|(_, values)| values.iter().sum::<u64>()).max();
    let (top, steps) = top(largest.unwrap_or(0));
    let count = u64::try_from(stack.days.len().max(1)).unwrap_or(1);
    let mut paths = vec![String::new(); stack.parts.len()];
    for (at, (_, values)) in (0_u64..).zip(&stack.days) {
        // A gap of a tenth between two columns.
        let (left, right) = (share(at * 10, count * 10), share(at * 10 + 9, count * 10));
        let mut foot = 0;
        for (path, value) in paths.iter_mut().zip(values) {
            if *value > 0 {
                let (low, high) = (above(foot, top), above(foot + value, top));
                let _ = write!(path, "M{left} {low}H{right}V{high}H{left}Z");
                foot += value;
            }
        }
    }
    let shapes = paths.into_iter().enumerate();
    let days: Vec<Timestamp> = stack.days.iter().map(|(day, _)| *day).collect();
    let rows = stack.days.iter().rev().take(ROWS).map(|(day, values)| {
        std::iter::once(day.date()).chain(values.iter().map(u64::to_string)).collect()
    });
    Plot {
        ticks: ticks(top, steps),
        limits: Vec::new(),
        days: ends(&days),
        rows: rows.collect(),
        names: stack.parts,
        shapes: shapes.map(|(at, path)| Shape { class: format!("f{}", at % 8), path }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Level;

    #[test]
    fn an_axis_ends_at_a_round_number_that_holds_the_largest_value() {
        assert_eq!(top(0), (2, 2));
        assert_eq!(top(7), (10, 5));
        assert_eq!(top(12), (20, 2));
        assert_eq!(top(50), (50, 5));
        assert_eq!(top(51), (100, 5));
    }

    #[test]
    fn use_over_the_capacity_moves_the_mark_and_not_the_end() {
        let bar = |used, of| {
            let level = Some(Level::Error);
            DrawnBar::new(Bar { label: String::new(), used, of: Some(of), level })
        };
        let over = bar(150, 100);
        assert_eq!((over.width.as_str(), over.mark.as_deref()), ("100", Some("66.6")));
        let half = bar(50, 100);
        assert_eq!((half.width.as_str(), half.mark), ("50", None));
        assert_eq!(bar(3, 0).width, "100");
    }

    #[test]
    fn a_column_is_as_high_as_its_part_of_the_day() {
        let day = Timestamp::from_ms(0).unwrap();
        let stack =
            Stack { parts: vec!["a".to_owned(), "b".to_owned()], days: vec![(day, vec![4, 6])] };
        let plot = columns(stack);
        let paths: Vec<&str> = plot.shapes.iter().map(|shape| shape.path.as_str()).collect();
        assert_eq!(paths, ["M0 100H90V60H0Z", "M0 60H90V0H0Z"]);
    }
}
