//! What people wrote into names, labels and properties, as it may be shown: keys within it are masked as any key is.

use crate::error::{Refusal, Stop, Usage};
use crate::vsphere::model::key::veil as text;
use crate::vsphere::model::license::License;
use crate::vsphere::model::value::{KeyAnyValue, each_text};
use serde_json::Value as Json;
use std::convert::Infallible;

/// Masks the keys in the texts of a license.
pub(super) fn license(held: &mut License) {
    let Ok(()) = held.each_text::<Infallible>(&mut |held| {
        text(held);
        Ok(())
    });
}

/// Masks the keys in the texts of properties.
pub(super) fn properties(held: &mut [KeyAnyValue]) {
    let Ok(()) = each_text::<Infallible>(held, &mut |held| {
        text(held);
        Ok(())
    });
}

/// A refusal or wrong usage without whole keys: names of stored things stand in their sentences.
#[must_use]
pub fn stop(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(mut refusal) => {
            let Refusal { message, hint, detail, values, .. } = refusal.as_mut();
            text(message);
            hint.iter_mut().for_each(text);
            for (_, told) in detail {
                text(told);
            }
            values.iter_mut().flat_map(|values| values.values_mut()).for_each(json);
            Stop::Refused(refusal)
        }
        Stop::Usage(Usage { mut message, mut hint }) => {
            text(&mut message);
            hint.iter_mut().for_each(text);
            Stop::Usage(Usage { message, hint })
        }
        other => other,
    }
}

fn json(held: &mut Json) {
    match held {
        Json::String(told) => text(told),
        Json::Array(items) => items.iter_mut().for_each(json),
        Json::Object(members) => members.values_mut().for_each(json),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{license, stop};
    use crate::error::{Refusal, Stop};
    use crate::vsphere::catalog::codes::LICENSE_EXPIRED;
    use crate::vsphere::import::testing::every_value;
    use crate::vsphere::model::license::{License, Origin};
    use crate::vsphere::model::value::{AnyValue, KeyAnyValue, KeyValue};

    const KEY: &str = "SECRT-SECRT-SECRT-SECRT-SECR1";

    #[test]
    fn no_text_of_a_license_shows_a_whole_key() {
        let info = every_value();
        let mut held = License {
            id: 1,
            key: info.license_key,
            edition_key: info.edition_key,
            name: format!("bought as {KEY}"),
            total: 1,
            cost_unit: String::new(),
            reported_used: None,
            origin: Origin::Import,
            properties: info.properties,
            labels: vec![KeyValue::new(KEY, "1"), KeyValue::new("old", KEY)],
        };
        let inner = vec![KeyAnyValue::text(KEY, KEY)];
        held.properties.push(KeyAnyValue::new("list", AnyValue::AnyPairs(inner)));
        held.properties.push(KeyAnyValue::new(
            "xml",
            AnyValue::Opaque("FooBar".to_owned(), format!("<a k=\"{KEY}\"/>")),
        ));
        held.properties.push(KeyAnyValue::new("texts", AnyValue::Texts(vec![KEY.to_owned()])));
        license(&mut held);
        let shown = format!("{held:?}");
        assert!(!shown.contains("SECRT-SECRT-SECRT") && shown.contains("*****-SECRT-SECR1"));
    }

    #[test]
    fn no_refusal_shows_a_key_that_a_name_holds() {
        let refusal = Refusal::new(&LICENSE_EXPIRED, format!("`{KEY}` has expired"))
            .hinted(KEY)
            .with("entityDisplayName", KEY)
            .with_value("features", vec![KEY]);
        let Stop::Refused(told) = stop(refusal.into()) else { panic!() };
        let shown = format!("{told:?}");
        assert!(!shown.contains("SECRT-SECRT-SECRT"), "{shown}");
    }
}
