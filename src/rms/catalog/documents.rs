//! The public documents that the facts of this API are taken from.

use crate::catalog::Document;

pub static LICENSE_INFO: Document = Document {
    id: "LICENSEINFO",
    title: "Sentinel RMS API Reference Guide: licenseInfo - License Information, Thales",
    edition: "query versions 1.0 and 1.1",
};

pub static API: Document = Document {
    id: "API",
    title: "Sentinel RMS API Reference Guide: get_info, the other queries, result codes, Thales",
    edition: "10.3",
};

pub static VLS: Document = Document {
    id: "VLS",
    title: "Sentinel RMS (VLS) API guide: VLSlicenseInfo, VLSfeatureInfo and related pages, Thales",
    edition: "",
};

pub static LICGEN: Document = Document {
    id: "LICGEN",
    title: "Sentinel RMS License Generation API Reference, Thales",
    edition: "",
};

pub static DEVELOPER: Document =
    Document { id: "DEVELOPER", title: "Sentinel RMS Developer Guide, Thales", edition: "" };

pub static ADMIN: Document =
    Document { id: "ADMIN", title: "Sentinel RMS System Administrator Guide, Thales", edition: "" };

pub static LM7: Document = Document {
    id: "LM7",
    title: "SentinelLM System Administrator's Guide, Rainbow Technologies",
    edition: "7.x",
};

pub static EMS: Document = Document {
    id: "EMS",
    title: "Sentinel EMS User Guide: RMS license models, Thales",
    edition: "",
};

pub static LSMON: Document = Document {
    id: "LSMON",
    title: "published test fixtures with complete lsmon output of an AVEVA licensing server",
    edition: "kit 9.1.0",
};

/// Every document of the API.
pub static DOCUMENTS: [&Document; 9] =
    [&LICENSE_INFO, &API, &VLS, &LICGEN, &DEVELOPER, &ADMIN, &LM7, &EMS, &LSMON];
