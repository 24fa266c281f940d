//! The vocabulary in which the facts of every API are written down: fields, codes, methods, sources.
//!
//! A fact stands once, as a `static` row in an API's `catalog`. Validation, help, man pages, completions, table headers and the
//! generators of property tests are made from the rows. What only one API knows stands around these rows, in its own catalog.

#[cfg(test)]
pub(crate) mod testing;

use std::fmt;

/// A document that facts are taken from.
#[derive(Debug)]
pub struct Document {
    /// Short key, unique within its API: `VISTA`.
    pub id: &'static str,
    /// Title as published, with the publisher.
    pub title: &'static str,
    /// Edition, date or place of publication; empty when the title says it.
    pub edition: &'static str,
}

/// How far a fact can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// A document says so.
    Stated,
    /// A real artefact shows it; the place names the golden file or the dump.
    Observed,
    /// The vendor is silent: a choice of this project; the place says why.
    Assumed,
}

/// Where a fact comes from: a document, the place in it, and how far it says so.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The document; for an assumption the one that leaves the gap.
    pub document: &'static Document,
    /// Section, table or page; for an assumption the reason.
    pub place: &'static str,
    /// How far the document says so.
    pub evidence: Evidence,
}

/// A fact that `document` states at `place`.
#[must_use]
pub const fn stated(document: &'static Document, place: &'static str) -> Source {
    Source { document, place, evidence: Evidence::Stated }
}

/// A fact that a real artefact shows.
#[must_use]
pub const fn observed(document: &'static Document, place: &'static str) -> Source {
    Source { document, place, evidence: Evidence::Observed }
}

/// A choice of this project where `document` is silent; `why` is a reason a reader can judge.
#[must_use]
pub const fn assumed(document: &'static Document, why: &'static str) -> Source {
    Source { document, place: why, evidence: Evidence::Assumed }
}

/// The values that a field or parameter can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Unsigned 32-bit number; both ends allowed.
    U32 { min: u32, max: u32 },
    /// Unsigned 32-bit number in which 4294967295 stands for the -1 of the API: "not applicable".
    Sentinel,
    /// Number with named values.
    Enumeration(&'static [Named]),
    /// `true` or `false`.
    Boolean,
    /// Text; lengths in characters, both ends allowed.
    Text { min: u32, max: u32 },
    /// GUID, lower case, without braces.
    Guid,
    /// Instant; stored in milliseconds UTC.
    Datetime,
    /// Text that must never be shown in full.
    Secret(Mask),
}

/// One named value of an enumeration.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    /// Number on the wire.
    pub value: u32,
    /// The API's word for it.
    pub name: &'static str,
    /// What it says to an administrator, as a sentence.
    pub doc: &'static str,
}

/// How a kind of secret is shown when it is not shown in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mask {
    /// Windows product keys: the last five characters.
    LastFive,
    /// vSphere keys: the last two groups.
    LastTwoGroups,
    /// Purchase numbers: the first two and the last two characters.
    TwoAndTwo,
    /// Nothing at all.
    Whole,
}

impl Mask {
    /// Masks `secret`; text too short for the rule is masked whole.
    ///
    /// Source: conventions of the command line, habit 18.
    #[must_use]
    pub fn apply(self, secret: &str) -> String {
        let letters: Vec<char> = secret.chars().collect();
        let hide = |part: &[char]| -> String {
            part.iter().map(|letter| if *letter == '-' { '-' } else { '*' }).collect()
        };
        let tail = |kept: usize| -> Option<String> {
            let at = letters.len().checked_sub(kept)?;
            let (hidden, shown) = letters.split_at_checked(at)?;
            (!hidden.is_empty()).then(|| format!("{}{}", hide(hidden), String::from_iter(shown)))
        };
        let masked = match self {
            Self::LastFive => tail(5),
            Self::LastTwoGroups => {
                let groups: usize =
                    secret.rsplit('-').take(2).map(|group| group.chars().count() + 1).sum();
                tail(groups.saturating_sub(1))
            }
            Self::TwoAndTwo => (letters.len() >= 8)
                .then(|| {
                    let (head, rest) = letters.split_at_checked(2)?;
                    let (middle, end) = rest.split_at_checked(rest.len().saturating_sub(2))?;
                    Some(format!(
                        "{}{}{}",
                        String::from_iter(head),
                        hide(middle),
                        String::from_iter(end)
                    ))
                })
                .flatten(),
            Self::Whole => None,
        };
        masked.unwrap_or_else(|| hide(&letters))
    }
}

