//! What is wrong with the licenses of a feature, or soon will be.

use super::endings::{Ending, endings, ends, served};
use crate::clock::Timestamp;
use crate::error::Warning;
use crate::finding::{Finding, Level};
use crate::rms::catalog::elements::{
    GRACE_PERIOD_CALENDAR_DAYS, GRACE_PERIOD_ELAPSED_HOURS, GRACE_PERIOD_FLAG, IS_COMMUTER,
    IS_REDUNDANT, IS_STANDALONE, KEY_LIFE_TIME, NUM_LICENSES, SOFT_NUM_LICENSES, VM_DETECTION,
};
use crate::rms::model::license::{FeatureKey, License};
use crate::rms::model::server::Server;
use crate::rms::rules::limits::{Units, soft_units, units};
use crate::rms::rules::node::{Node, Rank};
use crate::rms::rules::oddities::oddities;
use crate::rms::rules::validity::{Standing, is_trial, standing};
use std::cell::LazyCell;

/// How long before its end a license is spoken of, in days.
pub const SOON_DAYS: i64 = 30;

/// What is to say of the licenses of a feature.
///
/// - `node`: what they come to at `now`.
#[must_use]
pub fn findings_of(
    server: &Server,
    key: &FeatureKey,
    (licenses, node): (&[License], Option<&Node>),
    now: Timestamp,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let zone = (now, server.utc_offset);
    for ending in endings(licenses, zone, (now, now.plus_days(SOON_DAYS))) {
        if let Some(license) = licenses.get(ending.license) {
            found.push(ending_soon(named(key, license, ending.license), &ending));
        }
    }
    for (at, license) in licenses.iter().enumerate() {
        // Most licenses are in order, and need no name.
        let name = LazyCell::new(|| named(key, license, at));
        found.extend(ended(&name, license, served(node), zone));
        found.extend(record(&name, server, license));
    }
    found.extend(shadowed(key, licenses, node, now));
    for Warning { code, message, .. } in node.iter().flat_map(|node| &node.warnings) {
        let (object, message) = (key.to_string(), message.clone());
        let finding = Finding::new("rms", code, Level::Warning, object, message);
        found.push(finding.remedy("order licenses of a feature that are alike, or one for all"));
    }
    found.into_iter().map(|finding| finding.within(server.name.as_str())).collect()
}

/// What a license is called that is at that place of its feature.
fn named(key: &FeatureKey, license: &License, at: usize) -> String {
    match license.hash() {
        Some(hash) => format!("{key} {hash}"),
        None => format!("{key} license {at}"),
    }
}

fn ending_soon(object: String, ending: &Ending) -> Finding {
    let message = format!(
        "{} {}, in {} days: {} tokens become {}",
        ending.what.clause(false),
        ending.at.date(),
        ending.days_left,
        ending.before,
        ending.after
    );
    Finding::new("rms", "license.expiring", Level::Warning, object, message)
        .with("what", ending.what.word())
        .with("daysLeft", ending.days_left)
        .with("tokensBefore", ending.before.finite())
        .with("tokensAfter", ending.after.finite())
        .due(Some(ending.at))
        .remedy("renew it before")
}

/// A license that has ended and is loaded still: an error where nothing serves instead.
fn ended(
    object: &LazyCell<String, impl FnOnce() -> String>,
    license: &License,
    serving: Units,
    (now, offset): (Timestamp, i32),
) -> Option<Finding> {
    let past = ends(license, now, offset).into_iter().filter(|(_, end)| *end < now);
    let (what, at) = past.min_by_key(|(_, end)| *end)?;
    let level = if serving == Units::Finite(0) { Level::Error } else { Level::Info };
    let message = format!("{} {}", what.clause(true), at.date());
    let finding = Finding::new("rms", "license.expired", level, object.as_str(), message);
    let finding = finding.with("what", what.word()).since(Some(at)).due(Some(at));
    Some(finding.remedy("renew it, or remove it from the License Manager"))
}

/// What a record alone shows.
fn record(
    object: &LazyCell<String, impl FnOnce() -> String>,
    server: &Server,
    license: &License,
) -> Vec<Finding> {
    let elements = &license.elements;
    let number = |element| elements.number(element);
    let warning = |class, message: &str, remedy: &'static str| {
        Finding::new("rms", class, Level::Warning, object.as_str(), message).remedy(remedy)
    };
    let mut found: Vec<Finding> = oddities(elements)
        .into_iter()
        .map(|odd| warning(odd.code, &odd.message, "compare the record with what was ordered"))
        .collect();
    if number(&VM_DETECTION) != 0 && server.is_virtual_machine {
        let message = "the license forbids virtual machines, and the License Manager runs on one";
        found.push(
            warning("license.virtual-machine", message, "move the License Manager, or the license")
                .with("statusCode", 210_226),
        );
    }
    if number(&KEY_LIFE_TIME) == 0 {
        let message = "the heartbeat of its tokens is 0: a client that crashes is never noticed";
        found.push(warning("license.heartbeat", message, "order it with a heartbeat"));
    }
    let barred = [
        (number(&IS_COMMUTER) == 1, "commuter"),
        (number(&IS_REDUNDANT) == 1, "redundant"),
        (number(&GRACE_PERIOD_FLAG) == 1, "grace"),
        (number(&IS_STANDALONE) == 2, "repository"),
    ];
    if is_trial(elements)
        && let Some((_, what)) = barred.into_iter().find(|(is, _)| *is)
    {
        let message = format!("a trial license cannot be a {what} license");
        found.push(warning("license.trial", &message, "order a normal license"));
    }
    let days = number(&GRACE_PERIOD_CALENDAR_DAYS);
    if number(&GRACE_PERIOD_FLAG) == 1 && (days == 0 || number(&GRACE_PERIOD_ELAPSED_HOURS) == 0) {
        let message = "a grace period is allowed, and its days or its hours are 0";
        found.push(warning("license.grace", message, "order it with days and hours"));
    }
    if number(&IS_COMMUTER) == 1
        && units(elements, &NUM_LICENSES).finite().is_some()
        && soft_units(elements, &SOFT_NUM_LICENSES) == Units::Unlimited
    {
        let message = "a commuter license has no soft limit, which the code generator demands";
        let finding = warning("license.commuter", message, "order it with a soft limit");
        found.push(Finding { severity: Level::Info, ..finding });
    }
    found
}

