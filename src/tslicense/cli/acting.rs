//! What every command on a server takes, and how a call is made, written down and told.

use super::API;
use crate::catalog::{Kind, Mask};
use crate::error::{Outcome, Usage};
use crate::output::Format;
use crate::session::Session;
use crate::tslicense::catalog::methods::WmiMethod;
use crate::tslicense::export::{Call, Numbers, Object, powershell, wsman};
use crate::tslicense::model::{KeyPackId, LicenseId};
use crate::tslicense::ops::call::{self, Called, Request};
use crate::tslicense::ops::held;
use crate::tslicense::rules::typed::Given;
use crate::tslicense::rules::{self, Controls};
use crate::tslicense::view::{CallView, command};
use clap_complete::ArgValueCompleter;

/// Which server is meant.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Target {
    /// The license server, or an alias; default: `LICCTL_TSLICENSE_SERVER`, else the only one
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::servers))]
    server: Option<String>,
}

impl Target {
    /// The server that is meant, as it was first written.
    ///
    /// Usage error when there is none of that name, or several and none is named.
    pub(super) fn name(&self, session: &mut Session) -> Outcome<String> {
        named(session, self.server.as_deref())
    }

    /// The server that the flag or the environment names; `None` when neither does.
    ///
    /// Usage error when there is none of that name.
    pub(super) fn given(&self, session: &mut Session) -> Outcome<Option<String>> {
        match session.instance_setting(&API, self.server.as_deref())? {
            Some(_) => self.name(session).map(Some),
            None => Ok(None),
        }
    }
}

/// The server of a name or alias, or the only one.
pub(super) fn named(session: &mut Session, given: Option<&str>) -> Outcome<String> {
    let given = session.instance_setting(&API, given)?;
    if let Some(name) = &given {
        let found = session.read(|read, _| held::named(read, name))?;
        if let Some(found) = found {
            return Ok(found);
        }
    }
    session.instance(&API, given.as_deref())
}

/// The real call, written down instead of made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Emit {
    /// Invoke-CimMethod
    Powershell,
    /// Invoke-WmiMethod, whose arguments are in alphabetical order
    Wmi,
    /// The body of a WS-Management Invoke
    Wsman,
}

/// The flag by itself, for commands that take no other switch of a call.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Emitted {
    /// Print the call for the real machine instead of making it
    #[arg(long = "emit", value_name = "FORM")]
    pub(super) form: Option<Emit>,
}

/// What the clearinghouse of the model says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Clearinghouse {
    #[default]
    Accept,
    Refuse,
    Offline,
}

/// How a call is made.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Acting {
    #[command(flatten)]
    target: Target,
    /// Print the call for the real server instead of making it
    #[arg(long, value_name = "FORM")]
    emit: Option<Emit>,
    /// What the clearinghouse of the model says
    #[arg(
        long,
        value_name = "WORD",
        default_value = "accept",
        hide_default_value = true,
        hide_short_help = true
    )]
    clearinghouse: Clearinghouse,
    /// Allow only the product versions that the page of the method lists
    #[arg(long, hide_short_help = true)]
    strict_reference: bool,
    /// Allow agreement numbers of 8 digits
    #[arg(long, hide_short_help = true)]
    lenient_agreement: bool,
}

impl Acting {
    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    pub(super) fn emits(&self) -> bool {
        self.emit.is_some()
    }

    pub(super) fn emit(&self) -> Option<Emit> {
        self.emit
    }

    /// The switches of the model that every call takes.
    pub(super) fn controls(&self) -> Controls {
        Controls {
            clearinghouse: match self.clearinghouse {
                Clearinghouse::Accept => rules::Clearinghouse::Accept,
                Clearinghouse::Refuse => rules::Clearinghouse::Refuse,
                Clearinghouse::Offline => rules::Clearinghouse::Offline,
            },
            strict_reference: self.strict_reference,
            lenient_agreement: self.lenient_agreement,
            ..Controls::default()
        }
    }
}

/// A call as the command line names it.
pub(super) struct Made {
    pub(super) method: &'static WmiMethod,
    pub(super) key: Option<KeyPackId>,
    pub(super) license: Option<LicenseId>,
    pub(super) given: Vec<(String, Given)>,
    pub(super) controls: Controls,
}

/// Makes a call, or writes it down; `None` when it was written down.
pub(super) fn make(
    acting: &Acting,
    session: &mut Session,
    made: Made,
) -> Outcome<Option<(String, Called)>> {
    conceal(session, made.method, &made.given);
    let server = acting.target.name(session)?;
    let Made { method, key, license, given, controls } = made;
    let request = Request { server: &server, method, key, license, given, controls };
    if let Some(form) = acting.emit {
        write_down(form, session, &request)?;
        return Ok(None);
    }
    let called = session.write(|tx, now| call::call(tx, &request, now))?;
    session.warn_all(called.warnings.clone());
    Ok(Some((server, called)))
}

fn write_down(form: Emit, session: &mut Session, request: &Request<'_>) -> Outcome<()> {
    let (arguments, warnings) = session.read(|read, _| call::rehearsed(read, request))?;
    session.warn_all(warnings);
    let object = match (request.license, request.key) {
        (Some(license), pack) => Object::License(license, pack),
        (None, Some(pack)) => Object::Pack(pack),
        (None, None) => Object::Class,
    };
    let (server, method) = (request.server, request.method);
    let numbers = numbers(session);
    let call = Call { server, method, object, arguments: &arguments, list: None, numbers };
    form.write(session, &call)
}

/// Whether purchase numbers are written in full.
pub(super) fn numbers(session: &Session) -> Numbers {
    if session.printer.look.secrets { Numbers::Full } else { Numbers::Masked }
}

impl Emit {
    /// Writes a call down.
    pub(super) fn write(self, session: &mut Session, call: &Call<'_>) -> Outcome<()> {
        let text = match self {
            Self::Powershell => powershell::cim(call),
            Self::Wmi => powershell::wmi(call),
            Self::Wsman => wsman::body(call),
        };
        session.printer.artefact(&text)
    }
}

/// Hides the purchase numbers of a call from the history and from errors.
pub(super) fn conceal(session: &mut Session, method: &WmiMethod, given: &[(String, Given)]) {
    for row in method.given() {
        let Kind::Secret(mask) = row.kind else { continue };
        let value = given.iter().find(|(name, _)| name == row.name);
        if let Some((_, Given::Text(text))) = value {
            session.conceal(text, &mask.apply(text));
        }
    }
}

/// Hides one purchase number.
pub(super) fn conceal_word(session: &mut Session, word: &str) {
    session.conceal(word, &Mask::TwoAndTwo.apply(word));
}

/// Tells how a call ended: a sentence to people, the answer to machines.
pub(super) fn tell(session: &mut Session, called: &Called, sentence: &str) -> Outcome<()> {
    session.tell(&CallView::from(called), sentence)?;
    if session.printer.format != Format::Table || session.printer.jq.is_some() {
        return Ok(());
    }
    for moved in called.answer.moved.iter().filter(|moved| !moved.calls.is_empty()) {
        session
            .printer
            .note(&format!("note: the licenses are still on `{}`; remove them there:", moved.name));
        for manual in &moved.calls {
            session.printer.note(&format!("   {}", command(&moved.name, manual)));
        }
    }
    Ok(())
}

/// A number of the command line on its way into a call: what is no number at all is wrong usage.
pub(super) fn number(flag: &str, text: &str) -> Outcome<Given> {
    text.parse()
        .map(Given::Number)
        .map_err(|_| Usage::new(format!("`--{flag}` takes a whole number")).into())
}