/// What a number counts or measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A plain value: a name, a flag, a code.
    Plain,
    Minutes,
    Seconds,
    Days,
    Clients,
    Requests,
    Licenses,
    Times,
    Port,
}

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Plain => "",
            Self::Minutes => "minutes",
            Self::Seconds => "seconds",
            Self::Days => "days",
            Self::Clients => "clients",
            Self::Requests => "requests",
            Self::Licenses => "licenses",
            Self::Times => "times",
            Self::Port => "TCP port",
        })
    }
}

/// Who may write a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    ReadOnly,
    ReadWrite,
    WriteOnly,
}

/// A property, element or parameter of an API.
#[derive(Debug)]
pub struct Field {
    /// The API's own spelling.
    pub name: &'static str,
    pub kind: Kind,
    pub unit: Unit,
    pub access: Access,
    /// One sentence for people.
    pub doc: &'static str,
    pub source: Source,
}

/// A native code in the number space of its API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Native {
    Hresult(u32),
    SyncmlStatus(u16),
    VimFault(&'static str),
    Sntl(u32),
    /// A refusal of licctl itself, with no vendor behind it.
    Tool,
}

impl Native {
    /// The number as the API sends it; `None` for faults that have only a name.
    #[must_use]
    pub fn number(self) -> Option<u32> {
        match self {
            Self::Hresult(number) | Self::Sntl(number) => Some(number),
            Self::SyncmlStatus(number) => Some(u32::from(number)),
            Self::VimFault(_) | Self::Tool => None,
        }
    }
}

impl fmt::Display for Native {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hresult(number) => write!(out, "0x{number:08X}"),
            Self::SyncmlStatus(number) => write!(out, "{number}"),
            Self::VimFault(name) => out.write_str(name),
            Self::Sntl(number) => write!(out, "{number}"),
            Self::Tool => out.write_str("licctl"),
        }
    }
}

/// What a code says of the call that returned it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Success,
    Information,
    Failure,
}

/// A native code: what a refusal carries and what `licctl explain` looks up.
#[derive(Debug)]
pub struct Code {
    /// Stable word: `SL_E_VL_NOT_ENOUGH_COUNT`.
    pub symbol: &'static str,
    pub native: Native,
    pub severity: Severity,
    /// What it says, as a phrase.
    pub meaning: &'static str,
    /// What usually brings it about; empty when not known.
    pub cause: &'static str,
    /// What to do; empty when not known.
    pub remedy: &'static str,
    pub source: Source,
}

/// A parameter of a method.
#[derive(Debug)]
pub struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    pub doc: &'static str,
    pub direction: Direction,
}

/// Whether a parameter is given by the caller or handed back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    In,
    Out,
}

/// A method of an API and the command that runs it.
#[derive(Debug)]
pub struct Method {
    /// `Class.Method`, the API's own spelling.
    pub name: &'static str,
    /// The words after `licctl`: `kms service refresh`.
    pub command: &'static str,
    /// What it does, as a short phrase.
    pub summary: &'static str,
    pub parameters: &'static [Parameter],
    /// Every code it can refuse with.
    pub refuses: &'static [&'static Code],
    pub source: Source,
}

/// The facts of one API, as `licctl explain`, the manual and the tests walk them.
///
/// Tables hold references: a row may stand as a named `static`, or inside a row of the API's own that says more of it.
#[derive(Debug)]
pub struct Catalog {
    pub documents: &'static [&'static Document],
    pub fields: &'static [&'static [&'static Field]],
    pub codes: &'static [&'static [&'static Code]],
    pub methods: &'static [&'static [&'static Method]],
}

impl Catalog {
    /// Every code of the API, in the order of its tables.
    pub fn codes(&self) -> impl Iterator<Item = &'static Code> {
        self.codes.iter().flat_map(|table| table.iter().copied())
    }

    /// Every method of the API, in the order of its tables.
    pub fn methods(&self) -> impl Iterator<Item = &'static Method> {
        self.methods.iter().flat_map(|table| table.iter().copied())
    }

    /// Every field of the API, in the order of its tables.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().flat_map(|table| table.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::Mask;

    #[test]
    fn a_secret_shows_only_what_its_rule_leaves() {
        let cases = [
            (Mask::LastFive, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", "*****-*****-*****-*****-EEEEE"),
            (Mask::LastTwoGroups, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", "*****-*****-*****-DDDDD-EEEEE"),
            (Mask::TwoAndTwo, "12345678", "12****78"),
            (Mask::TwoAndTwo, "1234", "****"),
            (Mask::LastFive, "ABC", "***"),
            (Mask::Whole, "ABC-D", "***-*"),
        ];
        for (mask, secret, shown) in cases {
            assert_eq!(mask.apply(secret), shown);
        }
    }
}
