//! The standing of the server itself: activation, its ID, its role.

use super::call::{Effect, Scenery};
use crate::error::{Refusal, Warning};
use crate::tslicense::catalog::codes::{WBEM_E_INVALID_OPERATION, WBEM_E_NOT_AVAILABLE};
use crate::tslicense::catalog::fields::{CONTACT, REQUIRED_CONTACT};
use crate::tslicense::catalog::methods::Act;
use crate::tslicense::model::{Activation, Arguments, Server};

/// Step 5: licenses are brought onto activated servers alone. One of which nobody knows passes.
pub(super) fn activated(server: &Server, warnings: &mut Vec<Warning>) -> Result<(), Refusal> {
    match server.activation {
        Activation::Activated => Ok(()),
        Activation::Unknown => {
            warnings.push(Warning::new(
                "ACTIVATION_UNKNOWN",
                format!(
                    "it is not known whether `{}` is activated; it is taken as such",
                    server.name
                ),
            ));
            Ok(())
        }
        Activation::NotActivated => Err(not_activated(server)),
    }
}

fn not_activated(server: &Server) -> Refusal {
    Refusal::new(&WBEM_E_INVALID_OPERATION, format!("`{}` is not activated", server.name))
        .hinted(format!("activate it: `licctl tslicense server activate --server {}`", server.name))
}

/// The methods of `Win32_TSLicenseServer`.
pub(super) fn answer(
    act: Act,
    arguments: &Arguments,
    scenery: &Scenery<'_>,
) -> Result<Effect, Refusal> {
    let mut effect = Effect::on(scenery.target);
    let server = &mut effect.target.server;
    match act {
        Act::Activate => {
            let id = arguments.text("sLicenseServerId");
            if server.activation == Activation::Activated && !server.has_id(id) {
                return Err(Refusal::new(
                    &WBEM_E_INVALID_OPERATION,
                    format!("`{}` is activated with another ID", server.name),
                )
                .hinted("`licctl tslicense server reactivate --id ID` replaces it"));
            }
            activate(server, Some(id));
        }
        Act::ActivateAutomatic => {
            filled(server, REQUIRED_CONTACT.len())?;
            super::call::clearinghouse(&scenery.controls)?;
            activate(server, None);
        }
        Act::Reactivate => activate(server, Some(arguments.text("sNewLicenseServerId"))),
        Act::ReactivateAutomatic => {
            filled(server, 2)?;
            super::call::clearinghouse(&scenery.controls)?;
            activate(server, None);
        }
        Act::Deactivate => {
            if server.activation == Activation::NotActivated {
                return Err(not_activated(server));
            }
            server.activation = Activation::NotActivated;
        }
        Act::DeactivateAutomatic => {
            filled(server, 2)?;
            super::call::clearinghouse(&scenery.controls)?;
            server.activation = Activation::NotActivated;
        }
        Act::GetLicenseServerId => {
            if server.activation == Activation::NotActivated {
                return Err(not_activated(server));
            }
            effect.answer.server_id = Some(known_id(server)?);
            return Ok(effect);
        }
        Act::ChangeRole => {
            change_role(server, arguments.number("ServerRole").unwrap_or_default())?;
            return Ok(effect);
        }
        _ => {}
    }
    effect.answer.status = Some(server.activation.number());
    Ok(effect)
}

/// The ID of an automatic activation comes from the clearinghouse and is never invented: what was known stays.
fn activate(server: &mut Server, id: Option<&str>) {
    server.activation = Activation::Activated;
    if let Some(id) = id {
        server.license_server_id = Some(id.to_owned());
    }
}

fn known_id(server: &Server) -> Result<String, Refusal> {
    server.license_server_id.clone().ok_or_else(|| {
        Refusal::new(
            &WBEM_E_NOT_AVAILABLE,
            format!("the license server ID of `{}` is not known", server.name),
        )
        .hinted(format!(
            "`licctl tslicense server set --server {} LicenseServerId=ID` records it",
            server.name
        ))
    })
}

/// The first `count` of the required properties are filled.
fn filled(server: &Server, count: usize) -> Result<(), Refusal> {
    let value = |name: &str| {
        let at = CONTACT.iter().position(|field| field.name == name);
        at.and_then(|at| server.contact.0.get(at)).is_some_and(|text| !text.is_empty())
    };
    let empty = REQUIRED_CONTACT.iter().take(count).find(|field| !value(field.name));
    empty.map_or(Ok(()), |field| {
        Err(Refusal::new(
            &WBEM_E_INVALID_OPERATION,
            format!("`{}` of `{}` is empty", field.name, server.name),
        )
        .with("parameter", field.name)
        .hinted(format!(
            "`licctl tslicense server set --server {} {}=TEXT`",
            server.name, field.name
        )))
    })
}

/// The role of a server in a workgroup.
const WORKGROUP: u32 = 0;

fn change_role(server: &mut Server, role: u32) -> Result<(), Refusal> {
    let wrong = match server.joined {
        Some(true) if role == WORKGROUP => Some("is joined to a domain; 1 and 2 are allowed"),
        Some(false) if role != WORKGROUP => Some("is in a workgroup; 0 is allowed"),
        _ => None,
    };
    if let Some(wrong) = wrong {
        return Err(Refusal::new(&WBEM_E_INVALID_OPERATION, format!("`{}` {wrong}", server.name))
            .with("parameter", "ServerRole"));
    }
    server.role = role;
    Ok(())
}
