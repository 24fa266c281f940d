//! The properties of the classes: `Win32_TSLicenseKeyPack` and `Win32_TSLicenseServer`.

use super::documents::{CMK, REF};
use super::enumerations::{LICENSE_STATUS, LICENSING_TYPE, SERVER_ROLE};
use crate::catalog::{Access, Field, Kind, Source, Unit, observed, stated};

const NUMBER: Kind = Kind::U32 { min: 0, max: u32::MAX };
const TEXT: Kind = Kind::Text { min: 0, max: u32::MAX };

const fn read(name: &'static str, kind: Kind, unit: Unit, doc: &'static str) -> Field {
    Field { name, kind, unit, access: Access::ReadOnly, doc, source: stated(&REF, name) }
}

const fn written(name: &'static str, doc: &'static str) -> Field {
    let (kind, unit, access) = (TEXT, Unit::Plain, Access::ReadWrite);
    Field { name, kind, unit, access, doc, source: stated(&REF, name) }
}

pub static KEY_PACK_ID: Field = read(
    "KeyPackId",
    NUMBER,
    Unit::Plain,
    "Number of the key pack on its license server; the key.",
);

/// Of `Win32_TSLicenseKeyPack`, in the order of the class.
pub static KEY_PACK: [&Field; 12] = [
    &KEY_PACK_ID,
    &read("Description", TEXT, Unit::Plain, "Product code of the licenses: `C50-10.01-S`."),
    &read("KeyPackType", NUMBER, Unit::Plain, "Program under which the licenses were bought."),
    &read("ProductType", NUMBER, Unit::Plain, "Whether the licenses are per device or per user."),
    &read("ProductVersion", TEXT, Unit::Plain, "Version of the licenses in words."),
    &read("ProductVersionID", NUMBER, Unit::Plain, "Version of the licenses as a number."),
    &read(
        "TotalLicenses",
        Kind::Sentinel,
        Unit::Licenses,
        "Licenses in the key pack; 4294967295 stands for no limit.",
    ),
    &Field {
        name: "IssuedLicenses",
        kind: NUMBER,
        unit: Unit::Licenses,
        access: Access::ReadOnly,
        doc: "Licenses that are issued; per user packs may have issued more than there are.",
        source: OVER_USE,
    },
    &read(
        "AvailableLicenses",
        Kind::Sentinel,
        Unit::Licenses,
        "Licenses that can still be issued, never below 0; 4294967295 stands for no limit.",
    ),
    &read("ExpirationDate", Kind::Datetime, Unit::Plain, "When the licenses expire."),
    &read("AccessRights", NUMBER, Unit::Plain, "What the licenses give access to, bit by bit."),
    &read("TypeAndModel", TEXT, Unit::Plain, "Kind of the licenses in words."),
];

/// Where more issued than installed licenses were seen.
static OVER_USE: Source =
    observed(&CMK, "pull request 191: 800 installed, 801 issued, 0 available");

pub static FIRST_NAME: Field = written("FirstName", "First name of the contact.");
pub static LAST_NAME: Field = written("LastName", "Last name of the contact.");
pub static COMPANY: Field = written("Company", "Company of the contact.");
pub static COUNTRY_REGION: Field =
    written("CountryRegion", "Country or region, as the operating system of the server spells it.");

/// What activation over the network wants filled, in the order in which it is looked at.
pub static REQUIRED_CONTACT: [&Field; 4] = [&FIRST_NAME, &LAST_NAME, &COMPANY, &COUNTRY_REGION];

/// Of the contact, read and written: the order in which a server keeps them.
pub static CONTACT: [&Field; 10] = [
    &FIRST_NAME,
    &LAST_NAME,
    &COMPANY,
    &COUNTRY_REGION,
    &written("eMail", "Electronic mail address of the contact."),
    &written("OrgUnit", "Unit of the company."),
    &written("Address", "Street address."),
    &written("City", "City."),
    &written("State", "State or province."),
    &written("PostalCode", "Postal code."),
];

