//! What a management service sends for a profile, and a device takes from a package: the commands, in their order.
//!
//! A plan runs nothing. Whether a device takes the commands, and what becomes of it, is left to the rules of the device.

use super::address::{Place, resolve};
use crate::csp::catalog::codes::{E_INVALIDARG, E_MASKED_VALUE, FAILED};
use crate::csp::catalog::conversion::PACKAGE_ORDER;
use crate::csp::catalog::intune::{LICENSE_KINDS, LicenseKind, NOT_CONFIGURED};
use crate::csp::catalog::nodes::{Format, Node, NodeId, Verb};
use crate::csp::model::profile::{
    Profile, ProfileForm, Setting, SettingKind, Template, Wish, Written,
};
use crate::error::Refusal;
use std::fmt;

/// A command with one item.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub verb: Verb,
    /// As the profile writes it.
    pub uri: String,
    /// `Meta/Format`; `None` when the command has none.
    pub format: Option<&'static str>,
    pub data: Option<String>,
}

impl fmt::Debug for Request {
    /// Leaves the data out: they may be a product key.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Request")
            .field("verb", &self.verb)
            .field("uri", &self.uri)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// What is done for one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Nothing: the node holds the value. It is reported with Status 200.
    Keep,
    Send(Request),
}

/// One setting of a profile and what is done for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Line of the setting's value, counted from 1.
    pub line: u64,
    pub name: String,
    /// The address as written.
    pub uri: String,
    pub action: Action,
}

/// What is done for a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The edition that the device must be able to reach before anything is sent: a name of `windows10EditionType`.
    pub target_edition: Option<String>,
    pub steps: Vec<Step>,
}

/// Plans a profile.
///
/// - `current`: what the device answers to a Get of an address; `None` when it has no value to give. Values that the plan itself sets
///   are known to later settings of the same address.
/// - Returns the steps of a custom profile in the order of the file, of a template the upgrade before the S mode, of a package as
///   [`in_package_order`] has them.
///
/// Refuses with `E_MASKED_VALUE` when a value is masked: asterisks are never sent in the place of a secret. Refuses when a value
/// cannot be decoded.
///
/// Source: [GRAPH] omaSetting; that equal values are not sent, and what is tried first: assumed.
pub fn plan(profile: &Profile, current: &dyn Fn(&str) -> Option<String>) -> Result<Plan, Refusal> {
    let (settings, target_edition) = match &profile.form {
        ProfileForm::IntuneCustom => (profile.settings.iter().collect(), None),
        ProfileForm::IntuneUpgrade(template) => of_template(&profile.settings, template),
        ProfileForm::Package => (in_package_order(&profile.settings), None),
    };
    if let Some(masked) = settings.iter().find(|setting| setting.value == Written::Masked) {
        return Err(hidden(masked));
    }
    let mut steps: Vec<Step> = Vec::new();
    for setting in settings {
        let action = action(setting, &steps, current)?;
        let (name, uri) = (setting.name.clone(), setting.uri.clone());
        steps.push(Step { line: setting.line, name, uri, action });
    }
    Ok(Plan { target_edition, steps })
}

/// The settings of a package in the order in which a device takes them; those that are no node of a package come last.
///
/// Source: [`PACKAGE_ORDER`].
#[must_use]
pub fn in_package_order(settings: &[Setting]) -> Vec<&Setting> {
    let mut ordered: Vec<&Setting> = settings.iter().collect();
    ordered.sort_by_key(|setting| {
        let id = node_of(&setting.uri).map(|node| node.id);
        PACKAGE_ORDER.iter().position(|node| Some(node.id) == id).unwrap_or(PACKAGE_ORDER.len())
    });
    ordered
}

/// The upgrade that the license type calls for, then the S mode; and the edition that the upgrade leads to.
///
/// Without a license type whatever is given is executed; with `notConfigured` nothing is.
fn of_template<'p>(
    settings: &'p [Setting],
    template: &Template,
) -> (Vec<&'p Setting>, Option<String>) {
    let license_type = template.license_type.as_deref();
    let counts = |row: &LicenseKind| license_type.is_none_or(|word| word == row.word);
    let mut ordered: Vec<&Setting> = Vec::new();
    for row in LICENSE_KINDS.iter().filter(|row| counts(row)) {
        ordered.extend(settings.iter().filter(|setting| is_of(setting, row.node.id)));
    }
    let edition = template
        .target_edition
        .clone()
        .filter(|edition| edition != NOT_CONFIGURED && !ordered.is_empty());
    let upgrades = |setting: &Setting| LICENSE_KINDS.iter().any(|row| is_of(setting, row.node.id));
    ordered.extend(settings.iter().filter(|setting| !upgrades(setting)));
    (ordered, edition)
}

