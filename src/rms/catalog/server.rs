//! What a License Manager tells of itself: the elements of a serverInfo answer.

use super::documents::API;
use crate::catalog::{Access, Field, Kind, Unit, stated};

const fn row(name: &'static str, kind: Kind, doc: &'static str) -> Field {
    let source = stated(&API, "serverInfo");
    Field { name, kind, unit: Unit::Plain, access: Access::ReadWrite, doc, source }
}

const NUMBER: Kind = Kind::U32 { min: 0, max: u32::MAX };
const TEXT: Kind = Kind::Text { min: 0, max: 256 };

pub static MAJOR_VERSION: Field = row("majorVersion", NUMBER, "Major version of the product.");
pub static MINOR_VERSION: Field = row("minorVersion", NUMBER, "Minor version of the product.");
pub static POINT_ID: Field = row("pointId", NUMBER, "Third part of the version.");
pub static BUILD_ID: Field = row("buildId", NUMBER, "Build of the version.");
pub static LOCALE: Field = row("locale", TEXT, "Locale of the License Manager.");
pub static VENDOR_LICENSE_MANAGER_ID: Field = row(
    "vendorLicenseManagerId",
    TEXT,
    "Vendor to whom the License Manager belongs; empty when it serves every vendor.",
);
pub static OS_FAMILY: Field = row("osFamily", TEXT, "Family of its operating system.");
pub static IP_ADDRESS: Field = row("ipAddress", TEXT, "Its address.");
pub static HOST_NAME: Field = row("hostName", TEXT, "Name of the machine it runs on.");

/// Every element, in the order of the answer.
pub static SERVER_FIELDS: [&Field; 9] = [
    &MAJOR_VERSION,
    &MINOR_VERSION,
    &POINT_ID,
    &BUILD_ID,
    &LOCALE,
    &VENDOR_LICENSE_MANAGER_ID,
    &OS_FAMILY,
    &IP_ADDRESS,
    &HOST_NAME,
];
