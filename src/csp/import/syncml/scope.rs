//! The namespaces that are declared where the reader stands, as far as SyncML needs them.

use crate::artefact::xml::Tag;

/// The namespace of the children of `Meta`.
const METINF: &str = "syncml:metinf";

/// All that stands behind the name of an element that declares nothing but that namespace.
const METINF_ALONE: &str = " xmlns=\"syncml:metinf\"";

/// The prefixes bound by the open elements, innermost last.
#[derive(Debug, Default)]
pub(super) struct Scope {
    depth: usize,
    /// At which depth a prefix is bound, and to what.
    bound: Vec<Binding>,
}

#[derive(Debug)]
struct Binding {
    depth: usize,
    prefix: String,
    namespace: Namespace,
}

#[derive(Debug)]
enum Namespace {
    /// The one that counts; not allocated, since it stands on every second element.
    Metinf,
    Other(String),
}

impl Scope {
    /// Reads the declarations of an element; an error says why its attributes are not well-formed.
    #[inline]
    pub(super) fn enter(&mut self, tag: &Tag<'_>) -> Result<(), String> {
        self.depth += 1;
        if !tag.has_attributes() {
            return Ok(());
        }
        // As it stands on every second element of most messages.
        if tag.behind_name() == METINF_ALONE {
            let prefix = String::new();
            self.bound.push(Binding { depth: self.depth, prefix, namespace: Namespace::Metinf });
            return Ok(());
        }
        for attribute in tag.attributes() {
            let (name, value) = attribute?;
            let Some(prefix) = declared(name) else { continue };
            let namespace = match value.as_ref() {
                METINF => Namespace::Metinf,
                _ => Namespace::Other(value.into_owned()),
            };
            let prefix = prefix.to_owned();
            self.bound.push(Binding { depth: self.depth, prefix, namespace });
        }
        Ok(())
    }

    #[inline]
    pub(super) fn leave(&mut self) {
        while self.bound.last().is_some_and(|binding| binding.depth >= self.depth) {
            self.bound.pop();
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// Whether names with this prefix are those of `syncml:metinf`.
    pub(super) fn is_metinf(&self, prefix: &str) -> bool {
        self.innermost(prefix).is_some_and(|binding| matches!(binding.namespace, Namespace::Metinf))
    }

    /// The namespace that this prefix stands for.
    pub(super) fn namespace(&self, prefix: &str) -> Option<String> {
        Some(match &self.innermost(prefix)?.namespace {
            Namespace::Metinf => METINF.to_owned(),
            Namespace::Other(name) => name.clone(),
        })
    }

    fn innermost(&self, prefix: &str) -> Option<&Binding> {
        self.bound.iter().rev().find(|binding| binding.prefix == prefix)
    }
}

/// The prefix that an attribute of this name binds; empty for the default namespace.
fn declared(name: &str) -> Option<&str> {
    match name.strip_prefix("xmlns")? {
        "" => Some(""),
        rest => rest.strip_prefix(':'),
    }
}
