//! Files what a device answered to an address under the fact that it is.

use super::address::locate;
use super::{Facts, Said, edition, edition_named, number, shown, text};
use crate::csp::catalog::context::{ContextId, ContextNode};
use crate::csp::catalog::nodes::{Allowed, Format, Node, NodeId};
use crate::csp::import::cspversions;
use crate::csp::rules::address::Place;
use percent_encoding::percent_decode_str;

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filed {
    /// It is a fact now.
    Taken,
    /// The address is of another provider, or of a node that holds no value.
    Foreign,
}

impl Facts {
    /// Files the answer of one address.
    ///
    /// - `format`: `Meta/Format`, when it was told; an interior node answers `node` and the names of its children.
    /// - `data`: with references resolved.
    ///
    /// An error says why no type can hold the answer; the fact is then as before.
    pub fn set(
        &mut self,
        loc_uri: &str,
        format: Option<&str>,
        data: &str,
    ) -> Result<Filed, String> {
        let format = format.map(str::trim).filter(|format| !format.is_empty());
        let Some(target) = locate(loc_uri) else { return Ok(Filed::Foreign) };
        match target.place {
            Place::Node(node) => {
                let name = target.subscription.as_deref().unwrap_or_default();
                self.set_node(node, name, format, data)
            }
            Place::Context(node) => self.set_context(node, data).map(|()| Filed::Taken),
        }
    }

    /// Files that an address was not found. Only of nodes that come and go does this say something.
    pub fn absent(&mut self, loc_uri: &str) -> Filed {
        let place = locate(loc_uri).map(|target| target.place);
        let Some(Place::Node(node)) = place else { return Filed::Foreign };
        match node.id {
            NodeId::SModeStatus => self.smode.status = Some(Said::Absent),
            NodeId::SwitchingPolicy => self.smode.switching_policy = Some(Said::Absent),
            _ => return Filed::Foreign,
        }
        Filed::Taken
    }

    fn set_node(
        &mut self,
        node: &'static Node,
        name: &str,
        format: Option<&str>,
        data: &str,
    ) -> Result<Filed, String> {
        let (leaf, label) = (node.format != Format::Node, node.name());
        if let Some(empty) = format.filter(|format| leaf && is_empty_format(format)) {
            return Err(format!("`{label}` is answered as {}, which holds no value", shown(empty)));
        }
        match node.id {
            NodeId::Edition => self.edition = Some(edition_of(label, data)?),
            NodeId::Status => self.status = Some(int(node, data)?),
            NodeId::LicenseKeyType => self.license_key_type = Some(text(label, data)?),
            NodeId::Subscriptions => self.list(data)?,
            NodeId::Subscription => {
                self.subscriptions.item(name)?;
            }
            NodeId::EntryStatus => {
                let status = int(node, data)?;
                self.subscriptions.item(name)?.status = Some(status);
            }
            NodeId::EntryName => {
                let shown = text(label, data)?;
                self.subscriptions.item(name)?.name = Some(shown);
            }
            NodeId::SwitchingPolicy => {
                self.smode.switching_policy = Some(Said::Value(int(node, data)?));
            }
            NodeId::SModeStatus => self.smode.status = Some(Said::Value(int(node, data)?)),
            _ => return self.set_licensing(node, data),
        }
        Ok(Filed::Taken)
    }

    /// The settings of subscriptions.
    fn set_licensing(&mut self, node: &'static Node, data: &str) -> Result<Filed, String> {
        let (subscriptions, licensing) = (&mut self.subscriptions, &mut self.licensing);
        match node.id {
            NodeId::SubscriptionType => subscriptions.kind = Some(int(node, data)?),
            NodeId::SubscriptionStatus => subscriptions.status = Some(int(node, data)?),
            NodeId::SubscriptionLastError => subscriptions.last_error = Some(int(node, data)?),
            NodeId::SubscriptionLastErrorDescription => {
                subscriptions.last_error_description = Some(text(node.name(), data)?);
            }
            NodeId::LicenseType => licensing.license_type = Some(int(node, data)?),
            NodeId::DeviceLicensingStatus => licensing.status = Some(int(node, data)?),
            NodeId::DeviceLicensingLastError => licensing.last_error = Some(int(node, data)?),
            NodeId::DeviceLicensingLastErrorDescription => {
                licensing.last_error_description = Some(text(node.name(), data)?);
            }
            _ => return Ok(Filed::Foreign),
        }
        Ok(Filed::Taken)
    }

