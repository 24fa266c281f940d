//! The members of an object as an artefact shows them, and which class they make it.

use crate::error::Place;
use crate::tslicense::model::report;
use std::borrow::Cow;

/// What artefacts tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    KeyPack,
    Issued,
    Server,
    /// An account of a directory.
    Account,
    /// A row of the drive `RDS:\LicenseServer`.
    Drive,
    /// The settings of a session host, or what one of its methods answers.
    Setting,
    /// The settings of a deployment as the class on its hosts has them.
    Deployment,
    /// The same as its cmdlet prints them.
    Configuration,
    Report,
    /// An entry of a report.
    Entry(report::Class),
}

/// The classes: their names, properties that no other of them has, and those without which an object is nothing.
static CLASSES: [(Class, &str, &[&str], &[&str]); 18] = [
    (
        Class::KeyPack,
        "Win32_TSLicenseKeyPack",
        &["KeyPackType", "TotalLicenses"],
        &["KeyPackId", "ProductType", "ProductVersionID"],
    ),
    (
        Class::Issued,
        "Win32_TSIssuedLicense",
        &["LicenseStatus", "sHardwareId"],
        &["LicenseId", "KeyPackId", "IssueDate", "ExpirationDate"],
    ),
    (Class::Server, "Win32_TSLicenseServer", &["DatabasePath", "ServerRole"], &[]),
    (
        Class::Setting,
        "Win32_TerminalServiceSetting",
        &["LicensingType", "PolicySourceLicensingType"],
        &[],
    ),
    (Class::Setting, "Win32_TerminalServiceSetting", &["LicensingType", "TerminalServerMode"], &[]),
    (Class::Setting, "", &["SpecifiedLSList", "ReturnValue"], &[]),
    (Class::Setting, "", &["DaysLeft", "ReturnValue"], &[]),
    (
        Class::Deployment,
        "Win32_TSDeploymentLicensing",
        &["UseCentralLicensingSettings", "LicensingType"],
        &[],
    ),
    (Class::Configuration, "", &["Mode", "LicenseServer"], &[]),
    (Class::Account, "user", &["msTSExpireDate"], &[]),
    (Class::Account, "user", &["SamAccountName", "DistinguishedName", "SID"], &[]),
    (Class::Drive, "LicenseServer", &["Name", "CurrentValue"], &[]),
    (Class::Report, "Win32_TSLicenseReport", &["FileName", "GenerationDateTime"], &[]),
    (
        Class::Entry(report::Class::Failed),
        "Win32_TSLicenseReportFailedPerUserEntry",
        &["User", "TriedIssuanceOn"],
        &["ProductVersionID"],
    ),
    (
        Class::Entry(report::Class::User),
        "Win32_TSLicenseReportEntry",
        &["User", "ExpirationDate", "ProductVersionID"],
        &[],
    ),
    (
        Class::Entry(report::Class::Device),
        "Win32_TSLicenseReportPerDeviceEntry",
        &["sIssuedToComputer", "sHardwareId", "CALType"],
        &["ExpirationDate"],
    ),
    (
        Class::Entry(report::Class::FailedSummary),
        "Win32_TSLicenseReportFailedPerUserSummaryEntry",
        &["DomainName", "FailedIssuanceCount"],
        &[],
    ),
    (
        Class::Entry(report::Class::Summary),
        "Win32_TSLicenseReportSummaryEntry",
        &["TSCALType", "InstalledLicenses"],
        &["ProductVersionID", "IssuedLicenses"],
    ),
];

/// Members that name the server; the first that holds something counts.
static SERVER: [&str; 3] = ["PSComputerName", "__SERVER", "CimSystemProperties.ServerName"];

/// Members that name the class.
static CLASS: [&str; 3] = ["__CLASS", "CimClass.CimClassName", "CimSystemProperties.ClassName"];

/// Members of every object of WMI and PowerShell, which nobody misses.
static PASSED: [&str; 17] = [
    "CimClass",
    "CimInstanceProperties",
    "CimSystemProperties",
    "PSComputerName",
    "PSShowComputerName",
    "PSStatus",
    "PSPath",
    "RunspaceId",
    "Scope",
    "Path",
    "Options",
    "ClassPath",
    "Properties",
    "SystemProperties",
    "Qualifiers",
    "Site",
    "Container",
];

/// An object.
#[derive(Debug, Default)]
pub(super) struct Object<'t> {
    pub(super) place: Place,
    /// Names as they stand there; no value is null.
    pub(super) members: Vec<(Cow<'t, str>, Cow<'t, str>)>,
}

impl Object<'_> {
    /// The text of a member in whatever case; `None` when it is missing, null or empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, text)| text.trim()).filter(|text| !text.is_empty())
    }

    /// The texts of every member of that name: a list may come as several.
    pub(super) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n str> {
        let found = self.members.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, text)| text.as_ref())
    }

    /// The server that it is of.
    pub(super) fn server(&self) -> Option<&str> {
        SERVER
            .iter()
            .find_map(|name| self.get(name))
            .filter(|name| *name != "." && *name != "localhost")
    }

    /// The class, by its name or else by its members.
    pub(super) fn class(&self) -> Option<Class> {
        let named = CLASS.iter().find_map(|name| self.get(name));
        let by_name =
            |name: &str| CLASSES.iter().find(|(_, known, ..)| known.eq_ignore_ascii_case(name));
        named
            .and_then(by_name)
            .map(|(class, ..)| *class)
            .or_else(|| class_of(|name| self.has(name)))
    }

    fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// The same, independent of the file.
    pub(super) fn owned(&self) -> Object<'static> {
        let own = |text: &Cow<'_, str>| Cow::Owned(text.clone().into_owned());
        let members = self.members.iter().map(|(name, text)| (own(name), own(text))).collect();
        Object { place: self.place, members }
    }
}

/// The class whose properties a test for names finds.
pub(super) fn class_of(has: impl Fn(&str) -> bool) -> Option<Class> {
    let found = CLASSES.iter().find(|(_, _, names, _)| names.iter().all(|name| has(name)));
    found.map(|(class, ..)| *class)
}

/// Whether a test for names finds those of a class.
pub(super) fn names_a_class(has: impl Fn(&str) -> bool) -> bool {
    class_of(has).is_some()
}

/// The properties of a class that a table has no column for, though no object is one without them.
pub(super) fn missing(class: Class, has: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let rows = CLASSES.iter().filter(|(of, ..)| *of == class);
    rows.flat_map(|(_, _, _, needed)| *needed).copied().filter(|name| !has(name)).collect()
}

/// Whether a column is one that tools add to every object.
pub(super) fn is_passed(name: &str) -> bool {
    name.starts_with("__") || PASSED.iter().any(|known| known.eq_ignore_ascii_case(name))
}
