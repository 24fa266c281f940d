//! The elements of a licenseInfo answer, in the order of the page's sample, then those of its table alone.
//!
//! A row says what an element may hold, what stands for one that is missing, and how query versions show it.

use super::documents::{LICENSE_INFO, VLS};
use super::enumerations::{
    CLOUD_USAGE, COMBINING, COMMUTING, DEPLOYMENTS, GRACE, HOLDING, LEASE, LICENSE_STATES,
    LICENSE_TYPES, LOCAL_CRITERIA, LOG_ENCRYPTION, MAJORITY, NODE_LOCKS, REDUNDANCY, SHARING,
    TAMPERING, TRIAL_STATES, VM_POLICIES,
};
use crate::catalog::{Access, Field, Kind, Source, Unit, assumed, stated};
use std::fmt;

/// How an element is written and what of it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Text without the white space around it.
    Text,
    /// Text to the letter.
    Untrimmed,
    /// Sixteen hexadecimal digits, upper case; empty when there is no hash.
    Hash,
    /// A whole number.
    Number,
    /// A number of tokens; query version 1.0 shows no more than 2,097,150.
    Limit,
    /// One of the named numbers.
    Choice,
    /// Locking criteria, one bit each.
    Mask,
    /// A number that may be -1.
    Signed,
    /// Seconds since 1970.
    Time,
    /// An encoded license version.
    Version,
}

/// What stands for an element that a license does not have.
#[derive(Clone, Copy)]
pub enum Initial {
    Number(i64),
    /// No text.
    Empty,
    /// What "unlimited" is in the license's version.
    Unlimited,
    /// 1 for trial licenses, else 0.
    Precedence,
    /// The value of the element that replaced this one, divided.
    Mirror(&'static Element, i64),
}

impl fmt::Debug for Initial {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(out, "{number}"),
            Self::Empty => out.write_str("empty"),
            Self::Unlimited => out.write_str("unlimited"),
            Self::Precedence => out.write_str("precedence"),
            Self::Mirror(element, divisor) => write!(out, "{} / {divisor}", element.field.name),
        }
    }
}

/// An element of an answer.
#[derive(Debug)]
pub struct Element {
    pub field: Field,
    pub form: Form,
    pub initial: Initial,
    /// Position in [`ELEMENTS`].
    pub at: usize,
}

impl Element {
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.field.name
    }

    /// Whether it holds text.
    #[must_use]
    pub const fn is_text(&self) -> bool {
        matches!(self.form, Form::Text | Form::Untrimmed | Form::Hash)
    }

    /// Whether the sample of the page has it.
    #[must_use]
    pub const fn in_sample(&self) -> bool {
        self.at < SAMPLED
    }
}

/// How many elements the sample of the page has; those behind them stand in its table alone.
pub const SAMPLED: usize = 65;

/// Any 32-bit number but the one that stands for "not defined" elsewhere.
const ANY: Kind = Kind::U32 { min: 0, max: 4_294_967_294 };

/// A number of tokens.
const LIMIT: Kind = Kind::U32 { min: 0, max: 4_294_967_294 };

const ANY_TEXT: Kind = Kind::Text { min: 0, max: u32::MAX };

const fn field(
    name: &'static str,
    kind: Kind,
    unit: Unit,
    doc: &'static str,
    source: Source,
) -> Field {
    Field { name, kind, unit, access: Access::ReadOnly, doc, source }
}

pub static FEATURE_NAME: Element = Element {
    field: field(
        "featureName",
        Kind::Text { min: 1, max: 24 },
        Unit::Plain,
        "Name of the feature.",
        stated(&LICENSE_INFO, "Feature Information"),
    ),
    form: Form::Text,
    initial: Initial::Empty,
    at: 0,
};

pub static FEATURE_VERSION: Element = Element {
    field: field(
        "featureVersion",
        Kind::Text { min: 0, max: 11 },
        Unit::Plain,
        "Version of the feature; may be empty.",
        stated(&LICENSE_INFO, "Feature Information"),
    ),
    form: Form::Text,
    initial: Initial::Empty,
    at: 1,
};

