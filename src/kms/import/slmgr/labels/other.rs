//! What slmgr prints of other ways to activate, for `/xpr`, and beside its output.

use super::Reads::{Absent, Aside, Error, Expiry, Part, Value};
use super::{Label, label};

/// Activation through Active Directory, by a token, by the host of a virtual machine.
pub(super) static ACTIVATION: [Label; 16] = [
    label("L_MsgADInfo", "AD Activation client information", Aside),
    label("L_MsgADInfoAOName", "Activation Object name: ", Value("ADActivationObjectName")),
    label("L_MsgADInfoAODN", "AO DN: ", Value("ADActivationObjectDN")),
    label("L_MsgADInfoExtendedPid", "AO extended PID: ", Value("ADActivationCsvlkPid")),
    label("L_MsgADInfoActID", "AO activation ID: ", Value("ADActivationCsvlkSkuId")),
    label("L_MsgTkaInfo", "Token-based Activation information", Aside),
    label(
        "L_MsgTkaInfoILID",
        "License ID (ILID): %ILID%",
        Part { property: "TokenActivationILID", placeholder: "ILID" },
    ),
    label(
        "L_MsgTkaInfoILVID",
        "Version ID (ILvID): %ILVID%",
        Part { property: "TokenActivationILVID", placeholder: "ILVID" },
    ),
    label(
        "L_MsgTkaInfoGrantNo",
        "Grant Number: %GRANTNO%",
        Part { property: "TokenActivationGrantNumber", placeholder: "GRANTNO" },
    ),
    label(
        "L_MsgTkaInfoThumbprint",
        "Certificate Thumbprint: %THUMBPRINT%",
        Part { property: "TokenActivationCertificateThumbprint", placeholder: "THUMBPRINT" },
    ),
    label("L_MsgAVMAID", "Guest IAID: ", Value("IAID")),
    label("L_MsgAVMAInfo", "Automatic VM Activation client information", Aside),
    label(
        "L_MsgAVMAHostMachineName",
        "Host machine name: ",
        Value("AutomaticVMActivationHostMachineName"),
    ),
    label(
        "L_MsgAVMALastActTime",
        "Activation time: ",
        Value("AutomaticVMActivationLastActivationTime"),
    ),
    label(
        "L_MsgAVMAHostPid2",
        "Host Digital PID2: ",
        Value("AutomaticVMActivationHostDigitalPid2"),
    ),
    label("L_MsgNotAvailable", "Not Available", Absent),
];

/// The sentences of `/xpr`.
pub(super) static EXPIRY: [Label; 10] = [
    label("L_MsgLicenseStatusUnlicensed", "Unlicensed", Expiry { status: 0, minutes: None }),
    label(
        "L_MsgLicenseStatusVL",
        "Volume activation will expire %ENDDATE%",
        Expiry { status: 1, minutes: None },
    ),
    label(
        "L_MsgLicenseStatusTBL",
        "Timebased activation will expire %ENDDATE%",
        Expiry { status: 1, minutes: None },
    ),
    label(
        "L_MsgLicenseStatusAVMA",
        "Automatic VM activation will expire %ENDDATE%",
        Expiry { status: 1, minutes: None },
    ),
    label(
        "L_MsgLicenseStatusLicensed",
        "The machine is permanently activated.",
        Expiry { status: 1, minutes: Some(0) },
    ),
    label(
        "L_MsgLicenseStatusInitialGrace",
        "Initial grace period ends %ENDDATE%",
        Expiry { status: 2, minutes: None },
    ),
    label(
        "L_MsgLicenseStatusAdditionalGrace",
        "Additional grace period ends %ENDDATE%",
        Expiry { status: 3, minutes: None },
    ),
    label(
        "L_MsgLicenseStatusNonGenuineGrace",
        "Non-genuine grace period ends %ENDDATE%",
        Expiry { status: 4, minutes: None },
    ),
    label(
        "L_MsgLicenseStatusNotification",
        "Windows is in Notification mode",
        Expiry { status: 5, minutes: None },
    ),
    label(
        "L_MsgLicenseStatusExtendedGrace",
        "Extended grace period ends %ENDDATE%",
        Expiry { status: 6, minutes: None },
    ),
];

