//! JSON as columns are written: without blanks, members in the order of their fields. It is read from front to back, and no tree is made.

use serde_json::Value as Json;
use std::borrow::Cow;

/// What is left of a text that is read.
#[derive(Debug)]
pub struct Plain<'t>(&'t str);

impl<'t> Plain<'t> {
    #[must_use]
    pub const fn of(text: &'t str) -> Self {
        Self(text)
    }

    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    /// Passes what stands next, when it is that.
    pub fn takes(&mut self, mark: &str) -> bool {
        let rest = self.0.strip_prefix(mark);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Passes what has to stand next.
    pub fn needs(&mut self, mark: &str) -> Option<()> {
        self.takes(mark).then_some(())
    }

    /// Passes a list whose values `value` passes.
    pub fn list<T>(&mut self, value: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut values = Vec::new();
        if self.takes("[]") {
            return Some(values);
        }
        let mut before = "[";
        while self.takes(std::mem::replace(&mut before, ",")) {
            values.push(value(self)?);
        }
        self.needs("]")?;
        Some(values)
    }

    /// Passes a whole number that the type can hold, and an `i64`.
    pub fn number<T: TryFrom<i64>>(&mut self) -> Option<T> {
        let is_negative = self.takes("-");
        let is_digit = |byte: &&u8| byte.is_ascii_digit();
        // Below 0 there is room for one more than above.
        let (mut below, mut width) = (0_i64, 0);
        for digit in self.0.as_bytes().iter().take_while(is_digit) {
            below = below.checked_mul(10)?.checked_sub(i64::from(digit - b'0'))?;
            width += 1;
        }
        let begins_with_zero = self.0.starts_with('0');
        if width == 0 || (begins_with_zero && (is_negative || width > 1)) {
            return None;
        }
        self.0 = self.0.get(width..)?;
        let number = if is_negative { below } else { below.checked_neg()? };
        T::try_from(number).ok()
    }

    /// Passes a text; it is borrowed unless something in it is escaped.
    pub fn text(&mut self) -> Option<Cow<'t, str>> {
        let inner = self.0.strip_prefix('"')?;
        let end = inner.as_bytes().iter().position(|byte| matches!(byte, ..b' ' | b'"' | b'\\'))?;
        let (text, behind) = inner.split_at_checked(end)?;
        match behind.strip_prefix('"') {
            Some(rest) => {
                self.0 = rest;
                Some(Cow::Borrowed(text))
            }
            // Escapes are rare enough for the library.
            None => match self.json()? {
                Json::String(text) => Some(Cow::Owned(text)),
                _ => None,
            },
        }
    }

    /// Passes any value.
    pub fn json(&mut self) -> Option<Json> {
        let mut values = serde_json::Deserializer::from_str(self.0).into_iter();
        let json = values.next()?.ok()?;
        let (_, rest) = self.0.split_at_checked(values.byte_offset())?;
        self.0 = rest;
        Some(json)
    }
}

#[cfg(test)]
mod tests {
    use super::Plain;

    fn number<T: TryFrom<i64>>(text: &str) -> Option<T> {
        let mut plain = Plain::of(text);
        plain.number().filter(|_| plain.is_done())
    }

    #[test]
    fn a_number_is_read_as_json_has_it_and_no_other() {
        for known in [0, 7, -7, 10, i64::MAX, i64::MIN] {
            assert_eq!(number(&known.to_string()), Some(known));
        }
        for wrong in ["", "-", "-0", "01", "+1", "1.0", "1e3", " 1", "9223372036854775808"] {
            assert_eq!(number::<i64>(wrong), None, "{wrong}");
        }
        assert_eq!((number::<u8>("255"), number::<u8>("256")), (Some(255), None));
        assert_eq!(number::<u32>("-1"), None);
    }

    #[test]
    fn a_text_is_read_whatever_is_escaped_in_it() {
        let written = r#""plain","","\u00e4\"\n",1"#;
        let mut plain = Plain::of(written);
        for known in ["plain", "", "\u{e4}\"\n"] {
            assert_eq!(plain.text().as_deref(), Some(known));
            assert!(plain.takes(","));
        }
        assert_eq!((plain.text(), plain.number()), (None, Some(1)));
        assert_eq!(Plain::of("\"open").text(), None);
        assert_eq!(Plain::of("\"a\u{1}\"").text(), None);
    }

    #[test]
    fn a_list_is_read_to_its_end() {
        let read = |text| {
            let mut plain = Plain::of(text);
            plain.list(Plain::number::<i64>).filter(|_| plain.is_done())
        };
        assert_eq!((read("[]"), read("[1,-2]")), (Some(Vec::new()), Some(vec![1, -2])));
        for wrong in ["", "[", "[1", "[1,]", "[1]2", "[ 1]", "[,1]"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
