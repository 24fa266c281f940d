//! The parts of a License Manager and of a license that stand in JSON columns.

use crate::rms::catalog::elements::ELEMENTS;
use crate::rms::model::alert::{AlertRule, AlertSection, Target, Way};
use crate::rms::model::license::{Elements, Extra, Value};
use crate::rms::model::pool::{Pool, PoolMember};
use crate::rms::model::server::{Mode, Server, ServerInfo};
use crate::store::document::{Plain, Stored, stored, stored_words};
use serde_json::Value as Json;

stored! {
    ServerInfo {
        major_version, minor_version, point_id, build_id, locale, vendor_license_manager_id,
        os_family, ip_address, host_name,
    }
    Switches {
        is_virtual_machine, clock_tampered, lock_codes, mode, queue_max, commuter_allowed, utc_offset, pool,
    }
    AlertSection { feature, rules, targets }
    AlertRule { alert, ways }
    Way { name, on }
    Target { way, to }
    Pool { members, half }
    PoolMember { name, address, up }
    Extra { name, xml }
}
stored_words!(Mode);

/// What a rehearsal sets on a License Manager.
struct Switches {
    is_virtual_machine: bool,
    clock_tampered: bool,
    lock_codes: Vec<String>,
    mode: Mode,
    queue_max: u32,
    commuter_allowed: bool,
    utc_offset: i32,
    pool: Option<Pool>,
}

/// What stands in the column beside what the License Manager tells of itself.
pub(super) struct Controls {
    switches: Switches,
    alerts: Vec<AlertSection>,
}

/// The member of the alerts: it came later than the others, and most License Managers have none.
const ALERTS: &str = "alerts";

impl Stored for Controls {
    fn json(&self) -> Json {
        let mut json = self.switches.json();
        if let (Some(members), false) = (json.as_object_mut(), self.alerts.is_empty()) {
            members.insert(ALERTS.to_owned(), self.alerts.json());
        }
        json
    }

    fn held(json: &Json) -> Option<Self> {
        let alerts = match json.get(ALERTS) {
            Some(alerts) => Vec::held(alerts)?,
            None => Vec::new(),
        };
        Some(Self { switches: Switches::held(json)?, alerts })
    }
}

impl Controls {
    pub(super) fn of(server: &Server) -> Self {
        let switches = Switches {
            is_virtual_machine: server.is_virtual_machine,
            clock_tampered: server.clock_tampered,
            lock_codes: server.lock_codes.clone(),
            mode: server.mode,
            queue_max: server.queue_max,
            commuter_allowed: server.commuter_allowed,
            utc_offset: server.utc_offset,
            pool: server.pool.clone(),
        };
        Self { switches, alerts: server.alerts.clone() }
    }

    pub(super) fn put(self, server: &mut Server) {
        let Self { switches, alerts } = self;
        server.is_virtual_machine = switches.is_virtual_machine;
        server.clock_tampered = switches.clock_tampered;
        server.lock_codes = switches.lock_codes;
        server.mode = switches.mode;
        server.queue_max = switches.queue_max;
        server.commuter_allowed = switches.commuter_allowed;
        server.utc_offset = switches.utc_offset;
        server.pool = switches.pool;
        server.alerts = alerts;
    }
}

/// Elements as two columns: which are there and which of them are neither 0 nor empty, as bits by position; and the values of the
/// latter, in order.
///
/// Most elements of most licenses are 0 or empty: a license takes a tenth of the room.
pub(super) fn written(elements: &Elements) -> (String, String) {
    let (mut present, mut filled) = (0_u128, 0_u128);
    let mut values = String::with_capacity(256);
    for (element, value) in elements.present() {
        let bit = 1 << element.at;
        present |= bit;
        if matches!(value, Value::Number(0))
            || matches!(value, Value::Text(text) if text.is_empty())
        {
            continue;
        }
        filled |= bit;
        values.push(if values.is_empty() { '[' } else { ',' });
        match value {
            Value::Number(number) => values.push_str(itoa::Buffer::new().format(*number)),
            Value::Text(text) => put_text(&mut values, text),
        }
    }
    values.push_str(if values.is_empty() { "[]" } else { "]" });
    let mut places = String::with_capacity(64);
    put_bits(&mut places, present);
    places.push(':');
    put_bits(&mut places, filled);
    (places, values)
}

/// Puts bits as a number in hexadecimal. By hand: for a number of 128 bits `format!` takes longer than all the values above.
fn put_bits(out: &mut String, bits: u128) {
    let digits = (u128::BITS - bits.leading_zeros()).div_ceil(4).max(1);
    let digit = |place: u32| u32::try_from(bits >> (place * 4) & 0xF).ok();
    out.extend((0..digits).rev().filter_map(digit).filter_map(|digit| char::from_digit(digit, 16)));
}

/// Puts a text between quotes; most need nothing else.
fn put_text(out: &mut String, text: &str) {
    let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Json::from(text).to_string());
    }
}

/// The elements of two columns, as [`written`] makes them; `None` when the types cannot hold them.
pub(super) fn read(present: &str, values: &str) -> Option<Elements> {
    let (present, filled) = present.split_once(':')?;
    let present = u128::from_str_radix(present, 16).ok()?;
    let filled = u128::from_str_radix(filled, 16).ok()?;
    let mut text = Plain::of(values);
    text.needs("[")?;
    let (mut before, mut elements) = ("", Elements::default());
    for element in ELEMENTS.into_iter().filter(|element| present & (1 << element.at) != 0) {
        let value = match (filled & (1 << element.at) != 0, element.is_text()) {
            (false, true) => Value::Text(String::new()),
            (false, false) => Value::Number(0),
            (true, is_text) => {
                text.needs(std::mem::replace(&mut before, ","))?;
                if is_text {
                    Value::Text(text.text()?.into_owned())
                } else {
                    Value::Number(text.number()?)
                }
            }
        };
        elements.set(element, value);
    }
    text.needs("]")?;
    (text.is_done() && filled & !present == 0).then_some(elements)
}

#[cfg(test)]
mod tests {
    use super::{put_bits, read, written};
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
        assert_eq!(values, r#"["A \"x\"",7]"#);
        assert_eq!(read(&present, &values), Some(elements));
    }

    #[test]
    fn bits_are_put_as_a_number_in_hexadecimal() {
        for bits in [0, 1, 0xF, 0x10, 0x628_0806_2F57_F700, u128::MAX, u128::MAX >> 3] {
            let mut put = String::new();
            put_bits(&mut put, bits);
            assert_eq!(put, format!("{bits:x}"));
        }
    }

    #[test]
    fn what_the_types_cannot_hold_does_not_read_back() {
        for (present, values) in [
            ("x:0", "[]"),
            ("1", "[]"),
            ("1:1", "[]"),
            ("1:1", "{}"),
            ("1:1", "[5]"),
            ("1:0", "[\"A\"]"),
            ("10:10", "[\"5\"]"),
            ("10:10", "[1.5]"),
            ("1:3", "[\"A\",\"B\"]"),
            ("1:0", "[]]"),
            ("1:1", "[\"A\""),
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
