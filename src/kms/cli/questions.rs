//! `kms threshold`, `kms stale`, `kms duplicates`, `kms churn`: the questions about clients that an administrator asks first.

use crate::clock::{Span, Timestamp};
use crate::error::{Outcome, Verdict};
use crate::finding::Level;
use crate::kms::ops::questions::{self, Evidence, ThresholdAsk};
use crate::kms::report::outlook::Outlook;
use crate::kms::report::shared::Class;
use crate::kms::report::{Pool, WINDOW, churn, stale};
use crate::kms::store::evidence::Origin;
use crate::kms::view::{ChurnView, LapseView, OutlookView, SharedView};
use crate::output::ListOptions;
use crate::session::Session;
use crate::store::Read;
use clap::builder::PossibleValuesParser;
use clap_complete::ArgValueCompleter;

/// Where the evidence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum OriginWord {
    /// What was imported
    Imported,
    /// What the model made
    Model,
    /// Both
    All,
}

impl OriginWord {
    pub(super) const fn origin(self) -> Option<Origin> {
        match self {
            Self::Imported => Some(Origin::Imported),
            Self::Model => Some(Origin::Model),
            Self::All => None,
        }
    }
}

/// What every question takes.
#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Only the log of this host; default: all hosts merged
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    host: Option<String>,
    /// Only this pool
    #[arg(long, value_name = "POOL", value_parser = PossibleValuesParser::new(Pool::ALL.map(Pool::word)))]
    pool: Option<String>,
    /// Whose requests, snapshots and machines count
    #[arg(long, value_name = "ORIGIN", default_value = "all", hide_possible_values = true)]
    origin: OriginWord,
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    list: ListOptions,
}

impl Common {
    fn evidence(&self, read: &mut dyn Read, now: Timestamp) -> Outcome<Evidence> {
        Ok(Evidence::load(read, self.host.as_deref(), now)?.of(self.origin.origin()))
    }

    fn pool(&self) -> Option<Pool> {
        self.pool.as_deref().and_then(pool_named)
    }

    fn verdict(&self, worst: Option<Level>) -> Verdict {
        verdict(self.fail_on, worst)
    }
}

pub(super) fn pool_named(word: &str) -> Option<Pool> {
    Pool::ALL.into_iter().find(|pool| pool.word() == word)
}

/// A question gates only when a level is given.
pub(super) fn verdict(fail_on: Option<Level>, worst: Option<Level>) -> Verdict {
    match (fail_on, worst) {
        (Some(level), Some(worst)) if worst <= level => Verdict::No,
        _ => Verdict::Yes,
    }
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms churn\n  licctl kms churn --min 2 --window 90d --sort -cmids"
)]
pub(super) struct ChurnArguments {
    /// Fewest CMIDs of a name that is listed
    #[arg(long, value_name = "N", default_value_t = 3)]
    min: u64,
    /// How far back to look
    #[arg(long, value_name = "SPAN", default_value_t = WINDOW)]
    window: Span,
    #[command(flatten)]
    common: Common,
}

pub(super) fn churn(arguments: &ChurnArguments, session: &mut Session) -> Outcome<Verdict> {
    let common = &arguments.common;
    let (answer, warnings) = session.read(|read, now| {
        let evidence = common.evidence(read, now)?;
        let parameters = churn::Parameters {
            pool: common.pool(),
            minimum: arguments.min,
            ..churn::Parameters::new(now, arguments.window)
        };
        Ok((questions::churn(read, &evidence, parameters)?, evidence.warnings(read)?))
    })?;
    session.warn_all(warnings);
    session.printer.rows::<ChurnView>(&common.list, answer.labels.iter().map(ChurnView::from))?;
    for (pool, phantoms) in answer.phantoms.iter().filter(|(_, phantoms)| **phantoms > 0) {
        session.printer.note(&format!("note: {} has {phantoms} phantoms in all", pool.word()));
    }
    Ok(common.verdict(answer.findings().map(|finding| finding.severity).min()))
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms threshold\n  licctl kms threshold --host kms04 --fail-on error\n  licctl kms threshold --required 25 --horizon 365d -o json"
)]
pub(super) struct ThresholdArguments {
    /// Only this RequiredClientCount; default: every one that the clients sent
    #[arg(long, value_name = "N")]
    required: Option<u32>,
    /// How far back new clients are counted
    #[arg(long, value_name = "SPAN", default_value = "14d")]
    lookback: Span,
    /// How many renewals a client may miss before it counts as gone
    #[arg(long, value_name = "N", default_value_t = 2)]
    missed: u32,
    /// How far to look ahead
    #[arg(long, value_name = "SPAN", default_value = "90d")]
    horizon: Span,
    /// How long a host counts a client after its last request
    #[arg(long, value_name = "SPAN", default_value_t = WINDOW)]
    window: Span,
    #[command(flatten)]
    common: Common,
}

