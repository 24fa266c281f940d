//! `vsphere catalogue …`: what keys and editions are, as the user says.

use super::acting::{instant, label};
use crate::artefact::files::read_text;
use crate::clock::Timestamp;
use crate::error::{Outcome, Usage, Verdict};
use crate::output::{Format, ListOptions};
use crate::session::Session;
use crate::vsphere::export;
use crate::vsphere::import::catalogue::{CatalogueFile, read};
use crate::vsphere::model::catalogue::KeyEntry;
use crate::vsphere::model::key::{Key, masked, normalised};
use crate::vsphere::model::value::KeyValue;
use crate::vsphere::ops::catalogue::{self as ops, Loaded, Removed, Replaced};
use crate::vsphere::rules::catalogue::digest;
use crate::vsphere::view::{CatalogueKeyView, CatalogueView, VoidView};
use crate::wording::many;
use clap::Subcommand;
use std::path::{Path, PathBuf};
use std::rc::Rc;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the editions
    #[command(after_help = "Example:\n  licctl vsphere catalogue list")]
    List {
        #[command(flatten)]
        list: ListOptions,
    },
    /// Show an edition with its features and keys
    #[command(
        after_help = "Example:\n  licctl vsphere catalogue show esx.standard.cpuPackageCoreLimited --version 8.0"
    )]
    Show {
        /// editionKey
        #[arg(value_name = "EDITION")]
        edition: String,
        /// Only this version
        #[arg(long, value_name = "VERSION")]
        version: Option<String>,
    },
    /// Describe one key
    #[command(
        after_help = "Example:\n  licctl vsphere catalogue add AAAAA-AAAAA-AAAAA-AAAAA-AAAA8 --edition esx.standard.cpuPackageCoreLimited --total 8"
    )]
    Add(AddArguments),
    /// Remove a key, or an edition that no key is of
    #[command(after_help = "Example:\n  licctl vsphere catalogue remove …-AAAA9")]
    Remove {
        /// Key, its end in whole groups, its digest, or editionKey
        #[arg(value_name = "KEY|EDITION")]
        name: String,
        /// Only this version of an edition
        #[arg(long, value_name = "VERSION")]
        version: Option<String>,
    },
    /// Replace keys that were split or combined in the vendor's portal; assignments of the old ones stay
    #[command(
        after_help = "Example:\n  licctl vsphere catalogue replace …-AAAA9 --with AAAAA-AAAAA-AAAAA-AAAAA-AAAA6=6 --with AAAAA-AAAAA-AAAAA-AAAAA-AAAA7=4"
    )]
    Replace {
        /// Old keys, their ends in whole groups, or their digests
        #[arg(required = true, value_name = "OLD")]
        old: Vec<String>,
        /// New keys with their totals
        #[arg(long, required = true, value_name = "KEY=TOTAL")]
        with: Vec<String>,
        /// The sums may differ
        #[arg(long)]
        allow_different: bool,
    },
    /// Load editions and keys from a file
    #[command(after_help = "Example:\n  licctl vsphere catalogue import catalogue.json")]
    Import {
        /// JSON or YAML file; `-` is the standard input
        #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Write the catalogue as a file; keys are digests unless secrets are shown
    #[command(after_help = "Example:\n  licctl vsphere catalogue export --into catalogue.json")]
    Export {
        /// Write into this file instead of the standard output
        #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        into: Option<PathBuf>,
    },
    /// Check a file without loading it
    #[command(after_help = "Example:\n  licctl vsphere catalogue check catalogue.yaml")]
    Check {
        /// JSON or YAML file; `-` is the standard input
        #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct AddArguments {
    /// Key
    #[arg(value_name = "KEY")]
    key: String,
    /// Its editionKey
    #[arg(long, value_name = "EDITION")]
    edition: String,
    /// Version of the edition; default: the highest
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Units; 0 is unlimited
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(0..))]
    total: i32,
    /// When it expires; default: never
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    expires: Option<Timestamp>,
    /// Label that it gets when it is added; repeatable
    #[arg(long = "label", value_name = "LABEL=VALUE", value_parser = label)]
    labels: Vec<KeyValue>,
    /// Name, when it is not that of the edition
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Cost unit, when it is not that of the edition
    #[arg(long, value_name = "UNIT")]
    cost_unit: Option<String>,
    /// Keep the digest alone
    #[arg(long)]
    digest_only: bool,
}

