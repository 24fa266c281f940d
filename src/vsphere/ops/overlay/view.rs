//! What a host says of itself: of one that is managed the key that it shows, of a stand-alone one its inventory.

use super::entity::{evaluate, hold, kind_for, kind_of};
use super::license::flaw;
use super::{Overlay, Reading, Told};
use crate::error::Outcome;
use crate::store::{Put, Read};
use crate::vsphere::catalog::products::EntityKind;
use crate::vsphere::catalog::properties::PRODUCT_VERSION;
use crate::vsphere::import::record::LicenseSaid;
use crate::vsphere::model::key::Key;
use crate::vsphere::model::value::{AnyValue, find};
use crate::vsphere::model::vcenter::ApiType;

impl Overlay {
    /// Takes what a host itself says of its license.
    ///
    /// - `entity`: the host, of a vCenter that manages it; `None`: the instance is the host.
    pub(in crate::vsphere::ops) fn view(
        &mut self,
        read: &mut dyn Read,
        entity: Option<&str>,
        said: &LicenseSaid,
        reading: &mut Reading<'_>,
    ) -> Outcome<Told> {
        let evaluation = said.info.license_key.is_evaluation();
        let Some(entity) = entity else { return self.own_license(read, said, reading) };
        if let Some(flaw) = flaw(&said.info) {
            reading.notes.complain(reading.place, flaw);
            return Ok(Told::Skipped);
        }
        let kind = Some(EntityKind::Host);
        let unnamed = self.ids_of(read, entity)?.is_empty();
        let (id, name) = if unnamed && kind_of(entity) == EntityKind::Host {
            (Some(entity), None)
        } else {
            (None, Some(entity))
        };
        let Some((mut held, known)) = self.named(read, (id, name), kind, reading)? else {
            return Ok(Told::Skipped);
        };
        let before = held.clone();
        if !known {
            held.entity.told = false;
        }
        if evaluation {
            evaluate(&mut held.entity, &said.info.properties, entity, reading);
        }
        let Some(key) = self.key_of(&said.info.license_key) else {
            let message = format!(
                "`{}` is masked, and fits no license or several",
                said.info.license_key.shown()
            );
            reading.warn("MASKED_KEY", message);
            return Ok(Told::Skipped);
        };
        held.entity.host_key = Some(key);
        Ok(self.settled(held, &before, known))
    }

    /// The key that a host shows, as the inventory knows it; `None` when it is masked and cannot be told.
    fn key_of(&self, key: &Key) -> Option<Key> {
        let text = key.full().unwrap_or_default();
        let masked = text.contains('*');
        let at = if masked { self.by_end(text) } else { self.by_key(text, "") };
        let known = at.and_then(|at| self.licenses.get(at)).map(|license| license.key.clone());
        known.or_else(|| (!masked).then(|| key.clone()))
    }

    /// The license of a stand-alone host: it takes the place of the evaluation.
    fn own_license(
        &mut self,
        read: &mut dyn Read,
        said: &LicenseSaid,
        reading: &mut Reading<'_>,
    ) -> Outcome<Told> {
        self.sections.licenses = true;
        let Some((at, put)) = self.put(said, reading, None) else { return Ok(Told::Skipped) };
        let own = self.vcenter.own_entity().to_owned();
        let mut held = self.held(read, &own, None)?;
        let before = held.clone();
        held.entity.told = true;
        if let Some(version) =
            find(&said.info.properties, PRODUCT_VERSION).and_then(AnyValue::as_text)
        {
            held.entity.product_version = Some(version.to_owned());
            if self.vcenter.version.is_empty() {
                version.clone_into(&mut self.vcenter.version);
                self.renamed = true;
            }
        }
        let Some(license) = self.licenses.get(at).cloned() else { return Ok(Told::Skipped) };
        if license.key.is_evaluation() {
            evaluate(&mut held.entity, &said.info.properties, &own, reading);
        } else if kind_for(&license).is_none_or(|kind| kind == EntityKind::Host) {
            hold(&mut held, at, &license, &[], reading.now);
            self.drop_evaluation();
        }
        let told = self.settled(held, &before, true);
        Ok(if put == Put::Unchanged { told } else { Told::Taken(put) })
    }

    /// A stand-alone host with a license has no evaluation entry, unless a file shows one.
    fn drop_evaluation(&mut self) {
        if self.vcenter.api_type != ApiType::HostAgent {
            return;
        }
        let places = self.licenses.iter().enumerate();
        let evaluations =
            places.filter(|(at, held)| held.key.is_evaluation() && !self.told.contains(at));
        let evaluations: Vec<usize> = evaluations.map(|(at, _)| at).collect();
        self.dropped.extend(evaluations);
    }
}
