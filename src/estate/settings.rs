//! `licctl config`: the settings in force, and where each comes from.

use crate::apis;
use crate::artefact::write;
use crate::config::{self, Origin, SETTINGS};
use crate::error::{Outcome, Stop, Usage, Verdict, Warning};
use crate::output::{Cell, Column, Fit, Format, ListOptions, Look, Tone, View, column, nearest};
use crate::session::{self, Resolved, Session};
use anyhow::Context;
use clap::Subcommand;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List every setting with its value
    #[command(
        after_help = "Examples:\n  licctl config show --origin\n  licctl config show --filter 'origin!=default'"
    )]
    Show {
        /// Say where each value came from
        #[arg(long)]
        origin: bool,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Print one value
    #[command(after_help = "Example:\n  licctl config get store")]
    Get {
        /// Its key
        key: String,
    },
    /// Set a value in the user's own file
    #[command(
        after_help = "Examples:\n  licctl config set output json\n  licctl config set kms.machine kms03 --project"
    )]
    Set {
        /// Its key
        key: String,
        /// The value
        value: String,
        /// In `licctl.toml` of this folder instead, for all who work here
        #[arg(long)]
        project: bool,
    },
    /// Take a value out of the user's own file
    #[command(after_help = "Example:\n  licctl config unset output")]
    Unset {
        /// Its key
        key: String,
        /// Out of `licctl.toml` of this folder instead
        #[arg(long)]
        project: bool,
    },
    /// Print where the user's own file is
    #[command(after_help = "Example:\n  ${EDITOR:-vi} \"$(licctl config path)\"")]
    Path,
}

/// A setting in force.
#[derive(Debug, Serialize, JsonSchema)]
struct SettingView {
    key: String,
    value: String,
    /// `flag`, `environment NAME`, `file PATH` or `default`.
    origin: String,
    doc: &'static str,
    #[serde(skip)]
    shows_origin: bool,
}

impl SettingView {
    fn new(resolved: &Resolved, shows_origin: bool) -> Self {
        Self {
            key: resolved.key.clone(),
            value: resolved.value.clone(),
            origin: resolved.origin.to_string(),
            doc: resolved.doc,
            shows_origin,
        }
    }
}

impl View for SettingView {
    const SCHEMA: &'static str = "licctl.setting/1";
    const COLUMNS: &'static [Column] = &[
        column("SETTING", "key", Fit::Keep),
        column("VALUE", "value", Fit::Elide),
        column("ORIGIN", "origin", Fit::Keep),
        column("WHAT", "doc", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let origin = if self.shows_origin { self.origin.clone() } else { String::new() };
        let tone = if self.origin == "default" { Tone::Faint } else { Tone::Plain };
        vec![
            self.key.clone().into(),
            Cell::toned(self.value.clone(), tone),
            origin.into(),
            self.doc.into(),
        ]
    }

    fn name(&self) -> String {
        self.key.clone()
    }
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![(SettingView::SCHEMA, schema_for!(SettingView))]
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Show { origin, list } => {
            let settings = session.all_settings();
            for trouble in std::mem::take(&mut session.broken) {
                let message = format!("{}; other commands stop there", super::in_a_line(&trouble));
                session.warn(Warning::new("settings", message));
            }
            let views: Vec<SettingView> =
                settings.iter().map(|setting| SettingView::new(setting, *origin)).collect();
            let mut options = list.clone();
            // In json and csv a row has its origin without being asked.
            let bare = session.printer.format == Format::Table && !*origin;
            if bare && options.columns.is_empty() {
                options.columns = ["key", "value", "doc"].map(str::to_owned).into();
            }
            session.printer.rows::<SettingView>(&options, &views)?;
        }
        Command::Get { key } => {
            let settings = session.all_settings();
            if let Some(trouble) = session.broken.pop() {
                return Err(trouble);
            }
            let found = settings.iter().find(|setting| setting.key == *key);
            let Some(found) = found else { return Err(unknown(key).into()) };
            let (view, value) = (SettingView::new(found, true), found.value.clone());
            session.tell(&view, &value)?;
        }
        Command::Set { key, value, project } => {
            set(session, key, Some(value), *project)?;
        }
        Command::Unset { key, project } => set(session, key, None, *project)?,
        Command::Path => {
            let path = session.config.clone().or_else(config::user_path);
            let path = path.map(|path| path.display().to_string()).unwrap_or_default();
            session.printer.artefact(&format!("{path}\n"))?;
        }
    }
    Ok(Verdict::Yes)
}

/// Every key that a file may have: the settings, and the default instance of each domain.
pub(super) fn keys() -> Vec<String> {
    let instances = apis::APIS.iter().map(|api| format!("{}.{}", api.name, api.instance.flag));
    SETTINGS.iter().map(|setting| setting.key.to_owned()).chain(instances).collect()
}

fn unknown(key: &str) -> Usage {
    let keys = keys();
    let near = nearest(key, &keys);
    let hint = if near.is_empty() { keys.join(", ") } else { near.join(", ") };
    Usage::new(format!("there is no setting `{key}`")).hinted(format!("there is {hint}"))
}

fn set(session: &mut Session, key: &str, value: Option<&str>, project: bool) -> Outcome<()> {
    let known = keys().into_iter().find(|known| known == key).ok_or_else(|| unknown(key))?;
    let setting = SETTINGS.iter().find(|setting| setting.key == known);
    if project && setting.is_some_and(|setting| !setting.project) {
        let message = format!("a project file cannot set `{key}`: only the user may decide it");
        return Err(Usage::new(message).hinted("leave `--project` out").into());
    }
    if let Some(value) = value {
        if value.is_empty() {
            let hint = format!("`licctl config unset {key}` takes it out");
            return Err(Usage::new(format!("`{key}` needs a value")).hinted(hint).into());
        }
        session::accepts(key, value)?;
    }
    let path = file(session, project)?;
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            let context = format!("reading {}", path.display());
            return Err(Stop::Fault(anyhow::Error::from(error).context(context)));
        }
    };
    let edited = config::edited(&text, key, value)?;
    if !session.rehearses() && edited != text {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("making the folder {}", folder.display()))?;
        }
        write::whole(&path, edited.as_bytes())?;
    }
    let view = SettingView {
        key: key.to_owned(),
        value: value.unwrap_or_default().to_owned(),
        origin: Origin::File(path.clone()).to_string(),
        doc: setting.map_or(session::INSTANCE, |setting| setting.doc),
        shows_origin: true,
    };
    let sentence = match value {
        Some(value) => format!("set `{key}` to `{value}` in {}", path.display()),
        None => format!("took `{key}` out of {}", path.display()),
    };
    session.tell(&view, &sentence)
}

/// The file that is changed: the named one, the project's, or the user's own.
fn file(session: &Session, project: bool) -> Outcome<PathBuf> {
    if let Some(named) = &session.config {
        return Ok(named.clone());
    }
    if project {
        return Ok(PathBuf::from(config::PROJECT));
    }
    config::user_path().ok_or_else(|| {
        Usage::new("this system has no folder for settings").hinted("give `--config FILE`").into()
    })
}
