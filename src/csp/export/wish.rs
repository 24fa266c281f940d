//! What is to be written down, checked against the rows of the nodes and of the forms before a form is written.
//!
//! Each form has a file of its own.

use super::{fleet, intune, package, powershell, syncml};
use crate::artefact::xml::{Document, Piece};
use crate::catalog::Kind;
use crate::csp::catalog::codes::{
    E_INVALIDARG, E_NOT_EXPRESSIBLE, FAILED, NOT_ALLOWED, NOT_FOUND, NOT_SUPPORTED,
    UNSUPPORTED_FORMAT,
};
pub use crate::csp::catalog::conversion::{As, Carrier, Operation};
use crate::csp::catalog::conversion::{Row, row};
use crate::csp::catalog::nodes::{Format, Node, Verb};
use crate::csp::model::key::ProductKey;
use crate::csp::rules::address::{AddressFlaw, Place, expand, resolve};
use crate::csp::rules::value::{allowed, alternatives, integer, is_among};
use crate::error::Refusal;
use std::borrow::Cow;
use std::fmt;
use uuid::Uuid;

/// What stands for a product key that was not handed in.
///
/// Source: [CSP] the samples of the page.
pub const KEY_PLACEHOLDER: &str = "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX";

/// What stands for a license that was not handed in: the smallest text that is XML.
pub const LICENSE_PLACEHOLDER: &str = "<License/>";

/// What is meant by an address, and the address as it is written.
#[derive(Debug, Clone)]
pub struct Target {
    pub place: Place,
    /// Absolute, with the root that was asked for.
    pub uri: String,
}

impl Target {
    /// Finds what an address means; one without `./` is relative to the root of the CSP.
    ///
    /// Refuses with 404 when there is no such node.
    pub fn find(text: &str) -> Result<Self, Refusal> {
        let uri = expand(text);
        match resolve(&uri) {
            Ok(target) => Ok(Self { place: target.place, uri }),
            Err(AddressFlaw::Malformed(why) | AddressFlaw::Unknown(why)) => {
                Err(Refusal::new(&NOT_FOUND, why).hinted("`licctl csp tree` lists the nodes"))
            }
        }
    }

    /// The node of this CSP; `None` for a node of another.
    #[must_use]
    pub fn node(&self) -> Option<&'static Node> {
        match self.place {
            Place::Node(node) => Some(node),
            Place::Context(_) => None,
        }
    }

    /// What it takes.
    fn verbs(&self) -> &'static [Verb] {
        match self.place {
            Place::Node(node) => node.verbs,
            Place::Context(_) => &[Verb::Get],
        }
    }
}

/// What is to be written down: first what is set, then what is executed, then what is read.
#[derive(Clone, Default)]
pub struct Wishes {
    /// Nodes and the values to give them.
    pub set: Vec<(Target, String)>,
    /// Nodes and their data; without data a placeholder is written where the node takes some.
    pub exec: Vec<(Target, Option<String>)>,
    pub get: Vec<Target>,
}

impl fmt::Debug for Wishes {
    /// Leaves the data out: there may be a product key among them.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exec: Vec<&str> = self.exec.iter().map(|(target, _)| target.uri.as_str()).collect();
        out.debug_struct("Wishes")
            .field("set", &self.set)
            .field("exec", &exec)
            .field("get", &self.get)
            .finish()
    }
}

/// How a form is written, as far as it leaves a choice.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Name of the profile or package; `WindowsLicensing` when empty.
    pub name: String,
    /// ID of a package; made from the name when there is none.
    pub id: Option<Uuid>,
    /// Name of `windows10EditionType` that a template upgrades to; `notConfigured` when there is none.
    pub target_edition: Option<String>,
    /// `syncml`: `SyncBody` is the root.
    pub body: bool,
    /// `syncml`: Replace, also where a node has to be added first.
    pub replace: bool,
    /// `intune-json`: the edition upgrade template, also for what a custom profile carries.
    pub template: bool,
}

impl Options {
    /// The name to write, without characters that XML cannot hold.
    pub(super) fn shown_name(&self) -> Cow<'_, str> {
        if self.name.trim().is_empty() {
            Cow::Borrowed(crate::csp::catalog::nodes::ROOT_NAME)
        } else {
            Cow::Owned(self.name.chars().filter(|letter| is_written(*letter)).collect())
        }
    }
}

