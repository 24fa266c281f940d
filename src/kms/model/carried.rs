//! Values of properties, and the properties that the model takes over from an artefact without giving them a meaning.

use crate::clock::Timestamp;
use crate::kms::catalog::service::NOT_APPLICABLE;
use std::collections::BTreeMap;

/// The value of a property as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PropertyValue {
    Null,
    U32(u32),
    Bool(bool),
    Text(String),
    Time(Timestamp),
}

impl PropertyValue {
    /// The uint32 in which the API sends -1: "not applicable".
    pub const SENTINEL: Self = Self::U32(NOT_APPLICABLE);
}

impl From<Option<u32>> for PropertyValue {
    fn from(number: Option<u32>) -> Self {
        number.map_or(Self::SENTINEL, Self::U32)
    }
}

impl From<Option<&str>> for PropertyValue {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.to_owned()))
    }
}

impl From<Option<Timestamp>> for PropertyValue {
    fn from(at: Option<Timestamp>) -> Self {
        at.map_or(Self::Null, Self::Time)
    }
}

/// Properties that are carried through: from an artefact into a machine and out again.
///
/// `OA3xOriginalProductKey` is not among them: it holds a whole product key.
static CARRIED: [&str; 23] = [
    "ADActivationCsvlkPid",
    "ADActivationCsvlkSkuId",
    "ADActivationObjectDN",
    "ADActivationObjectName",
    "AutomaticVMActivationHostDigitalPid2",
    "AutomaticVMActivationHostMachineName",
    "AutomaticVMActivationLastActivationTime",
    "IAID",
    "MachineURL",
    "OA2xBiosMarkerMinorVersion",
    "OA2xBiosMarkerStatus",
    "OA3xOriginalProductKeyDescription",
    "OA3xOriginalProductKeyPkPn",
    "OfflineInstallationId",
    "ProcessorURL",
    "ProductKeyURL",
    "TokenActivationAdditionalInfo",
    "TokenActivationCertificateThumbprint",
    "TokenActivationGrantNumber",
    "TokenActivationILID",
    "TokenActivationILVID",
    "UseLicenseURL",
    "ValidationURL",
];

/// Carried properties of one object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried(BTreeMap<&'static str, PropertyValue>);

impl Carried {
    /// Keeps a value; false when the property is none that is carried.
    pub fn put(&mut self, name: &str, value: PropertyValue) -> bool {
        let known = CARRIED.iter().find(|known| known.eq_ignore_ascii_case(name));
        known.is_some_and(|name| {
            self.0.insert(name, value);
            true
        })
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&PropertyValue> {
        self.0.get(name)
    }

    /// Every kept value, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &PropertyValue)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// Whether a property can be carried at all.
    #[must_use]
    pub fn takes(name: &str) -> bool {
        CARRIED.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::{Carried, PropertyValue};

    #[test]
    fn a_whole_product_key_is_never_carried() {
        let mut carried = Carried::default();
        assert!(!carried.put("OA3xOriginalProductKey", PropertyValue::Text("anything".into())));
        assert!(
            carried.put("OA3xOriginalProductKeyPkPn", PropertyValue::Text("[5.5]X00-00000".into()))
        );
        assert_eq!(carried.iter().count(), 1);
    }
}
