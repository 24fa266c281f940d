//! `rms query`: `get_info`, by flags or by the documents that a caller sends.

use super::acting::{Server, hand_over, put};
use crate::artefact::files::read_text;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Usage, Verdict};
use crate::output::{Format, ListOptions};
use crate::rms::catalog::queries::{QUERIES, Query, QueryVersion};
use crate::rms::export::info::document;
use crate::rms::export::sentinelinfo::{self, Extent, FOOT, HEAD};
use crate::rms::import::request as documents;
use crate::rms::model::license::License;
use crate::rms::model::query::{
    Asked, FeatureScope, FeatureText, LicenseText, QueryText, ScopeText,
};
use crate::rms::ops::features::Served;
use crate::rms::ops::info::{About, answer};
use crate::rms::ops::query::{self, Differing};
use crate::rms::rules::request;
use crate::rms::rules::resolve::Rigour;
use crate::rms::view::{ElementView, InfoView, MemberView, OtherInfoView, element_lines};
use crate::session::Session;
use crate::store::{Flow, Read};
use clap_complete::ArgValueCompleter;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Ask a License Manager for a license: every element of licenseInfo
///
/// A feature is named by its index, or by its name, with its version if it has one; a license of it by its index or its hash. Indexes
/// count from 0. With `--all` every license is shown, as a script does that raises the indexes until `SNTL_NO_MORE_LICENSES` and
/// `SNTL_NO_MORE_FEATURES`. In the API: `sntl_licensing_get_info` with `SNTL_QUERY_LICENSE_INFO_VERSION`;
/// `SNTL_QUERY_LICENSE_INFO_LATEST` is 1.1, and `SNTL_QUERY_LICENSE_INFO`, deprecated, is 1.0.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms query licenseInfo --feature-index 0 --license-index 0\n  licctl rms query licenseInfo --feature CAD --version 7.0 --hash D3C802D6979EA395 --query-version 1.1\n  licctl rms query licenseInfo --all --format concat\n  licctl rms query --query-file query.xml --scope-file scope.xml"
)]
pub(super) struct Arguments {
    /// The query: licenseInfo, featureInfo, clientInfo, serverInfo, serverPoolInfo, featureCumulativeTrialInfo, statusInfo,
    /// lastStatusInfo, sessionInfo
    #[arg(
        value_name = "TYPE",
        required_unless_present = "query_file",
        conflicts_with = "query_file"
    )]
    query: Option<String>,
    /// Version of the query: 1.0 shows limits up to 2,097,150, 1.1 all; default: 1.0
    #[arg(long, value_name = "VERSION", conflicts_with = "query_file")]
    query_version: Option<String>,
    #[command(flatten)]
    scope: Scope,
    /// A sentinelQuery document; `-`: the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    query_file: Option<PathBuf>,
    /// A sentinelScope document; `-`: the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with_all = ["feature_index", "feature", "version", "license_index", "hash", "client_index", "status_code", "all"])]
    scope_file: Option<PathBuf>,
    /// Position of the client, from 0; for clientInfo
    #[arg(long, value_name = "C", allow_hyphen_values = true)]
    client_index: Option<String>,
    /// The code; for statusInfo
    #[arg(long, value_name = "CODE")]
    status_code: Option<u32>,
    /// The session, which no scope names; for sessionInfo
    #[arg(long, value_name = "KEYID")]
    key_id: Option<u32>,
    /// Every license; of one feature when one is named
    #[arg(long, conflicts_with_all = ["license_index", "hash"])]
    all: bool,
    /// Exactly the elements of the sample on the page, without those that stand in its table alone
    #[arg(long, value_name = "WHICH")]
    elements: Option<Which>,
    /// Write XML: one document a license, or one with all of them
    #[arg(long, value_name = "FORM")]
    format: Option<Form>,
    /// Refuse a scope with both a license index and a hash
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    server: Server,
}

/// The feature and the license that are asked about.
#[derive(Debug, clap::Args)]
struct Scope {
    /// Position of the feature, from 0; ignored when name and version are given
    #[arg(long, value_name = "I", allow_hyphen_values = true)]
    feature_index: Option<String>,
    /// Name of the feature
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::features))]
    feature: Option<String>,
    /// Version of the feature; mandatory if it has one
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Position of the license within the feature, from 0
    #[arg(long, value_name = "K", allow_hyphen_values = true)]
    license_index: Option<String>,
    /// Hash of the license
    #[arg(long, value_name = "HASH", add = ArgValueCompleter::new(super::complete::hashes))]
    hash: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    /// The 65 of the sample
    Sample,
}

