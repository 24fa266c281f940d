//! Calls as texts that make them on a real server; what is stored as artefacts, and as what monitoring reads.

pub mod listing;
pub mod monitoring;
pub mod powershell;
pub mod wsman;

use crate::catalog::{Kind, Parameter};
use crate::tslicense::catalog::methods::WmiMethod;
use crate::tslicense::model::{Argument, Arguments, KeyPackId, LicenseId};

/// Whether purchase numbers are written in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    Masked,
    Full,
}

/// A call that is written down.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    pub server: &'a str,
    pub method: &'static WmiMethod,
    /// The object that it is made on.
    pub key: Option<KeyPackId>,
    /// The issued license that it is made on.
    pub license: Option<LicenseId>,
    pub arguments: &'a Arguments,
    pub numbers: Numbers,
}

/// What the first line of a text says when it shows no purchase number in full.
const MASKED: &str = "purchase numbers are masked; --show-secrets writes them in full";

impl Call<'_> {
    /// A text argument as it is written.
    fn text(&self, row: &Parameter, text: &str) -> String {
        match row.kind {
            Kind::Secret(mask) if self.numbers == Numbers::Masked => mask.apply(text),
            _ => text.to_owned(),
        }
    }

    /// The keys of the object, by name; empty for a call on the class.
    fn keys(&self) -> Vec<(&'static str, u32)> {
        let license = self.license.map(|id| ("LicenseId", id.0));
        let pack = self.key.map(|id| ("KeyPackId", id.0));
        license.into_iter().chain(pack).collect()
    }

    /// The condition that finds the object; `None` for a call on the class.
    fn filter(&self) -> Option<String> {
        let keys = self.keys();
        let parts: Vec<String> =
            keys.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        (!parts.is_empty()).then(|| parts.join(" AND "))
    }

    /// What to say of masked numbers; `None` when there are none.
    fn remark(&self) -> Option<&'static str> {
        let secret = |(row, value): &(&Parameter, Argument)| {
            matches!((row.kind, value), (Kind::Secret(_), Argument::Text(_)))
        };
        let masked = self.numbers == Numbers::Masked && self.arguments.given.iter().any(secret);
        masked.then_some(MASKED)
    }
}
