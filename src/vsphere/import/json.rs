//! JSON of govc, VI/JSON, `PowerCLI` and pyvmomi: licenses, assignments, hosts, the evaluation, and what an instance is.
//!
//! The four spell the same objects in four ways: names in camel case or in Pascal case, values with or without their types, nulls
//! or nothing. Each element of a list is read by itself, so that a list of any length takes the memory of one element.

mod added;
mod dialect;

use super::host;
use super::record::{AboutSaid, AssignmentSaid, LicenseSaid, Of, Part, Parts, Record, Said, Which};
use super::{Each, Options};
use crate::api::Source;
use crate::artefact::json::Elements;
use crate::artefact::trouble::Next;
use crate::artefact::{HELD, Kind, Notes};
use crate::error::{Outcome, Place, Usage};
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::EvaluationInfo;
use crate::vsphere::model::vcenter::ApiType;
use crate::vsphere::wire::plain::member;
use crate::vsphere::wire::{given, plain, typed};
use added::plainly;
use dialect::{Dialect, fit};
use serde_json::{Map, Value as Json};

pub(super) static GOVC: Kind = Kind {
    name: "vsphere.govc-json",
    title: "JSON of govc: `license.ls`, `license.assigned.ls`, `object.collect`, `host.info`, `about`",
    binary: false,
    sniff: |sample| fit(sample, Dialect::Govc),
};

pub(super) static VIJSON: Kind = Kind {
    name: "vsphere.vijson",
    title: "VI/JSON: answers of `licenses`, `evaluation`, `QueryAssignedLicenses`",
    binary: false,
    sniff: |sample| fit(sample, Dialect::Typed),
};

pub(super) static POWERCLI: Kind = Kind {
    name: "vsphere.powercli-json",
    title: "JSON of PowerCLI: `Get-View LicenseManager | ConvertTo-Json -Depth 8`, QueryAssignedLicenses",
    binary: false,
    sniff: |sample| fit(sample, Dialect::PowerCli),
};

pub(super) static PYVMOMI: Kind = Kind {
    name: "vsphere.pyvmomi-json",
    title: "JSON of pyvmomi's VmomiJSONEncoder",
    binary: false,
    sniff: |sample| fit(sample, Dialect::Pyvmomi),
};

/// Reads a file; `each` gets its records in their order.
///
/// Complains of what is no JSON, and of every element that says nothing of licenses or hosts. Usage error when several vCenters
/// stand in one file and nothing tells them apart.
pub(super) fn read(
    source: Source<'_>,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let held = usize::try_from(HELD).unwrap_or(usize::MAX);
    let mut elements = Elements::new(source.text()?).bounded(held);
    let mut walk = Walk::new(notes, each);
    loop {
        match elements.next() {
            Ok(None) => break,
            Ok(Some(element)) => match serde_json::from_str::<Json>(element.text) {
                Ok(json) => walk.element(json, Place::Line(element.line))?,
                Err(error) => {
                    let line = u64::try_from(error.line()).unwrap_or(1);
                    let place = Place::Line((element.line + line).saturating_sub(1));
                    // The parser's message quotes nothing of the file.
                    walk.notes.complain(place, format!("this is no JSON: {error}"));
                }
            },
            Err(trouble) => {
                walk.found = true;
                if trouble.settle(walk.notes)? == Next::Stop {
                    break;
                }
            }
        }
    }
    walk.end()
}

/// Goes through the elements of a document.
pub(super) struct Walk<'w, 'f> {
    notes: &'w mut Notes,
    each: &'w mut Each<'f>,
    /// Something was there to be read.
    found: bool,
    /// The services whose LicenseManager was read without an instanceUuid.
    views: Vec<String>,
}

impl<'w, 'f> Walk<'w, 'f> {
    pub(super) fn new(notes: &'w mut Notes, each: &'w mut Each<'f>) -> Self {
        Self { notes, each, found: false, views: Vec::new() }
    }

    /// Tells of an empty document, and of views that cannot be told apart.
    pub(super) fn end(self) -> Outcome<()> {
        if !self.found {
            self.notes.warn("EMPTY_ARTEFACT", Place::Whole, "the list is empty");
        }
        if self.views.len() > 1 {
            let message = format!(
                "the file holds the licenses of {} vCenters, and nothing tells which is which: {}",
                self.views.len(),
                self.views.join(", ")
            );
            return Err(Usage::new(message)
                .hinted("write one file for each vCenter, and give `--vcenter NAME`")
                .into());
        }
        Ok(())
    }

    /// Reads one element.
    pub(super) fn element(&mut self, json: Json, place: Place) -> Outcome<()> {
        if json.is_null() {
            return Ok(());
        }
        self.found = true;
        let json = if json.get("_typeName").is_some() { json } else { plainly(json) };
        self.object(&json, place)
    }

    fn say(&mut self, place: Place, of: Of, said: Said) -> Outcome<()> {
        (self.each)(place, Record::of(of, said))
    }