/// Hints, warnings and errors.
pub(super) static HINTS: [Label; 6] = [
    label(
        "L_MsgPleaseActivateRefreshKMSInfo",
        "Please use slmgr.vbs /ato to activate and update KMS client information in order to update values.",
        Aside,
    ),
    label(
        "L_MsgKmsUseMachineNameOverrides",
        "Warning: /skms setting overrides the /skms-domain setting. %KMS% will be used for activation.",
        Aside,
    ),
    label(
        "L_MsgUndeterminedPrimaryKey",
        "Warning: SLMGR was not able to validate the current product key for Windows. Please upgrade to the latest service pack.",
        Aside,
    ),
    label(
        "L_MsgUndeterminedPrimaryKeyOperation",
        "Warning: This operation may affect more than one target license.  Please verify the results.",
        Aside,
    ),
    label(
        "L_MsgUndeterminedOperationFormat",
        "Processing the license for %PRODUCTDESCRIPTION% (%PRODUCTID%).",
        Aside,
    ),
    label("L_MsgErrorText_8", "Error: ", Error),
];

/// What slmgr says when it has done what it was told. No line of it tells a property for certain: of a setting it repeats what was
/// typed.
pub(super) static ANSWERS: [Label; 24] = [
    label("L_MsgActivating", "Activating %PRODUCTNAME% (%PRODUCTID%) ...", Aside),
    label("L_MsgActivated", "Product activated successfully.", Aside),
    label("L_MsgClearedPKey", "Product key from registry cleared successfully.", Aside),
    label("L_MsgUninstalledPKey", "Uninstalled product key successfully.", Aside),
    label(
        "L_MsgKmsNameSet",
        "Key Management Service machine name set to %KMS% successfully.",
        Aside,
    ),
    label(
        "L_MsgKmsNameCleared",
        "Key Management Service machine name cleared successfully.",
        Aside,
    ),
    label(
        "L_MsgKmsLookupDomainSet",
        "Key Management Service lookup domain set to %FQDN% successfully.",
        Aside,
    ),
    label(
        "L_MsgKmsLookupDomainCleared",
        "Key Management Service lookup domain cleared successfully.",
        Aside,
    ),
    label(
        "L_MsgKmsUseMachineName",
        "Warning: /skms setting is in effect. %KMS% will be used for activation.",
        Aside,
    ),
    label(
        "L_MsgKmsUseLookupDomain",
        "Warning: /skms-domain setting is in effect. %FQDN% will be used for DNS SRV record lookup.",
        Aside,
    ),
    label(
        "L_MsgActivationSet",
        "Volume activation interval set to %ACTIVATION% minutes successfully.",
        Aside,
    ),
    label(
        "L_MsgWarningActivation",
        "Warning: Volume activation interval can only be set on a KMS machine that is also activated.",
        Aside,
    ),
    label(
        "L_MsgRenewalSet",
        "Volume renewal interval set to %RENEWAL% minutes successfully.",
        Aside,
    ),
    label(
        "L_MsgWarningRenewal",
        "Warning: Volume renewal interval can only be set on a KMS machine that is also activated.",
        Aside,
    ),
    label("L_MsgKmsPortSet", "KMS port set to %PORT% successfully.", Aside),
    label(
        "L_MsgWarningKmsPort",
        "Warning: KMS port can only be set on a KMS machine that is also activated.",
        Aside,
    ),
    label(
        "L_MsgKmsDnsPublishingWarning",
        "Warning: DNS Publishing can only be set on a KMS machine that is also activated.",
        Aside,
    ),
    label("L_MsgKmsPriSetToNormal", "KMS priority set to Normal", Aside),
    label("L_MsgKmsPriSetToLow", "KMS priority set to Low", Aside),
    label(
        "L_MsgWarningKmsPri",
        "Warning: Priority can only be set on a KMS machine that is also activated.",
        Aside,
    ),
    label(
        "L_MsgWarningKmsReboot",
        "Warning: a KMS reboot is needed for this setting to take effect.",
        Aside,
    ),
    label("L_MsgVLActivationTypeSet", "Volume activation type set successfully.", Aside),
    label("L_MsgRearm_1", "Command completed successfully.", Aside),
    label("L_MsgRearm_2", "Please restart the system for the changes to take effect.", Aside),
];

/// What slmgr says while it puts the licence files of the system in again.
pub(super) static REINSTALLING: [Label; 2] = [
    label("L_MsgReinstallingLicenses", "Re-installing license files ...", Aside),
    label("L_MsgLicensesReinstalled", "License files re-installed successfully.", Aside),
];
