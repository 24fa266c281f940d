//! Which devices Contoso manages through MDM: most are machines of `estate.rs`, seen from the other side.
//!
//! - LT, WS, TR: laptops, desktops and the training room, joined to both directories; editions as in the KMS logs;
//! - NB: notebooks that only the cloud knows, most with a device-based subscription, some without luck;
//! - AC, TB and single ones: the academy, tablets in S mode, and editions of which there is one each;
//! - phones and Macs, which have no `WindowsLicensing`.

use crate::calendar::{DAY, HOUR, MINUTE, Moment};
use crate::estate::{self, NOW};
use crate::machine::Machine;
use crate::random::{Guid, Random};
use std::io;

/// The seed of the devices alone: the KMS files do not move when a device is added.
const SEED: u64 = 20_260_330;

/// An edition of Windows. Its number is that of `GetProductInfo`, its `id` the registry's `EditionID`.
#[derive(Debug)]
pub(crate) struct Edition {
    pub(crate) sku: i64,
    pub(crate) id: &'static str,
    pub(crate) family: &'static str,
}

const fn edition(sku: i64, id: &'static str, family: &'static str) -> Edition {
    Edition { sku, id, family }
}

pub(crate) static PRO: Edition = edition(48, "Professional", "Pro");
pub(crate) static ENTERPRISE: Edition = edition(4, "Enterprise", "Enterprise");
static EDUCATION: Edition = edition(121, "Education", "Education");
static PRO_EDUCATION: Edition = edition(164, "ProfessionalEducation", "Pro Education");
static HOME: Edition = edition(101, "Core", "Home");
static HOME_SINGLE: Edition = edition(100, "CoreSingleLanguage", "Home");
static PRO_N: Edition = edition(49, "ProfessionalN", "Pro");
static WORKSTATION: Edition = edition(161, "ProfessionalWorkstation", "Pro");
static LTSC: Edition = edition(125, "EnterpriseS", "Enterprise");
static IOT: Edition = edition(188, "IoTEnterprise", "IoT");
/// Windows SE, the only one here on which `WindowsLicensing` does not exist.
static SE: Edition = edition(203, "CloudEdition", "SE");

pub(crate) const WINDOWS_10: &str = "10.0.19045.6456";
/// Windows 11 21H2 before KB5018483 (revision 1165), which brought `DeviceLicensingService`.
const WINDOWS_11_EARLY: &str = "10.0.22000.1098";
const WINDOWS_11_21H2: &str = "10.0.22000.3260";
pub(crate) const WINDOWS_11_22H2: &str = "10.0.22621.6060";
pub(crate) const WINDOWS_11_23H2: &str = "10.0.22631.6649";
pub(crate) const WINDOWS_11_24H2: &str = "10.0.26100.7840";

/// How a device is joined, in Graph's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    Entra,
    Hybrid,
    Registered,
    Unknown,
}

impl Join {
    pub(crate) const fn graph(self) -> &'static str {
        match self {
            Self::Entra => "azureADJoined",
            Self::Hybrid => "hybridAzureADJoined",
            Self::Registered => "azureADRegistered",
            Self::Unknown => "unknown",
        }
    }
}

/// `deviceLicensingStatus`, which an export has by name or by number.
#[derive(Debug, Clone, Copy)]
pub(crate) enum State {
    Named(&'static str),
    Numbered(i64),
}

/// State of the device's own licence, with the last error of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Licensing {
    pub(crate) state: State,
    pub(crate) code: i64,
    pub(crate) description: Option<&'static str>,
}

const fn fine(name: &'static str) -> Licensing {
    Licensing { state: State::Named(name), code: 0, description: None }
}

const fn failed(state: State, code: i64, description: &'static str) -> Licensing {
    Licensing { state, code, description: Some(description) }
}

/// What a device shows on which nobody ever asked for a device licence.
pub(crate) const UNKNOWN: Licensing = fine("unknown");
pub(crate) const SUCCEEDED: Licensing = fine("deviceLicenseRefreshSucceed");

