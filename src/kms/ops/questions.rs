//! The questions: what the store streams goes through the reports.

use super::hosts::{self, Shown};
use crate::api::{Question, Summary};
use crate::clock::{Span, Timestamp};
use crate::error::{Outcome, Usage, Warning};
use crate::finding::{Finding, Level};
use crate::kms::catalog::enumerations::{LicenseStatus, STATES};
use crate::kms::report::outlook::Outlook;
use crate::kms::report::projection::Verdict;
use crate::kms::report::shared::{Class, Shared};
use crate::kms::report::{Period, Pool, Unit, duplicates, hosts_without_log, stale, threshold};
use crate::kms::store::names::Names;
use crate::kms::store::units::{self, Scope};
use crate::kms::store::{MACHINES, evidence};
use crate::output::nearest;
use crate::store::{Flow, Read, named};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use uuid::Uuid;

/// The evidence of one report: names, newest snapshots, and which part is looked at.
pub struct Evidence {
    names: Names,
    shown: Vec<Shown>,
    scope: Scope,
    now: Timestamp,
}

impl Evidence {
    /// Loads what every report needs. Usage error when `host` has no evidence.
    pub fn load(read: &mut dyn Read, host: Option<&str>, now: Timestamp) -> Outcome<Self> {
        let names = Names::load(read)?;
        let host = host.map(|name| self::host(read, &names, name)).transpose()?;
        let shown = hosts::shown(read, &names, now)?;
        Ok(Self { names, shown, scope: Scope { host }, now })
    }

    /// VLRenewalInterval that applies, minutes.
    #[must_use]
    pub fn renewal(&self) -> u32 {
        hosts::renewal(&self.shown, self.scope.host)
    }

    /// Warnings that go with every report: requests later than now, and evidence that ended long before.
    pub fn warnings(&self, read: &mut dyn Read) -> Outcome<Vec<Warning>> {
        let mut warnings = Vec::new();
        let ignored = units::ignored(read, &self.scope, self.now)?.rows;
        if ignored > 0 {
            warnings.push(Warning::new(
                "later-than-now",
                format!("{ignored} requests are later than now ({}) and are ignored", self.now),
            ));
        }
        let coverage = units::coverage(read, &self.names, &self.scope, self.now)?;
        if let Some(last) = coverage.iter().map(|host| host.last).max()
            && self.now.days_since(last) >= 30
        {
            let text = format!(
                "the newest request is of {}; `--now {}` looks at the estate as it was then",
                last.date(),
                last.plus_days(1).date() + "T00:00:00Z"
            );
            warnings.push(Warning::new("old-evidence", text));
        }
        Ok(warnings)
    }

