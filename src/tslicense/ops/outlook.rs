//! The questions about time and hosts: when licenses run out, why a host gets none, what breaks when it moves.

use super::{held, hosts};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::Finding;
use crate::store::{Flow, Read};
use crate::tslicense::catalog::enumerations::STATUS_TEMPORARY;
use crate::tslicense::catalog::versions::{self, Tier};
use crate::tslicense::model::issued::PERMANENT;
use crate::tslicense::model::{Held, Host, KeyPackId};
use crate::tslicense::ops::questions;
use crate::tslicense::report::audit::{Kind, Temporary};
use crate::tslicense::report::forecast::{self, Reach, Stand};
use crate::tslicense::report::plan::is_near;
use crate::tslicense::report::upgrade::{self, Move};
use crate::tslicense::report::{diagnosis, modes};
use crate::tslicense::store::evidence::Use;
use crate::tslicense::store::{history, hosts as rows, issued};
use std::collections::BTreeMap;

/// What the forecast asks of the live licenses per device of a server, but for the texts of temporary ones.
#[derive(Debug, Default)]
pub(super) struct Ends {
    /// Stale ones that take a license of their pack, and when they end.
    stale: Vec<(KeyPackId, Timestamp)>,
    any_temporary: bool,
}

impl Ends {
    pub(super) fn take(&mut self, used: &Use, now: Timestamp) {
        self.any_temporary |= used.status == STATUS_TEMPORARY;
        if PERMANENT.contains(&used.status) && is_near(used.expires, now) {
            self.stale.push((used.pack, used.expires));
        }
    }
}

pub(super) fn every_host(read: &mut dyn Read) -> Outcome<Vec<Host>> {
    Ok(rows::all(read)?.into_iter().map(|(_, host)| host).collect())
}

/// Dated facts, the earliest first, of one server or of all; what has no date comes last.
pub fn forecast(
    read: &mut dyn Read,
    instance: Option<&str>,
    reach: &Reach,
) -> Outcome<Vec<Finding>> {
    let mut found = Vec::new();
    let (ids, asked) = held::called(read, instance, reach.now)?;
    for (id, held) in ids.into_iter().zip(&asked) {
        let mut ends = Ends::default();
        issued::each_use(read, id, reach.now, &mut |used| {
            ends.take(used, reach.now);
            Ok(())
        })?;
        found.extend(of_one(read, (id, held), &ends, reach)?);
    }
    let first = asked.first().map(|held| &held.server);
    let asks = |host: &Host| {
        let meant = |listed| first.is_some_and(|server| server.is_meant(listed));
        instance.is_none() || host.server_names().any(meant)
    };
    let hosts: Vec<Host> = every_host(read)?.into_iter().filter(asks).collect();
    found.extend(forecast::grace(&hosts, reach));
    sort(&mut found);
    Ok(found)
}

/// Sorts findings by their date; what has none comes last.
pub(super) fn sort(found: &mut [Finding]) {
    found.sort_by_key(|finding| finding.due.unwrap_or(Timestamp::MAX));
}

/// The dated facts of one server whose live licenses per device were gone through.
pub(super) fn of_one(
    read: &mut dyn Read,
    (id, held): (i64, &Held),
    ends: &Ends,
    reach: &Reach,
) -> Outcome<Vec<Finding>> {
    let name = held.server.name.as_str();
    let mut found = forecast::expiring(&held.packs, name, reach);
    let mut temporary = Vec::new();
    let mut stands: BTreeMap<(Kind, Tier), Stand> = BTreeMap::new();
    for pack in held.packs.iter().filter(|pack| pack.is_owned() && !pack.is_unlimited()) {
        let Some(kind) = Kind::of(pack.product) else { continue };
        let stand = stands.entry((kind, pack.tier())).or_default();
        stand.issued += u64::from(pack.issued);
        if reach.now < pack.expires {
            stand.available += u64::from(pack.available);
        }
    }
    for (pack, end) in &ends.stale {
        let Some(pack) = held.pack(*pack) else { continue };
        let kind = Kind::of(pack.product).unwrap_or(Kind::Device);
        if let Some(stand) = stands.get_mut(&(kind, pack.tier())) {
            stand.stale.push(*end);
        }
    }
    if ends.any_temporary {
        let wanted = issued::Wanted { status: Some(STATUS_TEMPORARY), ..issued::Wanted::default() };
        issued::each(read, id, &wanted, reach.now, &mut |license| {
            if let Some(pack) = held.pack(license.pack) {
                temporary.push((license, pack.tier()));
            }
            Ok(Flow::Continue(()))
        })?;
    }
    temporary.sort_by_key(|(license, _)| (license.expires, license.id));
    found.extend(forecast::refused(&temporary, &held.packs, name, reach));
    past(read, id, reach, &mut stands)?;
    for (of, stand) in stands.iter().rev() {
        found.extend(forecast::run_out(*of, stand, name, reach));
    }
    Ok(found)
}

