//! `/xpr`: when the present status of each product ends.

use super::object::Object;
use super::product::lasting;
use super::{Page, Shown, said};
use crate::kms::model::{LicenseStatus, Product};
use crate::kms::rules::read;

/// The lines of `/xpr` for some products, in their order.
#[must_use]
pub fn expiry(shown: &Shown<'_>, products: &[&Product]) -> Vec<String> {
    let mut page = Page::default();
    for product in products {
        let properties = read::product(shown.state, product, shown.pools, shown.now);
        let own = Object(&properties);
        page.0.push(format!("{}:", own.text("Name")));
        page.0.push(format!("    {}", sentence(shown, product, &own)));
    }
    page.lines()
}

fn sentence(shown: &Shown<'_>, product: &Product, own: &Object<'_>) -> String {
    let minutes = own.number("GracePeriodRemaining").unwrap_or(0);
    let status = own.number("LicenseStatus").and_then(LicenseStatus::from_number);
    let resource = match status {
        Some(LicenseStatus::Unlicensed) | None => "L_MsgLicenseStatusUnlicensed",
        Some(LicenseStatus::Licensed) if minutes == 0 => "L_MsgLicenseStatusLicensed",
        Some(LicenseStatus::Licensed) => {
            let [_, sentence] = lasting(product.kind());
            sentence
        }
        Some(LicenseStatus::OobGrace) => "L_MsgLicenseStatusInitialGrace",
        Some(LicenseStatus::OotGrace) => "L_MsgLicenseStatusAdditionalGrace",
        Some(LicenseStatus::NonGenuineGrace) => "L_MsgLicenseStatusNonGenuineGrace",
        Some(LicenseStatus::ExtendedGrace) => "L_MsgLicenseStatusExtendedGrace",
        Some(LicenseStatus::Notification) => "L_MsgLicenseStatusNotification",
    };
    let end = shown.now.plus_minutes(i64::from(minutes));
    said(resource, &shown.date(end))
}
