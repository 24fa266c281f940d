//! What the parameters of the methods must look like, by their names. One name has one shape in every method.

use super::documents::{IMPORT, REF};
use crate::catalog::{Source, assumed, stated};

/// The letters that a code is made of; ASCII alone, in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    Digits,
    LettersAndDigits,
    /// Any printable ASCII.
    Printable,
}

impl Alphabet {
    #[must_use]
    pub fn holds(self, letter: char) -> bool {
        match self {
            Self::Digits => letter.is_ascii_digit(),
            Self::LettersAndDigits => letter.is_ascii_alphanumeric(),
            Self::Printable => matches!(letter, ' '..='~'),
        }
    }

    /// The words of messages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::LettersAndDigits => "letters or digits",
            Self::Printable => "printable ASCII characters",
        }
    }
}

/// A code of a fixed alphabet and length.
#[derive(Debug)]
pub struct Shape {
    /// What it is called: `license number`.
    pub name: &'static str,
    pub alphabet: Alphabet,
    /// Characters, both ends allowed.
    pub length: (usize, usize),
    /// What it is filed under when it is a purchase number, which no one may see in full.
    pub filed: Option<&'static str>,
    pub source: Source,
}

pub static LICENSE_NUMBER: Shape = Shape {
    name: "license number",
    alphabet: Alphabet::Digits,
    length: (8, 8),
    filed: Some("tslicense.license-number"),
    source: stated(&IMPORT, "sLicenseNumber"),
};

pub static AUTHORIZATION_NUMBER: Shape = Shape {
    name: "authorization number",
    alphabet: Alphabet::LettersAndDigits,
    length: (15, 15),
    filed: Some("tslicense.authorization-number"),
    source: stated(&IMPORT, "sAuthorizationNumber"),
};

/// Of agreements that have an enrolment number.
pub static ENROLMENT_NUMBER: Shape = Shape {
    name: "agreement number",
    alphabet: Alphabet::Digits,
    length: (7, 7),
    filed: Some("tslicense.agreement-number"),
    source: stated(&REF, "sAgreementNumber"),
};

/// Of the agreement type that stands for all other programs.
pub static PROGRAM_NUMBER: Shape = Shape {
    name: "agreement number",
    alphabet: Alphabet::LettersAndDigits,
    length: (1, 32),
    filed: Some("tslicense.agreement-number"),
    source: assumed(
        &REF,
        "sAgreementNumber: 7 digits for every type, which other programs do not have",
    ),
};

pub static LICENSE_CODE: Shape = Shape {
    name: "license code",
    alphabet: Alphabet::LettersAndDigits,
    length: (25, 25),
    filed: Some("tslicense.license-code"),
    source: stated(&REF, "sLicenseCode"),
};

pub static KEY_PACK_CODE: Shape = Shape {
    name: "license key pack ID",
    alphabet: Alphabet::LettersAndDigits,
    length: (35, 35),
    filed: Some("tslicense.key-pack-id"),
    source: stated(&REF, "sLicenseKeyPackId"),
};

pub static SERVER_ID: Shape = Shape {
    name: "license server ID",
    alphabet: Alphabet::LettersAndDigits,
    length: (35, 35),
    filed: None,
    source: stated(&IMPORT, "sSourceLSProductId"),
};

pub static CONFIRMATION_CODE: Shape = Shape {
    name: "confirmation code",
    alphabet: Alphabet::Printable,
    length: (1, 64),
    filed: None,
    source: assumed(&REF, "sConfirmCode: no length is published"),
};

/// What a parameter is checked for.
#[derive(Debug)]
pub enum Check {
    Shaped(&'static Shape),
    /// An agreement number: its shape depends on `AgreementType`.
    AgreementNumber,
    /// Name or address of another license server.
    ServerName,
    ProductVersion,
    ProductType,
    AgreementType,
    /// 1 and up; 4294967295 is the mark of no limit.
    Count,
    /// One of the numbers of a table, the first to the last.
    UpTo(u32),
    /// What only the state can tell: the number of a key pack, the name of a domain.
    Free,
}

/// The check of each parameter.
pub static CHECKS: [(&str, Check); 27] = [
    ("sLicenseNumber", Check::Shaped(&LICENSE_NUMBER)),
    ("sAuthorizationNumber", Check::Shaped(&AUTHORIZATION_NUMBER)),
    ("AgreementType", Check::AgreementType),
    ("sAgreementNumber", Check::AgreementNumber),
    ("sLicenseCode", Check::Shaped(&LICENSE_CODE)),
    ("sLicenseKeyPackId", Check::Shaped(&KEY_PACK_CODE)),
    ("ProductVersion", Check::ProductVersion),
    ("ProductType", Check::ProductType),
    ("LicenseCount", Check::Count),
    ("Count", Check::Count),
    ("sSourceLSName", Check::ServerName),
    ("sSourceLSProductId", Check::Shaped(&SERVER_ID)),
    ("sLicenseServerId", Check::Shaped(&SERVER_ID)),
    ("sNewLicenseServerId", Check::Shaped(&SERVER_ID)),
    ("sConfirmCode", Check::Shaped(&CONFIRMATION_CODE)),
    ("KeyPackId", Check::Free),
    ("Reason", Check::UpTo(4)),
    ("ServerRole", Check::UpTo(2)),
    ("StartIndex", Check::Free),
    ("ScopeType", Check::Free),
    ("ScopeValue", Check::Free),
    ("Domain", Check::Free),
    ("tsname", Check::Free),
    ("LicensingType", Check::Free),
    ("SpecifiedLSList", Check::Free),
    ("LicenseServerName", Check::ServerName),
    ("ServerName", Check::ServerName),
];

/// The check of a parameter.
#[must_use]
pub fn check(parameter: &str) -> &'static Check {
    CHECKS.iter().find(|(name, _)| *name == parameter).map_or(&Check::Free, |(_, check)| check)
}
