//! Wishes as Intune profiles: a custom profile, edition upgrade templates, or a list of both.

use super::wish::{Asked, Options};
use crate::csp::catalog::conversion::Carrier;
use crate::csp::catalog::intune::{
    CUSTOM_PROFILE, Encoding, LICENSE_KINDS, NAMESPACE, NOT_CONFIGURED, OMA_TYPES, SMODE_CHOICES,
    STRING, UPGRADE_TEMPLATE,
};
use crate::csp::catalog::nodes::Node;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// Writes profiles: one as an object, several as a list, the custom profile first.
pub(super) fn write(asked: &[Asked<'_>], options: &Options) -> String {
    let settings: Vec<Value> = asked
        .iter()
        .filter(|asked| asked.carrier == Carrier::OmaSetting)
        .filter_map(|asked| Some(setting(asked, asked.node?)))
        .collect();
    let mut profiles = templates(asked, options);
    if !settings.is_empty() || profiles.is_empty() {
        let mut profile = head(CUSTOM_PROFILE, options);
        profile.insert("omaSettings".to_owned(), Value::Array(settings));
        profiles.insert(0, Value::Object(profile));
    }
    let one = profiles.len() == 1;
    let profiles = Value::Array(profiles);
    let whole = profiles.get(0).filter(|_| one).unwrap_or(&profiles);
    format!("{whole:#}\n")
}

fn head(kind: &str, options: &Options) -> Map<String, Value> {
    let mut profile = Map::new();
    profile.insert("@odata.type".to_owned(), json!(format!("{NAMESPACE}{kind}")));
    profile.insert("displayName".to_owned(), json!(options.shown_name()));
    profile
}

fn setting(asked: &Asked<'_>, node: &Node) -> Value {
    let kind = OMA_TYPES
        .into_iter()
        .find(|row| row.serves.contains(&node.format.word()))
        .unwrap_or(&STRING);
    let data = asked.data.as_deref().unwrap_or_default();
    let value = match kind.encoding {
        Encoding::Base64 => json!(STANDARD.encode(data)),
        Encoding::Text => json!(data),
        // Digits, `true` and `false` are JSON as they stand.
        _ => serde_json::from_str(data).unwrap_or_else(|_| json!(data)),
    };
    json!({
        "@odata.type": format!("{NAMESPACE}{}", kind.name),
        "displayName": node.path,
        "omaUri": asked.uri,
        "value": value,
    })
}

/// What one template says; a second value for one of these opens another template.
#[derive(Default)]
struct Template<'a> {
    license_type: Option<&'static str>,
    product_key: Option<&'a str>,
    license: Option<&'a str>,
    smode: Option<&'static str>,
}

fn templates(asked: &[Asked<'_>], options: &Options) -> Vec<Value> {
    let mut found: Vec<Template<'_>> = Vec::new();
    for asked in asked.iter().filter(|asked| matches!(asked.carrier, Carrier::Property(_))) {
        let id = asked.node.map(|node| node.id);
        let data = asked.data.as_deref();
        let kind = LICENSE_KINDS.iter().find(|row| Some(row.node.id) == id);
        let smode = SMODE_CHOICES.iter().find(|row| {
            Some(row.node.id) == id && row.value.map(|value| value.to_string()).as_deref() == data
        });
        let is_taken = |last: &Template<'_>| {
            kind.is_some() && last.license_type.is_some() || smode.is_some() && last.smode.is_some()
        };
        if found.last().is_none_or(is_taken) {
            found.push(Template::default());
        }
        let Some(template) = found.last_mut() else {
            continue;
        };
        if let Some(row) = kind {
            template.license_type = Some(row.word);
            let is_key = row.word == row.property;
            *(if is_key { &mut template.product_key } else { &mut template.license }) = data;
        }
        if let Some(row) = smode {
            template.smode = Some(row.word);
        }
    }
    found.iter().map(|template| shown(template, options)).collect()
}

fn shown(template: &Template<'_>, options: &Options) -> Value {
    let mut profile = head(UPGRADE_TEMPLATE, options);
    let edition = options
        .target_edition
        .as_deref()
        .filter(|_| template.license_type.is_some())
        .unwrap_or(NOT_CONFIGURED);
    profile
        .insert("licenseType".to_owned(), json!(template.license_type.unwrap_or(NOT_CONFIGURED)));
    profile.insert("targetEdition".to_owned(), json!(edition));
    for (name, text) in [("productKey", template.product_key), ("license", template.license)] {
        if let Some(text) = text {
            profile.insert(name.to_owned(), json!(text));
        }
    }
    if let Some(word) = template.smode {
        profile.insert("windowsSMode".to_owned(), json!(word));
    }
    Value::Object(profile)
}
