//! `tslicense call` and `tslicense events`.

use super::acting::{Acting, Made, Target, make};
use crate::error::{Outcome, Usage, Verdict};
use crate::output::ListOptions;
use crate::session::Session;
use crate::tslicense::catalog::methods::{Act, WmiMethod};
use crate::tslicense::model::{KeyPackId, LicenseId};
use crate::tslicense::ops::call::{self, Request};
use crate::tslicense::ops::held;
use crate::tslicense::rules::typed::Given;
use crate::tslicense::rules::{Controls, typed};
use crate::tslicense::store::events;
use crate::tslicense::view::{CallView, EventView};
use clap::Args;
use clap_complete::ArgValueCompleter;
use serde_json::Value as Json;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  licctl tslicense call Win32_TSLicenseServer GetActivationStatus --params '{}'\n  licctl tslicense call Win32_TSLicenseKeyPack ConvertLicenses --key KeyPackId=4 --params '{\"Count\": 10}'"
)]
pub(super) struct CallArguments {
    /// The class
    #[arg(value_name = "CLASS", add = ArgValueCompleter::new(super::complete::classes))]
    class: String,
    /// The method, without its class
    #[arg(value_name = "METHOD", add = ArgValueCompleter::new(super::complete::methods))]
    method: String,
    /// A key of the object that it is called on: `KeyPackId=4`, `LicenseId=7`, `ServerName=rdsh-1`; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    key: Vec<String>,
    /// The parameters as a JSON object, by name; each of the type of the method
    #[arg(long, value_name = "JSON", default_value = "{}", hide_default_value = true)]
    params: String,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  licctl tslicense events --server ls02.corp.contoso.example --since 7d"
)]
pub(super) struct EventArguments {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    list: ListOptions,
}

pub(super) fn call(arguments: &CallArguments, session: &mut Session) -> Outcome<Verdict> {
    let method = typed::method(&arguments.class, &arguments.method)?;
    let given = given(&arguments.params)?;
    let emit = arguments.acting.emit();
    if let Act::Host(act) = method.act {
        return super::hosts::call(&arguments.key, (act, method), (&given, emit), session);
    }
    if let Act::Report(act) = method.act {
        let target = arguments.acting.target();
        let asked = (&arguments.key[..], &given[..], emit);
        return super::reports::call((act, method), asked, target, session);
    }
    let key = self::key(&arguments.key, "KeyPackId")?.map(KeyPackId);
    let license = self::key(&arguments.key, "LicenseId")?.map(LicenseId);
    let made = Made { method, key, license, given, controls: arguments.acting.controls() };
    if method.act.asks() && !arguments.acting.emits() {
        return ask(arguments.acting.target(), method, made.given, session);
    }
    if let Some((_, called)) = make(&arguments.acting, session, made)? {
        session.show(&CallView::from(&called))?;
    }
    Ok(Verdict::Yes)
}

/// Calls a method that changes nothing.
pub(super) fn ask(
    target: &Target,
    method: &'static WmiMethod,
    given: Vec<(String, Given)>,
    session: &mut Session,
) -> Outcome<Verdict> {
    let server = target.name(session)?;
    let controls = Controls::default();
    let request = Request { server: &server, method, key: None, license: None, given, controls };
    let called = session.read(|read, now| call::ask(read, &request, now))?;
    session.show(&CallView::from(&called))?;
    Ok(Verdict::Yes)
}

/// The parameters of a JSON object. What was typed may hold a purchase number: it is not repeated.
fn given(text: &str) -> Outcome<Vec<(String, Given)>> {
    let wrong = || Usage::new("`--params` is no JSON object");
    let json: Json = serde_json::from_str(text).map_err(|_| wrong())?;
    let members = json.as_object().ok_or_else(wrong)?;
    Ok(members.iter().map(|(name, value)| (name.clone(), value_of(value))).collect())
}

fn value_of(value: &Json) -> Given {
    match value {
        Json::Null => Given::Null,
        Json::String(text) => Given::Text(text.clone()),
        Json::Number(number) => {
            // A fraction, and a number beyond any integer, are of another type.
            number.to_string().parse().map_or(Given::Other, Given::Number)
        }
        Json::Array(values) => {
            let texts = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
            Option::map_or(texts, Given::Other, Given::Texts)
        }
        Json::Bool(_) | Json::Object(_) => Given::Other,
    }
}

/// The number of a key among those that were given.
///
/// Usage error for a word that is no key of any object.
fn key(given: &[String], wanted: &str) -> Outcome<Option<u32>> {
    let mut found = None;
    for word in given {
        let pair = word.split_once('=').and_then(|(name, value)| Some((name, value.parse().ok()?)));
        let known = |name: &str| KEYS.iter().any(|key| key.eq_ignore_ascii_case(name));
        let Some((name, value)) = pair.filter(|(name, _)| known(name)) else {
            return Err(Usage::new(format!("`--key {word}` names no object"))
                .hinted("write `KeyPackId=4` or `LicenseId=7`")
                .into());
        };
        if name.eq_ignore_ascii_case(wanted) {
            found = Some(value);
        }
    }
    Ok(found)
}

/// The keys of the objects that have methods.
static KEYS: [&str; 2] = ["KeyPackId", "LicenseId"];

pub(super) fn events(arguments: &EventArguments, session: &mut Session) -> Outcome<Verdict> {
    let name = arguments.target.name(session)?;
    session.list::<EventView>(&arguments.list, |read, now, sink| {
        let (id, _) = held::load(read, &name, now)?;
        events::each(read, id, &mut |event| sink.row(&EventView::from(&event)))
    })?;
    Ok(Verdict::Yes)
}