pub static LIC_TYPE: Element = Element {
    field: field(
        "licType",
        Kind::Enumeration(&LICENSE_TYPES),
        Unit::Plain,
        "Whether it is a normal or a trial license.",
        stated(&LICENSE_INFO, "License Type Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 2,
};

pub static TRIAL_DAYS_COUNT: Element = Element {
    field: field(
        "trialDaysCount",
        ANY,
        Unit::Days,
        "Obsolete: see trialDays.",
        stated(&LICENSE_INFO, "Trial License-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Mirror(&TRIAL_DAYS, 1),
    at: 3,
};

pub static NUM_LICENSES: Element = Element {
    field: field(
        "numLicenses",
        LIMIT,
        Unit::Licenses,
        "Hard limit of the license.",
        stated(&LICENSE_INFO, "Number of Licenses Information"),
    ),
    form: Form::Limit,
    initial: Initial::Number(1),
    at: 4,
};

pub static IS_NODE_LOCKED: Element = Element {
    field: field(
        "isNodeLocked",
        Kind::Enumeration(&NODE_LOCKS),
        Unit::Plain,
        "How the license is bound to machines.",
        stated(&LICENSE_INFO, "License Locking Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(2),
    at: 5,
};

pub static SHARING_CRIT: Element = Element {
    field: field(
        "sharingCrit",
        Kind::Enumeration(&SHARING),
        Unit::Plain,
        "What clients must have in common to share a token.",
        stated(&LICENSE_INFO, "License Sharing Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 6,
};

pub static LOCKING_CRIT: Element = Element {
    field: field(
        "lockingCrit",
        ANY,
        Unit::Plain,
        "Locking criteria, ORed; 0 is no locking.",
        stated(&LICENSE_INFO, "License Locking Information"),
    ),
    form: Form::Mask,
    initial: Initial::Number(0),
    at: 7,
};

pub static HOLDING_CRIT: Element = Element {
    field: field(
        "holdingCrit",
        Kind::Enumeration(&HOLDING),
        Unit::Plain,
        "Who says how long a released token is held.",
        stated(&LICENSE_INFO, "License Holding Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 8,
};

pub static NUM_SUBNETS: Element = Element {
    field: field(
        "numSubnets",
        ANY,
        Unit::Plain,
        "Number of subnets of the site; 0 is no restriction.",
        stated(&LICENSE_INFO, "Site Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 9,
};

pub static SITE_LICENSE_INFO: Element = Element {
    field: field(
        "siteLicenseInfo",
        Kind::Text { min: 0, max: 150 },
        Unit::Plain,
        "Subnet patterns, separated by blanks.",
        stated(&LICENSE_INFO, "Site Information"),
    ),
    form: Form::Text,
    initial: Initial::Empty,
    at: 10,
};

pub static HOLD_TIME: Element = Element {
    field: field(
        "holdTime",
        ANY,
        Unit::Seconds,
        "Hold time of the tokens issued for the feature.",
        assumed(&LICENSE_INFO, "the page names no unit; seconds, as keyLifeTime beside it"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 11,
};

pub static VENDOR_INFO: Element = Element {
    field: field(
        "vendorInfo",
        Kind::Text { min: 0, max: 2000 },
        Unit::Plain,
        "Vendor-defined information.",
        stated(&LICENSE_INFO, "Vendor Info"),
    ),
    form: Form::Untrimmed,
    initial: Initial::Empty,
    at: 12,
};

pub static CL_LOCK_INFO: Element = Element {
    field: field(
        "clLockInfo",
        Kind::Text { min: 0, max: 200 },
        Unit::Plain,
        "Client host ids and addresses, separated by blanks; licenses per node in parentheses.",
        stated(&LICENSE_INFO, "License Locking Information"),
    ),
    form: Form::Text,
    initial: Initial::Empty,
    at: 13,
};

pub static KEY_LIFE_TIME: Element = Element {
    field: field(
        "keyLifeTime",
        Kind::U32 { min: 0, max: u32::MAX },
        Unit::Seconds,
        "Total license lifetime for the feature; License Managers use it as the heartbeat of a token.",
        stated(&LICENSE_INFO, "License Lifetime Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(300),
    at: 14,
};

pub static SHARING_LIMIT: Element = Element {
    field: field(
        "sharingLimit",
        ANY,
        Unit::Clients,
        "How many copies of the application may share a token; 0 is no limit.",
        stated(&LICENSE_INFO, "License Sharing Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 15,
};

pub static SOFT_NUM_LICENSES: Element = Element {
    field: field(
        "softNumLicenses",
        LIMIT,
        Unit::Licenses,
        "Soft limit, for alerts; unlimited is no soft limit.",
        stated(&LICENSE_INFO, "Number of Licenses Information"),
    ),
    form: Form::Limit,
    initial: Initial::Unlimited,
    at: 16,
};

pub static IS_STANDALONE: Element = Element {
    field: field(
        "isStandalone",
        Kind::Enumeration(&DEPLOYMENTS),
        Unit::Plain,
        "Whether it is a network, standalone or repository license.",
        stated(&LICENSE_INFO, "License Type Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 17,
};

pub static CHECK_TIME_TAMPER: Element = Element {
    field: field(
        "checkTimeTamper",
        Kind::Enumeration(&TAMPERING),
        Unit::Plain,
        "Whether tampering with the clock is detected; 0 is yes.",
        stated(&LICENSE_INFO, "Time Tampering Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(1),
    at: 18,
};

pub static IS_ADDITIVE: Element = Element {
    field: field(
        "isAdditive",
        Kind::Enumeration(&COMBINING),
        Unit::Plain,
        "How it combines with other licenses of the feature.",
        stated(&LICENSE_INFO, "License Type Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(1),
    at: 19,
};

pub static NUM_SERVERS: Element = Element {
    field: field(
        "numServers",
        Kind::U32 { min: 1, max: 11 },
        Unit::Plain,
        "Number of License Managers that form the pool.",
        stated(&LICENSE_INFO, "License Manager Redundancy Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(1),
    at: 20,
};

pub static IS_REDUNDANT: Element = Element {
    field: field(
        "isRedundant",
        Kind::Enumeration(&REDUNDANCY),
        Unit::Plain,
        "Whether it is for a pool of License Managers.",
        stated(&LICENSE_INFO, "License Manager Redundancy Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 21,
};

pub static MAJORITY_RULE: Element = Element {
    field: field(
        "majorityRule",
        Kind::Enumeration(&MAJORITY),
        Unit::Plain,
        "Whether most of the pool must be up.",
        stated(&LICENSE_INFO, "License Manager Redundancy Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 22,
};

pub static LOG_ENCRYPT_LEVEL: Element = Element {
    field: field(
        "logEncryptLevel",
        Kind::Enumeration(&LOG_ENCRYPTION),
        Unit::Plain,
        "Encryption of the usage log.",
        stated(&LICENSE_INFO, "Usage Log Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 23,
};

pub static SERVER_LOCKING_INFO: Element = Element {
    field: field(
        "serverLockingInfo",
        Kind::Text { min: 0, max: 250 },
        Unit::Plain,
        "License Manager locking information, opaque.",
        stated(&LICENSE_INFO, "License Locking Information"),
    ),
    form: Form::Text,
    initial: Initial::Empty,
    at: 24,
};

pub static IS_COMMUTER: Element = Element {
    field: field(
        "isCommuter",
        Kind::Enumeration(&COMMUTING),
        Unit::Plain,
        "Whether tokens can be checked out.",
        stated(&LICENSE_INFO, "Commuter Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 25,
};

pub static COMMUTER_MAX_CHECKOUT_DAYS: Element = Element {
    field: field(
        "commuterMaxCheckoutDays",
        ANY,
        Unit::Days,
        "Longest check-out; 0 is until the license ends.",
        stated(&LICENSE_INFO, "Commuter Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 26,
};

pub static COMMUTED_FROM_SERVER: Element = Element {
    field: field(
        "commutedFromServer",
        ANY_TEXT,
        Unit::Plain,
        "License Manager that a commuted license came from.",
        stated(&LICENSE_INFO, "Commuter Information"),
    ),
    form: Form::Text,
    initial: Initial::Empty,
    at: 27,
};

pub static GRACE_PERIOD_FLAG: Element = Element {
    field: field(
        "gracePeriodFlag",
        Kind::Enumeration(&GRACE),
        Unit::Plain,
        "Whether there is a grace period.",
        stated(&LICENSE_INFO, "Grace Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 28,
};

pub static GRACE_PERIOD_CALENDAR_DAYS: Element = Element {
    field: field(
        "gracePeriodCalendarDays",
        Kind::U32 { min: 0, max: 180 },
        Unit::Days,
        "Length of the grace period.",
        stated(&LICENSE_INFO, "Grace Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 29,
};

pub static GRACE_PERIOD_ELAPSED_HOURS: Element = Element {
    field: field(
        "gracePeriodElapsedHours",
        Kind::U32 { min: 0, max: 1440 },
        Unit::Plain,
        "Hours of use that the grace period lasts.",
        stated(&LICENSE_INFO, "Grace Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 30,
};

pub static LOCAL_REQUEST_LOCK_CRIT_FLAG: Element = Element {
    field: field(
        "localRequestLockCritFlag",
        Kind::Enumeration(&LOCAL_CRITERIA),
        Unit::Plain,
        "Whether the local request locking criteria are used.",
        stated(&LICENSE_INFO, "Local License Locking-Related Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 31,
};

pub static LOCAL_REQUEST_LOCK_CRIT_REQUIRED: Element = Element {
    field: field(
        "localRequestLockCritRequired",
        ANY,
        Unit::Plain,
        "Criteria that must be met by a local client.",
        stated(&LICENSE_INFO, "Local License Locking-Related Information"),
    ),
    form: Form::Mask,
    initial: Initial::Number(4),
    at: 32,
};

pub static LOCAL_REQUEST_LOCK_CRIT_FLOAT: Element = Element {
    field: field(
        "localRequestLockCritFloat",
        ANY,
        Unit::Plain,
        "Criteria that are desired of a local client.",
        stated(&LICENSE_INFO, "Local License Locking-Related Information"),
    ),
    form: Form::Mask,
    initial: Initial::Number(0),
    at: 33,
};

pub static LOCAL_REQUEST_LOCK_CRIT_MIN_NUM: Element = Element {
    field: field(
        "localRequestLockCritMinNum",
        ANY,
        Unit::Plain,
        "How many of the criteria must be met at least.",
        stated(&LICENSE_INFO, "Local License Locking-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(1),
    at: 34,
};

pub static LICENSE_VERSION: Element = Element {
    field: field(
        "licenseVersion",
        Kind::U32 { min: 0, max: u32::MAX },
        Unit::Plain,
        "Version of the license, encoded.",
        stated(&LICENSE_INFO, "License Version Information"),
    ),
    form: Form::Version,
    initial: Initial::Number(270_532_608),
    at: 35,
};

pub static PLAIN_VENDOR_INFO: Element = Element {
    field: field(
        "plainVendorInfo",
        Kind::Text { min: 0, max: 395 },
        Unit::Plain,
        "Public vendor information.",
        stated(&LICENSE_INFO, "Vendor Info"),
    ),
    form: Form::Untrimmed,
    initial: Initial::Empty,
    at: 36,
};

pub static TRIAL_ELAPSED_HOURS: Element = Element {
    field: field(
        "trialElapsedHours",
        ANY,
        Unit::Plain,
        "Obsolete: see trialSeconds.",
        stated(&LICENSE_INFO, "Trial License-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Mirror(&TRIAL_SECONDS, 3600),
    at: 37,
};

pub static TRIAL_EXECUTION_COUNT: Element = Element {
    field: field(
        "trialExecutionCount",
        ANY,
        Unit::Times,
        "Executions set; not supported.",
        stated(&LICENSE_INFO, "Trial License-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 38,
};

pub static TRIAL_CALENDAR_PERIOD_LEFT: Element = Element {
    field: field(
        "trialCalendarPeriodLeft",
        ANY,
        Unit::Days,
        "Obsolete: see trialDaysLeft.",
        stated(&LICENSE_INFO, "Trial License-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Mirror(&TRIAL_DAYS_LEFT, 1),
    at: 39,
};

pub static TRIAL_ELAPSED_PERIOD_LEFT: Element = Element {
    field: field(
        "trialElapsedPeriodLeft",
        ANY,
        Unit::Seconds,
        "Obsolete: see trialSecondsLeft.",
        stated(&LICENSE_INFO, "Trial License-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Mirror(&TRIAL_SECONDS_LEFT, 1),
    at: 40,
};

pub static TRIAL_EXECUTIONS_LEFT: Element = Element {
    field: field(
        "trialExecutionsLeft",
        ANY,
        Unit::Times,
        "Executions left; not supported.",
        stated(&LICENSE_INFO, "Trial License-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 41,
};

pub static TRIAL_CURRENT_STATUS: Element = Element {
    field: field(
        "trialCurrentStatus",
        Kind::Enumeration(&TRIAL_STATES),
        Unit::Plain,
        "State of a trial license.",
        stated(&LICENSE_INFO, "Trial License-Related Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 42,
};

pub static LICENSE_HASH: Element = Element {
    field: field(
        "licenseHash",
        Kind::Text { min: 0, max: 16 },
        Unit::Plain,
        "Hash that identifies the license.",
        stated(&LICENSE_INFO, "Other License Related Information"),
    ),
    form: Form::Hash,
    initial: Initial::Empty,
    at: 43,
};

pub static LICENSE_STORAGE: Element = Element {
    field: field(
        "licenseStorage",
        Kind::Text { min: 0, max: 256 },
        Unit::Plain,
        "File in which the license is stored.",
        stated(&LICENSE_INFO, "Other License Related Information"),
    ),
    form: Form::Untrimmed,
    initial: Initial::Empty,
    at: 44,
};

pub static LICENSE_STATE: Element = Element {
    field: field(
        "licenseState",
        Kind::Enumeration(&LICENSE_STATES),
        Unit::Plain,
        "Whether the license is part of the license table node.",
        stated(&VLS, "VLSlicenseInfo, license state"),
    ),
    form: Form::Choice,
    initial: Initial::Number(1),
    at: 45,
};

pub static LICENSE_PRECEDENCE: Element = Element {
    field: field(
        "licensePrecedence",
        Kind::U32 { min: 0, max: 2_147_483_647 },
        Unit::Plain,
        "Priority among the trial licenses of the feature; 0 is never used, -1 before everything.",
        stated(&LICENSE_INFO, "Other License Related Information"),
    ),
    form: Form::Signed,
    initial: Initial::Precedence,
    at: 46,
};

pub static VM_DETECTION: Element = Element {
    field: field(
        "vmDetection",
        Kind::Enumeration(&VM_POLICIES),
        Unit::Plain,
        "Whether requests are refused when the License Manager runs on a virtual machine.",
        stated(&LICENSE_INFO, "VM-Related Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 47,
};

pub static DEFERRED_REVOCATION_TIME: Element = Element {
    field: field(
        "deferredRevocationTime",
        Kind::Datetime,
        Unit::Seconds,
        "When the license is revoked, in seconds since 1970; 0 is not planned.",
        stated(&LICENSE_INFO, "License Revocation Information"),
    ),
    form: Form::Time,
    initial: Initial::Number(0),
    at: 48,
};

pub static BIRTH_TIME: Element = Element {
    field: field(
        "birthTime",
        Kind::Datetime,
        Unit::Seconds,
        "Start of the license, or of the lease, in seconds since 1970; 0 is none.",
        stated(&LICENSE_INFO, "License Validity Information"),
    ),
    form: Form::Time,
    initial: Initial::Number(0),
    at: 49,
};

pub static DEATH_TIME: Element = Element {
    field: field(
        "deathTime",
        Kind::Datetime,
        Unit::Seconds,
        "End of the license, or of the lease, in seconds since 1970; 0, -1 and 4_294_967_295 are never.",
        stated(&LICENSE_INFO, "License Validity Information"),
    ),
    form: Form::Time,
    initial: Initial::Number(0),
    at: 50,
};

pub static EID: Element = Element {
    field: field(
        "eid",
        Kind::Text { min: 0, max: 45 },
        Unit::Plain,
        "Entitlement id.",
        stated(&LICENSE_INFO, "Sentinel EMS-Related Information"),
    ),
    form: Form::Text,
    initial: Initial::Empty,
    at: 51,
};

pub static PID: Element = Element {
    field: field(
        "pid",
        ANY,
        Unit::Plain,
        "Reserved.",
        stated(&LICENSE_INFO, "Sentinel EMS-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 52,
};

pub static FID: Element = Element {
    field: field(
        "fid",
        ANY,
        Unit::Plain,
        "Feature id, in lease mode.",
        stated(&LICENSE_INFO, "Sentinel EMS-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 53,
};

pub static AID: Element = Element {
    field: field(
        "aid",
        Kind::Text { min: 0, max: 8 },
        Unit::Plain,
        "Authorization id of the feature in its entitlement; not the activation id of Sentinel EMS.",
        stated(&LICENSE_INFO, "Sentinel EMS-Related Information"),
    ),
    form: Form::Text,
    initial: Initial::Empty,
    at: 54,
};

pub static CLOUD_USAGE_FLAG: Element = Element {
    field: field(
        "cloudUsageFlag",
        Kind::Enumeration(&CLOUD_USAGE),
        Unit::Plain,
        "Whether cloud-based usage data is generated.",
        stated(&LICENSE_INFO, "Sentinel EMS-Related Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 55,
};

pub static LIC_SOURCE: Element = Element {
    field: field(
        "licSource",
        Kind::Enumeration(&LEASE),
        Unit::Plain,
        "Whether the license is for lease mode.",
        stated(&LICENSE_INFO, "Sentinel EMS-Related Information"),
    ),
    form: Form::Choice,
    initial: Initial::Number(0),
    at: 56,
};

pub static TRIAL_DAYS: Element = Element {
    field: field(
        "trialDays",
        ANY,
        Unit::Days,
        "Trial days set.",
        stated(&LICENSE_INFO, "Trial License-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 57,
};

pub static TRIAL_SECONDS: Element = Element {
    field: field(
        "trialSeconds",
        ANY,
        Unit::Seconds,
        "Trial hours set, in seconds.",
        stated(&LICENSE_INFO, "Trial License-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 58,
};

pub static TRIAL_DAYS_LEFT: Element = Element {
    field: field(
        "trialDaysLeft",
        ANY,
        Unit::Days,
        "Trial days left.",
        stated(&LICENSE_INFO, "Trial License-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 59,
};

pub static TRIAL_SECONDS_LEFT: Element = Element {
    field: field(
        "trialSecondsLeft",
        ANY,
        Unit::Seconds,
        "Trial hours left, in seconds.",
        stated(&LICENSE_INFO, "Trial License-Related Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 60,
};

pub static ACTIVATION_BIRTH_TIME: Element = Element {
    field: field(
        "activationBirthTime",
        Kind::Datetime,
        Unit::Seconds,
        "Start of the whole license, of which birthTime to deathTime is a lease.",
        stated(&LICENSE_INFO, "License Validity Information"),
    ),
    form: Form::Time,
    initial: Initial::Number(0),
    at: 61,
};

pub static ACTIVATION_EXPIRY_TIME: Element = Element {
    field: field(
        "activationExpiryTime",
        Kind::Datetime,
        Unit::Seconds,
        "End of the whole license, of which birthTime to deathTime is a lease.",
        stated(&LICENSE_INFO, "License Validity Information"),
    ),
    form: Form::Time,
    initial: Initial::Number(0),
    at: 62,
};

pub static LICENSE_VENDOR_INFO: Element = Element {
    field: field(
        "licenseVendorInfo",
        Kind::Text { min: 0, max: 512 },
        Unit::Plain,
        "License vendor information, from version 19 on.",
        stated(&LICENSE_INFO, "Vendor Info"),
    ),
    form: Form::Untrimmed,
    initial: Initial::Empty,
    at: 63,
};

pub static USER_ACCOUNT_LIMIT: Element = Element {
    field: field(
        "userAccountLimit",
        ANY,
        Unit::Clients,
        "Most named users that can consume the license; Cloud LM, from version 23 on.",
        stated(&LICENSE_INFO, "Number of Licenses Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 64,
};

pub static COMMUTED_KEYS: Element = Element {
    field: field(
        "commutedKeys",
        LIMIT,
        Unit::Licenses,
        "Commuter keys that are checked out.",
        stated(&LICENSE_INFO, "Commuter Information"),
    ),
    form: Form::Limit,
    initial: Initial::Number(0),
    at: 65,
};

pub static COMMUTER_KEYS_LEFT: Element = Element {
    field: field(
        "commuterKeysLeft",
        LIMIT,
        Unit::Licenses,
        "Commuter keys that are left.",
        stated(&LICENSE_INFO, "Commuter Information"),
    ),
    form: Form::Limit,
    initial: Initial::Number(0),
    at: 66,
};

pub static AVG_QUEUE_TIME: Element = Element {
    field: field(
        "avgQueueTime",
        ANY,
        Unit::Seconds,
        "Average time in the queue; not implemented.",
        stated(&LICENSE_INFO, "License Queuing Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 67,
};

pub static QUEUE_LENGTH: Element = Element {
    field: field(
        "queueLength",
        ANY,
        Unit::Clients,
        "Length of the queue.",
        stated(&LICENSE_INFO, "License Queuing Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 68,
};

pub static TOT_LIC_REQD: Element = Element {
    field: field(
        "totLicReqd",
        ANY,
        Unit::Licenses,
        "Licenses that all queued clients need.",
        stated(&LICENSE_INFO, "License Queuing Information"),
    ),
    form: Form::Number,
    initial: Initial::Number(0),
    at: 69,
};

/// Every element, in order.
pub static ELEMENTS: [&Element; 70] = [
    &FEATURE_NAME,
    &FEATURE_VERSION,
    &LIC_TYPE,
    &TRIAL_DAYS_COUNT,
    &NUM_LICENSES,
    &IS_NODE_LOCKED,
    &SHARING_CRIT,
    &LOCKING_CRIT,
    &HOLDING_CRIT,
    &NUM_SUBNETS,
    &SITE_LICENSE_INFO,
    &HOLD_TIME,
    &VENDOR_INFO,
    &CL_LOCK_INFO,
    &KEY_LIFE_TIME,
    &SHARING_LIMIT,
    &SOFT_NUM_LICENSES,
    &IS_STANDALONE,
    &CHECK_TIME_TAMPER,
    &IS_ADDITIVE,
    &NUM_SERVERS,
    &IS_REDUNDANT,
    &MAJORITY_RULE,
    &LOG_ENCRYPT_LEVEL,
    &SERVER_LOCKING_INFO,
    &IS_COMMUTER,
    &COMMUTER_MAX_CHECKOUT_DAYS,
    &COMMUTED_FROM_SERVER,
    &GRACE_PERIOD_FLAG,
    &GRACE_PERIOD_CALENDAR_DAYS,
    &GRACE_PERIOD_ELAPSED_HOURS,
    &LOCAL_REQUEST_LOCK_CRIT_FLAG,
    &LOCAL_REQUEST_LOCK_CRIT_REQUIRED,
    &LOCAL_REQUEST_LOCK_CRIT_FLOAT,
    &LOCAL_REQUEST_LOCK_CRIT_MIN_NUM,
    &LICENSE_VERSION,
    &PLAIN_VENDOR_INFO,
    &TRIAL_ELAPSED_HOURS,
    &TRIAL_EXECUTION_COUNT,
    &TRIAL_CALENDAR_PERIOD_LEFT,
    &TRIAL_ELAPSED_PERIOD_LEFT,
    &TRIAL_EXECUTIONS_LEFT,
    &TRIAL_CURRENT_STATUS,
    &LICENSE_HASH,
    &LICENSE_STORAGE,
    &LICENSE_STATE,
    &LICENSE_PRECEDENCE,
    &VM_DETECTION,
    &DEFERRED_REVOCATION_TIME,
    &BIRTH_TIME,
    &DEATH_TIME,
    &EID,
    &PID,
    &FID,
    &AID,
    &CLOUD_USAGE_FLAG,
    &LIC_SOURCE,
    &TRIAL_DAYS,
    &TRIAL_SECONDS,
    &TRIAL_DAYS_LEFT,
    &TRIAL_SECONDS_LEFT,
    &ACTIVATION_BIRTH_TIME,
    &ACTIVATION_EXPIRY_TIME,
    &LICENSE_VENDOR_INFO,
    &USER_ACCOUNT_LIMIT,
    &COMMUTED_KEYS,
    &COMMUTER_KEYS_LEFT,
    &AVG_QUEUE_TIME,
    &QUEUE_LENGTH,
    &TOT_LIC_REQD,
];

/// Their fields.
pub static FIELDS: [&Field; 70] = [
    &FEATURE_NAME.field,
    &FEATURE_VERSION.field,
    &LIC_TYPE.field,
    &TRIAL_DAYS_COUNT.field,
    &NUM_LICENSES.field,
    &IS_NODE_LOCKED.field,
    &SHARING_CRIT.field,
    &LOCKING_CRIT.field,
    &HOLDING_CRIT.field,
    &NUM_SUBNETS.field,
    &SITE_LICENSE_INFO.field,
    &HOLD_TIME.field,
    &VENDOR_INFO.field,
    &CL_LOCK_INFO.field,
    &KEY_LIFE_TIME.field,
    &SHARING_LIMIT.field,
    &SOFT_NUM_LICENSES.field,
    &IS_STANDALONE.field,
    &CHECK_TIME_TAMPER.field,
    &IS_ADDITIVE.field,
    &NUM_SERVERS.field,
    &IS_REDUNDANT.field,
    &MAJORITY_RULE.field,
    &LOG_ENCRYPT_LEVEL.field,
    &SERVER_LOCKING_INFO.field,
    &IS_COMMUTER.field,
    &COMMUTER_MAX_CHECKOUT_DAYS.field,
    &COMMUTED_FROM_SERVER.field,
    &GRACE_PERIOD_FLAG.field,
    &GRACE_PERIOD_CALENDAR_DAYS.field,
    &GRACE_PERIOD_ELAPSED_HOURS.field,
    &LOCAL_REQUEST_LOCK_CRIT_FLAG.field,
    &LOCAL_REQUEST_LOCK_CRIT_REQUIRED.field,
    &LOCAL_REQUEST_LOCK_CRIT_FLOAT.field,
    &LOCAL_REQUEST_LOCK_CRIT_MIN_NUM.field,
    &LICENSE_VERSION.field,
    &PLAIN_VENDOR_INFO.field,
    &TRIAL_ELAPSED_HOURS.field,
    &TRIAL_EXECUTION_COUNT.field,
    &TRIAL_CALENDAR_PERIOD_LEFT.field,
    &TRIAL_ELAPSED_PERIOD_LEFT.field,
    &TRIAL_EXECUTIONS_LEFT.field,
    &TRIAL_CURRENT_STATUS.field,
    &LICENSE_HASH.field,
    &LICENSE_STORAGE.field,
    &LICENSE_STATE.field,
    &LICENSE_PRECEDENCE.field,
    &VM_DETECTION.field,
    &DEFERRED_REVOCATION_TIME.field,
    &BIRTH_TIME.field,
    &DEATH_TIME.field,
    &EID.field,
    &PID.field,
    &FID.field,
    &AID.field,
    &CLOUD_USAGE_FLAG.field,
    &LIC_SOURCE.field,
    &TRIAL_DAYS.field,
    &TRIAL_SECONDS.field,
    &TRIAL_DAYS_LEFT.field,
    &TRIAL_SECONDS_LEFT.field,
    &ACTIVATION_BIRTH_TIME.field,
    &ACTIVATION_EXPIRY_TIME.field,
    &LICENSE_VENDOR_INFO.field,
    &USER_ACCOUNT_LIMIT.field,
    &COMMUTED_KEYS.field,
    &COMMUTER_KEYS_LEFT.field,
    &AVG_QUEUE_TIME.field,
    &QUEUE_LENGTH.field,
    &TOT_LIC_REQD.field,
];

/// The element of that name, to the letter.
#[must_use]
pub fn named(name: &str) -> Option<&'static Element> {
    named_behind(0, name)
}

/// The row of a name, looked for from a position on and then before it: records keep to the order of the table and leave some out.
#[must_use]
pub fn named_behind(position: usize, name: &str) -> Option<&'static Element> {
    let (before, behind) = ELEMENTS.split_at(position.min(ELEMENTS.len()));
    let find =
        |part: &[&'static Element]| part.iter().copied().find(|element| element.name() == name);
    find(behind).or_else(|| find(before))
}

/// The element whose name differs in case alone.
#[must_use]
pub fn meant(name: &str) -> Option<&'static Element> {
    ELEMENTS.iter().copied().find(|element| element.name().eq_ignore_ascii_case(name))
}
