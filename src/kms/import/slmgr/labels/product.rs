//! What `/dli` and `/dlv` print of any product.

use super::Fact::{Null, Number};
use super::Reads::{Aside, Code, Part, Product, States, Value, Version};
use super::{Label, label};

const fn minutes(resource: &'static str, text: &'static str) -> Label {
    label(resource, text, Part { property: "GracePeriodRemaining", placeholder: "MINUTE" })
}

/// The product itself.
pub(super) static PRODUCT: [Label; 16] = [
    label("L_MsgServiceVersion", "Software licensing service version: ", Version),
    label("L_MsgProductName", "Name: ", Product),
    label("L_MsgProductDesc", "Description: ", Value("Description")),
    label(
        "L_MsgTkaInfoAdditionalInfo",
        "Additional Information: %MOREINFO%",
        Part { property: "TokenActivationAdditionalInfo", placeholder: "MOREINFO" },
    ),
    label("L_MsgActID", "Activation ID: ", Value("ID")),
    label("L_MsgAppID", "Application ID: ", Value("ApplicationID")),
    label("L_MsgPID4", "Extended PID: ", Value("ProductKeyID")),
    label("L_MsgChannel", "Product Key Channel: ", Value("ProductKeyChannel")),
    label("L_MsgInstallationID", "Installation ID: ", Value("OfflineInstallationId")),
    label("L_MsgProcessorCertUrl", "Processor Certificate URL: ", Value("ProcessorURL")),
    label("L_MsgMachineCertUrl", "Machine Certificate URL: ", Value("MachineURL")),
    label("L_MsgUseLicenseCertUrl", "Use License URL: ", Value("UseLicenseURL")),
    label("L_MsgPKeyCertUrl", "Product Key Certificate URL: ", Value("ProductKeyURL")),
    label("L_MsgValidationUrl", "Validation URL: ", Value("ValidationURL")),
    label("L_MsgPartialPKey", "Partial Product Key: ", Value("PartialProductKey")),
    label(
        "L_MsgErrorLicenseNotInUse",
        "This license is not in use.",
        States(&[("PartialProductKey", Null)]),
    ),
];

/// Its status. That a licensed product has no minutes left unless the next line says so is how the script prints a permanent
/// activation.
pub(super) static STATUS: [Label; 25] = [
    label(
        "L_MsgLicenseStatusUnlicensed_1",
        "License Status: Unlicensed",
        States(&[("LicenseStatus", Number(0))]),
    ),
    label(
        "L_MsgLicenseStatusLicensed_1",
        "License Status: Licensed",
        States(&[("LicenseStatus", Number(1)), ("GracePeriodRemaining", Number(0))]),
    ),
    minutes(
        "L_MsgLicenseStatusVL_1",
        "Volume activation expiration: %MINUTE% minute(s) (%DAY% day(s))",
    ),
    minutes(
        "L_MsgLicenseStatusTBL_1",
        "Timebased activation expiration: %MINUTE% minute(s) (%DAY% day(s))",
    ),
    minutes(
        "L_MsgLicenseStatusAVMA_1",
        "Automatic VM activation expiration: %MINUTE% minute(s) (%DAY% day(s))",
    ),
    label(
        "L_MsgLicenseStatusInitialGrace_1",
        "License Status: Initial grace period",
        States(&[("LicenseStatus", Number(2))]),
    ),
    label(
        "L_MsgLicenseStatusAdditionalGrace_1",
        "License Status: Additional grace period (KMS license expired or hardware out of tolerance)",
        States(&[("LicenseStatus", Number(3))]),
    ),
    label(
        "L_MsgLicenseStatusNonGenuineGrace_1",
        "License Status: Non-genuine grace period.",
        States(&[("LicenseStatus", Number(4))]),
    ),
    label(
        "L_MsgLicenseStatusNotification_1",
        "License Status: Notification",
        States(&[("LicenseStatus", Number(5))]),
    ),
    label(
        "L_MsgLicenseStatusExtendedGrace_1",
        "License Status: Extended grace period",
        States(&[("LicenseStatus", Number(6))]),
    ),
    label(
        "L_MsgLicenseStatusUnknown",
        "License Status: Unknown",
        States(&[("LicenseStatus", Null)]),
    ),
    minutes("L_MsgLicenseStatusTimeRemaining", "Time remaining: %MINUTE% minute(s) (%DAY% day(s))"),
    label(
        "L_MsgNotificationErrorReasonNonGenuine",
        "Notification Reason: 0x%ERRCODE% (non-genuine).",
        Code { property: "LicenseStatusReason", placeholder: "ERRCODE" },
    ),
    label(
        "L_MsgNotificationErrorReasonExpiration",
        "Notification Reason: 0x%ERRCODE% (grace time expired).",
        Code { property: "LicenseStatusReason", placeholder: "ERRCODE" },
    ),
    label(
        "L_MsgNotificationErrorReasonOther",
        "Notification Reason: 0x%ERRCODE%.",
        Code { property: "LicenseStatusReason", placeholder: "ERRCODE" },
    ),
    label("L_MsgLicenseStatusEvalEndData", "Evaluation End Date: ", Value("EvaluationEndDate")),
    label(
        "L_MsgRemainingWindowsRearmCount",
        "Remaining Windows rearm count: %COUNT%",
        Part { property: "RemainingWindowsReArmCount", placeholder: "COUNT" },
    ),
    label(
        "L_MsgRemainingAppRearmCount",
        "Remaining App rearm count: %COUNT%",
        Part { property: "RemainingAppReArmCount", placeholder: "COUNT" },
    ),
    label(
        "L_MsgRemainingSkuRearmCount",
        "Remaining SKU rearm count: %COUNT%",
        Part { property: "RemainingSkuReArmCount", placeholder: "COUNT" },
    ),
    label("L_MsgCurrentTrustedTime", "Trusted time: ", Value("TrustedTime")),
    label(
        "L_MsgVLActivationTypeAll",
        "Configured Activation Type: All",
        States(&[("VLActivationTypeEnabled", Number(0))]),
    ),
    label(
        "L_MsgVLActivationTypeAD",
        "Configured Activation Type: AD",
        States(&[("VLActivationTypeEnabled", Number(1))]),
    ),
    label(
        "L_MsgVLActivationTypeKMS",
        "Configured Activation Type: KMS",
        States(&[("VLActivationTypeEnabled", Number(2))]),
    ),
    label(
        "L_MsgVLActivationTypeToken",
        "Configured Activation Type: Token",
        States(&[("VLActivationTypeEnabled", Number(3))]),
    ),
    label("L_MsgVLMostRecentActivationInfo", "Most recent activation information:", Aside),
];
