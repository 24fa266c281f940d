//! What an admin wants set, independent of the form in which it is written: Intune profiles, provisioning packages.
//!
//! SyncML documents and Fleet profiles are messages; see `message`.

use super::key::ProductKey;
use crate::csp::catalog::intune::{self, OmaType};
use std::fmt;

/// How a value was written.
#[derive(Clone, PartialEq, Eq)]
pub enum Written {
    /// A JSON number, or text of an element that holds a number.
    Integer(i64),
    Text(String),
    Boolean(bool),
    /// A number with a fraction.
    Float(String),
    /// Base64 that was decoded to text.
    Decoded {
        text: String,
        /// The text began with a byte order mark, which is cut.
        marked: bool,
    },
    /// Base64 that does not decode, or decodes to something that is not UTF-8: why.
    Broken(String),
    /// Asterisks, or nothing, where the service hides a secret.
    Masked,
    Missing,
}

impl fmt::Debug for Written {
    /// Covers a product key.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown =
            |text: &str| ProductKey::new(text).map_or_else(|_| text.to_owned(), |key| key.masked());
        match self {
            Self::Integer(number) => out.debug_tuple("Integer").field(number).finish(),
            Self::Text(text) => out.debug_tuple("Text").field(&shown(text)).finish(),
            Self::Boolean(value) => out.debug_tuple("Boolean").field(value).finish(),
            Self::Float(text) => out.debug_tuple("Float").field(text).finish(),
            Self::Decoded { text, marked } => out
                .debug_struct("Decoded")
                .field("text", &shown(text))
                .field("marked", marked)
                .finish(),
            Self::Broken(why) => out.debug_tuple("Broken").field(why).finish(),
            Self::Masked => out.write_str("Masked"),
            Self::Missing => out.write_str("Missing"),
        }
    }
}

/// The `omaSettings` types of Intune, by what they serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    Integer,
    String,
    StringXml,
    Boolean,
    Base64,
    FloatingPoint,
    DateTime,
    /// A property of an edition upgrade template, or an element of a provisioning package.
    Template,
    /// A type that no published document names.
    Unknown,
}

impl SettingKind {
    /// Every type that is published.
    pub const PUBLISHED: [Self; 7] = [
        Self::Integer,
        Self::String,
        Self::StringXml,
        Self::Boolean,
        Self::Base64,
        Self::FloatingPoint,
        Self::DateTime,
    ];

    /// The row of a published type.
    #[must_use]
    pub const fn oma_type(self) -> Option<&'static OmaType> {
        match self {
            Self::Integer => Some(&intune::INTEGER),
            Self::String => Some(&intune::STRING),
            Self::StringXml => Some(&intune::STRING_XML),
            Self::Boolean => Some(&intune::BOOLEAN),
            Self::Base64 => Some(&intune::BASE64),
            Self::FloatingPoint => Some(&intune::FLOATING_POINT),
            Self::DateTime => Some(&intune::DATE_TIME),
            Self::Template | Self::Unknown => None,
        }
    }

    /// The type with this name, which stands without its namespace.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::PUBLISHED
            .into_iter()
            .find(|kind| kind.oma_type().is_some_and(|row| row.name == name))
            .unwrap_or(Self::Unknown)
    }
}

/// What a setting asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Add or Replace, as a custom profile does.
    Set,
    /// Exec, as the edition upgrade template and provisioning packages do.
    Exec,
}

/// One setting of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Line of the value, counted from 1.
    pub line: u64,
    /// Display name; empty when there is none.
    pub name: String,
    /// The address as written.
    pub uri: String,
    pub kind: SettingKind,
    pub wish: Wish,
    pub value: Written,
    /// An integer that was written as JSON text.
    pub quoted: bool,
    /// `isEncrypted`.
    pub encrypted: bool,
    /// `isReadOnly`: only a Get.
    pub read_only: bool,
}

/// `windowsSMode` of an edition upgrade template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowsSMode {
    NoRestriction,
    Block,
    Unlock,
}

/// What an Intune `editionUpgradeConfiguration` says beside its settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    pub line: u64,
    /// `productKey`, `licenseFile`, `notConfigured`, as written.
    pub license_type: Option<String>,
    /// Name of `windows10EditionType`, as written.
    pub target_edition: Option<String>,
    pub smode: Option<WindowsSMode>,
    /// A product key is given, masked or not.
    pub has_key: bool,
}

/// The form of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileForm {
    /// `windows10CustomConfiguration`.
    IntuneCustom,
    /// `editionUpgradeConfiguration`.
    IntuneUpgrade(Template),
    /// `WindowsCustomizations`.
    Package,
}

/// One profile or package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub line: u64,
    pub form: ProfileForm,
    /// `displayName`, or `Name` of a package.
    pub name: String,
    /// In the order of the file.
    pub settings: Vec<Setting>,
}

#[cfg(test)]
mod tests {
    use super::{SettingKind, Written};

    #[test]
    fn every_published_type_is_found_by_its_name() {
        for kind in SettingKind::PUBLISHED {
            assert_eq!(SettingKind::of(kind.oma_type().unwrap().name), kind);
        }
        assert_eq!(SettingKind::of("omaSetting"), SettingKind::Unknown);
        assert!(SettingKind::Template.oma_type().is_none());
    }

    #[test]
    fn a_product_key_is_covered_where_a_value_is_printed_for_debugging() {
        let text = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01".to_owned();
        for written in [Written::Text(text.clone()), Written::Decoded { text, marked: false }] {
            let shown = format!("{written:?}");
            assert!(shown.contains("*****-EDU01") && !shown.contains("AAAAA"), "{shown}");
        }
        assert_eq!(format!("{:?}", Written::Text("x".to_owned())), "Text(\"x\")");
        assert_eq!(format!("{:?}", Written::Masked), "Masked");
    }
}