    fn several(&mut self, items: &[Json], place: Place) -> Outcome<()> {
        items.iter().try_for_each(|item| self.object(item, place))
    }

    fn object(&mut self, json: &Json, place: Place) -> Outcome<()> {
        let has = |name: &str| member(json, name).is_some();
        if let Some(text) = json.as_str() {
            return self.name(text, place);
        }
        if let Some(items) = json.as_array() {
            return self.several(items, place);
        }
        if has("entityId") {
            return self.assignment(json, place);
        }
        if has("licenseKey") {
            let Some(said) = self.license(json, place) else {
                self.flaw(json, place);
                return Ok(());
            };
            return self.say(place, Of::default(), Said::License(Box::new(said)));
        }
        if let Some(about) = member(json, "about") {
            return self.about(about, place);
        }
        if has("instanceUuid") || has("licenseProductName") {
            return self.about(json, place);
        }
        if let Some(hosts) = member(json, "hostSystems").and_then(Json::as_array) {
            return hosts.iter().try_for_each(|held| self.host(held, None, place));
        }
        if let Some(changes) = member(json, "changeSet").and_then(Json::as_array) {
            return self.update(member(json, "obj"), changes, place);
        }
        if has("licenses") {
            return self.view(json, place);
        }
        if let (Some(name), Some(value)) =
            (member(json, "name").and_then(Json::as_str), member(json, "val"))
        {
            return self.property(name, value, place);
        }
        if let Some(items) = member(json, "items").or_else(|| member(json, "value"))
            && items.is_array()
        {
            return self.object(items, place);
        }
        if let Some(properties) = member(json, "properties") {
            return self.evaluation(properties, place);
        }
        self.flaw(json, place);
        Ok(())
    }

    /// A name or a reference of `govc find`.
    fn name(&mut self, text: &str, place: Place) -> Outcome<()> {
        let mut said = super::record::HostSaid::default();
        if let Some(id) = text.strip_prefix("HostSystem:") {
            said.entity_id = Some(id.to_owned());
        } else if text.starts_with('/') && text.contains("/host/") {
            said.path = Some(text.to_owned());
            said.name = text.rsplit('/').next().map(str::to_owned);
        } else {
            let message = "a name that is no host's was left out".to_owned();
            return self.say(place, Of::default(), Said::Skipped("NO_HOST", message));
        }
        self.say(place, Of::default(), Said::Host(Box::new(said)))
    }

    fn about(&mut self, about: &Json, place: Place) -> Outcome<()> {
        let text = |name: &str| member(about, name).and_then(Json::as_str).map(str::to_owned);
        let uuid = text("instanceUuid").filter(|uuid| !uuid.is_empty());
        let api_type = text("apiType").as_deref().and_then(ApiType::named).unwrap_or_default();
        let said = AboutSaid { uuid: uuid.clone(), api_type, version: text("version") };
        self.say(place, Of::uuid(uuid.as_deref()), Said::About(said))
    }

    fn host(&mut self, json: &Json, id: Option<&str>, place: Place) -> Outcome<()> {
        let said = host::host(json, id);
        if said.entity_id.is_none() && said.name.is_none() {
            self.notes.complain(place, "a host has neither a reference nor a name");
            return Ok(());
        }
        self.say(place, Of::default(), Said::Host(Box::new(said)))
    }

    /// What `object.collect` tells of one object.
    fn update(&mut self, obj: Option<&Json>, changes: &[Json], place: Place) -> Outcome<()> {
        let kind = obj.and_then(|obj| member(obj, "type")).and_then(Json::as_str);
        let id = obj.and_then(host::reference);
        let mut gathered = Map::new();
        for change in changes {
            let name = member(change, "name").and_then(Json::as_str).unwrap_or_default();
            let Some(value) = member(change, "val") else { continue };
            match kind {
                Some("HostSystem" | "ClusterComputeResource") => {
                    host::insert(&mut gathered, name, value.clone());
                }
                _ => self.property(name, value, place)?,
            }
        }
        let gathered = Json::Object(gathered);
        match (kind, id) {
            (Some("HostSystem"), Some(id)) => self.host(&gathered, Some(&id), place),
            (Some("ClusterComputeResource"), Some(id)) => {
                let name = member(&gathered, "name").and_then(Json::as_str);
                let name = name.unwrap_or(&id).to_owned();
                self.say(place, Of::default(), Said::Cluster { id, name })
            }
            _ => Ok(()),
        }
    }

    /// A property of the `LicenseManager`, or of the `ServiceInstance`.
    fn property(&mut self, name: &str, value: &Json, place: Place) -> Outcome<()> {
        match name {
            "licenses" => self.several(host::list(value), place),
            "evaluation" => match member(value, "properties") {
                Some(properties) => self.evaluation(properties, place),
                None => Ok(()),
            },
            "content" | "content.about" => match member(value, "about") {
                Some(about) => self.about(about, place),
                None => self.about(value, place),
            },
            _ => Ok(()),
        }
    }

