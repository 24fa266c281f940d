//! JSON of VCF Operations 9, `vcenter-assets` and `vcenter-usages`: what entities cost and how they stand, without a key.
//!
//! The interface is internal and has no published reference: assets are taken wherever they stand in the document, and members that
//! are not known are passed over. Their licenses are entitlements, which hosts of 9.x show under one placeholder.

use super::json::asset;
use super::record::{AssignmentSaid, HostSaid, LicenseSaid, Of, Part, Parts, Record, Said, Which};
use super::{Each, Options};
use crate::api::Source;
use crate::artefact::json::Elements;
use crate::artefact::trouble::Next;
use crate::artefact::{Fit, HELD, Kind, Notes};
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use crate::vsphere::catalog::properties::{EVALUATION as LEFT, EXPIRATION_DATE};
use crate::vsphere::model::key::{EVALUATION, PLACEHOLDER};
use crate::vsphere::model::value::{AnyValue, EvaluationInfo, KeyAnyValue};
use crate::vsphere::rules::standing::AssetStatus;
use serde_json::Value as Json;

pub(super) static KIND: Kind = Kind {
    name: "vsphere.vcf-operations",
    title: "JSON of VCF Operations 9: `vcenter-assets`, `vcenter-usages`",
    binary: false,
    sniff: |sample| {
        let text = sample.text.trim_start();
        let has = |word: &str| text.contains(word);
        let fits = text.starts_with(['[', '{']) && has("\"assetUri\"") && has("\"assetStatus\"");
        if fits { Fit::Yes(8) } else { Fit::No }
    },
};

/// Reads a file; each asset is a host or a cluster, and an assignment as far as its status tells of one.
///
/// Complains of what is no JSON, of a document without assets, and of assets whose members have another type.
pub(super) fn read(
    source: Source<'_>,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let held = usize::try_from(HELD).unwrap_or(usize::MAX);
    let mut elements = Elements::new(source.text()?).bounded(held);
    let mut found = 0;
    loop {
        match elements.next() {
            Ok(None) => break,
            Ok(Some(element)) => match serde_json::from_str::<Json>(element.text) {
                Ok(json) => found += assets(&json, Place::Line(element.line), notes, each)?,
                Err(error) => {
                    let line = u64::try_from(error.line()).unwrap_or(1);
                    let place = Place::Line((element.line + line).saturating_sub(1));
                    // The parser's message quotes nothing of the file.
                    notes.complain(place, format!("this is no JSON: {error}"));
                }
            },
            Err(trouble) => {
                if trouble.settle(notes)? == Next::Stop {
                    break;
                }
            }
        }
    }
    if found == 0 && notes.complaints.is_empty() {
        notes.complain(Place::Whole, "the document has no asset with an `assetUri`");
    }
    Ok(())
}

/// Takes every asset of a document, however deep; how many there are.
fn assets(json: &Json, place: Place, notes: &mut Notes, each: &mut Each<'_>) -> Outcome<usize> {
    match json {
        Json::Object(members) if members.contains_key("assetUri") => {
            let Some(told) = Told::read(json) else {
                let message =
                    "an asset has no `assetUri` or `assetStatus`, or a member of another type";
                notes.complain(place, message);
                return Ok(1);
            };
            told.say(place, notes, each)?;
            Ok(1)
        }
        Json::Object(members) => {
            members.values().try_fold(0, |sum, inner| Ok(sum + assets(inner, place, notes, each)?))
        }
        Json::Array(items) => {
            items.iter().try_fold(0, |sum, inner| Ok(sum + assets(inner, place, notes, each)?))
        }
        _ => Ok(0),
    }
}

/// What an asset says of itself.
struct Told {
    id: String,
    of: Of,
    name: Option<String>,
    cluster: Option<String>,
    status: String,
    charged: Option<Charged>,
}

/// The cost unit that is charged: of several that are counted, the default one.
struct Charged {
    unit: String,
    usage: Option<i64>,
    expires: Option<Timestamp>,
}

