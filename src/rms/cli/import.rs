//! `rms import`: `licctl import` that knows one domain.

use crate::api::Hints;
use crate::error::{Outcome, Usage, Verdict};
use crate::estate::{ImportOptions, import_paths};
use crate::rms::import::encoding::{ENCODINGS, Encoding};
use crate::rms::import::{Taken, offset};
use crate::rms::ops::intake::{
    ALL_POLLS, ALLOW_EMPTY, ENCODING, LEARN_OFFSET, LENIENT_AMP, RECORD, STRICT, UTC_OFFSET,
};
use crate::session::Session;
use clap_complete::ArgValueCompleter;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Bring in what License Managers answered, listed and logged
///
/// Reads answers of queries as XML, listings of lsmon, usage logs, reservations, alert configurations and JSON; the kind is told from
/// the content. Licenses merge by their
/// hash: what a record leaves out stays as it is. Records of usage are added to those that are there.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl rms import answers.xml --server lic01\n  licctl rms import lsmon.txt --tz Europe/Berlin\n  licctl rms import answers.xml --server lic01 --replace\n  ssh lic01 rms-dump | licctl rms import - --server lic01"
)]
pub(super) struct Arguments {
    /// Files, folders, or `-` for the standard input
    #[arg(required = true, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    options: ImportOptions,
    /// The License Manager that the files belong to, whatever they say
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::servers))]
    server: Option<String>,
    #[command(flatten)]
    odd: Odd,
    /// How the files are encoded, when neither a mark nor a declaration tells: `windows-1252`, `cp850`
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// By how much the local times of listings are ahead of UTC: `+02:00`; default: as the License Manager was set, else by `--tz`
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    utc_offset: Option<String>,
    /// Let `--replace` take a capture that says there are no licenses
    #[arg(long, requires = "replace")]
    allow_empty: bool,
    /// Keep the offset that a usage log shows as that of its License Manager
    #[arg(long)]
    learn_offset: bool,
}

// What becomes of what is odd. A doc comment would become the title of the command.
#[derive(Debug, clap::Args)]
struct Odd {
    /// Refuse text between documents, numbers without a name
    #[arg(long)]
    strict: bool,
    /// Read an `&` of XML that begins no reference as one that is escaped: `A&B`
    #[arg(long)]
    lenient_amp: bool,
    /// Take every `feature` of XML for a license, or for the right that is served; default: what its elements tell
    #[arg(long, value_name = "WHAT", value_parser = Taken::ALL.map(Taken::word))]
    record: Option<String>,
    /// Read every round of a polling lsmon: of each feature the last that lists it
    #[arg(long)]
    all_polls: bool,
}

/// Seconds of `--utc-offset`.
pub(super) fn ahead(text: &str) -> Outcome<i64> {
    let seconds = offset::seconds(text).ok_or_else(|| {
        Usage::new(format!("`--utc-offset {text}` is no offset"))
            .hinted("`+02:00`, `-07:30` or `Z`")
    })?;
    Ok(seconds)
}

impl Arguments {
    /// What the intake of the domain is told.
    fn hints(&self) -> Outcome<Hints> {
        let mut texts = BTreeMap::new();
        for (flag, given) in [
            (STRICT, self.odd.strict),
            (ALLOW_EMPTY, self.allow_empty),
            (LEARN_OFFSET, self.learn_offset),
            (LENIENT_AMP, self.odd.lenient_amp),
            (ALL_POLLS, self.odd.all_polls),
        ] {
            if given {
                texts.insert(flag, String::new());
            }
        }
        if let Some(name) = &self.encoding {
            if Encoding::named(name).is_none() {
                let known: Vec<&str> = ENCODINGS.iter().map(|row| row.name).collect();
                return Err(Usage::new(format!("`--encoding {name}` is none that is read here"))
                    .hinted(format!("there is {}", known.join(", ")))
                    .into());
            }
            texts.insert(ENCODING, name.clone());
        }
        if let Some(word) = &self.odd.record {
            texts.insert(RECORD, word.clone());
        }
        if let Some(text) = &self.utc_offset {
            texts.insert(UTC_OFFSET, ahead(text)?.to_string());
        }
        Ok(Hints { instance: self.server.clone(), texts, ..Hints::default() })
    }
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let hints = arguments.hints()?;
    import_paths(&arguments.paths, &[&super::API], &arguments.options, hints, session)?;
    Ok(Verdict::Yes)
}
