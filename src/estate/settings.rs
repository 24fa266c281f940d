//! `licctl config`: the settings in force, and where each comes from.

use crate::config;
use crate::error::{Outcome, Usage, Verdict};
use crate::output::{Cell, Column, Fit, ListOptions, Look, Tone, View, column, nearest};
use crate::session::{Resolved, Session};
use clap::Subcommand;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List every setting with its value
    Show {
        /// Say where each value came from
        #[arg(long)]
        origin: bool,
    },
    /// Print one value
    Get {
        /// Its key
        key: String,
    },
    /// Print where the user's own file is
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
        Command::Show { origin } => {
            let views: Vec<SettingView> =
                session.settings.iter().map(|setting| SettingView::new(setting, *origin)).collect();
            let columns = if *origin {
                Vec::new()
            } else {
                ["key", "value", "doc"].map(str::to_owned).into()
            };
            let options = ListOptions { columns, ..ListOptions::default() };
            session.printer.rows::<SettingView>(&options, &views)?;
        }
        Command::Get { key } => {
            let Some(found) = session.settings.iter().find(|setting| setting.key == *key) else {
                let keys: Vec<String> =
                    session.settings.iter().map(|setting| setting.key.clone()).collect();
                let near = nearest(key, &keys);
                let hint = if near.is_empty() { keys.join(", ") } else { near.join(", ") };
                return Err(Usage::new(format!("there is no setting `{key}`"))
                    .hinted(format!("there is {hint}"))
                    .into());
            };
            let (view, value) = (SettingView::new(found, true), found.value.clone());
            session.tell(&view, &value)?;
        }
        Command::Path => {
            let path =
                config::user_path().map(|path| path.display().to_string()).unwrap_or_default();
            session.printer.artefact(&format!("{path}\n"))?;
        }
    }
    Ok(Verdict::Yes)
}
