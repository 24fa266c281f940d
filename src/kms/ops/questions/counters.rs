//! What the counters of two snapshots say of the requests between them.

use super::Evidence;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::kms::catalog::service::NOT_APPLICABLE;
use crate::kms::ops::hosts;
use crate::kms::report::Pool;
use crate::kms::report::counters::{COUNTERS, Comparison, Logged, Reading};
use crate::kms::store::{questions, units};
use crate::store::Read;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Compares the newest snapshot of each host with the one before, or with the newest at `from`.
pub fn counters(
    read: &mut dyn Read,
    evidence: &Evidence,
    from: Option<Timestamp>,
) -> Outcome<Vec<Comparison>> {
    let mut pairs: BTreeMap<(i64, Pool), (Option<Reading>, Reading)> = BTreeMap::new();
    questions::each_snapshot(read, &evidence.scope, evidence.now, &mut |snapshot| {
        let (service, products) = hosts::objects(snapshot)?;
        for (pool, values) in readings(service.as_ref(), &products) {
            let reading = Reading { taken: snapshot.taken, values };
            let key = (snapshot.host, pool);
            let pair = match pairs.remove(&key) {
                None => (None, reading),
                // The earlier one stays when the one between lies behind the time that was asked for.
                Some((earlier, later)) if from.is_some_and(|from| later.taken > from) => {
                    (earlier, reading)
                }
                Some((_, later)) => (Some(later), reading),
            };
            pairs.insert(key, pair);
        }
        Ok(())
    })?;
    let covered = units::coverage(read, &evidence.names, &evidence.scope, evidence.now)?;
    let mut comparisons = Vec::new();
    for ((number, pool), (earlier, later)) in pairs {
        let host = evidence.names.host(number)?.to_owned();
        let reaches = earlier.as_ref().is_some_and(|earlier| {
            covered.iter().any(|log| log.host == host && log.last > earlier.taken)
        });
        let span = earlier.as_ref().map(|earlier| (earlier.taken, later.taken));
        let logged = match span.filter(|_| reaches) {
            Some(span) => Some(logged(read, evidence, (number, pool), span)?),
            None => None,
        };
        comparisons.push(Comparison { host, pool, earlier, later, logged });
    }
    comparisons.sort_by(|one, other| (&one.host, one.pool).cmp(&(&other.host, other.pool)));
    Ok(comparisons)
}

fn logged(
    read: &mut dyn Read,
    evidence: &Evidence,
    (host, pool): (i64, Pool),
    span: (Timestamp, Timestamp),
) -> Outcome<Logged> {
    let mut logged = Logged::default();
    questions::counted(read, &evidence.names, host, span, &mut |sku, status, valid, rows| {
        if sku.pool == pool {
            logged.add(status, valid, rows);
        }
    })?;
    Ok(logged)
}

/// The counters of each pool: those of the host products, else those of the service for Windows.
fn readings(service: Option<&Json>, products: &[Json]) -> BTreeMap<Pool, [Option<u32>; 8]> {
    let mut readings = BTreeMap::new();
    let values = |object: &Json| {
        let values = COUNTERS.map(|name| hosts::number(object, name));
        let shown = values.iter().any(|value| value.is_some_and(|value| value != NOT_APPLICABLE));
        shown.then(|| values.map(|value| value.filter(|value| *value != NOT_APPLICABLE)))
    };
    if let Some(values) = service.and_then(values) {
        readings.insert(Pool::Windows, values);
    }
    for product in products {
        let application = product.get("ApplicationID").and_then(Json::as_str);
        let application = application.and_then(|text| Uuid::try_parse(text).ok());
        if let Some((application, values)) = application.zip(values(product)) {
            readings.insert(Pool::of_application(application), values);
        }
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::{COUNTERS, readings};
    use crate::kms::catalog::skus::{OFFICE_15, WINDOWS};
    use crate::kms::report::Pool;
    use serde_json::{Map, Value as Json, json};

    /// An object whose counters are all `count`.
    fn object(application: Option<&str>, count: u32) -> Json {
        let mut members: Map<String, Json> =
            COUNTERS.iter().map(|name| ((*name).to_owned(), json!(count))).collect();
        if let Some(application) = application {
            members.insert("ApplicationID".to_owned(), json!(application));
        }
        Json::Object(members)
    }

    #[test]
    fn the_counters_of_a_pool_are_those_of_its_host_product_else_of_the_service() {
        let totals = |service: Option<&Json>, products: &[Json]| -> Vec<(Pool, Option<u32>)> {
            readings(service, products)
                .into_iter()
                .map(|(pool, values)| (pool, values[0]))
                .collect()
        };
        let (windows, office) = (WINDOWS.to_string(), OFFICE_15.to_string());
        let service = object(None, 7);
        assert_eq!(totals(Some(&service), &[]), [(Pool::Windows, Some(7))]);
        let products = [object(Some(&windows), 8), object(Some(&office), 9)];
        assert_eq!(
            totals(Some(&service), &products),
            [(Pool::Windows, Some(8)), (Pool::Office15, Some(9))]
        );
        // A client shows -1 everywhere.
        let client = [object(Some(&windows), u32::MAX)];
        assert_eq!(totals(Some(&object(None, u32::MAX)), &client), []);
        assert_eq!(totals(None, &[json!({"ApplicationID": windows})]), []);
    }
}
