//! `kms event …`: the requests in the host logs, what the logs cover, and the events as files.

use super::questions::verdict;
use super::reports::instant;
use crate::artefact::write;
use crate::error::{Outcome, Usage, Verdict, Warning};
use crate::finding::Level;
use crate::kms::catalog::events::DEFAULT_LOG_BYTES;
use crate::kms::export::events::{As, Cells};
use crate::kms::export::redact::Pseudonyms;
use crate::kms::ops::questions::export::{self, ExportAsk};
use crate::kms::ops::questions::{self, Evidence, coverage};
use crate::kms::report::coverage::{DAYS, HostLog, Parameters};
use crate::kms::store::evidence::{Request, each_request};
use crate::kms::view::{CoverageView, RequestView};
use crate::output::ListOptions;
use crate::session::Session;
use crate::store::{Flow, Read};
use crate::wording::many;
use anyhow::Context;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use clap_complete::ArgValueCompleter;
use std::io::Write;
use std::path::PathBuf;
use uuid::Uuid;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List requests (event 12290)
    List(ListArguments),
    /// What the logs cover: gaps, requests a day, and the size that a log needs
    Coverage(CoverageArguments),
    /// Write the events of the logs in a form that Windows tools and licctl read
    Export(ExportArguments),
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms event list --since 7d --filter 'HResult!=0'\n  licctl kms event list --client ws-0931 --status 2\n  licctl kms event list --hresult SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH\n  licctl kms event list --host kms03 -o jsonl"
)]
pub(super) struct ListArguments {
    /// Only requests to this host
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    host: Option<String>,
    /// Only requests of this client: its whole name, or the part in front of the first dot
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Only requests with this ClientMachineID
    #[arg(long, value_name = "GUID", add = ArgValueCompleter::new(super::complete::cmids))]
    cmid: Option<String>,
    /// Only requests with this LicenseStatus, 0 to 6
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=6))]
    status: Option<u8>,
    /// Only requests with this result: `0`, `0xC004F042`, or a symbol
    #[arg(long, value_name = "CODE", allow_negative_numbers = true)]
    hresult: Option<String>,
    /// Only requests at or after this time
    #[arg(long, value_name = "RFC3339")]
    from: Option<String>,
    /// Only requests at or before this time
    #[arg(long, value_name = "RFC3339")]
    to: Option<String>,
    #[command(flatten)]
    list: ListOptions,
}

/// Which requests are listed, beside host and time.
struct Asked<'a> {
    client: Option<&'a str>,
    cmid: Option<Uuid>,
    status: Option<u8>,
    hresult: Option<u32>,
}

impl<'a> Asked<'a> {
    fn of(arguments: &'a ListArguments) -> Outcome<Self> {
        let cmid = arguments.cmid.as_deref().map(super::clients::cmid).transpose()?;
        let hresult = arguments.hresult.as_deref().map(super::facts::number).transpose()?;
        let client = arguments.client.as_deref();
        Ok(Self { client, cmid, status: arguments.status, hresult })
    }

    fn fits(&self, request: &Request<'_>) -> bool {
        let named = |client: &str| {
            let label = request.name.split('.').next().unwrap_or_default();
            client.eq_ignore_ascii_case(request.name) || client.eq_ignore_ascii_case(label)
        };
        self.client.is_none_or(named)
            && self.cmid.is_none_or(|cmid| cmid == request.cmid)
            && self.status.is_none_or(|status| status == request.status)
            && self.hresult.is_none_or(|hresult| hresult == request.hresult)
    }
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms event coverage\n  licctl kms event coverage --log-size 104857600 --days 60 --host kms03"
)]
pub(super) struct CoverageArguments {
    /// Only the log of this host
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    host: Option<String>,
    /// Size at which the log overwrites its oldest records, bytes
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_LOG_BYTES, value_parser = clap::value_parser!(u64).range(1..))]
    log_size: u64,
    /// Bytes that a record takes; default: as measured in the newest EVTX file of the host, else 750
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1..1_048_576))]
    record_bytes: Option<u64>,
    /// Days that the log is to hold
    #[arg(long, value_name = "N", default_value_t = DAYS, value_parser = clap::value_parser!(u32).range(1..=3660))]
    days: u32,
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    list: ListOptions,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms event export --as xml --into events.xml\n  licctl kms event export --as jsonl --redact --host kms03 > case.jsonl\n\nRecords that are no KMS events are left out: of these only size and digest are known."
)]
pub(super) struct ExportArguments {
    /// The form
    #[arg(long = "as", value_name = "FORM", value_parser = PossibleValuesParser::new(As::ALL.map(As::word)))]
    form: String,
    /// Replace names, domains and CMIDs by pseudonyms; the same name has the same one in every export of this store
    #[arg(long)]
    redact: bool,
    /// CSV: write cells that a spreadsheet takes for formulas as they are
    #[arg(long)]
    raw: bool,
    /// Only the events of this host
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::machines))]
    host: Option<String>,
    /// Only events at or after this time
    #[arg(long, value_name = "RFC3339")]
    from: Option<String>,
    /// Only events at or before this time
    #[arg(long, value_name = "RFC3339")]
    to: Option<String>,
    /// Write into this file instead of the standard output
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    into: Option<PathBuf>,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List(arguments) => listed(arguments, session),
        Command::Coverage(arguments) => covered(arguments, session),
        Command::Export(arguments) => exported(arguments, session),
    }
}

