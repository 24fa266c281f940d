//! Hosts: what their properties say of processors, product and connection, whatever the form of the artefact.
//!
//! A host is gathered as JSON by the paths of its properties; numbers may stand there as texts, as they do in XML.

use super::record::HostSaid;
use crate::vsphere::model::entity::{Connection, Processors, Resources};
use crate::vsphere::wire::plain::member;
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// Heads of the properties of a host that are of use.
pub(super) const WANTED: [&str; 7] =
    ["name", "parent", "summary", "hardware", "licensableResource", "runtime", "config"];

/// Puts a property into an object by its path: `summary.hardware.model`.
pub(super) fn insert(object: &mut Map<String, Json>, path: &str, value: Json) {
    match path.split_once('.') {
        None => match (object.get_mut(path), value) {
            // A property may come whole after a part of it.
            (Some(Json::Object(held)), Json::Object(more)) => held.extend(more),
            (_, value) => {
                object.insert(path.to_owned(), value);
            }
        },
        Some((head, rest)) => {
            let inner = object.entry(head).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

/// The list within `ArrayOf…`, or the list itself.
pub(super) fn list(json: &Json) -> &[Json] {
    let held = member(json, "_value").unwrap_or(json);
    held.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The host of a gathered object; the id may be told elsewhere.
pub(super) fn host(json: &Json, id: Option<&str>) -> HostSaid {
    let at = |path: &str| find(json, path);
    let text = |path: &str| at(path).and_then(plain_text).filter(|text| !text.is_empty());
    let resources = licensable(json);
    HostSaid {
        entity_id: id.map(str::to_owned).or_else(|| at("self").and_then(reference)),
        name: text("name").or_else(|| text("summary.config.name")),
        cluster: at("parent").and_then(reference).filter(|id| id.starts_with("domain-c")),
        path: None,
        version: text("summary.config.product.version")
            .or_else(|| text("config.product.version"))
            .or_else(|| text("summary.config.product.licenseProductVersion")),
        processors: packages(json).or_else(|| sums(json)).or(resources.processors),
        resources: resources.resources,
        model: text("summary.hardware.model").or_else(|| text("hardware.systemInfo.model")),
        connection: text("summary.runtime.connectionState")
            .or_else(|| text("runtime.connectionState"))
            .map(|state| connection(&state)),
        licenses: None,
    }
}

/// The word of `HostSystemConnectionState`: what does not answer counts as disconnected.
pub(super) fn connection(state: &str) -> Connection {
    if state == "connected" { Connection::Connected } else { Connection::Disconnected }
}

fn find<'j>(json: &'j Json, path: &str) -> Option<&'j Json> {
    path.split('.').try_fold(json, |held, name| {
        let found = member(held, name)?;
        Some(found.get("_value").unwrap_or(found))
    })
}

fn plain_text(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned)
}

/// A whole number, also as a text.
fn number(json: &Json) -> Option<u32> {
    let text = json.as_str().and_then(|text| text.trim().parse().ok());
    json.as_u64().and_then(|number| u32::try_from(number).ok()).or(text)
}

/// The value of a reference: an object of type and value, or `Type:value` in one text.
pub(super) fn reference(json: &Json) -> Option<String> {
    if let Some(text) = json.as_str() {
        return Some(text.rsplit(':').next().unwrap_or(text).to_owned());
    }
    let value = member(json, "value")?;
    value.as_str().map(str::to_owned)
}

/// Cores of each package: its threads over the threads of one core.
fn packages(json: &Json) -> Option<Processors> {
    let held = find(json, "hardware.cpuPkg").or_else(|| find(json, "cpuPkg"))?;
    let threads: Vec<usize> = list(held)
        .iter()
        .map(|package| match member(package, "threadId") {
            Some(Json::Array(ids)) => ids.iter().filter_map(number).collect::<BTreeSet<_>>().len(),
            Some(one) => usize::from(number(one).is_some()),
            None => 0,
        })
        .collect();
    let of = |name: &str| {
        ["summary.hardware", "hardware.cpuInfo"]
            .iter()
            .find_map(|path| find(json, &format!("{path}.{name}")).and_then(number))
    };
    let (all, cores) = (of("numCpuThreads")?, of("numCpuCores")?);
    let each = usize::try_from(all.checked_div(cores)?).ok().filter(|each| *each > 0)?;
    let packages: Option<Vec<u32>> = threads
        .into_iter()
        .map(|threads| u32::try_from(threads / each).ok().filter(|cores| *cores > 0))
        .collect();
    // Numbers that do not add up tell less than the sums.
    packages
        .filter(|packages| !packages.is_empty() && packages.iter().sum::<u32>() == cores)
        .map(|packages| Processors { packages, count: None, shared_out: false })
}

/// Packages and cores as two sums.
fn sums(json: &Json) -> Option<Processors> {
    let of = |path: &str| find(json, path).and_then(number);
    let count = of("summary.hardware.numCpuPkgs").or_else(|| of("hardware.cpuInfo.numCpuPackages"));
    let cores = of("summary.hardware.numCpuCores").or_else(|| of("hardware.cpuInfo.numCpuCores"));
    processors(count, cores)
}

/// Processors of what is known of them.
pub(super) fn processors(count: Option<u32>, cores: Option<u32>) -> Option<Processors> {
    /// More than any server has; beyond it the numbers are damage.
    const MOST: u32 = 4096;
    let count = count.filter(|count| (1..=MOST).contains(count))?;
    Some(match cores.filter(|cores| *cores >= count && *cores <= MOST * 64) {
        Some(cores) => Processors::of_sum(count, cores),
        None => Processors { count: Some(count), ..Processors::default() },
    })
}

#[derive(Default)]
struct Licensable {
    processors: Option<Processors>,
    resources: Resources,
}

/// `HostLicensableResourceInfo`: its numbers come bare, or as a key with a text.
fn licensable(json: &Json) -> Licensable {
    let Some(held) = find(json, "licensableResource.resource") else {
        return Licensable::default();
    };
    let value = |key: &str| {
        let item = list(held)
            .iter()
            .find(|item| member(item, "key").and_then(Json::as_str) == Some(key))?;
        let value = member(item, "value")?;
        Some(member(value, "_value").or_else(|| member(value, "value")).unwrap_or(value))
    };
    let whole = |key: &str| value(key).and_then(number);
    let micro = value("vsanCapacity").and_then(|held| {
        let text = held.as_str().map_or_else(|| held.to_string(), str::to_owned);
        micro_tebibytes(&text)
    });
    Licensable {
        processors: processors(whole("numCpuPackages"), whole("numCpuCores")),
        resources: Resources {
            vms_started: whole("numVmsStarted"),
            vms_starting: whole("numVmsStarting"),
            vcpus: None,
            vsan_micro_tib: micro,
        },
    }
}

/// TiB as millionths; more decimals are cut off.
pub(super) fn micro_tebibytes(text: &str) -> Option<u64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits: String = part.chars().chain("000000".chars()).take(6).collect();
    let whole: u64 = whole.parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(digits.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn packages_are_counted_by_their_threads_and_hyper_threads_are_no_cores() {
        let told = json!({"summary": {"hardware": {"numCpuPkgs": 2, "numCpuCores": 31, "numCpuThreads": 62}},
            "hardware": {"cpuPkg": [{"threadId": (0..32).collect::<Vec<_>>()}, {"threadId": (32..62).collect::<Vec<_>>()}]}});
        assert_eq!(host(&told, None).processors.unwrap().packages, [16, 15]);
        let summed = json!({"summary": {"hardware": {"numCpuPkgs": 2, "numCpuCores": 32, "numCpuThreads": 64}}});
        assert_eq!(host(&summed, None).processors.unwrap().packages, [16, 16]);
    }

    #[test]
    fn licensable_resources_are_read_bare_and_as_the_simulator_wraps_them() {
        for value in [json!(2), json!({"key": "numCpuPackages", "value": "2"})] {
            let told = json!({"licensableResource": {"resource": [{"key": "numCpuPackages", "value": value}]}});
            assert_eq!(host(&told, None).processors.unwrap().count, Some(2), "{told}");
        }
    }

    #[test]
    fn a_property_finds_its_place_by_its_path_whether_it_comes_whole_or_in_parts() {
        let mut object = Map::new();
        insert(&mut object, "summary.hardware.numCpuPkgs", json!("2"));
        insert(&mut object, "summary.runtime.connectionState", json!("notResponding"));
        insert(
            &mut object,
            "parent",
            json!({"type": "ClusterComputeResource", "value": "domain-c28"}),
        );
        insert(&mut object, "name", json!("esx01"));
        let said = host(&Json::Object(object), Some("host-21"));
        assert_eq!(said.processors.unwrap().count, Some(2));
        assert_eq!(said.connection, Some(Connection::Disconnected));
        assert_eq!(said.cluster.as_deref(), Some("domain-c28"));
        assert_eq!(
            (said.entity_id.as_deref(), said.name.as_deref()),
            (Some("host-21"), Some("esx01"))
        );
    }

    #[test]
    fn capacities_are_exact_to_a_millionth() {
        assert_eq!(micro_tebibytes("310.2"), Some(310_200_000));
        assert_eq!(micro_tebibytes("12"), Some(12_000_000));
        assert_eq!(micro_tebibytes("x"), None);
    }
}
