//! The faults of the API, by their names: what a refusal carries and what `licctl explain` looks up.
//!
//! A fault has no number. Its native form is the class that clients know it by; the symbol is the type's plain name.

use super::documents::{COMMUNITY, PYVMOMI, REFERENCE, TERRAFORM, TOOL};
use crate::catalog::{Code, Native, Severity, stated};

pub static INVALID_ARGUMENT: Code = Code {
    symbol: "InvalidArgument",
    native: Native::VimFault("vmodl.fault.InvalidArgument"),
    severity: Severity::Failure,
    meaning: "a specified parameter was not correct",
    cause: "a key that cannot be decoded or is not in the inventory, or an empty label key",
    remedy: "correct the parameter that `invalidProperty` names",
    source: stated(&PYVMOMI, "vmodl.fault.InvalidArgument"),
};

pub static LICENSE_ENTITY_NOT_FOUND: Code = Code {
    symbol: "LicenseEntityNotFound",
    native: Native::VimFault("vim.fault.LicenseEntityNotFound"),
    severity: Severity::Failure,
    meaning: "the entity was not found",
    cause: "the entityId is not the one of a host, a vCenter or another licensed entity",
    remedy: "`licctl vsphere entity list` shows the entities",
    source: stated(&REFERENCE, "LicenseEntityNotFound"),
};

pub static NOT_ENOUGH_LICENSES: Code = Code {
    symbol: "NotEnoughLicenses",
    native: Native::VimFault("vmodl.fault.NotEnoughLicenses"),
    severity: Severity::Failure,
    meaning: "there are not enough licenses installed to perform the operation",
    cause: "the license has fewer free units than the entity costs",
    remedy: "assign a license with more free units, or free some",
    source: stated(&PYVMOMI, "vmodl.fault.NotEnoughLicenses"),
};

pub static LICENSE_KEY_ENTITY_MISMATCH: Code = Code {
    symbol: "LicenseKeyEntityMismatch",
    native: Native::VimFault("vim.fault.LicenseKeyEntityMismatch"),
    severity: Severity::Failure,
    meaning: "the license is not for this entity",
    cause: "the product or the major version of the license is not that of the entity",
    remedy: "assign a license of the entity's product and version",
    source: stated(&REFERENCE, "LicenseKeyEntityMismatch"),
};

pub static LICENSE_DOWNGRADE_DISALLOWED: Code = Code {
    symbol: "LicenseDowngradeDisallowed",
    native: Native::VimFault("vim.fault.LicenseDowngradeDisallowed"),
    severity: Severity::Failure,
    meaning: "the new license lacks features that the entity uses",
    cause: "the entity uses features that the edition does not have",
    remedy: "stop using the features, or assign an edition that has them",
    source: stated(&REFERENCE, "LicenseDowngradeDisallowed"),
};

pub static LICENSE_EXPIRED: Code = Code {
    symbol: "LicenseExpired",
    native: Native::VimFault("vim.fault.LicenseExpired"),
    severity: Severity::Failure,
    meaning: "the license has expired",
    cause: "the expiration date of the license, or the end of the evaluation, has passed",
    remedy: "assign a license that has not expired",
    source: stated(&REFERENCE, "LicenseExpired"),
};

pub static LICENSE_ASSIGNMENT_FAILED: Code = Code {
    symbol: "LicenseAssignmentFailed",
    native: Native::VimFault("vim.fault.LicenseAssignmentFailed"),
    severity: Severity::Failure,
    meaning: "the license assignment failed",
    cause: "the edition of vCenter cannot manage what is in its inventory",
    remedy: "remove the hosts that the edition does not manage, or assign another edition",
    source: stated(&REFERENCE, "LicenseAssignmentFailed"),
};

pub static NOT_SUPPORTED: Code = Code {
    symbol: "NotSupported",
    native: Native::VimFault("vmodl.fault.NotSupported"),
    severity: Severity::Failure,
    meaning: "the operation is not supported on the object",
    cause: "the method is deprecated since 4.0, or the host takes no such change",
    remedy: "use the current methods",
    source: stated(&PYVMOMI, "vmodl.fault.NotSupported"),
};

pub static NOT_IMPLEMENTED: Code = Code {
    symbol: "NotImplemented",
    native: Native::VimFault("vmodl.fault.NotImplemented"),
    severity: Severity::Failure,
    meaning: "the requested operation is not implemented by the server",
    cause: "AddLicense on a stand-alone host",
    remedy: "UpdateLicense sets the license of a host",
    source: stated(&COMMUNITY, "ansible/ansible 50752"),
};

