//! The questions: what the store streams goes through the reports.

use super::capacity::{Asked, Extent};
use super::features::{self, Served};
use super::{capacity, pools, server};
use crate::api::{Question, Summary};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::{Finding, Level};
use crate::rms::model::server::Server;
use crate::rms::report::capacity::NEAR_PERCENT;
use crate::rms::report::endings::{Ending, endings};
use crate::rms::report::lint::findings_of;
use crate::rms::report::standing::Standing;
use crate::rms::store::{licenses, servers};
use crate::store::{Flow, Read};

/// The License Managers that are asked about.
pub(super) fn asked(read: &mut dyn Read, instance: Option<&str>) -> Outcome<Vec<(i64, Server)>> {
    let mut all = servers::all(read)?;
    let wanted = |name: &str| instance.is_none_or(|instance| instance.eq_ignore_ascii_case(name));
    all.retain(|(_, server)| wanted(&server.name));
    Ok(all)
}

/// What is wrong with licenses, or soon will be.
pub fn findings(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Finding>> {
    let now = question.now;
    let mut found = Vec::new();
    for (id, server) in asked(read, question.instance.as_deref())? {
        features::each(read, id, now, &mut |served| {
            found.extend(findings_of(&server, &served.key, &served.licenses, now));
            Ok(Flow::Continue(()))
        })?;
        let asked = Asked { extent: Extent::Asked, since: now.plus_days(-1), near: NEAR_PERCENT };
        capacity::each(read, &server.name, asked, now, &mut |one| {
            found.extend(one.findings(&server.name, now));
            Ok(Flow::Continue(()))
        })?;
        found.extend(pool_findings(read, &server, now)?);
    }
    Ok(found)
}

/// Redundant features that cannot lose another server, and pools that are not of the size that licenses count with.
fn pool_findings(read: &mut dyn Read, server: &Server, now: Timestamp) -> Outcome<Vec<Finding>> {
    if server.pool.is_none() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for standing in pools::can_lose(read, &server.name, (&[], 1), None, now)? {
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
    each: &mut dyn FnMut(Finding) -> Outcome<Flow>,
) -> Outcome<()> {
    let (id, server) = server(read, name)?;
    features::each(read, id, now, &mut |served| {
        for finding in findings_of(&server, &served.key, &served.licenses, now) {
            if each(finding)?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    })
}

/// Hands out what ends in a period, feature by feature.
pub fn expiring(
    read: &mut dyn Read,
    name: &str,
    now: Timestamp,
    period: (Timestamp, Timestamp),
    each: &mut dyn FnMut(&Served, Ending) -> Outcome<Flow>,
) -> Outcome<()> {
    let (id, _) = server(read, name)?;
    // Only features in which something ends by then: most do not.
    for feature in licenses::features_ending(read, id, period.1.s())? {
        let Some(served) = features::one(read, id, feature, now)? else { continue };
        for ending in endings(&served.licenses, now, period) {
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
            standing.take(&server, &served.key, &served.licenses, now);
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
