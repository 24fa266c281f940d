//! Intune profiles and provisioning packages: CSP004, CSP005, CSP027, CSP028, CSP035, CSP038, CSP039 in their terms; the rest as for
//! messages.

use super::Lint;
use super::address::Place;
use super::key::{Effect, is_masked, masked, stray, takes_key};
use super::node::list;
use super::offence::At;
use super::value::{allowed, license};
use crate::csp::catalog::editions::{graph, title};
use crate::csp::catalog::intune::{LICENSE_KINDS, OMA_TYPES, OmaType};
use crate::csp::catalog::lint::{
    BASE64, LICENSE_XML, MARKUP, NOT_REVERTED, QUOTED_INTEGER, UPGRADE_TEMPLATE, WRONG_FORMAT,
    WRONG_VERB,
};
use crate::csp::catalog::nodes::{Node, NodeId, Verb};
use crate::csp::catalog::paths::{edge, license_edge};
use crate::csp::model::device::S_MODE;
use crate::csp::model::profile::{
    Profile, ProfileForm, Setting, SettingKind, Template, WindowsSMode, Wish, Written,
};
use crate::finding::Level;
use std::borrow::Cow;

impl Lint<'_> {
    /// Judges a profile with all its settings.
    pub(super) fn settings(&mut self, profile: &Profile) {
        if let ProfileForm::IntuneUpgrade(template) = &profile.form {
            self.template(template, profile);
        }
        for setting in &profile.settings {
            self.setting(setting, &profile.form);
        }
    }

    fn setting(&mut self, setting: &Setting, form: &ProfileForm) {
        let at = At::address(setting.line, &setting.uri);
        let place = self.address(&setting.uri, at);
        self.written(setting, at);
        self.broken(setting, form, place, at);
        if setting.read_only || !place.node().is_some_and(takes_key) {
            stray("the value", &text(&setting.value).unwrap_or_default(), at, &mut self.sheet);
        }
        match place {
            Place::Node { node, .. } => {
                self.presence(node, at);
                self.wish(node, setting, at);
            }
            Place::Context(_) if !setting.read_only => {
                self.sheet.report(&WRONG_VERB, at, "this node can only be read");
            }
            _ => {}
        }
    }

    /// How the value is written, whatever its node.
    fn written(&mut self, setting: &Setting, at: At<'_>) {
        if setting.quoted {
            let message = "an integer is written as text; it is taken as the number";
            self.sheet.report(&QUOTED_INTEGER, at, message);
        }
        if let Written::Decoded { marked: true, .. } = setting.value {
            let message = "the decoded value begins with a byte order mark";
            let mut finding = self.sheet.offence(&BASE64, at, message);
            finding.severity = Level::Warning;
            self.sheet.push(finding);
        }
    }

    /// A value that its reader could not take: no Base64, elements in a package, or JSON of a wrong type.
    fn broken(&mut self, setting: &Setting, form: &ProfileForm, place: Place, at: At<'_>) {
        let Written::Broken(why) = &setting.value else { return };
        let license = place.node().is_some_and(|node| node.id == NodeId::UpgradeEditionWithLicense);
        let rule = match (setting.kind, form) {
            (SettingKind::StringXml | SettingKind::Base64, _) => &BASE64,
            (_, ProfileForm::Package) if license => &LICENSE_XML,
            (_, ProfileForm::Package) => &MARKUP,
            _ => &WRONG_FORMAT,
        };
        self.sheet.report(rule, at, why);
    }

    fn wish(&mut self, node: &'static Node, setting: &Setting, at: At<'_>) {
        let taken = match setting.wish {
            _ if setting.read_only => node.takes(Verb::Get),
            Wish::Set => node.takes(Verb::Add) || node.takes(Verb::Replace),
            Wish::Exec => node.takes(Verb::Exec),
        };
        if !taken {
            self.refused(node, setting, at);
        }
        if setting.read_only {
            return;
        }
        let text = text(&setting.value);
        let hidden = setting.encrypted
            || setting.value == Written::Masked
            || text.as_deref().is_some_and(is_masked);
        if hidden {
            masked(node, at, &mut self.sheet);
        }
        let broken = matches!(setting.value, Written::Broken(_));
        let fits = !taken || broken || self.kind(node, setting.kind, at);
        // What is broken was reported; what is hidden cannot be judged, whatever stands in its place.
        if hidden || broken {
            if setting.wish == Wish::Exec && taken {
                self.restart(node, Effect::Other, at);
            }
            return;
        }
        let text = text.unwrap_or_default();
        let effect = if takes_key(node) { self.key(node, &text, at) } else { Effect::Other };
        if !taken {
            return;
        }
        license(node, &text, false, at, &mut self.sheet);
        match setting.wish {
            Wish::Exec => self.restart(node, effect, at),
            Wish::Set => {
                allowed(node, &text, fits, at, &mut self.sheet);
                self.memory.set(node, &text, at, &mut self.sheet);
            }
        }
    }

    /// Reports that a profile of this form cannot reach the node.
    fn refused(&mut self, node: &Node, setting: &Setting, at: At<'_>) {
        let takes = list(node);
        let (does, remedy) = match setting.wish {
            Wish::Exec => ("executes it", format!("use {takes}")),
            Wish::Set if setting.read_only => ("reads it", format!("use {takes}")),
            Wish::Set if node.id == NodeId::UpgradeEditionWithProductKey => (
                "can only add, replace or read it",
                "use the edition upgrade template of Intune, or an `Exec` in SyncML".to_owned(),
            ),
            Wish::Set if node.takes(Verb::Exec) => {
                ("can only add, replace or read it", "send an `Exec` in SyncML".to_owned())
            }
            Wish::Set => ("sets it", "leave it out: the device alone writes this node".to_owned()),
        };
        let message = format!("`{}` takes {takes}, and this profile {does}", node.title());
        let finding = self.sheet.offence(&WRONG_VERB, at, &message).remedy(remedy);
        self.sheet.push(finding);
    }

    /// Judges the type of an `omaSetting`; whether it is right.
    fn kind(&mut self, node: &Node, kind: SettingKind, at: At<'_>) -> bool {
        let format = node.format.word();
        let serves = |row: &OmaType| row.serves.contains(&format);
        if kind == SettingKind::Template || kind.oma_type().is_some_and(serves) {
            return true;
        }
        let given = kind.oma_type().map_or("this type", |row| row.name);
        let message =
            format!("`{}` has the format `{format}`, which `{given}` does not send", node.title());
        let mut finding = self.sheet.offence(&WRONG_FORMAT, at, &message);
        if let Some(row) = OMA_TYPES.iter().find(|row| serves(row)) {
            let remedy = format!("use `{}`", row.name);
            finding = finding.with("expected", row.name).remedy(remedy);
        }
        self.sheet.push(finding);
        false
    }

    fn template(&mut self, template: &Template, profile: &Profile) {
        let at = At { line: Some(template.line), object: profile.name.trim() };
        let word = template.license_type.as_deref();
        let other = LICENSE_KINDS.iter().find(|row| Some(row.word) == word && !takes_key(row.node));
        if let Some(row) = other.filter(|_| template.has_key) {
            let message =
                format!("the profile gives a product key, but its licenseType is `{}`", row.word);
            let finding = self.sheet.offence(&UPGRADE_TEMPLATE, at, &message);
            self.sheet
                .push(finding.remedy("set licenseType to `productKey`, or leave the key out"));
        }
        let standard = self.target.mode.is_some_and(|mode| mode != S_MODE);
        if standard && matches!(template.smode, Some(WindowsSMode::Block | WindowsSMode::Unlock)) {
            let message = "the profile sets windowsSMode, but the target is not in S mode";
            self.sheet.report(&UPGRADE_TEMPLATE, at, message);
        }
        if let Some(from) = self.target.edition {
            self.wanted_edition(template, from, at);
        }
        let upgrades =
            |setting: &Setting| LICENSE_KINDS.iter().any(|row| setting.uri == row.node.locuri());
        if template.has_key || profile.settings.iter().any(upgrades) {
            let message = "removing this profile does not revert the edition upgrade";
            self.sheet.report(&NOT_REVERTED, at, message);
        }
    }

    /// Compares `targetEdition` with the editions that the target can reach.
    fn wanted_edition(&mut self, template: &Template, from: i32, at: At<'_>) {
        let Some(word) = template.target_edition.as_deref() else { return };
        let wanted = graph(word).and_then(|row| row.edition);
        let Some(wanted) = wanted.filter(|wanted| *wanted != from) else { return };
        let build = self.target.build();
        let by_key = edge(self.target.path_policy, from, wanted, build);
        if by_key.or(license_edge(from, wanted, build)).is_none() {
            let message =
                format!("targetEdition {} cannot be reached from {}", title(wanted), title(from));
            self.sheet.report(&UPGRADE_TEMPLATE, at, &message);
        }
    }
}

/// A value as the text that is sent; `None` when there is none to be judged.
fn text(value: &Written) -> Option<Cow<'_, str>> {
    match value {
        Written::Integer(number) => Some(Cow::Owned(number.to_string())),
        Written::Boolean(truth) => Some(Cow::Owned(truth.to_string())),
        Written::Text(text) | Written::Float(text) | Written::Decoded { text, .. } => {
            Some(Cow::Borrowed(text))
        }
        Written::Broken(_) | Written::Masked | Written::Missing => None,
    }
}
