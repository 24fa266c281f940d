//! `sntl_licensing_login`: whether a client gets tokens, shares one, waits, or is refused.

use super::grant::Call;
use super::groups::group_of;
use super::ledger::Ledger;
use super::limits::Units;
use super::locks::admits_client;
use super::matching::{self, Check, Verdict};
use super::pool;
use super::right::Right;
use super::trial;
use crate::catalog::Code;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal};
use crate::rms::catalog::alerts;
use crate::rms::catalog::codes::{
    SNTL_APP_NODE_LOCKED, SNTL_APP_UNNAMED, SNTL_EXCEEDS_MAX_SIZE, SNTL_INSUFFICIENTUNITS,
    SNTL_MAJORITY_RULE_FAILURE, SNTL_NO_SERVER_RUNNING, SNTL_NOLICENSESAVAILABLE,
    SNTL_USER_NOT_ALLOWED, SNTL_VALUE_OUT_OF_RANGE, SNTL_VENDORIDMISMATCH,
};
use crate::rms::catalog::elements::{CL_LOCK_INFO, IS_NODE_LOCKED, KEY_LIFE_TIME, TRIAL_DAYS};
use crate::rms::model::license::{Elements, FeatureKey};
use crate::rms::model::request::{Queueing, Request};
use crate::rms::model::server::Server;
use crate::rms::model::session::{Counts, Identity, Session};
use crate::rms::model::usage::UsageRecord;

/// The most units of a request.
pub const MOST_UNITS: u64 = 4_294_967_294;

/// What the License Manager tells its administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    AppStart,
    SoftLimit,
    HardLimit,
    Denied,
    AppStop,
    AppTimeout,
}

impl Alert {
    /// The word of the alert configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        let row = match self {
            Self::AppStart => &alerts::APP_START,
            Self::SoftLimit => &alerts::SOFT_LIMIT,
            Self::HardLimit => &alerts::HARD_LIMIT,
            Self::Denied => &alerts::DENIED,
            Self::AppStop => &alerts::APP_STOP,
            Self::AppTimeout => &alerts::APP_TIMEOUT,
        };
        row.name
    }
}

/// A request that was granted, or that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    pub session: Session,
    pub alerts: Vec<Alert>,
    /// Its position in the queue, from 1; 0: it does not wait.
    pub position: u64,
}

/// Where and when a call is made.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'s> {
    pub server: &'s Server,
    pub now: Timestamp,
}

/// Checks what can be told without the License Manager.
///
/// Refuses with `SNTL_APP_UNNAMED` without a feature, `SNTL_EXCEEDS_MAX_SIZE` a text that is too long,
/// `SNTL_VALUE_OUT_OF_RANGE` a number of units that there is not.
pub fn check(key: &FeatureKey, request: &Request) -> Result<(), Refusal> {
    if key.name.is_empty() {
        let message = "the request names no feature";
        return Err(Refusal::new(&SNTL_APP_UNNAMED, message));
    }
    for (what, text, most) in [
        ("feature name", &key.name, 24),
        ("feature version", &key.version, 11),
        ("usage data", &request.comment, 255),
        ("user name", &request.client.user, 31),
        ("host name", &request.client.host, 31),
    ] {
        let length = text.chars().count();
        if length > most {
            let message = format!("the {what} has {length} characters, and {most} are allowed");
            return Err(Refusal::new(&SNTL_EXCEEDS_MAX_SIZE, message));
        }
    }
    if !(1..=MOST_UNITS).contains(&request.units) {
        let message = format!("{} units are asked for; there is 1 to {MOST_UNITS}", request.units);
        return Err(Refusal::new(&SNTL_VALUE_OUT_OF_RANGE, message));
    }
    Ok(())
}

/// Refuses with `SNTL_NO_SERVER_RUNNING` when the License Manager is stopped.
pub fn running(server: &Server) -> Result<(), Refusal> {
    if server.running {
        return Ok(());
    }
    let message = format!("the License Manager `{}` is stopped", server.name);
    let hint = format!("`licctl rms server start {}` starts it", server.name);
    Err(Refusal::new(&SNTL_NO_SERVER_RUNNING, message).hinted(hint))
}

