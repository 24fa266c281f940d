//! The members of an object as an artefact shows them, and which class they make it.

use crate::error::Place;

/// A class of the provider that artefacts tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    KeyPack,
    Issued,
    Server,
}

/// The classes: their names, and properties that no other of them has.
static CLASSES: [(Class, &str, &[&str]); 3] = [
    (Class::KeyPack, "Win32_TSLicenseKeyPack", &["KeyPackType", "TotalLicenses"]),
    (Class::Issued, "Win32_TSIssuedLicense", &["LicenseStatus", "sHardwareId"]),
    (Class::Server, "Win32_TSLicenseServer", &["DatabasePath", "ServerRole"]),
];

/// Members that name the server; the first that holds something counts.
static SERVER: [&str; 3] = ["PSComputerName", "__SERVER", "CimSystemProperties.ServerName"];

/// Members that name the class.
static CLASS: [&str; 3] = ["__CLASS", "CimClass.CimClassName", "CimSystemProperties.ClassName"];

/// An object.
#[derive(Debug, Default)]
pub(super) struct Object {
    pub(super) place: Place,
    /// Names as they stand there; no value is null.
    pub(super) members: Vec<(String, String)>,
}

impl Object {
    /// The text of a member in whatever case; `None` when it is missing, null or empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, text)| text.trim()).filter(|text| !text.is_empty())
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
            |name: &str| CLASSES.iter().find(|(_, known, _)| known.eq_ignore_ascii_case(name));
        let by_members =
            || CLASSES.iter().find(|(_, _, names)| names.iter().all(|name| self.has(name)));
        named.and_then(by_name).or_else(by_members).map(|(class, _, _)| *class)
    }

    fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }
}

/// Whether a test for names finds those of a class.
pub(super) fn names_a_class(has: impl Fn(&str) -> bool) -> bool {
    CLASSES.iter().any(|(_, _, names)| names.iter().all(|name| has(name)))
}