pub static ROLE: Field = read(
    "ServerRole",
    Kind::Enumeration(&SERVER_ROLE),
    Unit::Plain,
    "Who discovers the server; changed by ChangeRole.",
);
pub static DATABASE_PATH: Field =
    read("DatabasePath", TEXT, Unit::Plain, "Folder of the licensing database.");
pub static PRODUCT_ID: Field =
    read("ProductId", TEXT, Unit::Plain, "Product ID of the server, in groups of 5-5-5-5.");
pub static VERSION: Field = read("Version", TEXT, Unit::Plain, "Version of the server in words.");
pub static VERSION_NUMBER: Field =
    read("VersionNumber", TEXT, Unit::Plain, "Version of the server as a number.");

/// Of `Win32_TSLicenseServer` beside the contact: no one writes them.
pub static SERVER: [&Field; 5] = [&ROLE, &DATABASE_PATH, &PRODUCT_ID, &VERSION, &VERSION_NUMBER];

/// Of `Win32_TSIssuedLicense`, in the order of the class.
pub static ISSUED: [&Field; 8] = [
    &read("LicenseId", NUMBER, Unit::Plain, "Number of the issued license; a key."),
    &read("KeyPackId", NUMBER, Unit::Plain, "Key pack that it was issued from; a key."),
    &read("sIssuedToUser", TEXT, Unit::Plain, "User at the first issue."),
    &read("sIssuedToComputer", TEXT, Unit::Plain, "Name of the client."),
    &read(
        "LicenseStatus",
        Kind::Enumeration(&LICENSE_STATUS),
        Unit::Plain,
        "How far the license has come.",
    ),
    &read("IssueDate", Kind::Datetime, Unit::Plain, "When it was issued."),
    &read("ExpirationDate", Kind::Datetime, Unit::Plain, "When it expires."),
    &read("sHardwareId", TEXT, Unit::Plain, "Hardware ID of the client."),
];

/// Of `Win32_TerminalServiceSetting`, as far as licenses are concerned.
pub static HOST: [&Field; 4] = [
    &read("ServerName", TEXT, Unit::Plain, "Name of the session host; the key."),
    &read(
        "TerminalServerMode",
        NUMBER,
        Unit::Plain,
        "1 application server, 0 remote administration, which needs no licenses.",
    ),
    &read(
        "LicensingType",
        Kind::Enumeration(&LICENSING_TYPE),
        Unit::Plain,
        "Mode in which the session host asks for licenses.",
    ),
    &read(
        "PolicySourceLicensingType",
        NUMBER,
        Unit::Plain,
        "Whose setting the mode is: 0 the server's own, 1 that of a group policy.",
    ),
];

/// Of `Win32_TSLicenseReport` and its entries, each once.
pub static REPORT: [&Field; 12] = [
    &read("FileName", TEXT, Unit::Plain, "Name of the report; the key."),
    &read("GenerationDateTime", Kind::Datetime, Unit::Plain, "When the report was made."),
    &read("Version", NUMBER, Unit::Plain, "Version of the report."),
    &read("ScopeType", NUMBER, Unit::Plain, "1 a domain, 2 an OU, 3 all trusted domains."),
    &read("ScopeValue", TEXT, Unit::Plain, "The domain or the OU of a report with a scope."),
    &read("User", TEXT, Unit::Plain, "User of a license, as `DOMAIN\\name`."),
    &read("CALType", TEXT, Unit::Plain, "Kind of the license in words."),
    &read("TriedIssuanceOn", Kind::Datetime, Unit::Plain, "When a license could not be issued."),
    &read("DomainName", TEXT, Unit::Plain, "Domain of the users that got no license."),
    &read("FailedIssuanceCount", NUMBER, Unit::Plain, "How many users of a domain got none."),
    &read("InstalledLicenses", NUMBER, Unit::Licenses, "Licenses that are installed."),
    &read("TSCALAvailability", TEXT, Unit::Plain, "How many licenses are left, in words."),
];
