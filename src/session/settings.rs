//! Settings: a flag, else the environment, else a file, else the default. The only file that reads the environment.

use crate::apis;
use crate::clock::Timestamp;
use crate::config::{Files, Origin, SETTINGS, Setting, line_of};
use crate::error::{Outcome, Stop, Usage};
use crate::output::{Color, Format};
use clap::ValueEnum;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

/// What the instance setting of a domain says.
pub const INSTANCE: &str = "The instance that is meant when none is named.";

/// A setting with its value and where that came from.
#[derive(Debug, Clone)]
pub struct Resolved {
    pub key: String,
    pub value: String,
    pub origin: Origin,
    pub doc: &'static str,
}

/// Reads one environment variable; empty counts as absent.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
pub(super) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The user's own pager; empty when none is wanted.
#[expect(clippy::disallowed_methods, reason = "an empty variable says something here")]
pub(super) fn own_pager() -> Option<String> {
    std::env::var("PAGER").ok()
}

/// A variable that a file refers to by its name; `None` when it is not set, or empty.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    environment(name)
}

/// The settings in force, by key.
pub(super) struct Settings {
    files: Files,
    /// What could not be read, and is passed over; `None`: the first of it ends the command.
    passed: Option<Vec<Stop>>,
    pub(super) resolved: Vec<Resolved>,
}

impl Settings {
    /// Reads the files of settings: the named one alone, when one is.
    pub(super) fn read(named: Option<&Path>) -> Outcome<Self> {
        Ok(Self { files: Files::read(named)?, passed: None, resolved: Vec::new() })
    }

    /// As [`Settings::read`], for commands that can do with what is known: a value that cannot be read is as if it were not set.
    pub(super) fn known(named: Option<&Path>) -> Self {
        let (files, troubles) = Files::known(named);
        Self { files, passed: Some(troubles), resolved: Vec::new() }
    }

    /// What was passed over.
    pub(super) fn passed(&mut self) -> Vec<Stop> {
        self.passed.take().unwrap_or_default()
    }

    /// The text in force; `None`: the default.
    fn resolve(
        &mut self,
        setting: &'static Setting,
        flag: Option<String>,
    ) -> Outcome<Option<String>> {
        let from_file = self.files.value(setting)?;
        let from_environment = || {
            environment(setting.environment)
                .map(|value| (value, Origin::Environment(setting.environment)))
        };
        let found = flag.map(|value| (value, Origin::Flag)).or_else(from_environment).or(from_file);
        let value = found.as_ref().map(|(value, _)| value.clone());
        self.resolved.push(match found {
            None => unset(setting),
            Some((value, origin)) => {
                Resolved { key: setting.key.to_owned(), value, origin, doc: setting.doc }
            }
        });
        Ok(value)
    }
}

impl Settings {
    /// The value of a setting in force as `read` reads it; `None`: the default.
    ///
    /// Usage error when it cannot be read, which names the variable, or the file and line, that has it.
    pub(super) fn value<T>(
        &mut self,
        key: &'static str,
        flag: Option<String>,
        read: impl FnOnce(Option<String>) -> Outcome<Option<T>>,
    ) -> Outcome<Option<T>> {
        let (setting, is_flag) = (setting(key)?, flag.is_some());
        let value = match self.resolve(setting, flag) {
            Ok(text) => read(text).map_err(|stop| match (stop, self.resolved.pop()) {
                (Stop::Usage(usage), Some(Resolved { origin, .. })) if !is_flag => {
                    let line = match &origin {
                        Origin::File(path) => line_of(path, key),
                        _ => None,
                    };
                    let line = line.map_or_else(String::new, |line| format!(", line {line}"));
                    let message = format!("{}, and comes from the {origin}{line}", usage.message);
                    Stop::Usage(Usage { message, ..usage })
                }
                (other, _) => other,
            }),
            Err(stop) => Err(stop),
        };
        match (value, &mut self.passed) {
            (Err(stop), Some(passed)) if !is_flag => {
                passed.push(stop);
                self.resolved.push(unset(setting));
                Ok(None)
            }
            (value, _) => value,
        }
    }
}