pub static METHOD_NOT_FOUND: Code = Code {
    symbol: "MethodNotFound",
    native: Native::VimFault("vmodl.fault.MethodNotFound"),
    severity: Severity::Failure,
    meaning: "the method was not found",
    cause: "neither LicenseManager nor LicenseAssignmentManager has a method of that name",
    remedy: "",
    source: stated(&PYVMOMI, "vmodl.fault.MethodNotFound"),
};

/// What a vCenter answers instead of a fault when it cannot decode a key: the message of the answer that holds no license.
pub static DECODE: Code = Code {
    symbol: "com.vmware.vim.vc.license.error.decode",
    native: Native::VimFault("lc_error"),
    severity: Severity::Failure,
    meaning: "the key cannot be decoded",
    cause: "a key that is malformed (lc_error -1), or well-formed and of no known license (lc_error 5)",
    remedy: "correct the key, or describe it: `licctl vsphere catalogue import FILE`",
    source: stated(&TERRAFORM, "answer to AddLicense with an invalid key"),
};

/// The API removes nothing and says nothing; the command looks afterwards.
pub static NOT_REMOVED: Code = Code {
    symbol: "notRemoved",
    native: Native::Tool,
    severity: Severity::Failure,
    meaning: "the license is still in the inventory",
    cause: "RemoveLicense succeeds without removing the evaluation license, or a license that is assigned",
    remedy: "unassign its entities first, or give `--force`",
    source: stated(&TOOL, "license remove; RemoveLicense itself does not fault"),
};

pub static NOT_FOUND: Code = Code {
    symbol: "notFound",
    native: Native::Tool,
    severity: Severity::Failure,
    meaning: "the inventory has no such license",
    cause: "the key was never added, or was removed",
    remedy: "`licctl vsphere license list` shows the inventory",
    source: stated(&TOOL, "license show, license remove"),
};

macro_rules! listed {
    ($($row:ident: $symbol:literal, $native:literal, $meaning:literal, $cause:literal;)*) => {
        $(static $row: Code = Code {
            symbol: $symbol,
            native: Native::VimFault($native),
            severity: Severity::Failure,
            meaning: $meaning,
            cause: $cause,
            remedy: "",
            source: stated(&PYVMOMI, $native),
        };)*
        /// Faults that no method of the model raises, for `explain`.
        pub static OTHERS: &[&Code] = &[$(&$row),*];
    };
}