    /// The LicenseManager as `Get-View` shows it.
    fn view(&mut self, json: &Json, place: Place) -> Outcome<()> {
        let url = member(json, "client").and_then(|client| member(client, "serviceUrl"));
        self.views.push(url.and_then(Json::as_str).unwrap_or("(unnamed)").to_owned());
        let licenses = member(json, "licenses").map(host::list).unwrap_or_default();
        self.several(licenses, place)?;
        match member(json, "evaluation").and_then(|held| member(held, "properties")) {
            Some(properties) if properties.is_array() => self.evaluation(properties, place),
            _ => Ok(()),
        }
    }

    fn evaluation(&mut self, properties: &Json, place: Place) -> Outcome<()> {
        match plain::read_list(Some(properties), &given, &mut |_| ()) {
            Some(properties) => {
                let said = Said::Evaluation(EvaluationInfo { properties });
                self.say(place, Of::default(), said)
            }
            None => {
                self.notes.complain(place, "`properties` is no list of keys and values");
                Ok(())
            }
        }
    }

    fn assignment(&mut self, json: &Json, place: Place) -> Outcome<()> {
        match self.assigned(json, place) {
            Some((of, said)) => self.say(place, of, Said::Assignment(Box::new(said))),
            None => {
                self.flaw(json, place);
                Ok(())
            }
        }
    }

    fn assigned(&mut self, json: &Json, place: Place) -> Option<(Of, AssignmentSaid)> {
        let text = |name: &str| match member(json, name) {
            None => Some(None),
            Some(held) => held.as_str().map(|text| Some(text.to_owned())),
        };
        let (entity_id, scope, name) =
            (text("entityId")??, text("scope")?, text("entityDisplayName")?);
        let license = self.license(member(json, "assignedLicense")?, place)?;
        let properties = match member(json, "properties") {
            Some(Json::String(_)) => {
                self.truncated(place);
                Vec::new()
            }
            held => plain::read_list(held, &given, &mut |key| dropped(self.notes, place, key))?,
        };
        let (entity_id, of) = asset(&entity_id, scope.as_deref());
        let license = Which::Said(license);
        Some((of, AssignmentSaid { entity_id: Some(entity_id), name, license, properties }))
    }

    /// A license; lists that PowerShell cut off are not part of it.
    fn license(&mut self, json: &Json, place: Place) -> Option<LicenseSaid> {
        if json.get("_typeName").is_some() {
            return typed::read_license(json, &given).map(LicenseSaid::whole);
        }
        let is_cut = |name: &str| member(json, name).is_some_and(|held| !held.is_array());
        let mut lacks = Parts::NONE;
        let mut kept = None;
        for (name, part) in [("properties", Part::Properties), ("labels", Part::Labels)] {
            if is_cut(name) {
                lacks = lacks.with(part);
                let object = kept.get_or_insert_with(|| json.clone());
                if let Some(members) = object.as_object_mut() {
                    members.retain(|held, _| !held.eq_ignore_ascii_case(name));
                }
            }
        }
        if lacks != Parts::NONE {
            self.truncated(place);
        }
        let json = kept.as_ref().unwrap_or(json);
        let info: LicenseInfo =
            plain::read_license(json, &given, &mut |key| dropped(self.notes, place, key))?;
        Some(LicenseSaid { info, lacks })
    }

    fn truncated(&mut self, place: Place) {
        let message =
            "lists were cut off where they were written; write with `ConvertTo-Json -Depth 8`";
        self.notes.warn("JSON_TRUNCATED", place, message);
    }

    /// Complains of an element that says nothing.
    fn flaw(&mut self, json: &Json, place: Place) {
        let of = member(json, "assignedLicense").unwrap_or(json);
        for name in ["total", "used"] {
            let number = member(of, name).and_then(Json::as_i64);
            if number.is_some_and(|number| i32::try_from(number).is_err()) {
                self.notes.complain(place, format!("`{name}` exceeds int32"));
                return;
            }
        }
        let message =
            "this is neither a license, an assignment nor a host, or a member has another type";
        self.notes.complain(place, message);
    }
}

fn dropped(notes: &mut Notes, place: Place, key: &str) {
    let message = format!("property `{key}` has no value, and was left out");
    notes.warn("NULL_PROPERTY", place, message);
}

/// The entityId and the vCenter of an assignment: of VCF Operations both stand in one URI.
pub(super) fn asset(entity_id: &str, scope: Option<&str>) -> (String, Of) {
    const HEAD: &str = "urn:vri:com.vmware.license.asset:";
    /// Characters of a UUID.
    const UUID: usize = 36;
    if let Some(rest) = entity_id.strip_prefix(HEAD)
        && let Some((id, uuid)) = rest.split_at_checked(rest.len().saturating_sub(UUID))
        && let Some(id) = id.strip_suffix('-')
    {
        return (id.to_owned(), Of::uuid(Some(uuid)));
    }
    (entity_id.to_owned(), Of::uuid(scope))
}

#[cfg(test)]
mod tests;
