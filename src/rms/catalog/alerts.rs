//! The alerts of a License Manager: when each goes out, and the words of the configuration file.

use super::documents::ADMIN;
use crate::catalog::{Source, stated};

/// A kind of alert.
#[derive(Debug)]
pub struct AlertKind {
    pub name: &'static str,
    pub doc: &'static str,
    pub source: Source,
}

const fn row(name: &'static str, doc: &'static str) -> AlertKind {
    AlertKind { name, doc, source: stated(&ADMIN, "Setting User Alerts") }
}

pub static SOFT_LIMIT: AlertKind = row("softlimit", "The soft limit is exceeded.");
pub static HARD_LIMIT: AlertKind = row("hardlimit", "The last token is issued.");
pub static APP_START: AlertKind = row("appstart", "A token is issued.");
pub static APP_STOP: AlertKind = row("appstop", "A token is given back.");
pub static DENIED: AlertKind = row("denied", "A request is refused for want of tokens.");
pub static APP_TIMEOUT: AlertKind = row("apptimeout", "A token is taken back: no heartbeat came.");
pub static EXPIRED: AlertKind = row("expired", "A license ends, or is loaded after its end.");

/// Every alert.
pub static ALERTS: [&AlertKind; 7] =
    [&SOFT_LIMIT, &HARD_LIMIT, &APP_START, &APP_STOP, &DENIED, &APP_TIMEOUT, &EXPIRED];

/// What turns a way on and off in the file.
pub const ON: &str = "ON";
pub const OFF: &str = "OFF";
