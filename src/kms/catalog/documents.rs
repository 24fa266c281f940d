//! The documents that the facts of this API are taken from. What each says stands in the rows that name it.

use crate::catalog::Document;

/// The first edition of the service class: 18 properties, 11 methods. It wins over every other document.
pub static VISTA: Document = Document {
    id: "VISTA",
    title: "Microsoft Learn: SoftwareLicensingService class and its method pages",
    edition: "Windows Vista and Windows Server 2008 (slwmiprov)",
};

pub static SPP: Document = Document {
    id: "SPP",
    title: "Microsoft Learn: SoftwareLicensingService and SoftwareLicensingProduct classes and method pages",
    edition: "Windows 7 and Windows Server 2008 R2 (sppwmi)",
};

pub static TECHREF: Document = Document {
    id: "TECHREF",
    title: "Microsoft: Volume Activation Technical Reference",
    edition: "tables 3 (registry), 11 (event log) and 12 (WMI)",
};

pub static VA2OPS: Document = Document {
    id: "VA2OPS",
    title: "Microsoft: Volume Activation 2.0 Operations Guide",
    edition: "March 2008, appendix 1",
};

/// Real class definitions, where no published edition lists the members.
pub static DUMP: Document = Document {
    id: "DUMP",
    title: "Repository it-praktyk/PSSlmgr: CIM dumps of both classes",
    edition: "folder Notes, Windows 10",
};

pub static SLMGR: Document = Document {
    id: "SLMGR",
    title: "Microsoft: slmgr.vbs and its slmgr.ini as shipped",
    edition: "editions of Windows 7/2008 R2, 8/2012 and 10",
};

pub static KMSGEN: Document = Document {
    id: "KMSGEN",
    title: "Microsoft: Guidelines for troubleshooting the Key Management Service",
    edition: "repository MicrosoftDocs/windowsserverdocs, get-started",
};

pub static PLAN: Document = Document {
    id: "PLAN",
    title: "Microsoft: Key Management Services activation planning",
    edition: "repository MicrosoftDocs/windowsserverdocs, get-started",
};

pub static OPT: Document = Document {
    id: "OPT",
    title: "Microsoft: Slmgr.vbs options for obtaining volume activation information",
    edition: "repository MicrosoftDocs/windowsserverdocs, get-started",
};

pub static DNSDOC: Document = Document {
    id: "DNSDOC",
    title: "Microsoft: Common troubleshooting procedures for KMS and DNS issues",
    edition: "repository MicrosoftDocs/windowsserverdocs, get-started",
};

pub static ERR: Document = Document {
    id: "ERR",
    title: "Microsoft: Troubleshoot Windows activation error codes",
    edition: "repository MicrosoftDocs/SupportArticles-docs",
};

pub static CNT: Document = Document {
    id: "CNT",
    title: "Microsoft: The KMS current count does not increase",
    edition: "KB929829, repository MicrosoftDocs/SupportArticles-docs",
};

pub static F074: Document = Document {
    id: "F074",
    title: "Microsoft: Error 0xC004F074 when you activate Windows",
    edition: "KB974998, repository MicrosoftDocs/SupportArticles-docs",
};

pub static F06C: Document = Document {
    id: "F06C",
    title: "Microsoft: Error 0xC004F06C when you activate Windows",
    edition: "repository MicrosoftDocs/SupportArticles-docs",
};

pub static VAMT: Document = Document {
    id: "VAMT",
    title: "Microsoft: Volume Activation Management Tool pages",
    edition: "repository MicrosoftDocs/windows-itpro-docs, volume-activation",
};

pub static VAMTHELP: Document = Document {
    id: "VAMTHELP",
    title: "Microsoft: Volume Activation Management Tool 2.0 help",
    edition: "page on CIL files",
};

pub static SDK: Document = Document {
    id: "SDK",
    title: "Microsoft: Windows SDK, slerror.h and winerror.h",
    edition: "constants as in crate windows-sys 0.59",
};

pub static POSH: Document = Document {
    id: "POSH",
    title: "Repository thedavecarroll/PoShEvents: code, documentation and KmsProductSku.csv",
    edition: "",
};

pub static PEET: Document =
    Document { id: "PEET", title: "Repository peetrike/scripts: Get-KmsReport.ps1", edition: "" };

pub static WEVT: Document = Document {
    id: "WEVT",
    title: "Repository libyal/winevt-kb: event provider pages",
    edition: "",
};

/// What a reader of binary logs makes of real files.
pub static EVTXC: Document = Document {
    id: "EVTXC",
    title: "Repository omerbenamram/evtx: sample files as the crate evtx reads them",
    edition: "crate evtx 0.15.1",
};

pub static OSL: Document =
    Document { id: "OSL", title: "Microsoft Learn: OSLicense PowerShell module", edition: "" };

pub static SPS: Document =
    Document { id: "SPS", title: "Repository zbalkan/slmgr-ps", edition: "" };

/// A real dump of all properties.
pub static ANS: Document = Document {
    id: "ANS",
    title: "Repository ansible-collections/ansible.windows: a dump of licensing properties",
    edition: "issue 834",
};

pub static OFFDOC: Document = Document {
    id: "OFFDOC",
    title: "Microsoft: Configure a KMS host computer for Office",
    edition: "repository MicrosoftDocs/OfficeDocs-DeployOffice, and its issue 507",
};

pub static SKIP: Document = Document {
    id: "SKIP",
    title: "Microsoft: Unattended Windows Setup reference, SkipRearm",
    edition: "and repository MicrosoftDocs/commercialization-public, issue 61",
};

pub static STATES: Document = Document {
    id: "STATES",
    title: "Microsoft: Managing License States",
    edition: "Volume Activation Operations Guide, Windows 7",
};

pub static SCOM: Document = Document {
    id: "SCOM",
    title: "Microsoft: Key Management Service Management Pack guide",
    edition: "Operations Manager 2007",
};

/// Every document, in the order of the specification's reading list.
pub static DOCUMENTS: [&Document; 28] = [
    &VISTA, &SPP, &TECHREF, &VA2OPS, &DUMP, &SLMGR, &KMSGEN, &PLAN, &OPT, &DNSDOC, &ERR, &CNT,
    &F074, &F06C, &VAMT, &VAMTHELP, &SDK, &POSH, &PEET, &WEVT, &EVTXC, &OSL, &SPS, &ANS, &OFFDOC,
    &SKIP, &STATES, &SCOM,
];
