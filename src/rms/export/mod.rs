//! Writers: records to bytes. They know no store and no files.

pub mod alerts;
pub mod info;
pub mod json;
pub mod lsmon;
pub mod prometheus;
pub mod reservation;
pub mod sentinelinfo;
pub mod usagelog;

use std::borrow::Cow;

/// Text as it stands in XML: `&`, `<` and `>` escaped, and the carriage return that a reader would take for a line feed.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    let entity = |letter: char| match letter {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#13;"),
        _ => None,
    };
    if !text.contains(['&', '<', '>', '\r']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match entity(letter) {
            Some(entity) => out.push_str(entity),
            None => out.push(letter),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_xml_would_misread_is_escaped() {
        assert_eq!(escaped("A&B <x>\r\n"), "A&amp;B &lt;x&gt;&#13;\n");
        assert!(matches!(escaped("$$$0$$$"), std::borrow::Cow::Borrowed(_)));
    }
}