    /// Makes a subscription of each child name that is none of the settings.
    fn list(&mut self, data: &str) -> Result<(), String> {
        let names = data.trim().split('/').filter(|name| !name.is_empty());
        for name in names {
            let name = percent_decode_str(name).decode_utf8_lossy();
            let setting = crate::csp::catalog::nodes::SUBSCRIPTIONS
                .children()
                .any(|node| node.name().eq_ignore_ascii_case(&name));
            if !setting {
                self.subscriptions.item(&name)?;
            }
        }
        Ok(())
    }

    fn set_context(&mut self, node: &ContextNode, data: &str) -> Result<(), String> {
        let (name, info) = (node.field.name, &mut self.info);
        let field = match node.id {
            ContextId::DevId => &mut info.dev_id,
            ContextId::Manufacturer => &mut info.manufacturer,
            ContextId::Model => &mut info.model,
            ContextId::DmVersion => &mut info.dm_version,
            ContextId::Language => &mut info.language,
            ContextId::HardwareVersion => &mut info.hardware_version,
            ContextId::FirmwareVersion => &mut info.firmware_version,
            ContextId::Oem => &mut info.oem,
            ContextId::SoftwareVersion => {
                let wrong = || format!("`{name}` is {}; write `10.0.26100.1`", shown(data));
                self.os_version = Some(data.trim().parse().map_err(|_| wrong())?);
                return Ok(());
            }
            ContextId::OsEdition => {
                self.edition = Some(edition_of(name, data)?);
                return Ok(());
            }
            ContextId::OsMode => {
                let mode = number(name, data.trim())?;
                if !(0..=1).contains(&mode) {
                    return Err(format!("`{name}` is `{mode}`; allowed are 0 and 1"));
                }
                self.mode = Some(mode);
                return Ok(());
            }
            ContextId::CspVersions => {
                if let Some(version) = cspversions::version(data)? {
                    self.csp_version = Some(version);
                }
                return Ok(());
            }
        };
        // An empty answer says nothing: these nodes always have a value where they are kept at all.
        let told = text(name, data.trim())?;
        if !told.is_empty() {
            *field = Some(told);
        }
        Ok(())
    }
}

/// Whether data of this format has no value.
fn is_empty_format(format: &str) -> bool {
    [Format::Node, Format::Null].iter().any(|empty| empty.word().eq_ignore_ascii_case(format))
}

/// The number of a leaf; one of the named ones where the DDF allows no other.
fn int(node: &'static Node, data: &str) -> Result<i32, String> {
    let number = number(node.name(), data.trim())?;
    let Allowed::Enumeration(names) = node.allowed else { return Ok(number) };
    if names.iter().any(|row| i32::try_from(row.value) == Ok(number)) {
        return Ok(number);
    }
    let allowed: Vec<String> = names.iter().map(|row| row.value.to_string()).collect();
    Err(format!("`{}` is `{number}`; allowed are {}", node.name(), allowed.join(" and ")))
}

/// An edition by its number, or by the name under which the registry keeps it.
fn edition_of(name: &str, data: &str) -> Result<u32, String> {
    let data = data.trim();
    if let Some(value) = super::value::whole(data) {
        return edition(name, value);
    }
    edition_named(data)
        .ok_or_else(|| format!("`{name}` is {}; allowed is the number of an edition", shown(data)))
}

#[cfg(test)]
mod tests;
