//! Session hosts as objects: their settings, those of their deployment, and what their methods answer.
//!
//! Registry exports of the same settings are left to `registry`.

use super::members::Object;
use super::records::{Delivery, Wrong, number};
use super::{Governs, ToldHost};
use crate::tslicense::catalog::enumerations::{
    MODE_NOT_CONFIGURED, MODE_PER_DEVICE, MODE_PER_USER, licensing_type,
};
use crate::tslicense::model::Licensing;
use crate::tslicense::model::host::is_same;

/// `Mode` of `Get-RDLicenseConfiguration`, which has words where the classes have numbers.
static MODES: [(&str, u32); 3] = [
    ("PerDevice", MODE_PER_DEVICE),
    ("PerUser", MODE_PER_USER),
    ("NotConfigured", MODE_NOT_CONFIGURED),
];

/// What `Export-Csv` writes of a list.
const UNWRITTEN: &str = "System.String[]";

impl Delivery<'_, '_, '_> {
    /// `Win32_TerminalServiceSetting`, and the answers of its methods that ask.
    pub(super) fn setting(&mut self, object: &Object<'_>) -> Result<ToldHost, Wrong> {
        let mut told = ToldHost { name: host_name(object), ..ToldHost::default() };
        told.application_server = number(object, "TerminalServerMode")?.map(|mode| mode == 1);
        told.mode_of = governs(object, "PolicySourceLicensingType")?;
        let says = Licensing { mode: self.mode(object, "LicensingType")?, servers: Vec::new() };
        match told.mode_of {
            Some(Governs::Policy) => told.policy = says,
            _ => told.own = says,
        }
        told.list_of = governs(object, "PolicySourceConfiguredLicenseServers")?;
        told.holds = list(object, "SpecifiedLSList")?;
        told.days_left = number(object, "DaysLeft")?.map(i64::from);
        Ok(told)
    }

    /// `Win32_TSDeploymentLicensing`.
    pub(super) fn deployment(&mut self, object: &Object<'_>) -> Result<ToldHost, Wrong> {
        let flag = object.get("UseCentralLicensingSettings").unwrap_or_default();
        let central = match flag.to_ascii_lowercase().as_str() {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => {
                let message = "`UseCentralLicensingSettings` is neither true nor false";
                return Err(Wrong::new(message));
            }
        };
        let deployment = Licensing {
            mode: self.mode(object, "LicensingType")?,
            servers: list(object, "LicenseServers")?,
        };
        let name = host_name(object);
        Ok(ToldHost { name, deployment, central: Some(central), ..ToldHost::default() })
    }

    /// A mode by its number; the misprint of the page of the property is told.
    fn mode(&mut self, object: &Object<'_>, name: &str) -> Result<Option<u32>, Wrong> {
        let Some(told) = number(object, name)? else { return Ok(None) };
        let (mode, misprinted) = licensing_type(told)
            .ok_or_else(|| Wrong::new(format!("`{name}` {told} is not published")))?;
        if misprinted {
            let message = format!("`{name}` is 3; it is read as 4, per user");
            self.notes.warn("LICENSING_TYPE_3", object.place, message);
        }
        Ok(Some(mode))
    }
}

/// What `Get-RDLicenseConfiguration` prints: the settings of the whole deployment.
pub(super) fn configuration(object: &Object<'_>) -> Result<ToldHost, Wrong> {
    let word = object.get("Mode").unwrap_or_default();
    let mode = MODES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map(|(_, mode)| *mode)
        .ok_or_else(|| {
            Wrong::new(format!("`Mode`: `{word}` is none of PerDevice, PerUser, NotConfigured"))
        })?;
    let servers = list(object, "LicenseServer")?;
    let deployment = Licensing { mode: Some(mode), servers };
    let name = host_name(object);
    Ok(ToldHost { name, deployment, central: Some(true), ..ToldHost::default() })
}

fn governs(object: &Object<'_>, name: &str) -> Result<Option<Governs>, Wrong> {
    let told = number(object, name)?;
    Ok(told.map(|source| if source == 1 { Governs::Policy } else { Governs::Server }))
}

/// The names of a list: an array, texts with commas, or what `Format-List` puts into braces.
fn list(object: &Object<'_>, name: &str) -> Result<Vec<String>, Wrong> {
    let mut names = Vec::new();
    for text in object.all(name) {
        if text == UNWRITTEN {
            return Err(Wrong::new(format!("`{name}` is `{UNWRITTEN}`: the list is lost"))
                .remedied("export with `ConvertTo-Json`, which writes lists out"));
        }
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(inner) => {
                let inner = inner.split(',').map(str::trim).filter(|name| !name.is_empty());
                names.extend(inner.map(str::to_owned));
            }
            None => names.extend(Licensing::split(text)),
        }
    }
    Ok(names)
}

/// The host: by the name that the tool put to it when that is the longer form of its own, else by its own.
fn host_name(object: &Object<'_>) -> Option<String> {
    let (asked, own) = (object.server(), object.get("ServerName"));
    let name = match (asked, own) {
        (Some(asked), Some(own)) if is_same(asked, own) => asked,
        (asked, own) => own.or(asked)?,
    };
    Some(name.to_owned())
}
