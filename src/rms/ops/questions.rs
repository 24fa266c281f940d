//! The questions: what the store streams goes through the reports.

use super::features::{self, Served};
use super::server;
use crate::api::{Question, Summary};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::Finding;
use crate::rms::model::server::Server;
use crate::rms::report::endings::{Ending, endings};
use crate::rms::report::lint::findings_of;
use crate::rms::report::standing::Standing;
use crate::rms::store::{licenses, servers};
use crate::store::{Flow, Read};

/// The License Managers that are asked about.
fn asked(read: &mut dyn Read, instance: Option<&str>) -> Outcome<Vec<(i64, Server)>> {
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
    }
    Ok(found)
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
        });
    }
    Ok(lines)
}
