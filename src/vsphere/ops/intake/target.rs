//! Which instance a record belongs to: the one that was named, the one whose instanceUuid it tells, or the only one.

use super::{FORCE, HOST, Import};
use crate::api::About;
use crate::error::{Outcome, Usage};
use crate::store::{Read, named};
use crate::vsphere::catalog::products::{ESX, EntityKind, family_of};
use crate::vsphere::import::record::{Of, Record, Said};
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::{AnyValue, find};
use crate::vsphere::model::vcenter::{ApiType, is_uuid};
use crate::vsphere::ops::overlay::Overlay;
use crate::vsphere::store::vcenters;

/// What is known of the instance of a record.
pub(super) struct Target<'t> {
    pub(super) of: &'t Of,
    pub(super) about: &'t About,
    /// The record is what a host says of itself; and what its shell calls it.
    pub(super) host: bool,
    pub(super) shell: Option<&'t str>,
}

/// The folder that a file lies in; that of a call's answer in a saved inventory is the inventory's.
pub(super) fn folder(name: &str) -> String {
    let (folder, _) = name.rsplit_once(['/', '\\']).unwrap_or(("", name));
    let inner = folder.rsplit(['/', '\\']).next().unwrap_or_default();
    if inner.starts_with("LicenseAssignmentManager-") {
        return folder.trim_end_matches(inner).trim_end_matches(['/', '\\']).to_owned();
    }
    folder.to_owned()
}

/// What was read of the licenses that a host shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Viewed {
    #[default]
    Nothing,
    /// An evaluation alone: a license that follows counts more.
    Evaluation,
    License,
}

impl Viewed {
    /// What was read once this license was.
    pub(super) fn of(info: &LicenseInfo) -> Self {
        if info.license_key.is_evaluation() { Self::Evaluation } else { Self::License }
    }
}

/// Whether a record is an assignment without a scope that may be that of a vCenter itself, whose id is a UUID.
pub(super) fn is_nobodys(record: &Record) -> bool {
    let Said::Assignment(said) = &record.said else { return false };
    record.of.is_empty() && said.entity_id.as_deref().is_some_and(is_uuid)
}

/// Whether a license that a host shows is the one of the host itself: the first of its product that is no evaluation, else the
/// first evaluation.
pub(super) fn counts(info: &LicenseInfo, viewed: Viewed) -> bool {
    let product = find(&info.properties, "ProductName").and_then(AnyValue::as_text);
    let family = family_of(&info.edition_key, product);
    let of_host = product == Some(ESX)
        || family.is_none_or(|family| family.fits.contains(&EntityKind::Host))
        || info.license_key.is_evaluation();
    let first = match viewed {
        Viewed::Nothing => true,
        Viewed::Evaluation => !info.license_key.is_evaluation(),
        Viewed::License => false,
    };
    first && of_host
}

impl Import {
    /// The assignment of a vCenter itself has no scope; it is of the instance whose instanceUuid it is of.
    pub(super) fn own(&self, record: Record) -> Record {
        let known = |id: &str| self.overlays.iter().any(|overlay| overlay.vcenter.is_own(id));
        match &record.said {
            Said::Assignment(said) if is_nobodys(&record) => match &said.entity_id {
                Some(id) if known(id) => Record::of(Of::uuid(Some(id)), record.said),
                _ => record,
            },
            _ => record,
        }
    }

    /// The place of the instance, which is made when nobody knows it.
    ///
    /// Usage error when the named one has another instanceUuid, or nothing says which is meant.
    pub(super) fn instance(&mut self, target: &Target<'_>, read: &mut dyn Read) -> Outcome<usize> {
        let uuid = target.of.uuid.as_deref();
        if let (None, Some(uuid)) = (&self.hints.instance, uuid)
            && let Some(at) = self.with_uuid(uuid, target, read)?
        {
            return Ok(at);
        }
        let name = self.name(target, read)?;
        if let Some(uuid) = uuid {
            self.unique(uuid, &name, read)?;
        }
        let same = |overlay: &Overlay| overlay.vcenter.name.to_lowercase() == name.to_lowercase();
        let at = match (self.met(same), vcenters::find(read, &name)?) {
            (Some(at), _) => at,
            (None, Some(vcenter)) => self.enter(Overlay::of(read, vcenter)?),
            (None, None) => {
                let lone = target.host && !self.hints.texts.contains_key(HOST);
                let api_type = if lone { ApiType::HostAgent } else { ApiType::VirtualCenter };
                self.enter(Overlay::made(&name, uuid, api_type))
            }
        };
        self.suits(at, target, read)?;
        Ok(at)
    }

    fn enter(&mut self, overlay: Overlay) -> usize {
        self.overlays.push(overlay);
        self.overlays.len() - 1
    }

    /// The instance with that instanceUuid, or the only one that waits for its own.
    fn with_uuid(
        &mut self,
        uuid: &str,
        target: &Target<'_>,
        read: &mut dyn Read,
    ) -> Outcome<Option<usize>> {
        if let Some(at) = self.met(|overlay| overlay.vcenter.is_own(uuid)) {
            return Ok(Some(at));
        }
        if let Some(vcenter) = vcenters::with_uuid(read, uuid)? {
            let overlay = Overlay::of(read, vcenter)?;
            return Ok(Some(self.enter(overlay)));
        }
        let at = match self.folders.get(&folder(&target.about.name)) {
            Some(at) if self.overlays.get(*at).is_some_and(Overlay::is_nameless) => Some(*at),
            _ => self.nameless(read)?,
        };
        if let Some(overlay) = at.and_then(|at| self.overlays.get_mut(at)) {
            overlay.adopt(read, uuid)?;
        }
        Ok(at)
    }