/// The notebooks NB-037 to NB-048, on which the subscription is under way, gone, or did not come.
static UNLUCKY: [(&Edition, Join, Licensing); 12] = [
    (&PRO, Join::Entra, fine("licenseRefreshPending")),
    (&PRO, Join::Entra, fine("acquiringDeviceLicense")),
    (&ENTERPRISE, Join::Entra, fine("refreshingDeviceLicense")),
    (&PRO, Join::Entra, fine("deviceLicenseRemoveSucceed")),
    (&PRO, Join::Registered, fine("deviceIsNotAzureActiveDirectoryJoined")),
    (&PRO, Join::Unknown, fine("deviceIsNotAzureActiveDirectoryJoined")),
    (&PRO, Join::Entra, failed(State::Named("deviceIdentityVerificationFailed"), 5, DENIED)),
    // The spelling of older Graph documents.
    (&PRO, Join::Entra, failed(State::Named("mirosoftAccountVerificationFailed"), 5, DENIED)),
    (&PRO, Join::Entra, failed(State::Named("deviceLicenseRefreshFailed"), 1168, NOT_FOUND)),
    (&PRO, Join::Entra, failed(State::Named("deviceLicenseRefreshFailed"), 5, DENIED)),
    (&PRO, Join::Entra, failed(State::Numbered(10), 12007, NO_NAME)),
    (&ENTERPRISE, Join::Entra, failed(State::Named("deviceLicenseRemoveFailed"), 1460, TIMEOUT)),
];
const DENIED: &str = "Access is denied.";
const NOT_FOUND: &str = "Element not found.";
const NO_NAME: &str = "The server name or address could not be resolved.";
const TIMEOUT: &str = "This operation returned because the timeout period expired.";

/// Of the twelve, those whose licensing ended in a failure.
pub(crate) const FAILED_LICENSING: usize = 8;

/// A managed device.
#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) name: String,
    /// `operatingSystem`: `Windows`, or what has no `WindowsLicensing`.
    pub(crate) system: &'static str,
    pub(crate) version: &'static str,
    /// `None`: it is no Windows.
    pub(crate) edition: Option<&'static Edition>,
    /// Whether the inventory has `skuNumber`, and not only the name of the edition.
    pub(crate) is_numbered: bool,
    pub(crate) join: Join,
    pub(crate) licensing: Licensing,
    pub(crate) manufacturer: &'static str,
    pub(crate) model: &'static str,
    /// The ids in Intune, in the directory, and in OMA-DM.
    pub(crate) ids: [Guid; 3],
    pub(crate) serial: u64,
    pub(crate) enrolled: Moment,
    pub(crate) synced: Moment,
}

impl Device {
    /// The number of its edition; 0 without one.
    pub(crate) fn sku(&self) -> i64 {
        self.edition.map_or(0, |edition| edition.sku)
    }

    pub(crate) fn is_windows(&self) -> bool {
        self.edition.is_some()
    }

    /// `./DevInfo/DevId`.
    pub(crate) fn dev_id(&self) -> String {
        let [_, _, management] = self.ids;
        format!("urn:uuid:{management}")
    }
}

/// Devices while they are enrolled one by one.
struct Enrolment {
    random: Random,
    devices: Vec<Device>,
}

/// All managed devices, Windows first.
///
/// Fails when a machine that is named here is not among `machines`.
pub(crate) fn fleet(machines: &mut [Machine]) -> io::Result<Vec<Device>> {
    let mut enrolment = Enrolment { random: Random::new(SEED), devices: Vec::new() };
    for (prefix, count, versions) in [
        ("lt-00", 96, [WINDOWS_11_24H2, WINDOWS_11_24H2, WINDOWS_11_23H2, WINDOWS_10]),
        ("ws-00", 90, [WINDOWS_11_24H2, WINDOWS_11_23H2, WINDOWS_10, WINDOWS_10]),
        ("tr-", 30, [WINDOWS_11_23H2, WINDOWS_11_23H2, WINDOWS_11_23H2, WINDOWS_11_22H2]),
    ] {
        for number in 1..=count {
            let label = format!("{prefix}{number:02}");
            enrolment.machine(&label, edition_of(machines, &label)?, versions);
        }
    }
    enrolment.notebooks();
    enrolment.academy();
    enrolment.singles();
    enrolment.phones();
    Ok(enrolment.devices)
}

/// The edition under which a machine asks its KMS host.
fn edition_of(machines: &mut [Machine], label: &str) -> io::Result<&'static Edition> {
    let missing = || io::Error::other(format!("the estate has no Windows on {label}"));
    let machine = estate::find(machines, label).ok_or_else(missing)?;
    let family = machine.licences.first().ok_or_else(missing)?.product.edition;
    [&PRO, &ENTERPRISE].into_iter().find(|edition| edition.id == family).ok_or_else(missing)
}

impl Enrolment {
    /// A Windows device that is joined to both directories; the caller changes what is different.
    fn windows(
        &mut self,
        name: String,
        edition: &'static Edition,
        version: &'static str,
    ) -> Device {
        let (manufacturer, model) = match self.random.below(4) {
            0 => ("Fabrikam", "FabBook 14"),
            1 => ("Fabrikam", "FabDesk 7"),
            2 => ("Adatum", "A-Series 15"),
            _ => ("Northwind", "Traveler G3"),
        };
        Device {
            name,
            system: "Windows",
            version,
            edition: Some(edition),
            // Some exports have the edition by name alone.
            is_numbered: !self.random.chance(8),
            join: Join::Hybrid,
            licensing: UNKNOWN,
            manufacturer,
            model,
            ids: [self.random.guid(), self.random.guid(), self.random.guid()],
            serial: self.random.next(),
            enrolled: NOW.minus(self.random.between(20 * DAY, 700 * DAY)),
            synced: NOW.minus(self.random.between(9 * MINUTE, 30 * HOUR)),
        }
    }