/// A whole key; messages show it masked.
fn whole(text: &str) -> Outcome<String> {
    normalised(text).ok_or_else(|| {
        Usage::new(format!("`{}` is no key", masked(text)))
            .hinted("a key has five groups of five letters or digits")
            .into()
    })
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { list } => self::list(list, |_| true, session)?,
        Command::Show { edition, version } => show(edition, version.as_deref(), session)?,
        Command::Add(arguments) => add(arguments, session)?,
        Command::Remove { name, version } => {
            let removed = session.write(|tx, _| ops::remove(tx, name, version.as_deref()))?;
            let sentence = match removed {
                Removed::Key(entry) => {
                    let name = entry
                        .key
                        .map_or_else(|| ops::short(&entry.sha256), |key| key.shown().to_owned());
                    format!("removed key {name} from the catalogue")
                }
                Removed::Editions(editions) => {
                    let versions: Vec<String> =
                        editions.into_iter().map(|edition| edition.product_version).collect();
                    format!("removed edition `{name}` ({}) from the catalogue", versions.join(", "))
                }
            };
            session.tell(&VoidView {}, &sentence)?;
        }
        Command::Replace { old, with, allow_different } => {
            replace(old, with, *allow_different, session)?;
        }
        Command::Import { file } => import(file, session)?,
        Command::Export { into } => export(into.as_deref(), session)?,
        Command::Check { file } => {
            let (held, notes) = read_text(file, Rc::new(|_| ()), |_, input| read(input))?;
            session.warn_all(notes.warnings);
            check(file, &held, session)?;
            let sentence = format!(
                "{}: {} and {}, nothing wrong",
                file.display(),
                many(held.editions.len(), "edition"),
                many(held.keys.len(), "key")
            );
            session.tell(&VoidView {}, &sentence)?;
        }
    }
    Ok(Verdict::Yes)
}

/// Complains of what `import` would refuse, beside the editions that the catalogue has already.
fn check(file: &Path, held: &CatalogueFile, session: &mut Session) -> Outcome<()> {
    let known = if session.has_store() {
        session.read(|read, _| ops::all(read, false))?
    } else {
        CatalogueFile::default()
    };
    ops::check(held, &known.editions).map_err(|stop| stop.within(&file.display().to_string()))
}

fn list(
    options: &ListOptions,
    wanted: impl Fn(&ops::Shown) -> bool,
    session: &mut Session,
) -> Outcome<()> {
    let secrets = session.printer.look.secrets;
    session.list::<CatalogueView>(options, |read, _, sink| {
        for shown in ops::shown(read)?.iter().filter(|shown| wanted(shown)) {
            if sink.row(&CatalogueView::new(shown, secrets))?.is_break() {
                break;
            }
        }
        Ok(())
    })
}

fn show(edition: &str, version: Option<&str>, session: &mut Session) -> Outcome<()> {
    let secrets = session.printer.look.secrets;
    let mut shown = session.read(|read, _| ops::shown(read))?;
    shown.retain(|shown| shown.edition.edition_key == edition);
    let versions: Vec<String> =
        shown.iter().map(|shown| shown.edition.product_version.clone()).collect();
    shown.retain(|shown| version.is_none_or(|version| shown.edition.product_version == version));
    match (shown.as_slice(), version) {
        ([only], _) => session.show(&CatalogueView::new(only, secrets)),
        ([], Some(version)) if !versions.is_empty() => {
            Err(Usage::new(format!("edition `{edition}` has no version `{version}`"))
                .hinted(format!("it has {}", versions.join(", ")))
                .into())
        }
        ([], _) => Err(Usage::new(format!("the catalogue has no edition `{edition}`"))
            .hinted("`licctl vsphere catalogue list` shows them")
            .into()),
        (several, _) => {
            Err(Usage::new(format!("edition `{edition}` has {} versions", several.len()))
                .hinted(format!("give `--version`: {}", versions.join(", ")))
                .into())
        }
    }
}

