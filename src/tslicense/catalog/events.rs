//! Events of the licensing service in the system log.

use super::documents::EVT;
use crate::catalog::{Source, stated};

/// An event of the source Microsoft-Windows-TerminalServices-Licensing.
#[derive(Debug)]
pub struct EventRow {
    pub id: u32,
    /// Empty where none is published.
    pub symbol: &'static str,
    pub doc: &'static str,
    pub source: Source,
}

const fn event(id: u32, symbol: &'static str, doc: &'static str) -> EventRow {
    EventRow { id, symbol, doc, source: stated(&EVT, "title of the event") }
}

/// No permanent license of the product is left.
pub const NONE_LEFT: u32 = 21;
/// A migration took the licenses off the source.
pub const REMOVED_FROM_SOURCE: u32 = 89;
/// A migration could not take the licenses off the source.
pub const NOT_REMOVED: u32 = 90;
/// A migration whose source was not reachable.
pub const SOURCE_NOT_REACHABLE: u32 = 92;
/// A migration whose source was declared dead.
pub const SOURCE_DEAD: u32 = 93;

/// The server was put into the group of its domain, or taken out of it.
pub const GROUP_JOINED: u32 = 74;
pub const GROUP_LEFT: u32 = 76;

/// The license attributes of a user could not be written.
pub const USER_NOT_WRITTEN: u32 = 4105;
/// A license per user gave way to a newer one.
pub const USER_UPGRADED: u32 = 4144;

/// Every published event.
pub static EVENTS: [EventRow; 24] = [
    event(0, "", "The service was started."),
    event(1, "", "The service was paused."),
    event(2, "", "The service was resumed."),
    event(3, "", "The service was stopped."),
    event(4, "", "The license server was activated."),
    event(9, "", "The database file is not valid."),
    event(16, "TLS_W_RETURNLICENSE", "An expired license could not be returned to the pool."),
    event(17, "", "The licensing certificate is not valid; the server must be reactivated."),
    event(18, "", "The server is not activated and issues temporary licenses alone."),
    event(19, "", "The licensing certificate is not valid."),
    event(20, "", "There are not enough permanent licenses."),
    event(NONE_LEFT, "", "No permanent license of the product is left."),
    event(39, "", "The license server must be activated."),
    event(44, "", "A general error of the database."),
    event(
        GROUP_JOINED,
        "",
        "The computer account was added to the group Terminal Server License Servers.",
    ),
    event(
        GROUP_LEFT,
        "TLS_I_LS_REMOVEFROM_AD",
        "The computer account was removed from the group Terminal Server License Servers.",
    ),
    event(
        REMOVED_FROM_SOURCE,
        "TLS_I_LKP_UNINSTALLED",
        "The migrated licenses were removed from the source server.",
    ),
    event(
        NOT_REMOVED,
        "TLS_E_SRC_LKP_UNINSTALL_FAILED",
        "The migrated licenses could not be removed from the source server.",
    ),
    event(
        SOURCE_NOT_REACHABLE,
        "TLS_I_LKP_IMPORTED_NON_REACHABLE_SRC",
        "Licenses were migrated from a source server that was not reachable.",
    ),
    event(
        SOURCE_DEAD,
        "TLS_I_LKP_IMPORTED_NON_ALIVE_SRC",
        "Licenses were migrated from a source server that was declared dead.",
    ),
    event(
        USER_NOT_WRITTEN,
        "",
        "The license attributes of a user could not be written to the directory.",
    ),
    event(4107, "", "No domain controller could be contacted."),
    event(4108, "", "No domain controller could be contacted."),
    event(USER_UPGRADED, "TLS_I_PU_CALUPGRADE", "A license per user was upgraded."),
];

/// The row of an event; `None` when none is published.
#[must_use]
pub fn find(id: u32) -> Option<&'static EventRow> {
    EVENTS.iter().find(|row| row.id == id)
}