impl Told {
    /// `None` when a member that is needed is missing, or one has another type.
    fn read(json: &Json) -> Option<Self> {
        let uri = json.get("assetUri")?.as_str()?;
        let (id, of) = asset(uri, None);
        // The vCenter itself is named by its instanceUuid alone.
        let id = id.rsplit(':').next().unwrap_or_default().to_owned();
        let of = if of.is_empty() && id.len() == UUID { Of::uuid(Some(&id)) } else { of };
        let charged = match json.get("assetCostUnits") {
            None | Some(Json::Null) => None,
            Some(units) => {
                let is_default = |unit: &&Json| unit.get("defaultCostUnit") == Some(&true.into());
                match units.as_array()?.iter().find(is_default) {
                    Some(unit) => Some(Charged::read(unit)?),
                    None => None,
                }
            }
        };
        Some(Self {
            id,
            of,
            name: text(json, "assetName")?,
            cluster: text(json, "clusterName")?.filter(|name| !name.is_empty()),
            status: json.get("assetStatus")?.as_str()?.to_owned(),
            charged,
        })
    }

    fn say(self, place: Place, notes: &mut Notes, each: &mut Each<'_>) -> Outcome<()> {
        let status = self.status.as_str();
        let is = |known: AssetStatus| known.word() == status;
        let held = match () {
            () if is(AssetStatus::Licensed) || is(AssetStatus::ExpiredLicense) => {
                Some((self.entitlement(), self.cost()))
            }
            () if is(AssetStatus::Evaluation) || is(AssetStatus::ExpiredEvaluation) => {
                Some((LicenseSaid::of_key(EVALUATION), self.left()))
            }
            () => {
                let status = crate::artefact::trouble::excerpt(status);
                let message = format!("`{status}` tells of no license; the asset alone is taken");
                notes.warn("UNKNOWN_STATUS", place, message);
                None
            }
        };
        let Self { id, of, name, cluster, .. } = self;
        if id.starts_with("host-") {
            let said = HostSaid {
                entity_id: Some(id.clone()),
                name: name.clone(),
                cluster,
                ..HostSaid::default()
            };
            each(place, Record::of(of.clone(), Said::Host(Box::new(said))))?;
        } else if id.starts_with("domain-c") {
            let name = name.clone().unwrap_or_else(|| id.clone());
            each(place, Record::of(of.clone(), Said::Cluster { id: id.clone(), name }))?;
        }
        let Some((license, properties)) = held else { return Ok(()) };
        let license = Which::Said(license);
        let said = AssignmentSaid { entity_id: Some(id), name, license, properties };
        each(place, Record::of(of, Said::Assignment(Box::new(said))))
    }

    /// The license that has no key: an entitlement, as hosts show it.
    fn entitlement(&self) -> LicenseSaid {
        let mut said = LicenseSaid::of_key(PLACEHOLDER);
        said.lacks = Parts::all();
        let Some(charged) = &self.charged else { return said };
        said.info.cost_unit.clone_from(&charged.unit);
        said.lacks = said.lacks.without(Part::CostUnit);
        said.info.properties.extend(charged.expires.map(|end| instant(EXPIRATION_DATE, end)));
        said
    }

    fn cost(&self) -> Vec<KeyAnyValue> {
        let Some(charged) = &self.charged else { return Vec::new() };
        let cost = charged.usage.map(|usage| KeyAnyValue::int("entityCost", usage));
        let unit = KeyAnyValue::text("CostUnit", &charged.unit);
        cost.into_iter().chain([unit]).collect()
    }

    /// What is left of an evaluation.
    fn left(&self) -> Vec<KeyAnyValue> {
        let end = self.charged.as_ref().and_then(|charged| charged.expires);
        let info =
            end.map(|end| EvaluationInfo { properties: vec![instant(EXPIRATION_DATE, end)] });
        info.map(|info| KeyAnyValue::new(LEFT, AnyValue::Evaluation(info))).into_iter().collect()
    }
}

/// Characters of a UUID.
const UUID: usize = 36;

impl Charged {
    fn read(json: &Json) -> Option<Self> {
        let expires = match json.get("licenseExpirationDate") {
            None | Some(Json::Null) => None,
            Some(ms) => Some(Timestamp::from_ms(ms.as_i64()?)?),
        };
        Some(Self {
            unit: json.get("costUnitId")?.as_str()?.to_owned(),
            usage: match json.get("usage") {
                None | Some(Json::Null) => None,
                Some(usage) => Some(whole(usage)?),
            },
            expires,
        })
    }
}

/// Units as they are charged: a part of one is one.
fn whole(usage: &Json) -> Option<i64> {
    if let Some(units) = usage.as_i64() {
        return Some(units);
    }
    let units = usage.as_f64().filter(|units| units.abs() < 1e15)?;
    format!("{:.0}", units.ceil()).parse().ok()
}

