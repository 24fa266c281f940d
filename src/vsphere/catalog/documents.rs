//! The documents that the facts of this API are taken from. What each says stands in the rows that name it.

use crate::catalog::Document;

/// The article that this domain is built on. It wins over every other document.
pub static ARTICLE: Document = Document {
    id: "ARTICLE",
    title: "New Licensing APIs Since VMware vSphere 4, with its comments",
    edition: "VMware SDK article",
};

pub static REFERENCE: Document = Document {
    id: "REFERENCE",
    title: "VMware: vSphere Web Services API reference, LicenseManager, LicenseAssignmentManager and their faults",
    edition: "",
};

pub static PYVMOMI: Document = Document {
    id: "PYVMOMI",
    title: "pyvmomi: type tables and documentation of vim.LicenseManager",
    edition: "9.1.1.0",
};

pub static GOVMOMI: Document = Document {
    id: "GOVMOMI",
    title: "Repository vmware/govmomi: license, cli/license, simulator, vim25/types and their issues",
    edition: "August 2026",
};

pub static LICENSING: Document = Document {
    id: "LICENSING",
    title: "VMware: vSphere documentation on licensing of ESXi hosts and vCenter Server",
    edition: "releases 4 to 8",
};

pub static CORES: Document = Document {
    id: "CORES",
    title: "Broadcom knowledge base 313548: counting cores for VMware Cloud Foundation and vSphere Foundation",
    edition: "",
};

pub static AUTHORITY: Document = Document {
    id: "AUTHORITY",
    title: "Broadcom knowledge base 434212: a host keeps its license without vCenter",
    edition: "",
};

pub static TERRAFORM: Document = Document {
    id: "TERRAFORM",
    title: "Repository hashicorp/terraform-provider-vsphere: pull request 110, answers to keys that cannot be decoded",
    edition: "",
};

pub static DUMPS: Document = Document {
    id: "DUMPS",
    title: "Public dumps of `vim-cmd vimsvc/license --show`",
    edition: "ESX 4.x, ESXi 6.0 to 9.0",
};

pub static COMMUNITY: Document = Document {
    id: "COMMUNITY",
    title: "Issues of community.vmware, powernsx, pyvmomi and centreon-plugins on licenses",
    edition: "",
};

/// What licctl itself lays down where there is no vendor.
pub static TOOL: Document = Document { id: "LICCTL", title: "licctl, manual page", edition: "" };

/// Every document.
pub static DOCUMENTS: [&Document; 11] = [
    &ARTICLE, &REFERENCE, &PYVMOMI, &GOVMOMI, &LICENSING, &CORES, &AUTHORITY, &TERRAFORM, &DUMPS,
    &COMMUNITY, &TOOL,
];
