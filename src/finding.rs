//! The one type of what `check`, `lint` and the reports find.

mod detail;
mod kept;
mod series;
mod written;

pub use detail::{Detail, Held};
pub use kept::{Findings, Gathering, Kept, Tally};
pub use serde_json::Value;
pub use series::Series;

use crate::clock::Timestamp;
use crate::error::Outcome;
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// How bad a finding is, worst first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Error,
    Warning,
    Info,
}

impl Level {
    /// The worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// The word of the command line and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FilePlace {
    pub file: String,
    /// Counted from 1; null when the finding concerns the file as a whole.
    pub line: Option<u64>,
}

/// Takes findings as they are found: an estate may have a million of them.
pub trait Take {
    fn take(&mut self, finding: Finding) -> Outcome<()>;

    /// Takes many at once. Whoever looks into each of them takes them one by one.
    fn take_series(&mut self, series: Box<dyn Series>) -> Outcome<()> {
        series.each(&mut |finding| self.take(finding))
    }
}

impl<F: FnMut(Finding) -> Outcome<()>> Take for F {
    fn take(&mut self, finding: Finding) -> Outcome<()> {
        self(finding)
    }
}

/// What findings are handed over to.
pub type Found<'f> = dyn Take + 'f;

/// Hands findings over.
pub fn hand_over(
    found: &mut Found<'_>,
    findings: impl IntoIterator<Item = Finding>,
) -> Outcome<()> {
    findings.into_iter().try_for_each(|finding| found.take(finding))
}

/// Something that an administrator should know or mend.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The domain's name: `kms`.
    pub domain: &'static str,
    /// The instance, or empty when the finding concerns the whole domain.
    pub instance: String,
    /// Stable word: `threshold.will-fall`.
    pub class: &'static str,
    pub severity: Level,
    /// What it is about: a machine, a key pack, a file.
    pub object: String,
    /// One sentence, lower case, no final period.
    pub message: String,
    /// The domain's own members.
    pub detail: Detail,
    /// Since when it holds, when that is known.
    pub since: Option<Timestamp>,
    /// When it becomes, or became, a failure.
    pub due: Option<Timestamp>,
    /// What to do.
    pub remedy: Cow<'static, str>,
    pub place: Option<FilePlace>,
}

impl Finding {
    /// A finding about `object` of the whole domain; the rest is added by the methods below.
    #[must_use]
    pub fn new(
        domain: &'static str,
        class: &'static str,
        severity: Level,
        object: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            domain,
            instance: String::new(),
            class,
            severity,
            object: object.into(),
            message: message.into(),
            detail: Detail::default(),
            since: None,
            due: None,
            remedy: Cow::Borrowed(""),
            place: None,
        }
    }

    /// Names the instance it was found in.
    #[must_use]
    pub fn within(self, instance: impl Into<String>) -> Self {
        Self { instance: instance.into(), ..self }
    }

    /// Adds a member of the domain's own; lowerCamelCase, or the API's spelling.
    #[must_use]
    pub fn with(mut self, member: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.detail.tell(member, value);
        self
    }

    /// Puts these members in the place of those that were told.
    #[must_use]
    pub fn detailed(self, detail: Detail) -> Self {
        Self { detail, ..self }
    }

    #[must_use]
    pub fn since(self, since: Option<Timestamp>) -> Self {
        Self { since, ..self }
    }

    #[must_use]
    pub fn due(self, due: Option<Timestamp>) -> Self {
        Self { due, ..self }
    }

    #[must_use]
    pub fn remedy(self, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self { remedy: remedy.into(), ..self }
    }
}
