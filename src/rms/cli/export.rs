//! `rms export`: the licenses of a License Manager as an artefact that reads back as it was.

use super::acting::{Server, hand_over, put};
use crate::error::{Outcome, Verdict};
use crate::rms::catalog::queries::QueryVersion;
use crate::rms::export::json;
use crate::rms::export::sentinelinfo::{self, Extent};
use crate::rms::ops::{query, servers};
use crate::session::Session;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Write the licenses of a License Manager
///
/// What is written reads back as it was: elements that a license does not have are left out unless `--elements` says otherwise.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms export --as sentinelinfo > answers.xml\n  licctl rms export --as json --server lic01 --into lic01.json"
)]
pub(super) struct Arguments {
    /// The form
    #[arg(long = "as", value_name = "FORM")]
    form: Form,
    /// Write missing elements by their defaults: exactly those of the page's sample, or all
    #[arg(long, value_name = "WHICH")]
    elements: Option<Which>,
    /// Write into this file instead of the standard output
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    into: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Answers of a licenseInfo query of version 1.1, one document a license
    Sentinelinfo,
    /// One JSON document
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    /// Exactly the 65 of the sample
    Sample,
    /// All 70
    All,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let name = arguments.server.name(session)?;
    let now = session.now;
    let extent = match arguments.elements {
        None => Extent::Given,
        Some(Which::Sample) => Extent::Sample,
        Some(Which::All) => Extent::All,
    };
    hand_over(session, arguments.into.as_deref(), |read, out| {
        if arguments.form == Form::Sentinelinfo {
            return query::features(read, &name, now, &mut |served| {
                for license in &served.licenses {
                    put(out, &sentinelinfo::document(license, extent, QueryVersion::V1_1))?;
                }
                Ok(ControlFlow::Continue(()))
            });
        }
        let shown = servers::show(read, &name)?;
        put(out, &json::head(&shown.server))?;
        let mut first = true;
        query::features(read, &name, now, &mut |served| {
            let separator = if std::mem::take(&mut first) { "\n" } else { ",\n" };
            put(out, separator)?;
            put(out, &json::feature(&served.key, &served.licenses))?;
            Ok(ControlFlow::Continue(()))
        })?;
        put(out, json::FOOT)
    })?;
    Ok(Verdict::Yes)
}
