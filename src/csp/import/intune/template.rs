//! `editionUpgradeConfiguration`: its properties, as settings of the nodes that they go to.

use super::TYPE;
use super::value::is_masked;
use crate::artefact::Notes;
use crate::artefact::trouble::excerpt;
use crate::csp::catalog::intune::{
    APPLICABILITY_RULES, LICENSE_KINDS, LicenseKind, NOT_CONFIGURED, SMODE_CHOICES, SModeChoice,
};
use crate::csp::catalog::nodes::Node;
use crate::csp::import::located::{Json, Located};
use crate::csp::model::key::hide_keys;
use crate::csp::model::profile::{
    Profile, ProfileForm, Setting, SettingKind, Template, WindowsSMode, Wish, Written,
};
use crate::error::Place;

/// The property that chooses between leaving S mode and staying in it.
const SMODE: &str = "windowsSMode";

/// Reads an edition upgrade template.
///
/// Settings stand in the order of their properties. A key that the service leaves out, although the license type and a target
/// edition call for it, is a masked one.
pub(super) fn read(object: &Located, notes: &mut Notes) -> Profile {
    let mut template = Template {
        line: object.line,
        license_type: object.text("licenseType").map(str::to_owned),
        target_edition: object.text("targetEdition").map(str::to_owned),
        ..Template::default()
    };
    let mut settings: Vec<Setting> =
        LICENSE_KINDS.iter().filter_map(|row| upgrade(object, row, &template, notes)).collect();
    template.has_key = settings
        .iter()
        .any(|setting| LICENSE_KINDS.first().is_some_and(|row| setting.name == row.property));
    if let Some((row, setting)) = smode(object, notes) {
        template.smode = Some(choice(row));
        settings.push(setting);
    }
    settings.sort_by_key(|setting| position(object, &setting.name));
    for name in APPLICABILITY_RULES {
        applicability(object, name, notes);
    }
    Profile {
        line: object.line,
        form: ProfileForm::IntuneUpgrade(template),
        name: object.text("displayName").unwrap_or_default().to_owned(),
        settings,
    }
}

/// What a key or a license asks for; `None` when there is none and none is called for, or it is no text and complained of.
fn upgrade(
    object: &Located,
    row: &LicenseKind,
    template: &Template,
    notes: &mut Notes,
) -> Option<Setting> {
    let member = object.member(row.property);
    let called_for = template.license_type.as_deref() == Some(row.word)
        && template.target_edition.as_deref().is_some_and(|edition| edition != NOT_CONFIGURED);
    let value = match member.map(|member| &member.json) {
        Some(Json::Text(text)) if text.trim().is_empty() => None,
        Some(Json::Text(text)) if is_masked(text) || hides(text) => Some(Written::Masked),
        Some(Json::Text(text)) => Some(Written::Text(text.clone())),
        Some(Json::Null) | None => None,
        Some(_) => {
            let message = format!("`{}` is no text", row.property);
            notes.complain(Place::Line(member.map_or(object.line, |own| own.line)), message);
            return None;
        }
    };
    let value = value.or_else(|| called_for.then_some(Written::Masked))?;
    let line = member.map_or(object.line, |member| member.line);
    Some(setting(line, row.property, row.node, Wish::Exec, value))
}

/// Whether a key or license holds letters that are in none, so that it is one which is hidden.
fn hides(text: &str) -> bool {
    !text.contains('<') && text.contains(['*', '#', '\u{2022}', '\u{25cf}'])
}

fn smode(object: &Located, notes: &mut Notes) -> Option<(&'static SModeChoice, Setting)> {
    let member = object.member(SMODE)?;
    let word = match &member.json {
        Json::Text(word) if word != NOT_CONFIGURED => word,
        _ => return None,
    };
    let Some(row) = SMODE_CHOICES.iter().find(|row| row.word == word) else {
        let words: Vec<String> =
            SMODE_CHOICES.iter().map(|row| format!("`{}`", row.word)).collect();
        let message = format!("`{SMODE}` has a value other than {}", words.join(", "));
        notes.warn("unknown-value", Place::Line(member.line), message);
        return None;
    };
    let (wish, value) = match row.value {
        Some(value) => (Wish::Set, Written::Integer(i64::from(value))),
        None => (Wish::Exec, Written::Missing),
    };
    Some((row, setting(member.line, SMODE, row.node, wish, value)))
}

fn choice(row: &SModeChoice) -> WindowsSMode {
    match row.value {
        Some(0) => WindowsSMode::NoRestriction,
        Some(_) => WindowsSMode::Block,
        None => WindowsSMode::Unlock,
    }
}

fn setting(line: u64, name: &str, node: &Node, wish: Wish, value: Written) -> Setting {
    Setting {
        line,
        name: name.to_owned(),
        uri: node.locuri(),
        kind: SettingKind::Template,
        wish,
        value,
        quoted: false,
        encrypted: false,
        read_only: false,
    }
}

/// Where a property stands among the others; behind all when it is not there.
fn position(object: &Located, name: &str) -> usize {
    match &object.json {
        Json::Object(members) => {
            members.iter().rposition(|(own, _)| own == name).unwrap_or(members.len())
        }
        _ => 0,
    }
}

/// Shows a rule about the devices that the profile goes to.
fn applicability(object: &Located, name: &str, notes: &mut Notes) {
    let Some(rule) = object.member(name).filter(|rule| rule.json != Json::Null) else {
        return;
    };
    let mut words = Vec::new();
    gather(rule, &mut words);
    let words = words.join(" ");
    let message = format!("`{name}` is not evaluated: {}", excerpt(&hide_keys(&words)));
    notes.warn("applicability-rule", Place::Line(rule.line), message);
}

/// The names and scalars of a value, in the order of the file; types are left out.
fn gather(value: &Located, words: &mut Vec<String>) {
    match &value.json {
        Json::Null => {}
        Json::Boolean(value) => words.push(value.to_string()),
        Json::Number(text) | Json::Text(text) => words.push(text.clone()),
        Json::List(items) => items.iter().for_each(|item| gather(item, words)),
        Json::Object(members) => {
            for (name, member) in members.iter().filter(|(name, _)| name != TYPE) {
                words.push(name.clone());
                gather(member, words);
            }
        }
    }
}
