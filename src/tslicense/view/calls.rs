//! What calls hand back, and the event list.

use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, View, column};
use crate::tslicense::catalog::events;
use crate::tslicense::catalog::methods::{Act, of};
use crate::tslicense::export::{Call, Numbers, Object, powershell};
use crate::tslicense::model::{Argument, Arguments, Event};
use crate::tslicense::ops::call::Called;
use crate::tslicense::rules::{ManualCall, Moved};
use schemars::JsonSchema;
use serde::Serialize;

/// What a method handed back: its return value, its out parameters, and beside them what the model did.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CallView {
    /// 0: a failure is an error, not a value.
    #[serde(rename = "ReturnValue")]
    return_value: u32,
    #[serde(rename = "KeyPackId", skip_serializing_if = "Option::is_none")]
    key_pack_id: Option<u32>,
    /// Of `ConvertLicenses`, which spells it so.
    #[serde(rename = "KeypackID", skip_serializing_if = "Option::is_none")]
    keypack_id: Option<u32>,
    #[serde(rename = "ActivationStatus", skip_serializing_if = "Option::is_none")]
    activation_status: Option<u32>,
    #[serde(rename = "sLicenseServerId", skip_serializing_if = "Option::is_none")]
    license_server_id: Option<String>,
    /// Of methods that answer yes or no, each under its own name.
    #[serde(flatten)]
    flags: Flags,
    #[serde(rename = "RevokableCals", skip_serializing_if = "Option::is_none")]
    revokable_cals: Option<u32>,
    /// Of Revoke: null as long as more may be revoked.
    #[serde(rename = "NextRevokeAllowedOn", skip_serializing_if = "Option::is_none")]
    next_revoke_allowed_on: Option<Nothing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licctl: Option<Told>,
}

/// The out parameters of methods that answer yes or no.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Flags {
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_member: Option<bool>,
    #[serde(rename = "OnDC", skip_serializing_if = "Option::is_none")]
    on_dc: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    present: Option<bool>,
}

impl Flags {
    /// The answer under the name that the method has for it.
    fn of(called: &Called) -> Self {
        let Some(row) = called.method.handed().next() else { return Self::default() };
        let under = |name: &str| called.answer.flag.filter(|_| row.name == name);
        Self {
            published: under("Published"),
            registered: under("Registered"),
            is_member: under("IsMember"),
            on_dc: under("OnDC"),
            enabled: under("Enabled"),
            allowed: under("Allowed"),
            present: under("Present"),
        }
    }

    /// The one that is there.
    fn held(&self) -> Option<(&'static str, bool)> {
        [
            ("PUBLISHED", self.published),
            ("REGISTERED", self.registered),
            ("ISMEMBER", self.is_member),
            ("ONDC", self.on_dc),
            ("ENABLED", self.enabled),
            ("ALLOWED", self.allowed),
            ("PRESENT", self.present),
        ]
        .into_iter()
        .find_map(|(head, flag)| flag.map(|flag| (head, flag)))
    }
}

/// An out parameter that holds nothing: null.
#[derive(Debug, Serialize, JsonSchema)]
struct Nothing;

/// What the model tells beside the answer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Told {
    /// Events that were written to the list of the called server.
    events: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceView>,
    /// Live licenses per device that went with their pack.
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped_licenses: Option<u32>,
}

/// The server that licenses came from.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SourceView {
    name: String,
    /// `automatic`: they are gone there; `manual`: an administrator must remove them.
    removal: &'static str,
    removed: Vec<Removed>,
    /// What to call there.
    calls: Vec<String>,
}

/// What was taken out of a pack.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Removed {
    key_pack_id: u32,
    license_count: u32,
}

impl SourceView {
    fn new(moved: &Moved) -> Self {
        Self {
            name: moved.name.clone(),
            removal: if moved.calls.is_empty() { "automatic" } else { "manual" },
            removed: moved
                .removed
                .iter()
                .map(|(id, count)| Removed { key_pack_id: id.0, license_count: *count })
                .collect(),
            calls: moved.calls.iter().map(|call| command(&moved.name, call)).collect(),
        }
    }
}