fn instant(key: &str, at: Timestamp) -> KeyAnyValue {
    KeyAnyValue::new(key, AnyValue::Instant(at.to_string()))
}

/// A text that may be missing or null; `None` when it is neither.
#[expect(clippy::option_option, reason = "a missing member is no member of another type")]
fn text(json: &Json, name: &str) -> Option<Option<String>> {
    match json.get(name) {
        None | Some(Json::Null) => Some(None),
        Some(held) => held.as_str().map(|held| Some(held.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::{KIND, read};
    use crate::artefact::{Fit, Sample};
    use crate::vsphere::import::Options;
    use crate::vsphere::import::record::{Part, Said, Which};
    use crate::vsphere::import::testing::{all_of, records_of};
    use crate::vsphere::model::value::AnyValue;

    const ASSETS: &str = r#"{"pageContext": {"total": 3}, "assets": [
        {"assetUri": "urn:vri:com.vmware.license.asset:host-6011-11111111-2222-3333-4444-555555555555", "assetName": "esx01", "assetType": "HOST",
         "assetStatus": "LICENSED", "assignmentType": "AUTOMATIC", "clusterName": "prod", "assetCostUnits": [
            {"costUnitId": "cpuPackage:32core", "usage": 2, "defaultCostUnit": false},
            {"costUnitId": "cpuCore:16core", "usage": 31.5, "defaultCostUnit": true, "licenseAllocationId": "a-1", "licenseExpirationDate": 1830211200000}]},
        {"assetUri": "urn:vri:com.vmware.license.asset:host-6012-11111111-2222-3333-4444-555555555555", "assetName": "esx02", "assetStatus": "EVALUATION",
         "assetCostUnits": [{"costUnitId": "host", "usage": 1, "defaultCostUnit": true, "licenseExpirationDate": 1830211200000}]},
        {"assetUri": "urn:vri:com.vmware.license.asset:11111111-2222-3333-4444-555555555555", "assetName": "vc1", "assetStatus": "UNLICENSED"}]}"#;

    #[test]
    fn the_charged_unit_and_the_status_of_each_asset_are_read() {
        let (found, notes) = all_of(read, ASSETS, &Options::default());
        assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
        let uuid = Some("11111111-2222-3333-4444-555555555555");
        assert!(found.iter().all(|record| record.of.uuid.as_deref() == uuid));
        let [host, licensed, _, evaluating] = found.as_slice() else { panic!("{found:?}") };
        assert!(
            matches!(&host.said, Said::Host(host) if host.entity_id.as_deref() == Some("host-6011") && host.cluster.as_deref() == Some("prod"))
        );
        let Said::Assignment(licensed) = &licensed.said else { panic!() };
        let Which::Said(license) = &licensed.license else { panic!() };
        assert!(license.info.license_key.is_placeholder() && license.lacks.has(Part::Name));
        assert_eq!(license.info.cost_unit, "cpuCore:16core");
        let end = AnyValue::Instant("2027-12-31T00:00:00Z".to_owned());
        assert_eq!(license.info.properties[0].value, end);
        assert_eq!(licensed.properties[0].value.as_whole(), Some(32), "a part of a unit is one");
        let Said::Assignment(evaluating) = &evaluating.said else { panic!() };
        assert!(
            matches!(&evaluating.properties[0].value, AnyValue::Evaluation(left) if left.properties[0].value == end)
        );
        assert_eq!(notes.warnings[0].code, "UNKNOWN_STATUS");
        let sample = Sample { name: "", bytes: ASSETS.as_bytes(), text: ASSETS };
        assert_eq!((KIND.sniff)(&sample), Fit::Yes(8));
    }

    #[test]
    fn what_is_no_asset_is_complained_of() {
        for text in [
            "{}",
            "[",
            r#"[{"assetUri": 1, "assetStatus": "LICENSED"}]"#,
            r#"[{"assetUri": "host-1"}]"#,
            r#"[{"assetUri": "host-1", "assetStatus": "LICENSED", "assetCostUnits": [{"costUnitId": "x", "usage": "2", "defaultCostUnit": true}]}]"#,
            r#"[{"assetUri": "host-1", "assetStatus": "LICENSED", "assetCostUnits": {}}]"#,
        ] {
            assert_eq!(records_of(read, text).1.complaints.count(), 1, "{text}");
        }
    }
}