    /// What the instance is called: as the user says, as the record says, as the file before it, or the only one.
    fn name(&self, target: &Target<'_>, read: &mut dyn Read) -> Outcome<String> {
        if let Some(name) = &self.hints.instance {
            return Ok(name.clone());
        }
        let about = target.about;
        match (&target.of.name, &target.of.uuid) {
            (Some(name), _) => return Ok(name.clone()),
            (None, Some(uuid)) => {
                return Ok(about.folder.clone().unwrap_or_else(|| uuid.clone()));
            }
            (None, None) => {}
        }
        let met = self.folders.get(&folder(&about.name)).and_then(|at| self.overlays.get(*at));
        if let Some(overlay) = met.filter(|_| !target.host) {
            return Ok(overlay.vcenter.name.clone());
        }
        let stored = named::from(read, vcenters::VCENTERS.name, "", 2)?;
        // What the same import made counts as stored.
        let stored = match (stored.as_slice(), self.overlays.as_slice()) {
            ([], [only]) if !target.host => vec![only.vcenter.name.clone()],
            _ => stored,
        };
        let lone = target.host && !self.hints.texts.contains_key(HOST);
        if lone && about.folder.is_none() && self.hints.instance.is_none() {
            return Self::host_name(&stored, target.shell, read);
        }
        self.hints.instance_of(about, &stored).ok_or_else(|| {
            Usage::new(format!("`{}` names no vcenter, and the store has several", about.name))
                .hinted("give `--vcenter NAME`")
                .into()
        })
    }

    /// The stand-alone host that a host's own view fills.
    ///
    /// Usage error when the instances are vCenters: then the view is of one of their hosts.
    fn host_name(stored: &[String], shell: Option<&str>, read: &mut dyn Read) -> Outcome<String> {
        let only = match stored {
            [] => return Ok(shell.unwrap_or("default").to_owned()),
            [only] => vcenters::find(read, only)?,
            _ => None,
        };
        match only.filter(|only| only.api_type == ApiType::HostAgent || shell.is_some()) {
            Some(only) => Ok(only.name),
            None => Err(Usage::new("the text is what one host says of itself, and does not name it")
                .hinted("give `--host ENTITY` for a host of a vCenter, or `--vcenter NAME` for a stand-alone host")
                .into()),
        }
    }

    /// Usage error when the instance is not what the record is of.
    fn suits(&mut self, at: usize, target: &Target<'_>, read: &mut dyn Read) -> Outcome<()> {
        let forced = self.hints.texts.contains_key(FORCE);
        let host = self.hints.texts.contains_key(HOST);
        let Some(overlay) = self.overlays.get_mut(at) else { return Ok(()) };
        let known = host || target.shell.is_some();
        if target.host && !known && overlay.vcenter.api_type == ApiType::VirtualCenter {
            let message = format!(
                "`{}` is a vCenter, and the text is what one host says of itself",
                overlay.vcenter.name
            );
            return Err(Usage::new(message).hinted("give `--host ENTITY`").into());
        }
        let Some(uuid) = target.of.uuid.as_deref() else { return Ok(()) };
        if overlay.is_nameless() {
            return overlay.adopt(read, uuid);
        }
        match &overlay.vcenter.uuid {
            Some(held) if !uuid.eq_ignore_ascii_case(held) && !forced => {
                let message = format!(
                    "`{}` is of the vCenter {uuid}, the named one is {held}",
                    target.about.name
                );
                Err(Usage::new(message)
                    .hinted("leave `--vcenter` out, name another, or give `--force-instance`")
                    .into())
            }
            _ => Ok(()),
        }
    }

    /// Usage error when another instance than the named one has that instanceUuid.
    fn unique(&self, uuid: &str, name: &str, read: &mut dyn Read) -> Outcome<()> {
        let met = self.overlays.iter().map(|overlay| &overlay.vcenter);
        let met = met.into_iter().find(|vcenter| vcenter.is_own(uuid)).cloned();
        let held = match met {
            Some(vcenter) => Some(vcenter),
            None => vcenters::with_uuid(read, uuid)?,
        };
        let other = held.filter(|held| held.name.to_lowercase() != name.to_lowercase());
        match other.filter(|_| !self.hints.texts.contains_key(FORCE)) {
            Some(other) => {
                let message = format!(
                    "the file is of the vCenter {uuid}, which is `{}`, not `{name}`",
                    other.name
                );
                Err(Usage::new(message)
                    .hinted(format!("leave `--vcenter` out, or give `--vcenter {}`", other.name))
                    .into())
            }
            None => Ok(()),
        }
    }

    /// The only instance, when no file has told its instanceUuid yet.
    fn nameless(&mut self, read: &mut dyn Read) -> Outcome<Option<usize>> {
        let stored = named::from(read, vcenters::VCENTERS.name, "", 2)?;
        match (self.overlays.as_slice(), stored.as_slice()) {
            ([], [only]) => {
                let Some(vcenter) = vcenters::find(read, only)? else { return Ok(None) };
                let overlay = Overlay::of(read, vcenter)?;
                if !overlay.is_nameless() {
                    return Ok(None);
                }
                Ok(Some(self.enter(overlay)))
            }
            ([only], []) => Ok(only.is_nameless().then_some(0)),
            ([only], [stored]) => {
                Ok((only.is_nameless() && only.vcenter.name == *stored).then_some(0))
            }
            _ => Ok(None),
        }
    }

    fn met(&self, fits: impl Fn(&Overlay) -> bool) -> Option<usize> {
        self.overlays.iter().position(fits)
    }
}
