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

/// The object that a call is made on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Object<'a> {
    /// None: the method is one of the class.
    #[default]
    Class,
    Pack(KeyPackId),
    /// With the key pack, when it is named.
    License(LicenseId, Option<KeyPackId>),
    Report(&'a str),
    /// The settings of the session host itself: there is one object a machine.
    Setting,
}

/// A call that is written down.
#[derive(Clone)]
pub struct Call<'a> {
    /// The machine: a license server, or a session host.
    pub server: &'a str,
    pub method: &'static WmiMethod,
    pub object: Object<'a>,
    pub arguments: &'a Arguments,
    /// The one parameter that takes a list of texts, in the place of an argument.
    pub list: Option<(&'static str, &'a [String])>,
    pub numbers: Numbers,
}

/// The value of a key.
enum Key<'a> {
    Number(u32),
    Text(&'a str),
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

    /// The keys of the object, by name; empty for a call on the class, and where there is one object.
    fn keys(&self) -> Vec<(&'static str, Key<'_>)> {
        match &self.object {
            Object::Class | Object::Setting => Vec::new(),
            Object::Pack(pack) => vec![("KeyPackId", Key::Number(pack.0))],
            Object::License(id, pack) => {
                let pack = pack.map(|pack| ("KeyPackId", Key::Number(pack.0)));
                std::iter::once(("LicenseId", Key::Number(id.0))).chain(pack).collect()
            }
            Object::Report(name) => vec![("FileName", Key::Text(name))],
        }
    }

    /// The condition in WQL that finds the object; `None` when there is nothing to choose.
    fn filter(&self) -> Option<String> {
        let escaped = |text: &str| text.replace('\\', "\\\\").replace('\'', "\\'");
        let parts: Vec<String> = self
            .keys()
            .iter()
            .map(|(name, key)| match key {
                Key::Number(number) => format!("{name} = {number}"),
                Key::Text(text) => format!("{name} = '{}'", escaped(text)),
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join(" AND "))
    }

    /// The namespace, with slashes.
    fn namespace(&self) -> &'static str {
        match self.object {
            Object::Setting => "root/cimv2/TerminalServices",
            _ => "root/cimv2",
        }
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