pub(super) fn threshold(arguments: &ThresholdArguments, session: &mut Session) -> Outcome<Verdict> {
    let common = &arguments.common;
    let ask = ThresholdAsk {
        window: arguments.window,
        pool: common.pool(),
        required: arguments.required,
        lookback: arguments.lookback,
        missed: arguments.missed,
        horizon: arguments.horizon,
    };
    let (outlooks, warnings) = session.read(|read, now| {
        let evidence = common.evidence(read, now)?;
        questions::threshold(read, &evidence, &ask)
    })?;
    session.warn_all(warnings);
    session.printer.rows::<OutlookView>(&common.list, outlooks.iter().map(OutlookView::from))?;
    for outlook in &outlooks {
        for note in &outlook.notes {
            session.printer.note(&format!(
                "note: {} N {}: {note}",
                outlook.pool.word(),
                outlook.required
            ));
        }
    }
    Ok(common.verdict(
        outlooks.iter().filter_map(Outlook::finding).map(|finding| finding.severity).min(),
    ))
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms stale\n  licctl kms stale --limit-days 30 --sort daysLeft\n  licctl kms stale --strict --host kms04 -o csv"
)]
pub(super) struct StaleArguments {
    /// Days of silence that are still fresh; default: two renewal intervals
    #[arg(long, value_name = "N")]
    days: Option<i64>,
    /// Show only those with at most so many days left
    #[arg(long, value_name = "N")]
    limit_days: Option<i64>,
    /// Believe in an activation only when the client was licensed before, or the count of its pool was high enough
    #[arg(long)]
    strict: bool,
    /// Let activations end in Notification at once, without 30 days of grace
    #[arg(long)]
    no_oot_grace: bool,
    /// Show those too that came back under another CMID
    #[arg(long)]
    include_superseded: bool,
    #[command(flatten)]
    common: Common,
}

pub(super) fn stale(arguments: &StaleArguments, session: &mut Session) -> Outcome<Verdict> {
    let common = &arguments.common;
    let now = session.now;
    let parameters = |renewal| {
        let usual = stale::Parameters::new(now, renewal);
        stale::Parameters {
            pool: common.pool(),
            days: arguments.days.unwrap_or(usual.days),
            strict: arguments.strict,
            oot_grace: !arguments.no_oot_grace,
            include_superseded: arguments.include_superseded,
            limit_days: arguments.limit_days,
            ..usual
        }
    };
    let (answer, warnings, evidence) = session.read(|read, now| {
        let evidence = common.evidence(read, now)?;
        let (answer, warnings) = questions::stale(read, &evidence, &parameters)?;
        Ok((answer, warnings, evidence))
    })?;
    session.warn_all(warnings);
    session.printer.list::<LapseView>(&common.list, |sink| {
        for lapse in answer.lapses() {
            if sink.row(&LapseView::new(&lapse, evidence.editions()))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(common.verdict(
        common.fail_on.and_then(|_| answer.findings().map(|finding| finding.severity).min()),
    ))
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms duplicates\n  licctl kms duplicates --all -o json --jq '.items[] | select(.class == \"rename\") | .names[].ClientName'"
)]
pub(super) struct DuplicatesArguments {
    /// Show renames and aliases too
    #[arg(long)]
    all: bool,
    /// How far back to look
    #[arg(long, value_name = "SPAN", default_value_t = WINDOW)]
    window: Span,
    #[command(flatten)]
    common: Common,
}

pub(super) fn duplicates(
    arguments: &DuplicatesArguments,
    session: &mut Session,
) -> Outcome<Verdict> {
    let common = &arguments.common;
    let pool = common.pool();
    let (found, warnings) = session.read(|read, now| {
        let evidence = common.evidence(read, now)?;
        let mut found = Vec::new();
        questions::duplicates(read, &evidence, arguments.window, &mut |shared| {
            let listed = arguments.all || shared.class == Class::Duplicate;
            if listed && pool.is_none_or(|pool| pool == shared.pool) {
                found.push(shared);
            }
            Ok(())
        })?;
        Ok((found, evidence.warnings(read)?))
    })?;
    session.warn_all(warnings);
    session.printer.rows::<SharedView>(&common.list, found.iter().map(SharedView::from))?;
    if found.iter().any(|shared| shared.class == Class::Duplicate) {
        session.printer.note("remedy: prepare the image with `sysprep /generalize`, or rearm each clone once, and rejoin");
    }
    Ok(common.verdict(found.iter().map(|shared| shared.finding().severity).min()))
}
