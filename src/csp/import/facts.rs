//! What an artefact says of one device: every fact optional, none of them judged.
//!
//! Readers fill it in, `address` and `answer` file what was answered to an address. What becomes of a device is left to `ops`.

mod address;
mod answer;
mod value;

pub use address::{is_licensing, is_readable};
pub use answer::Filed;
pub(super) use value::{edition, edition_named, number, shown, text, whole};

use crate::clock::Timestamp;
use crate::csp::model::device::JoinType;
use crate::csp::model::key::hide_keys;
use crate::csp::model::version::OsVersion;
use crate::error::Place;
use std::collections::BTreeMap;
use std::fmt;

/// What an artefact says of one device. `None`: it does not say.
///
/// Numbers are as the node answers them, signed 32-bit; values that no document names are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The device as the artefact names it; `None` when it names none.
    pub device: Option<String>,
    /// When the source last heard of the device; of two sayings about one device the later counts.
    pub as_of: Option<Timestamp>,
    pub info: Info,
    /// `./DevDetail/SwV`; revision 0 when the artefact gives none.
    pub os_version: Option<OsVersion>,
    /// `Edition`: the number of `GetProductInfo`; above `i32::MAX` only `PRODUCT_UNLICENSED`.
    pub edition: Option<u32>,
    /// `DeviceStatus/OS/Mode`: 0 standard, 1 S mode.
    pub mode: Option<i32>,
    pub join: Option<JoinType>,
    /// `Status` of an edition upgrade.
    pub status: Option<i32>,
    /// `LicenseKeyType`, verbatim.
    pub license_key_type: Option<String>,
    pub smode: SMode,
    pub subscriptions: Subscriptions,
    pub licensing: Licensing,
    /// `CspVersion` of this API as the device's own list has it; the higher one of its two roots.
    pub csp_version: Option<CspVersion>,
    /// Addresses of this API that an enrolment manages, as written; each once.
    pub managed: Vec<String>,
    pub enrollments: Vec<Enrollment>,
    /// Failures that the artefact itself reports.
    pub errors: Vec<ReportedError>,
    /// Alerts that the device sent.
    pub alerts: Vec<ReportedAlert>,
}

/// `./DevInfo` and the text leaves of `./DevDetail`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Info {
    /// `DevId`.
    pub dev_id: Option<String>,
    /// `Man`.
    pub manufacturer: Option<String>,
    /// `Mod`.
    pub model: Option<String>,
    /// `DmV`.
    pub dm_version: Option<String>,
    /// `Lang`.
    pub language: Option<String>,
    /// `HwV`.
    pub hardware_version: Option<String>,
    /// `FwV`.
    pub firmware_version: Option<String>,
    /// `OEM`.
    pub oem: Option<String>,
}

/// A node of which an artefact may also say that it is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<T> {
    /// It was asked for and not found.
    Absent,
    Value(T),
}

impl<T> Said<T> {
    /// The value as the device record has it: `None` when the node is not there.
    #[must_use]
    pub fn value(self) -> Option<T> {
        match self {
            Self::Absent => None,
            Self::Value(value) => Some(value),
        }
    }
}

/// `SMode`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SMode {
    pub status: Option<Said<i32>>,
    /// 0 or 1.
    pub switching_policy: Option<Said<i32>>,
}

/// `Subscriptions`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscriptions {
    /// `SubscriptionType`: 0 or 1.
    pub kind: Option<i32>,
    /// `SubscriptionStatus`.
    pub status: Option<i32>,
    /// `SubscriptionLastError`.
    pub last_error: Option<i32>,
    /// `SubscriptionLastErrorDescription`.
    pub last_error_description: Option<String>,
    items: BTreeMap<String, Subscription>,
}

/// `Subscriptions/{SubscriptionId}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscription {
    /// `SubscriptionId`, percent-decoded, as first spelt.
    pub id: String,
    /// `Name`.
    pub name: Option<String>,
    /// `Status`.
    pub status: Option<i32>,
}

/// How many subscriptions one artefact may give a device.
pub const MOST_SUBSCRIPTIONS: usize = 1_000;

