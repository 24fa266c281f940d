//! The drive `RDS:\LicenseServer` as PowerShell lists it: rows of a name and a value, all of one server.

use super::members::Object;
use super::{Record, Told, ToldServer};
use crate::error::Place;
use crate::tslicense::catalog::fields::CONTACT;
use crate::tslicense::model::Activation;

/// What the rows tell so far.
#[derive(Debug, Default)]
pub(super) struct Drive {
    server: Option<String>,
    told: Option<(Place, ToldServer)>,
}

impl Drive {
    /// Takes a row; a name that is none of the server's properties is passed over.
    pub(super) fn take(&mut self, object: &Object<'_>) {
        let (_, told) = self.told.get_or_insert_with(|| (object.place, ToldServer::default()));
        self.server = self.server.take().or_else(|| object.server().map(str::to_owned));
        let (Some(name), Some(value)) = (object.get("Name"), object.get("CurrentValue")) else {
            return;
        };
        let fields = CONTACT.iter().zip(told.contact.0.iter_mut());
        for (field, held) in fields {
            if field.name.eq_ignore_ascii_case(name) {
                value.clone_into(held);
            }
        }
        // The drive shows the opposite of the WMI methods.
        if name.eq_ignore_ascii_case("ActivationStatus") {
            told.activation = Some(match value {
                "1" => Activation::Activated,
                "0" => Activation::NotActivated,
                _ => Activation::Unknown,
            });
        }
    }

    /// The server that the rows are of.
    pub(super) fn end(self) -> Option<(Place, Record)> {
        let (place, told) = self.told?;
        Some((place, Record { server: self.server, told: Told::Server(Box::new(told)) }))
    }
}
