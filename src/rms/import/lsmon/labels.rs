//! The labels of lsmon, as the kits have written them over the years, and what stands behind each.
//!
//! Source: published output of kit 9.1.0 for the present layout; `SentinelLM` System Administrator's Guide 7.x for the words of old kits.

use crate::rms::catalog::elements::{
    BIRTH_TIME, CHECK_TIME_TAMPER, COMMUTED_KEYS, COMMUTER_KEYS_LEFT, COMMUTER_MAX_CHECKOUT_DAYS,
    DEATH_TIME, DEFERRED_REVOCATION_TIME, Element, FEATURE_NAME, FEATURE_VERSION,
    GRACE_PERIOD_CALENDAR_DAYS, GRACE_PERIOD_ELAPSED_HOURS, GRACE_PERIOD_FLAG, HOLD_TIME,
    HOLDING_CRIT, IS_ADDITIVE, IS_COMMUTER, IS_NODE_LOCKED, IS_REDUNDANT, KEY_LIFE_TIME,
    LICENSE_HASH, LICENSE_PRECEDENCE, LICENSE_STORAGE, LOCAL_REQUEST_LOCK_CRIT_FLOAT,
    LOCAL_REQUEST_LOCK_CRIT_MIN_NUM, LOCAL_REQUEST_LOCK_CRIT_REQUIRED, LOG_ENCRYPT_LEVEL,
    MAJORITY_RULE, NUM_LICENSES, NUM_SERVERS, PLAIN_VENDOR_INFO, QUEUE_LENGTH, SHARING_CRIT,
    SHARING_LIMIT, SOFT_NUM_LICENSES, TOT_LIC_REQD, TRIAL_CURRENT_STATUS, TRIAL_DAYS,
    TRIAL_DAYS_LEFT, TRIAL_EXECUTION_COUNT, TRIAL_EXECUTIONS_LEFT, TRIAL_SECONDS,
    TRIAL_SECONDS_LEFT, VENDOR_INFO, VM_DETECTION,
};

/// Texts with which a value begins, and the number of each.
pub(super) type Words = &'static [(&'static str, i64)];

/// A counter of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counter {
    UnreservedInUse,
    UnreservedFree,
    ReservedInUse,
    ReservedFree,
    UnreservedQueued,
    ReservedQueued,
}

/// What a client tells of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfClient {
    User,
    Host,
    XDisplay,
    Group,
    Status,
    Units,
    IsCommuter,
    CheckoutDays,
    SharedBy,
    SharingId,
}