/// Forms of XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// One document a license, one behind the other
    Concat,
    /// One document
    Merged,
}

impl Scope {
    fn feature(&self) -> Option<FeatureText> {
        let given =
            self.feature_index.is_some() || self.feature.is_some() || self.version.is_some();
        given.then(|| FeatureText {
            index: self.feature_index.clone(),
            name: self.feature.clone(),
            version: self.version.clone(),
        })
    }

    fn text(&self) -> ScopeText {
        let license = self.license_index.is_some() || self.hash.is_some();
        ScopeText {
            feature: Some(self.feature().unwrap_or_default()),
            license: Some(if license {
                LicenseText { index: self.license_index.clone(), hash: self.hash.clone() }
            } else {
                LicenseText::default()
            }),
            ..ScopeText::default()
        }
    }
}

impl Arguments {
    fn extent(&self) -> Extent {
        match self.elements {
            Some(Which::Sample) => Extent::Sample,
            None => Extent::All,
        }
    }

    fn asked(&self) -> Outcome<Asked> {
        let text = match &self.query_file {
            Some(path) => read_text(path, Rc::new(|_| ()), |_, input| documents::query(input))?,
            None => QueryText { query: self.query.clone(), version: self.query_version.clone() },
        };
        Ok(request::query(&text).map_err(|refusal| refusal.of(GET_INFO))?)
    }

    fn rigour(&self) -> Rigour {
        if self.strict { Rigour::Strict } else { Rigour::Lenient }
    }
}

const GET_INFO: &str = crate::rms::catalog::methods::GET_INFO.name;

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let is_input = |path: &Option<PathBuf>| path.as_deref() == Some(Path::new("-"));
    if is_input(&arguments.query_file) && is_input(&arguments.scope_file) {
        return Err(Usage::new("the standard input is one document, not two").into());
    }
    let asked = arguments.asked()?;
    if asked.query != Query::LicenseInfo {
        info(arguments, asked, session)?;
        return Ok(Verdict::Yes);
    }
    if arguments.all {
        every(arguments, asked, session)?;
    } else {
        one(arguments, asked, session)?;
    }
    Ok(Verdict::Yes)
}

/// The name of a query.
fn named(query: Query) -> &'static str {
    QUERIES.iter().find(|row| row.query == Some(query)).map_or("", |row| row.name)
}

/// The answer to a query beside licenseInfo.
fn info(arguments: &Arguments, asked: Asked, session: &mut Session) -> Outcome<()> {
    if arguments.all {
        return Err(Usage::new("`--all` is for licenseInfo").into());
    }
    let text = match &arguments.scope_file {
        Some(path) => read_text(path, Rc::new(|_| ()), |_, input| documents::scope(input))?,
        None => ScopeText {
            feature: arguments.scope.feature(),
            client: arguments.client_index.clone().map(Some),
            status_code: arguments.status_code.map(|code| code.to_string()),
            license: None,
        },
    };
    let of = |refusal: Refusal| refusal.of(GET_INFO);
    let feature = text.feature.map(|text| request::feature(&text)).transpose();
    let client = request::index(text.client.flatten().as_deref(), "client");
    let status = request::index(text.status_code.as_deref(), "status code");
    let about = About {
        feature: feature.map_err(of)?,
        client: client.map_err(of)?,
        status: status.map_err(of)?,
        key: arguments.key_id,
    };
    // Codes are known without any License Manager.
    let name = match asked.query {
        Query::StatusInfo | Query::LastStatusInfo => String::new(),
        _ => arguments.server.name(session)?,
    };
    let which = (asked.query, asked.version);
    let info = session.read(|read, now| answer(read, &name, which, &about, now))?;
    if arguments.format.is_some() {
        return session.printer.artefact(&document(&info));
    }
    if session.printer.format != Format::Table || session.printer.jq.is_some() {
        return session.show(&OtherInfoView::new(named(asked.query), asked.version, info));
    }
    session.printer.list::<MemberView>(&ListOptions::default(), |sink| {
        for line in MemberView::of(&info) {
            if sink.row(&line)?.is_break() {
                break;
            }
        }
        Ok(())
    })
}