    fn each_unit(&self, read: &mut dyn Read, each: &mut dyn FnMut(&Unit<'_>)) -> Outcome<()> {
        units::each_unit(read, &self.names, &self.scope, self.now, &mut |unit| {
            each(unit);
            Ok(Flow::Continue(()))
        })
    }

    fn threshold(&self, read: &mut dyn Read, ask: &ThresholdAsk) -> Outcome<threshold::Parameters> {
        self.threshold_of(read, &self.scope, ask)
    }

    fn threshold_of(
        &self,
        read: &mut dyn Read,
        scope: &Scope,
        ask: &ThresholdAsk,
    ) -> Outcome<threshold::Parameters> {
        Ok(threshold::Parameters {
            now: self.now,
            window: ask.window,
            pool: ask.pool,
            required: ask.required,
            lookback: ask.lookback,
            missed: ask.missed,
            horizon: ask.horizon,
            renewal: hosts::renewal(&self.shown, scope.host),
            coverage: units::coverage(read, &self.names, scope, self.now)?,
            counts: hosts::counts(&self.shown, scope.host),
            seen: units::required_seen(read, &self.names)?,
        })
    }

    /// Hands out every CMID that several names share, and tells how many names each pool wastes.
    fn shared(
        &self,
        read: &mut dyn Read,
        window: Span,
        candidates: duplicates::Candidates,
        each: &mut dyn FnMut(Shared) -> Outcome<()>,
    ) -> Outcome<BTreeMap<Pool, u64>> {
        let period = Period::ending(self.now, window);
        let mut cmids: Vec<Uuid> = candidates.finish().into_iter().map(|(_, cmid)| cmid).collect();
        cmids.sort_unstable();
        cmids.dedup();
        let mut judged = duplicates::Duplicates::new(period);
        if !cmids.is_empty() {
            units::rows_of(
                read,
                &self.names,
                &self.scope,
                (&cmids, period.start, period.now),
                &mut |row| judged.take(row).map_or(Ok(()), &mut *each),
            )?;
        }
        let (last, wasted) = judged.finish();
        last.map_or(Ok(()), each)?;
        Ok(wasted)
    }
}

/// The number of a host by name. Usage error with the nearest names when no log or snapshot is of it.
pub fn host(read: &mut dyn Read, names: &Names, name: &str) -> Outcome<i64> {
    if let Some(id) = names.host_id(name) {
        return Ok(id);
    }
    let known = named::all(read, MACHINES.name)?;
    let near = nearest(name, &known);
    let hint = if near.is_empty() {
        "`licctl kms machine list` shows the machines".to_owned()
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    Err(Usage::new(format!("there is no evidence of a host `{name}`")).hinted(hint).into())
}

/// What `threshold` is asked.
#[derive(Debug, Clone)]
pub struct ThresholdAsk {
    pub window: Span,
    pub pool: Option<Pool>,
    pub required: Option<u32>,
    pub lookback: Span,
    pub missed: u32,
    pub horizon: Span,
}

impl Default for ThresholdAsk {
    fn default() -> Self {
        let usual = threshold::Parameters::new(Timestamp::MIN);
        Self {
            window: usual.window,
            pool: None,
            required: None,
            lookback: usual.lookback,
            missed: usual.missed,
            horizon: usual.horizon,
        }
    }
}

/// Will the hosts reach their thresholds, and stay there?
pub fn threshold(
    read: &mut dyn Read,
    evidence: &Evidence,
    ask: &ThresholdAsk,
) -> Outcome<(Vec<Outlook>, Vec<Warning>)> {
    let mut report = threshold::Threshold::new(evidence.threshold(read, ask)?);
    let mut candidates = duplicates::Candidates::new(Period::ending(evidence.now, ask.window));
    evidence.each_unit(read, &mut |unit| {
        report.take(unit);
        candidates.take(unit);
    })?;
    let wasted = evidence.shared(read, ask.window, candidates, &mut |_| Ok(()))?;
    let answer = report.finish(&wasted);
    let mut warnings = evidence.warnings(read)?;
    warnings.extend(answer.unknown.iter().map(|id| {
        Warning::new(
            "unknown-product",
            format!(
                "activation ID {id} is in no table: its clients are counted in the pool `unknown`"
            ),
        )
    }));
    Ok((answer.outlooks, warnings))
}

/// Who has not renewed, and when do they fall out? Rows that the parameters leave open are filled from the evidence.
pub fn stale(
    read: &mut dyn Read,
    evidence: &Evidence,
    parameters: &dyn Fn(u32) -> stale::Parameters,
) -> Outcome<(stale::Answer, Vec<Warning>)> {
    let parameters = parameters(evidence.renewal());
    let strict = parameters.strict;
    let mut report = stale::Stale::new(parameters);
    evidence.each_unit(read, &mut |unit| report.take(unit))?;
    let answer = if strict {
        let mut replay = report.replay();
        units::each_row(read, &evidence.names, &evidence.scope, evidence.now, &mut |row| {
            replay.take(row);
        })?;
        replay.finish()
    } else {
        report.finish()
    };
    let mut warnings = evidence.warnings(read)?;
    let coverage = units::coverage(read, &evidence.names, &evidence.scope, evidence.now)?;
    let named = evidence.shown.iter().flat_map(Shown::named_hosts);
    for host in hosts_without_log(named, &coverage) {
        warnings.push(Warning::new("log-missing", format!("clients name the host {host}, whose log was never imported: some may have renewed there")));
    }
    Ok((answer, warnings))
}

/// Which machines are clones of one image?
pub fn duplicates(
    read: &mut dyn Read,
    evidence: &Evidence,
    window: Span,
    each: &mut dyn FnMut(Shared) -> Outcome<()>,
) -> Outcome<()> {
    let mut candidates = duplicates::Candidates::new(Period::ending(evidence.now, window));
    evidence.each_unit(read, &mut |unit| candidates.take(unit))?;
    evidence.shared(read, window, candidates, each).map(|_| ())
}

/// What `licctl check` finds in this domain: one pass over the clients for all three questions.
///
/// A host counts its own requests alone, so each host is judged against its own threshold; a client may renew with any host, so
/// silence and clones are judged over all of them.
pub fn findings(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Finding>> {
    let names = Names::load(read)?;
    let named = question.instance.as_deref();
    if named.is_some_and(|name| names.host_id(name).is_none()) {
        return Ok(Vec::new());
    }
    let evidence = Evidence::load(read, named, question.now)?;
    let period = Period::ending(question.now, ThresholdAsk::default().window);
    let mut stale = stale::Stale::new(stale::Parameters::new(question.now, evidence.renewal()));
    let mut candidates = duplicates::Candidates::new(period);
    evidence.each_unit(read, &mut |unit| {
        stale.take(unit);
        candidates.take(unit);
    })?;
    let mut findings = Vec::new();
    evidence.shared(read, ThresholdAsk::default().window, candidates, &mut |shared| {
        if shared.class == Class::Duplicate {
            findings.push(shared.finding());
        }
        Ok(())
    })?;
    for (host, outlook) in host_outlooks(read, &evidence, named)? {
        findings.extend(outlook.finding().map(|finding| finding.within(host)));
    }
    findings.extend(stale.finish().findings());
    for (host, records) in evidence::contradictions(read, &names)? {
        if named.is_none_or(|named| named.eq_ignore_ascii_case(&host)) {
            let message =
                format!("{records} records of `{host}` were imported with two different contents");
            let remedy =
                "`licctl log` shows the imports; take the wrong one back with `licctl undo`";
            let finding =
                Finding::new("kms", "evidence.contradiction", Level::Warning, &host, message);
            findings.push(finding.within(&host).with("records", records).remedy(remedy));
        }
    }
    Ok(findings)
}

/// What becomes of each host's counts, in the order of hosts and pools. Counts that none of its clients needs are left out.
fn host_outlooks(
    read: &mut dyn Read,
    evidence: &Evidence,
    named: Option<&str>,
) -> Outcome<Vec<(String, Outlook)>> {
    let ask = ThresholdAsk::default();
    let mut hosts: BTreeMap<i64, threshold::Threshold> = BTreeMap::new();
    for host in units::hosts(read)? {
        if named.is_none_or(|name| {
            evidence.names.host(host).is_ok_and(|known| known.eq_ignore_ascii_case(name))
        }) {
            let scope = Scope { host: Some(host) };
            let parameters = evidence.threshold_of(read, &scope, &ask)?;
            hosts.insert(
                host,
                threshold::Threshold::new(threshold::Parameters { seen: Vec::new(), ..parameters }),
            );
        }
    }
    units::each_unit_by_host(read, &evidence.names, evidence.now, &mut |host, unit| {
        if let Some(report) = hosts.get_mut(&host) {
            report.take(unit);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut outlooks = Vec::new();
    for (host, report) in hosts {
        let name = evidence.names.host(host)?;
        let answer = report.finish(&BTreeMap::new());
        outlooks.extend(
            answer
                .outlooks
                .into_iter()
                .filter(|outlook| outlook.figures.is_some())
                .map(|outlook| (name.to_owned(), outlook)),
        );
    }
    outlooks.sort_by(|left, right| {
        (&left.0, left.1.pool, left.1.required).cmp(&(&right.0, right.1.pool, right.1.required))
    });
    Ok(outlooks)
}

/// What `licctl status` shows of this domain: each host against each count that its clients need, then the machines that a
/// snapshot shows out of licence.
pub fn summary(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Summary>> {
    let evidence = Evidence::load(read, None, question.now)?;
    let named = question.instance.as_deref();
    let outlooks = host_outlooks(read, &evidence, named)?;
    let mut lines: Vec<Summary> =
        outlooks.iter().map(|(host, outlook)| line(host, outlook)).collect();
    // A log that ended long ago says nothing of today: the line tells when it ended.
    for host in units::coverage(read, &evidence.names, &Scope::default(), question.now)? {
        if question.now.days_since(host.last) >= 30 {
            for line in lines.iter_mut().filter(|line| line.instance == host.host) {
                line.message = format!("no request since {}", host.last.date());
            }
        }
    }
    let wanted = |name: &str| named.is_none_or(|instance| instance.eq_ignore_ascii_case(name));
    lines.extend(
        evidence
            .shown
            .iter()
            .filter(|machine| !machine.is_host() && wanted(&machine.name))
            .filter_map(client),
    );
    Ok(lines)
}

fn line(host: &str, outlook: &Outlook) -> Summary {
    let finding = outlook.finding();
    // Short, so that a line fits 80 columns; the date stands beside it.
    let message = match outlook.verdict {
        Verdict::Reached => "reached",
        Verdict::WillFall => "falls below",
        Verdict::WillReach => "below, rising",
        Verdict::WillNotReach | Verdict::NotReached => "below",
        Verdict::Unknown => "unknown",
    };
    Summary {
        domain: "kms",
        instance: host.to_owned(),
        object: format!("{} N={}", outlook.pool.word(), outlook.required),
        used: outlook.count,
        capacity: Some(u64::from(outlook.required)),
        worst: finding.as_ref().map(|finding| finding.severity),
        message: message.to_owned(),
        due: outlook.date,
    }
}

/// A client machine that its newest snapshot shows in another state than licensed.
fn client(machine: &Shown) -> Option<Summary> {
    let (status, reason) = machine.license()?;
    if status == LicenseStatus::Licensed.number() {
        return None;
    }
    let word = STATES
        .iter()
        .find(|state| state.named.value == status)
        .map_or("unknown", |state| state.named.name);
    let worst = if status == LicenseStatus::Notification.number()
        || status == LicenseStatus::Unlicensed.number()
    {
        Level::Error
    } else {
        Level::Warning
    };
    let reason = reason
        .filter(|reason| *reason != 0)
        .map_or_else(String::new, |reason| format!(" (0x{reason:08X})"));
    Some(Summary {
        domain: "kms",
        instance: machine.name.clone(),
        object: "client".to_owned(),
        used: None,
        capacity: None,
        worst: Some(worst),
        message: format!("{word}{reason} on {}", machine.taken.date()),
        due: None,
    })
}

/// The machines that requests came to; for `kms machine list`.
pub fn covered(read: &mut dyn Read, now: Timestamp) -> Outcome<Vec<crate::kms::report::Coverage>> {
    let names = Names::load(read)?;
    units::coverage(read, &names, &Scope::default(), now)
}

/// The newest snapshots by machine; for `kms machine list` and `kms service show`.
pub fn snapshots(read: &mut dyn Read, now: Timestamp) -> Outcome<Vec<Shown>> {
    let names = Names::load(read)?;
    hosts::shown(read, &names, now)
}

/// Requests that are wanted of a host by name.
pub fn wanted(
    read: &mut dyn Read,
    host: Option<&str>,
    between: (Option<Timestamp>, Option<Timestamp>),
) -> Outcome<(Names, evidence::Wanted)> {
    let names = Names::load(read)?;
    let host = host.map(|name| self::host(read, &names, name)).transpose()?;
    Ok((names, evidence::Wanted { host, from: between.0, until: between.1 }))
}
