//! `kms health`, `counters`, `trend`, `policy`, `skew`, `suspicious`, `summary`: the questions about hosts, logs and settings.

use super::expected;
use super::questions::{OriginWord, pool_named, verdict};
use crate::clock::{Span, Timestamp};
use crate::error::{Outcome, Usage, Verdict};
use crate::finding::{Finding, Level};
use crate::kms::ops::questions::trend::TrendAsk;
use crate::kms::ops::questions::{
    Evidence, counters, digest, health, policy, skew, suspicious, trend,
};
use crate::kms::report::counters::Comparison;
use crate::kms::report::policy::Expected;
use crate::kms::report::trend::{By, Split};
use crate::kms::report::{Pool, WINDOW};
use crate::kms::view::{
    BucketView, CounterView, DigestView, HealthView, PolicyView, SkewView, StrangerView,
};
use crate::output::ListOptions;
use crate::session::Session;
use crate::store::Read;
use clap::builder::PossibleValuesParser;
use clap_complete::ArgValueCompleter;
use jiff::tz::TimeZone;
use std::path::PathBuf;

/// What every one of these questions takes.
#[derive(Debug, clap::Args)]
pub(super) struct Scoped {
    /// Only this host; default: all of them
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    host: Option<String>,
    /// Whose requests, snapshots and machines count
    #[arg(long, value_name = "ORIGIN", default_value = "all", hide_possible_values = true)]
    origin: OriginWord,
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    list: ListOptions,
}

impl Scoped {
    fn evidence(&self, read: &mut dyn Read, now: Timestamp) -> Outcome<Evidence> {
        Ok(Evidence::load(read, self.host.as_deref(), now)?.of(self.origin.origin()))
    }
}

/// An instant of an option. Usage error when it is none.
pub(super) fn instant(flag: &str, text: Option<&String>) -> Outcome<Option<Timestamp>> {
    text.map(|text| {
        Timestamp::parse(text)
            .ok_or_else(|| Usage::new(format!("`{flag} {text}` is no RFC 3339 time")).into())
    })
    .transpose()
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms health\n  licctl kms health --host kms04 --fail-on warning"
)]
pub(super) struct HealthArguments {
    /// How far back requests and events are judged
    #[arg(long, value_name = "SPAN", default_value_t = WINDOW)]
    window: Span,
    #[command(flatten)]
    scoped: Scoped,
}

pub(super) fn health(arguments: &HealthArguments, session: &mut Session) -> Outcome<Verdict> {
    let scoped = &arguments.scoped;
    let (findings, warnings) = session.read(|read, now| {
        let evidence = scoped.evidence(read, now)?;
        Ok((health::health(read, &evidence, arguments.window)?, evidence.warnings(read)?))
    })?;
    session.warn_all(warnings);
    session.printer.rows::<HealthView>(&scoped.list, findings.iter().map(HealthView::from))?;
    Ok(verdict(scoped.fail_on, findings.iter().map(|finding| finding.severity).min()))
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms counters\n  licctl kms counters --from 2026-01-01T00:00:00Z --host kms03 -o json"
)]
pub(super) struct CountersArguments {
    /// Compare with the newest snapshot at this time; default: with the one before the newest
    #[arg(long, value_name = "RFC3339")]
    from: Option<String>,
    #[command(flatten)]
    scoped: Scoped,
}