/// A call that an administrator makes, as a line of PowerShell.
#[must_use]
pub fn command(server: &str, manual: &ManualCall) -> String {
    let Some(method) = of(manual.act) else { return String::new() };
    let value = |name: &str| {
        let found = manual.parameters.iter().find(|(known, _)| *known == name);
        found.map(|(_, number)| Argument::Number(*number))
    };
    let given = method.given().filter_map(|row| Some((row, value(row.name)?))).collect();
    let arguments = Arguments { given, filed: Vec::new() };
    let numbers = Numbers::Masked;
    let (object, arguments) = (Object::Class, &arguments);
    let call = Call { server, method, object, arguments, list: None, numbers };
    powershell::cim(&call).trim_end().to_owned()
}

impl From<&Called> for CallView {
    fn from(called: &Called) -> Self {
        let answer = &called.answer;
        let key_pack = answer.key_pack.map(|id| id.0);
        let converts = called.method.act == Act::Convert;
        let told = Told {
            events: called.events.clone(),
            source: answer.moved.as_ref().map(SourceView::new),
            dropped_licenses: answer.dropped,
        };
        let silent =
            told.events.is_empty() && told.source.is_none() && told.dropped_licenses.is_none();
        Self {
            return_value: 0,
            key_pack_id: key_pack.filter(|_| !converts),
            keypack_id: key_pack.filter(|_| converts),
            activation_status: answer.status,
            license_server_id: answer.server_id.clone(),
            flags: Flags::of(called),
            revokable_cals: answer.revokable,
            next_revoke_allowed_on: answer.revokable.map(|_| Nothing),
            licctl: (!silent).then_some(told),
        }
    }
}

impl View for CallView {
    const SCHEMA: &'static str = "licctl.tslicense.call/1";
    const COLUMNS: &'static [Column] = &[
        column("RETURNVALUE", "ReturnValue", Fit::Number),
        column("KEYPACKID", "KeyPackId", Fit::Number),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let id = self.key_pack_id.or(self.keypack_id);
        vec![
            self.return_value.to_string().into(),
            id.map_or_else(|| "-".to_owned(), |id| id.to_string()).into(),
        ]
    }

    fn name(&self) -> String {
        let id = self.key_pack_id.or(self.keypack_id).or(self.activation_status);
        let number = match self.flags.held() {
            Some((_, flag)) => flag.to_string(),
            None => id.unwrap_or(self.return_value).to_string(),
        };
        self.license_server_id.clone().unwrap_or(number)
    }

    fn detail(&self, _: &Look) -> Vec<(String, Cell)> {
        let number = |value: Option<u32>| value.map(|value| value.to_string());
        let members = [
            ("RETURNVALUE", Some(self.return_value.to_string())),
            ("KEYPACKID", number(self.key_pack_id.or(self.keypack_id))),
            ("ACTIVATIONSTATUS", number(self.activation_status)),
            ("LICENSESERVERID", self.license_server_id.clone()),
            ("REVOKABLECALS", number(self.revokable_cals)),
        ];
        let flag = self.flags.held().map(|(head, flag)| (head, Some(flag.to_string())));
        let held = members.into_iter().chain(flag).filter_map(|(head, text)| Some((head, text?)));
        held.map(|(head, text)| (head.to_owned(), Cell::from(text))).collect()
    }
}

/// An entry of a server's event list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    time: Timestamp,
    id: u32,
    /// Empty where none is published.
    symbol: &'static str,
    text: String,
}

impl From<&Event> for EventView {
    fn from(event: &Event) -> Self {
        let row = events::find(event.id);
        let doc = row.map_or("", |row| row.doc);
        Self {
            time: event.at,
            id: event.id,
            symbol: row.map_or("", |row| row.symbol),
            text: format!("{} {}", doc, event.text).trim().to_owned(),
        }
    }
}

impl View for EventView {
    const SCHEMA: &'static str = "licctl.tslicense.event/1";
    const COLUMNS: &'static [Column] = &[
        column("TIME", "time", Fit::Keep),
        column("ID", "id", Fit::Number),
        column("SYMBOL", "symbol", Fit::Elide),
        column("TEXT", "text", Fit::Wrap),
    ];
    const TIME: Option<&'static str> = Some("time");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            look.time(self.time).into(),
            self.id.to_string().into(),
            self.symbol.into(),
            self.text.clone().into(),
        ]
    }

    fn name(&self) -> String {
        self.id.to_string()
    }
}
