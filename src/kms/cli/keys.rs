//! `kms key …`: product keys, of which only the last five characters are kept.

use super::acting::Acting;
use crate::error::{Outcome, Stop, Usage, Verdict};
use crate::kms::model::PartialKey;
use crate::kms::ops::call;
use crate::kms::ops::editions::{Serves, edition, target};
use crate::kms::ops::products::{self, NewKey};
use crate::kms::rules::keys;
use crate::kms::store;
use crate::session::Session;
use anyhow::Context;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The longest text that is read as a key.
const LONGEST: u64 = 4096;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Install a product key; only its last five characters are kept (`InstallProductKey`)
    ///
    /// The key is asked for without echo, or read from a file. Keys are not decoded: what it is for is said by
    /// `--activation-id` and `--channel`; without them it is for the primary Windows product, with the channel that it has.
    #[command(
        after_help = "Examples:\n  licctl kms key install --activation-id 'Windows 10 Professional' --channel Volume:GVLK --partial ABCDE\n  licctl kms key install --key-file - < key.txt\n  licctl kms key install --partial ABCDE --channel Volume:CSVLK --activation-id 8c1c5410-9f39-4805-8c9d-63a07706358f"
    )]
    Install(InstallArguments),
    /// Take the key of a product away (`UninstallProductKey`)
    #[command(after_help = "Example:\n  licctl kms key uninstall --machine ws-0931")]
    Uninstall {
        /// The product; default: the primary Windows product
        #[arg(long, value_name = "GUID|NAME")]
        activation_id: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take the key out of the registry; the product keeps it (`ClearProductKeyFromRegistry`)
    #[command(after_help = "Example:\n  licctl kms key clear-registry --machine ws-0931")]
    ClearRegistry(Acting),
}

#[derive(Debug, clap::Args)]
pub(super) struct InstallArguments {
    /// Read the key from this file; `-`: from the standard input
    #[arg(long, value_name = "FILE", conflicts_with = "partial", value_hint = clap::ValueHint::FilePath)]
    key_file: Option<PathBuf>,
    /// Only the last five characters, without any key
    #[arg(long, value_name = "XXXXX")]
    partial: Option<String>,
    /// The edition that the key is for
    #[arg(long, value_name = "GUID|NAME", requires = "channel", add = ArgValueCompleter::new(super::complete::editions))]
    activation_id: Option<String>,
    /// Its channel: Volume:GVLK (KMS client), Volume:CSVLK (KMS host), Volume:MAK, Retail
    #[arg(long, value_name = "CHANNEL", requires = "activation_id")]
    channel: Option<String>,
    /// What a KMS host key serves; `all`: every edition of its application
    #[arg(long, value_name = "GUID|all", requires = "channel", add = ArgValueCompleter::new(super::complete::editions))]
    serves: Vec<String>,
    #[command(flatten)]
    acting: Acting,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Install(arguments) => install(arguments, session),
        Command::Uninstall { activation_id, acting } => {
            let mut product = String::new();
            let (name, scene) = (acting.name(session)?, acting.scene(session));
            let ended = session.write(|tx, _| {
                let of = (name.as_str(), activation_id.as_deref());
                let ended = products::call(tx, &scene, of, "UninstallProductKey")?;
                Ok(ended.map(|(called, of)| {
                    product = of.name;
                    called
                }))
            })?;
            super::acting::tell(
                session,
                ended,
                &format!("uninstalled the key of `{product}` on `{name}`"),
            )
        }
        Command::ClearRegistry(acting) => acting.call(
            session,
            |name| format!("cleared the product key from the registry of `{name}`"),
            |tx, scene, name| {
                call::call(tx, scene, (name, None), "ClearProductKeyFromRegistry", &[])
            },
        ),
    }
}

fn install(arguments: &InstallArguments, session: &mut Session) -> Outcome<Verdict> {
    let known = session.read(|read, _| store::editions::all(read))?;
    let target = match (&arguments.activation_id, &arguments.channel) {
        (Some(of), Some(channel)) => Some(target(edition(of, &known)?, channel, &known)?),
        _ => None,
    };
    let serves = Serves::read(&arguments.serves, &known)?;
    // The machine is looked for before anybody types a key for nothing.
    let name = arguments.acting.name(session)?;
    let partial = match (&arguments.partial, &arguments.key_file) {
        (Some(text), _) => Some(PartialKey::new(text).ok_or_else(|| {
            Usage::new("`--partial` takes the last five letters or digits of a key")
        })?),
        (None, Some(path)) => keys::partial(&from_file(path)?),
        (None, None) => keys::partial(&typed()?),
    };
    let shown = partial.as_ref().map_or_else(String::new, ToString::to_string);
    let key = NewKey { partial, target, serves };
    let scene = arguments.acting.scene(session);
    let ended = session.write(|tx, _| products::install_key(tx, &scene, &name, key))?;
    super::acting::tell(session, ended, &format!("installed the key ending in {shown} on `{name}`"))
}

/// The text of a file, or of the standard input for `-`.
fn from_file(path: &Path) -> Outcome<String> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(LONGEST).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut bytes))
    };
    read.with_context(|| format!("reading the key from {}", path.display()))?;
    Ok(crate::artefact::text::whole(&bytes))
}

/// Asks for the key without showing it.
fn typed() -> Outcome<String> {
    let terminal = console::Term::stderr();
    if !terminal.is_term() {
        return Err(Usage::new("there is no terminal to ask for the key")
            .hinted("give `--key-file FILE`, `--key-file -` for the standard input, or `--partial XXXXX`")
            .into());
    }
    terminal
        .write_str("product key: ")
        .and_then(|()| terminal.read_secure_line())
        .context("reading the key from the terminal")
        .map_err(Stop::Fault)
}
