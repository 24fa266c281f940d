//! Answers of `get_info` as `sentinelInfo` documents: UTF-8, line feeds, one element a line.

use super::escaped;
use crate::rms::catalog::elements::{ELEMENTS, Element};
use crate::rms::catalog::queries::QueryVersion;
use crate::rms::model::license::{License, Value};
use crate::rms::rules::limits::shown;
use std::fmt::Write as _;

/// What stands before and behind the features of a document.
pub const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
pub const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sentinelInfo>\n";
pub const FOOT: &str = "</sentinelInfo>\n";

/// Which elements are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Those that the license has, then what no row knows: reads back as it was.
    Given,
    /// Every element of the page, missing ones by default, then what no row knows.
    All,
    /// Exactly those of the page's sample, missing ones by default.
    Sample,
}

impl Extent {
    fn has(self, license: &License, element: &Element) -> bool {
        match self {
            Self::Given => license.elements.has(element),
            Self::All => true,
            Self::Sample => element.in_sample(),
        }
    }
}

/// Writes the `feature` of one license, as a query of that version shows it.
#[must_use]
pub fn feature(license: &License, extent: Extent, version: QueryVersion) -> String {
    let mut out = String::from("<feature>\n");
    for element in ELEMENTS.into_iter().filter(|element| extent.has(license, element)) {
        let name = element.name();
        let value = match extent {
            // What was given, and not what stands for it today.
            Extent::Given => license.elements.get(element).cloned(),
            _ => Some(shown(&license.elements, element, version)),
        };
        match value {
            Some(Value::Number(number)) => {
                let _ = writeln!(out, "<{name}>{number}</{name}>");
            }
            Some(Value::Text(text)) => {
                let _ = writeln!(out, "<{name}>{}</{name}>", escaped(&text));
            }
            None => {}
        }
    }
    if extent != Extent::Sample {
        for extra in &license.extras {
            out.push_str(&extra.xml);
            out.push('\n');
        }
    }
    out.push_str("</feature>\n");
    out
}

/// Writes the document of one license.
#[must_use]
pub fn document(license: &License, extent: Extent, version: QueryVersion) -> String {
    format!("{HEAD}{}{FOOT}", feature(license, extent, version))
}
