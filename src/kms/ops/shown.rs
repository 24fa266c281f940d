//! One object of a snapshot: its properties by the API's spelling, read as what the model holds.

use crate::catalog::{Field, Kind};
use crate::clock::Timestamp;
use crate::kms::catalog::service::NOT_APPLICABLE;
use crate::kms::model::{Discovered, DomainName, HostChoice, HostName, Port, PropertyValue};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// Properties of one object, under the API's spelling.
pub(super) struct Object<'j>(pub(super) &'j Map<String, Json>);

impl<'j> Object<'j> {
    pub(super) fn text(&self, name: &str) -> Option<&'j str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    pub(super) fn number(&self, name: &str) -> Option<u32> {
        u32::try_from(self.0.get(name)?.as_u64()?).ok()
    }

    /// A number that is not the API's -1.
    pub(super) fn count(&self, name: &str) -> Option<u32> {
        self.number(name).filter(|number| *number != NOT_APPLICABLE)
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    pub(super) fn guid(&self, name: &str) -> Option<Uuid> {
        Uuid::try_parse(self.text(name)?).ok()
    }

    pub(super) fn time(&self, name: &str) -> Option<Timestamp> {
        Timestamp::parse(self.text(name)?)
    }

    pub(super) fn is_host(&self) -> bool {
        self.number("IsKeyManagementServiceMachine") == Some(1)
    }

    pub(super) fn host(&self) -> HostChoice {
        let found = |part: &str| format!("DiscoveredKeyManagementServiceMachine{part}");
        let discovered = self.text(&found("Name")).map(|name| Discovered {
            name: name.to_owned(),
            port: self.count(&found("Port")).unwrap_or(0),
            address: self.text(&found("IpAddress")).map(str::to_owned),
        });
        HostChoice {
            name: self.text("KeyManagementServiceMachine").and_then(HostName::stored),
            port: self.number("KeyManagementServicePort").and_then(Port::new),
            lookup_domain: self.text("KeyManagementServiceLookupDomain").and_then(DomainName::new),
            discovered,
            product_key_id: self.text("KeyManagementServiceProductKeyID").map(str::to_owned),
        }
    }

    /// A property that is carried, as the kind of its row says.
    pub(super) fn carried(&self, field: &Field) -> Option<PropertyValue> {
        match self.0.get(field.name)? {
            Json::Bool(flag) => Some(PropertyValue::Bool(*flag)),
            Json::Number(_) => self.number(field.name).map(PropertyValue::U32),
            Json::String(_) if field.kind == Kind::Datetime => {
                self.time(field.name).map(PropertyValue::Time)
            }
            Json::String(text) => Some(PropertyValue::Text(text.clone())),
            _ => None,
        }
    }
}
