//! Duplicates and the plan of revocations, over the stored licenses of a server.

use super::call::{self, Called, Request};
use super::held;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Flow, Read, Tx};
use crate::tslicense::catalog::methods::WmiMethod;
use crate::tslicense::catalog::versions::Tier;
use crate::tslicense::model::issued::computer_key;
use crate::tslicense::model::{Held, Issued, KeyPack, LicenseId};
use crate::tslicense::report::duplicates::{Groups, Member, Reason};
use crate::tslicense::report::plan::{Action, Candidate, is_stale, plan};
use crate::tslicense::rules::{Controls, revoke};
use crate::tslicense::store::issued::{self, Wanted};
use crate::tslicense::store::sharing::{self, Pairs};
use std::collections::{BTreeMap, HashSet};

/// The groups of licenses that are one device, or one hardware ID under several names.
pub fn duplicates(read: &mut dyn Read, server: &str, now: Timestamp) -> Outcome<Vec<Vec<Member>>> {
    let (id, _) = held::load(read, server, now)?;
    let mut pairs = Pairs::default();
    issued::each_use(read, id, now, &mut |used| {
        pairs.take(used);
        Ok(())
    })?;
    grouped(read, id, pairs, now)
}

/// As [`duplicates`], of a server whose live licenses were gone through.
pub(super) fn grouped(
    read: &mut dyn Read,
    server: i64,
    pairs: Pairs,
    now: Timestamp,
) -> Outcome<Vec<Vec<Member>>> {
    let mut found = Vec::new();
    let mut push = |group| found.push(group);
    let mut groups = Groups::of_computers(&mut push);
    let sharing = sharing::sharing(read, server, pairs, now)?;
    for license in sharing.computers {
        groups.take(license);
    }
    groups.finish();
    let mut groups = Groups::of_hardware(&mut push);
    for license in sharing.hardware {
        groups.take(license);
    }
    groups.finish();
    Ok(found)
}

/// How many licenses per device may be revoked today, of each rank of which some are owned, the oldest first.
pub fn revocable(read: &mut dyn Read, server: &str, now: Timestamp) -> Outcome<Vec<(Tier, u64)>> {
    let (id, held) = held::load(read, server, now)?;
    let mut ends: BTreeMap<Tier, Vec<Timestamp>> = BTreeMap::new();
    for pack in held.packs.iter().filter(|pack| pack.is_per_device() && pack.is_owned()) {
        let revoked = issued::revoked(read, id, pack.id, now)?;
        ends.entry(pack.tier()).or_default().extend(revoked);
    }
    Ok(ends.iter().map(|(tier, ends)| (*tier, revoke::quota(&held, *tier, ends))).collect())
}

/// A line of the plan.
#[derive(Debug, Clone)]
pub struct Line {
    pub candidate: Candidate,
    pub action: Action,
    pub version: u32,
}

/// What may be revoked, the newest version first.
///
/// - `retired`: names of computers that are gone.
pub fn revocations(
    read: &mut dyn Read,
    server: &str,
    retired: &[String],
    now: Timestamp,
) -> Outcome<Vec<Line>> {
    let (id, held) = held::load(read, server, now)?;
    let mut by_tier: BTreeMap<Tier, Vec<Candidate>> = BTreeMap::new();
    for candidate in candidates(read, (id, server), retired, now)? {
        let pack = held.pack(candidate.license.pack).filter(|pack| pack.is_per_device());
        if let Some(pack) = pack.filter(|_| candidate.license.is_permanent()) {
            by_tier.entry(pack.tier()).or_default().push(candidate);
        }
    }
    let mut lines = Vec::new();
    for (tier, candidates) in by_tier.into_iter().rev() {
        let revoked = match candidates.first() {
            Some(first) => call::revoked(read, id, &held, &first.license, now)?,
            None => Vec::new(),
        };
        let planned = plan(candidates, &revoked, revoke::limit(&held, tier), now);
        lines.extend(planned.into_iter().map(|(candidate, action)| Line {
            version: version(&held, &candidate.license),
            candidate,
            action,
        }));
    }
    Ok(lines)
}

/// The version of a license; that of its pack.
#[must_use]
pub fn version(held: &Held, license: &Issued) -> u32 {
    held.pack(license.pack).map_or(0, |pack: &KeyPack| pack.version)
}

fn candidates(
    read: &mut dyn Read,
    (id, server): (i64, &str),
    retired: &[String],
    now: Timestamp,
) -> Outcome<Vec<Candidate>> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    let mut add = |license: Issued, reason: Reason| {
        if seen.insert((license.id, license.pack)) {
            found.push(Candidate { license, reason });
        }
    };
    let retired: HashSet<String> = retired.iter().map(|name| computer_key(name)).collect();
    if !retired.is_empty() {
        issued::each(read, id, &Wanted::default(), now, &mut |license| {
            if retired.contains(&computer_key(&license.computer)) {
                add(license, Reason::Retired);
            }
            Ok(Flow::Continue(()))
        })?;
    }
    for group in duplicates(read, server, now)? {
        for member in group.into_iter().filter(|member| !member.keep) {
            add(member.license, member.reason);
        }
    }
    let wanted = Wanted { expires_before: Some(now.plus_days(8)), ..Wanted::default() };
    issued::each(read, id, &wanted, now, &mut |license| {
        if license.is_permanent() && is_stale(&license, now) {
            add(license, Reason::Stale);
        }
        Ok(Flow::Continue(()))
    })?;
    Ok(found)
}

/// Revokes what the plan says to revoke now, as one change.
///
/// Refuses as the method does; then nothing is revoked.
pub fn apply(
    tx: &mut dyn Tx,
    server: &str,
    method: &'static WmiMethod,
    lines: &[Line],
    now: Timestamp,
) -> Outcome<Vec<(LicenseId, Called)>> {
    let mut called = Vec::new();
    for line in lines.iter().filter(|line| line.action == Action::RevokeNow) {
        let license = &line.candidate.license;
        let request = Request {
            server,
            method,
            key: Some(license.pack),
            license: Some(license.id),
            given: Vec::new(),
            controls: Controls::default(),
        };
        called.push((license.id, call::call(tx, &request, now)?));
    }
    Ok(called)
}
