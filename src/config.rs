//! Settings from files and environment: flag, environment, project file, user file, default; each value with its origin.

use crate::error::{Outcome, Stop, Usage};
use anyhow::{Context, anyhow};
use std::path::{Path, PathBuf};
use toml::Table;

/// A setting that has a flag, an environment variable and a key.
#[derive(Debug)]
pub struct Setting {
    /// `show-secrets`; the flag is `--show-secrets`, dots separate tables: `kms.machine`.
    pub key: &'static str,
    pub environment: &'static str,
    /// One sentence.
    pub doc: &'static str,
    pub default: &'static str,
    /// Whether a project file may set it: what a checked-out folder must not decide is left to its user.
    pub project: bool,
}

/// The settings of the spine. The instance flags of the domains are added by the session.
pub static SETTINGS: &[Setting] = &[
    Setting {
        key: "store",
        environment: "LICCTL_STORE",
        doc: "The store file.",
        default: "licctl/store.db under the user's data directory",
        project: true,
    },
    Setting {
        key: "output",
        environment: "LICCTL_OUTPUT",
        doc: "The form of answers.",
        default: "table",
        project: true,
    },
    Setting {
        key: "now",
        environment: "LICCTL_NOW",
        doc: "The clock of the command.",
        default: "the system's clock",
        project: true,
    },
    Setting {
        key: "seed",
        environment: "LICCTL_SEED",
        doc: "The chance of the command.",
        default: "the system's chance",
        project: true,
    },
    Setting {
        key: "show-secrets",
        environment: "LICCTL_SHOW_SECRETS",
        doc: "Whether secrets are shown in full.",
        default: "false",
        project: false,
    },
    Setting {
        key: "color",
        environment: "LICCTL_COLOR",
        doc: "When to colour.",
        default: "auto",
        project: true,
    },
    Setting {
        key: "tz",
        environment: "LICCTL_TZ",
        doc: "The zone of times in tables, and of local times that are read.",
        default: "the system's zone on a terminal, else UTC",
        project: true,
    },
    Setting {
        key: "pager",
        environment: "LICCTL_PAGER",
        doc: "The pager for long tables on a terminal.",
        default: "PAGER, else less",
        project: false,
    },
];

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Flag,
    Environment(&'static str),
    File(PathBuf),
    Default,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag => out.write_str("flag"),
            Self::Environment(name) => write!(out, "environment {name}"),
            Self::File(path) => write!(out, "file {}", path.display()),
            Self::Default => out.write_str("default"),
        }
    }
}

/// The settings files of this run.
#[derive(Debug, Default)]
pub struct Files {
    project: Option<(PathBuf, Table)>,
    user: Option<(PathBuf, Table)>,
}

/// The project file of the working folder.
pub const PROJECT: &str = "licctl.toml";

impl Files {
    /// Reads the files; `named` stands for both and must exist.
    ///
    /// Faults when a file cannot be read; a complaint when it is not TOML.
    pub fn read(named: Option<&Path>) -> Outcome<Self> {
        if let Some(path) = named {
            let table = table(path)?.ok_or_else(|| {
                Stop::Fault(
                    anyhow!("there is no file {}", path.display())
                        .context("reading the named configuration"),
                )
                .remedied("name a file that is there with `--config`, or leave it out")
            })?;
            return Ok(Self { project: None, user: Some((path.to_owned(), table)) });
        }
        let project = PathBuf::from(PROJECT);
        let project = table(&project)?.map(|table| (project, table));
        let user = user_path();
        let user = match user {
            Some(path) => table(&path)?.map(|table| (path, table)),
            None => None,
        };
        Ok(Self { project, user })
    }

    /// As [`Files::read`], with what can be known all the same, and with what could not be read: of a file that is not TOML the lines
    /// before the one that says so.
    #[must_use]
    pub fn known(named: Option<&Path>) -> (Self, Vec<Stop>) {
        let mut troubles = Vec::new();
        let mut known = |path: PathBuf| match table(&path) {
            Ok(found) => found.map(|table| (path, table)),
            Err(stop) => {
                let before = before_trouble(&path);
                troubles.push(stop);
                before.map(|table| (path, table))
            }
        };
        if let Some(path) = named {
            let user = known(path.to_owned());
            if user.is_none() && troubles.is_empty() {
                troubles.extend(Self::read(named).err());
            }
            return (Self { project: None, user }, troubles);
        }
        let files =
            Self { project: known(PathBuf::from(PROJECT)), user: user_path().and_then(known) };
        (files, troubles)
    }

    /// The value of a setting and where it comes from, when a file has it.
    ///
    /// Usage error when a project file sets what it must not, or when a value is no text, number or flag.
    pub fn value(&self, setting: &Setting) -> Outcome<Option<(String, Origin)>> {
        for (file, is_project) in [(&self.project, true), (&self.user, false)] {
            let Some((path, table)) = file else { continue };
            let Some(value) = at(table, setting.key) else {
                continue;
            };
            if is_project && !setting.project {
                let message = format!(
                    "{} sets `{}`, which only the user may decide",
                    path.display(),
                    setting.key
                );
                return Err(Usage::new(message)
                    .hinted("give the flag, or set it in the user's own file")
                    .into());
            }
            let text = match value {
                toml::Value::String(text) => text.clone(),
                toml::Value::Integer(number) => number.to_string(),
                toml::Value::Boolean(flag) => flag.to_string(),
                toml::Value::Datetime(time) => time.to_string(),
                _ => {
                    return Err(Usage::new(format!(
                        "{}: `{}` must be a single value",
                        path.display(),
                        setting.key
                    ))
                    .into());
                }
            };
            return Ok(Some((text, Origin::File(path.clone()))));
        }
        Ok(None)
    }
}

