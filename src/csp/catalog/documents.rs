//! The public documents that the facts of this API are taken from.

use crate::catalog::Document;

pub static CSP: Document = Document {
    id: "CSP",
    title: "WindowsLicensing CSP, Windows client management documentation, Microsoft",
    edition: "2024-08-06",
};

pub static CSP2018: Document = Document {
    id: "CSP2018",
    title: "WindowsLicensing CSP, Windows client management documentation, Microsoft",
    edition: "2017-2018",
};

pub static DDF12: Document = Document {
    id: "DDF12",
    title: "WindowsLicensing DDF file, Microsoft",
    edition: "1809, DDF 1.2",
};

pub static DDF2: Document = Document {
    id: "DDF2",
    title: "WindowsLicensing.xml of the published DDF v2 bundle, Microsoft",
    edition: "2024 and later",
};

pub static MDM: Document = Document {
    id: "MS-MDM",
    title: "[MS-MDM] Mobile Device Management Protocol, Microsoft",
    edition: "2024-04-23",
};

pub static REPPRO: Document = Document {
    id: "REPPRO",
    title: "OMA-TS-DM_RepPro / OMA-SyncML RepPro 1.2, Open Mobile Alliance",
    edition: "1.2",
};

pub static OMADM: Document = Document {
    id: "OMADM",
    title: "OMA DM protocol support, and MDM known issues, Microsoft",
    edition: "",
};

pub static CAPTURE: Document = Document {
    id: "CAPTURE",
    title: "message captures of Windows 11, deploymenttheory/go-microsoft-dm",
    edition: "build 26200.9278",
};

pub static VIEWER: Document =
    Document { id: "VIEWER", title: "SyncMLViewer, okieselbach/SyncMLViewer", edition: "" };

pub static FLEET: Document = Document {
    id: "FLEET",
    title: "Windows configuration profiles and MDM test client, fleetdm/fleet",
    edition: "",
};

pub static SKU: Document = Document {
    id: "SKU",
    title: "PRODUCT_* of winnt.h, GetProductInfo function, and OSEdition of [MS-MDE2], Microsoft",
    edition: "",
};

pub static UPGRADES: Document = Document {
    id: "UPGRADES",
    title: "Windows edition upgrade, and Windows 10 Pro in S mode, Microsoft",
    edition: "2020 and 2024",
};

pub static INTUNE: Document = Document {
    id: "INTUNE",
    title: "Intune edition upgrade and S mode settings, and troubleshooting of company resource access, Microsoft",
    edition: "",
};

pub static GRAPH: Document =
    Document { id: "GRAPH", title: "Microsoft Graph Intune reference, Microsoft", edition: "beta" };

pub static BRIDGE: Document = Document {
    id: "BRIDGE",
    title: "MDM Bridge WMI Provider: MDM_WindowsLicensing, Microsoft",
    edition: "",
};

pub static CFGMGR: Document =
    Document { id: "CFGMGR", title: "cfgmgr2err.h of the Windows SDK, Microsoft", edition: "" };

pub static WINERROR: Document = Document {
    id: "WINERROR",
    title: "winerror.h, slerror.h and wbemcli.h of the Windows SDK, Microsoft",
    edition: "",
};

pub static ICD: Document = Document {
    id: "ICD",
    title: "Windows Configuration Designer: EditionUpgrade, and provisioning package samples, Microsoft",
    edition: "",
};

pub static SUBSCRIPTION: Document = Document {
    id: "SUBSCRIPTION",
    title: "Windows subscription activation, and the OSLicense PowerShell module, Microsoft",
    edition: "",
};

pub static DIAGNOSTICS: Document = Document {
    id: "DIAGNOSTICS",
    title: "published MDMDiagReport.xml samples (MDMEnterpriseDiagnosticsReport)",
    edition: "",
};

/// Every document of the API.
pub static DOCUMENTS: [&Document; 20] = [
    &CSP,
    &CSP2018,
    &DDF12,
    &DDF2,
    &MDM,
    &REPPRO,
    &OMADM,
    &CAPTURE,
    &VIEWER,
    &FLEET,
    &SKU,
    &UPGRADES,
    &INTUNE,
    &GRAPH,
    &BRIDGE,
    &CFGMGR,
    &WINERROR,
    &ICD,
    &SUBSCRIPTION,
    &DIAGNOSTICS,
];
