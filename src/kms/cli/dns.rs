//! `kms dns-check` and `kms dns-plan`: does DNS send the clients where the hosts are?

use crate::artefact::Notes;
use crate::artefact::files::read_text;
use crate::clock::Timestamp;
use crate::error::{Complaint, Outcome, Place, Usage, Verdict};
use crate::finding::Level;
use crate::kms::catalog::Profile;
use crate::kms::import::dns::{self, Records};
use crate::kms::model::address::DomainName;
use crate::kms::report::dns::run as judge;
use crate::kms::rules::srv::{Srv, order};
use crate::kms::view::{DnsCheckView, DnsFindingView, TryView};
use crate::kms::{ops, store};
use crate::output::{Format, ListOptions};
use crate::session::Session;
use clap::builder::PossibleValuesParser;
use std::path::PathBuf;
use std::rc::Rc;

/// Check SRV records against the stored hosts: those of a file, else those that were imported.
///
/// Files are zone files, what `dig`, `nslookup -type=srv` and `Resolve-DnsName` print, and scripts for `nsupdate`, as `plan --as dns`
/// writes them: what DNS will say.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms dns-check corp.contoso.example.dns\n  licctl kms dns-check                 # judge what `licctl kms import corp.contoso.example.dns` stored\n  dig -t srv _vlmcs._tcp.corp.contoso.example | licctl kms dns-check -\n  licctl kms dns-check corp.contoso.example.dns --simulate --suffix corp.contoso.example --profile V10 --seed 7"
)]
pub(super) struct CheckArguments {
    /// The file; `-`: the standard input; default: the records that were imported
    #[arg(value_name = "FILE|-", value_hint = clap::ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// The zone to which relative names belong, where neither the file nor its name says it
    #[arg(long, value_name = "DOMAIN", requires = "file")]
    origin: Option<String>,
    /// Exit 1 when there is a finding of this level or worse
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: Level,
    /// Show in which order one client tries the hosts, instead; `--seed` is its chance
    #[arg(long, requires = "suffix")]
    simulate: bool,
    /// The domain in which the client looks
    #[arg(long, value_name = "DOMAIN", requires = "simulate")]
    suffix: Option<String>,
    /// How the client behaves: V60 to V10
    #[arg(long, value_name = "PROFILE", requires = "simulate", default_value = "V10", value_parser = PossibleValuesParser::new(Profile::ALL.map(Profile::word)))]
    profile: String,
}

/// Print the SRV records that a zone should hold for the stored hosts, and what each must publish.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  licctl kms dns-plan --domain corp.contoso.example")]
pub(super) struct PlanArguments {
    /// The zone
    #[arg(long, value_name = "DOMAIN", value_parser = zone)]
    domain: DomainName,
}

fn zone(text: &str) -> Result<DomainName, &'static str> {
    DomainName::new(text).ok_or("a domain is labels with dots between them: `corp.example`")
}

pub(super) fn check(arguments: &CheckArguments, session: &mut Session) -> Outcome<Verdict> {
    let records = read(arguments, session)?;
    if let Some(suffix) = &arguments.suffix {
        return simulate(arguments, suffix, &records, session);
    }
    let estate = session.read(|read, now| ops::dns::estate(read, now))?;
    let found = judge(&records.records, &records.zones, &estate);
    let worst = found.iter().map(|found| found.finding.severity).min();
    if session.printer.format == Format::Json || session.printer.jq.is_some() {
        session.show(&DnsCheckView::new(&records.records, &found))?;
    } else {
        let rows = found.iter().map(DnsFindingView::from);
        session.printer.rows::<DnsFindingView>(&ListOptions::default(), rows)?;
    }
    let fails = worst.is_some_and(|worst| worst <= arguments.fail_on);
    Ok(if fails { Verdict::No } else { Verdict::Yes })
}

fn read(arguments: &CheckArguments, session: &mut Session) -> Outcome<Records> {
    let Some(file) = &arguments.file else {
        return stored(session);
    };
    let name = file.to_string_lossy();
    let origin = arguments.origin.as_deref().or_else(|| dns::zone_of_file(&name));
    let (records, notes) = read_text(file, Rc::new(|_| ()), |sample, input| {
        let form = dns::form(sample).ok_or_else(|| {
            Complaint::new(Place::Whole, "the file holds no DNS records that are known")
                .remedied("give a zone file, or the output of `dig`, `nslookup -type=srv`, `Resolve-DnsName … | ConvertTo-Json`, or a script for `nsupdate`")
        })?;
        let mut notes = Notes::default();
        let records = dns::read(form, input, origin, &mut notes)?;
        if !notes.complaints.is_empty() {
            return Err(notes.complaints.into());
        }
        Ok((records, notes.warnings))
    })?;
    for note in notes {
        session.warn(note);
    }
    Ok(records)
}

/// What was imported.
fn stored(session: &mut Session) -> Outcome<Records> {
    let known = session.read(|read, now| store::dns::known(read, now))?;
    if known.taken.is_some() {
        return Ok(Records { records: known.records, zones: known.zones });
    }
    let later = session.read(|read, _| store::dns::known(read, Timestamp::MAX))?;
    Err(later.taken.map_or_else(
        || {
            Usage::new("no DNS data is stored, and no file was given")
                .hinted("`licctl kms dns-check FILE`, or `licctl kms import FILE` to keep it")
                .into()
        },
        |taken| {
            Usage::new(format!("all DNS data that is stored is later than now: it is of {taken}"))
                .hinted("`--now`, or `--taken-at` when it is imported, says when that was")
                .into()
        },
    ))
}

fn simulate(
    arguments: &CheckArguments,
    suffix: &str,
    records: &Records,
    session: &mut Session,
) -> Outcome<Verdict> {
    let suffix = suffix.trim_end_matches('.');
    let hosts: Vec<&Srv> = records
        .records
        .iter()
        .filter_map(|record| record.kms())
        .filter(|(_, domain)| domain.eq_ignore_ascii_case(suffix))
        .map(|(srv, _)| srv)
        .collect();
    if hosts.is_empty() {
        return Err(Usage::new(format!("no record of a KMS host stands in `{suffix}`")).into());
    }
    let profile = Profile::ALL.into_iter().find(|profile| profile.word() == arguments.profile);
    let tried = order(&hosts, profile.unwrap_or(Profile::V10), session.seed);
    let rows = (1..).zip(tried).map(|(place, srv)| TryView::new(place, srv));
    session.printer.rows::<TryView>(&ListOptions::default(), rows)?;
    Ok(Verdict::Yes)
}

pub(super) fn plan(arguments: &PlanArguments, session: &mut Session) -> Outcome<Verdict> {
    let domain = arguments.domain.as_str();
    let (lines, warnings) = session.read(|read, now| ops::dns::records(read, domain, now))?;
    session.warn_all(warnings);
    if session.printer.format != Format::Table || session.printer.jq.is_some() {
        session.show(&crate::kms::view::PageView::new(lines))?;
        return Ok(Verdict::Yes);
    }
    if lines.is_empty() {
        session.printer.artefact("")?;
        session.printer.note("there is no active KMS host in the store");
        return Ok(Verdict::Yes);
    }
    session.printer.artefact(&lines.iter().map(|line| format!("{line}\n")).collect::<String>())?;
    Ok(Verdict::Yes)
}
