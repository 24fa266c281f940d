//! The questions: what the store streams goes through the reports. One file a question, but for the first ones, which stand here.

mod charts;
pub mod check;
pub mod counters;
pub mod coverage;
pub mod digest;
pub mod export;
pub mod health;
pub mod policy;
pub mod skew;
pub mod status;
pub mod suspicious;
pub mod trend;
pub mod witness;

pub use charts::charts;
pub use check::findings;
pub use status::summary;

use super::hosts::{self, Shown};
use crate::clock::{Span, Timestamp};
use crate::error::{Outcome, Usage, Warning};
use crate::kms::model::Editions;
use crate::kms::report::holders::Repeated;
use crate::kms::report::outlook::Outlook;
use crate::kms::report::shared::Shared;
use crate::kms::report::{
    Period, Pool, Unit, churn, duplicates, hosts_without_log, label_hash, stale, threshold,
};
use crate::kms::store::evidence::Origin;
use crate::kms::store::modelled::Which;
use crate::kms::store::names::Names;
use crate::kms::store::units::{self, Scope};
use crate::kms::store::{MACHINES, clients, evidence, pools};
use crate::output::nearest;
use crate::store::{Flow, Read, named};
use crate::wording::{are, many};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The evidence of one report: names, newest snapshots, modelled hosts, and which part is looked at.
pub struct Evidence {
    names: Names,
    shown: Vec<Shown>,
    /// Hosts that the model has.
    in_model: Vec<Shown>,
    scope: Scope,
    now: Timestamp,
}

impl Evidence {
    /// Loads what every report needs. Usage error when `host` has no evidence.
    pub fn load(read: &mut dyn Read, host: Option<&str>, now: Timestamp) -> Outcome<Self> {
        let names = Names::load(read)?;
        let host = host.map(|name| self::host(read, &names, name)).transpose()?;
        let shown = hosts::shown(read, &names, now)?;
        let in_model = hosts::in_model(read, &names, Which::WithHostKey, now)?;
        Ok(Self { names, shown, in_model, scope: Scope { host, origin: None }, now })
    }

    /// Looks at what was imported alone, or at what the model made; `None`: at both.
    #[must_use]
    pub fn of(mut self, origin: Option<Origin>) -> Self {
        self.scope.origin = origin;
        match origin {
            None => {}
            Some(Origin::Imported) => self.in_model.clear(),
            Some(Origin::Model) => self.shown.clear(),
        }
        self
    }

    /// The editions that are known.
    #[must_use]
    pub fn editions(&self) -> &Editions {
        self.names.editions()
    }

    /// VLRenewalInterval that applies, minutes.
    #[must_use]
    pub fn renewal(&self) -> u32 {
        hosts::renewal(&self.shown, &self.in_model, self.scope.host)
    }

    /// The `window` that ends now.
    #[must_use]
    pub fn period(&self, window: Span) -> Period {
        Period::ending(self.now, window)
    }

    /// Warnings that go with every report: requests later than now, and evidence that ended long before.
    pub fn warnings(&self, read: &mut dyn Read) -> Outcome<Vec<Warning>> {
        let mut warnings = Vec::new();
        let ignored = units::ignored(read, &self.scope, self.now)?.rows;
        if ignored > 0 {
            warnings.push(Warning::new(
                "later-than-now",
                format!(
                    "{} {are} later than now ({}) and {are} ignored",
                    many(ignored, "request"),
                    self.now,
                    are = are(ignored)
                ),
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

    /// Hands out every unit, the CMIDs in any order, which is faster.
    fn each_unit_of_all(
        &self,
        read: &mut dyn Read,
        each: &mut dyn FnMut(&Unit<'_>),
    ) -> Outcome<()> {
        clients::each_unit_of_all(read, &self.names, &self.scope, self.now, &mut |unit| {
            each(unit);
            Ok(Flow::Continue(()))
        })
    }

    /// Hands out every unit in the order of CMID, name and product.
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
            renewal: hosts::renewal(&self.shown, &self.in_model, scope.host),
            coverage: units::coverage(read, &self.names, scope, self.now)?,
            counts: hosts::counts(&self.shown, scope.host),
            seen: units::required_seen(read, &self.names)?,
            unnamed: self.unnamed(read, scope)?,
        })
    }

    /// When the clients were heard of that the modelled hosts count though no request tells of them.
    fn unnamed(&self, read: &mut dyn Read, scope: &Scope) -> Outcome<Vec<(Pool, Timestamp)>> {
        if scope.origin == Some(Origin::Imported) || self.in_model.is_empty() {
            return Ok(Vec::new());
        }
        let host = scope.host.map(|host| self.names.host(host)).transpose()?;
        pools::unnamed(read, host)
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
    evidence.each_unit_of_all(read, &mut |unit| {
        report.take(unit);
        candidates.take(unit);
    })?;
    let wasted = evidence.shared(read, ask.window, candidates, &mut |_| Ok(()))?;
    let answer = report.finish(&wasted);
    let mut warnings = evidence.warnings(read)?;
    let hosts = units::coverage(read, &evidence.names, &evidence.scope, evidence.now)?.len();
    if hosts > 1 {
        let message = format!(
            "{hosts} hosts are taken as one, though each counts its own clients alone: `--host NAME` asks one, `licctl check` asks each"
        );
        warnings.push(Warning::new("hosts-merged", message));
    }
    warnings.extend(answer.unknown.iter().map(|id| {
        Warning::new(
            "unknown-product",
            format!(
                "activation ID {id} is in no table: its clients are counted in the pool `unknown`; `licctl kms sku import` tells of it"
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
    let mut report = stale::Stale::new(parameters).knowing(repeated(read)?);
    evidence.each_unit_of_all(read, &mut |unit| report.take(unit))?;
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
    let listed = super::dns::named_hosts(read, evidence.now)?;
    let named = evidence.shown.iter().flat_map(Shown::named_hosts);
    for host in hosts_without_log(named.chain(listed.iter().map(String::as_str)), &coverage) {
        warnings.push(Warning::new("log-missing", format!("clients or DNS name the host {host}, whose log was never imported: some may have renewed there")));
    }
    Ok((answer, warnings))
}

/// The labels that several clients may have.
fn repeated(read: &mut dyn Read) -> Outcome<Repeated> {
    let mut repeated = Repeated::with_room(clients::count(read)?);
    clients::each_name(read, &mut |name| {
        if let Some(label) = label_hash(name) {
            repeated.meet(label);
        }
    })?;
    Ok(repeated)
}

/// Which machines are clones of one image?
pub fn duplicates(
    read: &mut dyn Read,
    evidence: &Evidence,
    window: Span,
    each: &mut dyn FnMut(Shared) -> Outcome<()>,
) -> Outcome<()> {
    let mut candidates = duplicates::Candidates::new(Period::ending(evidence.now, window));
    evidence.each_unit_of_all(read, &mut |unit| candidates.take(unit))?;
    evidence.shared(read, window, candidates, each).map(|_| ())
}

/// Which machines come with ever new CMIDs?
pub fn churn(
    read: &mut dyn Read,
    evidence: &Evidence,
    parameters: churn::Parameters,
) -> Outcome<churn::Answer> {
    let mut report = churn::Churn::new(parameters);
    evidence.each_unit(read, &mut |unit| report.take(unit))?;
    Ok(report.finish())
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