fn listed(arguments: &ListArguments, session: &mut Session) -> Outcome<Verdict> {
    let ListArguments { host, from, to, list, .. } = arguments;
    let asked = Asked::of(arguments)?;
    let (from, until) = (instant("--from", from.as_ref())?, instant("--to", to.as_ref())?);
    // `--since` narrows what is read, not only what is shown.
    let since = list.since.map(|span| session.now.plus_ms(-span.ms()));
    session.list::<RequestView>(list, |read, _, sink| {
        let (names, wanted) = questions::wanted(read, host.as_deref(), (from.max(since), until))?;
        each_request(read, &names, &wanted, &mut |request| {
            if asked.fits(request) {
                sink.row(&RequestView::new(request, names.editions()))
            } else {
                Ok(Flow::Continue(()))
            }
        })
    })?;
    Ok(Verdict::Yes)
}

/// What `coverage` is asked when nothing is said.
pub(super) fn usual() -> Parameters {
    Parameters { log_bytes: DEFAULT_LOG_BYTES, record_bytes: None, days: DAYS }
}

fn covered(arguments: &CoverageArguments, session: &mut Session) -> Outcome<Verdict> {
    let parameters = Parameters {
        log_bytes: arguments.log_size,
        record_bytes: arguments.record_bytes,
        days: arguments.days,
    };
    let (logs, warnings) = session.read(|read, now| {
        let evidence = Evidence::load(read, arguments.host.as_deref(), now)?;
        Ok((coverage::coverage(read, &evidence, &parameters)?, evidence.warnings(read)?))
    })?;
    session.warn_all(warnings);
    session.printer.rows::<CoverageView>(&arguments.list, logs.iter().map(CoverageView::from))?;
    let findings: Vec<_> = logs.iter().filter_map(HostLog::finding).collect();
    for finding in &findings {
        session.printer.note(&format!("{}: {}", finding.severity.word(), finding.message));
        session.printer.note(&format!("   hint: {}", finding.remedy));
    }
    Ok(verdict(arguments.fail_on, findings.iter().map(|finding| finding.severity).min()))
}

fn exported(arguments: &ExportArguments, session: &mut Session) -> Outcome<Verdict> {
    let form = As::named(&arguments.form)
        .ok_or_else(|| Usage::new(format!("`--as {}` is no form", arguments.form)))?;
    let ask = ExportAsk {
        from: instant("--from", arguments.from.as_ref())?,
        until: instant("--to", arguments.to.as_ref())?,
    };
    let redacted = if arguments.redact { Some(pseudonyms(session)?) } else { None };
    let now = session.now;
    let (store, printer) = session.store();
    let out =
        Out { form, cells: if arguments.raw { Cells::Raw } else { Cells::Defused }, redacted };
    let left_out = store.read(|read| {
        let evidence = Evidence::load(read, arguments.host.as_deref(), now)?;
        match &arguments.into {
            Some(path) => write::streamed(path, |file| out.write(read, &evidence, ask, file)),
            None => out.write(read, &evidence, ask, printer.writer()?),
        }
    })?;
    if left_out > 0 {
        let what = many(left_out, "record");
        let message =
            format!("left out {what} of strangers in the logs: only size and digest are known");
        session.warn(Warning::new("left-out", message));
    }
    Ok(Verdict::Yes)
}

/// The pseudonyms of the store; their key is drawn the first time that anything is redacted.
fn pseudonyms(session: &mut Session) -> Outcome<Pseudonyms> {
    if let Some(known) = session.read(|read, _| export::known_pseudonyms(read))? {
        return Ok(known);
    }
    session.write(|tx, _| {
        tx.call("event.export", "draws the key of pseudonyms");
        export::pseudonyms(tx)
    })
}

/// How events are written.
struct Out {
    form: As,
    cells: Cells,
    redacted: Option<Pseudonyms>,
}

impl Out {
    fn write(
        &self,
        read: &mut dyn Read,
        evidence: &Evidence,
        ask: ExportAsk,
        out: &mut dyn Write,
    ) -> Outcome<u64> {
        out.write_all(self.form.head().as_bytes()).context("writing events")?;
        let left_out = export::export(read, evidence, ask, self.redacted.as_ref(), &mut |entry| {
            let text = entry.write(self.form, self.cells);
            Ok(out.write_all(text.as_bytes()).context("writing events")?)
        })?;
        out.write_all(self.form.foot().as_bytes()).context("writing events")?;
        Ok(left_out)
    }
}
