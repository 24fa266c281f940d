//! The root of an XML document, for telling its kind without parsing it.

/// The local name of the first element, behind declarations, comments and byte order marks; `None` when there is none.
pub(super) fn root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest =
            rest.trim_start_matches(|letter: char| letter == '\u{feff}' || letter.is_whitespace());
        rest = match rest.strip_prefix('<')? {
            comment if comment.starts_with("!--") => comment.split_once("-->")?.1,
            instruction if instruction.starts_with('?') => instruction.split_once("?>")?.1,
            tag => {
                let end = |letter: char| letter.is_whitespace() || matches!(letter, '/' | '>');
                let name = tag.split(end).next()?;
                return Some(name.rsplit(':').next().unwrap_or(name));
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::root;

    #[test]
    fn the_root_is_the_first_element() {
        for text in [
            "<a/>",
            "<a>",
            "<p:a x=''>",
            "\u{feff}<?xml version='1.0'?>\r\n<!-- <b/> --> <a\n>",
            "<a",
        ] {
            assert_eq!(root(text), Some("a"), "{text}");
        }
        for text in ["", "a", "{}", "<!-- <a/>", "<?xml "] {
            assert_eq!(root(text), None, "{text}");
        }
    }
}