    /// A device that only the cloud knows, with a device-based subscription.
    fn subscribed(
        &mut self,
        name: String,
        edition: &'static Edition,
        version: &'static str,
    ) -> Device {
        Device { join: Join::Entra, licensing: SUCCEEDED, ..self.windows(name, edition, version) }
    }

    fn one_of(&mut self, versions: [&'static str; 4]) -> &'static str {
        let [first, second, third, fourth] = versions;
        match self.random.below(4) {
            0 => first,
            1 => second,
            2 => third,
            _ => fourth,
        }
    }

    /// A machine of `estate.rs`, which Intune names in capitals.
    fn machine(&mut self, label: &str, edition: &'static Edition, versions: [&'static str; 4]) {
        let version = self.one_of(versions);
        let device = self.windows(label.to_uppercase(), edition, version);
        // One desktop that lost its place in the directories.
        let join = if label == "ws-0077" { Join::Unknown } else { Join::Hybrid };
        self.devices.push(Device { join, ..device });
    }

    /// NB-001 to NB-050. What is told of single ones stands in `csp.rs`.
    fn notebooks(&mut self) {
        let versions = [WINDOWS_11_24H2, WINDOWS_11_24H2, WINDOWS_11_23H2, WINDOWS_11_22H2];
        let name = |number: usize| format!("NB-{number:03}");
        for number in 1..=36 {
            let version = self.one_of(versions);
            let mut device = self.subscribed(name(number), &ENTERPRISE, version);
            if number == 9 {
                device.licensing.state = State::Numbered(9);
            }
            self.devices.push(device);
        }
        for (number, (edition, join, licensing)) in (37..).zip(UNLUCKY) {
            let version = self.one_of(versions);
            let device = self.windows(name(number), edition, version);
            self.devices.push(Device { join, licensing, ..device });
        }
        let early = self.subscribed(name(49), &PRO, WINDOWS_11_EARLY);
        self.devices.push(Device { licensing: UNKNOWN, ..early });
        let late = self.subscribed(name(50), &ENTERPRISE, WINDOWS_11_21H2);
        self.devices.push(late);
    }

    /// The academy, and six tablets in S mode, of which the inventory tells nothing but Pro.
    fn academy(&mut self) {
        for number in 1..=20 {
            let edition = if number <= 14 { &EDUCATION } else { &PRO_EDUCATION };
            let device = self.windows(format!("AC-{number:02}"), edition, WINDOWS_11_23H2);
            self.devices.push(Device { join: Join::Entra, ..device });
        }
        for number in 1..=6 {
            let device = self.windows(format!("TB-{number:02}"), &PRO, WINDOWS_11_23H2);
            self.devices.push(Device { join: Join::Entra, ..device });
        }
    }

    /// Editions of which there is hardly more than one.
    fn singles(&mut self) {
        for (name, edition, version, join) in [
            ("KIOSK-01", &IOT, WINDOWS_11_23H2, Join::Entra),
            ("SE-01", &SE, WINDOWS_11_23H2, Join::Entra),
            ("HOME-01", &HOME, WINDOWS_11_24H2, Join::Registered),
            ("HOME-02", &HOME, WINDOWS_10, Join::Registered),
            ("HOME-03", &HOME_SINGLE, WINDOWS_11_24H2, Join::Registered),
            ("CAD-01", &WORKSTATION, WINDOWS_11_24H2, Join::Hybrid),
            ("MES-01", &LTSC, WINDOWS_11_24H2, Join::Hybrid),
            ("PN-01", &PRO_N, WINDOWS_10, Join::Hybrid),
        ] {
            let device = self.windows(name.to_owned(), edition, version);
            self.devices.push(Device { join, ..device });
        }
    }

    fn phones(&mut self) {
        for (prefix, count, system, version, hardware) in [
            ("IPHONE", 10, "iOS", "18.3.2", ("Apple", "iPhone 14")),
            ("IPAD", 4, "iOS", "18.3.2", ("Apple", "iPad Air")),
            ("DROID", 8, "Android", "15", ("Fabrikam", "Fab Phone 5")),
            ("MAC", 2, "macOS", "15.3.2 (24D81)", ("Apple", "MacBook Air")),
        ] {
            for number in 1..=count {
                let device = self.windows(format!("{prefix}-{number:02}"), &PRO, version);
                let (manufacturer, model) = hardware;
                let join = Join::Registered;
                let other = Device { system, edition: None, join, manufacturer, model, ..device };
                self.devices.push(other);
            }
        }
    }
}