/// What the history tells of each kind and rank: versions of one rank that were counted on one day are one row.
fn past(
    read: &mut dyn Read,
    server: i64,
    reach: &Reach,
    stands: &mut BTreeMap<(Kind, Tier), Stand>,
) -> Outcome<()> {
    for row in history::between(read, server, reach.start(), reach.now)? {
        let Some(kind) = Kind::of(row.product) else { continue };
        let Some(stand) = stands.get_mut(&(kind, versions::tier(row.version))) else { continue };
        let issued = u64::try_from(row.issued).unwrap_or_default();
        match stand.history.last_mut() {
            Some((at, sum)) if *at == row.at => *sum += issued,
            _ => stand.history.push((row.at, issued)),
        }
    }
    // Counts that did not change are not noted again: those from before the window hold at its start.
    let mut before: BTreeMap<(Kind, Tier), u64> = BTreeMap::new();
    for row in history::latest(read, server, reach.start())? {
        if let Some(kind) = Kind::of(row.product) {
            let sum = before.entry((kind, versions::tier(row.version))).or_default();
            *sum += u64::try_from(row.issued).unwrap_or_default();
        }
    }
    for (of, issued) in before {
        if let Some(stand) = stands.get_mut(&of).filter(|stand| stand.history.len() < 2) {
            stand.history.insert(0, (reach.start(), issued));
        }
    }
    Ok(())
}

/// What is wrong with a host, or with every one.
///
/// Refuses with `WBEM_E_NOT_FOUND` when there is no such host.
pub fn diagnose(read: &mut dyn Read, host: Option<&str>, now: Timestamp) -> Outcome<Vec<Finding>> {
    let (_, known) = held::called(read, None, now)?;
    let all = every_host(read)?;
    let Some(name) = host else { return Ok(diagnosed(&all, &known, now)) };
    let (_, host) = hosts::known(read, name)?;
    let mut found = diagnosis::diagnose(&host, &known, now);
    let named = |finding: &Finding| {
        let hosts = finding.detail.get("hosts");
        let mut hosts = hosts.iter().filter_map(|hosts| hosts.as_array()).flatten();
        hosts.any(|known| known == &host.name)
    };
    found.extend(modes::mixed(&all).into_iter().filter(named));
    Ok(found)
}

/// What is wrong with hosts.
///
/// - `known`: every license server with its packs.
pub(super) fn diagnosed(hosts: &[Host], known: &[Held], now: Timestamp) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        hosts.iter().flat_map(|host| diagnosis::diagnose(host, known, now)).collect();
    found.extend(modes::mixed(hosts));
    found
}

/// What breaks when a host moves to a release.
///
/// - `demand`: licenses of the new version that will be asked for; `None`: as many as devices or users of its license servers have
///   older ones.
///
/// Refuses with `WBEM_E_NOT_FOUND` when there is no such host.
pub fn upgrade(
    read: &mut dyn Read,
    host: &str,
    (to, demand): (Tier, Option<u64>),
    now: Timestamp,
) -> Outcome<upgrade::Verdict> {
    let (_, host) = hosts::known(read, host)?;
    let (_, known) = held::called(read, None, now)?;
    let servers: Vec<&Held> = known
        .iter()
        .filter(|held| host.server_names().any(|name| held.server.is_meant(name)))
        .collect();
    let names: Vec<&str> = servers.iter().map(|held| held.server.name.as_str()).collect();
    let older = questions::older(
        read,
        &names,
        (host.product().and_then(Kind::of), to),
        Temporary::Counted,
        now,
    )?;
    let freed = questions::older(
        read,
        &names,
        (host.product().and_then(Kind::of), to),
        Temporary::Left,
        now,
    )?;
    let others: Vec<Host> =
        every_host(read)?.into_iter().filter(|other| other.name != host.name).collect();
    let demand = demand.unwrap_or(older);
    let asked = Move { host: &host, to, servers: &servers, others: &others, demand, freed, now };
    Ok(upgrade::check(&asked))
}
