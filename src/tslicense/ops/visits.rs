//! Connections to a session host, which asks the license servers of its list.

use super::{hosts, licenses};
use crate::clock::Timestamp;
use crate::error::{Outcome, Usage};
use crate::store::Tx;
use crate::tslicense::catalog::enumerations::PRODUCT_PER_USER;
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::model::{Host, Server};
use crate::tslicense::rules::life::{Connected, Grant, UserConnected, Visit};
use crate::tslicense::rules::visit::{Way, way};
use crate::tslicense::store::servers;

/// What connects to a host.
#[derive(Debug, Clone)]
pub struct Visitor<'a> {
    /// Hardware ID and name of the device.
    pub device: Option<(&'a str, &'a str)>,
    pub user: &'a str,
    pub days: Option<u32>,
    pub logs_on: bool,
}

/// What a connection came to.
#[derive(Debug, Clone)]
pub enum Visited {
    Device(Connected),
    User(UserConnected),
    /// Let in without a license.
    Free(Grant),
    /// Turned away, with the disconnect reason.
    Away(u32),
}

impl Visited {
    /// Whether the connection was let in.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        match self {
            Self::Device(connected) => connected.grant != Grant::Refused,
            Self::User(_) | Self::Free(_) => true,
            Self::Away(_) => false,
        }
    }
}

/// Connects to a stored host; the license server that it asked comes back.
///
/// Usage error when its mode wants a device or a user that is not named, or its release is not known. Refuses with
/// `WBEM_E_NOT_FOUND` when there is no such host.
pub fn connect(
    tx: &mut dyn Tx,
    host: &str,
    visitor: &Visitor<'_>,
    now: Timestamp,
) -> Outcome<(Visited, Option<String>)> {
    let (_, host) = hosts::known(tx.reading(), host)?;
    let known: Vec<Server> =
        servers::all(tx.reading())?.into_iter().map(|(_, server)| server).collect();
    let server = match way(&host, &known, now) {
        Way::Ask(server) => server.name.clone(),
        Way::Free(grant) => return Ok((Visited::Free(grant), None)),
        Way::Away(reason) => return Ok((Visited::Away(reason), None)),
    };
    let release = release(&host)?;
    let visited = if host.product() == Some(PRODUCT_PER_USER) {
        if visitor.user.is_empty() {
            return Err(wants(&host, "user", "--user NAME"));
        }
        Visited::User(licenses::connect_user(tx, &server, (visitor.user, release), now)?)
    } else {
        let Some((hardware, computer)) = visitor.device else {
            return Err(wants(&host, "device", "--device HWID --computer NAME"));
        };
        let visit = Visit {
            hardware,
            computer,
            user: visitor.user,
            host: release,
            days: visitor.days,
            logs_on: visitor.logs_on,
            now,
        };
        Visited::Device(licenses::connect_device(tx, &server, &visit)?)
    };
    Ok((visited, Some(server)))
}

fn release(host: &Host) -> Outcome<Os> {
    host.os.ok_or_else(|| {
        Usage::new(format!("the release of `{}` is not known", host.name))
            .hinted(format!("`licctl tslicense host set {} OS=2019` records it", host.name))
            .into()
    })
}

fn wants(host: &Host, kind: &str, flags: &str) -> crate::error::Stop {
    Usage::new(format!("`{}` is licensed per {kind}, and no {kind} is named", host.name))
        .hinted(format!("add `{flags}`"))
        .into()
}
