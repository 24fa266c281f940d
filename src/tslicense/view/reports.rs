//! License usage reports, and the entries of each class.

use crate::clock::Timestamp;
use crate::output::{Cell, Column, Fit, Look, View, column};
use crate::tslicense::catalog::enumerations::PRODUCT_PER_USER;
use crate::tslicense::catalog::texts;
use crate::tslicense::model::datetime::written;
use crate::tslicense::model::report::{Class, Entry, Report};
use crate::tslicense::rules::reports::NO_MORE_DATA;
use schemars::JsonSchema;
use serde::Serialize;

/// An object of `Win32_TSLicenseReport`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ReportView {
    file_name: String,
    /// `CIM_DATETIME`.
    generation_date_time: String,
    version: u32,
    /// Of servers before 2012; null otherwise.
    scope_type: Option<u32>,
    scope_value: Option<String>,
    #[serde(skip)]
    made: Timestamp,
}

impl From<&Report> for ReportView {
    fn from(report: &Report) -> Self {
        Self {
            file_name: report.name.clone(),
            generation_date_time: written(report.made),
            version: 1,
            scope_type: report.scope.as_ref().map(|(kind, _)| *kind),
            scope_value: report.scope.as_ref().map(|(_, value)| value.clone()),
            made: report.made,
        }
    }
}

impl View for ReportView {
    const SCHEMA: &'static str = "licctl.tslicense.report/1";
    const COLUMNS: &'static [Column] = &[
        column("FILENAME", "FileName", Fit::Keep),
        column("GENERATED", "GenerationDateTime", Fit::Keep),
        column("SCOPE", "ScopeValue", Fit::Elide),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            self.file_name.clone().into(),
            look.time(self.made).into(),
            self.scope_value.as_deref().filter(|text| !text.is_empty()).unwrap_or("-").into(),
        ]
    }

    fn name(&self) -> String {
        self.file_name.clone()
    }
}

fn date(time: Option<Timestamp>) -> String {
    time.map(written).unwrap_or_default()
}

fn cal_type(entry: &Entry) -> &'static str {
    texts::type_and_model(entry.product, entry.version)
}