fn one(arguments: &Arguments, asked: Asked, session: &mut Session) -> Outcome<()> {
    let text = match &arguments.scope_file {
        Some(path) => read_text(path, Rc::new(|_| ()), |_, input| documents::scope(input))?,
        None => arguments.scope.text(),
    };
    let scope = request::scope(&text).map_err(|refusal| refusal.of(GET_INFO))?;
    let name = arguments.server.name(session)?;
    let rigour = arguments.rigour();
    let answer = session.read(|read, now| query::license_info(read, &name, &scope, rigour, now))?;
    session.warn_all(answer.warnings);
    let (extent, version) = (arguments.extent(), asked.version);
    if arguments.format.is_some() {
        let text = sentinelinfo::document(&answer.license, extent, version);
        return session.printer.artefact(&text);
    }
    if session.printer.format != Format::Table || session.printer.jq.is_some() {
        return session.show(&InfoView::new(named(asked.query), version, extent, answer.license));
    }
    show_elements(session, &answer.license, extent, version)
}

/// The elements of a license, line by line.
pub(super) fn show_elements(
    session: &mut Session,
    license: &License,
    extent: Extent,
    version: QueryVersion,
) -> Outcome<()> {
    let look = session.printer.look.clone();
    session.printer.list::<ElementView>(&ListOptions::default(), |sink| {
        for line in element_lines(license, extent, version, &look) {
            if sink.row(&line)?.is_break() {
                break;
            }
        }
        Ok(())
    })
}

/// What is asked of every license, or of those of one feature.
struct Every<'a> {
    /// `None`: the store has no License Manager.
    name: Option<&'a str>,
    feature: Option<&'a FeatureScope>,
    asked: Asked,
    extent: Extent,
}

impl Every<'_> {
    fn each(
        &self,
        read: &mut dyn Read,
        now: Timestamp,
        each: &mut dyn FnMut(&Served) -> Outcome<Flow>,
    ) -> Outcome<()> {
        let Some(name) = self.name else { return Ok(()) };
        query::every_license(read, name, self.feature, now, each)
    }

    fn list(&self, session: &mut Session) -> Outcome<()> {
        let mut differing = Differing::default();
        let document = session.printer.format == Format::Json;
        if document {
            // In a document the warnings stand before the items.
            session.read(|read, now| {
                self.each(read, now, &mut |served| {
                    differing.look(served, now);
                    Ok(Flow::Continue(()))
                })
            })?;
            session.warn_all(std::mem::take(&mut differing).warning().into_iter().collect());
        }
        let (word, version) = (named(self.asked.query), self.asked.version);
        session.list::<InfoView>(&ListOptions::default(), |read, now, sink| {
            self.each(read, now, &mut |served| {
                if !document {
                    differing.look(served, now);
                }
                for license in (0..served.licenses.len()).filter_map(|at| served.answered(at)) {
                    let view = InfoView::new(word, version, self.extent, license);
                    if sink.row(&view)?.is_break() {
                        return Ok(Flow::Break(()));
                    }
                }
                Ok(Flow::Continue(()))
            })
        })?;
        session.warn_all(differing.warning().into_iter().collect());
        Ok(())
    }

    fn write(&self, form: Form, session: &mut Session) -> Outcome<()> {
        let (now, version) = (session.now, self.asked.version);
        let mut differing = Differing::default();
        hand_over(session, None, |read, out| {
            if form == Form::Merged {
                put(out, HEAD)?;
            }
            self.each(read, now, &mut |served| {
                differing.look(served, now);
                for license in (0..served.licenses.len()).filter_map(|at| served.answered(at)) {
                    let text = match form {
                        Form::Concat => sentinelinfo::document(&license, self.extent, version),
                        Form::Merged => sentinelinfo::feature(&license, self.extent, version),
                    };
                    put(out, &text)?;
                }
                Ok(Flow::Continue(()))
            })?;
            if form == Form::Merged { put(out, FOOT) } else { Ok(()) }
        })?;
        session.warn_all(differing.warning().into_iter().collect());
        Ok(())
    }
}

fn every(arguments: &Arguments, asked: Asked, session: &mut Session) -> Outcome<()> {
    let feature = arguments.scope.feature();
    let feature: Option<FeatureScope> = feature
        .map(|text| request::feature(&text))
        .transpose()
        .map_err(|refusal| refusal.of(GET_INFO))?;
    let name = arguments.server.name_if_any(session)?;
    let (name, feature, extent) = (name.as_deref(), feature.as_ref(), arguments.extent());
    let every = Every { name, feature, asked, extent };
    match arguments.format {
        Some(form) => every.write(form, session),
        None => every.list(session),
    }
}
