//! What a domain draws of itself: figures and their limits. How they look is left to the report.

use crate::clock::Timestamp;
use crate::finding::Level;

/// One picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub domain: &'static str,
    /// What is shown: `clients that kms01 counts`.
    pub title: String,
    /// One sentence: how to read it.
    pub note: String,
    pub body: Body,
}

/// The figures of a chart.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Use against what there is, one bar each.
    Bars(Vec<Bar>),
    /// Values over time, with limits that they should keep.
    Series(Series),
    /// Parts of a whole by day.
    Stack(Stack),
}

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub label: String,
    pub used: u64,
    /// What there is, or what is needed; `None` when nothing limits it.
    pub of: Option<u64>,
    pub level: Option<Level>,
}

/// Values over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub lines: Vec<Line>,
    /// Named horizontal lines: what should be reached, or kept.
    pub limits: Vec<(String, u64)>,
}

/// One line of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub name: String,
    /// In the order of time.
    pub points: Vec<(Timestamp, u64)>,
}

/// Parts of a whole by day.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// The parts, from the foot up.
    pub parts: Vec<String>,
    /// Each day with a value for each part, in the order of time.
    pub days: Vec<(Timestamp, Vec<u64>)>,
}