listed! {
    INVALID_LICENSE: "InvalidLicense", "vim.fault.InvalidLicense", "the license content is not valid", "only ConfigureLicenseSource, which is deprecated since 4.0";
    LICENSE_SERVER_UNAVAILABLE: "LicenseServerUnavailable", "vim.fault.LicenseServerUnavailable", "the license server is not available", "only deprecated methods: there is no license server since 4.0";
    LICENSE_SOURCE_UNAVAILABLE: "LicenseSourceUnavailable", "vim.fault.LicenseSourceUnavailable", "the license source is not available", "only deprecated methods";
    LICENSE_RESTRICTED: "LicenseRestricted", "vim.fault.LicenseRestricted", "the license is restricted", "only deprecated methods";
    NO_LICENSE_SERVER_CONFIGURED: "NoLicenseServerConfigured", "vim.fault.NoLicenseServerConfigured", "no license server is configured", "only deprecated methods";
    IN_USE_FEATURE_MANIPULATION_DISALLOWED: "InUseFeatureManipulationDisallowed", "vim.fault.InUseFeatureManipulationDisallowed", "a feature in use cannot be changed", "only deprecated methods";
    INCORRECT_HOST_INFORMATION: "IncorrectHostInformation", "vim.fault.IncorrectHostInformation", "the host did not tell what its license needs", "only deprecated methods";
    CANNOT_ACCESS_LOCAL_SOURCE: "CannotAccessLocalSource", "vim.fault.CannotAccessLocalSource", "the local license source cannot be read", "only ConfigureLicenseSource";
    THIRD_PARTY_LICENSE_ASSIGNMENT_FAILED: "ThirdPartyLicenseAssignmentFailed", "vim.fault.ThirdPartyLicenseAssignmentFailed", "the license of a third-party module could not be assigned", "a module of another vendor on a host";
    MANAGED_OBJECT_NOT_FOUND: "ManagedObjectNotFound", "vmodl.fault.ManagedObjectNotFound", "the object has already been deleted or has not been completely created", "a wrong reference";
    NOT_AUTHENTICATED: "NotAuthenticated", "vim.fault.NotAuthenticated", "the session is not authenticated", "no session, or one that has ended";
    NO_PERMISSION: "NoPermission", "vim.fault.NoPermission", "permission to perform this operation was denied", "the privilege Global.Licenses, or System.View, is missing";
    INVALID_LOGIN: "InvalidLogin", "vim.fault.InvalidLogin", "cannot complete login due to an incorrect user name or password", "Login";
    INVALID_STATE: "InvalidState", "vim.fault.InvalidState", "the operation is not allowed in the current state", "only deprecated methods";
    VIM_NOT_FOUND: "NotFound", "vim.fault.NotFound", "the object was not found", "no method of this API raises it";
    RESTRICTED_VERSION: "RestrictedVersion", "vim.fault.RestrictedVersion", "current license or ESXi version prohibits execution of the requested operation", "a writing call on a host of the free edition";
    EXPIRED_FEATURE_LICENSE: "ExpiredFeatureLicense", "vim.fault.ExpiredFeatureLicense", "the license of a feature has expired", "raised by other subsystems";
    EXPIRED_ADDON_LICENSE: "ExpiredAddonLicense", "vim.fault.ExpiredAddonLicense", "the license of an add-on has expired", "raised by other subsystems";
    EXPIRED_EDITION_LICENSE: "ExpiredEditionLicense", "vim.fault.ExpiredEditionLicense", "the license of an edition has expired", "raised by other subsystems";
    INVALID_EDITION_LICENSE: "InvalidEditionLicense", "vim.fault.InvalidEditionLicense", "the license of an edition is not valid", "raised by other subsystems";
    HOST_INVENTORY_FULL: "HostInventoryFull", "vim.fault.HostInventoryFull", "the edition of vCenter manages no more hosts", "raised when a host is added";
    INVENTORY_HAS_STANDARD_ALONE_HOSTS: "InventoryHasStandardAloneHosts", "vim.fault.InventoryHasStandardAloneHosts", "the inventory has stand-alone hosts that the edition does not manage", "raised by other subsystems";
    VM_LIMIT_LICENSE: "VmLimitLicense", "vim.fault.VmLimitLicense", "the limit of virtual machines of the license is reached", "raised when a machine is started";
    VRAM_LIMIT_LICENSE: "VramLimitLicense", "vim.fault.VramLimitLicense", "the limit of virtual memory of the license is reached", "raised when a machine is started";
    FAIL_TO_ENABLE_SPBM: "FailToEnableSPBM", "vim.fault.FailToEnableSPBM", "storage policies cannot be enabled on all hosts of the cluster", "a host of the cluster lacks the license";
}

/// What the methods of the model refuse with.
pub static RAISED: [&Code; 13] = [
    &INVALID_ARGUMENT,
    &LICENSE_ENTITY_NOT_FOUND,
    &NOT_ENOUGH_LICENSES,
    &LICENSE_KEY_ENTITY_MISMATCH,
    &LICENSE_DOWNGRADE_DISALLOWED,
    &LICENSE_EXPIRED,
    &LICENSE_ASSIGNMENT_FAILED,
    &NOT_SUPPORTED,
    &NOT_IMPLEMENTED,
    &METHOD_NOT_FOUND,
    &DECODE,
    &NOT_REMOVED,
    &NOT_FOUND,
];

/// The fault of that class, as clients print it: `vim.fault.LicenseExpired`.
#[must_use]
pub fn of_class(text: &str) -> Option<&'static Code> {
    let is = |code: &&&'static Code| match code.native {
        Native::VimFault(class) => class.eq_ignore_ascii_case(text.trim()),
        _ => false,
    };
    RAISED.iter().chain(OTHERS).find(is).copied()
}

#[cfg(test)]
mod tests {
    use super::of_class;

    #[test]
    fn a_fault_is_found_by_the_class_that_clients_print() {
        let symbol = |text: &str| of_class(text).map(|code| code.symbol);
        assert_eq!(symbol("vim.fault.LicenseExpired"), Some("LicenseExpired"));
        assert_eq!(symbol("VMODL.fault.NotEnoughLicenses"), Some("NotEnoughLicenses"));
        assert_eq!(symbol("lc_error"), Some("com.vmware.vim.vc.license.error.decode"));
        assert_eq!(symbol("LicenseExpired"), None, "that is the symbol itself");
    }
}