impl Files {
    /// The text at a dotted key that is no setting of the spine: the instance of a domain.
    pub fn text(&self, key: &str) -> Outcome<Option<String>> {
        Ok(self.origin(key)?.map(|(text, _)| text))
    }

    /// As [`Files::text`], with the file that has it.
    pub fn origin(&self, key: &str) -> Outcome<Option<(String, Origin)>> {
        let files = [&self.project, &self.user];
        let found =
            files.into_iter().flatten().find_map(|(path, table)| Some((path, at(table, key)?)));
        match found {
            None => Ok(None),
            Some((path, toml::Value::String(text))) => {
                Ok(Some((text.clone(), Origin::File(path.clone()))))
            }
            Some((path, _)) => {
                Err(Usage::new(format!("{}: `{key}` must be a text", path.display())).into())
            }
        }
    }
}

impl Files {
    /// The keys of the files that are no setting, each with its file. `known` says whether a key is one.
    #[must_use]
    pub fn strangers(&self, known: &dyn Fn(&str) -> bool) -> Vec<(PathBuf, String)> {
        let files = [&self.project, &self.user].into_iter().flatten();
        files
            .flat_map(|(path, table)| {
                let keys = keys(table, "").into_iter().filter(|key| !known(key));
                keys.map(|key| (path.clone(), key)).collect::<Vec<_>>()
            })
            .collect()
    }

    /// Where the files are that were read.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        [&self.project, &self.user].into_iter().flatten().map(|(path, _)| path.as_path())
    }
}

/// Every key that has a value, dotted.
fn keys(table: &Table, above: &str) -> Vec<String> {
    table
        .iter()
        .flat_map(|(name, value)| {
            let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
            match value.as_table() {
                Some(inner) => keys(inner, &key),
                None => vec![key],
            }
        })
        .collect()
}

/// A settings file with `key` set to `value`, or without it; comments and order stay as they are.
///
/// A number, `true` and `false` are written bare, everything else as a text. Complains when the file is not TOML.
pub fn edited(text: &str, key: &str, value: Option<&str>) -> Outcome<String> {
    let mut document: toml_edit::DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| {
            Stop::Fault(anyhow!(error).context("reading the settings file that is to be changed"))
        })?;
    let (section, name) = key.rsplit_once('.').unwrap_or(("", key));
    let mut at = document.as_table_mut();
    for part in section.split('.').filter(|part| !part.is_empty()) {
        let item =
            at.entry(part).or_insert_with(|| toml_edit::Item::Table(toml_edit::Table::new()));
        at = item
            .as_table_mut()
            .ok_or_else(|| Usage::new(format!("`{part}` is no table in the settings file")))?;
    }
    match value {
        None => {
            at.remove(name);
        }
        Some(text) => {
            let bare = text.parse::<i64>().map(toml_edit::Value::from);
            let bare = bare.or_else(|_| text.parse::<bool>().map(toml_edit::Value::from));
            let value = bare.unwrap_or_else(|_| toml_edit::Value::from(text));
            at.insert(name, toml_edit::value(value));
        }
    }
    Ok(document.to_string())
}

/// Where the user's own file is; `None` where the system has no such folder.
#[must_use]
pub fn user_path() -> Option<PathBuf> {
    dirs::config_dir().map(|folder| folder.join("licctl").join("config.toml"))
}

/// The line of a settings file on which a key gets its value, counted from 1.
#[must_use]
pub fn line_of(path: &Path, key: &str) -> Option<usize> {
    let text = std::fs::read_to_string(path).ok()?;
    let document = toml_edit::Document::parse(text.as_str()).ok()?;
    let item = key.split('.').try_fold(document.as_item(), |item, part| item.get(part))?;
    line(&text, item.span()?.start)
}

/// The line of a place in a text, counted from 1.
fn line(text: &str, at: usize) -> Option<usize> {
    Some(text.get(..at)?.matches('\n').count() + 1)
}

/// What a file that is not TOML says before the line that is none.
fn before_trouble(path: &Path) -> Option<Table> {
    let text = std::fs::read_to_string(path).ok()?;
    let at = text.parse::<Table>().err()?.span()?.start;
    let lines: Vec<&str> = text.lines().take(line(&text, at)?.saturating_sub(1)).collect();
    lines.join("\n").parse().ok()
}

fn at<'a>(table: &'a Table, key: &str) -> Option<&'a toml::Value> {
    match key.split_once('.') {
        Some((section, rest)) => at(table.get(section)?.as_table()?, rest),
        None => table.get(key),
    }
}

fn table(path: &Path) -> Outcome<Option<Table>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Stop::Fault(
                anyhow::Error::from(error).context(format!("reading {}", path.display())),
            ));
        }
    };
    let table = text.parse::<Table>().with_context(|| format!("reading {}", path.display()));
    let remedy = "mend that line, or name another file with `--config`";
    Ok(Some(table.map_err(|error| Stop::Fault(error).remedied(remedy))?))
}