macro_rules! entries {
    ($(#[$doc:meta])* $name:ident, $schema:literal, $key:ident { $($(#[$attribute:meta])* $field:ident: $type:ty = $value:expr),* $(,)? } [$(($head:literal, $member:literal, $cell:ident, $fit:ident)),* $(,)?]) => {
        $(#[$doc])*
        #[derive(Debug, Serialize, JsonSchema)]
        #[serde(rename_all = "PascalCase")]
        pub struct $name {
            $($(#[$attribute])* $field: $type,)*
        }

        impl From<&Entry> for $name {
            fn from(entry: &Entry) -> Self {
                let make: fn(&Entry) -> Self = |entry| {
                    Self { $($field: { let value: fn(&Entry) -> $type = $value; value(entry) },)* }
                };
                make(entry)
            }
        }

        impl View for $name {
            const SCHEMA: &'static str = $schema;
            const COLUMNS: &'static [Column] = &[$(column($head, $member, Fit::$fit),)*];

            fn cells(&self, _: &Look) -> Vec<Cell> {
                vec![$(self.$cell.to_string().into(),)*]
            }

            fn name(&self) -> String {
                self.$key.to_string()
            }
        }
    };
}

entries! {
    /// `Win32_TSLicenseReportEntry`: a license per user.
    UserEntryView, "licctl.tslicense.report-entry/1", user {
        user: String = |entry| entry.name.clone(),
        /// `CIM_DATETIME`.
        expiration_date: String = |entry| date(entry.time),
        #[serde(rename = "CALType")]
        cal_type: &'static str = cal_type,
        product_version: String = |entry| texts::version_name(entry.version),
        #[serde(rename = "ProductVersionID")]
        version: u32 = |entry| entry.version,
    } [
        ("USER", "User", user, Keep),
        ("EXPIRES", "ExpirationDate", expiration_date, Keep),
        ("CALTYPE", "CALType", cal_type, Elide),
        ("VERSION", "ProductVersion", product_version, Elide),
    ]
}

entries! {
    /// `Win32_TSLicenseReportPerDeviceEntry`: a license per device.
    DeviceEntryView, "licctl.tslicense.report-device-entry/1", hardware {
        #[serde(rename = "sIssuedToComputer")]
        computer: String = |entry| entry.name.clone(),
        #[serde(rename = "sHardwareId")]
        hardware: String = |entry| entry.hardware.clone(),
        /// `CIM_DATETIME`.
        expiration_date: String = |entry| date(entry.time),
        #[serde(rename = "CALType")]
        cal_type: &'static str = cal_type,
        product_version: String = |entry| texts::version_name(entry.version),
        #[serde(rename = "ProductVersionID")]
        version: u32 = |entry| entry.version,
    } [
        ("COMPUTER", "sIssuedToComputer", computer, Keep),
        ("HWID", "sHardwareId", hardware, Elide),
        ("EXPIRES", "ExpirationDate", expiration_date, Keep),
        ("CALTYPE", "CALType", cal_type, Elide),
        ("VERSION", "ProductVersion", product_version, Elide),
    ]
}

entries! {
    /// `Win32_TSLicenseReportFailedPerUserEntry`: a license that could not be written into the directory.
    FailedEntryView, "licctl.tslicense.report-failed-entry/1", user {
        user: String = |entry| entry.name.clone(),
        /// `CIM_DATETIME`.
        tried_issuance_on: String = |entry| date(entry.time),
        #[serde(rename = "CALType")]
        cal_type: &'static str = cal_type,
        product_version: String = |entry| texts::version_name(entry.version),
        #[serde(rename = "ProductVersionID")]
        version: u32 = |entry| entry.version,
    } [
        ("USER", "User", user, Keep),
        ("TRIED", "TriedIssuanceOn", tried_issuance_on, Keep),
        ("CALTYPE", "CALType", cal_type, Elide),
        ("VERSION", "ProductVersion", product_version, Elide),
    ]
}

entries! {
    /// `Win32_TSLicenseReportFailedPerUserSummaryEntry`: the failures of a domain.
    FailedSummaryView, "licctl.tslicense.report-failed-summary-entry/1", domain_name {
        domain_name: String = |entry| entry.name.clone(),
        failed_issuance_count: u64 = |entry| entry.first,
    } [
        ("DOMAIN", "DomainName", domain_name, Keep),
        ("FAILED", "FailedIssuanceCount", failed_issuance_count, Number),
    ]
}

entries! {
    /// `Win32_TSLicenseReportSummaryEntry`: the licenses of one version and product.
    SummaryEntryView, "licctl.tslicense.report-summary-entry/1", product_version {
        product_version: String = |entry| texts::version_name(entry.version),
        #[serde(rename = "ProductVersionID")]
        version: u32 = |entry| entry.version,
        /// `Per Device`, `Per User`.
        #[serde(rename = "TSCALType")]
        product: &'static str =
            |entry| if entry.product == PRODUCT_PER_USER { "Per User" } else { "Per Device" },
        installed_licenses: u64 = |entry| entry.first,
        issued_licenses: u64 = |entry| entry.second,
        /// `Available`, `Limited`, `None`, `Not Tracking`.
        #[serde(rename = "TSCALAvailability")]
        availability: &'static str = |entry| entry.availability.word(),
    } [
        ("VERSION", "ProductVersion", product_version, Keep),
        ("TYPE", "TSCALType", product, Keep),
        ("INSTALLED", "InstalledLicenses", installed_licenses, Number),
        ("ISSUED", "IssuedLicenses", issued_licenses, Number),
        ("AVAILABILITY", "TSCALAvailability", availability, Keep),
    ]
}

/// Entries of one class, under the name that its method has for them; null behind the last entry.
#[derive(Debug, Serialize, JsonSchema)]
enum Entries {
    #[serde(rename = "ReportEntries")]
    User(Option<Vec<UserEntryView>>),
    #[serde(rename = "ReportPerDeviceEntries")]
    Device(Option<Vec<DeviceEntryView>>),
    #[serde(rename = "ReportFailedPerUserEntries")]
    Failed(Option<Vec<FailedEntryView>>),
    #[serde(rename = "ReportFailedPerUserSummaryEntries")]
    FailedSummary(Option<Vec<FailedSummaryView>>),
    #[serde(rename = "ReportSummaryEntries")]
    Summary(Option<Vec<SummaryEntryView>>),
}

/// What a method that fetches entries hands back.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct FetchView {
    /// 0, or 16385 (`LSERVER_I_NO_MORE_DATA`) behind the last entry.
    return_value: u32,
    count: usize,
    #[serde(flatten)]
    entries: Entries,
}

impl FetchView {
    /// - `entries`: `None` behind the last one.
    #[must_use]
    pub fn new(class: Class, entries: Option<&[Entry]>) -> Self {
        Self {
            return_value: if entries.is_some() { 0 } else { NO_MORE_DATA },
            count: entries.map_or(0, <[Entry]>::len),
            entries: match class {
                Class::User => Entries::User(views(entries)),
                Class::Device => Entries::Device(views(entries)),
                Class::Failed => Entries::Failed(views(entries)),
                Class::FailedSummary => Entries::FailedSummary(views(entries)),
                Class::Summary => Entries::Summary(views(entries)),
            },
        }
    }
}

fn views<V: for<'e> From<&'e Entry>>(entries: Option<&[Entry]>) -> Option<Vec<V>> {
    entries.map(|entries| entries.iter().map(V::from).collect())
}

impl View for FetchView {
    const SCHEMA: &'static str = "licctl.tslicense.fetch/1";
    const COLUMNS: &'static [Column] =
        &[column("RETURNVALUE", "ReturnValue", Fit::Number), column("COUNT", "Count", Fit::Number)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.return_value.to_string().into(), self.count.to_string().into()]
    }

    fn name(&self) -> String {
        self.count.to_string()
    }
}

/// What a method that makes or deletes a report hands back.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ReportCallView {
    /// 0: a failure is an error, not a value.
    return_value: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_name: Option<String>,
}

impl ReportCallView {
    /// A report was made.
    #[must_use]
    pub fn made(name: &str) -> Self {
        Self { return_value: 0, file_name: Some(name.to_owned()) }
    }
}

impl View for ReportCallView {
    const SCHEMA: &'static str = "licctl.tslicense.report-call/1";
    const COLUMNS: &'static [Column] = &[
        column("RETURNVALUE", "ReturnValue", Fit::Number),
        column("FILENAME", "FileName", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let name = self.file_name.as_deref().unwrap_or("-");
        vec![self.return_value.to_string().into(), name.into()]
    }

    fn name(&self) -> String {
        self.file_name.clone().unwrap_or_default()
    }
}
