//! The parts of a License Manager and of a license that stand in JSON columns.

use crate::rms::catalog::elements::{ELEMENTS, named};
use crate::rms::model::license::{Elements, Extra, Value};
use crate::rms::model::server::{Server, ServerInfo};
use crate::store::document::stored;
use serde_json::{Map, Value as Json};

stored! {
    ServerInfo {
        major_version, minor_version, point_id, build_id, locale, vendor_license_manager_id,
        os_family, ip_address, host_name,
    }
    Controls { is_virtual_machine, clock_tampered, lock_codes }
    Extra { name, xml }
}

/// What a rehearsal sets on a License Manager.
pub(super) struct Controls {
    is_virtual_machine: bool,
    clock_tampered: bool,
    lock_codes: Vec<String>,
}

impl Controls {
    pub(super) fn of(server: &Server) -> Self {
        Self {
            is_virtual_machine: server.is_virtual_machine,
            clock_tampered: server.clock_tampered,
            lock_codes: server.lock_codes.clone(),
        }
    }

    pub(super) fn put(self, server: &mut Server) {
        server.is_virtual_machine = self.is_virtual_machine;
        server.clock_tampered = self.clock_tampered;
        server.lock_codes = self.lock_codes;
    }
}

/// Elements as two columns: which are there, as bits by position, and the values of those that are neither 0 nor empty.
///
/// Most elements of most licenses are: a license takes a fifth of the room.
pub(super) fn written(elements: &Elements) -> (String, String) {
    let (mut present, mut values) = (0_u128, Map::new());
    for (element, value) in elements.present() {
        present |= 1 << element.at;
        let json = match value {
            Value::Number(0) => continue,
            Value::Number(number) => Json::from(*number),
            Value::Text(text) if text.is_empty() => continue,
            Value::Text(text) => Json::from(text.as_str()),
        };
        values.insert(element.name().to_owned(), json);
    }
    (format!("{present:x}"), Json::Object(values).to_string())
}

/// The elements of two columns; `None` when the types cannot hold them.
pub(super) fn read(present: &str, values: &str) -> Option<Elements> {
    let present = u128::from_str_radix(present, 16).ok()?;
    let values: Map<String, Json> = serde_json::from_str(values).ok()?;
    let mut elements = Elements::default();
    for element in ELEMENTS.into_iter().filter(|element| present & (1 << element.at) != 0) {
        let value = if element.is_text() { Value::Text(String::new()) } else { Value::Number(0) };
        elements.set(element, value);
    }
    for (name, json) in values {
        let element = named(&name).filter(|element| elements.has(element))?;
        let value = if element.is_text() {
            Value::Text(json.as_str()?.to_owned())
        } else {
            Value::Number(json.as_i64()?)
        };
        elements.set(element, value);
    }
    Some(elements)
}

#[cfg(test)]
mod tests {
    use super::{read, written};
    use crate::rms::catalog::elements::{ELEMENTS, FEATURE_NAME, NUM_LICENSES, TOT_LIC_REQD};
    use crate::rms::model::license::{Elements, Value};
    use proptest::prelude::{Strategy, any, proptest};

    #[test]
    fn what_is_zero_or_empty_takes_no_room_and_is_still_there() {
        let mut elements = Elements::default();
        elements.set(&NUM_LICENSES, Value::Number(0));
        elements.set(&FEATURE_NAME, Value::Text("A \"x\"".to_owned()));
        elements.set(&TOT_LIC_REQD, Value::Number(7));
        let (present, values) = written(&elements);
        assert_eq!(values, r#"{"featureName":"A \"x\"","totLicReqd":7}"#);
        assert_eq!(read(&present, &values), Some(elements));
    }

    #[test]
    fn what_the_types_cannot_hold_does_not_read_back() {
        for (present, values) in [
            ("x", "{}"),
            ("1", "[]"),
            ("1", r#"{"featureName":5}"#),
            ("1", r#"{"numLicenses":5}"#),
            ("10", r#"{"numLicenses":"5"}"#),
            ("1", r#"{"unknown":"5"}"#),
        ] {
            assert_eq!(read(present, values), None, "{present} {values}");
        }
    }

    fn elements() -> impl Strategy<Value = Elements> {
        let one = (0..ELEMENTS.len(), any::<i64>(), "\\PC{0,12}");
        proptest::collection::vec(one, 0..70).prop_map(|given| {
            let mut elements = Elements::default();
            for (at, number, text) in given {
                let element = ELEMENTS[at];
                let value =
                    if element.is_text() { Value::Text(text) } else { Value::Number(number) };
                elements.set(element, value);
            }
            elements
        })
    }

    proptest! {
        #[test]
        fn any_elements_read_back_as_they_were_written(elements in elements()) {
            let (present, values) = written(&elements);
            proptest::prop_assert_eq!(read(&present, &values), Some(elements));
        }
    }
}
