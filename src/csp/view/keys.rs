//! Entries of the key catalogue; no key is among them.

use crate::csp::catalog::editions;
use crate::csp::model::keys::{KeyEntry, KeyUse};
use crate::csp::model::version::OsVersion;
use crate::output::{Cell, Column, Fit, Look, View, column};
use schemars::JsonSchema;
use serde::Serialize;

/// An entry.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyEntryView {
    id: String,
    edition: u32,
    edition_name: String,
    channel: &'static str,
    /// By what it knows a key, strongest first: `sha256`, `glob`, `last5`; a pattern shows its last five characters.
    #[serde(rename = "match")]
    matched: Vec<String>,
    /// Of `upgrade`, `change`, `check`.
    #[serde(rename = "use")]
    uses: Vec<&'static str>,
    /// Versions of Windows that it is for, both ends among them; null: open.
    min_version: Option<String>,
    max_version: Option<String>,
}

impl From<&KeyEntry> for KeyEntryView {
    fn from(entry: &KeyEntry) -> Self {
        let matcher = &entry.matcher;
        let digest = matcher.sha256.map(|digest| {
            let head: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            format!("sha256 {head}…")
        });
        let glob = matcher.glob.as_ref().map(|glob| format!("glob {}", glob.masked()));
        let last = matcher.last_five.as_ref().map(|last| format!("last5 {last}"));
        Self {
            id: entry.id.clone(),
            edition: entry.edition.cast_unsigned(),
            edition_name: editions::title(entry.edition),
            channel: entry.channel.word(),
            matched: [digest, glob, last].into_iter().flatten().collect(),
            uses: KeyUse::ALL
                .into_iter()
                .filter(|kind| entry.uses.allow(*kind))
                .map(KeyUse::word)
                .collect(),
            min_version: entry.builds.min.map(|version| version.to_string()),
            max_version: entry.builds.max.map(shown_last),
        }
    }
}

/// The last version of a window: of one that was given without a revision every revision belongs to it.
fn shown_last(version: OsVersion) -> String {
    let text = version.to_string();
    match text.rsplit_once('.') {
        Some((build, _)) if version.revision == u32::MAX => build.to_owned(),
        _ => text,
    }
}

impl View for KeyEntryView {
    const SCHEMA: &'static str = "licctl.csp.key/1";
    const COLUMNS: &'static [Column] = &[
        column("ID", "id", Fit::Keep),
        column("EDITION", "editionName", Fit::Elide),
        column("CHANNEL", "channel", Fit::Keep),
        column("MATCH", "match", Fit::Elide),
        column("USE", "use", Fit::Spare),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.id.clone().into(),
            format!("{} {}", self.edition, self.edition_name).into(),
            self.channel.into(),
            self.matched.join(", ").into(),
            self.uses.join(", ").into(),
        ]
    }

    fn name(&self) -> String {
        self.id.clone()
    }
}
