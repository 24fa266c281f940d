//! A product itself: its name, IDs, key and status.

use super::object::Object;
use super::{Page, Shown, filled};
use crate::kms::catalog::Profile;
use crate::kms::catalog::codes::{SL_E_GRACE_TIME_EXPIRED, SL_E_NOT_GENUINE};
use crate::kms::catalog::skus::Pool;
use crate::kms::catalog::slmgr::Detail;
use crate::kms::model::{Channel, LicenseStatus, Product};

/// Web addresses that the script shows of a product which no KMS activates.
static ADDRESSES: [(&str, &str); 5] = [
    ("L_MsgProcessorCertUrl", "ProcessorURL"),
    ("L_MsgMachineCertUrl", "MachineURL"),
    ("L_MsgUseLicenseCertUrl", "UseLicenseURL"),
    ("L_MsgPKeyCertUrl", "ProductKeyURL"),
    ("L_MsgValidationUrl", "ValidationURL"),
];

pub(super) fn write(
    page: &mut Page,
    shown: &Shown<'_>,
    (product, own, service): (&Product, &Object<'_>, &Object<'_>),
    detail: Detail,
) {
    page.value("L_MsgProductName", own.text("Name"));
    page.value("L_MsgProductDesc", own.text("Description"));
    if !own.text("TokenActivationAdditionalInfo").is_empty() {
        page.filled("L_MsgTkaInfoAdditionalInfo", own.text("TokenActivationAdditionalInfo"));
    }
    if detail == Detail::Long {
        identity(page, shown, product, own);
    }
    match own.text("PartialProductKey") {
        "" => page.line("L_MsgErrorLicenseNotInUse"),
        key => page.value("L_MsgPartialPKey", key),
    }
    status(page, shown, product, own);
    if detail == Detail::Long {
        counts(page, shown, product, (own, service));
    }
}

fn identity(page: &mut Page, shown: &Shown<'_>, product: &Product, own: &Object<'_>) {
    page.value("L_MsgActID", own.text("ID"));
    page.value("L_MsgAppID", own.text("ApplicationID"));
    page.value("L_MsgPID4", own.text("ProductKeyID"));
    if shown.profile() >= Profile::V63 {
        page.value("L_MsgChannel", own.text("ProductKeyChannel"));
    }
    let installation = own.text("OfflineInstallationId");
    if shown.secrets && !installation.is_empty() {
        page.value("L_MsgInstallationID", installation);
    }
    if matches!(product.kind(), Channel::KmsClient | Channel::VirtualMachine) {
        return;
    }
    for (resource, property) in ADDRESSES {
        if !own.text(property).is_empty() {
            page.value(resource, own.text(property));
        }
    }
}

/// The wording of the line that tells how long an activation lasts.
pub(super) const fn lasting(kind: Channel) -> [&'static str; 2] {
    match kind {
        Channel::TimeBased => ["L_MsgLicenseStatusTBL_1", "L_MsgLicenseStatusTBL"],
        Channel::VirtualMachine => ["L_MsgLicenseStatusAVMA_1", "L_MsgLicenseStatusAVMA"],
        _ => ["L_MsgLicenseStatusVL_1", "L_MsgLicenseStatusVL"],
    }
}

fn status(page: &mut Page, shown: &Shown<'_>, product: &Product, own: &Object<'_>) {
    let minutes = own.number("GracePeriodRemaining").unwrap_or(0);
    let status = own.number("LicenseStatus").and_then(LicenseStatus::from_number);
    let time = |resource| {
        let days = days(minutes, shown.profile()).to_string();
        filled(resource, &[("MINUTE", &minutes.to_string()), ("DAY", &days)])
    };
    let (label, left) = match status {
        Some(LicenseStatus::Unlicensed) => ("L_MsgLicenseStatusUnlicensed_1", None),
        Some(LicenseStatus::Licensed) => (
            "L_MsgLicenseStatusLicensed_1",
            (minutes != 0).then(|| lasting(product.kind())).map(|[line, _]| line),
        ),
        Some(LicenseStatus::OobGrace) => ("L_MsgLicenseStatusInitialGrace_1", REMAINING),
        Some(LicenseStatus::OotGrace) => ("L_MsgLicenseStatusAdditionalGrace_1", REMAINING),
        Some(LicenseStatus::NonGenuineGrace) => ("L_MsgLicenseStatusNonGenuineGrace_1", REMAINING),
        Some(LicenseStatus::ExtendedGrace) => ("L_MsgLicenseStatusExtendedGrace_1", REMAINING),
        Some(LicenseStatus::Notification) => ("L_MsgLicenseStatusNotification_1", None),
        None => ("L_MsgLicenseStatusUnknown", None),
    };
    page.line(label);
    page.0.extend(left.map(time));
    if status == Some(LicenseStatus::Notification) {
        reason(page, own.number("LicenseStatusReason").unwrap_or(0));
    }
}

const REMAINING: Option<&str> = Some("L_MsgLicenseStatusTimeRemaining");

/// Why the product is in notification.
fn reason(page: &mut Page, reason: u32) {
    let is = |code: &crate::catalog::Code| code.native.number() == Some(reason);
    let resource = if is(&SL_E_NOT_GENUINE) {
        "L_MsgNotificationErrorReasonNonGenuine"
    } else if is(&SL_E_GRACE_TIME_EXPIRED) {
        "L_MsgNotificationErrorReasonExpiration"
    } else {
        "L_MsgNotificationErrorReasonOther"
    };
    page.filled(resource, &format!("{reason:X}"));
}

/// Minutes in days: the first two editions round down, the later ones up.
const fn days(minutes: u32, profile: Profile) -> u32 {
    match profile {
        Profile::V60 | Profile::V61 => minutes / 1440,
        Profile::V62 | Profile::V63 | Profile::V10 => minutes.div_ceil(1440),
    }
}

/// End of evaluation, rearm counts, trusted time.
fn counts(
    page: &mut Page,
    shown: &Shown<'_>,
    product: &Product,
    (own, service): (&Object<'_>, &Object<'_>),
) {
    let profile = shown.profile();
    let unlicensed = own.number("LicenseStatus") == Some(0);
    if let Some(end) = own.time("EvaluationEndDate").filter(|_| !unlicensed) {
        page.value("L_MsgLicenseStatusEvalEndData", &shown.date(end));
    }
    if profile == Profile::V60 {
        return;
    }
    if profile < Profile::V63 || product.pool() == Pool::Windows {
        let count = service.printed("RemainingWindowsReArmCount");
        page.filled("L_MsgRemainingWindowsRearmCount", &count);
    } else {
        page.filled("L_MsgRemainingAppRearmCount", &own.printed("RemainingAppReArmCount"));
    }
    if profile >= Profile::V63 {
        page.filled("L_MsgRemainingSkuRearmCount", &own.printed("RemainingSkuReArmCount"));
    }
    if let Some(at) = own.time("TrustedTime") {
        page.value("L_MsgCurrentTrustedTime", &shown.date(at));
    }
}

#[cfg(test)]
mod tests {
    use super::days;
    use crate::kms::catalog::Profile;

    #[test]
    fn the_first_editions_round_days_down_and_the_later_ones_up() {
        assert_eq!([Profile::V61, Profile::V10].map(|profile| days(243_720, profile)), [169, 170]);
        assert_eq!([Profile::V60, Profile::V62].map(|profile| days(259_200, profile)), [180, 180]);
        assert_eq!([Profile::V60, Profile::V62].map(|profile| days(0, profile)), [0, 0]);
    }
}