/// One wish that the form can carry, with its data as they are written.
pub(super) struct Asked<'w> {
    pub(super) uri: &'w str,
    pub(super) carrier: Carrier,
    /// `None` for a node of another CSP, which is only read.
    pub(super) node: Option<&'static Node>,
    pub(super) data: Option<Cow<'w, str>>,
    /// The data stand for something that was not handed in.
    pub(super) placeholder: bool,
}

impl Asked<'_> {
    /// The last segment of the node's path.
    pub(super) fn name(&self) -> &'static str {
        self.node.map_or("", Node::name)
    }
}

/// Writes wishes down in a form.
///
/// Text ends with a line feed and has no other line end. Refuses with `E_NOT_EXPRESSIBLE`, naming the forms that can, when the form
/// cannot carry a wish; as a device would when a node does not take the command or the value.
pub fn write(wishes: &Wishes, form: As, options: &Options) -> Result<String, Refusal> {
    let mut asked = Vec::new();
    let ask = |operation: Operation, target: &Target| {
        carrier(operation, target, form, options).map(|carrier| (carrier, target.node()))
    };
    let of = |operation: Operation| move |refusal: Refusal| refusal.of(operation.word());
    for (target, value) in &wishes.set {
        let (carrier, node) = ask(Operation::Set, target)?;
        let data = node.map(|node| allowed_value(node, value)).transpose();
        let data = data.map_err(of(Operation::Set))?.map(Cow::Owned);
        asked.push(Asked { uri: &target.uri, carrier, node, data, placeholder: false });
    }
    for (target, given) in &wishes.exec {
        let (carrier, node) = ask(Operation::Exec, target)?;
        let data = node.map(|node| parameter(node, given.as_deref())).transpose();
        let data = data.map_err(of(Operation::Exec))?.flatten();
        let placeholder = given.is_none() && data.is_some();
        asked.push(Asked { uri: &target.uri, carrier, node, data, placeholder });
    }
    for target in &wishes.get {
        let (carrier, node) = ask(Operation::Get, target)?;
        asked.push(Asked { uri: &target.uri, carrier, node, data: None, placeholder: false });
    }
    Ok(match form {
        As::SyncMl => syncml::write(&asked, options),
        As::FleetProfile => fleet::write(&asked),
        As::IntuneJson => intune::write(&asked, options),
        As::Customizations => package::write(&asked, options),
        As::PowerShell => powershell::write(&asked),
    })
}

/// What the operation becomes in the form.
fn carrier(
    operation: Operation,
    target: &Target,
    form: As,
    options: &Options,
) -> Result<Carrier, Refusal> {
    let refuse = |code, message: String| Refusal::new(code, message).of(operation.word());
    let (word, uri) = (operation.word(), &target.uri);
    let verbs: &[Verb] = match operation {
        Operation::Set => &[Verb::Replace, Verb::Add],
        Operation::Exec => &[Verb::Exec],
        Operation::Get => &[Verb::Get],
    };
    let taken = target.verbs();
    let row =
        row(operation, target.node()).filter(|_| verbs.iter().any(|verb| taken.contains(verb)));
    let Some(row) = row else {
        let listed =
            |verbs: &[Verb]| verbs.iter().map(|verb| verb.word()).collect::<Vec<_>>().join(" or ");
        let message = format!("`{uri}` takes {}; `{word}` needs {}", listed(taken), listed(verbs));
        return Err(refuse(&NOT_ALLOWED, message));
    };
    if uri.contains('?') && operation != Operation::Get {
        return Err(refuse(&NOT_SUPPORTED, format!("`{uri}` has a query, which only `get` takes")));
    }
    match row.carrier(form) {
        Some(Carrier::Either { property }) if options.template => Ok(Carrier::Property(property)),
        Some(Carrier::Either { .. }) => Ok(Carrier::OmaSetting),
        Some(Carrier::OmaSetting) if options.template => {
            let message = format!(
                "the edition upgrade template cannot carry `{word} {uri}`; a custom profile can"
            );
            Err(refuse(&E_NOT_EXPRESSIBLE, message).hinted("leave out `--template`"))
        }
        Some(Carrier::Command(Verb::Add)) if options.replace => Ok(Carrier::Command(Verb::Replace)),
        Some(carrier) => Ok(carrier),
        None => Err(not_expressible(operation, target, form, row)),
    }
}

