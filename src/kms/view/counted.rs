//! Answers that are counts: the trend, the counters of hosts, names with many CMIDs.

use crate::clock::Timestamp;
use crate::kms::catalog::code;
use crate::kms::catalog::enumerations::LicenseStatus;
use crate::kms::model::Editions;
use crate::kms::report::Pool;
use crate::kms::report::churn::Churned;
use crate::kms::report::counters::{Comparison, Line};
use crate::kms::report::trend::{Bucket, Split};
use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The requests of an hour, a day or a week.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BucketView<'a> {
    /// `2025-03-09T07:00:00Z`, `2025-03-09` or `2025-W10`.
    bucket: String,
    total: u64,
    /// CMIDs that asked.
    distinct_clients: u64,
    /// Requests by the value they are split by, as the API writes it; empty without `--split`.
    split: BTreeMap<String, u64>,
    #[serde(skip)]
    by: Option<Split>,
    #[serde(skip)]
    editions: &'a Editions,
}

impl<'a> BucketView<'a> {
    #[must_use]
    pub fn new(bucket: Bucket, by: Option<Split>, editions: &'a Editions) -> Self {
        Self {
            bucket: bucket.label,
            total: bucket.total,
            distinct_clients: bucket.distinct,
            split: bucket.split,
            by,
            editions,
        }
    }
}

/// A value of the split for people.
fn decoded(by: Split, value: &str, editions: &Editions) -> String {
    let number = || value.parse::<u32>().ok();
    match by {
        Split::Status => {
            let named = number().and_then(LicenseStatus::from_number);
            named.map_or_else(|| value.to_owned(), |status| status.state().named.name.to_owned())
        }
        Split::Hresult => {
            let number =
                value.strip_prefix("0x").and_then(|digits| u32::from_str_radix(digits, 16).ok());
            number.and_then(code).map_or_else(|| value.to_owned(), |code| code.symbol.to_owned())
        }
        Split::Product => {
            Uuid::try_parse(value).map_or_else(|_| value.to_owned(), |id| editions.name(id))
        }
        Split::Application => {
            let pool = Uuid::try_parse(value).ok().map(Pool::of_application);
            pool.map_or_else(|| value.to_owned(), |pool| pool.word().to_owned())
        }
        Split::Vm if value == "1" => "virtual".to_owned(),
        Split::Vm => "physical".to_owned(),
        Split::Host => value.to_owned(),
        Split::N => format!("N={value}"),
    }
}

impl View for BucketView<'_> {
    const SCHEMA: &'static str = "licctl.kms.trend/1";
    const COLUMNS: &'static [Column] = &[
        column("BUCKET", "bucket", Fit::Keep),
        column("TOTAL", "total", Fit::Number),
        column("CLIENTS", "distinctClients", Fit::Number),
        column("SPLIT", "split", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let told = self.split.iter().map(|(value, count)| {
            let value =
                self.by.map_or_else(|| value.clone(), |by| decoded(by, value, self.editions));
            format!("{value} {count}")
        });
        let told: Vec<String> = told.collect();
        vec![
            self.bucket.clone().into(),
            self.total.to_string().into(),
            self.distinct_clients.to_string().into(),
            told.join(", ").into(),
        ]
    }

    fn name(&self) -> String {
        self.bucket.clone()
    }
}

/// One counter of a host, in two snapshots and in the log between them.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CounterView<'a> {
    host: &'a str,
    pool: &'static str,
    counter: &'static str,
    /// When the earlier snapshot was taken; null when there is one snapshot only.
    from: Option<Timestamp>,
    until: Timestamp,
    /// Null when a snapshot does not show it.
    snapshot1: Option<u32>,
    snapshot2: Option<u32>,
    delta: Option<i64>,
    /// Requests in the log between the two; null without a log.
    rows: Option<u64>,
    /// What the counter grew beyond the rows; null when a counter fell.
    difference: Option<i64>,
}

impl<'a> CounterView<'a> {
    #[must_use]
    pub fn new(compared: &'a Comparison, line: &Line) -> Self {
        Self {
            host: &compared.host,
            pool: compared.pool.word(),
            counter: line.counter,
            from: compared.earlier.as_ref().map(|earlier| earlier.taken),
            until: compared.later.taken,
            snapshot1: line.earlier,
            snapshot2: line.later,
            delta: line.delta,
            rows: line.rows,
            difference: line.difference,
        }
    }
}

fn or_dash<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

impl View for CounterView<'_> {
    const SCHEMA: &'static str = "licctl.kms.counters/1";
    const COLUMNS: &'static [Column] = &[
        column("HOST", "host", Fit::Elide),
        column("POOL", "pool", Fit::Keep),
        column("COUNTER", "counter", Fit::Keep),
        column("SNAPSHOT-1", "snapshot1", Fit::Number),
        column("SNAPSHOT-2", "snapshot2", Fit::Number),
        column("DELTA", "delta", Fit::SpareNumber),
        column("ROWS", "rows", Fit::Number),
        column("DIFFERENCE", "difference", Fit::Number),
    ];
    const TIME: Option<&'static str> = Some("until");

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let short = self
            .counter
            .strip_prefix("KeyManagementService")
            .and_then(|rest| rest.strip_suffix("Requests"));
        let tone = match self.difference {
            Some(0) | None => Tone::Plain,
            Some(_) => Tone::Warning,
        };
        vec![
            self.host.into(),
            self.pool.into(),
            short.unwrap_or(self.counter).into(),
            or_dash(self.snapshot1).into(),
            or_dash(self.snapshot2).into(),
            or_dash(self.delta).into(),
            or_dash(self.rows).into(),
            Cell::toned(or_dash(self.difference), tone),
        ]
    }

    fn name(&self) -> String {
        format!("{}/{}/{}", self.host, self.pool, self.counter)
    }
}

/// A name with many CMIDs.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChurnView<'a> {
    /// Up to the first dot, lower case.
    #[serde(rename = "ClientName")]
    client_name: &'a str,
    pool: &'static str,
    cmids: u64,
    first: Timestamp,
    last: Timestamp,
    /// CMIDs that stand for no machine of their own.
    phantoms: u64,
}

impl<'a> From<&'a Churned> for ChurnView<'a> {
    fn from(churned: &'a Churned) -> Self {
        Self {
            client_name: &churned.label,
            pool: churned.pool.word(),
            cmids: churned.cmids,
            first: churned.first,
            last: churned.last,
            phantoms: churned.phantoms(),
        }
    }
}

impl View for ChurnView<'_> {
    const SCHEMA: &'static str = "licctl.kms.churn/1";
    const COLUMNS: &'static [Column] = &[
        column("CLIENT", "ClientName", Fit::Elide),
        column("POOL", "pool", Fit::Keep),
        column("CMIDS", "cmids", Fit::Number),
        column("FIRST", "first", Fit::Keep),
        column("LAST", "last", Fit::Keep),
        column("PHANTOMS", "phantoms", Fit::Number),
    ];
    const TIME: Option<&'static str> = Some("last");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            self.client_name.into(),
            self.pool.into(),
            self.cmids.to_string().into(),
            look.time(self.first).into(),
            look.time(self.last).into(),
            self.phantoms.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.client_name.to_owned()
    }
}