pub(super) fn counters(arguments: &CountersArguments, session: &mut Session) -> Outcome<Verdict> {
    let scoped = &arguments.scoped;
    let from = instant("--from", arguments.from.as_ref())?;
    let (found, warnings) = session.read(|read, now| {
        let evidence = scoped.evidence(read, now)?;
        Ok((counters::counters(read, &evidence, from)?, evidence.warnings(read)?))
    })?;
    session.warn_all(warnings);
    let lines = found
        .iter()
        .flat_map(|compared| compared.lines().map(move |line| CounterView::new(compared, &line)));
    session.printer.rows::<CounterView>(&scoped.list, lines)?;
    let findings: Vec<_> = found.iter().flat_map(Comparison::findings).collect();
    for finding in &findings {
        session.printer.note(&format!(
            "{}: {} {}: {}",
            finding.severity.word(),
            finding.class,
            finding.object,
            finding.message
        ));
    }
    Ok(verdict(scoped.fail_on, findings.iter().map(|finding| finding.severity).min()))
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms trend --by week\n  licctl kms trend --by hour --split hresult --from 2026-03-01T00:00:00Z\n  licctl kms trend --split product --pool office15+ -o csv"
)]
pub(super) struct TrendArguments {
    /// How long a bucket is; days and weeks are those of `--tz`, else of UTC
    #[arg(long, value_name = "LENGTH", default_value = "day", value_parser = PossibleValuesParser::new(By::ALL.map(By::word)))]
    by: String,
    /// Split each bucket by this
    #[arg(long, value_name = "MEMBER", value_parser = PossibleValuesParser::new(Split::ALL.map(Split::word)))]
    split: Option<String>,
    /// Only requests at or after this time
    #[arg(long, value_name = "RFC3339")]
    from: Option<String>,
    /// Only requests at or before this time
    #[arg(long, value_name = "RFC3339")]
    to: Option<String>,
    /// Only this pool
    #[arg(long, value_name = "POOL", value_parser = PossibleValuesParser::new(Pool::ALL.map(Pool::word)))]
    pool: Option<String>,
    /// Only requests to this host; default: all hosts merged
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    host: Option<String>,
    /// Whose requests count
    #[arg(long, value_name = "ORIGIN", default_value = "all", hide_possible_values = true)]
    origin: OriginWord,
    #[command(flatten)]
    list: ListOptions,
}

pub(super) fn trend(arguments: &TrendArguments, session: &mut Session) -> Outcome<Verdict> {
    let since = arguments.list.since.map(|span| session.now.plus_ms(-span.ms()));
    let split = arguments.split.as_deref();
    let split = split.and_then(|word| Split::ALL.into_iter().find(|split| split.word() == word));
    let ask = TrendAsk {
        by: By::ALL.into_iter().find(|by| by.word() == arguments.by).unwrap_or(By::Day),
        split,
        zone: session.zone.clone().unwrap_or(TimeZone::UTC),
        pool: arguments.pool.as_deref().and_then(pool_named),
        from: instant("--from", arguments.from.as_ref())?.max(since),
        until: instant("--to", arguments.to.as_ref())?,
    };
    let (buckets, warnings, evidence) = session.read(|read, now| {
        let evidence =
            Evidence::load(read, arguments.host.as_deref(), now)?.of(arguments.origin.origin());
        Ok((trend::trend(read, &evidence, &ask)?, evidence.warnings(read)?, evidence))
    })?;
    session.warn_all(warnings);
    // A bucket has no instant of its own: `--since` was applied to the requests.
    let list = ListOptions { since: None, ..arguments.list.clone() };
    let views =
        buckets.into_iter().map(|bucket| BucketView::new(bucket, split, evidence.editions()));
    session.printer.rows::<BucketView>(&list, views)?;
    Ok(Verdict::Yes)
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms policy\n  licctl kms policy --renewal 5040 --port 1689 --fail-on error\n  licctl kms policy --policy policy.toml\n\nThe table [kms] of a policy file has the keys activation, renewal, port and caching."
)]
pub(super) struct PolicyArguments {
    /// VLActivationInterval that is expected, minutes; default 120
    #[arg(long, value_name = "MINUTES")]
    activation: Option<u32>,
    /// VLRenewalInterval that is expected, minutes; default 10080
    #[arg(long, value_name = "MINUTES")]
    renewal: Option<u32>,
    /// The port that is expected; default 1688
    #[arg(long, value_name = "PORT")]
    port: Option<u32>,
    /// Whether host caching is expected; default true
    #[arg(long, value_name = "true|false")]
    caching: Option<bool>,
    /// A TOML file whose table `kms` has what is expected; flags win over it
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    policy: Option<PathBuf>,
    /// Only this machine; hosts are compared with each other in any case
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    machine: Option<String>,
    /// Whose settings count: those of snapshots, or of the model
    #[arg(long, value_name = "ORIGIN", default_value = "all", hide_possible_values = true)]
    origin: OriginWord,
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    list: ListOptions,
}