fn not_expressible(operation: Operation, target: &Target, form: As, row: &Row) -> Refusal {
    let forms: Vec<String> = row.forms().map(|form| format!("`{}`", form.word())).collect();
    let forms = match forms.as_slice() {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        forms => forms.concat(),
    };
    let message = format!(
        "`{}` cannot carry `{} {}`; {forms} can",
        form.word(),
        operation.word(),
        target.uri
    );
    let refusal = Refusal::new(&E_NOT_EXPRESSIBLE, message).of(operation.word());
    match row.forms().next() {
        Some(first) => refusal.hinted(format!("write `--as {}`", first.word())),
        None => refusal,
    }
}

/// The value as it is written, when the node can hold it.
fn allowed_value(node: &Node, value: &str) -> Result<String, Refusal> {
    let value = value.trim();
    if node.format != Format::Int {
        return Ok(value.to_owned());
    }
    let number = integer(value).ok_or_else(|| {
        let message = format!("`{}` is a signed 32-bit decimal number", node.path);
        Refusal::new(&UNSUPPORTED_FORMAT, message)
    })?;
    match allowed(node).filter(|values| !is_among(values, number)) {
        None => Ok(number.to_string()),
        Some(values) => {
            let message =
                format!("`{}` is {number}; allowed is {}", node.path, alternatives(values));
            Err(Refusal::new(&E_INVALIDARG, message)
                .answered(&FAILED)
                .hinted("give one of the allowed numbers"))
        }
    }
}

/// The data of an Exec as they are written; `None` for a node that takes none. No message shows them.
fn parameter<'w>(node: &Node, data: Option<&'w str>) -> Result<Option<Cow<'w, str>>, Refusal> {
    let refuse = |code, message: String| Err(Refusal::new(code, message));
    let path = node.path;
    match (node.format, data) {
        (Format::Null, None | Some("")) => Ok(None),
        (Format::Null, Some(_)) => refuse(&UNSUPPORTED_FORMAT, format!("`{path}` takes no data")),
        (Format::Xml, None) => Ok(Some(Cow::Borrowed(LICENSE_PLACEHOLDER))),
        (Format::Xml, Some(license)) if is_well_formed(license) => Ok(Some(Cow::Borrowed(license))),
        (Format::Xml, Some(_)) => {
            refuse(&UNSUPPORTED_FORMAT, format!("the data of `{path}` are no XML"))
        }
        (_, None) => Ok(Some(Cow::Borrowed(KEY_PLACEHOLDER))),
        (_, Some(text)) if matches!(node.field.kind, Kind::Secret(_)) => {
            match ProductKey::new(text) {
                Ok(key) => Ok(Some(Cow::Owned(key.clear().to_owned()))),
                Err(flaw) => refuse(
                    &E_INVALIDARG,
                    format!("the data of `{path}` are no product key: {flaw}"),
                )
                .map_err(|refusal| refusal.hinted(flaw.remedy())),
            }
        }
        (_, Some(data)) => Ok(Some(Cow::Borrowed(data))),
    }
}

/// Whether a text is one XML element, of characters that XML can hold.
fn is_well_formed(text: &str) -> bool {
    let mut bytes = text.as_bytes();
    let mut document = Document::new(&mut bytes);
    let mut roots = 0;
    loop {
        match document.next() {
            Ok(Some(Piece::Open(tag))) => roots += u32::from(tag.depth == 1),
            Ok(Some(_)) => {}
            Ok(None) => return roots == 1 && text.chars().all(is_written),
            Err(_) => return false,
        }
    }
}

/// Whether XML 1.0 can hold a character.
fn is_written(letter: char) -> bool {
    !matches!(letter, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Text as it stands in an element: a carriage return survives only as a reference.
pub(super) fn escaped(text: &str) -> String {
    quick_xml::escape::partial_escape(text).replace('\r', "&#13;")
}

#[cfg(test)]
mod tests;