/// Answers a request. What is refused by the number of tokens is logged, and so comes as an answer; every other refusal leaves
/// no trace.
///
/// Refuses in the order of the checks: vendor, validity, majority, clock, virtual machine, locks, site, reservation, named users,
/// limit of the node, number of tokens.
///
/// Source: API Reference Guide, result codes; the order of the checks: assumed.
pub fn login(
    ledger: &mut dyn Ledger,
    scene: Scene<'_>,
    feature: i64,
    request: &Request,
) -> Outcome<Result<Granted, Box<Refusal>>> {
    let right = ledger.right(feature, scene.now)?;
    vendor(scene.server, request)?;
    right.usable()?;
    majority(scene.server, &right.elements)?;
    restrictions(&right.elements, scene.server, &request.client)?;
    let group = group_of(&right.groups, &request.client)?;
    named_user(ledger, &right, &request.client)?;
    let node = node_limit(&right.elements, &request.client);
    let mut call = Call { ledger, scene, feature, right: &right, request, group, node };
    if let Some(granted) = call.reclaimed()? {
        return Ok(Ok(granted));
    }
    if let Some(granted) = call.shared()? {
        return Ok(Ok(granted));
    }
    if request.wait.queueing == Queueing::Queue {
        return call.queued();
    }
    match call.refusal()? {
        None => call.granted().map(Ok),
        Some(_) if request.wait.queueing == Queueing::GetOrQueue => call.queued(),
        Some(refusal) => call.denied(refusal).map(Err),
    }
}

fn vendor(server: &Server, request: &Request) -> Result<(), Refusal> {
    let own = &server.info.vendor_license_manager_id;
    if own.is_empty() || request.vendor.is_empty() || own.eq_ignore_ascii_case(&request.vendor) {
        return Ok(());
    }
    let message = format!("`{}` serves the vendor `{own}` alone", server.name);
    Err(Refusal::new(&SNTL_VENDORIDMISMATCH, message))
}

/// Refuses with `SNTL_MAJORITY_RULE_FAILURE` when too few servers of the pool are up.
pub fn majority(server: &Server, elements: &Elements) -> Result<(), Refusal> {
    let Some(pool) = &server.pool else { return Ok(()) };
    let service = pool::service(pool, elements);
    if service.serves() {
        return Ok(());
    }
    let message = format!(
        "{} of {} servers are up, and {} are needed",
        service.up, service.of, service.needed
    );
    Err(Refusal::new(&SNTL_MAJORITY_RULE_FAILURE, message)
        .hinted("`licctl rms pool show` shows the servers"))
}

/// What a check of a match refuses with.
fn refused_by(check: Check) -> Result<(), Refusal> {
    match (check.verdict, check.code) {
        (Verdict::Fail, Some(code)) => {
            Err(Refusal::new(code, check.reason).with("reason", check.name))
        }
        _ => Ok(()),
    }
}

fn restrictions(elements: &Elements, server: &Server, client: &Identity) -> Result<(), Refusal> {
    let facts = matching::Client {
        lock_codes: Some(client.lock_code.clone())
            .filter(|code| !code.is_empty())
            .into_iter()
            .collect(),
        host_id: Some(client.host_id.clone()).filter(|id| !id.is_empty()),
        address: client.address,
        ..matching::Client::default()
    };
    refused_by(matching::clock(elements, server))?;
    refused_by(matching::virtual_machine(elements, server))?;
    refused_by(matching::server_lock(elements, server))?;
    client_lock(elements, client)?;
    refused_by(matching::criteria(elements, &facts))?;
    refused_by(matching::site(elements, &facts))
}

/// What a client is known by to a lock.
fn identifiers(client: &Identity) -> Vec<String> {
    let address = client.address.map(|address| address.to_string()).unwrap_or_default();
    let ids = [client.lock_code.clone(), client.host_id.clone(), address];
    ids.into_iter().filter(|id| !id.is_empty()).collect()
}

/// A client that shows nothing to be known by is not among those of the license.
fn client_lock(elements: &Elements, client: &Identity) -> Result<(), Refusal> {
    if !matches!(elements.number(&IS_NODE_LOCKED), 0 | 3)
        || admits_client(elements.text(&CL_LOCK_INFO), &identifiers(client)).is_some()
    {
        return Ok(());
    }
    let ids = identifiers(client);
    let who = if ids.is_empty() {
        "the client shows no locking code, host id or address".to_owned()
    } else {
        format!("{} is not among the clients of the license", ids.join(", "))
    };
    Err(Refusal::new(&SNTL_APP_NODE_LOCKED, who).with("reason", "client-lock"))
}

/// The entry of `clLockInfo` that limits the tokens of this client's node, and its limit.
fn node_limit(elements: &Elements, client: &Identity) -> Option<(String, u64)> {
    if !matches!(elements.number(&IS_NODE_LOCKED), 0 | 3) {
        return None;
    }
    let entry = admits_client(elements.text(&CL_LOCK_INFO), &identifiers(client))?;
    Some((entry.id.to_ascii_lowercase(), u64::from(entry.limit?)))
}

