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

impl<'d> Tag<'d> {
    /// The prefix of its name; empty when it has none.
    #[must_use]
    pub fn prefix(&self) -> &'d str {
        let length = self.prefixed.saturating_sub(self.name.len() + 1);
        self.content.get(..length).unwrap_or_default()
    }

    /// Whether anything stands behind its name.
    #[must_use]
    pub fn has_attributes(&self) -> bool {
        self.content.len() > self.prefixed
    }

    /// What stands behind its name, as it is written, up to the end of the tag.
    #[must_use]
    pub fn behind_name(&self) -> &'d str {
        self.content.get(self.prefixed..).unwrap_or_default()
    }

    /// Every attribute: its name with prefix, and its value; an error says why the attributes are
    /// not well-formed.
    pub fn attributes(
        &self,
    ) -> impl Iterator<Item = Result<(&'d str, Cow<'d, str>), String>> + use<'d> {
        let owner = self.name;
        Attributes::new(self.content, self.prefixed).map(move |attribute| {
            let attribute =
                attribute.map_err(|error| format!("`<{}>`: {error}", excerpt(owner)))?;
            let name = attribute.key.into_inner();
            let value = match attribute.value {
                Cow::Borrowed(value) => unescape(value),
                Cow::Owned(value) => unescape(&value).map(|value| Cow::Owned(value.into_owned())),
            };
            let named = || format!("attribute `{}` of `<{}>`", excerpt(name), excerpt(owner));
            value.map(|value| (name, value)).map_err(|error| format!("{}: {error}", named()))
        })
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.bytes().position(|byte| byte == b':').and_then(|at| name.get(at + 1..)).unwrap_or(name)
}