/// What stands behind a label.
#[derive(Debug, Clone, Copy)]
pub(super) enum Take {
    /// Text to the end of the line.
    Text(&'static Element),
    /// Text in quotes.
    Quoted(&'static Element),
    /// A number, perhaps with a unit behind it.
    Number(&'static Element),
    /// A number of tokens, or `Unlimited`.
    Limit(&'static Element),
    /// A date, or words for none.
    Date(&'static Element),
    /// One of a few texts, by its beginning.
    Words(&'static Element, Words),
    /// A number, multiplied: minutes or hours made seconds.
    Times(&'static Element, i64),
    /// Names of locking criteria.
    Criteria(&'static Element),
    Counter(Counter),
    Client(OfClient),
    LicenseType,
    Version,
    State,
    ServerCode,
    ClientCode,
    Subnets,
    /// The heading of a table of redundant License Managers.
    Pool,
    /// Read and kept as it stands.
    Keep,
}

const YES: Words = &[("yes", 1), ("no", 0), ("on", 1), ("off", 0)];
/// Inverted: 0 is what is in force, or allowed.
const NO: Words = &[("yes", 0), ("no", 1)];
const COMBINING: Words = &[("additive", 0), ("exclusive", 1), ("aggregate", 2)];
const LOCKING: Words = &[
    ("client-and-server-locked", 0),
    ("server-locked", 1),
    ("unlocked", 2),
    ("demonstration", 2),
    ("client-locked", 3),
];
const SHARING: Words = &[
    ("no sharing", 0),
    ("user name", 1),
    ("client host name", 2),
    ("x display name", 3),
    ("vendor defined", 4),
];
const HOLDING: Words = &[
    ("not allowed", 0),
    ("allowed, hold time set by application", 1),
    ("allowed, hold time set by license", 2),
];
const TRIAL: Words =
    &[("unused", 0), ("active", 1), ("exhausted", 2), ("0", 0), ("1", 1), ("2", 2)];

/// A label in lower case with single blanks, and what stands behind it.
pub(super) type Row = (&'static str, Take);

/// Every label.
pub(super) static LABELS: [Row; 115] = [
    ("feature name", Take::Quoted(&FEATURE_NAME)),
    ("feature version", Take::Quoted(&FEATURE_VERSION)),
    ("license type", Take::LicenseType),
    ("license version", Take::Version),
    ("license hash", Take::Text(&LICENSE_HASH)),
    ("license storage name", Take::Text(&LICENSE_STORAGE)),
    ("license status", Take::State),
    ("license precedence", Take::Number(&LICENSE_PRECEDENCE)),
    ("commuter license allowed", Take::Words(&IS_COMMUTER, YES)),
    ("is redundant license?", Take::Words(&IS_REDUNDANT, YES)),
    ("is redundant license", Take::Words(&IS_REDUNDANT, YES)),
    ("redundant servers", Take::Number(&NUM_SERVERS)),
    ("majority rule", Take::Words(&MAJORITY_RULE, YES)),
    ("maximum concurrent user(s)", Take::Limit(&NUM_LICENSES)),
    ("max concurrent user(s)", Take::Limit(&NUM_LICENSES)),
    ("unreserved tokens in use", Take::Counter(Counter::UnreservedInUse)),
    ("unreserved keys in use", Take::Counter(Counter::UnreservedInUse)),
    ("available unreserved", Take::Counter(Counter::UnreservedFree)),
    ("reserved tokens in use", Take::Counter(Counter::ReservedInUse)),
    ("reserved keys in use", Take::Counter(Counter::ReservedInUse)),
    ("available reserved", Take::Counter(Counter::ReservedFree)),
    ("unreserved tokens in queue", Take::Counter(Counter::UnreservedQueued)),
    ("reserved tokens in queue", Take::Counter(Counter::ReservedQueued)),
    ("queue length", Take::Number(&QUEUE_LENGTH)),
    ("tokens required by queue", Take::Number(&TOT_LIC_REQD)),
    ("commuter tokens in use", Take::Limit(&COMMUTED_KEYS)),
    ("commuter keys in use", Take::Limit(&COMMUTED_KEYS)),
    ("commuter tokens left", Take::Limit(&COMMUTER_KEYS_LEFT)),
    ("commuter keys left", Take::Limit(&COMMUTER_KEYS_LEFT)),
    ("maximum commuter checkout days", Take::Number(&COMMUTER_MAX_CHECKOUT_DAYS)),
    ("soft limit on users", Take::Limit(&SOFT_NUM_LICENSES)),
    ("license start date", Take::Date(&BIRTH_TIME)),
    ("expiration date", Take::Date(&DEATH_TIME)),
    ("deferred revocation date", Take::Date(&DEFERRED_REVOCATION_TIME)),
    ("marked for deferred revocation", Take::Date(&DEFERRED_REVOCATION_TIME)),
    ("log encryption level", Take::Number(&LOG_ENCRYPT_LEVEL)),
    ("check time tamper", Take::Words(&CHECK_TIME_TAMPER, NO)),
    ("application-server locking", Take::Words(&IS_NODE_LOCKED, LOCKING)),
    ("app-server locking", Take::Words(&IS_NODE_LOCKED, LOCKING)),
    ("client locking code", Take::ClientCode),
    ("client #n locking code", Take::ClientCode),
    ("server #n locking code", Take::ServerCode),
    ("valid on subnet(s)", Take::Subnets),
    ("additive/exclusive/aggregate", Take::Words(&IS_ADDITIVE, COMBINING)),
    ("additive/exclusive", Take::Words(&IS_ADDITIVE, COMBINING)),
    ("sharing criterion", Take::Words(&SHARING_CRIT, SHARING)),
    ("sharing limit", Take::Number(&SHARING_LIMIT)),
    ("held licenses", Take::Words(&HOLDING_CRIT, HOLDING)),
    ("hold time", Take::Times(&HOLD_TIME, 60)),
    ("token lifetime (heartbeat)", Take::Number(&KEY_LIFE_TIME)),
    ("key lifetime (heartbeat)", Take::Number(&KEY_LIFE_TIME)),
    ("public vendor information", Take::Text(&PLAIN_VENDOR_INFO)),
    ("private vendor information", Take::Text(&VENDOR_INFO)),
    ("vendor information", Take::Text(&VENDOR_INFO)),
    ("allowed on vm", Take::Words(&VM_DETECTION, NO)),
    ("is grace period allowed", Take::Words(&GRACE_PERIOD_FLAG, YES)),
    ("grace period days allowed", Take::Number(&GRACE_PERIOD_CALENDAR_DAYS)),
    ("grace period hours allowed", Take::Number(&GRACE_PERIOD_ELAPSED_HOURS)),
    ("local request must lock to", Take::Criteria(&LOCAL_REQUEST_LOCK_CRIT_REQUIRED)),
    ("local request may lock to", Take::Criteria(&LOCAL_REQUEST_LOCK_CRIT_FLOAT)),
    ("local request lock items", Take::Number(&LOCAL_REQUEST_LOCK_CRIT_MIN_NUM)),
    ("trial days", Take::Number(&TRIAL_DAYS)),
    ("trial elapsed hours", Take::Times(&TRIAL_SECONDS, 3600)),
    ("trial calendar period left", Take::Number(&TRIAL_DAYS_LEFT)),
    ("trial elapsed period left", Take::Number(&TRIAL_SECONDS_LEFT)),
    ("trial current status", Take::Words(&TRIAL_CURRENT_STATUS, TRIAL)),
    ("trial execution count", Take::Number(&TRIAL_EXECUTION_COUNT)),
    ("trial executions left", Take::Number(&TRIAL_EXECUTIONS_LEFT)),
    ("trial period", Take::Keep),
    ("user name", Take::Client(OfClient::User)),
    ("host name", Take::Client(OfClient::Host)),
    ("x display name", Take::Client(OfClient::XDisplay)),
    ("group name", Take::Client(OfClient::Group)),
    ("status", Take::Client(OfClient::Status)),
    ("number of tokens used", Take::Client(OfClient::Units)),
    ("no of tokens requested", Take::Client(OfClient::Units)),
    ("is commuter token", Take::Client(OfClient::IsCommuter)),
    ("is commuter key", Take::Client(OfClient::IsCommuter)),
    ("commuter checkout days", Take::Client(OfClient::CheckoutDays)),
    ("token shared by", Take::Client(OfClient::SharedBy)),
    ("id for token sharing", Take::Client(OfClient::SharingId)),
    ("capacity type", Take::Keep),
    ("token capacity", Take::Keep),
    ("team capacity", Take::Keep),
    ("user capacity", Take::Keep),
    ("users per team", Take::Keep),
    ("max concurrent team(s)", Take::Keep),
    ("soft limit on teams", Take::Keep),
    ("is overdraft allowed", Take::Keep),
    ("reserved from default group", Take::Keep),
    ("reserved from native group", Take::Keep),
    ("license granted, at time", Take::Keep),
    ("no of tokens reserved", Take::Keep),
    ("redundant server status", Take::Pool),
    ("server name/address", Take::Pool),
    ("the distribution criteria is", Take::Keep),
    ("license code", Take::Keep),
    ("conversion time", Take::Keep),
    ("elan license status", Take::Keep),
    ("pooled capacity", Take::Keep),
    ("pooled capacity available", Take::Keep),
    ("total reserved capacity", Take::Keep),
    ("available reserved capacity", Take::Keep),
    ("available unreserved capacity", Take::Keep),
    ("team id", Take::Keep),
    ("team criterion", Take::Keep),
    ("team capacity available", Take::Keep),
    ("team capacity reserved", Take::Keep),
    ("reserved team capacity in use", Take::Keep),
    ("unreserved team capacity in use", Take::Keep),
    ("user capacity from reserved", Take::Keep),
    ("user capacity from unreserved", Take::Keep),
    ("total team tokens reserved", Take::Keep),
    ("reserved team tokens in use", Take::Keep),
    ("unreserved team tokens in use", Take::Keep),
];

/// Labels that old kits put behind another pair on one line.
pub(super) static SECOND: [&str; 3] =
    ["feature version", "available unreserved", "available reserved"];

/// The row of a label; numbers of clients and servers do not matter.
pub(super) fn row(label: &str) -> Option<&'static Row> {
    let plain = numberless(label);
    LABELS.iter().find(|(known, _)| *known == plain)
}

/// A label in lower case with single blanks, `#3` made `#n`.
pub(super) fn numberless(label: &str) -> String {
    let mut plain = String::with_capacity(label.len());
    for word in label.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        match word.strip_prefix('#') {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                plain.push_str("#n");
            }
            _ => plain.push_str(&word.to_lowercase()),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{LABELS, SECOND, row};

    #[test]
    fn labels_are_told_apart_and_read_as_they_are_printed() {
        for (at, (label, _)) in LABELS.iter().enumerate() {
            assert!(LABELS.iter().skip(at + 1).all(|(other, _)| other != label), "{label}");
            assert!(row(label).is_some());
        }
        assert!(SECOND.iter().all(|label| row(label).is_some()));
        assert!(row("Server #2  locking code").is_some() && row("Feature").is_none());
    }
}