/// Licenses that are current and serve nothing, because an exclusive one stands alone.
fn shadowed(
    key: &FeatureKey,
    licenses: &[License],
    node: Option<&Node>,
    now: Timestamp,
) -> Vec<Finding> {
    let Some(node) = node.filter(|node| node.rank == Rank::Exclusive) else { return Vec::new() };
    let current = |license: &License| {
        standing(&license.elements, now) == Standing::Current && !is_trial(&license.elements)
    };
    let idle = licenses
        .iter()
        .enumerate()
        .filter(|(at, license)| !node.is_active(*at) && current(license));
    let mut found = Vec::new();
    for (at, license) in idle {
        let object = named(key, license, at);
        let seats = units(&license.elements, &NUM_LICENSES);
        let message = format!("{seats} tokens are unused: a newer exclusive license stands alone");
        let finding = Finding::new("rms", "license.shadowed", Level::Warning, object, message);
        let remedy = "remove the exclusive license, or let the vendor make one for all";
        found.push(finding.with("tokens", seats.finite()).remedy(remedy));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{at, key, license};
    use super::findings_of;
    use crate::finding::{Finding, Level};
    use crate::rms::model::license::License;
    use crate::rms::model::server::Server;
    use crate::rms::rules::node::node;

    const NOW: &str = "2026-05-25T00:00:00Z";

    fn found(licenses: &[License]) -> Vec<Finding> {
        of(&Server::new("lic01"), licenses)
    }

    fn of(server: &Server, licenses: &[License]) -> Vec<Finding> {
        let node = node(licenses, at(NOW));
        findings_of(server, &key(), (licenses, node.as_ref()), at(NOW))
    }

    fn classes(licenses: &[License]) -> Vec<(&'static str, Level)> {
        found(licenses).iter().map(|finding| (finding.class, finding.severity)).collect()
    }

    #[test]
    fn an_end_within_30_days_is_a_warning_with_its_date() {
        let end = at("2026-05-31T23:59:59Z");
        let licenses = [
            license(&[("numLicenses", 20), ("isAdditive", 2)]),
            license(&[("numLicenses", 8), ("isAdditive", 2), ("deathTime", end.s())]),
        ];
        let all = found(&licenses);
        assert_eq!(all.len(), 1);
        assert_eq!(
            all[0].message,
            "the license ends on 2026-05-31, in 6 days: 28 tokens become 20"
        );
        assert_eq!((all[0].due, all[0].instance.as_str()), (Some(end), "lic01"));
    }

    #[test]
    fn an_expired_license_is_an_error_where_nothing_serves_instead() {
        let ended = license(&[("deathTime", 1_000)]);
        assert_eq!(classes(std::slice::from_ref(&ended)), [("license.expired", Level::Error)]);
        let replaced = [ended, license(&[("isAdditive", 0)])];
        assert_eq!(classes(&replaced), [("license.expired", Level::Info)]);
    }

    #[test]
    fn an_exclusive_license_that_hides_another_is_told() {
        let licenses = [license(&[("numLicenses", 50)]), license(&[("numLicenses", 3)])];
        let all = found(&licenses);
        assert_eq!(all[0].class, "license.shadowed");
        assert_eq!(all[0].object, "CAD 7.0 license 0");
        assert_eq!(all[0].message, "50 tokens are unused: a newer exclusive license stands alone");
    }

    #[test]
    fn records_that_no_generator_makes_are_told() {
        let cases: [(&[(&str, i64)], &str); 5] = [
            (&[("keyLifeTime", 0)], "license.heartbeat"),
            (&[("licType", 1), ("trialDays", 5), ("isStandalone", 2)], "license.trial"),
            (&[("gracePeriodFlag", 1), ("gracePeriodCalendarDays", 5)], "license.grace"),
            (&[("numLicenses", 5), ("isCommuter", 1)], "license.commuter"),
            (&[("numLicenses", 10), ("softNumLicenses", 12)], "W_SOFT_NOT_BELOW_HARD"),
        ];
        for (given, class) in cases {
            let all = classes(&[license(given)]);
            assert_eq!(all.iter().map(|(class, _)| *class).collect::<Vec<_>>(), [class]);
        }
    }

    #[test]
    fn a_license_that_forbids_virtual_machines_is_told_on_one_alone() {
        let strict = [license(&[("vmDetection", 1)])];
        assert_eq!(classes(&strict), []);
        let mut server = Server::new("vm01");
        server.is_virtual_machine = true;
        let all = of(&server, &strict);
        assert_eq!(all[0].class, "license.virtual-machine");
    }

    #[test]
    fn licenses_in_order_have_no_findings() {
        assert_eq!(classes(&[license(&[("isAdditive", 0)]), license(&[("isAdditive", 0)])]), []);
    }
}