fn add(arguments: &AddArguments, session: &mut Session) -> Outcome<()> {
    let key = whole(&arguments.key)?;
    let entry = KeyEntry {
        sha256: digest(&key),
        key: (!arguments.digest_only).then(|| Key::given(&key)),
        edition_key: arguments.edition.clone(),
        product_version: arguments.version.clone(),
        total: arguments.total,
        expires: arguments.expires,
        labels: arguments.labels.clone(),
        name: arguments.name.clone(),
        cost_unit: arguments.cost_unit.clone(),
        features: None,
        other: None,
    };
    let secrets = session.printer.look.secrets;
    let entry = session.write(|tx, _| ops::add(tx, &entry))?;
    let sentence = format!("added key {} of edition `{}`", masked(&key), entry.edition_key);
    session.tell(&CatalogueKeyView::new(&entry, secrets), &sentence)
}

fn replace(old: &[String], with: &[String], different: bool, session: &mut Session) -> Outcome<()> {
    let mut new = Vec::new();
    for text in with {
        let (key, total) = text.split_once('=').unwrap_or((text, ""));
        let total = total.parse::<i32>().ok().filter(|total| *total >= 0).ok_or_else(|| {
            Usage::new(format!("`--with {}=…` has no total", masked(key)))
                .hinted("write `--with KEY=TOTAL`")
        })?;
        new.push((whole(key)?, total));
    }
    let secrets = session.printer.look.secrets;
    let Replaced { made, moves } = session.write(|tx, _| ops::replace(tx, old, &new, different))?;
    session.printer.list::<CatalogueKeyView>(&ListOptions::default(), |sink| {
        for entry in &made {
            if sink.row(&CatalogueKeyView::new(entry, secrets))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    for (vcenter, held) in moves {
        let several = |flag: &str, keys: &mut dyn Iterator<Item = &Key>| {
            keys.fold(String::new(), |line, key| format!("{line} {flag} {}", key.short()))
        };
        let from = several("--from", &mut held.iter());
        let to = several("--key", &mut made.iter().filter_map(|entry| entry.key.as_ref()));
        session
            .printer
            .note(&format!("assignments of the old keys stay in `{vcenter}`; these move them:"));
        session
            .printer
            .note(&format!("  licctl vsphere license add --key-file NEW --vcenter {vcenter}"));
        session.printer.note(&format!(
            "  licctl vsphere plan{from}{to} --reassign --apply --vcenter {vcenter}"
        ));
    }
    Ok(())
}

fn import(file: &Path, session: &mut Session) -> Outcome<()> {
    let (held, notes) = read_text(file, Rc::new(|_| ()), |_, input| read(input))?;
    session.warn_all(notes.warnings);
    let loaded = session.write(|tx, _| ops::load(tx, &held));
    let loaded = loaded.map_err(|stop| stop.within(&file.display().to_string()))?;
    let Loaded { added, changed, unchanged } = loaded;
    session
        .printer
        .note(&format!("{} added, {changed} changed, {unchanged} unchanged", many(added, "entry")));
    if session.printer.format == Format::Table && session.printer.jq.is_none() {
        return Ok(());
    }
    list(&ListOptions::default(), |_| true, session)
}

fn export(into: Option<&Path>, session: &mut Session) -> Outcome<()> {
    let secrets = session.printer.look.secrets;
    let held = session.read(|read, _| ops::all(read, secrets))?;
    let text = export::catalogue::write(&held, secrets);
    let Some(path) = into else {
        return session.printer.artefact(&text);
    };
    if session.rehearses() {
        session.printer.note(&format!("dry run: {} was not written", path.display()));
        return Ok(());
    }
    crate::artefact::write::whole(path, text.as_bytes())?;
    session.printer.note(&format!("wrote {}", path.display()));
    Ok(())
}
