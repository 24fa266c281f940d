//! What a key is: built from the catalogue, or the answer to a key that cannot be decoded.
//!
//! A server does not fault on a bad key: `AddLicense` and `DecodeLicense` succeed with an answer that holds no license.

use super::expiry;
use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::vsphere::catalog::codes::DECODE;
use crate::vsphere::catalog::properties::{
    ADDON, COUNT_DISABLED, DIAGNOSTIC, EXPIRATION_DATE, FEATURE, LC_ERROR, LOCALIZED,
    LOCALIZED_DIAGNOSTIC, PRODUCT_NAME, PRODUCT_VERSION,
};
use crate::vsphere::model::catalogue::{Edition, KeyEntry};
use crate::vsphere::model::key::{Key, is_well_formed};
use crate::vsphere::model::license::{License, LicenseInfo, Origin};
use crate::vsphere::model::value::{AnyValue, KeyAnyValue, KeyValue, LocalizableMessage, find};
use crate::vsphere::model::vcenter::ApiType;

/// Number of the decoder's error for a malformed key; which number means what is not published.
const MALFORMED: i64 = -1;

/// Number of the decoder's error for a well-formed key of no known license.
const UNRESOLVED: i64 = 5;

const NOT_FOR_THIS_PRODUCT: &str = "License is not valid for this product";

/// The answer to a key that cannot be decoded.
///
/// Source: [TERRAFORM] the answer of a vCenter; [GOVMOMI] test on a host, which echoes the key.
#[must_use]
pub fn undecoded(api_type: ApiType, given: &str) -> LicenseInfo {
    let (license_key, properties) = match api_type {
        ApiType::HostAgent => {
            (Key::given(given), vec![KeyAnyValue::text(DIAGNOSTIC, NOT_FOR_THIS_PRODUCT)])
        }
        ApiType::VirtualCenter => (Key::none(), diagnosis(is_well_formed(given))),
    };
    LicenseInfo {
        license_key,
        edition_key: String::new(),
        name: String::new(),
        total: 0,
        used: None,
        cost_unit: String::new(),
        properties,
        labels: Vec::new(),
    }
}

fn diagnosis(well_formed: bool) -> Vec<KeyAnyValue> {
    let (number, message, diagnostic) = if well_formed {
        (UNRESOLVED, NOT_FOR_THIS_PRODUCT, NOT_FOR_THIS_PRODUCT)
    } else {
        (MALFORMED, "Unknown license decode error", "No description for lc_error code")
    };
    let localized = LocalizableMessage {
        key: DECODE.symbol.to_owned(),
        arg: vec![KeyAnyValue::text(DIAGNOSTIC, "unknownError")],
        message: Some(message.to_owned()),
    };
    vec![
        KeyAnyValue::int(LC_ERROR, number),
        KeyAnyValue::new(LOCALIZED_DIAGNOSTIC, AnyValue::Message(Box::new(localized))),
        KeyAnyValue::text(DIAGNOSTIC, diagnostic),
        KeyAnyValue::new(LOCALIZED, AnyValue::AnyPairs(Vec::new())),
    ]
}

/// Looks whether an answer holds a license, as every careful client must.
///
/// - `given`: the key that was sent.
///
/// Refuses with `DECODE` when it holds none.
pub fn examine(info: &LicenseInfo, given: &Key) -> Result<(), Refusal> {
    if !info.is_undecoded() {
        return Ok(());
    }
    let text = |name: &str| find(&info.properties, name).and_then(AnyValue::as_text);
    let diagnostic = text(DIAGNOSTIC).unwrap_or("the answer holds no license").to_owned();
    let error = find(&info.properties, LC_ERROR).and_then(AnyValue::as_whole);
    let told = error.map_or_else(String::new, |error| format!("lc_error={error}, "));
    let message = format!("`{}` cannot be decoded: {told}{diagnostic}", given.shown());
    let refusal = Refusal::new(&DECODE, message).with("licenseKey", given.shown());
    let refusal = match error {
        Some(error) => refusal.with_value(LC_ERROR, error),
        None => refusal,
    };
    Err(refusal.with(DIAGNOSTIC, diagnostic))
}