fn named_user(ledger: &mut dyn Ledger, right: &Right, client: &Identity) -> Outcome<()> {
    if !matching::names_users(&right.elements) || ledger.is_named(&right.license, &client.user)? {
        return Ok(());
    }
    let message = format!("`{}` is not among the named users of `{}`", client.user, right.key);
    let hint = "`licctl rms license users add HASH USER` names another";
    Err(Refusal::new(&SNTL_USER_NOT_ALLOWED, message).hinted(hint).into())
}

/// Seconds after which a client without a heartbeat loses its token; `None`: never.
///
/// Source: licenseInfo calls the element the lifetime of the license; lsmon shows it as the heartbeat, "Infinite" among its
/// values; taking 0 as endless is assumed.
#[must_use]
pub fn heartbeat(elements: &Elements) -> Option<i64> {
    Some(elements.number(&KEY_LIFE_TIME)).filter(|life| *life > 0 && *life < i64::from(u32::MAX))
}

/// The second with which a heartbeat is missed.
#[must_use]
pub fn missed(elements: &Elements, refreshed: i64) -> Option<i64> {
    heartbeat(elements).map(|life| refreshed.saturating_add(life).saturating_add(1))
}

/// The alerts of units that were issued.
#[must_use]
pub fn issue_alerts(right: &Right, before: u64, after: u64) -> Vec<Alert> {
    let mut alerts = vec![Alert::AppStart];
    if right.soft.finite().is_some_and(|soft| before <= soft && after > soft) {
        alerts.push(Alert::SoftLimit);
    }
    if right.total.finite().is_some_and(|hard| before < hard && after >= hard) {
        alerts.push(Alert::HardLimit);
    }
    alerts
}

/// A record of the usage log.
#[must_use]
pub fn logged(
    right: &Right,
    client: &Identity,
    (transaction, units): (i64, u64),
    in_use: u64,
    now: Timestamp,
) -> UsageRecord {
    UsageRecord {
        time: now.s(),
        feature: right.key.clone(),
        transaction,
        units: Some(units),
        in_use: Some(in_use),
        key_life: None,
        user: client.user.clone(),
        host: client.host.clone(),
        manager: String::new(),
        comment: String::new(),
        levels: [0, 0],
    }
}

/// What a request for units refuses with, as far as their number goes.
#[must_use]
pub fn short(right: &Right, counts: &Counts, group: &str, units: u64) -> Option<Refusal> {
    let free = match right.available(counts, group) {
        Units::Finite(free) if free < units => free,
        _ => return None,
    };
    let (code, message): (&'static Code, String) = if free == 0 {
        (&SNTL_NOLICENSESAVAILABLE, format!("every token of `{}` is in use", right.key))
    } else {
        (&SNTL_INSUFFICIENTUNITS, format!("{free} of {units} units of `{}` are free", right.key))
    };
    let refusal = Refusal::new(code, message).with("free", free.to_string());
    Some(refusal.hinted("`licctl rms holders` shows who has them"))
}

/// Draws the units of a session: from the reserve of its group first, the rest from what is for all.
pub fn take(right: &Right, counts: &mut Counts, session: &mut Session) {
    let drawn = session.units.min(right.reserve_left(counts, &session.group));
    counts.draw(&session.group, drawn);
    session.drawn = drawn;
    counts.used += session.units;
}

/// Starts the clock of the trial that a session uses up.
pub fn open_trial(
    ledger: &mut dyn Ledger,
    scene: Scene<'_>,
    right: &Right,
    session: &mut Session,
) -> Outcome<()> {
    let Some(license) = right.trial else { return Ok(()) };
    let clock = ledger.trial(session.feature, license)?;
    let clock = clock.unwrap_or_else(|| trial::begun(&right.elements, scene.now));
    let (days, offset) = (right.elements.number(&TRIAL_DAYS), scene.server.utc_offset);
    let mut clock = trial::counted(clock, days, scene.now, offset);
    clock.open = clock.open.saturating_add(1);
    session.trial = Some(license);
    ledger.set_trial(session.feature, license, clock);
    Ok(())
}

/// Stops the clock of the trial that a session used up.
pub fn close_trial(
    ledger: &mut dyn Ledger,
    scene: Scene<'_>,
    session: &mut Session,
) -> Outcome<()> {
    let Some(license) = session.trial.take() else { return Ok(()) };
    let Some(clock) = ledger.trial(session.feature, license)? else { return Ok(()) };
    let right = ledger.right(session.feature, scene.now)?;
    let serves = right.trial == Some(license);
    let days = if serves { right.elements.number(&TRIAL_DAYS) } else { 0 };
    let mut clock = trial::counted(clock, days, scene.now, scene.server.utc_offset);
    clock.open = clock.open.saturating_sub(1);
    ledger.set_trial(session.feature, license, clock);
    Ok(())
}
