//! `tslicense import`: `licctl import` that knows one domain.

use crate::api::Hints;
use crate::error::{Outcome, Verdict};
use crate::estate::{ImportOptions, import_paths};
use crate::session::Session;
use crate::tslicense::ops::intake;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

/// Bring in what license servers show
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  Get-CimInstance Win32_TSLicenseKeyPack -ComputerName ls01 | ConvertTo-Json > keypacks.json\n  licctl tslicense import keypacks.json --server ls01.corp.contoso.example\n  licctl tslicense import issued.csv --culture de-DE --tz Europe/Berlin"
)]
pub(super) struct Arguments {
    /// Files, folders, or `-` for the standard input
    #[arg(required = true, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    options: ImportOptions,
    /// Whether day or month comes first in dates with slashes; else the file's own dates tell it
    #[arg(long, value_name = "ORDER", value_parser = ["dmy", "mdy"])]
    date_order: Option<String>,
    /// The `NetBIOS` name of the domain of accounts; else the first part of their distinguished names
    #[arg(long, value_name = "DOMAIN")]
    netbios: Option<String>,
    /// What headers of a report in another language hold: `user=Benutzer,expiry=Ablauf`
    ///
    /// The words are user, computer, hwid, expiry, issued, version, type, issue, pack, license, status, program, total, available and count. A single file is then taken for a report, whatever its headers.
    #[arg(long, value_name = "WORD=HEADER,…")]
    map: Option<String>,
    /// The session host that a registry export, or what a cmdlet prints of a deployment, is of
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
    /// The license server that the files belong to, whatever they say
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::servers))]
    server: Option<String>,
}

/// The kind of the files that `--map` is about.
const REPORT: &str = "report-csv";

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let mapped = arguments.map.as_deref().map(intake::mapped).transpose()?;
    // No reader knows headers that the user has to explain.
    let single = matches!(arguments.paths.as_slice(), [path] if !path.is_dir());
    let kind = (mapped.is_some() && single).then(|| REPORT.to_owned());
    let kind = arguments.options.kind.clone().or(kind);
    let options = ImportOptions { kind, ..arguments.options.clone() };
    let texts = [
        (intake::DATE_ORDER, &arguments.date_order),
        (intake::NETBIOS, &arguments.netbios),
        (intake::MAP, &arguments.map),
        (intake::HOST, &arguments.host),
    ];
    let texts = texts.into_iter().filter_map(|(flag, text)| Some((flag, text.clone()?))).collect();
    let hints = Hints { instance: arguments.server.clone(), texts, ..Hints::default() };
    import_paths(&arguments.paths, &[&super::API], &options, hints, session)?;
    Ok(Verdict::Yes)
}
