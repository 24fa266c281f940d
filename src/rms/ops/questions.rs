//! The questions: what the store streams goes through the reports.

use super::capacity::{Asked, Extent};
use super::features::{self, Served};
use super::pools::Loss;
use super::{capacity, pools, reservations, server, sessions};
use crate::api::{Question, Summary};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::{Finding, Found, Level, hand_over};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::server::Server;
use crate::rms::report::around::{reservation, sites};
use crate::rms::report::capacity::NEAR_PERCENT;
use crate::rms::report::endings::{Ending, endings};
use crate::rms::report::lint::findings_of;
use crate::rms::report::standing::Standing;
use crate::rms::store::{features as stored_features, licenses, servers, sessions as stored};
use crate::store::{Flow, Read};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The License Managers that are asked about.
pub(super) fn asked(read: &mut dyn Read, instance: Option<&str>) -> Outcome<Vec<(i64, Server)>> {
    let mut all = servers::all(read)?;
    let wanted = |name: &str| instance.is_none_or(|instance| instance.eq_ignore_ascii_case(name));
    all.retain(|(_, server)| wanted(&server.name));
    Ok(all)
}

/// What is wrong with licenses, or soon will be.
pub fn findings(read: &mut dyn Read, question: &Question, found: &mut Found<'_>) -> Outcome<()> {
    let now = question.now;
    for (id, server) in asked(read, question.instance.as_deref())? {
        features::each(read, id, now, &mut |served| {
            hand_over(found, findings_of(&server, &served.key, served.right(), now))?;
            Ok(Flow::Continue(()))
        })?;
        let asked = Asked { extent: Extent::Asked, since: now.plus_days(-1), near: NEAR_PERCENT };
        capacity::each(read, &server.name, asked, now, &mut |one| {
            hand_over(found, one.findings(&server.name, now))?;
            Ok(Flow::Continue(()))
        })?;
        hand_over(found, pool_findings(read, &server, now)?)?;
        let around = around(read, id, &server, now)?;
        hand_over(found, around.into_iter().map(|(_, finding)| finding))?;
    }
    Ok(())
}

/// Redundant features that cannot lose another server, and pools that are not of the size that licenses count with.
fn pool_findings(read: &mut dyn Read, server: &Server, now: Timestamp) -> Outcome<Vec<Finding>> {
    if server.pool.is_none() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let loss = Loss { names: &[], count: 1, half: None };
    for standing in pools::can_lose(read, &server.name, loss, None, now)? {
        let object = standing.key.to_string();
        let service = standing.tolerance.now;
        if !service.serves() {
            let message =
                format!("{} servers are up, and {} are needed", service.up, service.needed);
            let finding =
                Finding::new("rms", "pool.stopped", Level::Error, object.as_str(), message);
            found.push(finding.remedy("bring servers of the pool back"));
        } else if service.tolerance() == 0 {
            let message =
                format!("it stops with the next server that fails: {} are up", service.up);
            let finding =
                Finding::new("rms", "pool.no-tolerance", Level::Warning, object.as_str(), message);
            found.push(finding.remedy("bring servers of the pool back, or add one"));
        }
        if standing.sizes_differ {
            let message =
                format!("the license counts with {} servers, and the pool has others", service.of);
            let finding =
                Finding::new("rms", "W_POOL_SIZE", Level::Warning, object.as_str(), message);
            found.push(finding.remedy("make the pool as large as the license says"));
        }
    }
    Ok(found.into_iter().map(|finding| finding.within(server.name.as_str())).collect())
}

/// Hands out what is wrong with the licenses of one License Manager, feature by feature.
pub fn lint(
    read: &mut dyn Read,
    name: &str,
    now: Timestamp,
    each: &mut dyn FnMut(&FeatureKey, Finding) -> Outcome<Flow>,
) -> Outcome<()> {
    let (id, server) = server(read, name)?;
    let mut done = false;
    features::each(read, id, now, &mut |served| {
        for finding in findings_of(&server, &served.key, served.right(), now) {
            if each(&served.key, finding)?.is_break() {
                done = true;
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    })?;
    if done {
        return Ok(());
    }
    for (key, finding) in around(read, id, &server, now)? {
        if each(&key, finding)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// What is wrong with the groups of a License Manager, and with sites as far as clients with addresses tell.
fn around(
    read: &mut dyn Read,
    id: i64,
    server: &Server,
    now: Timestamp,
) -> Outcome<Vec<(FeatureKey, Finding)>> {
    let mut found = Vec::new();
    if !reservations::groups(read, &server.name)?.is_empty() {
        for standing in reservations::all(read, &server.name, now)? {
            let reservations::Standing { key, group, effective, .. } = standing;
            let finding = reservation(key.as_ref(), &group, effective);
            let version = group.version.unwrap_or_default();
            let key = key.unwrap_or(FeatureKey { name: group.feature, version });
            found.extend(finding.map(|finding| (key, finding)));
        }
    }
    if !stored::counted(read, id)?.is_empty() {
        let mut addresses: BTreeMap<i64, Vec<IpAddr>> = BTreeMap::new();
        sessions::each(read, &server.name, now, &mut |token| {
            if let Some(address) = token.session.client.address {
                addresses.entry(token.session.feature).or_default().push(address);
            }
            Ok(Flow::Continue(()))
        })?;
        for (feature, addresses) in addresses {
            let Some(served) = features::one(read, id, feature, now)? else { continue };
            let told = sites(&served.key, &served.licenses, &addresses);
            found.extend(told.into_iter().map(|finding| (served.key.clone(), finding)));
        }
    }
    let within =
        |(key, finding): (FeatureKey, Finding)| (key, finding.within(server.name.as_str()));
    Ok(found.into_iter().map(within).collect())
}

/// Hands out what ends in a period, feature by feature.
pub fn expiring(
    read: &mut dyn Read,
    name: &str,
    now: Timestamp,
    period: (Timestamp, Timestamp),
    each: &mut dyn FnMut(&Served, Ending) -> Outcome<Flow>,
) -> Outcome<()> {
    let (id, server) = server(read, name)?;
    // Only features in which something ends by then: most do not.
    let ending = licenses::features_ending(read, id, period.1.s())?;
    let places = if ending.is_empty() { Vec::new() } else { stored_features::ids(read, id)? };
    for feature in ending {
        let index = places.partition_point(|id| *id < feature);
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        let served = features::one(read, id, feature, now)?;
        let Some(served) = served.map(|served| Served { index, ..served }) else { continue };
        for ending in endings(&served.licenses, (now, server.utc_offset), period) {
            if each(&served, ending)?.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// One line for each License Manager.
pub fn summary(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Summary>> {
    let now = question.now;
    let mut lines = Vec::new();
    for (id, server) in asked(read, question.instance.as_deref())? {
        let mut standing = Standing::default();
        features::each(read, id, now, &mut |served| {
            standing.take(&server, &served.key, served.right(), now);
            Ok(Flow::Continue(()))
        })?;
        lines.push(Summary {
            domain: "rms",
            instance: server.name,
            object: standing.counted(),
            used: None,
            capacity: None,
            worst: standing.worst(),
            message: standing.message(),
            due: standing.due,
            trend: Vec::new(),
        });
    }
    Ok(lines)
}
