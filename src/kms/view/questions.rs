//! Answers of the questions.

use super::evidence::Guid;
use crate::clock::Timestamp;
use crate::finding::Level;
use crate::kms::model::Editions;
use crate::kms::report::lapse::{Lapse, State};
use crate::kms::report::outlook::Outlook;
use crate::kms::report::shared::{Class, Shared};
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use schemars::JsonSchema;
use serde::Serialize;

/// What becomes of one required count in one pool.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutlookView {
    pool: &'static str,
    #[serde(rename = "RequiredClientCount")]
    required_client_count: u32,
    /// Null when nothing is known.
    count: Option<u64>,
    limit: Option<u64>,
    active: Option<u64>,
    #[serde(rename = "virtual")]
    virtual_machines: Option<u64>,
    silent: Option<u64>,
    kept: Option<u64>,
    arrivals_per_day: Option<f64>,
    /// The logs are too short to tell new clients from old ones.
    arrivals_unknown: Option<bool>,
    /// `reached`, `will-fall`, `will-reach`, `will-not-reach`, `not-reached`, `unknown`.
    verdict: &'static str,
    /// When the count first is on the other side of the required one.
    date: Option<Timestamp>,
    phantoms: Option<u64>,
    wasted: Option<u64>,
    count_without_phantoms: Option<u64>,
    count_if_duplicates_fixed: Option<u64>,
    /// The logs are shorter than the window: there may be more clients.
    lower_bound: Option<bool>,
    /// `rows`, `snapshot` or `none`.
    source: &'static str,
    notes: Vec<String>,
    #[serde(skip)]
    level: Option<Level>,
}

impl From<&Outlook> for OutlookView {
    fn from(outlook: &Outlook) -> Self {
        let figures = outlook.figures.as_ref();
        Self {
            pool: outlook.pool.word(),
            required_client_count: outlook.required,
            count: outlook.count,
            limit: figures.map(|figures| figures.limit),
            active: figures.map(|figures| figures.active),
            virtual_machines: figures.map(|figures| figures.virtual_machines),
            silent: figures.map(|figures| figures.silent),
            kept: figures.map(|figures| figures.kept),
            arrivals_per_day: figures.map(|figures| figures.arrivals_per_day),
            arrivals_unknown: figures.map(|figures| figures.arrivals_unknown),
            verdict: outlook.verdict.word(),
            date: outlook.date,
            phantoms: figures.map(|figures| figures.phantoms),
            wasted: figures.map(|figures| figures.wasted),
            count_without_phantoms: figures.map(|figures| figures.without_phantoms),
            count_if_duplicates_fixed: figures.map(|figures| figures.if_duplicates_fixed),
            lower_bound: figures.map(|figures| figures.lower_bound),
            source: outlook.source.word(),
            notes: outlook.notes.iter().map(ToString::to_string).collect(),
            level: outlook.finding().map(|finding| finding.severity),
        }
    }
}

fn number(number: Option<u64>) -> Cell {
    number.map_or_else(|| "-".to_owned(), |number| number.to_string()).into()
}

impl View for OutlookView {
    const SCHEMA: &'static str = "licctl.kms.threshold/1";
    const COLUMNS: &'static [Column] = &[
        column("POOL", "pool", Fit::Keep),
        column("N", "RequiredClientCount", Fit::Number),
        column("COUNT", "count", Fit::Number),
        column("LIMIT", "limit", Fit::Number),
        column("ACTIVE", "active", Fit::Number),
        column("VM", "virtual", Fit::Number),
        column("SILENT", "silent", Fit::Number),
        column("ARRIVALS/DAY", "arrivalsPerDay", Fit::SpareNumber),
        column("VERDICT", "verdict", Fit::Keep),
        column("DATE", "date", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let tone = match self.level {
            Some(Level::Error) => Tone::Bad,
            Some(Level::Warning) => Tone::Warning,
            _ if self.verdict == "reached" => Tone::Good,
            _ => Tone::Plain,
        };
        let arrivals = match (self.arrivals_per_day, self.arrivals_unknown) {
            (Some(_), Some(true)) => "?".to_owned(),
            (Some(rate), _) => format!("{rate:.1}"),
            (None, _) => "-".to_owned(),
        };
        vec![
            self.pool.into(),
            self.required_client_count.to_string().into(),
            number(self.count),
            number(self.limit),
            number(self.active),
            number(self.virtual_machines),
            number(self.silent),
            arrivals.into(),
            Cell::toned(self.verdict, tone),
            self.date.map_or_else(|| "-".to_owned(), Timestamp::date).into(),
        ]
    }

    fn name(&self) -> String {
        format!("{}/{}", self.pool, self.required_client_count)
    }
}

/// A client that has not renewed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LapseView<'a> {
    #[serde(rename = "ClientName")]
    client_name: &'a str,
    #[serde(rename = "ClientMachineID")]
    client_machine_id: Guid,
    #[serde(rename = "ActivationID")]
    activation_id: Guid,
    pool: &'static str,
    /// The newest valid request.
    last_renewed: Timestamp,
    days_silent: i64,
    /// When the present state ends.
    falls_out: Timestamp,
    /// When Notification begins.
    notification_at: Timestamp,
    /// May be negative.
    days_left: i64,
    /// `stale`, `grace` or `out`.
    state: &'static str,
    /// The same name has a newer request under another CMID.
    superseded: bool,
    host: &'a str,
    #[serde(skip)]
    worst: State,
    #[serde(skip)]
    editions: &'a Editions,
}