pub(super) fn policy(arguments: &PolicyArguments, session: &mut Session) -> Outcome<Verdict> {
    let stated = match &arguments.policy {
        Some(path) => expected::read(path)?,
        None => Expected::default(),
    };
    let usual = Expected::USUAL;
    let expected = Expected {
        activation: arguments.activation.or(stated.activation).or(usual.activation),
        renewal: arguments.renewal.or(stated.renewal).or(usual.renewal),
        port: arguments.port.or(stated.port).or(usual.port),
        caching: arguments.caching.or(stated.caching).or(usual.caching),
    };
    let machine = match &arguments.machine {
        Some(name) => Some(session.instance(&super::API, Some(name))?),
        None => None,
    };
    let findings = session.read(|read, now| {
        let evidence = Evidence::load(read, None, now)?.of(arguments.origin.origin());
        policy::findings(read, &evidence, machine.as_deref(), &expected)
    })?;
    session.printer.rows::<PolicyView>(&arguments.list, findings.iter().map(PolicyView::from))?;
    Ok(verdict(arguments.fail_on, findings.iter().map(|finding| finding.severity).min()))
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms skew\n  licctl kms skew --filter 'verdict=refusable' --fail-on warning"
)]
pub(super) struct SkewArguments {
    /// How far back to look
    #[arg(long, value_name = "SPAN", default_value_t = WINDOW)]
    window: Span,
    #[command(flatten)]
    scoped: Scoped,
}

pub(super) fn skew(arguments: &SkewArguments, session: &mut Session) -> Outcome<Verdict> {
    let scoped = &arguments.scoped;
    let warnings = session.read(|read, now| scoped.evidence(read, now)?.warnings(read))?;
    session.warn_all(warnings);
    let (mut worst, mut hosts) = (None::<Level>, Vec::new());
    let mut judged = |finding: Option<&Finding>| {
        if let Some(finding) = finding {
            worst = Some(worst.map_or(finding.severity, |worst| worst.min(finding.severity)));
        }
    };
    session.list::<SkewView>(&scoped.list, |read, now, sink| {
        let evidence = scoped.evidence(read, now)?;
        let period = evidence.period(arguments.window);
        let answer = skew::skew(read, &evidence, period, &mut |skewed| {
            judged(skewed.finding().as_ref());
            sink.row(&SkewView::from(&skewed)).map(|_| ())
        })?;
        hosts = answer.hosts(&health::clients(read, &evidence, arguments.window)?, period);
        for finding in &hosts {
            judged(Some(finding));
        }
        Ok(())
    })?;
    for host in &hosts {
        session.printer.note(&format!("{}: {}", host.severity.word(), host.message));
    }
    Ok(verdict(scoped.fail_on, worst))
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  licctl kms suspicious --fail-on error\n\nWhat such a record holds was never stored; its digest can be looked up where malware is known."
)]
pub(super) struct SuspiciousArguments {
    #[command(flatten)]
    scoped: Scoped,
}

pub(super) fn suspicious(
    arguments: &SuspiciousArguments,
    session: &mut Session,
) -> Outcome<Verdict> {
    let scoped = &arguments.scoped;
    let mut found = false;
    session.list::<StrangerView>(&scoped.list, |read, now, sink| {
        let evidence = scoped.evidence(read, now)?;
        suspicious::strangers(read, &evidence, &mut |stranger| {
            found = true;
            sink.row(&StrangerView::from(&stranger))
        })
    })?;
    Ok(verdict(scoped.fail_on, found.then_some(Level::Error)))
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms summary\n  licctl kms summary --fail-on error -o json        # for a daily job"
)]
pub(super) struct SummaryArguments {
    #[command(flatten)]
    scoped: Scoped,
}

pub(super) fn summary(arguments: &SummaryArguments, session: &mut Session) -> Outcome<Verdict> {
    let scoped = &arguments.scoped;
    let (lines, warnings) = session.read(|read, now| {
        let evidence = scoped.evidence(read, now)?;
        digest::digest(read, &evidence, &super::events::usual())
    })?;
    session.warn_all(warnings);
    session.printer.rows::<DigestView>(&scoped.list, lines.iter().map(DigestView::from))?;
    Ok(verdict(scoped.fail_on, lines.iter().filter_map(|line| line.level).min()))
}
