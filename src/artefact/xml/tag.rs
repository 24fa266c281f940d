//! The beginning of an element and its attributes.

use crate::artefact::trouble::excerpt;
use quick_xml::escape::unescape;
use quick_xml::events::attributes::Attributes;
use std::borrow::Cow;

/// The beginning of an element.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'d> {
    /// Without its prefix.
    pub name: &'d str,
    /// How many elements it stands in, itself included: 1 for a root.
    pub depth: usize,
    /// Where the tag begins, counted from 1.
    pub line: u64,
    pub(super) content: &'d str,
    /// Length of the name with its prefix, at the beginning of `content`.
    pub(super) prefixed: usize,
}

impl<'d> Tag<'d> {
    /// The value of the attribute with this local name; an error says why the attributes cannot be
    /// read.
    pub fn attribute(&self, name: &str) -> Result<Option<Cow<'d, str>>, String> {
        for attribute in Attributes::new(self.content, self.prefixed).with_checks(false) {
            let attribute =
                attribute.map_err(|error| format!("`<{}>`: {error}", excerpt(self.name)))?;
            if local(attribute.key.into_inner()) == name {
                return match attribute.value {
                    Cow::Borrowed(value) => unescape(value).map(Some),
                    Cow::Owned(value) => {
                        unescape(&value).map(|value| Some(Cow::Owned(value.into_owned())))
                    }
                }
                .map_err(|error| {
                    format!("attribute `{name}` of `<{}>`: {error}", excerpt(self.name))
                });
            }
        }
        Ok(None)
    }
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.bytes().position(|byte| byte == b':').and_then(|at| name.get(at + 1..)).unwrap_or(name)
}
