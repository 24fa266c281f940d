//! The documents that the facts of this API are taken from. What each says stands in the rows that name it.

use crate::catalog::Document;

/// The page that the model works to the letter. It wins over every other document.
pub static IMPORT: Document = Document {
    id: "IMPORT",
    title: "Microsoft Learn: ImportOpenPurchaseLicenseKeyPack method of the Win32_TSLicenseKeyPack class",
    edition: "31 May 2018",
};

pub static REF: Document = Document {
    id: "REF",
    title: "Microsoft Learn: Remote Desktop Services WMI provider reference",
    edition: "repository MicrosoftDocs/win32, folder TermServ",
};

pub static CODES: Document = Document {
    id: "CODES",
    title: "Microsoft Learn: Remote Desktop Services WMI Provider Error Codes",
    edition: "repository MicrosoftDocs/win32, folder TermServ",
};

pub static CAL: Document = Document {
    id: "CAL",
    title: "Microsoft Learn: Remote Desktop Services client access licenses",
    edition: "repository MicrosoftDocs/windowsserverdocs: license, track, migrate, activate and install CALs",
};

pub static HLP: Document = Document {
    id: "HLP",
    title: "Microsoft: help of RD Licensing Manager",
    edition: "Windows Server 2008 R2",
};

pub static EVT: Document = Document {
    id: "EVT",
    title: "TechNet: event pages of the source Microsoft-Windows-TerminalServices-Licensing",
    edition: "Windows Server 2008 R2",
};

pub static WMI: Document = Document {
    id: "WMI",
    title: "Microsoft Learn: WMI error constants, CIM_DATETIME",
    edition: "repository MicrosoftDocs/win32, folder WmiSdk",
};

/// Real class listings, where no page names the values.
pub static CMK: Document = Document {
    id: "CMK",
    title: "Repository Checkmk/checkmk: agent plug-in and check rds_licenses",
    edition: "with pull requests 191 and 280",
};

/// Real class listings in public scripts.
pub static SCR: Document = Document {
    id: "SCR",
    title: "Public PowerShell scripts and listings of Win32_TSLicenseKeyPack",
    edition: "",
};

/// Every document of the domain.
pub static DOCUMENTS: [&Document; 9] = [&IMPORT, &REF, &CODES, &CAL, &HLP, &EVT, &WMI, &CMK, &SCR];