/// Builds the license of a catalogue entry: `ProductName`, `ProductVersion`, features, add-ons, then `count_disabled` or the expiry.
#[must_use]
pub fn resolved(key: Key, entry: &KeyEntry, edition: Option<&Edition>) -> License {
    let mut properties = Vec::new();
    let version = edition
        .map(|edition| edition.product_version.as_str())
        .or(entry.product_version.as_deref())
        .filter(|version| !version.is_empty());
    if let Some(edition) = edition.filter(|edition| !edition.product_name.is_empty()) {
        properties.push(KeyAnyValue::text(PRODUCT_NAME, &edition.product_name));
    }
    if let Some(version) = version {
        properties.push(KeyAnyValue::text(PRODUCT_VERSION, version));
    }
    let pair =
        |name: &'static str| move |held: &KeyValue| KeyAnyValue::pair(name, &held.key, &held.value);
    let features = entry.features.as_deref().or(edition.map(|edition| edition.features.as_slice()));
    properties.extend(features.unwrap_or_default().iter().map(pair(FEATURE)));
    let addons = edition.map(|edition| edition.addons.as_slice()).unwrap_or_default();
    properties.extend(addons.iter().map(pair(ADDON)));
    if entry.total == 0 {
        properties.push(KeyAnyValue::text(COUNT_DISABLED, "This license is unlimited"));
    }
    if let Some(expires) = entry.expires {
        properties.push(KeyAnyValue::new(EXPIRATION_DATE, AnyValue::Instant(expires.to_string())));
    }
    let of_edition = |pick: fn(&Edition) -> &String| edition.map(pick).cloned().unwrap_or_default();
    License {
        id: 0,
        key,
        edition_key: entry.edition_key.clone(),
        name: entry.name.clone().unwrap_or_else(|| of_edition(|edition| &edition.name)),
        total: entry.total,
        cost_unit: entry
            .cost_unit
            .clone()
            .unwrap_or_else(|| of_edition(|edition| &edition.cost_unit)),
        reported_used: None,
        origin: Origin::Catalogue,
        properties,
        labels: entry.labels.clone(),
    }
}

/// A license of which nothing but the key is known, as a simulator takes any.
#[must_use]
pub fn on_trust(key: Key) -> License {
    License {
        id: 0,
        key,
        edition_key: String::new(),
        name: String::new(),
        total: 0,
        cost_unit: String::new(),
        reported_used: None,
        origin: Origin::Any,
        properties: Vec::new(),
        labels: Vec::new(),
    }
}

/// The properties of a license at `now`: those of the catalogue tell the hours that are left, imported ones what they told then.
#[must_use]
pub fn properties_at(license: &License, now: Timestamp) -> Vec<KeyAnyValue> {
    let follows = matches!(license.origin, Origin::Catalogue | Origin::Builtin);
    let mut properties = license.properties.clone();
    if let (true, Some(end)) = (follows, license.expires()) {
        properties.retain(|held| held.key != EXPIRATION_DATE);
        properties.extend(expiry::properties(end, now, license.product_version()));
    }
    properties
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vcenter_answers_a_bad_key_with_four_properties_and_no_key() {
        for (given, number) in [("junk", -1), ("ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ", 5)] {
            let answer = undecoded(ApiType::VirtualCenter, given);
            assert!(answer.license_key.is_empty() && answer.is_undecoded());
            let keys: Vec<&str> = answer.properties.iter().map(|held| held.key.as_str()).collect();
            assert_eq!(keys, [LC_ERROR, LOCALIZED_DIAGNOSTIC, DIAGNOSTIC, LOCALIZED]);
            assert_eq!(find(&answer.properties, LC_ERROR).unwrap().as_whole(), Some(number));
            let refusal = examine(&answer, &Key::given(given)).unwrap_err();
            assert_eq!(refusal.code.symbol, "com.vmware.vim.vc.license.error.decode");
            assert!(refusal.message.contains(&format!("lc_error={number}")), "{}", refusal.message);
        }
    }

    #[test]
    fn a_host_echoes_the_key_and_says_why() {
        let answer = undecoded(ApiType::HostAgent, "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ");
        assert_eq!(answer.license_key.full(), Some("ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ"));
        assert_eq!(answer.properties.len(), 1);
        assert!(examine(&answer, &answer.license_key).is_err());
    }

    #[test]
    fn no_refusal_shows_a_whole_key() {
        let key = Key::given("ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZ1");
        let refusal =
            examine(&undecoded(ApiType::HostAgent, "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZ1"), &key);
        let refusal = refusal.unwrap_err();
        assert!(!format!("{refusal:?}").contains("ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ"), "{refusal:?}");
    }
}