/// A setting that nothing sets.
fn unset(setting: &Setting) -> Resolved {
    let (key, value) = (setting.key.to_owned(), setting.default.to_owned());
    Resolved { key, value, origin: Origin::Default, doc: setting.doc }
}

fn setting(key: &str) -> Outcome<&'static Setting> {
    SETTINGS
        .iter()
        .find(|setting| setting.key == key)
        .ok_or_else(|| Stop::bug(&format!("no setting `{key}`")))
}

pub(super) fn parsed<T: ValueEnum>(key: &str, text: Option<String>) -> Outcome<Option<T>> {
    let Some(text) = text else { return Ok(None) };
    T::from_str(&text, true).map(Some).map_err(|_| {
        let names: Vec<String> = T::value_variants()
            .iter()
            .filter_map(|value| Some(value.to_possible_value()?.get_name().to_owned()))
            .collect();
        Usage::new(format!("`{text}` is no value of `{key}`"))
            .hinted(format!("there is {}", names.join(", ")))
            .into()
    })
}

pub(super) fn word<T: ValueEnum>(value: Option<T>) -> Option<String> {
    value.and_then(|value| value.to_possible_value().map(|value| value.get_name().to_owned()))
}

/// Usage error when a setting cannot have this value.
pub fn accepts(key: &str, value: &str) -> Outcome<()> {
    let text = || Some(value.to_owned());
    match key {
        "output" => parsed::<Format>(key, text()).map(drop),
        "color" => parsed::<Color>(key, text()).map(drop),
        "now" => instant(text()).map(drop),
        "seed" => number(text()).map(drop),
        "show-secrets" => flag(key, Some(value)).map(drop),
        "tz" => zone(text()).map(drop),
        _ => Ok(()),
    }
}

/// The file of settings that the environment names.
pub(super) fn named_file() -> Option<PathBuf> {
    environment("LICCTL_CONFIG").map(PathBuf::from)
}

/// The page of a step on GitHub Actions, to which findings are added; `None` elsewhere.
#[must_use]
pub fn step_summary() -> Option<PathBuf> {
    environment("GITHUB_STEP_SUMMARY").map(PathBuf::from)
}

/// The variables of the environment that look like ours and are none.
#[must_use]
pub fn strange_variables() -> Vec<String> {
    let known = |name: &str| {
        name == "LICCTL_CONFIG"
            || SETTINGS.iter().any(|setting| setting.environment == name)
            || apis::APIS.iter().any(|api| api.instance.environment == name)
    };
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut strange: Vec<String> =
        names.filter(|name| name.starts_with("LICCTL_") && !known(name)).collect();
    strange.sort_unstable();
    strange
}

pub(super) fn instant(text: Option<String>) -> Outcome<Option<Timestamp>> {
    let Some(text) = text else { return Ok(None) };
    Timestamp::parse(&text).map(Some).ok_or_else(|| {
        Usage::new(format!("`--now {text}` is no time"))
            .hinted("write RFC 3339, as `2026-03-31T00:00:00Z`")
            .into()
    })
}

pub(super) fn number(text: Option<String>) -> Outcome<Option<u64>> {
    let Some(text) = text else { return Ok(None) };
    text.parse()
        .map(Some)
        .map_err(|_| Usage::new(format!("`--seed {text}` is no whole number")).into())
}

pub(super) fn flag(key: &str, text: Option<&str>) -> Outcome<bool> {
    match text {
        None | Some("0" | "false" | "no" | "off") => Ok(false),
        Some("1" | "true" | "yes" | "on") => Ok(true),
        Some(other) => {
            Err(Usage::new(format!("`{key}` is `{other}`; it takes `true` or `false`")).into())
        }
    }
}

pub(super) fn zone(text: Option<String>) -> Outcome<Option<TimeZone>> {
    let Some(text) = text else { return Ok(None) };
    if text.eq_ignore_ascii_case("utc") {
        return Ok(Some(TimeZone::UTC));
    }
    TimeZone::get(&text).map(Some).map_err(|_| {
        Usage::new(format!("`--tz {text}` is no time zone"))
            .hinted("write an IANA name, as `Europe/Berlin`")
            .into()
    })
}