impl Subscriptions {
    /// The subscriptions, sorted by id without regard to case.
    pub fn items(&self) -> impl Iterator<Item = &Subscription> {
        self.items.values()
    }

    /// The subscription with this id, made when it is new.
    ///
    /// An error says why there is none: the id is empty, too long or holds a `/`, or there are more than [`MOST_SUBSCRIPTIONS`].
    pub(super) fn item(&mut self, id: &str) -> Result<&mut Subscription, String> {
        let id = text("SubscriptionId", id.trim())?;
        if id.is_empty() || id.contains(['/', '\0']) {
            return Err("the SubscriptionId is empty or holds a `/`".to_owned());
        }
        let key = id.to_ascii_lowercase();
        if self.items.len() >= MOST_SUBSCRIPTIONS && !self.items.contains_key(&key) {
            return Err(format!("the device has more than {MOST_SUBSCRIPTIONS} subscriptions"));
        }
        Ok(self.items.entry(key).or_insert_with(|| Subscription { id, ..Subscription::default() }))
    }
}

/// `DeviceLicensingService`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Licensing {
    /// `LicenseType`: 0 or 1.
    pub license_type: Option<i32>,
    /// `DeviceLicensingStatus`; numbers that no document names are kept.
    pub status: Option<i32>,
    /// `DeviceLicensingLastError`.
    pub last_error: Option<i32>,
    /// `DeviceLicensingLastErrorDescription`.
    pub last_error_description: Option<String>,
}

/// Version of a configuration service provider: `1.4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CspVersion {
    pub major: u32,
    pub minor: u32,
}

impl CspVersion {
    /// Reads two numbers with a dot between them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        let number = |part: &str| {
            part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        Some(Self { major: number(major)?, minor: number(minor)? })
    }
}

impl fmt::Display for CspVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.major, self.minor)
    }
}

/// An enrolment in an MDM server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enrollment {
    /// `EnrollmentId`, as written.
    pub id: String,
    /// `MDMServerName`; empty when it is not told.
    pub server: String,
    /// `ServerLastSuccessTime`.
    pub last_success: Option<Timestamp>,
    /// `ServerLastFailureTime`.
    pub last_failure: Option<Timestamp>,
}

/// A failure that an artefact reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportedError {
    /// The address that it is about, as written; empty when none is told.
    pub loc_uri: String,
    pub code: ReportedCode,
    /// `msft:originalerror` beside an OMA-DM status.
    pub original: Option<u32>,
    /// What was tried, in the artefact's own word: `Get`, `CmdType_Set`; empty when it is not told.
    pub command: String,
    /// The part of the client that reports it, `Component/SubComponent`; empty when it is not told.
    pub component: String,
    /// When, in the artefact's own writing; empty when it is not told.
    pub time: String,
    /// The same as an instant, as far as its zone is known.
    pub at: Option<Timestamp>,
    pub place: Place,
}

/// A code, and the numbers it is one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportedCode {
    /// OMA-DM status.
    Status(u16),
    Hresult(u32),
}

impl Default for ReportedCode {
    fn default() -> Self {
        Self::Hresult(0)
    }
}

/// An Alert that the device sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedAlert {
    /// Alert code, `1201`; as written when it is no number.
    pub code: String,
    /// `Meta/Type` of its item; empty when there is none.
    pub kind: String,
    pub place: Place,
}

/// How many reported errors, alerts and managed addresses an artefact may give a device; more are counted by its reader.
pub const MOST_REPORTED: usize = 10_000;

impl Facts {
    /// Names the device.
    ///
    /// An error says what is wrong with the name: a device has 1 to 63 characters, none of them `/` or a control character, and is
    /// not called by a product key.
    pub fn named(&mut self, name: &str) -> Result<(), String> {
        let name = name.trim();
        let count = name.chars().count();
        if !(1..=63).contains(&count)
            || name.chars().any(|letter| letter == '/' || letter.is_control())
        {
            let name = shown(name);
            return Err(format!(
                "the device name is {name}; allowed are 1 to 63 characters, no `/`"
            ));
        }
        if hide_keys(name) != name {
            return Err(format!(
                "the device name is {}, which has the form of a product key",
                shown(name)
            ));
        }
        self.device = Some(name.to_owned());
        Ok(())
    }