impl<'a> LapseView<'a> {
    #[must_use]
    pub fn new(lapse: &'a Lapse<'_>, editions: &'a Editions) -> Self {
        Self {
            client_name: &lapse.name,
            client_machine_id: Guid(lapse.cmid),
            activation_id: Guid(lapse.activation),
            pool: lapse.pool.word(),
            last_renewed: lapse.last,
            days_silent: lapse.days_silent,
            falls_out: lapse.life.falls_out,
            notification_at: lapse.life.notification,
            days_left: lapse.days_left,
            state: lapse.state.word(),
            superseded: lapse.superseded,
            host: lapse.host,
            worst: lapse.state,
            editions,
        }
    }
}

impl View for LapseView<'_> {
    const SCHEMA: &'static str = "licctl.kms.stale/1";
    const COLUMNS: &'static [Column] = &[
        column("CLIENT", "ClientName", Fit::Elide),
        column("CMID", "ClientMachineID", Fit::Elide),
        column("PRODUCT", "ActivationID", Fit::Elide),
        column("LAST-RENEWED", "lastRenewed", Fit::Spare),
        column("SILENT", "daysSilent", Fit::Number),
        column("FALLS-OUT", "fallsOut", Fit::Keep),
        column("NOTIFICATION", "notificationAt", Fit::Keep),
        column("LEFT", "daysLeft", Fit::Number),
        column("STATE", "state", Fit::Keep),
        column("HOST", "host", Fit::Spare),
    ];
    const TIME: Option<&'static str> = Some("lastRenewed");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = match self.worst {
            State::Out => Tone::Bad,
            State::Grace => Tone::Warning,
            _ => Tone::Plain,
        };
        vec![
            self.client_name.into(),
            self.client_machine_id.0.to_string().into(),
            self.editions.name(self.activation_id.0).into(),
            look.time(self.last_renewed).into(),
            self.days_silent.to_string().into(),
            self.falls_out.date().into(),
            self.notification_at.date().into(),
            self.days_left.to_string().into(),
            Cell::toned(self.state, tone),
            self.host.into(),
        ]
    }

    fn name(&self) -> String {
        self.client_machine_id.0.to_string()
    }
}

/// A CMID that several names share.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SharedView {
    /// `duplicate`, `rename` or `alias`.
    class: &'static str,
    pool: &'static str,
    #[serde(rename = "ClientMachineID")]
    client_machine_id: Guid,
    names: Vec<NamedView>,
    /// Machines that the host does not count.
    wasted: u64,
    first: Timestamp,
    last: Timestamp,
    /// `interleaved`, `three-or-more`, `vm-differs`, `status-regressed`, `minutes`.
    evidence: Vec<&'static str>,
    /// One label in two DNS domains: may be two machines.
    two_domains: bool,
    #[serde(skip)]
    bad: bool,
}

/// One of the names.
#[derive(Debug, Serialize, JsonSchema)]
struct NamedView {
    #[serde(rename = "ClientName")]
    client_name: String,
    rows: u64,
    first: Timestamp,
    last: Timestamp,
}

impl From<&Shared> for SharedView {
    fn from(shared: &Shared) -> Self {
        let named = |named: &crate::kms::report::shared::Named| NamedView {
            client_name: named.name.clone(),
            rows: named.rows,
            first: named.first,
            last: named.last,
        };
        Self {
            class: shared.class.word(),
            pool: shared.pool.word(),
            client_machine_id: Guid(shared.cmid),
            names: shared.names.iter().map(named).collect(),
            wasted: shared.wasted,
            first: shared.first,
            last: shared.last,
            evidence: shared.evidence.iter().map(|evidence| evidence.word()).collect(),
            two_domains: shared.two_domains,
            bad: shared.class == Class::Duplicate,
        }
    }
}

impl View for SharedView {
    const SCHEMA: &'static str = "licctl.kms.duplicates/1";
    const COLUMNS: &'static [Column] = &[
        column("CLASS", "class", Fit::Keep),
        column("POOL", "pool", Fit::Keep),
        column("CMID", "ClientMachineID", Fit::Elide),
        column("NAMES", "names", Fit::Wrap),
        column("WASTED", "wasted", Fit::Number),
        column("FIRST", "first", Fit::Spare),
        column("LAST", "last", Fit::Spare),
        column("EVIDENCE", "evidence", Fit::Wrap),
    ];
    const TIME: Option<&'static str> = Some("last");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let shown: Vec<String> = self
            .names
            .iter()
            .take(3)
            .map(|named| format!("{} ×{}", named.client_name, named.rows))
            .collect();
        let more = self.names.len() - shown.len();
        let names = if more > 0 {
            format!("{} and {more} more", shown.join(", "))
        } else {
            shown.join(", ")
        };
        vec![
            Cell::toned(self.class, if self.bad { Tone::Bad } else { Tone::Plain }),
            self.pool.into(),
            self.client_machine_id.0.to_string().into(),
            names.into(),
            self.wasted.to_string().into(),
            look.time(self.first).into(),
            look.time(self.last).into(),
            if self.two_domains { "two domains".to_owned() } else { self.evidence.join(", ") }
                .into(),
        ]
    }

    fn name(&self) -> String {
        self.client_machine_id.0.to_string()
    }
}