/// The node of this CSP that an address means.
fn node_of(uri: &str) -> Option<&'static Node> {
    match resolve(uri).ok()?.place {
        Place::Node(node) => Some(node),
        Place::Context(_) => None,
    }
}

fn is_of(setting: &Setting, id: NodeId) -> bool {
    node_of(&setting.uri).is_some_and(|node| node.id == id)
}

fn action(
    setting: &Setting,
    before: &[Step],
    current: &dyn Fn(&str) -> Option<String>,
) -> Result<Action, Refusal> {
    let node = node_of(&setting.uri);
    let data = data(setting)?;
    let format = format(setting.kind, node);
    let send = |verb, format, data| {
        Ok(Action::Send(Request { verb, uri: setting.uri.clone(), format, data }))
    };
    if setting.read_only {
        return send(Verb::Get, None, None);
    }
    if setting.wish == Wish::Exec {
        return send(Verb::Exec, format, data);
    }
    let held = set_before(before, setting, node).or_else(|| current(setting.uri.trim()));
    match held {
        Some(held) if data.as_ref().is_some_and(|data| is_equal(node, &held, data)) => {
            Ok(Action::Keep)
        }
        // Replace is what the service tries first; a node that is not there yet answers 404 to it, and takes Add.
        None if node.is_some_and(|node| node.takes(Verb::Add)) => send(Verb::Add, format, data),
        _ => send(Verb::Replace, format, data),
    }
}

/// What an earlier step gave the same node.
fn set_before(before: &[Step], setting: &Setting, node: Option<&Node>) -> Option<String> {
    let same = |step: &&Step| {
        step.uri == setting.uri
            || node.is_some_and(|node| {
                !node.path.contains('{') && node_of(&step.uri).is_some_and(|own| own.id == node.id)
            })
    };
    before.iter().rev().filter(same).find_map(|step| match &step.action {
        Action::Send(Request { verb: Verb::Add | Verb::Replace, data, .. }) => data.clone(),
        _ => None,
    })
}

/// Whether a node that holds one text need not be given the other: numbers are compared as numbers.
fn is_equal(node: Option<&Node>, held: &str, data: &str) -> bool {
    let number = |text: &str| text.trim().parse::<i32>().ok();
    if node.is_some_and(|node| node.format == Format::Int) {
        return number(held).is_some() && number(held) == number(data);
    }
    held == data
}

/// The data that are sent.
fn data(setting: &Setting) -> Result<Option<String>, Refusal> {
    Ok(match &setting.value {
        Written::Integer(number) => Some(number.to_string()),
        Written::Text(text) | Written::Float(text) | Written::Decoded { text, .. } => {
            Some(text.clone())
        }
        Written::Boolean(value) => Some(value.to_string()),
        Written::Missing => None,
        Written::Masked => return Err(hidden(setting)),
        Written::Broken(why) => {
            let message = format!("line {}: `{}` cannot be sent: {why}", setting.line, setting.uri);
            return Err(Refusal::new(&E_INVALIDARG, message).answered(&FAILED));
        }
    })
}

/// The format that the type of the setting puts beside the data: the node's own when the type serves it.
fn format(kind: SettingKind, node: Option<&'static Node>) -> Option<&'static str> {
    let own = node.map(|node| node.format.word());
    match kind.oma_type() {
        Some(row) => {
            own.filter(|own| row.serves.contains(own)).or_else(|| row.serves.first().copied())
        }
        None if kind == SettingKind::Template => own,
        None => None,
    }
}

fn hidden(setting: &Setting) -> Refusal {
    let message = format!("line {}: the value of `{}` is masked", setting.line, setting.uri);
    Refusal::new(&E_MASKED_VALUE, message)
        .hinted("write the value itself into the profile; the service gives it out with getOmaSettingPlainTextValue")
}

#[cfg(test)]
mod tests;