    /// The version of the device when `stored` is what was known before: a revision that the artefact does not give is kept as long
    /// as the build is the same.
    #[must_use]
    pub fn os_version_over(&self, stored: OsVersion) -> OsVersion {
        match self.os_version {
            None => stored,
            Some(told) if told.revision == 0 => {
                let same = OsVersion { revision: stored.revision, ..told } == stored;
                if same { stored } else { told }
            }
            Some(told) => told,
        }
    }

    /// Keeps a reported error; false when there are [`MOST_REPORTED`] already.
    pub fn report(&mut self, error: ReportedError) -> bool {
        let room = self.errors.len() < MOST_REPORTED;
        if room {
            self.errors.push(error);
        }
        room
    }

    /// Whether nothing is said of what the device is: it is named, or failures of it are reported, and that is all.
    #[must_use]
    pub fn is_stateless(&self) -> bool {
        let Self {
            device: _,
            as_of: _,
            managed: _,
            enrollments: _,
            errors: _,
            alerts: _,
            info,
            os_version,
            edition,
            mode,
            join,
            status,
            license_key_type,
            smode,
            subscriptions,
            licensing,
            csp_version,
        } = self;
        *info == Info::default()
            && os_version.is_none()
            && edition.is_none()
            && mode.is_none()
            && join.is_none()
            && status.is_none()
            && license_key_type.is_none()
            && *smode == SMode::default()
            && *subscriptions == Subscriptions::default()
            && *licensing == Licensing::default()
            && csp_version.is_none()
    }

    /// Whether nothing at all was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_name_has_one_to_63_characters_and_no_slash() {
        let mut facts = Facts::default();
        for name in ["PC-01", " pc-01.corp.example ", "ä", &"x".repeat(63)] {
            facts.named(name).unwrap();
            assert_eq!(facts.device.as_deref(), Some(name.trim()));
        }
        for wrong in ["", " ", "a/b", "a\u{1b}[2J", &"x".repeat(64), &"x".repeat(1_000_000)] {
            let message = facts.named(wrong).unwrap_err();
            assert!(message.starts_with("the device name is `"), "{message}");
            assert!(message.len() < 1_000 && !message.contains('\u{1b}'), "{message}");
        }
    }

    #[test]
    fn a_version_without_a_revision_does_not_take_the_known_one_away() {
        let version = |text: &str| text.parse::<OsVersion>().unwrap();
        let stored = version("10.0.22000.1165");
        for (told, after) in [
            (None, "10.0.22000.1165"),
            (Some("10.0.22000"), "10.0.22000.1165"),
            (Some("10.0.22000.1100"), "10.0.22000.1100"),
            (Some("10.0.26100"), "10.0.26100.0"),
        ] {
            let facts = Facts { os_version: told.map(version), ..Facts::default() };
            assert_eq!(facts.os_version_over(stored), version(after));
        }
    }

    #[test]
    fn versions_of_providers_are_ordered_by_their_numbers() {
        let version = |text: &str| CspVersion::parse(text).unwrap();
        assert!(version("1.10") > version("1.4") && version("2.0") > version("1.10"));
        assert_eq!(version("9.9").to_string(), "9.9");
        for wrong in ["", ".", "1", "1.", "-1.0", "1.0.0", "1. 0"] {
            assert_eq!(CspVersion::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_number_of_subscriptions_and_of_reports_is_bounded() {
        let mut facts = Facts::default();
        for number in 0..MOST_SUBSCRIPTIONS {
            facts.subscriptions.item(&format!("id{number}")).unwrap();
        }
        assert!(facts.subscriptions.item("ID7").is_ok());
        assert!(facts.subscriptions.item("one more").unwrap_err().contains("1000 subscriptions"));
        for _ in 0..MOST_REPORTED {
            assert!(facts.report(ReportedError::default()));
        }
        assert!(!facts.report(ReportedError::default()));
        assert_eq!(facts.errors.len(), MOST_REPORTED);
    }
}
